/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/sagemaker/url.c: links by which a person opens a notebook.
 *
 * AWS gives https://NAME.notebook.REGION.sagemaker.aws?authToken=TOKEN; here it is
 * PUBLIC_URL/notebooks/ACCOUNT/REGION/NAME?authToken=TOKEN. The token is the secret: only its
 * hash is kept, with whom it opens and until when, for the page that answers the link. A link is
 * good for five minutes; the session that it begins lasts as long as its caller asked.
 */
#include "cloud/cloud.h"
#include "cloud/sagemaker/internal.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"

#define LINK_MS (5 * 60 * 1000)
#define SESSION_S 43200
#define TOKEN_CHARS 64

static const struct input_rule rules[] = {
	{ "SessionExpirationDurationInSeconds", 1800, 43200, NULL, NULL },
};

static bool
put_link(struct call *c, const struct item *notebook, str token, struct err *err)
{
	struct json *row = row_new(c, row_here(c, "sagemaker", "url"), sha256_hex(c->a, token));

	json_put_str(c->a, row, "notebook", notebook->sk);
	json_put_i64(c->a, row, "sessionSeconds",
	    json_i64(json_get(c->in, "SessionExpirationDurationInSeconds"), SESSION_S));
	json_put_i64(c->a, row, "expiresAtMs", c->now_ms + LINK_MS);
	row_due(c, row, "url", c->now_ms + LINK_MS);
	return row_put(c, row, err);
}

bool
sagemaker_create_presigned_url(struct call *c, struct err *err)
{
	str token = id_alnum(c->a, TOKEN_CHARS), status;
	struct item notebook;

	if (!INPUT_CHECK(c, rules, err) || !sagemaker_notebook_load(c, &notebook, err))
		return false;
	status = json_str(json_get(notebook.body, "NotebookInstanceStatus"));
	if (!str_is(status, "InService")) /* AWS's own text is not established */
		return err_code(err, ERR_CONFLICT, "ValidationException",
		    "Status (" STR_FMT
		    ") not in ([InService]). Unable to create a presigned URL for "
		    "Notebook Instance (" STR_FMT ")",
		    STR_ARG(status),
		    STR_ARG(json_str(json_get(notebook.body, "NotebookInstanceArn"))));
	json_put_str(c->a, c->out, "AuthorizedUrl",
	    str_fmt(c->a,
		STR_FMT "/notebooks/" STR_FMT "/" STR_FMT "/" STR_FMT "?authToken=" STR_FMT,
		STR_ARG(cloud_public_url(c->cloud)), STR_ARG(c->account), STR_ARG(c->region),
		STR_ARG(notebook.sk), STR_ARG(token)));
	return put_link(c, &notebook, token, err);
}

/* Its time is over. */
bool
sagemaker_url_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	(void)result;
	return row_del(c, row->pk, row->sk, err);
}

/* --- the page's side ----------------------------------------------------------------------- */

static bool
refuse(struct err *err)
{
	return err_set(err, ERR_DENIED, "This link is not valid, or its five minutes are over.");
}

bool
cloud_notebook_link(struct cloud *cloud, struct arena *a, str account, str region, str name,
    str token, struct cloud_notebook *out, struct err *err)
{
	struct call c = { .cloud = cloud, .a = a, .account = account, .region = region };
	struct item link, notebook;
	bool found;

	if (token.len != TOKEN_CHARS)
		return refuse(err);
	if (!row_find(
		&c, row_here(&c, "sagemaker", "url"), sha256_hex(a, token), &link, &found, err))
		return false;
	if (!found || !str_eq(row_text(&link, "notebook"), name))
		return refuse(err);
	out->link_expires_at_ms = json_i64(json_get(link.body, "expiresAtMs"), 0);
	if (out->link_expires_at_ms <= clock_now_ms(cloud_clock(cloud)))
		return refuse(err);
	if (!row_find(&c, row_here(&c, "sagemaker", "notebook"), name, &notebook, &found, err))
		return false;
	if (!found)
		return refuse(err);
	out->name = row_text(&notebook, "NotebookInstanceName");
	out->arn = row_text(&notebook, "NotebookInstanceArn");
	out->type = row_text(&notebook, "InstanceType");
	out->status = row_text(&notebook, "NotebookInstanceStatus");
	return true;
}
