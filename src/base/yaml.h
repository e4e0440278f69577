/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML 1.1 by libyaml's events, into the tree of base/json.h.
 *
 * Plain scalars become JSON by YAML's core rules (null, true/false, numbers) except where
 * text is safer: dates and "yes"/"no"/"on"/"off" stay strings, and a number that JSON could not
 * write (0x10, 1_000, .5, 010, +1) stays a string. Quoted and block scalars are strings.
 * Aliases are not expanded but share the anchor's node, counted against a budget; merge keys,
 * duplicate keys, keys that are no scalars, an empty text and more than one document are refused.
 * Keys are text as they stand: 1, true and ~ are names.
 */
#pragma once

#include <stdbool.h>

#include "base/json.h"

#define YAML_MAX_BYTES ((size_t)1 << 20)
/* Values, with every alias counted as what it stands for and 32 bytes of text as one more. */
#define YAML_MAX_NODES 200000

enum yaml_tags {
	YAML_TAGS_NONE, /* a tag other than YAML's own is refused */
	YAML_TAGS_CFN,  /* CloudFormation: !Ref x is {"Ref": "x"}, !Sub is {"Fn::Sub": …},
			 * !Condition is {"Condition": …}, !GetAtt a.b.c is {"Fn::GetAtt": ["a",
			 * "b.c"]} */
};

/*
 * Parses one document; the tree lives in a and borrows nothing. Fails: ERR_INVALID
 * "line:column: what is wrong", ERR_TOO_LARGE.
 */
bool yaml_parse(
    struct arena *a, str text, enum yaml_tags tags, const struct json **out, struct err *err);

/* JSON where the text begins with '{' (after white space) and parses as JSON, else YAML. */
bool yaml_or_json_parse(
    struct arena *a, str text, enum yaml_tags tags, const struct json **out, struct err *err);
