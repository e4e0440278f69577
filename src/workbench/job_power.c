/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job_power.c: start and stop, two kinds with the same steps.
 *
 *   call    the calls of the manifest, one by one, or a document, or a program
 *   await   the instance's event, or its own word when asked
 *
 * A call that was refused proves nothing: its answer may have been lost the first time, and the
 * instance may be on its way. So the instance is asked, and what it says decides.
 */
#include "workbench/job_power.h"

#include "aws/credentials.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/instance.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/look.h"
#include "workbench/operation.h"
#include "workbench/product.h"
#include "workbench/program.h"
#include "workbench/reconcile.h"
#include "workbench/scopes.h"

#define FIRST_ASK_MS ((int64_t)30 * 1000)
#define LONGEST_ASK_MS (5 * MINUTE_MS)

/* What a step works with. */
struct power {
	enum bundle_verb verb;
	const struct bundle *bundle;
	const struct bundle_verb_def *def;
	const struct json *scopes;
	struct aws_credentials manager;
};

static bool
power_of(struct job *j, struct power *out, struct err *err)
{
	out->verb = operation_verb(j);
	if (!operation_bundle(j, &out->bundle, err) ||
	    !scopes_of(&j->state, j->id, &out->scopes, err) ||
	    !operation_manager(j, &out->manager, err))
		return false;
	out->def = &out->bundle->verbs[out->verb];
	return true;
}

/* --- how it ends --------------------------------------------------------------------------- */

bool
job_power_end(struct job *j, enum env_status to, str error, const char *why, struct err *err)
{
	struct state *s = &j->state;
	const char *verb = verb_name(operation_verb(j));

	if (operation_is_superseded(j)) {
		state_step(s, j->id, "await", j->now_ms, "%s ended: %s", verb, why);
	} else {
		if (to != s->status)
			state_move(s, to, false, j->id, j->now_ms, "%s", why);
		if (error.len > 0)
			state_error(s, operation_verb(j) == BUNDLE_START ? "START" : "STOP", error,
			    j->now_ms);
	}
	if (!operation_end(j, error, err))
		return false;
	reconcile_plan(s, j->now_ms);
	return true;
}

static enum step_end
end(struct job *j, enum env_status to, str error, const char *why, struct err *err)
{
	return job_power_end(j, to, error, why, err) ? STEP_ENDED : STEP_FAILED;
}

void
job_power_ask(struct job *j)
{
	job_set_i64(j, "askMs", j->now_ms);
	item_due(j->a, j->row, j->now_ms);
}

/* An event may have come between the call and this, and have asked at once: that stands. */
static void
plan_first_ask(struct job *j)
{
	if (job_i64(j, "askMs") == 0)
		job_set_i64(j, "askMs", j->now_ms + FIRST_ASK_MS);
}

/* The instance is no more, or going: whether its product is decides what the environment is. */
static enum step_end
end_without_instance(struct job *j, const struct power *p, struct err *err)
{
	struct product product;

	if (!product_ask(j->wb, j->a, &p->manager,
		json_str(json_get(j->state.env, "provisionedProductId")), (str){ 0 }, &product,
		err))
		return STEP_FAILED;
	if (product.status == PRODUCT_ABSENT)
		return end(j, ENV_TERMINATED, S("instance and product are no more"),
		    "instance and product are no more", err);
	return end(j, ENV_FAILED,
	    S("the instance is no more, though its product still stands: terminate the "
	      "environment"),
	    "the instance is no more, though its product still stands", err);
}

/* --- call ---------------------------------------------------------------------------------- */

static bool
on_its_way(enum bundle_verb verb, enum env_status seen)
{
	if (verb == BUNDLE_START)
		return seen == ENV_PENDING || seen == ENV_STARTING || seen == ENV_COMPLETED;
	return seen == ENV_STOPPING || seen == ENV_STOPPED;
}

/* STEP_FAILED keeps why. */
static enum step_end
refused(struct job *j, const struct power *p, struct err *why)
{
	struct instance_view view;
	struct err err;

	err_init(&err, j->a);
	if (!instance_describe(
		&j->state, p->bundle, &p->manager, p->scopes, j->now_ms, &view, &err))
		return STEP_FAILED;
	if (view.gone) {
		err_clear(why);
		return end_without_instance(j, p, why);
	}
	if (!view.known || !on_its_way(p->verb, view.status))
		return STEP_FAILED;
	state_step(&j->state, j->id, "call", j->now_ms,
	    "the call was refused (" STR_FMT "), but the instance is " STR_FMT " already",
	    STR_ARG(why->msg), STR_ARG(view.word));
	err_clear(why);
	job_set_i64(j, "askMs", j->now_ms);
	return STEP_NEXT;
}

