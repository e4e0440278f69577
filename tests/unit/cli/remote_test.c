/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server as commands see it: where it is looked for, and what each kind of answer becomes. The
 * answers come from an HTTP server of the test's own.
 */
#include "answering.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/remote.h"
#include "cli/verb.h"

static const struct cli_option options[] = {
	{ "--server", "URL", "", false },
	{ "--token", "TOKEN", "", false },
	{ "--as", "PERSON", "", false },
	{ "--data", "DIR", "", false },
};

static bool
mint(struct arena *a, const char *data_dir, const char *person, str *token, struct err *err)
{
	(void)data_dir;
	if (strcmp(person, "nobody") == 0)
		return err_set(err, ERR_NOT_FOUND, "no server has run here");
	*token = str_fmt(a, "minted for %s", person);
	return true;
}

static const struct cli_context context = { .mint_token = mint };

/* Options as name, value, name, value, …, NULL. */
static struct cli_args
args_of(const char *const *words)
{
	struct cli_args args = { .context = &context };

	for (size_t i = 0; words[i] != NULL; i += 2)
		for (size_t o = 0; o < countof(options); o++)
			if (strcmp(options[o].name, words[i]) == 0) {
				args.given[args.given_count].option = &options[o];
				args.given[args.given_count++].value = words[i + 1];
			}
	return args;
}

static void
test_address_and_token(struct arena *a)
{
	static const struct {
		const char *label, *file; /* the data folder's "url"; NULL: none */
		const char *words[7];
		const char *url_variable, *token_variable;
		const char *url, *token; /* url NULL: refused, with token as the words */
		enum err_kind kind;
	} cases[] = {
		{ "the data folder's", "http://127.0.0.1:1", { NULL }, NULL, NULL,
		    "http://127.0.0.1:1", "minted for researcher", ERR_NONE },
		{ "with a line's end", "http://127.0.0.1:1\n", { NULL }, NULL, NULL,
		    "http://127.0.0.1:1", "minted for researcher", ERR_NONE },
		{ "$SWB_URL before the folder", "http://127.0.0.1:1", { NULL }, "https://swb.org/",
		    "tok", "https://swb.org", "tok", ERR_NONE },
		{ "--server before $SWB_URL", NULL,
		    { "--server", "http://h:9/api/", "--as", "admin" }, "http://x", "tok",
		    "http://h:9", "minted for admin", ERR_NONE },
		{ "--token before $SWB_TOKEN", NULL, { "--server", "http://h", "--token", " t " },
		    NULL, "tok", "http://h", "t", ERR_NONE },
		{ "nothing known", NULL, { NULL }, NULL, NULL, NULL, "start one with 'make run'",
		    ERR_UPSTREAM },
		{ "another scheme", NULL, { "--server", "ftp://h" }, NULL, NULL, NULL,
		    "--server: 'ftp://h' is no server's address", ERR_INVALID },
		{ "no host", NULL, { "--server", "http://" }, NULL, NULL, NULL,
		    "no server's address", ERR_INVALID },
		{ "a path", NULL, { "--server", "http://h/x" }, NULL, NULL, NULL,
		    "no server's address", ERR_INVALID },
		{ "rubbish in the file", "rubbish", { NULL }, NULL, NULL, NULL,
		    "'rubbish' is no server's address", ERR_INVALID },
		{ "token and person", NULL,
		    { "--server", "http://h", "--token", "t", "--as", "admin" }, NULL, NULL, NULL,
		    "--as has no use", ERR_INVALID },
		{ "no key", NULL, { "--server", "http://h", "--as", "nobody" }, NULL, NULL, NULL,
		    "give one: --token TOKEN", ERR_UNAUTHENTICATED },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct cli_args args = args_of(cases[i].words);
		struct remote r = { 0 };
		const char *dir;
		struct err err;
		bool ok;

		err_init(&err, a);
		CHECK_OK(dir_make_temp(a, "swb-remote-", &dir, &err), &err);
		setenv("SWB_DATA", dir, 1);
		unsetenv("SWB_URL");
		unsetenv("SWB_TOKEN");
		if (cases[i].url_variable != NULL)
			setenv("SWB_URL", cases[i].url_variable, 1);
		if (cases[i].token_variable != NULL)
			setenv("SWB_TOKEN", cases[i].token_variable, 1);
		if (cases[i].file != NULL)
			CHECK_OK(
			    file_write(path_join(a, dir, "url"), str_of(cases[i].file), 0600, &err),
			    &err);
		ok = remote_open(&r, a, &args, "researcher", &err);
		CHECK(ok == (cases[i].url != NULL) && err.kind == cases[i].kind, "%s: " STR_FMT,
		    cases[i].label, STR_ARG(err.msg));
		if (ok) {
			CHECK_STR(r.url, cases[i].url, "%s", cases[i].label);
			CHECK_STR(r.token, cases[i].token, "%s", cases[i].label);
		} else {
			CHECK(str_has(err.msg, str_of(cases[i].token)), "%s: " STR_FMT,
			    cases[i].label, STR_ARG(err.msg));
		}
		remote_close(&r);
		CHECK_OK(dir_remove(dir, &err), &err);
	}
}

