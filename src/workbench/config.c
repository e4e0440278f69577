/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/config.c: configurations. What could not be launched is refused when it is saved.
 */
#include "workbench/config.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/change.h"
#include "workbench/envtype.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/page.h"
#include "workbench/version.h"

#define MAX_PARAMS 200
#define MAX_TRIES 8

static bool
load_type(struct workbench *wb, struct arena *a, const struct config_creation *in,
    const struct json **type, struct item *pin, struct err *err)
{
	if (!envtype_get(wb, a, in->env_type_id, type, err))
		return err->kind == ERR_NOT_FOUND
		    ? err_set(err, ERR_INVALID,
			  "Could not create environment type config because environment type " STR_FMT
			  " does not exist",
			  STR_ARG(in->env_type_id))
		    : false;
	if (!str_eq(in->type, json_str(json_get(*type, "type"))))
		return err_set(err, ERR_INVALID,
		    "type is " STR_FMT ", but the environment type is of type " STR_FMT,
		    STR_ARG(in->type), STR_ARG(json_str(json_get(*type, "type"))));
	return store_load(wb->o.store, a, json_str(json_get(*type, "pk")), S("SWB#PIN"), pin, err);
}

/* [{key, value}], both texts; what nothing reads is kept. */
static bool
check_shape(const struct json *params, struct err *err)
{
	size_t n = 0;

	if (!json_is(params, JSON_ARRAY))
		return err_set(err, ERR_INVALID, "params: Expected array");
	if (json_count(params) > MAX_PARAMS)
		return err_set(err, ERR_TOO_LARGE, "params: at most %d may be given", MAX_PARAMS);
	for (const struct json *p = json_first(params); p != NULL; p = p->next, n++)
		if (!json_is(json_get(p, "key"), JSON_STRING) ||
		    !json_is(json_get(p, "value"), JSON_STRING))
			return err_set(
			    err, ERR_INVALID, "params.%zu: needs key and value, both strings", n);
	return true;
}

static bool
check_values(struct workbench *wb, struct arena *a, const struct config_creation *in,
    const struct item *pin, struct err *err)
{
	struct findings findings = { .a = a };
	const struct bundle *b;

	if (!check_shape(in->params, err) ||
	    !version_bundle(wb, a, in->type, json_str(json_get(pin->body, "hash")), &b, err))
		return false;
	bundle_check_config(a, b, in->params, &findings);
	if (findings.errors == 0)
		return true;
	return err_set(err, ERR_INVALID, "the configuration could not be launched:\n" STR_FMT,
	    STR_ARG(findings_text(a, &findings)));
}

static struct json *
config_item(struct workbench *wb, struct arena *a, const struct config_creation *in,
    const struct json *type)
{
	str id = id_prefixed_uuid(a, S("etc-")), key = item_key(a, "ETC", id);
	struct json *body = item_new(a, key, key);

	json_put_str(a, body, "id", id);
	json_put(a, body, "productId", json_get(type, "productId"));
	json_put(a, body, "provisioningArtifactId", json_get(type, "provisioningArtifactId"));
	json_put_str(a, body, "type", in->type);
	json_put_str(a, body, "description", in->description);
	json_put_str(a, body, "name", in->name);
	item_stamp(a, body, clock_now_ms(wb->o.clock));
	if (in->estimated_cost.len > 0)
		json_put_str(a, body, "estimatedCost", in->estimated_cost);
	json_put(a, body, "params", in->params);
	json_put(a, body, "allowedRoleIds",
	    in->allowed_role_ids != NULL ? in->allowed_role_ids : json_new_array(a));
	json_put_str(a, body, "status", S("AVAILABLE"));
	json_put_str(a, body, "owner", in->owner);
	json_put_str(a, body, "createdBy", in->owner);
	json_put_str(a, body, "updatedBy", in->owner);
	json_put(a, body, "dependency", json_get(type, "id"));
	json_put_str(a, body, "resourceType", S("envTypeConfig"));
	return body;
}

