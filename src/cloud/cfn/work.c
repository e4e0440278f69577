/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/work.c: one resource made, looked at or removed, as the row of its type says.
 *
 * The order of creating: input from properties, a name where none is given, tags, the operation,
 * the physical id, attributes, and the type's hook. Whatever fails after the physical id is known
 * leaves something behind, which rollback removes by that id.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "cloud/cfn/types.h"

/* --- calls ------------------------------------------------------------------------------- */

static bool
call(struct cfn_work *w, const char *service, const char *operation, const struct json *in,
    struct watch *watch, const struct json **out, struct err *err)
{
	w->service = service;
	return cloud_call(w->c,
	    &(struct cloud_request){
		.service = service,
		.action = operation,
		.in = in,
		.watch = watch,
		.token = str_cat(w->c->a, w->token, str_of(operation)),
	    },
	    out, err);
}

bool
cfn_call(struct cfn_work *w, const char *service, const char *operation, const struct json *in,
    const struct json **out, struct err *err)
{
	return call(w, service, operation, in, NULL, out, err);
}

bool
cfn_look(struct cfn_work *w, const char *service, const char *operation, const struct json *in,
    const struct json **out, struct err *err)
{
	return call(w, service, operation, in, &w->watch, out, err);
}

/* "Code" or "Code:part of the message" */
static bool
means_gone(const struct err *err, str word)
{
	str code;

	return str_cut(&word, ':', &code) && str_eq(err->code, code) &&
	    (word.len == 0 || str_has(err->msg, word));
}

bool
cfn_is_gone(struct cfn_work *w, struct err *err)
{
	str rest = str_of(w->type->gone), word;

	while (str_cut(&rest, ' ', &word))
		if (means_gone(err, word)) {
			err_clear(err);
			return true;
		}
	return false;
}

/* --- inputs ------------------------------------------------------------------------------ */

const struct json *
cfn_property(struct cfn_work *w, const char *name)
{
	return json_get(w->properties, name);
}

struct json *
cfn_input(struct cfn_work *w, const char *member, str value)
{
	struct json *in = json_new_object(w->c->a);

	json_put_str(w->c->a, in, member, value);
	return in;
}

str
cfn_document(struct cfn_work *w, const struct json *value)
{
	return json_is(value, JSON_STRING) ? json_str(value) : json_text(w->c->a, value);
}

static const struct json *
source_value(struct cfn_work *w, str source)
{
	struct arena *a = w->c->a;
	const struct json *value;

	if (str_is(source, "$id"))
		return json_new_str(a, w->physical_id);
	if (str_starts(source, S(".")))
		return json_get_str(w->attributes, str_from(source, 1));
	if (!str_starts(source, S("json:")))
		return json_get_str(w->properties, source);
	value = json_get_str(w->properties, str_from(source, 5));
	return value == NULL ? NULL : json_new_str(a, cfn_document(w, value));
}

struct json *
cfn_mapped(struct cfn_work *w, const char *words)
{
	struct json *in = json_new_object(w->c->a);
	str rest = str_of(words), source, member;

	while (str_cut(&rest, ' ', &source)) {
		str_cut(&source, '=', &member);
		if (source.ptr == NULL || source.len == 0)
			source = member;
		json_put_key(w->c->a, in, member, source_value(w, source));
	}
	return in;
}

static void
add_name(struct cfn_work *w)
{
	const struct cfn_naming *naming = &w->type->naming;

	if (naming->member == NULL || json_get(w->input, naming->member) != NULL)
		return;
	json_put_str(w->c->a, w->input, naming->member,
	    cfn_name_make(w->c->a, naming, w->stack_name, w->logical_id));
}

/* [{Key, Value}] as KMS names them. */
static struct json *
kms_tags(struct arena *a, const struct json *tags)
{
	struct json *list = json_new_array(a);

	for (const struct json *t = json_first(tags); t != NULL; t = t->next) {
		struct json *tag = json_push(a, list, json_new_object(a));

		json_put_str(a, tag, "TagKey", json_str(json_get(t, "Key")));
		json_put_str(a, tag, "TagValue", json_str(json_get(t, "Value")));
	}
	return list;
}

