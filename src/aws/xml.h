/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML as AWS speaks it: elements and text. Attributes, comments and processing instructions are
 * skipped, a DOCTYPE is refused (so nobody's entities expand), prefixes are cut off names.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct err;

#define XML_MAX_DEPTH 64

struct xml {
	str name, text; /* text: all character data directly in the element, joined */
	struct xml *first, *last, *next;
};

/* Fails: ERR_INVALID "line:column: what is wrong". Everything is copied into a. */
bool xml_parse(struct arena *a, str text, const struct xml **root, struct err *err);

/* The first child of that name; NULL when missing, or x is NULL. */
const struct xml *xml_child(const struct xml *x, const char *name);

/* Text of the first child of that name, trimmed; empty when missing. */
str xml_child_text(const struct xml *x, const char *name);
