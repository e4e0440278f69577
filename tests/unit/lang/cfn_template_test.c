/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a template can be wrong, with the words for it and the place. */
#include "check.h"

#include "base/buf.h"
#include "base/json.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_template.h"

#define R "{\"Resources\":{\"A\":{\"Type\":\"T::T::T\"}}" /* one resource; close with '}' */
#define WITH(section) R "," section "}"
#define P(text) "{\"Resources\":{\"A\":{\"Type\":\"T::T::T\",\"Properties\":{\"P\":" text "}}}}"
#define F "Template format error: "
#define E "Template error: "

struct wrong {
	const char *label, *text, *words;
	const char *at; /* what stands at the place that is told */
};

static str
text_at(str text, struct cfn_at at)
{
	str line = text;

	for (uint32_t i = 1; i < at.line; i++)
		line = str_from(line, str_find_char(line, '\n') + 1);
	return at.line == 0 ? (str){ 0 } : str_from(line, at.column - 1);
}

/* The whole template is read, and planned as it stands. */
static bool
read_whole(struct arena *a, str text, struct cfn_at *at, struct err *err)
{
	struct cfn_template t;
	struct cfn_plan plan;

	return cfn_template_parse(a, text, &t, at, err) &&
	    cfn_plan_build(a, &t, NULL, &plan, at, err);
}

static void
check_wrong(struct arena *a, const struct wrong *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct wrong *w = &cases[i];
		struct cfn_at at = { 0 };
		struct err err;

		err_init(&err, a);
		CHECK(!read_whole(a, str_of(w->text), &at, &err), "%s", w->label);
		CHECK_STR(err.msg, w->words, "%s", w->label);
		CHECK_STR(err.code, "ValidationError", "%s", w->label);
		CHECK(str_starts(text_at(str_of(w->text), at), str_of(w->at)), "%s is at %u:%u",
		    w->label, at.line, at.column);
	}
}

static void
test_structure(struct arena *a)
{
	static const struct wrong cases[] = {
		{ "broken JSON", "{\"Resources\": }", F "JSON not well-formed. (line 1, column 15)",
		    "}" },
		{ "broken YAML", "Resources:\n  A: [1",
		    F "YAML not well-formed. (line 3, column 1)", "" },
		{ "empty", "", F "YAML not well-formed. (line 1, column 1)", "" },
		{ "a list", "[]", F "unsupported structure.", "[]" },
		{ "a text", "hello", F "unsupported structure.", "hello" },
		{ "no resources", "{}", F "At least one Resources member must be defined.", "{" },
		{ "empty resources", "{\"Resources\":{}}",
		    F "At least one Resources member must be defined.", "{\"Resources\":{" },
		{ "resources as a list", "{\"Resources\":[]}",
		    F "Resources section must be an object.", "[]" },
		{ "resource is no object", "{\"Resources\":{\"A\":1}}",
		    F "Any Resources member must be an object.", "1" },
		{ "no type", "{\"Resources\":{\"A\":{}}}",
		    F "[/Resources/A] Every Resources object must contain a Type member.", "{" },
		{ "type is no string", "{\"Resources\":{\"A\":{\"Type\":1}}}",
		    F "[/Resources/A] Every Resources object must contain a Type member.", "1" },
		{ "logical id", "{\"Resources\":{\"A-b\":{\"Type\":\"T\"}}}",
		    F "Resource name A-b is non alphanumeric.", "{\"Type\":\"T\"" },
		{ "resource member", "{\"Resources\":{\"A\":{\"Type\":\"T\",\"Props\":{}}}}",
		    "Invalid template resource property 'Props'", "{" },
		{ "properties", "{\"Resources\":{\"A\":{\"Type\":\"T\",\"Properties\":1}}}",
		    F "[/Resources/A/Properties] Every Properties member must be an object.", "1" },
		{ "deletion policy",
		    "{\"Resources\":{\"A\":{\"Type\":\"T\",\"DeletionPolicy\":\"Keep\"}}}",
		    F "Unrecognized DeletionPolicy Keep for resource A", "\"Keep\"" },
		{ "depends on a number",
		    "{\"Resources\":{\"A\":{\"Type\":\"T\",\"DependsOn\":[1]}}}",
		    F "Every DependsOn value must be a string.", "1]" },
		{ "section", WITH("\"Resource\":{}"),
		    "Invalid template property or properties [Resource]", "{" },
		{ "rules", WITH("\"Rules\":{}"),
		    F "the section Rules is not supported here. Remove it, or give the template as "
		      "it is after processing.",
		    "{" },
		{ "version", WITH("\"AWSTemplateFormatVersion\":\"2010\""),
		    F "unsupported value for AWSTemplateFormatVersion.", "\"2010\"" },
		{ "null", WITH("\"Outputs\":{\"O\":{\"Value\":null}}"),
		    "[/Outputs/O/Value] 'null' values are not allowed in templates", "null" },
		{ "null in a list", P("[1,null]"),
		    "[/Resources/A/Properties/P/1] 'null' values are not allowed in templates",
		    "null]" },
		{ "output without value", WITH("\"Outputs\":{\"O\":{}}"),
		    F "Every Outputs member must contain a Value object", "{" },
		{ "output name", WITH("\"Outputs\":{\"O_\":{\"Value\":\"x\"}}"),
		    F "Output name O_ is non alphanumeric.", "{\"Value\":\"x\"" },
		{ "output member", WITH("\"Outputs\":{\"O\":{\"Value\":\"x\",\"Valu\":1}}"),
		    "Invalid template output property 'Valu'", "1" },
		{ "export", WITH("\"Outputs\":{\"O\":{\"Value\":\"x\",\"Export\":{}}}"),
		    F "Output O is malformed. Export must contain a Name member and nothing else.",
		    "{" },
		{ "mapping attribute", WITH("\"Mappings\":{\"M\":{\"A\":{\"B\":{\"C\":1}}}}"),
		    F "Every Mappings attribute must be a String or a List.", "{\"C\":1" },
		{ "mapping of one level", WITH("\"Mappings\":{\"M\":{\"A\":\"B\"}}"),
		    F "Every Mappings member A must be a map", "\"B\"" },
	};

	check_wrong(a, cases, countof(cases));
}

