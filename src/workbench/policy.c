/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/policy.c: adds principals to a policy that others wrote, too.
 *
 * A policy is never made anew where one stands: what cannot be understood is refused, because
 * dropping a statement may open or close what somebody else has decided (api.md SEC7).
 */
#include "workbench/policy.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

static str
root_of(struct arena *a, str partition, str account)
{
	return str_fmt(
	    a, "arn:" STR_FMT ":iam::" STR_FMT ":root", STR_ARG(partition), STR_ARG(account));
}

/* Elements of a member that may be one value or a list of them. */
static struct json *
as_list(struct arena *a, const struct json *value)
{
	struct json *list = json_new_array(a);

	if (json_is(value, JSON_ARRAY))
		for (const struct json *e = json_first(value); e != NULL; e = e->next)
			json_push(a, list, e);
	else if (value != NULL)
		json_push(a, list, value);
	return list;
}

/* Those who are missing, at the end of the list. An account's number means its root, too. */
static bool
add_missing(struct arena *a, struct json *principals, const struct json *accounts, str partition)
{
	bool added = false;

	for (const struct json *n = json_first(accounts); n != NULL; n = n->next) {
		str root = root_of(a, partition, json_str(n));

		if (json_has_str(principals, root) || json_has_str(principals, json_str(n)))
			continue;
		json_push_str(a, principals, root);
		added = true;
	}
	return added;
}

/* --- a statement of ours ----------------------------------------------------------------- */

static void
put_condition(struct arena *a, struct json *statement, const char *prefix)
{
	struct json *condition = json_put(a, statement, "Condition", json_new_object(a));
	struct json *like = json_put(a, condition, "StringLike", json_new_object(a));

	json_put_str(a, like, "s3:prefix", str_of(prefix));
}

static struct json *
new_statement(struct arena *a, const struct policy_statement *s, const struct json *principals)
{
	struct json *out = json_new_object(a), *who, *actions;

	json_put_str(a, out, "Sid", s->sid);
	json_put_str(a, out, "Effect", S("Allow"));
	who = json_put(a, out, "Principal", json_new_object(a));
	json_put(a, who, "AWS", principals);
	actions = json_put(a, out, "Action", json_new_array(a));
	for (const char *const *action = s->actions; *action != NULL; action++)
		json_push_str(a, actions, str_of(*action));
	json_put_str(a, out, "Resource", s->resource);
	if (s->prefix != NULL)
		put_condition(a, out, s->prefix);
	return out;
}

/* --- one that stands --------------------------------------------------------------------- */

static bool
refuse(struct err *err, str sid, const char *why)
{
	return err_set(err, ERR_INVALID,
	    "its statement " STR_FMT " %s; mend or remove that statement, then try again",
	    STR_ARG(sid), why);
}

/* "*" and "kms:*": more than any account is let in for (api.md SEC6). */
static bool
allows_everything(struct arena *a, const struct json *statement)
{
	const struct json *actions = as_list(a, json_get(statement, "Action"));

	for (const struct json *e = json_first(actions); e != NULL; e = e->next)
		if (str_is(json_str(e), "*") || str_ends(json_str(e), S(":*")))
			return true;
	return json_get(statement, "NotAction") != NULL;
}

static bool
check_standing(struct arena *a, const struct json *statement, str sid, struct err *err)
{
	const struct json *principal = json_get(statement, "Principal");

	if (!str_is(json_str(json_get(statement, "Effect")), "Allow"))
		return refuse(err, sid, "does not allow");
	if (!json_is(principal, JSON_OBJECT))
		return refuse(err, sid, "does not list accounts as its principals");
	if (allows_everything(a, statement))
		return refuse(err, sid, "allows every action");
	return true;
}

static bool
widen(struct arena *a, const struct json *standing, str sid, const struct json *accounts,
    str partition, struct json **out, bool *changed, struct err *err)
{
	struct json *who, *principals;

	if (!check_standing(a, standing, sid, err))
		return false;
	who = json_copy_shallow(a, json_get(standing, "Principal"));
	principals = as_list(a, json_get(who, "AWS"));
	*changed = add_missing(a, principals, accounts, partition);
	json_set(a, who, "AWS", principals);
	*out = json_copy_shallow(a, standing);
	json_set(a, *out, "Principal", who);
	return true;
}

/* --- the policy -------------------------------------------------------------------------- */

static bool
read_policy(struct arena *a, str text, const struct json **out, struct err *err)
{
	struct json *fresh = json_new_object(a);
	const struct json *statements;

	if (text.len == 0) {
		json_put_str(a, fresh, "Version", S("2012-10-17"));
		json_put(a, fresh, "Statement", json_new_array(a));
		*out = fresh;
		return true;
	}
	if (!json_parse(a, text, out, err))
		return err_prefix(err, "it cannot be read, so it stays as it is");
	statements = json_get(*out, "Statement");
	if (!json_is(statements, JSON_ARRAY) && !json_is(statements, JSON_OBJECT))
		return err_set(err, ERR_INVALID, "it has no statements, so it stays as it is");
	return true;
}

bool
policy_let_in(struct arena *a, str text, const struct policy_statement *s,
    const struct json *accounts, str partition, str *out, struct err *err)
{
	struct json *statements = json_new_array(a), *principals = json_new_array(a), *policy,
		    *mine;
	bool changed = false, found = false;
	const struct json *standing, *e;

	if (!read_policy(a, text, &standing, err))
		return false;
	e = json_first(as_list(a, json_get(standing, "Statement")));
	for (; e != NULL; e = e->next) {
		if (found || !str_eq(json_str(json_get(e, "Sid")), s->sid)) {
			json_push(a, statements, e);
			continue;
		}
		found = true;
		if (!widen(a, e, s->sid, accounts, partition, &mine, &changed, err))
			return false;
		json_push(a, statements, mine);
	}
	if (!found && add_missing(a, principals, accounts, partition)) {
		json_push(a, statements, new_statement(a, s, principals));
		changed = true;
	}
	policy = json_copy_shallow(a, standing);
	json_set(a, policy, "Statement", statements);
	*out = changed ? json_text(a, policy) : text;
	return true;
}
