/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite_commit.c: who may write, and how many commits share one sync.
 *
 * There is one writing connection and no thread of its own. A caller queues its turn. Whoever
 * stands first while nobody writes becomes the leader: it takes all plain transactions that wait,
 * runs them in one SQL transaction, commits once, and tells the others how theirs went. One whose
 * conditions fail has written nothing, so it needs no savepoint; where the disk fails, all is
 * undone and each runs alone. While the leader waits for the disk the next ones queue, so the batch
 * grows with the load. An interactive transaction is a turn, too: its thread keeps the connection
 * until it is decided.
 */
#include "store/internal.h"

#include <assert.h>
#include <sched.h>

#include "base/clock.h"
#include "base/err.h"

#define LARGEST_BATCH 128
#define MOST_YIELDS 8

enum turn_state { TURN_WAITS, TURN_TAKEN, TURN_DONE };

struct sqlite_turn {
	struct sqlite_turn *next;
	enum turn_state state;
	struct condition changed;
	const struct sqlite_change *changes; /* NULL: wants the connection itself */
	size_t count;
	bool ok;
	struct err *err; /* its thread sleeps while the leader writes here */
};

/* --- the queue -------------------------------------------------------------------- */

static void
enqueue_locked(struct sqlite_store *st, struct sqlite_turn *t)
{
	mutex_assert_held(&st->mu);
	if (st->last == NULL)
		st->first = t;
	else
		st->last->next = t;
	st->last = t;
	st->waiting++;
}

static void
dequeue_locked(struct sqlite_store *st, struct sqlite_turn *t)
{
	struct sqlite_turn *before = NULL;

	mutex_assert_held(&st->mu);
	for (struct sqlite_turn *q = st->first; q != t; q = q->next)
		before = q;
	if (before == NULL)
		st->first = t->next;
	else
		before->next = t->next;
	if (st->last == t)
		st->last = before;
	t->next = NULL;
	st->waiting--;
}

static void
wake_first_locked(struct sqlite_store *st)
{
	mutex_assert_held(&st->mu);
	if (!st->busy && st->first != NULL)
		condition_signal(&st->first->changed);
}

/*
 * Waits until the turn was done by a leader, or the connection is free and it stands first: it is
 * then dequeued, and the store busy with it. False: neither came in time.
 */
static bool
wait_locked(struct sqlite_store *st, struct sqlite_turn *t)
{
	int64_t deadline_ms = clock_monotonic_ms() + st->timeout_ms;

	mutex_assert_held(&st->mu);
	enqueue_locked(st, t);
	while (t->state != TURN_DONE && (st->busy || st->first != t)) {
		int64_t left_ms = deadline_ms - clock_monotonic_ms();

		if (t->state == TURN_TAKEN) {
			condition_wait(&t->changed, &st->mu);
		} else if (left_ms <= 0) {
			dequeue_locked(st, t);
			wake_first_locked(st);
			return false;
		} else {
			(void)condition_wait_for(&t->changed, &st->mu, left_ms); /* looks again */
		}
	}
	if (t->state != TURN_DONE) {
		dequeue_locked(st, t);
		st->busy = true;
	}
	return true;
}

static bool
late(struct sqlite_store *st, struct err *err)
{
	return err_set(err, ERR_TIMEOUT,
	    "%s: the turn to write did not come within %lld ms; nothing was done", st->path,
	    (long long)st->timeout_ms);
}

/* --- the transaction -------------------------------------------------------------- */

static bool
open_transaction(struct sqlite_store *st, struct err *err)
{
	if (!sqlite_conn_run(st, st->writer, SQL_BEGIN, err))
		return false;
	st->changes_before = sqlite3_total_changes64(st->writer->db);
	return true;
}

static void
undo_transaction(struct sqlite_store *st)
{
	auto_arena scratch = { 0 };
	struct err err;

	err_init(&err, &scratch);
	if (!sqlite3_get_autocommit(st->writer->db))
		(void)sqlite_conn_run(
		    st, st->writer, SQL_ROLLBACK, &err); /* nothing was promised */
}

