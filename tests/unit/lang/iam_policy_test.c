/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/json.h"
#include "lang/iam_policy.h"

/* JSON with ' for ", as the tables below have it. */
static str
plain(struct arena *a, const char *text)
{
	return str_replace(a, str_of(text), S("'"), S("\""));
}

static const struct json *
tree_of(struct arena *a, const char *text)
{
	const struct json *tree = NULL;
	struct err err;

	err_init(&err, a);
	if (text != NULL)
		CHECK_OK(json_parse(a, plain(a, text), &tree, &err), &err);
	return tree;
}

/* --- reading ------------------------------------------------------------------------------- */

static void
test_refused(struct arena *a)
{
	static const struct {
		const char *label;
		enum iam_policy_use use;
		const char *text, *message;
	} cases[] = {
		{ "no JSON", IAM_POLICY_IDENTITY, "{", "This policy contains invalid Json (" },
		{ "no object", IAM_POLICY_IDENTITY, "[]",
		    "Syntax errors in policy. (1:1: a policy must be an object)" },
		{ "no statement", IAM_POLICY_IDENTITY, "{'Version':'2012-10-17'}",
		    "Missing required field Statement (1:1: a policy needs a statement)" },
		{ "a version that is none", IAM_POLICY_IDENTITY,
		    "{'Version':'2012','Statement':[]}",
		    "The policy must contain a valid version string (1:12: " },
		{ "an unknown element", IAM_POLICY_IDENTITY, "{'Statements':[]}",
		    "Syntax errors in policy. (1:15: a policy has no element Statements)" },
		{ "an unknown element of a statement", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Actions':'*'}}",
		    "Syntax errors in policy. (1:42: a statement has no element Actions)" },
		{ "no effect", IAM_POLICY_IDENTITY, "{'Statement':{'Action':'a:b','Resource':'*'}}",
		    "Syntax errors in policy. (1:14: a statement needs an Effect)" },
		{ "another effect", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'allow','Action':'a:b','Resource':'*'}}",
		    "Syntax errors in policy. (1:24: Effect must be Allow or Deny)" },
		{ "no action", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Resource':'*'}}",
		    "Policy statement must contain actions. (1:14: neither Action nor NotAction)" },
		{ "no vendor", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'GetX','Resource':'*'}}",
		    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. "
		    "(1:14: action GetX)" },
		{ "both kinds of action", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b','NotAction':'a:c'}}",
		    "Syntax errors in policy. (1:41: Action and NotAction exclude each other)" },
		{ "a number as action", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':[1],'Resource':'*'}}",
		    "Syntax errors in policy. (1:42: " },
		{ "no resource", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b'}}",
		    "Policy statement must contain resources. (" },
		{ "no ARN", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b','Resource':'x'}}",
		    "Resource x must be in ARN format or \"*\". (" },
		{ "a principal where none may be", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b','Resource':'*','Principal':'*'}}",
		    "Policy document should not specify a principal. (" },
		{ "a Sid twice", IAM_POLICY_IDENTITY,
		    "{'Statement':[{'Sid':'A','Effect':'Allow','Action':'a:b','Resource':'*'},"
		    "{'Sid':'A','Effect':'Deny','Action':'a:b','Resource':'*'}]}",
		    "Statement IDs (SID) in a single policy must be unique. (" },
		{ "a Sid with a blank", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Sid':'A b','Effect':'Allow','Action':'a:b','Resource':'*'}}",
		    "Statement IDs (SID) must be alpha-numeric. (" },
		{ "an unknown operator", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b','Resource':'*','Condition':"
		    "{'StringIs':{'a:k':'v'}}}}",
		    "Syntax errors in policy. (1:86: there is no condition operator StringIs)" },
		{ "NullIfExists is none", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b','Resource':'*','Condition':"
		    "{'NullIfExists':{'a:k':'v'}}}}",
		    "Syntax errors in policy. (" },
		{ "a condition key without vendor", IAM_POLICY_IDENTITY,
		    "{'Statement':{'Effect':'Allow','Action':'a:b','Resource':'*','Condition':"
		    "{'Bool':{'k':'true'}}}}",
		    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (" },
		{ "trust without principal", IAM_POLICY_TRUST,
		    "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole'}}",
		    "Missing required field Principal (" },
		{ "trust with a resource", IAM_POLICY_TRUST,
		    "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':'*',"
		    "'Resource':'*'}}",
		    "Has prohibited field Resource (" },
		{ "trust in other actions", IAM_POLICY_TRUST,
		    "{'Statement':{'Effect':'Allow','Action':'s3:GetObject','Principal':'*'}}",
		    "AssumeRole policy may only specify STS AssumeRole actions. (" },
		{ "an unknown kind of principal", IAM_POLICY_TRUST,
		    "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'aws':'*'}}}",
		    "Invalid principal in policy (1:77: no kind of principal is named aws)" },
		{ "a bare principal", IAM_POLICY_TRUST,
		    "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':'x'}}",
		    "Invalid principal in policy (" },
		{ "an empty principal", IAM_POLICY_TRUST,
		    "{'Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':{'AWS':[]}}}",
		    "Invalid principal in policy (" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct iam_policy policy = { 0 };
		struct err err;

		err_init(&err, a);
		CHECK(
		    !iam_policy_parse_text(a, plain(a, cases[i].text), cases[i].use, &policy, &err),
		    "%s", cases[i].label);
		CHECK_STR(err.code, "MalformedPolicyDocument", "%s", cases[i].label);
		CHECK(str_starts(err.msg, str_of(cases[i].message)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(err.msg));
		CHECK(policy.statements == NULL, "%s: nothing comes out", cases[i].label);
	}
}

static void
test_forms(struct arena *a)
{
	struct iam_policy p;
	struct err err;

	err_init(&err, a);
	CHECK_OK(iam_policy_parse_text(a,
		     plain(a,
			 "{'Id':'x','Statement':[{'Sid':'','Effect':'Allow','NotAction':['a:b',"
			 "'c:d'],'NotResource':'arn:x','Condition':{'ForAnyValue:StringLike"
			 "IfExists':{'a:k':['v',1,true]}}},{'Effect':'Deny','Action':'*',"
			 "'Resource':['*']}]}"),
		     IAM_POLICY_IDENTITY, &p, &err),
	    &err);
	assert_int_equal(p.statement_count, 2);
	CHECK(!p.variables, "an old version has no variables");
	CHECK(p.statements[0].actions.negated && p.statements[0].actions.count == 2, "NotAction");
	CHECK(p.statements[0].resources.negated, "NotResource");
	CHECK(p.statements[0].conditions[0].if_exists, "IfExists");
	CHECK(p.statements[0].conditions[0].quantifier == IAM_FOR_ANY_VALUE, "ForAnyValue");
	CHECK_STR(p.statements[0].conditions[0].values.items[1], "1", "numbers are texts");
	CHECK(p.statements[1].deny, "Deny");

	CHECK_OK(iam_policy_parse_text(a,
		     plain(a,
			 "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':"
			 "'sts:AssumeRole','Principal':{'AWS':['*','111111111111'],'Service':"
			 "'ec2.amazonaws.com'}}}"),
		     IAM_POLICY_TRUST, &p, &err),
	    &err);
	CHECK(p.variables && p.statement_count == 1, "one statement without a list");
	assert_int_equal(p.statements[0].principal_count, 3);
	CHECK(p.statements[0].principals[0].type == IAM_ANYONE, "anyone");
	CHECK(p.statements[0].principals[2].type == IAM_SERVICE, "a service");
}

/* --- deciding ------------------------------------------------------------------------------ */

static void
test_globs(struct arena *a)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} cases[] = {
		{ "", "", true },
		{ "*", "", true },
		{ "?", "", false },
		{ "a*c", "abc", true },
		{ "a*c", "abcd", false },
		{ "a*b*c", "a-b-b-c", true },
		{ "*a*", "bab", true },
		{ "?a", "ba", true },
		{ "a**", "a", true },
		{ "*aab", "aaaaab", true },
		{ "abc", "ABC", false },
		{ "notebook-instance/?asic?otebook?nstance-*",
		    "notebook-instance/BasicNotebookInstance-x1", true },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++)
		CHECK(iam_glob(str_of(cases[i].pattern), str_of(cases[i].text), false) ==
			cases[i].want,
		    "%s on %s", cases[i].pattern, cases[i].text);
	CHECK(iam_glob(S("s3:get*"), S("s3:GetObject"), true), "without regard to case");
}

