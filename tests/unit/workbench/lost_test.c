/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where no event comes, or a wrong one: every way in which an environment could be left in a
 * status that passes, and the right end that it must have all the same.
 */
#include "rig.h"

#include "workbench/env.h"

#define DEADLINE_S (41 * 60)

/* A launch whose automation has started and whose product is being made. */
static struct rig *
launched(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_run(r);
	return r;
}

static void
make_available(struct rig *r)
{
	r->fake.word = "AVAILABLE";
	r->fake.launch_record = "SUCCEEDED";
	r->fake.outputs = true;
	r->fake.instance = "InService";
	r->fake.modified_ms = r->now_ms;
}

static void
end_launch(struct rig *r, const char *status, const char *failure)
{
	fake_execution(&r->fake, true)->status = status;
	fake_execution(&r->fake, true)->failure = failure;
}

static void
check_completed(struct rig *r, const char *label)
{
	CHECK_STR(rig_status(r), "COMPLETED", "%s", label);
	CHECK_STR(json_str(json_get(rig_env(r), "instanceId")), FAKE_INSTANCE, "%s", label);
	CHECK_STR(
	    json_str(json_get(rig_env(r), "provisionedProductId")), FAKE_PRODUCT, "%s", label);
	rig_close(r);
}

/* FAILED with that in its error; then it can be terminated, whatever was made. */
static void
check_failed(struct rig *r, const char *error, const char *label)
{
	CHECK_STR(rig_status(r), "FAILED", "%s", label);
	if (!str_has(rig_error(r), str_of(error)))
		print_error("%s: error is: " STR_FMT "\n", label, STR_ARG(rig_error(r)));
	CHECK(str_has(rig_error(r), str_of(error)), "%s", label);
	if (r->fake.word != NULL) {
		rig_terminate_whole(r);
	} else {
		rig_terminate(r);
		rig_settle(r, 60);
		CHECK_STR(rig_status(r), "TERMINATED", "%s", label);
	}
	rig_close(r);
}

/* --- the launch's automation ------------------------------------------------------------- */

static void
test_start_answer_lost(struct arena *a)
{
	struct rig *r = rig_open(a);

	fake_lose(&r->fake, "StartAutomationExecution", 0, 2);
	rig_launch(r);
	rig_settle(r, 20);
	assert_int_equal(fake_calls(&r->fake, "StartAutomationExecution"), 3);
	assert_int_equal(r->fake.execution_count, 1); /* one token, one execution */
	make_available(r);
	end_launch(r, "Success", NULL);
	(void)rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
	rig_settle(r, 20);
	check_completed(r, "start's answer lost twice");
}

static void
test_provision_refused(struct arena *a)
{
	struct rig *r = rig_open(a);

	r->fake.provisions = false;
	rig_launch(r);
	rig_run(r);
	end_launch(r, "Failed", "An error occurred (AccessDenied) when calling ProvisionProduct");
	(void)rig_event(r, rig_execution_event(r, true, "Failed"));
	rig_settle(r, 30);
	check_failed(r, "(AccessDenied) when calling ProvisionProduct", "refused three times");
}

static void
test_provision_answer_lost(struct arena *a)
{
	struct rig *r = launched(a);

	fake_execution(&r->fake, true)->tells_product = false;
	fake_execution(&r->fake, true)->tells_record = false;
	end_launch(r, "Failed", "no answer");
	(void)rig_event(r, rig_execution_event(r, true, "Failed"));
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "PENDING", "the product is still being made");
	CHECK_STR(json_str(json_get(rig_env(r), "provisionedProductId")), FAKE_PRODUCT,
	    "found by its name");
	make_available(r);
	rig_settle(r, 60);
	check_completed(r, "its answer lost, product made");
}

static void
test_wait_ended_early(struct arena *a)
{
	static const char *const ends[] = { "TimedOut", "Failed", "Cancelled" };

	for (size_t i = 0; i < countof(ends); i++) {
		struct rig *r = launched(a);

		rig_pass(r, 600);
		end_launch(r, ends[i], "the step ended early");
		(void)rig_event(r, rig_execution_event(r, true, ends[i]));
		rig_settle(r, 120);
		CHECK_STR(rig_status(r), "PENDING", "%s: the product is UNDER_CHANGE", ends[i]);
		make_available(r);
		rig_settle(r, 60);
		check_completed(r, ends[i]);
	}
}

