/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What any store must do. A store joins by a row in `factories`; every case then runs on a fresh
 * one of it.
 */
#include "check.h"

#include <assert.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "store/store.h"

static const struct store_index indexes[] = {
	{ "byType", "resourceType", "createdAt" },
	{ "byName", "resourceType", "name" },
	{ "byRef", "ref", "refSort" },
};
static const char *const brief[] = { "resourceType", "createdAt", "name", "status", NULL };

/* --- stores under test ------------------------------------------------------------ */

static bool
open_sqlite(
    struct arena *a, const char *folder, uint32_t timeout_ms, struct store **out, struct err *err)
{
	struct store_options o = {
		.path = path_join(a, folder, "items.db"),
		.indexes = indexes,
		.index_count = countof(indexes),
		.brief = brief,
		.timeout_ms = timeout_ms,
	};

	return store_open_sqlite(&o, out, err);
}

static const struct factory {
	const char *name;
	bool (*open)(struct arena *a, const char *folder, uint32_t timeout_ms, struct store **out,
	    struct err *err);
} factories[] = {
	{ "sqlite", open_sqlite },
};

/* A store in a folder of its own. */
struct box {
	struct arena *a;
	struct err err;
	const char *folder;
	struct store *st;
};

typedef void (*contract_case)(struct box *b);

static void
run_with_timeout(struct arena *a, contract_case f, uint32_t timeout_ms)
{
	for (size_t i = 0; i < countof(factories); i++) {
		struct box b = { .a = a };

		err_init(&b.err, a);
		CHECK_OK(dir_make_temp(a, "store", &b.folder, &b.err), &b.err);
		CHECK_OK(factories[i].open(a, b.folder, timeout_ms, &b.st, &b.err), &b.err);
		f(&b);
		store_close(b.st);
		CHECK_OK(dir_remove(b.folder, &b.err), &b.err);
	}
}

static void
run(struct arena *a, contract_case f)
{
	run_with_timeout(a, f, 0);
}

/* --- helpers ---------------------------------------------------------------------- */

static const struct json *
parse(struct box *b, str text)
{
	const struct json *j;

	CHECK_OK(json_parse(b->a, text, &j, &b->err), &b->err);
	return j;
}

/* An item with pk, sk and more members, as JSON without the outer braces. */
static const struct json *
item(struct box *b, const char *pk, const char *sk, const char *more)
{
	return parse(b,
	    str_fmt(
		b->a, "{\"pk\":\"%s\",\"sk\":\"%s\"%s%s}", pk, sk, *more == '\0' ? "" : ",", more));
}

static void
put(struct box *b, const char *pk, const char *sk, const char *more)
{
	CHECK_OK(store_put(b->st, item(b, pk, sk, more), STORE_ANY, &b->err), &b->err);
}

static void
check_fails(struct box *b, bool ok, enum err_kind kind, const char *label)
{
	CHECK(!ok && b->err.kind == kind, "%s: want %s, got %s: " STR_FMT, label,
	    err_kind_name(kind), err_kind_name(b->err.kind), STR_ARG(b->err.msg));
	err_clear(&b->err);
}

/* "member=value,…" of an item, or "-" where there is none. */
static str
show(struct box *b, const char *pk, const char *sk)
{
	struct item it;
	bool found;

	CHECK_OK(store_find(b->st, b->a, str_of(pk), str_of(sk), &it, &found, &b->err), &b->err);
	if (!found)
		return S("-");
	return str_fmt(b->a, "%llu " STR_FMT, (unsigned long long)it.version,
	    STR_ARG(json_text(b->a, it.body)));
}

static void
transact(struct box *b, const struct store_write *writes, size_t count)
{
	CHECK_OK(store_transact(b->st, writes, count, &b->err), &b->err);
}

/* Sort keys of a query's whole answer, page by page. */
static str
keys(struct box *b, struct store_query q)
{
	struct buf out = buf_in(b->a);
	struct store_page page;

	do {
		CHECK_OK(store_query(b->st, b->a, &q, &page, &b->err), &b->err);
		CHECK(q.limit == 0 || page.count <= q.limit, "a page over its limit");
		for (size_t i = 0; i < page.count; i++)
			buf_fmt(
			    &out, "%s" STR_FMT, out.len == 0 ? "" : " ", STR_ARG(page.items[i].sk));
		q.start_after = page.next;
	} while (page.next.len > 0);
	return buf_str(&out);
}

/* --- conditions ------------------------------------------------------------------- */

