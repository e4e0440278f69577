/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/paths.c: every way through a launch or terminate document must end in one status event,
 * and the event must say what swb listens to.
 *
 * A way is followed by (step, events so far); there are few of either, so all are visited once. A
 * step that fails without being caught ends the execution, which swb notices by itself.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/internal.h"
#include "lang/ssm_document.h"

#define MANY 2 /* events: more are not told apart */

static bool
is_status_entry(const struct json *entry)
{
	return str_is(json_str(json_get(entry, "Source")), "automation");
}

static size_t
events_of(const struct ssm_step *step)
{
	size_t count = 0;

	if (!str_is(step->service, "events") || !str_is(step->api, "PutEvents"))
		return 0;
	for (const struct json *e = json_first(json_get(step->inputs, "Entries")); e != NULL;
	     e = e->next)
		count += is_status_entry(e);
	return count;
}

/* --- ways -------------------------------------------------------------------------------- */

struct walk {
	struct check *c;
	const struct ssm_document *d;
	bool (*seen)[MANY + 1];
	size_t *stack; /* step * (MANY + 1) + events */
	size_t depth;
};

static void
push(struct walk *w, size_t step, size_t events)
{
	if (events > MANY)
		events = MANY;
	if (w->seen[step][events])
		return;
	w->seen[step][events] = true;
	w->stack[w->depth++] = step * (MANY + 1) + events;
}

static void
ends_here(struct walk *w, const struct ssm_step *step, size_t events)
{
	struct place at = { step->line, step->column };

	if (events == 0)
		find_error(w->c, at, "path-without-event",
		    S("end it with a step that calls events PutEvents, Source automation"),
		    "a way through the document ends at '" STR_FMT "' without a status event",
		    STR_ARG(step->name));
	else if (events > 1)
		find_error(w->c, at, "path-with-events",
		    S("let each way send one status event, at its end"),
		    "a way through the document that ends at '" STR_FMT
		    "' sends several status events",
		    STR_ARG(step->name));
}

static void
follow(struct walk *w, const struct ssm_step *step, size_t events)
{
	bool goes_on = false;

	events += events_of(step);
	for (size_t i = 0; i < step->edge_count; i++) {
		const struct ssm_edge *edge = &step->edges[i];

		if (edge->kind == SSM_EDGE_CANCEL ||
		    (edge->kind == SSM_EDGE_FAILURE && edge->to == SSM_END))
			continue;
		if (edge->to == SSM_END) {
			ends_here(w, step, events);
			goes_on = true;
		} else {
			push(w, edge->to, events);
			goes_on |= edge->kind != SSM_EDGE_FAILURE;
		}
	}
	if (!goes_on)
		ends_here(w, step, events);
}

static void
check_ways(struct check *c, const struct ssm_document *d)
{
	struct walk w = { .c = c, .d = d };

	if (d->step_count == 0)
		return;
	w.seen = arena_alloc(c->a, sizeof(*w.seen), d->step_count);
	w.stack = arena_new(c->a, size_t, d->step_count * (MANY + 1));
	push(&w, 0, 0);
	while (w.depth > 0) {
		size_t top = w.stack[--w.depth];

		follow(&w, &d->steps[top / (MANY + 1)], top % (MANY + 1));
	}
}

/* --- what the events say ----------------------------------------------------------------- */

/* With every reference replaced by 0, which is valid inside and outside of quotes. */
static str
without_references(struct arena *a, str text)
{
	struct buf b = buf_in(a);
	size_t at = 0, begin, end, done = 0;
	str name;

	while (ssm_reference_next(text, &at, &begin, &end, &name)) {
		buf_add(&b, str_sub(text, done, begin - done));
		buf_char(&b, '0');
		done = end;
	}
	buf_add(&b, str_from(text, done));
	return buf_str(&b);
}

static const struct {
	enum bundle_verb verb;
	const char *status;
} ends[] = {
	{ BUNDLE_LAUNCH, "COMPLETED" },
	{ BUNDLE_LAUNCH, "FAILED" },
	{ BUNDLE_TERMINATE, "TERMINATED" },
	{ BUNDLE_TERMINATE, "TERMINATING_FAILED" },
};

static bool
ends_with(enum bundle_verb verb, str status)
{
	for (size_t i = 0; i < countof(ends); i++)
		if (ends[i].verb == verb && str_is(status, ends[i].status))
			return true;
	return false;
}

/* A member that must be this text. */
static void
check_member(
    struct check *c, struct place at, const struct json *detail, const char *name, str want)
{
	str got = json_str(json_get(detail, name));

	if (!str_eq(got, want))
		find_error(c, at, "event-member",
		    str_fmt(c->a, "write \"%s\": \"" STR_FMT "\"", name, STR_ARG(want)),
		    "the event's %s is '" STR_FMT "'", name, STR_ARG(got));
}

static void
check_detail(struct check *c, struct place at, const struct json *detail, enum bundle_verb verb)
{
	static const char *const ids[] = { "EnvId", "ProvisionedProductId", "RecordId" };
	const struct json *status = json_get(detail, "Status");

	check_member(c, at, detail, "EnvType", c->bundle->type);
	check_member(c, at, detail, "Operation", str_of(verb_title(verb)));
	if (!ends_with(verb, json_str(status)))
		find_error(c, at, "event-status",
		    verb == BUNDLE_LAUNCH ? S("write COMPLETED or FAILED")
					  : S("write TERMINATED or TERMINATING_FAILED"),
		    "the event's Status is '" STR_FMT "'", STR_ARG(json_scalar(status)));
	for (size_t i = 0; i < countof(ids); i++)
		if (json_get(detail, ids[i]) == NULL)
			find_warning(c, at, "event-id",
			    S("add it, so that the event finds its environment and record"),
			    "the event has no %s", ids[i]);
}

static void
check_event(struct check *c, const struct json *entry, enum bundle_verb verb)
{
	const struct json *type = json_get(entry, "DetailType"),
			  *detail = json_get(entry, "Detail");
	const struct json *parsed = detail;
	struct err err;

	err_init(&err, c->a);
	if (!str_is(json_str(type), verb_title(verb)))
		find_error(c, place_of(type == NULL ? entry : type), "event-member",
		    str_fmt(c->a, "write DetailType: %s", verb_title(verb)),
		    "the event's DetailType is '" STR_FMT "'", STR_ARG(json_str(type)));
	if (json_is(detail, JSON_STRING) &&
	    !json_parse(c->a, without_references(c->a, detail->text), &parsed, &err)) {
		find_error(c, place_of(detail), "event-detail",
		    S("mind the quotes: texts stand in \"…\", lists and numbers without"),
		    "the event's Detail is no JSON: " STR_FMT, STR_ARG(err.msg));
		return;
	}
	if (detail != NULL)
		check_detail(c, place_of(detail), parsed, verb);
}

void
check_paths(struct check *c, const struct ssm_document *d, enum bundle_verb verb)
{
	check_ways(c, d);
	for (size_t i = 0; i < d->step_count; i++) {
		if (events_of(&d->steps[i]) == 0)
			continue;
		for (const struct json *e = json_first(json_get(d->steps[i].inputs, "Entries"));
		     e != NULL; e = e->next)
			if (is_status_entry(e))
				check_event(c, e, verb);
	}
}
