/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time enters through a clock, so that tests can hold it still and jump.
 * Times are milliseconds since 1970-01-01T00:00:00Z; "never" is CLOCK_NEVER.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

#define CLOCK_NEVER INT64_MAX

struct clock;

struct clock_ops {
	int64_t (*now_ms)(struct clock *c);
	/* Lets ms pass: a real clock sleeps, a test clock jumps. */
	void (*wait_ms)(struct clock *c, int64_t ms);
};

struct clock {
	const struct clock_ops *ops;
};

int64_t clock_now_ms(struct clock *c);
void clock_wait_ms(struct clock *c, int64_t ms);

/* The machine's clock. Thread-safe. */
struct clock *clock_real(void);

/* The machine's time since some moment, for how long something real takes: nobody sets it, and no
 * test holds it still. Thread-safe. */
int64_t clock_monotonic_us(void);
int64_t clock_monotonic_ms(void);

/*
 * A clock that stands still until told. now_ms may lie in shared memory, so that a
 * program that is killed and started again goes on in the same time.
 */
struct test_clock {
	struct clock clock;
	int64_t *now_ms;
};
void test_clock_init(struct test_clock *c, int64_t *now_ms);

/* 2022-05-05T19:39:03.023Z; the second form has whole seconds. */
str time_iso_ms(struct arena *a, int64_t ms);
str time_iso_s(struct arena *a, int64_t ms);
/* 20220505T193903Z, as request signing writes it. */
str time_compact(struct arena *a, int64_t ms);

/* Reads any of the three forms, with or without fractional seconds; UTC only. */
bool time_parse(str text, int64_t *ms);
