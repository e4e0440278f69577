/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/exchange.c: requests from inputs, by protocol.
 */
#include "aws/exchange.h"

#include "aws/forms.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"

static bool
write_json(struct arena *a, const struct aws_operation *op, const struct json *in,
    struct http_request *req, struct err *err)
{
	struct buf body = buf_in(a);

	if (!form_json_write(&body, op->input, in, err))
		return false;
	req->body = buf_str(&body);
	http_header_add(a, &req->headers, S("Content-Type"),
	    op->service->protocol == AWS_JSON_1_0 ? S("application/x-amz-json-1.0")
						  : S("application/x-amz-json-1.1"));
	http_header_add(a, &req->headers, S("X-Amz-Target"),
	    str_fmt(a, "%s.%s", op->service->target_prefix, op->name));
	return true;
}

static bool
write_query(struct arena *a, const struct aws_operation *op, const struct json *in,
    struct http_request *req, struct err *err)
{
	struct buf body = buf_in(a);

	buf_fmt(&body, "Action=%s&Version=%s", op->name, op->service->version);
	if (!form_query_write(&body, op->input, in,
		op->service->protocol == AWS_EC2 ? FORM_EC2_REQUEST : FORM_NAMES, err))
		return false;
	req->body = buf_str(&body);
	http_header_add(a, &req->headers, S("Content-Type"),
	    S("application/x-www-form-urlencoded; charset=utf-8"));
	return true;
}

/* --- rest ------------------------------------------------------------------------------ */

/* "{Key+}" and the like as the member's value; other text as it is. */
static bool
write_segment(
    struct buf *b, const struct aws_operation *op, const struct json *in, str part, struct err *err)
{
	bool greedy = str_ends(part, S("+}"));
	str name = str_sub(part, 1, part.len - (greedy ? 3 : 2));
	const struct aws_member *m;
	str text;

	if (!str_starts(part, S("{"))) {
		buf_add(b, part);
		return true;
	}
	m = aws_member_find(op->input, name);
	text = form_scalar(b->a, m->shape, json_get_str(in, name), AWS_TIME_ISO);
	if (text.len == 0)
		return err_code(err, ERR_INVALID, "ParamValidation",
		    "Parameter validation failed:\nParameter " STR_FMT
		    " is part of the URL and must not be empty",
		    STR_ARG(name));
	buf_add(b, percent_encode(b->a, text, greedy));
	return true;
}

static bool
write_path(struct buf *b, const struct aws_operation *op, const struct json *in, struct err *err)
{
	str rest = str_from(http_path(op->uri), 1), part;

	while (str_cut(&rest, '/', &part)) {
		buf_char(b, '/');
		if (!write_segment(b, op, in, part, err))
			return false;
	}
	return true;
}

/* "?list-type=2&prefix={Prefix}": what is absent from the input is left out. */
static void
write_uri_query(struct buf *b, const struct aws_operation *op, const struct json *in)
{
	str query = http_query(op->uri), rest = query, part;
	char separator = '?';

	while (query.len > 0 && str_cut(&rest, '&', &part)) {
		str value = part, key = { NULL, 0 };
		const struct json *given;

		if (str_cut(&value, '=', &key) && str_starts(value, S("{"))) {
			str name = str_sub(value, 1, value.len - 2);
			const struct aws_member *m = aws_member_find(op->input, name);

			given = json_get_str(in, name);
			if (given == NULL)
				continue;
			part = str_fmt(b->a, STR_FMT "=" STR_FMT, STR_ARG(key),
			    STR_ARG(percent_encode(
				b->a, form_scalar(b->a, m->shape, given, AWS_TIME_ISO), false)));
		}
		buf_fmt(b, "%c" STR_FMT, separator, STR_ARG(part));
		separator = '&';
	}
}

