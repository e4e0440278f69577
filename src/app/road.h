/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The road: one environment of a type lives its whole life on the local cloud, on a test clock,
 * from launch to terminate. What must outlive a program that is stopped on the way stands in struct
 * road_state, which the caller may keep in shared memory.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"
#include "cloud/fault.h"

struct arena;
struct bundle;
struct err;
struct json;

enum road_stage {
	ROAD_LAUNCH,
	ROAD_CONNECT,
	ROAD_STOP,
	ROAD_START,
	ROAD_STOP_AGAIN,
	ROAD_TERMINATE,
	ROAD_STAGE_COUNT,
};

struct road_state {
	int64_t now_ms;           /* the test clock */
	struct fault_plan plan;   /* its counters go on over a restart */
	bool plan_is_armed;       /* the rules were added, which is when the launch begins */
	enum road_stage stage;    /* which is under way or next */
	uint64_t commits, events; /* so far, over both stores; put on buses since the launch */
	bool launched_ok;         /* the launch ended in COMPLETED */
	char env_id[64];          /* once launched; empty before */
};

struct road_options {
	const struct bundle *bundle;
	const char *data_dir;
	const struct json *config;         /* [{key, value}] */
	const char *fail_resource;         /* logical id, or NULL */
	uint64_t drop_event;               /* 0 for none */
	uint64_t crash_at;                 /* the program is stopped at this commit; 0 for never */
	FILE *timeline;                    /* told as it happens; NULL for silence */
	struct json *report;               /* filled with steps, statuses, counts; may be NULL */
	const volatile sig_atomic_t *stop; /* not 0: end soon, and fail; may be NULL */
};

/* The machine's time since some moment, with fractions: for how long something took. */
double road_real_ms(void);

/* The exit status of a process that crash_at has stopped. */
#define ROAD_CRASH_STATUS 137

/*
 * Goes from where state says to the end, and checks it: every status in the order of the type's
 * verbs, TERMINATED at last, in the hosting account what was there before and nothing else, and one
 * provisioning only. Fails: with what went otherwise than it must.
 */
bool road_run(
    const struct road_options *options, struct road_state *state, struct arena *a, struct err *err);
