/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/step.c: long work, one step at a time.
 *
 * Due rows lie in one index by time; rows of one time in the order in which they came to be, so the
 * order of all work is the same in every run. cloud_step() takes the first, runs
 * the task it names in one transaction, and that is all: what must go on writes its row due
 * again. A step that fails is undone; the row then keeps the error's text and the number of
 * attempts, and is tried again later and later.
 */
#include "cloud/internal.h"

#include "base/clock.h"
#include "base/log.h"

#define RETRY_FIRST_MS 1000
#define RETRY_MOST_MS (5 * 60 * 1000)
#define TURN_MS 1             /* all that is due is being done by others */
#define STORE_TROUBLE_MS 1000 /* the store itself failed: come back later */

struct work {
	struct cloud *cloud;
	struct arena *a;
	int64_t now_ms;
	struct item row;
	const struct engine *engine;
	const struct task *task;
};

static bool
in_flight(const struct cloud *cloud, const struct item *row)
{
	for (const struct flight *f = cloud->flights; f != NULL; f = f->next)
		if (str_eq(f->pk, row->pk) && str_eq(f->sk, row->sk))
			return true;
	return false;
}

/* The first row in the queue that no other thread works on; *due_ms is CLOCK_NEVER for none. */
static bool
pick(struct work *w, int64_t *due_ms, struct err *err)
{
	struct store_query q = { .index = S("byDue"), .hash = S("due") };
	struct store_page page;

	q.limit = (uint32_t)w->cloud->flight_count + 1;
	*due_ms = CLOCK_NEVER;
	if (!store_query(w->cloud->options.store, w->a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++) {
		if (in_flight(w->cloud, &page.items[i]))
			continue;
		w->row = page.items[i];
		if (!str_to_i64(json_str(json_get(w->row.body, "dueAt")), due_ms))
			*due_ms = w->now_ms; /* not ours, but looking at it is how it gets told */
		return true;
	}
	return true;
}

/* "cloudformation/stack" */
static bool
find_task(struct work *w, struct err *err)
{
	str name = json_str(json_get(w->row.body, "task")), service;
	str rest = name;

	if (str_cut(&rest, '/', &service))
		w->engine = engine_find(w->cloud, service);
	w->task = w->engine == NULL ? NULL : engine_task(w->engine, rest);
	if (w->task == NULL)
		return err_set(
		    err, ERR_INVALID, "no engine has a task '" STR_FMT "'", STR_ARG(name));
	return true;
}

/* Runs outside work without the lock; the flight keeps other threads off the row. */
static const struct json *
run_outside(struct work *w)
{
	struct cloud *cloud = w->cloud;
	struct flight flight = { w->row.pk, w->row.sk, cloud->flights };
	const struct json *result;

	cloud->flights = &flight;
	cloud->flight_count++;
	mutex_unlock(&cloud->mu);
	result = w->task->outside(cloud, w->a, &w->row);
	mutex_lock(&cloud->mu);
	for (struct flight **f = &cloud->flights; *f != NULL; f = &(*f)->next) {
		if (*f == &flight) {
			*f = flight.next;
			break;
		}
	}
	cloud->flight_count--;
	return result;
}

/* Loads the row anew: outside work took time, in which it may have been changed or deleted. */
static bool
still_stands(struct work *w, bool *stands, struct err *err)
{
	uint64_t version = w->row.version;
	bool found;

	if (!store_find(w->cloud->options.store, w->a, w->row.pk, w->row.sk, &w->row, &found, err))
		return false;
	*stands = found && w->row.version == version;
	return true;
}

/* Who acts in a step: the principal that the row keeps, else the engine's service. */
static struct principal
step_principal(struct work *w)
{
	const struct json *as = json_get(w->row.body, "as");
	str account = json_str(json_get(w->row.body, "account"));

	if (as != NULL)
		return principal_read(as);
	return principal_service(
	    w->a, account, str_z(w->a, str_fmt(w->a, "%s.amazonaws.com", w->engine->service)));
}

static bool
run_step(struct work *w, const struct json *result, struct err *err)
{
	struct principal who = step_principal(w);
	struct call c = {
		.cloud = w->cloud,
		.a = w->a,
		.who = &who,
		.account = json_str(json_get(w->row.body, "account")),
		.region = json_str(json_get(w->row.body, "region")),
		.service = str_of(w->engine->service),
		.action = str_of(w->task->name),
		.request_id = S(""),
		.now_ms = w->now_ms,
		.in = json_new_object(w->a),
		.out = json_new_object(w->a),
	};
	bool ok;

	w->cloud->stepping_pk = w->row.pk;
	w->cloud->stepping_sk = w->row.sk;
	w->cloud->stepping_written = false;
	ok = watch_forget(&c, w->row.pk, w->row.sk, err) && w->task->step(&c, &w->row, result, err);
	w->cloud->stepping_pk = w->cloud->stepping_sk = (str){ 0 };
	if (ok && !w->cloud->stepping_written)
		return err_set(err, ERR_CONFLICT,
		    "task %s/%s left its row as it was, which would be due for ever",
		    w->engine->service, w->task->name);
	return ok;
}

static bool
goes_outside(const struct work *w)
{
	const struct task *t = w->task;

	return t->outside != NULL && (t->goes_outside == NULL || t->goes_outside(&w->row));
}

static bool
transact(struct work *w, const struct json *result, struct err *err)
{
	struct store *st = w->cloud->options.store;
	bool stands = true;

	if (!store_begin(st, err))
		return false;
	if (goes_outside(w) && !still_stands(w, &stands, err)) {
		store_rollback(st);
		return false;
	}
	if (stands && !run_step(w, result, err)) {
		store_rollback(st);
		return false;
	}
	return store_commit(st, err);
}

static int64_t
retry_delay_ms(int64_t attempts)
{
	int64_t delay = RETRY_FIRST_MS;

	for (int64_t i = 1; i < attempts && delay < RETRY_MOST_MS; i++)
		delay *= 2;
	return delay < RETRY_MOST_MS ? delay : RETRY_MOST_MS;
}

/* The row keeps what went wrong, and comes again later. */
static bool
put_off(struct work *w, const struct err *why, struct err *err)
{
	struct store *st = w->cloud->options.store;
	struct item row;
	struct json *body;
	int64_t attempts;
	bool found;

	if (!store_find(st, w->a, w->row.pk, w->row.sk, &row, &found, err))
		return false;
	if (!found)
		return true;
	attempts = json_i64(json_get(row.body, "attempts"), 0) + 1;
	body = json_copy_shallow(w->a, row.body);
	json_set(w->a, body, "attempts", json_new_i64(w->a, attempts));
	json_set_str(w->a, body, "lastError", why->msg);
	json_set_str(w->a, body, "queue", S("due"));
	json_set_str(w->a, body, "dueAt", row_due_text(w->a, w->now_ms + retry_delay_ms(attempts)));
	return store_put(st, body, STORE_ANY, err);
}

static int64_t
trouble(const struct work *w, const struct err *err)
{
	log_error(w->cloud->options.log, "cloud step: " STR_FMT, STR_ARG(err->msg));
	return w->now_ms + STORE_TROUBLE_MS;
}

/* Does the row's work, or notes why not. Returns when to come again. */
static int64_t
do_row(struct work *w, struct err *err)
{
	const struct log *log = w->cloud->options.log;
	const struct json *result = NULL;
	struct err second;

	if (find_task(w, err)) {
		if (goes_outside(w))
			result = run_outside(w);
		if (transact(w, result, err))
			return w->now_ms;
	}
	log_warn(log, "cloud step failed: row=" STR_FMT "/" STR_FMT " code=" STR_FMT ": " STR_FMT,
	    STR_ARG(w->row.pk), STR_ARG(w->row.sk), STR_ARG(err->code), STR_ARG(err->msg));
	err_init(&second, w->a);
	if (put_off(w, err, &second))
		return w->now_ms;
	log_error(log, "cloud step: cannot note the failure: " STR_FMT, STR_ARG(second.msg));
	return w->now_ms + STORE_TROUBLE_MS;
}

/* --- many rows at once --------------------------------------------------------------------------
 */

static bool
due_rows(struct work *w, struct arena *a, struct store_page *out, struct err *err)
{
	struct store_query q = {
		.index = S("byDue"),
		.hash = S("due"),
		.brief = true,
		.limit = w->cloud->options.rows_per_step + (uint32_t)w->cloud->flight_count,
	};

	return store_query(w->cloud->options.store, a, &q, out, err);
}

static int64_t
due_of(const struct work *w, const struct item *row)
{
	int64_t due_ms;

	return str_to_i64(json_str(json_get(row->body, "dueAt")), &due_ms) ? due_ms : w->now_ms;
}

/* Makes the row the one to work on. False: it is being worked on, or is not what it was. */
static bool
take(struct work *w, const struct item *row, struct err *err)
{
	bool stands;

	if (in_flight(w->cloud, row))
		return false;
	arena_reset(w->a);
	err_init(err, w->a);
	w->row = *row;
	return still_stands(w, &stands, err) && stands;
}

/* A row whose task is unknown is told so when it is done, and that is inside. */
static bool
stays_inside(struct work *w)
{
	auto_arena scratch = { 0 };
	struct err err;

	err_init(&err, &scratch);
	return !find_task(w, &err) || !goes_outside(w);
}

/*
 * The first count rows of page: those that stay inside in one commit, each in a savepoint of its
 * own. A kill undoes all of them, and all are done again. *done: how many; the others that could be
 * taken are marked as outside.
 */
static bool
do_inside(struct work *w, const struct store_page *page, size_t count, size_t *done, bool *outside,
    struct err *err)
{
	*done = 0;
	if (!store_begin(w->cloud->options.store, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		outside[i] = json_bool(json_get(page->items[i].body, "outside"), false);
		if (outside[i] || !take(w, &page->items[i], err))
			continue;
		outside[i] = !stays_inside(w);
		if (outside[i])
			continue;
		(void)do_row(w, err);
		++*done;
	}
	err_init(err, w->a);
	return store_commit(w->cloud->options.store, err);
}

/*
 * One at a time over all threads, so that what is delivered comes in its order. False: another
 * thread is at it.
 */
static bool
do_outside(struct work *w, const struct store_page *page, size_t count, const bool *outside,
    struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!outside[i])
			continue;
		if (w->cloud->flight_count > 0)
			return false;
		if (take(w, &page->items[i], err))
			(void)do_row(w, err);
	}
	return true;
}