static void
case_versions(struct box *b)
{
	const struct json *x = item(b, "p", "s", "\"v\":1");

	CHECK_STR(show(b, "p", "s"), "-", "absent");
	check_fails(b, store_put(b->st, x, 1, &b->err), ERR_CONFLICT, "version of an absent item");
	CHECK_OK(store_put(b->st, x, STORE_NEW, &b->err), &b->err);
	CHECK_STR(show(b, "p", "s"), "1 {\"pk\":\"p\",\"sk\":\"s\",\"v\":1}", "new");
	check_fails(b, store_put(b->st, x, STORE_NEW, &b->err), ERR_CONFLICT, "new, but it stands");
	check_fails(b, store_put(b->st, x, 2, &b->err), ERR_CONFLICT, "a later version");
	check_fails(b, store_put(b->st, x, 0, &b->err), ERR_CONFLICT, "version 0");
	CHECK_OK(store_put(b->st, item(b, "p", "s", "\"w\":2"), 1, &b->err), &b->err);
	CHECK_STR(show(b, "p", "s"), "2 {\"pk\":\"p\",\"sk\":\"s\",\"w\":2}", "replaced whole");
	CHECK_OK(store_put(b->st, x, STORE_ANY, &b->err), &b->err);
	check_fails(b, store_del(b->st, S("p"), S("s"), 2, &b->err), ERR_CONFLICT, "stale delete");
	CHECK_OK(store_del(b->st, S("p"), S("s"), 3, &b->err), &b->err);
	CHECK_OK(store_del(b->st, S("p"), S("s"), STORE_ANY, &b->err), &b->err);
	check_fails(b, store_del(b->st, S("p"), S("s"), 3, &b->err), ERR_CONFLICT, "gone");
}

static void
case_check(struct box *b)
{
	const struct {
		const char *label, *sk;
		uint64_t expect;
		bool ok;
	} cases[] = {
		{ "stands at 1", "s", 1, true },
		{ "not at 2", "s", 2, false },
		{ "stands at all", "s", STORE_ANY, true },
		{ "is new, but stands", "s", STORE_NEW, false },
		{ "absent, wanted at all", "t", STORE_ANY, false },
		{ "absent, wanted at 1", "t", 1, false },
		{ "absent, as wanted", "t", STORE_NEW, true },
	};

	put(b, "p", "s", "");
	for (size_t i = 0; i < countof(cases); i++) {
		struct store_write w = {
			.kind = STORE_CHECK,
			.expect = cases[i].expect,
			.pk = S("p"),
			.sk = str_of(cases[i].sk),
		};
		bool ok = store_transact(b->st, &w, 1, &b->err);

		if (!cases[i].ok)
			check_fails(b, ok, ERR_CONFLICT, cases[i].label);
		else
			CHECK_OK(ok, &b->err);
	}
	CHECK_STR(show(b, "p", "s"), "1 {\"pk\":\"p\",\"sk\":\"s\"}", "a check writes nothing");
}

static void
case_atomic(struct box *b)
{
	struct store_write w[] = {
		{ .kind = STORE_PUT, .expect = STORE_NEW, .body = item(b, "p", "new", "") },
		{ .kind = STORE_DELETE, .expect = STORE_ANY, .pk = S("p"), .sk = S("old") },
		{ .kind = STORE_CHECK, .expect = 7, .pk = S("p"), .sk = S("guard") },
		{ .kind = STORE_CHECK, .expect = 9, .pk = S("p"), .sk = S("later") },
	};

	put(b, "p", "old", "\"resourceType\":\"t\",\"name\":\"n\"");
	put(b, "p", "guard", "");
	check_fails(b, store_transact(b->st, w, 4, &b->err), ERR_CONFLICT, "guard");
	CHECK(!store_transact(b->st, w, 4, &b->err) && str_has(b->err.msg, S("p guard")) &&
		!str_has(b->err.msg, S("later")),
	    "the first key whose condition failed is named: " STR_FMT, STR_ARG(b->err.msg));
	err_clear(&b->err);
	CHECK_STR(keys(b, (struct store_query){ .hash = S("p") }), "guard old", "nothing done");
	CHECK_STR(keys(b, (struct store_query){ .index = S("byName"), .hash = S("t") }), "old",
	    "indexes neither");
	w[2].expect = 1;
	transact(b, w, 3);
	CHECK_STR(keys(b, (struct store_query){ .hash = S("p") }), "guard new", "all done");
}

