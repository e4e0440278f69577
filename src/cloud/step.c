/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/step.c: one step of long work.
 *
 * The task that the row names runs in one transaction; what must go on writes its row due again. A
 * step that fails is undone; the row then keeps the error's text and the number of attempts, and is
 * tried again later and later.
 */
#include "cloud/step.h"

#include "base/clock.h"
#include "base/log.h"

#define RETRY_FIRST_MS 1000
#define RETRY_MOST_MS (5 * 60 * 1000)
#define STORE_TROUBLE_MS 1000 /* the store itself failed: come back later */

int64_t
step_due_ms(const struct work *w, const struct json *body)
{
	int64_t due_ms;

	return str_to_i64(json_str(json_get(body, "dueAt")), &due_ms) ? due_ms : w->now_ms;
}

bool
step_load(struct work *w, str pk, str sk, const char *queue, bool *is_due, struct err *err)
{
	bool found;

	if (!store_find(w->cloud->options.store, w->a, pk, sk, &w->row, &found, err))
		return false;
	*is_due = found && str_is(json_str(json_get(w->row.body, "queue")), queue) &&
	    step_due_ms(w, w->row.body) <= w->now_ms;
	return true;
}

/* "cloudformation/stack" */
bool
step_find_task(struct work *w, struct err *err)
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

/* Outside work took time, in which the row may have been changed or deleted. */
static bool
still_stands(struct work *w, bool *stands, struct err *err)
{
	const struct store_query q = {
		.hash = w->row.pk, .condition = STORE_EQ, .a = w->row.sk, .brief = true, .limit = 1
	};
	struct store_page page;

	if (!store_query(w->cloud->options.store, w->a, &q, &page, err))
		return false;
	*stands = page.count == 1 && page.items[0].version == w->row.version;
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
transact(struct work *w, const struct json *result, struct err *err)
{
	struct store *st = w->cloud->options.store;
	bool stands = true;

	if (!store_begin(st, err))
		return false;
	if (result != NULL && !still_stands(w, &stands, err)) {
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
	json_set_str(w->a, body, "queue", S(QUEUE_INSIDE));
	json_set_str(w->a, body, "dueAt", row_due_text(w->a, w->now_ms + retry_delay_ms(attempts)));
	return store_put(st, body, STORE_ANY, err);
}

int64_t
step_trouble(const struct work *w, const struct err *err)
{
	log_error(w->cloud->options.log, "cloud step: " STR_FMT, STR_ARG(err->msg));
	return w->now_ms + STORE_TROUBLE_MS;
}

int64_t
step_do(struct work *w, const struct json *result, struct err *err)
{
	const struct log *log = w->cloud->options.log;
	struct err second;

	if (step_find_task(w, err) && transact(w, result, err))
		return w->now_ms;
	log_warn(log, "cloud step failed: row=" STR_FMT "/" STR_FMT " code=" STR_FMT ": " STR_FMT,
	    STR_ARG(w->row.pk), STR_ARG(w->row.sk), STR_ARG(err->code), STR_ARG(err->msg));
	err_init(&second, w->a);
	if (put_off(w, err, &second))
		return w->now_ms;
	log_error(log, "cloud step: cannot note the failure: " STR_FMT, STR_ARG(second.msg));
	return w->now_ms + STORE_TROUBLE_MS;
}
