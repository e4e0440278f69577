/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What AWS refuses swb is swb's trouble: the caller is told 500 and no more, the log is told why.
 * The workbench is a whole one, its AWS a script.
 */
#include "rig.h"

#include "api/api.h"
#include "base/file.h"
#include "base/log.h"

struct api_rig {
	struct rig *r;
	struct arena *a;
	FILE *out;
	char *text; /* of the log */
	size_t len;
	struct log log;
	struct api *api;
	str token;
};

static void
open_api(struct api_rig *t, struct arena *a)
{
	static const str admin = S("ITAdmin");
	const struct api_identity who = { S(RIG_OWNER), &admin, 1 };
	struct rig *r = rig_open(a);

	*t = (struct api_rig){ .r = r, .a = a };
	t->out = open_memstream(&t->text, &t->len);
	assert_non_null(t->out);
	t->log = (struct log){ t->out, LOG_INFO, &r->clock.clock };
	CHECK_OK(api_new(
		     &(struct api_options){
			 .workbench = r->wb,
			 .clock = &r->clock.clock,
			 .key_file = path_join(a, r->dir, "key.json"),
			 .issuer = S("swb"),
			 .log = &t->log,
		     },
		     &t->api, &r->err),
	    &r->err);
	CHECK_OK(api_token_mint(t->api, a, &who, 86400, &t->token, &r->err), &r->err);
}

static void
close_api(struct api_rig *t)
{
	api_free(t->api);
	fclose(t->out);
	free(t->text);
	rig_close(t->r);
}

static struct http_response
ask(struct api_rig *t, str target)
{
	struct http_request req = { .method = S("GET"), .target = target };
	struct http_response resp;

	http_header_add(t->a, &req.headers, S("Authorization"), t->token);
	api_handle(t->api, t->a, &req, &resp);
	fflush(t->out);
	return resp;
}

static void
test_refusals(struct arena *a)
{
	static const struct {
		const char *label, *code;
	} cases[] = {
		{ "would be 401", "ExpiredTokenException" },
		{ "would be 403", "AccessDeniedException" },
		{ "would be 404", "RecordNotFoundException" },
		{ "would be 400", "ValidationException" },
		{ "would be 409", "ResourceInUseException" },
	};
	struct api_rig t;
	str env, target;

	open_api(&t, a);
	env = rig_launch(t.r);
	target = str_fmt(a, "/api/environments/" STR_FMT "/connections", STR_ARG(env));
	rig_complete(t.r);
	for (size_t i = 0; i < countof(cases); i++) {
		str why = str_fmt(a, "reason number %zu", i);
		struct http_response resp;

		t.r->fake.fault_count = 0;
		fake_refuse(&t.r->fake, "CreatePresignedNotebookInstanceUrl", 0, 9, cases[i].code,
		    str_z(a, why));
		resp = ask(&t, target);
		CHECK(resp.status == 500, "%s: %d", cases[i].label, resp.status);
		CHECK_STR(resp.body,
		    "{\"statusCode\":500,\"error\":\"Internal Server Error\",\"message\":\"An internal "
		    "server error occurred\"}",
		    "%s", cases[i].label);
		CHECK(str_has(str_of(t.text), why), "%s: the log has no reason", cases[i].label);
	}
	t.r->fake.fault_count = 0;
	assert_int_equal(ask(&t, target).status, 200);
	CHECK(!str_has(str_of(t.text), t.token), "the log holds no token");
	close_api(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_refusals),
	};

	return RUN_TESTS(tests);
}
