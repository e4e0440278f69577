/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_eval.c: what each intrinsic function does. The table of them is in cfn_function.c,
 * which also has seen to the form of the arguments.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "lang/cfn_internal.h"

/* The function cannot be worked out yet: its value is unknown, which is no error. */
static bool
give_up(struct cfn_resolver *r)
{
	r->is_pending = true;
	return false;
}

/* A text argument: the usage of call names what must be one. */
static bool
to_text(struct cfn_resolver *r, const struct json *j, str *out, struct err *err)
{
	const struct json *value;

	if (!cfn_resolve(r, j, &value, err))
		return false;
	if (cfn_is_unknown(value))
		return give_up(r);
	if (!cfn_is_scalar(value))
		return cfn_resolve_fail(r, err, j,
		    "Template error: a string must stand here, but it resolves to %s",
		    value == NULL ? "AWS::NoValue" : json_kind_name(value->kind));
	*out = json_scalar(value);
	return true;
}

static bool
to_list(struct cfn_resolver *r, const struct json *j, const struct json **out, struct err *err)
{
	if (!cfn_resolve(r, j, out, err))
		return false;
	if (cfn_is_unknown(*out))
		return give_up(r);
	if (json_is(*out, JSON_ARRAY))
		return true;
	return cfn_resolve_fail(r, err, j,
	    "Template error: a list must stand here, but it resolves to %s",
	    *out == NULL ? "AWS::NoValue" : json_kind_name((*out)->kind));
}

static bool
give_text(struct cfn_resolver *r, str text, const struct json **out)
{
	*out = json_new_str(r->a, text);
	return true;
}

/* --- references -------------------------------------------------------------------- */

static const struct {
	const char *name;
	size_t offset; /* of a str in struct cfn_pseudo */
} pseudos[] = {
#define AT(field) offsetof(struct cfn_pseudo, field)
	{ "AWS::AccountId", AT(account) },
	{ "AWS::Partition", AT(partition) },
	{ "AWS::Region", AT(region) },
	{ "AWS::StackId", AT(stack_id) },
	{ "AWS::StackName", AT(stack_name) },
	{ "AWS::URLSuffix", AT(url_suffix) },
#undef AT
};

bool
cfn_is_pseudo(str name)
{
	for (size_t i = 0; i < countof(pseudos); i++)
		if (str_is(name, pseudos[i].name))
			return true;
	return str_is(name, "AWS::NoValue") || str_is(name, "AWS::NotificationARNs");
}

static bool
eval_pseudo(struct cfn_resolver *r, str name, const struct json **out)
{
	*out = NULL;
	if (str_is(name, "AWS::NoValue"))
		return true;
	if (str_is(name, "AWS::NotificationARNs")) {
		*out = r->pseudo.notification_arns == NULL ? json_new_array(r->a)
							   : r->pseudo.notification_arns;
		return true;
	}
	for (size_t i = 0; i < countof(pseudos); i++)
		if (str_is(name, pseudos[i].name)) {
			const char *at = (const char *)&r->pseudo + pseudos[i].offset;
			str value = *(const str *)(const void *)at;

			return value.ptr == NULL ? give_up(r) : give_text(r, value, out);
		}
	return false;
}

static bool
find_resource(struct cfn_resolver *r, str id, const struct json *at,
    const struct cfn_resource **out, struct err *err)
{
	*out = cfn_resource_find(r->t, id);
	if (*out != NULL && cfn_resource_exists(r, *out))
		return true;
	return cfn_resolve_fail(r, err, at,
	    "Template format error: Unresolved resource dependencies [" STR_FMT
	    "] in the Resources block of the template",
	    STR_ARG(id));
}

static bool
eval_name(struct cfn_resolver *r, str name, const struct json *at, const struct json **out,
    struct err *err)
{
	const struct cfn_resource *resource;

	if (cfn_is_pseudo(name))
		return eval_pseudo(r, name, out);
	*out = json_get_str(r->values, name);
	if (*out != NULL)
		return true;
	if (!find_resource(r, name, at, &resource, err))
		return false;
	if (r->world.ref == NULL)
		return give_up(r);
	if (r->world.ref(r->world.cookie, r->a, resource, out, err))
		return true;
	r->at = cfn_at_json(at);
	return false;
}

static bool
eval_attribute(struct cfn_resolver *r, str id, str attribute, const struct json *at,
    const struct json **out, struct err *err)
{
	const struct cfn_resource *resource;

	if (!find_resource(r, id, at, &resource, err))
		return false;
	if (r->world.get_att == NULL)
		return give_up(r);
	if (r->world.get_att(r->world.cookie, r->a, resource, attribute, out, err))
		return true;
	r->at = cfn_at_json(at);
	return false;
}

