/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/config_routes.c: configurations of an environment type.
 */
#include "api/internal.h"
#include "workbench/config.h"

static const struct field create_fields[] = {
	{ "allowedRoleIds", F_STRINGS, true, 100, NULL },
	{ "type", F_STRING, true, 64, NULL },
	{ "description", F_STRING, true, 400, NULL },
	{ "name", F_STRING, true, 128, NULL },
	{ "params", F_OBJECTS, true, 200, NULL },
};
static const struct input create_input = INPUT(create_fields);

static bool
create(struct request *rq, struct err *err)
{
	const struct json *b = rq->body, *config;
	const struct config_creation in = {
		.env_type_id = rq->parameters[0],
		.type = json_str(json_get(b, "type")),
		.name = json_str(json_get(b, "name")),
		.description = json_str(json_get(b, "description")),
		.params = json_get(b, "params"),
		.allowed_role_ids = json_get(b, "allowedRoleIds"),
		.owner = rq->caller->user_id,
	};

	if (!check_id("envTypeId", S("et-"), rq->parameters[0], err) ||
	    !config_create(rq->wb, rq->a, &in, &config, err))
		return false;
	answer_json(rq, config);
	return true;
}

static bool
get(struct request *rq, struct err *err)
{
	const struct json *config;

	if (!check_id("envTypeId", S("et-"), rq->parameters[0], err) ||
	    !check_id("envTypeConfigId", S("etc-"), rq->parameters[1], err) ||
	    !config_get(rq->wb, rq->a, rq->parameters[0], rq->parameters[1], &config, err))
		return false;
	answer_json(rq, config);
	return true;
}

static bool
list(struct request *rq, struct err *err)
{
	const struct json *configs;

	if (!check_id("envTypeId", S("et-"), rq->parameters[0], err) ||
	    !config_list(rq->wb, rq->a, rq->parameters[0], &configs, err))
		return false;
	answer_page(rq, configs, (str){ 0 });
	return true;
}

static const struct route routes[] = {
	{ "POST", "/environmentTypes/{envTypeId}/configurations", PERM_ADMIN, false, 201,
	    &create_input, create },
	{ "GET", "/environmentTypes/{envTypeId}/configurations", PERM_ANYONE, true, 200, NULL,
	    list },
	{ "GET", "/environmentTypes/{envTypeId}/configurations/{envTypeConfigId}", PERM_ANYONE,
	    true, 200, NULL, get },
};
const struct route_table config_routes = { routes, countof(routes) };
