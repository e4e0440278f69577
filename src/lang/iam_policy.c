/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/iam_policy.c: reading policy documents.
 *
 * Everything that IAM refuses when a document is stored is refused here, so that evaluation
 * (iam_evaluate.c) meets sound statements only. A single value stands wherever a list may.
 */
#include "lang/iam_policy.h"

#include <ctype.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "lang/iam_internal.h"

#define MAX_STATEMENTS 1000

/*
 * AWS's words. The first is recorded from AWS; the others are general knowledge or an emulator's
 * (aws.md: K, E), kept in this one place.
 */
#define TEXT_JSON "This policy contains invalid Json"
#define TEXT_SYNTAX "Syntax errors in policy."
#define TEXT_VERSION "The policy must contain a valid version string"
#define TEXT_NO_STATEMENT "Missing required field Statement"
#define TEXT_NO_ACTIONS "Policy statement must contain actions."
#define TEXT_NO_RESOURCES "Policy statement must contain resources."
#define TEXT_VENDOR "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
#define TEXT_PROHIBITED_PRINCIPAL "Policy document should not specify a principal."
#define TEXT_PROHIBITED_RESOURCE "Has prohibited field Resource"
#define TEXT_NO_PRINCIPAL "Missing required field Principal"
#define TEXT_STS_ONLY "AssumeRole policy may only specify STS AssumeRole actions."
#define TEXT_SID "Statement IDs (SID) must be alpha-numeric."
#define TEXT_SID_TWICE "Statement IDs (SID) in a single policy must be unique."
#define TEXT_PRINCIPAL "Invalid principal in policy"

struct parse {
	struct arena *a;
	enum iam_policy_use use;
	struct err *err;
};

/* "AWS's words (line:column: detail)" */
static bool __attribute__((format(printf, 4, 5)))
bad(struct parse *p, const char *words, const struct json *at, const char *fmt, ...)
{
	va_list args;
	str detail;

	va_start(args, fmt);
	detail = str_vfmt(p->a, fmt, args);
	va_end(args);
	if (at == NULL || at->line == 0)
		return err_code(p->err, ERR_INVALID, "MalformedPolicyDocument", "%s (" STR_FMT ")",
		    words, STR_ARG(detail));
	return err_code(p->err, ERR_INVALID, "MalformedPolicyDocument", "%s (%u:%u: " STR_FMT ")",
	    words, at->line, at->column, STR_ARG(detail));
}

/* One text, or a list of texts; booleans and numbers count as their text where wanted. */
static bool
read_list(struct parse *p, const struct json *value, bool any_scalar, struct iam_list *out)
{
	bool is_list = json_is(value, JSON_ARRAY);
	size_t count = is_list ? json_count(value) : 1;

	out->items = arena_new(p->a, str, count);
	for (const struct json *e = is_list ? json_first(value) : value; e != NULL;
	     e = is_list ? e->next : NULL) {
		bool fits = json_is(e, JSON_STRING) ||
		    (any_scalar &&
			(json_is(e, JSON_NUMBER) || json_is(e, JSON_TRUE) ||
			    json_is(e, JSON_FALSE)));

		if (!fits)
			return bad(p, TEXT_SYNTAX, e, STR_FMT " has %s where text is due",
			    STR_ARG(value->key), json_kind_name(e->kind));
		out->items[out->count++] = json_scalar(e);
	}
	return true;
}

