/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events that come doubled, late, out of order or forged, at each step of an environment's life:
 * refused or harmless, and told in its history. (Events that never come: swb type test
 * --drop-event.)
 */
#include "command.h"
#include "server_rig.h"

#include "base/buf.h"
#include "base/id.h"

#define HOSTING "222222222222"
#define STRANGER "999999999999"

enum sign { RIGHT_SECRET, WRONG_SECRET, NO_SECRET };

/* What is posted at each step; every one of them twice, with the same id. */
static const struct lie {
	const char *label;
	enum sign sign;
	const char *account;
	const char *source, *detail_type;
	const char *detail; /* ENV and INSTANCE stand for the environment's own */
	int status;         /* of the answer */
	bool told;          /* the history tells it, with the event's detail-type */
} lies[] = {
#define INSTANCE_EVENT "aws.sagemaker", "SageMaker Notebook Instance State Change"
#define WORD(word, order) \
	"{'NotebookInstanceName':'INSTANCE','NotebookInstanceStatus':'" word \
	"','LastModifiedTime':" order ",'Tags':{'Env':'ENV'}}"
#define CLAIM(operation, status) \
	"{'EnvId':'ENV','EnvType':'sagemakerNotebook','Operation':'" operation \
	"','Status':'" status "'}"
	/* as they were before: the source's own time tells */
	{ "late: pending", RIGHT_SECRET, HOSTING, INSTANCE_EVENT, WORD("Pending", "1"), 204, true },
	{ "late: in service", RIGHT_SECRET, HOSTING, INSTANCE_EVENT, WORD("InService", "2"), 204,
	    true },
	{ "late: stopped, before stopping", RIGHT_SECRET, HOSTING, INSTANCE_EVENT,
	    WORD("Stopped", "4"), 204, true },
	{ "late: stopping, after stopped", RIGHT_SECRET, HOSTING, INSTANCE_EVENT,
	    WORD("Stopping", "3"), 204, true },
	{ "late: deleted", RIGHT_SECRET, HOSTING, INSTANCE_EVENT, WORD("Deleted", "5"), 204, true },
	/* of the documents, when it is not so, or was so long ago */
	{ "launched", RIGHT_SECRET, HOSTING, "automation", "Launch", CLAIM("Launch", "COMPLETED"),
	    204, true },
	{ "launch failed", RIGHT_SECRET, HOSTING, "automation", "Launch", CLAIM("Launch", "FAILED"),
	    204, true },
	{ "terminated", RIGHT_SECRET, HOSTING, "automation", "Terminate",
	    CLAIM("Terminate", "TERMINATED"), 204, true },
	{ "of another type", RIGHT_SECRET, HOSTING, "automation", "Terminate",
	    "{'EnvId':'ENV','EnvType':'other','Operation':'Terminate','Status':'TERMINATED'}", 204,
	    true },
	{ "an unknown operation", RIGHT_SECRET, HOSTING, "automation", "Explode",
	    CLAIM("Explode", "COMPLETED"), 204, true },
	/* forged */
	{ "a wrong secret", WRONG_SECRET, HOSTING, "automation", "Terminate",
	    CLAIM("Terminate", "TERMINATED"), 401, false },
	{ "no secret", NO_SECRET, HOSTING, INSTANCE_EVENT, WORD("Failed", "9999999999999"), 401,
	    false },
	{ "another account's instance", RIGHT_SECRET, STRANGER, INSTANCE_EVENT,
	    WORD("Failed", "9999999999999"), 204, true },
	{ "another account's document", RIGHT_SECRET, STRANGER, "automation", "Terminate",
	    CLAIM("Terminate", "TERMINATED"), 204, true },
	{ "an unknown instance", RIGHT_SECRET, HOSTING, INSTANCE_EVENT,
	    "{'NotebookInstanceName':'nobody','NotebookInstanceStatus':'Failed',"
	    "'LastModifiedTime':9999999999999}",
	    204, false },
	{ "an unknown environment", RIGHT_SECRET, HOSTING, "automation", "Terminate",
	    "{'EnvId':'env-00000000-0000-4000-8000-000000000000','Status':'TERMINATED'}", 204,
	    false },
#undef INSTANCE_EVENT
#undef WORD
#undef CLAIM
};

struct life {
	struct server *s;
	struct arena *a;
	str env, secret;
};

static const struct json *
ask(struct life *l, struct arena *a, const char *more)
{
	return server_expect(l->s, a, 200, "GET",
	    str_z(a, str_fmt(a, "/api/environments/" STR_FMT "%s", STR_ARG(l->env), more)),
	    l->s->researcher, NULL)
	    .json;
}

