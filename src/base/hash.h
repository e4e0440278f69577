/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, by OpenSSL. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;

#define SHA256_BYTES 32
#define SHA1_BYTES 20
#define MD5_BYTES 16

void sha256(str text, unsigned char out[SHA256_BYTES]);
void hmac_sha256(str key, str text, unsigned char out[SHA256_BYTES]);
/* Of others' formats only; neither of them keeps anything safe. */
void sha1(str text, unsigned char out[SHA1_BYTES]);
void md5(str text, unsigned char out[MD5_BYTES]);

str sha256_hex(struct arena *a, str text);

/* Equal? In a time that does not depend on where they differ. */
bool equal_constant_time(str x, str y);
