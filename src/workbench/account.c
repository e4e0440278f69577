/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/account.c: registers hosting accounts; job_account.c sets them up.
 */
#include "workbench/account.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "workbench/change.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/roles.h"

#define ALLOWED_MS (30 * MINUTE_MS)

static bool
is_account_number(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len == 12;
}

static bool
check(const struct account_registration *in, struct err *err)
{
	if (in->name.len == 0)
		return err_set(err, ERR_INVALID, "name: Required");
	if (!is_account_number(in->aws_account_id))
		return err_set(err, ERR_INVALID, "awsAccountId: must be a 12 digit number");
	if (in->env_mgmt_role_arn.len == 0)
		return err_set(err, ERR_INVALID, "envMgmtRoleArn: Required");
	if (in->hosting_account_handler_role_arn.len == 0)
		return err_set(err, ERR_INVALID, "hostingAccountHandlerRoleArn: Required");
	if (in->external_id.len < 2)
		return err_set(
		    err, ERR_INVALID, "externalId: String length must be between 2 and 400");
	return true;
}

/* "s3://<artifact bucket>/environment-files", which instances read their start scripts from. */
static bool
files_of(struct workbench *wb, struct arena *a, str *out, struct err *err)
{
	str arn, bucket;

	if (!roles_output(wb, a, "S3BucketArtifactsArnOutput", &arn, err))
		return false;
	bucket = str_from(arn, str_find(arn, S(":::")) + 3);
	*out = str_fmt(a, "s3://" STR_FMT "/environment-files", STR_ARG(bucket));
	return true;
}

static struct json *
account_item(
    struct workbench *wb, struct arena *a, const struct account_registration *in, str files)
{
	str id = id_prefixed_uuid(a, S("acc-")), key = item_key(a, "ACC", id);
	struct json *body = item_new(a, key, key);

	json_put_str(a, body, "id", id);
	json_put_str(a, body, "name", in->name);
	json_put_str(a, body, "awsAccountId", in->aws_account_id);
	json_put_str(a, body, "envMgmtRoleArn", in->env_mgmt_role_arn);
	json_put_str(a, body, "hostingAccountHandlerRoleArn", in->hosting_account_handler_role_arn);
	json_put_str(a, body, "environmentInstanceFiles", files);
	json_put_str(a, body, "externalId", in->external_id);
	json_put_str(a, body, "stackName",
	    in->stack_name.len > 0 ? in->stack_name
				   : str_fmt(a, STR_FMT "-hosting-account", STR_ARG(wb->o.stack)));
	json_put_str(a, body, "status", S("PENDING"));
	item_stamp(a, body, clock_now_ms(wb->o.clock));
	json_put_str(a, body, "resourceType", S("account"));
	return body;
}

static struct json *
number_item(struct arena *a, const struct json *account)
{
	str number = json_str(json_get(account, "awsAccountId"));
	struct json *body =
	    item_new(a, item_key(a, "AWSACC", number), json_str(json_get(account, "pk")));

	json_put_str(a, body, "id", number);
	json_put(a, body, "accountId", json_get(account, "id"));
	json_put_str(a, body, "awsAccountId", number);
	json_put(a, body, "createdAt", json_get(account, "createdAt"));
	json_put(a, body, "updatedAt", json_get(account, "updatedAt"));
	json_put_str(a, body, "resourceType", S("awsAccount"));
	return body;
}

/* One row a number: registering twice is refused however close together it happens. */
static struct json *
claim_item(struct arena *a, const struct json *account)
{
	str number = json_str(json_get(account, "awsAccountId"));
	struct json *body =
	    item_new(a, str_fmt(a, "SWB#NAME#account#" STR_FMT, STR_ARG(number)), S("SWB#NAME"));

	json_put(a, body, "id", json_get(account, "id"));
	return body;
}

static struct json *
account_job(struct workbench *wb, struct arena *a, str id)
{
	int64_t now = clock_now_ms(wb->o.clock);
	struct json *row = job_row(a, id, &job_account, (str){ 0 }, now, now + ALLOWED_MS);

	json_put_str(a, row, "accountId", id);
	return row;
}

static bool
is_registered(struct workbench *wb, struct arena *a, str number, bool *out, struct err *err)
{
	struct store_query q = { .hash = item_key(a, "AWSACC", number), .limit = 1 };
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	*out = page.count > 0;
	return true;
}

