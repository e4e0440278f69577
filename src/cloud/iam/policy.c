/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/policy.c: managed policies: of an account, and of AWS.
 */
#include "cloud/iam/internal.h"

#include "base/id.h"

static const struct input_rule policy_rules[] = {
	{ "PolicyName", 1, 128, "[\\w+=,.@-]+", NULL },
	{ "Path", 1, 512, "(/)|(/[\\x21-\\x7e]+/)", NULL },
	{ "Description", 0, 1000, NULL, NULL },
	{ "PolicyDocument", 1, 131072, NULL, NULL },
	{ "PolicyArn", 20, 2048, NULL, NULL },
	{ "Scope", 0, 0, NULL, "All AWS Local" },
};

static int64_t
number(const struct item *row, const char *member)
{
	return json_i64(json_get(row->body, member), 0);
}

static str
default_version(const struct item *row)
{
	for (const struct json *v = json_first(json_get(row->body, "versions")); v != NULL;
	     v = v->next)
		if (json_bool(json_get(v, "default"), false))
			return json_str(json_get(v, "id"));
	return S("");
}

static struct json *
policy_answer(struct call *c, const struct item *row, bool whole)
{
	struct json *out = json_new_object(c->a);

	json_put_str(c->a, out, "PolicyName", row_text(row, "name"));
	json_put_str(c->a, out, "PolicyId", row_text(row, "id"));
	json_put_str(c->a, out, "Arn", row_text(row, "arn"));
	json_put_str(c->a, out, "Path", row_text(row, "path"));
	json_put_str(c->a, out, "DefaultVersionId", default_version(row));
	json_put_i64(c->a, out, "AttachmentCount", number(row, "attachments"));
	json_put_i64(c->a, out, "PermissionsBoundaryUsageCount", number(row, "boundaries"));
	json_put_bool(c->a, out, "IsAttachable", true);
	json_put(c->a, out, "CreateDate", time_json(c->a, number(row, "created")));
	json_put(c->a, out, "UpdateDate", time_json(c->a, number(row, "updated")));
	if (!whole)
		return out;
	if (row_text(row, "description").len != 0)
		json_put_str(c->a, out, "Description", row_text(row, "description"));
	if (json_count(json_get(row->body, "tags")) != 0)
		json_put(c->a, out, "Tags", json_get(row->body, "tags"));
	return out;
}

/* A built-in policy in the form of a row; its uses are not counted but looked up. */
static struct item
managed_row(struct call *c, const struct aws_managed_policy *p)
{
	struct arena *a = c->a;
	struct json *body = json_new_object(a), *version = json_new_object(a);
	str arn = iam_aws_managed_arn(c, p);

	json_put_str(a, version, "id", S("v1"));
	json_put_bool(a, version, "default", true);
	json_put_str(a, version, "document", str_replace(a, str_of(p->document), S("'"), S("\"")));
	json_put_i64(a, version, "created", 0);
	json_put_str(a, body, "name", str_of(p->name));
	json_put_str(a, body, "id",
	    str_cat(a, S("ANPA"),
		str_upper(a, str_sub(str_replace(a, id_uuid_from(a, arn), S("-"), S("")), 0, 17))));
	json_put_str(a, body, "path", str_of(p->path));
	json_put_str(a, body, "arn", arn);
	json_put_i64(a, body, "created", 0);
	json_put_i64(a, body, "updated", 0);
	json_push(a, json_put(a, body, "versions", json_new_array(a)), version);
	return (struct item){ .body = body };
}

bool
iam_policy_load_any(struct call *c, str arn, struct item *row, struct err *err)
{
	const struct aws_managed_policy *p = iam_aws_managed_find(arn);

	if (p == NULL)
		return iam_policy_load(c, arn, row, err);
	*row = managed_row(c, p);
	return true;
}

bool
iam_policy_load_own(struct call *c, struct item *row, struct err *err)
{
	str arn = input_str(c, "PolicyArn");

	if (!input_check(c, policy_rules, countof(policy_rules), err))
		return false;
	if (iam_aws_managed_find(arn) != NULL)
		return err_code(err, ERR_DENIED, "AccessDenied",
		    "Policy " STR_FMT " is AWS's own and cannot be changed.", STR_ARG(arn));
	return iam_policy_load(c, arn, row, err);
}

