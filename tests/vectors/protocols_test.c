/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol cases of botocore: what a client must send for an input, and what a server's
 * answer means. Its shapes are turned into rows of our language first, so the cases run the
 * language, the client's writer and reader, and the server's: what a client must send is read
 * back to the input, and an output is written and read back, too.
 */
#include "check.h"

#include "aws/exchange.h"
#include "aws/timestamp.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "cloud/wire.h"

/* --- shapes ---------------------------------------------------------------------------- */

struct model {
	struct arena *a;
	const struct json *shapes; /* botocore's */
	struct aws_named_shape *named;
	size_t named_count;
};

static void write_reference(struct model *m, struct buf *b, const struct json *reference);

/* "Name@wire:shape" for each member; references carry wire names. */
static str
members_text(struct model *m, const struct json *shape)
{
	struct buf b = buf_in(m->a);

	for (const struct json *r = json_first(json_get(shape, "members")); r != NULL;
	     r = r->next) {
		str wire = json_str(json_get(r, "locationName"));

		buf_fmt(&b, "%s" STR_FMT "%s", b.len == 0 ? "" : " ", STR_ARG(r->key),
		    json_bool(json_get(r, "idempotencyToken"), false) ? "*" : "");
		if (wire.len > 0)
			buf_fmt(&b, "@" STR_FMT, STR_ARG(wire));
		buf_char(&b, ':');
		write_reference(m, &b, r);
	}
	return b.len == 0 ? S("") : buf_str(&b);
}

/* A structure is a named shape, so that it may hold itself. */
static void
write_structure(struct model *m, struct buf *b, str name, const struct json *shape)
{
	struct aws_named_shape *slot;

	buf_fmt(b, "Shape" STR_FMT, STR_ARG(name));
	for (size_t i = 0; i < m->named_count; i++) {
		if (str_is(name, m->named[i].name + strlen("Shape")))
			return;
	}
	slot = &m->named[m->named_count++];
	slot->name = str_z(m->a, str_cat(m->a, S("Shape"), name));
	slot->shape = str_z(m->a, str_fmt(m->a, "{" STR_FMT "}", STR_ARG(members_text(m, shape))));
}

static void
write_timestamp(struct buf *b, const struct json *reference, const struct json *shape)
{
	str form = json_str(json_get(reference, "timestampFormat"));

	if (form.len == 0)
		form = json_str(json_get(shape, "timestampFormat"));
	buf_add(b,
	    str_is(form, "iso8601")             ? S("t.iso")
		: str_is(form, "unixTimestamp") ? S("t.unix")
		: str_is(form, "rfc822")        ? S("t.http")
						: S("t"));
}

static void
write_list(struct model *m, struct buf *b, bool flat, const struct json *shape)
{
	const struct json *item = json_get(shape, "member");
	str name = json_str(json_get(item, "locationName"));

	buf_fmt(b, "[%s", flat ? "*" : "");
	if (name.len > 0 && !flat)
		buf_fmt(b, STR_FMT ":", STR_ARG(name));
	write_reference(m, b, item);
	buf_char(b, ']');
}

static void
write_map(struct model *m, struct buf *b, bool flat, const struct json *shape)
{
	const struct json *key = json_get(shape, "key"), *value = json_get(shape, "value");
	str key_name = json_str(json_get(key, "locationName"));
	str value_name = json_str(json_get(value, "locationName"));

	buf_fmt(b, "<%s", flat ? "*" : "");
	if (key_name.len > 0)
		buf_fmt(b, STR_FMT "," STR_FMT ":", STR_ARG(key_name), STR_ARG(value_name));
	write_reference(m, b, value);
	buf_char(b, '>');
}

static void
write_reference(struct model *m, struct buf *b, const struct json *reference)
{
	static const struct {
		const char *type, *word;
	} plain[] = {
		{ "string", "s" },
		{ "character", "s" },
		{ "integer", "i" },
		{ "long", "i" },
		{ "byte", "i" },
		{ "short", "i" },
		{ "float", "f" },
		{ "double", "f" },
		{ "boolean", "b" },
		{ "blob", "x" },
	};
	str name = json_str(json_get(reference, "shape"));
	const struct json *shape = json_get_str(m->shapes, name);
	str type = json_str(json_get(shape, "type"));
	bool flat = json_bool(json_get(reference, "flattened"), false) ||
	    json_bool(json_get(shape, "flattened"), false);

	for (size_t i = 0; i < countof(plain); i++) {
		if (str_is(type, plain[i].type)) {
			buf_add(b, str_of(plain[i].word));
			return;
		}
	}
	if (json_bool(json_get(shape, "document"), false))
		buf_add(b, S("d"));
	else if (str_is(type, "timestamp"))
		write_timestamp(b, reference, shape);
	else if (str_is(type, "list"))
		write_list(m, b, flat, shape);
	else if (str_is(type, "map"))
		write_map(m, b, flat, shape);
	else if (str_is(type, "structure"))
		write_structure(m, b, name, shape);
	else
		fail_msg("a shape of type " STR_FMT, STR_ARG(type));
}

