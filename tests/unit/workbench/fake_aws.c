/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_aws.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "aws/model.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/wire.h"

/* Answers are written with ' for ". */
static const struct json *answer(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static const struct json *
parse(struct arena *a, str quoted)
{
	const struct json *out = NULL;
	struct err err;

	err_init(&err, a);
	if (!json_parse(a, str_replace(a, quoted, S("'"), S("\"")), &out, &err)) {
		fprintf(stderr, "fake answer: " STR_FMT "\n", STR_ARG(err.msg));
		assert(!"a fake answer that is no JSON");
	}
	return out;
}

static const struct json *
answer(struct arena *a, const char *fmt, ...)
{
	va_list args;
	str text;

	va_start(args, fmt);
	text = str_vfmt(a, fmt, args);
	va_end(args);
	return parse(a, text);
}

typedef const struct json *answer_function(
    struct fake_aws *f, struct arena *a, const struct json *in, struct err *err);

static const char *
text(struct arena *a, const struct json *in, const char *name)
{
	return str_z(a, json_str(json_get(in, name)));
}

/* --- sts, cloudformation --------------------------------------------------------------------- */

static const struct json *
assume_role(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)err;
	return answer(a,
	    "{'Credentials':{'AccessKeyId':'ASIAFAKE','SecretAccessKey':'secret','SessionToken':"
	    "'token','Expiration':%lld},'AssumedRoleUser':{'AssumedRoleId':'AROA:x','Arn':'%s'}}",
	    (long long)(*f->now_ms / 1000 + 3600), text(a, in, "RoleArn"));
}

static const struct json *
describe_stacks(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	bool is_main = strcmp(text(a, in, "StackName"), FAKE_STACK) == 0;

	(void)f;
	(void)err;
	return answer(a,
	    "{'Stacks':[{'StackName':'x','StackId':'arn:aws:cloudformation:us-east-1:1:stack/x/1',"
	    "'CreationTime':1,'StackStatus':'CREATE_COMPLETE','Outputs':[%s]}]}",
	    is_main
		? "{'OutputKey':'accountId','OutputValue':'" FAKE_MAIN "'},"
		  "{'OutputKey':'awsRegion','OutputValue':'" FAKE_REGION "'},"
		  "{'OutputKey':'ApiLambdaRoleOutput','OutputValue':'arn:aws:iam::" FAKE_MAIN
		  ":role/api'},"
		  "{'OutputKey':'AccountHandlerLambdaRoleOutput','OutputValue':'arn:aws:iam::" FAKE_MAIN
		  ":role/accounts'},"
		  "{'OutputKey':'S3BucketArtifactsArnOutput','OutputValue':'arn:aws:s3:::artifacts'},"
		  "{'OutputKey':'S3BucketDatasetsArnOutput','OutputValue':'arn:aws:s3:::datasets'},"
		  "{'OutputKey':'S3ArtifactEncryptionKeyOutput','OutputValue':'arn:aws:kms:us-east-1:"
		  "111111111111:key/00000000-0000-4000-8000-000000000001'},"
		  "{'OutputKey':'S3DatasetsEncryptionKeyOutput','OutputValue':'arn:aws:kms:us-east-1:"
		  "111111111111:key/00000000-0000-4000-8000-000000000002'},"
		  "{'OutputKey':'LaunchConstraintIamRoleNameOutput','OutputValue':'" FAKE_STACK
		  "-LaunchConstraint'}"
		: "{'OutputKey':'VPC','OutputValue':'vpc-1'},"
		  "{'OutputKey':'VpcSubnet','OutputValue':'subnet-1'},"
		  "{'OutputKey':'EncryptionKeyArn','OutputValue':'arn:aws:kms:us-east-1:222222222222:"
		  "key/00000000-0000-4000-8000-000000000003'}");
}

static const struct json *
stack_events(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	const char *status = f->terminate_record != NULL ? "DELETE_FAILED" : "CREATE_FAILED";

	(void)in;
	(void)err;
	if (f->cause == NULL)
		return answer(a, "{'StackEvents':[]}");
	return answer(a,
	    "{'StackEvents':[{'StackId':'s','EventId':'2','StackName':'n','LogicalResourceId':'Role',"
	    "'ResourceType':'AWS::IAM::Role','Timestamp':2,'ResourceStatus':'%s',"
	    "'ResourceStatusReason':'Resource creation cancelled'},"
	    "{'StackId':'s','EventId':'1','StackName':'n','LogicalResourceId':'Notebook',"
	    "'ResourceType':'AWS::SageMaker::NotebookInstance','Timestamp':1,'ResourceStatus':'%s',"
	    "'ResourceStatusReason':'%s'}]}",
	    status, status, f->cause);
}

