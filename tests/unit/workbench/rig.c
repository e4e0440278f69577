/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include <unistd.h>

#include "aws/client.h"
#include "base/buf.h"
#include "base/file.h"
#include "bundle/bundle.h"
#include "workbench/account.h"
#include "workbench/config.h"
#include "workbench/env.h"
#include "workbench/envtype.h"
#include "workbench/project.h"

/* --- the type ---------------------------------------------------------------------------- */

static const char type_yaml[] =
    "type: testNotebook\n"
    "name: Test Notebook\n"
    "description: A notebook for tests\n"
    "launch:\n"
    "  InstanceName: test-${launch.timeMs}\n"
    "  Namespace: ns-${launch.timeMs}\n"
    "  ProductId: ${type.productId}\n"
    "  ProvisioningArtifactId: ${type.provisioningArtifactId}\n"
    "  PathId: ${launch.pathId}\n"
    "  EnvId: ${environment.id}\n"
    "  VPC: ${project.vpcId}\n"
    "  InstanceType: ${config.InstanceType}\n"
    "  CIDR: ${config.CIDR}\n"
    "terminate:\n"
    "  ProvisionedProductId: ${environment.provisionedProductId}\n"
    "  TerminateToken: ${operation.id}\n"
    "  EnvId: ${environment.id}\n"
    "start: { calls: [ { call: sagemaker:StartNotebookInstance, with: { NotebookInstanceName: "
    "'${environment.instanceId}' } } ] }\n"
    "stop: { calls: [ { call: sagemaker:StopNotebookInstance, with: { NotebookInstanceName: "
    "'${environment.instanceId}' } } ] }\n"
    "connect: { calls: [ { as: link, call: sagemaker:CreatePresignedNotebookInstanceUrl, with: { "
    "NotebookInstanceName: '${environment.instanceId}' } } ], return: { url: $.link.AuthorizedUrl "
    "}, links: { url: Sagemaker URL }, instruction: 'To access it, open ${links.url}' }\n"
    "outputs: { instanceName: NotebookInstanceName, instanceArn: NotebookArn }\n"
    "events:\n"
    "  - match: { source: [aws.sagemaker], detail-type: [SageMaker Notebook Instance State Change] "
    "}\n"
    "    environment: $.detail.Tags.Env\n"
    "    instanceId: $.detail.NotebookInstanceName\n"
    "    status: $.detail.NotebookInstanceStatus\n"
    "    order: $.detail.LastModifiedTime\n"
    "    map: { InService: COMPLETED, Deleting: TERMINATING, Deleted: TERMINATED }\n"
    "describe:\n"
    "  call: sagemaker:DescribeNotebookInstance\n"
    "  with: { NotebookInstanceName: '${environment.instanceId}' }\n"
    "  status: $.NotebookInstanceStatus\n"
    "  order: $.LastModifiedTime\n"
    "  map: { InService: COMPLETED, Deleting: TERMINATING }\n"
    "  gone: [ValidationException, RecordNotFound]\n";

static const char template_yaml[] =
    "AWSTemplateFormatVersion: 2010-09-09\n"
    "Description: test\n"
    "Parameters:\n"
    "  Namespace: { Type: String }\n"
    "  InstanceType: { Type: String }\n"
    "  VPC: { Type: String }\n"
    "  AccessFromCIDRBlock: { Type: String, Default: 10.0.0.0/19 }\n"
    "Resources:\n"
    "  Role:\n"
    "    Type: AWS::IAM::Role\n"
    "    Properties:\n"
    "      RoleName: !Ref Namespace\n"
    "      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [ { Effect: Allow, "
    "Principal: { Service: sagemaker.amazonaws.com }, Action: 'sts:AssumeRole' } ] }\n"
    "  Group:\n"
    "    Type: AWS::EC2::SecurityGroup\n"
    "    Properties: { GroupDescription: test, VpcId: !Ref VPC, SecurityGroupIngress: [ { "
    "IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref AccessFromCIDRBlock } ] }\n"
    "  Notebook:\n"
    "    Type: AWS::SageMaker::NotebookInstance\n"
    "    Properties: { InstanceType: !Ref InstanceType, RoleArn: !GetAtt Role.Arn }\n"
    "Outputs:\n"
    "  NotebookInstanceName: { Value: !GetAtt Notebook.NotebookInstanceName }\n"
    "  NotebookArn: { Value: !Ref Notebook }\n"
    "  SecondName: { Value: !Ref Role }\n";

