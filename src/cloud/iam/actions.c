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
	ROW("AddRoleToInstanceProfile", profile_add_role, PROFILE),
	ROW("AttachRolePolicy", role_attach, ROLE),
	ROW("CreateInstanceProfile", profile_create, PROFILE),
	ROW("CreatePolicy", policy_create, NEW_POLICY),
	ROW("CreatePolicyVersion", policy_version_create, POLICY),
	ROW("CreateRole", role_create, ROLE),
	ROW("DeleteInstanceProfile", profile_delete, PROFILE),
	ROW("DeletePolicy", policy_delete, POLICY),
	ROW("DeletePolicyVersion", policy_version_delete, POLICY),
	ROW("DeleteRole", role_delete, ROLE),
	ROW("DeleteRolePermissionsBoundary", role_boundary_delete, ROLE),
	ROW("DeleteRolePolicy", role_policy_delete, ROLE),
	ROW("DetachRolePolicy", role_detach, ROLE),
	ROW("GetInstanceProfile", profile_get, PROFILE),
	ROW("GetPolicy", policy_get, POLICY),
	ROW("GetPolicyVersion", policy_version_get, POLICY),
	ROW("GetRole", role_get, ROLE),
	ROW("GetRolePolicy", role_policy_get, ROLE),
	ROW("ListAttachedRolePolicies", role_list_attached, ROLE),
	ROW("ListEntitiesForPolicy", policy_list_entities, POLICY),
	ROW("ListInstanceProfiles", profile_list, ALL_PROFILES),
	ROW("ListInstanceProfilesForRole", profile_list_for_role, ROLE),
	ROW("ListPolicies", policy_list, "*"),
	ROW("ListPolicyTags", policy_list_tags, POLICY),
	ROW("ListPolicyVersions", policy_version_list, POLICY),
	ROW("ListRolePolicies", role_policy_list, ROLE),
	ROW("ListRoleTags", role_list_tags, ROLE),
	ROW("ListRoles", role_list, ALL_ROLES),
	ROW("PutRolePermissionsBoundary", role_boundary_put, ROLE),
	ROW("PutRolePolicy", role_policy_put, ROLE),
	ROW("RemoveRoleFromInstanceProfile", profile_remove_role, PROFILE),
	ROW("SetDefaultPolicyVersion", policy_version_set_default, POLICY),
	ROW("TagPolicy", policy_tag, POLICY),
	ROW("TagRole", role_tag, ROLE),
	ROW("UntagPolicy", policy_untag, POLICY),
	ROW("UntagRole", role_untag, ROLE),
	ROW("UpdateAssumeRolePolicy", role_trust_update, ROLE),
	ROW("UpdateRole", role_update, ROLE),
#undef ROW
};

const struct engine iam_engine = {
	.service = "iam",
	.actions = actions,
	.action_count = countof(actions),
};
