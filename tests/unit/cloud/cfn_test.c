/* SPDX-License-Identifier: Apache-2.0 */
/* Stacks of real resources: made, failed, rolled back, removed, and told about. */
#include "cloud_rig.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/id.h"
#include "lang/cfn_template.h"

/* A template in YAML, as one line of an input: ' may stand in it, " may not. */
#define TRUST \
	"{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: " \
	"sagemaker.amazonaws.com}, Action: 'sts:AssumeRole'}]}"
#define POLICY \
	"{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: " \
	"'*'}]}"

#define ROLE_TEMPLATE \
	"Parameters:\n" \
	"  Name: {Type: String, AllowedPattern: '[a-z-]+'}\n" \
	"Resources:\n" \
	"  Boundary:\n" \
	"    Type: AWS::IAM::ManagedPolicy\n" \
	"    Properties: {PolicyDocument: " POLICY "}\n" \
	"  Role:\n" \
	"    Type: AWS::IAM::Role\n" \
	"    Properties:\n" \
	"      RoleName: !Ref Name\n" \
	"      AssumeRolePolicyDocument: " TRUST "\n" \
	"      PermissionsBoundary: !Ref Boundary\n" \
	"      Policies: [{PolicyName: inline, PolicyDocument: " POLICY "}]\n" \
	"  Stop:\n" \
	"    Type: AWS::IAM::Policy\n" \
	"    Properties: {PolicyName: stop, PolicyDocument: " POLICY ", Roles: [!Ref Role]}\n" \
	"Outputs:\n" \
	"  RoleArn: {Value: !GetAtt Role.Arn, Description: its role}\n" \
	"  BoundaryArn: {Value: !Ref Boundary}\n"

static bool
try_create(struct rig *r, const char *name, const char *template, const struct json *more,
    const struct json **out)
{
	struct json *in = json_new_object(r->a);

	json_put_str(r->a, in, "StackName", str_of(name));
	if (*template != '\0')
		json_put_str(r->a, in, "TemplateBody", str_of(template));
	for (const struct json *m = json_first(more); m != NULL; m = m->next)
		json_put_key(r->a, in, m->key, m);
	return rig_try(r, "cloudformation", "CreateStack", in, out);
}

#define CAPABLE "'Capabilities': ['CAPABILITY_NAMED_IAM']"

static __attribute__((format(printf, 2, 3))) const struct json *
json_of(struct rig *r, const char *fmt, ...)
{
	const struct json *j;
	va_list args;

	va_start(args, fmt);
	j = rig_json(r, fmt, args);
	va_end(args);
	return j;
}

/* Must be taken; gives the id. more: other members of the input. */
static str
create(struct rig *r, const char *name, const char *template, const char *more)
{
	const struct json *out = NULL;

	CHECK_OK(try_create(r, name, template, json_of(r, "{" CAPABLE "%s}", more), &out), &r->err);
	return json_str(json_get(out, "StackId"));
}

/* Must be refused with these words. */
static void
refuse(struct rig *r, const char *label, const char *template, const char *more, const char *code,
    const char *words)
{
	CHECK(!try_create(r, "refused", template, json_of(r, "{%s}", more), NULL), "%s", label);
	CHECK_STR(r->err.code, code, "%s", label);
	CHECK_STR(r->err.msg, words, "%s", label);
}

/* "id|status|reason" a line, oldest first; ids of resources only where with_physical. */
static str
events_of(struct rig *r, str stack)
{
	struct json *list = json_new_array(r->a);
	struct buf b = buf_in(r->a);
	str token = S("");

	do {
		const struct json *page = rig_ok(r, "cloudformation", "DescribeStackEvents",
		    "{'StackName': '" STR_FMT "'%s" STR_FMT "%s}", STR_ARG(stack),
		    token.len == 0 ? "" : ", 'NextToken': '", STR_ARG(token),
		    token.len == 0 ? "" : "'");

		for (const struct json *e = json_first(json_get(page, "StackEvents")); e != NULL;
		     e = e->next)
			json_push(r->a, list, e);
		token = json_str(json_get(page, "NextToken"));
	} while (token.len > 0);

	for (size_t i = json_count(list); i-- > 0;) {
		const struct json *e = json_at(list, i);

		buf_fmt(&b, STR_FMT "|" STR_FMT "|" STR_FMT "\n",
		    STR_ARG(json_str(json_get(e, "LogicalResourceId"))),
		    STR_ARG(json_str(json_get(e, "ResourceStatus"))),
		    STR_ARG(json_str(json_get(e, "ResourceStatusReason"))));
	}
	return buf_str(&b);
}

static const struct json *
stack_of(struct rig *r, str stack)
{
	return json_at(json_get(rig_ok(r, "cloudformation", "DescribeStacks",
				    "{'StackName': '" STR_FMT "'}", STR_ARG(stack)),
			   "Stacks"),
	    0);
}

static str
status_of(struct rig *r, str stack)
{
	return json_str(json_get(stack_of(r, stack), "StackStatus"));
}

static str
output_of(struct rig *r, str stack, const char *key)
{
	const struct json *list = json_get(stack_of(r, stack), "Outputs");

	for (const struct json *o = json_first(list); o != NULL; o = o->next)
		if (str_is(json_str(json_get(o, "OutputKey")), key))
			return json_str(json_get(o, "OutputValue"));
	return S("(none)");
}

static void delete (struct rig *r, str stack)
{
	rig_ok(r, "cloudformation", "DeleteStack", "{'StackName': '" STR_FMT "'}", STR_ARG(stack));
	rig_run(r);
}

