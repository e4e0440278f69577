/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a server in this process that answers by script and keeps what it saw. */
#include "check.h"

#include "aws/client.h"
#include "aws/endpoint.h"
#include "aws/error.h"
#include "aws/internal.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/json.h"
#include "http/transport.h"

#define T0 1651779543000 /* 2022-05-05T19:39:03Z */

struct answer {
	int status; /* 0: none comes, err_kind tells why */
	const char *body;
	enum err_kind kind;
	int64_t date_ms; /* 0: no Date */
};

/* What stands after the last answer is answered by it, too. */
struct script {
	const struct answer *answers;
	size_t count, seen;
	str bodies[8], dates[8];
	struct arena *a;
};

static bool
handle(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp,
    struct err *err)
{
	struct script *s = cookie;
	const struct answer *answer = &s->answers[s->seen < s->count ? s->seen : s->count - 1];
	struct sigv4_claim claim;
	str detail;

	assert_int_equal(sigv4_read(a, req, &claim, &detail), SIGV4_FINE);
	if (s->seen < countof(s->bodies)) {
		s->bodies[s->seen] = str_dup(s->a, req->body);
		s->dates[s->seen] = str_dup(s->a, claim.time);
	}
	s->seen++;
	if (answer->status == 0)
		return err_set(err, answer->kind, "no answer");
	resp->status = answer->status;
	resp->body = str_of(answer->body);
	if (answer->date_ms != 0)
		http_header_add(a, &resp->headers, S("Date"),
		    str_fmt(a, "Thu, 05 May 2022 20:%02d:00 GMT", (int)answer->date_ms));
	return true;
}

struct rig {
	int64_t now_ms;
	struct test_clock clock;
	struct direct_transport transport;
	struct script script;
	struct aws_client *client;
	struct aws_credentials credentials;
};

static void
rig_open(struct rig *r, struct arena *a, const struct answer *answers, size_t count)
{
	r->now_ms = T0;
	test_clock_init(&r->clock, &r->now_ms);
	r->script = (struct script){ .answers = answers, .count = count, .a = a };
	direct_transport_init(&r->transport, handle, &r->script);
	r->credentials =
	    (struct aws_credentials){ S("AKIDEXAMPLE"), S("secret"), S(""), CLOCK_NEVER };
	r->client = aws_client_new(&(struct aws_client_options){
	    .transport = &r->transport.transport,
	    .clock = &r->clock.clock,
	    .region = S("us-east-1"),
	});
}

static const struct aws_operation *
json_operation(struct arena *a)
{
	static const struct aws_operation_row row = { "Op", "Name:s Token*:s", "Id:s" };
	static const struct aws_service service = {
		.name = "test",
		.endpoint_prefix = "test",
		.signing_name = "test",
		.target_prefix = "Test",
		.version = "1",
		.protocol = AWS_JSON_1_1,
	};

	return aws_operation_parse(a, &service, &row);
}

#define IDENTITY(inside) \
	"<GetCallerIdentityResponse xmlns='urn:x'><GetCallerIdentityResult>" inside \
	"</GetCallerIdentityResult></GetCallerIdentityResponse>"
#define THROTTLED \
	"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>" \
	"</ErrorResponse>"
#define DENIED \
	"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>you &amp; me" \
	"</Message></Error></ErrorResponse>"