static void
test_wait_ended_early_then_error(struct arena *a)
{
	struct rig *r = launched(a);

	end_launch(r, "TimedOut", NULL);
	(void)rig_event(r, rig_execution_event(r, true, "TimedOut"));
	rig_settle(r, 60);
	r->fake.word = "ERROR";
	r->fake.message = "'No capacity'";
	rig_settle(r, 60);
	check_failed(r, "No capacity", "time-out, then ERROR");
}

static void
test_tainted_or_planned(struct arena *a)
{
	static const char *const words[] = { "TAINTED", "PLAN_IN_PROGRESS" };

	for (size_t i = 0; i < countof(words); i++) {
		struct rig *r = launched(a);

		r->fake.word = words[i];
		end_launch(r, "TimedOut", "Step timed out");
		(void)rig_event(r, rig_execution_event(r, true, "TimedOut"));
		rig_settle(r, 60);
		check_failed(r, "Step timed out", words[i]);
	}
}

static void
test_terminated_by_hand_meanwhile(struct arena *a)
{
	struct rig *r = launched(a);

	r->fake.word = NULL;
	end_launch(r, "Failed", "the product is gone");
	(void)rig_event(r, rig_execution_event(r, true, "Failed"));
	rig_settle(r, 30);
	check_failed(r, "the product is gone", "product terminated by hand");
}

/* The document's event is malformed and never leaves; the execution is a Success. */
static void
test_error_text_breaks_the_event(struct arena *a)
{
	static const char *const texts[][2] = {
		{ "'say \\\"no\\\"'", "say \"no\"" },
		{ "'two\\nlines'", "two\nlines" },
		{ "'a \\\\ in it'", "a \\ in it" },
		{ "'tab\\tand \\u0001'", "tab\tand \x01" },
		{ "'closes \\\", \\\"Status\\\": \\\"COMPLETED'",
		    "closes \", \"Status\": \"COMPLETED" },
	};

	for (size_t i = 0; i < countof(texts); i++) {
		struct rig *r = launched(a);

		r->fake.word = "ERROR";
		r->fake.message = texts[i][0];
		end_launch(r, "Success", NULL);
		(void)rig_event(r, rig_execution_event(r, true, "Success"));
		rig_settle(r, 30);
		CHECK_STR(rig_error(r), texts[i][1], "whole, text %zu", i);
		check_failed(r, texts[i][1], "whole");
	}
}

/* The text closes its string and says COMPLETED: the product says otherwise. */
static void
test_error_text_lies(struct arena *a)
{
	struct rig *r = launched(a);

	r->fake.word = "ERROR";
	r->fake.message = "'bad'";
	end_launch(r, "Success", NULL);
	(void)rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
	rig_settle(r, 30);
	check_failed(r, "bad", "COMPLETED that is none");
}

static void
test_failed_event_raced(struct arena *a)
{
	struct rig *r = launched(a);

	end_launch(r, "Success", NULL);
	(void)rig_event(r, rig_document_event(r, "Launch", "FAILED", "\"\""));
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "PENDING", "the product is UNDER_CHANGE again");
	make_available(r);
	rig_settle(r, 60);
	check_completed(r, "product changed between wait and read");
}

static void
test_put_events_lost(struct arena *a)
{
	static const struct {
		const char *execution, *product, *want;
	} cases[] = {
		{ "Failed", "AVAILABLE", "COMPLETED" },  /* PutEvents was refused */
		{ "Success", "AVAILABLE", "COMPLETED" }, /* 200 with a failed entry */
		{ "Success", "ERROR", "FAILED" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig *r = launched(a);

		make_available(r);
		r->fake.word = cases[i].product;
		end_launch(r, cases[i].execution, NULL);
		(void)rig_event(r, rig_execution_event(r, true, cases[i].execution));
		rig_settle(r, 30);
		CHECK_STR(rig_status(r), cases[i].want, "case %zu", i);
		rig_close(r);
	}
}

/* Neither the document's event nor SSM's arrives. */
static void
test_every_event_lost(struct arena *a)
{
	struct rig *r = launched(a);
	int64_t begin = r->now_ms;

	make_available(r);
	end_launch(r, "Success", NULL);
	rig_settle(r, 120);
	assert_true(r->now_ms - begin < 120 * 1000);
	check_completed(r, "all events lost");
}

static void
test_record_not_final(struct arena *a)
{
	struct rig *r = launched(a);

	make_available(r);
	r->fake.launch_record = "IN_PROGRESS";
	end_launch(r, "Success", NULL);
	(void)rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
	rig_settle(r, 3);
	CHECK_STR(rig_status(r), "PENDING", "the record lags");
	r->fake.launch_record = "SUCCEEDED";
	r->fake.outputs = false;
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "PENDING", "its outputs lag");
	r->fake.outputs = true;
	rig_settle(r, 30);
	check_completed(r, "DescribeRecord until outputs exist");
}

