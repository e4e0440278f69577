/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/publish.c: at the start, each type's folder becomes a published version, an approved type,
 * and a configuration, unless they stand already.
 */
#include "app/publish.h"

#include "app/internal.h"
#include "base/file.h"
#include "bundle/bundle.h"
#include "workbench/config.h"
#include "workbench/envtype.h"

#define LIMIT_MS (INT64_C(30) * 60 * 1000)
#define OWNER S("00000000-0000-4000-8000-000000000001")

struct publishing {
	struct app *app;
	const struct bundle *bundle;
	struct arena a;
	const struct json *version;
};

static bool
is_over(void *cookie)
{
	struct publishing *p = cookie;
	struct err err;

	arena_reset(&p->a);
	err_init(&err, &p->a);
	return !envtype_version(
		   p->app->workbench, &p->a, p->bundle->type, p->bundle->hash, &p->version, &err) ||
	    !str_is(json_str(json_get(p->version, "status")), "PUBLISHING");
}

static bool
publish(struct app *app, struct arena *a, const struct bundle *b, struct err *err)
{
	struct publishing p = { .app = app, .bundle = b };
	bool ok =
	    envtype_publish(app->workbench, a, b, err) && app_run(app, is_over, &p, LIMIT_MS, err);

	if (ok && !str_is(json_str(json_get(p.version, "status")), "PUBLISHED"))
		ok = err_set(err, ERR_UPSTREAM, STR_FMT,
		    STR_ARG(json_text(a, json_get(p.version, "error"))));
	arena_fini(&p.a);
	return ok || err_prefix(err, "publishing " STR_FMT, STR_ARG(b->type));
}

static const struct json *
find_type(struct app *app, struct arena *a, str type, struct err *err)
{
	const struct json *types;

	if (!envtype_list(app->workbench, a, &types, err))
		return NULL;
	for (const struct json *t = json_first(types); t != NULL; t = t->next)
		if (str_eq(json_str(json_get(t, "type")), type))
			return t;
	return NULL;
}

static bool
make_type(struct app *app, struct arena *a, const struct bundle *b, struct err *err)
{
	const struct envtype_creation type = {
		.type = b->type,
		.name = b->name,
		.description = b->description,
		.status = S("APPROVED"),
		.allowed_role_ids = json_new_array(a),
		.owner = OWNER,
	};
	struct config_creation config = {
		.type = b->type,
		.name = S("default"),
		.description = S("Every parameter at its default"),
		.params = json_new_array(a),
		.allowed_role_ids = json_new_array(a),
		.owner = OWNER,
	};
	const struct json *out;

	if (!envtype_create(app->workbench, a, &type, &out, err))
		return false;
	config.env_type_id = json_str(json_get(out, "id"));
	if (config_create(app->workbench, a, &config, &out, err))
		return true;
	if (err->kind != ERR_INVALID)
		return false;
	err_clear(err); /* a parameter has no default: an administrator must choose */
	return true;
}

static bool
publish_one(struct app *app, const char *dir, FILE *errors, struct err *err)
{
	auto_arena a = { 0 };
	struct findings findings = { .a = &a };
	struct bundle b;

	if (!bundle_load(&a, dir, &b, &findings, err))
		return false;
	if (findings.errors > 0) {
		fprintf(errors, STR_FMT "swb: %s has %zu errors and is left out\n",
		    STR_ARG(findings_text(&a, &findings)), dir, findings.errors);
		return true;
	}
	if (!publish(app, &a, &b, err))
		return false;
	if (find_type(app, &a, b.type, err) != NULL)
		return true;
	return err->kind == ERR_NONE && make_type(app, &a, &b, err);
}

bool
publish_folder(struct app *app, const char *root, FILE *errors, struct err *err)
{
	size_t count;
	str *names;

	if (!dir_list(err->a, root, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *dir = path_join(err->a, root, str_z(err->a, names[i]));

		if (path_is_file(path_join(err->a, dir, "type.yaml")) &&
		    !publish_one(app, dir, errors, err))
			return false;
	}
	return true;
}
