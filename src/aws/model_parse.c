/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/model_parse.c: the shape language of model.h becomes trees of shapes.
 *
 * Plain descent over the text. A named shape gets its node before its text is read, so shapes may
 * contain themselves. Rows are code: whatever is wrong with one ends the program and says where.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/forms.h"
#include "aws/internal.h"
#include "base/arena.h"

struct parser {
	struct arena *a;
	const struct aws_service *service;
	const struct aws_shape **named;
	const char *row; /* operation or named shape being read */
	str rest;
	int depth;
};

static const struct aws_shape *parse_shape(struct parser *p);
static void parse_text(struct parser *p, const char *row, str text, struct aws_shape *own,
    const struct aws_shape **out);

_Noreturn static void
bad(const struct parser *p, const char *what)
{
	fprintf(stderr, "model of %s, %s: %s at \"" STR_FMT "\"\n", p->service->name, p->row, what,
	    STR_ARG(p->rest));
	abort();
}

static char
peek(const struct parser *p)
{
	return p->rest.len == 0 ? '\0' : p->rest.ptr[0];
}

static bool
accept(struct parser *p, char c)
{
	if (peek(p) != c)
		return false;
	p->rest = str_from(p->rest, 1);
	return true;
}

static void
skip_blanks(struct parser *p)
{
	while (p->rest.len > 0 && isspace((unsigned char)p->rest.ptr[0]))
		p->rest = str_from(p->rest, 1);
}

/* Characters of names, also of headers and XML elements. */
static str
word(struct parser *p)
{
	size_t len = 0;

	while (len < p->rest.len &&
	    (isalnum((unsigned char)p->rest.ptr[len]) || strchr("-_.", p->rest.ptr[len]) != NULL))
		len++;
	if (len == 0)
		bad(p, "a name is missing");
	p->rest = str_from(p->rest, len);
	return (str){ p->rest.ptr - len, len };
}

/* A name that ends in sep, as before an item's shape; false leaves the text as it was. */
static bool
name_before(struct parser *p, char sep, str *out)
{
	str before = p->rest, name;

	if (!isalpha((unsigned char)peek(p)))
		return false;
	name = word(p);
	if (accept(p, sep)) {
		*out = name;
		return true;
	}
	p->rest = before;
	return false;
}

static void
add_member(struct parser *p, struct aws_shape *shape, size_t *cap, struct aws_member member)
{
	if (shape->member_count == *cap) {
		size_t more = *cap == 0 ? 4 : 2 * *cap;
		struct aws_member *list = arena_new(p->a, struct aws_member, more);

		if (shape->member_count > 0)
			memcpy(list, shape->members, shape->member_count * sizeof(*list));
		shape->members = list;
		*cap = more;
	}
	if (aws_member_find(shape, member.name) != NULL)
		bad(p, "a member stands twice before");
	shape->members[shape->member_count++] = member;
}

/* What follows "@". */
static void
parse_wire(struct parser *p, struct aws_member *m)
{
	m->renamed = true;
	if (accept(p, '$')) {
		m->location = AWS_IS_BODY;
		m->wire_name = m->name;
		return;
	}
	if (accept(p, '^'))
		m->location = AWS_IN_HEADER;
	m->wire_name = word(p);
	if (m->location == AWS_IN_HEADER && accept(p, '*'))
		m->location = AWS_IN_HEADERS;
}

static void
parse_members(struct parser *p, struct aws_shape *out, char end)
{
	size_t cap = 0;

	out->kind = AWS_STRUCTURE;
	for (skip_blanks(p); peek(p) != end; skip_blanks(p)) {
		struct aws_member m = { .name = word(p) };

		m.wire_name = m.name;
		m.required = accept(p, '!');
		m.idempotency_token = accept(p, '*');
		if (accept(p, '@'))
			parse_wire(p, &m);
		if (!accept(p, ':'))
			bad(p, "':' is missing");
		m.shape = parse_shape(p);
		add_member(p, out, &cap, m);
	}
}

