/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/err.c: an error is set where it is found and read where it is told.
 */
#include "base/err.h"

#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"

static const char *const kind_names[] = {
	[ERR_NONE] = "none",
	[ERR_INVALID] = "invalid",
	[ERR_UNAUTHENTICATED] = "unauthenticated",
	[ERR_DENIED] = "denied",
	[ERR_NOT_FOUND] = "not found",
	[ERR_CONFLICT] = "conflict",
	[ERR_TOO_LARGE] = "too large",
	[ERR_THROTTLED] = "throttled",
	[ERR_TIMEOUT] = "timeout",
	[ERR_UPSTREAM] = "upstream",
	[ERR_IO] = "io",
};
static_assert(countof(kind_names) == ERR_KIND_COUNT, "one name per kind");

void
err_init(struct err *err, struct arena *a)
{
	*err = (struct err){ .a = a };
}

void
err_set_words(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list args;

	assert(kind != ERR_NONE && err->a != NULL);
	va_start(args, fmt);
	*err = (struct err){ .kind = kind, .msg = str_vfmt(err->a, fmt, args), .a = err->a };
	va_end(args);
}

void
err_set_code(struct err *err, enum err_kind kind, const char *code, const char *fmt, ...)
{
	va_list args;
	str copy;

	assert(kind != ERR_NONE && err->a != NULL);
	copy = str_dup(err->a, str_of(code));
	va_start(args, fmt);
	*err = (struct err){
		.kind = kind,
		.code = copy,
		.msg = str_vfmt(err->a, fmt, args),
		.a = err->a,
	};
	va_end(args);
}

void
err_add_prefix(struct err *err, const char *fmt, ...)
{
	va_list args;
	str context;

	assert(err->kind != ERR_NONE);
	va_start(args, fmt);
	context = str_vfmt(err->a, fmt, args);
	va_end(args);
	err->msg = str_fmt(err->a, STR_FMT ": " STR_FMT, STR_ARG(context), STR_ARG(err->msg));
}

bool
err_is(const struct err *err, const char *code)
{
	return str_is(err->code, code);
}

void
err_clear(struct err *err)
{
	err_init(err, err->a);
}

const char *
err_kind_name(enum err_kind kind)
{
	assert(kind < ERR_KIND_COUNT);
	return kind_names[kind];
}
