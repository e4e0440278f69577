/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_rig.h"

#include "base/buf.h"
#include "base/encode.h"

#define TRUST_ROOT \
	"{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':[{\\'Effect\\':\\'Allow\\',\\'Principal\\'" \
	":{\\'AWS\\':\\'" RIG_MAIN "\\'},\\'Action\\':\\'sts:AssumeRole\\'}]}"
#define ALLOW_ALL \
	"{\\'Version\\':\\'2012-10-17\\',\\'Statement\\':{\\'Effect\\':\\'Allow\\',\\'Action\\':" \
	"\\'*\\',\\'Resource\\':\\'*\\'}}"
#define POLICY(name) "arn:aws:iam::" RIG_MAIN ":policy/" name

static str
role_new(struct rig *r, const char *name)
{
	const struct json *out = rig_ok(r, "iam", "CreateRole",
	    "{'RoleName': '%s', 'AssumeRolePolicyDocument': '" TRUST_ROOT "'}", name);

	return rig_text(out, "Role", "Arn");
}

static void
test_role_life(struct arena *a)
{
	struct rig r;
	const struct json *role, *got;
	str document;

	rig_open(&r, a);
	role = json_get(rig_ok(&r, "iam", "CreateRole",
			    "{'RoleName': 'R', 'Path': '/team/', 'Description': 'of a test', "
			    "'MaxSessionDuration': 7200, 'Tags': [{'Key': 'k', 'Value': 'v'}], "
			    "'AssumeRolePolicyDocument': '" TRUST_ROOT "'}"),
	    "Role");
	CHECK_STR(rig_text(role, "Arn"), "arn:aws:iam::" RIG_MAIN ":role/team/R", "arn");
	CHECK(str_starts(rig_text(role, "RoleId"), S("AROA")), "id");
	CHECK(rig_text(role, "RoleId").len == 21, "its length");
	CHECK_STR(rig_text(role, "CreateDate"), "1651779543", "date");
	CHECK_OK(percent_decode(a, rig_text(role, "AssumeRolePolicyDocument"), false, &document),
	    &r.err);
	CHECK(str_starts(document, S("{\"Version\":\"2012-10-17\"")), "percent-encoded");

	got = json_get(rig_ok(&r, "iam", "GetRole", "{'RoleName': 'r'}"), "Role");
	CHECK(json_equal(role, got), "the same, in whatever case it is asked for");
	rig_fails(&r, "iam", "CreateRole", "EntityAlreadyExists",
	    "{'RoleName': 'r', 'AssumeRolePolicyDocument': '" TRUST_ROOT "'}");
	CHECK_STR(rig_fails(&r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'none'}"),
	    "The role with name none cannot be found.", "AWS's words");

	rig_ok(&r, "iam", "UpdateRole", "{'RoleName': 'R', 'Description': 'new'}");
	rig_ok(&r, "iam", "TagRole",
	    "{'RoleName': 'R', 'Tags': [{'Key': 'k', 'Value': 'w'}, {'Key': 'l', 'Value': 'x'}]}");
	rig_ok(&r, "iam", "UntagRole", "{'RoleName': 'R', 'TagKeys': ['l', 'none']}");
	got = json_get(rig_ok(&r, "iam", "GetRole", "{'RoleName': 'R'}"), "Role");
	CHECK_STR(json_text(a, json_get(got, "Tags")), "[{\"Key\":\"k\",\"Value\":\"w\"}]", "tags");
	CHECK_STR(rig_text(got, "Description"), "new", "description");
	CHECK_STR(rig_text(got, "MaxSessionDuration"), "7200", "kept");

	rig_ok(&r, "iam", "DeleteRole", "{'RoleName': 'R'}");
	rig_fails(&r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'R'}");
	rig_close(&r);
}

