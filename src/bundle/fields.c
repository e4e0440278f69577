/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/fields.c: an object's members against a table of those that may stand in it.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "bundle/internal.h"

#define LONGEST_COMPARED 40
#define LARGEST_DISTANCE 2

static size_t
least(size_t x, size_t y)
{
	return x < y ? x : y;
}

/* Insertions, removals and replacements from one word to the other, letters of either case equal.
 */
static size_t
distance(str x, str y)
{
	size_t row[LONGEST_COMPARED + 1];

	if (x.len > LONGEST_COMPARED || y.len > LONGEST_COMPARED)
		return SIZE_MAX;
	for (size_t k = 0; k <= y.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= x.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= y.len; k++) {
			bool same = str_eq_nocase(str_sub(x, i - 1, 1), str_sub(y, k - 1, 1));
			size_t cost = least(diagonal + !same, least(row[k], row[k - 1]) + 1);

			diagonal = row[k];
			row[k] = cost;
		}
	}
	return row[y.len];
}

str
did_you_mean(struct arena *a, str word, const str *names, size_t count)
{
	size_t best = LARGEST_DISTANCE + 1;
	str meant = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, names[i]);

		if (d < best && d < names[i].len) {
			best = d;
			meant = names[i];
		}
	}
	if (meant.len == 0)
		return (str){ 0 };
	return str_fmt(a, " (is '" STR_FMT "' meant?)", STR_ARG(meant));
}

static const struct field *
field_find(const struct field *fields, size_t count, str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(name, fields[i].name))
			return &fields[i];
	return NULL;
}

static str
field_names(struct arena *a, const struct field *fields, size_t count)
{
	struct buf b = buf_in(a);

	for (size_t i = 0; i < count; i++)
		buf_fmt(&b, "%s%s", i == 0 ? "" : ", ", fields[i].name);
	return buf_str(&b);
}

static void
unknown_member(struct check *c, const struct json *m, const char *what, const struct field *fields,
    size_t count)
{
	str *names = arena_new(c->a, str, count);
	str meant;

	for (size_t i = 0; i < count; i++)
		names[i] = str_of(fields[i].name);
	meant = did_you_mean(c->a, m->key, names, count);
	find_error(c, place_of_key(m), "unknown-key",
	    str_fmt(c->a, "remove it, or use one of: " STR_FMT,
		STR_ARG(field_names(c->a, fields, count))),
	    "%s has no member '" STR_FMT "'" STR_FMT, what, STR_ARG(m->key), STR_ARG(meant));
}

static str
kind_names(struct arena *a, unsigned kinds)
{
	struct buf b = buf_in(a);
	const char *last = "";

	for (unsigned k = 0; k <= JSON_OBJECT; k++) {
		const char *name = k == JSON_STRING ? "a text" : json_kind_name((enum json_kind)k);

		if ((kinds & 1u << k) == 0 || str_is(str_of(name), last))
			continue;
		buf_fmt(&b, "%s%s", b.len == 0 ? "" : " or ", name);
		last = name;
	}
	return buf_str(&b);
}

static bool
check_kind(struct check *c, const struct json *m, const char *what, unsigned kinds)
{
	if (kinds & 1u << m->kind)
		return true;
	find_error(c, place_of(m), "wrong-kind",
	    str_fmt(c->a, "write " STR_FMT " here", STR_ARG(kind_names(c->a, kinds))),
	    "'" STR_FMT "' of %s is %s", STR_ARG(m->key), what, json_kind_name(m->kind));
	return false;
}

bool
check_fields(struct check *c, const struct json *value, const char *what,
    const struct field *fields, size_t count)
{
	bool ok = true;

	if (!json_is(value, JSON_OBJECT)) {
		find_error(c, place_of(value), "wrong-kind",
		    str_fmt(
			c->a, "write members: " STR_FMT, STR_ARG(field_names(c->a, fields, count))),
		    "%s is %s", what, value == NULL ? "missing" : json_kind_name(value->kind));
		return false;
	}
	for (const struct json *m = json_first(value); m != NULL; m = m->next) {
		const struct field *f = field_find(fields, count, m->key);

		if (f == NULL)
			unknown_member(c, m, what, fields, count);
		ok = f != NULL && check_kind(c, m, what, f->kinds) && ok;
	}
	for (size_t i = 0; i < count; i++) {
		if (!fields[i].required || json_get(value, fields[i].name) != NULL)
			continue;
		find_error(c, place_of(value), "missing-key",
		    str_fmt(c->a, "add '%s:'", fields[i].name), "%s needs a member '%s'", what,
		    fields[i].name);
		ok = false;
	}
	return ok;
}
