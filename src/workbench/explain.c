/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/explain.c: what is going on with an environment, for the person who waits for it.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/env.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/state.h"

/* What is awaited where no job is at work, and what a person can do. */
static const struct {
	const char *awaited, *advice;
} statuses[] = {
	[ENV_PENDING] = { "the instance to run",
	    "Wait; or terminate: what was made until then is removed." },
	[ENV_COMPLETED] = { "nothing", "Connect, stop or terminate." },
	[ENV_STARTING] = { "the instance to run", "Wait; or terminate." },
	[ENV_STOPPING] = { "the instance to stand still", "Wait; or terminate." },
	[ENV_STOPPED] = { "nothing", "Start or terminate." },
	[ENV_TERMINATING] = { "the product to be removed", "Wait." },
	[ENV_TERMINATED] = { "nothing", "Nothing is left of it. Launch another." },
	[ENV_FAILED] = { "nothing",
	    "Read the error; terminate it, which removes what was made; mend the cause and launch "
	    "another." },
	[ENV_TERMINATING_FAILED] = { "nothing",
	    "Read the error, remove what stands in the way, and terminate again." },
	[ENV_STARTING_FAILED] = { "nothing", "Read the error; start or stop again, or terminate." },
	[ENV_STOPPING_FAILED] = { "nothing", "Read the error; start or stop again, or terminate." },
};
static_assert(countof(statuses) == ENV_STATUS_COUNT, "one row per status");

static void
put_time(struct arena *a, struct json *out, const char *name, int64_t ms)
{
	if (ms > 0 && ms != CLOCK_NEVER)
		json_put_str(a, out, name, time_iso_ms(a, ms));
}

/* The newest open operation is what the environment's status comes from. */
static const struct json *
newest_open(const struct state *s)
{
	const struct json *last = NULL;

	for (const struct json *o = json_first(json_get(s->own, "open")); o != NULL; o = o->next)
		last = o;
	return last;
}

static struct json *
operation_of(struct arena *a, const struct json *row)
{
	struct json *out = json_new_object(a);
	int64_t attempt = json_i64(json_get(row, "attempt"), 1);

	json_put_str(a, out, "id", json_str(json_get(row, "id")));
	json_put_str(a, out, "verb", json_str(json_get(row, "verb")));
	json_put_str(a, out, "actor", json_str(json_get(row, "actor")));
	json_put_str(a, out, "step", json_str(json_get(row, "step")));
	json_put_i64(a, out, "attempt", attempt > 0 ? attempt : 1);
	if (json_get(row, "lastError") != NULL)
		json_put(a, out, "lastError", json_get(row, "lastError"));
	put_time(a, out, "startedAt", json_i64(json_get(row, "createdMs"), 0));
	put_time(a, out, "nextLookAt", item_due_ms(row));
	return out;
}

/* Absent where it ended between two reads: then the status tells. */
static bool
load_job(struct state *s, const struct json **out, struct err *err)
{
	const struct json *open = newest_open(s);
	struct item row;
	bool found;

	*out = NULL;
	if (open == NULL)
		return true;
	if (!store_find(s->wb->o.store, s->a, job_pk(s->a, json_str(json_get(open, "id"))),
		S("SWB#JOB"), &row, &found, err))
		return false;
	if (found)
		*out = row.body;
	return true;
}

static void
put_waiting(struct state *s, struct json *out, const struct json *row)
{
	const char *awaited = row == NULL ? NULL : job_awaits(row);

	json_put_str(
	    s->a, out, "awaited", str_of(awaited != NULL ? awaited : statuses[s->status].awaited));
	put_time(s->a, out, "deadline",
	    row != NULL ? json_i64(json_get(row, "deadlineMs"), 0)
			: state_ms(s, "reviewDeadlineMs"));
	if (row == NULL)
		put_time(s->a, out, "nextLookAt", item_due_ms(s->own));
}

static void
put_evidence(struct state *s, struct json *out)
{
	struct json *evidence = json_new_object(s->a);

	if (state_text(s, "evidence").len > 0) {
		put_time(s->a, evidence, "at", state_ms(s, "evidenceMs"));
		json_put_str(s->a, evidence, "text", state_text(s, "evidence"));
		json_put(s->a, out, "evidence", evidence);
	}
	json_put(s->a, out, "error", json_get(s->env, "error"));
	json_put(s->a, out, "cause", json_get(s->own, "cause"));
}

bool
env_explain(struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct json *answer = json_new_object(a);
	const struct json *row;
	struct state s;

	if (!state_load(wb, a, id, &s, err) || !load_job(&s, &row, err))
		return false;
	json_put_str(a, answer, "environmentId", s.id);
	json_put_str(a, answer, "status", str_of(env_status_name(s.status)));
	put_time(a, answer, "since", state_ms(&s, "sinceMs"));
	if (row != NULL)
		json_put(a, answer, "operation", operation_of(a, row));
	put_waiting(&s, answer, row);
	put_evidence(&s, answer);
	json_put_str(a, answer, "advice", str_of(statuses[s.status].advice));
	*out = answer;
	return true;
}
