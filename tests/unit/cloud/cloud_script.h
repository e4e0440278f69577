/* SPDX-License-Identifier: Apache-2.0 */
/* A service's behaviour as a script of calls, each with the answer or the refusal that is due. */
#pragma once

#include "cloud_rig.h"

struct line {
	const char *action, *in;
	const char *code; /* NULL: must succeed */
	const char *text; /* of the error, or what the answer's JSON must hold; NULL for any */
};

static inline void
run_script(struct rig *r, const char *service, const struct line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct line *l = &lines[i];
		str got;

		if (l->code != NULL)
			got = rig_fails(r, service, l->action, l->code, "%s", l->in);
		else
			got = json_text(r->a, rig_ok(r, service, l->action, "%s", l->in));
		got = str_replace(r->a, got, S("\""), S("'"));
		CHECK(l->text == NULL || str_has(got, str_of(l->text)),
		    "line %zu, %s %s:\n  got:  " STR_FMT "\n  want: %s", i, l->action, l->in,
		    STR_ARG(got), l->text);
	}
}
