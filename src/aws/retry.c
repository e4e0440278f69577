/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/retry.c: the quota and the waits of retries.
 */
#include "aws/retry.h"

#include "base/id.h"

#define COST 5
#define COST_TIMED_OUT 10
#define LONGEST_MS 20000

void
retry_quota_init(struct retry_quota *q)
{
	mutex_init(&q->mu);
	q->left = RETRY_QUOTA;
}

void
retry_quota_fini(struct retry_quota *q)
{
	mutex_fini(&q->mu);
}

int
retry_quota_take(struct retry_quota *q, bool timed_out)
{
	int cost = timed_out ? COST_TIMED_OUT : COST;

	mutex_lock(&q->mu);
	if (q->left < cost)
		cost = 0;
	q->left -= cost;
	mutex_unlock(&q->mu);
	return cost;
}

void
retry_quota_give(struct retry_quota *q, int cost)
{
	mutex_lock(&q->mu);
	q->left += cost == 0 ? 1 : cost;
	if (q->left > RETRY_QUOTA)
		q->left = RETRY_QUOTA;
	mutex_unlock(&q->mu);
}

int64_t
retry_wait_ms(int nth)
{
	int64_t most = nth > 5 ? LONGEST_MS : (int64_t)1000 << (nth - 1);
	uint32_t random;

	if (most > LONGEST_MS)
		most = LONGEST_MS;
	random_bytes(&random, sizeof(random));
	return (int64_t)((uint64_t)most * random / UINT32_MAX);
}
