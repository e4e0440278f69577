/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before the API's routes, on three lines: target, token, body. Whatever comes, what is
 * taken is text, what is refused is refused in text, and no token is forged.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "api/internal.h"
#include "base/clock.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const kinds[] = { "ONE", "TWO", NULL };
static const struct field fields[] = {
	{ "text", F_STRING, true, 10, NULL },
	{ "texts", F_STRINGS, true, 3, NULL },
	{ "objects", F_OBJECTS, false, 3, NULL },
	{ "kind", F_ENUM, false, 0, kinds },
};
static const struct input input = INPUT(fields);

static struct token_keeper *keeper;

static void
drop_keeper(void)
{
	token_keeper_free(keeper);
}

/* One key for the whole run: making it takes longer than all else. */
static void
make_keeper(void)
{
	auto_arena a = { 0 };
	const char *dir;
	struct err err;
	bool ok;

	if (keeper != NULL)
		return;
	err_init(&err, &a);
	ok = dir_make_temp(&a, "swb-fuzz-", &dir, &err) &&
	    token_keeper_new(path_join(&a, dir, "key"), S("swb"), clock_real(), &keeper, &err) &&
	    dir_remove(dir, &err);
	assert(ok);
	(void)atexit(drop_keeper);
}

static void
try_target(struct arena *a, str target)
{
	str parameters[MAX_PARAMETERS], id;
	const struct route *r = route_find(S("GET"), target, parameters);
	struct query q;
	struct err err;

	err_init(&err, a);
	assert(r == NULL || parameters[0].len <= target.len);
	assert(str_is_utf8(query_shown(a, target)));
	if (id_read(a, ID_ENVIRONMENT, target, &id))
		assert(id.len == 40);
	if (!query_parse(a, http_query(target), &q, &err)) {
		assert(err.kind == ERR_INVALID && str_is_utf8(err.msg));
		return;
	}
	for (size_t i = 0; i < q.count; i++)
		assert(str_is_utf8(q.pairs[i].name) && str_is_utf8(q.pairs[i].value));
}

static void
try_token(struct arena *a, str token)
{
	struct caller caller;
	struct err err;

	err_init(&err, a);
	assert(!token_verify(keeper, a, token, &caller, &err));
	assert(err.kind == ERR_UNAUTHENTICATED && str_is(err.msg, "Unauthorized"));
}

static void
try_body(struct arena *a, str body)
{
	const struct json *out;
	struct err err;

	err_init(&err, a);
	if (input_read(a, &input, body, &out, &err))
		assert(json_is(json_get(out, "text"), JSON_STRING));
	else
		assert(err.kind == ERR_INVALID && str_is_utf8(err.msg));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	str rest = { (const char *)data, size }, target = { 0 }, token = { 0 };

	make_keeper();
	(void)str_cut(&rest, '\n', &target);
	(void)str_cut(&rest, '\n', &token);
	try_target(&a, target);
	try_token(&a, token);
	try_body(&a, rest);
	return 0;
}
