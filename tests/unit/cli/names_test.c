/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From names to things: one, several, none.
 */
#include "check.h"

#include "base/json.h"
#include "cli/names.h"

#define ID1 "11111111-1111-4111-8111-111111111111"
#define TYPE_ID1 ("et-" ID1)
#define ID2 "22222222-2222-4222-8222-222222222222"
#define ID3 "33333333-3333-4333-8333-33333333333a"

static const struct json *
parse(struct arena *a, const char *text)
{
	const struct json *out;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, str_of(text), &out, &err), &err);
	return out;
}

static void
test_pick(struct arena *a)
{
	const struct json *envs = parse(a,
	    "[{\"id\":\"env-" ID1 "\",\"name\":\"one\",\"status\":\"STOPPED\"},"
	    "{\"id\":\"env-" ID2 "\",\"name\":\"two\",\"status\":\"FAILED\"},"
	    "{\"id\":\"env-" ID3 "\",\"name\":\"two\",\"status\":\"PENDING\"}]");
	static const struct {
		const char *given, *id; /* NULL: refused */
		enum err_kind kind;
		const char *words;
	} cases[] = {
		{ "one", "env-" ID1, ERR_NONE, "" },
		{ "env-" ID1, "env-" ID1, ERR_NONE, "" },
		{ ID2, "env-" ID2, ERR_NONE, "" },
		{ "33333333-3333-4333-8333-33333333333A", "env-" ID3, ERR_NONE, "" },
		{ "two", NULL, ERR_INVALID, "'two' means 2 environments; say which by its id" },
		{ "two", NULL, ERR_INVALID, "env-" ID3 "  PENDING" },
		{ "ONE", NULL, ERR_NOT_FOUND,
		    "there is no environment 'ONE'; there is: one, two, two" },
		{ "", NULL, ERR_NOT_FOUND, "there is no environment ''" },
		{ "env-", NULL, ERR_NOT_FOUND, "there is no environment 'env-'" },
		{ "a\033[2J", NULL, ERR_NOT_FOUND, "'a?[2J'" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out = NULL;
		struct err err;

		err_init(&err, a);
		CHECK(name_pick(&name_of_env, a, envs, str_of(cases[i].given), &out, &err) ==
			(cases[i].id != NULL),
		    "%s: " STR_FMT, cases[i].given, STR_ARG(err.msg));
		CHECK(err.kind == cases[i].kind, "%s", cases[i].given);
		CHECK(str_has(err.msg, str_of(cases[i].words)), "%s: " STR_FMT, cases[i].given,
		    STR_ARG(err.msg));
		if (cases[i].id != NULL)
			CHECK_STR(json_str(json_get(out, "id")), cases[i].id, "%s", cases[i].given);
	}
}

static void
test_type_by_either_name(struct arena *a)
{
	const struct json *types =
	    parse(a, "[{\"id\":\"" ID1 "\",\"type\":\"sagemakerNotebook\",\"name\":\"Notebook\"}]");
	static const char *const given[] = { "sagemakerNotebook", "Notebook", ID1, TYPE_ID1 };
	const struct json *out;
	struct err err;

	err_init(&err, a);
	for (size_t i = 0; i < countof(given); i++)
		CHECK_OK(name_pick(&name_of_type, a, types, str_of(given[i]), &out, &err), &err);
}

static void
test_default(struct arena *a)
{
	static const struct {
		const char *label, *list, *want; /* a name, or words of the refusal */
		enum err_kind kind;
	} cases[] = {
		{ "the only one", "[{\"name\":\"small\"}]", "small", ERR_NONE },
		{ "the one named default", "[{\"name\":\"small\"},{\"name\":\"default\"}]",
		    "default", ERR_NONE },
		{ "none", "[]", "there is no configuration that you may use", ERR_NOT_FOUND },
		{ "several", "[{\"name\":\"small\"},{\"name\":\"big\"}]",
		    "choose with --config NAME: small, big", ERR_INVALID },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out = NULL;
		struct err err;
		bool ok;

		err_init(&err, a);
		ok = name_pick_default(
		    &name_of_config, a, parse(a, cases[i].list), "--config NAME", &out, &err);
		CHECK(err.kind == cases[i].kind, "%s", cases[i].label);
		if (ok)
			CHECK_STR(
			    json_str(json_get(out, "name")), cases[i].want, "%s", cases[i].label);
		else
			CHECK(str_has(err.msg, str_of(cases[i].want)), "%s: " STR_FMT,
			    cases[i].label, STR_ARG(err.msg));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pick),
		TEST(test_type_by_either_name),
		TEST(test_default),
	};

	return RUN_TESTS(tests);
}