static void
test_names(struct arena *a)
{
	static const struct wrong cases[] = {
		{ "ref", P("{\"Ref\":\"X\"}"),
		    F "Unresolved resource dependencies [X] in the Resources block of the template",
		    "\"X\"" },
		{ "several, each once",
		    P("[{\"Ref\":\"Y\"},{\"Fn::GetAtt\":[\"X\",\"Z\"]},{\"Ref\":\"Y\"}]"),
		    F
		    "Unresolved resource dependencies [Y, X] in the Resources block of the template",
		    "\"Y\"},{\"Fn::GetAtt\":[\"X" },
		{ "sub", P("{\"Fn::Sub\":\"${X} ${!Y} ${Z.a.b}\"}"),
		    F
		    "Unresolved resource dependencies [X, Z] in the Resources block of the template",
		    "\"${X} ${!Y} ${Z.a.b}\"" },
		{ "sub with a map", P("{\"Fn::Sub\":[\"${X}${Y}\",{\"X\":\"x\"}]}"),
		    F "Unresolved resource dependencies [Y] in the Resources block of the template",
		    "[\"${X}${Y}\",{\"X\":\"x\"}]" },
		{ "GetAtt of a parameter",
		    "{\"Parameters\":{\"Q\":{\"Type\":\"String\"}},\"Resources\":{\"A\":{\"Type\":\"T\","
		    "\"Properties\":{\"P\":{\"Fn::GetAtt\":\"Q.Arn\"}}}}}",
		    F "Unresolved resource dependencies [Q] in the Resources block of the template",
		    "\"Q.Arn\"" },
		{ "depends on", "{\"Resources\":{\"A\":{\"Type\":\"T\",\"DependsOn\":[\"A1\"]}}}",
		    F
		    "Unresolved resource dependencies [A1] in the Resources block of the template",
		    "[\"A1\"]" },
		{ "output", WITH("\"Outputs\":{\"O\":{\"Value\":{\"Ref\":\"X\"}}}"),
		    "Unresolved resource dependencies [X] in the Outputs block of the template",
		    "\"X\"" },
		{ "resource in a condition",
		    WITH("\"Conditions\":{\"C\":{\"Fn::Equals\":[{\"Ref\":\"A\"},\"\"]}}"),
		    F
		    "Unresolved dependencies [A]. Cannot reference resources in the Conditions block "
		    "of the template",
		    "\"A\"},\"\"]" },
		{ "condition of a resource",
		    "{\"Resources\":{\"A\":{\"Type\":\"T\",\"Condition\":\"C\"}}}",
		    F "Unresolved condition dependency C in the Resources block of the template",
		    "\"C\"" },
		{ "condition of an output",
		    WITH("\"Outputs\":{\"O\":{\"Value\":\"x\",\"Condition\":\"C\"}}"),
		    F "Unresolved condition dependency C in the Outputs block of the template",
		    "\"C\"" },
		{ "condition in a condition",
		    WITH("\"Conditions\":{\"C\":{\"Fn::Not\":[{\"Condition\":\"D\"}]}}"),
		    F "Unresolved condition dependency D in the Conditions block of the template",
		    "\"D\"}]" },
		{ "if", P("{\"Fn::If\":[\"C\",1,2]}"),
		    E "unresolved condition dependency C in Fn::If", "\"C\",1,2]" },
		{ "map", P("{\"Fn::FindInMap\":[\"M\",\"A\",\"B\"]}"),
		    E "Mapping named 'M' is not present in the 'Mappings' section of template.",
		    "\"M\",\"A\",\"B\"]" },
		{ "key of a map",
		    "{\"Mappings\":{\"M\":{\"A\":{\"B\":1}}},\"Resources\":{\"A\":{\"Type\":\"T\","
		    "\"Properties\":{\"P\":{\"Fn::FindInMap\":[\"M\",\"A\",\"C\"]}}}}}",
		    E "Unable to get mapping for M::A::C", "[\"M\",\"A\",\"C\"]" },
		{ "condition circle",
		    WITH("\"Conditions\":{\"C\":{\"Fn::Not\":[{\"Condition\":\"C\"}]}}"),
		    E "Circular dependency between conditions: C depends on itself",
		    "{\"Fn::Not\":[{\"Conditio" },
		{ "circle of itself", P("{\"Ref\":\"A\"}"),
		    "Circular dependency between resources: [A]", "{\"Type\":\"T::T::T\",\"Pro" },
		{ "circle of two, and two beside it",
		    "{\"Resources\":{\"A\":{\"Type\":\"T\",\"DependsOn\":\"B\"},\n"
		    "\"B\":{\"Type\":\"T\",\"Metadata\":{\"M\":{\"Ref\":\"C\"}}},\n"
		    "\"C\":{\"Type\":\"T\",\"DependsOn\":[\"B\",\"D\"]},\"D\":{\"Type\":\"T\"}}}",
		    "Circular dependency between resources: [B, C]",
		    "{\"Type\":\"T\",\"Metadata\"" },
	};

	check_wrong(a, cases, countof(cases));
}

