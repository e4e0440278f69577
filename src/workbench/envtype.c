/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/envtype.c: environment types as people know them: an item that names a published
 * version, with a pin of ours beside it.
 */
#include "workbench/envtype.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/change.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/version.h"

#define MAX_TRIES 8

/* --- versions ------------------------------------------------------------------------------ */

bool
envtype_version(struct workbench *wb, struct arena *a, str type, str hash, const struct json **out,
    struct err *err)
{
	struct item row;
	bool found;

	if (hash.len == 0) {
		if (!version_type(wb, a, type, &row, &found, err))
			return false;
		if (!found)
			return item_missing(err, "published version of environment type", type);
		hash = json_str(json_get(row.body, "hash"));
	}
	if (!version_load(wb, a, type, hash, &row, err))
		return false;
	*out = row.body;
	return true;
}

/* The version that a creation means: by artifact, else the newest of its type. */
static bool
meant_version(struct workbench *wb, struct arena *a, const struct envtype_creation *in,
    const struct json **out, struct err *err)
{
	str type = in->type, hash = { 0 };

	if (in->artifact_id.len > 0 &&
	    !version_of_artifact(wb, a, in->artifact_id, &type, &hash, err)) {
		if (err->kind != ERR_NOT_FOUND)
			return false;
		return err_set(err, ERR_INVALID,
		    "provisioningArtifactId " STR_FMT
		    " is no published version of an environment type",
		    STR_ARG(in->artifact_id));
	}
	if (!str_eq(type, in->type))
		return err_set(err, ERR_INVALID,
		    "provisioningArtifactId " STR_FMT " is a version of type " STR_FMT
		    ", not " STR_FMT,
		    STR_ARG(in->artifact_id), STR_ARG(type), STR_ARG(in->type));
	if (!envtype_version(wb, a, type, hash, out, err))
		return err->kind == ERR_NOT_FOUND
		    ? err_set(err, ERR_INVALID,
			  "environment type " STR_FMT " has no published version",
			  STR_ARG(in->type))
		    : false;
	return true;
}

/* --- types --------------------------------------------------------------------------------- */

static bool
is_status(str s)
{
	return str_is(s, "APPROVED") || str_is(s, "NOT_APPROVED");
}

static bool
check_creation(const struct envtype_creation *in, const struct json *version, struct err *err)
{
	str product = json_str(json_get(version, "productId"));

	if (in->product_id.len > 0 && !str_eq(in->product_id, product))
		return err_set(err, ERR_INVALID,
		    "productId " STR_FMT " is not the product of type " STR_FMT
		    ", which is " STR_FMT,
		    STR_ARG(in->product_id), STR_ARG(in->type), STR_ARG(product));
	if (in->name.len == 0)
		return err_set(err, ERR_INVALID, "requires property 'name'");
	if (!is_status(in->status))
		return err_set(
		    err, ERR_INVALID, "status is not one of enum values: APPROVED,NOT_APPROVED");
	return true;
}

static struct json *
type_item(struct workbench *wb, struct arena *a, const struct envtype_creation *in,
    const struct json *version)
{
	str id = id_uuid(a), key = item_key(a, "ET", id);
	struct json *body = item_new(a, key, key), *none = json_new_array(a);

	json_put_str(a, body, "id", id);
	json_put_str(a, body, "productId", json_str(json_get(version, "productId")));
	json_put_str(a, body, "provisioningArtifactId",
	    json_str(json_get(version, "provisioningArtifactId")));
	json_put_str(a, body, "description", in->description);
	json_put_str(a, body, "name", in->name);
	json_put_str(a, body, "type", in->type);
	json_put(a, body, "params", in->params != NULL ? in->params : none);
	json_put(
	    a, body, "allowedRoleIds", in->allowed_role_ids != NULL ? in->allowed_role_ids : none);
	json_put_str(a, body, "status", in->status);
	item_stamp(a, body, clock_now_ms(wb->o.clock));
	json_put_str(a, body, "owner", in->owner);
	json_put_str(a, body, "createdBy", in->owner);
	json_put_str(a, body, "updatedBy", in->owner);
	json_put_str(a, body, "resourceType", S("envType"));
	return body;
}

