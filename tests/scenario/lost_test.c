/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lost words on the whole of swb: calls refused, answers and events lost, resources that fail.
 * Every environment ends in the right status within its time, is provisioned once, and can be
 * terminated with nothing left.
 */
#include "whole_rig.h"

#define SERVICE_CATALOG "servicecatalog"
#define INSTANCE_EVENT "SageMaker Notebook Instance State Change"

static const struct launch_case {
	const char *label;
	unsigned fault_count;
	struct fault_rule faults[2];
	const char *status, *error; /* where the launch ends; what its error tells */
} launches[] = {
	{ "nothing goes wrong", 0, { { 0 } }, "COMPLETED", NULL },
	{ "start's answer lost", 1,
	    { { .kind = FAULT_LOSE_ANSWER,
		.service = "ssm",
		.action = "StartAutomationExecution",
		.count = 1 } },
	    "COMPLETED", NULL },
	{ "ProvisionProduct refused three times", 1,
	    { { .kind = FAULT_REFUSE,
		.service = SERVICE_CATALOG,
		.action = "ProvisionProduct",
		.automation_only = true,
		.count = 3,
		.code = "InvalidParametersException",
		.message = "no more of these" } },
	    "FAILED", "no more of these" },
	{ "its answer lost three times", 1,
	    { { .kind = FAULT_LOSE_ANSWER,
		.service = SERVICE_CATALOG,
		.action = "ProvisionProduct",
		.automation_only = true,
		.count = 3 } },
	    "COMPLETED", NULL },
	{ "the poll is throttled", 1,
	    { { .kind = FAULT_REFUSE,
		.service = SERVICE_CATALOG,
		.action = "DescribeProvisionedProduct",
		.automation_only = true,
		.code = "ThrottlingException",
		.message = "Rate exceeded" } },
	    "COMPLETED", NULL },
	{ "PutEvents is refused", 1,
	    { { .kind = FAULT_REFUSE,
		.service = "events",
		.action = "PutEvents",
		.automation_only = true,
		.code = "InternalException",
		.message = "later" } },
	    "COMPLETED", NULL },
	{ "PutEvents is refused, and the stack failed", 2,
	    { { .kind = FAULT_REFUSE,
		  .service = "events",
		  .action = "PutEvents",
		  .automation_only = true,
		  .code = "InternalException",
		  .message = "later" },
		{ .kind = FAULT_FAIL_CREATE, .name = "InstanceRole", .message = "no role today" } },
	    "FAILED", "no role today" },
	{ "the document's event is lost", 1, { { .kind = FAULT_DROP_EVENT, .name = "Launch" } },
	    "COMPLETED", NULL },
	{ "every event is lost", 1, { { .kind = FAULT_DROP_EVENT } }, "COMPLETED", NULL },
	{ "every event is doubled", 1, { { .kind = FAULT_DOUBLE_EVENT } }, "COMPLETED", NULL },
	{ "the document's event is late", 1,
	    { { .kind = FAULT_DELAY_EVENT, .name = "Launch", .delay_ms = 120000 } }, "COMPLETED",
	    NULL },
	{ "the instance's events are late", 1,
	    { { .kind = FAULT_DELAY_EVENT, .name = INSTANCE_EVENT, .delay_ms = 600000 } },
	    "COMPLETED", NULL },
	{ "a text with quotes", 1,
	    { { .kind = FAULT_FAIL_CREATE,
		.name = "BasicNotebookInstance",
		.message = "say \"no\", twice" } },
	    "FAILED", "say \"no\", twice" },
	{ "a text of two lines", 1,
	    { { .kind = FAULT_FAIL_CREATE,
		.name = "BasicNotebookInstance",
		.message = "one\ntwo\\three" } },
	    "FAILED", "one\ntwo\\three" },
	{ "a text that closes the string and says COMPLETED", 1,
	    { { .kind = FAULT_FAIL_CREATE,
		.name = "BasicNotebookInstance",
		.message = "x\", \"Status\": \"COMPLETED" } },
	    "FAILED", "x\", \"Status\": \"COMPLETED" },
	{ "the record's lag and the product's", 1,
	    { { .kind = FAULT_REFUSE,
		.service = SERVICE_CATALOG,
		.action = "DescribeRecord",
		.count = 5,
		.code = "ThrottlingException",
		.message = "Rate exceeded" } },
	    "COMPLETED", NULL },
};

