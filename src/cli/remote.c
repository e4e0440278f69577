/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/remote.c: finds the server and the token, asks, and words what goes wrong.
 *
 * The address comes from --server, $SWB_URL or the data folder's file "url"; the token from
 * --token, $SWB_TOKEN or the key in the data folder. So a command on the server's own machine needs
 * no option, and one elsewhere needs two.
 */
#include "cli/remote.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/home.h"
#include "cli/verb.h"
#include "http/transport.h"

#define MAX_URL_BYTES 1024
#define PAGE_SIZE 1000
#define MAX_PAGES 1000 /* a server that never comes to an end is none */

/* --- the address -------------------------------------------------------------------------- */

/* Without the slash at the end, or the /api that documents show. */
static bool
read_url(struct remote *r, str text, struct err *err)
{
	str url = str_trim(text);
	size_t scheme = str_starts(url, S("https://")) ? 8 : str_starts(url, S("http://")) ? 7 : 0;

	while (str_ends(url, S("/")))
		url.len--;
	if (str_ends(url, S("/api")))
		url.len -= 4;
	if (scheme == 0 || url.len <= scheme ||
	    str_find_char(str_from(url, scheme), '/') < url.len - scheme)
		return err_set(err, ERR_INVALID,
		    "%s: '" STR_FMT "' is no server's address; it looks like http://127.0.0.1:8080",
		    r->from, STR_ARG(str_trim(text)));
	r->url = str_dup(r->a, url);
	return true;
}

/* A proxy of the environment cannot know what listens on this machine. */
static void
skip_proxy_for_loopback(str url)
{
	str host = str_from(url, str_find(url, S("://")) + 3);

	if (str_starts(host, S("127.")) || str_starts(host, S("localhost")) ||
	    str_starts(host, S("[::1]")))
		setenv("no_proxy", "*", 1);
}

static bool
find_url(struct remote *r, struct err *err)
{
	const char *given = cli_get(r->args, "--server"), *variable = getenv("SWB_URL");
	str text;

	if (given != NULL) {
		r->from = "--server";
		return read_url(r, str_of(given), err);
	}
	if (variable != NULL && variable[0] != '\0') {
		r->from = "$SWB_URL";
		return read_url(r, str_of(variable), err);
	}
	r->from = path_join(r->a, r->data_dir, "url");
	if (file_read(r->a, r->from, MAX_URL_BYTES, &text, err))
		return read_url(r, text, err);
	if (err->kind == ERR_NOT_FOUND)
		return err_set(err, ERR_UPSTREAM,
		    "no server has run with the data folder %s; start one with 'make run' or 'swb "
		    "serve', or say where it is: --data DIR, $SWB_DATA, or --server URL",
		    r->data_dir);
	return false;
}

bool
remote_find(struct remote *r, struct arena *a, const struct cli_args *args, struct err *err)
{
	*r = (struct remote){
		.a = a,
		.args = args,
		.data_dir = cli_data_dir(a, cli_get(args, "--data")),
	};
	return find_url(r, err);
}

/* --- the token ------------------------------------------------------------------------------ */

static bool
find_token(struct remote *r, const char *person, struct err *err)
{
	const char *given = cli_get(r->args, "--token"), *as = cli_get(r->args, "--as");

	if (given == NULL && as == NULL)
		given = getenv("SWB_TOKEN");
	if (given != NULL && as != NULL)
		return err_set(err, ERR_INVALID, "--token says who is asking; --as has no use");
	if (given != NULL && given[0] != '\0') {
		r->token = str_trim(str_of(given));
		return true;
	}
	r->minted = true;
	if (r->args->context->mint_token(
		r->a, r->data_dir, as != NULL ? as : person, &r->token, err))
		return true;
	if (err->kind == ERR_NOT_FOUND)
		return err_set(err, ERR_UNAUTHENTICATED,
		    STR_FMT ", so there is no key for a token; give one: --token TOKEN, or "
			    "$SWB_TOKEN",
		    STR_ARG(err->msg));
	return false;
}

bool
remote_open(struct remote *r, struct arena *a, const struct cli_args *args, const char *person,
    struct err *err)
{
	const struct curl_transport_options options = { 0 };

	if (!remote_find(r, a, args, err) || !find_token(r, person, err))
		return false;
	skip_proxy_for_loopback(r->url);
	if (str_starts(r->url, S("https://")))
		(void)signal(SIGPIPE, SIG_IGN); /* a TLS connection that is cut off raises it */
	return curl_transport_new(&options, &r->curl, err);
}

void
remote_close(struct remote *r)
{
	if (r->curl != NULL)
		curl_transport_free(r->curl);
	r->curl = NULL;
}

/* --- asking ---------------------------------------------------------------------------------- */

static bool
unreachable(const struct remote *r, struct err *err)
{
	return err_set(err, err->kind == ERR_TIMEOUT ? ERR_TIMEOUT : ERR_UPSTREAM,
	    "no server answers (its address is from %s): " STR_FMT
	    "; start it with 'make run' or 'swb serve'",
	    r->from, STR_ARG(err->msg));
}

static bool
foreign(const struct remote *r, const struct http_response *resp, struct err *err)
{
	return err_set(err, ERR_UPSTREAM,
	    "what answers at " STR_FMT " (from %s) is no swb server: status %d without swb's form",
	    STR_ARG(r->url), r->from, resp->status);
}

