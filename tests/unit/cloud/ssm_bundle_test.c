/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm over the documents of a real environment type, unchanged: a launch and a termination
 * that go well, and every way in which no event comes, or a wrong one.
 */
#include "ssm_rig.h"

#include "lang/ssm_document.h"

#define ENV "env-12345678-1234-1234-1234-1234567890ab"
#define KEY "arn:aws:kms:us-east-1:" RIG_MAIN ":key/12345678-1234-1234-1234-1234567890ab"

static const char launch_parameters[] =
    "{'ProductId':['prod-1'],'EncryptionKeyArn':['" KEY "'],'CIDR':['10.0.0.0/24'],"
    "'ProvisioningArtifactId':['pa-1'],'VPC':['vpc-1'],'Subnet':['subnet-1'],'EnvId':['" ENV
    "'],'Namespace':['ns-1'],'InstanceName':['notebook-1'],'PathId':['lpv3-1'],"
    "'EnvironmentInstanceFiles':['s3://artifacts/environment-files'],"
    "'AutoStopIdleTimeInMinutes':['0'],'InstanceType':['ml.t3.medium'],'S3Mounts':['[]'],"
    "'IamPolicyDocument':['{}'],'DatasetsBucketArn':['arn:aws:s3:::datasets'],"
    "'MainAccountId':['" RIG_MAIN "'],'MainAccountRegion':['us-east-1'],"
    "'MainAccountS3ArtifactKeyArn':['" KEY "'],'MainAccountS3DatasetsKeyArn':['" KEY "']}";
static const char terminate_parameters[] =
    "{'ProvisionedProductId':['pp-1'],'TerminateToken':['12345678-1234-1234-1234-1234567890ab'],"
    "'EnvId':['" ENV "']}";

struct verb {
	const char *name, *file, *parameters;
};
static const struct verb launch = { "Launch",
	"bundles/sagemakerNotebook/sagemakerNotebookLaunchSSM.yaml", launch_parameters };
static const struct verb terminate = { "Terminate",
	"bundles/sagemakerNotebook/sagemakerNotebookTerminateSSM.yaml", terminate_parameters };

/* The documents are main's, and run in the hosting account. */
static void
open_with(struct rig *r, struct arena *a, const struct verb *verb)
{
	const char *path = shared_path(a, verb->file);
	str text;

	ssm_rig_open(r, a);
	CHECK_OK(file_read(a, path, SSM_MAX_DOCUMENT_BYTES, &text, &r->err), &r->err);
	ssm_create(r, verb->name, text);
	rig_ok(r, "ssm", "ModifyDocumentPermission",
	    "{'Name':'%s','PermissionType':'Share','AccountIdsToAdd':['" RIG_HOSTING "']}",
	    verb->name);
	r->as = r->hosting;
}

static str
start(struct rig *r, const struct verb *verb)
{
	return rig_text(
	    rig_ok(r, "ssm", "StartAutomationExecution",
		"{'DocumentName':'arn:aws:ssm:us-east-1:" RIG_MAIN
		":document/%s','Parameters':%s,'ClientToken':'12345678-1234-1234-1234-1234567890ab'}",
		verb->name, verb->parameters),
	    "AutomationExecutionId");
}

/* "Success", or the status and the step where it went wrong: "Failed at Launch". */
static str
ending(struct rig *r, str id)
{
	const struct json *x = ssm_execution(r, id);
	str status = json_str(json_get(x, "AutomationExecutionStatus"));

	for (const struct json *s = json_first(json_get(x, "StepExecutions")); s != NULL;
	     s = s->next) {
		str step = json_str(json_get(s, "StepStatus"));

		if (!str_is(step, "Success") && !str_is(step, "Pending"))
			return str_fmt(r->a, STR_FMT " at " STR_FMT, STR_ARG(status),
			    STR_ARG(json_str(json_get(s, "StepName"))));
	}
	return status;
}

/* What the event says: "COMPLETED", "FAILED: message", "none", or "malformed". */
static str
event(struct rig *r)
{
	str rest = buf_str(&notes.details), text = S("");
	const struct json *d, *message;
	struct err err;

	if (rest.len == 0)
		return S("none");
	err_init(&err, r->a);
	text = str_sub(rest, 0, rest.len - 2);
	if (!json_parse(r->a, text, &d, &err))
		return S("malformed");
	message = json_get(d, "ErrorMessage");
	return str_fmt(r->a, STR_FMT "%s" STR_FMT, STR_ARG(json_str(json_get(d, "Status"))),
	    message == NULL ? "" : ": ",
	    STR_ARG(json_is(message, JSON_ARRAY) ? json_text(r->a, message) : json_str(message)));
}

