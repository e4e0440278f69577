/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/executions.c: automations as the API shows them, and stopped.
 *
 * Steps that have begun have a row; of the others only the plan is known, and they are shown as
 * Pending.
 */
#include "cloud/ssm/internal.h"

/* --- steps as the API shows them ----------------------------------------------------- */

static void
put_time_if(struct call *c, struct json *out, const char *name, const struct json *ms)
{
	if (ms != NULL)
		json_put(c->a, out, name, time_json(c->a, json_i64(ms, 0)));
}

/* {name: value} to {name: [text]} */
static struct json *
texts_json(struct call *c, const struct json *values)
{
	struct json *out = json_new_object(c->a);

	for (const struct json *v = json_first(values); v != NULL; v = v->next)
		json_put_key(c->a, out, v->key, ssm_texts(c->a, v));
	return out;
}

/* {name: value} to {name: JSON text} */
static struct json *
inputs_json(struct call *c, const struct json *inputs)
{
	struct json *out = json_new_object(c->a);

	for (const struct json *v = json_first(inputs); v != NULL; v = v->next)
		json_put_key(c->a, out, v->key, json_new_str(c->a, json_text(c->a, v)));
	return out;
}

static struct json *
failure_json(struct call *c, const struct json *record)
{
	struct json *f = json_new_object(c->a), *details = json_new_object(c->a);
	bool timed_out = str_is(json_str(json_get(record, "status")), "TimedOut");

	/* Stage and type are free text that nobody may branch on (aws.md 3.7, tagged K). */
	json_put_str(c->a, f, "FailureStage", S("Invocation"));
	json_put_str(c->a, f, "FailureType", timed_out ? S("Timeout") : S("Action"));
	json_push(c->a, json_put(c->a, details, "Message", json_new_array(c->a)),
	    json_get(record, "message"));
	json_put(c->a, f, "Details", details);
	return f;
}

/* StepExecution; record is NULL for a step that has not begun. */
static struct json *
step_json(struct call *c, const struct json *plan, const struct json *record)
{
	struct json *s = json_new_object(c->a);
	const struct json *status = json_get(record, "status");

	json_put(c->a, s, "StepName", json_get(plan, "name"));
	json_put(c->a, s, "Action", json_get(plan, "action"));
	json_put(c->a, s, "TimeoutSeconds", json_get(plan, "timeoutS"));
	json_put(c->a, s, "OnFailure", json_get(plan, "onFailure"));
	json_put(c->a, s, "MaxAttempts", json_get(plan, "maxAttempts"));
	put_time_if(c, s, "ExecutionStartTime", json_get(record, "startMs"));
	put_time_if(c, s, "ExecutionEndTime", json_get(record, "endMs"));
	json_put_str(c->a, s, "StepStatus", status == NULL ? S("Pending") : json_str(status));
	json_put(c->a, s, "Inputs", inputs_json(c, json_get(record, "inputs")));
	json_put(c->a, s, "Outputs", texts_json(c, json_get(record, "values")));
	if (json_get(record, "message") != NULL) {
		json_put(c->a, s, "FailureMessage", json_get(record, "message"));
		json_put(c->a, s, "FailureDetails", failure_json(c, record));
	}
	ssm_put_if(c, s, "StepExecutionId", json_get(record, "stepId"));
	json_put(c->a, s, "OverriddenParameters", json_new_object(c->a));
	json_put(c->a, s, "IsEnd", json_get(plan, "isEnd"));
	ssm_put_if(c, s, "NextStep", json_get(plan, "nextStep"));
	json_put(c->a, s, "IsCritical", json_get(plan, "isCritical"));
	json_put(c->a, s, "ValidNextSteps", json_get(plan, "validNext"));
	return s;
}

static const struct json *
record_of(const struct store_page *records, const struct json *plan)
{
	for (size_t i = 0; i < records->count; i++) {
		if (str_eq(row_text(&records->items[i], "name"), json_str(json_get(plan, "name"))))
			return records->items[i].body;
	}
	return NULL;
}

static bool
steps_json(struct call *c, const struct json *x, struct json *list, struct err *err)
{
	const struct ssm_definition *definition;
	struct store_page records;

	if (!ssm_execution_steps(c, json_str(json_get(x, "id")), &records, err) ||
	    !ssm_execution_definition(c, x, &definition, err))
		return false;
	for (const struct json *p = json_first(json_copy(c->a, definition->plan)); p != NULL;
	     p = p->next)
		json_push(c->a, list, step_json(c, p, record_of(&records, p)));
	return true;
}

/* --- an automation ------------------------------------------------------------------- */

static bool
put_current_step(struct call *c, const struct json *x, struct json *e, struct err *err)
{
	const struct ssm_definition *definition;
	const struct ssm_step *step;

	if (ssm_execution_is_over(x))
		return true;
	if (!ssm_execution_definition(c, x, &definition, err))
		return false;
	step = &definition->doc.steps[json_i64(json_get(x, "at"), 0)];
	json_put_str(c->a, e, "CurrentStepName", str_dup(c->a, step->name));
	json_put_str(c->a, e, "CurrentAction", str_of(step->action->name));
	return true;
}

