/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/wire_query.c: "Tags.member.1.Key=a&Tags.member.1.Value=b" as a tree.
 *
 * The parameters are decoded and sorted once, with '.' before every other character, so that all
 * that begin with the same pieces stand together. Each value of the tree is then one run of
 * them, and a list's elements are the sub-runs, put in order of their numbers.
 */
#include <stdlib.h>

#include "aws/forms.h"
#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/wire_forms.h"

#define MAX_PARAMETERS 20000

struct parameter {
	str name, value; /* name: what is left of it, at this depth */
};

struct run {
	struct parameter *list;
	size_t count;
};

struct reader {
	struct arena *a;
	enum form_names names;
	bool flat_lists; /* ec2 */
	int depth;
	struct err *err;
};

static bool read_value(
    struct reader *r, const struct aws_shape *shape, struct run run, const struct json **out);

/* --- parameters ------------------------------------------------------------------------ */

static int
compare_parameters(const void *x, const void *y)
{
	str a = ((const struct parameter *)x)->name, b = ((const struct parameter *)y)->name;

	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int c = a.ptr[i] == '.' ? -1 : (unsigned char)a.ptr[i];
		int d = b.ptr[i] == '.' ? -1 : (unsigned char)b.ptr[i];

		if (c != d)
			return c - d;
	}
	return (a.len > b.len) - (a.len < b.len);
}

/* Not part of the input: the action, and what signs a request in its parameters. */
static bool
is_common(str name)
{
	return str_is(name, "Action") || str_is(name, "Version") || str_starts(name, S("X-Amz-"));
}

static bool
invalid(struct reader *r, const char *what, str name)
{
	return err_code(r->err, ERR_INVALID, "ValidationError", "%s: '" STR_FMT "'", what,
	    STR_ARG(wire_shown(r->a, name)));
}

static bool
split(struct reader *r, str query, struct run *out)
{
	size_t most = 1;
	str rest = query, piece;

	for (size_t i = 0; i < query.len; i++)
		most += query.ptr[i] == '&';
	if (most > MAX_PARAMETERS)
		return err_code(r->err, ERR_TOO_LARGE, "RequestEntityTooLarge",
		    "the request has more than %d parameters", MAX_PARAMETERS);
	*out = (struct run){ arena_new(r->a, struct parameter, most), 0 };
	while (query.len > 0 && str_cut(&rest, '&', &piece)) {
		struct parameter *p = &out->list[out->count];
		str value = piece, name = { NULL, 0 };

		if (piece.len == 0)
			continue;
		(void)str_cut(&value, '=', &name);
		if (!percent_decode(r->a, name, true, &p->name) ||
		    !percent_decode(r->a, value, true, &p->value))
			return invalid(r, "'%' is not followed by two digits", piece);
		if (!str_is_utf8(p->name) || !str_is_utf8(p->value))
			return invalid(r, "a parameter is not UTF-8", name);
		if (!is_common(p->name))
			out->count++;
	}
	qsort(out->list, out->count, sizeof(*out->list), compare_parameters);
	return true;
}

str
wire_query_parameter(struct arena *a, str query, const char *name)
{
	str rest = query, piece;

	while (query.len > 0 && str_cut(&rest, '&', &piece)) {
		str value = piece, key = { NULL, 0 };

		(void)str_cut(&value, '=', &key);
		if (str_is(key, name) && percent_decode(a, value, true, &value))
			return value;
	}
	return (str){ NULL, 0 };
}

/* --- runs ------------------------------------------------------------------------------ */

/* The first piece of a name. */
static str
piece_of(str name)
{
	return str_sub(name, 0, str_find_char(name, '.'));
}

/* Takes the parameters that share the first piece off rest, their names without it. */
static bool
next_run(struct run *rest, str *piece, struct run *out)
{
	if (rest->count == 0)
		return false;
	*piece = piece_of(rest->list[0].name);
	*out = (struct run){ rest->list, 0 };
	while (out->count < rest->count && str_eq(piece_of(rest->list[out->count].name), *piece)) {
		struct parameter *p = &out->list[out->count++];

		p->name = str_from(p->name, piece->len + 1);
	}
	rest->list += out->count;
	rest->count -= out->count;
	return true;
}

/* Is it "Name=value", with nothing below? Then what was sent is text. */
static bool
is_text(struct run run)
{
	return run.count == 1 && run.list[0].name.len == 0;
}

/* "Name=" is how an empty list or map is sent. */
static bool
is_empty(struct run run)
{
	return is_text(run) && run.list[0].value.len == 0;
}

/* --- values ---------------------------------------------------------------------------- */

static const struct json *
text_of(struct reader *r, struct run run)
{
	return json_new_str(r->a, run.list[0].value);
}

/* Text where a structure is due and the like: kept, for aws_input_check() to name. */
static bool
misplaced(struct reader *r, struct run run, const struct json **out)
{
	*out = text_of(r, run);
	return true;
}

static const struct aws_member *
member_by_wire(struct reader *r, const struct aws_shape *shape, str piece)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		if (str_eq(form_wire_name(r->a, &shape->members[i], r->names), piece))
			return &shape->members[i];
	}
	return NULL;
}

static bool
read_structure(
    struct reader *r, const struct aws_shape *shape, struct run run, const struct json **out)
{
	struct json *object = json_new_object(r->a);
	struct run below;
	str piece;

