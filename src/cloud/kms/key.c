/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/kms/key.c: keys: made, described, switched, and deleted after a time to think it over.
 */
#include "cloud/kms/internal.h"

#include "base/clock.h"
#include "base/id.h"

#define MAX_TAGS 50
#define DAY_MS INT64_C(86400000)
#define USUAL_ROTATION_DAYS 365

static const struct input_rule key_rules[] = {
	{ "Description", 0, 8192, NULL, NULL },
	{ "KeyUsage", 0, 0, NULL, "SIGN_VERIFY ENCRYPT_DECRYPT GENERATE_VERIFY_MAC KEY_AGREEMENT" },
	{ "Origin", 0, 0, NULL, "AWS_KMS EXTERNAL AWS_CLOUDHSM EXTERNAL_KEY_STORE" },
	{ "Policy", 1, 131072, NULL, NULL },
	{ "PendingWindowInDays", 7, 30, NULL, NULL },
	{ "RotationPeriodInDays", 90, 2560, NULL, NULL },
};

/* --- what is asked for --------------------------------------------------------------------- */

/* One kind of key is made here; of the others no template of ours or AWS's SDKs has need. */
static bool
check_kind(struct call *c, struct err *err)
{
	static const struct {
		const char *member, *value;
	} only[] = {
		{ "KeyUsage", "ENCRYPT_DECRYPT" },
		{ "KeySpec", "SYMMETRIC_DEFAULT" },
		{ "CustomerMasterKeySpec", "SYMMETRIC_DEFAULT" },
		{ "Origin", "AWS_KMS" },
	};

	for (size_t i = 0; i < countof(only); i++)
		if (json_get(c->in, only[i].member) != NULL &&
		    !str_is(input_str(c, only[i].member), only[i].value))
			return err_code(err, ERR_INVALID, "UnsupportedOperationException",
			    "The local cloud makes keys of %s %s only", only[i].member,
			    only[i].value);
	if (json_bool(json_get(c->in, "MultiRegion"), false))
		return err_code(err, ERR_INVALID, "UnsupportedOperationException",
		    "The local cloud makes no multi-Region keys");
	return true;
}

static bool
check_tags(struct call *c, const struct json *tags, struct err *err)
{
	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		for (const struct json *u = t->next; u != NULL; u = u->next)
			if (str_eq(
				json_str(json_get(t, "TagKey")), json_str(json_get(u, "TagKey"))))
				return err_code(
				    err, ERR_INVALID, "TagException", "Duplicate tag keys");
	if (json_count(tags) > MAX_TAGS)
		return err_code(err, ERR_INVALID, "TagException", "Too many tags");
	/* CloudFormation marks what it makes with such tags. */
	for (const struct json *t = json_first(tags); c->from_outside && t != NULL; t = t->next)
		if (str_starts(json_str(json_get(t, "TagKey")), S("aws:")))
			return err_code(err, ERR_INVALID, "TagException",
			    "Tags beginning with aws: are reserved for AWS");
	return true;
}

/* --- create and describe --------------------------------------------------------------------- */

static struct json *
metadata(struct call *c, const struct item *row)
{
	struct arena *a = c->a;
	struct json *out = json_new_object(a);
	str state = row_text(row, "state");
	const struct json *deletion = json_get(row->body, "deletionAt");

	json_put(a, out, "AWSAccountId", json_get(row->body, "account"));
	json_put_str(a, out, "KeyId", row_text(row, "id"));
	json_put_str(a, out, "Arn", row_text(row, "arn"));
	json_put(a, out, "CreationDate", time_json(a, json_i64(json_get(row->body, "created"), 0)));
	json_put_bool(a, out, "Enabled", str_is(state, "Enabled"));
	json_put_str(a, out, "Description", row_text(row, "description"));
	json_put_str(a, out, "KeyUsage", S("ENCRYPT_DECRYPT"));
	json_put_str(a, out, "KeyState", state);
	if (deletion != NULL)
		json_put(a, out, "DeletionDate", time_json(a, json_i64(deletion, 0)));
	json_put_str(a, out, "Origin", S("AWS_KMS"));
	json_put_str(a, out, "KeyManager", S("CUSTOMER"));
	json_put_str(a, out, "CustomerMasterKeySpec", S("SYMMETRIC_DEFAULT"));
	json_put_str(a, out, "KeySpec", S("SYMMETRIC_DEFAULT"));
	json_push_str(
	    a, json_put(a, out, "EncryptionAlgorithms", json_new_array(a)), S("SYMMETRIC_DEFAULT"));
	json_put_bool(a, out, "MultiRegion", false);
	return out;
}

