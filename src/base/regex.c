/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/regex.c: PCRE2, with a cache of compiled patterns.
 *
 * The cache has a fixed number of rows and a pattern has one row in it, where the one used last
 * comes first: a pattern that finds no room there throws out the last, which costs a compilation
 * and nothing else. A pattern that is thrown out while another thread matches by it lives until
 * that thread is done.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex.h"

#include <assert.h>
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/thread.h"

#define CACHE_ROWS 128
#define CACHE_ROW 4         /* patterns in a row */
#define MATCH_LIMIT 1000000 /* backtracking steps: some tens of milliseconds */
#define DEPTH_LIMIT 250000
#define HEAP_LIMIT_KIB (32 * 1024)

struct compiled {
	pcre2_code *code;
	unsigned refs; /* guarded by cache_mu */
	size_t len;
	char pattern[];
};

static struct mutex cache_mu = MUTEX_INIT;
static struct compiled *cache[CACHE_ROWS][CACHE_ROW]; /* guarded by cache_mu */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pcre2_compile_context *compile_context; /* read-only after once */
static pcre2_match_context *match_context;

static void
init(void)
{
	compile_context = pcre2_compile_context_create(NULL);
	match_context = pcre2_match_context_create(NULL);
	assert(compile_context != NULL && match_context != NULL);
	pcre2_set_newline(compile_context, PCRE2_NEWLINE_ANY);
	pcre2_set_max_pattern_length(compile_context, REGEX_MAX_PATTERN_BYTES);
	pcre2_set_match_limit(match_context, MATCH_LIMIT);
	pcre2_set_depth_limit(match_context, DEPTH_LIMIT);
	pcre2_set_heap_limit(match_context, HEAP_LIMIT_KIB);
}

/* ALT_BSUX reads \u0020 as Java does; NEVER_UCP keeps \d and \w to ASCII whatever a pattern says.
 */
static bool
compile(str pattern, struct compiled **out, struct err *err)
{
	const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_ALT_BSUX |
	    PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C;
	struct compiled *c;
	pcre2_code *code;
	PCRE2_SIZE at;
	int code_error;
	char why[256];

	if (pattern.len > REGEX_MAX_PATTERN_BYTES)
		return err_set(err, ERR_INVALID, "the pattern is longer than %d bytes",
		    REGEX_MAX_PATTERN_BYTES);
	code = pcre2_compile((PCRE2_SPTR)(pattern.len == 0 ? "" : pattern.ptr), pattern.len,
	    options, &code_error, &at, compile_context);
	if (code == NULL) {
		(void)pcre2_get_error_message(code_error, (PCRE2_UCHAR *)why, sizeof(why));
		return err_set(err, ERR_INVALID,
		    "'" STR_FMT "' is not a regular expression: %s (at byte %zu)", STR_ARG(pattern),
		    why, (size_t)at + 1);
	}
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, matching is slower */
	c = malloc(sizeof(*c) + pattern.len);
	assert(c != NULL);
	*c = (struct compiled){ .code = code, .refs = 1, .len = pattern.len };
	if (pattern.len > 0)
		memcpy(c->pattern, pattern.ptr, pattern.len);
	*out = c;
	return true;
}

static void
drop_locked(struct compiled *c)
{
	mutex_assert_held(&cache_mu);
	if (c == NULL || --c->refs > 0)
		return;
	pcre2_code_free(c->code);
	free(c);
}

static void
release(struct compiled *c)
{
	auto_unlock struct mutex *held = mutex_hold(&cache_mu);

	drop_locked(c);
}

static void
put_first_locked(struct compiled *row[CACHE_ROW], size_t place, struct compiled *c)
{
	mutex_assert_held(&cache_mu);
	for (; place > 0; place--)
		row[place] = row[place - 1];
	row[0] = c;
}

static struct compiled *
find(str pattern, struct compiled *row[CACHE_ROW])
{
	auto_unlock struct mutex *held = mutex_hold(&cache_mu);

	for (size_t i = 0; i < CACHE_ROW && row[i] != NULL; i++) {
		struct compiled *c = row[i];

		if (!str_eq((str){ c->pattern, c->len }, pattern))
			continue;
		put_first_locked(row, i, c);
		c->refs++;
		return c;
	}
	return NULL;
}

static void
keep(struct compiled *c, struct compiled *row[CACHE_ROW])
{
	auto_unlock struct mutex *held = mutex_hold(&cache_mu);

	drop_locked(row[CACHE_ROW - 1]);
	put_first_locked(row, CACHE_ROW - 1, c);
	c->refs++;
}

/* The caller releases what it gets. */
static bool
acquire(str pattern, struct compiled **out, struct err *err)
{
	struct compiled **row = cache[str_hash(pattern) % CACHE_ROWS];

	(void)pthread_once(&once, init);
	*out = find(pattern, row);
	if (*out != NULL)
		return true;
	if (!compile(pattern, out, err))
		return false;
	keep(*out, row);
	return true;
}

static int
match(const struct compiled *c, str text)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.len == 0 ? "" : text.ptr);
	int result;

	assert(data != NULL);
	result = pcre2_match(c->code, subject, text.len, 0, 0, data, match_context);
	if (result == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter works on the heap */
		result =
		    pcre2_match(c->code, subject, text.len, 0, PCRE2_NO_JIT, data, match_context);
	pcre2_match_data_free(data);
	return result;
}

bool
regex_matches_whole(str pattern, str text, bool *matches, struct err *err)
{
	struct compiled *c;
	int result;

	if (!acquire(pattern, &c, err))
		return false;
	result = match(c, text);
	release(c);
	if (result >= 0 || result == PCRE2_ERROR_NOMATCH) {
		*matches = result >= 0;
		return true;
	}
	if (result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21)
		return err_set(err, ERR_INVALID, "the text to match is not UTF-8");
	return err_set(err, ERR_TOO_LARGE,
	    "matching a text of %zu bytes against '" STR_FMT
	    "' takes too much work; a pattern without nested repetition does not",
	    text.len, STR_ARG(pattern));
}

bool
regex_check(str pattern, struct err *err)
{
	struct compiled *c;

	if (!acquire(pattern, &c, err))
		return false;
	release(c);
	return true;
}
