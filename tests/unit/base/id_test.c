/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/id.h"

static void
test_uuid(struct arena *a)
{
	str one = id_uuid(a), two = id_uuid(a), named = id_prefixed_uuid(a, S("env-"));

	CHECK(id_is_uuid(one) && id_is_uuid(two), "shape");
	CHECK(!str_eq(one, two), "fresh");
	CHECK(one.ptr[14] == '4' && str_has(S("89ab"), str_sub(one, 19, 1)), "version and variant");
	CHECK(str_starts(named, S("env-")) && id_is_uuid(str_from(named, 4)), "prefix");
}

static void
test_uuid_from(struct arena *a)
{
	str one = id_uuid_from(a, S("execution/step"));

	CHECK(id_is_uuid(one) && one.ptr[14] == '4', "shape");
	CHECK(str_eq(one, id_uuid_from(a, S("execution/step"))), "same seed");
	CHECK(!str_eq(one, id_uuid_from(a, S("execution/step2"))), "other seed");
}

static void
test_is_uuid(struct arena *a)
{
	(void)a;
	CHECK(id_is_uuid(S("01234567-89ab-CDEF-0123-456789abcdef")), "either case");
	CHECK(!id_is_uuid(S("01234567-89ab-cdef-0123-456789abcde")), "short");
	CHECK(!id_is_uuid(S("0123456789abcdef-0123-0123-456789abcd")), "dashes elsewhere");
	CHECK(!id_is_uuid(S("01234567-89ab-cdef-0123-456789abcdeg")), "no digit");
	CHECK(!id_is_uuid(S("")), "empty");
}

/* Every character of the alphabet appears and no other: 4096 draws miss one of 62 with 2e-27. */
static void
check_alphabet(struct arena *a, str (*make)(struct arena *, size_t), str alphabet)
{
	bool seen[256] = { false };
	str text = make(a, 4096);

	CHECK(text.len == 4096, "length");
	for (size_t i = 0; i < text.len; i++)
		seen[(unsigned char)text.ptr[i]] = true;
	for (int c = 0; c < 256; c++)
		CHECK(seen[c] == (str_find_char(alphabet, (char)c) < alphabet.len), "char %d", c);
	CHECK(make(a, 0).len == 0, "nothing");
}

static void
test_alphabets(struct arena *a)
{
	check_alphabet(a, id_hex, S("0123456789abcdef"));
	check_alphabet(a, id_lower_alnum, S("abcdefghijklmnopqrstuvwxyz0123456789"));
	check_alphabet(a, id_upper_alnum, S("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
	check_alphabet(
	    a, id_alnum, S("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_uuid),
		TEST(test_uuid_from),
		TEST(test_is_uuid),
		TEST(test_alphabets),
	};

	return RUN_TESTS(tests);
}
