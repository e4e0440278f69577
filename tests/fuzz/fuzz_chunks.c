/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A body in S3's own chunks: the first byte says in which form, the second how long it shall be
 * when put together, the rest is the body.
 */
#include <assert.h>
#include <stdint.h>

#include "aws/sigv4.h"
#include "base/arena.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const forms[] = {
	"STREAMING-UNSIGNED-PAYLOAD-TRAILER",
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = { 0 };
	const struct sigv4_claim claim = { .signature = S("00") };
	struct http_request req = { .method = S("PUT"), .target = S("/b/k") }, whole;
	struct err err;

	if (size < 2)
		return 0;
	err_init(&err, &a);
	http_header_add(
	    &a, &req.headers, S("X-Amz-Content-Sha256"), str_of(forms[data[0] % countof(forms)]));
	http_header_add(&a, &req.headers, S("X-Amz-Trailer"), S("x-amz-checksum-crc32"));
	http_header_add(
	    &a, &req.headers, S("X-Amz-Decoded-Content-Length"), str_fmt(&a, "%u", data[1] % 64));
	req.body = (str){ (const char *)data + 2, size - 2 };
	if (sigv4_unchunk(&a, &req, &claim, S("secret"), &whole, &err))
		assert(whole.body.len == data[1] % 64 && !sigv4_is_chunked(&whole));
	else
		assert(err.code.len > 0 && str_is_utf8(err.msg));
	return 0;
}