#define PARAMETER(name, pattern) "  " name ": { type: String, allowedPattern: '" pattern "' }\n"

static const char launch_yaml[] =
    "description: launch\n"
    "schemaVersion: '0.3'\n"
    "parameters:\n" PARAMETER("InstanceName", "^[a-z0-9-]+$") PARAMETER("Namespace",
	"^[a-z0-9-]+$") PARAMETER("ProductId", "^prod-.+$") PARAMETER("ProvisioningArtifactId",
	"^pa-.+$") PARAMETER("PathId", "^.+$") PARAMETER("EnvId", "^env-.+$") PARAMETER("VPC",
	"^vpc-.+$") PARAMETER("InstanceType",
	"^[a-z0-9_-]+\\.[a-z0-9_-]+\\.[a-z0-9_-]+$") PARAMETER("CIDR",
	"^[0-9./]+$") "mainSteps:\n"
		      "  - name: Launch\n"
		      "    action: aws:executeAwsApi\n"
		      "    inputs:\n"
		      "      Service: servicecatalog\n"
		      "      Api: ProvisionProduct\n"
		      "      ProductId: '{{ ProductId }}'\n"
		      "      ProvisionedProductName: '{{ InstanceName }}'\n"
		      "      PathId: '{{ PathId }}'\n"
		      "      ProvisioningArtifactId: '{{ ProvisioningArtifactId }}'\n"
		      "      ProvisioningParameters:\n"
		      "        - { Key: Namespace, Value: '{{ Namespace }}' }\n"
		      "        - { Key: VPC, Value: '{{ VPC }}' }\n"
		      "        - { Key: InstanceType, Value: '{{ InstanceType }}' }\n"
		      "        - { Key: AccessFromCIDRBlock, Value: '{{ CIDR }}' }\n"
		      "      Tags: [ { Key: Env, Value: '{{ EnvId }}' } ]\n"
		      "    outputs:\n"
		      "      - { Name: ProvisionedProductId, Type: String, Selector: "
		      "$.RecordDetail.ProvisionedProductId }\n"
		      "      - { Name: RecordId, Type: String, Selector: $.RecordDetail.RecordId }\n"
		      "  - name: Wait\n"
		      "    action: aws:waitForAwsResourceProperty\n"
		      "    timeoutSeconds: 600\n"
		      "    inputs:\n"
		      "      Service: servicecatalog\n"
		      "      Api: DescribeProvisionedProduct\n"
		      "      Id: '{{ Launch.ProvisionedProductId }}'\n"
		      "      PropertySelector: $.ProvisionedProductDetail.Status\n"
		      "      DesiredValues: [AVAILABLE, ERROR]\n"
		      "  - name: Get\n"
		      "    action: aws:executeAwsApi\n"
		      "    inputs: { Service: servicecatalog, Api: DescribeProvisionedProduct, Id: '{{ "
		      "Launch.ProvisionedProductId }}' }\n"
		      "    outputs:\n"
		      "      - { Name: Status, Type: String, Selector: $.ProvisionedProductDetail.Status }\n"
		      "      - { Name: Message, Type: String, Selector: $.ProvisionedProductDetail.StatusMessage }\n"
		      "  - name: Choose\n"
		      "    action: aws:branch\n"
		      "    inputs:\n"
		      "      Choices: [ { NextStep: Good, Variable: '{{ Get.Status }}', StringEquals: AVAILABLE } ]\n"
		      "      Default: Bad\n"
		      "  - name: Good\n"
		      "    action: aws:executeAwsApi\n"
		      "    isEnd: true\n"
		      "    inputs:\n"
		      "      Service: events\n"
		      "      Api: PutEvents\n"
		      "      Entries:\n"
		      "        - { Source: automation, DetailType: Launch, EventBusName: default, Detail: '{ "
		      "\"EnvId\": \"{{ EnvId }}\", \"ProvisionedProductId\": \"{{ Launch.ProvisionedProductId }}\", "
		      "\"RecordId\": \"{{ Launch.RecordId }}\", \"EnvType\": \"testNotebook\", \"Operation\": "
		      "\"Launch\", \"Status\": \"COMPLETED\" }' }\n"
		      "  - name: Bad\n"
		      "    action: aws:executeAwsApi\n"
		      "    isEnd: true\n"
		      "    inputs:\n"
		      "      Service: events\n"
		      "      Api: PutEvents\n"
		      "      Entries:\n"
		      "        - { Source: automation, DetailType: Launch, EventBusName: default, Detail: '{ "
		      "\"EnvId\": \"{{ EnvId }}\", \"ProvisionedProductId\": \"{{ Launch.ProvisionedProductId }}\", "
		      "\"RecordId\": \"{{ Launch.RecordId }}\", \"EnvType\": \"testNotebook\", \"Operation\": "
		      "\"Launch\", \"Status\": \"FAILED\", \"ErrorMessage\": \"{{ Get.Message }}\" }' }\n";

