/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/profile.c: instance profiles: the coat in which an instance wears a role.
 *
 * The row's ref names its role, so that a role knows by index which profiles hold it.
 */
#include "cloud/iam/internal.h"

#include "base/id.h"

static const struct input_rule rules[] = {
	{ "InstanceProfileName", 1, 128, "[\\w+=,.@-]+", NULL },
	{ "RoleName", 1, 64, "[\\w+=,.@-]+", NULL },
	{ "Path", 1, 512, "(/)|(/[\\x21-\\x7e]+/)", NULL },
};

static struct json *
profile_answer(struct call *c, const struct item *row, struct err *err)
{
	struct json *out = json_new_object(c->a);
	struct json *roles, *role;
	struct item role_row;

	json_put_str(c->a, out, "Path", row_text(row, "path"));
	json_put_str(c->a, out, "InstanceProfileName", row_text(row, "name"));
	json_put_str(c->a, out, "InstanceProfileId", row_text(row, "id"));
	json_put_str(c->a, out, "Arn", row_text(row, "arn"));
	json_put(
	    c->a, out, "CreateDate", time_json(c->a, json_i64(json_get(row->body, "created"), 0)));
	roles = json_put(c->a, out, "Roles", json_new_array(c->a));
	if (row_text(row, "role").len != 0) {
		if (!iam_role_load(c, row_text(row, "role"), &role_row, err))
			return NULL;
		role = iam_role_answer(c, &role_row, false, err);
		if (role == NULL)
			return NULL;
		json_push(c->a, roles, role);
	}
	if (json_count(json_get(row->body, "tags")) != 0)
		json_put(c->a, out, "Tags", json_get(row->body, "tags"));
	return out;
}

static bool
answer_with(struct call *c, const struct item *row, struct err *err)
{
	struct json *profile = profile_answer(c, row, err);

	json_put(c->a, c->out, "InstanceProfile", profile);
	return profile != NULL;
}

bool
iam_profile_create(struct call *c, struct err *err)
{
	str name = input_str(c, "InstanceProfileName"), path = input_str(c, "Path");
	struct arena *a = c->a;
	struct item row;
	struct json *body;
	bool found;

	if (!input_check(c, rules, countof(rules), err) ||
	    !iam_tags_check(c, json_get(c->in, "Tags"), err) ||
	    !row_find(c, iam_partition(c, "profile"), iam_name_key(c, name), &row, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "EntityAlreadyExists",
		    "Instance Profile " STR_FMT " already exists.", STR_ARG(name));
	if (path.len == 0)
		path = S("/");
	body = row_new(c, iam_partition(c, "profile"), iam_name_key(c, name));
	json_put_str(a, body, "name", name);
	json_put_str(a, body, "id", str_cat(a, S("AIPA"), id_upper_alnum(a, 17)));
	json_put_str(a, body, "path", path);
	json_put_str(a, body, "arn",
	    arn_make(a, "iam", S(""), c->account, "instance-profile" STR_FMT STR_FMT, STR_ARG(path),
		STR_ARG(name)));
	json_put_i64(a, body, "created", c->now_ms / 1000 * 1000);
	json_put(a, body, "tags", tags_with(a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	row.body = body;
	return row_put(c, body, err) && answer_with(c, &row, err);
}

bool
iam_profile_get(struct call *c, struct err *err)
{
	struct item row;

	return iam_profile_load(c, input_str(c, "InstanceProfileName"), &row, err) &&
	    answer_with(c, &row, err);
}

bool
iam_profile_delete(struct call *c, struct err *err)
{
	struct item row;

	if (!iam_profile_load(c, input_str(c, "InstanceProfileName"), &row, err))
		return false;
	if (row_text(&row, "role").len != 0)
		return err_code(err, ERR_CONFLICT, "DeleteConflict",
		    "Cannot delete entity, must remove roles from instance profile first.");
	return row_del(c, row.pk, row.sk, err);
}

bool
iam_profile_list(struct call *c, struct err *err)
{
	const struct store_query q = { .hash = iam_partition(c, "profile") };

	return iam_list_by_path(
	    c, &q, input_str(c, "PathPrefix"), profile_answer, "InstanceProfiles", err);
}

bool
iam_profile_list_for_role(struct call *c, struct err *err)
{
	str name = input_str(c, "RoleName");
	const struct store_query q = { .index = S("byRef"), .hash = iam_profile_ref(c, name) };
	struct item role;

	return iam_role_load(c, name, &role, err) &&
	    iam_list_by_path(c, &q, S(""), profile_answer, "InstanceProfiles", err);
}

bool
iam_profile_add_role(struct call *c, struct err *err)
{
	str name = input_str(c, "RoleName");
	struct item row, role;
	struct json *body;

	if (!input_check(c, rules, countof(rules), err) ||
	    !iam_profile_load(c, input_str(c, "InstanceProfileName"), &row, err) ||
	    !iam_role_load(c, name, &role, err))
		return false;
	if (row_text(&row, "role").len != 0)
		return err_code(err, ERR_CONFLICT, "LimitExceeded",
		    "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
	body = row_change(c, &row);
	json_set_str(c->a, body, "role", row_text(&role, "name"));
	json_set_str(c->a, body, "ref", iam_profile_ref(c, name));
	json_set_str(c->a, body, "refSort", row_text(&row, "name"));
	return row_put(c, body, err);
}

bool
iam_profile_remove_role(struct call *c, struct err *err)
{
	str name = input_str(c, "RoleName");
	struct item row;
	struct json *body;

	if (!iam_profile_load(c, input_str(c, "InstanceProfileName"), &row, err))
		return false;
	if (!str_eq_nocase(row_text(&row, "role"), name))
		return err_code(err, ERR_NOT_FOUND, "NoSuchEntity",
		    "The role with name " STR_FMT " cannot be found.", STR_ARG(name));
	body = row_change(c, &row);
	json_remove(body, "role");
	json_remove(body, "ref");
	json_remove(body, "refSort");
	return row_put(c, body, err);
}
