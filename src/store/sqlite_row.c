/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite_row.c: what an item's row holds, and how a conditional write changes it.
 *
 * Everything that needs no database (texts, index members, the brief form) is worked out by
 * sqlite_row_prepare() on the caller's thread, so that a leader only binds and steps.
 */
#include "store/internal.h"

#include <assert.h>

#include "base/err.h"
#include "base/json.h"

/* --- from body to row ------------------------------------------------------------- */

static bool
read_member(const struct sqlite_store *st, const struct json *body, uint32_t at, size_t most,
    str *members, struct err *err)
{
	const struct json *m = json_get(body, st->members[at]);

	if (!json_is(m, JSON_STRING))
		return true;
	if (m->text.len > most)
		return err_set(err, ERR_TOO_LARGE,
		    "%s is a key of an index and has %zu bytes; at most %zu can be",
		    st->members[at], m->text.len, most);
	members[at] = m->text.ptr == NULL ? S("") : m->text;
	return true;
}

static const struct json *
cut_to_brief(const struct sqlite_store *st, struct arena *a, const struct json *body)
{
	struct json *brief = json_new_object(a);

	json_put(a, brief, "pk", json_get(body, "pk"));
	json_put(a, brief, "sk", json_get(body, "sk"));
	for (uint32_t i = 0; i < st->brief_count; i++)
		json_put(a, brief, st->brief[i], json_get(body, st->brief[i]));
	return brief;
}

bool
sqlite_row_summarize(const struct sqlite_store *st, struct arena *a, const struct json *body,
    struct sqlite_change *out, struct err *err)
{
	out->members = arena_new(a, str, st->member_count + 1);
	for (uint32_t i = 0; i < st->index_count; i++) {
		const struct sqlite_index *x = &st->indexes[i];

		if (!read_member(st, body, x->hash, STORE_MAX_PK_BYTES, out->members, err) ||
		    !read_member(st, body, x->range, STORE_MAX_SK_BYTES, out->members, err))
			return false;
		if (out->members[x->hash].ptr != NULL && out->members[x->range].ptr != NULL)
			out->in_index = true;
	}
	if (!out->in_index)
		return true;
	out->brief = json_text(a, cut_to_brief(st, a, body));
	if (out->brief.len > SQLITE_BRIEF_MAX_BYTES)
		out->brief = (str){ 0 };
	return true;
}

bool
sqlite_row_prepare(const struct sqlite_store *st, struct arena *a, const struct store_write *w,
    struct sqlite_change *out, struct err *err)
{
	*out = (struct sqlite_change){
		.kind = w->kind, .expect = w->expect, .pk = w->pk, .sk = w->sk
	};
	if (w->kind != STORE_PUT)
		return true;
	out->pk = json_str(json_get(w->body, "pk"));
	out->sk = json_str(json_get(w->body, "sk"));
	out->body = json_text(a, w->body);
	if (out->body.len > STORE_MAX_ITEM_BYTES)
		return err_set(err, ERR_TOO_LARGE,
		    "item " STR_FMT " " STR_FMT " has %zu bytes; at most %zu can be",
		    STR_ARG(out->pk), STR_ARG(out->sk), out->body.len, STORE_MAX_ITEM_BYTES);
	return sqlite_row_summarize(st, a, w->body, out, err);
}

/* --- from row to item ------------------------------------------------------------- */

bool
sqlite_row_item(const struct sqlite_store *st, struct arena *a, str text, uint64_t version,
    bool cut, struct item *out, struct err *err)
{
	const struct json *body;

	if (!json_parse(a, str_dup(a, text), &body, err))
		return err_set(err, ERR_IO, "%s: an item's text is damaged: " STR_FMT, st->path,
		    STR_ARG(err->msg));
	if (cut)
		body = cut_to_brief(st, a, body);
	*out = (struct item){
		.pk = json_str(json_get(body, "pk")),
		.sk = json_str(json_get(body, "sk")),
		.version = version,
		.body = body,
	};
	return true;
}

/* --- writing ---------------------------------------------------------------------- */

struct standing {
	bool found;
	int64_t id;
	uint64_t version;
};

static bool
read_standing(
    struct sqlite_store *st, const struct sqlite_change *ch, struct standing *out, struct err *err)
{
	sqlite3_stmt *stmt = sqlite_conn_stmt(st, st->writer, SQL_STANDS, st->sql[SQL_STANDS], err);
	int rc;