static const char terminate_yaml[] =
    "description: terminate\n"
    "schemaVersion: '0.3'\n"
    "parameters:\n" PARAMETER("ProvisionedProductId", "^pp-.+$") PARAMETER(
	"TerminateToken", "^[0-9a-f-]+$") PARAMETER("EnvId",
	"^env-.+$") "mainSteps:\n"
		    "  - name: Terminate\n"
		    "    action: aws:executeAwsApi\n"
		    "    inputs: { Service: servicecatalog, Api: TerminateProvisionedProduct, "
		    "ProvisionedProductId: '{{ ProvisionedProductId }}', TerminateToken: '{{ TerminateToken }}' }\n"
		    "    outputs:\n"
		    "      - { Name: RecordId, Type: String, Selector: $.RecordDetail.RecordId }\n"
		    "  - name: Wait\n"
		    "    action: aws:waitForAwsResourceProperty\n"
		    "    inputs: { Service: servicecatalog, Api: DescribeRecord, Id: '{{ Terminate.RecordId }}', "
		    "PropertySelector: $.RecordDetail.Status, DesiredValues: [SUCCEEDED, FAILED] }\n"
		    "  - name: Get\n"
		    "    action: aws:executeAwsApi\n"
		    "    inputs: { Service: servicecatalog, Api: DescribeRecord, Id: '{{ Terminate.RecordId }}' }\n"
		    "    outputs:\n"
		    "      - { Name: Status, Type: String, Selector: $.RecordDetail.Status }\n"
		    "      - { Name: Errors, Type: StringList, Selector: $.RecordDetail.RecordErrors }\n"
		    "  - name: Choose\n"
		    "    action: aws:branch\n"
		    "    inputs:\n"
		    "      Choices: [ { NextStep: Good, Variable: '{{ Get.Status }}', StringEquals: SUCCEEDED } ]\n"
		    "      Default: Bad\n"
		    "  - name: Good\n"
		    "    action: aws:executeAwsApi\n"
		    "    isEnd: true\n"
		    "    inputs:\n"
		    "      Service: events\n"
		    "      Api: PutEvents\n"
		    "      Entries:\n"
		    "        - { Source: automation, DetailType: Terminate, EventBusName: default, Detail: '{ "
		    "\"EnvId\": \"{{ EnvId }}\", \"ProvisionedProductId\": \"{{ ProvisionedProductId }}\", "
		    "\"RecordId\": \"{{ Terminate.RecordId }}\", \"EnvType\": \"testNotebook\", \"Operation\": "
		    "\"Terminate\", \"Status\": \"TERMINATED\" }' }\n"
		    "  - name: Bad\n"
		    "    action: aws:executeAwsApi\n"
		    "    isEnd: true\n"
		    "    inputs:\n"
		    "      Service: events\n"
		    "      Api: PutEvents\n"
		    "      Entries:\n"
		    "        - { Source: automation, DetailType: Terminate, EventBusName: default, Detail: '{ "
		    "\"EnvId\": \"{{ EnvId }}\", \"ProvisionedProductId\": \"{{ ProvisionedProductId }}\", "
		    "\"RecordId\": \"{{ Terminate.RecordId }}\", \"EnvType\": \"testNotebook\", \"Operation\": "
		    "\"Terminate\", \"Status\": \"TERMINATING_FAILED\", \"ErrorMessage\": {{ Get.Errors }} }' }\n";

