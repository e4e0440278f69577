/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api/jws.c: the only file that knows libjose and its JSON library, whose names are those of ours:
 * it must not include base/json.h.
 */
#include "api/jws.h"

#include <jose/jwk.h>
#include <jose/jws.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

#define KEY_MAX_BYTES 16384

struct jws_key {
	json_t *jwk;
};

static void
drop_json(json_t **j)
{
	json_decref(*j);
}
#define auto_json __attribute__((cleanup(drop_json))) json_t

static void
drop_text(char **text)
{
	free(*text);
}
#define auto_text __attribute__((cleanup(drop_text))) char

static bool
make_key(const char *path, json_t **out, struct err *err)
{
	auto_json *jwk = json_pack("{s:s}", "alg", "RS256");
	auto_text *text = NULL;

	if (jwk == NULL || !jose_jwk_gen(NULL, jwk))
		return err_set(err, ERR_IO, "cannot make a signing key");
	text = json_dumps(jwk, JSON_COMPACT);
	if (text == NULL)
		return err_set(err, ERR_IO, "cannot write a signing key");
	if (!file_write(path, str_of(text), 0600, err))
		return false;
	*out = json_incref(jwk);
	return true;
}

static bool
member_is(const json_t *jwk, const char *name, const char *value)
{
	const char *text = json_string_value(json_object_get(jwk, name));

	return text != NULL && strcmp(text, value) == 0;
}

static bool
read_key(const char *path, json_t **out, struct err *err)
{
	auto_arena a = { 0 };
	auto_json *jwk = NULL;
	str text;

	if (!file_read(&a, path, KEY_MAX_BYTES, &text, err))
		return false;
	jwk = json_loadb(text.ptr, text.len, 0, NULL);
	if (!member_is(jwk, "kty", "RSA") || !member_is(jwk, "alg", "RS256") ||
	    json_object_get(jwk, "d") == NULL)
		return err_set(err, ERR_INVALID,
		    "%s holds no RS256 key; remove it and a new one is made (all tokens end then)",
		    path);
	*out = json_incref(jwk);
	return true;
}

bool
jws_key_load(const char *path, struct jws_key **out, struct err *err)
{
	json_t *jwk = NULL;
	struct jws_key *key;

	if (!path_is_file(path) ? !make_key(path, &jwk, err) : !read_key(path, &jwk, err))
		return false;
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		abort(); /* as base/arena.c */
	key->jwk = jwk;
	*out = key;
	return true;
}

void
jws_key_free(struct jws_key *key)
{
	if (key == NULL)
		return;
	json_decref(key->jwk);
	free(key);
}

bool
jws_sign(struct jws_key *key, struct arena *a, str payload, str *token, struct err *err)
{
	auto_json *jws = json_pack("{s:s%}", "payload", payload.ptr, payload.len);
	auto_json *sig = json_pack("{s:{s:s,s:s}}", "protected", "alg", "RS256", "typ", "JWT");

	if (jws == NULL || sig == NULL || !jose_jws_sig(NULL, jws, sig, key->jwk))
		return err_set(err, ERR_IO, "cannot sign a token");
	*token =
	    str_fmt(a, "%s." STR_FMT ".%s", json_string_value(json_object_get(jws, "protected")),
		STR_ARG(payload), json_string_value(json_object_get(jws, "signature")));
	return true;
}

bool
jws_verify(struct jws_key *key, str header, str payload, str signature)
{
	auto_json *jws = json_pack("{s:s%,s:s%,s:s%}", "protected", header.ptr, header.len,
	    "payload", payload.ptr, payload.len, "signature", signature.ptr, signature.len);

	return jws != NULL && jose_jws_ver(NULL, jws, NULL, key->jwk, false);
}
