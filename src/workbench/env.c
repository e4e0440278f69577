/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/env.c: launches environments and reads them.
 *
 * A launch is refused here for everything that can be known here: what passes is written with its
 * operation and its job in one transaction, and then nothing acknowledged is lost.
 */
#include "workbench/env.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/config.h"
#include "workbench/envtype.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/operation.h"
#include "workbench/project.h"
#include "workbench/reconcile.h"
#include "workbench/version.h"

#define MAX_TRIES 8
#define LAUNCH_TIME_KEPT_MS (48 * HOUR_MS)

/* What a launch is made of, checked. */
struct launch {
	const struct env_launch_request *in;
	const struct json *project, *config;
	const struct bundle *bundle;
	str hash;
};

/* --- checks -------------------------------------------------------------------------------- */

static bool
check_type_is_served(struct workbench *wb, struct arena *a, str type, struct err *err)
{
	struct item row;
	bool found;
	str all;

	if (!version_type(wb, a, type, &row, &found, err))
		return false;
	if (found)
		return true;
	if (!version_types_text(wb, a, &all, err))
		return false;
	return err_set(err, ERR_INVALID,
	    "No service provided for environment " STR_FMT
	    ". Supported environments types are: " STR_FMT,
	    STR_ARG(type), STR_ARG(all));
}

static bool
load_project(struct workbench *wb, struct arena *a, struct launch *l, struct err *err)
{
	if (!project_get(wb, a, l->in->project_id, &l->project, err))
		return err->kind == ERR_NOT_FOUND
		    ? err_set(err, ERR_NOT_FOUND, "Could not find project")
		    : false;
	if (str_is(json_str(json_get(l->project, "status")), "DELETED"))
		return err_set(err, ERR_INVALID, "Project was deleted");
	return true;
}

static bool
load_config(struct workbench *wb, struct arena *a, struct launch *l, struct err *err)
{
	bool found =
	    config_get(wb, a, l->in->env_type_id, l->in->env_type_config_id, &l->config, err);

	if (!found && err->kind != ERR_NOT_FOUND)
		return false;
	if (!found || str_is(json_str(json_get(l->config, "status")), "DELETED"))
		return err_set(err, ERR_INVALID,
		    "Requested envTypeId with requested envTypeConfigId does not exist");
	return true;
}

static bool
check_approval(struct workbench *wb, struct arena *a, const struct launch *l, struct err *err)
{
	const struct json *type;
	str name, of_config = json_str(json_get(l->config, "type"));

	if (!envtype_get(wb, a, l->in->env_type_id, &type, err))
		return false;
	name = json_str(json_get(type, "type"));
	if (!str_eq(l->in->env_type, name) || !str_eq(l->in->env_type, of_config))
		return err_set(err, ERR_INVALID,
		    "envType is " STR_FMT ", but the environment type is of type " STR_FMT
		    " and its configuration of type " STR_FMT,
		    STR_ARG(l->in->env_type), STR_ARG(name), STR_ARG(of_config));
	if (!str_is(json_str(json_get(type, "status")), "APPROVED"))
		return err_set(err, ERR_CONFLICT, "Environment type " STR_FMT " is not approved",
		    STR_ARG(l->in->env_type_id));
	return true;
}

static bool
check_values(struct workbench *wb, struct arena *a, struct launch *l, struct err *err)
{
	struct findings findings = { .a = a };
	struct item pin;

	if (!store_load(
		wb->o.store, a, json_str(json_get(l->config, "pk")), S("SWB#PIN"), &pin, err))
		return false;
	l->hash = json_str(json_get(pin.body, "hash"));
	if (!version_bundle(wb, a, l->in->env_type, l->hash, &l->bundle, err))
		return false;
	bundle_check_config(a, l->bundle, json_get(l->config, "params"), &findings);
	if (findings.errors > 0)
		return err_set(err, ERR_INVALID, "the configuration cannot be launched:\n" STR_FMT,
		    STR_ARG(findings_text(a, &findings)));
	return true;
}

static bool
check(struct workbench *wb, struct arena *a, struct launch *l, struct err *err)
{
	if (l->in->name.len == 0)
		return err_set(err, ERR_INVALID, "name: Required");
	if (!check_type_is_served(wb, a, l->in->env_type, err) || !load_project(wb, a, l, err) ||
	    !load_config(wb, a, l, err) || !check_approval(wb, a, l, err))
		return false;
	if (json_count(l->in->dataset_ids) > 0)
		return err_set(err, ERR_INVALID, "datasetIds do not exist");
	return check_values(wb, a, l, err);
}

