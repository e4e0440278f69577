/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_rig.h"

static str
key_new(struct rig *r)
{
	return rig_text(
	    rig_ok(r, "kms", "CreateKey", "{'Description': 'of a test'}"), "KeyMetadata", "KeyId");
}

static void
test_key_life(struct arena *a)
{
	struct rig r;
	const struct json *key, *got;
	str id, arn;

	rig_open(&r, a);
	key = json_get(rig_ok(&r, "kms", "CreateKey",
			   "{'Description': 'of a test', 'Tags': [{'TagKey': 'k', 'TagValue': "
			   "'v'}]}"),
	    "KeyMetadata");
	id = rig_text(key, "KeyId");
	arn = rig_text(key, "Arn");
	CHECK_STR(arn,
	    str_z(
		a, str_fmt(a, "arn:aws:kms:" RIG_REGION ":" RIG_MAIN ":key/" STR_FMT, STR_ARG(id))),
	    "arn");
	CHECK_STR(rig_text(key, "KeyState"), "Enabled", "state");
	got = rig_ok(&r, "kms", "DescribeKey", "{'KeyId': '" STR_FMT "'}", STR_ARG(arn));
	CHECK(json_equal(json_get(got, "KeyMetadata"), key), "the same by ARN");

	got = rig_ok(&r, "kms", "GetKeyRotationStatus", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	CHECK(!json_bool(json_get(got, "KeyRotationEnabled"), true), "off at first");
	rig_ok(&r, "kms", "EnableKeyRotation", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	got = rig_ok(&r, "kms", "GetKeyRotationStatus", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	CHECK_STR(rig_text(got, "RotationPeriodInDays"), "365", "once a year");

	rig_ok(&r, "kms", "TagResource",
	    "{'KeyId': '" STR_FMT "', 'Tags': [{'TagKey': 'l', 'TagValue': 'w'}]}", STR_ARG(id));
	rig_ok(
	    &r, "kms", "UntagResource", "{'KeyId': '" STR_FMT "', 'TagKeys': ['k']}", STR_ARG(id));
	got = rig_ok(&r, "kms", "ListResourceTags", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	CHECK_STR(
	    json_text(a, json_get(got, "Tags")), "[{\"TagKey\":\"l\",\"TagValue\":\"w\"}]", "tags");

	got = rig_ok(&r, "kms", "ScheduleKeyDeletion",
	    "{'KeyId': '" STR_FMT "', 'PendingWindowInDays': 7}", STR_ARG(id));
	CHECK_STR(rig_text(got, "DeletionDate"), "1652384343", "in seven days");
	CHECK_STR(rig_fails(&r, "kms", "EnableKeyRotation", "KMSInvalidStateException",
		      "{'KeyId': '" STR_FMT "'}", STR_ARG(id)),
	    str_z(a, str_fmt(a, STR_FMT " is pending deletion.", STR_ARG(arn))), "on its way out");
	rig_ok(&r, "kms", "CancelKeyDeletion", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	rig_ok(&r, "kms", "ScheduleKeyDeletion",
	    "{'KeyId': '" STR_FMT "', 'PendingWindowInDays': 7}", STR_ARG(id));
	r.now_ms += INT64_C(7) * 86400000;
	CHECK_STR(rig_fails(&r, "kms", "DescribeKey", "NotFoundException",
		      "{'KeyId': '" STR_FMT "'}", STR_ARG(id)),
	    str_z(a, str_fmt(a, "Key '" STR_FMT "' does not exist", STR_ARG(arn))), "gone");
	CHECK(json_count(json_get(rig_ok(&r, "kms", "ListKeys", "{}"), "Keys")) == 0, "from lists");
	rig_close(&r);
}

static void
test_aliases(struct arena *a)
{
	struct rig r;
	const struct json *got;
	str one, two;

	rig_open(&r, a);
	one = key_new(&r);
	two = key_new(&r);
	rig_ok(&r, "kms", "CreateAlias", "{'AliasName': 'alias/x', 'TargetKeyId': '" STR_FMT "'}",
	    STR_ARG(one));
	CHECK_STR(rig_fails(&r, "kms", "CreateAlias", "AlreadyExistsException",
		      "{'AliasName': 'alias/x', 'TargetKeyId': '" STR_FMT "'}", STR_ARG(two)),
	    "An alias with the name arn:aws:kms:" RIG_REGION ":" RIG_MAIN ":alias/x already exists",
	    "taken");
	got = rig_ok(&r, "kms", "DescribeKey", "{'KeyId': 'alias/x'}");
	CHECK(str_eq(rig_text(got, "KeyMetadata", "KeyId"), one), "by alias");
	rig_ok(&r, "kms", "UpdateAlias", "{'AliasName': 'alias/x', 'TargetKeyId': '" STR_FMT "'}",
	    STR_ARG(two));
	got = rig_ok(&r, "kms", "DescribeKey",
	    "{'KeyId': 'arn:aws:kms:" RIG_REGION ":" RIG_MAIN ":alias/x'}");
	CHECK(str_eq(rig_text(got, "KeyMetadata", "KeyId"), two), "by the alias's ARN");
	got = rig_ok(&r, "kms", "ListAliases", "{'KeyId': '" STR_FMT "'}", STR_ARG(one));
	CHECK(json_count(json_get(got, "Aliases")) == 0, "no more of the first");
	got = rig_ok(&r, "kms", "ListAliases", "{'KeyId': '" STR_FMT "'}", STR_ARG(two));
	CHECK_STR(rig_text(json_at(json_get(got, "Aliases"), 0), "AliasName"), "alias/x",
	    "but of the second");
	rig_ok(&r, "kms", "DeleteAlias", "{'AliasName': 'alias/x'}");
	CHECK_STR(rig_fails(&r, "kms", "DescribeKey", "NotFoundException", "{'KeyId': 'alias/x'}"),
	    "Alias arn:aws:kms:" RIG_REGION ":" RIG_MAIN ":alias/x is not found.", "gone");
	rig_fails(&r, "kms", "CreateAlias", "ValidationException",
	    "{'AliasName': 'x', 'TargetKeyId': '" STR_FMT "'}", STR_ARG(one));
	rig_fails(&r, "kms", "CreateAlias", "NotAuthorizedException",
	    "{'AliasName': 'alias/aws/s3', 'TargetKeyId': '" STR_FMT "'}", STR_ARG(one));
	rig_fails(&r, "kms", "CreateAlias", "NotFoundException",
	    "{'AliasName': 'alias/y', 'TargetKeyId': 'nothing'}");
	rig_close(&r);
}

#define STATEMENT(principal) \
	"{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\'" \
	":{" principal "},\\'Action\\':\\'kms:*\\',\\'Resource\\':\\'*\\'}]}"

static void
test_policies(struct arena *a)
{
	static const struct {
		const char *label, *policy, *message;
	} cases[] = {
		{ "no JSON", "x", "This policy contains invalid Json (" },
		{ "no principal",
		    "{\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Action\\':"
		    "\\'kms:*\\',\\'Resource\\':\\'*\\'}]}",
		    "Missing required field Principal (" },
		{ "a role that is not there",
		    STATEMENT("\\'AWS\\':\\'arn:aws:iam::" RIG_MAIN ":role/none\\'"),
		    "Policy contains a statement with one or more invalid principals." },
		{ "locks its author out", STATEMENT("\\'AWS\\':\\'" RIG_HOSTING "\\'"),
		    "The new key policy will not allow you to update the key policy in the future." },
	};
	struct rig r;
	const struct json *got;
	str id;

	rig_open(&r, a);
	id = key_new(&r);
	got = rig_ok(&r, "kms", "GetKeyPolicy", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	CHECK(str_has(rig_text(got, "Policy"), S("arn:aws:iam::" RIG_MAIN ":root")),
	    "the account's own at first");
	for (size_t i = 0; i < countof(cases); i++) {
		str message =
		    rig_fails(&r, "kms", "PutKeyPolicy", "MalformedPolicyDocumentException",
			"{'KeyId': '" STR_FMT "', 'Policy': '%s'}", STR_ARG(id), cases[i].policy);

		CHECK(str_starts(message, str_of(cases[i].message)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(message));
	}
	rig_ok(&r, "kms", "PutKeyPolicy",
	    "{'KeyId': '" STR_FMT
	    "', 'BypassPolicyLockoutSafetyCheck': true, 'Policy': '" STATEMENT(
		"\\'AWS\\':\\'" RIG_HOSTING "\\'") "'}",
	    STR_ARG(id));
	got = rig_ok(&r, "kms", "GetKeyPolicy", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	CHECK(str_has(rig_text(got, "Policy"), S(RIG_HOSTING)), "as it was put");
	rig_fails(&r, "kms", "GetKeyPolicy", "NotFoundException",
	    "{'KeyId': '" STR_FMT "', 'PolicyName': 'other'}", STR_ARG(id));
	rig_close(&r);
}

static void
test_refused(struct arena *a)
{
	struct rig r;
	str id;

	rig_open(&r, a);
	id = key_new(&r);
	rig_fails(&r, "kms", "CreateKey", "UnsupportedOperationException",
	    "{'KeySpec': 'RSA_2048', 'KeyUsage': 'SIGN_VERIFY'}");
	rig_fails(&r, "kms", "CreateKey", "ValidationException", "{'KeyUsage': 'NOTHING'}");
	rig_fails(&r, "kms", "CreateKey", "TagException",
	    "{'Tags': [{'TagKey': 'a', 'TagValue': '1'}, {'TagKey': 'a', 'TagValue': '2'}]}");
	rig_fails(&r, "kms", "ScheduleKeyDeletion", "ValidationException",
	    "{'KeyId': '" STR_FMT "', 'PendingWindowInDays': 3}", STR_ARG(id));
	CHECK_STR(rig_fails(&r, "kms", "DescribeKey", "NotFoundException", "{'KeyId': 'x'}"),
	    "Invalid keyId 'x'", "no key's name");
	r.as = r.hosting;
	rig_fails(
	    &r, "kms", "DescribeKey", "NotFoundException", "{'KeyId': '" STR_FMT "'}", STR_ARG(id));
	rig_ok(&r, "kms", "DescribeKey",
	    "{'KeyId': 'arn:aws:kms:" RIG_REGION ":" RIG_MAIN ":key/" STR_FMT "'}", STR_ARG(id));
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_key_life),
		TEST(test_aliases),
		TEST(test_policies),
		TEST(test_refused),
	};

	return RUN_TESTS(tests);
}
