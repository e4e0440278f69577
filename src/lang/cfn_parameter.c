/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/cfn_parameter.c: the Parameters section, and whether a value fits a parameter.
 *
 * A type is an element type, perhaps as a list, perhaps kept in the parameter store; what AWS
 * calls a type of its own is an element type whose existence someone else must check.
 *
 * Of the texts about values, only those of AllowedValues and of numbers were recorded from
 * CloudFormation; those of patterns, lengths, ranges and ConstraintDescription are general
 * knowledge. What CloudFormation says of a default that breaks its own rules is not established.
 */
#include "lang/cfn_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/regex.h"

/* --- types ------------------------------------------------------------------------- */

static const char *const element_types[] = {
	"AWS::EC2::AvailabilityZone::Name",
	"AWS::EC2::Image::Id",
	"AWS::EC2::Instance::Id",
	"AWS::EC2::KeyPair::KeyName",
	"AWS::EC2::SecurityGroup::GroupName",
	"AWS::EC2::SecurityGroup::Id",
	"AWS::EC2::Subnet::Id",
	"AWS::EC2::VPC::Id",
	"AWS::EC2::Volume::Id",
	"AWS::Route53::HostedZone::Id",
	"AWS::SSM::Parameter::Name",
	"Number",
	"String",
};

/* "List<X>" with that before and a '>' behind: X in out. */
static bool
unwrap(str text, const char *before, str *out)
{
	str prefix = str_of(before);

	if (!str_starts(text, prefix) || !str_ends(text, S(">")))
		return false;
	*out = str_sub(text, prefix.len, text.len - prefix.len - 1);
	return true;
}

static bool
read_type(struct cfn_parameter *p)
{
	str text = p->type;

	p->is_stored = unwrap(text, "AWS::SSM::Parameter::Value<", &text);
	if (str_is(text, "CommaDelimitedList")) {
		p->is_list = true;
		text = S("String");
	} else {
		p->is_list = unwrap(text, "List<", &text);
	}
	p->element_type = text;
	for (size_t i = 0; i < countof(element_types); i++)
		if (str_is(text, element_types[i]))
			return true;
	return false;
}

/* --- reading ----------------------------------------------------------------------- */

enum member_kind { TEXT, BOOLEAN, WHOLE, NUMBER, TEXTS };

static const struct member {
	const char *name;
	enum member_kind kind;
	const char *want;
	size_t offset; /* of a str in struct cfn_parameter, where one is */
} members[] = {
#define AT(field) offsetof(struct cfn_parameter, field)
	{ "AllowedPattern", TEXT, "a string", AT(allowed_pattern) },
	{ "AllowedValues", TEXTS, "a list of strings", 0 },
	{ "ConstraintDescription", TEXT, "a string", AT(constraint_description) },
	{ "Default", TEXT, "a string", AT(default_value) },
	{ "Description", TEXT, "a string", AT(description) },
	{ "MaxLength", WHOLE, "a whole number", AT(max_length) },
	{ "MaxValue", NUMBER, "a number", AT(max_value) },
	{ "MinLength", WHOLE, "a whole number", AT(min_length) },
	{ "MinValue", NUMBER, "a number", AT(min_value) },
	{ "NoEcho", BOOLEAN, "a boolean", 0 },
	{ "Type", TEXT, "a string", AT(type) },
#undef AT
};

static bool
to_number(str text, double *out)
{
	char z[65], *end;

	if (text.len == 0 || text.len >= sizeof(z))
		return false;
	for (size_t i = 0; i < text.len; i++) /* strtod knows blanks, "inf" and "0x" as well */
		if ((text.ptr[i] < '0' || text.ptr[i] > '9') &&
		    str_find_char(S("+-.eE"), text.ptr[i]) == 5 /* none */)
			return false;
	memcpy(z, text.ptr, text.len);
	z[text.len] = '\0';
	*out = strtod(z, &end);
	return *end == '\0';
}