static void
test_function_forms(struct arena *a)
{
#define JOIN \
	E "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of " \
	  "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) " \
	  "to be joined."
#define SPLIT \
	E "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string " \
	  "to be split or a function that returns a string to be split."
#define SUB \
	E "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a " \
	  "string as first argument, and an optional second argument to specify a mapping of " \
	  "values to replace in the string"
#define GET_ATT \
	E "every Fn::GetAtt object requires two non-empty parameters, the resource name and the " \
	  "resource attribute"
#define SELECT \
	E "Fn::Select requires a list argument with two elements: an integer index and a list"
#define EQUALS E "every Fn::Equals object requires a list of 2 string parameters."
	static const struct wrong cases[] = {
		{ "Ref", P("{\"Ref\":[\"A\"]}"),
		    E "every Ref object must have a single String value.", "[\"A\"]" },
		{ "GetAtt one", P("{\"Fn::GetAtt\":[\"A\"]}"), GET_ATT, "[\"A\"]" },
		{ "GetAtt empty", P("{\"Fn::GetAtt\":[\"A\",\"\"]}"), GET_ATT, "[\"A\",\"\"]" },
		{ "GetAtt three", P("{\"Fn::GetAtt\":[\"A\",\"b\",\"c\"]}"), GET_ATT,
		    "[\"A\",\"b\",\"c\"]" },
		{ "GetAtt undotted", P("{\"Fn::GetAtt\":\"A\"}"), GET_ATT, "\"A\"" },
		{ "Join one", P("{\"Fn::Join\":[\"\"]}"), JOIN, "[\"\"]" },
		{ "Join texts", P("{\"Fn::Join\":[\"\",\"a\"]}"), JOIN, "[\"\",\"a\"]" },
		{ "Join delimiter", P("{\"Fn::Join\":[{\"Ref\":\"A\"},[]]}"), JOIN,
		    "[{\"Ref\":\"A\"},[]]" },
		{ "Split text", P("{\"Fn::Split\":\"a,b\"}"), SPLIT, "\"a,b\"" },
		{ "Split empty", P("{\"Fn::Split\":[\"\",\"a\"]}"), SPLIT, "[\"\",\"a\"]" },
		{ "Split list", P("{\"Fn::Split\":[\",\",[\"a\"]]}"), SPLIT, "[\",\",[\"a\"]]" },
		{ "Select word", P("{\"Fn::Select\":[\"x\",[1]]}"), SELECT, "[\"x\",[1]]" },
		{ "Select text", P("{\"Fn::Select\":[0,\"a\"]}"), SELECT, "[0,\"a\"]" },
		{ "Sub number", P("{\"Fn::Sub\":1}"), SUB, "1" },
		{ "Sub one", P("{\"Fn::Sub\":[\"a\"]}"), SUB, "[\"a\"]" },
		{ "Sub list in its map", P("{\"Fn::Sub\":[\"a\",{\"b\":[1]}]}"), SUB,
		    "[\"a\",{\"b\":[1]}]" },
		{ "Sub variable", P("{\"Fn::Sub\":\"${a b}\"}"),
		    E "variable names in Fn::Sub syntax must contain only alphanumeric characters, "
		      "underscores, periods, and colons",
		    "\"${a b}\"" },
		{ "FindInMap", P("{\"Fn::FindInMap\":[\"M\",\"A\"]}"),
		    E
		    "every Fn::FindInMap object requires three parameters, the map name, map key and "
		    "the attribute for return value",
		    "[\"M\",\"A\"]" },
		{ "Base64", P("{\"Fn::Base64\":[]}"),
		    E "every Fn::Base64 object must have a String-typed value.", "[]" },
		{ "If", P("{\"Fn::If\":[\"C\",1]}"),
		    E "Fn::If requires a list argument with the first element being a condition",
		    "[\"C\",1]" },
		{ "condition function elsewhere", P("{\"Fn::Equals\":[1,1]}"),
		    E "Fn::Equals is not a function that may stand in the Resources block of the "
		      "template",
		    "{\"Fn::Equals\":[1,1]" },
		{ "no such function", P("{\"Fn::Subb\":\"a\"}"),
		    E
		    "Fn::Subb is not a function that may stand in the Resources block of the template",
		    "{\"Fn::Subb\":\"a\"" },
		{ "Equals", WITH("\"Conditions\":{\"C\":{\"Fn::Equals\":[1]}}"), EQUALS, "[1]" },
		{ "Equals of lists", WITH("\"Conditions\":{\"C\":{\"Fn::Equals\":[[],[]]}}"),
		    EQUALS, "[[],[]]" },
		{ "And", WITH("\"Conditions\":{\"C\":{\"Fn::And\":[{\"Fn::Equals\":[1,1]}]}}"),
		    E "every Fn::And object requires a list of at least 2 and at most 10 boolean "
		      "parameters.",
		    "[{\"Fn::Equals\":[1,1]}]" },
		{ "Not", WITH("\"Conditions\":{\"C\":{\"Fn::Not\":[\"true\"]}}"),
		    E "every Fn::Not object requires one boolean parameter.", "[\"true\"]" },
		{ "no condition", WITH("\"Conditions\":{\"C\":true}"),
		    F
		    "Conditions can only be boolean operations on parameters and other conditions",
		    "true" },
		{ "condition of a text", WITH("\"Conditions\":{\"C\":{\"Fn::Sub\":\"a\"}}"),
		    F
		    "Conditions can only be boolean operations on parameters and other conditions",
		    "{\"Fn::Sub\":\"a\"" },
	};

	check_wrong(a, cases, countof(cases));
}

