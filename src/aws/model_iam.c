/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_iam.c: the operations of IAM that swb calls or answers. */
#include "aws/model_services.h"

#define PAGE " Marker:s MaxItems:i"
#define PAGED " IsTruncated:b Marker:s"

static const struct aws_operation_row operations[] = {
	{ "AddRoleToInstanceProfile", "InstanceProfileName!:s RoleName!:s", "" },
	{ "AttachRolePolicy", "RoleName!:s PolicyArn!:s", "" },
	{ "CreateInstanceProfile", "InstanceProfileName!:s Path:s Tags:[Tag]",
	    "InstanceProfile:InstanceProfile" },
	{ "CreatePolicy", "PolicyName!:s Path:s PolicyDocument!:s Description:s Tags:[Tag]",
	    "Policy:Policy" },
	{ "CreatePolicyVersion", "PolicyArn!:s PolicyDocument!:s SetAsDefault:b",
	    "PolicyVersion:PolicyVersion" },
	{ "CreateRole",
	    "Path:s RoleName!:s AssumeRolePolicyDocument!:s Description:s MaxSessionDuration:i "
	    "PermissionsBoundary:s Tags:[Tag]",
	    "Role:Role" },
	{ "DeleteInstanceProfile", "InstanceProfileName!:s", "" },
	{ "DeletePolicy", "PolicyArn!:s", "" },
	{ "DeletePolicyVersion", "PolicyArn!:s VersionId!:s", "" },
	{ "DeleteRole", "RoleName!:s", "" },
	{ "DeleteRolePermissionsBoundary", "RoleName!:s", "" },
	{ "DeleteRolePolicy", "RoleName!:s PolicyName!:s", "" },
	{ "DetachRolePolicy", "RoleName!:s PolicyArn!:s", "" },
	{ "GetInstanceProfile", "InstanceProfileName!:s", "InstanceProfile:InstanceProfile" },
	{ "GetPolicy", "PolicyArn!:s", "Policy:Policy" },
	{ "GetPolicyVersion", "PolicyArn!:s VersionId!:s", "PolicyVersion:PolicyVersion" },
	{ "GetRole", "RoleName!:s", "Role:Role" },
	{ "GetRolePolicy", "RoleName!:s PolicyName!:s",
	    "RoleName:s PolicyName:s PolicyDocument:s" },
	{ "ListAttachedRolePolicies", "RoleName!:s PathPrefix:s" PAGE,
	    "AttachedPolicies:[{PolicyName:s PolicyArn:s}]" PAGED },
	{ "ListEntitiesForPolicy",
	    "PolicyArn!:s EntityFilter:s PathPrefix:s PolicyUsageFilter:s" PAGE,
	    "PolicyGroups:[{GroupName:s GroupId:s}] PolicyUsers:[{UserName:s UserId:s}] "
	    "PolicyRoles:[{RoleName:s RoleId:s}]" PAGED },
	{ "ListInstanceProfiles", "PathPrefix:s" PAGE, "InstanceProfiles:[InstanceProfile]" PAGED },
	{ "ListInstanceProfilesForRole", "RoleName!:s" PAGE,
	    "InstanceProfiles:[InstanceProfile]" PAGED },
	{ "ListPolicies", "Scope:s OnlyAttached:b PathPrefix:s PolicyUsageFilter:s" PAGE,
	    "Policies:[Policy]" PAGED },
	{ "ListPolicyTags", "PolicyArn!:s" PAGE, "Tags:[Tag]" PAGED },
	{ "ListPolicyVersions", "PolicyArn!:s" PAGE, "Versions:[PolicyVersion]" PAGED },
	{ "ListRolePolicies", "RoleName!:s" PAGE, "PolicyNames:[s]" PAGED },
	{ "ListRoles", "PathPrefix:s" PAGE, "Roles:[Role]" PAGED },
	{ "ListRoleTags", "RoleName!:s" PAGE, "Tags:[Tag]" PAGED },
	{ "PutRolePermissionsBoundary", "RoleName!:s PermissionsBoundary!:s", "" },
	{ "PutRolePolicy", "RoleName!:s PolicyName!:s PolicyDocument!:s", "" },
	{ "RemoveRoleFromInstanceProfile", "InstanceProfileName!:s RoleName!:s", "" },
	{ "SetDefaultPolicyVersion", "PolicyArn!:s VersionId!:s", "" },
	{ "TagPolicy", "PolicyArn!:s Tags!:[Tag]", "" },
	{ "TagRole", "RoleName!:s Tags!:[Tag]", "" },
	{ "UntagPolicy", "PolicyArn!:s TagKeys!:[s]", "" },
	{ "UntagRole", "RoleName!:s TagKeys!:[s]", "" },
	{ "UpdateAssumeRolePolicy", "RoleName!:s PolicyDocument!:s", "" },
	{ "UpdateRole", "RoleName!:s Description:s MaxSessionDuration:i", "{}" },
};

static const struct aws_named_shape shapes[] = {
	{ "InstanceProfile",
	    "Path:s InstanceProfileName:s InstanceProfileId:s Arn:s CreateDate:t Roles:[Role] "
	    "Tags:[Tag]" },
	{ "Policy",
	    "PolicyName:s PolicyId:s Arn:s Path:s DefaultVersionId:s AttachmentCount:i "
	    "PermissionsBoundaryUsageCount:i IsAttachable:b Description:s CreateDate:t "
	    "UpdateDate:t Tags:[Tag]" },
	{ "PolicyVersion", "Document:s VersionId:s IsDefaultVersion:b CreateDate:t" },
	{ "Role",
	    "Path:s RoleName:s RoleId:s Arn:s CreateDate:t AssumeRolePolicyDocument:s "
	    "Description:s MaxSessionDuration:i PermissionsBoundary:{PermissionsBoundaryType:s "
	    "PermissionsBoundaryArn:s} Tags:[Tag] RoleLastUsed:{LastUsedDate:t Region:s}" },
	{ "Tag", "Key!:s Value!:s" },
};

const struct aws_service aws_service_iam = {
	.name = "iam",
	.endpoint_prefix = "iam",
	.signing_name = "iam",
	.version = "2010-05-08",
	.xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
	.protocol = AWS_QUERY,
	.global = true,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
