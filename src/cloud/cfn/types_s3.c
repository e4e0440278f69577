/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/types_s3.c: buckets. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

/* One setting of a new bucket, if there is a value. */
static bool
put_setting(struct cfn_work *w, const char *operation, const char *member, const struct json *value,
    struct err *err)
{
	struct json *in = cfn_input(w, "Bucket", w->physical_id);

	json_put(w->c->a, in, member, value);
	return value == NULL || cfn_call(w, "s3", operation, in, NULL, err);
}

/* Settings whose property is the operation's member as it stands. */
static const struct {
	const char *property, *operation;
} settings[] = {
	{ "OwnershipControls", "PutBucketOwnershipControls" },
	{ "PublicAccessBlockConfiguration", "PutPublicAccessBlock" },
	{ "VersioningConfiguration", "PutBucketVersioning" },
};

/* The same rule has other names in a template than in the API. */
static const struct json *
encryption(struct cfn_work *w)
{
	struct arena *a = w->c->a;
	const struct json *given = cfn_property(w, "BucketEncryption");
	struct json *out = json_new_object(a), *rules = json_new_array(a), *rule;

	if (given == NULL)
		return NULL;
	for (const struct json *r =
		 json_first(json_get(given, "ServerSideEncryptionConfiguration"));
	     r != NULL; r = r->next) {
		rule = json_push(a, rules, json_new_object(a));
		json_put(a, rule, "ApplyServerSideEncryptionByDefault",
		    json_get(r, "ServerSideEncryptionByDefault"));
		json_put(a, rule, "BucketKeyEnabled", json_get(r, "BucketKeyEnabled"));
	}
	json_put(a, out, "Rules", rules);
	return out;
}

static bool
put_settings(struct cfn_work *w, struct err *err)
{
	struct json *tagging = json_new_object(w->c->a);

	for (size_t i = 0; i < countof(settings); i++)
		if (!put_setting(w, settings[i].operation, settings[i].property,
			cfn_property(w, settings[i].property), err))
			return false;
	json_put(w->c->a, tagging, "TagSet", w->tags);
	return put_setting(w, "PutBucketEncryption", "ServerSideEncryptionConfiguration",
		   encryption(w), err) &&
	    put_setting(w, "PutBucketTagging", "Tagging", tagging, err);
}

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
	return put_settings(w, err);
}

/* PutBucketPolicy would replace the policy of somebody else's making. */
static bool
bucket_policy_created(struct cfn_work *w, struct err *err)
{
	str bucket = json_str(json_get(w->input, "Bucket"));

	if (cfn_call(w, "s3", "GetBucketPolicy", cfn_input(w, "Bucket", bucket), NULL, err))
		return err_code(err, ERR_CONFLICT, "BucketPolicyAlreadyExists",
		    "The bucket policy already exists on bucket " STR_FMT ".", STR_ARG(bucket));
	if (!cfn_is_gone(w, err) || !cfn_call(w, "s3", "PutBucketPolicy", w->input, NULL, err))
		return false;
	w->physical_id = bucket;
	return true;
}

const struct cfn_type cfn_types_s3[] = {
	{
	    .name = "AWS::S3::Bucket",
	    .properties = "BucketEncryption:{ServerSideEncryptionConfiguration!:["
			  "{BucketKeyEnabled:b ServerSideEncryptionByDefault:{KMSMasterKeyID:s "
			  "SSEAlgorithm!:s}}]} BucketName:s OwnershipControls:{Rules!:["
			  "{ObjectOwnership!:s}]} PublicAccessBlockConfiguration:{"
			  "BlockPublicAcls:b BlockPublicPolicy:b IgnorePublicAcls:b "
			  "RestrictPublicBuckets:b} Tags:[Tag] VersioningConfiguration:{Status!:s}",
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
	    .input = "Bucket Policy=json:PolicyDocument",
	    .created = bucket_policy_created,
	    .remove = "DeleteBucketPolicy",
	    .remove_input = "Bucket",
	    .gone = "NoSuchBucket NoSuchBucketPolicy",
	},
	{ 0 },
};
