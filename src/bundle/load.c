/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/load.c: a folder, or texts in memory, become a bundle.
 *
 * The template is read first, then the manifest, which names its outputs, then the documents, which
 * are held against both.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/yaml.h"
#include "bundle/internal.h"
#include "lang/cfn_plan.h"
#include "lang/cfn_template.h"

const struct bundle_file *
file_named(const struct bundle *b, str name)
{
	for (size_t i = 0; i < b->file_count; i++)
		if (str_eq(b->files[i].name, name))
			return &b->files[i];
	return NULL;
}

str
document_file_name(struct arena *a, str type, enum bundle_verb verb)
{
	return str_fmt(a, STR_FMT "%sSSM.yaml", STR_ARG(type), verb_title(verb));
}

/* --- in memory --------------------------------------------------------------------------- */

static int
compare_files(const void *x, const void *y)
{
	return str_cmp(
	    ((const struct bundle_file *)x)->name, ((const struct bundle_file *)y)->name);
}

/* Over the names and digests of all files: what changes any of them changes the version. */
static str
content_hash(struct arena *a, const struct bundle *b)
{
	struct buf all = buf_in(a);

	for (size_t i = 0; i < b->file_count; i++)
		buf_fmt(&all, STR_FMT " " STR_FMT "\n", STR_ARG(sha256_hex(a, b->files[i].text)),
		    STR_ARG(b->files[i].name));
	return sha256_hex(a, buf_str(&all));
}

void
find_file_missing(struct check *c, str name, const char *what)
{
	const struct bundle *b = c->bundle;
	struct check at = *c;
	str names[BUNDLE_MAX_FILES];

	for (size_t i = 0; i < c->findings->count; i++)
		if (str_eq(c->findings->list[i].file, name) &&
		    c->findings->list[i].severity == FINDING_ERROR)
			return; /* it is there, and why it was not read was told */
	for (size_t i = 0; i < b->file_count; i++)
		names[i] = b->files[i].name;
	at.file = name;
	find_error(&at, place_of(NULL), "file-missing",
	    str_fmt(c->a, "add it as " STR_FMT, STR_ARG(name)), "the type has no %s" STR_FMT, what,
	    STR_ARG(did_you_mean(c->a, name, names, b->file_count)));
}

static bool
is_used(struct check *c, const struct bundle *b, str name)
{
	if (str_eq(name, S(MANIFEST_FILE)) || str_starts(name, S("README")) ||
	    str_starts(name, S("LICENSE")) ||
	    str_eq(name, str_fmt(c->a, STR_FMT ".cfn.yaml", STR_ARG(b->type))))
		return true;
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++)
		if ((b->verbs[v].parameters != NULL &&
			str_eq(name, document_file_name(c->a, b->type, (enum bundle_verb)v))) ||
		    str_eq(name, str_from(b->verbs[v].exec, 2)))
			return true;
	return false;
}

static void
check_unused(struct check *c, const struct bundle *b)
{
	for (size_t i = 0; i < b->file_count; i++) {
		c->file = b->files[i].name;
		if (!is_used(c, b, c->file))
			find_warning(c, place_of(NULL), "file-unused",
			    S("remove it, or name it in " MANIFEST_FILE), "nothing uses this file");
	}
}

/* Resources that need each other; where there are conditions, one of them may break the circle. */
static void
check_circles(struct check *c, const struct cfn_template *t)
{
	struct cfn_at at = { 0 };
	struct cfn_plan plan;
	struct err err;

	err_init(&err, c->a);
	if (cfn_plan_build(c->a, t, NULL, &plan, &at, &err))
		return;
	(t->condition_count == 0 ? find_error : find_warning)(c,
	    (struct place){ at.line, at.column }, "template-circle",
	    S("take one of the references out"), STR_FMT, STR_ARG(err.msg));
}

static void
read_template(struct check *c, struct bundle *out)
{
	struct cfn_template *t = arena_new(c->a, struct cfn_template, 1);
	const struct bundle_file *file = file_named(out, c->file);
	struct cfn_at at = { 0 };
	struct err err;

	if (file == NULL) {
		find_file_missing(c, c->file, "CloudFormation template");
		return;
	}
	err_init(&err, c->a);
	out->template_text = file->text;
	if (!yaml_or_json_parse(c->a, file->text, YAML_TAGS_CFN, &out->template_tree, &err)) {
		find_parser_error(c, "yaml", S("mend the template at this place"), err.msg);
		return;
	}
	if (cfn_template_read(c->a, out->template_tree, t, &at, &err)) {
		out->cfn = t;
		check_circles(c, t);
		return;
	}
	find_error(c, (struct place){ at.line, at.column }, "template",
	    S("mend the template at this place"), STR_FMT "%s" STR_FMT, STR_ARG(err.msg),
	    at.detail.len > 0 ? ": " : "", STR_ARG(at.detail));
}

