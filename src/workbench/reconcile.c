/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/reconcile.c: asks the cloud about environments that no job looks after, and applies
 * what it says as the status table allows.
 *
 * An environment's own item is due when it shall be reviewed: at once when an event hinted at
 * something, half a minute after it went into a status that should pass, every review_ms while it
 * runs, and at longer distances while it stands still: somebody may start the instance by hand, and
 * it costs from then on. A status that did not pass by its deadline is left by the way that the
 * table names.
 *
 * The order of trust: whether the product exists, then what the instance says of itself.
 */
#include "workbench/reconcile.h"

#include "aws/credentials.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "workbench/instance.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/job_launch.h"
#include "workbench/product.h"
#include "workbench/roles.h"
#include "workbench/scopes.h"
#include "workbench/version.h"

#define FIRST_MS ((int64_t)30 * 1000)
#define LONGEST_MS (10 * MINUTE_MS)
#define STOPPED_REVIEWS 4 /* review_ms between two reviews of what stands still */

/* --- when ---------------------------------------------------------------------------------- */

static void
due(struct state *s, int64_t at_ms)
{
	item_due(s->a, s->own, at_ms);
	s->own_changed = true;
}

static void
not_due(struct state *s)
{
	item_not_due(s->own);
	s->own_changed = true;
}

static int64_t
allowed_ms(enum env_status status)
{
	return status == ENV_TERMINATING ? RECONCILE_TERMINATE_MS : RECONCILE_POWER_MS;
}

/* How long until what stays in its status is looked at again; CLOCK_NEVER for never. */
static int64_t
review_after_ms(const struct state *s)
{
	int64_t ms = s->wb->o.review_ms;

	if (ms == CLOCK_NEVER || !json_bool(json_get(s->own, "describes"), false))
		return CLOCK_NEVER;
	if (s->status == ENV_COMPLETED)
		return ms;
	return s->status == ENV_STOPPED ? STOPPED_REVIEWS * ms : CLOCK_NEVER;
}

void
reconcile_plan(struct state *s, int64_t now_ms)
{
	int64_t review_ms = review_after_ms(s);

	if (state_any_open(s)) {
		not_due(s);
	} else if (env_status_is_transient(s->status)) {
		if (state_ms(s, "reviewDeadlineMs") == 0)
			state_set_ms(s, "reviewDeadlineMs", now_ms + allowed_ms(s->status));
		due(s, now_ms + FIRST_MS);
	} else if (review_ms != CLOCK_NEVER) {
		json_remove(s->own, "reviewTries");
		due(s, now_ms + review_ms);
	} else {
		json_remove(s->own, "reviewTries");
		not_due(s);
	}
}

void
reconcile_soon(struct state *s, int64_t now_ms)
{
	due(s, now_ms);
}

/* The answer left it open: once more, later, as long as that makes sense. */
static void
again(struct state *s, int64_t now_ms)
{
	int64_t tries = state_ms(s, "reviewTries"), deadline = state_ms(s, "reviewDeadlineMs");
	int64_t at = now_ms + job_backoff(tries, FIRST_MS, LONGEST_MS);

	state_set_ms(s, "reviewTries", tries + 1);
	due(s, deadline > now_ms && deadline < at ? deadline : at);
}

/* --- what is asked ------------------------------------------------------------------------- */

struct review {
	struct state state;
	struct change change;
	int64_t now_ms;
	const struct bundle *bundle;
	const struct json *scopes;
	struct aws_credentials manager;
	struct product product;
	struct instance_view instance;
};

static bool
prepare(struct review *r, struct err *err)
{
	struct state *s = &r->state;
	const struct json *project;

	return version_bundle(
		   s->wb, s->a, state_text(s, "type"), state_text(s, "hash"), &r->bundle, err) &&
	    scopes_project(s, &project, err) &&
	    roles_management(s->wb, s->a, project, &r->manager, err) &&
	    scopes_of(s, (str){ 0 }, &r->scopes, err);
}

static bool
ask_product(struct review *r, struct err *err)
{
	struct state *s = &r->state;

	if (!product_ask(s->wb, s->a, &r->manager,
		json_str(json_get(s->env, "provisionedProductId")), state_text(s, "productName"),
		&r->product, err))
		return false;
	state_evidence(s, r->now_ms, "asked Service Catalog: product is " STR_FMT,
	    STR_ARG(r->product.word.len > 0 ? r->product.word : S("not there")));
	return true;
}

static void
see(struct review *r, enum env_status to, const char *why)
{
	struct state *s = &r->state;

	if (to != s->status && env_status_may_be_seen(s->status, to))
		state_move(s, to, false, (str){ 0 }, r->now_ms, "%s", why);
	reconcile_plan(s, r->now_ms);
}

static bool
is_late(const struct review *r)
{
	int64_t deadline = state_ms(&r->state, "reviewDeadlineMs");

	return deadline > 0 && r->now_ms >= deadline;
}

/* What should pass did not: out of it, or look again. */
static void
still_open(struct review *r)
{
	struct state *s = &r->state;

	if (!env_status_is_transient(s->status) || !is_late(r)) {
		again(s, r->now_ms);
		return;
	}
	see(r, env_status_stuck(s->status), "it did not pass by itself within its time");
	state_error(s, "STATUS", state_text(s, "evidence"), r->now_ms);
}

/* --- conclusions --------------------------------------------------------------------------- */