static void
test_role_refused(struct arena *a)
{
	static const struct {
		const char *label, *input, *code, *message;
	} cases[] = {
		{ "two bad members",
		    "{'RoleName': 'a b', 'Path': 'x', 'AssumeRolePolicyDocument': '" TRUST_ROOT
		    "'}",
		    "ValidationError",
		    "2 validation errors detected: Value 'a b' at 'roleName' failed to satisfy "
		    "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+; Value "
		    "'x' at 'path' failed to satisfy constraint: Member must satisfy regular "
		    "expression pattern: (/)|(/[\\x21-\\x7e]+/)" },
		{ "a short session",
		    "{'RoleName': 'x', 'MaxSessionDuration': 60, 'AssumeRolePolicyDocument': "
		    "'" TRUST_ROOT "'}",
		    "ValidationError",
		    "1 validation error detected: Value '60' at 'maxSessionDuration' failed to "
		    "satisfy constraint: Member must have value greater than or equal to 3600" },
		{ "no JSON", "{'RoleName': 'x', 'AssumeRolePolicyDocument': 'x'}",
		    "MalformedPolicyDocument", "This policy contains invalid Json (" },
		{ "a principal that is none",
		    "{'RoleName': 'x', 'AssumeRolePolicyDocument': '{\\'Statement\\': {\\'Effect\\': "
		    "\\'Allow\\', \\'Principal\\': {\\'AWS\\': \\'arn:aws:iam::" RIG_MAIN
		    ":role/none\\'}, \\'Action\\': \\'sts:AssumeRole\\'}}'}",
		    "MalformedPolicyDocument",
		    "Invalid principal in policy: \"AWS\":\"arn:aws:iam::" RIG_MAIN
		    ":role/none\"" },
		{ "a service that is none",
		    "{'RoleName': 'x', 'AssumeRolePolicyDocument': '{\\'Statement\\': {\\'Effect\\': "
		    "\\'Allow\\', \\'Principal\\': {\\'Service\\': \\'events\\'}, \\'Action\\': "
		    "\\'sts:AssumeRole\\'}}'}",
		    "MalformedPolicyDocument",
		    "Invalid principal in policy: \"SERVICE\":\"events\"" },
		{ "a boundary that is not there",
		    "{'RoleName': 'x', 'PermissionsBoundary': '" POLICY(
			"none") "', 'AssumeRolePolicyDocument': '" TRUST_ROOT "'}",
		    "NoSuchEntity",
		    "Policy " POLICY("none") " does not exist or is not attachable." },
		{ "a tag twice",
		    "{'RoleName': 'x', 'Tags': [{'Key': 'a', 'Value': ''}, {'Key': 'A', 'Value': "
		    "''}], 'AssumeRolePolicyDocument': '" TRUST_ROOT "'}",
		    "InvalidInput", "Duplicate tag keys found." },
	};
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(cases); i++) {
		str message =
		    rig_fails(&r, "iam", "CreateRole", cases[i].code, "%s", cases[i].input);

		CHECK(str_starts(message, str_of(cases[i].message)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(message));
	}
	rig_fails(&r, "iam", "GetRole", "NoSuchEntity", "{'RoleName': 'x'}");
	rig_close(&r);
}

static void
test_inline_policies(struct arena *a)
{
	struct rig r;
	struct buf big = buf_in(a);

	rig_open(&r, a);
	role_new(&r, "R");
	rig_ok(&r, "iam", "PutRolePolicy",
	    "{'RoleName': 'R', 'PolicyName': 'p', 'PolicyDocument': '" ALLOW_ALL "'}");
	rig_ok(&r, "iam", "PutRolePolicy",
	    "{'RoleName': 'R', 'PolicyName': 'q', 'PolicyDocument': '" ALLOW_ALL "'}");
	CHECK_STR(json_text(a,
		      json_get(rig_ok(&r, "iam", "ListRolePolicies", "{'RoleName': 'R'}"),
			  "PolicyNames")),
	    "[\"p\",\"q\"]", "names");
	CHECK(str_starts(rig_text(rig_ok(&r, "iam", "GetRolePolicy",
				      "{'RoleName': 'R', 'PolicyName': 'p'}"),
			     "PolicyDocument"),
		  S("%7B%22Version%22%3A")),
	    "percent-encoded");
	for (int i = 0; i < 1100; i++)
		buf_add(&big, S("'s3:GetXX',"));
	rig_fails(&r, "iam", "PutRolePolicy", "LimitExceeded",
	    "{'RoleName': 'R', 'PolicyName': 'big', 'PolicyDocument': '{\\'Statement\\': "
	    "{\\'Effect\\': \\'Allow\\', \\'Resource\\': \\'*\\', \\'Action\\': [" STR_FMT
	    "\\'s3:x\\']}}'}",
	    STR_ARG(str_replace(a, buf_str(&big), S("'"), S("\\'"))));
	CHECK_STR(rig_fails(&r, "iam", "DeleteRole", "DeleteConflict", "{'RoleName': 'R'}"),
	    "Cannot delete entity, must delete policies first.", "in the way");
	rig_ok(&r, "iam", "DeleteRolePolicy", "{'RoleName': 'R', 'PolicyName': 'p'}");
	rig_ok(&r, "iam", "DeleteRolePolicy", "{'RoleName': 'R', 'PolicyName': 'q'}");
	CHECK_STR(rig_fails(&r, "iam", "GetRolePolicy", "NoSuchEntity",
		      "{'RoleName': 'R', 'PolicyName': 'p'}"),
	    "The role policy with name p cannot be found.", "gone");
	rig_ok(&r, "iam", "DeleteRole", "{'RoleName': 'R'}");
	rig_close(&r);
}

