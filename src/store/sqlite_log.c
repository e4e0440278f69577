/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite_log.c: when SQLite's log of pages is copied home into the file.
 *
 * A page that changes often is copied once, so the log is let grow. Then a thread of the store's
 * own copies while others go on writing, again and again, until little is left. The writer copies
 * that rest after its commit, as only a log that is home to its last page begins anew. Where the
 * thread does not keep up, the writer copies what there is: the log stays bounded.
 */
#include "store/internal.h"

#include "base/err.h"

/* In pages of the log, each 4 KB. */
#define WORTH_COPYING 8000
#define LARGE 16000
#define LITTLE 2000

/* Gives how many pages of the log are home. Whatever fails here is tried again later. */
static int
copy_home(sqlite3 *db)
{
	int home = 0;

	if (sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &home) !=
	    SQLITE_OK)
		return 0;
	return home;
}

static bool
wait_for_work(struct sqlite_store *st)
{
	auto_unlock struct mutex *held = mutex_hold(&st->mu);

	while (!st->copy_wanted && !st->copy_ends)
		condition_wait(&st->copy_changed, &st->mu);
	return !st->copy_ends;
}

static void *
copy_thread(void *cookie)
{
	struct sqlite_store *st = cookie;
	auto_arena scratch = { 0 };
	struct sqlite_conn *conn;
	struct err err;

	err_init(&err, &scratch);
	conn = sqlite_conn_open(st, false, &err); /* without one, the writer copies alone */
	while (wait_for_work(st)) {
		int home = conn == NULL ? 0 : copy_home(conn->db);

		mutex_lock(&st->mu);
		st->home_pages = home;
		st->copy_wanted = false;
		mutex_unlock(&st->mu);
	}
	sqlite_conn_close(st, conn);
	return NULL;
}

/* True: the writer itself should copy now. */
static bool
decide_locked(struct sqlite_store *st, int pages)
{
	mutex_assert_held(&st->mu);
	if (st->home_pages > pages)
		st->home_pages = 0; /* of an earlier log */
	if (pages >= LARGE)
		return true;
	if (st->copy_wanted)
		return false;
	if (st->home_pages > 0 && pages - st->home_pages <= LITTLE)
		return true;
	if (!st->copy_runs)
		st->copy_runs = pthread_create(&st->copier, NULL, copy_thread, st) == 0;
	st->copy_wanted = st->copy_runs; /* without the thread, the log grows until it is large */
	condition_signal(&st->copy_changed);
	return false;
}

/* After each commit; pages: in the log. */
static int
after_commit(void *cookie, sqlite3 *db, const char *name, int pages)
{
	struct sqlite_store *st = cookie;
	bool here;

	(void)name;
	if (pages < WORTH_COPYING)
		return SQLITE_OK;
	mutex_lock(&st->mu);
	here = decide_locked(st, pages);
	if (here)
		st->home_pages = 0;
	mutex_unlock(&st->mu);
	if (here)
		(void)copy_home(db);
	return SQLITE_OK;
}

void
sqlite_log_watch(struct sqlite_store *st)
{
	(void)sqlite3_wal_hook(st->writer->db, after_commit, st); /* gives the one before */
}

void
sqlite_log_end(struct sqlite_store *st)
{
	bool runs;

	mutex_lock(&st->mu);
	runs = st->copy_runs;
	st->copy_ends = true;
	condition_signal(&st->copy_changed);
	mutex_unlock(&st->mu);
	if (runs)
		(void)pthread_join(st->copier, NULL); /* it is joinable, and not this one */
}
