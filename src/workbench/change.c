/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/change.c: collects writes for one transaction.
 */
#include "workbench/change.h"

#include <assert.h>

#include "workbench/internal.h"

void
change_init(struct change *c, struct workbench *wb, struct arena *a)
{
	c->wb = wb;
	c->a = a;
	c->count = 0;
}

static struct store_write *
next(struct change *c)
{
	assert(c->count < STORE_MAX_WRITES);
	return &c->writes[c->count++];
}

void
change_put(struct change *c, const struct json *body, uint64_t expect)
{
	*next(c) = (struct store_write){ .kind = STORE_PUT, .expect = expect, .body = body };
}

void
change_del(struct change *c, str pk, str sk, uint64_t expect)
{
	*next(c) =
	    (struct store_write){ .kind = STORE_DELETE, .expect = expect, .pk = pk, .sk = sk };
}

void
change_check(struct change *c, str pk, str sk, uint64_t expect)
{
	*next(c) =
	    (struct store_write){ .kind = STORE_CHECK, .expect = expect, .pk = pk, .sk = sk };
}

bool
change_commit(struct change *c, struct err *err)
{
	return c->count == 0 || store_transact(c->wb->o.store, c->writes, c->count, err);
}
