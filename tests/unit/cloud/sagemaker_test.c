/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/sagemaker: statuses and their texts, events, links, restarts. */
#include "cloud_receiver.h"
#include "cloud_rig.h"
#include "cloud_script.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/id.h"

#define ROLE "arn:aws:iam::" RIG_MAIN ":role/notebook"
#define ARN "arn:aws:sagemaker:us-east-1:" RIG_MAIN ":notebook-instance/nb-one"
#define NB "'NotebookInstanceName':'NB-One'"

static void
make_role(struct rig *r, const char *name, const char *service)
{
	rig_ok(r, "iam", "CreateRole",
	    "{'RoleName':'%s','AssumeRolePolicyDocument':'{\\'Version\\':\\'2012-10-17\\',"
	    "\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\':{\\'Service\\':\\'%s\\'},"
	    "\\'Action\\':\\'sts:AssumeRole\\'}]}'}",
	    name, service);
}

static str
status(struct rig *r)
{
	return rig_text(rig_ok(r, "sagemaker", "DescribeNotebookInstance", "{" NB "}"),
	    "NotebookInstanceStatus");
}

static void
create(struct rig *r)
{
	make_role(r, "notebook", "sagemaker.amazonaws.com");
	rig_ok(r, "sagemaker", "CreateNotebookInstance",
	    "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'" ROLE
	    "','Tags':[{'Key':'Env','Value':'env-1'}]}");
}

static void
test_refusals(struct arena *a)
{
#define CREATE(rest) "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'" ROLE "'" rest "}"
	static const struct line script[] = {
		{ "DescribeNotebookInstance", "{'NotebookInstanceName':'none'}",
		    "ValidationException", "RecordNotFound" },
		{ "CreateNotebookInstance",
		    "{'NotebookInstanceName':'a_b','InstanceType':'ml.t9.huge','RoleArn':'" ROLE
		    "'}",
		    "ValidationException",
		    "2 validation errors detected: Value 'a_b' at "
		    "'notebookInstanceName' failed to satisfy constraint: " },
		{ "CreateNotebookInstance", CREATE(",'SubnetId':'subnet-1'"), "ValidationException",
		    "SubnetId needs SecurityGroupIds" },
		{ "CreateNotebookInstance",
		    "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'arn:aws:iam::" RIG_MAIN
		    ":role/none'}",
		    "ValidationException",
		    "Could not assume role arn:aws:iam::111111111111:role/none. Please ensure that "
		    "the role exists and allows principal 'sagemaker.amazonaws.com'" },
		{ "CreateNotebookInstance",
		    "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'arn:aws:iam::" RIG_MAIN
		    ":role/other'}",
		    "ValidationException", "Could not assume role" },
		{ "CreateNotebookInstance",
		    "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'arn:aws:iam::" RIG_HOSTING
		    ":role/notebook'}",
		    "ValidationException", "Cross-account pass role is not allowed." },
		{ "CreateNotebookInstance", CREATE(",'LifecycleConfigName':'none'"),
		    "ValidationException",
		    "Notebook Instance Lifecycle Config none does not exist." },
		{ "CreateNotebookInstance", CREATE(",'VolumeSizeInGB':4"), "ValidationException",
		    "Value '4' at 'volumeSizeInGB' failed to satisfy constraint: Member must have "
		    "value greater than or equal to 5" },
		{ "ListNotebookInstances", "{}", NULL, "{'NotebookInstances':[]}" },
		{ "CreateNotebookInstance", CREATE(""), NULL, "{'NotebookInstanceArn':'" ARN "'}" },
		{ "CreateNotebookInstance", CREATE(""), "ValidationException",
		    "Cannot create a duplicate notebook instance (" ARN ")" },
		{ "StartNotebookInstance", "{" NB "}", "ValidationException",
		    "Status (Pending) not in ([Stopped, Failed]). Unable to transition to (Pending) "
		    "for Notebook Instance (" ARN ")" },
		{ "StopNotebookInstance", "{" NB "}", "ValidationException",
		    "Status (Pending) not in ([InService]). Unable to transition to (Stopping) for "
		    "Notebook Instance (" ARN ")" },
		{ "DeleteNotebookInstance", "{" NB "}", "ValidationException",
		    "Status (Pending) not in ([Stopped, Failed]). Unable to transition to "
		    "(Deleting) for Notebook Instance (" ARN ")" },
		{ "UpdateNotebookInstance", "{" NB ",'VolumeSizeInGB':9}", "ValidationException",
		    "Unable to transition to (Updating)" },
		{ "CreatePresignedNotebookInstanceUrl", "{" NB "}", "ValidationException",
		    "Status (Pending) not in ([InService])." },
		{ "CreatePresignedNotebookInstanceUrl",
		    "{" NB ",'SessionExpirationDurationInSeconds':60}", "ValidationException",
		    "greater than or equal to 1800" },
	};
#undef CREATE
	struct rig r;

	rig_open(&r, a);
	make_role(&r, "notebook", "sagemaker.amazonaws.com");
	make_role(&r, "other", "ec2.amazonaws.com");
	run_script(&r, "sagemaker", script, countof(script));
	rig_close(&r);
}

