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

/* --- stores under test --------------------------------------------------------------------------
 */

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

/* --- helpers
 * ------------------------------------------------------------------------------------------ */

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

/* --- conditions
 * ------------------------------------------------------------------------------------------ */

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
test_versions(struct arena *a)
{
	run(a, case_versions);
}

static void
case_range(struct box *b)
{
	static const struct {
		enum store_condition condition;
		const char *a, *b, *want;
	} cases[] = {
		{ STORE_ALL, "", "", "a a1 a2 b c" },
		{ STORE_EQ, "a1", "", "a1" },
		{ STORE_EQ, "zz", "", "" },
		{ STORE_LT, "a2", "", "a a1" },
		{ STORE_LE, "a2", "", "a a1 a2" },
		{ STORE_GT, "a2", "", "b c" },
		{ STORE_GE, "a2", "", "a2 b c" },
		{ STORE_BEGINS, "a", "", "a a1 a2" },
		{ STORE_BEGINS, "", "", "a a1 a2 b c" },
		{ STORE_BETWEEN, "a1", "b", "a1 a2 b" },
		{ STORE_BETWEEN, "b", "a1", "" },
	};

	for (size_t i = 0; i < 5; i++)
		put(b, "p", (const char *const[]){ "c", "a", "b", "a2", "a1" }[i], "");
	put(b, "q", "a3", "");
	for (size_t i = 0; i < countof(cases); i++)
		for (uint32_t limit = 0; limit < 4; limit++) {
			struct store_query q = {
				.hash = S("p"),
				.condition = cases[i].condition,
				.a = str_of(cases[i].a),
				.b = str_of(cases[i].b),
				.limit = limit,
			};

			CHECK_STR(keys(b, q), cases[i].want, "case %zu limit %u", i, limit);
		}
}

static void
test_range(struct arena *a)
{
	run(a, case_range);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_versions), TEST(test_range) };

	return RUN_TESTS(tests);
}
