/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Local instances behind one interface: the simulated driver answers after a set delay and runs
 * nothing; a later one runs real sandboxes. Drivers keep no state that matters: an engine's rows
 * say what should run, and a driver is asked what does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct clock;
struct compute;
struct err;
struct json;

enum compute_state {
	COMPUTE_ABSENT,
	COMPUTE_STARTING,
	COMPUTE_RUNNING,
	COMPUTE_STOPPING,
	COMPUTE_STOPPED,
	COMPUTE_FAILED
};

struct compute_spec {
	str id;                    /* unique over accounts, e.g. a notebook's ARN */
	str kind;                  /* "notebook", "instance" */
	const struct json *detail; /* what the engine knows: instance type, lifecycle script, … */
};

struct compute_ops {
	const char *name;
	/*
	 * Each asks for a change and returns at once with the time at which to ask again; asking
	 * for what already holds is no error. since_ms: when the engine first wanted this state,
	 * from its own row, so that a driver without memory gives the same answer after a restart.
	 */
	bool (*start)(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
	    enum compute_state *state, int64_t *ask_again_ms, struct err *err);
	bool (*stop)(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
	    enum compute_state *state, int64_t *ask_again_ms, struct err *err);
	/* Frees everything the instance had, its disk included. */
	bool (*remove)(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
	    enum compute_state *state, int64_t *ask_again_ms, struct err *err);
};

struct compute {
	const struct compute_ops *ops;
};

/* Every change takes delay_ms by the clock. */
struct simulated_compute {
	struct compute compute;
	struct clock *clock;
	int64_t delay_ms;
};
void simulated_compute_init(struct simulated_compute *c, struct clock *clock, int64_t delay_ms);