static void
test_good_launch(struct arena *a)
{
	struct rig r;
	str id, product;
	const struct json *params;

	open_with(&r, a, &launch);
	id = start(&r, &launch);
	rig_run_until(&r, RIG_START_MS + 10000);
	ssm_set(&r, "/sc/status", "AVAILABLE");
	rig_run(&r);
	CHECK_STR(ending(&r, id), "Success", "ending");
	product = json_str(json_at(
	    json_path(ssm_step_of(&r, id, "Launch"), "Outputs", "ProvisionedProductId", NULL), 0));
	CHECK(str_starts(product, S("pp-")), "the product's id");
	CHECK_STR(buf_str(&notes.details),
	    str_z(a,
		str_fmt(a,
		    "{ \"EnvId\": \"" ENV "\", \"ProvisionedProductId\": \"" STR_FMT
		    "\", \"RecordId\": \"rec-" STR_FMT
		    "\", \"EnvType\": \"sagemakerNotebook\", \"Operation\": \"Launch\", \"Status\": "
		    "\"COMPLETED\" }; ",
		    STR_ARG(product), STR_ARG(str_from(product, 3)))),
	    "event");
	params = json_get(notes.input, "ProvisioningParameters");
	assert_int_equal(json_count(params), 15);
	CHECK_STR(json_text(a, json_at(params, 5)),
	    "{\"Key\":\"IamPolicyDocument\",\"Value\":\"{}\"}", "JSON text stays text");
	CHECK_STR(json_text(a, json_get(notes.input, "Tags")),
	    "[{\"Key\":\"Env\",\"Value\":\"" ENV "\"}]", "tags");
	CHECK_STR(str_sub(json_str(json_get(notes.input, "ProvisionToken")), 0, 8),
	    str_z(a, str_from(product, 3)), "the token");
	CHECK_STR(notes.who, "arn:aws:iam::" RIG_HOSTING ":root", "who");
	CHECK_STR(start(&r, &launch), str_z(a, id), "the same start again");
	rig_close(&r);
}

static void
test_good_termination(struct arena *a)
{
	struct rig r;
	str id;

	open_with(&r, a, &terminate);
	id = start(&r, &terminate);
	rig_step(&r);
	ssm_set(&r, "/sc/record", "SUCCEEDED");
	rig_run(&r);
	CHECK_STR(ending(&r, id), "Success", "ending");
	CHECK_STR(event(&r), "TERMINATED", "event");
	assert_int_equal(notes.terminations, 1);
	rig_close(&r);
}

#define REFUSE(service, action, code) \
	{ \
		FAULT_REFUSE, service, action, NULL, true, 0, 0, code, "refused", 0, 0 \
	}
#define LOSE(action) \
	{ \
		FAULT_LOSE_ANSWER, "servicecatalog", action, NULL, true, 0, 0, NULL, NULL, 0, 0 \
	}
#define NO_FAULT \
	{ \
		FAULT_DROP_EVENT, NULL, NULL, "nothing", false, 0, 0, NULL, NULL, 0, 0 \
	}

