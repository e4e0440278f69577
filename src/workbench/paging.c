/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/paging.c: follows the tokens of lists.
 */
#include "workbench/paging.h"

#include "aws/client.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"

bool
paging_all(struct workbench *wb, struct arena *a, const struct aws_credentials *as,
    const struct paging *p, const struct json *in, const struct json **out, struct err *err)
{
	struct json *list = json_new_array(a);
	str token = { 0 };

	*out = list;
	for (int page = 0; page < PAGING_MAX; page++) {
		struct json *ask = in != NULL ? json_copy_shallow(a, in) : json_new_object(a);
		const struct json *answer, *e;

		if (token.len > 0)
			json_set_str(a, ask, p->token_in, token);
		if (!aws_call(wb->o.aws, a, as, p->service, p->operation, ask, &answer, err))
			return false;
		for (e = json_first(json_get(answer, p->member)); e != NULL; e = e->next)
			json_push(a, list, e);
		token = json_str(json_get(answer, p->token_out));
		if (token.len == 0)
			return true;
	}
	return err_set(err, ERR_TOO_LARGE, "%s of %s has more than %d pages", p->operation,
	    p->service, PAGING_MAX);
}
