/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/manifest.c: type.yaml, from its text to struct bundle.
 *
 * Every level is a table of members (fields.c); what a member means is read below its table. What
 * is wrong is a finding at its place, and reading goes on, so an author sees all of it at once.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/yaml.h"
#include "bundle/internal.h"
#include "lang/cfn_template.h"

#define LONGEST_TYPE 60 /* with namespace, verb and hash it must fit a document's name: 128 */
#define LONGEST_MANIFEST ((size_t)64 << 10)
#define LONGEST_NAME 100
#define LONGEST_DEADLINE_MS (INT64_C(24) * 60 * 60 * 1000)

static const struct {
	const char *word, *title;
} verbs[] = {
	[BUNDLE_LAUNCH] = { "launch", "Launch" },
	[BUNDLE_TERMINATE] = { "terminate", "Terminate" },
	[BUNDLE_START] = { "start", "Start" },
	[BUNDLE_STOP] = { "stop", "Stop" },
	[BUNDLE_CONNECT] = { "connect", "Connect" },
};
static_assert(countof(verbs) == BUNDLE_VERB_COUNT, "one row per verb");

const char *
verb_word(enum bundle_verb verb)
{
	return verbs[verb].word;
}

const char *
verb_title(enum bundle_verb verb)
{
	return verbs[verb].title;
}

/* --- type, name, description ------------------------------------------------------------------ */

static bool
is_camel_case(str s)
{
	if (s.len == 0 || s.len > LONGEST_TYPE || s.ptr[0] < 'a' || s.ptr[0] > 'z')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') ||
			(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') ||
			(s.ptr[i] >= '0' && s.ptr[i] <= '9')))
			return false;
	return true;
}

static void
read_type(struct check *c, const struct json *node, str folder)
{
	if (!json_is(node, JSON_STRING))
		return;
	if (!is_camel_case(json_str(node)))
		find_error(c, place_of(node), "type-name",
		    str_fmt(c->a,
			"begin with a small letter, use letters and digits only, at most %d",
			LONGEST_TYPE),
		    "'" STR_FMT "' is not a type's name", STR_ARG(json_str(node)));
	else if (!str_eq(json_str(node), folder))
		find_error(c, place_of(node), "type-folder",
		    str_fmt(c->a,
			"rename the folder to '" STR_FMT "', or the type to '" STR_FMT "'",
			STR_ARG(json_str(node)), STR_ARG(folder)),
		    "the type '" STR_FMT "' stands in the folder '" STR_FMT "'",
		    STR_ARG(json_str(node)), STR_ARG(folder));
}

static str
read_name(struct check *c, const struct json *node)
{
	str name = str_trim(json_str(node));

	if (json_is(node, JSON_STRING) && (name.len == 0 || name.len > LONGEST_NAME))
		find_error(c, place_of(node), "type-title",
		    str_fmt(c->a, "write 1 to %d characters", LONGEST_NAME),
		    "the name has %zu characters", name.len);
	return name;
}

/* --- outputs ----------------------------------------------------------------------------- */

static const struct field output_fields[] = {
	{ "instanceArn", KIND(STRING), false },
	{ "instanceName", KIND(STRING) | KIND(ARRAY), true },
	{ "instanceRole", KIND(STRING), false },
};

static void
check_output_name(struct check *c, const struct json *node)
{
	const struct cfn_template *t = c->bundle->cfn;
	str *names;

	if (t == NULL || cfn_output_find(t, json_str(node)) != NULL)
		return;
	names = arena_new(c->a, str, t->output_count);
	for (size_t i = 0; i < t->output_count; i++)
		names[i] = t->outputs[i].name;
	find_error(c, place_of(node), "output-unknown",
	    S("use the name of an output of the template"),
	    "the template has no output '" STR_FMT "'" STR_FMT, STR_ARG(json_str(node)),
	    STR_ARG(did_you_mean(c->a, json_str(node), names, t->output_count)));
}

static const struct json *
read_outputs(struct check *c, const struct json *node)
{
	static const struct json none = { .kind = JSON_OBJECT };

	if (node == NULL)
		return &none;
	if (!check_fields(c, node, "outputs", output_fields, countof(output_fields)))
		return node;
	for (const struct json *m = json_first(node); m != NULL; m = m->next) {
		if (json_is(m, JSON_STRING)) {
			check_output_name(c, m);
			continue;
		}
		if (json_count(m) == 0)
			find_error(c, place_of(m), "wrong-kind",
			    S("write one name, or a list of names"),
			    "'" STR_FMT "' names no output", STR_ARG(m->key));
		if (check_texts(c, m, "instanceName"))
			for (const struct json *e = json_first(m); e != NULL; e = e->next)
				check_output_name(c, e);
	}
	return node;
}

/* --- verbs ------------------------------------------------------------------------------- */

static void
read_parameters(
    struct check *c, const struct json *node, enum bundle_verb verb, struct bundle_verb_def *out)
{
	const struct variable_use use = { .verb = verb };

