/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service Catalog with the engines that it works on: iam, sts, s3 and CloudFormation. Main owns the
 * portfolio, hosting launches from it, as in a real installation.
 */
#include "cloud_rig.h"

#include "base/buf.h"
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

/* --- a catalog to launch from ----------------------------------------------------------- */

#define TRUST(service) \
	"{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':{\\'Effect\\':\\'Allow\\'," \
	"\\'Principal\\':{\\'Service\\':\\'" service "\\'},\\'Action\\':\\'sts:AssumeRole\\'}}"
#define ALLOW_ALL \
	"{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':{\\'Effect\\':\\'Allow\\',\\'Action\\':" \
	"\\'*\\',\\'Resource\\':\\'*\\'}}"
#define URL "https://artifacts.s3.us-east-1.amazonaws.com/t.yaml"

static const char template[] =
    "Parameters:\n"
    "  Name: { Type: String, AllowedPattern: '[a-z]+', Description: of the role }\n"
    "  Secret: { Type: String, NoEcho: true, Default: s }\n"
    "Resources:\n"
    "  Role:\n"
    "    Type: AWS::IAM::Role\n"
    "    Properties:\n"
    "      RoleName: !Ref Name\n"
    "      AssumeRolePolicyDocument:\n"
    "        Version: '2012-10-17'\n"
    "        Statement:\n"
    "          - { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }\n"
    "  Policy:\n"
    "    Type: AWS::IAM::Policy\n"
    "    Properties:\n"
    "      PolicyName: p\n"
    "      Roles: [ !Ref Role ]\n"
    "      PolicyDocument: { Statement: [ { Effect: Allow, Action: '*', Resource: '*' } ] }\n"
    "Outputs:\n"
    "  RoleArn: { Value: !GetAtt Role.Arn, Description: the role }\n";

struct shop {
	struct rig r;
	const char *portfolio, *product, *artifact, *path;
	struct principal user; /* a session of a role in hosting that is granted the portfolio */
};

static void
put_template(struct rig *r, const char *text)
{
	r->as = r->main;
	rig_ok(r, "s3", "PutObject",
	    "{'Bucket': 'artifacts', 'Key': 't.yaml', 'Body': '" STR_FMT "'}",
	    STR_ARG(base64_encode(r->a, str_of(text))));
}

static struct principal
new_role(struct rig *r, const struct principal *in, const char *name, const char *trust)
{
	struct principal p = { .kind = PRINCIPAL_ROLE, .account = in->account };

	r->as = *in;
	p.role_arn =
	    rig_text(rig_ok(r, "iam", "CreateRole",
			 "{'RoleName': '%s', 'Path': '/team/', 'AssumeRolePolicyDocument': '%s'}",
			 name, trust),
		"Role", "Arn");
	rig_ok(r, "iam", "PutRolePolicy",
	    "{'RoleName': '%s', 'PolicyName': 'all', 'PolicyDocument': '" ALLOW_ALL "'}", name);
	p.arn = str_fmt(
	    r->a, "arn:aws:sts::" STR_FMT ":assumed-role/%s/someone", STR_ARG(in->account), name);
	p.id = S("AROAEXAMPLE:someone");
	return p;
}

static const char *
new_product(struct rig *r, const char *name, const char **artifact)
{
	const struct json *out = main_ok(r, "CreateProduct",
	    "{'Name': '%s', 'Owner': '_system_', 'ProductType': 'CLOUD_FORMATION_TEMPLATE', "
	    "'ProvisioningArtifactParameters': {'Name': 'v1', 'Info': {'LoadTemplateFromURL': '" URL
	    "'}, 'Type': 'CLOUD_FORMATION_TEMPLATE'}}",
	    name);

	*artifact = z(r, rig_text(out, "ProvisioningArtifactDetail", "Id"));
	return z(r, rig_text(out, "ProductViewDetail", "ProductViewSummary", "ProductId"));
}

/* Main's side: a product in a portfolio. */
static void
shop_stock(struct shop *s)
{
	struct rig *r = &s->r;

	r->as = r->main;
	rig_ok(r, "s3", "CreateBucket", "{'Bucket': 'artifacts'}");
	put_template(r, template);
	s->portfolio = new_portfolio(r, "rsw");
	s->product = new_product(r, "notebook", &s->artifact);
	main_ok(r, "AssociateProductWithPortfolio", "{'PortfolioId': '%s', 'ProductId': '%s'}",
	    s->portfolio, s->product);
	r->now_ms += 60000;
}

/* A shop whose portfolio hosting has imported and granted, with a launch role in both accounts. */
static void
shop_open(struct shop *s, struct arena *a)
{
	struct rig *r = &s->r;

	rig_open(r, a);
	shop_stock(s);
	new_role(r, &r->main, "Launch", TRUST("servicecatalog.amazonaws.com"));
	new_role(r, &r->hosting, "Launch", TRUST("servicecatalog.amazonaws.com"));
	main_ok(r, "CreateConstraint",
	    "{'PortfolioId': '%s', 'ProductId': '%s', 'Type': 'LAUNCH', "
	    "'Parameters': '{\\'LocalRoleName\\':\\'Launch\\'}'}",
	    s->portfolio, s->product);
	main_ok(r, "CreatePortfolioShare", "{'PortfolioId': '%s', 'AccountId': '222222222222'}",
	    s->portfolio);
	hosting_ok(r, "AcceptPortfolioShare", "{'PortfolioId': '%s'}", s->portfolio);
	s->user = new_role(r, &r->hosting, "manager", TRUST("ec2.amazonaws.com"));
	hosting_ok(r, "AssociatePrincipalWithPortfolio",
	    "{'PortfolioId': '%s', 'PrincipalARN': '" STR_FMT "', 'PrincipalType': 'IAM'}",
	    s->portfolio, STR_ARG(s->user.role_arn));
	r->as = s->user;
	s->path = z(r,
	    rig_text(json_at(json_get(rig_ok(r, CATALOG, "ListLaunchPaths", "{'ProductId': '%s'}",
					  s->product),
				 "LaunchPathSummaries"),
			 0),
		"Id"));
}

