/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/buf.h"

static void
test_str_cut(struct arena *a)
{
	static const struct {
		const char *label, *in, *want;
	} cases[] = {
		{ "empty is one empty piece", "", "[]" },
		{ "one piece", "a", "[a]" },
		{ "inner and trailing", "a//b/", "[a][][b][]" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct buf got = buf_in(a);

		for (str rest = str_of(cases[i].in), head; str_cut(&rest, '/', &head);)
			buf_fmt(&got, "[" STR_FMT "]", STR_ARG(head));
		CHECK_STR(buf_str(&got), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_str_replace(struct arena *a)
{
	CHECK_STR(str_replace(a, S("a.b.c"), S("."), S("::")), "a::b::c", "grows");
	CHECK_STR(str_replace(a, S("aXbXX"), S("X"), S("")), "ab", "vanishes");
	CHECK_STR(str_replace(a, S("abc"), S("x"), S("y")), "abc", "absent");
}

static void
test_str_to_i64(struct arena *a)
{
	static const struct {
		const char *in;
		bool ok;
		int64_t want;
	} cases[] = {
		{ "0", true, 0 },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "1x", false, 0 },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++) {
		int64_t got = 0;

		CHECK(str_to_i64(str_of(cases[i].in), &got) == cases[i].ok, "%s", cases[i].in);
		CHECK(got == cases[i].want, "%s", cases[i].in);
	}
}

static void
test_str_is_utf8(struct arena *a)
{
	static const struct {
		const char *in;
		bool want;
	} cases[] = {
		{ "plain", true },
		{ "\xc3\xa9\xe1\x88\xb4\xf0\x9f\x98\x80", true },
		{ "\xc0\xaf", false },         /* over-long */
		{ "\xed\xa0\x80", false },     /* surrogate */
		{ "\xf4\x90\x80\x80", false }, /* past the last code point */
		{ "\xe1\x88", false },         /* cut off */
		{ "\x80", false },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++)
		CHECK(str_is_utf8(str_of(cases[i].in)) == cases[i].want, "case %zu", i);
}

static void
test_str_clip(struct arena *a)
{
	str text = S("a\xc3\xa9\xf0\x9f\x98\x80z");

	(void)a;
	assert_int_equal(str_characters(text), 4);
	assert_int_equal(str_characters(S("")), 0);
	CHECK_STR(str_clip(text, 0), "", "none");
	CHECK_STR(str_clip(text, 2), "a\xc3\xa9", "between characters");
	CHECK_STR(str_clip(text, 3), "a\xc3\xa9\xf0\x9f\x98\x80", "a whole one");
	CHECK_STR(str_clip(text, 9), "a\xc3\xa9\xf0\x9f\x98\x80z", "all");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_str_cut),
		TEST(test_str_replace),
		TEST(test_str_to_i64),
		TEST(test_str_is_utf8),
		TEST(test_str_clip),
	};

	return RUN_TESTS(tests);
}
