/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/provision.c: what a launch document hands to the product, against the template's
 * parameters.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/internal.h"
#include "lang/cfn_template.h"
#include "lang/ssm_document.h"
#include "lang/ssm_values.h"

static bool
provisions(const struct ssm_step *step)
{
	return str_is(step->service, "servicecatalog") &&
	    (str_is(step->api, "ProvisionProduct") || str_is(step->api, "provision_product"));
}

struct provision
provision_of(const struct ssm_document *d)
{
	for (size_t i = 0; d != NULL && i < d->step_count; i++)
		if (provisions(&d->steps[i]))
			return (struct provision){ &d->steps[i],
				json_get(d->steps[i].inputs, "ProvisioningParameters") };
	return (struct provision){ NULL, NULL };
}

const struct cfn_parameter *
provision_target(const struct bundle *b, str document_parameter)
{
	struct provision p = provision_of(b->verbs[BUNDLE_LAUNCH].ssm);
	str name;

	for (const struct json *e = json_first(p.parameters); b->cfn != NULL && e != NULL;
	     e = e->next)
		if (ssm_reference_whole(json_str(json_get(e, "Value")), &name) &&
		    str_eq(name, document_parameter))
			return cfn_parameter_find(b->cfn, json_str(json_get(e, "Key")));
	return NULL;
}

static bool
is_given(const struct json *parameters, str name)
{
	for (const struct json *e = json_first(parameters); e != NULL; e = e->next)
		if (str_eq(json_str(json_get(e, "Key")), name))
			return true;
	return false;
}

static void
check_key(struct check *c, const struct json *key, const struct cfn_template *t)
{
	str *names;

	if (str_has(json_str(key), S("{{")) || cfn_parameter_find(t, json_str(key)) != NULL)
		return;
	names = arena_new(c->a, str, t->parameter_count);
	for (size_t i = 0; i < t->parameter_count; i++)
		names[i] = t->parameters[i].name;
	find_error(c, place_of(key), "provisioning-parameter-unknown",
	    S("use the name of a parameter of the template"),
	    "the template has no parameter '" STR_FMT "'" STR_FMT, STR_ARG(json_str(key)),
	    STR_ARG(did_you_mean(c->a, json_str(key), names, t->parameter_count)));
}

/* A value without references must be one that the template takes. */
static void
check_literal(struct check *c, const struct json *entry, const struct cfn_template *t)
{
	const struct cfn_parameter *p = cfn_parameter_find(t, json_str(json_get(entry, "Key")));
	const struct json *value = json_get(entry, "Value");
	struct err err;

	err_init(&err, c->a);
	if (p == NULL || value == NULL || str_has(json_str(value), S("{{")) ||
	    cfn_parameter_check(p, json_scalar(value), &err))
		return;
	find_error(c, place_of(value), "provisioning-parameter-value",
	    S("write a value that the template's parameter takes"), STR_FMT, STR_ARG(err.msg));
}

void
check_provision(struct check *c, const struct ssm_document *d)
{
	struct provision p = provision_of(d);
	const struct cfn_template *t = c->bundle->cfn;

	if (p.step == NULL) {
		find_warning(c, (struct place){ 1, 1 }, "provisions-nothing",
		    S("add a step that calls servicecatalog ProvisionProduct"),
		    "the document provisions no product");
		return;
	}
	if (t == NULL)
		return;
	for (const struct json *e = json_first(p.parameters); e != NULL; e = e->next) {
		check_key(c, json_get(e, "Key"), t);
		check_literal(c, e, t);
	}
	for (size_t i = 0; i < t->parameter_count; i++) {
		const struct cfn_parameter *wanted = &t->parameters[i];

		if (wanted->has_default || is_given(p.parameters, wanted->name))
			continue;
		find_error(c,
		    p.parameters == NULL ? (struct place){ p.step->line, p.step->column }
					 : place_of_key(p.parameters),
		    "provisioning-parameter-missing",
		    str_fmt(c->a, "add '- Key: " STR_FMT "' here, or a Default to the template",
			STR_ARG(wanted->name)),
		    "the template's parameter '" STR_FMT "' gets no value", STR_ARG(wanted->name));
	}
}

/* --- values ------------------------------------------------------------------------------ */

/* SSM's parameters are texts: numbers and booleans as they are written, objects as JSON. */
static void
push_text(struct arena *a, struct json *list, const struct json *value)
{
	bool scalar = value->kind != JSON_OBJECT && value->kind != JSON_ARRAY;

	json_push_str(a, list, scalar ? json_scalar(value) : json_text(a, value));
}

