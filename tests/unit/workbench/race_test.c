/* SPDX-License-Identifier: Apache-2.0 */
/* The defects RACE1 to RACE7, RACE9 and BUG18 of api.md 9, each with the better behaviour. */
#include "rig.h"

#include <pthread.h>

#include "workbench/config.h"
#include "workbench/env.h"

/* RACE1: of many that ask at once, one acts. */
struct asker {
	struct rig *r;
	pthread_t thread;
	bool ok;
};

static void *
ask_stop(void *cookie)
{
	struct asker *k = cookie;
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	k->ok = env_stop(k->r->wb, &a, k->r->env, S(RIG_OWNER), &err);
	return NULL;
}

static void
test_race1_verbs_at_once(struct arena *a)
{
	struct rig *r = rig_open(a);
	struct asker askers[8];

	rig_launch(r);
	rig_complete(r);
	for (size_t i = 0; i < countof(askers); i++) {
		askers[i].r = r;
		assert_int_equal(pthread_create(&askers[i].thread, NULL, ask_stop, &askers[i]), 0);
	}
	for (size_t i = 0; i < countof(askers); i++)
		pthread_join(askers[i].thread, NULL);
	for (size_t i = 0; i < countof(askers); i++)
		CHECK(askers[i].ok, "asker %zu: what is under way is no error", i);
	rig_run(r);
	assert_int_equal(fake_calls(&r->fake, "StopNotebookInstance"), 1);
	rig_close(r);
}

/* RACE2: a failed launch keeps its ids, hears of its instance, and can be terminated. */
static void
test_race2_failed_launch(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_run(r);
	r->fake.word = "ERROR";
	r->fake.message = "'The stack rolled back'";
	r->fake.launch_record = "FAILED";
	r->fake.cause = "Insufficient notebook instance capacity.";
	fake_execution(&r->fake, true)->status = "Success";
	(void)rig_event(r, rig_document_event(r, "Launch", "FAILED", "\"The stack rolled back\""));
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "FAILED", "and no longer PENDING");
	CHECK_STR(
	    json_str(json_get(rig_env(r), "provisionedProductId")), FAKE_PRODUCT, "its product");
	CHECK_STR(rig_error(r),
	    "The stack rolled back\nNotebook (AWS::SageMaker::NotebookInstance): "
	    "Insufficient notebook instance capacity.",
	    "in the resource's own words");
	CHECK_STR(json_str(json_path(rig_explain(r), "cause", "resource", NULL)), "Notebook",
	    "which resource");
	r->fake.cause = NULL;
	rig_terminate_whole(r);
	CHECK_STR(rig_statuses(r), "PENDING FAILED TERMINATING TERMINATED", "its whole life");
	rig_close(r);
}

/* A failed launch has no instance: it cannot start or stop, and says so. */
static void
test_race2_no_instance(struct arena *a)
{
	struct rig *r = rig_open(a);

	r->fake.provisions = false;
	rig_launch(r);
	rig_run(r);
	fake_execution(&r->fake, true)->status = "Failed";
	(void)rig_event(r, rig_execution_event(r, true, "Failed"));
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "FAILED", "nothing was made");
	assert_false(env_start(r->wb, a, r->env, S(RIG_OWNER), &r->err));
	CHECK_STR(
	    r->err.msg, "Cannot start environment while environment is in FAILED state", "text");
	assert_int_equal(r->err.kind, ERR_CONFLICT);
	err_clear(&r->err);
	rig_close(r);
}

/* RACE3: no event at all, and no end of the execution either. lost_test.c has the many ways. */
static void
test_race3_no_event(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *why;

	rig_launch(r);
	rig_run(r);
	why = rig_explain(r);
	CHECK_STR(json_str(json_path(why, "operation", "step", NULL)), "await", "where it stands");
	CHECK_STR(json_str(json_get(why, "awaited")),
	    "the launch document to end, and its product to be AVAILABLE", "what it awaits");
	assert_true(json_get(why, "deadline") != NULL);
	rig_settle(r, 41 * 60);
	CHECK_STR(rig_status(r), "FAILED", "not PENDING for ever");
	rig_close(r);
}

