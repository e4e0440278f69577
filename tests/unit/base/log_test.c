/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"
#include "base/log.h"

static void
test_lines(struct arena *a)
{
	int64_t now_ms = 1651779543023;
	char *text = NULL;
	size_t len = 0;
	struct test_clock clock;
	struct log log = { .least = LOG_INFO, .clock = &clock.clock };

	(void)a;
	test_clock_init(&clock, &now_ms);
	log.out = open_memstream(&text, &len);
	assert_non_null(log.out);
	log_debug(&log, "dropped=%d", 1);
	log_info(&log, "launched env=%s", "env-1");
	log_error(&log, "%s", "forged\n2022 error\x1b");
	log_error(NULL, "nobody listens");
	assert_int_equal(fclose(log.out), 0);
	CHECK_STR(((str){ text, len }),
	    "2022-05-05T19:39:03.023Z info launched env=env-1\n"
	    "2022-05-05T19:39:03.023Z error forged\\n2022 error\\x1b\n",
	    "log");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines),
	};

	return RUN_TESTS(tests);
}
