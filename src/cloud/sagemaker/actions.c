/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/sagemaker/actions.c: what SageMaker answers here, and what each needs. */
#include "cloud/sagemaker/sagemaker.h"

#include "cloud/sagemaker/internal.h"

#define ARN(resource) "arn:aws:sagemaker:${region}:${account}:" resource
#define NOTEBOOK ARN("notebook-instance/${NotebookInstanceName}")
#define LIFECYCLE ARN("notebook-instance-lifecycle-config/${NotebookInstanceLifecycleConfigName}")

static const struct action actions[] = {
#define ACTION(name, run, resource) \
	{ \
		name, run, "sagemaker:" name, resource \
	}
	ACTION("AddTags", sagemaker_add_tags, "${ResourceArn}"),
	ACTION("CreateNotebookInstance", sagemaker_create_notebook_instance, NOTEBOOK),
	ACTION(
	    "CreateNotebookInstanceLifecycleConfig", sagemaker_create_lifecycle_config, LIFECYCLE),
	ACTION("CreatePresignedNotebookInstanceUrl", sagemaker_create_presigned_url, NOTEBOOK),
	ACTION("DeleteNotebookInstance", sagemaker_delete_notebook_instance, NOTEBOOK),
	ACTION(
	    "DeleteNotebookInstanceLifecycleConfig", sagemaker_delete_lifecycle_config, LIFECYCLE),
	ACTION("DeleteTags", sagemaker_delete_tags, "${ResourceArn}"),
	ACTION("DescribeNotebookInstance", sagemaker_describe_notebook_instance, NOTEBOOK),
	ACTION("DescribeNotebookInstanceLifecycleConfig", sagemaker_describe_lifecycle_config,
	    LIFECYCLE),
	ACTION("ListNotebookInstanceLifecycleConfigs", sagemaker_list_lifecycle_configs, "*"),
	ACTION("ListNotebookInstances", sagemaker_list_notebook_instances, "*"),
	ACTION("ListTags", sagemaker_list_tags, "${ResourceArn}"),
	ACTION("StartNotebookInstance", sagemaker_start_notebook_instance, NOTEBOOK),
	ACTION("StopNotebookInstance", sagemaker_stop_notebook_instance, NOTEBOOK),
	ACTION("UpdateNotebookInstance", sagemaker_update_notebook_instance, NOTEBOOK),
	ACTION(
	    "UpdateNotebookInstanceLifecycleConfig", sagemaker_update_lifecycle_config, LIFECYCLE),
#undef ACTION
#undef NOTEBOOK
#undef LIFECYCLE
#undef ARN
};

static const struct task tasks[] = {
	{ "instance", sagemaker_instance_step, NULL },
	{ "url", sagemaker_url_step, NULL },
};

const struct engine sagemaker_engine = {
	.service = "sagemaker",
	.actions = actions,
	.action_count = countof(actions),
	.tasks = tasks,
	.task_count = countof(tasks),
};
