/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS as a script: one provisioned product, its records, its notebook, and automations that do
 * what a test says and when. The wire is real (the client signs and the answers are written by
 * the wire of the local cloud); what is behind it is a few texts that the test sets.
 *
 * Nothing happens by itself: a test moves product, execution and instance, and sends the events.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "http/transport.h"

#define FAKE_MAX 32

struct fake_execution {
	char id[40], token[40];
	bool launch, start;
	const char *status, *failure;
	bool tells_product, tells_record; /* its steps' outputs hold the ids */
};

struct fake_fault {
	const char *operation, *code, *message;
	unsigned skip, count; /* the next count calls after the first skip */
	bool lose_answer;     /* the effect happens, the caller sees a time-out */
};

struct fake_aws {
	int64_t *now_ms;

	/* The product. word NULL: there is none. */
	const char *word, *message;
	char product_name[200];
	bool provisions; /* does starting a launch document make the product (UNDER_CHANGE)? */
	const char *launch_record, *terminate_record; /* "SUCCEEDED"; NULL: none yet */
	const char *record_errors;                    /* JSON list */
	bool outputs;      /* does the launch's record hold its outputs? */
	const char *cause; /* reason of the stack's failed resource */

	/* The notebook. NULL: RecordNotFound. */
	const char *instance;
	int64_t modified_ms;
	const char *second; /* of FAKE_SECOND, in types of two; NULL: as instance */

	struct fake_execution executions[FAKE_MAX];
	unsigned execution_count;

	struct fake_fault faults[FAKE_MAX];
	unsigned fault_count;

	/* The main account's policies, empty for none: the bucket's, then both keys'. */
	char policies[3][4096];
	char bus[1024];         /* whom PutPermission let in, each with a blank */
	const char *template;   /* of the hosting stack */
	const char *no_account; /* what policies may not name: AWS knows no such account */

	/* Called once, before that operation has its effect. */
	const char *meanwhile_at;
	void (*meanwhile)(void *cookie);
	void *cookie;

	/* What was called, and how often. */
	struct {
		char name[64];
		unsigned count;
	} calls[128];
	unsigned call_count;
	char last_parameters[8192]; /* of StartAutomationExecution */
	char last_token[64];
};

#define FAKE_PRODUCT "pp-abcdefghijklm"
#define FAKE_LAUNCH_RECORD "rec-launch0000001"
#define FAKE_TERMINATE_RECORD "rec-terminate0001"
#define FAKE_INSTANCE "Notebook-AbC123"
#define FAKE_SECOND "Second-AbC123"
#define FAKE_REGION "us-east-1"
#define FAKE_MAIN "111111111111"
#define FAKE_HOSTING "222222222222"
#define FAKE_STACK "swb-test-va"

/* For direct_transport. */
bool fake_handle(void *fake, struct arena *a, const struct http_request *req,
    struct http_response *resp, struct err *err);

/* The next count calls of the operation, after skip of them, are refused. */
void fake_refuse(struct fake_aws *f, const char *operation, unsigned skip, unsigned count,
    const char *code, const char *message);
/* They have their effect, and their answer is lost. */
void fake_lose(struct fake_aws *f, const char *operation, unsigned skip, unsigned count);

unsigned fake_calls(const struct fake_aws *f, const char *operation);

/* The newest execution of that document. */
struct fake_execution *fake_execution(struct fake_aws *f, bool launch);