static void
case_limits(struct box *b)
{
	struct store_write w[STORE_MAX_WRITES + 1];
	char *text = arena_raw(b->a, STORE_MAX_ITEM_BYTES + 1);
	struct store_query all = { .hash = S("p") };
	struct json *big = json_copy_shallow(b->a, item(b, "p", "big", ""));
	size_t frame = strlen("{\"pk\":\"p\",\"sk\":\"big\",\"text\":\"\"}");
	struct item out;

	for (int i = 0; i <= STORE_MAX_WRITES; i++)
		w[i] = (struct store_write){ .kind = STORE_PUT,
			.expect = STORE_NEW,
			.body = item(b, "p", str_z(b->a, str_fmt(b->a, "%03d", i)), "") };
	check_fails(
	    b, store_transact(b->st, w, STORE_MAX_WRITES + 1, &b->err), ERR_TOO_LARGE, "101");
	CHECK_STR(keys(b, all), "", "nothing of 101");
	transact(b, w, STORE_MAX_WRITES);
	CHECK(keys(b, all).len == 100 * 4 - 1, "100 writes");
	transact(b, w, 0);
	check_fails(b, store_transact(b->st, (struct store_write[]){ w[100], w[100] }, 2, &b->err),
	    ERR_INVALID, "an item twice");

	memset(text, 'x', STORE_MAX_ITEM_BYTES);
	json_set_str(b->a, big, "text", (str){ text, STORE_MAX_ITEM_BYTES - frame });
	CHECK_OK(store_put(b->st, big, STORE_NEW, &b->err), &b->err);
	CHECK_OK(store_load(b->st, b->a, S("p"), S("big"), &out, &b->err), &b->err);
	CHECK(json_equal(out.body, big), "the largest item comes back whole");
	json_set_str(b->a, big, "text", (str){ text, STORE_MAX_ITEM_BYTES - frame + 1 });
	check_fails(b, store_put(b->st, big, 1, &b->err), ERR_TOO_LARGE, "one byte more");
}

static void
case_keys(struct box *b)
{
	char *text = arena_raw(b->a, 4096);
	const struct {
		const char *label;
		size_t pk, sk, ref, ref_sort;
		enum err_kind want;
	} cases[] = {
		{ "longest", 2048, 1024, 2048, 1024, ERR_NONE },
		{ "long pk", 2049, 1, 1, 1, ERR_TOO_LARGE },
		{ "long sk", 1, 1025, 1, 1, ERR_TOO_LARGE },
		{ "long hash member", 1, 1, 2049, 1, ERR_TOO_LARGE },
		{ "long range member", 1, 1, 1, 1025, ERR_TOO_LARGE },
		{ "no pk", 0, 1, 1, 1, ERR_INVALID },
		{ "no sk", 1, 0, 1, 1, ERR_INVALID },
	};
	struct store_write bad = { .kind = STORE_DELETE, .expect = STORE_ANY, .pk = S("p") };

	memset(text, 'k', 4096);
	for (size_t i = 0; i < countof(cases); i++) {
		struct json *j = json_new_object(b->a);
		bool ok;

		json_put_str(b->a, j, "pk", (str){ text, cases[i].pk });
		json_put_str(b->a, j, "sk", (str){ text, cases[i].sk });
		json_put_str(b->a, j, "ref", (str){ text, cases[i].ref });
		json_put_str(b->a, j, "refSort", (str){ text, cases[i].ref_sort });
		ok = store_put(b->st, j, STORE_ANY, &b->err);
		if (cases[i].want != ERR_NONE)
			check_fails(b, ok, cases[i].want, cases[i].label);
		else
			CHECK_OK(ok, &b->err);
	}
	check_fails(b, store_transact(b->st, &bad, 1, &b->err), ERR_INVALID, "delete without sk");
	check_fails(b, store_put(b->st, parse(b, S("{\"pk\":1,\"sk\":\"s\"}")), STORE_ANY, &b->err),
	    ERR_INVALID, "a number as pk");
	check_fails(
	    b, store_put(b->st, parse(b, S("[]")), STORE_ANY, &b->err), ERR_INVALID, "a list");
}

/* What was put comes back, to the byte. */
static void
case_text(struct box *b)
{
	static const char *const more[] = {
		"\"n\":9007199254740993",
		"\"n\":1.10,\"m\":-0,\"e\":1E400",
		"\"s\":\"\\u0000 nul \\\" \\\\ \\n \xe2\x82\xac \xf0\x9f\x98\x80\"",
		"\"a\":[[],{},null,true,false,\"\"]",
		"\"\":\"empty name\"",
	};
	struct item out;

	for (size_t i = 0; i < countof(more); i++) {
		const struct json *j = item(b, "p \xc3\xa9", "s'\\\"; DROP TABLE item", "");

		j = parse(b,
		    str_replace(b->a, json_text(b->a, j), S("}"), str_fmt(b->a, ",%s}", more[i])));
		CHECK_OK(store_put(b->st, j, STORE_ANY, &b->err), &b->err);
		CHECK_OK(store_load(b->st, b->a, S("p \xc3\xa9"), json_str(json_get(j, "sk")), &out,
			     &b->err),
		    &b->err);
		CHECK(str_eq(json_text(b->a, out.body), json_text(b->a, j)), "case %zu", i);
		CHECK(str_eq(out.sk, json_str(json_get(j, "sk"))), "case %zu: sk", i);
	}
}

