/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our JSON against the JSON parsing test suite, and against jansson: on the suite, on generated
 * values, and on such values damaged in a few bytes.
 */
#include "check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "oracle.h"

static void
add_text(struct buf *b, str text)
{
	buf_char(b, '"');
	for (size_t i = 0; i < text.len; i++)
		buf_fmt(b, "%02x", (unsigned char)text.ptr[i]);
	buf_char(b, '"');
}

static int
compare_members(const void *x, const void *y)
{
	return str_cmp(
	    (*(const struct json *const *)x)->key, (*(const struct json *const *)y)->key);
}

/* The same form as the oracle's. */
static void
add_value(struct buf *b, const struct json *j)
{
	const struct json **members;
	size_t count = 0;

	switch (j->kind) {
	case JSON_OBJECT:
		members = arena_new(b->a, const struct json *, json_count(j));
		for (const struct json *m = j->first; m != NULL; m = m->next)
			members[count++] = m;
		if (count > 0)
			qsort(members, count, sizeof(*members), compare_members);
		buf_char(b, '{');
		for (size_t i = 0; i < count; i++) {
			add_text(b, members[i]->key);
			buf_char(b, ':');
			add_value(b, members[i]);
		}
		buf_char(b, '}');
		break;
	case JSON_ARRAY:
		buf_char(b, '[');
		for (const struct json *m = j->first; m != NULL; m = m->next)
			add_value(b, m);
		buf_char(b, ']');
		break;
	case JSON_STRING:
		add_text(b, j->text);
		break;
	case JSON_NUMBER:
		buf_fmt(b, "#%.17g", strtod(str_z(b->a, j->text), NULL));
		break;
	case JSON_TRUE:
		buf_char(b, 't');
		break;
	case JSON_FALSE:
		buf_char(b, 'f');
		break;
	case JSON_NULL:
		buf_char(b, 'n');
		break;
	}
}

/* False where the text is refused, with the reason in *out. */
static bool
canonical(struct arena *a, str text, str *out)
{
	struct buf b = buf_in(a);
	const struct json *j;
	struct err err;

	err_init(&err, a);
	*out = (str){ 0 };
	if (!json_parse(a, text, &j, &err)) {
		*out = err.msg;
		return false;
	}
	add_value(&b, j);
	*out = buf_str(&b);
	return true;
}

/* What only one of us takes must be one of these: our depth, jansson's limits, and that jansson
 * takes a NUL for the end of the text where a number stands alone. */
static bool
may_differ(str text, str told, bool ours, bool own_limit)
{
	if (ours)
		return own_limit;
	return str_ends(told, S("nested too deeply: at most 64 levels")) ||
	    (str_ends(told, S("only one value may stand in a JSON text")) &&
		str_has(text, S("\0")));
}

static void
compare(struct arena *a, str text, const char *label)
{
	str ours, theirs = { 0 };
	bool own_limit, accepted = canonical(a, text, &ours);

	if (oracle_canonical(a, text, &theirs, &own_limit) != accepted) {
		CHECK(may_differ(text, ours, accepted, own_limit),
		    "%s: only %s takes it (" STR_FMT "): " STR_FMT, label,
		    accepted ? "ours" : "jansson", STR_ARG(ours), STR_ARG(text));
		return;
	}
	CHECK(!accepted || str_eq(ours, theirs), "%s:\n  ours:    " STR_FMT "\n  jansson: " STR_FMT,
	    label, STR_ARG(ours), STR_ARG(theirs));
}

/* Accepted by the suite; refused here on purpose. */
static bool
is_duplicate_case(str name)
{
	return str_is(name, "y_object_duplicated_key.json") ||
	    str_is(name, "y_object_duplicated_key_and_value.json");
}

static void
test_suite(struct arena *a)
{
	const char *dir = shared_path(a, "corpora/json/test_parsing");
	size_t count, seen[3] = { 0 };
	struct err err;
	str *names;

	err_init(&err, a);
	CHECK_OK(dir_list(a, dir, &names, &count, &err), &err);
	for (size_t i = 0; i < count; i++) {
		const char *name = str_z(a, names[i]);
		str text, told;
		bool accepted;

		CHECK_OK(file_read(a, path_join(a, dir, name), 1 << 20, &text, &err), &err);
		accepted = canonical(a, text, &told);
		if (name[0] == 'y')
			CHECK(accepted != is_duplicate_case(names[i]), "%s: " STR_FMT, name,
			    STR_ARG(told));
		if (name[0] == 'n')
			CHECK(!accepted, "%s is taken", name);
		if (!is_duplicate_case(names[i]))
			compare(a, text, name);
		seen[0] += name[0] == 'y';
		seen[1] += name[0] == 'n';
		seen[2] += name[0] == 'i';
	}
	CHECK(seen[0] > 90 && seen[1] > 180 && seen[2] > 30, "the whole suite");
}