/* Shorter manifests: up to where a section begins. */
static const struct {
	const char *name, *begin;
} cuts[] = {
	{ RIG_NO_DESCRIBE, "describe:\n" },
	{ RIG_NO_EVENTS, "events:\n" },
};

static str
manifest(struct rig *r, const char *line)
{
	str text = str_of(type_yaml), rest = text, old;
	str key = str_sub(str_of(line), 0, str_find_char(str_of(line), ':') + 1);

	if (line == NULL)
		return text;
	for (size_t i = 0; i < countof(cuts); i++)
		if (str_is(str_of(line), cuts[i].name))
			return str_sub(text, 0, str_find(text, str_of(cuts[i].begin)));
	while (str_cut(&rest, '\n', &old))
		if (str_starts(old, key))
			return str_replace(r->a, text, str_cat(r->a, old, S("\n")),
			    str_is(key, line) ? S("") : str_of(line));
	return str_cat(r->a, text, str_of(line));
}

static const char start_yaml[] =
    "description: start\n"
    "schemaVersion: '0.3'\n"
    "parameters:\n" PARAMETER("Name",
	"^.+$") "mainSteps:\n"
		"  - name: Start\n"
		"    action: aws:executeAwsApi\n"
		"    inputs: { Service: sagemaker, Api: StartNotebookInstance, NotebookInstanceName: '{{ Name "
		"}}' }\n";

/* Answers the instance that it is asked about, and fails where there is none. */
static const char run_sh[] = "#!/bin/sh\n"
			     "id=$(sed 's/.*\"instanceId\":\"\\([^\"]*\\)\".*/\\1/')\n"
			     "test -n \"$id\" && echo \"{\\\"id\\\":\\\"$id\\\"}\"\n";

/* The document of start only where the manifest has parameters for it. */
static void
parse_type(struct rig *r, str text, struct bundle *out)
{
	struct findings findings = { .a = r->a };
	struct bundle_file files[6];
	size_t n = 0;

	if (str_has(text, S("exec: ./run.sh")))
		files[n++] = (struct bundle_file){ S("run.sh"), str_of(run_sh) };
	files[n++] = (struct bundle_file){ S("testNotebook.cfn.yaml"), str_of(template_yaml) };
	files[n++] = (struct bundle_file){ S("testNotebookLaunchSSM.yaml"), str_of(launch_yaml) };
	if (str_has(text, S("start: { document:")))
		files[n++] =
		    (struct bundle_file){ S("testNotebookStartSSM.yaml"), str_of(start_yaml) };
	files[n++] =
	    (struct bundle_file){ S("testNotebookTerminateSSM.yaml"), str_of(terminate_yaml) };
	files[n++] = (struct bundle_file){ S("type.yaml"), text };
	CHECK_OK(bundle_parse(r->a, S("testNotebook"), files, n, out, &findings, &r->err), &r->err);
	if (findings.errors > 0)
		print_error(STR_FMT "\n", STR_ARG(findings_text(r->a, &findings)));
	assert_int_equal(findings.errors, 0);
}

void
rig_type(struct rig *r, const char *line, struct bundle *out)
{
	parse_type(r, manifest(r, line), out);
}

/* --- a store that fails ------------------------------------------------------------------ */

static struct failing *
failing_of(struct store *st)
{
	return (struct failing *)st;
}

static bool
failing_load(struct store *st, struct arena *a, str pk, str sk, struct item *out, struct err *err)
{
	return store_load(failing_of(st)->real, a, pk, sk, out, err);
}

static bool
failing_query(struct store *st, struct arena *a, const struct store_query *q,
    struct store_page *out, struct err *err)
{
	return store_query(failing_of(st)->real, a, q, out, err);
}

