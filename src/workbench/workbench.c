/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/workbench.c: opens a workbench and finds what is due.
 *
 * Two kinds of rows fall due: jobs, and environments that shall be reviewed because no job looks
 * after them. They stand in one index by time, so that finding the next is one short query.
 */
#include "workbench/workbench.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "workbench/event_log.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/reconcile.h"
#include "workbench/version.h"

#define RETRY_MS 1000 /* after a store that failed */
#define SPARE_ROWS 4
#define SWEEP_MS (10 * MINUTE_MS)

static void
keep(struct arena *a, str *s)
{
	*s = str_dup(a, *s);
}

bool
workbench_open(const struct workbench_options *options, struct workbench **out, struct err *err)
{
	struct workbench *wb;

	if (options->stack.len == 0)
		return err_set(err, ERR_INVALID, "the name of the main account's stack is missing");
	wb = calloc(1, sizeof(*wb));
	if (wb == NULL)
		return err_set(err, ERR_IO, "out of memory");
	mutex_init(&wb->mu);
	wb->o = *options;
	if (wb->o.review_ms == 0)
		wb->o.review_ms = HOUR_MS;
	keep(&wb->arena, &wb->o.stack);
	keep(&wb->arena, &wb->o.hosting_template);
	keep(&wb->arena, &wb->o.endpoint);
	keep(&wb->arena, &wb->o.event_secret);
	keep(&wb->arena, &wb->o.base.access_key_id);
	keep(&wb->arena, &wb->o.base.secret_access_key);
	keep(&wb->arena, &wb->o.base.session_token);
	*out = wb;
	return true;
}

void
workbench_close(struct workbench *wb)
{
	if (wb == NULL)
		return;
	version_forget_all(wb);
	arena_fini(&wb->arena);
	mutex_fini(&wb->mu);
	free(wb);
}

/* --- claims: which rows are being stepped now ---------------------------------------------- */

static bool
is_claimed_locked(struct workbench *wb, str pk)
{
	mutex_assert_held(&wb->mu);
	for (size_t i = 0; i < WORKBENCH_MAX_STEPS; i++)
		if (str_eq(pk, (str){ wb->claims[i].pk, wb->claims[i].len }))
			return true;
	return false;
}

/* NULL: another thread has it, or too many threads step. */
static struct claim *
claim(struct workbench *wb, str pk)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);

	assert(pk.len <= sizeof(wb->claims[0].pk));
	if (is_claimed_locked(wb, pk))
		return NULL;
	for (size_t i = 0; i < WORKBENCH_MAX_STEPS; i++) {
		struct claim *c = &wb->claims[i];

		if (c->len > 0)
			continue;
		memcpy(c->pk, pk.ptr, pk.len);
		c->len = pk.len;
		return c;
	}
	return NULL;
}

static void
release(struct workbench *wb, struct claim *c)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);

	c->len = 0;
}

/* --- steps --------------------------------------------------------------------------------- */

static unsigned
count_claims(struct workbench *wb)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);
	unsigned count = 0;

	for (size_t i = 0; i < WORKBENCH_MAX_STEPS; i++)
		count += wb->claims[i].len > 0;
	return count;
}

/* As many as others have, and some more: one may not move, another come in between. */
static bool
due_rows(struct workbench *wb, struct arena *a, struct store_page *out)
{
	struct store_query q = { .index = S("swbByDue"),
		.hash = S("due"),
		.brief = true,
		.limit = count_claims(wb) + SPARE_ROWS };
	struct err err;

	err_init(&err, a);
	if (store_query(wb->o.store, a, &q, out, &err))
		return true;
	log_error(wb->o.log, "cannot look for due work: " STR_FMT, STR_ARG(err.msg));
	return false;
}

static bool
run(struct workbench *wb, const struct item *row, int64_t now_ms)
{
	if (str_is(row->sk, "SWB#JOB"))
		return job_run(wb, row->pk, now_ms);
	return reconcile_run(wb, row->pk, now_ms);
}

static bool
sweep_is_due(struct workbench *wb, int64_t now_ms)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);

	if (now_ms < wb->next_sweep_ms)
		return false;
	wb->next_sweep_ms = now_ms + SWEEP_MS;
	return true;
}

/*
 * One row that cannot be moved must not stand in the way of the others: the next one due is taken
 * in its place.
 */
int64_t
workbench_step(struct workbench *wb, int64_t now_ms)
{
	auto_arena a = { 0 };
	struct store_page page;

	if (sweep_is_due(wb, now_ms))
		event_log_sweep(wb, now_ms);
	if (!due_rows(wb, &a, &page))
		return now_ms + RETRY_MS;
	for (size_t i = 0; i < page.count; i++) {
		int64_t due = item_due_ms(page.items[i].body);
		struct claim *c;
		bool moved;

		if (due > now_ms)
			return i == 0 || due < now_ms + RETRY_MS ? due : now_ms + RETRY_MS;
		c = claim(wb, page.items[i].pk);
		if (c == NULL)
			continue;
		moved = run(wb, &page.items[i], now_ms);
		release(wb, c);
		if (moved)
			return now_ms;
	}
	return page.count > 0 ? now_ms + RETRY_MS : CLOCK_NEVER;
}

int64_t
workbench_due(struct workbench *wb)
{
	auto_arena a = { 0 };
	struct store_page page;

	if (!due_rows(wb, &a, &page))
		return clock_now_ms(wb->o.clock) + RETRY_MS;
	return page.count > 0 ? item_due_ms(page.items[0].body) : CLOCK_NEVER;
}
