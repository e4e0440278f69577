/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/s3/range.c: which part of an object a Range header asks for.
 *
 * One range is served: "bytes=2-5", "bytes=2-", "bytes=-3". Anything else a server may ignore and
 * answer the whole (RFC 9110, 14.2), as S3 does with several ranges.
 */
#include "cloud/s3/internal.h"

/* Digits only: no sign, no blank. Numbers that fit nowhere are past every end. */
static bool
read_position(str text, int64_t *out)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	if (!str_to_i64(text, out))
		*out = INT64_MAX;
	return text.len > 0;
}

/* False where it is none that is served. */
static bool
read_range(str text, int64_t size, int64_t *first, int64_t *last)
{
	str end = str_from(text, S("bytes=").len), begin;
	bool open;

	if (!str_starts(text, S("bytes=")) || str_find_char(end, '-') == end.len)
		return false;
	(void)str_cut(&end, '-', &begin);
	*last = size - 1;
	if (begin.len == 0) { /* the last so many */
		if (!read_position(end, first))
			return false;
		*first = *first == 0 ? size : *first > size ? 0 : size - *first;
		return true;
	}
	open = end.len == 0;
	if (!read_position(begin, first) || (!open && !read_position(end, last)) ||
	    *last < (open ? -1 : *first))
		return false;
	if (*last > size - 1)
		*last = size - 1;
	return true;
}

bool
s3_range_read(struct call *c, int64_t size, struct s3_range *out, struct err *err)
{
	int64_t first, last;

	*out = (struct s3_range){ .len = size };
	if (!read_range(str_trim(input_str(c, "Range")), size, &first, &last))
		return true;
	if (first >= size)
		return err_code(
		    err, ERR_INVALID, "InvalidRange", "The requested range is not satisfiable");
	*out = (struct s3_range){ .at = first, .len = last - first + 1, .is_part = true };
	json_put_str(c->a, c->out, "ContentRange",
	    str_fmt(
		c->a, "bytes %lld-%lld/%lld", (long long)first, (long long)last, (long long)size));
	return true;
}