/* --- servicecatalog -------------------------------------------------------------------------- */

static const struct json *
nothing(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)in;
	(void)err;
	return json_new_object(a);
}

static const struct json *
create_portfolio(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)in;
	(void)err;
	return answer(a, "{'PortfolioDetail':{'Id':'port-1'}}");
}

static const struct json *
create_product(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)in;
	(void)err;
	return answer(a,
	    "{'ProductViewDetail':{'ProductViewSummary':{'ProductId':'prod-abcdefghijklm'}},"
	    "'ProvisioningArtifactDetail':{'Id':'pa-abcdefghijklm'}}");
}

static const struct json *
create_artifact(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)in;
	(void)err;
	return answer(a, "{'ProvisioningArtifactDetail':{'Id':'pa-abcdefghijkl%u'}}",
	    fake_calls(f, "CreateProvisioningArtifact"));
}

static const struct json *
describe_artifact(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)in;
	(void)err;
	return answer(a, "{'Status':'%s'}",
	    fake_calls(f, "DescribeProvisioningArtifact") < 2 ? "CREATING" : "AVAILABLE");
}

static const struct json *
launch_paths(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)in;
	(void)err;
	return answer(a, "{'LaunchPathSummaries':[{'Id':'lpv3-abcdefghijklm'}]}");
}

static const struct json *
describe_product(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	const char *name = text(a, in, "Name");

	if (f->word == NULL || (*name != '\0' && strcmp(name, f->product_name) != 0)) {
		(void)err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException", "No such product");
		return NULL;
	}
	return answer(a,
	    "{'ProvisionedProductDetail':{'Id':'" FAKE_PRODUCT "','Status':'%s',"
	    "'LastProvisioningRecordId':'" FAKE_LAUNCH_RECORD "','LastRecordId':'%s'%s%s%s}}",
	    f->word, f->terminate_record != NULL ? FAKE_TERMINATE_RECORD : FAKE_LAUNCH_RECORD,
	    f->message != NULL ? ",'StatusMessage':" : "", f->message != NULL ? f->message : "",
	    "");
}

static const struct json *
describe_record(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	bool launch = strcmp(text(a, in, "Id"), FAKE_LAUNCH_RECORD) == 0;
	const char *status = launch ? f->launch_record : f->terminate_record;

	if (status == NULL) {
		(void)err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException", "No such record");
		return NULL;
	}
	return answer(a,
	    "{'RecordDetail':{'RecordId':'%s','Status':'%s','RecordType':'%s',"
	    "'ProvisionedProductId':'" FAKE_PRODUCT "','RecordErrors':%s},'RecordOutputs':%s}",
	    text(a, in, "Id"), status,
	    launch ? "PROVISION_PRODUCT" : "TERMINATE_PROVISIONED_PRODUCT",
	    !launch && f->record_errors != NULL ? f->record_errors : "[]",
	    launch && f->outputs
		? "[{'OutputKey':'CloudformationStackARN','OutputValue':'arn:x'},"
		  "{'OutputKey':'NotebookInstanceName','OutputValue':'" FAKE_INSTANCE "'},"
		  "{'OutputKey':'SecondName','OutputValue':'" FAKE_SECOND "'},"
		  "{'OutputKey':'NotebookArn','OutputValue':'arn:aws:sagemaker:x'}]"
		: "[]");
}

/* --- ssm ------------------------------------------------------------------------------------- */

static struct fake_execution *
by_token(struct fake_aws *f, const char *token)
{
	for (unsigned i = 0; i < f->execution_count; i++)
		if (strcmp(f->executions[i].token, token) == 0)
			return &f->executions[i];
	return NULL;
}

static void
begin(struct fake_aws *f, struct fake_execution *e, struct arena *a, const struct json *in)
{
	str name = json_str(json_at(json_path(in, "Parameters", "InstanceName", NULL), 0));

	e->launch = str_has(json_str(json_get(in, "DocumentName")), S("Launch-"));
	e->start = str_has(json_str(json_get(in, "DocumentName")), S("Start-"));
	if (!e->launch || !f->provisions)
		return;
	assert(f->word == NULL); /* nothing may be provisioned twice */
	f->word = "UNDER_CHANGE";
	e->tells_product = e->tells_record = true;
	snprintf(f->product_name, sizeof(f->product_name), "%s", str_z(a, name));
}

