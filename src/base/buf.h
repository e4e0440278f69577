/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows, in an arena. Old copies stay in the arena until it is reset. */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct arena;

struct buf {
	struct arena *a;
	char *ptr;
	size_t len, cap;
};

struct buf buf_in(struct arena *a);
void buf_add(struct buf *b, str s);
void buf_char(struct buf *b, char c);
void buf_code_point(struct buf *b, uint32_t c); /* as UTF-8 */
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for more bytes at the end, which the caller writes and then adds to b->len. */
char *buf_room(struct buf *b, size_t more);

/* What was written so far: valid until the buffer grows again or its arena is reset. */
str buf_str(const struct buf *b);
