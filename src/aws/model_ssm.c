/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_ssm.c: the operations of Systems Manager that swb calls or answers. */
#include "aws/model_services.h"

static const struct aws_operation_row operations[] = {
	{ "CreateDocument",
	    "Content!:s Requires:[DocumentRequires] Attachments:[AttachmentsSource] Name!:s "
	    "DisplayName:s VersionName:s DocumentType:s DocumentFormat:s TargetType:s Tags:[Tag]",
	    "DocumentDescription:DocumentDescription" },
	{ "DeleteDocument", "Name!:s DocumentVersion:s VersionName:s Force:b", "" },
	{ "DeleteParameter", "Name!:s", "" },
	{ "DeleteParameters", "Names!:[s]", "DeletedParameters:[s] InvalidParameters:[s]" },
	{ "DescribeAutomationExecutions", "Filters:[{Key!:s Values!:[s]}] MaxResults:i NextToken:s",
	    "AutomationExecutionMetadataList:[AutomationExecutionMetadata] NextToken:s" },
	{ "DescribeAutomationStepExecutions",
	    "AutomationExecutionId!:s Filters:[{Key!:s Values!:[s]}] NextToken:s MaxResults:i "
	    "ReverseOrder:b",
	    "StepExecutions:[StepExecution] NextToken:s" },
	{ "DescribeDocument", "Name!:s DocumentVersion:s VersionName:s",
	    "Document:DocumentDescription" },
	{ "DescribeDocumentPermission", "Name!:s PermissionType!:s MaxResults:i NextToken:s",
	    "AccountIds:[s] AccountSharingInfoList:[{AccountId:s SharedDocumentVersion:s}] "
	    "NextToken:s" },
	{ "DescribeParameters",
	    "Filters:[{Key!:s Values!:[s]}] ParameterFilters:[ParameterStringFilter] MaxResults:i "
	    "NextToken:s Shared:b",
	    "Parameters:[ParameterMetadata] NextToken:s" },
	{ "GetAutomationExecution", "AutomationExecutionId!:s",
	    "AutomationExecution:AutomationExecution" },
	{ "GetDocument", "Name!:s VersionName:s DocumentVersion:s DocumentFormat:s",
	    "Name:s CreatedDate:t DisplayName:s VersionName:s DocumentVersion:s Status:s "
	    "StatusInformation:s Content:s DocumentType:s DocumentFormat:s "
	    "Requires:[DocumentRequires] AttachmentsContent:[AttachmentContent] ReviewStatus:s" },
	{ "GetParameter", "Name!:s WithDecryption:b", "Parameter:Parameter" },
	{ "GetParameters", "Names!:[s] WithDecryption:b",
	    "Parameters:[Parameter] InvalidParameters:[s]" },
	{ "GetParametersByPath",
	    "Path!:s Recursive:b ParameterFilters:[ParameterStringFilter] WithDecryption:b "
	    "MaxResults:i NextToken:s",
	    "Parameters:[Parameter] NextToken:s" },
	{ "ListDocuments",
	    "DocumentFilterList:[{key!:s value!:s}] Filters:[{Key:s Values:[s]}] MaxResults:i "
	    "NextToken:s",
	    "DocumentIdentifiers:[DocumentIdentifier] NextToken:s" },
	{ "ModifyDocumentPermission",
	    "Name!:s PermissionType!:s AccountIdsToAdd:[s] AccountIdsToRemove:[s] "
	    "SharedDocumentVersion:s",
	    "" },
	{ "PutParameter",
	    "Name!:s Description:s Value!:s Type:s KeyId:s Overwrite:b AllowedPattern:s Tags:[Tag] "
	    "Tier:s Policies:s DataType:s",
	    "Version:i Tier:s" },
	{ "StartAutomationExecution",
	    "DocumentName!:s DocumentVersion:s Parameters:<[s]> ClientToken:s Mode:s "
	    "TargetParameterName:s Targets:[Target] TargetMaps:[<[s]>] MaxConcurrency:s MaxErrors:s "
	    "TargetLocations:[TargetLocation] Tags:[Tag] AlarmConfiguration:AlarmConfiguration "
	    "TargetLocationsURL:s",
	    "AutomationExecutionId:s" },
	{ "StopAutomationExecution", "AutomationExecutionId!:s Type:s", "" },
	{ "UpdateDocument",
	    "Content!:s Attachments:[AttachmentsSource] Name!:s DisplayName:s VersionName:s "
	    "DocumentVersion:s DocumentFormat:s TargetType:s",
	    "DocumentDescription:DocumentDescription" },
	{ "UpdateDocumentDefaultVersion", "Name!:s DocumentVersion!:s",
	    "Description:{Name:s DefaultVersion:s DefaultVersionName:s}" },
};

