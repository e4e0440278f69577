/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing versions: once each, and again after failures; types made of them. */
#include "rig.h"

#include "base/id.h"
#include "workbench/config.h"
#include "workbench/envtype.h"

static const struct json *
version(struct rig *r, str hash)
{
	const struct json *out = NULL;

	CHECK_OK(envtype_version(r->wb, r->a, S("testNotebook"), hash, &out, &r->err), &r->err);
	return out;
}

static void
publish(struct rig *r, const struct bundle *b)
{
	CHECK_OK(envtype_publish(r->wb, r->a, b, &r->err), &r->err);
	rig_settle(r, 600);
}

static void
test_twice(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	struct bundle b;

	rig_type(r, NULL, &b);
	publish(r, &b);
	publish(r, &b);
	CHECK_STR(json_str(json_get(version(r, b.hash), "status")), "PUBLISHED", "published");
	assert_int_equal(fake_calls(&r->fake, "CreateProduct"), 1);
	assert_int_equal(fake_calls(&r->fake, "CreateDocument"), 2);
	CHECK_STR(json_str(json_path(version(r, b.hash), "documents", "launch", "arn", NULL)),
	    str_z(a,
		str_fmt(a,
		    "arn:aws:ssm:us-east-1:" FAKE_MAIN ":document/" FAKE_STACK
		    "-TestNotebookLaunch-" STR_FMT,
		    STR_ARG(str_sub(b.hash, 0, 8)))),
	    "its document's name");
	rig_close(r);
}

/* Another content is another version of the same product; what is pinned stays what it was. */
static void
test_second_version(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *type;
	struct bundle b;

	rig_type(r, "description: Another\n", &b);
	publish(r, &b);
	assert_int_equal(fake_calls(&r->fake, "CreateProduct"), 1);
	assert_int_equal(fake_calls(&r->fake, "CreateProvisioningArtifact"), 1);
	CHECK_STR(
	    json_str(json_get(version(r, (str){ 0 }), "hash")), str_z(a, b.hash), "the newest");
	CHECK_OK(envtype_get(r->wb, a, r->type_id, &type, &r->err), &r->err);
	CHECK_STR(json_str(json_get(type, "provisioningArtifactId")), "pa-abcdefghijklm",
	    "the type keeps its version");
	rig_launch(r);
	rig_complete(r);
	assert_true(strstr(r->fake.last_parameters, "pa-abcdefghijklm") != NULL);
	rig_close(r);
}

/* A failure is told, and publishing again goes on. */
static void
test_failure(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	struct bundle b;

	rig_type(r, NULL, &b);
	fake_refuse(&r->fake, "CreateDocument", 1, 1, "InvalidDocumentContent", "mainSteps is bad");
	publish(r, &b);
	CHECK_STR(json_str(json_get(version(r, b.hash), "status")), "FAILED", "refused");
	CHECK(
	    str_has(json_str(json_get(version(r, b.hash), "error")), S("mainSteps is bad")), "why");
	publish(r, &b);
	CHECK_STR(json_str(json_get(version(r, b.hash), "status")), "PUBLISHED", "again");
	rig_close(r);
}

static void
test_throttled(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	struct bundle b;

	rig_type(r, NULL, &b);
	fake_refuse(&r->fake, "CreateProduct", 0, 6, "ThrottlingException", "Rate exceeded");
	fake_lose(&r->fake, "CreateDocument", 0, 2);
	publish(r, &b);
	CHECK_STR(json_str(json_get(version(r, b.hash), "status")), "PUBLISHED", "it passes");
	rig_close(r);
}

/* Documents reach every account, whichever came first. */
static void
test_shared_with_all(struct arena *a)
{
	struct rig *r = rig_open(a); /* type first: the account's job shares two documents */
	struct bundle b;

	assert_int_equal(fake_calls(&r->fake, "ModifyDocumentPermission"), 2);
	rig_type(r, "description: Another\n", &b);
	publish(r, &b); /* account first: publishing shares them */
	assert_int_equal(fake_calls(&r->fake, "ModifyDocumentPermission"), 4);
	rig_close(r);
}

