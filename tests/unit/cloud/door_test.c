/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door, with requests that are signed as any SDK signs them.
 */
#include "cloud_rig.h"

#include "aws/client.h"
#include "aws/sigv4.h"
#include "http/message.h"

struct sent {
	const struct aws_credentials *creds; /* NULL: unsigned */
	const char *service, *region;        /* as signed; NULL: sts, RIG_REGION */
	const char *target;                  /* X-Amz-Target; NULL for a form */
	str body;
	int64_t clock_skew_ms; /* of the sender */
	bool alter;            /* the body is changed after signing */
};

static bool
try_send(struct rig *r, const struct sent *s, struct http_response *resp)
{
	struct arena *a = r->a;
	struct http_request req = { .method = S("POST"), .target = S("/"), .body = s->body };

	http_header_add(a, &req.headers, S("Host"), S("127.0.0.1:8080"));
	http_header_add(a, &req.headers, S("Content-Type"),
	    s->target == NULL ? S("application/x-www-form-urlencoded; charset=utf-8")
			      : S("application/x-amz-json-1.1"));
	if (s->target != NULL)
		http_header_add(a, &req.headers, S("X-Amz-Target"), str_of(s->target));
	if (s->creds != NULL)
		sigv4_sign(a, &req,
		    &(struct sigv4_signing){ .credentials = s->creds,
			.region = str_of(s->region == NULL ? RIG_REGION : s->region),
			.service = str_of(s->service == NULL ? "sts" : s->service),
			.now_ms = r->now_ms + s->clock_skew_ms },
		    NULL);
	if (s->alter)
		req.body = str_cat(a, req.body, S("&X=1"));
	err_init(&r->err, a);
	return cloud_handle(r->cloud, a, &req, resp, &r->err);
}

static struct http_response
send_it(struct rig *r, const struct sent *s)
{
	struct http_response resp = { 0 };

	CHECK_OK(try_send(r, s, &resp), &r->err);
	return resp;
}

/* The text between <tag> and the next '<'. */
static str
xml_text(str body, const char *tag)
{
	size_t at = str_find(body, str_of(tag)) + strlen(tag);

	body = str_from(body, at);
	return str_sub(body, 0, str_find_char(body, '<'));
}

#define WHO "Action=GetCallerIdentity&Version=2011-06-15"
#define ROLE "arn:aws:iam::" RIG_HOSTING ":role/R"

static void
role_new(struct rig *r)
{
	r->as = r->hosting;
	rig_ok(r, "iam", "CreateRole",
	    "{'RoleName': 'R', 'AssumeRolePolicyDocument': '{\\'Statement\\': {\\'Effect\\': "
	    "\\'Allow\\', \\'Principal\\': {\\'AWS\\': \\'" RIG_MAIN "\\'}, \\'Action\\': "
	    "\\'sts:AssumeRole\\', \\'Condition\\': {\\'StringEquals\\': {\\'sts:ExternalId\\': "
	    "\\'swb\\'}}}}'}");
	r->as = r->main;
}

static str
assume_body(struct rig *r, const char *external_id)
{
	return str_fmt(r->a,
	    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%%3Aaws%%3Aiam%%3A%%3A" RIG_HOSTING
	    "%%3Arole%%2FR&RoleSessionName=me&ExternalId=%s",
	    external_id);
}

static struct aws_credentials
assume(struct rig *r)
{
	struct http_response resp =
	    send_it(r, &(struct sent){ .creds = &r->main_key, .body = assume_body(r, "swb") });

	assert_int_equal(resp.status, 200);
	return (struct aws_credentials){
		.access_key_id = xml_text(resp.body, "<AccessKeyId>"),
		.secret_access_key = xml_text(resp.body, "<SecretAccessKey>"),
		.session_token = xml_text(resp.body, "<SessionToken>"),
	};
}

