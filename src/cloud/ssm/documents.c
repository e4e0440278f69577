/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/documents.c: documents made, changed, read and deleted.
 *
 * A version is checked when it is made and never changes; the document itself only says which
 * is the newest and which the default. The local cloud keeps documents of type Automation.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "base/hash.h"
#include "cloud/ssm/internal.h"

#define MAX_VERSIONS 1000
#define MAX_TREE_BYTES ((size_t)192 << 10) /* a row holds content and tree */

static const struct input_rule document_rules[] = {
	{ .member = "Name", .pattern = "[a-zA-Z0-9_\\-.]{3,128}" },
	{ .member = "DocumentFormat", .values = "YAML JSON TEXT" },
	{ .member = "VersionName", .pattern = "[a-zA-Z0-9_\\-.]{1,128}" },
	{ .member = "TargetType", .max = 200, .pattern = "/[\\w.\\-:/]*" },
	{ .member = "Content", .min = 1 },
};

/* --- as the API shows them ----------------------------------------------------------- */

static struct json *
parameters_json(struct call *c, const struct json *tree)
{
	struct json *list = json_new_array(c->a);

	for (const struct json *p = json_first(json_get(tree, "parameters")); p != NULL;
	     p = p->next) {
		struct json *shown = json_new_object(c->a);
		const struct json *value = json_get(p, "default");

		json_put_str(c->a, shown, "Name", p->key);
		json_put_str(c->a, shown, "Type", json_str(json_get(p, "type")));
		ssm_put_text_if(c, shown, "Description", json_str(json_get(p, "description")));
		if (value != NULL)
			json_put_str(c->a, shown, "DefaultValue", ssm_text(c->a, value));
		json_push(c->a, list, shown);
	}
	return list;
}

static void
put_number_text(struct call *c, struct json *out, const char *name, const struct json *number)
{
	json_put_str(c->a, out, name, str_fmt(c->a, "%" PRId64, json_i64(number, 0)));
}

static struct json *
platforms_json(struct call *c)
{
	struct json *list = json_new_array(c->a);

	json_push_str(c->a, list, S("Windows"));
	json_push_str(c->a, list, S("Linux"));
	json_push_str(c->a, list, S("MacOS"));
	return list;
}

/* DocumentDescription */
static struct json *
description_json(struct call *c, const struct json *row, const struct json *version,
    const struct json *tree, const char *status)
{
	struct json *d = json_new_object(c->a);

	json_put(c->a, d, "Hash", json_get(version, "hash"));
	json_put_str(c->a, d, "HashType", S("Sha256"));
	json_put(c->a, d, "Name", json_get(row, "name"));
	ssm_put_if(c, d, "VersionName", json_get(version, "versionName"));
	json_put(c->a, d, "Owner", json_get(row, "account"));
	json_put(
	    c->a, d, "CreatedDate", time_json(c->a, json_i64(json_get(version, "createdMs"), 0)));
	json_put_str(c->a, d, "Status", str_of(status));
	put_number_text(c, d, "DocumentVersion", json_get(version, "number"));
	ssm_put_text_if(c, d, "Description", json_str(json_get(tree, "description")));
	json_put(c->a, d, "Parameters", parameters_json(c, tree));
	json_put(c->a, d, "PlatformTypes", platforms_json(c));
	json_put_str(c->a, d, "DocumentType", S("Automation"));
	json_put_str(c->a, d, "SchemaVersion", S("0.3"));
	put_number_text(c, d, "LatestVersion", json_get(row, "latest"));
	put_number_text(c, d, "DefaultVersion", json_get(row, "default"));
	json_put(c->a, d, "DocumentFormat", json_get(version, "format"));
	ssm_put_if(c, d, "TargetType", json_get(version, "targetType"));
	json_put(c->a, d, "Tags", json_get(row, "tags"));
	return d;
}

/* --- making versions ----------------------------------------------------------------- */

