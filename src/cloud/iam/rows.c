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
iam_partition(struct call *c, const char *kind)
{
	return row_partition(c, "iam", kind, c->account, S(""));
}

str
iam_profile_ref(struct call *c, str role)
{
	return str_fmt(c->a, "iam#profileRole#" STR_FMT "#" STR_FMT, STR_ARG(c->account),
	    STR_ARG(iam_name_key(c, role)));
}

str
iam_name_key(struct call *c, str name)
{
	return str_lower(c->a, name);
}

bool
iam_role_load(struct call *c, str name, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, iam_partition(c, "role"), iam_name_key(c, name), out, &found, err))
		return false;
	return found ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		"The role with name " STR_FMT " cannot be found.", STR_ARG(name));
}

bool
iam_profile_load(struct call *c, str name, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, iam_partition(c, "profile"), iam_name_key(c, name), out, &found, err))
		return false;
	return found ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		"Instance Profile " STR_FMT " cannot be found.", STR_ARG(name));
}

bool
iam_policy_load(struct call *c, str arn, struct item *out, struct err *err)
{
	str name = arn_name(arn);
	bool found;

	if (!row_find(c, iam_partition(c, "policy"), iam_name_key(c, name), out, &found, err))
		return false;
	return (found && str_eq(row_text(out, "arn"), arn)) ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity", "Policy " STR_FMT " was not found.",
		STR_ARG(arn));
}

bool
iam_role_find_arn(struct call *c, str arn, struct item *out, bool *found, struct err *err)
{
	str pk = row_partition(c, "iam", "role", arn_account(arn), S(""));

	if (!row_find(c, pk, iam_name_key(c, arn_name(arn)), out, found, err))
		return false;
	*found = *found && str_eq(row_text(out, "arn"), arn);
	return true;
}
