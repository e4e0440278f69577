/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types.c: the tables of all services, searched. */
#include "cloud/cfn/types.h"

static const struct cfn_type *const tables[] = {
	cfn_types_ec2,
	cfn_types_events,
	cfn_types_iam,
	cfn_types_kms,
	cfn_types_s3,
	cfn_types_sagemaker,
	cfn_types_ssm,
};

const struct cfn_type *
cfn_type_find(str name)
{
	for (size_t i = 0; i < countof(tables); i++)
		for (const struct cfn_type *t = tables[i]; t->name != NULL; t++)
			if (str_is(name, t->name))
				return t;
	return NULL;
}

const struct cfn_type *
cfn_type_at(size_t index)
{
	for (size_t i = 0; i < countof(tables); i++)
		for (const struct cfn_type *t = tables[i]; t->name != NULL; t++)
			if (index-- == 0)
				return t;
	return NULL;
}