static bool
failing_transact(struct store *st, const struct store_write *writes, size_t count, struct err *err)
{
	struct failing *f = failing_of(st);
	bool now = ++f->count == f->fail_at;

	if (now && !f->after)
		return err_set(err, ERR_IO, "the disk is full");
	if (!store_transact(f->real, writes, count, err))
		return false;
	return !now || err_set(err, ERR_IO, "the disk is slow");
}

static void
failing_close(struct store *st)
{
	store_close(failing_of(st)->real);
}

static const struct store_ops failing_ops = { "failing", failing_load, failing_query, NULL,
	failing_transact, NULL, NULL, NULL, failing_close };

/* --- open and close ---------------------------------------------------------------------- */

static void
open_parts(struct rig *r)
{
	struct store_options so = {
		.path = path_join(r->a, r->dir, "workbench.db"),
		.indexes = workbench_store_indexes,
		.index_count = workbench_store_index_count,
		.brief = workbench_store_brief,
	};
	struct workbench_options wo = {
		.clock = &r->clock.clock,
		.aws = r->aws,
		.base = { S("AKIAOPERATOR"), S("secret"), { 0 }, CLOCK_NEVER },
		.stack = S(FAKE_STACK),
		.hosting_template = str_of(r->hosting_template),
		.event_secret = S(RIG_SECRET),
	};

	CHECK_OK(store_open_sqlite(&so, &r->real, &r->err), &r->err);
	r->failing.store.ops = &failing_ops;
	r->failing.real = r->real;
	r->store = &r->failing.store;
	wo.store = r->store;
	CHECK_OK(workbench_open(&wo, &r->wb, &r->err), &r->err);
}

struct rig *
rig_open_empty(struct arena *a)
{
	struct rig *r = arena_new(a, struct rig, 1);
	struct aws_client_options ao;
	char dir[] = "/tmp/swb-test-XXXXXX";

	r->a = a;
	err_init(&r->err, a);
	assert_non_null(mkdtemp(dir));
	r->dir = str_z(a, str_of(dir));
	r->now_ms = RIG_START_MS;
	test_clock_init(&r->clock, &r->now_ms);
	r->fake.now_ms = &r->now_ms;
	direct_transport_init(&r->transport, fake_handle, &r->fake);
	ao = (struct aws_client_options){
		.transport = &r->transport.transport,
		.clock = &r->clock.clock,
		.region = S(FAKE_REGION),
		.endpoint = S("http://cloud"),
		.max_attempts = 1,
	};
	r->aws = aws_client_new(&ao);
	open_parts(r);
	return r;
}

static void
close_parts(struct rig *r)
{
	workbench_close(r->wb);
	store_close(r->store);
}

void
rig_restart(struct rig *r)
{
	close_parts(r);
	open_parts(r);
}

void
rig_close(struct rig *r)
{
	str *names;
	size_t count;

	close_parts(r);
	aws_client_free(r->aws);
	CHECK_OK(dir_list(r->a, r->dir, &names, &count, &r->err), &r->err);
	for (size_t i = 0; i < count; i++)
		(void)remove(path_join(r->a, r->dir, str_z(r->a, names[i])));
	(void)rmdir(r->dir);
}

/* --- setting up -------------------------------------------------------------------------- */

/* Anything may meet the failing transaction: it is tried once more. */
#define TRY(call) \
	do { \
		if (!(call)) { \
			err_clear(&r->err); \
			CHECK_OK(call, &r->err); \
		} \
	} while (0)

