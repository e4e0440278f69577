/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/event.c: takes one event: is it ours, was it seen, whose is it? What it means for its
 * environment is decided in event_apply.c.
 *
 * The environment is found by what the event names: the id that a document wrote into it, the
 * execution that SSM speaks of, or whatever the types' manifests say about events from that
 * source. Nothing of the event is believed before its account was compared with the
 * environment's.
 */
#include "workbench/event.h"

#include <assert.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "workbench/event_apply.h"
#include "workbench/event_log.h"
#include "workbench/execution.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/version.h"

#define MAX_TRIES 8 /* of a change that others interfere with */
#define MAX_ID 256
#define EXECUTION_EVENT "EC2 Automation Execution Status-change Notification"

/* --- reading ------------------------------------------------------------------------------- */

static bool
need(const struct json *j, const char *name, enum json_kind kind, struct err *err)
{
	const struct json *m = json_get(j, name);

	if (json_is(m, kind) && (kind != JSON_STRING || json_str(m).len > 0))
		return true;
	return err_set(err, ERR_INVALID, "an event needs %s, %s", name,
	    kind == JSON_STRING ? "a string that is not empty" : "an object");
}

static bool
read_event(struct arena *a, str body, struct event *out, struct err *err)
{
	const struct json *j;

	if (body.len > EVENT_MAX_BYTES)
		return err_set(err, ERR_TOO_LARGE, "an event of %zu bytes; at most %zu may be",
		    body.len, EVENT_MAX_BYTES);
	if (!json_parse(a, body, &j, err))
		return err_prefix(err, "event");
	if (!need(j, "id", JSON_STRING, err) || !need(j, "source", JSON_STRING, err) ||
	    !need(j, "detail-type", JSON_STRING, err) || !need(j, "account", JSON_STRING, err) ||
	    !need(j, "detail", JSON_OBJECT, err))
		return false;
	*out = (struct event){
		.json = j,
		.detail = json_get(j, "detail"),
		.id = json_str(json_get(j, "id")),
		.source = json_str(json_get(j, "source")),
		.detail_type = json_str(json_get(j, "detail-type")),
		.account = json_str(json_get(j, "account")),
		.region = json_str(json_get(j, "region")),
	};
	if (out->id.len > MAX_ID || out->account.len > MAX_ID)
		return err_set(err, ERR_INVALID, "an event's id or account is too long");
	(void)time_parse(json_str(json_get(j, "time")), &out->time_ms);
	return true;
}

/* --- whose is it --------------------------------------------------------------------------- */

static bool
exists(struct workbench *wb, struct arena *a, str environment_id, str *out, struct err *err)
{
	struct item item;
	bool found;
	str id, key;

	if (environment_id.len == 0 || !item_id(a, "env", environment_id, &id))
		return true;
	key = item_key(a, "ENV", id);
	if (!store_find(wb->o.store, a, key, key, &item, &found, err))
		return false;
	if (found)
		*out = id;
	return true;
}

/* Instance ids are unique in an account and region only. */
static bool
by_instance(struct workbench *wb, struct arena *a, const struct event *e, str instance, str *out,
    struct err *err)
{
	struct store_query q = { .hash = item_key(a, "INID", instance),
		.condition = STORE_BEGINS,
		.a = S("ENV#"),
		.brief = true };
	struct store_page page;

	if (instance.len == 0)
		return true;
	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count && out->len == 0; i++) {
		struct state s;

		if (!state_load(wb, a, str_from(page.items[i].sk, 4), &s, err)) {
			if (err->kind != ERR_NOT_FOUND)
				return false;
			err_clear(err);
			continue;
		}
		if (str_eq(state_text(&s, "accountId"), e->account) &&
		    str_eq(state_text(&s, "region"), e->region))
			*out = s.id;
	}
	return true;
}

static bool
by_types(struct workbench *wb, struct arena *a, const struct event *e, str *out, struct err *err)
{
	const struct json *list, *c;

	if (!version_candidates(wb, a, e->source, e->detail_type, &list, err))
		return false;
	for (c = json_first(list); c != NULL && out->len == 0; c = c->next) {
		const struct bundle *b;
		struct bundle_event be;

		if (!version_bundle(wb, a, json_str(json_get(c, "type")),
			json_str(json_get(c, "hash")), &b, err) ||
		    !bundle_read_event(a, b, e->json, &be, err)) {
			log_warn(wb->o.log, "event not read by a type: type=" STR_FMT ": " STR_FMT,
			    STR_ARG(json_str(json_get(c, "type"))), STR_ARG(err->msg));
			err_clear(err); /* the other types' events must not suffer */
			continue;
		}
		if (!be.matches)
			continue;
		if (!exists(wb, a, be.environment_id, out, err))
			return false;
		if (out->len == 0 && !by_instance(wb, a, e, be.instance_id, out, err))
			return false;
	}
	return true;
}

static bool
by_execution(struct workbench *wb, struct arena *a, struct event *e, str *out, struct err *err)
{
	bool found = false;

	if (!str_is(e->detail_type, EXECUTION_EVENT))
		return true;
	return execution_owner(wb, a, json_str(json_get(e->detail, "ExecutionId")), out,
	    &e->operation_id, &found, err);
}

/* out stays empty where the event is of no environment here. */
static bool
locate(struct workbench *wb, struct arena *a, struct event *e, str *out, struct err *err)
{
	*out = (str){ 0 };
	if (str_is(e->source, "automation")) {
		e->kind = EVENT_OF_DOCUMENT;
		return exists(wb, a, json_str(json_get(e->detail, "EnvId")), out, err);
	}
	e->kind = EVENT_OF_EXECUTION;
	if (str_is(e->source, "aws.ssm") && !by_execution(wb, a, e, out, err))
		return false;
	if (out->len > 0)
		return true;
	e->kind = EVENT_OF_INSTANCE;
	return by_types(wb, a, e, out, err);
}

/* --- taking it ----------------------------------------------------------------------------- */

/* One try: load, decide, commit. */
static bool
take(struct workbench *wb, struct arena *a, const struct event *e, str environment_id,
    enum event_outcome *out, struct err *err)
{
	struct taken t = { .now_ms = clock_now_ms(wb->o.clock) };
	bool seen;

	if (!event_log_has(wb, a, e->account, e->id, &seen, err))
		return false;
	change_init(&t.change, wb, a);
	if (!state_load(wb, a, environment_id, &t.state, err))
		return false;
	if (seen) {
		event_apply_again(&t, e);
	} else {
		if (!event_apply(&t, e, err))
			return false;
		event_log_add(&t.change, e->account, e->id, t.now_ms);
	}
	*out = t.outcome;
	return change_commit(&t.change, err);
}

bool
event_receive(struct workbench *wb, struct arena *a, str secret, str body, enum event_outcome *out,
    struct err *err)
{
	struct event e;
	str environment_id;

	if (wb->o.event_secret.len == 0 || !equal_constant_time(secret, wb->o.event_secret))
		return err_set(err, ERR_UNAUTHENTICATED, "the events' secret is wrong or missing");
	if (!read_event(a, body, &e, err) || !locate(wb, a, &e, &environment_id, err))
		return false;
	if (environment_id.len == 0) {
		*out = EVENT_UNRELATED;
		return true;
	}
	for (int tries = 1; !take(wb, a, &e, environment_id, out, err); tries++) {
		if (err->kind != ERR_CONFLICT || tries == MAX_TRIES)
			return false;
		err_clear(err);
	}
	return true;
}