bool
iam_policy_count_use(struct call *c, str arn, enum policy_use use, int by, struct err *err)
{
	const char *member = use == POLICY_ATTACHED ? "attachments" : "boundaries";
	struct item row;
	struct json *body;

	if (iam_aws_managed_find(arn) != NULL)
		return true;
	if (!iam_policy_load(c, arn, &row, err)) {
		if (err_is(err, "NoSuchEntity"))
			err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
			    "Policy " STR_FMT " does not exist or is not attachable.",
			    STR_ARG(arn));
		return false;
	}
	body = row_change(c, &row);
	json_set(c->a, body, member, json_new_i64(c->a, number(&row, member) + by));
	return row_put(c, body, err);
}

static struct json *
new_policy(struct call *c)
{
	struct arena *a = c->a;
	str name = input_str(c, "PolicyName"), path = input_str(c, "Path");
	struct json *body = row_new(c, iam_partition(c, "policy"), iam_name_key(c, name)),
		    *versions;

	if (path.len == 0)
		path = S("/");
	json_put_str(a, body, "name", name);
	json_put_str(a, body, "id", str_cat(a, S("ANPA"), id_upper_alnum(a, 17)));
	json_put_str(a, body, "path", path);
	json_put_str(a, body, "arn",
	    arn_make(a, "iam", S(""), c->account, "policy" STR_FMT STR_FMT, STR_ARG(path),
		STR_ARG(name)));
	json_put_i64(a, body, "created", c->now_ms / 1000 * 1000);
	json_put_i64(a, body, "updated", c->now_ms / 1000 * 1000);
	json_put_str(a, body, "description", input_str(c, "Description"));
	json_put(a, body, "tags", tags_with(a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	json_put_i64(a, body, "attachments", 0);
	json_put_i64(a, body, "boundaries", 0);
	json_put_i64(a, body, "nextVersion", 2);
	versions = json_put(a, body, "versions", json_new_array(a));
	json_push(
	    a, versions, iam_policy_version_new(c, S("v1"), input_str(c, "PolicyDocument"), true));
	return body;
}

bool
iam_policy_document_check(struct call *c, struct err *err)
{
	str document = input_str(c, "PolicyDocument");

	if (iam_policy_chars(document) > MAX_POLICY_CHARS)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "Cannot exceed quota for PolicySize: %d", MAX_POLICY_CHARS);
	return iam_identity_policy_check(c, document, err);
}

bool
iam_policy_create(struct call *c, struct err *err)
{
	str name = input_str(c, "PolicyName");
	struct item row;
	bool found;

	if (!input_check(c, policy_rules, countof(policy_rules), err) ||
	    !iam_tags_check(c, json_get(c->in, "Tags"), err) ||
	    !row_find(c, iam_partition(c, "policy"), iam_name_key(c, name), &row, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "EntityAlreadyExists",
		    "A policy called " STR_FMT " already exists. Duplicate names are not allowed.",
		    STR_ARG(name));
	if (!iam_policy_document_check(c, err))
		return false;
	row.body = new_policy(c);
	json_put(c->a, c->out, "Policy", policy_answer(c, &row, true));
	return row_put(c, row.body, err);
}

/* Who has it attached, or as boundary. */
struct users {
	str arn;
	struct json *attached, *bounded;
};

static bool
count_users(struct call *c, const struct item *role, void *cookie, struct err *err)
{
	struct users *u = cookie;

	(void)err;
	for (const struct json *p = json_first(json_get(role->body, "attached")); p != NULL;
	     p = p->next)
		if (str_eq(json_str(p), u->arn))
			json_push(c->a, u->attached, role->body);
	if (str_eq(row_text(role, "boundary"), u->arn))
		json_push(c->a, u->bounded, role->body);
	return true;
}

static bool
find_users(struct call *c, str arn, struct users *u, struct err *err)
{
	*u = (struct users){ arn, json_new_array(c->a), json_new_array(c->a) };
	return row_each(
	    c, &(struct store_query){ .hash = iam_partition(c, "role") }, count_users, u, err);
}

bool
iam_policy_get(struct call *c, struct err *err)
{
	str arn = input_str(c, "PolicyArn");
	struct item row;
	struct users u;
	struct json *policy;

	if (!input_check(c, policy_rules, countof(policy_rules), err) ||
	    !iam_policy_load_any(c, arn, &row, err))
		return false;
	policy = json_put(c->a, c->out, "Policy", policy_answer(c, &row, true));
	if (iam_aws_managed_find(arn) == NULL)
		return true;
	if (!find_users(c, arn, &u, err))
		return false;
	json_set(
	    c->a, policy, "AttachmentCount", json_new_i64(c->a, (int64_t)json_count(u.attached)));
	json_set(c->a, policy, "PermissionsBoundaryUsageCount",
	    json_new_i64(c->a, (int64_t)json_count(u.bounded)));
	return true;
}

bool
iam_policy_delete(struct call *c, struct err *err)
{
	struct item row;

	if (!iam_policy_load_own(c, &row, err))
		return false;
	if (number(&row, "attachments") + number(&row, "boundaries") != 0)
		return err_code(err, ERR_CONFLICT, "DeleteConflict",
		    "Cannot delete a policy attached to entities.");
	if (json_count(json_get(row.body, "versions")) > 1)
		return err_code(err, ERR_CONFLICT, "DeleteConflict",
		    "This policy has more than one version. Before you delete a policy, you must "
		    "delete the policy's versions. The default version is deleted with the policy.");
	return row_del(c, row.pk, row.sk, err);
}

struct listing {
	struct json *list;
	str prefix;
	bool only_attached;
};

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct listing *l = cookie;

	(void)err;
	if (str_starts(row_text(row, "path"), l->prefix) &&
	    (!l->only_attached || number(row, "attachments") != 0))
		json_push(c->a, l->list, policy_answer(c, row, false));
	return true;
}

bool
iam_policy_list(struct call *c, struct err *err)
{
	struct listing l = { json_new_array(c->a), input_str(c, "PathPrefix"),
		json_bool(json_get(c->in, "OnlyAttached"), false) };
	str scope = input_str(c, "Scope");
	const struct aws_managed_policy *p;

	if (!input_check(c, policy_rules, countof(policy_rules), err))
		return false;
	for (size_t i = 0; !str_is(scope, "Local") && (p = iam_aws_managed_at(i)) != NULL; i++) {
		struct item row = managed_row(c, p);
		struct users u;

		if (!find_users(c, row_text(&row, "arn"), &u, err))
			return false;
		json_put_i64(
		    c->a, (struct json *)row.body, "attachments", (int64_t)json_count(u.attached));
		if (!list_one(c, &row, &l, err))
			return false;
	}
	if (!str_is(scope, "AWS") &&
	    !row_each(
		c, &(struct store_query){ .hash = iam_partition(c, "policy") }, list_one, &l, err))
		return false;
	return iam_list_answer(c, l.list, "Policies", err);
}

bool
iam_policy_list_entities(struct call *c, struct err *err)
{
	bool bounded = str_is(input_str(c, "PolicyUsageFilter"), "PermissionsBoundary");
	str arn = input_str(c, "PolicyArn"), filter = input_str(c, "EntityFilter");
	struct json *roles = json_new_array(c->a);
	struct item row;
	struct users u;

	if (!iam_policy_load_any(c, arn, &row, err) || !find_users(c, arn, &u, err))
		return false;
	for (const struct json *r = json_first(bounded ? u.bounded : u.attached); r != NULL;
	     r = r->next) {
		struct json *role = json_new_object(c->a);

		json_put_str(c->a, role, "RoleName", json_str(json_get(r, "name")));
		json_put_str(c->a, role, "RoleId", json_str(json_get(r, "id")));
		if (filter.len == 0 || str_is(filter, "Role"))
			json_push(c->a, roles, role);
	}
	json_put(c->a, c->out, "PolicyGroups", json_new_array(c->a));
	json_put(c->a, c->out, "PolicyUsers", json_new_array(c->a));
	return iam_list_answer(c, roles, "PolicyRoles", err);
}

static bool
tags_set(struct call *c, bool add, struct err *err)
{
	struct item row;

	return iam_tags_check(c, json_get(c->in, "Tags"), err) &&
	    iam_policy_load_own(c, &row, err) && iam_tags_change(c, &row, add, err);
}

bool
iam_policy_tag(struct call *c, struct err *err)
{
	return tags_set(c, true, err);
}

bool
iam_policy_untag(struct call *c, struct err *err)
{
	return tags_set(c, false, err);
}

bool
iam_policy_list_tags(struct call *c, struct err *err)
{
	struct item row;

	return iam_policy_load_any(c, input_str(c, "PolicyArn"), &row, err) &&
	    iam_list_answer(c, json_get(row.body, "tags"), "Tags", err);
}
