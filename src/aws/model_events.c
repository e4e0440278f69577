/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_events.c: the operations of EventBridge that swb calls or answers. */
#include "aws/model_services.h"

const struct aws_service aws_service_events = {
	.name = "events",
	.endpoint_prefix = "events",
	.signing_name = "events",
	.target_prefix = "AWSEvents",
	.version = "2015-10-07",
	.protocol = AWS_JSON_1_1,
};
