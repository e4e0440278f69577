/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every compute driver promises, over every driver: a change is asked for, is under way,
 * and ends; asking again is harmless; and a driver that was started anew goes on as before.
 * To add a driver is to add a row to drivers[].
 */
#include "check.h"

#include "base/clock.h"
#include "base/json.h"
#include "compute/compute.h"

#define MOST_ASKS 1000
#define START_MS INT64_C(1651779543000)

struct world {
	struct arena *a;
	int64_t now_ms;
	struct test_clock clock;
	struct err err;
};

static struct compute *
open_simulated(struct world *w)
{
	struct simulated_compute *c = arena_new(w->a, struct simulated_compute, 1);

	simulated_compute_init(c, &w->clock.clock, 1500);
	return &c->compute;
}

static struct compute *
open_simulated_instant(struct world *w)
{
	struct simulated_compute *c = arena_new(w->a, struct simulated_compute, 1);

	simulated_compute_init(c, &w->clock.clock, 0);
	return &c->compute;
}

static const struct driver {
	const char *name;
	/* Opens it; a second time as after a restart. What it holds may live in w->a. */
	struct compute *(*open)(struct world *w);
} drivers[] = {
	{ "simulated", open_simulated },
	{ "simulated, no delay", open_simulated_instant },
};

typedef bool (*verb_function)(struct compute *c, const struct compute_spec *spec, int64_t since_ms,
    enum compute_state *state, int64_t *ask_again_ms, struct err *err);

enum verb { START, STOP, REMOVE };

static const struct verb_row {
	const char *name;
	enum compute_state under_way, done;
} verbs[] = {
	[START] = { "start", COMPUTE_STARTING, COMPUTE_RUNNING },
	[STOP] = { "stop", COMPUTE_STOPPING, COMPUTE_STOPPED },
	[REMOVE] = { "remove", COMPUTE_STOPPING, COMPUTE_ABSENT },
};

static enum compute_state
ask(struct world *w, struct compute *c, enum verb verb, str id, int64_t since_ms, int64_t *again_ms)
{
	const struct compute_spec spec = { id, S("notebook"), json_new_object(w->a) };
	const verb_function functions[] = {
		[START] = c->ops->start,
		[STOP] = c->ops->stop,
		[REMOVE] = c->ops->remove,
	};
	enum compute_state state = COMPUTE_FAILED;

	CHECK_OK(functions[verb](c, &spec, since_ms, &state, again_ms, &w->err), &w->err);
	return state;
}

/* Asks until it is done, as an engine does; every answer must be under way or done. */
static void
finish(struct world *w, struct compute *c, enum verb verb, str id, int64_t since_ms)
{
	enum compute_state state;
	int64_t again_ms;
	int asks = 0;

	while ((state = ask(w, c, verb, id, since_ms, &again_ms)) != verbs[verb].done) {
		CHECK(state == verbs[verb].under_way, "%s answers state %d", verbs[verb].name,
		    (int)state);
		CHECK(again_ms > w->now_ms && again_ms != CLOCK_NEVER,
		    "%s under way says when to ask again", verbs[verb].name);
		CHECK(++asks < MOST_ASKS, "%s ends", verbs[verb].name);
		w->now_ms = again_ms;
	}
}

static void
life(struct world *w, const struct driver *d)
{
	static const enum verb order[] = { START, STOP, START, STOP, REMOVE };
	struct compute *c = d->open(w);

	for (size_t i = 0; i < countof(order); i++) {
		int64_t since_ms = w->now_ms, again_ms;

		finish(w, c, order[i], S("one"), since_ms);
		CHECK(ask(w, c, order[i], S("one"), since_ms, &again_ms) == verbs[order[i]].done,
		    "%s: %s again stays done", d->name, verbs[order[i]].name);
		w->now_ms += 60000;
	}
}

/* The program ends after every single answer, and is started anew. */
static void
restarts(struct world *w, const struct driver *d)
{
	static const enum verb order[] = { START, STOP, REMOVE };

	for (size_t i = 0; i < countof(order); i++) {
		int64_t since_ms = w->now_ms, again_ms;
		int asks = 0;

		while (ask(w, d->open(w), order[i], S("one"), since_ms, &again_ms) !=
		    verbs[order[i]].done) {
			CHECK(++asks < MOST_ASKS, "%s: %s ends", d->name, verbs[order[i]].name);
			w->now_ms = again_ms;
		}
		w->now_ms++;
	}
}

/* Asking too early, or more often than told, hastens and delays nothing. */
static void
early_asks(struct world *w, const struct driver *d)
{
	struct compute *c = d->open(w);
	int64_t since_ms = w->now_ms, first_ms, again_ms;

	if (ask(w, c, START, S("one"), since_ms, &first_ms) == COMPUTE_RUNNING)
		return;
	for (int i = 0; i < 5; i++) {
		CHECK(ask(w, c, START, S("one"), since_ms, &again_ms) == COMPUTE_STARTING,
		    "%s: early ask %d", d->name, i);
		CHECK(again_ms == first_ms, "%s: early ask %d moves nothing", d->name, i);
	}
	finish(w, c, START, S("one"), since_ms);
}

/* Two instances do not touch each other. */
static void
neighbours(struct world *w, const struct driver *d)
{
	struct compute *c = d->open(w);
	int64_t since_ms = w->now_ms, again_ms;

	finish(w, c, START, S("one"), since_ms);
	finish(w, c, START, S("two"), since_ms);
	finish(w, c, REMOVE, S("two"), w->now_ms);
	CHECK(ask(w, c, START, S("one"), since_ms, &again_ms) == COMPUTE_RUNNING,
	    "%s: the neighbour still runs", d->name);
	finish(w, c, STOP, S("one"), w->now_ms);
	finish(w, c, REMOVE, S("one"), w->now_ms);
}

static void
over_drivers(struct arena *a, void (*test)(struct world *w, const struct driver *d))
{
	for (size_t i = 0; i < countof(drivers); i++) {
		struct world w = { .a = a, .now_ms = START_MS };

		test_clock_init(&w.clock, &w.now_ms);
		err_init(&w.err, a);
		test(&w, &drivers[i]);
	}
}

static void
test_life(struct arena *a)
{
	over_drivers(a, life);
}

static void
test_restarts(struct arena *a)
{
	over_drivers(a, restarts);
}

static void
test_early_asks(struct arena *a)
{
	over_drivers(a, early_asks);
}

static void
test_neighbours(struct arena *a)
{
	over_drivers(a, neighbours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),
		TEST(test_restarts),
		TEST(test_early_asks),
		TEST(test_neighbours),
	};

	return RUN_TESTS(tests);
}
