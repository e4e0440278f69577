/* SPDX-License-Identifier: Apache-2.0 */
/* Events: the seed's own, doubled, late, out of order, of others, and forged. */
#include "rig.h"

#include "workbench/env.h"

static str
with(struct rig *r, str event, const char *what, const char *other)
{
	str out = str_replace(r->a, event, str_of(what), str_of(other));

	assert_false(str_eq(out, event));
	return out;
}

/* --- the seed's appendix ----------------------------------------------------------------- */

/* As printed, with the account's number in its place and the environment that it stands for. */
static str
seed_terminate(struct rig *r, str env)
{
	return str_fmt(r->a,
	    "{\"version\":\"0\",\"id\":\"25cc74c7-0d58-b520-f9ce-d98253bd4c90\",\"detail-type\":"
	    "\"Terminate\",\"source\":\"automation\",\"account\":\"" FAKE_HOSTING
	    "\",\"time\":\"2022-05-26T19:23:19Z\",\"region\":\"us-east-1\",\"resources\":[],"
	    "\"detail\":{\"EnvId\":\"" STR_FMT "\",\"ProvisionedProductId\":\"" FAKE_PRODUCT
	    "\",\"RecordId\":\"" FAKE_TERMINATE_RECORD
	    "\",\"EnvType\":\"testNotebook\",\"Operation\":\"Terminate\",\"Status\":\"TERMINATED\"}}",
	    STR_ARG(env));
}

static str
seed_stopping(struct rig *r, str env)
{
	return str_fmt(r->a,
	    "{\"version\":\"0\",\"id\":\"c52a2573-8588-a7f6-1bfb-42542a01fcb2\",\"detail-type\":"
	    "\"SageMaker Notebook Instance State Change\",\"source\":\"aws.sagemaker\",\"account\":\"" FAKE_HOSTING
	    "\",\"time\":\"2022-05-26T19:21:17Z\",\"region\":\"us-east-1\",\"resources\":["
	    "\"arn:aws:sagemaker:us-east-1:" FAKE_HOSTING
	    ":notebook-instance/basicnotebookinstance-x4cc6zfjzqjj\"],\"detail\":{"
	    "\"NotebookInstanceArn\":\"arn:aws:sagemaker:us-east-1:" FAKE_HOSTING
	    ":notebook-instance/basicnotebookinstance-x4cc6zfjzqjj\",\"NotebookInstanceName\":\"" FAKE_INSTANCE
	    "\",\"NotebookInstanceStatus\":\"Stopping\",\"InstanceType\":\"ml.t3.medium\","
	    "\"SubnetId\":\"subnet-0bd8f38199152daa5\",\"SecurityGroups\":[\"sg-089fe63490b1adce7\"],"
	    "\"LastModifiedTime\":1653592871348,\"CreationTime\":1653592049755,"
	    "\"DirectInternetAccess\":\"Enabled\",\"Tags\":{\"Env\":\"" STR_FMT
	    "\",\"aws:cloudformation:logical-id\":\"BasicNotebookInstance\"}}}",
	    STR_ARG(env));
}

/* The seed's ids are bare UUIDs; ours begin with env-. */
static str
bare(str env)
{
	return str_from(env, 4);
}

static void
test_seed_unknown(struct arena *a)
{
	struct rig *r = rig_open(a);
	str nobody = S("b590a734-5adc-4a43-a24b-edf3795b812d");

	assert_int_equal(rig_event(r, seed_terminate(r, nobody)), EVENT_UNRELATED);
	assert_int_equal(rig_event(r, seed_stopping(r, nobody)), EVENT_UNRELATED);
	rig_close(r);
}

static void
test_seed_events(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	assert_int_equal(rig_event(r, seed_stopping(r, bare(r->env))), EVENT_MOVED);
	CHECK_STR(rig_status(r), "STOPPING", "the seed's stop");
	assert_int_equal(rig_event(r, seed_stopping(r, bare(r->env))), EVENT_DUPLICATE);
	assert_true(rig_history_has(r, "ignored", "it was delivered before"));
	rig_terminate(r);
	rig_run(r);
	fake_execution(&r->fake, false)->tells_record = true;
	r->fake.terminate_record = "SUCCEEDED";
	r->fake.word = NULL;
	assert_int_equal(rig_event(r, seed_terminate(r, bare(r->env))), EVENT_MOVED);
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATED", "the seed's terminate");
	assert_int_equal(rig_event(r, seed_terminate(r, bare(r->env))), EVENT_DUPLICATE);
	rig_close(r);
}

