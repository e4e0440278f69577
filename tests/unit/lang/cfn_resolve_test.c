/* SPDX-License-Identifier: Apache-2.0 */
/* What a template comes to while not all is known, and that it cannot come to too much. */
#include "check.h"

#include "base/buf.h"
#include "base/json.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_resolve.h"

static void
read_template(struct arena *a, str text, struct cfn_template *t)
{
	struct err err;

	err_init(&err, a);
	CHECK_OK(cfn_template_parse(a, text, t, NULL, &err), &err);
}

static bool
resolve_first(struct arena *a, const struct cfn_template *t, const struct cfn_pseudo *pseudo,
    const struct json **out, struct err *err)
{
	struct cfn_resolver_options options = { .t = t, .pseudo = *pseudo };
	struct cfn_resolver r;

	return cfn_resolver_init(&r, a, &options, err) &&
	    cfn_resolve_properties(&r, &t->resources[0], out, err);
}

/* Without a world, what depends on resources is unknown, and all else is not. */
static void
test_unknown(struct arena *a)
{
	static const struct {
		const char *expression;
		bool unknown;
	} cases[] = {
		{ "!Ref B", true }, { "!GetAtt B.Arn", true }, { "!Sub 'x ${B}'", true },
		{ "!Sub ['x ${v}', {v: !Ref B}]", true }, { "!Join [',', [a, !Ref B]]", true },
		{ "!Split [',', !Ref B]", true }, { "!Select [0, [!Ref B, known]]", true },
		{ "!Select [1, [!Ref B, known]]", false },
		{ "!Select [3, !Split [':', !GetAtt B.Arn]]", true }, { "!Base64 {Ref: B}", true },
		{ "!ImportValue x", true }, { "!GetAZs ''", true },
		{ "!Select [0, !GetAZs '']", true },
		{ "!Ref 'AWS::StackName'", true }, /* not told here */
		{ "!Ref 'AWS::Region'", false }, { "!Sub 'x ${AWS::Region}'", false },
		{ "text", false }, { "[!Ref B]", false }, /* its element is */
	};
	const struct cfn_pseudo pseudo = { .region = S("us-east-1") };

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *properties;
		struct cfn_template t;
		struct err err;

		err_init(&err, a);
		read_template(a,
		    str_fmt(a, "Resources: {A: {Type: T, Properties: {P: %s}}, B: {Type: T}}\n",
			cases[i].expression),
		    &t);
		CHECK_OK(resolve_first(a, &t, &pseudo, &properties, &err), &err);
		CHECK(cfn_is_unknown(json_get(properties, "P")) == cases[i].unknown, "%s",
		    cases[i].expression);
	}
}

/* Errors are found although other parts are unknown. */
static void
test_error_beside_unknown(struct arena *a)
{
	const struct json *properties;
	struct cfn_template t;
	struct err err;

	err_init(&err, a);
	read_template(a,
	    S("Resources: {A: {Type: T, Properties: {P: !Ref B, Q: !Select [1, [a]]}}, B: {Type: "
	      "T}}\n"),
	    &t);
	assert_false(resolve_first(a, &t, &(struct cfn_pseudo){ 0 }, &properties, &err));
	CHECK_STR(err.msg, "Template error: Fn::Select  cannot select nonexistent value at index 1",
	    "beside");
}

static void
test_condition_on_unknown(struct arena *a)
{
	const struct json *properties;
	struct cfn_template t;
	struct err err;

	err_init(&err, a);
	read_template(a,
	    S("Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: x}}\n"
	      "Conditions: {C: !Equals [!Ref P, y]}\n"
	      "Resources: {A: {Type: T}}\n"),
	    &t);
	assert_false(resolve_first(a, &t, &(struct cfn_pseudo){ 0 }, &properties, &err));
	CHECK_STR(err.msg, "Template error: condition C depends on a value that is not known",
	    "stored parameters are not asked for");
}

enum form { JOIN, SUB, LIST, FORM_COUNT };

/* count times the value below, as text or as list. */
static void
add_layer(struct buf *b, enum form form, int layer, int count)
{
	static const char *const begin[] = { "!Join ['', [", "!Sub ['", "[" };
	static const char *const end[] = { "]]", "", "]" };

	buf_fmt(b, "      V%d: &v%d %s", layer, layer, begin[form]);
	for (int i = 0; i < count; i++)
		if (form == SUB)
			buf_add(b, S("${v}"));
		else
			buf_fmt(b, "%s*v%d", i == 0 ? "" : ", ", layer - 1);
	if (form == SUB)
		buf_fmt(b, "', {v: *v%d}]", layer - 1);
	buf_fmt(b, "%s\n", end[form]);
}

/* Each layer multiplies the one below: the sum is bounded, and the bound reached soon. */
static void
test_values_are_bounded(struct arena *a)
{
	const struct json *properties;
	struct cfn_template t;
	struct err err;

	for (enum form form = JOIN; form < FORM_COUNT; form++) {
		struct buf b = buf_in(a);

		buf_add(&b, S("Parameters: {P: {Type: String, Default: "));
		for (int i = 0; i < 4000; i++)
			buf_char(&b, 'x');
		buf_add(&b,
		    S("}}\nResources:\n  A:\n    Type: T\n    Properties:\n"
		      "      V0: &v0 !Ref P\n"));
		add_layer(&b, form, 1, 80);
		add_layer(&b, form, 2, 80);
		err_init(&err, a);
		read_template(a, buf_str(&b), &t);
		CHECK(!resolve_first(a, &t, &(struct cfn_pseudo){ 0 }, &properties, &err), "%d",
		    form);
		CHECK_STR(err.msg,
		    "Template error: the template resolves to more than 16777216 bytes", "%d",
		    form);
		assert_int_equal(err.kind, ERR_TOO_LARGE);
	}
}

/* Aliases of a long text are refused before anything is resolved. */
static void
test_tree_is_bounded(struct arena *a)
{
	struct buf b = buf_in(a);
	struct cfn_template t;
	struct err err;

	buf_add(&b, S("Resources:\n  A:\n    Type: T\n    Properties:\n      V: &v "));
	for (int i = 0; i < 100000; i++)
		buf_char(&b, 'x');
	buf_add(&b, S("\n      L: [*v"));
	for (int i = 0; i < 50; i++)
		buf_add(&b, S(", *v"));
	buf_add(&b, S("]\n"));
	err_init(&err, a);
	assert_false(cfn_template_parse(a, buf_str(&b), &t, NULL, &err));
	CHECK_STR(err.msg, "Template format error: the template stands for more than 4194304 bytes",
	    "aliases");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unknown),
		TEST(test_error_beside_unknown),
		TEST(test_condition_on_unknown),
		TEST(test_values_are_bounded),
		TEST(test_tree_is_bounded),
	};

	return RUN_TESTS(tests);
}
