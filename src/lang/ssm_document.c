/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_document.c: an automation document's top level and its parameters.
 *
 * Reading does not stop at the first problem: whoever writes a document wants to see them all.
 * Steps are read in ssm_step.c, their inputs in ssm_inputs.c, and what lies between them in
 * ssm_graph.c, which runs only where the steps themselves are sound.
 */
#include "lang/ssm_document.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/regex.h"
#include "base/yaml.h"
#include "lang/ssm_internal.h"

/* --- problems ------------------------------------------------------------------------ */

static bool
stands_after(const struct ssm_problem *p, const struct ssm_problem *q)
{
	return p->line != q->line ? p->line > q->line : p->column > q->column;
}

void
ssm_problem(struct ssm_check *c, const struct json *at, const char *fmt, ...)
{
	struct ssm_document *d = c->d;
	struct ssm_problem p = { 0 };
	size_t i = d->problem_count;
	va_list args;

	if (d->problem_count == SSM_MAX_PROBLEMS)
		return;
	if (at != NULL) {
		p.line = at->line;
		p.column = at->column;
	}
	va_start(args, fmt);
	p.text = str_vfmt(c->a, fmt, args);
	va_end(args);
	for (; i > 0 && stands_after(&d->problems[i - 1], &p); i--)
		d->problems[i] = d->problems[i - 1];
	d->problems[i] = p;
	d->problem_count++;
}

static bool
tell_first_problem(const struct ssm_document *d, const char *code, struct err *err)
{
	const struct ssm_problem *p = &d->problems[0];

	if (d->problem_count == 0)
		return true;
	if (p->line == 0)
		return err_code(err, ERR_INVALID, code, STR_FMT, STR_ARG(p->text));
	return err_code(err, ERR_INVALID, code, "%" PRIu32 ":%" PRIu32 ": " STR_FMT, p->line,
	    p->column, STR_ARG(p->text));
}

/* --- members as documents write them ------------------------------------------------- */

str
ssm_member_text(struct ssm_check *c, const struct json *owner, const char *key)
{
	const struct json *m = json_get(owner, key);

	if (m != NULL && m->kind != JSON_STRING)
		ssm_problem(c, m, "%s must be a text, and is %s", key, json_kind_name(m->kind));
	return json_str(m);
}

int64_t
ssm_member_whole(struct ssm_check *c, const struct json *owner, const char *key, int64_t absent)
{
	const struct json *m = json_get(owner, key);
	int64_t value;

	if (m == NULL)
		return absent;
	if (str_to_i64(json_scalar(m), &value) && value >= 0)
		return value;
	ssm_problem(c, m, "%s must be a whole number", key);
	return absent;
}

bool
ssm_member_bool(struct ssm_check *c, const struct json *owner, const char *key, bool absent)
{
	const struct json *m = json_get(owner, key);

	if (m == NULL)
		return absent;
	if (str_eq_nocase(json_scalar(m), S("true")))
		return true;
	if (!str_eq_nocase(json_scalar(m), S("false")))
		ssm_problem(c, m, "%s must be true or false", key);
	return false;
}

void
ssm_members_known(
    struct ssm_check *c, const struct json *object, const char *const known[], str owner)
{
	for (const struct json *m = json_first(object); m != NULL; m = m->next) {
		size_t i = 0;

		while (known[i] != NULL && !str_is(m->key, known[i]))
			i++;
		if (known[i] == NULL)
			ssm_problem(c, m, STR_FMT " has no member " STR_FMT, STR_ARG(owner),
			    STR_ARG(m->key));
	}
}

/* --- types --------------------------------------------------------------------------- */

static const char *const type_names[] = {
	[SSM_STRING] = "String",
	[SSM_STRING_LIST] = "StringList",
	[SSM_BOOLEAN] = "Boolean",
	[SSM_INTEGER] = "Integer",
	[SSM_STRING_MAP] = "StringMap",
	[SSM_MAP_LIST] = "MapList",
};

const char *
ssm_type_name(enum ssm_type type)
{
	return type_names[type];
}

bool
ssm_type_find(str name, enum ssm_type *out)
{
	for (size_t i = 0; i < countof(type_names); i++) {
		if (str_is(name, type_names[i])) {
			*out = (enum ssm_type)i;
			return true;
		}
	}
	return false;
}

/* A parameter's type may also name a kind of AWS thing, or a list of them. */
static bool
parameter_type_find(str name, enum ssm_type *out)
{
	if (str_starts(name, S("List<AWS::")) && str_ends(name, S(">")))
		*out = SSM_STRING_LIST;
	else if (str_starts(name, S("AWS::")) && str_find(name, S("::")) < name.len)
		*out = SSM_STRING;
	else
		return ssm_type_find(name, out);
	return true;
}

