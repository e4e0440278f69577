/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/ssm/parameters.c: the parameter store, one parameter at a time.
 *
 * The row of a parameter is its newest version; a version that is followed by another one stays
 * in a row of its own, up to MAX_VERSIONS.
 */
#include <inttypes.h>

#include "base/encode.h"
#include "base/hash.h"
#include "base/regex.h"
#include "cloud/ssm/internal.h"

#define MAX_VERSIONS 100
#define MAX_LEVELS 15
#define MAX_BYTES_STANDARD 4096
#define MAX_BYTES_ADVANCED 8192

static const struct input_rule put_rules[] = {
	{ .member = "Name", .min = 1, .max = 2048 },
	{ .member = "Description", .max = 1024 },
	{ .member = "Type", .values = "String StringList SecureString" },
	{ .member = "AllowedPattern", .max = 1024 },
	{ .member = "Tier", .values = "Standard Advanced Intelligent-Tiering" },
	{ .member = "DataType", .values = "text aws:ec2:image aws:ssm:integration" },
};

static str
parameter_arn(struct call *c, str name)
{
	return arn_make(c->a, "ssm", c->region, c->account, "parameter%s" STR_FMT,
	    str_starts(name, S("/")) ? "" : "/", STR_ARG(name));
}

/* --- names --------------------------------------------------------------------------- */

static size_t
levels(str name)
{
	size_t n = 0;

	for (size_t i = 1; i < name.len; i++)
		n += name.ptr[i] == '/';
	return n + 1;
}

/* The texts are those that emulators give (tagged E): AWS's own were not recorded. */
static bool
check_name(struct call *c, str name, struct err *err)
{
	str plain = str_lower(c->a, str_starts(name, S("/")) ? str_from(name, 1) : name);
	bool matches = false;

	if (str_starts(plain, S("aws")) || str_starts(plain, S("ssm")))
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).");
	if (!regex_matches_whole(S("[a-zA-Z0-9_.\\-/]+"), name, &matches, err))
		return false;
	if (!matches)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter name: can only consist of letters, digits and the symbols .-_/");
	if (str_find_char(name, '/') < name.len && name.ptr[0] != '/')
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameter name must be a fully qualified name.");
	if (levels(name) > MAX_LEVELS)
		return err_code(err, ERR_INVALID, "HierarchyLevelLimitExceededException",
		    "A hierarchy can have a maximum of %d levels.", MAX_LEVELS);
	return true;
}

/* --- finding ------------------------------------------------------------------------- */

/* "arn:…:parameter/a/b" to "/a/b"; *bare is the same without the slash. */
static str
name_of_arn(str arn, str *bare)
{
	str rest = arn, piece;

	for (int i = 0; i < 5; i++)
		str_cut(&rest, ':', &piece);
	*bare = str_starts(rest, S("parameter/")) ? str_from(rest, 10) : S("");
	return str_starts(rest, S("parameter/")) ? str_from(rest, 9) : S("");
}

static bool
find_row(struct call *c, str pk, str sk, const struct json **body, struct err *err)
{
	struct item row;
	bool found;

	if (!row_find(c, pk, sk, &row, &found, err))
		return false;
	*body = found ? row.body : NULL;
	return true;
}

static bool
find_newest(struct call *c, str name, const struct json **body, struct err *err)
{
	str bare, full;

	if (!str_starts(name, S("arn:")))
		return find_row(c, ssm_partition(c, "parameter"), name, body, err);
	full = name_of_arn(name, &bare);
	return find_row(c, ssm_partition(c, "parameter"), full, body, err) &&
	    (*body != NULL || find_row(c, ssm_partition(c, "parameter"), bare, body, err));
}

/* "name:3" to the name and 3; 0 where no version is given, -1 for a label. */
static str
split_version(str text, int64_t *version)
{
	size_t from = str_starts(text, S("arn:")) ? str_find(text, S("parameter/")) : 0;
	size_t colon = from + str_find_char(str_from(text, from), ':');

	*version = 0;
	if (colon >= text.len)
		return text;
	if (!str_to_i64(str_from(text, colon + 1), version) || *version < 1)
		*version = -1;
	return str_sub(text, 0, colon);
}

bool
ssm_parameter_look_up(struct call *c, str name, const struct json **body, struct err *err)
{
	int64_t version;
	str plain = split_version(name, &version);

	if (!find_newest(c, plain, body, err))
		return false;
	if (*body == NULL || version == 0 || version == json_i64(json_get(*body, "version"), 0))
		return true;
	return find_row(c, ssm_partition(c, "parameterVersion"),
	    ssm_numbered_key(c, json_str(json_get(*body, "sk")), version), body, err);
}

