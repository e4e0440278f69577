/* SPDX-License-Identifier: Apache-2.0 */
/*
 * README's terminal sessions (```console blocks), replayed: make run's script with the program
 * under test, and every "$ swb …" against the server that it started. What is printed must be what
 * README shows; ids, times, addresses and the ways in which a status was learned are masked on both
 * sides.
 */
#include "command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/buf.h"
#include "base/clock.h"

#define START_LIMIT_MS 120000
#define PAUSE_MS 20

/* What README has for the data folder and the project's. */
#define SHOWN_DATA "/home/you/swb/data"
#define SHOWN_PROGRAM_DIR "/home/you/swb/build/src"

static const char mask[] =
    "s/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/<uuid>/g\n"
    "s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}/<at>/g\n"
    "s/^ *([0-9]+ min )?[0-9.]+ s /<t>/\n"
    "s/ after ([0-9]+ min )?[0-9.]+ s$/ after <t>/\n"
    "s/127\\.0\\.0\\.1:[0-9]+/<address>/g\n"
    "s/authToken=[A-Za-z0-9]+/authToken=<token>/\n"
    "s/basicnotebookinstance-[a-z0-9]{12}/basicnotebookinstance-<id>/g\n"
    "s/(Launch|Terminate)-[0-9a-f]{8}/\\1-<version>/g\n"
    /* Evidence comes when it comes; that it may pass through PENDING, too. */
    "/^<t> (PENDING  event: )?the instance is/d\n"
    "s/^<t> (COMPLETED|STOPPED|TERMINATED)  .*/<t> \\1  <how>/\n";

static str
masked(struct arena *a, str text)
{
	const char *file, *dir;
	struct command c;
	struct err err;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-quickstart-", &dir, &err), &err);
	file = path_join(a, dir, "text");
	CHECK_OK(file_write(file, text, 0600, &err), &err);
	CHECK_OK(file_write(path_join(a, dir, "mask"), str_of(mask), 0600, &err), &err);
	c = expect_status(a, str_z(a, str_fmt(a, "sed -E -f '%s/mask' '%s'", dir, file)), 0);
	CHECK_OK(dir_remove(dir, &err), &err);
	return str_trim(c.out);
}

/* --- make run ------------------------------------------------------------------------------ */

struct running {
	struct arena *a;
	const char *root, *data, *out;
	pid_t script;
};

static str
read_all(struct running *r)
{
	struct err err;
	str text;

	err_init(&err, r->a);
	CHECK_OK(file_read(r->a, r->out, OUTPUT_MAX_BYTES, &text, &err), &err);
	return text;
}

