/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/curl.c: messages over the network, by libcurl.
 *
 * An easy handle carries one exchange at a time and keeps its connections, so handles that are
 * done wait in a short list for the next caller. What decides whether a failure leaves the effect
 * unknown is whether any byte of the request went out.
 */
#include <assert.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/thread.h"
#include "http/transport.h"

#define DEFAULT_CONNECT_TIMEOUT_MS 5000
#define DEFAULT_TIMEOUT_MS 60000
#define DEFAULT_MAX_BODY_BYTES ((size_t)16 << 20)
#define MAX_HEADER_BYTES ((size_t)64 << 10) /* all headers of an answer */
#define MAX_IDLE 32

struct curl_transport {
	struct transport transport;
	struct curl_transport_options options;
	struct mutex mu;
	CURL *idle[MAX_IDLE]; /* guarded by mu, as idle_count */
	size_t idle_count;
};

/* --- handles --------------------------------------------------------------------------- */

static CURL *
take(struct curl_transport *t)
{
	CURL *handle = NULL;

	mutex_lock(&t->mu);
	if (t->idle_count > 0)
		handle = t->idle[--t->idle_count];
	mutex_unlock(&t->mu);
	return handle != NULL ? handle : curl_easy_init();
}

static void
give_back(struct curl_transport *t, CURL *handle)
{
	curl_easy_reset(handle); /* keeps its connections */
	mutex_lock(&t->mu);
	if (t->idle_count < MAX_IDLE) {
		t->idle[t->idle_count++] = handle;
		handle = NULL;
	}
	mutex_unlock(&t->mu);
	if (handle != NULL)
		curl_easy_cleanup(handle);
}

/* --- the answer ------------------------------------------------------------------------ */

struct reception {
	struct arena *a;
	struct http_response *resp;
	struct buf body;
	size_t max_body_bytes, header_bytes;
	bool too_large;
};

static size_t
on_body(char *data, size_t size, size_t count, void *cookie)
{
	struct reception *r = cookie;
	size_t len = size * count;

	if (len > r->max_body_bytes - r->body.len) {
		r->too_large = true;
		return 0;
	}
	buf_add(&r->body, (str){ data, len });
	return len;
}

/* Called for each line of the header, also of 1xx answers and of proxies' before the real one. */
static size_t
on_header(char *data, size_t size, size_t count, void *cookie)
{
	struct reception *r = cookie;
	str line = str_trim((str){ data, size * count }), name;

	r->header_bytes += size * count;
	if (r->header_bytes > MAX_HEADER_BYTES) {
		r->too_large = true;
		return 0;
	}
	if (str_starts(line, S("HTTP/"))) {
		r->resp->headers.count = 0;
	} else if (str_find_char(line, ':') < line.len) {
		str value = str_dup(r->a, line);

		(void)str_cut(&value, ':', &name);
		http_header_add(r->a, &r->resp->headers, str_trim(name), str_trim(value));
	}
	return size * count;
}

/* --- the request ----------------------------------------------------------------------- */

/* Whatever ends a line would let a value become a header, or a request of its own. */
static bool
is_safe(str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\r' || text.ptr[i] == '\n' || text.ptr[i] == '\0')
			return false;
	}
	return true;
}

static void
add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	assert(longer != NULL); /* only for want of memory, which is fatal everywhere */
	*list = longer;
}

static bool
write_headers(
    struct arena *a, const struct http_request *req, struct curl_slist **list, struct err *err)
{
	for (size_t i = 0; i < req->headers.count; i++) {
		const struct http_header *h = &req->headers.list[i];

		if (!is_safe(h->name) || !is_safe(h->value) || h->name.len == 0)
			return err_set(err, ERR_INVALID,
			    "header " STR_FMT " holds characters that no header may have",
			    STR_ARG(h->name));
		add_line(list,
		    str_z(a,
			h->value.len == 0 ? str_fmt(a, STR_FMT ";", STR_ARG(h->name))
					  : str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(h->name),
						STR_ARG(h->value))));
	}
	/* What libcurl would add by itself. */
	add_line(list, "Expect:");
	add_line(list, "Accept:");
	if (http_header_get(&req->headers, "Content-Type").len == 0)
		add_line(list, "Content-Type:");
	return true;
}

static void
set_method(CURL *handle, struct arena *a, const struct http_request *req)
{
	bool head = str_is(req->method, "HEAD");
	bool body = req->body.len > 0 || str_is(req->method, "POST") || str_is(req->method, "PUT");

	if (head) {
		curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
	} else if (body) {
		curl_easy_setopt(handle, CURLOPT_POST, 1L);
		curl_easy_setopt(
		    handle, CURLOPT_POSTFIELDS, req->body.len == 0 ? "" : req->body.ptr);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body.len);
	}
	if (!head)
		curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, str_z(a, req->method));
}

