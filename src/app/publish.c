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
begin(struct app *app, struct arena *a, const struct bundle *b, struct err *err)
{
	return envtype_publish(app->workbench, a, b, err) ||
	    err_prefix(err, "publishing " STR_FMT, STR_ARG(b->type));
}

static bool
await(struct app *app, struct arena *a, const struct bundle *b, struct err *err)
{
	struct publishing p = { .app = app, .bundle = b };
	bool ok = app_run(app, is_over, &p, LIMIT_MS, err);

	if (ok && !str_is(json_str(json_get(p.version, "status")), "PUBLISHED"))
		ok = err_set(err, ERR_UPSTREAM, STR_FMT,
		    STR_ARG(json_text(a, json_get(p.version, "error"))));
	arena_fini(&p.a);
	return ok || err_prefix(err, "publishing " STR_FMT, STR_ARG(b->type));
}

bool
publish_bundle(struct app *app, struct arena *a, const struct bundle *b, struct err *err)
{
	return begin(app, a, b, err) && await(app, a, b, err);
}

/* The id of the first of a list whose member has that value; empty when there is none. */
static str
find_by(const struct json *list, const char *member, str value)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		if (str_eq(json_str(json_get(e, member)), value))
			return json_str(json_get(e, "id"));
	return (str){ 0 };
}

bool
publish_ensure_type(
    struct app *app, struct arena *a, const struct bundle *b, str *type_id, struct err *err)
{
	const struct envtype_creation creation = {
		.type = b->type,
		.name = b->name,
		.description = b->description,
		.status = S("APPROVED"),
		.allowed_role_ids = json_new_array(a),
		.owner = PUBLISH_OWNER,
	};
	const struct json *types, *type;

	if (!envtype_list(app->workbench, a, &types, err))
		return false;
	*type_id = find_by(types, "type", b->type);
	if (type_id->len > 0)
		return true;
	if (!envtype_create(app->workbench, a, &creation, &type, err))
		return err_prefix(err, "creating the type " STR_FMT, STR_ARG(b->type));
	*type_id = json_str(json_get(type, "id"));
	return true;
}

bool
publish_ensure_config(struct app *app, struct arena *a, const struct bundle *b, str type_id,
    str name, const struct json *params, str *config_id, struct err *err)
{
	const struct config_creation creation = {
		.env_type_id = type_id,
		.type = b->type,
		.name = name,
		.description = S("Made by swb"),
		.params = params,
		.allowed_role_ids = json_new_array(a),
		.owner = PUBLISH_OWNER,
	};
	const struct json *configs, *config;

	if (!config_list(app->workbench, a, type_id, &configs, err))
		return false;
	*config_id = find_by(configs, "name", name);
	if (config_id->len > 0)
		return true;
	if (!config_create(app->workbench, a, &creation, &config, err))
		return err_prefix(err, "creating a configuration of " STR_FMT, STR_ARG(b->type));
	*config_id = json_str(json_get(config, "id"));
	return true;
}

/* Was this version of the type adopted before, by an earlier start or by hand? */
static bool
is_known(struct app *app, struct arena *a, const struct bundle *b, bool *known, struct err *err)
{
	const struct json *version;

	*known = false;
	if (!envtype_version(app->workbench, a, b->type, b->hash, &version, err)) {
		if (err->kind != ERR_NOT_FOUND)
			return false;
		err_clear(err);
		return true;
	}
	*known = json_get(version, "adoptedAt") != NULL;
	return true;
}

static bool
ensure_default_config(
    struct app *app, struct arena *a, const struct bundle *b, str type_id, struct err *err)
{
	str config_id;

	if (publish_ensure_config(
		app, a, b, type_id, S("default"), json_new_array(a), &config_id, err))
		return true;
	if (err->kind != ERR_INVALID)
		return false;
	err_clear(err); /* a parameter has no default: an administrator must choose */
	return true;
}

struct candidate {
	struct bundle bundle;
	bool known; /* its version was adopted before */
};

/* Those of a folder that are without errors. */
struct candidates {
	struct candidate *list;
	size_t count;
};

/* Reads a type's folder and begins to publish it. */
static bool
begin_one(struct app *app, struct arena *a, const char *dir, FILE *errors, struct candidates *all,
    struct err *err)
{
	struct findings findings = { .a = a, .dir = dir };
	struct candidate *c = &all->list[all->count];

	if (!bundle_load(a, dir, &c->bundle, &findings, err))
		return false;
	if (findings.errors > 0) {
		fprintf(errors, STR_FMT "swb: %s has %zu error%s and is left out\n",
		    STR_ARG(findings_text(a, &findings)), dir, findings.errors,
		    findings.errors == 1 ? "" : "s");
		return true;
	}
	all->count++;
	return is_known(app, a, &c->bundle, &c->known, err) && begin(app, a, &c->bundle, err);
}

/*
 * A folder that changed since the last start moves its type to the new version. One that did not
 * leaves it where an administrator may have put it.
 */
static bool
finish_one(struct app *app, struct arena *a, const struct candidate *c, struct err *err)
{
	const struct bundle *b = &c->bundle;
	const struct json *adopted;
	str type_id;

	return await(app, a, b, err) && publish_ensure_type(app, a, b, &type_id, err) &&
	    ensure_default_config(app, a, b, type_id, err) &&
	    (c->known ||
		envtype_adopt(app->workbench, a, type_id, b->hash, PUBLISH_OWNER, &adopted, err));
}

/* All are begun before the first is awaited: Service Catalog takes its time for each. */
bool
publish_folder(struct app *app, const char *root, FILE *errors, struct err *err)
{
	auto_arena a = { 0 };
	struct candidates all = { 0 };
	size_t count;
	str *names;

	if (!dir_list(&a, root, &names, &count, err))
		return false;
	all.list = arena_new(&a, struct candidate, count);
	for (size_t i = 0; i < count; i++) {
		const char *dir = path_join(&a, root, str_z(&a, names[i]));

		if (path_is_file(path_join(&a, dir, "type.yaml")) &&
		    !begin_one(app, &a, dir, errors, &all, err))
			return false;
	}
	for (size_t i = 0; i < all.count; i++)
		if (!finish_one(app, &a, &all.list[i], err))
			return false;
	return true;
}
