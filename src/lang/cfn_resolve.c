/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_resolve.c: parameters get values, conditions are settled, expressions are walked.
 *
 * Resolving copies a tree and puts the value of each function where its call stood; what each
 * function does is in cfn_eval.c. A value that cannot be known yet is one node, unknown; a
 * function that needs it gives up (is_pending), and its own value is unknown.
 */
#include "lang/cfn_resolve.h"

#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"
#include "lang/cfn_internal.h"

#define NODE_BYTES 16 /* what a value costs besides its text */

enum { CONDITION_OPEN, CONDITION_FALSE, CONDITION_TRUE };

/* Lists and objects copy nodes, so the unknown one is known again by where its text lies. */
static const char unknown_text[1];
const struct json cfn_unknown = { .kind = JSON_STRING, .text = { unknown_text, 0 } };

bool
cfn_is_unknown(const struct json *value)
{
	return json_is(value, JSON_STRING) && value->text.ptr == unknown_text;
}

bool
cfn_resolve_fail(
    struct cfn_resolver *r, struct err *err, const struct json *j, const char *fmt, ...)
{
	va_list args;
	str text;

	va_start(args, fmt);
	text = str_vfmt(err->a, fmt, args);
	va_end(args);
	r->at = cfn_at_json(j);
	return err_code(err, ERR_INVALID, "ValidationError", STR_FMT, STR_ARG(text));
}

bool
cfn_charge(struct cfn_resolver *r, const struct json *made, const struct json *at, struct err *err)
{
	if (made == NULL)
		return true;
	r->bytes += NODE_BYTES + json_scalar(made).len;
	if (r->bytes > CFN_MAX_RESOLVED_BYTES) {
		r->at = cfn_at_json(at);
		return err_code(err, ERR_TOO_LARGE, "ValidationError",
		    "Template error: the template resolves to more than %zu bytes",
		    CFN_MAX_RESOLVED_BYTES);
	}
	for (const struct json *m = json_first(made); m != NULL; m = m->next)
		if (!cfn_charge(r, m, at, err))
			return false;
	return true;
}

/* --- expressions ------------------------------------------------------------------- */

static bool
resolve_children(
    struct cfn_resolver *r, const struct json *j, const struct json **out, struct err *err)
{
	struct json *copy = json_new(r->a, j->kind);
	const struct json *value;

	copy->line = j->line;
	copy->column = j->column;
	for (const struct json *m = j->first; m != NULL; m = m->next) {
		if (!cfn_resolve(r, m, &value, err))
			return false;
		if (value != NULL)
			json_add(r->a, copy, m->key, value);
	}
	*out = copy;
	return true;
}

static bool
resolve_function(struct cfn_resolver *r, const struct cfn_function *f, const struct json *arg,
    const struct json **out, struct err *err)
{
	if (!cfn_function_fits(f, arg))
		return cfn_resolve_fail(r, err, arg, "%s", f->usage);
	if (!f->resolve(r, arg, out, err)) {
		if (!r->is_pending)
			return false;
		r->is_pending = false;
		*out = &cfn_unknown;
	}
	/* These hand on what was charged when it was resolved. */
	if (f->resolve == cfn_eval_if || f->resolve == cfn_eval_select)
		return true;
	return cfn_charge(r, *out, arg, err);
}

bool
cfn_resolve(
    struct cfn_resolver *r, const struct json *expression, const struct json **out, struct err *err)
{
	const struct cfn_function *f = cfn_function_of(expression, CFN_IN_RESOURCES);

	if (f != NULL)
		return resolve_function(r, f, expression->first, out, err);
	if (json_is(expression, JSON_OBJECT) || json_is(expression, JSON_ARRAY))
		return resolve_children(r, expression, out, err);
	*out = expression;
	return cfn_charge(r, expression, expression, err);
}

bool
cfn_resolve_properties(struct cfn_resolver *r, const struct cfn_resource *resource,
    const struct json **out, struct err *err)
{
	if (resource->properties == NULL) {
		*out = json_new_object(r->a);
		return true;
	}
	return resolve_children(r, resource->properties, out, err);
}

static bool
resolve_output_text(
    struct cfn_resolver *r, const struct json *expression, str *out, struct err *err)
{
	const struct json *value;

	if (!cfn_resolve(r, expression, &value, err))
		return false;
	if (!cfn_is_scalar(value))
		return cfn_resolve_fail(r, err, expression,
		    "Template format error: The Value field of every Outputs member must evaluate "
		    "to a String.");
	*out = cfn_is_unknown(value) ? S("") : json_scalar(value);
	return true;
}

bool
cfn_resolve_output(struct cfn_resolver *r, const struct cfn_output *output, str *value,
    str *export_name, struct err *err)
{
	str text, name = S("");

	if (!resolve_output_text(r, output->value, &text, err) ||
	    (output->export_name != NULL &&
		!resolve_output_text(r, output->export_name, &name, err)))
		return false;
	*value = text;
	*export_name = name;
	return true;
}

/* --- conditions -------------------------------------------------------------------- */

bool
cfn_condition_settle(
    struct cfn_resolver *r, str name, const struct json *at, bool *holds, struct err *err)
{
	const struct cfn_condition *condition = cfn_condition_find(r->t, name);
	const struct json *value;
	unsigned char *state;

