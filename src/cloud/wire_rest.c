/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/wire_rest.c: operations that method, path and query name, and inputs that are spread over
 * path, query, headers and body: S3 and the rest-json services.
 *
 * A row's URI is a pattern. Of the rows that fit, the one with the most fixed parts is meant; a
 * query parameter that a row does not know makes it unfit, so "PUT /b?policy" never becomes a
 * CreateBucket, and so does the lack of a header that a row needs.
 */
#include "aws/forms.h"
#include "aws/xml.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/wire_forms.h"

/* --- matching -------------------------------------------------------------------------- */

static bool
is_label(str segment)
{
	return str_starts(segment, S("{"));
}

/*
 * Walks pattern and path together. label: the one whose value is wanted, or empty; its part of the
 * path goes to value. fixed counts literal segments.
 */
static bool
walk(str pattern, str path, str label, str *value, int *fixed)
{
	str p = str_from(pattern, 1), q = str_from(path, 1), want, have;

	while (str_cut(&p, '/', &want)) {
		bool greedy = str_ends(want, S("+}"));

		if (greedy) {
			have = q;
			q = (str){ NULL, 0 };
		} else if (!str_cut(&q, '/', &have)) {
			return false;
		}
		if (is_label(want)) {
			if (have.len == 0)
				return false;
			if (str_eq(str_sub(want, 1, want.len - (greedy ? 3 : 2)), label))
				*value = have;
		} else if (str_eq(want, have)) {
			++*fixed;
		} else {
			return false;
		}
	}
	return q.len == 0; /* a slash at the end makes no difference */
}

/* Does the row's query know a parameter? *literal: it is there by name only, with this value. */
static bool
row_knows(str row_query, str name, bool *literal, str *value)
{
	str rest = row_query, piece;

	while (row_query.len > 0 && str_cut(&rest, '&', &piece)) {
		str key = { NULL, 0 };

		*value = piece;
		(void)str_cut(value, '=', &key);
		if (!str_eq(key, name))
			continue;
		*literal = !is_label(*value);
		return true;
	}
	return false;
}

/* Of signatures, new and old, and of SDKs: no operation's own. */
static bool
is_common(str name)
{
	return str_starts(name, S("X-Amz-")) || str_is(name, "x-id") ||
	    str_is(name, "AWSAccessKeyId") || str_is(name, "Signature") || str_is(name, "Expires");
}

static bool
query_fits(str row_query, str query, int *fixed)
{
	str rest = query, piece;
	int due = 0, met = 0;

	while (query.len > 0 && str_cut(&rest, '&', &piece)) {
		str value = piece, name = { NULL, 0 }, want;
		bool literal;

		(void)str_cut(&value, '=', &name);
		if (name.len == 0 || is_common(name))
			continue;
		if (!row_knows(row_query, name, &literal, &want))
			return false;
		if (literal && !str_eq(value, want))
			return false;
		met += literal;
	}
	for (rest = row_query; row_query.len > 0 && str_cut(&rest, '&', &piece);)
		due += !str_has(piece, S("={"));
	*fixed += due;
	return met >= due;
}

static bool
has_header(const struct http_request *req, str name)
{
	for (size_t i = 0; i < req->headers.count; i++)
		if (str_eq_nocase(req->headers.list[i].name, name))
			return true;
	return false;
}

/* A row that needs a header is meant only where it is there: that tells a copy from a put. */
static bool
headers_fit(const struct aws_shape *input, const struct http_request *req, int *fixed)
{
	for (size_t i = 0; i < input->member_count; i++) {
		const struct aws_member *m = &input->members[i];

		if (m->location != AWS_IN_HEADER || !m->required)
			continue;
		if (!has_header(req, m->wire_name))
			return false;
		++*fixed;
	}
	return true;
}