static bool
fits_kind(const struct json *j, enum member_kind kind)
{
	str text = json_scalar(j);
	int64_t whole;
	double number;

	switch (kind) {
	case TEXT:
		return cfn_is_scalar(j);
	case BOOLEAN:
		return str_eq_nocase(text, S("true")) || str_eq_nocase(text, S("false"));
	case WHOLE:
		return str_to_i64(text, &whole) && whole >= 0;
	case NUMBER:
		return to_number(text, &number);
	case TEXTS:
		break;
	}
	if (!json_is(j, JSON_ARRAY) || j->count == 0)
		return false;
	for (const struct json *e = j->first; e != NULL; e = e->next)
		if (!cfn_is_scalar(e))
			return false;
	return true;
}

static const struct member *
find_member(str name)
{
	for (size_t i = 0; i < countof(members); i++)
		if (str_is(name, members[i].name))
			return &members[i];
	return NULL;
}

static void
store_member(
    struct cfn_reader *rd, struct cfn_parameter *p, const struct member *m, const struct json *j)
{
	if (m->kind == BOOLEAN) {
		p->no_echo = str_eq_nocase(json_scalar(j), S("true"));
	} else if (m->kind == TEXTS) {
		str *list = arena_new(rd->a, str, j->count);

		for (const struct json *e = j->first; e != NULL; e = e->next)
			list[p->allowed_count++] = json_scalar(e);
		p->allowed = list;
	} else {
		*(str *)(void *)((char *)p + m->offset) = json_scalar(j);
	}
}

static bool
read_members(struct cfn_reader *rd, struct cfn_parameter *p, const struct json *body)
{
	for (const struct json *j = json_first(body); j != NULL; j = j->next) {
		const struct member *m = find_member(j->key);

		if (m == NULL)
			return cfn_fail(rd, j, "Invalid template parameter property '" STR_FMT "'",
			    STR_ARG(j->key));
		if (!fits_kind(j, m->kind))
			return cfn_fail(rd, j,
			    "Template format error: Every %s member of Parameters must be %s.",
			    m->name, m->want);
		store_member(rd, p, m, j);
	}
	p->has_default = json_get(body, "Default") != NULL;
	return true;
}

/* The pattern must be one, and the default must be a value that a caller could give. */
static bool
check_declaration(struct cfn_reader *rd, const struct cfn_parameter *p, const struct json *body)
{
	struct err why;

	err_init(&why, rd->a);
	if (p->allowed_pattern.len > 0 && !regex_check(p->allowed_pattern, &why))
		return cfn_fail(rd, json_get(body, "AllowedPattern"),
		    "Template format error: AllowedPattern of parameter " STR_FMT ": " STR_FMT,
		    STR_ARG(p->name), STR_ARG(why.msg));
	if (p->has_default && !p->is_stored && !cfn_parameter_check(p, p->default_value, &why))
		return cfn_fail(rd, json_get(body, "Default"),
		    "Template format error: Default of parameter " STR_FMT ": " STR_FMT,
		    STR_ARG(p->name), STR_ARG(why.msg));
	return true;
}

static bool
read_parameter(struct cfn_reader *rd, struct cfn_parameter *p, const struct json *body)
{
	p->name = body->key;
	p->at = cfn_at_json(body);
	if (!cfn_is_name(p->name))
		return cfn_fail(rd, body,
		    "Template format error: Parameter name " STR_FMT " is non alphanumeric.",
		    STR_ARG(p->name));
	if (!json_is(body, JSON_OBJECT))
		return cfn_fail(
		    rd, body, "Template format error: Any Parameters member must be an object.");
	if (json_get(body, "Type") == NULL)
		return cfn_fail(rd, body,
		    "Template format error: Every Parameters object must contain a Type member.");
	if (!read_members(rd, p, body))
		return false;
	if (!read_type(p))
		return cfn_fail(rd, json_get(body, "Type"),
		    "Template format error: Unrecognized parameter type: " STR_FMT,
		    STR_ARG(p->type));
	return check_declaration(rd, p, body);
}

bool
cfn_read_parameters(struct cfn_reader *rd, const struct json *section)
{
	if (cfn_is_too_many(rd, section, "parameters", CFN_MAX_PARAMETERS))
		return false;
	rd->t->parameters = arena_new(rd->a, struct cfn_parameter, json_count(section));
	for (const struct json *m = json_first(section); m != NULL; m = m->next)
		if (!read_parameter(rd, &rd->t->parameters[rd->t->parameter_count++], m))
			return false;
	return true;
}

