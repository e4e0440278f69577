/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite.c: the store on one SQLite file in WAL mode: opening, closing, reading one item.
 *
 * Beside the file stands <path>.lock, locked for as long as the store is open: a second program
 * would not see what the first one's leader is about to write. Readers never wait for the writer;
 * their connections wait in a pool and any thread takes one for a call.
 */
#include "store/internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/err.h"

#define DEFAULT_TIMEOUT_MS 10000

/* --- readers ---------------------------------------------------------------------- */

struct sqlite_conn *
sqlite_reader_take(struct sqlite_store *st, struct err *err)
{
	struct sqlite_conn *conn;

	mutex_lock(&st->mu);
	if (st->depth > 0 && pthread_equal(st->owner, pthread_self())) {
		conn = st->writer;
	} else {
		conn = st->readers;
		if (conn != NULL)
			st->readers = conn->next;
	}
	mutex_unlock(&st->mu);
	return conn != NULL ? conn : sqlite_conn_open(st, false, err);
}

void
sqlite_reader_give(struct sqlite_store *st, struct sqlite_conn *conn)
{
	if (conn == st->writer)
		return;
	mutex_lock(&st->mu);
	conn->next = st->readers;
	st->readers = conn;
	mutex_unlock(&st->mu);
}

static bool
sqlite_load(struct store *store, struct arena *a, str pk, str sk, struct item *out, struct err *err)
{
	struct sqlite_store *st = (struct sqlite_store *)store;
	struct sqlite_conn *conn = sqlite_reader_take(st, err);
	sqlite3_stmt *stmt;
	bool ok = false;
	int rc;

	if (conn == NULL)
		return false;
	stmt = sqlite_conn_stmt(st, conn, SQL_LOAD, st->sql[SQL_LOAD], err);
	if (stmt != NULL) {
		sqlite_bind(stmt, 1, pk);
		sqlite_bind(stmt, 2, sk);
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			ok = sqlite_row_item(st, a, sqlite_column(stmt, 1),
			    (uint64_t)sqlite3_column_int64(stmt, 0), false, out, err);
		else if (rc == SQLITE_DONE)
			(void)err_set(err, ERR_NOT_FOUND, STR_FMT " " STR_FMT " is not there",
			    STR_ARG(pk), STR_ARG(sk));
		else
			(void)sqlite_conn_fail(st, conn, "read", err);
		(void)sqlite3_reset(stmt); /* says again what step said */
	}
	sqlite_reader_give(st, conn);
	return ok;
}

static bool
sqlite_count(struct store *store, str pk, uint64_t *out, struct err *err)
{
	struct sqlite_store *st = (struct sqlite_store *)store;
	struct sqlite_conn *conn = sqlite_reader_take(st, err);
	sqlite3_stmt *stmt;
	bool ok = false;

	if (conn == NULL)
		return false;
	stmt = sqlite_conn_stmt(st, conn, SQL_ITEMS, st->sql[SQL_ITEMS], err);
	if (stmt != NULL) {
		sqlite_bind(stmt, 1, pk);
		ok = sqlite3_step(stmt) == SQLITE_ROW;
		if (ok)
			*out = (uint64_t)sqlite3_column_int64(stmt, 0);
		else
			(void)sqlite_conn_fail(st, conn, "read", err);
		(void)sqlite3_reset(stmt); /* says again what step said */
	}
	sqlite_reader_give(st, conn);
	return ok;
}

/* --- open and close --------------------------------------------------------------- */

static void
sqlite_close(struct store *store)
{
	struct sqlite_store *st = (struct sqlite_store *)store;

	assert(!st->busy && st->first == NULL);
	while (st->readers != NULL) {
		struct sqlite_conn *conn = st->readers;

		st->readers = conn->next;
		sqlite_conn_close(st, conn);
	}
	sqlite_conn_close(st, st->writer);
	if (st->lock_fd >= 0)
		close(st->lock_fd);
	mutex_fini(&st->mu);
	arena_fini(&st->a);
	free(st);
}

static const struct store_ops sqlite_ops = {
	.name = "sqlite",
	.load = sqlite_load,
	.query = sqlite_query,
	.count = sqlite_count,
	.transact = sqlite_transact,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.close = sqlite_close,
};

static uint32_t
member_position(struct sqlite_store *st, const char *name)
{
	uint32_t i = 0;

	while (i < st->member_count && strcmp(st->members[i], name) != 0)
		i++;
	if (i == st->member_count)
		st->members[st->member_count++] = str_z(&st->a, str_of(name));
	return i;
}

static void
copy_options(struct sqlite_store *st, const struct store_options *o)
{
	st->path = str_z(&st->a, str_of(o->path));
	st->sync = o->sync;
	st->timeout_ms = o->timeout_ms == 0 ? DEFAULT_TIMEOUT_MS : o->timeout_ms;
	st->before_commit = o->before_commit;
	st->cookie = o->cookie;
	st->index_count = (uint32_t)o->index_count;
	st->indexes = arena_new(&st->a, struct sqlite_index, o->index_count);
	st->members = arena_new(&st->a, const char *, 2 * o->index_count);
	for (size_t i = 0; i < o->index_count; i++)
		st->indexes[i] = (struct sqlite_index){
			.name = str_dup(&st->a, str_of(o->indexes[i].name)),
			.hash = member_position(st, o->indexes[i].hash),
			.range = member_position(st, o->indexes[i].range),
		};
	while (o->brief != NULL && o->brief[st->brief_count] != NULL)
		st->brief_count++;
	st->brief = arena_new(&st->a, const char *, st->brief_count);
	for (uint32_t i = 0; i < st->brief_count; i++)
		st->brief[i] = str_z(&st->a, str_of(o->brief[i]));
}

/* Who holds the lock wrote its process id there, for the one who is refused. */
static bool
take_lock(struct sqlite_store *st, struct err *err)
{
	const char *path = str_z(&st->a, str_fmt(&st->a, "%s.lock", st->path));
	char holder[24] = "";
	str pid = str_fmt(&st->a, "%ld\n", (long)getpid());

	st->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (st->lock_fd < 0)
		return err_set(err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
	if (flock(st->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		ssize_t n = pread(st->lock_fd, holder, sizeof(holder) - 1, 0);

		return err_set(err, ERR_CONFLICT,
		    "%s is open in another program (process " STR_FMT "); close that one first",
		    st->path, STR_ARG(n > 0 ? str_trim(str_of(holder)) : S("unknown")));
	}
	if (ftruncate(st->lock_fd, 0) != 0 ||
	    pwrite(st->lock_fd, pid.ptr, pid.len, 0) != (ssize_t)pid.len)
		return err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
	return true;
}

/* SQLite need not count its memory, which costs each allocation a lock of the whole program. */
static void
set_up_sqlite(void)
{
	(void)sqlite3_config(
	    SQLITE_CONFIG_MEMSTATUS, 0); /* refused where SQLite is in use already */
}

bool
store_open_sqlite(const struct store_options *options, struct store **out, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct sqlite_store *st = calloc(1, sizeof(*st));

	assert(st != NULL);
	(void)pthread_once(&once, set_up_sqlite); /* always 0 */
	*st = (struct sqlite_store){ .store = { .ops = &sqlite_ops }, .lock_fd = -1 };
	mutex_init(&st->mu);
	copy_options(st, options);
	sqlite_schema_statements(st);
	if (take_lock(st, err) && (st->writer = sqlite_conn_open(st, true, err)) != NULL &&
	    sqlite_schema_open(st, err)) {
		*out = &st->store;
		return true;
	}
	sqlite_close(&st->store);
	return false;
}
