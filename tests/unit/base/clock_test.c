/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"

static void
test_forms(struct arena *a)
{
	static const struct {
		int64_t ms;
		const char *iso_ms, *iso_s, *compact;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z", "19700101T000000Z" },
		{ 1651779543007, "2022-05-05T19:39:03.007Z", "2022-05-05T19:39:03Z",
		    "20220505T193903Z" },
		{ 951827696789, "2000-02-29T12:34:56.789Z", "2000-02-29T12:34:56Z",
		    "20000229T123456Z" },
		{ -1, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z", "19691231T235959Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z",
		    "99991231T235959Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000Z", "0000-01-01T00:00:00Z",
		    "00000101T000000Z" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		CHECK_STR(time_iso_ms(a, cases[i].ms), cases[i].iso_ms, "case %zu", i);
		CHECK_STR(time_iso_s(a, cases[i].ms), cases[i].iso_s, "case %zu", i);
		CHECK_STR(time_compact(a, cases[i].ms), cases[i].compact, "case %zu", i);
	}
}

static void
test_round_trip(struct arena *a)
{
	for (int64_t ms = 86399999; ms < INT64_C(4000000000000); ms += 86461001 * INT64_C(97)) {
		int64_t back = -1;

		CHECK(time_parse(time_iso_ms(a, ms), &back) && back == ms, "%lld", (long long)ms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_forms),
		TEST(test_round_trip),
	};

	return RUN_TESTS(tests);
}
