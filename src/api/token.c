/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/token.c: what a token says, and which tokens were verified already.
 *
 * Verifying RS256 costs more than all else in a small request, so tokens that were verified are
 * kept by their SHA-256 in a table of fixed size: a place holds the newest token that falls on it.
 * Their time is checked at every use.
 */
#include "api/token.h"

#include <stdlib.h>
#include <string.h>

#include "api/jws.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "base/thread.h"

#define CLIENT_ID "swb"
#define PLACES 4096
#define MAX_GROUPS 100

struct known {
	unsigned char digest[SHA256_BYTES];
	char *claims; /* JSON text; NULL: the place is free */
	size_t len;
};

struct token_keeper {
	struct jws_key *key;
	struct clock *clock;
	struct arena a; /* issuer */
	str issuer;
	struct mutex mu;
	struct known known[PLACES]; /* guarded by mu */
};

bool
token_keeper_new(const char *key_file, str issuer, struct clock *clock, struct token_keeper **out,
    struct err *err)
{
	struct token_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		abort(); /* as base/arena.c */
	k->clock = clock;
	k->issuer = str_dup(&k->a, issuer);
	mutex_init(&k->mu);
	if (!jws_key_load(key_file, &k->key, err)) {
		token_keeper_free(k);
		return false;
	}
	*out = k;
	return true;
}

void
token_keeper_free(struct token_keeper *k)
{
	if (k == NULL)
		return;
	jws_key_free(k->key);
	for (size_t i = 0; i < PLACES; i++)
		free(k->known[i].claims);
	mutex_fini(&k->mu);
	arena_fini(&k->a);
	free(k);
}

static str
claims_text(struct token_keeper *k, struct arena *a, str user_id, const str *groups,
    size_t group_count, uint32_t lifetime_s)
{
	struct json *claims = json_new_object(a), *list;
	int64_t now_s = clock_now_ms(k->clock) / 1000;

	json_put_str(a, claims, "sub", user_id);
	list = json_put(a, claims, "cognito:groups", json_new_array(a));
	for (size_t i = 0; i < group_count; i++)
		json_push_str(a, list, groups[i]);
	json_put_str(a, claims, "iss", k->issuer);
	json_put_str(a, claims, "client_id", S(CLIENT_ID));
	json_put_str(a, claims, "token_use", S("access"));
	json_put_i64(a, claims, "iat", now_s);
	json_put_i64(a, claims, "exp", now_s + lifetime_s);
	json_put_str(a, claims, "jti", id_uuid(a));
	return json_text(a, claims);
}

bool
token_mint(struct token_keeper *k, struct arena *a, str user_id, const str *groups,
    size_t group_count, uint32_t lifetime_s, str *token, struct err *err)
{
	str claims = claims_text(k, a, user_id, groups, group_count, lifetime_s);

	return jws_sign(k->key, a, base64url_encode(a, claims), token, err);
}

static bool
refuse(struct err *err)
{
	return err_set(err, ERR_UNAUTHENTICATED, "Unauthorized");
}

/* Header, payload and signature; no more and no less. */
static bool
split(str token, str parts[3])
{
	size_t count = 0;

	for (str rest = token, part; str_cut(&rest, '.', &part); count++) {
		if (count == 3 || part.len == 0)
			return false;
		parts[count] = part;
	}
	return count == 3;
}

/* The key's algorithm only: whatever else a header may ask for is refused. */
static bool
header_is_ours(struct arena *a, str part, struct err *err)
{
	const struct json *head;
	str text;

	return base64url_decode(a, part, &text) && json_parse(a, text, &head, err) &&
	    str_is(json_str(json_get(head, "alg")), "RS256") && json_get(head, "crit") == NULL;
}

/* --- tokens that were verified before --------------------------------------------------- */

static struct known *
place_of(struct token_keeper *k, const unsigned char digest[SHA256_BYTES])
{
	return &k->known[(digest[0] << 8 | digest[1]) % PLACES];
}

static bool
recall(
    struct token_keeper *k, struct arena *a, const unsigned char digest[SHA256_BYTES], str *claims)
{
	struct known *p = place_of(k, digest);
	bool hit;

	mutex_lock(&k->mu);
	hit = p->claims != NULL && memcmp(p->digest, digest, SHA256_BYTES) == 0;
	if (hit)
		*claims = str_dup(a, (str){ p->claims, p->len });
	mutex_unlock(&k->mu);
	return hit;
}

static void
remember(struct token_keeper *k, const unsigned char digest[SHA256_BYTES], str claims)
{
	struct known *p = place_of(k, digest);
	char *copy = malloc(claims.len + 1);

	if (copy == NULL)
		abort(); /* as base/arena.c */
	memcpy(copy, claims.ptr, claims.len);
	mutex_lock(&k->mu);
	free(p->claims);
	memcpy(p->digest, digest, SHA256_BYTES);
	p->claims = copy;
	p->len = claims.len;
	mutex_unlock(&k->mu);
}

/* --- claims -------------------------------------------------------------------------------- */

/* A time that cannot be read is one that has not come. */
static bool
is_early(const struct json *claims, int64_t now_s)
{
	const struct json *nbf = json_get(claims, "nbf");

	return nbf != NULL && json_i64(nbf, INT64_MAX) > now_s;
}

static bool
read_claims(struct token_keeper *k, struct arena *a, str text, struct caller *out, struct err *err)
{
	const struct json *claims, *list;
	int64_t now_s = clock_now_ms(k->clock) / 1000;
	str *groups;
	size_t count = 0;

	if (!json_parse(a, text, &claims, err))
		return false;
	list = json_get(claims, "cognito:groups");
	*out = (struct caller){
		.user_id = json_str(json_get(claims, "sub")),
		.expires_at_s = json_i64(json_get(claims, "exp"), 0),
	};
	if (!str_eq(json_str(json_get(claims, "iss")), k->issuer) ||
	    !str_is(json_str(json_get(claims, "token_use")), "access") ||
	    !str_is(json_str(json_get(claims, "client_id")), CLIENT_ID) ||
	    !id_is_uuid(out->user_id) || out->expires_at_s <= now_s || is_early(claims, now_s) ||
	    json_count(list) > MAX_GROUPS)
		return false;
	groups = arena_new(a, str, json_count(list));
	for (const struct json *g = json_first(list); g != NULL; g = g->next) {
		groups[count] = json_str(g);
		out->is_admin = out->is_admin || str_is(groups[count], "ITAdmin");
		count++;
	}
	out->groups = groups;
	out->group_count = count;
	return true;
}

bool
token_verify(
    struct token_keeper *k, struct arena *a, str token, struct caller *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	str parts[3], claims;
	struct err why;

	err_init(&why, a);
	if (token.len > TOKEN_MAX_BYTES || !split(token, parts))
		return refuse(err);
	sha256(token, digest);
	if (!recall(k, a, digest, &claims)) {
		if (!header_is_ours(a, parts[0], &why) ||
		    !jws_verify(k->key, parts[0], parts[1], parts[2]) ||
		    !base64url_decode(a, parts[1], &claims))
			return refuse(err);
		remember(k, digest, claims);
	}
	return read_claims(k, a, claims, out, &why) || refuse(err);
}