static const struct aws_named_shape shapes[] = {
	{ "AlarmConfiguration", "IgnorePollAlarmFailure:b Alarms!:[{Name!:s}]" },
	{ "AlarmStateInformation", "Name!:s State!:s" },
	{ "AttachmentContent", "Name:s Size:i Hash:s HashType:s Url:s" },
	{ "AttachmentsSource", "Key:s Values:[s] Name:s" },
	{ "AutomationExecution",
	    "AutomationExecutionId:s DocumentName:s DocumentVersion:s ExecutionStartTime:t "
	    "ExecutionEndTime:t AutomationExecutionStatus:s StepExecutions:[StepExecution] "
	    "StepExecutionsTruncated:b Parameters:<[s]> Outputs:<[s]> FailureMessage:s Mode:s "
	    "ParentAutomationExecutionId:s ExecutedBy:s CurrentStepName:s CurrentAction:s "
	    "TargetParameterName:s Targets:[Target] TargetMaps:[<[s]>] "
	    "ResolvedTargets:ResolvedTargets MaxConcurrency:s MaxErrors:s Target:s "
	    "TargetLocations:[TargetLocation] ProgressCounters:ProgressCounters "
	    "AlarmConfiguration:AlarmConfiguration TriggeredAlarms:[AlarmStateInformation] "
	    "TargetLocationsURL:s AutomationSubtype:s ScheduledTime:t Runbooks:[Runbook] OpsItemId:s "
	    "AssociationId:s ChangeRequestName:s Variables:<[s]>" },
	{ "AutomationExecutionMetadata",
	    "AutomationExecutionId:s DocumentName:s DocumentVersion:s AutomationExecutionStatus:s "
	    "ExecutionStartTime:t ExecutionEndTime:t ExecutedBy:s LogFile:s Outputs:<[s]> Mode:s "
	    "ParentAutomationExecutionId:s CurrentStepName:s CurrentAction:s FailureMessage:s "
	    "TargetParameterName:s Targets:[Target] TargetMaps:[<[s]>] "
	    "ResolvedTargets:ResolvedTargets MaxConcurrency:s MaxErrors:s Target:s AutomationType:s "
	    "AlarmConfiguration:AlarmConfiguration TriggeredAlarms:[AlarmStateInformation] "
	    "TargetLocationsURL:s AutomationSubtype:s ScheduledTime:t Runbooks:[Runbook] OpsItemId:s "
	    "AssociationId:s ChangeRequestName:s" },
	{ "DocumentDescription",
	    "Sha1:s Hash:s HashType:s Name:s DisplayName:s VersionName:s Owner:s CreatedDate:t "
	    "Status:s StatusInformation:s DocumentVersion:s Description:s Parameters:[{Name:s Type:s "
	    "Description:s DefaultValue:s}] PlatformTypes:[s] DocumentType:s SchemaVersion:s "
	    "LatestVersion:s DefaultVersion:s DocumentFormat:s TargetType:s Tags:[Tag] "
	    "AttachmentsInformation:[{Name:s}] Requires:[DocumentRequires] Author:s "
	    "ReviewInformation:[{ReviewedTime:t Status:s Reviewer:s}] ApprovedVersion:s "
	    "PendingReviewVersion:s ReviewStatus:s Category:[s] CategoryEnum:[s]" },
	{ "DocumentIdentifier",
	    "Name:s CreatedDate:t DisplayName:s Owner:s VersionName:s PlatformTypes:[s] "
	    "DocumentVersion:s DocumentType:s SchemaVersion:s DocumentFormat:s TargetType:s "
	    "Tags:[Tag] Requires:[DocumentRequires] ReviewStatus:s Author:s" },
	{ "DocumentRequires", "Name!:s Version:s RequireType:s VersionName:s" },
	{ "Parameter",
	    "Name:s Type:s Value:s Version:i Selector:s SourceResult:s LastModifiedDate:t ARN:s "
	    "DataType:s" },
	{ "ParameterMetadata",
	    "Name:s ARN:s Type:s KeyId:s LastModifiedDate:t LastModifiedUser:s Description:s "
	    "AllowedPattern:s Version:i Tier:s Policies:[{PolicyText:s PolicyType:s PolicyStatus:s}] "
	    "DataType:s" },
	{ "ParameterStringFilter", "Key!:s Option:s Values:[s]" },
	{ "ParentStepDetails",
	    "StepExecutionId:s StepName:s Action:s Iteration:i IteratorValue:s" },
	{ "ProgressCounters",
	    "TotalSteps:i SuccessSteps:i FailedSteps:i CancelledSteps:i TimedOutSteps:i" },
	{ "ResolvedTargets", "ParameterValues:[s] Truncated:b" },
	{ "Runbook",
	    "DocumentName!:s DocumentVersion:s Parameters:<[s]> TargetParameterName:s "
	    "Targets:[Target] TargetMaps:[<[s]>] MaxConcurrency:s MaxErrors:s "
	    "TargetLocations:[TargetLocation]" },
	{ "StepExecution",
	    "StepName:s Action:s TimeoutSeconds:i OnFailure:s MaxAttempts:i ExecutionStartTime:t "
	    "ExecutionEndTime:t StepStatus:s ResponseCode:s Inputs:<s> Outputs:<[s]> Response:s "
	    "FailureMessage:s FailureDetails:{FailureStage:s FailureType:s Details:<[s]>} "
	    "StepExecutionId:s OverriddenParameters:<[s]> IsEnd:b NextStep:s IsCritical:b "
	    "ValidNextSteps:[s] Targets:[Target] TargetLocation:TargetLocation "
	    "TriggeredAlarms:[AlarmStateInformation] ParentStepDetails:ParentStepDetails" },
	{ "Tag", "Key!:s Value!:s" },
	{ "Target", "Key:s Values:[s]" },
	{ "TargetLocation",
	    "Accounts:[s] Regions:[s] TargetLocationMaxConcurrency:s TargetLocationMaxErrors:s "
	    "ExecutionRoleName:s TargetLocationAlarmConfiguration:AlarmConfiguration "
	    "IncludeChildOrganizationUnits:b ExcludeAccounts:[s] Targets:[Target] "
	    "TargetsMaxConcurrency:s TargetsMaxErrors:s" },
};

const struct aws_service aws_service_ssm = {
	.name = "ssm",
	.endpoint_prefix = "ssm",
	.signing_name = "ssm",
	.target_prefix = "AmazonSSM",
	.version = "2014-11-06",
	.protocol = AWS_JSON_1_1,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
