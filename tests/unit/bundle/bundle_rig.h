/* SPDX-License-Identifier: Apache-2.0 */
/* A type in memory: the files of environments/sagemakerExample, changed as a case says. */
#pragma once

#include "check.h"

#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"

#define RIG_TYPE "sagemakerExample"

struct rig {
	struct arena *a;
	struct bundle_file files[BUNDLE_MAX_FILES];
	size_t count;
	struct bundle b;
	struct findings findings;
	struct err err;
};

static inline void
rig_init(struct rig *r, struct arena *a)
{
	static const char *const names[] = { "type.yaml", RIG_TYPE ".cfn.yaml",
		RIG_TYPE "LaunchSSM.yaml", RIG_TYPE "TerminateSSM.yaml" };

	*r = (struct rig){ .a = a };
	err_init(&r->err, a);
	for (size_t i = 0; i < countof(names); i++) {
		struct bundle_file *f = &r->files[r->count++];

		f->name = str_of(names[i]);
		CHECK_OK(
		    file_read(a, path_join(a, SWB_SOURCE_ROOT "/environments/" RIG_TYPE, names[i]),
			BUNDLE_MAX_FILE_BYTES, &f->text, &r->err),
		    &r->err);
	}
}

static inline struct bundle_file *
rig_file(struct rig *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (str_is(r->files[i].name, name))
			return &r->files[i];
	fail_msg("no file %s", name);
	return NULL;
}

/* Replaces the first from, which must stand there. */
static inline void
rig_change(struct rig *r, const char *file, const char *from, const char *to)
{
	struct bundle_file *f = rig_file(r, file);
	size_t at = str_find(f->text, str_of(from));

	CHECK(at < f->text.len, "%s has no '%s'", file, from);
	f->text = str_fmt(r->a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(f->text, 0, at)), to,
	    STR_ARG(str_from(f->text, at + strlen(from))));
}

static inline void
rig_add(struct rig *r, const char *name, const char *text)
{
	r->files[r->count++] = (struct bundle_file){ str_of(name), str_of(text) };
}

static inline void
rig_remove(struct rig *r, const char *name)
{
	struct bundle_file *f = rig_file(r, name);

	*f = r->files[--r->count];
}

static inline void
rig_parse(struct rig *r)
{
	r->findings = (struct findings){ 0 };
	CHECK_OK(bundle_parse(r->a, S(RIG_TYPE), r->files, r->count, &r->b, &r->findings, &r->err),
	    &r->err);
}

static inline void
rig_parse_clean(struct rig *r)
{
	rig_parse(r);
	CHECK(r->findings.count == 0, STR_FMT, STR_ARG(findings_text(r->a, &r->findings)));
}

static inline const struct json *
rig_json(struct arena *a, const char *text)
{
	const struct json *j = NULL;
	struct err err;

	err_init(&err, a);
	CHECK_OK(json_parse(a, str_of(text), &j, &err), &err);
	return j;
}
