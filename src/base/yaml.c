/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/yaml.c: libyaml's events become the tree of base/json.h.
 *
 * libyaml scans and parses; everything that makes YAML dangerous is decided here, on the way from
 * event to node: depth, number of nodes, aliases (which share what they name, and are counted as
 * if they did not), duplicate and merge keys, tags. What plain scalars and tags mean is in
 * yaml_tags.c.
 */
#include "base/yaml.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/yaml_tags.h"

#define MAX_ANCHORS 256
#define BYTES_OF_A_NODE 32 /* so much text counts as one node more */

struct anchor {
	struct anchor *older;
	str name;
	const struct json *value; /* NULL while its value is being read */
};

struct parser {
	struct arena *a;
	yaml_parser_t yaml;
	str text;
	enum yaml_tags tags;
	int depth;
	size_t cost;
	struct anchor *anchors;
	size_t anchor_count;
	struct err *err;
};

#define auto_event __attribute__((cleanup(yaml_event_delete))) yaml_event_t

#define fail(p, mark, ...) fail_at((p), ERR_INVALID, (mark), __VA_ARGS__)

static bool fail_at(struct parser *p, enum err_kind kind, const yaml_mark_t *mark, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

static bool
fail_at(struct parser *p, enum err_kind kind, const yaml_mark_t *mark, const char *fmt, ...)
{
	va_list args;
	str what;

	va_start(args, fmt);
	what = str_vfmt(p->a, fmt, args);
	va_end(args);
	return err_set(
	    p->err, kind, "%zu:%zu: " STR_FMT, mark->line + 1, mark->column + 1, STR_ARG(what));
}

/* What libyaml says, and what its reader should do about it. */
static const struct {
	const char *problem;
	const char *context;                          /* NULL: any */
	enum { NOTICED, BEGAN, NOTICED_BEGAN } place; /* what tells more: either, or both */
	const char *words;
} problems[] = {
	{ "block sequence entries are not allowed in this context", NULL, NOTICED,
	    "a list cannot begin here: put its first '-' on a line of its own" },
	{ "could not find expected ':'", NULL, BEGAN,
	    "a ':' must follow this key; or the text needs quotes; or the line is indented wrongly" },
	{ "did not find expected ',' or ']'", NULL, NOTICED_BEGAN, "',' or ']' must stand here" },
	{ "did not find expected ',' or '}'", NULL, NOTICED_BEGAN, "',' or '}' must stand here" },
	{ "did not find expected '-' indicator", NULL, NOTICED,
	    "a '-' or the end of the list must stand here: the line is indented unlike its "
	    "neighbours" },
	{ "did not find expected <document start>", NULL, NOTICED,
	    "only one value may stand at the top: the line is indented unlike its neighbours, or "
	    "something stands before the first key" },
	{ "did not find expected alphabetic or numeric character", "while scanning an alias", BEGAN,
	    "text that begins with '*' needs quotes (without them, it names an anchor)" },
	{ "did not find expected alphabetic or numeric character", "while scanning an anchor",
	    BEGAN, "text that begins with '&' needs quotes (without them, it is an anchor)" },
	{ "did not find expected key", NULL, NOTICED,
	    "a key must stand here: the line is indented unlike its neighbours, or the text before "
	    "it is quoted only in part" },
	{ "did not find expected node content", NULL, NOTICED, "a value must stand here" },
	{ "found a tab character that violates indentation", NULL, NOTICED,
	    "a tab cannot indent: use blanks" },
	{ "found a tab character where an indentation space is expected", NULL, NOTICED,
	    "a tab cannot indent: use blanks" },
	{ "found character that cannot start any token", NULL, NOTICED,
	    "text cannot begin with this character (a tab, '@', '`' or '%'): indent with blanks, put "
	    "text in quotes" },
	{ "found undefined tag handle", NULL, BEGAN, "this tag's handle is not declared by %TAG" },
	{ "found unexpected document indicator", NULL, BEGAN,
	    "the quoted text that begins here does not end before the document does" },
	{ "found unexpected end of stream", NULL, BEGAN,
	    "the quoted text that begins here does not end" },
	{ "found unknown escape character", NULL, NOTICED,
	    "unknown escape: in double quotes a '\\' must be doubled; single quotes keep it as it is" },
	{ "mapping keys are not allowed in this context", NULL, NOTICED,
	    "a key cannot stand here: put it on a line of its own" },
	{ "mapping values are not allowed in this context", NULL, NOTICED,
	    "a ':' cannot stand here: put the text in quotes, or indent the line as its neighbours" },
};

/* The bytes could not be read as characters: libyaml gives an offset instead of a mark. */
static bool
fail_reader(struct parser *p)
{
	yaml_mark_t mark = { 0 };
	str before = str_sub(p->text, 0, p->yaml.problem_offset);

	for (str line; str_cut(&before, '\n', &line); mark.column = line.len)
		mark.line++;
	mark.line -= mark.line > 0;
	return fail(p, &mark, "%s (0x%x)", p->yaml.problem, (unsigned)p->yaml.problem_value);
}

static bool
fail_problem(struct parser *p, size_t i)
{
	const yaml_mark_t *noticed = &p->yaml.problem_mark, *began = &p->yaml.context_mark;
	const char *words = problems[i].words;

	if (p->yaml.context == NULL || problems[i].place == NOTICED)
		return fail(p, noticed, "%s", words);
	if (problems[i].place == BEGAN)
		return fail(p, began, "%s", words);
	return fail(p, noticed, "%s, after what begins at %zu:%zu", words, began->line + 1,
	    began->column + 1);
}

static bool
fail_library(struct parser *p)
{
	const char *problem = p->yaml.problem, *context = p->yaml.context;

	if (p->yaml.error == YAML_READER_ERROR)
		return fail_reader(p);
	assert(p->yaml.error != YAML_MEMORY_ERROR && problem != NULL);
	for (size_t i = 0; i < countof(problems); i++) {
		bool here = problems[i].context == NULL ||
		    (context != NULL && strcmp(problems[i].context, context) == 0);

		if (here && strcmp(problems[i].problem, problem) == 0)
			return fail_problem(p, i);
	}
	return fail(p, &p->yaml.problem_mark, "%s%s%s", problem, context == NULL ? "" : " ",
	    context == NULL ? "" : context);
}

static bool
next(struct parser *p, yaml_event_t *event)
{
	return yaml_parser_parse(&p->yaml, event) || fail_library(p);
}

static bool
charge(struct parser *p, const yaml_mark_t *mark, str text)
{
	p->cost += 1 + text.len / BYTES_OF_A_NODE;
	if (p->cost <= YAML_MAX_NODES)
		return true;
	return fail_at(p, ERR_TOO_LARGE, mark,
	    "too much content: at most %d values, with every alias counted as what it stands for",
	    YAML_MAX_NODES);
}

static bool
deeper(struct parser *p, const yaml_mark_t *mark, int depth)
{
	return depth <= JSON_MAX_DEPTH ||
	    fail(p, mark, "nested too deeply: at most %d levels", JSON_MAX_DEPTH);
}

static str
event_text(const yaml_char_t *text, size_t len)
{
	return (str){ (const char *)text, len };
}

static str
event_name(const yaml_char_t *z)
{
	return str_of((const char *)z);
}

/* --- anchors and aliases --------------------------------------------------------------- */

static bool
add_anchor(struct parser *p, const yaml_event_t *e, const yaml_char_t *name, struct anchor **out)
{
	struct anchor *anchor;

	*out = NULL;
	if (name == NULL)
		return true;
	if (++p->anchor_count > MAX_ANCHORS)
		return fail_at(
		    p, ERR_TOO_LARGE, &e->start_mark, "more than %d anchors", MAX_ANCHORS);
	anchor = arena_new(p->a, struct anchor, 1);
	*anchor = (struct anchor){ p->anchors, str_dup(p->a, event_name(name)), NULL };
	p->anchors = anchor;
	*out = anchor;
	return true;
}

static const struct anchor *
find_anchor(const struct parser *p, str name)
{
	const struct anchor *anchor = p->anchors;

	while (anchor != NULL && !str_eq(anchor->name, name))
		anchor = anchor->older;
	return anchor;
}

/* Counts an alias as what it stands for, in number and in depth. */
static bool
charge_tree(struct parser *p, const yaml_mark_t *mark, const struct json *j, int depth)
{
	bool parent = j->kind == JSON_ARRAY || j->kind == JSON_OBJECT;

	if (!charge(p, mark, json_scalar(j)) || !charge(p, mark, j->key))
		return false;
	if (!parent)
		return true;
	if (!deeper(p, mark, ++depth))
		return false;
	for (const struct json *m = j->first; m != NULL; m = m->next)
		if (!charge_tree(p, mark, m, depth))
			return false;
	return true;
}

static bool
read_alias(struct parser *p, const yaml_event_t *e, struct json *out)
{
	str name = event_name(e->data.alias.anchor);
	const struct anchor *anchor = find_anchor(p, name);

	if (anchor == NULL)
		return fail(p, &e->start_mark,
		    "no value before this is anchored as '&" STR_FMT
		    "' (text that begins with '*' needs quotes)",
		    STR_ARG(name));
	if (anchor->value == NULL)
		return fail(p, &e->start_mark,
		    "the alias '*" STR_FMT "' stands inside what it names", STR_ARG(name));
	if (!charge_tree(p, &e->start_mark, anchor->value, p->depth))
		return false;
	out->kind = anchor->value->kind;
	if (anchor->value->kind == JSON_NUMBER || anchor->value->kind == JSON_STRING) {
		out->text = anchor->value->text;
	} else {
		out->count = anchor->value->count;
		out->first = anchor->value->first;
		out->last = anchor->value->last;
	}
	return true;
}

/* --- nodes ----------------------------------------------------------------------------- */

static bool read_node(struct parser *p, const yaml_event_t *e, struct json *out);

static bool
read_sequence(struct parser *p, struct json *out)
{
	out->kind = JSON_ARRAY;
	for (;;) {
		auto_event e = { 0 };
		struct json *element;

		if (!next(p, &e))
			return false;
		if (e.type == YAML_SEQUENCE_END_EVENT)
			return true;
		element = json_new(p->a, JSON_NULL);
		if (!read_node(p, &e, element))
			return false;
		json_append(out, element);
	}
}

/* A key is text whatever it looks like: 1, true and null are names here. */
static bool
read_key(struct parser *p, const yaml_event_t *e, struct json *member)
{
	const yaml_mark_t *at = &e->start_mark;
	bool scalar = e->type == YAML_SCALAR_EVENT;
	str text = scalar ? event_text(e->data.scalar.value, e->data.scalar.length) : (str){ 0 };
	struct json *value;

	if (!scalar && e->type != YAML_ALIAS_EVENT)
		return fail(p, at, "a key must be text, not a list or a mapping");
	if (str_is(text, "<<") && e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return fail(p, at, "merge keys ('<<') are not supported: write the members out");
	value = json_new(p->a, JSON_NULL); /* an anchor may name it */
	if (!read_node(p, e, value))
		return false;
	if (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY)
		return fail(p, at, "a key must be text, not a list, a mapping or a function");
	member->key = scalar ? str_dup(p->a, text) : json_scalar(value);
	member->key_line = (uint32_t)at->line + 1;
	member->key_column = (uint32_t)at->column + 1;
	return true;
}

static bool
read_mapping(struct parser *p, struct json *out)
{
	const struct json *twice;

	out->kind = JSON_OBJECT;
	for (;;) {
		auto_event key = { 0 };
		auto_event value = { 0 };
		struct json *member;

		if (!next(p, &key))
			return false;
		if (key.type == YAML_MAPPING_END_EVENT)
			break;
		member = json_new(p->a, JSON_NULL);
		if (!read_key(p, &key, member) || !next(p, &value) || !read_node(p, &value, member))
			return false;
		json_append(out, member);
	}
	twice = json_find_duplicate(out);
	if (twice != NULL)
		return err_set(p->err, ERR_INVALID,
		    "%u:%u: the key '" STR_FMT "' stands twice in one mapping", twice->key_line,
		    twice->key_column, STR_ARG(twice->key));
	return true;
}

static bool
fail_tag(struct parser *p, const yaml_event_t *e, str tag)
{
	const char *meant = p->tags == YAML_TAGS_CFN ? yaml_cfn_meant(tag) : NULL;

	if (meant != NULL)
		return fail(
		    p, &e->start_mark, "unknown tag " STR_FMT ": %s is meant", STR_ARG(tag), meant);
	return fail(p, &e->start_mark,
	    "unknown tag " STR_FMT " (text that begins with '!' needs quotes)", STR_ARG(tag));
}

/* tag is empty where there is none, or where it is dealt with. */
static bool
read_scalar(struct parser *p, const yaml_event_t *e, str tag, bool plain, struct json *out)
{
	str text = event_text(e->data.scalar.value, e->data.scalar.length);
	bool known;

	out->kind = plain ? yaml_plain_kind(text) : JSON_STRING;
	if (tag.len > 0 && !yaml_tagged_kind(tag, text, &out->kind, &known)) {
		if (!known)
			return fail_tag(p, e, tag);
		return fail(p, &e->start_mark, "'" STR_FMT "' does not fit its tag", STR_ARG(text));
	}
	if (out->kind == JSON_STRING || out->kind == JSON_NUMBER)
		out->text = str_dup(p->a, text);
	return charge(p, &e->start_mark, text);
}

static bool
read_collection(
    struct parser *p, const yaml_event_t *e, str tag, enum json_kind kind, struct json *out)
{
	if (tag.len > 0 && !yaml_tag_fits(tag, kind))
		return fail_tag(p, e, tag);
	if (!charge(p, &e->start_mark, (str){ 0 }) || !deeper(p, &e->start_mark, ++p->depth))
		return false;
	if (kind == JSON_ARRAY ? !read_sequence(p, out) : !read_mapping(p, out))
		return false;
	p->depth--;
	return true;
}

static bool
read_content(struct parser *p, const yaml_event_t *e, str tag, bool plain, struct json *out)
{
	if (e->type == YAML_SCALAR_EVENT)
		return read_scalar(p, e, tag, plain, out);
	return read_collection(
	    p, e, tag, e->type == YAML_SEQUENCE_START_EVENT ? JSON_ARRAY : JSON_OBJECT, out);
}

/* !GetAtt a.b.c names the attribute b.c of a. */
static void
split_attribute(struct parser *p, struct json *value)
{
	str text = json_str(value);
	size_t dot = str_find_char(text, '.');

	if (value->kind != JSON_STRING || dot == text.len)
		return;
	value->kind = JSON_ARRAY;
	value->first = value->last = NULL;
	json_push_str(p->a, value, str_sub(text, 0, dot));
	json_push_str(p->a, value, str_from(text, dot + 1));
	for (struct json *part = value->first; part != NULL; part = part->next) {
		part->line = value->line;
		part->column = value->column;
	}
}

static bool
read_function(struct parser *p, const yaml_event_t *e, str function, struct json *out)
{
	struct json *value = json_new(p->a, JSON_NULL);

	value->line = out->line;
	value->column = out->column;
	value->key = function;
	value->key_line = out->line;
	value->key_column = out->column;
	if (!charge(p, &e->start_mark, (str){ 0 }) || !deeper(p, &e->start_mark, ++p->depth) ||
	    !read_content(p, e, (str){ 0 }, false, value))
		return false;
	if (str_is(function, "Fn::GetAtt"))
		split_attribute(p, value);
	p->depth--;
	out->kind = JSON_OBJECT;
	json_append(out, value);
	return true;
}

/* Fills out, which may be a member with its key set. */
static bool
read_node(struct parser *p, const yaml_event_t *e, struct json *out)
{
	const yaml_char_t *anchor_name = NULL, *tag_name = NULL;
	struct anchor *anchor;
	bool plain = false, ok;
	str tag, function;

	out->line = (uint32_t)e->start_mark.line + 1;
	out->column = (uint32_t)e->start_mark.column + 1;
	if (e->type == YAML_ALIAS_EVENT)
		return read_alias(p, e, out);
	if (e->type == YAML_SCALAR_EVENT) {
		anchor_name = e->data.scalar.anchor;
		tag_name = e->data.scalar.tag;
		plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor_name = e->data.sequence_start.anchor;
		tag_name = e->data.sequence_start.tag;
	} else {
		assert(e->type == YAML_MAPPING_START_EVENT);
		anchor_name = e->data.mapping_start.anchor;
		tag_name = e->data.mapping_start.tag;
	}
	if (!add_anchor(p, e, anchor_name, &anchor))
		return false;
	tag = event_name(tag_name);
	if (str_is(tag, "!")) { /* says only: not what it looks like */
		tag = (str){ 0 };
		plain = false;
	}
	function = p->tags == YAML_TAGS_CFN ? yaml_cfn_function(tag) : (str){ 0 };
	ok = function.len > 0 ? read_function(p, e, function, out)
			      : read_content(p, e, tag, plain, out);
	if (ok && anchor != NULL)
		anchor->value = out;
	return ok;
}

/* --- documents ------------------------------------------------------------------------- */

static bool
expect(struct parser *p, yaml_event_type_t type, const char *otherwise)
{
	auto_event e = { 0 };

	if (!next(p, &e))
		return false;
	return e.type == type || fail(p, &e.start_mark, "%s", otherwise);
}

static bool
read_stream(struct parser *p, struct json *root)
{
	auto_event e = { 0 };

	if (!expect(p, YAML_STREAM_START_EVENT, "no text") ||
	    !expect(
		p, YAML_DOCUMENT_START_EVENT, "a value must stand here, but the text is empty") ||
	    !next(p, &e) || !read_node(p, &e, root))
		return false;
	return expect(p, YAML_DOCUMENT_END_EVENT, "the document must end here") &&
	    expect(p, YAML_STREAM_END_EVENT, "only one document may stand in a text");
}

bool
yaml_parse(struct arena *a, str text, enum yaml_tags tags, const struct json **out, struct err *err)
{
	struct parser p = { .a = a, .text = text, .tags = tags, .err = err };
	struct json *root = json_new(a, JSON_NULL);
	int made;
	bool ok;

	if (text.len > YAML_MAX_BYTES)
		return err_set(
		    err, ERR_TOO_LARGE, "1:1: the text is larger than %zu bytes", YAML_MAX_BYTES);
	made = yaml_parser_initialize(&p.yaml);
	assert(made);
	yaml_parser_set_encoding(&p.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p.yaml, (const unsigned char *)text.ptr, text.len);
	ok = read_stream(&p, root);
	yaml_parser_delete(&p.yaml);
	if (ok)
		*out = root;
	return ok;
}

bool
yaml_or_json_parse(
    struct arena *a, str text, enum yaml_tags tags, const struct json **out, struct err *err)
{
	str begin = str_trim(text), inside = str_trim(str_from(begin, 1));
	struct err json_err;

	if (!str_starts(begin, S("{")) || text.len > YAML_MAX_BYTES)
		return yaml_parse(a, text, tags, out, err);
	err_init(&json_err, err->a);
	if (json_parse(a, str_dup(a, text), out, &json_err) || yaml_parse(a, text, tags, out, err))
		return true;
	if (str_starts(inside, S("\"")) || str_starts(inside, S("}")))
		*err = json_err; /* it was meant as JSON, whose errors say more here */
	return false;
}
