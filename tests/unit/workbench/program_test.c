/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of types: what they are given, what they may answer, and how they end. */
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "aws/credentials.h"
#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "workbench/program.h"

static const struct aws_credentials credentials = { { "ASIAKEY", 7 }, { "secret", 6 },
	{ "token", 5 }, 0 };

static bool
run_with(struct arena *a, str endpoint, int64_t deadline_ms, const char *script,
    const struct json **answer, struct err *err)
{
	const struct program_cloud cloud = { &credentials, S("us-east-1"), endpoint };
	struct bundle b = { .file_count = 2 };
	struct json *input = json_new_object(a);

	b.verbs[BUNDLE_STOP].exec = S("./run.sh");
	b.verbs[BUNDLE_STOP].deadline_ms = deadline_ms;
	b.files[0] = (struct bundle_file){ S("data.txt"), S("beside it\n") };
	b.files[1] = (struct bundle_file){ S("run.sh"), str_fmt(a, "#!/bin/sh\n%s\n", script) };
	json_put_str(a, input, "name", S("value \"quoted\""));
	err_init(err, a);
	return program_run(a, &b, BUNDLE_STOP, input, &cloud, answer, err);
}

static bool
run(struct arena *a, const char *script, const struct json **answer, struct err *err)
{
	return run_with(a, (str){ 0 }, 0, script, answer, err);
}

static void
test_answers(struct arena *a)
{
	static const struct {
		const char *label, *script, *want;
	} cases[] = {
		{ "an object", "echo '{\"url\":\"x\"}'", "{\"url\":\"x\"}" },
		{ "its input", "cat", "{\"name\":\"value \\\"quoted\\\"\"}" },
		{ "its input, unread", "echo '{}'", "{}" },
		{ "files beside it", "printf '{\"x\":\"%s\"}' \"$(cat data.txt)\"",
		    "{\"x\":\"beside it\"}" },
		{ "keys and region",
		    "printf '{\"x\":\"%s %s %s %s\"}' $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY "
		    "$AWS_SESSION_TOKEN $AWS_REGION",
		    "{\"x\":\"ASIAKEY secret token us-east-1\"}" },
		{ "nothing of ours", "printf '{\"x\":\"%s\"}' \"$SWB_TEST_LEAK\"", "{\"x\":\"\"}" },
		{ "words on the side", "echo careful >&2; echo '{}'", "{}" },
	};

	setenv("SWB_TEST_LEAK", "leaked", 1);
	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *answer = NULL;
		struct err err;

		CHECK_OK(run(a, cases[i].script, &answer, &err), &err);
		CHECK_STR(json_text(a, answer), cases[i].want, "%s", cases[i].label);
	}
}

/* Where the cloud answers over HTTP; where it does not, tools must not be led astray. */
static void
test_endpoint(struct arena *a)
{
	static const char script[] = "printf '{\"x\":\"%s\"}' \"${AWS_ENDPOINT_URL-not set}\"";
	const struct json *answer = NULL;
	struct err err;

	CHECK_OK(run_with(a, S("http://127.0.0.1:8080"), 0, script, &answer, &err), &err);
	CHECK_STR(json_str(json_get(answer, "x")), "http://127.0.0.1:8080", "a cloud of ours");
	setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1", 1);
	CHECK_OK(run(a, script, &answer, &err), &err);
	unsetenv("AWS_ENDPOINT_URL");
	CHECK_STR(json_str(json_get(answer, "x")), "not set", "none");
}

