/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/role_copy.c: reads a role on one side and makes it so on the other.
 *
 * IAM answers documents percent-encoded and takes them plain.
 */
#include "workbench/role_copy.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/paging.h"

struct copying {
	struct workbench *wb;
	struct arena *a;
	const struct role_copy *c;
};

static bool
call(struct copying *k, const struct aws_credentials *as, const char *operation,
    const struct json *in, const struct json **out, struct err *err)
{
	return aws_call(k->wb->o.aws, k->a, as, "iam", operation, in, out, err);
}

static struct json *
of_role(struct copying *k)
{
	struct json *in = json_new_object(k->a);

	json_put_str(k->a, in, "RoleName", k->c->role_name);
	return in;
}

static str
plain(struct copying *k, const struct json *document)
{
	str text = json_str(document), out;

	return percent_decode(k->a, text, false, &out) ? out : text;
}

static bool
list(struct copying *k, const struct aws_credentials *as, const char *operation, const char *member,
    const struct json **out, struct err *err)
{
	struct paging p = { "iam", operation, member, "Marker", "Marker" };

	return paging_all(k->wb, k->a, as, &p, of_role(k), out, err);
}

/* --- the role itself ----------------------------------------------------------------------- */

static bool
role_exists(struct copying *k, bool *out, struct err *err)
{
	const struct json *answer;

	*out = call(k, k->c->to, "GetRole", of_role(k), &answer, err);
	if (*out)
		return true;
	if (!err_is(err, "NoSuchEntity"))
		return false;
	err_clear(err);
	return true;
}

static bool
copy_role(struct copying *k, struct err *err)
{
	const struct json *answer, *role;
	struct json *in = of_role(k);
	bool exists;
	str trust;

	if (!call(k, k->c->from, "GetRole", of_role(k), &answer, err) ||
	    !role_exists(k, &exists, err))
		return false;
	role = json_get(answer, "Role");
	trust = plain(k, json_get(role, "AssumeRolePolicyDocument"));
	if (exists) {
		json_put_str(k->a, in, "PolicyDocument", trust);
		return call(k, k->c->to, "UpdateAssumeRolePolicy", in, &answer, err);
	}
	json_put(k->a, in, "Path", json_get(role, "Path"));
	json_put_str(k->a, in, "AssumeRolePolicyDocument", trust);
	return call(k, k->c->to, "CreateRole", in, &answer, err);
}

/* --- inline policies ----------------------------------------------------------------------- */

static struct json *
of_policy(struct copying *k, str name)
{
	struct json *in = of_role(k);

	json_put_str(k->a, in, "PolicyName", name);
	return in;
}

static bool
copy_inline(struct copying *k, str name, struct err *err)
{
	struct json *in = of_policy(k, name);
	const struct json *answer;

	if (!call(k, k->c->from, "GetRolePolicy", of_policy(k, name), &answer, err))
		return false;
	json_put_str(k->a, in, "PolicyDocument", plain(k, json_get(answer, "PolicyDocument")));
	return call(k, k->c->to, "PutRolePolicy", in, &answer, err);
}

static bool
copy_inlines(struct copying *k, struct err *err)
{
	const struct json *here, *there, *answer, *n;

	if (!list(k, k->c->from, "ListRolePolicies", "PolicyNames", &here, err) ||
	    !list(k, k->c->to, "ListRolePolicies", "PolicyNames", &there, err))
		return false;
	for (n = json_first(here); n != NULL; n = n->next)
		if (!copy_inline(k, json_str(n), err))
			return false;
	for (n = json_first(there); n != NULL; n = n->next)
		if (!json_has_str(here, json_str(n)) &&
		    !call(k, k->c->to, "DeleteRolePolicy", of_policy(k, json_str(n)), &answer, err))
			return false;
	return true;
}

/* --- managed policies ---------------------------------------------------------------------- */

/* The same policy's ARN on the other side: AWS's own policies have no account. */
static str
arn_there(struct copying *k, str arn)
{
	return str_replace(k->a, arn, str_fmt(k->a, "::" STR_FMT ":", STR_ARG(k->c->from_account)),
	    str_fmt(k->a, "::" STR_FMT ":", STR_ARG(k->c->to_account)));
}

static struct json *
with_arn(struct copying *k, str arn)
{
	struct json *in = json_new_object(k->a);

	json_put_str(k->a, in, "PolicyArn", arn);
	return in;
}

static bool
create_policy(struct copying *k, const struct json *policy, str document, struct err *err)
{
	struct json *in = json_new_object(k->a);
	const struct json *answer;

	json_put(k->a, in, "PolicyName", json_get(policy, "PolicyName"));
	json_put(k->a, in, "Path", json_get(policy, "Path"));
	json_put_str(k->a, in, "PolicyDocument", document);
	if (call(k, k->c->to, "CreatePolicy", in, &answer, err))
		return true;
	if (!err_is(err, "EntityAlreadyExists"))
		return false;
	err_clear(err);
	return true;
}

static bool
copy_policy(struct copying *k, str arn, struct err *err)
{
	const struct json *answer, *policy;
	struct json *in = with_arn(k, arn);

	if (str_eq(arn, arn_there(k, arn)))
		return true;
	if (!call(k, k->c->from, "GetPolicy", with_arn(k, arn), &answer, err))
		return false;
	policy = json_get(answer, "Policy");
	json_put(k->a, in, "VersionId", json_get(policy, "DefaultVersionId"));
	if (!call(k, k->c->from, "GetPolicyVersion", in, &answer, err))
		return false;
	return create_policy(
	    k, policy, plain(k, json_path(answer, "PolicyVersion", "Document", NULL)), err);
}

static bool
attach(struct copying *k, str arn, struct err *err)
{
	struct json *in = of_role(k);
	const struct json *answer;

	json_put_str(k->a, in, "PolicyArn", arn_there(k, arn));
	return copy_policy(k, arn, err) && call(k, k->c->to, "AttachRolePolicy", in, &answer, err);
}

static bool
is_attached(struct copying *k, const struct json *here, str arn)
{
	for (const struct json *p = json_first(here); p != NULL; p = p->next)
		if (str_eq(arn_there(k, json_str(json_get(p, "PolicyArn"))), arn))
			return true;
	return false;
}

static bool
detach(struct copying *k, str arn, struct err *err)
{
	struct json *in = of_role(k);
	const struct json *answer;

	json_put_str(k->a, in, "PolicyArn", arn);
	return call(k, k->c->to, "DetachRolePolicy", in, &answer, err);
}

static bool
copy_managed(struct copying *k, struct err *err)
{
	const struct json *here, *there, *p;

	if (!list(k, k->c->from, "ListAttachedRolePolicies", "AttachedPolicies", &here, err) ||
	    !list(k, k->c->to, "ListAttachedRolePolicies", "AttachedPolicies", &there, err))
		return false;
	for (p = json_first(here); p != NULL; p = p->next)
		if (!attach(k, json_str(json_get(p, "PolicyArn")), err))
			return false;
	for (p = json_first(there); p != NULL; p = p->next)
		if (!is_attached(k, here, json_str(json_get(p, "PolicyArn"))) &&
		    !detach(k, json_str(json_get(p, "PolicyArn")), err))
			return false;
	return true;
}

bool
role_copy_apply(struct workbench *wb, struct arena *a, const struct role_copy *c, struct err *err)
{
	struct copying k = { wb, a, c };

	return copy_role(&k, err) && copy_inlines(&k, err) && copy_managed(&k, err);
}
