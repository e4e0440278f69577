/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/admit.c: event bus, artifact bucket and keys of the main account.
 */
#include "workbench/admit.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/policy.h"
#include "workbench/roles.h"

#define FILES "environment-files"

bool
admit_events(struct workbench *wb, struct arena *a, str account, struct err *err)
{
	struct json *in = json_new_object(a);
	struct aws_credentials api;
	const struct json *answer;

	json_put_str(a, in, "EventBusName", S("default"));
	json_put_str(a, in, "Action", S("events:PutEvents"));
	json_put_str(a, in, "Principal", account);
	/* The main account's template gives the first hosting account the same statement. */
	json_put_str(a, in, "StatementId",
	    str_fmt(a, "Allow-main-account-to-get-" STR_FMT "-events", STR_ARG(account)));
	return roles_api(wb, a, &api, err) &&
	    aws_call(wb->o.aws, a, &api, "events", "PutPermission", in, &answer, err);
}

/* --- policies that are read, added to and written back ----------------------------------- */

struct admission {
	struct workbench *wb;
	struct arena *a;
	struct aws_credentials api;
	const struct json *accounts;
};

static bool
let_in(struct admission *k, str arn, const struct policy_statement *s, str *policy, struct err *err)
{
	str rest = arn, partition = { 0 };

	(void)str_cut(&rest, ':', &partition); /* "arn" */
	(void)str_cut(&rest, ':', &partition);
	return policy_let_in(k->a, *policy, s, k->accounts, partition, policy, err);
}

static struct json *
of_bucket(struct admission *k, str arn, struct err *err)
{
	struct json *in = json_new_object(k->a);
	str owner;

	if (!roles_output(k->wb, k->a, "accountId", &owner, err))
		return NULL;
	json_put_str(k->a, in, "Bucket", str_from(arn, str_find(arn, S(":::")) + 3));
	json_put_str(k->a, in, "ExpectedBucketOwner", owner);
	return in;
}

/* Only a bucket that says itself that it has no policy gets a new one. */
static bool
read_bucket_policy(struct admission *k, const struct json *in, str *out, struct err *err)
{
	const struct json *answer;

	*out = (str){ 0 };
	if (aws_call(k->wb->o.aws, k->a, &k->api, "s3", "GetBucketPolicy", in, &answer, err)) {
		*out = json_str(json_get(answer, "Policy"));
		return true;
	}
	if (!err_is(err, "NoSuchBucketPolicy"))
		return false;
	err_clear(err);
	return true;
}

static bool
bucket(struct admission *k, str arn, struct err *err)
{
	const struct policy_statement list = {
		.sid = S("List:" FILES),
		.actions = { "s3:ListBucket" },
		.resource = arn,
		.prefix = FILES "*",
	};
	const struct policy_statement get = {
		.sid = S("Get:" FILES),
		.actions = { "s3:GetObject" },
		.resource = str_cat(k->a, arn, S("/" FILES "*")),
	};
	struct json *in = of_bucket(k, arn, err);
	const struct json *answer;
	str standing, policy;

	if (in == NULL || !read_bucket_policy(k, in, &standing, err))
		return false;
	policy = standing;
	if (!let_in(k, arn, &list, &policy, err) || !let_in(k, arn, &get, &policy, err))
		return false;
	if (str_eq(policy, standing))
		return true;
	json_put_str(k->a, in, "Policy", policy);
	return aws_call(k->wb->o.aws, k->a, &k->api, "s3", "PutBucketPolicy", in, &answer, err);
}

static bool
key(struct admission *k, str arn, const struct policy_statement *s, struct err *err)
{
	struct json *in = json_new_object(k->a);
	const struct json *answer;
	str standing, policy;

	json_put_str(k->a, in, "KeyId", arn);
	json_put_str(k->a, in, "PolicyName", S("default"));
	if (!aws_call(k->wb->o.aws, k->a, &k->api, "kms", "GetKeyPolicy", in, &answer, err))
		return false;
	standing = policy = json_str(json_get(answer, "Policy"));
	if (!let_in(k, arn, s, &policy, err))
		return false;
	if (str_eq(policy, standing))
		return true;
	json_put_str(k->a, in, "Policy", policy);
	return aws_call(k->wb->o.aws, k->a, &k->api, "kms", "PutKeyPolicy", in, &answer, err);
}

/* --- who uses what ----------------------------------------------------------------------- */

#define KEY_SID "main-key-share-statement"

/* Environments read files that the artifact key encrypts; datasets they also write. */
static const struct {
	const char *output;
	struct policy_statement statement;
} keys[] = {
	{ "S3ArtifactEncryptionKeyOutput",
	    { { KEY_SID, sizeof(KEY_SID) - 1 }, { "kms:Decrypt", "kms:DescribeKey" }, { "*", 1 },
		NULL } },
	{ "S3DatasetsEncryptionKeyOutput",
	    { { KEY_SID, sizeof(KEY_SID) - 1 },
		{ "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey" },
		{ "*", 1 }, NULL } },
};

bool
admit_reading(struct workbench *wb, struct arena *a, const struct json *accounts, struct err *err)
{
	struct admission k = { .wb = wb, .a = a, .accounts = accounts };
	str arn;

	if (!roles_api(wb, a, &k.api, err) ||
	    !roles_output(wb, a, "S3BucketArtifactsArnOutput", &arn, err))
		return false;
	if (!bucket(&k, arn, err))
		return err_prefix(err, "policy of " STR_FMT, STR_ARG(arn));
	for (size_t i = 0; i < countof(keys); i++) {
		if (!roles_output(wb, a, keys[i].output, &arn, err))
			return false;
		if (!key(&k, arn, &keys[i].statement, err))
			return err_prefix(err, "policy of " STR_FMT, STR_ARG(arn));
	}
	return true;
}
