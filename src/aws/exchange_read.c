/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/exchange_read.c: outputs and errors from answers, by protocol.
 *
 * Whatever is between us and AWS may answer too (proxies, portals), so an answer that is not of
 * the protocol is an ordinary failure that shows how it begins.
 */
#include <stdio.h>

#include "aws/error.h"
#include "aws/exchange.h"
#include "aws/forms.h"
#include "aws/xml.h"
#include "base/arena.h"
#include "base/encode.h"
#include "base/json.h"

#define SHOWN 200 /* bytes of an answer that nobody understands */

/* The beginning of a body in one line, with what cannot be shown as '?'. */
static str
shown(struct arena *a, str body)
{
	char *text = arena_raw(a, SHOWN + 1);
	size_t len = 0;

	for (; len < body.len && len < SHOWN; len++)
		text[len] = body.ptr[len] >= ' ' && body.ptr[len] <= '~' ? body.ptr[len] : '?';
	return (str){ text, len };
}

static bool
garbage(struct arena *a, const struct aws_operation *op, const struct http_response *resp,
    struct err *err)
{
	str why = err->msg;

	return err_set(err, ERR_UPSTREAM,
	    "%s:%s was answered with status %d and what it should not be (" STR_FMT "): " STR_FMT,
	    op->service->name, op->name, resp->status, STR_ARG(why), STR_ARG(shown(a, resp->body)));
}

/* --- errors ---------------------------------------------------------------------------- */

/* "aws.protocol#Name:http://…" gives "Name". */
static str
plain_code(str code)
{
	size_t hash;

	code = str_sub(code, 0, str_find_char(code, ':'));
	while ((hash = str_find_char(code, '#')) < code.len)
		code = str_from(code, hash + 1);
	return str_trim(code);
}

static str
first_text(const struct json *body, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		str text = json_str(json_get(body, names[i]));

		if (text.len > 0)
			return text;
	}
	return (str){ NULL, 0 };
}

static void
read_json_error(struct arena *a, const struct aws_operation *op, const struct http_response *resp,
    str *code, str *message)
{
	static const char *const codes[] = { "__type", "code", "Code" };
	static const char *const messages[] = { "message", "Message", "errorMessage" };
	str header = http_header_get(&resp->headers, "x-amzn-ErrorType");
	const struct json *body = NULL;
	struct err ignored;

	err_init(&ignored, a);
	if (!json_parse(a, resp->body, &body, &ignored))
		body = NULL;
	*code = first_text(body, codes, countof(codes));
	if (header.len > 0 && (op->service->protocol == AWS_REST_JSON || code->len == 0))
		*code = header;
	*code = shown(a, plain_code(*code));
	*message = first_text(body, messages, countof(messages));
}

static void
read_xml_error(struct arena *a, const struct http_response *resp, str *code, str *message)
{
	const struct xml *root, *error;
	struct err ignored;

	err_init(&ignored, a);
	if (!xml_parse(a, resp->body, &root, &ignored))
		return;
	error = str_is(root->name, "Error") ? root : xml_child(root, "Error");
	if (error == NULL)
		error = xml_child(xml_child(root, "Errors"), "Error");
	*code = xml_child_text(error, "Code");
	*message = xml_child_text(error, "Message");
}

static bool
read_error(struct arena *a, const struct aws_operation *op, const struct http_response *resp,
    struct err *err)
{
	str code = { NULL, 0 }, message = { NULL, 0 };

	switch (op->service->protocol) {
	case AWS_JSON_1_0:
	case AWS_JSON_1_1:
	case AWS_REST_JSON:
		read_json_error(a, op, resp, &code, &message);
		break;
	case AWS_QUERY:
	case AWS_EC2:
	case AWS_REST_XML:
		read_xml_error(a, resp, &code, &message);
		break;
	}
	if (code.len == 0) {
		code = str_fmt(a, "%d", resp->status);
		message = resp->body.len == 0
		    ? str_fmt(a, "%s:%s was answered with HTTP status %d", op->service->name,
			  op->name, resp->status)
		    : str_fmt(a, "%s:%s was answered with HTTP status %d: " STR_FMT,
			  op->service->name, op->name, resp->status, STR_ARG(shown(a, resp->body)));
	}
	return err_code(
	    err, aws_error_kind(code, resp->status), str_z(a, code), STR_FMT, STR_ARG(message));
}

/* --- outputs --------------------------------------------------------------------------- */

static bool
read_json(struct arena *a, const struct aws_shape *shape, str body, const struct json **out,
    struct err *err)
{
	const struct json *parsed;

	if (str_trim(body).len == 0) {
		*out = json_new_object(a);
		return true;
	}
	return json_parse(a, body, &parsed, err) && form_json_read(a, shape, parsed, out, err);
}

