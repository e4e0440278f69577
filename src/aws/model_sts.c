/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_sts.c: the operations of STS that swb calls or answers. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "AssumeRole", "RoleArn!:s RoleSessionName!:s DurationSeconds:i ExternalId:s Policy:s",
	    "Credentials:Credentials AssumedRoleUser:{AssumedRoleId:s Arn:s}" },
	{ "GetCallerIdentity", "", "UserId:s Account:s Arn:s" },
	{ "GetSessionToken", "DurationSeconds:i", "Credentials:Credentials" },
};

static const struct aws_named_shape shapes[] = {
	{ "Credentials", "AccessKeyId:s SecretAccessKey:s SessionToken:s Expiration:t" },
};

const struct aws_service aws_service_sts = {
	.name = "sts",
	.endpoint_prefix = "sts",
	.signing_name = "sts",
	.version = "2011-06-15",
	.xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
	.protocol = AWS_QUERY,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
