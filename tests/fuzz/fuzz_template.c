/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CloudFormation template is read, written and read again, planned, and resolved with values
 * that its parameters take: once with a world that answers, once with nothing known.
 */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_resolve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
answer_ref(void *cookie, struct arena *a, const struct cfn_resource *resource,
    const struct json **out, struct err *err)
{
	(void)cookie;
	(void)err;
	*out = json_new_str(a, resource->id);
	return true;
}

static bool
answer_get_att(void *cookie, struct arena *a, const struct cfn_resource *resource, str attribute,
    const struct json **out, struct err *err)
{
	(void)resource;
	return attribute.len > 20 ? err_code(err, ERR_NOT_FOUND, "ValidationError", "no attribute")
				  : answer_ref(cookie, a, resource, out, err);
}

static bool
answer_import(void *cookie, struct arena *a, str name, str *out, struct err *err)
{
	(void)cookie;
	(void)a;
	*out = name;
	return name.len % 2 == 0 || err_set(err, ERR_NOT_FOUND, "no export");
}

static bool
answer_zones(void *cookie, struct arena *a, str region, const struct json **out, struct err *err)
{
	struct json *list = json_new_array(a);

	(void)cookie;
	(void)err;
	json_push_str(a, list, region);
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
		if (json_str(n).len < 8)
			json_set(a, values, str_z(a, json_str(n)), json_new_str(a, S("a,b")));
	*out = values;
	return true;
}

static const struct cfn_world worlds[] = {
	{ 0 },
	{ NULL, answer_ref, answer_get_att, answer_import, answer_zones, answer_stored },
};

/* Whatever fails does so in CloudFormation's form. */
static void
check_err(const struct err *err)
{
	assert(
	    err->kind == ERR_INVALID || err->kind == ERR_TOO_LARGE || err->kind == ERR_NOT_FOUND);
	assert(err_is(err, "ValidationError") && err->msg.len > 0);
}

static const struct json *
made_up(struct arena *a, const struct cfn_template *t)
{
	static const char *const candidates[] = { "", "1", "a", "a,b,c" };
	struct json *given = json_new_object(a);

	for (size_t i = 0; i < t->parameter_count; i++) {
		const struct cfn_parameter *p = &t->parameters[i];
		str value = p->allowed_count > 0 ? p->allowed[0] : S("");

		for (size_t k = 0; p->allowed_count == 0 && k < countof(candidates); k++) {
			struct err err;

			err_init(&err, a);
			value = str_of(candidates[k]);
			if (cfn_parameter_check(p, value, &err))
				break;
		}
		if (!p->has_default)
			json_put_key(a, given, p->name, json_new_str(a, value));
	}
	return given;
}

static void
check_plan(const struct cfn_plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		assert(plan->nodes[i].wave < plan->wave_count);
		for (size_t n = 0; n < plan->nodes[i].need_count; n++)
			assert(plan->nodes[plan->nodes[i].needs[n]].wave < plan->nodes[i].wave);
	}
}

static bool
resolve(
    struct arena *a, const struct cfn_template *t, const struct cfn_world *world, struct err *err)
{
	struct cfn_resolver_options options = { .t = t, .given = made_up(a, t), .world = *world };
	const struct json *properties;
	struct cfn_resolver r;
	struct cfn_plan plan;
	str value, name;

	options.pseudo.region = S("us-east-1");
	if (!cfn_resolver_init(&r, a, &options, err) ||
	    !cfn_plan_build(a, t, &r, &plan, &r.at, err))
		return false;
	check_plan(&plan);
	for (size_t i = 0; i < plan.node_count; i++)
		if (!cfn_resolve_properties(&r, plan.nodes[i].resource, &properties, err))
			return false;
	for (size_t i = 0; i < t->output_count; i++)
		if (cfn_condition_holds(&r, t->outputs[i].condition) &&
		    !cfn_resolve_output(&r, &t->outputs[i], &value, &name, err))
			return false;
	return true;
}

/* A stack keeps the tree as JSON: it must come back as the same template. */
static void
check_again(struct arena *a, const struct cfn_template *t)
{
	const struct json *tree = NULL;
	struct cfn_template again;
	struct err err;
	bool ok;

	err_init(&err, a);
	ok = json_parse(a, json_text(a, t->tree), &tree, &err) &&
	    cfn_template_read(a, tree, &again, NULL, &err);
	assert(ok && again.resource_count == t->resource_count);
	assert(json_equal(cfn_template_summary(a, t), cfn_template_summary(a, &again)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	struct cfn_at at = { 0 };
	struct cfn_template t;
	struct cfn_plan plan;
	struct err err;

	err_init(&err, &a);
	if (!cfn_template_parse(&a, (str){ (const char *)data, size }, &t, &at, &err)) {
		check_err(&err);
		return 0;
	}
	check_again(&a, &t);
	if (cfn_plan_build(&a, &t, NULL, &plan, &at, &err))
		check_plan(&plan);
	else
		check_err(&err);
	for (size_t i = 0; i < countof(worlds); i++) {
		err_init(&err, &a);
		if (!resolve(&a, &t, &worlds[i], &err))
			check_err(&err);
	}
	return 0;
}
