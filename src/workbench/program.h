/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A behaviour that no data can express: a program of the type's folder, run once for one operation
 * in a process of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "bundle/bundle.h"

struct arena;
struct aws_credentials;
struct err;
struct json;

#define PROGRAM_TIMEOUT_MS INT64_C(60000) /* of the machine's clock; a thread waits for it */
#define PROGRAM_MAX_ANSWER ((size_t)1 << 20)

/* The cloud that a program calls, as AWS's tools are told of it. */
struct program_cloud {
	const struct aws_credentials *as;
	str region;
	str endpoint; /* of every service; empty: AWS's own hosts */
};

/*
 * Runs the verb's program in a fresh folder that holds the type's files. It reads input, a JSON
 * object, and writes one; the cloud's keys, region and endpoint stand in its environment, and
 * nothing else of ours does. It must be safe to run again: a step may be repeated.
 * Blocks until it ends or its time is over, when it is killed with all it started: the verb's own
 * deadline, at most PROGRAM_TIMEOUT_MS.
 * Fails: ERR_TIMEOUT, ERR_UPSTREAM (its exit status, with what it wrote to its error output),
 * ERR_INVALID (its answer is no JSON object, or too large), ERR_IO (it cannot be run).
 */
bool program_run(struct arena *a, const struct bundle *b, enum bundle_verb verb,
    const struct json *input, const struct program_cloud *cloud, const struct json **answer,
    struct err *err);