/* RACE4: TERMINATING_FAILED has an exit. */
static void
test_race4_terminate_again(struct arena *a)
{
	struct rig *r = rig_open(a);
	char first[64];

	rig_launch(r);
	rig_complete(r);
	rig_terminate(r);
	rig_run(r);
	memcpy(first, r->fake.last_parameters, sizeof(first));
	fake_execution(&r->fake, false)->tells_record = true;
	fake_execution(&r->fake, false)->status = "Success";
	r->fake.terminate_record = "FAILED";
	r->fake.record_errors =
	    "[{'Code':'A','Description':'say \\\"no\\\"'},{'Code':'B','Description':'x'}]";
	r->fake.word = "TAINTED";
	(void)rig_event(
	    r, rig_document_event(r, "Terminate", "TERMINATING_FAILED", "[{\"Code\":\"A\"}]"));
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "TERMINATING_FAILED", "the record FAILED");
	CHECK_STR(rig_error(r), "A: say \"no\"\nB: x", "all of its errors");
	r->fake.terminate_record = NULL;
	rig_terminate_whole(r);
	CHECK_STR(rig_error(r), "", "and no error is left");
	rig_close(r);
}

/* RACE5: clocks of different machines are never compared. */
static void
test_race5_clocks(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_stop(r);
	rig_run(r);
	/* AWS's clock is an hour behind ours, but ahead of what it said before. */
	r->fake.modified_ms -= 3600 * 1000;
	(void)r;
	assert_int_equal(
	    rig_event(r, rig_instance_event(r, "Stopping", r->now_ms + 1)), EVENT_IGNORED);
	assert_int_equal(
	    rig_event(r, rig_instance_event(r, "Stopped", r->now_ms + 2)), EVENT_MOVED);
	CHECK_STR(rig_status(r), "STOPPED", "in the same second as the request");
	rig_close(r);
}

/* RACE6: the instance's events do not overwrite TERMINATING. */
static void
test_race6_terminating_stays(struct arena *a)
{
	static const char *const words[] = { "Stopping", "Stopped", "Deleting", "Deleted" };
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_terminate(r);
	rig_run(r);
	for (unsigned i = 0; i < countof(words); i++) {
		(void)rig_event(r, rig_instance_event(r, words[i], r->now_ms + i + 1));
		CHECK_STR(rig_status(r), "TERMINATING", "after %s", words[i]);
		rig_terminate(r); /* succeeds and does nothing */
		rig_run(r);
	}
	assert_int_equal(fake_calls(&r->fake, "StartAutomationExecution"), 2);
	rig_close(r);
}

/* RACE7: COMPLETED and the instance become visible together. */
static void
test_race7_completed_with_instance(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *answer;

	rig_launch(r);
	rig_run(r);
	assert_false(env_connect(r->wb, a, r->env, S(RIG_OWNER), &answer, &r->err));
	CHECK_STR(r->err.msg,
	    "Environment is in PENDING status. Please wait until environment is in 'COMPLETED' "
	    "status before trying to connect to the environment.",
	    "before");
	err_clear(&r->err);
	r->fake.word = "AVAILABLE";
	r->fake.launch_record = "SUCCEEDED";
	r->fake.outputs = true;
	r->fake.instance = "InService";
	(void)rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
	do {
		bool completed = str_is(rig_status(r), "COMPLETED");

		CHECK(completed == (json_str(json_get(rig_env(r), "instanceId")).len > 0),
		    "never one without the other");
	} while (workbench_step(r->wb, r->now_ms) <= r->now_ms);
	CHECK_OK(env_connect(r->wb, a, r->env, S(RIG_OWNER), &answer, &r->err), &r->err);
	CHECK_STR(json_text(a, answer),
	    "{\"authCredResponse\":{\"url\":\"https://" FAKE_INSTANCE
	    ".example/?authToken=t\"},\"instructionResponse\":\"To access it, open "
	    "#{\\\"type\\\":\\\"link\\\",\\\"hrefKey\\\":\\\"url\\\",\\\"text\\\":\\\"Sagemaker "
	    "URL\\\"}\"}",
	    "the reference's exact form");
	rig_close(r);
}

