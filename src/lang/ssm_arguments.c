/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_arguments.c: what a start of an automation gives, held against the document's
 * parameters.
 *
 * The API gives every value as a list of texts; what that means depends on the parameter's type.
 * Texts of AWS are used where they are known (aws.md 3.2); that a pattern must match the whole
 * value is not documented and follows minimum.md 3.
 */
#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/regex.h"
#include "lang/ssm_values.h"

#define CODE "InvalidAutomationExecutionParametersException"

/* --- from texts to a typed value ----------------------------------------------------- */

/* A text that holds JSON of a kind; NULL where it does not. */
static const struct json *
json_inside(struct arena *a, const struct json *text, enum json_kind kind)
{
	const struct json *tree;
	struct err err;

	err_init(&err, a);
	if (!json_parse(a, json_str(text), &tree, &err) || tree->kind != kind)
		return NULL;
	return tree;
}

static const struct json *
list_of_texts(struct arena *a, const struct json *texts)
{
	const struct json *inside = NULL;

	if (json_count(texts) == 1)
		inside = json_inside(a, json_at(texts, 0), JSON_ARRAY);
	return ssm_texts(a, inside == NULL ? texts : inside);
}

static const struct json *
list_of_maps(struct arena *a, const struct json *texts)
{
	struct json *list = json_new_array(a);
	const struct json *inside = NULL;

	if (json_count(texts) == 1)
		inside = json_inside(a, json_at(texts, 0), JSON_ARRAY);
	for (const struct json *e = json_first(inside == NULL ? texts : inside); e != NULL;
	     e = e->next) {
		const struct json *map =
		    e->kind == JSON_OBJECT ? e : json_inside(a, e, JSON_OBJECT);

		if (map == NULL)
			return NULL;
		json_push(a, list, map);
	}
	return list;
}

/* NULL where texts are no value of the type. */
static const struct json *
typed_value(struct arena *a, enum ssm_type type, const struct json *texts)
{
	const struct json *only = json_count(texts) == 1 ? json_at(texts, 0) : NULL;
	int64_t whole;

	switch (type) {
	case SSM_STRING:
		return only;
	case SSM_STRING_LIST:
		return list_of_texts(a, texts);
	case SSM_BOOLEAN:
		if (str_eq_nocase(json_str(only), S("true")))
			return json_new_bool(a, true);
		return str_eq_nocase(json_str(only), S("false")) ? json_new_bool(a, false) : NULL;
	case SSM_INTEGER:
		return str_to_i64(json_str(only), &whole) ? json_new_i64(a, whole) : NULL;
	case SSM_STRING_MAP:
		return only == NULL ? NULL : json_inside(a, only, JSON_OBJECT);
	case SSM_MAP_LIST:
		return list_of_maps(a, texts);
	}
	return NULL;
}

/* --- constraints --------------------------------------------------------------------- */

static bool
check_type(const struct ssm_parameter *p, struct err *err)
{
	static const char *const words[] = {
		[SSM_STRING] = "string",
		[SSM_STRING_LIST] = "list of strings",
		[SSM_BOOLEAN] = "boolean",
		[SSM_INTEGER] = "integer",
		[SSM_STRING_MAP] = "map of strings",
		[SSM_MAP_LIST] = "list of maps",
	};

	return err_code(err, ERR_INVALID, CODE,
	    "Parameter type error. The value supplied for " STR_FMT " is not a valid %s.",
	    STR_ARG(p->name), words[p->type]);
}

static str
allowed_list(struct arena *a, const struct json *allowed)
{
	struct buf b = buf_in(a);

	buf_char(&b, '[');
	for (const struct json *e = json_first(allowed); e != NULL; e = e->next)
		buf_fmt(&b, "%s" STR_FMT, e == json_first(allowed) ? "" : ", ",
		    STR_ARG(ssm_text(a, e)));
	buf_char(&b, ']');
	return buf_str(&b);
}

static bool
check_allowed(struct arena *a, const struct ssm_parameter *p, str text, struct err *err)
{
	for (const struct json *e = json_first(p->allowed_values); e != NULL; e = e->next) {
		if (str_eq(ssm_text(a, e), text))
			return true;
	}
	return p->allowed_values == NULL ||
	    err_code(err, ERR_INVALID, CODE,
		"Parameter \"" STR_FMT "\" has value \"" STR_FMT "\" not found in " STR_FMT ".",
		STR_ARG(p->name), STR_ARG(text), STR_ARG(allowed_list(a, p->allowed_values)));
}

static bool
check_pattern(const struct ssm_parameter *p, str text, struct err *err)
{
	bool matches = false;

	if (p->allowed_pattern.len == 0)
		return true;
	if (!regex_matches_whole(p->allowed_pattern, text, &matches, err)) {
		err->code = S(CODE);
		return false;
	}
	return matches ||
	    err_code(err, ERR_INVALID, CODE,
		"Parameter \"" STR_FMT "\" has value \"" STR_FMT "\" that does not match the "
		"allowed pattern " STR_FMT ".",
		STR_ARG(p->name), STR_ARG(text), STR_ARG(p->allowed_pattern));
}