static void
shop_close(struct shop *s)
{
	rig_close(&s->r);
}

static const struct json *
order(struct shop *s, const char *name, const char *parameters)
{
	s->r.as = s->user;
	return json_get(
	    rig_ok(&s->r, CATALOG, "ProvisionProduct",
		"{'ProductId': '%s', 'ProvisioningArtifactId': '%s', 'PathId': '%s', "
		"'ProvisionedProductName': '%s', 'ProvisionToken': 'token-of-%s', "
		"'ProvisioningParameters': [%s], 'Tags': [{'Key': 'Env', 'Value': 'e'}]}",
		s->product, s->artifact, s->path, name, name, parameters),
	    "RecordDetail");
}

static const struct json *
provisioned(struct shop *s, const char *id)
{
	s->r.as = s->user;
	return json_get(rig_ok(&s->r, CATALOG, "DescribeProvisionedProduct", "{'Id': '%s'}", id),
	    "ProvisionedProductDetail");
}

static const struct json *
record(struct shop *s, const char *id)
{
	s->r.as = s->user;
	return rig_ok(&s->r, CATALOG, "DescribeRecord", "{'Id': '%s'}", id);
}

static const struct json *
end(struct shop *s, const char *id, const char *token)
{
	s->r.as = s->user;
	return json_get(rig_ok(&s->r, CATALOG, "TerminateProvisionedProduct",
			    "{'ProvisionedProductId': '%s', 'TerminateToken': '%s'}", id, token),
	    "RecordDetail");
}

static void
check_status(const struct json *j, const char *want, const char *label)
{
	CHECK_STR(rig_text(j, "Status"), want, "%s (" STR_FMT ")", label,
	    STR_ARG(rig_text(j, "StatusMessage")));
}

/* --- products and paths ------------------------------------------------------------------- */

static void
test_product(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *got;
	const char *second;
	str url;

	rig_open(r, a);
	shop_stock(&s);
	check_id(str_of(s.product), "prod-");
	check_id(str_of(s.artifact), "pa-");
	got = main_ok(r, "DescribeProductAsAdmin", "{'Name': 'notebook'}");
	CHECK_STR(rig_text(got, "ProductViewDetail", "Status"), "AVAILABLE", "status");
	CHECK_STR(rig_text(got, "ProductViewDetail", "ProductARN"),
	    z(r, str_fmt(a, "arn:aws:catalog:us-east-1:111111111111:product/%s", s.product)),
	    "arn");
	CHECK_STR(rig_text(json_at(json_get(got, "ProvisioningArtifactSummaries"), 0), "Id"),
	    s.artifact, "its version");
	main_fails(r, "DescribeProductAsAdmin", INVALID, "{}");
	main_fails(r, "DescribeProductAsAdmin", NOT_FOUND, "{'Name': 'none'}");
	hosting_fails(r, "DescribeProductAsAdmin", NOT_FOUND, "{'Id': '%s'}", s.product);

	got = main_ok(r, "CreateProvisioningArtifact",
	    "{'ProductId': '%s', 'Parameters': {'Name': 'v2', 'Info': {'LoadTemplateFromURL': '" URL
	    "'}}}",
	    s.product);
	CHECK_STR(rig_text(got, "Status"), "CREATING", "at first");
	second = z(r, rig_text(got, "ProvisioningArtifactDetail", "Id"));
	r->now_ms += 2000;
	put_template(r, "changed: since");
	got = main_ok(r, "DescribeProvisioningArtifact",
	    "{'ProductId': '%s', 'ProvisioningArtifactId': '%s', 'Verbose': true, "
	    "'IncludeProvisioningArtifactParameters': true}",
	    s.product, second);
	CHECK_STR(rig_text(got, "Status"), "AVAILABLE", "soon");
	CHECK_STR(
	    rig_text(json_at(json_get(got, "ProvisioningArtifactParameters"), 0), "ParameterKey"),
	    "Name", "the copy is as the template was");
	url = rig_text(got, "Info", "TemplateUrl");
	CHECK(
	    str_starts(url, S("https://")) && str_ends(url, str_of(second)), STR_FMT, STR_ARG(url));
	got = main_ok(r, "ListProvisioningArtifacts", "{'ProductId': '%s'}", s.product);
	CHECK_STR(rig_text(json_at(json_get(got, "ProvisioningArtifactDetails"), 1), "Name"), "v2",
	    "oldest first");
	got = main_ok(r, "UpdateProvisioningArtifact",
	    "{'ProductId': '%s', 'ProvisioningArtifactId': '%s', 'Active': false, 'Name': 'old'}",
	    s.product, s.artifact);
	CHECK_STR(rig_text(got, "ProvisioningArtifactDetail", "Active"), "false", "updated");
	main_ok(r, "DeleteProvisioningArtifact",
	    "{'ProductId': '%s', 'ProvisioningArtifactId': '%s'}", s.product, s.artifact);
	main_fails(r, "DeleteProvisioningArtifact", IN_USE,
	    "{'ProductId': '%s', 'ProvisioningArtifactId': '%s'}", s.product, second);

	main_fails(r, "DeleteProduct", IN_USE, "{'Id': '%s'}", s.product);
	main_fails(r, "DeletePortfolio", IN_USE, "{'Id': '%s'}", s.portfolio);
	main_ok(r, "DisassociateProductFromPortfolio", "{'PortfolioId': '%s', 'ProductId': '%s'}",
	    s.portfolio, s.product);
	main_fails(r, "DisassociateProductFromPortfolio", NOT_FOUND,
	    "{'PortfolioId': '%s', 'ProductId': '%s'}", s.portfolio, s.product);
	main_ok(r, "DeleteProduct", "{'Id': '%s'}", s.product);
	main_ok(r, "DeletePortfolio", "{'Id': '%s'}", s.portfolio);
	rig_close(r);
}