	if (stmt == NULL)
		return false;
	sqlite_bind(stmt, 1, ch->pk);
	sqlite_bind(stmt, 2, ch->sk);
	rc = sqlite3_step(stmt);
	*out = (struct standing){ .found = rc == SQLITE_ROW };
	if (out->found) {
		out->id = sqlite3_column_int64(stmt, 0);
		out->version = (uint64_t)sqlite3_column_int64(stmt, 1);
	} else if (rc != SQLITE_DONE) {
		(void)sqlite_conn_fail(st, st->writer, "read", err);
	}
	(void)sqlite3_reset(stmt); /* says again what step said */
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static bool
check_expected(const struct sqlite_change *ch, const struct standing *s, struct err *err)
{
	if (ch->expect == STORE_ANY)
		return ch->kind != STORE_CHECK || s->found ||
		    err_set(err, ERR_CONFLICT, STR_FMT " " STR_FMT " is not there", STR_ARG(ch->pk),
			STR_ARG(ch->sk));
	if (ch->expect == STORE_NEW)
		return !s->found ||
		    err_set(err, ERR_CONFLICT,
			STR_FMT " " STR_FMT " stands already, at version %llu", STR_ARG(ch->pk),
			STR_ARG(ch->sk), (unsigned long long)s->version);
	if (!s->found)
		return err_set(err, ERR_CONFLICT,
		    STR_FMT " " STR_FMT " is not there, but was expected at version %llu",
		    STR_ARG(ch->pk), STR_ARG(ch->sk), (unsigned long long)ch->expect);
	return s->version == ch->expect ||
	    err_set(err, ERR_CONFLICT,
		STR_FMT " " STR_FMT " is at version %llu, but was expected at %llu",
		STR_ARG(ch->pk), STR_ARG(ch->sk), (unsigned long long)s->version,
		(unsigned long long)ch->expect);
}

static bool
run_by_id(struct sqlite_store *st, enum sqlite_sql sql, int64_t id, struct err *err)
{
	sqlite3_stmt *stmt = sqlite_conn_stmt(st, st->writer, sql, st->sql[sql], err);

	if (stmt == NULL)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	return sqlite_conn_finish(st, st->writer, stmt, err);
}

bool
sqlite_row_put_summary(struct sqlite_store *st, const struct sqlite_change *ch, int64_t id,
    uint64_t version, struct err *err)
{
	sqlite3_stmt *stmt =
	    sqlite_conn_stmt(st, st->writer, SQL_SUMMARY_PUT, st->sql[SQL_SUMMARY_PUT], err);

	if (stmt == NULL)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, (int64_t)version);
	sqlite_bind(stmt, 3, ch->brief);
	for (uint32_t i = 0; i < st->member_count; i++)
		sqlite_bind(stmt, (int)i + 4, ch->members[i]);
	return sqlite_conn_finish(st, st->writer, stmt, err);
}

static bool
put_item(
    struct sqlite_store *st, const struct sqlite_change *ch, struct standing *s, struct err *err)
{
	enum sqlite_sql sql = s->found ? SQL_UPDATE : SQL_INSERT;
	sqlite3_stmt *stmt = sqlite_conn_stmt(st, st->writer, sql, st->sql[sql], err);

	if (stmt == NULL)
		return false;
	if (s->found) {
		sqlite3_bind_int64(stmt, 1, s->id);
	} else {
		sqlite_bind(stmt, 1, ch->pk);
		sqlite_bind(stmt, 2, ch->sk);
	}
	sqlite3_bind_int64(stmt, 3, (int64_t)(s->version + 1));
	sqlite_bind(stmt, 4, ch->body);
	if (!sqlite_conn_finish(st, st->writer, stmt, err))
		return false;
	if (!s->found)
		s->id = sqlite3_last_insert_rowid(st->writer->db);
	return true;
}

static bool
write_one(
    struct sqlite_store *st, const struct sqlite_change *ch, struct standing *s, struct err *err)
{
	if (ch->kind == STORE_CHECK || (ch->kind == STORE_DELETE && !s->found))
		return true;
	if (ch->kind == STORE_DELETE)
		return run_by_id(st, SQL_DELETE, s->id, err) &&
		    run_by_id(st, SQL_SUMMARY_DEL, s->id, err);
	if (!put_item(st, ch, s, err))
		return false;
	if (ch->in_index)
		return sqlite_row_put_summary(st, ch, s->id, s->version + 1, err);
	return !s->found || run_by_id(st, SQL_SUMMARY_DEL, s->id, err);
}

bool
sqlite_row_write(struct sqlite_store *st, const struct sqlite_change *changes, size_t count,
    bool *wrote, struct err *err)
{
	struct standing standing[STORE_MAX_WRITES];

	assert(count <= STORE_MAX_WRITES);
	*wrote = false;
	for (size_t i = 0; i < count; i++)
		if (!read_standing(st, &changes[i], &standing[i], err) ||
		    !check_expected(&changes[i], &standing[i], err))
			return false;
	*wrote = true;
	for (size_t i = 0; i < count; i++)
		if (!write_one(st, &changes[i], &standing[i], err))
			return false;
	return true;
}