static int64_t
count_characters(str text)
{
	int64_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += (text.ptr[i] & 0xc0) != 0x80;
	return n;
}

static bool
check_range(const struct ssm_parameter *p, const char *what, int64_t count, int64_t min,
    int64_t max, struct err *err)
{
	if (count < min)
		return err_code(err, ERR_INVALID, CODE,
		    "Parameter \"" STR_FMT "\" has %" PRId64 " %s; the least is %" PRId64 ".",
		    STR_ARG(p->name), count, what, min);
	if (max >= 0 && count > max)
		return err_code(err, ERR_INVALID, CODE,
		    "Parameter \"" STR_FMT "\" has %" PRId64 " %s; the most is %" PRId64 ".",
		    STR_ARG(p->name), count, what, max);
	return true;
}

/* What a reference would be if values were expanded twice is refused instead. */
static bool
check_no_reference(const struct ssm_parameter *p, str text, struct err *err)
{
	size_t at = 0, begin, end;
	str name;

	if (!ssm_reference_next(text, &at, &begin, &end, &name))
		return true;
	return err_code(err, ERR_INVALID, CODE,
	    "Parameter \"" STR_FMT "\" has a value with {{ " STR_FMT " }}, which only a document "
	    "may hold.",
	    STR_ARG(p->name), STR_ARG(name));
}

static bool
check_element(
    struct arena *a, const struct ssm_parameter *p, const struct json *element, struct err *err)
{
	str text = ssm_text(a, element);

	return check_no_reference(p, text, err) && check_allowed(a, p, text, err) &&
	    check_pattern(p, text, err) &&
	    (p->type != SSM_STRING ||
		check_range(
		    p, "characters", count_characters(text), p->min_chars, p->max_chars, err));
}

bool
ssm_argument_check(struct arena *a, const struct ssm_parameter *p, const struct json *texts,
    const struct json **out, struct err *err)
{
	const struct json *value;

	for (const struct json *t = json_first(texts); t != NULL; t = t->next) {
		if (t->kind != JSON_STRING)
			return check_type(p, err);
	}
	value = typed_value(a, p->type, texts);
	if (value == NULL)
		return check_type(p, err);
	if (!json_is(value, JSON_ARRAY)) {
		if (!check_element(a, p, value, err))
			return false;
	} else if (!check_range(
		       p, "items", (int64_t)json_count(value), p->min_items, p->max_items, err)) {
		return false;
	}
	for (const struct json *e = json_is(value, JSON_ARRAY) ? json_first(value) : NULL;
	     e != NULL; e = e->next) {
		if (!check_element(a, p, e, err))
			return false;
	}
	*out = value;
	return true;
}

/* --- all of them --------------------------------------------------------------------- */

/* A default as a value of its type: documents may write true and "true", 3 and "3". */
static const struct json *
default_value(struct arena *a, const struct ssm_parameter *p, const struct json *filled)
{
	if (p->type == SSM_STRING_MAP || p->type == SSM_MAP_LIST)
		return filled;
	return typed_value(a, p->type, ssm_texts(a, filled));
}

static bool
take_default(struct arena *a, const struct ssm_parameter *p, ssm_lookup *lookup, void *cookie,
    const struct json **out, struct err *err)
{
	const struct json *filled = p->default_value;

	if (filled == NULL)
		return err_code(err, ERR_INVALID, CODE,
		    "Missing required parameter: " STR_FMT " in user inputs.", STR_ARG(p->name));
	if (lookup != NULL && !ssm_substitute(a, filled, lookup, cookie, &filled, err)) {
		err->code = S(CODE);
		return err_prefix(err, "Parameter \"" STR_FMT "\"", STR_ARG(p->name));
	}
	*out = default_value(a, p, filled);
	return *out != NULL || check_type(p, err);
}

static bool
check_unknown(const struct ssm_document *d, const struct json *given, struct err *err)
{
	for (const struct json *m = json_first(given); m != NULL; m = m->next) {
		if (ssm_parameter_find(d, m->key) == NULL)
			return err_code(err, ERR_INVALID, CODE,
			    "Unknown parameter: " STR_FMT " in user inputs.", STR_ARG(m->key));
	}
	return true;
}

bool
ssm_arguments_check(struct arena *a, const struct ssm_document *d, const struct json *given,
    ssm_lookup *lookup, void *cookie, struct ssm_arguments *out, struct err *err)
{
	struct json *values = json_new_object(a), *texts = json_new_object(a);

	if (!check_unknown(d, given, err))
		return false;
	for (size_t i = 0; i < d->parameter_count; i++) {
		const struct ssm_parameter *p = &d->parameters[i];
		const struct json *value, *mine = json_get_str(given, p->name);

		if (mine != NULL ? !ssm_argument_check(a, p, mine, &value, err)
				 : !take_default(a, p, lookup, cookie, &value, err))
			return false;
		json_put_key(a, values, p->name, value);
		json_put_key(a, texts, p->name, ssm_texts(a, value));
	}
	if (!ssm_value_fits(a, "all parameters together are", values, err)) {
		err->code = S(CODE);
		return false;
	}
	*out = (struct ssm_arguments){ values, texts };
	return true;
}
