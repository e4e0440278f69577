/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/cfn/create.c: CreateStack: everything that can be said against it is said here, before
 * the answer; what is left comes in steps.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "cloud/cfn/internal.h"
#include "lang/cfn_reference.h"

static const struct input_rule rules[] = {
	{ "StackName", 1, 128, "[a-zA-Z][-a-zA-Z0-9]*", NULL },
	{ "TimeoutInMinutes", 1, 0, NULL, NULL },
	{ "OnFailure", 0, 0, NULL, "DO_NOTHING ROLLBACK DELETE" },
	{ "ClientRequestToken", 1, 128, "[a-zA-Z0-9][-a-zA-Z0-9]*", NULL },
	{ "Tags", 0, MAX_TAGS, NULL, NULL },
	{ "Tags[].Key", 1, 128, NULL, NULL },
	{ "Tags[].Value", 0, 256, NULL, NULL },
	{ "NotificationARNs", 0, 5, NULL, NULL },
	{ "RoleARN", 20, 2048, NULL, NULL },
};

static bool
invalid(struct err *err, const char *text)
{
	return err_code(err, ERR_INVALID, "ValidationError", "%s", text);
}

/* --- resources the local cloud can make -------------------------------------------------- */

static bool
check_type(const struct cfn_resource *r, struct json *unknown, struct arena *a, struct err *err)
{
	if (cfn_type_find(r->type) == NULL) {
		if (!json_has_str(unknown, r->type))
			json_push_str(a, unknown, r->type);
		return true;
	}
	if (r->deletion != CFN_SNAPSHOT)
		return true;
	return err_code(err, ERR_INVALID, "ValidationError",
	    "Template error: resource type " STR_FMT " does not support deletion policy Snapshot",
	    STR_ARG(r->type));
}

/* A condition that does not hold lets a type pass that nobody here can make. */
static bool
check_types(const struct cfn_resolver *r, struct err *err)
{
	struct json *unknown = json_new_array(r->a);
	struct buf b = buf_in(r->a);

	for (size_t i = 0; i < r->t->resource_count; i++)
		if (cfn_resource_exists(r, &r->t->resources[i]) &&
		    !check_type(&r->t->resources[i], unknown, r->a, err))
			return false;
	if (json_count(unknown) == 0)
		return true;
	for (const struct json *e = json_first(unknown); e != NULL; e = e->next)
		buf_fmt(&b, "%s" STR_FMT, b.len == 0 ? "" : ", ", STR_ARG(json_str(e)));
	return err_code(err, ERR_INVALID, "ValidationError",
	    "Template format error: Unrecognized resource types: [" STR_FMT "]",
	    STR_ARG(buf_str(&b)));
}

/* "AWS::EC2::*", "AWS::*", "*" or a whole name. */
static bool
is_allowed_type(const struct json *allowed, str type)
{
	for (const struct json *e = json_first(allowed); e != NULL; e = e->next) {
		str pattern = json_str(e);

		if (str_ends(pattern, S("*"))
			? str_starts(type, str_sub(pattern, 0, pattern.len - 1))
			: str_eq(pattern, type))
			return true;
	}
	return json_count(allowed) == 0;
}

static str
shown_list(struct arena *a, const struct json *list)
{
	struct buf b = buf_in(a);

	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		buf_fmt(&b, "%s" STR_FMT, b.len == 0 ? "" : ", ", STR_ARG(json_str(e)));
	return buf_str(&b);
}

static bool
check_allowed_types(struct call *c, const struct cfn_template *t, struct err *err)
{
	const struct json *allowed = json_get(c->in, "ResourceTypes");

	for (size_t i = 0; i < t->resource_count; i++)
		if (!is_allowed_type(allowed, t->resources[i].type))
			return err_code(err, ERR_INVALID, "ValidationError",
			    "Resource type " STR_FMT
			    " is not allowed by parameter ResourceTypes [" STR_FMT "]",
			    STR_ARG(t->resources[i].type), STR_ARG(shown_list(c->a, allowed)));
	return true;
}

struct attribute_check {
	const struct cfn_template *t;
	struct err *err;
	bool ok;
};

