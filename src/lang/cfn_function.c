/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_function.c: the intrinsic functions, one row each.
 *
 * A row says where a function may stand, which form its argument has, how CloudFormation words a
 * wrong form, and which function of cfn_eval.c does the work. An object calls a function when its
 * only member bears the function's name.
 *
 * The usages of Select, GetAtt, Split and Equals were recorded from CloudFormation; the others are
 * general knowledge, or ours where even that is silent (Condition, Cidr, GetAZs).
 */
#include "lang/cfn_internal.h"

#include "base/arena.h"

#define ANYWHERE (CFN_IN_CONDITIONS | CFN_IN_RESOURCES | CFN_IN_OUTPUTS)
#define VALUES (CFN_IN_RESOURCES | CFN_IN_OUTPUTS)

static bool
is_call(const struct json *j)
{
	return json_is(j, JSON_OBJECT) && j->count == 1;
}

/* A text, or something that becomes one. */
static bool
is_textual(const struct json *j)
{
	return cfn_is_scalar(j) || is_call(j);
}

static bool
is_listing(const struct json *j)
{
	return json_is(j, JSON_ARRAY) || is_call(j);
}

static bool
check_ref(const struct json *arg)
{
	return json_str(arg).len > 0;
}

static bool
check_get_att(const struct json *arg)
{
	auto_arena scratch = { 0 };
	const struct json *attribute;
	str id;

	return cfn_get_att_parts(&scratch, arg, &id, &attribute);
}

static bool
check_sub(const struct json *arg)
{
	const struct json *map;
	str text;

	if (!cfn_sub_parts(arg, &text, &map))
		return false;
	for (const struct json *m = json_first(map); m != NULL; m = m->next)
		if (!is_textual(m))
			return false;
	return true;
}

static bool
check_delimited_list(const struct json *arg)
{
	return cfn_is_scalar(json_at(arg, 0)) && is_listing(json_at(arg, 1));
}

static bool
check_delimited_text(const struct json *arg)
{
	return json_scalar(json_at(arg, 0)).len > 0 && is_textual(json_at(arg, 1));
}

static bool
check_select(const struct json *arg)
{
	const struct json *index = json_at(arg, 0);
	int64_t literal;

	if (cfn_is_scalar(index) && !str_to_i64(json_scalar(index), &literal))
		return false;
	return is_textual(index) && is_listing(json_at(arg, 1));
}

static bool
check_texts(const struct json *arg)
{
	for (const struct json *e = json_first(arg); e != NULL; e = e->next)
		if (!is_textual(e))
			return false;
	return true;
}

static bool
check_if(const struct json *arg)
{
	return json_str(json_at(arg, 0)).len > 0;
}

static bool
check_conditions(const struct json *arg)
{
	for (const struct json *e = json_first(arg); e != NULL; e = e->next)
		if (!cfn_is_condition(e))
			return false;
	return true;
}

