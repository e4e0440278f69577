/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/internal.h: what the files of the SQLite store share. One file, four ideas: a connection
 * and its prepared statements (sqlite_conn.c), the tables (sqlite_schema.c), what an item's row
 * holds (sqlite_row.c), and who may write when (sqlite_commit.c).
 */
#pragma once

#include <pthread.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/thread.h"
#include "store/store.h"

struct err;
struct sqlite_store;

/* --- limits ----------------------------------------------------------------------- */

#define STORE_MAX_PK_BYTES ((size_t)2048) /* hash members of indexes too; as DynamoDB's */
#define STORE_MAX_SK_BYTES ((size_t)1024) /* range members too */

/* The SQLite file's PRAGMA user_version. */
#define SQLITE_SCHEMA_VERSION 1

/* A brief text over this stays out of the summary table, and is read from the item instead. */
#define SQLITE_BRIEF_MAX_BYTES ((size_t)1024)

/* --- connections ------------------------------------------------------------------ */

/* Statements whose text does not depend on a query; the text stands in sqlite_store.sql. */
enum sqlite_sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SAVEPOINT,
	SQL_RELEASE,
	SQL_ROLLBACK_TO,
	SQL_LOAD,        /* ?1 pk ?2 sk: version, body */
	SQL_ITEMS,       /* ?1 pk: how many */
	SQL_STANDS,      /* ?1 pk ?2 sk: id, version */
	SQL_INSERT,      /* ?1 pk ?2 sk ?3 version ?4 body */
	SQL_UPDATE,      /* ?1 id ?3 version ?4 body */
	SQL_DELETE,      /* ?1 id */
	SQL_SUMMARY_PUT, /* ?1 id ?2 version ?3 brief ?4… members */
	SQL_SUMMARY_DEL, /* ?1 id */
	SQL_COUNT
};

/* Used by one thread at a time. */
struct sqlite_conn {
	sqlite3 *db;
	struct sqlite_conn *next; /* in the pool of readers */
	sqlite3_stmt **stmts; /* SQL_COUNT, then one for each form of a query; made on first use */
};

struct sqlite_conn *sqlite_conn_open(struct sqlite_store *st, bool writes, struct err *err);
void sqlite_conn_close(struct sqlite_store *st, struct sqlite_conn *conn);

/* The statement in slot, ready to bind; text is prepared on first use. NULL fails, with err. */
sqlite3_stmt *sqlite_conn_stmt(struct sqlite_store *st, struct sqlite_conn *conn, size_t slot,
    const char *text, struct err *err);

/* Runs a statement of sqlite_sql that needs no values. */
bool sqlite_conn_run(
    struct sqlite_store *st, struct sqlite_conn *conn, enum sqlite_sql sql, struct err *err);

/* Runs a bound statement that gives no rows, and resets it. */
bool sqlite_conn_finish(
    struct sqlite_store *st, struct sqlite_conn *conn, sqlite3_stmt *stmt, struct err *err);

/* Words what SQLite last said on conn: path, what was tried, cause. */
bool sqlite_conn_fail(
    struct sqlite_store *st, struct sqlite_conn *conn, const char *tried, struct err *err);

void sqlite_bind(sqlite3_stmt *stmt, int at, str text); /* a NULL pointer binds NULL */
str sqlite_column(sqlite3_stmt *stmt, int at);          /* valid until the statement moves */

/* --- the store -------------------------------------------------------------------- */

struct sqlite_index {
	str name;
	uint32_t hash, range; /* positions in sqlite_store.members */
};

struct sqlite_turn;

struct sqlite_store {
	struct store store;
	struct arena a; /* what lives as long as the store */
	const char *path;
	int lock_fd;
	enum store_sync sync;
	int64_t timeout_ms;
	void (*before_commit)(void *cookie, uint64_t nth);
	void *cookie;

	/* Set by open, then read-only. */
	const char **members; /* that any index reads, each once */
	uint32_t member_count;
	struct sqlite_index *indexes;
	uint32_t index_count;
	const char **brief;
	uint32_t brief_count;
	const char *sql[SQL_COUNT];

	/* Belongs to whoever holds the turn to write (busy). */
	struct sqlite_conn *writer;
	uint64_t commits;
	int64_t changes_before; /* of the transaction that is open */

	struct mutex mu;
	/* Guarded by mu. */
	bool busy;       /* a leader commits, or an interactive transaction is open */
	pthread_t owner; /* of the interactive transaction, where depth > 0 */
	uint32_t depth;
	struct sqlite_turn *first, *last; /* who waits to write, in order */
	size_t waiting;                   /* how many they are */
	size_t last_batch;                /* transactions that the last commit held */
	struct sqlite_conn *readers;      /* idle ones */
};

/* A connection to read with: the writer's own, in its interactive transaction. */
struct sqlite_conn *sqlite_reader_take(struct sqlite_store *st, struct err *err);
void sqlite_reader_give(struct sqlite_store *st, struct sqlite_conn *conn);

/* --- tables ----------------------------------------------------------------------- */

/* Texts of the statements, from the members that st names. */
void sqlite_schema_statements(struct sqlite_store *st);

/* Makes the tables, or fits the summary to other indexes than the file was last used with. */
bool sqlite_schema_open(struct sqlite_store *st, struct err *err);

/* --- rows ------------------------------------------------------------------------- */

/* One write, worked out before its turn comes. */
struct sqlite_change {
	enum store_write_kind kind;
	uint64_t expect;
	str pk, sk;
	str body;      /* text */
	bool in_index; /* any */
	str brief;     /* NULL pointer: too wide for the summary */
	str *members;  /* as sqlite_store.members; NULL pointer: absent */
};

/* Fails: ERR_TOO_LARGE. */
bool sqlite_row_prepare(const struct sqlite_store *st, struct arena *a, const struct store_write *w,
    struct sqlite_change *out, struct err *err);

/* What an index keeps of body: members, brief. */
bool sqlite_row_summarize(const struct sqlite_store *st, struct arena *a, const struct json *body,
    struct sqlite_change *out, struct err *err);

/* The item in a row: text is the whole body, or its brief form. is_body: cut it to the brief. */
bool sqlite_row_item(const struct sqlite_store *st, struct arena *a, str text, uint64_t version,
    bool cut, struct item *out, struct err *err);

bool sqlite_row_put_summary(struct sqlite_store *st, const struct sqlite_change *ch, int64_t id,
    uint64_t version, struct err *err);

/*
 * Checks every condition, then writes: as each item is named once, no write can change what another
 * one expects. Failing without *wrote leaves nothing behind; with it, an error of the disk stopped
 * it half way, and the caller must undo.
 */
bool sqlite_row_write(struct sqlite_store *st, const struct sqlite_change *changes, size_t count,
    bool *wrote, struct err *err);

/* --- the operations --------------------------------------------------------------- */

bool sqlite_query(struct store *store, struct arena *a, const struct store_query *q,
    struct store_page *out, struct err *err);
bool sqlite_transact(
    struct store *store, const struct store_write *writes, size_t count, struct err *err);
bool sqlite_begin(struct store *store, struct err *err);
bool sqlite_commit(struct store *store, struct err *err);
void sqlite_rollback(struct store *store);

/* Forms of a query's statement for each target (the table, then each index). */
#define SQLITE_QUERY_FORMS 64
