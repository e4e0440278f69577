/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/put.c: PutEvents, and which rules take an event.
 *
 * An entry is judged, made an event and matched at once; what matches becomes deliveries in the
 * same transaction, and an event that nobody takes leaves no trace. The fault plan is asked once
 * per event, here, where it enters the cloud.
 */
#include "cloud/events/internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "cloud/fault.h"
#include "lang/event_pattern.h"

#define MAX_ENTRIES_BYTES ((size_t)256 << 10)
#define MAX_DETAIL_LEVELS 48 /* it is kept inside rows, which must stay readable */

/* --- matching ------------------------------------------------------------------------------- */

struct routing {
	const struct json *event;
	bool forwarded;
	int64_t due_ms;
};

static bool
make_pattern(struct call *c, struct arena *a, const void *from, const void **out, struct err *err)
{
	const struct event_pattern *pattern;

	(void)c;
	if (!event_pattern_parse_text(a, str_dup(a, *(const str *)from), &pattern, err))
		return false;
	*out = pattern;
	return true;
}

static bool
takes(struct call *c, const struct json *rule, const struct json *event, bool *out, struct err *err)
{
	str text = json_str(json_get(rule, "pattern"));
	const void *pattern;

	*out = false;
	if (str_is(json_str(json_get(rule, "state")), "DISABLED"))
		return true;
	if (!memo_get(
		c, str_cat(c->a, S("events/pattern/"), text), make_pattern, &text, &pattern, err))
		return false;
	*out = event_pattern_matches(c->a, pattern, event);
	return true;
}

static bool
offer(struct call *c, const struct item *rule, void *cookie, struct err *err)
{
	const struct routing *r = cookie;
	bool matches;

	if (!takes(c, rule->body, r->event, &matches, err))
		return false;
	if (!matches)
		return true;
	for (const struct json *t = json_first(json_get(rule->body, "targets")); t != NULL;
	     t = t->next)
		if (!events_delivery_start(c, rule, t, r->event, r->forwarded, r->due_ms, err))
			return false;
	return true;
}

bool
events_route(struct call *c, const struct events_bus *bus, const struct json *event, bool forwarded,
    int64_t due_ms, struct err *err)
{
	struct routing r = { event, forwarded, due_ms };

	return events_rule_each(c, bus, S(""), offer, &r, err);
}

/* --- entries ---------------------------------------------------------------------------------- */

static bool
refuse(struct call *c, struct json *result, const char *code, str message)
{
	json_put_str(c->a, result, "ErrorCode", str_of(code));
	json_put_str(c->a, result, "ErrorMessage", message);
	return false;
}

static bool
is_deeper(const struct json *j, int levels)
{
	if (j->kind != JSON_OBJECT && j->kind != JSON_ARRAY)
		return false;
	if (levels == 0)
		return true;
	for (const struct json *m = json_first(j); m != NULL; m = m->next)
		if (is_deeper(m, levels - 1))
			return true;
	return false;
}

/* False where result says what is wrong with the entry. */
static bool
check_entry(
    struct call *c, const struct json *entry, const struct json **detail, struct json *result)
{
	static const char *const required[] = { "Source", "DetailType", "Detail" };
	struct err err;

	err_init(&err, c->a);
	for (size_t i = 0; i < countof(required); i++)
		if (json_str(json_get(entry, required[i])).len == 0)
			return refuse(c, result, "InvalidArgument",
			    str_fmt(c->a,
				"Parameter %s is not valid. Reason: %s is a required argument.",
				required[i], required[i]));
	if (str_starts(json_str(json_get(entry, "Source")), S("aws.")) &&
	    c->who->kind != PRINCIPAL_SERVICE)
		return refuse(c, result, "NotAuthorizedForSourceException",
		    S("Not authorized for the source."));
	if (!json_parse_last(c->a, json_str(json_get(entry, "Detail")), detail, &err) ||
	    (*detail)->kind != JSON_OBJECT || is_deeper(*detail, MAX_DETAIL_LEVELS))
		return refuse(c, result, "MalformedDetail", S("Detail is malformed."));
	return true;
}

static str
event_time(struct call *c, const struct json *entry)
{
	const struct json *time = json_get(entry, "Time");

	if (time == NULL)
		return time_iso_s(c->a, c->now_ms);
	return time_iso_s(c->a, (int64_t)strtod(str_z(c->a, json_scalar(time)), NULL) * 1000);
}

