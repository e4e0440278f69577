/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cloud.c: the object itself, and what it lends to engines.
 */
#include "cloud/internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"

const struct store_index cloud_store_indexes[] = {
	{ "byDue", "queue", "dueAt" },
	{ "byRef", "ref", "refSort" },
	{ "byRef2", "ref2", "refSort2" },
};
const size_t cloud_store_index_count = countof(cloud_store_indexes);
const char *const cloud_store_brief[] = { "dueAt", NULL };

bool
cloud_new(const struct cloud_options *options, struct cloud **out, struct err *err)
{
	struct cloud *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	c->options = *options;
	c->options.region = str_dup(&c->arena, options->region);
	c->options.public_url = str_dup(&c->arena, options->public_url);
	c->engines = options->engines == NULL ? cloud_engines : options->engines;
	mutex_init(&c->mu);
	mutex_init(&c->door);
	if (!secret_load(c, err) || !watch_refresh(c, err)) {
		cloud_free(c);
		return false;
	}
	*out = c;
	return true;
}

void
cloud_free(struct cloud *c)
{
	if (c == NULL)
		return;
	memo_drop_all(c);
	mutex_fini(&c->door);
	mutex_fini(&c->mu);
	arena_fini(&c->arena);
	free(c);
}

void
cloud_lock(struct cloud *c)
{
	mutex_lock_in_turn(&c->mu, &c->door);
}

void
cloud_unlock(struct cloud *c)
{
	mutex_unlock(&c->mu);
}

struct clock *
cloud_clock(struct cloud *cloud)
{
	return cloud->options.clock;
}

struct compute *
cloud_compute(struct cloud *cloud)
{
	return cloud->options.compute;
}

struct transport *
cloud_deliver(struct cloud *cloud)
{
	return cloud->options.deliver;
}

struct fault_plan *
cloud_faults(struct cloud *cloud)
{
	return cloud->options.faults;
}

str
cloud_public_url(struct cloud *cloud)
{
	return cloud->options.public_url;
}
