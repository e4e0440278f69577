/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_iam.c: the operations of IAM that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_iam = {
	.name = "iam",
	.endpoint_prefix = "iam",
	.signing_name = "iam",
	.version = "2010-05-08",
	.xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
	.protocol = AWS_QUERY,
	.global = true,
};
