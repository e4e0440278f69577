/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core under an engine made for the purpose. It bears the name and model of sts; AssumeRole
 * does what RoleArn says with the row that RoleSessionName names.
 */
#include "cloud_rig.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "cloud/session.h"

static str
key_of(struct call *c)
{
	return json_str(json_get(c->in, "RoleSessionName"));
}

static bool
put_row(struct call *c, const char *task, int64_t due_ms, struct err *err)
{
	struct json *body = row_new(c, S("rows"), key_of(c));

	json_put_i64(c->a, body, "count", 0);
	if (task != NULL && str_is(str_of(task), "deliver"))
		row_due_outside(c, body, task, due_ms);
	else if (task != NULL)
		row_due(c, body, task, due_ms);
	return row_put(c, body, err);
}

/* Writes "outer", then calls an action that writes and fails. */
static bool
nest(struct call *c, struct err *err)
{
	struct json *body = row_new(c, S("rows"), S("outer")), *in = json_new_object(c->a);

	if (!row_put(c, body, err))
		return false;
	json_put_str(c->a, in, "RoleArn", S("fail"));
	json_put_str(c->a, in, "RoleSessionName", key_of(c));
	if (cloud_call(c,
		&(struct cloud_request){ .service = "sts", .action = "AssumeRole", .in = in }, NULL,
		err))
		return err_set(err, ERR_CONFLICT, "the inner call did not fail");
	if (!err_is(err, "Refused"))
		return false;
	err_clear(err);
	return true;
}

static int made; /* memos, so far */

static bool
make_memo(struct call *c, struct arena *a, const void *from, const void **out, struct err *err)
{
	str *value = arena_new(a, str, 1);

	made++;
	*value = str_dup(a, *(const str *)from);
	*out = value;
	return !str_is(key_of(c), "bad") || err_code(err, ERR_INVALID, "Refused", "bad");
}

static bool
look_at_memo(struct call *c, struct err *err)
{
	str key = key_of(c);
	const void *value;

	if (!memo_get(c, key, make_memo, &key, &value, err))
		return false;
	assert_true(str_eq(*(const str *)value, key));
	return true;
}

/* At most 100 rows may be put that way. */
static bool
put_where_room_is(struct call *c, struct err *err)
{
	bool has;

	if (!row_has_room(c, S("rows"), 100, &has, err))
		return false;
	return has ? put_row(c, NULL, 0, err) : err_code(err, ERR_DENIED, "Refused", "full");
}

static bool
obey(struct call *c, struct err *err)
{
	str verb = json_str(json_get(c->in, "RoleArn"));
	bool found;
	struct item row;

	if (str_is(verb, "put"))
		return put_row(c, NULL, 0, err);
	if (str_is(verb, "delete"))
		return row_del(c, S("rows"), key_of(c), err);
	if (str_is(verb, "count"))
		return put_row(c, "count", c->now_ms + 1000, err);
	if (str_is(verb, "wait"))
		return put_row(c, "wait", c->now_ms, err);
	if (str_is(verb, "stubborn"))
		return put_row(c, "stubborn", c->now_ms, err);
	if (str_is(verb, "idle"))
		return put_row(c, "idle", c->now_ms, err);
	if (str_is(verb, "chain"))
		return put_row(c, "chain", c->now_ms, err);
	if (str_is(verb, "send"))
		return put_row(c, "send", c->now_ms, err);
	if (str_is(verb, "deliver"))
		return put_row(c, "deliver", c->now_ms, err);
	if (str_is(verb, "nest"))
		return nest(c, err);
	if (str_is(verb, "put if room"))
		return put_where_room_is(c, err);
	if (str_is(verb, "memo"))
		return look_at_memo(c, err);
	if (str_is(verb, "fail"))
		return put_row(c, NULL, 0, err) &&
		    err_code(err, ERR_DENIED, "Refused", "as it was told");
	if (str_is(verb, "look")) {
		if (!row_find(c, S("rows"), key_of(c), &row, &found, err))
			return false;
		json_put_str(c->a, c->out, "SourceIdentity", found ? S("there") : S("none"));
		return true;
	}
	return err_code(err, ERR_INVALID, "ValidationError", "no verb " STR_FMT, STR_ARG(verb));
}

