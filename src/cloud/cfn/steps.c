/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/steps.c: a stack on its way.
 *
 * A step does what can be done at once, up to MOVES_A_STEP resources and to the next status of
 * the stack. What it did and what is left stands in rows alone, so a step that a kill undid is
 * simply done again. Where nothing can be done but wait, the stack watches what the handlers looked
 * at and is woken by its change.
 */
#include "cloud/cfn/internal.h"

#include "base/buf.h"
#include "base/clock.h"

/* Resources that begin or arrive in one step: a large stack must not hold the lock for long. */
#define MOVES_A_STEP 32
#define POLL_MS 5000 /* where nothing, or more than fits, can be watched */

static bool
end(struct cfn_stack *s, struct err *err)
{
	s->is_ended = true;
	return stack_save(s, err);
}

bool
stack_go_on(struct cfn_stack *s, struct err *err)
{
	row_due(s->c, s->row, "stack", s->c->now_ms);
	return end(s, err);
}

bool
stack_wait(struct cfn_stack *s, const struct watch *watch, struct err *err)
{
	int64_t deadline = json_i64(json_get(s->row, "deadline"), CLOCK_NEVER);
	int64_t poll = watch->full || watch->count == 0 ? s->c->now_ms + POLL_MS : CLOCK_NEVER;

	row_due(s->c, s->row, "stack", poll < deadline ? poll : deadline);
	return end(s, err) && watch_set(s->c, watch, stack_partition(s->c, "stack"), s->key, err);
}

bool
stack_finish(struct cfn_stack *s, const char *status, str reason, struct err *err)
{
	json_remove(s->row, "deadline");
	if (!stack_set_status(s, status, reason, err))
		return false;
	row_done(s->c, s->row);
	return end(s, err);
}

bool
stack_any_resource(const struct cfn_stack *s, const char *status)
{
	for (size_t i = 0; i < s->resource_count; i++)
		if (str_is(s->resources[i].status, status))
			return true;
	return false;
}

str
stack_failed_names(struct cfn_stack *s, const char *status)
{
	struct buf b = buf_in(s->c->a);

	buf_char(&b, '[');
	for (size_t i = 0; i < s->resource_count; i++)
		if (str_is(s->resources[i].status, status))
			buf_fmt(
			    &b, "%s" STR_FMT, b.len == 1 ? "" : ", ", STR_ARG(s->resources[i].id));
	buf_char(&b, ']');
	return buf_str(&b);
}

static const struct {
	const char *status;
	bool (*step)(struct cfn_stack *s, struct err *err);
} steps[] = {
	{ "CREATE_IN_PROGRESS", stack_create_step },
	{ "DELETE_IN_PROGRESS", stack_remove_step },
	{ "ROLLBACK_IN_PROGRESS", stack_remove_step },
};

bool
stack_step(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct cfn_stack s;

	(void)result;
	stack_open(c, row->body, &s);
	/* Where a fault of ours undid a step, the good moves of it shall count. */
	s.most_moves = json_i64(json_get(s.row, "attempts"), 0) > 0 ? 1 : MOVES_A_STEP;
	if (!stack_load_resources(&s, err))
		return false;
	for (size_t i = 0; i < countof(steps); i++)
		if (str_is(s.status, steps[i].status))
			return steps[i].step(&s, err);
	row_done(c, s.row);
	return end(&s, err);
}
