/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watching an environment: each entry of the history is told once, in order, until it rests. The
 * server is one of the test's own, whose answers grow with every look.
 */
#include "answering.h"
#include "streams.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/remote.h"
#include "cli/screen.h"
#include "cli/verb.h"
#include "cli/watch.h"

#define AT "\"at\":\"2026-01-01T00:00:0"

static const char *const entries[] = {
	"{" AT "0.000Z\",\"kind\":\"transition\",\"to\":\"COMPLETED\",\"text\":\"long ago\"}",
	"{" AT "1.000Z\",\"kind\":\"transition\",\"to\":\"STOPPING\",\"text\":\"was asked for\"}",
	"{" AT "1.500Z\",\"kind\":\"evidence\",\"event\":\"State Change\",\"text\":\"it sways; so "
	"what\"}",
	"{" AT "1.700Z\",\"kind\":\"ignored\",\"event\":\"State Change\",\"text\":\"late\"}",
	"{" AT "3.250Z\",\"kind\":\"transition\",\"to\":\"STOPPED\",\"text\":\"done\\u001b[2J\"}",
};

static _Atomic size_t looks; /* at explain, so far */

/* The nth look sees n entries more; with the last one it rests. */
static void
answer(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	size_t shown = looks + 1 < countof(entries) ? looks + 1 : countof(entries);

	(void)cookie;
	*resp = (struct http_response){ .status = 200 };
	http_header_add(a, &resp->headers, S("x-amzn-RequestId"), S("r-1"));
	if (str_ends(req->target, S("/explain"))) {
		looks++;
		resp->body = str_fmt(a,
		    "{\"status\":\"%s\",\"awaited\":\"rest\",\"operation\":{\"step\":\"await\"}}",
		    looks + 1 < countof(entries) ? "STOPPING" : "STOPPED");
		return;
	}
	resp->body = S("{\"data\":[");
	for (size_t i = 0; i < shown; i++)
		resp->body =
		    str_fmt(a, STR_FMT "%s%s", STR_ARG(resp->body), i > 0 ? "," : "", entries[i]);
	resp->body = str_cat(a, resp->body, S("]}"));
}

static void
test_until_rest(struct arena *a)
{
	static const struct cli_option server_option = { "--server", "URL", "", false };
	static const struct cli_option token_option = { "--token", "TOKEN", "", false };
	struct cli_args args = { .given_count = 2 };
	struct remote r;
	struct watch w = { .remote = &r, .env_id = S("env-1") };
	const struct json *explain;
	struct http_server *s;
	struct screen screen;
	struct streams f;
	const char *url;
	struct err err;
	str out, errors;

	err_init(&err, a);
	s = answering_start(a, answer, &url);
	args.given[0].option = &server_option;
	args.given[0].value = url;
	args.given[1].option = &token_option;
	args.given[1].value = "tok";
	CHECK_OK(remote_open(&r, a, &args, "researcher", &err), &err);
	streams_open(&f);
	screen = (struct screen){ .out = f.out, .width = 80 };
	CHECK_OK(watch_begin(&w, &err), &err);
	w.screen = &screen;
	CHECK_OK(watch_until_rest(&w, a, &explain, &err), &err);
	streams_close(&f, a, &out, &errors);
	CHECK_STR(json_str(json_get(explain, "status")), "STOPPED", "the end");
	assert_int_equal(w.ended_ms - w.began_ms, 2250);
	CHECK_STR(out,
	    "   0.0 s  STOPPING  was asked for\n"
	    "   0.5 s  it sways\n"
	    "   2.2 s  STOPPED  done?[2J\n",
	    "what is new, once, without what was ignored");
	remote_close(&r);
	(void)http_server_stop(s, 0);
}

static void
test_whole_line(struct arena *a)
{
	const struct screen plain = { 0 };
	const struct json *entry;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, str_of(entries[2]), &entry, &err), &err);
	CHECK_STR(watch_line(&plain, a, entry, INT64_C(1767225600000), false),
	    "   1.5 s  State Change: it sways; so what", "a history has all");
	CHECK_OK(json_parse(a, S("{\"at\":\"never\",\"text\":\"x\"}"), &entry, &err), &err);
	CHECK_STR(watch_line(&plain, a, entry, 5000, false), "   0.0 s  x", "a wrong time");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_until_rest),
		TEST(test_whole_line),
	};

	return RUN_TESTS(tests);
}
