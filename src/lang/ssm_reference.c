/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/ssm_reference.c: {{ references }} in the texts of an automation document.
 *
 * What stands between double braces is a reference only where it is formed as one: a name, a
 * step.output, or a prefix:name. Anything else, such as the braces of a script or of a JSON
 * text, is left alone.
 */
#include "lang/ssm_document.h"

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '-';
}

/* A name, a step.output, or a prefix and a name in which "/" and "." may stand as well. */
static bool
is_reference(str name)
{
	bool prefixed = str_find_char(name, ':') < name.len;

	if (name.len == 0 || name.len > 2100)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!is_name_char(c) && c != '.' && !(prefixed && (c == ':' || c == '/')))
			return false;
	}
	return is_name_char(name.ptr[0]) && name.ptr[name.len - 1] != '.';
}

bool
ssm_reference_next(str text, size_t *at, size_t *begin, size_t *end, str *name)
{
	while (*at < text.len) {
		size_t open = *at + str_find(str_from(text, *at), S("{{"));
		size_t close = open + str_find(str_from(text, open), S("}}"));
		str inside;

		if (close >= text.len)
			break;
		/* "{{{x}}": the inner pair of braces is meant. */
		while (open + 2 < close && text.ptr[open + 2] == '{')
			open++;
		inside = str_trim(str_sub(text, open + 2, close - open - 2));
		if (is_reference(inside)) {
			*begin = open;
			*end = close + 2;
			*at = *end;
			*name = inside;
			return true;
		}
		*at = open + 2;
	}
	*at = text.len;
	return false;
}

bool
ssm_reference_whole(str text, str *name)
{
	size_t at = 0, begin, end;

	return ssm_reference_next(text, &at, &begin, &end, name) && begin == 0 && end == text.len;
}

bool
ssm_reference_split(str name, str *step, str *output)
{
	size_t dot = str_find_char(name, '.');

	if (dot == name.len || str_find_char(name, ':') < name.len)
		return false;
	*step = str_sub(name, 0, dot);
	*output = str_from(name, dot + 1);
	return step->len > 0 && output->len > 0;
}
