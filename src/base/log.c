/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/log.c: a line is made in a scratch arena and written by one call. Control characters are
 * escaped, so text from outside cannot forge a second line.
 */
#include "base/log.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

static const char *const level_names[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
	[LOG_NONE] = "none",
};

static void
add_escaped(struct buf *line, str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == '\n')
			buf_add(line, S("\\n"));
		else if (c < 0x20 || c == 0x7f)
			buf_fmt(line, "\\x%02x", c);
		else
			buf_char(line, (char)c);
	}
}

void
log_line(const struct log *log, enum log_level level, const char *fmt, ...)
{
	auto_arena a = { 0 };
	struct buf line;
	va_list args;

	if (log == NULL || log->out == NULL || level < log->least || level >= LOG_NONE)
		return;
	line = buf_in(&a);
	buf_fmt(&line, STR_FMT " %s ", STR_ARG(time_iso_ms(&a, clock_now_ms(log->clock))),
	    level_names[level]);
	va_start(args, fmt);
	add_escaped(&line, str_vfmt(&a, fmt, args));
	va_end(args);
	buf_char(&line, '\n');
	(void)fwrite(
	    line.ptr, 1, line.len, log->out); /* a log that cannot be written has no reader */
	(void)fflush(log->out);
}
