/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_kms.c: the operations of KMS that swb calls or answers. */
#include "aws/model_services.h"

#define PAGE " Limit:i Marker:s"
#define PAGED " NextMarker:s Truncated:b"

static const struct aws_operation_row operations[] = {
	{ "CancelKeyDeletion", "KeyId!:s", "KeyId:s" },
	{ "CreateAlias", "AliasName!:s TargetKeyId!:s", "" },
	{ "CreateKey",
	    "Policy:s Description:s KeyUsage:s CustomerMasterKeySpec:s KeySpec:s Origin:s "
	    "BypassPolicyLockoutSafetyCheck:b Tags:[Tag] MultiRegion:b",
	    "KeyMetadata:KeyMetadata" },
	{ "DeleteAlias", "AliasName!:s", "" },
	{ "DescribeKey", "KeyId!:s GrantTokens:[s]", "KeyMetadata:KeyMetadata" },
	{ "DisableKey", "KeyId!:s", "" },
	{ "DisableKeyRotation", "KeyId!:s", "" },
	{ "EnableKey", "KeyId!:s", "" },
	{ "EnableKeyRotation", "KeyId!:s RotationPeriodInDays:i", "" },
	{ "GetKeyPolicy", "KeyId!:s PolicyName:s", "Policy:s PolicyName:s" },
	{ "GetKeyRotationStatus", "KeyId!:s",
	    "KeyRotationEnabled:b KeyId:s RotationPeriodInDays:i" },
	{ "ListAliases", "KeyId:s" PAGE,
	    "Aliases:[{AliasName:s AliasArn:s TargetKeyId:s CreationDate:t LastUpdatedDate:t}]" PAGED },
	{ "ListKeyPolicies", "KeyId!:s" PAGE, "PolicyNames:[s]" PAGED },
	{ "ListKeys", PAGE, "Keys:[{KeyId:s KeyArn:s}]" PAGED },
	{ "ListResourceTags", "KeyId!:s" PAGE, "Tags:[Tag]" PAGED },
	{ "PutKeyPolicy", "KeyId!:s PolicyName:s Policy!:s BypassPolicyLockoutSafetyCheck:b", "" },
	{ "ScheduleKeyDeletion", "KeyId!:s PendingWindowInDays:i",
	    "KeyId:s DeletionDate:t KeyState:s PendingWindowInDays:i" },
	{ "TagResource", "KeyId!:s Tags!:[Tag]", "" },
	{ "UntagResource", "KeyId!:s TagKeys!:[s]", "" },
	{ "UpdateAlias", "AliasName!:s TargetKeyId!:s", "" },
	{ "UpdateKeyDescription", "KeyId!:s Description!:s", "" },
};

static const struct aws_named_shape shapes[] = {
	{ "KeyMetadata",
	    "AWSAccountId:s KeyId:s Arn:s CreationDate:t Enabled:b Description:s KeyUsage:s "
	    "KeyState:s DeletionDate:t Origin:s KeyManager:s CustomerMasterKeySpec:s KeySpec:s "
	    "EncryptionAlgorithms:[s] MultiRegion:b" },
	{ "Tag", "TagKey!:s TagValue!:s" },
};

const struct aws_service aws_service_kms = {
	.name = "kms",
	.endpoint_prefix = "kms",
	.signing_name = "kms",
	.target_prefix = "TrentService",
	.version = "2014-11-01",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
