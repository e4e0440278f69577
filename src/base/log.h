/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log: one event a line, "time level text", text in key=value form. Only api, cli, status, the
 * job runner and main log above debug; all else returns errors. Never secrets or bodies.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct clock;

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_NONE };

struct log {
	FILE *out;
	enum log_level least;
	struct clock *clock;
};

/* Thread-safe: a line is written whole. A NULL log drops everything. */
void log_line(const struct log *log, enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(log, ...) log_line((log), LOG_DEBUG, __VA_ARGS__)
#define log_info(log, ...) log_line((log), LOG_INFO, __VA_ARGS__)
#define log_warn(log, ...) log_line((log), LOG_WARN, __VA_ARGS__)
#define log_error(log, ...) log_line((log), LOG_ERROR, __VA_ARGS__)
