/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The API of a running server as its clients meet it: every refusal with status and text, lists,
 * ids in any form, who may see what, and a type that is published while it runs.
 */
#include "command.h"
#include "server_rig.h"

#include "api/token.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"

/* Who asks: an administrator, a researcher of the project, one of another project, nobody. */
enum who { ADMIN, RESEARCHER, STRANGER, NOBODY, WHO_COUNT };

struct scene {
	struct server *s;
	struct arena *a;
	str tokens[WHO_COUNT];
	str env, noone; /* a completed environment; an id of nothing */
};

static str
mint(struct scene *sc, str user, str group)
{
	struct token_keeper *keeper;
	struct err err;
	str token;

	err_init(&err, sc->a);
	CHECK_OK(token_keeper_new(path_join(sc->a, sc->s->data, "token-key.json"), S("swb"),
		     clock_real(), &keeper, &err),
	    &err);
	CHECK_OK(token_mint(keeper, sc->a, user, &group, 1, 3600, &token, &err), &err);
	token_keeper_free(keeper);
	return token;
}

static void
open_scene(struct scene *sc, struct arena *a)
{
	struct server *s = server_new(a);

	server_start(s);
	*sc = (struct scene){ .s = s, .a = a, .noone = id_uuid(a) };
	sc->tokens[ADMIN] = s->admin;
	sc->tokens[RESEARCHER] = s->researcher;
	sc->tokens[STRANGER] =
	    mint(sc, id_uuid(a), str_fmt(a, "proj-" STR_FMT "#Researcher", STR_ARG(sc->noone)));
	sc->env = server_launch(s);
	server_await(s, sc->env, "COMPLETED");
}

static void
close_scene(struct scene *sc)
{
	assert_int_equal(server_stop(sc->s), 0);
	server_free(sc->s);
}

/* $TYPE, $CONFIG, $PROJECT, $ENV and $NOONE are filled in; the last is an id of nothing. */
static const char *
fill(struct scene *sc, const char *text)
{
	str out;

	if (text == NULL)
		return NULL;
	out = str_replace(sc->a, str_of(text), S("$TYPE"), sc->s->type);
	out = str_replace(sc->a, out, S("$CONFIG"), sc->s->config);
	out = str_replace(sc->a, out, S("$PROJECT"), sc->s->project);
	out = str_replace(sc->a, out, S("$ENV"), sc->env);
	return str_z(sc->a, str_replace(sc->a, out, S("$NOONE"), sc->noone));
}

static struct reply
ask(struct scene *sc, enum who who, const char *method, const char *path, const char *body)
{
	const char *target = str_z(sc->a, str_fmt(sc->a, "/api%s", fill(sc, path)));

	return server_ask(sc->s, sc->a, method, target, sc->tokens[who], fill(sc, body));
}

static struct reply
expect(struct scene *sc, int status, enum who who, const char *method, const char *path,
    const char *body)
{
	struct reply r = ask(sc, who, method, path, body);

	CHECK(r.status == status, "%s %s: %d, want %d: " STR_FMT, method, path, r.status, status,
	    STR_ARG(r.body));
	return r;
}

/* --- refusals ---------------------------------------------------------------------------- */

#define REFUSED(status, name, text) \
	"{\"statusCode\":" status ",\"error\":\"" name "\",\"message\":\"" text "\"}"
#define BAD(text) 400, REFUSED("400", "Bad Request", text)
#define MISSING(text) 404, REFUSED("404", "Not Found", text)
#define DENIED 403, "{\"error\":\"User is not authorized\"}"
#define UNKNOWN 401, "Unauthorized"
#define PAGE "Invalid pagination token and/or page size. Please try again with valid inputs."

struct refusal {
	enum who who;
	const char *method, *path, *body;
	int status;
	const char *want;
};