struct json *
ssm_parameter_json(struct call *c, const struct json *body, bool decrypt)
{
	struct json *p = json_new_object(c->a);
	str value = json_str(json_get(body, "value"));

	/* What AWS shows of a secret is its ciphertext; this one only has its look. */
	if (!decrypt && str_is(json_str(json_get(body, "type")), "SecureString"))
		value = str_cat(c->a, S("AQICAH"), base64_encode(c->a, sha256_hex(c->a, value)));
	json_put(c->a, p, "Name", json_get(body, "name"));
	json_put(c->a, p, "Type", json_get(body, "type"));
	json_put_str(c->a, p, "Value", value);
	json_put(c->a, p, "Version", json_get(body, "version"));
	json_put(c->a, p, "LastModifiedDate",
	    time_json(c->a, json_i64(json_get(body, "modifiedMs"), 0)));
	json_put_str(c->a, p, "ARN", parameter_arn(c, json_str(json_get(body, "name"))));
	json_put(c->a, p, "DataType", json_get(body, "dataType"));
	return p;
}

static bool
not_found(struct err *err)
{
	return err_code(err, ERR_NOT_FOUND, "ParameterNotFound", "%s", "");
}

bool
ssm_parameter_get(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	const struct json *body, *newest;
	int64_t version;

	if (!ssm_parameter_look_up(c, name, &body, err))
		return false;
	if (body != NULL) {
		json_put(c->a, c->out, "Parameter",
		    ssm_parameter_json(
			c, body, json_bool(json_get(c->in, "WithDecryption"), false)));
		return true;
	}
	name = split_version(name, &version);
	if (!find_newest(c, name, &newest, err))
		return false;
	if (newest == NULL)
		return not_found(err);
	return err_code(err, ERR_NOT_FOUND, "ParameterVersionNotFound",
	    "Systems Manager could not find version or label of " STR_FMT
	    ". Verify the version and try again.",
	    STR_ARG(name));
}

bool
ssm_parameter_get_several(struct call *c, struct err *err)
{
	struct json *found = json_put(c->a, c->out, "Parameters", json_new_array(c->a));
	struct json *missing = json_put(c->a, c->out, "InvalidParameters", json_new_array(c->a));
	static const struct input_rule rules[] = { { .member = "Names", .min = 1, .max = 10 } };

	if (!input_check(c, rules, countof(rules), err))
		return false;
	for (const struct json *n = json_first(json_get(c->in, "Names")); n != NULL; n = n->next) {
		const struct json *body;

		if (!ssm_parameter_look_up(c, json_str(n), &body, err))
			return false;
		if (body == NULL)
			json_push(c->a, missing, n);
		else
			json_push(c->a, found,
			    ssm_parameter_json(
				c, body, json_bool(json_get(c->in, "WithDecryption"), false)));
	}
	return true;
}

/* --- putting ------------------------------------------------------------------------- */

static bool
emit(struct call *c, const char *operation, const struct json *body, struct err *err)
{
	struct json *resources = json_new_array(c->a), *detail = json_new_object(c->a);

	json_push_str(c->a, resources, parameter_arn(c, json_str(json_get(body, "name"))));
	json_put_str(c->a, detail, "operation", str_of(operation));
	json_put(c->a, detail, "name", json_get(body, "name"));
	json_put(c->a, detail, "type", json_get(body, "type"));
	ssm_put_if(c, detail, "description", json_get(body, "description"));
	return cloud_emit(
	    c, c->account, "aws.ssm", "Parameter Store Change", resources, detail, err);
}

static bool
check_value(struct call *c, const struct json *old, struct err *err)
{
	str value = json_str(json_get(c->in, "Value")), tier = json_str(json_get(c->in, "Tier"));
	str pattern = json_str(json_get(c->in, "AllowedPattern"));
	size_t most =
	    tier.len == 0 || str_is(tier, "Standard") ? MAX_BYTES_STANDARD : MAX_BYTES_ADVANCED;
	bool matches = true;

	if (pattern.len == 0)
		pattern = json_str(json_get(old, "allowedPattern"));
	if (value.len > most)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Parameters of this tier support a maximum value size of %zu bytes.", most);
	if (pattern.len > 0 && !regex_matches_whole(pattern, value, &matches, err)) {
		err->code = S("InvalidAllowedPatternException");
		return false;
	}
	return matches ||
	    err_code(err, ERR_INVALID, "ParameterPatternMismatchException",
		"Parameter value, cannot be validated against allowedPattern: " STR_FMT,
		STR_ARG(pattern));
}

static bool
check_overwrite(struct call *c, const struct json *old, struct err *err)
{
	bool overwrite = json_bool(json_get(c->in, "Overwrite"), false);
	str type = json_str(json_get(c->in, "Type"));

	if (old == NULL)
		return type.len > 0 ||
		    err_code(err, ERR_INVALID, "ValidationException",
			"A parameter type is required when you create a parameter.");
	if (!overwrite)
		return err_code(err, ERR_CONFLICT, "ParameterAlreadyExists",
		    "The parameter already exists. To overwrite this value, set the overwrite option "
		    "in the request to true.");
	if (json_get(c->in, "Tags") != NULL)
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Invalid request: tags and overwrite can't be used together.");
	if (type.len > 0 && !str_eq(type, json_str(json_get(old, "type"))))
		return err_code(err, ERR_CONFLICT, "HierarchyTypeMismatchException",
		    "Parameter Store does not support changing a parameter type in a hierarchy. To "
		    "change " STR_FMT ", delete it and create it anew.",
		    STR_ARG(json_str(json_get(old, "name"))));
	return true;
}