/* What a type may be made of: published versions only. */
static void
test_types(struct arena *a)
{
	static const struct {
		const char *label, *type, *product, *artifact, *status, *text;
	} cases[] = {
		{ "an unknown type", "none", "", "", "APPROVED", "no published version" },
		{ "a foreign artifact", "testNotebook", "", "pa-other", "APPROVED",
		    "no published version" },
		{ "a foreign product", "testNotebook", "prod-other", "", "APPROVED",
		    "not the product" },
		{ "another type's artifact", "none", "", "pa-abcdefghijklm", "APPROVED",
		    "a version of type testNotebook" },
		{ "another status", "testNotebook", "", "", "MAYBE", "enum values" },
	};
	struct rig *r = rig_open(a);
	const struct json *out;

	for (size_t i = 0; i < countof(cases); i++) {
		struct envtype_creation in = {
			.type = str_of(cases[i].type),
			.name = S("x"),
			.status = str_of(cases[i].status),
			.product_id = str_of(cases[i].product),
			.artifact_id = str_of(cases[i].artifact),
		};

		CHECK(!envtype_create(r->wb, a, &in, &out, &r->err), "%s", cases[i].label);
		CHECK(r->err.kind == ERR_INVALID, "%s", cases[i].label);
		CHECK(str_has(r->err.msg, str_of(cases[i].text)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(r->err.msg));
		err_clear(&r->err);
	}
	rig_close(r);
}

static void
test_update(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *changes, *out;

	CHECK_OK(json_parse(a, S("{\"name\":\"New\"}"), &changes, &r->err), &r->err);
	CHECK_OK(envtype_update(r->wb, a, r->type_id, changes, S("me"), &out, &r->err), &r->err);
	CHECK_STR(json_str(json_get(out, "name")), "New", "name");
	CHECK_OK(json_parse(a, S("{\"status\":\"NOT_APPROVED\"}"), &changes, &r->err), &r->err);
	CHECK_OK(envtype_update(r->wb, a, r->type_id, changes, S("me"), &out, &r->err), &r->err);
	CHECK_STR(json_str(json_get(out, "status")), "NOT_APPROVED",
	    "taken back, though a configuration stands: no more is launched");
	CHECK_OK(json_parse(a, S("{\"owner\":\"x\"}"), &changes, &r->err), &r->err);
	assert_false(envtype_update(r->wb, a, r->type_id, changes, S("me"), &out, &r->err));
	assert_int_equal(r->err.kind, ERR_INVALID);
	err_clear(&r->err);
	rig_close(r);
}

/* A type's texts, as a wire brings them. */
static const struct json *
files_of(struct arena *a, const struct bundle *b)
{
	struct json *files = json_new_array(a);

	for (size_t i = 0; i < b->file_count; i++) {
		struct json *f = json_push(a, files, json_new_object(a));

		json_put_str(a, f, "name", b->files[i].name);
		json_put_str(a, f, "text", b->files[i].text);
	}
	return files;
}

static void
test_upload(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *out, *findings;
	struct bundle b;

	rig_type(r, "description: Another\n", &b);
	CHECK_OK(
	    envtype_upload(r->wb, a, S("testNotebook"), files_of(a, &b), &out, &findings, &r->err),
	    &r->err);
	CHECK_STR(json_str(json_get(out, "hash")), str_z(a, b.hash), "the hash of its texts");
	rig_settle(r, 600);
	CHECK_STR(json_str(json_get(version(r, b.hash), "status")), "PUBLISHED", "and published");
	rig_close(r);
}

static void
test_bad_uploads(struct arena *a)
{
	static const struct {
		const char *label, *type, *files, *text;
		bool findings;
	} cases[] = {
		{ "no manifest", "testNotebook", "[]", "environment type testNotebook has", true },
		{ "not YAML", "testNotebook", "[{\"name\":\"type.yaml\",\"text\":\"a: [\"}]",
		    "environment type testNotebook has", true },
		{ "a path", "testNotebook", "[{\"name\":\"../x\",\"text\":\"\"}]",
		    "a file of a type is named", false },
		{ "a key's mark", "testNotebook", "[{\"name\":\"x#0\",\"text\":\"\"}]",
		    "a file of a type is named", false },
		{ "no name", "testNotebook", "[{\"text\":\"\"}]", "a file of a type is named",
		    false },
		{ "no text", "testNotebook", "[{\"name\":\"x\",\"text\":1}]", "file x has no text",
		    false },
		{ "twice", "testNotebook",
		    "[{\"name\":\"x\",\"text\":\"\"},{\"name\":\"x\",\"text\":\"\"}]",
		    "file x is there twice", false },
		{ "too many", "testNotebook", "[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7]",
		    "a type has at most 16 files", false },
		{ "no type", "", "[]", "type is the folder's name", false },
		{ "a type that is a path", "test/notebook", "[]", "type is the folder's name",
		    false },
		{ "a type that is a key", "test#notebook", "[]", "type is the folder's name",
		    false },
	};
	struct rig *r = rig_open_empty(a);

	for (size_t i = 0; i < countof(cases); i++) {
		const struct json *files, *out, *findings;

		CHECK_OK(json_parse(a, str_of(cases[i].files), &files, &r->err), &r->err);
		CHECK(!envtype_upload(
			  r->wb, a, str_of(cases[i].type), files, &out, &findings, &r->err),
		    "%s", cases[i].label);
		CHECK(str_has(r->err.msg, str_of(cases[i].text)), "%s: " STR_FMT, cases[i].label,
		    STR_ARG(r->err.msg));
		CHECK((json_count(findings) > 0) == cases[i].findings, "%s", cases[i].label);
		err_clear(&r->err);
	}
	rig_close(r);
}

/* A program beside the server is not for whoever may publish over the network. */
static void
test_upload_with_program(struct arena *a)
{
	struct rig *r = rig_open_empty(a);
	const struct json *out, *findings;
	struct bundle b;

	rig_type(r, "stop: { exec: ./run.sh }\n", &b);
	assert_false(
	    envtype_upload(r->wb, a, S("testNotebook"), files_of(a, &b), &out, &findings, &r->err));
	CHECK(str_has(r->err.msg, S("runs a program of its own")), STR_FMT, STR_ARG(r->err.msg));
	err_clear(&r->err);
	rig_close(r);
}

/* The type and what can be launched with the new version move; the rest is told, and stays. */
static void
test_adopt(struct arena *a)
{
	struct rig *r = rig_open(a);
	const struct json *out, *config, *version;
	struct bundle b;

	rig_type(r, "description: Another\n", &b);
	CHECK_OK(envtype_publish(r->wb, a, &b, &r->err), &r->err);
	assert_false(envtype_adopt(r->wb, a, r->type_id, b.hash, S("me"), &out, &r->err));
	assert_int_equal(r->err.kind, ERR_CONFLICT); /* it is being published */
	err_clear(&r->err);
	rig_settle(r, 600);
	CHECK_OK(envtype_version(r->wb, a, b.type, b.hash, &version, &r->err), &r->err);
	assert_null(json_get(version, "adoptedAt")); /* a start that was killed here goes on */
	for (int twice = 0; twice < 2; twice++) {
		CHECK_OK(
		    envtype_adopt(r->wb, a, r->type_id, b.hash, S("me"), &out, &r->err), &r->err);
		CHECK_STR(
		    json_str(json_path(out, "environmentType", "provisioningArtifactId", NULL)),
		    "pa-abcdefghijkl1", "the type");
		config = json_first(json_get(out, "configurations"));
		CHECK_STR(json_str(json_get(config, "hash")), str_z(a, b.hash), "its config");
	}
	CHECK_OK(envtype_version(r->wb, a, b.type, b.hash, &version, &r->err), &r->err);
	assert_non_null(json_get(version, "adoptedAt"));
	CHECK_OK(config_get(r->wb, a, r->type_id, r->config_id, &config, &r->err), &r->err);
	CHECK_STR(json_str(json_get(config, "provisioningArtifactId")), "pa-abcdefghijkl1",
	    "as it is stored");
	rig_launch(r);
	rig_complete(r);
	assert_true(strstr(r->fake.last_parameters, "pa-abcdefghijkl1") != NULL);
	assert_false(envtype_adopt(r->wb, a, r->type_id, S("abc"), S("me"), &out, &r->err));
	assert_int_equal(r->err.kind, ERR_NOT_FOUND);
	err_clear(&r->err);
	rig_close(r);
}

static void
test_config_update(struct arena *a)
{
	struct rig *r = rig_open(a);
	struct config_change in = {
		.env_type_id = r->type_id, .id = r->config_id, .actor = S("me")
	};
	const struct json *out;

	CHECK_OK(
	    json_parse(a, S("{\"name\":\"large\",\"description\":\"d\"}"), &in.changes, &r->err),
	    &r->err);
	CHECK_OK(config_update(r->wb, a, &in, &out, &r->err), &r->err);
	CHECK_OK(config_get(r->wb, a, r->type_id, r->config_id, &out, &r->err), &r->err);
	CHECK_STR(json_str(json_get(out, "name")), "large", "name");
	CHECK_STR(json_str(json_get(out, "description")), "d", "description");
	CHECK_STR(json_str(json_get(out, "updatedBy")), "me", "by whom");
	CHECK_OK(json_parse(a, S("{\"params\":[]}"), &in.changes, &r->err), &r->err);
	assert_false(config_update(r->wb, a, &in, &out, &r->err));
	assert_int_equal(r->err.kind, ERR_INVALID);
	err_clear(&r->err);
	in.changes = json_new_object(a);
	in.env_type_id = id_uuid(a);
	assert_false(config_update(r->wb, a, &in, &out, &r->err));
	assert_int_equal(r->err.kind, ERR_NOT_FOUND); /* it belongs to another type */
	err_clear(&r->err);
	rig_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_twice),
		TEST(test_second_version),
		TEST(test_failure),
		TEST(test_throttled),
		TEST(test_shared_with_all),
		TEST(test_types),
		TEST(test_update),
		TEST(test_upload),
		TEST(test_bad_uploads),
		TEST(test_upload_with_program),
		TEST(test_adopt),
		TEST(test_config_update),
	};

	return RUN_TESTS(tests);
}
