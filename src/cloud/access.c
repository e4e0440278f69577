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

bool
access_denied(struct call *c, const char *code, const char *action, str resource, struct err *err)
{
	return err_code(err, ERR_DENIED, code,
	    "User: " STR_FMT " is not authorized to perform: %s on resource: " STR_FMT,
	    STR_ARG(c->who->arn), action, STR_ARG(resource));
}
