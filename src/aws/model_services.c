/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_services.c: the table of services; a new one is one line here. */
#include "aws/model_services.h"

#include <stddef.h>

const struct aws_service *const aws_services[] = {
	&aws_service_cloudformation,
	&aws_service_ec2,
	&aws_service_ecs,
	&aws_service_emr,
	&aws_service_events,
	&aws_service_iam,
	&aws_service_kms,
	&aws_service_rds,
	&aws_service_s3,
	&aws_service_sagemaker,
	&aws_service_servicecatalog,
	&aws_service_ssm,
	&aws_service_sts,
	NULL,
};
