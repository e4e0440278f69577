/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arguments: what becomes of a command line, against rows of the test's own.
 */
#include "streams.h"

#include "cli/verb.h"

#define MOST_WORDS 12

static const struct cli_option options[] = {
	{ "--flag", NULL, "A flag.", false },
	{ "--value", "TEXT", "A value.", false },
	{ "--many", "TEXT", "As often as wanted.", true },
	{ "--count", "N", "A number.", false },
};

/* Prints what it was given. */
static int
echo(const struct cli_args *args, FILE *out, FILE *err)
{
	uint64_t count;

	if (!cli_get_u64(args, "--count", 7, 1, 99, &count, err))
		return EXIT_USAGE;
	for (size_t i = 0; i < args->operand_count; i++)
		fprintf(out, "[%s]", args->operands[i]);
	for (size_t i = 0; i < args->given_count; i++)
		fprintf(out, "(%s=%s)", args->given[i].option->name,
		    args->given[i].value == NULL ? "" : args->given[i].value);
	for (char **rest = args->rest; rest != NULL && *rest != NULL; rest++)
		fprintf(out, "<%s>", *rest);
	fprintf(out, "%d", (int)count);
	return EXIT_DONE;
}

static const struct verb thing_do = {
	.name = "thing do",
	.operands = "A [B]",
	.least_operands = 1,
	.most_operands = 2,
	.summary = "Does a thing.",
	.help = "At length.",
	.options = options,
	.option_count = countof(options),
	.run = echo,
};

static const struct verb thing_ask = {
	.name = "thing ask",
	.operands = "",
	.summary = "Asks for things.",
	.help = "",
	.asks_server = true,
	.run = echo,
};

static const struct verb thing_pass = {
	.name = "thing pass",
	.operands = "ARGS...",
	.least_operands = 1,
	.most_operands = 1,
	.summary = "Passes on.",
	.help = "",
	.options = options,
	.option_count = countof(options),
	.passes_on = true,
	.run = echo,
};

static const struct verb *const verbs[] = { &thing_do, &thing_ask, &thing_pass };

static int
run_words(struct arena *a, str line, str *out, str *err)
{
	char *argv[MOST_WORDS + 2] = { (char *)str_z(a, S("swb")) };
	const struct cli_context context = { 0 };
	struct streams s;
	int argc = 1, status;

	for (str rest = line, word; line.len > 0 && str_cut(&rest, ' ', &word);) {
		assert_true(argc <= MOST_WORDS);
		argv[argc++] = (char *)str_z(a, word);
	}
	streams_open(&s);
	status = cli_main(verbs, countof(verbs), &context, argc, argv, s.out, s.err);
	streams_close(&s, a, out, err);
	return status;
}

static void
test_accepted(struct arena *a)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "thing do x", "[x]7" },
		{ "thing do x y", "[x][y]7" },
		{ "thing do --flag x", "[x](--flag=)7" },
		{ "thing do x --flag", "[x](--flag=)7" },
		{ "thing do x --value v", "[x](--value=v)7" },
		{ "thing do x --value=v=w", "[x](--value=v=w)7" },
		{ "thing do x --value=", "[x](--value=)7" },
		{ "thing do x --value --flag", "[x](--value=--flag)7" },
		{ "thing do x --many 1 --many=2", "[x](--many=1)(--many=2)7" },
		{ "thing do -- --flag", "[--flag]7" },
		{ "thing do -", "[-]7" },
		{ "thing do x --count 99", "[x](--count=99)99" },
		{ "thing ask --server u --token t --as p --data d",
		    "(--server=u)(--token=t)(--as=p)(--data=d)7" },
		{ "thing pass --flag s3 ls --flag --help",
		    "[s3](--flag=)<s3><ls><--flag><--help>7" },
		{ "thing pass -- --region x", "[--region]<--region><x>7" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str out, err;
		int status = run_words(a, str_of(cases[i].line), &out, &err);

		CHECK(status == EXIT_DONE, "%s: " STR_FMT, cases[i].line, STR_ARG(err));
		CHECK_STR(out, cases[i].want, "%s", cases[i].line);
	}
}

