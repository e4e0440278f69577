/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_cloudformation.c: the operations of CloudFormation that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_cloudformation = {
	.name = "cloudformation",
	.endpoint_prefix = "cloudformation",
	.signing_name = "cloudformation",
	.version = "2010-05-15",
	.xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/",
	.protocol = AWS_QUERY,
};
