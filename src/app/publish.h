/* SPDX-License-Identifier: Apache-2.0 */
/* From a type's folder to what can be launched: a published version, an approved type, a
 * configuration. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

struct app;
struct arena;
struct bundle;
struct err;
struct json;

/* Who owns what swb makes by itself. */
#define PUBLISH_OWNER S("00000000-0000-4000-8000-000000000001")

/* Publishes and waits for the end, driving the clock as app_run() does. Fails: ERR_UPSTREAM,
 * ERR_TIMEOUT. */
bool publish_bundle(struct app *app, struct arena *a, const struct bundle *b, struct err *err);

/* The approved type of that name, made unless it stands. */
bool publish_ensure_type(
    struct app *app, struct arena *a, const struct bundle *b, str *type_id, struct err *err);

/* The type's configuration of that name, made with params ([{key, value}]) unless it stands. */
bool publish_ensure_config(struct app *app, struct arena *a, const struct bundle *b, str type_id,
    str name, const struct json *params, str *config_id, struct err *err);

/*
 * All of it for every type below root, with a configuration "default" of the defaults where they
 * suffice. A folder with errors is told to errors, with its findings, and left out: one bad type
 * does not stop the others. Fails: as the store or the cloud fails.
 */
bool publish_folder(struct app *app, const char *root, FILE *errors, struct err *err);
