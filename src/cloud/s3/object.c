/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/object.c: single objects. There is one version of each: versioning is a setting that is
 * kept and told, not a history.
 */
#include "cloud/s3/internal.h"

#include "base/encode.h"

#define MAX_KEY_BYTES 1024
#define MAX_METADATA_BYTES 2048

/* What is stored with an object and comes back with it, under these names. */
static const char *const about[] = {
	"CacheControl",
	"ContentDisposition",
	"ContentEncoding",
	"ContentLanguage",
	"ContentType",
	"Metadata",
	"SSEKMSKeyId",
	"ServerSideEncryption",
};

void
s3_about_copy(struct call *c, struct json *to, const struct json *from)
{
	for (size_t i = 0; i < countof(about); i++)
		if (json_get(to, about[i]) == NULL)
			json_put(c->a, to, about[i], json_get(from, about[i]));
}

/* --- put --------------------------------------------------------------------------------- */

static bool
check_put(struct call *c, str bytes, struct err *err)
{
	size_t metadata = 0;

	if (input_str(c, "Key").len > MAX_KEY_BYTES)
		return err_code(err, ERR_INVALID, "KeyTooLongError", "Your key is too long");
	if (bytes.len > S3_MAX_OBJECT_BYTES)
		return err_code(err, ERR_TOO_LARGE, "EntityTooLarge",
		    "Your proposed upload exceeds the maximum allowed size: the local cloud keeps "
		    "objects of up to %zu bytes, and this one has %zu",
		    S3_MAX_OBJECT_BYTES, bytes.len);
	for (const struct json *m = json_first(json_get(c->in, "Metadata")); m != NULL; m = m->next)
		metadata += m->key.len + json_str(m).len;
	if (metadata > MAX_METADATA_BYTES)
		return err_code(err, ERR_INVALID, "MetadataTooLarge",
		    "Your metadata headers exceed the maximum allowed metadata size");
	return s3_data_check(c, bytes, err);
}

static bool
find_object(struct call *c, struct item *out, bool *found, struct err *err)
{
	return row_find(c, s3_object_partition(c, input_str(c, "Bucket")), input_str(c, "Key"), out,
	    found, err);
}

