/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/notebook_page.c: /notebooks/ACCOUNT/REGION/NAME?authToken=TOKEN.
 *
 * On AWS the link opens Jupyter. A simulated instance has none, so the page says for which
 * notebook it would be. The token stands in the address: the page is neither kept nor
 * told to others (no-store, no-referrer), and may load nothing.
 */
#include "app/notebook_page.h"

#include "app/internal.h"
#include "base/encode.h"

#define PREFIX "/notebooks/"

struct link {
	str account, region, name, token;
};

bool
notebook_page_is_for(str target)
{
	return str_starts(http_path(target), S(PREFIX));
}

static bool
take_part(struct arena *a, str *rest, str *out)
{
	str raw;

	return str_cut(rest, '/', &raw) && percent_decode(a, raw, false, out) && out->len > 0;
}

static bool
read_link(struct arena *a, str target, struct link *out)
{
	str path = str_from(http_path(target), sizeof(PREFIX) - 1), query = http_query(target);
	str part;

	if (!take_part(a, &path, &out->account) || !take_part(a, &path, &out->region) ||
	    !take_part(a, &path, &out->name) || path.len > 0)
		return false;
	while (str_cut(&query, '&', &part))
		if (str_starts(part, S("authToken=")))
			return percent_decode(a, str_from(part, 10), true, &out->token);
	return false;
}

/* Text as it may stand in HTML, attributes included. */
static str
html(struct arena *a, str text)
{
	text = str_replace(a, text, S("&"), S("&amp;"));
	text = str_replace(a, text, S("<"), S("&lt;"));
	text = str_replace(a, text, S(">"), S("&gt;"));
	text = str_replace(a, text, S("\""), S("&quot;"));
	return str_replace(a, text, S("'"), S("&#39;"));
}

static void
answer_page(struct arena *a, struct http_response *resp, int status, const char *title, str inner)
{
	*resp = (struct http_response){ .status = status };
	http_header_add(a, &resp->headers, S("Content-Type"), S("text/html; charset=utf-8"));
	http_header_add(a, &resp->headers, S("Cache-Control"), S("no-store"));
	http_header_add(a, &resp->headers, S("Referrer-Policy"), S("no-referrer"));
	http_header_add(a, &resp->headers, S("Content-Security-Policy"), S("default-src 'none'"));
	resp->body = str_fmt(a,
	    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>%s</title>"
	    "<h1>%s</h1>" STR_FMT "</html>\n",
	    title, title, STR_ARG(inner));
}

static void
answer_refusal(struct arena *a, struct http_response *resp, const struct err *err)
{
	bool ours = err->kind != ERR_DENIED;

	answer_page(a, resp, ours ? 500 : 403, ours ? "Something went wrong" : "No way in",
	    str_fmt(a, "<p>" STR_FMT "</p><p>A fresh link: <code>swb env connect ENV</code></p>",
		STR_ARG(ours ? S("The link could not be looked up.") : html(a, err->msg))));
}

void
notebook_page_answer(
    struct app *app, struct arena *a, const struct http_request *req, struct http_response *resp)
{
	struct cloud_notebook notebook;
	struct link link;
	struct err err;

	err_init(&err, a);
	if (!read_link(a, req->target, &link)) {
		(void)err_set(&err, ERR_DENIED, "This is no link to a notebook.");
		answer_refusal(a, resp, &err);
	} else if (!cloud_notebook_link(app->cloud, a, link.account, link.region, link.name,
		       link.token, &notebook, &err)) {
		answer_refusal(a, resp, &err);
	} else {
		answer_page(a, resp, 200, "A simulated notebook",
		    str_fmt(a,
			"<p>This link opens the notebook instance <strong>" STR_FMT
			"</strong> (" STR_FMT ", " STR_FMT ") of account " STR_FMT " in " STR_FMT
			".</p><p><code>" STR_FMT
			"</code></p><p>It is simulated: no compute is behind it. On AWS, "
			"this address would open Jupyter.</p>",
			STR_ARG(html(a, notebook.name)), STR_ARG(html(a, notebook.type)),
			STR_ARG(html(a, notebook.status)), STR_ARG(html(a, link.account)),
			STR_ARG(html(a, link.region)), STR_ARG(html(a, notebook.arn))));
	}
}