static void
test_managed_policies(struct arena *a)
{
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	role_new(&r, "R");
	out = rig_ok(
	    &r, "iam", "CreatePolicy", "{'PolicyName': 'P', 'PolicyDocument': '" ALLOW_ALL "'}");
	CHECK_STR(rig_text(out, "Policy", "Arn"), POLICY("P"), "arn");
	rig_fails(&r, "iam", "CreatePolicy", "EntityAlreadyExists",
	    "{'PolicyName': 'p', 'PolicyDocument': '" ALLOW_ALL "'}");
	for (int i = 0; i < 2; i++) /* twice is no error */
		rig_ok(&r, "iam", "AttachRolePolicy",
		    "{'RoleName': 'R', 'PolicyArn': '" POLICY("P") "'}");
	rig_ok(&r, "iam", "PutRolePermissionsBoundary",
	    "{'RoleName': 'R', 'PermissionsBoundary': '" POLICY("P") "'}");
	out = rig_ok(&r, "iam", "GetPolicy", "{'PolicyArn': '" POLICY("P") "'}");
	CHECK_STR(rig_text(out, "Policy", "AttachmentCount"), "1", "attached once");
	CHECK_STR(rig_text(out, "Policy", "PermissionsBoundaryUsageCount"), "1", "and a boundary");
	rig_fails(&r, "iam", "DeletePolicy", "DeleteConflict", "{'PolicyArn': '" POLICY("P") "'}");
	rig_ok(&r, "iam", "DeleteRolePermissionsBoundary", "{'RoleName': 'R'}");
	rig_fails(&r, "iam", "DeletePolicy", "DeleteConflict", "{'PolicyArn': '" POLICY("P") "'}");
	CHECK_STR(rig_fails(&r, "iam", "DeleteRole", "DeleteConflict", "{'RoleName': 'R'}"),
	    "Cannot delete entity, must detach all policies first.", "in the way");
	out = rig_ok(&r, "iam", "ListEntitiesForPolicy", "{'PolicyArn': '" POLICY("P") "'}");
	CHECK_STR(
	    rig_text(json_at(json_get(out, "PolicyRoles"), 0), "RoleName"), "R", "who has it");
	rig_ok(&r, "iam", "DetachRolePolicy", "{'RoleName': 'R', 'PolicyArn': '" POLICY("P") "'}");
	CHECK_STR(rig_fails(&r, "iam", "DetachRolePolicy", "NoSuchEntity",
		      "{'RoleName': 'R', 'PolicyArn': '" POLICY("P") "'}"),
	    "Policy " POLICY("P") " was not found.", "not attached");
	rig_ok(&r, "iam", "DeletePolicy", "{'PolicyArn': '" POLICY("P") "'}");
	CHECK_STR(rig_fails(&r, "iam", "AttachRolePolicy", "NoSuchEntity",
		      "{'RoleName': 'R', 'PolicyArn': '" POLICY("P") "'}"),
	    "Policy " POLICY("P") " does not exist or is not attachable.", "not there");
	rig_close(&r);
}