bool
config_create(struct workbench *wb, struct arena *a, const struct config_creation *in,
    const struct json **out, struct err *err)
{
	const struct json *type;
	struct json *body, *pinned;
	struct change c;
	struct item pin;

	if (!load_type(wb, a, in, &type, &pin, err) || !check_values(wb, a, in, &pin, err))
		return false;
	body = config_item(wb, a, in, type);
	pinned = item_new(a, json_str(json_get(body, "pk")), S("SWB#PIN"));
	json_put(a, pinned, "type", json_get(pin.body, "type"));
	json_put(a, pinned, "hash", json_get(pin.body, "hash"));
	change_init(&c, wb, a);
	change_put(&c, body, STORE_NEW);
	change_put(&c, pinned, STORE_NEW);
	if (!change_commit(&c, err))
		return false;
	*out = body;
	return true;
}

static bool
load(struct workbench *wb, struct arena *a, str env_type_id, str id, struct item *out,
    struct err *err)
{
	str full, type, key;

	if (!item_id(a, "etc", id, &full) || !item_id(a, "", env_type_id, &type))
		return item_missing(err, "environment type config", id);
	key = item_key(a, "ETC", full);
	if (!store_load(wb->o.store, a, key, key, out, err))
		return err->kind == ERR_NOT_FOUND ? item_missing(err, "environment type config", id)
						  : false;
	if (!str_eq(json_str(json_get(out->body, "dependency")), type))
		return item_missing(err, "environment type config", id);
	return true;
}

bool
config_get(struct workbench *wb, struct arena *a, str env_type_id, str id, const struct json **out,
    struct err *err)
{
	struct item item;

	if (!load(wb, a, env_type_id, id, &item, err))
		return false;
	*out = item.body;
	return true;
}

bool
config_list(struct workbench *wb, struct arena *a, str env_type_id, const struct json **out,
    struct err *err)
{
	str type;

	if (!item_id(a, "", env_type_id, &type)) {
		*out = json_new_array(a);
		return true;
	}
	return item_list(wb, a, "getResourceByDependency", S("envTypeConfig"), type, out, err);
}

bool
config_page(
    struct workbench *wb, struct arena *a, str env_type_id, struct list_page *page, struct err *err)
{
	str type;

	if (!item_id(a, "", env_type_id, &type)) {
		page->items = json_new_array(a);
		page->next = (str){ 0 };
		return true;
	}
	return item_page(wb, a, "getResourceByDependency", S("envTypeConfig"), type, page, err);
}

static bool
check_changes(const struct json *changes, struct err *err)
{
	for (const struct json *m = json_first(changes); m != NULL; m = m->next) {
		if (!str_is(m->key, "name") && !str_is(m->key, "description"))
			return err_set(err, ERR_INVALID,
			    "is not allowed to have the additional property '" STR_FMT "'",
			    STR_ARG(m->key));
		if (!json_is(m, JSON_STRING))
			return err_set(err, ERR_INVALID, STR_FMT " is not of a type(s) string",
			    STR_ARG(m->key));
	}
	return true;
}

static bool
update_once(struct workbench *wb, struct arena *a, const struct config_change *in,
    const struct json **out, struct err *err)
{
	struct item item;
	struct json *body;

	if (!load(wb, a, in->env_type_id, in->id, &item, err))
		return false;
	body = json_copy_shallow(a, item.body);
	for (const struct json *m = json_first(in->changes); m != NULL; m = m->next)
		json_set(a, body, str_z(a, m->key), m);
	json_set_str(a, body, "updatedBy", in->actor);
	json_set_str(a, body, "updatedAt", time_iso_ms(a, clock_now_ms(wb->o.clock)));
	*out = body;
	return store_put(wb->o.store, body, item.version, err);
}

bool
config_update(struct workbench *wb, struct arena *a, const struct config_change *in,
    const struct json **out, struct err *err)
{
	if (!check_changes(in->changes, err))
		return false;
	for (int tries = 1; !update_once(wb, a, in, out, err); tries++) {
		if (err->kind != ERR_CONFLICT || tries == MAX_TRIES)
			return false;
		err_clear(err);
	}
	return true;
}
