/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <pthread.h>

#include "base/encode.h"
#include "base/hash.h"

static void
test_digests(struct arena *a)
{
	unsigned char out[MD5_BYTES], out_1[SHA1_BYTES];

	CHECK_STR(sha256_hex(a, S("")),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "empty");
	CHECK_STR(sha256_hex(a, (str){ 0 }),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "NULL");
	CHECK_STR(sha256_hex(a, S("abc")),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180 abc");
	md5(S("abc"), out);
	CHECK_STR(hex_encode(a, (str){ (char *)out, sizeof(out) }),
	    "900150983cd24fb0d6963f7d28e17f72", "RFC 1321 abc");
	sha1(S("abc"), out_1);
	CHECK_STR(hex_encode(a, (str){ (char *)out_1, sizeof(out_1) }),
	    "a9993e364706816aba3e25717850c26c9cd0d89d", "FIPS 180 abc");
}

static str
hmac_hex(struct arena *a, str key, str text)
{
	unsigned char out[SHA256_BYTES];

	hmac_sha256(key, text, out);
	return hex_encode(a, (str){ (char *)out, sizeof(out) });
}

static void
test_hmac(struct arena *a)
{
	char long_key[131];

	memset(long_key, 0xaa, sizeof(long_key));
	/* RFC 4231 cases 2 and 6; the short key again, after another one was used. */
	for (int i = 0; i < 2; i++) {
		CHECK_STR(hmac_hex(a, S("Jefe"), S("what do ya want for nothing?")),
		    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "case 2");
		CHECK_STR(hmac_hex(a, (str){ long_key, sizeof(long_key) },
			      S("Test Using Larger Than Block-Size Key - Hash Key First")),
		    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", "case 6");
	}
	CHECK_STR(hmac_hex(a, S(""), S("")),
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "empty");
}

static void *
hash_much(void *cookie)
{
	auto_arena a = { 0 };

	for (int i = 0; i < 200; i++) {
		str text = str_fmt(&a, "%d", i);
		str once = sha256_hex(&a, text);

		(void)hmac_hex(&a, text, text);
		if (!str_eq(once, sha256_hex(&a, text)))
			return cookie;
	}
	return NULL;
}

static void
test_threads(struct arena *a)
{
	pthread_t threads[4];

	(void)a;
	for (size_t i = 0; i < countof(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_much, threads), 0);
	for (size_t i = 0; i < countof(threads); i++) {
		void *bad = NULL;

		assert_int_equal(pthread_join(threads[i], &bad), 0);
		CHECK(bad == NULL, "thread %zu", i);
	}
}

static void
test_equal_constant_time(struct arena *a)
{
	(void)a;
	CHECK(equal_constant_time(S("abc"), S("abc")), "same");
	CHECK(!equal_constant_time(S("abc"), S("abd")), "other");
	CHECK(!equal_constant_time(S("abc"), S("ab")), "shorter");
	CHECK(equal_constant_time(S(""), (str){ 0 }), "both empty");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_digests),
		TEST(test_hmac),
		TEST(test_threads),
		TEST(test_equal_constant_time),
	};

	return RUN_TESTS(tests);
}