static void
test_describe(struct arena *a)
{
	const struct json *d;
	struct rig r;

	rig_open(&r, a);
	create(&r);
	d = rig_ok(&r, "sagemaker", "DescribeNotebookInstance", "{" NB "}");
	CHECK_STR(rig_text(d, "NotebookInstanceArn"), ARN, "ARN in lower case");
	CHECK_STR(rig_text(d, "NotebookInstanceName"), "NB-One", "name as it was given");
	CHECK_STR(rig_text(d, "Url"), "nb-one.notebook.us-east-1.sagemaker.aws", "url");
	CHECK_STR(rig_text(d, "VolumeSizeInGB"), "5", "usual volume");
	CHECK_STR(rig_text(d, "DirectInternetAccess"), "Enabled", "usual access");
	CHECK_STR(rig_text(d, "CreationTime"), "1651779543", "created");
	assert_null(json_get(d, "sinceMs"));
	assert_null(json_get(d, "tags"));
	rig_close(&r);
}

/* --- a whole life, and its events ---------------------------------------------------------- */

static void
lives(struct rig *r, void (*between)(struct rig *r))
{
	static const struct {
		const char *action, *during, *after;
	} verbs[] = {
		{ NULL, "Pending", "InService" },
		{ "StopNotebookInstance", "Stopping", "Stopped" },
		{ "UpdateNotebookInstance", "Updating", "Stopped" },
		{ "StartNotebookInstance", "Pending", "InService" },
		{ "StopNotebookInstance", "Stopping", "Stopped" },
	};

	create(r);
	for (size_t i = 0; i < countof(verbs); i++) {
		if (verbs[i].action != NULL)
			rig_ok(r, "sagemaker", verbs[i].action, "{" NB "}");
		CHECK_STR(status(r), verbs[i].during, "during %zu", i);
		between(r);
		CHECK_STR(status(r), verbs[i].after, "after %zu", i);
	}
	rig_ok(r, "sagemaker", "DeleteNotebookInstance", "{" NB "}");
	CHECK_STR(status(r), "Deleting", "at last");
	between(r);
	rig_fails(r, "sagemaker", "DescribeNotebookInstance", "ValidationException", "{" NB "}");
}