static void
test_policy_versions(struct arena *a)
{
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	rig_ok(&r, "iam", "CreatePolicy",
	    "{'PolicyName': 'P', 'Path': '/x/y/', 'PolicyDocument': '" ALLOW_ALL "'}");
	for (int i = 2; i <= 5; i++)
		rig_ok(&r, "iam", "CreatePolicyVersion",
		    "{'PolicyArn': '" POLICY("x/y/P") "', 'PolicyDocument': '" ALLOW_ALL
						      "', 'SetAsDefault': %s}",
		    i == 3 ? "true" : "false");
	CHECK_STR(rig_fails(&r, "iam", "CreatePolicyVersion", "LimitExceeded",
		      "{'PolicyArn': '" POLICY("x/y/P") "', 'PolicyDocument': '" ALLOW_ALL "'}"),
	    "A managed policy can have up to 5 versions. Before you create a new version, you must "
	    "delete an existing version.",
	    "five");
	CHECK_STR(rig_text(rig_ok(&r, "iam", "GetPolicy", "{'PolicyArn': '" POLICY("x/y/P") "'}"),
		      "Policy", "DefaultVersionId"),
	    "v3", "the default");
	rig_fails(&r, "iam", "DeletePolicyVersion", "DeleteConflict",
	    "{'PolicyArn': '" POLICY("x/y/P") "', 'VersionId': 'v3'}");
	rig_fails(
	    &r, "iam", "DeletePolicy", "DeleteConflict", "{'PolicyArn': '" POLICY("x/y/P") "'}");
	rig_ok(&r, "iam", "SetDefaultPolicyVersion",
	    "{'PolicyArn': '" POLICY("x/y/P") "', 'VersionId': 'v1'}");
	for (int i = 2; i <= 5; i++)
		rig_ok(&r, "iam", "DeletePolicyVersion",
		    "{'PolicyArn': '" POLICY("x/y/P") "', 'VersionId': 'v%d'}", i);
	rig_ok(&r, "iam", "CreatePolicyVersion",
	    "{'PolicyArn': '" POLICY("x/y/P") "', 'PolicyDocument': '" ALLOW_ALL "'}");
	out = rig_ok(&r, "iam", "ListPolicyVersions", "{'PolicyArn': '" POLICY("x/y/P") "'}");
	CHECK_STR(rig_text(json_at(json_get(out, "Versions"), 1), "VersionId"), "v6",
	    "numbers are not used again");
	CHECK_STR(rig_fails(&r, "iam", "GetPolicyVersion", "NoSuchEntity",
		      "{'PolicyArn': '" POLICY("x/y/P") "', 'VersionId': 'v2'}"),
	    "Policy " POLICY("x/y/P") " version v2 does not exist or is not attachable.", "gone");
	rig_fails(&r, "iam", "GetPolicy", "NoSuchEntity", "{'PolicyArn': '" POLICY("P") "'}");
	rig_close(&r);
}

static void
test_aws_managed(struct arena *a)
{
	static const char admin[] = "arn:aws:iam::aws:policy/AWSServiceCatalogAdminFullAccess";
	struct rig r;
	const struct json *out, *list;

	rig_open(&r, a);
	role_new(&r, "R");
	rig_ok(&r, "iam", "AttachRolePolicy", "{'RoleName': 'R', 'PolicyArn': '%s'}", admin);
	out = rig_ok(&r, "iam", "GetPolicy", "{'PolicyArn': '%s'}", admin);
	CHECK_STR(rig_text(out, "Policy", "AttachmentCount"), "1", "its use in this account");
	rig_fails(&r, "iam", "DeletePolicy", "AccessDenied", "{'PolicyArn': '%s'}", admin);
	rig_fails(&r, "iam", "AttachRolePolicy", "NoSuchEntity",
	    "{'RoleName': 'R', 'PolicyArn': 'arn:aws:iam::aws:policy/NoSuchThing'}");

	list = json_get(rig_ok(&r, "iam", "ListPolicies", "{'Scope': 'AWS'}"), "Policies");
	CHECK(json_count(list) >= 20, "all of them");
	for (const struct json *p = json_first(list); p != NULL; p = p->next) {
		str document, name = rig_text(p, "PolicyName");

		out = rig_ok(&r, "iam", "GetPolicyVersion",
		    "{'PolicyArn': '" STR_FMT "', 'VersionId': 'v1'}", STR_ARG(rig_text(p, "Arn")));
		CHECK_OK(
		    percent_decode(a, rig_text(out, "PolicyVersion", "Document"), false, &document),
		    &r.err);
		/* Its document passes where a customer's would. */
		rig_ok(&r, "iam", "PutRolePolicy",
		    "{'RoleName': 'R', 'PolicyName': '" STR_FMT "', 'PolicyDocument': '" STR_FMT
		    "'}",
		    STR_ARG(name), STR_ARG(str_replace(a, document, S("\""), S("\\\""))));
		rig_ok(&r, "iam", "DeleteRolePolicy",
		    "{'RoleName': 'R', 'PolicyName': '" STR_FMT "'}", STR_ARG(name));
	}
	rig_close(&r);
}

