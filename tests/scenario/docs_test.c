/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every swb command that a document shows in a code block is run as it stands, and must succeed:
 * lines that begin with build/src/swb, which need no server. Sessions with one ("$ swb …") are
 * replayed by quickstart_test.c.
 */
#include "command.h"

static const char *const documents[] = { "README.md", "environments/README.md" };

/* "build/src/swb x" stands for the program under test. */
static void
run_shown(struct arena *a, const char *document, str line)
{
	static const char shown[] = "build/src/swb ";
	const char *command;

	if (!str_starts(line, str_of(shown)))
		return;
	command = str_z(a, str_fmt(a, "$SWB " STR_FMT, STR_ARG(str_from(line, sizeof(shown) - 1))));
	print_message("%s: %s\n", document, command);
	expect_status(a, command, 0);
}

static void
test_commands_in_documents(struct arena *a)
{
	for (size_t i = 0; i < countof(documents); i++) {
		bool in_code = false;
		struct err err;
		str text;

		err_init(&err, a);
		CHECK_OK(file_read(a, path_join(a, SWB_SOURCE_ROOT, documents[i]), (size_t)1 << 20,
			     &text, &err),
		    &err);
		for (str rest = text, line; str_cut(&rest, '\n', &line);) {
			if (str_starts(line, S("```")))
				in_code = !in_code;
			else if (in_code)
				run_shown(a, documents[i], line);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_commands_in_documents),
	};

	return RUN_TESTS(tests);
}