/* "If-None-Match: *": only where nothing stands. */
static bool
check_absent(struct call *c, struct err *err)
{
	struct item old;
	bool found;

	if (!str_is(input_str(c, "IfNoneMatch"), "*"))
		return true;
	if (!find_object(c, &old, &found, err))
		return false;
	return !found ||
	    err_code(err, ERR_CONFLICT, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold");
}

static struct json *
new_object(struct call *c, str bytes)
{
	str key = input_str(c, "Key");
	struct json *body = row_new(c, s3_object_partition(c, input_str(c, "Bucket")), key);

	json_put_str(c->a, body, "key", key);
	json_put_i64(c->a, body, "size", (int64_t)bytes.len);
	json_put_str(c->a, body, "etag", s3_etag(c, bytes));
	json_put_i64(c->a, body, "modified", c->now_ms / 1000 * 1000);
	s3_about_copy(c, body, c->in);
	json_put(c->a, body, "Tagging", json_get(c->in, "Tagging"));
	return body;
}

bool
s3_object_put(struct call *c, struct err *err)
{
	str bucket_name = input_str(c, "Bucket"), key = input_str(c, "Key"), bytes;
	struct item bucket;
	struct json *body;

	if (!base64_decode(c->a, input_str(c, "Body"), &bytes))
		return err_code(err, ERR_INVALID, "InvalidRequest", "Body is not base64");
	if (!s3_bucket_load(c, "s3:PutObject", key, &bucket, err) || !check_put(c, bytes, err) ||
	    !check_absent(c, err) || !s3_data_put(c, bucket_name, key, bytes, err))
		return false;
	body = new_object(c, bytes);
	json_put(c->a, c->out, "ETag", json_get(body, "etag"));
	json_put(c->a, c->out, "ServerSideEncryption", json_get(body, "ServerSideEncryption"));
	json_put(c->a, c->out, "SSEKMSKeyId", json_get(body, "SSEKMSKeyId"));
	return row_put(c, body, err);
}

/* --- get and head ------------------------------------------------------------------------ */

/* Does a list of quoted tags, or "*", name this one? */
static bool
names_etag(str list, str etag)
{
	for (str rest = list, one; str_cut(&rest, ',', &one);) {
		one = str_trim(one);
		if (str_starts(one, S("W/")))
			one = str_from(one, 2);
		if (str_is(one, "*") || str_eq(one, etag) ||
		    str_eq(one, str_sub(etag, 1, etag.len - 2)))
			return true;
	}
	return false;
}

static bool
newer_than(const struct json *modified, const struct json *limit_s)
{
	int64_t limit = json_i64(limit_s, INT64_MAX / 2000);

	return json_i64(modified, 0) / 1000 > limit;
}

static bool
check_conditions(struct call *c, const struct item *object, struct err *err)
{
	str etag = row_text(object, "etag");
	const struct json *modified = json_get(object->body, "modified");
	const struct json *match = json_get(c->in, "IfMatch"),
			  *none = json_get(c->in, "IfNoneMatch");
	const struct json *since = json_get(c->in, "IfModifiedSince");
	const struct json *unless = json_get(c->in, "IfUnmodifiedSince");

	if (match != NULL ? !names_etag(json_str(match), etag)
			  : unless != NULL && newer_than(modified, unless))
		return err_code(err, ERR_CONFLICT, "PreconditionFailed",
		    "At least one of the pre-conditions you specified did not hold");
	if (none != NULL ? names_etag(json_str(none), etag)
			 : since != NULL && !newer_than(modified, since))
		return err_code(err, ERR_CONFLICT, "NotModified", "Not Modified");
	return true;
}

static bool
load_object(struct call *c, struct item *object, struct err *err)
{
	struct item bucket;
	bool found;

	if (!s3_bucket_load(c, "s3:GetObject", input_str(c, "Key"), &bucket, err) ||
	    !find_object(c, object, &found, err))
		return false;
	if (!found)
		return err_code(
		    err, ERR_NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
	return check_conditions(c, object, err);
}

static bool
describe(struct call *c, const struct item *object, struct s3_range *range, struct err *err)
{
	const struct json *type = json_get(c->in, "ResponseContentType");
	const struct json *disposition = json_get(c->in, "ResponseContentDisposition");

	if (!s3_range_read(c, json_i64(json_get(object->body, "size"), 0), range, err))
		return false;
	json_put_str(c->a, c->out, "AcceptRanges", S("bytes"));
	json_put_i64(c->a, c->out, "ContentLength", range->len);
	json_put_str(c->a, c->out, "ETag", row_text(object, "etag"));
	json_put(c->a, c->out, "LastModified",
	    time_json(c->a, json_i64(json_get(object->body, "modified"), 0)));
	s3_about_copy(c, c->out, object->body);
	if (json_get(c->out, "ContentType") == NULL)
		json_put_str(c->a, c->out, "ContentType", S("binary/octet-stream"));
	if (type != NULL)
		json_set(c->a, c->out, "ContentType", type);
	if (disposition != NULL)
		json_set(c->a, c->out, "ContentDisposition", disposition);
	return true;
}

bool
s3_object_head(struct call *c, struct err *err)
{
	struct s3_range range;
	struct item object;

	return load_object(c, &object, err) && describe(c, &object, &range, err);
}

bool
s3_object_get(struct call *c, struct err *err)
{
	struct s3_range range;
	struct item object;
	str bytes;

	if (!load_object(c, &object, err) || !describe(c, &object, &range, err) ||
	    !s3_data_get(c, input_str(c, "Bucket"), input_str(c, "Key"), &bytes, err))
		return false;
	if (range.is_part)
		bytes = str_sub(bytes, (size_t)range.at, (size_t)range.len);
	json_put_str(c->a, c->out, "Body", base64_encode(c->a, bytes));
	return true;
}

/* --- delete ------------------------------------------------------------------------------ */

static bool
delete_key(struct call *c, str key, struct err *err)
{
	str bucket = input_str(c, "Bucket");

	return row_del(c, s3_object_partition(c, bucket), key, err) &&
	    s3_data_del(c, bucket, key, err);
}

bool
s3_object_delete(struct call *c, struct err *err)
{
	str key = input_str(c, "Key");
	struct item bucket;

	return s3_bucket_load(c, "s3:DeleteObject", key, &bucket, err) && delete_key(c, key, err);
}

static void
tell_failure(struct call *c, struct json *failed, str key, const struct err *why)
{
	struct json *e = json_new_object(c->a);

	json_put_str(c->a, e, "Key", key);
	json_put_str(c->a, e, "Code", why->code);
	json_put_str(c->a, e, "Message", why->msg);
	json_push(c->a, failed, e);
}

/* Each key is decided by itself; one that may not be deleted fails no other. */
bool
s3_objects_delete(struct call *c, struct err *err)
{
	const struct json *request = json_get(c->in, "Delete");
	const struct json *objects = json_get(request, "Objects");
	bool quiet = json_bool(json_get(request, "Quiet"), false);
	struct json *done = json_new_array(c->a), *failed = json_new_array(c->a);

	if (json_count(objects) == 0 || json_count(objects) > 1000)
		return err_code(err, ERR_INVALID, "MalformedXML",
		    "The XML you provided was not well-formed or did not validate against our "
		    "published schema");
	for (const struct json *o = json_first(objects); o != NULL; o = o->next) {
		str key = json_str(json_get(o, "Key"));
		struct item bucket;

		if (s3_bucket_load(c, "s3:DeleteObject", key, &bucket, err)) {
			struct json *d = json_new_object(c->a);

			if (!delete_key(c, key, err))
				return false;
			json_put_str(c->a, d, "Key", key);
			json_push(c->a, done, d);
		} else if (err_is(err, "AccessDenied")) {
			tell_failure(c, failed, key, err);
			err_clear(err);
		} else {
			return false;
		}
	}
	if (!quiet)
		json_put(c->a, c->out, "Deleted", done);
	json_put(c->a, c->out, "Errors", failed);
	return true;
}
