/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_sagemaker.c: the operations of SageMaker that swb calls or answers. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "AddTags", "ResourceArn!:s Tags!:[Tag]", "Tags:[Tag]" },
	{ "CreateNotebookInstance",
	    "NotebookInstanceName!:s InstanceType!:s SubnetId:s SecurityGroupIds:[s] "
	    "IpAddressType:s RoleArn!:s KmsKeyId:s Tags:[Tag] LifecycleConfigName:s "
	    "DirectInternetAccess:s VolumeSizeInGB:i AcceleratorTypes:[s] DefaultCodeRepository:s "
	    "AdditionalCodeRepositories:[s] RootAccess:s PlatformIdentifier:s "
	    "InstanceMetadataServiceConfiguration:InstanceMetadataServiceConfiguration",
	    "NotebookInstanceArn:s" },
	{ "CreateNotebookInstanceLifecycleConfig",
	    "NotebookInstanceLifecycleConfigName!:s OnCreate:[NotebookInstanceLifecycleHook] "
	    "OnStart:[NotebookInstanceLifecycleHook] Tags:[Tag]",
	    "NotebookInstanceLifecycleConfigArn:s" },
	{ "CreatePresignedNotebookInstanceUrl",
	    "NotebookInstanceName!:s SessionExpirationDurationInSeconds:i", "AuthorizedUrl:s" },
	{ "DeleteNotebookInstance", "NotebookInstanceName!:s", "" },
	{ "DeleteNotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName!:s", "" },
	{ "DeleteTags", "ResourceArn!:s TagKeys!:[s]", "" },
	{ "DescribeNotebookInstance", "NotebookInstanceName!:s",
	    "NotebookInstanceArn:s NotebookInstanceName:s NotebookInstanceStatus:s "
	    "FailureReason:s Url:s InstanceType:s IpAddressType:s SubnetId:s SecurityGroups:[s] "
	    "RoleArn:s KmsKeyId:s NetworkInterfaceId:s LastModifiedTime:t CreationTime:t "
	    "NotebookInstanceLifecycleConfigName:s DirectInternetAccess:s VolumeSizeInGB:i "
	    "AcceleratorTypes:[s] DefaultCodeRepository:s AdditionalCodeRepositories:[s] "
	    "RootAccess:s PlatformIdentifier:s "
	    "InstanceMetadataServiceConfiguration:InstanceMetadataServiceConfiguration" },
	{ "DescribeNotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName!:s",
	    "NotebookInstanceLifecycleConfigArn:s NotebookInstanceLifecycleConfigName:s "
	    "OnCreate:[NotebookInstanceLifecycleHook] OnStart:[NotebookInstanceLifecycleHook] "
	    "LastModifiedTime:t CreationTime:t" },
	{ "ListNotebookInstanceLifecycleConfigs",
	    "NextToken:s MaxResults:i SortBy:s SortOrder:s NameContains:s CreationTimeBefore:t "
	    "CreationTimeAfter:t LastModifiedTimeBefore:t LastModifiedTimeAfter:t",
	    "NextToken:s "
	    "NotebookInstanceLifecycleConfigs:[NotebookInstanceLifecycleConfigSummary]" },
	{ "ListNotebookInstances",
	    "NextToken:s MaxResults:i SortBy:s SortOrder:s NameContains:s CreationTimeBefore:t "
	    "CreationTimeAfter:t LastModifiedTimeBefore:t LastModifiedTimeAfter:t StatusEquals:s "
	    "NotebookInstanceLifecycleConfigNameContains:s DefaultCodeRepositoryContains:s "
	    "AdditionalCodeRepositoryEquals:s",
	    "NextToken:s NotebookInstances:[NotebookInstanceSummary]" },
	{ "ListTags", "ResourceArn!:s NextToken:s MaxResults:i", "Tags:[Tag] NextToken:s" },
	{ "StartNotebookInstance", "NotebookInstanceName!:s", "" },
	{ "StopNotebookInstance", "NotebookInstanceName!:s", "" },
	{ "UpdateNotebookInstance",
	    "NotebookInstanceName!:s InstanceType:s IpAddressType:s PlatformIdentifier:s "
	    "RoleArn:s LifecycleConfigName:s DisassociateLifecycleConfig:b VolumeSizeInGB:i "
	    "DefaultCodeRepository:s AdditionalCodeRepositories:[s] AcceleratorTypes:[s] "
	    "DisassociateAcceleratorTypes:b DisassociateDefaultCodeRepository:b "
	    "DisassociateAdditionalCodeRepositories:b RootAccess:s "
	    "InstanceMetadataServiceConfiguration:InstanceMetadataServiceConfiguration",
	    "" },
	{ "UpdateNotebookInstanceLifecycleConfig",
	    "NotebookInstanceLifecycleConfigName!:s OnCreate:[NotebookInstanceLifecycleHook] "
	    "OnStart:[NotebookInstanceLifecycleHook]",
	    "" },
};

static const struct aws_named_shape shapes[] = {
	{ "InstanceMetadataServiceConfiguration", "MinimumInstanceMetadataServiceVersion!:s" },
	{ "NotebookInstanceLifecycleConfigSummary",
	    "NotebookInstanceLifecycleConfigName:s NotebookInstanceLifecycleConfigArn:s "
	    "CreationTime:t LastModifiedTime:t" },
	{ "NotebookInstanceLifecycleHook", "Content:s" },
	{ "NotebookInstanceSummary",
	    "NotebookInstanceName:s NotebookInstanceArn:s NotebookInstanceStatus:s Url:s "
	    "InstanceType:s CreationTime:t LastModifiedTime:t "
	    "NotebookInstanceLifecycleConfigName:s DefaultCodeRepository:s "
	    "AdditionalCodeRepositories:[s]" },
	{ "Tag", "Key!:s Value!:s" },
};

const struct aws_service aws_service_sagemaker = {
	.name = "sagemaker",
	.endpoint_prefix = "api.sagemaker",
	.signing_name = "sagemaker",
	.target_prefix = "SageMaker",
	.version = "2017-07-24",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
