/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads: on a terminal in colour and with one line that is rewritten, elsewhere as
 * plain lines.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

struct arena;

struct screen {
	FILE *out;
	bool terminal; /* may a line be rewritten? */
	bool colour;
	size_t width; /* of a line, in characters */
	bool has_note;
};

/* Looks at out, $NO_COLOR and $TERM. */
struct screen screen_on(FILE *out);

/* A line that stays. */
void screen_line(struct screen *s, str text);
/* The line that the next one replaces; nothing where there is no terminal. */
void screen_note(struct screen *s, struct arena *a, str text);
/* Takes the note away. */
void screen_end_note(struct screen *s);

/* text on one line, without what would steer a terminal: people name things, servers send texts. */
str screen_safe(struct arena *a, str text);
/* An environment's status in the colour of its kind. */
str screen_status(const struct screen *s, struct arena *a, str status);
/* "0.4 s", "12 s", "3 min 20 s" */
str screen_duration(struct arena *a, int64_t ms);

/*
 * Rows in columns that are as wide as they must be. cells: rows times columns, a row after the
 * other, the heads first. status_column (or columns for none) is coloured.
 */
void screen_table(struct screen *s, struct arena *a, const str *cells, size_t columns, size_t rows,
    size_t status_column);