static void
test_refused(struct arena *a)
{
	static const struct {
		const char *line, *complaint;
	} cases[] = {
		{ "", "usage: swb COMMAND" },
		{ "nothing", "there is no command 'nothing'" },
		{ "thing",
		    "usage: swb thing COMMAND [operands] [options]\n\ncommands:\n  thing do A [B]" },
		{ "thing undo x", "there is no command 'thing undo'\nusage: swb thing COMMAND" },
		{ "help thing undo", "there is no command 'thing undo'\nusage: swb thing COMMAND" },
		{ "--flag thing do x", "options stand behind the command" },
		{ "help nothing", "there is no command 'nothing'" },
		{ "thing do", "thing do needs A [B]\nusage: swb thing do A [B] [options]" },
		{ "thing do x y z", "z is one operand too many" },
		{ "thing do x --what", "unknown option --what" },
		{ "thing do x --server u", "unknown option --server" },
		{ "thing do x -f", "unknown option -f" },
		{ "thing do x --flag=1", "--flag takes no value" },
		{ "thing do x --value", "--value needs a value: TEXT" },
		{ "thing do x --flag --flag", "--flag stands twice" },
		{ "thing do x --count 0", "a whole number from 1 to 99 is needed" },
		{ "thing do x --count 100", "a whole number from 1 to 99 is needed" },
		{ "thing do x --count -1", "a whole number from 1 to 99 is needed" },
		{ "thing do x --count 1x", "a whole number from 1 to 99 is needed" },
		{ "thing do x --count 99999999999999999999", "a whole number" },
		{ "thing ask --flag", "unknown option --flag" },
		{ "thing pass", "thing pass needs ARGS..." },
		{ "thing pass --region x", "unknown option --region" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str out, err;
		int status = run_words(a, str_of(cases[i].line), &out, &err);

		CHECK(status == EXIT_USAGE, "%s: %d", cases[i].line, status);
		CHECK(str_has(err, str_of(cases[i].complaint)), "%s: " STR_FMT, cases[i].line,
		    STR_ARG(err));
		CHECK(out.len == 0, "%s printed " STR_FMT, cases[i].line, STR_ARG(out));
	}
}

static void
test_too_many_options(struct arena *a)
{
	char *argv[4 + 2 * (CLI_MAX_GIVEN + 1)];
	int argc = 0;
	str out, err;
	struct streams s;

	argv[argc++] = (char *)str_z(a, S("swb"));
	argv[argc++] = (char *)str_z(a, S("thing"));
	argv[argc++] = (char *)str_z(a, S("do"));
	for (int i = 0; i <= CLI_MAX_GIVEN; i++) {
		argv[argc++] = (char *)str_z(a, S("--many"));
		argv[argc++] = (char *)str_z(a, S("x"));
	}
	argv[argc] = NULL;
	streams_open(&s);
	assert_int_equal(
	    cli_main(verbs, countof(verbs), NULL, argc, argv, s.out, s.err), EXIT_USAGE);
	streams_close(&s, a, &out, &err);
	assert_true(str_has(err, S("more than 64 options")));
}

static void
test_help(struct arena *a)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "help", "exit status: 0 done, 1 failed, 2 usage, 3 not found, 4 denied, 5" },
		{ "--help", "thing do A [B]" },
		{ "help thing", "thing do A [B]         Does a thing." },
		{ "thing --help", "thing do A [B]         Does a thing." },
		{ "help thing do",
		    "usage: swb thing do A [B] [options]\n\nDoes a thing.\n\nAt length." },
		{ "thing do --help", "--value TEXT" },
		{ "thing do x --bogus -h", "--value TEXT" },
		{ "help thing ask", "options for the server:\n  --server URL" },
		{ "thing pass --help s3", "usage: swb thing pass ARGS..." },
		{ "--version", "swb " SWB_VERSION "\n" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str out, err;
		int status = run_words(a, str_of(cases[i].line), &out, &err);

		CHECK(status == EXIT_DONE && err.len == 0, "%s: %d", cases[i].line, status);
		CHECK(str_has(out, str_of(cases[i].want)), "%s: " STR_FMT, cases[i].line,
		    STR_ARG(out));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accepted),
		TEST(test_refused),
		TEST(test_too_many_options),
		TEST(test_help),
	};

	return RUN_TESTS(tests);
}
