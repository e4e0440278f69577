/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/sagemaker/notebook.c: notebook instances as records: made, shown, listed, changed.
 *
 * A row holds the members of the input that make up the instance under the names that AWS shows
 * them by, so creating and describing are one table read in two directions.
 */
#include "cloud/sagemaker/internal.h"

#include "cloud/sagemaker/instance_types.h"

/* What an instance is made of: name in the input, name in answers, value when it is not given. */
static const struct {
	const char *given, *shown, *usual;
} members[] = {
	{ "InstanceType", "InstanceType", NULL },
	{ "IpAddressType", "IpAddressType", NULL },
	{ "SubnetId", "SubnetId", NULL },
	{ "SecurityGroupIds", "SecurityGroups", NULL },
	{ "RoleArn", "RoleArn", NULL },
	{ "KmsKeyId", "KmsKeyId", NULL },
	{ "LifecycleConfigName", "NotebookInstanceLifecycleConfigName", NULL },
	{ "DirectInternetAccess", "DirectInternetAccess", "Enabled" },
	{ "VolumeSizeInGB", "VolumeSizeInGB", NULL },
	{ "AcceleratorTypes", "AcceleratorTypes", NULL },
	{ "DefaultCodeRepository", "DefaultCodeRepository", NULL },
	{ "AdditionalCodeRepositories", "AdditionalCodeRepositories", NULL },
	{ "RootAccess", "RootAccess", "Enabled" },
	{ "PlatformIdentifier", "PlatformIdentifier", "notebook-al2-v2" },
	{ "InstanceMetadataServiceConfiguration", "InstanceMetadataServiceConfiguration", NULL },
};

static const struct input_rule rules[] = {
	{ "NotebookInstanceName", 0, 63, SAGEMAKER_NAME_PATTERN, NULL },
	{ "InstanceType", 0, 0, NULL, SAGEMAKER_INSTANCE_TYPES },
	{ "IpAddressType", 0, 0, NULL, "ipv4 dualstack" },
	{ "SubnetId", 0, 32, "[-0-9a-zA-Z]+", NULL },
	{ "SecurityGroupIds", 0, 5, NULL, NULL },
	{ "SecurityGroupIds[]", 0, 32, "[-0-9a-zA-Z]+", NULL },
	{ "RoleArn", 20, 2048, "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
	    NULL },
	{ "KmsKeyId", 0, 2048, "[a-zA-Z0-9:/_-]*", NULL },
	{ "LifecycleConfigName", 0, 63, SAGEMAKER_NAME_PATTERN, NULL },
	{ "DirectInternetAccess", 0, 0, NULL, "Enabled Disabled" },
	{ "VolumeSizeInGB", 5, 16384, NULL, NULL },
	{ "AcceleratorTypes[]", 0, 0, NULL,
	    "ml.eia1.medium ml.eia1.large ml.eia1.xlarge ml.eia2.medium ml.eia2.large "
	    "ml.eia2.xlarge" },
	{ "DefaultCodeRepository", 1, 1024, NULL, NULL },
	{ "AdditionalCodeRepositories", 0, 3, NULL, NULL },
	{ "RootAccess", 0, 0, NULL, "Enabled Disabled" },
	{ "PlatformIdentifier", 0, 20,
	    "(notebook-al1-v1|notebook-al2-v1|notebook-al2-v2|notebook-al2-v3|notebook-al2023-v1)",
	    NULL },
	{ "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion", 0, 1, "1|2",
	    NULL },
	{ "Tags", 0, 50, NULL, NULL },
	{ "Tags[].Key", 1, 128, "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", NULL },
	{ "Tags[].Value", 0, 256, "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", NULL },
};

static str
sort_key(struct call *c)
{
	return str_lower(c->a, json_str(json_get(c->in, "NotebookInstanceName")));
}

bool
sagemaker_notebook_load(struct call *c, struct item *out, struct err *err)
{
	bool found;

	if (!row_find(c, row_here(c, "sagemaker", "notebook"), sort_key(c), out, &found, err))
		return false;
	if (!found)
		return err_code(err, ERR_NOT_FOUND, "ValidationException", "RecordNotFound");
	return true;
}

/* --- create -------------------------------------------------------------------------------- */

