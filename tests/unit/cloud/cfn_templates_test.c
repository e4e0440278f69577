/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole templates on the whole cloud: our two account templates, and the notebook's as Service
 * Workbench shipped it. Each resource in turn fails, and nothing may be left.
 */
#include "cloud_rig.h"

#include "base/buf.h"

#define MAX_TEMPLATE ((size_t)51200)
#define KEY "arn:aws:kms:us-east-1:" RIG_MAIN ":key/01234567-89ab-cdef-0123-456789abcdef"

static str
source(struct rig *r, const char *path)
{
	str text;

	CHECK_OK(file_read(r->a, path, MAX_TEMPLATE, &text, &r->err), &r->err);
	return text;
}

static void
add_parameter(struct rig *r, struct json *list, const char *key, str value)
{
	struct json *p = json_push(r->a, list, json_new_object(r->a));

	json_put_str(r->a, p, "ParameterKey", str_of(key));
	json_put_str(r->a, p, "ParameterValue", value);
}

static str
make(struct rig *r, const char *name, str template, const struct json *parameters)
{
	struct json *in = json_new_object(r->a), *capabilities, *tags, *tag;
	const struct json *out;

	json_put_str(r->a, in, "StackName", str_of(name));
	json_put_str(r->a, in, "TemplateBody", template);
	json_put(r->a, in, "Parameters", parameters);
	capabilities = json_put(r->a, in, "Capabilities", json_new_array(r->a));
	json_push_str(r->a, capabilities, S("CAPABILITY_NAMED_IAM"));
	tags = json_put(r->a, in, "Tags", json_new_array(r->a));
	tag = json_push(r->a, tags, json_new_object(r->a));
	json_put_str(r->a, tag, "Key", S("Env"));
	json_put_str(r->a, tag, "Value", S("env-1"));
	CHECK_OK(rig_try(r, "cloudformation", "CreateStack", in, &out), &r->err);
	rig_run(r);
	return json_str(json_get(out, "StackId"));
}

static const struct json *
stack(struct rig *r, str id)
{
	return json_at(json_get(rig_ok(r, "cloudformation", "DescribeStacks",
				    "{'StackName': '" STR_FMT "'}", STR_ARG(id)),
			   "Stacks"),
	    0);
}

static str
output(struct rig *r, str id, const char *key)
{
	for (const struct json *o = json_first(json_get(stack(r, id), "Outputs")); o != NULL;
	     o = o->next)
		if (str_is(json_str(json_get(o, "OutputKey")), key))
			return json_str(json_get(o, "OutputValue"));
	return S("");
}

/* The first failure that has a reason of its own; empty for none. */
static str
failure(struct rig *r, str id)
{
	str reason = S("");

	for (const struct json *e =
		 json_first(json_get(rig_ok(r, "cloudformation", "DescribeStackEvents",
					 "{'StackName': '" STR_FMT "'}", STR_ARG(id)),
		     "StackEvents"));
	     e != NULL; e = e->next)
		if (str_ends(json_str(json_get(e, "ResourceStatus")), S("_FAILED")) &&
		    !str_is(json_str(json_get(e, "ResourceStatusReason")),
			"Resource creation cancelled"))
			reason = str_fmt(r->a, STR_FMT ": " STR_FMT,
			    STR_ARG(json_str(json_get(e, "LogicalResourceId"))),
			    STR_ARG(json_str(json_get(e, "ResourceStatusReason"))));
	return reason;
}

static void
expect(struct rig *r, str id, const char *status, const char *label)
{
	str got = json_str(json_get(stack(r, id), "StackStatus"));

	CHECK(str_is(got, status), "%s is " STR_FMT ": " STR_FMT, label, STR_ARG(got),
	    STR_ARG(failure(r, id)));
}

static void
unmake(struct rig *r, str id, const char *label)
{
	rig_ok(r, "cloudformation", "DeleteStack", "{'StackName': '" STR_FMT "'}", STR_ARG(id));
	rig_run(r);
	expect(r, id, "DELETE_COMPLETE", label);
}

/* What the account of r->as has, of all that the templates make; keys linger by design. */
static str
inventory(struct rig *r)
{
	static const struct {
		const char *service, *operation, *list;
	} lists[] = {
		{ "iam", "ListRoles", "Roles" },
		{ "iam", "ListPolicies", "Policies" },
		{ "ec2", "DescribeVpcs", "Vpcs" },
		{ "ec2", "DescribeSubnets", "Subnets" },
		{ "ec2", "DescribeSecurityGroups", "SecurityGroups" },
		{ "ec2", "DescribeInternetGateways", "InternetGateways" },
		{ "ec2", "DescribeRouteTables", "RouteTables" },
		{ "ec2", "DescribeNetworkInterfaces", "NetworkInterfaces" },
		{ "events", "ListRules", "Rules" },
		{ "events", "ListConnections", "Connections" },
		{ "events", "ListApiDestinations", "ApiDestinations" },
		{ "kms", "ListAliases", "Aliases" },
		{ "s3", "ListBuckets", "Buckets" },
		{ "sagemaker", "ListNotebookInstances", "NotebookInstances" },
		{ "sagemaker", "ListNotebookInstanceLifecycleConfigs",
		    "NotebookInstanceLifecycleConfigs" },
	};
	struct buf b = buf_in(r->a);

	for (size_t i = 0; i < countof(lists); i++) {
		const char *in =
		    str_is(S("ListPolicies"), lists[i].operation) ? "{'Scope': 'Local'}" : "{}";
		const struct json *out = rig_ok(r, lists[i].service, lists[i].operation, "%s", in);

		buf_fmt(&b, "%s %zu\n", lists[i].list, json_count(json_get(out, lists[i].list)));
	}
	return buf_str(&b);
}

