/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of src/cloud share among themselves. Engines never include this: all that they
 * may use is in engine.h.
 */
#pragma once

#include <string.h>

#include "aws/model.h"
#include "base/arena.h"
#include "base/thread.h"
#include "cloud/cloud.h"
#include "cloud/engine.h"

#define WATCH_BITS 65536

/* A row that is or became due. */
struct due {
	struct due *next;
	str pk, sk;
};

/* While rows are moved inside: which rows the last of them made due at once, in their order. */
struct turn {
	struct arena *a; /* lives as long as the turn */
	int64_t now_ms;
	struct due *fresh, **fresh_end;
};

/* A partition, by its hash, and how many rows may come to it before they are counted again. */
struct room {
	uint64_t partition, left;
};

struct cloud {
	struct cloud_options options; /* its texts live in arena */
	const struct engine *const *engines;
	str secret; /* signs session tokens; made once, kept in the store */
	struct arena arena;

	/*
	 * Held while an action or a step runs; guards all below. The store's one interactive
	 * transaction belongs to the holder.
	 */
	struct mutex mu;
	struct mutex door; /* of mu: between turns of moving rows, calls that wait come in */
	struct turn *turn; /* NULL where no rows are being moved */
	bool delivering;   /* a thread is at the work outside, without the lock */

	/* The row that is being stepped, and whether its step put or deleted it. */
	str stepping_pk, stepping_sk;
	bool stepping_written;

	/*
	 * One bit per hash of a watched key and of a waiting row: never clear where a watch row
	 * stands, so a write that nobody waits for asks the store nothing. Stale bits cost one
	 * query; watch_refresh() drops them from time to time.
	 */
	uint64_t watched[WATCH_BITS / 64];
	size_t watches_set;

	struct room rooms[64]; /* by their hash; what does not fit is counted again */

	struct memo *memos; /* the one used last comes first */
	bool memos_grown;   /* since the last memo_trim() */
};

/* engines.c */
extern const struct engine *const cloud_engines[]; /* NULL-ended */
const struct engine *engine_find(struct cloud *cloud, str service);
const struct action *engine_action(const struct engine *engine, str name);
const struct task *engine_task(const struct engine *engine, str name);

/* call.c: the code of the error where a fault lost the answer. */
#define CALL_ANSWER_LOST "ReadTimeoutError"

/* rows.c */
str row_due_text(struct arena *a, int64_t due_ms);

/*
 * The values of "queue", by which the index byDue tells apart: rows to be moved, those whose task
 * works outside first, and, never due, all watches.
 */
#define QUEUE_INSIDE "due"
#define QUEUE_OUTSIDE "outside"
#define QUEUE_WATCHES "watch"

/* turn.c: a row is put; who moves due rows, or delivers, learns of it. */
void turn_note(struct cloud *cloud, const struct json *body);

/* watch.c */
bool watch_needs_refresh(const struct cloud *cloud);
bool watch_refresh(struct cloud *cloud, struct err *err);
bool watch_fire(struct call *c, str pk, str sk, const struct json *body, struct err *err);
bool watch_forget(struct call *c, str pk, str sk, struct err *err);

/* memo.c: drops what was not used for long, or all; by who runs no call. */
void memo_trim(struct cloud *cloud);
void memo_drop_all(struct cloud *cloud);

/* cloud.c */
void cloud_lock(struct cloud *cloud);
void cloud_unlock(struct cloud *cloud);

/* account.c */
bool secret_load(struct cloud *cloud, struct err *err);
