/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/run.c: an automation, as many steps at a time as end at once.
 *
 * ssm_execution_step() runs in a transaction of its own: what the steps' calls do, the steps'
 * records and where the automation stands next are written together or not at all. The graph
 * that the document's edges make decides where it goes; the table below says what each kind of
 * step does.
 */
#include "base/id.h"
#include "cloud/ssm/internal.h"

#define STEPS_AT_ONCE 16       /* others wait meanwhile */
#define RETRY_MS 1000          /* between attempts; AWS's own pace is not documented */
#define CANCEL_STEPS_MS 120000 /* what onCancel steps have, all together */

/* --- what steps do ------------------------------------------------------------------- */

static enum outcome
run_branch(struct run *r, struct err *err)
{
	struct err bad;

	(void)err;
	err_init(&bad, r->c->a);
	if (!ssm_branch_choose(r->inputs, &r->next, &bad))
		return ssm_run_fail(r, STR_FMT ".", STR_ARG(bad.msg));
	return OUTCOME_SUCCESS;
}

static enum outcome
run_other(struct run *r, struct err *err)
{
	(void)err;
	return ssm_run_fail(
	    r, "The local cloud does not run the action %s.", r->step->action->name);
}

static enum outcome (*const runners[])(struct run *r, struct err *err) = {
	[SSM_CALL] = ssm_run_call,
	[SSM_WAIT] = ssm_run_wait,
	[SSM_ASSERT] = ssm_run_assert,
	[SSM_BRANCH] = run_branch,
	[SSM_SLEEP] = ssm_run_sleep,
	[SSM_OTHER] = run_other,
};

/* --- the automation's end ------------------------------------------------------------ */

static void
set_text(struct run *r, struct json *row, const char *member, const char *text)
{
	json_set_str(r->c->a, row, member, str_of(text));
}

/* {"step.output": [text]} of the outputs that the document declares; none where they are too large.
 */
static const struct json *
outputs_json(struct run *r)
{
	struct arena *a = r->c->a;
	struct json *out = json_new_object(a);
	struct err err;

	for (const struct json *n = json_first(r->doc->outputs); n != NULL; n = n->next)
		json_set(
		    a, out, str_z(a, json_str(n)), ssm_texts(a, ssm_run_lookup(r, a, json_str(n))));
	err_init(&err, a);
	return ssm_value_fits(a, "the outputs are", out, &err) ? out : json_new_object(a);
}

/* The automation ends: as the worst of its critical steps did. */
static bool
end_execution(struct run *r, struct err *err)
{
	str bad = json_str(json_get(r->x, "bad"));
	struct json *x = r->x;

	json_set_str(r->c->a, x, "status", bad.len > 0 ? bad : S("Success"));
	json_set(r->c->a, x, "endMs", json_new_i64(r->c->a, r->c->now_ms));
	json_set(r->c->a, x, "outputs", outputs_json(r));
	row_done(r->c, x);
	return row_put(r->c, x, err) && ssm_execution_emit(r->c, x, NULL, err);
}

/* Goes to a step, or ends where there is none. */
static bool
go_to(struct run *r, size_t index, struct err *err)
{
	if (index == SSM_END)
		return end_execution(r, err);
	json_set(r->c->a, r->x, "at", json_new_i64(r->c->a, (int64_t)index));
	row_due(r->c, r->x, "execution", r->c->now_ms);
	r->goes_on = true;
	return true;
}

/* --- a step's end -------------------------------------------------------------------- */

static size_t
edge_to(const struct ssm_step *step, enum ssm_edge_kind kind)
{
	for (size_t i = 0; i < step->edge_count; i++) {
		if (step->edges[i].kind == kind)
			return step->edges[i].to;
	}
	return SSM_END;
}

