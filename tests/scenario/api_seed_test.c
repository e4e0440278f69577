/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document that asked for the system prints three requests, "Step 7". They are cut out of it,
 * their comments removed and their gaps filled, and sent by curl as they stand; then the
 * environment goes its whole way, and every verb that api.md 4.2 refuses on that way is refused in
 * its words.
 */
#include "command.h"
#include "server_rig.h"

#define DOCUMENT "seed/000_e00d2535250ede34.txt"
#define REQUESTS 3
#define MAX_DOCUMENT_BYTES ((size_t)1 << 20)

/* --- curl ------------------------------------------------------------------------------------ */

static struct reply
curl(struct server *s, const char *method, str path, str token, str body)
{
	const char *file = path_join(s->a, s->root, "body");
	struct reply r = { 0 };
	struct command c;
	struct err err;
	int64_t status;
	size_t split;

	err_init(&err, s->a);
	CHECK_OK(file_write(file, body, 0600, &err), &err);
	c = expect_status(s->a,
	    str_z(s->a,
		str_fmt(s->a,
		    "curl -sS -X %s -H 'Authorization: " STR_FMT "' -H 'Content-Type: "
		    "application/json' %s%s -w '\\n%%{http_code}' '" STR_FMT "/api" STR_FMT "'",
		    method, STR_ARG(token), body.len > 0 ? "--data @" : "",
		    body.len > 0 ? file : "", STR_ARG(s->url), STR_ARG(path))),
	    0);
	split = c.out.len - 4;
	assert_true(str_to_i64(str_from(c.out, split + 1), &status));
	r.status = (int)status;
	r.body = str_sub(c.out, 0, split);
	if (r.body.len > 0)
		CHECK_OK(json_parse(s->a, r.body, &r.json, &err), &err);
	return r;
}

/* --- the document's requests ----------------------------------------------------------------- */

struct shown {
	str path, body;
};

/* From the "{" of one line to the "}" of another, both at the line's begin. */
static str
block_of(struct arena *a, str *rest)
{
	str text = S(""), line;
	bool within = false;

	while (str_cut(rest, '\n', &line)) {
		size_t comment = str_find(line, S("// "));

		within = within || str_is(str_trim(line), "{");
		if (!within)
			continue;
		text = str_fmt(
		    a, STR_FMT STR_FMT "\n", STR_ARG(text), STR_ARG(str_sub(line, 0, comment)));
		if (str_is(line, "}"))
			break;
	}
	return text;
}

static void
read_document(struct arena *a, struct shown shown[REQUESTS])
{
	static const str api = S("POST {{API_URL}}");
	struct err err;
	size_t count = 0;
	str rest, line;

	err_init(&err, a);
	CHECK_OK(file_read(a, shared_path(a, DOCUMENT), MAX_DOCUMENT_BYTES, &rest, &err), &err);
	while (str_cut(&rest, '\n', &line)) {
		if (!str_starts(line, api))
			continue;
		assert_true(count < REQUESTS);
		shown[count].path = str_from(line, api.len);
		shown[count++].body = block_of(a, &rest);
	}
	assert_int_equal(count, REQUESTS);
}

/* --- the way ---------------------------------------------------------------------------------- */

static str
id_of(const struct reply *r, const char *what)
{
	CHECK(r->status == 201, "%s: %d " STR_FMT, what, r->status, STR_ARG(r->body));
	CHECK(str_starts(r->body, S("{\"id\":\"")), "%s: id is first: " STR_FMT, what,
	    STR_ARG(r->body));
	return json_str(json_get(r->json, "id"));
}

#define STARTED S("Cannot stop environment while environment is currently being started")
#define STOPPED S("Cannot start environment while environment is currently being stopped")

/* What each verb is answered in a status; an empty text: 204. */
struct answers {
	const char *status;
	str start, stop, terminate; /* a NULL pointer: not asked here, since it would act */
	bool connects;
};
#define NO \
	{ \
		NULL, 0 \
	}

static void
expect_verb(struct server *s, str env, const char *status, const char *verb, str want)
{
	struct reply r;

	if (want.ptr == NULL)
		return;
	r = curl(s, "PUT", str_fmt(s->a, "/environments/" STR_FMT "/%s", STR_ARG(env), verb),
	    s->researcher, (str){ 0 });
	CHECK(r.status == (want.len == 0 ? 204 : 409), "%s in %s: %d " STR_FMT, verb, status,
	    r.status, STR_ARG(r.body));
	if (want.len > 0)
		want = str_fmt(s->a,
		    "{\"statusCode\":409,\"error\":\"Conflict\",\"message\":\"" STR_FMT "\"}",
		    STR_ARG(want));
	CHECK_STR(r.body, str_z(s->a, want), "%s in %s", verb, status);
}

static void
expect_connections(struct server *s, str env, const char *status, bool connects)
{
	static const str link =
	    S("\"},\"instructionResponse\":\"To access Sagemaker Notebook, open "
	      "#{\\\"type\\\":\\\"link\\\",\\\"hrefKey\\\":\\\"url\\\",\\\"text\\\":"
	      "\\\"Sagemaker URL\\\"}\"}");
	struct reply r =
	    curl(s, "GET", str_fmt(s->a, "/environments/" STR_FMT "/connections", STR_ARG(env)),
		s->researcher, (str){ 0 });

	CHECK(r.status == (connects ? 200 : 409), "connections in %s: %d", status, r.status);
	if (connects) {
		CHECK(str_starts(r.body, S("{\"authCredResponse\":{\"url\":\"http")) &&
			str_ends(r.body, link),
		    STR_FMT, STR_ARG(r.body));
		return;
	}
	CHECK_STR(json_str(json_get(r.json, "message")),
	    str_z(s->a,
		str_fmt(s->a,
		    "Environment is in %s status. Please wait until environment is in 'COMPLETED' "
		    "status before trying to connect to the environment.",
		    status)),
	    "connections in %s", status);
}

