/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/constraint.c: who launches. A LAUNCH constraint on a product in a portfolio names
 * the role that its stacks are made with: by ARN, or by a name that each launching account has a
 * role of.
 */
#include "cloud/catalog/internal.h"

static str
constraint_scope(struct call *c)
{
	return catalog_pair(c, catalog_in(c, "PortfolioId"), catalog_in(c, "ProductId"));
}

/* {"RoleArn": …} or {"LocalRoleName": …}, and nothing else. */
static bool
parse_launch(struct call *c, str text, const struct json **out, struct err *err)
{
	struct err why;
	str arn, name;

	err_init(&why, c->a);
	if (!json_parse(c->a, text, out, &why) || !json_is(*out, JSON_OBJECT))
		return catalog_invalid(
		    err, "Constraint parameters are not a JSON object: " STR_FMT, STR_ARG(text));
	arn = json_str(json_get(*out, "RoleArn"));
	name = json_str(json_get(*out, "LocalRoleName"));
	if (json_count(*out) != 1 || (arn.len == 0) == (name.len == 0))
		return catalog_invalid(err,
		    "A LAUNCH constraint takes either RoleArn or LocalRoleName: " STR_FMT,
		    STR_ARG(text));
	if (arn.len != 0 && str_find(arn, S(":role/")) == arn.len)
		return catalog_invalid(err, "Not the ARN of a role: " STR_FMT, STR_ARG(arn));
	return true;
}

/* The owner must have the role too, even where others launch with theirs. */
static bool
check_role(struct call *c, const struct json *launch, struct err *err)
{
	str arn = json_str(json_get(launch, "RoleArn"));
	str name = json_str(json_get(launch, "LocalRoleName"));
	struct principal as = principal_service(c->a, c->account, CATALOG_SERVICE);
	struct json *in = json_new_object(c->a);

	if (arn.len != 0 && !str_eq(arn_account(arn), c->account))
		return true; /* another account's: seen when it is assumed */
	for (str rest = arn, piece; str_cut(&rest, '/', &piece);)
		name = piece;
	json_put_str(c->a, in, "RoleName", name);
	if (cloud_call(c,
		&(struct cloud_request){
		    .service = "iam", .action = "GetRole", .as = &as, .in = in },
		NULL, err))
		return true;
	if (err->kind != ERR_NOT_FOUND)
		return false;
	return catalog_invalid(err, "Role " STR_FMT " does not exist in account " STR_FMT ".",
	    STR_ARG(name), STR_ARG(c->account));
}

static bool
check_place(struct call *c, struct err *err)
{
	str product = catalog_in(c, "ProductId"), scope = constraint_scope(c);
	const struct json *row;
	struct json *others;

	if (!catalog_portfolio_own(c, catalog_in(c, "PortfolioId"), &row, err) ||
	    !catalog_find(c, "association", c->account, scope, &row, err))
		return false;
	if (row == NULL)
		return catalog_missing(err, "Product", product);
	if (!catalog_list_by(c, "constraint", scope, &others, err))
		return false;
	if (json_count(others) > 0)
		return catalog_invalid(err,
		    "Only one constraint can be specified from these types: [LAUNCH, STACKSET]");
	return true;
}

static str
describe(struct call *c, const struct json *launch)
{
	str arn = json_str(json_get(launch, "RoleArn"));
	str given = catalog_in(c, "Description");

	if (given.len != 0)
		return given;
	if (arn.len != 0)
		return str_fmt(c->a, "Launch as " STR_FMT, STR_ARG(arn));
	return str_fmt(c->a, "Launch as local role " STR_FMT,
	    STR_ARG(json_str(json_get(launch, "LocalRoleName"))));
}

static bool
show(struct call *c, const struct json *row)
{
	json_put(c->a, c->out, "ConstraintDetail", json_get(row, "detail"));
	json_put(c->a, c->out, "ConstraintParameters", json_get(row, "parameters"));
	json_put_str(c->a, c->out, "Status", catalog_status(c, row));
	return true;
}

static bool
make_constraint(struct call *c, struct err *err)
{
	str type = catalog_in(c, "Type"), id = catalog_id(c, "cons");
	const struct json *launch;
	struct json *row = catalog_new(c, "constraint", id);
	struct json *detail = json_put(c->a, row, "detail", json_new_object(c->a));

	if (!str_is(type, "LAUNCH"))
		return catalog_invalid(err,
		    "The local cloud knows LAUNCH constraints only, not " STR_FMT ".",
		    STR_ARG(type));
	if (!parse_launch(c, catalog_in(c, "Parameters"), &launch, err) || !check_place(c, err) ||
	    !check_role(c, launch, err))
		return false;
	json_put_str(c->a, detail, "ConstraintId", id);
	catalog_copy(c, detail, "Type", "Type");
	json_put_str(c->a, detail, "Description", describe(c, launch));
	json_put_str(c->a, detail, "Owner", c->account);
	catalog_copy(c, detail, "ProductId", "ProductId");
	catalog_copy(c, detail, "PortfolioId", "PortfolioId");
	catalog_copy(c, row, "Parameters", "parameters");
	json_put(c->a, row, "launch", launch);
	json_put_str(c->a, row, "ref", catalog_ref(c, "constraint", constraint_scope(c)));
	json_put_str(c->a, row, "refSort", id);
	return row_put(c, row, err) && show(c, row);
}

bool
catalog_create_constraint(struct call *c, struct err *err)
{
	return catalog_once(c, "IdempotencyToken", make_constraint, err);
}

bool
catalog_describe_constraint(struct call *c, struct err *err)
{
	str id = catalog_in(c, "Id");
	const struct json *row;

	if (!catalog_find(c, "constraint", c->account, id, &row, err))
		return false;
	return row == NULL ? catalog_missing(err, "Constraint", id) : show(c, row);
}

bool
catalog_list_constraints(struct call *c, struct err *err)
{
	str portfolio = catalog_in(c, "PortfolioId"), product = catalog_in(c, "ProductId");
	struct json *rows, *list = json_new_array(c->a);
	const struct json *owner;

	if (!catalog_portfolio_load(c, portfolio, &owner, err) ||
	    !catalog_list(c, "constraint", json_str(json_get(owner, "account")), S(""), &rows, err))
		return false;
	for (const struct json *r = json_first(rows); r != NULL; r = r->next) {
		const struct json *detail = json_get(r, "detail");

		if (str_eq(json_str(json_get(detail, "PortfolioId")), portfolio) &&
		    (product.len == 0 || str_eq(json_str(json_get(detail, "ProductId")), product)))
			json_push(c->a, list, detail);
	}
	return catalog_page(c, list, "ConstraintDetails", err);
}

bool
catalog_delete_constraint(struct call *c, struct err *err)
{
	str id = catalog_in(c, "Id");
	const struct json *row;

	if (!catalog_find(c, "constraint", c->account, id, &row, err))
		return false;
	if (row == NULL)
		return catalog_missing(err, "Constraint", id);
	return catalog_del(c, "constraint", c->account, id, err);
}
