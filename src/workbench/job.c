/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/job.c: the runner.
 *
 * Load, step, commit. Whatever interferes (an event that came in between, another thread, a
 * crash) makes the commit fail or never happen, and the step runs again from what is stored.
 */
#include "workbench/job.h"

#include <assert.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "workbench/internal.h"
#include "workbench/item.h"

#define PATIENT_TRIES 5 /* for refusals that may be news not yet spread: roles, shares, paths */

static const struct job_kind *const kinds[] = { &job_launch, &job_terminate, &job_start, &job_stop,
	&job_account, &job_publish };

static const struct job_kind *
kind_of(const struct json *row)
{
	for (size_t i = 0; i < countof(kinds); i++)
		if (str_is(json_str(json_get(row, "kind")), kinds[i]->name))
			return kinds[i];
	return NULL;
}

static const struct job_step *
step_named(const struct job_kind *kind, str name)
{
	for (size_t i = 0; i < kind->step_count; i++)
		if (str_is(name, kind->steps[i].name))
			return &kind->steps[i];
	return NULL;
}

const char *
job_awaits(const struct json *row)
{
	const struct job_kind *kind = kind_of(row);
	const struct job_step *step =
	    kind == NULL ? NULL : step_named(kind, json_str(json_get(row, "step")));

	return step == NULL ? NULL : step->awaits;
}

str
job_pk(struct arena *a, str id)
{
	return str_fmt(a, "SWB#JOB#" STR_FMT, STR_ARG(id));
}

struct json *
job_row(struct arena *a, str id, const struct job_kind *kind, str actor, int64_t now_ms,
    int64_t deadline_ms)
{
	struct json *row = item_new(a, job_pk(a, id), S("SWB#JOB"));

	json_put_str(a, row, "id", id);
	json_put_str(a, row, "kind", str_of(kind->name));
	json_put_str(a, row, "step", str_of(kind->steps[0].name));
	json_put_i64(a, row, "tries", 0);
	json_put_str(a, row, "actor", actor);
	json_put_i64(a, row, "createdMs", now_ms);
	json_put_i64(a, row, "deadlineMs", deadline_ms);
	item_due(a, row, now_ms);
	return row;
}

/* Loads row and state. Fails: ERR_NOT_FOUND (it has ended). */
static bool
load(
    struct workbench *wb, struct arena *a, str id, int64_t now_ms, struct job *out, struct err *err)
{
	struct item row;
	str environment;

	*out = (struct job){ .wb = wb, .a = a, .now_ms = now_ms };
	if (!store_load(wb->o.store, a, job_pk(a, id), S("SWB#JOB"), &row, err))
		return false;
	out->row = json_copy_shallow(a, row.body);
	out->version = row.version;
	out->id = json_str(json_get(row.body, "id"));
	change_init(&out->change, wb, a);
	environment = json_str(json_get(row.body, "environmentId"));
	if (environment.len == 0 || state_load(wb, a, environment, &out->state, err))
		return true;
	if (err->kind == ERR_NOT_FOUND)
		err->kind = ERR_IO; /* the row is there: it is its environment that is missing */
	return false;
}

/* --- for steps ----------------------------------------------------------------------------- */

str
job_text(const struct job *j, const char *member)
{
	return json_str(json_get(j->row, member));
}

int64_t
job_i64(const struct job *j, const char *member)
{
	return json_i64(json_get(j->row, member), 0);
}

void
job_set(struct job *j, const char *member, str text)
{
	json_set_str(j->a, j->row, member, text);
}

void
job_set_i64(struct job *j, const char *member, int64_t value)
{
	item_set_i64(j->a, j->row, member, value);
}

enum step_end
job_wait_until(struct job *j, int64_t at_ms)
{
	j->wake_ms = at_ms;
	return STEP_WAIT;
}

enum step_end
job_wait(struct job *j, int64_t ms)
{
	return job_wait_until(j, j->now_ms + ms);
}

enum step_end
job_go(struct job *j, const char *step)
{
	j->go_to = step;
	return STEP_AGAIN;
}

int64_t
job_backoff(int64_t tries, int64_t first_ms, int64_t max_ms)
{
	int64_t ms = first_ms;

	for (; tries > 0 && ms < max_ms; tries--)
		ms *= 2;
	return ms < max_ms ? ms : max_ms;
}

/* --- the runner ---------------------------------------------------------------------------- */

static void
stand_at(struct job *j, const char *step, int64_t due_ms)
{
	json_set_str(j->a, j->row, "step", str_of(step));
	job_set_i64(j, "tries", 0);
	json_remove(j->row, "lastError");
	item_due(j->a, j->row, due_ms);
}

static const char *
step_after(const struct job_kind *kind, const struct job_step *step)
{
	assert(step + 1 < kind->steps + kind->step_count);
	return step[1].name;
}

/* The state and the row go together, each where the version that was read still stands. */
static bool
commit(struct job *j, bool ended, struct err *err)
{
	if (j->state.own != NULL)
		state_write(&j->state, &j->change);
	if (ended)
		change_del(&j->change, json_str(json_get(j->row, "pk")), S("SWB#JOB"), j->version);
	else
		change_put(&j->change, j->row, j->version);
	return change_commit(&j->change, err);
}

