/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/catalog/model.c: ids, ARNs, states and the words of errors.
 *
 * Of the service's texts only a few are recorded (aws.md 2.4: no launch paths, more than one path,
 * a name in use, one constraint only, "Portfolio not found"); the others here follow their form,
 * and are ours: clients go by the code.
 */
#include "cloud/catalog/internal.h"

#include "base/hash.h"
#include "base/id.h"

#define ID_CHARS 13
#define MAKING_MS 100 /* what was made is CREATING at first; for some seconds on AWS */
#define PAGE_MOST 20

str
catalog_id(struct call *c, const char *prefix)
{
	return str_fmt(c->a, "%s-" STR_FMT, prefix, STR_ARG(id_lower_alnum(c->a, ID_CHARS)));
}

str
catalog_pair(struct call *c, str first, str second)
{
	return str_fmt(c->a, STR_FMT "/" STR_FMT, STR_ARG(first), STR_ARG(second));
}

str
catalog_ref(struct call *c, const char *what, str value)
{
	return str_fmt(c->a, "servicecatalog#%s#" STR_FMT, what, STR_ARG(value));
}

str
catalog_path_id(struct call *c, str portfolio, str product)
{
	str seed = str_fmt(c->a, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(c->account),
	    STR_ARG(portfolio), STR_ARG(product));

	return str_fmt(
	    c->a, "lpv3-" STR_FMT, STR_ARG(str_sub(sha256_hex(c->a, seed), 0, ID_CHARS)));
}

str
catalog_portfolio_arn(struct call *c, str account, str id)
{
	return arn_make(c->a, "catalog", c->region, account, "portfolio/" STR_FMT, STR_ARG(id));
}

str
catalog_product_arn(struct call *c, str account, str id)
{
	return arn_make(c->a, "catalog", c->region, account, "product/" STR_FMT, STR_ARG(id));
}

str
catalog_status(struct call *c, const struct json *row)
{
	int64_t made_ms = json_i64(json_get(row, "createdMs"), 0);

	return c->now_ms < made_ms + MAKING_MS ? S("CREATING") : S("AVAILABLE");
}

/* --- errors ----------------------------------------------------------------------- */

bool
catalog_missing(struct err *err, const char *what, str id)
{
	return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException", "%s not found: " STR_FMT,
	    what, STR_ARG(id));
}

static bool __attribute__((format(printf, 3, 0)))
refuse(struct err *err, const char *code, const char *fmt, va_list args)
{
	str text = str_vfmt(err->a, fmt, args);

	return err_code(err, ERR_INVALID, code, STR_FMT, STR_ARG(text));
}

bool
catalog_invalid(struct err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)refuse(err, "InvalidParametersException", fmt, args); /* always false, as we */
	va_end(args);
	return false;
}

bool
catalog_in_use(struct err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)refuse(err, "ResourceInUseException", fmt, args); /* always false, as we */
	va_end(args);
	return false;
}

/* --- input and output ------------------------------------------------------------- */

str
catalog_in(const struct call *c, const char *member)
{
	return json_str(json_get(c->in, member));
}

bool
catalog_one_of(struct call *c, const char *x, const char *y, struct err *err)
{
	if ((catalog_in(c, x).len != 0) != (catalog_in(c, y).len != 0))
		return true;
	return catalog_invalid(err, "Exactly one of %s and %s must be given.", x, y);
}

void
catalog_copy(struct call *c, struct json *to, const char *member, const char *as)
{
	json_put(c->a, to, as, json_get(c->in, member)); /* nothing where it is absent */
}

bool
catalog_page(struct call *c, const struct json *list, const char *key, struct err *err)
{
	static const struct input_rule rules[] = { { "PageSize", 0, PAGE_MOST, NULL, NULL } };
	int64_t size = json_i64(json_get(c->in, "PageSize"), 0);

	return input_check(c, rules, countof(rules), err) &&
	    paginate(c, list, key, size == 0 ? PAGE_MOST : size, catalog_in(c, "PageToken"),
		"NextPageToken", err);
}
