/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical form that signer and verifier share. */
#pragma once

#include "aws/sigv4.h"

struct sigv4_scope {
	str time, day, region, service; /* time in the compact form; day is its beginning */
};

/* All of parts but signed_headers, which the caller has set: "a;b", in the order to be used. */
void sigv4_compute(struct arena *a, const struct http_request *req, enum sigv4_path path,
    const struct sigv4_scope *scope, str secret, str payload_hash, struct sigv4_parts *parts);

/* The signature of any text, in hex. */
str sigv4_sign_text(struct arena *a, str secret, const struct sigv4_scope *scope, str text);

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGV4_TERMINATOR "aws4_request"
