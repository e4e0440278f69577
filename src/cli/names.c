/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/names.c: from what a person calls a thing to the thing.
 */
#include "cli/names.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "cli/remote.h"
#include "cli/screen.h"

#define MOST_TOLD 20

const struct name_kind name_of_type = {
	.what = "environment type",
	.plural = "environment types",
	.prefix = "et-",
	.members = { "type", "name" },
	.told = { "type" },
	.list = "swb type list",
};

const struct name_kind name_of_config = {
	.what = "configuration",
	.plural = "configurations",
	.prefix = "etc-",
	.members = { "name" },
	.told = { "name" },
	.list = "swb config list",
};

const struct name_kind name_of_project = {
	.what = "project",
	.plural = "projects",
	.prefix = "proj-",
	.members = { "name" },
	.told = { "name" },
	.list = "swb project list",
};

const struct name_kind name_of_env = {
	.what = "environment",
	.plural = "environments",
	.prefix = "env-",
	.members = { "name" },
	.told = { "name" },
	.list = "swb env list",
};

static str
without_prefix(const struct name_kind *kind, str id)
{
	str prefix = str_of(kind->prefix);

	return str_starts(id, prefix) ? str_from(id, prefix.len) : id;
}

static bool
has_id(const struct name_kind *kind, const struct json *e, str given)
{
	str bare = without_prefix(kind, given);

	return id_is_uuid(bare) &&
	    str_eq_nocase(without_prefix(kind, json_str(json_get(e, "id"))), bare);
}

static bool
has_name(const struct name_kind *kind, const struct json *e, str given)
{
	for (size_t i = 0; kind->members[i] != NULL; i++)
		if (str_eq(json_str(json_get(e, kind->members[i])), given))
			return true;
	return false;
}

/* "a, b, c and 7 more" */
static str
tell(const struct name_kind *kind, struct arena *a, const struct json *list)
{
	struct buf b = buf_in(a);
	size_t told = 0;

	for (const struct json *e = json_first(list); e != NULL && told < MOST_TOLD;
	     e = e->next, told++) {
		buf_fmt(&b, "%s", told > 0 ? ", " : "");
		for (size_t i = 0; kind->told[i] != NULL; i++)
			buf_fmt(&b, "%s" STR_FMT, i > 0 ? " " : "",
			    STR_ARG(screen_safe(a, json_str(json_get(e, kind->told[i])))));
	}
	if (told < json_count(list))
		buf_fmt(&b, " and %zu more", json_count(list) - told);
	return buf_str(&b);
}

/* "env-… (STOPPED, of 2022-…), env-…": what a person needs to choose. */
static str
tell_ids(struct arena *a, const struct json *list)
{
	struct buf b = buf_in(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		str status = json_str(json_get(e, "status"));
		str at = json_str(json_get(e, "createdAt"));

		buf_fmt(&b, "\n  " STR_FMT "  " STR_FMT "  made " STR_FMT,
		    STR_ARG(screen_safe(a, json_str(json_get(e, "id")))),
		    STR_ARG(screen_safe(a, status)), STR_ARG(screen_safe(a, at)));
	}
	return buf_str(&b);
}

bool
name_pick(const struct name_kind *kind, struct arena *a, const struct json *list, str given,
    const struct json **out, struct err *err)
{
	struct json *named = json_new_array(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next) {
		if (has_id(kind, e, given)) {
			*out = e;
			return true;
		}
		if (has_name(kind, e, given))
			json_push(a, named, e);
	}
	if (json_count(named) == 1) {
		*out = json_first(named);
		return true;
	}
	if (json_count(named) > 1)
		return err_set(err, ERR_INVALID,
		    "'" STR_FMT "' means %zu %s; say which by its id:" STR_FMT,
		    STR_ARG(screen_safe(a, given)), json_count(named), kind->plural,
		    STR_ARG(tell_ids(a, named)));
	if (json_count(list) == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no %s '" STR_FMT "'", kind->what,
		    STR_ARG(screen_safe(a, given)));
	return err_set(err, ERR_NOT_FOUND, "there is no %s '" STR_FMT "'; there is: " STR_FMT,
	    kind->what, STR_ARG(screen_safe(a, given)), STR_ARG(tell(kind, a, list)));
}

bool
name_pick_default(const struct name_kind *kind, struct arena *a, const struct json *list,
    const char *option, const struct json **out, struct err *err)
{
	*out = json_first(list);
	if (json_count(list) == 1)
		return true;
	if (json_count(list) == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no %s that you may use; %s",
		    kind->what, kind->list);
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		if (str_is(json_str(json_get(e, "name")), "default")) {
			*out = e;
			return true;
		}
	return err_set(err, ERR_INVALID, "there are several %s; choose with %s: " STR_FMT,
	    kind->plural, option, STR_ARG(tell(kind, a, list)));
}

/* --- asking ---------------------------------------------------------------------------- */

static bool
pick(const struct name_kind *kind, struct arena *a, const struct json *list, const char *given,
    const char *option, const struct json **out, struct err *err)
{
	if (given == NULL)
		return name_pick_default(kind, a, list, option, out, err);
	return name_pick(kind, a, list, str_of(given), out, err);
}

bool
name_find_type(
    struct remote *r, struct arena *a, const char *given, const struct json **out, struct err *err)
{
	const struct json *all;

	return remote_list(r, a, S("/api/environmentTypes"), 0, &all, err) &&
	    name_pick(&name_of_type, a, all, str_of(given), out, err);
}

bool
name_find_config(struct remote *r, struct arena *a, str type_id, const char *given,
    const struct json **out, struct err *err)
{
	const struct json *all;

	return remote_list(r, a,
		   str_fmt(a, "/api/environmentTypes/" STR_FMT "/configurations", STR_ARG(type_id)),
		   0, &all, err) &&
	    pick(&name_of_config, a, all, given, "--config NAME", out, err);
}

bool
name_find_project(
    struct remote *r, struct arena *a, const char *given, const struct json **out, struct err *err)
{
	const struct json *all;

	return remote_list(r, a, S("/api/projects"), 0, &all, err) &&
	    pick(&name_of_project, a, all, given, "--project NAME", out, err);
}

bool
name_find_env(
    struct remote *r, struct arena *a, const char *given, const struct json **out, struct err *err)
{
	str name = str_of(given), bare = without_prefix(&name_of_env, name);
	const struct json *all;

	if (id_is_uuid(bare)) {
		if (remote_get(r, a, str_fmt(a, "/api/environments/env-" STR_FMT, STR_ARG(bare)),
			out, err))
			return true;
		return err->kind == ERR_DENIED
		    ? err_prefix(err, "no environment env-" STR_FMT " that is yours", STR_ARG(bare))
		    : err->kind == ERR_NOT_FOUND
		    ? err_set(
			  err, ERR_NOT_FOUND, "there is no environment env-" STR_FMT, STR_ARG(bare))
		    : err_failed();
	}
	/* An administrator's list is filtered by the server, a researcher's is their own. */
	if (!remote_list(r, a,
		str_cat(a, S("/api/environments?name="), percent_encode(a, name, false)), 0, &all,
		err))
		return false;
	if (name_pick(&name_of_env, a, all, name, out, err))
		return true;
	return err->kind == ERR_NOT_FOUND
	    ? err_set(err, ERR_NOT_FOUND,
		  STR_FMT " (terminated ones are found by their id); swb env list",
		  STR_ARG(err->msg))
	    : err_failed();
}
