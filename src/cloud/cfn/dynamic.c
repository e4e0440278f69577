/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/dynamic.c: "{{resolve:ssm:name}}" in properties, read when the resource is made.
 *
 * Other services' references are refused: left in place they would become part of a name or a
 * policy.
 */
#include "base/buf.h"
#include "cloud/cfn/internal.h"

#define OPEN "{{resolve:"

/* name or name:version, as GetParameter takes it too. */
static bool
read_parameter(struct cfn_stack *s, str name, struct buf *out, struct err *err)
{
	struct json *in = json_new_object(s->c->a);
	const struct json *answer;
	str type;

	json_put_str(s->c->a, in, "Name", name);
	if (!cloud_call(s->c,
		&(struct cloud_request){ .service = "ssm", .action = "GetParameter", .in = in },
		&answer, err))
		return false;
	type = json_str(json_path(answer, "Parameter", "Type", NULL));
	if (str_is(type, "SecureString"))
		return err_code(err, ERR_INVALID, CFN_PLAIN_REASON,
		    "Dynamic reference to " STR_FMT ": ssm cannot give a SecureString",
		    STR_ARG(name));
	buf_add(out, json_str(json_path(answer, "Parameter", "Value", NULL)));
	return true;
}

static bool
fill(struct cfn_stack *s, str text, struct buf *out, struct err *err)
{
	size_t open;

	while ((open = str_find(text, S(OPEN))) < text.len) {
		str inner = str_from(text, open + sizeof(OPEN) - 1), service;
		size_t close = str_find(inner, S("}}"));
		str reference = str_sub(inner, 0, close);

		if (!str_cut(&reference, ':', &service) || !str_is(service, "ssm") ||
		    close == inner.len)
			return err_code(err, ERR_INVALID, CFN_PLAIN_REASON,
			    "The local cloud resolves {{resolve:ssm:name}} only, not " STR_FMT,
			    STR_ARG(str_sub(str_from(text, open), 0, 200)));
		buf_add(out, str_sub(text, 0, open));
		if (!read_parameter(s, reference, out, err))
			return false;
		text = str_from(inner, close + 2);
	}
	buf_add(out, text);
	return true;
}

static bool
resolve_text(struct cfn_stack *s, const struct json *j, const struct json **out, struct err *err)
{
	struct buf b = buf_in(s->c->a);

	if (!str_has(json_str(j), S(OPEN))) {
		*out = j;
		return true;
	}
	if (!fill(s, json_str(j), &b, err))
		return false;
	*out = json_new_str(s->c->a, buf_str(&b));
	return true;
}

bool
stack_resolve_dynamic(
    struct cfn_stack *s, const struct json *j, const struct json **out, struct err *err)
{
	const struct json *value;
	struct json *copy;

	if (!json_is(j, JSON_OBJECT) && !json_is(j, JSON_ARRAY))
		return resolve_text(s, j, out, err);
	copy = json_new(s->c->a, j->kind);
	for (const struct json *m = json_first(j); m != NULL; m = m->next) {
		if (!stack_resolve_dynamic(s, m, &value, err))
			return false;
		if (j->kind == JSON_OBJECT)
			json_put_key(s->c->a, copy, m->key, value);
		else
			json_push(s->c->a, copy, value);
	}
	*out = copy;
	return true;
}