static void
test_life(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	id = create(&r, "first", ROLE_TEMPLATE,
	    ", 'Parameters': [{'ParameterKey': 'Name', 'ParameterValue': 'a-role'}]");
	CHECK_STR(status_of(&r, S("first")), "CREATE_IN_PROGRESS", "before the first step");
	rig_run(&r);
	CHECK_STR(status_of(&r, S("first")), "CREATE_COMPLETE", "made");
	CHECK_STR(events_of(&r, id),
	    "first|CREATE_IN_PROGRESS|User Initiated\n"
	    "Boundary|CREATE_IN_PROGRESS|\n"
	    "Boundary|CREATE_IN_PROGRESS|Resource creation Initiated\n"
	    "Boundary|CREATE_COMPLETE|\n"
	    "Role|CREATE_IN_PROGRESS|\n"
	    "Role|CREATE_IN_PROGRESS|Resource creation Initiated\n"
	    "Role|CREATE_COMPLETE|\n"
	    "Stop|CREATE_IN_PROGRESS|\n"
	    "Stop|CREATE_IN_PROGRESS|Resource creation Initiated\n"
	    "Stop|CREATE_COMPLETE|\n"
	    "first|CREATE_COMPLETE|\n",
	    "events");
	CHECK_STR(output_of(&r, id, "RoleArn"), "arn:aws:iam::" RIG_MAIN ":role/a-role", "output");
	rig_ok(&r, "iam", "GetRolePolicy", "{'RoleName': 'a-role', 'PolicyName': 'stop'}");
	delete (&r, S("first"));
	CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "gone");
	rig_fails(&r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'a-role'}");
	rig_close(&r);
}

/* --- refused before anything is made ----------------------------------------------------- */

#define BUCKET "Resources:\n  B: {Type: 'AWS::S3::Bucket'}\n"

static void
test_refused(struct arena *a)
{
#define V "ValidationError"
	static const struct {
		const char *label, *template, *more, *code, *words;
	} cases[] = {
		{ "no capability", ROLE_TEMPLATE, "", "InsufficientCapabilitiesException",
		    "Requires capabilities : [CAPABILITY_NAMED_IAM]" },
		{ "lesser capability", ROLE_TEMPLATE, "'Capabilities': ['CAPABILITY_IAM']",
		    "InsufficientCapabilitiesException",
		    "Requires capabilities : [CAPABILITY_NAMED_IAM]" },
		{ "no value", ROLE_TEMPLATE, CAPABLE, V, "Parameters: [Name] must have values" },
		{ "unknown parameter", BUCKET,
		    "'Parameters': [{'ParameterKey': 'X', 'ParameterValue': 'x'}]", V,
		    "Parameters: [X] do not exist in the template" },
		{ "pattern", ROLE_TEMPLATE,
		    CAPABLE ", 'Parameters': [{'ParameterKey': 'Name', 'ParameterValue': 'A'}]", V,
		    "Parameter 'Name' must match pattern [a-z-]+" },
		{ "type", "Resources:\n  B: {Type: 'A::B::C'}\n  C: {Type: 'A::B::D'}\n", "", V,
		    "Template format error: Unrecognized resource types: [A::B::C, A::B::D]" },
		{ "attribute", BUCKET "Outputs: {O: {Value: !GetAtt B.Arm}}\n", "", V,
		    "Template error: resource B does not support attribute type Arm in Fn::GetAtt" },
		{ "select", BUCKET "Outputs: {O: {Value: !Select [2, !Split [a, bab]]}}\n", "", V,
		    "Template error: Fn::Select  cannot select nonexistent value at index 2" },
		{ "both policies", BUCKET, "'DisableRollback': true, 'OnFailure': 'DELETE'", V,
		    "You can specify either DisableRollback or OnFailure, but not both." },
		{ "resource types", BUCKET, "'ResourceTypes': ['AWS::EC2::*']", V,
		    "Resource type AWS::S3::Bucket is not allowed by parameter ResourceTypes "
		    "[AWS::EC2::*]" },
		{ "role", BUCKET, "'RoleARN': 'arn:aws:iam::" RIG_MAIN ":role/none'", V,
		    "Role arn:aws:iam::" RIG_MAIN ":role/none is invalid or cannot be assumed" },
		{ "url beside body", BUCKET, "'TemplateURL': 'https://b.s3.amazonaws.com/k'", V,
		    "Either Template URL or Template Body must be specified." },
		{ "no template", "", "", V,
		    "Either Template URL or Template Body must be specified." },
		{ "url", "", "'TemplateURL': 'ftp'", V, "TemplateURL must be a supported URL." },
		{ "domain", "", "'TemplateURL': 'https://example.com/a/b'", V,
		    "S3 error: Domain name specified in example.com is not a valid S3 domain" },
		{ "snapshot",
		    "Resources:\n  B: {Type: 'AWS::S3::Bucket', DeletionPolicy: Snapshot}\n", "", V,
		    "Template error: resource type AWS::S3::Bucket does not support deletion policy "
		    "Snapshot" },
		{ "previous value", BUCKET,
		    "'Parameters': [{'ParameterKey': 'X', 'UsePreviousValue': true}]", V,
		    "Invalid input for parameter key X. Cannot specify usePreviousValue as true for "
		    "a parameter key not in the previous template" },
		{ "syntax", "{", "", V,
		    "Template format error: JSON not well-formed. (line 1, column 2)" },
	};
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(cases); i++)
		refuse(&r, cases[i].label, cases[i].template, cases[i].more, cases[i].code,
		    cases[i].words);
	CHECK_STR(json_text(a, rig_ok(&r, "cloudformation", "ListStacks", "{}")),
	    "{\"StackSummaries\":[]}", "nothing was made");
	rig_close(&r);
}

static void
test_too_large_inline(struct arena *a)
{
	struct buf b = buf_in(a);
	struct rig r;

	rig_open(&r, a);
	buf_add(&b, S(BUCKET));
	while (b.len <= CFN_MAX_BODY_BYTES)
		buf_add(&b, S("# to make it longer than a request may carry it\n"));
	CHECK(!try_create(&r, "large", str_z(a, buf_str(&b)), NULL, NULL), "51,201 bytes");
	assert_true(str_starts(r.err.msg, S("1 validation error detected: Value 'Resources:")));
	assert_true(str_ends(r.err.msg,
	    S("at 'templateBody' failed to satisfy constraint: Member must have length less than "
	      "or equal to 51200")));
	rig_close(&r);
}

/* --- names, tags, and what is told ------------------------------------------------------- */

