/* SPDX-License-Identifier: Apache-2.0 */
/* An AWS key: who signs. session_token is empty for long-term keys. */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct aws_credentials {
	str access_key_id;
	str secret_access_key; /* never logged, never formatted */
	str session_token;
	int64_t expires_at_ms; /* CLOCK_NEVER for long-term keys */
};
