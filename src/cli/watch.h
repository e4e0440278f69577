/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at an environment until it rests, and tells the steps as they happen.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct remote;
struct screen;

struct watch {
	struct remote *remote;
	struct screen *screen; /* NULL to tell nothing */
	str env_id;
	size_t seen;              /* entries of its history that are told or too old */
	int64_t began_ms;         /* the server's clock at the first new entry; 0 before it */
	int64_t ended_ms;         /* at the last */
	int64_t watched_since_ms; /* our clock */
};

/* How much history there is already, so that only the new is told. */
bool watch_begin(struct watch *w, struct err *err);

/*
 * Until the status is one in which an environment may stay. *out: what explain says then, in a.
 * Fails: as the server fails; the environment goes on without us.
 */
bool watch_until_rest(struct watch *w, struct arena *a, const struct json **out, struct err *err);

/*
 * An entry of a history as a line: "   0.7 s  COMPLETED  why", times since began_ms. brief: of an
 * event only what it says, without what was made of it.
 */
str watch_line(const struct screen *s, struct arena *a, const struct json *entry, int64_t began_ms,
    bool brief);
