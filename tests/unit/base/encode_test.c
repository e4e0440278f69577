/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/encode.h"

static void
test_hex(struct arena *a)
{
	str out;

	CHECK_STR(hex_encode(a, S("\x00\x7f\xff")), "007fff", "encode");
	CHECK_STR(hex_encode(a, S("")), "", "encode nothing");
	CHECK(hex_decode(a, S("007FfF"), &out) && str_eq(out, S("\x00\x7f\xff")), "decode");
	CHECK(!hex_decode(a, S("abc"), &out), "odd");
	CHECK(!hex_decode(a, S("0g"), &out), "no digit");
}

static void
test_base64(struct arena *a)
{
	/* RFC 4648 section 10 */
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xef\xff", "++//" },
	};
	static const char *const refused[] = { "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "=",
		"Zm 9", "Zm9v\n", "-_-_", "Zg==Zg==" };
	str out;

	for (size_t i = 0; i < countof(cases); i++) {
		CHECK_STR(base64_encode(a, str_of(cases[i].bytes)), cases[i].text, "%zu", i);
		CHECK(base64_decode(a, str_of(cases[i].text), &out), "%s", cases[i].text);
		CHECK_STR(out, cases[i].bytes, "%s", cases[i].text);
	}
	for (size_t i = 0; i < countof(refused); i++)
		CHECK(!base64_decode(a, str_of(refused[i]), &out), "%s", refused[i]);
}

static void
test_base64url(struct arena *a)
{
	static const char *const refused[] = { "Zg==", "Z", "+/", "Zh" };
	str out;

	CHECK_STR(base64url_encode(a, S("\xfb\xef\xff")), "--__", "encode");
	CHECK_STR(base64url_encode(a, S("fo")), "Zm8", "no padding");
	CHECK(base64url_decode(a, S("Zm8"), &out) && str_is(out, "fo"), "decode");
	for (size_t i = 0; i < countof(refused); i++)
		CHECK(!base64url_decode(a, str_of(refused[i]), &out), "%s", refused[i]);
}

static void
test_percent(struct arena *a)
{
	str out;

	CHECK_STR(
	    percent_encode(a, S("a/b c~-._+\xc3\xa9"), false), "a%2Fb%20c~-._%2B%C3%A9", "all");
	CHECK_STR(percent_encode(a, S("a/b"), true), "a/b", "keeps slash");
	CHECK(percent_decode(a, S("a%2fb+c"), false, &out), "lower-case digits");
	CHECK_STR(out, "a/b+c", "plus kept");
	CHECK(percent_decode(a, S("a+b%20c"), true, &out), "forms");
	CHECK_STR(out, "a b c", "plus is blank");
	CHECK(!percent_decode(a, S("a%2"), false, &out), "cut off");
	CHECK(!percent_decode(a, S("%zz"), false, &out), "no digits");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hex),
		TEST(test_base64),
		TEST(test_base64url),
		TEST(test_percent),
	};

	return RUN_TESTS(tests);
}