static void
test_product_refused(struct arena *a)
{
	static const struct {
		const char *label, *properties, *code, *want;
	} cases[] = {
		{ "no version", NULL, INVALID, "ProvisioningArtifactParameters" },
		{ "no URL", "{'Info': {}}", INVALID, "LoadTemplateFromURL" },
		{ "not S3", "{'Info': {'LoadTemplateFromURL': 'https://example.org/t'}}", INVALID,
		    "https://example.org/t" },
		{ "no object",
		    "{'Info': {'LoadTemplateFromURL': "
		    "'https://artifacts.s3.amazonaws.com/none'}}",
		    INVALID, "NoSuchKey" },
		{ "another type",
		    "{'Type': 'MARKETPLACE_AMI', 'Info': {'LoadTemplateFromURL': '" URL "'}}",
		    INVALID, "MARKETPLACE_AMI" },
		{ "a bad template", "{'Info': {'LoadTemplateFromURL': '" URL "'}}", INVALID,
		    "Invalid templateBody. Please make sure that your template is valid" },
		{ "the same unchecked",
		    "{'DisableTemplateValidation': true, 'Info': {'LoadTemplateFromURL': '" URL
		    "'}}",
		    NULL, NULL },
	};
	struct shop s = { 0 };
	struct rig *r = &s.r;

	rig_open(r, a);
	shop_stock(&s);
	put_template(r, "Resources: {}");
	for (size_t i = 0; i < countof(cases); i++) {
		const char *in = z(r,
		    str_fmt(a,
			"{'Name': 'x', 'Owner': 'o', 'ProductType': 'CLOUD_FORMATION_TEMPLATE'%s%s}",
			cases[i].properties == NULL ? "" : ", 'ProvisioningArtifactParameters': ",
			cases[i].properties == NULL ? "" : cases[i].properties));

		if (cases[i].code == NULL)
			main_ok(r, "CreateProduct", "%s", in);
		else
			CHECK(str_has(main_fails(r, "CreateProduct", cases[i].code, "%s", in),
				  str_of(cases[i].want)),
			    "%s: " STR_FMT, cases[i].label, STR_ARG(r->err.msg));
	}
	rig_close(r);
}

/* Names of a list's elements, in order. */
static str
names(struct arena *a, const struct json *list, const char *inner, const char *member)
{
	struct buf b = buf_in(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		buf_fmt(&b, "%s" STR_FMT, b.len == 0 ? "" : " ",
		    STR_ARG(json_str(json_get(inner == NULL ? e : json_get(e, inner), member))));
	return buf_str(&b);
}

static void
test_search(struct arena *a)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "{}", "notebook alpha Beta" },
		{ "{'SortBy': 'Title'}", "Beta alpha notebook" },
		{ "{'SortBy': 'Title', 'SortOrder': 'DESCENDING'}", "notebook alpha Beta" },
		{ "{'Filters': {'FullTextSearch': ['ALPH']}}", "alpha" },
		{ "{'Filters': {'FullTextSearch': ['alph', 'note']}}", "notebook alpha" },
		{ "{'Filters': {'Owner': ['_system_'], 'FullTextSearch': ['b']}}",
		    "notebook Beta" },
		{ "{'Filters': {'Owner': ['somebody']}}", "" },
		{ "{'Filters': {'ProductType': ['CLOUD_FORMATION_TEMPLATE']}, 'PageSize': 1}",
		    "notebook" },
	};
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const char *artifact;

	rig_open(r, a);
	shop_stock(&s);
	new_product(r, "alpha", &artifact);
	r->now_ms += 1000;
	new_product(r, "Beta", &artifact);
	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(names(a,
			      json_get(main_ok(r, "SearchProductsAsAdmin", "%s", cases[i].in),
				  "ProductViewDetails"),
			      "ProductViewSummary", "Name"),
		    cases[i].want, "%s", cases[i].in);
	CHECK_STR(
	    names(a,
		json_get(main_ok(r, "SearchProductsAsAdmin", "{'PortfolioId': '%s'}", s.portfolio),
		    "ProductViewDetails"),
		"ProductViewSummary", "Name"),
	    "notebook", "of a portfolio");
	main_fails(r, "SearchProductsAsAdmin", INVALID, "{'Filters': {'Color': ['red']}}");
	rig_close(r);
}