/* What GetAutomationExecution and the list have in common; NULL where that fails. */
static struct json *
common_json(struct call *c, const struct json *x, struct err *err)
{
	struct json *e = json_new_object(c->a);
	struct json *resolved = json_new_object(c->a);

	json_put(c->a, e, "AutomationExecutionId", json_get(x, "id"));
	json_put(c->a, e, "DocumentName", json_get(x, "documentName"));
	json_put(c->a, e, "DocumentVersion", json_get(x, "documentVersion"));
	json_put(c->a, e, "AutomationExecutionStatus", json_get(x, "status"));
	put_time_if(c, e, "ExecutionStartTime", json_get(x, "startMs"));
	put_time_if(c, e, "ExecutionEndTime", json_get(x, "endMs"));
	json_put(c->a, e, "ExecutedBy", json_get(x, "executedBy"));
	json_put_str(c->a, e, "Mode", S("Auto"));
	json_put(c->a, e, "Outputs",
	    json_get(x, "outputs") == NULL ? json_new_object(c->a) : json_get(x, "outputs"));
	if (!put_current_step(c, x, e, err))
		return NULL;
	ssm_put_if(c, e, "FailureMessage", json_get(x, "message"));
	json_put(c->a, e, "Targets", json_new_array(c->a));
	json_put(c->a, resolved, "ParameterValues", json_new_array(c->a));
	json_put_bool(c->a, resolved, "Truncated", false);
	json_put(c->a, e, "ResolvedTargets", resolved);
	return e;
}

struct json *
ssm_execution_metadata_json(struct call *c, const struct json *x, struct err *err)
{
	struct json *e = common_json(c, x, err);

	if (e != NULL)
		json_put_str(c->a, e, "AutomationType", S("Local"));
	return e;
}

bool
ssm_execution_get(struct call *c, struct err *err)
{
	const struct json *start;
	struct item row;
	struct json *e;

	if (!ssm_execution_load(c, json_str(json_get(c->in, "AutomationExecutionId")), &row, err) ||
	    !ssm_start_load(c, row.sk, &start, err))
		return false;
	e = common_json(c, row.body, err);
	if (e == NULL)
		return false;
	json_put(c->a, e, "Parameters", texts_json(c, json_get(start, "values")));
	json_put_bool(c->a, e, "StepExecutionsTruncated", false);
	e = json_put(c->a, c->out, "AutomationExecution", e);
	return steps_json(
	    c, row.body, json_put(c->a, e, "StepExecutions", json_new_array(c->a)), err);
}

/* --- its steps ----------------------------------------------------------------------- */

static bool
step_passes(const struct json *filters, const struct json *step)
{
	static const struct {
		const char *key, *member;
	} keys[] = {
		{ "StepExecutionStatus", "StepStatus" },
		{ "StepExecutionId", "StepExecutionId" },
		{ "StepName", "StepName" },
		{ "Action", "Action" },
	};

	for (const struct json *f = json_first(filters); f != NULL; f = f->next) {
		for (size_t i = 0; i < countof(keys); i++) {
			const struct json *v = json_first(json_get(f, "Values"));

			if (!str_is(json_str(json_get(f, "Key")), keys[i].key))
				continue;
			while (v != NULL && !json_equal(v, json_get(step, keys[i].member)))
				v = v->next;
			if (v == NULL)
				return false;
		}
	}
	return true;
}

bool
ssm_execution_describe_steps(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ .member = "MaxResults", .min = 1, .max = 50 }
	};
	struct json *all = json_new_array(c->a), *list = json_new_array(c->a);
	bool reverse = json_bool(json_get(c->in, "ReverseOrder"), false);
	struct item row;

	if (!input_check(c, rules, countof(rules), err) ||
	    !ssm_execution_load(c, json_str(json_get(c->in, "AutomationExecutionId")), &row, err) ||
	    !steps_json(c, row.body, all, err))
		return false;
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *step = json_at(all, reverse ? json_count(all) - 1 - i : i);

		if (step_passes(json_get(c->in, "Filters"), step))
			json_push(c->a, list, step);
	}
	return paginate(c, list, "StepExecutions", json_i64(json_get(c->in, "MaxResults"), 50),
	    json_str(json_get(c->in, "NextToken")), "NextToken", err);
}

/* --- stopping ------------------------------------------------------------------------ */

/* Its next step, due at once, sees that it is to be cancelled. */
bool
ssm_execution_stop(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = { { .member = "Type",
	    .values = "Complete Cancel" } };
	struct item row;
	struct json *x;

	if (!input_check(c, rules, countof(rules), err) ||
	    !ssm_execution_load(c, json_str(json_get(c->in, "AutomationExecutionId")), &row, err))
		return false;
	if (ssm_execution_is_over(row.body))
		return err_code(err, ERR_CONFLICT, "InvalidAutomationStatusUpdateException",
		    "Automation execution " STR_FMT " has ended as " STR_FMT
		    " and cannot be stopped",
		    STR_ARG(row.sk), STR_ARG(row_text(&row, "status")));
	if (str_is(row_text(&row, "status"), "Cancelling"))
		return true;
	x = row_change(c, &row);
	json_set_str(c->a, x, "status", S("Cancelling"));
	row_due(c, x, "execution", c->now_ms);
	return row_put(c, x, err) && ssm_execution_emit(c, x, NULL, err);
}
