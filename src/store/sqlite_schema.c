/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite_schema.c: the tables.
 *
 * item holds every item. summary holds one narrow row for each item that stands in an index: the
 * members that indexes read and the brief form of the body, so that a list touches no item. Its
 * columns follow from the store's options; meta remembers which ones it was made for, and with
 * other options it is made anew from the items.
 */
#include "store/internal.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

static const char *const fixed[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SAVEPOINT] = "SAVEPOINT w",
	[SQL_RELEASE] = "RELEASE w",
	[SQL_ROLLBACK_TO] = "ROLLBACK TO w",
	[SQL_LOAD] = "SELECT version, body FROM item WHERE pk = ?1 AND sk = ?2",
	[SQL_ITEMS] = "SELECT count(*) FROM item WHERE pk = ?1",
	[SQL_STANDS] = "SELECT id, version FROM item WHERE pk = ?1 AND sk = ?2",
	[SQL_INSERT] = "INSERT INTO item (pk, sk, version, body) VALUES (?1, ?2, ?3, ?4)",
	[SQL_UPDATE] = "UPDATE item SET version = ?3, body = ?4 WHERE id = ?1",
	[SQL_DELETE] = "DELETE FROM item WHERE id = ?1",
	[SQL_SUMMARY_DEL] = "DELETE FROM summary WHERE id = ?1",
};

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT);"
    "CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY,"
    " pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 0,"
    " body TEXT NOT NULL, UNIQUE (pk, sk));";

/* INSERT … ON CONFLICT keeps unchanged index entries untouched, which REPLACE would not. */
static const char *
summary_put_text(struct sqlite_store *st)
{
	struct buf b = buf_in(&st->a);

	buf_fmt(&b, "INSERT INTO summary VALUES (?1, ?2, ?3");
	for (uint32_t i = 0; i < st->member_count; i++)
		buf_fmt(&b, ", ?%u", i + 4);
	buf_fmt(&b, ") ON CONFLICT (id) DO UPDATE SET version = ?2, brief = ?3");
	for (uint32_t i = 0; i < st->member_count; i++)
		buf_fmt(&b, ", m%u = ?%u", i, i + 4);
	return str_z(&st->a, buf_str(&b));
}

void
sqlite_schema_statements(struct sqlite_store *st)
{
	for (size_t i = 0; i < SQL_COUNT; i++)
		st->sql[i] = fixed[i];
	st->sql[SQL_SUMMARY_PUT] = summary_put_text(st);
}

/* What summary must look like, and what it was made for: one text says both. */
static const char *
summary_text(struct sqlite_store *st, struct arena *a)
{
	struct buf b = buf_in(a);

	buf_fmt(&b,
	    "CREATE TABLE summary (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, brief TEXT");
	for (uint32_t i = 0; i < st->member_count; i++)
		buf_fmt(&b, ", m%u TEXT /* %s */", i, st->members[i]);
	buf_fmt(&b, ");");
	for (uint32_t i = 0; i < st->index_count; i++) {
		const struct sqlite_index *x = &st->indexes[i];

		buf_fmt(&b,
		    "CREATE INDEX summary_%u ON summary (m%u, m%u)"
		    " WHERE m%u IS NOT NULL AND m%u IS NOT NULL;",
		    i, x->hash, x->range, x->hash, x->range);
	}
	for (uint32_t i = 0; i < st->brief_count; i++)
		buf_fmt(&b, "/* brief %s */", st->brief[i]);
	return str_z(a, buf_str(&b));
}

static bool
execute(struct sqlite_store *st, const char *sql, struct err *err)
{
	return sqlite3_exec(st->writer->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	    sqlite_conn_fail(st, st->writer, "make its tables", err);
}

/* One row, one column; an absent row gives the empty string. */
static bool
read_value(struct sqlite_store *st, struct arena *a, const char *sql, str *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->writer->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return sqlite_conn_fail(st, st->writer, "read its tables", err);
	rc = sqlite3_step(stmt);
	*out = rc == SQLITE_ROW ? str_dup(a, sqlite_column(stmt, 0)) : S("");
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		(void)sqlite_conn_fail(st, st->writer, "read its tables", err);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool
summarize_row(struct sqlite_store *st, struct arena *a, sqlite3_stmt *stmt, struct err *err)
{
	struct sqlite_change ch = { 0 };
	const struct json *body;

	if (!json_parse(a, sqlite_column(stmt, 2), &body, err))
		return err_prefix(err, "%s: item %lld", st->path, sqlite3_column_int64(stmt, 0));
	if (!sqlite_row_summarize(st, a, body, &ch, err))
		return false;
	return !ch.in_index ||
	    sqlite_row_put_summary(st, &ch, sqlite3_column_int64(stmt, 0),
		(uint64_t)sqlite3_column_int64(stmt, 1), err);
}

static bool
fill_summary(struct sqlite_store *st, struct err *err)
{
	auto_arena a = { 0 };
	sqlite3_stmt *stmt = NULL;
	bool ok = true;
	int rc = sqlite3_prepare_v2(
	    st->writer->db, "SELECT id, version, body FROM item", -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW && !(ok = summarize_row(st, &a, stmt, err)))
			break;
		arena_reset(&a);
	}
	if (ok && rc != SQLITE_DONE)
		ok = sqlite_conn_fail(st, st->writer, "read its items", err);
	sqlite3_finalize(stmt);
	return ok;
}

static bool
remember(struct sqlite_store *st, const char *text, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	bool ok;

	if (sqlite3_prepare_v2(st->writer->db, "REPLACE INTO meta VALUES ('summary', ?1)", -1,
		&stmt, NULL) != SQLITE_OK)
		return sqlite_conn_fail(st, st->writer, "make its tables", err);
	sqlite_bind(stmt, 1, str_of(text));
	ok = sqlite_conn_finish(st, st->writer, stmt, err);
	sqlite3_finalize(stmt);
	return ok;
}

static bool
make_summary(struct sqlite_store *st, struct err *err)
{
	auto_arena a = { 0 };
	const char *want = summary_text(st, &a);
	str have;

	if (!read_value(st, &a, "SELECT value FROM meta WHERE name = 'summary'", &have, err))
		return false;
	if (str_is(have, want))
		return true;
	return execute(st, "DROP TABLE IF EXISTS summary", err) && execute(st, want, err) &&
	    fill_summary(st, err) && remember(st, want, err);
}

static bool
check_version(struct sqlite_store *st, struct err *err)
{
	auto_arena a = { 0 };
	int64_t version = 0;
	str text;

	if (!read_value(st, &a, "PRAGMA user_version", &text, err))
		return false;
	if (!str_to_i64(text, &version) || version > SQLITE_SCHEMA_VERSION)
		return err_set(err, ERR_CONFLICT,
		    "%s: written by a newer swb (its schema is " STR_FMT ", this program knows %d)",
		    st->path, STR_ARG(text), SQLITE_SCHEMA_VERSION);
	return true;
}

bool
sqlite_schema_open(struct sqlite_store *st, struct err *err)
{
	auto_arena a = { 0 };
	const char *version =
	    str_z(&a, str_fmt(&a, "PRAGMA user_version = %d", SQLITE_SCHEMA_VERSION));

	if (!check_version(st, err) || !execute(st, "BEGIN IMMEDIATE", err))
		return false;
	if (execute(st, tables, err) && make_summary(st, err) && execute(st, version, err) &&
	    execute(st, "COMMIT", err))
		return true;
	(void)sqlite3_exec(st->writer->db, "ROLLBACK", NULL, NULL, NULL); /* err says what failed */
	return false;
}