static void
test_constraint(struct arena *a)
{
	static const struct {
		const char *label, *type, *parameters, *code;
	} cases[] = {
		{ "not JSON", "LAUNCH", "x", INVALID },
		{ "both", "LAUNCH",
		    "{\\'LocalRoleName\\':\\'L\\',\\'RoleArn\\':\\'arn:aws:iam::111111111111:role/L\\'}",
		    INVALID },
		{ "neither", "LAUNCH", "{}", INVALID },
		{ "not a role", "LAUNCH", "{\\'RoleArn\\':\\'arn:aws:iam::111111111111:user/L\\'}",
		    INVALID },
		{ "no such role", "LAUNCH", "{\\'LocalRoleName\\':\\'None\\'}", INVALID },
		{ "another type", "TEMPLATE", "{}", INVALID },
		{ "good", "LAUNCH", "{\\'LocalRoleName\\':\\'Launch\\'}", NULL },
		{ "a second one", "LAUNCH", "{\\'LocalRoleName\\':\\'Launch\\'}", INVALID },
	};
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *out = NULL;
	const char *id;

	rig_open(r, a);
	shop_stock(&s);
	new_role(r, &r->main, "Launch", TRUST("servicecatalog.amazonaws.com"));
	for (size_t i = 0; i < countof(cases); i++) {
		const char *in = z(r,
		    str_fmt(a,
			"{'PortfolioId': '%s', 'ProductId': '%s', 'Type': '%s', 'Parameters': '%s'}",
			s.portfolio, s.product, cases[i].type, cases[i].parameters));

		if (cases[i].code == NULL)
			out = main_ok(r, "CreateConstraint", "%s", in);
		else
			main_fails(r, "CreateConstraint", cases[i].code, "%s", in);
	}
	CHECK_STR(r->err.msg,
	    "Only one constraint can be specified from these types: [LAUNCH, STACKSET]",
	    "AWS's words");
	id = z(r, rig_text(out, "ConstraintDetail", "ConstraintId"));
	check_id(str_of(id), "cons-");
	CHECK_STR(rig_text(out, "Status"), "CREATING", "at first");
	r->now_ms += 2000;
	out = main_ok(r, "DescribeConstraint", "{'Id': '%s'}", id);
	CHECK_STR(rig_text(out, "Status"), "AVAILABLE", "soon");
	CHECK_STR(rig_text(out, "ConstraintDetail", "Owner"), "111111111111", "owner");
	out = main_ok(r, "ListConstraintsForPortfolio", "{'PortfolioId': '%s'}", s.portfolio);
	CHECK_STR(names(a, json_get(out, "ConstraintDetails"), NULL, "ConstraintId"), id, "listed");
	main_fails(r, "DisassociateProductFromPortfolio", IN_USE,
	    "{'PortfolioId': '%s', 'ProductId': '%s'}", s.portfolio, s.product);
	main_ok(r, "DeleteConstraint", "{'Id': '%s'}", id);
	main_fails(r, "DeleteConstraint", NOT_FOUND, "{'Id': '%s'}", id);
	rig_close(r);
}

static void
test_paths(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *out, *path;
	const char *other;

	shop_open(&s, a);
	check_id(str_of(s.path), "lpv3-");
	out = rig_ok(r, CATALOG, "ListLaunchPaths", "{'ProductId': '%s'}", s.product);
	path = json_at(json_get(out, "LaunchPathSummaries"), 0);
	CHECK_STR(rig_text(path, "Name"), "rsw", "the portfolio's name");
	CHECK_STR(names(a, json_get(path, "ConstraintSummaries"), NULL, "Type"), "LAUNCH", "type");
	CHECK_STR(hosting_fails(r, "ListLaunchPaths", NOT_FOUND, "{'ProductId': '%s'}", s.product),
	    z(r, str_fmt(a, "No launch paths found for resource: %s", s.product)),
	    "root was not granted it");
	r->as = s.user;
	out = rig_ok(r, CATALOG, "DescribeProvisioningParameters",
	    "{'ProductId': '%s', 'ProvisioningArtifactId': '%s', 'PathId': '%s'}", s.product,
	    s.artifact, s.path);
	CHECK_STR(names(a, json_get(out, "ProvisioningArtifactParameters"), NULL, "ParameterKey"),
	    "Name Secret", "parameters");
	CHECK_STR(rig_text(json_at(json_get(out, "ProvisioningArtifactParameters"), 1), "IsNoEcho"),
	    "true", "a secret one");
	CHECK_STR(names(a, json_get(out, "ProvisioningArtifactOutputKeys"), NULL, "Key"), "RoleArn",
	    "outputs");
	out = rig_ok(r, CATALOG, "SearchProducts", "{}");
	CHECK_STR(names(a, json_get(out, "ProductViewSummaries"), NULL, "Name"), "notebook",
	    "what it may launch");
	out = rig_ok(r, CATALOG, "DescribeProduct", "{'Name': 'notebook'}");
	CHECK_STR(names(a, json_get(out, "LaunchPaths"), NULL, "Id"), s.path, "its path");
	CHECK(json_count(json_get(hosting_ok(r, "SearchProducts", "{}"), "ProductViewSummaries")) ==
		0,
	    "root may launch nothing");

	other = new_portfolio(r, "second");
	main_ok(r, "AssociateProductWithPortfolio", "{'PortfolioId': '%s', 'ProductId': '%s'}",
	    other, s.product);
	main_ok(
	    r, "CreatePortfolioShare", "{'PortfolioId': '%s', 'AccountId': '222222222222'}", other);
	hosting_ok(r, "AcceptPortfolioShare", "{'PortfolioId': '%s'}", other);
	hosting_ok(r, "AssociatePrincipalWithPortfolio",
	    "{'PortfolioId': '%s', 'PrincipalARN': 'arn:aws:iam:::role/team/man*', "
	    "'PrincipalType': 'IAM_PATTERN'}",
	    other);
	r->as = s.user;
	out = rig_ok(r, CATALOG, "ListLaunchPaths", "{'ProductId': '%s'}", s.product);
	CHECK(json_count(json_get(out, "LaunchPathSummaries")) == 2, "a second way, by a pattern");
	CHECK_STR(rig_fails(r, CATALOG, "ProvisionProduct", INVALID,
		      "{'ProductId': '%s', 'ProvisioningArtifactId': '%s', "
		      "'ProvisionedProductName': 'n'}",
		      s.product, s.artifact),
	    "More than one launch path ids exist. Please specify the launch path id",
	    "AWS's words");
	hosting_ok(r, "DisassociatePrincipalFromPortfolio",
	    "{'PortfolioId': '%s', 'PrincipalARN': 'arn:aws:iam:::role/team/man*'}", other);
	main_ok(r, "DeletePortfolioShare", "{'PortfolioId': '%s', 'AccountId': '222222222222'}",
	    s.portfolio);
	r->as = s.user;
	rig_fails(r, CATALOG, "ListLaunchPaths", NOT_FOUND, "{'ProductId': '%s'}", s.product);
	shop_close(&s);
}

