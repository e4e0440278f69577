/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/events/destination.c: API destinations, and the connections that hold their secrets.
 *
 * A secret goes into a connection's row and comes out again only in the request that it
 * authorizes: answers are made member by member from what is not secret.
 */
#include "cloud/events/internal.h"

#include "base/id.h"

/* --- rows ------------------------------------------------------------------------------------ */

static bool
find(struct call *c, const char *kind, str name, struct item *out, bool *found, struct err *err)
{
	return row_find(c, row_here(c, "events", kind), name, out, found, err);
}

/* These two kinds are told apart in AWS's words by more than a name. */
static bool
load_connection(struct call *c, struct item *out, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	bool found;

	if (!find(c, "connection", name, out, &found, err))
		return false;
	if (!found)
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "Failed to describe the connection(s). Connection '" STR_FMT
		    "' does not exist.",
		    STR_ARG(name));
	return true;
}

static bool
load_destination(struct call *c, struct item *out, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	bool found;

	if (!find(c, "destination", name, out, &found, err))
		return false;
	if (!found)
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "Failed to describe the api-destination(s). An api-destination '" STR_FMT
		    "' does not exist.",
		    STR_ARG(name));
	return true;
}

/* "connection/name/uuid" of an ARN that is given whole. */
static bool
find_by_arn(struct call *c, const char *kind, const char *resource, str arn,
    const struct json **out, struct err *err)
{
	struct events_arn parts;
	struct item row;
	str rest, head, name;
	bool found;

	*out = NULL;
	if (!events_arn_read(arn, &parts))
		return true;
	rest = parts.resource;
	if (!str_cut(&rest, '/', &head) || !str_is(head, resource) || !str_cut(&rest, '/', &name))
		return true;
	if (!row_find(c, row_partition(c, "events", kind, parts.account, parts.region), name, &row,
		&found, err))
		return false;
	if (found && str_eq(json_str(json_get(row.body, "arn")), arn))
		*out = row.body;
	return true;
}

bool
events_destination_find(struct call *c, str arn, const struct json **destination,
    const struct json **connection, struct err *err)
{
	*connection = NULL;
	if (!find_by_arn(c, "destination", "api-destination", arn, destination, err))
		return false;
	return *destination == NULL ||
	    find_by_arn(c, "connection", "connection",
		json_str(json_get(*destination, "connectionArn")), connection, err);
}

static struct json *
new_row(struct call *c, const char *kind, const char *resource, str name)
{
	struct json *body = row_new(c, row_here(c, "events", kind), name);

	json_put_str(c->a, body, "arn",
	    arn_make(c->a, "events", c->region, c->account, "%s/" STR_FMT "/" STR_FMT, resource,
		STR_ARG(name), STR_ARG(id_uuid(c->a))));
	json_put_i64(c->a, body, "createdMs", c->now_ms);
	json_put_i64(c->a, body, "modifiedMs", c->now_ms);
	return body;
}

static void
put_times(struct call *c, const struct json *row, struct json *out)
{
	json_put(
	    c->a, out, "CreationTime", time_json(c->a, json_i64(json_get(row, "createdMs"), 0)));
	json_put(c->a, out, "LastModifiedTime",
	    time_json(c->a, json_i64(json_get(row, "modifiedMs"), 0)));
}

/* --- connections ------------------------------------------------------------------------- */

