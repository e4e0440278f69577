/* SPDX-License-Identifier: Apache-2.0 */
/* RS256 signatures of compact JWS (RFC 7515), by libjose. The key never leaves its file and this
 * module. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct err;
struct jws_key;

/* Reads a JWK, or makes one (mode 0600) where the file is absent. Fails: ERR_IO, ERR_INVALID. */
bool jws_key_load(const char *path, struct jws_key **out, struct err *err);
void jws_key_free(struct jws_key *key);

/* payload is base64url already; *token is "header.payload.signature". Thread-safe. */
bool jws_sign(struct jws_key *key, struct arena *a, str payload, str *token, struct err *err);

/* Does the signature hold? The header's algorithm is the caller's to check. Thread-safe. */
bool jws_verify(struct jws_key *key, str header, str payload, str signature);