bool
cfn_eval_ref(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	return eval_name(r, json_str(arg), arg, out, err);
}

bool
cfn_eval_get_att(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	const struct json *attribute;
	str id, name;

	if (!cfn_get_att_parts(r->a, arg, &id, &attribute))
		return false;
	return to_text(r, attribute, &name, err) && eval_attribute(r, id, name, arg, out, err);
}

bool
cfn_eval_import_value(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	str name, value;

	if (!to_text(r, arg, &name, err))
		return false;
	if (r->world.import == NULL)
		return give_up(r);
	if (r->world.import(r->world.cookie, r->a, name, &value, err))
		return give_text(r, value, out);
	if (err->kind != ERR_NOT_FOUND)
		return false;
	err_clear(err);
	return cfn_resolve_fail(r, err, arg, "No export named " STR_FMT " found", STR_ARG(name));
}

bool
cfn_eval_find_in_map(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	const struct json *value;
	str map, top, second;

	if (!to_text(r, json_at(arg, 0), &map, err) || !to_text(r, json_at(arg, 1), &top, err) ||
	    !to_text(r, json_at(arg, 2), &second, err))
		return false;
	value = json_get_str(r->t->mappings, map);
	value = json_get_str(json_get_str(value, top), second);
	if (value == NULL)
		return cfn_resolve_fail(r, err, arg,
		    "Template error: Unable to get mapping for " STR_FMT "::" STR_FMT "::" STR_FMT,
		    STR_ARG(map), STR_ARG(top), STR_ARG(second));
	if (cfn_is_scalar(value))
		return give_text(r, json_scalar(value), out);
	*out = value;
	return true;
}

bool
cfn_eval_get_azs(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	str region;

	if (!to_text(r, arg, &region, err))
		return false;
	if (r->world.zones == NULL)
		return give_up(r);
	if (region.len == 0)
		region = r->pseudo.region;
	return r->world.zones(r->world.cookie, r->a, region, out, err);
}

/* --- texts and lists ----------------------------------------------------------------- */

bool
cfn_eval_base64(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	str text;

	return to_text(r, arg, &text, err) && give_text(r, base64_encode(r->a, text), out);
}

bool
cfn_eval_join(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	struct buf b = buf_in(r->a);
	const struct json *list;
	str delimiter = json_scalar(json_at(arg, 0));

	if (!to_list(r, json_at(arg, 1), &list, err))
		return false;
	for (const struct json *e = list->first; e != NULL; e = e->next) {
		if (cfn_is_unknown(e))
			return give_up(r);
		if (!cfn_is_scalar(e))
			return cfn_resolve_fail(r, err, e,
			    "Template error: every element that Fn::Join joins must be a string, "
			    "but one is %s",
			    json_kind_name(e->kind));
		if (e != list->first)
			buf_add(&b, delimiter);
		buf_add(&b, json_scalar(e));
		if (b.len > CFN_MAX_RESOLVED_BYTES)
			break; /* the caller refuses it when it charges for it */
	}
	return give_text(r, buf_str(&b), out);
}

bool
cfn_eval_split(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	str delimiter = json_scalar(json_at(arg, 0)), rest;
	struct json *list = json_new_array(r->a);

	if (!to_text(r, json_at(arg, 1), &rest, err))
		return false;
	for (;;) {
		size_t end = str_find(rest, delimiter);

		json_push_str(r->a, list, str_sub(rest, 0, end));
		if (end == rest.len)
			break;
		rest = str_from(rest, end + delimiter.len);
	}
	*out = list;
	return true;
}

bool
cfn_eval_select(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	const struct json *list;
	int64_t index;
	str text;

	if (!to_text(r, json_at(arg, 0), &text, err))
		return false;
	if (!str_to_i64(text, &index))
		return cfn_resolve_fail(r, err, arg,
		    "Template error: Fn::Select requires a list argument with two elements: an "
		    "integer index and a list");
	if (!to_list(r, json_at(arg, 1), &list, err))
		return false;
	*out = index < 0 ? NULL : json_at(list, (size_t)index);
	if (*out != NULL)
		return true;
	return cfn_resolve_fail(r, err, arg,
	    "Template error: Fn::Select  cannot select nonexistent value at index " STR_FMT,
	    STR_ARG(text));
}

