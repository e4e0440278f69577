/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that do what is due, some for the cloud and some for the workbench. They sleep until the
 * next thing is due or somebody says that there may be more.
 */
#pragma once

#include <stdbool.h>

#include "app/internal.h"

struct driver;

struct driver_options {
	/* One is enough for the cloud: it delivers events in their order and waits for its store.
	 */
	unsigned cloud_threads, workbench_threads;
};

bool driver_start(
    struct app *app, const struct driver_options *options, struct driver **out, struct err *err);

/* Something was written that may be due at once for this part. Cheap; any thread; NULL: nobody. */
void driver_wake(struct driver *d, enum app_part part);

/* Lets every thread end the step it is in. */
void driver_stop(struct driver *d);