static bool
add_one(struct call *c, const struct item *row, struct json **body)
{
	int64_t count = json_i64(json_get(row->body, "count"), 0) + 1;

	*body = row_change(c, row);
	json_set(c->a, *body, "count", json_new_i64(c->a, count));
	return count < 10;
}

static bool
count_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body;

	(void)result;
	if (add_one(c, row, &body))
		row_due(c, body, "count", c->now_ms + 1000);
	else
		row_done(c, body);
	return row_put(c, body, err);
}

/* Fails three times, then is done. */
static int stubborn_left;

static bool
stubborn_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body;

	(void)result;
	(void)add_one(c, row, &body);
	row_done(c, body);
	if (!row_put(c, body, err))
		return false;
	return stubborn_left-- <= 0 ||
	    err_code(err, ERR_UPSTREAM, "Later", "%d times more", stubborn_left + 1);
}

static bool
idle_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	(void)c;
	(void)row;
	(void)result;
	(void)err;
	return true;
}

/* Waits until the row "awaited" is there, asking by a watched call. */
static bool
wait_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct watch w = { 0 };
	struct json *body, *in = json_new_object(c->a);
	const struct json *out;

	(void)result;
	(void)add_one(c, row, &body);
	json_put_str(c->a, in, "RoleArn", S("look"));
	json_put_str(c->a, in, "RoleSessionName", S("awaited"));
	if (!cloud_call(c,
		&(struct cloud_request){
		    .service = "sts", .action = "AssumeRole", .in = in, .watch = &w },
		&out, err))
		return false;
	if (str_is(json_str(json_get(out, "SourceIdentity")), "there")) {
		row_done(c, body);
		return row_put(c, body, err);
	}
	row_due(c, body, "wait", CLOCK_NEVER);
	return row_put(c, body, err) && watch_set(c, &w, row->pk, row->sk, err);
}

/* Notes its turn; a first one makes another row due. */
static char turns[64];

static bool
chain_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body = row_change(c, row), *then;

	(void)result;
	snprintf(
	    turns + strlen(turns), sizeof(turns) - strlen(turns), STR_FMT " ", STR_ARG(row->sk));
	row_done(c, body);
	if (!row_put(c, body, err) || row->sk.len > 1)
		return row->sk.len > 1;
	then = row_new(c, row->pk, str_fmt(c->a, STR_FMT "2", STR_ARG(row->sk)));
	row_due(c, then, "chain", c->now_ms);
	return row_put(c, then, err);
}

static struct rig *outside_rig;
static bool outside_deletes;

static const struct json *
deliver_outside(struct cloud *cloud, struct arena *a, const struct item *row)
{
	/* Without lock: the cloud can be called from here, as a server on the other end would. */
	(void)cloud;
	(void)row;
	if (outside_deletes)
		rig_ok(outside_rig, "sts", "AssumeRole",
		    "{'RoleArn': 'delete', 'RoleSessionName': 'd'}");
	return json_new_str(a, S("delivered"));
}

static bool
deliver_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body = row_change(c, row);

	json_set(c->a, body, "result", result);
	row_done(c, body);
	return row_put(c, body, err);
}

/* What is moved inside has to be delivered then. */
static bool
send_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body = row_change(c, row);

	(void)result;
	row_due_outside(c, body, "deliver", c->now_ms);
	return row_put(c, body, err);
}

static const struct action actions[] = {
	{ "AssumeRole", obey, "sts:AssumeRole", "${RoleArn}" },
};

static const struct task tasks[] = {
	{ "chain", chain_step, NULL },
	{ "count", count_step, NULL },
	{ "deliver", deliver_step, deliver_outside },
	{ "idle", idle_step, NULL },
	{ "send", send_step, NULL },
	{ "stubborn", stubborn_step, NULL },
	{ "wait", wait_step, NULL },
};

