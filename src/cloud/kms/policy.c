/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/kms/policy.c: the policy of a key, without which nobody may touch it.
 */
#include "cloud/kms/internal.h"

#define MAX_POLICY_BYTES 32768

static bool
malformed(struct err *err, str words)
{
	return err_code(
	    err, ERR_INVALID, "MalformedPolicyDocumentException", STR_FMT, STR_ARG(words));
}

/* Could whoever sets this policy still set another? */
static bool
locks_out(struct call *c, const struct iam_policy *policy, str key_arn)
{
	struct iam_asker who = access_asker(c->who);
	struct json *context = access_context(c);

	json_put_str(c->a, context, "kms:CallerAccount", c->who->account);
	return iam_policy_evaluate(c->a, policy,
		   &(struct iam_request){ .who = &who,
		       .action = S("kms:PutKeyPolicy"),
		       .resource = key_arn,
		       .context = context })
		   .effect != IAM_ALLOW;
}

bool
kms_key_policy_check(struct call *c, str text, str key_arn, struct err *err)
{
	struct iam_policy policy;
	str unknown;

	if (text.len > MAX_POLICY_BYTES)
		return err_code(err, ERR_INVALID, "LimitExceededException",
		    "A key policy has at most %d bytes", MAX_POLICY_BYTES);
	if (!iam_policy_parse_text(c->a, text, IAM_POLICY_RESOURCE, &policy, err))
		return malformed(err, err->msg);
	if (!access_principals_known(c, &policy, &unknown, err))
		return false;
	if (unknown.len != 0)
		return malformed(err,
		    str_fmt(c->a,
			"Policy contains a statement with one or more invalid principals. (" STR_FMT
			")",
			STR_ARG(unknown)));
	if (!json_bool(json_get(c->in, "BypassPolicyLockoutSafetyCheck"), false) &&
	    locks_out(c, &policy, key_arn))
		return malformed(err,
		    S("The new key policy will not allow you to update the key policy in the "
		      "future."));
	return true;
}

str
kms_key_policy_default(struct call *c)
{
	return str_fmt(c->a,
	    "{\"Version\":\"2012-10-17\",\"Id\":\"key-default-1\",\"Statement\":[{\"Sid\":"
	    "\"Enable IAM User Permissions\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
	    "\"arn:aws:iam::" STR_FMT ":root\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}",
	    STR_ARG(c->account));
}

/* A key has one policy, and that is named "default". */
static bool
check_name(struct call *c, struct err *err)
{
	str name = input_str(c, "PolicyName");

	return name.len == 0 || str_is(name, "default") ||
	    err_code(err, ERR_NOT_FOUND, "NotFoundException", "No such policy exists");
}

bool
kms_key_policy_get(struct call *c, struct err *err)
{
	struct item row;

	if (!kms_key_load(c, "KeyId", &row, err) || !check_name(c, err))
		return false;
	json_put_str(c->a, c->out, "Policy", row_text(&row, "policy"));
	json_put_str(c->a, c->out, "PolicyName", S("default"));
	return true;
}

bool
kms_key_policy_put(struct call *c, struct err *err)
{
	str policy = input_str(c, "Policy");
	struct item row;
	struct json *body;

	if (!kms_key_load_usable(c, &row, err) || !check_name(c, err) ||
	    !kms_key_policy_check(c, policy, row_text(&row, "arn"), err))
		return false;
	body = row_change(c, &row);
	json_set_str(c->a, body, "policy", policy);
	return row_put(c, body, err);
}

bool
kms_key_policy_list(struct call *c, struct err *err)
{
	struct json *names = json_new_array(c->a);
	struct item row;

	json_push_str(c->a, names, S("default"));
	return kms_key_load(c, "KeyId", &row, err) && kms_list_answer(c, names, "PolicyNames", err);
}
