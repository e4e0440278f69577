/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_appregistry.c: the operations of Service Catalog AppRegistry that swb calls or answers.
 */
#include "aws/model_services.h"

const struct aws_service aws_service_appregistry = {
	.name = "servicecatalog-appregistry",
	.endpoint_prefix = "servicecatalog-appregistry",
	.signing_name = "servicecatalog",
	.version = "2020-06-24",
	.protocol = AWS_REST_JSON,
};
