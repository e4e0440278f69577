/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the kms engine share. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "cloud/access.h"
#include "cloud/kms/kms.h"

/*
 * The key that the input's member names: by id, ARN, alias or alias ARN; one in another account or
 * region by ARN only. Fails: NotFoundException.
 */
bool kms_key_load(struct call *c, const char *member, struct item *out, struct err *err);
/* The same, and it must not be on its way out: KMSInvalidStateException. */
bool kms_key_load_usable(struct call *c, struct item *out, struct err *err);

str kms_alias_partition(struct call *c);
str kms_ref_of_key(struct call *c, str key_id); /* members ref of aliases */

/* Puts a page under key, with NextMarker and Truncated. */
bool kms_list_answer(struct call *c, const struct json *list, const char *key, struct err *err);

/*
 * Refuses a key policy that is none, names principals that are not there, or would lock out its
 * author: MalformedPolicyDocumentException.
 */
bool kms_key_policy_check(struct call *c, str policy, str key_arn, struct err *err);
str kms_key_policy_default(struct call *c);

#define ACTION(name) bool name(struct call *c, struct err *err)
ACTION(kms_key_create);
ACTION(kms_key_describe);
ACTION(kms_key_list);
ACTION(kms_key_enable);
ACTION(kms_key_disable);
ACTION(kms_key_describe_update);
ACTION(kms_key_schedule_deletion);
ACTION(kms_key_cancel_deletion);
ACTION(kms_key_rotation_enable);
ACTION(kms_key_rotation_disable);
ACTION(kms_key_rotation_status);
ACTION(kms_key_tag);
ACTION(kms_key_untag);
ACTION(kms_key_list_tags);
ACTION(kms_key_policy_get);
ACTION(kms_key_policy_put);
ACTION(kms_key_policy_list);
ACTION(kms_alias_create);
ACTION(kms_alias_update);
ACTION(kms_alias_delete);
ACTION(kms_alias_list);
#undef ACTION
