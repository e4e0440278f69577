/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/id.c: identifiers from random bytes, without the bias of a plain remainder.
 */
#include "base/id.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/encode.h"
#include "base/hash.h"

#define UUID_BYTES 16
#define UUID_CHARS 36

void
random_bytes(void *out, size_t len)
{
	char *p = out;

	while (len > 0) {
		ssize_t got = getrandom(p, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			fprintf(stderr, "swb: the kernel gives no random numbers: %s\n",
			    strerror(errno));
			abort();
		}
		p += got;
		len -= (size_t)got;
	}
}

/* Sets version 4 and variant, and writes 8-4-4-4-12. */
static str
uuid_text(struct arena *a, unsigned char bytes[UUID_BYTES])
{
	char *text = arena_raw(a, UUID_CHARS);
	size_t n = 0;
	str hex;

	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	hex = hex_encode(a, (str){ (const char *)bytes, UUID_BYTES });
	for (size_t i = 0; i < hex.len; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			text[n++] = '-';
		text[n++] = hex.ptr[i];
	}
	return (str){ text, n };
}

str
id_uuid(struct arena *a)
{
	unsigned char bytes[UUID_BYTES];

	random_bytes(bytes, sizeof(bytes));
	return uuid_text(a, bytes);
}

str
id_prefixed_uuid(struct arena *a, str prefix)
{
	return str_cat(a, prefix, id_uuid(a));
}

str
id_uuid_from(struct arena *a, str seed)
{
	unsigned char digest[SHA256_BYTES];

	static_assert(UUID_BYTES <= SHA256_BYTES, "a UUID is cut from a digest");
	sha256(seed, digest);
	return uuid_text(a, digest);
}

bool
id_is_uuid(str text)
{
	if (text.len != UUID_CHARS)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');

		if (dash ? c != '-' : !hex)
			return false;
	}
	return true;
}

/* Draws again where a byte lies past the last whole multiple of the alphabet. */
static str
draw(struct arena *a, str alphabet, size_t len)
{
	char *text = arena_raw(a, len);
	unsigned limit = 256 - 256 % (unsigned)alphabet.len;
	unsigned char bytes[64];

	for (size_t n = 0; n < len;) {
		size_t want = len - n < sizeof(bytes) ? len - n : sizeof(bytes);

		random_bytes(bytes, want);
		for (size_t i = 0; i < want; i++)
			if (bytes[i] < limit)
				text[n++] = alphabet.ptr[bytes[i] % alphabet.len];
	}
	return (str){ text, len };
}

str
id_lower_alnum(struct arena *a, size_t len)
{
	return draw(a, S("abcdefghijklmnopqrstuvwxyz0123456789"), len);
}

str
id_hex(struct arena *a, size_t len)
{
	return draw(a, S("0123456789abcdef"), len);
}

str
id_upper_alnum(struct arena *a, size_t len)
{
	return draw(a, S("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), len);
}

str
id_alnum(struct arena *a, size_t len)
{
	return draw(a, S("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), len);
}