const struct aws_operation *
wire_rest_match(
    const struct aws_service *service, const struct http_request *req, const struct wire_request *w)
{
	const struct aws_operation *best = NULL;
	int best_fixed = -1;

	for (size_t i = 0; i < service->operation_count; i++) {
		const struct aws_operation *op =
		    aws_operation_of(service, str_of(service->operations[i].name));
		int fixed = 0;
		str none;

		if (!str_eq(op->method, req->method) || !headers_fit(op->input, req, &fixed) ||
		    !walk(http_path(op->uri), w->path, S(""), &none, &fixed) ||
		    !query_fits(http_query(op->uri), w->query, &fixed))
			continue;
		if (fixed > best_fixed) {
			best = op;
			best_fixed = fixed;
		}
	}
	return best;
}

/* A host that bears a bucket: "b.s3.us-east-1.amazonaws.com", "b.localhost:8080". */
static str
bucket_of_host(str host)
{
	size_t end;

	host = str_sub(host, 0, str_find_char(host, ':'));
	if (str_ends(host, S(".amazonaws.com"))) {
		if ((end = str_find(host, S(".s3."))) < host.len ||
		    (end = str_find(host, S(".s3-"))) < host.len)
			return str_sub(host, 0, end);
		return (str){ NULL, 0 };
	}
	if (!str_ends(host, S(".localhost")))
		return (str){ NULL, 0 };
	host = str_sub(host, 0, host.len - S(".localhost").len);
	if (str_ends(host, S(".s3")))
		host.len -= S(".s3").len;
	return str_is(host, "s3") ? (str){ NULL, 0 } : host;
}

str
wire_s3_path(struct arena *a, str host, str path)
{
	str bucket = bucket_of_host(host);

	if (bucket.len == 0)
		return path;
	return str_fmt(a, "/" STR_FMT STR_FMT, STR_ARG(bucket), STR_ARG(path));
}

/* --- reading --------------------------------------------------------------------------- */

struct reader {
	struct arena *a;
	const struct http_request *req;
	const struct wire_request *w;
	struct json *in;
	struct err *err;
};

static bool
decode_part(struct reader *r, const struct aws_member *m, str text)
{
	str plain;

	if (!percent_decode(r->a, text, false, &plain) || !str_is_utf8(plain))
		return err_code(r->err, ERR_INVALID, "InvalidURI",
		    "Couldn't parse the specified URI: " STR_FMT, STR_ARG(wire_shown(r->a, text)));
	json_add(r->a, r->in, m->name, json_new_str(r->a, plain));
	return true;
}

static bool
read_query(struct reader *r, const struct aws_member *m)
{
	str rest = r->w->query, piece;

	while (r->w->query.len > 0 && str_cut(&rest, '&', &piece)) {
		str value = piece, name = { NULL, 0 };

		(void)str_cut(&value, '=', &name);
		if (str_eq(name, m->wire_name))
			return decode_part(r, m, value);
	}
	return true;
}

static bool
header_text(struct reader *r, const struct http_header *h, struct json *object, str name)
{
	if (!str_is_utf8(h->value))
		return err_code(r->err, ERR_INVALID, "InvalidArgument",
		    "header " STR_FMT " is not UTF-8", STR_ARG(wire_shown(r->a, h->name)));
	if (json_get_str(object, name) == NULL)
		json_add(r->a, object, name, json_new_str(r->a, h->value));
	return true;
}

static bool
read_header(struct reader *r, const struct aws_member *m)
{
	const struct http_headers *headers = &r->req->headers;
	bool prefix = m->location == AWS_IN_HEADERS;
	struct json *map = prefix ? json_new_object(r->a) : r->in;

	for (size_t i = 0; i < headers->count; i++) {
		const struct http_header *h = &headers->list[i];
		str head = prefix ? str_sub(h->name, 0, m->wire_name.len) : h->name;
		str name = prefix ? str_lower(r->a, str_from(h->name, head.len)) : m->name;

		if (str_eq_nocase(head, m->wire_name) && !header_text(r, h, map, name))
			return false;
	}
	if (prefix && map->count > 0)
		json_add(r->a, r->in, m->name, map);
	return true;
}

