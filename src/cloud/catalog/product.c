/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/product.c: products, as those see them who make them. What those see who launch
 * them is in path.c; versions are in artifact.c.
 */
#include "cloud/catalog/internal.h"

static const struct input_rule product_rules[] = {
	{ "Name", 1, 8191, NULL, NULL },
	{ "Owner", 1, 8191, NULL, NULL },
	{ "ProductType", 1, 0, NULL, "CLOUD_FORMATION_TEMPLATE" },
	{ "Description", 0, 8191, NULL, NULL },
	{ "Tags", 0, 20, NULL, NULL },
};

/* --- which products an account sees
 * ----------------------------------------------------------------- */

bool
catalog_product_own(struct call *c, str id, const struct json **row, struct err *err)
{
	return catalog_find(c, "product", c->account, id, row, err) &&
	    (*row != NULL || catalog_missing(err, "Product", id));
}

/* Through any portfolio that this account sees. */
static bool
find_imported(struct call *c, str id, const struct json **row, struct err *err)
{
	struct json *associations;
	bool visible;

	*row = NULL;
	if (!catalog_list_by(c, "product", id, &associations, err))
		return false;
	for (const struct json *x = json_first(associations); x != NULL; x = x->next) {
		if (!catalog_portfolio_visible(c, json_str(json_get(x, "portfolioId")),
			json_str(json_get(x, "account")), &visible, err))
			return false;
		if (visible)
			return catalog_find(
			    c, "product", json_str(json_get(x, "productOwner")), id, row, err);
	}
	return true;
}

bool
catalog_product_load(struct call *c, str id, const struct json **row, struct err *err)
{
	if (!catalog_find(c, "product", c->account, id, row, err))
		return false;
	if (*row == NULL && !find_imported(c, id, row, err))
		return false;
	return *row != NULL || catalog_missing(err, "Product", id);
}

static str
product_name(const struct json *row)
{
	return json_str(json_path(row, "detail", "Name", NULL));
}

/* The products of portfolios, each once. */
static bool
add_products_of(struct call *c, const struct json *portfolios, struct json *rows, struct err *err)
{
	for (const struct json *p = json_first(portfolios); p != NULL; p = p->next) {
		str owner = json_str(json_get(p, "account"));
		struct json *associations;

		if (!catalog_list(c, "association", owner,
			catalog_pair(c, json_str(json_get(p, "sk")), S("")), &associations, err))
			return false;
		for (const struct json *x = json_first(associations); x != NULL; x = x->next) {
			const struct json *row;
			bool known = false;

			if (!catalog_find(c, "product", json_str(json_get(x, "productOwner")),
				json_str(json_get(x, "productId")), &row, err))
				return false;
			for (const struct json *r = json_first(rows); r != NULL; r = r->next)
				known |= str_eq(
				    json_str(json_get(r, "sk")), json_str(json_get(row, "sk")));
			if (!known)
				json_push(c->a, rows, row);
		}
	}
	return true;
}

bool
catalog_product_named(
    struct call *c, const char *id, const char *name, const struct json **row, struct err *err)
{
	struct json *rows, *portfolios;