/* The texts of these refusals are not established. (K) */
static bool
check_network(struct call *c, struct err *err)
{
	bool subnet = json_str(json_get(c->in, "SubnetId")).len > 0;
	bool groups = json_count(json_get(c->in, "SecurityGroupIds")) > 0;

	if (subnet == groups)
		return true;
	return err_code(err, ERR_INVALID, "ValidationException",
	    subnet ? "SubnetId needs SecurityGroupIds: both or neither must be given."
		   : "SecurityGroupIds needs SubnetId: both or neither must be given.");
}

/* The role must let SageMaker in. (K) */
static bool
check_role(struct call *c, struct err *err)
{
	str role = json_str(json_get(c->in, "RoleArn"));
	struct principal session;

	if (role.len == 0)
		return true;
	if (!str_eq(arn_account(role), c->account))
		return err_code(err, ERR_DENIED, "ValidationException",
		    "Cross-account pass role is not allowed.");
	if (cloud_assume(c, role, S("SageMaker"), "sagemaker.amazonaws.com", &session, err))
		return true;
	if (err->code.len == 0)
		return false;
	return err_code(err, ERR_INVALID, "ValidationException",
	    "Could not assume role " STR_FMT ". Please ensure that the role exists and allows "
	    "principal 'sagemaker.amazonaws.com' to assume the role.",
	    STR_ARG(role));
}

static bool
check_lifecycle(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "LifecycleConfigName"));
	const struct json *lifecycle;

	if (name.len == 0)
		return true;
	if (!sagemaker_lifecycle_find(c, name, &lifecycle, err))
		return false;
	if (lifecycle == NULL)
		return err_code(err, ERR_NOT_FOUND, "ValidationException",
		    "Notebook Instance Lifecycle Config " STR_FMT " does not exist.",
		    STR_ARG(name));
	return true;
}

/* What the input says of the instance; with_usual: and what it leaves to SageMaker. */
static void
put_members(struct call *c, struct json *body, bool with_usual)
{
	for (size_t i = 0; i < countof(members); i++) {
		const struct json *given = json_get(c->in, members[i].given);

		if (given != NULL)
			json_set(c->a, body, members[i].shown, given);
		else if (with_usual && members[i].usual != NULL)
			json_set_str(c->a, body, members[i].shown, str_of(members[i].usual));
	}
}

