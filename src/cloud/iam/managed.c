/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/iam/managed.c: policies of AWS's own that templates name.
 *
 * The documents say in our words what each policy is for: every service that AWS's lets touch, at
 * the width that matters for who may call what. They are not AWS's texts, which change there from
 * month to month. A policy that templates name and that is missing here is one more row.
 */
#include "cloud/iam/internal.h"

#define DOC(statements) "{'Version':'2012-10-17','Statement':[" statements "]}"
#define ALLOW(actions) "{'Effect':'Allow','Action':[" actions "],'Resource':'*'}"
#define PASS_TO(service) \
	"{'Effect':'Allow','Action':'iam:PassRole','Resource':'*'," \
	"'Condition':{'StringEquals':{'iam:PassedToService':'" service "'}}}"

#define WRITE_LOGS "'logs:CreateLogGroup','logs:CreateLogStream','logs:PutLogEvents'"
#define AGENT_CHANNELS \
	"'ssmmessages:CreateControlChannel','ssmmessages:CreateDataChannel'," \
	"'ssmmessages:OpenControlChannel','ssmmessages:OpenDataChannel'," \
	"'ec2messages:AcknowledgeMessage','ec2messages:DeleteMessage','ec2messages:FailMessage'," \
	"'ec2messages:GetEndpoint','ec2messages:GetMessages','ec2messages:SendReply'"
#define AGENT \
	"'ssm:DescribeAssociation','ssm:DescribeDocument','ssm:GetDeployablePatchSnapshotForInstance'," \
	"'ssm:GetDocument','ssm:GetManifest','ssm:GetParameter','ssm:GetParameters'," \
	"'ssm:ListAssociations','ssm:ListInstanceAssociations','ssm:PutComplianceItems'," \
	"'ssm:PutConfigurePackageResult','ssm:PutInventory','ssm:UpdateAssociationStatus'," \
	"'ssm:UpdateInstanceAssociationStatus','ssm:UpdateInstanceInformation'," AGENT_CHANNELS
#define STACK_WORK \
	"'cloudformation:CreateStack','cloudformation:DeleteStack','cloudformation:DescribeStacks'," \
	"'cloudformation:DescribeStackEvents','cloudformation:SetStackPolicy'," \
	"'cloudformation:UpdateStack','cloudformation:ValidateTemplate'," \
	"'cloudformation:CreateChangeSet','cloudformation:DescribeChangeSet'," \
	"'cloudformation:ExecuteChangeSet','cloudformation:ListChangeSets'," \
	"'cloudformation:DeleteChangeSet','cloudformation:ListStackResources'," \
	"'cloudformation:TagResource','cloudformation:GetTemplateSummary'"

