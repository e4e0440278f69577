/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/caller.c: ids in any form, and whose project it is.
 */
#include "api/internal.h"
#include "base/id.h"

static const struct {
	const char *prefix;
	bool bare; /* the canonical form is without it */
} ids[ID_KIND_COUNT] = {
	[ID_ENVIRONMENT] = { "env-", false },
	[ID_TYPE] = { "et-", true },
	[ID_CONFIG] = { "etc-", false },
	[ID_PROJECT] = { "proj-", false },
};

bool
id_read(struct arena *a, enum id_kind kind, str text, str *out)
{
	str prefix = str_of(ids[kind].prefix);
	str bare =
	    str_eq_nocase(str_sub(text, 0, prefix.len), prefix) ? str_from(text, prefix.len) : text;

	if (!id_is_uuid(bare))
		return false;
	bare = str_lower(a, bare);
	*out = ids[kind].bare ? bare : str_cat(a, prefix, bare);
	return true;
}

bool
path_id(const struct request *rq, size_t n, enum id_kind kind, const char *name, str *out,
    struct err *err)
{
	if (!id_read(rq->a, kind, rq->parameters[n], out))
		return err_set(
		    err, ERR_INVALID, "%s request parameter must be a valid uuid.", name);
	return true;
}

/* "<projectId>#Researcher" */
static bool
is_member(struct arena *a, str group, str project_id)
{
	size_t hash = str_find_char(group, '#');
	str role = str_from(group, hash + 1), of;

	return (str_is(role, "Researcher") || str_is(role, "ProjectAdmin")) &&
	    id_read(a, ID_PROJECT, str_sub(group, 0, hash), &of) && str_eq(of, project_id);
}

bool
may_use_project(const struct request *rq, str project_id, struct err *err)
{
	str id;

	if (rq->caller->is_admin)
		return true;
	if (id_read(rq->a, ID_PROJECT, project_id, &id))
		for (size_t i = 0; i < rq->caller->group_count; i++)
			if (is_member(rq->a, rq->caller->groups[i], id))
				return true;
	return err_set(err, ERR_DENIED, "User is not authorized");
}
