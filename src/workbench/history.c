/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/history.c: what happened to an environment, in order.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/env.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/state.h"

static int
by_seq(const void *x, const void *y)
{
	int64_t a = json_i64(json_get(*(const struct json *const *)x, "seq"), 0);
	int64_t b = json_i64(json_get(*(const struct json *const *)y, "seq"), 0);

	return a < b ? -1 : a > b;
}

static struct json *
shown(struct arena *a, const struct json *row)
{
	static const char *const members[] = { "at", "kind", "from", "to", "step", "event", "text",
		"operationId", NULL };
	struct json *out = json_new_object(a);

	item_copy(a, out, row, members);
	return out;
}

static bool
load_page(
    struct workbench *wb, struct arena *a, str id, str *start, struct json *rows, struct err *err)
{
	struct store_query q = { .hash = str_fmt(a, "SWB#HISTORY#" STR_FMT, STR_ARG(id)),
		.start_after = *start };
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		json_push(a, rows, page.items[i].body);
	*start = page.next;
	return true;
}

bool
env_history(struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct json *rows = json_new_array(a), *list = json_new_array(a);
	const struct json **sorted;
	size_t count = 0;
	struct state s;
	str start = { 0 };

	if (!state_load(wb, a, id, &s, err))
		return false;
	do {
		if (!load_page(wb, a, s.id, &start, rows, err))
			return false;
	} while (start.len > 0);
	sorted = arena_new(a, const struct json *, json_count(rows) + 1);
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		sorted[count++] = r;
	qsort(sorted, count, sizeof(sorted[0]), by_seq);
	for (size_t i = 0; i < count; i++)
		json_push(a, list, shown(a, sorted[i]));
	*out = list;
	return true;
}
