/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_iam.c: roles, policies, instance profiles. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

/* Calls operation once for each text in list, with in, a copy of which gets it as member. */
static bool
call_each(struct cfn_work *w, const char *operation, const struct json *in, const char *member,
    const struct json *list, struct err *err)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		struct json *one = json_copy_shallow(w->c->a, in);

		json_put(w->c->a, one, member, e);
		if (!cfn_call(w, "iam", operation, one, NULL, err))
			return false;
	}
	return true;
}

/* --- AWS::IAM::Role ---------------------------------------------------------------------- */

static bool
role_created(struct cfn_work *w, struct err *err)
{
	struct arena *a = w->c->a;
	const struct json *role = cfn_input(w, "RoleName", w->physical_id);

	for (const struct json *p = json_first(cfn_property(w, "Policies")); p != NULL;
	     p = p->next) {
		struct json *in = json_copy_shallow(a, role);

		json_put(a, in, "PolicyName", json_get(p, "PolicyName"));
		json_put_str(
		    a, in, "PolicyDocument", cfn_document(w, json_get(p, "PolicyDocument")));
		if (!cfn_call(w, "iam", "PutRolePolicy", in, NULL, err))
			return false;
	}
	return call_each(
	    w, "AttachRolePolicy", role, "PolicyArn", cfn_property(w, "ManagedPolicyArns"), err);
}

