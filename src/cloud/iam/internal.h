/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the iam engine share. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "cloud/iam/iam.h"
#include "lang/iam_policy.h"

/* Quotas as AWS sets them at first (aws.md 2.2). */
#define MAX_ATTACHED 10
#define MAX_TAGS 50
#define MAX_VERSIONS 5
#define MAX_TRUST_CHARS 2048
#define MAX_INLINE_CHARS 10240
#define MAX_POLICY_CHARS 6144

/* --- rows.c: model and store -------------------------------------------------------- */

/* Fails: NoSuchEntity. */
bool iam_role_load(struct call *c, str name, struct item *out, struct err *err);
bool iam_profile_load(struct call *c, str name, struct item *out, struct err *err);
bool iam_policy_load(struct call *c, str arn, struct item *out, struct err *err);
/* By ARN, in whatever account; false in *found where there is none, or none with that path. */
bool iam_role_find_arn(struct call *c, str arn, struct item *out, bool *found, struct err *err);

str iam_partition(struct call *c, const char *kind); /* "role", "policy", "profile" */

/* What profiles bear as ref that hold the role. */
str iam_profile_ref(struct call *c, str role);

/* The key of a row: names that differ only in case are the same. */
str iam_name_key(struct call *c, str name);

/* --- model.c: validation ------------------------------------------------------------- */

/* Characters without white space, as AWS counts documents. */
size_t iam_policy_chars(str document);
/* Reads an identity policy only to refuse a bad one: MalformedPolicyDocument. */
bool iam_identity_policy_check(struct call *c, str document, struct err *err);
/*
 * The same for a trust policy; its principals must exist. ids: an object of role ARN to the id of
 * the role that bears it now, to tell a later role of that name from this one.
 */
bool iam_trust_policy_check(struct call *c, str document, const struct json **ids, struct err *err);
/* The trust policy of a role as it reads today: roles that are gone show as their ids. */
bool iam_trust_policy_text(struct call *c, const struct item *role, str *out, struct err *err);

bool iam_tags_check(struct call *c, const struct json *tags, struct err *err);
/* The tags of a row with Tags of the request added, or with those of TagKeys taken away. */
bool iam_tags_change(struct call *c, struct item *row, bool add, struct err *err);
/* Documents leave IAM percent-encoded. */
str iam_document_encode(struct call *c, str document);

/* --- managed.c, policy.c --------------------------------------------------------------- */

/* A policy of AWS's own, "arn:aws:iam::aws:policy/…"; NULL for none. */
struct aws_managed_policy {
	const char *path, *name, *document; /* ' stands for " in the document */
};
const struct aws_managed_policy *iam_aws_managed_find(str arn);
const struct aws_managed_policy *iam_aws_managed_at(size_t index); /* NULL past the last */
str iam_aws_managed_arn(struct call *c, const struct aws_managed_policy *p);

/* Of this account or of AWS. Fails: NoSuchEntity. */
bool iam_policy_load_any(struct call *c, str arn, struct item *row, struct err *err);
/* The one that PolicyArn names, to be changed: only the account's own may be. */
bool iam_policy_load_own(struct call *c, struct item *row, struct err *err);
/* Refuses a PolicyDocument that is too large or none. */
bool iam_policy_document_check(struct call *c, struct err *err);
struct json *iam_policy_version_new(struct call *c, str id, str document, bool is_default);

enum policy_use { POLICY_ATTACHED, POLICY_BOUNDARY };

/* Counts one use more or less. Fails: NoSuchEntity where the policy does not exist. */
bool iam_policy_count_use(struct call *c, str arn, enum policy_use use, int by, struct err *err);

/* Puts a page of list under key, with Marker and IsTruncated. */
bool iam_list_answer(struct call *c, const struct json *list, const char *key, struct err *err);
/* The same of the rows of q whose path begins with prefix; answer makes of each what is shown. */
bool iam_list_by_path(struct call *c, const struct store_query *q, str prefix,
    struct json *(*answer)(struct call *c, const struct item *row, struct err *err),
    const char *key, struct err *err);

/* --- actions ---------------------------------------------------------------------------- */

struct json *iam_role_answer(struct call *c, const struct item *row, bool whole, struct err *err);

#define ACTION(name) bool name(struct call *c, struct err *err)
ACTION(iam_role_create);
ACTION(iam_role_get);
ACTION(iam_role_delete);
ACTION(iam_role_list);
ACTION(iam_role_update);
ACTION(iam_role_trust_update);
ACTION(iam_role_boundary_put);
ACTION(iam_role_boundary_delete);
ACTION(iam_role_tag);
ACTION(iam_role_untag);
ACTION(iam_role_list_tags);
ACTION(iam_role_policy_put);
ACTION(iam_role_policy_get);
ACTION(iam_role_policy_delete);
ACTION(iam_role_policy_list);
ACTION(iam_role_attach);
ACTION(iam_role_detach);
ACTION(iam_role_list_attached);
ACTION(iam_policy_create);
ACTION(iam_policy_get);
ACTION(iam_policy_delete);
ACTION(iam_policy_list);
ACTION(iam_policy_list_entities);
ACTION(iam_policy_tag);
ACTION(iam_policy_untag);
ACTION(iam_policy_list_tags);
ACTION(iam_policy_version_create);
ACTION(iam_policy_version_get);
ACTION(iam_policy_version_delete);
ACTION(iam_policy_version_list);
ACTION(iam_policy_version_set_default);
ACTION(iam_profile_create);
ACTION(iam_profile_get);
ACTION(iam_profile_delete);
ACTION(iam_profile_list);
ACTION(iam_profile_list_for_role);
ACTION(iam_profile_add_role);
ACTION(iam_profile_remove_role);
#undef ACTION
