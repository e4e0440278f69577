/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "lang/jsonpath.h"

/* "[1,2]" of what selector selects in document, or "error: …". */
static str
selected(struct arena *a, const char *selector, const char *document)
{
	const struct jsonpath *path;
	const struct json *root;
	struct jsonpath_nodes nodes;
	struct json *list = json_new_array(a);
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, str_of(document), &root, &err), &err);
	if (!jsonpath_parse(a, str_of(selector), &path, &err) ||
	    !jsonpath_select(path, a, root, &nodes, &err))
		return str_cat(a, S("error: "), err.msg);
	for (size_t i = 0; i < nodes.count; i++)
		json_push(a, list, nodes.list[i]);
	return json_text(a, list);
}

static void
test_selectors_of_documents(struct arena *a)
{
	static const char document[] =
	    "{\"Record\":{\"Id\":\"r\",\"Errors\":[{\"Code\":\"X\"},{\"Code\":\"Y\"}]},"
	    "\"Tags\":[{\"Key\":\"a\",\"Value\":1},{\"Key\":\"b\",\"Value\":2}],"
	    "\"detail-type\":\"t\"}";
	static const struct {
		const char *selector, *want;
	} cases[] = {
		{ "$.Record.Id", "[\"r\"]" },
		{ "$.Record.Missing", "[]" },
		{ "$.Missing.Deeper", "[]" },
		{ "$['detail-type']", "[\"t\"]" },
		{ "$.Tags[0].Value", "[1]" },
		{ "$.Tags[-1].Value", "[2]" },
		{ "$.Tags[5].Value", "[]" },
		{ "$.Tags[*].Key", "[\"a\",\"b\"]" },
		{ "$.Tags[1:].Key", "[\"b\"]" },
		{ "$..Code", "[\"X\",\"Y\"]" },
		{ "$.Tags[?(@.Key=='b')].Value", "[2]" },
		{ "$.Tags[?(@.Value>1 && @.Key!='a')].Key", "[\"b\"]" },
		{ "$.Record.Errors", "[[{\"Code\":\"X\"},{\"Code\":\"Y\"}]]" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(selected(a, cases[i].selector, document), cases[i].want, "%s",
		    cases[i].selector);
}

static void
test_errors_say_where(struct arena *a)
{
	static const struct {
		const char *selector, *want;
	} cases[] = {
		{ "", "error: selector : character 1: a selector begins with $" },
		{ "A.B", "error: selector A.B: character 1: a selector begins with $" },
		{ "$.",
		    "error: selector $.: character 3: expected a name; other characters than "
		    "letters, digits and _ are written ['…']" },
		{ "$.a-b", "error: selector $.a-b: character 4: expected . or [" },
		{ "$.a[",
		    "error: selector $.a[: character 5: expected a name in quotes, an index, "
		    "*, : or ?" },
		{ "$['a", "error: selector $['a: character 5: the string does not end" },
		{ "$[?1]",
		    "error: selector $[?1]: character 5: a value must be compared with "
		    "something" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(
		    selected(a, cases[i].selector, "{}"), cases[i].want, "%s", cases[i].selector);
}

static void
test_shape(struct arena *a)
{
	static const struct {
		const char *selector, *head;
		bool singular;
	} cases[] = {
		{ "$", "", true },
		{ "$.link.url", "link", true },
		{ "$['a-b'][0]", "a-b", true },
		{ "$[0].a", "", true },
		{ "$..a", "", false },
		{ "$.a[*]", "a", false },
		{ "$.a['b','c']", "a", false },
		{ "$[?@.a].b", "", false },
	};
	struct err err;

	err_init(&err, a);
	for (size_t i = 0; i < countof(cases); i++) {
		const struct jsonpath *path;

		CHECK_OK(jsonpath_parse(a, str_of(cases[i].selector), &path, &err), &err);
		CHECK(jsonpath_is_singular(path) == cases[i].singular, "%s", cases[i].selector);
		CHECK_STR(jsonpath_head(path), cases[i].head, "%s", cases[i].selector);
	}
}

static void
test_limits(struct arena *a)
{
	struct buf nested = buf_in(a), list = buf_in(a);

	buf_add(&nested, S("$[?"));
	for (int i = 0; i < 1000; i++)
		buf_char(&nested, '(');
	CHECK(str_has(selected(a, str_z(a, buf_str(&nested)), "{}"), S("nested too deeply")),
	    "parentheses");
	buf_add(&list, S("[0"));
	for (int i = 0; i < 2000; i++)
		buf_add(&list, S(",1"));
	buf_char(&list, ']');
	CHECK_STR(selected(a, "$[?@ == 2 || count($[?@ == 1]) == 0]", str_z(a, buf_str(&list))),
	    "error: the selector looks at more than 200000 values", "a list squared");
	CHECK_STR(
	    selected(a, "$..[?count($..*) > 1]", "[[[1]]]"), "[[[1]],[1],1]", "within limits");
	CHECK(str_has(selected(a, "$[*,*,*,*,*,*]", str_z(a, buf_str(&list))),
		  S("selects more than 10000 values")),
	    "results");
}

/* --- the compliance suite ------------------------------------------------------------ */

static bool
same_nodes(const struct jsonpath_nodes *nodes, const struct json *want)
{
	const struct json *w = json_first(want);

	if (json_count(want) != nodes->count)
		return false;
	for (size_t i = 0; i < nodes->count; i++, w = w->next) {
		if (!json_equal(nodes->list[i], w))
			return false;
	}
	return true;
}

static bool
passes(struct arena *a, const struct json *test, struct err *err)
{
	const struct jsonpath *path;
	struct jsonpath_nodes nodes;
	bool compiled = jsonpath_parse(a, json_str(json_get(test, "selector")), &path, err);

	if (!compiled || json_bool(json_get(test, "invalid_selector"), false))
		return compiled != json_bool(json_get(test, "invalid_selector"), false);
	if (!jsonpath_select(path, a, json_get(test, "document"), &nodes, err))
		return false;
	if (json_get(test, "result") != NULL)
		return same_nodes(&nodes, json_get(test, "result"));
	for (const struct json *r = json_first(json_get(test, "results")); r != NULL; r = r->next) {
		if (same_nodes(&nodes, r))
			return true;
	}
	return false;
}

static void
test_compliance_suite(struct arena *a)
{
	const char *path = shared_path(a, "corpora/jsonpath/cts.json");
	const struct json *suite;
	size_t passed = 0, failed = 0;
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(file_read(a, path, (size_t)1 << 20, &text, &err), &err);
	CHECK_OK(json_parse(a, text, &suite, &err), &err);
	for (const struct json *t = json_first(json_get(suite, "tests")); t != NULL; t = t->next) {
		err_clear(&err);
		if (passes(a, t, &err)) {
			passed++;
			continue;
		}
		failed++;
		print_error("fails: " STR_FMT ": " STR_FMT " " STR_FMT "\n",
		    STR_ARG(json_str(json_get(t, "name"))),
		    STR_ARG(json_str(json_get(t, "selector"))), STR_ARG(err.msg));
	}
	print_message("%zu of the suite's selectors behave as it says\n", passed);
	assert_int_equal(failed, 0);
	assert_int_equal(passed, 703);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_selectors_of_documents),
		TEST(test_errors_say_where),
		TEST(test_shape),
		TEST(test_limits),
		TEST(test_compliance_suite),
	};

	return RUN_TESTS(tests);
}