static const struct engine test_engine = {
	"sts",
	actions,
	countof(actions),
	tasks,
	countof(tasks),
};
static const struct engine *const engines[] = { &test_engine, NULL };

/* All tests run twice: one row in a commit, and many. */
static unsigned rows_per_step = 1;

static void
open_test_rig(struct rig *r, struct arena *a)
{
	rig_init(r, a);
	r->rows_per_step = rows_per_step;
	r->engines = engines;
	rig_start(r);
}

static void
tell(struct rig *r, const char *verb, const char *key)
{
	rig_ok(r, "sts", "AssumeRole", "{'RoleArn': '%s', 'RoleSessionName': '%s'}", verb, key);
}

static const struct json *
row_of(struct rig *r, const char *key)
{
	struct item row;
	bool found;

	CHECK_OK(
	    store_find(r->store, r->a, S("rows"), str_of(key), &row, &found, &r->err), &r->err);
	return found ? row.body : NULL;
}

static int64_t
count_of(struct rig *r, const char *key)
{
	return json_i64(json_get(row_of(r, key), "count"), -1);
}

/* --- calls ---------------------------------------------------------------------------- */

static void
test_failed_calls_leave_nothing(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	rig_fails(
	    &r, "sts", "AssumeRole", "Refused", "{'RoleArn': 'fail', 'RoleSessionName': 'x'}");
	CHECK(row_of(&r, "x") == NULL, "the failed action's row is gone");
	tell(&r, "nest", "inner");
	CHECK(row_of(&r, "inner") == NULL, "the inner call's row is gone");
	CHECK(row_of(&r, "outer") != NULL, "its caller's stands");
	rig_fails(&r, "sts", "AssumeRole", "ParamValidation", "{'RoleArn': 'put'}");
	rig_fails(&r, "sts", "GetCallerIdentity", "UnknownOperationException", "{}");
	rig_fails(&r, "sts", "Nothing", "UnknownOperationException", "{}");
	rig_fails(&r, "iam", "GetRole", "UnknownOperationException", "{}");
	rig_close(&r);
}

static bool
call_as_automation(struct rig *r, const char *key)
{
	struct json *in = json_new_object(r->a);

	json_put_str(r->a, in, "RoleArn", S("put"));
	json_put_str(r->a, in, "RoleSessionName", str_of(key));
	err_init(&r->err, r->a);
	return cloud_invoke(r->cloud, r->a,
	    &(struct cloud_request){ .service = "sts",
		.action = "AssumeRole",
		.as = &r->as,
		.in = in,
		.automation = true },
	    NULL, &r->err);
}

static void
test_faults_of_automation_calls(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	r.faults.rules[r.faults.rule_count++] = (struct fault_rule){ .kind = FAULT_REFUSE,
		.service = "sts",
		.automation_only = true,
		.first = 2,
		.count = 1,
		.code = "ThrottlingException",
		.message = "Rate exceeded" };
	r.faults.rules[r.faults.rule_count++] = (struct fault_rule){
		.kind = FAULT_LOSE_ANSWER, .action = "AssumeRole", .first = 3, .count = 1
	};
	CHECK(call_as_automation(&r, "one"), "the first passes");
	CHECK(!call_as_automation(&r, "two"), "the second is refused");
	CHECK_STR(r.err.code, "ThrottlingException", "with the rule's code");
	CHECK(row_of(&r, "two") == NULL, "and has no effect");
	CHECK(!call_as_automation(&r, "three"), "the third loses its answer");
	CHECK(r.err.kind == ERR_TIMEOUT, "as a time-out");
	CHECK(row_of(&r, "three") != NULL, "and has its effect");
	CHECK(call_as_automation(&r, "four"), "the fourth passes");
	tell(&r, "put", "five");
	rig_close(&r);
}