/* A policy of one statement that allows, with these members besides. */
static enum iam_effect
decide(struct arena *a, const char *statement, const char *context, const char *resource)
{
	struct iam_policy policy;
	struct err err;

	err_init(&err, a);
	CHECK_OK(
	    iam_policy_parse_text(a,
		str_fmt(a,
		    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\"," STR_FMT "}}",
		    STR_ARG(plain(a, statement))),
		IAM_POLICY_IDENTITY, &policy, &err),
	    &err);
	return iam_policy_evaluate(a, &policy,
	    &(struct iam_request){ .action = S("s3:GetObject"),
		.resource = str_of(resource),
		.context = tree_of(a, context) })
	    .effect;
}

static void
test_actions_and_resources(struct arena *a)
{
	static const struct {
		const char *statement, *context, *resource;
		bool allows;
	} cases[] = {
		{ "'Action':'s3:GetObject','Resource':'*'", NULL, "arn:aws:s3:::b/k", true },
		{ "'Action':'S3:getOBJECT','Resource':'*'", NULL, "arn:aws:s3:::b/k", true },
		{ "'Action':['ec2:*','s3:Put*'],'Resource':'*'", NULL, "arn:aws:s3:::b/k", false },
		{ "'NotAction':'ec2:*','Resource':'*'", NULL, "arn:aws:s3:::b/k", true },
		{ "'NotAction':'s3:*','Resource':'*'", NULL, "arn:aws:s3:::b/k", false },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/*'", NULL, "arn:aws:s3:::b/k/l", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::B/*'", NULL, "arn:aws:s3:::b/k", false },
		{ "'Action':'*','NotResource':'arn:aws:s3:::b/*'", NULL, "arn:aws:s3:::b/k",
		    false },
		{ "'Action':'*','NotResource':'arn:aws:s3:::c/*'", NULL, "arn:aws:s3:::b/k", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/${aws:username}/*'",
		    "{'aws:username':'ann'}", "arn:aws:s3:::b/ann/k", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/${aws:username}/*'", "{}",
		    "arn:aws:s3:::b/ann/k", false },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/${aws:username, 'none'}/*'", "{}",
		    "arn:aws:s3:::b/none/k", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/${aws:username}/*'",
		    "{'aws:username':'*'}", "arn:aws:s3:::b/ann/k", false },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/${*}'", "{}", "arn:aws:s3:::b/k",
		    false },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/${*}'", "{}", "arn:aws:s3:::b/*", true },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const char *statement = cases[i].statement;

		if (i == 11) /* its default stands in quotes of its own */
			statement =
			    "'Action':'*','Resource':'arn:aws:s3:::b/${aws:username, \\u0027none"
			    "\\u0027}/*'";
		CHECK(decide(a, statement, cases[i].context, cases[i].resource) ==
			(cases[i].allows ? IAM_ALLOW : IAM_NONE),
		    "%s", cases[i].statement);
	}
}

