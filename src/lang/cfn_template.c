/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_template.c: a template's text into sections, each read by its row.
 *
 * Reading goes from outside in: text, sections, members of sections, and last the expressions
 * (cfn_check.c), which need all names to be known.
 */
#include "lang/cfn_template.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/yaml.h"
#include "lang/cfn_internal.h"

#define MAX_NAME_BYTES 255
#define MAX_TREE_BYTES ((size_t)4 << 20)

struct cfn_at
cfn_at_json(const struct json *j)
{
	return j == NULL ? (struct cfn_at){ 0 } : (struct cfn_at){ j->line, j->column, { 0 } };
}

bool
cfn_fail(struct cfn_reader *rd, const struct json *j, const char *fmt, ...)
{
	va_list args;
	str text;

	va_start(args, fmt);
	text = str_vfmt(rd->err->a, fmt, args);
	va_end(args);
	*rd->at = cfn_at_json(j);
	return err_code(rd->err, ERR_INVALID, "ValidationError", STR_FMT, STR_ARG(text));
}

bool
cfn_is_name(str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return name.len > 0 && name.len <= MAX_NAME_BYTES;
}

bool
cfn_is_scalar(const struct json *j)
{
	return json_is(j, JSON_STRING) || json_is(j, JSON_NUMBER) || json_is(j, JSON_TRUE) ||
	    json_is(j, JSON_FALSE);
}

void
cfn_names_add(struct arena *a, struct cfn_names *names, str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->list[i], name))
			return;
	if (names->count == names->cap) {
		str *more = arena_new(a, str, names->cap * 2 + 8);

		if (names->count > 0)
			memcpy(more, names->list, names->count * sizeof(*more));
		names->list = more;
		names->cap = names->cap * 2 + 8;
	}
	names->list[names->count++] = name;
}

str
cfn_names_text(struct arena *a, const struct cfn_names *names)
{
	struct buf b = buf_in(a);

	buf_char(&b, '[');
	for (size_t i = 0; i < names->count; i++)
		buf_fmt(&b, "%s" STR_FMT, i == 0 ? "" : ", ", STR_ARG(names->list[i]));
	buf_char(&b, ']');
	return buf_str(&b);
}

/* --- null stands nowhere --------------------------------------------------------------- */

struct path {
	const struct path *above;
	const struct json *j;
	size_t index;
};

static void
write_path(struct buf *b, const struct path *p)
{
	if (p->above == NULL)
		return;
	write_path(b, p->above);
	if (p->j->key.ptr != NULL)
		buf_fmt(b, "/" STR_FMT, STR_ARG(p->j->key));
	else
		buf_fmt(b, "/%zu", p->index);
}

static bool
check_null(struct cfn_reader *rd, const struct path *here)
{
	struct path below = { .above = here };

	if (json_is(here->j, JSON_NULL)) {
		struct buf b = buf_in(rd->a);

		write_path(&b, here);
		return cfn_fail(rd, here->j,
		    "[" STR_FMT "] 'null' values are not allowed in templates",
		    STR_ARG(buf_str(&b)));
	}
	for (below.j = json_first(here->j); below.j != NULL; below.j = below.j->next) {
		if (!check_null(rd, &below))
			return false;
		below.index++;
	}
	return true;
}

/*
 * YAML's aliases can stand for far more than the text holds: the tree is bounded as it would be
 * written out.
 */
static bool
fits(const struct json *j, size_t *left)
{
	size_t bytes = json_scalar(j).len + j->key.len + 8;

	if (bytes > *left)
		return false;
	*left -= bytes;
	for (const struct json *m = json_first(j); m != NULL; m = m->next)
		if (!fits(m, left))
			return false;
	return true;
}

/* --- sections ------------------------------------------------------------------------ */

bool
cfn_is_too_many(struct cfn_reader *rd, const struct json *section, const char *what, size_t most)
{
	if (json_count(section) <= most)
		return false;
	return !cfn_fail(rd, section,
	    "Template format error: Number of %s, %zu, is greater than maximum allowed, %zu", what,
	    json_count(section), most);
}

