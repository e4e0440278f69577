/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The AWS CLI looks inside the local cloud: the state of a launched environment, in both accounts,
 * and the answers to what a client does wrong. Each case is a piece of shell; since the CLI takes
 * half a second to start, several run at a time, and none depends on another.
 *
 * Without an installed CLI all of it is skipped.
 */
#include "command.h"
#include "server_rig.h"

#define AT_A_TIME "3"
#define MOST_WANTED 5
#define OPERATIONS 247 /* that the engines have: they grow */

/*
 * What the pieces of shell find: main and hosting run the CLI as the root of an account, raw as
 * whoever the variables name; fails succeeds where a command does not. $ROLE is the role that swb
 * takes in the hosting account.
 */
static const char prelude[] =
    "export LC_ALL=C.UTF-8 AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null\n"
    "export AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=1 AWS_PAGER=\n"
    "raw() { aws --endpoint-url \"$URL\" \"$@\"; }\n"
    "main() { (eval \"$MAIN_KEYS\"; raw \"$@\"); }\n"
    "hosting() { (eval \"$HOSTING_KEYS\"; raw \"$@\"); }\n"
    "fails() { ! \"$@\" 2>&1; }\n"
    "STACK=SC-222222222222-$PRODUCT BUCKET=s3://swb-local-va-datasets-111111111111\n"
    "ROLE=arn:aws:iam::222222222222:role/swb-local-va-env-mgmt EXTERNAL=workbench\n";

