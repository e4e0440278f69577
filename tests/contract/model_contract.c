/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our rows of AWS's operations against AWS's own model of them, which the installed AWS CLI
 * carries: each operation is there, each member that we name has AWS's kind, place and name on the
 * wire, and none is missing that AWS requires. Without the CLI it is skipped.
 *
 * Ours is a part of AWS's, so what we leave out is no fault; where else ours may differ stands in a
 * table below.
 */
#include "check.h"

#include "aws/model.h"
#include "base/file.h"
#include "base/json.h"

#define MODELS "/usr/lib/python3/dist-packages/awscli/botocore/data"
#define MOST_BYTES ((size_t)16 << 20)

struct seen {
	struct seen *next;
	const struct aws_shape *ours;
	str theirs;
};

/* One service under comparison. */
struct comparison {
	struct arena *a;
	const struct aws_service *service;
	const struct json *shapes; /* AWS's */
	bool is_input;
	struct seen *seen; /* in this direction: shapes may hold themselves */
	int wrong;
};

/*
 * Where ours may differ: operation NULL is any of the service; what is a member that AWS's model
 * lacks, or what is compared.
 */
static const struct {
	const char *service, *operation, *what;
} known[] = {
	/* Younger than the model in Debian 12's CLI, 2.9.19. */
	{ "ec2", "CreateRouteTable", "ClientToken" },
	{ "ec2", "DeleteSecurityGroup", "members" },
	{ "ec2", NULL, "RevokedSecurityGroupRules" },
	{ "ec2", NULL, "SecurityGroupArn" },
	{ "events", NULL, "CreationTime" },
	{ "events", NULL, "Description" },
	{ "events", NULL, "LastModifiedTime" },
	{ "kms", "GetKeyPolicy", "PolicyName" },
	{ "kms", "GetKeyPolicy", "required" },
	{ "kms", "GetKeyRotationStatus", "KeyId" },
	{ "kms", "PutKeyPolicy", "required" },
	{ "kms", NULL, "RotationPeriodInDays" },
	{ "s3", "HeadBucket", "members" },
	{ "s3", "HeadObject", "ContentRange" },
	{ "s3", "ListBuckets", "BucketRegion" },
	{ "s3", "ListBuckets", "ContinuationToken" },
	{ "s3", "ListBuckets", "Prefix" },
	{ "s3", "ListBuckets", "members" },
	{ "s3", NULL, "ChecksumCRC64NVME" },
	{ "s3", NULL, "IfNoneMatch" },
	{ "sagemaker", "CreateNotebookInstanceLifecycleConfig", "Tags" },
	{ "sagemaker", NULL, "IpAddressType" },
	{ "sagemaker", NULL, "PlatformIdentifier" },
	{ "servicecatalog", NULL, "IncludeProvisioningArtifactParameters" },
	{ "servicecatalog", NULL, "ProvisioningArtifactParameters" },
	{ "ssm", "DescribeParameters", "ARN" },
	{ "ssm", "DescribeParameters", "Shared" },
	{ "ssm", "GetAutomationExecution", "Variables" },
	{ "ssm", NULL, "ExcludeAccounts" },
	{ "ssm", NULL, "IncludeChildOrganizationUnits" },
	{ "ssm", NULL, "ParentStepDetails" },
	{ "ssm", NULL, "TargetLocationsURL" },
	{ "ssm", NULL, "Targets" },
	{ "ssm", NULL, "TargetsMaxConcurrency" },
	{ "ssm", NULL, "TargetsMaxErrors" },
	/* Older clients send it as a header; newer models have it no more. */
	{ "s3", "DeleteObjects", "ContentMD5" },
	/* The root element of the answer is the location itself, which AWS's model does not say. */
	{ "s3", "GetBucketLocation", "place" },
	/* As S3 answers; AWS's model leaves it open. */
	{ "s3", "PutBucketPolicy", "status" },
	{ "s3", "PutBucketTagging", "status" },
};

