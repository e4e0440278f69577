/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of app/ share: the parts, by value where they allow it. */
#pragma once

#include <stdatomic.h>

#include "app/app.h"
#include "aws/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cloud.h"
#include "compute/compute.h"
#include "http/transport.h"
#include "store/store.h"
#include "workbench/workbench.h"

enum app_part { APP_CLOUD, APP_DELIVERY, APP_WORKBENCH, APP_PART_COUNT };

struct app {
	struct app_options options;
	struct arena a; /* what lives as long as the app */
	atomic_uint_fast64_t commits;
	struct store *cloud_store, *workbench_store;
	struct simulated_compute compute;
	struct cloud *cloud;
	struct direct_transport to_cloud;  /* the workbench's AWS */
	struct direct_transport to_router; /* the cloud's API destinations */
	struct aws_client *aws;
	struct workbench *workbench;
	struct aws_credentials main_root, hosting_root;
	str events_secret;
	struct json *hosting_outputs; /* of the hosting account's stack */
	struct app_home home;

	/* Told when a part was handed something, which may be work for it; NULL for nobody. */
	void (*activity)(void *cookie, enum app_part of);
	void *activity_cookie;
};

void app_tell_activity(struct app *app, enum app_part of);

/* Where the cloud posts events, below the public URL. */
#define APP_EVENTS_PATH "/api/events"

/* Tokens: who issues them, and the key's file in the data folder. */
#define APP_ISSUER S("swb")
#define APP_TOKEN_KEY "token-key.json"

/* app/router.c: answers what the cloud posts. Made for direct_transport; cookie is the app. */
bool app_route(void *cookie, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err);

/* app/setup.c: the two accounts' stacks; then what the workbench must know to launch. */
bool app_setup_accounts(struct app *app, struct err *err);
bool app_setup_workbench(struct app *app, struct err *err);
