/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workbench: accounts, projects, environment types and environments, and the jobs that move
 * them. This header opens it and drives it; the services stand in headers of their own:
 *
 *   account.h   hosting accounts and cost centers     project.h   projects
 *   envtype.h   publishing bundles, types             config.h    configurations
 *   env.h       environments and their verbs          event.h     what the cloud tells
 *
 * Services answer stored items as JSON, members as in Service Workbench's table (api.md 5.2), pk
 * and sk included; what a caller may see of them is the API's matter. Every id parameter takes
 * any form of the same id ("env-<uuid>" or "<uuid>", either case).
 *
 * Defaults of all services: thread-safe; what is acknowledged is committed; several items change
 * in one transaction or not at all. Fails as told there, and with ERR_IO (the store).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/credentials.h"
#include "base/str.h"
#include "store/store.h"

struct aws_client;
struct clock;
struct err;
struct log;
struct store;
struct workbench;

struct workbench_options {
	struct store *store; /* opened with workbench_store_indexes and workbench_store_brief */
	struct clock *clock;
	struct aws_client *aws;

	/*
	 * The operator's key in the main account. It publishes types; for all else it assumes the
	 * roles ApiLambdaRoleOutput and AccountHandlerLambdaRoleOutput of the main stack, which
	 * must let it.
	 */
	struct aws_credentials base;

	/*
	 * Name of the main account's stack, which is also the namespace, the portfolio's name and
	 * the prefix of document names: "swb-local-va". Its outputs are read when first needed:
	 * accountId, awsRegion, ApiLambdaRoleOutput, AccountHandlerLambdaRoleOutput,
	 * StatusHandlerLambdaRoleOutput, S3BucketArtifactsArnOutput, S3BucketDatasetsArnOutput,
	 * DataSetsBucketName, S3ArtifactEncryptionKeyOutput, S3DatasetsEncryptionKeyOutput,
	 * LaunchConstraintIamRoleNameOutput.
	 */
	str stack;

	/*
	 * The text of the template that hosting accounts' stacks are made from: a registered
	 * account whose stack has another, comments and white space aside, is NEEDS_UPDATE. Empty:
	 * none is.
	 */
	str hosting_template;

	/*
	 * Where programs of types reach the cloud over HTTP, "http://127.0.0.1:8080"; empty: where
	 * AWS's tools look by themselves.
	 */
	str endpoint;

	str event_secret; /* of POST /events; empty: every event is refused */

	/* How often a running instance is asked for, a stopped one a quarter as often; 0 means an
	 * hour, CLOCK_NEVER never. */
	int64_t review_ms;
	const struct log *log; /* NULL for none */
};

/* For store_options of the workbench's store. */
extern const struct store_index workbench_store_indexes[];
extern const size_t workbench_store_index_count;
extern const char *const workbench_store_brief[];

/* Calls nothing and reads nothing yet; jobs that an earlier run left go on with the first step. */
bool workbench_open(
    const struct workbench_options *options, struct workbench **out, struct err *err);
void workbench_close(struct workbench *wb);

/*
 * Does one piece of due work, if any: one step of one job. Returns when the next is due: now_ms or
 * earlier means "call again", CLOCK_NEVER that nothing waits for time. Several threads may step at
 * once; each takes another job.
 */
int64_t workbench_step(struct workbench *wb, int64_t now_ms);

/*
 * When the next piece of work is due, without doing it. What other threads' services have just
 * written is counted.
 */
int64_t workbench_due(struct workbench *wb);