/* --- answers --------------------------------------------------------------------------------- */

static const struct answer {
	const char *label;
	int status;
	bool ours; /* bears what each answer of the API bears */
	const char *body;
	enum err_kind kind;
	int exit;
	const char *words;
} answers[] = {
	{ "good", 200, true, "{\"a\":1}", ERR_NONE, EXIT_DONE, "" },
	{ "good and empty", 204, true, "", ERR_NONE, EXIT_DONE, "" },
	{ "good, but no JSON", 200, true, "<html>", ERR_UPSTREAM, EXIT_UNREACHABLE,
	    "is no swb server" },
	{ "bad request", 400, true, "{\"message\":\"name is needed\"}", ERR_CONFLICT, EXIT_FAILED,
	    "name is needed" },
	{ "wrong token", 401, true, "Unauthorized", ERR_UNAUTHENTICATED, EXIT_DENIED,
	    "does not accept the token" },
	{ "forbidden", 403, true, "{\"error\":\"User is not authorized\"}", ERR_DENIED, EXIT_DENIED,
	    "User is not authorized" },
	{ "not found", 404, true, "{\"message\":\"no such thing\"}", ERR_NOT_FOUND, EXIT_NOT_FOUND,
	    "no such thing" },
	{ "conflict", 409, true, "{\"message\":\"it runs\"}", ERR_CONFLICT, EXIT_FAILED,
	    "it runs" },
	{ "failed", 500, true, "{\"message\":\"oh\"}", ERR_IO, EXIT_FAILED,
	    "the server failed: oh; its log has more, at request id r-1" },
	{ "starting", 503, false, "swb is starting\n", ERR_UPSTREAM, EXIT_UNREACHABLE,
	    "is starting; try again" },
	{ "a stranger", 404, false, "<html>nothing</html>", ERR_UPSTREAM, EXIT_UNREACHABLE,
	    "is no swb server" },
	{ "refused without a reason", 409, true, "{}", ERR_CONFLICT, EXIT_FAILED,
	    "it gave no reason" },
};

static _Atomic size_t current;

static void
answer(void *cookie, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	const struct answer *x = &answers[current];

	(void)cookie;
	assert_true(str_is(http_header_get(&req->headers, "Authorization"), "tok"));
	*resp = (struct http_response){ .status = x->status, .body = str_of(x->body) };
	if (x->ours)
		http_header_add(a, &resp->headers, S("x-amzn-RequestId"), S("r-1"));
}

static void
test_answers(struct arena *a)
{
	struct http_server *s;
	struct remote r;
	struct cli_args args;
	const struct json *out;
	struct err err;
	const char *url;

	err_init(&err, a);
	s = answering_start(a, answer, &url);
	args = args_of((const char *const[]){ "--server", url, "--token", "tok", NULL });
	CHECK_OK(remote_open(&r, a, &args, "researcher", &err), &err);
	for (current = 0; current < countof(answers); current++) {
		const struct answer *x = &answers[current];

		err_init(&err, a);
		CHECK(remote_get(&r, a, S("/api/x"), &out, &err) == (x->kind == ERR_NONE) &&
			err.kind == x->kind,
		    "%s: " STR_FMT, x->label, STR_ARG(err.msg));
		CHECK(
		    str_has(err.msg, str_of(x->words)), "%s: " STR_FMT, x->label, STR_ARG(err.msg));
		CHECK(remote_exit(&err) == (int)x->exit, "%s: %d", x->label, remote_exit(&err));
	}
	(void)http_server_stop(s, 0);
	err_init(&err, a);
	assert_false(remote_get(&r, a, S("/api/x"), &out, &err));
	assert_int_equal(remote_exit(&err), EXIT_UNREACHABLE);
	assert_true(str_has(err.msg, S("no server answers (its address is from --server)")));
	remote_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_address_and_token),
		TEST(test_answers),
	};

	return RUN_TESTS(tests);
}
