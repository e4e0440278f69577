/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud/account.c: the accounts of this cloud, their long-term keys, and its own secret.
 *
 * These rows are the core's, not an engine's: "cloud#account" (by number), "cloud#key" (by access
 * key id; who it speaks for) and "cloud#secret".
 */
#include "cloud/internal.h"

#include <ctype.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/id.h"

#define SECRET_BYTES 32

static struct json *
new_body(struct arena *a, const char *pk, str sk)
{
	struct json *body = json_new_object(a);

	json_put_str(a, body, "pk", str_of(pk));
	json_put_str(a, body, "sk", sk);
	return body;
}

bool
secret_load(struct cloud *cloud, struct err *err)
{
	struct store *st = cloud->options.store;
	struct arena *a = &cloud->arena;
	unsigned char bytes[SECRET_BYTES];
	struct item row;
	struct json *body;
	bool found;

	if (!store_find(st, a, S("cloud#secret"), S("session"), &row, &found, err))
		return false;
	if (found) {
		cloud->secret = json_str(json_get(row.body, "value"));
		return true;
	}
	random_bytes(bytes, sizeof(bytes));
	cloud->secret = hex_encode(a, (str){ (const char *)bytes, sizeof(bytes) });
	body = new_body(a, "cloud#secret", S("session"));
	json_put_str(a, body, "value", cloud->secret);
	return store_put(st, body, STORE_NEW, err);
}

static bool
is_account_number(str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isdigit((unsigned char)s.ptr[i]))
			return false;
	return s.len == 12;
}

/* An account and its root key, as two rows of one transaction. */
static bool
account_make(struct cloud *c, struct arena *a, str account, str name, struct aws_credentials *root,
    struct err *err)
{
	struct principal who = principal_root(a, account);
	struct json *body = new_body(a, "cloud#account", account), *key;
	struct store_write writes[2];

	root->access_key_id = str_cat(a, S("AKIA"), id_upper_alnum(a, 16));
	root->secret_access_key = id_alnum(a, 40);
	json_put_str(a, body, "name", name);
	json_put_str(a, body, "rootKey", root->access_key_id);
	key = new_body(a, "cloud#key", root->access_key_id);
	json_put_str(a, key, "secret", root->secret_access_key);
	json_put(a, key, "principal", principal_write(a, &who));
	writes[0] = (struct store_write){ .kind = STORE_PUT, .expect = STORE_NEW, .body = body };
	writes[1] = (struct store_write){ .kind = STORE_PUT, .expect = STORE_NEW, .body = key };
	return store_transact(c->options.store, writes, countof(writes), err);
}

bool
cloud_account_ensure(struct cloud *c, struct arena *a, str account, str name,
    struct aws_credentials *root, struct err *err)
{
	struct store *st = c->options.store;
	struct item row, key;
	bool found, ok;

	*root = (struct aws_credentials){ .expires_at_ms = CLOCK_NEVER };
	if (!is_account_number(account))
		return err_set(err, ERR_INVALID,
		    "'" STR_FMT "' is no account: an account has 12 digits", STR_ARG(account));
	cloud_lock(c);
	ok = store_find(st, a, S("cloud#account"), account, &row, &found, err);
	if (ok && !found)
		ok = account_make(c, a, account, name, root, err);
	cloud_unlock(c);
	if (!ok || !found)
		return ok;
	root->access_key_id = json_str(json_get(row.body, "rootKey"));
	if (!store_load(st, a, S("cloud#key"), root->access_key_id, &key, err))
		return err_prefix(err, "root key of account " STR_FMT, STR_ARG(account));
	root->secret_access_key = json_str(json_get(key.body, "secret"));
	return true;
}

bool
account_exists(struct call *c, str account, bool *exists, struct err *err)
{
	struct item row;

	return row_find(c, S("cloud#account"), account, &row, exists, err);
}
