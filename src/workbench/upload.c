/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/upload.c: a type's folder that came over a wire, checked and published.
 *
 * Names become keys of the store and names of documents, so they are held narrow. A program of the
 * type's own would run beside the server: whoever may publish over the network need not be who may
 * run programs there.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/bundle.h"
#include "workbench/envtype.h"
#include "workbench/internal.h"

#define MAX_NAME_LEN 128

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "sagemakerNotebook" */
static bool
check_type(str type, struct err *err)
{
	bool ok =
	    type.len > 0 && type.len <= MAX_NAME_LEN && type.ptr[0] >= 'a' && type.ptr[0] <= 'z';

	for (size_t i = 0; ok && i < type.len; i++)
		ok = is_alnum(type.ptr[i]);
	if (ok)
		return true;
	return err_set(err, ERR_INVALID,
	    "type is the folder's name in camelCase, of letters and digits: " STR_FMT,
	    STR_ARG(str_clip(type, MAX_NAME_LEN)));
}

static bool
check_name(str name, struct err *err)
{
	bool ok = name.len > 0 && name.len <= MAX_NAME_LEN && name.ptr[0] != '.';

	for (size_t i = 0; ok && i < name.len; i++)
		ok = is_alnum(name.ptr[i]) || name.ptr[i] == '.' || name.ptr[i] == '_' ||
		    name.ptr[i] == '-';
	if (ok)
		return true;
	return err_set(err, ERR_INVALID,
	    "a file of a type is named with letters, digits, '.', '_' and '-': " STR_FMT,
	    STR_ARG(str_clip(name, MAX_NAME_LEN)));
}

static bool
read_file(const struct json *json, const struct bundle_file *others, size_t count,
    struct bundle_file *out, struct err *err)
{
	*out = (struct bundle_file){ json_str(json_get(json, "name")),
		json_str(json_get(json, "text")) };
	if (!check_name(out->name, err))
		return false;
	if (!json_is(json_get(json, "text"), JSON_STRING))
		return err_set(
		    err, ERR_INVALID, "file " STR_FMT " has no text", STR_ARG(out->name));
	if (out->text.len > BUNDLE_MAX_FILE_BYTES)
		return err_set(err, ERR_TOO_LARGE, "file " STR_FMT " has more than %zu bytes",
		    STR_ARG(out->name), BUNDLE_MAX_FILE_BYTES);
	for (size_t i = 0; i < count; i++)
		if (str_eq(others[i].name, out->name))
			return err_set(err, ERR_INVALID, "file " STR_FMT " is there twice",
			    STR_ARG(out->name));
	return true;
}

static bool
read_files(const struct json *json, struct bundle_file files[BUNDLE_MAX_FILES], size_t *count,
    struct err *err)
{
	*count = 0;
	if (json_count(json) > BUNDLE_MAX_FILES)
		return err_set(err, ERR_TOO_LARGE, "a type has at most %d files, and not %zu",
		    BUNDLE_MAX_FILES, json_count(json));
	for (const struct json *f = json_first(json); f != NULL; f = f->next, (*count)++)
		if (!read_file(f, files, *count, &files[*count], err))
			return false;
	return true;
}

static bool
check_programs(const struct bundle *b, struct err *err)
{
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++)
		if (b->verbs[v].exec.len > 0)
			return err_set(err, ERR_INVALID,
			    "type " STR_FMT " runs a program of its own (" STR_FMT
			    "), which the server takes only from a folder that it was started with",
			    STR_ARG(b->type), STR_ARG(b->verbs[v].exec));
	return true;
}

bool
envtype_upload(struct workbench *wb, struct arena *a, str type, const struct json *files,
    const struct json **out, const struct json **findings, struct err *err)
{
	struct bundle_file list[BUNDLE_MAX_FILES];
	struct findings found = { .a = a };
	struct bundle b;
	size_t count;

	*findings = NULL;
	if (!check_type(type, err) || !read_files(files, list, &count, err) ||
	    !bundle_parse(a, type, list, count, &b, &found, err))
		return false;
	*findings = findings_json(a, &found);
	if (found.errors > 0)
		return err_set(err, ERR_INVALID, "environment type " STR_FMT " has %zu error%s",
		    STR_ARG(type), found.errors, found.errors == 1 ? "" : "s");
	return check_programs(&b, err) && envtype_publish(wb, a, &b, err) &&
	    envtype_version(wb, a, type, b.hash, out, err);
}
