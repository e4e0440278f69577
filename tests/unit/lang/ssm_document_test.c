/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "lang/ssm_document.h"

/* Every problem of a document, one a line: "3:5 what is wrong". */
static str
problems(struct arena *a, str text)
{
	struct ssm_document d;
	struct buf b = buf_in(a);
	struct err err;

	err_init(&err, a);
	if (ssm_document_parse(a, text, &d, &err))
		return S("");
	if (d.problem_count == 0)
		return err.msg;
	for (size_t i = 0; i < d.problem_count; i++)
		buf_fmt(&b, "%s%u:%u " STR_FMT, i == 0 ? "" : "\n", d.problems[i].line,
		    d.problems[i].column, STR_ARG(d.problems[i].text));
	return buf_str(&b);
}

/* A document of one parameter P and the given steps, whose first line is line 3. */
static str
with_steps(struct arena *a, const char *steps)
{
	return str_fmt(a,
	    "{schemaVersion: '0.3', parameters: {P: {type: String}}, variables: {v: {type: String}},\n"
	    "mainSteps: [\n%s\n]}",
	    steps);
}

#define CALL(name, more) \
	"{name: " name ", action: 'aws:executeAwsApi', inputs: {Service: s, Api: A" more "}"

static void
test_steps(struct arena *a)
{
	static const struct {
		const char *label, *steps, *want;
	} cases[] = {
		{ "sound", CALL("A", "") "}", "" },
		{ "next by name",
		    CALL("A", "") ", nextStep: C},\n" CALL("B", "") "},\n" CALL("C", "") "}", "" },
		{ "no such step", CALL("A", "") ", nextStep: Z}",
		    "3:80 step A: there is no step Z" },
		{ "onFailure to no step", CALL("A", "") ", onFailure: 'step:Z'}",
		    "3:81 step A: there is no step Z" },
		{ "onFailure of another form", CALL("A", "") ", onFailure: Retry}",
		    "3:81 step A: onFailure must be Abort, Continue or step:NAME" },
		{ "onCancel to no step", CALL("A", "") ", onCancel: 'step:Z'}",
		    "3:80 step A: there is no step Z" },
		{ "two of a name", CALL("A", "") "},\n" CALL("A", "") "}",
		    "4:1 two steps are named A" },
		{ "a circle", CALL("A", "") "},\n" CALL("B", "") ", nextStep: A}",
		    "4:1 step B goes back to A: steps cannot run in a circle" },
		{ "a circle that nothing reaches",
		    CALL("A", "") ", isEnd: true},\n" CALL("B", "") ", nextStep: C},\n" CALL(
			"C", "") ", nextStep: B}",
		    "5:1 step C goes back to B: steps cannot run in a circle" },
		{ "a circle by failure",
		    CALL("A", "") "},\n" CALL("B", "") ", onFailure: 'step:A'}",
		    "4:1 step B goes back to A: steps cannot run in a circle" },
		{ "an unknown action", "{name: A, action: 'aws:nothing'}",
		    "3:19 step A has no known action" },
		{ "an unknown member", CALL("A", "") ", nextstep: B}",
		    "3:80 step A has no member nextstep" },
		{ "a name with other characters", CALL("a-b", "") "}",
		    "3:8 a step's name is made of letters, digits and _" },
		{ "a missing input", "{name: A, action: 'aws:executeAwsApi', inputs: {Service: s}}",
		    "3:48 step A: aws:executeAwsApi needs the input Api" },
		{ "an input too many",
		    "{name: A, action: 'aws:sleep', inputs: {Duration: PT1S, Until: x}}",
		    "3:64 step A: aws:sleep has no input Until" },
		{ "a sleep that is none", "{name: A, action: 'aws:sleep', inputs: {Duration: 1h}}",
		    "3:51 step A: 1h is no duration of up to a week" },
		{ "a sleep by a parameter",
		    "{name: A, action: 'aws:sleep', inputs: {Duration: '{{ P }}'}}", "" },
		{ "outputs where there are none",
		    "{name: A, action: 'aws:sleep', inputs: {Duration: PT1S}, outputs: []}",
		    "3:67 step A: aws:sleep cannot declare outputs" },
		{ "attempts and times", CALL("A", "") ", maxAttempts: 0, timeoutSeconds: soon}",
		    "3:83 maxAttempts must be 1 or more\n3:102 timeoutSeconds must be a whole number" },
		{ "a selector that is none",
		    CALL("A", "") ", outputs: [{Name: O, Selector: $.a-b, Type: String}]}",
		    "3:100 selector $.a-b: character 4: expected . or [" },
		{ "an unknown type",
		    CALL("A", "") ", outputs: [{Name: O, Selector: $.a, Type: Text}]}",
		    "3:111 output O has no known Type" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(problems(a, with_steps(a, cases[i].steps)), cases[i].want, "%s",
		    cases[i].label);
}

static void
test_references(struct arena *a)
{
	static const struct {
		const char *label, *steps, *want;
	} cases[] = {
		{ "a parameter", CALL("A", ", X: '{{ P }} and {{P}}'") "}", "" },
		{ "what the execution knows",
		    CALL("A",
			", X: '{{ global:REGION }}{{automation:EXECUTION_ID}}{{variable:v}}'") "}",
		    "" },
		{ "braces of a script", CALL("A", ", X: '{{\"a\": 1}} {{ }} {{'") "}", "" },
		{ "undefined", CALL("A", ", X: '{{ Q }}'") "}", "3:72 {{ Q }} is not defined" },
		{ "in a list", CALL("A", ", X: [{Y: '{{ Q }}'}]") "}",
		    "3:77 {{ Q }} is not defined" },
		{ "the parameter store", CALL("A", ", X: '{{ ssm:/a/b }}'") "}",
		    "3:72 {{ ssm:/a/b }} may stand only in the default of a parameter" },
		{ "an unknown variable", CALL("A", ", X: '{{ variable:w }}'") "}",
		    "3:72 {{ variable:w }} is not defined" },
		{ "an output of no step", CALL("A", ", X: '{{ Z.O }}'") "}",
		    "3:72 there is no step Z to take O from" },
		{ "no such output", CALL("A", "") "},\n" CALL("B", ", X: '{{ A.O }}'") "}",
		    "4:72 step A has no output O" },
		{ "an output that every call has",
		    CALL("A", "") "},\n" CALL("B", ", X: '{{ A.OutputPayload }}'") "}", "" },
		{ "its own", CALL("A", ", X: '{{ A.Output }}'") "}",
		    "3:72 step A cannot have run before step A" },
		{ "a later one's", CALL("A", ", X: '{{ B.Output }}'") "},\n" CALL("B", "") "}",
		    "3:72 step B cannot have run before step A" },
		{ "of a step that ends the execution",
		    CALL("A", "") ", isEnd: true},\n" CALL("B", ", X: '{{ A.Output }}'") "}",
		    "4:72 step A cannot have run before step B" },
		{ "on the way of failure",
		    CALL("A", "") ", isEnd: true, onFailure: 'step:B'},\n" CALL(
			"B", ", X: '{{ A.Output }}'") "}",
		    "" },
		{ "outside a loop", CALL("A", ", X: '{{ loop.CurrentIteration }}'") "}",
		    "3:72 there is no step loop to take CurrentIteration from" },
		{ "inside a loop",
		    "{name: L, action: 'aws:loop', inputs: {Iterators: [a], Steps: [\n" CALL(
			"A", ", X: '{{ loop.CurrentIteratorValue }}'") "}]}},\n" CALL("B",
			", X: '{{ A.Output }}'") "}",
		    "" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(problems(a, with_steps(a, cases[i].steps)), cases[i].want, "%s",
		    cases[i].label);
}

#define BRANCH(choices) \
	"{name: A, action: 'aws:branch', inputs: {Choices: [" choices "]}},\n" CALL("B", "") "}"

static void
test_branches(struct arena *a)
{
	static const struct {
		const char *label, *choices, *want;
	} cases[] = {
		{ "sound", BRANCH("{NextStep: B, Variable: '{{ P }}', StringEquals: x}"), "" },
		{ "joined",
		    BRANCH("{NextStep: B, Or: [{Not: {Variable: '{{P}}', Contains: x}}, {And: ["
			   "{Variable: '{{P}}', NumericGreater: 1}]}]}"),
		    "" },
		{ "no choices", BRANCH(""),
		    "3:51 step A: Choices must be a list of one choice or more" },
		{ "no target", BRANCH("{Variable: '{{ P }}', StringEquals: x}"),
		    "3:52 a choice needs a NextStep" },
		{ "no such target", BRANCH("{NextStep: Z, Variable: '{{ P }}', StringEquals: x}"),
		    "3:52 step A: there is no step Z" },
		{ "no operator", BRANCH("{NextStep: B, Variable: '{{ P }}'}"),
		    "3:52 a condition has a Variable and one operator, or one of And, Or and Not" },
		{ "two operators",
		    BRANCH("{NextStep: B, Variable: x, StringEquals: x, StartsWith: y}"),
		    "3:52 a condition has a Variable and one operator, or one of And, Or and Not" },
		{ "an unknown one", BRANCH("{NextStep: B, Variable: x, Equals: x}"),
		    "3:52 a condition has a Variable and one operator, or one of And, Or and Not" },
		{ "an undefined variable",
		    BRANCH("{NextStep: B, Variable: '{{ Q }}', StringEquals: x}"),
		    "3:76 {{ Q }} is not defined" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(problems(a, with_steps(a, cases[i].choices)), cases[i].want, "%s",
		    cases[i].label);
}

static void
test_top_and_parameters(struct arena *a)
{
#define STEPS "mainSteps: [" CALL("A", "") "}]"
	static const struct {
		const char *label, *text, *want;
	} cases[] = {
		{ "no YAML", "a: [", "2:1: a value must stand here" },
		{ "no object", "[]",
		    "1:1 a document is an object with schemaVersion and mainSteps" },
		{ "another version", "{schemaVersion: '2.2', " STEPS "}",
		    "1:17 an automation document has schemaVersion '0.3'" },
		{ "no steps", "{schemaVersion: '0.3', mainSteps: []}",
		    "1:35 mainSteps must be a list of one step or more" },
		{ "an unknown member", "{schemaVersion: '0.3', steps: [],\n" STEPS "}",
		    "1:31 the document has no member steps" },
		{ "a role that is none", "{schemaVersion: '0.3', assumeRole: admin,\n" STEPS "}",
		    "1:36 The format of the supplied assume role ARN is invalid." },
		{ "a role by a parameter that is none",
		    "{schemaVersion: '0.3', assumeRole: '{{ R }}',\n" STEPS "}",
		    "1:36 assumeRole: there is no parameter R" },
		{ "a role",
		    "{schemaVersion: '0.3', assumeRole: 'arn:aws:iam::111122223333:role/x/R',\n" STEPS
		    "}",
		    "" },
		{ "types",
		    "{schemaVersion: '0.3', parameters: {A: {type: AWS::EC2::VPC::Id},\n"
		    "B: {type: 'List<AWS::EC2::Subnet::Id>'}, C: {type: Text}, D: {}},\n" STEPS "}",
		    "2:52 parameter C has no known type\n2:62 parameter D has no known type" },
		{ "defaults",
		    "{schemaVersion: '0.3', parameters: {A: {type: Integer, default: '5'},\n"
		    "B: {type: Boolean, default: yes}, C: {type: StringMap, default: []},\n"
		    "D: {type: StringList, default: [a, 1]}, E: {type: String, default: ['a']}},\n" STEPS
		    "}",
		    "2:29 the default of parameter B is no Boolean\n"
		    "2:65 the default of parameter C is no StringMap\n"
		    "3:68 the default of parameter E is no String" },
		{ "what defaults may use",
		    "{schemaVersion: '0.3', parameters: {A: {type: String, default: '{{ssm:/x}}'},\n"
		    "B: {type: String, default: 'x{{automation:EXECUTION_ID}}'},\n"
		    "C: {type: String, default: '{{ A }}'}},\n" STEPS "}",
		    "3:28 a default cannot use {{ A }}" },
		{ "a pattern that is none",
		    "{schemaVersion: '0.3', parameters: {A: {type: String, allowedPattern: '['}},\n" STEPS
		    "}",
		    "1:71 '[' is not a regular expression: missing terminating ] for character class (at "
		    "byte 2)" },
		{ "outputs", "{schemaVersion: '0.3', outputs: [A.Output, A.None, B],\n" STEPS "}",
		    "1:44 step A has no output None\n"
		    "1:52 an output of the document is written step.output" },
	};

	for (size_t i = 0; i < countof(cases); i++)
		CHECK_STR(problems(a, str_of(cases[i].text)), cases[i].want, "%s", cases[i].label);
}

static void
test_error_names_first_problem(struct arena *a)
{
	struct ssm_document d;
	struct err err;

	err_init(&err, a);
	assert_false(ssm_document_parse(a, S("schemaVersion: '0.3'\nmainSteps: []\n"), &d, &err));
	CHECK_STR(err.code, "InvalidDocumentContent", "code");
	CHECK_STR(err.msg, "2:12: mainSteps must be a list of one step or more", "text");
	assert_false(ssm_document_parse(a, S("schemaVersion: '1.2'\n"), &d, &err));
	CHECK_STR(err.code, "InvalidDocumentSchemaVersion", "code");
	assert_false(ssm_document_parse(a,
	    (str){ arena_alloc(a, 1, SSM_MAX_DOCUMENT_BYTES + 1), SSM_MAX_DOCUMENT_BYTES + 1 }, &d,
	    &err));
	CHECK_STR(err.code, "MaxDocumentSizeExceeded", "code");
	assert_false(ssm_document_parse(a,
	    S("schemaVersion: '0.3'\nmainSteps: [{name: A, action: 'aws:pause', inputs: {a: "
	      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}]\n"),
	    &d, &err));
	CHECK_STR(err.msg, "1:1: a document is nested 32 levels deep at most", "depth");
}

/* "A>B(next) A>end(failure) …" */
static str
edges(struct arena *a, const struct ssm_document *d)
{
	static const char *const kinds[] = {
		[SSM_EDGE_NEXT] = "next",
		[SSM_EDGE_CHOICE] = "choice",
		[SSM_EDGE_DEFAULT] = "default",
		[SSM_EDGE_FAILURE] = "failure",
		[SSM_EDGE_CANCEL] = "cancel",
	};
	struct buf b = buf_in(a);

	for (size_t i = 0; i < d->step_count; i++) {
		const struct ssm_step *s = &d->steps[i];

		for (size_t n = 0; n < s->edge_count; n++) {
			str to =
			    s->edges[n].to == SSM_END ? S("end") : d->steps[s->edges[n].to].name;

			buf_fmt(&b, "%s" STR_FMT ">" STR_FMT "(%s)", b.len == 0 ? "" : " ",
			    STR_ARG(s->name), STR_ARG(to), kinds[s->edges[n].kind]);
		}
		if (!s->is_reachable)
			buf_fmt(&b, " " STR_FMT "!", STR_ARG(s->name));
	}
	return buf_str(&b);
}

static void
test_edges(struct arena *a)
{
	static const struct {
		const char *label, *steps, *want;
	} cases[] = {
		{ "in the list's order", CALL("A", "") "}," CALL("B", "") "}",
		    "A>B(next) A>end(failure) B>end(next) B>end(failure)" },
		{ "named, ended, unreachable",
		    CALL("A", "") ", nextStep: C}," CALL("B", "") "}," CALL(
			"C", "") ", isEnd: true}",
		    "A>C(next) A>end(failure) B>C(next) B>end(failure) B! C>end(next) C>end(failure)" },
		{ "on failure and cancel",
		    CALL("A", "") ", onFailure: Continue}," CALL(
			"B", "") ", onFailure: 'step:D', onCancel: 'step:C'}," CALL("C",
			"") "}," CALL("D", "") "}",
		    "A>B(next) A>B(failure) B>C(next) B>D(failure) B>C(cancel) C>D(next) C>end(failure) "
		    "D>end(next) D>end(failure)" },
		{ "branch",
		    "{name: A, action: 'aws:branch', inputs: {Choices: [{NextStep: C, Variable: x, "
		    "StringEquals: x}]}}," CALL("B", "") "}," CALL("C", "") "}",
		    "A>C(choice) A>B(next) A>end(failure) B>C(next) B>end(failure) C>end(next) "
		    "C>end(failure)" },
	};
	struct err err;

	err_init(&err, a);
	for (size_t i = 0; i < countof(cases); i++) {
		struct ssm_document d;

		CHECK_OK(ssm_document_parse(a, with_steps(a, cases[i].steps), &d, &err), &err);
		CHECK_STR(edges(a, &d), cases[i].want, "%s", cases[i].label);
	}
}

static void
test_defaults_of_steps(struct arena *a)
{
	struct ssm_document d;
	struct err err;

	err_init(&err, a);
	CHECK_OK(ssm_document_parse(a,
		     with_steps(a,
			 CALL("A", "") "}," CALL("B", "") ", onFailure: Continue}," CALL("C",
			     "") ", onFailure: Continue, isCritical: 'true', maxAttempts: '3'},"
				 "{name: D, action: 'aws:pause'}"),
		     &d, &err),
	    &err);
	assert_true(d.steps[0].is_critical);
	assert_false(d.steps[1].is_critical);
	assert_true(d.steps[2].is_critical);
	assert_int_equal(d.steps[0].max_attempts, 1);
	assert_int_equal(d.steps[2].max_attempts, 3);
	assert_int_equal(d.steps[0].timeout_s, 3600);
	assert_int_equal(d.steps[3].timeout_s, 604800);
	CHECK_STR(d.steps[0].service, "s", "service");
	CHECK_STR(d.steps[0].api, "A", "api");
}

/* --- documents that others wrote ----------------------------------------------------- */

static void
test_corpus(struct arena *a)
{
	const char *dir = shared_path(a, "corpora/ssm-automation");
	size_t count, sound = 0, heads = 0;
	struct err err;
	str *names;

	err_init(&err, a);
	CHECK_OK(dir_list(a, dir, &names, &count, &err), &err);
	for (size_t i = 0; i < count; i++) {
		str text, said;

		if (str_is(names[i], "LICENSE"))
			continue;
		CHECK_OK(file_read(a, path_join(a, dir, str_z(a, names[i])), SSM_MAX_DOCUMENT_BYTES,
			     &text, &err),
		    &err);
		said = problems(a, text);
		/* The heads of documents whose steps AWS puts in when it builds them. */
		if (str_ends(names[i], S("schema.json"))) {
			CHECK(str_ends(said, S(" mainSteps must be a list of one step or more")) &&
				str_find_char(said, '\n') == said.len,
			    STR_FMT ": " STR_FMT, STR_ARG(names[i]), STR_ARG(said));
			heads++;
			continue;
		}
		CHECK(said.len == 0, STR_FMT ": " STR_FMT, STR_ARG(names[i]), STR_ARG(said));
		sound++;
	}
	print_message(
	    "%zu documents are sound; %zu heads of documents have no steps\n", sound, heads);
	assert_int_equal(sound, 38);
	assert_int_equal(heads, 30);
}

static void
test_bundles(struct arena *a)
{
	static const struct {
		const char *path;
		size_t parameters, steps;
	} cases[] = {
		{ "bundles/sagemakerNotebook/sagemakerNotebookLaunchSSM.yaml", 20, 6 },
		{ "bundles/sagemakerNotebook/sagemakerNotebookTerminateSSM.yaml", 3, 6 },
	};
	struct err err;

	err_init(&err, a);
	for (size_t i = 0; i < countof(cases); i++) {
		struct ssm_document d;
		str text;

		CHECK_OK(file_read(
			     a, shared_path(a, cases[i].path), SSM_MAX_DOCUMENT_BYTES, &text, &err),
		    &err);
		CHECK_OK(ssm_document_parse(a, text, &d, &err), &err);
		assert_int_equal(d.parameter_count, cases[i].parameters);
		assert_int_equal(d.step_count, cases[i].steps);
		for (size_t n = 0; n < d.step_count; n++)
			assert_true(d.steps[n].is_reachable);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_steps),
		TEST(test_references),
		TEST(test_branches),
		TEST(test_top_and_parameters),
		TEST(test_error_names_first_problem),
		TEST(test_edges),
		TEST(test_defaults_of_steps),
		TEST(test_corpus),
		TEST(test_bundles),
	};

	return RUN_TESTS(tests);
}