	*out = object;
	while (next_run(&run, &piece, &below)) {
		const struct aws_member *m = member_by_wire(r, shape, piece);
		const struct json *value;

		if (m == NULL && aws_member_find(shape, piece) != NULL)
			return invalid(r, "the operation has no such parameter", piece);
		if (m == NULL)
			json_add(r->a, object, piece, json_new_str(r->a, below.list[0].value));
		else if (!read_value(r, m->shape, below, &value))
			return false;
		else
			json_add(r->a, object, m->name, value);
	}
	return true;
}

struct element {
	int64_t number;
	struct run run;
};

static int
compare_elements(const void *x, const void *y)
{
	int64_t a = ((const struct element *)x)->number, b = ((const struct element *)y)->number;

	return (a > b) - (a < b);
}

/* Steps over the word that stands between a list's or map's name and its numbers. */
static bool
step_over(struct reader *r, struct run *run, str word)
{
	struct run rest = *run, below;
	str piece;

	while (next_run(&rest, &piece, &below)) {
		if (!str_eq(piece, word))
			return invalid(r, "unexpected part of a parameter's name", piece);
	}
	return true;
}

/*
 * The sub-runs of a list or map, "1.…", "2.…", in the order of their numbers; word stands before
 * these, where the shape and the service have one.
 */
static bool
elements(struct reader *r, const struct aws_shape *shape, struct run run, str word,
    struct element **out, size_t *count)
{
	struct run below;
	str piece;

	if (!shape->flattened && !r->flat_lists && !step_over(r, &run, word))
		return false;
	*out = arena_new(r->a, struct element, run.count + 1);
	*count = 0;
	while (next_run(&run, &piece, &below)) {
		struct element *e = &(*out)[(*count)++];

		e->run = below;
		if (!str_to_i64(piece, &e->number) || e->number < 1)
			return invalid(r, "a list's elements bear numbers from 1, not", piece);
	}
	qsort(*out, *count, sizeof(**out), compare_elements);
	return true;
}

static bool
read_list(struct reader *r, const struct aws_shape *shape, struct run run, const struct json **out)
{
	struct json *list = json_new_array(r->a);
	struct element *element;
	size_t count;

	*out = list;
	if (is_empty(run))
		return true;
	if (is_text(run))
		return misplaced(r, run, out);
	if (!elements(r, shape, run, shape->item_name, &element, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct json *value;

		if (!read_value(r, shape->item, element[i].run, &value))
			return false;
		json_add(r->a, list, (str){ NULL, 0 }, value);
	}
	return true;
}

static bool
read_entry(struct reader *r, const struct aws_shape *shape, struct run run, struct json *map)
{
	const struct json *value = NULL;
	str key = { NULL, 0 }, piece = { NULL, 0 };
	struct run below;

	while (next_run(&run, &piece, &below)) {
		if (str_eq(piece, shape->key_name) && is_text(below))
			key = below.list[0].value;
		else if (!str_eq(piece, shape->value_name))
			return invalid(r, "unexpected part of a map's entry", piece);
		else if (!read_value(r, shape->item, below, &value))
			return false;
	}
	if (key.ptr == NULL || value == NULL)
		return invalid(r, "a map's entry lacks key or value", piece);
	if (json_get_str(map, key) != NULL)
		return invalid(r, "a map has this key twice", key);
	json_add(r->a, map, key, value);
	return true;
}

#define MAX_ENTRIES 1000

static bool
read_map(struct reader *r, const struct aws_shape *shape, struct run run, const struct json **out)
{
	struct json *map = json_new_object(r->a);
	struct element *element;
	size_t count;

	*out = map;
	if (is_empty(run))
		return true;
	if (is_text(run))
		return misplaced(r, run, out);
	if (!elements(r, shape, run, S("entry"), &element, &count))
		return false;
	if (count > MAX_ENTRIES)
		return err_code(r->err, ERR_TOO_LARGE, "ValidationError",
		    "a map has more than %d entries", MAX_ENTRIES);
	for (size_t i = 0; i < count; i++) {
		if (!read_entry(r, shape, element[i].run, map))
			return false;
	}
	return true;
}

static bool
read_deeper(
    struct reader *r, const struct aws_shape *shape, struct run run, const struct json **out)
{
	if (shape->kind == AWS_LIST)
		return read_list(r, shape, run, out);
	if (shape->kind == AWS_MAP)
		return read_map(r, shape, run, out);
	if (shape->kind == AWS_STRUCTURE)
		return is_text(run) ? misplaced(r, run, out) : read_structure(r, shape, run, out);
	if (run.list[0].name.len > 0)
		return invalid(
		    r, "nothing may stand below a plain value, as does", run.list[0].name);
	if (run.count > 1)
		return invalid(r, "a parameter is given twice, with the value", run.list[1].value);
	*out = text_of(r, run);
	return true;
}

static bool
read_value(struct reader *r, const struct aws_shape *shape, struct run run, const struct json **out)
{
	bool ok;

	if (++r->depth > FORM_MAX_DEPTH)
		return err_code(r->err, ERR_INVALID, "ValidationError",
		    "parameters are nested more than %d deep", FORM_MAX_DEPTH);
	ok = read_deeper(r, shape, run, out);
	r->depth--;
	return ok;
}

bool
wire_query_read(
    struct arena *a, const struct wire_request *w, const struct json **in, struct err *err)
{
	bool ec2 = w->operation->service->protocol == AWS_EC2;
	struct reader r = {
		.a = a,
		.names = ec2 ? FORM_EC2_REQUEST : FORM_NAMES,
		.flat_lists = ec2,
		.err = err,
	};
	struct run all;

	return split(&r, w->query, &all) && read_structure(&r, w->operation->input, all, in);
}
