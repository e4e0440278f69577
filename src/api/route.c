/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/route.c: which row of which table a request means.
 */
#include <assert.h>
#include <string.h>

#include "api/internal.h"

#define PREFIX "/api"

const struct route_table *const route_tables[] = {
	&env_routes,
	&envtype_routes,
	&version_routes,
	&config_routes,
	&project_routes,
	&event_routes,
};
const size_t route_table_count = countof(route_tables);

/* Does path fit the pattern? Its {parameters} go to out, as they were sent. */
static bool
path_fits(str path, const char *pattern, str out[MAX_PARAMETERS])
{
	str rest = path, part, want_rest = str_of(pattern), want;
	size_t count = 0;

	memset(out, 0, MAX_PARAMETERS * sizeof(out[0]));
	while (str_cut(&want_rest, '/', &want)) {
		if (!str_cut(&rest, '/', &part))
			return false;
		if (!str_starts(want, S("{"))) {
			if (!str_eq(part, want))
				return false;
		} else {
			assert(count < MAX_PARAMETERS);
			if (part.len == 0)
				return false;
			out[count++] = part;
		}
	}
	return !str_cut(&rest, '/', &part);
}

const struct route *
route_find(str method, str target, str parameters[MAX_PARAMETERS])
{
	str path = http_path(target);

	if (!str_starts(path, S(PREFIX "/")))
		return NULL;
	path = str_from(path, sizeof(PREFIX) - 1);
	if (path.len > 1 && str_ends(path, S("/")))
		path.len--;
	for (size_t t = 0; t < countof(route_tables); t++)
		for (size_t i = 0; i < route_tables[t]->count; i++) {
			const struct route *r = &route_tables[t]->routes[i];

			if (str_is(method, r->method) && path_fits(path, r->path, parameters))
				return r;
		}
	return NULL;
}