/* --- launches ------------------------------------------------------------------------------ */

static void
test_launch(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *detail, *out, *again, *stack;
	const char *rec, *pp, *arn;

	shop_open(&s, a);
	detail = order(&s, "one", "{'Key': 'Name', 'Value': 'first'}");
	rec = z(r, rig_text(detail, "RecordId"));
	pp = z(r, rig_text(detail, "ProvisionedProductId"));
	check_id(str_of(rec), "rec-");
	check_id(str_of(pp), "pp-");
	check_status(detail, "CREATED", "the record at first");
	CHECK_STR(rig_text(detail, "RecordType"), "PROVISION_PRODUCT", "type");
	CHECK_STR(rig_text(detail, "LaunchRoleArn"), "arn:aws:iam::222222222222:role/team/Launch",
	    "the launching account's role, with its path");
	again = order(&s, "one", "{'Key': 'Name', 'Value': 'first'}");
	CHECK_STR(rig_text(again, "RecordId"), rec, "the same token");
	check_status(provisioned(&s, pp), "UNDER_CHANGE", "the product");
	rig_fails(r, CATALOG, "TerminateProvisionedProduct", INVALID,
	    "{'ProvisionedProductId': '%s'}", pp);
	(void)cloud_step(r->cloud, r->now_ms);
	check_status(json_get(record(&s, rec), "RecordDetail"), "IN_PROGRESS", "the record");
	out = rig_ok(
	    r, CATALOG, "SearchProvisionedProducts", "{'Filters': {'SearchQuery': ['name:one']}}");
	arn = z(r, rig_text(json_at(json_get(out, "ProvisionedProducts"), 0), "PhysicalId"));
	CHECK(str_has(str_of(arn), str_of(pp)), "the stack while it is made: %s", arn);
	CHECK_STR(rig_fails(r, CATALOG, "ProvisionProduct", INVALID,
		      "{'ProductId': '%s', 'ProvisioningArtifactId': '%s', 'PathId': '%s', "
		      "'ProvisionedProductName': 'one'}",
		      s.product, s.artifact, s.path),
	    "A stack named one already exists.", "AWS's words");
	rig_run(r);

	out = record(&s, rec);
	check_status(json_get(out, "RecordDetail"), "SUCCEEDED", "the record");
	CHECK_STR(names(a, json_get(out, "RecordOutputs"), NULL, "OutputKey"),
	    "RoleArn CloudformationStackARN", "outputs");
	CHECK_STR(rig_text(json_at(json_get(out, "RecordOutputs"), 0), "OutputValue"),
	    "arn:aws:iam::222222222222:role/first", "its value");
	CHECK(json_i64(json_path(out, "RecordDetail", "UpdatedTime", NULL), 0) >=
		json_i64(json_path(out, "RecordDetail", "CreatedTime", NULL), 0),
	    "times");
	detail = provisioned(&s, pp);
	check_status(detail, "AVAILABLE", "the product");
	CHECK_STR(rig_text(detail, "LastSuccessfulProvisioningRecordId"), rec, "its record");
	CHECK_STR(rig_text(detail, "Arn"),
	    z(r, str_fmt(a, "arn:aws:servicecatalog:us-east-1:222222222222:stack/one/%s", pp)),
	    "arn");
	out = rig_ok(r, CATALOG, "GetProvisionedProductOutputs",
	    "{'ProvisionedProductName': 'one', 'OutputKeys': ['RoleArn']}");
	CHECK_STR(names(a, json_get(out, "Outputs"), NULL, "OutputKey"), "RoleArn", "asked for");

	r->as = r->hosting;
	stack = json_at(json_get(rig_ok(r, "cloudformation", "DescribeStacks",
				     "{'StackName': 'SC-222222222222-%s'}", pp),
			    "Stacks"),
	    0);
	arn = z(r, rig_text(stack, "StackId"));
	CHECK_STR(names(a, json_get(stack, "Tags"), NULL, "Key"),
	    "k Env aws:servicecatalog:portfolioArn aws:servicecatalog:productArn "
	    "aws:servicecatalog:provisioningPrincipalArn "
	    "aws:servicecatalog:provisionedProductArn "
	    "aws:servicecatalog:provisioningArtifactIdentifier",
	    "tags");
	r->as = s.user;
	out = rig_ok(r, CATALOG, "SearchProvisionedProducts",
	    "{'Filters': {'SearchQuery': ['name:one', 'status:AVAILABLE']}}");
	CHECK_STR(names(a, json_get(out, "ProvisionedProducts"), NULL, "PhysicalId"), arn, "stack");

	detail = end(&s, pp, "end-1");
	CHECK_STR(rig_text(detail, "RecordType"), "TERMINATE_PROVISIONED_PRODUCT", "type");
	CHECK_STR(rig_text(end(&s, pp, "end-1"), "RecordId"), z(r, rig_text(detail, "RecordId")),
	    "the same token while it goes on");
	rec = z(r, rig_text(detail, "RecordId"));
	rig_run(r);
	check_status(json_get(record(&s, rec), "RecordDetail"), "SUCCEEDED", "the record stays");
	rig_fails(r, CATALOG, "DescribeProvisionedProduct", NOT_FOUND, "{'Id': '%s'}", pp);
	rig_fails(r, CATALOG, "TerminateProvisionedProduct", NOT_FOUND,
	    "{'ProvisionedProductId': '%s', 'TerminateToken': 'end-1'}", pp);
	out = rig_ok(r, CATALOG, "ListRecordHistory",
	    "{'SearchFilter': {'Key': 'provisionedproduct', 'Value': '%s'}}", pp);
	CHECK_STR(names(a, json_get(out, "RecordDetails"), NULL, "RecordType"),
	    "TERMINATE_PROVISIONED_PRODUCT PROVISION_PRODUCT", "newest first");
	r->as = r->hosting;
	rig_fails(r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'first'}");
	CHECK_STR(rig_text(order(&s, "one", "{'Key': 'Name', 'Value': 'first'}"), "RecordId"),
	    z(r, rig_text(again, "RecordId")), "a token is not forgotten");
	shop_close(&s);
}

