/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/resource.c: one resource, acted on.
 *
 * The row keeps what the handlers need from step to step: resolved properties, physical id,
 * attributes. A failure that the service words is the resource's outcome; one without a code is
 * the store's or our own, and the step is done again.
 */
#include "cloud/cfn/internal.h"

#include "base/id.h"
#include "cloud/fault.h"

/* --- tags -------------------------------------------------------------------------------- */

static struct json *
tag(struct arena *a, const char *key, str value)
{
	struct json *t = json_new_object(a);

	json_put_str(a, t, "Key", str_of(key));
	json_put_str(a, t, "Value", value);
	return t;
}

/* A list of {Key, Value}, or an object of them as some types have it. */
static struct json *
own_tags(struct arena *a, const struct json *tags)
{
	struct json *list = json_new_array(a);

	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		if (json_is(tags, JSON_ARRAY))
			json_push(a, list, t);
		else
			json_push(a, list, tag(a, str_z(a, t->key), json_scalar(t)));
	return list;
}

/* The stack's, what tells where it comes from, and the resource's own, which win. */
static struct json *
all_tags(struct cfn_stack *s, const struct cfn_resource_row *r, const struct json *properties)
{
	struct arena *a = s->c->a;
	struct json *list = tags_with(a, NULL, json_get(s->row, "tags"), "Key", "Value");

	json_push(a, list, tag(a, "aws:cloudformation:stack-name", s->name));
	json_push(a, list, tag(a, "aws:cloudformation:stack-id", s->id));
	json_push(a, list, tag(a, "aws:cloudformation:logical-id", r->id));
	return tags_with(a, list, own_tags(a, json_get(properties, "Tags")), "Key", "Value");
}

/* --- handlers ---------------------------------------------------------------------------- */

static struct cfn_work
open_work(struct cfn_stack *s, struct cfn_resource_row *r)
{
	const struct json *attributes = json_get(r->row, "attributes");

	return (struct cfn_work){
		.c = s->c,
		.type = r->type,
		.stack_name = s->name,
		.stack_id = s->id,
		.logical_id = r->id,
		.token = resource_text(r, "token"),
		.physical_id = resource_text(r, PHYSICAL),
		.attributes = attributes == NULL ? json_new_object(s->c->a)
						 : json_copy_shallow(s->c->a, attributes),
		.input = json_new_object(s->c->a),
	};
}

static bool
check_properties(struct cfn_work *w, struct cfn_resource_row *r, struct err *err)
{
	const struct json *properties = json_get(r->row, "properties");

	return cfn_properties_check(w->c, w->type, w->logical_id,
	    properties == NULL ? json_new_object(w->c->a) : properties, &w->properties, err);
}

static void
keep(struct cfn_stack *s, struct cfn_resource_row *r, const struct cfn_work *w)
{
	resource_set(s, r, PHYSICAL, w->physical_id);
	if (w->physical_id.len > 0) {
		resource_set(s, r, "ref", stack_physical_ref(s->c, w->physical_id));
		resource_set(s, r, "refSort", s->key);
	}
	json_set(s->c->a, r->row, "attributes", w->attributes);
}

/* What watched looks read is added to what the stack waits for. */
static void
add_watch(struct watch *to, const struct watch *from)
{
	to->full = to->full || from->full;
	for (size_t i = 0; i < from->count; i++)
		if (to->count < countof(to->keys))
			to->keys[to->count++] = from->keys[i];
		else
			to->full = true;
}

/* True where the failure is the resource's, which is told in reason. */
static bool
is_failure(struct cfn_work *w, enum outcome *outcome, str *reason, struct err *err)
{
	if (err->code.len == 0)
		return false;
	*outcome = OUTCOME_FAILED;
	*reason = str_dup(w->c->a, cfn_reason(w, err));
	err_clear(err);
	return true;
}

static bool
is_ordered(struct cfn_work *w, enum fault_kind kind, enum outcome *outcome, str *reason)
{
	const struct fault_rule *rule =
	    fault_resource(cloud_faults(w->c->cloud), kind, w->logical_id);

	if (rule == NULL)
		return false;
	*outcome = OUTCOME_FAILED;
	*reason = cfn_fault_reason(w, rule->message);
	return true;
}

static void
settled(struct cfn_work *w, enum outcome *outcome, struct watch *watch)
{
	*outcome = w->is_waiting ? OUTCOME_WAITING : OUTCOME_DONE;
	if (w->is_waiting)
		add_watch(watch, &w->watch);
}

bool
resource_settle(struct cfn_stack *s, struct cfn_resource_row *r, enum outcome *outcome, str *reason,
    struct watch *watch, struct err *err)
{
	struct cfn_work w = open_work(s, r);

	if (!check_properties(&w, r, err) || !cfn_work_settle(&w, err))
		return is_failure(&w, outcome, reason, err);
	settled(&w, outcome, watch);
	return true;
}

/* What the handlers will need stands in the row. */
static bool
keep_properties(
    struct cfn_stack *s, struct cfn_resource_row *r, const struct json *properties, struct err *err)
{
	str text = json_text(s->c->a, properties);

	if (text.len > MAX_ROW_TEXT)
		return err_code(err, ERR_TOO_LARGE, CFN_PLAIN_REASON,
		    "The properties of resource " STR_FMT " are larger than %zu bytes",
		    STR_ARG(r->id), MAX_ROW_TEXT);
	if (str_has(text, S("{{resolve:")) &&
	    !stack_resolve_dynamic(s, properties, &properties, err))
		return false;
	json_set(s->c->a, r->row, "properties", properties);
	resource_set(s, r, "token", id_uuid(s->c->a));
	return true;
}

bool
resource_create(struct cfn_stack *s, struct cfn_resource_row *r, const struct json *properties,
    enum outcome *outcome, str *reason, struct watch *watch, struct err *err)
{
	struct cfn_work w = open_work(s, r);

	if (!keep_properties(s, r, properties, err))
		return is_failure(&w, outcome, reason, err);
	w = open_work(s, r);
	if (!check_properties(&w, r, err))
		return is_failure(&w, outcome, reason, err);
	if (is_ordered(&w, FAULT_FAIL_CREATE, outcome, reason))
		return true;
	w.tags = all_tags(s, r, w.properties);
	if (!cfn_work_create(&w, err)) {
		keep(s, r, &w);
		return is_failure(&w, outcome, reason, err);
	}
	keep(s, r, &w);
	return resource_settle(s, r, outcome, reason, watch, err);
}

bool
resource_remove(struct cfn_stack *s, struct cfn_resource_row *r, bool begins, enum outcome *outcome,
    str *reason, struct watch *watch, struct err *err)
{
	struct cfn_work w;

	if (begins)
		resource_set(s, r, "token", id_uuid(s->c->a));
	w = open_work(s, r);
	if (begins && is_ordered(&w, FAULT_FAIL_DELETE, outcome, reason))
		return true;
	if (!check_properties(&w, r, err) || !cfn_work_remove(&w, err))
		return is_failure(&w, outcome, reason, err);
	settled(&w, outcome, watch);
	return true;
}