static void
test_parameter_declarations(struct arena *a)
{
#define PARAMETER(members) WITH("\"Parameters\":{\"Q\":{" members "}}")
	static const struct wrong cases[] = {
		{ "no type", PARAMETER("\"Default\":\"\""),
		    F "Every Parameters object must contain a Type member.", "{\"Default\":\"\"" },
		{ "type", PARAMETER("\"Type\":\"Text\""), F "Unrecognized parameter type: Text",
		    "\"Text\"" },
		{ "list of lists", PARAMETER("\"Type\":\"List<List<String>>\""),
		    F "Unrecognized parameter type: List<List<String>>", "\"List<List<String>>\"" },
		{ "name", WITH("\"Parameters\":{\"Q-\":{\"Type\":\"String\"}}"),
		    F "Parameter name Q- is non alphanumeric.", "{\"Type\":\"String\"" },
		{ "no object", WITH("\"Parameters\":{\"Q\":\"String\"}"),
		    F "Any Parameters member must be an object.", "\"String\"" },
		{ "member", PARAMETER("\"Type\":\"String\",\"Defaul\":\"x\""),
		    "Invalid template parameter property 'Defaul'", "\"x\"" },
		{ "default", PARAMETER("\"Type\":\"String\",\"Default\":[]"),
		    F "Every Default member of Parameters must be a string.", "[]" },
		{ "default against its rules",
		    PARAMETER(
			"\"Type\":\"String\",\"Default\":\"c\",\"AllowedValues\":[\"a\",\"b\"]"),
		    F "Default of parameter Q: Parameter 'Q' must be one of AllowedValues",
		    "\"c\",\"AllowedValues\":[\"" },
		{ "allowed values", PARAMETER("\"Type\":\"String\",\"AllowedValues\":\"a\""),
		    F "Every AllowedValues member of Parameters must be a list of strings.",
		    "\"a\"" },
		{ "length", PARAMETER("\"Type\":\"String\",\"MinLength\":\"x\""),
		    F "Every MinLength member of Parameters must be a whole number.", "\"x\"" },
	};
	struct cfn_template t;
	struct err err;

	check_wrong(a, cases, countof(cases));
	err_init(&err, a);
	assert_false(cfn_template_parse(
	    a, S(PARAMETER("\"Type\":\"String\",\"AllowedPattern\":\"[\"")), &t, NULL, &err));
	assert_true(str_starts(err.msg, S(F "AllowedPattern of parameter Q: ")));
}

