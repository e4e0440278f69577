/* SPDX-License-Identifier: Apache-2.0 */
/* Where a service is, and as what its requests are signed. */
#pragma once

#include "aws/model.h"

struct endpoint {
	str url;            /* "https://sts.us-east-1.amazonaws.com" */
	str host;           /* the same without scheme and default port, as Host has it */
	str signing_region; /* of a global service: the region where it stands */
};

/* override: one URL for every service; empty: AWS's own. */
struct endpoint endpoint_of(
    struct arena *a, const struct aws_service *service, str region, str override);
