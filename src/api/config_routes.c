/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/config_routes.c: configurations of an environment type.
 */
#include "api/internal.h"
#include "base/buf.h"
#include "workbench/config.h"
#include "workbench/page.h"

static const struct field create_fields[] = {
	{ "allowedRoleIds", F_STRINGS, true, 100, NULL },
	{ "type", F_STRING, true, 64, NULL },
	{ "description", F_STRING, true, 400, NULL },
	{ "name", F_STRING, true, 128, NULL },
	{ "params", F_OBJECTS, true, 200, NULL },
};
static const struct input create_input = INPUT(create_fields);

/* What may not be changed is told by a text of its own, so the table takes it in any form. */
static const struct field update_fields[] = {
	{ "allowedRoleIds", F_STRINGS, false, 100, NULL },
	{ "description", F_STRING, false, 400, NULL },
	{ "name", F_STRING, false, 128, NULL },
	{ "params", F_OBJECTS, false, 200, NULL },
};
static const struct input update_input = INPUT(update_fields);

static bool
type_id(const struct request *rq, str *out, struct err *err)
{
	return path_id(rq, 0, ID_TYPE, "envTypeId", out, err);
}

static bool
both_ids(const struct request *rq, str *type, str *config, struct err *err)
{
	return type_id(rq, type, err) && path_id(rq, 1, ID_CONFIG, "envTypeConfigId", config, err);
}

static bool
create(struct request *rq, struct err *err)
{
	const struct json *b = rq->body, *config;
	struct config_creation in = {
		.type = json_str(json_get(b, "type")),
		.name = json_str(json_get(b, "name")),
		.description = json_str(json_get(b, "description")),
		.params = json_get(b, "params"),
		.allowed_role_ids = json_get(b, "allowedRoleIds"),
		.owner = rq->caller->user_id,
	};

	if (!type_id(rq, &in.env_type_id, err) || !config_create(rq->wb, rq->a, &in, &config, err))
		return false;
	answer_json(rq, view_item(rq, config));
	return true;
}

static bool
get(struct request *rq, struct err *err)
{
	const struct json *config;
	str type, id;

	if (!both_ids(rq, &type, &id, err) || !config_get(rq->wb, rq->a, type, id, &config, err))
		return false;
	answer_json(rq, view_item(rq, config));
	return true;
}

static bool
list(struct request *rq, struct err *err)
{
	struct list_page page = { 0 };
	str type;

	if (!type_id(rq, &type, err))
		return false;
	rq->refuse_as_text = true;
	if (!read_page(rq, &page.limit, &page.start_after, err))
		return false;
	rq->refuse_as_text = false;
	if (!config_page(rq->wb, rq->a, type, &page, err))
		return page_refused(rq, err);
	answer_page(rq, view_items(rq, page.items), page.next);
	return true;
}

/* What a configuration launches never changes: whoever chose it would get something else. */
static bool
check_changes(const struct request *rq, struct err *err)
{
	static const char *const fixed[] = { "allowedRoleIds", "params" };
	struct buf names = buf_in(rq->a);

	for (size_t i = 0; i < countof(fixed); i++)
		if (json_get(rq->body, fixed[i]) != NULL)
			buf_fmt(&names, "%s%s", names.len > 0 ? "," : "", fixed[i]);
	if (names.len == 0)
		return true;
	return err_set(err, ERR_INVALID, "We do not support updating these attributes " STR_FMT,
	    STR_ARG(buf_str(&names)));
}

static bool
update(struct request *rq, struct err *err)
{
	struct config_change in = { .changes = rq->body, .actor = rq->caller->user_id };
	const struct json *config;

	if (!both_ids(rq, &in.env_type_id, &in.id, err) || !check_changes(rq, err))
		return false;
	if (!config_update(rq->wb, rq->a, &in, &config, err)) {
		if (err->kind != ERR_NOT_FOUND)
			return false;
		err_clear(err);
		return err_set(err, ERR_NOT_FOUND,
		    "Could not find envType " STR_FMT " with envTypeConfig " STR_FMT " to update",
		    STR_ARG(in.env_type_id), STR_ARG(in.id));
	}
	answer_json(rq, view_item(rq, config));
	return true;
}

static const struct route routes[] = {
	{ "POST", "/environmentTypes/{envTypeId}/configurations", PERM_ADMIN, false, 201,
	    &create_input, create },
	{ "GET", "/environmentTypes/{envTypeId}/configurations", PERM_ANYONE, true, 200, NULL,
	    list },
	{ "GET", "/environmentTypes/{envTypeId}/configurations/{envTypeConfigId}", PERM_ANYONE,
	    true, 200, NULL, get },
	{ "PUT", "/environmentTypes/{envTypeId}/configurations/{envTypeConfigId}", PERM_ADMIN,
	    false, 200, &update_input, update },
};
const struct route_table config_routes = { routes, countof(routes) };