/*
 * A commit costs more than a step, and rows of one moment touch the same pages. What goes outside
 * follows one by one; the lock is free meanwhile.
 */
static int64_t
do_rows(struct work *w, struct err *err)
{
	auto_arena a = { 0 };
	struct store_page page;
	size_t count = 0, inside;
	bool *outside;

	if (!due_rows(w, &a, &page, err))
		return trouble(w, err);
	while (count < page.count && due_of(w, &page.items[count]) <= w->now_ms)
		count++;
	if (count == 0)
		return page.count == 0 ? CLOCK_NEVER : due_of(w, &page.items[0]);
	outside = arena_new(&a, bool, count);
	if (!do_inside(w, &page, count, &inside, outside, err))
		return trouble(w, err);
	if (do_outside(w, &page, count, outside, err) || inside > 0)
		return w->now_ms;
	return w->now_ms + TURN_MS;
}

static int64_t
do_one(struct work *w, struct err *err)
{
	int64_t due_ms;

	if (!pick(w, &due_ms, err))
		return trouble(w, err);
	return due_ms <= w->now_ms ? do_row(w, err) : due_ms;
}

int64_t
cloud_step(struct cloud *c, int64_t now_ms)
{
	auto_arena a = { 0 };
	struct work w = { .cloud = c, .a = &a, .now_ms = now_ms };
	struct err err;
	int64_t due_ms;

	err_init(&err, &a);
	mutex_lock(&c->mu);
	if (watch_needs_refresh(c) && !watch_refresh(c, &err))
		due_ms = trouble(&w, &err);
	else
		due_ms = c->options.rows_per_step > 1 ? do_rows(&w, &err) : do_one(&w, &err);
	mutex_unlock(&c->mu);
	return due_ms;
}
