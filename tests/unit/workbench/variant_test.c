/* SPDX-License-Identifier: Apache-2.0 */
/* Types that are not like the usual one: fewer verbs, no way to ask, several instances. */
#include "rig.h"

#include "base/file.h"
#include "workbench/env.h"

static void
test_cannot_be_stopped(struct arena *a)
{
	struct rig *r = rig_open_as(a, "stop:");

	rig_launch(r);
	rig_complete(r);
	assert_false(env_stop(r->wb, a, r->env, S(RIG_OWNER), &r->err));
	assert_int_equal(r->err.kind, ERR_INVALID);
	CHECK_STR(r->err.msg, "Environment type testNotebook cannot be stopped", "text");
	err_clear(&r->err);
	CHECK_STR(rig_status(r), "COMPLETED", "and nothing moved");
	rig_terminate_whole(r);
	rig_close(r);
}

/* Events are all there is. */
static void
test_without_describe(struct arena *a)
{
	struct rig *r = rig_open_as(a, RIG_NO_DESCRIBE);

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start_whole(r);
	rig_stop_whole(r); /* the same verb again, and nobody to confirm it */
	assert_int_equal(fake_calls(&r->fake, "DescribeNotebookInstance"), 0);
	rig_start(r);
	rig_settle(r, 16 * 60);
	CHECK_STR(rig_status(r), "STARTING_FAILED", "no event by the deadline");
	(void)rig_event(r, rig_instance_event(r, "Failed", r->now_ms + 1));
	rig_run(r);
	CHECK_STR(rig_status(r), "FAILED", "its word");
	rig_terminate_whole(r);
	rig_close(r);
}

/* Neither events nor a way to ask: an accepted call is all that will ever be known. */
static void
test_without_events(struct arena *a)
{
	struct rig *r = rig_open_as(a, RIG_NO_EVENTS);

	rig_launch(r);
	rig_complete(r);
	rig_stop(r);
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPED", "the service took the call");
	fake_refuse(
	    &r->fake, "StartNotebookInstance", 0, 1, "ValidationException", "no such thing");
	rig_start(r);
	rig_run(r);
	CHECK_STR(rig_status(r), "STARTING_FAILED", "or did not");
	CHECK(str_has(rig_error(r), S("no such thing")), "and why");
	rig_terminate_whole(r);
	rig_close(r);
}

/* start by a document: its end makes the instance be asked. */
static void
test_start_by_document(struct arena *a)
{
	struct rig *r =
	    rig_open_as(a, "start: { document: { Name: '${environment.instanceId}' } }\n");
	struct fake_execution *e;

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start(r);
	rig_run(r);
	assert_int_equal(r->fake.execution_count, 2);
	e = &r->fake.executions[1];
	assert_true(e->start);
	r->fake.instance = "InService";
	r->fake.modified_ms = r->now_ms + 1;
	e->status = "Success";
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "COMPLETED", "asked for");

	rig_stop_whole(r);
	rig_start(r);
	rig_run(r);
	e = &r->fake.executions[2];
	e->status = "Failed";
	e->failure = "the document broke";
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "STOPPED", "as the instance says");
	CHECK_STR(rig_error(r), "the document broke", "and why");
	rig_close(r);
}

/* A program of the type's own says how to connect, or stops the instance. */
static void
test_programs(struct arena *a)
{
	struct rig *r = rig_open_as(a, "stop: { exec: ./run.sh }\n");
	const struct json *answer;

	rig_launch(r);
	rig_complete(r);
	rig_stop(r);
	rig_run(r);
	assert_true(rig_history_has(r, "step", "ran ./run.sh"));
	r->fake.instance = "Stopped";
	r->fake.modified_ms = r->now_ms + 1;
	(void)rig_event(r, rig_instance_event(r, "Stopped", r->now_ms + 1));
	CHECK_STR(rig_status(r), "STOPPED", "as the instance says");
	rig_close(r);

	r = rig_open_as(a,
	    "connect: { exec: ./run.sh, return: { host: $.exec.id }, instruction: 'ssh to it' }\n");
	rig_launch(r);
	rig_complete(r);
	CHECK_OK(env_connect(r->wb, a, r->env, S(RIG_OWNER), &answer, &r->err), &r->err);
	CHECK_STR(json_text(a, answer),
	    "{\"authCredResponse\":{\"host\":\"" FAKE_INSTANCE
	    "\"},\"instructionResponse\":\"ssh to it\"}",
	    "what the program answered");
	rig_close(r);
}

/* A type may be slower or quicker than most: its own deadlines count. */
static void
test_own_deadlines(struct arena *a)
{
	struct rig *r = rig_open_as(a, "deadlines: { launch: 5m, stop: 90s, terminate: 2h }\n");

	rig_launch(r);
	rig_run(r);
	rig_settle(r, 4 * 60);
	CHECK_STR(rig_status(r), "PENDING", "4 minutes");
	rig_settle(r, 180);
	CHECK_STR(rig_status(r), "FAILED", "5 minutes");
	CHECK(str_has(rig_error(r), S("5 minutes")), STR_FMT, STR_ARG(rig_error(r)));
	rig_close(r);

	r = rig_open_as(a, "deadlines: { launch: 5m, stop: 90s, terminate: 2h }\n");
	rig_launch(r);
	rig_complete(r);
	r->fake.instance = "Stopping";
	rig_stop(r);
	rig_settle(r, 80);
	CHECK_STR(rig_status(r), "STOPPING", "80 s");
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "STOPPING_FAILED", "90 s");
	r->fake.word = "UNDER_CHANGE";
	rig_terminate(r);
	rig_settle(r, 100 * 60);
	CHECK_STR(rig_status(r), "TERMINATING", "100 minutes");
	rig_settle(r, 40 * 60);
	CHECK_STR(rig_status(r), "TERMINATING_FAILED", "two hours");
	rig_close(r);
}