/* --- queries ---------------------------------------------------------------------- */

static const struct {
	enum store_condition condition;
	const char *a, *b, *up, *down;
} ranges[] = {
	{ STORE_ALL, "", "", "a a1 a2 b c", "c b a2 a1 a" },
	{ STORE_EQ, "a1", "", "a1", "a1" },
	{ STORE_EQ, "zz", "", "", "" },
	{ STORE_LT, "a2", "", "a a1", "a1 a" },
	{ STORE_LE, "a2", "", "a a1 a2", "a2 a1 a" },
	{ STORE_GT, "a2", "", "b c", "c b" },
	{ STORE_GE, "a2", "", "a2 b c", "c b a2" },
	{ STORE_BEGINS, "a", "", "a a1 a2", "a2 a1 a" },
	{ STORE_BEGINS, "a2x", "", "", "" },
	{ STORE_BEGINS, "", "", "a a1 a2 b c", "c b a2 a1 a" },
	{ STORE_BETWEEN, "a1", "b", "a1 a2 b", "b a2 a1" },
	{ STORE_BETWEEN, "b", "a1", "", "" },
};

/* Each condition, both ways, whole and brief, over the table and over an index, in pages. */
static void
case_ranges(struct box *b)
{
	static const char *const order[] = { "c", "a", "b", "a2", "a1" };

	for (size_t i = 0; i < countof(order); i++)
		put(b, "p", order[i],
		    str_z(b->a, str_fmt(b->a, "\"ref\":\"p\",\"refSort\":\"%s\"", order[i])));
	put(b, "q", "a3", "\"ref\":\"q\",\"refSort\":\"a3\"");
	for (size_t i = 0; i < countof(ranges); i++)
		for (uint32_t form = 0; form < 4 * 8; form++) {
			struct store_query q = {
				.index = form & 8 ? S("byRef") : S(""),
				.hash = S("p"),
				.condition = ranges[i].condition,
				.a = str_of(ranges[i].a),
				.b = str_of(ranges[i].b),
				.descending = form & 4,
				.brief = form & 16,
				.limit = form & 3,
			};

			CHECK_STR(keys(b, q), q.descending ? ranges[i].down : ranges[i].up,
			    "range %zu form %u", i, form);
		}
	check_fails(b,
	    store_query(b->st, b->a, &(struct store_query){ .index = S("byX"), .hash = S("p") },
		&(struct store_page){ 0 }, &b->err),
	    ERR_INVALID, "an index that is not there");
}

static void
case_byte_order(struct box *b)
{
	static const char *const order[] = { "A", "Z", "_", "a", "a\xc3\xa9", "az\x7f", "\xc3\xa9",
		"\xef\xbf\xbd", "\xf0\x9f\x98\x80" };
	struct buf want = buf_in(b->a);

	for (size_t i = countof(order); i-- > 0;)
		put(b, "p", order[i], "");
	for (size_t i = 0; i < countof(order); i++)
		if (i != 4) /* after az in bytes */
			buf_fmt(&want, "%s%s%s", i == 0 ? "" : " ", order[i],
			    i == 5 ? " a\xc3\xa9" : "");
	CHECK_STR(keys(b, (struct store_query){ .hash = S("p"), .limit = 2 }),
	    str_z(b->a, buf_str(&want)), "as memcmp orders, not as people do");
	CHECK_STR(keys(b,
		      (struct store_query){
			  .hash = S("p"), .condition = STORE_BEGINS, .a = S("\xf0\x9f") }),
	    "\xf0\x9f\x98\x80", "a prefix of part of a character");
}

static struct store_page
page_after(struct box *b, struct store_query q, str token)
{
	struct store_page page;

	q.start_after = token;
	CHECK_OK(store_query(b->st, b->a, &q, &page, &b->err), &b->err);
	return page;
}

/* What stood all along is seen once, whatever comes and goes between two pages. */
static void
case_pages_move(struct box *b)
{
	static const char *const member[] = { "p", "q" };

	for (int indexed = 0; indexed < 2; indexed++) {
		const char *p = member[indexed];
		const char *same = indexed ? "\"ref\":\"q\",\"refSort\":\"same\"" : "";
		struct store_query q = {
			.index = indexed ? S("byRef") : S(""), .hash = str_of(p), .limit = 2
		};
		struct store_page page;

		for (int i = 0; i < 4; i++)
			put(b, p, (const char *const[]){ "k0", "k2", "k4", "k6" }[i], same);
		page = page_after(b, q, S(""));
		CHECK(page.count == 2 && page.next.len > 0, "first page of %s", p);
		put(b, p, "k1", indexed ? "\"ref\":\"q\",\"refSort\":\"before\"" : "");
		CHECK_OK(
		    store_del(b->st, str_of(p), page.items[1].sk, STORE_ANY, &b->err), &b->err);
		page = page_after(b, q, page.next);
		CHECK(page.count == 2 && page.next.len == 0 && str_eq(page.items[0].sk, S("k4")) &&
			str_eq(page.items[1].sk, S("k6")),
		    "last page of %s", p);
	}
}