static const struct input_rule connection_rules[] = {
#define AUTH "AuthParameters."
#define MORE "AuthParameters.InvocationHttpParameters."
#define NO_CONTROLS "[^\\x00-\\x08\\x0A-\\x1F\\x7F]+"
#define NO_COLON "[^\\x00-\\x08\\x0A-\\x1F:\\x7F]+"
	{ "Name", 1, 64, EVENTS_NAME_PATTERN, NULL },
	{ "Description", 0, 512, NULL, NULL },
	{ "AuthorizationType", 0, 0, NULL, "BASIC OAUTH_CLIENT_CREDENTIALS API_KEY" },
	{ AUTH "ApiKeyAuthParameters.ApiKeyName", 1, 512, EVENTS_HEADER_NAME, NULL },
	{ AUTH "ApiKeyAuthParameters.ApiKeyValue", 1, 512, NO_CONTROLS, NULL },
	{ AUTH "BasicAuthParameters.Username", 1, 512, NO_COLON, NULL },
	{ AUTH "BasicAuthParameters.Password", 1, 512, NO_CONTROLS, NULL },
	{ MORE "HeaderParameters", 0, 100, NULL, NULL },
	{ MORE "HeaderParameters[].Key", 0, 512, EVENTS_HEADER_NAME, NULL },
	{ MORE "HeaderParameters[].Value", 0, 512, EVENTS_HEADER_VALUE, NULL },
	{ MORE "QueryStringParameters", 0, 100, NULL, NULL },
	{ MORE "QueryStringParameters[].Key", 0, 512, NO_CONTROLS, NULL },
	{ MORE "QueryStringParameters[].Value", 0, 512, NULL, NULL },
	{ MORE "BodyParameters", 0, 100, NULL, NULL },
#undef AUTH
#undef MORE
#undef NO_CONTROLS
#undef NO_COLON
};

/* How a type authorizes, and which member of AuthParameters must say with what. */
static const struct {
	const char *type, *parameters;
} auth_types[] = {
	{ "API_KEY", "ApiKeyAuthParameters" },
	{ "BASIC", "BasicAuthParameters" },
};

static bool
check_auth(struct call *c, struct err *err)
{
	str type = json_str(json_get(c->in, "AuthorizationType"));

	for (size_t i = 0; i < countof(auth_types); i++) {
		if (!str_is(type, auth_types[i].type))
			continue;
		if (json_path(c->in, "AuthParameters", auth_types[i].parameters, NULL) != NULL)
			return true;
		return err_code(err, ERR_INVALID, "ValidationException",
		    "Authorization type " STR_FMT " needs AuthParameters.%s.", STR_ARG(type),
		    auth_types[i].parameters);
	}
	return err_code(err, ERR_INVALID, "ValidationException",
	    "Authorization type " STR_FMT " is not supported by the local cloud: use API_KEY or "
	    "BASIC.",
	    STR_ARG(type));
}

static void
put_connection_state(struct call *c, const struct json *row, const char *state)
{
	json_put(c->a, c->out, "ConnectionArn", json_get(row, "arn"));
	json_put_str(c->a, c->out, "ConnectionState", str_of(state));
	put_times(c, row, c->out);
}

