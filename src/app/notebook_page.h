/* SPDX-License-Identifier: Apache-2.0 */
/* The page behind a presigned link of a simulated notebook instance. */
#pragma once

#include <stdbool.h>

#include "http/message.h"

struct app;
struct arena;

/* Is the target such a link, by its path? */
bool notebook_page_is_for(str target);

/* Tells which notebook it stands for, and that no computer is behind it; 403 for a bad link. */
void notebook_page_answer(
    struct app *app, struct arena *a, const struct http_request *req, struct http_response *resp);