static str
set_up_account(struct rig *r)
{
	struct account_registration in = {
		.name = S("hosting"),
		.aws_account_id = S(FAKE_HOSTING),
		.external_id = S("external"),
		.env_mgmt_role_arn = S("arn:aws:iam::" FAKE_HOSTING ":role/x-env-mgmt"),
		.hosting_account_handler_role_arn =
		    S("arn:aws:iam::" FAKE_HOSTING ":role/x-hosting-account-role"),
	};
	const struct json *account = NULL, *list;

	if (!account_register(r->wb, r->a, &in, &account, &r->err)) {
		err_clear(&r->err);
		CHECK_OK(account_list(r->wb, r->a, &list, &r->err), &r->err);
		account = json_at(list, 0);
		if (account == NULL)
			CHECK_OK(account_register(r->wb, r->a, &in, &account, &r->err), &r->err);
	}
	rig_settle(r, 600);
	CHECK_OK(account_get(r->wb, r->a, json_str(json_get(account, "id")), &account, &r->err),
	    &r->err);
	CHECK_STR(json_str(json_get(account, "status")), "CURRENT", "account: " STR_FMT,
	    STR_ARG(json_str(json_path(account, "error", "value", NULL))));
	return json_str(json_get(account, "id"));
}

static void
set_up_project(struct rig *r, str account_id)
{
	const struct json *cc, *project = NULL, *list;

	TRY(cost_center_create(r->wb, r->a, S("cc"), S("d"), account_id, &cc, &r->err));
	if (!project_create(
		r->wb, r->a, S("p"), S("d"), json_str(json_get(cc, "id")), &project, &r->err)) {
		err_clear(&r->err);
		CHECK_OK(project_list(r->wb, r->a, &list, &r->err), &r->err);
		project = json_at(list, 0);
		if (project == NULL)
			CHECK_OK(project_create(r->wb, r->a, S("p"), S("d"),
				     json_str(json_get(cc, "id")), &project, &r->err),
			    &r->err);
	}
	r->project_id = json_str(json_get(project, "id"));
}

static void
set_up_type(struct rig *r)
{
	const struct json *version, *type;
	struct envtype_creation in = {
		.type = S("testNotebook"),
		.name = S("Test"),
		.status = S("APPROVED"),
		.owner = S(RIG_OWNER),
	};
	struct bundle b;

	rig_type(r, r->type_line, &b);
	TRY(envtype_publish(r->wb, r->a, &b, &r->err));
	rig_settle(r, 600);
	CHECK_OK(
	    envtype_version(r->wb, r->a, S("testNotebook"), b.hash, &version, &r->err), &r->err);
	CHECK_STR(json_str(json_get(version, "status")), "PUBLISHED", "version: " STR_FMT,
	    STR_ARG(json_str(json_get(version, "error"))));
	TRY(envtype_create(r->wb, r->a, &in, &type, &r->err));
	r->type_id = json_str(json_get(type, "id"));
}

static void
set_up_config(struct rig *r)
{
	const struct json *params = NULL, *config;
	struct config_creation in = {
		.env_type_id = r->type_id,
		.type = S("testNotebook"),
		.name = S("small"),
		.owner = S(RIG_OWNER),
	};

	CHECK_OK(json_parse(r->a,
		     S("[{\"key\":\"InstanceType\",\"value\":\"ml.t3.medium\"},"
		       "{\"key\":\"CIDR\",\"value\":\"0.0.0.0/0\"},"
		       "{\"key\":\"IamPolicyDocument\",\"value\":\"${iamPolicyDocument}\"}]"),
		     &params, &r->err),
	    &r->err);
	in.params = params;
	TRY(config_create(r->wb, r->a, &in, &config, &r->err));
	r->config_id = json_str(json_get(config, "id"));
}

void
rig_set_up(struct rig *r)
{
	set_up_type(r);
	set_up_project(r, set_up_account(r));
	set_up_config(r);
	r->fake.provisions = true;
}

struct rig *
rig_open_as(struct arena *a, const char *type_line)
{
	struct rig *r = rig_open_empty(a);

	r->type_line = type_line;
	rig_set_up(r);
	return r;
}

struct rig *
rig_open(struct arena *a)
{
	return rig_open_as(a, NULL);
}

/* --- verbs and time ---------------------------------------------------------------------- */

