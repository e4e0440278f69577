/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/deliver.c: one event on its way to one target.
 *
 * What needs only rows is done at once, in the transaction that put the event: it is handed to
 * another bus, or the request for an API destination is made. The request waits in a row, with the
 * event and the target as it was when the event came, and is sent outside any transaction; the step
 * after looks at the answer: done and deleted, given up and deleted, or due again later with a
 * fresh request. A kill between sending and deleting sends again, which is what "at least once"
 * means.
 */
#include "cloud/events/internal.h"

#include "base/clock.h"

#define MOST_TRIES 186 /* the first, and AWS's 185 retries */
#define MOST_AGE_S (24 * 60 * 60)
#define FIRST_DELAY_MS 1000
#define MOST_DELAY_MS (8 * 60 * 1000) /* 185 of these fill the 24 hours */

/* --- another bus ------------------------------------------------------------------------- */

/* Who hands the event over: the target's role, else the account itself. *may: could it be? */
static bool
sender(struct call *c, const struct json *target, struct principal *out, bool *may, struct err *err)
{
	str role = json_str(json_get(target, "RoleArn"));

	*out = principal_root(c->a, c->account);
	*may = true;
	if (role.len == 0)
		return true;
	*may = cloud_assume(c, role, S("EventBridge"), "events.amazonaws.com", out, err);
	if (*may || err->code.len == 0)
		return *may;
	err_clear(err);
	return true;
}

static bool
to_bus(struct call *c, struct json *body, bool *posts, struct err *err)
{
	const struct json *target = json_get(body, "target");
	struct principal who;
	struct events_bus bus;
	bool may, found;

	*posts = false;
	/* What came over a bus goes to no third one. */
	if (json_bool(json_get(body, "forwarded"), false))
		return true;
	if (!sender(c, target, &who, &may, err) ||
	    !events_bus_find(c, json_str(json_get(target, "Arn")), &bus, &found, err))
		return false;
	if (may && found && !events_bus_lets_put(c, &bus, &who, &may, err))
		return false;
	return !may || !found ||
	    events_route(c, &bus, json_get(body, "event"), true, c->now_ms, err);
}

/* --- API destinations -------------------------------------------------------------------- */

static bool
to_destination(struct call *c, struct json *body, bool *posts, struct err *err)
{
	const struct json *target = json_get(body, "target"), *destination, *connection;
	const struct events_origin origin = {
		.rule_arn = json_str(json_get(body, "ruleArn")),
		.rule_name = json_str(json_get(body, "ruleName")),
		.ingested_ms = json_i64(json_get(body, "ingestedMs"), 0),
	};
	struct principal who;
	bool may;

	*posts = false;
	if (!sender(c, target, &who, &may, err) ||
	    !events_destination_find(
		c, json_str(json_get(target, "Arn")), &destination, &connection, err))
		return false;
	if (!may || connection == NULL)
		return true;
	json_set(c->a, body, "request",
	    events_request_make(c->a, destination, connection, target,
		events_transform(c->a, target, json_get(body, "event"), &origin)));
	row_due_outside(c, body, "deliver", c->now_ms);
	*posts = true;
	return true;
}

static int64_t
backoff_ms(int64_t tries)
{
	int64_t delay = FIRST_DELAY_MS;

	while (--tries > 0 && delay < MOST_DELAY_MS)
		delay *= 2;
	return delay < MOST_DELAY_MS ? delay : MOST_DELAY_MS;
}

static int64_t
policy(const struct json *target, const char *key, int64_t usual)
{
	return json_i64(json_path(target, "RetryPolicy", key, NULL), usual);
}

/*
 * After a failed try: when to try again; CLOCK_NEVER to give up. The receiver's Retry-After counts
 * in its form in seconds, where it falls within the event's time.
 */
static int64_t
next_try_ms(struct call *c, const struct json *row, int64_t tries, const struct json *result)
{
	const struct json *target = json_get(row, "target");
	int64_t most = policy(target, "MaximumRetryAttempts", MOST_TRIES - 1) + 1, wished;
	int64_t end_ms = json_i64(json_get(row, "ingestedMs"), 0) +
	    policy(target, "MaximumEventAgeInSeconds", MOST_AGE_S) * 1000;
	int64_t next_ms = c->now_ms + backoff_ms(tries);

	if (str_to_i64(json_str(json_get(result, "retryAfter")), &wished)) {
		if (wished < 0)
			return CLOCK_NEVER;
		if (wished <= MOST_AGE_S && c->now_ms + wished * 1000 <= end_ms)
			next_ms = c->now_ms + wished * 1000;
	}
	return tries >= most || next_ms > end_ms ? CLOCK_NEVER : next_ms;
}

/* No answer at all, "too many", and the receiver's own trouble; all else is an answer for good. */
static bool
is_worth_retrying(int64_t status)
{
	return status == 0 || status == 429 || status >= 500;
}

