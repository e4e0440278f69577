/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_s3.c: buckets. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

static bool
bucket_created(struct cfn_work *w, struct err *err)
{
	struct arena *a = w->c->a;
	str name = json_str(json_get(w->input, "Bucket"));

	/* us-east-1 is where a bucket goes that says nothing, and may not be named. */
	if (!str_is(w->c->region, "us-east-1"))
		json_put_str(a,
		    json_put(a, w->input, "CreateBucketConfiguration", json_new_object(a)),
		    "LocationConstraint", w->c->region);
	if (!cfn_call(w, "s3", "CreateBucket", w->input, NULL, err))
		return false;
	w->physical_id = name;
	cfn_set_attribute(w, "Arn", str_cat(a, S("arn:aws:s3:::"), name));
	cfn_set_attribute(w, "DomainName", str_cat(a, name, S(".s3.amazonaws.com")));
	cfn_set_attribute(w, "RegionalDomainName",
	    str_fmt(
		a, STR_FMT ".s3." STR_FMT ".amazonaws.com", STR_ARG(name), STR_ARG(w->c->region)));
	return true;
}

const struct cfn_type cfn_types_s3[] = {
	{
	    .name = "AWS::S3::Bucket",
	    .properties = "BucketName:s",
	    .service = "s3",
	    .input = "Bucket=BucketName",
	    .naming = { .member = "Bucket", .max = 63, .lower = true },
	    .attributes = "Arn DomainName RegionalDomainName",
	    .created = bucket_created,
	    .remove = "DeleteBucket",
	    .remove_input = "Bucket=$id",
	    .gone = "NoSuchBucket",
	},
	{
	    .name = "AWS::S3::BucketPolicy",
	    .properties = "Bucket!:s PolicyDocument!:d",
	    .service = "s3",
	    .create = "PutBucketPolicy",
	    .input = "Bucket Policy=json:PolicyDocument",
	    .id = "${Bucket}",
	    .remove = "DeleteBucketPolicy",
	    .remove_input = "Bucket",
	    .gone = "NoSuchBucket NoSuchBucketPolicy",
	},
	{ 0 },
};
