/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/inventory.c: asks each service for what it holds, through the same door as everyone.
 */
#include "app/inventory.h"

#include "app/app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

static const struct listing {
	const char *what;
	const char *service, *operation;
	const char *input; /* JSON */
	const char *list, *id;
	const char *token_in, *token_out; /* paging */
} listings[] = {
	{ "stack", "cloudformation", "ListStacks",
	    "{\"StackStatusFilter\":[\"CREATE_IN_PROGRESS\",\"CREATE_COMPLETE\",\"CREATE_FAILED\","
	    "\"ROLLBACK_IN_PROGRESS\",\"ROLLBACK_COMPLETE\",\"ROLLBACK_FAILED\","
	    "\"DELETE_IN_PROGRESS\",\"DELETE_FAILED\"]}",
	    "StackSummaries", "StackName", "NextToken", "NextToken" },
	{ "role", "iam", "ListRoles", "{}", "Roles", "RoleName", "Marker", "Marker" },
	{ "managed policy", "iam", "ListPolicies", "{\"Scope\":\"Local\"}", "Policies",
	    "PolicyName", "Marker", "Marker" },
	{ "notebook instance", "sagemaker", "ListNotebookInstances", "{}", "NotebookInstances",
	    "NotebookInstanceName", "NextToken", "NextToken" },
	{ "lifecycle configuration", "sagemaker", "ListNotebookInstanceLifecycleConfigs", "{}",
	    "NotebookInstanceLifecycleConfigs", "NotebookInstanceLifecycleConfigName", "NextToken",
	    "NextToken" },
	{ "security group", "ec2", "DescribeSecurityGroups", "{}", "SecurityGroups", "GroupId",
	    "NextToken", "NextToken" },
	{ "subnet", "ec2", "DescribeSubnets", "{}", "Subnets", "SubnetId", "NextToken",
	    "NextToken" },
	{ "network", "ec2", "DescribeVpcs", "{}", "Vpcs", "VpcId", "NextToken", "NextToken" },
	{ "route table", "ec2", "DescribeRouteTables", "{}", "RouteTables", "RouteTableId",
	    "NextToken", "NextToken" },
	{ "internet gateway", "ec2", "DescribeInternetGateways", "{}", "InternetGateways",
	    "InternetGatewayId", "NextToken", "NextToken" },
	{ "instance profile", "iam", "ListInstanceProfiles", "{}", "InstanceProfiles",
	    "InstanceProfileName", "Marker", "Marker" },
	{ "rule", "events", "ListRules", "{}", "Rules", "Name", "NextToken", "NextToken" },
	{ "event bus", "events", "ListEventBuses", "{}", "EventBuses", "Name", "NextToken",
	    "NextToken" },
	{ "bucket", "s3", "ListBuckets", "{}", "Buckets", "Name", "ContinuationToken",
	    "ContinuationToken" },
	{ "alias of a key", "kms", "ListAliases", "{}", "Aliases", "AliasName", "Marker",
	    "NextMarker" },
	{ "stored parameter", "ssm", "DescribeParameters", "{}", "Parameters", "Name", "NextToken",
	    "NextToken" },
	{ "provisioned product", "servicecatalog", "SearchProvisionedProducts",
	    "{\"AccessLevelFilter\":{\"Key\":\"Account\",\"Value\":\"self\"}}",
	    "ProvisionedProducts", "Id", "PageToken", "NextPageToken" },
};

static bool
take(struct app *app, struct arena *a, str account, const struct listing *l, struct json *names,
    struct err *err)
{
	const struct json *base, *out;
	str token = { 0 };

	if (!json_parse(a, str_of(l->input), &base, err))
		return false;
	do {
		struct json *in = json_copy_shallow(a, base);

		if (token.len > 0)
			json_put_str(a, in, l->token_in, token);
		if (!app_cloud_call(app, a, account, l->service, l->operation, in, &out, err))
			return err_prefix(err, "%s %s", l->service, l->operation);
		for (const struct json *e = json_first(json_get(out, l->list)); e != NULL;
		     e = e->next)
			json_push(a, names, json_get(e, l->id));
		token = json_str(json_get(out, l->token_out));
	} while (token.len > 0);
	return true;
}

bool
inventory_take(
    struct app *app, struct arena *a, str account, const struct json **out, struct err *err)
{
	struct json *all = json_new_object(a);

	for (size_t i = 0; i < countof(listings); i++)
		if (!take(app, a, account, &listings[i],
			json_put(a, all, listings[i].what, json_new_array(a)), err))
			return false;
	*out = all;
	return true;
}

str
inventory_more(struct arena *a, const struct json *before, const struct json *after)
{
	struct buf b = buf_in(a);

	for (const struct json *kind = json_first(after); kind != NULL; kind = kind->next)
		for (const struct json *n = json_first(kind); n != NULL; n = n->next)
			if (!json_has_str(json_get_str(before, kind->key), json_str(n)))
				buf_fmt(&b, "%s" STR_FMT " " STR_FMT, b.len > 0 ? ", " : "",
				    STR_ARG(kind->key), STR_ARG(json_str(n)));
	return buf_str(&b);
}
