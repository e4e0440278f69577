/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an engine is, and all that engines may use. Engines never include each other: they call
 * each other by cloud_call(), through the same table that the door uses, as the principal that
 * AWS would use.
 *
 * The protocol. The door (or cloud_step, or another engine) finds the action's row, checks the
 * input against aws/model.h, opens a transaction (nested calls: a savepoint) and runs it. The
 * action reads and writes rows, fills call->out and returns; an error undoes what it wrote. Long
 * work is a row that carries a due time (row_due): cloud_step() loads it when it is due and runs
 * the task named in the row, again in one transaction.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "store/store.h"

struct arena;
struct cloud;

enum principal_kind { PRINCIPAL_ROOT, PRINCIPAL_USER, PRINCIPAL_ROLE, PRINCIPAL_SERVICE };

struct principal {
	enum principal_kind kind;
	str account;           /* 12 digits; of the calling account for services acting in it */
	str arn;               /* "arn:aws:sts::1:assumed-role/R/S", "arn:aws:iam::1:root" */
	str id;                /* "AROA…:session", the account for root */
	str role_arn;          /* PRINCIPAL_ROLE: "arn:aws:iam::1:role/path/R" */
	str service;           /* PRINCIPAL_SERVICE: "sagemaker.amazonaws.com" */
	int64_t expires_at_ms; /* of a session; 0: it does not end */
	str session_policy;    /* PRINCIPAL_ROLE: what narrows its session; empty for nothing */
};

/* One action, or one step of a task, being carried out. */
struct call {
	struct cloud *cloud;
	struct arena *a;
	const struct principal *who;
	str account, region; /* where it acts */
	str service, action; /* "servicecatalog", "ProvisionProduct"; a task's engine and name */
	str request_id;
	int64_t now_ms;
	const struct json *in; /* checked and coerced; never NULL */
	struct json *out;      /* an empty object to fill, in the form of the operation's output */
	struct watch *watch;   /* not NULL: rows that this call reads are remembered here */
	bool from_outside;     /* asked by a customer, not by a service on one's behalf */
};

/*
 * An error that the caller of AWS shall see: err_code(err, kind, "ValidationException", …). An
 * err without a code is a fault of ours and is answered as InternalFailure.
 */
struct action {
	const char *name;
	bool (*run)(struct call *c, struct err *err);
	const char *iam_action; /* "servicecatalog:ProvisionProduct" */
	/*
	 * The ARN it acts on, with ${region}, ${account} and ${Member} of the input; "*" where the
	 * service has no resource-level permission. aws.md 6.6.
	 */
	const char *resource;
};

/*
 * A step of long work. The row was loaded by the caller in this transaction; the step changes it
 * and puts it (row_put) with its next due time, or without one when the work is done.
 * An err means that the step could not be done now: it is rolled back and repeated with growing
 * delay.
 */
struct task {
	const char *name; /* "stack"; rows say "cloudformation/stack" */
	bool (*step)(
	    struct call *c, const struct item *row, const struct json *result, struct err *err);
	/*
	 * For rows made due by row_due_outside(): work that must not run inside the transaction,
	 * such as a delivery over HTTP. Runs first, without lock or transaction; what it makes is
	 * handed to step as result (else NULL).
	 */
	const struct json *(*outside)(struct cloud *cloud, struct arena *a, const struct item *row);
};

struct engine {
	const char *service; /* the name in aws/model.h */
	const struct action *actions;
	size_t action_count;
	const struct task *tasks;
	size_t task_count;
};

/*
 * --- rows ----------------------------------------------------------------------------
 *
 * Members that are not the engine's to use otherwise: pk, sk, account, region; task, queue, dueAt,
 * attempts, lastError (row_due); ref, refSort, ref2, refSort2 (indexes); as (principal_write() of
 * who acts in the row's steps; absent: the engine's own service principal in the row's account).
 */

/* Partition of one kind of row: "<service>#<kind>#<account>#<region>". */
str row_partition(struct call *c, const char *service, const char *kind, str account, str region);
/* The same for the call's own account and region. */
str row_here(struct call *c, const char *service, const char *kind);

