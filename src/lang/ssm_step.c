/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_step.c: the steps of an automation document, one by one: the properties that every
 * step may have, and its outputs. What joins steps is ssm_graph.c's.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/jsonpath.h"
#include "lang/ssm_document.h"
#include "lang/ssm_internal.h"

static bool
is_step_name(str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '_'))
			return false;
	}
	return name.len > 0 && name.len <= 128;
}

/* --- outputs ------------------------------------------------------------------------- */

static void
read_output(struct ssm_check *c, const struct json *node, struct ssm_output *o)
{
	static const char *const known[] = { "Name", "Selector", "Type", NULL };
	const struct json *type = json_get(node, "Type");
	struct err err;

	*o = (struct ssm_output){ .line = node->line, .column = node->column };
	if (node->kind != JSON_OBJECT) {
		ssm_problem(c, node, "an output is an object with Name, Selector and Type");
		return;
	}
	ssm_members_known(c, node, known, S("an output"));
	o->name = ssm_member_text(c, node, "Name");
	o->selector_text = ssm_member_text(c, node, "Selector");
	if (o->name.len == 0)
		ssm_problem(c, node, "an output needs a Name");
	if (type != NULL && !ssm_type_find(json_str(type), &o->type))
		ssm_problem(c, type, "output " STR_FMT " has no known Type", STR_ARG(o->name));
	err_init(&err, c->a);
	if (o->selector_text.len == 0)
		ssm_problem(c, node, "output " STR_FMT " needs a Selector", STR_ARG(o->name));
	else if (!jsonpath_parse(c->a, o->selector_text, &o->selector, &err))
		ssm_problem(c, json_get(node, "Selector"), STR_FMT, STR_ARG(err.msg));
}

const struct ssm_output *
ssm_output_find(const struct ssm_step *step, str name)
{
	for (size_t i = 0; i < step->output_count; i++) {
		if (str_eq(step->outputs[i].name, name))
			return &step->outputs[i];
	}
	return NULL;
}

static void
read_outputs(struct ssm_check *c, struct ssm_step *step)
{
	const struct json *list = json_get(step->node, "outputs");

	if (list == NULL)
		return;
	if (!json_is(list, JSON_ARRAY)) {
		ssm_problem(c, list, "outputs must be a list");
		return;
	}
	if (step->action != NULL && !step->action->declares)
		ssm_problem(c, list, "step " STR_FMT ": %s cannot declare outputs",
		    STR_ARG(step->name), step->action->name);
	step->outputs = arena_new(c->a, struct ssm_output, json_count(list));
	for (const struct json *o = json_first(list); o != NULL; o = o->next) {
		struct ssm_output output;

		read_output(c, o, &output);
		if (ssm_output_find(step, output.name) != NULL)
			ssm_problem(c, o, "step " STR_FMT " has two outputs " STR_FMT,
			    STR_ARG(step->name), STR_ARG(output.name));
		step->outputs[step->output_count++] = output;
	}
}

/* --- properties ---------------------------------------------------------------------- */

/* "step:NAME" to NAME; false where text has another form. */
static bool
step_target(str text, str *name)
{
	if (!str_starts(text, S("step:")))
		return false;
	*name = str_trim(str_from(text, 5));
	return true;
}

static void
read_on_failure(struct ssm_check *c, struct ssm_step *step)
{
	str text = ssm_member_text(c, step->node, "onFailure");

	if (text.len == 0 || str_eq_nocase(text, S("Abort")))
		step->failure = SSM_ABORT;
	else if (str_eq_nocase(text, S("Continue")))
		step->failure = SSM_CONTINUE;
	else if (step_target(text, &step->on_failure))
		step->failure = SSM_GO_TO;
	else
		ssm_problem(c, json_get(step->node, "onFailure"),
		    "step " STR_FMT ": onFailure must be Abort, Continue or step:NAME",
		    STR_ARG(step->name));
	/* Failing steps that go on are harmless unless the document says otherwise. */
	step->is_critical =
	    ssm_member_bool(c, step->node, "isCritical", step->failure != SSM_CONTINUE);
}

