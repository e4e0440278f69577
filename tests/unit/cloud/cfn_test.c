/* SPDX-License-Identifier: Apache-2.0 */
/* Stacks of real resources: made, failed, rolled back, removed, and told about. */
#include "cloud_rig.h"

#include "base/buf.h"

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
	const struct json *list = json_get(rig_ok(r, "cloudformation", "DescribeStackEvents",
					       "{'StackName': '" STR_FMT "'}", STR_ARG(stack)),
	    "StackEvents");
	struct buf b = buf_in(r->a);

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

static void
test_refused(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	refuse(&r, "no capability", ROLE_TEMPLATE, "", "InsufficientCapabilitiesException",
	    "Requires capabilities : [CAPABILITY_NAMED_IAM]");
	refuse(&r, "no value", ROLE_TEMPLATE, CAPABLE, "ValidationError",
	    "Parameters: [Name] must have values");
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),
		TEST(test_refused),
	};

	return RUN_TESTS(tests);
}
