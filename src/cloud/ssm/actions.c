/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/actions.c: the actions of Systems Manager, what each needs, and what it acts on.
 */
#include "cloud/ssm/internal.h"

#define DOCUMENT "arn:aws:ssm:${region}:${account}:document/${Name}"
#define DEFINITION "arn:aws:ssm:${region}:${account}:automation-definition/${DocumentName}:*"
#define EXECUTION "arn:aws:ssm:${region}:${account}:automation-execution/${AutomationExecutionId}"
#define PARAMETER "arn:aws:ssm:${region}:${account}:parameter/${Name}"
#define PARAMETERS "arn:aws:ssm:${region}:${account}:parameter/*"
#define BY_PATH "arn:aws:ssm:${region}:${account}:parameter${Path}"

static const struct action actions[] = {
#define ROW(name, run, resource) \
	{ \
		name, run, "ssm:" name, resource \
	}
	ROW("CreateDocument", ssm_document_create, DOCUMENT),
	ROW("DeleteDocument", ssm_document_delete, DOCUMENT),
	ROW("DeleteParameter", ssm_parameter_delete, PARAMETER),
	ROW("DeleteParameters", ssm_parameter_delete_several, PARAMETERS),
	ROW("DescribeAutomationExecutions", ssm_execution_list, "*"),
	ROW("DescribeAutomationStepExecutions", ssm_execution_describe_steps, EXECUTION),
	ROW("DescribeDocument", ssm_document_describe, DOCUMENT),
	ROW("DescribeDocumentPermission", ssm_document_describe_permission, DOCUMENT),
	ROW("DescribeParameters", ssm_parameter_describe, "*"),
	ROW("GetAutomationExecution", ssm_execution_get, EXECUTION),
	ROW("GetDocument", ssm_document_get, DOCUMENT),
	ROW("GetParameter", ssm_parameter_get, PARAMETER),
	ROW("GetParameters", ssm_parameter_get_several, PARAMETERS),
	ROW("GetParametersByPath", ssm_parameter_get_by_path, BY_PATH),
	ROW("ListDocuments", ssm_document_list, "*"),
	ROW("ModifyDocumentPermission", ssm_document_modify_permission, DOCUMENT),
	ROW("PutParameter", ssm_parameter_put, PARAMETER),
	ROW("StartAutomationExecution", ssm_execution_start, DEFINITION),
	ROW("StopAutomationExecution", ssm_execution_stop, EXECUTION),
	ROW("UpdateDocument", ssm_document_update, DOCUMENT),
	ROW("UpdateDocumentDefaultVersion", ssm_document_update_default, DOCUMENT),
#undef ROW
};

static const struct task tasks[] = {
	{ .name = "execution", .step = ssm_execution_step },
};

const struct engine ssm_engine = {
	.service = "ssm",
	.actions = actions,
	.action_count = countof(actions),
	.tasks = tasks,
	.task_count = countof(tasks),
};