/* --- items --------------------------------------------------------------------------------- */

static struct json *
environment_item(struct arena *a, const struct launch *l, str id, int64_t now_ms)
{
	str key = item_key(a, "ENV", id), config = json_str(json_get(l->config, "id")), type_id;
	struct json *body = item_new(a, key, key);

	(void)item_id(a, "", l->in->env_type_id, &type_id);
	json_put_str(a, body, "id", id);
	json_put_str(a, body, "cidr", S(""));
	json_put_str(a, body, "description", l->in->description);
	json_put_str(a, body, "provisionedProductId", S(""));
	json_put_str(a, body, "name", l->in->name);
	json_put(a, body, "outputs", json_new_array(a));
	json_put_str(a, body, "projectId", json_str(json_get(l->project, "id")));
	json_put_str(a, body, "envTypeConfigId", config);
	item_stamp(a, body, now_ms);
	json_put_str(a, body, "createdBy", l->in->owner);
	json_put_str(a, body, "updatedBy", l->in->owner);
	json_put_str(a, body, "owner", l->in->owner);
	json_put_str(a, body, "status", S("PENDING"));
	json_put_str(a, body, "type",
	    str_fmt(a, "ET#" STR_FMT "ETC#" STR_FMT, STR_ARG(type_id), STR_ARG(config)));
	json_put_str(a, body, "dependency", json_str(json_get(l->project, "id")));
	json_put_str(a, body, "resourceType", S("environment"));
	return body;
}

static struct json *
own_item(struct workbench *wb, struct arena *a, const struct launch *l, str id, int64_t launch_ms,
    int64_t now_ms)
{
	struct json *own = item_new(a, state_own_pk(a, id), S("SWB#STATE"));

	json_put_str(a, own, "type", l->in->env_type);
	json_put_str(a, own, "hash", l->hash);
	json_put_str(a, own, "accountId", json_str(json_get(l->project, "awsAccountId")));
	json_put_str(a, own, "region", aws_client_region(wb->o.aws));
	json_put_bool(a, own, "describes", l->bundle->describe.operation.len > 0);
	json_put_i64(a, own, "launchMs", launch_ms);
	json_put_i64(a, own, "sinceMs", now_ms);
	return own;
}

/* Items 2 and 3: what the environment was launched with, whatever becomes of it later. */
static void
add_snapshots(struct change *c, const struct launch *l, str id, int64_t now_ms)
{
	static const char *const of_config[] = { "id", "productId", "provisioningArtifactId",
		"type", "params", NULL };
	static const char *const of_project[] = { "id", "name", "envMgmtRoleArn",
		"hostingAccountHandlerRoleArn", "encryptionKeyArn", "vpcId", "subnetId",
		"externalId", "environmentInstanceFiles", "awsAccountId", NULL };
	struct arena *a = c->a;
	str key = item_key(a, "ENV", id);
	struct json *config =
	    item_new(a, key, item_key(a, "ETC", json_str(json_get(l->config, "id"))));
	struct json *project =
	    item_new(a, key, item_key(a, "PROJ", json_str(json_get(l->project, "id"))));

	item_copy(a, config, l->config, of_config);
	item_copy(a, project, l->project, of_project);
	item_stamp(a, config, now_ms);
	item_stamp(a, project, now_ms);
	change_put(c, config, STORE_NEW);
	change_put(c, project, STORE_NEW);
}

/*
 * The time that names what a launch makes: this process never gives one out twice, and the row
 * keeps others, and this one after a restart, from doing so. A taken one makes the commit fail.
 */
static int64_t
allocate_time(struct workbench *wb, struct change *c, int64_t now_ms)
{
	struct json *row;
	int64_t ms;

	{
		auto_unlock struct mutex *held = mutex_hold(&wb->mu);

		ms = now_ms > wb->last_launch_ms ? now_ms : wb->last_launch_ms + 1;
		wb->last_launch_ms = ms;
	}
	row = item_new(c->a, str_fmt(c->a, "SWB#LAUNCH#%lld", (long long)ms), S("SWB#LAUNCH"));
	json_put_str(c->a, row, "swbQueue", S("forget"));
	json_put_str(c->a, row, "swbDue", item_time(c->a, ms + LAUNCH_TIME_KEPT_MS));
	change_put(c, row, STORE_NEW);
	return ms;
}

/* --- launch -------------------------------------------------------------------------------- */

