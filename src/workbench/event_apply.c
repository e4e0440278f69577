/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/event_apply.c: the rules.
 *
 *   - another account's word counts for nothing
 *   - a document's event wakes the job of its operation, which asks before it believes; without
 *     an open operation it makes the reconciler ask
 *   - SSM's word that an execution ended gives the document's event 5 s
 *   - an instance's events are ordered among themselves, by their source's own time; equal times
 *     with different words are not decided here but asked about
 *   - while a launch or terminate is open they are evidence only
 *   - while a start or stop is open they move along its way and end it, unless the same verb ended
 *     shortly before: then its last event may be the one that came late, and the job asks
 *   - else they move as the status table allows; what tells of an end makes the reconciler ask
 *
 * Nothing here calls the cloud.
 */
#include "workbench/event_apply.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/execution.h"
#include "workbench/instance.h"
#include "workbench/internal.h"
#include "workbench/job.h"
#include "workbench/job_power.h"
#include "workbench/look.h"
#include "workbench/operation.h"
#include "workbench/reconcile.h"
#include "workbench/version.h"

static bool
ignore(struct taken *t, const struct event *e, const char *why)
{
	state_ignored(&t->state, "ignored", e->detail_type, t->now_ms, "%s", why);
	t->outcome = EVENT_IGNORED;
	return true;
}

static bool
evidence(struct taken *t, const struct event *e, str word, const char *why)
{
	state_ignored(&t->state, "evidence", e->detail_type, t->now_ms,
	    "the instance is " STR_FMT "; %s", STR_ARG(word), why);
	t->outcome = EVENT_EVIDENCE;
	return true;
}

#define AN_OPERATION_IS_OPEN "an operation is open that will tell itself how it ends"

/* Launch or terminate: a document whose end tells more than any instance. */
static bool
document_is_open(const struct state *s)
{
	str id;

	return state_is_open(s, BUNDLE_LAUNCH, &id) || state_is_open(s, BUNDLE_TERMINATE, &id);
}

static bool
power_is_open(const struct state *s, enum bundle_verb *verb, str *id)
{
	*verb = state_is_open(s, BUNDLE_START, id) ? BUNDLE_START : BUNDLE_STOP;
	return *verb == BUNDLE_START || state_is_open(s, BUNDLE_STOP, id);
}

/* Can the instance be asked? Where it cannot, its events are all there is. */
static bool
describes(const struct state *s)
{
	return json_bool(json_get(s->own, "describes"), false);
}

static bool
review(struct taken *t, const struct event *e, const char *why)
{
	state_ignored(&t->state, "evidence", e->detail_type, t->now_ms, "%s", why);
	reconcile_soon(&t->state, t->now_ms);
	t->outcome = EVENT_MOVED;
	return true;
}

/*
 * The job of an open operation, with the state that was loaded already. One that ended since then
 * is a conflict: the event is taken anew.
 */
static bool
open_job(struct taken *t, str operation_id, struct job *out, struct err *err)
{
	struct state *s = &t->state;
	struct item row;
	bool found;

	if (!store_find(
		s->wb->o.store, s->a, job_pk(s->a, operation_id), S("SWB#JOB"), &row, &found, err))
		return false;
	if (!found)
		return err_set(err, ERR_CONFLICT, "operation " STR_FMT " ended just now",
		    STR_ARG(operation_id));
	*out = (struct job){
		.wb = s->wb,
		.a = s->a,
		.now_ms = t->now_ms,
		.id = operation_id,
		.row = json_copy_shallow(s->a, row.body),
		.version = row.version,
		.state = *s,
	};
	change_init(&out->change, s->wb, s->a);
	return true;
}

/* The job goes on with what was put into its row. */
static void
wake(struct taken *t, struct job *j)
{
	t->state = j->state;
	change_put(&t->change, j->row, j->version);
	t->outcome = EVENT_MOVED;
}

/* --- documents and executions ---------------------------------------------------------------- */

static const struct {
	enum bundle_verb verb;
	enum env_status well, badly;
} document_ends[] = {
	{ BUNDLE_LAUNCH, ENV_COMPLETED, ENV_FAILED },
	{ BUNDLE_TERMINATE, ENV_TERMINATED, ENV_TERMINATING_FAILED },
};

