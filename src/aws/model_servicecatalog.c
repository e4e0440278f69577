/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_servicecatalog.c: the operations of Service Catalog that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_servicecatalog = {
	.name = "servicecatalog",
	.endpoint_prefix = "servicecatalog",
	.signing_name = "servicecatalog",
	.target_prefix = "AWS242ServiceCatalogService",
	.version = "2015-12-10",
	.protocol = AWS_JSON_1_1,
};
