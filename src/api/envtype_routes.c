/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/envtype_routes.c: environment types.
 */
#include "api/internal.h"
#include "workbench/envtype.h"
#include "workbench/page.h"

static const char *const approvals[] = { "APPROVED", "NOT_APPROVED", NULL };

static const struct field create_fields[] = {
	{ "productId", F_STRING, false, 100, NULL },
	{ "provisioningArtifactId", F_STRING, false, 100, NULL },
	{ "allowedRoleIds", F_STRINGS, true, 100, NULL },
	{ "type", F_STRING, true, 64, NULL },
	{ "description", F_STRING, true, 400, NULL },
	{ "name", F_STRING, true, 128, NULL },
	{ "params", F_OBJECTS, true, 200, NULL },
	{ "status", F_ENUM, true, 0, approvals },
};
static const struct input create_input = INPUT(create_fields);

/* The status is told about by a text of its own, so the table takes any. */
static const struct field update_fields[] = {
	{ "description", F_STRING, false, 400, NULL },
	{ "name", F_STRING, false, 128, NULL },
	{ "status", F_STRING, false, 64, NULL },
};
static const struct input update_input = INPUT(update_fields);

static bool
create(struct request *rq, struct err *err)
{
	const struct json *b = rq->body, *type;
	const struct envtype_creation in = {
		.type = json_str(json_get(b, "type")),
		.name = json_str(json_get(b, "name")),
		.description = json_str(json_get(b, "description")),
		.status = json_str(json_get(b, "status")),
		.product_id = json_str(json_get(b, "productId")),
		.artifact_id = json_str(json_get(b, "provisioningArtifactId")),
		.params = json_get(b, "params"),
		.allowed_role_ids = json_get(b, "allowedRoleIds"),
		.owner = rq->caller->user_id,
	};

	if (!envtype_create(rq->wb, rq->a, &in, &type, err))
		return false;
	answer_json(rq, view_item(rq, type));
	return true;
}

static bool
get(struct request *rq, struct err *err)
{
	const struct json *type;
	str id;

	if (!path_id(rq, 0, ID_TYPE, "id", &id, err) || !envtype_get(rq->wb, rq->a, id, &type, err))
		return false;
	answer_json(rq, view_item(rq, type));
	return true;
}

static bool
list(struct request *rq, struct err *err)
{
	struct list_page page = { 0 };

	rq->refuse_as_text = true;
	if (!read_page(rq, &page.limit, &page.start_after, err))
		return false;
	rq->refuse_as_text = false;
	if (!envtype_page(rq->wb, rq->a, &page, err))
		return page_refused(rq, err);
	answer_page(rq, view_items(rq, page.items), page.next);
	return true;
}

/* It may be missing in the table and not in fact: clients know this text. */
static bool
check_status(const struct request *rq, struct err *err)
{
	const struct json *status = json_get(rq->body, "status");
	str text = status == NULL ? S("undefined") : status->text;

	if (str_is(text, "APPROVED") || str_is(text, "NOT_APPROVED"))
		return true;
	return err_set(err, ERR_INVALID,
	    "Status provided is: " STR_FMT
	    ". Status needs to be one of these values: APPROVED,NOT_APPROVED",
	    STR_ARG(text));
}

static bool
update(struct request *rq, struct err *err)
{
	const struct json *type;
	str id;

	if (!path_id(rq, 0, ID_TYPE, "id", &id, err) || !check_status(rq, err))
		return false;
	if (!envtype_update(rq->wb, rq->a, id, rq->body, rq->caller->user_id, &type, err)) {
		if (err->kind != ERR_NOT_FOUND)
			return false;
		err_clear(err);
		return err_set(err, ERR_NOT_FOUND,
		    "Could not find environment type " STR_FMT " to update", STR_ARG(id));
	}
	answer_json(rq, view_item(rq, type));
	return true;
}

static const struct route routes[] = {
	{ "POST", "/environmentTypes", PERM_ADMIN, false, 201, &create_input, create },
	{ "GET", "/environmentTypes", PERM_ANYONE, true, 200, NULL, list },
	{ "GET", "/environmentTypes/{id}", PERM_ANYONE, true, 200, NULL, get },
	{ "PUT", "/environmentTypes/{id}", PERM_ADMIN, false, 200, &update_input, update },
};
const struct route_table envtype_routes = { routes, countof(routes) };