/* Where even that fails, the whole transaction goes: better nothing than a part. */
static void
undo_savepoint(struct sqlite_store *st)
{
	auto_arena scratch = { 0 };
	struct err err;

	err_init(&err, &scratch);
	if (sqlite3_get_autocommit(st->writer->db))
		return; /* after some errors of the disk SQLite has undone everything already */
	if (!sqlite_conn_run(st, st->writer, SQL_ROLLBACK_TO, &err) ||
	    !sqlite_conn_run(st, st->writer, SQL_RELEASE, &err))
		undo_transaction(st);
}

static bool
close_transaction(struct sqlite_store *st, struct err *err)
{
	if (sqlite3_get_autocommit(st->writer->db))
		return err_set(err, ERR_IO,
		    "%s: the transaction was undone after an error of the disk", st->path);
	if (sqlite3_total_changes64(st->writer->db) == st->changes_before) {
		undo_transaction(st); /* it wrote nothing, so nothing need be kept */
		return true;
	}
	st->commits++;
	if (st->before_commit != NULL)
		st->before_commit(st->cookie, st->commits);
	if (sqlite_conn_run(st, st->writer, SQL_COMMIT, err))
		return true;
	undo_transaction(st);
	return false;
}

/* --- groups ----------------------------------------------------------------------- */

/*
 * Those whom the last commit answered are about to come back with their next write: letting them
 * run first makes the group as large as the last one. A lone writer waits for nobody.
 */
static void
gather_locked(struct sqlite_store *st)
{
	mutex_assert_held(&st->mu);
	for (int i = 0; i < MOST_YIELDS && st->waiting + 1 < st->last_batch; i++) {
		mutex_unlock(&st->mu);
		sched_yield();
		mutex_lock(&st->mu);
	}
}

static size_t
take_batch_locked(struct sqlite_store *st, struct sqlite_turn *leader, struct sqlite_turn **batch)
{
	size_t n = 0;

	mutex_assert_held(&st->mu);
	batch[n++] = leader;
	while (n < LARGEST_BATCH && st->first != NULL && st->first->changes != NULL) {
		struct sqlite_turn *t = st->first;

		dequeue_locked(st, t);
		t->state = TURN_TAKEN;
		batch[n++] = t;
	}
	st->last_batch = n;
	return n;
}

