/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/transform.c: what a target is sent: the event, a constant, a part, or a template.
 *
 * A template is text with <variables>. Within double quotes a variable is the bare text of its
 * value, elsewhere its JSON; a path that leads nowhere gives nothing. "\<" is a plain "<".
 */
#include "cloud/events/internal.h"

#include "base/buf.h"
#include "base/clock.h"
#include "lang/jsonpath.h"

struct scene {
	struct arena *a;
	const struct json *target, *event;
	const struct events_origin *origin;
};

/* --- variables -------------------------------------------------------------------------- */

static const struct json *
select_path(struct arena *a, str path, const struct json *event)
{
	const struct jsonpath *compiled;
	const struct json *found = NULL;
	struct err err;

	/* The path was compiled when the target was put: what fails here selects nothing. */
	err_init(&err, a);
	if (!jsonpath_parse(a, path, &compiled, &err) ||
	    !jsonpath_find(compiled, a, event, &found, &err))
		return NULL;
	return found;
}

static const struct json *
rule_arn(const struct scene *s)
{
	return json_new_str(s->a, s->origin->rule_arn);
}

static const struct json *
rule_name(const struct scene *s)
{
	return json_new_str(s->a, s->origin->rule_name);
}

static const struct json *
ingestion_time(const struct scene *s)
{
	return json_new_str(s->a, time_iso_ms(s->a, s->origin->ingested_ms));
}

/* Without its detail, and with a name that a template language can take. */
static const struct json *
event_without_detail(const struct scene *s)
{
	struct json *out = json_new_object(s->a);

	for (const struct json *m = json_first(s->event); m != NULL; m = m->next)
		if (!str_is(m->key, "detail"))
			json_put_key(
			    s->a, out, str_is(m->key, "detail-type") ? S("detailType") : m->key, m);
	return out;
}

static const struct json *
whole_event(const struct scene *s)
{
	return s->event;
}

static const struct {
	const char *name;
	const struct json *(*value)(const struct scene *s);
} predefined[] = {
	{ "aws.events.event", event_without_detail },
	{ "aws.events.event.ingestion-time", ingestion_time },
	{ "aws.events.event.json", whole_event },
	{ "aws.events.rule-arn", rule_arn },
	{ "aws.events.rule-name", rule_name },
};

static const struct json *
path_of(const struct json *target, str name)
{
	return json_get_str(json_path(target, "InputTransformer", "InputPathsMap", NULL), name);
}

static bool
is_defined(const struct json *target, str name)
{
	for (size_t i = 0; i < countof(predefined); i++)
		if (str_is(name, predefined[i].name))
			return true;
	return path_of(target, name) != NULL;
}

static const struct json *
variable(const struct scene *s, str name)
{
	for (size_t i = 0; i < countof(predefined); i++)
		if (str_is(name, predefined[i].name))
			return predefined[i].value(s);
	return select_path(s->a, json_str(path_of(s->target, name)), s->event);
}

/* --- templates --------------------------------------------------------------------------- */

static bool
is_name(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			c == '_' || c == '-' || c == '.'))
			return false;
	}
	return s.len > 0;
}

/* A template's next piece: a variable's name, or one byte of text. */
struct piece {
	bool variable, quoted;
	str text;
};

/* Cuts it off rest; quoted is what holds before and is kept over calls. */
static bool
next_piece(str *rest, bool *quoted, struct piece *out)
{
	size_t end = str_find_char(*rest, '>');
	str name = str_sub(*rest, 1, end == 0 ? 0 : end - 1);

	if (rest->len == 0)
		return false;
	*out = (struct piece){ .quoted = *quoted, .text = str_sub(*rest, 0, 1) };
	if (rest->ptr[0] == '<' && end < rest->len && is_name(name)) {
		out->variable = true;
		out->text = name;
		*rest = str_from(*rest, end + 1);
		return true;
	}
	if (rest->ptr[0] == '\\' && rest->len > 1) {
		bool bracket = rest->ptr[1] == '<' || rest->ptr[1] == '>';

		out->text = bracket ? str_sub(*rest, 1, 1) : str_sub(*rest, 0, 2);
		*rest = str_from(*rest, 2);
		return true;
	}
	if (rest->ptr[0] == '"')
		*quoted = !*quoted;
	*rest = str_from(*rest, 1);
	return true;
}

