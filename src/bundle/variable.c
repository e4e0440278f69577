/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle/variable.c: ${scope.name} found, known or not, and looked up.
 */
#include "base/arena.h"
#include "base/json.h"
#include "bundle/internal.h"
#include "lang/cfn_template.h"

bool
piece_next(str *rest, struct piece *out)
{
	size_t at = 0, end;

	if (rest->len == 0)
		return false;
	while (at < rest->len && !str_starts(str_from(*rest, at), S("${")))
		at++;
	if (at > 0 && at < rest->len && rest->ptr[at - 1] == '$') { /* "$${" stands for "${" */
		*out = (struct piece){ PIECE_TEXT, str_sub(*rest, 0, at - 1) };
		if (at == 1) {
			*out = (struct piece){ PIECE_TEXT, str_sub(*rest, 1, 2) };
			at = 3;
		} else {
			at--;
		}
		*rest = str_from(*rest, at);
		return true;
	}
	if (at > 0) {
		*out = (struct piece){ PIECE_TEXT, str_sub(*rest, 0, at) };
		*rest = str_from(*rest, at);
		return true;
	}
	end = str_find_char(*rest, '}');
	if (end == rest->len) {
		*out = (struct piece){ PIECE_BROKEN, *rest };
		*rest = str_from(*rest, rest->len);
		return true;
	}
	*out = (struct piece){ PIECE_VARIABLE, str_sub(*rest, 2, end - 2) };
	*rest = str_from(*rest, end + 1);
	return true;
}

bool
piece_is_whole(str text, str *name)
{
	struct piece p;

	if (!piece_next(&text, &p) || p.kind != PIECE_VARIABLE || text.len > 0)
		return false;
	*name = p.text;
	return true;
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '-';
}

bool
variable_split(str name, str *scope, str *path)
{
	size_t dot = str_find_char(name, '.');

	*scope = str_sub(name, 0, dot);
	*path = str_from(name, dot + 1);
	if (dot == 0 || dot >= name.len || path->len == 0)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_char(name.ptr[i]) && str_find_char(S(".[]"), name.ptr[i]) == 3)
			return false;
	return true;
}

/* "Name[3]": the member, then the element. */
static const struct json *
find_step(const struct json *j, str step)
{
	size_t open = str_find_char(step, '[');
	str indexes = str_from(step, open);

	if (open > 0)
		j = json_get_str(j, str_sub(step, 0, open));
	while (indexes.len > 0) {
		size_t close = str_find_char(indexes, ']');
		int64_t index;

		if (indexes.ptr[0] != '[' || close == indexes.len ||
		    !str_to_i64(str_sub(indexes, 1, close - 1), &index) || index < 0)
			return NULL;
		j = json_at(j, (size_t)index);
		indexes = str_from(indexes, close + 1);
	}
	return j;
}

const struct json *
variable_find(const struct json *scopes, str name)
{
	str scope, path;
	const struct json *j;

	if (!variable_split(name, &scope, &path))
		return NULL;
	j = json_get_str(scopes, scope);
	for (str step; j != NULL && str_cut(&path, '.', &step);)
		j = find_step(j, step);
	return json_is(j, JSON_NULL) ? NULL : j;
}

/* --- what is known ------------------------------------------------------------------------ */

#define IN(v) (1u << BUNDLE_##v)
#define DESCRIBE (1u << BUNDLE_VERB_COUNT)
#define DOCUMENT_RUNS (IN(LAUNCH) | IN(TERMINATE) | IN(START) | IN(STOP))
#define LIVES (IN(TERMINATE) | IN(START) | IN(STOP) | IN(CONNECT) | DESCRIBE)
#define EVERYWHERE (LIVES | IN(LAUNCH))

#define SAMPLE_UUID "0f3ad1e8-5e1c-4a39-9f0e-3d8f6a1b2c4d"
#define SAMPLE_KEY "arn:aws:kms:us-east-1:123456789012:key/" SAMPLE_UUID

/* Every variable but config.*, outputs.* and the answers of calls, with a value such as it has. */
static const struct {
	const char *name;
	unsigned where;
	const char *sample; /* empty: there is no telling */
} variables[] = {
	{ "datasets.mounts", EVERYWHERE, "[]" },
	{ "datasets.policy", EVERYWHERE, "{}" },
	{ "environment.description", EVERYWHERE, "" },
	{ "environment.id", EVERYWHERE, "env-" SAMPLE_UUID },
	{ "environment.instanceId", LIVES, "" },
	{ "environment.name", EVERYWHERE, "" },
	{ "environment.owner", EVERYWHERE, "" },
	{ "environment.projectId", EVERYWHERE, "proj-" SAMPLE_UUID },
	{ "environment.provisionedProductId", LIVES, "pp-abcdefghijklm" },
	{ "launch.pathId", EVERYWHERE, "lpv3-abcdefghijklm" },
	{ "launch.timeMs", EVERYWHERE, "1651779543023" },
	{ "main.accountId", EVERYWHERE, "123456789012" },
	{ "main.artifactBucketArn", EVERYWHERE, "arn:aws:s3:::artifacts-1" },
	{ "main.artifactKeyArn", EVERYWHERE, SAMPLE_KEY },
	{ "main.datasetsBucketArn", EVERYWHERE, "arn:aws:s3:::datasets-1" },
	{ "main.datasetsKeyArn", EVERYWHERE, SAMPLE_KEY },
	{ "main.region", EVERYWHERE, "us-east-1" },
	{ "operation.id", DOCUMENT_RUNS, "5b7c1f0e-8d0a-4c55-9a35-1c2d3e4f5a6b" },
	{ "project.awsAccountId", EVERYWHERE, "" },
	{ "project.encryptionKeyArn", EVERYWHERE, SAMPLE_KEY },
	{ "project.envMgmtRoleArn", EVERYWHERE, "arn:aws:iam::123456789012:role/swb-env-mgmt" },
	{ "project.environmentInstanceFiles", EVERYWHERE, "s3://artifacts-1/environment-files" },
	{ "project.id", EVERYWHERE, "proj-" SAMPLE_UUID },
	{ "project.name", EVERYWHERE, "" },
	{ "project.subnetId", EVERYWHERE, "subnet-0123456789abcdef0" },
	{ "project.vpcId", EVERYWHERE, "vpc-0123456789abcdef0" },
	{ "type.productId", EVERYWHERE, "prod-abcdefghijklm" },
	{ "type.provisioningArtifactId", EVERYWHERE, "pa-abcdefghijklm" },
};

