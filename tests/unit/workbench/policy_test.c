/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts let into policies: what is added, and that all else stays. */
#include "check.h"

#include "base/json.h"
#include "workbench/policy.h"

#define ROOT(n) "arn:aws:iam::" n ":root"
#define ONE "111111111112"
#define TWO "222222222222"

#define HEAD "{\"Version\":\"2012-10-17\",\"Statement\":"
#define DENY "{\"Sid\":\"tls\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\"}"
#define OURS(principals) \
	"{\"Sid\":\"mine\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":" principals "}," \
	"\"Action\":[\"s3:ListBucket\"],\"Resource\":\"arn:b\"," \
	"\"Condition\":{\"StringLike\":{\"s3:prefix\":\"files*\"}}}"
#define BOTH "[\"" ROOT(ONE) "\",\"" ROOT(TWO) "\"]"
#define THEIRS(principals) \
	"{\"Sid\":\"mine\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"x\",\"AWS\":" principals \
	"},\"Action\":\"s3:Get*\",\"Resource\":\"arn:c\"}"

static const struct {
	const char *label, *policy, *expect; /* expect NULL: refused */
} cases[] = {
	{ "no policy", "", HEAD "[" OURS(BOTH) "]}" },
	{ "another's statements", HEAD "[" DENY "],\"Id\":\"x\"}",
	    HEAD "[" DENY "," OURS(BOTH) "],\"Id\":\"x\"}" },
	{ "one statement, no list", HEAD DENY "}", HEAD "[" DENY "," OURS(BOTH) "]}" },
	{ "one account of two", HEAD "[" OURS("\"" ROOT(ONE) "\"") "," DENY "]}",
	    HEAD "[" OURS(BOTH) "," DENY "]}" },
	{ "both", HEAD "[" OURS(BOTH) "]}", HEAD "[" OURS(BOTH) "]}" },
	{ "as numbers", HEAD "[" OURS("[\"" ONE "\",\"" TWO "\"]") "]}",
	    HEAD "[" OURS("[\"" ONE "\",\"" TWO "\"]") "]}" },
	{ "written otherwise", HEAD "[" THEIRS("\"AIDAGONE\"") "]}",
	    HEAD "[" THEIRS("[\"AIDAGONE\",\"" ROOT(ONE) "\",\"" ROOT(TWO) "\"]") "]}" },
	{ "no JSON", HEAD "[", NULL },
	{ "a member twice", "{\"Statement\":[],\"Statement\":[]}", NULL },
	{ "no statements", "{\"Version\":\"2012-10-17\"}", NULL },
	{ "not an object", "[]", NULL },
	{ "a denial of that name", HEAD "[{\"Sid\":\"mine\",\"Effect\":\"Deny\"}]}", NULL },
	{ "for everyone",
	    HEAD
	    "[{\"Sid\":\"mine\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:Get\"}]}",
	    NULL },
	{ "everything",
	    HEAD "[{\"Sid\":\"mine\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" ROOT(
		ONE) "\"},\"Action\":[\"kms:Decrypt\",\"kms:*\"]}]}",
	    NULL },
};

static void
test_cases(struct arena *a)
{
	const struct policy_statement mine = {
		.sid = S("mine"),
		.actions = { "s3:ListBucket" },
		.resource = S("arn:b"),
		.prefix = "files*",
	};
	struct json *accounts = json_new_array(a);
	struct err err;
	str out;

	err_init(&err, a);
	json_push_str(a, accounts, S(ONE));
	json_push_str(a, accounts, S(TWO));
	for (size_t i = 0; i < countof(cases); i++) {
		bool ok = policy_let_in(
		    a, str_of(cases[i].policy), &mine, accounts, S("aws"), &out, &err);

		CHECK(ok == (cases[i].expect != NULL), "%s", cases[i].label);
		if (ok)
			CHECK_STR(out, cases[i].expect, "%s", cases[i].label);
		else
			CHECK(err.kind == ERR_INVALID, "%s", cases[i].label);
		err_clear(&err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cases),
	};

	return RUN_TESTS(tests);
}