/* Any form of an id finds the same environment, and the API takes them all too. */
static void
test_id_forms(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *env;
	str forms[3];

	rig_launch(r);
	rig_complete(r);
	forms[0] = r->env;
	forms[1] = bare(r->env);
	forms[2] = str_upper(a, r->env);
	for (size_t i = 0; i < countof(forms); i++) {
		CHECK_OK(env_get(r->wb, a, forms[i], &env, &r->err), &r->err);
		CHECK(str_eq(json_str(json_get(env, "id")), r->env), "form %zu", i);
	}
	rig_close(r);
}

/* --- order ------------------------------------------------------------------------------- */

static void
test_every_order(struct arena *a)
{
	static const char *const status[] = { "Stopping", "Stopped", "Pending", "InService" };
	static const unsigned orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 1, 0, 3, 2 },
		{ 2, 0, 3, 1 }, { 3, 0, 1, 2 } };

	for (size_t o = 0; o < countof(orders); o++) {
		struct rig *r = rig_open(a);
		int64_t base;

		rig_launch(r);
		rig_complete(r);
		base = r->now_ms;
		for (size_t i = 0; i < 4; i++) {
			str e = rig_instance_event(
			    r, status[orders[o][i]], base + 1000 * (orders[o][i] + 1));

			(void)rig_event(r, e);
			assert_int_equal(rig_event(r, e), EVENT_DUPLICATE);
		}
		r->fake.modified_ms = base + 4000;
		rig_run(r);
		CHECK_STR(rig_status(r), "COMPLETED", "order %zu ends as the newest says", o);
		rig_close(r);
	}
}

/* RACE5: two words of one time are not dropped: the service is asked. */
static void
test_equal_times(struct arena *a)
{
	struct rig *r = rig_open(a);
	int64_t t;

	rig_launch(r);
	rig_complete(r);
	t = r->now_ms + 1000;
	r->fake.instance = "Stopped";
	r->fake.modified_ms = t;
	(void)rig_event(r, rig_instance_event(r, "Stopping", t));
	(void)rig_event(r, rig_instance_event(r, "Stopped", t));
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPED", "in the order that they happened");
	rig_close(r);

	r = rig_open(a);
	rig_launch(r);
	rig_complete(r);
	t = r->now_ms + 1000;
	r->fake.instance = "Stopped";
	r->fake.modified_ms = t;
	(void)rig_event(r, rig_instance_event(r, "Stopped", t));
	(void)rig_event(r, rig_instance_event(r, "Stopping", t));
	rig_run(r);
	CHECK_STR(rig_status(r), "STOPPED", "and in the other");
	rig_close(r);
}

static void
test_events_before_the_launch_is_known(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_run(r);
	assert_int_equal(rig_event(r, rig_instance_event(r, "Pending", r->now_ms)), EVENT_EVIDENCE);
	assert_int_equal(
	    rig_event(r, rig_instance_event(r, "InService", r->now_ms + 1)), EVENT_EVIDENCE);
	assert_int_equal(
	    rig_event(r, rig_instance_event(r, "Deleted", r->now_ms + 2)), EVENT_EVIDENCE);
	CHECK_STR(rig_status(r), "PENDING", "evidence only");
	assert_true(rig_history_has(r, "evidence", "Deleted") ||
	    rig_history_has(r, "evidence", "TERMINATED"));
	rig_close(r);
}

