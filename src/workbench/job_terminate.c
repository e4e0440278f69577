/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job_terminate.c: from an accepted terminate to TERMINATED or TERMINATING_FAILED.
 *
 *   settle    other operations on the environment end first: a stack that is being made, or an
 *             instance that is starting, cannot be deleted
 *   find      the product: by its id, by the launch's execution, by its name; none there means
 *             that nothing is left
 *   prepare, start, await   as a launch does, with the terminate document
 *
 * A document that was refused without any record (the product was still changing, or the
 * service was busy) is tried again with a token of its own, at most ATTEMPTS times.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/look.h"
#include "workbench/operation.h"
#include "workbench/product.h"
#include "workbench/reconcile.h"
#include "workbench/scopes.h"

#define ATTEMPTS 3

static str
product_id(const struct job *j)
{
	return json_str(json_get(j->state.env, "provisionedProductId"));
}

/* --- how it ends --------------------------------------------------------------------------- */

static enum step_end
finish(struct job *j, const char *why, struct err *err)
{
	state_move(&j->state, ENV_TERMINATED, false, j->id, j->now_ms, "%s", why);
	if (!operation_end(j, (str){ 0 }, err))
		return STEP_FAILED;
	reconcile_plan(&j->state, j->now_ms);
	return STEP_ENDED;
}

static bool
end_badly(struct job *j, str text, struct err *err)
{
	state_move(&j->state, ENV_TERMINATING_FAILED, false, j->id, j->now_ms,
	    "terminating failed: " STR_FMT, STR_ARG(text));
	state_error(&j->state, "TERMINATE", text, j->now_ms);
	if (!operation_end(j, text, err))
		return false;
	reconcile_plan(&j->state, j->now_ms);
	return true;
}

static enum step_end
fail(struct job *j, str text, const struct aws_credentials *manager, struct err *err)
{
	const struct json *cause = product_cause(
	    j->wb, j->a, manager, state_text(&j->state, "accountId"), product_id(j), true);

	if (cause != NULL) {
		json_set(j->a, j->state.own, "cause", cause);
		j->state.own_changed = true;
	}
	return end_badly(j, product_failure(j->a, text, cause), err) ? STEP_ENDED : STEP_FAILED;
}

/* --- before the document ------------------------------------------------------------------- */

static bool
others_are_open(const struct job *j)
{
	const struct json *o = json_first(json_get(j->state.own, "open"));

	for (; o != NULL; o = o->next)
		if (!str_eq(json_str(json_get(o, "id")), j->id))
			return true;
	return false;
}

/* The time that this operation may take counts from when it can begin. */
static enum step_end
settle(struct job *j, struct err *err)
{
	const struct bundle *b;
	int64_t allowed;

	if (others_are_open(j))
		return job_wait_until(j, job_i64(j, "deadlineMs"));
	if (!operation_bundle(j, &b, err))
		return STEP_FAILED;
	allowed = b->verbs[BUNDLE_TERMINATE].deadline_ms;
	job_set_i64(j, "deadlineMs", j->now_ms + (allowed > 0 ? allowed : RECONCILE_TERMINATE_MS));
	return STEP_NEXT;
}

/* The launch's execution knows the id where no event bore it. */
static bool
id_from_launch(struct job *j, const struct aws_credentials *manager, struct err *err)
{
	str execution = state_text(&j->state, "launchExecutionId");
	struct execution e;

	if (product_id(j).len > 0 || execution.len == 0)
		return true;
	if (!execution_ask(j->wb, j->a, manager, execution, &e, err))
		return false;
	if (e.product_id.len > 0)
		state_set_env(&j->state, "provisionedProductId", e.product_id, j->now_ms);
	return true;
}

static enum step_end
wait_for_change(struct job *j, const struct product *p)
{
	int64_t tries = job_i64(j, "waits");

	state_evidence(&j->state, j->now_ms,
	    "asked Service Catalog: product is " STR_FMT " and cannot be terminated yet",
	    STR_ARG(p->word));
	job_set_i64(j, "waits", tries + 1);
	return job_wait(j, job_backoff(tries, 5000, MINUTE_MS));
}

