/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/ssm: automations, from their start to every kind of end. */
#include "ssm_rig.h"

#define MORE " Please refer to Automation Service Troubleshooting Guide for more diagnosis details."
#define NOT_RUN "No output available yet because the step is not successfully executed"

#define PUT(name, parameter) \
	"{name: " name ", action: 'aws:executeAwsApi', inputs: {Service: ssm, Api: PutParameter, " \
	"Name: " parameter ", Value: v, Type: String, Overwrite: true}"
/* A step that fails: there is no such parameter. */
#define FAIL(name) \
	"{name: " name ", action: 'aws:executeAwsApi', inputs: {Service: ssm, Api: GetParameter, " \
	"Name: none}"

static str
document(struct arena *a, const char *steps)
{
	return str_fmt(a,
	    "schemaVersion: '0.3'\nparameters: {P: {type: String, default: p}}\n"
	    "mainSteps: [%s]\n",
	    steps);
}

static str
start(struct rig *r, const char *name)
{
	return json_str(
	    json_get(rig_ok(r, "ssm", "StartAutomationExecution", "{'DocumentName':'%s'}", name),
		"AutomationExecutionId"));
}

/* Makes a document of steps, runs it to its end. */
static str
run_steps(struct rig *r, const char *steps)
{
	str id;

	ssm_create(r, "doc", document(r->a, steps));
	id = start(r, "doc");
	rig_run(r);
	return id;
}

/* --- where it goes ------------------------------------------------------------------- */

