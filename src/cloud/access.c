/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/access.c: principals in the words of policies.
 */
#include "cloud/access.h"

#include "base/clock.h"
#include "cloud/internal.h"

struct iam_asker
access_asker(const struct principal *who)
{
	return (struct iam_asker){
		.account = who->account,
		.arn = who->kind == PRINCIPAL_SERVICE ? S("") : who->arn,
		.role_arn = who->role_arn,
		.id = who->kind == PRINCIPAL_SERVICE
		    ? S("")
		    : str_sub(who->id, 0, str_find_char(who->id, ':')),
		.service = who->service,
		.is_service = who->kind == PRINCIPAL_SERVICE,
	};
}

/* aws:PrincipalArn is the role's, not the session's. */
static void
add_principal(struct arena *a, struct json *context, const struct principal *who)
{
	static const char *const types[] = {
		[PRINCIPAL_ROOT] = "Account",
		[PRINCIPAL_USER] = "User",
		[PRINCIPAL_ROLE] = "AssumedRole",
	};

	if (who->kind == PRINCIPAL_SERVICE) {
		json_put_str(a, context, "aws:PrincipalServiceName", who->service);
		json_put_bool(a, context, "aws:PrincipalIsAWSService", true);
		json_put_str(a, context, "aws:SourceAccount", who->account);
		return;
	}
	json_put_str(
	    a, context, "aws:PrincipalArn", who->role_arn.len != 0 ? who->role_arn : who->arn);
	json_put_str(a, context, "aws:PrincipalAccount", who->account);
	json_put_str(a, context, "aws:PrincipalType", str_of(types[who->kind]));
	json_put_str(a, context, "aws:userid", who->id);
	json_put_bool(a, context, "aws:PrincipalIsAWSService", false);
}

struct json *
access_context(struct call *c)
{
	struct json *context = json_new_object(c->a);

	add_principal(c->a, context, c->who);
	json_put_str(c->a, context, "aws:RequestedRegion", c->region);
	json_put_str(c->a, context, "aws:ResourceAccount", c->account);
	json_put_str(c->a, context, "aws:CurrentTime", time_iso_s(c->a, c->now_ms));
	json_put_i64(c->a, context, "aws:EpochTime", c->now_ms / 1000);
	return context;
}

/* iam's answer about a role, by whatever path its name has. */
static bool
role_known(struct call *c, str arn, bool *known, struct err *err)
{
	struct principal as = principal_service(c->a, arn_account(arn), "iam.amazonaws.com");
	struct json *in = json_new_object(c->a);
	const struct json *out;

	json_put_str(c->a, in, "RoleName", arn_name(arn));
	*known = cloud_call(c,
	    &(struct cloud_request){ .service = "iam", .action = "GetRole", .as = &as, .in = in },
	    &out, err);
	if (!*known) {
		if (err->code.len == 0)
			return false;
		err_clear(err);
		return true;
	}
	*known = str_eq(json_str(json_path(out, "Role", "Arn", NULL)), arn);
	return true;
}

static bool
principal_known(struct call *c, const struct iam_principal *p, bool *known, struct err *err)
{
	*known = true;
	if (p->type == IAM_SERVICE)
		*known = text_matches(p->value, ACCESS_SERVICE_PATTERN);
	if (p->type != IAM_AWS ||
	    text_matches(p->value,
		"\\d{12}|arn:aws:iam::(\\d{12}:root|cloudfront:user/.+)|A(RO|ID)A[A-Z0-9]{16,}|"
		"arn:aws:sts::\\d{12}:assumed-role/[\\w+=,.@-]+/[\\w+=,.@-]+"))
		return true;
	if (!text_matches(p->value, "arn:aws:iam::\\d{12}:role/.+")) {
		*known = false;
		return true;
	}
	return role_known(c, p->value, known, err);
}

bool
access_principals_known(
    struct call *c, const struct iam_policy *policy, str *unknown, struct err *err)
{
	*unknown = S("");
	for (size_t i = 0; i < policy->statement_count; i++) {
		const struct iam_statement *s = &policy->statements[i];

		for (size_t j = 0; j < s->principal_count; j++) {
			bool known;

			if (!principal_known(c, &s->principals[j], &known, err))
				return false;
			if (!known) {
				*unknown = s->principals[j].value;
				return true;
			}
		}
	}
	return true;
}

bool
access_denied(struct call *c, const char *code, const char *action, str resource, struct err *err)
{
	return err_code(err, ERR_DENIED, code,
	    "User: " STR_FMT " is not authorized to perform: %s on resource: " STR_FMT,
	    STR_ARG(c->who->arn), action, STR_ARG(resource));
}