static void
case_tokens(struct box *b)
{
	struct store_query q = {
		.hash = S("p"), .limit = 1, .condition = STORE_BEGINS, .a = S("k")
	};
	struct store_query others[] = { q, q, q, q, q, q };
	struct store_page page;
	str token;

	put(b, "p", "k1", "\"ref\":\"p\",\"refSort\":\"k1\"");
	put(b, "p", "k2", "\"ref\":\"p\",\"refSort\":\"k2\"");
	token = page_after(b, q, S("")).next;
	CHECK(token.len > 0 && page_after(b, q, token).next.len == 0, "it goes on");
	q.limit = 5;
	q.brief = true;
	CHECK(page_after(b, q, token).count == 1, "another page size is the same query");
	others[0].hash = S("q");
	others[1].condition = STORE_GE;
	others[2].a = S("k1");
	others[3].descending = true;
	others[4].index = S("byRef");
	others[5].b = S("x");
	for (size_t i = 0; i < countof(others); i++) {
		others[i].start_after = token;
		check_fails(b, store_query(b->st, b->a, &others[i], &page, &b->err), ERR_INVALID,
		    "foreign");
	}
	for (size_t i = 0; i < token.len; i++) {
		str bad = str_dup(b->a, token);

		((char *)(uintptr_t)bad.ptr)[i] ^= i % 2 ? 2 : 0x40;
		q.start_after = bad;
		check_fails(
		    b, store_query(b->st, b->a, &q, &page, &b->err), ERR_INVALID, "mangled");
		q.start_after = str_sub(token, 0, i);
		if (i > 0)
			check_fails(
			    b, store_query(b->st, b->a, &q, &page, &b->err), ERR_INVALID, "cut");
	}
}

/* --- indexes ---------------------------------------------------------------------- */

static void
case_index_members(struct box *b)
{
	static const struct {
		const char *label, *more, *by_ref, *by_type;
	} steps[] = {
		{ "both members", "\"ref\":\"r\",\"refSort\":\"1\"", "s", "" },
		{ "the range member goes", "\"ref\":\"r\"", "", "" },
		{ "a number is no key", "\"ref\":\"r\",\"refSort\":1", "", "" },
		{ "it comes back", "\"ref\":\"r\",\"refSort\":\"2\"", "s", "" },
		{ "null is no key", "\"ref\":null,\"refSort\":\"2\"", "", "" },
		{ "another index too",
		    "\"ref\":\"r\",\"refSort\":\"2\",\"resourceType\":\"r\","
		    "\"createdAt\":\"t\"",
		    "s", "s" },
		{ "another value",
		    "\"ref\":\"q\",\"refSort\":\"2\",\"resourceType\":\"r\","
		    "\"createdAt\":\"t\"",
		    "", "s" },
		{ "nothing", "", "", "" },
	};
	struct store_query by_ref = { .index = S("byRef"), .hash = S("r") };
	struct store_query by_type = { .index = S("byType"), .hash = S("r") };

	for (size_t i = 0; i < countof(steps); i++) {
		put(b, "p", "s", steps[i].more);
		CHECK_STR(keys(b, by_ref), steps[i].by_ref, "%s", steps[i].label);
		CHECK_STR(keys(b, by_type), steps[i].by_type, "%s", steps[i].label);
	}
	put(b, "p", "s", "\"ref\":\"r\",\"refSort\":\"1\"");
	CHECK_OK(store_del(b->st, S("p"), S("s"), STORE_ANY, &b->err), &b->err);
	CHECK_STR(keys(b, by_ref), "", "deleted");
	put(b, "p2", "s2", "\"ref\":\"other\"");
	CHECK_STR(keys(b, by_ref), "", "deleted, and its place taken");
}

