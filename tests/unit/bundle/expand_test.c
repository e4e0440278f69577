/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/json.h"
#include "bundle/bundle.h"

static const struct json *
must_parse(struct arena *a, const char *text)
{
	const struct json *j = NULL;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, str_of(text), &j, &err), &err);
	return j;
}

static const char scopes_text[] =
    "{\"launch\":{\"timeMs\":1651779543023},\"config\":{\"CIDR\":\"10.0.0.0/8\",\"deep\":{\"x\":"
    "[1,{\"y\":true}]},\"trick\":\"${main.region}\",\"none\":null},\"main\":{\"region\":"
    "\"us-east-1\"},\"link\":{\"Reservations\":[{\"Instances\":[{\"Id\":\"i-1\"}]}]}}";

static void
test_expand(struct arena *a)
{
	static const struct {
		const char *label, *value, *want;
	} cases[] = {
		{ "nothing to fill in", "{\"a\":[1,true,null,\"x\"]}",
		    "{\"a\":[1,true,null,\"x\"]}" },
		{ "whole, with its kind", "[\"${launch.timeMs}\",\"${config.deep}\"]",
		    "[1651779543023,{\"x\":[1,{\"y\":true}]}]" },
		{ "embedded, as text", "\"n-${launch.timeMs}-${main.region}\"",
		    "\"n-1651779543023-us-east-1\"" },
		{ "a path into an answer", "\"${link.Reservations[0].Instances[0].Id}\"",
		    "\"i-1\"" },
		{ "a path into a value", "\"<${config.deep.x[1].y}>\"", "\"<true>\"" },
		{ "literal", "\"$${main.region}\"", "\"${main.region}\"" },
		{ "literal inside", "\"a$${b}${main.region}$\"", "\"a${b}us-east-1$\"" },
		{ "dollars", "\"$$ $x ${main.region}$${\"", "\"$$ $x us-east-1${\"" },
		{ "filled in once", "\"${config.trick}\"", "\"${main.region}\"" },
		{ "filled in once, embedded", "\"-${config.trick}\"", "\"-${main.region}\"" },
		{ "absent configuration", "{\"a\":\"${config.x}\",\"b\":1}", "{\"b\":1}" },
		{ "null is absent", "{\"a\":\"${config.none}\"}", "{}" },
		{ "names are not filled in", "{\"${main.region}\":1}", "{\"${main.region}\":1}" },
	};
	const struct json *scopes = must_parse(a, scopes_text);

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out = NULL;
		struct err err;

		err_init(&err, a);
		CHECK_OK(bundle_expand(a, must_parse(a, cases[i].value), scopes, &out, &err), &err);
		CHECK_STR(json_text(a, out), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_refused(struct arena *a)
{
	static const struct {
		const char *value, *message;
	} cases[] = {
		{ "\"${main.x}\"", "${main.x} has no value here" },
		{ "\"a${config.x}\"", "${config.x} has no value here" },
		{ "[\"${config.x}\"]", "${config.x} has no value here" },
		{ "{\"a\":\"${other.x}\"}", "${other.x} has no value here" },
		{ "\"a${config.deep}\"",
		    "${config.deep} is an object and cannot stand inside a text" },
		{ "\"${link.Reservations[7].Id}\"",
		    "${link.Reservations[7].Id} has no value here" },
		{ "\"${link.Reservations[x}\"", "${link.Reservations[x} has no value here" },
		{ "\"a ${main.region\"", "'${' is not closed in 'a ${main.region'" },
		{ "\"${}\"", "${} has no value here" },
		{ "\"${main}\"", "${main} has no value here" },
	};
	const struct json *scopes = must_parse(a, scopes_text);

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out = NULL;
		struct err err;

		err_init(&err, a);
		CHECK(!bundle_expand(a, must_parse(a, cases[i].value), scopes, &out, &err), "%s",
		    cases[i].value);
		CHECK_STR(err.msg, cases[i].message, "%s", cases[i].value);
		CHECK(err.kind == ERR_INVALID && out == NULL, "%s", cases[i].value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_expand),
		TEST(test_refused),
	};

	return RUN_TESTS(tests);
}