static void
run_launch(struct whole *w, const struct launch_case *c, unsigned provisioned)
{
	for (unsigned i = 0; i < c->fault_count; i++)
		whole_fault(w, c->faults[i]);
	whole_launch(w);
	whole_wait(w, c->status);
	whole_pass(w, 60); /* it stays so */
	CHECK_STR(whole_status(w), c->status, "%s", c->label);
	if (c->error != NULL)
		CHECK(str_has(whole_error(w), str_of(c->error)), "%s: " STR_FMT, c->label,
		    STR_ARG(whole_error(w)));
	whole_faultless(w);
	whole_terminate(w);
	CHECK(whole_provisioned(w) <= provisioned + 1, "%s: provisioned once", c->label);
}

static void
test_launches(struct arena *a)
{
	struct whole *w = whole_open(a, 60 * 1000);

	for (size_t i = 0; i < countof(launches); i++) {
		print_message("  %s\n", launches[i].label);
		run_launch(w, &launches[i], whole_provisioned(w));
	}
	whole_close(w);
}

/* The document waits 600 s; this instance takes longer. */
static void
test_slow_instance(struct arena *a)
{
	struct whole *w = whole_open(a, 11 * 60 * 1000);

	whole_launch(w);
	whole_wait(w, "COMPLETED");
	CHECK_STR(
	    whole_statuses(w), "PENDING COMPLETED", "the execution timed out, the product did not");
	whole_ask_stop(w);
	whole_wait(w, "STOPPED");
	whole_terminate(w);
	whole_close(w);
}

static const struct {
	const char *label;
	struct fault_rule fault;
} terminates[] = {
	{ "the document's event is lost", { .kind = FAULT_DROP_EVENT, .name = "Terminate" } },
	{ "every event is lost", { .kind = FAULT_DROP_EVENT } },
	{ "every event is doubled", { .kind = FAULT_DOUBLE_EVENT } },
	{ "start's answer lost",
	    { .kind = FAULT_LOSE_ANSWER,
		.service = "ssm",
		.action = "StartAutomationExecution",
		.count = 1 } },
	{ "TerminateProvisionedProduct refused three times",
	    { .kind = FAULT_REFUSE,
		.service = SERVICE_CATALOG,
		.action = "TerminateProvisionedProduct",
		.automation_only = true,
		.count = 3,
		.code = "InvalidParametersException",
		.message = "not now" } },
	{ "its answers lost",
	    { .kind = FAULT_LOSE_ANSWER,
		.service = SERVICE_CATALOG,
		.action = "TerminateProvisionedProduct",
		.automation_only = true,
		.count = 3 } },
	{ "the poll is refused",
	    { .kind = FAULT_REFUSE,
		.service = SERVICE_CATALOG,
		.action = "DescribeRecord",
		.automation_only = true,
		.code = "ThrottlingException",
		.message = "Rate exceeded" } },
	{ "PutEvents is refused",
	    { .kind = FAULT_REFUSE,
		.service = "events",
		.action = "PutEvents",
		.automation_only = true,
		.code = "InternalException",
		.message = "later" } },
};

static void
test_terminates(struct arena *a)
{
	struct whole *w = whole_open(a, 60 * 1000);

	for (size_t i = 0; i < countof(terminates); i++) {
		print_message("  %s\n", terminates[i].label);
		whole_launch(w);
		whole_wait(w, "COMPLETED");
		whole_fault(w, terminates[i].fault);
		whole_terminate(w);
		whole_faultless(w);
		CHECK_STR(whole_statuses(w), "PENDING COMPLETED TERMINATING TERMINATED", "%s",
		    terminates[i].label);
	}
	whole_close(w);
}

/* A resource that cannot be deleted: told in its own words, and terminated again later. */
static void
test_terminate_fails(struct arena *a)
{
	static const char *const drops[] = { NULL, "Terminate" };
	struct whole *w = whole_open(a, 60 * 1000);

	for (size_t i = 0; i < countof(drops); i++) {
		whole_launch(w);
		whole_wait(w, "COMPLETED");
		whole_fault(w,
		    (struct fault_rule){ .kind = FAULT_FAIL_DELETE,
			.name = "SecurityGroup",
			.message = "resource sg-1 has a dependent \"object\"" });
		if (drops[i] != NULL)
			whole_fault(
			    w, (struct fault_rule){ .kind = FAULT_DROP_EVENT, .name = drops[i] });
		whole_ask_terminate(w);
		whole_wait(w, "TERMINATING_FAILED");
		CHECK(str_has(whole_error(w), S("resource sg-1 has a dependent \"object\"")),
		    STR_FMT, STR_ARG(whole_error(w)));
		whole_faultless(w);
		whole_terminate(w);
	}
	whole_close(w);
}

