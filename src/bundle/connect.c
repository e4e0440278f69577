/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/connect.c: what connect gives back, and the instruction with its links.
 *
 * Clients find a link by the text #{"type":"link",…} in the instruction, a JSON object of one line
 * without braces inside, and take its address from the member of the answer that hrefKey names.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "aws/model.h"
#include "bundle/internal.h"
#include "lang/jsonpath.h"

/* --- reading the manifest ------------------------------------------------------------------- */

static const struct bundle_call *
call_named(const struct bundle_verb_def *def, str as)
{
	for (size_t i = 0; i < def->call_count; i++)
		if (def->calls[i].as.len > 0 && str_eq(def->calls[i].as, as))
			return &def->calls[i];
	return NULL;
}

/* $.link.AuthorizedUrl: the answer named link, and a member that its operation gives. */
static void
check_return(struct check *c, const struct json *node, const struct bundle_verb_def *def)
{
	const struct jsonpath *path;
	const struct bundle_call *call;
	str head;

	if (!json_is(node, JSON_STRING)) {
		find_error(c, place_of(node), "wrong-kind",
		    S("write a selector, e.g. $.link.AuthorizedUrl"),
		    "'" STR_FMT "' of return is %s", STR_ARG(node->key),
		    json_kind_name(node->kind));
		return;
	}
	if (!read_selector(c, node, &path))
		return;
	head = jsonpath_head(path);
	if (def->exec.len > 0 && str_is(head, "exec"))
		return;
	call = call_named(def, head);
	if (call == NULL) {
		find_error(c, place_of(node), "selector-unknown",
		    def->exec.len > 0
			? S("begin with $.exec, what the program answers")
			: S("begin with the name ('as') of a call: $.link.AuthorizedUrl"),
		    "'" STR_FMT "' does not begin with an answer of connect",
		    STR_ARG(json_str(node)));
		return;
	}
	if (call->model != NULL &&
	    str_starts(json_str(node), str_fmt(c->a, "$." STR_FMT, STR_ARG(head))))
		(void)check_selector_shape(c, node,
		    str_cat(c->a, S("$"), str_from(json_str(node), 2 + head.len)),
		    call->model->output);
}

static void
check_link(struct check *c, const struct json *link, const struct json *returned)
{
	str text = json_str(link);
	bool plain = text.len > 0;

	for (size_t i = 0; i < text.len; i++)
		plain &=
		    text.ptr[i] != '{' && text.ptr[i] != '}' && (unsigned char)text.ptr[i] >= ' ';
	if (!plain)
		find_error(c, place_of(link), "link-text",
		    S("write the words to click on, without braces and line breaks"),
		    "the link '" STR_FMT "' has no text that can be shown", STR_ARG(link->key));
	if (json_get_str(returned, link->key) == NULL)
		find_error(c, place_of_key(link), "link-not-returned",
		    str_fmt(c->a, "add '" STR_FMT ":' to return", STR_ARG(link->key)),
		    "the link '" STR_FMT "' has no address: return does not give it",
		    STR_ARG(link->key));
}

static void
add_link(struct check *c, struct buf *b, const struct json *at, str name, const struct json *links)
{
	str scope, key;
	const struct json *link = NULL;
	struct jw w;

	if (variable_split(name, &scope, &key) && str_is(scope, "links"))
		link = json_get_str(links, key);
	if (link == NULL) {
		find_error(c, place_of(at), "link-unknown",
		    S("name a member of links: ${links.url}; write $${ for a literal ${"),
		    "the instruction has no link '${" STR_FMT "}'", STR_ARG(name));
		return;
	}
	buf_char(b, '#');
	jw_init(&w, b);
	jw_begin(&w, NULL);
	jw_str(&w, "type", S("link"));
	jw_str(&w, "hrefKey", key);
	jw_str(&w, "text", json_str(link));
	jw_end(&w);
}

static str
render(struct check *c, const struct json *instruction, const struct json *links)
{
	str rest = json_str(instruction);
	struct buf b = buf_in(c->a);

	for (struct piece p; piece_next(&rest, &p);) {
		if (p.kind == PIECE_TEXT)
			buf_add(&b, p.text);
		else if (p.kind == PIECE_VARIABLE)
			add_link(c, &b, instruction, p.text, links);
		else
			find_error(c, place_of(instruction), "variable-malformed",
			    S("close it with '}', or write $${ for a literal ${"),
			    "'${' is not closed in the instruction");
	}
	return buf_str(&b);
}

void
read_connect(struct check *c, const struct json *node, struct bundle *out)
{
	const struct json *links = json_get(node, "links");
	const struct json *instruction = json_get(node, "instruction");

	out->connect_return = json_get(node, "return");
	for (const struct json *m = json_first(out->connect_return); m != NULL; m = m->next)
		check_return(c, m, &out->verbs[BUNDLE_CONNECT]);
	for (const struct json *link = json_first(links); link != NULL; link = link->next)
		check_link(c, link, out->connect_return);
	out->instruction = render(c, instruction, links);
}

/* --- answering ------------------------------------------------------------------------------ */

bool
bundle_read_connect(struct arena *a, const struct bundle *b, const struct json *answers,
    const struct json **out, struct err *err)
{
	struct json *returned = json_new_object(a);

	for (const struct json *m = json_first(b->connect_return); m != NULL; m = m->next) {
		const struct jsonpath *path;
		const struct json *found = NULL;

		if (!jsonpath_parse(a, json_str(m), &path, err) ||
		    !jsonpath_find(path, a, answers, &found, err))
			return false;
		json_put_key(a, returned, m->key, found);
	}
	*out = returned;
	return true;
}