static bool
read_version(struct cfn_reader *rd, const struct json *section)
{
	rd->t->version = json_scalar(section);
	if (str_is(rd->t->version, "2010-09-09"))
		return true;
	return cfn_fail(
	    rd, section, "Template format error: unsupported value for AWSTemplateFormatVersion.");
}

static bool
read_description(struct cfn_reader *rd, const struct json *section)
{
	rd->t->description = json_scalar(section);
	if (!cfn_is_scalar(section))
		return cfn_fail(
		    rd, section, "Template format error: Description must be a string.");
	if (rd->t->description.len > CFN_MAX_DESCRIPTION_BYTES)
		return cfn_fail(rd, section,
		    "Template format error: 'Description' length is greater than %d.",
		    CFN_MAX_DESCRIPTION_BYTES);
	return true;
}

static bool
read_metadata(struct cfn_reader *rd, const struct json *section)
{
	rd->t->metadata = section;
	return true;
}

static bool
read_mapping_attribute(struct cfn_reader *rd, const struct json *value)
{
	for (const struct json *e = json_first(value); e != NULL; e = e->next)
		if (json_is(value, JSON_OBJECT) || !cfn_is_scalar(e))
			return cfn_fail(rd, value,
			    "Template format error: Every Mappings attribute must be a String or a "
			    "List.");
	return true;
}

static bool
read_mapping(struct cfn_reader *rd, const struct json *map)
{
	if (cfn_is_too_many(rd, map, "mapping attributes", CFN_MAX_MAPPINGS))
		return false;
	if (!json_is(map, JSON_OBJECT))
		return cfn_fail(rd, map,
		    "Template format error: Every Mappings member " STR_FMT " must be a map",
		    STR_ARG(map->key));
	for (const struct json *top = map->first; top != NULL; top = top->next) {
		if (!json_is(top, JSON_OBJECT))
			return cfn_fail(rd, top,
			    "Template format error: Every Mappings member " STR_FMT
			    " must be a map",
			    STR_ARG(top->key));
		for (const struct json *m = top->first; m != NULL; m = m->next)
			if (!read_mapping_attribute(rd, m))
				return false;
	}
	return true;
}

static bool
read_mappings(struct cfn_reader *rd, const struct json *section)
{
	rd->t->mappings = section;
	if (cfn_is_too_many(rd, section, "mappings", CFN_MAX_MAPPINGS))
		return false;
	for (const struct json *m = json_first(section); m != NULL; m = m->next)
		if (!read_mapping(rd, m))
			return false;
	return true;
}

static bool
read_conditions(struct cfn_reader *rd, const struct json *section)
{
	struct cfn_template *t = rd->t;

	t->conditions = arena_new(rd->a, struct cfn_condition, json_count(section));
	for (const struct json *m = json_first(section); m != NULL; m = m->next)
		t->conditions[t->condition_count++] = (struct cfn_condition){ m->key, m };
	return true;
}

/* --- the whole ------------------------------------------------------------------------ */

static const struct section {
	const char *name;
	bool is_map;
	/* NULL: a section that CloudFormation knows and this reader does not. */
	bool (*read)(struct cfn_reader *rd, const struct json *section);
} sections[] = {
	{ "AWSTemplateFormatVersion", false, read_version },
	{ "Conditions", true, read_conditions },
	{ "Description", false, read_description },
	{ "Hooks", true, NULL },
	{ "Mappings", true, read_mappings },
	{ "Metadata", true, read_metadata },
	{ "Outputs", true, cfn_read_outputs },
	{ "Parameters", true, cfn_read_parameters },
	{ "Resources", true, cfn_read_resources },
	{ "Rules", true, NULL },
	{ "Transform", false, NULL },
};

static bool
read_section(struct cfn_reader *rd, const struct section *s, const struct json *j)
{
	if (s->read == NULL)
		return cfn_fail(rd, j,
		    "Template format error: the section %s is not supported here. Remove it, or "
		    "give the template as it is after processing.",
		    s->name);
	if (s->is_map && !json_is(j, JSON_OBJECT))
		return cfn_fail(
		    rd, j, "Template format error: %s section must be an object.", s->name);
	return s->read(rd, j);
}

