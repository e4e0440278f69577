/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates that nobody here wrote: each must parse, resolve with made-up values and plan, or fail
 * with the words that its row in refused[] has, for the reason given there.
 */
#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_resolve.h"

#define EXAMPLE_ACCOUNT "111122223333"

static const struct refusal {
	const char *file, *words, *reason;
} refused[] = {
	{ "apigateway-mock-cors-deployment.json",
	    "Resource name {{ deployment_logical_id }} is non",
	    "a template of a template: its author fills {{ … }} in first" },
	{ "cdk-lambda-redeploy.json", "the section Rules is not supported",
	    "Rules come with a later issue" },
	{ "cfn_dependson_nonexisting_resource.yaml", "dependencies [NonExistingResource] in the",
	    "made to be refused" },
	{ "cfn_lambda_serverless.yml", "JSON not well-formed. (line 213, column 3)",
	    "what begins with a brace is JSON, and this has a comma too many" },
	{ "getatt_validation2.yml", "every Fn::GetAtt object requires two", "made to be refused" },
	{ "simple-mapping-invalid-ref.yaml", "Every Mappings attribute must be a String or a List.",
	    "made to be refused" },
	{ "simple-mapping-single-level.yaml", "Every Mappings member A must be a map",
	    "made to be refused" },
	{ "addons__addon-base-raas__packages__base-raas-services__lib____tests____test-cfn-"
	  "template.yml",
	    "Unresolved condition dependency isAppStreamAndCustomDomain",
	    "a piece of a template: its conditions are not in it" },
};

/* --- a world in which every resource answers -------------------------------------------- */

static bool
answer_ref(void *cookie, struct arena *a, const struct cfn_resource *resource,
    const struct json **out, struct err *err)
{
	(void)cookie;
	(void)err;
	*out = json_new_str(a,
	    str_fmt(a, "arn:aws:service:us-east-1:" EXAMPLE_ACCOUNT ":" STR_FMT ":name",
		STR_ARG(resource->id)));
	return true;
}

static bool
answer_get_att(void *cookie, struct arena *a, const struct cfn_resource *resource, str attribute,
    const struct json **out, struct err *err)
{
	(void)cookie;
	(void)err;
	*out = json_new_str(
	    a, str_fmt(a, "arn:" STR_FMT ":" STR_FMT, STR_ARG(resource->id), STR_ARG(attribute)));
	return true;
}

static bool
answer_import(void *cookie, struct arena *a, str name, str *out, struct err *err)
{
	(void)cookie;
	(void)err;
	*out = str_cat(a, S("imported-"), name);
	return true;
}

static bool
answer_zones(void *cookie, struct arena *a, str region, const struct json **out, struct err *err)
{
	struct json *list = json_new_array(a);

	(void)cookie;
	(void)err;
	for (char zone = 'a'; zone <= 'd'; zone++)
		json_push_str(a, list, str_fmt(a, STR_FMT "%c", STR_ARG(region), zone));
	*out = list;
	return true;
}

static bool
answer_stored(void *cookie, struct arena *a, const struct json *names, const struct json **out,
    struct err *err)
{
	struct json *values = json_new_object(a);

	(void)cookie;
	(void)err;
	for (const struct json *n = json_first(names); n != NULL; n = n->next)
		json_set(a, values, str_z(a, n->text), json_new_str(a, S("stored")));
	*out = values;
	return true;
}

static const struct cfn_world world = { NULL, answer_ref, answer_get_att, answer_import,
	answer_zones, answer_stored };

/* --- made-up parameters ------------------------------------------------------------------ */

static str
made_up(const struct cfn_parameter *p)
{
	static const char *const candidates[] = { "1", "text", "10.0.0.0/16",
		"vpc-0123456789abcdef0", "subnet-0123456789abcdef0",
		"arn:aws:iam::" EXAMPLE_ACCOUNT ":role/r", "8", "24" };
	auto_arena a = { 0 };
	struct err err;

	err_init(&err, &a);
	if (p->allowed_count > 0)
		return p->allowed[0];
	for (size_t i = 0; i < countof(candidates); i++)
		if (cfn_parameter_check(p, str_of(candidates[i]), &err))
			return str_of(candidates[i]);
	return S("");
}

