/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/view.c: stored items as callers see them.
 *
 * The October form gives raw items. Clients that cut ids out of the text need "id" to be the first
 * member; a configuration's keys are shown as that release had them, which stores them as a later
 * one does; and what no client of a researcher reads is left out for researchers: the roles and the
 * external id that open a hosting account (SEC8 of the reference's defects).
 */
#include "api/internal.h"

static const char *const for_admins[] = { "envMgmtRoleArn", "hostingAccountHandlerRoleArn",
	"encryptionKeyArn", "externalId" };

static bool
is_hidden(const struct request *rq, str member)
{
	if (str_starts(member, S("swb")))
		return true; /* rows that are due */
	for (size_t i = 0; i < countof(for_admins); i++)
		if (str_is(member, for_admins[i]))
			return !rq->caller->is_admin;
	return false;
}

/* Is it a stored item, inside another one? Those are not ours to look into otherwise. */
static bool
is_item(const struct json *value)
{
	return json_get(value, "pk") != NULL && json_get(value, "sk") != NULL;
}

static const struct json *
view_member(const struct request *rq, const struct json *member)
{
	return is_item(member) ? view_item(rq, member) : member;
}

static void
show_config_keys(const struct request *rq, struct json *out)
{
	str id = json_str(json_get(out, "id"));

	if (!str_is(json_str(json_get(out, "resourceType")), "envTypeConfig"))
		return;
	json_set_str(rq->a, out, "pk", S("ETC"));
	json_set_str(rq->a, out, "sk",
	    str_fmt(rq->a, "ET#" STR_FMT "ETC#" STR_FMT,
		STR_ARG(json_str(json_get(out, "dependency"))), STR_ARG(id)));
}

/* A node of its own whose children are shared; names differ, so nobody needs to look. */
static void
add_member(const struct request *rq, struct json *out, const struct json *member)
{
	struct json *node = arena_new(rq->a, struct json, 1);

	*node = *view_member(rq, member);
	node->key = member->key;
	node->next = NULL;
	json_append(out, node);
}

const struct json *
view_item(const struct request *rq, const struct json *item)
{
	struct json *out = json_new_object(rq->a);
	const struct json *id = json_get(item, "id");

	if (id != NULL)
		add_member(rq, out, id);
	for (const struct json *m = json_first(item); m != NULL; m = m->next)
		if (m != id && !is_hidden(rq, m->key))
			add_member(rq, out, m);
	show_config_keys(rq, out);
	return out;
}

const struct json *
view_items(const struct request *rq, const struct json *items)
{
	struct json *out = json_new_array(rq->a);

	for (const struct json *i = json_first(items); i != NULL; i = i->next)
		json_push(rq->a, out, view_item(rq, i));
	return out;
}