/* Does the document of this verb end with such a word? */
static bool
is_end_of(enum bundle_verb verb, enum env_status status)
{
	for (size_t i = 0; i < countof(document_ends); i++)
		if (document_ends[i].verb == verb)
			return status == document_ends[i].well || status == document_ends[i].badly;
	return verb == BUNDLE_START || verb == BUNDLE_STOP;
}

static bool
is_of_this_product(const struct state *s, const struct event *e)
{
	str known = json_str(json_get(s->env, "provisionedProductId"));
	str named = json_str(json_get(e->detail, "ProvisionedProductId"));

	return known.len == 0 || named.len == 0 || str_eq(known, named);
}

static bool
without_operation(struct taken *t, const struct event *e, enum bundle_verb verb)
{
	struct state *s = &t->state;

	if (s->status == ENV_TERMINATED)
		return ignore(t, e, "the environment is TERMINATED");
	if (verb == BUNDLE_LAUNCH && state_has_instance(s))
		return ignore(t, e, "the launch ended before, and its result is known");
	return review(t, e, "no such operation is open: the product is asked");
}

/* start and stop may be documents too: their job then asks the instance. */
static void
hear_document(struct job *j, enum bundle_verb verb, const struct event *e)
{
	if (verb == BUNDLE_START || verb == BUNDLE_STOP)
		job_power_ask(j);
	else
		look_claim(j, e->detail);
	state_evidence(&j->state, j->now_ms, "event of the document: " STR_FMT " " STR_FMT,
	    STR_ARG(e->detail_type), STR_ARG(json_str(json_get(e->detail, "Status"))));
}

static bool
from_document(struct taken *t, const struct event *e, struct err *err)
{
	str operation = json_str(json_get(e->detail, "Operation")), id;
	str type = json_str(json_get(e->detail, "EnvType"));
	enum bundle_verb verb;
	enum env_status status;
	struct job j;

	if (!verb_parse(operation.len > 0 ? operation : e->detail_type, &verb))
		return ignore(t, e, "its operation is none that is known");
	if (!env_status_parse(json_str(json_get(e->detail, "Status")), &status) ||
	    !is_end_of(verb, status))
		return ignore(t, e, "its status is none that this operation ends with");
	if (type.len > 0 && !str_eq(type, state_text(&t->state, "type")))
		return ignore(t, e, "its EnvType is not the environment's");
	if (!is_of_this_product(&t->state, e))
		return ignore(t, e, "its product is not the environment's");
	if (!state_is_open(&t->state, verb, &id))
		return without_operation(t, e, verb);
	if (!open_job(t, id, &j, err))
		return false;
	hear_document(&j, verb, e);
	wake(t, &j);
	return true;
}

static bool
is_open(const struct state *s, str operation_id)
{
	for (const struct json *o = json_first(json_get(s->own, "open")); o != NULL; o = o->next)
		if (str_eq(json_str(json_get(o, "id")), operation_id))
			return true;
	return false;
}

static bool
from_execution(struct taken *t, const struct event *e, struct err *err)
{
	str status = json_str(json_get(e->detail, "Status"));
	struct job j;

	if (!execution_status_is_end(status)) {
		t->outcome = EVENT_EVIDENCE;
		return true;
	}
	if (!is_open(&t->state, e->operation_id))
		return ignore(t, e, "its operation has ended");
	if (!open_job(t, e->operation_id, &j, err))
		return false;
	if (!str_eq(job_text(&j, "executionId"), json_str(json_get(e->detail, "ExecutionId"))))
		return ignore(t, e, "it is an earlier attempt's execution");
	if (job_i64(&j, "endedMs") > 0)
		return ignore(t, e, "that the execution ended is known");
	state_evidence(
	    &j.state, t->now_ms, "event of SSM: the execution is " STR_FMT, STR_ARG(status));
	if (operation_verb(&j) == BUNDLE_START || operation_verb(&j) == BUNDLE_STOP)
		job_power_ask(&j);
	else
		look_ended(&j, status);
	wake(t, &j);
	return true;
}

/* --- instances ------------------------------------------------------------------------------- */

enum order { NEWER, SAME, UNCLEAR, OLDER };