bool
cfn_eval_cidr(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	const struct json *third = json_at(arg, 2);
	int64_t count, bits = -1;
	str block, text;

	if (!to_text(r, json_at(arg, 0), &block, err) || !to_text(r, json_at(arg, 1), &text, err))
		return false;
	if (!str_to_i64(text, &count))
		return cfn_resolve_fail(r, err, arg,
		    "Template error: the count of Fn::Cidr must be a whole number from 1 to 256");
	if (third != NULL && !to_text(r, third, &text, err))
		return false;
	if (third != NULL && !str_to_i64(text, &bits))
		bits = 0; /* refused below */
	if (cfn_cidr_list(r->a, block, count, bits, out))
		return true;
	return cfn_resolve_fail(r, err, arg,
	    "Template error: Fn::Cidr cannot make %lld subnets in " STR_FMT, (long long)count,
	    STR_ARG(block));
}

static bool
add_variable(struct cfn_resolver *r, struct buf *b, str name, const struct json *map,
    const struct json *at, struct err *err)
{
	const struct json *mapped = json_get_str(map, name), *value;
	size_t dot = str_find_char(name, '.');
	bool ok;

	if (mapped != NULL)
		ok = cfn_resolve(r, mapped, &value, err);
	else if (dot < name.len)
		ok = eval_attribute(
		    r, str_sub(name, 0, dot), str_from(name, dot + 1), at, &value, err);
	else
		ok = eval_name(r, name, at, &value, err);
	if (!ok)
		return false;
	if (cfn_is_unknown(value))
		return give_up(r);
	if (!cfn_is_scalar(value))
		return cfn_resolve_fail(r, err, at,
		    "Template error: Fn::Sub can only put a string where ${" STR_FMT
		    "} stands, but it is %s",
		    STR_ARG(name), value == NULL ? "AWS::NoValue" : json_kind_name(value->kind));
	buf_add(b, json_scalar(value));
	return true;
}

bool
cfn_eval_sub(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	struct buf b = buf_in(r->a);
	const struct json *map;
	bool is_variable;
	str text, piece;

	if (!cfn_sub_parts(arg, &text, &map))
		return false;
	while (cfn_sub_cut(&text, &is_variable, &piece)) {
		if (!is_variable)
			buf_add(&b, piece);
		else if (!add_variable(r, &b, piece, map, arg, err))
			return false;
		if (b.len > CFN_MAX_RESOLVED_BYTES)
			break; /* the caller refuses it when it charges for it */
	}
	return give_text(r, buf_str(&b), out);
}

/* --- conditions -------------------------------------------------------------------- */

static bool
give_bool(struct cfn_resolver *r, bool value, const struct json **out)
{
	*out = json_new_bool(r->a, value);
	return true;
}

static bool
to_bool(struct cfn_resolver *r, const struct json *j, bool *out, struct err *err)
{
	const struct cfn_function *f = cfn_function_of(j, CFN_IN_CONDITIONS);
	const struct json *value;

	assert(f != NULL); /* by check_conditions() of cfn_function.c */
	if (!cfn_function_fits(f, j->first))
		return cfn_resolve_fail(r, err, j, "%s", f->usage);
	if (!f->resolve(r, j->first, &value, err))
		return false;
	*out = json_bool(value, false);
	return true;
}

/* And gives until at the first that is; Or the same with the truth turned round. */
static bool
eval_until(struct cfn_resolver *r, const struct json *arg, bool until, const struct json **out,
    struct err *err)
{
	bool value;

	for (const struct json *e = arg->first; e != NULL; e = e->next) {
		if (!to_bool(r, e, &value, err))
			return false;
		if (value == until)
			return give_bool(r, until, out);
	}
	return give_bool(r, !until, out);
}

bool
cfn_eval_and(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	return eval_until(r, arg, false, out, err);
}

bool
cfn_eval_or(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	return eval_until(r, arg, true, out, err);
}

bool
cfn_eval_not(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	bool value = false;

	return to_bool(r, arg->first, &value, err) && give_bool(r, !value, out);
}

bool
cfn_eval_condition(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	bool holds;

	return cfn_condition_settle(r, json_str(arg), arg, &holds, err) && give_bool(r, holds, out);
}

/* Scalars are compared as the texts they are written as: "true" equals true. */
bool
cfn_eval_equals(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	const struct json *x, *y;

	if (!cfn_resolve(r, json_at(arg, 0), &x, err) || !cfn_resolve(r, json_at(arg, 1), &y, err))
		return false;
	if (cfn_is_unknown(x) || cfn_is_unknown(y))
		return give_up(r);
	if (cfn_is_scalar(x) && cfn_is_scalar(y))
		return give_bool(r, str_eq(json_scalar(x), json_scalar(y)), out);
	return give_bool(r, json_equal(x, y), out);
}

bool
cfn_eval_if(
    struct cfn_resolver *r, const struct json *arg, const struct json **out, struct err *err)
{
	bool holds;

	if (!cfn_condition_settle(r, json_str(json_at(arg, 0)), arg, &holds, err))
		return false;
	return cfn_resolve(r, json_at(arg, holds ? 1 : 2), out, err);
}
