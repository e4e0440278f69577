/* SPDX-License-Identifier: Apache-2.0 */
/* Environment types of a folder, published and ready to be launched. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct app;
struct err;

/*
 * Publishes every type below root, and makes the type with a configuration of defaults where there
 * is none yet. A folder with errors is told to errors, with its findings, and left out: one bad
 * type does not stop the others. Drives the clock as app_run() does. Fails: as the store or the
 * cloud fails.
 */
bool publish_folder(struct app *app, const char *root, FILE *errors, struct err *err);