/* The document's event comes before the answer to its start is stored. */
static void
test_event_overtakes_answer(struct arena *a)
{
	struct rig *r = rig_open(a);

	fake_lose(&r->fake, "StartAutomationExecution", 0, 1);
	rig_launch(r);
	rig_run(r);
	r->fake.word = "AVAILABLE";
	r->fake.launch_record = "SUCCEEDED";
	r->fake.outputs = true;
	r->fake.instance = "InService";
	r->fake.executions[0].status = "Success";
	assert_int_equal(
	    rig_event(r, rig_document_event(r, "Launch", "COMPLETED", NULL)), EVENT_MOVED);
	rig_settle(r, 10);
	CHECK_STR(rig_status(r), "COMPLETED", "nothing was lost");
	assert_int_equal(r->fake.execution_count, 1);
	rig_close(r);
}

/* --- forged and foreign ------------------------------------------------------------------ */

static void
test_refused_at_the_door(struct arena *a)
{
	static const struct {
		const char *label, *secret, *body;
		enum err_kind kind;
	} cases[] = {
		{ "no secret", "", "{}", ERR_UNAUTHENTICATED },
		{ "another secret", "guess", "{}", ERR_UNAUTHENTICATED },
		{ "no JSON", RIG_SECRET, "{", ERR_INVALID },
		{ "no object", RIG_SECRET, "[]", ERR_INVALID },
		{ "no id", RIG_SECRET, "{\"source\":\"automation\"}", ERR_INVALID },
		{ "id of another kind", RIG_SECRET, "{\"id\":1}", ERR_INVALID },
		{ "detail of another kind", RIG_SECRET,
		    "{\"id\":\"1\",\"source\":\"a\",\"detail-type\":\"b\",\"account\":\"c\","
		    "\"detail\":\"text\"}",
		    ERR_INVALID },
	};
	struct rig *r = rig_open(a);
	enum event_outcome out;

	for (size_t i = 0; i < countof(cases); i++) {
		CHECK(!event_receive(
			  r->wb, a, str_of(cases[i].secret), str_of(cases[i].body), &out, &r->err),
		    "%s", cases[i].label);
		CHECK(r->err.kind == cases[i].kind, "%s: " STR_FMT, cases[i].label,
		    STR_ARG(r->err.msg));
		err_clear(&r->err);
	}
	rig_close(r);
}

static void
test_too_large(struct arena *a)
{
	struct rig *r = rig_open(a);
	char *big = arena_raw(a, EVENT_MAX_BYTES + 1);
	enum event_outcome out;

	memset(big, ' ', EVENT_MAX_BYTES + 1);
	assert_false(event_receive(
	    r->wb, a, S(RIG_SECRET), (str){ big, EVENT_MAX_BYTES + 1 }, &out, &r->err));
	assert_int_equal(r->err.kind, ERR_TOO_LARGE);
	err_clear(&r->err);
	rig_close(r);
}

static void
test_foreign(struct arena *a)
{
	struct rig *r = rig_open(a);
	str e;

	rig_launch(r);
	rig_complete(r);
	e = rig_instance_event(r, "Stopped", r->now_ms + 1000);
	assert_int_equal(
	    rig_event(r, with(r, e, "\"" FAKE_HOSTING "\"", "\"333333333333\"")), EVENT_IGNORED);
	assert_true(rig_history_has(r, "ignored", "333333333333"));
	e = rig_document_event(r, "Terminate", "TERMINATED", NULL);
	assert_int_equal(rig_event(r, with(r, e, FAKE_PRODUCT, "pp-other")), EVENT_IGNORED);
	e = rig_document_event(r, "Terminate", "TERMINATED", NULL);
	assert_int_equal(rig_event(r, with(r, e, "testNotebook", "otherType")), EVENT_IGNORED);
	e = rig_document_event(r, "Launch", "TERMINATED", NULL);
	assert_int_equal(rig_event(r, e), EVENT_IGNORED); /* a launch does not end so */
	e = rig_document_event(r, "Launch", "SINGING", NULL);
	assert_int_equal(rig_event(r, e), EVENT_IGNORED);
	e = rig_instance_event(r, "Updating", r->now_ms + 1000);
	assert_int_equal(rig_event(r, e), EVENT_IGNORED); /* means nothing to the type */
	rig_run(r);
	CHECK_STR(rig_status(r), "COMPLETED", "none of them moved it");
	rig_close(r);
}

