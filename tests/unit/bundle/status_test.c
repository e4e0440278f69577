/* SPDX-License-Identifier: Apache-2.0 */
/* What events and answers say, by the manifest's tables. */
#include "bundle_rig.h"

static const char change_event[] =
    "{\"version\":\"0\",\"id\":\"c52a2573-8588-a7f6-1bfb-42542a01fcb2\",\"detail-type\":\"SageMaker "
    "Notebook Instance State Change\",\"source\":\"aws.sagemaker\",\"account\":\"123456789012\","
    "\"time\":\"2022-05-26T19:21:17Z\",\"region\":\"us-east-1\",\"detail\":{\"NotebookInstanceName\":"
    "\"BasicNotebookInstance-x4CC6ZFJzqJJ\",\"NotebookInstanceStatus\":\"Stopping\","
    "\"LastModifiedTime\":1653592871348,\"Tags\":{\"Env\":\"b590a734-5adc-4a43-a24b-edf3795b812d\"}}}";

static struct bundle_event
read_event(struct rig *r, str text)
{
	struct bundle_event e;

	CHECK_OK(bundle_read_event(r->a, &r->b, rig_json(r->a, str_z(r->a, text)), &e, &r->err),
	    &r->err);
	return e;
}

static void
test_event(struct arena *a)
{
	struct rig r;
	struct bundle_event e;
	str text = S(change_event);

	rig_init(&r, a);
	rig_parse_clean(&r);
	e = read_event(&r, text);
	CHECK(e.matches && !e.ask && e.order == 1653592871348, "order %lld", (long long)e.order);
	CHECK_STR(e.status, "STOPPING", "status");
	CHECK_STR(e.instance_id, "BasicNotebookInstance-x4CC6ZFJzqJJ", "instance");
	CHECK_STR(e.environment_id, "b590a734-5adc-4a43-a24b-edf3795b812d", "environment");

	/* without what the manifest looks for: its absence is told, the rest is read */
	e = read_event(&r, str_replace(a, text, S(",\"LastModifiedTime\":1653592871348"), S("")));
	CHECK(e.order == 1653592877000, "the event's own time: %lld", (long long)e.order);
	e = read_event(&r, str_replace(a, text, S("\"Env\""), S("\"Envy\"")));
	CHECK(e.matches && e.environment_id.len == 0 && e.instance_id.len > 0, "no tag");

	/* not the type's */
	CHECK(
	    !read_event(&r, str_replace(a, text, S("aws.sagemaker"), S("aws.ec2"))).matches, "ec2");
	CHECK(
	    !read_event(&r, str_replace(a, text, S("State Change"), S("Change"))).matches, "other");
	CHECK(!read_event(&r, S("{}")).matches, "an empty event");
}

static void
test_words(struct arena *a)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{ "InService", "COMPLETED" },
		{ "Deleting", "TERMINATING" },
		{ "Deleted", "TERMINATED" },
		{ "Pending", "PENDING" },
		{ "Stopped", "STOPPED" },
		{ "Failed", "FAILED" },
		{ "terminating_failed", "TERMINATING_FAILED" },
		{ "Updating", "" },
		{ "inservice", "" }, /* the map is exact */
		{ "", "" },
	};
	struct rig r;

	rig_init(&r, a);
	rig_parse_clean(&r);
	for (size_t i = 0; i < countof(words); i++) {
		str text = str_replace(
		    a, S(change_event), S("\"Stopping\""), str_fmt(a, "\"%s\"", words[i].theirs));

		CHECK_STR(read_event(&r, text).status, words[i].ours, "%s", words[i].theirs);
	}
}

/* A word that would be one of ours by upper case, but means something else. */
static void
test_ignored_word(struct arena *a)
{
	struct rig r;
	str text = str_replace(a, S(change_event), S("\"Stopping\""), S("\"Pending\""));

	rig_init(&r, a);
	rig_change(&r, "type.yaml", "map: { InService", "map: { Pending: ignore, InService");
	rig_parse_clean(&r);
	CHECK(read_event(&r, text).matches, "it is the type's");
	CHECK_STR(read_event(&r, text).status, "", "and says nothing");
}