/* --- principals ---------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum iam_principal_type type;
} principal_types[] = {
	{ "AWS", IAM_AWS },
	{ "CanonicalUser", IAM_CANONICAL_USER },
	{ "Federated", IAM_FEDERATED },
	{ "Service", IAM_SERVICE },
};

static bool
add_principals(struct parse *p, struct iam_statement *s, const struct json *member)
{
	struct iam_list values = { 0 };
	size_t type = 0;

	while (type < countof(principal_types) && !str_is(member->key, principal_types[type].name))
		type++;
	if (type == countof(principal_types))
		return bad(p, TEXT_PRINCIPAL, member, "no kind of principal is named " STR_FMT,
		    STR_ARG(member->key));
	if (!read_list(p, member, true, &values))
		return false;
	if (values.count == 0)
		return bad(p, TEXT_PRINCIPAL, member, STR_FMT " is empty", STR_ARG(member->key));
	for (size_t i = 0; i < values.count; i++) {
		bool anyone = principal_types[type].type == IAM_AWS && str_is(values.items[i], "*");

		s->principals[s->principal_count++] = (struct iam_principal){
			.type = anyone ? IAM_ANYONE : principal_types[type].type,
			.value = values.items[i],
			.line = member->line,
			.column = member->column,
		};
	}
	return true;
}

static size_t
count_values(const struct json *object)
{
	size_t n = 0;

	for (const struct json *m = json_first(object); m != NULL; m = m->next)
		n += json_is(m, JSON_ARRAY) ? json_count(m) : 1;
	return n;
}

static bool
read_principal(struct parse *p, struct iam_statement *s, const struct json *value)
{
	if (str_is(json_str(value), "*")) {
		s->principals = arena_new(p->a, struct iam_principal, 1);
		s->principals[0] = (struct iam_principal){
			.type = IAM_ANYONE, .line = value->line, .column = value->column
		};
		s->principal_count = 1;
		return true;
	}
	if (!json_is(value, JSON_OBJECT) || json_count(value) == 0)
		return bad(p, TEXT_PRINCIPAL, value,
		    STR_FMT " must be \"*\" or an object such as {\"AWS\": …}",
		    STR_ARG(value->key));
	s->principals = arena_new(p->a, struct iam_principal, count_values(value));
	for (const struct json *m = json_first(value); m != NULL; m = m->next)
		if (!add_principals(p, s, m))
			return false;
	return true;
}

/* --- conditions ---------------------------------------------------------------------- */

/* "ForAnyValue:StringLikeIfExists" into its three parts. */
static bool
read_operator(struct parse *p, const struct json *at, struct iam_condition *c)
{
	str name = at->key;

	if (str_starts(name, S("ForAllValues:"))) {
		c->quantifier = IAM_FOR_ALL_VALUES;
		name = str_from(name, sizeof("ForAllValues:") - 1);
	} else if (str_starts(name, S("ForAnyValue:"))) {
		c->quantifier = IAM_FOR_ANY_VALUE;
		name = str_from(name, sizeof("ForAnyValue:") - 1);
	}
	if (str_ends(name, S("IfExists"))) {
		c->if_exists = true;
		name = str_sub(name, 0, name.len - (sizeof("IfExists") - 1));
	}
	c->op = iam_operator_find(name);
	if (c->op == NULL || (c->if_exists && str_is(name, "Null")))
		return bad(p, TEXT_SYNTAX, at, "there is no condition operator " STR_FMT,
		    STR_ARG(at->key));
	return true;
}

static bool
read_operator_block(struct parse *p, struct iam_statement *s, const struct json *block)
{
	struct iam_condition form = { 0 };

	if (!read_operator(p, block, &form))
		return false;
	if (!json_is(block, JSON_OBJECT))
		return bad(p, TEXT_SYNTAX, block, STR_FMT " must be an object of keys and values",
		    STR_ARG(block->key));
	for (const struct json *m = json_first(block); m != NULL; m = m->next) {
		struct iam_condition *c = &s->conditions[s->condition_count];

		*c = form;
		c->key = m->key;
		if (str_find_char(m->key, ':') == m->key.len)
			return bad(p, TEXT_VENDOR, m, "condition key " STR_FMT, STR_ARG(m->key));
		if (!read_list(p, m, true, &c->values))
			return false;
		s->condition_count++;
	}
	return true;
}

static bool
read_conditions(struct parse *p, struct iam_statement *s, const struct json *value)
{
	size_t count = 0;

	if (!json_is(value, JSON_OBJECT))
		return bad(p, TEXT_SYNTAX, value, "Condition must be an object");
	for (const struct json *m = json_first(value); m != NULL; m = m->next)
		count += json_is(m, JSON_OBJECT) ? json_count(m) : 1;
	s->conditions = arena_new(p->a, struct iam_condition, count);
	for (const struct json *m = json_first(value); m != NULL; m = m->next)
		if (!read_operator_block(p, s, m))
			return false;
	return true;
}

/* --- statements ---------------------------------------------------------------------- */

