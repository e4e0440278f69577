/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/policy_version.c: the versions of a managed policy, one of which is in force.
 */
#include "cloud/iam/internal.h"

struct json *
iam_policy_version_new(struct call *c, str id, str document, bool is_default)
{
	struct json *v = json_new_object(c->a);

	json_put_str(c->a, v, "id", id);
	json_put_str(c->a, v, "document", document);
	json_put_i64(c->a, v, "created", c->now_ms / 1000 * 1000);
	json_put_bool(c->a, v, "default", is_default);
	return v;
}

static struct json *
version_answer(struct call *c, const struct json *v, bool document)
{
	struct json *out = json_new_object(c->a);

	if (document)
		json_put_str(c->a, out, "Document",
		    iam_document_encode(c, json_str(json_get(v, "document"))));
	json_put(c->a, out, "VersionId", json_get(v, "id"));
	json_put(c->a, out, "IsDefaultVersion", json_get(v, "default"));
	json_put(c->a, out, "CreateDate", time_json(c->a, json_i64(json_get(v, "created"), 0)));
	return out;
}

static bool
find_version(struct call *c, const struct item *row, const struct json **out, struct err *err)
{
	str id = input_str(c, "VersionId");

	for (const struct json *v = json_first(json_get(row->body, "versions")); v != NULL;
	     v = v->next) {
		*out = v;
		if (str_eq(json_str(json_get(v, "id")), id))
			return true;
	}
	return err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
	    "Policy " STR_FMT " version " STR_FMT " does not exist or is not attachable.",
	    STR_ARG(input_str(c, "PolicyArn")), STR_ARG(id));
}

/* The versions, of which id becomes the default; empty: as they are. */
static struct json *
versions_copy(struct call *c, const struct item *row, str new_default)
{
	struct json *out = json_new_array(c->a);

	for (const struct json *v = json_first(json_get(row->body, "versions")); v != NULL;
	     v = v->next) {
		struct json *copy = json_copy_shallow(c->a, v);

		if (new_default.len != 0)
			json_set(c->a, copy, "default",
			    json_new_bool(c->a, str_eq(json_str(json_get(v, "id")), new_default)));
		json_push(c->a, out, copy);
	}
	return out;
}

static bool
put_versions(struct call *c, const struct item *row, const struct json *versions, struct err *err)
{
	struct json *body = row_change(c, row);

	json_set(c->a, body, "versions", versions);
	json_set(c->a, body, "updated", json_new_i64(c->a, c->now_ms / 1000 * 1000));
	return row_put(c, body, err);
}

bool
iam_policy_version_create(struct call *c, struct err *err)
{
	bool is_default = json_bool(json_get(c->in, "SetAsDefault"), false);
	struct json *versions, *version, *body;
	struct item row;
	str id;

	if (!iam_policy_load_own(c, &row, err) || !iam_policy_document_check(c, err))
		return false;
	if (json_count(json_get(row.body, "versions")) >= MAX_VERSIONS)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "A managed policy can have up to %d versions. Before you create a new version, "
		    "you must delete an existing version.",
		    MAX_VERSIONS);
	id = str_fmt(c->a, "v%lld", (long long)json_i64(json_get(row.body, "nextVersion"), 0));
	versions = versions_copy(c, &row, is_default ? id : S(""));
	version = iam_policy_version_new(c, id, input_str(c, "PolicyDocument"), is_default);
	json_push(c->a, versions, version);
	body = row_change(c, &row);
	json_set(c->a, body, "nextVersion",
	    json_new_i64(c->a, json_i64(json_get(row.body, "nextVersion"), 0) + 1));
	row.body = body;
	json_put(c->a, c->out, "PolicyVersion", version_answer(c, version, false));
	return put_versions(c, &row, versions, err);
}

bool
iam_policy_version_get(struct call *c, struct err *err)
{
	const struct json *version;
	struct item row;

	if (!iam_policy_load_any(c, input_str(c, "PolicyArn"), &row, err) ||
	    !find_version(c, &row, &version, err))
		return false;
	json_put(c->a, c->out, "PolicyVersion", version_answer(c, version, true));
	return true;
}

bool
iam_policy_version_delete(struct call *c, struct err *err)
{
	struct json *left = json_new_array(c->a);
	const struct json *version;
	struct item row;

	if (!iam_policy_load_own(c, &row, err) || !find_version(c, &row, &version, err))
		return false;
	if (json_bool(json_get(version, "default"), false))
		return err_code(err, ERR_CONFLICT, "DeleteConflict",
		    "Cannot delete the default version of a policy.");
	for (const struct json *v = json_first(json_get(row.body, "versions")); v != NULL;
	     v = v->next)
		if (v != version)
			json_push(c->a, left, v);
	return put_versions(c, &row, left, err);
}

bool
iam_policy_version_list(struct call *c, struct err *err)
{
	struct json *list = json_new_array(c->a);
	struct item row;

	if (!iam_policy_load_any(c, input_str(c, "PolicyArn"), &row, err))
		return false;
	for (const struct json *v = json_first(json_get(row.body, "versions")); v != NULL;
	     v = v->next)
		json_push(c->a, list, version_answer(c, v, false));
	return iam_list_answer(c, list, "Versions", err);
}

bool
iam_policy_version_set_default(struct call *c, struct err *err)
{
	const struct json *version;
	struct item row;

	return iam_policy_load_own(c, &row, err) && find_version(c, &row, &version, err) &&
	    put_versions(c, &row, versions_copy(c, &row, input_str(c, "VersionId")), err);
}
