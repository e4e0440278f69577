/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_ssm.c: the operations of Systems Manager that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_ssm = {
	.name = "ssm",
	.endpoint_prefix = "ssm",
	.signing_name = "ssm",
	.target_prefix = "AmazonSSM",
	.version = "2014-11-06",
	.protocol = AWS_JSON_1_1,
};
