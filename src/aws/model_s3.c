/* SPDX-License-Identifier: Apache-2.0 */
/* aws/model_s3.c: the operations of S3 that swb calls or answers. */
#include "aws/model_services.h"

#define OWNER " ExpectedBucketOwner@^x-amz-expected-bucket-owner:s"

/* What an object is stored with and read back with. */
#define ABOUT_OBJECT \
	" CacheControl@^Cache-Control:s ContentDisposition@^Content-Disposition:s" \
	" ContentEncoding@^Content-Encoding:s ContentLanguage@^Content-Language:s" \
	" ContentType@^Content-Type:s Metadata@^x-amz-meta-*:<s>" \
	" ServerSideEncryption@^x-amz-server-side-encryption:s" \
	" SSEKMSKeyId@^x-amz-server-side-encryption-aws-kms-key-id:s"

#define OBJECT_READ \
	" AcceptRanges@^accept-ranges:s ContentLength@^Content-Length:i" \
	" ContentRange@^Content-Range:s ETag@^ETag:s LastModified@^Last-Modified:t" \
	" VersionId@^x-amz-version-id:s" ABOUT_OBJECT

#define READ_CONDITIONS \
	" IfMatch@^If-Match:s IfNoneMatch@^If-None-Match:s" \
	" IfModifiedSince@^If-Modified-Since:t IfUnmodifiedSince@^If-Unmodified-Since:t" \
	" Range@^Range:s ChecksumMode@^x-amz-checksum-mode:s VersionId:s" OWNER

static const struct aws_operation_row operations[] = {
	{ "CreateBucket",
	    "PUT /{Bucket} Bucket!:s ACL@^x-amz-acl:s ObjectOwnership@^x-amz-object-ownership:s "
	    "CreateBucketConfiguration@$:{LocationConstraint:s}",
	    "Location@^Location:s" },
	{ "DeleteBucket", "DELETE /{Bucket} Bucket!:s" OWNER, "204 " },
	{ "DeleteObject",
	    "DELETE /{Bucket}/{Key+}?versionId={VersionId} Bucket!:s Key!:s VersionId:s" OWNER,
	    "204 DeleteMarker@^x-amz-delete-marker:b VersionId@^x-amz-version-id:s" },
	{ "GetObject",
	    "GET /{Bucket}/{Key+}?versionId={VersionId}"
	    "&response-content-type={ResponseContentType}"
	    "&response-content-disposition={ResponseContentDisposition}"
	    " Bucket!:s Key!:s ResponseContentType:s ResponseContentDisposition:s" READ_CONDITIONS,
	    "Body@$:x" OBJECT_READ },
	{ "HeadBucket", "HEAD /{Bucket} Bucket!:s" OWNER, "BucketRegion@^x-amz-bucket-region:s" },
	{ "HeadObject",
	    "HEAD /{Bucket}/{Key+}?versionId={VersionId} Bucket!:s Key!:s" READ_CONDITIONS,
	    OBJECT_READ },
	{ "ListObjectsV2",
	    "GET /{Bucket}?list-type=2&prefix={Prefix}&delimiter={Delimiter}&max-keys={MaxKeys}"
	    "&encoding-type={EncodingType}&continuation-token={ContinuationToken}"
	    "&start-after={StartAfter}&fetch-owner={FetchOwner}"
	    " Bucket!:s Prefix:s Delimiter:s MaxKeys:i EncodingType:s ContinuationToken:s"
	    " StartAfter:s FetchOwner:b" OWNER,
	    "Name:s Prefix:s Delimiter:s MaxKeys:i KeyCount:i IsTruncated:b EncodingType:s "
	    "StartAfter:s ContinuationToken:s NextContinuationToken:s Contents:[*Object] "
	    "CommonPrefixes:[*{Prefix:s}]" },
	{ "PutObject",
	    "PUT /{Bucket}/{Key+} Bucket!:s Key!:s Body@$:x ACL@^x-amz-acl:s"
	    " ContentMD5@^Content-MD5:s IfNoneMatch@^If-None-Match:s Tagging@^x-amz-tagging:s"
	    " ChecksumAlgorithm@^x-amz-sdk-checksum-algorithm:s"
	    " ChecksumCRC32@^x-amz-checksum-crc32:s ChecksumSHA256@^x-amz-checksum-sha256:s"
	    " StorageClass@^x-amz-storage-class:s" ABOUT_OBJECT OWNER,
	    "ETag@^ETag:s VersionId@^x-amz-version-id:s"
	    " ServerSideEncryption@^x-amz-server-side-encryption:s"
	    " SSEKMSKeyId@^x-amz-server-side-encryption-aws-kms-key-id:s" },
};

static const struct aws_named_shape shapes[] = {
	{ "Object",
	    "Key:s LastModified:t ETag:s Size:i StorageClass:s Owner:{DisplayName:s ID:s}" },
};

const struct aws_service aws_service_s3 = {
	.name = "s3",
	.endpoint_prefix = "s3",
	.signing_name = "s3",
	.version = "2006-03-01",
	.xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/",
	.protocol = AWS_REST_XML,
	.operations = operations,
	.operation_count = countof(operations),
	.shapes = shapes,
	.shape_count = countof(shapes),
};
