/* SPDX-License-Identifier: Apache-2.0 */
/* The status table: what may be asked (api.md 4.2, October 2022) and what may be seen. */
#include "check.h"

#include "workbench/status.h"

static const char *
asked(struct arena *a, enum env_status s, enum bundle_verb verb, bool has_instance)
{
	struct err err;

	err_init(&err, a);
	switch (env_status_ask(s, verb, has_instance, &err)) {
	case ASK_ACT:
		return "act";
	case ASK_NOTHING:
		return "nothing";
	case ASK_REFUSED:
		assert_int_equal(err.kind, ERR_CONFLICT);
		return str_z(a, err.msg);
	}
	return "";
}

#define BEING_STOPPED "Cannot start environment while environment is currently being stopped"
#define BEING_STARTED "Cannot stop environment while environment is currently being started"
#define NO(verb, status) "Cannot " verb " environment while environment is in " status " state"

static void
test_asked(struct arena *a)
{
	static const struct {
		enum env_status status;
		const char *start, *stop, *terminate;
	} cases[] = {
		{ ENV_PENDING, "nothing", BEING_STARTED, "act" },
		{ ENV_COMPLETED, "nothing", "act", "act" },
		{ ENV_STARTING, "nothing", BEING_STARTED, "act" },
		{ ENV_STOPPING, BEING_STOPPED, "nothing", "act" },
		{ ENV_STOPPED, "act", "nothing", "act" },
		{ ENV_FAILED, "act", "act", "act" },
		{ ENV_TERMINATING, NO("start", "TERMINATING"), NO("stop", "TERMINATING"),
		    "nothing" },
		{ ENV_TERMINATED, NO("start", "TERMINATED"), NO("stop", "TERMINATED"), "nothing" },
		{ ENV_TERMINATING_FAILED, NO("start", "TERMINATING_FAILED"),
		    NO("stop", "TERMINATING_FAILED"), "act" },
		{ ENV_STARTING_FAILED, "act", "act", "act" },
		{ ENV_STOPPING_FAILED, "act", "act", "act" },
	};

	assert_int_equal(countof(cases), ENV_STATUS_COUNT);
	for (size_t i = 0; i < countof(cases); i++) {
		enum env_status s = cases[i].status;
		const char *name = env_status_name(s);

		CHECK_STR(
		    str_of(asked(a, s, BUNDLE_START, true)), cases[i].start, "start in %s", name);
		CHECK_STR(
		    str_of(asked(a, s, BUNDLE_STOP, true)), cases[i].stop, "stop in %s", name);
		CHECK_STR(str_of(asked(a, s, BUNDLE_TERMINATE, true)), cases[i].terminate,
		    "terminate in %s", name);
	}
	CHECK_STR(str_of(asked(a, ENV_FAILED, BUNDLE_START, false)), NO("start", "FAILED"),
	    "without instance");
}

static void
test_connect(struct arena *a)
{
	for (unsigned s = 0; s < ENV_STATUS_COUNT; s++) {
		const char *got = asked(a, (enum env_status)s, BUNDLE_CONNECT, true);
		const char *name = env_status_name((enum env_status)s);

		if (s == ENV_COMPLETED)
			CHECK_STR(str_of(got), "act", "%s", name);
		else
			CHECK_STR(str_of(got),
			    str_z(a,
				str_fmt(a,
				    "Environment is in %s status. Please wait until environment is in "
				    "'COMPLETED' status before trying to connect to the environment.",
				    name)),
			    "%s", name);
	}
}

/* No status is a trap: each that passes has somewhere to go, and TERMINATED nowhere. */
static void
test_seen(struct arena *a)
{
	(void)a;
	for (unsigned from = 0; from < ENV_STATUS_COUNT; from++) {
		unsigned ways = 0;

		for (unsigned to = 0; to < ENV_STATUS_COUNT; to++)
			ways += env_status_may_be_seen((enum env_status)from, (enum env_status)to);
		CHECK((ways == 0) == (from == ENV_TERMINATED), "%s",
		    env_status_name((enum env_status)from));
		if (env_status_is_transient((enum env_status)from))
			CHECK(env_status_may_be_seen(
				  (enum env_status)from, env_status_stuck((enum env_status)from)),
			    "%s can be left at its deadline",
			    env_status_name((enum env_status)from));
		CHECK(!env_status_may_be_seen((enum env_status)from, (enum env_status)from), "%s",
		    env_status_name((enum env_status)from));
	}
	assert_true(env_status_may_be_seen(ENV_COMPLETED, ENV_STOPPED)); /* an auto-stop unheard */
	assert_true(env_status_may_be_seen(ENV_STOPPED, ENV_COMPLETED)); /* a start by hand */
	assert_false(env_status_may_be_seen(ENV_TERMINATING, ENV_STOPPED));
}

static void
test_names(struct arena *a)
{
	enum env_status s;

	(void)a;
	for (unsigned i = 0; i < ENV_STATUS_COUNT; i++) {
		assert_true(env_status_parse(str_of(env_status_name((enum env_status)i)), &s));
		assert_int_equal(s, i);
	}
	assert_true(env_status_parse(S("pending"), &s));
	assert_int_equal(s, ENV_PENDING);
	assert_false(env_status_parse(S("InService"), &s));
	assert_false(env_status_parse(S(""), &s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_asked),
		TEST(test_connect),
		TEST(test_seen),
		TEST(test_names),
	};

	return RUN_TESTS(tests);
}