static void
check_attribute(void *cookie, const struct cfn_reference *ref)
{
	struct attribute_check *check = (struct attribute_check *)cookie;
	const struct cfn_resource *r =
	    ref->is_attribute ? cfn_resource_find(check->t, ref->name) : NULL;
	const struct cfn_type *type = r == NULL ? NULL : cfn_type_find(r->type);

	if (!check->ok || type == NULL || ref->attribute.len == 0 ||
	    cfn_type_has_attribute(type, ref->attribute))
		return;
	check->ok = err_code(check->err, ERR_INVALID, "ValidationError",
	    "Template error: resource " STR_FMT " does not support attribute type " STR_FMT
	    " in Fn::GetAtt",
	    STR_ARG(ref->name), STR_ARG(ref->attribute));
}

static bool
check_attributes(const struct cfn_resolver *r, struct err *err)
{
	struct attribute_check check = { r->t, err, true };

	for (size_t i = 0; i < r->t->resource_count; i++)
		if (cfn_resource_exists(r, &r->t->resources[i]))
			cfn_references(r->a, r->t->resources[i].properties, CFN_IN_RESOURCES, r,
			    check_attribute, &check);
	for (size_t i = 0; i < r->t->output_count; i++)
		if (cfn_condition_holds(r, r->t->outputs[i].condition))
			cfn_references(r->a, r->t->outputs[i].value, CFN_IN_OUTPUTS, r,
			    check_attribute, &check);
	return check.ok;
}

/* --- values that can be known already ---------------------------------------------------- */

/* Everything is resolved once with what is known: what fails now would only fail later. */
static bool
check_values(struct cfn_resolver *r, const struct cfn_plan *plan, struct err *err)
{
	const struct json *properties;
	str value, name;

	for (size_t i = 0; i < plan->node_count; i++)
		if (!cfn_resolve_properties(r, plan->nodes[i].resource, &properties, err))
			return false;
	for (size_t i = 0; i < r->t->output_count; i++)
		if (cfn_condition_holds(r, r->t->outputs[i].condition) &&
		    !cfn_resolve_output(r, &r->t->outputs[i], &value, &name, err))
			return false;
	return true;
}

/* [{ParameterKey, ParameterValue}] as an object. */
static bool
read_parameters(struct call *c, struct json **out, struct err *err)
{
	*out = json_new_object(c->a);
	for (const struct json *p = json_first(json_get(c->in, "Parameters")); p != NULL;
	     p = p->next) {
		str key = json_str(json_get(p, "ParameterKey"));

		if (json_bool(json_get(p, "UsePreviousValue"), false))
			return err_code(err, ERR_INVALID, "ValidationError",
			    "Invalid input for parameter key " STR_FMT
			    ". Cannot specify usePreviousValue as true for a parameter key not in "
			    "the previous template",
			    STR_ARG(key));
		json_set(c->a, *out, str_z(c->a, key),
		    json_new_str(c->a, json_str(json_get(p, "ParameterValue"))));
	}
	if (json_text(c->a, *out).len > MAX_ROW_TEXT)
		return invalid(err, "The values of the parameters are too large in sum");
	return true;
}

/* Services that make stacks for a caller mark them; the caller may not. */
static bool
check_tags(struct call *c, struct err *err)
{
	const struct json *tags = json_get(c->in, "Tags");

	for (const struct json *t = json_first(tags); t != NULL; t = t->next) {
		if (c->from_outside && str_starts(json_str(json_get(t, "Key")), S("aws:")))
			return invalid(
			    err, "aws: prefixed tag key names are not allowed for external use.");
		for (const struct json *u = t->next; u != NULL; u = u->next)
			if (str_eq(json_str(json_get(t, "Key")), json_str(json_get(u, "Key"))))
				return invalid(err, "Duplicate tag keys are not allowed.");
	}
	return true;
}

static bool
check_capabilities(struct call *c, const struct cfn_template *t, struct err *err)
{
	enum cfn_capability needed = cfn_template_capability(t), given = CFN_NEEDS_NOTHING;

	for (const struct json *e = json_first(json_get(c->in, "Capabilities")); e != NULL;
	     e = e->next) {
		if (str_is(json_str(e), "CAPABILITY_NAMED_IAM"))
			given = CFN_NEEDS_NAMED_IAM;
		else if (str_is(json_str(e), "CAPABILITY_IAM") && given == CFN_NEEDS_NOTHING)
			given = CFN_NEEDS_IAM;
	}
	if (given >= needed)
		return true;
	return err_code(err, ERR_INVALID, "InsufficientCapabilitiesException",
	    "Requires capabilities : [%s]",
	    needed == CFN_NEEDS_IAM ? "CAPABILITY_IAM" : "CAPABILITY_NAMED_IAM");
}

