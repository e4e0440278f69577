/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Published versions of environment types. Ours alone, in items of their own:
 *
 *   SWB#TYPES / <type>              newest, productId, portfolioId
 *   SWB#VERSION#<type> / <hash>     status, provisioningArtifactId, documents, …
 *   SWB#FILES#<hash> / <name>#<n>   the bundle's texts, in pieces
 *   SWB#ARTIFACT#<id>               type and hash of a provisioning artifact
 *   SWB#SOURCES / <source>|<detail-type>|<type>|<mark>   a version whose events come from there
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "bundle/bundle.h"

struct arena;
struct change;
struct err;
struct item;
struct json;
struct workbench;

str version_pk(struct arena *a, str type);

/* Fails: ERR_NOT_FOUND. */
bool version_load(
    struct workbench *wb, struct arena *a, str type, str hash, struct item *out, struct err *err);

/* The type's row; *found is false where nothing of it was ever published. */
bool version_type(struct workbench *wb, struct arena *a, str type, struct item *out, bool *found,
    struct err *err);

/* Names of the types that have a published version, in order: "a, b". */
bool version_types_text(struct workbench *wb, struct arena *a, str *out, struct err *err);

/* Type and hash of an artifact; ERR_NOT_FOUND where swb did not publish it. */
bool version_of_artifact(
    struct workbench *wb, struct arena *a, str artifact_id, str *type, str *hash, struct err *err);

/*
 * The version, parsed and ready. It lives as long as the workbench, or in a where more versions
 * are in use than are kept. Fails: ERR_NOT_FOUND, ERR_IO (its texts are not what was stored).
 */
bool version_bundle(struct workbench *wb, struct arena *a, str type, str hash,
    const struct bundle **out, struct err *err);
void version_forget_all(struct workbench *wb);

/* Stores the texts, in as many transactions as they need; safe to repeat. */
bool version_keep_files(
    struct workbench *wb, struct arena *a, const struct bundle *b, struct err *err);

/* Rows that lead from an event's source and detail-type to this version. */
void version_add_sources(struct change *c, const struct bundle *b);

/*
 * Versions whose events may come from there: bundles that can locate an event's environment.
 * An array of {type, hash}.
 */
bool version_candidates(struct workbench *wb, struct arena *a, str source, str detail_type,
    const struct json **out, struct err *err);

/* "<namespace>-<Type><Operation>-<hash8>" */
str version_document_name(
    struct workbench *wb, struct arena *a, str type, enum bundle_verb verb, str hash);
