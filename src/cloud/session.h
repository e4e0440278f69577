/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Session credentials. They are not stored anywhere: the token itself says who acts until when,
 * under a signature by the cloud's own secret, and the secret key follows from the key's id. So
 * assuming a role writes nothing, leaves nothing behind and holds over a restart.
 */
#pragma once

#include "aws/credentials.h"
#include "cloud/engine.h"

enum session_state { SESSION_VALID, SESSION_UNKNOWN, SESSION_EXPIRED };

struct session {
	struct principal who; /* with its end */
	str secret_access_key;
};

void session_issue(struct cloud *cloud, struct arena *a, const struct principal *who,
    int64_t expires_at_ms, struct aws_credentials *out);

/* Who stands behind a key id and a token? out is filled where the state is SESSION_VALID. */
enum session_state session_open(struct cloud *cloud, struct arena *a, str access_key_id, str token,
    int64_t now_ms, struct session *out);