	if (condition == NULL)
		return cfn_resolve_fail(r, err, at,
		    "Template format error: Unresolved condition dependency " STR_FMT
		    " in the Conditions block of the template",
		    STR_ARG(name));
	state = &r->conditions[condition - r->t->conditions];
	if (*state == CONDITION_OPEN) {
		const struct json *call = condition->expression;
		const struct cfn_function *f = cfn_function_of(call, CFN_IN_CONDITIONS);

		assert(f != NULL); /* cfn_check.c saw to that, and that no circle comes back here */
		if (!f->resolve(r, call->first, &value, err))
			return false;
		*state = json_bool(value, false) ? CONDITION_TRUE : CONDITION_FALSE;
	}
	*holds = *state == CONDITION_TRUE;
	return true;
}

static bool
settle_conditions(struct cfn_resolver *r, struct err *err)
{
	bool holds;

	r->conditions = arena_new(r->a, unsigned char, r->t->condition_count);
	for (size_t i = 0; i < r->t->condition_count; i++) {
		const struct cfn_condition *c = &r->t->conditions[i];

		if (cfn_condition_settle(r, c->name, c->expression, &holds, err))
			continue;
		if (!r->is_pending)
			return false;
		return cfn_resolve_fail(r, err, c->expression,
		    "Template error: condition " STR_FMT " depends on a value that is not known",
		    STR_ARG(c->name));
	}
	return true;
}

bool
cfn_condition_holds(const struct cfn_resolver *r, str name)
{
	const struct cfn_condition *condition = cfn_condition_find(r->t, name);

	if (name.len == 0)
		return true;
	assert(condition != NULL);
	return r->conditions[condition - r->t->conditions] == CONDITION_TRUE;
}

bool
cfn_resource_exists(const struct cfn_resolver *r, const struct cfn_resource *resource)
{
	return cfn_condition_holds(r, resource->condition);
}

/* --- parameters -------------------------------------------------------------------- */

const struct json *
cfn_parameter_value(struct arena *a, const struct cfn_parameter *p, str value)
{
	str rest = value.ptr == NULL ? S("") : value, element;
	struct json *list;

	if (!p->is_list)
		return json_new_str(a, rest);
	list = json_new_array(a);
	while (str_cut(&rest, ',', &element))
		json_push_str(a, list, str_trim(element));
	return list;
}

static bool
fail_names(struct cfn_resolver *r, const char *before, const struct cfn_names *names,
    const char *after, struct err *err)
{
	return cfn_resolve_fail(
	    r, err, NULL, "%s" STR_FMT "%s", before, STR_ARG(cfn_names_text(r->a, names)), after);
}

static bool
check_names(struct cfn_resolver *r, const struct json *given, struct err *err)
{
	struct cfn_names unknown_names = { 0 }, missing = { 0 };

	for (const struct json *m = json_first(given); m != NULL; m = m->next)
		if (cfn_parameter_find(r->t, m->key) == NULL)
			cfn_names_add(r->a, &unknown_names, m->key);
	if (unknown_names.count > 0)
		return fail_names(
		    r, "Parameters: ", &unknown_names, " do not exist in the template", err);
	for (size_t i = 0; i < r->t->parameter_count; i++)
		if (!r->t->parameters[i].has_default &&
		    json_get_str(given, r->t->parameters[i].name) == NULL)
			cfn_names_add(r->a, &missing, r->t->parameters[i].name);
	if (missing.count > 0)
		return fail_names(r, "Parameters: ", &missing, " must have values", err);
	return true;
}

/* The values behind parameters that name entries of the parameter store, by entry. */
static bool
fetch_stored(
    struct cfn_resolver *r, const struct json *names, const struct json **out, struct err *err)
{
	struct cfn_names missing = { 0 };

	*out = NULL;
	if (r->world.stored == NULL || names->count == 0)
		return true;
	if (!r->world.stored(r->world.cookie, r->a, names, out, err))
		return false;
	for (const struct json *n = names->first; n != NULL; n = n->next)
		if (json_get_str(*out, n->text) == NULL)
			cfn_names_add(r->a, &missing, n->text);
	if (missing.count == 0)
		return true;
	return fail_names(r, "Unable to fetch parameters ", &missing,
	    " from parameter store for this account.", err);
}

static bool
settle_parameters(struct cfn_resolver *r, const struct json *given, struct err *err)
{
	struct json *texts = json_new_object(r->a), *values = json_new_object(r->a);
	struct json *names = json_new_array(r->a);
	const struct json *stored;

	for (size_t i = 0; i < r->t->parameter_count; i++) {
		const struct cfn_parameter *p = &r->t->parameters[i];
		const struct json *g = json_get_str(given, p->name);
		str text = g == NULL ? p->default_value : json_scalar(g);

		r->at = p->at;
		if (!cfn_parameter_check(p, text, err))
			return false;
		json_put_key(r->a, texts, p->name, json_new_str(r->a, text));
		if (p->is_stored)
			json_push_str(r->a, names, text);
	}
	r->at = (struct cfn_at){ 0 };
	r->texts = texts;
	if (!fetch_stored(r, names, &stored, err))
		return false;
	for (size_t i = 0; i < r->t->parameter_count; i++) {
		const struct cfn_parameter *p = &r->t->parameters[i];
		str text = json_str(json_get_str(texts, p->name));
		const struct json *s = json_get_str(stored, text);

		if (p->is_stored)
			text = json_str(s);
		json_put_key(r->a, values, p->name,
		    p->is_stored && s == NULL ? &cfn_unknown : cfn_parameter_value(r->a, p, text));
	}
	r->values = values;
	return true;
}

bool
cfn_resolver_init(struct cfn_resolver *r, struct arena *a,
    const struct cfn_resolver_options *options, struct err *err)
{
	*r = (struct cfn_resolver){
		.a = a,
		.t = options->t,
		.pseudo = options->pseudo,
		.world = options->world,
	};
	return check_names(r, options->given, err) && settle_parameters(r, options->given, err) &&
	    settle_conditions(r, err);
}
