/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/status.c: what events and describe's answers say about an instance, in our words.
 *
 * A reading is a selector whose word is translated by a map, else by upper case; or a list of
 * cases, each a pattern and a status; or "ask". Read once when the type is, used for every event.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "aws/model.h"
#include "bundle/internal.h"
#include "lang/event_pattern.h"
#include "lang/jsonpath.h"

#define MAX_READINGS 20
#define IGNORE_WORD "ignore"
#define ASK_WORD "ask"
/* A smaller number is seconds: as milliseconds it would be 1973. */
#define SECONDS_END 100000000000

static const char *const words[] = { "COMPLETED", "FAILED", "PENDING", "STARTING",
	"STARTING_FAILED", "STOPPED", "STOPPING", "STOPPING_FAILED", "TERMINATED", "TERMINATING",
	"TERMINATING_FAILED" };

bool
is_status_word(str word)
{
	for (size_t i = 0; i < countof(words); i++)
		if (str_is(word, words[i]))
			return true;
	return false;
}

str
status_words(struct arena *a)
{
	struct buf b = buf_in(a);

	for (size_t i = 0; i < countof(words); i++)
		buf_fmt(&b, "%s%s", i == 0 ? "" : ", ", words[i]);
	return buf_str(&b);
}

/* --- reading the manifest ------------------------------------------------------------------- */

static void
unknown_word(struct check *c, const struct json *node, const char *also)
{
	str names[countof(words)];

	for (size_t i = 0; i < countof(words); i++)
		names[i] = str_of(words[i]);
	find_error(c, place_of(node), "status-unknown",
	    str_fmt(c->a, "use one of: " STR_FMT ", %s", STR_ARG(status_words(c->a)), also),
	    "'" STR_FMT "' is no status of an environment" STR_FMT, STR_ARG(json_scalar(node)),
	    STR_ARG(did_you_mean(c->a, json_scalar(node), names, countof(names))));
}

bool
read_selector(struct check *c, const struct json *node, const struct jsonpath **out)
{
	struct err err;

	*out = NULL;
	if (node == NULL)
		return true;
	err_init(&err, c->a);
	if (jsonpath_parse(c->a, json_str(node), out, &err))
		return true;
	find_error(c, place_of(node), "selector-malformed",
	    S("write a JSONPath, e.g. $.detail.state"), "'" STR_FMT "' is no selector: " STR_FMT,
	    STR_ARG(json_str(node)), STR_ARG(err.msg));
	return false;
}

static bool
read_pattern(struct check *c, const struct json *node, const struct event_pattern **out)
{
	const struct json *at = node;
	struct err err;

	err_init(&err, c->a);
	if (event_pattern_parse(c->a, node, out, &at, &err))
		return true;
	find_error(c, place_of(at == NULL ? node : at), "pattern-malformed",
	    S("write an EventBridge pattern: members with lists of what may stand there"), STR_FMT,
	    STR_ARG(err.msg));
	return false;
}

static void
read_map(struct check *c, const struct json *map)
{
	for (const struct json *m = json_first(map); m != NULL; m = m->next)
		if (!is_status_word(json_str(m)) && !str_is(json_str(m), IGNORE_WORD))
			unknown_word(c, m, "or " IGNORE_WORD);
}

static const struct field case_fields[] = {
	{ "match", KIND(OBJECT), true },
	{ "status", KIND(STRING), true },
};

static void
read_case(struct check *c, const struct json *node, struct status_case *out)
{
	const struct json *status = json_get(node, "status");

	if (!check_fields(c, node, "a case of status", case_fields, countof(case_fields)))
		return;
	(void)read_pattern(c, json_get(node, "match"), &out->match);
	out->ask = str_is(json_str(status), ASK_WORD);
	out->status = out->ask ? (str){ 0 } : json_str(status);
	if (!out->ask && !is_status_word(out->status))
		unknown_word(c, status, "or " ASK_WORD);
}

static void
read_cases(struct check *c, const struct json *list, struct status_reading *out)
{
	struct status_case *cases = arena_new(c->a, struct status_case, json_count(list));

	if (json_count(list) == 0 || json_count(list) > MAX_READINGS) {
		find_error(c, place_of(list), "status-cases",
		    str_fmt(c->a, "write at least one case and at most %d", MAX_READINGS),
		    "there are %zu cases", json_count(list));
		return;
	}
	out->cases = cases;
	for (const struct json *node = json_first(list); node != NULL; node = node->next)
		read_case(c, node, &cases[out->case_count++]);
}

/* shape: of the answer that is read; NULL where it is not known. */
static void
read_status(struct check *c, const struct json *node, const struct aws_shape *shape, bool may_ask,
    struct status_reading *out)
{
	const struct json *status = json_get(node, "status");

