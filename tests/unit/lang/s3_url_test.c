/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "lang/s3_url.h"

static void
test_parse(struct arena *a)
{
	static const struct {
		const char *url, *want; /* "bucket|key"; NULL: refused */
	} cases[] = {
		{ "https://b.s3.amazonaws.com/k", "b|k" },
		{ "https://b.s3.us-east-1.amazonaws.com/a/k.yaml", "b|a/k.yaml" },
		{ "https://b.s3-eu-west-1.amazonaws.com/k", "b|k" },
		{ "https://a.b.s3.dualstack.us-east-1.amazonaws.com/k", "a.b|k" },
		{ "https://s3.b.s3.us-east-1.amazonaws.com/k", "s3.b|k" },
		{ "https://s3.amazonaws.com/b/a/k", "b|a/k" },
		{ "https://s3.us-east-1.amazonaws.com/a.b/k", "a.b|k" },
		{ "https://s3-us-gov-west-1.amazonaws.com/b/k", "b|k" },
		{ "https://b.s3.cn-north-1.amazonaws.com.cn/k", "b|k" },
		{ "https://b.s3.amazonaws.com/a%20b%2Bc?versionId=1&x=/", "b|a b+c" },
		{ "http://b.s3.amazonaws.com/k", NULL },
		{ "https://b.s3.amazonaws.com/", NULL },
		{ "https://b.s3.amazonaws.com", NULL },
		{ "https://s3.amazonaws.com/b", NULL },
		{ "https://s3.amazonaws.com//k", NULL },
		{ "https://b.s3.amazonaws.com/%zz", NULL },
		{ "https://b.s3.example.org/k", NULL },
		{ "https://b.sqs.amazonaws.com/k", NULL },
		{ "https://amazonaws.com/b/k", NULL },
		{ "s3://b/k", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str bucket, key;
		bool ok = s3_url_parse(a, str_of(cases[i].url), &bucket, &key);

		CHECK(ok == (cases[i].want != NULL), "%s", cases[i].url);
		if (ok)
			CHECK_STR(str_fmt(a, STR_FMT "|" STR_FMT, STR_ARG(bucket), STR_ARG(key)),
			    cases[i].want, "%s", cases[i].url);
	}
}

/* What is written is read back. */
static void
test_write(struct arena *a)
{
	static const struct {
		const char *bucket, *key, *url;
	} cases[] = {
		{ "b", "a/k.yaml", "https://b.s3.us-east-1.amazonaws.com/a/k.yaml" },
		{ "a.b", "k", "https://s3.us-east-1.amazonaws.com/a.b/k" },
		{ "b", "a b?c", "https://b.s3.us-east-1.amazonaws.com/a%20b%3Fc" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		str url =
		    s3_url_write(a, S("us-east-1"), str_of(cases[i].bucket), str_of(cases[i].key));
		str bucket, key;

		CHECK_STR(url, cases[i].url, "case %zu", i);
		CHECK(s3_url_parse(a, url, &bucket, &key) && str_is(bucket, cases[i].bucket) &&
			str_is(key, cases[i].key),
		    "case %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_parse), TEST(test_write) };

	return RUN_TESTS(tests);
}
