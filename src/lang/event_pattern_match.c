/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/event_pattern_match.c: does an event fit?
 *
 * The event is walked once for a combo, and each of its members is handed the fields that lie
 * below it; an array is one choice of element for all of them, which is what keeps fields of one
 * pattern within one element. Groups of fields below different members do not meet again, so no
 * choice is ever taken back and the work is the event's size times the pattern's.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "lang/event_pattern_internal.h"

#define MAX_DEPTH (JSON_MAX_DEPTH + 8) /* an event is an envelope around a parsed detail */

/* A field, and how much of its path lies above. */
struct step {
	const struct field *field;
	size_t at;
	const struct json *via; /* the member that it goes through next */
};

struct level {
	struct step *own, *group;
};

struct walk {
	struct arena *a;
	const struct json *event;
	size_t max_steps;
	struct level levels[MAX_DEPTH]; /* made when a depth is first reached */
	signed char *alone; /* by field: 1 matches if it may choose elements alone, -1 does not */
};

/* --- one value against one alternative ----------------------------------------------- */

static bool
match_string(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_STRING && str_eq(v->text, l->text);
}

static double
number(const struct json *v)
{
	char z[64];
	size_t n = v->text.len < sizeof(z) - 1 ? v->text.len : sizeof(z) - 1;

	/* What lies beyond 63 digits does not move a double by more than its last bit. */
	memcpy(z, v->text.ptr, n);
	z[n] = '\0';
	return strtod(z, NULL);
}

static bool
match_number(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_NUMBER && (str_eq(v->text, l->text) || number(v) == l->low);
}

static bool
match_literal(const struct leaf *l, const struct json *v)
{
	return v->kind == l->literal->kind;
}

static bool
match_prefix(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_STRING && str_starts(v->text, l->text);
}

static bool
match_suffix(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_STRING && str_ends(v->text, l->text);
}

static bool
match_nocase(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_STRING && str_eq_nocase(v->text, l->text);
}

static bool
match_prefix_nocase(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_STRING && v->text.len >= l->text.len &&
	    str_eq_nocase(str_sub(v->text, 0, l->text.len), l->text);
}

static bool
match_suffix_nocase(const struct leaf *l, const struct json *v)
{
	return v->kind == JSON_STRING && v->text.len >= l->text.len &&
	    str_eq_nocase(str_from(v->text, v->text.len - l->text.len), l->text);
}

/*
 * A star takes as little as it can; where the rest does not fit, only the last star takes one
 * byte more. Earlier stars need no second try: what they left fits wherever a later one ends.
 */
static bool
match_wildcard(const struct leaf *l, const struct json *v)
{
	const str p = l->text, s = v->text;
	size_t i = 0, at = 0, star = SIZE_MAX, star_at = 0;

	if (v->kind != JSON_STRING)
		return false;
	while (at < s.len) {
		size_t skip = i < p.len && p.ptr[i] == '\\';

		if (i < p.len && skip == 0 && p.ptr[i] == '*') {
			star = i++;
			star_at = at;
		} else if (i + skip < p.len && p.ptr[i + skip] == s.ptr[at]) {
			i += skip + 1;
			at++;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			at = ++star_at;
		} else {
			return false;
		}
	}
	while (i < p.len && p.ptr[i] == '*')
		i++;
	return i == p.len;
}

static bool
match_address(const struct leaf *l, const struct json *v)
{
	struct address x;

	return v->kind == JSON_STRING && event_pattern_address(v->text, &x) &&
	    x.len == l->first.len && memcmp(x.bytes, l->first.bytes, x.len) >= 0 &&
	    memcmp(x.bytes, l->last.bytes, x.len) <= 0;
}

static bool
match_range(const struct leaf *l, const struct json *v)
{
	double x;

	if (v->kind != JSON_NUMBER)
		return false;
	x = number(v);
	return (l->low_open ? x > l->low : x >= l->low) &&
	    (l->high_open ? x < l->high : x <= l->high);
}

static bool
match_exists(const struct leaf *l, const struct json *v)
{
	(void)l;
	(void)v;
	return true;
}

/* Absence is looked at for the event as a whole, before values are. */
static bool
match_absent(const struct leaf *l, const struct json *v)
{
	(void)l;
	(void)v;
	return false;
}

static bool match_not(const struct leaf *l, const struct json *v);

static bool (*const matchers[LEAF_KIND_COUNT])(const struct leaf *l, const struct json *v) = {
	[LEAF_STRING] = match_string,
	[LEAF_NUMBER] = match_number,
	[LEAF_LITERAL] = match_literal,
	[LEAF_PREFIX] = match_prefix,
	[LEAF_SUFFIX] = match_suffix,
	[LEAF_NOCASE] = match_nocase,
	[LEAF_PREFIX_NOCASE] = match_prefix_nocase,
	[LEAF_SUFFIX_NOCASE] = match_suffix_nocase,
	[LEAF_WILDCARD] = match_wildcard,
	[LEAF_ADDRESS] = match_address,
	[LEAF_RANGE] = match_range,
	[LEAF_EXISTS] = match_exists,
	[LEAF_ABSENT] = match_absent,
	[LEAF_NOT] = match_not,
};

static bool
match_any(const struct leaf *leaves, size_t count, const struct json *v)
{
	for (size_t i = 0; i < count; i++)
		if (matchers[leaves[i].kind](&leaves[i], v))
			return true;
	return false;
}