static const struct aws_managed_policy policies[] = {
	{ "/", "AWSCloudFormationReadOnlyAccess",
	    DOC(ALLOW("'cloudformation:Describe*','cloudformation:EstimateTemplateCost',"
		      "'cloudformation:Get*','cloudformation:List*',"
		      "'cloudformation:ValidateTemplate','cloudformation:Detect*'")) },
	{ "/", "AWSLambdaExecute",
	    DOC(ALLOW("'logs:*'") "," ALLOW("'s3:GetObject','s3:PutObject'")) },
	{ "/", "AWSServiceCatalogAdminFullAccess",
	    DOC(ALLOW(STACK_WORK) "," ALLOW(
		"'iam:GetGroup','iam:GetRole','iam:GetUser','iam:ListGroups','iam:ListRoles',"
		"'iam:ListUsers','s3:CreateBucket','s3:GetObject','s3:PutObject',"
		"'servicecatalog:*','ssm:DescribeDocument','ssm:GetAutomationExecution',"
		"'ssm:ListDocuments','ssm:ListDocumentVersions','config:DescribeConfigurationRecorders',"
		"'config:DescribeConfigurationRecorderStatus'") "," PASS_TO("servicecatalog.amazonaws.com")) },
	{ "/", "AWSServiceCatalogEndUserFullAccess",
	    DOC(ALLOW(STACK_WORK) "," ALLOW(
		"'servicecatalog:DescribeProduct','servicecatalog:DescribeProductView',"
		"'servicecatalog:DescribeProvisioningParameters','servicecatalog:ListLaunchPaths',"
		"'servicecatalog:ProvisionProduct','servicecatalog:SearchProducts',"
		"'ssm:DescribeDocument','ssm:GetAutomationExecution','config:DescribeConfigurationRecorders',"
		"'config:DescribeConfigurationRecorderStatus'") ","
								"{'Effect':'Allow','Action':['servicecatalog:DescribeProvisionedProduct',"
								"'servicecatalog:DescribeRecord','servicecatalog:ListRecordHistory',"
								"'servicecatalog:ListStackInstancesForProvisionedProduct',"
								"'servicecatalog:ScanProvisionedProducts','servicecatalog:TerminateProvisionedProduct',"
								"'servicecatalog:UpdateProvisionedProduct','servicecatalog:SearchProvisionedProducts',"
								"'servicecatalog:CreateProvisionedProductPlan','servicecatalog:DescribeProvisionedProductPlan',"
								"'servicecatalog:ExecuteProvisionedProductPlan','servicecatalog:DeleteProvisionedProductPlan',"
								"'servicecatalog:ListProvisionedProductPlans',"
								"'servicecatalog:ListServiceActionsForProvisioningArtifact',"
								"'servicecatalog:ExecuteProvisionedProductServiceAction',"
								"'servicecatalog:DescribeServiceActionExecutionParameters'],'Resource':'*',"
								"'Condition':{'StringEquals':{'servicecatalog:userLevel':'self'}}}") },
	{ "/", "AdministratorAccess", DOC(ALLOW("'*'")) },
	{ "/", "AmazonEC2FullAccess",
	    DOC(ALLOW("'ec2:*','elasticloadbalancing:*','cloudwatch:*','autoscaling:*'")) },
	{ "/", "AmazonEC2ReadOnlyAccess",
	    DOC(ALLOW(
		"'ec2:Describe*','ec2:GetSecurityGroupsForVpc','elasticloadbalancing:Describe*',"
		"'cloudwatch:ListMetrics','cloudwatch:GetMetricStatistics','cloudwatch:Describe*',"
		"'autoscaling:Describe*'")) },
	{ "/", "AmazonS3FullAccess", DOC(ALLOW("'s3:*','s3-object-lambda:*'")) },
	{ "/", "AmazonS3ReadOnlyAccess",
	    DOC(ALLOW("'s3:Get*','s3:List*','s3:Describe*','s3-object-lambda:Get*',"
		      "'s3-object-lambda:List*'")) },
	{ "/", "AmazonSSMFullAccess",
	    DOC(ALLOW(
		"'cloudwatch:PutMetricData','ds:CreateComputer','ds:DescribeDirectories',"
		"'ec2:DescribeInstanceStatus','logs:*','ssm:*','ec2messages:*'") "," PASS_TO("ssm.amazonaws.com")) },
	{ "/", "AmazonSSMManagedInstanceCore", DOC(ALLOW(AGENT)) },
	{ "/", "AmazonSSMReadOnlyAccess", DOC(ALLOW("'ssm:Describe*','ssm:Get*','ssm:List*'")) },
	{ "/", "AmazonSageMakerFullAccess",
	    DOC(ALLOW(
		"'sagemaker:*','ec2:CreateNetworkInterface','ec2:CreateNetworkInterfacePermission',"
		"'ec2:DeleteNetworkInterface','ec2:DeleteNetworkInterfacePermission',"
		"'ec2:Describe*','kms:DescribeKey','kms:ListAliases','s3:GetObject',"
		"'s3:PutObject','s3:DeleteObject','s3:ListBucket','s3:CreateBucket',"
		"'s3:GetBucketLocation','s3:ListAllMyBuckets','iam:GetRole','iam:ListRoles',"
		"'ecr:*','cloudwatch:PutMetricData'," WRITE_LOGS) "," PASS_TO("sagemaker.amazonaws.com")) },
	{ "/", "CloudWatchAgentServerPolicy",
	    DOC(ALLOW(
		"'cloudwatch:PutMetricData','ec2:DescribeTags','ec2:DescribeVolumes',"
		"'logs:DescribeLogGroups','logs:DescribeLogStreams','ssm:GetParameter'," WRITE_LOGS)) },
	{ "/", "IAMFullAccess", DOC(ALLOW("'iam:*','organizations:DescribeAccount'")) },
	{ "/", "IAMReadOnlyAccess",
	    DOC(ALLOW(
		"'iam:GenerateCredentialReport','iam:GenerateServiceLastAccessedDetails',"
		"'iam:Get*','iam:List*','iam:SimulateCustomPolicy','iam:SimulatePrincipalPolicy'")) },
	{ "/", "PowerUserAccess",
	    DOC("{'Effect':'Allow','NotAction':['iam:*','organizations:*','account:*'],'Resource':'*'}," ALLOW(
		"'iam:CreateServiceLinkedRole','iam:DeleteServiceLinkedRole','iam:ListRoles',"
		"'organizations:DescribeOrganization','account:ListRegions'")) },
	{ "/", "ReadOnlyAccess",
	    DOC(ALLOW("'*:Describe*','*:Get*','*:List*','*:BatchGet*','*:Search*','*:View*'")) },
	{ "/job-function/", "ViewOnlyAccess", DOC(ALLOW("'*:Describe*','*:List*'")) },
	{ "/service-role/", "AWSLambdaBasicExecutionRole", DOC(ALLOW(WRITE_LOGS)) },
	{ "/service-role/", "AWSLambdaVPCAccessExecutionRole",
	    DOC(ALLOW(WRITE_LOGS
		",'ec2:CreateNetworkInterface','ec2:DescribeNetworkInterfaces','ec2:DescribeSubnets',"
		"'ec2:DeleteNetworkInterface','ec2:AssignPrivateIpAddresses',"
		"'ec2:UnassignPrivateIpAddresses'")) },
	{ "/service-role/", "AmazonAPIGatewayPushToCloudWatchLogs",
	    DOC(ALLOW(WRITE_LOGS ",'logs:DescribeLogGroups','logs:DescribeLogStreams',"
				 "'logs:GetLogEvents','logs:FilterLogEvents'")) },
	{ "/service-role/", "AmazonEC2RoleforSSM",
	    DOC(ALLOW(AGENT
		",'cloudwatch:PutMetricData','ec2:DescribeInstanceStatus',"
		"'ds:CreateComputer','ds:DescribeDirectories','logs:DescribeLogGroups',"
		"'logs:DescribeLogStreams','s3:GetBucketLocation','s3:PutObject',"
		"'s3:GetObject','s3:GetEncryptionConfiguration','s3:ListBucket'," WRITE_LOGS)) },
	{ "/service-role/", "AmazonElasticMapReduceRole",
	    DOC(ALLOW(
		"'ec2:*','iam:GetRole','iam:GetRolePolicy','iam:ListInstanceProfiles',"
		"'iam:ListRolePolicies','iam:PassRole','s3:CreateBucket','s3:Get*','s3:List*',"
		"'sdb:*','sqs:*','cloudwatch:*','application-autoscaling:*'")) },
	{ "/service-role/", "AmazonElasticMapReduceforEC2Role",
	    DOC(ALLOW(
		"'cloudwatch:*','dynamodb:*','ec2:Describe*','elasticmapreduce:Describe*',"
		"'elasticmapreduce:ListBootstrapActions','elasticmapreduce:ListClusters',"
		"'elasticmapreduce:ListInstanceGroups','elasticmapreduce:ListInstances',"
		"'elasticmapreduce:ListSteps','kinesis:*','rds:Describe*','s3:*','sdb:*','sns:*',"
		"'sqs:*','glue:*'")) },
};

str
iam_aws_managed_arn(struct call *c, const struct aws_managed_policy *p)
{
	return str_fmt(c->a, "arn:aws:iam::aws:policy%s%s", p->path, p->name);
}

const struct aws_managed_policy *
iam_aws_managed_find(str arn)
{
	str rest = arn;

	if (!str_starts(arn, S("arn:aws:iam::aws:policy/")))
		return NULL;
	rest = str_from(arn, sizeof("arn:aws:iam::aws:policy") - 1);
	for (size_t i = 0; i < countof(policies); i++) {
		str path = str_of(policies[i].path);

		if (str_starts(rest, path) && str_is(str_from(rest, path.len), policies[i].name))
			return &policies[i];
	}
	return NULL;
}

const struct aws_managed_policy *
iam_aws_managed_at(size_t index)
{
	return index < countof(policies) ? &policies[index] : NULL;
}