static const struct refusal of_callers[] = {
	{ NOBODY, "GET", "/environments", NULL, UNKNOWN },
	{ NOBODY, "GET", "/nothing", NULL, UNKNOWN },
	{ NOBODY, "POST", "/environmentTypes", "{}", UNKNOWN },
	{ NOBODY, "PUT", "/environments/$ENV/stop", NULL, UNKNOWN },
	{ RESEARCHER, "GET", "/nothing", NULL, DENIED },
	{ ADMIN, "GET", "/nothing", NULL, DENIED },
	{ ADMIN, "GET", "/", NULL, DENIED },
	{ ADMIN, "GET", "/environments//start", NULL, DENIED },
	{ ADMIN, "GET", "/environments/$ENV/start", NULL, DENIED },
	{ ADMIN, "DELETE", "/environments/$ENV", NULL, DENIED },
	{ ADMIN, "PATCH", "/environmentTypes/$TYPE", "{}", DENIED },
	{ ADMIN, "OPTIONS", "/environments", NULL, DENIED },
	{ ADMIN, "PROPFIND", "/environments", NULL, DENIED },
	{ ADMIN, "get", "/environments", NULL, DENIED },
	{ RESEARCHER, "POST", "/environmentTypes", "{}", DENIED },
	{ RESEARCHER, "PUT", "/environmentTypes/$TYPE", "{}", DENIED },
	{ RESEARCHER, "PUT", "/environmentTypes/$TYPE/version", "{}", DENIED },
	{ RESEARCHER, "POST", "/environmentTypes/$TYPE/configurations", "{}", DENIED },
	{ RESEARCHER, "PUT", "/environmentTypes/$TYPE/configurations/$CONFIG", "{}", DENIED },
	{ RESEARCHER, "POST", "/environmentTypeVersions", "{}", DENIED },
	{ RESEARCHER, "GET", "/environmentTypeVersions/sagemakerNotebook", NULL, DENIED },
	{ STRANGER, "GET", "/environments/$ENV", NULL, MISSING("Could not find environment $ENV") },
	{ STRANGER, "PUT", "/environments/$ENV/start", NULL,
	    MISSING("Could not find environment $ENV") },
	{ STRANGER, "PUT", "/environments/$ENV/stop", NULL,
	    MISSING("Could not find environment $ENV") },
	{ STRANGER, "PUT", "/environments/$ENV/terminate", NULL,
	    MISSING("Could not find environment $ENV") },
	{ STRANGER, "GET", "/environments/$ENV/connections", NULL,
	    MISSING("Could not find environment $ENV") },
	{ STRANGER, "GET", "/environments/$ENV/explain", NULL,
	    MISSING("Could not find environment $ENV") },
	{ STRANGER, "GET", "/environments/$ENV/history", NULL,
	    MISSING("Could not find environment $ENV") },
	{ STRANGER, "POST", "/environments",
	    "{\"name\":\"n\",\"description\":\"d\",\"envTypeId\":\"$TYPE\",\"envTypeConfigId\":"
	    "\"$CONFIG\",\"envType\":\"sagemakerNotebook\",\"projectId\":\"$PROJECT\","
	    "\"datasetIds\":[]}",
	    DENIED },
	{ STRANGER, "GET", "/environments", NULL, 200, "{\"data\":[]}" },
	{ STRANGER, "GET", "/projects", NULL, 200, "{\"data\":[]}" },
};

