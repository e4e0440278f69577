/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/message.c: the few things that every reader and writer of messages needs.
 */
#include "http/message.h"

#include <string.h>

#include "base/arena.h"

void
http_header_add(struct arena *a, struct http_headers *h, str name, str value)
{
	if (h->count == h->cap) {
		size_t cap = h->cap == 0 ? 8 : 2 * h->cap;
		struct http_header *list = arena_new(a, struct http_header, cap);

		if (h->count > 0)
			memcpy(list, h->list, h->count * sizeof(*list));
		h->list = list;
		h->cap = cap;
	}
	h->list[h->count++] = (struct http_header){ name, value };
}

static struct http_header *
find(const struct http_headers *h, str name)
{
	for (size_t i = 0; i < h->count; i++) {
		if (str_eq_nocase(h->list[i].name, name))
			return &h->list[i];
	}
	return NULL;
}

void
http_header_set(struct arena *a, struct http_headers *h, str name, str value)
{
	struct http_header *found = find(h, name);

	if (found == NULL)
		http_header_add(a, h, name, value);
	else
		found->value = value;
}

str
http_header_get(const struct http_headers *h, const char *name)
{
	const struct http_header *found = find(h, str_of(name));

	return found == NULL ? (str){ NULL, 0 } : found->value;
}

str
http_path(str target)
{
	return str_sub(target, 0, str_find_char(target, '?'));
}

str
http_query(str target)
{
	size_t mark = str_find_char(target, '?');

	return mark == target.len ? (str){ NULL, 0 } : str_from(target, mark + 1);
}
