/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "api/input.h"
#include "base/buf.h"
#include "base/json.h"

static const char *const colors[] = { "RED", "GREEN", NULL };
static const struct field fields[] = {
	{ "name", F_STRING, true, 5, NULL },
	{ "note", F_STRING, false, 0, NULL },
	{ "ids", F_STRINGS, true, 2, NULL },
	{ "params", F_OBJECTS, false, 0, NULL },
	{ "color", F_ENUM, false, 0, colors },
};
static const struct input input = INPUT(fields);

static void
test_refusals(struct arena *a)
{
	static const struct {
		const char *label, *in, *want; /* want NULL: taken */
	} cases[] = {
		{ "least", "{\"name\":\"a\",\"ids\":[]}", NULL },
		{ "all",
		    "{\"name\":\"a\",\"note\":\"\",\"ids\":[\"x\"],\"params\":[{}],\"color\":"
		    "\"RED\"}",
		    NULL },
		{ "characters, not bytes",
		    "{\"name\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\",\"ids\":[]}", NULL },
		{ "nothing sent", "", "requires property 'name'. requires property 'ids'" },
		{ "white space", " \r\n", "requires property 'name'. requires property 'ids'" },
		{ "a list", "[]", "is not of a type(s) object" },
		{ "a text", "\"x\"", "is not of a type(s) object" },
		{ "null", "null", "is not of a type(s) object" },
		{ "kinds, missing, too much; in that order", "{\"more\":1,\"name\":1,\"most\":2}",
		    "name is not of a type(s) string. requires property 'ids'. is not allowed to "
		    "have the additional property 'more'. is not allowed to have the additional "
		    "property 'most'" },
		{ "null is no string", "{\"name\":null,\"ids\":[]}",
		    "name is not of a type(s) string" },
		{ "elements", "{\"name\":\"a\",\"ids\":[1,\"x\"],\"params\":[{},\"x\",[]]}",
		    "ids[0] is not of a type(s) string. params[1] is not of a type(s) object. "
		    "params[2] is not of a type(s) object" },
		{ "no list", "{\"name\":\"a\",\"ids\":{}}", "ids is not of a type(s) array" },
		{ "enum", "{\"name\":\"a\",\"ids\":[],\"color\":\"red\"}",
		    "color is not one of enum values: RED,GREEN" },
		{ "enum of another kind", "{\"name\":\"a\",\"ids\":[],\"color\":1}",
		    "color is not one of enum values: RED,GREEN" },
		{ "too long", "{\"name\":\"abcdef\",\"ids\":[]}",
		    "name does not meet maximum length of 5" },
		{ "too many", "{\"name\":\"a\",\"ids\":[\"1\",\"2\",\"3\"]}",
		    "ids does not meet maximum length of 2" },
		{ "not JSON", "{\"name\":}", "the body is not JSON: 1:9: " },
		{ "a name twice", "{\"name\":\"a\",\"name\":\"b\",\"ids\":[]}",
		    "the body is not JSON: " },
		{ "no UTF-8", "{\"name\":\"\xff\",\"ids\":[]}", "the body is not JSON: " },
		{ "two texts", "{} {}", "the body is not JSON: " },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out;
		struct err err;
		bool ok;

		err_init(&err, a);
		ok = input_read(a, &input, str_of(cases[i].in), &out, &err);
		CHECK(ok == (cases[i].want == NULL), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(err.msg));
		if (ok)
			continue;
		CHECK(err.kind == ERR_INVALID, "%s", cases[i].label);
		if (str_ends(str_of(cases[i].want), S(": "))) /* the parser's own words follow */
			CHECK(str_starts(err.msg, str_of(cases[i].want)), "%s: " STR_FMT,
			    cases[i].label, STR_ARG(err.msg));
		else
			CHECK_STR(err.msg, cases[i].want, "%s", cases[i].label);
	}
}

static void
test_hostile(struct arena *a)
{
	struct buf deep = buf_in(a), name = buf_in(a), large = buf_in(a);
	const struct json *out;
	struct err err;

	err_init(&err, a);
	for (int i = 0; i < 100000; i++)
		buf_add(&deep, S("["));
	assert_false(input_read(a, &input, buf_str(&deep), &out, &err));
	assert_int_equal(err.kind, ERR_INVALID);
	err_clear(&err);

	buf_add(&name, S("{\"name\":\"a\",\"ids\":[],\""));
	for (int i = 0; i < 5000; i++)
		buf_add(&name, S("\xf0\x9f\x98\x80"));
	buf_add(&name, S("\":1}"));
	assert_false(input_read(a, &input, buf_str(&name), &out, &err));
	assert_true(err.msg.len < 1000);
	assert_true(str_is_utf8(err.msg));
	err_clear(&err);

	buf_add(&large, S("{\"name\":\"a\",\"ids\":[],\"note\":\""));
	for (int i = 0; i < 4097; i++)
		buf_add(&large, S("x"));
	buf_add(&large, S("\"}"));
	assert_false(input_read(a, &input, buf_str(&large), &out, &err));
	CHECK_STR(err.msg, "note does not meet maximum length of 4096", "by default");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_refusals),
		TEST(test_hostile),
	};

	return RUN_TESTS(tests);
}
