/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/principal.c: who acts, as a value, as JSON, and as the session of a role.
 */
#include "cloud/internal.h"

static const char *const kind_names[] = {
	[PRINCIPAL_ROOT] = "root",
	[PRINCIPAL_USER] = "user",
	[PRINCIPAL_ROLE] = "role",
	[PRINCIPAL_SERVICE] = "service",
};

struct principal
principal_service(struct arena *a, str account, const char *service)
{
	(void)a;
	return (struct principal){
		.kind = PRINCIPAL_SERVICE,
		.account = account,
		.arn = str_of(service),
		.id = str_of(service),
		.service = str_of(service),
	};
}

struct principal
principal_root(struct arena *a, str account)
{
	return (struct principal){
		.kind = PRINCIPAL_ROOT,
		.account = account,
		.arn = str_fmt(a, "arn:aws:iam::" STR_FMT ":root", STR_ARG(account)),
		.id = account,
	};
}

static void
put_text(struct arena *a, struct json *j, const char *key, str text)
{
	if (text.len != 0)
		json_put_str(a, j, key, text);
}

struct json *
principal_write(struct arena *a, const struct principal *p)
{
	struct json *j = json_new_object(a);

	json_put_str(a, j, "kind", str_of(kind_names[p->kind]));
	put_text(a, j, "account", p->account);
	put_text(a, j, "arn", p->arn);
	put_text(a, j, "id", p->id);
	put_text(a, j, "roleArn", p->role_arn);
	put_text(a, j, "service", p->service);
	if (p->expires_at_ms != 0)
		json_put_i64(a, j, "expiresAt", p->expires_at_ms);
	put_text(a, j, "sessionPolicy", p->session_policy);
	return j;
}

struct principal
principal_read(const struct json *j)
{
	struct principal p = {
		.kind = PRINCIPAL_SERVICE, /* the least, should the kind be missing */
		.account = json_str(json_get(j, "account")),
		.arn = json_str(json_get(j, "arn")),
		.id = json_str(json_get(j, "id")),
		.role_arn = json_str(json_get(j, "roleArn")),
		.service = json_str(json_get(j, "service")),
		.expires_at_ms = json_i64(json_get(j, "expiresAt"), 0),
		.session_policy = json_str(json_get(j, "sessionPolicy")),
	};

	for (size_t i = 0; i < countof(kind_names); i++)
		if (str_is(json_str(json_get(j, "kind")), kind_names[i]))
			p.kind = (enum principal_kind)i;
	return p;
}

bool
cloud_assume(struct call *c, str role_arn, str session_name, const char *service,
    struct principal *out, struct err *err)
{
	struct arena *a = c->a;
	str account = arn_account(role_arn);
	struct principal as = principal_service(a, account, service);
	struct json *in = json_new_object(a);
	const struct json *answer, *user;

	json_put_str(a, in, "RoleArn", role_arn);
	json_put_str(a, in, "RoleSessionName", session_name);
	if (!cloud_call(c,
		&(struct cloud_request){
		    .service = "sts", .action = "AssumeRole", .as = &as, .in = in },
		&answer, err))
		return false;
	user = json_get(answer, "AssumedRoleUser");
	/* Without an end: a service assumes its role anew whenever it must. */
	*out = (struct principal){
		.kind = PRINCIPAL_ROLE,
		.account = account,
		.arn = json_str(json_get(user, "Arn")),
		.id = json_str(json_get(user, "AssumedRoleId")),
		.role_arn = role_arn,
	};
	return true;
}