bool
kms_key_create(struct call *c, struct err *err)
{
	struct arena *a = c->a;
	str id = id_uuid(a), policy = input_str(c, "Policy");
	str arn = arn_make(a, "kms", c->region, c->account, "key/" STR_FMT, STR_ARG(id));
	const struct json *tags = json_get(c->in, "Tags");
	struct item row;
	struct json *body;

	if (!input_check(c, key_rules, countof(key_rules), err) || !check_kind(c, err) ||
	    !check_tags(c, tags, err) ||
	    (policy.len != 0 && !kms_key_policy_check(c, policy, arn, err)))
		return false;
	body = row_new(c, row_here(c, "kms", "key"), id);
	json_put_str(a, body, "id", id);
	json_put_str(a, body, "arn", arn);
	json_put_i64(a, body, "created", c->now_ms);
	json_put_str(a, body, "state", S("Enabled"));
	json_put_str(a, body, "description", input_str(c, "Description"));
	json_put_str(a, body, "policy", policy.len != 0 ? policy : kms_key_policy_default(c));
	json_put_i64(a, body, "rotationDays", 0);
	json_put(a, body, "tags", tags_with(a, NULL, tags, "TagKey", "TagValue"));
	row.body = body;
	json_put(a, c->out, "KeyMetadata", metadata(c, &row));
	return row_put(c, body, err);
}

bool
kms_key_describe(struct call *c, struct err *err)
{
	struct item row;

	if (!kms_key_load(c, "KeyId", &row, err))
		return false;
	json_put(c->a, c->out, "KeyMetadata", metadata(c, &row));
	return true;
}

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct json *list = cookie, *key;

	(void)err;
	if (c->now_ms >= json_i64(json_get(row->body, "deletionAt"), INT64_MAX))
		return true;
	key = json_new_object(c->a);
	json_put_str(c->a, key, "KeyId", row_text(row, "id"));
	json_put_str(c->a, key, "KeyArn", row_text(row, "arn"));
	json_push(c->a, list, key);
	return true;
}

bool
kms_key_list(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);

	return row_each(c, &(struct store_query){ .hash = row_here(c, "kms", "key") }, list_one,
		   list, err) &&
	    kms_list_answer(c, list, "Keys", err);
}

/* --- changes ---------------------------------------------------------------------------------- */

/* Loads a usable key and puts it with one member changed. */
static bool
set_member(struct call *c, const char *member, const struct json *value, struct err *err)
{
	struct item row;
	struct json *body;

	if (!input_check(c, key_rules, countof(key_rules), err) ||
	    !kms_key_load_usable(c, &row, err))
		return false;
	body = row_change(c, &row);
	json_set(c->a, body, member, value);
	return row_put(c, body, err);
}

bool
kms_key_enable(struct call *c, struct err *err)
{
	return set_member(c, "state", json_new_str(c->a, S("Enabled")), err);
}

bool
kms_key_disable(struct call *c, struct err *err)
{
	return set_member(c, "state", json_new_str(c->a, S("Disabled")), err);
}

bool
kms_key_describe_update(struct call *c, struct err *err)
{
	return set_member(c, "description", json_get(c->in, "Description"), err);
}