static void
test_ask_and_cases(struct arena *a)
{
	struct rig r;
	struct bundle_event e;
	str text = S(change_event);

	rig_init(&r, a);
	rig_change(&r, "type.yaml", "status: $.detail.NotebookInstanceStatus", "status: ask");
	rig_parse_clean(&r);
	e = read_event(&r, text);
	CHECK(e.matches && e.ask && e.status.len == 0 && e.instance_id.len > 0, "ask");

	rig_change(&r, "type.yaml", "status: ask",
	    "status:\n"
	    "      - { match: { detail: { NotebookInstanceStatus: [{ prefix: Stop }] } }, status: "
	    "STOPPING }\n"
	    "      - { match: { detail: { FailureReason: [{ exists: true }] } }, status: FAILED }\n"
	    "      - { match: { detail: { NotebookInstanceStatus: [InService] } }, status: ask }");
	rig_parse_clean(&r);
	CHECK_STR(read_event(&r, text).status, "STOPPING", "the first case");
	e = read_event(&r, str_replace(a, text, S("\"Stopping\""), S("\"InService\"")));
	CHECK(e.ask && e.status.len == 0, "a case that asks");
	e = read_event(&r, str_replace(a, text, S("\"Stopping\""), S("\"Updating\"")));
	CHECK(e.matches && !e.ask && e.status.len == 0, "no case");
	e = read_event(
	    &r, str_replace(a, text, S("\"Stopping\""), S("\"Updating\",\"FailureReason\":\"x\"")));
	CHECK_STR(e.status, "FAILED", "by another member");
}

/* Of several events that match, the first one reads. */
static void
test_several_events(struct arena *a)
{
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, "type.yaml", "\ndescribe:",
	    "\n  - match: { source: [aws.sagemaker, aws.health], detail-type: [{ prefix: Sage }, Health] "
	    "}\n    instanceId: $.detail['Notebook-Id']\n    status: $.detail.state\n"
	    "  - { match: { source: [aws.sagemaker] }, instanceId: $.x, status: ask }\n\ndescribe:");
	rig_parse_clean(&r);
	CHECK_STR(read_event(&r, S(change_event)).status, "STOPPING", "the first");
	CHECK_STR(read_event(&r,
		      S("{\"source\":\"aws.health\",\"detail-type\":\"Health\",\"detail\":{"
			"\"Notebook-Id\":7,\"state\":\"failed\"}}"))
		      .instance_id,
	    "7", "a number is an id too");
	CHECK_STR(json_text(a, bundle_event_sources(a, &r.b)),
	    "[[\"aws.sagemaker\",\"SageMaker Notebook Instance State Change\"],[\"aws.sagemaker\",\"\"],"
	    "[\"aws.health\",\"\"]]",
	    "sources");
}

static void
test_describe(struct arena *a)
{
	static const struct {
		const char *answer, *status;
		int64_t order;
	} cases[] = {
		{ "{\"NotebookInstanceStatus\":\"InService\",\"LastModifiedTime\":1653592871.348}",
		    "COMPLETED", 1653592871348 },
		{ "{\"NotebookInstanceStatus\":\"Stopped\",\"LastModifiedTime\":1653592871.3}",
		    "STOPPED", 1653592871300 },
		{ "{\"NotebookInstanceStatus\":\"Stopped\",\"LastModifiedTime\":1653592871}",
		    "STOPPED", 1653592871000 },
		{ "{\"NotebookInstanceStatus\":\"Stopped\",\"LastModifiedTime\":\"2022-05-26T19:21:11."
		  "5Z\"}",
		    "STOPPED", 1653592871500 },
		{ "{\"NotebookInstanceStatus\":\"Updating\",\"LastModifiedTime\":\"soon\"}", "",
		    0 },
		{ "{}", "", 0 },
		{ "{\"NotebookInstanceStatus\":[\"Stopped\"]}", "", 0 },
	};
	struct rig r;

	rig_init(&r, a);
	rig_parse_clean(&r);
	for (size_t i = 0; i < countof(cases); i++) {
		int64_t order = -1;
		str status;

		CHECK_OK(bundle_read_describe(
			     a, &r.b, rig_json(a, cases[i].answer), &status, &order, &r.err),
		    &r.err);
		CHECK_STR(status, cases[i].status, "%s", cases[i].answer);
		CHECK(order == cases[i].order, "%s: %lld", cases[i].answer, (long long)order);
	}
}