static bool
refused_token(const struct remote *r, struct err *err)
{
	if (r->minted)
		return err_set(err, ERR_UNAUTHENTICATED,
		    "the server at " STR_FMT
		    " does not know the key of the data folder %s; is it another's server?",
		    STR_ARG(r->url), r->data_dir);
	return err_set(err, ERR_UNAUTHENTICATED,
	    "the server at " STR_FMT
	    " does not accept the token: it is wrong or no longer good; 'swb token' prints a fresh "
	    "one",
	    STR_ARG(r->url));
}

/* What the server said, in its own words. */
static str
reason_of(const struct http_response *resp, const struct json *body)
{
	str message = json_str(json_get(body, "message"));

	if (message.len == 0)
		message = json_str(json_get(body, "error"));
	if (message.len == 0 && body == NULL)
		message = str_trim(str_sub(resp->body, 0, 200));
	return message.len == 0 ? S("it gave no reason") : message;
}

static bool
read_answer(const struct remote *r, struct arena *a, const struct http_response *resp,
    const struct json **out, struct err *err)
{
	const struct json *body = NULL;
	struct err wrong;
	str reason;

	err_init(&wrong, a);
	if (resp->body.len > 0 && !json_parse(a, resp->body, &body, &wrong))
		body = NULL;
	if (resp->status >= 200 && resp->status < 300) {
		*out = body;
		if (body == NULL && resp->status != 204)
			return foreign(r, resp, err);
		return true;
	}
	if (resp->status == 503)
		return err_set(err, ERR_UPSTREAM,
		    "the server at " STR_FMT " is starting; try again", STR_ARG(r->url));
	/* Every answer of the API has one; strangers have none. */
	if (http_header_get(&resp->headers, "x-amzn-RequestId").len == 0)
		return foreign(r, resp, err);
	if (resp->status == 401)
		return refused_token(r, err);
	reason = reason_of(resp, body);
	if (resp->status >= 500)
		return err_set(err, ERR_IO,
		    "the server failed: " STR_FMT "; its log has more, at request id " STR_FMT,
		    STR_ARG(reason), STR_ARG(http_header_get(&resp->headers, "x-amzn-RequestId")));
	return err_set(err,
	    resp->status == 403       ? ERR_DENIED
		: resp->status == 404 ? ERR_NOT_FOUND
				      : ERR_CONFLICT,
	    STR_FMT, STR_ARG(reason));
}

bool
remote_ask(struct remote *r, struct arena *a, const char *method, str path, const struct json *body,
    const struct json **out, struct err *err)
{
	struct http_request req = {
		.method = str_of(method),
		.endpoint = r->url,
		.target = path,
		.body = body == NULL ? (str){ 0 } : json_text(a, body),
	};
	struct http_response resp = { 0 };

	assert(r->curl != NULL);
	http_header_add(a, &req.headers, S("Authorization"), r->token);
	if (body != NULL)
		http_header_add(a, &req.headers, S("Content-Type"), S("application/json"));
	if (transport_send(curl_transport_as_transport(r->curl), a, &req, &resp, err))
		return read_answer(r, a, &resp, out, err);
	if (err->kind == ERR_INVALID)
		return err_set(err, ERR_INVALID, "the token holds characters that no token has");
	if (err->kind == ERR_TOO_LARGE)
		return foreign(r, &resp, err);
	return unreachable(r, err);
}

bool
remote_get(struct remote *r, struct arena *a, str path, const struct json **out, struct err *err)
{
	return remote_ask(r, a, "GET", path, NULL, out, err);
}

bool
remote_list(struct remote *r, struct arena *a, str path, size_t limit, const struct json **out,
    struct err *err)
{
	struct json *all = json_new_array(a);
	char joint = str_find_char(path, '?') < path.len ? '&' : '?';
	str next = { 0 };
	size_t pages = 0;

	do {
		const struct json *page, *e;
		size_t size = limit == 0 || limit > PAGE_SIZE ? PAGE_SIZE : limit;

		if (pages++ == MAX_PAGES)
			return err_set(
			    err, ERR_IO, "the list at " STR_FMT " has no end", STR_ARG(path));
		if (!remote_get(r, a,
			str_fmt(a, STR_FMT "%cpageSize=%zu%s" STR_FMT, STR_ARG(path), joint, size,
			    next.len > 0 ? "&paginationToken=" : "", STR_ARG(next)),
			&page, err))
			return false;
		for (e = json_first(json_get(page, "data")); e != NULL; e = e->next)
			if (limit == 0 || json_count(all) < limit)
				json_push(a, all, e);
		next = percent_encode(a, json_str(json_get(page, "paginationToken")), false);
	} while (next.len > 0 && (limit == 0 || json_count(all) < limit));
	*out = all;
	return true;
}

/* --- exit codes ---------------------------------------------------------------------------- */

int
remote_exit(const struct err *err)
{
	static const enum cli_exit codes[ERR_KIND_COUNT] = {
		[ERR_NONE] = EXIT_DONE,
		[ERR_INVALID] = EXIT_USAGE,
		[ERR_UNAUTHENTICATED] = EXIT_DENIED,
		[ERR_DENIED] = EXIT_DENIED,
		[ERR_NOT_FOUND] = EXIT_NOT_FOUND,
		[ERR_CONFLICT] = EXIT_FAILED,
		[ERR_TOO_LARGE] = EXIT_FAILED,
		[ERR_THROTTLED] = EXIT_FAILED,
		[ERR_TIMEOUT] = EXIT_UNREACHABLE,
		[ERR_UPSTREAM] = EXIT_UNREACHABLE,
		[ERR_IO] = EXIT_FAILED,
	};

	return codes[err->kind];
}
