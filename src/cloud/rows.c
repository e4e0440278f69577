/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/rows.c: rows as engines see them.
 *
 * A row is a store item whose members pk, sk, account, region are set here; task, queue and dueAt
 * make it due; ref, refSort, ref2, refSort2 are the engine's to set for the two free indexes.
 * Every write tells watch.c, so that whoever waits for the row is woken in the same transaction.
 */
#include "cloud/internal.h"

#include "base/clock.h"

#define COUNT_AFTER 64 /* rows that came, at most */

str
row_partition(struct call *c, const char *service, const char *kind, str account, str region)
{
	return str_fmt(
	    c->a, "%s#%s#" STR_FMT "#" STR_FMT, service, kind, STR_ARG(account), STR_ARG(region));
}

str
row_here(struct call *c, const char *service, const char *kind)
{
	return row_partition(c, service, kind, c->account, c->region);
}

struct json *
row_new(struct call *c, str pk, str sk)
{
	struct json *body = json_new_object(c->a);

	json_put_str(c->a, body, "pk", pk);
	json_put_str(c->a, body, "sk", sk);
	json_put_str(c->a, body, "account", c->account);
	json_put_str(c->a, body, "region", c->region);
	return body;
}

str
row_text(const struct item *row, const char *member)
{
	return json_str(json_get(row->body, member));
}

struct json *
row_change(struct call *c, const struct item *row)
{
	return json_copy_shallow(c->a, row->body);
}

bool
row_find(struct call *c, str pk, str sk, struct item *out, bool *found, struct err *err)
{
	if (c->watch != NULL)
		watch_add(c, c->watch, pk, sk);
	return store_find(c->cloud->options.store, c->a, pk, sk, out, found, err);
}

/* Did the row that is being stepped get written? cloud_step() asks. */
static void
note_written(struct cloud *cloud, str pk, str sk)
{
	if (str_eq(pk, cloud->stepping_pk) && str_eq(sk, cloud->stepping_sk))
		cloud->stepping_written = true;
}

bool
row_put_quietly(struct call *c, const struct json *body, struct err *err)
{
	note_written(c->cloud, json_str(json_get(body, "pk")), json_str(json_get(body, "sk")));
	turn_note(c->cloud, body);
	return store_put(c->cloud->options.store, body, STORE_ANY, err);
}

bool
row_put(struct call *c, const struct json *body, struct err *err)
{
	return row_put_quietly(c, body, err) &&
	    watch_fire(
		c, json_str(json_get(body, "pk")), json_str(json_get(body, "sk")), body, err);
}

bool
row_del(struct call *c, str pk, str sk, struct err *err)
{
	struct item old;
	bool found;

	note_written(c->cloud, pk, sk);
	if (!store_find(c->cloud->options.store, c->a, pk, sk, &old, &found, err))
		return false;
	if (!found)
		return true;
	return store_del(c->cloud->options.store, pk, sk, STORE_ANY, err) &&
	    watch_fire(c, pk, sk, old.body, err) && watch_forget(c, pk, sk, err);
}

bool
row_query(struct call *c, const struct store_query *q, struct store_page *out, struct err *err)
{
	if (c->watch != NULL)
		watch_add_list(c, c->watch, q->index, q->hash);
	return store_query(c->cloud->options.store, c->a, q, out, err);
}

bool
row_count(struct call *c, str pk, uint64_t *out, struct err *err)
{
	return store_count(c->cloud->options.store, pk, out, err);
}

/* Counting costs as much as there are rows, so it is done only now and then. */
bool
row_has_room(struct call *c, str pk, uint64_t most, bool *has, struct err *err)
{
	uint64_t hash = str_hash(pk), count;
	struct room *r = &c->cloud->rooms[hash % countof(c->cloud->rooms)];

	if (r->partition != hash || r->left == 0) {
		if (!row_count(c, pk, &count, err))
			return false;
		r->partition = hash;
		r->left = count >= most ? 0 : most - count;
		if (r->left > COUNT_AFTER)
			r->left = COUNT_AFTER;
	}
	*has = r->left > 0;
	r->left -= *has;
	return true;
}

bool
row_each(struct call *c, const struct store_query *q,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err)
{
	struct store_query page_query = *q;

	for (;;) {
		struct store_page page;

		if (!row_query(c, &page_query, &page, err))
			return false;
		for (size_t i = 0; i < page.count; i++)
			if (!each(c, &page.items[i], cookie, err))
				return false;
		if (page.next.len == 0)
			return true;
		page_query.start_after = page.next;
	}
}

static bool
del_one(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	(void)cookie;
	return row_del(c, row->pk, row->sk, err);
}

bool
row_del_all(struct call *c, const struct store_query *q, struct err *err)
{
	return row_each(c, q, del_one, NULL, err);
}

/* Fixed width, so that text order is time order. */
str
row_due_text(struct arena *a, int64_t due_ms)
{
	return str_fmt(a, "%016lld", (long long)(due_ms < 0 ? 0 : due_ms));
}

static void
set_due(struct call *c, struct json *body, const char *task, const char *queue, int64_t due_ms)
{
	json_remove(body, "attempts");
	json_remove(body, "lastError");
	json_set_str(c->a, body, "task", str_fmt(c->a, STR_FMT "/%s", STR_ARG(c->service), task));
	if (due_ms == CLOCK_NEVER) {
		json_remove(body, "queue");
		json_remove(body, "dueAt");
		return;
	}
	json_set_str(c->a, body, "queue", str_of(queue));
	json_set_str(c->a, body, "dueAt", row_due_text(c->a, due_ms));
}

void
row_due(struct call *c, struct json *body, const char *task, int64_t due_ms)
{
	set_due(c, body, task, QUEUE_INSIDE, due_ms);
}

void
row_due_outside(struct call *c, struct json *body, const char *task, int64_t due_ms)
{
	set_due(c, body, task, QUEUE_OUTSIDE, due_ms);
}

void
row_done(struct call *c, struct json *body)
{
	static const char *const members[] = { "task", "queue", "dueAt", "attempts", "lastError" };

	(void)c;
	for (size_t i = 0; i < countof(members); i++)
		json_remove(body, members[i]);
}