/* --- who acts ---------------------------------------------------------------------------- */

bool
stack_assume(struct cfn_stack *s, str role_arn, struct err *err)
{
	struct principal who = *s->c->who;

	if (role_arn.len > 0) {
		if (!cloud_assume(s->c, role_arn, S("AWSCloudFormation"),
			"cloudformation.amazonaws.com", &who, err)) {
			if (err->code.len == 0)
				return false;
			err_clear(err);
			return err_code(err, ERR_INVALID, "ValidationError",
			    "Role " STR_FMT " is invalid or cannot be assumed", STR_ARG(role_arn));
		}
		json_set_str(s->c->a, s->row, "roleArn", role_arn);
	}
	who.expires_at_ms = 0; /* the stack's work outlives the caller's session */
	json_set(s->c->a, s->row, "as", principal_write(s->c->a, &who));
	return true;
}

/* --- rows -------------------------------------------------------------------------------- */

static str
on_failure(struct call *c)
{
	str given = input_str(c, "OnFailure");

	if (given.len > 0)
		return given;
	return json_bool(json_get(c->in, "DisableRollback"), false) ? S("DO_NOTHING")
								    : S("ROLLBACK");
}

/* Members that are kept as they were given. */
static const struct {
	const char *member, *input;
} kept[] = {
	{ "tags", "Tags" },
	{ "capabilities", "Capabilities" },
	{ "notificationArns", "NotificationARNs" },
	{ "timeoutInMinutes", "TimeoutInMinutes" },
	{ "protected", "EnableTerminationProtection" },
	{ "token", "ClientRequestToken" },
	{ "createToken", "ClientRequestToken" },
};

static void
new_stack(struct call *c, const struct cfn_template *t, struct cfn_stack *s)
{
	str name = input_str(c, "StackName");
	str key = str_fmt(c->a, STR_FMT "/" STR_FMT, STR_ARG(name), STR_ARG(id_uuid(c->a)));
	struct json *row = row_new(c, stack_partition(c, "stack"), key);
	int64_t minutes = json_i64(json_get(c->in, "TimeoutInMinutes"), 0);

	json_put_str(c->a, row, "name", name);
	json_put_str(c->a, row, "id",
	    arn_make(
		c->a, "cloudformation", c->region, c->account, "stack/" STR_FMT, STR_ARG(key)));
	json_put_str(c->a, row, "description", t->description);
	json_put_i64(c->a, row, "created", c->now_ms);
	json_put_str(c->a, row, "onFailure", on_failure(c));
	if (minutes > 0)
		json_put_i64(c->a, row, "deadline", c->now_ms + minutes * 60 * 1000);
	for (size_t i = 0; i < countof(kept); i++)
		json_put(c->a, row, kept[i].member, json_get(c->in, kept[i].input));
	stack_open(c, row, s);
}

static bool
put_name(struct cfn_stack *s, struct err *err)
{
	struct json *row = row_new(s->c, stack_partition(s->c, "name"), s->name);

	json_put_str(s->c->a, row, "key", s->key);
	return row_put(s->c, row, err);
}

/* Stacks that were deleted long ago are forgotten when new ones come, some at a time. */
static bool
forget_old(struct call *c, struct err *err)
{
	struct store_query q = { .index = S("byRef"),
		.hash = stack_grave(c),
		.condition = STORE_LT,
		.a = str_fmt(c->a, "%016lld", (long long)(c->now_ms - KEEP_DELETED_MS)),
		.limit = 2 };
	struct store_page page;

	if (!row_query(c, &q, &page, err))
		return false;
	for (size_t i = 0; i < page.count; i++) {
		struct cfn_stack old;

		stack_open(c, page.items[i].body, &old);
		if (!stack_purge(&old, err))
			return false;
	}
	return true;
}

/* --- the action -------------------------------------------------------------------------- */

static bool
check_count(struct call *c, struct err *err)
{
	bool has;

	if (!row_has_room(c, stack_partition(c, "name"), MAX_STACKS, &has, err))
		return false;
	return has ||
	    err_code(err, ERR_TOO_LARGE, "LimitExceededException",
		"Limit for stack has been exceeded: %d stacks in an account and region",
		MAX_STACKS);
}

