/* SPDX-License-Identifier: Apache-2.0 */
/* The three forms in which AWS writes a time, and back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "aws/model.h"

/*
 * Reads seconds since 1970 ("1.4E9", "1398796238.123"), ISO 8601 with any offset, and the form
 * of HTTP headers ("Tue, 29 Apr 2014 18:30:38 GMT"). False for others and beyond year 9999.
 */
bool timestamp_parse(str text, int64_t *ms);

/* Plain seconds, with three decimals where there is a fraction: as our trees have it. */
str timestamp_unix(struct arena *a, int64_t ms);
str timestamp_http(struct arena *a, int64_t ms);

/* The time in our trees (a JSON number, seconds) as form has it; empty where it is no time. */
str timestamp_write(struct arena *a, const struct json *seconds, enum aws_time_form form);