static void
test_answers(struct arena *a)
{
	static const struct {
		const char *label;
		struct answer answers[3];
		size_t count, attempts;
		const char *want; /* the Arn, or "kind code message" */
	} cases[] = {
		{ "good at once", { { 200, IDENTITY("<Arn>A</Arn><Unknown/>"), 0, 0 } }, 1, 1,
		    "A" },
		{ "good after an error of theirs",
		    { { 503, "", 0, 0 }, { 200, IDENTITY("<Arn>B</Arn>"), 0, 0 } }, 2, 2, "B" },
		{ "good after throttling",
		    { { 400, THROTTLED, 0, 0 }, { 400, THROTTLED, 0, 0 },
			{ 200, IDENTITY("<Arn>C</Arn>"), 0, 0 } },
		    3, 3, "C" },
		{ "throttled to the end", { { 400, THROTTLED, 0, 0 } }, 1, 3,
		    "throttled Throttling Rate exceeded" },
		{ "lost, then good",
		    { { 0, "", ERR_TIMEOUT, 0 }, { 200, IDENTITY("<Arn>D</Arn>"), 0, 0 } }, 2, 2,
		    "D" },
		{ "lost to the end", { { 0, "", ERR_TIMEOUT, 0 } }, 1, 3,
		    "timeout  sts:GetCallerIdentity: no answer" },
		{ "cannot be sent", { { 0, "", ERR_UPSTREAM, 0 } }, 1, 3,
		    "upstream  sts:GetCallerIdentity: no answer" },
		{ "refused", { { 403, DENIED, 0, 0 } }, 1, 1, "denied AccessDenied you & me" },
		{ "a proxy's page", { { 404, "<html>\x01nothing", 0, 0 } }, 1, 1,
		    "not found 404 sts:GetCallerIdentity was answered with HTTP status 404: "
		    "<html>?nothing" },
		{ "an empty failure", { { 500, "", 0, 0 } }, 1, 3,
		    "upstream 500 sts:GetCallerIdentity was answered with HTTP status 500" },
		{ "not XML", { { 200, "{}", 0, 0 } }, 1, 1,
		    "upstream  sts:GetCallerIdentity was answered with status 200 and what it should "
		    "not be (1:1: not well-formed (invalid token)): {}" },
		{ "XML of something else", { { 200, "<ok/>", 0, 0 } }, 1, 1,
		    "upstream  sts:GetCallerIdentity was answered with status 200 and what it should "
		    "not be (no element GetCallerIdentityResult): <ok/>" },
		{ "entities", { { 200, "<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>", 0, 0 } }, 1, 1,
		    "upstream  sts:GetCallerIdentity was answered with status 200 and what it should "
		    "not be (1:13: a DOCTYPE is not accepted): <!DOCTYPE x [<!ENTITY a 'aa'>]>"
		    "<x>&a;</x>" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig r;
		const struct json *out = NULL;
		struct err err;
		str got;

		err_init(&err, a);
		rig_open(&r, a, cases[i].answers, cases[i].count);
		if (aws_call(
			r.client, a, &r.credentials, "sts", "GetCallerIdentity", NULL, &out, &err))
			got = json_str(json_get(out, "Arn"));
		else
			got = str_fmt(a, "%s " STR_FMT " " STR_FMT, err_kind_name(err.kind),
			    STR_ARG(err.code), STR_ARG(err.msg));
		CHECK_STR(got, cases[i].want, "%s", cases[i].label);
		CHECK(r.script.seen == cases[i].attempts, "%s: %zu attempts", cases[i].label,
		    r.script.seen);
		CHECK(r.now_ms - T0 <= (cases[i].attempts == 1 ? 0 : 3000), "%s: waited %lld ms",
		    cases[i].label, (long long)(r.now_ms - T0));
		aws_client_free(r.client);
	}
}

static void
test_request(struct arena *a)
{
	static const struct answer good = { 200, "", 0, 0 };
	struct rig r;
	struct json *in = json_new_object(a);
	struct err err;

	err_init(&err, a);
	rig_open(&r, a, &good, 1);
	json_put_str(a, in, "RoleArn", S("arn:aws:iam::1:role/r"));
	json_put_str(a, in, "RoleSessionName", S("a b"));
	json_put_str(a, in, "DurationSeconds", S("900"));
	CHECK_OK(aws_call(r.client, a, &r.credentials, "sts", "AssumeRole", in, NULL, &err), &err);
	CHECK_STR(r.script.bodies[0],
	    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
	    "&RoleSessionName=a%20b&DurationSeconds=900",
	    "a query body");
	assert_false(aws_call(r.client, a, &r.credentials, "sts", "AssumeRole", NULL, NULL, &err));
	assert_true(err_is(&err, "ParamValidation"));
	assert_int_equal(r.script.seen, 1);
	aws_client_free(r.client);
}

static void
test_token_is_kept(struct arena *a)
{
	static const struct answer answers[] = { { 0, "", ERR_TIMEOUT, 0 }, { 500, "", 0, 0 },
		{ 200, "{\"Id\":\"i\"}", 0, 0 } };
	struct rig r;
	const struct json *out, *first, *second;
	struct err err;

	err_init(&err, a);
	rig_open(&r, a, answers, countof(answers));
	CHECK_OK(
	    client_call(r.client, a, &r.credentials, json_operation(a), NULL, &out, &err), &err);
	CHECK_STR(json_text(a, out), "{\"Id\":\"i\"}", "output");
	CHECK_OK(json_parse(a, r.script.bodies[0], &first, &err), &err);
	CHECK_OK(json_parse(a, r.script.bodies[2], &second, &err), &err);
	assert_int_equal(json_str(json_get(first, "Token")).len, 36);
	assert_true(json_equal(first, second));
	CHECK_OK(
	    client_call(r.client, a, &r.credentials, json_operation(a), NULL, &out, &err), &err);
	assert_false(str_eq(r.script.bodies[3], r.script.bodies[2]));
	aws_client_free(r.client);
}

static void
test_quota(struct arena *a)
{
	static const struct answer answers[] = { { 503, "", 0, 0 } };
	static const struct answer good = { 200, IDENTITY(""), 0, 0 };
	struct rig r;
	struct err err;
	size_t before;

	err_init(&err, a);
	rig_open(&r, a, answers, 1);
	for (int i = 0; i < 60; i++)
		assert_false(aws_call(
		    r.client, a, &r.credentials, "sts", "GetCallerIdentity", NULL, NULL, &err));
	assert_int_equal(r.script.seen, 60 + 100); /* 500 / 5 retries in all */
	r.script.answers = &good;
	for (int i = 0; i < 5; i++)
		CHECK_OK(aws_call(r.client, a, &r.credentials, "sts", "GetCallerIdentity", NULL,
			     NULL, &err),
		    &err);
	r.script.answers = answers;
	before = r.script.seen;
	assert_false(
	    aws_call(r.client, a, &r.credentials, "sts", "GetCallerIdentity", NULL, NULL, &err));
	assert_int_equal(r.script.seen - before, 2); /* five successes pay for one retry */
	aws_client_free(r.client);
}

static void
test_clock_skew(struct arena *a)
{
	static const char skewed[] =
	    "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired: x "
	    "is now earlier than y</Message></Error></ErrorResponse>";
	static const struct answer answers[] = { { 403, skewed, 0, 30 },
		{ 200, IDENTITY("<Arn>A</Arn>"), 0, 30 }, { 403, skewed, 0, 30 } };
	struct rig r;
	struct err err;

	err_init(&err, a);
	rig_open(&r, a, answers, countof(answers));
	CHECK_OK(
	    aws_call(r.client, a, &r.credentials, "sts", "GetCallerIdentity", NULL, NULL, &err),
	    &err);
	CHECK_STR(r.script.dates[0], "20220505T193903Z", "our clock");
	CHECK_STR(r.script.dates[1], "20220505T203000Z", "theirs");
	assert_int_equal(r.now_ms, T0);
	/* The same answer again is told: their clock is known already. */
	assert_false(
	    aws_call(r.client, a, &r.credentials, "sts", "GetCallerIdentity", NULL, NULL, &err));
	CHECK_STR(r.script.dates[2], "20220505T203000Z", "still theirs");
	assert_int_equal(r.script.seen, 3);
	assert_int_equal(err.kind, ERR_UNAUTHENTICATED);
	aws_client_free(r.client);
}

#define SESSION \
	"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>" \
	"<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" \
	"2022-05-05T20:39:03Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"

static bool
assume(struct rig *r, struct arena *a, const char *role, const char *external_id)
{
	struct aws_credentials out;
	struct err err;

	err_init(&err, a);
	if (!aws_assume_role(r->client, a, &r->credentials, str_of(role), S("session"),
		str_of(external_id), &out, &err))
		return false;
	CHECK_STR(out.access_key_id, "ASIA", "key");
	CHECK_STR(out.secret_access_key, "s", "secret");
	CHECK_STR(out.session_token, "t", "token");
	assert_int_equal(out.expires_at_ms, T0 + 3600000);
	return true;
}

static void
test_assume_role(struct arena *a)
{
	static const struct answer good = { 200, SESSION, 0, 0 };
	struct rig r;

	rig_open(&r, a, &good, 1);
	assert_true(assume(&r, a, "role1", "x"));
	assert_true(assume(&r, a, "role1", "x"));
	assert_int_equal(r.script.seen, 1);
	assert_true(assume(&r, a, "role1", ""));
	assert_true(assume(&r, a, "role2", "x"));
	assert_int_equal(r.script.seen, 3);
	r.now_ms = T0 + 3600000 - 300000;
	assert_true(assume(&r, a, "role1", "x"));
	assert_int_equal(r.script.seen, 3);
	r.now_ms++;
	assert_true(assume(&r, a, "role1", "x"));
	assert_int_equal(r.script.seen, 4);
	aws_client_free(r.client);
}

static void
test_assume_role_is_bounded(struct arena *a)
{
	static const struct answer good = { 200, SESSION, 0, 0 };
	struct rig r;

	rig_open(&r, a, &good, 1);
	for (int i = 0; i < 100; i++) {
		assert_true(assume(&r, a, str_z(a, str_fmt(a, "role%d", i)), ""));
		assert_true(assume(&r, a, "role0", ""));
	}
	assert_int_equal(r.script.seen, 100); /* the one in use stays */
	assert_true(assume(&r, a, "role1", ""));
	assert_int_equal(r.script.seen, 101); /* an old one was forgotten */
	aws_client_free(r.client);
}

static void
test_assume_role_without_keys(struct arena *a)
{
	static const struct answer odd = { 200,
		"<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>", 0, 0 };
	struct rig r;

	rig_open(&r, a, &odd, 1);
	assert_false(assume(&r, a, "role", ""));
	aws_client_free(r.client);
}

static void
test_endpoints(struct arena *a)
{
	static const struct {
		const char *service, *region, *override, *url, *host, *signing;
	} cases[] = {
		{ "sts", "eu-west-1", "", "https://sts.eu-west-1.amazonaws.com",
		    "sts.eu-west-1.amazonaws.com", "eu-west-1" },
		{ "sagemaker", "us-east-1", "", "https://api.sagemaker.us-east-1.amazonaws.com",
		    "api.sagemaker.us-east-1.amazonaws.com", "us-east-1" },
		{ "iam", "eu-west-1", "", "https://iam.amazonaws.com", "iam.amazonaws.com",
		    "us-east-1" },
		{ "iam", "cn-northwest-1", "", "https://iam.cn-north-1.amazonaws.com.cn",
		    "iam.cn-north-1.amazonaws.com.cn", "cn-north-1" },
		{ "s3", "eu-west-1", "http://127.0.0.1:8080/", "http://127.0.0.1:8080",
		    "127.0.0.1:8080", "eu-west-1" },
		{ "iam", "eu-west-1", "https://x.example:443", "https://x.example:443", "x.example",
		    "us-east-1" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct endpoint e = endpoint_of(a, aws_service_find(str_of(cases[i].service)),
		    str_of(cases[i].region), str_of(cases[i].override));

		CHECK_STR(e.url, cases[i].url, "case %zu", i);
		CHECK_STR(e.host, cases[i].host, "case %zu", i);
		CHECK_STR(e.signing_region, cases[i].signing, "case %zu", i);
	}
}

static void
test_error_kinds(struct arena *a)
{
	static const struct {
		const char *code;
		int status;
		enum err_kind want;
	} cases[] = {
		{ "NoSuchEntity", 404, ERR_NOT_FOUND },
		{ "ResourceNotFoundException", 400, ERR_NOT_FOUND },
		{ "InvalidInstanceID.NotFound", 400, ERR_NOT_FOUND },
		{ "AccessDeniedException", 400, ERR_DENIED },
		{ "UnauthorizedOperation", 403, ERR_DENIED },
		{ "EntityAlreadyExists", 409, ERR_CONFLICT },
		{ "AlreadyExistsException", 400, ERR_CONFLICT },
		{ "InvalidKeyPair.Duplicate", 400, ERR_CONFLICT },
		{ "ResourceInUseException", 400, ERR_CONFLICT },
		{ "ThrottlingException", 400, ERR_THROTTLED },
		{ "EC2ThrottledException", 503, ERR_THROTTLED },
		{ "ExpiredTokenException", 400, ERR_UNAUTHENTICATED },
		{ "InvalidClientTokenId", 403, ERR_UNAUTHENTICATED },
		{ "ValidationError", 400, ERR_INVALID },
		{ "InvalidParametersException", 400, ERR_INVALID },
		{ "InternalServerError", 500, ERR_UPSTREAM },
		{ "Strange", 503, ERR_UPSTREAM },
		{ "Strange", 409, ERR_CONFLICT },
		{ "Strange", 418, ERR_INVALID },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++)
		CHECK(aws_error_kind(str_of(cases[i].code), cases[i].status) == cases[i].want, "%s",
		    cases[i].code);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answers),
		TEST(test_request),
		TEST(test_token_is_kept),
		TEST(test_quota),
		TEST(test_clock_skew),
		TEST(test_assume_role),
		TEST(test_assume_role_is_bounded),
		TEST(test_assume_role_without_keys),
		TEST(test_endpoints),
		TEST(test_error_kinds),
	};

	return RUN_TESTS(tests);
}