/* --- parameters ---------------------------------------------------------------------- */

static bool
is_scalar(const struct json *j)
{
	return j != NULL && j->kind != JSON_ARRAY && j->kind != JSON_OBJECT && j->kind != JSON_NULL;
}

static bool
all_are(const struct json *list, bool objects)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		if (objects ? e->kind != JSON_OBJECT : !is_scalar(e))
			return false;
	}
	return true;
}

static bool
default_fits(const struct json *value, enum ssm_type type)
{
	int64_t number;

	switch (type) {
	case SSM_STRING:
		return is_scalar(value);
	case SSM_STRING_LIST:
		return is_scalar(value) || (value->kind == JSON_ARRAY && all_are(value, false));
	case SSM_BOOLEAN:
		return str_eq_nocase(json_scalar(value), S("true")) ||
		    str_eq_nocase(json_scalar(value), S("false"));
	case SSM_INTEGER:
		return str_to_i64(json_scalar(value), &number);
	case SSM_STRING_MAP:
		return value->kind == JSON_OBJECT;
	case SSM_MAP_LIST:
		return value->kind == JSON_ARRAY && all_are(value, true);
	}
	return false;
}

static void
read_parameter(struct ssm_check *c, const struct json *node, struct ssm_parameter *p)
{
	static const char *const known[] = { "type", "description", "default", "allowedValues",
		"allowedPattern", "minItems", "maxItems", "minChars", "maxChars", "displayType",
		NULL };
	struct err err;

	*p =
	    (struct ssm_parameter){ .name = node->key, .line = node->line, .column = node->column };
	if (node->kind != JSON_OBJECT) {
		ssm_problem(c, node, "parameter " STR_FMT " must be an object", STR_ARG(p->name));
		return;
	}
	ssm_members_known(c, node, known, str_fmt(c->a, "parameter " STR_FMT, STR_ARG(p->name)));
	p->type_name = ssm_member_text(c, node, "type");
	p->description = ssm_member_text(c, node, "description");
	p->default_value = json_get(node, "default");
	p->allowed_values = json_get(node, "allowedValues");
	p->allowed_pattern = ssm_member_text(c, node, "allowedPattern");
	p->min_items = ssm_member_whole(c, node, "minItems", -1);
	p->max_items = ssm_member_whole(c, node, "maxItems", -1);
	p->min_chars = ssm_member_whole(c, node, "minChars", -1);
	p->max_chars = ssm_member_whole(c, node, "maxChars", -1);
	if (!parameter_type_find(p->type_name, &p->type))
		ssm_problem(c, json_get(node, "type") == NULL ? node : json_get(node, "type"),
		    "parameter " STR_FMT " has no known type", STR_ARG(p->name));
	else if (p->default_value != NULL && !default_fits(p->default_value, p->type))
		ssm_problem(c, p->default_value,
		    "the default of parameter " STR_FMT " is no " STR_FMT, STR_ARG(p->name),
		    STR_ARG(p->type_name));
	if (p->allowed_values != NULL && p->allowed_values->kind != JSON_ARRAY)
		ssm_problem(c, p->allowed_values, "allowedValues must be a list");
	err_init(&err, c->a);
	if (p->allowed_pattern.len > 0 && !regex_check(p->allowed_pattern, &err))
		ssm_problem(c, json_get(node, "allowedPattern"), STR_FMT, STR_ARG(err.msg));
}

/* A default may name what is known at the start: the parameter store, the execution, its target. */
static void
check_default(struct ssm_check *c, const struct json *value)
{
	size_t at = 0, begin, end;
	str name;

	for (const struct json *e = json_first(value); e != NULL; e = e->next)
		check_default(c, e);
	while (ssm_reference_next(json_str(value), &at, &begin, &end, &name)) {
		if (!str_starts(name, S("ssm:")) && !str_starts(name, S("automation:")) &&
		    !str_starts(name, S("global:")) && !str_is(name, "TARGET_ID") &&
		    !str_is(name, "RESOURCE_ID"))
			ssm_problem(
			    c, value, "a default cannot use {{ " STR_FMT " }}", STR_ARG(name));
	}
}

static void
read_parameters(struct ssm_check *c, const struct json *node)
{
	size_t i = 0;

	if (node == NULL)
		return;
	if (node->kind != JSON_OBJECT) {
		ssm_problem(c, node, "parameters must be an object");
		return;
	}
	if (json_count(node) > SSM_MAX_PARAMETERS) {
		ssm_problem(c, node, "a document has at most %d parameters", SSM_MAX_PARAMETERS);
		return;
	}
	c->d->parameters = arena_new(c->a, struct ssm_parameter, json_count(node));
	for (const struct json *m = json_first(node); m != NULL; m = m->next) {
		read_parameter(c, m, &c->d->parameters[i++]);
		check_default(c, json_get(m, "default"));
	}
	c->d->parameter_count = i;
}

