/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/query.c: pairs by '&', names and values decoded once.
 */
#include "api/query.h"

#include "base/encode.h"
#include "base/err.h"

#define SHOWN 100

str
query_shown(struct arena *a, str raw)
{
	return str_clip(str_is_utf8(raw) ? raw : percent_encode(a, raw, true), SHOWN);
}

static bool
decode(struct arena *a, str text, str *out, struct err *err)
{
	if (percent_decode(a, text, true, out) && str_is_utf8(*out))
		return true;
	return err_set(err, ERR_INVALID, "the query holds '" STR_FMT "', which is no encoded UTF-8",
	    STR_ARG(query_shown(a, text)));
}

bool
query_parse(struct arena *a, str text, struct query *out, struct err *err)
{
	*out = (struct query){ 0 };
	for (str rest = text, pair; str_cut(&rest, '&', &pair);) {
		size_t equals = str_find_char(pair, '=');

		if (pair.len == 0)
			continue;
		if (out->count == QUERY_MAX_PAIRS)
			return err_set(err, ERR_INVALID, "the query has more than %d parameters",
			    QUERY_MAX_PAIRS);
		if (!decode(a, str_sub(pair, 0, equals), &out->pairs[out->count].name, err) ||
		    !decode(a, str_from(pair, equals + 1), &out->pairs[out->count].value, err))
			return false;
		out->count++;
	}
	return true;
}

str
query_get(const struct query *q, const char *name)
{
	for (size_t i = 0; i < q->count; i++)
		if (str_is(q->pairs[i].name, name))
			return q->pairs[i].value;
	return (str){ 0 };
}

size_t
query_count(const struct query *q, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < q->count; i++)
		count += str_is(q->pairs[i].name, name);
	return count;
}

bool
query_has(const struct query *q, const char *name)
{
	return query_count(q, name) > 0;
}
