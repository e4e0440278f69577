/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens: RS256 JWTs formed as Cognito's, minted and verified with swb's own key (RFC 7515,
 * 7519). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct clock;
struct err;
struct token_keeper;

#define TOKEN_MAX_BYTES 16384

struct caller {
	str user_id;
	bool is_admin;
	const str *groups;
	size_t group_count;
	int64_t expires_at_s;
};

/* Loads the key from a JWK file, or makes it. Fails: ERR_IO, ERR_INVALID. */
bool token_keeper_new(const char *key_file, str issuer, struct clock *clock,
    struct token_keeper **out, struct err *err);
void token_keeper_free(struct token_keeper *k);

/* claims: sub and groups; the rest is filled in. Thread-safe. */
bool token_mint(struct token_keeper *k, struct arena *a, str user_id, const str *groups,
    size_t group_count, uint32_t lifetime_s, str *token, struct err *err);

/*
 * Signature, iss, token_use, client_id, exp and nbf. A token that was verified before is known by
 * its digest. Fails: ERR_UNAUTHENTICATED, without a reason that helps a forger. Thread-safe.
 */
bool token_verify(
    struct token_keeper *k, struct arena *a, str token, struct caller *out, struct err *err);
