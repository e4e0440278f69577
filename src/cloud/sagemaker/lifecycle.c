/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/sagemaker/lifecycle.c: lifecycle configurations, scripts for a notebook's first and every
 * start. Instances name them, and take what they say at the start.
 */
#include "cloud/sagemaker/internal.h"

#include "base/encode.h"

static const struct input_rule rules[] = {
	{ "NotebookInstanceLifecycleConfigName", 0, 63, SAGEMAKER_NAME_PATTERN, NULL },
	{ "OnCreate", 0, 1, NULL, NULL },
	{ "OnCreate[].Content", 1, 16384, NULL, NULL },
	{ "OnStart", 0, 1, NULL, NULL },
	{ "OnStart[].Content", 1, 16384, NULL, NULL },
	{ "Tags", 0, 50, NULL, NULL },
	{ "Tags[].Key", 1, 128, NULL, NULL },
	{ "Tags[].Value", 0, 256, NULL, NULL },
};

static str
partition(struct call *c)
{
	return row_here(c, "sagemaker", "lifecycle");
}

static str
name_given(struct call *c)
{
	return json_str(json_get(c->in, "NotebookInstanceLifecycleConfigName"));
}

bool
sagemaker_lifecycle_find(struct call *c, str name, const struct json **out, struct err *err)
{
	struct item row;
	bool found;

	if (!row_find(c, partition(c), str_lower(c->a, name), &row, &found, err))
		return false;
	*out = found ? row.body : NULL;
	return true;
}

static bool
load(struct call *c, const struct json **out, struct err *err)
{
	if (!sagemaker_lifecycle_find(c, name_given(c), out, err))
		return false;
	if (*out == NULL)
		return err_code(err, ERR_NOT_FOUND, "ValidationException", "RecordNotFound");
	return true;
}

static bool
check_scripts(struct call *c, struct err *err)
{
	static const char *const hooks[] = { "OnCreate", "OnStart" };

	for (size_t i = 0; i < countof(hooks); i++) {
		const struct json *content =
		    json_get(json_at(json_get(c->in, hooks[i]), 0), "Content");
		str bytes;

		if (content != NULL && !base64_decode(c->a, json_str(content), &bytes))
			return err_code(err, ERR_INVALID, "ValidationException",
			    "The content of %s must be base64.", hooks[i]);
	}
	return true;
}

static void
set_scripts(struct call *c, struct json *row)
{
	static const char *const hooks[] = { "OnCreate", "OnStart" };

	for (size_t i = 0; i < countof(hooks); i++) {
		const struct json *hook = json_get(c->in, hooks[i]);

		json_set(c->a, row, hooks[i], hook == NULL ? json_new_array(c->a) : hook);
	}
	json_set(c->a, row, "modifiedMs", json_new_i64(c->a, c->now_ms));
}

bool
sagemaker_create_lifecycle_config(struct call *c, struct err *err)
{
	str key = str_lower(c->a, name_given(c)), arn;
	const struct json *old;
	struct json *row;

	if (!INPUT_CHECK(c, rules, err) || !check_scripts(c, err) ||
	    !sagemaker_lifecycle_find(c, key, &old, err))
		return false;
	arn = arn_make(c->a, "sagemaker", c->region, c->account,
	    "notebook-instance-lifecycle-config/" STR_FMT, STR_ARG(key));
	if (old != NULL)
		return err_code(err, ERR_CONFLICT, "ValidationException",
		    "Cannot create a duplicate notebook instance lifecycle config (" STR_FMT ")",
		    STR_ARG(arn));
	if (!sagemaker_check_room(c, "lifecycle", err))
		return false;
	row = row_new(c, partition(c), key);
	json_put_str(c->a, row, "NotebookInstanceLifecycleConfigArn", arn);
	json_put_str(c->a, row, "NotebookInstanceLifecycleConfigName", name_given(c));
	json_put_i64(c->a, row, "createdMs", c->now_ms);
	json_put(c->a, row, "tags", tags_with(c->a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	set_scripts(c, row);
	json_put_str(c->a, c->out, "NotebookInstanceLifecycleConfigArn", arn);
	return row_put(c, row, err);
}

/* A hook that the input leaves out is taken away. */
bool
sagemaker_update_lifecycle_config(struct call *c, struct err *err)
{
	const struct json *old;
	struct json *row;

	if (!INPUT_CHECK(c, rules, err) || !check_scripts(c, err) || !load(c, &old, err))
		return false;
	row = json_copy_shallow(c->a, old);
	set_scripts(c, row);
	return row_put(c, row, err);
}

bool
sagemaker_delete_lifecycle_config(struct call *c, struct err *err)
{
	const struct json *row;

	return load(c, &row, err) &&
	    row_del(c, json_str(json_get(row, "pk")), json_str(json_get(row, "sk")), err);
}

static void
show(struct call *c, const struct json *row, struct json *out)
{
	static const char *const shown[] = { "NotebookInstanceLifecycleConfigName",
		"NotebookInstanceLifecycleConfigArn" };

	for (size_t i = 0; i < countof(shown); i++)
		json_put(c->a, out, shown[i], json_get(row, shown[i]));
	json_put(
	    c->a, out, "CreationTime", time_json(c->a, json_i64(json_get(row, "createdMs"), 0)));
	json_put(c->a, out, "LastModifiedTime",
	    time_json(c->a, json_i64(json_get(row, "modifiedMs"), 0)));
}

bool
sagemaker_describe_lifecycle_config(struct call *c, struct err *err)
{
	const struct json *row;

	if (!load(c, &row, err))
		return false;
	show(c, row, c->out);
	json_put(c->a, c->out, "OnCreate", json_get(row, "OnCreate"));
	json_put(c->a, c->out, "OnStart", json_get(row, "OnStart"));
	return true;
}

bool
sagemaker_list_lifecycle_configs(struct call *c, struct err *err)
{
	static const struct sagemaker_sort sorts[] = {
		{ "Name", "sk" },
		{ "CreationTime", "createdMs" },
		{ "LastModifiedTime", "modifiedMs" },
	};

	return sagemaker_list(c, "lifecycle", "NotebookInstanceLifecycleConfigs", sorts,
	    countof(sorts), NULL, show, err);
}
