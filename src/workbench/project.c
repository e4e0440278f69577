/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/project.c: projects. A project copies where its environments run from its cost center,
 * as the cost center did from its account (api.md 9, RACE13: later changes do not reach it).
 */
#include "workbench/project.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/account.h"
#include "workbench/change.h"
#include "workbench/internal.h"
#include "workbench/item.h"

/* What both have of the place where things run. */
static const char *const place[] = { "subnetId", "vpcId", "envMgmtRoleArn", "externalId",
	"encryptionKeyArn", "environmentInstanceFiles", "hostingAccountHandlerRoleArn",
	"awsAccountId", "accountId", NULL };

static bool
load_cost_center(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	if (!cost_center_get(wb, a, id, out, err))
		return err->kind == ERR_NOT_FOUND
		    ? err_set(err, ERR_INVALID, "Could not find cost center")
		    : false;
	if (str_is(json_str(json_get(*out, "status")), "DELETED"))
		return err_set(err, ERR_INVALID, "Cost center was deleted");
	return true;
}

/* The name is taken by an item of its own, in the same transaction: no two projects share one. */
static void
take_name(struct change *c, str name, str id)
{
	str key = str_fmt(c->a, "SWB#NAME#project#" STR_FMT, STR_ARG(sha256_hex(c->a, name)));
	struct json *row = item_new(c->a, key, S("SWB#NAME"));

	json_put_str(c->a, row, "id", id);
	change_put(c, row, STORE_NEW);
}

bool
project_create(struct workbench *wb, struct arena *a, str name, str description, str cost_center_id,
    const struct json **out, struct err *err)
{
	str id = id_prefixed_uuid(a, S("proj-")), key = item_key(a, "PROJ", id);
	struct json *body = item_new(a, key, key);
	const struct json *cost_center;
	struct change c;

	if (name.len == 0)
		return err_set(err, ERR_INVALID, "name: Required");
	if (!load_cost_center(wb, a, cost_center_id, &cost_center, err))
		return false;
	json_put_str(a, body, "id", id);
	item_stamp(a, body, clock_now_ms(wb->o.clock));
	json_put_str(a, body, "name", name);
	json_put_str(a, body, "description", description);
	json_put_str(a, body, "status", S("AVAILABLE"));
	item_copy(a, body, cost_center, place);
	json_put_str(a, body, "resourceType", S("project"));
	json_put(a, body, "dependency", json_get(cost_center, "id"));
	change_init(&c, wb, a);
	change_put(&c, body, STORE_NEW);
	take_name(&c, name, id);
	if (!change_commit(&c, err))
		return err->kind == ERR_CONFLICT
		    ? err_set(err, ERR_INVALID,
			  "Project name is in use by a non deleted project. Please use another name.")
		    : false;
	*out = body;
	return true;
}

bool
project_get(struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct item item;
	str full, key;

	if (!item_id(a, "proj", id, &full))
		return item_missing(err, "project", id);
	key = item_key(a, "PROJ", full);
	if (!store_load(wb->o.store, a, key, key, &item, err))
		return err->kind == ERR_NOT_FOUND ? item_missing(err, "project", id) : false;
	*out = item.body;
	return true;
}

bool
project_list(struct workbench *wb, struct arena *a, const struct json **out, struct err *err)
{
	return item_list(wb, a, "getResourceByCreatedAt", S("project"), (str){ 0 }, out, err);
}