/* Content must be of the format that is said: JSON where nothing is. */
static bool
check_content(struct call *c, str format, struct ssm_document *doc, struct err *err)
{
	str content = json_str(json_get(c->in, "Content"));
	const struct json *tree;

	if (str_is(format, "TEXT"))
		return err_code(err, ERR_INVALID, "InvalidDocumentContent",
		    "An automation document is JSON or YAML");
	if (str_is(format, "JSON") && content.len <= SSM_MAX_DOCUMENT_BYTES &&
	    !json_parse(c->a, content, &tree, err)) {
		err_prefix(err, "the document is no JSON, and DocumentFormat is not YAML");
		err->code = S("InvalidDocumentContent");
		return false;
	}
	if (!ssm_document_parse(c->a, content, doc, err))
		return false;
	return json_text(c->a, doc->tree).len <= MAX_TREE_BYTES ||
	    err_code(err, ERR_INVALID, "MaxDocumentSizeExceeded",
		"The document's anchors expand to more than %zu bytes", MAX_TREE_BYTES);
}

static str
format_given(struct call *c)
{
	str format = json_str(json_get(c->in, "DocumentFormat"));

	return format.len == 0 ? S("JSON") : format;
}

static bool
put_version(struct call *c, str name, int64_t number, const struct json **out,
    const struct json **tree, struct err *err)
{
	struct ssm_document doc;
	str content = json_str(json_get(c->in, "Content")), format = format_given(c);
	str hash = sha256_hex(c->a, content);
	struct json *v;

	if (!check_content(c, format, &doc, err))
		return false;
	v = row_new(c, ssm_partition(c, "version"), ssm_numbered_key(c, name, number));
	json_put_i64(c->a, v, "number", number);
	json_put_str(c->a, v, "format", format);
	json_put_str(c->a, v, "hash", hash);
	json_put_i64(c->a, v, "createdMs", c->now_ms);
	ssm_put_if(c, v, "versionName", json_get(c->in, "VersionName"));
	ssm_put_if(c, v, "targetType", json_get(c->in, "TargetType"));
	*out = v;
	*tree = doc.tree;
	return ssm_content_put(c, hash, content, doc.tree, err) && row_put(c, v, err);
}

/* AWS keeps names that begin with its own for itself. */
static bool
check_name(struct call *c, str name, struct err *err)
{
	static const char *const reserved[] = { "aws-", "amazon", "amzn" };

	for (size_t i = 0; i < countof(reserved); i++) {
		if (str_starts(str_lower(c->a, name), str_of(reserved[i])))
			return err_code(err, ERR_INVALID, "ValidationException",
			    "The document name " STR_FMT
			    " begins with a prefix that is reserved: %s",
			    STR_ARG(name), reserved[i]);
	}
	return true;
}

static bool
check_type(struct call *c, struct err *err)
{
	str type = json_str(json_get(c->in, "DocumentType"));

	return str_is(type, "Automation") ||
	    err_code(err, ERR_INVALID, "ValidationException",
		"DocumentType must be Automation here, and is " STR_FMT,
		STR_ARG(type.len == 0 ? S("Command, as it is where none is given") : type));
}

