/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/driver.c: steps as threads.
 *
 * Each part has a lane: its threads, and a number of wake-ups that grows. A thread notes the number
 * before it steps and sleeps only while it has not grown, so a wake-up between the two is never
 * lost. A wake-up rouses one thread; a thread that finds more after its first step rouses the next.
 * What the parts make for each other is told by the calls and events that pass between them
 * (app_tell_activity).
 */
#include "app/driver.h"

#include <assert.h>
#include <stdlib.h>

#include "base/thread.h"

#define MAX_THREADS 16
#define LONGEST_NAP_MS 1000 /* the clock of the machine may be set */

struct lane {
	struct driver *driver;
	int64_t (*step)(struct app *app, int64_t now_ms);
	struct condition more;
	uint64_t wakes;   /* guarded by the driver's mutex */
	unsigned napping; /* likewise */
};

struct driver {
	struct app *app;
	pthread_t threads[MAX_THREADS];
	unsigned count;
	struct mutex mu;
	struct lane lanes[APP_PART_COUNT];
	bool stopping; /* guarded by mu */
};

static void
rouse_locked(struct lane *l)
{
	mutex_assert_held(&l->driver->mu);
	if (l->napping > 0)
		condition_signal(&l->more);
}

void
driver_wake(struct driver *d, enum app_part part)
{
	if (d == NULL)
		return;
	mutex_lock(&d->mu);
	d->lanes[part].wakes++;
	rouse_locked(&d->lanes[part]);
	mutex_unlock(&d->mu);
}

static void
wake(void *cookie, enum app_part part)
{
	driver_wake(cookie, part);
}

static bool
begin_round(struct lane *l, uint64_t *wakes)
{
	auto_unlock struct mutex *held = mutex_hold(&l->driver->mu);

	*wakes = l->wakes;
	return !l->driver->stopping;
}

static void
rouse_another(struct lane *l)
{
	auto_unlock struct mutex *held = mutex_hold(&l->driver->mu);

	rouse_locked(l);
}

static void
nap(struct lane *l, uint64_t wakes, int64_t ms)
{
	auto_unlock struct mutex *held = mutex_hold(&l->driver->mu);

	if (l->wakes != wakes || l->driver->stopping)
		return;
	l->napping++;
	(void)condition_wait_for(
	    &l->more, &l->driver->mu, ms < LONGEST_NAP_MS ? ms : LONGEST_NAP_MS);
	l->napping--;
}

static void *
step_on(void *cookie)
{
	struct lane *l = cookie;
	struct app *app = l->driver->app;
	bool moved = false;
	uint64_t wakes;

	while (begin_round(l, &wakes)) {
		int64_t now = clock_now_ms(app->options.clock);
		int64_t due = l->step(app, now);

		if (due > now) {
			moved = false;
			nap(l, wakes, due - now);
			continue;
		}
		if (moved)
			rouse_another(l);
		moved = true;
	}
	return NULL;
}

static int64_t
step_cloud(struct app *app, int64_t now_ms)
{
	return cloud_step_inside(app->cloud, now_ms);
}

static int64_t
step_delivery(struct app *app, int64_t now_ms)
{
	int64_t due_ms = cloud_step_outside(app->cloud, now_ms);

	if (due_ms <= now_ms) /* it looked at answers: some may have to come again */
		app_tell_activity(app, APP_CLOUD);
	return due_ms;
}

static int64_t
step_workbench(struct app *app, int64_t now_ms)
{
	return workbench_step(app->workbench, now_ms);
}

/* What is done within the cloud holds its one lock, and deliveries keep their order. */
static const struct part {
	int64_t (*step)(struct app *app, int64_t now_ms);
	unsigned threads;
} parts[APP_PART_COUNT] = {
	[APP_CLOUD] = { step_cloud, 1 },
	[APP_DELIVERY] = { step_delivery, 1 },
	[APP_WORKBENCH] = { step_workbench, 4 },
};

static bool
start_threads(struct driver *d, enum app_part part)
{
	for (unsigned i = 0; i < parts[part].threads; i++, d->count++) {
		assert(d->count < MAX_THREADS);
		if (pthread_create(&d->threads[d->count], NULL, step_on, &d->lanes[part]) != 0)
			return false;
	}
	return true;
}

bool
driver_start(struct app *app, struct driver **out, struct err *err)
{
	struct driver *d = calloc(1, sizeof(*d));

	if (d == NULL)
		abort(); /* as base/arena.c */
	d->app = app;
	mutex_init(&d->mu);
	for (size_t i = 0; i < APP_PART_COUNT; i++) {
		d->lanes[i].driver = d;
		d->lanes[i].step = parts[i].step;
		condition_init(&d->lanes[i].more);
	}
	app->activity_cookie = d;
	app->activity = wake;
	for (size_t i = 0; i < APP_PART_COUNT; i++) {
		if (start_threads(d, i))
			continue;
		driver_stop(d);
		return err_set(err, ERR_IO, "cannot start threads");
	}
	*out = d;
	return true;
}

void
driver_stop(struct driver *d)
{
	mutex_lock(&d->mu);
	d->stopping = true;
	for (size_t i = 0; i < APP_PART_COUNT; i++)
		condition_broadcast(&d->lanes[i].more);
	mutex_unlock(&d->mu);
	for (unsigned i = 0; i < d->count; i++)
		pthread_join(d->threads[i], NULL);
	d->app->activity = NULL;
	for (size_t i = 0; i < APP_PART_COUNT; i++)
		condition_fini(&d->lanes[i].more);
	mutex_fini(&d->mu);
	free(d);
}
