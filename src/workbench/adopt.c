/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/adopt.c: another version of a type becomes the one that is launched.
 *
 * A launch takes what its configuration pins, so configurations move too, each in a transaction of
 * its own: there may be more of them than one transaction holds, and who is interrupted repeats.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "workbench/change.h"
#include "workbench/envtype.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/version.h"

#define MAX_TRIES 8

struct adoption {
	struct workbench *wb;
	struct arena *a;
	str actor;
	const struct json *version;
	const struct bundle *bundle;
};

static bool
find_version(struct adoption *ad, const struct json *type, str hash, struct err *err)
{
	str name = json_str(json_get(type, "type"));

	if (!envtype_version(ad->wb, ad->a, name, hash, &ad->version, err))
		return false;
	if (!str_is(json_str(json_get(ad->version, "status")), "PUBLISHED"))
		return err_set(err, ERR_CONFLICT,
		    "version " STR_FMT " of environment type " STR_FMT " is " STR_FMT
		    " and not yet PUBLISHED",
		    STR_ARG(json_str(json_get(ad->version, "hash"))), STR_ARG(name),
		    STR_ARG(json_str(json_get(ad->version, "status"))));
	return version_bundle(
	    ad->wb, ad->a, name, json_str(json_get(ad->version, "hash")), &ad->bundle, err);
}

static struct json *
moved_item(const struct adoption *ad, const struct item *item)
{
	struct json *body = json_copy_shallow(ad->a, item->body);

	json_set(ad->a, body, "productId", json_get(ad->version, "productId"));
	json_set(
	    ad->a, body, "provisioningArtifactId", json_get(ad->version, "provisioningArtifactId"));
	json_set_str(ad->a, body, "updatedBy", ad->actor);
	json_set_str(ad->a, body, "updatedAt", time_iso_ms(ad->a, clock_now_ms(ad->wb->o.clock)));
	return body;
}

/* A type or a configuration, with its pin beside it. */
static bool
move_once(const struct adoption *ad, str key, const struct json **out, struct err *err)
{
	struct item item, pin;
	struct json *body, *pinned;
	struct change c;

	if (!store_load(ad->wb->o.store, ad->a, key, key, &item, err) ||
	    !store_load(ad->wb->o.store, ad->a, key, S("SWB#PIN"), &pin, err))
		return false;
	*out = item.body;
	if (str_eq(json_str(json_get(pin.body, "hash")), json_str(json_get(ad->version, "hash"))))
		return true;
	body = moved_item(ad, &item);
	pinned = json_copy_shallow(ad->a, pin.body);
	json_set(ad->a, pinned, "hash", json_get(ad->version, "hash"));
	change_init(&c, ad->wb, ad->a);
	change_put(&c, body, item.version);
	change_put(&c, pinned, pin.version);
	*out = body;
	return change_commit(&c, err);
}

static bool
move(const struct adoption *ad, str key, const struct json **out, struct err *err)
{
	for (int tries = 1; !move_once(ad, key, out, err); tries++) {
		if (err->kind != ERR_CONFLICT || tries == MAX_TRIES)
			return false;
		err_clear(err);
	}
	return true;
}

static bool
move_config(
    const struct adoption *ad, const struct json *config, struct json *told, struct err *err)
{
	str key = json_str(json_get(config, "pk"));
	struct findings findings = { .a = ad->a };
	const struct json *moved;
	struct item pin;

	json_put(ad->a, told, "id", json_get(config, "id"));
	json_put(ad->a, told, "name", json_get(config, "name"));
	bundle_check_config(ad->a, ad->bundle, json_get(config, "params"), &findings);
	if (findings.errors == 0) {
		json_put(ad->a, told, "hash", json_get(ad->version, "hash"));
		return move(ad, key, &moved, err);
	}
	if (!store_load(ad->wb->o.store, ad->a, key, S("SWB#PIN"), &pin, err))
		return false;
	json_put(ad->a, told, "hash", json_get(pin.body, "hash"));
	json_put(ad->a, told, "findings", findings_json(ad->a, &findings));
	return true;
}

static bool
move_configs(const struct adoption *ad, str type_id, struct json *told, struct err *err)
{
	const struct json *configs;

	if (!item_list(ad->wb, ad->a, "getResourceByDependency", S("envTypeConfig"), type_id,
		&configs, err))
		return false;
	for (const struct json *c = json_first(configs); c != NULL; c = c->next)
		if (!move_config(ad, c, json_push(ad->a, told, json_new_object(ad->a)), err))
			return false;
	return true;
}

/* That it was adopted once, and wholly: who begins anew after an interruption finds it out here. */
static bool
mark(const struct adoption *ad, const struct json *type, struct err *err)
{
	struct item row;
	struct json *body;

	if (json_get(ad->version, "adoptedAt") != NULL)
		return true;
	if (!version_load(ad->wb, ad->a, json_str(json_get(type, "type")),
		json_str(json_get(ad->version, "hash")), &row, err))
		return false;
	body = json_copy_shallow(ad->a, row.body);
	json_set_str(ad->a, body, "adoptedAt", time_iso_ms(ad->a, clock_now_ms(ad->wb->o.clock)));
	return store_put(ad->wb->o.store, body, row.version, err);
}

bool
envtype_adopt(struct workbench *wb, struct arena *a, str id, str hash, str actor,
    const struct json **out, struct err *err)
{
	struct adoption ad = { .wb = wb, .a = a, .actor = actor };
	struct json *told = json_new_array(a), *answer = json_new_object(a);
	const struct json *type, *moved;

	if (!envtype_get(wb, a, id, &type, err) || !find_version(&ad, type, hash, err) ||
	    !move(&ad, json_str(json_get(type, "pk")), &moved, err) ||
	    !move_configs(&ad, json_str(json_get(type, "id")), told, err) || !mark(&ad, type, err))
		return false;
	json_put(a, answer, "environmentType", moved);
	json_put(a, answer, "configurations", told);
	*out = answer;
	return true;
}