static void
test_names_and_tags(struct arena *a)
{
	static const char template[] =
	    "Description: of names\n"
	    "Resources:\n"
	    "  AVeryLongLogicalIdOfARoleThatIsCut:\n"
	    "    Type: AWS::IAM::Role\n"
	    "    Metadata: {A: 1}\n"
	    "    Properties:\n"
	    "      AssumeRolePolicyDocument: " TRUST "\n"
	    "      Tags: [{Key: own, Value: mine}, {Key: both, Value: role}]\n"
	    "  Bucket: {Type: 'AWS::S3::Bucket'}\n"
	    "  Config: {Type: 'AWS::SageMaker::NotebookInstanceLifecycleConfig'}\n"
	    "Outputs:\n"
	    "  Role: {Value: !Ref AVeryLongLogicalIdOfARoleThatIsCut}\n"
	    "  Bucket: {Value: !Ref Bucket}\n"
	    "  Config: {Value: !GetAtt Config.NotebookInstanceLifecycleConfigName}\n";
	static const char *const keys[] = { "own", "both", "stack", "aws:cloudformation:stack-name",
		"aws:cloudformation:stack-id", "aws:cloudformation:logical-id" };
	const struct json *tags;
	struct rig r;
	str id, role;

	rig_open(&r, a);
	id = create(&r, "a-stack-with-a-rather-long-name-of-its-own", template,
	    ", 'Tags': [{'Key': 'stack', 'Value': '1'}, {'Key': 'both', 'Value': 'stack'}]");
	rig_run(&r);
	role = output_of(&r, id, "Role");
	CHECK_STR(str_sub(role, 0, role.len - 12),
	    "a-stack-with-a-rather-lon-AVeryLongLogicalIdOfARole-", "cut to 64");
	assert_int_equal(role.len, 64);
	assert_true(str_starts(output_of(&r, id, "Bucket"),
	    S("a-stack-with-a-rather-lo"))); /* lower case, 63 at most */
	assert_true(str_starts(output_of(&r, id, "Config"), S("Config-")));
	tags = json_get(
	    rig_ok(&r, "iam", "ListRoleTags", "{'RoleName': '" STR_FMT "'}", STR_ARG(role)),
	    "Tags");
	assert_int_equal(json_count(tags), countof(keys));
	for (size_t i = 0; i < countof(keys); i++) {
		const struct json *t = json_first(tags);

		while (t != NULL && !str_is(json_str(json_get(t, "Key")), keys[i]))
			t = t->next;
		CHECK(t != NULL, "tag %s", keys[i]);
		if (str_is(S("both"), keys[i]))
			CHECK_STR(
			    json_str(json_get(t, "Value")), "role", "the resource's own wins");
	}
	rig_close(&r);
}

static void
test_told(struct arena *a)
{
	static const char template[] =
	    "# a comment that GetTemplate keeps\n"
	    "Parameters:\n"
	    "  Plain: {Type: Number, Default: 5}\n"
	    "  Secret: {Type: String, NoEcho: true, Default: hidden}\n"
	    "  List: {Type: CommaDelimitedList, Default: 'a, b'}\n"
	    "Resources:\n"
	    "  P:\n"
	    "    Type: AWS::SSM::Parameter\n"
	    "    Metadata: {A: [1]}\n"
	    "    Properties: {Name: told, Type: String, Value: !Join ['+', !Ref List]}\n"
	    "Outputs:\n"
	    "  Value: {Value: !GetAtt P.Value}\n";
	const struct json *stack, *out;
	struct rig r;
	str id;

	rig_open(&r, a);
	id = create(&r, "told", template, ", 'ClientRequestToken': 'token-1'");
	assert_true(
	    str_starts(id, S("arn:aws:cloudformation:" RIG_REGION ":" RIG_MAIN ":stack/told/")));
	rig_run(&r);
	stack = stack_of(&r, id);
	CHECK_STR(json_text(a, json_get(stack, "Parameters")),
	    "[{\"ParameterKey\":\"Plain\",\"ParameterValue\":\"5\"},{\"ParameterKey\":\"Secret\","
	    "\"ParameterValue\":\"****\"},{\"ParameterKey\":\"List\",\"ParameterValue\":\"a, b\"}]",
	    "parameters");
	CHECK_STR(output_of(&r, id, "Value"), "a+b", "output");
	CHECK_STR(rig_text(rig_ok(&r, "cloudformation", "GetTemplate", "{'StackName': 'told'}"),
		      "TemplateBody"),
	    template, "as it was sent");
	out = json_get(rig_ok(&r, "cloudformation", "DescribeStackResource",
			   "{'StackName': 'told', 'LogicalResourceId': 'P'}"),
	    "StackResourceDetail");
	CHECK_STR(json_str(json_get(out, "PhysicalResourceId")), "told", "physical id");
	CHECK_STR(json_str(json_get(out, "Metadata")), "{\"A\":[1]}", "metadata");
	out = json_at(json_get(rig_ok(&r, "cloudformation", "DescribeStackResources",
				   "{'PhysicalResourceId': 'told'}"),
			  "StackResources"),
	    0);
	CHECK_STR(json_str(json_get(out, "StackId")), str_z(a, id), "by physical id");
	out = json_at(
	    json_get(rig_ok(&r, "cloudformation", "DescribeStackEvents", "{'StackName': 'told'}"),
		"StackEvents"),
	    1);
	CHECK_STR(json_str(json_get(out, "ResourceProperties")),
	    "{\"Name\":\"told\",\"Type\":\"String\",\"Value\":\"a+b\"}", "properties");
	CHECK_STR(json_str(json_get(out, "ClientRequestToken")), "token-1", "token");
	assert_true(str_starts(json_str(json_get(out, "EventId")), S("P-CREATE_COMPLETE-2022-")));
	CHECK_STR(create(&r, "told", template, ", 'ClientRequestToken': 'token-1'"), str_z(a, id),
	    "the same request again");
	CHECK(!try_create(&r, "told", template, NULL, NULL), "another request");
	CHECK_STR(r.err.code, "AlreadyExistsException", "the name is taken");
	CHECK_STR(r.err.msg, "Stack [told] already exists", "the name is taken");
	delete (&r, id);
	CHECK_STR(rig_fails(&r, "cloudformation", "DescribeStacks", "ValidationError",
		      "{'StackName': 'told'}"),
	    "Stack with id told does not exist", "by name");
	CHECK_STR(rig_fails(&r, "cloudformation", "DescribeStackEvents", "ValidationError",
		      "{'StackName': 'told'}"),
	    "Stack [told] does not exist", "events by name");
	rig_ok(&r, "cloudformation", "DeleteStack", "{'StackName': 'told'}");
	CHECK_STR(json_text(a,
		      json_path(json_at(json_get(rig_ok(&r, "cloudformation", "ListStacks", "{}"),
					    "StackSummaries"),
				    0),
			  "StackStatus", NULL)),
	    "\"DELETE_COMPLETE\"", "listed");
	rig_close(&r);
}

