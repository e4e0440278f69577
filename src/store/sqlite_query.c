/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/sqlite_query.c: queries and pages.
 *
 * Every condition becomes a lower and an upper bound on one column, and a page token is a place
 * in that order, which takes the place of the bound on its side. So a query has few forms, and each
 * is prepared once. In the table a place is a sort key; in an index, where several items may share
 * a range member, it is the range member and the item's row id.
 *
 * A token is base64url of: 8 bytes check, 8 bytes row id, key. The check covers query and place.
 */
#include "store/internal.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"

#define DEFAULT_LIMIT 1000
#define TOKEN_HEAD_BYTES 16

enum edge { EDGE_NONE, EDGE_WITH, EDGE_WITHOUT, EDGE_PLACE, EDGE_COUNT };

struct bound {
	enum edge edge;
	str at;
};

/* What a query comes down to. */
struct range {
	uint32_t target; /* 0: the table; i + 1: index i */
	struct bound low, high;
	bool descending, brief;
	int64_t place_id;
	int64_t limit;
};

/* --- conditions to bounds --------------------------------------------------------- */

/* The first string after all that begin with prefix; none where there is no such. */
static struct bound
after_prefix(struct arena *a, str prefix)
{
	str end = str_dup(a, prefix);

	while (end.len > 0 && (unsigned char)end.ptr[end.len - 1] == 0xff)
		end.len--;
	if (end.len == 0)
		return (struct bound){ 0 };
	((char *)(uintptr_t)end.ptr)[end.len - 1]++;
	return (struct bound){ EDGE_WITHOUT, end };
}

static void
set_bounds(struct arena *a, const struct store_query *q, struct range *r)
{
	switch (q->condition) {
	case STORE_ALL:
		break;
	case STORE_EQ:
		r->low = r->high = (struct bound){ EDGE_WITH, q->a };
		break;
	case STORE_LT:
		r->high = (struct bound){ EDGE_WITHOUT, q->a };
		break;
	case STORE_LE:
		r->high = (struct bound){ EDGE_WITH, q->a };
		break;
	case STORE_GT:
		r->low = (struct bound){ EDGE_WITHOUT, q->a };
		break;
	case STORE_GE:
		r->low = (struct bound){ EDGE_WITH, q->a };
		break;
	case STORE_BEGINS:
		r->low = (struct bound){ EDGE_WITH, q->a };
		r->high = after_prefix(a, q->a);
		break;
	case STORE_BETWEEN:
		r->low = (struct bound){ EDGE_WITH, q->a };
		r->high = (struct bound){ EDGE_WITH, q->b };
		break;
	}
}

static bool
is_within(const struct range *r, str key)
{
	int low = r->low.edge == EDGE_NONE ? 1 : str_cmp(key, r->low.at);
	int high = r->high.edge == EDGE_NONE ? -1 : str_cmp(key, r->high.at);

	return (low > 0 || (low == 0 && r->low.edge == EDGE_WITH)) &&
	    (high < 0 || (high == 0 && r->high.edge == EDGE_WITH));
}

static bool
find_target(const struct sqlite_store *st, str index, uint32_t *target, struct err *err)
{
	*target = 0;
	if (index.len == 0)
		return true;
	for (uint32_t i = 0; i < st->index_count; i++)
		if (str_eq(st->indexes[i].name, index)) {
			*target = i + 1;
			return true;
		}
	return err_set(err, ERR_INVALID, "there is no index '" STR_FMT "'", STR_ARG(index));
}

/* --- tokens ----------------------------------------------------------------------- */

static void
put_u64(char *at, uint64_t v)
{
	for (int i = 7; i >= 0; i--, v >>= 8)
		at[i] = (char)(v & 0xff);
}

static uint64_t
get_u64(const char *at)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | (unsigned char)at[i];
	return v;
}

/* Of everything that makes a query another one, and of the place itself. */
static uint64_t
token_check(struct arena *a, const struct store_query *q, uint64_t id, str key)
{
	const str parts[] = { q->index, q->hash, q->a, q->b, key };
	struct buf b = buf_in(a);

	buf_fmt(&b, "%d %d %llu", q->condition, q->descending, (unsigned long long)id);
	for (size_t i = 0; i < countof(parts); i++) {
		buf_fmt(&b, " %zu:", parts[i].len);
		buf_add(&b, parts[i]);
	}
	return str_hash(buf_str(&b));
}