static void
test_fault_events(struct arena *a)
{
	struct fault_plan p = { .rules = { { .kind = FAULT_DROP_EVENT, .name = "B", .first = 2 },
				    { .kind = FAULT_DOUBLE_EVENT, .first = 1, .count = 1 },
				    { .kind = FAULT_FAIL_CREATE, .name = "R" } },
		.rule_count = 3 };
	const struct fault_rule *first = fault_event(&p, S("A"));

	(void)a;
	CHECK(first != NULL && first->kind == FAULT_DOUBLE_EVENT, "any event, the first");
	CHECK(fault_event(&p, S("B")) == NULL, "the first B");
	for (int i = 0; i < 3; i++)
		CHECK(fault_event(&p, S("B")) == &p.rules[0], "every B from the second on");
	CHECK(p.events == 5, "all are counted");
	CHECK(fault_resource(&p, FAULT_FAIL_CREATE, S("R")) == &p.rules[2], "the resource");
	CHECK(fault_resource(&p, FAULT_FAIL_DELETE, S("R")) == NULL, "another kind");
	CHECK(fault_resource(&p, FAULT_FAIL_CREATE, S("Q")) == NULL, "another resource");
	CHECK(fault_event(NULL, S("A")) == NULL && fault_call(NULL, S(""), S(""), true) == NULL,
	    "no plan, no faults");
}

/* --- steps ---------------------------------------------------------------------------- */

static void
test_steps_run_when_due(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	tell(&r, "count", "k");
	CHECK(rig_step(&r) == RIG_START_MS + 1000, "due in a second");
	CHECK(count_of(&r, "k") == 0, "not before");
	r.now_ms += 1500;
	CHECK(rig_step(&r) == r.now_ms + 1000, "late is no matter");
	CHECK(count_of(&r, "k") == 1, "one step");
	r.now_ms += 3600 * 1000;
	CHECK(rig_step(&r) == r.now_ms + 1000, "a jump is one step, not 3600");
	rig_run(&r);
	CHECK(count_of(&r, "k") == 10, "to the end");
	CHECK(json_get(row_of(&r, "k"), "queue") == NULL, "and no more due");
	rig_close(&r);
}

static void
test_failed_steps_come_again(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	stubborn_left = 3;
	tell(&r, "stubborn", "s");
	for (int64_t i = 1, delay = 1000; i <= 3; i++, delay *= 2) {
		CHECK(rig_step(&r) == r.now_ms + delay, "delay of attempt %d", (int)i);
		CHECK(count_of(&r, "s") == 0, "what it wrote is undone");
		CHECK(json_i64(json_get(row_of(&r, "s"), "attempts"), 0) == i, "counted");
		r.now_ms += delay;
	}
	CHECK_STR(json_str(json_get(row_of(&r, "s"), "lastError")), "1 times more", "its words");
	CHECK(rig_step(&r) == CLOCK_NEVER, "done");
	CHECK(count_of(&r, "s") == 1, "once");
	CHECK(json_get(row_of(&r, "s"), "lastError") == NULL, "and clean");

	tell(&r, "idle", "i");
	CHECK(rig_step(&r) == r.now_ms + 1000, "a step that leaves its row is put off");
	CHECK(str_has(json_str(json_get(row_of(&r, "i"), "lastError")), S("due for ever")), "told");
	rig_close(&r);
}

static void
test_delay_has_a_limit(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	tell(&r, "idle", "i");
	for (int i = 0; i < 30; i++)
		r.now_ms = rig_step(&r);
	CHECK(rig_step(&r) == r.now_ms + 300 * 1000, "five minutes at most");
	rig_close(&r);
}

static void
test_watch_wakes(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	tell(&r, "wait", "w");
	CHECK(rig_step(&r) == CLOCK_NEVER, "nothing to do until it comes");
	tell(&r, "put", "other");
	CHECK(rig_step(&r) == CLOCK_NEVER, "another row wakes nobody");
	CHECK(count_of(&r, "w") == 1, "looked once");
	rig_stop(&r);
	rig_start(&r);
	tell(&r, "put", "awaited");
	CHECK(rig_step(&r) == CLOCK_NEVER, "woken and done");
	CHECK(count_of(&r, "w") == 2, "looked twice, over a restart");

	tell(&r, "delete", "awaited");
	tell(&r, "wait", "v");
	CHECK(rig_step(&r) == CLOCK_NEVER, "waits again");
	tell(&r, "delete", "v");
	tell(&r, "put", "awaited");
	CHECK(rig_step(&r) == CLOCK_NEVER, "a deleted waiter is not woken");
	CHECK(row_of(&r, "v") == NULL, "nor made again");
	rig_close(&r);
}