static void
test_summaries(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	create(&r, "s", ROLE_TEMPLATE,
	    ", 'Parameters': [{'ParameterKey': 'Name', 'ParameterValue': 'a-role'}]");
	CHECK_STR(
	    json_text(a, rig_ok(&r, "cloudformation", "GetTemplateSummary", "{'StackName': 's'}")),
	    "{\"Parameters\":[{\"ParameterKey\":\"Name\",\"NoEcho\":false,\"ParameterType\":"
	    "\"String\",\"ParameterConstraints\":{}}],\"Capabilities\":["
	    "\"CAPABILITY_NAMED_IAM\"],\"CapabilitiesReason\":\"The following resource(s) require "
	    "capabilities: [AWS::IAM::ManagedPolicy, AWS::IAM::Role, AWS::IAM::Policy]\","
	    "\"ResourceTypes\":[\"AWS::IAM::ManagedPolicy\",\"AWS::IAM::Role\","
	    "\"AWS::IAM::Policy\"]}",
	    "summary");
	CHECK_STR(json_text(a,
		      rig_ok(&r, "cloudformation", "ValidateTemplate",
			  "{'TemplateBody': 'Description: d\\nParameters: {P: {Type: Number, "
			  "Default: 1}}\\n"
			  "Resources: {B: {Type: \\'AWS::S3::Bucket\\'}}'}")),
	    "{\"Parameters\":[{\"ParameterKey\":\"P\",\"DefaultValue\":\"1\",\"NoEcho\":false}],"
	    "\"Description\":\"d\"}",
	    "validate");
	CHECK_STR(rig_fails(&r, "cloudformation", "ValidateTemplate", "ValidationError",
		      "{'TemplateBody': 'Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, "
		      "DependsOn: A}}'}"),
	    "Circular dependency between resources: [A, B]", "circle");
	rig_close(&r);
}

/* Services mark the stacks that they make for someone; nobody else may. */
static void
test_tags_of_aws(struct arena *a)
{
	const struct json *in, *out;
	struct rig r;

	rig_open(&r, a);
	for (int outside = 0; outside < 2; outside++) {
		in = json_of(&r,
		    "{'StackName': 's%d', 'TemplateBody': 'Resources: {B: {Type: "
		    "AWS::S3::Bucket}}', 'Tags': [{'Key': 'aws:servicecatalog:x', 'Value': 'v'}]}",
		    outside);
		CHECK(cloud_invoke(r.cloud, a,
			  &(struct cloud_request){ .service = "cloudformation",
			      .action = "CreateStack",
			      .as = &r.as,
			      .in = in,
			      .from_outside = outside == 1 },
			  &out, &r.err) == (outside == 0),
		    "outside: %d", outside);
	}
	CHECK_STR(r.err.msg, "aws: prefixed tag key names are not allowed for external use.",
	    "a customer's");
	rig_close(&r);
}

/* --- failing ----------------------------------------------------------------------------- */

/* Slow takes two seconds; Bad fails after Small, at once. */
#define FAILING \
	"Resources:\n" \
	"  Small: {Type: 'AWS::SSM::Parameter', Properties: {Name: small, Type: String, Value: x}}\n" \
	"  Slow:\n" \
	"    Type: AWS::SageMaker::NotebookInstance\n" \
	"    Properties: {InstanceType: ml.t3.medium, RoleArn: !GetAtt Role.Arn}\n" \
	"  Role: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: " TRUST "}}\n" \
	"  Bad:\n" \
	"    Type: AWS::SSM::Parameter\n" \
	"    DependsOn: Role\n" \
	"    Properties: {Name: taken, Type: String, Value: !Ref Small}\n"

static void
take_the_name(struct rig *r)
{
	rig_ok(r, "ssm", "PutParameter", "{'Name': 'taken', 'Type': 'String', 'Value': 'other'}");
}

/* A random UUID in a text as U. */
static str
without_uuids(struct arena *a, str text)
{
	struct buf b = buf_in(a);

	while (text.len > 0) {
		if (id_is_uuid(str_sub(text, 0, 36))) {
			buf_char(&b, 'U');
			text = str_from(text, 36);
		} else {
			buf_char(&b, text.ptr[0]);
			text = str_from(text, 1);
		}
	}
	return buf_str(&b);
}

#define TAKEN \
	"Resource handler returned message: \"Resource of type 'AWS::SSM::Parameter' with " \
	"identifier 'taken' already exists.\" (RequestToken: U, HandlerErrorCode: AlreadyExists)"
#define BEGUN \
	"s|CREATE_IN_PROGRESS|User Initiated\n" \
	"Small|CREATE_IN_PROGRESS|\n" \
	"Small|CREATE_IN_PROGRESS|Resource creation Initiated\n" \
	"Small|CREATE_COMPLETE|\n" \
	"Role|CREATE_IN_PROGRESS|\n" \
	"Role|CREATE_IN_PROGRESS|Resource creation Initiated\n" \
	"Role|CREATE_COMPLETE|\n" \
	"Slow|CREATE_IN_PROGRESS|\n" \
	"Slow|CREATE_IN_PROGRESS|Resource creation Initiated\n" \
	"Bad|CREATE_IN_PROGRESS|\n" \
	"Bad|CREATE_FAILED|" TAKEN "\n" \
	"Slow|CREATE_FAILED|Resource creation cancelled\n"
#define REMOVED \
	"Slow|DELETE_IN_PROGRESS|\n" \
	"Small|DELETE_IN_PROGRESS|\n" \
	"Small|DELETE_COMPLETE|\n" \
	"Slow|DELETE_COMPLETE|\n" \
	"Role|DELETE_IN_PROGRESS|\n" \
	"Role|DELETE_COMPLETE|\n"

