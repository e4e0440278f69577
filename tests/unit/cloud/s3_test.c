/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_rig.h"

#include "aws/sigv4.h"
#include "base/buf.h"
#include "base/encode.h"
#include "http/message.h"

static void
put(struct rig *r, const char *key, str bytes)
{
	rig_ok(r, "s3", "PutObject", "{'Bucket': 'b-1', 'Key': '%s', 'Body': '" STR_FMT "'}", key,
	    STR_ARG(base64_encode(r->a, bytes)));
}

static str
get(struct rig *r, const char *key)
{
	const struct json *out =
	    rig_ok(r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': '%s'}", key);
	str bytes;

	assert_true(base64_decode(r->a, rig_text(out, "Body"), &bytes));
	return bytes;
}

static void
test_buckets(struct arena *a)
{
	static const char *const bad[] = { "ab", "Upper", "a..b", "-ab", "ab-", "1.2.3.4", "a_b",
		"xn--abc", "x-s3alias" };
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	out = rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	CHECK_STR(rig_text(out, "Location"), "/b-1", "location");
	rig_fails(&r, "s3", "CreateBucket", "BucketAlreadyOwnedByYou", "{'Bucket': 'b-1'}");
	r.as = r.hosting;
	rig_fails(&r, "s3", "CreateBucket", "BucketAlreadyExists", "{'Bucket': 'b-1'}");
	CHECK(
	    json_count(json_get(rig_ok(&r, "s3", "ListBuckets", "{}"), "Buckets")) == 0, "not his");
	rig_fails(&r, "s3", "HeadBucket", "AccessDenied", "{'Bucket': 'b-1'}");
	r.as = r.main;
	out = rig_ok(&r, "s3", "ListBuckets", "{}");
	CHECK_STR(rig_text(json_at(json_get(out, "Buckets"), 0), "Name"), "b-1", "his own");
	CHECK_STR(rig_text(rig_ok(&r, "s3", "HeadBucket", "{'Bucket': 'b-1'}"), "BucketRegion"),
	    RIG_REGION, "region");
	for (size_t i = 0; i < countof(bad); i++)
		rig_fails(
		    &r, "s3", "CreateBucket", "InvalidBucketName", "{'Bucket': '%s'}", bad[i]);
	rig_fails(&r, "s3", "CreateBucket", "IllegalLocationConstraintException",
	    "{'Bucket': 'b-2', 'CreateBucketConfiguration': {'LocationConstraint': 'eu-west-1'}}");
	rig_fails(&r, "s3", "HeadBucket", "NoSuchBucket", "{'Bucket': 'b-2'}");
	rig_fails(&r, "s3", "HeadBucket", "AccessDenied",
	    "{'Bucket': 'b-1', 'ExpectedBucketOwner': '" RIG_HOSTING "'}");
	put(&r, "k", S("x"));
	rig_fails(&r, "s3", "DeleteBucket", "BucketNotEmpty", "{'Bucket': 'b-1'}");
	rig_ok(&r, "s3", "DeleteObject", "{'Bucket': 'b-1', 'Key': 'k'}");
	rig_ok(&r, "s3", "DeleteBucket", "{'Bucket': 'b-1'}");
	rig_fails(&r, "s3", "DeleteBucket", "NoSuchBucket", "{'Bucket': 'b-1'}");
	rig_close(&r);
}

static void
test_objects(struct arena *a)
{
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	out = rig_ok(&r, "s3", "PutObject",
	    "{'Bucket': 'b-1', 'Key': 'dir/x.txt', 'Body': 'aGVsbG8=', 'ContentType': "
	    "'text/plain', 'Metadata': {'a': 'b'}, 'ContentMD5': 'XUFAKrxLKna5cZ2REBfFkg==', "
	    "'ChecksumCRC32': 'NhCmhg==', 'ChecksumCRC32C': 'mnG7TA==', "
	    "'ChecksumCRC64NVME': 'M3eFcAZSQlc=', 'ChecksumSHA1': 'qvTGHdzF6KLavt4PO0gs2a6pQ00='}");
	CHECK_STR(rig_text(out, "ETag"), "\"5d41402abc4b2a76b9719d911017c592\"", "md5");
	out = rig_ok(&r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'dir/x.txt'}");
	CHECK_STR(rig_text(out, "Body"), "aGVsbG8=", "body");
	CHECK_STR(rig_text(out, "ContentType"), "text/plain", "type");
	CHECK_STR(rig_text(out, "Metadata", "a"), "b", "metadata");
	out = rig_ok(&r, "s3", "HeadObject", "{'Bucket': 'b-1', 'Key': 'dir/x.txt'}");
	CHECK_STR(rig_text(out, "ContentLength"), "5", "size");
	CHECK(json_get(out, "Body") == NULL, "no body");
	put(&r, "dir/x.txt", S("world"));
	CHECK_STR(get(&r, "dir/x.txt"), "world", "replaced");
	put(&r, "empty", S(""));
	CHECK_STR(get(&r, "empty"), "", "nothing is a body, too");

	const struct {
		const char *code, *input;
	} cases[] = {
		{ "BadDigest",
		    "'Key': 'k', 'Body': 'aGVsbG8=', 'ContentMD5': "
		    "'AAAAAAAAAAAAAAAAAAAAAA=='" },
		{ "InvalidDigest", "'Key': 'k', 'Body': 'aGVsbG8=', 'ContentMD5': 'x'" },
		{ "BadDigest", "'Key': 'k', 'Body': 'aGVsbG8=', 'ChecksumCRC32': 'AAAAAA=='" },
		{ "PreconditionFailed", "'Key': 'empty', 'IfNoneMatch': '*'" },
	};
	for (size_t i = 0; i < countof(cases); i++)
		rig_fails(
		    &r, "s3", "PutObject", cases[i].code, "{'Bucket': 'b-1', %s}", cases[i].input);
	rig_fails(&r, "s3", "GetObject", "NoSuchKey", "{'Bucket': 'b-1', 'Key': 'k'}");
	rig_fails(&r, "s3", "GetObject", "PreconditionFailed",
	    "{'Bucket': 'b-1', 'Key': 'empty', 'IfMatch': 'x'}");
	rig_fails(&r, "s3", "GetObject", "NotModified",
	    "{'Bucket': 'b-1', 'Key': 'empty', 'IfNoneMatch': 'd41d8cd98f00b204e9800998ecf8427e'}");
	out = rig_ok(&r, "s3", "DeleteObjects",
	    "{'Bucket': 'b-1', 'Delete': {'Objects': [{'Key': 'empty'}, {'Key': 'none'}]}}");
	CHECK(json_count(json_get(out, "Deleted")) == 2, "what is not there is deleted");
	rig_close(&r);
}

static void
test_large_objects(struct arena *a)
{
	struct rig r;
	str big = { arena_raw(a, (2 << 20) + 1), 2 << 20 };

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	for (size_t i = 0; i <= big.len; i++)
		((char *)big.ptr)[i] = (char)(i * 31 >> 3);
	put(&r, "big", big);
	CHECK(str_eq(get(&r, "big"), big), "two megabytes come back");
	put(&r, "big", S("small"));
	CHECK_STR(get(&r, "big"), "small", "and nothing of them stays");
	big.len++;
	rig_fails(&r, "s3", "PutObject", "EntityTooLarge",
	    "{'Bucket': 'b-1', 'Key': 'k', 'Body': '" STR_FMT "'}", STR_ARG(base64_encode(a, big)));
	rig_close(&r);
}

static void
test_bucket_pages(struct arena *a)
{
	static const char *const buckets[] = { "a-1", "b-1", "b-2", "b-3" };
	const struct json *out, *list;
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(buckets); i++)
		rig_ok(&r, "s3", "CreateBucket", "{'Bucket': '%s'}", buckets[i]);
	out = rig_ok(&r, "s3", "ListBuckets", "{'Prefix': 'b-', 'MaxBuckets': 2}");
	CHECK(json_count(json_get(out, "Buckets")) == 2, "a page");
	out = rig_ok(&r, "s3", "ListBuckets",
	    "{'Prefix': 'b-', 'MaxBuckets': 2, 'ContinuationToken': '" STR_FMT "'}",
	    STR_ARG(rig_text(out, "ContinuationToken")));
	list = json_get(out, "Buckets");
	CHECK(json_count(list) == 1 && json_get(out, "ContinuationToken") == NULL, "the last page");
	CHECK_STR(rig_text(json_at(list, 0), "Name"), "b-3", "its bucket");
	out = rig_ok(&r, "s3", "ListBuckets", "{'BucketRegion': 'xx-nowhere-1'}");
	CHECK(json_count(json_get(out, "Buckets")) == 0, "none in another region");
	rig_fails(&r, "s3", "ListBuckets", "InvalidArgument", "{'MaxBuckets': 0}");
	rig_fails(&r, "s3", "ListBuckets", "InvalidArgument", "{'ContinuationToken': 'x'}");
	rig_close(&r);
}