bool
account_register(struct workbench *wb, struct arena *a, const struct account_registration *in,
    const struct json **out, struct err *err)
{
	struct json *body;
	struct change c;
	bool registered;
	str files;

	if (!check(in, err) || !files_of(wb, a, &files, err) ||
	    !is_registered(wb, a, in->aws_account_id, &registered, err))
		return false;
	if (registered)
		return err_set(err, ERR_INVALID,
		    "This AWS Account was found in DDB. Please provide the correct id value in "
		    "request body");
	body = account_item(wb, a, in, files);
	change_init(&c, wb, a);
	change_put(&c, body, STORE_NEW);
	change_put(&c, number_item(a, body), STORE_NEW);
	change_put(&c, claim_item(a, body), STORE_NEW);
	change_put(&c, account_job(wb, a, json_str(json_get(body, "id"))), STORE_NEW);
	if (!change_commit(&c, err))
		return false;
	*out = body;
	return true;
}

static bool
load(struct workbench *wb, struct arena *a, const char *prefix, const char *key_prefix, str id,
    const char *what, struct item *out, struct err *err)
{
	str full, key;

	if (!item_id(a, prefix, id, &full))
		return item_missing(err, what, id);
	key = item_key(a, key_prefix, full);
	if (store_load(wb->o.store, a, key, key, out, err))
		return true;
	return err->kind == ERR_NOT_FOUND ? item_missing(err, what, id) : false;
}

bool
account_refresh(struct workbench *wb, struct arena *a, str id, struct err *err)
{
	struct item item;
	struct json *row;

	if (!load(wb, a, "acc", "ACC", id, "account", &item, err))
		return false;
	row = account_job(wb, a, json_str(json_get(item.body, "id")));
	if (store_put(wb->o.store, row, STORE_NEW, err) || err->kind != ERR_CONFLICT)
		return err->kind == ERR_NONE;
	err_clear(err); /* it is being set up just now */
	return true;
}

bool
account_get(struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct item item;

	if (!load(wb, a, "acc", "ACC", id, "account", &item, err))
		return false;
	*out = item.body;
	return true;
}

bool
account_list(struct workbench *wb, struct arena *a, const struct json **out, struct err *err)
{
	return item_list(wb, a, "getResourceByName", S("account"), (str){ 0 }, out, err);
}

/* --- cost centers -------------------------------------------------------------------------- */

static bool
current_account(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	if (!account_get(wb, a, id, out, err))
		return err->kind == ERR_NOT_FOUND
		    ? err_set(err, ERR_INVALID, "Failed to get account for cost center creation.")
		    : false;
	if (!str_is(json_str(json_get(*out, "status")), "CURRENT"))
		return err_set(
		    err, ERR_INVALID, "Account status must be 'CURRENT' to create a Cost Center");
	return true;
}

bool
cost_center_create(struct workbench *wb, struct arena *a, str name, str description, str account_id,
    const struct json **out, struct err *err)
{
	static const char *const place[] = { "subnetId", "vpcId", "envMgmtRoleArn", "externalId",
		"encryptionKeyArn", "environmentInstanceFiles", "hostingAccountHandlerRoleArn",
		"awsAccountId", NULL };
	str id = id_prefixed_uuid(a, S("cc-")), key = item_key(a, "CC", id);
	struct json *body = item_new(a, key, key);
	const struct json *account;

	if (name.len == 0)
		return err_set(err, ERR_INVALID, "name: Required");
	if (!current_account(wb, a, account_id, &account, err))
		return false;
	json_put_str(a, body, "id", id);
	json_put_str(a, body, "name", name);
	json_put_str(a, body, "description", description);
	item_copy(a, body, account, place);
	json_put(a, body, "accountId", json_get(account, "id"));
	item_stamp(a, body, clock_now_ms(wb->o.clock));
	json_put(a, body, "dependency", json_get(account, "id"));
	json_put_str(a, body, "status", S("AVAILABLE"));
	json_put_str(a, body, "resourceType", S("costCenter"));
	if (!store_put(wb->o.store, body, STORE_NEW, err))
		return false;
	*out = body;
	return true;
}

bool
cost_center_get(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err)
{
	struct item item;

	if (!load(wb, a, "cc", "CC", id, "cost center", &item, err))
		return false;
	*out = item.body;
	return true;
}
