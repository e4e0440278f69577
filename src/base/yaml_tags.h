/* SPDX-License-Identifier: Apache-2.0 */
/* What plain scalars and tags of YAML mean. Only for base/yaml.c. */
#pragma once

#include <stdbool.h>

#include "base/json.h"

/* A plain scalar without a tag: null, a boolean, a number as JSON writes it, else a string. */
enum json_kind yaml_plain_kind(str text);

/*
 * A scalar under a tag of YAML's own ("tag:yaml.org,2002:int"). False where the tag is not one
 * or the text does not fit it; *known tells which.
 */
bool yaml_tagged_kind(str tag, str text, enum json_kind *kind, bool *known);

/* May a tag of YAML's own stand on a list, or on a mapping? */
bool yaml_tag_fits(str tag, enum json_kind collection);

/* "!Sub" gives "Fn::Sub"; empty where the tag is not one of CloudFormation's. */
str yaml_cfn_function(str tag);

/* The known short tag that differs from tag by case only; NULL where none does. */
const char *yaml_cfn_meant(str tag);