static bool
is_known(const struct comparison *c, str where, const char *what)
{
	str operation;

	(void)str_cut(&where, ' ', &operation);
	for (size_t i = 0; i < countof(known); i++)
		if (strcmp(known[i].service, c->service->name) == 0 &&
		    (known[i].operation == NULL || str_is(operation, known[i].operation)) &&
		    strcmp(known[i].what, what) == 0)
			return true;
	return false;
}

static void
complain(struct comparison *c, str where, const char *what, str ours, str theirs)
{
	if (is_known(c, where, what))
		return;
	print_error("%s:" STR_FMT " %s: ours '" STR_FMT "', AWS's '" STR_FMT "'\n",
	    c->service->name, STR_ARG(where), what, STR_ARG(ours), STR_ARG(theirs));
	c->wrong++;
}

static void
compare_texts(struct comparison *c, str where, const char *what, str ours, str theirs)
{
	if (!str_eq(ours, theirs))
		complain(c, where, what, ours, theirs);
}

/* --- members -------------------------------------------------------------------------------- */

/* By AWS's names of types; the first of a kind is the one to show. */
static const struct {
	const char *type;
	enum aws_kind kind;
} kinds[] = {
	{ "string", AWS_STRING },
	{ "character", AWS_STRING },
	{ "integer", AWS_INTEGER },
	{ "long", AWS_INTEGER },
	{ "float", AWS_FLOAT },
	{ "double", AWS_FLOAT },
	{ "boolean", AWS_BOOLEAN },
	{ "timestamp", AWS_TIMESTAMP },
	{ "blob", AWS_BLOB },
	{ "structure", AWS_STRUCTURE },
	{ "list", AWS_LIST },
	{ "map", AWS_MAP },
};

static str
kind_name(enum aws_kind kind)
{
	for (size_t i = 0; i < countof(kinds); i++)
		if (kinds[i].kind == kind)
			return str_of(kinds[i].type);
	return S("any JSON");
}

static bool
is_of_kind(str type, enum aws_kind kind)
{
	for (size_t i = 0; i < countof(kinds); i++)
		if (str_is(type, kinds[i].type))
			return kinds[i].kind == kind;
	return false;
}

static bool
lists(const struct json *list, str text)
{
	for (const struct json *e = json_first(list); e != NULL; e = e->next)
		if (str_eq(json_str(e), text))
			return true;
	return false;
}

static str
with_case(struct arena *a, str name, str (*change)(struct arena *a, str s))
{
	return str_cat(a, change(a, str_sub(name, 0, 1)), str_from(name, 1));
}

/* The name on the wire, as AWS's model has it for the protocol. */
static str
wire_name(struct comparison *c, const struct json *member)
{
	str query = json_str(json_get(member, "queryName"));
	str location = json_str(json_get(member, "locationName"));

	if (c->service->protocol != AWS_EC2 || !c->is_input)
		return location.len > 0 ? location : member->key;
	if (query.len > 0)
		return query;
	return location.len > 0 ? with_case(c->a, location, str_upper) : member->key;
}

/* ec2: a member without a name of its own has a capital in requests, and none in answers. */
static str
our_wire_name(struct comparison *c, const struct aws_member *m)
{
	if (c->service->protocol != AWS_EC2 || m->renamed)
		return m->wire_name;
	return with_case(c->a, m->name, c->is_input ? str_upper : str_lower);
}

static const char *
place(enum aws_location location)
{
	static const char *const places[] = {
		[AWS_IN_BODY] = "",
		[AWS_IN_PATH] = "uri",
		[AWS_IN_QUERY] = "querystring",
		[AWS_IN_HEADER] = "header",
		[AWS_IN_HEADERS] = "headers",
		[AWS_IS_BODY] = "payload",
	};

	return places[location];
}

static void compare_shapes(
    struct comparison *c, str where, const struct aws_shape *ours, const struct json *reference);