/* What CloudFormation refuses at once is still told by the record only. */
static void
test_refused_by_stack(struct arena *a)
{
	static const struct {
		const char *label, *parameters, *want;
	} cases[] = {
		{ "missing", "", "Parameters: [Name] must have values" },
		{ "unknown", "{'Key': 'Name', 'Value': 'x'}, {'Key': 'Color', 'Value': 'red'}",
		    "Parameters: [Color] do not exist in the template" },
		{ "pattern", "{'Key': 'Name', 'Value': 'X1'}",
		    "Parameter 'Name' must match pattern [a-z]+" },
	};
	struct shop s = { 0 };
	struct rig *r = &s.r;

	shop_open(&s, a);
	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *detail = order(&s, cases[i].label, cases[i].parameters), *out;
		const char *pp = z(r, rig_text(detail, "ProvisionedProductId"));
		str head = str_fmt(a,
		    "AmazonCloudFormationException  %s (Service: AmazonCloudFormation; Status Code: "
		    "400; Error Code: ValidationError; Request ID: ",
		    cases[i].want);

		rig_run(r);
		out = json_get(record(&s, z(r, rig_text(detail, "RecordId"))), "RecordDetail");
		check_status(out, "FAILED", cases[i].label);
		detail = provisioned(&s, pp);
		check_status(detail, "ERROR", cases[i].label);
		CHECK(str_starts(rig_text(detail, "StatusMessage"), head), "%s: " STR_FMT,
		    cases[i].label, STR_ARG(rig_text(detail, "StatusMessage")));
		CHECK(str_eq(rig_text(json_at(json_get(out, "RecordErrors"), 0), "Description"),
			  rig_text(detail, "StatusMessage")),
		    "%s: the same in the record", cases[i].label);
		detail = end(&s, pp, cases[i].label);
		rig_run(r);
		out = json_get(record(&s, z(r, rig_text(detail, "RecordId"))), "RecordDetail");
		check_status(out, "SUCCEEDED", "nothing to delete");
		rig_fails(r, CATALOG, "DescribeProvisionedProduct", NOT_FOUND, "{'Id': '%s'}", pp);
	}
	shop_close(&s);
}

static void
fail_resource(struct rig *r, enum fault_kind kind, const char *name, uint64_t times)
{
	r->faults.rule_count = 1;
	r->faults.rules[0] = (struct fault_rule){ .kind = kind,
		.name = name,
		.first = 1,
		.count = times,
		.code = "GeneralServiceException",
		.message = "it is \"of no use\"" };
}

/* A resource that fails: rolled back, told in its own words, and terminable. */
static void
test_rollback(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *detail, *out;
	const char *pp, *rec;
	bool seen_in_error = false;

	shop_open(&s, a);
	fail_resource(r, FAULT_FAIL_CREATE, "Policy", 0);
	detail = order(&s, "bad", "{'Key': 'Name', 'Value': 'bad'}");
	pp = z(r, rig_text(detail, "ProvisionedProductId"));
	rec = z(r, rig_text(detail, "RecordId"));
	for (int64_t next = 0; next != CLOCK_NEVER; next = cloud_step(r->cloud, r->now_ms)) {
		r->now_ms = next > r->now_ms ? next : r->now_ms;
		out = json_get(record(&s, rec), "RecordDetail");
		if (!str_is(rig_text(out, "Status"), "IN_PROGRESS_IN_ERROR"))
			continue;
		seen_in_error = true;
		check_status(provisioned(&s, pp), "UNDER_CHANGE", "while it rolls back");
	}
	CHECK(seen_in_error, "a record tells that it is going to fail");
	out = json_get(record(&s, rec), "RecordDetail");
	check_status(out, "FAILED", "the record");
	detail = provisioned(&s, pp);
	check_status(detail, "ERROR", "the product");
	CHECK(str_starts(rig_text(detail, "StatusMessage"),
		  S("Resource handler returned message: \"it is \"of no use\"\" (RequestToken: ")),
	    "the resource's own words, whole: " STR_FMT,
	    STR_ARG(rig_text(detail, "StatusMessage")));
	CHECK(json_get(detail, "LastSuccessfulProvisioningRecordId") == NULL, "none succeeded");
	CHECK(json_count(json_get(record(&s, rec), "RecordOutputs")) == 0, "no outputs");

	rec = z(r, rig_text(end(&s, pp, "t"), "RecordId"));
	rig_run(r);
	check_status(json_get(record(&s, rec), "RecordDetail"), "SUCCEEDED", "its end");
	r->as = r->hosting;
	rig_fails(r, "cloudformation", "DescribeStacks", "ValidationError",
	    "{'StackName': 'SC-222222222222-%s'}", pp);
	rig_fails(r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'bad'}");
	shop_close(&s);
}

