/* SPDX-License-Identifier: Apache-2.0 */
/* A change: writes that are made together or not at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

struct arena;
struct err;
struct json;
struct workbench;

struct change {
	struct workbench *wb;
	struct arena *a;
	struct store_write writes[STORE_MAX_WRITES];
	size_t count;
};

void change_init(struct change *c, struct workbench *wb, struct arena *a);

/* expect: as store.h has it. At most STORE_MAX_WRITES in all. */
void change_put(struct change *c, const struct json *body, uint64_t expect);
void change_del(struct change *c, str pk, str sk, uint64_t expect);
void change_check(struct change *c, str pk, str sk, uint64_t expect);

/* Fails as store_transact() does. */
bool change_commit(struct change *c, struct err *err);
