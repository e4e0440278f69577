/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compute/simulated.c: instances that only take time.
 *
 * It remembers nothing: how far a change is follows from when it was first wanted, which the
 * engine's row tells, so a restart in between changes no answer.
 */
#include "compute/compute.h"

#include "base/clock.h"

/* When delay has passed since the wish: done; until then under way. */
static bool
change(struct compute *c, int64_t since_ms, enum compute_state under_way, enum compute_state done,
    enum compute_state *state, int64_t *ask_again_ms)
{
	struct simulated_compute *s = (struct simulated_compute *)c;
	int64_t done_ms = since_ms + s->delay_ms;
	bool is_done = clock_now_ms(s->clock) >= done_ms;

	*state = is_done ? done : under_way;
	*ask_again_ms = is_done ? CLOCK_NEVER : done_ms;
	return true;
}

static bool
simulated_start(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	(void)spec;
	(void)err; /* cannot fail */
	return change(c, since_ms, COMPUTE_STARTING, COMPUTE_RUNNING, state, ask_again_ms);
}

static bool
simulated_stop(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	(void)spec;
	(void)err;
	return change(c, since_ms, COMPUTE_STOPPING, COMPUTE_STOPPED, state, ask_again_ms);
}

static bool
simulated_remove(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err)
{
	(void)spec;
	(void)err;
	return change(c, since_ms, COMPUTE_STOPPING, COMPUTE_ABSENT, state, ask_again_ms);
}

void
simulated_compute_init(struct simulated_compute *c, struct clock *clock, int64_t delay_ms)
{
	static const struct compute_ops ops = {
		.name = "simulated",
		.start = simulated_start,
		.stop = simulated_stop,
		.remove = simulated_remove,
	};

	c->compute.ops = &ops;
	c->clock = clock;
	c->delay_ms = delay_ms;
}