static void
test_ranges(struct arena *a)
{
	static const struct {
		const char *range, *body, *told; /* body NULL: InvalidRange */
	} cases[] = {
		{ "bytes=2-4", "cde", "bytes 2-4/8" },
		{ "bytes=0-0", "a", "bytes 0-0/8" },
		{ "bytes=5-", "fgh", "bytes 5-7/8" },
		{ "bytes=5-99999999999999999999", "fgh", "bytes 5-7/8" },
		{ "bytes=-3", "fgh", "bytes 5-7/8" },
		{ "bytes=-99", "abcdefgh", "bytes 0-7/8" },
		{ "bytes=8-", NULL, NULL },
		{ "bytes=8-9", NULL, NULL },
		{ "bytes=-0", NULL, NULL },
		{ "bytes=4-2", "abcdefgh", "" },
		{ "bytes=a-b", "abcdefgh", "" },
		{ "bytes=+1-2", "abcdefgh", "" },
		{ "bytes=-", "abcdefgh", "" },
		{ "bytes=", "abcdefgh", "" },
		{ "bytes=0-1,3-4", "abcdefgh", "" },
		{ "lines=0-1", "abcdefgh", "" },
	};
	struct rig r;

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	put(&r, "k", S("abcdefgh"));
	put(&r, "empty", S(""));
	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out;
		str bytes;

		if (cases[i].body == NULL) {
			rig_fails(&r, "s3", "GetObject", "InvalidRange",
			    "{'Bucket': 'b-1', 'Key': 'k', 'Range': '%s'}", cases[i].range);
			continue;
		}
		out = rig_ok(&r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'k', 'Range': '%s'}",
		    cases[i].range);
		assert_true(base64_decode(a, rig_text(out, "Body"), &bytes));
		CHECK_STR(bytes, cases[i].body, "%s", cases[i].range);
		CHECK_STR(rig_text(out, "ContentRange"), cases[i].told, "%s", cases[i].range);
		CHECK(json_i64(json_get(out, "ContentLength"), 0) == (int64_t)bytes.len, "%s",
		    cases[i].range);
	}
	rig_fails(&r, "s3", "GetObject", "InvalidRange",
	    "{'Bucket': 'b-1', 'Key': 'empty', 'Range': 'bytes=0-'}");
	rig_close(&r);
}

