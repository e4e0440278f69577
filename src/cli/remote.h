/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server that a command asks: where it is, who is asking, and what it answered. Every failure
 * says what a person can do, and its kind decides the exit code.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct cli_args;
struct curl_transport;
struct err;
struct json;

struct remote {
	struct arena *a; /* what lives as long as the command */
	const struct cli_args *args;
	const char *data_dir;
	str url;          /* "http://127.0.0.1:8080" */
	const char *from; /* where the address was found: "--server", "$SWB_URL", a file's path */
	str token;
	bool minted; /* from the data folder, not given */
	struct curl_transport *curl;
};

/*
 * person: as whom, unless --as says otherwise: "researcher" or "admin".
 * Fails: ERR_INVALID (the options), ERR_UPSTREAM (no server is known), and as minting fails.
 */
bool remote_open(struct remote *r, struct arena *a, const struct cli_args *args, const char *person,
    struct err *err);
void remote_close(struct remote *r);

/* The address alone, for commands that need no token: as remote_open() finds it. */
bool remote_find(struct remote *r, struct arena *a, const struct cli_args *args, struct err *err);

/*
 * One request below /api. body may be NULL; *out is NULL where the answer has none.
 * Fails: ERR_UPSTREAM and ERR_TIMEOUT (no server, or no swb, answers), ERR_UNAUTHENTICATED,
 * ERR_DENIED, ERR_NOT_FOUND, ERR_CONFLICT (refused: its own reason), ERR_IO (it failed).
 */
bool remote_ask(struct remote *r, struct arena *a, const char *method, str path,
    const struct json *body, const struct json **out, struct err *err);
bool remote_get(
    struct remote *r, struct arena *a, str path, const struct json **out, struct err *err);

/* All pages of a list until there are limit elements; path may have a query. 0: no limit. */
bool remote_list(struct remote *r, struct arena *a, str path, size_t limit, const struct json **out,
    struct err *err);

/* The exit code that err's kind means. */
int remote_exit(const struct err *err);
