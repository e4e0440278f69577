/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for bytes: hexadecimal, base64, percent-encoding. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;

str hex_encode(struct arena *a, str bytes); /* lower case */
bool hex_decode(struct arena *a, str text, str *out);

str base64_encode(struct arena *a, str bytes);           /* standard alphabet, with '=' */
bool base64_decode(struct arena *a, str text, str *out); /* strict: RFC 4648 section 4 */
str base64url_encode(struct arena *a, str bytes);        /* without '=' */
bool base64url_decode(struct arena *a, str text, str *out);

/* RFC 3986: all but A-Z a-z 0-9 - . _ ~ as %XX; keep_slash leaves '/' as it is. */
str percent_encode(struct arena *a, str text, bool keep_slash);
/* plus_is_blank: as HTML forms have it. False where a '%' is not followed by two digits. */
bool percent_decode(struct arena *a, str text, bool plus_is_blank, str *out);
