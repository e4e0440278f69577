/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/path.c: how somebody gets to a product. A path is a portfolio that the account
 * sees, that holds the product, and that is granted to the caller. Paths are worked out when they
 * are asked for; their ids follow from what they join, so they are the same every time.
 */
#include "cloud/catalog/internal.h"

#include "lang/iam_policy.h"

/* An ARN without its account, as IAM_PATTERN has them. */
static str
without_account(struct call *c, str arn)
{
	str account = arn_account(arn);

	if (account.len == 0)
		return arn;
	return str_replace(c->a, arn, str_fmt(c->a, ":" STR_FMT ":", STR_ARG(account)), S("::"));
}

/* Who the caller is to IAM: the role behind a session. */
static str
caller_arn(const struct call *c)
{
	return c->who->kind == PRINCIPAL_ROLE ? c->who->role_arn : c->who->arn;
}

static bool
is_granted(struct call *c, str portfolio, bool *granted, struct err *err)
{
	str me = caller_arn(c), anonymous = without_account(c, me);
	struct json *rows;

	*granted = false;
	if (!catalog_list(
		c, "principal", c->account, catalog_pair(c, portfolio, S("")), &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		str arn = json_str(json_path(r, "detail", "PrincipalARN", NULL));
		bool pattern =
		    str_is(json_str(json_path(r, "detail", "PrincipalType", NULL)), "IAM_PATTERN");

		*granted |= pattern ? iam_glob(arn, anonymous, false) : str_eq(arn, me);
	}
	return true;
}

static bool
fill_path(struct call *c, const struct json *association, struct catalog_path *p, struct err *err)
{
	str portfolio = json_str(json_get(association, "portfolioId"));
	str product = json_str(json_get(association, "productId"));
	struct json *constraints;

	p->id = catalog_path_id(c, portfolio, product);
	if (!catalog_find(c, "portfolio", json_str(json_get(association, "account")), portfolio,
		&p->portfolio, err) ||
	    !catalog_list_by(
		c, "constraint", catalog_pair(c, portfolio, product), &constraints, err))
		return false;
	p->constraints = constraints;
	p->constraint = json_first(constraints); /* LAUNCH is the only type, and there is one */
	return true;
}

bool
catalog_paths(
    struct call *c, str product, struct catalog_path **out, size_t *count, struct err *err)
{
	struct json *rows;

	*count = 0;
	if (!catalog_list_by(c, "product", product, &rows, err))
		return false;
	*out = arena_new(c->a, struct catalog_path, json_count(rows) + 1);
	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		str portfolio = json_str(json_get(r, "portfolioId"));
		bool visible, granted = false;

		if (!str_eq(json_str(json_get(r, "region")), c->region))
			continue;
		if (!catalog_portfolio_visible(
			c, portfolio, json_str(json_get(r, "account")), &visible, err))
			return false;
		if (visible && !is_granted(c, portfolio, &granted, err))
			return false;
		if (granted && !fill_path(c, r, &(*out)[(*count)++], err))
			return false;
	}
	return true;
}

static bool
no_paths(struct err *err, str product)
{
	return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
	    "No launch paths found for resource: " STR_FMT, STR_ARG(product));
}

bool
catalog_path_choose(struct call *c, str product, struct catalog_path *out, struct err *err)
{
	str id = catalog_in(c, "PathId"), name = catalog_in(c, "PathName");
	struct catalog_path *paths;
	size_t count, fits = 0;

	if (id.len != 0 && name.len != 0)
		return catalog_invalid(err, "Only one of PathId and PathName can be given.");
	if (!catalog_paths(c, product, &paths, &count, err))
		return false;
	if (count == 0)
		return no_paths(err, product);
	for (size_t i = 0; i < count; i++) {
		str display =
		    json_str(json_path(paths[i].portfolio, "detail", "DisplayName", NULL));

		if ((id.len != 0 && !str_eq(paths[i].id, id)) ||
		    (name.len != 0 && !str_eq(display, name)))
			continue;
		*out = paths[i];
		fits++;
	}
	if (fits == 0)
		return catalog_missing(err, "Launch path", id.len != 0 ? id : name);
	return fits == 1 ||
	    catalog_invalid(
		err, "More than one launch path ids exist. Please specify the launch path id");
}

/* --- actions ---------------------------------------------------------------------- */

static struct json *
constraint_summaries(struct call *c, const struct catalog_path *p)
{
	struct json *list = json_new_array(c->a);

	for (const struct json *r = json_first(p->constraints); r != NULL; r = r->next) {
		struct json *one = json_push(c->a, list, json_new_object(c->a));

		json_put(c->a, one, "Type", json_path(r, "detail", "Type", NULL));
		json_put(c->a, one, "Description", json_path(r, "detail", "Description", NULL));
	}
	return list;
}

bool
catalog_list_launch_paths(struct call *c, struct err *err)
{
	str product = catalog_in(c, "ProductId");
	struct json *list = json_new_array(c->a);
	struct catalog_path *paths;
	size_t count;

	if (!catalog_paths(c, product, &paths, &count, err))
		return false;
	if (count == 0)
		return no_paths(err, product);
	for (size_t i = 0; i < count; i++) {
		struct json *one = json_push(c->a, list, json_new_object(c->a));
		const struct json *tags = json_get(paths[i].portfolio, "tags");

		json_put_str(c->a, one, "Id", paths[i].id);
		json_put(c->a, one, "ConstraintSummaries", constraint_summaries(c, &paths[i]));
		json_put(c->a, one, "Tags", tags == NULL ? json_new_array(c->a) : tags);
		json_put(c->a, one, "Name",
		    json_path(paths[i].portfolio, "detail", "DisplayName", NULL));
	}
	return catalog_page(c, list, "LaunchPathSummaries", err);
}

bool
catalog_describe_parameters(struct call *c, struct err *err)
{
	const struct json *product, *artifact;
	struct catalog_path path;

	if (!catalog_product_named(c, "ProductId", "ProductName", &product, err) ||
	    !catalog_one_of(c, "ProvisioningArtifactId", "ProvisioningArtifactName", err) ||
	    !catalog_path_choose(c, json_str(json_get(product, "sk")), &path, err) ||
	    !catalog_artifact_named(c, product, catalog_in(c, "ProvisioningArtifactId"),
		catalog_in(c, "ProvisioningArtifactName"), &artifact, err) ||
	    !catalog_template_describe(
		c, json_str(json_path(artifact, "detail", "Id", NULL)), true, err))
		return false;
	json_put(c->a, c->out, "ConstraintSummaries", constraint_summaries(c, &path));
	json_put(c->a, c->out, "UsageInstructions", json_new_array(c->a));
	json_put(c->a, c->out, "TagOptions", json_new_array(c->a));
	return true;
}