static enum order
order_of(const struct state *s, str instance, int64_t order, str word)
{
	str known_word;
	int64_t known;

	if (!state_instance(s, instance, &known, &known_word) || order > known)
		return NEWER;
	if (order < known)
		return OLDER;
	return str_eq_nocase(word, known_word) ? SAME : UNCLEAR;
}

/* The word that all instances together give; an instance that is new to us counts for all. */
static void
together(const struct state *s, enum env_status word, struct instance_view *out)
{
	instance_together(s, out);
	if (json_count(instance_ids(s)) <= 1)
		*out = (struct instance_view){ .known = true, .status = word };
}

static bool
ends_of_life(enum env_status status)
{
	return status == ENV_TERMINATING || status == ENV_TERMINATED;
}

static bool
is_way_of(enum bundle_verb verb, enum env_status status)
{
	if (verb == BUNDLE_START)
		return status == ENV_PENDING || status == ENV_STARTING || status == ENV_COMPLETED;
	return status == ENV_STOPPING || status == ENV_STOPPED;
}

/* What is asked about is not known: the words are again those that stood before. */
static void
forget_words(struct job *j, const struct json *before)
{
	if (before != NULL)
		json_set(j->a, j->state.own, "instances", before);
	else
		json_remove(j->state.own, "instances");
}

static void
remember_words(struct taken *t)
{
	const struct json *words = json_get(t->state.own, "instances");

	t->words_before = words == NULL ? NULL : json_copy_shallow(t->state.a, words);
}

static bool
ask_job(struct taken *t, struct job *j, const struct event *e, enum env_status seen)
{
	forget_words(j, t->words_before);
	state_ignored(&j->state, "evidence", e->detail_type, t->now_ms,
	    "the instance is %s: it is asked whether that is so", env_status_name(seen));
	job_power_ask(j);
	wake(t, j);
	return true;
}

static bool
during_power(struct taken *t, const struct event *e, enum bundle_verb verb, str operation_id,
    enum env_status seen, struct err *err)
{
	const char *status = env_status_name(seen);
	struct job j;

	if (!open_job(t, operation_id, &j, err))
		return false;
	if (operation_is_superseded(&j) || !is_way_of(verb, seen))
		return ask_job(t, &j, e, seen);
	if (seen == env_status_end(verb)) {
		if (operation_follows_closely(&j) && describes(&t->state))
			return ask_job(t, &j, e, seen);
		if (!job_power_end(&j, seen, (str){ 0 },
			str_z(j.a, str_fmt(j.a, "event: the instance is %s", status)), err))
			return false;
		t->state = j.state;
		for (size_t i = 0; i < j.change.count; i++)
			t->change.writes[t->change.count++] = j.change.writes[i];
		change_del(&t->change, job_pk(j.a, operation_id), S("SWB#JOB"), j.version);
		t->outcome = EVENT_MOVED;
		return true;
	}
	if (seen == t->state.status)
		return ignore(t, e, "that is known");
	state_move(
	    &t->state, seen, false, operation_id, t->now_ms, "event: the instance is %s", status);
	t->outcome = EVENT_MOVED;
	return true;
}

static bool
at_rest(struct taken *t, const struct event *e, enum env_status seen)
{
	struct state *s = &t->state;

	if (!state_has_instance(s))
		return review(t, e, "the launch's result is not known: the product is asked");
	if (ends_of_life(seen) || (seen == ENV_FAILED && describes(s)))
		return review(t, e, "it tells of an end: product and instance are asked");
	if (seen == s->status)
		return ignore(t, e, "that is known");
	if (!env_status_may_be_seen(s->status, seen))
		return ignore(t, e,
		    str_z(s->a,
			str_fmt(s->a, "an environment that is %s cannot be seen to become %s",
			    env_status_name(s->status), env_status_name(seen))));
	state_move(s, seen, false, (str){ 0 }, t->now_ms, "event: the instance is %s",
	    env_status_name(seen));
	reconcile_plan(s, t->now_ms);
	t->outcome = EVENT_MOVED;
	return true;
}