#define E "Template error: "
static const struct cfn_function functions[] = {
	{ "Condition", CFN_IN_CONDITIONS, 0, 0,
	    E "every Condition object must have a single String value.", check_ref,
	    cfn_eval_condition },
	{ "Fn::And", CFN_IN_CONDITIONS, 2, 10,
	    E "every Fn::And object requires a list of at least 2 and at most 10 boolean "
	      "parameters.",
	    check_conditions, cfn_eval_and },
	{ "Fn::Base64", VALUES, 0, 0, E "every Fn::Base64 object must have a String-typed value.",
	    is_textual, cfn_eval_base64 },
	{ "Fn::Cidr", VALUES, 2, 3,
	    E "every Fn::Cidr object requires three parameters, (1) an IP block, (2) a count of "
	      "1 to 256 and (3) a number of subnet bits.",
	    check_texts, cfn_eval_cidr },
	{ "Fn::Equals", CFN_IN_CONDITIONS, 2, 2,
	    E "every Fn::Equals object requires a list of 2 string parameters.", check_texts,
	    cfn_eval_equals },
	{ "Fn::FindInMap", ANYWHERE, 3, 3,
	    E "every Fn::FindInMap object requires three parameters, the map name, map key and "
	      "the attribute for return value",
	    check_texts, cfn_eval_find_in_map },
	{ "Fn::GetAZs", VALUES, 0, 0, E "every Fn::GetAZs object must have a String-typed value.",
	    is_textual, cfn_eval_get_azs },
	{ "Fn::GetAtt", VALUES, 0, 0,
	    E "every Fn::GetAtt object requires two non-empty parameters, the resource name and "
	      "the resource attribute",
	    check_get_att, cfn_eval_get_att },
	{ "Fn::If", VALUES, 3, 3,
	    E "Fn::If requires a list argument with the first element being a condition", check_if,
	    cfn_eval_if },
	{ "Fn::ImportValue", VALUES, 0, 0,
	    E "the attribute in Fn::ImportValue must be a string or a function that returns a "
	      "string",
	    is_textual, cfn_eval_import_value },
	{ "Fn::Join", ANYWHERE, 2, 2,
	    E "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a "
	      "list of strings to be joined or a function that returns a list of strings (such as "
	      "Fn::GetAZs) to be joined.",
	    check_delimited_list, cfn_eval_join },
	{ "Fn::Not", CFN_IN_CONDITIONS, 1, 1,
	    E "every Fn::Not object requires one boolean parameter.", check_conditions,
	    cfn_eval_not },
	{ "Fn::Or", CFN_IN_CONDITIONS, 2, 10,
	    E "every Fn::Or object requires a list of at least 2 and at most 10 boolean "
	      "parameters.",
	    check_conditions, cfn_eval_or },
	{ "Fn::Select", ANYWHERE, 2, 2,
	    E "Fn::Select requires a list argument with two elements: an integer index and a list",
	    check_select, cfn_eval_select },
	{ "Fn::Split", ANYWHERE, 2, 2,
	    E "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a "
	      "string to be split or a function that returns a string to be split.",
	    check_delimited_text, cfn_eval_split },
	{ "Fn::Sub", ANYWHERE, 0, 0,
	    E "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify "
	      "a string as first argument, and an optional second argument to specify a mapping "
	      "of values to replace in the string",
	    check_sub, cfn_eval_sub },
	{ "Ref", ANYWHERE, 0, 0, E "every Ref object must have a single String value.", check_ref,
	    cfn_eval_ref },
};
#undef E

const struct cfn_function *
cfn_function_of(const struct json *j, enum cfn_place place)
{
	if (!is_call(j))
		return NULL;
	for (size_t i = 0; i < countof(functions); i++)
		if (str_is(j->first->key, functions[i].name))
			return functions[i].places & place ? &functions[i] : NULL;
	return NULL;
}

bool
cfn_is_condition(const struct json *j)
{
	const struct cfn_function *f = cfn_function_of(j, CFN_IN_CONDITIONS);

	return f != NULL && f->places == CFN_IN_CONDITIONS;
}

bool
cfn_function_is_unknown(const struct json *j)
{
	return is_call(j) && str_starts(j->first->key, S("Fn::"));
}

bool
cfn_function_fits(const struct cfn_function *f, const struct json *arg)
{
	size_t count = json_count(arg);

	if (f->max_args > 0 &&
	    (!json_is(arg, JSON_ARRAY) || count < f->min_args || count > f->max_args))
		return false;
	return f->check(arg);
}

bool
cfn_get_att_parts(struct arena *a, const struct json *arg, str *id, const struct json **attribute)
{
	str text = json_str(arg);

	if (text.len > 0) {
		if (!str_cut(&text, '.', id))
			return false;
		*attribute = json_new_str(a, text);
	} else {
		if (!json_is(arg, JSON_ARRAY) || arg->count != 2)
			return false;
		*id = json_str(json_at(arg, 0));
		*attribute = json_at(arg, 1);
	}
	return id->len > 0 && (json_str(*attribute).len > 0 || is_call(*attribute));
}

