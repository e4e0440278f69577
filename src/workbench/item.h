/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and ids as Service Workbench's table has them (api.md 5), and what is ours alone: items
 * whose partition begins with SWB#, which no answer in the reference's forms shows.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct err;
struct json;
struct workbench;

/*
 * "env-<uuid>" in lower case, from any form of the same id; prefix is "env", or empty for ids that
 * are bare UUIDs. False where text is none.
 */
bool item_id(struct arena *a, const char *prefix, str text, str *out);

/* "ENV#env-…" */
str item_key(struct arena *a, const char *prefix, str id);

/* A time as a sort key: 20 digits, so that texts order as times do. */
str item_time(struct arena *a, int64_t ms);

/* A new body with pk and sk. */
struct json *item_new(struct arena *a, str pk, str sk);

/* createdAt and updatedAt. */
void item_stamp(struct arena *a, struct json *body, int64_t now_ms);

/* Copies the named members (NULL-ended list) where from has them. */
void item_copy(struct arena *a, struct json *to, const struct json *from, const char *const *names);

void item_set_i64(struct arena *a, struct json *body, const char *key, int64_t value);

/* Puts or takes away the members that make a row due for workbench_step(). */
void item_due(struct arena *a, struct json *body, int64_t due_ms);
void item_not_due(struct json *body);

/*
 * A row that could not be moved is made due later, so that it does not stand in the way of others.
 * Where that cannot be stored either, all of the store is in trouble, and it stays.
 */
#define ITEM_PUT_OFF_MS 5000
void item_put_off(struct workbench *wb, str pk, str sk, int64_t due_ms);

/* When it is due; CLOCK_NEVER where it is not. */
int64_t item_due_ms(const struct json *body);

/* "Invalid ID"-like refusals are the API's; this one says what was looked for. Always false. */
bool item_missing(struct err *err, const char *what, str id);

/*
 * Whole items of one resourceType by an index, an array; those whose range member is equal where
 * equal is not empty. All pages.
 */
bool item_list(struct workbench *wb, struct arena *a, const char *index, str resource_type,
    str equal, const struct json **out, struct err *err);

/* One page of the same: limit and start_after are read, items and next are set. */
struct list_page;
bool item_page(struct workbench *wb, struct arena *a, const char *index, str resource_type,
    str equal, struct list_page *page, struct err *err);