static void
parse_list(struct parser *p, struct aws_shape *out)
{
	out->kind = AWS_LIST;
	out->flattened = accept(p, '*');
	if (!name_before(p, ':', &out->item_name))
		out->item_name = p->service->protocol == AWS_EC2 ? S("item") : S("member");
	out->item = parse_shape(p);
	if (!accept(p, ']'))
		bad(p, "']' is missing");
}

static void
parse_map(struct parser *p, struct aws_shape *out)
{
	out->kind = AWS_MAP;
	out->flattened = accept(p, '*');
	out->key_name = S("key");
	out->value_name = S("value");
	if (name_before(p, ',', &out->key_name)) {
		out->value_name = word(p);
		if (!accept(p, ':'))
			bad(p, "':' is missing after the map's names");
	}
	out->item = parse_shape(p);
	if (!accept(p, '>'))
		bad(p, "'>' is missing");
}

static const struct aws_shape *
parse_named(struct parser *p, str name)
{
	for (size_t i = 0; i < p->service->shape_count; i++) {
		const struct aws_named_shape *row = &p->service->shapes[i];

		if (!str_is(name, row->name))
			continue;
		if (p->named[i] == NULL) {
			struct aws_shape *own = arena_new(p->a, struct aws_shape, 1);

			p->named[i] = own;
			parse_text(p, row->name, str_of(row->shape), own, &p->named[i]);
		}
		return p->named[i];
	}
	bad(p, "no shape has the name before");
}

static const struct aws_shape *
parse_word(struct parser *p)
{
	static const struct {
		const char *word;
		struct aws_shape shape;
	} kinds[] = {
		{ "s", { .kind = AWS_STRING } },
		{ "i", { .kind = AWS_INTEGER } },
		{ "f", { .kind = AWS_FLOAT } },
		{ "b", { .kind = AWS_BOOLEAN } },
		{ "x", { .kind = AWS_BLOB } },
		{ "d", { .kind = AWS_DOCUMENT } },
		{ "t", { .kind = AWS_TIMESTAMP } },
		{ "t.iso", { .kind = AWS_TIMESTAMP, .time_form = AWS_TIME_ISO } },
		{ "t.unix", { .kind = AWS_TIMESTAMP, .time_form = AWS_TIME_UNIX } },
		{ "t.http", { .kind = AWS_TIMESTAMP, .time_form = AWS_TIME_HTTP } },
	};
	str name = word(p);

	for (size_t i = 0; i < countof(kinds); i++) {
		if (str_is(name, kinds[i].word))
			return &kinds[i].shape;
	}
	return parse_named(p, name);
}

/* A shape that begins with a bracket, into out; false where a word stands. */
static bool
parse_bracketed(struct parser *p, struct aws_shape *out)
{
	if (++p->depth > 32)
		bad(p, "shapes are nested too deeply");
	if (accept(p, '{')) {
		parse_members(p, out, '}');
		accept(p, '}');
	} else if (accept(p, '[')) {
		parse_list(p, out);
	} else if (accept(p, '<')) {
		parse_map(p, out);
	} else {
		p->depth--;
		return false;
	}
	p->depth--;
	return true;
}

static const struct aws_shape *
parse_shape(struct parser *p)
{
	struct aws_shape *own = arena_new(p->a, struct aws_shape, 1);

	return parse_bracketed(p, own) ? own : parse_word(p);
}

/* A whole text: members without braces, or one shape. *out is own, or the shape that it names. */
static void
parse_text(struct parser *p, const char *row, str text, struct aws_shape *own,
    const struct aws_shape **out)
{
	struct parser inner = *p;

	inner.row = row;
	inner.rest = str_trim(text);
	inner.depth = p->depth + 1;
	*out = own;
	if (text.len == 0 ||
	    (str_find_char(text, ':') < text.len && strchr("{[<", text.ptr[0]) == NULL))
		parse_members(&inner, own, '\0');
	else if (!parse_bracketed(&inner, own))
		*out = parse_word(&inner);
	skip_blanks(&inner);
	if (inner.rest.len > 0)
		bad(&inner, "the shape should have ended before");
}