static bool
passes_by_itself(const struct err *why, int64_t tries)
{
	if (str_is(why->code, "AutomationExecutionLimitExceededException"))
		return true; /* others end, and there is room again */
	switch (why->kind) {
	case ERR_THROTTLED:
	case ERR_TIMEOUT:
	case ERR_UPSTREAM:
	case ERR_IO:
		return true;
	case ERR_DENIED:
	case ERR_NOT_FOUND:
	case ERR_UNAUTHENTICATED:
	case ERR_CONFLICT:
		return tries < PATIENT_TRIES;
	case ERR_NONE:
	case ERR_INVALID:
	case ERR_TOO_LARGE:
	case ERR_KIND_COUNT:
		break;
	}
	return false;
}

/* What the failed step changed in memory is forgotten: it starts from what is stored. */
static bool
reload(struct job *j, struct err *err)
{
	return load(j->wb, j->a, str_dup(j->a, j->id), j->now_ms, j, err);
}

static bool
give_up(struct job *j, const struct job_kind *kind, const struct err *why, struct err *err)
{
	log_warn(j->wb->o.log, "job failed: id=" STR_FMT " kind=%s step=" STR_FMT ": " STR_FMT,
	    STR_ARG(j->id), kind->name, STR_ARG(job_text(j, "step")), STR_ARG(why->msg));
	return kind->give_up(j, why, err) && commit(j, true, err);
}

static bool
try_again(struct job *j, const struct job_kind *kind, const struct err *why, struct err *err)
{
	int64_t tries = job_i64(j, "tries");

	if (!reload(j, err))
		return false;
	if (!passes_by_itself(why, tries) || j->now_ms >= job_i64(j, "deadlineMs"))
		return give_up(j, kind, why, err);
	log_info(j->wb->o.log, "job tries again: id=" STR_FMT " kind=%s step=" STR_FMT ": " STR_FMT,
	    STR_ARG(j->id), kind->name, STR_ARG(job_text(j, "step")), STR_ARG(why->msg));
	job_set_i64(j, "tries", tries + 1);
	job_set(j, "lastError", why->msg);
	item_due(j->a, j->row, j->now_ms + job_backoff(tries, 1000, MINUTE_MS));
	return commit(j, false, err);
}

/* At the deadline, what the last look found is kept: ids above all. */
static bool
sleep_until(struct job *j, const struct job_kind *kind, struct err *err)
{
	int64_t deadline = job_i64(j, "deadlineMs"), at = j->wake_ms;

	if (j->now_ms >= deadline) {
		struct err late;

		err_init(&late, j->a);
		(void)err_set(&late, ERR_TIMEOUT, "it did not end within %lld minutes",
		    (long long)((deadline - job_i64(j, "createdMs")) / MINUTE_MS));
		return give_up(j, kind, &late, err);
	}
	at = at < deadline ? at : deadline;
	assert(at > j->now_ms);
	item_due(j->a, j->row, at);
	return commit(j, false, err);
}

static bool
settle(struct job *j, const struct job_kind *kind, const struct job_step *step, enum step_end end,
    const struct err *why, struct err *err)
{
	switch (end) {
	case STEP_NEXT:
		stand_at(j, step_after(kind, step), j->now_ms);
		return commit(j, false, err);
	case STEP_AGAIN:
		stand_at(j, j->go_to != NULL ? j->go_to : step->name, j->now_ms);
		return commit(j, false, err);
	case STEP_WAIT:
		return sleep_until(j, kind, err);
	case STEP_ENDED:
		return commit(j, true, err);
	case STEP_FAILED:
		return try_again(j, kind, why, err);
	}
	return false;
}

/* The job stays at the step where what came in between left it. */
static bool
learn_anew(struct job *j, struct err *err)
{
	void (*learn)(struct job *, const void *) = j->learn;
	const void *learned = j->learned;

	do {
		err_clear(err);
		if (!reload(j, err))
			return err->kind == ERR_NOT_FOUND; /* what came in between ended it */
		learn(j, learned);
		stand_at(j, str_z(j->a, job_text(j, "step")), j->now_ms);
	} while (!commit(j, false, err) && err->kind == ERR_CONFLICT);
	return err->kind == ERR_NONE;
}

static bool
run_step(struct job *j, struct err *err)
{
	const struct job_kind *kind = kind_of(j->row);
	const struct job_step *step = kind == NULL ? NULL : step_named(kind, job_text(j, "step"));
	enum step_end end;
	struct err why;

	if (step == NULL)
		return err_set(err, ERR_IO, "this program knows no step " STR_FMT " of " STR_FMT,
		    STR_ARG(job_text(j, "step")), STR_ARG(job_text(j, "kind")));
	err_init(&why, j->a);
	end = step->run(j, &why);
	assert((end == STEP_FAILED) == (why.kind != ERR_NONE));
	return settle(j, kind, step, end, &why, err) ||
	    (err->kind == ERR_CONFLICT && j->learn != NULL && learn_anew(j, err));
}

bool
job_run(struct workbench *wb, str pk, int64_t now_ms)
{
	auto_arena a = { 0 };
	struct job j;
	struct err err;

	err_init(&err, &a);
	if (!load(wb, &a, str_from(pk, sizeof("SWB#JOB#") - 1), now_ms, &j, &err)) {
		if (err.kind == ERR_NOT_FOUND)
			return true; /* it ended meanwhile */
	} else if (item_due_ms(j.row) > now_ms || run_step(&j, &err)) {
		return true; /* another thread was faster, or this one did it */
	}
	if (err.kind == ERR_CONFLICT)
		return true; /* something came in between: the step runs again */
	log_error(wb->o.log, "job step not done: key=" STR_FMT ": " STR_FMT, STR_ARG(pk),
	    STR_ARG(err.msg));
	item_put_off(wb, pk, S("SWB#JOB"), now_ms + ITEM_PUT_OFF_MS);
	return false;
}