/* A launch that was given up, or whose word never came, may have ended well after all. */
static bool
late_launch(struct review *r, struct err *err)
{
	struct state *s = &r->state;
	struct record record;

	if (r->product.status == PRODUCT_CHANGING) {
		again(s, r->now_ms);
		return true;
	}
	if (r->product.status != PRODUCT_AVAILABLE) {
		reconcile_plan(s, r->now_ms);
		return true;
	}
	if (!product_record(
		s->wb, s->a, &r->manager, r->product.provisioning_record_id, &record, err))
		return false;
	if (!record.succeeded || !launch_has_outputs(r->bundle, &record)) {
		again(s, r->now_ms);
		return true;
	}
	launch_adopt(s, &r->change, r->bundle, &record, r->now_ms);
	see(r, ENV_COMPLETED, "the product became AVAILABLE after the launch was given up");
	return true;
}

static void
keep_product_id(struct review *r)
{
	struct state *s = &r->state;

	if (r->product.id.len > 0 && json_str(json_get(s->env, "provisionedProductId")).len == 0)
		state_set_env(s, "provisionedProductId", r->product.id, r->now_ms);
}

static void
without_instance(struct review *r)
{
	struct state *s = &r->state;

	if (r->product.status == PRODUCT_CHANGING) {
		if (s->status != ENV_TERMINATING)
			see(r, ENV_TERMINATING, "the instance goes and its product is changing");
		else
			still_open(r);
		return;
	}
	see(r, ENV_FAILED, "the instance is no more, though its product still stands");
	if (s->status == ENV_FAILED)
		state_error(s, "INSTANCE",
		    S("the instance is no more, though its product still stands: terminate the "
		      "environment"),
		    r->now_ms);
}

static bool
with_instance(struct review *r, struct err *err)
{
	struct state *s = &r->state;

	if (!instance_describe(s, r->bundle, &r->manager, r->scopes, r->now_ms, &r->instance, err))
		return false;
	if (r->bundle->describe.operation.len == 0)
		instance_together(s, &r->instance); /* what its events said last */
	if (r->instance.gone || (r->instance.known && r->instance.status == ENV_TERMINATING))
		without_instance(r);
	else if (!r->instance.known || r->instance.status == s->status)
		env_status_is_transient(s->status) ? still_open(r) : reconcile_plan(s, r->now_ms);
	else
		see(r, r->instance.status, "asked the service: that is what the instance is");
	return true;
}

/*
 * A product that is gone ends every environment but one that failed to launch: that one had
 * nothing to lose, and its failure is what people should see.
 */
static bool
conclude(struct review *r, struct err *err)
{
	struct state *s = &r->state;

	keep_product_id(r);
	if (r->product.status == PRODUCT_ABSENT &&
	    (state_has_instance(s) || s->status != ENV_FAILED)) {
		see(r, ENV_TERMINATED, "its product is no more");
		return true;
	}
	if (s->status == ENV_TERMINATING_FAILED) {
		if (r->product.status == PRODUCT_CHANGING)
			again(s, r->now_ms);
		else
			reconcile_plan(s, r->now_ms);
		return true;
	}
	if (!state_has_instance(s))
		return late_launch(r, err);
	return with_instance(r, err);
}

/* --- the runner ---------------------------------------------------------------------------- */

static bool
store(struct review *r, struct err *err)
{
	state_write(&r->state, &r->change);
	return change_commit(&r->change, err);
}

static bool
load(struct workbench *wb, struct arena *a, str id, int64_t now_ms, struct review *out,
    struct err *err)
{
	*out = (struct review){ .now_ms = now_ms };
	change_init(&out->change, wb, a);
	return state_load(wb, a, id, &out->state, err);
}

/* The cloud could not be asked: later, and out of what should have passed when its time is over. */
static bool
put_off(struct review *r, const struct err *why, struct err *err)
{
	struct state *s = &r->state;
	str id = s->id;

	log_info(s->wb->o.log, "review put off: env=" STR_FMT ": " STR_FMT, STR_ARG(id),
	    STR_ARG(why->msg));
	if (!load(s->wb, s->a, id, r->now_ms, r, err))
		return false;
	state_evidence(
	    &r->state, r->now_ms, "the cloud could not be asked: " STR_FMT, STR_ARG(why->msg));
	still_open(r);
	return store(r, err);
}

static bool
review(struct workbench *wb, struct arena *a, str id, int64_t now_ms, struct err *err)
{
	struct review r;
	struct err why;

	if (!load(wb, a, id, now_ms, &r, err))
		return false;
	if (item_due_ms(r.state.own) > now_ms)
		return true; /* another thread was faster */
	if (state_any_open(&r.state) || r.state.status == ENV_TERMINATED) {
		not_due(&r.state);
		return store(&r, err);
	}
	err_init(&why, a);
	if (!prepare(&r, &why) || !ask_product(&r, &why) || !conclude(&r, &why))
		return put_off(&r, &why, err);
	return store(&r, err);
}

bool
reconcile_run(struct workbench *wb, str own_pk, int64_t now_ms)
{
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	if (review(wb, &a, str_from(own_pk, sizeof("SWB#ENV#") - 1), now_ms, &err) ||
	    err.kind == ERR_CONFLICT)
		return true;
	log_error(wb->o.log, "review not done: key=" STR_FMT ": " STR_FMT, STR_ARG(own_pk),
	    STR_ARG(err.msg));
	item_put_off(wb, own_pk, S("SWB#STATE"), now_ms + ITEM_PUT_OFF_MS);
	return false;
}
