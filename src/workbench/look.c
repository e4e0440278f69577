/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/look.c: when to ask, and what the execution says.
 */
#include "workbench/look.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/operation.h"

#define FIRST_ASK_MS MINUTE_MS
#define LONGEST_ASK_MS (10 * MINUTE_MS)
#define EVENT_GRACE_MS 5000 /* design 6.6: an event may follow the end this long */

void
look_first(struct job *j)
{
	job_set_i64(j, "askTries", 0);
	job_set_i64(j, "askMs", j->now_ms + FIRST_ASK_MS);
}

void
look_claim(struct job *j, const struct json *detail)
{
	json_set(j->a, j->row, "claim", detail);
	json_remove(j->row, "lookTries");
	job_set_i64(j, "lookMs", j->now_ms);
	item_due(j->a, j->row, j->now_ms);
}

void
look_ended(struct job *j, str execution_status)
{
	int64_t due = j->now_ms + EVENT_GRACE_MS;

	job_set(j, "executionStatus", execution_status);
	job_set_i64(j, "endedMs", j->now_ms);
	if (due < item_due_ms(j->row))
		item_due(j->a, j->row, due);
}

static bool
has_claim(const struct job *j)
{
	return json_get(j->row, "claim") != NULL;
}

static bool
has_ended(const struct job *j)
{
	return job_i64(j, "endedMs") > 0;
}

/* Looking again after an end has its own, shorter distances (look_again). */
/* Else *wake_ms says when. */
static bool
is_due(const struct job *j, int64_t *wake_ms)
{
	int64_t at = job_i64(j, "askMs"), deadline = job_i64(j, "deadlineMs");

	if (has_ended(j)) {
		int64_t grace = job_i64(j, "endedMs") + EVENT_GRACE_MS;

		at = grace < at || at == 0 ? grace : at;
	}
	if (has_claim(j) || job_i64(j, "lookTries") > 0)
		at = job_i64(j, "lookMs");
	*wake_ms = at;
	return j->now_ms >= at || j->now_ms >= deadline;
}

static void
plan_next_ask(struct job *j)
{
	int64_t tries = job_i64(j, "askTries") + 1;

	job_set_i64(j, "askTries", tries);
	job_set_i64(j, "askMs", j->now_ms + job_backoff(tries, FIRST_ASK_MS, LONGEST_ASK_MS));
}

enum step_end
look_again(struct job *j)
{
	int64_t tries = job_i64(j, "lookTries");
	int64_t ms = job_backoff(tries, 1000, 30 * 1000);

	job_set_i64(j, "lookTries", tries + 1);
	job_set_i64(j, "lookMs", j->now_ms + ms);
	return job_wait(j, ms);
}

/* --- the execution ------------------------------------------------------------------------- */

/* Nothing is missing that its answer could tell. */
static bool
knows_all(const struct job *j)
{
	return has_ended(j) && job_text(j, "recordId").len > 0 &&
	    json_str(json_get(j->state.env, "provisionedProductId")).len > 0;
}

static void
keep_ids(struct job *j, const struct execution *e)
{
	str known = json_str(json_get(j->state.env, "provisionedProductId"));

	if (known.len == 0 && e->product_id.len > 0)
		state_set_env(&j->state, "provisionedProductId", e->product_id, j->now_ms);
	if (e->record_id.len > 0)
		job_set(j, "recordId", e->record_id);
}

static bool
ask(struct job *j, const struct aws_credentials *as, struct execution *out, struct err *err)
{
	str id = job_text(j, "executionId");

	*out = (struct execution){ .found = true, .ended = has_ended(j) };
	if (id.len == 0 || knows_all(j))
		return true;
	if (!execution_ask(j->wb, j->a, as, id, out, err))
		return false;
	keep_ids(j, out);
	state_evidence(&j->state, j->now_ms, "asked SSM: execution " STR_FMT " is " STR_FMT,
	    STR_ARG(id), STR_ARG(out->found ? out->status : S("not known")));
	if (out->ended && !has_ended(j)) {
		job_set(j, "executionStatus", out->status);
		job_set_i64(j, "endedMs", j->now_ms);
	}
	return true;
}

/* --- the event's word ---------------------------------------------------------------------- */

/* An id that contradicts what is known; unknown ones contradict nothing. */
static bool
contradicts(str claimed, str known)
{
	return claimed.len > 0 && known.len > 0 && !str_eq(claimed, known);
}

static bool
claim_is_foreign(const struct job *j)
{
	const struct json *claim = json_get(j->row, "claim");

	return contradicts(json_str(json_get(claim, "RecordId")), job_text(j, "recordId")) ||
	    contradicts(json_str(json_get(claim, "ProvisionedProductId")),
		json_str(json_get(j->state.env, "provisionedProductId")));
}

static str
message_of(struct arena *a, const struct json *claim)
{
	const struct json *m = json_get(claim, "ErrorMessage");

	if (m == NULL || json_is(m, JSON_NULL))
		return (str){ 0 };
	/* A document may send a text as a list of one, so that no quote in it breaks the event. */
	if (json_is(m, JSON_ARRAY) && m->count == 1 && json_is(m->first, JSON_STRING))
		m = m->first;
	return json_is(m, JSON_STRING) ? json_str(m) : json_text(a, m);
}

static void
read_claim(struct job *j, struct look *out)
{
	const struct json *claim = json_get(j->row, "claim");

	if (claim == NULL)
		return;
	if (claim_is_foreign(j)) {
		state_ignored(&j->state, "ignored", json_str(json_get(claim, "Operation")),
		    j->now_ms, "its record or product is not the one of this operation");
		json_remove(j->row, "claim");
		return;
	}
	out->claimed = true;
	out->claim_status = json_str(json_get(claim, "Status"));
	out->claim_error = message_of(j->a, claim);
}

/* True with *undecided: neither event nor end yet, or an end whose event may still come. */
static bool
look_now(struct job *j, const struct aws_credentials *as, struct look *out, bool *undecided,
    int64_t *wake_ms, struct err *err)
{
	*out = (struct look){ .claimed = false };
	if (!ask(j, as, &out->execution, err))
		return false;
	read_claim(j, out);
	out->ended = has_ended(j);
	out->record_id = job_text(j, "recordId");
	*undecided = false;
	if (out->claimed || j->now_ms >= job_i64(j, "deadlineMs"))
		return true;
	if (out->ended && j->now_ms >= job_i64(j, "endedMs") + EVENT_GRACE_MS)
		return true;
	*undecided = true;
	if (!out->ended)
		plan_next_ask(j);
	*wake_ms = out->ended ? job_i64(j, "endedMs") + EVENT_GRACE_MS : job_i64(j, "askMs");
	return true;
}

enum step_end
look_await(struct job *j,
    enum step_end (*conclude)(struct job *j, const struct look *l,
	const struct aws_credentials *manager, struct err *err),
    struct err *err)
{
	struct aws_credentials manager;
	struct look look;
	int64_t wake_ms;
	bool undecided;

	if (!is_due(j, &wake_ms))
		return job_wait_until(j, wake_ms);
	if (!operation_manager(j, &manager, err) ||
	    !look_now(j, &manager, &look, &undecided, &wake_ms, err))
		return STEP_FAILED;
	return undecided ? job_wait_until(j, wake_ms) : conclude(j, &look, &manager, err);
}
