/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/version.c: finds published versions, and keeps those in use parsed in memory.
 *
 * A version never changes, so a parsed one is right as long as the program runs.
 */
#include "workbench/version.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "workbench/change.h"
#include "workbench/internal.h"
#include "workbench/item.h"

/* Of text, before base64: an item may have STORE_MAX_ITEM_BYTES. */
#define PIECE_BYTES ((size_t)192 << 10)
#define TYPES_PK S("SWB#TYPES")
#define SOURCES_PK S("SWB#SOURCES")

str
version_pk(struct arena *a, str type)
{
	return str_fmt(a, "SWB#VERSION#" STR_FMT, STR_ARG(type));
}

bool
version_load(
    struct workbench *wb, struct arena *a, str type, str hash, struct item *out, struct err *err)
{
	if (store_load(wb->o.store, a, version_pk(a, type), hash, out, err))
		return true;
	return err->kind == ERR_NOT_FOUND ? item_missing(err, "version of environment type", type)
					  : false;
}

bool
version_type(
    struct workbench *wb, struct arena *a, str type, struct item *out, bool *found, struct err *err)
{
	*found = false;
	return type.len == 0 || store_find(wb->o.store, a, TYPES_PK, type, out, found, err);
}

bool
version_types_text(struct workbench *wb, struct arena *a, str *out, struct err *err)
{
	struct store_query q = { .hash = TYPES_PK, .brief = true };
	struct buf text = buf_in(a);
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		buf_fmt(&text, "%s" STR_FMT, i == 0 ? "" : ", ", STR_ARG(page.items[i].sk));
	*out = buf_str(&text);
	return true;
}

bool
version_of_artifact(
    struct workbench *wb, struct arena *a, str artifact_id, str *type, str *hash, struct err *err)
{
	str key = str_fmt(a, "SWB#ARTIFACT#" STR_FMT, STR_ARG(artifact_id));
	struct item item;

	if (!store_load(wb->o.store, a, key, S("SWB#ARTIFACT"), &item, err))
		return false;
	*type = json_str(json_get(item.body, "type"));
	*hash = json_str(json_get(item.body, "hash"));
	return true;
}

str
version_document_name(
    struct workbench *wb, struct arena *a, str type, enum bundle_verb verb, str hash)
{
	static const char *const operations[BUNDLE_VERB_COUNT] = {
		[BUNDLE_LAUNCH] = "Launch",
		[BUNDLE_TERMINATE] = "Terminate",
		[BUNDLE_START] = "Start",
		[BUNDLE_STOP] = "Stop",
		[BUNDLE_CONNECT] = "Connect",
	};

	return str_fmt(a, STR_FMT "-" STR_FMT STR_FMT "%s-" STR_FMT, STR_ARG(wb->o.stack),
	    STR_ARG(str_upper(a, str_sub(type, 0, 1))), STR_ARG(str_from(type, 1)),
	    operations[verb], STR_ARG(str_sub(hash, 0, 8)));
}

/* --- texts --------------------------------------------------------------------------------- */

static str
files_pk(struct arena *a, str hash)
{
	return str_fmt(a, "SWB#FILES#" STR_FMT, STR_ARG(hash));
}

static bool
keep_file(
    struct workbench *wb, struct arena *a, str hash, const struct bundle_file *f, struct err *err)
{
	for (size_t n = 0; n == 0 || n * PIECE_BYTES < f->text.len; n++) {
		struct json *body = item_new(
		    a, files_pk(a, hash), str_fmt(a, STR_FMT "#%03zu", STR_ARG(f->name), n));

		json_put_str(a, body, "name", f->name);
		json_put_str(a, body, "piece",
		    base64_encode(a, str_sub(f->text, n * PIECE_BYTES, PIECE_BYTES)));
		if (!store_put(wb->o.store, body, STORE_ANY, err))
			return false;
	}
	return true;
}

bool
version_keep_files(struct workbench *wb, struct arena *a, const struct bundle *b, struct err *err)
{
	for (size_t i = 0; i < b->file_count; i++)
		if (!keep_file(wb, a, b->hash, &b->files[i], err))
			return false;
	return true;
}

/* Pieces come in the order of names, then numbers. */
static bool
load_files(struct workbench *wb, struct arena *a, str hash, struct bundle_file *files,
    size_t *count, struct err *err)
{
	struct store_query q = { .hash = files_pk(a, hash) };
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	*count = 0;
	for (size_t i = 0; i < page.count; i++) {
		str name = json_str(json_get(page.items[i].body, "name")), text;

		if (!base64_decode(a, json_str(json_get(page.items[i].body, "piece")), &text))
			return err_set(err, ERR_IO,
			    "a stored file of version " STR_FMT " is damaged: " STR_FMT,
			    STR_ARG(hash), STR_ARG(name));
		if (*count > 0 && str_eq(files[*count - 1].name, name)) {
			files[*count - 1].text = str_cat(a, files[*count - 1].text, text);
			continue;
		}
		if (*count == BUNDLE_MAX_FILES)
			return err_set(
			    err, ERR_IO, "version " STR_FMT " has too many files", STR_ARG(hash));
		files[(*count)++] = (struct bundle_file){ name, text };
	}
	return true;
}

