/* SPDX-License-Identifier: Apache-2.0 */
#include "cloud_rig.h"

#define ROLE "arn:aws:iam::" RIG_HOSTING ":role/R"
#define SERVICE_ROLE "arn:aws:iam::" RIG_HOSTING ":role/S"

/* Makes a role in the hosting account; principal and condition are JSON with ' for ". */
static void
role_new(struct rig *r, const char *name, const char *principal, const char *condition)
{
	struct principal before = r->as;
	str document = str_fmt(r->a,
	    "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':%s,"
	    "'Action':'sts:AssumeRole'%s%s}]}",
	    principal,
	    condition == NULL ? "" : ",'Condition':", condition == NULL ? "" : condition);

	r->as = r->hosting;
	rig_ok(r, "iam", "CreateRole",
	    "{'RoleName': '%s', 'AssumeRolePolicyDocument': '" STR_FMT "'}", name,
	    STR_ARG(str_replace(r->a, document, S("'"), S("\\'"))));
	r->as = before;
}

static struct principal
principal_of(struct rig *r, const struct json *answer, const char *role_arn)
{
	(void)r;
	return (struct principal){ .kind = PRINCIPAL_ROLE,
		.account = arn_account(str_of(role_arn)),
		.arn = rig_text(answer, "AssumedRoleUser", "Arn"),
		.id = rig_text(answer, "AssumedRoleUser", "AssumedRoleId"),
		.role_arn = str_of(role_arn) };
}

static void
test_assume_role(struct arena *a)
{
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	role_new(&r, "R", "{'AWS':'arn:aws:iam::" RIG_MAIN ":root'}", NULL);
	out = rig_ok(&r, "sts", "AssumeRole", "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me'}");
	CHECK_STR(rig_text(out, "AssumedRoleUser", "Arn"),
	    "arn:aws:sts::" RIG_HOSTING ":assumed-role/R/me", "arn");
	CHECK(str_ends(rig_text(out, "AssumedRoleUser", "AssumedRoleId"), S(":me")), "id");
	CHECK(str_starts(rig_text(out, "Credentials", "AccessKeyId"), S("ASIA")), "key");
	CHECK_STR(rig_text(out, "Credentials", "Expiration"), "1651783143", "an hour");

	r.as = principal_of(&r, out, ROLE);
	out = rig_ok(&r, "sts", "GetCallerIdentity", "{}");
	CHECK_STR(rig_text(out, "Account"), RIG_HOSTING, "its account");
	CHECK_STR(
	    rig_text(out, "Arn"), "arn:aws:sts::" RIG_HOSTING ":assumed-role/R/me", "its arn");
	rig_fails(&r, "sts", "GetSessionToken", "AccessDenied", "{}");
	rig_close(&r);
}

static void
test_external_id(struct arena *a)
{
	static const struct {
		const char *label, *id;
		bool ok;
	} cases[] = {
		{ "right", ", 'ExternalId': 'secret'", true },
		{ "wrong", ", 'ExternalId': 'Secret'", false },
		{ "absent", "", false },
	};
	static const char words[] =
	    "User: arn:aws:iam::" RIG_MAIN ":root is not authorized to perform: sts:AssumeRole on "
	    "resource: ";
	struct rig r;

	rig_open(&r, a);
	role_new(
	    &r, "R", "{'AWS':['" RIG_MAIN "']}", "{'StringEquals':{'sts:ExternalId':'secret'}}");
	for (size_t i = 0; i < countof(cases); i++) {
		str message;

		if (cases[i].ok) {
			rig_ok(&r, "sts", "AssumeRole",
			    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me'%s}", cases[i].id);
			continue;
		}
		message = rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
		    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me'%s}", cases[i].id);
		CHECK_STR(message, str_z(a, str_fmt(a, "%s" ROLE, words)), "%s", cases[i].label);
	}
	CHECK_STR(rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
		      "{'RoleArn': '" ROLE "x', 'RoleSessionName': 'me', 'ExternalId': 'secret'}"),
	    str_z(a, str_fmt(a, "%s" ROLE "x", words)), "a missing role is told alike");
	r.as = r.hosting;
	rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
	    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me', 'ExternalId': 'secret'}");
	rig_close(&r);
}

