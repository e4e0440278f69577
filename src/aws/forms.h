/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees of values as text, by their shape: what both sides of a protocol need. Writers take what
 * fits the shape and refuse the rest; readers take what anyone may send, so they are bounded in
 * depth and keep only what the shape knows.
 */
#pragma once

#include "aws/model.h"

struct arena;
struct buf;
struct err;
struct json;

/* Reading is given up beyond this depth, whatever the shape allows. */
#define FORM_MAX_DEPTH 64

/* Fails: ERR_INVALID, naming the member that the shape lacks or that has another kind. */
bool form_json_write(
    struct buf *b, const struct aws_shape *shape, const struct json *value, struct err *err);

/* Members that the shape lacks, and nulls, are dropped. Fails: ERR_INVALID (another kind). */
bool form_json_read(struct arena *a, const struct aws_shape *shape, const struct json *in,
    const struct json **out, struct err *err);

/* How names are spelled: ec2 has its own way, see model.h. */
enum form_names { FORM_NAMES, FORM_EC2_REQUEST, FORM_EC2_ANSWER };

str form_wire_name(struct arena *a, const struct aws_member *m, enum form_names names);

/* The members of a structure as elements, without an element around them. Fails as json does. */
bool form_xml_write(struct buf *b, const struct aws_shape *structure, const struct json *value,
    enum form_names names, struct err *err);
void form_xml_text(struct buf *b, str text); /* escaped; what XML cannot say becomes U+FFFD */

/* "&Name=value" for everything in it; FORM_EC2_REQUEST: all lists are flat. Fails as json does. */
bool form_query_write(struct buf *b, const struct aws_shape *structure, const struct json *value,
    enum form_names names, struct err *err);

/* A scalar as query strings, XML and headers have it; iso: how times are written by default. */
str form_scalar(struct arena *a, const struct aws_shape *shape, const struct json *value,
    enum aws_time_form time_form);
/* And back; NULL where text is none of that kind. */
const struct json *form_scalar_read(struct arena *a, const struct aws_shape *shape, str text);

bool form_is_scalar(const struct aws_shape *shape);

struct xml;

/*
 * An element's children by the structure's shape. Answers: what the shape lacks is dropped, and
 * scalars become the shape's kinds. Requests: scalars stay text and unknown members are kept, for
 * aws_input_check() to judge. Fails: ERR_INVALID (answers: a scalar that is none of its kind).
 */
enum form_use { FORM_ANSWER, FORM_REQUEST };

bool form_xml_read(struct arena *a, const struct aws_shape *structure, const struct xml *element,
    enum form_names names, enum form_use use, const struct json **out, struct err *err);

/* May value stand where shape is due? Fails: ERR_INVALID. */
bool form_fits(const struct aws_shape *shape, const struct json *value, struct err *err);

/* Says that the model lacks a member; returns false. */
bool form_lacks(const struct json *member, struct err *err);