static void
test_launch_deadline(struct arena *a)
{
	struct rig *r = launched(a);

	rig_settle(r, DEADLINE_S);
	CHECK_STR(rig_status(r), "FAILED", "after 40 minutes");
	CHECK(str_has(rig_error(r), S("40 minutes")), "says so");
	make_available(r); /* it ends well after all, and nobody tells */
	rig_settle(r, 3600);
	check_completed(r, "late, but it runs");
}

/* --- the terminate's automation ---------------------------------------------------------- */

static struct rig *
terminating(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_terminate(r);
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATING", "at once");
	return r;
}

static void
end_terminate(struct rig *r, const char *status, const char *failure, bool record)
{
	struct fake_execution *e = fake_execution(&r->fake, false);

	e->status = status;
	e->failure = failure;
	e->tells_record = record;
}

static void
check_terminated(struct rig *r, const char *label)
{
	CHECK_STR(rig_status(r), "TERMINATED", "%s", label);
	rig_close(r);
}

static void
test_already_gone(struct arena *a)
{
	struct rig *r = terminating(a);

	r->fake.word = NULL;
	end_terminate(r, "Failed", "not found", false);
	(void)rig_event(r, rig_execution_event(r, false, "Failed"));
	rig_settle(r, 30);
	check_terminated(r, "already gone");
}

static void
test_refused_because_it_changes(struct arena *a)
{
	struct rig *r = terminating(a);
	char first[64];

	memcpy(first, r->fake.last_token, sizeof(first));
	r->fake.word = "UNDER_CHANGE";
	end_terminate(r, "Failed", "is under change", false);
	(void)rig_event(r, rig_execution_event(r, false, "Failed"));
	rig_settle(r, 300);
	CHECK_STR(rig_status(r), "TERMINATING", "waits");
	assert_int_equal(fake_calls(&r->fake, "StartAutomationExecution"), 2);
	r->fake.word = "AVAILABLE";
	rig_settle(r, 65);
	assert_int_equal(fake_calls(&r->fake, "StartAutomationExecution"), 3);
	assert_string_not_equal(first, r->fake.last_token); /* a new attempt, a new token */
	r->fake.word = NULL;
	r->fake.terminate_record = "SUCCEEDED";
	end_terminate(r, "Success", NULL, true);
	(void)rig_event(r, rig_document_event(r, "Terminate", "TERMINATED", NULL));
	rig_settle(r, 10);
	check_terminated(r, "wait, then a new attempt");
}

static void
test_terminate_wait_ended_early(struct arena *a)
{
	static const struct {
		const char *execution, *record, *want;
	} cases[] = {
		{ "TimedOut", "SUCCEEDED", "TERMINATED" },
		{ "Failed", "SUCCEEDED", "TERMINATED" },
		{ "TimedOut", "FAILED", "TERMINATING_FAILED" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig *r = terminating(a);

		r->fake.terminate_record = "IN_PROGRESS_IN_ERROR";
		r->fake.word = "UNDER_CHANGE";
		end_terminate(r, cases[i].execution, "early", true);
		(void)rig_event(r, rig_execution_event(r, false, cases[i].execution));
		rig_settle(r, 300);
		CHECK_STR(rig_status(r), "TERMINATING", "case %zu: the record is not final", i);
		r->fake.terminate_record = cases[i].record;
		r->fake.word = strcmp(cases[i].record, "FAILED") == 0 ? "TAINTED" : NULL;
		r->fake.record_errors = "[{'Code':'X','Description':'role is in use'}]";
		rig_settle(r, 60);
		CHECK_STR(rig_status(r), cases[i].want, "case %zu", i);
		if (r->fake.word != NULL)
			CHECK_STR(rig_error(r), "X: role is in use", "case %zu", i);
		rig_close(r);
	}
}

static void
test_terminate_failed_without_errors(struct arena *a)
{
	struct rig *r = terminating(a);

	r->fake.terminate_record = "FAILED";
	r->fake.word = "TAINTED";
	r->fake.cause = "resource sg-1 has a dependent object";
	end_terminate(r, "Success", NULL, true);
	(void)rig_event(r, rig_execution_event(r, false, "Success"));
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "TERMINATING_FAILED", "no event, no errors");
	CHECK(str_has(rig_error(r), S("sg-1 has a dependent object")), "the resource's own reason");
	r->fake.terminate_record = NULL;
	rig_terminate_whole(r); /* it has a way out */
	rig_close(r);
}

