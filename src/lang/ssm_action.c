/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_action.c: the actions that steps of automation documents may have.
 *
 * A row says which inputs an action takes and which outputs it has by itself. Those of kind
 * SSM_OTHER are known so that documents that use them can be read; running them is no part of
 * the local cloud.
 */
#include "lang/ssm_document.h"
#include "lang/ssm_internal.h"

#define API "Service! Api! "
#define PROPERTY API "PropertySelector! DesiredValues! …"
#define HOUR 3600
#define WEEK 604800

static const struct ssm_action actions[] = {
	{ "aws:approve", SSM_OTHER, "NotificationArn Message MinRequiredApprovals Approvers!",
	    "ApprovalStatus ApproverDecisions", WEEK, false, false },
	{ "aws:assertAwsResourceProperty", SSM_ASSERT, PROPERTY, "", HOUR, false, true },
	{ "aws:branch", SSM_BRANCH, "Choices! Default", "", HOUR, false, true },
	{ "aws:changeInstanceState", SSM_OTHER,
	    "InstanceIds! DesiredState! CheckStateOnly Force AdditionalInfo", "InstanceStates",
	    HOUR, false, true },
	{ "aws:copyImage", SSM_OTHER,
	    "SourceImageId! SourceRegion! ImageName! ImageDescription Encrypted KmsKeyId ClientToken",
	    "ImageId ImageState", HOUR, false, false },
	{ "aws:createImage", SSM_OTHER,
	    "InstanceId! ImageName! ImageDescription NoReboot BlockDeviceMappings",
	    "ImageId ImageState BlockDeviceMappings", HOUR, false, false },
	{ "aws:createStack", SSM_OTHER,
	    "StackName! TemplateBody TemplateURL Parameters Capabilities ClientRequestToken "
	    "DisableRollback EnableTerminationProtection NotificationARNs OnFailure OnStackFailure "
	    "ResourceTypes RoleARN StackPolicyBody StackPolicyURL Tags TimeoutInMinutes",
	    "StackId StackStatus StackStatusReason", HOUR, false, false },
	{ "aws:createTags", SSM_OTHER, "ResourceIds! Tags! ResourceType", "", HOUR, false, false },
	{ "aws:deleteImage", SSM_OTHER, "ImageId!", "", HOUR, false, true },
	{ "aws:deleteStack", SSM_OTHER, "StackName! ClientRequestToken RetainResources RoleARN", "",
	    HOUR, false, true },
	{ "aws:executeAutomation", SSM_OTHER,
	    "DocumentName! DocumentVersion RuntimeParameters MaxConcurrency MaxErrors Tags "
	    "TargetLocations TargetMaps TargetParameterName Targets",
	    "Output ExecutionId Status", HOUR, false, true },
	{ "aws:executeAwsApi", SSM_CALL, API "…", "OutputPayload Output Response", HOUR, true,
	    true },
	{ "aws:executeScript", SSM_OTHER, "Runtime! Handler InputPayload Script Attachment",
	    "Payload OutputPayload Output", 600, true, true },
	{ "aws:executeStateMachine", SSM_OTHER, "stateMachineArn! input name",
	    "executionArn input name output startDate stateMachineArn status stopDate", HOUR, false,
	    true },
	{ "aws:invokeLambdaFunction", SSM_OTHER,
	    "FunctionName! Qualifier InvocationType LogType ClientContext InputPayload Payload",
	    "StatusCode FunctionError LogResult Payload ExecutedVersion", 300, false, true },
	{ "aws:invokeWebhook", SSM_OTHER, "IntegrationName! Body", "Response ResponseCode", HOUR,
	    false, true },
	{ "aws:loop", SSM_OTHER, "Iterators IteratorDataType LoopCondition MaxIterations Steps!",
	    "", HOUR, false, false },
	{ "aws:pause", SSM_OTHER, "", "", WEEK, false, false },
	{ "aws:runCommand", SSM_OTHER,
	    "DocumentName! DocumentVersion DocumentHash DocumentHashType InstanceIds Targets "
	    "Parameters CloudWatchOutputConfig Comment MaxConcurrency MaxErrors NotificationConfig "
	    "OutputS3BucketName OutputS3KeyPrefix OutputS3Region ServiceRoleArn TimeoutSeconds",
	    "CommandId Status ResponseCode Output", HOUR, false, true },
	{ "aws:runInstances", SSM_OTHER,
	    "ImageId! InstanceType MinInstanceCount MaxInstanceCount AdditionalInfo "
	    "BlockDeviceMappings ClientToken DisableApiTermination EbsOptimized "
	    "IamInstanceProfileArn IamInstanceProfileName InstanceInitiatedShutdownBehavior KernelId "
	    "KeyName Monitoring NetworkInterfaces Placement PlacementGroup PrivateIpAddress "
	    "RamdiskId SecurityGroupIds SecurityGroups SubnetId TagSpecifications UserData",
	    "InstanceIds InstanceStates", HOUR, false, false },
	{ "aws:sleep", SSM_SLEEP, "Duration Timestamp", "", WEEK, false, false },
	{ "aws:updateVariable", SSM_OTHER, "Name! Value!", "", HOUR, false, true },
	{ "aws:waitForAwsResourceProperty", SSM_WAIT, PROPERTY, "", HOUR, false, true },
};

const struct ssm_action *
ssm_action_find(str name)
{
	for (size_t i = 0; i < countof(actions); i++) {
		if (str_is(name, actions[i].name))
			return &actions[i];
	}
	return NULL;
}

bool
ssm_action_has_output(const struct ssm_action *action, str name)
{
	for (str rest = str_of(action->outputs), word; str_cut(&rest, ' ', &word);) {
		if (str_eq(word, name))
			return name.len > 0;
	}
	return false;
}

bool
ssm_action_input(const struct ssm_action *action, str name, bool *required)
{
	for (str rest = str_of(action->inputs), word; str_cut(&rest, ' ', &word);) {
		*required = str_ends(word, S("!"));
		if (*required)
			word.len--;
		if (str_eq(word, S("…")) || (word.len > 0 && str_eq(word, name)))
			return true;
	}
	return false;
}