static void
test_copies(struct arena *a)
{
	static const struct {
		const char *code, *input;
	} cases[] = {
		{ "InvalidRequest", "'Key': 'k', 'CopySource': 'b-1/k'" },
		{ "NoSuchKey", "'Key': 'x', 'CopySource': 'b-1/none'" },
		{ "NoSuchBucket", "'Key': 'x', 'CopySource': 'nowhere/k'" },
		{ "InvalidArgument", "'Key': 'x', 'CopySource': 'b-1'" },
		{ "InvalidArgument", "'Key': 'x', 'CopySource': '/b-1/'" },
		{ "InvalidArgument", "'Key': 'x', 'CopySource': 'b-1/%zz'" },
		{ "NoSuchVersion", "'Key': 'x', 'CopySource': 'b-1/k?versionId=7'" },
		{ "InvalidArgument",
		    "'Key': 'x', 'CopySource': 'b-1/k', 'MetadataDirective': 'SOME'" },
		{ "PreconditionFailed",
		    "'Key': 'x', 'CopySource': 'b-1/k', 'CopySourceIfMatch': 'x'" },
	};
	const struct json *out;
	struct rig r;

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	rig_ok(&r, "s3", "PutObject",
	    "{'Bucket': 'b-1', 'Key': 'k', 'Body': 'aGVsbG8=', 'ContentType': 'text/x', "
	    "'Metadata': {'m': 'v'}}");
	out = rig_ok(&r, "s3", "CopyObject",
	    "{'Bucket': 'b-1', 'Key': 'a b', 'CopySource': '/b-1/k?versionId=null'}");
	CHECK_STR(rig_text(json_get(out, "CopyObjectResult"), "ETag"),
	    "\"5d41402abc4b2a76b9719d911017c592\"", "tag");
	rig_ok(&r, "s3", "CopyObject",
	    "{'Bucket': 'b-1', 'Key': 'c', 'CopySource': 'b-1/a%%20b', 'ContentType': 'text/y', "
	    "'MetadataDirective': 'REPLACE'}");
	out = rig_ok(&r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'a b'}");
	CHECK_STR(rig_text(json_get(out, "Metadata"), "m"), "v", "comes along");
	out = rig_ok(&r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'c'}");
	CHECK_STR(rig_text(out, "ContentType"), "text/y", "is replaced");
	CHECK(json_get(out, "Metadata") == NULL, "all of it");
	for (size_t i = 0; i < countof(cases); i++)
		rig_fails(
		    &r, "s3", "CopyObject", cases[i].code, "{'Bucket': 'b-1', %s}", cases[i].input);
	rig_fails(
	    &r, "s3", "CreateMultipartUpload", "EntityTooLarge", "{'Bucket': 'b-1', 'Key': 'x'}");
	rig_close(&r);
}

