/* SPDX-License-Identifier: Apache-2.0 */
/* lang/event_pattern.h: what AWS was recorded to answer, and what the corpus has no case for. */
#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "lang/event_pattern.h"

/* "true", "false", or the error's code and message. */
static str
answer(struct arena *a, str pattern, str event)
{
	const struct event_pattern *p;
	const struct json *j;
	struct err err;

	err_init(&err, a);
	if (!event_pattern_parse_text(a, pattern, &p, &err))
		return str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(err.code), STR_ARG(err.msg));
	CHECK_OK(json_parse_last(a, event, &j, &err), &err);
	return event_pattern_matches(a, p, j) ? S("true") : S("false");
}

/* Rules and events are objects, but for one that repeats a name and so stands as text. */
static str
as_text(struct arena *a, const struct json *j)
{
	return json_is(j, JSON_STRING) ? j->text : json_text(a, j);
}

static void
test_recorded(struct arena *a)
{
	const char *path = shared_path(a, "corpora/event-patterns/aws-recorded.jsonl");
	size_t lines = 0;
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(file_read(a, path, (size_t)4 << 20, &text, &err), &err);
	for (str rest = text, line; str_cut(&rest, '\n', &line);) {
		const struct json *c;
		str name, want, got;

		if (line.len == 0)
			continue;
		CHECK_OK(json_parse(a, line, &c, &err), &err);
		name = json_str(json_get(c, "name"));
		want = json_get(c, "code") == NULL
		    ? json_scalar(json_get(c, "expect"))
		    : str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(json_str(json_get(c, "code"))),
			  STR_ARG(json_str(json_get(c, "message"))));
		got = answer(a, as_text(a, json_get(c, "rule")), as_text(a, json_get(c, "event")));
		CHECK_STR(got, str_z(a, want), STR_FMT, STR_ARG(name));
		lines++;
	}
	assert_int_equal(lines, 156);
}

