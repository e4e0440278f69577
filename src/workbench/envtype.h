/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Environment types. A bundle's content is published once as a version (its hash): a provisioning
 * artifact and documents that never change. A type is what people see and approve; it names one
 * version.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct bundle;
struct err;
struct json;
struct list_page;
struct workbench;

/*
 * Publishes a checked bundle (no errors among its findings) by a job: template to the artifact
 * bucket, product, artifact, launch constraint, documents shared with every account. Publishing
 * the same content again is no error and changes nothing; after a failure it goes on where it
 * failed. Follow it with envtype_version().
 * Fails: ERR_INVALID (a name, a document or a list of event sources that AWS or swb cannot take).
 */
bool envtype_publish(
    struct workbench *wb, struct arena *a, const struct bundle *b, struct err *err);

/*
 * The same from texts that came over a wire: files is [{name, text}]. What is wrong with the type
 * is in *findings, an array of {severity, file, line, column, code, message, fix} that is NULL
 * where it was not read at all; a type with warnings only is published. *out is its version. Fails:
 * ERR_INVALID (as told in *findings; a name that no file may have; a type that runs a program of
 * its own, which only the folder of whoever runs the server may bring), ERR_TOO_LARGE.
 */
bool envtype_upload(struct workbench *wb, struct arena *a, str type, const struct json *files,
    const struct json **out, const struct json **findings, struct err *err);

/*
 * One version, by type and hash; an empty hash means the newest published one: {type, hash,
 * status: PUBLISHING, PUBLISHED or FAILED, error?, productId?, provisioningArtifactId?,
 * documents: {launch, terminate, …}?, createdAt}.
 * Fails: ERR_NOT_FOUND.
 */
bool envtype_version(struct workbench *wb, struct arena *a, str type, str hash,
    const struct json **out, struct err *err);

struct envtype_creation {
	str type, name, description;
	str status;                  /* APPROVED or NOT_APPROVED */
	str product_id, artifact_id; /* empty: those of the newest published version */
	const struct json *params;   /* kept as it is; NULL for none */
	const struct json *allowed_role_ids;
	str owner;
};

/* Fails: ERR_INVALID (a field; a type without that published version). */
bool envtype_create(struct workbench *wb, struct arena *a, const struct envtype_creation *in,
    const struct json **out, struct err *err);

/* Fails: ERR_NOT_FOUND. */
bool envtype_get(
    struct workbench *wb, struct arena *a, str id, const struct json **out, struct err *err);
/* An array, oldest first. */
bool envtype_list(struct workbench *wb, struct arena *a, const struct json **out, struct err *err);
/* A page of it. Fails: ERR_INVALID (start_after is no page's next). */
bool envtype_page(struct workbench *wb, struct arena *a, struct list_page *page, struct err *err);

/*
 * changes: some of name, description and status, as strings.
 * Fails: ERR_NOT_FOUND, ERR_INVALID (another member, another status), ERR_CONFLICT (others
 * change it all the time).
 */
bool envtype_update(struct workbench *wb, struct arena *a, str id, const struct json *changes,
    str actor, const struct json **out, struct err *err);

/*
 * Makes a published version the one that the type launches, with all its configurations whose
 * values fit that version; one that does not stays with the version that it has. What was launched
 * keeps what it was launched with. Safe to repeat. An empty hash means the newest version.
 * *out: {environmentType, configurations: [{id, name, hash, findings?}]}.
 * Fails: ERR_NOT_FOUND (the type, or that version of it), ERR_CONFLICT (it is not published, or
 * others change the type all the time).
 */
bool envtype_adopt(struct workbench *wb, struct arena *a, str id, str hash, str actor,
    const struct json **out, struct err *err);