static void
test_rollback(struct arena *a)
{
	static const struct {
		const char *more, *status, *events;
	} cases[] = {
		{ "", "ROLLBACK_COMPLETE",
		    BEGUN "s|ROLLBACK_IN_PROGRESS|The following resource(s) failed to create: "
			  "[Slow, Bad]. Rollback requested by user.\n" REMOVED
			  "s|ROLLBACK_COMPLETE|\n" },
		{ ", 'DisableRollback': true", "CREATE_FAILED",
		    BEGUN "s|CREATE_FAILED|The following resource(s) failed to create: "
			  "[Slow, Bad]. \n" },
		{ ", 'OnFailure': 'DO_NOTHING'", "CREATE_FAILED",
		    BEGUN "s|CREATE_FAILED|The following resource(s) failed to create: "
			  "[Slow, Bad]. \n" },
		{ ", 'OnFailure': 'DELETE'", "DELETE_COMPLETE",
		    BEGUN "s|DELETE_IN_PROGRESS|The following resource(s) failed to create: "
			  "[Slow, Bad]. Delete requested by user.\n" REMOVED
			  "s|DELETE_COMPLETE|\n" },
	};
	str id;

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;

		rig_open(&r, a);
		take_the_name(&r);
		id = create(&r, "s", FAILING, cases[i].more);
		rig_run(&r);
		CHECK_STR(
		    without_uuids(a, events_of(&r, id)), cases[i].events, "%s", cases[i].more);
		CHECK_STR(status_of(&r, id), cases[i].status, "%s", cases[i].more);
		CHECK_STR(output_of(&r, id, "X"), "(none)", "outputs");
		delete (&r, id);
		CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "%s", cases[i].more);
		rig_fails(&r, "ssm", "GetParameter", "ParameterNotFound", "{'Name': 'small'}");
		rig_ok(&r, "ssm", "GetParameter", "{'Name': 'taken'}"); /* not the stack's */
		CHECK_STR(json_text(a, rig_ok(&r, "sagemaker", "ListNotebookInstances", "{}")),
		    "{\"NotebookInstances\":[]}", "%s", cases[i].more);
		rig_close(&r);
	}
}

/* Operations that would replace what stands: what others made is neither changed nor removed. */
static void
test_never_taken_over(struct arena *a)
{
	static const struct {
		const char *service, *make, *in, *look, *look_in, *resource, *reason;
	} cases[] = {
		{ "events", "PutRule",
		    "{'Name': 'theirs', 'EventPattern': '{\\\"source\\\":[\\\"a\\\"]}'}",
		    "DescribeRule", "{'Name': 'theirs'}",
		    "Type: AWS::Events::Rule, Properties: {Name: theirs, EventPattern: {source: [b]}}",
		    "R|CREATE_FAILED|theirs already exists\n" },
		{ "s3", "PutBucketPolicy",
		    "{'Bucket': 'theirs', 'Policy': '{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{"
		    "\\\"Effect\\\":\\\"Deny\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"s3:DeleteObject\\\","
		    "\\\"Resource\\\":\\\"arn:aws:s3:::theirs/*\\\"}]}'}",
		    "GetBucketPolicy", "{'Bucket': 'theirs'}",
		    "Type: AWS::S3::BucketPolicy, Properties: {Bucket: theirs, PolicyDocument: {Version: "
		    "'2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', "
		    "Resource: 'arn:aws:s3:::theirs/*'}]}}",
		    "The bucket policy already exists on bucket theirs." },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id, before;

		rig_open(&r, a);
		rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'theirs'}");
		rig_ok(&r, cases[i].service, cases[i].make, "%s", cases[i].in);
		before = json_text(
		    a, rig_ok(&r, cases[i].service, cases[i].look, "%s", cases[i].look_in));
		id = create(&r, "s",
		    str_z(a, str_fmt(a, "Resources:\n  R: {%s}\n", cases[i].resource)), "");
		rig_run(&r);
		CHECK_STR(status_of(&r, id), "ROLLBACK_COMPLETE", "case %zu", i);
		CHECK(str_has(events_of(&r, id), str_of(cases[i].reason)), "case %zu: " STR_FMT, i,
		    STR_ARG(events_of(&r, id)));
		delete (&r, id);
		CHECK(str_eq(before,
			  json_text(a,
			      rig_ok(&r, cases[i].service, cases[i].look, "%s", cases[i].look_in))),
		    "case %zu: it stands as it stood", i);
		rig_close(&r);
	}
}

/* Each resource in turn is told to fail: the reason comes through, and nothing is left. */
static void
test_ordered_failures(struct arena *a)
{
	static const char *const names[] = { "Small", "Slow", "Role", "Bad" };

	for (size_t i = 0; i < countof(names); i++) {
		struct rig r;
		str id, events;

		rig_open(&r, a);
		r.faults.rule_count = 1;
		r.faults.rules[0] = (struct fault_rule){ .kind = FAULT_FAIL_CREATE,
			.name = names[i],
			.message = "quota of \"things\" reached" };
		id = create(&r, "s", FAILING, "");
		rig_run(&r);
		events = without_uuids(a, events_of(&r, id));
		CHECK_STR(status_of(&r, id), "ROLLBACK_COMPLETE", "%s", names[i]);
		CHECK(str_has(events,
			  str_fmt(a,
			      "%s|CREATE_FAILED|Resource handler returned message: \"quota of "
			      "\"things\" reached\" (RequestToken: U, HandlerErrorCode: "
			      "GeneralServiceException)\n",
			      names[i])),
		    "%s: " STR_FMT, names[i], STR_ARG(events));
		rig_fails(&r, "ssm", "GetParameter", "ParameterNotFound", "{'Name': 'taken'}");
		rig_close(&r);
	}
}

static void
test_delete_failed(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	id = create(&r, "s", FAILING, "");
	rig_run(&r);
	CHECK_STR(status_of(&r, id), "CREATE_COMPLETE", "made");
	r.faults.rule_count = 1;
	r.faults.rules[0] = (struct fault_rule){ .kind = FAULT_FAIL_DELETE,
		.name = "Small",
		.first = 1,
		.count = 2,
		.message = "busy" };
	delete (&r, id);
	CHECK_STR(status_of(&r, id), "DELETE_FAILED", "first");
	CHECK_STR(json_str(json_get(stack_of(&r, id), "StackStatusReason")),
	    "The following resource(s) failed to delete: [Small]. ", "reason");
	rig_ok(&r, "ssm", "GetParameter", "{'Name': 'small'}");
	CHECK_STR(rig_fails(&r, "cloudformation", "DeleteStack", "ValidationError",
		      "{'StackName': 's', 'RetainResources': ['X']}"),
	    "The specified resources to retain must be in a valid state. Do not specify resources "
	    "that are in [DELETE_COMPLETE]: X",
	    "no such resource");
	rig_ok(&r, "cloudformation", "DeleteStack",
	    "{'StackName': 's', 'RetainResources': ['Small']}");
	rig_run(&r);
	CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "kept");
	CHECK(str_has(events_of(&r, id), S("Small|DELETE_SKIPPED|\n")), "skipped");
	rig_ok(&r, "ssm", "GetParameter", "{'Name': 'small'}");
	rig_close(&r);
}