static bool
is_rest(const struct aws_service *service)
{
	return service->protocol == AWS_REST_JSON || service->protocol == AWS_REST_XML;
}

static struct aws_member *
member_of_label(struct parser *p, struct aws_shape *input, str label)
{
	for (size_t i = 0; i < input->member_count; i++) {
		if (str_eq(input->members[i].name, label) &&
		    form_is_scalar(input->members[i].shape))
			return &input->members[i];
	}
	p->rest = label;
	bad(p, "the URI names what is no plain member");
}

/* The URI tells which members stand in it. */
static void
place_members(struct parser *p, str uri, struct aws_shape *input)
{
	size_t mark = str_find_char(uri, '?');
	str path = str_sub(uri, 0, mark), query = str_from(uri, mark + 1), piece;
	struct aws_member *m;

	while (str_cut(&path, '/', &piece)) {
		if (!str_starts(piece, S("{")))
			continue;
		piece = str_sub(piece, 1, piece.len - 2);
		if (str_ends(piece, S("+")))
			piece.len--;
		m = member_of_label(p, input, piece);
		m->location = AWS_IN_PATH;
	}
	while (query.len > 0 && str_cut(&query, '&', &piece)) {
		str value = piece, key;

		if (!str_cut(&value, '=', &key) || !str_starts(value, S("{")))
			continue;
		m = member_of_label(p, input, str_sub(value, 1, value.len - 2));
		m->location = AWS_IN_QUERY;
		m->wire_name = key;
	}
}

/* Takes method, URI and status off the texts of a rest operation. */
static void
parse_http(struct parser *p, struct aws_operation *op, str *input, str *output)
{
	str rest = *output, head;

	op->status = 200;
	op->method = S("POST");
	op->uri = S("/");
	if (!is_rest(p->service))
		return;
	p->rest = *input;
	if (!str_cut(input, ' ', &op->method) || !str_cut(input, ' ', &op->uri) ||
	    !str_starts(op->uri, S("/")))
		bad(p, "a rest operation begins with method and URI");
	if (str_cut(&rest, ' ', &head) && head.len == 3 && isdigit((unsigned char)head.ptr[0])) {
		op->status = atoi(head.ptr);
		*output = rest;
	}
}

static const struct aws_shape *
parse_structure(struct parser *p, const char *row, str text)
{
	const struct aws_shape *shape;

	parse_text(p, row, text, arena_new(p->a, struct aws_shape, 1), &shape);
	if (shape->kind != AWS_STRUCTURE)
		bad(p, "input and output are structures");
	return shape;
}

/* The input of a rest operation: a copy, since the same named shape may serve another URI. */
static const struct aws_shape *
placed(struct parser *p, const struct aws_shape *shape, str uri)
{
	struct aws_shape *own = arena_new(p->a, struct aws_shape, 1);

	*own = *shape;
	own->members = arena_new(p->a, struct aws_member, shape->member_count + 1);
	if (shape->member_count > 0)
		memcpy(own->members, shape->members, shape->member_count * sizeof(*own->members));
	place_members(p, uri, own);
	return own;
}

struct aws_operation *
model_parse_operation(struct arena *a, const struct aws_service *service,
    const struct aws_operation_row *row, const struct aws_shape **named)
{
	struct aws_operation *op = arena_new(a, struct aws_operation, 1);
	struct parser p = { .a = a, .service = service, .named = named, .row = row->name };
	str input = str_of(row->input), output = str_of(row->output);

	op->service = service;
	op->name = row->name;
	parse_http(&p, op, &input, &output);
	op->input = parse_structure(&p, row->name, input);
	op->output = parse_structure(&p, row->name, output);
	op->has_output = output.len > 0;
	if (is_rest(service))
		op->input = placed(&p, op->input, op->uri);
	return op;
}

const struct aws_operation *
aws_operation_parse(
    struct arena *a, const struct aws_service *service, const struct aws_operation_row *row)
{
	return model_parse_operation(
	    a, service, row, arena_new(a, const struct aws_shape *, service->shape_count + 1));
}