static void
test_events(struct arena *a)
{
	static const char *const statuses[] = { "Pending", "InService", "Stopping", "Stopped",
		"Updating", "Stopped", "Pending", "InService", "Stopping", "Stopped", "Deleting",
		"Deleted" };
	int64_t before = 0;
	struct receiver rv;
	struct rig r;

	open_with_receiver(&r, &rv, a);
	route_to_receiver(&r, "default", "");
	lives(&r, rig_run);
	assert_int_equal(rv.count, countof(statuses));
	for (size_t i = 0; i < countof(statuses); i++) {
		const struct json *e, *d;
		int64_t modified;

		CHECK_OK(json_parse(a, rv.got[i].body, &e, &r.err), &r.err);
		d = json_get(e, "detail");
		modified = json_i64(json_get(d, "LastModifiedTime"), 0);
		CHECK_STR(rig_text(e, "source"), "aws.sagemaker", "source");
		CHECK_STR(rig_text(e, "detail-type"), "SageMaker Notebook Instance State Change",
		    "detail-type");
		CHECK_STR(json_str(json_at(json_get(e, "resources"), 0)), ARN, "resource");
		CHECK_STR(rig_text(d, "NotebookInstanceStatus"), statuses[i], "event %zu", i);
		CHECK_STR(rig_text(d, "NotebookInstanceArn"), ARN, "ARN");
		CHECK_STR(rig_text(d, "NotebookInstanceName"), "NB-One", "name");
		CHECK_STR(rig_text(d, "Tags", "Env"), "env-1", "tags are a map");
		CHECK_STR(rig_text(d, "CreationTime"), "1651779543000", "times are in ms");
		CHECK(modified > before, "event %zu: its time is later than the one before", i);
		before = modified;
	}
	rig_close(&r);
}

/* No time passes at all between changes: their times differ nevertheless. */
static void
test_events_in_one_instant(struct arena *a)
{
	int64_t before = 0;
	struct receiver rv;
	struct rig r;

	open_with_receiver(&r, &rv, a);
	r.compute.delay_ms = 0;
	route_to_receiver(&r, "default", ",'InputPath':'$.detail.LastModifiedTime'");
	lives(&r, rig_run);
	assert_int_equal(r.now_ms, RIG_START_MS);
	assert_int_equal(rv.count, 12);
	for (size_t i = 0; i < rv.count; i++) {
		int64_t modified = 0;

		CHECK(str_to_i64(rv.got[i].body, &modified) && modified > before, "event %zu", i);
		before = modified;
	}
	rig_close(&r);
}

/* The program ends in every status, more than once, and goes on. */
static void
restart_often(struct rig *r)
{
	int64_t next;

	for (;;) {
		rig_stop(r);
		rig_start(r);
		next = cloud_step(r->cloud, r->now_ms);
		if (next == CLOCK_NEVER)
			return;
		if (next > r->now_ms)
			r->now_ms = next;
	}
}

static void
test_restarts(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	lives(&r, restart_often);
	rig_close(&r);
}

/* --- compute that cannot ----------------------------------------------------------------- */

static bool
never_starts(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	(void)c;
	(void)since_ms;
	(void)ask_again_ms;
	*state = COMPUTE_FAILED;
	if (str_has(json_str(json_get(spec->detail, "InstanceType")), S("p3")))
		return err_set(err, ERR_IO, "no such machine");
	return true;
}

static void
test_failure(struct arena *a)
{
	static const struct {
		const char *type, *reason;
	} cases[] = {
		{ "ml.t3.medium", "The instance failed on its way." },
		{ "ml.p3.2xlarge", "no such machine" },
	};
	struct compute_ops ops;

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;

		rig_open(&r, a);
		ops = *r.compute.compute.ops;
		ops.start = never_starts;
		r.compute.compute.ops = &ops;
		make_role(&r, "notebook", "sagemaker.amazonaws.com");
		rig_ok(&r, "sagemaker", "CreateNotebookInstance",
		    "{" NB ",'InstanceType':'%s','RoleArn':'" ROLE "'}", cases[i].type);
		rig_run(&r);
		CHECK_STR(status(&r), "Failed", "%s", cases[i].type);
		CHECK_STR(rig_text(rig_ok(&r, "sagemaker", "DescribeNotebookInstance", "{" NB "}"),
			      "FailureReason"),
		    cases[i].reason, "%s", cases[i].type);
		rig_ok(&r, "sagemaker", "DeleteNotebookInstance", "{" NB "}");
		rig_run(&r);
		rig_fails(
		    &r, "sagemaker", "DescribeNotebookInstance", "ValidationException", "{" NB "}");
		rig_close(&r);
	}
}