/* More waits than the marks in memory are kept for without looking at the rows again. */
static void
test_many_watches(struct arena *a)
{
	struct rig r;
	int64_t next = 0;

	open_test_rig(&r, a);
	for (int i = 0; i < 2500; i++) {
		tell(&r, "wait", i % 2 == 0 ? "even" : "odd");
		next = rig_step(&r);
	}
	CHECK(next == CLOCK_NEVER, "all wait");
	tell(&r, "put", "awaited");
	CHECK(rig_step(&r) == CLOCK_NEVER, "all are done");
	CHECK(count_of(&r, "even") == 2 && count_of(&r, "odd") == 2, "woken once each");
	rig_close(&r);
}

/* What a row makes due comes right behind it where many rows are moved, else in its turn. */
static void
test_order_of_turns(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	turns[0] = '\0';
	tell(&r, "chain", "b");
	tell(&r, "chain", "a");
	CHECK(rig_step(&r) == CLOCK_NEVER, "all are done");
	CHECK_STR(str_of(turns), rows_per_step > 1 ? "b b2 a a2 " : "b a b2 a2 ", "in order");
	rig_close(&r);
}

static void
test_outside_work(struct arena *a)
{
	struct rig r;

	open_test_rig(&r, a);
	outside_rig = &r;
	outside_deletes = false;
	tell(&r, "deliver", "d");
	CHECK(rig_step(&r) == CLOCK_NEVER, "delivered");
	CHECK_STR(json_str(json_get(row_of(&r, "d"), "result")), "delivered", "handed over");
	tell(&r, "send", "s");
	CHECK(rig_step(&r) == CLOCK_NEVER, "moved, then delivered");
	CHECK_STR(json_str(json_get(row_of(&r, "s"), "result")), "delivered", "at rest only then");
	outside_deletes = true;
	tell(&r, "deliver", "d");
	CHECK(rig_step(&r) == CLOCK_NEVER, "its row went meanwhile");
	CHECK(row_of(&r, "d") == NULL, "and stays away");
	outside_deletes = false;
	rig_close(&r);
}

/* --- several at once ------------------------------------------------------------------- */

struct caller {
	struct rig *r;
	char name;
	int failures;
};

static void *
call_often(void *cookie)
{
	struct caller *me = cookie;

	for (int i = 0; i < 100; i++) {
		auto_arena a = { 0 };
		struct json *in = json_new_object(&a);
		struct err err;

		err_init(&err, &a);
		json_put_str(&a, in, "RoleArn", i % 2 == 0 ? S("put") : S("nest"));
		json_put_str(&a, in, "RoleSessionName", str_fmt(&a, "%c%d", me->name, i));
		if (!cloud_invoke(me->r->cloud, &a,
			&(struct cloud_request){ .service = "sts",
			    .action = "AssumeRole",
			    .as = &me->r->main,
			    .in = in },
			NULL, &err))
			me->failures++;
		(void)cloud_step(me->r->cloud, me->r->now_ms); /* steps from both sides as well */
	}
	return NULL;
}

static void
test_two_threads(struct arena *a)
{
	struct rig r;
	struct caller callers[2] = { { &r, 'a', 0 }, { &r, 'b', 0 } };
	pthread_t threads[2];
	int rows = 0;

	open_test_rig(&r, a);
	for (int i = 0; i < 20; i++)
		tell(&r, "deliver", (const char *[]){ "d0", "d1", "d2", "d3" }[i % 4]);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < 100; i++)
		for (char n = 'a'; n <= 'b'; n++)
			rows += row_of(&r, str_z(a, str_fmt(a, "%c%d", n, i))) != NULL;
	CHECK(callers[0].failures + callers[1].failures == 0, "no call failed");
	CHECK(rows == 100, "each kept its rows: %d", rows);
	CHECK(json_get(row_of(&r, "d0"), "result") != NULL, "steps ran beside them");
	rig_close(&r);
}

