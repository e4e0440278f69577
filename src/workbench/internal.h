/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share about one open workbench. All state that matters is in the
 * store; what stands here can be had again.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/thread.h"
#include "workbench/workbench.h"

struct bundle;
struct json;

#define WORKBENCH_MAX_STEPS 64    /* jobs stepped at once, one by each thread */
#define WORKBENCH_MAX_BUNDLES 256 /* parsed versions kept in memory */

struct bundle_entry {
	str hash;
	const struct bundle *bundle;
	struct arena memory; /* of the bundle */
};

struct workbench {
	struct workbench_options o; /* its texts live in arena */
	struct arena arena;         /* of the process; guarded by mu once open */
	struct mutex mu;
	const struct json *outputs; /* of the main stack; NULL until first read; guarded by mu */
	struct bundle_entry bundles[WORKBENCH_MAX_BUNDLES]; /* guarded by mu */
	size_t bundle_count;
	struct claim {
		char pk[96];
		size_t len;
	} claims[WORKBENCH_MAX_STEPS]; /* rows being stepped now; guarded by mu */
	int64_t next_sweep_ms;  /* when forgotten events are looked for again; guarded by mu */
	int64_t last_launch_ms; /* newest launch time given out; guarded by mu */
};

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)