/* A code that does no harm counts as done: the instance says the rest. */
static void
test_ignored_code(struct arena *a)
{
	static const struct {
		const char *code, *status;
	} cases[] = {
		{ "InvalidState", "STOPPED" },
		{ "ValidationException", "COMPLETED" }, /* another one is a refusal */
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig *r = rig_open_as(a,
		    "stop: { calls: [ { call: sagemaker:StopNotebookInstance, with: { "
		    "NotebookInstanceName: '${environment.instanceId}' }, ignore: [InvalidState, "
		    "Other] } ] }\n");

		rig_launch(r);
		rig_complete(r);
		fake_refuse(&r->fake, "StopNotebookInstance", 0, 1, cases[i].code, "as it was");
		r->fake.instance = i == 0 ? "Stopped" : "InService";
		r->fake.modified_ms = r->now_ms + 1;
		rig_stop(r);
		rig_settle(r, 60);
		CHECK_STR(rig_status(r), cases[i].status, "%s", cases[i].code);
		CHECK(str_has(rig_error(r), S("as it was")) == (i == 1), "%s: " STR_FMT,
		    cases[i].code, STR_ARG(rig_error(r)));
		rig_close(r);
	}
}

static bool
is_on_disk(struct rig *r, str text)
{
	size_t count;
	str *names, file;
	bool found = false;

	CHECK_OK(dir_list(r->a, r->dir, &names, &count, &r->err), &r->err);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		CHECK_OK(file_read(r->a, path_join(r->a, r->dir, str_z(r->a, names[i])),
			     (size_t)64 << 20, &file, &r->err),
		    &r->err);
		found |= str_has(file, text);
	}
	return found;
}

/* What a call answers is kept for the next one, but for its secrets, which reach no disk. */
static void
test_secret(struct arena *a)
{
	static const char *const secrets[] = { "", ", secret: [AuthorizedUrl]" };

	for (size_t i = 0; i < countof(secrets); i++) {
		struct rig *r = rig_open_as(a,
		    str_z(a,
			str_fmt(a,
			    "stop: { calls: [ { as: link, call: "
			    "sagemaker:CreatePresignedNotebookInstanceUrl, with: { "
			    "NotebookInstanceName: '${environment.instanceId}' }%s }, { call: "
			    "sagemaker:StopNotebookInstance, with: { NotebookInstanceName: "
			    "'${environment.instanceId}' } } ] }\n",
			    secrets[i])));

		rig_launch(r);
		rig_complete(r);
		rig_stop_whole(r);
		CHECK(is_on_disk(r, S("authToken=t")) == (i == 0), "case %zu", i);
		rig_close(r);
	}
}

#define TWO \
	"outputs: { instanceName: [NotebookInstanceName, SecondName], instanceArn: NotebookArn }\n"

static str
of_second(struct rig *r, const char *status, int64_t modified_ms)
{
	return str_replace(
	    r->a, rig_instance_event(r, status, modified_ms), S(FAKE_INSTANCE), S(FAKE_SECOND));
}

/* All must agree; any failed is FAILED. */
static void
test_two_instances(struct arena *a)
{
	struct rig *r = rig_open_as(a, TWO);

	rig_launch(r);
	rig_complete(r);
	r->fake.instance = "Stopping";
	r->fake.second = "InService";
	(void)rig_event(r, rig_instance_event(r, "Stopping", r->now_ms + 1));
	CHECK_STR(rig_status(r), "COMPLETED", "the other's word is not known");
	(void)rig_event(r, of_second(r, "InService", r->now_ms + 1));
	CHECK_STR(rig_status(r), "STOPPING", "one is on its way");
	(void)rig_event(r, rig_instance_event(r, "Stopped", r->now_ms + 2));
	CHECK_STR(rig_status(r), "STOPPING", "one stands, one runs: no common word");
	(void)rig_event(r, of_second(r, "Stopping", r->now_ms + 3));
	(void)rig_event(r, of_second(r, "Stopped", r->now_ms + 4));
	CHECK_STR(rig_status(r), "STOPPED", "both");
	r->fake.instance = "Stopped";
	r->fake.second = "Failed";
	r->fake.modified_ms = r->now_ms + 5;
	(void)rig_event(r, of_second(r, "Failed", r->now_ms + 5));
	rig_run(r);
	CHECK_STR(rig_status(r), "FAILED", "any failed");
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cannot_be_stopped),
		TEST(test_without_describe),
		TEST(test_without_events),
		TEST(test_start_by_document),
		TEST(test_programs),
		TEST(test_own_deadlines),
		TEST(test_ignored_code),
		TEST(test_secret),
		TEST(test_two_instances),
	};

	return RUN_TESTS(tests);
}
