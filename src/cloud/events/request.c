/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/request.c: the HTTP request that an API destination gets, as AWS makes it.
 *
 * It is made inside the transaction, where rows can be read, and sent outside; in between it
 * stands in the delivery's row as JSON.
 */
#include "cloud/events/internal.h"

#include "base/buf.h"
#include "base/encode.h"
#include "http/message.h"
#include "http/transport.h"

#define MAX_MERGED_BODY_BYTES ((size_t)64 << 10) /* a longer body takes no more parameters */

struct maker {
	struct arena *a;
	struct json *headers; /* [[name, value], …] */
	struct buf query;
};

static void
add_header(struct maker *m, str name, str value)
{
	struct json *h = json_push(m->a, m->headers, json_new_array(m->a));

	json_push_str(m->a, h, name);
	json_push_str(m->a, h, value);
}

static void
add_query(struct maker *m, str name, str value)
{
	buf_fmt(&m->query, "%s" STR_FMT "=" STR_FMT, m->query.len == 0 ? "" : "&",
	    STR_ARG(percent_encode(m->a, name, false)),
	    STR_ARG(percent_encode(m->a, value, false)));
}

/* --- authorization ------------------------------------------------------------------------ */

static void
authorize_by_key(struct maker *m, const struct json *auth)
{
	const struct json *p = json_get(auth, "ApiKeyAuthParameters");

	add_header(m, json_str(json_get(p, "ApiKeyName")), json_str(json_get(p, "ApiKeyValue")));
}

static void
authorize_basic(struct maker *m, const struct json *auth)
{
	const struct json *p = json_get(auth, "BasicAuthParameters");
	str pair = str_fmt(m->a, STR_FMT ":" STR_FMT, STR_ARG(json_str(json_get(p, "Username"))),
	    STR_ARG(json_str(json_get(p, "Password"))));

	add_header(m, S("Authorization"), str_cat(m->a, S("Basic "), base64_encode(m->a, pair)));
}

static const struct {
	const char *type;
	void (*authorize)(struct maker *m, const struct json *auth);
} auth_types[] = {
	{ "API_KEY", authorize_by_key },
	{ "BASIC", authorize_basic },
};

/* --- parameters of connection and target ------------------------------------------------------ */

/* [{Key, Value}] of a connection. */
static void
add_list(struct maker *m, const struct json *list, void (*add)(struct maker *, str, str))
{
	for (const struct json *p = json_first(list); p != NULL; p = p->next)
		add(m, json_str(json_get(p, "Key")), json_str(json_get(p, "Value")));
}

/* {name: value} of a target. */
static void
add_map(struct maker *m, const struct json *map, void (*add)(struct maker *, str, str))
{
	for (const struct json *v = json_first(map); v != NULL; v = v->next)
		add(m, v->key, json_str(v));
}

/* Body parameters go into a body that is an object. */
static str
merge_body(struct arena *a, str body, const struct json *parameters)
{
	const struct json *parsed;
	struct json *merged;
	struct err err;

	err_init(&err, a);
	if (json_count(parameters) == 0 || body.len > MAX_MERGED_BODY_BYTES ||
	    !json_parse_last(a, body, &parsed, &err) || parsed->kind != JSON_OBJECT)
		return body;
	merged = json_copy_shallow(a, parsed);
	for (const struct json *p = json_first(parameters); p != NULL; p = p->next) {
		const char *key = str_z(a, json_str(json_get(p, "Key")));

		json_set(a, merged, key, json_get(p, "Value"));
	}
	return json_text(a, merged);
}

/* Each "*" of the path takes the target's next value. */
static str
fill_path(struct arena *a, str path, const struct json *values)
{
	const struct json *v = json_first(values);
	struct buf out = buf_in(a);

	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] == '*' && v != NULL) {
			buf_add(&out, percent_encode(a, json_str(v), false));
			v = v->next;
		} else {
			buf_char(&out, path.ptr[i]);
		}
	}
	return buf_str(&out);
}

