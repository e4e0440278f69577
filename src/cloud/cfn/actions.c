/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/actions.c: the engine's table. */
#include "cloud/cfn/internal.h"

#define STACK "arn:aws:cloudformation:${region}:${account}:stack/${StackName}/*"

static const struct action actions[] = {
#define ACTION(name, run, resource) \
	{ \
		name, run, "cloudformation:" name, resource \
	}
	ACTION("CreateStack", stack_create, STACK),
	ACTION("DeleteStack", stack_delete, STACK),
	ACTION("DescribeStackEvents", stack_describe_events, STACK),
	ACTION("DescribeStackResource", stack_describe_resource, STACK),
	ACTION("DescribeStackResources", stack_describe_resources, STACK),
	ACTION("DescribeStacks", stack_describe, STACK),
	ACTION("GetTemplate", stack_get_template, STACK),
	ACTION("GetTemplateSummary", stack_get_template_summary, "*"),
	ACTION("ListExports", stack_list_exports, "*"),
	ACTION("ListStackResources", stack_list_resources, STACK),
	ACTION("ListStacks", stack_list, "*"),
	ACTION("ValidateTemplate", stack_validate_template, "*"),
#undef ACTION
};

static const struct task tasks[] = {
	{ "stack", stack_step, NULL },
};

const struct engine cfn_engine = {
	.service = "cloudformation",
	.actions = actions,
	.action_count = countof(actions),
	.tasks = tasks,
	.task_count = countof(tasks),
};
