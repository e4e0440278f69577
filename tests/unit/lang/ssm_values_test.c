/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/yaml.h"
#include "lang/jsonpath.h"
#include "lang/ssm_values.h"

static const struct json *
tree(struct arena *a, const char *text)
{
	const struct json *j;
	struct err err;

	err_init(&err, a);
	CHECK_OK(yaml_parse(a, str_of(text), YAML_TAGS_NONE, &j, &err), &err);
	return j;
}

/* --- substitution -------------------------------------------------------------------- */

static const struct json *
lookup_in(void *cookie, struct arena *a, str name)
{
	(void)a;
	return json_get_str(cookie, name);
}

static void
test_substitute(struct arena *a)
{
	static const char values[] =
	    "{T: text, Q: 'say \"hi\"', N: 5, B: true, L: [a, b], E: [], O: [{Code: X}], M: {k: v}, "
	    "R: '{{ T }}', Absent: '', J: '{\"a\":1}', S.out: value, 'global:REGION': us-east-1}";
	static const struct {
		const char *label, *in, *want;
	} cases[] = {
		{ "no reference", "[plain, 1, true, null, {a: b}]",
		    "[\"plain\",1,true,null,{\"a\":\"b\"}]" },
		{ "a whole text", "'{{ T }}'", "\"text\"" },
		{ "without blanks", "'{{T}}'", "\"text\"" },
		{ "a whole number", "'{{ N }}'", "5" },
		{ "a whole truth", "'{{ B }}'", "true" },
		{ "a whole list", "{x: '{{ L }}'}", "{\"x\":[\"a\",\"b\"]}" },
		{ "a whole map", "'{{ M }}'", "{\"k\":\"v\"}" },
		{ "JSON in a text stays a text", "'{{ J }}'", "\"{\\\"a\\\":1}\"" },
		{ "embedded text is raw", "'<{{ Q }}>'", "\"<say \\\"hi\\\">\"" },
		{ "embedded number and truth", "'{{ N }}/{{ B }}'", "\"5/true\"" },
		{ "embedded lists are JSON", "'x{{ L }}{{ E }}{{ O }}'",
		    "\"x[\\\"a\\\",\\\"b\\\"][][{\\\"Code\\\":\\\"X\\\"}]\"" },
		{ "embedded nothing", "'a{{ Absent }}b'", "\"ab\"" },
		{ "a blank around is embedded", "' {{ N }}'", "\" 5\"" },
		{ "one pass", "'{{ R }}'", "\"{{ T }}\"" },
		{ "one pass, embedded", "'-{{ R }}-'", "\"-{{ T }}-\"" },
		{ "outputs and prefixes", "'{{ S.out }}@{{ global:REGION }}'",
		    "\"value@us-east-1\"" },
		{ "braces that are none", "'{{ } {{\"a\"}} {{{T}}}'",
		    "\"{{ } {{\\\"a\\\"}} {text}\"" },
	};
	struct json *cookie = json_copy(a, tree(a, values));
	struct err err;

	err_init(&err, a);
	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *out;

		CHECK_OK(
		    ssm_substitute(a, tree(a, cases[i].in), lookup_in, cookie, &out, &err), &err);
		CHECK_STR(json_text(a, out), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_substitute_without_value(struct arena *a)
{
	const struct json *out = NULL;
	struct err err;

	err_init(&err, a);
	assert_false(ssm_substitute(
	    a, tree(a, "{a: [x, 'y {{ Z.o }}']}"), lookup_in, json_new_object(a), &out, &err));
	assert_int_equal(err.kind, ERR_INVALID);
	CHECK_STR(err.msg, "{{ Z.o }} has no value", "text");
	assert_null(out);
}

/* A small document that names a large value many times does not make a huge one. */
static void
test_substitute_is_bounded(struct arena *a)
{
	struct json *values = json_new_object(a);
	struct buf text = buf_in(a), deep = buf_in(a);
	const struct json *out;
	struct err err;

	err_init(&err, a);
	json_put_str(a, values, "P", str_fmt(a, "%4096s", "x"));
	for (int i = 0; i < 2000; i++)
		buf_add(&text, S("{{P}}"));
	assert_false(
	    ssm_substitute(a, json_new_str(a, buf_str(&text)), lookup_in, values, &out, &err));
	assert_int_equal(err.kind, ERR_TOO_LARGE);
	CHECK_STR(err.msg, "the values filled in are larger than 98304 bytes", "large");
	for (int i = 0; i < 20; i++)
		buf_char(&deep, '[');
	buf_add(&deep, S("'{{D}}'"));
	for (int i = 0; i < 20; i++)
		buf_char(&deep, ']');
	json_put(a, values, "D", tree(a, "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]"));
	assert_false(
	    ssm_substitute(a, tree(a, str_z(a, buf_str(&deep))), lookup_in, values, &out, &err));
	CHECK_STR(err.msg, "what is filled in is nested more than 32 levels deep", "deep");
}

/* --- start parameters ---------------------------------------------------------------- */

#define PARAMETERS \
	"{Name: {type: String, allowedPattern: '\\d+'}, " \
	"Kind: {type: String, default: small, allowedValues: [small, large]}, " \
	"Many: {type: StringList, default: [x], maxItems: 2}, On: {type: Boolean, default: 'true'}, " \
	"Count: {type: Integer, default: 3}, Map: {type: StringMap, default: {a: b}}, " \
	"Maps: {type: MapList, default: [{a: b}]}, Short: {type: String, default: '', minChars: 2, " \
	"maxChars: 3}, Ami: {type: String, default: '{{ ssm:/a/b }}'}}"

static const struct ssm_document *
document(struct arena *a)
{
	struct ssm_document *d = arena_new(a, struct ssm_document, 1);
	struct err err;

	err_init(&err, a);
	CHECK_OK(ssm_document_parse(a,
		     str_fmt(a,
			 "schemaVersion: '0.3'\nparameters: %s\nmainSteps: [{name: P, action: "
			 "'aws:pause'}]\n",
			 PARAMETERS),
		     d, &err),
	    &err);
	return d;
}

static str
arguments(struct arena *a, const char *given, bool texts)
{
	struct json *stored = json_new_object(a);
	struct ssm_arguments args;
	struct err err;

	err_init(&err, a);
	json_put_str(a, stored, "ssm:/a/b", S("ami-1"));
	if (!ssm_arguments_check(a, document(a), tree(a, given), lookup_in, stored, &args, &err)) {
		CHECK_STR(err.code, "InvalidAutomationExecutionParametersException", "%s", given);
		return err.msg;
	}
	return json_text(a, texts ? args.texts : args.values);
}

static void
test_arguments(struct arena *a)
{
	CHECK_STR(arguments(a, "{Name: ['12']}", false),
	    "{\"Name\":\"12\",\"Kind\":\"small\",\"Many\":[\"x\"],\"On\":true,\"Count\":3,"
	    "\"Map\":{\"a\":\"b\"},\"Maps\":[{\"a\":\"b\"}],\"Short\":\"\",\"Ami\":\"ami-1\"}",
	    "defaults, typed");
	CHECK_STR(arguments(a, "{Name: ['12']}", true),
	    "{\"Name\":[\"12\"],\"Kind\":[\"small\"],\"Many\":[\"x\"],\"On\":[\"true\"],"
	    "\"Count\":[\"3\"],\"Map\":[\"{\\\"a\\\":\\\"b\\\"}\"],"
	    "\"Maps\":[\"{\\\"a\\\":\\\"b\\\"}\"],\"Short\":[\"\"],\"Ami\":[\"ami-1\"]}",
	    "defaults, as texts");
	CHECK_STR(
	    arguments(a,
		"{Name: ['12'], Kind: [large], Many: ['[\"p\",\"q\"]'], On: ['False'], Count: "
		"['-7'], Map: ['{\"c\":1}'], Maps: ['{\"d\":1}', '{}'], Short: [ab], Ami: [x]}",
		false),
	    "{\"Name\":\"12\",\"Kind\":\"large\",\"Many\":[\"p\",\"q\"],\"On\":false,\"Count\":-7,"
	    "\"Map\":{\"c\":1},\"Maps\":[{\"d\":1},{}],\"Short\":\"ab\",\"Ami\":\"x\"}",
	    "given, typed");
}

static void
test_arguments_refused(struct arena *a)
{
	static const struct {
		const char *label, *given, *want;
	} cases[] = {
		{ "missing", "{}", "Missing required parameter: Name in user inputs." },
		{ "unknown", "{Name: ['1'], Other: [x]}",
		    "Unknown parameter: Other in user inputs." },
		{ "pattern matches a part only", "{Name: [10abc]}",
		    "Parameter \"Name\" has value \"10abc\" that does not match the allowed pattern \\d+." },
		{ "empty", "{Name: ['']}",
		    "Parameter \"Name\" has value \"\" that does not match the allowed pattern \\d+." },
		{ "not allowed", "{Name: ['1'], Kind: [install]}",
		    "Parameter \"Kind\" has value \"install\" not found in [small, large]." },
		{ "two texts for one", "{Name: ['1', '2']}",
		    "Parameter type error. The value supplied for Name is not a valid string." },
		{ "no text for one", "{Name: []}",
		    "Parameter type error. The value supplied for Name is not a valid string." },
		{ "no boolean", "{Name: ['1'], On: [maybe]}",
		    "Parameter type error. The value supplied for On is not a valid boolean." },
		{ "no integer", "{Name: ['1'], Count: ['1.5']}",
		    "Parameter type error. The value supplied for Count is not a valid integer." },
		{ "no map", "{Name: ['1'], Map: ['[1]']}",
		    "Parameter type error. The value supplied for Map is not a valid map of strings." },
		{ "no list of maps", "{Name: ['1'], Maps: ['{}', x]}",
		    "Parameter type error. The value supplied for Maps is not a valid list of maps." },
		{ "too many items", "{Name: ['1'], Many: [a, b, c]}",
		    "Parameter \"Many\" has 3 items; the most is 2." },
		{ "too short", "{Name: ['1'], Short: [ä]}",
		    "Parameter \"Short\" has 1 characters; the least is 2." },
		{ "too long", "{Name: ['1'], Short: [abcd]}",
		    "Parameter \"Short\" has 4 characters; the most is 3." },
		{ "a reference", "{Name: ['1'], Ami: ['{{ Name }}']}",
		    "Parameter \"Ami\" has a value with {{ Name }}, which only a document may hold." },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(arguments(a, cases[i].given, false), cases[i].want, "%s", cases[i].label);
}

/* --- outputs ------------------------------------------------------------------------- */

static str
output(struct arena *a, const char *selector, const char *type)
{
	static const char answer[] =
	    "{Detail: {Status: OK, Size: 5, On: true, List: [a, b], One: [x], Empty: [], Null: null, "
	    "Errors: [{Code: X}, {Code: Y}], Map: {k: v}}, Tags: [{K: a, V: '1'}, {K: b, V: '2'}]}";
	struct ssm_output o = { .name = S("Out"), .selector_text = str_of(selector) };
	const struct json *value;
	struct err err;

	err_init(&err, a);
	CHECK(ssm_type_find(str_of(type), &o.type), "%s", type);
	CHECK_OK(jsonpath_parse(a, o.selector_text, &o.selector, &err), &err);
	return ssm_output_select(a, &o, tree(a, answer), &value, &err) ? json_text(a, value)
								       : err.msg;
}

static void
test_outputs(struct arena *a)
{
	static const struct {
		const char *selector, *type, *want;
	} cases[] = {
		{ "$.Detail.Status", "String", "\"OK\"" },
		{ "$.Detail.Size", "String", "\"5\"" },
		{ "$.Detail.On", "String", "\"true\"" },
		{ "$.Detail.One", "String", "\"x\"" },
		{ "$.Detail.List", "String", "\"[\\\"a\\\",\\\"b\\\"]\"" },
		{ "$.Detail.Map", "String", "\"{\\\"k\\\":\\\"v\\\"}\"" },
		{ "$.Detail.List", "StringList", "[\"a\",\"b\"]" },
		{ "$.Detail.Status", "StringList", "[\"OK\"]" },
		{ "$.Detail.Size", "StringList", "[\"5\"]" },
		{ "$.Detail.Errors", "StringList",
		    "[\"{\\\"Code\\\":\\\"X\\\"}\",\"{\\\"Code\\\":\\\"Y\\\"}\"]" },
		{ "$.Detail.Errors", "MapList", "[{\"Code\":\"X\"},{\"Code\":\"Y\"}]" },
		{ "$.Detail.Map", "StringMap", "{\"k\":\"v\"}" },
		{ "$.Detail.Size", "Integer", "5" },
		{ "$.Tags[0].V", "Integer", "1" },
		{ "$.Detail.On", "Boolean", "true" },
		{ "$..Code", "StringList", "[\"X\",\"Y\"]" },
		{ "$.Tags[?(@.K=='b')].V", "String", "\"2\"" },
		{ "$.Detail.Missing", "String", "\"\"" },
		{ "$.Detail.Null", "String", "\"\"" },
		{ "$.Detail.Missing", "StringList", "[]" },
		{ "$.Detail.Missing", "MapList", "[]" },
		{ "$.Detail.Missing", "StringMap", "{}" },
		{ "$.Detail.Missing", "Integer", "\"\"" },
		{ "$..Missing", "StringList", "[]" },
		{ "$.Tags[?(@.K=='z')].V", "String", "\"\"" },
		{ "$.Nothing.Missing", "String",
		    "The selector $.Nothing.Missing of output Out finds nothing in the answer" },
		{ "$.Detail.Empty[0].State", "String",
		    "The selector $.Detail.Empty[0].State of output Out finds nothing in the answer" },
		{ "$.Detail.Status", "Integer",
		    "The value that $.Detail.Status selects for output Out is no Integer" },
		{ "$.Detail.List", "MapList",
		    "The value that $.Detail.List selects for output Out is no MapList" },
		{ "$.Detail.Map", "StringList",
		    "The value that $.Detail.Map selects for output Out is no StringList" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(output(a, cases[i].selector, cases[i].type), cases[i].want, "%s as %s",
		    cases[i].selector, cases[i].type);
}

static void
test_texts(struct arena *a)
{
	static const struct {
		const char *value, *want;
	} cases[] = {
		{ "text", "[\"text\"]" },
		{ "''", "[\"\"]" },
		{ "7", "[\"7\"]" },
		{ "true", "[\"true\"]" },
		{ "[a, 2]", "[\"a\",\"2\"]" },
		{ "[]", "[]" },
		{ "{k: v}", "[\"{\\\"k\\\":\\\"v\\\"}\"]" },
		{ "[{k: v}]", "[\"{\\\"k\\\":\\\"v\\\"}\"]" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(json_text(a, ssm_texts(a, tree(a, cases[i].value))), cases[i].want, "%s",
		    cases[i].value);
}

/* --- branches ------------------------------------------------------------------------ */

static void
test_branch(struct arena *a)
{
	static const struct {
		const char *condition, *want;
	} cases[] = {
		{ "Variable: x, StringEquals: x", "Yes" },
		{ "Variable: x, StringEquals: X", "No" },
		{ "Variable: '', StringEquals: ''", "Yes" },
		{ "Variable: x, EqualsIgnoreCase: X", "Yes" },
		{ "Variable: abc, StartsWith: ab", "Yes" },
		{ "Variable: abc, EndsWith: bc", "Yes" },
		{ "Variable: abc, EndsWith: ab", "No" },
		{ "Variable: abc, Contains: b", "Yes" },
		{ "Variable: '10', NumericEquals: 10.0", "Yes" },
		{ "Variable: 10, NumericGreater: 9", "Yes" },
		{ "Variable: '10', NumericGreater: '9'", "Yes" },
		{ "Variable: 10, NumericLesser: 10", "No" },
		{ "Variable: 10, NumericLesserOrEquals: 10", "Yes" },
		{ "Variable: 10, NumericGreaterOrEquals: 11", "No" },
		{ "Variable: ten, NumericLesser: 11", "No" },
		{ "Variable: ten, NumericLesserOrEquals: 11", "No" },
		{ "Variable: ten, NumericGreaterOrEquals: 11", "No" },
		{ "Variable: true, BooleanEquals: true", "Yes" },
		{ "Variable: 'True', BooleanEquals: true", "Yes" },
		{ "Variable: false, BooleanEquals: true", "No" },
		{ "Not: {Variable: x, StringEquals: y}", "Yes" },
		{ "And: [{Variable: x, StringEquals: x}, {Variable: 1, NumericEquals: 1}]", "Yes" },
		{ "And: [{Variable: x, StringEquals: x}, {Variable: 1, NumericEquals: 2}]", "No" },
		{ "Or: [{Variable: x, StringEquals: y}, {Variable: 1, NumericEquals: 1}]", "Yes" },
		{ "Or: [{Variable: x, StringEquals: y}, {Not: {Variable: 1, NumericEquals: 1}}]",
		    "No" },
		{ "Variable: [x], StringEquals: x",
		    "The Variable of a choice must be a String, an Integer or a Boolean, and is a list" },
	};
	struct err err;
	str next;

	err_init(&err, a);
	for (size_t i = 0; i < countof(cases); i++) {
		const char *inputs = str_z(a,
		    str_fmt(
			a, "{Choices: [{NextStep: Yes, %s}], Default: No}", cases[i].condition));

		if (!ssm_branch_choose(tree(a, inputs), &next, &err))
			next = err.msg;
		CHECK_STR(next, cases[i].want, "%s", cases[i].condition);
	}
	assert_true(ssm_branch_choose(
	    tree(a, "{Choices: [{NextStep: Y, Variable: a, StringEquals: b}]}"), &next, &err));
	CHECK_STR(next, "", "no default");
}

static void
test_durations(struct arena *a)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: none */
	} cases[] = {
		{ "PT10M", 600000 },
		{ "P1D", 86400000 },
		{ "P1DT2H3M4S", 93784000 },
		{ "PT604799S", 604799000 },
		{ "PT604800S", -1 },
		{ "PT", -1 },
		{ "P", -1 },
		{ "10M", -1 },
		{ "P10M", -1 },
		{ "PT1S2M", -1 },
		{ "PT1D", -1 },
		{ "PT-1S", -1 },
		{ "PT1", -1 },
		{ "PTM", -1 },
		{ "PT99999999999S", -1 },
		{ "PTT1S", -1 },
	};

	(void)a;
	for (size_t i = 0; i < countof(cases); i++) {
		int64_t ms = -1;

		CHECK(ssm_duration_parse(str_of(cases[i].text), &ms) == (cases[i].want >= 0), "%s",
		    cases[i].text);
		CHECK(ms == cases[i].want, "%s", cases[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_substitute),
		TEST(test_substitute_without_value),
		TEST(test_substitute_is_bounded),
		TEST(test_arguments),
		TEST(test_arguments_refused),
		TEST(test_outputs),
		TEST(test_texts),
		TEST(test_branch),
		TEST(test_durations),
	};

	return RUN_TESTS(tests);
}
