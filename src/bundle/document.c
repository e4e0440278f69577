/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/document.c: the SSM document of a verb, against the parameters that the manifest gives it
 * and against the model of the operations that its steps call.
 */
#include "aws/model.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/internal.h"
#include "lang/cfn_template.h"
#include "lang/ssm_document.h"
#include "lang/ssm_values.h"

/* --- parameters -------------------------------------------------------------------------- */

static void
unknown_parameter(struct check *c, const struct json *m, const struct ssm_document *d, str file)
{
	str *names = arena_new(c->a, str, d->parameter_count);

	for (size_t i = 0; i < d->parameter_count; i++)
		names[i] = d->parameters[i].name;
	find_error(c, place_of_key(m), "parameter-unknown",
	    str_fmt(c->a, "use a parameter of " STR_FMT ", or add it there", STR_ARG(file)),
	    "the document has no parameter '" STR_FMT "'" STR_FMT, STR_ARG(m->key),
	    STR_ARG(did_you_mean(c->a, m->key, names, d->parameter_count)));
}

/* The text with a sample for each variable; false where one has none. */
static bool
sample_of(struct check *c, const struct json *value, str *out)
{
	str rest = json_scalar(value);
	struct buf b = buf_in(c->a);

	for (struct piece p; piece_next(&rest, &p);) {
		str text = p.kind == PIECE_VARIABLE ? variable_sample(p.text) : p.text;

		if (p.kind == PIECE_BROKEN || text.len == 0)
			return false;
		buf_add(&b, text);
	}
	*out = buf_str(&b);
	return true;
}

static void
check_sample(struct check *c, const struct json *value, const struct ssm_parameter *p)
{
	struct json *texts = json_new_array(c->a);
	const struct json *typed;
	struct err err;
	str sample;

	err_init(&err, c->a);
	if (!json_is(value, JSON_STRING) || !sample_of(c, value, &sample))
		return;
	json_push_str(c->a, texts, sample);
	if (!ssm_argument_check(c->a, p, texts, &typed, &err))
		find_warning(c, place_of(value), "parameter-pattern",
		    S("give another value, or mend the document's allowedPattern"),
		    "such a value may not fit: " STR_FMT, STR_ARG(err.msg));
}

static void
check_parameter(struct check *c, const struct json *value, const struct ssm_parameter *p)
{
	struct variables_used used = variables_used(value);
	const struct json *typed;
	struct err err;

	if (used.config)
		return; /* bundle_check_config() looks when a configuration is saved */
	if (used.other) {
		check_sample(c, value, p);
		return;
	}
	err_init(&err, c->a);
	if (json_is(value, JSON_NULL) ||
	    ssm_argument_check(c->a, p, value_texts(c->a, value), &typed, &err))
		return;
	find_error(c, place_of(value), "parameter-value",
	    S("write a value that the document's parameter takes"), STR_FMT, STR_ARG(err.msg));
}

static void
check_parameters(struct check *c, const struct bundle_verb_def *def, str file)
{
	for (const struct json *m = json_first(def->parameters); m != NULL; m = m->next) {
		const struct ssm_parameter *p = ssm_parameter_find(def->ssm, m->key);

		if (p == NULL)
			unknown_parameter(c, m, def->ssm, file);
		else
			check_parameter(c, m, p);
	}
	for (size_t i = 0; i < def->ssm->parameter_count; i++) {
		const struct ssm_parameter *p = &def->ssm->parameters[i];

		if (p->default_value == NULL && json_get_str(def->parameters, p->name) == NULL)
			find_error(c, place_of_key(def->parameters), "parameter-missing",
			    str_fmt(c->a,
				"add '" STR_FMT ":' here, or a default to the document (" STR_FMT
				":%u:%u)",
				STR_ARG(p->name), STR_ARG(file), p->line, p->column),
			    "the document's parameter '" STR_FMT "' gets no value",
			    STR_ARG(p->name));
	}
}

