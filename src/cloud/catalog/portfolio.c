/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/portfolio.c: portfolios, the products in them and the principals they are granted
 * to. Sharing with other accounts is in share.c.
 */
#include "cloud/catalog/internal.h"

#include <string.h>

static const struct input_rule portfolio_rules[] = {
	{ "DisplayName", 1, 100, NULL, NULL },
	{ "ProviderName", 1, 50, NULL, NULL },
	{ "Description", 0, 2000, NULL, NULL },
	{ "Tags", 0, 20, NULL, NULL },
};

/* --- which portfolios an account sees --------------------------------------------- */

bool
catalog_portfolio_own(struct call *c, str id, const struct json **row, struct err *err)
{
	return catalog_find(c, "portfolio", c->account, id, row, err) &&
	    (*row != NULL || catalog_missing(err, "Portfolio", id));
}

bool
catalog_portfolio_visible(struct call *c, str id, str owner, bool *visible, struct err *err)
{
	const struct json *share;

	*visible = str_eq(owner, c->account);
	if (*visible)
		return true;
	if (!catalog_find(c, "share", owner, catalog_pair(c, id, c->account), &share, err))
		return false;
	*visible = json_bool(json_get(share, "accepted"), false);
	return true;
}

/* The accepted shares with this account, as the portfolios themselves. */
static bool
add_imported(struct call *c, struct json *rows, struct err *err)
{
	struct json *shares;

	if (!catalog_list_by(c, "shared", c->account, &shares, err))
		return false;
	for (const struct json *s = json_first(shares); s != NULL; s = s->next) {
		const struct json *portfolio;

		if (!json_bool(json_get(s, "accepted"), false) ||
		    !str_eq(json_str(json_get(s, "region")), c->region))
			continue;
		if (!catalog_find(c, "portfolio", json_str(json_get(s, "account")),
			json_str(json_get(s, "portfolioId")), &portfolio, err))
			return false;
		json_push(c->a, rows, portfolio);
	}
	return true;
}

bool
catalog_portfolio_visible_list(struct call *c, struct json **rows, struct err *err)
{
	return catalog_list(c, "portfolio", c->account, S(""), rows, err) &&
	    add_imported(c, *rows, err);
}

bool
catalog_portfolio_load(struct call *c, str id, const struct json **row, struct err *err)
{
	struct json *imported = json_new_array(c->a);

	if (!catalog_find(c, "portfolio", c->account, id, row, err))
		return false;
	if (*row != NULL)
		return true;
	if (!add_imported(c, imported, err))
		return false;
	for (const struct json *p = json_first(imported); p != NULL; p = p->next)
		if (str_eq(json_str(json_get(p, "sk")), id)) {
			*row = p;
			return true;
		}
	return catalog_missing(err, "Portfolio", id);
}

/* --- portfolios ------------------------------------------------------------------- */

static bool
make_portfolio(struct call *c, struct err *err)
{
	str id = catalog_id(c, "port");
	struct json *row = catalog_new(c, "portfolio", id);
	struct json *detail = json_put(c->a, row, "detail", json_new_object(c->a));

	if (!input_check(c, portfolio_rules, countof(portfolio_rules), err))
		return false;
	json_put_str(c->a, detail, "Id", id);
	json_put_str(c->a, detail, "ARN", catalog_portfolio_arn(c, c->account, id));
	catalog_copy(c, detail, "DisplayName", "DisplayName");
	catalog_copy(c, detail, "Description", "Description");
	json_put(c->a, detail, "CreatedTime", time_json(c->a, c->now_ms));
	catalog_copy(c, detail, "ProviderName", "ProviderName");
	catalog_copy(c, row, "Tags", "tags");
	json_put(c->a, c->out, "PortfolioDetail", detail);
	catalog_copy(c, c->out, "Tags", "Tags");
	return row_put(c, row, err);
}

bool
catalog_create_portfolio(struct call *c, struct err *err)
{
	return catalog_once(c, "IdempotencyToken", make_portfolio, err);
}

bool
catalog_list_portfolios(struct call *c, struct err *err)
{
	struct json *rows;

	return catalog_list(c, "portfolio", c->account, S(""), &rows, err) &&
	    catalog_page(c, catalog_details(c, rows), "PortfolioDetails", err);
}

bool
catalog_describe_portfolio(struct call *c, struct err *err)
{
	const struct json *row, *tags;

	if (!catalog_portfolio_load(c, catalog_in(c, "Id"), &row, err))
		return false;
	tags = json_get(row, "tags");
	json_put(c->a, c->out, "PortfolioDetail", json_get(row, "detail"));
	json_put(c->a, c->out, "Tags", tags == NULL ? json_new_array(c->a) : tags);
	json_put(c->a, c->out, "TagOptions", json_new_array(c->a));
	json_put(c->a, c->out, "Budgets", json_new_array(c->a));
	return true;
}

/* What keeps a portfolio from being deleted: rows whose sk begins with its id. */
static const struct {
	const char *kind, *what;
} holders[] = {
	{ "association", "Products" },
	{ "principal", "Principals" },
	{ "share", "Shares" },
};