/* "https://host:1" and "/path?query" of a URL. */
static void
split_url(str url, str *endpoint, str *target)
{
	size_t scheme = str_find(url, S("://")) + 3, at = scheme;

	while (at < url.len && url.ptr[at] != '/' && url.ptr[at] != '?')
		at++;
	*endpoint = str_sub(url, 0, at);
	*target = str_from(url, at);
}

static str
make_target(struct maker *m, str given, const struct json *path_values)
{
	str path = fill_path(m->a, http_path(given), path_values), query = http_query(given);
	str more = buf_str(&m->query);
	struct buf out = buf_in(m->a);

	if (!str_starts(path, S("/")))
		buf_char(&out, '/');
	buf_add(&out, path);
	if (query.len > 0 || more.len > 0)
		buf_char(&out, '?');
	buf_add(&out, query);
	if (query.len > 0 && more.len > 0)
		buf_char(&out, '&');
	buf_add(&out, more);
	return buf_str(&out);
}

static void
add_usual_headers(struct maker *m)
{
	static const char *const usual[][2] = {
		{ "User-Agent", "Amazon/EventBridge/ApiDestinations" },
		{ "Content-Type", "application/json; charset=utf-8" },
		{ "Range", "bytes=0-1048575" },
		{ "Accept-Encoding", "gzip,deflate" },
		{ "Connection", "close" },
	};

	for (size_t i = 0; i < countof(usual); i++)
		add_header(m, str_of(usual[i][0]), str_of(usual[i][1]));
}

struct json *
events_request_make(struct arena *a, const struct json *destination, const struct json *connection,
    const struct json *target, str body)
{
	const struct json *auth = json_get(connection, "auth"),
			  *http = json_get(target, "HttpParameters");
	const struct json *more = json_get(auth, "InvocationHttpParameters");
	struct maker m = { a, json_new_array(a), buf_in(a) };
	struct json *out = json_new_object(a);
	str endpoint, url_target;

	add_usual_headers(&m);
	for (size_t i = 0; i < countof(auth_types); i++)
		if (str_is(json_str(json_get(connection, "type")), auth_types[i].type))
			auth_types[i].authorize(&m, auth);
	add_list(&m, json_get(more, "HeaderParameters"), add_header);
	add_map(&m, json_get(http, "HeaderParameters"), add_header);
	add_list(&m, json_get(more, "QueryStringParameters"), add_query);
	add_map(&m, json_get(http, "QueryStringParameters"), add_query);
	split_url(json_str(json_get(destination, "endpoint")), &endpoint, &url_target);
	json_put(a, out, "method", json_get(destination, "method"));
	json_put_str(a, out, "endpoint", endpoint);
	json_put_str(
	    a, out, "target", make_target(&m, url_target, json_get(http, "PathParameterValues")));
	json_put(a, out, "headers", m.headers);
	json_put_str(a, out, "body", merge_body(a, body, json_get(more, "BodyParameters")));
	return out;
}

const struct json *
events_request_send(struct cloud *cloud, struct arena *a, const struct json *request)
{
	struct transport *t = cloud_deliver(cloud);
	struct http_request req = {
		.method = json_str(json_get(request, "method")),
		.endpoint = json_str(json_get(request, "endpoint")),
		.target = json_str(json_get(request, "target")),
		.body = json_str(json_get(request, "body")),
	};
	struct http_response resp = { 0 };
	struct json *result = json_new_object(a);
	struct err err;

	err_init(&err, a);
	for (const struct json *h = json_first(json_get(request, "headers")); h != NULL;
	     h = h->next)
		http_header_set(a, &req.headers, json_str(json_at(h, 0)), json_str(json_at(h, 1)));
	if (t == NULL)
		(void)err_set(&err, ERR_UPSTREAM, "this cloud has no way out for deliveries");
	if (t == NULL || !transport_send(t, a, &req, &resp, &err)) {
		json_put_str(a, result, "error", err.msg);
		return result;
	}
	json_put_i64(a, result, "status", resp.status);
	json_put_str(a, result, "retryAfter", http_header_get(&resp.headers, "Retry-After"));
	return result;
}
