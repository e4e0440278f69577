/* SPDX-License-Identifier: Apache-2.0 */
/* The services that model_<service>.c files describe. */
#pragma once

#include "aws/model.h"

extern const struct aws_service aws_service_cloudformation;
extern const struct aws_service aws_service_ec2;
extern const struct aws_service aws_service_ecs;
extern const struct aws_service aws_service_emr;
extern const struct aws_service aws_service_events;
extern const struct aws_service aws_service_iam;
extern const struct aws_service aws_service_kms;
extern const struct aws_service aws_service_rds;
extern const struct aws_service aws_service_s3;
extern const struct aws_service aws_service_sagemaker;
extern const struct aws_service aws_service_servicecatalog;
extern const struct aws_service aws_service_ssm;
extern const struct aws_service aws_service_sts;

/* NULL-ended. */
extern const struct aws_service *const aws_services[];