/* Within quotes: texts bare, lists and objects as JSON without quotes. */
static str
bare(struct arena *a, const struct json *v)
{
	if (v->kind == JSON_OBJECT || v->kind == JSON_ARRAY)
		return str_replace(a, json_text(a, v), S("\""), S(""));
	return v->kind == JSON_NULL ? S("null") : json_scalar(v);
}

static str
fill(const struct scene *s)
{
	str rest = json_str(json_path(s->target, "InputTransformer", "InputTemplate", NULL));
	struct buf out = buf_in(s->a);
	struct piece p;

	for (bool quoted = false; next_piece(&rest, &quoted, &p);) {
		const struct json *v = p.variable ? variable(s, p.text) : NULL;

		if (!p.variable)
			buf_add(&out, p.text);
		else if (v != NULL && p.quoted)
			buf_add(&out, bare(s->a, v));
		else if (v != NULL)
			json_write(&out, v);
	}
	return buf_str(&out);
}

str
events_transform(struct arena *a, const struct json *target, const struct json *event,
    const struct events_origin *origin)
{
	const struct scene s = { a, target, event, origin };
	const struct json *input = json_get(target, "Input"), *path = json_get(target, "InputPath");

	if (input != NULL)
		return json_str(input);
	if (path != NULL)
		return json_text(a, select_path(a, json_str(path), event));
	if (json_get(target, "InputTransformer") != NULL)
		return fill(&s);
	return json_text(a, event);
}

/* --- checks ---------------------------------------------------------------------------------- */

static bool
refuse(const struct json *target, struct err *err, const char *what, str which)
{
	str id = json_str(json_get(target, "Id"));

	return err_code(err, ERR_INVALID, "ValidationException",
	    "%s for target " STR_FMT "%s" STR_FMT, what, STR_ARG(id), which.len > 0 ? ": " : ".",
	    STR_ARG(which));
}

static bool
check_path(struct call *c, const struct json *target, const struct json *path, struct err *err)
{
	const struct jsonpath *compiled;

	if (path == NULL || jsonpath_parse(c->a, json_str(path), &compiled, err))
		return true;
	return refuse(target, err, "Invalid path",
	    str_cat(c->a, str_cat(c->a, json_str(path), S(", ")), err->msg));
}

static bool
check_template(struct call *c, const struct json *target, struct err *err)
{
	const struct json *transformer = json_get(target, "InputTransformer");
	str rest = json_str(json_get(transformer, "InputTemplate"));
	struct piece p;

	for (const struct json *m = json_first(json_get(transformer, "InputPathsMap")); m != NULL;
	     m = m->next)
		if (!check_path(c, target, m, err))
			return false;
	for (bool quoted = false; next_piece(&rest, &quoted, &p);)
		if (p.variable && !is_defined(target, p.text))
			return err_code(err, ERR_INVALID, "ValidationException",
			    "InputTemplate for target " STR_FMT
			    " contains invalid placeholder " STR_FMT ".",
			    STR_ARG(json_str(json_get(target, "Id"))), STR_ARG(p.text));
	return true;
}

bool
events_transform_check(struct call *c, const struct json *target, struct err *err)
{
	const struct json *input = json_get(target, "Input"), *path = json_get(target, "InputPath");
	const struct json *transformer = json_get(target, "InputTransformer"), *parsed;

	if ((input != NULL) + (path != NULL) + (transformer != NULL) > 1)
		return refuse(target, err,
		    "Only one of Input, InputPath, or InputTransformer must be provided", S(""));
	if (input != NULL && !json_parse_last(c->a, json_str(input), &parsed, err))
		return refuse(target, err, "JSON syntax error in input", err->msg);
	return check_path(c, target, path, err) && check_template(c, target, err);
}
