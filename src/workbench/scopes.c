/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workbench/scopes.c: what ${…} can stand for.
 */
#include "workbench/scopes.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "workbench/internal.h"
#include "workbench/item.h"
#include "workbench/roles.h"
#include "workbench/state.h"

/* The member of the environment's partition whose sort key begins so. */
static bool
snapshot(const struct state *s, str prefix, const struct json **out, struct err *err)
{
	struct store_query q = { .hash = item_key(s->a, "ENV", s->id),
		.condition = STORE_BEGINS,
		.a = prefix,
		.limit = 1 };
	struct store_page page;

	if (!store_query(s->wb->o.store, s->a, &q, &page, err))
		return false;
	if (page.count == 0)
		return err_set(err, ERR_NOT_FOUND,
		    "environment " STR_FMT " has no item " STR_FMT "…", STR_ARG(s->id),
		    STR_ARG(prefix));
	*out = page.items[0].body;
	return true;
}

bool
scopes_project(const struct state *s, const struct json **out, struct err *err)
{
	return snapshot(s, S("PROJ#"), out, err);
}

bool
scopes_config(const struct state *s, const struct json **out, struct err *err)
{
	return snapshot(s, S("ETC#"), out, err);
}

static struct json *
chosen(struct arena *a, const struct json *from, const char *const *members)
{
	struct json *out = json_new_object(a);

	item_copy(a, out, from, members);
	return out;
}

static struct json *
launch_scope(const struct state *s)
{
	struct json *out = json_new_object(s->a);

	json_put_i64(s->a, out, "timeMs", state_ms(s, "launchMs"));
	if (state_text(s, "pathId").len > 0)
		json_put_str(s->a, out, "pathId", state_text(s, "pathId"));
	return out;
}

/* [{key, value}] as an object; of several with one key the first counts. */
static struct json *
pairs(struct arena *a, const struct json *list, const char *key, const char *value)
{
	struct json *out = json_new_object(a);

	for (const struct json *p = json_first(list); p != NULL; p = p->next) {
		str name = json_str(json_get(p, key));

		if (name.len > 0 && json_get_str(out, name) == NULL)
			json_put_key(a, out, name, json_get(p, value));
	}
	return out;
}

/* No dataset is mounted: the exact texts that documents and templates test for. */
static struct json *
datasets_scope(struct arena *a)
{
	struct json *out = json_new_object(a);

	json_put_str(a, out, "mounts", S("[]"));
	json_put_str(a, out, "policy", S("{}"));
	return out;
}

static bool
main_scope(struct workbench *wb, struct arena *a, struct json **out, struct err *err)
{
	static const struct {
		const char *name, *output;
	} members[] = {
		{ "accountId", "accountId" },
		{ "region", "awsRegion" },
		{ "datasetsBucketArn", "S3BucketDatasetsArnOutput" },
		{ "artifactBucketArn", "S3BucketArtifactsArnOutput" },
		{ "artifactKeyArn", "S3ArtifactEncryptionKeyOutput" },
		{ "datasetsKeyArn", "S3DatasetsEncryptionKeyOutput" },
	};

	*out = json_new_object(a);
	for (size_t i = 0; i < countof(members); i++) {
		str value;

		if (!roles_output(wb, a, members[i].output, &value, err))
			return false;
		json_put_str(a, *out, members[i].name, value);
	}
	return true;
}

bool
scopes_of(const struct state *s, str operation_id, const struct json **out, struct err *err)
{
	static const char *const of_type[] = { "productId", "provisioningArtifactId", NULL };
	static const char *const of_environment[] = { "id", "name", "description", "projectId",
		"owner", "instanceId", "provisionedProductId", NULL };
	static const char *const of_project[] = { "id", "name", "awsAccountId", "vpcId", "subnetId",
		"encryptionKeyArn", "environmentInstanceFiles", "envMgmtRoleArn", NULL };
	struct json *scopes = json_new_object(s->a), *main_values, *operation;
	const struct json *project, *config;

	if (!scopes_project(s, &project, err) || !scopes_config(s, &config, err) ||
	    !main_scope(s->wb, s->a, &main_values, err))
		return false;
	operation = json_new_object(s->a);
	if (operation_id.len > 0)
		json_put_str(s->a, operation, "id", operation_id);
	json_put(s->a, scopes, "launch", launch_scope(s));
	json_put(s->a, scopes, "type", chosen(s->a, config, of_type));
	json_put(s->a, scopes, "environment", chosen(s->a, s->env, of_environment));
	json_put(s->a, scopes, "project", chosen(s->a, project, of_project));
	json_put(s->a, scopes, "config", pairs(s->a, json_get(config, "params"), "key", "value"));
	json_put(s->a, scopes, "datasets", datasets_scope(s->a));
	json_put(s->a, scopes, "main", main_values);
	json_put(s->a, scopes, "operation", operation);
	json_put(s->a, scopes, "outputs",
	    pairs(s->a, json_get(s->env, "outputs"), "OutputKey", "OutputValue"));
	*out = scopes;
	return true;
}

const struct json *
scopes_for_instance(struct arena *a, const struct json *scopes, str instance_id)
{
	struct json *out = json_copy_shallow(a, scopes);
	struct json *environment = json_copy_shallow(a, json_get(scopes, "environment"));

	json_set_str(a, environment, "instanceId", instance_id);
	json_set(a, out, "environment", environment);
	return out;
}
