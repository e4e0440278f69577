/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/policy.c: bucket policies: what they may say, and what they decide.
 *
 * Here the bucket's side is decided: a Deny binds everyone, an Allow lets other accounts in. What
 * the caller's own policies say is not this engine's to know.
 */
#include "cloud/s3/internal.h"

static bool
malformed(struct err *err, const char *words, str detail)
{
	return err_code(err, ERR_INVALID, "MalformedPolicy", "%s" STR_FMT, words, STR_ARG(detail));
}

/* --- deciding ------------------------------------------------------------------------------ */

static bool
denied(struct call *c, const char *iam_action, str resource, const char *why, struct err *err)
{
	return err_code(err, ERR_DENIED, "AccessDenied",
	    "User: " STR_FMT " is not authorized to perform: %s on resource: \"" STR_FMT "\" %s",
	    STR_ARG(c->who->arn), iam_action, STR_ARG(resource), why);
}

/* The owner's root can always mend a policy that locks everyone out. */
static bool
is_way_out(struct call *c, const char *iam_action)
{
	return c->who->kind == PRINCIPAL_ROOT &&
	    (str_is(S("s3:GetBucketPolicy"), iam_action) ||
		str_is(S("s3:PutBucketPolicy"), iam_action) ||
		str_is(S("s3:DeleteBucketPolicy"), iam_action));
}

/* A request to a cloud in this process or machine was not overheard on its way. */
static struct json *
context_of(struct call *c)
{
	struct json *context = access_context(c);

	json_put_bool(c->a, context, "aws:SecureTransport", true);
	if (json_get(c->in, "Prefix") != NULL)
		json_put_str(c->a, context, "s3:prefix", input_str(c, "Prefix"));
	if (json_get(c->in, "Delimiter") != NULL)
		json_put_str(c->a, context, "s3:delimiter", input_str(c, "Delimiter"));
	if (json_get(c->in, "ServerSideEncryption") != NULL)
		json_put_str(c->a, context, "s3:x-amz-server-side-encryption",
		    input_str(c, "ServerSideEncryption"));
	return context;
}

static bool
ask_policy(struct call *c, str text, const char *iam_action, str resource, enum iam_effect *effect,
    struct err *err)
{
	struct iam_asker who = access_asker(c->who);
	struct iam_policy policy;

	*effect = IAM_NONE;
	if (text.len == 0)
		return true;
	if (!iam_policy_parse_text(c->a, text, IAM_POLICY_RESOURCE, &policy, err)) {
		err->code = S(""); /* it was sound when it was put: a fault of ours */
		return false;
	}
	*effect = iam_policy_evaluate(c->a, &policy,
	    &(struct iam_request){ .who = &who,
		.action = str_of(iam_action),
		.resource = resource,
		.context = context_of(c) })
		      .effect;
	return true;
}

bool
s3_authorize(struct call *c, const struct item *bucket, const char *iam_action, str resource,
    struct err *err)
{
	bool own = str_eq(row_text(bucket, "owner"), c->who->account);
	enum iam_effect effect;

	if (own && is_way_out(c, iam_action))
		return true;
	if (!ask_policy(c, row_text(bucket, "policy"), iam_action, resource, &effect, err))
		return false;
	if (effect == IAM_DENY)
		return denied(c, iam_action, resource,
		    "with an explicit deny in a resource-based policy", err);
	if (!own && effect != IAM_ALLOW)
		return denied(c, iam_action, resource,
		    str_z(c->a,
			str_fmt(c->a, "because no resource-based policy allows the %s action",
			    iam_action)),
		    err);
	return true;
}

/* --- storing -------------------------------------------------------------------------------- */

/* A policy speaks of its own bucket and what lies in it. */
static bool
check_resources(struct call *c, const struct iam_policy *policy, struct err *err)
{
	str arn = s3_bucket_arn(c, input_str(c, "Bucket")), inside = str_cat(c->a, arn, S("/"));

	for (size_t i = 0; i < policy->statement_count; i++) {
		const struct iam_list *resources = &policy->statements[i].resources;

		for (size_t j = 0; j < resources->count; j++)
			if (!iam_glob(resources->items[j], arn, false) &&
			    !str_starts(resources->items[j], inside))
				return malformed(err, "Policy has invalid resource", S(""));
	}
	return true;
}

static bool
check_policy(struct call *c, str text, struct err *err)
{
	const struct json *tree;
	struct iam_policy policy;
	struct err detail;
	str unknown;

	err_init(&detail, c->a);
	if (text.len > S3_MAX_POLICY_BYTES)
		return malformed(err, "Policy exceeds the maximum allowed document size.", S(""));
	if (!str_starts(text, S("{")) || !json_parse(c->a, text, &tree, &detail))
		return malformed(
		    err, "Policies must be valid JSON and the first byte must be '{'", S(""));
	if (json_get(tree, "Statement") == NULL)
		return malformed(err, "Missing required field Statement", S(""));
	if (!iam_policy_parse(c->a, tree, IAM_POLICY_RESOURCE, &policy, &detail))
		return malformed(err, "", detail.msg);
	if (!access_principals_known(c, &policy, &unknown, err))
		return false;
	if (unknown.len != 0)
		return malformed(err, "Invalid principal in policy",
		    str_fmt(c->a, " (" STR_FMT ")", STR_ARG(unknown)));
	return check_resources(c, &policy, err);
}

bool
s3_policy_put(struct call *c, struct err *err)
{
	str text = input_str(c, "Policy");
	struct item bucket;
	struct json *body;

	if (!s3_bucket_load(c, "s3:PutBucketPolicy", S(""), &bucket, err) ||
	    !check_policy(c, text, err))
		return false;
	body = row_change(c, &bucket);
	json_set_str(c->a, body, "policy", text);
	return row_put(c, body, err);
}

bool
s3_policy_get(struct call *c, struct err *err)
{
	struct item bucket;

	if (!s3_bucket_load(c, "s3:GetBucketPolicy", S(""), &bucket, err))
		return false;
	if (row_text(&bucket, "policy").len == 0)
		return err_code(
		    err, ERR_NOT_FOUND, "NoSuchBucketPolicy", "The bucket policy does not exist");
	json_put_str(c->a, c->out, "Policy", row_text(&bucket, "policy"));
	return true;
}

bool
s3_policy_delete(struct call *c, struct err *err)
{
	struct item bucket;
	struct json *body;

	if (!s3_bucket_load(c, "s3:DeleteBucketPolicy", S(""), &bucket, err))
		return false;
	body = row_change(c, &bucket);
	json_remove(body, "policy");
	return row_put(c, body, err);
}