static bool
read_sid(struct parse *p, struct iam_statement *s, const struct json *value)
{
	s->sid = json_str(value);
	if (!json_is(value, JSON_STRING))
		return bad(p, TEXT_SYNTAX, value, "Sid must be text");
	for (size_t i = 0; p->use == IAM_POLICY_IDENTITY && i < s->sid.len; i++)
		if (!isalnum((unsigned char)s->sid.ptr[i]))
			return bad(p, TEXT_SID, value, "Sid " STR_FMT, STR_ARG(s->sid));
	return true;
}

static bool
read_effect(struct parse *p, struct iam_statement *s, const struct json *value)
{
	s->deny = str_is(json_str(value), "Deny");
	if (!s->deny && !str_is(json_str(value), "Allow"))
		return bad(p, TEXT_SYNTAX, value, "Effect must be Allow or Deny");
	return true;
}

static bool
read_action(struct parse *p, struct iam_statement *s, const struct json *value)
{
	return read_list(p, value, false, &s->actions);
}

static bool
read_resource(struct parse *p, struct iam_statement *s, const struct json *value)
{
	return read_list(p, value, false, &s->resources);
}

static bool
read_not_action(struct parse *p, struct iam_statement *s, const struct json *value)
{
	s->actions.negated = true;
	return read_action(p, s, value);
}

static bool
read_not_resource(struct parse *p, struct iam_statement *s, const struct json *value)
{
	s->resources.negated = true;
	return read_resource(p, s, value);
}

static bool
read_not_principal(struct parse *p, struct iam_statement *s, const struct json *value)
{
	s->not_principal = true;
	return read_principal(p, s, value);
}

static const struct element {
	const char *name;
	bool (*read)(struct parse *p, struct iam_statement *s, const struct json *value);
	const char *excludes;
} elements[] = {
	{ "Action", read_action, "NotAction" },
	{ "Condition", read_conditions, NULL },
	{ "Effect", read_effect, NULL },
	{ "NotAction", read_not_action, "Action" },
	{ "NotPrincipal", read_not_principal, "Principal" },
	{ "NotResource", read_not_resource, "Resource" },
	{ "Principal", read_principal, "NotPrincipal" },
	{ "Resource", read_resource, "NotResource" },
	{ "Sid", read_sid, NULL },
};

static bool
read_element(
    struct parse *p, struct iam_statement *s, const struct json *tree, const struct json *m)
{
	for (size_t i = 0; i < countof(elements); i++) {
		const struct element *e = &elements[i];

		if (!str_is(m->key, e->name))
			continue;
		if (e->excludes != NULL && json_get(tree, e->excludes) != NULL)
			return bad(p, TEXT_SYNTAX, m, "%s and %s exclude each other", e->name,
			    e->excludes);
		return e->read(p, s, m);
	}
	return bad(p, TEXT_SYNTAX, m, "a statement has no element " STR_FMT, STR_ARG(m->key));
}

static bool
check_actions(struct parse *p, const struct iam_statement *s, const struct json *tree)
{
	if (s->actions.count == 0)
		return bad(p, TEXT_NO_ACTIONS, tree, "neither Action nor NotAction");
	for (size_t i = 0; i < s->actions.count; i++) {
		str action = s->actions.items[i];

		if (str_find_char(action, ':') == action.len && !str_is(action, "*"))
			return bad(p, TEXT_VENDOR, tree, "action " STR_FMT, STR_ARG(action));
		if (p->use == IAM_POLICY_TRUST && !str_starts(action, S("sts:")))
			return bad(p, TEXT_STS_ONLY, tree, "action " STR_FMT, STR_ARG(action));
	}
	return true;
}

static bool
check_resources(struct parse *p, const struct iam_statement *s, const struct json *tree)
{
	bool present = s->resources.items != NULL;

	if (p->use == IAM_POLICY_TRUST)
		return !present || bad(p, TEXT_PROHIBITED_RESOURCE, tree, "in a trust policy");
	if (s->resources.count == 0)
		return bad(p, TEXT_NO_RESOURCES, tree, "neither Resource nor NotResource");
	for (size_t i = 0; i < s->resources.count; i++) {
		str r = s->resources.items[i];

		if (p->use == IAM_POLICY_IDENTITY && !str_starts(r, S("arn:")) &&
		    !str_starts(r, S("*")) && !str_starts(r, S("${")))
			return bad(p,
			    str_z(p->a,
				str_fmt(p->a,
				    "Resource " STR_FMT " must be in ARN format or \"*\".",
				    STR_ARG(r))),
			    tree, "statement");
	}
	return true;
}