static void
test_power_events_lost(struct arena *a)
{
	static const struct fault_rule faults[] = {
		{ .kind = FAULT_DROP_EVENT, .name = INSTANCE_EVENT },
		{ .kind = FAULT_DOUBLE_EVENT, .name = INSTANCE_EVENT },
		{ .kind = FAULT_DELAY_EVENT, .name = INSTANCE_EVENT, .delay_ms = 200000 },
		{ .kind = FAULT_LOSE_ANSWER, .service = "sagemaker", .count = 1 },
		{ .kind = FAULT_REFUSE,
		    .service = "sagemaker",
		    .count = 2,
		    .code = "ThrottlingException",
		    .message = "Rate exceeded" },
	};
	struct whole *w = whole_open(a, 60 * 1000);

	for (size_t i = 0; i < countof(faults); i++) {
		print_message("  fault %zu\n", i);
		whole_launch(w);
		whole_wait(w, "COMPLETED");
		whole_fault(w, faults[i]);
		whole_ask_stop(w);
		whole_wait(w, "STOPPED");
		whole_ask_start(w);
		whole_wait(w, "COMPLETED");
		whole_ask_stop(w);
		whole_wait(w, "STOPPED");
		whole_pass(w, 600);
		CHECK_STR(whole_status(w), "STOPPED", "fault %zu: old words change nothing", i);
		whole_faultless(w);
		whole_terminate(w);
	}
	whole_close(w);
}

/* Somebody uses the console. */
static void
test_by_hand(struct arena *a)
{
	struct whole *w = whole_open(a, 60 * 1000);
	char in[200];

	whole_launch(w);
	whole_wait(w, "COMPLETED");
	snprintf(in, sizeof(in), "{'NotebookInstanceName':'" STR_FMT "'}",
	    STR_ARG(whole_member(w, "instanceId")));
	(void)whole_call(w, "sagemaker", "StopNotebookInstance", in);
	whole_wait(w, "STOPPED");
	(void)whole_call(w, "sagemaker", "StartNotebookInstance", in);
	whole_wait(w, "COMPLETED");

	whole_fault(w, (struct fault_rule){ .kind = FAULT_DROP_EVENT, .name = INSTANCE_EVENT });
	(void)whole_call(w, "sagemaker", "StopNotebookInstance", in);
	whole_wait(w, "STOPPED"); /* found by the review */
	whole_faultless(w);

	snprintf(in, sizeof(in),
	    "{'ProvisionedProductId':'" STR_FMT "','TerminateToken':'by-hand'}",
	    STR_ARG(whole_member(w, "provisionedProductId")));
	(void)whole_call(w, "servicecatalog", "TerminateProvisionedProduct", in);
	whole_wait(w, "TERMINATED");
	CHECK_STR(whole_statuses(w),
	    "PENDING COMPLETED STOPPING STOPPED PENDING COMPLETED STOPPED TERMINATING TERMINATED",
	    "seen, all of it");
	whole_close(w);
}

static void
test_instance_deleted_by_hand(struct arena *a)
{
	struct whole *w = whole_open(a, 60 * 1000);
	char in[200];

	whole_launch(w);
	whole_wait(w, "COMPLETED");
	snprintf(in, sizeof(in), "{'NotebookInstanceName':'" STR_FMT "'}",
	    STR_ARG(whole_member(w, "instanceId")));
	(void)whole_call(w, "sagemaker", "StopNotebookInstance", in);
	whole_wait(w, "STOPPED");
	(void)whole_call(w, "sagemaker", "DeleteNotebookInstance", in);
	whole_wait(w, "FAILED");
	CHECK(str_has(whole_error(w), S("terminate the environment")), STR_FMT,
	    STR_ARG(whole_error(w)));
	whole_terminate(w);
	whole_close(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_launches),
		TEST(test_slow_instance),
		TEST(test_terminates),
		TEST(test_terminate_fails),
		TEST(test_power_events_lost),
		TEST(test_by_hand),
		TEST(test_instance_deleted_by_hand),
	};

	return RUN_TESTS(tests);
}
