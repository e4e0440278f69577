/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service Catalog with the engines that it works on: iam, sts, s3 and CloudFormation. Main owns the
 * portfolio, hosting launches from it, as in a real installation.
 */
#include "cloud_rig.h"

#include "base/encode.h"

#define CATALOG "servicecatalog"

/* Calls as the root of main or hosting; rig.as is who called before. */
#define main_ok(r, action, ...) ((r)->as = (r)->main, rig_ok((r), CATALOG, (action), __VA_ARGS__))
#define hosting_ok(r, action, ...) \
	((r)->as = (r)->hosting, rig_ok((r), CATALOG, (action), __VA_ARGS__))
#define main_fails(r, action, code, ...) \
	((r)->as = (r)->main, rig_fails((r), CATALOG, (action), (code), __VA_ARGS__))
#define hosting_fails(r, action, code, ...) \
	((r)->as = (r)->hosting, rig_fails((r), CATALOG, (action), (code), __VA_ARGS__))

#define NOT_FOUND "ResourceNotFoundException"
#define INVALID "InvalidParametersException"
#define IN_USE "ResourceInUseException"

static const char *
z(struct rig *r, str s)
{
	return str_z(r->a, s);
}

/* "port-4l6…": a prefix and 13 characters. */
static void
check_id(str id, const char *prefix)
{
	CHECK(str_starts(id, str_of(prefix)) && id.len == strlen(prefix) + 13, "%s: " STR_FMT,
	    prefix, STR_ARG(id));
}

static const char *
new_portfolio(struct rig *r, const char *name)
{
	const struct json *out = main_ok(r, "CreatePortfolio",
	    "{'DisplayName': '%s', 'ProviderName': '_system_', 'Tags': [{'Key': 'k', 'Value': 'v'}]}",
	    name);

	return z(r, rig_text(out, "PortfolioDetail", "Id"));
}

/* --- portfolios ------------------------------------------------------------------- */

static void
test_portfolio(struct arena *a)
{
	struct rig r;
	const struct json *made, *got;
	const char *id;

	rig_open(&r, a);
	made = main_ok(&r, "CreatePortfolio",
	    "{'DisplayName': 'rsw', 'ProviderName': '_system_', 'Description': 'of a test'}");
	id = z(&r, rig_text(made, "PortfolioDetail", "Id"));
	check_id(str_of(id), "port-");
	CHECK_STR(rig_text(made, "PortfolioDetail", "ARN"),
	    z(&r, str_fmt(a, "arn:aws:catalog:us-east-1:111111111111:portfolio/%s", id)), "arn");
	CHECK_STR(rig_text(made, "PortfolioDetail", "CreatedTime"), "1651779543", "time");
	got = main_ok(&r, "DescribePortfolio", "{'Id': '%s'}", id);
	CHECK(json_equal(json_get(made, "PortfolioDetail"), json_get(got, "PortfolioDetail")),
	    "the same");
	hosting_fails(&r, "DescribePortfolio", NOT_FOUND, "{'Id': '%s'}", id);
	CHECK_STR(main_fails(&r, "DescribePortfolio", NOT_FOUND, "{'Id': 'port-none'}"),
	    "Portfolio not found: port-none", "AWS's words");
	main_fails(&r, "CreatePortfolio", "ValidationException",
	    "{'DisplayName': '', 'ProviderName': 'p'}");
	main_ok(&r, "DeletePortfolio", "{'Id': '%s'}", id);
	main_fails(&r, "DeletePortfolio", NOT_FOUND, "{'Id': '%s'}", id);
	rig_close(&r);
}

