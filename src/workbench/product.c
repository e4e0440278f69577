/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/product.c: reads Service Catalog's and CloudFormation's word on a product.
 */
#include "workbench/product.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/paging.h"

static const struct {
	const char *word;
	enum product_status status;
} words[] = {
	{ "AVAILABLE", PRODUCT_AVAILABLE },
	{ "UNDER_CHANGE", PRODUCT_CHANGING },
	{ "PLAN_IN_PROGRESS", PRODUCT_PLANNED },
	{ "ERROR", PRODUCT_BROKEN },
	{ "TAINTED", PRODUCT_BROKEN },
};

/* A word that is not known yet is taken for a change that goes on. */
static enum product_status
status_of(str word)
{
	for (size_t i = 0; i < countof(words); i++)
		if (str_is(word, words[i].word))
			return words[i].status;
	return PRODUCT_CHANGING;
}

bool
product_ask(struct workbench *wb, struct arena *a, const struct aws_credentials *as, str id,
    str name, struct product *out, struct err *err)
{
	struct json *in = json_new_object(a);
	const struct json *answer, *p;

	*out = (struct product){ .status = PRODUCT_ABSENT };
	if (id.len == 0 && name.len == 0)
		return true;
	json_put_str(a, in, id.len > 0 ? "Id" : "Name", id.len > 0 ? id : name);
	if (!aws_call(wb->o.aws, a, as, "servicecatalog", "DescribeProvisionedProduct", in, &answer,
		err)) {
		if (!err_is(err, "ResourceNotFoundException"))
			return false;
		err_clear(err);
		return true;
	}
	p = json_get(answer, "ProvisionedProductDetail");
	out->word = json_str(json_get(p, "Status"));
	out->status = status_of(out->word);
	out->id = json_str(json_get(p, "Id"));
	out->message = json_str(json_get(p, "StatusMessage"));
	out->last_record_id = json_str(json_get(p, "LastRecordId"));
	out->provisioning_record_id = json_str(json_get(p, "LastProvisioningRecordId"));
	return true;
}

/* --- records ------------------------------------------------------------------------------- */

static str
errors_of(struct arena *a, const struct json *list)
{
	struct buf b = buf_in(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		buf_fmt(&b, "%s" STR_FMT ": " STR_FMT, b.len == 0 ? "" : "\n",
		    STR_ARG(json_str(json_get(e, "Code"))),
		    STR_ARG(json_str(json_get(e, "Description"))));
	return buf_str(&b);
}

bool
product_record(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    str record_id, struct record *out, struct err *err)
{
	static const struct paging outputs = { "servicecatalog", "DescribeRecord", "RecordOutputs",
		"PageToken", "NextPageToken" };
	struct json *in = json_new_object(a);
	const struct json *answer, *r;

	*out = (struct record){ .found = false };
	if (record_id.len == 0)
		return true;
	json_put_str(a, in, "Id", record_id);
	if (!aws_call(wb->o.aws, a, as, "servicecatalog", "DescribeRecord", in, &answer, err)) {
		if (!err_is(err, "ResourceNotFoundException"))
			return false;
		err_clear(err);
		return true;
	}
	r = json_get(answer, "RecordDetail");
	out->found = true;
	out->word = json_str(json_get(r, "Status"));
	out->succeeded = str_is(out->word, "SUCCEEDED");
	out->failed = str_is(out->word, "FAILED");
	out->terminates = str_has(json_str(json_get(r, "RecordType")), S("TERMINATE"));
	out->product_id = json_str(json_get(r, "ProvisionedProductId"));
	out->errors = errors_of(a, json_get(r, "RecordErrors"));
	out->outputs = json_get(answer, "RecordOutputs");
	if (json_str(json_get(answer, "NextPageToken")).len == 0)
		return true;
	return paging_all(wb, a, as, &outputs, in, &out->outputs, err);
}

/* --- causes -------------------------------------------------------------------------------- */

#define STACK_TYPE "AWS::CloudFormation::Stack"
#define MAX_PAGES 20

static bool
is_cause(const struct json *event, bool deleting)
{
	str status = json_str(json_get(event, "ResourceStatus"));
	str reason = json_str(json_get(event, "ResourceStatusReason"));

	return str_is(status, deleting ? "DELETE_FAILED" : "CREATE_FAILED") &&
	    !str_is(json_str(json_get(event, "ResourceType")), STACK_TYPE) &&
	    !str_has(reason, S("cancelled"));
}

/* Events come newest first: here the stack itself began what failed. */
static bool
is_begin(const struct json *event, bool deleting)
{
	return str_is(json_str(json_get(event, "ResourceType")), STACK_TYPE) &&
	    str_is(json_str(json_get(event, "ResourceStatus")),
		deleting ? "DELETE_IN_PROGRESS" : "CREATE_IN_PROGRESS");
}

static struct json *
cause_of(struct arena *a, const struct json *event)
{
	static const char *const names[][2] = { { "resource", "LogicalResourceId" },
		{ "resourceType", "ResourceType" }, { "reason", "ResourceStatusReason" } };
	struct json *cause = json_new_object(a);

	for (size_t i = 0; i < countof(names); i++)
		json_put_str(a, cause, names[i][0], json_str(json_get(event, names[i][1])));
	return cause;
}

/* True: the beginning was reached, nothing older matters. */
static bool
scan(struct arena *a, const struct json *events, bool deleting, const struct json **oldest)
{
	for (const struct json *e = json_first(events); e != NULL; e = e->next) {
		if (is_begin(e, deleting))
			return true;
		if (is_cause(e, deleting))
			*oldest = cause_of(a, e);
	}
	return false;
}

const struct json *
product_cause(struct workbench *wb, struct arena *a, const struct aws_credentials *as, str account,
    str product_id, bool deleting)
{
	str stack = str_fmt(a, "SC-" STR_FMT "-" STR_FMT, STR_ARG(account), STR_ARG(product_id));
	const struct json *cause = NULL;
	str token = { 0 };

	for (int page = 0; page < MAX_PAGES && product_id.len > 0; page++) {
		struct json *in = json_new_object(a);
		const struct json *answer;
		struct err err;

		err_init(&err, a);
		json_put_str(a, in, "StackName", stack);
		if (token.len > 0)
			json_put_str(a, in, "NextToken", token);
		if (!aws_call(wb->o.aws, a, as, "cloudformation", "DescribeStackEvents", in,
			&answer, &err))
			break; /* the failure is told without it */
		token = json_str(json_get(answer, "NextToken"));
		if (scan(a, json_get(answer, "StackEvents"), deleting, &cause) || token.len == 0)
			break;
	}
	return cause;
}

str
product_failure(struct arena *a, str message, const struct json *cause)
{
	str reason = json_str(json_get(cause, "reason"));

	if (reason.len == 0 || str_has(message, reason))
		return message;
	return str_fmt(a, STR_FMT "%s" STR_FMT " (" STR_FMT "): " STR_FMT, STR_ARG(message),
	    message.len > 0 ? "\n" : "", STR_ARG(json_str(json_get(cause, "resource"))),
	    STR_ARG(json_str(json_get(cause, "resourceType"))), STR_ARG(reason));
}
