/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/publish.c: begins to publish a version; job_publish.c does it.
 *
 * The texts are stored first, then the version's row and its job in one transaction: whoever sees
 * the row finds the texts.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "workbench/change.h"
#include "workbench/envtype.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/job.h"
#include "workbench/version.h"

#define ALLOWED_MS (30 * MINUTE_MS)
#define MAX_SOURCES 40  /* event sources of one type: each is a row of the last transaction */
#define MAX_NAME_LEN 64 /* of a type: document names have 128 characters */
#define MAX_DOCUMENT_BYTES ((size_t)64 << 10) /* SSM's */

static bool
check(struct workbench *wb, struct arena *a, const struct bundle *b, struct err *err)
{
	if (b->type.len == 0 || b->type.len > MAX_NAME_LEN)
		return err_set(err, ERR_INVALID,
		    "the name of a type has 1 to %d characters: " STR_FMT, MAX_NAME_LEN,
		    STR_ARG(b->type));
	if (json_count(bundle_event_sources(a, b)) > MAX_SOURCES)
		return err_set(err, ERR_INVALID,
		    "type " STR_FMT " has events from more than %d sources", STR_ARG(b->type),
		    MAX_SOURCES);
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++) {
		str name = version_document_name(wb, a, b->type, (enum bundle_verb)v, b->hash);

		if (b->verbs[v].document.len > MAX_DOCUMENT_BYTES)
			return err_set(err, ERR_INVALID,
			    "the %s document of type " STR_FMT " has %zu bytes; SSM takes %zu",
			    verb_name((enum bundle_verb)v), STR_ARG(b->type),
			    b->verbs[v].document.len, MAX_DOCUMENT_BYTES);
		if (name.len > 128)
			return err_set(err, ERR_INVALID,
			    "document name " STR_FMT " has %zu characters; SSM takes 128",
			    STR_ARG(name), name.len);
	}
	return true;
}

static struct json *
version_body(struct workbench *wb, struct arena *a, const struct bundle *b)
{
	struct json *body = item_new(a, version_pk(a, b->type), b->hash);

	json_put_str(a, body, "type", b->type);
	json_put_str(a, body, "hash", b->hash);
	json_put_str(a, body, "name", b->name);
	json_put_str(a, body, "description", b->description);
	json_put_str(a, body, "status", S("PUBLISHING"));
	item_stamp(a, body, clock_now_ms(wb->o.clock));
	return body;
}

static struct json *
publish_job(struct workbench *wb, struct arena *a, const struct bundle *b)
{
	int64_t now = clock_now_ms(wb->o.clock);
	struct json *row = job_row(a, str_fmt(a, "publish-" STR_FMT, STR_ARG(b->hash)),
	    &job_publish, (str){ 0 }, now, now + ALLOWED_MS);

	json_put_str(a, row, "type", b->type);
	json_put_str(a, row, "hash", b->hash);
	return row;
}

bool
envtype_publish(struct workbench *wb, struct arena *a, const struct bundle *b, struct err *err)
{
	struct change c;
	struct item old;
	bool found;

	if (!check(wb, a, b, err) ||
	    !store_find(wb->o.store, a, version_pk(a, b->type), b->hash, &old, &found, err))
		return false;
	if (found && !str_is(json_str(json_get(old.body, "status")), "FAILED"))
		return true;
	if (!version_keep_files(wb, a, b, err))
		return false;
	change_init(&c, wb, a);
	change_put(&c, version_body(wb, a, b), found ? old.version : STORE_NEW);
	change_put(&c, publish_job(wb, a, b), STORE_NEW);
	if (change_commit(&c, err) || err->kind != ERR_CONFLICT)
		return err->kind == ERR_NONE;
	err_clear(err); /* another call was faster, and publishes it */
	return true;
}
