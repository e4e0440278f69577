/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/watch.c: who waits for which row.
 *
 * A watch is a row of its own: in the partition of what is watched it names who waits, and by
 * index it is found from the waiter. Firing makes the waiter due in the transaction of the write
 * that it waited for, so no change can fall between looking and waiting.
 */
#include "cloud/internal.h"

/*
 * "row|<pk>|<sk>", "list|<index>|<hash>" (no index: a partition of the table itself),
 * "waiter|<pk>|<sk>". Every write asks about some, and hardly ever is one watched: so the text is
 * made only where the bit of its pieces is set.
 */
struct key {
	str kind, first, second;
};

static str
key_text(struct arena *a, struct key k)
{
	return str_fmt(a, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(k.kind), STR_ARG(k.first),
	    STR_ARG(k.second));
}

static struct key
key_of_row(str pk, str sk)
{
	return (struct key){ S("row"), pk, sk };
}

static struct key
key_of_list(str index, str hash)
{
	return (struct key){ S("list"), index, hash };
}

static struct key
key_of_waiter(str pk, str sk)
{
	return (struct key){ S("waiter"), pk, sk };
}

static void
bit_set(struct cloud *cloud, str key)
{
	uint64_t h = str_hash(key) % WATCH_BITS;

	cloud->watched[h / 64] |= UINT64_C(1) << (h % 64);
}

static bool
bit_get(const struct cloud *cloud, struct key k)
{
	const str pieces[] = { k.kind, S("|"), k.first, S("|"), k.second };
	uint64_t h = STR_HASH_EMPTY;

	for (size_t i = 0; i < countof(pieces); i++)
		h = str_hash_more(h, pieces[i]);
	h %= WATCH_BITS;
	return (cloud->watched[h / 64] >> (h % 64)) & 1;
}

static void
add_key(struct watch *w, str key)
{
	for (size_t i = 0; i < w->count; i++)
		if (str_eq(w->keys[i], key))
			return;
	if (w->count == countof(w->keys))
		w->full = true;
	else
		w->keys[w->count++] = key;
}

void
watch_add(struct call *c, struct watch *w, str pk, str sk)
{
	add_key(w, key_text(c->a, key_of_row(pk, sk)));
}

void
watch_add_list(struct call *c, struct watch *w, str index, str hash)
{
	add_key(w, key_text(c->a, key_of_list(index, hash)));
}

bool
watch_needs_refresh(const struct cloud *cloud)
{
	return cloud->watches_set > WATCH_BITS / 32;
}

/*
 * Sets the bits anew from the rows that stand. Never within a transaction: if that were undone,
 * rows would stand again whose bits are clear.
 */
bool
watch_refresh(struct cloud *cloud, struct err *err)
{
	auto_arena a = { 0 };
	struct store_query q = { .index = S("byDue"), .hash = S(QUEUE_WATCHES) };

	memset(cloud->watched, 0, sizeof(cloud->watched));
	cloud->watches_set = 0;
	for (;;) {
		struct store_page page;

		if (!store_query(cloud->options.store, &a, &q, &page, err))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			bit_set(cloud, json_str(json_get(page.items[i].body, "refSort")));
			bit_set(cloud, json_str(json_get(page.items[i].body, "ref")));
		}
		if (page.next.len == 0)
			return true;
		q.start_after = page.next;
	}
}

static bool
put_watch(struct call *c, str key, str waiter, str pk, str sk, struct err *err)
{
	struct arena *a = c->a;
	struct json *body = json_new_object(a);

	json_put_str(a, body, "pk", str_cat(a, S("cloud#watch#"), key));
	json_put_str(a, body, "sk", waiter);
	json_put_str(a, body, "ref", waiter);
	json_put_str(a, body, "refSort", key);
	json_put_str(a, body, "queue", S(QUEUE_WATCHES));
	json_put_str(a, body, "dueAt", S("0"));
	json_put_str(a, body, "waiterPk", pk);
	json_put_str(a, body, "waiterSk", sk);
	bit_set(c->cloud, key);
	bit_set(c->cloud, waiter);
	c->cloud->watches_set++;
	return store_put(c->cloud->options.store, body, STORE_ANY, err);
}

bool
watch_forget(struct call *c, str pk, str sk, struct err *err)
{
	struct key waiter = key_of_waiter(pk, sk);
	struct store_query q = { .index = S("byRef") };
	struct store *st = c->cloud->options.store;
	struct store_page page;

	if (!bit_get(c->cloud, waiter))
		return true;
	q.hash = key_text(c->a, waiter);
	if (!store_query(st, c->a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		if (!store_del(st, page.items[i].pk, page.items[i].sk, STORE_ANY, err))
			return false;
	return true;
}

bool
watch_set(struct call *c, const struct watch *w, str pk, str sk, struct err *err)
{
	str waiter = key_text(c->a, key_of_waiter(pk, sk));

	if (!watch_forget(c, pk, sk, err))
		return false;
	for (size_t i = 0; i < w->count; i++)
		if (!put_watch(c, w->keys[i], waiter, pk, sk, err))
			return false;
	return true;
}

/* The waiter becomes due now, if it is still there, has a task and was due later. */
static bool
wake(struct call *c, const struct item *watch, struct err *err)
{
	struct store *st = c->cloud->options.store;
	str pk = json_str(json_get(watch->body, "waiterPk"));
	str sk = json_str(json_get(watch->body, "waiterSk"));
	str now = row_due_text(c->a, c->now_ms);
	struct item row;
	struct json *body;
	str due;
	bool found;

	if (!store_del(st, watch->pk, watch->sk, STORE_ANY, err) ||
	    !store_find(st, c->a, pk, sk, &row, &found, err))
		return false;
	due = json_str(json_get(found ? row.body : NULL, "dueAt"));
	if (!found || json_get(row.body, "task") == NULL ||
	    (due.len != 0 && str_cmp(due, now) <= 0))
		return true;
	body = json_copy_shallow(c->a, row.body);
	json_set_str(c->a, body, "queue", S(QUEUE_INSIDE));
	json_set_str(c->a, body, "dueAt", now);
	turn_note(c->cloud, body);
	return store_put(st, body, STORE_ANY, err);
}

static bool
fire_key(struct call *c, struct key key, struct key waiter, struct err *err)
{
	struct store_query q = { 0 };
	struct store_page page;
	str self;

	if (!bit_get(c->cloud, key))
		return true;
	q.hash = str_cat(c->a, S("cloud#watch#"), key_text(c->a, key));
	self = key_text(c->a, waiter);
	if (!store_query(c->cloud->options.store, c->a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		if (!str_eq(page.items[i].sk, self) && !wake(c, &page.items[i], err))
			return false;
	return true;
}

bool
watch_fire(struct call *c, str pk, str sk, const struct json *body, struct err *err)
{
	struct key self = key_of_waiter(pk, sk);
	str ref = json_str(json_get(body, "ref")), ref2 = json_str(json_get(body, "ref2"));

	if (!fire_key(c, key_of_row(pk, sk), self, err) ||
	    !fire_key(c, key_of_list(S(""), pk), self, err))
		return false;
	if (ref.len != 0 && !fire_key(c, key_of_list(S("byRef"), ref), self, err))
		return false;
	return ref2.len == 0 || fire_key(c, key_of_list(S("byRef2"), ref2), self, err);
}
