/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swb type test --crash-at: the program is stopped at every write from the first to the last and
 * goes on from what is on disk, to the same end, with nothing provisioned twice.
 *
 * Run with a part of the writes: "crash_test PART PARTS".
 */
#include "command.h"

static int part, parts;

static void
test_stopped_at_every_write(struct arena *a)
{
	const struct json *report =
	    expect_json(a, "$SWB type test environments/sagemakerNotebook --json");
	int64_t writes = json_i64(json_get(report, "writes"), 0);
	const char *line = str_z(a,
	    str_fmt(a, "$SWB type test environments/sagemakerNotebook --crash-at %lld-%lld --json",
		(long long)(writes * (part - 1) / parts + 1), (long long)(writes * part / parts)));
	struct command c = run_command(a, line);

	CHECK(writes > 100, "%lld writes", (long long)writes);
	if (c.status != 0) {
		show_command(line, &c);
		_fail(__FILE__, __LINE__);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stopped_at_every_write),
	};

	part = argc == 3 ? atoi(argv[1]) : 1;
	parts = argc == 3 ? atoi(argv[2]) : 1;
	return RUN_TESTS(tests);
}
