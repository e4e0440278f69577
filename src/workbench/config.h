/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations: an environment type with values for its parameters. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct list_page;
struct workbench;

struct config_creation {
	str env_type_id;
	str type, name, description;
	str estimated_cost;        /* empty for none */
	const struct json *params; /* [{key, value}] */
	const struct json *allowed_role_ids;
	str owner;
};

/*
 * Checks the values against the type's documents and template, and pins the type's version.
 * Fails: ERR_INVALID (no such type, another type's name, or values that could not be launched:
 * the message names every key).
 */
bool config_create(struct workbench *wb, struct arena *a, const struct config_creation *in,
    const struct json **out, struct err *err);

/* Fails: ERR_NOT_FOUND, also where it belongs to another type. */
bool config_get(struct workbench *wb, struct arena *a, str env_type_id, str id,
    const struct json **out, struct err *err);
/* An array; empty for an unknown type. */
bool config_list(struct workbench *wb, struct arena *a, str env_type_id, const struct json **out,
    struct err *err);
/* A page of it. Fails: ERR_INVALID (start_after is no page's next). */
bool config_page(struct workbench *wb, struct arena *a, str env_type_id, struct list_page *page,
    struct err *err);

/*
 * changes: some of name and description, as strings; what a configuration launches never changes.
 * Fails: ERR_NOT_FOUND, ERR_INVALID (another member), ERR_CONFLICT (others change it all the time).
 */
struct config_change {
	str env_type_id, id;
	const struct json *changes;
	str actor;
};
bool config_update(struct workbench *wb, struct arena *a, const struct config_change *in,
    const struct json **out, struct err *err);
