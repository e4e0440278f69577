/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/role_policy.c: what a role may do: inline policies, and managed ones attached.
 */
#include "cloud/iam/internal.h"

static const struct input_rule rules[] = {
	{ "RoleName", 1, 64, "[\\w+=,.@-]+", NULL },
	{ "PolicyName", 1, 128, "[\\w+=,.@-]+", NULL },
	{ "PolicyDocument", 1, 131072, NULL, NULL },
	{ "PolicyArn", 20, 2048, NULL, NULL },
};

static bool
load_role(struct call *c, struct item *row, struct err *err)
{
	return input_check(c, rules, countof(rules), err) &&
	    iam_role_load(c, input_str(c, "RoleName"), row, err);
}

/* --- inline ----------------------------------------------------------------------------- */

static size_t
all_chars(const struct json *inline_policies)
{
	size_t n = 0;

	for (const struct json *p = json_first(inline_policies); p != NULL; p = p->next)
		n += iam_policy_chars(json_str(p));
	return n;
}

/* A copy without the policy, or with another document in its place. */
static struct json *
with_policy(struct call *c, const struct json *policies, str name, const struct json *document)
{
	struct json *out = json_new_object(c->a);

	for (const struct json *p = json_first(policies); p != NULL; p = p->next)
		if (!str_eq(p->key, name))
			json_put_key(c->a, out, p->key, p);
	json_put_key(c->a, out, name, document);
	return out;
}

static bool
inline_set(struct call *c, const struct item *row, const struct json *document, struct err *err)
{
	struct json *body = row_change(c, row);

	json_set(c->a, body, "inline",
	    with_policy(c, json_get(row->body, "inline"), input_str(c, "PolicyName"), document));
	if (document != NULL && all_chars(json_get(body, "inline")) > MAX_INLINE_CHARS)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "Maximum policy size of %d bytes exceeded for role " STR_FMT, MAX_INLINE_CHARS,
		    STR_ARG(input_str(c, "RoleName")));
	return row_put(c, body, err);
}

bool
iam_role_policy_put(struct call *c, struct err *err)
{
	const struct json *document = json_get(c->in, "PolicyDocument");
	struct item row;

	return load_role(c, &row, err) && iam_identity_policy_check(c, json_str(document), err) &&
	    inline_set(c, &row, document, err);
}

static bool
load_inline(struct call *c, struct item *row, const struct json **document, struct err *err)
{
	str name = input_str(c, "PolicyName");

	if (!load_role(c, row, err))
		return false;
	*document = json_get_str(json_get(row->body, "inline"), name);
	return *document != NULL ||
	    err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		"The role policy with name " STR_FMT " cannot be found.", STR_ARG(name));
}

bool
iam_role_policy_get(struct call *c, struct err *err)
{
	const struct json *document;
	struct item row;

	if (!load_inline(c, &row, &document, err))
		return false;
	json_put_str(c->a, c->out, "RoleName", row_text(&row, "name"));
	json_put_str(c->a, c->out, "PolicyName", input_str(c, "PolicyName"));
	json_put_str(c->a, c->out, "PolicyDocument", iam_document_encode(c, json_str(document)));
	return true;
}

bool
iam_role_policy_delete(struct call *c, struct err *err)
{
	const struct json *document;
	struct item row;

	return load_inline(c, &row, &document, err) && inline_set(c, &row, NULL, err);
}

bool
iam_role_policy_list(struct call *c, struct err *err)
{
	struct json *names = json_new_array(c->a);
	struct item row;

	if (!load_role(c, &row, err))
		return false;
	for (const struct json *p = json_first(json_get(row.body, "inline")); p != NULL;
	     p = p->next)
		json_push_str(c->a, names, p->key);
	return iam_list_answer(c, names, "PolicyNames", err);
}

/* --- attached ----------------------------------------------------------------------------- */

static bool
is_attached(const struct item *row, str arn)
{
	for (const struct json *p = json_first(json_get(row->body, "attached")); p != NULL;
	     p = p->next)
		if (str_eq(json_str(p), arn))
			return true;
	return false;
}

bool
iam_role_attach(struct call *c, struct err *err)
{
	str arn = input_str(c, "PolicyArn");
	struct item row;
	struct json *body, *attached;

	if (!load_role(c, &row, err))
		return false;
	if (is_attached(&row, arn))
		return true;
	if (!iam_policy_count_use(c, arn, POLICY_ATTACHED, 1, err))
		return false;
	if (json_count(json_get(row.body, "attached")) >= MAX_ATTACHED)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "Cannot exceed quota for PoliciesPerRole: %d", MAX_ATTACHED);
	body = row_change(c, &row);
	attached = json_copy_shallow(c->a, json_get(body, "attached"));
	json_push_str(c->a, attached, arn);
	json_set(c->a, body, "attached", attached);
	return row_put(c, body, err);
}

bool
iam_role_detach(struct call *c, struct err *err)
{
	str arn = input_str(c, "PolicyArn");
	struct json *left = json_new_array(c->a), *body;
	struct item row;

	if (!load_role(c, &row, err))
		return false;
	if (!is_attached(&row, arn))
		return err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		    "Policy " STR_FMT " was not found.", STR_ARG(arn));
	for (const struct json *p = json_first(json_get(row.body, "attached")); p != NULL;
	     p = p->next)
		if (!str_eq(json_str(p), arn))
			json_push(c->a, left, p);
	body = row_change(c, &row);
	json_set(c->a, body, "attached", left);
	return iam_policy_count_use(c, arn, POLICY_ATTACHED, -1, err) && row_put(c, body, err);
}

/* "arn:aws:iam::1:policy/path/name": where the path begins, '/' included. */
static str
policy_path(str arn)
{
	str rest = str_from(arn, str_find(arn, S(":policy/")) + sizeof(":policy") - 1);
	size_t end = rest.len;

	while (end > 0 && rest.ptr[end - 1] != '/')
		end--;
	return str_sub(rest, 0, end);
}

bool
iam_role_list_attached(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);
	str prefix = input_str(c, "PathPrefix");
	struct item row;

	if (!load_role(c, &row, err))
		return false;
	for (const struct json *p = json_first(json_get(row.body, "attached")); p != NULL;
	     p = p->next) {
		str arn = json_str(p), path = policy_path(arn);
		struct json *policy = json_new_object(c->a);
		size_t name = str_find(arn, S(":policy/")) + sizeof(":policy") - 1 + path.len;

		if (!str_starts(path, prefix))
			continue;
		json_put_str(c->a, policy, "PolicyName", str_from(arn, name));
		json_put_str(c->a, policy, "PolicyArn", arn);
		json_push(c->a, list, policy);
	}
	return iam_list_answer(c, list, "AttachedPolicies", err);
}
