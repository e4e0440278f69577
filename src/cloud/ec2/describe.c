/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ec2/describe.c: one Describe for all kinds: rows by id or all of them, made into what is
 * shown, and filtered by looking into that.
 */
#include "cloud/ec2/internal.h"

#include "lang/iam_policy.h"

#define MAX_FILTERS 200

/* --- filters ---------------------------------------------------------------------------------- */

static bool
is_wanted(const struct json *wanted, str text)
{
	for (const struct json *w = json_first(wanted); w != NULL; w = w->next)
		if (iam_glob(json_str(w), text, false))
			return true;
	return false;
}

/* Does any value at the path's end stand among the wanted ones? "A[].B" looks into each of A. */
static bool
any_at(const struct json *v, str path, const struct json *wanted)
{
	bool each;
	str name;

	if (v == NULL)
		return false;
	if (!str_cut(&path, '.', &name))
		return is_wanted(wanted, json_scalar(v));
	each = str_ends(name, S("[]"));
	name.len -= each ? 2 : 0;
	v = json_get_str(v, name);
	if (!each)
		return any_at(v, path, wanted);
	for (const struct json *e = json_first(v); e != NULL; e = e->next)
		if (any_at(e, path, wanted))
			return true;
	return false;
}

static bool
tag_is(const struct json *tags, str key, const struct json *wanted)
{
	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		if (str_eq(json_str(json_get(t, "Key")), key) &&
		    is_wanted(wanted, json_str(json_get(t, "Value"))))
			return true;
	return false;
}

/* Network interfaces call them otherwise. */
static const struct json *
tags_of(const struct json *shown)
{
	const struct json *set = json_get(shown, "TagSet");

	return set != NULL ? set : json_get(shown, "Tags");
}

static bool
has_key(const struct json *tags, const struct json *wanted)
{
	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		if (is_wanted(wanted, json_str(json_get(t, "Key"))))
			return true;
	return false;
}

static bool
filter_takes(const struct ec2_filter *filters, size_t count, const struct json *filter,
    const struct json *shown, bool *takes, struct err *err)
{
	const struct json *wanted = json_get(filter, "Values");
	str name = json_str(json_get(filter, "Name"));

	if (str_starts(name, S("tag:"))) {
		*takes = tag_is(tags_of(shown), str_from(name, 4), wanted);
		return true;
	}
	if (str_is(name, "tag-key")) {
		*takes = has_key(tags_of(shown), wanted);
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (str_is(name, filters[i].name)) {
			*takes = any_at(shown, str_of(filters[i].path), wanted);
			return true;
		}
	}
	return err_code(err, ERR_INVALID, "InvalidParameterValue",
	    "The filter '" STR_FMT "' is invalid", STR_ARG(name));
}

bool
ec2_filters_take(struct call *c, const struct ec2_filter *filters, size_t count,
    const struct json *shown, bool *takes, struct err *err)
{
	const struct json *given = json_get(c->in, "Filters");

	*takes = true;
	for (const struct json *f = json_first(given); f != NULL && *takes; f = f->next)
		if (!filter_takes(filters, count, f, shown, takes, err))
			return false;
	return true;
}

/* An unknown filter is refused even where nothing is there to be filtered. */
static bool
check_filters(struct call *c, const struct ec2_listing *l, struct err *err)
{
	const struct json *given = json_get(c->in, "Filters");
	bool takes;

	if (json_count(given) > MAX_FILTERS)
		return err_code(err, ERR_INVALID, "FilterLimitExceeded",
		    "The maximum number of filters is %d.", MAX_FILTERS);
	for (const struct json *f = json_first(given); f != NULL; f = f->next)
		if (!filter_takes(l->filters, l->filter_count, f, NULL, &takes, err))
			return false;
	return true;
}

/* --- rows ------------------------------------------------------------------------------------- */

struct gathering {
	const struct ec2_listing *listing;
	struct json *list;
};

static bool
gather(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct gathering *g = cookie;
	const struct ec2_listing *l = g->listing;
	struct json *shown = json_new_object(c->a);
	bool takes;

	if (l->show == NULL)
		(void)ec2_show(c, row->body, shown);
	else if (!l->show(c, row->body, shown, err))
		return false;
	if (!ec2_filters_take(c, l->filters, l->filter_count, shown, &takes, err))
		return false;
	if (takes)
		json_push(c->a, g->list, shown);
	return true;
}

static bool
gather_by_id(struct call *c, struct gathering *g, const struct json *ids, struct err *err)
{
	for (const struct json *id = json_first(ids); id != NULL; id = id->next) {
		struct item row;

		if (!ec2_load(c, g->listing->kind, json_str(id), &row, err) ||
		    !gather(c, &row, g, err))
			return false;
	}
	return true;
}

bool
ec2_describe(struct call *c, const struct ec2_listing *listing, struct err *err)
{
	const struct json *ids = json_get(c->in, listing->ids);
	const struct store_query q = { .hash = row_here(c, "ec2", listing->kind->name) };
	struct gathering g = { listing, json_new_array(c->a) };

	if (!check_filters(c, listing, err))
		return false;
	if (json_count(ids) > 0 ? !gather_by_id(c, &g, ids, err)
				: !row_each(c, &q, gather, &g, err))
		return false;
	return paginate(c, g.list, listing->key, json_i64(json_get(c->in, "MaxResults"), 1000),
	    json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