static void
test_conditions(struct arena *a)
{
	static const struct {
		const char *condition, *context;
		bool holds;
	} cases[] = {
		{ "'StringEquals':{'a:k':'v'}", "{'a:k':'v'}", true },
		{ "'StringEquals':{'A:K':'v'}", "{'a:k':'v'}", true },
		{ "'StringEquals':{'a:k':'v'}", "{'a:k':'V'}", false },
		{ "'StringEquals':{'a:k':['u','v']}", "{'a:k':'v'}", true },
		{ "'StringEquals':{'a:k':'v'}", "{}", false },
		{ "'StringEqualsIfExists':{'a:k':'v'}", "{}", true },
		{ "'StringEqualsIfExists':{'a:k':'v'}", "{'a:k':'w'}", false },
		{ "'StringEquals':{'a:k':'v','a:l':'w'}", "{'a:k':'v'}", false },
		{ "'StringEquals':{'a:k':'v'},'Bool':{'a:b':'true'}", "{'a:k':'v','a:b':true}",
		    true },
		{ "'StringEquals':{'a:k':'v'},'Bool':{'a:b':'true'}", "{'a:k':'v','a:b':false}",
		    false },
		{ "'StringNotEquals':{'a:k':['u','v']}", "{'a:k':'v'}", false },
		{ "'StringNotEquals':{'a:k':['u','v']}", "{'a:k':'w'}", true },
		{ "'StringNotEquals':{'a:k':'v'}", "{}", true },
		{ "'StringEqualsIgnoreCase':{'a:k':'v'}", "{'a:k':'V'}", true },
		{ "'StringNotEqualsIgnoreCase':{'a:k':'v'}", "{'a:k':'V'}", false },
		{ "'StringLike':{'a:k':'a*z'}", "{'a:k':'abz'}", true },
		{ "'StringLike':{'a:k':'a*z'}", "{'a:k':'abc'}", false },
		{ "'StringNotLike':{'a:k':'a*z'}", "{'a:k':'abc'}", true },
		{ "'StringEquals':{'a:k':'a*z'}", "{'a:k':'abz'}", false },
		{ "'StringEquals':{'a:k':'${a:l}'}", "{'a:k':'v','a:l':'v'}", true },
		{ "'StringEquals':{'a:k':'${a:l}'}", "{'a:k':'v'}", false },
		{ "'StringNotEquals':{'a:k':'${a:l}'}", "{'a:k':'v'}", true },
		{ "'StringLike':{'a:k':'${a:l}'}", "{'a:k':'v','a:l':'*'}", false },
		{ "'StringEquals':{'a:k':'${a:l}'}", "{'a:k':'*','a:l':'*'}", true },
		{ "'NumericEquals':{'a:k':'1'}", "{'a:k':1.0}", true },
		{ "'NumericNotEquals':{'a:k':'1'}", "{'a:k':2}", true },
		{ "'NumericLessThan':{'a:k':'10'}", "{'a:k':9}", true },
		{ "'NumericLessThan':{'a:k':'10'}", "{'a:k':10}", false },
		{ "'NumericLessThanEquals':{'a:k':10}", "{'a:k':10}", true },
		{ "'NumericGreaterThan':{'a:k':'10'}", "{'a:k':11}", true },
		{ "'NumericGreaterThanEquals':{'a:k':'10'}", "{'a:k':9}", false },
		{ "'NumericEquals':{'a:k':'x'}", "{'a:k':1}", false },
		{ "'DateLessThan':{'a:k':'2022-05-05T00:00:00Z'}", "{'a:k':'2022-05-04T23:59:59Z'}",
		    true },
		{ "'DateGreaterThan':{'a:k':'1651708800'}", "{'a:k':'2022-05-05T00:00:01Z'}",
		    true },
		{ "'DateEquals':{'a:k':'2022-05-05T00:00:00Z'}", "{'a:k':1651708800}", true },
		{ "'Bool':{'a:k':'true'}", "{'a:k':'True'}", true },
		{ "'Bool':{'a:k':true}", "{'a:k':false}", false },
		{ "'BinaryEquals':{'a:k':'aGk='}", "{'a:k':'aGk='}", true },
		{ "'BinaryEquals':{'a:k':'aGk='}", "{'a:k':'aGo='}", false },
		{ "'IpAddress':{'a:k':'10.1.0.0/16'}", "{'a:k':'10.1.2.3'}", true },
		{ "'IpAddress':{'a:k':'10.1.0.0/16'}", "{'a:k':'10.2.0.0'}", false },
		{ "'IpAddress':{'a:k':['192.168.1.1','10.0.0.0/8']}", "{'a:k':'192.168.1.1'}",
		    true },
		{ "'NotIpAddress':{'a:k':'10.1.0.0/16'}", "{'a:k':'10.2.0.0'}", true },
		{ "'NotIpAddress':{'a:k':'10.1.0.0/16'}", "{}", true },
		{ "'IpAddress':{'a:k':'2001:db8::/32'}", "{'a:k':'2001:db8:1::1'}", true },
		{ "'IpAddress':{'a:k':'0.0.0.0/0'}", "{'a:k':'2001:db8::1'}", false },
		{ "'IpAddress':{'a:k':'10.0.0.0/99'}", "{'a:k':'10.0.0.0'}", false },
		{ "'ArnLike':{'a:k':'arn:aws:iam::*:role/*'}", "{'a:k':'arn:aws:iam::1:role/a/b'}",
		    true },
		{ "'ArnLike':{'a:k':'arn:aws:*:role/x'}", "{'a:k':'arn:aws:iam::1:role/x'}",
		    false },
		{ "'ArnEquals':{'a:k':'arn:aws:s3:::b*'}", "{'a:k':'arn:aws:s3:::bucket'}", true },
		{ "'ArnNotLike':{'a:k':'arn:aws:s3:::b*'}", "{'a:k':'arn:aws:s3:::c'}", true },
		{ "'ArnNotEquals':{'a:k':'arn:aws:s3:::b*'}", "{'a:k':'arn:aws:s3:::b'}", false },
		{ "'Null':{'a:k':'true'}", "{}", true },
		{ "'Null':{'a:k':'true'}", "{'a:k':'v'}", false },
		{ "'Null':{'a:k':'false'}", "{'a:k':'v'}", true },
		{ "'ForAllValues:StringEquals':{'a:k':['u','v']}", "{'a:k':['u','v']}", true },
		{ "'ForAllValues:StringEquals':{'a:k':['u','v']}", "{'a:k':['u','w']}", false },
		{ "'ForAllValues:StringEquals':{'a:k':['u','v']}", "{'a:k':[]}", true },
		{ "'ForAllValues:StringEquals':{'a:k':['u','v']}", "{}", true },
		{ "'ForAnyValue:StringEquals':{'a:k':['u','v']}", "{'a:k':['w','v']}", true },
		{ "'ForAnyValue:StringEquals':{'a:k':['u','v']}", "{'a:k':['w']}", false },
		{ "'ForAnyValue:StringEquals':{'a:k':['u','v']}", "{}", false },
		{ "'ForAnyValue:StringNotEquals':{'a:k':['u']}", "{'a:k':['u','v']}", true },
		{ "'ForAllValues:StringNotEquals':{'a:k':['u']}", "{'a:k':['u','v']}", false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const char *statement = str_z(a,
		    str_fmt(a, "'Action':'*','Resource':'*','Condition':{%s}", cases[i].condition));

		CHECK(decide(a, statement, cases[i].context, "*") ==
			(cases[i].holds ? IAM_ALLOW : IAM_NONE),
		    "%s on %s", cases[i].condition, cases[i].context);
	}
}

static void
test_old_version_has_no_variables(struct arena *a)
{
	struct iam_policy policy;
	struct err err;

	err_init(&err, a);
	CHECK_OK(iam_policy_parse_text(a,
		     plain(a,
			 "{'Statement':{'Effect':'Allow','Action':'*','Resource':'*','Condition':"
			 "{'StringEquals':{'a:k':'${a:l}'}}}}"),
		     IAM_POLICY_IDENTITY, &policy, &err),
	    &err);
	CHECK(iam_policy_evaluate(a, &policy,
		  &(struct iam_request){ .action = S("a:b"),
		      .resource = S("*"),
		      .context = tree_of(a, "{'a:k':'${a:l}'}") })
		    .effect == IAM_ALLOW,
	    "${…} is itself");
}

static void
test_principals(struct arena *a)
{
	static const struct iam_asker session = { .account = { "111111111111", 12 },
		.arn = { "arn:aws:sts::111111111111:assumed-role/R/s", 42 },
		.role_arn = { "arn:aws:iam::111111111111:role/R", 32 },
		.id = { "AROA1", 5 } };
	static const struct iam_asker root = { .account = { "111111111111", 12 },
		.arn = { "arn:aws:iam::111111111111:root", 30 },
		.id = { "111111111111", 12 } };
	static const struct iam_asker service = { .account = { "111111111111", 12 },
		.service = { "events.amazonaws.com", 20 },
		.is_service = true };
	static const struct {
		const char *principal;
		const struct iam_asker *who;
		enum iam_grant grant;
	} cases[] = {
		{ "'*'", &session, IAM_GRANT_DIRECT },
		{ "{'AWS':'*'}", &root, IAM_GRANT_DIRECT },
		{ "{'AWS':'111111111111'}", &session, IAM_GRANT_ACCOUNT },
		{ "{'AWS':'arn:aws:iam::111111111111:root'}", &session, IAM_GRANT_ACCOUNT },
		{ "{'AWS':'arn:aws:iam::111111111111:root'}", &root, IAM_GRANT_ACCOUNT },
		{ "{'AWS':'arn:aws:iam::222222222222:root'}", &session, IAM_GRANT_NONE },
		{ "{'AWS':'arn:aws:iam::111111111111:role/R'}", &session, IAM_GRANT_ROLE },
		{ "{'AWS':'AROA1'}", &session, IAM_GRANT_ROLE },
		{ "{'AWS':'AROA2'}", &session, IAM_GRANT_NONE },
		{ "{'AWS':['111111111111','arn:aws:iam::111111111111:role/R']}", &session,
		    IAM_GRANT_ROLE },
		{ "{'AWS':'arn:aws:sts::111111111111:assumed-role/R/s'}", &session,
		    IAM_GRANT_DIRECT },
		{ "{'AWS':'arn:aws:sts::111111111111:assumed-role/R/t'}", &session,
		    IAM_GRANT_NONE },
		{ "{'AWS':'111111111111'}", &service, IAM_GRANT_NONE },
		{ "{'Service':'events.amazonaws.com'}", &service, IAM_GRANT_DIRECT },
		{ "{'Service':'ec2.amazonaws.com'}", &service, IAM_GRANT_NONE },
		{ "{'Service':'events.amazonaws.com'}", &session, IAM_GRANT_NONE },
		{ "{'Federated':'x'}", &session, IAM_GRANT_NONE },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct iam_policy policy;
		struct iam_answer answer;
		struct err err;

		err_init(&err, a);
		CHECK_OK(
		    iam_policy_parse_text(a,
			str_fmt(a,
			    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
			    "\"Principal\":" STR_FMT "}}",
			    STR_ARG(plain(a, cases[i].principal))),
			IAM_POLICY_TRUST, &policy, &err),
		    &err);
		answer = iam_policy_evaluate(a, &policy,
		    &(struct iam_request){
			.who = cases[i].who, .action = S("sts:AssumeRole"), .resource = S("x") });
		CHECK(answer.grant == cases[i].grant, "%s: %d", cases[i].principal, answer.grant);
		CHECK((answer.effect == IAM_ALLOW) == (cases[i].grant != IAM_GRANT_NONE), "%s",
		    cases[i].principal);
	}
}

static void
test_deny_outweighs(struct arena *a)
{
	struct iam_policy policy;
	struct iam_answer answer;
	struct err err;

	err_init(&err, a);
	CHECK_OK(iam_policy_parse_text(a,
		     plain(a,
			 "{'Statement':[{'Effect':'Allow','Action':'*','Resource':'*'},"
			 "{'Sid':'no','Effect':'Deny','Action':'s3:*','Resource':'*'}]}"),
		     IAM_POLICY_IDENTITY, &policy, &err),
	    &err);
	answer = iam_policy_evaluate(
	    a, &policy, &(struct iam_request){ .action = S("s3:X"), .resource = S("*") });
	CHECK(answer.effect == IAM_DENY, "denied");
	CHECK_STR(answer.statement->sid, "no", "by that statement");
	answer = iam_policy_evaluate(
	    a, &policy, &(struct iam_request){ .action = S("ec2:X"), .resource = S("*") });
	CHECK(answer.effect == IAM_ALLOW, "allowed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_refused),
		TEST(test_forms),
		TEST(test_globs),
		TEST(test_actions_and_resources),
		TEST(test_conditions),
		TEST(test_old_version_has_no_variables),
		TEST(test_principals),
		TEST(test_deny_outweighs),
	};

	return RUN_TESTS(tests);
}