/* The texts at member of each element. */
static struct json *
pluck(struct arena *a, const struct json *list, const char *member)
{
	struct json *out = json_new_array(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		json_push(a, out, json_get(e, member));
	return out;
}

/* Whatever was given to the role since, it must lose. */
static bool
role_removing(struct cfn_work *w, struct err *err)
{
	struct json *role = cfn_input(w, "RoleName", w->physical_id);
	const struct json *out;

	if (!cfn_call(w, "iam", "ListAttachedRolePolicies", role, &out, err) ||
	    !call_each(w, "DetachRolePolicy", role, "PolicyArn",
		pluck(w->c->a, json_get(out, "AttachedPolicies"), "PolicyArn"), err))
		return false;
	return cfn_call(w, "iam", "ListRolePolicies", role, &out, err) &&
	    call_each(w, "DeleteRolePolicy", role, "PolicyName", json_get(out, "PolicyNames"), err);
}

/* --- AWS::IAM::ManagedPolicy ------------------------------------------------------------- */

static bool
managed_created(struct cfn_work *w, struct err *err)
{
	const struct json *policy = cfn_input(w, "PolicyArn", w->physical_id);

	return call_each(w, "AttachRolePolicy", policy, "RoleName", cfn_property(w, "Roles"), err);
}

/* The versions that are not the default one go before the policy can. */
static bool
remove_versions(struct cfn_work *w, const struct json *policy, struct err *err)
{
	struct json *others = json_new_array(w->c->a);
	const struct json *out;

	if (!cfn_call(w, "iam", "ListPolicyVersions", policy, &out, err))
		return false;
	for (const struct json *v = json_first(json_get(out, "Versions")); v != NULL; v = v->next)
		if (!json_bool(json_get(v, "IsDefaultVersion"), false))
			json_push(w->c->a, others, json_get(v, "VersionId"));
	return call_each(w, "DeletePolicyVersion", policy, "VersionId", others, err);
}

static bool
managed_removing(struct cfn_work *w, struct err *err)
{
	const struct json *policy = cfn_input(w, "PolicyArn", w->physical_id);

	for (const struct json *r = json_first(cfn_property(w, "Roles")); r != NULL; r = r->next) {
		struct json *in = json_copy_shallow(w->c->a, policy);

		json_put(w->c->a, in, "RoleName", r);
		if (!cfn_call(w, "iam", "DetachRolePolicy", in, NULL, err) && !cfn_is_gone(w, err))
			return false;
	}
	return remove_versions(w, policy, err);
}

/* --- AWS::IAM::Policy -------------------------------------------------------------------- */

static bool
policy_created(struct cfn_work *w, struct err *err)
{
	const struct json *roles = cfn_property(w, "Roles");

	if (json_count(roles) == 0)
		return err_code(err, ERR_INVALID, CFN_PLAIN_REASON,
		    "At least one of [Groups,Roles,Users] must be non-empty.");
	w->physical_id = cfn_name_make(w->c->a, &w->type->naming, w->stack_name, w->logical_id);
	cfn_set_attribute(w, "Id", w->physical_id);
	return call_each(w, "PutRolePolicy", w->input, "RoleName", roles, err);
}

static bool
policy_removing(struct cfn_work *w, struct err *err)
{
	const struct json *name = cfn_mapped(w, "PolicyName");

	for (const struct json *r = json_first(cfn_property(w, "Roles")); r != NULL; r = r->next) {
		struct json *in = json_copy_shallow(w->c->a, name);

		json_put(w->c->a, in, "RoleName", r);
		if (!cfn_call(w, "iam", "DeleteRolePolicy", in, NULL, err) && !cfn_is_gone(w, err))
			return false;
	}
	return true;
}

/* --- AWS::IAM::InstanceProfile ----------------------------------------------------------- */

static bool
profile_created(struct cfn_work *w, struct err *err)
{
	return call_each(w, "AddRoleToInstanceProfile",
	    cfn_input(w, "InstanceProfileName", w->physical_id), "RoleName",
	    cfn_property(w, "Roles"), err);
}

static bool
profile_removing(struct cfn_work *w, struct err *err)
{
	const struct json *profile = cfn_input(w, "InstanceProfileName", w->physical_id), *out;

	return cfn_call(w, "iam", "GetInstanceProfile", profile, &out, err) &&
	    call_each(w, "RemoveRoleFromInstanceProfile", profile, "RoleName",
		pluck(w->c->a, json_path(out, "InstanceProfile", "Roles", NULL), "RoleName"), err);
}

/* --- rows ---------------------------------------------------------------------------------- */

const struct cfn_type cfn_types_iam[] = {
	{
	    .name = "AWS::IAM::InstanceProfile",
	    .properties = "InstanceProfileName:s Path:s Roles!:[s]",
	    .service = "iam",
	    .create = "CreateInstanceProfile",
	    .input = "InstanceProfileName Path",
	    .naming = { .member = "InstanceProfileName", .max = 128 },
	    .id = "${InstanceProfileName}",
	    .attributes = "Arn=InstanceProfile.Arn",
	    .created = profile_created,
	    .removing = profile_removing,
	    .remove = "DeleteInstanceProfile",
	    .remove_input = "InstanceProfileName=$id",
	    .gone = "NoSuchEntity",
	},
	{
	    .name = "AWS::IAM::ManagedPolicy",
	    .properties = "Description:s ManagedPolicyName:s Path:s PolicyDocument!:d Roles:[s]",
	    .service = "iam",
	    .create = "CreatePolicy",
	    .input = "PolicyName=ManagedPolicyName PolicyDocument=json:PolicyDocument "
		     "Description Path",
	    .naming = { .member = "PolicyName", .max = 128 },
	    .id = "Policy.Arn",
	    .attributes = "PolicyArn=$id PolicyId=Policy.PolicyId",
	    .created = managed_created,
	    .removing = managed_removing,
	    .remove = "DeletePolicy",
	    .remove_input = "PolicyArn=$id",
	    .gone = "NoSuchEntity",
	},
	{
	    .name = "AWS::IAM::Policy",
	    .properties = "PolicyDocument!:d PolicyName!:s Roles:[s]",
	    .service = "iam",
	    .input = "PolicyName PolicyDocument=json:PolicyDocument",
	    .naming = { .max = 128 },
	    .attributes = "Id",
	    .created = policy_created,
	    .removing = policy_removing,
	    .gone = "NoSuchEntity",
	},
	{
	    .name = "AWS::IAM::Role",
	    .properties = "AssumeRolePolicyDocument!:d Description:s ManagedPolicyArns:[s] "
			  "MaxSessionDuration:i Path:s PermissionsBoundary:s "
			  "Policies:[{PolicyDocument!:d PolicyName!:s}] RoleName:s Tags:[Tag]",
	    .service = "iam",
	    .create = "CreateRole",
	    .input = "RoleName AssumeRolePolicyDocument=json:AssumeRolePolicyDocument "
		     "Description MaxSessionDuration Path PermissionsBoundary",
	    .naming = { .member = "RoleName", .max = 64 },
	    .tagging = CFN_TAGS,
	    .id = "${RoleName}",
	    .attributes = "Arn=Role.Arn RoleId=Role.RoleId",
	    .created = role_created,
	    .removing = role_removing,
	    .remove = "DeleteRole",
	    .remove_input = "RoleName=$id",
	    .gone = "NoSuchEntity",
	},
	{ 0 },
};
