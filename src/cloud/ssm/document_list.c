/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/document_list.c: which documents an account sees: its own, and those shared with it.
 */
#include <inttypes.h>

#include "cloud/ssm/internal.h"

#define PAGE 10

struct listing {
	struct json *list;
	const struct json *filters; /* [{Key, Values}] */
};

/* --- filters ------------------------------------------------------------------------- */

static bool
any_is(const struct json *values, str text, bool prefix)
{
	for (const struct json *v = json_first(values); v != NULL; v = v->next) {
		if (prefix ? str_starts(text, json_str(v)) : str_eq(text, json_str(v)))
			return true;
	}
	return false;
}

/* Self: the caller's own; Private: those and what was shared with it; ThirdParty, Amazon: none. */
static bool
owner_is(struct call *c, const struct json *values, const struct json *document)
{
	str owner = json_str(json_get(document, "account"));
	bool own = str_eq(owner, c->account);

	return any_is(values, own ? S("Self") : S("Public"), false) ||
	    any_is(values, S("Private"), false) || any_is(values, owner, false);
}

static bool
has_tag(const struct json *document, str key, const struct json *values)
{
	for (const struct json *t = json_first(json_get(document, "tags")); t != NULL;
	     t = t->next) {
		if (str_eq(json_str(json_get(t, "Key")), key))
			return any_is(values, json_str(json_get(t, "Value")), false);
	}
	return false;
}

static bool
any_is_found(const struct json *values, str text)
{
	for (const struct json *v = json_first(values); v != NULL; v = v->next) {
		if (str_has(text, json_str(v)))
			return true;
	}
	return false;
}

static bool
passes(struct call *c, const struct json *filter, const struct json *document)
{
	str key = json_str(json_get(filter, "Key"));
	const struct json *values = json_get(filter, "Values");

	if (str_is(key, "Name"))
		return any_is(values, json_str(json_get(document, "name")), true);
	if (str_is(key, "SearchKeyword"))
		return any_is_found(values, json_str(json_get(document, "name")));
	if (str_is(key, "Owner"))
		return owner_is(c, values, document);
	if (str_is(key, "DocumentType"))
		return any_is(values, S("Automation"), false);
	if (str_starts(key, S("tag:")))
		return has_tag(document, str_from(key, 4), values);
	return true; /* PlatformTypes, TargetType: an automation is of every platform */
}

/* The older form of filters, [{key, value}], as the newer one. */
static const struct json *
filters_given(struct call *c)
{
	struct json *all = json_new_array(c->a);

	for (const struct json *f = json_first(json_get(c->in, "Filters")); f != NULL; f = f->next)
		json_push(c->a, all, f);
	for (const struct json *f = json_first(json_get(c->in, "DocumentFilterList")); f != NULL;
	     f = f->next) {
		struct json *filter = json_new_object(c->a);

		json_put(c->a, filter, "Key", json_get(f, "key"));
		json_push(c->a, json_put(c->a, filter, "Values", json_new_array(c->a)),
		    json_get(f, "value"));
		json_push(c->a, all, filter);
	}
	return all;
}

/* --- the list ------------------------------------------------------------------------ */

/* DocumentIdentifier */
static void
add_document(struct call *c, struct listing *l, const struct document *d)
{
	struct json *shown = json_new_object(c->a);
	const struct json *body = d->row.body;

	for (const struct json *f = json_first(l->filters); f != NULL; f = f->next) {
		if (!passes(c, f, body))
			return;
	}
	json_put_str(c->a, shown, "Name", d->shared ? d->arn : d->name);
	json_put(
	    c->a, shown, "CreatedDate", time_json(c->a, json_i64(json_get(body, "createdMs"), 0)));
	json_put_str(c->a, shown, "Owner", d->owner);
	json_put_str(c->a, shown, "DocumentVersion",
	    str_fmt(c->a, "%" PRId64, json_i64(json_get(d->version, "number"), 0)));
	json_put_str(c->a, shown, "DocumentType", S("Automation"));
	json_put_str(c->a, shown, "SchemaVersion", S("0.3"));
	json_put(c->a, shown, "DocumentFormat", json_get(d->version, "format"));
	ssm_put_if(c, shown, "TargetType", json_get(d->version, "targetType"));
	json_put(c->a, shown, "Tags", json_get(body, "tags"));
	json_push(c->a, l->list, shown);
}

static bool
add_by_name(struct call *c, struct listing *l, str name, struct err *err)
{
	struct document d;
	enum document_state state;

	if (!ssm_document_find(c, name, S(""), &d, &state, err))
		return false;
	if (state == DOCUMENT_FOUND)
		add_document(c, l, &d);
	return true;
}

static bool
each_own(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	return add_by_name(c, cookie, row_text(row, "name"), err);
}

static bool
is_listed(const struct listing *l, str name)
{
	for (const struct json *d = json_first(l->list); d != NULL; d = d->next) {
		if (str_eq(json_str(json_get(d, "Name")), name))
			return true;
	}
	return false;
}

/* The key of a share is "<owner>/<name>"; an account's own are among those for all. */
static bool
each_shared(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	str rest = row->sk, owner, arn;

	if (!str_cut(&rest, '/', &owner) || str_eq(owner, c->account))
		return true;
	arn = arn_make(c->a, "ssm", c->region, owner, "document/" STR_FMT, STR_ARG(rest));
	return is_listed(cookie, arn) || add_by_name(c, cookie, arn, err);
}

static bool
list_partition(struct call *c, struct listing *l, str pk,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    struct err *err)
{
	return row_each(c, &(struct store_query){ .hash = pk }, each, l, err);
}

bool
ssm_document_list(struct call *c, struct err *err)
{
	struct listing l = { .list = json_new_array(c->a), .filters = filters_given(c) };

	return list_partition(c, &l, ssm_partition(c, "document"), each_own, err) &&
	    list_partition(c, &l, ssm_partition(c, "share"), each_shared, err) &&
	    list_partition(c, &l, ssm_partition_of(c, S("all"), "share"), each_shared, err) &&
	    paginate(c, l.list, "DocumentIdentifiers",
		json_i64(json_get(c->in, "MaxResults"), PAGE),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}
