/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/version_routes.c: what the reference needed a deployment for. A type's folder is sent,
 * checked and published while the server runs; then the type is told to launch it.
 */
#include "api/internal.h"
#include "workbench/envtype.h"

#define MOST_FILES 16

static const struct field upload_fields[] = {
	{ "type", F_STRING, true, 64, NULL },
	{ "files", F_OBJECTS, true, MOST_FILES, NULL },
};
static const struct input upload_input = INPUT(upload_fields);

/* No hash: the newest. */
static const struct field adopt_fields[] = {
	{ "hash", F_STRING, false, 64, NULL },
};
static const struct input adopt_input = INPUT(adopt_fields);

/* A version is an item of swb's own, so its keys are nobody's. */
static struct json *
view_version(const struct request *rq, const struct json *item)
{
	struct json *out = json_copy_shallow(rq->a, item);

	json_remove(out, "pk");
	json_remove(out, "sk");
	return out;
}

static bool
upload(struct request *rq, struct err *err)
{
	const struct json *version, *findings;
	struct json *answer;

	if (!envtype_upload(rq->wb, rq->a, json_str(json_get(rq->body, "type")),
		json_get(rq->body, "files"), &version, &findings, err)) {
		rq->findings = findings;
		return false;
	}
	answer = view_version(rq, version);
	json_put(rq->a, answer, "findings", findings);
	answer_json(rq, answer);
	return true;
}

static bool
tell(struct request *rq, str hash, struct err *err)
{
	const struct json *version;

	if (!envtype_version(rq->wb, rq->a, rq->parameters[0], hash, &version, err))
		return false;
	answer_json(rq, view_version(rq, version));
	return true;
}

static bool
get(struct request *rq, struct err *err)
{
	return tell(rq, rq->parameters[1], err);
}

static bool
get_newest(struct request *rq, struct err *err)
{
	return tell(rq, (str){ 0 }, err);
}

static bool
adopt(struct request *rq, struct err *err)
{
	const struct json *out;
	struct json *answer;
	str id;

	if (!path_id(rq, 0, ID_TYPE, "id", &id, err) ||
	    !envtype_adopt(rq->wb, rq->a, id, json_str(json_get(rq->body, "hash")),
		rq->caller->user_id, &out, err))
		return false;
	answer = json_copy_shallow(rq->a, out);
	json_set(rq->a, answer, "environmentType", view_item(rq, json_get(out, "environmentType")));
	answer_json(rq, answer);
	return true;
}

static const struct route routes[] = {
	{ "POST", "/environmentTypeVersions", PERM_ADMIN, false, 202, &upload_input, upload },
	{ "GET", "/environmentTypeVersions/{type}", PERM_ADMIN, true, 200, NULL, get_newest },
	{ "GET", "/environmentTypeVersions/{type}/{hash}", PERM_ADMIN, true, 200, NULL, get },
	{ "PUT", "/environmentTypes/{id}/version", PERM_ADMIN, false, 200, &adopt_input, adopt },
};
const struct route_table version_routes = { routes, countof(routes) };
