/* SPDX-License-Identifier: Apache-2.0 */
/* Registering accounts: what is opened to them, in which order, and who fails alone. */
#include "rig.h"

#include "workbench/account.h"
#include "workbench/envtype.h"

#define ONE FAKE_HOSTING
#define TWO "333333333333"

static str
enroll(struct rig *r, const char *number)
{
	str role = str_fmt(r->a, "arn:aws:iam::%s:role/x", number);
	struct account_registration in = {
		.name = str_of(number),
		.aws_account_id = str_of(number),
		.external_id = S("external"),
		.env_mgmt_role_arn = role,
		.hosting_account_handler_role_arn = role,
	};
	const struct json *account = NULL;

	CHECK_OK(account_register(r->wb, r->a, &in, &account, &r->err), &r->err);
	return json_str(json_get(account, "id"));
}

static const struct json *
account(struct rig *r, str id)
{
	const struct json *out = NULL;

	CHECK_OK(account_get(r->wb, r->a, id, &out, &r->err), &r->err);
	return out;
}

static str
status(struct rig *r, str id)
{
	return json_str(json_get(account(r, id), "status"));
}

static str
error(struct rig *r, str id)
{
	return json_str(json_path(account(r, id), "error", "value", NULL));
}

static void
check_let_in(struct rig *r, const char *number, bool expected)
{
	for (size_t i = 0; i < countof(r->fake.policies); i++)
		CHECK((strstr(r->fake.policies[i], number) != NULL) == expected, "%s in policy %zu",
		    number, i);
}

static void
test_let_in(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	str one = enroll(r, ONE), two = enroll(r, TWO);

	assert_string_equal(r->fake.bus, ""); /* the answer was given, and nothing is done yet */
	rig_settle(r, 600);
	CHECK_STR(status(r, one), "CURRENT", "one");
	CHECK_STR(status(r, two), "CURRENT", "two");
	assert_string_equal(r->fake.bus,
	    "Allow-main-account-to-get-" ONE "-events=" ONE " Allow-main-account-to-get-" TWO
	    "-events=" TWO " ");
	check_let_in(r, ONE, true);
	check_let_in(r, TWO, true);
	for (size_t i = 0; i < countof(r->fake.policies); i++)
		assert_null(strstr(r->fake.policies[i], ":*\""));
	CHECK_OK(account_refresh(r->wb, a, one, &r->err), &r->err);
	rig_settle(r, 600);
	CHECK_STR(status(r, one), "CURRENT", "again");
	assert_int_equal(fake_calls(&r->fake, "PutKeyPolicy"), 4); /* none the third time */
	rig_close(r);
}

/* The other's job runs between this one's reading of a policy and its writing. */
static void
run_others(void *cookie)
{
	rig_settle(cookie, 0);
}

static void
test_two_at_once(struct arena *a)
{
	static const char *const moments[] = { "PutBucketPolicy", "PutKeyPolicy", NULL };

	for (const char *const *m = moments; *m != NULL; m++) {
		struct rig *r = rig_open_empty(a);
		str one = enroll(r, ONE), two = enroll(r, TWO);

		r->fake.meanwhile_at = *m;
		r->fake.meanwhile = run_others;
		r->fake.cookie = r;
		rig_settle(r, 600);
		CHECK_STR(status(r, one), "CURRENT", "%s", *m);
		CHECK_STR(status(r, two), "CURRENT", "%s", *m);
		check_let_in(r, ONE, true);
		check_let_in(r, TWO, true);
		rig_close(r);
	}
}

/* An account that does not exist fails, told why; it stands in nobody's way. */
static void
test_unknown_to_aws(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	str bad, good;
	struct bundle b;

	r->fake.no_account = TWO;
	bad = enroll(r, TWO);
	good = enroll(r, ONE);
	rig_settle(r, 600);
	CHECK_STR(status(r, bad), "ERRORED", "bad");
	CHECK_STR(error(r, bad),
	    "policies: policy of arn:aws:s3:::artifacts: Invalid principal in policy", "why");
	CHECK_STR(status(r, good), "CURRENT", "good");
	check_let_in(r, ONE, true);
	check_let_in(r, TWO, false);
	rig_type(r, NULL, &b);
	CHECK_OK(envtype_publish(r->wb, a, &b, &r->err), &r->err);
	rig_settle(r, 600);
	assert_int_equal(fake_calls(&r->fake, "ModifyDocumentPermission"), 2);
	rig_close(r);
}