/* The stack that bears the name already: the same request repeated, or another one. */
static bool
find_repeated(struct call *c, bool *repeated, struct err *err)
{
	str name = input_str(c, "StackName"), token = input_str(c, "ClientRequestToken");
	struct cfn_stack s;

	if (!stack_find(c, name, &s, repeated, err))
		return false;
	if (!*repeated)
		return check_count(c, err);
	if (token.len > 0 && str_eq(token, stack_text(&s, "createToken"))) {
		json_put_str(c->a, c->out, "StackId", s.id);
		return true;
	}
	return err_code(err, ERR_CONFLICT, "AlreadyExistsException",
	    "Stack [" STR_FMT "] already exists", STR_ARG(name));
}

/* What the parameter store says now holds for the stack's whole life. */
static bool
fetch_stored(void *cookie, struct arena *a, const struct json *names, const struct json **out,
    struct err *err)
{
	struct cfn_stack *s = (struct cfn_stack *)cookie;

	if (!stack_fetch_stored(s->c, a, names, out, err))
		return false;
	json_set(a, s->row, "stored", *out);
	return true;
}

/* Each parameter as DescribeStacks tells it. */
static struct json *
declared_parameters(const struct cfn_resolver *r)
{
	struct json *list = json_new_array(r->a);

	for (size_t i = 0; i < r->t->parameter_count; i++) {
		const struct cfn_parameter *p = &r->t->parameters[i];
		struct json *o = json_push(r->a, list, json_new_object(r->a));
		const struct json *value = json_get_str(r->values, p->name);

		json_put_str(r->a, o, "ParameterKey", p->name);
		json_put_str(r->a, o, "ParameterValue",
		    p->no_echo ? S("****") : json_str(json_get_str(r->texts, p->name)));
		if (p->is_stored && !p->no_echo)
			json_put_str(r->a, o, "ResolvedValue",
			    json_is(value, JSON_ARRAY) ? shown_list(r->a, value) : json_str(value));
	}
	return list;
}

/* Parameters, conditions, values and order, as far as they can be known before anything is made. */
static bool
check_template(struct cfn_stack *s, const struct cfn_template *t, struct err *err)
{
	struct cfn_resolver_options options = {
		.t = t,
		.pseudo = stack_pseudo(s),
		.world = { .cookie = s, .stored = fetch_stored },
	};
	struct cfn_resolver r;
	struct cfn_plan plan;
	struct json *given;

	if (!read_parameters(s->c, &given, err))
		return false;
	options.given = given;
	if (!cfn_resolver_init(&r, s->c->a, &options, err) || !check_types(&r, err) ||
	    !cfn_plan_build(s->c->a, t, &r, &plan, NULL, err) || !check_attributes(&r, err) ||
	    !check_values(&r, &plan, err))
		return false;
	json_set(s->c->a, s->row, "parameters", given);
	json_set(s->c->a, s->row, "declared", declared_parameters(&r));
	return true;
}

static bool
start(struct cfn_stack *s, const struct cfn_source *source, struct err *err)
{
	if (!stack_put_template(s, source, err) || !put_name(s, err) ||
	    !stack_set_status(s, "CREATE_IN_PROGRESS", S("User Initiated"), err) ||
	    !stack_go_on(s, err))
		return false;
	json_put_str(s->c->a, s->c->out, "StackId", s->id);
	return true;
}

bool
stack_create(struct call *c, struct err *err)
{
	struct cfn_source source;
	struct cfn_stack s;
	bool repeated;

	if (!input_check(c, rules, countof(rules), err))
		return false;
	if (json_get(c->in, "DisableRollback") != NULL && json_get(c->in, "OnFailure") != NULL)
		return invalid(
		    err, "You can specify either DisableRollback or OnFailure, but not both.");
	if (!check_tags(c, err) || !source_read(c, &source, err) ||
	    !check_allowed_types(c, source.t, err) || !check_capabilities(c, source.t, err) ||
	    !find_repeated(c, &repeated, err))
		return false;
	if (repeated)
		return true;
	new_stack(c, source.t, &s);
	if (!check_template(&s, source.t, err) || !stack_assume(&s, input_str(c, "RoleARN"), err) ||
	    !forget_old(c, err))
		return false;
	return start(&s, &source, err);
}