/* --- cases ----------------------------------------------------------------------------- */

struct testcase {
	struct arena *a;
	const char *id;
	const struct json *json; /* botocore's case */
	struct aws_service service;
	const struct aws_operation *op;
};

static const char *
top_shape(struct model *m, const struct json *given, const char *direction)
{
	str name = json_str(json_path(given, direction, "shape", NULL));

	return name.len == 0 ? "" : str_z(m->a, members_text(m, json_get_str(m->shapes, name)));
}

static struct testcase
testcase(struct arena *a, const struct json *suite, const struct json *json)
{
	const struct json *metadata = json_get(suite, "metadata"), *given = json_get(json, "given");
	struct model m = { .a = a, .shapes = json_get(suite, "shapes") };
	bool query = str_is(json_str(json_get(metadata, "protocol")), "query");
	struct testcase c = {
		.a = a, .id = str_z(a, json_str(json_get(json, "id"))), .json = json
	};
	struct aws_operation_row *row = arena_new(a, struct aws_operation_row, 1);
	struct aws_service *service = arena_new(a, struct aws_service, 1);

	m.named = arena_new(a, struct aws_named_shape, json_count(m.shapes) + 1);
	row->name = str_z(a, json_str(json_get(given, "name")));
	row->input = top_shape(&m, given, "input");
	row->output = top_shape(&m, given, "output");
	*service = (struct aws_service){
		.name = "test",
		.endpoint_prefix = "test",
		.signing_name = "test",
		.target_prefix = str_z(a, json_str(json_get(metadata, "targetPrefix"))),
		.version = str_z(a, json_str(json_get(metadata, "apiVersion"))),
		.xml_namespace = "https://example.com/",
		.protocol = query                                                ? AWS_QUERY
		    : str_is(json_str(json_get(metadata, "jsonVersion")), "1.0") ? AWS_JSON_1_0
										 : AWS_JSON_1_1,
		.shapes = m.named,
		.shape_count = m.named_count,
	};
	c.op = aws_operation_parse(a, service, row);
	return c;
}

/* Their blobs are the bytes themselves, ours base64; times and numbers may be written in many
 * ways. */
static const struct json *
in_our_form(struct arena *a, const struct aws_shape *shape, const struct json *value)
{
	struct json *copy;
	int64_t ms;

	if (shape->kind == AWS_BLOB && value->kind == JSON_STRING)
		return json_new_str(a, base64_encode(a, value->text));
	if (shape->kind == AWS_FLOAT && value->kind == JSON_NUMBER &&
	    str_has(value->text, S("E"))) {
		copy = json_new(a, JSON_NUMBER);
		copy->text = str_fmt(a, "%.17g", strtod(str_z(a, value->text), NULL));
		return copy;
	}
	if (shape->kind == AWS_TIMESTAMP && timestamp_parse(json_scalar(value), &ms)) {
		copy = json_new(a, JSON_NUMBER);
		copy->text = timestamp_unix(a, ms);
		return copy;
	}
	if (shape->kind != AWS_STRUCTURE && shape->kind != AWS_LIST && shape->kind != AWS_MAP)
		return value;
	if (value->kind == JSON_NULL)
		return value;
	copy = json_new(a, value->kind);
	for (const struct json *m = value->first; m != NULL; m = m->next) {
		const struct aws_shape *inner = shape->item;

		if (shape->kind == AWS_STRUCTURE)
			inner = aws_member_find(shape, m->key)->shape;
		if (value->kind == JSON_ARRAY)
			json_push(a, copy, in_our_form(a, inner, m));
		else
			json_put_key(a, copy, m->key, in_our_form(a, inner, m));
	}
	return copy;
}

static str
fixed_token(void *cookie, struct arena *a)
{
	(void)cookie;
	(void)a;
	return S("00000000-0000-4000-8000-000000000000");
}

static const struct json *
checked(struct testcase *c, const struct json *in)
{
	const struct json *out;
	struct err err;

	err_init(&err, c->a);
	if (!aws_input_check(c->a, c->op, in, fixed_token, NULL, &out, &err))
		fail_msg("%s: " STR_FMT, c->id, STR_ARG(err.msg));
	return out;
}