static enum step_end
find(struct job *j, struct err *err)
{
	struct aws_credentials manager;
	struct product p;

	if (!operation_manager(j, &manager, err) || !id_from_launch(j, &manager, err) ||
	    !product_ask(j->wb, j->a, &manager, product_id(j), state_text(&j->state, "productName"),
		&p, err))
		return STEP_FAILED;
	switch (p.status) {
	case PRODUCT_ABSENT:
		return finish(j, "no product of it exists", err);
	case PRODUCT_CHANGING:
		return wait_for_change(j, &p);
	case PRODUCT_PLANNED: /* does not end by itself */
	case PRODUCT_AVAILABLE:
	case PRODUCT_BROKEN:
		break;
	}
	if (product_id(j).len == 0)
		state_set_env(&j->state, "provisionedProductId", p.id, j->now_ms);
	return STEP_NEXT;
}

static enum step_end
prepare(struct job *j, struct err *err)
{
	const struct bundle *b;
	const struct json *scopes;

	if (!operation_bundle(j, &b, err) || !scopes_of(&j->state, j->id, &scopes, err) ||
	    !execution_prepare(j, b, BUNDLE_TERMINATE, scopes, err))
		return STEP_FAILED;
	return STEP_NEXT;
}

static enum step_end
start(struct job *j, struct err *err)
{
	const struct bundle *b;
	struct aws_credentials manager;

	if (!operation_bundle(j, &b, err) || !operation_manager(j, &manager, err) ||
	    !execution_start(j, b, BUNDLE_TERMINATE, &manager, err))
		return STEP_FAILED;
	look_first(j);
	return STEP_NEXT;
}

/* --- await --------------------------------------------------------------------------------- */

static enum step_end
another_attempt(struct job *j, str why)
{
	state_step(&j->state, j->id, "await", j->now_ms,
	    "the terminate document ended without a record: " STR_FMT "; another attempt",
	    STR_ARG(why));
	execution_reset(j);
	return job_go(j, "find");
}

static enum step_end
by_record(struct job *j, const struct look *l, const struct record *r,
    const struct aws_credentials *manager, struct err *err)
{
	if (r->succeeded)
		return finish(j, "its termination record SUCCEEDED", err);
	if (!r->failed)
		return look_again(j);
	return fail(j,
	    r->errors.len > 0            ? r->errors
		: l->claim_error.len > 0 ? l->claim_error
					 : S("the termination record FAILED"),
	    manager, err);
}

/* No record is known: the product itself tells whether something still has to be done. */
static enum step_end
by_product(
    struct job *j, const struct look *l, const struct aws_credentials *manager, struct err *err)
{
	str why = l->execution.failure.len > 0 ? l->execution.failure : l->claim_error;
	struct product p;

	if (!product_ask(j->wb, j->a, manager, product_id(j), (str){ 0 }, &p, err))
		return STEP_FAILED;
	state_evidence(&j->state, j->now_ms, "asked Service Catalog: product is " STR_FMT,
	    STR_ARG(p.word.len > 0 ? p.word : S("not there")));
	if (p.status == PRODUCT_ABSENT)
		return finish(j, "its product is no more", err);
	if (!l->ended)
		return look_again(j);
	if (job_i64(j, "attempt") < ATTEMPTS)
		return another_attempt(j, why);
	return fail(
	    j, why.len > 0 ? why : S("the terminate document ended without effect"), manager, err);
}

static enum step_end
conclude(
    struct job *j, const struct look *l, const struct aws_credentials *manager, struct err *err)
{
	struct record r;

	if (!product_record(j->wb, j->a, manager, l->record_id, &r, err))
		return STEP_FAILED;
	if (!r.found || !r.terminates || !str_eq(r.product_id, product_id(j)))
		return by_product(j, l, manager, err);
	state_evidence(&j->state, j->now_ms,
	    "asked Service Catalog: termination record is " STR_FMT, STR_ARG(r.word));
	return by_record(j, l, &r, manager, err);
}

static enum step_end
await(struct job *j, struct err *err)
{
	return look_await(j, conclude, err);
}

static bool
give_up(struct job *j, const struct err *why, struct err *err)
{
	return operation_give_up(j, why, end_badly, err);
}

static const struct job_step steps[] = {
	{ "settle", settle, "the operations before it to end" },
	{ "find", find, "its product to be found, and to stand still" },
	{ "prepare", prepare, "the parameters of the terminate document" },
	{ "start", start, "the terminate document to start" },
	{ "await", await, "the terminate document to end, and its record to be final" },
};

const struct job_kind job_terminate = { "terminate", steps, countof(steps), give_up };