static bool
check_principals(struct parse *p, const struct iam_statement *s, const struct json *tree)
{
	bool present = s->principals != NULL;

	if (p->use == IAM_POLICY_IDENTITY)
		return !present || bad(p, TEXT_PROHIBITED_PRINCIPAL, tree, "statement");
	return present || bad(p, TEXT_NO_PRINCIPAL, tree, "statement");
}

static bool
read_statement(struct parse *p, struct iam_statement *s, const struct json *tree)
{
	if (!json_is(tree, JSON_OBJECT))
		return bad(p, TEXT_SYNTAX, tree, "a statement must be an object");
	s->line = tree->line;
	s->column = tree->column;
	for (const struct json *m = json_first(tree); m != NULL; m = m->next)
		if (!read_element(p, s, tree, m))
			return false;
	if (json_get(tree, "Effect") == NULL)
		return bad(p, TEXT_SYNTAX, tree, "a statement needs an Effect");
	return check_principals(p, s, tree) && check_actions(p, s, tree) &&
	    check_resources(p, s, tree);
}

static bool
check_sids(struct parse *p, const struct iam_policy *policy, const struct json *tree)
{
	for (size_t i = 0; i < policy->statement_count; i++)
		for (size_t j = i + 1; j < policy->statement_count; j++)
			if (policy->statements[i].sid.len != 0 &&
			    str_eq(policy->statements[i].sid, policy->statements[j].sid))
				return bad(p, TEXT_SID_TWICE, tree, "Sid " STR_FMT,
				    STR_ARG(policy->statements[i].sid));
	return true;
}

/* --- the document -------------------------------------------------------------------- */

static bool
read_version(struct parse *p, const struct json *tree, struct iam_policy *out)
{
	const struct json *version = json_get(tree, "Version");

	out->variables = str_is(json_str(version), "2012-10-17");
	if (version != NULL && !out->variables && !str_is(json_str(version), "2008-10-17"))
		return bad(p, TEXT_VERSION, version, "Version is 2012-10-17 or 2008-10-17");
	for (const struct json *m = json_first(tree); m != NULL; m = m->next)
		if (!str_is(m->key, "Version") && !str_is(m->key, "Id") &&
		    !str_is(m->key, "Statement"))
			return bad(
			    p, TEXT_SYNTAX, m, "a policy has no element " STR_FMT, STR_ARG(m->key));
	return true;
}

bool
iam_policy_parse(struct arena *a, const struct json *tree, enum iam_policy_use use,
    struct iam_policy *out, struct err *err)
{
	struct parse p = { a, use, err };
	struct iam_policy policy = { 0 };
	const struct json *statement = json_get(tree, "Statement");
	bool is_list = json_is(statement, JSON_ARRAY);
	size_t count = is_list ? json_count(statement) : 1;

	if (!json_is(tree, JSON_OBJECT))
		return bad(&p, TEXT_SYNTAX, tree, "a policy must be an object");
	if (!read_version(&p, tree, &policy))
		return false;
	if (statement == NULL || count == 0)
		return bad(&p, TEXT_NO_STATEMENT, tree, "a policy needs a statement");
	if (count > MAX_STATEMENTS)
		return bad(&p, TEXT_SYNTAX, statement, "more than %d statements", MAX_STATEMENTS);
	policy.statements = arena_new(a, struct iam_statement, count);
	for (const struct json *s = is_list ? json_first(statement) : statement; s != NULL;
	     s = is_list ? s->next : NULL)
		if (!read_statement(&p, &policy.statements[policy.statement_count++], s))
			return false;
	if (!check_sids(&p, &policy, statement))
		return false;
	*out = policy;
	return true;
}

bool
iam_policy_parse_text(
    struct arena *a, str text, enum iam_policy_use use, struct iam_policy *out, struct err *err)
{
	struct parse p = { a, use, err };
	const struct json *tree;
	struct err syntax;

	err_init(&syntax, a);
	if (!json_parse(a, text, &tree, &syntax))
		return bad(&p, TEXT_JSON, NULL, STR_FMT, STR_ARG(syntax.msg));
	return iam_policy_parse(a, tree, use, out, err);
}
