/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/sagemaker/status.c: from which status an instance may move to which, and telling it.
 */
#include "cloud/sagemaker/internal.h"

#include "base/clock.h"

/* Statuses in which something is under way, and those that they may begin in. */
static const struct {
	const char *to, *from; /* from NULL: only as a new instance's first */
} moves[] = {
	{ "Deleting", "Stopped, Failed" }, { "Pending", "Stopped, Failed" },
	{ "Stopping", "InService" },
	{ "Updating", "Stopped" }, /* whether Failed may be updated is not established */
};

static bool
is_among(const char *list, str status)
{
	for (str rest = str_of(list), one; str_cut(&rest, ',', &one);)
		if (str_eq(str_trim(one), status))
			return true;
	return false;
}

/* --- events ------------------------------------------------------------------------------ */

static struct json *
tag_map(struct arena *a, const struct json *tags)
{
	struct json *map = json_new_object(a);

	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		json_put_key(a, map, json_str(json_get(t, "Key")), json_get(t, "Value"));
	return map;
}

static bool
emit(struct call *c, const struct json *row, const char *status, struct err *err)
{
	static const char *const before_times[] = { "InstanceType", "SubnetId", "SecurityGroups",
		"RoleArn", "KmsKeyId", "NetworkInterfaceId" };
	static const char *const after_times[] = { "DirectInternetAccess",
		"NotebookInstanceLifecycleConfigName", "FailureReason" };
	struct arena *a = c->a;
	struct json *detail = json_new_object(a), *resources = json_new_array(a);

	json_push(a, resources, json_get(row, "NotebookInstanceArn"));
	json_put(a, detail, "NotebookInstanceArn", json_get(row, "NotebookInstanceArn"));
	json_put(a, detail, "NotebookInstanceName", json_get(row, "NotebookInstanceName"));
	json_put_str(a, detail, "NotebookInstanceStatus", str_of(status));
	for (size_t i = 0; i < countof(before_times); i++)
		json_put(a, detail, before_times[i], json_get(row, before_times[i]));
	json_put(a, detail, "LastModifiedTime", json_get(row, "modifiedMs"));
	json_put(a, detail, "CreationTime", json_get(row, "createdMs"));
	for (size_t i = 0; i < countof(after_times); i++)
		json_put(a, detail, after_times[i], json_get(row, after_times[i]));
	json_put(a, detail, "Tags", tag_map(a, json_get(row, "tags")));
	return cloud_emit(c, c->account, "aws.sagemaker",
	    "SageMaker Notebook Instance State Change", resources, detail, err);
}

/* --- moves ------------------------------------------------------------------------------- */

/* Receivers order events by this time, so no two changes of an instance share one. */
static void
touch(struct call *c, struct json *row)
{
	int64_t before = json_i64(json_get(row, "modifiedMs"), 0);

	json_set(c->a, row, "modifiedMs",
	    json_new_i64(c->a, c->now_ms > before ? c->now_ms : before + 1));
}

static bool
check_move(struct json *row, const char *to, struct err *err)
{
	const struct json *status = json_get(row, "NotebookInstanceStatus");

	for (size_t i = 0; i < countof(moves); i++) {
		if (!str_is(str_of(to), moves[i].to))
			continue;
		if (status == NULL || is_among(moves[i].from, json_str(status)))
			return true;
		return err_code(err, ERR_CONFLICT, "ValidationException",
		    "Status (" STR_FMT ") not in ([%s]). Unable to transition to (%s) for Notebook "
		    "Instance (" STR_FMT ")",
		    STR_ARG(json_str(status)), moves[i].from, to,
		    STR_ARG(json_str(json_get(row, "NotebookInstanceArn"))));
	}
	return err_set(err, ERR_INVALID, "no instance may begin to be %s", to);
}

bool
sagemaker_status_begin(struct call *c, struct json *notebook, const char *to, struct err *err)
{
	if (!check_move(notebook, to, err))
		return false;
	touch(c, notebook);
	json_remove(notebook, "FailureReason");
	json_set_str(c->a, notebook, "NotebookInstanceStatus", str_of(to));
	json_set(c->a, notebook, "sinceMs", json_new_i64(c->a, c->now_ms));
	row_due(c, notebook, "instance", c->now_ms);
	return row_put(c, notebook, err) && emit(c, notebook, to, err);
}

bool
sagemaker_status_end(
    struct call *c, struct json *notebook, const char *to, str failure, struct err *err)
{
	str pk = json_str(json_get(notebook, "pk")), sk = json_str(json_get(notebook, "sk"));

	touch(c, notebook);
	if (to == NULL)
		return row_del(c, pk, sk, err) && emit(c, notebook, "Deleted", err);
	json_set_str(c->a, notebook, "NotebookInstanceStatus", str_of(to));
	if (failure.len > 0)
		json_set_str(c->a, notebook, "FailureReason", failure);
	row_done(c, notebook);
	return row_put(c, notebook, err) && emit(c, notebook, to, err);
}

/* --- verbs ------------------------------------------------------------------------------- */

static bool
begin(struct call *c, const char *to, struct err *err)
{
	struct item row;

	return sagemaker_notebook_load(c, &row, err) &&
	    sagemaker_status_begin(c, row_change(c, &row), to, err);
}

bool
sagemaker_start_notebook_instance(struct call *c, struct err *err)
{
	return begin(c, "Pending", err);
}

bool
sagemaker_stop_notebook_instance(struct call *c, struct err *err)
{
	return begin(c, "Stopping", err);
}

bool
sagemaker_delete_notebook_instance(struct call *c, struct err *err)
{
	return begin(c, "Deleting", err);
}
