/* SPDX-License-Identifier: Apache-2.0 */
/* Which tokens are taken, and that all others are refused in the same words. */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"

#include "api/jws.h"
#include "api/token.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"

#define ISSUER "https://swb.example"
#define USER "11111111-2222-4333-8444-555555555555"
#define NOW_S INT64_C(1651779543)

struct rig {
	struct arena *a;
	const char *dir, *key_file;
	int64_t now_ms;
	struct test_clock clock;
	struct token_keeper *keeper;
	struct err err;
};

static void
rig_open(struct rig *r, struct arena *a)
{
	*r = (struct rig){ .a = a, .now_ms = NOW_S * 1000 };
	err_init(&r->err, a);
	CHECK_OK(dir_make_temp(a, "swb-token-", &r->dir, &r->err), &r->err);
	r->key_file = path_join(a, r->dir, "key.json");
	test_clock_init(&r->clock, &r->now_ms);
	CHECK_OK(token_keeper_new(r->key_file, S(ISSUER), &r->clock.clock, &r->keeper, &r->err),
	    &r->err);
}

static void
rig_close(struct rig *r)
{
	token_keeper_free(r->keeper);
	CHECK_OK(dir_remove(r->dir, &r->err), &r->err);
}

static str
mint(struct rig *r, const char *group, uint32_t lifetime_s)
{
	str name = str_of(group), token;

	CHECK_OK(
	    token_mint(r->keeper, r->a, S(USER), &name, 1, lifetime_s, &token, &r->err), &r->err);
	return token;
}

/* Every refusal is the same one: kind and text tell a forger nothing. */
static bool
is_taken(struct rig *r, str token)
{
	struct caller caller;
	struct err err;

	err_init(&err, r->a);
	if (token_verify(r->keeper, r->a, token, &caller, &err))
		return true;
	assert_int_equal(err.kind, ERR_UNAUTHENTICATED);
	CHECK_STR(err.msg, "Unauthorized", "the only words");
	return false;
}

static void
test_who(struct arena *a)
{
	struct caller caller;
	struct rig r;

	rig_open(&r, a);
	CHECK_OK(token_verify(r.keeper, a, mint(&r, "ITAdmin", 60), &caller, &r.err), &r.err);
	CHECK_STR(caller.user_id, USER, "user");
	assert_true(caller.is_admin);
	CHECK_OK(token_verify(r.keeper, a, mint(&r, "p#Researcher", 60), &caller, &r.err), &r.err);
	assert_false(caller.is_admin);
	assert_int_equal(caller.group_count, 1);
	CHECK_STR(caller.groups[0], "p#Researcher", "group");
	CHECK_OK(token_verify(r.keeper, a, mint(&r, "itadmin", 60), &caller, &r.err), &r.err);
	assert_false(caller.is_admin);
	rig_close(&r);
}

/* Also of a token that was verified before: what is remembered is the signature, not the time. */
static void
test_expiry(struct arena *a)
{
	struct rig r;
	str token;

	rig_open(&r, a);
	token = mint(&r, "ITAdmin", 60);
	assert_true(is_taken(&r, token));
	r.now_ms += 59999;
	assert_true(is_taken(&r, token));
	r.now_ms += 1;
	assert_false(is_taken(&r, token));
	assert_true(is_taken(&r, mint(&r, "ITAdmin", 60)));
	rig_close(&r);
}

