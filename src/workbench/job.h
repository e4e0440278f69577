/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long work: a row that carries the name of its next step, and a due time. The runner loads the
 * row and what it is about, runs the step, and commits all that the step changed in one
 * transaction with the row's new place. A step that was not committed runs again, so a step is
 * safe to repeat; and what it is about to do in the cloud was stored, parameters and token
 * included, by the step before.
 *
 * A row's members: id, kind, step, tries, deadlineMs, createdMs, actor, and for operations on an
 * environment environmentId, verb and epoch; all else is its kind's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "workbench/change.h"
#include "workbench/state.h"

struct err;
struct json;
struct workbench;

enum step_end {
	STEP_NEXT,   /* the step is done: the next one of the table, at once */
	STEP_AGAIN,  /* it got further: the same one, or job->go_to, at once */
	STEP_WAIT,   /* the same one at job->wake_ms, or when something wakes the row */
	STEP_ENDED,  /* the job is done; its row goes */
	STEP_FAILED, /* err tells: what may pass by itself is tried again, the rest gives up */
};

struct job {
	struct workbench *wb;
	struct arena *a;
	int64_t now_ms;
	str id;
	struct json *row;
	uint64_t version;
	struct state state;   /* of operations: loaded, and written with the row */
	struct change change; /* what the step adds besides */
	int64_t wake_ms;
	const char *go_to;
	/*
	 * What a call has answered, for a step that ends with STEP_AGAIN. Where an event came in
	 * before the commit, it is put into what stands then, and the call is not made again.
	 */
	void (*learn)(struct job *j, const void *learned);
	const void *learned;
};

struct job_step {
	const char *name;
	enum step_end (*run)(struct job *j, struct err *err);
	const char *awaits; /* "the launch to end": what explain says while it stands here */
};

struct job_kind {
	const char *name;
	const struct job_step *steps;
	size_t step_count;
	/*
	 * A step failed for good, or the deadline passed (ERR_TIMEOUT): puts things into a state
	 * that a person can leave, in memory; the runner commits and ends the job. False: the
	 * store failed, and it is tried again.
	 */
	bool (*give_up)(struct job *j, const struct err *why, struct err *err);
};

extern const struct job_kind job_launch, job_terminate, job_start, job_stop, job_account,
    job_publish;

/* A new row, due at once. id: unique over all jobs, and the operation's where it is one. */
struct json *job_row(struct arena *a, str id, const struct job_kind *kind, str actor,
    int64_t now_ms, int64_t deadline_ms);
str job_pk(struct arena *a, str id);

/* Runs one step of the job whose row has that key, if it is due. False: nothing was committed. */
bool job_run(struct workbench *wb, str pk, int64_t now_ms);

/* What a row's present step awaits; NULL for an unknown step. */
const char *job_awaits(const struct json *row);

/* --- for steps ----------------------------------------------------------------------------- */

str job_text(const struct job *j, const char *member);
int64_t job_i64(const struct job *j, const char *member);
void job_set(struct job *j, const char *member, str text);
void job_set_i64(struct job *j, const char *member, int64_t value);

enum step_end job_wait(struct job *j, int64_t ms); /* from now */
enum step_end job_wait_until(struct job *j, int64_t at_ms);
enum step_end job_go(struct job *j, const char *step);

/* first_ms, then twice as long with every try, at most max_ms. */
int64_t job_backoff(int64_t tries, int64_t first_ms, int64_t max_ms);