/* "key key/ …" of one page; *next is where it ends, empty on the last. */
static str
page_of(struct rig *r, const char *options, str *next)
{
	const struct json *out =
	    rig_ok(r, "s3", "ListObjectsV2", "{'Bucket': 'b-1'%s%s" STR_FMT "%s}", options,
		next->len == 0 ? "" : ", 'ContinuationToken': '", STR_ARG(*next),
		next->len == 0 ? "" : "'");
	struct buf b = buf_in(r->a);

	for (const struct json *o = json_first(json_get(out, "Contents")); o != NULL; o = o->next)
		buf_fmt(&b, STR_FMT " ", STR_ARG(rig_text(o, "Key")));
	for (const struct json *p = json_first(json_get(out, "CommonPrefixes")); p != NULL;
	     p = p->next)
		buf_fmt(&b, "(" STR_FMT ") ", STR_ARG(rig_text(p, "Prefix")));
	*next = rig_text(out, "NextContinuationToken");
	CHECK(json_bool(json_get(out, "IsTruncated"), false) == (next->len != 0), "truncated");
	return buf_str(&b);
}

static void
test_lists(struct arena *a)
{
	static const char *const keys[] = { "a", "a/1", "a/2", "a/b/3", "b c", "c/4", "z" };
	static const struct {
		const char *label, *options, *want; /* pages told apart by '|' */
	} cases[] = {
		{ "all", "", "a a/1 a/2 a/b/3 b c c/4 z |" },
		{ "in threes", ", 'MaxKeys': 3", "a a/1 a/2 |a/b/3 b c c/4 |z |" },
		{ "prefix", ", 'Prefix': 'a/'", "a/1 a/2 a/b/3 |" },
		{ "delimiter", ", 'Delimiter': '/'", "a b c z (a/) (c/) |" },
		{ "delimiter in twos", ", 'Delimiter': '/', 'MaxKeys': 2",
		    "a (a/) |b c (c/) |z |" },
		{ "both", ", 'Prefix': 'a/', 'Delimiter': '/'", "a/1 a/2 (a/b/) |" },
		{ "after", ", 'StartAfter': 'a/2'", "a/b/3 b c c/4 z |" },
		{ "after the prefix itself",
		    ", 'Prefix': 'a/', 'Delimiter': '/', 'StartAfter': 'a/'", "a/1 a/2 (a/b/) |" },
		{ "escaped", ", 'Prefix': 'b', 'EncodingType': 'url'", "b%20c |" },
		{ "none asked for", ", 'MaxKeys': 0", "|" },
		{ "none there", ", 'Prefix': 'q'", "|" },
	};
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	for (size_t i = countof(keys); i-- > 0;)
		put(&r, keys[i], S("x"));
	for (size_t i = 0; i < countof(cases); i++) {
		struct buf got = buf_in(a);
		str next = { 0 };

		do {
			buf_add(&got, page_of(&r, cases[i].options, &next));
			buf_char(&got, '|');
		} while (next.len != 0 && got.len < 200);
		CHECK_STR(buf_str(&got), cases[i].want, "%s", cases[i].label);
	}
	out = rig_ok(&r, "s3", "ListObjects", "{'Bucket': 'b-1', 'Delimiter': '/', 'MaxKeys': 2}");
	CHECK_STR(rig_text(out, "NextMarker"), "a/", "the older form");
	out = rig_ok(&r, "s3", "ListObjects",
	    "{'Bucket': 'b-1', 'Delimiter': '/', 'Marker': 'a/', 'MaxKeys': 1}");
	CHECK_STR(
	    rig_text(json_at(json_get(out, "Contents"), 0), "Key"), "b c", "goes on after it");
	rig_fails(
	    &r, "s3", "ListObjectsV2", "InvalidArgument", "{'Bucket': 'b-1', 'EncodingType': 'x'}");
	rig_close(&r);
}

