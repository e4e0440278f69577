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
	req = request(a, "GET", "/?AWSAccessKeyId=A&Signature=x&Expires=1");
	CHECK_STR(verdict(a, &req, SIGV4_PATH_S3, T0),
	    "malformed: The authorization mechanism you have provided is not supported. Please use "
	    "AWS4-HMAC-SHA256.",
	    "as it was of old");
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

/* --- chunks ------------------------------------------------------------------------------ */

#define CHUNKS_T0 INT64_C(1369353600000) /* 20130524T000000Z */
#define CHUNKS_SECRET S("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
#define CHUNK_1 "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
#define CHUNK_2 "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
#define CHUNK_3 "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"

static str
letters(struct arena *a, size_t count)
{
	str s = { arena_raw(a, count), count };

	memset((char *)s.ptr, 'a', count);
	return s;
}

/* The example of AWS's documentation of S3: 65 KiB of the letter a. */
static struct http_request
documented(struct arena *a, const char *last)
{
	static const char *const headers[][2] = {
		{ "Host", "s3.amazonaws.com" },
		{ "x-amz-date", "20130524T000000Z" },
		{ "x-amz-storage-class", "REDUCED_REDUNDANCY" },
		{ "Authorization",
		    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
		    "aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-"
		    "sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature="
		    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9" },
		{ "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" },
		{ "Content-Encoding", "aws-chunked" },
		{ "x-amz-decoded-content-length", "66560" },
		{ "Content-Length", "66824" },
	};
	struct http_request req = { .method = S("PUT"),
		.target = S("/examplebucket/chunkObject.txt") };

	for (size_t i = 0; i < countof(headers); i++)
		http_header_add(a, &req.headers, str_of(headers[i][0]), str_of(headers[i][1]));
	req.body = str_fmt(a,
	    "10000;chunk-signature=" CHUNK_1 "\r\n" STR_FMT "\r\n400;chunk-signature=" CHUNK_2
	    "\r\n" STR_FMT "\r\n0;chunk-signature=%s\r\n\r\n",
	    STR_ARG(letters(a, 65536)), STR_ARG(letters(a, 1024)), last);
	return req;
}

static void
test_signed_chunks(struct arena *a)
{
	struct sigv4_check check = { .secret_access_key = CHUNKS_SECRET,
		.region = S("us-east-1"),
		.service = S("s3"),
		.now_ms = CHUNKS_T0,
		.path = SIGV4_PATH_S3 };
	struct http_request req = documented(a, CHUNK_3), whole;
	struct sigv4_claim claim;
	struct err err;
	str detail;

	err_init(&err, a);
	assert_true(sigv4_is_chunked(&req));
	assert_int_equal(sigv4_read(a, &req, &claim, &detail), SIGV4_FINE);
	assert_int_equal(sigv4_verify(a, &req, &claim, &check, NULL, &detail), SIGV4_FINE);
	CHECK_OK(sigv4_unchunk(a, &req, &claim, CHUNKS_SECRET, &whole, &err), &err);
	CHECK(str_eq(whole.body, letters(a, 66560)), "in one piece");
	CHECK(http_header_get(&whole.headers, "Content-Encoding").len == 0, "no encoding is left");
	assert_false(sigv4_is_chunked(&whole));
	req = documented(a, CHUNK_2);
	assert_false(sigv4_unchunk(a, &req, &claim, CHUNKS_SECRET, &whole, &err));
	CHECK_STR(err.code, "SignatureDoesNotMatch", "the last one is signed wrongly");
}

static void
test_unsigned_chunks(struct arena *a)
{
#define SUM "x-amz-checksum-crc32:NhCmhg==\r\n"
	static const struct {
		const char *label, *body, *length, *want; /* want: the body, or an error's code */
	} cases[] = {
		{ "as aws.md has it", "5\r\nhello\r\n0\r\n" SUM "\r\n", "5", "hello" },
		{ "several", "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n" SUM "\r\n", "5", "hello" },
		{ "without a last line", "5\r\nhello\r\n0\r\n" SUM, "5", "hello" },
		{ "hexadecimal", "a\r\n0123456789\r\n0\r\n" SUM "\r\n", "10", "0123456789" },
		{ "none", "0\r\n" SUM "\r\n", "0", "" },
		{ "none, and nothing trails", "0\r\n\r\n", "0", "" },
		{ "nothing at all", "", "0", "IncompleteBody" },
		{ "no last chunk", "5\r\nhello\r\n", "5", "IncompleteBody" },
		{ "cut off", "5\r\nhel", "5", "IncompleteBody" },
		{ "longer than it says", "4\r\nhello\r\n0\r\n\r\n", "5", "IncompleteBody" },
		{ "no number", "x\r\nhello\r\n0\r\n\r\n", "5", "IncompleteBody" },
		{ "no digits", "\r\nhello\r\n0\r\n\r\n", "5", "IncompleteBody" },
		{ "a huge number", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", "5",
		    "IncompleteBody" },
		{ "another length", "5\r\nhello\r\n0\r\n\r\n", "6", "IncompleteBody" },
		{ "no length", "5\r\nhello\r\n0\r\n\r\n", "", "MissingContentLength" },
		{ "a trailer nobody announced", "0\r\nx-amz-acl:public\r\n\r\n", "0",
		    "MalformedTrailerError" },
		{ "a trailer without a colon", "0\r\nx\r\n\r\n", "0", "MalformedTrailerError" },
		{ "more behind it", "0\r\n" SUM "\r\nmore", "0", "MalformedTrailerError" },
	};
	static const struct sigv4_claim claim;

	for (size_t i = 0; i < countof(cases); i++) {
		struct http_request req = request(a, "PUT", "/b/k"), whole;
		struct err err;
		bool ok;

		err_init(&err, a);
		http_header_add(a, &req.headers, S("X-Amz-Content-Sha256"),
		    S("STREAMING-UNSIGNED-PAYLOAD-TRAILER"));
		http_header_add(a, &req.headers, S("Content-Encoding"), S("gzip, aws-chunked"));
		http_header_add(
		    a, &req.headers, S("X-Amz-Trailer"), S("x-amz-sum, x-amz-checksum-crc32"));
		http_header_add(
		    a, &req.headers, S("X-Amz-Decoded-Content-Length"), str_of(cases[i].length));
		req.body = str_of(cases[i].body);
		ok = sigv4_unchunk(a, &req, &claim, S(""), &whole, &err);
		CHECK_STR(ok ? whole.body : err.code, cases[i].want, "%s", cases[i].label);
		if (!ok || !str_has(req.body, S("NhCmhg")))
			continue;
		CHECK_STR(http_header_get(&whole.headers, "x-amz-checksum-crc32"), "NhCmhg==", "%s",
		    cases[i].label);
		CHECK_STR(http_header_get(&whole.headers, "Content-Encoding"), "gzip", "%s",
		    cases[i].label);
	}
#undef SUM
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
		TEST(test_signed_chunks),
		TEST(test_unsigned_chunks),
	};

	return RUN_TESTS(tests);
}