str
rig_launch(struct rig *r)
{
	struct env_launch_request in = {
		.name = S("test"),
		.description = S("a test"),
		.env_type = S("testNotebook"),
		.env_type_id = r->type_id,
		.env_type_config_id = r->config_id,
		.project_id = r->project_id,
		.owner = S(RIG_OWNER),
	};
	const struct json *env = NULL;

	if (!env_launch(r->wb, r->a, &in, &env, &r->err)) { /* it may have been written */
		struct env_query q = { 0 };
		struct env_page page;

		err_clear(&r->err);
		CHECK_OK(env_list(r->wb, r->a, &q, &page, &r->err), &r->err);
		env = json_at(page.items, 0);
		if (env == NULL)
			CHECK_OK(env_launch(r->wb, r->a, &in, &env, &r->err), &r->err);
	}
	r->env = json_str(json_get(env, "id"));
	return r->env;
}

void
rig_start(struct rig *r)
{
	TRY(env_start(r->wb, r->a, r->env, S(RIG_OWNER), &r->err));
}

void
rig_stop(struct rig *r)
{
	TRY(env_stop(r->wb, r->a, r->env, S(RIG_OWNER), &r->err));
}

void
rig_terminate(struct rig *r)
{
	TRY(env_terminate(r->wb, r->a, r->env, S(RIG_OWNER), &r->err));
}

void
rig_run(struct rig *r)
{
	for (int steps = 0; workbench_step(r->wb, r->now_ms) <= r->now_ms; steps++)
		assert_true(steps < 1000);
}

void
rig_settle(struct rig *r, int64_t seconds)
{
	int64_t end = r->now_ms + seconds * 1000, due;

	for (int steps = 0;; steps++) {
		due = workbench_step(r->wb, r->now_ms);
		assert_true(steps < 10000);
		if (due > end)
			break;
		if (due > r->now_ms)
			r->now_ms = due;
	}
}

void
rig_pass(struct rig *r, int64_t seconds)
{
	r->now_ms += seconds * 1000;
}

/* --- what is seen ------------------------------------------------------------------------ */

const struct json *
rig_env(struct rig *r)
{
	const struct json *env = NULL;

	CHECK_OK(env_get(r->wb, r->a, r->env, &env, &r->err), &r->err);
	return env;
}

str
rig_status(struct rig *r)
{
	return json_str(json_get(rig_env(r), "status"));
}

str
rig_error(struct rig *r)
{
	return json_str(json_path(rig_env(r), "error", "value", NULL));
}

const struct json *
rig_explain(struct rig *r)
{
	const struct json *out = NULL;

	CHECK_OK(env_explain(r->wb, r->a, r->env, &out, &r->err), &r->err);
	return out;
}

static const struct json *
history(struct rig *r)
{
	const struct json *out = NULL;

	CHECK_OK(env_history(r->wb, r->a, r->env, &out, &r->err), &r->err);
	return out;
}

str
rig_statuses(struct rig *r)
{
	struct buf b = buf_in(r->a);

	for (const struct json *h = json_first(history(r)); h != NULL; h = h->next)
		if (json_get(h, "to") != NULL)
			buf_fmt(&b, "%s" STR_FMT, b.len > 0 ? " " : "",
			    STR_ARG(json_str(json_get(h, "to"))));
	return buf_str(&b);
}

bool
rig_history_has(struct rig *r, const char *kind, const char *text)
{
	for (const struct json *h = json_first(history(r)); h != NULL; h = h->next)
		if (str_is(json_str(json_get(h, "kind")), kind) &&
		    str_has(json_str(json_get(h, "text")), str_of(text)))
			return true;
	return false;
}

/* --- events ------------------------------------------------------------------------------ */

static str
envelope(struct rig *r, const char *source, const char *detail_type, str detail)
{
	return str_fmt(r->a,
	    "{\"version\":\"0\",\"id\":\"event-%u\",\"detail-type\":\"%s\",\"source\":\"%s\","
	    "\"account\":\"" FAKE_HOSTING "\",\"time\":\"" STR_FMT "\",\"region\":\"" FAKE_REGION
	    "\",\"resources\":[],\"detail\":" STR_FMT "}",
	    ++r->event_count, detail_type, source, STR_ARG(time_iso_s(r->a, r->now_ms)),
	    STR_ARG(detail));
}