static void
test_matching(struct arena *a)
{
	static const struct {
		const char *pattern, *event, *want;
	} cases[] = {
		/* arrays: one element for all fields below it */
		{ "{'a':{'x':[1],'y':[2]}}", "{'a':[{'x':1,'y':2}]}", "true" },
		{ "{'a':{'x':[1],'y':[2]}}", "{'a':[{'x':1},{'y':2}]}", "false" },
		{ "{'a':{'x':[1],'y':[2]}}", "{'a':[{'x':1,'y':0},{'x':1,'y':2}]}", "true" },
		{ "{'a':{'x':[1]},'b':[2]}", "{'a':[{'x':0},{'x':1}],'b':[1,2]}", "true" },
		{ "{'a':{'b':{'x':[1]},'y':[2]}}", "{'a':[{'b':[{'x':1}],'y':3},{'b':[],'y':2}]}",
		    "false" },
		{ "{'a':{'b':{'x':[1],'z':[5]},'y':[2]}}",
		    "{'a':[{'b':[{'x':1,'z':4},{'x':1,'z':5}],'y':2}]}", "true" },
		{ "{'a':[1]}", "{'a':[[0],[[1]]]}", "true" },
		{ "{'a':[1],'a.b':[2]}", "{'a':[1,{'b':2}]}", "false" },
		/* names with dots */
		{ "{'a.b':[1],'a':{'c':[2]}}", "{'a':{'b':1,'c':2}}", "true" },
		{ "{'a':{'b':[1],'c':[2]}}", "{'a':{'b':0,'c':2},'a.b':1}", "true" },
		{ "{'a':{'b':[1],'c':[2]}}", "{'a':{'b':0,'c':2},'a.b':3}", "false" },
		{ "{'':[1]}", "{'':1}", "true" },
		{ "{'a.':[1]}", "{'a':{'':1}}", "true" },
		{ "{'a.':[1]}", "{'a':1}", "false" },
		/* $or */
		{ "{'$or':[{'a':[1]},{'b':[1]}],'c':[1]}", "{'b':1,'c':1}", "true" },
		{ "{'$or':[{'a':[1]},{'b':[1]}],'c':[1]}", "{'b':1,'c':2}", "false" },
		{ "{'$or':[{'a':[1]},{'$or':[{'b':[1]},{'c':[1]}]}]}", "{'c':1}", "true" },
		{ "{'d':{'$or':[{'x':[1]},{'y':[1]}],'z':[1]}}", "{'d':[{'x':1},{'z':1}]}",
		    "false" },
		{ "{'$or':[{'a':{'x':[1]}},{'b':[1]}],'a':{'y':[1]}}", "{'a':[{'x':1},{'y':1}]}",
		    "false" },
		{ "{'$or':[{'prefix':'x'},'y']}", "{'$or':'xz'}", "true" },
		/* exists:false asks the whole event */
		{ "{'a':{'x':[{'exists':false}],'y':[1]}}", "{'a':[{'x':1},{'y':1}]}", "false" },
		{ "{'a':{'x':[{'exists':false}],'y':[1]}}", "{'a':[{'z':1},{'y':1}]}", "true" },
		{ "{'a':[{'exists':false},1]}", "{'a':1}", "true" },
		{ "{'a':[{'exists':false}]}", "{'a':{'b':1}}", "true" },
		{ "{'a':[{'exists':false}]}", "{'a':[]}", "true" },
		/* anything-but: any element that differs */
		{ "{'a':[{'anything-but':'x'}]}", "{'a':['x','y']}", "true" },
		{ "{'a':[{'anything-but':'x'}]}", "{'a':['x']}", "false" },
		{ "{'a':[{'anything-but':1}]}", "{'a':1.0}", "false" },
		{ "{'a':[{'anything-but':'1'}]}", "{'a':1}", "true" },
		/* numbers */
		{ "{'a':[1e2]}", "{'a':100.0}", "true" },
		{ "{'a':[100]}", "{'a':'100'}", "false" },
		{ "{'a':[{'numeric':['=',-0.0]}]}", "{'a':0}", "true" },
		{ "{'a':[{'numeric':['>',1,'<',2]}]}", "{'a':[1,2,1.5]}", "true" },
		{ "{'a':[{'numeric':['>',1,'<',2]}]}", "{'a':[1,2]}", "false" },
		{ "{'a':[{'numeric':['<',1e400]}]}", "{'a':1e308}", "true" },
		/* wildcards */
		{ "{'a':[{'wildcard':'*'}]}", "{'a':''}", "true" },
		{ "{'a':[{'wildcard':'a*b*c'}]}", "{'a':'abbbbc'}", "true" },
		{ "{'a':[{'wildcard':'a*b*c'}]}", "{'a':'accccb'}", "false" },
		{ "{'a':[{'wildcard':'x\\\\*y'}]}", "{'a':'x*y'}", "true" },
		{ "{'a':[{'wildcard':'x\\\\*y'}]}", "{'a':'xzy'}", "false" },
		{ "{'a':[{'wildcard':'x\\\\\\\\*'}]}", "{'a':'x\\\\zzz'}", "true" },
		{ "{'a':[{'wildcard':'*aab'}]}", "{'a':'aaab'}", "true" },
		{ "{'a':[{'wildcard':'b*'}]}", "{'a':'ab'}", "false" },
		/* addresses */
		{ "{'a':[{'cidr':'10.0.0.128/25'}]}", "{'a':'10.0.0.127'}", "false" },
		{ "{'a':[{'cidr':'0.0.0.0/0'}]}", "{'a':'255.255.255.255'}", "true" },
		{ "{'a':[{'cidr':'0.0.0.0/0'}]}", "{'a':'::1'}", "false" },
		{ "{'a':['2001:db8::1']}", "{'a':'2001:0db8:0:0:0:0:0:1'}", "true" },
		{ "{'a':['10.0.0.1']}", "{'a':'10.0.0.2'}", "false" },
		{ "{'a':[{'equals-ignore-case':'x'}, null]}", "{'a':null}", "true" },
		{ "{'a':[{'exactly':'x'}]}", "{'a':'x'}", "true" },
		{ "{'a':[1]}", "[]", "false" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str pattern = str_replace(a, str_of(cases[i].pattern), S("'"), S("\""));
		str event = str_replace(a, str_of(cases[i].event), S("'"), S("\""));

		CHECK_STR(answer(a, pattern, event), cases[i].want, "%s on %s", cases[i].pattern,
		    cases[i].event);
	}
}

static void
test_refusals(struct arena *a)
{
	static const struct {
		const char *pattern, *want;
	} cases[] = {
		{ "[]", "Filter is not an object" },
		{ "{}", "Empty objects are not allowed" },
		{ "{'a':{}}", "Empty objects are not allowed" },
		{ "{'a':[[1]]}", "Match value must be String, number, true, false, or null" },
		{ "{'a':[{}]}", "Match expression name not found" },
		{ "{'a':[{'prefix':'a','suffix':'b'}]}",
		    "Only one key allowed in match expression" },
		{ "{'a':[{'exists':1}]}", "exists match pattern must be either true or false." },
		{ "{'a':[{'anything-but':{}}]}", "Anything-But expression name not found" },
		{ "{'a':[{'anything-but':{'cidr':'1.1.1.1/8'}}]}",
		    "Unsupported anything-but pattern: cidr" },
		{ "{'a':[{'anything-but':['x',1,2]}]}",
		    "Inside anything but list, either all values are number or string, mixed "
		    "type is not supported" },
		{ "{'a':[{'anything-but':[]}]}",
		    "Inside anything but list, either all values are number or string, mixed "
		    "type is not supported" },
		{ "{'a':[{'numeric':['=',1,'<',2]}]}", "Too many elements in numeric expression" },
		{ "{'a':[{'numeric':['>',1,'<',2,3]}]}",
		    "Too many terms in numeric range expression" },
		{ "{'a':[{'numeric':['>',2,'<',1]}]}", "Bottom must be less than top" },
		{ "{'a':[{'numeric':['>',2,1]}]}", "Bad value in numeric range: 1" },
		{ "{'a':[{'numeric':['!',2]}]}", "Unrecognized numeric range operator: !" },
		{ "{'a':[{'numeric':[2]}]}", "Invalid member in numeric match: 2" },
		{ "{'a':[{'numeric':['=','2']}]}", "Value of equals must be numeric" },
		{ "{'a':[{'cidr':'1.1.1.1/-1'}]}",
		    "Malformed CIDR, mask bits must not be negative" },
		{ "{'a':[{'cidr':'1.1.1.1/32'}]}", "IPv4 mask bits must be < 32" },
		{ "{'a':[{'cidr':'::/128'}]}", "IPv6 mask bits must be < 128" },
		{ "{'a':[{'cidr':'1.1.1.1/8/8'}]}", "Malformed CIDR, one '/' required" },
		{ "{'a':[{'wildcard':'x\\\\y'}]}", "Invalid escape character at pos 2" },
		{ "this is no pattern",
		    "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or "
		    "token 'null', 'true' or 'false')" },
		{ "{'a':[1}", "it is no JSON: 1:8: ',' or ']' must stand here" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str pattern = str_replace(a, str_of(cases[i].pattern), S("'"), S("\""));
		str want = str_fmt(a,
		    "InvalidEventPatternException: Event pattern is not valid. Reason: %s",
		    cases[i].want);

		CHECK_STR(answer(a, pattern, S("{}")), str_z(a, want), "%s", cases[i].pattern);
	}
}

/* Ten $or lists of two lead to 1,024 combinations; nine to 512. */
static void
test_limits(struct arena *a)
{
	struct err err;

	for (int lists = 9; lists <= 10; lists++) {
		const struct event_pattern *p;
		struct buf b = buf_in(a);

		buf_add(&b, S("{"));
		for (int i = 0; i < lists; i++)
			buf_fmt(&b,
			    "%s\"f%d\":{\"$or\":[{\"x\":[\"\",1]},{\"y\":[{\"prefix\":\"\"}]}]}",
			    i == 0 ? "" : ",", i);
		buf_add(&b, S("}"));
		err_init(&err, a);
		CHECK(event_pattern_parse_text(a, buf_str(&b), &p, &err) == (lists == 9),
		    "%d lists", lists);
	}
	CHECK(str_has(err.msg, S("more than 1000 combinations")), STR_FMT, STR_ARG(err.msg));
}

/* Patterns made to take long with a matcher that goes back. */
static void
test_hostile(struct arena *a)
{
	struct buf event = buf_in(a), pattern = buf_in(a);
	str many_a;

	for (int i = 0; i < 20000; i++)
		buf_char(&event, 'a');
	many_a = buf_str(&event);
	CHECK_STR(answer(a, S("{\"x\":[{\"wildcard\":\"*a*a*a*a*b\"}]}"),
		      str_fmt(a, "{\"x\":\"" STR_FMT "\"}", STR_ARG(many_a))),
	    "false", "stars over one letter");

	event = buf_in(a);
	buf_add(&event, S("{"));
	buf_add(&pattern, S("{"));
	for (int list = 0; list < 8; list++) {
		buf_fmt(&event, "%s\"l%d\":[", list == 0 ? "" : ",", list);
		buf_fmt(&pattern, "%s\"l%d\":{\"x\":[1],\"y\":[%d]}", list == 0 ? "" : ",", list,
		    list == 7 ? 9999 : 50);
		for (int i = 0; i < 100; i++)
			buf_fmt(&event, "%s{\"x\":1,\"y\":%d}", i == 0 ? "" : ",", i);
		buf_add(&event, S("]"));
	}
	buf_add(&event, S("}"));
	buf_add(&pattern, S("}"));
	CHECK_STR(answer(a, buf_str(&pattern), buf_str(&event)), "false", "many lists, last fails");
}

static void
test_place_of_fault(struct arena *a)
{
	const struct event_pattern *p;
	const struct json *tree, *at = NULL;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, S("{\"a\": [1],\n \"b\": [{\"prefix\": 7}]}"), &tree, &err), &err);
	assert_false(event_pattern_parse(a, tree, &p, &at, &err));
	assert_int_equal(at->line, 2);
	assert_int_equal(at->column, 19);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_recorded),
		TEST(test_matching),
		TEST(test_refusals),
		TEST(test_limits),
		TEST(test_hostile),
		TEST(test_place_of_fault),
	};

	return RUN_TESTS(tests);
}