static void
test_right_signature(struct arena *a)
{
	struct rig r;
	struct http_response resp;

	rig_open(&r, a);
	resp = send_it(&r, &(struct sent){ .creds = &r.main_key, .body = S(WHO) });
	assert_int_equal(resp.status, 200);
	CHECK_STR(xml_text(resp.body, "<Account>"), RIG_MAIN, "the key's account");
	CHECK(http_header_get(&resp.headers, "x-amzn-RequestId").len == 36, "a request id");
	CHECK(http_header_get(&resp.headers, "Date").len > 0, "a date");
	resp = send_it(
	    &r, &(struct sent){ .creds = &r.hosting_key, .region = "eu-west-1", .body = S(WHO) });
	CHECK_STR(xml_text(resp.body, "<Arn>"), "arn:aws:iam::" RIG_HOSTING ":root", "another's");
	resp = send_it(&r,
	    &(struct sent){ .creds = &r.main_key,
		.service = "events",
		.target = "AWSEvents.ListEventBuses",
		.body = S("{}") });
	assert_int_equal(resp.status, 200);
	CHECK(str_starts(resp.body, S("{\"EventBuses\":[")), STR_FMT, STR_ARG(resp.body));
	rig_close(&r);
}

static void
test_wrong_signatures(struct arena *a)
{
	struct aws_credentials wrong = { .access_key_id = S("to be set"),
		.secret_access_key = S("0123456789012345678901234567890123456789") };
	struct aws_credentials unknown = { .access_key_id = S("AKIA0000000000000000"),
		.secret_access_key = S("0123456789012345678901234567890123456789") };
	struct aws_credentials forged = { .access_key_id = S("ASIA0000000000000000"),
		.secret_access_key = S("0123456789012345678901234567890123456789"),
		.session_token = S("e30.AAAA") };
	struct rig r;

	rig_open(&r, a);
	wrong.access_key_id = r.main_key.access_key_id;
	const struct {
		const char *label;
		struct sent sent; /* as a form; its JSON twin is made below */
		const char *form_code;
		int form_status;
		const char *json_code;
	} cases[] = {
		{ "wrong secret", { .creds = &wrong }, "SignatureDoesNotMatch", 403,
		    "InvalidSignatureException" },
		{ "unknown key", { .creds = &unknown }, "InvalidClientTokenId", 403,
		    "UnrecognizedClientException" },
		{ "forged session", { .creds = &forged }, "InvalidClientTokenId", 403,
		    "UnrecognizedClientException" },
		{ "unsigned", { .creds = NULL }, "MissingAuthenticationToken", 403,
		    "MissingAuthenticationTokenException" },
		{ "altered body", { .creds = &r.main_key, .alter = true }, "SignatureDoesNotMatch",
		    403, "InvalidSignatureException" },
		{ "sent late", { .creds = &r.main_key, .clock_skew_ms = -6 * 60 * 1000 },
		    "SignatureDoesNotMatch", 403, "InvalidSignatureException" },
		{ "sent early", { .creds = &r.main_key, .clock_skew_ms = 6 * 60 * 1000 },
		    "SignatureDoesNotMatch", 403, "InvalidSignatureException" },
		{ "no region", { .creds = &r.main_key, .region = "local" }, "SignatureDoesNotMatch",
		    403, "InvalidSignatureException" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct sent s = cases[i].sent;
		struct http_response resp;

		s.body = S(WHO);
		resp = send_it(&r, &s);
		CHECK_STR(xml_text(resp.body, "<Code>"), cases[i].form_code, "%s", cases[i].label);
		CHECK(resp.status == cases[i].form_status, "%s: %d", cases[i].label, resp.status);
		s.service = "events";
		s.target = "AWSEvents.ListEventBuses";
		s.body = S("{}");
		resp = send_it(&r, &s);
		CHECK_STR(http_header_get(&resp.headers, "x-amzn-ErrorType"), cases[i].json_code,
		    "%s", cases[i].label);
		CHECK(resp.status == 400, "%s: %d", cases[i].label, resp.status);
	}
	rig_close(&r);
}

static void
test_sessions(struct arena *a)
{
	struct rig r;
	struct aws_credentials session, crossed;
	struct http_response resp;

	rig_open(&r, a);
	role_new(&r);
	resp =
	    send_it(&r, &(struct sent){ .creds = &r.main_key, .body = assume_body(&r, "other") });
	assert_int_equal(resp.status, 403);
	CHECK_STR(xml_text(resp.body, "<Code>"), "AccessDenied", "wrong ExternalId");
	CHECK_STR(xml_text(resp.body, "<Message>"),
	    "User: arn:aws:iam::" RIG_MAIN
	    ":root is not authorized to perform: sts:AssumeRole on resource: " ROLE,
	    "AWS's words");

	session = assume(&r);
	resp = send_it(&r, &(struct sent){ .creds = &session, .body = S(WHO) });
	CHECK_STR(xml_text(resp.body, "<Arn>"), "arn:aws:sts::" RIG_HOSTING ":assumed-role/R/me",
	    "who it is");
	crossed = assume(&r);
	crossed.session_token = session.session_token;
	resp = send_it(&r, &(struct sent){ .creds = &crossed, .body = S(WHO) });
	CHECK_STR(xml_text(resp.body, "<Code>"), "InvalidClientTokenId", "another key's token");
	crossed = r.main_key;
	crossed.session_token = session.session_token;
	resp = send_it(&r, &(struct sent){ .creds = &crossed, .body = S(WHO) });
	CHECK_STR(xml_text(resp.body, "<Code>"), "InvalidClientTokenId", "a token with a root key");

	rig_stop(&r);
	rig_start(&r);
	resp = send_it(&r, &(struct sent){ .creds = &session, .body = S(WHO) });
	assert_int_equal(resp.status, 200);
	r.now_ms += 3600 * 1000;
	resp = send_it(&r, &(struct sent){ .creds = &session, .body = S(WHO) });
	CHECK_STR(xml_text(resp.body, "<Code>"), "ExpiredToken", "its end");
	assert_int_equal(resp.status, 403);
	rig_close(&r);
}

static void
test_bad_requests(struct arena *a)
{
	struct rig r;
	struct http_response resp;
	str big = { arena_raw(a, 3 << 20), 3 << 20 };

	rig_open(&r, a);
	memset((char *)big.ptr, ' ', big.len);
	const struct {
		const char *label;
		struct sent sent;
		const char *code;
		int status;
	} cases[] = {
		{ "unknown action", { .body = S("Action=Nothing&Version=2011-06-15") },
		    "InvalidAction", 400 },
		{ "known to AWS, not here",
		    { .body = S("Action=GetFederationToken&Version=2011-06-15") }, "InvalidAction",
		    400 },
		{ "another version", { .body = S("Action=GetCallerIdentity&Version=2001-01-01") },
		    "InvalidAction", 400 },
		{ "missing member", { .body = S("Action=AssumeRole&Version=2011-06-15") },
		    "ValidationError", 400 },
		{ "unknown target",
		    { .service = "events", .target = "AWSEvents.Nothing", .body = S("{}") },
		    "UnknownOperationException", 400 },
		{ "no JSON",
		    { .service = "events", .target = "AWSEvents.ListEventBuses", .body = S("{") },
		    "SerializationException", 400 },
		{ "unknown member",
		    { .service = "events",
			.target = "AWSEvents.ListEventBuses",
			.body = S("{\"X\":1}") },
		    "ValidationException", 400 },
		{ "too large",
		    { .service = "events", .target = "AWSEvents.ListEventBuses", .body = big },
		    "RequestEntityTooLargeException", 413 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct sent s = cases[i].sent;

		s.creds = &r.main_key;
		resp = send_it(&r, &s);
		CHECK_STR(s.target == NULL ? xml_text(resp.body, "<Code>")
					   : http_header_get(&resp.headers, "x-amzn-ErrorType"),
		    cases[i].code, "%s", cases[i].label);
		CHECK(resp.status == cases[i].status, "%s: %d", cases[i].label, resp.status);
	}
	rig_close(&r);
}

/* What a server refuses by its length, unread, is told in the form that the client reads. */
static void
test_too_large_unread(struct arena *a)
{
	static const struct {
		const char *label, *method, *target, *name, *value, *code, *type;
		int status;
	} cases[] = {
		{ "s3", "PUT", "/b/k", "X-Amz-Content-Sha256", "x", "<Code>EntityTooLarge</Code>",
		    "application/xml", 400 },
		{ "json", "POST", "/", "X-Amz-Target", "AWSEvents.PutEvents",
		    "\"__type\":\"RequestEntityTooLargeException\"", "application/x-amz-json-1.1",
		    413 },
		{ "query", "POST", "/", "Content-Type", "application/x-www-form-urlencoded",
		    "<ErrorResponse", "text/xml", 400 },
	};
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request head = { .method = str_of(cases[i].method),
			.target = str_of(cases[i].target) };
		struct http_response resp = { 0 };

		http_header_add(a, &head.headers, str_of(cases[i].name), str_of(cases[i].value));
		cloud_refuse_large(r.cloud, a, &head, &resp);
		CHECK(str_has(resp.body, str_of(cases[i].code)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(resp.body));
		CHECK_STR(http_header_get(&resp.headers, "Content-Type"), cases[i].type, "%s",
		    cases[i].label);
		CHECK(resp.status == cases[i].status, "%s: %d", cases[i].label, resp.status);
	}
	rig_close(&r);
}

static void
test_faults(struct arena *a)
{
	struct rig r;
	struct http_response resp = { 0 };

	rig_open(&r, a);
	r.faults.rules[r.faults.rule_count++] = (struct fault_rule){ .kind = FAULT_REFUSE,
		.service = "sts",
		.first = 1,
		.count = 1,
		.code = "Throttling",
		.message = "Rate exceeded" };
	r.faults.rules[r.faults.rule_count++] = (struct fault_rule){
		.kind = FAULT_LOSE_ANSWER, .service = "sts", .first = 2, .count = 1
	};
	resp = send_it(&r, &(struct sent){ .creds = &r.main_key, .body = S(WHO) });
	CHECK_STR(xml_text(resp.body, "<Code>"), "Throttling", "refused");
	CHECK(!try_send(&r, &(struct sent){ .creds = &r.main_key, .body = S(WHO) }, &resp), "lost");
	CHECK(r.err.kind == ERR_TIMEOUT, "as a transport tells it");
	resp = send_it(&r, &(struct sent){ .creds = &r.main_key, .body = S(WHO) });
	assert_int_equal(resp.status, 200);
	rig_close(&r);
}

/* swb's own client over the direct transport, through all protocols. */
static const struct json *
ask(struct rig *r, struct aws_client *client, const struct aws_credentials *creds,
    const char *service, const char *operation, const char *input)
{
	str text = str_replace(r->a, str_of(input), S("'"), S("\""));
	const struct json *in, *out = NULL;

	err_init(&r->err, r->a);
	CHECK_OK(json_parse(r->a, text, &in, &r->err), &r->err);
	return aws_call(client, r->a, creds, service, operation, in, &out, &r->err) ? out : NULL;
}

static void
test_aws_client(struct arena *a)
{
	struct rig r;
	struct direct_transport direct;
	struct aws_client *client;
	struct aws_credentials session;
	const struct json *out;

	rig_open(&r, a);
	role_new(&r);
	direct_transport_init(&direct, cloud_handle, r.cloud);
	client = aws_client_new(&(struct aws_client_options){ .transport = &direct.transport,
	    .clock = &r.clock.clock,
	    .region = S(RIG_REGION),
	    .max_attempts = 2 });

	CHECK(!aws_assume_role(
		  client, a, &r.main_key, S(ROLE), S("me"), S("wrong"), &session, &r.err),
	    "a wrong ExternalId");
	CHECK_STR(r.err.code, "AccessDenied", "told by its code");
	err_init(&r.err, a);
	CHECK_OK(
	    aws_assume_role(client, a, &r.main_key, S(ROLE), S("me"), S("swb"), &session, &r.err),
	    &r.err);
	out = ask(&r, client, &session, "sts", "GetCallerIdentity", "{}");
	CHECK_STR(rig_text(out, "Arn"), "arn:aws:sts::" RIG_HOSTING ":assumed-role/R/me", "query");
	out = ask(&r, client, &session, "iam", "GetRole", "{'RoleName': 'R'}");
	CHECK_STR(rig_text(out, "Role", "Arn"), ROLE, "query of a service without regions");
	out = ask(&r, client, &session, "kms", "CreateKey", "{'Description': 'x'}");
	CHECK_STR(rig_text(out, "KeyMetadata", "KeyState"), "Enabled", "json");
	CHECK(ask(&r, client, &session, "s3", "CreateBucket", "{'Bucket': 'b-1'}") != NULL,
	    "rest-xml");
	CHECK(ask(&r, client, &session, "s3", "PutObject",
		  "{'Bucket': 'b-1', 'Key': 'a b', 'Body': 'aGVsbG8='}") != NULL,
	    "with a body");
	out = ask(&r, client, &session, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'a b'}");
	CHECK_STR(rig_text(out, "Body"), "aGVsbG8=", "and back");
	CHECK(ask(&r, client, &session, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'none'}") ==
		NULL,
	    "nothing there");
	CHECK_STR(r.err.code, "NoSuchKey", "told by its code");
	CHECK(r.err.kind == ERR_NOT_FOUND, "and kind");

	/* A lost answer is asked for again; the call had its effect, and so the second one tells.
	 */
	r.faults.rules[r.faults.rule_count++] = (struct fault_rule){ .kind = FAULT_LOSE_ANSWER,
		.service = "s3",
		.action = "CreateBucket",
		.first = 1,
		.count = 1 };
	CHECK(ask(&r, client, &session, "s3", "CreateBucket", "{'Bucket': 'b-2'}") == NULL,
	    "retried");
	CHECK_STR(r.err.code, "BucketAlreadyOwnedByYou", "the first attempt had made it");

	r.now_ms += 3600 * 1000;
	CHECK(ask(&r, client, &session, "sts", "GetCallerIdentity", "{}") == NULL, "an hour later");
	CHECK_STR(r.err.code, "ExpiredToken", "its session ended");
	aws_client_free(client);
	rig_close(&r);
}

/* Whatever bytes come, an answer goes; and no altered request is taken for a signed one. */
static void
test_mutated_requests(struct arena *a)
{
	static const char odd[] = { '\0', '/', '%', '=', ',', ' ', '\n', '"', 'A', '\xff' };
	struct rig r;
	uint32_t seed = 1;

	rig_open(&r, a);
	for (int i = 0; i < 3000; i++) {
		auto_arena scratch = { 0 };
		struct http_request req = { .method = S("POST"), .target = S("/"), .body = S(WHO) };
		struct http_response resp = { 0 };
		struct http_header *h;
		char *value, was;
		size_t at;
		struct err err;

		err_init(&err, &scratch);
		http_header_add(&scratch, &req.headers, S("Host"), S("h"));
		http_header_add(&scratch, &req.headers, S("Content-Type"),
		    S("application/x-www-form-urlencoded"));
		sigv4_sign(&scratch, &req,
		    &(struct sigv4_signing){ .credentials = &r.main_key,
			.region = S(RIG_REGION),
			.service = S("sts"),
			.now_ms = r.now_ms },
		    NULL);
		seed = seed * 1664525 + 1013904223;
		h = &req.headers.list[(seed >> 16) % req.headers.count];
		value = arena_raw(&scratch, h->value.len);
		memcpy(value, h->value.ptr, h->value.len);
		seed = seed * 1664525 + 1013904223;
		at = (seed >> 8) % h->value.len;
		was = value[at];
		value[at] = odd[(seed >> 4) % sizeof(odd)];
		h->value.ptr = value;
		CHECK_OK(cloud_handle(r.cloud, &scratch, &req, &resp, &err), &err);
		/* What stands between the parts of Authorization is not signed. */
		CHECK(resp.status != 200 || was == value[at] || was == ' ',
		    "altered " STR_FMT ": " STR_FMT, STR_ARG(h->name), STR_ARG(h->value));
	}
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_right_signature),
		TEST(test_wrong_signatures),
		TEST(test_sessions),
		TEST(test_bad_requests),
		TEST(test_too_large_unread),
		TEST(test_faults),
		TEST(test_aws_client),
		TEST(test_mutated_requests),
	};

	return RUN_TESTS(tests);
}
