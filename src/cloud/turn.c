/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/turn.c: which due row is next.
 *
 * Due rows lie in one index by time, in two queues. Inside, many rows are moved in one commit, each
 * in a savepoint of its own: a commit costs more than a step. What a row makes due at once comes
 * right behind it and before what waited longer, so one environment's rows, which lie together, are
 * written once for many steps; the oldest still comes first in every turn. A kill undoes all of
 * them, and all are done again.
 *
 * Outside, each row's task first works without lock and transaction, such as a delivery over HTTP:
 * one after the other, so that what is delivered comes in its order, and while the other queue
 * moves on.
 */
#include "cloud/step.h"

#include "base/clock.h"

#define ROWS_PER_LOOK 8
#define MOST_OUTSIDE 16
#define LONGEST_OUTSIDE_MS 20 /* of several rows together; one may take longer */
#define OTHERS_TURN_MS 1      /* all that is due is being done by another thread */

static struct due *
due_new(struct arena *a, str pk, str sk)
{
	struct due *d = arena_new(a, struct due, 1);

	*d = (struct due){ NULL, str_dup(a, pk), str_dup(a, sk) };
	return d;
}

void
turn_note(struct cloud *cloud, const struct json *body)
{
	str queue = json_str(json_get(body, "queue"));
	struct turn *t = cloud->turn;
	int64_t due_ms;

	if (str_is(queue, QUEUE_OUTSIDE) && cloud->options.on_delivery != NULL)
		cloud->options.on_delivery(cloud->options.cookie);
	if (t == NULL || !str_is(queue, QUEUE_INSIDE) ||
	    !str_to_i64(json_str(json_get(body, "dueAt")), &due_ms) || due_ms > t->now_ms)
		return;
	*t->fresh_end =
	    due_new(t->a, json_str(json_get(body, "pk")), json_str(json_get(body, "sk")));
	t->fresh_end = &(*t->fresh_end)->next;
}

/* The first rows of a queue, bodies brief. */
static bool
look(const struct work *w, struct arena *a, const char *queue, uint32_t most,
    struct store_page *out, struct err *err)
{
	const struct store_query q = {
		.index = S("byDue"), .hash = str_of(queue), .brief = true, .limit = most
	};

	return store_query(w->cloud->options.store, a, &q, out, err);
}

static int64_t
first_due_ms(const struct work *w, const struct store_page *page)
{
	return page->count == 0 ? CLOCK_NEVER : step_due_ms(w, page->items[0].body);
}

/* --- inside --------------------------------------------------------------------------------- */

/* Moves a row, and then what that made due. Returns when to come again. */
static int64_t
move(struct work *w, struct turn *t, const struct item *row, unsigned *left)
{
	struct due *next = due_new(t->a, row->pk, row->sk);

	while (next != NULL && *left > 0) {
		const struct due *d = next;
		struct err err;
		bool is_due;
		int64_t again;

		next = d->next;
		memo_trim(w->cloud);
		arena_reset(w->a);
		err_init(&err, w->a);
		if (!step_load(w, d->pk, d->sk, QUEUE_INSIDE, &is_due, &err))
			return step_trouble(w, &err);
		if (!is_due)
			continue;
		--*left;
		t->fresh = NULL;
		t->fresh_end = &t->fresh;
		again = step_do(w, NULL, &err);
		if (again > w->now_ms)
			return again;
		*t->fresh_end = next;
		next = t->fresh;
	}
	return w->now_ms;
}

/* As many rows as may be; *due_ms: when there is more to do. */
static bool
move_rows(struct work *w, struct turn *t, int64_t *due_ms, struct err *err)
{
	unsigned most = w->cloud->options.rows_per_step, left = most > 1 ? most : 1;
	struct store_page page;

	*due_ms = w->now_ms;
	while (left > 0) {
		if (!look(w, t->a, QUEUE_INSIDE, left < ROWS_PER_LOOK ? left : ROWS_PER_LOOK, &page,
			err))
			return false;
		*due_ms = first_due_ms(w, &page);
		if (*due_ms > w->now_ms)
			return true;
		for (size_t i = 0; i < page.count; i++) {
			if (step_due_ms(w, page.items[i].body) > w->now_ms)
				break;
			*due_ms = move(w, t, &page.items[i], &left);
			if (*due_ms > w->now_ms)
				return true;
		}
	}
	return true;
}

static int64_t
inside(struct work *w, struct err *err)
{
	auto_arena a = { 0 };
	struct store *st = w->cloud->options.store;
	struct turn turn = { .a = &a, .now_ms = w->now_ms, .fresh_end = &turn.fresh };
	int64_t due_ms;
	bool ok;

	if (!store_begin(st, err))
		return step_trouble(w, err);
	w->cloud->turn = &turn;
	ok = move_rows(w, &turn, &due_ms, err);
	w->cloud->turn = NULL;
	if (!ok) {
		store_rollback(st);
		return step_trouble(w, err);
	}
	arena_reset(w->a);
	err_init(err, w->a);
	return store_commit(st, err) ? due_ms : step_trouble(w, err);
}