static void
test_rollback_failed(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	take_the_name(&r);
	r.faults.rule_count = 1;
	r.faults.rules[0] = (struct fault_rule){
		.kind = FAULT_FAIL_DELETE, .name = "Role", .first = 1, .count = 1, .message = "busy"
	};
	id = create(&r, "s", FAILING, "");
	rig_run(&r);
	CHECK_STR(status_of(&r, id), "ROLLBACK_FAILED", "failed");
	CHECK_STR(json_str(json_get(stack_of(&r, id), "StackStatusReason")),
	    "The following resource(s) failed to delete: [Role]. ", "reason");
	delete (&r, id);
	CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "second time");
	rig_close(&r);
}

static void
test_timeout(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	r.compute.delay_ms = 120 * 1000;
	id = create(&r, "s", FAILING, ", 'TimeoutInMinutes': 1");
	rig_run(&r);
	CHECK_STR(status_of(&r, id), "ROLLBACK_COMPLETE", "timed out");
	CHECK(str_has(events_of(&r, id),
		  S("s|ROLLBACK_IN_PROGRESS|Stack creation time exceeded the specified timeout. "
		    "Rollback requested by user.\n")),
	    "reason");
	rig_close(&r);
}

static void
test_delete_while_creating(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	id = create(&r, "s", FAILING, "");
	rig_step(&r);
	CHECK_STR(status_of(&r, id), "CREATE_IN_PROGRESS", "waiting for Slow");
	delete (&r, id);
	CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "gone");
	CHECK_STR(json_text(a, rig_ok(&r, "sagemaker", "ListNotebookInstances", "{}")),
	    "{\"NotebookInstances\":[]}", "nothing left");
	rig_close(&r);
}

static void
test_properties(struct arena *a)
{
	static const struct {
		const char *label, *resource, *reason;
	} cases[] = {
		{ "unknown", "{Type: 'AWS::S3::Bucket', Properties: {BucketNam: x}}",
		    "Properties validation failed for resource A with message: #: extraneous key "
		    "[BucketNam] is not permitted" },
		{ "unknown, legacy",
		    "{Type: 'AWS::SageMaker::NotebookInstance', Properties: {Typ: x}}",
		    "Encountered unsupported property Typ" },
		{ "unknown inside",
		    "{Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}, Policies: "
		    "[{PolicyName: x, PolicyDocument: {}, X: 1}]}}",
		    "Properties validation failed for resource A with message: #/Policies/0: "
		    "extraneous key [X] is not permitted" },
		{ "missing", "{Type: 'AWS::SSM::Parameter', Properties: {Value: x}}",
		    "Property validation failure: [The property {/Type} is required]" },
		{ "missing inside",
		    "{Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}, Policies: "
		    "[{PolicyName: x}]}}",
		    "Property validation failure: [The property {/Policies/0/PolicyDocument} is "
		    "required]" },
		{ "kind", "{Type: 'AWS::S3::Bucket', Properties: {BucketName: [x]}}",
		    "Properties validation failed for resource A with message: #/BucketName: "
		    "expected type: String, found: JSONArray" },
		{ "service's own",
		    "{Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}", NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id, reason;

		rig_open(&r, a);
		id = create(
		    &r, "s", str_z(a, str_fmt(a, "Resources: {A: %s}\n", cases[i].resource)), "");
		rig_run(&r);
		CHECK_STR(status_of(&r, id), "ROLLBACK_COMPLETE", "%s", cases[i].label);
		reason =
		    rig_text(json_at(json_get(rig_ok(&r, "cloudformation", "DescribeStackResources",
						  "{'StackName': '" STR_FMT "'}", STR_ARG(id)),
					 "StackResources"),
				 0),
			"ResourceStatusReason");
		if (cases[i].reason != NULL)
			CHECK_STR(reason, cases[i].reason, "%s", cases[i].label);
		else
			CHECK(str_has(without_uuids(a, reason),
				  S("\" (RequestToken: U, HandlerErrorCode: InvalidRequest)")) &&
				str_has(reason, S("(Service: Iam, Status Code: 400, Request ID: ")),
			    "%s: " STR_FMT, cases[i].label, STR_ARG(reason));
		rig_close(&r);
	}
}

/* --- keeping, exporting, roles ----------------------------------------------------------- */

static void
test_deletion_policies(struct arena *a)
{
	static const char template[] =
	    "Resources:\n"
	    "  Kept: {Type: 'AWS::SSM::Parameter', DeletionPolicy: Retain, Properties: {Name: kept, "
	    "Type: String, Value: x}}\n"
	    "  Later: {Type: 'AWS::SSM::Parameter', DeletionPolicy: RetainExceptOnCreate, "
	    "Properties: {Name: later, Type: String, Value: x}}\n"
	    "  Bad: {Type: 'AWS::SSM::Parameter', DependsOn: [Kept, Later], Properties: {Name: "
	    "taken, Type: String, Value: x}}\n";
	struct rig r;
	str id;

	rig_open(&r, a);
	take_the_name(&r);
	id = create(&r, "s", template, "");
	rig_run(&r);
	CHECK_STR(status_of(&r, id), "ROLLBACK_COMPLETE", "rolled back");
	rig_ok(&r, "ssm", "GetParameter", "{'Name': 'kept'}");
	rig_fails(&r, "ssm", "GetParameter", "ParameterNotFound", "{'Name': 'later'}");
	rig_ok(&r, "ssm", "DeleteParameter", "{'Name': 'kept'}");
	rig_ok(&r, "ssm", "DeleteParameter", "{'Name': 'taken'}");
	delete (&r, id);
	id = create(&r, "s", template, "");
	rig_run(&r);
	delete (&r, id);
	CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "deleted");
	rig_ok(&r, "ssm", "GetParameter", "{'Name': 'kept'}");
	rig_ok(&r, "ssm", "GetParameter", "{'Name': 'later'}");
	rig_close(&r);
}