static void
set_up(const struct curl_transport *t, CURL *handle, struct arena *a,
    const struct http_request *req, const struct curl_slist *headers, struct reception *r,
    char *error)
{
	str url = str_cat(a, req->endpoint, req->target);

	curl_easy_setopt(handle, CURLOPT_URL, str_z(a, url));
	curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)t->options.connect_timeout_ms);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)t->options.timeout_ms);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
	set_method(handle, a, req);
}

/* --- sending --------------------------------------------------------------------------- */

static bool
fail(CURL *handle, const struct http_request *req, const struct reception *r, CURLcode code,
    const char *error, struct err *err)
{
	const char *why = error[0] != '\0' ? error : curl_easy_strerror(code);
	long sent = 0;

	(void)curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
	if (r->too_large)
		return err_set(err, ERR_TOO_LARGE,
		    "the answer of " STR_FMT " is larger than %zu bytes (its header: %zu)",
		    STR_ARG(req->endpoint), r->max_body_bytes, MAX_HEADER_BYTES);
	if (sent > 0)
		return err_set(err, ERR_TIMEOUT,
		    "no answer of " STR_FMT " to a request that was sent: %s",
		    STR_ARG(req->endpoint), why);
	return err_set(
	    err, ERR_UPSTREAM, "cannot reach " STR_FMT ": %s", STR_ARG(req->endpoint), why);
}

static bool
exchange(struct curl_transport *t, CURL *handle, struct arena *a, const struct http_request *req,
    const struct curl_slist *headers, struct http_response *resp, struct err *err)
{
	struct reception r = {
		.a = a,
		.resp = resp,
		.body = buf_in(a),
		.max_body_bytes = t->options.max_body_bytes,
	};
	char error[CURL_ERROR_SIZE] = "";
	CURLcode code;
	long status = 0;

	set_up(t, handle, a, req, headers, &r, error);
	code = curl_easy_perform(handle);
	if (code != CURLE_OK)
		return fail(handle, req, &r, code, error, err);
	(void)curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	resp->status = (int)status;
	resp->body = buf_str(&r.body);
	return true;
}

static bool
curl_send(struct transport *transport, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err)
{
	struct curl_transport *t = (struct curl_transport *)transport;
	struct curl_slist *headers = NULL;
	CURL *handle = NULL;
	bool ok = false;

	*resp = (struct http_response){ 0 };
	if (!is_safe(req->target) || !is_safe(req->endpoint) || !is_safe(req->method)) {
		(void)err_set(err, ERR_INVALID, "the request's target holds a line end");
	} else if (write_headers(a, req, &headers, err)) {
		handle = take(t);
		if (handle == NULL)
			(void)err_set(err, ERR_IO, "libcurl gives no handle");
		else
			ok = exchange(t, handle, a, req, headers, resp, err);
	}
	if (handle != NULL)
		give_back(t, handle);
	curl_slist_free_all(headers);
	return ok;
}

/* --- opening --------------------------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode global;

static void
init(void)
{
	global = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static const struct transport_ops curl_ops = { "curl", curl_send };

bool
curl_transport_new(
    const struct curl_transport_options *options, struct curl_transport **out, struct err *err)
{
	struct curl_transport *t;

	pthread_once(&once, init);
	if (global != CURLE_OK)
		return err_set(err, ERR_IO, "libcurl: %s", curl_easy_strerror(global));
	t = calloc(1, sizeof(*t));
	assert(t != NULL);
	t->transport.ops = &curl_ops;
	t->options = *options;
	if (t->options.connect_timeout_ms == 0)
		t->options.connect_timeout_ms = DEFAULT_CONNECT_TIMEOUT_MS;
	if (t->options.timeout_ms == 0)
		t->options.timeout_ms = DEFAULT_TIMEOUT_MS;
	if (t->options.max_body_bytes == 0)
		t->options.max_body_bytes = DEFAULT_MAX_BODY_BYTES;
	mutex_init(&t->mu);
	*out = t;
	return true;
}

void
curl_transport_free(struct curl_transport *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->idle_count; i++)
		curl_easy_cleanup(t->idle[i]);
	mutex_fini(&t->mu);
	free(t);
}

struct transport *
curl_transport_as_transport(struct curl_transport *t)
{
	return &t->transport;
}
