/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/sts/actions.c: all of STS. It keeps no rows: sessions are tokens (cloud/session.h), roles
 * are iam's.
 */
#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "cloud/access.h"
#include "cloud/session.h"
#include "cloud/sts/sts.h"

#define CHAINED_LIMIT_S 3600 /* of a role assumed by a role */
#define ROOT_LIMIT_S 3600    /* of a session of the account's root */

static const struct input_rule rules[] = {
	{ "RoleArn", 20, 2048, NULL, NULL },
	{ "RoleSessionName", 2, 64, "[\\w+=,.@-]*", NULL },
	{ "DurationSeconds", 900, 129600, NULL, NULL },
	{ "ExternalId", 2, 1224, "[\\w+=,.@:\\/-]*", NULL },
	{ "Policy", 1, 2048, NULL, NULL },
};

static bool
bad_duration(struct err *err, const char *words)
{
	return err_code(err, ERR_INVALID, "ValidationError",
	    "The requested DurationSeconds exceeds the %s", words);
}

/* A service acts by itself (cloud_assume), and signs nothing. */
static void
put_credentials(struct call *c, const struct principal *who, int64_t duration_s)
{
	struct aws_credentials creds;
	struct json *j;

	if (c->who->kind == PRINCIPAL_SERVICE)
		return;
	j = json_put(c->a, c->out, "Credentials", json_new_object(c->a));
	session_issue(c->cloud, c->a, who, c->now_ms + duration_s * 1000, &creds);
	json_put_str(c->a, j, "AccessKeyId", creds.access_key_id);
	json_put_str(c->a, j, "SecretAccessKey", creds.secret_access_key);
	json_put_str(c->a, j, "SessionToken", creds.session_token);
	json_put(c->a, j, "Expiration", time_json(c->a, creds.expires_at_ms / 1000 * 1000));
}

/* --- AssumeRole ------------------------------------------------------------------------ */

/* Told alike whether the role is missing, does not trust the caller, or misses the ExternalId. */
static bool
not_authorized(struct call *c, struct err *err)
{
	return access_denied(c, "AccessDenied", "sts:AssumeRole", input_str(c, "RoleArn"), err);
}

static bool
check_role_arn(struct call *c, struct err *err)
{
	str arn = input_str(c, "RoleArn");

	return text_matches(arn, "arn:aws:iam::\\d{12}:role/[\\x21-\\x7e]+") ||
	    err_code(err, ERR_INVALID, "ValidationError", STR_FMT " is invalid", STR_ARG(arn));
}

/* The role as iam tells it; *role is NULL where there is none of that ARN. */
static bool
ask_role(struct call *c, str arn, const struct json **role, struct err *err)
{
	struct principal sts = principal_service(c->a, arn_account(arn), "sts.amazonaws.com");
	struct json *in = json_new_object(c->a);
	const struct json *answer;

	json_put_str(c->a, in, "RoleName", arn_name(arn));
	*role = NULL;
	if (!cloud_call(c,
		&(struct cloud_request){
		    .service = "iam", .action = "GetRole", .as = &sts, .in = in },
		&answer, err)) {
		if (!err_is(err, "NoSuchEntity") && !err_is(err, "ValidationError"))
			return false;
		err_clear(err);
		return true;
	}
	if (str_eq(json_str(json_path(answer, "Role", "Arn", NULL)), arn))
		*role = json_get(answer, "Role");
	return true;
}

static bool
trusts(struct call *c, const struct json *role, bool *yes, struct err *err)
{
	struct iam_asker who = access_asker(c->who);
	struct json *context = access_context(c);
	struct iam_policy policy;
	str document;

	*yes = false;
	if (!percent_decode(
		c->a, json_str(json_get(role, "AssumeRolePolicyDocument")), false, &document) ||
	    !iam_policy_parse_text(c->a, document, IAM_POLICY_TRUST, &policy, err))
		return err_prefix(
		    err, "trust policy of " STR_FMT, STR_ARG(json_str(json_get(role, "Arn"))));
	json_put_str(c->a, context, "sts:RoleSessionName", input_str(c, "RoleSessionName"));
	if (json_get(c->in, "ExternalId") != NULL)
		json_put_str(c->a, context, "sts:ExternalId", input_str(c, "ExternalId"));
	*yes = iam_policy_evaluate(c->a, &policy,
		   &(struct iam_request){ .who = &who,
		       .action = S("sts:AssumeRole"),
		       .resource = json_str(json_get(role, "Arn")),
		       .context = context })
		   .effect == IAM_ALLOW;
	return true;
}

