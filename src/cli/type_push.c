/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/type_push.c: swb type push, a type's folder published to the running server.
 *
 * The folder is checked here first, with the code that the server checks it with, so an author
 * reads file and line at once. Then its texts are sent, the publishing is awaited, and the type is
 * told to launch the new version; a type that the server does not know is made, approved, with a
 * configuration of defaults. Each part may be repeated, so pushing again mends whatever was cut
 * off.
 */
#include "cli/type_push.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "cli/command.h"
#include "cli/names.h"
#include "cli/type_check.h"

#define PAUSE_MS 50
#define LIMIT_MS (INT64_C(10) * 60 * 1000)

static const struct cli_option options[] = { COMMAND_JSON };

static bool
load(struct command *c, struct bundle *b, struct err *err)
{
	const char *dir = c->args->operands[0];
	struct findings findings = { .a = &c->a, .dir = dir };

	if (!bundle_load(&c->a, dir, b, &findings, err))
		return false;
	if (findings.errors > 0 && c->json)
		command_print_json(c, type_report(&c->a, b, &findings));
	fprintf(c->errors, STR_FMT, STR_ARG(findings_text(&c->a, &findings)));
	if (findings.errors == 0)
		return true;
	return err_set(err, ERR_CONFLICT, "%s has %zu error%s and was not sent", dir,
	    findings.errors, findings.errors == 1 ? "" : "s");
}

static bool
upload(struct command *c, const struct bundle *b, struct err *err)
{
	struct json *body = json_new_object(&c->a), *files;
	const struct json *version;

	json_put_str(&c->a, body, "type", b->type);
	files = json_put(&c->a, body, "files", json_new_array(&c->a));
	for (size_t i = 0; i < b->file_count; i++) {
		struct json *f = json_push(&c->a, files, json_new_object(&c->a));

		json_put_str(&c->a, f, "name", b->files[i].name);
		json_put_str(&c->a, f, "text", b->files[i].text);
	}
	return remote_ask(
	    &c->remote, &c->a, "POST", S("/api/environmentTypeVersions"), body, &version, err);
}

/* *artifact: the version, by Service Catalog's id. */
static bool
await_published(struct command *c, const struct bundle *b, str *artifact, struct err *err)
{
	int64_t end = clock_now_ms(clock_real()) + LIMIT_MS;

	for (;;) {
		auto_arena a = { 0 };
		const struct json *version;
		str status;

		if (!remote_get(&c->remote, &a,
			str_fmt(&a, "/api/environmentTypeVersions/" STR_FMT "/" STR_FMT,
			    STR_ARG(b->type), STR_ARG(b->hash)),
			&version, err))
			return false;
		status = json_str(json_get(version, "status"));
		screen_end_note(&c->screen);
		if (str_is(status, "PUBLISHED")) {
			*artifact =
			    str_dup(&c->a, json_str(json_get(version, "provisioningArtifactId")));
			return true;
		}
		if (!str_is(status, "PUBLISHING"))
			return err_set(err, ERR_CONFLICT, "publishing " STR_FMT " failed: " STR_FMT,
			    STR_ARG(b->type),
			    STR_ARG(screen_safe(&a, json_text(&a, json_get(version, "error")))));
		if (clock_now_ms(clock_real()) > end)
			return err_set(err, ERR_TIMEOUT,
			    "the server is still publishing " STR_FMT "; push it again to go on",
			    STR_ARG(b->type));
		if (!c->json)
			screen_note(
			    &c->screen, &a, str_fmt(&a, "publishing " STR_FMT, STR_ARG(b->type)));
		clock_wait_ms(clock_real(), PAUSE_MS);
	}
}

/* The newest version is what an empty product means. */
static bool
make_type(struct command *c, const struct bundle *b, const struct json **out, struct err *err)
{
	struct json *body = json_new_object(&c->a);

	json_put_str(&c->a, body, "type", b->type);
	json_put_str(&c->a, body, "name", b->name);
	json_put_str(&c->a, body, "description", b->description.len > 0 ? b->description : b->name);
	json_put_str(&c->a, body, "status", S("APPROVED"));
	json_put(&c->a, body, "params", json_new_array(&c->a));
	json_put(&c->a, body, "allowedRoleIds", json_new_array(&c->a));
	return remote_ask(&c->remote, &c->a, "POST", S("/api/environmentTypes"), body, out, err);
}

/* Without one nothing can be launched. Where a parameter has no default an administrator chooses.
 */