/* --- main and hosting account ------------------------------------------------------------ */

static str
make_main(struct rig *r)
{
	struct json *p = json_new_array(r->a);

	add_parameter(r, p, "Namespace", S("swb-test"));
	add_parameter(r, p, "EventsUrl", S("http://127.0.0.1:8080/events"));
	add_parameter(r, p, "EventsSecret", S("a secret of some length"));
	add_parameter(r, p, "FirstHostingAccountId", S(RIG_HOSTING));
	r->as = r->main;
	return make(
	    r, "swb-test", source(r, SWB_SOURCE_ROOT "/templates/main-account.cfn.yaml"), p);
}

static str
make_hosting(struct rig *r, str main)
{
	struct json *p = json_new_array(r->a);

	add_parameter(r, p, "Namespace", S("swb-test"));
	add_parameter(r, p, "MainAccountId", S(RIG_MAIN));
	add_parameter(r, p, "ExternalId", S("workbench"));
	r->as = r->main;
	add_parameter(r, p, "ApiHandlerRoleArn", output(r, main, "ApiLambdaRoleOutput"));
	add_parameter(
	    r, p, "StatusHandlerRoleArn", output(r, main, "StatusHandlerLambdaRoleOutput"));
	add_parameter(
	    r, p, "AccountHandlerRoleArn", output(r, main, "AccountHandlerLambdaRoleOutput"));
	r->as = r->hosting;
	return make(r, "swb-test-hosting",
	    source(r, SWB_SOURCE_ROOT "/templates/hosting-account.cfn.yaml"), p);
}

static void
test_accounts(struct arena *a)
{
	struct rig r;
	str main, hosting, before_main, before_hosting;

	rig_open(&r, a);
	before_main = inventory(&r);
	r.as = r.hosting;
	before_hosting = inventory(&r);
	main = make_main(&r);
	expect(&r, main, "CREATE_COMPLETE", "main");
	CHECK_STR(output(&r, main, "DataSetsBucketName"), "swb-test-datasets-" RIG_MAIN, "bucket");
	hosting = make_hosting(&r, main);
	expect(&r, hosting, "CREATE_COMPLETE", "hosting");
	unmake(&r, hosting, "hosting");
	CHECK_STR(inventory(&r), str_z(a, before_hosting), "hosting account");
	r.as = r.main;
	unmake(&r, main, "main");
	CHECK_STR(inventory(&r), str_z(a, before_main), "main account");
	rig_close(&r);
}

/* --- the notebook ------------------------------------------------------------------------ */

static str
make_notebook(struct rig *r, const char *name, str hosting, str vpc, str policy)
{
	struct json *p = json_new_array(r->a);

	add_parameter(r, p, "Namespace", S("nb"));
	add_parameter(r, p, "VPC", vpc);
	add_parameter(r, p, "Subnet", output(r, hosting, "VpcSubnet"));
	add_parameter(r, p, "S3Mounts", S("[]"));
	add_parameter(r, p, "IamPolicyDocument", policy);
	add_parameter(r, p, "EnvironmentInstanceFiles", S("s3://bucket/environment-files"));
	add_parameter(r, p, "EncryptionKeyArn", output(r, hosting, "EncryptionKeyArn"));
	add_parameter(r, p, "AutoStopIdleTimeInMinutes", S("30"));
	add_parameter(r, p, "DatasetsBucketArn", S("arn:aws:s3:::datasets"));
	add_parameter(r, p, "MainAccountId", S(RIG_MAIN));
	add_parameter(r, p, "MainAccountRegion", S(RIG_REGION));
	add_parameter(r, p, "MainAccountS3ArtifactKeyArn", S(KEY));
	add_parameter(r, p, "MainAccountS3DatasetsKeyArn", S(KEY));
	add_parameter(r, p, "AccessFromCIDRBlock", S("10.0.0.0/19"));
	return make(r, name,
	    source(r, shared_path(r->a, "bundles/sagemakerNotebook/sagemakerNotebook.cfn.yaml")),
	    p);
}

static str
ready(struct rig *r, struct arena *a)
{
	str hosting;

	(void)shared_path(a, "bundles/sagemakerNotebook/sagemakerNotebook.cfn.yaml");
	rig_open(r, a);
	hosting = make_hosting(r, make_main(r));
	expect(r, hosting, "CREATE_COMPLETE", "hosting");
	return hosting;
}

