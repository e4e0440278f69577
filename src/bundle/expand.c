/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/expand.c: ${scope.name} filled in, once.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/internal.h"

struct expansion {
	struct arena *a;
	const struct json *scopes;
	struct err *err;
};

static bool
absent(struct expansion *x, str name)
{
	return err_code(x->err, ERR_INVALID, "VariableAbsent", "${" STR_FMT "} has no value here",
	    STR_ARG(name));
}

static bool
is_config(str name)
{
	return str_starts(name, S("config."));
}

static bool
add_variable(struct expansion *x, struct buf *b, str name)
{
	const struct json *value = variable_find(x->scopes, name);

	if (value == NULL)
		return absent(x, name);
	if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY)
		return err_set(x->err, ERR_INVALID,
		    "${" STR_FMT "} is %s and cannot stand inside a text", STR_ARG(name),
		    json_kind_name(value->kind));
	buf_add(b, json_scalar(value));
	return true;
}

static bool
expand_text(struct expansion *x, const struct json *value, const struct json **out)
{
	str rest = json_str(value), name;
	struct buf b = buf_in(x->a);
	struct json *text;

	if (piece_is_whole(rest, &name)) {
		*out = variable_find(x->scopes, name);
		return *out != NULL || absent(x, name);
	}
	for (struct piece p; piece_next(&rest, &p);) {
		if (p.kind == PIECE_TEXT)
			buf_add(&b, p.text);
		else if (p.kind == PIECE_BROKEN)
			return err_set(x->err, ERR_INVALID, "'${' is not closed in '" STR_FMT "'",
			    STR_ARG(json_str(value)));
		else if (!add_variable(x, &b, p.text))
			return false;
	}
	text = json_new_str(x->a, buf_str(&b));
	text->line = value->line;
	text->column = value->column;
	*out = text;
	return true;
}

static bool
is_left_out(const struct expansion *x, const struct json *member)
{
	str name;

	return json_is(member, JSON_STRING) && piece_is_whole(member->text, &name) &&
	    is_config(name) && variable_find(x->scopes, name) == NULL;
}

static bool
expand(struct expansion *x, const struct json *value, const struct json **out)
{
	bool object = json_is(value, JSON_OBJECT);
	struct json *copy;

	if (json_is(value, JSON_STRING))
		return expand_text(x, value, out);
	if (!object && !json_is(value, JSON_ARRAY)) {
		*out = value;
		return true;
	}
	copy = json_new(x->a, value->kind);
	copy->line = value->line;
	copy->column = value->column;
	for (const struct json *m = json_first(value); m != NULL; m = m->next) {
		const struct json *filled;
		struct json *member;

		if (object && is_left_out(x, m))
			continue;
		if (!expand(x, m, &filled))
			return false;
		member = json_new(x->a, JSON_NULL);
		*member = *filled;
		member->key = m->key;
		member->next = NULL;
		json_append(copy, member);
	}
	*out = copy;
	return true;
}

bool
bundle_expand(struct arena *a, const struct json *value, const struct json *scopes,
    const struct json **out, struct err *err)
{
	struct expansion x = { a, scopes, err };

	return expand(&x, value, out);
}
