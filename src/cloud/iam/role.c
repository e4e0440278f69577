/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/role.c: roles themselves: who may assume them, and their edges.
 */
#include "cloud/iam/internal.h"

#include "base/id.h"

static const struct input_rule role_rules[] = {
	{ "RoleName", 1, 64, "[\\w+=,.@-]+", NULL },
	{ "Path", 1, 512, "(/)|(/[\\x21-\\x7e]+/)", NULL },
	{ "Description", 0, 1000, NULL, NULL },
	{ "MaxSessionDuration", 3600, 43200, NULL, NULL },
	{ "AssumeRolePolicyDocument", 1, 131072, NULL, NULL },
	{ "PermissionsBoundary", 20, 2048, NULL, NULL },
};

static void
put_if(
    struct call *c, struct json *out, const char *key, const struct item *row, const char *member)
{
	const struct json *value = json_get(row->body, member);

	if (value != NULL && !(json_is(value, JSON_STRING) && json_str(value).len == 0))
		json_put(c->a, out, key, value);
}

/* whole: with tags and boundary, which lists leave out. NULL: the store failed. */
struct json *
iam_role_answer(struct call *c, const struct item *row, bool whole, struct err *err)
{
	struct json *out = json_new_object(c->a);
	str boundary = row_text(row, "boundary"), trust;

	if (!iam_trust_policy_text(c, row, &trust, err))
		return NULL;
	put_if(c, out, "Path", row, "path");
	put_if(c, out, "RoleName", row, "name");
	put_if(c, out, "RoleId", row, "id");
	put_if(c, out, "Arn", row, "arn");
	json_put(
	    c->a, out, "CreateDate", time_json(c->a, json_i64(json_get(row->body, "created"), 0)));
	json_put_str(c->a, out, "AssumeRolePolicyDocument", iam_document_encode(c, trust));
	put_if(c, out, "Description", row, "description");
	put_if(c, out, "MaxSessionDuration", row, "maxSession");
	if (!whole)
		return out;
	if (boundary.len != 0) {
		struct json *b = json_put(c->a, out, "PermissionsBoundary", json_new_object(c->a));

		json_put_str(c->a, b, "PermissionsBoundaryType", S("Policy"));
		json_put_str(c->a, b, "PermissionsBoundaryArn", boundary);
	}
	if (json_count(json_get(row->body, "tags")) != 0)
		put_if(c, out, "Tags", row, "tags");
	json_put(c->a, out, "RoleLastUsed", json_new_object(c->a));
	return out;
}

static bool
answer_with(struct call *c, const struct item *row, struct err *err)
{
	struct json *role = iam_role_answer(c, row, true, err);

	json_put(c->a, c->out, "Role", role);
	return role != NULL;
}