/* A resource that does not go: tainted, and the next try may succeed. */
static void
test_terminate_fails(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *out;
	const char *pp, *rec;

	shop_open(&s, a);
	pp = z(r,
	    rig_text(order(&s, "one", "{'Key': 'Name', 'Value': 'one'}"), "ProvisionedProductId"));
	rig_run(r);
	fail_resource(r, FAULT_FAIL_DELETE, "Role", 1);
	rec = z(r, rig_text(end(&s, pp, "t1"), "RecordId"));
	rig_run(r);
	out = json_get(record(&s, rec), "RecordDetail");
	check_status(out, "FAILED", "the record");
	CHECK(str_has(rig_text(json_at(json_get(out, "RecordErrors"), 0), "Description"),
		  S("it is \"of no use\"")),
	    "in its own words");
	check_status(provisioned(&s, pp), "TAINTED", "the product");
	CHECK_STR(
	    rig_text(end(&s, pp, "t1"), "RecordId"), rec, "the same token is the same failure");
	rec = z(r, rig_text(end(&s, pp, "t2"), "RecordId"));
	rig_run(r);
	check_status(json_get(record(&s, rec), "RecordDetail"), "SUCCEEDED", "another token");
	shop_close(&s);
}

/* The launch role is what matters, not who asks. */
static void
test_launch_role(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *detail;
	const char *pp;

	shop_open(&s, a);
	r->as = r->hosting;
	rig_ok(r, "iam", "UpdateAssumeRolePolicy",
	    "{'RoleName': 'Launch', 'PolicyDocument': '" TRUST("ec2.amazonaws.com") "'}");
	pp = z(r,
	    rig_text(order(&s, "one", "{'Key': 'Name', 'Value': 'one'}"), "ProvisionedProductId"));
	rig_run(r);
	detail = provisioned(&s, pp);
	check_status(detail, "ERROR", "the role does not trust the service");
	CHECK(str_starts(rig_text(detail, "StatusMessage"),
		  S("Access denied while assuming the role "
		    "arn:aws:iam::222222222222:role/team/Launch")),
	    STR_FMT, STR_ARG(rig_text(detail, "StatusMessage")));
	shop_close(&s);
}

static void
test_levels(struct arena *a)
{
	static const struct {
		const char *filter;
		size_t user, session, root;
	} cases[] = {
		{ "", 1, 0, 0 },
		{ "'AccessLevelFilter': {'Key': 'User', 'Value': 'self'}", 1, 0, 0 },
		{ "'AccessLevelFilter': {'Key': 'Role', 'Value': 'self'}", 1, 1, 0 },
		{ "'AccessLevelFilter': {'Key': 'Account', 'Value': 'self'}", 1, 1, 1 },
	};
	static const char *const actions[] = { "ScanProvisionedProducts",
		"SearchProvisionedProducts" };
	struct shop s = { 0 };
	struct rig *r = &s.r;

	shop_open(&s, a);
	order(&s, "one", "{'Key': 'Name', 'Value': 'one'}");
	for (size_t i = 0; i < countof(cases) * countof(actions); i++) {
		const char *filter = cases[i / 2].filter, *action = actions[i % 2];
		const struct principal *who[] = { &s.user, &s.user, &r->hosting };
		const size_t want[] = { cases[i / 2].user, cases[i / 2].session,
			cases[i / 2].root };

		for (size_t j = 0; j < countof(who); j++) {
			r->as = *who[j];
			if (j == 1)
				r->as.arn =
				    S("arn:aws:sts::222222222222:assumed-role/manager/other");
			CHECK(json_count(json_get(rig_ok(r, CATALOG, action, "{%s}", filter),
				  "ProvisionedProducts")) == want[j],
			    "%s %s as %zu", action, filter, j);
		}
	}
	rig_fails(r, CATALOG, "ScanProvisionedProducts", INVALID,
	    "{'AccessLevelFilter': {'Key': 'Account', 'Value': '222222222222'}}");
	shop_close(&s);
}

/* A stop after every step, and on from what is on disk: the same end. */
static void
test_restarts(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const char *pp, *rec;
	int64_t next;

	shop_open(&s, a);
	pp = z(r,
	    rig_text(order(&s, "one", "{'Key': 'Name', 'Value': 'one'}"), "ProvisionedProductId"));
	while ((next = cloud_step(r->cloud, r->now_ms)) != CLOCK_NEVER) {
		r->now_ms = next > r->now_ms ? next : r->now_ms;
		rig_stop(r);
		rig_start(r);
	}
	check_status(provisioned(&s, pp), "AVAILABLE", "launched");
	rec = z(r, rig_text(end(&s, pp, "t"), "RecordId"));
	while ((next = cloud_step(r->cloud, r->now_ms)) != CLOCK_NEVER) {
		r->now_ms = next > r->now_ms ? next : r->now_ms;
		rig_stop(r);
		rig_start(r);
	}
	check_status(json_get(record(&s, rec), "RecordDetail"), "SUCCEEDED", "terminated");
	shop_close(&s);
}

