/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People say names, the API wants ids. A name that means several things is refused with all of
 * them; one that means none, with those that there are.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct remote;

/* How a kind of thing is spoken of and listed. */
struct name_kind {
	const char *what, *plural; /* "environment type" */
	const char *prefix;        /* of ids, which may be left out: "et-"; "" for none */
	const char *members[3];    /* that a given name may equal, NULL-ended */
	const char *told[3];       /* that tell candidates apart, NULL-ended */
	const char *list;          /* the command that lists them */
};

extern const struct name_kind name_of_type, name_of_config, name_of_project, name_of_env;

/*
 * The one element of list that given names. Fails: ERR_NOT_FOUND, ERR_INVALID (it means several).
 */
bool name_pick(const struct name_kind *kind, struct arena *a, const struct json *list, str given,
    const struct json **out, struct err *err);

/*
 * Without a name: the only element, else the one named "default". Fails: ERR_NOT_FOUND (there is
 * none), ERR_INVALID (there are several: option says how to choose).
 */
bool name_pick_default(const struct name_kind *kind, struct arena *a, const struct json *list,
    const char *option, const struct json **out, struct err *err);

/* The same, asking the server. given may be NULL for configuration and project. */
bool name_find_type(
    struct remote *r, struct arena *a, const char *given, const struct json **out, struct err *err);
bool name_find_config(struct remote *r, struct arena *a, str type_id, const char *given,
    const struct json **out, struct err *err);
bool name_find_project(
    struct remote *r, struct arena *a, const char *given, const struct json **out, struct err *err);

/* By id, terminated ones too; by name, those that are not terminated. Whole or as listed. */
bool name_find_env(
    struct remote *r, struct arena *a, const char *given, const struct json **out, struct err *err);