static void
add_tags(struct cfn_work *w)
{
	struct arena *a = w->c->a;
	struct json *list, *one;

	switch (w->type->tagging) {
	case CFN_UNTAGGED:
		return;
	case CFN_TAGS:
		json_put(a, w->input, "Tags", w->tags);
		return;
	case CFN_TAGS_KMS:
		json_put(a, w->input, "Tags", kms_tags(a, w->tags));
		return;
	case CFN_TAGS_EC2:
		list = json_put(a, w->input, "TagSpecifications", json_new_array(a));
		one = json_push(a, list, json_new_object(a));
		json_put_str(a, one, "ResourceType", str_of(w->type->ec2_kind));
		json_put(a, one, "Tags", w->tags);
		return;
	}
}

/* --- ids and attributes ------------------------------------------------------------------ */

static str
at_path(const struct json *j, str path)
{
	str name;

	while (str_cut(&path, '.', &name))
		j = json_get_str(j, name);
	return json_scalar(j);
}

/* A text with ${Member} of the create operation's input. */
static str
fill(struct cfn_work *w, str text)
{
	struct buf b = buf_in(w->c->a);

	while (text.len > 0) {
		size_t open = str_find(text, S("${"));
		str inner = str_from(text, open + 2);
		size_t close = str_find_char(inner, '}');

		buf_add(&b, str_sub(text, 0, open));
		if (open == text.len)
			break;
		buf_add(&b, json_scalar(json_get_str(w->input, str_sub(inner, 0, close))));
		text = str_from(inner, close + 1);
	}
	return buf_str(&b);
}

/* What an id or an attribute is made from. */
static str
made_from(struct cfn_work *w, str source)
{
	if (str_is(source, "$id"))
		return w->physical_id;
	if (str_find_char(source, '$') < source.len)
		return fill(w, source);
	return at_path(w->answer, source);
}

void
cfn_set_attribute(struct cfn_work *w, const char *name, str value)
{
	json_set_str(w->c->a, w->attributes, name, value);
}

static void
set_attributes(struct cfn_work *w)
{
	str rest = str_of(w->type->attributes), source, name;

	while (str_cut(&rest, ' ', &source)) {
		str_cut(&source, '=', &name);
		if (source.len > 0)
			cfn_set_attribute(w, str_z(w->c->a, name), made_from(w, source));
	}
}

bool
cfn_type_has_attribute(const struct cfn_type *type, str name)
{
	str rest = str_of(type->attributes), word, known;

	while (str_cut(&rest, ' ', &word))
		if (str_cut(&word, '=', &known) && str_eq(known, name))
			return true;
	return false;
}

/* --- the whole ---------------------------------------------------------------------------- */

bool
cfn_work_create(struct cfn_work *w, struct err *err)
{
	const struct cfn_type *t = w->type;

	w->attributes = json_new_object(w->c->a);
	w->input = cfn_mapped(w, t->input);
	w->answer = NULL;
	add_name(w);
	add_tags(w);
	if (t->create != NULL && !cfn_call(w, t->service, t->create, w->input, &w->answer, err))
		return false;
	if (t->id != NULL)
		w->physical_id = made_from(w, str_of(t->id));
	set_attributes(w);
	return t->created == NULL || t->created(w, err);
}

bool
cfn_work_settle(struct cfn_work *w, struct err *err)
{
	w->is_waiting = false;
	return w->type->settle == NULL || w->type->settle(w, err);
}

bool
cfn_work_remove(struct cfn_work *w, struct err *err)
{
	const struct cfn_type *t = w->type;

	w->is_waiting = false;
	if (t->removing != NULL && !t->removing(w, err) && !cfn_is_gone(w, err))
		return false;
	if (w->is_waiting || t->remove == NULL)
		return true;
	return cfn_call(w, t->service, t->remove, cfn_mapped(w, t->remove_input), NULL, err) ||
	    cfn_is_gone(w, err);
}