static bool
read_sections(struct cfn_reader *rd, const struct json *tree)
{
	for (const struct json *m = tree->first; m != NULL; m = m->next) {
		size_t i = 0;

		while (i < countof(sections) && !str_is(m->key, sections[i].name))
			i++;
		if (i == countof(sections))
			return cfn_fail(rd, m,
			    "Invalid template property or properties [" STR_FMT "]",
			    STR_ARG(m->key));
		if (!read_section(rd, &sections[i], m))
			return false;
	}
	if (rd->t->resource_count == 0)
		return cfn_fail(rd, tree,
		    "Template format error: At least one Resources member must be defined.");
	return true;
}

bool
cfn_template_read(struct arena *a, const struct json *tree, struct cfn_template *out,
    struct cfn_at *at, struct err *err)
{
	struct cfn_template t = { .tree = tree };
	struct cfn_at nowhere;
	struct cfn_reader rd = { a, &t, at == NULL ? &nowhere : at, err };
	size_t left = MAX_TREE_BYTES;

	if (!fits(tree, &left))
		return err_code(err, ERR_TOO_LARGE, "ValidationError",
		    "Template format error: the template stands for more than %zu bytes",
		    MAX_TREE_BYTES);
	if (!json_is(tree, JSON_OBJECT))
		return cfn_fail(&rd, tree, "Template format error: unsupported structure.");
	if (!check_null(&rd, &(struct path){ .j = tree }) || !read_sections(&rd, tree) ||
	    !cfn_check_expressions(&rd))
		return false;
	*out = t;
	return true;
}

/* Parsers say "line:column: what"; CloudFormation says the place at the end, and not what. */
static bool
fail_syntax(struct cfn_reader *rd, const char *language)
{
	str rest = rd->err->msg, line, column;
	int64_t l = 0, c = 0;

	*rd->at = (struct cfn_at){ 0 };
	if (str_cut(&rest, ':', &line) && str_cut(&rest, ':', &column) && str_to_i64(line, &l) &&
	    str_to_i64(column, &c))
		*rd->at = (struct cfn_at){ (uint32_t)l, (uint32_t)c, str_trim(rest) };
	err_clear(rd->err);
	return err_code(rd->err, ERR_INVALID, "ValidationError",
	    "Template format error: %s not well-formed. (line %u, column %u)", language,
	    rd->at->line, rd->at->column);
}

bool
cfn_template_parse(
    struct arena *a, str text, struct cfn_template *out, struct cfn_at *at, struct err *err)
{
	struct cfn_at nowhere;
	struct cfn_reader rd = { a, NULL, at == NULL ? &nowhere : at, err };
	const struct json *tree;

	if (text.len > CFN_MAX_TEMPLATE_BYTES)
		return err_code(err, ERR_TOO_LARGE, "ValidationError",
		    "Template may not exceed %zu bytes in size.", CFN_MAX_TEMPLATE_BYTES);
	if (str_starts(str_trim(text), S("{"))) {
		if (!json_parse(a, text, &tree, err))
			return fail_syntax(&rd, "JSON");
	} else if (!yaml_parse(a, text, YAML_TAGS_CFN, &tree, err)) {
		return fail_syntax(&rd, "YAML");
	}
	return cfn_template_read(a, tree, out, at, err);
}

/* --- looking things up ------------------------------------------------------------------ */

const struct cfn_parameter *
cfn_parameter_find(const struct cfn_template *t, str name)
{
	for (size_t i = 0; i < t->parameter_count; i++)
		if (str_eq(t->parameters[i].name, name))
			return &t->parameters[i];
	return NULL;
}

const struct cfn_condition *
cfn_condition_find(const struct cfn_template *t, str name)
{
	for (size_t i = 0; i < t->condition_count; i++)
		if (str_eq(t->conditions[i].name, name))
			return &t->conditions[i];
	return NULL;
}

const struct cfn_resource *
cfn_resource_find(const struct cfn_template *t, str id)
{
	for (size_t i = 0; i < t->resource_count; i++)
		if (str_eq(t->resources[i].id, id))
			return &t->resources[i];
	return NULL;
}

const struct cfn_output *
cfn_output_find(const struct cfn_template *t, str name)
{
	for (size_t i = 0; i < t->output_count; i++)
		if (str_eq(t->outputs[i].name, name))
			return &t->outputs[i];
	return NULL;
}
