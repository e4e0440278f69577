/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/events.c: every change of a status is an event of the stack.
 *
 * Times of one stack's events grow by a millisecond at least, so that their order is their time
 * and no two ids are the same. What one step tells is one row.
 */
#include "cloud/cfn/internal.h"

#include "base/clock.h"
#include "base/id.h"

#define EVENT_BYTES 400 /* at most, but for its texts of any length */

/* The time of the next event, which nothing of the stack is newer than. */
static int64_t
next_time(struct cfn_stack *s)
{
	int64_t last = json_i64(json_get(s->row, "lastEvent"), 0);
	int64_t now = s->c->now_ms > last ? s->c->now_ms : last + 1;

	json_set(s->c->a, s->row, "lastEvent", json_new_i64(s->c->a, now));
	return now;
}

/* A stack's own event has a random id; a resource's follows from what it tells. */
static str
event_id(struct arena *a, const struct json *e)
{
	str id = json_str(json_get(e, "eventId"));

	if (id.len > 0)
		return id;
	return str_fmt(a, STR_FMT "-" STR_FMT "-" STR_FMT, STR_ARG(json_str(json_get(e, "id"))),
	    STR_ARG(json_str(json_get(e, STATUS))),
	    STR_ARG(time_iso_ms(a, json_i64(json_get(e, "at"), 0))));
}

bool
stack_put_events(struct cfn_stack *s, struct err *err)
{
	struct arena *a = s->c->a;
	int64_t count = (int64_t)json_count(s->events), made;
	struct json *row;

	if (count == 0)
		return true;
	made = json_i64(json_get(s->row, "events"), 0);
	row = stack_new_events(s, made + 1);
	json_set(a, s->row, "events", json_new_i64(a, made + count));
	json_put(a, row, "token", json_get(s->row, "token"));
	json_put(a, row, "list", s->events);
	s->events = NULL;
	s->event_bytes = 0;
	return row_put(s->c, row, err);
}

static bool
add_event(struct cfn_stack *s, str id, str physical_id, str type, const char *status, str reason,
    struct err *err)
{
	struct arena *a = s->c->a;
	struct json *e;

	if (s->events == NULL)
		s->events = json_new_array(a);
	e = json_push(a, s->events, json_new_object(a));
	json_put_i64(a, e, "at", next_time(s));
	if (str_eq(physical_id, s->id) && str_is(type, STACK_TYPE))
		json_put_str(a, e, "eventId", id_uuid(a));
	json_put_str(a, e, "id", id);
	json_put_str(a, e, PHYSICAL, physical_id);
	json_put_str(a, e, "type", type);
	json_put_str(a, e, STATUS, str_of(status));
	if (reason.len > 0)
		json_put_str(a, e, "reason", reason);
	s->event_bytes += EVENT_BYTES + physical_id.len + reason.len;
	return s->event_bytes <= MAX_ROW_TEXT || stack_put_events(s, err);
}

bool
stack_set_status(struct cfn_stack *s, const char *status, str reason, struct err *err)
{
	s->status = str_of(status);
	json_set_str(s->c->a, s->row, STATUS, s->status);
	json_set_str(s->c->a, s->row, "reason", reason);
	json_set(s->c->a, s->row, "updated", json_new_i64(s->c->a, s->c->now_ms));
	return add_event(s, s->name, s->id, S(STACK_TYPE), status, reason, err);
}

bool
resource_set_status(struct cfn_stack *s, struct cfn_resource_row *r, const char *status, str reason,
    struct err *err)
{
	r->status = str_of(status);
	resource_set(s, r, STATUS, r->status);
	resource_set(s, r, "reason", reason);
	json_set(s->c->a, r->row, "updated", json_new_i64(s->c->a, s->c->now_ms));
	return add_event(
	    s, r->id, resource_text(r, PHYSICAL), resource_text(r, "type"), status, reason, err);
}

/* --- told -------------------------------------------------------------------------------- */

struct telling {
	struct cfn_stack *s;
	struct json *list;
};

static str
properties_text(struct arena *a, const struct cfn_resource_row *r)
{
	const struct json *properties = json_get(r->row, "properties");

	return properties == NULL ? S("{}") : json_text(a, properties);
}

static void
tell(struct telling *t, const struct json *row, const struct json *event)
{
	struct arena *a = t->s->c->a;
	struct json *e = json_push(a, t->list, json_new_object(a));
	const struct cfn_resource_row *r = stack_resource(t->s, json_str(json_get(event, "id")));

	json_put_str(a, e, "StackId", t->s->id);
	json_put_str(a, e, "EventId", event_id(a, event));
	json_put_str(a, e, "StackName", t->s->name);
	json_put(a, e, "LogicalResourceId", json_get(event, "id"));
	json_put(a, e, "PhysicalResourceId", json_get(event, PHYSICAL));
	json_put(a, e, "ResourceType", json_get(event, "type"));
	json_put(a, e, "Timestamp", time_json(a, json_i64(json_get(event, "at"), 0)));
	json_put(a, e, "ResourceStatus", json_get(event, STATUS));
	json_put(a, e, "ResourceStatusReason", json_get(event, "reason"));
	json_put(a, e, "ClientRequestToken", json_get(row, "token"));
	/* They do not change while a resource lives, so its row keeps them for all its events. */
	if (r != NULL && str_eq(resource_text(r, "type"), json_str(json_get(e, "ResourceType"))))
		json_put_str(a, e, "ResourceProperties", properties_text(a, r));
}

static bool
tell_step(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct json *list = json_get(row->body, "list");
	size_t count = json_count(list);
	const struct json **events = arena_new(c->a, const struct json *, count);

	(void)err;
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		events[--count] = e;
	for (; count < json_count(list); count++)
		tell((struct telling *)cookie, row->body, events[count]);
	return true;
}

bool
stack_events(struct cfn_stack *s, struct json **out, struct err *err)
{
	struct telling t = { s, json_new_array(s->c->a) };

	*out = t.list;
	return stack_load_resources(s, err) && stack_each_events(s, tell_step, &t, err);
}