/* --- in a network --------------------------------------------------------------------------- */

static str
interfaces(struct rig *r)
{
	return json_text(r->a, rig_ok(r, "ec2", "DescribeNetworkInterfaces", "{}"));
}

static void
test_network_interface(struct arena *a)
{
	struct rig r;
	str vpc, subnet, group, eni;

	rig_open(&r, a);
	make_role(&r, "notebook", "sagemaker.amazonaws.com");
	vpc =
	    rig_text(rig_ok(&r, "ec2", "CreateVpc", "{'CidrBlock':'10.0.0.0/16'}"), "Vpc", "VpcId");
	subnet = rig_text(rig_ok(&r, "ec2", "CreateSubnet",
			      "{'VpcId':'" STR_FMT "','CidrBlock':'10.0.0.0/24'}", STR_ARG(vpc)),
	    "Subnet", "SubnetId");
	group =
	    rig_text(rig_ok(&r, "ec2", "CreateSecurityGroup",
			 "{'VpcId':'" STR_FMT "','GroupName':'g','Description':'d'}", STR_ARG(vpc)),
		"GroupId");
	rig_ok(&r, "sagemaker", "CreateNotebookInstance",
	    "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'" ROLE "','SubnetId':'" STR_FMT
	    "','SecurityGroupIds':['" STR_FMT "']}",
	    STR_ARG(subnet), STR_ARG(group));
	rig_run(&r);
	CHECK_STR(status(&r), "InService", "in a subnet");
	eni = rig_text(
	    rig_ok(&r, "sagemaker", "DescribeNotebookInstance", "{" NB "}"), "NetworkInterfaceId");
	CHECK(eni.len > 0 && str_has(interfaces(&r), eni), "it has an interface");
	rig_fails(&r, "ec2", "DeleteSecurityGroup", "DependencyViolation",
	    "{'GroupId':'" STR_FMT "'}", STR_ARG(group));
	rig_ok(&r, "sagemaker", "StopNotebookInstance", "{" NB "}");
	rig_run(&r);
	CHECK(str_has(interfaces(&r), eni), "it keeps it while stopped");
	rig_ok(&r, "sagemaker", "DeleteNotebookInstance", "{" NB "}");
	rig_run(&r);
	CHECK_STR(interfaces(&r), "{\"NetworkInterfaces\":[]}", "gone with the instance");
	rig_close(&r);
}

static void
test_no_such_subnet(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	make_role(&r, "notebook", "sagemaker.amazonaws.com");
	rig_ok(&r, "sagemaker", "CreateNotebookInstance",
	    "{" NB ",'InstanceType':'ml.t3.medium','RoleArn':'" ROLE
	    "','SubnetId':'subnet-0','SecurityGroupIds':['sg-0']}");
	rig_run(&r);
	CHECK_STR(status(&r), "Failed", "status");
	CHECK_STR(rig_text(rig_ok(&r, "sagemaker", "DescribeNotebookInstance", "{" NB "}"),
		      "FailureReason"),
	    "Unable to create or start a notebook instance that can access resources in your VPC. "
	    "Please check if you have ec2:CreateNetworkInterface permission. The subnet ID 'subnet-0' "
	    "does not exist",
	    "reason");
	rig_close(&r);
}

/* --- links ------------------------------------------------------------------------------- */

static size_t
links_left(struct rig *r)
{
	struct store_query q = { .hash = S("sagemaker#url#" RIG_MAIN "#" RIG_REGION) };
	struct store_page page;

	CHECK_OK(store_query(r->store, r->a, &q, &page, &r->err), &r->err);
	return page.count;
}

