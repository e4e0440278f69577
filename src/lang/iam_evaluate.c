/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lang/iam_evaluate.c: what one document says to one request.
 *
 * A statement matches when principal, action, resource and every condition match. Among those
 * that match, one Deny outweighs every Allow.
 */
#include "lang/iam_policy.h"

#include <ctype.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "lang/iam_internal.h"

/* --- patterns ------------------------------------------------------------------------ */

static char
fold(char c, bool no_case)
{
	return no_case ? (char)tolower((unsigned char)c) : c;
}

/* Linear in memory; on a mismatch it goes back to the last '*' only, which is enough for globs. */
bool
iam_glob(str pattern, str text, bool no_case)
{
	size_t p = 0, t = 0, star = pattern.len, mark = 0;

	while (t < text.len) {
		char c = p < pattern.len ? pattern.ptr[p] : '\0';
		bool literal = c == IAM_LITERAL && p + 1 < pattern.len;
		size_t step = literal ? 2 : 1;

		if (literal)
			c = pattern.ptr[p + 1];
		if (p < pattern.len && !literal && c == '*') {
			star = p++;
			mark = t;
		} else if (p < pattern.len &&
		    ((!literal && c == '?') || fold(c, no_case) == fold(text.ptr[t], no_case))) {
			p += step;
			t++;
		} else if (star < pattern.len) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

/* Adds text so that a pattern takes every byte of it as itself. */
static void
add_literal(struct buf *b, str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '*' || text.ptr[i] == '?' || text.ptr[i] == IAM_LITERAL)
			buf_char(b, IAM_LITERAL);
		buf_char(b, text.ptr[i]);
	}
}

const struct json *
iam_context_get(const struct json *context, str key)
{
	for (const struct json *m = json_first(context); m != NULL; m = m->next)
		if (str_eq_nocase(m->key, key))
			return m;
	return NULL;
}

/* The inner of ${…}: "key" or "key, 'default'". */
static bool
expand_one(struct buf *out, str inner, const struct json *context)
{
	const struct json *value;
	str rest = inner, key;

	if (inner.len == 1 && str_find_char(S("*?$"), inner.ptr[0]) < 3) {
		add_literal(out, inner);
		return true;
	}
	if (!str_cut(&rest, ',', &key))
		return false;
	value = iam_context_get(context, str_trim(key));
	if (value != NULL && !json_is(value, JSON_ARRAY)) {
		add_literal(out, json_scalar(value));
		return true;
	}
	rest = str_trim(rest);
	if (key.len == inner.len || rest.len < 2 || rest.ptr[0] != '\'' ||
	    rest.ptr[rest.len - 1] != '\'')
		return false;
	add_literal(out, str_sub(rest, 1, rest.len - 2));
	return true;
}

bool
iam_expand(struct arena *a, str text, const struct json *context, str *out)
{
	struct buf b;
	str rest = text;

	*out = text;
	if (!str_has(text, S("${")))
		return true;
	b = buf_in(a);
	while (rest.len != 0) {
		size_t begin = str_find(rest, S("${"));
		str inner = str_from(rest, begin + 2);
		size_t end = str_find_char(inner, '}');

		buf_add(&b, str_sub(rest, 0, begin));
		if (begin == rest.len)
			break;
		if (end == inner.len) { /* not closed: plain text */
			buf_add(&b, str_from(rest, begin));
			break;
		}
		if (!expand_one(&b, str_sub(inner, 0, end), context))
			return false;
		rest = str_from(inner, end + 1);
	}
	*out = buf_str(&b);
	return true;
}

/* --- principals ---------------------------------------------------------------------- */

/* "123456789012" or "arn:aws:iam::123456789012:root" */
static bool
names_account(str value, str account)
{
	str rest = value, piece = { 0 };

	if (account.len == 0)
		return false;
	if (str_eq(value, account))
		return true;
	if (!str_starts(value, S("arn:")) || !str_ends(value, S(":root")))
		return false;
	for (int i = 0; i < 5; i++)
		if (!str_cut(&rest, ':', &piece))
			return false;
	return str_eq(piece, account) && str_is(rest, "root");
}