#define POLICY(effect, principal, action, resource, condition) \
	"{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[{\\'Effect\\':\\'" effect "\\'," \
	"\\'Principal\\':" principal ",\\'Action\\':\\'" action "\\',\\'Resource\\':\\'" resource \
	"\\'" condition "}]}"
#define HOSTING "{\\'AWS\\':\\'" RIG_HOSTING "\\'}"

static void
put_policy(struct rig *r, const char *policy)
{
	rig_ok(r, "s3", "PutBucketPolicy", "{'Bucket': 'b-1', 'Policy': '%s'}", policy);
}

static void
test_policies(struct arena *a)
{
	static const struct {
		const char *policy, *message;
	} bad[] = {
		{ "x", "Policies must be valid JSON and the first byte must be '{'" },
		{ "{}", "Missing required field Statement" },
		{ POLICY("Allow", "{\\'AWS\\':\\'arn:aws:iam::" RIG_MAIN ":role/none\\'}",
		      "s3:GetObject", "arn:aws:s3:::b-1/*", ""),
		    "Invalid principal in policy" },
		{ POLICY("Allow", "\\'*\\'", "s3:GetObject", "arn:aws:s3:::b-2/*", ""),
		    "Policy has invalid resource" },
		{ POLICY("Maybe", "\\'*\\'", "s3:GetObject", "arn:aws:s3:::b-1/*", ""),
		    "Syntax errors in policy." },
	};
	struct rig r;

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	put(&r, "k", S("x"));
	rig_fails(&r, "s3", "GetBucketPolicy", "NoSuchBucketPolicy", "{'Bucket': 'b-1'}");
	for (size_t i = 0; i < countof(bad); i++) {
		str message = rig_fails(&r, "s3", "PutBucketPolicy", "MalformedPolicy",
		    "{'Bucket': 'b-1', 'Policy': '%s'}", bad[i].policy);

		CHECK(str_starts(message, str_of(bad[i].message)), STR_FMT, STR_ARG(message));
	}

	put_policy(&r, POLICY("Allow", HOSTING, "s3:GetObject", "arn:aws:s3:::b-1/*", ""));
	r.as = r.hosting;
	rig_ok(&r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'k'}");
	CHECK_STR(
	    rig_fails(&r, "s3", "DeleteObject", "AccessDenied", "{'Bucket': 'b-1', 'Key': 'k'}"),
	    "User: arn:aws:iam::" RIG_HOSTING
	    ":root is not authorized to perform: s3:DeleteObject on resource: "
	    "\"arn:aws:s3:::b-1/k\" because no resource-based policy allows the s3:DeleteObject "
	    "action",
	    "AWS's words");
	rig_fails(&r, "s3", "GetBucketPolicy", "AccessDenied", "{'Bucket': 'b-1'}");

	r.as = r.main;
	put_policy(&r, POLICY("Deny", "\\'*\\'", "s3:*", "arn:aws:s3:::b-1*", ""));
	rig_fails(&r, "s3", "GetObject", "AccessDenied", "{'Bucket': 'b-1', 'Key': 'k'}");
	rig_ok(&r, "s3", "GetBucketPolicy", "{'Bucket': 'b-1'}");
	rig_ok(&r, "s3", "DeleteBucketPolicy", "{'Bucket': 'b-1'}");
	put_policy(&r,
	    POLICY("Deny", "\\'*\\'", "s3:*", "arn:aws:s3:::b-1/*",
		",\\'Condition\\':{\\'Bool\\':{\\'aws:SecureTransport\\':\\'false\\'}}"));
	rig_ok(&r, "s3", "GetObject", "{'Bucket': 'b-1', 'Key': 'k'}");
	rig_close(&r);
}

