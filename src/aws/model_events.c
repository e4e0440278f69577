/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_events.c: the operations of EventBridge that swb calls or answers. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "CreateApiDestination",
	    "Name!:s Description:s ConnectionArn!:s InvocationEndpoint!:s HttpMethod!:s "
	    "InvocationRateLimitPerSecond:i",
	    "ApiDestinationArn:s ApiDestinationState:s CreationTime:t LastModifiedTime:t" },
	{ "CreateConnection",
	    "Name!:s Description:s AuthorizationType!:s "
	    "AuthParameters!:CreateConnectionAuthRequestParameters",
	    "ConnectionArn:s ConnectionState:s CreationTime:t LastModifiedTime:t" },
	{ "CreateEventBus", "Name!:s Description:s Tags:[Tag]", "EventBusArn:s Description:s" },
	{ "DeleteApiDestination", "Name!:s", "" },
	{ "DeleteConnection", "Name!:s",
	    "ConnectionArn:s ConnectionState:s CreationTime:t LastModifiedTime:t "
	    "LastAuthorizedTime:t" },
	{ "DeleteEventBus", "Name!:s", "" },
	{ "DeleteRule", "Name!:s EventBusName:s Force:b", "" },
	{ "DescribeApiDestination", "Name!:s",
	    "ApiDestinationArn:s Name:s Description:s ApiDestinationState:s ConnectionArn:s "
	    "InvocationEndpoint:s HttpMethod:s InvocationRateLimitPerSecond:i CreationTime:t "
	    "LastModifiedTime:t" },
	{ "DescribeConnection", "Name!:s",
	    "ConnectionArn:s Name:s Description:s ConnectionState:s AuthorizationType:s "
	    "SecretArn:s AuthParameters:ConnectionAuthResponseParameters CreationTime:t "
	    "LastModifiedTime:t LastAuthorizedTime:t" },
	{ "DescribeEventBus", "Name:s",
	    "Name:s Arn:s Description:s Policy:s CreationTime:t LastModifiedTime:t" },
	{ "DescribeRule", "Name!:s EventBusName:s",
	    "Name:s Arn:s EventPattern:s ScheduleExpression:s State:s Description:s RoleArn:s "
	    "ManagedBy:s EventBusName:s CreatedBy:s" },
	{ "DisableRule", "Name!:s EventBusName:s", "" },
	{ "EnableRule", "Name!:s EventBusName:s", "" },
	{ "ListApiDestinations", "NamePrefix:s ConnectionArn:s NextToken:s Limit:i",
	    "ApiDestinations:[ApiDestination] NextToken:s" },
	{ "ListConnections", "NamePrefix:s ConnectionState:s NextToken:s Limit:i",
	    "Connections:[Connection] NextToken:s" },
	{ "ListEventBuses", "NamePrefix:s NextToken:s Limit:i",
	    "EventBuses:[EventBus] NextToken:s" },
	{ "ListRuleNamesByTarget", "TargetArn!:s EventBusName:s NextToken:s Limit:i",
	    "RuleNames:[s] NextToken:s" },
	{ "ListRules", "NamePrefix:s EventBusName:s NextToken:s Limit:i",
	    "Rules:[Rule] NextToken:s" },
	{ "ListTagsForResource", "ResourceARN!:s", "Tags:[Tag]" },
	{ "ListTargetsByRule", "Rule!:s EventBusName:s NextToken:s Limit:i",
	    "Targets:[Target] NextToken:s" },
	{ "PutEvents", "Entries!:[PutEventsRequestEntry]",
	    "FailedEntryCount:i Entries:[{EventId:s ErrorCode:s ErrorMessage:s}]" },
	{ "PutPermission",
	    "EventBusName:s Action:s Principal:s StatementId:s Condition:{Type!:s Key!:s "
	    "Value!:s} Policy:s",
	    "" },
	{ "PutRule",
	    "Name!:s ScheduleExpression:s EventPattern:s State:s Description:s RoleArn:s "
	    "Tags:[Tag] EventBusName:s",
	    "RuleArn:s" },
	{ "PutTargets", "Rule!:s EventBusName:s Targets!:[Target]",
	    "FailedEntryCount:i FailedEntries:[{TargetId:s ErrorCode:s ErrorMessage:s}]" },
	{ "RemovePermission", "StatementId:s RemoveAllPermissions:b EventBusName:s", "" },
	{ "RemoveTargets", "Rule!:s EventBusName:s Ids!:[s] Force:b",
	    "FailedEntryCount:i FailedEntries:[{TargetId:s ErrorCode:s ErrorMessage:s}]" },
	{ "TagResource", "ResourceARN!:s Tags!:[Tag]", "" },
	{ "TestEventPattern", "EventPattern!:s Event!:s", "Result:b" },
	{ "UntagResource", "ResourceARN!:s TagKeys!:[s]", "" },
	{ "UpdateApiDestination",
	    "Name!:s Description:s ConnectionArn:s InvocationEndpoint:s HttpMethod:s "
	    "InvocationRateLimitPerSecond:i",
	    "ApiDestinationArn:s ApiDestinationState:s CreationTime:t LastModifiedTime:t" },
};

