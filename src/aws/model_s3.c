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

#define LIST_OBJECTS " Bucket!:s Prefix:s Delimiter:s MaxKeys:i EncodingType:s"
#define OBJECTS_LISTED \
	"Name:s Prefix:s Delimiter:s MaxKeys:i IsTruncated:b EncodingType:s Contents:[*Object] " \
	"CommonPrefixes:[*{Prefix:s}]"

/* One of a bucket's settings: a document that is put, read and deleted as a whole. */
#define PUT(query, document) "PUT /{Bucket}?" query " Bucket!:s " document OWNER
#define GET(query) "GET /{Bucket}?" query " Bucket!:s" OWNER
#define DELETE(query) "DELETE /{Bucket}?" query " Bucket!:s" OWNER

static const struct aws_operation_row operations[] = {
	{ "CopyObject",
	    "PUT /{Bucket}/{Key+} Bucket!:s Key!:s CopySource!@^x-amz-copy-source:s"
	    " CopySourceIfMatch@^x-amz-copy-source-if-match:s"
	    " CopySourceIfModifiedSince@^x-amz-copy-source-if-modified-since:t"
	    " CopySourceIfNoneMatch@^x-amz-copy-source-if-none-match:s"
	    " CopySourceIfUnmodifiedSince@^x-amz-copy-source-if-unmodified-since:t"
	    " ExpectedSourceBucketOwner@^x-amz-source-expected-bucket-owner:s"
	    " MetadataDirective@^x-amz-metadata-directive:s"
	    " TaggingDirective@^x-amz-tagging-directive:s"
	    " IfNoneMatch@^If-None-Match:s ACL@^x-amz-acl:s"
	    " ChecksumAlgorithm@^x-amz-checksum-algorithm:s"
	    " StorageClass@^x-amz-storage-class:s" ABOUT_OBJECT OWNER,
	    "CopyObjectResult@$:{ETag:s LastModified:t} VersionId@^x-amz-version-id:s"
	    " ServerSideEncryption@^x-amz-server-side-encryption:s"
	    " SSEKMSKeyId@^x-amz-server-side-encryption-aws-kms-key-id:s" },
	{ "CreateBucket",
	    "PUT /{Bucket} Bucket!:s ACL@^x-amz-acl:s ObjectOwnership@^x-amz-object-ownership:s "
	    "CreateBucketConfiguration@$:{LocationConstraint:s}",
	    "Location@^Location:s" },
	{ "CreateMultipartUpload",
	    "POST /{Bucket}/{Key+}?uploads Bucket!:s Key!:s ACL@^x-amz-acl:s"
	    " ChecksumAlgorithm@^x-amz-checksum-algorithm:s"
	    " StorageClass@^x-amz-storage-class:s" ABOUT_OBJECT OWNER,
	    "Bucket:s Key:s UploadId:s" },
	{ "DeleteBucket", "DELETE /{Bucket} Bucket!:s" OWNER, "204 " },
	{ "DeleteBucketEncryption", DELETE("encryption"), "204 " },
	{ "DeleteBucketOwnershipControls", DELETE("ownershipControls"), "204 " },
	{ "DeleteBucketPolicy", DELETE("policy"), "204 " },
	{ "DeleteBucketTagging", DELETE("tagging"), "204 " },
	{ "DeleteObject",
	    "DELETE /{Bucket}/{Key+}?versionId={VersionId} Bucket!:s Key!:s VersionId:s" OWNER,
	    "204 DeleteMarker@^x-amz-delete-marker:b VersionId@^x-amz-version-id:s" },
	{ "DeleteObjects",
	    "POST /{Bucket}?delete Bucket!:s ContentMD5@^Content-MD5:s"
	    " ChecksumAlgorithm@^x-amz-sdk-checksum-algorithm:s"
	    " Delete!@$:{Objects!@Object:[*{Key!:s VersionId:s}] Quiet:b}" OWNER,
	    "Deleted:[*{Key:s VersionId:s}] Errors@Error:[*{Key:s Code:s Message:s}]" },
	{ "DeletePublicAccessBlock", DELETE("publicAccessBlock"), "204 " },
	{ "GetBucketEncryption", GET("encryption"),
	    "ServerSideEncryptionConfiguration@$:Encryption" },
	/* The answer's root element is the value itself: the engine writes it. */
	{ "GetBucketLocation", GET("location"), "LocationConstraint@$:s" },
	{ "GetBucketOwnershipControls", GET("ownershipControls"),
	    "OwnershipControls@$:OwnershipControls" },
	{ "GetBucketPolicy", GET("policy"), "Policy@$:s" },
	{ "GetBucketTagging", GET("tagging"), "TagSet:[Tag:Tag]" },
	{ "GetBucketVersioning", GET("versioning"), "Status:s MFADelete@MfaDelete:s" },
	{ "GetObject",
	    "GET /{Bucket}/{Key+}?versionId={VersionId}"
	    "&response-content-type={ResponseContentType}"
	    "&response-content-disposition={ResponseContentDisposition}"
	    " Bucket!:s Key!:s ResponseContentType:s ResponseContentDisposition:s" READ_CONDITIONS,
	    "Body@$:x" OBJECT_READ },
	{ "GetPublicAccessBlock", GET("publicAccessBlock"),
	    "PublicAccessBlockConfiguration@$:PublicAccessBlock" },
	{ "HeadBucket", "HEAD /{Bucket} Bucket!:s" OWNER, "BucketRegion@^x-amz-bucket-region:s" },
	{ "HeadObject",
	    "HEAD /{Bucket}/{Key+}?versionId={VersionId} Bucket!:s Key!:s" READ_CONDITIONS,
	    OBJECT_READ },
	{ "ListBuckets",
	    "GET /?prefix={Prefix}&max-buckets={MaxBuckets}&continuation-token={ContinuationToken}"
	    "&bucket-region={BucketRegion} Prefix:s MaxBuckets:i ContinuationToken:s BucketRegion:s",
	    "Buckets:[Bucket:{Name:s CreationDate:t BucketRegion:s}] Owner:Owner "
	    "ContinuationToken:s Prefix:s" },
	{ "ListObjects",
	    "GET /{Bucket}?prefix={Prefix}&delimiter={Delimiter}&max-keys={MaxKeys}"
	    "&encoding-type={EncodingType}&marker={Marker}" LIST_OBJECTS " Marker:s" OWNER,
	    OBJECTS_LISTED " Marker:s NextMarker:s" },
	{ "ListObjectsV2",
	    "GET /{Bucket}?list-type=2&prefix={Prefix}&delimiter={Delimiter}&max-keys={MaxKeys}"
	    "&encoding-type={EncodingType}&continuation-token={ContinuationToken}"
	    "&start-after={StartAfter}&fetch-owner={FetchOwner}" LIST_OBJECTS
	    " ContinuationToken:s StartAfter:s FetchOwner:b" OWNER,
	    OBJECTS_LISTED " KeyCount:i StartAfter:s ContinuationToken:s NextContinuationToken:s" },
	{ "PutBucketEncryption",
	    PUT("encryption", "ServerSideEncryptionConfiguration!@$:Encryption"), "" },
	{ "PutBucketOwnershipControls",
	    PUT("ownershipControls", "OwnershipControls!@$:OwnershipControls"), "" },
	{ "PutBucketPolicy", PUT("policy", "Policy!@$:s"), "204 " },
	{ "PutBucketTagging", PUT("tagging", "Tagging!@$:{TagSet!:[Tag:Tag]}"), "204 " },
	{ "PutBucketVersioning",
	    PUT("versioning", "VersioningConfiguration!@$:{Status:s MFADelete@MfaDelete:s}"), "" },
	{ "PutObject",
	    "PUT /{Bucket}/{Key+} Bucket!:s Key!:s Body@$:x ACL@^x-amz-acl:s"
	    " ContentMD5@^Content-MD5:s IfNoneMatch@^If-None-Match:s Tagging@^x-amz-tagging:s"
	    " ChecksumAlgorithm@^x-amz-sdk-checksum-algorithm:s"
	    " ChecksumCRC32@^x-amz-checksum-crc32:s ChecksumCRC32C@^x-amz-checksum-crc32c:s"
	    " ChecksumCRC64NVME@^x-amz-checksum-crc64nvme:s"
	    " ChecksumSHA1@^x-amz-checksum-sha1:s ChecksumSHA256@^x-amz-checksum-sha256:s"
	    " StorageClass@^x-amz-storage-class:s" ABOUT_OBJECT OWNER,
	    "ETag@^ETag:s VersionId@^x-amz-version-id:s"
	    " ServerSideEncryption@^x-amz-server-side-encryption:s"
	    " SSEKMSKeyId@^x-amz-server-side-encryption-aws-kms-key-id:s" },
	{ "PutPublicAccessBlock",
	    PUT("publicAccessBlock", "PublicAccessBlockConfiguration!@$:PublicAccessBlock"), "" },
};

static const struct aws_named_shape shapes[] = {
	{ "Encryption",
	    "Rules!@Rule:[*{ApplyServerSideEncryptionByDefault:{SSEAlgorithm!:s KMSMasterKeyID:s} "
	    "BucketKeyEnabled:b}]" },
	{ "Object", "Key:s LastModified:t ETag:s Size:i StorageClass:s Owner:Owner" },
	{ "Owner", "DisplayName:s ID:s" },
	{ "OwnershipControls", "Rules!@Rule:[*{ObjectOwnership!:s}]" },
	{ "PublicAccessBlock",
	    "BlockPublicAcls:b IgnorePublicAcls:b BlockPublicPolicy:b RestrictPublicBuckets:b" },
	{ "Tag", "Key!:s Value!:s" },
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