str
rig_document_event(struct rig *r, const char *operation, const char *status, const char *error)
{
	bool launch = strcmp(operation, "Launch") == 0;

	return envelope(r, "automation", operation,
	    str_fmt(r->a,
		"{\"EnvId\":\"" STR_FMT "\",\"ProvisionedProductId\":\"" FAKE_PRODUCT
		"\",\"RecordId\":\"%s\",\"EnvType\":\"testNotebook\",\"Operation\":\"%s\","
		"\"Status\":\"%s\"%s%s}",
		STR_ARG(r->env), launch ? FAKE_LAUNCH_RECORD : FAKE_TERMINATE_RECORD, operation,
		status, error != NULL ? ",\"ErrorMessage\":" : "", error != NULL ? error : ""));
}

str
rig_instance_event(struct rig *r, const char *status, int64_t modified_ms)
{
	return envelope(r, "aws.sagemaker", "SageMaker Notebook Instance State Change",
	    str_fmt(r->a,
		"{\"NotebookInstanceName\":\"" FAKE_INSTANCE
		"\",\"NotebookInstanceStatus\":\"%s\",\"LastModifiedTime\":%lld,\"Tags\":{\"Env\":\"" STR_FMT
		"\"}}",
		status, (long long)modified_ms, STR_ARG(r->env)));
}

str
rig_execution_event(struct rig *r, bool launch, const char *status)
{
	return envelope(r, "aws.ssm", "EC2 Automation Execution Status-change Notification",
	    str_fmt(r->a, "{\"ExecutionId\":\"%s\",\"Status\":\"%s\"}",
		fake_execution(&r->fake, launch)->id, status));
}

enum event_outcome
rig_event(struct rig *r, str body)
{
	enum event_outcome out = EVENT_UNRELATED;

	TRY(event_receive(r->wb, r->a, S(RIG_SECRET), body, &out, &r->err));
	return out;
}

/* --- whole ways -------------------------------------------------------------------------- */

static void
end_execution(struct rig *r, bool launch, const char *operation, const char *status)
{
	fake_execution(&r->fake, launch)->status = "Success";
	(void)rig_event(r, rig_document_event(r, operation, status, NULL));
	(void)rig_event(r, rig_execution_event(r, launch, "Success"));
	rig_settle(r, 60);
}

void
rig_complete(struct rig *r)
{
	rig_settle(r, 25);
	rig_pass(r, 5);
	r->fake.word = "AVAILABLE";
	r->fake.launch_record = "SUCCEEDED";
	r->fake.outputs = true;
	r->fake.instance = "InService";
	r->fake.modified_ms = r->now_ms;
	(void)rig_event(r, rig_instance_event(r, "InService", r->now_ms));
	end_execution(r, true, "Launch", "COMPLETED");
	CHECK_STR(rig_status(r), "COMPLETED", "after a launch");
}

static void
power(struct rig *r, const char *on_the_way, const char *end)
{
	rig_settle(r, 5);
	(void)rig_event(r, rig_instance_event(r, on_the_way, r->fake.modified_ms));
	rig_settle(r, 5);
	rig_pass(r, 10);
	r->fake.instance = end;
	r->fake.modified_ms = r->now_ms;
	(void)rig_event(r, rig_instance_event(r, end, r->now_ms));
	rig_settle(r, 25);
}

void
rig_stop_whole(struct rig *r)
{
	rig_stop(r);
	power(r, "Stopping", "Stopped");
	CHECK_STR(rig_status(r), "STOPPED", "after a stop");
}

void
rig_start_whole(struct rig *r)
{
	rig_start(r);
	power(r, "Pending", "InService");
	CHECK_STR(rig_status(r), "COMPLETED", "after a start");
}

void
rig_terminate_whole(struct rig *r)
{
	rig_terminate(r);
	rig_settle(r, 25);
	rig_pass(r, 5);
	fake_execution(&r->fake, false)->tells_record = true;
	r->fake.terminate_record = "SUCCEEDED";
	r->fake.word = NULL;
	r->fake.instance = NULL;
	end_execution(r, false, "Terminate", "TERMINATED");
	CHECK_STR(rig_status(r), "TERMINATED", "after a terminate");
}