static void
test_limits(struct arena *a)
{
	static const struct {
		const char *section, *member, *words;
		size_t most;
	} cases[] = {
		{ "Parameters", "{\"Type\":\"String\"}",
		    F "Number of parameters, 201, is greater than maximum allowed, 200", 200 },
		{ "Resources", "{\"Type\":\"T::T\"}",
		    F "Number of resources, 501, is greater than maximum allowed, 500", 500 },
		{ "Outputs", "{\"Value\":\"x\"}",
		    F "Number of outputs, 201, is greater than maximum allowed, 200", 200 },
		{ "Mappings", "{\"A\":{\"B\":\"C\"}}",
		    F "Number of mappings, 201, is greater than maximum allowed, 200", 200 },
	};

	for (size_t i = 0; i < countof(cases); i++)
		for (size_t over = 0; over < 2; over++) {
			struct buf b = buf_in(a);
			struct cfn_template t;
			struct err err;
			bool ok;

			err_init(&err, a);
			buf_fmt(&b, "{\"%s\":{\"A\":%s", cases[i].section, cases[i].member);
			for (size_t k = 1; k < cases[i].most + over; k++)
				buf_fmt(&b, ",\"A%zu\":%s", k, cases[i].member);
			buf_add(&b, S("}"));
			if (!str_is(str_of(cases[i].section), "Resources"))
				buf_add(&b, S(",\"Resources\":{\"A\":{\"Type\":\"T\"}}"));
			buf_add(&b, S("}"));
			ok = cfn_template_parse(a, buf_str(&b), &t, NULL, &err);
			CHECK(ok == (over == 0), "%s, %zu over", cases[i].section, over);
			if (over == 1)
				CHECK_STR(err.msg, cases[i].words, "%s", cases[i].section);
		}
}