/* A policy that cannot be read, or not be added to, is not written. */
static void
test_policy_stays(struct arena *a)
{
	static const struct {
		const char *label, *refused, *standing;
	} cases[] = {
		{ "forbidden", "GetBucketPolicy", "" },
		{ "not understood", NULL, "{\"Statement\":" },
		{ "open to all", NULL,
		    "{\"Statement\":[{\"Sid\":\"Get:environment-files\",\"Effect\":\"Allow\","
		    "\"Principal\":\"*\",\"Action\":\"s3:GetObject\"}]}" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rig *r = rig_open_empty(a);
		str id = enroll(r, ONE);

		if (cases[i].refused != NULL)
			fake_refuse(&r->fake, cases[i].refused, 0, 100, "AccessDenied", "no");
		snprintf(r->fake.policies[0], sizeof(r->fake.policies[0]), "%s", cases[i].standing);
		rig_settle(r, 3600);
		CHECK_STR(status(r, id), "ERRORED", "%s", cases[i].label);
		CHECK(fake_calls(&r->fake, "PutBucketPolicy") == 0, "%s", cases[i].label);
		rig_close(r);
	}
}

/* The number decides who is let in, so it must be the one whose role answers. */
static void
test_number_of_another(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	struct account_registration in = {
		.name = S("bad"),
		.aws_account_id = S(TWO),
		.external_id = S("external"),
		.env_mgmt_role_arn = S("arn:aws:iam::" ONE ":role/x"),
		.hosting_account_handler_role_arn = S("arn:aws:iam::" ONE ":role/x"),
	};
	const struct json *out;

	CHECK_OK(account_register(r->wb, a, &in, &out, &r->err), &r->err);
	rig_settle(r, 600);
	CHECK_STR(status(r, json_str(json_get(out, "id"))), "ERRORED", "status");
	assert_string_equal(r->fake.bus, "");
	rig_close(r);
}

static void
test_template(struct arena *a)
{
	static const char ours[] = "A: 1 # one\nB: 'x#y'\n";
	static const struct {
		const char *label, *ours, *theirs, *status;
	} cases[] = {
		{ "the same", ours, ours, "CURRENT" },
		{ "comments and blanks", ours, "# top\n\nA:   1\r\nB: 'x#y'", "CURRENT" },
		{ "another value", ours, "A: 2\nB: 'x#y'\n", "NEEDS_UPDATE" },
		{ "another text behind a #", ours, "A: 1\nB: 'x#z'\n", "NEEDS_UPDATE" },
		{ "less", ours, "A: 1\n", "NEEDS_UPDATE" },
		{ "more", ours, "A: 1\nB: 'x#y'\nC: 3", "NEEDS_UPDATE" },
		{ "none to compare with", NULL, "A: 2", "CURRENT" },
	};
	struct rig *r = rig_open_empty(a);
	str id = enroll(r, ONE);

	for (size_t i = 0; i < countof(cases); i++) {
		r->hosting_template = cases[i].ours;
		r->fake.template = cases[i].theirs;
		rig_restart(r);
		if (i > 0)
			CHECK_OK(account_refresh(r->wb, a, id, &r->err), &r->err);
		rig_settle(r, 600);
		CHECK_STR(status(r, id), cases[i].status, "%s", cases[i].label);
		CHECK_STR(
		    json_str(json_get(account(r, id), "vpcId")), "vpc-1", "%s", cases[i].label);
	}
	rig_close(r);
}

/* Refused for longer than patience lasts; registered it stays, and can be tried again. */
static void
test_account_that_cannot_be(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	const struct json *other;
	struct account_registration again = {
		.name = S("again"),
		.aws_account_id = S(TWO),
		.external_id = S("external"),
		.env_mgmt_role_arn = S("arn"),
		.hosting_account_handler_role_arn = S("arn"),
	};
	str id = enroll(r, TWO);

	fake_refuse(&r->fake, "AcceptPortfolioShare", 0, 100, "AccessDeniedException", "no");
	rig_settle(r, 3600);
	CHECK_STR(status(r, id), "ERRORED", "and not PENDING for ever");
	CHECK(str_has(error(r, id), S("portfolio: ")), "where");
	assert_false(account_register(r->wb, a, &again, &other, &r->err));
	CHECK_STR(r->err.msg,
	    "This AWS Account was found in DDB. Please provide the correct id value in request body",
	    "twice");
	err_clear(&r->err);
	r->fake.fault_count = 0;
	CHECK_OK(account_refresh(r->wb, a, id, &r->err), &r->err);
	rig_settle(r, 60);
	CHECK_STR(status(r, id), "CURRENT", "mended");
	rig_close(r);
}

static void
test_bad_registrations(struct arena *a)
{
	static const struct {
		const char *account, *external, *named;
	} cases[] = {
		{ "12345", "external", "awsAccountId" },
		{ "12345678901x", "external", "awsAccountId" },
		{ "123456789012", "x", "externalId" },
	};
	struct rig *r = rig_open_empty(a);
	const struct json *out;

	for (size_t i = 0; i < countof(cases); i++) {
		struct account_registration in = {
			.name = S("bad"),
			.aws_account_id = str_of(cases[i].account),
			.external_id = str_of(cases[i].external),
			.env_mgmt_role_arn = S("arn"),
			.hosting_account_handler_role_arn = S("arn"),
		};

		CHECK(!account_register(r->wb, a, &in, &out, &r->err), "case %zu", i);
		CHECK(str_has(r->err.msg, str_of(cases[i].named)), "case %zu", i);
		err_clear(&r->err);
	}
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_let_in),
		TEST(test_two_at_once),
		TEST(test_unknown_to_aws),
		TEST(test_policy_stays),
		TEST(test_number_of_another),
		TEST(test_template),
		TEST(test_account_that_cannot_be),
		TEST(test_bad_registrations),
	};

	return RUN_TESTS(tests);
}