static const struct json *
start_execution(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	const char *token = text(a, in, "ClientToken");
	struct fake_execution *e = by_token(f, token);

	(void)err;
	snprintf(f->last_parameters, sizeof(f->last_parameters), "%s",
	    str_z(a, json_text(a, json_get(in, "Parameters"))));
	snprintf(f->last_token, sizeof(f->last_token), "%s", token);
	if (e == NULL) {
		assert(f->execution_count < FAKE_MAX);
		e = &f->executions[f->execution_count++];
		*e = (struct fake_execution){ .status = "InProgress" };
		snprintf(e->token, sizeof(e->token), "%s", token);
		snprintf(e->id, sizeof(e->id), "00000000-0000-4000-8000-%012u", f->execution_count);
		begin(f, e, a, in);
	}
	return answer(a, "{'AutomationExecutionId':'%s'}", e->id);
}

static const struct json *
get_execution(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	for (unsigned i = 0; i < f->execution_count; i++) {
		struct fake_execution *e = &f->executions[i];
		const char *record = e->launch ? FAKE_LAUNCH_RECORD : FAKE_TERMINATE_RECORD;

		if (strcmp(e->id, text(a, in, "AutomationExecutionId")) != 0)
			continue;
		return answer(a,
		    "{'AutomationExecution':{'AutomationExecutionId':'%s',"
		    "'AutomationExecutionStatus':'%s','StepExecutions':[{'StepName':'first',"
		    "'Outputs':{%s%s%s%s%s}}]%s%s%s}}",
		    e->id, e->status, e->tells_product ? "'ProvisionedProductId':['" : "",
		    e->tells_product ? FAKE_PRODUCT "']" : "",
		    e->tells_product && e->tells_record ? "," : "",
		    e->tells_record ? "'RecordId':['" : "",
		    e->tells_record ? str_z(a, str_fmt(a, "%s']", record)) : "",
		    e->failure != NULL ? ",'FailureMessage':'" : "",
		    e->failure != NULL ? e->failure : "", e->failure != NULL ? "'" : "");
	}
	(void)err_code(err, ERR_NOT_FOUND, "AutomationExecutionNotFoundException", "none");
	return NULL;
}

/* --- sagemaker ------------------------------------------------------------------------------- */

static bool
refuse_move(struct fake_aws *f, const char *from, struct err *err)
{
	if (f->instance == NULL)
		return err_code(err, ERR_INVALID, "ValidationException", "RecordNotFound");
	if (strstr(from, f->instance) != NULL)
		return true;
	return err_code(err, ERR_INVALID, "ValidationException",
	    "Status (%s) not in ([%s]). Unable to transition", f->instance, from);
}

static const struct json *
start_instance(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)in;
	if (!refuse_move(f, "Stopped, Failed", err))
		return NULL;
	f->instance = "Pending";
	f->modified_ms = *f->now_ms;
	return json_new_object(a);
}

static const struct json *
stop_instance(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)in;
	if (!refuse_move(f, "InService", err))
		return NULL;
	f->instance = "Stopping";
	f->modified_ms = *f->now_ms;
	return json_new_object(a);
}

static const struct json *
describe_instance(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	const char *name = text(a, in, "NotebookInstanceName");
	bool second = strcmp(name, FAKE_SECOND) == 0 && f->second != NULL;

	if (f->instance == NULL) {
		(void)err_code(err, ERR_INVALID, "ValidationException", "RecordNotFound");
		return NULL;
	}
	return answer(a,
	    "{'NotebookInstanceName':'%s','NotebookInstanceStatus':'%s','LastModifiedTime':%lld.%03d}",
	    name, second ? f->second : f->instance, (long long)(f->modified_ms / 1000),
	    (int)(f->modified_ms % 1000));
}

static const struct json *
presign(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	if (!refuse_move(f, "InService", err))
		return NULL;
	return answer(a, "{'AuthorizedUrl':'https://%s.example/?authToken=t'}",
	    text(a, in, "NotebookInstanceName"));
}

/* --- iam ------------------------------------------------------------------------------------- */

static const struct json *
get_role(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)in;
	if (fake_calls(f, "GetRole") % 2 == 0) { /* the second is the copy's */
		(void)err_code(err, ERR_NOT_FOUND, "NoSuchEntity", "none");
		return NULL;
	}
	return answer(a,
	    "{'Role':{'Path':'/','RoleName':'r','RoleId':'AROA','Arn':'arn:aws:iam::1:role/r',"
	    "'CreateDate':1,'AssumeRolePolicyDocument':'%%7B%%7D'}}");
}

