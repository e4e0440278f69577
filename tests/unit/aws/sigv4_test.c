/* SPDX-License-Identifier: Apache-2.0 */
/* What the published vectors (tests/vectors) do not show: URLs, S3, and claims that do not hold. */
#include "check.h"

#include "aws/sigv4.h"
#include "base/clock.h"

#define T0 1440938160000 /* 20150830T123600Z */

static const struct aws_credentials example = {
	{ "AKIDEXAMPLE", 11 },
	{ "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40 },
	{ NULL, 0 },
	CLOCK_NEVER,
};

static struct http_request
request(struct arena *a, const char *method, const char *target)
{
	struct http_request req = { .method = str_of(method), .target = str_of(target) };

	http_header_add(a, &req.headers, S("Host"), S("example.amazonaws.com"));
	return req;
}

static struct sigv4_signing
signing(enum sigv4_path path)
{
	return (struct sigv4_signing){
		.credentials = &example,
		.region = S("us-east-1"),
		.service = S("service"),
		.now_ms = T0,
		.path = path,
		.content_sha256 = path == SIGV4_PATH_S3,
	};
}

static const char *const names[] = {
	[SIGV4_FINE] = "fine",
	[SIGV4_MISSING] = "missing",
	[SIGV4_MALFORMED] = "malformed",
	[SIGV4_SCOPE] = "scope",
	[SIGV4_TOO_OLD] = "too old",
	[SIGV4_TOO_EARLY] = "too early",
	[SIGV4_URL_EXPIRED] = "expired",
	[SIGV4_BODY_MISMATCH] = "body",
	[SIGV4_MISMATCH] = "mismatch",
};

/* "fine", or the problem and its detail. */
static str
verdict(struct arena *a, const struct http_request *req, enum sigv4_path path, int64_t now_ms)
{
	struct sigv4_check check = {
		.secret_access_key = example.secret_access_key,
		.region = S("us-east-1"),
		.service = S("service"),
		.now_ms = now_ms,
		.path = path,
	};
	struct sigv4_claim claim;
	str detail;
	enum sigv4_problem problem = sigv4_read(a, req, &claim, &detail);

	if (problem == SIGV4_FINE)
		problem = sigv4_verify(a, req, &claim, &check, NULL, &detail);
	return str_fmt(
	    a, "%s%s" STR_FMT, names[problem], detail.len == 0 ? "" : ": ", STR_ARG(detail));
}

static void
test_url(struct arena *a)
{
	struct sigv4_signing s = signing(SIGV4_PATH_NORMAL);
	struct http_request req = request(a, "GET", "/");

	/* aws.md 7.1 gives this signature for the query form of the plainest vector. */
	req.target = sigv4_presign(a, &req, &s, 3600);
	assert_true(str_ends(req.target,
	    S("&X-Amz-Signature="
	      "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d")));
	CHECK_STR(verdict(a, &req, SIGV4_PATH_NORMAL, T0), "fine", "at once");
	CHECK_STR(verdict(a, &req, SIGV4_PATH_NORMAL, T0 + 3600000), "fine", "at the end");
	CHECK_STR(verdict(a, &req, SIGV4_PATH_NORMAL, T0 + 3600001), "expired", "after the end");
	CHECK_STR(verdict(a, &req, SIGV4_PATH_NORMAL, T0 - 300001),
	    "too early: Signature not yet current: 20150830T123600Z is still later than "
	    "20150830T123559Z (20150830T123059Z + 5 min.)",
	    "before the beginning");
	req.target = str_replace(a, req.target, S("Expires=3600"), S("Expires=7200"));
	CHECK_STR(verdict(a, &req, SIGV4_PATH_NORMAL, T0), "mismatch", "made to last longer");
}

static void
test_s3(struct arena *a)
{
	struct sigv4_signing s = signing(SIGV4_PATH_S3);
	struct http_request req = request(a, "PUT", "/b/a%20b//../c%2fd?x=%7E");
	struct sigv4_parts parts;

	req.body = S("body");
	sigv4_sign(a, &req, &s, &parts);
	assert_true(str_starts(parts.canonical_request, S("PUT\n/b/a%20b//../c%2Fd\nx=~\n")));
	CHECK_STR(verdict(a, &req, SIGV4_PATH_S3, T0 + 15 * 60000), "fine", "15 minutes");
	CHECK_STR(str_sub(verdict(a, &req, SIGV4_PATH_S3, T0 + 15 * 60000 + 1), 0, 7), "too old",
	    "15 minutes and a bit");
	req.body = S("other");
	CHECK_STR(verdict(a, &req, SIGV4_PATH_S3, T0), "body", "another body");
	req = request(a, "GET", "/b/k");
	req.target = sigv4_presign(a, &req, &s, 60);
	CHECK_STR(verdict(a, &req, SIGV4_PATH_S3, T0), "fine", "a URL");
}

static void
test_claims(struct arena *a)
{
	static const struct {
		const char *label, *from, *to, *want;
	} cases[] = {
		{ "as it was", "", "", "fine" },
		{ "no blank after commas", ", ", ",", "fine" },
		{ "another region", "us-east-1", "eu-west-1",
		    "scope: Credential should be scoped to a valid Region, not 'eu-west-1'." },
		{ "another service", "/service/", "/sts/",
		    "scope: Credential should be scoped to correct service: 'service'." },
		{ "another terminator", "aws4_request", "aws5_request",
		    "scope: Credential should be scoped with a valid terminator: 'aws4_request', not "
		    "'aws5_request'." },
		{ "another day", "/20150830/", "/20150831/",
		    "scope: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
		    "date from HTTP: '20150831' != '20150830', from '20150830T123600Z'." },
		{ "host is not signed", "host;", "",
		    "malformed: 'Host' or ':authority' must be a 'SignedHeader' in the AWS "
		    "Authorization." },
		{ "the date is not signed", ";x-amz-date", "",
		    "malformed: 'X-Amz-Date' or 'Date' must be a 'SignedHeader' in the AWS "
		    "Authorization." },
		{ "no signature", "Signature=", "Sig=",
		    "malformed: Authorization header requires 'Signature' parameter. " },
		{ "no names", "SignedHeaders=", "S=",
		    "malformed: Authorization header requires 'SignedHeaders' parameter. " },
		{ "an empty name", "host;", ";",
		    "malformed: SignedHeaders names too many headers, or an empty one" },
		{ "a short credential", "/aws4_request", "",
		    "malformed: Credential must have exactly 5 slash-delimited elements, e.g. "
		    "keyid/date/region/service/term, got 'AKIDEXAMPLE/20150830/us-east-1/service'" },
		{ "another scheme", "AWS4-HMAC-SHA256", "Basic",
		    "malformed: Unsupported Authorization header: only AWS4-HMAC-SHA256 is understood" },
		{ "another signature", "Signature=", "Signature=0", "mismatch" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct sigv4_signing s = signing(SIGV4_PATH_NORMAL);
		struct http_request req = request(a, "GET", "/");
		str authorization;

		sigv4_sign(a, &req, &s, NULL);
		authorization = http_header_get(&req.headers, "Authorization");
		if (cases[i].from[0] != '\0')
			authorization = str_replace(
			    a, authorization, str_of(cases[i].from), str_of(cases[i].to));
		http_header_set(a, &req.headers, S("Authorization"), authorization);
		CHECK_STR(
		    verdict(a, &req, SIGV4_PATH_NORMAL, T0), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_url_claims(struct arena *a)
{
	static const struct {
		const char *from, *to, *want;
	} cases[] = {
		{ "X-Amz-Expires=60", "X-Amz-Expires=604801",
		    "malformed: X-Amz-Expires must be between a second and a week (604800 seconds)" },
		{ "X-Amz-Expires=60", "X-Amz-Expires=x",
		    "malformed: X-Amz-Expires should be a number" },
		{ "X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Algorithm=none",
		    "malformed: X-Amz-Algorithm only supports AWS4-HMAC-SHA256" },
		{ "X-Amz-Date=20150830T123600Z", "X-Amz-Date=yesterday",
		    "malformed: Date must be in ISO-8601 'basic format'. Got 'yesterday'" },
		{ "X-Amz-Signature=", "Sig=",
		    "malformed: AWS query-string requires 'X-Amz-Signature' parameter. " },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct sigv4_signing s = signing(SIGV4_PATH_NORMAL);
		struct http_request req = request(a, "GET", "/");

		req.target = str_replace(
		    a, sigv4_presign(a, &req, &s, 60), str_of(cases[i].from), str_of(cases[i].to));
		CHECK_STR(
		    verdict(a, &req, SIGV4_PATH_NORMAL, T0), cases[i].want, "%s", cases[i].to);
	}
}

static void
test_unsigned(struct arena *a)
{
	struct http_request req = request(a, "GET", "/?a=b");

	CHECK_STR(verdict(a, &req, SIGV4_PATH_NORMAL, T0), "missing", "nothing");
}

static void
test_date_header(struct arena *a)
{
	struct sigv4_signing s = signing(SIGV4_PATH_NORMAL);
	struct http_request req = request(a, "GET", "/"), dated;
	str authorization;
	struct sigv4_claim claim;
	str detail;

	sigv4_sign(a, &req, &s, NULL);
	authorization = http_header_get(&req.headers, "Authorization");
	dated = request(a, "GET", "/");
	http_header_add(a, &dated.headers, S("Date"), S("Sun, 30 Aug 2015 12:36:00 GMT"));
	http_header_add(a, &dated.headers, S("Authorization"), authorization);
	assert_int_equal(sigv4_read(a, &dated, &claim, &detail), SIGV4_FINE);
	CHECK_STR(claim.time, "20150830T123600Z", "the Date header is the time of signing");
	assert_int_equal(claim.time_ms, T0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_url),
		TEST(test_s3),
		TEST(test_claims),
		TEST(test_url_claims),
		TEST(test_unsigned),
		TEST(test_date_header),
	};

	return RUN_TESTS(tests);
}