/* A new body with pk, sk, account and region; add members and row_put() it. */
struct json *row_new(struct call *c, str pk, str sk);

bool row_find(struct call *c, str pk, str sk, struct item *out, bool *found, struct err *err);
bool row_put(struct call *c, const struct json *body, struct err *err);
/* The same where nothing changed that anybody waits for: it wakes nobody. */
bool row_put_quietly(struct call *c, const struct json *body, struct err *err);
bool row_del(struct call *c, str pk, str sk, struct err *err); /* an absent one is no error */

/* A text of the row; empty when it is absent. */
str row_text(const struct item *row, const char *member);

/* A body to change and put: members of the row may be set without touching what was loaded. */
struct json *row_change(struct call *c, const struct item *row);

/* By partition, or by one of the two free indexes: "byRef" (members ref, refSort), "byRef2". */
bool row_query(
    struct call *c, const struct store_query *q, struct store_page *out, struct err *err);

/* How many stand in a partition. */
bool row_count(struct call *c, str pk, uint64_t *out, struct err *err);

/*
 * May one more row come to a partition of most at most? Asked once for each that comes. A refusal
 * is right; rows that came without asking are noticed some questions later.
 */
bool row_has_room(struct call *c, str pk, uint64_t most, bool *has, struct err *err);

/* All rows of all pages, in order; each may delete the row it is given. */
bool row_each(struct call *c, const struct store_query *q,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    void *cookie, struct err *err);

/* Deletes all of them. */
bool row_del_all(struct call *c, const struct store_query *q, struct err *err);

/*
 * Sets or clears the members that make a row due; the row is then put by the caller. task is one
 * of the calling engine's. CLOCK_NEVER: no time, only a watch wakes it.
 */
void row_due(struct call *c, struct json *body, const char *task, int64_t due_ms);
/* The same where the task first works outside. Such rows take their turns one by one, in order. */
void row_due_outside(struct call *c, struct json *body, const char *task, int64_t due_ms);
void row_done(struct call *c, struct json *body);

/*
 * --- what is read again and again -------------------------------------------------------
 *
 * What make() builds of something that never changes stays in memory for later calls: key names
 * it, the engine and the kind included ("ssm/definition/<hash>"). It is built in a, by c and from;
 * where that fails, nothing stays. The result is not to be changed, and is gone when the call
 * from outside, or the step, is over: what goes into an answer is copied (json_copy).
 */
typedef bool memo_make(
    struct call *c, struct arena *a, const void *from, const void **out, struct err *err);
bool memo_get(
    struct call *c, str key, memo_make *make, const void *from, const void **out, struct err *err);

/* --- waiting for rows -------------------------------------------------------------------- */

/*
 * What watched calls read (rows, absent ones too, and whole lists), so that a wait is woken by a
 * change and need not poll. full: they read more than fits, so a poll must help.
 */
struct watch {
	str keys[16];
	size_t count;
	bool full;
};

/*
 * The row (pk, sk), which must have a task when this transaction ends, becomes due as soon as
 * anything watched is written. A later watch_set() for it, its next step and its deletion end the
 * watch. Load a waiting row after what wakes it was written, or the put undoes the waking.
 */
bool watch_set(struct call *c, const struct watch *w, str pk, str sk, struct err *err);
void watch_add(struct call *c, struct watch *w, str pk, str sk);
/* Any row of a partition (index empty) or of a value in an index. */
void watch_add_list(struct call *c, struct watch *w, str index, str hash);

/* --- calling other engines ----------------------------------------------------------------- */

struct cloud_request {
	const char *service, *action; /* or service_name/action_name where not known beforehand */
	str service_name, action_name;
	const struct principal *as; /* NULL: as the caller of c */
	str account, region;        /* empty: the principal's account, the call's region */
	const struct json *in;      /* NULL: none */
	struct watch *watch;        /* NULL: as c, which is not watched as a rule */
	str token;         /* seed of idempotency tokens that in leaves out; empty: random */
	bool automation;   /* made by an SSM document: faults may single these out */
	bool from_outside; /* came in by the door: faults may hit it */
	str request_id;    /* empty: a fresh one */
};