bool
cfn_sub_parts(const struct json *arg, str *text, const struct json **map)
{
	const struct json *first = json_at(arg, 0);

	*map = NULL;
	if (json_is(arg, JSON_STRING)) {
		*text = arg->text;
		return true;
	}
	if (!json_is(arg, JSON_ARRAY) || arg->count != 2 || !json_is(first, JSON_STRING) ||
	    !json_is(first->next, JSON_OBJECT))
		return false;
	*text = first->text;
	*map = first->next;
	return true;
}

bool
cfn_sub_cut(str *rest, bool *is_variable, str *piece)
{
	size_t open = str_find(*rest, S("${")), close;
	str inner;

	*is_variable = false;
	if (rest->len == 0)
		return false;
	if (open > 0) {
		*piece = str_sub(*rest, 0, open);
		*rest = str_from(*rest, open);
		return true;
	}
	inner = str_from(*rest, 2);
	close = str_find_char(inner, '}');
	if (close == inner.len) { /* never closed: text like any other */
		*piece = *rest;
		*rest = (str){ 0 };
	} else if (inner.ptr[0] == '!') {
		*piece = str_sub(*rest, 0, 2);
		*rest = str_from(inner, 1);
	} else {
		*is_variable = true;
		*piece = str_sub(inner, 0, close);
		*rest = str_from(inner, close + 1);
	}
	return true;
}

/* --- references -------------------------------------------------------------------- */

const char *const cfn_resource_expressions[] = { "Properties", "Metadata", "CreationPolicy",
	"UpdatePolicy", NULL };

struct walk {
	struct arena *a;
	enum cfn_place place;
	const struct cfn_resolver *r;
	void (*visit)(void *cookie, const struct cfn_reference *ref);
	void *cookie;
};

static void
visit_variable(struct walk *w, str name, const struct json *at)
{
	size_t dot = str_find_char(name, '.');
	struct cfn_reference ref = { .name = name, .at = at };

	if (dot < name.len) {
		ref.name = str_sub(name, 0, dot);
		ref.attribute = str_from(name, dot + 1);
		ref.is_attribute = true;
	}
	w->visit(w->cookie, &ref);
}

static void
visit_sub(struct walk *w, const struct json *arg)
{
	const struct json *map;
	bool is_variable;
	str text, piece;

	if (!cfn_sub_parts(arg, &text, &map))
		return;
	while (cfn_sub_cut(&text, &is_variable, &piece))
		if (is_variable && json_get_str(map, piece) == NULL)
			visit_variable(w, piece, arg);
}

static void
visit_get_att(struct walk *w, const struct json *arg)
{
	struct cfn_reference ref = { .is_attribute = true, .at = arg };
	const struct json *attribute;

	if (!cfn_get_att_parts(w->a, arg, &ref.name, &attribute))
		return;
	ref.attribute = json_str(attribute);
	w->visit(w->cookie, &ref);
}

static void
walk(struct walk *w, const struct json *j)
{
	const struct cfn_function *f = cfn_function_of(j, w->place);
	const struct json *arg = f == NULL ? NULL : j->first;

	if (f != NULL && f->resolve == cfn_eval_ref)
		w->visit(w->cookie, &(struct cfn_reference){ .name = json_str(arg), .at = arg });
	else if (f != NULL && f->resolve == cfn_eval_get_att)
		visit_get_att(w, arg);
	else if (f != NULL && f->resolve == cfn_eval_sub)
		visit_sub(w, arg);
	if (f != NULL && f->resolve == cfn_eval_if && w->r != NULL) {
		walk(w, json_at(arg, cfn_condition_holds(w->r, json_str(json_at(arg, 0))) ? 1 : 2));
		return;
	}
	for (const struct json *m = json_first(j); m != NULL; m = m->next)
		walk(w, m);
}

void
cfn_references(struct arena *a, const struct json *expression, enum cfn_place place,
    const struct cfn_resolver *r, void (*visit)(void *cookie, const struct cfn_reference *ref),
    void *cookie)
{
	struct walk w = { a, place, r, visit, cookie };

	if (expression != NULL)
		walk(&w, expression);
}
