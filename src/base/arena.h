/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: memory that lives as long as one request, one job step or one CLI run,
 * and is freed all at once by whoever made it.
 *
 * Allocation never returns NULL: running out is fatal by design, which is safe because
 * every door bounds its input and every job resumes after a restart. An all-zero
 * struct arena is a valid empty one.
 */
#pragma once

#include <stddef.h>

struct arena_block;

struct arena {
	char *cur, *end;
	struct arena_block *blocks;
};

/* Zeroed memory for count objects of size bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size, size_t count);

/* As arena_alloc(), but the bytes are unset: for text that is written at once. */
char *arena_raw(struct arena *a, size_t size);

#define arena_new(a, T, n) ((T *)arena_alloc((a), sizeof(T), (n)))

/* Forgets everything in it; keeps its first block for the next use. */
void arena_reset(struct arena *a);

/* Frees everything. The arena is empty and usable again. */
void arena_fini(struct arena *a);

/* Bytes handed out since the last reset, including what alignment cost. */
size_t arena_used(const struct arena *a);

/* A scratch arena that is freed when its scope is left by any path. */
#define auto_arena __attribute__((cleanup(arena_fini))) struct arena