/* $ENV, $NOTEBOOK, $PRODUCT and $STACK are those of the environment. */
static const struct {
	const char *label, *line;
	const char *want[MOST_WANTED]; /* each stands in what it prints, and it ends with 0 */
} cases[] = {
	/* --- who ---------------------------------------------------------------------------- */
	{ "through swb", "\"$SWB\" cloud aws --data \"$DATA\" sts get-caller-identity",
	    { "arn:aws:iam::111111111111:root" } },
	{ "a role, and its session",
	    "eval \"$MAIN_KEYS\"\n"
	    "set -- $(raw sts assume-role --role-arn $ROLE --role-session-name visit --external-id "
	    "$EXTERNAL --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' "
	    "--output text)\n"
	    "export AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3\n"
	    "raw sts get-caller-identity\n"
	    "AWS_SESSION_TOKEN=x$3 fails raw ssm describe-automation-executions",
	    { "arn:aws:sts::222222222222:assumed-role/swb-local-va-env-mgmt/visit",
		"(UnrecognizedClientException)",
		"The security token included in the request is invalid" } },
	{ "a wrong external id",
	    "fails main sts assume-role --role-arn $ROLE --role-session-name visit --external-id no",
	    { "(AccessDenied)", "is not authorized to perform: sts:AssumeRole" } },
	{ "a wrong secret",
	    "eval \"$HOSTING_KEYS\"\n"
	    "export AWS_SECRET_ACCESS_KEY=wrong\n"
	    "fails raw iam list-roles\n"
	    "fails raw sagemaker list-notebook-instances",
	    { "(SignatureDoesNotMatch)", "(InvalidSignatureException)" } },
	{ "no signature",
	    "fails hosting sts get-caller-identity --no-sign-request\n"
	    "fails hosting s3 ls --no-sign-request",
	    { "(MissingAuthenticationToken)", "(AccessDenied)" } },

	/* --- the environment -------------------------------------------------------------------
	 */
	{ "products", "main servicecatalog search-products-as-admin",
	    { "\"Name\": \"sagemakerNotebook\"", "\"CreatedTime\": " } },
	{ "the record",
	    "hosting servicecatalog describe-record --id $(hosting servicecatalog "
	    "list-record-history --access-level-filter Key=Account,Value=self --search-filter "
	    "Key=provisionedproduct,Value=$PRODUCT --query 'RecordDetails[0].RecordId' "
	    "--output text)",
	    { "\"Status\": \"SUCCEEDED\"", "\"ProvisionedProductId\": \"$PRODUCT\"",
		"\"OutputKey\": \"NotebookInstanceName\"", "\"OutputValue\": \"$NOTEBOOK\"" } },
	{ "the automation",
	    "hosting ssm describe-automation-executions >all\n"
	    "cat all\n"
	    "hosting ssm get-automation-execution --automation-execution-id "
	    "$(sed -n 's/.*\"AutomationExecutionId\": \"\\(.*\\)\".*/\\1/p' all)",
	    { "\"AutomationExecutionStatus\": \"Success\"",
		"document/swb-local-va-SagemakerNotebookLaunch-", "\"StepName\": \"Launch\"",
		"\"$ENV\"" } },
	{ "the stack", "hosting cloudformation describe-stacks --stack-name $STACK",
	    { "\"StackStatus\": \"CREATE_COMPLETE\"", "\"OutputValue\": \"$NOTEBOOK\"" } },
	{ "its events", "hosting cloudformation describe-stack-events --stack-name $STACK",
	    { "\"ResourceStatus\": \"CREATE_COMPLETE\"",
		"\"ResourceType\": \"AWS::SageMaker::NotebookInstance\"",
		"\"PhysicalResourceId\": \"arn:aws:sagemaker:us-east-1:222222222222:notebook-instance/" } },
	{ "its template", "hosting cloudformation get-template --stack-name $STACK --output text",
	    { "AWSTemplateFormatVersion: '2010-09-09'",
		"  BasicNotebookInstance:\n    Type: AWS::SageMaker::NotebookInstance\n" } },
	{ "instances", "hosting sagemaker list-notebook-instances",
	    { "\"NotebookInstanceName\": \"$NOTEBOOK\"",
		"\"NotebookInstanceStatus\": \"InService\"" } },
	{ "the instance",
	    "hosting sagemaker describe-notebook-instance --notebook-instance-name $NOTEBOOK",
	    { "\"NotebookInstanceStatus\": \"InService\"", "\"InstanceType\": \"ml.t3.xlarge\"" } },
	{ "rules, and what the first one matches",
	    "hosting events list-rules --query 'Rules[].[Name,EventPattern]' --output text >all\n"
	    "cut -f 1 all\n"
	    "hosting events test-event-pattern --event-pattern \"$(head -n 1 all | cut -f 2)\" "
	    "--event '{\"id\":\"1\",\"detail-type\":\"Launch\",\"source\":\"automation\",\"account\":"
	    "\"222222222222\",\"time\":\"2022-05-05T19:39:03Z\",\"region\":\"us-east-1\","
	    "\"resources\":[],\"detail\":{}}'",
	    { "swb-local-va-forward-events\n", "\"Result\": true" } },

	/* --- files -----------------------------------------------------------------------------
	 */
	{ "files, up, down and to another bucket",
	    "mkdir -p 'up/sub d'\n"
	    "echo hello >up/a.txt\n"
	    "printf 'w\\303\\266rld' >'up/sub d/\xc3\xbc+&=.txt'\n"
	    "head -c 1200000 /dev/urandom >up/large\n"
	    ": >up/empty\n"
	    "main s3 cp up $BUCKET/x/ --recursive --no-progress\n"
	    "main s3 ls $BUCKET/x/\n"
	    "main s3 cp $BUCKET/x down --recursive --no-progress\n"
	    "diff -r up down && echo the same\n"
	    "main s3 cp $BUCKET/x/a.txt s3://swb-local-va-artifacts-111111111111/b --no-progress\n"
	    "main s3api get-object --bucket swb-local-va-artifacts-111111111111 --key b "
	    "--range bytes=0-3 part\n"
	    "cat part",
	    { "PRE sub d/\n", "1200000 large\n", "the same\n", "\"ContentRange\": \"bytes 0-3/6\"",
		"}\nhell" } },
	{ "a file that is too large",
	    "head -c 3000000 /dev/zero >large\n"
	    "fails main s3 cp large $BUCKET/ --no-progress",
	    { "(EntityTooLarge) when calling the PutObject operation",
		"The body has more bytes than the local cloud takes: 2162688." } },

	/* --- pages, texts, mistakes -------------------------------------------------------------
	 */
	{ "pages",
	    "all=$(main iam list-policies --query 'length(Policies)')\n"
	    "paged=$(main iam list-policies --page-size 3 --query 'Policies[].PolicyName' "
	    "--output text | wc -w)\n"
	    "echo $((all > 3 && all == paged))",
	    { "1\n" } },
	{ "another script",
	    "value=\"\xe6\x97\xa5\xe6\x9c\xac <&> \\\"'\"\n"
	    "main ssm put-parameter --name /visit/text --type String --value \"$value\" >/dev/null\n"
	    "[ \"$(main ssm get-parameter --name /visit/text --query Parameter.Value --output text)\" "
	    "= \"$value\" ] && echo the same",
	    { "the same\n" } },
	{ "what is not there",
	    "fails hosting iam get-role --role-name none\n"
	    "fails hosting cloudformation describe-stacks --stack-name none",
	    { "(NoSuchEntity)", "(ValidationError)" } },
	{ "what the local cloud cannot do",
	    "fails hosting iam list-users\n"
	    "fails hosting sagemaker list-models",
	    { "(InvalidAction)", "(UnknownOperationException)" } },
};

/* --- the rig --------------------------------------------------------------------------------- */

struct visit {
	struct server *s;
	struct arena *a;
	const char *dir;
	str env, notebook, product;
	str main_keys, hosting_keys; /* lines that set AWS's variables */
};

/* A want with the names of the environment in it. */
static str
filled(const struct visit *v, const char *text)
{
	const struct {
		const char *name;
		str value;
	} names[] = {
		{ "$ENV", v->env },
		{ "$NOTEBOOK", v->notebook },
		{ "$PRODUCT", v->product },
	};
	str out = str_of(text);

	for (size_t i = 0; i < countof(names); i++)
		out = str_replace(v->a, out, str_of(names[i].name), names[i].value);
	return out;
}

