/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_values.c: how values move through an automation: into inputs by {{ substitution }},
 * out of answers by selectors, and into texts.
 */
#include "lang/ssm_values.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/jsonpath.h"
#include "lang/ssm_internal.h"

/* --- texts --------------------------------------------------------------------------- */

str
ssm_text(struct arena *a, const struct json *value)
{
	if (value == NULL || value->kind == JSON_NULL)
		return (str){ 0 };
	if (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT)
		return json_text(a, value);
	return json_scalar(value);
}

const struct json *
ssm_texts(struct arena *a, const struct json *value)
{
	struct json *list = json_new_array(a);

	if (!json_is(value, JSON_ARRAY)) {
		json_push_str(a, list, ssm_text(a, value));
		return list;
	}
	for (const struct json *e = json_first(value); e != NULL; e = e->next)
		json_push_str(a, list, ssm_text(a, e));
	return list;
}

bool
ssm_value_fits(struct arena *a, const char *what, const struct json *value, struct err *err)
{
	if (ssm_is_too_deep(value))
		return err_set(
		    err, ERR_TOO_LARGE, "%s nested more than %d levels deep", what, SSM_MAX_DEPTH);
	return json_text(a, value).len <= SSM_MAX_VALUE_BYTES ||
	    err_set(err, ERR_TOO_LARGE, "%s larger than %zu bytes", what, SSM_MAX_VALUE_BYTES);
}

/* --- substitution -------------------------------------------------------------------- */

struct substitution {
	struct arena *a;
	ssm_lookup *lookup;
	void *cookie;
	size_t filled; /* bytes so far: a small document may name a large value many times */
	struct err *err;
};

static const struct json *
look_up(struct substitution *s, str name, str *text)
{
	const struct json *value = s->lookup(s->cookie, s->a, name);

	if (value == NULL) {
		err_set(s->err, ERR_INVALID, "{{ " STR_FMT " }} has no value", STR_ARG(name));
		return NULL;
	}
	*text = ssm_text(s->a, value);
	s->filled += text->len;
	if (s->filled <= SSM_MAX_VALUE_BYTES)
		return value;
	err_set(s->err, ERR_TOO_LARGE, "the values filled in are larger than %zu bytes",
	    SSM_MAX_VALUE_BYTES);
	return NULL;
}

/* NULL where a name has no value. */
static const struct json *
fill_text(struct substitution *s, const struct json *text)
{
	struct buf b = buf_in(s->a);
	size_t at = 0, from = 0, begin, end;
	const struct json *value;
	struct json *filled;
	str name, shown;

	if (ssm_reference_whole(text->text, &name))
		return look_up(s, name, &shown);
	while (ssm_reference_next(text->text, &at, &begin, &end, &name)) {
		value = look_up(s, name, &shown);
		if (value == NULL)
			return NULL;
		buf_add(&b, str_sub(text->text, from, begin - from));
		buf_add(&b, shown);
		from = end;
	}
	if (from == 0)
		return text;
	buf_add(&b, str_from(text->text, from));
	filled = json_new_str(s->a, buf_str(&b));
	filled->line = text->line;
	filled->column = text->column;
	return filled;
}

static const struct json *
fill(struct substitution *s, const struct json *value)
{
	struct json *copy;

	if (value->kind == JSON_STRING)
		return fill_text(s, value);
	if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT)
		return value;
	copy = json_new(s->a, value->kind);
	copy->line = value->line;
	copy->column = value->column;
	for (const struct json *m = json_first(value); m != NULL; m = m->next) {
		const struct json *filled = fill(s, m);

		if (filled == NULL)
			return NULL;
		if (value->kind == JSON_ARRAY)
			json_push(s->a, copy, filled);
		else
			json_put_key(s->a, copy, m->key, filled);
	}
	return copy;
}

bool
ssm_substitute(struct arena *a, const struct json *value, ssm_lookup *lookup, void *cookie,
    const struct json **out, struct err *err)
{
	struct substitution s = { a, lookup, cookie, 0, err };
	const struct json *filled = value == NULL ? json_new_object(a) : fill(&s, value);

	if (filled == NULL || !ssm_value_fits(a, "what is filled in is", filled, err))
		return false;
	*out = filled;
	return true;
}

/* --- outputs ------------------------------------------------------------------------- */

static const struct json *
empty_value(struct arena *a, enum ssm_type type)
{
	switch (type) {
	case SSM_STRING_LIST:
	case SSM_MAP_LIST:
		return json_new_array(a);
	case SSM_STRING_MAP:
		return json_new_object(a);
	case SSM_STRING:
	case SSM_BOOLEAN:
	case SSM_INTEGER:
		break;
	}
	return json_new_str(a, S(""));
}

/* A list of one element stands for it where a scalar is wanted (AWS's type conversions). */
static const struct json *
only_element(const struct json *value)
{
	return json_is(value, JSON_ARRAY) && json_count(value) == 1 ? json_at(value, 0) : value;
}

