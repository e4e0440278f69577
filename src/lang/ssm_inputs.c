/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_inputs.c: what can be known about a step's inputs before they have values: names,
 * required ones, selectors, the shape of a branch's choices, a sleep's duration.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/jsonpath.h"
#include "lang/ssm_document.h"
#include "lang/ssm_internal.h"
#include "lang/ssm_values.h"

static void
check_names(struct ssm_check *c, const struct ssm_step *step)
{
	const struct json *at = step->inputs == NULL ? step->node : step->inputs;
	bool required;

	for (const struct json *m = json_first(step->inputs); m != NULL; m = m->next) {
		if (!ssm_action_input(step->action, m->key, &required))
			ssm_problem(c, m, "step " STR_FMT ": %s has no input " STR_FMT,
			    STR_ARG(step->name), step->action->name, STR_ARG(m->key));
	}
	for (str rest = str_of(step->action->inputs), word; str_cut(&rest, ' ', &word);) {
		if (!str_ends(word, S("!")))
			continue;
		word.len--;
		if (json_get_str(step->inputs, word) == NULL)
			ssm_problem(c, at, "step " STR_FMT ": %s needs the input " STR_FMT,
			    STR_ARG(step->name), step->action->name, STR_ARG(word));
	}
}

static void
check_call(struct ssm_check *c, struct ssm_step *step)
{
	step->service = ssm_member_text(c, step->inputs, "Service");
	step->api = ssm_member_text(c, step->inputs, "Api");
}

static void
check_property(struct ssm_check *c, struct ssm_step *step)
{
	const struct json *selector = json_get(step->inputs, "PropertySelector");
	const struct json *desired = json_get(step->inputs, "DesiredValues");
	const struct jsonpath *path;
	struct err err;

	check_call(c, step);
	err_init(&err, c->a);
	if (selector != NULL && !jsonpath_parse(c->a, json_str(selector), &path, &err))
		ssm_problem(c, selector, STR_FMT, STR_ARG(err.msg));
	if (desired != NULL && json_count(desired) == 0 && !json_is(desired, JSON_STRING))
		ssm_problem(c, desired, "DesiredValues must be a list of one value or more");
}

/* --- branches ------------------------------------------------------------------------ */

#define MAX_CONDITION_DEPTH 10

static const char *const operators[] = { "StringEquals", "EqualsIgnoreCase", "StartsWith",
	"EndsWith", "Contains", "NumericEquals", "NumericGreater", "NumericLesser",
	"NumericGreaterOrEquals", "NumericLesserOrEquals", "BooleanEquals" };

static size_t
count_members(const struct json *object, const char *const names[], size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += json_get(object, names[i]) != NULL;
	return found;
}

static void
check_condition(struct ssm_check *c, const struct json *condition, bool is_choice, int depth)
{
	static const char *const joins[] = { "And", "Or", "Not" };
	size_t join = count_members(condition, joins, countof(joins));
	size_t operations = count_members(condition, operators, countof(operators));
	const struct json *variable = json_get(condition, "Variable"), *inner;

	if (!json_is(condition, JSON_OBJECT) || depth > MAX_CONDITION_DEPTH) {
		ssm_problem(c, condition, "a condition is an object, nested %d times at most",
		    MAX_CONDITION_DEPTH);
		return;
	}
	if (join + (variable != NULL) != 1 || (variable != NULL) != (operations == 1) ||
	    json_count(condition) != (size_t)is_choice + join + 2 * (variable != NULL))
		ssm_problem(c, condition,
		    "a condition has a Variable and one operator, or one of And, Or and Not");
	for (size_t i = 0; i < 2; i++) {
		inner = json_get(condition, joins[i]);
		if (inner != NULL && json_count(inner) == 0)
			ssm_problem(c, inner, "%s needs a list of conditions", joins[i]);
		for (inner = json_first(inner); inner != NULL; inner = inner->next)
			check_condition(c, inner, false, depth + 1);
	}
	inner = json_get(condition, "Not");
	if (inner != NULL)
		check_condition(c, inner, false, depth + 1);
}

static void
check_branch(struct ssm_check *c, const struct ssm_step *step)
{
	const struct json *choices = json_get(step->inputs, "Choices");

	if (!json_is(choices, JSON_ARRAY) || json_count(choices) == 0) {
		ssm_problem(c, choices == NULL ? step->node : choices,
		    "step " STR_FMT ": Choices must be a list of one choice or more",
		    STR_ARG(step->name));
		return;
	}
	for (const struct json *m = json_first(choices); m != NULL; m = m->next) {
		if (json_str(json_get(m, "NextStep")).len == 0)
			ssm_problem(c, m, "a choice needs a NextStep");
		else
			check_condition(c, m, true, 0);
	}
}

/* --- sleeps and loops ---------------------------------------------------------------- */

static void
check_sleep(struct ssm_check *c, const struct ssm_step *step)
{
	const struct json *duration = json_get(step->inputs, "Duration");
	const struct json *timestamp = json_get(step->inputs, "Timestamp");
	const struct json *at = duration == NULL ? timestamp : duration;
	size_t from = 0, begin, end;
	int64_t ms;
	str name;

	if ((duration == NULL) == (timestamp == NULL)) {
		ssm_problem(c, step->node,
		    "step " STR_FMT ": a sleep has a Duration or a Timestamp", STR_ARG(step->name));
		return;
	}
	if (ssm_reference_next(json_str(at), &from, &begin, &end, &name))
		return;
	if (at == duration && !ssm_duration_parse(json_str(at), &ms))
		ssm_problem(c, at, "step " STR_FMT ": " STR_FMT " is no duration of up to a week",
		    STR_ARG(step->name), STR_ARG(json_scalar(at)));
	if (at == timestamp && !time_parse(json_str(at), &ms))
		ssm_problem(c, at, "step " STR_FMT ": " STR_FMT " is no time", STR_ARG(step->name),
		    STR_ARG(json_scalar(at)));
}

void
ssm_inputs_check(struct ssm_check *c, struct ssm_step *step)
{
	const struct json *inner = json_get(step->inputs, "Steps");

	if (step->inputs != NULL && step->inputs->kind != JSON_OBJECT) {
		ssm_problem(c, step->inputs, "step " STR_FMT ": inputs must be an object",
		    STR_ARG(step->name));
		return;
	}
	check_names(c, step);
	switch (step->action->kind) {
	case SSM_CALL:
		check_call(c, step);
		break;
	case SSM_WAIT:
	case SSM_ASSERT:
		check_property(c, step);
		break;
	case SSM_BRANCH:
		check_branch(c, step);
		break;
	case SSM_SLEEP:
		check_sleep(c, step);
		break;
	case SSM_OTHER:
		if (str_is(str_of(step->action->name), "aws:loop") && json_is(inner, JSON_ARRAY))
			ssm_steps_read(c, inner, true, &step->inner, &step->inner_count);
		break;
	}
}