static void
launch(struct visit *v)
{
	struct reply r;

	v->env = server_launch(v->s);
	server_await(v->s, v->env, "COMPLETED");
	r = server_expect(v->s, v->a, 200, "GET",
	    str_z(v->a, str_fmt(v->a, "/api/environments/" STR_FMT, STR_ARG(v->env))),
	    v->s->researcher, NULL);
	v->notebook = json_str(json_get(r.json, "instanceId"));
	v->product = json_str(json_get(r.json, "provisionedProductId"));
	CHECK(v->notebook.len > 0 && v->product.len > 0, "the environment: " STR_FMT,
	    STR_ARG(r.body));
}

static const char *
path_of(const struct visit *v, size_t i, const char *kind)
{
	return path_join(v->a, v->dir, str_z(v->a, str_fmt(v->a, "%02zu.%s", i, kind)));
}

static str
keys_of(const struct visit *v, const char *account)
{
	return expect_status(v->a,
	    str_z(v->a,
		str_fmt(v->a, "$SWB cloud env --data '%s' --account %s", v->s->data, account)),
	    0)
	    .out;
}

static void
write_script(const struct visit *v, size_t i)
{
	const char *work = path_of(v, i, "work");
	struct err err;

	err_init(&err, v->a);
	CHECK_OK(dir_make(work, 0700, &err), &err);
	CHECK_OK(file_write(path_of(v, i, "sh"),
		     str_fmt(v->a,
			 "SWB='%s' DATA='%s' URL='" STR_FMT "' ENV='" STR_FMT "' NOTEBOOK='" STR_FMT
			 "' PRODUCT='" STR_FMT "'\nMAIN_KEYS=\"" STR_FMT
			 "\"\nHOSTING_KEYS=\"" STR_FMT "\"\n%scd '%s' || exit\n%s\n",
			 SWB_PROGRAM, v->s->data, STR_ARG(v->s->url), STR_ARG(v->env),
			 STR_ARG(v->notebook), STR_ARG(v->product), STR_ARG(v->main_keys),
			 STR_ARG(v->hosting_keys), prelude, work, cases[i].line),
		     0600, &err),
	    &err);
}

static void
check_case(const struct visit *v, size_t i)
{
	str printed = read_output(v->a, v->dir, str_z(v->a, str_fmt(v->a, "%02zu.sh.out", i)));
	str status = read_output(v->a, v->dir, str_z(v->a, str_fmt(v->a, "%02zu.sh.rc", i)));

	CHECK_STR(status, "0\n", "%s: " STR_FMT, cases[i].label, STR_ARG(printed));
	for (size_t w = 0; w < MOST_WANTED && cases[i].want[w] != NULL; w++) {
		str want = filled(v, cases[i].want[w]);

		CHECK(str_has(printed, want), "%s: no '" STR_FMT "' in\n" STR_FMT, cases[i].label,
		    STR_ARG(want), STR_ARG(printed));
	}
}

/* Every operation that AWS has of these services: ours are answered, all others refused as unknown.
 */
static void
call_every_operation(const struct visit *v)
{
	struct command c = run_command(v->a,
	    str_z(v->a,
		str_fmt(v->a,
		    STR_FMT
		    "\nAWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null "
		    "/usr/bin/python3 tests/scenario/every_operation.py '" STR_FMT
		    "' cloudformation ec2 events iam kms s3 sagemaker servicecatalog ssm sts",
		    STR_ARG(v->hosting_keys), STR_ARG(v->s->url))));
	const struct json *counts = NULL;
	struct err err;

	err_init(&err, v->a);
	CHECK(c.status == 0 && json_parse(v->a, c.out, &counts, &err) &&
		json_i64(json_get(counts, "wrong"), -1) == 0,
	    STR_FMT STR_FMT, STR_ARG(c.out), STR_ARG(c.err));
	CHECK(json_i64(json_get(counts, "answered"), 0) >= OPERATIONS, STR_FMT, STR_ARG(c.out));
	CHECK(json_i64(json_get(counts, "unknown"), 0) > OPERATIONS, STR_FMT, STR_ARG(c.out));
}

static void
test_cli(struct arena *a)
{
	struct visit v = { .a = a };

	if (run_command(a, "command -v aws").status != 0) {
		print_message("the AWS CLI is not installed\n");
		arena_fini(a); /* skip() leaves by longjmp */
		skip();
	}
	v.s = server_new(a);
	server_start(v.s);
	launch(&v);
	v.dir = v.s->root;
	v.main_keys = keys_of(&v, "main");
	v.hosting_keys = keys_of(&v, "hosting");
	for (size_t i = 0; i < countof(cases); i++)
		write_script(&v, i);
	expect_status(a,
	    str_z(a,
		str_fmt(a,
		    "cd '%s' && ls [0-9]*.sh | xargs -P " AT_A_TIME
		    " -I{} sh -c 'sh {} >{}.out 2>&1; echo $? >{}.rc'",
		    v.dir)),
	    0);
	for (size_t i = 0; i < countof(cases); i++)
		check_case(&v, i);
	call_every_operation(&v);
	assert_int_equal(server_stop(v.s), 0);
	server_free(v.s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cli),
	};

	return RUN_TESTS(tests);
}
