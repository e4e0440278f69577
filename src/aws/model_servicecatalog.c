/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_servicecatalog.c: the operations of Service Catalog that swb calls or answers. */
#include "aws/model_services.h"

#define PAGE " PageSize:i PageToken:s"
#define NEXT " NextPageToken:s"
#define TAGS " Tags:[Tag]"
#define PROVISIONED_PRODUCT \
	"Name:s Arn:s Type:s Id:s Status:s StatusMessage:s CreatedTime:t IdempotencyToken:s " \
	"LastRecordId:s LastProvisioningRecordId:s LastSuccessfulProvisioningRecordId:s " \
	"ProductId:s ProvisioningArtifactId:s"

static const struct aws_operation_row operations[] = {
	{ "AcceptPortfolioShare", "AcceptLanguage:s PortfolioId!:s PortfolioShareType:s", "" },
	{ "AssociatePrincipalWithPortfolio",
	    "AcceptLanguage:s PortfolioId!:s PrincipalARN!:s PrincipalType!:s", "" },
	{ "AssociateProductWithPortfolio",
	    "AcceptLanguage:s ProductId!:s PortfolioId!:s SourcePortfolioId:s", "" },
	{ "CreateConstraint",
	    "AcceptLanguage:s PortfolioId!:s ProductId!:s Parameters!:s Type!:s Description:s "
	    "IdempotencyToken*:s",
	    "ConstraintDetail:ConstraintDetail ConstraintParameters:s Status:s" },
	{ "CreatePortfolio",
	    "AcceptLanguage:s DisplayName!:s Description:s ProviderName!:s IdempotencyToken*:s" TAGS,
	    "PortfolioDetail:PortfolioDetail" TAGS },
	{ "CreatePortfolioShare",
	    "AcceptLanguage:s PortfolioId!:s AccountId:s OrganizationNode:OrganizationNode "
	    "ShareTagOptions:b SharePrincipals:b",
	    "PortfolioShareToken:s" },
	{ "CreateProduct",
	    "AcceptLanguage:s Name!:s Owner!:s Description:s Distributor:s SupportDescription:s "
	    "SupportEmail:s SupportUrl:s ProductType!:s IdempotencyToken*:s "
	    "ProvisioningArtifactParameters:ArtifactProperties" TAGS,
	    "ProductViewDetail:ProductViewDetail ProvisioningArtifactDetail:ArtifactDetail" TAGS },
	{ "CreateProvisioningArtifact",
	    "AcceptLanguage:s ProductId!:s Parameters!:ArtifactProperties IdempotencyToken*:s",
	    "ProvisioningArtifactDetail:ArtifactDetail Info:<s> Status:s" },
	{ "DeleteConstraint", "AcceptLanguage:s Id!:s", "" },
	{ "DeletePortfolio", "AcceptLanguage:s Id!:s", "" },
	{ "DeletePortfolioShare",
	    "AcceptLanguage:s PortfolioId!:s AccountId:s OrganizationNode:OrganizationNode",
	    "PortfolioShareToken:s" },
	{ "DeleteProduct", "AcceptLanguage:s Id!:s", "" },
	{ "DeleteProvisioningArtifact", "AcceptLanguage:s ProductId!:s ProvisioningArtifactId!:s",
	    "" },
	{ "DescribeConstraint", "AcceptLanguage:s Id!:s",
	    "ConstraintDetail:ConstraintDetail ConstraintParameters:s Status:s" },
	{ "DescribePortfolio", "AcceptLanguage:s Id!:s",
	    "PortfolioDetail:PortfolioDetail TagOptions:[TagOption] Budgets:[Budget]" TAGS },
	{ "DescribeProduct", "AcceptLanguage:s Id:s Name:s",
	    "ProductViewSummary:ProductViewSummary "
	    "ProvisioningArtifacts:[{Id:s Name:s Description:s CreatedTime:t Guidance:s}] "
	    "Budgets:[Budget] LaunchPaths:[{Id:s Name:s}]" },
	{ "DescribeProductAsAdmin", "AcceptLanguage:s Id:s Name:s SourcePortfolioId:s",
	    "ProductViewDetail:ProductViewDetail ProvisioningArtifactSummaries:[{Id:s Name:s "
	    "Description:s CreatedTime:t ProvisioningArtifactMetadata:<s>}] "
	    "TagOptions:[TagOption] Budgets:[Budget]" TAGS },
	{ "DescribeProvisionedProduct", "AcceptLanguage:s Id:s Name:s",
	    "ProvisionedProductDetail:{" PROVISIONED_PRODUCT " LaunchRoleArn:s} "
	    "CloudWatchDashboards:[{Name:s}]" },
	{ "DescribeProvisioningArtifact",
	    "AcceptLanguage:s ProvisioningArtifactId:s ProductId:s ProvisioningArtifactName:s "
	    "ProductName:s Verbose:b IncludeProvisioningArtifactParameters:b",
	    "ProvisioningArtifactDetail:ArtifactDetail Info:<s> Status:s "
	    "ProvisioningArtifactParameters:[ArtifactParameter]" },
	{ "DescribeProvisioningParameters",
	    "AcceptLanguage:s ProductId:s ProductName:s ProvisioningArtifactId:s "
	    "ProvisioningArtifactName:s PathId:s PathName:s",
	    "ProvisioningArtifactParameters:[ArtifactParameter] "
	    "ConstraintSummaries:[ConstraintSummary] UsageInstructions:[{Type:s Value:s}] "
	    "TagOptions:[{Key:s Values:[s]}] ProvisioningArtifactPreferences:{StackSetAccounts:[s] "
	    "StackSetRegions:[s]} ProvisioningArtifactOutputs:[ArtifactOutput] "
	    "ProvisioningArtifactOutputKeys:[ArtifactOutput]" },
	{ "DescribeRecord", "AcceptLanguage:s Id!:s" PAGE,
	    "RecordDetail:RecordDetail RecordOutputs:[RecordOutput]" NEXT },
	{ "DisassociatePrincipalFromPortfolio",
	    "AcceptLanguage:s PortfolioId!:s PrincipalARN!:s PrincipalType:s", "" },
	{ "DisassociateProductFromPortfolio", "AcceptLanguage:s ProductId!:s PortfolioId!:s", "" },
	{ "GetProvisionedProductOutputs",
	    "AcceptLanguage:s ProvisionedProductId:s ProvisionedProductName:s OutputKeys:[s]" PAGE,
	    "Outputs:[RecordOutput]" NEXT },
	{ "ListAcceptedPortfolioShares", "AcceptLanguage:s PortfolioShareType:s" PAGE,
	    "PortfolioDetails:[PortfolioDetail]" NEXT },
	{ "ListConstraintsForPortfolio", "AcceptLanguage:s PortfolioId!:s ProductId:s" PAGE,
	    "ConstraintDetails:[ConstraintDetail]" NEXT },
	{ "ListLaunchPaths", "AcceptLanguage:s ProductId!:s" PAGE,
	    "LaunchPathSummaries:[{Id:s ConstraintSummaries:[ConstraintSummary] Name:s" TAGS
	    "}]" NEXT },
	{ "ListPortfolioAccess", "AcceptLanguage:s PortfolioId!:s OrganizationParentId:s" PAGE,
	    "AccountIds:[s]" NEXT },
	{ "ListPortfolios", "AcceptLanguage:s" PAGE, "PortfolioDetails:[PortfolioDetail]" NEXT },
	{ "ListPortfoliosForProduct", "AcceptLanguage:s ProductId!:s" PAGE,
	    "PortfolioDetails:[PortfolioDetail]" NEXT },
	{ "ListPrincipalsForPortfolio", "AcceptLanguage:s PortfolioId!:s" PAGE,
	    "Principals:[{PrincipalARN:s PrincipalType:s}]" NEXT },
	{ "ListProvisioningArtifacts", "AcceptLanguage:s ProductId!:s",
	    "ProvisioningArtifactDetails:[ArtifactDetail]" NEXT },
	{ "ListRecordHistory",
	    "AcceptLanguage:s AccessLevelFilter:KeyValue SearchFilter:KeyValue" PAGE,
	    "RecordDetails:[RecordDetail]" NEXT },
	{ "ProvisionProduct",
	    "AcceptLanguage:s ProductId:s ProductName:s ProvisioningArtifactId:s "
	    "ProvisioningArtifactName:s PathId:s PathName:s ProvisionedProductName!:s "
	    "ProvisioningParameters:[KeyValue] ProvisioningPreferences:ProvisioningPreferences "
	    "NotificationArns:[s] ProvisionToken*:s" TAGS,
	    "RecordDetail:RecordDetail" },
	{ "RejectPortfolioShare", "AcceptLanguage:s PortfolioId!:s PortfolioShareType:s", "" },
	{ "ScanProvisionedProducts", "AcceptLanguage:s AccessLevelFilter:KeyValue" PAGE,
	    "ProvisionedProducts:[{" PROVISIONED_PRODUCT " LaunchRoleArn:s}]" NEXT },
	{ "SearchProducts", "AcceptLanguage:s Filters:<[s]> SortBy:s SortOrder:s" PAGE,
	    "ProductViewSummaries:[ProductViewSummary] "
	    "ProductViewAggregations:<[{Value:s ApproximateCount:i}]>" NEXT },
	{ "SearchProductsAsAdmin",
	    "AcceptLanguage:s PortfolioId:s Filters:<[s]> SortBy:s SortOrder:s ProductSource:s" PAGE,
	    "ProductViewDetails:[ProductViewDetail]" NEXT },
	{ "SearchProvisionedProducts",
	    "AcceptLanguage:s AccessLevelFilter:KeyValue Filters:<[s]> SortBy:s SortOrder:s" PAGE,
	    "ProvisionedProducts:[{" PROVISIONED_PRODUCT " PhysicalId:s ProductName:s "
	    "ProvisioningArtifactName:s UserArn:s UserArnSession:s" TAGS
	    "}] TotalResultsCount:i" NEXT },
	{ "TerminateProvisionedProduct",
	    "AcceptLanguage:s ProvisionedProductName:s ProvisionedProductId:s TerminateToken*:s "
	    "IgnoreErrors:b RetainPhysicalResources:b",
	    "RecordDetail:RecordDetail" },
	{ "UpdateProvisioningArtifact",
	    "AcceptLanguage:s ProductId!:s ProvisioningArtifactId!:s Name:s Description:s Active:b "
	    "Guidance:s",
	    "ProvisioningArtifactDetail:ArtifactDetail Info:<s> Status:s" },
};

