/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "http/transport.h"

static void
test_headers(struct arena *a)
{
	struct http_headers h = { 0 };

	CHECK_STR(http_header_get(&h, "Host"), "", "nothing in nothing");
	for (int i = 0; i < 20; i++)
		http_header_add(a, &h, str_fmt(a, "X-%d", i), str_fmt(a, "%d", i));
	http_header_add(a, &h, S("x-3"), S("again"));
	CHECK_STR(http_header_get(&h, "X-3"), "3", "the first of a name");
	CHECK_STR(http_header_get(&h, "x-19"), "19", "any case");
	http_header_set(a, &h, S("x-3"), S("new"));
	CHECK_STR(http_header_get(&h, "X-3"), "new", "replaced");
	assert_int_equal(h.count, 21);
	http_header_set(a, &h, S("y"), S("added"));
	assert_int_equal(h.count, 22);
}

static void
test_target(struct arena *a)
{
	static const struct {
		const char *target, *path, *query;
	} cases[] = {
		{ "/", "/", "" },
		{ "/a%3Fb?x=1?y", "/a%3Fb", "x=1?y" },
		{ "/?", "/", "" },
		{ "", "", "" },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++) {
		CHECK_STR(http_path(str_of(cases[i].target)), cases[i].path, "%s", cases[i].target);
		CHECK_STR(
		    http_query(str_of(cases[i].target)), cases[i].query, "%s", cases[i].target);
	}
}

static bool
answer(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp,
    struct err *err)
{
	if (str_is(req->target, "/lost"))
		return err_set(err, ERR_TIMEOUT, "no answer");
	assert_int_equal(req->endpoint.len, 0);
	resp->status = *(int *)cookie;
	resp->body = str_cat(a, S("got "), req->body);
	return true;
}

static void
test_direct(struct arena *a)
{
	int status = 404;
	struct direct_transport t;
	struct http_request req = {
		.method = S("POST"),
		.endpoint = S("http://x"),
		.target = S("/"),
		.body = S("it"),
	};
	struct http_response resp = { .status = 1 };
	struct err err;

	err_init(&err, a);
	direct_transport_init(&t, answer, &status);
	CHECK_OK(transport_send(&t.transport, a, &req, &resp, &err), &err);
	assert_int_equal(resp.status, 404);
	CHECK_STR(resp.body, "got it", "any status is an answer");
	req.target = S("/lost");
	assert_false(transport_send(&t.transport, a, &req, &resp, &err));
	assert_int_equal(err.kind, ERR_TIMEOUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_headers),
		TEST(test_target),
		TEST(test_direct),
	};

	return RUN_TESTS(tests);
}