/* Where the automation goes from the step: by its choice, its success or its failure. */
static size_t
onward(struct run *r, const char *status)
{
	if (str_is(str_of(status), "Cancelled"))
		return edge_to(r->step, SSM_EDGE_CANCEL);
	if (!str_is(str_of(status), "Success"))
		return edge_to(r->step, SSM_EDGE_FAILURE);
	if (r->next.len > 0)
		return (size_t)(ssm_step_find(r->doc, r->next) - r->doc->steps);
	return edge_to(r->step, SSM_EDGE_NEXT);
}

/* A failure that matters decides how the automation ends; the first one is the one told. */
static void
note_failure(struct run *r, const char *status)
{
	if (json_get(r->x, "bad") != NULL || !r->step->is_critical)
		return;
	set_text(r, r->x, "bad", status);
	json_set_str(r->c->a, r->x, "message", r->message);
}

static bool
end_step(struct run *r, const char *status, struct err *err)
{
	struct arena *a = r->c->a;

	set_text(r, r->record, "status", status);
	json_set(a, r->record, "endMs", json_new_i64(a, r->c->now_ms));
	if (r->values != NULL && r->message.len == 0)
		json_set(a, r->record, "values", r->values);
	if (r->message.len > 0)
		json_set_str(a, r->record, "message", r->message);
	if (!str_is(str_of(status), "Success") && !str_is(str_of(status), "Cancelled"))
		note_failure(r, status);
	return row_put(r->c, r->record, err) && ssm_execution_emit(r->c, r->x, r->record, err) &&
	    go_to(r, onward(r, status), err);
}

/* --- attempts ------------------------------------------------------------------------ */

/* The same attempt goes on later, or as soon as what it looked at changes. */
static bool
wait_more(struct run *r, struct err *err)
{
	struct json *x = r->x;

	row_due(r->c, x, "execution", r->due_ms);
	return (!r->is_changed || row_put(r->c, r->record, err)) && row_put(r->c, x, err) &&
	    (r->watch.count == 0 ||
		watch_set(r->c, &r->watch, json_str(json_get(x, "pk")), json_str(json_get(x, "sk")),
		    err));
}

static bool
attempt_again(struct run *r, int64_t attempt, struct err *err)
{
	int64_t begin_ms = r->c->now_ms + RETRY_MS;

	json_set(r->c->a, r->record, "attempt", json_new_i64(r->c->a, attempt + 1));
	json_set(r->c->a, r->record, "attemptMs", json_new_i64(r->c->a, begin_ms));
	json_remove(r->record, "throttled");
	row_due(r->c, r->x, "execution", begin_ms);
	return row_put(r->c, r->record, err) && row_put(r->c, r->x, err);
}

static bool
take_outcome(struct run *r, enum outcome outcome, struct err *err)
{
	int64_t attempt = json_i64(json_get(r->record, "attempt"), 1);

	switch (outcome) {
	case OUTCOME_SUCCESS:
		return end_step(r, "Success", err);
	case OUTCOME_WAITING:
		return wait_more(r, err);
	case OUTCOME_FAILED:
	case OUTCOME_TIMED_OUT:
		if (attempt < r->step->max_attempts)
			return attempt_again(r, attempt, err);
		return end_step(r, outcome == OUTCOME_FAILED ? "Failed" : "TimedOut", err);
	case OUTCOME_BROKEN:
		break;
	}
	return false;
}

/* --- beginnings ---------------------------------------------------------------------- */

static bool
begin_step(struct run *r, str key, struct err *err)
{
	struct arena *a = r->c->a;

	r->record = row_new(r->c, ssm_partition(r->c, "step"), key);
	json_put_str(a, r->record, "name", r->step->name);
	json_put_str(a, r->record, "action", str_of(r->step->action->name));
	json_put_str(a, r->record, "stepId", id_uuid(a));
	json_put_str(a, r->record, "status", S("InProgress"));
	json_put_i64(a, r->record, "startMs", r->c->now_ms);
	json_put_i64(a, r->record, "attemptMs", r->c->now_ms);
	json_put_i64(a, r->record, "attempt", 1);
	r->is_changed = true;
	return ssm_execution_emit(r->c, r->x, r->record, err);
}

