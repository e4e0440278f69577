/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people read: colours and rewritten lines on a terminal only, nothing that steers it.
 */
#include "streams.h"

#include "cli/screen.h"

static void
test_safe(struct arena *a)
{
	static const struct {
		const char *label, *in, *want;
	} cases[] = {
		{ "plain", "my notebook", "my notebook" },
		{ "other alphabets stay", "n\xC3\xB6tebook \xE2\x9C\x93",
		    "n\xC3\xB6tebook \xE2\x9C\x93" },
		{ "escape sequence", "a\033[2Jb", "a?[2Jb" },
		{ "carriage return, bell, delete", "a\rb\ac\x7F", "a?b?c?" },
		{ "C1 control",
		    "a\xC2\x9B"
		    "2Jb",
		    "a??2Jb" },
		{ "C2 that is none", "\xC2\xA7", "\xC2\xA7" },
		{ "cut off after C2", "a\xC2", "a\xC2" },
		{ "lines become one", "first\nsecond\n", "first; second" },
		{ "empty", "", "" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(screen_safe(a, str_of(cases[i].in)), cases[i].want, "%s", cases[i].label);
}

static void
test_duration(struct arena *a)
{
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {
		{ -5, "0.0 s" },
		{ 0, "0.0 s" },
		{ 99, "0.0 s" },
		{ 450, "0.4 s" },
		{ 9999, "9.9 s" },
		{ 10000, "10 s" },
		{ 119999, "119 s" },
		{ 120000, "2 min 0 s" },
		{ 7199000, "119 min 59 s" },
		{ 7200000, "2 h 0 min" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(screen_duration(a, cases[i].ms), cases[i].want, "%lld ms",
		    (long long)cases[i].ms);
}

static void
test_status(struct arena *a)
{
	const struct screen plain = { 0 }, coloured = { .colour = true };
	static const struct {
		const char *status, *want;
	} cases[] = {
		{ "COMPLETED", "\033[32mCOMPLETED\033[0m" },
		{ "FAILED", "\033[31mFAILED\033[0m" },
		{ "TERMINATING_FAILED", "\033[31mTERMINATING_FAILED\033[0m" },
		{ "PENDING", "\033[33mPENDING\033[0m" },
		{ "STOPPED", "STOPPED" },
		{ "\033[5mX", "?[5mX" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(screen_status(&coloured, a, str_of(cases[i].status)), cases[i].want, "%s",
		    cases[i].status);
	CHECK_STR(screen_status(&plain, a, S("FAILED")), "FAILED", "without colour");
}

static void
test_lines(struct arena *a)
{
	struct streams s;
	struct screen plain, terminal;
	str out, err;

	streams_open(&s);
	plain = (struct screen){ .out = s.out, .width = 20 };
	screen_line(&plain, S("one"));
	screen_note(&plain, a, S("awaiting"));
	screen_line(&plain, S("two"));
	streams_close(&s, a, &out, &err);
	CHECK_STR(out, "one\ntwo\n", "a file has no notes");

	streams_open(&s);
	terminal = (struct screen){ .out = s.out, .terminal = true, .width = 10 };
	screen_note(&terminal, a, S("aw\xC3\xA4iting for long\033"));
	screen_note(&terminal, a, S("b"));
	screen_line(&terminal, S("two"));
	screen_line(&terminal, S("three"));
	streams_close(&s, a, &out, &err);
	CHECK_STR(out, "\r\033[Kaw\xC3\xA4iting \r\033[Kb\r\033[Ktwo\nthree\n",
	    "a note is cut to the width and taken back");
}

static void
test_table(struct arena *a)
{
	const str cells[] = { S("NAME"), S("STATUS"), S("ID"), S("n\xC3\xB6te"), S("FAILED"),
		S("1"), S("a\033b"), S("STOPPED"), S("22") };
	struct screen s = { 0 };
	struct streams f;
	str out, err;

	streams_open(&f);
	s.out = f.out;
	screen_table(&s, a, cells, 3, 3, 1);
	s.colour = true;
	screen_table(&s, a, cells, 3, 2, 1);
	streams_close(&f, a, &out, &err);
	CHECK_STR(out,
	    "NAME  STATUS   ID\n"
	    "n\xC3\xB6te  FAILED   1\n"
	    "a?b   STOPPED  22\n"
	    "NAME  STATUS  ID\n"
	    "n\xC3\xB6te  \033[31mFAILED\033[0m  1\n",
	    "columns count characters, not bytes or colours");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_safe),
		TEST(test_duration),
		TEST(test_status),
		TEST(test_lines),
		TEST(test_table),
	};

	return RUN_TESTS(tests);
}
