/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/product.c: products, as those see them who make them. Searching, and what those see
 * who launch them, is in search.c; versions are in artifact.c.
 */
#include "cloud/catalog/internal.h"

static const struct input_rule product_rules[] = {
	{ "Name", 1, 8191, NULL, NULL },
	{ "Owner", 1, 8191, NULL, NULL },
	{ "ProductType", 1, 0, NULL, "CLOUD_FORMATION_TEMPLATE" },
	{ "Description", 0, 8191, NULL, NULL },
	{ "Tags", 0, 20, NULL, NULL },
};

/* --- which products an account sees ----------------------------------------------- */

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

bool
catalog_product_list_of(
    struct call *c, const struct json *portfolios, struct json *rows, struct err *err)
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
	    !catalog_product_list_of(c, portfolios, rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (str_eq(json_str(json_path(r, "detail", "Name", NULL)), catalog_in(c, name))) {
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

/* --- making and deleting ---------------------------------------------------------- */

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

/* --- looking ---------------------------------------------------------------------- */

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
