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
bool role_load(struct call *c, str name, struct item *out, struct err *err);
bool profile_load(struct call *c, str name, struct item *out, struct err *err);
bool policy_load(struct call *c, str arn, struct item *out, struct err *err);
/* By ARN, in whatever account; false in *found where there is none, or none with that path. */
bool role_find_arn(struct call *c, str arn, struct item *out, bool *found, struct err *err);

str role_partition(struct call *c);
str policy_partition(struct call *c);
str profile_partition(struct call *c);

/* The key of a row: names that differ only in case are the same. */
str name_key(struct call *c, str name);
str row_text(const struct item *row, const char *member);

/* --- model.c: validation ------------------------------------------------------------- */

/* Characters without white space, as AWS counts documents. */
size_t policy_chars(str document);
/* Reads an identity policy only to refuse a bad one: MalformedPolicyDocument. */
bool identity_policy_check(struct call *c, str document, struct err *err);
/*
 * The same for a trust policy; its principals must exist. ids: an object of role ARN to the id of
 * the role that bears it now, to tell a later role of that name from this one.
 */
bool trust_policy_check(struct call *c, str document, const struct json **ids, struct err *err);
/* The trust policy of a role as it reads today: roles that are gone show as their ids. */
bool trust_policy_text(struct call *c, const struct item *role, str *out, struct err *err);

bool tags_check(struct call *c, const struct json *tags, struct err *err);
/* Documents leave IAM percent-encoded. */
str document_encode(struct call *c, str document);

/* --- managed.c, policy.c --------------------------------------------------------------- */

/* A policy of AWS's own, "arn:aws:iam::aws:policy/…"; NULL for none. */
struct aws_managed_policy {
	const char *path, *name, *document; /* ' stands for " in the document */
};
const struct aws_managed_policy *aws_managed_find(str arn);
const struct aws_managed_policy *aws_managed_at(size_t index); /* NULL past the last */
str aws_managed_arn(struct call *c, const struct aws_managed_policy *p);

/* Of this account or of AWS. Fails: NoSuchEntity. */
bool policy_load_any(struct call *c, str arn, struct item *row, struct err *err);
/* The one that PolicyArn names, to be changed: only the account's own may be. */
bool policy_load_own(struct call *c, struct item *row, struct err *err);
/* Refuses a PolicyDocument that is too large or none. */
bool policy_document_check(struct call *c, struct err *err);
struct json *policy_version_new(struct call *c, str id, str document, bool is_default);

enum policy_use { POLICY_ATTACHED, POLICY_BOUNDARY };

/* Counts one use more or less. Fails: NoSuchEntity where the policy does not exist. */
bool policy_use(struct call *c, str arn, enum policy_use use, int by, struct err *err);

/* Puts a page of list under key, with Marker and IsTruncated. */
bool list_answer(struct call *c, const struct json *list, const char *key, struct err *err);

/* --- actions ---------------------------------------------------------------------------- */

struct json *role_answer(struct call *c, const struct item *row, bool whole, struct err *err);

#define ACTION(name) bool name(struct call *c, struct err *err)
ACTION(role_create);
ACTION(role_get);
ACTION(role_delete);
ACTION(role_list);
ACTION(role_update);
ACTION(role_trust_update);
ACTION(role_boundary_put);
ACTION(role_boundary_delete);
ACTION(role_tag);
ACTION(role_untag);
ACTION(role_list_tags);
ACTION(role_policy_put);
ACTION(role_policy_get);
ACTION(role_policy_delete);
ACTION(role_policy_list);
ACTION(role_attach);
ACTION(role_detach);
ACTION(role_list_attached);
ACTION(policy_create);
ACTION(policy_get);
ACTION(policy_delete);
ACTION(policy_list);
ACTION(policy_list_entities);
ACTION(policy_tag);
ACTION(policy_untag);
ACTION(policy_list_tags);
ACTION(policy_version_create);
ACTION(policy_version_get);
ACTION(policy_version_delete);
ACTION(policy_version_list);
ACTION(policy_version_set_default);
ACTION(profile_create);
ACTION(profile_get);
ACTION(profile_delete);
ACTION(profile_list);
ACTION(profile_list_for_role);
ACTION(profile_add_role);
ACTION(profile_remove_role);
#undef ACTION