bool
envtype_create(struct workbench *wb, struct arena *a, const struct envtype_creation *in,
    const struct json **out, struct err *err)
{
	const struct json *version;
	struct json *body, *pin;
	struct change c;

	if (!meant_version(wb, a, in, &version, err) || !check_creation(in, version, err))
		return false;
	body = type_item(wb, a, in, version);
	pin = item_new(a, json_str(json_get(body, "pk")), S("SWB#PIN"));
	json_put_str(a, pin, "type", in->type);
	json_put(a, pin, "hash", json_get(version, "hash"));
	change_init(&c, wb, a);
	change_put(&c, body, STORE_NEW);
	change_put(&c, pin, STORE_NEW);
	if (!change_commit(&c, err))
		return false;
	*out = body;
	return true;
}

static bool
load(struct workbench *wb, struct arena *a, str id, struct item *out, struct err *err)
{
	str full, key;

	if (!item_id(a, "", id, &full))
		return item_missing(err, "environment type", id);
	key = item_key(a, "ET", full);
	if (store_load(wb->o.store, a, key, key, out, err))
		return true;
	return err->kind == ERR_NOT_FOUND ? item_missing(err, "environment type", id) : false;
}

bool
envtype_get(struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct item item;

	if (!load(wb, a, id, &item, err))
		return false;
	*out = item.body;
	return true;
}

bool
envtype_list(struct workbench *wb, struct arena *a, const struct json **out, struct err *err)
{
	return item_list(wb, a, "getResourceByCreatedAt", S("envType"), (str){ 0 }, out, err);
}

bool
envtype_page(struct workbench *wb, struct arena *a, struct list_page *page, struct err *err)
{
	return item_page(wb, a, "getResourceByCreatedAt", S("envType"), (str){ 0 }, page, err);
}

/* --- changes ------------------------------------------------------------------------------- */

static bool
check_changes(const struct json *changes, struct err *err)
{
	static const char *const names[] = { "name", "description", "status" };

	for (const struct json *m = json_first(changes); m != NULL; m = m->next) {
		bool known = false;

		for (size_t i = 0; i < countof(names); i++)
			known |= str_is(m->key, names[i]);
		if (!known || !json_is(m, JSON_STRING))
			return err_set(err, ERR_INVALID,
			    known ? STR_FMT " is not of a type(s) string"
				  : "is not allowed to have the additional property '" STR_FMT "'",
			    STR_ARG(m->key));
	}
	if (json_get(changes, "status") != NULL &&
	    !is_status(json_str(json_get(changes, "status"))))
		return err_set(err, ERR_INVALID,
		    "Status provided is: " STR_FMT
		    ". Status needs to be one of these values: APPROVED,NOT_APPROVED",
		    STR_ARG(json_str(json_get(changes, "status"))));
	return true;
}

static bool
update_once(struct workbench *wb, struct arena *a, str id, const struct json *changes, str actor,
    const struct json **out, struct err *err)
{
	struct item item;
	struct json *body;

	if (!load(wb, a, id, &item, err))
		return false;
	body = json_copy_shallow(a, item.body);
	for (const struct json *m = json_first(changes); m != NULL; m = m->next)
		json_set(a, body, str_z(a, m->key), m);
	json_set_str(a, body, "updatedBy", actor);
	json_set_str(a, body, "updatedAt", time_iso_ms(a, clock_now_ms(wb->o.clock)));
	*out = body;
	return store_put(wb->o.store, body, item.version, err);
}

bool
envtype_update(struct workbench *wb, struct arena *a, str id, const struct json *changes, str actor,
    const struct json **out, struct err *err)
{
	if (!check_changes(changes, err))
		return false;
	for (int tries = 1; !update_once(wb, a, id, changes, actor, out, err); tries++) {
		if (err->kind != ERR_CONFLICT || tries == MAX_TRIES)
			return false;
		err_clear(err);
	}
	return true;
}