static void
test_settings(struct arena *a)
{
	static const struct {
		const char *name, *member, *document, *absent;
	} cases[] = {
		{ "BucketEncryption", "ServerSideEncryptionConfiguration",
		    "{'Rules':[{'ApplyServerSideEncryptionByDefault':{'SSEAlgorithm':'aws:kms'}}]}",
		    NULL },
		{ "BucketOwnershipControls", "OwnershipControls",
		    "{'Rules':[{'ObjectOwnership':'BucketOwnerEnforced'}]}",
		    "OwnershipControlsNotFoundError" },
		{ "PublicAccessBlock", "PublicAccessBlockConfiguration", "{'BlockPublicAcls':true}",
		    "NoSuchPublicAccessBlockConfiguration" },
	};
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	rig_ok(&r, "s3", "CreateBucket", "{'Bucket': 'b-1'}");
	for (size_t i = 0; i < countof(cases); i++) {
		const char *put_it = str_z(a, str_fmt(a, "Put%s", cases[i].name));
		const char *get_it = str_z(a, str_fmt(a, "Get%s", cases[i].name));
		const char *delete_it = str_z(a, str_fmt(a, "Delete%s", cases[i].name));

		if (cases[i].absent != NULL)
			rig_fails(&r, "s3", get_it, cases[i].absent, "{'Bucket': 'b-1'}");
		rig_ok(&r, "s3", put_it, "{'Bucket': 'b-1', '%s': %s}", cases[i].member,
		    cases[i].document);
		out = rig_ok(&r, "s3", get_it, "{'Bucket': 'b-1'}");
		CHECK_STR(
		    str_replace(a, json_text(a, json_get(out, cases[i].member)), S("\""), S("'")),
		    cases[i].document, "%s", cases[i].name);
		rig_ok(&r, "s3", delete_it, "{'Bucket': 'b-1'}");
		if (cases[i].absent != NULL)
			rig_fails(&r, "s3", get_it, cases[i].absent, "{'Bucket': 'b-1'}");
	}
	out = rig_ok(&r, "s3", "GetBucketEncryption", "{'Bucket': 'b-1'}");
	CHECK(str_has(json_text(a, out), S("AES256")), "the usual encryption");
	out = rig_ok(&r, "s3", "GetBucketVersioning", "{'Bucket': 'b-1'}");
	CHECK(json_count(out) == 0, "never versioned");
	rig_ok(&r, "s3", "PutBucketVersioning",
	    "{'Bucket': 'b-1', 'VersioningConfiguration': {'Status': 'Enabled'}}");
	CHECK_STR(rig_text(rig_ok(&r, "s3", "GetBucketVersioning", "{'Bucket': 'b-1'}"), "Status"),
	    "Enabled", "versioned");
	rig_fails(&r, "s3", "PutBucketVersioning", "MalformedXML",
	    "{'Bucket': 'b-1', 'VersioningConfiguration': {'Status': 'On'}}");
	rig_fails(&r, "s3", "GetBucketTagging", "NoSuchTagSet", "{'Bucket': 'b-1'}");
	rig_ok(&r, "s3", "PutBucketTagging",
	    "{'Bucket': 'b-1', 'Tagging': {'TagSet': [{'Key': 'k', 'Value': 'v'}]}}");
	out = rig_ok(&r, "s3", "GetBucketTagging", "{'Bucket': 'b-1'}");
	CHECK_STR(rig_text(json_at(json_get(out, "TagSet"), 0), "Value"), "v", "tags");
	rig_close(&r);
}

