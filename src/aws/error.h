/* SPDX-License-Identifier: Apache-2.0 */
/* What the names of AWS's errors mean to a client. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* The kind of an AWS error, by its code, and where that is not known by the HTTP status. */
enum err_kind aws_error_kind(str code, int status);

enum aws_retry {
	AWS_RETRY_NEVER,
	AWS_RETRY_TRANSIENT,
	AWS_RETRY_THROTTLED,
	AWS_RETRY_CLOCK, /* our clock is off: once more, with theirs */
};

/* May the same request be sent again? status: 0 where no answer came. */
enum aws_retry aws_error_retry(const struct err *err, int status);
