/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/answer.c: pieces that the answers of all engines have in common.
 */
#include "cloud/internal.h"

#include "base/encode.h"

str
arn_make(struct arena *a, const char *service, str region, str account, const char *fmt, ...)
{
	va_list args;
	str resource;

	va_start(args, fmt);
	resource = str_vfmt(a, fmt, args);
	va_end(args);
	return str_fmt(a, "arn:aws:%s:" STR_FMT ":" STR_FMT ":" STR_FMT, service, STR_ARG(region),
	    STR_ARG(account), STR_ARG(resource));
}

bool
arn_parse(str arn, struct arn *out)
{
	str rest = arn, head, partition;

	if (!str_starts(arn, S("arn:")) || !str_cut(&rest, ':', &head) ||
	    !str_cut(&rest, ':', &partition) || !str_cut(&rest, ':', &out->service) ||
	    !str_cut(&rest, ':', &out->region) || !str_cut(&rest, ':', &out->account) ||
	    rest.len == 0)
		return false;
	out->resource = rest;
	return true;
}

str
arn_account(str arn)
{
	struct arn parts;

	return arn_parse(arn, &parts) ? parts.account : S("");
}

str
arn_name(str arn)
{
	size_t begin = arn.len;

	while (begin > 0 && arn.ptr[begin - 1] != '/')
		begin--;
	return str_from(arn, begin);
}

struct json *
time_json(struct arena *a, int64_t ms)
{
	struct json *j = json_new(a, JSON_NUMBER);

	j->text = ms % 1000 == 0
	    ? str_fmt(a, "%lld", (long long)(ms / 1000))
	    : str_fmt(a, "%lld.%03lld", (long long)(ms / 1000), (long long)(ms % 1000));
	return j;
}

/* Tokens name their operation, so one of another operation is refused. */
static str
token_write(struct call *c, int64_t offset)
{
	return base64url_encode(c->a,
	    str_fmt(c->a, STR_FMT "/" STR_FMT "/%lld", STR_ARG(c->service), STR_ARG(c->action),
		(long long)offset));
}

static bool
token_read(struct call *c, str token, int64_t *offset, struct err *err)
{
	str prefix =
	    str_fmt(c->a, STR_FMT "/" STR_FMT "/", STR_ARG(c->service), STR_ARG(c->action));
	str text;

	*offset = 0;
	if (token.len == 0)
		return true;
	if (base64url_decode(c->a, token, &text) && str_starts(text, prefix) &&
	    str_to_i64(str_from(text, prefix.len), offset) && *offset > 0)
		return true;
	return err_code(err, ERR_INVALID, validation_code(c),
	    "The pagination token is not one that " STR_FMT " gave", STR_ARG(c->action));
}

const char *
validation_code(const struct call *c)
{
	const struct aws_service *service = aws_service_find(c->service);
	enum aws_protocol protocol = service == NULL ? AWS_JSON_1_1 : service->protocol;

	if (protocol == AWS_QUERY)
		return "ValidationError";
	if (protocol == AWS_EC2)
		return "InvalidParameterValue";
	return protocol == AWS_REST_XML ? "InvalidArgument" : "ValidationException";
}

bool
paginate(struct call *c, const struct json *list, const char *key, int64_t limit, str token,
    const char *token_key, struct err *err)
{
	struct json *page = json_put(c->a, c->out, key, json_new_array(c->a));
	int64_t offset, at = 0;

	if (!token_read(c, token, &offset, err))
		return false;
	for (const struct json *e = json_first(list); e != NULL; e = e->next, at++) {
		if (at < offset)
			continue;
		if (limit > 0 && at - offset == limit) {
			json_put_str(c->a, c->out, token_key, token_write(c, at));
			break;
		}
		json_push(c->a, page, e);
	}
	return true;
}

static bool
has_text(const struct json *list, const char *key, str text)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		if (str_eq(key == NULL ? json_str(e) : json_str(json_get(e, key)), text))
			return true;
	return false;
}

struct json *
tags_with(struct arena *a, const struct json *tags, const struct json *more, const char *key,
    const char *value)
{
	struct json *all = json_new_array(a);

	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		if (!has_text(more, key, json_str(json_get(t, key))))
			json_push(a, all, t);
	for (const struct json *t = json_first(more); t != NULL; t = t->next) {
		struct json *tag = json_new_object(a);

		json_put_str(a, tag, key, json_str(json_get(t, key)));
		json_put_str(a, tag, value, json_str(json_get(t, value)));
		json_push(a, all, tag);
	}
	return all;
}

struct json *
tags_without(struct arena *a, const struct json *tags, const struct json *keys, const char *key)
{
	struct json *all = json_new_array(a);

	for (const struct json *t = json_first(tags); t != NULL; t = t->next)
		if (!has_text(keys, NULL, json_str(json_get(t, key))))
			json_push(a, all, t);
	return all;
}
