/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/config.c: a configuration's values, held against everything that reads them, before
 * anything is launched with them.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "bundle/internal.h"
#include "lang/cfn_template.h"
#include "lang/ssm_document.h"
#include "lang/ssm_values.h"

#define CONFIG_FILE "configuration"

/* [{key, value}] as an object; of several with one key the first counts. */
static struct json *
values_of(struct arena *a, const struct json *params)
{
	struct json *out = json_new_object(a);

	for (const struct json *p = json_first(params); p != NULL; p = p->next) {
		str key = json_str(json_get(p, "key"));

		if (key.len > 0 && json_get_str(out, key) == NULL)
			json_put_key(a, out, key, json_get(p, "value"));
	}
	return out;
}

/* --- is it there? ------------------------------------------------------------------------ */

static void
missing(struct check *c, str key, str reader)
{
	find_error(c, place_of(NULL), "config-missing",
	    str_fmt(c->a, "add the parameter '" STR_FMT "'", STR_ARG(key)),
	    "the configuration gives no '" STR_FMT "', which " STR_FMT " needs", STR_ARG(key),
	    STR_ARG(reader));
}

/* Every ${config.x} in value and below has a value. */
static void
check_present(struct check *c, const struct json *value, const struct json *scopes, str reader)
{
	str rest = json_str(value);

	for (struct piece p; piece_next(&rest, &p);)
		if (p.kind == PIECE_VARIABLE && str_starts(p.text, S("config.")) &&
		    variable_find(scopes, p.text) == NULL)
			missing(c, str_from(p.text, S("config.").len), reader);
	for (const struct json *m = json_first(value); m != NULL; m = m->next)
		check_present(c, m, scopes, reader);
}

/* --- does it fit? ------------------------------------------------------------------------ */

/* Four numbers with dots, and perhaps a mask: the form that patterns test and whose values they
 * let through, whatever they are. */
static bool
is_wrong_address(str text)
{
	size_t slash = str_find_char(text, '/');
	str rest = str_sub(text, 0, slash), mask = str_from(text, slash + 1);
	bool wrong = false;
	int64_t number;
	int parts = 0;

	for (str part; str_cut(&rest, '.', &part); parts++) {
		if (!str_to_i64(part, &number))
			return false;
		wrong |= number < 0 || number > 255;
	}
	if (slash < text.len)
		wrong |= !str_to_i64(mask, &number) || number < 0 || number > 32;
	return parts == 4 && wrong;
}

/* The configuration's keys in a value, for messages: "'CIDR'". */
static str
keys_of(struct arena *a, const struct json *value)
{
	str rest = json_str(value), out = { 0 };

	for (struct piece p; piece_next(&rest, &p);) {
		str key = str_from(p.text, S("config.").len);

		if (p.kind == PIECE_VARIABLE)
			out = str_fmt(a, STR_FMT "%s'" STR_FMT "'", STR_ARG(out),
			    out.len > 0 ? " and " : "", STR_ARG(key));
	}
	return out;
}

static void
unfit(struct check *c, const struct json *value, str why)
{
	find_error(c, place_of(NULL), "config-value", S("give a value that the type takes"),
	    "the value of " STR_FMT " is refused: " STR_FMT, STR_ARG(keys_of(c->a, value)),
	    STR_ARG(why));
}

static void
check_fits(struct check *c, const struct bundle *b, const struct json *value,
    const struct ssm_parameter *p, const struct json *scopes)
{
	const struct cfn_parameter *target = provision_target(b, p->name);
	const struct json *filled, *typed;
	struct err err;

	err_init(&err, c->a);
	if (!bundle_expand(c->a, value, scopes, &filled, &err) ||
	    !ssm_argument_check(c->a, p, value_texts(c->a, filled), &typed, &err)) {
		unfit(c, value, err.msg);
		return;
	}
	if (target != NULL && !cfn_parameter_check(target, ssm_text(c->a, typed), &err))
		unfit(c, value, err.msg);
	else if (is_wrong_address(json_scalar(filled)))
		unfit(c, value,
		    str_fmt(c->a, "'" STR_FMT "' is no IPv4 address or range",
			STR_ARG(json_scalar(filled))));
}

/* A parameter that is one whole absent ${config.x} may take a default. */
static bool
takes_default(const struct bundle *b, const struct json *member, const struct ssm_parameter *p,
    const struct json *scopes)
{
	const struct cfn_parameter *target = provision_target(b, member->key);
	str name;

	return json_is(member, JSON_STRING) && piece_is_whole(member->text, &name) &&
	    variable_find(scopes, name) == NULL &&
	    ((p != NULL && p->default_value != NULL) || (target != NULL && target->has_default));
}

static void
check_launch(struct check *c, const struct bundle *b, const struct json *scopes)
{
	const struct bundle_verb_def *launch = &b->verbs[BUNDLE_LAUNCH];

	for (const struct json *m = json_first(launch->parameters); m != NULL; m = m->next) {
		struct variables_used used = variables_used(m);
		const struct ssm_parameter *p = ssm_parameter_find(launch->ssm, m->key);
		size_t errors = c->findings->errors;

		if (!used.config || takes_default(b, m, p, scopes))
			continue;
		check_present(c, m, scopes,
		    str_fmt(c->a, "the launch parameter '" STR_FMT "'", STR_ARG(m->key)));
		if (c->findings->errors == errors && !used.other && p != NULL)
			check_fits(c, b, m, p, scopes);
	}
}

static bool
check_form(struct check *c, const struct json *params)
{
	for (const struct json *p = json_first(params); p != NULL; p = p->next) {
		if (json_str(json_get(p, "key")).len > 0 && json_get(p, "value") != NULL)
			continue;
		find_error(c, place_of(p), "config-form",
		    S("write each as {\"key\": …, \"value\": …}"),
		    "a parameter of the configuration has no key or no value");
		return false;
	}
	return true;
}

void
bundle_check_config(
    struct arena *a, const struct bundle *b, const struct json *params, struct findings *findings)
{
	struct check c = { a, findings, S(CONFIG_FILE), b };
	struct json *scopes = json_new_object(a);

	if (findings->a == NULL)
		findings->a = a;
	if (!check_form(&c, params))
		return;
	json_put(a, scopes, "config", values_of(a, params));
	if (b->verbs[BUNDLE_LAUNCH].ssm != NULL)
		check_launch(&c, b, scopes);
	for (unsigned v = BUNDLE_TERMINATE; v < BUNDLE_VERB_COUNT; v++) {
		const struct bundle_verb_def *def = &b->verbs[v];
		str reader = str_of(verb_word((enum bundle_verb)v));

		check_present(&c, def->parameters, scopes, reader);
		for (size_t i = 0; i < def->call_count; i++)
			check_present(&c, def->calls[i].with, scopes, reader);
	}
	check_present(&c, b->describe.with, scopes, S("describe"));
}