/* Some templates are particular. An empty file means any. */
static const struct {
	const char *file, *parameter, *value;
} particular[] = {
	{ "", "EnvironmentInstanceFiles", "s3://bucket/environment-files" },
	{ "functions_cidr.yml", "Count", "4" },
	{ "functions_cidr.yml", "CidrBits", "8" },
	{ "functions_cidr.yml", "IpBlock", "10.0.0.0/16" },
	{ "intrinsic-functions-in-conditions.yaml", "TopicName", "text-us-east-1" },
	{ "intrinsic-functions-in-conditions.yaml", "TopicPrefix", "text" },
	{ "intrinsic-functions-in-conditions.yaml", "TopicNameWithSuffix", "text-us-east-1-1" },
	{ "simple-mapping.yaml", "TopicNameSuffixSelector", "B" },
};

static const struct json *
made_up_parameters(struct arena *a, str file, const struct cfn_template *t)
{
	struct json *given = json_new_object(a);

	for (size_t i = 0; i < t->parameter_count; i++) {
		const struct cfn_parameter *p = &t->parameters[i];
		str value = made_up(p);

		for (size_t k = 0; k < countof(particular); k++)
			if (str_is(p->name, particular[k].parameter) &&
			    str_starts(file, str_of(particular[k].file)))
				value = str_of(particular[k].value);
		if (!p->has_default)
			json_put_key(a, given, p->name, json_new_str(a, value));
	}
	return given;
}

/* --- the road of one template ------------------------------------------------------------- */

static bool
resolve_all(struct cfn_resolver *r, const struct cfn_plan *plan, struct err *err)
{
	const struct json *properties;
	str value, name;

	for (size_t i = 0; i < plan->node_count; i++)
		if (!cfn_resolve_properties(r, plan->nodes[i].resource, &properties, err))
			return false;
	for (size_t i = 0; i < r->t->output_count; i++)
		if (cfn_condition_holds(r, r->t->outputs[i].condition) &&
		    !cfn_resolve_output(r, &r->t->outputs[i], &value, &name, err))
			return false;
	return true;
}

static bool
go_all_the_way(struct arena *a, str file, str text, struct cfn_at *at, struct err *err)
{
	struct cfn_resolver_options options = { .world = world };
	struct cfn_template t;
	struct cfn_resolver r;
	struct cfn_plan plan;

	if (!cfn_template_parse(a, text, &t, at, err) ||
	    !cfn_plan_build(a, &t, NULL, &plan, at, err))
		return false;
	assert_int_equal(plan.node_count, t.resource_count);
	options.t = &t;
	options.given = made_up_parameters(a, file, &t);
	options.pseudo = (struct cfn_pseudo){ S(EXAMPLE_ACCOUNT), S("us-east-1"), S("aws"),
		S("amazonaws.com"), S("stack"),
		S("arn:aws:cloudformation:us-east-1:" EXAMPLE_ACCOUNT ":stack/stack/1"), NULL };
	if (cfn_resolver_init(&r, a, &options, err) &&
	    cfn_plan_build(a, &t, &r, &plan, &r.at, err) && resolve_all(&r, &plan, err))
		return true;
	*at = r.at;
	return false;
}

static const struct refusal *
find_refusal(str name)
{
	for (size_t i = 0; i < countof(refused); i++)
		if (str_is(name, refused[i].file))
			return &refused[i];
	return NULL;
}