/* Finds or begins the step where the automation stands. */
static bool
load_step(struct run *r, struct err *err)
{
	int64_t at = json_i64(json_get(r->x, "at"), 0);
	str key = ssm_numbered_key(r->c, json_str(json_get(r->x, "id")), at);
	struct item row;
	bool found;

	r->step = &r->doc->steps[at];
	if (!row_find(r->c, ssm_partition(r->c, "step"), key, &row, &found, err))
		return false;
	if (!found)
		return begin_step(r, key, err);
	r->record = row_change(r->c, &row);
	return true;
}

/* Inputs get their values when the step begins and keep them over its attempts. */
static enum outcome
fill_inputs(struct run *r)
{
	struct err bad;

	r->inputs = json_get(r->record, "inputs");
	if (r->inputs != NULL)
		return OUTCOME_SUCCESS;
	err_init(&bad, r->c->a);
	if (!ssm_substitute(r->c->a, r->step->inputs, ssm_run_lookup, r, &r->inputs, &bad))
		return ssm_run_fail(r, STR_FMT ".", STR_ARG(bad.msg));
	json_put(r->c->a, r->record, "inputs", r->inputs);
	return OUTCOME_SUCCESS;
}

/* --- stopping ------------------------------------------------------------------------ */

/*
 * A stopped automation: the step that runs is cancelled, the steps of its onCancel run for two
 * minutes at most, and whatever they come to, the automation ends as Cancelled.
 */
static bool
cancel(struct run *r, struct err *err)
{
	struct arena *a = r->c->a;
	bool begun = json_get(r->x, "cancelEndMs") != NULL;

	if (!begun)
		json_set(a, r->x, "cancelEndMs", json_new_i64(a, r->c->now_ms + CANCEL_STEPS_MS));
	set_text(r, r->x, "bad", "Cancelled");
	json_remove(r->x, "message");
	return end_step(r, "Cancelled", err);
}

static bool
is_to_be_cancelled(const struct run *r)
{
	const struct json *end_ms = json_get(r->x, "cancelEndMs");

	return str_is(json_str(json_get(r->x, "status")), "Cancelling") &&
	    (end_ms == NULL || json_i64(end_ms, 0) <= r->c->now_ms);
}

/* --- the task ------------------------------------------------------------------------ */

/* One attempt of the step where the automation stands. */
static bool
run_step(struct run *r, struct err *err)
{
	enum outcome outcome;

	*r = (struct run){ .c = r->c, .x = r->x, .start = r->start, .doc = r->doc };
	if (!load_step(r, err))
		return false;
	if (is_to_be_cancelled(r))
		return cancel(r, err);
	outcome = fill_inputs(r);
	if (outcome == OUTCOME_SUCCESS)
		outcome = runners[r->step->action->kind](r, err);
	if (outcome != OUTCOME_BROKEN)
		err_clear(err);
	return take_outcome(r, outcome, err);
}

/* Where steps were undone by a fault of ours they go one by one, so that the good ones count. */
bool
ssm_execution_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	size_t most = json_get(row->body, "attempts") == NULL ? STEPS_AT_ONCE : 1;
	struct run r = { .c = c, .x = row_change(c, row) };
	const struct ssm_definition *definition;

	(void)result;
	if (!ssm_execution_definition(c, r.x, &definition, err))
		return false;
	r.doc = &definition->doc;
	if (str_is(row_text(row, "status"), "Pending")) {
		set_text(&r, r.x, "status", "InProgress");
		if (!ssm_execution_emit(c, r.x, NULL, err))
			return false;
	}
	do {
		if (!run_step(&r, err))
			return false;
	} while (r.goes_on && --most > 0);
	return !r.goes_on || row_put(c, r.x, err);
}