/* minimum.md 6, as far as an execution shows it. */
static const struct {
	const char *label;
	const struct verb *verb;
	struct fault_rule fault;
	const char *status;  /* of product or record, once the wait has begun */
	const char *message; /* the product's, or RecordErrors; NULL for none */
	bool expires, stopped;
	const char *ending, *event;
	int products;
} cases[] = {
	{ "ProvisionProduct refused three times", &launch,
	    REFUSE("servicecatalog", "ProvisionProduct", "InvalidParametersException"), "AVAILABLE",
	    NULL, false, false, "Failed at Launch", "none", 0 },
	{ "its answer lost, product made", &launch, LOSE("ProvisionProduct"), "AVAILABLE", NULL,
	    false, false, "Failed at Launch", "none", 1 },
	{ "wait over 600 s", &launch, NO_FAULT, "UNDER_CHANGE", NULL, false, false,
	    "TimedOut at WaitForProvisioning", "none", 1 },
	{ "poll throttled", &launch,
	    REFUSE("servicecatalog", "DescribeProvisionedProduct", "ThrottlingException"),
	    "AVAILABLE", NULL, false, false, "TimedOut at WaitForProvisioning", "none", 1 },
	{ "session expired", &launch, NO_FAULT, "UNDER_CHANGE", NULL, true, false,
	    "Failed at WaitForProvisioning", "none", 1 },
	{ "cancelled", &launch, NO_FAULT, "UNDER_CHANGE", NULL, false, true,
	    "Cancelled at WaitForProvisioning", "none", 1 },
	{ "TAINTED while waiting", &launch, NO_FAULT, "TAINTED", NULL, false, false,
	    "TimedOut at WaitForProvisioning", "none", 1 },
	{ "PLAN_IN_PROGRESS while waiting", &launch, NO_FAULT, "PLAN_IN_PROGRESS", NULL, false,
	    false, "TimedOut at WaitForProvisioning", "none", 1 },
	{ "product terminated by hand", &launch, NO_FAULT, "GONE", NULL, false, false,
	    "Failed at WaitForProvisioning", "none", 1 },
	{ "ERROR with a plain text", &launch, NO_FAULT, "ERROR", "no capacity", false, false,
	    "Success", "FAILED: no capacity", 1 },
	{ "ERROR without a text", &launch, NO_FAULT, "ERROR", NULL, false, false, "Success",
	    "FAILED: ", 1 },
	{ "ERROR with a quotation mark", &launch, NO_FAULT, "ERROR", "bad \"value\"", false, false,
	    "Success", "malformed", 1 },
	{ "ERROR with a newline", &launch, NO_FAULT, "ERROR", "two\nlines", false, false, "Success",
	    "malformed", 1 },
	{ "ERROR with a backslash", &launch, NO_FAULT, "ERROR", "C:\\new", false, false, "Success",
	    "FAILED: C:\new", 1 },
	{ "ERROR that adds members", &launch, NO_FAULT, "ERROR", "x\", \"Note\": \"COMPLETED",
	    false, false, "Success", "FAILED: x", 1 },
	{ "PutEvents refused", &launch, REFUSE("events", "PutEvents", "AccessDeniedException"),
	    "AVAILABLE", NULL, false, false, "Failed at PushMetadataToEventBridge", "none", 1 },
	{ "TerminateProvisionedProduct: already gone", &terminate,
	    REFUSE("servicecatalog", "TerminateProvisionedProduct", "ResourceNotFoundException"),
	    "SUCCEEDED", NULL, false, false, "Failed at Terminate", "none", 0 },
	{ "refused because UNDER_CHANGE", &terminate,
	    REFUSE("servicecatalog", "TerminateProvisionedProduct", "InvalidStateException"),
	    "SUCCEEDED", NULL, false, false, "Failed at Terminate", "none", 0 },
	{ "terminate wait over 600 s", &terminate, NO_FAULT, "IN_PROGRESS", NULL, false, false,
	    "TimedOut at WaitForTerminating", "none", 0 },
	{ "poll refused", &terminate,
	    REFUSE("servicecatalog", "DescribeRecord", "AccessDeniedException"), "SUCCEEDED", NULL,
	    false, false, "Failed at WaitForTerminating", "none", 0 },
	{ "IN_PROGRESS_IN_ERROR", &terminate, NO_FAULT, "IN_PROGRESS_IN_ERROR", NULL, false, false,
	    "TimedOut at WaitForTerminating", "none", 0 },
	{ "terminate FAILED with errors", &terminate, NO_FAULT, "FAILED",
	    "[{\"Code\":\"X\",\"Description\":\"it \\\"broke\\\"\"}]", false, false, "Success",
	    "TERMINATING_FAILED: [\"{\\\"Code\\\":\\\"X\\\",\\\"Description\\\":\\\"it "
	    "\\\\\\\"broke\\\\\\\"\\\"}\"]",
	    0 },
	{ "terminate FAILED, errors absent", &terminate, NO_FAULT, "FAILED", NULL, false, false,
	    "Success", "TERMINATING_FAILED: []", 0 },
};