/* What was given, else what the version before had, else a default. */
static void
carry(struct call *c, struct json *body, const char *member, const char *given,
    const struct json *old, const char *absent)
{
	const struct json *value = json_get(c->in, given);

	if (value == NULL)
		value = json_get(old, member);
	if (value != NULL)
		json_put(c->a, body, member, value);
	else if (absent != NULL)
		json_put_str(c->a, body, member, str_of(absent));
}

/* The version before stays readable by its number; the oldest one goes. */
static bool
keep_old(struct call *c, const struct json *old, struct err *err)
{
	str name = json_str(json_get(old, "name"));
	int64_t version = json_i64(json_get(old, "version"), 0);
	struct json *body = json_copy_shallow(c->a, old);

	json_set_str(c->a, body, "pk", ssm_partition(c, "parameterVersion"));
	json_set_str(c->a, body, "sk", ssm_numbered_key(c, name, version));
	return row_put(c, body, err) &&
	    row_del(c, ssm_partition(c, "parameterVersion"),
		ssm_numbered_key(c, name, version - MAX_VERSIONS + 1), err);
}

bool
ssm_parameter_put(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	const struct json *old;
	struct json *body;
	int64_t version;

	if (!input_check(c, put_rules, countof(put_rules), err) || !check_name(c, name, err) ||
	    !find_row(c, ssm_partition(c, "parameter"), name, &old, err) ||
	    !check_overwrite(c, old, err) || !check_value(c, old, err) ||
	    (old != NULL && !keep_old(c, old, err)))
		return false;
	version = json_i64(json_get(old, "version"), 0) + 1;
	body = row_new(c, ssm_partition(c, "parameter"), name);
	json_put_str(c->a, body, "name", name);
	json_put(c->a, body, "value", json_get(c->in, "Value"));
	json_put_i64(c->a, body, "version", version);
	json_put_i64(c->a, body, "modifiedMs", c->now_ms);
	json_put_str(c->a, body, "modifiedBy", c->who->arn);
	carry(c, body, "type", "Type", old, NULL);
	carry(c, body, "description", "Description", old, NULL);
	carry(c, body, "allowedPattern", "AllowedPattern", old, NULL);
	carry(c, body, "keyId", "KeyId", old, NULL);
	carry(c, body, "tier", "Tier", old, "Standard");
	carry(c, body, "dataType", "DataType", old, "text");
	json_put(c->a, body, "tags",
	    tags_with(c->a, json_get(old, "tags"), json_get(c->in, "Tags"), "Key", "Value"));
	json_put_i64(c->a, c->out, "Version", version);
	json_put(c->a, c->out, "Tier", json_get(body, "tier"));
	return row_put(c, body, err) && emit(c, old == NULL ? "Create" : "Update", body, err);
}

/* --- deleting ------------------------------------------------------------------------ */

/* *found tells whether there was one. */
static bool
delete_one(struct call *c, str name, bool *found, struct err *err)
{
	struct store_query old = {
		.hash = ssm_partition(c, "parameterVersion"),
		.condition = STORE_BEGINS,
		.a = str_cat(c->a, name, S("#")),
	};
	const struct json *body;

	if (!find_row(c, ssm_partition(c, "parameter"), name, &body, err))
		return false;
	*found = body != NULL;
	return body == NULL ||
	    (row_del_all(c, &old, err) && row_del(c, ssm_partition(c, "parameter"), name, err) &&
		emit(c, "Delete", body, err));
}

bool
ssm_parameter_delete(struct call *c, struct err *err)
{
	bool found;

	if (!delete_one(c, json_str(json_get(c->in, "Name")), &found, err))
		return false;
	return found || not_found(err);
}

bool
ssm_parameter_delete_several(struct call *c, struct err *err)
{
	struct json *deleted = json_put(c->a, c->out, "DeletedParameters", json_new_array(c->a));
	struct json *missing = json_put(c->a, c->out, "InvalidParameters", json_new_array(c->a));
	static const struct input_rule rules[] = { { .member = "Names", .min = 1, .max = 10 } };

	if (!input_check(c, rules, countof(rules), err))
		return false;
	for (const struct json *n = json_first(json_get(c->in, "Names")); n != NULL; n = n->next) {
		bool found;

		if (!delete_one(c, json_str(n), &found, err))
			return false;
		json_push(c->a, found ? deleted : missing, n);
	}
	return true;
}