static void
check_same(struct testcase *c, const struct json *got, const struct json *want, const char *what)
{
	CHECK(json_equal(got, want), "%s, %s:\n  got:  " STR_FMT "\n  want: " STR_FMT, c->id, what,
	    STR_ARG(json_text(c->a, got)), STR_ARG(json_text(c->a, want)));
}

/* --- requests -------------------------------------------------------------------------- */

/* The same parameters, in whatever order. */
static bool
same_parameters(str x, str y)
{
	str rest = x, piece;
	size_t count[2] = { 0 };

	for (size_t i = 0; i < x.len; i++)
		count[0] += x.ptr[i] == '&';
	for (size_t i = 0; i < y.len; i++)
		count[1] += y.ptr[i] == '&';
	while (str_cut(&rest, '&', &piece)) {
		str others = y, other;
		bool found = false;

		while (!found && str_cut(&others, '&', &other))
			found = str_eq(piece, other);
		if (!found)
			return false;
	}
	return count[0] == count[1];
}

static void
check_body(struct testcase *c, str got, str want)
{
	const struct json *x, *y;
	struct err err;

	if (c->op->service->protocol == AWS_QUERY) {
		CHECK(same_parameters(got, want), "%s:\n  got:  " STR_FMT "\n  want: " STR_FMT,
		    c->id, STR_ARG(got), STR_ARG(want));
		return;
	}
	err_init(&err, c->a);
	CHECK_OK(json_parse(c->a, got, &x, &err), &err);
	CHECK_OK(json_parse(c->a, want.len == 0 ? S("{}") : want, &y, &err), &err);
	check_same(c, x, y, "body");
}

static void
check_request(struct testcase *c, const struct http_request *req)
{
	const struct json *want = json_get(c->json, "serialized");

	CHECK_STR(req->method, str_z(c->a, json_str(json_get(want, "method"))), "%s", c->id);
	CHECK_STR(req->target, str_z(c->a, json_str(json_get(want, "uri"))), "%s", c->id);
	check_body(c, req->body, json_str(json_get(want, "body")));
	for (const struct json *h = json_first(json_get(want, "headers")); h != NULL; h = h->next)
		CHECK(str_starts(http_header_get(&req->headers, str_z(c->a, h->key)), json_str(h)),
		    "%s: header " STR_FMT, c->id, STR_ARG(h->key));
}

/* The server's side: what a client must send means the input. */
static void
check_server_reads(struct testcase *c, const struct json *want)
{
	const struct json *serialized = json_get(c->json, "serialized"), *in;
	struct http_request req = { .method = S("POST"), .target = S("/") };
	struct wire_request w = {
		.service = c->op->service,
		.operation = c->op,
		.protocol = c->op->service->protocol,
	};
	struct err err;

	err_init(&err, c->a);
	req.body = json_str(json_get(serialized, "body"));
	w.query = req.body;
	CHECK_OK(wire_read(c->a, &req, &w, &in, &err), &err);
	check_same(c, checked(c, in), want, "as the server reads it");
}

/* An empty map vanishes in the query protocol: nothing says that it was there. */
static const struct json *
without_empty_maps(struct testcase *c, const struct json *in)
{
	struct json *out = json_new_object(c->a);

	for (const struct json *m = json_first(in); m != NULL; m = m->next) {
		bool empty_map = m->kind == JSON_OBJECT && m->count == 0;

		if (!empty_map || c->op->service->protocol != AWS_QUERY)
			json_put_key(c->a, out, m->key, m);
	}
	return out;
}

static void
run_input(struct testcase *c)
{
	const struct json *params = json_get(c->json, "params"), *in;
	struct http_request req;
	struct err err;

	err_init(&err, c->a);
	in = checked(c, in_our_form(c->a, c->op->input, params));
	CHECK_OK(exchange_write(c->a, c->op, in, &req, &err), &err);
	check_request(c, &req);
	check_server_reads(c, without_empty_maps(c, in));
}

/* --- answers --------------------------------------------------------------------------- */

static struct http_response
response_of(struct testcase *c)
{
	const struct json *given = json_get(c->json, "response");
	struct http_response resp = {
		.status = (int)json_i64(json_get(given, "status_code"), 0),
		.body = json_str(json_get(given, "body")),
	};

	for (const struct json *h = json_first(json_get(given, "headers")); h != NULL; h = h->next)
		http_header_add(c->a, &resp.headers, h->key, json_str(h));
	return resp;
}

