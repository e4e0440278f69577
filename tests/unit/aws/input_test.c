/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "aws/model.h"
#include "base/json.h"

static const struct aws_operation *
operation(struct arena *a)
{
	static const struct aws_named_shape shapes[] = { { "Tag", "Key!:s Value!:s" } };
	static const struct aws_operation_row row = { "Op",
		"Name!:s Size:i Ratio:f On:b At:t Data:x Any:d Tags:[Tag] Map:<i> Token*:s", "" };
	static const struct aws_service service = {
		.name = "test",
		.protocol = AWS_JSON_1_1,
		.shapes = shapes,
		.shape_count = countof(shapes),
	};

	return aws_operation_parse(a, &service, &row);
}

static str
fixed_token(void *cookie, struct arena *a)
{
	return str_fmt(a, "%c", *(const char *)cookie);
}

static void
test_coercion(struct arena *a)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "{\"Name\":\"n\"}", "{\"Name\":\"n\",\"Token\":\"T\"}" },
		{ "{\"Name\":5,\"Token\":\"mine\"}", "{\"Name\":\"5\",\"Token\":\"mine\"}" },
		{ "{\"Name\":true,\"Token\":\"\"}", "{\"Name\":\"true\",\"Token\":\"\"}" },
		{ "{\"Name\":\"\",\"Size\":\"5\",\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"Size\":5,\"Token\":\"t\"}" },
		{ "{\"Name\":\"\",\"Ratio\":\"-1.5e3\",\"On\":\"True\",\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"Ratio\":-1.5e3,\"On\":true,\"Token\":\"t\"}" },
		{ "{\"Name\":\"\",\"Ratio\":\"NaN\",\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"Ratio\":\"NaN\",\"Token\":\"t\"}" },
		{ "{\"Name\":\"\",\"At\":\"2014-04-29T18:30:38.123Z\",\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"At\":1398796238.123,\"Token\":\"t\"}" },
		{ "{\"Name\":\"\",\"At\":1.398796238E9,\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"At\":1398796238,\"Token\":\"t\"}" },
		{ "{\"Name\":\"\",\"Data\":\"dmFsdWU=\",\"Any\":[{\"x\":null}],\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"Data\":\"dmFsdWU=\",\"Any\":[{\"x\":null}],\"Token\":\"t\"}" },
		{ "{\"Name\":\"\",\"Size\":null,\"Map\":{\"a\":1,\"b\":null},\"Token\":null}",
		    "{\"Name\":\"\",\"Map\":{\"a\":1},\"Token\":\"T\"}" },
		{ "{\"Name\":\"\",\"Tags\":[{\"Key\":1,\"Value\":\"v\"}],\"Token\":\"t\"}",
		    "{\"Name\":\"\",\"Tags\":[{\"Key\":\"1\",\"Value\":\"v\"}],\"Token\":\"t\"}" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *in = NULL, *out = NULL;
		char token = 'T';
		struct err err;

		err_init(&err, a);
		CHECK_OK(json_parse(a, str_of(cases[i].in), &in, &err), &err);
		CHECK_OK(
		    aws_input_check(a, operation(a), in, fixed_token, &token, &out, &err), &err);
		CHECK_STR(json_text(a, out), cases[i].want, "%s", cases[i].in);
	}
}

static void
test_problems(struct arena *a)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "{}", "Missing required parameter in input: \"Name\"" },
		{ "[]", "Invalid type for parameter input, type: a list, valid types: structure" },
		{ "{\"Name\":null}", "Missing required parameter in input: \"Name\"" },
		{ "{\"Name\":\"\",\"Nome\":1}",
		    "Unknown parameter in input: \"Nome\", must be one of: Name, Size, Ratio, On, "
		    "At, Data, Any, Tags, Map, Token" },
		{ "{\"Name\":{}}",
		    "Invalid type for parameter Name, type: an object, valid types: string" },
		{ "{\"Name\":\"\",\"Size\":1.5}",
		    "Invalid value for parameter Size, must be a whole number" },
		{ "{\"Name\":\"\",\"Size\":true}",
		    "Invalid type for parameter Size, type: a boolean, valid types: integer" },
		{ "{\"Name\":\"\",\"Ratio\":\"0x1\"}",
		    "Invalid value for parameter Ratio, must be a number" },
		{ "{\"Name\":\"\",\"Ratio\":\"inf\"}",
		    "Invalid value for parameter Ratio, must be a number" },
		{ "{\"Name\":\"\",\"On\":\"yes\"}",
		    "Invalid value for parameter On, must be true or false" },
		{ "{\"Name\":\"\",\"At\":\"yesterday\"}",
		    "Invalid value for parameter At, must be a time" },
		{ "{\"Name\":\"\",\"Data\":\"***\"}",
		    "Invalid value for parameter Data, must be base64" },
		{ "{\"Name\":\"\",\"Tags\":[{\"Key\":\"\",\"Value\":\"\"},{\"Key\":[]}],"
		  "\"Map\":{\"k\":\"x\"}}",
		    "Invalid type for parameter Tags[1].Key, type: a list, valid types: string\n"
		    "Missing required parameter in Tags[1]: \"Value\"\n"
		    "Invalid value for parameter Map.k, must be a whole number" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *in = NULL, *out = NULL;
		struct err err;

		err_init(&err, a);
		CHECK_OK(json_parse(a, str_of(cases[i].in), &in, &err), &err);
		CHECK(!aws_input_check(a, operation(a), in, NULL, NULL, &out, &err), "%s",
		    cases[i].in);
		CHECK(
		    err.kind == ERR_INVALID && err_is(&err, "ParamValidation"), "%s", cases[i].in);
		CHECK(out == NULL, "%s", cases[i].in);
		CHECK_STR(err.msg,
		    str_z(
			a, str_cat(a, S("Parameter validation failed:\n"), str_of(cases[i].want))),
		    "%s", cases[i].in);
	}
}

static void
test_many_problems_are_counted(struct arena *a)
{
	struct json *in = json_new_object(a), *map = json_new_object(a);
	const struct json *out;
	struct err err;

	for (int i = 0; i < 60; i++)
		json_put_str(a, map, str_z(a, str_fmt(a, "k%d", i)), S("x"));
	json_put_str(a, in, "Name", S("n"));
	json_put(a, in, "Map", map);
	err_init(&err, a);
	assert_false(aws_input_check(a, operation(a), in, NULL, NULL, &out, &err));
	assert_true(str_ends(err.msg, S("\nand 10 more")));
	assert_true(str_has(err.msg, S("Map.k49,")));
	assert_false(str_has(err.msg, S("Map.k50,")));
}

static void
test_no_input(struct arena *a)
{
	static const struct aws_operation_row row = { "Op", "", "" };
	static const struct aws_service service = { .name = "test", .protocol = AWS_QUERY };
	const struct json *out = NULL;
	struct err err;

	err_init(&err, a);
	CHECK_OK(aws_input_check(
		     a, aws_operation_parse(a, &service, &row), NULL, NULL, NULL, &out, &err),
	    &err);
	CHECK_STR(json_text(a, out), "{}", "no input is an empty object");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_coercion),
		TEST(test_problems),
		TEST(test_many_problems_are_counted),
		TEST(test_no_input),
	};

	return RUN_TESTS(tests);
}
