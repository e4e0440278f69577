/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values that a manifest may name by ${scope.name}, and the snapshots of project and
 * configuration that an environment was launched with, from which many of them come.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct state;

/* Items 3 and 2 of api.md 5.2. Fails: ERR_NOT_FOUND. */
bool scopes_project(const struct state *s, const struct json **out, struct err *err);
bool scopes_config(const struct state *s, const struct json **out, struct err *err);

/*
 * An object of objects, as bundle_expand() takes it. operation_id may be empty. The main stack's
 * outputs are read for it.
 */
bool scopes_of(const struct state *s, str operation_id, const struct json **out, struct err *err);

/* The same scopes with another instance as ${environment.instanceId}. */
const struct json *scopes_for_instance(struct arena *a, const struct json *scopes, str instance_id);
