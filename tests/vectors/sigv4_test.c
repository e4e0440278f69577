/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signing vectors that AWS publishes, a folder per case: what comes about on the way and the
 * signed request must be theirs to the byte, and what is signed must verify.
 */
#include "check.h"

#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

struct vector {
	const char *folder;
	struct http_request req;
	struct aws_credentials credentials;
	struct sigv4_signing signing;
};

static str
slurp(struct arena *a, const struct vector *v, const char *name)
{
	struct err err;
	str text = { NULL, 0 };

	err_init(&err, a);
	CHECK_OK(file_read(a, str_z(a, str_fmt(a, "%s/%s", v->folder, name)), 1 << 20, &text, &err),
	    &err);
	return text;
}

/* A header that goes on in lines that begin with blanks is one value. */
static bool
take_header(str *rest, str *line)
{
	str before = *rest, next;
	size_t len;

	if (!str_cut(rest, '\n', line) || line->len == 0)
		return false;
	len = line->len;
	while (rest->len > 0 && rest->ptr[0] == ' ' && str_cut(rest, '\n', &next))
		len += 1 + next.len;
	*line = str_sub(before, 0, len);
	return true;
}

static struct http_request
parse_request(struct arena *a, str text)
{
	struct http_request req = { 0 };
	str rest = text, line, value;

	(void)str_cut(&rest, '\n', &line);
	(void)str_cut(&line, ' ', &req.method);
	assert_true(str_ends(line, S(" HTTP/1.1")));
	req.target = str_sub(line, 0, line.len - S(" HTTP/1.1").len);
	while (take_header(&rest, &value)) {
		str name = { NULL, 0 };

		(void)str_cut(&value, ':', &name);
		http_header_add(a, &req.headers, name, value);
	}
	req.body = rest;
	return req;
}

static str
write_request(struct arena *a, const struct http_request *req)
{
	str out = str_fmt(
	    a, STR_FMT " " STR_FMT " HTTP/1.1\n", STR_ARG(req->method), STR_ARG(req->target));

	for (size_t i = 0; i < req->headers.count; i++)
		out = str_fmt(a, STR_FMT STR_FMT ":" STR_FMT "\n", STR_ARG(out),
		    STR_ARG(req->headers.list[i].name), STR_ARG(req->headers.list[i].value));
	return str_fmt(a, STR_FMT "\n" STR_FMT, STR_ARG(out), STR_ARG(req->body));
}

static void
load(struct arena *a, struct vector *v)
{
	const struct json *context, *keys;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, slurp(a, v, "context.json"), &context, &err), &err);
	keys = json_get(context, "credentials");
	v->credentials = (struct aws_credentials){
		.access_key_id = json_str(json_get(keys, "access_key_id")),
		.secret_access_key = json_str(json_get(keys, "secret_access_key")),
		.session_token = json_str(json_get(keys, "token")),
		.expires_at_ms = CLOCK_NEVER,
	};
	v->signing = (struct sigv4_signing){
		.credentials = &v->credentials,
		.region = json_str(json_get(context, "region")),
		.service = json_str(json_get(context, "service")),
		.path = json_bool(json_get(context, "normalize"), true) ? SIGV4_PATH_NORMAL
									: SIGV4_PATH_AS_SENT,
		.content_sha256 = json_bool(json_get(context, "sign_body"), false),
		.token_unsigned = json_bool(json_get(context, "omit_session_token"), false),
	};
	assert_true(time_parse(json_str(json_get(context, "timestamp")), &v->signing.now_ms));
	v->req = parse_request(a, slurp(a, v, "request.txt"));
}

static void
sign(struct arena *a, struct vector *v, const char *name)
{
	struct sigv4_parts parts;

	sigv4_sign(a, &v->req, &v->signing, &parts);
	CHECK_STR(parts.canonical_request, str_z(a, slurp(a, v, "header-canonical-request.txt")),
	    "%s: canonical request", name);
	CHECK_STR(parts.string_to_sign, str_z(a, slurp(a, v, "header-string-to-sign.txt")),
	    "%s: string to sign", name);
	CHECK_STR(
	    parts.signature, str_z(a, slurp(a, v, "header-signature.txt")), "%s: signature", name);
	CHECK_STR(str_trim(write_request(a, &v->req)),
	    str_z(a, str_trim(slurp(a, v, "header-signed-request.txt"))), "%s: signed request",
	    name);
}

static enum sigv4_problem
verify(struct arena *a, const struct vector *v, const struct http_request *req, int64_t now_ms)
{
	struct sigv4_check check = {
		.secret_access_key = v->credentials.secret_access_key,
		.region = v->signing.region,
		.service = v->signing.service,
		.now_ms = now_ms,
		.path = v->signing.path,
	};
	struct sigv4_claim claim;
	enum sigv4_problem problem;
	str detail;

	problem = sigv4_read(a, req, &claim, &detail);
	if (problem != SIGV4_FINE)
		return problem;
	assert_true(str_eq(claim.access_key_id, v->credentials.access_key_id));
	assert_true(str_eq(claim.session_token, v->credentials.session_token));
	return sigv4_verify(a, req, &claim, &check, NULL, &detail);
}

/* What is signed verifies as their server would see it, and nothing else does. */
static void
check_verification(struct arena *a, const struct vector *v, const char *name)
{
	struct http_request req = parse_request(a, slurp(a, v, "header-signed-request.txt"));
	int64_t now = v->signing.now_ms;

	req.body = v->req.body;
	CHECK(verify(a, v, &req, now) == SIGV4_FINE, "%s: verifies", name);
	CHECK(verify(a, v, &req, now + 300000) == SIGV4_FINE, "%s: verifies, 5 minutes old", name);
	CHECK(verify(a, v, &req, now + 301000) == SIGV4_TOO_OLD, "%s: too old", name);
	CHECK(verify(a, v, &req, now - 301000) == SIGV4_TOO_EARLY, "%s: too early", name);
	req.method = S("PATCH");
	CHECK(verify(a, v, &req, now) == SIGV4_MISMATCH, "%s: another method", name);
	req.method = v->req.method;
	req.target = str_cat(a, req.target, S("x"));
	CHECK(verify(a, v, &req, now) == SIGV4_MISMATCH, "%s: another target", name);
	req.target = v->req.target;
	req.body = str_cat(a, req.body, S("x"));
	CHECK(verify(a, v, &req, now) ==
		(v->signing.content_sha256 ? SIGV4_BODY_MISMATCH : SIGV4_MISMATCH),
	    "%s: another body", name);
}

static void
test_vectors(struct arena *a)
{
	const char *root = shared_path(a, "corpora/sigv4");
	str *names;
	size_t all, count = 0;
	struct err err;

	err_init(&err, a);
	CHECK_OK(dir_list(a, root, &names, &all, &err), &err);
	for (size_t i = 0; i < all; i++) {
		const char *name = str_z(a, names[i]);
		struct vector v = { .folder = path_join(a, root, name) };

		if (!path_is_dir(v.folder))
			continue;
		load(a, &v);
		sign(a, &v, name);
		check_verification(a, &v, name);
		count++;
	}
	print_message("%zu signing vectors\n", count);
	assert_int_equal(count, 38);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_vectors),
	};

	return RUN_TESTS(tests);
}
