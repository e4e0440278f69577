/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of cloud/sagemaker share.
 *
 * Rows: sagemaker#notebook and sagemaker#lifecycle (sk: name in lower case, for ARNs are),
 * sagemaker#url (sk: hash of the token; one link to a notebook, deleted when it expires).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cloud/engine.h"

#define SAGEMAKER_NAME_PATTERN "[a-zA-Z0-9](-*[a-zA-Z0-9])*"

#define INPUT_CHECK(c, rows, err) input_check((c), (rows), countof(rows), (err))

/* --- notebook.c --- */

/* The instance in the member NotebookInstanceName. Fails: ValidationException "RecordNotFound". */
bool sagemaker_notebook_load(struct call *c, struct item *out, struct err *err);

bool sagemaker_create_notebook_instance(struct call *c, struct err *err);
bool sagemaker_describe_notebook_instance(struct call *c, struct err *err);
bool sagemaker_list_notebook_instances(struct call *c, struct err *err);
bool sagemaker_update_notebook_instance(struct call *c, struct err *err);

/* --- status.c --- */

/*
 * Moves an instance to a status in which something is under way ("Pending"), if the one it has
 * allows it: makes it due and tells it as an event. Fails: ValidationException, in AWS's words.
 */
bool sagemaker_status_begin(struct call *c, struct json *notebook, const char *to, struct err *err);
/* To a status in which nothing is under way, or NULL when it is gone; puts or deletes the row. */
bool sagemaker_status_end(
    struct call *c, struct json *notebook, const char *to, str failure, struct err *err);

bool sagemaker_start_notebook_instance(struct call *c, struct err *err);
bool sagemaker_stop_notebook_instance(struct call *c, struct err *err);
bool sagemaker_delete_notebook_instance(struct call *c, struct err *err);

/* --- step.c --- */

bool sagemaker_instance_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err);

/* --- url.c --- */

bool sagemaker_create_presigned_url(struct call *c, struct err *err);
bool sagemaker_url_step(
    struct call *c, const struct item *row, const struct json *result, struct err *err);

/* --- lifecycle.c --- */

/* NULL where there is none of that name. */
bool sagemaker_lifecycle_find(struct call *c, str name, const struct json **out, struct err *err);

bool sagemaker_create_lifecycle_config(struct call *c, struct err *err);
bool sagemaker_delete_lifecycle_config(struct call *c, struct err *err);
bool sagemaker_describe_lifecycle_config(struct call *c, struct err *err);
bool sagemaker_list_lifecycle_configs(struct call *c, struct err *err);
bool sagemaker_update_lifecycle_config(struct call *c, struct err *err);

/* --- list.c --- */

/* May there be one more of a kind? Fails: ResourceLimitExceeded. */
bool sagemaker_check_room(struct call *c, const char *kind, struct err *err);

struct sagemaker_sort {
	const char *name, *member; /* of SortBy; of the row */
};
/*
 * Lists rows of a kind that the input's filters on names and times take, sorted as it says, each
 * shown by show, under key. takes: further filters; NULL for none.
 */
bool sagemaker_list(struct call *c, const char *kind, const char *key,
    const struct sagemaker_sort *sorts, size_t sort_count,
    bool (*takes)(struct call *c, const struct json *row),
    void (*show)(struct call *c, const struct json *row, struct json *out), struct err *err);

/* --- tag.c --- */

bool sagemaker_add_tags(struct call *c, struct err *err);
bool sagemaker_delete_tags(struct call *c, struct err *err);
bool sagemaker_list_tags(struct call *c, struct err *err);
