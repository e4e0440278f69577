/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/event_log.c: taken events, by account and id.
 */
#include "workbench/event_log.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "workbench/change.h"
#include "workbench/internal.h"
#include "workbench/item.h"

#define KEPT_MS (48 * HOUR_MS)

static str
key(struct arena *a, str account, str id)
{
	return str_fmt(a, "SWB#EVENT#" STR_FMT "#" STR_FMT, STR_ARG(account), STR_ARG(id));
}

bool
event_log_has(
    struct workbench *wb, struct arena *a, str account, str id, bool *out, struct err *err)
{
	struct item item;

	return store_find(wb->o.store, a, key(a, account, id), S("SWB#EVENT"), &item, out, err);
}

void
event_log_add(struct change *c, str account, str id, int64_t now_ms)
{
	struct json *body = item_new(c->a, key(c->a, account, id), S("SWB#EVENT"));

	json_put_str(c->a, body, "swbQueue", S("forget"));
	json_put_str(c->a, body, "swbDue", item_time(c->a, now_ms + KEPT_MS));
	change_put(c, body, STORE_NEW);
}

static bool
sweep_page(struct workbench *wb, struct arena *a, int64_t now_ms, size_t *count, struct err *err)
{
	struct store_query q = { .index = S("swbByDue"),
		.hash = S("forget"),
		.condition = STORE_LE,
		.a = item_time(a, now_ms),
		.brief = true,
		.limit = STORE_MAX_WRITES };
	struct store_page page;
	struct change c;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	change_init(&c, wb, a);
	for (size_t i = 0; i < page.count; i++)
		change_del(&c, page.items[i].pk, page.items[i].sk, STORE_ANY);
	*count = page.count;
	return change_commit(&c, err);
}

void
event_log_sweep(struct workbench *wb, int64_t now_ms)
{
	size_t count = STORE_MAX_WRITES;

	while (count == STORE_MAX_WRITES) {
		auto_arena a = { 0 };
		struct err err;

		err_init(&err, &a);
		if (sweep_page(wb, &a, now_ms, &count, &err))
			continue;
		log_warn(wb->o.log, "old events not forgotten: " STR_FMT, STR_ARG(err.msg));
		return;
	}
}