static bool
conclude(struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	int64_t status = json_i64(json_get(result, "status"), 0);
	int64_t tries = json_i64(json_get(row->body, "tries"), 0) + 1, next_ms;
	struct json *body;

	if (!is_worth_retrying(status))
		return row_del(c, row->pk, row->sk, err);
	next_ms = next_try_ms(c, row->body, tries, result);
	if (next_ms == CLOCK_NEVER)
		return row_del(c, row->pk, row->sk, err);
	body = row_change(c, row);
	json_remove(body, "request");
	json_set(c->a, body, "tries", json_new_i64(c->a, tries));
	json_set(c->a, body, "lastAnswer", result);
	row_due(c, body, "deliver", next_ms);
	return row_put(c, body, err);
}

/* --- the way ----------------------------------------------------------------------------- */

/* What can be done with rows; *posts: body is due outside, with a request. Else that was all. */
static const struct target_kind {
	const char *resource;
	bool (*deliver)(struct call *c, struct json *body, bool *posts, struct err *err);
} target_kinds[] = {
	{ "api-destination/", to_destination },
	{ "event-bus/", to_bus },
};

static const struct target_kind *
kind_of(const struct events_arn *arn)
{
	for (size_t i = 0; i < countof(target_kinds); i++)
		if (str_is(arn->service, "events") &&
		    str_starts(arn->resource, str_of(target_kinds[i].resource)))
			return &target_kinds[i];
	return NULL;
}

bool
events_target_is_known(const struct events_arn *arn)
{
	return kind_of(arn) != NULL;
}

static bool
deliver(struct call *c, struct json *body, bool *posts, struct err *err)
{
	const struct target_kind *kind = NULL;
	struct events_arn arn;

	*posts = false;
	if (events_arn_read(json_str(json_path(body, "target", "Arn", NULL)), &arn))
		kind = kind_of(&arn);
	return kind == NULL || kind->deliver(c, body, posts, err);
}

/*
 * Numbers of deliveries: rows due at the same time go in this order, so events keep theirs. One
 * more than the highest that stands: a number may come again when nothing stands any more.
 */
static bool
number(struct call *c, struct json *body, struct err *err)
{
	const struct store_query q = { .hash = row_here(c, "events", "delivery"),
		.descending = true,
		.brief = true,
		.limit = 1 };
	struct store_page page;
	int64_t highest = 0;

	if (!row_query(c, &q, &page, err))
		return false;
	if (page.count > 0)
		(void)str_to_i64(page.items[0].sk, &highest);
	json_set_str(c->a, body, "sk", str_fmt(c->a, "%012lld", (long long)highest + 1));
	return true;
}

/* What is too large for a row, with the request made of it, is given up: nobody else is to fail. */
static bool
keep(struct call *c, const struct json *body, struct err *err)
{
	if (row_put(c, body, err))
		return true;
	if (err->kind != ERR_TOO_LARGE)
		return false;
	err_clear(err);
	return row_del(c, json_str(json_get(body, "pk")), json_str(json_get(body, "sk")), err);
}

/* c may act elsewhere than where the rule is: the delivery belongs to the rule's account. */
bool
events_delivery_start(struct call *c, const struct item *rule, const struct json *target,
    const struct json *event, bool forwarded, int64_t due_ms, struct err *err)
{
	struct call there = *c;
	struct json *body;
	bool waits = due_ms > c->now_ms;

	there.service = S("events");
	there.account = json_str(json_get(rule->body, "account"));
	there.region = json_str(json_get(rule->body, "region"));
	there.watch = NULL;
	body = row_new(&there, row_here(&there, "events", "delivery"), S(""));
	json_put(c->a, body, "event", event);
	json_put(c->a, body, "target", target);
	json_put(c->a, body, "ruleArn", json_get(rule->body, "arn"));
	json_put(c->a, body, "ruleName", json_get(rule->body, "name"));
	json_put_bool(c->a, body, "forwarded", forwarded);
	json_put_i64(c->a, body, "ingestedMs", c->now_ms);
	json_put_i64(c->a, body, "tries", 0);
	if (waits)
		row_due(&there, body, "deliver", due_ms);
	else if (!deliver(&there, body, &waits, err))
		return false;
	return !waits || (number(&there, body, err) && keep(&there, body, err));
}

const struct json *
events_deliver_outside(struct cloud *cloud, struct arena *a, const struct item *row)
{
	return events_request_send(cloud, a, json_get(row->body, "request"));
}

bool
events_deliver_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err)
{
	struct json *body = row_change(c, row);
	bool posts;

	if (result != NULL)
		return conclude(c, row, result, err);
	if (!deliver(c, body, &posts, err))
		return false;
	return posts ? keep(c, body, err) : row_del(c, row->pk, row->sk, err);
}