static struct json *
new_role(struct call *c, const struct json *trust_ids)
{
	struct arena *a = c->a;
	str name = input_str(c, "RoleName"), path = input_str(c, "Path");
	struct json *body = row_new(c, iam_partition(c, "role"), iam_name_key(c, name));

	if (path.len == 0)
		path = S("/");
	json_put_str(a, body, "name", name);
	json_put_str(a, body, "id", str_cat(a, S("AROA"), id_upper_alnum(a, 17)));
	json_put_str(a, body, "path", path);
	json_put_str(a, body, "arn",
	    arn_make(
		a, "iam", S(""), c->account, "role" STR_FMT STR_FMT, STR_ARG(path), STR_ARG(name)));
	json_put_i64(a, body, "created", c->now_ms / 1000 * 1000);
	json_put_str(a, body, "trust", input_str(c, "AssumeRolePolicyDocument"));
	json_put(a, body, "trustIds", trust_ids);
	json_put_str(a, body, "description", input_str(c, "Description"));
	json_put_i64(a, body, "maxSession", json_i64(json_get(c->in, "MaxSessionDuration"), 3600));
	json_put_str(a, body, "boundary", input_str(c, "PermissionsBoundary"));
	json_put(a, body, "tags", tags_with(a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	json_put(a, body, "inline", json_new_object(a));
	json_put(a, body, "attached", json_new_array(a));
	return body;
}

bool
iam_role_create(struct call *c, struct err *err)
{
	str name = input_str(c, "RoleName"), boundary = input_str(c, "PermissionsBoundary");
	struct item row;
	const struct json *trust_ids;
	bool found;

	if (!input_check(c, role_rules, countof(role_rules), err) ||
	    !iam_tags_check(c, json_get(c->in, "Tags"), err) ||
	    !row_find(c, iam_partition(c, "role"), iam_name_key(c, name), &row, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "EntityAlreadyExists",
		    "Role with name " STR_FMT " already exists.", STR_ARG(name));
	if (!iam_trust_policy_check(c, input_str(c, "AssumeRolePolicyDocument"), &trust_ids, err) ||
	    (boundary.len != 0 && !iam_policy_count_use(c, boundary, POLICY_BOUNDARY, 1, err)))
		return false;
	row.body = new_role(c, trust_ids);
	return row_put(c, row.body, err) && answer_with(c, &row, err);
}

bool
iam_role_get(struct call *c, struct err *err)
{
	struct item row;

	return iam_role_load(c, input_str(c, "RoleName"), &row, err) && answer_with(c, &row, err);
}

static bool
profile_has_role(struct call *c, str role, bool *has, struct err *err)
{
	struct store_page page;

	*has = false;
	if (!row_query(c,
		&(struct store_query){
		    .index = S("byRef"), .hash = iam_profile_ref(c, role), .limit = 1 },
		&page, err))
		return false;
	*has = page.count != 0;
	return true;
}

bool
iam_role_delete(struct call *c, struct err *err)
{
	str name = input_str(c, "RoleName"), boundary;
	const char *must = NULL;
	struct item row;
	bool in_profile;

	if (!iam_role_load(c, name, &row, err) || !profile_has_role(c, name, &in_profile, err))
		return false;
	if (in_profile)
		must = "remove roles from instance profile first.";
	else if (json_count(json_get(row.body, "attached")) != 0)
		must = "detach all policies first.";
	else if (json_count(json_get(row.body, "inline")) != 0)
		must = "delete policies first.";
	if (must != NULL)
		return err_code(
		    err, ERR_CONFLICT, "DeleteConflict", "Cannot delete entity, must %s", must);
	boundary = row_text(&row, "boundary");
	if (boundary.len != 0 && !iam_policy_count_use(c, boundary, POLICY_BOUNDARY, -1, err))
		return false;
	return row_del(c, row.pk, row.sk, err);
}

static struct json *
listed(struct call *c, const struct item *row, struct err *err)
{
	return iam_role_answer(c, row, false, err);
}

bool
iam_role_list(struct call *c, struct err *err)
{
	const struct store_query q = { .hash = iam_partition(c, "role") };

	return iam_list_by_path(c, &q, input_str(c, "PathPrefix"), listed, "Roles", err);
}

bool
iam_role_update(struct call *c, struct err *err)
{
	struct item row;
	struct json *body;

	if (!input_check(c, role_rules, countof(role_rules), err) ||
	    !iam_role_load(c, input_str(c, "RoleName"), &row, err))
		return false;
	body = row_change(c, &row);
	json_set_str(c->a, body, "description", input_str(c, "Description"));
	if (json_get(c->in, "MaxSessionDuration") != NULL)
		json_set(c->a, body, "maxSession", json_get(c->in, "MaxSessionDuration"));
	return row_put(c, body, err);
}

bool
iam_role_trust_update(struct call *c, struct err *err)
{
	str document = input_str(c, "PolicyDocument");
	const struct json *trust_ids;
	struct item row;
	struct json *body;

	if (!iam_role_load(c, input_str(c, "RoleName"), &row, err) ||
	    !iam_trust_policy_check(c, document, &trust_ids, err))
		return false;
	body = row_change(c, &row);
	json_set_str(c->a, body, "trust", document);
	json_set(c->a, body, "trustIds", trust_ids);
	return row_put(c, body, err);
}

/* Puts arn, empty for none, in place of the boundary that was. */
static bool
boundary_set(struct call *c, str arn, struct err *err)
{
	struct item row;
	struct json *body;
	str old;

	if (!input_check(c, role_rules, countof(role_rules), err) ||
	    !iam_role_load(c, input_str(c, "RoleName"), &row, err))
		return false;
	old = row_text(&row, "boundary");
	if ((arn.len != 0 && !iam_policy_count_use(c, arn, POLICY_BOUNDARY, 1, err)) ||
	    (old.len != 0 && !iam_policy_count_use(c, old, POLICY_BOUNDARY, -1, err)))
		return false;
	body = row_change(c, &row);
	json_set_str(c->a, body, "boundary", arn);
	return row_put(c, body, err);
}

bool
iam_role_boundary_put(struct call *c, struct err *err)
{
	return boundary_set(c, input_str(c, "PermissionsBoundary"), err);
}

bool
iam_role_boundary_delete(struct call *c, struct err *err)
{
	struct item row;

	if (!iam_role_load(c, input_str(c, "RoleName"), &row, err))
		return false;
	if (row_text(&row, "boundary").len == 0)
		return err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		    "Role " STR_FMT " has no permissions boundary.",
		    STR_ARG(input_str(c, "RoleName")));
	return boundary_set(c, S(""), err);
}

static bool
tags_set(struct call *c, bool add, struct err *err)
{
	struct item row;

	return iam_tags_check(c, json_get(c->in, "Tags"), err) &&
	    iam_role_load(c, input_str(c, "RoleName"), &row, err) &&
	    iam_tags_change(c, &row, add, err);
}

bool
iam_role_tag(struct call *c, struct err *err)
{
	return tags_set(c, true, err);
}

bool
iam_role_untag(struct call *c, struct err *err)
{
	return tags_set(c, false, err);
}

bool
iam_role_list_tags(struct call *c, struct err *err)
{
	struct item row;

	return iam_role_load(c, input_str(c, "RoleName"), &row, err) &&
	    iam_list_answer(c, json_get(row.body, "tags"), "Tags", err);
}