static str
token_write(struct arena *a, const struct store_query *q, uint64_t id, str key)
{
	char *bytes = arena_raw(a, TOKEN_HEAD_BYTES + key.len);

	put_u64(bytes, token_check(a, q, id, key));
	put_u64(bytes + 8, id);
	memcpy(bytes + TOKEN_HEAD_BYTES, key.ptr, key.len);
	return base64url_encode(a, (str){ bytes, TOKEN_HEAD_BYTES + key.len });
}

static bool
token_apply(struct arena *a, const struct store_query *q, struct range *r, struct err *err)
{
	str bytes, key;

	if (q->start_after.len == 0)
		return true;
	if (!base64url_decode(a, q->start_after, &bytes) || bytes.len < TOKEN_HEAD_BYTES)
		return err_set(err, ERR_INVALID, "the page token is not one of ours");
	key = str_from(bytes, TOKEN_HEAD_BYTES);
	r->place_id = (int64_t)get_u64(bytes.ptr + 8);
	if (get_u64(bytes.ptr) != token_check(a, q, (uint64_t)r->place_id, key) ||
	    !is_within(r, key))
		return err_set(err, ERR_INVALID, "the page token belongs to another query");
	*(q->descending ? &r->high : &r->low) = (struct bound){ EDGE_PLACE, key };
	return true;
}

/* --- statements ------------------------------------------------------------------- */

/*
 * Columns: id, version, text, whether text is a whole body, place. Of table and index, whole and
 * brief; a brief text that is there spares reading the item's row, which SQLite seeks only when a
 * column of it is wanted.
 */
static const char *const sources[2][2] = {
	{
	    "SELECT t.id, t.version, t.body, 1, t.sk FROM item t WHERE t.pk = ?1",
	    "SELECT t.id, coalesce(s.version, t.version), coalesce(s.brief, t.body),"
	    " s.brief IS NULL, t.sk FROM item t LEFT JOIN summary s ON s.id = t.id WHERE t.pk = ?1",
	},
	{
	    "SELECT t.id, t.version, i.body, 1, t.$range FROM summary t INDEXED BY $index"
	    " CROSS JOIN item i ON i.id = t.id WHERE t.$hash = ?1 AND t.$range IS NOT NULL",
	    "SELECT t.id, t.version, coalesce(t.brief, (SELECT body FROM item WHERE id = t.id)),"
	    " t.brief IS NULL, t.$range FROM summary t INDEXED BY $index"
	    " WHERE t.$hash = ?1 AND t.$range IS NOT NULL",
	},
};

static str
source_text(const struct sqlite_store *st, struct arena *a, const struct range *r)
{
	const struct sqlite_index *x = r->target == 0 ? NULL : &st->indexes[r->target - 1];
	str text = str_of(sources[x != NULL][r->brief]);

	if (x == NULL)
		return text;
	text = str_replace(a, text, S("$index"), str_fmt(a, "summary_%u", r->target - 1));
	text = str_replace(a, text, S("$range"), str_fmt(a, "m%u", x->range));
	return str_replace(a, text, S("$hash"), str_fmt(a, "m%u", x->hash));
}

/* EDGE_PLACE compares with ties where there can be some, which is in indexes. */
static const char *const low_terms[EDGE_COUNT] = { "", " AND $key >= ?2", " AND $key > ?2",
	" AND ($key, t.id) > (?2, ?4)" };
static const char *const high_terms[EDGE_COUNT] = { "", " AND $key <= ?3", " AND $key < ?3",
	" AND ($key, t.id) < (?3, ?4)" };

static const char *
query_text(const struct sqlite_store *st, struct arena *a, const struct range *r)
{
	static const char *const orders[2][2] = {
		{ " ORDER BY $key LIMIT ?5", " ORDER BY $key DESC LIMIT ?5" },
		{ " ORDER BY $key, t.id LIMIT ?5", " ORDER BY $key DESC, t.id DESC LIMIT ?5" },
	};
	bool indexed = r->target != 0;
	enum edge low = r->low.edge, high = r->high.edge;
	struct buf b = buf_in(a);
	str key = S("t.sk");

	if (indexed)
		key = str_fmt(a, "t.m%u", st->indexes[r->target - 1].range);
	else
		low = low == EDGE_PLACE ? EDGE_WITHOUT : low,
		high = high == EDGE_PLACE ? EDGE_WITHOUT : high;
	buf_add(&b, source_text(st, a, r));
	buf_add(&b, str_of(low_terms[low]));
	buf_add(&b, str_of(high_terms[high]));
	buf_add(&b, str_of(orders[indexed][r->descending]));
	return str_z(a, str_replace(a, buf_str(&b), S("$key"), key));
}