static const struct refusal of_bodies[] = {
	{ ADMIN, "POST", "/environmentTypes", "[]", BAD("is not of a type(s) object") },
	{ ADMIN, "POST", "/environmentTypes", NULL,
	    BAD("requires property 'allowedRoleIds'. requires property 'type'. requires property "
		"'description'. requires property 'name'. requires property 'params'. requires "
		"property 'status'") },
	{ ADMIN, "POST", "/environmentTypes",
	    "{\"foo\":1,\"allowedRoleIds\":\"x\",\"type\":1,\"params\":[{},1],\"status\":\"MAYBE\","
	    "\"name\":null}",
	    BAD("allowedRoleIds is not of a type(s) array. type is not of a type(s) string. name is "
		"not of a type(s) string. params[1] is not of a type(s) object. status is not one "
		"of enum values: APPROVED,NOT_APPROVED. requires property 'description'. is not "
		"allowed to have the additional property 'foo'") },
	{ ADMIN, "POST", "/environmentTypes",
	    "{\"allowedRoleIds\":[],\"type\":\"none\",\"description\":\"d\",\"name\":\"n\","
	    "\"params\":[],\"status\":\"APPROVED\"}",
	    BAD("environment type none has no published version") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE", "{}",
	    BAD("Status provided is: undefined. Status needs to be one of these values: "
		"APPROVED,NOT_APPROVED") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE", "{\"status\":\"MAYBE\"}",
	    BAD("Status provided is: MAYBE. Status needs to be one of these values: "
		"APPROVED,NOT_APPROVED") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE", "{\"status\":\"APPROVED\",\"owner\":\"me\"}",
	    BAD("is not allowed to have the additional property 'owner'") },
	{ ADMIN, "PUT", "/environmentTypes/$NOONE", "{\"status\":\"APPROVED\"}",
	    MISSING("Could not find environment type $NOONE to update") },
	{ ADMIN, "POST", "/environmentTypes/$TYPE/configurations", "{\"params\":[\"x\"]}",
	    BAD("params[0] is not of a type(s) object. requires property 'allowedRoleIds'. requires "
		"property 'type'. requires property 'description'. requires property 'name'") },
	{ ADMIN, "POST", "/environmentTypes/$NOONE/configurations",
	    "{\"allowedRoleIds\":[],\"type\":\"sagemakerNotebook\",\"description\":\"d\",\"name\":"
	    "\"n\",\"params\":[]}",
	    BAD("Could not create environment type config because environment type $NOONE does not "
		"exist") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE/configurations/$CONFIG",
	    "{\"allowedRoleIds\":[],\"params\":[]}",
	    BAD("We do not support updating these attributes allowedRoleIds,params") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE/configurations/$CONFIG", "{\"params\":[]}",
	    BAD("We do not support updating these attributes params") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE/configurations/etc-$NOONE", "{\"name\":\"n\"}",
	    MISSING("Could not find envType $TYPE with envTypeConfig etc-$NOONE to update") },
	{ RESEARCHER, "POST", "/environments", "{\"datasetIds\":[\"a\",1],\"name\":{}}",
	    BAD("name is not of a type(s) string. datasetIds[1] is not of a type(s) string. requires "
		"property 'description'. requires property 'envTypeId'. requires property "
		"'envTypeConfigId'. requires property 'envType'. requires property 'projectId'") },
	{ RESEARCHER, "POST", "/environments",
	    "{\"name\":\"n\",\"description\":\"d\",\"envTypeId\":\"$TYPE\",\"envTypeConfigId\":"
	    "\"$CONFIG\",\"envType\":\"none\",\"projectId\":\"$PROJECT\",\"datasetIds\":[]}",
	    BAD("No service provided for environment none. Supported environments types are: "
		"sagemakerExample, sagemakerNotebook") },
	{ RESEARCHER, "POST", "/environments",
	    "{\"name\":\"n\",\"description\":\"d\",\"envTypeId\":\"$TYPE\",\"envTypeConfigId\":"
	    "\"etc-$NOONE\",\"envType\":\"sagemakerNotebook\",\"projectId\":\"$PROJECT\","
	    "\"datasetIds\":[]}",
	    BAD("Requested envTypeId with requested envTypeConfigId does not exist") },
	{ ADMIN, "POST", "/environmentTypeVersions", "{\"type\":\"aB\",\"files\":[1]}",
	    BAD("files[0] is not of a type(s) object") },
	{ ADMIN, "PUT", "/environmentTypes/$TYPE/version", "{\"hash\":\"0\"}",
	    MISSING("Could not find version of environment type sagemakerNotebook") },
};

static const struct refusal of_ids[] = {
	{ ADMIN, "GET", "/environments/x", NULL,
	    BAD("id request parameter must be a valid uuid.") },
	{ ADMIN, "GET", "/environments/env-$NOONE", NULL,
	    MISSING("Could not find environment env-$NOONE") },
	{ RESEARCHER, "PUT", "/environments/$NOONE/stop", NULL,
	    MISSING("Could not find environment env-$NOONE") },
	{ ADMIN, "GET", "/environments/etc-$NOONE", NULL,
	    BAD("id request parameter must be a valid uuid.") },
	{ ADMIN, "GET", "/environments/%2e%2e%2fx", NULL,
	    BAD("id request parameter must be a valid uuid.") },
	{ ADMIN, "GET", "/environments/%ff", NULL,
	    BAD("the path holds '%ff', which is no encoded UTF-8") },
	{ ADMIN, "GET", "/environmentTypes/x", NULL,
	    BAD("id request parameter must be a valid uuid.") },
	{ ADMIN, "GET", "/environmentTypes/$NOONE", NULL,
	    MISSING("Could not find environment type $NOONE") },
	{ ADMIN, "GET", "/environmentTypes/x/configurations", NULL,
	    BAD("envTypeId request parameter must be a valid uuid.") },
	{ ADMIN, "GET", "/environmentTypes/$NOONE/configurations", NULL, 200, "{\"data\":[]}" },
	{ ADMIN, "GET", "/environmentTypes/$TYPE/configurations/x", NULL,
	    BAD("envTypeConfigId request parameter must be a valid uuid.") },
	{ ADMIN, "GET", "/environmentTypes/$TYPE/configurations/etc-$NOONE", NULL,
	    MISSING("Could not find environment type config etc-$NOONE") },
	{ ADMIN, "GET", "/environmentTypes/$NOONE/configurations/$CONFIG", NULL,
	    MISSING("Could not find environment type config $CONFIG") },
	{ ADMIN, "GET", "/environmentTypeVersions/sagemakerNotebook/0", NULL,
	    MISSING("Could not find version of environment type sagemakerNotebook") },
	{ ADMIN, "GET", "/environmentTypeVersions/none", NULL,
	    MISSING("Could not find published version of environment type none") },
};

static const struct refusal of_lists[] = {
	{ ADMIN, "GET", "/environments?status=RUNNING", NULL,
	    BAD("Invalid environment status. Please try again with valid inputs.") },
	{ RESEARCHER, "GET", "/environments?status=RUNNING", NULL,
	    BAD("Invalid environment status. Please try again with valid inputs.") },
	{ ADMIN, "GET", "/environments?createdAtFrom=2022-05-05T00:00:00Z", NULL,
	    BAD("Invalid value for attribute createdAtFrom.") },
	{ ADMIN, "GET", "/environments?createdAtTo=2022-05-05T00:00:00Z", NULL,
	    BAD("Invalid value for attribute createdAtTo.") },
	{ ADMIN, "GET", "/environments?createdAtFrom=yesterday&createdAtTo=2022-05-05T00:00:00Z",
	    NULL, BAD("Invalid value for attribute createdAtFrom.") },
	{ ADMIN, "GET", "/environments?ascending=id", NULL,
	    BAD("Invalid sort attribute. Please try again with valid inputs.") },
	{ ADMIN, "GET", "/environments?descending=", NULL,
	    BAD("Invalid sort attribute. Please try again with valid inputs.") },
	{ ADMIN, "GET", "/environments?ascending=name&descending=name", NULL,
	    BAD("Cannot sort on two attributes. Please try again with valid inputs.") },
	{ ADMIN, "GET", "/environments?ascending=name&name=x", NULL,
	    BAD("Cannot apply a filter and sort at the same time") },
	{ ADMIN, "GET", "/environments?owner=y&name=x", NULL,
	    BAD("Cannot apply more than one filter.") },
	{ ADMIN, "GET", "/environments?pageSize=0", NULL, BAD(PAGE) },
	{ ADMIN, "GET", "/environments?pageSize=-1.5", NULL, BAD(PAGE) },
	{ ADMIN, "GET", "/environments?pageSize=", NULL, BAD(PAGE) },
	{ ADMIN, "GET", "/environments?paginationToken=a&paginationToken=b", NULL, BAD(PAGE) },
	{ ADMIN, "GET", "/environments?paginationToken=a", NULL, BAD("Invalid paginationToken") },
	{ RESEARCHER, "GET", "/environments?paginationToken=%00", NULL,
	    BAD("Invalid paginationToken") },
	{ ADMIN, "GET", "/environments?name=%zz", NULL,
	    BAD("the query holds '%zz', which is no encoded UTF-8") },
	{ ADMIN, "GET", "/environmentTypes?pageSize=0", NULL, 400, PAGE },
	{ ADMIN, "GET", "/environmentTypes?paginationToken=x", NULL,
	    BAD("Invalid paginationToken") },
	{ ADMIN, "GET", "/environmentTypes/$TYPE/configurations?pageSize=-1", NULL, 400, PAGE },
	{ ADMIN, "GET", "/environmentTypes/$TYPE/configurations?paginationToken=x", NULL,
	    BAD("Invalid paginationToken") },
};

static void
expect_all(struct scene *sc, const struct refusal *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct refusal *c = &list[i];
		struct reply r = expect(sc, c->status, c->who, c->method, c->path, c->body);

		CHECK_STR(r.body, fill(sc, c->want), "%s %s", c->method, c->path);
	}
}

/* --- what is given ----------------------------------------------------------------------- */

static size_t
listed(struct scene *sc, enum who who, const char *query)
{
	struct reply r = expect(
	    sc, 200, who, "GET", str_z(sc->a, str_fmt(sc->a, "/environments%s", query)), NULL);

	CHECK(str_starts(r.body, S("{\"data\":[")), STR_FMT, STR_ARG(r.body));
	return json_count(json_get(r.json, "data"));
}

/* Two environments, by each filter and sort, and page by page. */
static void
check_list(struct scene *sc)
{
	static const struct {
		const char *query;
		size_t count;
	} cases[] = {
		{ "", 2 },
		{ "?pageSize=1", 1 },
		{ "?pageSize=many", 2 },
		{ "?pageSize=1e9", 2 },
		{ "?status=COMPLETED", 2 },
		{ "?status=FAILED", 0 },
		{ "?name=second", 1 },
		{ "?name=", 2 },
		{ "?ascending=status", 2 },
		{ "?descending=name", 2 },
		{ "?ascending=createdAt", 2 },
		{ "?descending=project", 2 },
		{ "?ascending=owner", 2 },
		{ "?descending=type", 2 },
		{ "?project=$PROJECT", 2 },
		{ "?project=$NOONE", 0 },
		{ "?owner=$NOONE", 0 },
		{ "?type=ET%23$TYPEETC%23$CONFIG", 2 },
		{ "?createdAtFrom=2022-05-05T00:00:00Z&createdAtTo=2100-05-05T00:00:00Z", 2 },
		{ "?createdAtFrom=2022-05-05T00:00:00Z&createdAtTo=2022-05-05T00:00:00Z", 0 },
	};
	str body = server_launch_body(sc->s, sc->a, "second"), second;
	struct reply r, next;

	r = expect(sc, 201, RESEARCHER, "POST", "/environments", str_z(sc->a, body));
	second = json_str(json_get(r.json, "id"));
	server_await(sc->s, second, "COMPLETED");
	for (size_t i = 0; i < countof(cases); i++)
		CHECK(listed(sc, ADMIN, cases[i].query) == cases[i].count, "%s", cases[i].query);
	CHECK(listed(sc, RESEARCHER, "?name=none") == 2, "a researcher's filter is not used");

	r = expect(sc, 200, ADMIN, "GET", "/environments", NULL);
	CHECK_STR(json_str(json_get(json_at(json_get(r.json, "data"), 0), "id")),
	    str_z(sc->a, second), "newest first");
	r = expect(sc, 200, ADMIN, "GET", "/environments?ascending=createdAt&pageSize=1", NULL);
	CHECK_STR(json_str(json_get(json_at(json_get(r.json, "data"), 0), "id")),
	    str_z(sc->a, sc->env), "oldest first");
	next = expect(sc, 200, ADMIN, "GET",
	    str_z(sc->a,
		str_fmt(sc->a,
		    "/environments?ascending=createdAt&pageSize=1&paginationToken=" STR_FMT,
		    STR_ARG(json_str(json_get(r.json, "paginationToken"))))),
	    NULL);
	CHECK_STR(json_str(json_get(json_at(json_get(next.json, "data"), 0), "id")),
	    str_z(sc->a, second), "the second page");
	CHECK(json_get(next.json, "paginationToken") == NULL, "is the last one");
	next = expect(sc, 400, ADMIN, "GET",
	    str_z(sc->a,
		str_fmt(sc->a, "/environments?descending=name&pageSize=1&paginationToken=" STR_FMT,
		    STR_ARG(json_str(json_get(r.json, "paginationToken"))))),
	    NULL);
	CHECK_STR(json_str(json_get(next.json, "message")), "Invalid paginationToken",
	    "another query's token");
}

/* A list of types or configurations, one by one; so many there are. */
static void
check_pages(struct scene *sc, const char *path, size_t count)
{
	str token = S("");

	for (size_t i = 0; i < count; i++) {
		str target = str_fmt(sc->a, "%s?pageSize=1%s" STR_FMT, path,
		    i == 0 ? "" : "&paginationToken=", STR_ARG(token));
		struct reply r = expect(sc, 200, RESEARCHER, "GET", str_z(sc->a, target), NULL);

		CHECK(json_count(json_get(r.json, "data")) == 1, "%s, page %zu", path, i);
		token = json_str(json_get(r.json, "paginationToken"));
		CHECK((token.len > 0) == (i + 1 < count), "%s, page %zu", path, i);
	}
}

static void
check_id_forms(struct scene *sc)
{
	struct arena *a = sc->a;
	str bare = str_from(sc->env, 4), config = str_from(sc->s->config, 4);
	str project = str_upper(a, str_from(sc->s->project, 5));
	const str paths[] = {
		str_fmt(a, "/environments/" STR_FMT, STR_ARG(bare)),
		str_fmt(a, "/environments/" STR_FMT, STR_ARG(str_upper(a, bare))),
		str_fmt(a, "/environments/" STR_FMT "/", STR_ARG(str_upper(a, sc->env))),
		str_fmt(a, "/environmentTypes/et-" STR_FMT, STR_ARG(sc->s->type)),
		str_fmt(a, "/environmentTypes/" STR_FMT, STR_ARG(str_upper(a, sc->s->type))),
		str_fmt(a, "/environmentTypes/et-" STR_FMT "/configurations/" STR_FMT,
		    STR_ARG(sc->s->type), STR_ARG(config)),
	};

	for (size_t i = 0; i < countof(paths); i++)
		(void)expect(sc, 200, RESEARCHER, "GET", str_z(a, paths[i]), NULL);
	(void)expect(sc, 201, RESEARCHER, "POST", "/environments",
	    str_z(a,
		str_fmt(a,
		    "{\"name\":\"n\",\"description\":\"d\",\"envTypeId\":\"et-$TYPE\","
		    "\"envTypeConfigId\":\"" STR_FMT "\",\"envType\":\"sagemakerNotebook\","
		    "\"projectId\":\"" STR_FMT "\",\"datasetIds\":[]}",
		    STR_ARG(config), STR_ARG(project))));
}

/* Roles, keys and external ids open hosting accounts: they are for administrators. */
static void
check_secrets(struct scene *sc)
{
	static const char *const members[] = { "envMgmtRoleArn", "hostingAccountHandlerRoleArn",
		"encryptionKeyArn", "externalId" };
	static const char *const paths[] = { "/environments/$ENV", "/projects" };

	for (size_t p = 0; p < countof(paths); p++) {
		str admin = expect(sc, 200, ADMIN, "GET", paths[p], NULL).body;
		str other = expect(sc, 200, RESEARCHER, "GET", paths[p], NULL).body;

		for (size_t i = 0; i < countof(members); i++) {
			CHECK(str_has(admin, str_of(members[i])), "%s %s", paths[p], members[i]);
			CHECK(!str_has(other, str_of(members[i])), "%s %s", paths[p], members[i]);
		}
	}
}

static void
check_carriers(struct scene *sc)
{
	static const char *const forms[] = { "Bearer ", "bearer ", "BEARER   ", "" };

	for (size_t i = 0; i < countof(forms); i++) {
		struct reply r = server_ask(sc->s, sc->a, "GET", "/api/projects",
		    str_fmt(sc->a, "%s" STR_FMT, forms[i], STR_ARG(sc->s->admin)), NULL);

		CHECK(r.status == 200, "'%s': %d", forms[i], r.status);
	}
}

/* What a person writes about a configuration may change; what it launches may not. */
static void
check_config_update(struct scene *sc)
{
	struct reply r =
	    expect(sc, 200, ADMIN, "PUT", "/environmentTypes/$TYPE/configurations/$CONFIG",
		"{\"name\":\"renamed\",\"description\":\"d\"}");

	CHECK(str_starts(r.body, S("{\"id\":\"etc-")), STR_FMT, STR_ARG(r.body));
	CHECK_STR(json_str(json_get(r.json, "name")), "renamed", "name");
	CHECK_STR(json_str(json_get(r.json, "pk")), "ETC", "the October form's key");
}

static void
test_clients(struct arena *a)
{
	struct scene sc;

	open_scene(&sc, a);
	expect_all(&sc, of_callers, countof(of_callers));
	expect_all(&sc, of_bodies, countof(of_bodies));
	expect_all(&sc, of_ids, countof(of_ids));
	expect_all(&sc, of_lists, countof(of_lists));
	check_list(&sc);
	check_pages(&sc, "/environmentTypes", 2);
	check_pages(&sc, "/environmentTypes/$TYPE/configurations", 1);
	check_id_forms(&sc);
	check_secrets(&sc);
	check_carriers(&sc);
	check_config_update(&sc);
	close_scene(&sc);
}

/* --- a launch that fails ----------------------------------------------------------------- */

static const struct refusal of_failed[] = {
	{ RESEARCHER, "PUT", "/environments/$ENV/start", NULL, 409,
	    REFUSED("409", "Conflict",
		"Cannot start environment while environment is in FAILED state") },
	{ RESEARCHER, "PUT", "/environments/$ENV/stop", NULL, 409,
	    REFUSED("409", "Conflict",
		"Cannot stop environment while environment is in FAILED state") },
	{ RESEARCHER, "GET", "/environments/$ENV/connections", NULL, 409,
	    REFUSED("409", "Conflict",
		"Environment is in FAILED status. Please wait until environment is in 'COMPLETED' "
		"status before trying to connect to the environment.") },
};

/* Its error is shown while it stands, and forgotten once all is well. */
static void
test_failure(struct arena *a)
{
	const struct json *error;
	struct scene sc;
	struct reply r;

	open_scene(&sc, a);
	r = expect(&sc, 201, ADMIN, "POST", "/environmentTypes/$TYPE/configurations",
	    "{\"allowedRoleIds\":[],\"type\":\"sagemakerNotebook\",\"description\":\"d\","
	    "\"name\":\"none of these\",\"params\":[{\"key\":\"InstanceType\",\"value\":"
	    "\"ml.none.large\"}]}");
	sc.s->config = json_str(json_get(r.json, "id"));
	sc.env = server_launch(sc.s);
	server_await(sc.s, sc.env, "FAILED");
	r = expect(&sc, 200, RESEARCHER, "GET", "/environments/$ENV", NULL);
	error = json_get(r.json, "error");
	CHECK_STR(json_str(json_get(error, "type")), "LAUNCH", "type");
	CHECK(str_has(json_str(json_get(error, "value")), S("ml.none.large")), STR_FMT,
	    STR_ARG(r.body));
	expect_all(&sc, of_failed, countof(of_failed));
	(void)expect(&sc, 204, RESEARCHER, "PUT", "/environments/$ENV/terminate", NULL);
	server_await(sc.s, sc.env, "TERMINATED");
	r = expect(&sc, 200, RESEARCHER, "GET", "/environments/$ENV", NULL);
	CHECK(json_get(r.json, "error") == NULL, STR_FMT, STR_ARG(r.body));
	close_scene(&sc);
}

/* --- a type that is published while the server runs -------------------------------------- */

/* The folder of a type, with one text in place of another. */
static const char *
upload_body(struct arena *a, const char *type, str what, str with)
{
	const char *dir = path_join(a, path_join(a, SWB_SOURCE_ROOT, "environments"), type);
	struct json *body = json_new_object(a), *files;
	struct err err;
	size_t count;
	str *names;

	err_init(&err, a);
	json_put_str(a, body, "type", str_of(type));
	files = json_put(a, body, "files", json_new_array(a));
	CHECK_OK(dir_list(a, dir, &names, &count, &err), &err);
	for (size_t i = 0; i < count; i++) {
		struct json *f = json_push(a, files, json_new_object(a));
		str text;

		CHECK_OK(file_read(a, path_join(a, dir, str_z(a, names[i])), (size_t)1 << 20, &text,
			     &err),
		    &err);
		json_put_str(a, f, "name", names[i]);
		json_put_str(a, f, "text", str_replace(a, text, what, with));
	}
	return str_z(a, json_text(a, body));
}

struct awaited {
	struct scene *sc;
	const char *path;
};

static bool
is_published(void *cookie)
{
	struct awaited *w = cookie;
	struct reply r = expect(w->sc, 200, ADMIN, "GET", w->path, NULL);

	return str_is(json_str(json_get(r.json, "status")), "PUBLISHED");
}

static void
publish(struct scene *sc, str what, str with)
{
	struct reply r = expect(sc, 202, ADMIN, "POST", "/environmentTypeVersions",
	    upload_body(sc->a, "sagemakerNotebook", what, with));
	str hash = json_str(json_get(r.json, "hash"));
	struct awaited w = { sc,
		str_z(sc->a,
		    str_fmt(sc->a, "/environmentTypeVersions/sagemakerNotebook/" STR_FMT,
			STR_ARG(hash))) };

	CHECK_STR(json_str(json_get(r.json, "type")), "sagemakerNotebook", "type");
	assert_true(server_until(is_published, &w, 60000));
	r = expect(sc, 200, ADMIN, "PUT", "/environmentTypes/$TYPE/version",
	    str_z(sc->a, str_fmt(sc->a, "{\"hash\":\"" STR_FMT "\"}", STR_ARG(hash))));
	CHECK_STR(json_str(json_get(json_at(json_get(r.json, "configurations"), 0), "hash")),
	    str_z(sc->a, hash), "its configuration moved");
}

static str
artifact_of(struct scene *sc, str env)
{
	struct reply r = expect(sc, 200, ADMIN, "GET",
	    str_z(sc->a, str_fmt(sc->a, "/environments/" STR_FMT, STR_ARG(env))), NULL);

	return json_str(json_path(r.json, "ETC", "provisioningArtifactId", NULL));
}

/* What is wrong is told with place and cure, and nothing is published. */
static void
check_findings(struct scene *sc)
{
	struct reply r = expect(sc, 400, ADMIN, "POST", "/environmentTypeVersions",
	    upload_body(sc->a, "sagemakerNotebook", S("sagemaker:StartNotebookInstance"),
		S("sagemaker:StrtNotebookInstance")));
	const struct json *finding = json_first(json_get(r.json, "findings"));

	CHECK_STR(json_str(json_get(finding, "file")), "type.yaml", "file");
	CHECK(json_i64(json_get(finding, "line"), 0) > 1, "line: " STR_FMT, STR_ARG(r.body));
	CHECK(json_i64(json_get(finding, "column"), 0) > 0, "column: " STR_FMT, STR_ARG(r.body));
	CHECK(json_str(json_get(finding, "code")).len > 0, "code: " STR_FMT, STR_ARG(r.body));
	CHECK(
	    str_has(json_str(json_get(finding, "message")), S("is 'StartNotebookInstance' meant?")),
	    "message: " STR_FMT, STR_ARG(r.body));
	CHECK(json_str(json_get(finding, "fix")).len > 0, "fix: " STR_FMT, STR_ARG(r.body));
}

static void
test_publishing(struct arena *a)
{
	struct scene sc;
	str old, new_env;

	open_scene(&sc, a);
	old = artifact_of(&sc, sc.env);
	check_findings(&sc);
	publish(&sc, S("description: Jupyter"), S("description: Another Jupyter"));
	new_env = server_launch(sc.s);
	server_await(sc.s, new_env, "COMPLETED");
	CHECK(!str_eq(artifact_of(&sc, new_env), old), "the new version is launched");
	CHECK_STR(artifact_of(&sc, sc.env), str_z(a, old), "what runs keeps what it began with");
	assert_int_equal(server_verb(sc.s, sc.env, "terminate"), 204);
	server_await(sc.s, sc.env, "TERMINATED");
	close_scene(&sc);
}

/* --- the document ------------------------------------------------------------------------ */

/* Its blocks of commands, one after the other, in one shell. */
static str
commands_of(struct arena *a, const char *document)
{
	str script = S("set -e\n"), text, line;
	bool within = false;
	struct err err;

	err_init(&err, a);
	CHECK_OK(
	    file_read(a, path_join(a, SWB_SOURCE_ROOT, document), (size_t)1 << 20, &text, &err),
	    &err);
	while (str_cut(&text, '\n', &line)) {
		if (str_starts(line, S("```")))
			within = str_is(line, "```sh");
		else if (within)
			script = str_fmt(a, STR_FMT STR_FMT "\n", STR_ARG(script), STR_ARG(line));
	}
	return script;
}

static void
test_document(struct arena *a)
{
	struct server *s = server_new(a);
	str program = str_of(SWB_PROGRAM),
	    folder = str_sub(program, 0, program.len - S("/swb").len);
	struct command c;

	server_start(s);
	setenv("SWB_DATA", s->data, 1);
	c = expect_status(a,
	    str_z(a,
		str_fmt(a, "PATH=" STR_FMT ":$PATH\n" STR_FMT, STR_ARG(folder),
		    STR_ARG(commands_of(a, "docs/api.md")))),
	    0);
	CHECK(str_has(c.out, S("{\"authCredResponse\":{\"url\":\"http")), STR_FMT, STR_ARG(c.out));
	CHECK(str_has(c.out, S("\"kind\":\"transition\"")), STR_FMT, STR_ARG(c.out));
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_clients),
		TEST(test_failure),
		TEST(test_publishing),
		TEST(test_document),
	};

	return RUN_TESTS(tests);
}
