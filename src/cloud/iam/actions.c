/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/actions.c: the actions of IAM, what each needs, and what it acts on.
 */
#include "cloud/iam/internal.h"

#define ROLE "arn:aws:iam::${account}:role/${RoleName}"
#define PROFILE "arn:aws:iam::${account}:instance-profile/${InstanceProfileName}"
#define NEW_POLICY "arn:aws:iam::${account}:policy/${PolicyName}"
#define POLICY "${PolicyArn}"
#define ALL_ROLES "arn:aws:iam::${account}:role/*"
#define ALL_PROFILES "arn:aws:iam::${account}:instance-profile/*"

static const struct action actions[] = {
#define ROW(name, run, resource) \
	{ \
		name, run, "iam:" name, resource \
	}
	ROW("AddRoleToInstanceProfile", iam_profile_add_role, PROFILE),
	ROW("AttachRolePolicy", iam_role_attach, ROLE),
	ROW("CreateInstanceProfile", iam_profile_create, PROFILE),
	ROW("CreatePolicy", iam_policy_create, NEW_POLICY),
	ROW("CreatePolicyVersion", iam_policy_version_create, POLICY),
	ROW("CreateRole", iam_role_create, ROLE),
	ROW("DeleteInstanceProfile", iam_profile_delete, PROFILE),
	ROW("DeletePolicy", iam_policy_delete, POLICY),
	ROW("DeletePolicyVersion", iam_policy_version_delete, POLICY),
	ROW("DeleteRole", iam_role_delete, ROLE),
	ROW("DeleteRolePermissionsBoundary", iam_role_boundary_delete, ROLE),
	ROW("DeleteRolePolicy", iam_role_policy_delete, ROLE),
	ROW("DetachRolePolicy", iam_role_detach, ROLE),
	ROW("GetInstanceProfile", iam_profile_get, PROFILE),
	ROW("GetPolicy", iam_policy_get, POLICY),
	ROW("GetPolicyVersion", iam_policy_version_get, POLICY),
	ROW("GetRole", iam_role_get, ROLE),
	ROW("GetRolePolicy", iam_role_policy_get, ROLE),
	ROW("ListAttachedRolePolicies", iam_role_list_attached, ROLE),
	ROW("ListEntitiesForPolicy", iam_policy_list_entities, POLICY),
	ROW("ListInstanceProfiles", iam_profile_list, ALL_PROFILES),
	ROW("ListInstanceProfilesForRole", iam_profile_list_for_role, ROLE),
	ROW("ListPolicies", iam_policy_list, "*"),
	ROW("ListPolicyTags", iam_policy_list_tags, POLICY),
	ROW("ListPolicyVersions", iam_policy_version_list, POLICY),
	ROW("ListRolePolicies", iam_role_policy_list, ROLE),
	ROW("ListRoleTags", iam_role_list_tags, ROLE),
	ROW("ListRoles", iam_role_list, ALL_ROLES),
	ROW("PutRolePermissionsBoundary", iam_role_boundary_put, ROLE),
	ROW("PutRolePolicy", iam_role_policy_put, ROLE),
	ROW("RemoveRoleFromInstanceProfile", iam_profile_remove_role, PROFILE),
	ROW("SetDefaultPolicyVersion", iam_policy_version_set_default, POLICY),
	ROW("TagPolicy", iam_policy_tag, POLICY),
	ROW("TagRole", iam_role_tag, ROLE),
	ROW("UntagPolicy", iam_policy_untag, POLICY),
	ROW("UntagRole", iam_role_untag, ROLE),
	ROW("UpdateAssumeRolePolicy", iam_role_trust_update, ROLE),
	ROW("UpdateRole", iam_role_update, ROLE),
#undef ROW
};

const struct engine iam_engine = {
	.service = "iam",
	.actions = actions,
	.action_count = countof(actions),
};
