/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/create_steps.c: a stack being made.
 *
 * First what is on its way is asked how it stands, then whatever may begin is begun, and when
 * nothing is left the outputs are worked out. The first failure ends it: what else is on its way
 * is cancelled, and what stands is rolled back or kept, as the caller wished.
 */
#include "cloud/cfn/internal.h"

#include "base/buf.h"

/* --- failing ----------------------------------------------------------------------------- */

static const struct {
	const char *on_failure, *status, *words;
} policies[] = {
	{ "DELETE", "DELETE_IN_PROGRESS", "Delete requested by user." },
	{ "DO_NOTHING", "CREATE_FAILED", "" },
	{ "ROLLBACK", "ROLLBACK_IN_PROGRESS", "Rollback requested by user." },
};

static bool
cancel_others(struct cfn_stack *s, struct err *err)
{
	for (size_t i = 0; i < s->resource_count; i++)
		if (str_is(s->resources[i].status, "CREATE_IN_PROGRESS") &&
		    !resource_set_status(s, &s->resources[i], "CREATE_FAILED",
			S("Resource creation cancelled"), err))
			return false;
	return true;
}

/* why ends with a blank: what is done about it follows. */
static bool
fail(struct cfn_stack *s, str why, struct err *err)
{
	str on_failure = stack_text(s, "onFailure");
	size_t i = 0;

	while (i + 1 < countof(policies) && !str_is(on_failure, policies[i].on_failure))
		i++;
	why = str_cat(s->c->a, why, str_of(policies[i].words));
	if (policies[i].words[0] == '\0')
		return stack_finish(s, policies[i].status, why, err);
	json_remove(s->row, "deadline");
	return stack_set_status(s, policies[i].status, why, err) && stack_go_on(s, err);
}

static bool
fail_resource(struct cfn_stack *s, struct cfn_resource_row *r, str reason, struct err *err)
{
	if (!resource_set_status(s, r, "CREATE_FAILED", reason, err) || !cancel_others(s, err))
		return false;
	return fail(s,
	    str_fmt(s->c->a, "The following resource(s) failed to create: " STR_FMT ". ",
		STR_ARG(stack_failed_names(s, "CREATE_FAILED"))),
	    err);
}

/* No resource failed: the template's own values did, or the time is up. */
static bool
fail_stack(struct cfn_stack *s, str why, struct err *err)
{
	return cancel_others(s, err) && fail(s, str_cat(s->c->a, why, S(". ")), err);
}

/* A value that could not be worked out, unless it was the store that failed. */
static bool
fail_value(struct cfn_stack *s, str where, struct err *err)
{
	str why;

	if (err->code.len == 0)
		return false;
	why = str_cat(s->c->a, where, err->msg);
	err_clear(err);
	return fail_stack(s, why, err);
}

/* --- resources --------------------------------------------------------------------------- */

static bool
note_outcome(struct cfn_stack *s, struct cfn_resource_row *r, enum outcome outcome, str reason,
    struct err *err)
{
	switch (outcome) {
	case OUTCOME_FAILED:
		return fail_resource(s, r, reason, err);
	case OUTCOME_DONE:
		return resource_set_status(s, r, "CREATE_COMPLETE", S(""), err);
	case OUTCOME_WAITING:
		break;
	}
	return true;
}

static bool
begin_resource(
    struct cfn_stack *s, struct cfn_resolver *resolver, struct cfn_resource_row *r, struct err *err)
{
	const struct json *properties;
	struct watch watch = { 0 };
	enum outcome outcome;
	str reason = S("");

	s->moves++;
	if (!cfn_resolve_properties(
		resolver, cfn_resource_find(resolver->t, r->id), &properties, err))
		return fail_value(s, S(""), err);
	if (!resource_set_status(s, r, "CREATE_IN_PROGRESS", S(""), err) ||
	    !resource_create(s, r, properties, &outcome, &reason, &watch, err))
		return false;
	if (resource_text(r, PHYSICAL).len > 0 &&
	    !resource_set_status(s, r, "CREATE_IN_PROGRESS", S("Resource creation Initiated"), err))
		return false;
	return note_outcome(s, r, outcome, reason, err);
}

static bool
may_begin(struct cfn_stack *s, const struct cfn_resource_row *r)
{
	if (r->status.len > 0)
		return false;
	for (const struct json *n = json_first(json_get(r->row, "needs")); n != NULL; n = n->next)
		if (!str_is(stack_resource(s, json_str(n))->status, "CREATE_COMPLETE"))
			return false;
	return true;
}

/* --- outputs ----------------------------------------------------------------------------- */