static bool
write_payload(struct arena *a, const struct aws_operation *op, const struct aws_member *m,
    const struct json *value, struct http_request *req, struct err *err)
{
	struct buf b = buf_in(a);

	if (m->shape->kind == AWS_BLOB)
		return base64_decode(a, value->text, &req->body) ||
		    err_set(err, ERR_INVALID, STR_FMT " is not base64", STR_ARG(m->name));
	if (m->shape->kind == AWS_STRING) {
		req->body = value->text;
		return true;
	}
	if (op->service->protocol == AWS_REST_JSON)
		return form_json_write(&b, m->shape, value, err) && (req->body = buf_str(&b), true);
	buf_fmt(&b, "<" STR_FMT " xmlns=\"%s\">", STR_ARG(m->name), op->service->xml_namespace);
	if (!form_xml_write(&b, m->shape, value, FORM_NAMES, err))
		return false;
	buf_fmt(&b, "</" STR_FMT ">", STR_ARG(m->name));
	req->body = buf_str(&b);
	return true;
}

static bool
write_member(struct arena *a, const struct aws_operation *op, const struct aws_member *m,
    const struct json *value, struct http_request *req, struct err *err)
{
	if (m->location == AWS_IN_HEADER)
		http_header_add(
		    a, &req->headers, m->wire_name, form_scalar(a, m->shape, value, AWS_TIME_HTTP));
	if (m->location == AWS_IN_HEADERS) {
		for (const struct json *e = json_first(value); e != NULL; e = e->next)
			http_header_add(
			    a, &req->headers, str_cat(a, m->wire_name, e->key), json_scalar(e));
	}
	return m->location != AWS_IS_BODY || write_payload(a, op, m, value, req, err);
}

/* Members that share the body. */
static bool
write_body(struct arena *a, const struct aws_operation *op, const struct json *in,
    struct http_request *req, struct err *err)
{
	struct buf b = buf_in(a);
	bool any = false;

	for (size_t i = 0; i < op->input->member_count; i++)
		any = any || op->input->members[i].location == AWS_IN_BODY;
	if (!any)
		return true;
	if (op->service->protocol == AWS_REST_JSON)
		return form_json_write(&b, op->input, in, err) && (req->body = buf_str(&b), true);
	buf_fmt(&b, "<%sRequest xmlns=\"%s\">", op->name, op->service->xml_namespace);
	if (!form_xml_write(&b, op->input, in, FORM_NAMES, err))
		return false;
	buf_fmt(&b, "</%sRequest>", op->name);
	req->body = buf_str(&b);
	return true;
}

static bool
write_rest(struct arena *a, const struct aws_operation *op, const struct json *in,
    struct http_request *req, struct err *err)
{
	struct buf target = buf_in(a);

	if (!write_path(&target, op, in, err))
		return false;
	write_uri_query(&target, op, in);
	req->target = buf_str(&target);
	for (const struct json *v = json_first(in); v != NULL; v = v->next) {
		if (!write_member(a, op, aws_member_find(op->input, v->key), v, req, err))
			return false;
	}
	if (!write_body(a, op, in, req, err))
		return false;
	if (req->body.len > 0 && http_header_get(&req->headers, "Content-Type").len == 0)
		http_header_add(a, &req->headers, S("Content-Type"),
		    op->service->protocol == AWS_REST_JSON ? S("application/json")
							   : S("application/xml"));
	return true;
}

bool
exchange_write(struct arena *a, const struct aws_operation *op, const struct json *in,
    struct http_request *req, struct err *err)
{
	*req = (struct http_request){ .method = op->method, .target = S("/") };
	switch (op->service->protocol) {
	case AWS_JSON_1_0:
	case AWS_JSON_1_1:
		return write_json(a, op, in, req, err);
	case AWS_QUERY:
	case AWS_EC2:
		return write_query(a, op, in, req, err);
	case AWS_REST_JSON:
	case AWS_REST_XML:
		return write_rest(a, op, in, req, err);
	}
	return false;
}