const struct json *
value_texts(struct arena *a, const struct json *value)
{
	struct json *list = json_new_array(a);

	if (!json_is(value, JSON_ARRAY))
		push_text(a, list, value);
	for (const struct json *e = json_first(value); json_is(value, JSON_ARRAY) && e != NULL;
	     e = e->next)
		push_text(a, list, e);
	return list;
}

struct given {
	const struct json *values;
};

static const struct json *
look_up(void *cookie, struct arena *a, str name)
{
	const struct given *given = cookie;

	(void)a;
	return json_get_str(given->values, name);
}

/* What the product would be given, as far as the document's parameters tell, against the template.
 */
static bool
check_limits(struct arena *a, const struct bundle *b, const struct json *values, struct err *err)
{
	struct provision p = provision_of(b->verbs[BUNDLE_LAUNCH].ssm);
	struct given given = { values };

	for (const struct json *e = json_first(p.parameters); b->cfn != NULL && e != NULL;
	     e = e->next) {
		const struct cfn_parameter *target =
		    cfn_parameter_find(b->cfn, json_str(json_get(e, "Key")));
		const struct json *filled;
		struct err unknown;

		err_init(&unknown, a);
		if (target == NULL || json_get(e, "Value") == NULL ||
		    !ssm_substitute(a, json_get(e, "Value"), look_up, &given, &filled, &unknown))
			continue; /* made by an earlier step: known only then */
		if (!cfn_parameter_check(target, ssm_text(a, filled), err))
			return false;
	}
	return true;
}

/* A parameter left out of the manifest's values takes the template's default, if it has one. */
static bool
add_defaults(struct arena *a, const struct bundle *b, enum bundle_verb verb, struct json *texts,
    struct err *err)
{
	const struct bundle_verb_def *def = &b->verbs[verb];

	for (const struct json *m = json_first(def->parameters); m != NULL; m = m->next) {
		const struct ssm_parameter *p = ssm_parameter_find(def->ssm, m->key);
		const struct cfn_parameter *target =
		    verb == BUNDLE_LAUNCH ? provision_target(b, m->key) : NULL;
		struct json *one;

		if (json_get_str(texts, m->key) != NULL || (p != NULL && p->default_value != NULL))
			continue;
		if (target == NULL || !target->has_default)
			return err_set(err, ERR_INVALID,
			    "the configuration gives no value for " STR_FMT
			    ", and neither document nor template has a default for '" STR_FMT "'",
			    STR_ARG(json_str(m)), STR_ARG(m->key));
		one = json_new_array(a);
		json_push_str(a, one, target->default_value);
		json_put_key(a, texts, m->key, one);
	}
	return true;
}

bool
bundle_document_parameters(struct arena *a, const struct bundle *b, enum bundle_verb verb,
    const struct json *scopes, const struct json **out, struct err *err)
{
	const struct bundle_verb_def *def = &b->verbs[verb];
	struct json *texts = json_new_object(a);
	struct ssm_arguments arguments;
	const struct json *filled;

	if (def->parameters == NULL || def->ssm == NULL)
		return err_set(err, ERR_INVALID, "type " STR_FMT " runs no document to %s",
		    STR_ARG(b->type), verb_word(verb));
	if (!bundle_expand(a, def->parameters, scopes, &filled, err))
		return false;
	for (const struct json *m = json_first(filled); m != NULL; m = m->next)
		json_put_key(a, texts, m->key, value_texts(a, m));
	if (!add_defaults(a, b, verb, texts, err) ||
	    !ssm_arguments_check(a, def->ssm, texts, NULL, NULL, &arguments, err))
		return false;
	if (verb == BUNDLE_LAUNCH && !check_limits(a, b, arguments.values, err))
		return false;
	*out = texts;
	return true;
}

str
bundle_product_name(struct arena *a, const struct bundle *b, const struct json *parameters)
{
	const struct ssm_document *d = b->verbs[BUNDLE_LAUNCH].ssm;
	struct provision p = provision_of(d);
	const struct json *name =
	    p.step == NULL ? NULL : json_get(p.step->inputs, "ProvisionedProductName");
	struct ssm_arguments arguments;
	const struct json *filled;
	struct given given;
	struct err err;

	err_init(&err, a);
	if (name == NULL || !ssm_arguments_check(a, d, parameters, NULL, NULL, &arguments, &err))
		return (str){ 0 };
	given.values = arguments.values;
	if (!ssm_substitute(a, name, look_up, &given, &filled, &err))
		return (str){ 0 };
	return json_str(filled);
}