static const struct json *
create_role(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)err;
	assert(strcmp(text(a, in, "AssumeRolePolicyDocument"), "{}") == 0);
	return answer(a,
	    "{'Role':{'Path':'/','RoleName':'r','RoleId':'AROA','Arn':'arn:aws:iam::1:role/r',"
	    "'CreateDate':1}}");
}

static const struct json *
no_policies(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)in;
	(void)err;
	return answer(a, "{'PolicyNames':[],'IsTruncated':false}");
}

static const struct json *
no_attached(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	(void)f;
	(void)in;
	(void)err;
	return answer(a, "{'AttachedPolicies':[],'IsTruncated':false}");
}

/* --- policies of the main account ------------------------------------------------------------ */

static const struct json *
policy_answer(struct arena *a, const char *policy)
{
	struct json *out = json_new_object(a);

	json_put_str(a, out, "Policy", str_dup(a, str_of(policy)));
	return out;
}

static bool
keep_policy(struct fake_aws *f, char *to, struct arena *a, const struct json *in, struct err *err)
{
	const char *policy = text(a, in, "Policy");

	if (f->no_account != NULL && strstr(policy, f->no_account) != NULL)
		return err_code(err, ERR_INVALID, "MalformedPolicy", "Invalid principal in policy");
	snprintf(to, sizeof(f->policies[0]), "%s", policy);
	return true;
}

static const struct json *
get_bucket_policy(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	assert(strcmp(text(a, in, "ExpectedBucketOwner"), FAKE_MAIN) == 0);
	if (f->policies[0][0] != '\0')
		return policy_answer(a, f->policies[0]);
	(void)err_code(
	    err, ERR_NOT_FOUND, "NoSuchBucketPolicy", "The bucket policy does not exist");
	return NULL;
}

static const struct json *
put_bucket_policy(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	return keep_policy(f, f->policies[0], a, in, err) ? json_new_object(a) : NULL;
}

static char *
key_policy(struct fake_aws *f, const struct json *in)
{
	return f->policies[str_ends(json_str(json_get(in, "KeyId")), S("1")) ? 1 : 2];
}

static const struct json *
get_key_policy(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	const char *policy = key_policy(f, in);

	(void)err;
	return policy_answer(a, *policy != '\0' ? policy : "{\"Statement\":[{\"Sid\":\"owner\"}]}");
}

static const struct json *
put_key_policy(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	return keep_policy(f, key_policy(f, in), a, in, err) ? json_new_object(a) : NULL;
}

static const struct json *
put_permission(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	size_t used = strlen(f->bus);

	(void)err;
	snprintf(f->bus + used, sizeof(f->bus) - used, "%s=%s ", text(a, in, "StatementId"),
	    text(a, in, "Principal"));
	return json_new_object(a);
}

static const struct json *
get_template(struct fake_aws *f, struct arena *a, const struct json *in, struct err *err)
{
	struct json *out = json_new_object(a);

	(void)in;
	(void)err;
	json_put_str(a, out, "TemplateBody", str_of(f->template));
	return out;
}

static const struct {
	const char *operation;
	answer_function *run;
} table[] = {
	{ "AcceptPortfolioShare", nothing },
	{ "AssociatePrincipalWithPortfolio", nothing },
	{ "AssociateProductWithPortfolio", nothing },
	{ "AssumeRole", assume_role },
	{ "CreateConstraint", nothing },
	{ "CreateDocument", nothing },
	{ "CreatePortfolio", create_portfolio },
	{ "CreatePortfolioShare", nothing },
	{ "CreatePresignedNotebookInstanceUrl", presign },
	{ "CreateProduct", create_product },
	{ "CreateProvisioningArtifact", create_artifact },
	{ "CreateRole", create_role },
	{ "DescribeNotebookInstance", describe_instance },
	{ "DescribeProvisionedProduct", describe_product },
	{ "DescribeProvisioningArtifact", describe_artifact },
	{ "DescribeRecord", describe_record },
	{ "DescribeStackEvents", stack_events },
	{ "DescribeStacks", describe_stacks },
	{ "GetAutomationExecution", get_execution },
	{ "GetBucketPolicy", get_bucket_policy },
	{ "GetKeyPolicy", get_key_policy },
	{ "GetRole", get_role },
	{ "GetTemplate", get_template },
	{ "ListAttachedRolePolicies", no_attached },
	{ "ListConstraintsForPortfolio", nothing },
	{ "ListLaunchPaths", launch_paths },
	{ "ListPortfolios", nothing },
	{ "ListProvisioningArtifacts", nothing },
	{ "ListRolePolicies", no_policies },
	{ "ModifyDocumentPermission", nothing },
	{ "PutBucketPolicy", put_bucket_policy },
	{ "PutKeyPolicy", put_key_policy },
	{ "PutObject", nothing },
	{ "PutPermission", put_permission },
	{ "SearchProductsAsAdmin", nothing },
	{ "StartAutomationExecution", start_execution },
	{ "StartNotebookInstance", start_instance },
	{ "StopNotebookInstance", stop_instance },
};

