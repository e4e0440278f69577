/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws/xml.c: a small tree of elements, built by expat's events.
 */
#include "aws/xml.h"

#include <expat.h>
#include <limits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct open_element {
	struct xml *element;
	struct buf text;
};

struct builder {
	struct arena *a;
	XML_Parser parser;
	struct xml *root;
	struct open_element open[XML_MAX_DEPTH];
	int depth;
	const char *refused;
};

static void
refuse(struct builder *b, const char *why)
{
	b->refused = why;
	(void)XML_StopParser(b->parser, XML_FALSE);
}

static void XMLCALL
on_start(void *cookie, const XML_Char *name, const XML_Char **attributes)
{
	struct builder *b = cookie;
	struct xml *x = arena_new(b->a, struct xml, 1);
	str whole = str_of(name);
	size_t colon = str_find_char(whole, ':');

	(void)attributes;
	if (b->depth == XML_MAX_DEPTH) {
		refuse(b, "elements are nested too deeply");
		return;
	}
	x->name = str_dup(b->a, colon < whole.len ? str_from(whole, colon + 1) : whole);
	if (b->depth == 0) {
		b->root = x;
	} else {
		struct xml *parent = b->open[b->depth - 1].element;

		if (parent->last == NULL)
			parent->first = x;
		else
			parent->last->next = x;
		parent->last = x;
	}
	b->open[b->depth++] = (struct open_element){ x, buf_in(b->a) };
}

static void XMLCALL
on_end(void *cookie, const XML_Char *name)
{
	struct builder *b = cookie;
	struct open_element *top = &b->open[--b->depth];

	(void)name;
	top->element->text = buf_str(&top->text);
}

static void XMLCALL
on_text(void *cookie, const XML_Char *text, int len)
{
	struct builder *b = cookie;

	/* Between elements stands only layout: a parent's text is not kept beyond its first child.
	 */
	if (b->depth > 0 && b->open[b->depth - 1].element->first == NULL)
		buf_add(&b->open[b->depth - 1].text, (str){ text, (size_t)len });
}

static void XMLCALL
on_doctype(void *cookie, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
    int internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	refuse(cookie, "a DOCTYPE is not accepted");
}

static bool
fail(struct builder *b, struct err *err)
{
	return err_set(err, ERR_INVALID, "%lu:%lu: %s", XML_GetCurrentLineNumber(b->parser),
	    XML_GetCurrentColumnNumber(b->parser) + 1,
	    b->refused != NULL ? b->refused : XML_ErrorString(XML_GetErrorCode(b->parser)));
}

bool
xml_parse(struct arena *a, str text, const struct xml **root, struct err *err)
{
	struct builder b = { .a = a, .parser = XML_ParserCreate("UTF-8") };
	bool ok;

	if (b.parser == NULL)
		return err_set(err, ERR_IO, "no memory for an XML parser");
	if (text.len > INT_MAX) {
		XML_ParserFree(b.parser);
		return err_set(err, ERR_TOO_LARGE, "an XML text of %zu bytes", text.len);
	}
	XML_SetUserData(b.parser, &b);
	XML_SetElementHandler(b.parser, on_start, on_end);
	XML_SetCharacterDataHandler(b.parser, on_text);
	XML_SetStartDoctypeDeclHandler(b.parser, on_doctype);
	ok = XML_Parse(b.parser, text.len == 0 ? "" : text.ptr, (int)text.len, XML_TRUE) ==
	    XML_STATUS_OK;
	if (ok)
		*root = b.root;
	else
		(void)fail(&b, err);
	XML_ParserFree(b.parser);
	return ok;
}

const struct xml *
xml_child(const struct xml *x, const char *name)
{
	if (x == NULL)
		return NULL;
	for (const struct xml *c = x->first; c != NULL; c = c->next) {
		if (str_is(c->name, name))
			return c;
	}
	return NULL;
}

str
xml_child_text(const struct xml *x, const char *name)
{
	const struct xml *c = xml_child(x, name);

	return c == NULL ? (str){ NULL, 0 } : str_trim(c->text);
}
