/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/fault.c: does a rule of the plan apply now?
 *
 * Every rule counts its own matches, so "the third PutEvents" means the third that this rule
 * could have meant, whatever other rules did. The first rule in its range wins; all count.
 */
#include "cloud/fault.h"

#include <assert.h>
#include <stddef.h>

static bool
in_range(const struct fault_rule *r)
{
	uint64_t first = r->first == 0 ? 1 : r->first;

	return r->seen >= first && (r->count == 0 || r->seen - first < r->count);
}

static bool
fits(const char *wanted, str given)
{
	return wanted == NULL || *wanted == '\0' || str_is(given, wanted);
}

/* Counts a match of r; true where it applies. */
static bool
hit(struct fault_rule *r)
{
	r->seen++;
	return in_range(r);
}

static bool
rule_takes_call(const struct fault_rule *r, str service, str action, bool automation)
{
	return (r->kind == FAULT_REFUSE || r->kind == FAULT_LOSE_ANSWER) &&
	    fits(r->service, service) && fits(r->action, action) &&
	    (automation || !r->automation_only);
}

const struct fault_rule *
fault_call(struct fault_plan *p, str service, str action, bool automation)
{
	const struct fault_rule *found = NULL;

	for (unsigned i = 0; p != NULL && i < p->rule_count; i++) {
		struct fault_rule *r = &p->rules[i];

		if (rule_takes_call(r, service, action, automation) && hit(r) && found == NULL)
			found = r;
	}
	return found;
}

const struct fault_rule *
fault_resource(struct fault_plan *p, enum fault_kind kind, str logical_id)
{
	const struct fault_rule *found = NULL;

	assert(kind == FAULT_FAIL_CREATE || kind == FAULT_FAIL_DELETE);
	for (unsigned i = 0; p != NULL && i < p->rule_count; i++) {
		struct fault_rule *r = &p->rules[i];

		if (r->kind == kind && fits(r->name, logical_id) && hit(r) && found == NULL)
			found = r;
	}
	return found;
}

static bool
is_event_kind(enum fault_kind kind)
{
	return kind == FAULT_DROP_EVENT || kind == FAULT_DOUBLE_EVENT || kind == FAULT_DELAY_EVENT;
}

const struct fault_rule *
fault_event(struct fault_plan *p, str detail_type)
{
	const struct fault_rule *found = NULL;

	if (p == NULL)
		return NULL;
	p->events++;
	for (unsigned i = 0; i < p->rule_count; i++) {
		struct fault_rule *r = &p->rules[i];

		if (is_event_kind(r->kind) && fits(r->name, detail_type) && hit(r) && found == NULL)
			found = r;
	}
	return found;
}
