/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_ec2.c: the operations of EC2 that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_ec2 = {
	.name = "ec2",
	.endpoint_prefix = "ec2",
	.signing_name = "ec2",
	.version = "2016-11-15",
	.xml_namespace = "http://ec2.amazonaws.com/doc/2016-11-15/",
	.protocol = AWS_EC2,
};
