/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/permissions.c: documents shared with other accounts, or with all.
 *
 * The document's row lists with whom; a row in the other account's partition lets it list what
 * was shared with it.
 */
#include "cloud/ssm/internal.h"

#define MAX_SHARES 1000
#define MAX_ACCOUNTS_A_CALL 20

static const struct input_rule permission_rules[] = {
	{ .member = "PermissionType", .values = "Share" },
	{ .member = "AccountIdsToAdd", .max = MAX_ACCOUNTS_A_CALL },
	{ .member = "AccountIdsToRemove", .max = MAX_ACCOUNTS_A_CALL },
	{ .member = "SharedDocumentVersion", .pattern = "[$](LATEST|DEFAULT|ALL)" },
};

static bool
is_account(str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return text.len == 12;
}

static bool
check_accounts(struct call *c, const char *member, struct err *err)
{
	const struct json *list = json_get(c->in, member);

	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		if (!is_account(json_str(e)) && !str_eq_nocase(json_str(e), S("all")))
			return err_code(err, ERR_INVALID, "ValidationException",
			    "%s: " STR_FMT " is neither an account's 12 digits nor all", member,
			    STR_ARG(json_str(e)));
	}
	return true;
}

/* The row by which the other account finds it. */
static bool
put_share(struct call *c, const struct item *row, str with, bool stands, struct err *err)
{
	str pk = ssm_partition_of(c, with, "share");
	str name = row_text(row, "name");
	str sk = str_fmt(c->a, STR_FMT "/" STR_FMT, STR_ARG(c->account), STR_ARG(name));
	struct json *body = row_new(c, pk, sk);

	if (!stands)
		return row_del(c, pk, sk, err);
	json_put_str(c->a, body, "name", name);
	return row_put(c, body, err);
}

static bool
is_in(const struct json *list, str account)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		if (str_eq_nocase(json_str(e), account))
			return true;
	}
	return false;
}

/* shares without what is removed or given anew, then what is added. */
static bool
change_shares(struct call *c, const struct item *row, struct json *shares, struct err *err)
{
	const struct json *add = json_get(c->in, "AccountIdsToAdd");
	const struct json *drop = json_get(c->in, "AccountIdsToRemove");
	str version = json_str(json_get(c->in, "SharedDocumentVersion"));

	for (const struct json *s = json_first(json_get(row->body, "shares")); s != NULL;
	     s = s->next) {
		str with = json_str(json_get(s, "account"));

		if (!is_in(add, with) && !is_in(drop, with))
			json_push(c->a, shares, s);
		if (is_in(drop, with) && !put_share(c, row, with, false, err))
			return false;
	}
	for (const struct json *e = json_first(add); e != NULL; e = e->next) {
		str with = str_lower(c->a, json_str(e));
		struct json *share = json_new_object(c->a);

		json_put_str(c->a, share, "account", with);
		json_put_str(c->a, share, "version", version.len == 0 ? S("$DEFAULT") : version);
		json_push(c->a, shares, share);
		if (!put_share(c, row, with, true, err))
			return false;
	}
	return true;
}

bool
ssm_document_modify_permission(struct call *c, struct err *err)
{
	struct json *shares = json_new_array(c->a), *body;
	struct item row;

	if (!input_check(c, permission_rules, countof(permission_rules), err) ||
	    !check_accounts(c, "AccountIdsToAdd", err) ||
	    !check_accounts(c, "AccountIdsToRemove", err) ||
	    !ssm_document_load_own(c, json_str(json_get(c->in, "Name")), &row, err) ||
	    !change_shares(c, &row, shares, err))
		return false;
	if (json_count(shares) > MAX_SHARES)
		return err_code(err, ERR_CONFLICT, "DocumentPermissionLimit",
		    "A document can be shared with at most %d accounts", MAX_SHARES);
	body = row_change(c, &row);
	json_set(c->a, body, "shares", shares);
	return row_put(c, body, err);
}

bool
ssm_document_describe_permission(struct call *c, struct err *err)
{
	struct json *ids = json_new_array(c->a), *infos;
	struct item row;

	if (!input_check(c, permission_rules, countof(permission_rules), err) ||
	    !ssm_document_load_own(c, json_str(json_get(c->in, "Name")), &row, err))
		return false;
	infos = json_put(c->a, c->out, "AccountSharingInfoList", json_new_array(c->a));
	for (const struct json *s = json_first(json_get(row.body, "shares")); s != NULL;
	     s = s->next) {
		struct json *info = json_new_object(c->a);

		json_push(c->a, ids, json_get(s, "account"));
		json_put(c->a, info, "AccountId", json_get(s, "account"));
		json_put(c->a, info, "SharedDocumentVersion", json_get(s, "version"));
		json_push(c->a, infos, info);
	}
	return paginate(c, ids, "AccountIds", json_i64(json_get(c->in, "MaxResults"), 0),
	    json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
