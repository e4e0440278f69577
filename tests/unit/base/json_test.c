/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/buf.h"
#include "base/json.h"

static const struct json *
must_parse(struct arena *a, const char *text)
{
	const struct json *j = NULL;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, str_of(text), &j, &err), &err);
	return j;
}

static void
test_errors(struct arena *a)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "1:1: a value must stand here, but the text is empty" },
		{ " \n ", "2:2: a value must stand here, but the text ends" },
		{ "{\n  \"a\": 1,\n  b: 2\n}",
		    "3:3: a member name in double quotes must stand here" },
		{ "{\"a\" 1}", "1:6: ':' must follow a member name" },
		{ "{\"a\": 1 \"b\"}", "1:9: ',' or '}' must stand here" },
		{ "[1 2]", "1:4: ',' or ']' must stand here" },
		{ "[1,]", "1:4: a value must stand here" },
		{ "[\n\n 1,\n \"\\x\"]", "4:3: unknown escape in a string" },
		{ "\"abc", "1:1: the string does not end" },
		{ "\"a\tb\"", "1:3: a control character in a string must be escaped" },
		{ "\"\\ud800\"", "1:2: a high surrogate stands alone" },
		{ "\"\\udc00\"", "1:2: a low surrogate stands alone" },
		{ "\"\\u12g4\"", "1:2: \\u needs four hexadecimal digits" },
		{ "\"\xff\"", "1:2: the string is not UTF-8" },
		{ "[-]", "1:2: a number needs a digit" },
		{ "[1.]", "1:2: a number needs a digit after its point" },
		{ "[1e]", "1:2: a number needs a digit in its exponent" },
		{ "[01]", "1:3: ',' or ']' must stand here" },
		{ "[truE]", "1:2: a value must stand here" },
		{ "{} {}", "1:4: only one value may stand in a JSON text" },
		{ "{\"a\": 1,\n \"a\": 2}", "2:2: the member 'a' stands twice in one object" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *j = NULL;
		struct err err;

		err_init(&err, a);
		CHECK(!json_parse(a, str_of(cases[i].text), &j, &err), "%s", cases[i].text);
		CHECK_STR(err.msg, cases[i].message, "%s", cases[i].text);
		CHECK(err.kind == ERR_INVALID && j == NULL, "%s", cases[i].text);
	}
}

static bool
parses(struct arena *a, str text)
{
	const struct json *j;
	struct err err;

	err_init(&err, a);
	return json_parse(a, text, &j, &err);
}

static str
repeat(struct arena *a, const char *part, size_t count)
{
	struct buf b = buf_in(a);

	for (size_t i = 0; i < count; i++)
		buf_add(&b, str_of(part));
	return buf_str(&b);
}

static void
test_depth(struct arena *a)
{
	CHECK(parses(a, str_cat(a, repeat(a, "[", 64), repeat(a, "]", 64))), "64 levels");
	CHECK(!parses(a, str_cat(a, repeat(a, "[", 65), repeat(a, "]", 65))), "65 levels");
	CHECK(!parses(a, repeat(a, "{\"a\":", 1000000)), "a million levels");
	CHECK(parses(a, str_cat(a, S("["), str_cat(a, repeat(a, "[],", 1000), S("[]]")))), "wide");
}

/* Many names, equal ones far apart: found in a table, not by comparing all pairs. */
static void
test_many_members(struct arena *a)
{
	struct buf b = buf_in(a);
	const struct json *j;
	struct err err;

	err_init(&err, a);
	buf_char(&b, '{');
	for (int i = 0; i < 100000; i++)
		buf_fmt(&b, "\"m%d\":%d,", i, i);
	CHECK(parses(a, str_cat(a, buf_str(&b), S("\"m\":0}"))), "all differ");
	CHECK(!json_parse(a, str_cat(a, buf_str(&b), S("\"m5\":0}")), &j, &err), "twice");
	CHECK(str_ends(err.msg, S("the member 'm5' stands twice in one object")), "tells which");
}

static void
test_last_counts(struct arena *a)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "{}", "{}" },
		{ "{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}" },
		{ "{\"a\":1,\"a\":2,\"a\":{\"x\":1,\"x\":2}}", "{\"a\":{\"x\":2}}" },
		{ "[{\"a\":1,\"a\":2},{\"a\":1}]", "[{\"a\":2},{\"a\":1}]" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *j;
		struct err err;

		err_init(&err, a);
		CHECK_OK(json_parse_last(a, str_of(cases[i].text), &j, &err), &err);
		CHECK_STR(json_text(a, j), cases[i].want, "%s", cases[i].text);
	}
}

static void
test_marks(struct arena *a)
{
	const struct json *j = must_parse(a, "{\"a\": 1,\r\n  \"b\":\n [ true,  {}]}");
	const struct json *b = json_get(j, "b");

	CHECK(j->line == 1 && j->column == 1, "root");
	CHECK(b->key_line == 2 && b->key_column == 3, "name");
	CHECK(b->line == 3 && b->column == 2, "value");
	CHECK(json_at(b, 1)->column == 11 && json_at(b, 1)->key_line == 0, "element");
}