static bool
match_not(const struct leaf *l, const struct json *v)
{
	return !match_any(l->none, l->none_count, v);
}

/* --- the walk -------------------------------------------------------------------------- */

/* How far a path leads by a member of this name; 0 where it does not. */
static size_t
past(str path, size_t at, str name)
{
	size_t end = at + 1 + name.len;

	if (end > path.len || !str_starts(str_from(path, at + 1), name))
		return 0;
	return end == path.len || path.ptr[end] == '.' ? end : 0;
}

static bool match_value(
    struct walk *w, const struct step *steps, size_t count, size_t depth, const struct json *v);

/*
 * The member that a field goes through. There is more than one only where names with dots say
 * the same path again: then it is the first through which the field matches by itself.
 */
static const struct json *
choose_member(struct walk *w, const struct step *s, size_t depth, const struct json *object)
{
	const struct json *found = NULL;
	struct step next = *s;

	for (const struct json *m = json_first(object); m != NULL; m = m->next) {
		size_t end = past(s->field->path, s->at, m->key);

		if (end == 0)
			continue;
		if (found != NULL && match_value(w, &next, 1, depth + 1, found))
			return found;
		found = m;
		next.at = end;
	}
	return found;
}

/* Moves the steps that go through via from mine to group. */
static size_t
take_group(struct step *mine, size_t count, const struct json *via, struct step *group)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (mine[i].via != via)
			continue;
		group[n] = mine[i];
		group[n].at = past(mine[i].field->path, mine[i].at, via->key);
		n++;
		mine[i].via = NULL;
	}
	return n;
}

static const struct level *
level_at(struct walk *w, size_t depth)
{
	struct level *l = &w->levels[depth];

	if (l->own == NULL) {
		l->own = arena_new(w->a, struct step, w->max_steps);
		l->group = arena_new(w->a, struct step, w->max_steps);
	}
	return l;
}

static bool
match_object(
    struct walk *w, const struct step *steps, size_t count, size_t depth, const struct json *object)
{
	const struct level *l = level_at(w, depth);

	for (size_t i = 0; i < count; i++) {
		l->own[i] = steps[i];
		l->own[i].via = choose_member(w, &steps[i], depth, object);
		if (l->own[i].via == NULL)
			return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct json *via = l->own[i].via;

		if (via != NULL &&
		    !match_value(w, l->group, take_group(l->own + i, count - i, via, l->group),
			depth + 1, via))
			return false;
	}
	return true;
}

/* Do all steps match within v, with one choice of element for every array in it? */
static bool
match_value(
    struct walk *w, const struct step *steps, size_t count, size_t depth, const struct json *v)
{
	if (depth == MAX_DEPTH)
		return false;
	if (v->kind == JSON_ARRAY) {
		for (const struct json *e = json_first(v); e != NULL; e = e->next)
			if (match_value(w, steps, count, depth + 1, e))
				return true;
		return false;
	}
	if (v->kind == JSON_OBJECT) {
		for (size_t i = 0; i < count; i++)
			if (steps[i].at == steps[i].field->path.len)
				return false;
		return match_object(w, steps, count, depth, v);
	}
	for (size_t i = 0; i < count; i++) {
		const struct field *f = steps[i].field;

		if (steps[i].at != f->path.len || !match_any(f->leaves, f->leaf_count, v))
			return false;
	}
	return true;
}

/* Does any value stand at the path's end? */
static bool
is_present(str path, size_t at, size_t depth, const struct json *v)
{
	if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT)
		return at == path.len;
	if (depth == MAX_DEPTH)
		return false;
	for (const struct json *m = json_first(v); m != NULL; m = m->next) {
		size_t end = v->kind == JSON_ARRAY ? at : past(path, at, m->key);

		if ((end > 0 || v->kind == JSON_ARRAY) && is_present(path, end, depth + 1, m))
			return true;
	}
	return false;
}

static bool
matches_by_absence(const struct walk *w, const struct field *f)
{
	for (size_t i = 0; i < f->leaf_count; i++)
		if (f->leaves[i].kind == LEAF_ABSENT)
			return !is_present(f->path, 0, 0, w->event);
	return false;
}

/* By itself, which many combos may ask of one field. */
static bool
matches_alone(struct walk *w, const struct field *f)
{
	const struct step step = { .field = f };

	if (w->alone[f->index] == 0)
		w->alone[f->index] = match_value(w, &step, 1, 0, w->event) ? 1 : -1;
	return w->alone[f->index] > 0;
}

static bool
match_combo(struct walk *w, const struct combo *c, struct step *steps)
{
	size_t count = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (matches_by_absence(w, c->fields[i]))
			continue;
		if (!matches_alone(w, c->fields[i]))
			return false;
		steps[count++] = (struct step){ .field = c->fields[i] };
	}
	return count < 2 || match_value(w, steps, count, 0, w->event);
}

bool
event_pattern_matches(
    struct arena *scratch, const struct event_pattern *p, const struct json *event)
{
	struct walk w = { .a = scratch, .event = event, .max_steps = p->field_count };
	struct step *steps = arena_new(scratch, struct step, p->field_count);

	if (!json_is(event, JSON_OBJECT))
		return false;
	w.alone = arena_new(scratch, signed char, p->field_count);
	for (size_t i = 0; i < p->combo_count; i++)
		if (match_combo(&w, &p->combos[i], steps))
			return true;
	return false;
}