static_assert(EDGE_COUNT * EDGE_COUNT * 2 * 2 == SQLITE_QUERY_FORMS, "a slot for each form");

static sqlite3_stmt *
query_stmt(struct sqlite_store *st, struct sqlite_conn *conn, const struct range *r, str hash,
    struct err *err)
{
	auto_arena scratch = { 0 };
	size_t form =
	    ((r->low.edge * (size_t)EDGE_COUNT + r->high.edge) * 2 + r->descending) * 2 + r->brief;
	size_t slot = SQL_COUNT + (size_t)SQLITE_QUERY_FORMS * r->target + form;
	const char *text = conn->stmts[slot] != NULL ? NULL : query_text(st, &scratch, r);
	sqlite3_stmt *stmt = sqlite_conn_stmt(st, conn, slot, text, err);

	if (stmt == NULL)
		return NULL;
	(void)sqlite3_clear_bindings(stmt); /* always SQLITE_OK */
	sqlite_bind(stmt, 1, hash.ptr == NULL ? S("") : hash);
	if (r->low.edge != EDGE_NONE)
		sqlite_bind(stmt, 2, r->low.at.ptr == NULL ? S("") : r->low.at);
	if (r->high.edge != EDGE_NONE)
		sqlite_bind(stmt, 3, r->high.at.ptr == NULL ? S("") : r->high.at);
	if (r->target != 0 && (r->low.edge == EDGE_PLACE || r->high.edge == EDGE_PLACE))
		sqlite3_bind_int64(stmt, 4, r->place_id);
	sqlite3_bind_int64(stmt, 5, r->limit + 1);
	return stmt;
}

/* --- pages ------------------------------------------------------------------------ */

static struct item *
add_item(struct arena *a, struct store_page *page, size_t *room)
{
	if (page->count == *room) {
		struct item *more = arena_new(a, struct item, *room * 2 + 16);

		if (page->count > 0)
			memcpy(more, page->items, page->count * sizeof(*more));
		page->items = more;
		*room = *room * 2 + 16;
	}
	return &page->items[page->count++];
}

/* Reads up to the limit; one row more tells that there is a next page. */
static bool
read_page(struct sqlite_store *st, struct sqlite_conn *conn, sqlite3_stmt *stmt, struct arena *a,
    const struct range *r, const struct store_query *q, struct store_page *page, struct err *err)
{
	size_t room = 0;
	uint64_t id = 0;
	str place = S("");
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		if ((int64_t)page->count == r->limit) {
			page->next = token_write(a, q, id, place);
			return true;
		}
		if (!sqlite_row_item(st, a, sqlite_column(stmt, 2),
			(uint64_t)sqlite3_column_int64(stmt, 1),
			r->brief && sqlite3_column_int(stmt, 3), add_item(a, page, &room), err))
			return false;
		if ((int64_t)page->count == r->limit) {
			id = (uint64_t)sqlite3_column_int64(stmt, 0);
			place = str_dup(a, sqlite_column(stmt, 4));
		}
	}
	return rc == SQLITE_DONE || sqlite_conn_fail(st, conn, "read", err);
}

bool
sqlite_query(struct store *store, struct arena *a, const struct store_query *q,
    struct store_page *out, struct err *err)
{
	struct sqlite_store *st = (struct sqlite_store *)store;
	struct range r = {
		.descending = q->descending,
		.brief = q->brief,
		.limit = q->limit == 0 ? DEFAULT_LIMIT : q->limit,
	};
	struct store_page page = { 0 };
	struct sqlite_conn *conn;
	sqlite3_stmt *stmt;
	bool ok;

	if (!find_target(st, q->index, &r.target, err))
		return false;
	set_bounds(a, q, &r);
	if (!token_apply(a, q, &r, err))
		return false;
	conn = sqlite_reader_take(st, err);
	if (conn == NULL)
		return false;
	stmt = query_stmt(st, conn, &r, q->hash, err);
	ok = stmt != NULL && read_page(st, conn, stmt, a, &r, q, &page, err);
	if (stmt != NULL)
		(void)sqlite3_reset(stmt); /* says again what step said */
	sqlite_reader_give(st, conn);
	if (ok)
		*out = page;
	return ok;
}
