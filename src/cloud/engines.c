/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/engines.c: the only place that names all engines. To add one is to add a line.
 */
#include "cloud/catalog/catalog.h"
#include "cloud/cfn/cfn.h"
#include "cloud/ec2/ec2.h"
#include "cloud/events/events.h"
#include "cloud/iam/iam.h"
#include "cloud/internal.h"
#include "cloud/kms/kms.h"
#include "cloud/s3/s3.h"
#include "cloud/sagemaker/sagemaker.h"
#include "cloud/ssm/ssm.h"
#include "cloud/sts/sts.h"

const struct engine *const cloud_engines[] = {
	&catalog_engine,
	&cfn_engine,
	&ec2_engine,
	&events_engine,
	&iam_engine,
	&kms_engine,
	&s3_engine,
	&sagemaker_engine,
	&ssm_engine,
	&sts_engine,
	NULL,
};

const struct engine *
engine_find(struct cloud *cloud, str service)
{
	for (const struct engine *const *e = cloud->engines; *e != NULL; e++)
		if (str_is(service, (*e)->service))
			return *e;
	return NULL;
}

const struct action *
engine_action(const struct engine *engine, str name)
{
	for (size_t i = 0; i < engine->action_count; i++)
		if (str_is(name, engine->actions[i].name))
			return &engine->actions[i];
	return NULL;
}

const struct task *
engine_task(const struct engine *engine, str name)
{
	for (size_t i = 0; i < engine->task_count; i++)
		if (str_is(name, engine->tasks[i].name))
			return &engine->tasks[i];
	return NULL;
}
