/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/events.c: every change of a status is an event of the stack.
 *
 * Times of one stack's events grow by a millisecond at least, so that their order is their time
 * and no two ids are the same.
 */
#include "cloud/cfn/internal.h"

#include "base/clock.h"
#include "base/id.h"

/* The time of the next event, which nothing of the stack is newer than. */
static int64_t
next_time(struct cfn_stack *s)
{
	int64_t last = json_i64(json_get(s->row, "lastEvent"), 0);
	int64_t now = s->c->now_ms > last ? s->c->now_ms : last + 1;

	json_set(s->c->a, s->row, "lastEvent", json_new_i64(s->c->a, now));
	return now;
}

static bool
put_event(struct cfn_stack *s, str id, str physical_id, str type, const char *status, str reason,
    struct err *err)
{
	struct arena *a = s->c->a;
	int64_t number = json_i64(json_get(s->row, "events"), 0) + 1, at = next_time(s);
	struct json *e = stack_new_event(s, number);

	json_set(a, s->row, "events", json_new_i64(a, number));
	json_put_i64(a, e, "at", at);
	json_put_str(a, e, "eventId",
	    str_eq(physical_id, s->id) && str_is(type, STACK_TYPE)
		? id_uuid(a)
		: str_fmt(
		      a, STR_FMT "-%s-" STR_FMT, STR_ARG(id), status, STR_ARG(time_iso_ms(a, at))));
	json_put_str(a, e, "id", id);
	json_put_str(a, e, PHYSICAL, physical_id);
	json_put_str(a, e, "type", type);
	json_put_str(a, e, STATUS, str_of(status));
	if (reason.len > 0)
		json_put_str(a, e, "reason", reason);
	json_put(a, e, "token", json_get(s->row, "token"));
	return row_put(s->c, e, err);
}

bool
stack_set_status(struct cfn_stack *s, const char *status, str reason, struct err *err)
{
	s->status = str_of(status);
	json_set_str(s->c->a, s->row, STATUS, s->status);
	json_set_str(s->c->a, s->row, "reason", reason);
	json_set(s->c->a, s->row, "updated", json_new_i64(s->c->a, s->c->now_ms));
	return put_event(s, s->name, s->id, S(STACK_TYPE), status, reason, err);
}

bool
resource_set_status(struct cfn_stack *s, struct cfn_resource_row *r, const char *status, str reason,
    struct err *err)
{
	r->status = str_of(status);
	resource_set(s, r, STATUS, r->status);
	resource_set(s, r, "reason", reason);
	json_set(s->c->a, r->row, "updated", json_new_i64(s->c->a, s->c->now_ms));
	return put_event(
	    s, r->id, resource_text(r, PHYSICAL), resource_text(r, "type"), status, reason, err);
}

/* --- told --------------------------------------------------------------------------------------
 */

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

static bool
tell(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct telling *t = (struct telling *)cookie;
	struct arena *a = c->a;
	struct json *e = json_push(a, t->list, json_new_object(a));
	const struct cfn_resource_row *r =
	    stack_resource(t->s, json_str(json_get(row->body, "id")));

	(void)err;
	json_put_str(a, e, "StackId", t->s->id);
	json_put(a, e, "EventId", json_get(row->body, "eventId"));
	json_put_str(a, e, "StackName", t->s->name);
	json_put(a, e, "LogicalResourceId", json_get(row->body, "id"));
	json_put(a, e, "PhysicalResourceId", json_get(row->body, PHYSICAL));
	json_put(a, e, "ResourceType", json_get(row->body, "type"));
	json_put(a, e, "Timestamp", time_json(a, json_i64(json_get(row->body, "at"), 0)));
	json_put(a, e, "ResourceStatus", json_get(row->body, STATUS));
	json_put(a, e, "ResourceStatusReason", json_get(row->body, "reason"));
	json_put(a, e, "ClientRequestToken", json_get(row->body, "token"));
	/* They do not change while a resource lives, so its row keeps them for all its events. */
	if (r != NULL && str_eq(resource_text(r, "type"), json_str(json_get(e, "ResourceType"))))
		json_put_str(a, e, "ResourceProperties", properties_text(a, r));
	return true;
}

bool
stack_events(struct cfn_stack *s, struct json **out, struct err *err)
{
	struct telling t = { s, json_new_array(s->c->a) };

	*out = t.list;
	return stack_load_resources(s, err) && stack_each_event(s, tell, &t, err);
}
