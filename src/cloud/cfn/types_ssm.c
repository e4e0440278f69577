/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_ssm.c: entries of the parameter store. */
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

const struct cfn_type cfn_types_ssm[] = {
	{
	    .name = "AWS::SSM::Parameter",
	    .properties = "AllowedPattern:s DataType:s Description:s Name:s Tags:<s> Tier:s "
			  "Type!:s Value!:s",
	    .service = "ssm",
	    .create = "PutParameter",
	    .input = "AllowedPattern DataType Description Name Tier Type Value",
	    .naming = { .member = "Name" },
	    .tagging = CFN_TAGS,
	    .id = "${Name}",
	    .attributes = "Type=${Type} Value=${Value}",
	    .remove = "DeleteParameter",
	    .remove_input = "Name=$id",
	    .gone = "ParameterNotFound",
	},
	{ 0 },
};