/* IgnoreErrors and RetainPhysicalResources give up the product, whatever becomes of the stack. */
static void
test_give_up(struct arena *a)
{
	static const struct {
		const char *more, *stack;
	} cases[] = {
		{ "'IgnoreErrors': true", "DELETE_FAILED" },
		{ "'RetainPhysicalResources': true", "CREATE_COMPLETE" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct shop s = { 0 };
		struct rig *r = &s.r;
		const struct json *out;
		const char *pp, *rec;

		shop_open(&s, a);
		pp = z(r,
		    rig_text(order(&s, "one", "{'Key': 'Name', 'Value': 'one'}"),
			"ProvisionedProductId"));
		rig_run(r);
		fail_resource(r, FAULT_FAIL_DELETE, "Role", 1);
		r->as = s.user;
		rec = z(r,
		    rig_text(rig_ok(r, CATALOG, "TerminateProvisionedProduct",
				 "{'ProvisionedProductName': 'one', %s}", cases[i].more),
			"RecordDetail", "RecordId"));
		rig_run(r);
		check_status(json_get(record(&s, rec), "RecordDetail"), "SUCCEEDED", cases[i].more);
		rig_fails(r, CATALOG, "DescribeProvisionedProduct", NOT_FOUND, "{'Id': '%s'}", pp);
		r->as = r->hosting;
		out = rig_ok(r, "cloudformation", "DescribeStacks",
		    "{'StackName': 'SC-222222222222-%s'}", pp);
		CHECK_STR(rig_text(json_at(json_get(out, "Stacks"), 0), "StackStatus"),
		    cases[i].stack, "%s", cases[i].more);
		shop_close(&s);
	}
}

/* Somebody deletes the stack by hand: the product can still be ended. */
static void
test_stack_gone(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const char *pp, *rec;

	shop_open(&s, a);
	pp = z(r,
	    rig_text(order(&s, "one", "{'Key': 'Name', 'Value': 'one'}"), "ProvisionedProductId"));
	rig_run(r);
	r->as = r->hosting;
	rig_ok(r, "cloudformation", "DeleteStack", "{'StackName': 'SC-222222222222-%s'}", pp);
	rig_run(r);
	check_status(provisioned(&s, pp), "AVAILABLE", "the catalog does not know");
	rec = z(r, rig_text(end(&s, pp, "t"), "RecordId"));
	rig_run(r);
	check_status(json_get(record(&s, rec), "RecordDetail"), "SUCCEEDED", "and does not mind");
	shop_close(&s);
}

/* Without a constraint the stack is made with the rights of who asks. */
static void
test_no_constraint(struct arena *a)
{
	struct shop s = { 0 };
	struct rig *r = &s.r;
	const struct json *list, *detail;

	shop_open(&s, a);
	list = json_get(
	    main_ok(r, "ListConstraintsForPortfolio", "{'PortfolioId': '%s'}", s.portfolio),
	    "ConstraintDetails");
	main_ok(r, "DeleteConstraint", "{'Id': '%s'}",
	    z(r, rig_text(json_at(list, 0), "ConstraintId")));
	detail = order(&s, "one", "{'Key': 'Name', 'Value': 'one'}");
	CHECK(json_get(detail, "LaunchRoleArn") == NULL, "no role");
	rig_run(r);
	check_status(provisioned(&s, z(r, rig_text(detail, "ProvisionedProductId"))), "AVAILABLE",
	    "as the caller");
	shop_close(&s);
}

static void
test_order_refused(struct arena *a)
{
	static const struct {
		const char *label, *in, *code, *want;
	} cases[] = {
		{ "no product", "'ProvisioningArtifactId': '$a'", INVALID, "ProductId" },
		{ "two products", "'ProductId': '$p', 'ProductName': 'notebook'", INVALID,
		    "ProductId" },
		{ "unknown name", "'ProductName': 'none', 'ProvisioningArtifactId': '$a'",
		    NOT_FOUND, "Product with name none does not exist or access was denied." },
		{ "unknown path",
		    "'ProductId': '$p', 'ProvisioningArtifactId': '$a', 'PathId': 'lpv3-x'",
		    NOT_FOUND, "lpv3-x" },
		{ "unknown version", "'ProductId': '$p', 'ProvisioningArtifactId': 'pa-x'",
		    NOT_FOUND, "pa-x" },
		{ "a service's tag",
		    "'ProductId': '$p', 'ProvisioningArtifactId': '$a', 'Tags': [{'Key': 'aws:x', "
		    "'Value': ''}]",
		    INVALID, "aws:x" },
		{ "too many topics",
		    "'ProductId': '$p', 'ProvisioningArtifactId': '$a', 'NotificationArns': "
		    "['1','2','3','4','5','6']",
		    "ValidationException", "notificationArns" },
	};
	struct shop s = { 0 };
	struct rig *r = &s.r;

	shop_open(&s, a);
	r->as = s.user;
	for (size_t i = 0; i < countof(cases); i++) {
		str in = str_replace(a, str_of(cases[i].in), S("$p"), str_of(s.product));

		in = str_replace(a, in, S("$a"), str_of(s.artifact));
		CHECK(str_has(rig_fails(r, CATALOG, "ProvisionProduct", cases[i].code,
				  "{'ProvisionedProductName': 'n', " STR_FMT "}", STR_ARG(in)),
			  str_of(cases[i].want)),
		    "%s: " STR_FMT, cases[i].label, STR_ARG(r->err.msg));
	}
	main_ok(r, "CreateProvisioningArtifact",
	    "{'ProductId': '%s', 'Parameters': {'Name': 'v2', 'Info': {'LoadTemplateFromURL': '" URL
	    "'}}}",
	    s.product);
	main_ok(r, "UpdateProvisioningArtifact",
	    "{'ProductId': '%s', 'ProvisioningArtifactId': '%s', 'Active': false}", s.product,
	    s.artifact);
	r->as = s.user;
	rig_fails(r, CATALOG, "ProvisionProduct", INVALID,
	    "{'ProvisionedProductName': 'n', 'ProductId': '%s', 'ProvisioningArtifactId': '%s'}",
	    s.product, s.artifact);
	rig_fails(r, CATALOG, "ProvisionProduct", INVALID,
	    "{'ProvisionedProductName': 'n', 'ProductId': '%s', 'ProvisioningArtifactName': 'v2'}",
	    s.product);
	CHECK(str_has(r->err.msg, S("still being created")), STR_FMT, STR_ARG(r->err.msg));
	shop_close(&s);
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
		TEST(test_product),
		TEST(test_product_refused),
		TEST(test_search),
		TEST(test_constraint),
		TEST(test_paths),
		TEST(test_launch),
		TEST(test_refused_by_stack),
		TEST(test_rollback),
		TEST(test_terminate_fails),
		TEST(test_launch_role),
		TEST(test_levels),
		TEST(test_restarts),
		TEST(test_give_up),
		TEST(test_stack_gone),
		TEST(test_no_constraint),
		TEST(test_order_refused),
	};

	return RUN_TESTS(tests);
}
