/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the s3 engine share. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "cloud/access.h"
#include "cloud/s3/s3.h"

#define S3_MAX_OBJECT_BYTES ((size_t)2 << 20) /* the door takes a little more */
#define S3_MAX_POLICY_BYTES 20480

/* --- rows.c ---------------------------------------------------------------------------- */

/*
 * The bucket that the input names, whoever owns it, if the caller may do what he asks. key: of
 * the object, empty where the bucket itself is meant. Fails: NoSuchBucket, AccessDenied.
 */
bool s3_bucket_load(
    struct call *c, const char *iam_action, str key, struct item *out, struct err *err);
bool s3_bucket_find(struct call *c, str name, struct item *out, bool *found, struct err *err);
str s3_bucket_partition(struct call *c);
str s3_object_partition(struct call *c, str bucket);
str s3_data_partition(struct call *c, str bucket, str key);
str s3_owner_ref(struct call *c, str account); /* member ref of buckets */
str s3_bucket_arn(struct call *c, str bucket);

/* --- policy.c -------------------------------------------------------------------------- */

/* Does the bucket's policy, with the bucket's ownership, let the caller? Fails: AccessDenied. */
bool s3_authorize(struct call *c, const struct item *bucket, const char *iam_action, str resource,
    struct err *err);

/* --- data.c: bodies, in pieces that fit an item -------------------------------------------- */

bool s3_data_put(struct call *c, str bucket, str key, str bytes, struct err *err);
bool s3_data_get(struct call *c, str bucket, str key, str *bytes, struct err *err);
bool s3_data_del(struct call *c, str bucket, str key, struct err *err);
/* Refuses bytes that are not what a header says they are. */
bool s3_data_check(struct call *c, str bytes, struct err *err);
str s3_etag(struct call *c, str bytes);

/* --- range.c ------------------------------------------------------------------------------- */

struct s3_range {
	int64_t at, len;
	bool is_part; /* and ContentRange of the answer is told */
};

/* What the input's Range means for an object of size bytes. Fails: InvalidRange. */
bool s3_range_read(struct call *c, int64_t size, struct s3_range *out, struct err *err);

/* --- object.c ------------------------------------------------------------------------------ */

/* What is stored with an object beside its bytes, from one tree to another that lacks it. */
void s3_about_copy(struct call *c, struct json *to, const struct json *from);

#define ACTION(name) bool s3_##name(struct call *c, struct err *err)
ACTION(bucket_create);
ACTION(bucket_delete);
ACTION(bucket_head);
ACTION(bucket_list);
ACTION(bucket_location);
ACTION(policy_get);
ACTION(policy_put);
ACTION(policy_delete);
ACTION(setting_get);
ACTION(setting_put);
ACTION(setting_delete);
ACTION(object_copy);
ACTION(object_put);
ACTION(object_get);
ACTION(object_head);
ACTION(object_delete);
ACTION(objects_delete);
ACTION(objects_list);
ACTION(objects_list_v2);
ACTION(upload_create);
#undef ACTION
