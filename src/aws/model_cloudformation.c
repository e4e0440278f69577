/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_cloudformation.c: the operations of CloudFormation that swb calls or answers. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "CreateStack",
	    "StackName!:s TemplateBody:s TemplateURL:s Parameters:[Parameter] DisableRollback:b "
	    "TimeoutInMinutes:i NotificationARNs:[s] Capabilities:[s] ResourceTypes:[s] RoleARN:s "
	    "OnFailure:s Tags:[Tag] ClientRequestToken:s EnableTerminationProtection:b",
	    "StackId:s" },
	{ "DeleteStack", "StackName!:s RetainResources:[s] RoleARN:s ClientRequestToken:s", "" },
	{ "DescribeStackEvents", "StackName:s NextToken:s",
	    "StackEvents:[StackEvent] NextToken:s" },
	{ "DescribeStackResource", "StackName!:s LogicalResourceId!:s",
	    "StackResourceDetail:StackResourceDetail" },
	{ "DescribeStackResources", "StackName:s LogicalResourceId:s PhysicalResourceId:s",
	    "StackResources:[StackResource]" },
	{ "DescribeStacks", "StackName:s NextToken:s", "Stacks:[Stack] NextToken:s" },
	{ "GetTemplate", "StackName:s TemplateStage:s", "TemplateBody:s StagesAvailable:[s]" },
	{ "GetTemplateSummary", "TemplateBody:s TemplateURL:s StackName:s",
	    "Parameters:[{ParameterKey:s DefaultValue:s ParameterType:s NoEcho:b Description:s "
	    "ParameterConstraints:{AllowedValues:[s]}}] Description:s Capabilities:[s] "
	    "CapabilitiesReason:s ResourceTypes:[s] Version:s Metadata:s DeclaredTransforms:[s]" },
	{ "ListExports", "NextToken:s",
	    "Exports:[{ExportingStackId:s Name:s Value:s}] NextToken:s" },
	{ "ListStackResources", "StackName!:s NextToken:s",
	    "StackResourceSummaries:[StackResourceSummary] NextToken:s" },
	{ "ListStacks", "NextToken:s StackStatusFilter:[s]",
	    "StackSummaries:[StackSummary] NextToken:s" },
	{ "ValidateTemplate", "TemplateBody:s TemplateURL:s",
	    "Parameters:[{ParameterKey:s DefaultValue:s NoEcho:b Description:s}] Description:s "
	    "Capabilities:[s] CapabilitiesReason:s DeclaredTransforms:[s]" },
};

#define RESOURCE \
	"LogicalResourceId:s PhysicalResourceId:s ResourceType:s ResourceStatus:s " \
	"ResourceStatusReason:s DriftInformation:{StackResourceDriftStatus:s " \
	"LastCheckTimestamp:t} "

static const struct aws_named_shape shapes[] = {
	{ "Drift", "StackDriftStatus:s LastCheckTimestamp:t" },
	{ "Parameter", "ParameterKey:s ParameterValue:s UsePreviousValue:b ResolvedValue:s" },
	{ "Stack",
	    "StackId:s StackName:s Description:s Parameters:[Parameter] CreationTime:t "
	    "DeletionTime:t LastUpdatedTime:t RollbackConfiguration:{MonitoringTimeInMinutes:i} "
	    "StackStatus:s StackStatusReason:s DisableRollback:b NotificationARNs:[s] "
	    "TimeoutInMinutes:i Capabilities:[s] Outputs:[{OutputKey:s OutputValue:s Description:s "
	    "ExportName:s}] RoleARN:s Tags:[Tag] EnableTerminationProtection:b "
	    "DriftInformation:Drift" },
	{ "StackEvent",
	    "StackId:s EventId:s StackName:s LogicalResourceId:s PhysicalResourceId:s "
	    "ResourceType:s Timestamp:t ResourceStatus:s ResourceStatusReason:s "
	    "ResourceProperties:s ClientRequestToken:s" },
	{ "StackResource", RESOURCE "StackName:s StackId:s Timestamp:t Description:s" },
	{ "StackResourceDetail",
	    RESOURCE "StackName:s StackId:s LastUpdatedTimestamp:t Description:s Metadata:s" },
	{ "StackResourceSummary", RESOURCE "LastUpdatedTimestamp:t" },
	{ "StackSummary",
	    "StackId:s StackName:s TemplateDescription:s CreationTime:t LastUpdatedTime:t "
	    "DeletionTime:t StackStatus:s StackStatusReason:s DriftInformation:Drift" },
	{ "Tag", "Key!:s Value!:s" },
};

const struct aws_service aws_service_cloudformation = {
	.name = "cloudformation",
	.endpoint_prefix = "cloudformation",
	.signing_name = "cloudformation",
	.version = "2010-05-15",
	.xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/",
	.protocol = AWS_QUERY,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
