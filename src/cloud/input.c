/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/input.c: limits of single members, as a service's model states them, and AWS's words for
 * breaking them: all in one message, in the order of the table.
 */
#include "cloud/internal.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/regex.h"

#define MAX_PROBLEMS 20
#define MAX_VALUE_BYTES 1024 /* of a value shown in a message */

/* Of a value: "targets.1.member.id", which is put together only where there is a problem. */
struct place {
	const struct place *above; /* NULL for the input itself */
	str name;                  /* of a member; empty for an element */
	str key;                   /* of an element of a map */
	size_t nth;                /* of an element of a list, from 1 */
};

struct problems {
	struct arena *a;
	struct buf text;
	int count;
	const struct place *place; /* of the value that is looked at */
};

/* "Targets" is "targets" where AWS tells places. */
static void
write_place(struct buf *b, const struct place *p)
{
	if (p->above == NULL)
		return;
	write_place(b, p->above);
	if (p->above->above != NULL)
		buf_char(b, '.');
	if (p->key.ptr != NULL)
		buf_fmt(b, STR_FMT ".member", STR_ARG(p->key));
	else if (p->name.len == 0)
		buf_fmt(b, "%zu.member", p->nth);
	else
		buf_fmt(b, "%c" STR_FMT, tolower((unsigned char)p->name.ptr[0]),
		    STR_ARG(str_from(p->name, 1)));
}

/* "[a, b]" for lists, the text itself for scalars. */
static str
shown(struct arena *a, const struct json *value)
{
	struct buf b = buf_in(a);

	if (!json_is(value, JSON_ARRAY))
		return str_sub(json_scalar(value), 0, MAX_VALUE_BYTES);
	buf_char(&b, '[');
	for (const struct json *e = json_first(value); e != NULL; e = e->next)
		buf_fmt(&b, STR_FMT "%s", STR_ARG(json_scalar(e)), e->next == NULL ? "" : ", ");
	buf_char(&b, ']');
	return str_sub(buf_str(&b), 0, MAX_VALUE_BYTES);
}

static void __attribute__((format(printf, 3, 4)))
add_problem(struct problems *p, const struct json *value, const char *fmt, ...)
{
	va_list args;
	str must, v = shown(p->a, value);

	if (++p->count > MAX_PROBLEMS)
		return;
	va_start(args, fmt);
	must = str_vfmt(p->a, fmt, args);
	va_end(args);
	buf_fmt(&p->text, "%sValue '" STR_FMT "' at '", p->count == 1 ? "" : "; ", STR_ARG(v));
	write_place(&p->text, p->place);
	buf_fmt(&p->text, "' failed to satisfy constraint: Member must " STR_FMT, STR_ARG(must));
}

/* Characters of UTF-8, as AWS counts them. */
static int64_t
characters(str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

static void
check_size(struct problems *p, const struct input_rule *rule, const struct json *value)
{
	bool number = json_is(value, JSON_NUMBER);
	const char *what = number ? "have value" : "have length";
	int64_t size = number             ? json_i64(value, 0)
	    : json_is(value, JSON_STRING) ? characters(json_str(value))
					  : (int64_t)json_count(value);

	if (size < rule->min)
		add_problem(
		    p, value, "%s greater than or equal to %lld", what, (long long)rule->min);
	if (rule->max != 0 && size > rule->max)
		add_problem(p, value, "%s less than or equal to %lld", what, (long long)rule->max);
}

static void
check_values(struct problems *p, const struct input_rule *rule, const struct json *value)
{
	str all = str_of(rule->values);

	for (str rest = all, one; str_cut(&rest, ' ', &one);)
		if (str_eq(one, json_str(value)))
			return;
	all = str_replace(p->a, all, S(" "), S(", "));
	add_problem(p, value, "satisfy enum value set: [" STR_FMT "]", STR_ARG(all));
}

static bool
check_pattern(
    struct problems *p, const struct input_rule *rule, const struct json *value, struct err *err)
{
	bool matches = false;

	if (!regex_matches_whole(str_of(rule->pattern), json_str(value), &matches, err)) {
		if (err->kind != ERR_TOO_LARGE)
			return false;
		err_clear(err); /* too much work to say: then it does not match */
	}
	if (!matches)
		add_problem(p, value, "satisfy regular expression pattern: %s", rule->pattern);
	return true;
}

static bool
check_value(
    struct problems *p, const struct input_rule *rule, const struct json *value, struct err *err)
{
	if (!json_is(value, JSON_TRUE) && !json_is(value, JSON_FALSE))
		check_size(p, rule, value);
	if (rule->values != NULL)
		check_values(p, rule, value);
	return rule->pattern == NULL || check_pattern(p, rule, value, err);
}

/* Follows what is left of a rule's path from value, which stands at place. */
static bool
check_along(struct problems *p, const struct input_rule *rule, str path, const struct json *value,
    const struct place *place, struct err *err)
{
	struct place member = { .above = place }, element = { .above = &member };
	bool each;

	if (value == NULL)
		return true;
	if (!str_cut(&path, '.', &member.name)) {
		p->place = place;
		return check_value(p, rule, value, err);
	}
	each = str_ends(member.name, S("[]"));
	member.name.len -= each ? 2 : 0;
	value = json_get_str(value, member.name);
	if (!each)
		return check_along(p, rule, path, value, &member, err);
	for (const struct json *e = json_first(value); e != NULL; e = e->next) {
		element.key = e->key;
		element.nth++;
		if (!check_along(p, rule, path, e, &element, err))
			return false;
	}
	return true;
}

bool
input_check(struct call *c, const struct input_rule *rules, size_t count, struct err *err)
{
	struct problems p = { .a = c->a, .text = buf_in(c->a) };
	const struct place top = { 0 };

	for (size_t i = 0; i < count; i++)
		if (!check_along(&p, &rules[i], str_of(rules[i].member), c->in, &top, err))
			return false;
	if (p.count == 0)
		return true;
	return err_code(err, ERR_INVALID, validation_code(c),
	    "%d validation error%s detected: " STR_FMT, p.count, p.count == 1 ? "" : "s",
	    STR_ARG(buf_str(&p.text)));
}

str
input_str(const struct call *c, const char *member)
{
	return json_str(json_get(c->in, member));
}

bool
text_matches(str text, const char *pattern)
{
	auto_arena scratch = { 0 };
	struct err err;
	bool matches;

	err_init(&err, &scratch);
	return regex_matches_whole(str_of(pattern), text, &matches, &err) && matches;
}
