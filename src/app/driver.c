/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/driver.c: steps as threads.
 *
 * A wake-up is a number that grows. A thread notes it before it steps and sleeps only while it has
 * not grown, so a wake-up between the two is never lost. Any step may make work for the others (an
 * event for the workbench, a call for the cloud), so whoever did something wakes all.
 */
#include "app/driver.h"

#include <stdlib.h>

#include "app/internal.h"
#include "base/thread.h"

#define MAX_THREADS 16
#define LONGEST_NAP_MS 1000 /* the clock of the machine may be set */

struct driver {
	struct app *app;
	pthread_t threads[MAX_THREADS];
	unsigned count;
	struct mutex mu;
	struct condition more;
	uint64_t wakes; /* guarded by mu, as is stopping */
	bool stopping;
};

void
driver_wake(struct driver *d)
{
	if (d == NULL)
		return;
	mutex_lock(&d->mu);
	d->wakes++;
	condition_broadcast(&d->more);
	mutex_unlock(&d->mu);
}

static void
wake(void *cookie)
{
	driver_wake(cookie);
}

static bool
begin_round(struct driver *d, uint64_t *wakes)
{
	bool go_on;

	mutex_lock(&d->mu);
	*wakes = d->wakes;
	go_on = !d->stopping;
	mutex_unlock(&d->mu);
	return go_on;
}

static void
nap(struct driver *d, uint64_t wakes, int64_t ms)
{
	mutex_lock(&d->mu);
	if (d->wakes == wakes && !d->stopping)
		(void)condition_wait_for(
		    &d->more, &d->mu, ms < LONGEST_NAP_MS ? ms : LONGEST_NAP_MS);
	mutex_unlock(&d->mu);
}

static int64_t
step_cloud(struct app *app, int64_t now)
{
	return cloud_step(app->cloud, now);
}

static int64_t
step_workbench(struct app *app, int64_t now)
{
	return workbench_step(app->workbench, now);
}

static void
turn(struct driver *d, int64_t (*step)(struct app *app, int64_t now))
{
	uint64_t wakes;

	while (begin_round(d, &wakes)) {
		int64_t now = clock_now_ms(d->app->options.clock);
		int64_t due = step(d->app, now);

		if (due <= now)
			driver_wake(d);
		else
			nap(d, wakes, due - now);
	}
}

static void *
turn_cloud(void *cookie)
{
	turn(cookie, step_cloud);
	return NULL;
}

static void *
turn_workbench(void *cookie)
{
	turn(cookie, step_workbench);
	return NULL;
}

bool
driver_start(struct app *app, unsigned workbench_threads, struct driver **out, struct err *err)
{
	struct driver *d = calloc(1, sizeof(*d));

	if (d == NULL)
		abort(); /* as base/arena.c */
	d->app = app;
	app->activity = wake;
	app->activity_cookie = d;
	mutex_init(&d->mu);
	condition_init(&d->more);
	for (; d->count <= workbench_threads && d->count < MAX_THREADS; d->count++)
		if (pthread_create(&d->threads[d->count], NULL,
			d->count == 0 ? turn_cloud : turn_workbench, d) != 0) {
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
	condition_broadcast(&d->more);
	mutex_unlock(&d->mu);
	for (unsigned i = 0; i < d->count; i++)
		pthread_join(d->threads[i], NULL);
	d->app->activity = NULL;
	condition_fini(&d->more);
	mutex_fini(&d->mu);
	free(d);
}