static void
test_every_terminate_event_lost(struct arena *a)
{
	struct rig *r = terminating(a);

	r->fake.word = NULL;
	r->fake.terminate_record = "SUCCEEDED";
	end_terminate(r, "Success", NULL, true);
	rig_settle(r, 120);
	check_terminated(r, "all events lost");
}

static void
test_terminate_deadline(struct arena *a)
{
	struct rig *r = terminating(a);

	r->fake.word = "UNDER_CHANGE";
	rig_settle(r, DEADLINE_S);
	CHECK_STR(rig_status(r), "TERMINATING_FAILED", "after 40 minutes");
	r->fake.word = NULL; /* gone after all, and nobody tells */
	rig_settle(r, 3600);
	check_terminated(r, "late, but gone");
}

/* Deleted comes long before the stack is gone. */
static void
test_deleted_is_not_terminated(struct arena *a)
{
	struct rig *r = terminating(a);

	r->fake.instance = NULL;
	r->fake.word = "UNDER_CHANGE";
	assert_int_equal(
	    rig_event(r, rig_instance_event(r, "Deleted", r->now_ms + 1)), EVENT_EVIDENCE);
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATING", "role and group still stand");
	r->fake.word = NULL;
	r->fake.terminate_record = "SUCCEEDED";
	end_terminate(r, "Success", NULL, true);
	(void)rig_event(r, rig_document_event(r, "Terminate", "TERMINATED", NULL));
	rig_settle(r, 10);
	check_terminated(r, "then the record");
}

/* --- start and stop ---------------------------------------------------------------------- */

static void
test_stop_event_lost(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_stop(r);
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPING", "asked");
	r->fake.instance = "Stopped";
	r->fake.modified_ms = r->now_ms + 1000;
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "STOPPED", "as the instance says");
	rig_start(r);
	rig_run(r);
	r->fake.instance = "InService";
	r->fake.modified_ms = r->now_ms + 2000;
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "COMPLETED", "as the instance says");
	rig_close(r);
}

/* The stop's own late event may not end the start that follows it. */
static void
test_old_event(struct arena *a)
{
	struct rig *r = rig_open(a);
	int64_t stopped_ms;

	rig_launch(r);
	rig_complete(r);
	rig_stop(r);
	rig_run(r);
	rig_pass(r, 5);
	r->fake.instance = "Stopped";
	r->fake.modified_ms = stopped_ms = r->now_ms;
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "STOPPED", "asked for");
	rig_start(r);
	rig_run(r);
	(void)rig_event(r, rig_instance_event(r, "Pending", r->fake.modified_ms));
	assert_int_equal(rig_event(r, rig_instance_event(r, "Stopped", stopped_ms)), EVENT_IGNORED);
	assert_int_equal(
	    rig_event(r, rig_instance_event(r, "Stopping", stopped_ms - 4000)), EVENT_IGNORED);
	CHECK_STR(rig_status(r), "PENDING", "still starting");
	rig_close(r);
}

static void
test_power_deadline(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	rig_start(r);
	rig_settle(r, 16 * 60); /* it stays Pending */
	CHECK_STR(rig_status(r), "STARTING_FAILED", "after 15 minutes");
	r->fake.instance = "InService";
	(void)rig_event(r, rig_instance_event(r, "InService", r->now_ms));
	CHECK_STR(rig_status(r), "COMPLETED", "late, but it runs");
	CHECK_STR(rig_error(r), "", "and the error is forgotten");
	rig_close(r);
}

static void
test_power_refused(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	fake_refuse(&r->fake, "StartNotebookInstance", 0, 1, "ResourceLimitExceeded",
	    "no ml.t3.medium left");
	rig_start(r);
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "STOPPED", "as the instance says");
	CHECK(str_has(rig_error(r), S("no ml.t3.medium left")), "and why");
	rig_start_whole(r);
	rig_close(r);
}

static void
test_power_answer_lost(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	fake_lose(&r->fake, "StopNotebookInstance", 0, 1);
	rig_stop(r);
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "STOPPING", "on its way");
	r->fake.instance = "Stopped";
	(void)rig_event(r, rig_instance_event(r, "Stopped", r->now_ms));
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPED", "its answer lost");
	rig_close(r);
}

