/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of assumed roles, kept while they last: a bounded table that forgets the oldest. */
#pragma once

#include "aws/credentials.h"
#include "base/arena.h"
#include "base/thread.h"

#define ASSUME_CACHE_SIZE 64

struct assume_key {
	str role_arn, session_name, external_id, access_key_id;
};

struct assume_entry {
	struct assume_key key;
	struct aws_credentials session;
	uint64_t used;      /* when it was used last, in uses of the cache; 0: empty */
	struct arena arena; /* what key and session point to */
};

struct assume_cache {
	struct mutex mu;
	uint64_t uses; /* guarded by mu, as the entries */
	struct assume_entry entries[ASSUME_CACHE_SIZE];
};

void assume_cache_init(struct assume_cache *c);
void assume_cache_fini(struct assume_cache *c);

/* A session that lasts at least 5 minutes more, copied into a. */
bool assume_cache_find(struct assume_cache *c, struct arena *a, const struct assume_key *key,
    int64_t now_ms, struct aws_credentials *out);
void assume_cache_put(
    struct assume_cache *c, const struct assume_key *key, const struct aws_credentials *session);
