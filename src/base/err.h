/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One error value on the caller's stack: a kind, so that code can decide, and words, so
 * that a person can act. Lower layers word the cause; upper layers add context only
 * where it helps. Callers branch on kind or code, never on the text.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum err_kind {
	ERR_NONE,
	ERR_INVALID,         /* the caller's input breaks a rule */
	ERR_UNAUTHENTICATED, /* nobody known is calling */
	ERR_DENIED,          /* the caller may not */
	ERR_NOT_FOUND,
	ERR_CONFLICT,  /* the state, or another writer, forbids it */
	ERR_TOO_LARGE, /* over a limit that is told */
	ERR_THROTTLED, /* later, the same call may succeed */
	ERR_TIMEOUT,   /* no answer in time: the effect is unknown */
	ERR_UPSTREAM,  /* what we called failed */
	ERR_IO,        /* disk, network, process */
	ERR_KIND_COUNT
};

struct err {
	enum err_kind kind;
	str code; /* the AWS error name, if one applies */
	str msg;  /* whole, never cut; lives in a */
	struct arena *a;
};

void err_init(struct err *err, struct arena *a);

/*
 * All three are false, so that failing is one line. They are macros so that the compiler knows it,
 * too, and does not warn of outputs that only success sets.
 */
#define err_set(err, kind, ...) (err_set_words((err), (kind), __VA_ARGS__), err_failed())
#define err_code(err, kind, code, ...) \
	(err_set_code((err), (kind), (code), __VA_ARGS__), err_failed())
#define err_prefix(err, ...) (err_add_prefix((err), __VA_ARGS__), err_failed())

void err_set_words(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void err_set_code(struct err *err, enum err_kind kind, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void err_add_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline bool
err_failed(void)
{
	return false;
}

bool err_is(const struct err *err, const char *code);

/* Back to ERR_NONE: the failure was expected and dealt with. */
void err_clear(struct err *err);

const char *err_kind_name(enum err_kind kind);
