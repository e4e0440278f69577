/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that do what is due, some for each part of the app. They sleep until the
 * next thing is due or somebody says that there may be more.
 */
#pragma once

#include <stdbool.h>

#include "app/internal.h"

struct driver;

bool driver_start(struct app *app, struct driver **out, struct err *err);

/* Something was written that may be due at once for this part. Cheap; any thread; NULL: nobody. */
void driver_wake(struct driver *d, enum app_part part);

/* Lets every thread end the step it is in. */
void driver_stop(struct driver *d);
