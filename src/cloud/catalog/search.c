/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/search.c: finding products: all of an account's for those who make them, and for
 * those who launch them the ones that they have a path to.
 */
#include "cloud/catalog/internal.h"

static bool
has_text(struct call *c, const struct json *detail, const char *member, str lower)
{
	return str_has(str_lower(c->a, json_str(json_get(detail, member))), lower);
}

/* Filters by name of the filter: any of its values may match. */
static bool
passes_value(struct call *c, const struct json *detail, str filter, str value)
{
	str lower = str_lower(c->a, value);

	if (str_is(filter, "FullTextSearch"))
		return has_text(c, detail, "Name", lower) || has_text(c, detail, "Owner", lower) ||
		    has_text(c, detail, "ShortDescription", lower) ||
		    has_text(c, detail, "Distributor", lower);
	if (str_is(filter, "Owner"))
		return str_eq(json_str(json_get(detail, "Owner")), value);
	if (str_is(filter, "ProductType"))
		return str_eq(json_str(json_get(detail, "Type")), value);
	return str_eq(json_str(json_get(detail, "ProductId")), value); /* SourceProductId */
}

static bool
passes(struct call *c, const struct json *detail)
{
	const struct json *filters = json_get(c->in, "Filters");

	for (const struct json *f = json_first(filters); f != NULL; f = f->next) {
		bool any = json_count(f) == 0;

		for (const struct json *v = json_first(f); v != NULL; v = v->next)
			any |= passes_value(c, detail, f->key, json_str(v));
		if (!any)
			return false;
	}
	return true;
}

static bool
check_search(struct call *c, struct err *err)
{
	static const char *const filters[] = { "FullTextSearch", "Owner", "ProductType",
		"SourceProductId" };
	static const struct input_rule rules[] = {
		{ "SortBy", 1, 0, NULL, "Title VersionCount CreationDate" },
		{ "SortOrder", 1, 0, NULL, "ASCENDING DESCENDING" },
	};

	for (const struct json *f = json_first(json_get(c->in, "Filters")); f != NULL;
	     f = f->next) {
		bool known = false;

		for (size_t i = 0; i < countof(filters); i++)
			known |= str_is(f->key, filters[i]);
		if (!known)
			return catalog_invalid(
			    err, "There is no filter " STR_FMT ".", STR_ARG(f->key));
	}
	return input_check(c, rules, countof(rules), err);
}

/* Text whose order is that of the rows asked for. */
static str
sort_key(struct call *c, const struct json *row)
{
	str by = catalog_in(c, "SortBy");
	bool count = str_is(by, "VersionCount");

	if (str_is(by, "Title"))
		return json_str(json_path(row, "detail", "Name", NULL));
	return str_fmt(c->a, "%016lld",
	    (long long)json_i64(json_get(row, count ? "artifacts" : "createdMs"), 1));
}

/* The rows that pass, in the order asked for. */
static struct json *
filter_and_sort(struct call *c, const struct json *rows)
{
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (passes(c, json_get(r, "detail")))
			json_push(c->a, list, r);
	return catalog_sorted(c, list, sort_key);
}

static bool
list_searched(struct call *c, struct json **rows, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId");
	struct json *one = json_new_array(c->a);
	const struct json *row;

	if (portfolio.len == 0)
		return catalog_list(c, "product", c->account, S(""), rows, err);
	if (!catalog_portfolio_load(c, portfolio, &row, err))
		return false;
	json_push(c->a, one, row);
	*rows = json_new_array(c->a);
	return catalog_product_list_of(c, one, *rows, err);
}

bool
catalog_search_products_as_admin(struct call *c, struct err *err)
{
	struct json *rows, *list = json_new_array(c->a);

	if (!check_search(c, err) || !list_searched(c, &rows, err))
		return false;
	rows = filter_and_sort(c, rows);
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		json_push(c->a, list, catalog_product_view(c, r));
	return catalog_page(c, list, "ProductViewDetails", err);
}

/* --- as those who launch see them ------------------------------------------------- */

