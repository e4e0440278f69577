/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/parameter_list.c: parameters below a path, and parameters by filters.
 */
#include "cloud/ssm/internal.h"

#define PAGE 10
#define PAGE_DESCRIBE 50

struct listing {
	struct json *list;
	str path;
	bool recursive, decrypt;
	const struct json *filters; /* [{Key, Option, Values}] */
};

/* --- filters ------------------------------------------------------------------------- */

static bool
any(const struct json *values, str text, bool (*fits)(str text, str value))
{
	for (const struct json *v = json_first(values); v != NULL; v = v->next) {
		if (fits(text, json_str(v)))
			return true;
	}
	return false;
}

/* Is name below path: directly, or at any depth? "/" is above all names with a slash. */
static bool
is_below(str name, str path, bool recursive)
{
	str rest;

	if (!str_ends(path, S("/")) && !str_starts(str_from(name, path.len), S("/")))
		return false;
	if (!str_starts(name, path))
		return false;
	rest = str_from(name, path.len);
	if (str_starts(rest, S("/")))
		rest = str_from(rest, 1);
	return rest.len > 0 && (recursive || str_find_char(rest, '/') == rest.len);
}

static bool
path_passes(const struct json *filter, str name)
{
	bool recursive = str_is(json_str(json_get(filter, "Option")), "Recursive");

	for (const struct json *v = json_first(json_get(filter, "Values")); v != NULL;
	     v = v->next) {
		if (is_below(name, json_str(v), recursive))
			return true;
	}
	return false;
}

static str
tag_value(const struct json *body, str key)
{
	for (const struct json *t = json_first(json_get(body, "tags")); t != NULL; t = t->next) {
		if (str_eq(json_str(json_get(t, "Key")), key))
			return json_str(json_get(t, "Value"));
	}
	return (str){ 0 };
}

static bool
passes(const struct json *filter, const struct json *body)
{
	static const struct {
		const char *key, *member;
	} keys[] = {
		{ "Name", "name" },
		{ "Type", "type" },
		{ "KeyId", "keyId" },
		{ "Tier", "tier" },
		{ "DataType", "dataType" },
	};
	str key = json_str(json_get(filter, "Key")), option = json_str(json_get(filter, "Option"));
	const struct json *values = json_get(filter, "Values");
	bool (*fits)(str, str) = str_is(option, "BeginsWith") ? str_starts
	    : str_is(option, "Contains")                      ? str_has
							      : str_eq;

	if (str_is(key, "Path"))
		return path_passes(filter, json_str(json_get(body, "name")));
	if (str_starts(key, S("tag:")))
		return any(values, tag_value(body, str_from(key, 4)), fits);
	for (size_t i = 0; i < countof(keys); i++) {
		if (str_is(key, keys[i].key))
			return any(values, json_str(json_get(body, keys[i].member)), fits);
	}
	return true;
}

static bool
all_pass(const struct json *filters, const struct json *body)
{
	for (const struct json *f = json_first(filters); f != NULL; f = f->next) {
		if (!passes(f, body))
			return false;
	}
	return true;
}

/* --- by path ------------------------------------------------------------------------- */

static bool
each_below(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct listing *l = cookie;

	(void)err;
	if (is_below(row_text(row, "name"), l->path, l->recursive) &&
	    all_pass(l->filters, row->body))
		json_push(c->a, l->list, ssm_parameter_json(c, row->body, l->decrypt));
	return true;
}

bool
ssm_parameter_get_by_path(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ .member = "MaxResults", .min = 1, .max = 10 }
	};
	struct listing l = {
		.list = json_new_array(c->a),
		.path = json_str(json_get(c->in, "Path")),
		.recursive = json_bool(json_get(c->in, "Recursive"), false),
		.decrypt = json_bool(json_get(c->in, "WithDecryption"), false),
		.filters = json_get(c->in, "ParameterFilters"),
	};
	struct store_query q = { .hash = ssm_partition(c, "parameter") };

	if (!input_check(c, rules, countof(rules), err))
		return false;
	if (!str_starts(l.path, S("/")))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "The parameter path must begin with a slash /, and is " STR_FMT,
		    STR_ARG(l.path));
	q.condition = STORE_BEGINS;
	q.a = l.path;
	return row_each(c, &q, each_below, &l, err) &&
	    paginate(c, l.list, "Parameters", json_i64(json_get(c->in, "MaxResults"), PAGE),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}

/* --- by filters ---------------------------------------------------------------------- */

/* ParameterMetadata: all but the value. */
static struct json *
metadata_json(struct call *c, const struct json *body)
{
	struct json *p = ssm_parameter_json(c, body, true);

	json_remove(p, "Value");
	ssm_put_if(c, p, "KeyId", json_get(body, "keyId"));
	json_put(c->a, p, "LastModifiedUser", json_get(body, "modifiedBy"));
	ssm_put_if(c, p, "Description", json_get(body, "description"));
	ssm_put_if(c, p, "AllowedPattern", json_get(body, "allowedPattern"));
	json_put(c->a, p, "Tier", json_get(body, "tier"));
	json_put(c->a, p, "Policies", json_new_array(c->a));
	return p;
}

static bool
each_described(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	struct listing *l = cookie;

	(void)err;
	if (all_pass(l->filters, row->body))
		json_push(c->a, l->list, metadata_json(c, row->body));
	return true;
}

/* The older filters, [{Key, Values}], compare beginnings. */
static const struct json *
filters_given(struct call *c)
{
	struct json *all = json_new_array(c->a);

	for (const struct json *f = json_first(json_get(c->in, "ParameterFilters")); f != NULL;
	     f = f->next)
		json_push(c->a, all, f);
	for (const struct json *f = json_first(json_get(c->in, "Filters")); f != NULL;
	     f = f->next) {
		struct json *filter = json_copy_shallow(c->a, f);

		json_set_str(c->a, filter, "Option", S("BeginsWith"));
		json_push(c->a, all, filter);
	}
	return all;
}

bool
ssm_parameter_describe(struct call *c, struct err *err)
{
	struct listing l = { .list = json_new_array(c->a), .filters = filters_given(c) };
	struct store_query q = { .hash = ssm_partition(c, "parameter") };

	return row_each(c, &q, each_described, &l, err) &&
	    paginate(c, l.list, "Parameters",
		json_i64(json_get(c->in, "MaxResults"), PAGE_DESCRIBE),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