/* Answers of earlier calls stand beside the scopes, by their "as". */
static const struct json *
with_answers(struct job *j, const struct power *p)
{
	struct json *scopes = json_copy_shallow(j->a, p->scopes);
	const struct json *answer = json_first(json_get(j->row, "answers"));

	for (; answer != NULL; answer = answer->next)
		if (json_get_str(scopes, answer->key) == NULL)
			json_put_key(j->a, scopes, answer->key, answer);
	return scopes;
}

static void
keep_answer(struct job *j, const struct bundle_call *call, const struct json *answer)
{
	const struct json *old = json_get(j->row, "answers");
	struct json *all = old != NULL ? json_copy_shallow(j->a, old) : json_new_object(j->a);

	if (call->as.len > 0)
		json_set(
		    j->a, all, str_z(j->a, call->as), instance_without_secrets(j->a, call, answer));
	json_set(j->a, j->row, "answers", all);
}

/* A call that the service took. */
struct taken_call {
	const struct bundle_call *call;
	const struct json *answer;
	int64_t number;
};

static void
learn(struct job *j, const void *learned)
{
	const struct taken_call *t = learned;

	if (job_i64(j, "done") != t->number)
		return;
	keep_answer(j, t->call, t->answer);
	job_set_i64(j, "done", t->number + 1);
	state_step(&j->state, j->id, "call", j->now_ms, "called " STR_FMT ":" STR_FMT,
	    STR_ARG(t->call->service), STR_ARG(t->call->operation));
}

static enum step_end
call_next(struct job *j, const struct power *p, size_t done, struct err *err)
{
	struct taken_call *t = arena_new(j->a, struct taken_call, 1);

	*t = (struct taken_call){ .call = &p->def->calls[done], .number = (int64_t)done };
	if (!instance_call(&j->state, &p->manager, t->call, with_answers(j, p), &t->answer, err))
		return refused(j, p, err);
	learn(j, t);
	j->learn = learn;
	j->learned = t;
	return STEP_AGAIN;
}

static enum step_end
run_document(struct job *j, const struct power *p, struct err *err)
{
	if (job_text(j, "token").len == 0)
		return execution_prepare(j, p->bundle, p->verb, p->scopes, err) ? STEP_AGAIN
										: STEP_FAILED;
	if (!execution_start(j, p->bundle, p->verb, &p->manager, err))
		return STEP_FAILED;
	plan_first_ask(j);
	return STEP_NEXT;
}

/* Whatever it answers, the instance's own word is what counts. */
static enum step_end
run_program(struct job *j, const struct power *p, struct err *err)
{
	const struct program_cloud cloud = { &p->manager, state_text(&j->state, "region"),
		j->wb->o.endpoint };
	const struct json *answer;

	if (!program_run(j->a, p->bundle, p->verb, p->scopes, &cloud, &answer, err))
		return refused(j, p, err);
	state_step(&j->state, j->id, "call", j->now_ms, "ran " STR_FMT, STR_ARG(p->def->exec));
	job_set_i64(j, "done", 1);
	return STEP_AGAIN;
}

/* Neither events nor a way to ask: then the accepted call is all that will ever be known. */
static bool
can_be_known(struct job *j, const struct bundle *b)
{
	return b->describe.operation.len > 0 || json_count(bundle_event_sources(j->a, b)) > 0;
}

static enum step_end
call(struct job *j, struct err *err)
{
	size_t done = (size_t)job_i64(j, "done");
	struct power p;

	if (operation_is_superseded(j) && done == 0 && job_i64(j, "tries") == 0 &&
	    job_text(j, "token").len == 0)
		return end(j, j->state.status, S("it was terminated first"),
		    "it was terminated first", err);
	if (!power_of(j, &p, err))
		return STEP_FAILED;
	if (p.def->document.len > 0)
		return run_document(j, &p, err);
	if (p.def->exec.len > 0 && done == 0)
		return run_program(j, &p, err);
	if (done < p.def->call_count)
		return call_next(j, &p, done, err);
	if (!can_be_known(j, p.bundle))
		return end(j, env_status_end(p.verb), (str){ 0 }, "the service took the call", err);
	plan_first_ask(j);
	return STEP_NEXT;
}