static void
run_script(struct running *r)
{
	int out = open(r->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(out, STDERR_FILENO);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that fails leaves nothing running */
	(void)signal(SIGINT, SIG_DFL); /* whoever runs tests in the background has it ignored */
	setenv("SWB", SWB_PROGRAM, 1);
	setenv("SWB_DATA", r->data, 1);
	setenv("SWB_LISTEN", "127.0.0.1:0", 1);
	execl(SWB_SOURCE_ROOT "/scripts/run", "run", (char *)NULL);
	_exit(127);
}

/* Until it has said how to stop it. */
static str
start(struct running *r)
{
	int64_t end = clock_now_ms(clock_real()) + START_LIMIT_MS;
	int status;

	(void)unlink(r->out);
	r->script = fork();
	if (r->script == 0)
		run_script(r);
	for (;;) {
		str text = path_is_file(r->out) ? read_all(r) : (str){ 0 };

		if (str_ends(text, S("Ctrl-C\n")))
			return text;
		if (waitpid(r->script, &status, WNOHANG) != 0 || clock_now_ms(clock_real()) > end) {
			print_error("make run did not get there:\n" STR_FMT "\n", STR_ARG(text));
			_fail(__FILE__, __LINE__);
		}
		clock_wait_ms(clock_real(), PAUSE_MS);
	}
}

/* As Ctrl-C does it. */
static void
stop(struct running *r)
{
	int status;

	assert_int_equal(kill(r->script, SIGINT), 0);
	assert_int_equal(waitpid(r->script, &status, 0), r->script);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(str_has(read_all(r), S("stopped; 'make run' goes on from here")));
}

/* --- README's sessions ----------------------------------------------------------------------- */

static str
shown_paths(struct running *r, str text)
{
	str program = str_of(SWB_PROGRAM);
	size_t slash = program.len;

	while (program.ptr[slash - 1] != '/')
		slash--;
	text = str_replace(r->a, text, str_of(r->data), S(SHOWN_DATA));
	return str_replace(r->a, text, str_sub(program, 0, slash - 1), S(SHOWN_PROGRAM_DIR));
}

static void
check_step(struct running *r, str command, str want)
{
	str got;

	if (str_starts(command, S("export ")))
		return; /* the test's own environment */
	print_message("$ " STR_FMT "\n", STR_ARG(command));
	if (str_is(command, "make run"))
		got = start(r);
	else
		got = expect_status(r->a,
		    str_z(r->a,
			str_fmt(r->a,
			    "export SWB_DATA='%s' PATH=\"$(dirname '%s'):$PATH\"; " STR_FMT " 2>&1",
			    r->data, SWB_PROGRAM, STR_ARG(command))),
		    0)
			  .out;
	CHECK_STR(masked(r->a, shown_paths(r, got)), str_z(r->a, masked(r->a, want)), "$ " STR_FMT,
	    STR_ARG(command));
}

/* Each "$ " line with what follows it, in order. */
static size_t
replay(struct running *r, str readme)
{
	struct buf want = buf_in(r->a);
	str command = { 0 };
	bool in_session = false;
	size_t steps = 0;

	for (str rest = readme, line; str_cut(&rest, '\n', &line);) {
		bool fence = str_starts(line, S("```"));

		if (command.len > 0 && (fence || str_starts(line, S("$ ")))) {
			check_step(r, command, buf_str(&want));
			steps++;
			command = (str){ 0 };
		}
		if (fence) {
			in_session = str_is(line, "```console");
		} else if (in_session && str_starts(line, S("$ "))) {
			command = str_from(line, 2);
			want = buf_in(r->a);
		} else if (command.len > 0) {
			buf_fmt(&want, STR_FMT "\n", STR_ARG(line));
		}
	}
	return steps;
}

/* Who stops watching is told that the launch goes on. make run's server takes 2 s for one. */
static void
check_ctrl_c(struct running *r)
{
	struct command c = run_command(r->a,
	    str_z(r->a,
		str_fmt(r->a,
		    "export SWB_DATA='%s'; sh -c 'echo $$ >\"$SWB_DATA/pid\"; exec env "
		    "--default-signal=INT \"$SWB\" env launch sagemakerNotebook' | while read -r line; "
		    "do case $line in *PENDING*) kill -INT \"$(cat \"$SWB_DATA/pid\")\";; esac; done",
		    r->data)));

	CHECK(str_has(c.err, S("the launch goes on at the server: swb env explain env-")), STR_FMT,
	    STR_ARG(c.err));
}

static void
test_readme_session(struct arena *a)
{
	struct running r = { .a = a };
	struct err err;
	str readme, again;

	err_init(&err, a);
	unsetenv("NO_COLOR");
	unsetenv("SWB_URL");
	unsetenv("SWB_TOKEN");
	CHECK_OK(dir_make_temp(a, "swb-quickstart-", &r.root, &err), &err);
	r.data = path_join(a, r.root, "data");
	r.out = path_join(a, r.root, "out");
	CHECK_OK(file_read(a, SWB_SOURCE_ROOT "/README.md", (size_t)1 << 20, &readme, &err), &err);
	assert_true(replay(&r, readme) >= 6);
	stop(&r);

	/* The next one goes on: nothing is launched, what there was is there. */
	again = start(&r);
	assert_true(str_has(again, S("first-notebook  COMPLETED")));
	assert_false(str_has(again, S("launching")));
	check_ctrl_c(&r);
	stop(&r);
	CHECK_OK(dir_remove(r.root, &err), &err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_readme_session),
	};

	return RUN_TESTS(tests);
}
