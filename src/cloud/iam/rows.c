/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/rows.c: where roles, policies and profiles stand.
 *
 * IAM knows no regions, so the region of its partitions is empty. A row is found by its name in
 * lower case: names that differ only in case cannot stand side by side.
 *
 *   iam#role#<account>#     name id path arn created trust trustIds description maxSession
 *                           boundary tags inline{name: document} attached[arn]
 *   iam#policy#<account>#   name id path arn created updated description tags nextVersion
 *                           versions[{id document created default}] attachments boundaries
 *   iam#profile#<account>#  name id path arn created tags role
 */
#include "cloud/iam/internal.h"

str
role_partition(struct call *c)
{
	return row_partition(c, "iam", "role", c->account, S(""));
}

str
policy_partition(struct call *c)
{
	return row_partition(c, "iam", "policy", c->account, S(""));
}

str
profile_partition(struct call *c)
{
	return row_partition(c, "iam", "profile", c->account, S(""));
}

str
name_key(struct call *c, str name)
{
	return str_lower(c->a, name);
}

str
row_text(const struct item *row, const char *member)
{
	return json_str(json_get(row->body, member));
}

bool
role_load(struct call *c, str name, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, role_partition(c), name_key(c, name), out, &found, err))
		return false;
	return found ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		"The role with name " STR_FMT " cannot be found.", STR_ARG(name));
}

bool
profile_load(struct call *c, str name, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, profile_partition(c), name_key(c, name), out, &found, err))
		return false;
	return found ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		"Instance Profile " STR_FMT " cannot be found.", STR_ARG(name));
}

/* What stands behind the last '/'. */
static str
last_segment(str arn)
{
	str rest = arn, piece = { 0 };

	while (str_cut(&rest, '/', &piece))
		continue;
	return piece;
}

bool
policy_load(struct call *c, str arn, struct item *out, struct err *err)
{
	str name = last_segment(arn);
	bool found;

	if (!row_find(c, policy_partition(c), name_key(c, name), out, &found, err))
		return false;
	return (found && str_eq(row_text(out, "arn"), arn)) ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity", "Policy " STR_FMT " was not found.",
		STR_ARG(arn));
}

bool
role_find_arn(struct call *c, str arn, struct item *out, bool *found, struct err *err)
{
	str pk = row_partition(c, "iam", "role", arn_account(arn), S(""));

	if (!row_find(c, pk, name_key(c, last_segment(arn)), out, found, err))
		return false;
	*found = *found && str_eq(row_text(out, "arn"), arn);
	return true;
}
