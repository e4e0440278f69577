/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/actions.c: the actions of Service Catalog, what each needs, and what it acts on
 * (aws.md 6.6).
 */
#include "cloud/catalog/internal.h"

#define PORTFOLIO "arn:aws:catalog:${region}:${account}:portfolio/${PortfolioId}"
#define THE_PORTFOLIO "arn:aws:catalog:${region}:${account}:portfolio/${Id}"
#define PRODUCT "arn:aws:catalog:${region}:${account}:product/${ProductId}"
#define THE_PRODUCT "arn:aws:catalog:${region}:${account}:product/${Id}"

static const struct action actions[] = {
#define ROW(name, run, resource) \
	{ \
		name, run, "servicecatalog:" name, resource \
	}
	ROW("AcceptPortfolioShare", catalog_accept_share, PORTFOLIO),
	ROW("AssociatePrincipalWithPortfolio", catalog_associate_principal, PORTFOLIO),
	ROW("AssociateProductWithPortfolio", catalog_associate_product, PORTFOLIO),
	ROW("CreateConstraint", catalog_create_constraint, PORTFOLIO),
	ROW("CreatePortfolio", catalog_create_portfolio, "*"),
	ROW("CreatePortfolioShare", catalog_create_share, PORTFOLIO),
	ROW("CreateProduct", catalog_create_product, "*"),
	ROW("CreateProvisioningArtifact", catalog_create_artifact, PRODUCT),
	ROW("DeleteConstraint", catalog_delete_constraint, "*"),
	ROW("DeletePortfolio", catalog_delete_portfolio, THE_PORTFOLIO),
	ROW("DeletePortfolioShare", catalog_delete_share, PORTFOLIO),
	ROW("DeleteProduct", catalog_delete_product, THE_PRODUCT),
	ROW("DeleteProvisioningArtifact", catalog_delete_artifact, PRODUCT),
	ROW("DescribeConstraint", catalog_describe_constraint, "*"),
	ROW("DescribePortfolio", catalog_describe_portfolio, THE_PORTFOLIO),
	ROW("DescribeProduct", catalog_describe_product, THE_PRODUCT),
	ROW("DescribeProductAsAdmin", catalog_describe_product_as_admin, THE_PRODUCT),
	ROW("DescribeProvisionedProduct", catalog_describe_provisioned, "*"),
	ROW("DescribeProvisioningArtifact", catalog_describe_artifact, PRODUCT),
	ROW("DescribeProvisioningParameters", catalog_describe_parameters, PRODUCT),
	ROW("DescribeRecord", catalog_describe_record, "*"),
	ROW("DisassociatePrincipalFromPortfolio", catalog_disassociate_principal, PORTFOLIO),
	ROW("DisassociateProductFromPortfolio", catalog_disassociate_product, PORTFOLIO),
	ROW("GetProvisionedProductOutputs", catalog_outputs, "*"),
	ROW("ListAcceptedPortfolioShares", catalog_list_accepted_shares, "*"),
	ROW("ListConstraintsForPortfolio", catalog_list_constraints, PORTFOLIO),
	ROW("ListLaunchPaths", catalog_list_launch_paths, PRODUCT),
	ROW("ListPortfolioAccess", catalog_list_access, PORTFOLIO),
	ROW("ListPortfolios", catalog_list_portfolios, "*"),
	ROW("ListPortfoliosForProduct", catalog_list_portfolios_for_product, PRODUCT),
	ROW("ListPrincipalsForPortfolio", catalog_list_principals, PORTFOLIO),
	ROW("ListProvisioningArtifacts", catalog_list_artifacts, PRODUCT),
	ROW("ListRecordHistory", catalog_list_records, "*"),
	ROW("ProvisionProduct", catalog_provision, PRODUCT),
	ROW("RejectPortfolioShare", catalog_reject_share, PORTFOLIO),
	ROW("ScanProvisionedProducts", catalog_scan_provisioned, "*"),
	ROW("SearchProducts", catalog_search_products, "*"),
	ROW("SearchProductsAsAdmin", catalog_search_products_as_admin, "*"),
	ROW("SearchProvisionedProducts", catalog_search_provisioned, "*"),
	ROW("TerminateProvisionedProduct", catalog_terminate, "*"),
	ROW("UpdateProvisioningArtifact", catalog_update_artifact, PRODUCT),
#undef ROW
};

static const struct task tasks[] = {
	{ "record", catalog_record_step, NULL },
};

const struct engine catalog_engine = {
	.service = "servicecatalog",
	.actions = actions,
	.action_count = countof(actions),
	.tasks = tasks,
	.task_count = countof(tasks),
};