/* RACE9: a terminate that stumbles does not start a second automation. */
static void
test_race9_one_automation(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	fake_lose(&r->fake, "StartAutomationExecution", 0, 3);
	rig_terminate(r);
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATING", "at once, whatever happens later");
	rig_terminate(r);
	rig_settle(r, 30);
	assert_int_equal(fake_calls(&r->fake, "StartAutomationExecution"), 5); /* one a launch's */
	assert_int_equal(r->fake.execution_count, 2);
	rig_close(r);
}

/* Terminate while PENDING: at once, waits for the launch to end, and removes what exists. */
static void
test_terminate_while_pending(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_run(r);
	rig_terminate(r);
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "TERMINATING", "at once");
	assert_int_equal(r->fake.execution_count, 1); /* the launch is not over */
	CHECK_STR(
	    json_str(json_path(rig_explain(r), "operation", "step", NULL)), "settle", "waits");
	r->fake.word = "AVAILABLE";
	r->fake.launch_record = "SUCCEEDED";
	r->fake.outputs = true;
	fake_execution(&r->fake, true)->status = "Success";
	(void)rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATING", "never COMPLETED");
	assert_int_equal(r->fake.execution_count, 2);
	fake_execution(&r->fake, false)->tells_record = true;
	r->fake.terminate_record = "SUCCEEDED";
	r->fake.word = NULL;
	(void)rig_event(r, rig_document_event(r, "Terminate", "TERMINATED", NULL));
	rig_run(r);
	CHECK_STR(rig_statuses(r), "PENDING TERMINATING TERMINATED", "its whole life");
	rig_close(r);
}

static void
test_terminate_before_anything(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_terminate(r);
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "TERMINATED", "nothing was started, nothing is left");
	assert_int_equal(r->fake.execution_count, 0);
	rig_close(r);
}

/* Terminate while starting: an instance that is Pending cannot be deleted, so it runs first. */
static void
test_terminate_while_starting(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start(r);
	rig_run(r);
	rig_terminate(r);
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATING", "at once");
	assert_int_equal(r->fake.execution_count, 1);
	r->fake.instance = "InService";
	r->fake.modified_ms = r->now_ms + 1;
	(void)rig_event(r, rig_instance_event(r, "InService", r->now_ms + 1));
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATING", "never COMPLETED");
	assert_int_equal(r->fake.execution_count, 2);
	rig_close(r);
}

/* One that ends an operation is confirmed where the same verb ran just before. */
static void
test_same_verb_again(struct arena *a)
{
	struct rig *r = rig_open(a);
	unsigned asked;

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start_whole(r);
	asked = fake_calls(&r->fake, "DescribeNotebookInstance");
	rig_stop(r);
	rig_run(r);
	r->fake.instance = "Stopping";
	r->fake.modified_ms = r->now_ms + 1;
	/* As if the first stop's last event came only now, with a time that proves nothing. */
	(void)rig_event(r, rig_instance_event(r, "Stopped", r->now_ms + 2));
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPING", "the instance says otherwise");
	assert_true(fake_calls(&r->fake, "DescribeNotebookInstance") > asked);
	rig_close(r);
}

/* The last event comes between the call and the wait: what it asks is asked at once. */
static void
test_event_before_the_wait(struct arena *a)
{
	struct rig *r = rig_open(a);
	unsigned called;

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start_whole(r);
	called = fake_calls(&r->fake, "StopNotebookInstance");
	rig_stop(r);
	while (fake_calls(&r->fake, "StopNotebookInstance") == called)
		(void)workbench_step(r->wb, r->now_ms);
	r->fake.instance = "Stopped";
	r->fake.modified_ms = r->now_ms + 2;
	(void)rig_event(r, rig_instance_event(r, "Stopped", r->now_ms + 2));
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPED", "without waiting");
	rig_close(r);
}

/* An event that comes before the call's answer is stored: the call is not made again. */
struct hasty_event {
	struct rig *r;
	const char *word;
};

static void
tell_at_once(void *cookie)
{
	const struct hasty_event *h = cookie;

	(void)rig_event(h->r, rig_instance_event(h->r, h->word, h->r->now_ms + 1));
}