static const struct json *
as_texts(struct arena *a, const struct json *value)
{
	return json_is(value, JSON_OBJECT) ? NULL : ssm_texts(a, value);
}

/* The value as one of the type, or NULL where it cannot be. */
static const struct json *
convert(struct arena *a, enum ssm_type type, const struct json *value)
{
	const struct json *one = only_element(value);
	str text = json_scalar(one);
	int64_t whole;

	switch (type) {
	case SSM_STRING:
		return json_new_str(a, ssm_text(a, one));
	case SSM_STRING_LIST:
		return as_texts(a, value);
	case SSM_BOOLEAN:
		if (str_eq_nocase(text, S("true")) || str_eq_nocase(text, S("false")))
			return json_new_bool(a, str_eq_nocase(text, S("true")));
		return NULL;
	case SSM_INTEGER:
		return str_to_i64(text, &whole) ? json_new_i64(a, whole) : NULL;
	case SSM_STRING_MAP:
		return json_is(one, JSON_OBJECT) ? one : NULL;
	case SSM_MAP_LIST:
		for (const struct json *e = json_first(value); e != NULL; e = e->next) {
			if (e->kind != JSON_OBJECT)
				return NULL;
		}
		return json_is(value, JSON_ARRAY) ? value : NULL;
	}
	return NULL;
}

/* Several nodes, or what a deep scan or a filter found, are a list. */
static const struct json *
as_value(struct arena *a, const struct ssm_output *o, const struct jsonpath_nodes *nodes)
{
	struct json *list;

	if (jsonpath_is_singular(o->selector))
		return nodes->list[0];
	list = json_new_array(a);
	for (size_t i = 0; i < nodes->count; i++)
		json_push(a, list, nodes->list[i]);
	return list;
}

/*
 * What AWS does with an absent path is not documented (aws.md 3.5, tagged ?); that an absent
 * leaf does not fail is what the documents of Service Workbench rely on.
 */
static bool
select_absent(struct arena *a, const struct ssm_output *o, const struct json *answer,
    const struct json **out, struct err *err)
{
	const struct jsonpath *parent = jsonpath_parent(o->selector, a);
	const struct json *holder = answer;

	if (parent != NULL && jsonpath_is_singular(o->selector) &&
	    !jsonpath_find(parent, a, answer, &holder, err))
		return false;
	if (holder == NULL)
		return err_set(err, ERR_INVALID,
		    "The selector " STR_FMT " of output " STR_FMT " finds nothing in the answer",
		    STR_ARG(o->selector_text), STR_ARG(o->name));
	*out = empty_value(a, o->type);
	return true;
}

bool
ssm_output_select(struct arena *a, const struct ssm_output *output, const struct json *answer,
    const struct json **out, struct err *err)
{
	struct jsonpath_nodes nodes = { 0 };
	const struct json *value;

	if (!jsonpath_select(output->selector, a, answer, &nodes, err))
		return false;
	if (nodes.count == 0 || (nodes.count == 1 && json_is(nodes.list[0], JSON_NULL)))
		return select_absent(a, output, answer, out, err);
	value = convert(a, output->type, as_value(a, output, &nodes));
	if (value == NULL)
		return err_set(err, ERR_INVALID,
		    "The value that " STR_FMT " selects for output " STR_FMT " is no %s",
		    STR_ARG(output->selector_text), STR_ARG(output->name),
		    ssm_type_name(output->type));
	*out = value;
	return true;
}

/* --- durations ----------------------------------------------------------------------- */

#define MAX_SLEEP_S INT64_C(604799) /* just under a week */

/* "10M": a whole number and its unit, which must come in the order of units. */
static bool
take_part(str *rest, const char **units, int64_t *number, char *unit)
{
	size_t digits = 0;

	while (digits < rest->len && rest->ptr[digits] >= '0' && rest->ptr[digits] <= '9')
		digits++;
	if (digits == 0 || digits == rest->len || digits > 9 ||
	    !str_to_i64(str_sub(*rest, 0, digits), number))
		return false;
	*unit = rest->ptr[digits];
	*rest = str_from(*rest, digits + 1);
	while (**units != '\0' && **units != *unit)
		(*units)++;
	return *(*units) != '\0' && *(*units)++ == *unit;
}

bool
ssm_duration_parse(str text, int64_t *ms)
{
	const char *units = "DHMS";
	bool in_time = false, any = false;
	int64_t seconds = 0, number;
	char unit;

	if (!str_starts(text, S("P")))
		return false;
	for (text = str_from(text, 1); text.len > 0; any = true) {
		if (text.ptr[0] == 'T' && !in_time) {
			in_time = true;
			text = str_from(text, 1);
		}
		if (!take_part(&text, &units, &number, &unit) || (unit == 'D') == in_time)
			return false;
		seconds += number *
		    (unit == 'D'          ? 86400
			    : unit == 'H' ? 3600
			    : unit == 'M' ? 60
					  : 1);
	}
	if (!any || seconds > MAX_SLEEP_S)
		return false;
	*ms = seconds * 1000;
	return true;
}
