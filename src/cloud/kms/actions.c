/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/kms/actions.c: the actions of KMS, what each needs, and what it acts on. A KeyId may be an
 * id, an ARN or an alias; who enforces permissions resolves it first.
 */
#include "cloud/kms/internal.h"

#define KEY "arn:aws:kms:${region}:${account}:key/${KeyId}"
#define ALIAS "arn:aws:kms:${region}:${account}:${AliasName}"

static const struct action actions[] = {
#define ROW(name, run, resource) \
	{ \
		name, run, "kms:" name, resource \
	}
	ROW("CancelKeyDeletion", kms_key_cancel_deletion, KEY),
	ROW("CreateAlias", kms_alias_create, ALIAS),
	ROW("CreateKey", kms_key_create, "*"),
	ROW("DeleteAlias", kms_alias_delete, ALIAS),
	ROW("DescribeKey", kms_key_describe, KEY),
	ROW("DisableKey", kms_key_disable, KEY),
	ROW("DisableKeyRotation", kms_key_rotation_disable, KEY),
	ROW("EnableKey", kms_key_enable, KEY),
	ROW("EnableKeyRotation", kms_key_rotation_enable, KEY),
	ROW("GetKeyPolicy", kms_key_policy_get, KEY),
	ROW("GetKeyRotationStatus", kms_key_rotation_status, KEY),
	ROW("ListAliases", kms_alias_list, "*"),
	ROW("ListKeyPolicies", kms_key_policy_list, KEY),
	ROW("ListKeys", kms_key_list, "*"),
	ROW("ListResourceTags", kms_key_list_tags, KEY),
	ROW("PutKeyPolicy", kms_key_policy_put, KEY),
	ROW("ScheduleKeyDeletion", kms_key_schedule_deletion, KEY),
	ROW("TagResource", kms_key_tag, KEY),
	ROW("UntagResource", kms_key_untag, KEY),
	ROW("UpdateAlias", kms_alias_update, ALIAS),
	ROW("UpdateKeyDescription", kms_key_describe_update, KEY),
#undef ROW
};

const struct engine kms_engine = {
	.service = "kms",
	.actions = actions,
	.action_count = countof(actions),
};
