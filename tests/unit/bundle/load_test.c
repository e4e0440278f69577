/* SPDX-License-Identifier: Apache-2.0 */
/* Folders that are right: ours, and one with the documents of Service Workbench 2.0.3. */
#include "check.h"

#include "base/file.h"
#include "base/json.h"
#include "bundle/bundle.h"

static void
must_load(struct arena *a, const char *dir, struct bundle *out)
{
	struct findings findings = { 0 };
	struct err err;

	err_init(&err, a);
	CHECK_OK(bundle_load(a, dir, out, &findings, &err), &err);
	CHECK(findings.count == 0, "%s:\n" STR_FMT, dir, STR_ARG(findings_text(a, &findings)));
}

static void
check_notebook(const struct bundle *b)
{
	static const enum bundle_verb with_document[] = { BUNDLE_LAUNCH, BUNDLE_TERMINATE };
	static const enum bundle_verb with_calls[] = { BUNDLE_START, BUNDLE_STOP, BUNDLE_CONNECT };

	for (size_t i = 0; i < countof(with_document); i++) {
		const struct bundle_verb_def *def = &b->verbs[with_document[i]];

		CHECK(def->defined && def->document.len > 0 && def->ssm != NULL, "verb %zu", i);
		CHECK(json_count(def->parameters) == (i == 0 ? 20 : 3), "verb %zu", i);
	}
	for (size_t i = 0; i < countof(with_calls); i++) {
		const struct bundle_verb_def *def = &b->verbs[with_calls[i]];

		CHECK(
		    def->defined && def->call_count == 1 && def->parameters == NULL, "verb %zu", i);
		CHECK_STR(def->calls[0].service, "sagemaker", "verb %zu", i);
	}
	CHECK_STR(b->verbs[BUNDLE_CONNECT].calls[0].as, "link", "as");
	CHECK_STR(b->instruction,
	    "To access Sagemaker Notebook, open "
	    "#{\"type\":\"link\",\"hrefKey\":\"url\",\"text\":\"Sagemaker URL\"}",
	    "instruction");
	CHECK_STR(b->describe.operation, "DescribeNotebookInstance", "describe");
	CHECK_STR(
	    json_str(json_get(b->outputs, "instanceName")), "NotebookInstanceName", "outputs");
	CHECK(b->hash.len == 64 && b->template_text.len > 0 && b->cfn != NULL, "hash, template");
}

static void
test_ours(struct arena *a)
{
	static const char *const types[] = { "sagemakerNotebook", "sagemakerExample" };

	for (size_t i = 0; i < countof(types); i++) {
		struct bundle b;

		must_load(a, path_join(a, SWB_SOURCE_ROOT "/environments", types[i]), &b);
		CHECK_STR(b.type, types[i], "type");
		check_notebook(&b);
	}
}

/* The reference's three files beside our manifest. */
static void
test_reference(struct arena *a)
{
	static const char *const files[] = { "sagemakerNotebook.cfn.yaml",
		"sagemakerNotebookLaunchSSM.yaml", "sagemakerNotebookTerminateSSM.yaml" };
	const char *from = shared_path(a, "bundles/sagemakerNotebook"), *root, *dir;
	struct bundle b;
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(dir_make_temp(a, "swb-bundle", &root, &err), &err);
	dir = path_join(a, root, "sagemakerNotebook");
	CHECK_OK(dir_make(dir, 0700, &err), &err);
	for (size_t i = 0; i < countof(files); i++) {
		CHECK_OK(file_read(a, path_join(a, from, files[i]), 1 << 20, &text, &err), &err);
		CHECK_OK(file_write(path_join(a, dir, files[i]), text, 0600, &err), &err);
	}
	CHECK_OK(file_read(a, SWB_SOURCE_ROOT "/environments/sagemakerNotebook/type.yaml", 1 << 20,
		     &text, &err),
	    &err);
	CHECK_OK(file_write(path_join(a, dir, "type.yaml"), text, 0600, &err), &err);
	must_load(a, dir, &b);
	check_notebook(&b);
	CHECK_OK(dir_remove(root, &err), &err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ours),
		TEST(test_reference),
	};

	return RUN_TESTS(tests);
}
