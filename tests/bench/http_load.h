/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load for a server on this machine: many kept connections, each with one request under way, from
 * two threads over epoll. The same client asks the server under test and the one it is compared
 * with, so what it costs itself falls on both.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

struct load {
	uint16_t port;
	unsigned connections;
	size_t requests;
	int want; /* status of a good answer */
	/* Writes the whole nth request. Called by both threads; the same nth once. */
	void (*write)(void *cookie, size_t nth, struct buf *out);
	/* Optional: the body of the nth answer. Both threads. */
	void (*take)(void *cookie, size_t nth, str body);
	void *cookie;
};

struct load_result {
	double seconds;
	size_t good, bad;
	double per_s;
	double p50_ms, p99_ms;
};

struct load_result load_run(const struct load *l);