/* Many items with the same range member: each once, whatever the page. */
static void
case_index_ties(struct box *b)
{
	struct store_query q = { .index = S("byRef"), .hash = S("r") };

	for (int i = 0; i < 20; i++)
		put(b, "p", str_z(b->a, str_fmt(b->a, "%02d", i)),
		    i < 10 ? "\"ref\":\"r\",\"refSort\":\"a\"" : "\"ref\":\"r\",\"refSort\":\"b\"");
	for (q.limit = 1; q.limit < 25; q.limit++) {
		str up, down;

		q.descending = false;
		up = keys(b, q);
		q.descending = true;
		down = keys(b, q);
		CHECK(up.len == 59 && down.len == 59, "limit %u: " STR_FMT, q.limit, STR_ARG(up));
		for (int i = 0; i < 20; i++)
			CHECK(str_eq(str_sub(up, 3 * (size_t)i, 2),
				  str_sub(down, 57 - 3 * (size_t)i, 2)),
			    "limit %u: one is the other reversed", q.limit);
	}
}

static void
case_brief(struct box *b)
{
	static const char want[] =
	    "{\"pk\":\"p\",\"sk\":\"s\",\"resourceType\":\"t\",\"createdAt\":\"c\","
	    "\"name\":\"n\",\"status\":{\"x\":[1]}}";
	static const str indexes_of[] = { { "", 0 }, { "byName", 6 }, { "byType", 6 } };
	char *wide = arena_raw(b->a, 5001);
	struct store_page page;

	put(b, "p", "s",
	    "\"status\":{\"x\":[1]},\"createdAt\":\"c\",\"name\":\"n\",\"z\":\"long\","
	    "\"resourceType\":\"t\"");
	put(b, "p", "t", "\"other\":1,\"status\":\"only in the table\"");
	for (size_t i = 0; i < countof(indexes_of); i++) {
		struct store_query q = {
			.index = indexes_of[i], .hash = i == 0 ? S("p") : S("t"), .brief = true
		};

		page = page_after(b, q, S(""));
		CHECK(page.count == (i == 0 ? 2 : 1) && page.items[0].version == 1, "index %zu", i);
		CHECK(json_equal(page.items[0].body, parse(b, str_of(want))), "index %zu: " STR_FMT,
		    i, STR_ARG(json_text(b->a, page.items[0].body)));
		if (i == 0)
			CHECK_STR(json_text(b->a, page.items[1].body),
			    "{\"pk\":\"p\",\"sk\":\"t\",\"status\":\"only in the table\"}",
			    "not in an index");
	}
	memset(wide, 'w', 5000);
	wide[5000] = '\0';
	put(b, "p", "s",
	    str_z(b->a,
		str_fmt(b->a, "\"resourceType\":\"t\",\"name\":\"n\",\"status\":\"%s\"", wide)));
	page = page_after(
	    b, (struct store_query){ .index = S("byName"), .hash = S("t"), .brief = true }, S(""));
	CHECK(page.count == 1 && page.items[0].version == 2 &&
		json_str(json_get(page.items[0].body, "status")).len == 5000,
	    "a brief member may be wide");
}

/* --- many threads ----------------------------------------------------------------- */

#define THREADS 8
#define ROUNDS 40

struct worker {
	struct box *b;
	pthread_t thread;
	int nth;
	uint64_t done; /* increments that were acknowledged */
};