bool
events_create_connection(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	struct item old;
	struct json *body;
	bool found;

	if (!INPUT_CHECK(c, connection_rules, err) || !check_auth(c, err) ||
	    !find(c, "connection", name, &old, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "ResourceAlreadyExistsException",
		    "Connection '" STR_FMT "' already exists.", STR_ARG(name));
	body = new_row(c, "connection", "connection", name);
	json_put(c->a, body, "description", json_get(c->in, "Description"));
	json_put(c->a, body, "type", json_get(c->in, "AuthorizationType"));
	json_put(c->a, body, "auth", json_get(c->in, "AuthParameters"));
	put_connection_state(c, body, "AUTHORIZED");
	return row_put(c, body, err);
}

bool
events_delete_connection(struct call *c, struct err *err)
{
	struct item row;

	if (!load_connection(c, &row, err))
		return false;
	put_connection_state(c, row.body, "DELETING");
	return row_del(c, row.pk, row.sk, err);
}

/* Without the values that are marked as secret. */
static struct json *
show_parameters(struct arena *a, const struct json *list)
{
	struct json *out = json_new_array(a);

	for (const struct json *p = json_first(list); p != NULL; p = p->next) {
		struct json *shown = json_copy_shallow(a, p);

		if (json_bool(json_get(p, "IsValueSecret"), false))
			json_remove(shown, "Value");
		json_push(a, out, shown);
	}
	return out;
}

static struct json *
show_auth(struct arena *a, const struct json *auth)
{
	static const char *const shown[][2] = {
		{ "ApiKeyAuthParameters", "ApiKeyName" },
		{ "BasicAuthParameters", "Username" },
	};
	const struct json *http = json_get(auth, "InvocationHttpParameters");
	struct json *out = json_new_object(a), *parameters;

	for (size_t i = 0; i < countof(shown); i++) {
		const struct json *name = json_path(auth, shown[i][0], shown[i][1], NULL);

		if (name != NULL)
			json_put(a, json_put(a, out, shown[i][0], json_new_object(a)), shown[i][1],
			    name);
	}
	if (http == NULL)
		return out;
	parameters = json_put(a, out, "InvocationHttpParameters", json_new_object(a));
	for (const struct json *m = json_first(http); m != NULL; m = m->next)
		json_put_key(a, parameters, m->key, show_parameters(a, m));
	return out;
}

static void
describe_connection(struct call *c, const struct json *row, struct json *out)
{
	json_put(c->a, out, "ConnectionArn", json_get(row, "arn"));
	json_put(c->a, out, "Name", json_get(row, "sk"));
	json_put_str(c->a, out, "ConnectionState", S("AUTHORIZED"));
	json_put(c->a, out, "AuthorizationType", json_get(row, "type"));
	put_times(c, row, out);
	json_put(c->a, out, "LastAuthorizedTime", json_get(out, "LastModifiedTime"));
}

bool
events_describe_connection(struct call *c, struct err *err)
{
	struct item row;

	if (!load_connection(c, &row, err))
		return false;
	describe_connection(c, row.body, c->out);
	json_put(c->a, c->out, "Description", json_get(row.body, "description"));
	json_put(c->a, c->out, "AuthParameters", show_auth(c->a, json_get(row.body, "auth")));
	return true;
}

static bool
list_connection(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	str state = json_str(json_get(c->in, "ConnectionState"));

	(void)err;
	if (state.len == 0 || str_is(state, "AUTHORIZED"))
		describe_connection(c, row->body, json_push(c->a, cookie, json_new_object(c->a)));
	return true;
}

static bool
list(struct call *c, const char *kind, const char *key,
    bool (*each)(struct call *c, const struct item *row, void *cookie, struct err *err),
    struct err *err)
{
	struct json *found = json_new_array(c->a);
	const struct store_query q = { .hash = row_here(c, "events", kind),
		.condition = STORE_BEGINS,
		.a = json_str(json_get(c->in, "NamePrefix")) };

	return row_each(c, &q, each, found, err) &&
	    paginate(c, found, key, json_i64(json_get(c->in, "Limit"), 100),
		json_str(json_get(c->in, "NextToken")), "NextToken", err);
}

bool
events_list_connections(struct call *c, struct err *err)
{
	return list(c, "connection", "Connections", list_connection, err);
}

/* --- API destinations -------------------------------------------------------------------- */

/* AWS takes https only; here the program that listens may be on this machine. */
static const struct input_rule destination_rules[] = {
	{ "Name", 1, 64, EVENTS_NAME_PATTERN, NULL },
	{ "Description", 0, 512, NULL, NULL },
	{ "ConnectionArn", 1, 1600, NULL, NULL },
	{ "InvocationEndpoint", 1, 2048, "https?://[^/?#\\s]+([/?][^#\\s]*)?", NULL },
	{ "HttpMethod", 0, 0, NULL, "POST GET HEAD OPTIONS PUT PATCH DELETE" },
	{ "InvocationRateLimitPerSecond", 1, 0, NULL, NULL },
};

static const char *const destination_members[][2] = {
	{ "Description", "description" },
	{ "ConnectionArn", "connectionArn" },
	{ "InvocationEndpoint", "endpoint" },
	{ "HttpMethod", "method" },
	{ "InvocationRateLimitPerSecond", "rate" },
};

static bool
check_connection(struct call *c, struct err *err)
{
	str arn = json_str(json_get(c->in, "ConnectionArn"));
	const struct json *connection;

	if (arn.len == 0)
		return true;
	if (!find_by_arn(c, "connection", "connection", arn, &connection, err))
		return false;
	if (connection == NULL || !str_eq(arn_account(arn), c->account))
		return err_code(err, ERR_NOT_FOUND, "ResourceNotFoundException",
		    "Connection '" STR_FMT "' does not exist.", STR_ARG(arn));
	return true;
}

static bool
put_destination(struct call *c, struct json *body, struct err *err)
{
	for (size_t i = 0; i < countof(destination_members); i++) {
		const struct json *v = json_get(c->in, destination_members[i][0]);

		if (v != NULL)
			json_set(c->a, body, destination_members[i][1], v);
	}
	json_put(c->a, c->out, "ApiDestinationArn", json_get(body, "arn"));
	json_put_str(c->a, c->out, "ApiDestinationState", S("ACTIVE"));
	put_times(c, body, c->out);
	return row_put(c, body, err);
}

bool
events_create_api_destination(struct call *c, struct err *err)
{
	str name = json_str(json_get(c->in, "Name"));
	struct item old;
	struct json *body;
	bool found;

	if (!INPUT_CHECK(c, destination_rules, err) || !check_connection(c, err) ||
	    !find(c, "destination", name, &old, &found, err))
		return false;
	if (found)
		return err_code(err, ERR_CONFLICT, "ResourceAlreadyExistsException",
		    "An api-destination '" STR_FMT "' already exists.", STR_ARG(name));
	body = new_row(c, "destination", "api-destination", name);
	json_put_i64(c->a, body, "rate", 300);
	return put_destination(c, body, err);
}

bool
events_update_api_destination(struct call *c, struct err *err)
{
	struct item row;
	struct json *body;

	if (!INPUT_CHECK(c, destination_rules, err) || !check_connection(c, err) ||
	    !load_destination(c, &row, err))
		return false;
	body = row_change(c, &row);
	json_set(c->a, body, "modifiedMs", json_new_i64(c->a, c->now_ms));
	return put_destination(c, body, err);
}

bool
events_delete_api_destination(struct call *c, struct err *err)
{
	struct item row;

	return load_destination(c, &row, err) && row_del(c, row.pk, row.sk, err);
}

/* Without its description, which lists do not show. */
static bool
describe_destination(struct call *c, const struct json *row, struct json *out, struct err *err)
{
	const struct json *connection;

	if (!find_by_arn(c, "connection", "connection", json_str(json_get(row, "connectionArn")),
		&connection, err))
		return false;
	json_put(c->a, out, "ApiDestinationArn", json_get(row, "arn"));
	json_put(c->a, out, "Name", json_get(row, "sk"));
	json_put_str(
	    c->a, out, "ApiDestinationState", connection == NULL ? S("INACTIVE") : S("ACTIVE"));
	for (size_t i = 1; i < countof(destination_members); i++)
		json_put(
		    c->a, out, destination_members[i][0], json_get(row, destination_members[i][1]));
	put_times(c, row, out);
	return true;
}

bool
events_describe_api_destination(struct call *c, struct err *err)
{
	struct item row;

	if (!load_destination(c, &row, err))
		return false;
	json_put(c->a, c->out, "Description", json_get(row.body, "description"));
	return describe_destination(c, row.body, c->out, err);
}

static bool
list_destination(struct call *c, const struct item *row, void *cookie, struct err *err)
{
	const struct json *wanted = json_get(c->in, "ConnectionArn");

	if (wanted != NULL &&
	    !str_eq(json_str(wanted), json_str(json_get(row->body, "connectionArn"))))
		return true;
	return describe_destination(
	    c, row->body, json_push(c->a, cookie, json_new_object(c->a)), err);
}

bool
events_list_api_destinations(struct call *c, struct err *err)
{
	return list(c, "destination", "ApiDestinations", list_destination, err);
}
