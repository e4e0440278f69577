/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates and what they come to: in each folder of cfn/ a template (template.yaml or .json), the
 * parameters given to it (parameters.json, if any) and want.json: waves of the plan, resolved
 * properties and outputs, or the error with its place.
 *
 * Ref of a resource gives "ref-Id", Fn::GetAtt "Id.Attribute", Fn::ImportValue "import-Name"; a
 * region has the zones a and b.
 */
#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_resolve.h"

#define MAX_FILE ((size_t)1 << 20)

static bool
answer_ref(void *cookie, struct arena *a, const struct cfn_resource *resource,
    const struct json **out, struct err *err)
{
	(void)cookie;
	(void)err;
	*out = json_new_str(a, str_cat(a, S("ref-"), resource->id));
	return true;
}

static bool
answer_get_att(void *cookie, struct arena *a, const struct cfn_resource *resource, str attribute,
    const struct json **out, struct err *err)
{
	(void)cookie;
	(void)err;
	*out = json_new_str(
	    a, str_fmt(a, STR_FMT "." STR_FMT, STR_ARG(resource->id), STR_ARG(attribute)));
	return true;
}

static bool
answer_import(void *cookie, struct arena *a, str name, str *out, struct err *err)
{
	(void)cookie;
	*out = str_cat(a, S("import-"), name);
	return !str_is(name, "nothing") || err_set(err, ERR_NOT_FOUND, "no such export");
}

static bool
answer_zones(void *cookie, struct arena *a, str region, const struct json **out, struct err *err)
{
	struct json *list = json_new_array(a);

	(void)cookie;
	(void)err;
	json_push_str(a, list, str_cat(a, region, S("a")));
	json_push_str(a, list, str_cat(a, region, S("b")));
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
		if (!str_is(json_str(n), "nothing"))
			json_set(
			    a, values, str_z(a, json_str(n)), json_new_str(a, S("first, second")));
	*out = values;
	return true;
}

static struct json *
waves_of(struct arena *a, const struct cfn_plan *plan)
{
	struct json *waves = json_new_array(a), *wave = NULL;
	size_t number = SIZE_MAX;

	for (size_t i = 0; i < plan->node_count; i++) {
		if (plan->nodes[i].wave != number)
			wave = json_push(a, waves, json_new_array(a));
		number = plan->nodes[i].wave;
		json_push_str(a, wave, plan->nodes[i].resource->id);
	}
	return waves;
}

static bool
add_outputs(struct arena *a, struct cfn_resolver *r, struct json *want, struct err *err)
{
	struct json *outputs = json_put(a, want, "outputs", json_new_object(a));
	struct json *exports = json_put(a, want, "exports", json_new_object(a));
	str value, name;

	for (size_t i = 0; i < r->t->output_count; i++) {
		const struct cfn_output *o = &r->t->outputs[i];

		if (!cfn_condition_holds(r, o->condition))
			continue;
		if (!cfn_resolve_output(r, o, &value, &name, err))
			return false;
		json_put_key(a, outputs, o->name, json_new_str(a, value));
		if (name.len > 0)
			json_put_key(a, exports, name, json_new_str(a, value));
	}
	return true;
}

static bool
resolve(struct arena *a, str text, const struct json *given, struct json *want, struct cfn_at *at,
    struct err *err)
{
	struct cfn_resolver_options options = {
		.given = given,
		.pseudo = { S("111122223333"), S("us-east-1"), S("aws"), S("amazonaws.com"),
		    S("stack"), S("arn:aws:cloudformation:us-east-1:111122223333:stack/stack/1"),
		    NULL },
		.world = { NULL, answer_ref, answer_get_att, answer_import, answer_zones,
		    answer_stored },
	};
	const struct json *properties;
	struct json *resources;
	struct cfn_template t;
	struct cfn_resolver r;
	struct cfn_plan plan;

	if (!cfn_template_parse(a, text, &t, at, err))
		return false;
	options.t = &t;
	if (!cfn_resolver_init(&r, a, &options, err)) {
		*at = r.at;
		return false;
	}
	if (!cfn_plan_build(a, &t, &r, &plan, at, err))
		return false;
	json_put(a, want, "waves", waves_of(a, &plan));
	resources = json_put(a, want, "resources", json_new_object(a));
	for (size_t i = 0; i < plan.node_count; i++) {
		if (!cfn_resolve_properties(&r, plan.nodes[i].resource, &properties, err)) {
			*at = r.at;
			return false;
		}
		json_put_key(a, resources, plan.nodes[i].resource->id, properties);
	}
	if (add_outputs(a, &r, want, err))
		return true;
	*at = r.at;
	return false;
}

static const struct json *
read_json(struct arena *a, const char *path, struct err *err)
{
	const struct json *j;
	str text;

	CHECK_OK(file_read(a, path, MAX_FILE, &text, err), err);
	CHECK_OK(json_parse(a, text, &j, err), err);
	return j;
}

static struct json *
come_to(struct arena *a, str text, const struct json *given)
{
	struct json *got = json_new_object(a);
	struct cfn_at at = { 0 };
	struct err err;

	err_init(&err, a);
	if (resolve(a, text, given, got, &at, &err))
		return got;
	got = json_new_object(a);
	json_put_str(a, got, "error", err.msg);
	json_put_str(a, got, "at", str_fmt(a, "%u:%u", at.line, at.column));
	return got;
}

static bool
check_case(struct arena *a, const char *dir, str name)
{
	const char *folder = path_join(a, dir, str_z(a, name));
	const char *yaml = path_join(a, folder, "template.yaml");
	const char *given = path_join(a, folder, "parameters.json");
	const struct json *want, *parameters = NULL;
	struct buf shown = buf_in(a);
	struct json *got;
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(file_read(a, path_is_file(yaml) ? yaml : path_join(a, folder, "template.json"),
		     MAX_FILE, &text, &err),
	    &err);
	if (path_is_file(given))
		parameters = read_json(a, given, &err);
	want = read_json(a, path_join(a, folder, "want.json"), &err);
	got = come_to(a, text, parameters);
	if (json_equal(got, want))
		return true;
	json_write_pretty(&shown, got);
	/* Not print_error(), which cuts long texts. */
	fprintf(stderr, "cfn/" STR_FMT " comes to\n" STR_FMT "\n", STR_ARG(name),
	    STR_ARG(buf_str(&shown)));
	return false;
}

static void
test_vectors(struct arena *a)
{
	const char *dir = SWB_SOURCE_ROOT "/tests/vectors/cfn";
	size_t count, bad = 0;
	struct err err;
	str *names;

	err_init(&err, a);
	CHECK_OK(dir_list(a, dir, &names, &count, &err), &err);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++)
		bad += !check_case(a, dir, names[i]);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_vectors),
	};

	return RUN_TESTS(tests);
}