/* The page's side: what opens, and what does not. */
static void
check_link(struct rig *r, str token)
{
	const struct {
		const char *label;
		str account, name, token;
		bool opens;
	} cases[] = {
		{ "right", S(RIG_MAIN), S("nb-one"), token, true },
		{ "another account", S("999999999999"), S("nb-one"), token, false },
		{ "another notebook", S(RIG_MAIN), S("nb-two"), token, false },
		{ "a token cut short", S(RIG_MAIN), S("nb-one"), str_sub(token, 0, 63), false },
		{ "another token", S(RIG_MAIN), S("nb-one"), id_alnum(r->a, 64), false },
		{ "no token", S(RIG_MAIN), S("nb-one"), S(""), false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct cloud_notebook nb = { 0 };
		bool opens = cloud_notebook_link(r->cloud, r->a, cases[i].account, S(RIG_REGION),
		    cases[i].name, cases[i].token, &nb, &r->err);

		CHECK(opens == cases[i].opens, "%s", cases[i].label);
		CHECK(opens || r->err.kind == ERR_DENIED, "%s", cases[i].label);
		CHECK(!opens || str_is(nb.status, "InService"), "%s", cases[i].label);
		err_clear(&r->err);
	}
}

static void
test_links(struct arena *a)
{
	static const char begin[] =
	    "http://127.0.0.1:8080/notebooks/" RIG_MAIN "/us-east-1/nb-one?authToken=";
	struct item row;
	struct rig r;
	str url, token;

	rig_open(&r, a);
	create(&r);
	rig_run(&r);
	url = rig_text(rig_ok(&r, "sagemaker", "CreatePresignedNotebookInstanceUrl", "{" NB "}"),
	    "AuthorizedUrl");
	CHECK(str_starts(url, str_of(begin)), STR_FMT, STR_ARG(url));
	token = str_from(url, sizeof(begin) - 1);
	assert_int_equal(token.len, 64);
	CHECK_OK(store_load(r.store, a, S("sagemaker#url#" RIG_MAIN "#" RIG_REGION),
		     sha256_hex(a, token), &row, &r.err),
	    &r.err);
	CHECK(!str_has(json_text(a, row.body), token), "the token itself is not kept");
	assert_int_equal(json_i64(json_get(row.body, "expiresAtMs"), 0), r.now_ms + 5 * 60 * 1000);
	assert_int_equal(json_i64(json_get(row.body, "sessionSeconds"), 0), 43200);
	check_link(&r, token);
	rig_run(&r);
	CHECK(links_left(&r) == 0, "it goes when its time is over");
	rig_close(&r);
}

/* --- lists, lifecycle configurations, tags ----------------------------------------------- */

static void
test_lists(struct arena *a)
{
	static const struct {
		const char *filter, *want;
	} cases[] = {
		{ "{}", "A b2 C " },
		{ "{'SortOrder':'Descending'}", "C b2 A " },
		{ "{'SortBy':'CreationTime'}", "C A b2 " },
		{ "{'NameContains':'B'}", "b2 " },
		{ "{'StatusEquals':'Pending'}", "b2 " },
		{ "{'StatusEquals':'InService','MaxResults':1}", "A + " },
		{ "{'CreationTimeAfter':1651779543.5}", "A b2 " },
	};
	static const char *const names[] = { "C", "A", "b2" };
	struct rig r;

	rig_open(&r, a);
	make_role(&r, "notebook", "sagemaker.amazonaws.com");
	for (size_t i = 0; i < countof(names); i++) {
		rig_run(&r);
		rig_ok(&r, "sagemaker", "CreateNotebookInstance",
		    "{'NotebookInstanceName':'%s','InstanceType':'ml.t3.medium','RoleArn':'" ROLE
		    "'}",
		    names[i]);
	}
	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out =
		    rig_ok(&r, "sagemaker", "ListNotebookInstances", "%s", cases[i].filter);
		struct buf got = buf_in(a);

		for (const struct json *n = json_first(json_get(out, "NotebookInstances"));
		     n != NULL; n = n->next)
			buf_fmt(&got, STR_FMT " ",
			    STR_ARG(json_str(json_get(n, "NotebookInstanceName"))));
		if (json_get(out, "NextToken") != NULL)
			buf_add(&got, S("+ "));
		CHECK_STR(buf_str(&got), cases[i].want, "%s", cases[i].filter);
	}
	rig_close(&r);
}

