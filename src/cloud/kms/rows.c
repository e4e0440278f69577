/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/kms/rows.c: where keys and aliases stand, and how a key is named.
 *
 *   kms#key#<account>#<region>    id arn created state (Enabled, Disabled, PendingDeletion)
 *                                 deletionAt description policy rotationDays (0: none) tags
 *   kms#alias#<account>#<region>  name arn keyId created updated; ref: its key
 *
 * A key whose waiting time is over is gone for everyone who looks for it.
 */
#include "cloud/kms/internal.h"

#include "base/id.h"

str
kms_alias_partition(struct call *c)
{
	return row_here(c, "kms", "alias");
}

str
kms_ref_of_key(struct call *c, str key_id)
{
	return str_fmt(c->a, "kms#keyAlias#" STR_FMT, STR_ARG(key_id));
}

static bool
no_such(struct err *err, const char *before, str name, const char *after)
{
	return err_code(err, ERR_NOT_FOUND, "NotFoundException", "%s" STR_FMT "%s", before,
	    STR_ARG(name), after);
}

/* The key's id behind an alias of that account and region. */
static bool
follow_alias(struct call *c, const struct arn *at, str *key_id, struct err *err)
{
	str pk = row_partition(c, "kms", "alias", at->account, at->region);
	struct item row;
	bool found;

	if (!row_find(c, pk, at->resource, &row, &found, err))
		return false;
	if (!found)
		return no_such(err, "Alias ",
		    arn_make(c->a, "kms", at->region, at->account, STR_FMT, STR_ARG(at->resource)),
		    " is not found.");
	*key_id = row_text(&row, "keyId");
	return true;
}

/* Where the name points: account, region, and "key/<id>" or "alias/<name>". */
static bool
read_name(struct call *c, str name, struct arn *out, struct err *err)
{
	*out = (struct arn){ S("kms"), c->region, c->account, name };
	if (str_starts(name, S("arn:")))
		return (arn_parse(name, out) && str_is(out->service, "kms")) ||
		    no_such(err, "Invalid arn ", name, "");
	if (!str_starts(name, S("alias/")))
		out->resource = str_cat(c->a, S("key/"), name);
	return true;
}

bool
kms_key_load(struct call *c, const char *member, struct item *out, struct err *err)
{
	str name = input_str(c, member), id;
	struct arn at;
	bool found;

	if (!read_name(c, name, &at, err))
		return false;
	if (str_starts(at.resource, S("alias/"))) {
		if (!follow_alias(c, &at, &id, err))
			return false;
	} else {
		id = str_from(at.resource, sizeof("key/") - 1);
		if (!str_starts(at.resource, S("key/")) || !id_is_uuid(id))
			return no_such(err, "Invalid keyId '", name, "'");
	}
	if (!row_find(
		c, row_partition(c, "kms", "key", at.account, at.region), id, out, &found, err))
		return false;
	if (found && c->now_ms < json_i64(json_get(out->body, "deletionAt"), INT64_MAX))
		return true;
	return no_such(err, "Key '",
	    arn_make(c->a, "kms", at.region, at.account, "key/" STR_FMT, STR_ARG(id)),
	    "' does not exist");
}

bool
kms_key_load_usable(struct call *c, struct item *out, struct err *err)
{
	if (!kms_key_load(c, "KeyId", out, err))
		return false;
	if (!str_is(row_text(out, "state"), "PendingDeletion"))
		return true;
	return err_code(err, ERR_CONFLICT, "KMSInvalidStateException",
	    STR_FMT " is pending deletion.", STR_ARG(row_text(out, "arn")));
}

bool
kms_list_answer(struct call *c, const struct json *list, const char *key, struct err *err)
{
	static const struct input_rule rules[] = { { "Limit", 1, 1000, NULL, NULL } };

	if (!input_check(c, rules, countof(rules), err) ||
	    !paginate(c, list, key, json_i64(json_get(c->in, "Limit"), 100), input_str(c, "Marker"),
		"NextMarker", err))
		return false;
	json_put_bool(c->a, c->out, "Truncated", json_get(c->out, "NextMarker") != NULL);
	return true;
}