static bool
read_xml(struct arena *a, const struct aws_operation *op, str body, const struct json **out,
    struct err *err)
{
	enum form_names names = op->service->protocol == AWS_EC2 ? FORM_EC2_ANSWER : FORM_NAMES;
	const struct xml *root, *result;

	if (op->output->member_count == 0 || body.len == 0) {
		*out = json_new_object(a);
		return true;
	}
	if (!xml_parse(a, body, &root, err))
		return false;
	result = root;
	if (op->service->protocol == AWS_QUERY) {
		result = xml_child(root, str_z(a, str_fmt(a, "%sResult", op->name)));
		if (result == NULL)
			return err_set(err, ERR_INVALID, "no element %sResult", op->name);
	}
	return form_xml_read(a, op->output, result, names, FORM_ANSWER, out, err);
}

static bool
read_header(struct arena *a, const struct aws_member *m, const struct http_headers *headers,
    struct json *out, struct err *err)
{
	struct json *map = m->location == AWS_IN_HEADERS ? json_new_object(a) : out;

	for (size_t i = 0; i < headers->count; i++) {
		const struct http_header *h = &headers->list[i];
		bool whole = m->location == AWS_IN_HEADER;
		str head = whole ? h->name : str_sub(h->name, 0, m->wire_name.len);
		str name = whole ? m->name : str_lower(a, str_from(h->name, head.len));
		const struct json *value;

		if (!str_eq_nocase(head, m->wire_name) || json_get_str(map, name) != NULL)
			continue;
		value = str_is_utf8(h->value)
		    ? form_scalar_read(a, whole ? m->shape : m->shape->item, h->value)
		    : NULL;
		if (value == NULL)
			return err_set(err, ERR_INVALID, "header " STR_FMT " cannot be read",
			    STR_ARG(shown(a, h->name)));
		json_add(a, map, name, value);
	}
	if (map != out && map->count > 0)
		json_add(a, out, m->name, map);
	return true;
}

/* A body that is one member: bytes, text, or a structure in an element or object of its own. */
static bool
read_payload(struct arena *a, const struct aws_operation *op, const struct aws_member *m, str body,
    struct json *out, struct err *err)
{
	const struct xml *root;
	const struct json *value;

	if (m->shape->kind == AWS_BLOB) {
		value = json_new_str(a, base64_encode(a, body));
	} else if (m->shape->kind == AWS_STRING) {
		if (!str_is_utf8(body))
			return err_set(err, ERR_INVALID, "the body is not UTF-8");
		value = json_new_str(a, body);
	} else if (body.len == 0) {
		return true;
	} else if (op->service->protocol == AWS_REST_JSON) {
		if (!read_json(a, m->shape, body, &value, err))
			return false;
	} else if (!xml_parse(a, body, &root, err) ||
	    !form_xml_read(a, m->shape, root, FORM_NAMES, FORM_ANSWER, &value, err)) {
		return false;
	}
	json_add(a, out, m->name, value);
	return true;
}

static bool
read_rest(struct arena *a, const struct aws_operation *op, const struct http_response *resp,
    const struct json **out, struct err *err)
{
	struct json *object = json_new_object(a);
	const struct json *body = NULL;
	bool in_body = false;

	for (size_t i = 0; i < op->output->member_count; i++) {
		const struct aws_member *m = &op->output->members[i];

		in_body = in_body || m->location == AWS_IN_BODY;
		if (m->location == AWS_IS_BODY && !read_payload(a, op, m, resp->body, object, err))
			return false;
		if ((m->location == AWS_IN_HEADER || m->location == AWS_IN_HEADERS) &&
		    !read_header(a, m, &resp->headers, object, err))
			return false;
	}
	if (in_body) {
		if (op->service->protocol == AWS_REST_JSON
			? !read_json(a, op->output, resp->body, &body, err)
			: !read_xml(a, op, resp->body, &body, err))
			return false;
		for (const struct json *m = json_first(body); m != NULL; m = m->next)
			json_add(a, object, m->key, m);
	}
	*out = object;
	return true;
}

bool
exchange_read(struct arena *a, const struct aws_operation *op, const struct http_response *resp,
    const struct json **out, struct err *err)
{
	bool ok = false;

	if (resp->status >= 300)
		return read_error(a, op, resp, err);
	switch (op->service->protocol) {
	case AWS_JSON_1_0:
	case AWS_JSON_1_1:
		ok = read_json(a, op->output, resp->body, out, err);
		break;
	case AWS_QUERY:
	case AWS_EC2:
		ok = read_xml(a, op, resp->body, out, err);
		break;
	case AWS_REST_JSON:
	case AWS_REST_XML:
		ok = read_rest(a, op, resp, out, err);
		break;
	}
	return ok || garbage(a, op, resp, err);
}
