/* SPDX-License-Identifier: Apache-2.0 */
/* Fresh identifiers, from the kernel's random numbers. Thread-safe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

void random_bytes(void *out, size_t len);

str id_uuid(struct arena *a);                      /* version 4, lower case */
str id_prefixed_uuid(struct arena *a, str prefix); /* "env-" + UUID */

/* len characters of: lower-case letters and digits; hexadecimal digits; upper-case letters
 * and digits; letters of both cases and digits. */
str id_lower_alnum(struct arena *a, size_t len);
str id_hex(struct arena *a, size_t len);
str id_upper_alnum(struct arena *a, size_t len);
str id_alnum(struct arena *a, size_t len);

/* A version 4 shaped UUID that only depends on seed: the same for a repeated step. */
str id_uuid_from(struct arena *a, str seed);

bool id_is_uuid(str text); /* lower or upper case */