static bool
move(struct taken *t, const struct event *e, enum env_status seen, struct err *err)
{
	enum bundle_verb verb;
	str id;

	if (power_is_open(&t->state, &verb, &id))
		return during_power(t, e, verb, id, seen, err);
	return at_rest(t, e, seen);
}

/* Whoever looks after the environment now shall ask. */
static bool
ask(struct taken *t, const struct event *e, const char *why, struct err *err)
{
	enum bundle_verb verb;
	struct job j;
	str id;

	if (!power_is_open(&t->state, &verb, &id))
		return review(t, e, why);
	if (!open_job(t, id, &j, err))
		return false;
	state_ignored(&j.state, "evidence", e->detail_type, t->now_ms, "%s", why);
	job_power_ask(&j);
	wake(t, &j);
	return true;
}

/* The word is news: what does it do? */
static bool
take_word(struct taken *t, const struct event *e, const struct bundle_event *be, int64_t order,
    enum env_status word, struct err *err)
{
	struct state *s = &t->state;
	struct instance_view view;
	enum bundle_verb verb;
	str id;

	remember_words(t);
	state_set_instance(s, be->instance_id, order, be->status);
	state_evidence(
	    s, t->now_ms, "event of the service: the instance is " STR_FMT, STR_ARG(be->status));
	if (document_is_open(s) && !power_is_open(s, &verb, &id))
		return evidence(t, e, be->status, AN_OPERATION_IS_OPEN);
	together(s, word, &view);
	if (!view.known && !view.gone)
		return evidence(t, e, be->status, "the other instances are not");
	return move(t, e, view.gone ? ENV_TERMINATED : view.status, err);
}

static bool
word_of_instance(struct taken *t, const struct event *e, const struct bundle_event *be,
    enum env_status word, struct err *err)
{
	struct state *s = &t->state;
	int64_t order = be->order != 0 ? be->order : e->time_ms;

	switch (order_of(s, be->instance_id, order, be->status)) {
	case OLDER:
		return ignore(t, e, "its instance's newer word is known");
	case SAME:
		return ignore(t, e, "that is known");
	case UNCLEAR:
		if (!document_is_open(s) && describes(s))
			return ask(t, e, "two words of one time: the service is asked", err);
		break;
	case NEWER:
		break;
	}
	return take_word(t, e, be, order, word, err);
}

static bool
from_instance(struct taken *t, const struct event *e, struct err *err)
{
	struct state *s = &t->state;
	const struct bundle *b;
	struct bundle_event be;
	enum env_status word;

	if (s->status == ENV_TERMINATED)
		return ignore(t, e, "the environment is TERMINATED");
	if (!version_bundle(s->wb, s->a, state_text(s, "type"), state_text(s, "hash"), &b, err) ||
	    !bundle_read_event(s->a, b, e->json, &be, err))
		return false;
	if (!be.matches)
		return ignore(t, e, "the environment's own version of its type does not know it");
	if (be.ask) {
		if (document_is_open(s))
			return evidence(t, e, S("to be asked for"), AN_OPERATION_IS_OPEN);
		return ask(t, e, "the type says that the service be asked", err);
	}
	if (!env_status_parse(be.status, &word))
		return ignore(t, e, "its status means nothing to the type");
	return word_of_instance(t, e, &be, word, err);
}

bool
event_apply(struct taken *t, const struct event *e, struct err *err)
{
	bool ok = false;

	if (!str_eq(e->account, state_text(&t->state, "accountId"))) {
		ok = ignore(t, e,
		    str_z(t->state.a,
			str_fmt(t->state.a,
			    "it comes from account " STR_FMT ", where the environment does not run",
			    STR_ARG(e->account))));
	} else {
		switch (e->kind) {
		case EVENT_OF_DOCUMENT:
			ok = from_document(t, e, err);
			break;
		case EVENT_OF_EXECUTION:
			ok = from_execution(t, e, err);
			break;
		case EVENT_OF_INSTANCE:
			ok = from_instance(t, e, err);
			break;
		}
	}
	if (ok)
		state_write(&t->state, &t->change);
	return ok;
}

void
event_apply_again(struct taken *t, const struct event *e)
{
	(void)ignore(t, e, "it was delivered before");
	t->outcome = EVENT_DUPLICATE;
	state_write(&t->state, &t->change);
}
