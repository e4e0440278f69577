/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, with errors that name path and cause. Paths are C strings. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/str.h"

struct arena;
struct err;

/* Fails: ERR_NOT_FOUND, ERR_TOO_LARGE (over max_bytes), ERR_IO. */
bool file_read(struct arena *a, const char *path, size_t max_bytes, str *out, struct err *err);

/* Writes beside it and renames: a reader sees the old text or the new one. */
bool file_write(const char *path, str text, int mode, struct err *err);

/* Names in a folder without "." and "..", sorted; hidden ones included. */
bool dir_list(struct arena *a, const char *path, str **names, size_t *count, struct err *err);

bool path_is_dir(const char *path);
bool path_is_file(const char *path);
bool path_is_link(const char *path); /* a symbolic link, wherever it leads */
const char *path_join(struct arena *a, const char *dir, const char *name);

/* Makes the folder and what is missing above it. */
bool dir_make(const char *path, int mode, struct err *err);

/* A fresh folder below $TMPDIR or /tmp, mode 0700. */
bool dir_make_temp(struct arena *a, const char *prefix, const char **out, struct err *err);

/* Removes a folder and all below it; an absent one is no error. Does not follow links. */
bool dir_remove(const char *path, struct err *err);

void file_close_cleanup(FILE **f);
#define auto_close __attribute__((cleanup(file_close_cleanup)))