static void
test_tokens(struct arena *a)
{
	struct rig r;
	const struct json *x, *y;

	rig_open(&r, a);
	x = main_ok(&r, "CreatePortfolio",
	    "{'DisplayName': 'x', 'ProviderName': 'p', 'IdempotencyToken': 't-1'}");
	r.now_ms += 5000;
	y = main_ok(&r, "CreatePortfolio",
	    "{'IdempotencyToken': 't-1', 'ProviderName': 'p', 'DisplayName': 'x'}");
	CHECK(json_equal(x, y), "the same token and the same body: the same answer");
	main_fails(&r, "CreatePortfolio", INVALID,
	    "{'DisplayName': 'y', 'ProviderName': 'p', 'IdempotencyToken': 't-1'}");
	y = main_ok(&r, "CreatePortfolio",
	    "{'DisplayName': 'x', 'ProviderName': 'p', 'IdempotencyToken': 't-2'}");
	CHECK(!json_equal(x, y), "another token");
	y = hosting_ok(&r, "CreatePortfolio",
	    "{'DisplayName': 'x', 'ProviderName': 'p', 'IdempotencyToken': 't-1'}");
	CHECK(!json_equal(x, y), "another account");
	main_fails(&r, "CreatePortfolio", "ValidationException",
	    "{'DisplayName': 'x', 'ProviderName': 'p', 'IdempotencyToken': '-'}");
	rig_close(&r);
}

static void
test_pages(struct arena *a)
{
	struct rig r;
	const struct json *page;
	size_t seen = 0;
	str token = S("");

	rig_open(&r, a);
	for (int i = 0; i < 25; i++)
		new_portfolio(&r, z(&r, str_fmt(a, "p%d", i)));
	page = main_ok(&r, "ListPortfolios", "{}");
	CHECK(json_count(json_get(page, "PortfolioDetails")) == 20, "a page has 20");
	do {
		page = main_ok(&r, "ListPortfolios", "{'PageSize': 10%s}",
		    token.len == 0
			? ""
			: z(&r, str_fmt(a, ", 'PageToken': '" STR_FMT "'", STR_ARG(token))));
		seen += json_count(json_get(page, "PortfolioDetails"));
		token = rig_text(page, "NextPageToken");
	} while (token.len != 0);
	assert_int_equal(seen, 25);
	main_fails(&r, "ListPortfolios", "ValidationException", "{'PageSize': 21}");
	main_fails(&r, "ListPortfolios", "ValidationException", "{'PageToken': 'none'}");
	rig_close(&r);
}

static void
test_principals(struct arena *a)
{
	static const struct {
		const char *arn, *type;
		bool ok;
	} cases[] = {
		{ "arn:aws:iam::111111111111:role/team/R", "IAM", true },
		{ "arn:aws:iam::111111111111:user/U", "IAM", true },
		{ "arn:aws:iam:::role/R*", "IAM_PATTERN", true },
		{ "arn:aws:iam::222222222222:role/R", "IAM", false },
		{ "arn:aws:iam::111111111111:role/R", "IAM_PATTERN", false },
		{ "arn:aws:iam::111111111111:root", "IAM", false },
		{ "arn:aws:iam::111111111111:role/", "IAM", false },
		{ "R", "IAM", false },
	};
	struct rig r;
	const struct json *list;
	const char *id;

	rig_open(&r, a);
	id = new_portfolio(&r, "p");
	for (size_t i = 0; i < countof(cases); i++) {
		const char *in = z(&r,
		    str_fmt(a, "{'PortfolioId': '%s', 'PrincipalARN': '%s', 'PrincipalType': '%s'}",
			id, cases[i].arn, cases[i].type));

		if (cases[i].ok) {
			main_ok(&r, "AssociatePrincipalWithPortfolio", "%s", in);
			main_ok(&r, "AssociatePrincipalWithPortfolio", "%s", in);
		} else {
			main_fails(&r, "AssociatePrincipalWithPortfolio", INVALID, "%s", in);
		}
	}
	list = main_ok(&r, "ListPrincipalsForPortfolio", "{'PortfolioId': '%s'}", id);
	CHECK(json_count(json_get(list, "Principals")) == 3, "each once");
	CHECK_STR(main_fails(&r, "DeletePortfolio", IN_USE, "{'Id': '%s'}", id),
	    z(&r, str_fmt(a, "Portfolio %s still has associated Principals", id)), "AWS's words");
	for (size_t i = 0; i < countof(cases); i++)
		main_ok(&r, "DisassociatePrincipalFromPortfolio",
		    "{'PortfolioId': '%s', 'PrincipalARN': '%s'}", id, cases[i].arn);
	main_ok(&r, "DeletePortfolio", "{'Id': '%s'}", id);
	rig_close(&r);
}

