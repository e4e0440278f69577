/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/sagemaker/tag.c: tags of notebook instances and lifecycle configurations. */
#include "cloud/sagemaker/internal.h"

#define MAX_TAGS 50

static const struct input_rule rules[] = {
	{ "ResourceArn", 0, 256, "arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+", NULL },
	{ "Tags", 0, MAX_TAGS, NULL, NULL },
	{ "Tags[].Key", 1, 128, "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", NULL },
	{ "Tags[].Value", 0, 256, "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", NULL },
	{ "TagKeys", 1, MAX_TAGS, NULL, NULL },
};

/* What stands before the name in an ARN, and the kind of row. */
static const char *const kinds[][2] = {
	{ "notebook-instance/", "notebook" },
	{ "notebook-instance-lifecycle-config/", "lifecycle" },
};

static bool
load(struct call *c, struct json **out, struct err *err)
{
	str arn = json_str(json_get(c->in, "ResourceArn"));
	bool found = false;
	struct item row;

	if (!INPUT_CHECK(c, rules, err))
		return false;
	for (size_t i = 0; i < countof(kinds) && !found; i++) {
		str prefix = arn_make(c->a, "sagemaker", c->region, c->account, "%s", kinds[i][0]);

		if (str_starts(arn, prefix) &&
		    !row_find(c, row_here(c, "sagemaker", kinds[i][1]), str_from(arn, prefix.len),
			&row, &found, err))
			return false;
	}
	if (!found)
		return err_code(err, ERR_NOT_FOUND, "ValidationException", "RecordNotFound");
	*out = row_change(c, &row);
	return true;
}

static bool
put(struct call *c, struct json *row, const struct json *tags, struct err *err)
{
	if (json_count(tags) > MAX_TAGS)
		return err_code(err, ERR_INVALID, "ResourceLimitExceeded",
		    "A resource may have %d tags at most.", MAX_TAGS);
	json_set(c->a, row, "tags", tags);
	return row_put(c, row, err);
}

bool
sagemaker_add_tags(struct call *c, struct err *err)
{
	const struct json *tags;
	struct json *row;

	if (!load(c, &row, err))
		return false;
	tags = tags_with(c->a, json_get(row, "tags"), json_get(c->in, "Tags"), "Key", "Value");
	json_put(c->a, c->out, "Tags", tags);
	return put(c, row, tags, err);
}

bool
sagemaker_delete_tags(struct call *c, struct err *err)
{
	struct json *row;

	return load(c, &row, err) &&
	    put(c, row,
		tags_without(c->a, json_get(row, "tags"), json_get(c->in, "TagKeys"), "Key"), err);
}

bool
sagemaker_list_tags(struct call *c, struct err *err)
{
	struct json *row;

	return load(c, &row, err) &&
	    paginate(c, json_get(row, "tags"), "Tags",
		json_i64(json_get(c->in, "MaxResults"), MAX_TAGS),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
