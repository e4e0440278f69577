/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON parse and write of one item of about 1 KB, against jansson in the same run: the best of
 * several rounds each, taken in turns, so that a busy machine slows both. Fails below 5x.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "oracle.h"

#define ROUNDS 15
#define LOOPS 4000
#define LEAST_RATIO 5.0

static const char item[] =
    "{\"pk\":\"ENV#env-0f3ad1e8-5e1c-4a39-9f0e-3d8f6a1b2c4d\",\"sk\":\"ENV#env-0f3ad1e8-5e1c-4a39-"
    "9f0e-3d8f6a1b2c4d\",\"id\":\"env-0f3ad1e8-5e1c-4a39-9f0e-3d8f6a1b2c4d\",\"name\":\"Genome "
    "notebook\",\"description\":\"Variant calling, cohort \\\"B\\\"\\nsecond run\",\"status\":"
    "\"COMPLETED\",\"resourceType\":\"environment\",\"instanceId\":\"basicnotebookinstance-"
    "1651779543023\",\"provisionedProductId\":\"pp-abcdefghijklm\",\"cidr\":\"192.0.2.0/24\","
    "\"autoStop\":30,\"cost\":12.75,\"shared\":false,\"error\":null,\"createdAt\":\"2022-05-05T19:"
    "39:03.023Z\",\"updatedAt\":\"2022-05-05T19:44:41.730Z\",\"createdBy\":\"u-8b2c\",\"owner\":"
    "\"u-8b2c\",\"dependency\":\"proj-17\",\"PROJ\":{\"id\":\"proj-17\",\"name\":\"Project 17\","
    "\"subnetId\":\"subnet-07f475d83291a3603\",\"vpcId\":\"vpc-0b0bc7ae01d82e7b3\",\"hostingAccount\":"
    "\"123456789012\"},\"ETC\":{\"type\":\"sagemakerNotebook\",\"params\":[{\"key\":\"InstanceType\","
    "\"value\":\"ml.t3.medium\"},{\"key\":\"AutoStopIdleTimeInMinutes\",\"value\":\"0\"}]},\"datasets\":["
    "\"ds-1\",\"ds-2\",\"ds-3\"],\"version\":7}";

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static size_t
ours(struct arena *a, str text)
{
	const struct json *j = NULL;
	struct buf b = buf_in(a);
	struct err err;

	err_init(&err, a);
	if (!json_parse(a, text, &j, &err))
		return 0;
	json_write(&b, j);
	return b.len;
}

static int64_t
round_ns(struct arena *a, str text, size_t *bytes)
{
	int64_t begin = now_ns();

	for (int i = 0; i < LOOPS; i++) {
		*bytes += a == NULL ? oracle_parse_and_write(text) : ours(a, text);
		if (a != NULL)
			arena_reset(a);
	}
	return now_ns() - begin;
}

int
main(void)
{
	auto_arena a = { 0 };
	str text = S(item);
	int64_t best_ours = INT64_MAX, best_jansson = INT64_MAX;
	size_t bytes_ours = 0, bytes_jansson = 0;
	double ratio;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t mine = round_ns(&a, text, &bytes_ours);
		int64_t theirs = round_ns(NULL, text, &bytes_jansson);

		best_ours = mine < best_ours ? mine : best_ours;
		best_jansson = theirs < best_jansson ? theirs : best_jansson;
	}
	if (bytes_ours != bytes_jansson || bytes_ours == 0) {
		fprintf(stderr, "json: %zu bytes written, jansson wrote %zu\n", bytes_ours,
		    bytes_jansson);
		return 1;
	}
	ratio = (double)best_jansson / (double)best_ours;
	printf("json: parse and write of %zu bytes: %.0f ns; jansson %.0f ns; ratio %.1f (at least "
	       "%.1f)\n",
	    text.len, (double)best_ours / LOOPS, (double)best_jansson / LOOPS, ratio, LEAST_RATIO);
	return ratio >= LEAST_RATIO ? 0 : 1;
}