static const struct aws_named_shape shapes[] = {
	{ "ApiDestination",
	    "ApiDestinationArn:s Name:s ApiDestinationState:s ConnectionArn:s "
	    "InvocationEndpoint:s HttpMethod:s InvocationRateLimitPerSecond:i CreationTime:t "
	    "LastModifiedTime:t" },
	{ "Connection",
	    "ConnectionArn:s Name:s ConnectionState:s AuthorizationType:s CreationTime:t "
	    "LastModifiedTime:t LastAuthorizedTime:t" },
	{ "ConnectionAuthResponseParameters",
	    "BasicAuthParameters:{Username:s} ApiKeyAuthParameters:{ApiKeyName:s} "
	    "InvocationHttpParameters:ConnectionHttpParameters" },
	{ "ConnectionBodyParameter", "Key:s Value:s IsValueSecret:b" },
	{ "ConnectionHeaderParameter", "Key:s Value:s IsValueSecret:b" },
	{ "ConnectionHttpParameters",
	    "HeaderParameters:[ConnectionHeaderParameter] "
	    "QueryStringParameters:[ConnectionQueryStringParameter] "
	    "BodyParameters:[ConnectionBodyParameter]" },
	{ "ConnectionQueryStringParameter", "Key:s Value:s IsValueSecret:b" },
	{ "CreateConnectionAuthRequestParameters",
	    "BasicAuthParameters:{Username!:s Password!:s} OAuthParameters:d "
	    "ApiKeyAuthParameters:{ApiKeyName!:s ApiKeyValue!:s} "
	    "InvocationHttpParameters:ConnectionHttpParameters" },
	{ "EventBus", "Name:s Arn:s Description:s Policy:s CreationTime:t LastModifiedTime:t" },
	{ "HttpParameters",
	    "PathParameterValues:[s] HeaderParameters:<s> QueryStringParameters:<s>" },
	{ "InputTransformer", "InputPathsMap:<s> InputTemplate!:s" },
	{ "PutEventsRequestEntry",
	    "Time:t Source:s Resources:[s] DetailType:s Detail:s EventBusName:s TraceHeader:s" },
	{ "RetryPolicy", "MaximumRetryAttempts:i MaximumEventAgeInSeconds:i" },
	{ "Rule",
	    "Name:s Arn:s EventPattern:s State:s Description:s ScheduleExpression:s RoleArn:s "
	    "ManagedBy:s EventBusName:s" },
	{ "Tag", "Key!:s Value!:s" },
	{ "Target",
	    "Id!:s Arn!:s RoleArn:s Input:s InputPath:s InputTransformer:InputTransformer "
	    "HttpParameters:HttpParameters RetryPolicy:RetryPolicy" },
};

const struct aws_service aws_service_events = {
	.name = "events",
	.endpoint_prefix = "events",
	.signing_name = "events",
	.target_prefix = "AWSEvents",
	.version = "2015-10-07",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
