/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "aws/timestamp.h"
#include "base/json.h"

static void
test_parse(struct arena *a)
{
	static const struct {
		const char *in;
		bool ok;
		int64_t want;
	} cases[] = {
		{ "0", true, 0 },
		{ "1398796238", true, 1398796238000 },
		{ "1398796238.123", true, 1398796238123 },
		{ "1.398796238123E9", true, 1398796238123 },
		{ "-1.5", true, -1500 },
		{ "2014-04-29T18:30:38Z", true, 1398796238000 },
		{ "2014-04-29T18:30:38.5+00:00", true, 1398796238500 },
		{ "2014-04-29T17:30:38-01:00", true, 1398796238000 },
		{ "2014-04-30T00:00:38.123+05:30", true, 1398796238123 },
		{ "Tue, 29 Apr 2014 18:30:38 GMT", true, 1398796238000 },
		{ "Sun, 02 Jan 2000 20:34:56.456 GMT", true, 946845296456 },
		{ "", false, 0 },
		{ "e", false, 0 },
		{ "1e400", false, 0 },
		{ "NaN", false, 0 },
		{ "253402300800", false, 0 },
		{ "0x10", false, 0 },
		{ "2014-04-29", false, 0 },
		{ "2014-13-29T18:30:38Z", false, 0 },
		{ "2014-04-29T18:30:38+1:000", false, 0 },
		{ "+05:30", false, 0 },
		{ "Tue, 29 Foo 2014 18:30:38 GMT", false, 0 },
		{ "Tue, 29 Apr 2014 18:30:38 CET", false, 0 },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++) {
		int64_t got = 0;

		CHECK(timestamp_parse(str_of(cases[i].in), &got) == cases[i].ok, "%s", cases[i].in);
		CHECK(got == cases[i].want, "%s gives %lld", cases[i].in, (long long)got);
	}
}

static void
test_write(struct arena *a)
{
	static const struct {
		int64_t ms;
		const char *seconds, *iso, *http;
	} cases[] = {
		{ 0, "0", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ 1398796238123, "1398796238.123", "2014-04-29T18:30:38.123Z",
		    "Tue, 29 Apr 2014 18:30:38 GMT" },
		{ 1398796238007, "1398796238.007", "2014-04-29T18:30:38.007Z",
		    "Tue, 29 Apr 2014 18:30:38 GMT" },
		{ -500, "-0.500", "1969-12-31T23:59:59.500Z", "Thu, 01 Jan 1970 00:00:00 GMT" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct json *seconds = json_new(a, JSON_NUMBER);

		seconds->text = timestamp_unix(a, cases[i].ms);
		CHECK_STR(seconds->text, cases[i].seconds, "case %zu", i);
		CHECK_STR(timestamp_write(a, seconds, AWS_TIME_ISO), cases[i].iso, "case %zu", i);
		CHECK_STR(timestamp_write(a, seconds, AWS_TIME_HTTP), cases[i].http, "case %zu", i);
	}
	CHECK_STR(timestamp_write(a, json_new_str(a, S("soon")), AWS_TIME_ISO), "", "no time");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_parse),
		TEST(test_write),
	};

	return RUN_TESTS(tests);
}