/* As an SDK sends it, path style; gives the whole answer. */
static struct http_response
send_it(struct rig *r, const char *method, const char *target, const char *body)
{
	struct http_request req = {
		.method = str_of(method), .target = str_of(target), .body = str_of(body)
	};
	struct http_response resp = { 0 };

	http_header_add(r->a, &req.headers, S("Host"), S("127.0.0.1:8080"));
	sigv4_sign(r->a, &req,
	    &(struct sigv4_signing){ .credentials = &r->main_key,
		.region = S(RIG_REGION),
		.service = S("s3"),
		.now_ms = r->now_ms,
		.path = SIGV4_PATH_S3,
		.content_sha256 = true },
	    NULL);
	CHECK_OK(cloud_handle(r->cloud, r->a, &req, &resp, &r->err), &r->err);
	return resp;
}

static void
test_through_the_door(struct arena *a)
{
	static const struct {
		const char *method, *target, *body;
		int status;
		const char *has; /* somewhere in the answer's body */
	} cases[] = {
		{ "PUT", "/b-1", "", 200, "" },
		{ "PUT", "/b-1/dir/a%20b", "hello", 200, "" },
		{ "GET", "/b-1/dir/a%20b", "", 200, "hello" },
		{ "HEAD", "/b-1/dir/a%20b", "", 200, "" },
		{ "GET", "/b-1/none", "", 404, "<Code>NoSuchKey</Code>" },
		{ "HEAD", "/b-1/none", "", 404, "" },
		{ "GET", "/b-1?list-type=2&prefix=dir%2F", "", 200, "<Key>dir/a b</Key>" },
		{ "GET", "/b-1?list-type=2&encoding-type=url", "", 200, "<Key>dir/a%20b</Key>" },
		{ "GET", "/", "", 200, "<Name>b-1</Name>" },
		{ "GET", "/b-1?location", "", 200, "<LocationConstraint xmlns=" },
		{ "PUT", "/b-1?policy",
		    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
		    "\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b-1/*\"}]}",
		    204, "" },
		{ "GET", "/b-1?policy", "", 200, "{\"Version\":\"2012-10-17\"" },
		{ "DELETE", "/b-1?policy", "", 204, "" },
		{ "GET", "/b-1?policy", "", 404, "<Code>NoSuchBucketPolicy</Code>" },
		{ "PUT", "/b-1?versioning",
		    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
		    200, "" },
		{ "GET", "/b-1?versioning", "", 200, "<Status>Enabled</Status>" },
		{ "PUT", "/b-1?tagging",
		    "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>",
		    204, "" },
		{ "GET", "/b-1?tagging", "", 200, "<TagSet><Tag><Key>k</Key><Value>v</Value>" },
		{ "GET", "/b-1?encryption", "", 200, "<SSEAlgorithm>AES256</SSEAlgorithm>" },
		{ "GET", "/b-1?acl", "", 501, "<Code>NotImplemented</Code>" },
		{ "POST", "/b-1?delete", "<Delete><Object><Key>dir/a b</Key></Object></Delete>",
		    200, "<Deleted><Key>dir/a b</Key></Deleted>" },
		{ "DELETE", "/b-1", "", 204, "" },
		{ "HEAD", "/b-1", "", 404, "" },
	};
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(cases); i++) {
		struct http_response resp =
		    send_it(&r, cases[i].method, cases[i].target, cases[i].body);

		CHECK(resp.status == cases[i].status && str_has(resp.body, str_of(cases[i].has)),
		    "%s %s: %d " STR_FMT, cases[i].method, cases[i].target, resp.status,
		    STR_ARG(resp.body));
	}
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_buckets),
		TEST(test_bucket_pages),
		TEST(test_objects),
		TEST(test_large_objects),
		TEST(test_ranges),
		TEST(test_copies),
		TEST(test_lists),
		TEST(test_policies),
		TEST(test_settings),
		TEST(test_through_the_door),
	};

	return RUN_TESTS(tests);
}