static void
compare_member(struct comparison *c, str where, const struct aws_member *m,
    const struct json *structure, const struct json *member)
{
	str at = str_fmt(c->a, STR_FMT "." STR_FMT, STR_ARG(where), STR_ARG(m->name));
	str location = json_str(json_get(member, "location"));
	bool required = lists(json_get(structure, "required"), m->name);

	if (str_eq(json_str(json_get(structure, "payload")), m->name))
		location = S("payload");
	compare_texts(c, at, "place", str_of(place(m->location)), location);
	/* A payload's own name counts where it is an element of XML, and paths have none. */
	if (m->location != AWS_IN_PATH && m->location != AWS_IS_BODY)
		compare_texts(c, at, "name", our_wire_name(c, m), wire_name(c, member));
	/* A token that is left out is filled in. */
	if (c->is_input && !m->idempotency_token && m->required != required)
		complain(c, at, "required", m->required ? S("yes") : S("no"),
		    required ? S("yes") : S("no"));
	if (c->is_input &&
	    m->idempotency_token != json_bool(json_get(member, "idempotencyToken"), false))
		complain(c, at, "token", m->idempotency_token ? S("yes") : S("no"), S(""));
	compare_shapes(c, at, m->shape, member);
}

static void
compare_structures(
    struct comparison *c, str where, const struct aws_shape *ours, const struct json *theirs)
{
	const struct json *members = json_get(theirs, "members");

	for (size_t i = 0; i < ours->member_count; i++) {
		const struct aws_member *m = &ours->members[i];
		const struct json *member = json_get_str(members, m->name);

		if (member == NULL)
			complain(c, where, str_z(c->a, m->name), S("there"), S("none"));
		else
			compare_member(c, where, m, theirs, member);
	}
	if (!c->is_input)
		return;
	for (const struct json *r = json_first(json_get(theirs, "required")); r != NULL;
	     r = r->next)
		if (aws_member_find(ours, json_str(r)) == NULL)
			complain(c, where, str_z(c->a, json_str(r)), S("none"), S("required"));
}

/* --- shapes --------------------------------------------------------------------------------- */

static bool
is_xml(const struct aws_service *s)
{
	return s->protocol == AWS_QUERY || s->protocol == AWS_EC2 || s->protocol == AWS_REST_XML;
}

static void
compare_lists(
    struct comparison *c, str where, const struct aws_shape *ours, const struct json *theirs)
{
	const struct json *item = json_get(theirs, "member");
	str name = json_str(json_get(item, "locationName"));
	bool flattened = json_bool(json_get(theirs, "flattened"), false);

	if (is_xml(c->service) && !(c->service->protocol == AWS_EC2 && c->is_input)) {
		if (ours->flattened != flattened)
			complain(
			    c, where, "flattened", ours->flattened ? S("yes") : S("no"), S(""));
		if (!ours->flattened)
			compare_texts(
			    c, where, "item", ours->item_name, name.len > 0 ? name : S("member"));
	}
	compare_shapes(c, str_cat(c->a, where, S("[]")), ours->item, item);
}

static bool
begin_structure(struct comparison *c, const struct aws_shape *ours, str theirs)
{
	struct seen *s;

	for (s = c->seen; s != NULL; s = s->next)
		if (s->ours == ours && str_eq(s->theirs, theirs))
			return false;
	s = arena_new(c->a, struct seen, 1);
	*s = (struct seen){ c->seen, ours, theirs };
	c->seen = s;
	return true;
}

static void
compare_shapes(
    struct comparison *c, str where, const struct aws_shape *ours, const struct json *reference)
{
	str name = json_str(json_get(reference, "shape"));
	const struct json *theirs = json_get_str(c->shapes, name);
	str type = json_str(json_get(theirs, "type"));

	if (ours->kind == AWS_DOCUMENT)
		return;
	if (!is_of_kind(type, ours->kind)) {
		complain(c, where, "kind", kind_name(ours->kind), type);
		return;
	}
	if (ours->kind == AWS_STRUCTURE && begin_structure(c, ours, name))
		compare_structures(c, where, ours, theirs);
	if (ours->kind == AWS_LIST)
		compare_lists(c, where, ours, theirs);
	if (ours->kind == AWS_MAP)
		compare_shapes(
		    c, str_cat(c->a, where, S("{}")), ours->item, json_get(theirs, "value"));
}

