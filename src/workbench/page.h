/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a list. */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct json;

struct list_page {
	uint32_t limit;           /* asked for; 0 means 50 */
	str start_after;          /* an earlier page's next; empty for the first page */
	const struct json *items; /* given: an array of whole items */
	str next;                 /* empty on the last page */
};