static void
test_notebook(struct arena *a)
{
	static const char policy[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":"
				     "\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}";
	static const struct {
		const char *policy;
		size_t inline_policies; /* with what the stop policy adds */
	} cases[] = { { "{}", 3 }, { policy, 4 } };
	const struct json *notebook, *group;
	str hosting, id, before, name;
	struct rig r;

	hosting = ready(&r, a);
	before = inventory(&r);
	for (size_t i = 0; i < countof(cases); i++) {
		id = make_notebook(&r, "SC-222222222222-pp-abc", hosting,
		    output(&r, hosting, "VPC"), str_of(cases[i].policy));
		expect(&r, id, "CREATE_COMPLETE", cases[i].policy);
		name = output(&r, id, "NotebookInstanceName");
		assert_true(str_starts(name, S("BasicNotebookInstance-")));
		assert_int_equal(name.len, sizeof("BasicNotebookInstance-") - 1 + 12);
		CHECK_STR(output(&r, id, "NotebookArn"),
		    str_z(a,
			str_cat(a,
			    S("arn:aws:sagemaker:" RIG_REGION ":" RIG_HOSTING
			      ":notebook-instance/"),
			    str_lower(a, name))),
		    "lower case");
		notebook = rig_ok(&r, "sagemaker", "DescribeNotebookInstance",
		    "{'NotebookInstanceName': '" STR_FMT "'}", STR_ARG(name));
		CHECK_STR(rig_text(notebook, "NotebookInstanceStatus"), "InService", "status");
		CHECK(json_count(json_get(rig_ok(&r, "iam", "ListRolePolicies",
					      "{'RoleName': 'nb-sagemaker-notebook-role'}"),
			  "PolicyNames")) == cases[i].inline_policies,
		    "policies with %s", cases[i].policy);
		group = json_at(
		    json_get(
			rig_ok(&r, "ec2", "DescribeSecurityGroups", "{'GroupIds': ['" STR_FMT "']}",
			    STR_ARG(json_str(json_at(json_get(notebook, "SecurityGroups"), 0)))),
			"SecurityGroups"),
		    0);
		assert_int_equal(json_count(json_get(group, "IpPermissionsEgress")), 1);
		assert_int_equal(json_count(json_get(group, "IpPermissions")), 1);
		unmake(&r, id, cases[i].policy);
		CHECK_STR(inventory(&r), str_z(a, before), "nothing left");
	}
	rig_close(&r);
}

static void
test_each_resource_fails(struct arena *a)
{
	static const char *const names[] = { "SecurityGroup", "InstanceRolePermissionBoundary",
		"IAMRole", "NotebookStopPolicy", "BasicNotebookInstance",
		"BasicNotebookInstanceLifecycleConfig" };
	struct rig r;
	str hosting = ready(&r, a), before = inventory(&r), id;

	r.faults.rule_count = 1;
	for (size_t i = 0; i < countof(names); i++) {
		r.faults.rules[0] = (struct fault_rule){
			.kind = FAULT_FAIL_CREATE, .name = names[i], .message = "no more of these"
		};
		id = make_notebook(
		    &r, "SC-222222222222-pp-abc", hosting, output(&r, hosting, "VPC"), S("{}"));
		expect(&r, id, "ROLLBACK_COMPLETE", names[i]);
		CHECK(str_starts(failure(&r, id),
			  str_fmt(a,
			      "%s: Resource handler returned message: \"no more of these\" "
			      "(RequestToken: ",
			      names[i])),
		    "%s: " STR_FMT, names[i], STR_ARG(failure(&r, id)));
		CHECK_STR(inventory(&r), str_z(a, before), "%s: nothing left", names[i]);
		unmake(&r, id, names[i]);
	}
	rig_close(&r);
}

/* Parameters of AWS's types are looked at after CreateStack has answered. */
static void
test_missing_network(struct arena *a)
{
	struct rig r;
	str hosting = ready(&r, a), before = inventory(&r), id;

	id = make_notebook(&r, "s", hosting, S("vpc-0123"), S("{}"));
	expect(&r, id, "ROLLBACK_COMPLETE", "no such network");
	CHECK_STR(failure(&r, id), "", "no resource failed");
	CHECK_STR(rig_text(json_at(json_get(rig_ok(&r, "cloudformation", "DescribeStackEvents",
						"{'StackName': 's'}"),
				       "StackEvents"),
			       1),
		      "ResourceStatusReason"),
	    "Parameter validation failed: parameter value vpc-0123 for parameter name VPC does not "
	    "exist. Rollback requested by user.",
	    "reason");
	CHECK_STR(inventory(&r), str_z(a, before), "nothing made");
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accounts),
		TEST(test_notebook),
		TEST(test_each_resource_fails),
		TEST(test_missing_network),
	};

	return RUN_TESTS(tests);
}
