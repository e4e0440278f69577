/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_kms.c: the operations of KMS that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_kms = {
	.name = "kms",
	.endpoint_prefix = "kms",
	.signing_name = "kms",
	.target_prefix = "TrentService",
	.version = "2014-11-01",
	.protocol = AWS_JSON_1_1,
};
