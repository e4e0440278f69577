/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/env_routes.c: environments: launch, get, start, stop, terminate, connect, and what swb adds:
 * explain and history. env_list.c has the list.
 */
#include "api/internal.h"
#include "workbench/env.h"

#define MOST_DATASETS 100

static const struct field launch_fields[] = {
	{ "name", F_STRING, true, 128, NULL },
	{ "description", F_STRING, true, 400, NULL },
	{ "envTypeId", F_STRING, true, 64, NULL },
	{ "envTypeConfigId", F_STRING, true, 64, NULL },
	{ "envType", F_STRING, true, 64, NULL },
	{ "projectId", F_STRING, true, 64, NULL },
	{ "datasetIds", F_STRINGS, true, MOST_DATASETS, NULL },
};
static const struct input launch_input = INPUT(launch_fields);

static str
text(const struct request *rq, const char *member)
{
	return json_str(json_get(rq->body, member));
}

/* Types are known by bare ids; who sends one with a prefix means the same. */
static str
type_id(const struct request *rq)
{
	str id = text(rq, "envTypeId"), bare;

	return id_read(rq->a, ID_TYPE, id, &bare) ? bare : id;
}

static bool
launch(struct request *rq, struct err *err)
{
	const struct env_launch_request in = {
		.name = text(rq, "name"),
		.description = text(rq, "description"),
		.env_type = text(rq, "envType"),
		.env_type_id = type_id(rq),
		.env_type_config_id = text(rq, "envTypeConfigId"),
		.project_id = text(rq, "projectId"),
		.dataset_ids = json_get(rq->body, "datasetIds"),
		.owner = rq->caller->user_id,
	};
	const struct json *env;

	if (!may_use_project(rq, in.project_id, err) || !env_launch(rq->wb, rq->a, &in, &env, err))
		return false;
	answer_json(rq, view_item(rq, env));
	return true;
}

/*
 * The environment of the path, if the caller may see it. One of another project is not there, in
 * the very words of one that is not.
 */
static bool
load(struct request *rq, const struct json **env, str *id, struct err *err)
{
	if (!path_id(rq, 0, ID_ENVIRONMENT, "id", id, err) ||
	    !env_get(rq->wb, rq->a, *id, env, err))
		return false;
	if (may_use_project(rq, json_str(json_get(*env, "projectId")), err))
		return true;
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "Could not find environment " STR_FMT, STR_ARG(*id));
}

static bool
get(struct request *rq, struct err *err)
{
	const struct json *env;
	str id;

	if (!load(rq, &env, &id, err))
		return false;
	answer_json(rq, view_item(rq, env));
	return true;
}

static bool
ask(struct request *rq, bool (*verb)(struct workbench *, struct arena *, str, str, struct err *),
    struct err *err)
{
	const struct json *env;
	str id;

	return load(rq, &env, &id, err) && verb(rq->wb, rq->a, id, rq->caller->user_id, err);
}

static bool
start(struct request *rq, struct err *err)
{
	return ask(rq, env_start, err);
}

static bool
stop(struct request *rq, struct err *err)
{
	return ask(rq, env_stop, err);
}

static bool
terminate(struct request *rq, struct err *err)
{
	return ask(rq, env_terminate, err);
}

static bool
explain(struct request *rq, struct err *err)
{
	const struct json *env, *out;
	str id;

	if (!load(rq, &env, &id, err) || !env_explain(rq->wb, rq->a, id, &out, err))
		return false;
	answer_json(rq, out);
	return true;
}

static bool
history(struct request *rq, struct err *err)
{
	const struct json *env, *out;
	str id;

	if (!load(rq, &env, &id, err) || !env_history(rq->wb, rq->a, id, &out, err))
		return false;
	answer_page(rq, out, (str){ 0 });
	return true;
}

static bool
connect(struct request *rq, struct err *err)
{
	const struct json *env, *out;
	str id;

	if (!load(rq, &env, &id, err) ||
	    !env_connect(rq->wb, rq->a, id, rq->caller->user_id, &out, err))
		return false;
	answer_json(rq, out);
	return true;
}

static const struct route routes[] = {
	{ "POST", "/environments", PERM_ANYONE, false, 201, &launch_input, launch },
	{ "GET", "/environments", PERM_ANYONE, true, 200, NULL, env_list_route },
	{ "GET", "/environments/{id}", PERM_ANYONE, true, 200, NULL, get },
	{ "PUT", "/environments/{id}/start", PERM_ANYONE, false, 204, NULL, start },
	{ "PUT", "/environments/{id}/stop", PERM_ANYONE, false, 204, NULL, stop },
	{ "PUT", "/environments/{id}/terminate", PERM_ANYONE, false, 204, NULL, terminate },
	{ "GET", "/environments/{id}/connections", PERM_ANYONE, false, 200, NULL, connect },
	{ "GET", "/environments/{id}/explain", PERM_ANYONE, true, 200, NULL, explain },
	{ "GET", "/environments/{id}/history", PERM_ANYONE, true, 200, NULL, history },
};
const struct route_table env_routes = { routes, countof(routes) };
