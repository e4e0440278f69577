/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/copy.c: CopyObject: a get and a put, both as the caller, so that each is allowed or
 * refused as it would be by itself.
 */
#include "cloud/s3/internal.h"

#include "base/encode.h"

/* Members of the copy's input that are conditions of the get, and how the get calls them. */
static const struct {
	const char *copy, *get;
} conditions[] = {
	{ "CopySourceIfMatch", "IfMatch" },
	{ "CopySourceIfModifiedSince", "IfModifiedSince" },
	{ "CopySourceIfNoneMatch", "IfNoneMatch" },
	{ "CopySourceIfUnmodifiedSince", "IfUnmodifiedSince" },
	{ "ExpectedSourceBucketOwner", "ExpectedBucketOwner" },
};

/* Members that the put takes from the copy's own input. */
static const char *const own[] = {
	"ACL",
	"ExpectedBucketOwner",
	"IfNoneMatch",
	"SSEKMSKeyId",
	"ServerSideEncryption",
	"StorageClass",
};

/* "bucket/key" or "/bucket/key", percent-encoded; the only version there is may be named. */
static bool
read_source(struct call *c, str *bucket, str *key, struct err *err)
{
	str text = input_str(c, "CopySource"), version = { NULL, 0 }, path;

	if (str_starts(text, S("/")))
		text = str_from(text, 1);
	path = text;
	if (str_find(text, S("?versionId=")) < text.len) {
		path = str_sub(text, 0, str_find(text, S("?versionId=")));
		version = str_from(text, path.len + S("?versionId=").len);
	}
	if (!percent_decode(c->a, path, false, &path) || !str_is_utf8(path) ||
	    !str_cut(&path, '/', bucket) || bucket->len == 0 || path.len == 0)
		return err_code(err, ERR_INVALID, "InvalidArgument",
		    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
	if (version.len != 0 && !str_is(version, "null"))
		return err_code(
		    err, ERR_NOT_FOUND, "NoSuchVersion", "The specified version does not exist.");
	*key = path;
	return true;
}

static bool
get_source(struct call *c, str bucket, str key, const struct json **object, struct err *err)
{
	struct json *in = json_new_object(c->a);

	json_put_str(c->a, in, "Bucket", bucket);
	json_put_str(c->a, in, "Key", key);
	for (size_t i = 0; i < countof(conditions); i++)
		json_put(c->a, in, conditions[i].get, json_get(c->in, conditions[i].copy));
	if (cloud_call(c,
		&(struct cloud_request){ .service = "s3", .action = "GetObject", .in = in }, object,
		err))
		return true;
	if (err_is(err, "NotModified")) /* that is an answer to a get */
		err->code = S("PreconditionFailed");
	return false;
}

static bool
put_copy(struct call *c, const struct json *object, bool replaces, const struct json **put,
    struct err *err)
{
	struct json *in = json_new_object(c->a);

	json_put_str(c->a, in, "Bucket", input_str(c, "Bucket"));
	json_put_str(c->a, in, "Key", input_str(c, "Key"));
	json_put(c->a, in, "Body", json_get(object, "Body"));
	for (size_t i = 0; i < countof(own); i++)
		json_put(c->a, in, own[i], json_get(c->in, own[i]));
	s3_about_copy(c, in, replaces ? c->in : object);
	return cloud_call(c,
	    &(struct cloud_request){ .service = "s3", .action = "PutObject", .in = in }, put, err);
}

bool
s3_object_copy(struct call *c, struct err *err)
{
	static const struct input_rule rules[] = {
		{ "MetadataDirective", 0, 0, NULL, "COPY REPLACE" },
	};
	bool replaces = str_is(input_str(c, "MetadataDirective"), "REPLACE");
	const struct json *object, *put;
	struct json *result;
	str bucket, key;

	if (!input_check(c, rules, countof(rules), err) || !read_source(c, &bucket, &key, err))
		return false;
	if (!replaces && str_eq(bucket, input_str(c, "Bucket")) && str_eq(key, input_str(c, "Key")))
		return err_code(err, ERR_INVALID, "InvalidRequest",
		    "This copy request is illegal because it is trying to copy an object to itself "
		    "without changing the object's metadata, storage class, website redirect "
		    "location or encryption attributes.");
	if (!get_source(c, bucket, key, &object, err) || !put_copy(c, object, replaces, &put, err))
		return false;
	result = json_put(c->a, c->out, "CopyObjectResult", json_new_object(c->a));
	json_put(c->a, result, "ETag", json_get(put, "ETag"));
	json_put(c->a, result, "LastModified", time_json(c->a, c->now_ms / 1000 * 1000));
	json_put(c->a, c->out, "ServerSideEncryption", json_get(put, "ServerSideEncryption"));
	json_put(c->a, c->out, "SSEKMSKeyId", json_get(put, "SSEKMSKeyId"));
	return true;
}

/* The smallest part that S3 takes is larger than the largest object here. */
bool
s3_upload_create(struct call *c, struct err *err)
{
	struct item bucket;

	return s3_bucket_load(c, "s3:PutObject", input_str(c, "Key"), &bucket, err) &&
	    err_code(err, ERR_TOO_LARGE, "EntityTooLarge",
		"Your proposed upload exceeds the maximum allowed size: the local cloud keeps "
		"objects of up to %zu bytes, which no upload in parts is for",
		S3_MAX_OBJECT_BYTES);
}
