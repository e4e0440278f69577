/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/share.c: portfolios offered to other accounts. A share stands in the owner's
 * account and says whether it was accepted; the other account finds it by its own number. What it
 * gives is the use of the portfolio as it is at any time, nothing is copied.
 */
#include "cloud/catalog/internal.h"

#define ACCOUNT_PATTERN "[0-9]{12}"

/* Organizations are not part of this cloud. */
static bool
check_account(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = { { "AccountId", 1, 0, ACCOUNT_PATTERN, NULL } };

	if (json_get(c->in, "OrganizationNode") != NULL)
		return err_code(err, ERR_INVALID, "OperationNotSupportedException",
		    "This account is in no organization: give AccountId, not OrganizationNode.");
	if (catalog_in(c, "AccountId").len == 0)
		return catalog_invalid(err, "AccountId must be given.");
	if (!input_check(c, rules, countof(rules), err))
		return false;
	if (str_eq(catalog_in(c, "AccountId"), c->account))
		return catalog_invalid(err, "A portfolio cannot be shared with its own account.");
	return true;
}

bool
catalog_create_share(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId"), account = catalog_in(c, "AccountId");
	str sk = catalog_pair(c, portfolio, account);
	const struct json *row, *there;
	struct json *share;

	if (!check_account(c, err) || !catalog_portfolio_own(c, portfolio, &row, err) ||
	    !catalog_find(c, "share", c->account, sk, &there, err))
		return false;
	if (there != NULL)
		return true;
	share = catalog_new(c, "share", sk);
	json_put_str(c->a, share, "portfolioId", portfolio);
	json_put_str(c->a, share, "sharedWith", account);
	json_put_bool(c->a, share, "accepted", false);
	json_put_str(c->a, share, "ref", catalog_ref(c, "shared", account));
	json_put_str(c->a, share, "refSort", portfolio);
	return row_put(c, share, err);
}

bool
catalog_delete_share(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId"), account = catalog_in(c, "AccountId");
	str sk = catalog_pair(c, portfolio, account);
	const struct json *row;

	if (!check_account(c, err) || !catalog_portfolio_own(c, portfolio, &row, err) ||
	    !catalog_find(c, "share", c->account, sk, &row, err))
		return false;
	if (row == NULL)
		return catalog_missing(err, "Portfolio share", sk);
	return catalog_del(c, "share", c->account, sk, err);
}

/* The offer to this account. */
static bool
load_offer(struct call *c, const struct json **share, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "PortfolioShareType", 1, 0, NULL,
		    "IMPORTED AWS_SERVICECATALOG AWS_ORGANIZATIONS" },
	};
	str id = catalog_in(c, "PortfolioId"), type = catalog_in(c, "PortfolioShareType");
	struct json *offers;

	if (!input_check(c, rules, countof(rules), err) ||
	    !catalog_list_by(c, "shared", c->account, &offers, err))
		return false;
	for (const struct json *s = json_first(offers); s != NULL; s = s->next)
		if (str_eq(json_str(json_get(s, "portfolioId")), id) &&
		    str_eq(json_str(json_get(s, "region")), c->region) &&
		    (type.len == 0 || str_is(type, "IMPORTED"))) {
			*share = s;
			return true;
		}
	return catalog_missing(err, "Portfolio", id);
}

static bool
answer_offer(struct call *c, bool accept, struct err *err)
{
	const struct json *share = NULL;
	struct json *changed;

	if (!load_offer(c, &share, err))
		return false;
	changed = json_copy_shallow(c->a, share);
	json_set(c->a, changed, "accepted", json_new_bool(c->a, accept));
	return row_put(c, changed, err);
}

bool
catalog_accept_share(struct call *c, struct err *err)
{
	return answer_offer(c, true, err);
}

bool
catalog_reject_share(struct call *c, struct err *err)
{
	return answer_offer(c, false, err);
}

bool
catalog_list_accepted_shares(struct call *c, struct err *err)
{
	str type = catalog_in(c, "PortfolioShareType");
	struct json *rows, *list = json_new_array(c->a);

	if (!catalog_portfolio_visible_list(c, &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		if (!str_eq(json_str(json_get(r, "account")), c->account) &&
		    (type.len == 0 || str_is(type, "IMPORTED")))
			json_push(c->a, list, json_get(r, "detail"));
	return catalog_page(c, list, "PortfolioDetails", err);
}

bool
catalog_list_access(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId");
	struct json *rows, *list = json_new_array(c->a);
	const struct json *row;

	if (!catalog_portfolio_own(c, portfolio, &row, err) ||
	    !catalog_list(c, "share", c->account, catalog_pair(c, portfolio, S("")), &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next)
		json_push(c->a, list, json_get(r, "sharedWith"));
	return catalog_page(c, list, "AccountIds", err);
}