static struct json *
make_row(struct call *c, str arn)
{
	struct json *body = row_new(c, row_here(c, "sagemaker", "notebook"), sort_key(c));

	json_put(c->a, body, "NotebookInstanceName", json_get(c->in, "NotebookInstanceName"));
	json_put_str(c->a, body, "NotebookInstanceArn", arn);
	put_members(c, body, true);
	if (json_get(body, "VolumeSizeInGB") == NULL)
		json_put_i64(c->a, body, "VolumeSizeInGB", 5);
	json_put(
	    c->a, body, "tags", tags_with(c->a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	json_put_i64(c->a, body, "createdMs", c->now_ms);
	return body;
}

bool
sagemaker_create_notebook_instance(struct call *c, struct err *err)
{
	str key = sort_key(c), arn;
	struct item old;
	bool found;

	arn = arn_make(
	    c->a, "sagemaker", c->region, c->account, "notebook-instance/" STR_FMT, STR_ARG(key));
	if (!INPUT_CHECK(c, rules, err) ||
	    !row_find(c, row_here(c, "sagemaker", "notebook"), key, &old, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "ValidationException",
		    "Cannot create a duplicate notebook instance (" STR_FMT ")", STR_ARG(arn));
	if (!check_network(c, err) || !check_role(c, err) || !check_lifecycle(c, err) ||
	    !sagemaker_check_room(c, "notebook", err))
		return false;
	json_put_str(c->a, c->out, "NotebookInstanceArn", arn);
	return sagemaker_status_begin(c, make_row(c, arn), "Pending", err);
}

/* --- show ---------------------------------------------------------------------------------- */

static str
url_of(struct call *c, const struct json *row)
{
	return str_fmt(c->a, STR_FMT ".notebook." STR_FMT ".sagemaker.aws",
	    STR_ARG(json_str(json_get(row, "sk"))), STR_ARG(json_str(json_get(row, "region"))));
}

static void
show_common(struct call *c, const struct json *row, struct json *out)
{
	static const char *const shown[] = { "NotebookInstanceArn", "NotebookInstanceName",
		"NotebookInstanceStatus" };

	for (size_t i = 0; i < countof(shown); i++)
		json_put(c->a, out, shown[i], json_get(row, shown[i]));
	json_put_str(c->a, out, "Url", url_of(c, row));
	json_put(
	    c->a, out, "CreationTime", time_json(c->a, json_i64(json_get(row, "createdMs"), 0)));
	json_put(c->a, out, "LastModifiedTime",
	    time_json(c->a, json_i64(json_get(row, "modifiedMs"), 0)));
}

bool
sagemaker_describe_notebook_instance(struct call *c, struct err *err)
{
	struct item row;

	if (!sagemaker_notebook_load(c, &row, err))
		return false;
	show_common(c, row.body, c->out);
	for (size_t i = 0; i < countof(members); i++)
		json_put(c->a, c->out, members[i].shown, json_get(row.body, members[i].shown));
	json_put(c->a, c->out, "NetworkInterfaceId", json_get(row.body, "NetworkInterfaceId"));
	json_put(c->a, c->out, "FailureReason", json_get(row.body, "FailureReason"));
	return true;
}

static void
show_in_list(struct call *c, const struct json *row, struct json *out)
{
	static const char *const shown[] = { "InstanceType", "NotebookInstanceLifecycleConfigName",
		"DefaultCodeRepository", "AdditionalCodeRepositories" };

	show_common(c, row, out);
	for (size_t i = 0; i < countof(shown); i++)
		json_put(c->a, out, shown[i], json_get(row, shown[i]));
}

static bool
takes(struct call *c, const struct json *row)
{
	str status = json_str(json_get(c->in, "StatusEquals"));
	str repository = json_str(json_get(c->in, "AdditionalCodeRepositoryEquals"));
	static const char *const contained[][2] = {
		{ "NotebookInstanceLifecycleConfigNameContains",
		    "NotebookInstanceLifecycleConfigName" },
		{ "DefaultCodeRepositoryContains", "DefaultCodeRepository" },
	};

	for (size_t i = 0; i < countof(contained); i++)
		if (!str_has(json_str(json_get(row, contained[i][1])),
			json_str(json_get(c->in, contained[i][0]))))
			return false;
	if (repository.len > 0 &&
	    !json_has_str(json_get(row, "AdditionalCodeRepositories"), repository))
		return false;
	return status.len == 0 || str_eq(status, json_str(json_get(row, "NotebookInstanceStatus")));
}

bool
sagemaker_list_notebook_instances(struct call *c, struct err *err)
{
	static const struct sagemaker_sort sorts[] = {
		{ "Name", "sk" },
		{ "CreationTime", "createdMs" },
		{ "Status", "NotebookInstanceStatus" },
	};

	return sagemaker_list(
	    c, "notebook", "NotebookInstances", sorts, countof(sorts), takes, show_in_list, err);
}

/* --- update ----------------------------------------------------------------------------------- */

static const char *const dropped_by[][2] = {
	{ "DisassociateLifecycleConfig", "NotebookInstanceLifecycleConfigName" },
	{ "DisassociateAcceleratorTypes", "AcceleratorTypes" },
	{ "DisassociateDefaultCodeRepository", "DefaultCodeRepository" },
	{ "DisassociateAdditionalCodeRepositories", "AdditionalCodeRepositories" },
};

static bool
check_volume(struct call *c, const struct json *row, struct err *err)
{
	int64_t old = json_i64(json_get(row, "VolumeSizeInGB"), 5);
	int64_t wanted = json_i64(json_get(c->in, "VolumeSizeInGB"), old);

	if (wanted >= old)
		return true;
	return err_code(err, ERR_INVALID, "ValidationException",
	    "The volume of a notebook instance cannot be made smaller: it has %lld GB.",
	    (long long)old);
}

bool
sagemaker_update_notebook_instance(struct call *c, struct err *err)
{
	struct item row;
	struct json *body;

	if (!INPUT_CHECK(c, rules, err) || !sagemaker_notebook_load(c, &row, err) ||
	    !check_role(c, err) || !check_lifecycle(c, err) || !check_volume(c, row.body, err))
		return false;
	body = row_change(c, &row);
	put_members(c, body, false);
	for (size_t i = 0; i < countof(dropped_by); i++)
		if (json_bool(json_get(c->in, dropped_by[i][0]), false))
			json_remove(body, dropped_by[i][1]);
	return sagemaker_status_begin(c, body, "Updating", err);
}