	if (!catalog_one_of(c, id, name, err))
		return false;
	if (catalog_in(c, id).len != 0)
		return catalog_product_load(c, catalog_in(c, id), row, err);
	if (!catalog_list(c, "product", c->account, S(""), &rows, err) ||
	    !catalog_portfolio_visible_list(c, &portfolios, err) ||
	    !add_products_of(c, portfolios, rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (str_eq(product_name(r), catalog_in(c, name))) {
			*row = r;
			return true;
		}
	return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
	    "Product with name " STR_FMT " does not exist or access was denied.",
	    STR_ARG(catalog_in(c, name)));
}

struct json *
catalog_product_view(struct call *c, const struct json *row)
{
	struct json *view = json_new_object(c->a);

	json_put(c->a, view, "ProductViewSummary", json_get(row, "detail"));
	json_put_str(c->a, view, "Status", catalog_status(c, row));
	json_put_str(c->a, view, "ProductARN",
	    catalog_product_arn(
		c, json_str(json_get(row, "account")), json_str(json_get(row, "sk"))));
	json_put(
	    c->a, view, "CreatedTime", time_json(c->a, json_i64(json_get(row, "createdMs"), 0)));
	return view;
}

/* --- making and deleting
 * ------------------------------------------------------------------------------ */

static struct json *
new_product(struct call *c)
{
	static const struct {
		const char *in, *out;
	} members[] = {
		{ "Name", "Name" },
		{ "Owner", "Owner" },
		{ "Description", "ShortDescription" },
		{ "ProductType", "Type" },
		{ "Distributor", "Distributor" },
		{ "SupportEmail", "SupportEmail" },
		{ "SupportDescription", "SupportDescription" },
		{ "SupportUrl", "SupportUrl" },
	};
	str id = catalog_id(c, "prod");
	struct json *row = catalog_new(c, "product", id);
	struct json *detail = json_put(c->a, row, "detail", json_new_object(c->a));

	json_put_str(c->a, detail, "Id", catalog_id(c, "prodview"));
	json_put_str(c->a, detail, "ProductId", id);
	json_put_bool(c->a, detail, "HasDefaultPath", false);
	for (size_t i = 0; i < countof(members); i++)
		catalog_copy(c, detail, members[i].in, members[i].out);
	catalog_copy(c, row, "Tags", "tags");
	return row;
}

static bool
make_product(struct call *c, struct err *err)
{
	const struct json *properties = json_get(c->in, "ProvisioningArtifactParameters");
	const struct json *artifact;
	struct json *row;

	if (!input_check(c, product_rules, countof(product_rules), err))
		return false;
	if (properties == NULL)
		return catalog_invalid(err, "ProvisioningArtifactParameters must be given.");
	row = new_product(c);
	if (!catalog_artifact_add(c, row, properties, &artifact, err))
		return false;
	json_put(c->a, c->out, "ProductViewDetail", catalog_product_view(c, row));
	json_put(c->a, c->out, "ProvisioningArtifactDetail", json_get(artifact, "detail"));
	catalog_copy(c, c->out, "Tags", "Tags");
	return row_put(c, row, err);
}

bool
catalog_create_product(struct call *c, struct err *err)
{
	return catalog_once(c, "IdempotencyToken", make_product, err);
}

bool
catalog_delete_product(struct call *c, struct err *err)
{
	str id = catalog_in(c, "Id");
	const struct json *row;
	struct json *rows;

	if (!catalog_product_own(c, id, &row, err) ||
	    !catalog_list_by(c, "product", id, &rows, err))
		return false;
	if (json_count(rows) > 0)
		return catalog_in_use(
		    err, "Product " STR_FMT " still has associated Portfolios", STR_ARG(id));
	if (!catalog_artifact_list(c, id, &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (!catalog_artifact_del(c, r, err))
			return false;
	return catalog_del(c, "product", c->account, id, err);
}

/* --- looking
 * -------------------------------------------------------------------------------------------- */

static struct json *
artifact_summaries(struct call *c, const struct json *artifacts)
{
	static const char *const members[] = { "Id", "Name", "Description", "CreatedTime" };
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(artifacts); r != NULL; r = r->next) {
		struct json *one = json_push(c->a, list, json_new_object(c->a));

		for (size_t i = 0; i < countof(members); i++)
			json_put(c->a, one, members[i], json_path(r, "detail", members[i], NULL));
	}
	return list;
}

bool
catalog_describe_product_as_admin(struct call *c, struct err *err)
{
	const struct json *row, *tags;
	struct json *artifacts;

	if (!catalog_product_named(c, "Id", "Name", &row, err) ||
	    !catalog_artifact_list(c, json_str(json_get(row, "sk")), &artifacts, err))
		return false;
	tags = json_get(row, "tags");
	json_put(c->a, c->out, "ProductViewDetail", catalog_product_view(c, row));
	json_put(c->a, c->out, "ProvisioningArtifactSummaries", artifact_summaries(c, artifacts));
	json_put(c->a, c->out, "Tags", tags == NULL ? json_new_array(c->a) : tags);
	json_put(c->a, c->out, "TagOptions", json_new_array(c->a));
	json_put(c->a, c->out, "Budgets", json_new_array(c->a));
	return true;
}

/* --- searching
 * ------------------------------------------------------------------------------------------ */

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

	if (str_is(by, "Title"))
		return product_name(row);
	if (str_is(by, "VersionCount"))
		return str_fmt(c->a, "%016lld", (long long)json_i64(json_get(row, "artifacts"), 0));
	return str_fmt(c->a, "%016lld", (long long)json_i64(json_get(row, "createdMs"), 0));
}

/* The rows that pass, in the order asked for; equal ones as they came. */
static struct json *
filter_and_sort(struct call *c, const struct json *rows)
{
	size_t n = 0, room = json_count(rows);
	const struct json **sorted = arena_new(c->a, const struct json *, room + 1);
	bool down = str_is(catalog_in(c, "SortOrder"), "DESCENDING");
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		size_t at = n;

		if (!passes(c, json_get(r, "detail")))
			continue;
		for (; at > 0; at--) {
			int order = str_cmp(sort_key(c, sorted[at - 1]), sort_key(c, r));

			if (down ? order >= 0 : order <= 0)
				break;
			sorted[at] = sorted[at - 1];
		}
		sorted[at] = r;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		json_push(c->a, list, sorted[i]);
	return list;
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
	return add_products_of(c, one, *rows, err);
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

/* --- as those who launch see them
 * ------------------------------------------------------------------------- */

/* The products that the caller has a path to. */
static bool
list_launchable(struct call *c, struct json **rows, struct err *err)
{
	struct json *portfolios, *all = json_new_array(c->a);

	*rows = json_new_array(c->a);
	if (!catalog_portfolio_visible_list(c, &portfolios, err) ||
	    !add_products_of(c, portfolios, all, err))
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