bool
ssm_document_create(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	const struct json *version, *tree;
	struct json *row;
	struct item old;
	bool found;

	if (!input_check(c, document_rules, countof(document_rules), err) ||
	    !check_name(c, name, err) || !check_type(c, err) ||
	    !row_find(c, ssm_partition(c, "document"), name, &old, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "DocumentAlreadyExists",
		    "Document with same name " STR_FMT " already exists", STR_ARG(name));
	if (!put_version(c, name, 1, &version, &tree, err))
		return false;
	row = row_new(c, ssm_partition(c, "document"), name);
	json_put_str(c->a, row, "name", name);
	json_put_i64(c->a, row, "counter", 1);
	json_put_i64(c->a, row, "latest", 1);
	json_put_i64(c->a, row, "default", 1);
	json_put_i64(c->a, row, "createdMs", c->now_ms);
	json_put(c->a, row, "shares", json_new_array(c->a));
	json_put(c->a, row, "tags", tags_with(c->a, NULL, json_get(c->in, "Tags"), "Key", "Value"));
	json_put(c->a, c->out, "DocumentDescription",
	    description_json(c, row, version, tree, "Creating"));
	return row_put(c, row, err);
}

/* A content that stands already, or a version's name that is taken, makes no new version. */
static bool
check_new_version(struct call *c, const struct store_page *versions, struct err *err)
{
	str hash = sha256_hex(c->a, json_str(json_get(c->in, "Content")));
	str version_name = json_str(json_get(c->in, "VersionName"));

	if (versions->count >= MAX_VERSIONS)
		return err_code(err, ERR_CONFLICT, "DocumentVersionLimitExceeded",
		    "A document has at most %d versions", MAX_VERSIONS);
	for (size_t i = 0; i < versions->count; i++) {
		const struct item *v = &versions->items[i];

		if (str_eq(row_text(v, "hash"), hash))
			return err_code(err, ERR_CONFLICT, "DuplicateDocumentContent",
			    "The content of the association document matches another document. Change "
			    "the content of the document and try again.");
		if (version_name.len > 0 && str_eq(row_text(v, "versionName"), version_name))
			return err_code(err, ERR_CONFLICT, "DuplicateDocumentVersionName",
			    "The version name has already been used in this document. Specify a "
			    "different version name, and then try again.");
	}
	return true;
}

/* An update is of the newest version, by "$LATEST" or by its number. */
static bool
check_updated_version(struct call *c, const struct item *row, struct err *err)
{
	str given = json_str(json_get(c->in, "DocumentVersion"));
	int64_t number = 0;

	if (given.len == 0 || str_is(given, "$LATEST"))
		return true;
	return (str_to_i64(given, &number) &&
		   number == json_i64(json_get(row->body, "latest"), 0)) ||
	    err_code(err, ERR_INVALID, "InvalidDocumentVersion",
		"The document version is not valid or does not exist.");
}

bool
ssm_document_update(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	struct store_page versions;
	const struct json *version, *tree;
	struct json *body;
	struct item row;
	int64_t number;

	if (!input_check(c, document_rules, countof(document_rules), err) ||
	    !ssm_document_load_own(c, name, &row, err) || !check_updated_version(c, &row, err) ||
	    !ssm_document_versions(c, row_text(&row, "name"), &versions, err) ||
	    !check_new_version(c, &versions, err))
		return false;
	number = json_i64(json_get(row.body, "counter"), 0) + 1;
	if (!put_version(c, row_text(&row, "name"), number, &version, &tree, err))
		return false;
	body = row_change(c, &row);
	json_set(c->a, body, "counter", json_new_i64(c->a, number));
	json_set(c->a, body, "latest", json_new_i64(c->a, number));
	json_put(c->a, c->out, "DocumentDescription",
	    description_json(c, body, version, tree, "Updating"));
	return row_put(c, body, err);
}

/* --- reading ------------------------------------------------------------------------- */

static bool
load_version(struct call *c, struct document *d, struct err *err)
{
	enum document_state state;

	if (!ssm_document_find(c, json_str(json_get(c->in, "Name")),
		json_str(json_get(c->in, "DocumentVersion")), d, &state, err))
		return false;
	if (state == DOCUMENT_NONE)
		return err_code(err, ERR_NOT_FOUND, "InvalidDocument",
		    "The specified document does not exist.");
	if (state == DOCUMENT_NO_VERSION)
		return err_code(err, ERR_NOT_FOUND, "InvalidDocumentVersion",
		    "The document version is not valid or does not exist.");
	return true;
}

static bool
load_content(struct call *c, const struct document *d, const struct json **out, struct err *err)
{
	return ssm_content_load(c, d->owner, json_str(json_get(d->version, "hash")), out, err);
}

/* A document that was made in YAML can be had in JSON, and JSON is YAML as it is. */
static str
content_as(struct call *c, const struct json *version, const struct json *content, str format)
{
	struct buf b;

	if (!str_is(format, "JSON") || str_is(json_str(json_get(version, "format")), "JSON"))
		return json_str(json_get(content, "content"));
	b = buf_in(c->a);
	json_write_pretty(&b, json_get(content, "tree"));
	return buf_str(&b);
}

bool
ssm_document_get(struct call *c, struct err *err)
{
	str format = json_str(json_get(c->in, "DocumentFormat"));
	const struct json *content;
	struct document d;

	if (!load_version(c, &d, err) || !load_content(c, &d, &content, err))
		return false;
	if (format.len == 0)
		format = json_str(json_get(d.version, "format"));
	json_put_str(c->a, c->out, "Name", d.shared ? d.arn : d.name);
	json_put(c->a, c->out, "CreatedDate",
	    time_json(c->a, json_i64(json_get(d.version, "createdMs"), 0)));
	ssm_put_if(c, c->out, "VersionName", json_get(d.version, "versionName"));
	put_number_text(c, c->out, "DocumentVersion", json_get(d.version, "number"));
	json_put_str(c->a, c->out, "Status", S("Active"));
	json_put_str(c->a, c->out, "Content", content_as(c, d.version, content, format));
	json_put_str(c->a, c->out, "DocumentType", S("Automation"));
	json_put_str(c->a, c->out, "DocumentFormat", format);
	return true;
}

bool
ssm_document_describe(struct call *c, struct err *err)
{
	const struct json *content;
	struct document d;

	if (!load_version(c, &d, err) || !load_content(c, &d, &content, err))
		return false;
	json_put(c->a, c->out, "Document",
	    description_json(c, d.row.body, d.version, json_get(content, "tree"), "Active"));
	return true;
}

bool
ssm_document_update_default(struct call *c, struct err *err)
{
	struct json *shown = json_new_object(c->a), *body;
	struct document d;
	struct item own;

	if (!ssm_document_load_own(c, json_str(json_get(c->in, "Name")), &own, err) ||
	    !load_version(c, &d, err))
		return false;
	body = row_change(c, &own);
	json_set(c->a, body, "default", json_get(d.version, "number"));
	json_put_str(c->a, shown, "Name", d.name);
	put_number_text(c, shown, "DefaultVersion", json_get(d.version, "number"));
	ssm_put_if(c, shown, "DefaultVersionName", json_get(d.version, "versionName"));
	json_put(c->a, c->out, "Description", shown);
	return row_put(c, body, err);
}

/* --- deleting ------------------------------------------------------------------------ */

/* The newest version that is left; its number is not given again. */
static bool
point_to_newest(struct call *c, const struct item *row, struct err *err)
{
	struct json *body = row_change(c, row);
	struct store_page left;

	if (!ssm_document_versions(c, row_text(row, "name"), &left, err))
		return false;
	if (left.count == 0)
		return true;
	json_set(c->a, body, "latest", json_get(left.items[left.count - 1].body, "number"));
	return row_put(c, body, err);
}

static bool
delete_one_version(struct call *c, const struct item *row, struct err *err)
{
	struct document d;

	if (!load_version(c, &d, err))
		return false;
	if (json_equal(json_get(d.version, "number"), json_get(row->body, "default")))
		return err_code(err, ERR_INVALID, "InvalidDocumentOperation",
		    "Default version of the document can't be deleted.");
	return row_del(c, json_str(json_get(d.version, "pk")), json_str(json_get(d.version, "sk")),
		   err) &&
	    point_to_newest(c, row, err);
}

bool
ssm_document_delete(struct call *c, struct err *err)
{
	struct store_page versions;
	struct item row;

	if (!ssm_document_load_own(c, json_str(json_get(c->in, "Name")), &row, err))
		return false;
	if (json_get(c->in, "DocumentVersion") != NULL)
		return delete_one_version(c, &row, err);
	if (json_count(json_get(row.body, "shares")) > 0)
		return err_code(err, ERR_CONFLICT, "InvalidDocumentOperation",
		    "Must unshare document first before delete");
	if (!ssm_document_versions(c, row_text(&row, "name"), &versions, err))
		return false;
	for (size_t i = 0; i < versions.count; i++) {
		if (!row_del(c, versions.items[i].pk, versions.items[i].sk, err))
			return false;
	}
	return row_del(c, row.pk, row.sk, err);
}