static void
start_workers(struct box *b, struct worker *w, void *(*f)(void *))
{
	for (int i = 0; i < THREADS; i++) {
		w[i] = (struct worker){ .b = b, .nth = i };
		assert_int_equal(pthread_create(&w[i].thread, NULL, f, &w[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(w[i].thread, NULL), 0);
}

/* cmocka's checks belong to its own thread: a worker aborts. */
static void
must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "worker failed: " STR_FMT "\n", STR_ARG(err->msg));
	abort();
}

/* Adds one to a counter that all share and to one of its own, both in one transaction. */
static void *
count_up(void *cookie)
{
	struct worker *w = cookie;

	while (w->done < ROUNDS) {
		auto_arena a = { 0 };
		struct err err;
		struct item shared;
		struct json *next, *own = json_new_object(&a);
		struct store_write writes[2] = { { .kind = STORE_PUT }, { .kind = STORE_PUT } };

		err_init(&err, &a);
		must(store_load(w->b->st, &a, S("count"), S("shared"), &shared, &err), &err);
		next = json_copy_shallow(&a, shared.body);
		json_set(
		    &a, next, "n", json_new_i64(&a, json_i64(json_get(shared.body, "n"), 0) + 1));
		json_put_str(&a, own, "pk", S("count"));
		json_put_str(&a, own, "sk", str_fmt(&a, "own%d", w->nth));
		writes[0].body = own;
		writes[0].expect = w->done == 0 ? STORE_NEW : w->done;
		writes[1].body = next;
		writes[1].expect = shared.version;
		if (store_transact(w->b->st, writes, 2, &err))
			w->done++;
		else
			must(err.kind == ERR_CONFLICT, &err);
	}
	return NULL;
}

static void
case_threads(struct box *b)
{
	struct worker w[THREADS];
	struct item it;

	put(b, "count", "shared", "\"n\":0");
	start_workers(b, w, count_up);
	CHECK_OK(store_load(b->st, b->a, S("count"), S("shared"), &it, &b->err), &b->err);
	assert_int_equal(json_i64(json_get(it.body, "n"), -1), THREADS * ROUNDS);
	assert_int_equal(it.version, THREADS * ROUNDS + 1);
	for (int i = 0; i < THREADS; i++) {
		str sk = str_fmt(b->a, "own%d", i);

		CHECK_OK(store_load(b->st, b->a, S("count"), sk, &it, &b->err), &b->err);
		assert_int_equal(it.version, ROUNDS);
	}
}

/* Interactive and plain transactions among each other: reads within one need no version. */
static void *
count_up_interactively(void *cookie)
{
	struct worker *w = cookie;

	for (int i = 0; i < ROUNDS; i++) {
		auto_arena a = { 0 };
		struct err err;
		struct item it;
		struct json *next;

		err_init(&err, &a);
		if (w->nth % 2 == 0) {
			json_put_str(&a, next = json_new_object(&a), "pk", S("other"));
			json_put_str(&a, next, "sk", str_fmt(&a, "%d-%d", w->nth, i));
			must(store_put(w->b->st, next, STORE_NEW, &err), &err);
			continue;
		}
		must(store_begin(w->b->st, &err), &err);
		must(store_load(w->b->st, &a, S("count"), S("shared"), &it, &err), &err);
		next = json_copy_shallow(&a, it.body);
		json_set(&a, next, "n", json_new_i64(&a, json_i64(json_get(it.body, "n"), 0) + 1));
		must(store_put(w->b->st, next, STORE_ANY, &err), &err);
		if (i % 4 == 3)
			store_rollback(w->b->st);
		else
			must(store_commit(w->b->st, &err), &err);
	}
	return NULL;
}

static void
case_interactive_threads(struct box *b)
{
	struct worker w[THREADS];
	struct item it;

	put(b, "count", "shared", "\"n\":0");
	start_workers(b, w, count_up_interactively);
	CHECK_OK(store_load(b->st, b->a, S("count"), S("shared"), &it, &b->err), &b->err);
	assert_int_equal(json_i64(json_get(it.body, "n"), -1), THREADS / 2 * ROUNDS * 3 / 4);
	CHECK(page_after(b, (struct store_query){ .hash = S("other") }, S("")).count ==
		THREADS / 2 * ROUNDS,
	    "every plain write is there");
}

/* --- interactive transactions ----------------------------------------------------- */

static void
begin(struct box *b)
{
	CHECK_OK(store_begin(b->st, &b->err), &b->err);
}

static void
commit(struct box *b)
{
	CHECK_OK(store_commit(b->st, &b->err), &b->err);
}

static void
case_nested(struct box *b)
{
	struct store_query all = { .hash = S("p") };
	struct store_query by_ref = { .index = S("byRef"), .hash = S("r") };

	begin(b);
	put(b, "p", "a", "\"ref\":\"r\",\"refSort\":\"1\"");
	CHECK_STR(keys(b, all), "a", "it sees its own writes");
	begin(b);
	put(b, "p", "b", "\"ref\":\"r\",\"refSort\":\"2\"");
	begin(b);
	CHECK_OK(store_del(b->st, S("p"), S("a"), 1, &b->err), &b->err);
	commit(b);
	CHECK_STR(keys(b, all), "b", "inner commit");
	store_rollback(b->st);
	CHECK_STR(keys(b, all), "a", "the middle one undoes what the inner one kept");
	CHECK_STR(keys(b, by_ref), "a", "in the index too");
	begin(b);
	put(b, "p", "c", "");
	check_fails(b, store_put(b->st, item(b, "p", "c", ""), STORE_NEW, &b->err), ERR_CONFLICT,
	    "a transaction in it may fail");
	commit(b);
	CHECK_STR(keys(b, all), "a c", "and undoes only itself");
	commit(b);
	CHECK_STR(keys(b, all), "a c", "committed");
	begin(b);
	put(b, "p", "d", "");
	begin(b);
	put(b, "p", "e", "");
	commit(b);
	store_rollback(b->st);
	CHECK_STR(keys(b, all), "a c", "the outermost decides");
	begin(b);
	commit(b);
	begin(b);
	store_rollback(b->st);
	put(b, "p", "f", "");
	CHECK_STR(keys(b, all), "a c f", "plain writes go on");
}

struct onlooker {
	struct box *b;
	bool found, wrote, began;
	enum err_kind write_kind, begin_kind;
};

static void *
look_on(void *cookie)
{
	struct onlooker *o = cookie;
	auto_arena a = { 0 };
	struct err err;
	struct item it;
	struct json *j = json_new_object(&a);

	err_init(&err, &a);
	must(store_find(o->b->st, &a, S("p"), S("a"), &it, &o->found, &err), &err);
	json_put_str(&a, j, "pk", S("p"));
	json_put_str(&a, j, "sk", S("late"));
	o->wrote = store_put(o->b->st, j, STORE_NEW, &err);
	o->write_kind = err.kind;
	err_clear(&err);
	o->began = store_begin(o->b->st, &err);
	o->begin_kind = err.kind;
	return NULL;
}

/* Others neither see nor disturb an open transaction, and do not wait for ever. */
static void
case_others_wait(struct box *b)
{
	struct onlooker o = { .b = b };
	pthread_t thread;

	begin(b);
	put(b, "p", "a", "");
	assert_int_equal(pthread_create(&thread, NULL, look_on, &o), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	commit(b);
	assert_false(o.found);
	assert_true(!o.wrote && o.write_kind == ERR_TIMEOUT);
	assert_true(!o.began && o.begin_kind == ERR_TIMEOUT);
	CHECK_STR(keys(b, (struct store_query){ .hash = S("p") }), "a", "nothing of it was done");
	put(b, "p", "b", "");
}

/* --- all -------------------------------------------------------------------------- */

static void
test_versions(struct arena *a)
{
	run(a, case_versions);
}

static void
test_check(struct arena *a)
{
	run(a, case_check);
}

static void
test_atomic(struct arena *a)
{
	run(a, case_atomic);
}

static void
test_limits(struct arena *a)
{
	run(a, case_limits);
}

static void
test_keys(struct arena *a)
{
	run(a, case_keys);
}

static void
test_text(struct arena *a)
{
	run(a, case_text);
}

static void
test_ranges(struct arena *a)
{
	run(a, case_ranges);
}

static void
test_byte_order(struct arena *a)
{
	run(a, case_byte_order);
}

static void
test_pages_move(struct arena *a)
{
	run(a, case_pages_move);
}

static void
test_tokens(struct arena *a)
{
	run(a, case_tokens);
}

static void
test_index_members(struct arena *a)
{
	run(a, case_index_members);
}

static void
test_index_ties(struct arena *a)
{
	run(a, case_index_ties);
}

static void
test_brief(struct arena *a)
{
	run(a, case_brief);
}

static void
count_items(struct box *b)
{
	static const struct {
		const char *label, *pk;
		uint64_t want;
	} cases[] = {
		{ "two", "p", 2 },
		{ "one, in no index", "q", 1 },
		{ "none", "", 0 },
		{ "a prefix is another", "pp", 0 },
	};
	uint64_t count;

	put(b, "p", "1", "\"resourceType\":\"t\"");
	put(b, "p", "2", "");
	put(b, "p", "2", "\"again\":1");
	put(b, "q", "1", "");
	for (size_t i = 0; i < countof(cases); i++) {
		CHECK_OK(store_count(b->st, str_of(cases[i].pk), &count, &b->err), &b->err);
		CHECK(
		    count == cases[i].want, "%s: %llu", cases[i].label, (unsigned long long)count);
	}
	CHECK_OK(store_begin(b->st, &b->err), &b->err);
	put(b, "p", "3", "");
	CHECK_OK(store_count(b->st, S("p"), &count, &b->err), &b->err);
	CHECK(count == 3, "its own writes are counted");
	store_rollback(b->st);
	CHECK_OK(store_count(b->st, S("p"), &count, &b->err), &b->err);
	CHECK(count == 2, "undone");
}

static void
test_count(struct arena *a)
{
	run(a, count_items);
}

static void
test_threads(struct arena *a)
{
	run(a, case_threads);
}

static void
test_interactive_threads(struct arena *a)
{
	run(a, case_interactive_threads);
}

static void
test_nested(struct arena *a)
{
	run(a, case_nested);
}

static void
test_others_wait(struct arena *a)
{
	run_with_timeout(a, case_others_wait, 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_versions),
		TEST(test_check),
		TEST(test_atomic),
		TEST(test_limits),
		TEST(test_keys),
		TEST(test_text),
		TEST(test_ranges),
		TEST(test_byte_order),
		TEST(test_pages_move),
		TEST(test_tokens),
		TEST(test_index_members),
		TEST(test_index_ties),
		TEST(test_brief),
		TEST(test_count),
		TEST(test_threads),
		TEST(test_interactive_threads),
		TEST(test_nested),
		TEST(test_others_wait),
	};

	return RUN_TESTS(tests);
}
