/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/event_pattern.c: from a pattern's JSON to fields; their alternatives are read by
 * event_pattern_leaf.c.
 *
 * Objects only spell out paths, so reading is one walk that collects fields. A $or list forks
 * what was collected so far: every fork is a combo, kept as a chain whose older part is shared.
 */
#include "lang/event_pattern.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/event_pattern_internal.h"

/* A combo while it is being collected: the newest field, and those before it. */
struct chain {
	const struct field *field;
	const struct chain *before;
	size_t length;
};

struct chains {
	const struct chain **list;
	size_t count;
};

/* --- fields ------------------------------------------------------------------------- */

static bool
add_field(struct event_pattern_parser *ps, struct chains *combos, str path, const struct json *list)
{
	struct field *f = arena_new(ps->a, struct field, 1);
	struct leaf *leaves = arena_new(ps->a, struct leaf, list->count);

	if (list->count == 0)
		return event_pattern_refuse(ps, list, "Empty arrays are not allowed");
	if (ps->fields == EVENT_PATTERN_MAX_FIELDS)
		return event_pattern_refuse(ps, list,
		    "Rule is too complex - more than %d fields in one pattern",
		    EVENT_PATTERN_MAX_FIELDS);
	for (const struct json *j = json_first(list); j != NULL; j = j->next)
		if (!event_pattern_count_leaf(ps, j) ||
		    !event_pattern_parse_leaf(ps, j, &leaves[f->leaf_count++]))
			return false;
	f->path = path;
	f->leaves = leaves;
	f->index = ps->fields++;
	for (size_t i = 0; i < combos->count; i++) {
		struct chain *c = arena_new(ps->a, struct chain, 1);

		*c = (struct chain){ f, combos->list[i],
			combos->list[i] == NULL ? 1 : combos->list[i]->length + 1 };
		combos->list[i] = c;
	}
	return true;
}

/* A list of two or more patterns; anything else below the name "$or" is a field of that name. */
static bool
is_or(const struct json *j)
{
	if (!str_is(j->key, "$or") || !json_is(j, JSON_ARRAY) || j->count < 2)
		return false;
	for (const struct json *e = json_first(j); e != NULL; e = e->next) {
		if (e->kind != JSON_OBJECT)
			return false;
		for (const struct json *m = json_first(e); m != NULL; m = m->next)
			if (event_pattern_is_match_type(m->key))
				return false;
	}
	return true;
}

static bool parse_object(
    struct event_pattern_parser *ps, struct chains *combos, str path, const struct json *object);

static bool
parse_or(struct event_pattern_parser *ps, struct chains *combos, str path, const struct json *list)
{
	const struct chains before = *combos;
	size_t max = EVENT_PATTERN_MAX_COMBOS;

	*combos = (struct chains){ arena_new(ps->a, const struct chain *, max), 0 };
	for (const struct json *j = json_first(list); j != NULL; j = j->next) {
		struct chains fork = { arena_new(ps->a, const struct chain *, before.count),
			before.count };

		memcpy(fork.list, before.list, before.count * sizeof(*fork.list));
		if (!parse_object(ps, &fork, path, j))
			return false;
		if (combos->count + fork.count > max)
			return event_pattern_refuse(ps, list,
			    "Rule is too complex - $or leads to more than %zu combinations", max);
		memcpy(combos->list + combos->count, fork.list, fork.count * sizeof(*fork.list));
		combos->count += fork.count;
	}
	return true;
}

static bool
parse_object(
    struct event_pattern_parser *ps, struct chains *combos, str path, const struct json *object)
{
	if (object->count == 0)
		return event_pattern_refuse(ps, object, "Empty objects are not allowed");
	for (const struct json *m = json_first(object); m != NULL; m = m->next) {
		str below;

		if (is_or(m)) {
			if (!parse_or(ps, combos, path, m))
				return false;
			continue;
		}
		below = str_fmt(ps->a, STR_FMT "." STR_FMT, STR_ARG(path), STR_ARG(m->key));
		if (m->kind != JSON_OBJECT && m->kind != JSON_ARRAY)
			return event_pattern_refuse(ps, m,
			    "\"" STR_FMT "\" must be an object or an array", STR_ARG(m->key));
		if (!(m->kind == JSON_OBJECT ? parse_object : add_field)(ps, combos, below, m))
			return false;
	}
	return true;
}

/* --- the whole ------------------------------------------------------------------------ */

static struct combo
finish_combo(struct arena *a, const struct chain *chain)
{
	struct combo c = { arena_new(a, const struct field *, chain->length), chain->length };

	for (size_t i = chain->length; i > 0; i--, chain = chain->before)
		c.fields[i - 1] = chain->field;
	return c;
}

static bool
parse_pattern(
    struct event_pattern_parser *ps, const struct json *tree, const struct event_pattern **out)
{
	const struct chain *none[1] = { NULL };
	struct chains chains = { none, 1 };
	struct event_pattern *p;
	struct combo *combos;

	if (!json_is(tree, JSON_OBJECT))
		return event_pattern_refuse(ps, tree, "Filter is not an object");
	if (!parse_object(ps, &chains, (str){ 0 }, tree))
		return false;
	p = arena_new(ps->a, struct event_pattern, 1);
	combos = arena_new(ps->a, struct combo, chains.count);
	for (size_t i = 0; i < chains.count; i++)
		combos[i] = finish_combo(ps->a, chains.list[i]);
	*p = (struct event_pattern){ combos, chains.count, ps->fields };
	*out = p;
	return true;
}

bool
event_pattern_parse(struct arena *a, const struct json *tree, const struct event_pattern **out,
    const struct json **at, struct err *err)
{
	struct event_pattern_parser ps = { .a = a, .err = err };

	if (parse_pattern(&ps, tree, out))
		return true;
	if (at != NULL)
		*at = ps.at;
	return false;
}

/* A bare word where a value is due: the one thing that AWS names when it is no JSON. */
static str
bare_word(str text)
{
	size_t n = 0;

	text = str_trim(text);
	while (n < text.len && ((text.ptr[n] | 0x20) >= 'a' && (text.ptr[n] | 0x20) <= 'z'))
		n++;
	return str_sub(text, 0, n);
}

bool
event_pattern_parse_text(
    struct arena *a, str text, const struct event_pattern **out, struct err *err)
{
	struct event_pattern_parser ps = { .a = a, .err = err };
	const struct json *tree;
	struct err cause;
	str word = bare_word(text);

	err_init(&cause, a);
	if (text.len > EVENT_PATTERN_MAX_BYTES)
		return event_pattern_refuse(
		    &ps, NULL, "it is longer than %d bytes", EVENT_PATTERN_MAX_BYTES);
	if (json_parse_last(a, text, &tree, &cause))
		return parse_pattern(&ps, tree, out);
	if (word.len > 0)
		return event_pattern_refuse(&ps, NULL,
		    "Unrecognized token '" STR_FMT "': was expecting (JSON String, Number, "
		    "Array, Object or token 'null', 'true' or 'false')",
		    STR_ARG(word));
	return event_pattern_refuse(&ps, NULL, "it is no JSON: " STR_FMT, STR_ARG(cause.msg));
}
