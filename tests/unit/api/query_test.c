/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "api/query.h"
#include "base/buf.h"

static void
test_parse(struct arena *a)
{
	static const struct {
		const char *label, *in, *want; /* want NULL: refused */
	} cases[] = {
		{ "empty", "", "" },
		{ "only marks", "&&&", "" },
		{ "pairs", "a=1&b=2", "[a=1][b=2]" },
		{ "no value", "a&b=", "[a=][b=]" },
		{ "no name", "=x", "[=x]" },
		{ "value with the mark", "a=b=c", "[a=b=c]" },
		{ "escapes", "a%20b=c+d%2B", "[a b=c d+]" },
		{ "escaped marks", "a=%26%3d", "[a=&=]" },
		{ "not decoded twice", "a=%2541", "[a=%41]" },
		{ "UTF-8", "a=%c3%a9", "[a=\xc3\xa9]" },
		{ "broken escape", "a=%4", NULL },
		{ "no hexadecimal digits", "a=%zz", NULL },
		{ "no UTF-8", "a=%ff", NULL },
		{ "over-long", "a=%c0%af", NULL },
		{ "raw bytes", "a=\xff", NULL },
		{ "a bad name", "%ff=1", NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct buf got = buf_in(a);
		struct query q;
		struct err err;
		bool ok;

		err_init(&err, a);
		ok = query_parse(a, str_of(cases[i].in), &q, &err);
		CHECK(ok == (cases[i].want != NULL), "%s", cases[i].label);
		CHECK(
		    ok || (err.kind == ERR_INVALID && str_is_utf8(err.msg)), "%s", cases[i].label);
		for (size_t n = 0; ok && n < q.count; n++)
			buf_fmt(&got, "[" STR_FMT "=" STR_FMT "]", STR_ARG(q.pairs[n].name),
			    STR_ARG(q.pairs[n].value));
		if (ok)
			CHECK_STR(buf_str(&got), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_get(struct arena *a)
{
	struct query q;
	struct err err;

	err_init(&err, a);
	CHECK_OK(query_parse(a, S("a=1&b=&a=2"), &q, &err), &err);
	CHECK_STR(query_get(&q, "a"), "1", "the first");
	assert_int_equal(query_count(&q, "a"), 2);
	assert_true(query_has(&q, "b"));
	assert_true(query_get(&q, "b").ptr != NULL);
	assert_false(query_has(&q, "c"));
	assert_null(query_get(&q, "c").ptr);
}

static void
test_most(struct arena *a)
{
	struct buf text = buf_in(a);
	struct query q;
	struct err err;

	err_init(&err, a);
	for (int i = 0; i < QUERY_MAX_PAIRS; i++)
		buf_fmt(&text, "p%d=%d&", i, i);
	CHECK_OK(query_parse(a, buf_str(&text), &q, &err), &err);
	assert_int_equal(q.count, QUERY_MAX_PAIRS);
	buf_add(&text, S("one=more"));
	assert_false(query_parse(a, buf_str(&text), &q, &err));
	CHECK_STR(err.msg, "the query has more than 32 parameters", "too many");
}

/* What a message shows of a URL is short and text, whatever was sent. */
static void
test_shown(struct arena *a)
{
	char *many = arena_new(a, char, 5001);

	memset(many, 0xc3, 5000);
	assert_true(str_is_utf8(query_shown(a, str_of(many))));
	assert_true(query_shown(a, str_of(many)).len <= 400);
	CHECK_STR(query_shown(a, S("caf\xc3\xa9")), "caf\xc3\xa9", "text stays");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_parse),
		TEST(test_get),
		TEST(test_most),
		TEST(test_shown),
	};

	return RUN_TESTS(tests);
}
