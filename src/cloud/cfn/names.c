/* SPDX-License-Identifier: Apache-2.0 */
/* cloud/cfn/names.c: names of things that the template leaves nameless. */
#include "base/arena.h"
#include "base/id.h"
#include "cloud/cfn/types.h"

#define RANDOM_CHARS 12
#define USUAL_MAX 255

/* Both parts whole where they fit; else each gets half of the room, or what the other leaves. */
static void
cut_to_fit(str *stack, str *logical_id, size_t room)
{
	size_t half = room / 2;

	if (stack->len + logical_id->len <= room)
		return;
	if (stack->len <= half)
		*logical_id = str_sub(*logical_id, 0, room - stack->len);
	else if (logical_id->len <= half)
		*stack = str_sub(*stack, 0, room - logical_id->len);
	else {
		*stack = str_sub(*stack, 0, half);
		*logical_id = str_sub(*logical_id, 0, room - half);
	}
}

str
cfn_name_make(struct arena *a, const struct cfn_naming *naming, str stack, str logical_id)
{
	size_t max = naming->max == 0 ? USUAL_MAX : naming->max;
	str name;

	if (naming->without_stack) {
		logical_id = str_sub(logical_id, 0, max - RANDOM_CHARS - 1);
		return str_fmt(a, STR_FMT "-" STR_FMT, STR_ARG(logical_id),
		    STR_ARG(id_alnum(a, RANDOM_CHARS)));
	}
	cut_to_fit(&stack, &logical_id, max - RANDOM_CHARS - 2);
	name = str_fmt(a, STR_FMT "-" STR_FMT "-" STR_FMT, STR_ARG(stack), STR_ARG(logical_id),
	    STR_ARG(id_upper_alnum(a, RANDOM_CHARS)));
	return naming->lower ? str_lower(a, name) : name;
}
