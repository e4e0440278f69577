/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_kms.c: keys and their aliases. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

static bool
key_created(struct cfn_work *w, struct err *err)
{
	const struct json *key = cfn_input(w, "KeyId", w->physical_id);

	if (json_bool(cfn_property(w, "EnableKeyRotation"), false) &&
	    !cfn_call(w, "kms", "EnableKeyRotation", key, NULL, err))
		return false;
	return json_bool(cfn_property(w, "Enabled"), true) ||
	    cfn_call(w, "kms", "DisableKey", key, NULL, err);
}

const struct cfn_type cfn_types_kms[] = {
	{
	    .name = "AWS::KMS::Alias",
	    .properties = "AliasName!:s TargetKeyId!:s",
	    .service = "kms",
	    .create = "CreateAlias",
	    .input = "AliasName TargetKeyId",
	    .id = "${AliasName}",
	    .remove = "DeleteAlias",
	    .remove_input = "AliasName=$id",
	    .gone = "NotFoundException",
	},
	{
	    .name = "AWS::KMS::Key",
	    .properties = "Description:s EnableKeyRotation:b Enabled:b KeyPolicy:d KeySpec:s "
			  "KeyUsage:s MultiRegion:b PendingWindowInDays:i Tags:[Tag]",
	    .service = "kms",
	    .create = "CreateKey",
	    .input = "Description KeySpec KeyUsage MultiRegion Policy=json:KeyPolicy",
	    .tagging = CFN_TAGS_KMS,
	    .id = "KeyMetadata.KeyId",
	    .attributes = "Arn=KeyMetadata.Arn KeyId=$id",
	    .created = key_created,
	    .remove = "ScheduleKeyDeletion",
	    .remove_input = "KeyId=$id PendingWindowInDays",
	    .gone = "NotFoundException KMSInvalidStateException:pending",
	},
	{ 0 },
};