	out->map = json_get(node, "map");
	read_map(c, out->map);
	if (json_is(status, JSON_ARRAY)) {
		read_cases(c, status, out);
	} else if (may_ask && str_is(json_str(status), ASK_WORD)) {
		out->ask = true;
	} else if (str_starts(json_str(status), S("$"))) {
		if (read_selector(c, status, &out->selector) && shape != NULL)
			(void)check_selector_shape(c, status, json_str(status), shape);
	} else {
		find_error(c, place_of(status), "status-malformed",
		    may_ask
			? S("write a selector ($.detail.state), a list of {match, status}, or ask")
			: S("write a selector ($.Status), or a list of {match, status}"),
		    "'" STR_FMT "' does not say where the status stands",
		    STR_ARG(json_str(status)));
	}
}

static const struct field event_fields[] = {
	{ "environment", KIND(STRING), false },
	{ "instanceId", KIND(STRING), false },
	{ "map", KIND(OBJECT), false },
	{ "match", KIND(OBJECT), true },
	{ "order", KIND(STRING), false },
	{ "status", KIND(STRING) | KIND(ARRAY), true },
};

static void
read_event(struct check *c, const struct json *node, struct bundle_event_reading *out)
{
	if (!check_fields(c, node, "an event", event_fields, countof(event_fields)))
		return;
	out->match_tree = json_get(node, "match");
	(void)read_pattern(c, out->match_tree, &out->match);
	(void)read_selector(c, json_get(node, "environment"), &out->environment);
	(void)read_selector(c, json_get(node, "instanceId"), &out->instance_id);
	(void)read_selector(c, json_get(node, "order"), &out->order);
	read_status(c, node, NULL, true, &out->status);
	if (json_get(node, "environment") == NULL && json_get(node, "instanceId") == NULL)
		find_error(c, place_of(node), "event-nameless",
		    S("add 'instanceId:' or 'environment:' with a selector"),
		    "the event does not say whose it is");
}

void
read_events(struct check *c, const struct json *list, struct bundle *out)
{
	struct bundle_event_reading *readings;

	if (json_count(list) > MAX_READINGS) {
		find_error(c, place_of(list), "events-count",
		    str_fmt(c->a, "write at most %d", MAX_READINGS), "there are %zu events",
		    json_count(list));
		return;
	}
	readings = arena_new(c->a, struct bundle_event_reading, json_count(list));
	for (const struct json *node = json_first(list); node != NULL; node = node->next)
		read_event(c, node, &readings[out->event_count++]);
	out->events = readings;
}

static const struct field describe_fields[] = {
	{ "call", KIND(STRING), true },
	{ "gone", KIND(ARRAY), false },
	{ "ignore", KIND(ARRAY), false },
	{ "map", KIND(OBJECT), false },
	{ "order", KIND(STRING), false },
	{ "secret", KIND(ARRAY), false },
	{ "status", KIND(STRING) | KIND(ARRAY), true },
	{ "with", KIND(OBJECT), false },
};

void
read_describe(struct check *c, const struct json *node, struct bundle *out)
{
	const struct variable_use use = { .verb = BUNDLE_VERB_COUNT };
	struct bundle_event_reading *reading = arena_new(c->a, struct bundle_event_reading, 1);
	const struct json *order = json_get(node, "order");
	const struct aws_shape *shape;

	if (!check_fields(c, node, "describe", describe_fields, countof(describe_fields)))
		return;
	(void)read_call(c, node, &use, &out->describe);
	shape = out->describe.model == NULL ? NULL : out->describe.model->output;
	read_status(c, node, shape, false, &reading->status);
	if (read_selector(c, order, &reading->order) && order != NULL && shape != NULL)
		(void)check_selector_shape(c, order, json_str(order), shape);
	out->gone = json_get(node, "gone");
	(void)check_texts(c, out->gone, "gone");
	out->describe_reading = reading;
}

/* --- reading events ------------------------------------------------------------------------- */

static str
in_our_words(struct arena *a, const struct json *map, str word)
{
	str ours = json_str(json_get_str(map, word));

	if (ours.len > 0)
		return str_is(ours, IGNORE_WORD) ? (str){ 0 } : ours;
	ours = str_upper(a, word);
	return is_status_word(ours) ? ours : (str){ 0 };
}

static bool
select_text(struct arena *a, const struct jsonpath *path, const struct json *from, str *out,
    struct err *err)
{
	const struct json *found = NULL;

	*out = (str){ 0 };
	if (path != NULL && !jsonpath_find(path, a, from, &found, err))
		return false;
	*out = json_scalar(found);
	return true;
}