static bool
put_export(struct cfn_stack *s, str name, str value, struct err *err)
{
	struct json *row;
	struct item other;
	bool found;

	if (!row_find(s->c, stack_partition(s->c, "export"), name, &other, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "ValidationError",
		    "Export with name " STR_FMT " is already exported by stack " STR_FMT,
		    STR_ARG(name), STR_ARG(json_str(json_get(other.body, "name"))));
	row = row_new(s->c, stack_partition(s->c, "export"), name);
	json_put_str(s->c->a, row, "value", value);
	json_put_str(s->c->a, row, "name", s->name);
	json_put_str(s->c->a, row, "id", s->id);
	return row_put(s->c, row, err);
}

static bool
add_output(struct cfn_stack *s, struct cfn_resolver *r, const struct cfn_output *o,
    struct json *list, struct err *err)
{
	struct arena *a = s->c->a;
	struct json *out;
	str value, export_name;

	if (!cfn_resolve_output(r, o, &value, &export_name, err))
		return false;
	out = json_push(a, list, json_new_object(a));
	json_put_str(a, out, "OutputKey", o->name);
	json_put_str(a, out, "OutputValue", value);
	if (o->description.len > 0)
		json_put_str(a, out, "Description", o->description);
	if (export_name.len == 0)
		return true;
	json_put_str(a, out, "ExportName", export_name);
	return put_export(s, export_name, value, err);
}

static bool
complete(struct cfn_stack *s, struct cfn_resolver *r, struct err *err)
{
	struct json *list = json_new_array(s->c->a);

	for (size_t i = 0; i < r->t->output_count; i++) {
		const struct cfn_output *o = &r->t->outputs[i];

		if (!cfn_condition_holds(r, o->condition) || add_output(s, r, o, list, err))
			continue;
		return fail_value(
		    s, str_fmt(s->c->a, "[Error] /Outputs/" STR_FMT ": ", STR_ARG(o->name)), err);
	}
	if (json_text(s->c->a, list).len > MAX_ROW_TEXT)
		return fail_stack(s, S("The outputs of the stack are too large"), err);
	json_set(s->c->a, s->row, "outputs", list);
	return stack_finish(s, "CREATE_COMPLETE", S(""), err);
}

/* --- the step ---------------------------------------------------------------------------- */

/* The step goes on in this pass. */
static bool
has_room(const struct cfn_stack *s)
{
	return !s->is_ended && s->moves < s->most_moves;
}

/* Asks each resource on its way how it stands. */
static bool
settle(struct cfn_stack *s, struct watch *watch, struct err *err)
{
	for (size_t i = 0; i < s->resource_count && has_room(s); i++) {
		struct cfn_resource_row *r = &s->resources[i];
		enum outcome outcome;
		str reason = S("");

		if (!str_is(r->status, "CREATE_IN_PROGRESS"))
			continue;
		if (!resource_settle(s, r, &outcome, &reason, watch, err))
			return false;
		if (outcome == OUTCOME_WAITING)
			continue;
		s->moves++;
		if (!note_outcome(s, r, outcome, reason, err))
			return false;
	}
	return true;
}

/* In order: what one resource needs comes before it, so none is passed over that may begin. */
static bool
begin(struct cfn_stack *s, struct cfn_resolver *resolver, struct err *err)
{
	for (size_t i = 0; i < s->resource_count && has_room(s); i++)
		if (may_begin(s, &s->resources[i]) &&
		    !begin_resource(s, resolver, &s->resources[i], err))
			return false;
	return true;
}

/*
 * What is waited for is asked again after all that was begun: a change that came between would
 * wake nobody.
 */
static bool
advance(struct cfn_stack *s, struct cfn_resolver *resolver, struct err *err)
{
	for (;;) {
		struct watch watch = { 0 };
		size_t moves = s->moves;

		if (!settle(s, &watch, err) || (!s->is_ended && !begin(s, resolver, err)))
			return false;
		if (s->is_ended)
			return true;
		if (s->moves >= s->most_moves)
			return stack_go_on(s, err);
		if (s->moves == moves)
			return stack_any_resource(s, "CREATE_IN_PROGRESS")
			    ? stack_wait(s, &watch, err)
			    : complete(s, resolver, err);
	}
}

/*
 * What must be looked at before anything is made: AWS-typed parameters, and the order. CreateStack
 * found that there is one.
 */
static bool
prepare(struct cfn_stack *s, const struct cfn_resolver *r, struct err *err)
{
	struct cfn_plan plan;
	str reason;

	if (json_bool(json_get(s->row, "checked"), false))
		return true;
	if (!stack_check_existence(s, r, &reason, err))
		return false;
	json_set(s->c->a, s->row, "checked", json_new_bool(s->c->a, true));
	if (reason.len > 0)
		return fail(s, reason, err);
	if (!cfn_plan_build(s->c->a, r->t, r, &plan, NULL, err))
		return false;
	stack_add_resources(s, &plan);
	return true;
}

bool
stack_create_step(struct cfn_stack *s, struct err *err)
{
	const struct cfn_template *t;
	struct cfn_resolver r;

	if (s->c->now_ms >= json_i64(json_get(s->row, "deadline"), INT64_MAX))
		return fail_stack(s, S("Stack creation time exceeded the specified timeout"), err);
	if (!stack_template(s, &t, err) || !stack_resolver(s, t, &r, err) || !prepare(s, &r, err))
		return false;
	return s->is_ended || advance(s, &r, err);
}
