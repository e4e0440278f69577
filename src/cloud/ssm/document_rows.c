/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/document_rows.c: where documents stand, and who may see them.
 *
 * A document belongs to one account and region. Another account reaches it by its ARN, and only
 * where it was shared with that account or with all.
 */
#include <inttypes.h>

#include "cloud/ssm/internal.h"

str
ssm_partition_of(struct call *c, str account, const char *kind)
{
	return row_partition(c, "ssm", kind, account, c->region);
}

str
ssm_partition(struct call *c, const char *kind)
{
	return ssm_partition_of(c, c->account, kind);
}

str
ssm_numbered_key(struct call *c, str name, int64_t number)
{
	return str_fmt(c->a, STR_FMT "#%012" PRId64, STR_ARG(name), number);
}

void
ssm_put_if(struct call *c, struct json *out, const char *name, const struct json *value)
{
	if (value != NULL && value->kind != JSON_NULL)
		json_put(c->a, out, name, value);
}

void
ssm_put_text_if(struct call *c, struct json *out, const char *name, str value)
{
	if (value.len > 0)
		json_put_str(c->a, out, name, value);
}

bool
ssm_content_load(struct call *c, str owner, str hash, const struct json **out, struct err *err)
{
	struct item row;
	bool found;

	if (!row_find(c, ssm_partition_of(c, owner, "content"), hash, &row, &found, err))
		return false;
	*out = row.body;
	return found ||
	    err_set(err, ERR_IO, "the content " STR_FMT " of a document is gone", STR_ARG(hash));
}

bool
ssm_content_put(struct call *c, str hash, str content, const struct json *tree, struct err *err)
{
	struct json *row = row_new(c, ssm_partition(c, "content"), hash);

	json_put_str(c->a, row, "content", content);
	json_put(c->a, row, "tree", tree);
	return row_put(c, row, err);
}

/* "arn:aws:ssm:us-east-1:111122223333:document/name", or a name of the caller's own. */
static bool
read_name(struct call *c, str text, struct document *out)
{
	str rest = text, head, region;

	out->owner = c->account;
	out->name = text;
	if (!str_starts(text, S("arn:")))
		return true;
	for (int i = 0; i < 3; i++)
		str_cut(&rest, ':', &head);
	if (!str_is(head, "ssm") || !str_cut(&rest, ':', &region) || !str_eq(region, c->region) ||
	    !str_cut(&rest, ':', &out->owner) || !str_starts(rest, S("document/")))
		return false;
	out->name = str_from(rest, 9);
	return out->name.len > 0;
}

/* The version that the owner shares with account: "" where none. */
static str
shared_version(const struct json *shares, str account)
{
	for (const struct json *s = json_first(shares); s != NULL; s = s->next) {
		str with = json_str(json_get(s, "account"));

		if (str_eq(with, account) || str_is(with, "all"))
			return json_str(json_get(s, "version"));
	}
	return S("");
}

/* The number that a version's name means, 0 where it is none. */
static int64_t
version_number(const struct item *row, str version)
{
	int64_t number = 0;

	if (version.len == 0 || str_is(version, "$DEFAULT"))
		return json_i64(json_get(row->body, "default"), 0);
	if (str_is(version, "$LATEST"))
		return json_i64(json_get(row->body, "latest"), 0);
	return str_to_i64(version, &number) ? number : 0;
}

bool
ssm_document_find(struct call *c, str name_or_arn, str version, struct document *out,
    enum document_state *state, struct err *err)
{
	struct item row;
	bool found = false;
	int64_t number;
	str share;

	*out = (struct document){ 0 };
	*state = DOCUMENT_NONE;
	if (!read_name(c, name_or_arn, out))
		return true;
	if (!row_find(
		c, ssm_partition_of(c, out->owner, "document"), out->name, &out->row, &found, err))
		return false;
	out->shared = !str_eq(out->owner, c->account);
	share = shared_version(json_get(found ? out->row.body : NULL, "shares"), c->account);
	if (!found || (out->shared && share.len == 0))
		return true;
	*state = DOCUMENT_NO_VERSION;
	number = version_number(&out->row, version);
	if (out->shared && !str_is(share, "$ALL") && number != version_number(&out->row, share))
		return true;
	if (!row_find(c, ssm_partition_of(c, out->owner, "version"),
		ssm_numbered_key(c, out->name, number), &row, &found, err))
		return false;
	if (found)
		*state = DOCUMENT_FOUND;
	out->version = found ? row.body : NULL;
	out->arn =
	    arn_make(c->a, "ssm", c->region, out->owner, "document/" STR_FMT, STR_ARG(out->name));
	return true;
}

bool
ssm_document_load_own(struct call *c, str name, struct item *out, struct err *err)
{
	struct document d;
	enum document_state state;

	if (!ssm_document_find(c, name, S(""), &d, &state, err))
		return false;
	if (state == DOCUMENT_NONE || d.shared)
		return err_code(err, ERR_NOT_FOUND, "InvalidDocument",
		    "The specified document does not exist.");
	*out = d.row;
	return true;
}

bool
ssm_document_versions(struct call *c, str name, struct store_page *out, struct err *err)
{
	struct store_query q = {
		.hash = ssm_partition(c, "version"),
		.condition = STORE_BEGINS,
		.a = str_cat(c->a, name, S("#")),
	};

	return row_query(c, &q, out, err);
}
