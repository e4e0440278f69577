/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work of one due row: for turn.c, which decides which row is next. All of it under the
 * cloud's lock.
 */
#pragma once

#include "cloud/internal.h"

struct work {
	struct cloud *cloud;
	struct arena *a; /* of one row: reset when the next is loaded */
	int64_t now_ms;
	struct item row;
	const struct engine *engine;
	const struct task *task;
};

/* When the row is due, by the members that row_due() wrote; now where they are unreadable, for
 * looking at it is how that gets told. */
int64_t step_due_ms(const struct work *w, const struct json *body);

/* Loads a row to work on. *is_due: it stands, in this queue, and its time has come. */
bool step_load(struct work *w, str pk, str sk, const char *queue, bool *is_due, struct err *err);

/* The engine's task that the row names, in w. Fails: ERR_INVALID, there is none. */
bool step_find_task(struct work *w, struct err *err);

/*
 * Does the row's work in one transaction, or notes in the row why not. result: what the task's work
 * outside made, NULL for none; it counts only while the row is what it was when loaded. Returns
 * when to come again: later than now only where the store is in trouble.
 */
int64_t step_do(struct work *w, const struct json *result, struct err *err);

/* Tells of the store's trouble, and when to come again. */
int64_t step_trouble(const struct work *w, const struct err *err);
