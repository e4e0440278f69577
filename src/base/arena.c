/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/arena.c: blocks in a list, newest first; allocation moves one pointer.
 *
 * Blocks double up to a limit, so small requests stay small and large ones make few
 * calls to malloc. The first block is kept over a reset: a loop that handles requests
 * settles on memory that it already has.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK_BYTES ((size_t)8 << 10)
#define LARGEST_STEP_BYTES ((size_t)1 << 20)
#define ALIGNMENT _Alignof(max_align_t)

struct arena_block {
	struct arena_block *older;
	size_t size;
	_Alignas(max_align_t) char data[];
};

static void
grow(struct arena *a, size_t need)
{
	size_t size = a->blocks == NULL ? FIRST_BLOCK_BYTES : a->blocks->size * 2;
	struct arena_block *block;

	if (size > LARGEST_STEP_BYTES)
		size = LARGEST_STEP_BYTES;
	if (size < need)
		size = need;
	block = malloc(sizeof(*block) + size);
	if (block == NULL) {
		fprintf(stderr, "swb: out of memory (%zu bytes)\n", size);
		abort();
	}
	block->older = a->blocks;
	block->size = size;
	a->blocks = block;
	a->cur = block->data;
	a->end = block->data + size;
}

char *
arena_raw(struct arena *a, size_t size)
{
	char *p;

	assert(size < SIZE_MAX / 2);
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if ((size_t)(a->end - a->cur) < size || a->cur == NULL)
		grow(a, size);
	p = a->cur;
	a->cur += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size, size_t count)
{
	assert(count == 0 || size <= SIZE_MAX / 2 / count);
	return memset(arena_raw(a, size * count), 0, size * count);
}

void
arena_reset(struct arena *a)
{
	while (a->blocks != NULL && a->blocks->older != NULL) {
		struct arena_block *block = a->blocks;

		a->blocks = block->older;
		free(block);
	}
	a->cur = a->blocks == NULL ? NULL : a->blocks->data;
	a->end = a->blocks == NULL ? NULL : a->blocks->data + a->blocks->size;
}

void
arena_fini(struct arena *a)
{
	arena_reset(a);
	free(a->blocks);
	*a = (struct arena){ 0 };
}

size_t
arena_used(const struct arena *a)
{
	size_t used = 0;

	for (const struct arena_block *b = a->blocks; b != NULL; b = b->older)
		used += b->size;
	return used - (size_t)(a->end - a->cur);
}