	if (!json_is(node, JSON_OBJECT))
		return;
	out->defined = true;
	out->parameters = node;
	for (const struct json *m = json_first(node); m != NULL; m = m->next)
		if (json_is(m, JSON_NULL))
			find_error(c, place_of_key(m), "wrong-kind",
			    S("write a value, or remove the parameter to use the document's default"),
			    "the parameter '" STR_FMT "' has no value", STR_ARG(m->key));
	check_variables(c, node, &use);
}

static void
read_exec(struct check *c, const struct json *node, struct bundle_verb_def *out)
{
	str program = json_str(node);

	out->exec = program;
	if (!str_starts(program, S("./")) || str_has(str_from(program, 2), S("/")) ||
	    file_named(c->bundle, str_from(program, 2)) == NULL)
		find_error(c, place_of(node), "exec-unknown",
		    S("name a file of the type's folder, e.g. ./connect.sh"),
		    "the folder has no program '" STR_FMT "'", STR_ARG(program));
}

/* Exactly one of calls, document and exec. */
static void
read_behaviour(
    struct check *c, const struct json *node, enum bundle_verb verb, struct bundle_verb_def *out)
{
	const struct json *calls = json_get(node, "calls"), *exec = json_get(node, "exec");
	const struct json *document = json_get(node, "document");
	int ways = (calls != NULL) + (exec != NULL) + (document != NULL);

	out->defined = true;
	if (ways != 1)
		find_error(c, place_of(node), "behaviour-count",
		    verb == BUNDLE_CONNECT ? S("keep one of calls and exec")
					   : S("keep one of calls, document and exec"),
		    "%s says %s", verb_word(verb),
		    ways == 0 ? "nothing to do" : "several things to do");
	if (calls != NULL)
		(void)read_calls(c, calls, verb, &out->calls, &out->call_count);
	if (exec != NULL)
		read_exec(c, exec, out);
	if (document != NULL)
		read_parameters(c, document, verb, out);
}

static const struct field move_fields[] = {
	{ "calls", KIND(ARRAY), false },
	{ "document", KIND(OBJECT), false },
	{ "exec", KIND(STRING), false },
};

static const struct field connect_fields[] = {
	{ "calls", KIND(ARRAY), false },
	{ "exec", KIND(STRING), false },
	{ "instruction", KIND(STRING), true },
	{ "links", KIND(OBJECT), false },
	{ "return", KIND(OBJECT), false },
};

/* The verb's member; NULL where it is absent, or wrong in itself. */
static const struct json *
behaviour(struct check *c, const struct json *tree, enum bundle_verb verb,
    const struct field *fields, size_t count)
{
	const struct json *node = json_get(tree, verb_word(verb));

	if (!json_is(node, JSON_OBJECT) || !check_fields(c, node, verb_word(verb), fields, count))
		return NULL;
	return node;
}

static void
read_verbs(struct check *c, const struct json *tree, struct bundle *out)
{
	static const enum bundle_verb moves[] = { BUNDLE_START, BUNDLE_STOP };
	const struct json *connect;

	read_parameters(c, json_get(tree, "launch"), BUNDLE_LAUNCH, &out->verbs[BUNDLE_LAUNCH]);
	read_parameters(
	    c, json_get(tree, "terminate"), BUNDLE_TERMINATE, &out->verbs[BUNDLE_TERMINATE]);
	for (size_t i = 0; i < countof(moves); i++) {
		const struct json *move =
		    behaviour(c, tree, moves[i], move_fields, countof(move_fields));

		if (move != NULL)
			read_behaviour(c, move, moves[i], &out->verbs[moves[i]]);
	}
	connect = behaviour(c, tree, BUNDLE_CONNECT, connect_fields, countof(connect_fields));
	if (connect == NULL)
		return;
	read_behaviour(c, connect, BUNDLE_CONNECT, &out->verbs[BUNDLE_CONNECT]);
	read_connect(c, connect, out);
}

/* --- deadlines --------------------------------------------------------------------------- */

static const struct field deadline_fields[] = {
	{ "connect", KIND(STRING), false },
	{ "launch", KIND(STRING), false },
	{ "start", KIND(STRING), false },
	{ "stop", KIND(STRING), false },
	{ "terminate", KIND(STRING), false },
};

static bool
parse_duration(str text, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60 * 1000 }, { 'h', 60 * 60 * 1000 } };
	int64_t count;

	if (text.len < 2 || !str_to_i64(str_sub(text, 0, text.len - 1), &count) || count < 1 ||
	    count > LONGEST_DEADLINE_MS)
		return false;
	for (size_t i = 0; i < countof(units); i++) {
		*ms = count * units[i].ms;
		if (text.ptr[text.len - 1] == units[i].unit)
			return *ms <= LONGEST_DEADLINE_MS;
	}
	return false;
}

static void
read_deadlines(struct check *c, const struct json *node, struct bundle *out)
{
	if (!json_is(node, JSON_OBJECT) ||
	    !check_fields(c, node, "deadlines", deadline_fields, countof(deadline_fields)))
		return;
	for (unsigned v = 0; v < BUNDLE_VERB_COUNT; v++) {
		const struct json *deadline = json_get(node, verb_word((enum bundle_verb)v));

		if (deadline == NULL ||
		    parse_duration(json_str(deadline), &out->verbs[v].deadline_ms))
			continue;
		out->verbs[v].deadline_ms = 0;
		find_error(c, place_of(deadline), "deadline",
		    S("write a number and s, m or h: 90s, 40m; at most 24h"),
		    "'" STR_FMT "' is not a deadline", STR_ARG(json_str(deadline)));
	}
}