static bool
status_from(struct arena *a, const struct status_reading *r, const struct json *from, str *status,
    bool *ask, struct err *err)
{
	str word;

	*status = (str){ 0 };
	*ask = r->ask;
	for (size_t i = 0; i < r->case_count; i++) {
		if (!event_pattern_matches(a, r->cases[i].match, from))
			continue;
		*status = r->cases[i].status;
		*ask = r->cases[i].ask;
		return true;
	}
	if (!select_text(a, r->selector, from, &word, err))
		return false;
	if (word.len > 0)
		*status = in_our_words(a, r->map, word);
	return true;
}

/* A number of seconds or milliseconds, or a time in text, as milliseconds; 0 for anything else. */
static int64_t
order_of(str text)
{
	size_t dot = str_find_char(text, '.');
	int64_t whole, ms = 0;

	if (time_parse(text, &ms))
		return ms;
	if (!str_to_i64(str_sub(text, 0, dot), &whole) || whole < 0)
		return 0;
	if (whole >= SECONDS_END)
		return whole;
	for (size_t i = 1; i <= 3; i++) {
		char digit = dot + i < text.len ? text.ptr[dot + i] : '0';

		ms = ms * 10 + (digit >= '0' && digit <= '9' ? digit - '0' : 0);
	}
	return whole * 1000 + ms;
}

static bool
read_one(struct arena *a, const struct bundle_event_reading *r, const struct json *event,
    struct bundle_event *out, struct err *err)
{
	str order;

	out->matches = true;
	if (!select_text(a, r->environment, event, &out->environment_id, err) ||
	    !select_text(a, r->instance_id, event, &out->instance_id, err) ||
	    !status_from(a, &r->status, event, &out->status, &out->ask, err) ||
	    !select_text(a, r->order, event, &order, err))
		return false;
	out->order = order_of(order);
	if (out->order == 0)
		out->order = order_of(json_scalar(json_get(event, "time")));
	return true;
}

bool
bundle_read_event(struct arena *a, const struct bundle *b, const struct json *event,
    struct bundle_event *out, struct err *err)
{
	*out = (struct bundle_event){ .matches = false };
	for (size_t i = 0; i < b->event_count; i++)
		if (event_pattern_matches(a, b->events[i].match, event))
			return read_one(a, &b->events[i], event, out, err);
	return true;
}

bool
bundle_read_describe(struct arena *a, const struct bundle *b, const struct json *answer,
    str *status, int64_t *order, struct err *err)
{
	const struct bundle_event_reading *r = b->describe_reading;
	bool ask;
	str text;

	*status = (str){ 0 };
	*order = 0;
	if (r == NULL)
		return true;
	if (!status_from(a, &r->status, answer, status, &ask, err) ||
	    !select_text(a, r->order, answer, &text, err))
		return false;
	*order = order_of(text);
	return true;
}

bool
bundle_is_gone(const struct bundle *b, str code, str message)
{
	for (const struct json *g = json_first(b->gone); g != NULL; g = g->next)
		if (str_eq(json_str(g), code) || str_starts(message, json_str(g)))
			return true;
	return false;
}

/* The texts that a pattern's field may have; one empty text where it may have any. */
static const struct json *
literals(struct arena *a, const struct json *pattern, const char *field)
{
	const struct json *list = json_get(pattern, field);
	struct json *out = json_new_array(a);
	bool open = json_count(list) == 0;

	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		open |= !json_is(e, JSON_STRING);
		json_push(a, out, e);
	}
	if (!open)
		return out;
	out = json_new_array(a);
	json_push_str(a, out, S(""));
	return out;
}

static bool
has_pair(const struct json *pairs, str source, str detail_type)
{
	for (const struct json *p = json_first(pairs); p != NULL; p = p->next)
		if (str_eq(json_str(json_at(p, 0)), source) &&
		    str_eq(json_str(json_at(p, 1)), detail_type))
			return true;
	return false;
}

const struct json *
bundle_event_sources(struct arena *a, const struct bundle *b)
{
	struct json *out = json_new_array(a);

	for (size_t i = 0; i < b->event_count; i++) {
		const struct json *sources = literals(a, b->events[i].match_tree, "source");
		const struct json *types = literals(a, b->events[i].match_tree, "detail-type");

		for (const struct json *s = json_first(sources); s != NULL; s = s->next)
			for (const struct json *t = json_first(types); t != NULL; t = t->next) {
				struct json *pair = json_new_array(a);

				if (has_pair(out, json_str(s), json_str(t)))
					continue;
				json_push(a, pair, s);
				json_push(a, pair, t);
				json_push(a, out, pair);
			}
	}
	return out;
}
