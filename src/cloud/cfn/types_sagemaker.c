/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/types_sagemaker.c: notebook instances and their lifecycle configurations.
 *
 * An instance takes its time: it is made when it is in service, and removed by stopping it,
 * deleting it and seeing it gone. Each look leads to the one thing that can be done now.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

static struct json *
by_name(struct cfn_work *w)
{
	return cfn_mapped(w, "NotebookInstanceName=.NotebookInstanceName");
}

static bool
look(struct cfn_work *w, str *status, const struct json **out, struct err *err)
{
	if (!cfn_look(w, "sagemaker", "DescribeNotebookInstance", by_name(w), out, err))
		return false;
	*status = json_str(json_get(*out, "NotebookInstanceStatus"));
	return true;
}

static bool
notebook_settle(struct cfn_work *w, struct err *err)
{
	const struct json *out;
	str status, why;

	if (!look(w, &status, &out, err))
		return false;
	w->is_waiting = str_is(status, "Pending") || str_is(status, "Updating");
	if (w->is_waiting || str_is(status, "InService"))
		return true;
	why = json_str(json_get(out, "FailureReason"));
	return err_code(err, ERR_UPSTREAM, CFN_NOT_STABLE,
	    "Notebook instance " STR_FMT " is " STR_FMT "%s" STR_FMT,
	    STR_ARG(json_str(json_get(out, "NotebookInstanceName"))), STR_ARG(status),
	    why.len == 0 ? "" : ": ", STR_ARG(why));
}

/* What a status asks for; the others only pass. */
static const struct {
	const char *status, *operation;
} removal[] = {
	{ "InService", "StopNotebookInstance" },
	{ "Stopped", "DeleteNotebookInstance" },
	{ "Failed", "DeleteNotebookInstance" },
};

static bool
notebook_removing(struct cfn_work *w, struct err *err)
{
	const struct json *out;
	str status;

	if (!look(w, &status, &out, err))
		return false; /* gone, or refused */
	for (size_t i = 0; i < countof(removal); i++)
		if (str_is(status, removal[i].status) &&
		    !cfn_call(w, "sagemaker", removal[i].operation, by_name(w), NULL, err))
			return false;
	w->is_waiting = true;
	return true;
}

const struct cfn_type cfn_types_sagemaker[] = {
	{
	    .name = "AWS::SageMaker::NotebookInstance",
	    .is_legacy = true,
	    .properties = "AcceleratorTypes:[s] AdditionalCodeRepositories:[s] "
			  "DefaultCodeRepository:s DirectInternetAccess:s "
			  "InstanceMetadataServiceConfiguration:{"
			  "MinimumInstanceMetadataServiceVersion!:s} InstanceType!:s KmsKeyId:s "
			  "LifecycleConfigName:s NotebookInstanceName:s PlatformIdentifier:s "
			  "RoleArn!:s RootAccess:s SecurityGroupIds:[s] SubnetId:s Tags:[Tag] "
			  "VolumeSizeInGB:i",
	    .service = "sagemaker",
	    .create = "CreateNotebookInstance",
	    .input = "AcceleratorTypes AdditionalCodeRepositories DefaultCodeRepository "
		     "DirectInternetAccess InstanceMetadataServiceConfiguration InstanceType "
		     "KmsKeyId LifecycleConfigName NotebookInstanceName PlatformIdentifier "
		     "RoleArn RootAccess SecurityGroupIds SubnetId VolumeSizeInGB",
	    .naming = { .member = "NotebookInstanceName", .max = 63, .without_stack = true },
	    .tagging = CFN_TAGS,
	    .id = "NotebookInstanceArn",
	    .attributes = "NotebookInstanceName=${NotebookInstanceName}",
	    .settle = notebook_settle,
	    .removing = notebook_removing,
	    .gone = "ValidationException:RecordNotFound",
	},
	{
	    .name = "AWS::SageMaker::NotebookInstanceLifecycleConfig",
	    .is_legacy = true,
	    .properties = "NotebookInstanceLifecycleConfigName:s OnCreate:[{Content:s}] "
			  "OnStart:[{Content:s}]",
	    .service = "sagemaker",
	    .create = "CreateNotebookInstanceLifecycleConfig",
	    .input = "NotebookInstanceLifecycleConfigName OnCreate OnStart",
	    .naming = { .member = "NotebookInstanceLifecycleConfigName",
		.max = 63,
		.without_stack = true },
	    .id = "NotebookInstanceLifecycleConfigArn",
	    .attributes = "NotebookInstanceLifecycleConfigName="
			  "${NotebookInstanceLifecycleConfigName}",
	    .remove = "DeleteNotebookInstanceLifecycleConfig",
	    .remove_input = "NotebookInstanceLifecycleConfigName="
			    ".NotebookInstanceLifecycleConfigName",
	    .gone = "ValidationException:RecordNotFound",
	},
	{ 0 },
};