static str
event_body(struct life *l, struct arena *a, const struct lie *lie, str id)
{
	str detail = str_replace(a, str_of(lie->detail), S("'"), S("\""));
	str instance = json_str(json_get(ask(l, a, ""), "instanceId"));

	detail = str_replace(a, detail, S("ENV"), l->env);
	detail = str_replace(a, detail, S("INSTANCE"), instance.len > 0 ? instance : S("nobody"));
	return str_fmt(a,
	    "{\"version\":\"0\",\"id\":\"" STR_FMT
	    "\",\"detail-type\":\"%s\",\"source\":\"%s\",\"account\":\"%s\",\"time\":\"2022-01-01T00:"
	    "00:00Z\",\"region\":\"us-east-1\",\"resources\":[],\"detail\":" STR_FMT "}",
	    STR_ARG(id), lie->detail_type, lie->source, lie->account, STR_ARG(detail));
}

static const char *
headers_of(struct life *l, struct arena *a, enum sign sign)
{
	switch (sign) {
	case RIGHT_SECRET:
		return str_z(
		    a, str_fmt(a, "X-Swb-Events-Secret: " STR_FMT "\r\n", STR_ARG(l->secret)));
	case WRONG_SECRET:
		return "X-Swb-Events-Secret: "
		       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
	case NO_SECRET:
		break;
	}
	return "";
}

/* Entries of the history that name this kind of event. */
static size_t
count_told(struct life *l, const char *event)
{
	auto_arena a = { 0 };
	size_t count = 0;

	for (const struct json *h = json_first(json_get(ask(l, &a, "/history"), "data")); h != NULL;
	     h = h->next)
		count += str_is(json_str(json_get(h, "event")), event);
	return count;
}

/* All of them, each twice. */
static void
lie_at(struct life *l, const char *step)
{
	for (size_t i = 0; i < countof(lies); i++) {
		auto_arena a = { 0 };
		const struct lie *lie = &lies[i];
		str body = event_body(l, &a, lie, id_uuid(&a));
		size_t before = count_told(l, lie->detail_type);

		for (int times = 0; times < 2; times++) {
			struct reply r = server_ask_with(l->s, &a, "POST", "/api/events",
			    (str){ 0 }, headers_of(l, &a, lie->sign), str_z(&a, body));

			CHECK(r.status == lie->status, "%s, %s: %d " STR_FMT, step, lie->label,
			    r.status, STR_ARG(r.body));
		}
		CHECK(!lie->told || count_told(l, lie->detail_type) > before,
		    "%s, %s: the history tells it", step, lie->label);
	}
}

static void
step(struct life *l, const char *verb, const char *end)
{
	lie_at(l, verb == NULL ? "during the launch" : verb);
	server_await(l->s, l->env, end);
	lie_at(l, end);
	server_await(l->s, l->env, end);
}

static void
ask_verb(struct life *l, const char *verb)
{
	int status = server_verb(l->s, l->env, verb);

	CHECK(status == 204, "%s: %d", verb, status);
}

/* The moves that the history tells of. */
static str
moves(struct life *l)
{
	struct buf b = buf_in(l->a);

	for (const struct json *h = json_first(json_get(ask(l, l->a, "/history"), "data"));
	     h != NULL; h = h->next)
		if (json_get(h, "to") != NULL)
			buf_fmt(&b, "%s" STR_FMT, b.len > 0 ? " " : "",
			    STR_ARG(json_str(json_get(h, "to"))));
	return buf_str(&b);
}

static void
test_lies_at_each_step(struct arena *a)
{
	struct life l = { .s = server_new(a), .a = a };

	l.s->args[0] = "--environments=" SWB_SOURCE_ROOT "/environments";
	l.s->args[1] = "--instance-delay=1"; /* so that there is a while in each step */
	server_start(l.s);
	l.secret = read_output(a, l.s->data, "events-secret");
	l.env = server_launch(l.s);
	step(&l, NULL, "COMPLETED");
	ask_verb(&l, "stop");
	step(&l, "stop", "STOPPED");
	ask_verb(&l, "start");
	step(&l, "start", "COMPLETED");
	ask_verb(&l, "terminate");
	step(&l, "terminate", "TERMINATED");
	CHECK_STR(moves(&l),
	    "PENDING COMPLETED STOPPING STOPPED STARTING PENDING COMPLETED TERMINATING TERMINATED",
	    "what happened, once each");
	assert_int_equal(server_stop(l.s), 0);
	server_free(l.s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lies_at_each_step),
	};

	return RUN_TESTS(tests);
}