/* The products that the caller has a path to. */
static bool
list_launchable(struct call *c, struct json **rows, struct err *err)
{
	struct json *portfolios, *all = json_new_array(c->a);

	*rows = json_new_array(c->a);
	if (!catalog_portfolio_visible_list(c, &portfolios, err) ||
	    !catalog_product_list_of(c, portfolios, all, err))
		return false;
	for (const struct json *r = json_first(all); r != NULL; r = r->next) {
		struct catalog_path *paths;
		size_t count;

		if (!catalog_paths(c, json_str(json_get(r, "sk")), &paths, &count, err))
			return false;
		if (count > 0)
			json_push(c->a, *rows, r);
	}
	return true;
}

/* {"Value": …, "ApproximateCount": …} for each value of member. */
static struct json *
aggregate(struct call *c, const struct json *rows, const char *member)
{
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		str value = json_str(json_path(r, "detail", member, NULL));
		struct json *one, *there = NULL;

		if (value.len == 0)
			continue;
		for (struct json *x = list->first; x != NULL; x = x->next)
			if (str_eq(json_str(json_get(x, "Value")), value))
				there = x;
		if (there == NULL) {
			one = json_push(c->a, list, json_new_object(c->a));
			json_put_str(c->a, one, "Value", value);
			json_put_i64(c->a, one, "ApproximateCount", 1);
			continue;
		}
		json_set(c->a, there, "ApproximateCount",
		    json_new_i64(c->a, json_i64(json_get(there, "ApproximateCount"), 0) + 1));
	}
	return list;
}

bool
catalog_search_products(struct call *c, struct err *err)
{
	struct json *rows, *aggregations = json_new_object(c->a);

	if (!check_search(c, err) || !list_launchable(c, &rows, err))
		return false;
	rows = filter_and_sort(c, rows);
	json_put(c->a, aggregations, "Owner", aggregate(c, rows, "Owner"));
	json_put(c->a, aggregations, "ProductType", aggregate(c, rows, "Type"));
	json_put(c->a, aggregations, "Vendor", aggregate(c, rows, "Distributor"));
	json_put(c->a, c->out, "ProductViewAggregations", aggregations);
	return catalog_page(c, catalog_details(c, rows), "ProductViewSummaries", err);
}

static struct json *
active_artifacts(struct call *c, const struct json *artifacts)
{
	static const char *const members[] = { "Id", "Name", "Description", "CreatedTime",
		"Guidance" };
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(artifacts); r != NULL; r = r->next) {
		const struct json *detail = json_get(r, "detail");
		struct json *one;

		if (!json_bool(json_get(detail, "Active"), true))
			continue;
		one = json_push(c->a, list, json_new_object(c->a));
		for (size_t i = 0; i < countof(members); i++)
			json_put(c->a, one, members[i], json_get(detail, members[i]));
	}
	return list;
}

bool
catalog_describe_product(struct call *c, struct err *err)
{
	struct json *artifacts, *list = json_new_array(c->a);
	struct catalog_path *paths;
	const struct json *row;
	size_t count;
	str id;

	if (!catalog_product_named(c, "Id", "Name", &row, err))
		return false;
	id = json_str(json_get(row, "sk"));
	if (!catalog_paths(c, id, &paths, &count, err) ||
	    !catalog_artifact_list(c, id, &artifacts, err))
		return false;
	if (count == 0)
		return catalog_missing(err, "Product", id);
	for (size_t i = 0; i < count; i++) {
		struct json *one = json_push(c->a, list, json_new_object(c->a));

		json_put_str(c->a, one, "Id", paths[i].id);
		json_put(c->a, one, "Name",
		    json_path(paths[i].portfolio, "detail", "DisplayName", NULL));
	}
	json_put(c->a, c->out, "ProductViewSummary", json_get(row, "detail"));
	json_put(c->a, c->out, "ProvisioningArtifacts", active_artifacts(c, artifacts));
	json_put(c->a, c->out, "Budgets", json_new_array(c->a));
	json_put(c->a, c->out, "LaunchPaths", list);
	return true;
}