static const struct aws_named_shape shapes[] = {
	{ "ArtifactDetail",
	    "Id:s Name:s Description:s Type:s CreatedTime:t Active:b Guidance:s SourceRevision:s" },
	{ "ArtifactOutput", "Key:s Description:s" },
	{ "ArtifactParameter",
	    "ParameterKey:s DefaultValue:s ParameterType:s IsNoEcho:b Description:s "
	    "ParameterConstraints:{AllowedValues:[s] AllowedPattern:s ConstraintDescription:s "
	    "MaxLength:s MinLength:s MaxValue:s MinValue:s}" },
	{ "ArtifactProperties",
	    "Name:s Description:s Info:<s> Type:s DisableTemplateValidation:b" },
	{ "Budget", "BudgetName:s" },
	{ "ConstraintDetail",
	    "ConstraintId:s Type:s Description:s Owner:s ProductId:s PortfolioId:s" },
	{ "ConstraintSummary", "Type:s Description:s" },
	{ "KeyValue", "Key:s Value:s" },
	{ "OrganizationNode", "Type:s Value:s" },
	{ "PortfolioDetail",
	    "Id:s ARN:s DisplayName:s Description:s CreatedTime:t ProviderName:s" },
	{ "ProductViewDetail",
	    "ProductViewSummary:ProductViewSummary Status:s ProductARN:s CreatedTime:t" },
	{ "ProductViewSummary",
	    "Id:s ProductId:s Name:s Owner:s ShortDescription:s Type:s Distributor:s "
	    "HasDefaultPath:b SupportEmail:s SupportDescription:s SupportUrl:s" },
	{ "ProvisioningPreferences",
	    "StackSetAccounts:[s] StackSetRegions:[s] StackSetFailureToleranceCount:i "
	    "StackSetFailureTolerancePercentage:i StackSetMaxConcurrencyCount:i "
	    "StackSetMaxConcurrencyPercentage:i" },
	{ "RecordDetail",
	    "RecordId:s ProvisionedProductName:s Status:s CreatedTime:t UpdatedTime:t "
	    "ProvisionedProductType:s RecordType:s ProvisionedProductId:s ProductId:s "
	    "ProvisioningArtifactId:s PathId:s RecordErrors:[{Code:s Description:s}] "
	    "RecordTags:[KeyValue] LaunchRoleArn:s" },
	{ "RecordOutput", "OutputKey:s OutputValue:s Description:s" },
	{ "Tag", "Key!:s Value!:s" },
	{ "TagOption", "Key:s Value:s Active:b Id:s Owner:s" },
};

const struct aws_service aws_service_servicecatalog = {
	.name = "servicecatalog",
	.endpoint_prefix = "servicecatalog",
	.signing_name = "servicecatalog",
	.target_prefix = "AWS242ServiceCatalogService",
	.version = "2015-12-10",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
