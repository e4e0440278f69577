/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern on the first line, an event on the second. The matcher, which never goes back, must
 * say what a plain search over all choices says that does: flatten the event, choose a value for
 * every field, no two of them from different elements of one array.
 */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/event_pattern_internal.h"

#define MAX_FLAT 64
#define MAX_TRIES 20000
#define MAX_ARRAYS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A value of the event, and the elements that lead to it. */
struct flat {
	str path;
	const struct json *value;
	const struct json *arrays[MAX_ARRAYS], *elements[MAX_ARRAYS];
	size_t array_count;
};

struct search {
	struct arena *a;
	struct flat flats[MAX_FLAT];
	size_t flat_count, tries;
	bool gave_up; /* too large to be searched plainly, or names with dots */
};

static void
flatten(struct search *s, const struct json *v, struct flat at)
{
	if (v->kind == JSON_OBJECT || v->kind == JSON_ARRAY) {
		for (const struct json *m = json_first(v); m != NULL && !s->gave_up; m = m->next) {
			struct flat next = at;

			if (v->kind == JSON_OBJECT) {
				s->gave_up = str_find_char(m->key, '.') < m->key.len;
				next.path = str_fmt(
				    s->a, STR_FMT "." STR_FMT, STR_ARG(at.path), STR_ARG(m->key));
			} else if (at.array_count == MAX_ARRAYS) {
				s->gave_up = true;
			} else {
				next.arrays[at.array_count] = v;
				next.elements[at.array_count] = m;
				next.array_count++;
			}
			if (!s->gave_up)
				flatten(s, m, next);
		}
		return;
	}
	if (s->flat_count == MAX_FLAT) {
		s->gave_up = true;
		return;
	}
	at.value = v;
	s->flats[s->flat_count++] = at;
}

static bool
go_together(const struct flat *x, const struct flat *y)
{
	for (size_t i = 0; i < x->array_count; i++)
		for (size_t k = 0; k < y->array_count; k++)
			if (x->arrays[i] == y->arrays[k] && x->elements[i] != y->elements[k])
				return false;
	return true;
}

/* One field against one value, by the matcher itself on an event of nothing else. */
static bool
takes(struct search *s, const struct field *f, const struct json *value)
{
	const struct field alone = { S(".k"), 0, f->leaves, f->leaf_count };
	const struct field *fields[] = { &alone };
	const struct combo combo = { fields, 1 };
	const struct event_pattern p = { &combo, 1, 1 };
	struct json *event = json_new_object(s->a);

	json_put(s->a, event, "k", value);
	return event_pattern_matches(s->a, &p, event);
}

static bool
has_path(const struct search *s, str path)
{
	for (size_t i = 0; i < s->flat_count; i++)
		if (str_eq(s->flats[i].path, path))
			return true;
	return false;
}

static bool
by_absence(const struct search *s, const struct field *f)
{
	for (size_t i = 0; i < f->leaf_count; i++)
		if (f->leaves[i].kind == LEAF_ABSENT)
			return !has_path(s, f->path);
	return false;
}

static bool
choose(struct search *s, const struct combo *c, size_t at, const struct flat **chosen, size_t count)
{
	const struct field *f;

	if (at == c->count)
		return true;
	f = c->fields[at];
	if (by_absence(s, f))
		return choose(s, c, at + 1, chosen, count);
	for (size_t i = 0; i < s->flat_count && !s->gave_up; i++) {
		bool fits = str_eq(s->flats[i].path, f->path) && takes(s, f, s->flats[i].value);

		s->gave_up = s->gave_up || ++s->tries > MAX_TRIES;
		for (size_t k = 0; k < count; k++)
			fits = fits && go_together(chosen[k], &s->flats[i]);
		chosen[count] = &s->flats[i];
		if (fits && choose(s, c, at + 1, chosen, count + 1))
			return true;
	}
	return false;
}

static void
compare(struct arena *a, const struct event_pattern *p, const struct json *event)
{
	struct search *s = arena_new(a, struct search, 1);
	const struct flat **chosen = arena_new(a, const struct flat *, p->field_count + 1);
	bool found = false, matches = event_pattern_matches(a, p, event);

	s->a = a;
	flatten(s, event, (struct flat){ .path = S("") });
	for (size_t i = 0; i < p->combo_count && !found && !s->gave_up; i++)
		found = choose(s, &p->combos[i], 0, chosen, 0);
	assert(s->gave_up || found == matches);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	str rest = { (const char *)data, size }, pattern;
	const struct event_pattern *p;
	const struct json *event;
	struct err err;

	err_init(&err, &a);
	if (size == 0 || !str_cut(&rest, '\n', &pattern))
		return 0;
	if (!event_pattern_parse_text(&a, pattern, &p, &err)) {
		assert(err_is(&err, "InvalidEventPatternException") && err.msg.len > 0);
		return 0;
	}
	if (json_parse_last(&a, rest, &event, &err) && event->kind == JSON_OBJECT)
		compare(&a, p, event);
	return 0;
}