bool
kms_key_rotation_enable(struct call *c, struct err *err)
{
	int64_t days = json_i64(json_get(c->in, "RotationPeriodInDays"), USUAL_ROTATION_DAYS);

	return set_member(c, "rotationDays", json_new_i64(c->a, days), err);
}

bool
kms_key_rotation_disable(struct call *c, struct err *err)
{
	return set_member(c, "rotationDays", json_new_i64(c->a, 0), err);
}

bool
kms_key_rotation_status(struct call *c, struct err *err)
{
	struct item row;
	int64_t days;

	if (!kms_key_load(c, "KeyId", &row, err))
		return false;
	days = json_i64(json_get(row.body, "rotationDays"), 0);
	json_put_bool(c->a, c->out, "KeyRotationEnabled", days != 0);
	json_put_str(c->a, c->out, "KeyId", row_text(&row, "arn"));
	if (days != 0)
		json_put_i64(c->a, c->out, "RotationPeriodInDays", days);
	return true;
}

bool
kms_key_schedule_deletion(struct call *c, struct err *err)
{
	int64_t days = json_i64(json_get(c->in, "PendingWindowInDays"), 30);
	struct item row;
	struct json *body;

	if (!input_check(c, key_rules, countof(key_rules), err) ||
	    !kms_key_load_usable(c, &row, err))
		return false;
	body = row_change(c, &row);
	json_set_str(c->a, body, "state", S("PendingDeletion"));
	json_set(c->a, body, "deletionAt", json_new_i64(c->a, c->now_ms + days * DAY_MS));
	json_put_str(c->a, c->out, "KeyId", row_text(&row, "arn"));
	json_put(c->a, c->out, "DeletionDate", time_json(c->a, c->now_ms + days * DAY_MS));
	json_put_str(c->a, c->out, "KeyState", S("PendingDeletion"));
	json_put_i64(c->a, c->out, "PendingWindowInDays", days);
	return row_put(c, body, err);
}

bool
kms_key_cancel_deletion(struct call *c, struct err *err)
{
	struct item row;
	struct json *body;

	if (!kms_key_load(c, "KeyId", &row, err))
		return false;
	if (!str_is(row_text(&row, "state"), "PendingDeletion"))
		return err_code(err, ERR_CONFLICT, "KMSInvalidStateException",
		    STR_FMT " is not pending deletion.", STR_ARG(row_text(&row, "arn")));
	body = row_change(c, &row);
	json_set_str(c->a, body, "state", S("Disabled"));
	json_remove(body, "deletionAt");
	json_put_str(c->a, c->out, "KeyId", row_text(&row, "arn"));
	return row_put(c, body, err);
}

/* --- tags -------------------------------------------------------------------------------- */

bool
kms_key_tag(struct call *c, struct err *err)
{
	struct item row;
	struct json *body, *tags;

	if (!kms_key_load_usable(c, &row, err))
		return false;
	tags = tags_with(
	    c->a, json_get(row.body, "tags"), json_get(c->in, "Tags"), "TagKey", "TagValue");
	if (!check_tags(c, json_get(c->in, "Tags"), err) || !check_tags(c, tags, err))
		return false;
	body = row_change(c, &row);
	json_set(c->a, body, "tags", tags);
	return row_put(c, body, err);
}

bool
kms_key_untag(struct call *c, struct err *err)
{
	struct item row;
	struct json *body;

	if (!kms_key_load_usable(c, &row, err))
		return false;
	body = row_change(c, &row);
	json_set(c->a, body, "tags",
	    tags_without(c->a, json_get(row.body, "tags"), json_get(c->in, "TagKeys"), "TagKey"));
	return row_put(c, body, err);
}

bool
kms_key_list_tags(struct call *c, struct err *err)
{
	struct item row;

	return kms_key_load(c, "KeyId", &row, err) &&
	    kms_list_answer(c, json_get(row.body, "tags"), "Tags", err);
}