static void
test_durations(struct arena *a)
{
	struct rig r;
	const struct json *out;

	rig_open(&r, a);
	role_new(&r, "R", "{'AWS':'*'}", NULL);
	CHECK_STR(rig_fails(&r, "sts", "AssumeRole", "ValidationError",
		      "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me', 'DurationSeconds': 3601}"),
	    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
	    "the role's limit");
	r.as = r.hosting;
	rig_ok(&r, "iam", "UpdateRole", "{'RoleName': 'R', 'MaxSessionDuration': 43200}");
	out = rig_ok(&r, "sts", "AssumeRole",
	    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me', 'DurationSeconds': 43200}");
	r.as = principal_of(&r, out, ROLE);
	CHECK_STR(rig_fails(&r, "sts", "AssumeRole", "ValidationError",
		      "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me', 'DurationSeconds': 3601}"),
	    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
	    "role chaining.",
	    "the chain's limit");
	rig_close(&r);
}

static void
test_bad_input(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	CHECK_STR(rig_fails(&r, "sts", "AssumeRole", "ValidationError",
		      "{'RoleArn': 'arn:aws:iam::1:user/x/yyyy', 'RoleSessionName': 'me'}"),
	    "arn:aws:iam::1:user/x/yyyy is invalid", "no role's arn");
	CHECK_STR(rig_fails(&r, "sts", "AssumeRole", "ValidationError",
		      "{'RoleArn': '" ROLE "', 'RoleSessionName': 'a b'}"),
	    "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy "
	    "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
	    "no session name");
	role_new(&r, "R", "{'AWS':'*'}", NULL);
	rig_fails(&r, "sts", "AssumeRole", "MalformedPolicyDocument",
	    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me', 'Policy': '{}'}");
	rig_close(&r);
}

/* Trust in a role ends with the role, though another one of its name may come. */
static void
test_trust_in_a_role(struct arena *a)
{
	static const char trust[] = "{'AWS':'arn:aws:iam::" RIG_HOSTING ":role/Caller'}";
	struct rig r;
	const struct json *out;
	struct principal caller;

	rig_open(&r, a);
	role_new(&r, "Caller", "{'AWS':'*'}", NULL);
	role_new(&r, "R", trust, NULL);
	rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
	    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me'}");
	out = rig_ok(&r, "sts", "AssumeRole",
	    "{'RoleArn': 'arn:aws:iam::" RIG_HOSTING ":role/Caller', 'RoleSessionName': 'me'}");
	caller = principal_of(&r, out, "arn:aws:iam::" RIG_HOSTING ":role/Caller");
	r.as = caller;
	rig_ok(&r, "sts", "AssumeRole", "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me'}");

	r.as = r.hosting;
	rig_ok(&r, "iam", "DeleteRole", "{'RoleName': 'Caller'}");
	role_new(&r, "Caller", "{'AWS':'*'}", NULL);
	out = rig_ok(&r, "sts", "AssumeRole",
	    "{'RoleArn': 'arn:aws:iam::" RIG_HOSTING ":role/Caller', 'RoleSessionName': 'me'}");
	r.as = principal_of(&r, out, "arn:aws:iam::" RIG_HOSTING ":role/Caller");
	rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
	    "{'RoleArn': '" ROLE "', 'RoleSessionName': 'me'}");
	out = rig_ok(&r, "iam", "GetRole", "{'RoleName': 'R'}");
	CHECK(str_has(rig_text(out, "Role", "AssumeRolePolicyDocument"), S("%22AROA")),
	    "shown by its id");
	rig_close(&r);
}

/* A service takes a role through an engine, as a caller never could. */
static void
test_trust_in_a_service(struct arena *a)
{
	struct rig r;

	rig_open(&r, a);
	role_new(&r, "S", "{'Service':'events.amazonaws.com'}", NULL);
	rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
	    "{'RoleArn': '" SERVICE_ROLE "', 'RoleSessionName': 'me'}");
	r.as = principal_service(a, S(RIG_HOSTING), "events.amazonaws.com");
	rig_ok(&r, "sts", "AssumeRole", "{'RoleArn': '" SERVICE_ROLE "', 'RoleSessionName': 'me'}");
	r.as = principal_service(a, S(RIG_HOSTING), "sagemaker.amazonaws.com");
	rig_fails(&r, "sts", "AssumeRole", "AccessDenied",
	    "{'RoleArn': '" SERVICE_ROLE "', 'RoleSessionName': 'me'}");
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_assume_role),
		TEST(test_external_id),
		TEST(test_durations),
		TEST(test_bad_input),
		TEST(test_trust_in_a_role),
		TEST(test_trust_in_a_service),
	};

	return RUN_TESTS(tests);
}