/* --- steps ------------------------------------------------------------------------------- */

/*
 * The model holds what swb itself speaks. What it does not know may exist all the same, so only
 * what looks like a slip is an error.
 */
static const struct aws_operation *
step_operation(struct check *c, const struct ssm_step *step)
{
	struct findings trial = { .a = c->a };
	struct check probe = *c;
	const struct json *at = json_get(step->inputs, "Api");
	const struct aws_operation *op;

	if (aws_service_find(step->service) == NULL)
		at = json_get(step->inputs, "Service");
	probe.findings = &trial;
	op = find_operation(&probe, at, step->service, step->api);
	if (op != NULL || trial.count == 0)
		return op;
	if (str_ends(trial.list[0].message, S(" meant?)")))
		find_error(c, place_of(at), "call-unknown", trial.list[0].fix, STR_FMT,
		    STR_ARG(trial.list[0].message));
	else
		find_warning(c, place_of(at), "call-unmodelled",
		    S("it runs on AWS, but the local cloud cannot answer it"), STR_FMT,
		    STR_ARG(trial.list[0].message));
	return NULL;
}

static void
check_call_step(struct check *c, const struct ssm_step *step)
{
	static const char *const besides[] = { "Service", "Api", "PropertySelector",
		"DesiredValues", NULL };
	const struct json *selector = json_get(step->inputs, "PropertySelector");
	const struct aws_operation *op;

	if (step->service.len == 0 || step->api.len == 0 || str_has(step->service, S("{{")) ||
	    str_has(step->api, S("{{")))
		return;
	op = step_operation(c, step);
	if (op == NULL)
		return;
	check_input(c, step->inputs, op->input, str_of(op->name), place_of(step->inputs), besides);
	for (size_t i = 0; i < step->output_count; i++) {
		const struct ssm_output *o = &step->outputs[i];
		const struct json at = {
			.kind = JSON_STRING, .line = o->line, .column = o->column
		};

		(void)check_selector_shape(c, &at, o->selector_text, op->output);
	}
	if (json_is(selector, JSON_STRING))
		(void)check_selector_shape(c, selector, json_str(selector), op->output);
}

static void
check_steps(struct check *c, const struct ssm_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		check_call_step(c, &steps[i]);
		check_steps(c, steps[i].inner, steps[i].inner_count);
	}
}

/* --- the whole --------------------------------------------------------------------------- */

static bool
parse(struct check *c, str text, struct ssm_document *d)
{
	struct err err;

	err_init(&err, c->a);
	if (ssm_document_parse(c->a, text, d, &err))
		return true;
	for (size_t i = 0; i < d->problem_count; i++)
		find_error(c, (struct place){ d->problems[i].line, d->problems[i].column },
		    "document", S("mend the document at this place"), STR_FMT,
		    STR_ARG(d->problems[i].text));
	if (d->problem_count == 0)
		find_parser_error(c, "document", S("mend the document at this place"), err.msg);
	return false;
}

void
read_document(struct check *c, enum bundle_verb verb, struct bundle *out)
{
	struct bundle_verb_def *def = &out->verbs[verb];
	struct ssm_document *d = arena_new(c->a, struct ssm_document, 1);
	struct check in_document = *c;
	const struct bundle_file *file;

	in_document.file = document_file_name(c->a, out->type, verb);
	file = file_named(out, in_document.file);
	if (file == NULL) {
		find_file_missing(c, in_document.file, "SSM automation document of this verb");
		return;
	}
	def->document = file->text;
	if (!parse(&in_document, file->text, d))
		return;
	def->ssm = d;
	check_parameters(c, def, in_document.file);
	check_steps(&in_document, d->steps, d->step_count);
	if (verb == BUNDLE_LAUNCH)
		check_provision(&in_document, d);
	if (verb == BUNDLE_LAUNCH || verb == BUNDLE_TERMINATE)
		check_paths(&in_document, d, verb);
}
