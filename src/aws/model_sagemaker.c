/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_sagemaker.c: the operations of SageMaker that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_sagemaker = {
	.name = "sagemaker",
	.endpoint_prefix = "api.sagemaker",
	.signing_name = "sagemaker",
	.target_prefix = "SageMaker",
	.version = "2017-07-24",
	.protocol = AWS_JSON_1_1,
};