str
variable_sample(str name)
{
	for (size_t i = 0; i < countof(variables); i++)
		if (str_is(name, variables[i].name))
			return str_of(variables[i].sample);
	return (str){ 0 };
}

struct variables_used
variables_used(const struct json *value)
{
	struct variables_used used = { false, false };
	str rest = json_str(value);

	for (struct piece p; piece_next(&rest, &p);) {
		bool config = str_starts(p.text, S("config."));

		used.config |= p.kind == PIECE_VARIABLE && config;
		used.other |= p.kind == PIECE_BROKEN || (p.kind == PIECE_VARIABLE && !config);
	}
	for (const struct json *m = json_first(value); m != NULL; m = m->next) {
		struct variables_used below = variables_used(m);

		used.config |= below.config;
		used.other |= below.other;
	}
	return used;
}

static const struct bundle_call *
answered(const struct variable_use *use, str as)
{
	for (size_t i = 0; i < use->answered_count; i++)
		if (use->answered[i].as.len > 0 && str_eq(use->answered[i].as, as))
			return &use->answered[i];
	return NULL;
}

static void
unknown_output(struct check *c, struct place at, str name, const struct cfn_template *t)
{
	str *names = arena_new(c->a, str, t->output_count);

	for (size_t i = 0; i < t->output_count; i++)
		names[i] = t->outputs[i].name;
	find_error(c, at, "output-unknown", S("use the name of an output of the template"),
	    "the template has no output '" STR_FMT "'" STR_FMT, STR_ARG(name),
	    STR_ARG(did_you_mean(c->a, name, names, t->output_count)));
}

static void
check_output(struct check *c, struct place at, str path, const struct variable_use *use)
{
	const struct cfn_template *t = c->bundle->cfn;

	if (use->verb == BUNDLE_LAUNCH)
		find_error(c, at, "variable-too-early",
		    S("outputs exist when the launch has ended"),
		    "${outputs." STR_FMT "} is not known at a launch", STR_ARG(path));
	else if (t != NULL && cfn_output_find(t, path) == NULL)
		unknown_output(c, at, path, t);
}

static void
unknown_variable(struct check *c, struct place at, str name, str scope)
{
	str names[countof(variables)];

	for (size_t i = 0; i < countof(variables); i++)
		names[i] = str_of(variables[i].name);
	if (str_is(scope, "links")) {
		find_error(c, at, "variable-unknown", S("use it in the instruction of connect"),
		    "${" STR_FMT "} stands in an instruction only", STR_ARG(name));
		return;
	}
	find_error(c, at, "variable-unknown",
	    S("use a variable of launch, type, environment, project, config, datasets, main, "
	      "operation or outputs; write $${ for a literal ${"),
	    "there is no variable ${" STR_FMT "}" STR_FMT, STR_ARG(name),
	    STR_ARG(did_you_mean(c->a, name, names, countof(names))));
}

static void
check_variable(struct check *c, struct place at, str name, const struct variable_use *use)
{
	str scope, path;

	if (!variable_split(name, &scope, &path)) {
		find_error(c, at, "variable-malformed",
		    S("write ${scope.name}, or $${ for a literal ${"),
		    "'${" STR_FMT "}' is not a variable", STR_ARG(name));
		return;
	}
	if (str_is(scope, "config") || answered(use, scope) != NULL)
		return;
	if (str_is(scope, "outputs")) {
		check_output(c, at, path, use);
		return;
	}
	for (size_t i = 0; i < countof(variables); i++) {
		if (!str_is(name, variables[i].name))
			continue;
		if ((variables[i].where & 1u << use->verb) == 0)
			find_error(c, at, "variable-too-early", S("use it where it is known"),
			    "${" STR_FMT "} is not known here", STR_ARG(name));
		else if (str_is(name, "environment.instanceId") &&
		    json_get(c->bundle->outputs, "instanceName") == NULL)
			find_error(c, at, "instance-name-missing",
			    S("add 'outputs: { instanceName: … }' with the output that names the instance"),
			    "${" STR_FMT "} needs to know which output of the template it is",
			    STR_ARG(name));
		return;
	}
	unknown_variable(c, at, name, scope);
}

static void
check_text(struct check *c, const struct json *value, const struct variable_use *use)
{
	str rest = json_str(value);

	for (struct piece p; piece_next(&rest, &p);) {
		if (p.kind == PIECE_VARIABLE)
			check_variable(c, place_of(value), p.text, use);
		else if (p.kind == PIECE_BROKEN)
			find_error(c, place_of(value), "variable-malformed",
			    S("close it with '}', or write $${ for a literal ${"),
			    "'${' is not closed in '" STR_FMT "'", STR_ARG(json_str(value)));
	}
}

void
check_variables(struct check *c, const struct json *value, const struct variable_use *use)
{
	check_text(c, value, use);
	for (const struct json *m = json_first(value); m != NULL; m = m->next)
		check_variables(c, m, use);
}