int64_t
cloud_step_inside(struct cloud *c, int64_t now_ms)
{
	auto_arena a = { 0 };
	struct work w = { .cloud = c, .a = &a, .now_ms = now_ms };
	struct err err;
	int64_t due_ms;

	err_init(&err, &a);
	cloud_lock(c);
	if (watch_needs_refresh(c) && !watch_refresh(c, &err))
		due_ms = step_trouble(&w, &err);
	else
		due_ms = inside(&w, &err);
	cloud_unlock(c);
	return due_ms;
}

/* --- outside -------------------------------------------------------------------------------- */

struct errand {
	struct work w;
	struct arena a;
	const struct json *result; /* NULL: the task knows nothing to do outside */
};

/* The rows that are due, loaded. */
static bool
take_errands(struct work *w, struct arena *a, struct errand *errands, size_t *count,
    int64_t *due_ms, struct err *err)
{
	uint32_t most = w->cloud->options.rows_per_step > 1 ? MOST_OUTSIDE : 1;
	struct store_page page;

	*count = 0;
	if (!look(w, a, QUEUE_OUTSIDE, most, &page, err))
		return false;
	*due_ms = first_due_ms(w, &page);
	for (size_t i = 0; i < page.count; i++) {
		struct errand *e = &errands[*count];
		bool is_due;

		arena_reset(&e->a); /* the row before may not have been due */
		e->w = *w;
		e->w.a = &e->a;
		if (!step_load(
			&e->w, page.items[i].pk, page.items[i].sk, QUEUE_OUTSIDE, &is_due, err))
			return false;
		*count += is_due;
	}
	return true;
}

/* Without the lock. Returns how many were run: what follows a slow one waits for the next time. */
static size_t
run_errands(struct errand *errands, size_t count)
{
	int64_t begin_ms = clock_monotonic_ms();
	size_t i = 0;

	while (i < count && (i == 0 || clock_monotonic_ms() - begin_ms < LONGEST_OUTSIDE_MS)) {
		struct errand *e = &errands[i++];
		struct err err;

		err_init(&err, &e->a);
		if (step_find_task(&e->w, &err) && e->w.task->outside != NULL)
			e->result = e->w.task->outside(e->w.cloud, &e->a, &e->w.row);
	}
	return i;
}

static int64_t
conclude(struct work *w, struct errand *errands, size_t count, struct err *err)
{
	struct store *st = w->cloud->options.store;
	int64_t again = w->now_ms;

	if (!store_begin(st, err))
		return step_trouble(w, err);
	for (size_t i = 0; i < count && again <= w->now_ms; i++) {
		struct err own;

		err_init(&own, &errands[i].a);
		again = step_do(&errands[i].w, errands[i].result, &own);
	}
	if (!store_commit(st, err))
		return step_trouble(w, err);
	return again;
}

static int64_t
outside(struct work *w, struct errand *errands, struct err *err)
{
	auto_arena a = { 0 };
	size_t count;
	int64_t due_ms;

	if (!take_errands(w, &a, errands, &count, &due_ms, err))
		return step_trouble(w, err);
	if (count == 0)
		return due_ms;
	cloud_unlock(w->cloud);
	count = run_errands(errands, count);
	cloud_lock(w->cloud);
	return conclude(w, errands, count, err);
}

int64_t
cloud_step_outside(struct cloud *c, int64_t now_ms)
{
	auto_arena a = { 0 };
	struct work w = { .cloud = c, .a = &a, .now_ms = now_ms };
	struct errand errands[MOST_OUTSIDE] = { 0 };
	struct err err;
	int64_t due_ms = now_ms + OTHERS_TURN_MS;

	err_init(&err, &a);
	cloud_lock(c);
	if (!c->delivering) {
		c->delivering = true;
		due_ms = outside(&w, errands, &err);
		c->delivering = false;
	}
	cloud_unlock(c);
	for (size_t i = 0; i < countof(errands); i++)
		arena_fini(&errands[i].a);
	return due_ms;
}

/* --- both ----------------------------------------------------------------------------------- */

int64_t
cloud_step(struct cloud *c, int64_t now_ms)
{
	int64_t row_ms = cloud_step_inside(c, now_ms), delivery_ms;

	if (row_ms <= now_ms && c->options.rows_per_step <= 1)
		return row_ms;
	delivery_ms = cloud_step_outside(c, now_ms); /* what was moved may have to be delivered */
	return row_ms < delivery_ms ? row_ms : delivery_ms;
}