static void
test_event_before_the_answer(struct arena *a)
{
	static const struct {
		const char *operation, *word, *status;
		void (*ask)(struct rig *r);
		bool told;
	} cases[] = {
		{ "StopNotebookInstance", "Stopping", "STOPPING", rig_stop, true },
		{ "StopNotebookInstance", "Stopped", "STOPPED", rig_stop, false },
		{ "StartNotebookInstance", "Pending", "PENDING", rig_start, true },
		{ "StartNotebookInstance", "InService", "COMPLETED", rig_start, false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig *r = rig_open(a);
		struct hasty_event h = { r, cases[i].word };
		unsigned called;

		rig_launch(r);
		rig_complete(r);
		if (cases[i].ask == rig_start)
			rig_stop_whole(r);
		called = fake_calls(&r->fake, cases[i].operation);
		r->fake.meanwhile_at = cases[i].operation;
		r->fake.meanwhile = tell_at_once;
		r->fake.cookie = &h;
		cases[i].ask(r);
		rig_run(r);
		CHECK_STR(rig_status(r), cases[i].status, "case %zu", i);
		CHECK(fake_calls(&r->fake, cases[i].operation) == called + 1, "case %zu", i);
		CHECK(
		    rig_history_has(r, "step", cases[i].operation) == cases[i].told, "case %zu", i);
		rig_close(r);
	}
}

/* BUG18: what cannot be launched is refused when it is saved, by name. */
static void
test_bug18_config(struct arena *a)
{
	static const struct {
		const char *params, *named;
	} cases[] = {
		{ "[{\"key\":\"CIDR\",\"value\":\"0.0.0.0/0\"}]", "InstanceType" },
		{ "[{\"key\":\"CIDR\",\"value\":\"0.0.0.0/0\"},{\"key\":\"InstanceType\",\"value\":\"big\"}]",
		    "InstanceType" },
		{ "[{\"key\":\"CIDR\",\"value\":\"any\"},{\"key\":\"InstanceType\",\"value\":\"ml.t3.medium\"}]",
		    "CIDR" },
		{ "{}", "params" },
		{ "[{\"key\":\"CIDR\"}]", "params.0" },
		{ "[{\"key\":1,\"value\":\"x\"}]", "params.0" },
	};
	struct rig *r = rig_open(a);
	struct config_creation in = {
		.env_type_id = r->type_id,
		.type = S("testNotebook"),
		.name = S("bad"),
		.owner = S(RIG_OWNER),
	};
	const struct json *out;

	for (size_t i = 0; i < countof(cases); i++) {
		CHECK_OK(json_parse(a, str_of(cases[i].params), &in.params, &r->err), &r->err);
		CHECK(!config_create(r->wb, a, &in, &out, &r->err), "case %zu", i);
		CHECK(r->err.kind == ERR_INVALID, "case %zu", i);
		CHECK(str_has(r->err.msg, str_of(cases[i].named)), "case %zu: " STR_FMT, i,
		    STR_ARG(r->err.msg));
		err_clear(&r->err);
	}
	rig_close(r);
}

/* No two launches share the time that names what they make. */
static void
test_launch_times(struct arena *a)
{
	struct rig *r = rig_open(a);
	char first[128];

	r->fake.provisions = false;
	rig_launch(r);
	rig_run(r);
	snprintf(first, sizeof(first), "%s", strstr(r->fake.last_parameters, "InstanceName"));
	rig_restart(r); /* the clock stands still over it */
	rig_launch(r);
	rig_run(r);
	assert_true(strncmp(first, strstr(r->fake.last_parameters, "InstanceName"), 40) != 0);
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_race1_verbs_at_once),
		TEST(test_race2_failed_launch),
		TEST(test_race2_no_instance),
		TEST(test_race3_no_event),
		TEST(test_race4_terminate_again),
		TEST(test_race5_clocks),
		TEST(test_race6_terminating_stays),
		TEST(test_race7_completed_with_instance),
		TEST(test_race9_one_automation),
		TEST(test_terminate_while_pending),
		TEST(test_terminate_before_anything),
		TEST(test_terminate_while_starting),
		TEST(test_same_verb_again),
		TEST(test_event_before_the_wait),
		TEST(test_event_before_the_answer),
		TEST(test_bug18_config),
		TEST(test_launch_times),
	};

	return RUN_TESTS(tests);
}
