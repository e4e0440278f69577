/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/model.c: what IAM refuses to store.
 */
#include "cloud/iam/internal.h"

#include <ctype.h>

#include "base/encode.h"
#include "cloud/access.h"

size_t
iam_policy_chars(str document)
{
	size_t n = 0;

	for (size_t i = 0; i < document.len; i++)
		n += !isspace((unsigned char)document.ptr[i]);
	return n;
}

str
iam_document_encode(struct call *c, str document)
{
	return percent_encode(c->a, document, false);
}

bool
iam_identity_policy_check(struct call *c, str document, struct err *err)
{
	struct iam_policy policy;

	return iam_policy_parse_text(c->a, document, IAM_POLICY_IDENTITY, &policy, err);
}

bool
iam_tags_check(struct call *c, const struct json *tags, struct err *err)
{
	(void)c;
	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		for (const struct json *u = t->next; u != NULL; u = u->next)
			if (str_eq_nocase(
				json_str(json_get(t, "Key")), json_str(json_get(u, "Key"))))
				return err_code(err, ERR_INVALID, "InvalidInput",
				    "Duplicate tag keys found. Please note that Tag keys are case "
				    "insensitive.");
	if (json_count(tags) > MAX_TAGS)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "The number of tags has reached the maximum limit.");
	return true;
}

bool
iam_tags_change(struct call *c, struct item *row, bool add, struct err *err)
{
	const struct json *old = json_get(row->body, "tags");
	struct json *body,
	    *tags = add ? tags_with(c->a, old, json_get(c->in, "Tags"), "Key", "Value")
			: tags_without(c->a, old, json_get(c->in, "TagKeys"), "Key");

	if (!iam_tags_check(c, tags, err))
		return false;
	body = row_change(c, row);
	json_set(c->a, body, "tags", tags);
	return row_put(c, body, err);
}

/* --- principals of trust policies ------------------------------------------------------- */

static bool
no_such_principal(const struct iam_principal *p, const char *type, struct err *err)
{
	return err_code(err, ERR_INVALID, "MalformedPolicyDocument",
	    "Invalid principal in policy: \"%s\":\"" STR_FMT "\"", type, STR_ARG(p->value));
}

/*
 * Accounts and their roots pass unseen: one that is not of this cloud may exist on AWS. A role
 * must stand here, and its id is remembered.
 */
static bool
aws_principal_check(
    struct call *c, const struct iam_principal *p, struct json *ids, struct err *err)
{
	struct item role;
	bool found;

	if (text_matches(p->value, "\\d{12}|arn:aws:iam::\\d{12}:root|A(RO|ID)A[A-Z0-9]{16,}") ||
	    text_matches(p->value, "arn:aws:sts::\\d{12}:assumed-role/[\\w+=,.@-]+/[\\w+=,.@-]+"))
		return true;
	if (!text_matches(p->value, "arn:aws:iam::\\d{12}:role/.+"))
		return no_such_principal(p, "AWS", err);
	if (!iam_role_find_arn(c, p->value, &role, &found, err))
		return false;
	if (!found)
		return no_such_principal(p, "AWS", err);
	if (json_get_str(ids, p->value) == NULL)
		json_put_key(c->a, ids, p->value, json_new_str(c->a, row_text(&role, "id")));
	return true;
}

static bool
principal_check(struct call *c, const struct iam_principal *p, struct json *ids, struct err *err)
{
	switch (p->type) {
	case IAM_AWS:
		return aws_principal_check(c, p, ids, err);
	case IAM_SERVICE:
		return text_matches(p->value, ACCESS_SERVICE_PATTERN) ||
		    no_such_principal(p, "SERVICE", err);
	case IAM_CANONICAL_USER:
		return no_such_principal(
		    p, "CANONICAL_USER", err); /* buckets know these, roles not */
	case IAM_ANYONE:
	case IAM_FEDERATED:
		return true;
	}
	return true;
}

bool
iam_trust_policy_check(struct call *c, str document, const struct json **ids, struct err *err)
{
	struct json *known = json_new_object(c->a);
	struct iam_policy policy;

	if (iam_policy_chars(document) > MAX_TRUST_CHARS)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "Cannot exceed quota for ACLSizePerRole: %d", MAX_TRUST_CHARS);
	if (!iam_policy_parse_text(c->a, document, IAM_POLICY_TRUST, &policy, err))
		return false;
	for (size_t i = 0; i < policy.statement_count; i++)
		for (size_t j = 0; j < policy.statements[i].principal_count; j++)
			if (!principal_check(c, &policy.statements[i].principals[j], known, err))
				return false;
	*ids = known;
	return true;
}

bool
iam_trust_policy_text(struct call *c, const struct item *role, str *out, struct err *err)
{
	str text = row_text(role, "trust");

	for (const struct json *m = json_first(json_get(role->body, "trustIds")); m != NULL;
	     m = m->next) {
		struct item named;
		bool found;

		if (!iam_role_find_arn(c, m->key, &named, &found, err))
			return false;
		if (!found || !str_eq(row_text(&named, "id"), json_str(m)))
			text = str_replace(c->a, text,
			    str_fmt(c->a, "\"" STR_FMT "\"", STR_ARG(m->key)),
			    str_fmt(c->a, "\"" STR_FMT "\"", STR_ARG(json_str(m))));
	}
	*out = text;
	return true;
}

bool
iam_list_answer(struct call *c, const struct json *list, const char *key, struct err *err)
{
	static const struct input_rule rules[] = { { "MaxItems", 1, 1000, NULL, NULL } };

	if (!input_check(c, rules, countof(rules), err) ||
	    !paginate(c, list, key, json_i64(json_get(c->in, "MaxItems"), 100),
		json_str(json_get(c->in, "Marker")), "Marker", err))
		return false;
	json_put_bool(c->a, c->out, "IsTruncated", json_get(c->out, "Marker") != NULL);
	return true;
}

struct by_path {
	str prefix;
	struct json *(*answer)(struct call *c, const struct item *row, struct err *err);
	struct json *list;
};

static bool
list_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct by_path *l = cookie;
	struct json *shown;

	if (!str_starts(row_text(row, "path"), l->prefix))
		return true;
	shown = l->answer(c, row, err);
	json_push(c->a, l->list, shown);
	return shown != NULL;
}

bool
iam_list_by_path(struct call *c, const struct store_query *q, str prefix,
    struct json *(*answer)(struct call *c, const struct item *row, struct err *err),
    const char *key, struct err *err)
{
	struct by_path l = { prefix, answer, json_new_array(c->a) };

	return row_each(c, q, list_one, &l, err) && iam_list_answer(c, l.list, key, err);
}