/* --- operations ----------------------------------------------------------------------------- */

static void
compare_direction(struct comparison *c, const struct aws_operation *op,
    const struct aws_shape *ours, const struct json *reference, bool is_input)
{
	str where = str_fmt(c->a, "%s %s", op->name, is_input ? "input" : "output");

	c->is_input = is_input;
	c->seen = NULL;
	if (reference != NULL)
		compare_shapes(c, where, ours, reference);
	else if (ours->member_count > 0)
		complain(c, where, "members", S("some"), S("none"));
}

/* "/{Bucket}?versioning": what stands in ours is told apart by '?' and '&', "x-id=…" is for show.
 */
static void
compare_uri(struct comparison *c, const struct aws_operation *op, const struct json *http)
{
	str theirs = json_str(json_get(http, "requestUri")), their_path, part;
	str ours = op->uri, our_path, at = str_of(op->name);

	compare_texts(c, at, "method", op->method, json_str(json_get(http, "method")));
	(void)str_cut(&theirs, '?', &their_path);
	(void)str_cut(&ours, '?', &our_path);
	compare_texts(c, at, "path", our_path, their_path);
	while (str_cut(&theirs, '&', &part))
		if (!str_starts(part, S("x-id=")) && !str_has(ours, part))
			complain(c, at, "query", ours, part);
}

static void
compare_operation(struct comparison *c, const struct aws_operation *op, const struct json *theirs)
{
	const struct json *http = json_get(theirs, "http");

	if (theirs == NULL) {
		complain(c, str_of(op->name), "operation", S("there"), S("none"));
		return;
	}
	if (c->service->protocol == AWS_REST_XML || c->service->protocol == AWS_REST_JSON) {
		compare_uri(c, op, http);
		if (op->status != json_i64(json_get(http, "responseCode"), 200))
			complain(c, str_of(op->name), "status", str_fmt(c->a, "%d", op->status),
			    json_scalar(json_get(http, "responseCode")));
	}
	compare_direction(c, op, op->input, json_get(theirs, "input"), true);
	compare_direction(c, op, op->output, json_get(theirs, "output"), false);
}

static void
compare_service(struct arena *a, const struct aws_service *s)
{
	struct comparison c = { .a = a, .service = s };
	const char *path =
	    str_z(a, str_fmt(a, MODELS "/%s/%s/service-2.json", s->name, s->version));
	const struct json *model, *metadata;
	struct err err;
	str text;

	err_init(&err, a);
	CHECK_OK(file_read(a, path, MOST_BYTES, &text, &err), &err);
	CHECK_OK(json_parse(a, text, &model, &err), &err);
	c.shapes = json_get(model, "shapes");
	metadata = json_get(model, "metadata");
	compare_texts(&c, S("service"), "endpoint", str_of(s->endpoint_prefix),
	    json_str(json_get(metadata, "endpointPrefix")));
	if (s->target_prefix != NULL)
		compare_texts(&c, S("service"), "target", str_of(s->target_prefix),
		    json_str(json_get(metadata, "targetPrefix")));
	for (size_t i = 0; i < s->operation_count; i++) {
		const char *name = s->operations[i].name;

		compare_operation(&c, aws_operation_of(s, str_of(name)),
		    json_get(json_get(model, "operations"), name));
	}
	CHECK(c.wrong == 0, "%s: %d of our facts are not AWS's", s->name, c.wrong);
}

static void
test_models(struct arena *a)
{
	if (!path_is_dir(MODELS))
		skip();
	for (size_t i = 0; aws_service_at(i) != NULL; i++)
		compare_service(a, aws_service_at(i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_models),
	};

	return RUN_TESTS(tests);
}
