/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/rows.c: where buckets and objects stand.
 *
 * A bucket's name belongs to no account or region, so the partition of buckets has neither.
 *
 *   s3#bucket##              name owner region created policy settings{…}; ref: its owner
 *   s3#object#<bucket>#      key size etag modified and what came along; never the body
 *   s3#data#<bucket>#<key>   pieces of the body, "0000", "0001", …
 */
#include "cloud/s3/internal.h"

str
s3_bucket_partition(struct call *c)
{
	return row_partition(c, "s3", "bucket", S(""), S(""));
}

str
s3_object_partition(struct call *c, str bucket)
{
	return row_partition(c, "s3", "object", bucket, S(""));
}

str
s3_data_partition(struct call *c, str bucket, str key)
{
	return row_partition(c, "s3", "data", bucket, key);
}

str
s3_owner_ref(struct call *c, str account)
{
	return str_fmt(c->a, "s3#bucketOwner#" STR_FMT, STR_ARG(account));
}

str
s3_bucket_arn(struct call *c, str bucket)
{
	return str_cat(c->a, S("arn:aws:s3:::"), bucket);
}

bool
s3_bucket_find(struct call *c, str name, struct item *out, bool *found, struct err *err)
{
	return row_find(c, s3_bucket_partition(c), name, out, found, err);
}

/* A caller may say whose bucket he means, and then gets no other's. */
static bool
check_expected_owner(struct call *c, const struct item *bucket, struct err *err)
{
	const struct json *expected = json_get(c->in, "ExpectedBucketOwner");
	int64_t digits;

	if (expected == NULL || str_eq(json_str(expected), row_text(bucket, "owner")))
		return true;
	if (json_str(expected).len != 12 || !str_to_i64(json_str(expected), &digits))
		return err_code(err, ERR_INVALID, "InvalidBucketOwnerAWSAccountID",
		    "The value of the expected bucket owner parameter must be an AWS account ID");
	return err_code(err, ERR_DENIED, "AccessDenied", "Access Denied");
}

bool
s3_bucket_load(struct call *c, const char *iam_action, str key, struct item *out, struct err *err)
{
	str name = input_str(c, "Bucket"), arn = s3_bucket_arn(c, name);
	bool found;

	if (!s3_bucket_find(c, name, out, &found, err))
		return false;
	if (!found)
		return err_code(
		    err, ERR_NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
	if (key.len != 0)
		arn = str_fmt(c->a, STR_FMT "/" STR_FMT, STR_ARG(arn), STR_ARG(key));
	return check_expected_owner(c, out, err) && s3_authorize(c, out, iam_action, arn, err);
}