bool
bundle_parse(struct arena *a, str type, const struct bundle_file *files, size_t count,
    struct bundle *out, struct findings *findings, struct err *err)
{
	struct check c = { a, findings, S(MANIFEST_FILE), out };
	const struct bundle_file *manifest;

	if (count > BUNDLE_MAX_FILES)
		return err_set(err, ERR_TOO_LARGE, "a type has at most %d files, and not %zu",
		    BUNDLE_MAX_FILES, count);
	if (findings->a == NULL)
		findings->a = a;
	*out = (struct bundle){ .type = type, .file_count = count };
	for (size_t i = 0; i < count; i++)
		out->files[i] = files[i];
	if (count > 0)
		qsort(out->files, count, sizeof(out->files[0]), compare_files);
	out->hash = content_hash(a, out);
	manifest = file_named(out, c.file);
	if (manifest == NULL) {
		find_file_missing(&c, c.file, "manifest");
		return true;
	}
	c.file = str_fmt(a, STR_FMT ".cfn.yaml", STR_ARG(type));
	read_template(&c, out);
	c.file = S(MANIFEST_FILE);
	read_manifest(&c, manifest->text, out);
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++)
		if (out->verbs[v].parameters != NULL)
			read_document(&c, (enum bundle_verb)v, out);
	if (findings->errors == 0)
		check_unused(&c, out);
	return true;
}

/* --- a folder ---------------------------------------------------------------------------- */

/* What editors and file managers leave behind is no part of the type. */
static bool
is_left_over(str name)
{
	return str_starts(name, S(".")) || str_ends(name, S("~"));
}

static bool
read_file(struct check *c, const char *dir, str name, struct bundle_file *out, struct err *err)
{
	const char *path = path_join(c->a, dir, str_z(c->a, name));

	c->file = name;
	out->name = name;
	/* What a version holds must not change with a file elsewhere, nor publish one. */
	if (path_is_link(path)) {
		find_error(c, place_of(NULL), "file-link", S("put the file itself here"),
		    "links are not followed");
		return false;
	}
	if (path_is_dir(path)) {
		find_warning(c, place_of(NULL), "folder-ignored",
		    S("move its files up, or remove it"),
		    "folders inside a type's folder are not read");
		return false;
	}
	if (file_read(c->a, path, BUNDLE_MAX_FILE_BYTES, &out->text, err))
		return true;
	find_error(c, place_of(NULL), "file-unreadable", S("mend or remove the file"), STR_FMT,
	    STR_ARG(err->msg));
	err_clear(err);
	return false;
}

/* The last part of a path, whichever way it was written. */
static str
folder_name(struct arena *a, const char *dir)
{
	char *whole = realpath(dir, NULL);
	str path = str_dup(a, str_of(whole == NULL ? dir : whole));
	size_t at = path.len;

	free(whole);
	while (at > 0 && path.ptr[at - 1] != '/')
		at--;
	return str_from(path, at);
}

bool
bundle_load(struct arena *a, const char *dir, struct bundle *out, struct findings *findings,
    struct err *err)
{
	struct check c = { a, findings, (str){ 0 }, out };
	struct bundle_file files[BUNDLE_MAX_FILES];
	size_t name_count, count = 0;
	str *names;

	if (!dir_list(a, dir, &names, &name_count, err))
		return false;
	if (findings->a == NULL)
		findings->a = a;
	for (size_t i = 0; i < name_count; i++) {
		struct bundle_file file;

		if (is_left_over(names[i]) || !read_file(&c, dir, names[i], &file, err))
			continue;
		if (count == BUNDLE_MAX_FILES)
			return err_set(
			    err, ERR_TOO_LARGE, "%s has more than %d files", dir, BUNDLE_MAX_FILES);
		files[count++] = file;
	}
	return bundle_parse(a, folder_name(a, dir), files, count, out, findings, err);
}