/* The key in the file outlives the program, and tokens with it. */
static void
test_restart(struct arena *a)
{
	struct stat st;
	struct rig r;
	str token;

	rig_open(&r, a);
	token = mint(&r, "ITAdmin", 60);
	token_keeper_free(r.keeper);
	CHECK_OK(
	    token_keeper_new(r.key_file, S(ISSUER), &r.clock.clock, &r.keeper, &r.err), &r.err);
	assert_true(is_taken(&r, token));
	assert_int_equal(stat(r.key_file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	rig_close(&r);
}

/* --- claims, signed as they should be --------------------------------------------------------- */

static void
test_claims(struct arena *a)
{
#define REST "\"client_id\":\"swb\",\"token_use\":\"access\""
#define SUB "\"sub\":\"" USER "\","
#define ISS "\"iss\":\"" ISSUER "\","
	static const struct {
		const char *label, *claims;
		bool taken;
	} cases[] = {
		{ "no groups", "{" SUB ISS "\"exp\":1651779544," REST "}", true },
		{ "begun", "{" SUB ISS "\"exp\":1651779544,\"nbf\":1651779543," REST "}", true },
		{ "not yet", "{" SUB ISS "\"exp\":1651779599,\"nbf\":1651779544," REST "}", false },
		{ "nbf is no time", "{" SUB ISS "\"exp\":1651779544,\"nbf\":\"now\"," REST "}",
		    false },
		{ "over", "{" SUB ISS "\"exp\":1651779543," REST "}", false },
		{ "no end", "{" SUB ISS REST "}", false },
		{ "end is a text", "{" SUB ISS "\"exp\":\"1651779999\"," REST "}", false },
		{ "end is no number here", "{" SUB ISS "\"exp\":1e99," REST "}", false },
		{ "another issuer",
		    "{" SUB "\"iss\":\"https://other.example\",\"exp\":1651779544," REST "}",
		    false },
		{ "no issuer", "{" SUB "\"exp\":1651779544," REST "}", false },
		{ "an id token",
		    "{" SUB ISS "\"exp\":1651779544,\"client_id\":\"swb\",\"token_use\":\"id\"}",
		    false },
		{ "another client",
		    "{" SUB ISS "\"exp\":1651779544,\"client_id\":\"x\",\"token_use\":\"access\"}",
		    false },
		{ "no user", "{" ISS "\"exp\":1651779544," REST "}", false },
		{ "a user that is no UUID", "{\"sub\":\"root\"," ISS "\"exp\":1651779544," REST "}",
		    false },
		{ "a claim twice", "{" SUB SUB ISS "\"exp\":1651779544," REST "}", false },
		{ "no object", "[]", false },
		{ "not JSON", "{", false },
	};
#undef REST
#undef SUB
#undef ISS
	struct jws_key *key;
	struct rig r;

	rig_open(&r, a);
	CHECK_OK(jws_key_load(r.key_file, &key, &r.err), &r.err);
	for (size_t i = 0; i < countof(cases); i++) {
		str token;

		CHECK_OK(
		    jws_sign(key, a, base64url_encode(a, str_of(cases[i].claims)), &token, &r.err),
		    &r.err);
		CHECK(is_taken(&r, token) == cases[i].taken, "%s", cases[i].label);
		CHECK(is_taken(&r, token) == cases[i].taken, "%s, again", cases[i].label);
	}
	jws_key_free(key);
	rig_close(&r);
}

/* --- forgeries --------------------------------------------------------------------------- */

static str
payload_of(str token)
{
	str rest = token, head, payload;

	(void)str_cut(&rest, '.', &head);
	(void)str_cut(&rest, '.', &payload);
	return payload;
}

static str
join(struct arena *a, const char *header, str payload, str signature)
{
	return str_fmt(a, STR_FMT "." STR_FMT "." STR_FMT,
	    STR_ARG(base64url_encode(a, str_of(header))), STR_ARG(payload), STR_ARG(signature));
}

/* The public half as a secret that both sides know: the oldest trick. */
static str
hmac_token(struct rig *r, str payload, str secret)
{
	str head = base64url_encode(r->a, S("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));
	str text = str_fmt(r->a, STR_FMT "." STR_FMT, STR_ARG(head), STR_ARG(payload));
	unsigned char mac[SHA256_BYTES];

	hmac_sha256(secret, text, mac);
	return str_fmt(r->a, STR_FMT "." STR_FMT, STR_ARG(text),
	    STR_ARG(base64url_encode(r->a, (str){ (const char *)mac, sizeof(mac) })));
}

static void
test_algorithms(struct arena *a)
{
	struct rig r;
	str good, payload, signature, key_text, n;
	const struct json *jwk;

	rig_open(&r, a);
	good = mint(&r, "ITAdmin", 60);
	payload = payload_of(good);
	signature = str_from(good, str_find(good, payload) + payload.len + 1);
	assert_true(is_taken(&r, good));
	assert_false(is_taken(&r, join(a, "{\"alg\":\"none\"}", payload, S(""))));
	assert_false(is_taken(&r, join(a, "{\"alg\":\"none\"}", payload, S("AA"))));
	assert_false(is_taken(&r, join(a, "{\"alg\":\"None\"}", payload, signature)));
	assert_false(is_taken(&r, join(a, "{\"alg\":\"RS512\"}", payload, signature)));
	assert_false(is_taken(&r, join(a, "{}", payload, signature)));
	assert_false(
	    is_taken(&r, join(a, "{\"alg\":\"RS256\",\"crit\":[\"x\"]}", payload, signature)));
	CHECK_OK(file_read(a, r.key_file, 65536, &key_text, &r.err), &r.err);
	CHECK_OK(json_parse(a, key_text, &jwk, &r.err), &r.err);
	n = json_str(json_get(jwk, "n"));
	assert_true(n.len > 0);
	assert_false(is_taken(&r, hmac_token(&r, payload, n)));
	assert_true(base64url_decode(a, n, &n));
	assert_false(is_taken(&r, hmac_token(&r, payload, n)));
	rig_close(&r);
}

static void
test_other_key(struct arena *a)
{
	struct rig r, other;

	rig_open(&r, a);
	rig_open(&other, a);
	assert_false(is_taken(&r, mint(&other, "ITAdmin", 60)));
	assert_true(is_taken(&other, mint(&other, "ITAdmin", 60)));
	rig_close(&other);
	rig_close(&r);
}

/* One bit anywhere, one part more or less, bytes of any kind. */
static void
test_garbage(struct arena *a)
{
	static const char *const texts[] = { "", ".", "..", "...", "a.b.c", "a.b", "a.b.c.d",
		"Bearer", "\xff\xfe.\xff.\xff", "%00.%00.%00", "e30.e30.e30" };
	struct rig r;
	str good;

	rig_open(&r, a);
	good = mint(&r, "ITAdmin", 60);
	for (size_t i = 0; i < countof(texts); i++)
		CHECK(!is_taken(&r, str_of(texts[i])), "%s", texts[i]);
	for (size_t i = 0; i < good.len - 1; i += 7) { /* the last character holds spare bits */
		char *bad = arena_new(a, char, good.len);

		memcpy(bad, good.ptr, good.len);
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		CHECK(!is_taken(&r, (str){ bad, good.len }), "character %zu", i);
	}
	assert_false(is_taken(&r, str_cat(a, good, S(".e30"))));
	assert_false(is_taken(&r, str_cat(a, good, S("\n"))));
	assert_false(is_taken(&r, str_sub(good, 0, good.len / 2)));
	rig_close(&r);
}

static void
test_giant(struct arena *a)
{
	char *text = arena_new(a, char, 1 << 20);
	struct rig r;

	rig_open(&r, a);
	memset(text, 'A', 1 << 20);
	assert_false(is_taken(&r, (str){ text, 1 << 20 }));
	text[10] = text[TOKEN_MAX_BYTES / 2] = '.';
	assert_false(is_taken(&r, (str){ text, TOKEN_MAX_BYTES }));
	assert_false(is_taken(&r, (str){ text, TOKEN_MAX_BYTES + 1 }));
	rig_close(&r);
}

/* --- many at once ------------------------------------------------------------------------ */

#define THREADS 4
#define TOKENS 24

struct crowd {
	struct token_keeper *keeper;
	str tokens[TOKENS];
	atomic_uint taken, wrong;
};

/* Each in another order, so that some are verified and some remembered at the same time. */
static void *
verify_all(void *cookie)
{
	struct crowd *c = cookie;

	for (unsigned i = 0; i < 4 * TOKENS; i++) {
		auto_arena a = { 0 };
		struct caller caller;
		struct err err;

		err_init(&err, &a);
		if (!token_verify(c->keeper, &a, c->tokens[i * 7 % TOKENS], &caller, &err))
			continue;
		atomic_fetch_add(&c->taken, 1);
		if (!str_is(caller.user_id, USER) || caller.group_count != 1)
			atomic_fetch_add(&c->wrong, 1);
	}
	return NULL;
}

static void
test_threads(struct arena *a)
{
	pthread_t threads[THREADS];
	struct crowd c = { 0 };
	struct rig r;

	rig_open(&r, a);
	c.keeper = r.keeper;
	for (size_t i = 0; i < TOKENS; i++)
		c.tokens[i] = mint(&r, "p#Researcher", 60);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, verify_all, &c), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(c.taken, THREADS * 4 * TOKENS);
	assert_int_equal(c.wrong, 0);
	rig_close(&r);
}

/* A key file that is none is told, not replaced: all tokens would end. */
static void
test_bad_key_files(struct arena *a)
{
	static const char *const texts[] = { "", "{}", "[]", "not JSON",
		"{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAAA\"}",
		"{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"}" };
	struct rig r;

	rig_open(&r, a);
	for (size_t i = 0; i < countof(texts); i++) {
		const char *file = path_join(a, r.dir, "bad.json");
		struct token_keeper *k;
		struct err err;

		err_init(&err, a);
		CHECK_OK(file_write(file, str_of(texts[i]), 0600, &r.err), &r.err);
		CHECK(!token_keeper_new(file, S(ISSUER), &r.clock.clock, &k, &err), "%s", texts[i]);
		CHECK(err.kind == ERR_INVALID, "%s: " STR_FMT, texts[i], STR_ARG(err.msg));
		CHECK(str_has(err.msg, S("holds no RS256 key")), STR_FMT, STR_ARG(err.msg));
	}
	rig_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_who),
		TEST(test_expiry),
		TEST(test_restart),
		TEST(test_claims),
		TEST(test_algorithms),
		TEST(test_other_key),
		TEST(test_garbage),
		TEST(test_giant),
		TEST(test_threads),
		TEST(test_bad_key_files),
	};

	return RUN_TESTS(tests);
}