/* A service of several tasks: what counts stands in several members. */
static void
test_describe_cases(struct arena *a)
{
	struct rig r;
	int64_t order;
	str status;

	rig_init(&r, a);
	rig_change(&r, "type.yaml", "status: $.NotebookInstanceStatus",
	    "status:\n    - { match: { running: [{ numeric: [\">\", 0] }], pending: [0] }, status: "
	    "COMPLETED }\n    - { match: { desired: [0], running: [0] }, status: STOPPED }");
	rig_parse_clean(&r);
	CHECK_OK(bundle_read_describe(a, &r.b,
		     rig_json(a, "{\"desired\":2,\"running\":2,\"pending\":0}"), &status, &order,
		     &r.err),
	    &r.err);
	CHECK_STR(status, "COMPLETED", "all run");
	CHECK_OK(bundle_read_describe(a, &r.b,
		     rig_json(a, "{\"desired\":2,\"running\":1,\"pending\":1}"), &status, &order,
		     &r.err),
	    &r.err);
	CHECK_STR(status, "", "some do");
	CHECK_OK(bundle_read_describe(a, &r.b,
		     rig_json(a, "{\"desired\":0,\"running\":0,\"pending\":0}"), &status, &order,
		     &r.err),
	    &r.err);
	CHECK_STR(status, "STOPPED", "none does");
}

static void
test_gone(struct arena *a)
{
	struct rig r;

	rig_init(&r, a);
	rig_change(&r, "type.yaml", "gone: [ValidationException, RecordNotFound]",
	    "gone: [RecordNotFound, InvalidInstanceID.NotFound]");
	rig_parse_clean(&r);
	CHECK(bundle_is_gone(&r.b, S("InvalidInstanceID.NotFound"), S("The instance ID 'i-1'…")),
	    "code");
	CHECK(bundle_is_gone(&r.b, S("ValidationException"), S("RecordNotFound")), "message");
	CHECK(!bundle_is_gone(&r.b, S("ValidationException"), S("1 validation error")), "neither");
	CHECK(!bundle_is_gone(&r.b, S(""), S("")), "nothing");
}

/* A type without instances: COMPLETED comes with the launch, and there is nothing to watch. */
static void
test_none(struct arena *a)
{
	struct rig r;
	struct bundle_event e;
	int64_t order;
	size_t cut;
	str status;

	rig_init(&r, a);
	cut = str_find(rig_file(&r, "type.yaml")->text, S("\nstart:"));
	rig_file(&r, "type.yaml")->text = str_sub(rig_file(&r, "type.yaml")->text, 0, cut + 1);
	rig_parse_clean(&r);
	for (unsigned v = BUNDLE_START; v < BUNDLE_VERB_COUNT; v++)
		CHECK(!r.b.verbs[v].defined, "verb %u", v);
	e = read_event(&r, S(change_event));
	CHECK(!e.matches && json_count(bundle_event_sources(a, &r.b)) == 0, "no event");
	CHECK_OK(bundle_read_describe(a, &r.b, rig_json(a, "{}"), &status, &order, &r.err), &r.err);
	CHECK(status.len == 0 && order == 0 && r.b.describe.operation.len == 0, "no describe");
	CHECK(!bundle_is_gone(&r.b, S("ValidationException"), S("RecordNotFound")), "not gone");
	CHECK(json_is(r.b.outputs, JSON_OBJECT) && json_count(r.b.outputs) == 0, "no outputs");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_event),
		TEST(test_words),
		TEST(test_ignored_word),
		TEST(test_ask_and_cases),
		TEST(test_several_events),
		TEST(test_describe),
		TEST(test_describe_cases),
		TEST(test_gone),
		TEST(test_none),
	};

	return RUN_TESTS(tests);
}