/* The right ids and the right account, but it is not so: the product is asked. */
static void
test_terminated_that_is_none(struct arena *a)
{
	struct rig *r = rig_open(a);

	rig_launch(r);
	rig_complete(r);
	(void)rig_event(r, rig_document_event(r, "Terminate", "TERMINATED", NULL));
	rig_run(r);
	CHECK_STR(rig_status(r), "COMPLETED", "its product still stands");
	r->fake.word = NULL;
	r->fake.instance = NULL;
	(void)rig_event(r, rig_document_event(r, "Terminate", "TERMINATED", NULL));
	rig_run(r);
	CHECK_STR(rig_status(r), "TERMINATED", "somebody ran the document by hand");
	rig_close(r);
}

/* By record and product an event of another operation is known, once the ids are. */
static void
test_other_record(struct arena *a)
{
	struct rig *r = rig_open(a);
	str e;

	rig_launch(r);
	rig_run(r);
	e = rig_document_event(r, "Launch", "FAILED", "\"made up\"");
	assert_int_equal(rig_event(r, with(r, e, FAKE_LAUNCH_RECORD, "rec-other")), EVENT_MOVED);
	rig_run(r);
	CHECK_STR(rig_status(r), "PENDING", "the execution knows its record");
	assert_true(rig_history_has(r, "ignored", "record or product"));
	rig_complete(r);
	rig_close(r);
}

static void
test_by_instance_alone(struct arena *a)
{
	struct rig *r = rig_open(a);
	str e;

	rig_launch(r);
	rig_complete(r);
	e = rig_instance_event(r, "Stopping", r->now_ms + 1000);
	e = with(r, e, "\"Tags\":{", "\"Tags\":{\"Other\":1},\"Was\":{");
	assert_int_equal(
	    rig_event(r, with(r, e, "\"region\":\"us-east-1\"", "\"region\":\"eu-west-1\"")),
	    EVENT_UNRELATED);
	e = with(r, e, "event-", "again-");
	assert_int_equal(rig_event(r, e), EVENT_MOVED);
	CHECK_STR(rig_status(r), "STOPPING", "found by (account, region, instance)");
	rig_close(r);
}

/* A flood of ignored events can neither grow the history for ever nor push out what matters. */
static void
test_flood(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *history;
	size_t transitions = 0;

	rig_launch(r);
	rig_complete(r);
	for (int i = 0; i < 300; i++)
		(void)rig_event(r, rig_instance_event(r, "Pending", 1000 + i));
	CHECK_OK(env_history(r->wb, a, r->env, &history, &r->err), &r->err);
	for (const struct json *h = json_first(history); h != NULL; h = h->next)
		transitions += json_get(h, "to") != NULL;
	assert_int_equal(transitions, 2);
	assert_true(json_count(history) < 220);
	rig_close(r);
}

/* Entries are forgotten after two days, by the way. */
static void
test_entries_are_forgotten(struct arena *a)
{
	struct rig *r = rig_open(a);
	struct store_query q = { .index = S("swbByDue"), .hash = S("forget"), .brief = true };
	struct store_page page;

	rig_launch(r);
	rig_complete(r);
	CHECK_OK(store_query(r->store, a, &q, &page, &r->err), &r->err);
	assert_true(page.count > 0);
	rig_pass(r, 49 * 3600);
	rig_run(r);
	CHECK_OK(store_query(r->store, a, &q, &page, &r->err), &r->err);
	assert_int_equal(page.count, 0);
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_seed_unknown),
		TEST(test_seed_events),
		TEST(test_id_forms),
		TEST(test_every_order),
		TEST(test_equal_times),
		TEST(test_events_before_the_launch_is_known),
		TEST(test_event_overtakes_answer),
		TEST(test_refused_at_the_door),
		TEST(test_too_large),
		TEST(test_foreign),
		TEST(test_terminated_that_is_none),
		TEST(test_other_record),
		TEST(test_by_instance_alone),
		TEST(test_flood),
		TEST(test_entries_are_forgotten),
	};

	return RUN_TESTS(tests);
}