/* --- await --------------------------------------------------------------------------------- */

static enum step_end
ask_later(struct job *j)
{
	int64_t tries = job_i64(j, "askTries");
	int64_t ms = job_backoff(tries, FIRST_ASK_MS, LONGEST_ASK_MS);

	job_set_i64(j, "askTries", tries + 1);
	job_set_i64(j, "askMs", j->now_ms + ms);
	return job_wait(j, ms);
}

static bool
is_late(const struct job *j)
{
	return j->now_ms >= job_i64(j, "deadlineMs");
}

static enum step_end
follow(struct job *j, enum bundle_verb verb, enum env_status seen)
{
	if (!operation_is_superseded(j) && seen != j->state.status &&
	    env_status_is_transient(seen) && on_its_way(verb, seen))
		state_move(&j->state, seen, false, j->id, j->now_ms,
		    "asked the service: the instance is %s", env_status_name(seen));
	return ask_later(j);
}

static enum step_end
judge(struct job *j, const struct power *p, const struct instance_view *view, struct err *err)
{
	if (view->gone || (view->known && view->status == ENV_TERMINATING))
		return end_without_instance(j, p, err);
	if (!view->known)
		return ask_later(j);
	if (view->status == env_status_end(p->verb))
		return end(j, view->status, (str){ 0 }, "asked the service: it is done", err);
	if (view->status == ENV_FAILED)
		return end(j, ENV_FAILED, S("the instance failed"), "the instance failed", err);
	if (is_late(j) && !env_status_is_transient(view->status))
		return end(j, view->status, S("it had no effect within its time"),
		    "it had no effect within its time", err);
	return follow(j, p->verb, view->status);
}

static bool
document_failed(struct job *j, const struct power *p, str *why, bool *failed, struct err *err)
{
	struct execution e;

	*failed = false;
	if (job_text(j, "executionId").len == 0)
		return true;
	if (!execution_ask(j->wb, j->a, &p->manager, job_text(j, "executionId"), &e, err))
		return false;
	*failed = e.ended && !str_is(e.status, "Success");
	*why = e.failure;
	return true;
}

static enum step_end
await(struct job *j, struct err *err)
{
	struct instance_view view;
	struct power p;
	bool failed;
	str why;

	if (j->now_ms < job_i64(j, "askMs") && !is_late(j))
		return job_wait_until(j, job_i64(j, "askMs"));
	if (!power_of(j, &p, err) || !document_failed(j, &p, &why, &failed, err) ||
	    !instance_describe(&j->state, p.bundle, &p.manager, p.scopes, j->now_ms, &view, err))
		return STEP_FAILED;
	if (failed && view.known && !on_its_way(p.verb, view.status) &&
	    env_status_may_be_seen(j->state.status, view.status))
		return end(j, view.status, why.len > 0 ? why : S("its document failed"),
		    "its document failed", err);
	return judge(j, &p, &view, err);
}

/* As the instance says, if it says anything; else in a status that can be left again. */
static bool
give_up(struct job *j, const struct err *why, struct err *err)
{
	enum env_status to = env_status_stuck(j->state.status);
	struct instance_view view;
	struct power p;
	struct err ignored;

	err_init(&ignored, j->a);
	if (power_of(j, &p, &ignored) &&
	    instance_describe(
		&j->state, p.bundle, &p.manager, p.scopes, j->now_ms, &view, &ignored) &&
	    view.known && !env_status_is_transient(view.status))
		to = view.status;
	return job_power_end(
	    j, to, operation_late(j, why), str_z(j->a, operation_late(j, why)), err);
}

static const struct job_step start_steps[] = {
	{ "call", call, "the service to take the start" },
	{ "await", await, "the instance to run" },
};
static const struct job_step stop_steps[] = {
	{ "call", call, "the service to take the stop" },
	{ "await", await, "the instance to stand still" },
};

const struct job_kind job_start = { "start", start_steps, countof(start_steps), give_up };
const struct job_kind job_stop = { "stop", stop_steps, countof(stop_steps), give_up };