/* --- values ------------------------------------------------------------------------ */

/* Characters, not bytes: what does not continue one begins one. */
static int64_t
characters(str text)
{
	int64_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return count;
}

/* All of these words are CloudFormation's; the first argument of fmt is always the name. */
#define REFUSE(...) err_code(err, ERR_INVALID, "ValidationError", __VA_ARGS__)

static bool
check_allowed(const struct cfn_parameter *p, str value, struct err *err)
{
	for (size_t i = 0; i < p->allowed_count; i++)
		if (str_eq(p->allowed[i], value))
			return true;
	return p->allowed_count == 0 ||
	    REFUSE("Parameter '" STR_FMT "' must be one of AllowedValues", STR_ARG(p->name));
}

static bool
check_pattern(const struct cfn_parameter *p, str value, struct err *err)
{
	bool matches = true;

	if (p->allowed_pattern.len == 0)
		return true;
	if (!regex_matches_whole(p->allowed_pattern, value, &matches, err)) {
		err->code = S("ValidationError");
		return err_prefix(err, "Parameter '" STR_FMT "': ", STR_ARG(p->name));
	}
	return matches ||
	    REFUSE("Parameter '" STR_FMT "' must match pattern " STR_FMT, STR_ARG(p->name),
		STR_ARG(p->allowed_pattern));
}

static bool
check_length(const struct cfn_parameter *p, str value, struct err *err)
{
	int64_t length = characters(value), bound;

	if (str_to_i64(p->max_length, &bound) && length > bound)
		return REFUSE("Parameter '" STR_FMT "' must contain at most " STR_FMT " characters",
		    STR_ARG(p->name), STR_ARG(p->max_length));
	if (str_to_i64(p->min_length, &bound) && length < bound)
		return REFUSE("Parameter '" STR_FMT "' must contain at least " STR_FMT
			      " characters",
		    STR_ARG(p->name), STR_ARG(p->min_length));
	return true;
}

static bool
check_range(const struct cfn_parameter *p, double number, struct err *err)
{
	double bound;

	if (to_number(p->min_value, &bound) && number < bound)
		return REFUSE("Parameter '" STR_FMT "' must be a number not less than " STR_FMT,
		    STR_ARG(p->name), STR_ARG(p->min_value));
	if (to_number(p->max_value, &bound) && number > bound)
		return REFUSE("Parameter '" STR_FMT "' must be a number not greater than " STR_FMT,
		    STR_ARG(p->name), STR_ARG(p->max_value));
	return true;
}

static bool
check_constraints(const struct cfn_parameter *p, str value, double number, struct err *err)
{
	if (check_allowed(p, value, err) && check_pattern(p, value, err) &&
	    check_length(p, value, err) && check_range(p, number, err))
		return true;
	if (p->constraint_description.len == 0)
		return false;
	err_clear(err);
	return REFUSE("Parameter " STR_FMT " failed to satisfy constraint: " STR_FMT,
	    STR_ARG(p->name), STR_ARG(p->constraint_description));
}

static bool
check_element(const struct cfn_parameter *p, str value, struct err *err)
{
	bool is_number = str_is(p->element_type, "Number") && !p->is_stored;
	double number = 0;

	if (is_number && !to_number(value, &number))
		return REFUSE("Parameter '" STR_FMT "' must be a number.", STR_ARG(p->name));
	return check_constraints(p, value, number, err);
}

bool
cfn_parameter_check(const struct cfn_parameter *p, str value, struct err *err)
{
	if (value.len > CFN_MAX_VALUE_BYTES)
		return REFUSE("Parameter '" STR_FMT "' must contain at most %d characters",
		    STR_ARG(p->name), CFN_MAX_VALUE_BYTES);
	if (!p->is_list || p->is_stored)
		return check_element(p, value, err);
	if (value.ptr == NULL)
		value = S("");
	for (str rest = value, element; str_cut(&rest, ',', &element);)
		if (!check_element(p, str_trim(element), err))
			return false;
	return true;
}