/* --- permissions ------------------------------------------------------------------------- */

static const struct field permission_fields[] = {
	{ "actions", KIND(ARRAY), true },
	{ "resources", KIND(ARRAY), false },
	{ "role", KIND(STRING), true },
};

/* "sagemaker:StopNotebookInstance", "s3:Get*" */
static bool
is_iam_action(str action)
{
	size_t colon = str_find_char(action, ':');

	if (colon == 0 || colon + 1 >= action.len)
		return false;
	for (size_t i = 0; i < action.len; i++) {
		char ch = action.ptr[i];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
		bool capital = ch >= 'A' && ch <= 'Z';

		if (i < colon ? !letter && ch != '-'
			      : i > colon && !letter && !capital && ch != '*')
			return false;
	}
	return true;
}

static void
read_permission(struct check *c, const struct json *node)
{
	const struct json *role = json_get(node, "role"), *actions = json_get(node, "actions");

	if (!check_fields(c, node, "a permission", permission_fields, countof(permission_fields)))
		return;
	if (!str_is(json_str(role), "launch") && !str_is(json_str(role), "management"))
		find_error(c, place_of(role), "permission-role",
		    S("write launch (what provisions) or management (what starts, stops and connects)"),
		    "there is no role '" STR_FMT "'", STR_ARG(json_str(role)));
	(void)check_texts(c, json_get(node, "resources"), "resources");
	if (!check_texts(c, actions, "actions"))
		return;
	for (const struct json *e = json_first(actions); e != NULL; e = e->next)
		if (!is_iam_action(json_str(e)))
			find_error(c, place_of(e), "permission-action",
			    S("write service:Action, e.g. sagemaker:StopNotebookInstance"),
			    "'" STR_FMT "' is not an IAM action", STR_ARG(json_str(e)));
}

/* What starts or stops an instance must learn what becomes of it. */
static void
check_watched(struct check *c, const struct json *tree, const struct bundle *b)
{
	const struct json *move = json_get(tree, "stop");

	if (move == NULL)
		move = json_get(tree, "start");
	if (move == NULL || json_get(tree, "describe") != NULL)
		return;
	find_warning(c, place_of_key(move), "describe-missing",
	    S("add 'describe:' with the call that tells an instance's status"),
	    b->event_count > 0
		? "an event that is lost leaves a start or stop open until its deadline"
		: "nothing tells how a start or stop ends");
}

/* --- the whole --------------------------------------------------------------------------- */

static const struct field manifest_fields[] = {
	{ "connect", KIND(OBJECT), false },
	{ "deadlines", KIND(OBJECT), false },
	{ "describe", KIND(OBJECT), false },
	{ "description", KIND(STRING), false },
	{ "events", KIND(ARRAY), false },
	{ "launch", KIND(OBJECT), true },
	{ "name", KIND(STRING), true },
	{ "outputs", KIND(OBJECT), false },
	{ "permissions", KIND(ARRAY), false },
	{ "start", KIND(OBJECT), false },
	{ "stop", KIND(OBJECT), false },
	{ "terminate", KIND(OBJECT), true },
	{ "type", KIND(STRING), true },
};

void
read_manifest(struct check *c, str text, struct bundle *out)
{
	const struct json *tree = NULL, *permissions;
	struct err err;

	if (text.len > LONGEST_MANIFEST) {
		find_error(c, place_of(NULL), "file-too-large",
		    S("move what is long to the documents"),
		    "the manifest has %zu bytes; at most %zu are read", text.len, LONGEST_MANIFEST);
		return;
	}
	err_init(&err, c->a);
	if (!yaml_parse(c->a, text, YAML_TAGS_NONE, &tree, &err)) {
		find_parser_error(c, "yaml", S("mend the YAML at this place"), err.msg);
		return;
	}
	out->manifest = tree;
	if (!check_fields(c, tree, "the manifest", manifest_fields, countof(manifest_fields)) &&
	    !json_is(tree, JSON_OBJECT))
		return;
	read_type(c, json_get(tree, "type"), out->type);
	out->name = read_name(c, json_get(tree, "name"));
	out->description = str_trim(json_str(json_get(tree, "description")));
	out->outputs = read_outputs(c, json_get(tree, "outputs"));
	read_verbs(c, tree, out);
	if (json_is(json_get(tree, "events"), JSON_ARRAY))
		read_events(c, json_get(tree, "events"), out);
	if (json_is(json_get(tree, "describe"), JSON_OBJECT))
		read_describe(c, json_get(tree, "describe"), out);
	check_watched(c, tree, out);
	read_deadlines(c, json_get(tree, "deadlines"), out);
	permissions = json_get(tree, "permissions");
	out->permissions = permissions;
	for (const struct json *p = json_first(permissions); p != NULL; p = p->next)
		read_permission(c, p);
}
