/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/yaml_tags.c: from tag and text of a scalar to the kind of its JSON value, and from
 * CloudFormation's short tags to the names of its functions.
 */
#include "base/yaml_tags.h"

#define YAML_PREFIX S("tag:yaml.org,2002:")

static const struct {
	const char *text;
	enum json_kind kind;
} words[] = {
	{ "", JSON_NULL },
	{ "~", JSON_NULL },
	{ "null", JSON_NULL },
	{ "Null", JSON_NULL },
	{ "NULL", JSON_NULL },
	{ "true", JSON_TRUE },
	{ "True", JSON_TRUE },
	{ "TRUE", JSON_TRUE },
	{ "false", JSON_FALSE },
	{ "False", JSON_FALSE },
	{ "FALSE", JSON_FALSE },
};

static size_t
skip_digits(str s, size_t at)
{
	while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
		at++;
	return at;
}

/* By the grammar of RFC 8259; whole: without fraction and exponent. */
static bool
is_number(str s, bool whole)
{
	size_t at = s.len > 0 && s.ptr[0] == '-', digits = at;

	at = skip_digits(s, at);
	if (at == digits || (s.ptr[digits] == '0' && at > digits + 1))
		return false;
	if (whole)
		return at == s.len;
	if (at < s.len && s.ptr[at] == '.') {
		digits = at + 1;
		at = skip_digits(s, digits);
		if (at == digits)
			return false;
	}
	if (at < s.len && (s.ptr[at] | 0x20) == 'e') {
		at++;
		if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-'))
			at++;
		digits = at;
		at = skip_digits(s, digits);
		if (at == digits)
			return false;
	}
	return at == s.len;
}

enum json_kind
yaml_plain_kind(str text)
{
	for (size_t i = 0; text.len <= 5 && i < countof(words); i++)
		if (str_is(text, words[i].text))
			return words[i].kind;
	return is_number(text, false) ? JSON_NUMBER : JSON_STRING;
}

static bool
fits_null(str text, enum json_kind *kind)
{
	*kind = JSON_NULL;
	return yaml_plain_kind(text) == JSON_NULL;
}

static bool
fits_bool(str text, enum json_kind *kind)
{
	*kind = yaml_plain_kind(text);
	return *kind == JSON_TRUE || *kind == JSON_FALSE;
}

static bool
fits_int(str text, enum json_kind *kind)
{
	*kind = JSON_NUMBER;
	return is_number(text, true);
}

static bool
fits_float(str text, enum json_kind *kind)
{
	*kind = JSON_NUMBER;
	return is_number(text, false);
}

static bool
fits_text(str text, enum json_kind *kind)
{
	(void)text;
	*kind = JSON_STRING;
	return true;
}

static const struct {
	const char *name;
	bool (*fits)(str text, enum json_kind *kind);
} scalar_tags[] = {
	{ "binary", fits_text },
	{ "bool", fits_bool },
	{ "float", fits_float },
	{ "int", fits_int },
	{ "null", fits_null },
	{ "str", fits_text },
	{ "timestamp", fits_text },
};

static str
own_name(str tag)
{
	return str_starts(tag, YAML_PREFIX) ? str_from(tag, YAML_PREFIX.len) : (str){ 0 };
}

bool
yaml_tagged_kind(str tag, str text, enum json_kind *kind, bool *known)
{
	str name = own_name(tag);

	*known = false;
	for (size_t i = 0; i < countof(scalar_tags); i++) {
		if (!str_is(name, scalar_tags[i].name))
			continue;
		*known = true;
		return scalar_tags[i].fits(text, kind);
	}
	return false;
}

bool
yaml_tag_fits(str tag, enum json_kind collection)
{
	static const struct {
		const char *name;
		enum json_kind kind;
	} tags[] = {
		{ "map", JSON_OBJECT },
		{ "omap", JSON_ARRAY },
		{ "pairs", JSON_ARRAY },
		{ "seq", JSON_ARRAY },
		{ "set", JSON_OBJECT },
	};
	str name = own_name(tag);

	for (size_t i = 0; i < countof(tags); i++)
		if (str_is(name, tags[i].name))
			return tags[i].kind == collection;
	return false;
}

static const struct {
	const char *tag, *function;
} cfn_tags[] = {
	{ "!And", "Fn::And" },
	{ "!Base64", "Fn::Base64" },
	{ "!Cidr", "Fn::Cidr" },
	{ "!Condition", "Condition" },
	{ "!Contains", "Fn::Contains" },
	{ "!EachMemberEquals", "Fn::EachMemberEquals" },
	{ "!EachMemberIn", "Fn::EachMemberIn" },
	{ "!Equals", "Fn::Equals" },
	{ "!FindInMap", "Fn::FindInMap" },
	{ "!GetAZs", "Fn::GetAZs" },
	{ "!GetAtt", "Fn::GetAtt" },
	{ "!If", "Fn::If" },
	{ "!ImportValue", "Fn::ImportValue" },
	{ "!Join", "Fn::Join" },
	{ "!Length", "Fn::Length" },
	{ "!Not", "Fn::Not" },
	{ "!Or", "Fn::Or" },
	{ "!Ref", "Ref" },
	{ "!RefAll", "Fn::RefAll" },
	{ "!Select", "Fn::Select" },
	{ "!Split", "Fn::Split" },
	{ "!Sub", "Fn::Sub" },
	{ "!ToJsonString", "Fn::ToJsonString" },
	{ "!Transform", "Fn::Transform" },
	{ "!ValueOf", "Fn::ValueOf" },
	{ "!ValueOfAll", "Fn::ValueOfAll" },
};

str
yaml_cfn_function(str tag)
{
	for (size_t i = 0; i < countof(cfn_tags); i++)
		if (str_is(tag, cfn_tags[i].tag))
			return str_of(cfn_tags[i].function);
	return (str){ 0 };
}

const char *
yaml_cfn_meant(str tag)
{
	for (size_t i = 0; i < countof(cfn_tags); i++)
		if (str_eq_nocase(tag, str_of(cfn_tags[i].tag)))
			return cfn_tags[i].tag;
	return NULL;
}
