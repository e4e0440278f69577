/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_ecs.c: the operations of ECS with which a type of several tasks is driven. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "DescribeServices", "cluster:s services!:[s] include:[s]",
	    "services:[Service] failures:[Failure]" },
	{ "UpdateService", "cluster:s service!:s desiredCount:i forceNewDeployment:b",
	    "service:Service" },
};

static const struct aws_named_shape shapes[] = {
	{ "Failure", "arn:s reason:s detail:s" },
	{ "Service",
	    "serviceArn:s serviceName:s clusterArn:s status:s desiredCount:i runningCount:i "
	    "pendingCount:i launchType:s taskDefinition:s createdAt:t" },
};

const struct aws_service aws_service_ecs = {
	.name = "ecs",
	.endpoint_prefix = "ecs",
	.signing_name = "ecs",
	.target_prefix = "AmazonEC2ContainerServiceV20141113",
	.version = "2014-11-13",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