static void
test_too_large(struct arena *a)
{
	size_t size = CFN_MAX_TEMPLATE_BYTES + 1;
	struct cfn_template t;
	struct err err;
	char *text = arena_raw(a, size);

	memset(text, ' ', size);
	err_init(&err, a);
	assert_false(cfn_template_parse(a, (str){ text, size }, &t, NULL, &err));
	assert_int_equal(err.kind, ERR_TOO_LARGE);
	CHECK_STR(err.msg, "Template may not exceed 1048576 bytes in size.", "too large");
}

/* --- values of parameters ---------------------------------------------------------------- */

static void
test_parameter_values(struct arena *a)
{
	static const struct {
		const char *members, *value, *words; /* words "" where the value may stand */
	} cases[] = {
		{ "\"Type\":\"String\"", "", "" },
		{ "\"Type\":\"String\",\"AllowedValues\":[true,false]", "true", "" },
		{ "\"Type\":\"String\",\"AllowedValues\":[true,false]", "True",
		    "Parameter 'Q' must be one of AllowedValues" },
		{ "\"Type\":\"String\",\"AllowedPattern\":\"[a-z]+\"", "abc", "" },
		{ "\"Type\":\"String\",\"AllowedPattern\":\"[a-z]+\"", "abc1",
		    "Parameter 'Q' must match pattern [a-z]+" },
		{ "\"Type\":\"String\",\"AllowedPattern\":\"[a-z]+\",\"ConstraintDescription\":\"letters "
		  "only\"",
		    "1", "Parameter Q failed to satisfy constraint: letters only" },
		{ "\"Type\":\"String\",\"MaxLength\":2", "äöü",
		    "Parameter 'Q' must contain at most 2 characters" },
		{ "\"Type\":\"String\",\"MaxLength\":\"3\"", "äöü", "" },
		{ "\"Type\":\"String\",\"MinLength\":4", "äöü",
		    "Parameter 'Q' must contain at least 4 characters" },
		{ "\"Type\":\"Number\"", "12.5e3", "" },
		{ "\"Type\":\"Number\"", "-0", "" },
		{ "\"Type\":\"Number\"", "", "Parameter 'Q' must be a number." },
		{ "\"Type\":\"Number\"", "0x10", "Parameter 'Q' must be a number." },
		{ "\"Type\":\"Number\"", " 1", "Parameter 'Q' must be a number." },
		{ "\"Type\":\"Number\"", "inf", "Parameter 'Q' must be a number." },
		{ "\"Type\":\"Number\",\"MinValue\":2", "1.5",
		    "Parameter 'Q' must be a number not less than 2" },
		{ "\"Type\":\"Number\",\"MaxValue\":\"2\"", "10",
		    "Parameter 'Q' must be a number not greater than 2" },
		{ "\"Type\":\"List<Number>\"", "1, 2,3", "" },
		{ "\"Type\":\"List<Number>\"", "1,x", "Parameter 'Q' must be a number." },
		{ "\"Type\":\"CommaDelimitedList\",\"AllowedValues\":[\"a\",\"b\"]", "a,b", "" },
		{ "\"Type\":\"CommaDelimitedList\",\"AllowedValues\":[\"a\",\"b\"]", "a,c",
		    "Parameter 'Q' must be one of AllowedValues" },
		{ "\"Type\":\"AWS::EC2::VPC::Id\"", "no such thing", "" },
		{ "\"Type\":\"AWS::SSM::Parameter::Value<List<Number>>\"", "/a/b", "" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct cfn_template t;
		struct err err;

		err_init(&err, a);
		CHECK_OK(
		    cfn_template_parse(a,
			str_fmt(a,
			    "{\"Resources\":{\"A\":{\"Type\":\"T\"}},\"Parameters\":{\"Q\":{%s}}}",
			    cases[i].members),
			&t, NULL, &err),
		    &err);
		cfn_parameter_check(&t.parameters[0], str_of(cases[i].value), &err);
		CHECK_STR(err.msg, cases[i].words, "%s of %s", cases[i].value, cases[i].members);
	}
}

static void
test_long_value(struct arena *a)
{
	struct cfn_parameter p = {
		.name = S("Q"), .type = S("String"), .element_type = S("String")
	};
	char text[CFN_MAX_VALUE_BYTES + 1];
	struct err err;

	memset(text, 'x', sizeof(text));
	err_init(&err, a);
	assert_true(cfn_parameter_check(&p, (str){ text, CFN_MAX_VALUE_BYTES }, &err));
	assert_false(cfn_parameter_check(&p, (str){ text, CFN_MAX_VALUE_BYTES + 1 }, &err));
	CHECK_STR(err.msg, "Parameter 'Q' must contain at most 4096 characters", "4097 bytes");
}

/* --- what a template tells of itself -------------------------------------------------------- */

static void
test_summary(struct arena *a)
{
	static const char yaml[] =
	    "AWSTemplateFormatVersion: 2010-09-09\n"
	    "Description: what it is\n"
	    "Metadata: {K: [1]}\n"
	    "Parameters:\n"
	    "  Size: {Type: Number, Default: 5, MinValue: 1, Description: how many}\n"
	    "  Key: {Type: String, NoEcho: true, Default: secret, AllowedValues: [secret, other]}\n"
	    "Resources:\n"
	    "  R: {Type: 'AWS::IAM::Role', Properties: {RoleName: !Sub '${Size}'}}\n"
	    "  S: {Type: 'AWS::IAM::Role'}\n"
	    "  B: {Type: 'AWS::S3::Bucket'}\n";
	static const char want[] =
	    "{\"Parameters\":[{\"ParameterKey\":\"Size\",\"DefaultValue\":\"5\","
	    "\"ParameterType\":\"Number\",\"NoEcho\":false,\"Description\":\"how many\","
	    "\"ParameterConstraints\":{\"MinValue\":\"1\"}},"
	    "{\"ParameterKey\":\"Key\",\"DefaultValue\":\"****\",\"ParameterType\":\"String\","
	    "\"NoEcho\":true,\"ParameterConstraints\":{\"AllowedValues\":[\"secret\",\"other\"]}}],"
	    "\"Description\":\"what it is\",\"Capabilities\":[\"CAPABILITY_NAMED_IAM\"],"
	    "\"CapabilitiesReason\":\"The following resource(s) require capabilities: "
	    "[AWS::IAM::Role]\",\"ResourceTypes\":[\"AWS::IAM::Role\",\"AWS::S3::Bucket\"],"
	    "\"Version\":\"2010-09-09\",\"Metadata\":\"{\\\"K\\\":[1]}\"}";
	struct cfn_template t;
	struct err err;

	err_init(&err, a);
	CHECK_OK(cfn_template_parse(a, S(yaml), &t, NULL, &err), &err);
	CHECK_STR(json_text(a, cfn_template_summary(a, &t)), want, "summary");
}

static void
test_capability(struct arena *a)
{
	static const struct {
		const char *resource;
		enum cfn_capability want;
	} cases[] = {
		{ "{Type: 'AWS::S3::Bucket'}", CFN_NEEDS_NOTHING },
		{ "{Type: 'AWS::IAM::Role'}", CFN_NEEDS_IAM },
		{ "{Type: 'AWS::IAM::Policy', Properties: {PolicyName: x}}", CFN_NEEDS_IAM },
		{ "{Type: 'AWS::IAM::ManagedPolicy', Properties: {ManagedPolicyName: x}}",
		    CFN_NEEDS_NAMED_IAM },
		{ "{Type: 'AWS::IAM::InstanceProfile', Properties: {InstanceProfileName: x}}",
		    CFN_NEEDS_NAMED_IAM },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct cfn_template t;
		struct err err;

		err_init(&err, a);
		CHECK_OK(
		    cfn_template_parse(
			a, str_fmt(a, "Resources:\n  A: %s\n", cases[i].resource), &t, NULL, &err),
		    &err);
		CHECK(cfn_template_capability(&t) == cases[i].want, "%s", cases[i].resource);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_structure),
		TEST(test_names),
		TEST(test_function_forms),
		TEST(test_parameter_declarations),
		TEST(test_limits),
		TEST(test_too_large),
		TEST(test_parameter_values),
		TEST(test_long_value),
		TEST(test_summary),
		TEST(test_capability),
	};

	return RUN_TESTS(tests);
}