/* The server's side: the same output, written by us, means the same. */
static void
check_server_writes(struct testcase *c, const struct json *output)
{
	struct wire_request w = {
		.service = c->op->service,
		.operation = c->op,
		.protocol = c->op->service->protocol,
	};
	const struct wire_stamp stamp = { S("request"), 0 };
	struct http_response resp;
	const struct json *back;
	struct err err;

	err_init(&err, c->a);
	CHECK_OK(wire_write_output(c->a, &w, &stamp, output, &resp, &err), &err);
	CHECK_OK(exchange_read(c->a, c->op, &resp, &back, &err), &err);
	check_same(c, back, output, "written by the server and read back");
}

static void
run_output(struct testcase *c)
{
	const struct json *result = json_get(c->json, "result"), *out = NULL, *want;
	struct http_response resp = response_of(c);
	str code = json_str(json_get(c->json, "errorCode"));
	struct err err;
	bool ok;

	err_init(&err, c->a);
	ok = exchange_read(c->a, c->op, &resp, &out, &err);
	if (code.len > 0) {
		CHECK(!ok, "%s is an error", c->id);
		CHECK_STR(err.code, str_z(c->a, code), "%s", c->id);
		CHECK_STR(
		    err.msg, str_z(c->a, json_str(json_get(c->json, "errorMessage"))), "%s", c->id);
		return;
	}
	CHECK_OK(ok, &err);
	want = in_our_form(c->a, c->op->output, result);
	check_same(c, out, want, "output");
	check_server_writes(c, want);
}

/* --- all ------------------------------------------------------------------------------- */

/* Why a case is beyond us; NULL where it is not. */
static const char *
beyond(const struct json *json)
{
	const struct json *given = json_get(json, "given"),
			  *serialized = json_get(json, "serialized");

	if (json_get(given, "endpoint") != NULL)
		return "a host prefix per operation: no service of ours has one";
	if (json_get(given, "requestcompression") != NULL)
		return "compressed request bodies: no operation of ours has them";
	if (str_has(json_str(json_get(serialized, "host")), S("/")))
		return "an endpoint with a path: ours are hosts";
	return NULL;
}

static size_t
run_file(struct arena *a, const char *name, size_t *skipped, void (*run)(struct testcase *))
{
	str text = { NULL, 0 };
	const struct json *suites;
	struct err err;
	size_t count = 0;

	err_init(&err, a);
	CHECK_OK(file_read(a, shared_path(a, name), 1 << 24, &text, &err), &err);
	CHECK_OK(json_parse(a, text, &suites, &err), &err);
	for (const struct json *s = json_first(suites); s != NULL; s = s->next) {
		for (const struct json *j = json_first(json_get(s, "cases")); j != NULL;
		     j = j->next) {
			auto_arena scratch = { 0 };
			const char *why = beyond(j);
			struct testcase c;

			if (why != NULL) {
				print_message("left out: " STR_FMT " (%s)\n",
				    STR_ARG(json_str(json_get(j, "id"))), why);
				++*skipped;
				continue;
			}
			c = testcase(&scratch, s, j);
			run(&c);
			count++;
		}
	}
	return count;
}

static void
test_input(struct arena *a)
{
	static const struct {
		const char *file;
		size_t cases, left_out;
	} files[] = {
		{ "corpora/aws-protocols/input/json.json", 49, 5 },
		{ "corpora/aws-protocols/input/json_1_0.json", 16, 5 },
		{ "corpora/aws-protocols/input/query.json", 33, 5 },
	};

	for (size_t i = 0; i < countof(files); i++) {
		size_t left_out = 0, count = run_file(a, files[i].file, &left_out, run_input);

		CHECK(count == files[i].cases && left_out == files[i].left_out,
		    "%s: %zu run, %zu left out", files[i].file, count, left_out);
	}
}

static void
test_output(struct arena *a)
{
	static const struct {
		const char *file;
		size_t cases;
	} files[] = {
		{ "corpora/aws-protocols/output/json.json", 58 },
		{ "corpora/aws-protocols/output/json_1_0.json", 32 },
		{ "corpora/aws-protocols/output/query.json", 38 },
	};

	for (size_t i = 0; i < countof(files); i++) {
		size_t left_out = 0, count = run_file(a, files[i].file, &left_out, run_output);

		CHECK(
		    count == files[i].cases && left_out == 0, "%s: %zu run", files[i].file, count);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_input),
		TEST(test_output),
	};

	return RUN_TESTS(tests);
}
