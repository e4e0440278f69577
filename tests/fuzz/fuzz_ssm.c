/* SPDX-License-Identifier: Apache-2.0 */
/* A document that is sound can be read again, started with its defaults, and filled with values. */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/ssm_document.h"
#include "lang/ssm_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json *
any_value(void *cookie, struct arena *a, str name)
{
	(void)cookie;
	(void)name;
	return json_new_str(a, S("{{ P }}"));
}

/* Edges stay inside the document; from any step its end is reached, since nothing goes back. */
static void
check_graph(const struct ssm_document *d)
{
	for (size_t i = 0; i < d->step_count; i++) {
		const struct ssm_step *s = &d->steps[i];

		assert(s->action != NULL && s->edge_count > 0 && s->max_attempts > 0);
		assert(ssm_step_find(d, s->name) == s);
		for (size_t e = 0; e < s->edge_count; e++)
			assert(s->edges[e].to == SSM_END || s->edges[e].to < d->step_count);
	}
	assert(d->steps[0].is_reachable);
}

static void
check_steps(struct arena *a, const struct ssm_document *d)
{
	for (size_t i = 0; i < d->step_count; i++) {
		const struct ssm_step *s = &d->steps[i];
		const struct json *inputs, *value;
		struct err err;
		bool filled;
		str next;

		err_init(&err, a);
		filled = ssm_substitute(a, s->inputs, any_value, NULL, &inputs, &err);
		assert(filled);
		if (s->action->kind == SSM_BRANCH && ssm_branch_choose(inputs, &next, &err))
			assert(next.len == 0 || ssm_step_find(d, next) != NULL);
		for (size_t o = 0; o < s->output_count; o++) {
			if (ssm_output_select(a, &s->outputs[o], d->tree, &value, &err))
				(void)ssm_texts(a, value);
			err_clear(&err);
		}
	}
}

static void
check_again(struct arena *a, const struct ssm_document *d)
{
	struct ssm_arguments args;
	struct ssm_document again;
	struct err err;
	bool ok;

	err_init(&err, a);
	ok = ssm_document_read(a, d->tree, &again, &err);
	assert(
	    ok && again.step_count == d->step_count && again.parameter_count == d->parameter_count);
	if (ssm_arguments_check(a, d, NULL, any_value, NULL, &args, &err))
		assert(json_count(args.values) == d->parameter_count);
	else
		assert(err_is(&err, "InvalidAutomationExecutionParametersException"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	struct ssm_document d;
	struct err err;

	err_init(&err, &a);
	if (!ssm_document_parse(&a, (str){ (const char *)data, size }, &d, &err)) {
		assert(err.kind == ERR_INVALID || err.kind == ERR_TOO_LARGE);
		assert(err.code.len > 0 && d.problem_count <= SSM_MAX_PROBLEMS);
		return 0;
	}
	check_graph(&d);
	check_steps(&a, &d);
	check_again(&a, &d);
	return 0;
}