static void
test_exports(struct arena *a)
{
	static const char from[] =
	    "Resources:\n"
	    "  P: {Type: 'AWS::SSM::Parameter', Properties: {Name: p, Type: String, Value: x}}\n"
	    "Outputs: {O: {Value: !Ref P, Export: {Name: !Sub '${AWS::StackName}-p'}}}\n";
	static const char to[] =
	    "Resources:\n"
	    "  Q:\n"
	    "    Type: AWS::SSM::Parameter\n"
	    "    Properties: {Name: q, Type: String, Value: !ImportValue one-p}\n";
	struct rig r;
	str one, two;

	rig_open(&r, a);
	two = create(&r, "two", to, "");
	rig_run(&r);
	CHECK(str_has(events_of(&r, two),
		  S("two|ROLLBACK_IN_PROGRESS|No export named one-p found. Rollback requested by "
		    "user.\n")),
	    "too early");
	delete (&r, two);
	one = create(&r, "one", from, "");
	rig_run(&r);
	two = create(&r, "two", to, "");
	rig_run(&r);
	CHECK_STR(
	    rig_text(rig_ok(&r, "ssm", "GetParameter", "{'Name': 'q'}"), "Parameter", "Value"), "p",
	    "imported");
	CHECK_STR(
	    rig_text(
		json_at(json_get(rig_ok(&r, "cloudformation", "ListExports", "{}"), "Exports"), 0),
		"ExportingStackId"),
	    str_z(a, one), "listed");
	delete (&r, one);
	CHECK_STR(json_str(json_get(stack_of(&r, one), "StackStatusReason")),
	    "Export one-p cannot be deleted as it is in use by two", "in use");
	rig_ok(&r, "ssm", "GetParameter", "{'Name': 'p'}");
	delete (&r, two);
	delete (&r, one);
	CHECK_STR(status_of(&r, one), "DELETE_COMPLETE", "free");
	CHECK_STR(json_text(a, rig_ok(&r, "cloudformation", "ListExports", "{}")),
	    "{\"Exports\":[]}", "gone");
	rig_close(&r);
}

static void
test_stored_parameters(struct arena *a)
{
	static const char template[] =
	    "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: stored}}\n"
	    "Resources:\n"
	    "  Q:\n"
	    "    Type: AWS::SSM::Parameter\n"
	    "    Properties: {Name: q, Type: String, Value: !Select [1, !Ref P]}\n";
	struct rig r;
	str id;

	rig_open(&r, a);
	refuse(&r, "none", template, CAPABLE, "ValidationError",
	    "Unable to fetch parameters [stored] from parameter store for this account.");
	rig_ok(&r, "ssm", "PutParameter",
	    "{'Name': 'stored', 'Type': 'SecureString', 'Value': 'a,b'}");
	refuse(&r, "secret", template, CAPABLE, "ValidationError",
	    "Parameters [stored] referenced by template have types not supported by "
	    "CloudFormation.");
	rig_ok(&r, "ssm", "DeleteParameter", "{'Name': 'stored'}");
	rig_ok(
	    &r, "ssm", "PutParameter", "{'Name': 'stored', 'Type': 'StringList', 'Value': 'a,b'}");
	id = create(&r, "s", template, "");
	rig_run(&r);
	CHECK_STR(
	    rig_text(rig_ok(&r, "ssm", "GetParameter", "{'Name': 'q'}"), "Parameter", "Value"), "b",
	    "its value");
	CHECK_STR(json_text(a, json_get(stack_of(&r, id), "Parameters")),
	    "[{\"ParameterKey\":\"P\",\"ParameterValue\":\"stored\",\"ResolvedValue\":\"a, b\"}]",
	    "told");
	rig_close(&r);
}

