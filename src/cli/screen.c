/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/screen.c: lines, colours and columns for people.
 */
#include "cli/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

#define CLEAR_LINE "\r\033[K"
#define PLAIN_WIDTH 80

static const struct {
	const char *ending, *colour;
} colours[] = {
	{ "COMPLETED", "\033[32m" },
	{ "FAILED", "\033[31m" },
	{ "ING", "\033[33m" },
	{ "TERMINATED", "\033[2m" },
};

static bool
is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] != '\0';
}

struct screen
screen_on(FILE *out)
{
	const char *term = getenv("TERM");
	struct screen s = { .out = out, .width = PLAIN_WIDTH };
	struct winsize size;

	s.terminal = isatty(fileno(out)) && term != NULL && strcmp(term, "dumb") != 0;
	s.colour = s.terminal && !is_set("NO_COLOR");
	if (s.terminal && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		s.width = size.ws_col;
	return s;
}

void
screen_end_note(struct screen *s)
{
	if (s->has_note)
		fprintf(s->out, CLEAR_LINE);
	s->has_note = false;
	fflush(s->out);
}

void
screen_line(struct screen *s, str text)
{
	screen_end_note(s);
	fprintf(s->out, STR_FMT "\n", STR_ARG(text));
	fflush(s->out);
}

/* Characters, as a terminal shows them: bytes that begin one. */
static size_t
width_of(str text)
{
	size_t width = 0;

	for (size_t i = 0; i < text.len; i++)
		width += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return width;
}

static str
cut_to(str text, size_t width)
{
	size_t seen = 0;

	for (size_t i = 0; i < text.len; i++) {
		seen += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
		if (seen > width)
			return str_sub(text, 0, i);
	}
	return text;
}

void
screen_note(struct screen *s, struct arena *a, str text)
{
	if (!s->terminal)
		return;
	/* A line that wraps could not be taken back. */
	fprintf(s->out, CLEAR_LINE STR_FMT, STR_ARG(cut_to(screen_safe(a, text), s->width - 1)));
	s->has_note = true;
	fflush(s->out);
}

/* C0, DEL, and C1 (U+0080 to U+009F, which UTF-8 writes as C2 80 to C2 9F). */
str
screen_safe(struct arena *a, str text)
{
	char *copy;

	if (str_find_char(text, '\n') < text.len)
		text = str_replace(a, str_trim(text), S("\n"), S("; "));
	copy = arena_raw(a, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		unsigned char next = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0;

		copy[i] = text.ptr[i];
		if (c < 0x20 || c == 0x7F) {
			copy[i] = '?';
		} else if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
			copy[i] = '?';
			copy[++i] = '?';
		}
	}
	return (str){ copy, text.len };
}

str
screen_status(const struct screen *s, struct arena *a, str status)
{
	if (s->colour)
		for (size_t i = 0; i < countof(colours); i++)
			if (str_ends(status, str_of(colours[i].ending)))
				return str_fmt(a, "%s" STR_FMT "\033[0m", colours[i].colour,
				    STR_ARG(screen_safe(a, status)));
	return screen_safe(a, status);
}

str
screen_duration(struct arena *a, int64_t ms)
{
	long long s = ms / 1000;

	if (ms < 0)
		return S("0.0 s");
	if (s < 10)
		return str_fmt(a, "%lld.%lld s", s, (long long)(ms % 1000 / 100));
	if (s < 120)
		return str_fmt(a, "%lld s", s);
	if (s < 7200)
		return str_fmt(a, "%lld min %lld s", s / 60, s % 60);
	return str_fmt(a, "%lld h %lld min", s / 3600, s % 3600 / 60);
}

void
screen_table(struct screen *s, struct arena *a, const str *cells, size_t columns, size_t rows,
    size_t status_column)
{
	size_t *widths = arena_new(a, size_t, columns);

	for (size_t i = 0; i < rows * columns; i++) {
		size_t width = width_of(cells[i]);

		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	for (size_t i = 0; i < rows * columns; i++) {
		size_t column = i % columns, width = width_of(cells[i]);
		bool last = column + 1 == columns;
		str cell = column == status_column && i >= columns ? screen_status(s, a, cells[i])
								   : screen_safe(a, cells[i]);

		fprintf(s->out, STR_FMT, STR_ARG(cell));
		if (last)
			fprintf(s->out, "\n");
		else
			fprintf(s->out, "%*s", (int)(widths[column] - width + 2), "");
	}
}