static bool
check_file(struct arena *a, const char *dir, str name)
{
	const struct refusal *refusal = find_refusal(name);
	struct cfn_at at = { 0 };
	struct err err;
	bool ok;
	str text;

	err_init(&err, a);
	CHECK_OK(
	    file_read(a, path_join(a, dir, str_z(a, name)), CFN_MAX_TEMPLATE_BYTES, &text, &err),
	    &err);
	ok = go_all_the_way(a, name, text, &at, &err);
	if (refusal == NULL && !ok)
		print_error(STR_FMT ":%u:%u: " STR_FMT " (" STR_FMT ")\n", STR_ARG(name), at.line,
		    at.column, STR_ARG(err.msg), STR_ARG(at.detail));
	if (refusal != NULL && !ok && !str_has(err.msg, str_of(refusal->words)))
		print_error(
		    STR_FMT ": other words: " STR_FMT "\n", STR_ARG(name), STR_ARG(err.msg));
	if (refusal != NULL && ok)
		print_error(STR_FMT ": is no longer refused\n", STR_ARG(name));
	return refusal == NULL ? ok : !ok && str_has(err.msg, str_of(refusal->words));
}

static void
check_dir(struct arena *a, const char *below, size_t at_least)
{
	const char *dir = shared_path(a, below);
	size_t count, good = 0, templates = 0;
	struct err err;
	str *names;

	err_init(&err, a);
	CHECK_OK(dir_list(a, dir, &names, &count, &err), &err);
	for (size_t i = 0; i < count; i++) {
		auto_arena one = { 0 };

		if (str_starts(names[i], S("LICENSE")) || str_ends(names[i], S("SSM.yaml")))
			continue;
		templates++;
		good += check_file(&one, dir, names[i]);
	}
	assert_true(templates >= at_least);
	assert_int_equal(good, templates);
}

static void
test_localstack(struct arena *a)
{
	check_dir(a, "corpora/cloudformation/localstack", 144);
}

static void
test_service_workbench_v1(struct arena *a)
{
	check_dir(a, "corpora/cloudformation/service-workbench-v1", 13);
}

/* How many resources each wave of a template's plan has: "3 1 1". */
static str
waves_of(struct arena *a, const char *below, const char *parameter, const char *value)
{
	struct cfn_resolver_options options = { .world = world };
	struct buf b = buf_in(a);
	struct cfn_template t;
	struct cfn_resolver r;
	struct cfn_plan plan;
	struct json *given;
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(file_read(a, shared_path(a, below), CFN_MAX_TEMPLATE_BYTES, &text, &err), &err);
	CHECK_OK(cfn_template_parse(a, text, &t, NULL, &err), &err);
	given = json_copy(a, made_up_parameters(a, S(""), &t));
	json_set_str(a, given, parameter, str_of(value));
	options.t = &t;
	options.given = given;
	options.pseudo.account = S(EXAMPLE_ACCOUNT);
	CHECK_OK(cfn_resolver_init(&r, a, &options, &err), &err);
	CHECK_OK(cfn_plan_build(a, &t, &r, &plan, NULL, &err), &err);
	for (size_t wave = 0, i = 0; wave < plan.wave_count; wave++) {
		size_t begin = i;

		while (i < plan.node_count && plan.nodes[i].wave == wave)
			i++;
		buf_fmt(&b, "%s%zu", wave == 0 ? "" : " ", i - begin);
	}
	return buf_str(&b);
}

/* As a prototype found them. */
static void
test_waves(struct arena *a)
{
	static const char product[] = "bundles/sagemakerNotebook/sagemakerNotebook.cfn.yaml";
	static const char account[] = "bundles/templates/onboard-account.cfn.yaml";

	CHECK_STR(waves_of(a, product, "IamPolicyDocument", "{}"), "3 1 1 1", "product");
	CHECK_STR(waves_of(a, account, "EnableFlowLogs", "true"), "7 8 5 1", "with flow logs");
	CHECK_STR(waves_of(a, account, "EnableFlowLogs", "false"), "7 8 3 1", "without");
}

static void
test_product(struct arena *a)
{
	check_dir(a, "bundles/sagemakerNotebook", 1);
}

static void
test_onboarding(struct arena *a)
{
	check_dir(a, "bundles/templates", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_localstack),
		TEST(test_service_workbench_v1),
		TEST(test_waves),
		TEST(test_product),
		TEST(test_onboarding),
	};

	return RUN_TESTS(tests);
}
