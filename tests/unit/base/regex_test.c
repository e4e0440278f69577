/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <pthread.h>

#include "base/regex.h"

static void
test_matches(struct arena *a)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "ab", false }, /* the whole of it */
		{ "a|ab", "ab", true },
		{ "^[a-z]+$", "abc", true },
		{ "^env-[0-9a-f]{8}$", "env-0123abcd", true },
		{ "\\d+\\.\\w", "12.x", true },
		{ "\\d", "\xd9\xa3", false },  /* an Arabic digit is not \d */
		{ "\\w+", "\xc3\xa9", false }, /* nor is e-acute \w */
		{ ".", "\xc3\xa9", true },     /* one character, two bytes */
		{ ".*", "a\r", false },        /* '.' stops at any newline */
		{ "[\\s\\S]*", "a\r\nb", true },
		{ "^(.*)$", "a\nb", false },
		{ "\\u0041\\u00e9", "A\xc3\xa9", true },
		{ "(?!sw)[a-z]{2,}", "swb", false },
	};
	struct err err;

	err_init(&err, a);
	for (size_t i = 0; i < countof(cases); i++) {
		bool got = !cases[i].want;

		CHECK_OK(regex_matches_whole(
			     str_of(cases[i].pattern), str_of(cases[i].text), &got, &err),
		    &err);
		CHECK(got == cases[i].want, "%s on %s", cases[i].pattern, cases[i].text);
	}
}

static void
test_refused(struct arena *a)
{
	static const char *const patterns[] = { "(", "[a", "a{2,1}", "*", "(*UCP)\\d", "\\C",
		"\\" };
	struct err err;
	char *long_pattern = arena_new(a, char, REGEX_MAX_PATTERN_BYTES + 1);
	bool got;

	err_init(&err, a);
	for (size_t i = 0; i < countof(patterns); i++) {
		CHECK(!regex_check(str_of(patterns[i]), &err), "%s", patterns[i]);
		CHECK(err.kind == ERR_INVALID, "%s", patterns[i]);
	}
	CHECK(!regex_check(S("ab(c"), &err), "open group");
	CHECK(str_starts(err.msg, S("'ab(c' is not a regular expression: ")), "names it");
	CHECK(str_ends(err.msg, S("(at byte 5)")), "says where: " STR_FMT, STR_ARG(err.msg));
	memset(long_pattern, 'a', REGEX_MAX_PATTERN_BYTES + 1);
	CHECK(!regex_check((str){ long_pattern, REGEX_MAX_PATTERN_BYTES + 1 }, &err), "long");
	CHECK_OK(regex_check((str){ long_pattern, REGEX_MAX_PATTERN_BYTES }, &err), &err);
	CHECK(!regex_matches_whole(S("."), S("\xff"), &got, &err), "not UTF-8");
	CHECK(err.kind == ERR_INVALID, "kind");
}

/* A pattern that would take 2^40 steps ends by the limit. */
static void
test_runaway(struct arena *a)
{
	struct err err;
	bool got = false;

	err_init(&err, a);
	CHECK(!regex_matches_whole(
		  S("(a+)+[bc]"), S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaad"), &got, &err),
	    "gave up");
	CHECK(err.kind == ERR_TOO_LARGE, "kind");
}

/* More than the JIT's small stack holds: the interpreter takes over. */
static void
test_long_text(struct arena *a)
{
	size_t len = 60000;
	char *text = arena_new(a, char, len);
	struct err err;
	bool got = false;

	err_init(&err, a);
	memset(text, 'a', len);
	CHECK_OK(regex_matches_whole(S("(?:(a)|b)*"), (str){ text, len }, &got, &err), &err);
	CHECK(got, "matches");
}

/* Many more patterns than the cache holds, from several threads. */
static void *
match_many(void *cookie)
{
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	for (int i = 0; i < 600; i++) {
		str text = str_fmt(&a, "x%d", i);
		bool got = false;

		if (!regex_matches_whole(text, text, &got, &err) || !got)
			return cookie;
		if (!regex_matches_whole(S("x\\d+"), text, &got, &err) || !got)
			return cookie;
	}
	return NULL;
}

static void
test_cache(struct arena *a)
{
	pthread_t threads[4];

	(void)a;
	for (size_t i = 0; i < countof(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, match_many, threads), 0);
	for (size_t i = 0; i < countof(threads); i++) {
		void *bad = NULL;

		assert_int_equal(pthread_join(threads[i], &bad), 0);
		CHECK(bad == NULL, "thread %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_matches),
		TEST(test_refused),
		TEST(test_runaway),
		TEST(test_long_text),
		TEST(test_cache),
	};

	return RUN_TESTS(tests);
}
