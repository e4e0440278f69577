/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that is ended and started again: a type's folder that changed meanwhile is what is
 * launched from then on.
 */
#include "command.h"

/* Two lives of a server over one data folder; prints the folder's version, then the launch's steps.
 */
static const char script[] =
    "d=$(mktemp -d) && cp -r environments $d/environments && export SWB_DATA=$d/data\n"
    "begin() {\n"
    "  rm -f $d/out\n"
    "  $SWB serve --listen 127.0.0.1:0 --environments $d/environments --quiet >$d/out 2>&1 &\n"
    "  server=$!\n"
    "  until grep -q ready $d/out; do kill -0 $server || exit 9; done\n"
    "}\n"
    "finish() { kill $server; wait $server; }\n"
    "begin && finish || exit 1\n"
    "sed -i 's/^description: .*/description: Changed meanwhile/' "
    "  $d/environments/sagemakerNotebook/type.yaml\n"
    "begin\n"
    "$SWB type list $d/environments --json | grep -A3 '\"type\": \"sagemakerNotebook\"'\n"
    "$SWB env launch sagemakerNotebook --name again || exit 2\n"
    "finish || exit 3\n"
    "rm -r $d\n";

static void
test_changed_folder(struct arena *a)
{
	struct command c = expect_status(a, script, 0);
	static const char member[] = "\"version\": \"";
	str version = str_from(c.out, str_find(c.out, str_of(member)) + sizeof(member) - 1);

	version = str_sub(version, 0, 8);
	CHECK(version.len == 8, STR_FMT, STR_ARG(c.out));
	CHECK(str_has(c.out, str_fmt(a, "NotebookLaunch-" STR_FMT, STR_ARG(version))), STR_FMT,
	    STR_ARG(c.out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_changed_folder),
	};

	return RUN_TESTS(tests);
}