const struct ssm_parameter *
ssm_parameter_find(const struct ssm_document *d, str name)
{
	for (size_t i = 0; i < d->parameter_count; i++) {
		if (str_eq(d->parameters[i].name, name))
			return &d->parameters[i];
	}
	return NULL;
}

/* --- the whole ----------------------------------------------------------------------- */

static void
read_variables(struct ssm_check *c, const struct json *node)
{
	static const char *const known[] = { "type", "default", "description", NULL };
	enum ssm_type type;

	c->d->variables = node;
	if (node != NULL && node->kind != JSON_OBJECT)
		ssm_problem(c, node, "variables must be an object");
	for (const struct json *m = json_first(node); m != NULL; m = m->next) {
		ssm_members_known(c, m, known, str_fmt(c->a, "variable " STR_FMT, STR_ARG(m->key)));
		if (!ssm_type_find(json_str(json_get(m, "type")), &type))
			ssm_problem(
			    c, m, "variable " STR_FMT " has no known type", STR_ARG(m->key));
	}
}

static void
read_top(struct ssm_check *c)
{
	static const char *const known[] = { "schemaVersion", "description", "assumeRole",
		"parameters", "variables", "mainSteps", "outputs", "files", NULL };
	const struct json *tree = c->d->tree, *steps = json_get(tree, "mainSteps");

	ssm_members_known(c, tree, known, S("the document"));
	c->d->description = ssm_member_text(c, tree, "description");
	c->d->assume_role = ssm_member_text(c, tree, "assumeRole");
	c->d->outputs = json_get(tree, "outputs");
	read_parameters(c, json_get(tree, "parameters"));
	read_variables(c, json_get(tree, "variables"));
	if (!json_is(steps, JSON_ARRAY) || json_count(steps) == 0)
		ssm_problem(c, steps, "mainSteps must be a list of one step or more");
	else
		ssm_steps_read(c, steps, false, &c->d->steps, &c->d->step_count);
}

static bool
is_deeper(const struct json *tree, int levels)
{
	for (const struct json *m = json_first(tree); m != NULL; m = m->next) {
		if (levels == 0 || is_deeper(m, levels - 1))
			return true;
	}
	return false;
}

bool
ssm_is_too_deep(const struct json *tree)
{
	return is_deeper(tree, SSM_MAX_DEPTH);
}

static bool
check_form(struct ssm_check *c, struct err *err)
{
	const struct json *tree = c->d->tree;

	if (ssm_is_too_deep(tree)) {
		ssm_problem(c, tree, "a document is nested %d levels deep at most", SSM_MAX_DEPTH);
		return tell_first_problem(c->d, "InvalidDocumentContent", err);
	}
	if (tree->kind != JSON_OBJECT) {
		ssm_problem(c, tree, "a document is an object with schemaVersion and mainSteps");
		return tell_first_problem(c->d, "InvalidDocumentContent", err);
	}
	if (!str_is(json_scalar(json_get(tree, "schemaVersion")), "0.3"))
		ssm_problem(c, json_get(tree, "schemaVersion"),
		    "an automation document has schemaVersion '0.3'");
	return tell_first_problem(c->d, "InvalidDocumentSchemaVersion", err);
}

bool
ssm_document_read(
    struct arena *a, const struct json *tree, struct ssm_document *out, struct err *err)
{
	struct ssm_check c = { a, out };

	*out = (struct ssm_document){
		.tree = tree,
		.problems = arena_new(a, struct ssm_problem, SSM_MAX_PROBLEMS),
	};
	if (!check_form(&c, err))
		return false;
	read_top(&c);
	if (out->problem_count == 0)
		ssm_graph_build(&c);
	if (out->problem_count == 0)
		ssm_references_check(&c);
	return tell_first_problem(out, "InvalidDocumentContent", err);
}

bool
ssm_document_parse(struct arena *a, str text, struct ssm_document *out, struct err *err)
{
	const struct json *tree;

	*out = (struct ssm_document){ 0 };
	if (text.len > SSM_MAX_DOCUMENT_BYTES)
		return err_code(err, ERR_INVALID, "MaxDocumentSizeExceeded",
		    "a document has at most %zu bytes, and this one has %zu",
		    SSM_MAX_DOCUMENT_BYTES, text.len);
	if (yaml_or_json_parse(a, text, YAML_TAGS_NONE, &tree, err))
		return ssm_document_read(a, tree, out, err);
	err->code = S("InvalidDocumentContent");
	return false;
}
