/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/kms/alias.c: second names of keys.
 */
#include "cloud/kms/internal.h"

static const struct input_rule rules[] = {
	{ "AliasName", 1, 256, "[a-zA-Z0-9:/_-]+", NULL },
};

static str
alias_arn(struct call *c, str name)
{
	return arn_make(c->a, "kms", c->region, c->account, STR_FMT, STR_ARG(name));
}

static bool
check_name(struct call *c, struct err *err)
{
	str name = input_str(c, "AliasName");

	if (!input_check(c, rules, countof(rules), err))
		return false;
	if (!str_starts(name, S("alias/")))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Alias must start with the prefix \"alias/\". Please see "
		    "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
	if (name.len == sizeof("alias/") - 1)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Alias must not be empty after the prefix \"alias/\"");
	if (str_starts(name, S("alias/aws/")))
		return err_code(err, ERR_DENIED, "NotAuthorizedException",
		    "Aliases that begin with alias/aws/ are AWS's own");
	return true;
}

static bool
alias_load(struct call *c, struct item *row, struct err *err)
{
	str name = input_str(c, "AliasName");
	bool found;

	if (!check_name(c, err) || !row_find(c, kms_alias_partition(c), name, row, &found, err))
		return false;
	return found ||
	    err_code(err, ERR_NOT_FOUND, "NotFoundException", "Alias " STR_FMT " is not found.",
		STR_ARG(alias_arn(c, name)));
}

/* A key of this account and region that is not on its way out. */
static bool
target_load(struct call *c, struct item *key, struct err *err)
{
	if (str_starts(input_str(c, "TargetKeyId"), S("alias/")))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Aliases must refer to keys. Not aliases");
	if (!kms_key_load(c, "TargetKeyId", key, err))
		return false;
	if (str_is(row_text(key, "state"), "PendingDeletion"))
		return err_code(err, ERR_CONFLICT, "KMSInvalidStateException",
		    STR_FMT " is pending deletion.", STR_ARG(row_text(key, "arn")));
	if (!str_eq(row_text(key, "account"), c->account) ||
	    !str_eq(row_text(key, "region"), c->region))
		return err_code(err, ERR_NOT_FOUND, "NotFoundException",
		    "Key '" STR_FMT "' is not in this account and Region",
		    STR_ARG(row_text(key, "arn")));
	return true;
}

static void
point_to(struct call *c, struct json *body, const struct item *key)
{
	str id = row_text(key, "id");

	json_set_str(c->a, body, "keyId", id);
	json_set_str(c->a, body, "ref", kms_ref_of_key(c, id));
	json_set_str(c->a, body, "refSort", json_str(json_get(body, "name")));
	json_set(c->a, body, "updated", json_new_i64(c->a, c->now_ms));
}

bool
kms_alias_create(struct call *c, struct err *err)
{
	str name = input_str(c, "AliasName");
	struct item row, key;
	struct json *body;
	bool found;

	if (!check_name(c, err) || !target_load(c, &key, err) ||
	    !row_find(c, kms_alias_partition(c), name, &row, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "AlreadyExistsException",
		    "An alias with the name " STR_FMT " already exists",
		    STR_ARG(alias_arn(c, name)));
	body = row_new(c, kms_alias_partition(c), name);
	json_put_str(c->a, body, "name", name);
	json_put_str(c->a, body, "arn", alias_arn(c, name));
	json_put_i64(c->a, body, "created", c->now_ms);
	point_to(c, body, &key);
	return row_put(c, body, err);
}

bool
kms_alias_update(struct call *c, struct err *err)
{
	struct item row, key;
	struct json *body;

	if (!alias_load(c, &row, err) || !target_load(c, &key, err))
		return false;
	body = row_change(c, &row);
	point_to(c, body, &key);
	return row_put(c, body, err);
}

bool
kms_alias_delete(struct call *c, struct err *err)
{
	struct item row;

	return alias_load(c, &row, err) && row_del(c, row.pk, row.sk, err);
}

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct json *list = cookie, *alias = json_new_object(c->a);

	(void)err;
	json_put_str(c->a, alias, "AliasName", row_text(row, "name"));
	json_put_str(c->a, alias, "AliasArn", row_text(row, "arn"));
	json_put_str(c->a, alias, "TargetKeyId", row_text(row, "keyId"));
	json_put(c->a, alias, "CreationDate",
	    time_json(c->a, json_i64(json_get(row->body, "created"), 0)));
	json_put(c->a, alias, "LastUpdatedDate",
	    time_json(c->a, json_i64(json_get(row->body, "updated"), 0)));
	json_push(c->a, list, alias);
	return true;
}

bool
kms_alias_list(struct call *c, struct err *err)
{
	struct store_query q = { .hash = kms_alias_partition(c) };
	struct json *list = json_new_array(c->a);
	struct item key;

	if (json_get(c->in, "KeyId") != NULL) {
		if (!kms_key_load(c, "KeyId", &key, err))
			return false;
		q.index = S("byRef");
		q.hash = kms_ref_of_key(c, row_text(&key, "id"));
	}
	return row_each(c, &q, list_one, list, err) && kms_list_answer(c, list, "Aliases", err);
}