static void
test_dynamic_references(struct arena *a)
{
	static const struct {
		const char *value, *status, *want; /* what it becomes, or the reason */
	} cases[] = {
		{ "a {{resolve:ssm:stored}} b {{resolve:ssm:stored:1}}", "CREATE_COMPLETE",
		    "a x b x" },
		{ "{{resolve:ssm:none}}", "ROLLBACK_COMPLETE", "" },
		{ "{{resolve:secretsmanager:s:SecretString:k}}", "ROLLBACK_COMPLETE",
		    "The local cloud resolves {{resolve:ssm:name}} only, not "
		    "{{resolve:secretsmanager:s:SecretString:k}}" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		str id;

		rig_open(&r, a);
		rig_ok(&r, "ssm", "PutParameter",
		    "{'Name': 'stored', 'Type': 'String', 'Value': 'x'}");
		id = create(&r, "s",
		    str_z(a,
			str_fmt(a,
			    "Resources: {A: {Type: 'AWS::SSM::Parameter', Properties: {Name: "
			    "made, Type: String, Value: '%s'}}}\n",
			    cases[i].value)),
		    "");
		rig_run(&r);
		CHECK_STR(status_of(&r, id), cases[i].status, "%s", cases[i].value);
		if (str_is(S("CREATE_COMPLETE"), cases[i].status))
			CHECK_STR(rig_text(rig_ok(&r, "ssm", "GetParameter", "{'Name': 'made'}"),
				      "Parameter", "Value"),
			    cases[i].want, "%s", cases[i].value);
		else
			CHECK(str_has(events_of(&r, id),
				  str_fmt(a, "A|CREATE_FAILED|%s", cases[i].want)),
			    "%s: " STR_FMT, cases[i].value, STR_ARG(events_of(&r, id)));
		rig_close(&r);
	}
}

/* How many rows keep the template; stacks of one template share them. */
static unsigned
template_rows(struct rig *r, const char *template)
{
	uint64_t count = 0;

	CHECK_OK(store_count(r->store,
		     str_cat(r->a, S("cloudformation#template#" RIG_MAIN "#" RIG_REGION "#"),
			 sha256_hex(r->a, str_of(template))),
		     &count, &r->err),
	    &r->err);
	return (unsigned)count;
}

/* A stack that was deleted long ago is forgotten when a new one is made. */
static void
test_forgotten(struct arena *a)
{
	static const char other[] = "Description: another\n" BUCKET;
	struct rig r;
	str id;

	rig_open(&r, a);
	id = create(&r, "old", BUCKET, "");
	rig_run(&r);
	delete (&r, id);
	r.now_ms += INT64_C(89) * 24 * 3600 * 1000;
	create(&r, "new", BUCKET, "");
	CHECK_STR(status_of(&r, id), "DELETE_COMPLETE", "after 89 days");
	rig_run(&r);
	r.now_ms += INT64_C(2) * 24 * 3600 * 1000;
	create(&r, "newer", other, "");
	rig_fails(&r, "cloudformation", "DescribeStacks", "ValidationError",
	    "{'StackName': '" STR_FMT "'}", STR_ARG(id));
	rig_run(&r);
	CHECK_STR(rig_text(rig_ok(&r, "cloudformation", "GetTemplate", "{'StackName': 'new'}"),
		      "TemplateBody"),
	    BUCKET, "the new one has the same");
	delete (&r, S("new"));
	r.now_ms += INT64_C(91) * 24 * 3600 * 1000;
	create(&r, "newest", other, "");
	CHECK(template_rows(&r, BUCKET) == 0, "nobody's any more");
	CHECK(template_rows(&r, other) == 1, "one for both");
	rig_run(&r);
	rig_close(&r);
}

static void
test_role(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	rig_ok(&r, "iam", "CreateRole",
	    "{'RoleName': 'maker', 'AssumeRolePolicyDocument': '{\\'Version\\': \\'2012-10-17\\', "
	    "\\'Statement\\': [{\\'Effect\\': \\'Allow\\', \\'Action\\': \\'sts:AssumeRole\\', "
	    "\\'Principal\\': {\\'Service\\': \\'cloudformation.amazonaws.com\\'}}]}'}");
	id = create(&r, "s", BUCKET, ", 'RoleARN': 'arn:aws:iam::" RIG_MAIN ":role/maker'");
	rig_run(&r);
	CHECK_STR(json_str(json_get(stack_of(&r, id), "RoleARN")),
	    "arn:aws:iam::" RIG_MAIN ":role/maker", "remembered");
	rig_ok(&r, "iam", "DeleteRole", "{'RoleName': 'maker'}");
	CHECK_STR(
	    rig_fails(&r, "cloudformation", "DeleteStack", "ValidationError", "{'StackName': 's'}"),
	    "Role arn:aws:iam::" RIG_MAIN ":role/maker is invalid or cannot be assumed",
	    "the role that made it is gone");
	rig_close(&r);
}

static void
test_protection(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	create(&r, "s", BUCKET, ", 'EnableTerminationProtection': true");
	rig_run(&r);
	CHECK_STR(
	    rig_fails(&r, "cloudformation", "DeleteStack", "ValidationError", "{'StackName': 's'}"),
	    "Stack [s] cannot be deleted while TerminationProtection is enabled", "protected");
	rig_close(&r);
}

/* --- restarts ---------------------------------------------------------------------------- */

/* The program ends after every single step and goes on from what is on disk. */
static void
test_restart_at_every_step(struct arena *a)
{
	struct rig r;
	int64_t next;
	str id;

	rig_open(&r, a);
	take_the_name(&r);
	id = create(&r, "s", FAILING, "");
	for (int i = 0; (next = cloud_step(r.cloud, r.now_ms)) != CLOCK_NEVER; i++) {
		CHECK(i < 1000, "it does not come to rest");
		if (next > r.now_ms)
			r.now_ms = next;
		rig_stop(&r);
		rig_start(&r);
	}
	CHECK_STR(without_uuids(a, events_of(&r, id)),
	    BEGUN "s|ROLLBACK_IN_PROGRESS|The following resource(s) failed to create: [Slow, Bad]. "
		  "Rollback requested by user.\n" REMOVED "s|ROLLBACK_COMPLETE|\n",
	    "as without restarts");
	rig_close(&r);
}

/* --- more resources than one step takes -------------------------------------------------- */

#define MANY 70

/* Each with an odd number needs the one before it. */
static const char *
many_parameters(struct arena *a)
{
	struct buf b = buf_in(a);

	buf_add(&b, S("Resources:\n"));
	for (int i = 0; i < MANY; i++)
		buf_fmt(&b,
		    "  P%02d: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: "
		    "%s%02d}}\n",
		    i, i % 2 == 0 ? "v" : "!Ref P", i - i % 2);
	return str_z(a, buf_str(&b));
}

/* P00, P02 … and then what needs them, or the way back. */
static void
add_many(struct buf *b, bool backward, const char *const *events)
{
	for (int n = 0; n < MANY; n++) {
		int i = backward ? MANY - 1 - n : n;
		int number = i < MANY / 2 ? 2 * i : 2 * (i - MANY / 2) + 1;

		for (const char *const *e = events; *e != NULL; e++)
			buf_fmt(b, "P%02d|%s\n", number, *e);
	}
}

static void
test_many_resources(struct arena *a)
{
	static const char *const made[] = { "CREATE_IN_PROGRESS|",
		"CREATE_IN_PROGRESS|Resource creation Initiated", "CREATE_COMPLETE|", NULL };
	static const char *const removed[] = { "DELETE_IN_PROGRESS|", "DELETE_COMPLETE|", NULL };
	struct buf want = buf_in(a);
	struct rig r;
	str id;

	rig_open(&r, a);
	id = create(&r, "many", many_parameters(a), "");
	(void)cloud_step(r.cloud, r.now_ms);
	CHECK_STR(status_of(&r, id), "CREATE_IN_PROGRESS", "others come between");
	rig_run(&r);
	delete (&r, id);
	buf_add(&want, S("many|CREATE_IN_PROGRESS|User Initiated\n"));
	add_many(&want, false, made);
	buf_add(&want, S("many|CREATE_COMPLETE|\nmany|DELETE_IN_PROGRESS|User Initiated\n"));
	add_many(&want, true, removed);
	buf_add(&want, S("many|DELETE_COMPLETE|\n"));
	CHECK(str_eq(events_of(&r, id), buf_str(&want)), STR_FMT, STR_ARG(events_of(&r, id)));
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),
		TEST(test_refused),
		TEST(test_too_large_inline),
		TEST(test_names_and_tags),
		TEST(test_told),
		TEST(test_summaries),
		TEST(test_tags_of_aws),
		TEST(test_rollback),
		TEST(test_never_taken_over),
		TEST(test_ordered_failures),
		TEST(test_delete_failed),
		TEST(test_rollback_failed),
		TEST(test_timeout),
		TEST(test_delete_while_creating),
		TEST(test_properties),
		TEST(test_deletion_policies),
		TEST(test_exports),
		TEST(test_stored_parameters),
		TEST(test_dynamic_references),
		TEST(test_forgotten),
		TEST(test_role),
		TEST(test_protection),
		TEST(test_restart_at_every_step),
		TEST(test_many_resources),
	};

	return RUN_TESTS(tests);
}