static bool
parse_stored(struct workbench *wb, struct arena *a, str type, str hash, const struct bundle **out,
    struct err *err)
{
	struct bundle *b = arena_new(a, struct bundle, 1);
	struct bundle_file files[BUNDLE_MAX_FILES];
	struct findings findings = { .a = a };
	size_t count;

	if (!load_files(wb, a, hash, files, &count, err))
		return false;
	if (count == 0)
		return item_missing(err, "version of environment type", type);
	if (!bundle_parse(a, str_dup(a, type), files, count, b, &findings, err))
		return false;
	if (findings.errors > 0)
		return err_set(err, ERR_IO,
		    "stored version " STR_FMT " of type " STR_FMT " is no longer valid:\n" STR_FMT,
		    STR_ARG(hash), STR_ARG(type), STR_ARG(findings_text(a, &findings)));
	*out = b;
	return true;
}

/* --- versions in memory -------------------------------------------------------------------- */

static const struct bundle *
kept_locked(struct workbench *wb, str hash)
{
	mutex_assert_held(&wb->mu);
	for (size_t i = 0; i < wb->bundle_count; i++)
		if (str_eq(wb->bundles[i].hash, hash))
			return wb->bundles[i].bundle;
	return NULL;
}

static const struct bundle *
kept(struct workbench *wb, str hash)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);

	return kept_locked(wb, hash);
}

/* Takes over arena's memory, unless another thread was faster or there is no room. */
static const struct bundle *
keep(struct workbench *wb, const struct bundle *b, str hash, struct arena *memory)
{
	auto_unlock struct mutex *held = mutex_hold(&wb->mu);
	const struct bundle *other = kept_locked(wb, hash);

	if (other != NULL || wb->bundle_count == WORKBENCH_MAX_BUNDLES)
		return other;
	wb->bundles[wb->bundle_count++] =
	    (struct bundle_entry){ str_dup(memory, hash), b, *memory };
	*memory = (struct arena){ 0 };
	return b;
}

bool
version_bundle(struct workbench *wb, struct arena *a, str type, str hash, const struct bundle **out,
    struct err *err)
{
	auto_arena memory = { 0 };
	const struct bundle *b;

	*out = kept(wb, hash);
	if (*out != NULL)
		return true;
	if (!parse_stored(wb, &memory, type, hash, &b, err))
		return false;
	*out = keep(wb, b, hash, &memory);
	return *out != NULL || parse_stored(wb, a, type, hash, out, err);
}

void
version_forget_all(struct workbench *wb)
{
	for (size_t i = 0; i < wb->bundle_count; i++)
		arena_fini(&wb->bundles[i].memory);
	wb->bundle_count = 0;
}

/* --- where events come from ------------------------------------------------------------------ */

/*
 * Versions with the same events: section find environments alike: one row stands for all of
 * them, so that rows do not grow with versions.
 */
void
version_add_sources(struct change *c, const struct bundle *b)
{
	const struct json *pair = json_first(bundle_event_sources(c->a, b));
	str mark =
	    str_sub(sha256_hex(c->a, json_text(c->a, json_get(b->manifest, "events"))), 0, 16);

	for (; pair != NULL; pair = pair->next) {
		str source = json_str(json_at(pair, 0)), detail_type = json_str(json_at(pair, 1));
		struct json *body = item_new(c->a, SOURCES_PK,
		    str_fmt(c->a, STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(source),
			STR_ARG(detail_type), STR_ARG(b->type), STR_ARG(mark)));

		json_put_str(c->a, body, "type", b->type);
		json_put_str(c->a, body, "hash", b->hash);
		change_put(c, body, STORE_ANY);
	}
}

static bool
add_candidates(struct workbench *wb, struct arena *a, str source, str detail_type, struct json *out,
    struct err *err)
{
	struct store_query q = { .hash = SOURCES_PK,
		.condition = STORE_BEGINS,
		.a = str_fmt(a, STR_FMT "|" STR_FMT "|", STR_ARG(source), STR_ARG(detail_type)),
		.brief = true };
	struct store_page page;

	if (!store_query(wb->o.store, a, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++)
		json_push(a, out, page.items[i].body);
	return true;
}

bool
version_candidates(struct workbench *wb, struct arena *a, str source, str detail_type,
    const struct json **out, struct err *err)
{
	struct json *list = json_new_array(a);
	str any = { 0 };

	*out = list;
	return add_candidates(wb, a, source, detail_type, list, err) &&
	    add_candidates(wb, a, source, any, list, err) &&
	    add_candidates(wb, a, any, detail_type, list, err) &&
	    add_candidates(wb, a, any, any, list, err);
}