static void
read_on_cancel(struct ssm_check *c, struct ssm_step *step)
{
	str text = ssm_member_text(c, step->node, "onCancel");

	if (text.len == 0 || str_eq_nocase(text, S("Abort")))
		return;
	if (!step_target(text, &step->on_cancel))
		ssm_problem(c, json_get(step->node, "onCancel"),
		    "step " STR_FMT ": onCancel must be Abort or step:NAME", STR_ARG(step->name));
	else if (step->action != NULL && !step->action->may_cancel)
		ssm_problem(c, json_get(step->node, "onCancel"),
		    "step " STR_FMT ": %s has no onCancel", STR_ARG(step->name),
		    step->action->name);
}

static void
read_action(struct ssm_check *c, struct ssm_step *step, bool inside)
{
	str name = ssm_member_text(c, step->node, "action");
	const struct json *at = json_get(step->node, "action");

	step->action = ssm_action_find(name);
	if (step->action == NULL)
		ssm_problem(c, at == NULL ? step->node : at, "step " STR_FMT " has no known action",
		    STR_ARG(step->name));
	else if (inside && str_is(name, "aws:loop"))
		ssm_problem(c, at, "a loop cannot stand inside a loop");
}

static void
read_step(struct ssm_check *c, const struct json *node, bool inside, struct ssm_step *step)
{
	static const char *const known[] = { "name", "action", "description", "inputs", "outputs",
		"maxAttempts", "timeoutSeconds", "onFailure", "onCancel", "isCritical", "isEnd",
		"nextStep", NULL };

	*step = (struct ssm_step){ .node = node, .line = node->line, .column = node->column };
	if (node->kind != JSON_OBJECT) {
		ssm_problem(c, node, "a step is an object with name, action and inputs");
		return;
	}
	step->name = ssm_member_text(c, node, "name");
	if (!is_step_name(step->name))
		ssm_problem(c, json_get(node, "name") == NULL ? node : json_get(node, "name"),
		    "a step's name is made of letters, digits and _");
	ssm_members_known(c, node, known, str_fmt(c->a, "step " STR_FMT, STR_ARG(step->name)));
	step->description = ssm_member_text(c, node, "description");
	read_action(c, step, inside);
	step->inputs = json_get(node, "inputs");
	step->next_step = ssm_member_text(c, node, "nextStep");
	step->is_end = ssm_member_bool(c, node, "isEnd", false);
	step->max_attempts = ssm_member_whole(c, node, "maxAttempts", 1);
	step->timeout_s = ssm_member_whole(
	    c, node, "timeoutSeconds", step->action == NULL ? 0 : step->action->timeout_s);
	if (step->max_attempts == 0)
		ssm_problem(c, json_get(node, "maxAttempts"), "maxAttempts must be 1 or more");
	read_on_failure(c, step);
	read_on_cancel(c, step);
	read_outputs(c, step);
	if (step->action != NULL)
		ssm_inputs_check(c, step);
}

void
ssm_steps_read(struct ssm_check *c, const struct json *list, bool inside, struct ssm_step **steps,
    size_t *count)
{
	size_t n = json_count(list);

	if (n > SSM_MAX_STEPS) {
		ssm_problem(c, list, "a document has at most %d steps", SSM_MAX_STEPS);
		return;
	}
	*steps = arena_new(c->a, struct ssm_step, n);
	for (const struct json *node = json_first(list); node != NULL; node = node->next)
		read_step(c, node, inside, &(*steps)[(*count)++]);
}

const struct ssm_step *
ssm_step_find(const struct ssm_document *d, str name)
{
	for (size_t i = 0; i < d->step_count; i++) {
		if (str_eq(d->steps[i].name, name))
			return &d->steps[i];
	}
	return NULL;
}