static bool
malformed(struct reader *r)
{
	r->err->code =
	    r->w->protocol == AWS_REST_XML ? S("MalformedXML") : S("SerializationException");
	return false;
}

/* A body whose content is a structure. */
static bool
parse_body(struct reader *r, const struct aws_shape *shape, const struct json **out)
{
	const struct xml *root;

	if (r->w->protocol == AWS_REST_JSON)
		return json_parse(r->a, r->req->body, out, r->err) || malformed(r);
	if (!xml_parse(r->a, r->req->body, &root, r->err) ||
	    !form_xml_read(r->a, shape, root, FORM_NAMES, FORM_REQUEST, out, r->err))
		return malformed(r);
	return true;
}

static bool
read_payload(struct reader *r, const struct aws_member *m)
{
	const struct json *value;

	if (m->shape->kind == AWS_BLOB) {
		value = json_new_str(r->a, base64_encode(r->a, r->req->body));
	} else if (r->req->body.len == 0) {
		return true;
	} else if (m->shape->kind == AWS_STRING) {
		if (!str_is_utf8(r->req->body))
			return err_code(
			    r->err, ERR_INVALID, "InvalidArgument", "the body is not UTF-8");
		value = json_new_str(r->a, r->req->body);
	} else if (!parse_body(r, m->shape, &value)) {
		return false;
	}
	json_add(r->a, r->in, m->name, value);
	return true;
}

static bool
read_member(struct reader *r, const struct aws_member *m, bool *in_body)
{
	str value = { NULL, 0 };
	int fixed = 0;

	switch (m->location) {
	case AWS_IN_PATH:
		(void)walk(http_path(r->w->operation->uri), r->w->path, m->name, &value, &fixed);
		return decode_part(r, m, value);
	case AWS_IN_QUERY:
		return read_query(r, m);
	case AWS_IN_HEADER:
	case AWS_IN_HEADERS:
		return read_header(r, m);
	case AWS_IS_BODY:
		return read_payload(r, m);
	case AWS_IN_BODY:
		*in_body = true;
		return true;
	}
	return true;
}

/* Members that stand in the body beside others: those that the shape has elsewhere do not count. */
static bool
read_body_members(struct reader *r)
{
	const struct aws_shape *shape = r->w->operation->input;
	const struct json *body;

	if (str_trim(r->req->body).len == 0)
		return true;
	if (!parse_body(r, shape, &body))
		return false;
	for (const struct json *m = json_first(body); m != NULL; m = m->next) {
		const struct aws_member *member = aws_member_find(shape, m->key);

		if (member == NULL || member->location == AWS_IN_BODY)
			json_add(r->a, r->in, m->key, m);
	}
	return true;
}

/* What is still in chunks was of no known form, and nobody shall store it as it is. */
static bool
check_encoding(struct reader *r)
{
	str hash = http_header_get(&r->req->headers, "x-amz-content-sha256");

	if (!str_starts(hash, S("STREAMING-")))
		return true;
	return err_code(r->err, ERR_INVALID, "NotImplemented",
	    "A header you provided implies functionality that is not implemented: "
	    "x-amz-content-sha256: " STR_FMT,
	    STR_ARG(wire_shown(r->a, hash)));
}

bool
wire_rest_read(struct arena *a, const struct http_request *req, const struct wire_request *w,
    const struct json **in, struct err *err)
{
	struct reader r = { a, req, w, json_new_object(a), err };
	const struct aws_shape *shape = w->operation->input;
	bool in_body = false;

	if (!check_encoding(&r))
		return false;
	for (size_t i = 0; i < shape->member_count; i++) {
		if (!read_member(&r, &shape->members[i], &in_body))
			return false;
	}
	*in = r.in;
	return !in_body || read_body_members(&r);
}

/* --- writing --------------------------------------------------------------------------- */

static void
write_header(struct arena *a, const struct aws_member *m, const struct json *value,
    struct http_headers *headers)
{
	if (m->location == AWS_IN_HEADER) {
		http_header_set(
		    a, headers, m->wire_name, form_scalar(a, m->shape, value, AWS_TIME_HTTP));
		return;
	}
	for (const struct json *e = json_first(value); e != NULL; e = e->next)
		http_header_set(a, headers, str_cat(a, m->wire_name, e->key), json_scalar(e));
}