static void
test_getters(struct arena *a)
{
	const struct json *j = must_parse(a,
	    "{\"s\":\"x\",\"n\":-7,\"f\":1.5,\"big\":9223372036854775808,\"t\":true,\"no\":false,"
	    "\"z\":null,\"l\":[1,[2]],\"o\":{\"p\":{\"q\":\"deep\"}}}");
	const struct json *words = must_parse(a, "[1,\"a\",\"b\"]");

	CHECK_STR(json_str(json_get(j, "s")), "x", "text");
	CHECK_STR(json_str(json_get(j, "n")), "", "text of a number");
	CHECK_STR(json_str(NULL), "", "text of nothing");
	CHECK_STR(json_scalar(json_get(j, "f")), "1.5", "scalar number");
	CHECK_STR(json_scalar(json_get(j, "t")), "true", "scalar true");
	CHECK_STR(json_scalar(json_get(j, "no")), "false", "scalar false");
	CHECK_STR(json_scalar(json_get(j, "z")), "", "scalar null");
	CHECK_STR(json_scalar(json_get(j, "l")), "", "scalar list");
	CHECK(json_i64(json_get(j, "n"), 0) == -7, "number");
	CHECK(json_i64(json_get(j, "f"), 3) == 3, "not whole");
	CHECK(json_i64(json_get(j, "big"), 3) == 3, "too large");
	CHECK(json_i64(json_get(j, "s"), 3) == 3 && json_i64(NULL, 3) == 3, "no number");
	CHECK(json_bool(json_get(j, "t"), false) && !json_bool(json_get(j, "no"), true), "boolean");
	CHECK(json_bool(json_get(j, "s"), true) && !json_bool(NULL, false), "absent boolean");
	CHECK_STR(json_str(json_path(j, "o", "p", "q", NULL)), "deep", "path");
	CHECK(json_path(j, "o", "x", "q", NULL) == NULL && json_path(NULL, "o", NULL) == NULL,
	    "none");
	CHECK(json_get(j, "none") == NULL && json_get(json_get(j, "s"), "s") == NULL, "no member");
	CHECK(json_get_str(j, S("n")) == json_get(j, "n"), "by slice");
	CHECK(json_i64(json_at(json_get(j, "l"), 0), 0) == 1, "element");
	CHECK(json_at(json_get(j, "l"), 2) == NULL && json_at(j, 0) == NULL, "no element");
	CHECK(json_count(j) == 9 && json_count(json_get(j, "l")) == 2 && json_count(NULL) == 0,
	    "count");
	CHECK(json_first(json_get(j, "s")) == NULL && json_count(json_get(j, "s")) == 0, "scalar");
	CHECK(json_has_str(words, S("b")) && !json_has_str(words, S("c")), "a word of a list");
	CHECK(!json_has_str(words, S("")) && !json_has_str(NULL, S("")), "no word");
	CHECK(json_is(j, JSON_OBJECT) && !json_is(NULL, JSON_NULL), "is");
	assert_string_equal(json_kind_name(JSON_ARRAY), "a list");
	assert_string_equal(json_kind_name(JSON_FALSE), "a boolean");
}

