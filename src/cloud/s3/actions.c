/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/actions.c: the actions of S3, what each needs, and what it acts on.
 */
#include "cloud/s3/internal.h"

#define BUCKET "arn:aws:s3:::${Bucket}"
#define OBJECT "arn:aws:s3:::${Bucket}/${Key}"

static const struct action actions[] = {
	{ "CopyObject", s3_object_copy, "s3:PutObject", OBJECT },
	{ "CreateBucket", s3_bucket_create, "s3:CreateBucket", BUCKET },
	{ "CreateMultipartUpload", s3_upload_create, "s3:PutObject", OBJECT },
	{ "DeleteBucket", s3_bucket_delete, "s3:DeleteBucket", BUCKET },
	{ "DeleteBucketEncryption", s3_setting_delete, "s3:PutEncryptionConfiguration", BUCKET },
	{ "DeleteBucketOwnershipControls", s3_setting_delete, "s3:PutBucketOwnershipControls",
	    BUCKET },
	{ "DeleteBucketPolicy", s3_policy_delete, "s3:DeleteBucketPolicy", BUCKET },
	{ "DeleteBucketTagging", s3_setting_delete, "s3:PutBucketTagging", BUCKET },
	{ "DeleteObject", s3_object_delete, "s3:DeleteObject", OBJECT },
	{ "DeleteObjects", s3_objects_delete, "s3:DeleteObject", "arn:aws:s3:::${Bucket}/*" },
	{ "DeletePublicAccessBlock", s3_setting_delete, "s3:PutBucketPublicAccessBlock", BUCKET },
	{ "GetBucketEncryption", s3_setting_get, "s3:GetEncryptionConfiguration", BUCKET },
	{ "GetBucketLocation", s3_bucket_location, "s3:GetBucketLocation", BUCKET },
	{ "GetBucketOwnershipControls", s3_setting_get, "s3:GetBucketOwnershipControls", BUCKET },
	{ "GetBucketPolicy", s3_policy_get, "s3:GetBucketPolicy", BUCKET },
	{ "GetBucketTagging", s3_setting_get, "s3:GetBucketTagging", BUCKET },
	{ "GetBucketVersioning", s3_setting_get, "s3:GetBucketVersioning", BUCKET },
	{ "GetObject", s3_object_get, "s3:GetObject", OBJECT },
	{ "GetPublicAccessBlock", s3_setting_get, "s3:GetBucketPublicAccessBlock", BUCKET },
	{ "HeadBucket", s3_bucket_head, "s3:ListBucket", BUCKET },
	{ "HeadObject", s3_object_head, "s3:GetObject", OBJECT },
	{ "ListBuckets", s3_bucket_list, "s3:ListAllMyBuckets", "*" },
	{ "ListObjects", s3_objects_list, "s3:ListBucket", BUCKET },
	{ "ListObjectsV2", s3_objects_list_v2, "s3:ListBucket", BUCKET },
	{ "PutBucketEncryption", s3_setting_put, "s3:PutEncryptionConfiguration", BUCKET },
	{ "PutBucketOwnershipControls", s3_setting_put, "s3:PutBucketOwnershipControls", BUCKET },
	{ "PutBucketPolicy", s3_policy_put, "s3:PutBucketPolicy", BUCKET },
	{ "PutBucketTagging", s3_setting_put, "s3:PutBucketTagging", BUCKET },
	{ "PutBucketVersioning", s3_setting_put, "s3:PutBucketVersioning", BUCKET },
	{ "PutObject", s3_object_put, "s3:PutObject", OBJECT },
	{ "PutPublicAccessBlock", s3_setting_put, "s3:PutBucketPublicAccessBlock", BUCKET },
};

const struct engine s3_engine = {
	.service = "s3",
	.actions = actions,
	.action_count = countof(actions),
};
