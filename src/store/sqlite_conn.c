/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite_conn.c: a connection and its prepared statements. A statement is prepared when it
 * is first wanted and kept in its slot, so a warm connection parses no SQL.
 */
#include "store/internal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* How a fresh connection is set up; the path is in WAL mode ever after the first. */
static const char *const pragmas[] = {
	"PRAGMA journal_mode=WAL", "PRAGMA temp_store=MEMORY", "PRAGMA foreign_keys=OFF",
	"PRAGMA trusted_schema=OFF", "PRAGMA cache_size=-8192",
	"PRAGMA wal_autocheckpoint=4000", /* pages: one that changes often is copied home once */
};

/* In WAL mode, NORMAL syncs when the log is copied home, in an order that a loss of power may cut
 * anywhere. */
static const char *const syncs[] = {
	[STORE_SYNC_NEVER] = "PRAGMA synchronous=OFF",
	[STORE_SYNC_SOON] = "PRAGMA synchronous=NORMAL",
	[STORE_SYNC_COMMIT] = "PRAGMA synchronous=FULL",
};

static size_t
slot_count(const struct sqlite_store *st)
{
	return SQL_COUNT + (size_t)SQLITE_QUERY_FORMS * (st->index_count + 1);
}

static bool
set_up(struct sqlite_store *st, struct sqlite_conn *conn, struct err *err)
{
	sqlite3_busy_timeout(conn->db, (int)st->timeout_ms);
	for (size_t i = 0; i < countof(pragmas); i++)
		if (sqlite3_exec(conn->db, pragmas[i], NULL, NULL, NULL) != SQLITE_OK)
			return sqlite_conn_fail(st, conn, "open it", err);
	if (sqlite3_exec(conn->db, syncs[st->sync], NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_conn_fail(st, conn, "open it", err);
	return true;
}

struct sqlite_conn *
sqlite_conn_open(struct sqlite_store *st, bool writes, struct err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_CREATE : 0);
	struct sqlite_conn *conn = calloc(1, sizeof(*conn));

	assert(conn != NULL);
	conn->stmts = calloc(slot_count(st), sizeof(*conn->stmts));
	assert(conn->stmts != NULL);
	if (sqlite3_open_v2(st->path, &conn->db, flags, NULL) != SQLITE_OK) {
		(void)sqlite_conn_fail(st, conn, "open it", err);
		sqlite_conn_close(st, conn);
		return NULL;
	}
	if (!set_up(st, conn, err)) {
		sqlite_conn_close(st, conn);
		return NULL;
	}
	return conn;
}

void
sqlite_conn_close(struct sqlite_store *st, struct sqlite_conn *conn)
{
	if (conn == NULL)
		return;
	for (size_t i = 0; i < slot_count(st); i++)
		sqlite3_finalize(conn->stmts[i]);
	sqlite3_close(conn->db);
	free(conn->stmts);
	free(conn);
}

bool
sqlite_conn_fail(
    struct sqlite_store *st, struct sqlite_conn *conn, const char *tried, struct err *err)
{
	int last = errno; /* a failed COMMIT leaves the cause nowhere else */
	int code = sqlite3_errcode(conn->db) & 0xff;
	int known = sqlite3_system_errno(conn->db);
	int cause = known != 0 ? known : last;
	bool os = code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_FULL;

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return err_set(err, ERR_TIMEOUT, "%s: cannot %s: another program holds its lock",
		    st->path, tried);
	if (os && cause != 0)
		return err_set(err, ERR_IO, "%s: cannot %s: %s (%s)", st->path, tried,
		    sqlite3_errmsg(conn->db), strerror(cause));
	return err_set(err, ERR_IO, "%s: cannot %s: %s", st->path, tried, sqlite3_errmsg(conn->db));
}

sqlite3_stmt *
sqlite_conn_stmt(struct sqlite_store *st, struct sqlite_conn *conn, size_t slot, const char *text,
    struct err *err)
{
	assert(slot < slot_count(st));
	if (conn->stmts[slot] == NULL &&
	    sqlite3_prepare_v3(conn->db, text, -1, SQLITE_PREPARE_PERSISTENT, &conn->stmts[slot],
		NULL) != SQLITE_OK)
		(void)sqlite_conn_fail(st, conn, "prepare a statement", err);
	return conn->stmts[slot];
}

bool
sqlite_conn_finish(
    struct sqlite_store *st, struct sqlite_conn *conn, sqlite3_stmt *stmt, struct err *err)
{
	bool ok;

	errno = 0;
	ok = sqlite3_step(stmt) == SQLITE_DONE;
	if (!ok)
		(void)sqlite_conn_fail(st, conn, "write", err);
	(void)sqlite3_reset(stmt); /* says again what step said */
	return ok;
}

bool
sqlite_conn_run(
    struct sqlite_store *st, struct sqlite_conn *conn, enum sqlite_sql sql, struct err *err)
{
	sqlite3_stmt *stmt = sqlite_conn_stmt(st, conn, sql, st->sql[sql], err);

	return stmt != NULL && sqlite_conn_finish(st, conn, stmt, err);
}

void
sqlite_bind(sqlite3_stmt *stmt, int at, str text)
{
	int rc = text.ptr == NULL
	    ? sqlite3_bind_null(stmt, at)
	    : sqlite3_bind_text64(stmt, at, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);

	assert(rc == SQLITE_OK);
}

str
sqlite_column(sqlite3_stmt *stmt, int at)
{
	const char *text = (const char *)sqlite3_column_text(stmt, at);

	return (str){ text, (size_t)sqlite3_column_bytes(stmt, at) };
}