static void
test_lifecycle_configs(struct arena *a)
{
#define LC "'NotebookInstanceLifecycleConfigName':'LC-One'"
#define LC_ARN "arn:aws:sagemaker:us-east-1:111111111111:notebook-instance-lifecycle-config/lc-one"
	static const struct line script[] = {
		{ "DescribeNotebookInstanceLifecycleConfig", "{" LC "}", "ValidationException",
		    "RecordNotFound" },
		{ "CreateNotebookInstanceLifecycleConfig", "{" LC ",'OnStart':[{'Content':'?'}]}",
		    "ValidationException", "The content of OnStart must be base64." },
		{ "CreateNotebookInstanceLifecycleConfig",
		    "{" LC ",'OnStart':[{'Content':'YQ=='},{'Content':'YQ=='}]}",
		    "ValidationException", "less than or equal to 1" },
		{ "CreateNotebookInstanceLifecycleConfig",
		    "{" LC ",'OnStart':[{'Content':'YQ=='}]}", NULL,
		    "{'NotebookInstanceLifecycleConfigArn':'" LC_ARN "'}" },
		{ "CreateNotebookInstanceLifecycleConfig", "{" LC "}", "ValidationException",
		    "duplicate" },
		{ "DescribeNotebookInstanceLifecycleConfig", "{" LC "}", NULL,
		    "'OnCreate':[],'OnStart':[{'Content':'YQ=='}]" },
		{ "UpdateNotebookInstanceLifecycleConfig",
		    "{" LC ",'OnCreate':[{'Content':'Yg=='}]}", NULL, "{}" },
		{ "DescribeNotebookInstanceLifecycleConfig", "{" LC "}", NULL,
		    "'OnCreate':[{'Content':'Yg=='}],'OnStart':[]" },
		{ "ListNotebookInstanceLifecycleConfigs", "{'NameContains':'one'}", NULL,
		    "'NotebookInstanceLifecycleConfigName':'LC-One'" },
		{ "AddTags", "{'ResourceArn':'" LC_ARN "','Tags':[{'Key':'a','Value':'1'}]}", NULL,
		    "{'Tags':[{'Key':'a','Value':'1'}]}" },
		{ "DeleteNotebookInstanceLifecycleConfig", "{" LC "}", NULL, "{}" },
		{ "DeleteNotebookInstanceLifecycleConfig", "{" LC "}", "ValidationException",
		    "RecordNotFound" },
	};
	struct rig r;

	rig_open(&r, a);
	run_script(&r, "sagemaker", script, countof(script));
	rig_close(&r);
}

static void
test_tags(struct arena *a)
{
	static const struct line script[] = {
		{ "AddTags",
		    "{'ResourceArn':'" ARN "','Tags':[{'Key':'Env','Value':'env-2'},{"
		    "'Key':'x','Value':''}]}",
		    NULL, "{'Tags':[{'Key':'Env','Value':'env-2'},{'Key':'x','Value':''}]}" },
		{ "DeleteTags", "{'ResourceArn':'" ARN "','TagKeys':['x','y']}", NULL, "{}" },
		{ "ListTags", "{'ResourceArn':'" ARN "'}", NULL,
		    "{'Tags':[{'Key':'Env','Value':'env-2'}]}" },
		{ "ListTags", "{'ResourceArn':'" ARN "x'}", "ValidationException",
		    "RecordNotFound" },
		{ "ListTags", "{'ResourceArn':'nonsense'}", "ValidationException",
		    "regular expression pattern" },
	};
	struct rig r;

	rig_open(&r, a);
	create(&r);
	run_script(&r, "sagemaker", script, countof(script));
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_refusals),
		TEST(test_describe),
		TEST(test_events),
		TEST(test_events_in_one_instant),
		TEST(test_restarts),
		TEST(test_failure),
		TEST(test_network_interface),
		TEST(test_no_such_subnet),
		TEST(test_links),
		TEST(test_lists),
		TEST(test_lifecycle_configs),
		TEST(test_tags),
	};

	return RUN_TESTS(tests);
}