static bool
check_duration(struct call *c, const struct json *role, struct err *err)
{
	int64_t asked = json_i64(json_get(c->in, "DurationSeconds"), 3600);

	if (c->who->kind == PRINCIPAL_ROLE && asked > CHAINED_LIMIT_S)
		return bad_duration(
		    err, "1 hour session limit for roles assumed by role chaining.");
	if (asked > json_i64(json_get(role, "MaxSessionDuration"), 3600))
		return bad_duration(err, "MaxSessionDuration set for this role.");
	return true;
}

static bool
check_session_policy(struct call *c, struct err *err)
{
	struct iam_policy policy;

	return json_get(c->in, "Policy") == NULL ||
	    iam_policy_parse_text(c->a, input_str(c, "Policy"), IAM_POLICY_IDENTITY, &policy, err);
}

static struct principal
session_of(struct call *c, const struct json *role)
{
	str session = input_str(c, "RoleSessionName"), arn = json_str(json_get(role, "Arn"));

	return (struct principal){
		.kind = PRINCIPAL_ROLE,
		.account = arn_account(arn),
		.arn = arn_make(c->a, "sts", S(""), arn_account(arn),
		    "assumed-role/" STR_FMT "/" STR_FMT,
		    STR_ARG(json_str(json_get(role, "RoleName"))), STR_ARG(session)),
		.id = str_fmt(c->a, STR_FMT ":" STR_FMT,
		    STR_ARG(json_str(json_get(role, "RoleId"))), STR_ARG(session)),
		.role_arn = arn,
		.session_policy = input_str(c, "Policy"),
	};
}

/*
 * AWS lets no root assume a role. Here root is the one key that an account is born with, so it
 * may, where the trust policy names the account.
 */
static bool
assume_role(struct call *c, struct err *err)
{
	const struct json *role;
	struct principal session;
	struct json *user;
	bool yes;

	if (!input_check(c, rules, countof(rules), err) || !check_role_arn(c, err) ||
	    !check_session_policy(c, err) || !ask_role(c, input_str(c, "RoleArn"), &role, err))
		return false;
	if (role == NULL)
		return not_authorized(c, err);
	if (!trusts(c, role, &yes, err))
		return false;
	if (!yes)
		return not_authorized(c, err);
	if (!check_duration(c, role, err))
		return false;
	session = session_of(c, role);
	put_credentials(c, &session, json_i64(json_get(c->in, "DurationSeconds"), 3600));
	user = json_put(c->a, c->out, "AssumedRoleUser", json_new_object(c->a));
	json_put_str(c->a, user, "AssumedRoleId", session.id);
	json_put_str(c->a, user, "Arn", session.arn);
	return true;
}

/* --- the others ------------------------------------------------------------------------ */

static bool
get_caller_identity(struct call *c, struct err *err)
{
	(void)err;
	json_put_str(c->a, c->out, "UserId", c->who->id);
	json_put_str(c->a, c->out, "Account", c->who->account);
	json_put_str(c->a, c->out, "Arn", c->who->arn);
	return true;
}

static bool
get_session_token(struct call *c, struct err *err)
{
	bool root = c->who->kind == PRINCIPAL_ROOT;
	int64_t asked = json_i64(json_get(c->in, "DurationSeconds"), root ? ROOT_LIMIT_S : 43200);

	if (!input_check(c, rules, countof(rules), err))
		return false;
	if (c->who->kind == PRINCIPAL_ROLE || c->who->kind == PRINCIPAL_SERVICE)
		return err_code(err, ERR_DENIED, "AccessDenied",
		    "Cannot call GetSessionToken with session credentials");
	if (root && asked > ROOT_LIMIT_S)
		asked = ROOT_LIMIT_S; /* AWS shortens it without a word */
	put_credentials(c, c->who, asked);
	return true;
}

static const struct action actions[] = {
	{ "AssumeRole", assume_role, "sts:AssumeRole", "${RoleArn}" },
	{ "GetCallerIdentity", get_caller_identity, "sts:GetCallerIdentity", "*" },
	{ "GetSessionToken", get_session_token, "sts:GetSessionToken", "*" },
};

const struct engine sts_engine = {
	.service = "sts",
	.actions = actions,
	.action_count = countof(actions),
};