static void
test_failures(struct arena *a)
{
	static const struct {
		const char *label, *script, *text;
		enum err_kind kind;
	} cases[] = {
		{ "a status", "echo no such host >&2; exit 3",
		    "the program ended with status 3: no such host", ERR_UPSTREAM },
		{ "a signal", "kill -TERM $$", "killed by signal 15", ERR_UPSTREAM },
		{ "no JSON", "echo hello", "the program's answer: 1:1", ERR_INVALID },
		{ "no object", "echo '[]'", "a list, not an object", ERR_INVALID },
		{ "nothing", ":", "the program's answer", ERR_INVALID },
		{ "too much", "yes | head -c 2000000", "more than", ERR_INVALID },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *answer = NULL;
		struct err err;

		CHECK(!run(a, cases[i].script, &answer, &err), "%s", cases[i].label);
		CHECK(err.kind == cases[i].kind, "%s: " STR_FMT, cases[i].label, STR_ARG(err.msg));
		CHECK(str_has(err.msg, str_of(cases[i].text)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(err.msg));
	}
}

/* Neither gone nor a zombie. */
static bool
is_running(pid_t pid)
{
	char path[64], line[256] = { 0 };
	FILE *f;
	char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	state = fgets(line, sizeof(line), f) == NULL ? NULL : strrchr(line, ')');
	fclose(f);
	return state != NULL && state[1] != '\0' && state[2] != 'Z';
}

/* Whatever it did, its folder goes, and what it left in it. */
static void
test_folder_goes(struct arena *a)
{
	const struct json *answer;
	const char *root;
	size_t count;
	str *names;
	struct err err;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-program-test", &root, &err), &err);
	setenv("TMPDIR", root, 1);
	assert_true(run(a, "touch left; mkdir -p deep/er; echo '{}'", &answer, &err));
	assert_false(run(a, "touch left; exit 1", &answer, &err));
	unsetenv("TMPDIR");
	err_init(&err, a);
	CHECK_OK(dir_list(a, root, &names, &count, &err), &err);
	assert_int_equal(count, 0);
	CHECK_OK(dir_remove(root, &err), &err);
}

/* A server's threads hold back signals, and it ignores SIGPIPE; a program must not inherit that. */
static void
test_signals(struct arena *a)
{
	const struct json *answer = NULL;
	sigset_t all, before;
	struct err err;
	void (*pipe_before)(int) = signal(SIGPIPE, SIG_IGN);

	sigfillset(&all);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &all, &before), 0);
	CHECK_OK(run(a,
		     "awk '/^Sig(Blk|Ign)/ { set = set substr($2, 10) } "
		     "END { printf \"{\\\"x\\\":\\\"%s\\\"}\", set }' /proc/self/status",
		     &answer, &err),
	    &err);
	CHECK_STR(json_str(json_get(answer, "x")), "00000000000000", "none of 1 to 28");
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	(void)signal(SIGPIPE, pipe_before);
}

/* What it left running ends when it does. */
static void
test_left_running(struct arena *a)
{
	const struct json *answer = NULL;
	struct err err;
	int64_t pid;

	CHECK_OK(run(a, "sleep 600 >&- 2>&- & echo \"{\\\"pid\\\":$!}\"", &answer, &err), &err);
	pid = json_i64(json_get(answer, "pid"), 0);
	assert_true(pid > 0);
	/* it ends soon, and whoever adopts it lays it to rest */
	for (int i = 0; i < 1000 && is_running((pid_t)pid); i++)
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	assert_false(is_running((pid_t)pid));
}

/* A verb's own deadline ends it sooner, whether it is listened to or only waited for. */
static void
test_deadline(struct arena *a)
{
	static const char *const scripts[] = { "sleep 600", "exec >&- 2>&-; sleep 600" };

	for (size_t i = 0; i < countof(scripts); i++) {
		const struct json *answer;
		struct err err;

		CHECK(!run_with(a, (str){ 0 }, 250, scripts[i], &answer, &err), "%s", scripts[i]);
		CHECK(err.kind == ERR_TIMEOUT, "%s", scripts[i]);
		CHECK_STR(err.msg, "the program did not end within 0.25 s", "%s", scripts[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answers),
		TEST(test_endpoint),
		TEST(test_failures),
		TEST(test_folder_goes),
		TEST(test_signals),
		TEST(test_left_running),
		TEST(test_deadline),
	};

	return RUN_TESTS(tests);
}