/* The same values in every run. */
static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static str
draw_text(struct arena *a, uint64_t *state)
{
	static const char *const pieces[] = { "a", "b", "\"", "\\", "/", "\n", "\x01", "\x7f",
		"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", " ", "name", "u00e9", "0" };
	struct buf b = buf_in(a);

	for (uint64_t n = draw(state) % 8; n > 0; n--)
		buf_add(&b, str_of(pieces[draw(state) % countof(pieces)]));
	if (draw(state) % 16 == 0)
		buf_char(&b, '\0');
	return buf_str(&b);
}

static struct json *
draw_value(struct arena *a, uint64_t *state, int depth)
{
	static const char *const numbers[] = { "0", "-0", "1", "-17", "9007199254740993", "1.10",
		"1e3", "-2.5E-3", "123456789012345678901234567890", "1e308", "5e-324" };
	struct json *j = json_new(a, (enum json_kind)(draw(state) % (depth == 0 ? 5 : 7)));

	if (j->kind == JSON_NUMBER)
		j->text = str_of(numbers[draw(state) % countof(numbers)]);
	else if (j->kind == JSON_STRING)
		j->text = draw_text(a, state);
	for (uint64_t n = j->kind == JSON_ARRAY ? draw(state) % 5 : 0; n > 0; n--)
		json_push(a, j, draw_value(a, state, depth - 1));
	for (uint64_t n = j->kind == JSON_OBJECT ? draw(state) % 5 : 0; n > 0; n--) {
		str key = draw_text(a, state);

		if (json_get_str(j, key) == NULL)
			json_put_key(a, j, key, draw_value(a, state, depth - 1));
	}
	return j;
}

static void
test_generated(struct arena *a)
{
	uint64_t state = 0x5eed;

	for (int i = 0; i < 2000; i++) {
		struct json *j = draw_value(a, &state, 6);
		struct buf pretty = buf_in(a);
		const struct json *back;
		struct err err;
		str text = json_text(a, j);

		err_init(&err, a);
		CHECK_OK(json_parse(a, text, &back, &err), &err);
		CHECK(json_equal(j, back), "%d: " STR_FMT, i, STR_ARG(text));
		compare(a, text, "generated");
		json_write_pretty(&pretty, j);
		CHECK_OK(json_parse(a, buf_str(&pretty), &back, &err), &err);
		CHECK(json_equal(j, back), "%d, pretty: " STR_FMT, i, STR_ARG(text));
		arena_reset(a);
	}
}

/* Some bytes overwritten, dropped or cut off. */
static str
damage(struct arena *a, str text, uint64_t *state)
{
	static const char bytes[] = "\"\\{}[]:,0123456789.eE+-truefalsn\0\xff\xc3\xed\x80 \n\t/u";
	char *copy = arena_raw(a, text.len + 1);

	memcpy(copy, text.ptr, text.len);
	for (uint64_t n = 1 + draw(state) % 3; n > 0 && text.len > 0; n--) {
		size_t at = draw(state) % text.len;

		if (draw(state) % 4 == 0)
			memmove(copy + at, copy + at + 1, --text.len - at);
		else
			copy[at] = bytes[draw(state) % (sizeof(bytes) - 1)];
	}
	if (draw(state) % 8 == 0)
		text.len = draw(state) % (text.len + 1);
	return (str){ copy, text.len };
}

static void
test_damaged(struct arena *a)
{
	uint64_t state = 0xbad5eed;

	for (int i = 0; i < 5000; i++) {
		compare(a, damage(a, json_text(a, draw_value(a, &state, 5)), &state), "damaged");
		arena_reset(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_suite),
		TEST(test_generated),
		TEST(test_damaged),
	};

	return RUN_TESTS(tests);
}
