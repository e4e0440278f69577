/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that AWS answers page by page, read to their end. */
#pragma once

#include <stdbool.h>

struct arena;
struct aws_credentials;
struct err;
struct json;
struct workbench;

struct paging {
	const char *service, *operation;
	const char *member; /* the list, in every answer */
	const char *token_in, *token_out;
};

/*
 * All elements, an array. in may be NULL. Fails as AWS fails, and with ERR_TOO_LARGE past
 * PAGING_MAX pages.
 */
#define PAGING_MAX 200
bool paging_all(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    const struct paging *p, const struct json *in, const struct json **out, struct err *err);
