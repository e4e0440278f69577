/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/findings.c: what is wrong with a type, kept in the order it was found, told as text or
 * JSON.
 */
#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "bundle/internal.h"

struct place
place_of(const struct json *value)
{
	return value == NULL ? (struct place){ 0, 0 }
			     : (struct place){ value->line, value->column };
}

struct place
place_of_key(const struct json *value)
{
	if (value == NULL || value->key_line == 0)
		return place_of(value);
	return (struct place){ value->key_line, value->key_column };
}

static void
keep(struct findings *f, const struct finding *finding)
{
	if (finding->severity == FINDING_ERROR)
		f->errors++;
	if (f->count == MAX_FINDINGS)
		return;
	if (f->count == f->cap) {
		size_t cap = f->cap == 0 ? 8 : f->cap * 2;
		struct finding *list = arena_new(f->a, struct finding, cap);

		for (size_t i = 0; i < f->count; i++)
			list[i] = f->list[i];
		f->list = list;
		f->cap = cap;
	}
	f->list[f->count++] = *finding;
}

/* A terminal obeys control characters; authors' texts, told to others, have none that work. */
static str
shown(struct arena *a, str text)
{
	struct buf b = buf_in(a);

	for (size_t i = 0; i < text.len; i++) {
		unsigned char ch = (unsigned char)text.ptr[i];

		if (ch < 0x20 || ch == 0x7f)
			buf_fmt(&b, "\\x%02x", ch);
		else
			buf_char(&b, text.ptr[i]);
	}
	return buf_str(&b);
}

static void
find(struct check *c, enum finding_severity severity, struct place at, const char *code, str fix,
    str message)
{
	keep(c->findings,
	    &(struct finding){ .severity = severity,
		.file = shown(c->findings->a, c->file),
		.line = at.line,
		.column = at.column,
		.code = str_of(code),
		.message = shown(c->findings->a, message),
		.fix = shown(c->findings->a, fix) });
}

void
find_error(struct check *c, struct place at, const char *code, str fix, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	find(c, FINDING_ERROR, at, code, fix, str_vfmt(c->a, fmt, args));
	va_end(args);
}

void
find_warning(struct check *c, struct place at, const char *code, str fix, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	find(c, FINDING_WARNING, at, code, fix, str_vfmt(c->a, fmt, args));
	va_end(args);
}

void
find_parser_error(struct check *c, const char *code, str fix, str message)
{
	str rest = message, line, column;
	int64_t l, n;
	struct place at = { 0, 0 };

	if (str_cut(&rest, ':', &line) && str_cut(&rest, ':', &column) && str_to_i64(line, &l) &&
	    str_to_i64(column, &n) && l > 0 && n > 0 && l <= UINT32_MAX && n <= UINT32_MAX) {
		at = (struct place){ (uint32_t)l, (uint32_t)n };
		message = str_trim(rest);
	}
	find(c, FINDING_ERROR, at, code, fix, message);
}

static const char *
severity_name(enum finding_severity severity)
{
	return severity == FINDING_ERROR ? "error" : "warning";
}

str
findings_text(struct arena *a, const struct findings *f)
{
	struct buf b = buf_in(a);

	for (size_t i = 0; i < f->count; i++) {
		const struct finding *n = &f->list[i];

		if (f->dir != NULL)
			buf_fmt(&b, "%s%s", f->dir, str_ends(str_of(f->dir), S("/")) ? "" : "/");
		buf_add(&b, n->file);
		if (n->line > 0)
			buf_fmt(&b, ":%u:%u", n->line, n->column);
		buf_fmt(&b, ": %s: " STR_FMT " (" STR_FMT ")\n", severity_name(n->severity),
		    STR_ARG(n->message), STR_ARG(n->code));
		if (n->fix.len > 0)
			buf_fmt(&b, "  fix: " STR_FMT "\n", STR_ARG(n->fix));
	}
	return buf_str(&b);
}

struct json *
findings_json(struct arena *a, const struct findings *f)
{
	struct json *out = json_new_array(a);

	for (size_t i = 0; i < f->count; i++) {
		const struct finding *n = &f->list[i];
		struct json *o = json_push(a, out, json_new_object(a));

		json_put_str(a, o, "severity", str_of(severity_name(n->severity)));
		json_put_str(a, o, "file", n->file);
		json_put_i64(a, o, "line", n->line);
		json_put_i64(a, o, "column", n->column);
		json_put_str(a, o, "code", n->code);
		json_put_str(a, o, "message", n->message);
		json_put_str(a, o, "fix", n->fix);
	}
	return out;
}