static void
test_lost_events(struct arena *a)
{
	for (size_t i = 0; i < countof(cases); i++) {
		bool is_launch = cases[i].verb == &launch;
		struct rig r;
		str id;

		open_with(&r, a, cases[i].verb);
		r.faults.rules[r.faults.rule_count++] = cases[i].fault;
		if (cases[i].expires)
			r.as.expires_at_ms = RIG_START_MS + 60000;
		id = start(&r, cases[i].verb);
		rig_step(&r);
		ssm_set(&r, is_launch ? "/sc/status" : "/sc/record", cases[i].status);
		if (cases[i].message != NULL)
			ssm_set(&r, is_launch ? "/sc/message" : "/sc/errors", cases[i].message);
		if (cases[i].stopped)
			rig_ok(&r, "ssm", "StopAutomationExecution",
			    "{'AutomationExecutionId':'" STR_FMT "'}", STR_ARG(id));
		rig_run(&r);
		CHECK_STR(ending(&r, id), cases[i].ending, "%s", cases[i].label);
		CHECK_STR(event(&r), cases[i].event, "%s", cases[i].label);
		CHECK(notes.products == cases[i].products, "%s: %d products", cases[i].label,
		    notes.products);
		rig_close(&r);
	}
}

/* An entry that EventBridge refuses is answered with 200, and the step takes that for success. */
static void
test_malformed_detail_is_success(struct arena *a)
{
	const struct json *outputs;
	struct rig r;
	str id;

	open_with(&r, a, &launch);
	id = start(&r, &launch);
	rig_step(&r);
	ssm_set(&r, "/sc/message", "a \"quotation\"");
	ssm_set(&r, "/sc/status", "ERROR");
	rig_run(&r);
	outputs = json_get(ssm_step_of(&r, id, "PushFailureStatusToEventBridge"), "Outputs");
	CHECK(str_starts(json_str(json_at(json_get(outputs, "OutputPayload"), 0)),
		  S("{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"MalformedDetail\"")),
	    STR_FMT, STR_ARG(json_text(a, outputs)));
	rig_close(&r);
}

/*
 * Between the wait that saw AVAILABLE and the step that reads, which is throttled, the product
 * changes.
 */
static void
test_product_changes_in_between(struct arena *a)
{
	struct rig r;
	str id;

	open_with(&r, a, &launch);
	r.faults.rule_count = 1;
	r.faults.rules[0] = (struct fault_rule){ .kind = FAULT_REFUSE,
		.action = "DescribeProvisionedProduct",
		.automation_only = true,
		.first = 3,
		.count = 1,
		.code = "ThrottlingException",
		.message = "Rate exceeded" };
	id = start(&r, &launch);
	rig_step(&r);
	ssm_set(&r, "/sc/status", "AVAILABLE");
	cloud_step(r.cloud, r.now_ms);
	CHECK_STR(rig_text(ssm_execution(&r, id), "CurrentStepName"), "GetProvisionedProductDetail",
	    "between");
	ssm_set(&r, "/sc/status", "UNDER_CHANGE");
	rig_run(&r);
	CHECK_STR(ending(&r, id), "Success", "ending");
	CHECK_STR(event(&r), "FAILED: ", "event");
	rig_close(&r);
}

/* Patterns must match the whole value: what is only right in part is refused before it starts. */
static void
test_parameters_refused(struct arena *a)
{
	static const struct {
		const char *from, *to;
	} bad[] = {
		{ "'AutoStopIdleTimeInMinutes':['0']", "'AutoStopIdleTimeInMinutes':['10abc']" },
		{ "'VPC':['vpc-1']", "'VPC':['']" },
		{ "'EnvId':['" ENV "']", "'EnvId':['12345678-1234-1234-1234-1234567890ab']" },
		{ "'MainAccountRegion':['us-east-1']", "'MainAccountRegion':['local']" },
		{ "'S3Mounts':['[]']", "'S3Mounts':['[\\n]']" },
		{ "'ProductId':['prod-1']", "'ProductId':['prod-1\\n']" },
		{ "'MainAccountId':['" RIG_MAIN "']", "'MainAccountId':['1" RIG_MAIN "']" },
	};

	for (size_t i = 0; i < countof(bad); i++) {
		str params = str_replace(
		    a, str_of(launch_parameters), str_of(bad[i].from), str_of(bad[i].to));
		struct rig r;

		open_with(&r, a, &launch);
		rig_fails(&r, "ssm", "StartAutomationExecution",
		    "InvalidAutomationExecutionParametersException",
		    "{'DocumentName':'arn:aws:ssm:us-east-1:" RIG_MAIN
		    ":document/Launch','Parameters':" STR_FMT "}",
		    STR_ARG(params));
		rig_close(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_good_launch),
		TEST(test_good_termination),
		TEST(test_lost_events),
		TEST(test_malformed_detail_is_success),
		TEST(test_product_changes_in_between),
		TEST(test_parameters_refused),
	};

	return RUN_TESTS(tests);
}