static void
test_shares(struct arena *a)
{
	struct rig r;
	const struct json *list;
	const char *id;

	rig_open(&r, a);
	id = new_portfolio(&r, "p");
	CHECK_STR(hosting_fails(&r, "AcceptPortfolioShare", NOT_FOUND, "{'PortfolioId': '%s'}", id),
	    z(&r, str_fmt(a, "Portfolio not found: %s", id)), "not shared");
	main_fails(&r, "CreatePortfolioShare", INVALID,
	    "{'PortfolioId': '%s', 'AccountId': '111111111111'}", id);
	main_fails(&r, "CreatePortfolioShare", "ValidationException",
	    "{'PortfolioId': '%s', 'AccountId': '22222222222'}", id);
	main_fails(&r, "CreatePortfolioShare", INVALID, "{'PortfolioId': '%s'}", id);
	main_fails(&r, "CreatePortfolioShare", "OperationNotSupportedException",
	    "{'PortfolioId': '%s', 'OrganizationNode': {'Type': 'ORGANIZATION', 'Value': 'o-1'}}",
	    id);
	for (int i = 0; i < 2; i++)
		main_ok(&r, "CreatePortfolioShare",
		    "{'PortfolioId': '%s', 'AccountId': '222222222222'}", id);
	list = main_ok(&r, "ListPortfolioAccess", "{'PortfolioId': '%s'}", id);
	CHECK_STR(json_text(a, json_get(list, "AccountIds")), "[\"222222222222\"]", "access");
	hosting_fails(&r, "DescribePortfolio", NOT_FOUND, "{'Id': '%s'}", id);
	hosting_fails(&r, "AcceptPortfolioShare", NOT_FOUND,
	    "{'PortfolioId': '%s', 'PortfolioShareType': 'AWS_ORGANIZATIONS'}", id);
	for (int i = 0; i < 2; i++)
		hosting_ok(&r, "AcceptPortfolioShare", "{'PortfolioId': '%s'}", id);
	hosting_ok(&r, "DescribePortfolio", "{'Id': '%s'}", id);
	list = hosting_ok(&r, "ListAcceptedPortfolioShares", "{}");
	CHECK_STR(rig_text(json_at(json_get(list, "PortfolioDetails"), 0), "Id"), id, "accepted");
	CHECK(json_count(json_get(hosting_ok(&r, "ListPortfolios", "{}"), "PortfolioDetails")) == 0,
	    "it is not one of its own");
	hosting_fails(&r, "DeletePortfolio", NOT_FOUND, "{'Id': '%s'}", id);
	CHECK_STR(main_fails(&r, "DeletePortfolio", IN_USE, "{'Id': '%s'}", id),
	    z(&r, str_fmt(a, "Portfolio %s still has associated Shares", id)), "in use");
	main_ok(
	    &r, "DeletePortfolioShare", "{'PortfolioId': '%s', 'AccountId': '222222222222'}", id);
	main_fails(&r, "DeletePortfolioShare", NOT_FOUND,
	    "{'PortfolioId': '%s', 'AccountId': '222222222222'}", id);
	hosting_fails(&r, "DescribePortfolio", NOT_FOUND, "{'Id': '%s'}", id);
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_portfolio),
		TEST(test_tokens),
		TEST(test_pages),
		TEST(test_principals),
		TEST(test_shares),
	};

	return RUN_TESTS(tests);
}