/* --- killed in the middle ---------------------------------------------------------------- */

static void
die_at(void *cookie, uint64_t nth)
{
	if (nth == *(uint64_t *)cookie)
		_exit(7);
}

/* What the whole work comes to, in one text. */
static str
outcome(struct rig *r)
{
	struct store_page page;

	CHECK_OK(
	    store_query(r->store, r->a, &(struct store_query){ .hash = S("rows") }, &page, &r->err),
	    &r->err);
	return str_fmt(r->a, "%zu rows, k %d, w %d", page.count, (int)count_of(r, "k"),
	    (int)count_of(r, "w") >= 2);
}

static void
whole_work(struct rig *r)
{
	rig_start(r);
	if (row_of(r, "k") == NULL)
		tell(r, "count", "k");
	if (row_of(r, "w") == NULL)
		tell(r, "wait", "w");
	rig_run(r);
	if (row_of(r, "awaited") == NULL)
		tell(r, "put", "awaited");
	rig_run(r);
}

static void
test_killed_at_every_commit(struct arena *a)
{
	struct rig r;
	uint64_t at = 0;
	int status = 0;

	for (at = 1; at < 100; at++) {
		rig_init(&r, a);
		r.engines = engines;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			r.before_commit = die_at;
			r.cookie = &at;
			whole_work(&r);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		whole_work(&r);
		CHECK_STR(outcome(&r), "3 rows, k 10, w 1", "killed at commit %d", (int)at);
		rig_close(&r);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			break;
		assert_int_equal(WEXITSTATUS(status), 7);
	}
	CHECK(at > 15 && at < 100, "%d commits in all", (int)at);
}

/* --- accounts, sessions, pages ------------------------------------------------------------- */

static void
test_accounts(struct arena *a)
{
	struct rig r;
	struct aws_credentials again;

	open_test_rig(&r, a);
	CHECK(!str_eq(r.main_key.access_key_id, r.hosting_key.access_key_id), "keys of their own");
	CHECK_OK(cloud_account_ensure(r.cloud, a, S(RIG_MAIN), S("x"), &again, &r.err), &r.err);
	CHECK(str_eq(again.secret_access_key, r.main_key.secret_access_key), "the same again");
	CHECK(again.secret_access_key.len == 40 && again.access_key_id.len == 20, "AWS's sizes");
	CHECK(!cloud_account_ensure(r.cloud, a, S("12345678901x"), S("x"), &again, &r.err), "no");
	CHECK(r.err.kind == ERR_INVALID, "12 digits");
	rig_close(&r);
}

static void
test_sessions(struct arena *a)
{
	struct rig r;
	struct principal who = { .kind = PRINCIPAL_ROLE,
		.account = S(RIG_HOSTING),
		.arn = S("arn:aws:sts::" RIG_HOSTING ":assumed-role/R/s"),
		.id = S("AROAX:s"),
		.role_arn = S("arn:aws:iam::" RIG_HOSTING ":role/R") };
	struct aws_credentials creds, other;
	struct session s;
	int64_t end = RIG_START_MS + 1000;

	open_test_rig(&r, a);
	session_issue(r.cloud, a, &who, end, &creds);
	session_issue(r.cloud, a, &who, end, &other);
	rig_stop(&r);
	rig_start(&r);
	CHECK(session_open(r.cloud, a, creds.access_key_id, creds.session_token, end - 1, &s) ==
		SESSION_VALID,
	    "over a restart");
	CHECK(str_eq(s.secret_access_key, creds.secret_access_key), "its secret");
	CHECK(str_eq(s.who.role_arn, who.role_arn) && s.who.kind == PRINCIPAL_ROLE, "who it is");
	CHECK(session_open(r.cloud, a, creds.access_key_id, creds.session_token, end, &s) ==
		SESSION_EXPIRED,
	    "its end");
	CHECK(session_open(r.cloud, a, creds.access_key_id, other.session_token, 0, &s) ==
		SESSION_UNKNOWN,
	    "another key's token");
	CHECK(session_open(r.cloud, a, creds.access_key_id, S("e30.x"), 0, &s) == SESSION_UNKNOWN,
	    "a made-up token");
	CHECK(
	    session_open(r.cloud, a, creds.access_key_id, S(""), 0, &s) == SESSION_UNKNOWN, "none");
	rig_close(&r);
}