/* It passes by itself, so it is looked at again afterwards: what was asked was asked in it. */
static void
expect_answers(struct server *s, str env, const struct answers *want)
{
	server_await(s, env, want->status);
	expect_verb(s, env, want->status, "start", want->start);
	expect_verb(s, env, want->status, "stop", want->stop);
	expect_verb(s, env, want->status, "terminate", want->terminate);
	expect_connections(s, env, want->status, want->connects);
	CHECK_STR(server_status(s, s->a, env), want->status, "still");
}

static void
act(struct server *s, str env, const char *verb)
{
	expect_verb(s, env, "the middle of the way", verb, S(""));
}

static void
go_the_way(struct server *s, str env)
{
	static const struct answers completed = { "COMPLETED", S(""), NO, NO, true };
	static const struct answers stopped = { "STOPPED", NO, S(""), NO, false };
	static const struct answers terminating = { "TERMINATING",
		S("Cannot start environment while environment is in TERMINATING state"),
		S("Cannot stop environment while environment is in TERMINATING state"), S(""),
		false };
	static const struct answers terminated = { "TERMINATED",
		S("Cannot start environment while environment is in TERMINATED state"),
		S("Cannot stop environment while environment is in TERMINATED state"), S(""),
		false };

	expect_answers(s, env, &(struct answers){ "PENDING", S(""), STARTED, NO, false });
	expect_answers(s, env, &completed);
	act(s, env, "stop");
	expect_answers(s, env, &(struct answers){ "STOPPING", STOPPED, S(""), NO, false });
	expect_answers(s, env, &stopped);
	act(s, env, "start");
	/* STARTING, and by the cloud's own word PENDING for a while: the answers are the same. */
	expect_verb(s, env, "STARTING", "start", S(""));
	expect_verb(s, env, "STARTING", "stop", STARTED);
	expect_answers(s, env, &completed);
	act(s, env, "stop");
	expect_answers(s, env, &stopped);
	act(s, env, "terminate");
	expect_answers(s, env, &terminating);
	expect_answers(s, env, &terminated);
}

static void
expect_metadata(struct server *s, str env)
{
	static const char *const members[] = { "ETC", "PROJ", "DATASETS", "ENDPOINTS", "INID" };
	struct reply r = curl(
	    s, "GET", str_fmt(s->a, "/environments/" STR_FMT, STR_ARG(env)), s->admin, (str){ 0 });

	assert_int_equal(r.status, 200);
	CHECK(str_starts(r.body, S("{\"id\":\"env-")), STR_FMT, STR_ARG(r.body));
	for (size_t i = 0; i < countof(members); i++)
		CHECK(json_get(r.json, members[i]) != NULL, "%s: " STR_FMT, members[i],
		    STR_ARG(r.body));
	CHECK(!str_has(r.body, S("SWB#")) && !str_has(r.body, S("\"swb")), "swb's own: " STR_FMT,
	    STR_ARG(r.body));
}

static void
expect_gone_from_list(struct server *s)
{
	struct reply r = curl(s, "GET", S("/environments"), s->admin, (str){ 0 });

	CHECK_STR(r.body, "{\"data\":[]}", "a terminated one is not listed");
}

static void
test_step_7(struct arena *a)
{
	struct shown shown[REQUESTS];
	struct server *s;
	struct reply r;
	str type, config, env;

	read_document(a, shown);
	s = server_new(a);
	s->args[0] = "--environments=" SWB_SOURCE_ROOT "/environments";
	s->args[1] = "--instance-delay=2";
	server_start(s);

	r = curl(s, "POST", shown[0].path, s->admin, shown[0].body);
	type = id_of(&r, "type");
	CHECK(json_count(json_get(r.json, "params")) == 4, "kept: " STR_FMT, STR_ARG(r.body));

	r = curl(s, "POST", str_replace(a, shown[1].path, S(":envTypeId"), type), s->admin,
	    shown[1].body);
	config = id_of(&r, "configuration");
	CHECK(str_has(
		  r.body, S("{\"key\":\"IamPolicyDocument\",\"value\":\"${iamPolicyDocument}\"}")),
	    "kept: " STR_FMT, STR_ARG(r.body));

	shown[2].body = str_replace(
	    a, shown[2].body, S("<envTypeId>"), str_fmt(a, "\"" STR_FMT "\"", STR_ARG(type)));
	shown[2].body = str_replace(a, shown[2].body, S("<envTypeConfigId>"),
	    str_fmt(a, "\"" STR_FMT "\"", STR_ARG(config)));
	shown[2].body = str_replace(
	    a, shown[2].body, S("<projectId>"), str_fmt(a, "\"" STR_FMT "\"", STR_ARG(s->project)));
	r = curl(s, "POST", shown[2].path, s->researcher, shown[2].body);
	env = id_of(&r, "environment");
	CHECK_STR(json_str(json_get(r.json, "status")), "PENDING", "launched");

	go_the_way(s, env);
	expect_metadata(s, env);
	expect_gone_from_list(s);
	assert_int_equal(server_stop(s), 0);
	server_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_step_7),
	};

	return RUN_TESTS(tests);
}
