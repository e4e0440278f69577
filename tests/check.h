/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every test program shares: checks that name their case, and the test data folder.
 *
 * A test is a function over a fresh arena; TEST(f) puts it into a cmocka table. Data that
 * nobody here wrote lies below $SWB_SHARED (default ../shared beside the checkout); a case whose
 * data is absent is skipped, and counted as skipped.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* A failed check tells the case's label (printf form) before cmocka tells the line. */
#define CHECK(ok, ...) \
	do { \
		if (!(ok)) { \
			print_error("in case: " __VA_ARGS__); \
			print_error("\n"); \
			assert_true(ok); \
		} \
	} while (0)

static inline void
check_str(str got, str want, const char *file, int line, const char *label)
{
	if (str_eq(got, want))
		return;
	print_error("in case: %s\n  got:  " STR_FMT "\n  want: " STR_FMT "\n", label, STR_ARG(got),
	    STR_ARG(want));
	_fail(file, line);
}

/* CHECK_STR(got, "literal", "label %d", i) */
#define CHECK_STR(got, want, ...) \
	do { \
		char label_[512]; \
		snprintf(label_, sizeof(label_), __VA_ARGS__); \
		check_str((got), str_of(want), __FILE__, __LINE__, label_); \
	} while (0)

/* A call that must succeed: shows the error where it does not. */
#define CHECK_OK(call, errp) \
	do { \
		if (!(call)) { \
			print_error("failed: " STR_FMT " (" STR_FMT ")\n", STR_ARG((errp)->msg), \
			    STR_ARG((errp)->code)); \
			_fail(__FILE__, __LINE__); \
		} \
	} while (0)

typedef void (*test_function)(struct arena *a);

static inline void
run_in_arena(void **state)
{
	auto_arena a = { 0 };

	(*(test_function *)*state)(&a);
}

#define TEST(f) \
	{ \
#f, run_in_arena, NULL, NULL, &(test_function) \
		{ \
			f \
		} \
	}

#define RUN_TESTS(tests) cmocka_run_group_tests((tests), NULL, NULL)

/* A path below the shared test data; skips the case where it is absent. */
static inline const char *
shared_path(struct arena *a, const char *below)
{
	const char *root = getenv("SWB_SHARED");
	const char *path =
	    str_z(a, str_fmt(a, "%s/%s", root == NULL ? SWB_SHARED_DEFAULT : root, below));
	struct stat st;

	if (stat(path, &st) != 0) {
		print_message("no test data at %s\n", path);
		arena_fini(a); /* skip() leaves by longjmp, past the arena's own clean-up */
		skip();
	}
	return path;
}
