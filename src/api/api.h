/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The REST API: Service Workbench's routes below /api, in the October 2022 form with the July 2022
 * token carrier (Authorization, bare or Bearer). Who is calling, whether they may, what they sent,
 * and what workbench says to it, in JSON; it decides nothing else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "http/message.h"

struct api;
struct arena;
struct clock;
struct err;
struct log;
struct workbench;

struct api_options {
	struct workbench *workbench;
	struct clock *clock;
	const char *key_file;  /* RS256 signing key; made (mode 0600) where it is absent */
	str issuer;            /* of tokens: the public URL */
	const struct log *log; /* the access log; NULL for none */
};

/* Fails: ERR_IO, ERR_INVALID (the key file holds no usable key). */
bool api_new(const struct api_options *options, struct api **out, struct err *err);
void api_free(struct api *api);

/* For http_server_options: is the answer a store read, so that a loop's own thread may give it? */
bool api_is_inline(void *api, const struct http_request *head);

/* Answers one request below /api, a wrong one too. Thread-safe. */
void api_handle(
    void *api, struct arena *a, const struct http_request *req, struct http_response *resp);

/*
 * An access token as Cognito forms it: sub, cognito:groups, token_use, client_id, iss, exp. groups
 * is a list of names: "ITAdmin", "<projectId>#Researcher", "<projectId>#ProjectAdmin".
 */
struct api_identity {
	str user_id; /* UUID */
	const str *groups;
	size_t group_count;
};
bool api_token_mint(struct api *api, struct arena *a, const struct api_identity *who,
    uint32_t lifetime_s, str *token, struct err *err);