/* --- faults and the door --------------------------------------------------------------------- */

static void
add_fault(struct fake_aws *f, struct fake_fault fault)
{
	assert(f->fault_count < FAKE_MAX);
	f->faults[f->fault_count++] = fault;
}

void
fake_refuse(struct fake_aws *f, const char *operation, unsigned skip, unsigned count,
    const char *code, const char *message)
{
	add_fault(f, (struct fake_fault){ operation, code, message, skip, count, false });
}

void
fake_lose(struct fake_aws *f, const char *operation, unsigned skip, unsigned count)
{
	add_fault(f, (struct fake_fault){ operation, NULL, NULL, skip, count, true });
}

static struct fake_fault *
fault_of(struct fake_aws *f, const char *operation)
{
	for (unsigned i = 0; i < f->fault_count; i++) {
		struct fake_fault *fault = &f->faults[i];

		if (strcmp(fault->operation, operation) != 0 || fault->count == 0)
			continue;
		if (fault->skip > 0) {
			fault->skip--;
			continue;
		}
		fault->count--;
		return fault;
	}
	return NULL;
}

static void
count_call(struct fake_aws *f, const char *operation)
{
	for (unsigned i = 0; i < f->call_count; i++)
		if (strcmp(f->calls[i].name, operation) == 0) {
			f->calls[i].count++;
			return;
		}
	assert(f->call_count < countof(f->calls));
	snprintf(f->calls[f->call_count].name, sizeof(f->calls[0].name), "%s", operation);
	f->calls[f->call_count++].count = 1;
}

unsigned
fake_calls(const struct fake_aws *f, const char *operation)
{
	for (unsigned i = 0; i < f->call_count; i++)
		if (strcmp(f->calls[i].name, operation) == 0)
			return f->calls[i].count;
	return 0;
}

struct fake_execution *
fake_execution(struct fake_aws *f, bool launch)
{
	for (unsigned i = f->execution_count; i > 0; i--)
		if (f->executions[i - 1].launch == launch && !f->executions[i - 1].start)
			return &f->executions[i - 1];
	assert(!"no such execution");
	return NULL;
}

static const struct json *
run(struct fake_aws *f, struct arena *a, const char *operation, const struct json *in,
    struct err *failed)
{
	for (size_t i = 0; i < countof(table); i++)
		if (strcmp(table[i].operation, operation) == 0)
			return table[i].run(f, a, in, failed);
	fprintf(stderr, "not scripted: %s\n", operation);
	assert(!"an operation that is not scripted");
	return NULL;
}

bool
fake_handle(void *cookie, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	struct fake_aws *f = cookie;
	struct wire_request w;
	struct wire_stamp stamp = { S("request"), *f->now_ms };
	const struct json *in, *out = NULL;
	struct fake_fault *fault;
	struct err failed;

	err_init(&failed, a);
	if (!wire_identify(a, req, &w, err) || !wire_read(a, req, &w, &in, err) ||
	    !aws_input_check(a, w.operation, in, NULL, NULL, &in, err)) {
		fprintf(stderr, "bad request: " STR_FMT "\n", STR_ARG(err->msg));
		assert(!"a request that AWS would refuse");
	}
	count_call(f, w.operation->name);
	if (f->meanwhile_at != NULL && strcmp(f->meanwhile_at, w.operation->name) == 0) {
		f->meanwhile_at = NULL;
		f->meanwhile(f->cookie);
	}
	fault = fault_of(f, w.operation->name);
	if (fault != NULL && !fault->lose_answer)
		(void)err_code(&failed, ERR_INVALID, fault->code, "%s", fault->message);
	else
		out = run(f, a, w.operation->name, in, &failed);
	if (fault != NULL && fault->lose_answer)
		return err_set(err, ERR_TIMEOUT, "no answer");
	if (failed.kind == ERR_NONE)
		return wire_write_output(a, &w, &stamp, out, resp, err);
	wire_write_error(a, &w, &stamp, &failed, resp);
	return true;
}
