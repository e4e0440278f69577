/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/session.c: session tokens, "<base64url of JSON>.<signature>".
 */
#include "cloud/session.h"

#include "base/encode.h"
#include "base/hash.h"
#include "base/id.h"
#include "cloud/internal.h"

#define MAX_TOKEN_BYTES 8192

/* HMAC of the cloud's secret over purpose and text. */
static str
sign(struct cloud *cloud, struct arena *a, const char *purpose, str x, str y)
{
	str text = str_fmt(a, "%s\n" STR_FMT "\n" STR_FMT, purpose, STR_ARG(x), STR_ARG(y));
	char *mac = arena_raw(a, SHA256_BYTES);

	hmac_sha256(cloud->secret, text, (unsigned char *)mac);
	return base64url_encode(a, (str){ mac, SHA256_BYTES });
}

static str
secret_of(struct cloud *cloud, struct arena *a, str access_key_id)
{
	return str_sub(sign(cloud, a, "secret", access_key_id, S("")), 0, 40);
}

void
session_issue(struct cloud *cloud, struct arena *a, const struct principal *who,
    int64_t expires_at_ms, struct aws_credentials *out)
{
	struct principal ends = *who;
	str payload, signature;

	ends.expires_at_ms = expires_at_ms;
	payload = base64url_encode(a, json_text(a, principal_write(a, &ends)));
	out->access_key_id = str_cat(a, S("ASIA"), id_upper_alnum(a, 16));
	out->secret_access_key = secret_of(cloud, a, out->access_key_id);
	signature = sign(cloud, a, "token", out->access_key_id, payload);
	out->session_token = str_fmt(a, STR_FMT "." STR_FMT, STR_ARG(payload), STR_ARG(signature));
	out->expires_at_ms = expires_at_ms;
}

enum session_state
session_open(struct cloud *cloud, struct arena *a, str access_key_id, str token, int64_t now_ms,
    struct session *out)
{
	str rest = token, payload, text;
	const struct json *claims;
	struct err err;

	if (token.len == 0 || token.len > MAX_TOKEN_BYTES || !str_cut(&rest, '.', &payload) ||
	    !equal_constant_time(rest, sign(cloud, a, "token", access_key_id, payload)))
		return SESSION_UNKNOWN;
	err_init(&err, a);
	if (!base64url_decode(a, payload, &text) || !json_parse(a, text, &claims, &err))
		return SESSION_UNKNOWN;
	out->who = principal_read(claims);
	if (out->who.expires_at_ms <= now_ms)
		return SESSION_EXPIRED;
	out->secret_access_key = secret_of(cloud, a, access_key_id);
	return SESSION_VALID;
}