/* Members in the order in which AWS writes them. */
static struct json *
make_event(struct call *c, const struct json *entry, const struct json *detail, str id)
{
	struct arena *a = c->a;
	struct json *e = json_new_object(a);
	const struct json *resources = json_get(entry, "Resources");

	json_put_str(a, e, "version", S("0"));
	json_put_str(a, e, "id", id);
	json_put(a, e, "detail-type", json_get(entry, "DetailType"));
	json_put(a, e, "source", json_get(entry, "Source"));
	json_put_str(a, e, "account", c->who->account);
	json_put_str(a, e, "time", event_time(c, entry));
	json_put_str(a, e, "region", c->region);
	json_put(a, e, "resources", resources == NULL ? json_new_array(a) : resources);
	json_put(a, e, "detail", detail);
	return e;
}

/* As the fault plan will: never, once, twice, or later. */
static bool
put_on_bus(struct call *c, const struct events_bus *bus, const struct json *event, struct err *err)
{
	const struct fault_rule *fault =
	    fault_event(cloud_faults(c->cloud), json_str(json_get(event, "detail-type")));
	int64_t due_ms = c->now_ms;

	if (fault != NULL && fault->kind == FAULT_DROP_EVENT)
		return true;
	if (fault != NULL && fault->kind == FAULT_DELAY_EVENT)
		due_ms += fault->delay_ms;
	if (fault != NULL && fault->kind == FAULT_DOUBLE_EVENT &&
	    !events_route(c, bus, event, false, due_ms, err))
		return false;
	return events_route(c, bus, event, false, due_ms, err);
}

static bool
put_entry(struct call *c, const struct json *entry, struct json *result, struct err *err)
{
	struct events_bus bus;
	const struct json *detail;
	bool found, may;
	str id;

	if (!check_entry(c, entry, &detail, result))
		return true;
	if (!events_bus_find(c, json_str(json_get(entry, "EventBusName")), &bus, &found, err))
		return false;
	id = id_uuid(c->a);
	json_put_str(c->a, result, "EventId", id);
	if (!found) /* AWS takes the event and loses it */
		return true;
	if (!events_bus_lets_put(c, &bus, c->who, &may, err))
		return false;
	if (!may)
		return err_code(err, ERR_DENIED, "AccessDeniedException",
		    "User: " STR_FMT
		    " is not authorized to perform: events:PutEvents on resource: " STR_FMT
		    " because no resource-based policy allows the events:PutEvents action",
		    STR_ARG(c->who->arn), STR_ARG(bus.arn));
	return put_on_bus(c, &bus, make_event(c, entry, detail, id), err);
}

/* --- the request ------------------------------------------------------------------------- */

static size_t
entry_bytes(const struct json *entry)
{
	static const char *const counted[] = { "Source", "DetailType", "Detail" };
	size_t bytes = json_get(entry, "Time") != NULL ? 14 : 0;

	for (size_t i = 0; i < countof(counted); i++)
		bytes += json_str(json_get(entry, counted[i])).len;
	for (const struct json *r = json_first(json_get(entry, "Resources")); r != NULL;
	     r = r->next)
		bytes += json_str(r).len;
	return bytes;
}

static bool
check_size(struct call *c, struct err *err)
{
	size_t bytes = 0;

	for (const struct json *e = json_first(json_get(c->in, "Entries")); e != NULL; e = e->next)
		bytes += entry_bytes(e);
	if (bytes >= MAX_ENTRIES_BYTES)
		return err_code(err, ERR_TOO_LARGE, "ValidationException",
		    "Total size of the entries in the request is over the limit.");
	return true;
}

bool
events_put_events(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "Entries", 1, 10, NULL, NULL },
		{ "Entries[].EventBusName", 1, 1600, NULL, NULL },
	};
	struct json *results = json_new_array(c->a);
	int64_t failed = 0;

	if (!INPUT_CHECK(c, rules, err) || !check_size(c, err))
		return false;
	for (const struct json *e = json_first(json_get(c->in, "Entries")); e != NULL;
	     e = e->next) {
		struct json *result = json_push(c->a, results, json_new_object(c->a));

		if (!put_entry(c, e, result, err))
			return false;
		failed += json_get(result, "ErrorCode") != NULL;
	}
	json_put_i64(c->a, c->out, "FailedEntryCount", failed);
	json_put(c->a, c->out, "Entries", results);
	return true;
}