static bool
make_config(struct command *c, const struct bundle *b, str type_id, struct err *err)
{
	struct json *body = json_new_object(&c->a);
	const struct json *config;
	struct err refused;

	err_init(&refused, &c->a);
	json_put_str(&c->a, body, "type", b->type);
	json_put_str(&c->a, body, "name", S("default"));
	json_put_str(&c->a, body, "description", S("Every parameter at its default"));
	json_put(&c->a, body, "params", json_new_array(&c->a));
	json_put(&c->a, body, "allowedRoleIds", json_new_array(&c->a));
	if (remote_ask(&c->remote, &c->a, "POST",
		str_fmt(
		    &c->a, "/api/environmentTypes/" STR_FMT "/configurations", STR_ARG(type_id)),
		body, &config, &refused))
		return true;
	if (refused.kind != ERR_CONFLICT)
		return err_set(err, refused.kind, STR_FMT, STR_ARG(refused.msg));
	fprintf(c->errors,
	    "swb: no configuration was made, for its defaults do not suffice: " STR_FMT "\n",
	    STR_ARG(refused.msg));
	return true;
}

static const struct json *
find_type(const struct json *types, str type)
{
	for (const struct json *t = json_first(types); t != NULL; t = t->next)
		if (str_eq(json_str(json_get(t, "type")), type))
			return t;
	return NULL;
}

/* Configurations that the new version does not fit stay with the old one. */
static void
tell_left_behind(struct command *c, const struct bundle *b, const struct json *configs)
{
	for (const struct json *g = json_first(configs); g != NULL; g = g->next)
		if (!str_eq(json_str(json_get(g, "hash")), b->hash))
			fprintf(c->errors,
			    "swb: configuration '" STR_FMT
			    "' does not fit and stays with version " STR_FMT "\n",
			    STR_ARG(screen_safe(&c->a, json_str(json_get(g, "name")))),
			    STR_ARG(str_sub(json_str(json_get(g, "hash")), 0, 8)));
}

/* The type launches this version from now on. *stood: it did so before. */
static bool
adopt(struct command *c, const struct bundle *b, str artifact, const struct json **type,
    bool *stood, struct err *err)
{
	struct json *body = json_new_object(&c->a);
	const struct json *types, *out;

	if (!remote_list(&c->remote, &c->a, S("/api/environmentTypes"), 0, &types, err))
		return false;
	*type = find_type(types, b->type);
	*stood = str_eq(json_str(json_get(*type, "provisioningArtifactId")), artifact);
	if (*type == NULL)
		return make_type(c, b, type, err) &&
		    make_config(c, b, json_str(json_get(*type, "id")), err);
	json_put_str(&c->a, body, "hash", b->hash);
	if (!remote_ask(&c->remote, &c->a, "PUT",
		str_fmt(&c->a, "/api/environmentTypes/" STR_FMT "/version",
		    STR_ARG(json_str(json_get(*type, "id")))),
		body, &out, err))
		return false;
	*type = json_get(out, "environmentType");
	tell_left_behind(c, b, json_get(out, "configurations"));
	return true;
}

static bool
push(struct command *c, struct err *err)
{
	const struct json *type;
	struct bundle b = { 0 };
	str artifact;
	bool stood;

	if (!load(c, &b, err) || !upload(c, &b, err) || !await_published(c, &b, &artifact, err) ||
	    !adopt(c, &b, artifact, &type, &stood, err))
		return false;
	if (c->json)
		command_print_json(c, type);
	else
		screen_line(&c->screen,
		    str_fmt(&c->a,
			"%s " STR_FMT ", version " STR_FMT "\nnext: swb env launch " STR_FMT,
			stood ? "nothing has changed:" : "published", STR_ARG(b.type),
			STR_ARG(str_sub(b.hash, 0, 8)), STR_ARG(b.type)));
	return true;
}

static int
run(const struct cli_args *args, FILE *out, FILE *errors)
{
	return command_run(args, out, errors, "admin", push);
}

const struct verb type_push_verb = {
	.name = "type push",
	.operands = "DIR",
	.least_operands = 1,
	.most_operands = 1,
	.summary = "Publishes an environment type to the running server.",
	.help =
	    "DIR is the type's folder. It is checked, sent and published, and from then on what is launched\n"
	    "is this version; environments that run keep theirs. Asks as an administrator.",
	.options = options,
	.option_count = countof(options),
	.asks_server = true,
	.run = run,
};