static bool
write_launch(struct workbench *wb, struct arena *a, const struct launch *l, str id, struct err *err)
{
	int64_t now = clock_now_ms(wb->o.clock);
	int64_t allowed = l->bundle->verbs[BUNDLE_LAUNCH].deadline_ms;
	struct change c;
	struct state s;

	change_init(&c, wb, a);
	state_new(wb, a, id, environment_item(a, l, id, now),
	    own_item(wb, a, l, id, allocate_time(wb, &c, now), now), &s);
	add_snapshots(&c, l, id, now);
	change_put(&c,
	    operation_begin(&s, &c, BUNDLE_LAUNCH, id_uuid(a), l->in->owner,
		now + (allowed > 0 ? allowed : RECONCILE_LAUNCH_MS), now),
	    STORE_NEW);
	state_write(&s, &c);
	return change_commit(&c, err);
}

bool
env_launch(struct workbench *wb, struct arena *a, const struct env_launch_request *in,
    const struct json **out, struct err *err)
{
	struct launch l = { .in = in };
	str id = id_prefixed_uuid(a, S("env-"));

	if (!check(wb, a, &l, err))
		return false;
	for (int tries = 1; !write_launch(wb, a, &l, id, err); tries++) {
		if (err->kind != ERR_CONFLICT || tries == MAX_TRIES)
			return false;
		err_clear(err);
	}
	return env_get(wb, a, id, out, err);
}

/* --- reading ------------------------------------------------------------------------------- */

/* Where an item of the environment's partition stands in the answer. */
static const struct {
	const char *prefix, *member;
	bool list;
} parts[] = {
	{ "ETC#", "ETC", false },
	{ "PROJ#", "PROJ", false },
	{ "DATASET#", "DATASETS", true },
	{ "ENDPOINT#", "ENDPOINTS", true },
	{ "INID#", "INID", false },
};

static void
add_part(struct arena *a, struct json *out, const struct item *item)
{
	for (size_t i = 0; i < countof(parts); i++) {
		if (!str_starts(item->sk, str_of(parts[i].prefix)))
			continue;
		if (parts[i].list)
			json_push(a, (struct json *)json_get(out, parts[i].member), item->body);
		else if (json_get(out, parts[i].member) == NULL)
			json_put(a, out, parts[i].member, item->body);
	}
}

static struct json *
with_lists(struct arena *a, const struct json *environment)
{
	struct json *out = json_copy_shallow(a, environment);

	for (size_t i = 0; i < countof(parts); i++)
		if (parts[i].list)
			json_put(a, out, parts[i].member, json_new_array(a));
	return out;
}

bool
env_get(struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct store_query q = { 0 };
	struct store_page page;
	struct json *found = NULL;
	str full;

	if (!item_id(a, "env", id, &full))
		return item_missing(err, "environment", id);
	q.hash = item_key(a, "ENV", full);
	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		if (str_eq(page.items[i].sk, q.hash))
			found = with_lists(a, page.items[i].body);
	if (found == NULL)
		return item_missing(err, "environment", id);
	for (size_t i = 0; i < page.count; i++)
		add_part(a, found, &page.items[i]);
	*out = found;
	return true;
}

static const struct {
	const char *attribute, *index;
} lists[] = {
	{ "createdAt", "getResourceByCreatedAt" },
	{ "dependency", "getResourceByDependency" },
	{ "name", "getResourceByName" },
	{ "owner", "getResourceByOwner" },
	{ "status", "getResourceByStatus" },
	{ "type", "getResourceByType" },
};

static bool
index_of(str attribute, const char **out, struct err *err)
{
	for (size_t i = 0; i < countof(lists); i++) {
		if (attribute.len > 0 && !str_is(attribute, lists[i].attribute))
			continue;
		*out = lists[i].index;
		return true;
	}
	return err_set(
	    err, ERR_INVALID, "environments cannot be listed by " STR_FMT, STR_ARG(attribute));
}

bool
env_list(struct workbench *wb, struct arena *a, const struct env_query *in, struct env_page *out,
    struct err *err)
{
	struct store_query q = { .hash = S("environment"),
		.descending = in->descending,
		.brief = true,
		.limit = in->limit > 0 ? in->limit : 50,
		.start_after = in->start_after };
	struct json *items = json_new_array(a);
	struct store_page page;
	const char *index = NULL;

	if (!index_of(in->attribute, &index, err))
		return false;
	q.index = str_of(index);
	if (in->from.len > 0 || in->to.len > 0) {
		q.condition = str_eq(in->from, in->to) ? STORE_EQ : STORE_BETWEEN;
		q.a = in->from;
		q.b = in->to;
	}
	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		json_push(a, items, page.items[i].body);
	*out = (struct env_page){ items, page.next };
	return true;
}