static void
test_equal(struct arena *a)
{
	static const struct {
		const char *x, *y;
		bool want;
	} cases[] = {
		{ "{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true },
		{ "[1,2]", "[2,1]", false },
		{ "[1]", "[1,1]", false },
		{ "{\"a\":1}", "{\"b\":1}", false },
		{ "{\"a\":1}", "{\"a\":1,\"b\":1}", false },
		{ "1", "1.0", false },
		{ "\"1\"", "1", false },
		{ "null", "null", true },
		{ "true", "false", false },
		{ "\"\\u0061\"", "\"a\"", true },
		{ "[]", "{}", false },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK(json_equal(must_parse(a, cases[i].x), must_parse(a, cases[i].y)) ==
			cases[i].want,
		    "%s and %s", cases[i].x, cases[i].y);
	CHECK(json_equal(NULL, NULL) && !json_equal(NULL, must_parse(a, "null")), "nothing");
}

static void
test_building(struct arena *a)
{
	struct json *o = json_new_object(a), *list = json_new_array(a), *put;

	json_put_str(a, o, "s", S("x"));
	json_put_i64(a, o, "n", INT64_MIN);
	json_put_bool(a, o, "t", true);
	json_put(a, o, "z", json_new(a, JSON_NULL));
	CHECK(json_put(a, o, "nothing", NULL) == NULL, "putting nothing");
	json_push_str(a, list, S("e"));
	CHECK(json_push(a, list, NULL) == NULL, "pushing nothing");
	json_push(a, list, json_get(o, "n")); /* a part of one tree stands in another */
	put = json_put(a, o, "l", list);
	json_push(a, put, json_new_bool(a, false));
	CHECK_STR(json_text(a, o),
	    "{\"s\":\"x\",\"n\":-9223372036854775808,\"t\":true,\"z\":null,"
	    "\"l\":[\"e\",-9223372036854775808,false]}",
	    "built");
	CHECK(json_count(list) == 2, "the node was copied");

	json_set_str(a, o, "n", S("again"));
	json_set(a, o, "new", json_new_i64(a, 1));
	json_remove(o, "s");
	json_remove(o, "none");
	json_remove(o, "z");
	CHECK_STR(json_text(a, o),
	    "{\"n\":\"again\",\"t\":true,\"l\":[\"e\",-9223372036854775808,false],\"new\":1}",
	    "set");
	json_remove(o, "new");
	json_put_bool(a, o, "last", true);
	CHECK_STR(json_text(a, o),
	    "{\"n\":\"again\",\"t\":true,\"l\":[\"e\",-9223372036854775808,false],\"last\":true}",
	    "put after the last was removed");
}

static void
test_copies(struct arena *a)
{
	const struct json *j = must_parse(a, "{\"a\":[1,{\"b\":\"c\"}],\"d\":\"e\"}");
	struct json *shallow = json_copy_shallow(a, j), *deep;
	auto_arena other = { 0 };
	str text;

	json_set_str(a, shallow, "d", S("f"));
	json_remove(shallow, "a");
	json_put_str(a, shallow, "g", S("h"));
	CHECK_STR(json_text(a, shallow), "{\"d\":\"f\",\"g\":\"h\"}", "shallow");
	CHECK_STR(json_text(a, j), "{\"a\":[1,{\"b\":\"c\"}],\"d\":\"e\"}", "original");

	deep = json_copy(a, must_parse(&other, "{\"k\":[1,{\"b\":\"c\\n\"}],\"n\":1e5}"));
	arena_fini(&other);
	text = json_text(a, deep);
	CHECK_STR(text, "{\"k\":[1,{\"b\":\"c\\n\"}],\"n\":1e5}", "outlives its source");
}

static void
test_writing(struct arena *a)
{
	struct buf b = buf_in(a);
	struct json *o = json_new_object(a);

	json_put_str(a, o, "e", S("\"\\/\b\f\n\r\t\x01\x1f\x7f\0\xc3\xa9"));
	json_put_str(a, o, "\"", (str){ 0 });
	CHECK_STR(json_text(a, o),
	    "{\"e\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xc3\xa9\",\"\\\"\":\"\"}",
	    "escapes");
	CHECK_STR(json_text(a, NULL), "null", "nothing");
	json_write_pretty(&b, must_parse(a, "{\"a\":[1,{}],\"b\":{\"c\":[]}}"));
	CHECK_STR(buf_str(&b),
	    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}", "pretty");
}

/* Strings are read and written by words: every byte at every place of one comes back. */
static void
test_each_byte(struct arena *a)
{
	for (int c = 1; c < 0x80; c++) {
		for (size_t at = 0; at < 17; at++) {
			char bytes[] = "01234567\x7f"
				       "abcdefgh"
				       "\xc3\xa9";
			const char *json;

			bytes[at] = (char)c;
			json = str_z(a, json_text(a, json_new_str(a, str_of(bytes))));
			CHECK_STR(json_str(must_parse(a, json)), bytes, "comes back");
		}
	}
}

static void
test_writer(struct arena *a)
{
	struct buf b = buf_in(a);
	struct jw w;

	jw_init(&w, &b);
	jw_begin(&w, NULL);
	jw_str(&w, "s", S("a\"b"));
	jw_begin_array(&w, "l");
	jw_i64(&w, NULL, INT64_MIN);
	jw_bool(&w, NULL, true);
	jw_begin(&w, NULL);
	jw_end(&w);
	jw_begin_array(&w, NULL);
	jw_end(&w);
	jw_null(&w, NULL);
	jw_end(&w);
	jw_value(&w, "v", must_parse(a, "{\"x\":[1]}"));
	jw_value(&w, "none", NULL);
	jw_bool(&w, "f", false);
	jw_end(&w);
	CHECK_STR(buf_str(&b),
	    "{\"s\":\"a\\\"b\",\"l\":[-9223372036854775808,true,{},[],null],\"v\":{\"x\":[1]},"
	    "\"none\":null,\"f\":false}",
	    "streamed");
	CHECK(w.depth == 0, "all closed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_errors),
		TEST(test_depth),
		TEST(test_many_members),
		TEST(test_last_counts),
		TEST(test_marks),
		TEST(test_getters),
		TEST(test_equal),
		TEST(test_building),
		TEST(test_copies),
		TEST(test_writing),
		TEST(test_each_byte),
		TEST(test_writer),
	};

	return RUN_TESTS(tests);
}
