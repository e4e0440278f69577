/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often and when a failed call is made again: the "standard" mode of AWS's SDKs (aws.md 7.7).
 * A quota that all callers share stops retries when nearly everything fails.
 */
#pragma once

#include "aws/error.h"
#include "base/thread.h"

#define RETRY_QUOTA 500

struct retry_quota {
	struct mutex mu;
	int left; /* guarded by mu */
};

void retry_quota_init(struct retry_quota *q);
void retry_quota_fini(struct retry_quota *q);

/* Takes what a retry costs: timed_out ones cost more. 0 when there is not enough left. */
int retry_quota_take(struct retry_quota *q, bool timed_out);

/* Gives back after a success: what its last retry cost, or 1 where it took none. */
void retry_quota_give(struct retry_quota *q, int cost);

/* How long to wait before the nth retry (1 is the first): random, at most 20 s. */
int64_t retry_wait_ms(int nth);