/*
 * Fails as the action fails, with what it wrote undone and the caller's own writes kept. Input that
 * does not fit the model fails with code "ParamValidation", an unknown operation with
 * "UnknownOperationException". Where a fault loses the answer: ERR_TIMEOUT, the effect stays.
 */
bool cloud_call(
    struct call *c, const struct cloud_request *rq, const struct json **out, struct err *err);

/*
 * The same from outside of any call: takes the lock; rq->as must be set, an empty rq->region means
 * the cloud's own. The door and tests come in here. Thread-safe.
 */
bool cloud_invoke(struct cloud *cloud, struct arena *a, const struct cloud_request *rq,
    const struct json **out, struct err *err);

/*
 * A role's session as AWS would make it for a service ("sagemaker.amazonaws.com"): the role must
 * exist and its trust policy allow it. Fails: AccessDenied.
 */
bool cloud_assume(struct call *c, str role_arn, str session_name, const char *service,
    struct principal *out, struct err *err);

/* A service acting in an account: "sagemaker.amazonaws.com". */
struct principal principal_service(struct arena *a, str account, const char *service);
struct principal principal_root(struct arena *a, str account);

/* A principal as JSON, to keep in a row, and back. */
struct json *principal_write(struct arena *a, const struct principal *p);
struct principal principal_read(const struct json *j);

/*
 * Puts an event of an AWS service on the default bus of account. Best effort, as AWS's are: what
 * the events engine refuses is dropped. resources may be NULL.
 */
bool cloud_emit(struct call *c, str account, const char *source, const char *detail_type,
    const struct json *resources, const struct json *detail, struct err *err);

/* The collaborators, for the engines that need them. */
struct clock *cloud_clock(struct cloud *cloud);
struct compute *cloud_compute(struct cloud *cloud);
struct transport *cloud_deliver(struct cloud *cloud);
struct fault_plan *cloud_faults(struct cloud *cloud);
str cloud_public_url(struct cloud *cloud);

/* --- helpers that every engine's answers need ------------------------------------------------ */

str arn_make(struct arena *a, const char *service, str region, str account, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
str arn_account(str arn); /* empty where there is none */
str arn_name(str arn);    /* what stands behind the last '/' */

/* "arn:<partition>:service:region:account:resource" in its parts; false for anything else. */
struct arn {
	str service, region, account, resource;
};
bool arn_parse(str arn, struct arn *out);

/* Seconds with fraction, as aws/model.h has timestamps. */
struct json *time_json(struct arena *a, int64_t ms);

/* Is there such an account in this cloud? */
bool account_exists(struct call *c, str account, bool *exists, struct err *err);

/* How the service of c words the code of bad input: "ValidationException", "ValidationError". */
const char *validation_code(const struct call *c);

/*
 * A limit of one member of the input: "Name", "RetryPolicy.MaximumRetryAttempts", "Targets[].Id"
 * of each element (or of each value of a map), "TagKeys[]". min and max are of the value where it
 * is a number, else of the length; max 0 is none. values: what a text may be, told apart by blanks.
 * A member that is absent breaks no rule.
 */
struct input_rule {
	const char *member;
	int64_t min, max;
	const char *pattern; /* Java-like, of the whole text; NULL for any */
	const char *values;  /* NULL for any */
};

/* Fails: validation_code(), "N validation errors detected: Value 'x' at 'y' failed …". */
bool input_check(struct call *c, const struct input_rule *rules, size_t count, struct err *err);

/* Does pattern, one of our own, match the whole text? */
bool text_matches(str text, const char *pattern);

/* A member of the input: its text; empty when it is absent or no text. */
str input_str(const struct call *c, const char *member);

/* Lists of {Key, Value} (or other names of the two): new ones added or replaced, keys dropped. */
struct json *tags_with(struct arena *a, const struct json *tags, const struct json *more,
    const char *key, const char *value);
struct json *tags_without(
    struct arena *a, const struct json *tags, const struct json *keys, const char *key);

/*
 * Puts at most limit elements of list (0: all) in c->out under key, those after token, and a new
 * token under token_key where more is left. Fails: validation_code() where token is a foreign one.
 */
bool paginate(struct call *c, const struct json *list, const char *key, int64_t limit, str token,
    const char *token_key, struct err *err);