static void
test_instance_profiles(struct arena *a)
{
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	role_new(&r, "R");
	rig_ok(&r, "iam", "CreateInstanceProfile", "{'InstanceProfileName': 'I'}");
	rig_ok(
	    &r, "iam", "AddRoleToInstanceProfile", "{'InstanceProfileName': 'I', 'RoleName': 'R'}");
	rig_fails(&r, "iam", "AddRoleToInstanceProfile", "LimitExceeded",
	    "{'InstanceProfileName': 'I', 'RoleName': 'R'}");
	out = rig_ok(&r, "iam", "GetInstanceProfile", "{'InstanceProfileName': 'I'}");
	CHECK_STR(
	    rig_text(json_at(json_path(out, "InstanceProfile", "Roles", NULL), 0), "RoleName"), "R",
	    "its role");
	out = rig_ok(&r, "iam", "ListInstanceProfilesForRole", "{'RoleName': 'R'}");
	CHECK(json_count(json_get(out, "InstanceProfiles")) == 1, "found from the role");
	rig_fails(&r, "iam", "DeleteRole", "DeleteConflict", "{'RoleName': 'R'}");
	rig_fails(
	    &r, "iam", "DeleteInstanceProfile", "DeleteConflict", "{'InstanceProfileName': 'I'}");
	rig_ok(&r, "iam", "RemoveRoleFromInstanceProfile",
	    "{'InstanceProfileName': 'I', 'RoleName': 'R'}");
	rig_ok(&r, "iam", "DeleteInstanceProfile", "{'InstanceProfileName': 'I'}");
	rig_ok(&r, "iam", "DeleteRole", "{'RoleName': 'R'}");
	rig_close(&r);
}

static void
test_lists_in_pages(struct arena *a)
{
	struct rig r;
	const struct json *out;
	str marker;

	rig_open(&r, a);
	for (int i = 0; i < 5; i++)
		role_new(&r, str_z(a, str_fmt(a, "role%d", i)));
	r.as = r.hosting;
	CHECK(json_count(json_get(rig_ok(&r, "iam", "ListRoles", "{}"), "Roles")) == 0,
	    "each account its own");
	r.as = r.main;
	out = rig_ok(&r, "iam", "ListRoles", "{'MaxItems': 3}");
	CHECK(json_bool(json_get(out, "IsTruncated"), false), "more");
	marker = rig_text(out, "Marker");
	out = rig_ok(
	    &r, "iam", "ListRoles", "{'MaxItems': 3, 'Marker': '" STR_FMT "'}", STR_ARG(marker));
	CHECK(json_count(json_get(out, "Roles")) == 2, "the rest");
	CHECK(!json_bool(json_get(out, "IsTruncated"), true), "no more");
	CHECK(json_count(
		  json_get(rig_ok(&r, "iam", "ListRoles", "{'PathPrefix': '/x/'}"), "Roles")) == 0,
	    "none below that path");
	rig_fails(&r, "iam", "ListPolicies", "ValidationError", "{'Marker': '" STR_FMT "'}",
	    STR_ARG(marker));
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_role_life),
		TEST(test_role_refused),
		TEST(test_inline_policies),
		TEST(test_managed_policies),
		TEST(test_policy_versions),
		TEST(test_aws_managed),
		TEST(test_instance_profiles),
		TEST(test_lists_in_pages),
	};

	return RUN_TESTS(tests);
}