/* Gone with its product: TERMINATED. Gone without: not before the product is. */
static void
test_instance_gone(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	r->fake.instance = NULL;
	(void)rig_event(r, rig_instance_event(r, "Deleted", r->now_ms + 1));
	rig_settle(r, 30);
	CHECK_STR(rig_status(r), "FAILED", "the product still stands");
	rig_terminate_whole(r);
	rig_close(r);

	r = rig_open(a);
	rig_launch(r);
	rig_complete(r);
	r->fake.instance = "Deleting";
	r->fake.word = "UNDER_CHANGE";
	(void)rig_event(r, rig_instance_event(r, "Deleting", r->now_ms + 1));
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "TERMINATING", "somebody terminates the product");
	r->fake.instance = NULL;
	r->fake.word = NULL;
	rig_settle(r, 120);
	check_terminated(r, "product gone");
}

/* An auto-stop whose events were all lost is found by the review; one half lost, sooner. */
static void
test_auto_stop(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	r->fake.instance = "Stopped";
	r->fake.modified_ms = r->now_ms + 1000;
	rig_settle(r, 3700);
	CHECK_STR(rig_status(r), "STOPPED", "seen by the review");
	rig_start_whole(r);
	r->fake.instance = "Stopping";
	r->fake.modified_ms = r->now_ms + 1000;
	(void)rig_event(r, rig_instance_event(r, "Stopping", r->fake.modified_ms));
	CHECK_STR(rig_status(r), "STOPPING", "seen");
	r->fake.instance = "Stopped";
	r->fake.modified_ms += 1000;
	rig_settle(r, 60);
	CHECK_STR(rig_status(r), "STOPPED", "without its event");
	rig_close(r);
}

/* Started by hand, or terminated with its product, and nobody told: the review finds it. */
static void
test_stopped_unheard(struct arena *a)
{
	struct rig *r = rig_open(a);
	unsigned asked;

	rig_launch(r);
	rig_complete(r);
	rig_stop_whole(r);
	asked = fake_calls(&r->fake, "DescribeNotebookInstance");
	rig_settle(r, 3 * 3600);
	assert_int_equal(fake_calls(&r->fake, "DescribeNotebookInstance"), asked);
	rig_settle(r, 4 * 3600);
	assert_int_equal(fake_calls(&r->fake, "DescribeNotebookInstance"), asked + 1);
	CHECK_STR(rig_status(r), "STOPPED", "it stands still");
	r->fake.instance = "InService";
	r->fake.modified_ms = r->now_ms + 1000;
	rig_settle(r, 4 * 3600 + 60);
	CHECK_STR(rig_status(r), "COMPLETED", "started by hand");
	CHECK(rig_history_has(r, "transition", "asked the service"), "the history tells how");
	rig_stop_whole(r);
	r->fake.instance = NULL;
	r->fake.word = NULL;
	rig_settle(r, 4 * 3600 + 60);
	check_terminated(r, "terminated by hand while it stood still");
}

/* Nothing can be asked for a while: nothing is lost, and every status has its end. */
static void
test_cloud_away(struct arena *a)
{
	struct rig *r = launched(a);

	make_available(r);
	end_launch(r, "Success", NULL);
	fake_lose(&r->fake, "DescribeProvisionedProduct", 0, 10);
	(void)rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL));
	rig_settle(r, 900);
	check_completed(r, "the cloud was away for some minutes");

	r = launched(a);
	fake_lose(&r->fake, "GetAutomationExecution", 0, 10000);
	rig_settle(r, DEADLINE_S);
	CHECK_STR(rig_status(r), "FAILED", "the cloud never came back");
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_start_answer_lost),
		TEST(test_provision_refused),
		TEST(test_provision_answer_lost),
		TEST(test_wait_ended_early),
		TEST(test_wait_ended_early_then_error),
		TEST(test_tainted_or_planned),
		TEST(test_terminated_by_hand_meanwhile),
		TEST(test_error_text_breaks_the_event),
		TEST(test_error_text_lies),
		TEST(test_failed_event_raced),
		TEST(test_put_events_lost),
		TEST(test_every_event_lost),
		TEST(test_record_not_final),
		TEST(test_launch_deadline),
		TEST(test_already_gone),
		TEST(test_refused_because_it_changes),
		TEST(test_terminate_wait_ended_early),
		TEST(test_terminate_failed_without_errors),
		TEST(test_every_terminate_event_lost),
		TEST(test_terminate_deadline),
		TEST(test_deleted_is_not_terminated),
		TEST(test_stop_event_lost),
		TEST(test_old_event),
		TEST(test_power_deadline),
		TEST(test_power_refused),
		TEST(test_power_answer_lost),
		TEST(test_instance_gone),
		TEST(test_auto_stop),
		TEST(test_stopped_unheard),
		TEST(test_cloud_away),
	};

	return RUN_TESTS(tests);
}