static bool
write_payload(struct arena *a, const struct wire_request *w, const struct aws_member *m,
    const struct json *value, struct http_response *resp, struct err *err)
{
	struct buf b = buf_in(a);

	if (!form_fits(m->shape, value, err))
		return false;
	if (m->shape->kind == AWS_BLOB)
		return base64_decode(a, value->text, &resp->body) ||
		    err_set(err, ERR_INVALID, STR_FMT " is not base64", STR_ARG(m->name));
	if (m->shape->kind == AWS_STRING) {
		resp->body = value->text;
		return true;
	}
	if (w->protocol == AWS_REST_JSON) {
		if (!form_json_write(&b, m->shape, value, err))
			return false;
	} else {
		buf_fmt(
		    &b, "<" STR_FMT " xmlns=\"%s\">", STR_ARG(m->name), w->service->xml_namespace);
		if (!form_xml_write(&b, m->shape, value, FORM_NAMES, err))
			return false;
		buf_fmt(&b, "</" STR_FMT ">", STR_ARG(m->name));
	}
	resp->body = buf_str(&b);
	return true;
}

/* The root element of an answer; readers do not look at it. */
static str
root_of(struct arena *a, const struct aws_operation *op)
{
	if (str_starts(str_of(op->name), S("ListObjects")))
		return S("ListBucketResult");
	return str_fmt(a, "%sResult", op->name);
}

static bool
write_body_members(struct arena *a, const struct wire_request *w, const struct json *output,
    struct http_response *resp, struct err *err)
{
	const struct aws_operation *op = w->operation;
	struct buf b = buf_in(a);
	str root = root_of(a, op);

	if (w->protocol == AWS_REST_JSON) {
		if (!form_json_write(&b, op->output, output, err))
			return false;
	} else {
		buf_fmt(&b,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" STR_FMT " xmlns=\"%s\">",
		    STR_ARG(root), w->service->xml_namespace);
		if (!form_xml_write(&b, op->output, output, FORM_NAMES, err))
			return false;
		buf_fmt(&b, "</" STR_FMT ">", STR_ARG(root));
	}
	resp->body = buf_str(&b);
	return true;
}

static bool
has_body_members(const struct aws_shape *shape)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		if (shape->members[i].location == AWS_IN_BODY)
			return true;
	}
	return false;
}

static bool
write_member(struct arena *a, const struct wire_request *w, const struct json *value,
    struct http_response *resp, struct err *err)
{
	const struct aws_member *m = aws_member_find(w->operation->output, value->key);

	if (m == NULL)
		return form_lacks(value, err);
	if (m->location == AWS_IS_BODY)
		return write_payload(a, w, m, value, resp, err);
	if (m->location == AWS_IN_HEADER || m->location == AWS_IN_HEADERS) {
		if (!form_fits(m->shape, value, err))
			return err_prefix(err, STR_FMT, STR_ARG(m->name));
		write_header(a, m, value, &resp->headers);
	}
	return true;
}

bool
wire_rest_write(struct arena *a, const struct wire_request *w, const struct json *output,
    struct http_response *resp, struct err *err)
{
	for (const struct json *v = json_first(output); v != NULL; v = v->next) {
		if (v->kind != JSON_NULL && !write_member(a, w, v, resp, err))
			return false;
	}
	if (has_body_members(w->operation->output) && !write_body_members(a, w, output, resp, err))
		return false;
	if (resp->body.len > 0 && http_header_get(&resp->headers, "Content-Type").len == 0)
		http_header_set(a, &resp->headers, S("Content-Type"),
		    w->protocol == AWS_REST_JSON ? S("application/json") : S("application/xml"));
	if (resp->status == 200 && http_header_get(&resp->headers, "Content-Range").len > 0)
		resp->status = 206;
	return true;
}