static void
test_paginate(struct arena *a)
{
	struct call c = { .a = a, .service = S("sts"), .action = S("X") };
	struct json *list = json_new_array(a);
	struct buf seen = buf_in(a);
	str token = { 0 };
	struct err err;

	err_init(&err, a);
	for (int i = 0; i < 7; i++)
		json_push(a, list, json_new_i64(a, i));
	do {
		c.out = json_new_object(a);
		CHECK_OK(paginate(&c, list, "L", 3, token, "T", &err), &err);
		buf_add(&seen, json_text(a, json_get(c.out, "L")));
		token = json_str(json_get(c.out, "T"));
	} while (token.len != 0);
	CHECK_STR(buf_str(&seen), "[0,1,2][3,4,5][6]", "in pages");
	c.out = json_new_object(a);
	CHECK(!paginate(&c, list, "L", 3, S("xyz"), "T", &err), "a foreign token");
	CHECK_STR(err.code, "ValidationError", "in the words of a query service");
}

static void
test_room(struct arena *a)
{
	static const char ask[] = "{'RoleArn':'put if room','RoleSessionName':'k%d'}";
	struct rig r;

	open_test_rig(&r, a);
	for (int i = 0; i < 100; i++)
		rig_ok(&r, "sts", "AssumeRole", ask, i);
	for (int i = 100; i < 102; i++)
		rig_fails(&r, "sts", "AssumeRole", "Refused", ask, i);
	tell(&r, "delete", "k7");
	rig_ok(&r, "sts", "AssumeRole", ask, 102);
	rig_fails(&r, "sts", "AssumeRole", "Refused", ask, 103);
	rig_close(&r);
}

static void
test_memos(struct arena *a)
{
	static const char ask[] = "{'RoleArn':'memo','RoleSessionName':'%s'}";
	struct rig r;

	open_test_rig(&r, a);
	made = 0;
	for (int i = 0; i < 3; i++)
		rig_ok(&r, "sts", "AssumeRole", ask, "good");
	CHECK(made == 1, "made once: %d", made);
	for (int i = 0; i < 2; i++)
		rig_fails(&r, "sts", "AssumeRole", "Refused", ask, "bad");
	CHECK(made == 3, "what failed is not kept: %d", made);
	for (int i = 0; i < 200; i++)
		rig_ok(&r, "sts", "AssumeRole", ask, str_z(a, str_fmt(a, "k%d", i)));
	rig_ok(&r, "sts", "AssumeRole", ask, "good");
	CHECK(made == 204, "not kept for ever: %d", made);
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_failed_calls_leave_nothing),
		TEST(test_faults_of_automation_calls),
		TEST(test_fault_events),
		TEST(test_steps_run_when_due),
		TEST(test_failed_steps_come_again),
		TEST(test_delay_has_a_limit),
		TEST(test_watch_wakes),
		TEST(test_many_watches),
		TEST(test_order_of_turns),
		TEST(test_outside_work),
		TEST(test_two_threads),
		TEST(test_killed_at_every_commit),
		TEST(test_accounts),
		TEST(test_sessions),
		TEST(test_paginate),
		TEST(test_room),
		TEST(test_memos),
	};

	int failed = RUN_TESTS(tests);

	rows_per_step = 32;
	return failed + RUN_TESTS(tests);
}