static void
test_ways(struct arena *a)
{
	static const struct {
		const char *label, *steps, *want;
	} cases[] = {
		{ "in order", PUT("A", "x") "}," PUT("B", "y") "}",
		    "Success: A=Success B=Success" },
		{ "nextStep", PUT("A", "x") ", nextStep: C}," PUT("B", "y") "}," PUT("C", "z") "}",
		    "Success: A=Success B=Pending C=Success" },
		{ "isEnd", PUT("A", "x") ", isEnd: true}," PUT("B", "y") "}",
		    "Success: A=Success B=Pending" },
		{ "Abort", FAIL("A") "}," PUT("B", "y") "}", "Failed: A=Failed B=Pending" },
		{ "Abort, not critical", FAIL("A") ", isCritical: false}," PUT("B", "y") "}",
		    "Success: A=Failed B=Pending" },
		{ "Continue", FAIL("A") ", onFailure: Continue}," PUT("B", "y") "}",
		    "Success: A=Failed B=Success" },
		{ "Continue, critical",
		    FAIL("A") ", onFailure: Continue, isCritical: true}," PUT("B", "y") "}",
		    "Failed: A=Failed B=Success" },
		{ "Continue at the end", FAIL("A") ", onFailure: Continue}", "Success: A=Failed" },
		{ "Continue and isEnd",
		    FAIL("A") ", onFailure: Continue, isEnd: true}," PUT("B", "y") "}",
		    "Success: A=Failed B=Pending" },
		{ "step:X",
		    FAIL("A") ", onFailure: 'step:C'}," PUT("B", "y") "}," PUT("C", "z") "}",
		    "Failed: A=Failed B=Pending C=Success" },
		{ "step:X, not critical",
		    FAIL("A") ", onFailure: 'step:C', isCritical: false}," PUT("B", "y") "}," PUT(
			"C", "z") "}",
		    "Success: A=Failed B=Pending C=Success" },
		{ "branch by choice",
		    "{name: A, action: 'aws:branch', inputs: {Choices: [{NextStep: B, Variable: '{{ P }}', "
		    "StringEquals: q}, {NextStep: C, Variable: '{{ P }}', StringEquals: p}]}}," PUT(
			"B", "y") "}," PUT("C", "z") "}",
		    "Success: A=Success B=Pending C=Success" },
		{ "branch by Default",
		    "{name: A, action: 'aws:branch', inputs: {Choices: [{NextStep: B, Variable: '{{ P }}', "
		    "StringEquals: q}], Default: C}}," PUT("B", "y") "}," PUT("C", "z") "}",
		    "Success: A=Success B=Pending C=Success" },
		{ "branch without one",
		    "{name: A, action: 'aws:branch', inputs: {Choices: [{NextStep: C, Variable: '{{ P }}', "
		    "StringEquals: q}]}}," PUT("B", "y") "}," PUT("C", "z") "}",
		    "Success: A=Success B=Success C=Success" },
		{ "an action that is not run here",
		    "{name: A, action: 'aws:deleteImage', inputs: {ImageId: i}}",
		    "Failed: A=Failed" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;

		ssm_rig_open(&r, a);
		CHECK_STR(ssm_trace(&r, run_steps(&r, cases[i].steps)), cases[i].want, "%s",
		    cases[i].label);
		rig_close(&r);
	}
}

static void
test_assertions(struct arena *a)
{
	static const struct {
		const char *desired, *want;
	} cases[] = {
		{ "[v1, v2]", "" },
		{ "['{{ P }}', 2]",
		    "Step fails when it is Execute/Cancelling action. Property value 'v2' from the API "
		    "output is not in the desired values. Desired values: ['p', '2'].." MORE },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id;

		ssm_rig_open(&r, a);
		ssm_set(&r, "x", "v2");
		id = run_steps(&r,
		    str_z(a,
			str_fmt(a,
			    "{name: A, action: 'aws:assertAwsResourceProperty', inputs: {Service: SSM, "
			    "Api: get_parameter, Name: x, PropertySelector: $.Parameter.Value, "
			    "DesiredValues: %s}}",
			    cases[i].desired)));
		CHECK_STR(json_str(json_get(ssm_step_of(&r, id, "A"), "FailureMessage")),
		    cases[i].want, "%s", cases[i].desired);
		rig_close(&r);
	}
}

/* --- what it shows ------------------------------------------------------------------- */

static void
test_shows(struct arena *a)
{
	static const char content[] =
	    "schemaVersion: '0.3'\n"
	    "parameters:\n"
	    "  Names: {type: StringList, default: [x, none]}\n"
	    "  Ami: {type: String, default: '{{ ssm:/ami }}'}\n"
	    "mainSteps:\n"
	    "  - name: Get\n"
	    "    action: aws:executeAwsApi\n"
	    "    inputs: {Service: ssm, Api: GetParameters, Names: '{{ Names }}', "
	    "WithDecryption: 'true'}\n"
	    "    outputs:\n"
	    "      - {Name: Value, Type: String, Selector: '$.Parameters[0].Value'}\n"
	    "      - {Name: Version, Type: Integer, Selector: '$.Parameters[0].Version'}\n"
	    "      - {Name: Missing, Type: StringList, Selector: $.InvalidParameters}\n"
	    "      - {Name: All, Type: MapList, Selector: $.Parameters}\n"
	    "      - {Name: Absent, Selector: '$.Parameters[0].Nothing'}\n"
	    "  - name: Put\n"
	    "    action: aws:executeAwsApi\n"
	    "    inputs: {Service: ssm, Api: PutParameter, Name: 'made-{{ Get.Version }}', Type: "
	    "String, Value: '{{Ami}}/{{ Get.Missing }}/{{ Get.Absent }}/{{ global:REGION }}/"
	    "{{ global:ACCOUNT_ID }}/{{ global:DATE }}/{{ Last.Output }}'}\n"
	    "    isEnd: true\n"
	    "    onFailure: step:Last\n"
	    "  - name: Last\n"
	    "    action: aws:executeAwsApi\n"
	    "    inputs: {Service: ssm, Api: DeleteParameter, Name: x}\n"
	    "outputs: [Get.Value, Get.Missing, Last.Output]\n";
	const struct json *x, *get;
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	ssm_set(&r, "x", "v1");
	ssm_set(&r, "x", "v2");
	ssm_set(&r, "/ami", "ami-1");
	ssm_create(&r, "shown", str_replace(a, str_of(content), S("/{{ Last.Output }}"), S("")));
	id = start(&r, "shown");
	x = ssm_execution(&r, id);
	CHECK_STR(rig_text(x, "AutomationExecutionStatus"), "Pending", "before the first step");
	CHECK_STR(rig_text(x, "CurrentStepName"), "Get", "current");
	rig_run(&r);
	x = ssm_execution(&r, id);
	CHECK_STR(json_text(a, json_get(x, "Parameters")),
	    "{\"Names\":[\"x\",\"none\"],\"Ami\":[\"ami-1\"]}", "parameters with defaults");
	CHECK_STR(json_text(a, json_get(x, "Outputs")),
	    "{\"Get.Value\":[\"v2\"],\"Get.Missing\":[\"none\"],\"Last.Output\":[\"" NOT_RUN "\"]}",
	    "outputs");
	CHECK_STR(rig_text(x, "DocumentName"), "shown", "name");
	CHECK_STR(rig_text(x, "DocumentVersion"), "1", "version");
	CHECK_STR(rig_text(x, "ExecutedBy"), "arn:aws:iam::" RIG_MAIN ":root", "who");
	assert_null(json_get(x, "CurrentStepName"));
	get = ssm_step_of(&r, id, "Get");
	CHECK_STR(json_text(a, json_get(get, "Inputs")),
	    "{\"Service\":\"\\\"ssm\\\"\",\"Api\":\"\\\"GetParameters\\\"\",\"Names\":\"[\\\"x\\\","
	    "\\\"none\\\"]\",\"WithDecryption\":\"\\\"true\\\"\"}",
	    "inputs");
	CHECK_STR(json_text(a, json_path(get, "Outputs", "Version", NULL)), "[\"2\"]", "integer");
	CHECK_STR(json_text(a, json_path(get, "Outputs", "Absent", NULL)), "[\"\"]", "absent");
	assert_int_equal(json_count(json_path(get, "Outputs", "All", NULL)), 1);
	CHECK(str_has(json_str(json_at(json_path(get, "Outputs", "OutputPayload", NULL), 0)),
		  S("\"ResponseMetadata\":{\"RequestId\":")),
	    "payload");
	CHECK_STR(
	    rig_text(rig_ok(&r, "ssm", "GetParameter", "{'Name':'made-2'}"), "Parameter", "Value"),
	    "ami-1/[\"none\"]//us-east-1/" RIG_MAIN "/2022-05-05", "what was substituted");
	CHECK_STR(rig_text(ssm_step_of(&r, id, "Put"), "OnFailure"), "step:Last", "onFailure");
	CHECK_STR(json_text(a, json_get(ssm_step_of(&r, id, "Put"), "ValidNextSteps")),
	    "[\"Last\"]", "next steps");
	rig_close(&r);
}

static void
test_events(struct arena *a)
{
	struct rig r;

	ssm_rig_open(&r, a);
	run_steps(&r, PUT("A", "x") "}," FAIL("B") "}");
	CHECK_STR(buf_str(&notes.events),
	    "InProgress; A=InProgress; A=Success; B=InProgress; B=Failed; Failed; ", "events");
	rig_close(&r);
}

/* --- starting ------------------------------------------------------------------------ */

static void
test_start_refused(struct arena *a)
{
	static const struct {
		const char *in, *code, *text;
	} cases[] = {
		{ "{'DocumentName':'none'}", "AutomationDefinitionNotFoundException",
		    "Automation document none does not exist" },
		{ "{'DocumentName':'arn:aws:ssm:us-east-1:" RIG_HOSTING ":document/doc'}",
		    "AutomationDefinitionNotFoundException", NULL },
		{ "{'DocumentName':'doc','DocumentVersion':'7'}",
		    "AutomationDefinitionVersionNotFoundException", NULL },
		{ "{'DocumentName':'doc','DocumentVersion':'new'}", "ValidationException", NULL },
		{ "{'DocumentName':'doc','Parameters':{'Q':['x']}}",
		    "InvalidAutomationExecutionParametersException",
		    "Unknown parameter: Q in user inputs." },
		{ "{'DocumentName':'doc','Parameters':{'P':['x','y']}}",
		    "InvalidAutomationExecutionParametersException",
		    "Parameter type error. The value supplied for P is not a valid string." },
		{ "{'DocumentName':'doc','ClientToken':'short'}", "ValidationException",
		    "2 validation errors detected" },
		{ "{'DocumentName':'doc','Mode':'Interactive'}", "ValidationException", NULL },
		{ "{'DocumentName':'doc','MaxConcurrency':'1'}", "ValidationException",
		    "without targets" },
		{ "{'DocumentName':'stored'}", "InvalidAutomationExecutionParametersException",
		    "Parameter \"P\": {{ ssm:/none }} has no value" },
		{ "{'DocumentName':'role'}", "InvalidAutomationExecutionParametersException",
		    "The format of the supplied assume role ARN is invalid." },
		{ "{'DocumentName':'role','Parameters':{'R':['arn:aws:iam::" RIG_MAIN
		  ":role/none']}}",
		    "InvalidAutomationExecutionParametersException",
		    "The defined assume role is unable to be assumed." },
	};
	struct rig r;

	ssm_rig_open(&r, a);
	ssm_create(&r, "doc", document(a, PUT("A", "x") "}"));
	ssm_create(&r, "stored",
	    S("schemaVersion: '0.3'\nparameters: {P: {type: String, default: '{{ssm:/none}}'}}\n"
	      "mainSteps: [{name: A, action: 'aws:pause'}]\n"));
	ssm_create(&r, "role",
	    S("schemaVersion: '0.3'\nassumeRole: '{{R}}'\nparameters: {R: {type: String, default: "
	      "admin}}\nmainSteps: [{name: A, action: 'aws:pause'}]\n"));
	for (size_t i = 0; i < countof(cases); i++) {
		str said = rig_fails(
		    &r, "ssm", "StartAutomationExecution", cases[i].code, "%s", cases[i].in);

		CHECK(cases[i].text == NULL || str_has(said, str_of(cases[i].text)), "%s: " STR_FMT,
		    cases[i].in, STR_ARG(said));
	}
	rig_run(&r);
	CHECK_STR(buf_str(&notes.events), "", "nothing began");
	rig_close(&r);
}

/* What would not fit a row is refused, or fails its step; nothing is left undone for ever. */
static void
test_too_large(struct arena *a)
{
	struct json *in = json_new_object(a), *params, *texts;
	const struct json *out;
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	ssm_create(&r, "doc",
	    S("schemaVersion: '0.3'\nparameters: {P: {type: StringList, default: []}}\nmainSteps: "
	      "[{name: A, action: 'aws:pause'}]\n"));
	json_put_str(a, in, "DocumentName", S("doc"));
	params = json_put(a, in, "Parameters", json_new_object(a));
	texts = json_put(a, params, "P", json_new_array(a));
	for (int i = 0; i < 50; i++)
		json_push_str(a, texts, str_fmt(a, "%4000d", i));
	assert_false(rig_try(&r, "ssm", "StartAutomationExecution", in, &out));
	CHECK_STR(r.err.code, "InvalidAutomationExecutionParametersException", "code");
	CHECK_STR(r.err.msg, "all parameters together are larger than 98304 bytes", "text");
	for (int i = 0; i < 30; i++) {
		str name = str_fmt(a, "/many/%02d", i);

		ssm_set(&r, str_z(a, name), str_z(a, str_fmt(a, "%4000d", i)));
	}
	ssm_create(&r, "many",
	    S("schemaVersion: '0.3'\nmainSteps: [{name: A, action: 'aws:executeAwsApi', inputs: "
	      "{Service: ssm, Api: GetParametersByPath, Path: /many, MaxResults: 10}, outputs: ["
	      "{Name: V, Type: StringList, Selector: '$..Value'}, {Name: W, Type: StringList, "
	      "Selector: '$..Value'}, {Name: X, Type: StringList, Selector: '$..Value'}]}]\n"));
	id = start(&r, "many");
	rig_run(&r);
	CHECK_STR(json_str(json_get(ssm_execution(&r, id), "FailureMessage")),
	    "Step fails when it is Execute/Cancelling action. The outputs are larger than 98304 "
	    "bytes." MORE,
	    "outputs");
	rig_close(&r);
}

#define TOKEN "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

static void
test_start_again(struct arena *a)
{
	static const char same[] =
	    "{'DocumentName':'doc','Parameters':{'P':['x']},'ClientToken':'" TOKEN "'}";
	struct rig r;
	str first, again;

	ssm_rig_open(&r, a);
	ssm_create(&r, "doc", document(a, PUT("A", "x") "}"));
	first = rig_text(
	    rig_ok(&r, "ssm", "StartAutomationExecution", "%s", same), "AutomationExecutionId");
	rig_run(&r);
	rig_ok(&r, "ssm", "DeleteDocument", "{'Name':'doc'}");
	again = rig_text(
	    rig_ok(&r, "ssm", "StartAutomationExecution", "%s", same), "AutomationExecutionId");
	CHECK_STR(again, str_z(a, first), "the same token");
	rig_fails(&r, "ssm", "StartAutomationExecution", "IdempotentParameterMismatch",
	    "{'DocumentName':'doc','Parameters':{'P':['y']},'ClientToken':'" TOKEN "'}");
	rig_close(&r);
}

/* A document that changes or goes does not change what runs. */
static void
test_document_is_kept(struct arena *a)
{
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	ssm_create(&r, "doc", document(a, PUT("A", "x") "}"));
	id = start(&r, "doc");
	rig_ok(&r, "ssm", "DeleteDocument", "{'Name':'doc'}");
	rig_stop(&r); /* what is kept in memory goes */
	rig_start(&r);
	rig_run(&r);
	CHECK_STR(ssm_trace(&r, id), "Success: A=Success", "trace");
	rig_close(&r);
}

static void
test_shared_document(struct arena *a)
{
	static const char by_arn[] =
	    "{'DocumentName':'arn:aws:ssm:us-east-1:" RIG_MAIN ":document/doc'}";
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	ssm_create(&r, "doc", document(a, PUT("A", "made") "}"));
	r.as = r.hosting;
	rig_fails(&r, "ssm", "StartAutomationExecution", "AutomationDefinitionNotFoundException",
	    "%s", by_arn);
	r.as = r.main;
	rig_ok(&r, "ssm", "ModifyDocumentPermission",
	    "{'Name':'doc','PermissionType':'Share','AccountIdsToAdd':['" RIG_HOSTING "']}");
	r.as = r.hosting;
	id = rig_text(
	    rig_ok(&r, "ssm", "StartAutomationExecution", "%s", by_arn), "AutomationExecutionId");
	rig_run(&r);
	CHECK_STR(ssm_trace(&r, id), "Success: A=Success", "trace");
	CHECK_STR(rig_text(ssm_execution(&r, id), "DocumentName"),
	    "arn:aws:ssm:us-east-1:" RIG_MAIN ":document/doc", "name as given");
	rig_ok(&r, "ssm", "GetParameter", "{'Name':'made'}"); /* in the caller's account */
	r.as = r.main;
	rig_fails(&r, "ssm", "GetParameter", "ParameterNotFound", "{'Name':'made'}");
	rig_fails(&r, "ssm", "GetAutomationExecution", "AutomationExecutionNotFoundException",
	    "{'AutomationExecutionId':'" STR_FMT "'}", STR_ARG(id));
	rig_close(&r);
}

static void
test_role(struct arena *a)
{
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	rig_ok(&r, "iam", "CreateRole",
	    "{'RoleName':'runner','AssumeRolePolicyDocument':'{\\'Version\\':\\'2012-10-17\\',"
	    "\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'Service\\':"
	    "\\'ssm.amazonaws.com\\'},\\'Action\\':\\'sts:AssumeRole\\'}]}'}");
	ssm_create(&r, "doc",
	    S("schemaVersion: '0.3'\nassumeRole: arn:aws:iam::" RIG_MAIN
	      ":role/runner\nmainSteps:\n"
	      "  - name: A\n    action: aws:executeAwsApi\n    inputs: {Service: servicecatalog, Api: "
	      "ProvisionProduct, ProvisionedProductName: n}\n"));
	id = start(&r, "doc");
	rig_run(&r);
	CHECK_STR(ssm_trace(&r, id), "Success: A=Success", "trace");
	CHECK_STR(notes.who,
	    str_z(a,
		str_fmt(a, "arn:aws:sts::" RIG_MAIN ":assumed-role/runner/Automation-" STR_FMT,
		    STR_ARG(id))),
	    "who calls");
	CHECK_STR(rig_text(ssm_execution(&r, id), "ExecutedBy"), "arn:aws:iam::" RIG_MAIN ":root",
	    "who started");
	rig_close(&r);
}

/* --- attempts ------------------------------------------------------------------------ */

#define PROVISION \
	"{name: A, action: 'aws:executeAwsApi', maxAttempts: 3, inputs: {Service: servicecatalog, Api: " \
	"ProvisionProduct, ProvisionedProductName: n}, outputs: [{Name: Id, Selector: " \
	"$.RecordDetail.ProvisionedProductId}]}"

static void
set_fault(struct rig *r, enum fault_kind kind, const char *action, uint64_t count, const char *code)
{
	r->faults = (struct fault_plan){
		.rules = { { .kind = kind,
		    .service = "servicecatalog",
		    .action = action,
		    .automation_only = true,
		    .count = count,
		    .code = code,
		    .message = "not now" } },
		.rule_count = 1,
	};
}

static void
test_attempts(struct arena *a)
{
	static const struct {
		const char *label;
		enum fault_kind kind;
		uint64_t count;
		const char *code;
		const char *want, *message;
		int products;
	} cases[] = {
		{ "refused twice", FAULT_REFUSE, 2, "InternalError", "Success: A=Success", "", 1 },
		{ "refused three times", FAULT_REFUSE, 3, "InternalError", "Failed: A=Failed",
		    "Step fails when it is Execute/Cancelling action. An error occurred (InternalError) "
		    "when calling the ProvisionProduct operation: not now." MORE,
		    0 },
		{ "throttled four times is one attempt", FAULT_REFUSE, 4, "ThrottlingException",
		    "Success: A=Success", "", 1 },
		{ "throttled for ever", FAULT_REFUSE, 0, "ThrottlingException", "Failed: A=Failed",
		    "Step fails when it is Execute/Cancelling action. An error occurred "
		    "(ThrottlingException) when calling the ProvisionProduct operation: not now." MORE,
		    0 },
		{ "its answer lost", FAULT_LOSE_ANSWER, 1, NULL, "Success: A=Success", "", 1 },
		{ "every answer lost", FAULT_LOSE_ANSWER, 0, NULL, "Failed: A=Failed",
		    "Step fails when it is Execute/Cancelling action. Read timeout on endpoint URL: "
		    "\"https://servicecatalog.us-east-1.amazonaws.com/\"." MORE,
		    1 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id;

		ssm_rig_open(&r, a);
		set_fault(&r, cases[i].kind, "ProvisionProduct", cases[i].count, cases[i].code);
		id = run_steps(&r, PROVISION);
		CHECK_STR(ssm_trace(&r, id), cases[i].want, "%s", cases[i].label);
		CHECK_STR(json_str(json_get(ssm_execution(&r, id), "FailureMessage")),
		    cases[i].message, "%s", cases[i].label);
		CHECK(notes.products == cases[i].products, "%s: %d products", cases[i].label,
		    notes.products);
		rig_close(&r);
	}
}

static void
test_bad_calls(struct arena *a)
{
	static const struct {
		const char *inputs, *want;
	} cases[] = {
		{ "Service: ssm, Api: GetParameter",
		    "Parameter validation failed:\nMissing required "
		    "parameter in input: \"Name\"" },
		{ "Service: ssm, Api: GetParameter, Name: x, Nmae: y",
		    "Parameter validation failed:\nUnknown parameter in input: \"Nmae\"" },
		{ "Service: ssm, Api: get_parameter, Name: none",
		    "An error occurred (ParameterNotFound) when calling the GetParameter operation: ." },
		{ "Service: ssm, Api: NoSuch", "NoSuch" },
		{ "Service: nothing, Api: DoIt", "the local cloud has no service 'nothing'" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id, said;

		ssm_rig_open(&r, a);
		id = run_steps(&r,
		    str_z(a,
			str_fmt(a, "{name: A, action: 'aws:executeAwsApi', inputs: {%s}}",
			    cases[i].inputs)));
		said = json_str(json_get(ssm_step_of(&r, id, "A"), "FailureMessage"));
		CHECK(str_has(said, str_of(cases[i].want)), "%s: " STR_FMT, cases[i].inputs,
		    STR_ARG(said));
		rig_close(&r);
	}
}

/* Nothing of a step counts in which we failed; what went before it does, and has one effect. */
static void
test_fault_of_ours(struct arena *a)
{
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	ssm_create(&r, "doc",
	    document(a,
		PUT("A", "x") "},{name: B, action: 'aws:executeAwsApi', inputs: {Service: "
			      "servicecatalog, Api: DescribeProvisionedProduct, Id: pp-1}}," PUT(
				  "C", "y") "}"));
	ssm_set(&r, "/sc/status", "BROKEN");
	id = start(&r, "doc");
	rig_run_until(&r, RIG_START_MS + 60000);
	CHECK_STR(ssm_trace(&r, id), "InProgress: A=Success B=Pending C=Pending", "broken");
	ssm_set(&r, "/sc/status", "AVAILABLE");
	rig_run(&r);
	CHECK_STR(ssm_trace(&r, id), "Success: A=Success B=Success C=Success", "whole again");
	CHECK_STR(rig_text(json_get(rig_ok(&r, "ssm", "GetParameter", "{'Name':'x'}"), "Parameter"),
		      "Version"),
	    "1", "once");
	rig_close(&r);
}

/* --- waiting ------------------------------------------------------------------------- */

#define WAIT(more) \
	"{name: W, action: 'aws:waitForAwsResourceProperty', timeoutSeconds: 600" more \
	", inputs: {Service: servicecatalog, Api: DescribeProvisionedProduct, Id: pp-1, " \
	"PropertySelector: $.ProvisionedProductDetail.Status, DesiredValues: [AVAILABLE, ERROR]}}"

static str
start_steps(struct rig *r, const char *steps)
{
	ssm_create(r, "doc", document(r->a, steps));
	return start(r, "doc");
}

static void
test_wait_is_woken(struct arena *a)
{
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	id = start_steps(&r, WAIT(""));
	rig_run_until(&r, RIG_START_MS + 1000);
	CHECK_STR(ssm_trace(&r, id), "InProgress: W=InProgress", "waits");
	r.now_ms = RIG_START_MS + 2345;
	ssm_set(&r, "/sc/status", "TAINTED");
	rig_step(&r);
	CHECK_STR(ssm_trace(&r, id), "InProgress: W=InProgress", "another value");
	r.now_ms = RIG_START_MS + 3456;
	ssm_set(&r, "/sc/status", "ERROR");
	rig_step(&r);
	CHECK_STR(ssm_trace(&r, id), "Success: W=Success", "at once");
	CHECK_STR(rig_text(ssm_execution(&r, id), "ExecutionEndTime"), "1651779546.456", "then");
	rig_close(&r);
}

static void
test_wait_ends(struct arena *a)
{
	static const struct {
		const char *label, *steps;
		const char *fault; /* code of a refused poll; NULL for none */
		uint64_t fault_count;
		int64_t expires_ms, want_ms; /* after the start */
		const char *status, *want;
	} cases[] = {
		{ "times out", WAIT(""), NULL, 0, 0, 600000, "TAINTED", "TimedOut: W=TimedOut" },
		{ "times out twice", WAIT(", maxAttempts: 2"), NULL, 0, 0, 1201000, "UNDER_CHANGE",
		    "TimedOut: W=TimedOut" },
		{ "time-out goes on", WAIT(", onFailure: Continue") "," PUT("B", "x") "}", NULL, 0,
		    0, 600000, "UNDER_CHANGE", "Success: W=TimedOut B=Success" },
		{ "time-out that matters goes on",
		    WAIT(", onFailure: Continue, isCritical: true") "," PUT("B", "x") "}", NULL, 0,
		    0, 600000, "UNDER_CHANGE", "TimedOut: W=TimedOut B=Success" },
		{ "poll refused", WAIT(""), "AccessDeniedException", 1, 0, 0, "UNDER_CHANGE",
		    "Failed: W=Failed" },
		{ "poll throttled for ever", WAIT(""), "ThrottlingException", 0, 0, 600000,
		    "AVAILABLE", "TimedOut: W=TimedOut" },
		{ "poll throttled for a while", WAIT(""), "ThrottlingException", 3, 0, 7000,
		    "AVAILABLE", "Success: W=Success" },
		{ "product gone", WAIT(""), NULL, 0, 0, 0, "GONE", "Failed: W=Failed" },
		{ "session expired", WAIT(""), NULL, 0, 100000, 120000, "UNDER_CHANGE",
		    "Failed: W=Failed" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id;

		ssm_rig_open(&r, a);
		if (cases[i].fault != NULL)
			set_fault(&r, FAULT_REFUSE, "DescribeProvisionedProduct",
			    cases[i].fault_count, cases[i].fault);
		ssm_set(&r, "/sc/status", cases[i].status);
		if (cases[i].expires_ms != 0)
			r.as.expires_at_ms = RIG_START_MS + cases[i].expires_ms;
		id = start_steps(&r, cases[i].steps);
		rig_run(&r);
		CHECK_STR(ssm_trace(&r, id), cases[i].want, "%s", cases[i].label);
		CHECK(r.now_ms - RIG_START_MS == cases[i].want_ms, "%s: %lld", cases[i].label,
		    (long long)(r.now_ms - RIG_START_MS));
		rig_close(&r);
	}
}

static void
test_texts_of_waits(struct arena *a)
{
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	r.as.expires_at_ms = RIG_START_MS + 1;
	id = start_steps(&r, WAIT(""));
	rig_run(&r);
	CHECK_STR(json_str(json_get(ssm_execution(&r, id), "FailureMessage")),
	    "Step fails when it is Execute/Cancelling action. An error occurred "
	    "(ExpiredTokenException) when calling the DescribeProvisionedProduct operation: The "
	    "security token included in the request is expired." MORE,
	    "expired");
	r.as.expires_at_ms = 0;
	id = start(&r, "doc");
	rig_run(&r);
	CHECK(str_starts(json_str(json_get(ssm_execution(&r, id), "FailureMessage")),
		  S("Step timed out while step is ")),
	    "timed out");
	rig_close(&r);
}

/* The program ends and begins again between any two steps. */
static void
test_restart(struct arena *a)
{
	struct rig r;
	str id;
	int stops = 0;

	ssm_rig_open(&r, a);
	id = start_steps(&r, PROVISION "," WAIT("") "," PUT("B", "x") "}");
	while (str_starts(ssm_trace(&r, id), S("Pending")) ||
	    str_starts(ssm_trace(&r, id), S("InProgress"))) {
		int64_t next = cloud_step(r.cloud, r.now_ms);

		if (next > r.now_ms && next != CLOCK_NEVER)
			r.now_ms = next;
		if (++stops == 4)
			ssm_set(&r, "/sc/status", "AVAILABLE");
		rig_stop(&r);
		rig_start(&r);
	}
	CHECK_STR(ssm_trace(&r, id), "Success: A=Success W=Success B=Success", "trace");
	assert_int_equal(notes.products, 1);
	rig_close(&r);
}

static void
test_sleep(struct arena *a)
{
	static const struct {
		const char *steps;
		int64_t want_ms;
		const char *want;
	} cases[] = {
		{ "{name: S, action: 'aws:sleep', inputs: {Duration: PT10M}}", 600000,
		    "Success: S=Success" },
		{ "{name: S, action: 'aws:sleep', inputs: {Timestamp: '2022-05-05T20:00:00Z'}}",
		    1257000, "Success: S=Success" },
		{ "{name: S, action: 'aws:sleep', inputs: {Timestamp: '2022-05-05T10:00:00Z'}}", 0,
		    "Success: S=Success" },
		{ "{name: S, action: 'aws:sleep', timeoutSeconds: 60, inputs: {Duration: PT10M}}",
		    60000, "TimedOut: S=TimedOut" },
		{ "{name: S, action: 'aws:sleep', inputs: {Duration: '{{ P }}'}}", 0,
		    "Failed: S=Failed" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id;

		ssm_rig_open(&r, a);
		id = run_steps(&r, cases[i].steps);
		CHECK_STR(ssm_trace(&r, id), cases[i].want, "%s", cases[i].steps);
		CHECK(r.now_ms - RIG_START_MS == cases[i].want_ms, "%s", cases[i].steps);
		rig_close(&r);
	}
}

/* --- stopping ------------------------------------------------------------------------ */

static void
test_stop(struct arena *a)
{
	static const struct {
		const char *label, *steps, *want;
	} cases[] = {
		{ "aborts", WAIT("") "," PUT("B", "x") "}", "Cancelled: W=Cancelled B=Pending" },
		{ "runs what is to clean up",
		    WAIT(", nextStep: C, onCancel: 'step:B'") "," PUT(
			"B", "x") ", isEnd: true}," PUT("C", "y") "}",
		    "Cancelled: W=Cancelled B=Success C=Pending" },
		{ "which may fail", WAIT(", onCancel: 'step:B'") "," FAIL("B") "}",
		    "Cancelled: W=Cancelled B=Failed" },
		{ "and has two minutes",
		    WAIT(
			", onCancel: 'step:B'") ",{name: B, action: 'aws:sleep', inputs: {Duration: PT10M}}",
		    "Cancelled: W=Cancelled B=Cancelled" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id;

		ssm_rig_open(&r, a);
		id = start_steps(&r, cases[i].steps);
		rig_step(&r);
		rig_ok(&r, "ssm", "StopAutomationExecution",
		    "{'AutomationExecutionId':'" STR_FMT "','Type':'Cancel'}", STR_ARG(id));
		CHECK(str_starts(ssm_trace(&r, id), S("Cancelling: ")), "%s", cases[i].label);
		rig_run(&r);
		CHECK_STR(ssm_trace(&r, id), cases[i].want, "%s", cases[i].label);
		rig_fails(&r, "ssm", "StopAutomationExecution",
		    "InvalidAutomationStatusUpdateException",
		    "{'AutomationExecutionId':'" STR_FMT "'}", STR_ARG(id));
		rig_close(&r);
	}
}

/* --- lists --------------------------------------------------------------------------- */

static void
test_lists(struct arena *a)
{
	static const struct {
		const char *in;
		size_t want;
	} cases[] = {
		{ "{}", 3 },
		{ "{'Filters':[{'Key':'DocumentNamePrefix','Values':['do']}]}", 2 },
		{ "{'Filters':[{'Key':'ExecutionStatus','Values':['Failed','TimedOut']}]}", 1 },
		{ "{'Filters':[{'Key':'ExecutionStatus','Values':['Success']},{'Key':'AutomationType',"
		  "'Values':['Local']}]}",
		    2 },
		{ "{'Filters':[{'Key':'StartTimeAfter','Values':['2022-05-05T19:39:03Z']}]}", 2 },
		{ "{'Filters':[{'Key':'StartTimeBefore','Values':['2022-05-05T19:39:04Z']}]}", 1 },
		{ "{'Filters':[{'Key':'TagKey','Values':['k']}]}", 0 },
	};
	const struct json *list;
	struct rig r;
	str id;

	ssm_rig_open(&r, a);
	ssm_create(&r, "other", document(a, FAIL("A") "}"));
	start(&r, "other");
	rig_run(&r);
	r.now_ms += 5000;
	ssm_create(&r, "doc", document(a, PUT("A", "x") "}," PUT("B", "y") "}"));
	start(&r, "doc");
	rig_run(&r);
	r.now_ms += 5000;
	id = start(&r, "doc");
	rig_run(&r);
	for (size_t i = 0; i < countof(cases); i++)
		CHECK(json_count(json_get(
			  rig_ok(&r, "ssm", "DescribeAutomationExecutions", "%s", cases[i].in),
			  "AutomationExecutionMetadataList")) == cases[i].want,
		    "%s", cases[i].in);
	list = json_get(rig_ok(&r, "ssm", "DescribeAutomationExecutions", "{}"),
	    "AutomationExecutionMetadataList");
	CHECK_STR(
	    rig_text(json_at(list, 0), "AutomationExecutionId"), str_z(a, id), "newest first");
	rig_fails(&r, "ssm", "DescribeAutomationExecutions", "InvalidFilterKey",
	    "{'Filters':[{'Key':'Colour','Values':['red']}]}");
	list = json_get(
	    rig_ok(&r, "ssm", "DescribeAutomationStepExecutions",
		"{'AutomationExecutionId':'" STR_FMT "','ReverseOrder':true}", STR_ARG(id)),
	    "StepExecutions");
	CHECK_STR(rig_text(json_at(list, 0), "StepName"), "B", "reversed");
	list = json_get(rig_ok(&r, "ssm", "DescribeAutomationStepExecutions",
			    "{'AutomationExecutionId':'" STR_FMT
			    "','Filters':[{'Key':'StepName','Values':['A']}]}",
			    STR_ARG(id)),
	    "StepExecutions");
	assert_int_equal(json_count(list), 1);
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ways),
		TEST(test_assertions),
		TEST(test_shows),
		TEST(test_events),
		TEST(test_start_refused),
		TEST(test_too_large),
		TEST(test_start_again),
		TEST(test_document_is_kept),
		TEST(test_shared_document),
		TEST(test_role),
		TEST(test_attempts),
		TEST(test_bad_calls),
		TEST(test_fault_of_ours),
		TEST(test_wait_is_woken),
		TEST(test_wait_ends),
		TEST(test_texts_of_waits),
		TEST(test_restart),
		TEST(test_sleep),
		TEST(test_stop),
		TEST(test_lists),
	};

	return RUN_TESTS(tests);
}