static bool
same(str value, str own)
{
	return own.len != 0 && str_eq(value, own);
}

static enum iam_grant
principal_grant(const struct iam_principal *p, const struct iam_asker *who)
{
	switch (p->type) {
	case IAM_ANYONE:
		return IAM_GRANT_DIRECT;
	case IAM_SERVICE:
		return who->is_service && same(p->value, who->service) ? IAM_GRANT_DIRECT
								       : IAM_GRANT_NONE;
	case IAM_AWS:
		if (who->is_service)
			return IAM_GRANT_NONE;
		if (same(p->value, who->role_arn) ||
		    (who->role_arn.len != 0 && same(p->value, who->id)))
			return IAM_GRANT_ROLE;
		if (same(p->value, who->arn) && !str_ends(p->value, S(":root")))
			return IAM_GRANT_DIRECT;
		if (same(p->value, who->id) && !str_eq(who->id, who->account))
			return IAM_GRANT_DIRECT;
		return names_account(p->value, who->account) ? IAM_GRANT_ACCOUNT : IAM_GRANT_NONE;
	case IAM_FEDERATED:
	case IAM_CANONICAL_USER:
		return IAM_GRANT_NONE;
	}
	return IAM_GRANT_NONE;
}

static enum iam_grant
statement_grant(const struct iam_statement *s, const struct iam_asker *who)
{
	enum iam_grant best = IAM_GRANT_NONE;

	if (s->principals == NULL)
		return IAM_GRANT_DIRECT; /* the document stands with the one who asks */
	if (who == NULL)
		return IAM_GRANT_NONE;
	for (size_t i = 0; i < s->principal_count; i++) {
		enum iam_grant grant = principal_grant(&s->principals[i], who);

		if (grant > best)
			best = grant;
	}
	if (s->not_principal)
		return best == IAM_GRANT_NONE ? IAM_GRANT_DIRECT : IAM_GRANT_NONE;
	return best;
}

/* --- statements ---------------------------------------------------------------------- */

static bool
action_matches(const struct iam_statement *s, str action)
{
	bool any = false;

	for (size_t i = 0; i < s->actions.count && !any; i++)
		any = iam_glob(s->actions.items[i], action, true);
	return any != s->actions.negated;
}

/* A pattern whose variable has no value matches nothing. */
static bool
resource_matches(struct arena *a, const struct iam_statement *s, const struct iam_request *request,
    bool variables)
{
	bool any = false;

	if (s->resources.items == NULL)
		return true; /* trust policies */
	for (size_t i = 0; i < s->resources.count && !any; i++) {
		str pattern = s->resources.items[i];

		if (variables && !iam_expand(a, pattern, request->context, &pattern))
			continue;
		any = iam_glob(pattern, request->resource, false);
	}
	return any != s->resources.negated;
}

static bool
statement_matches(struct arena *a, const struct iam_policy *policy, const struct iam_statement *s,
    const struct iam_request *request)
{
	if (!action_matches(s, request->action) ||
	    !resource_matches(a, s, request, policy->variables))
		return false;
	for (size_t i = 0; i < s->condition_count; i++)
		if (!iam_condition_holds(a, &s->conditions[i], request, policy->variables))
			return false;
	return true;
}

struct iam_answer
iam_policy_evaluate(
    struct arena *a, const struct iam_policy *policy, const struct iam_request *request)
{
	struct iam_answer answer = { 0 };

	for (size_t i = 0; i < policy->statement_count; i++) {
		const struct iam_statement *s = &policy->statements[i];
		enum iam_grant grant = statement_grant(s, request->who);

		if (grant == IAM_GRANT_NONE || (!s->deny && grant <= answer.grant) ||
		    !statement_matches(a, policy, s, request))
			continue;
		answer = (struct iam_answer){ s->deny ? IAM_DENY : IAM_ALLOW, grant, s };
		if (s->deny)
			break;
	}
	return answer;
}