/* False, where what failed concerns all of them, or the one alone: it is all undone. */
static bool
run_batch(struct sqlite_store *st, struct sqlite_turn **batch, size_t n, struct err *err)
{
	bool wrote;

	if (!open_transaction(st, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct sqlite_turn *t = batch[i];

		t->ok = sqlite_row_write(st, t->changes, t->count, &wrote, t->err);
		if (!t->ok && wrote) {
			undo_transaction(st);
			return err_set(err, t->err->kind, STR_FMT, STR_ARG(t->err->msg));
		}
	}
	return close_transaction(st, err);
}

/*
 * A disk that is too full for all of them may still hold some: each alone, then. Where another
 * program holds the file, each would only wait as long again.
 */
static void
run_each(struct sqlite_store *st, struct sqlite_turn **batch, size_t n, const struct err *all)
{
	for (size_t i = 0; i < n; i++) {
		struct sqlite_turn *t = batch[i];

		err_clear(t->err);
		if (all->kind == ERR_TIMEOUT)
			t->ok = err_set(t->err, all->kind, STR_FMT, STR_ARG(all->msg));
		else if (!run_batch(st, &t, 1, t->err))
			t->ok = false;
	}
}

static void
lead(struct sqlite_store *st, struct sqlite_turn *leader)
{
	auto_arena scratch = { 0 };
	struct sqlite_turn *batch[LARGEST_BATCH];
	struct err err;
	size_t n;

	err_init(&err, &scratch);
	mutex_lock(&st->mu);
	gather_locked(st);
	n = take_batch_locked(st, leader, batch);
	mutex_unlock(&st->mu);
	if (!run_batch(st, batch, n, &err))
		run_each(st, batch, n, &err);
	mutex_lock(&st->mu);
	for (size_t i = 0; i < n; i++) {
		batch[i]->state = TURN_DONE;
		if (batch[i] != leader)
			condition_signal(&batch[i]->changed);
	}
	st->busy = false;
	wake_first_locked(st);
	mutex_unlock(&st->mu);
}

static bool
is_owner(struct sqlite_store *st)
{
	bool yes;

	mutex_lock(&st->mu);
	yes = st->depth > 0 && pthread_equal(st->owner, pthread_self());
	mutex_unlock(&st->mu);
	return yes;
}

/* An I/O error may have undone an interactive transaction: what follows must not stand alone. */
static bool
check_open(struct sqlite_store *st, struct err *err)
{
	return !sqlite3_get_autocommit(st->writer->db) ||
	    err_set(
		err, ERR_IO, "%s: the transaction was undone after an error of the disk", st->path);
}

/*
 * One item needs no savepoint: where its condition fails nothing is written yet. Where the disk
 * fails in the middle, all goes, and check_open() tells whoever comes next.
 */
static bool
write_alone(struct sqlite_store *st, const struct sqlite_change *change, struct err *err)
{
	bool wrote;

	if (sqlite_row_write(st, change, 1, &wrote, err))
		return true;
	if (wrote)
		undo_transaction(st);
	return false;
}

/* Within the thread's own interactive transaction. */
static bool
write_inside(
    struct sqlite_store *st, const struct sqlite_change *changes, size_t count, struct err *err)
{
	bool wrote;

	if (!check_open(st, err))
		return false;
	if (count == 1)
		return write_alone(st, changes, err);
	if (!sqlite_conn_run(st, st->writer, SQL_SAVEPOINT, err))
		return false;
	if (sqlite_row_write(st, changes, count, &wrote, err))
		return sqlite_conn_run(st, st->writer, SQL_RELEASE, err);
	undo_savepoint(st);
	return false;
}

bool
sqlite_transact(
    struct store *store, const struct store_write *writes, size_t count, struct err *err)
{
	struct sqlite_store *st = (struct sqlite_store *)store;
	auto_arena scratch = { 0 };
	struct sqlite_change *changes = arena_new(&scratch, struct sqlite_change, count);
	struct sqlite_turn t = { .changes = changes, .count = count, .err = err };
	bool in_time, done;

	for (size_t i = 0; i < count; i++)
		if (!sqlite_row_prepare(st, &scratch, &writes[i], &changes[i], err))
			return false;
	if (is_owner(st))
		return write_inside(st, changes, count, err);
	condition_init(&t.changed);
	mutex_lock(&st->mu);
	in_time = wait_locked(st, &t);
	done = t.state == TURN_DONE;
	mutex_unlock(&st->mu);
	if (in_time && !done)
		lead(st, &t);
	condition_fini(&t.changed);
	return in_time ? t.ok : late(st, err);
}

/* --- interactive ------------------------------------------------------------------ */

static void
give_back(struct sqlite_store *st)
{
	mutex_lock(&st->mu);
	st->depth = 0;
	st->busy = false;
	wake_first_locked(st);
	mutex_unlock(&st->mu);
}

static void
set_depth(struct sqlite_store *st, uint32_t depth)
{
	mutex_lock(&st->mu);
	st->depth = depth;
	mutex_unlock(&st->mu);
}

bool
sqlite_begin(struct store *store, struct err *err)
{
	struct sqlite_store *st = (struct sqlite_store *)store;
	struct sqlite_turn t = { .err = err };
	bool in_time;

	if (is_owner(st)) {
		if (!check_open(st, err) || !sqlite_conn_run(st, st->writer, SQL_SAVEPOINT, err))
			return false;
		set_depth(st, st->depth + 1);
		return true;
	}
	condition_init(&t.changed);
	mutex_lock(&st->mu);
	in_time = wait_locked(st, &t);
	if (in_time) {
		st->owner = pthread_self();
		st->depth = 1;
	}
	mutex_unlock(&st->mu);
	condition_fini(&t.changed);
	if (!in_time)
		return late(st, err);
	if (open_transaction(st, err))
		return true;
	give_back(st);
	return false;
}

bool
sqlite_commit(struct store *store, struct err *err)
{
	struct sqlite_store *st = (struct sqlite_store *)store;
	bool ok;

	assert(is_owner(st));
	if (st->depth > 1) {
		ok = check_open(st, err) && sqlite_conn_run(st, st->writer, SQL_RELEASE, err);
		set_depth(st, st->depth - 1);
		return ok;
	}
	ok = close_transaction(st, err);
	give_back(st);
	return ok;
}

void
sqlite_rollback(struct store *store)
{
	struct sqlite_store *st = (struct sqlite_store *)store;

	assert(is_owner(st));
	if (st->depth > 1) {
		undo_savepoint(st);
		set_depth(st, st->depth - 1);
		return;
	}
	undo_transaction(st);
	give_back(st);
}