bool
catalog_delete_portfolio(struct call *c, struct err *err)
{
	str id = catalog_in(c, "Id"), prefix = catalog_pair(c, id, S(""));
	const struct json *row;
	struct json *rows;

	if (!catalog_portfolio_own(c, id, &row, err))
		return false;
	for (size_t i = 0; i < countof(holders); i++) {
		if (!catalog_list(c, holders[i].kind, c->account, prefix, &rows, err))
			return false;
		if (json_count(rows) > 0)
			return catalog_in_use(err, "Portfolio " STR_FMT " still has associated %s",
			    STR_ARG(id), holders[i].what);
	}
	return catalog_del(c, "portfolio", c->account, id, err);
}

/* --- products in portfolios ------------------------------------------------------- */

bool
catalog_associate_product(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId"), product = catalog_in(c, "ProductId");
	str sk = catalog_pair(c, portfolio, product);
	const struct json *row, *there;
	struct json *association;

	if (!catalog_portfolio_own(c, portfolio, &row, err) ||
	    !catalog_product_load(c, product, &row, err) ||
	    !catalog_find(c, "association", c->account, sk, &there, err))
		return false;
	if (there != NULL)
		return true;
	association = catalog_new(c, "association", sk);
	json_put_str(c->a, association, "portfolioId", portfolio);
	json_put_str(c->a, association, "productId", product);
	json_put(c->a, association, "productOwner", json_get(row, "account"));
	json_put_str(c->a, association, "ref", catalog_ref(c, "product", product));
	json_put_str(c->a, association, "refSort", portfolio);
	return row_put(c, association, err);
}

bool
catalog_disassociate_product(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId"), product = catalog_in(c, "ProductId");
	str sk = catalog_pair(c, portfolio, product);
	const struct json *row;
	struct json *constraints;

	if (!catalog_portfolio_own(c, portfolio, &row, err) ||
	    !catalog_find(c, "association", c->account, sk, &row, err))
		return false;
	if (row == NULL)
		return catalog_missing(err, "Product", product);
	if (!catalog_list_by(c, "constraint", sk, &constraints, err))
		return false;
	if (json_count(constraints) > 0)
		return catalog_in_use(err,
		    "Product " STR_FMT " in portfolio " STR_FMT " still has constraints",
		    STR_ARG(product), STR_ARG(portfolio));
	return catalog_del(c, "association", c->account, sk, err);
}

bool
catalog_list_portfolios_for_product(struct call *c, struct err *err)
{
	str product = catalog_in(c, "ProductId");
	struct json *rows, *list = json_new_array(c->a);
	const struct json *row;

	if (!catalog_product_load(c, product, &row, err) ||
	    !catalog_list_by(c, "product", product, &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		if (!str_eq(json_str(json_get(r, "account")), c->account))
			continue;
		if (!catalog_find(c, "portfolio", c->account, json_str(json_get(r, "portfolioId")),
			&row, err))
			return false;
		json_push(c->a, list, json_get(row, "detail"));
	}
	return catalog_page(c, list, "PortfolioDetails", err);
}

/* --- principals ------------------------------------------------------------------- */

/* "arn:aws:iam::111111111111:role/x" for IAM; IAM_PATTERN has no account. */
static bool
check_principal(struct call *c, str arn, bool pattern, struct err *err)
{
	str prefix = pattern ? S("arn:aws:iam:::")
			     : str_fmt(c->a, "arn:aws:iam::" STR_FMT ":", STR_ARG(c->account));
	static const char *const kinds[] = { "role/", "user/", "group/" };
	str rest = str_from(arn, prefix.len);

	for (size_t i = 0; str_starts(arn, prefix) && i < countof(kinds); i++)
		if (str_starts(rest, str_of(kinds[i])) && rest.len > strlen(kinds[i]))
			return true;
	return catalog_invalid(err, "Invalid principal ARN: " STR_FMT, STR_ARG(arn));
}

bool
catalog_associate_principal(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "PrincipalARN", 1, 1000, NULL, NULL },
		{ "PrincipalType", 1, 0, NULL, "IAM IAM_PATTERN" },
	};
	str portfolio = catalog_in(c, "PortfolioId"), arn = catalog_in(c, "PrincipalARN");
	bool pattern = str_is(catalog_in(c, "PrincipalType"), "IAM_PATTERN");
	const struct json *row;
	struct json *principal, *detail;

	if (!input_check(c, rules, countof(rules), err) ||
	    !catalog_portfolio_load(c, portfolio, &row, err) ||
	    !check_principal(c, arn, pattern, err))
		return false;
	principal = catalog_new(c, "principal", catalog_pair(c, portfolio, arn));
	detail = json_put(c->a, principal, "detail", json_new_object(c->a));
	catalog_copy(c, detail, "PrincipalARN", "PrincipalARN");
	catalog_copy(c, detail, "PrincipalType", "PrincipalType");
	return row_put(c, principal, err);
}

bool
catalog_disassociate_principal(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId");
	const struct json *row;

	return catalog_portfolio_load(c, portfolio, &row, err) &&
	    catalog_del(c, "principal", c->account,
		catalog_pair(c, portfolio, catalog_in(c, "PrincipalARN")), err);
}

bool
catalog_list_principals(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId");
	const struct json *row;
	struct json *rows;

	return catalog_portfolio_load(c, portfolio, &row, err) &&
	    catalog_list(
		c, "principal", c->account, catalog_pair(c, portfolio, S("")), &rows, err) &&
	    catalog_page(c, catalog_details(c, rows), "Principals", err);
}
