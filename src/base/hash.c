/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/hash.c: digests by OpenSSL's EVP.
 *
 * Looking an algorithm up costs more than hashing a short text, so algorithms are fetched
 * once for the program and each thread keeps one context of each kind for as long as it lives.
 */
#include "base/hash.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/arena.h"
#include "base/encode.h"

struct contexts {
	EVP_MD_CTX *digest;
	EVP_MAC_CTX *hmac;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t contexts_key;
static EVP_MD *sha256_md, *sha1_md, *md5_md;
static EVP_MAC *hmac_mac;

static void
contexts_free(void *p)
{
	struct contexts *cs = p;

	EVP_MD_CTX_free(cs->digest);
	EVP_MAC_CTX_free(cs->hmac);
	free(cs);
}

static void
init(void)
{
	sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
	sha1_md = EVP_MD_fetch(NULL, "SHA1", NULL);
	md5_md = EVP_MD_fetch(NULL, "MD5", NULL);
	hmac_mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	assert(sha256_md != NULL && sha1_md != NULL && md5_md != NULL && hmac_mac != NULL);
	(void)pthread_key_create(&contexts_key, contexts_free);
}

static EVP_MAC_CTX *
new_hmac(void)
{
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC_CTX *hmac = EVP_MAC_CTX_new(hmac_mac);
	int ok = hmac != NULL && EVP_MAC_CTX_set_params(hmac, params);

	assert(ok);
	return hmac;
}

static struct contexts *
contexts(void)
{
	struct contexts *cs;

	(void)pthread_once(&once, init);
	cs = pthread_getspecific(contexts_key);
	if (cs != NULL)
		return cs;
	cs = calloc(1, sizeof(*cs));
	assert(cs != NULL);
	cs->digest = EVP_MD_CTX_new();
	cs->hmac = new_hmac();
	assert(cs->digest != NULL);
	(void)pthread_setspecific(contexts_key, cs);
	return cs;
}

/* OpenSSL can only fail here for want of memory, which is fatal everywhere. */
static void
digest(struct contexts *cs, const EVP_MD *md, str text, unsigned char *out)
{
	int ok = EVP_DigestInit_ex2(cs->digest, md, NULL) &&
	    EVP_DigestUpdate(cs->digest, text.ptr, text.len) &&
	    EVP_DigestFinal_ex(cs->digest, out, NULL);

	assert(ok);
}

void
sha256(str text, unsigned char out[SHA256_BYTES])
{
	struct contexts *cs = contexts();

	digest(cs, sha256_md, text, out);
}

void
sha1(str text, unsigned char out[SHA1_BYTES])
{
	struct contexts *cs = contexts();

	digest(cs, sha1_md, text, out);
}

void
md5(str text, unsigned char out[MD5_BYTES])
{
	struct contexts *cs = contexts();

	digest(cs, md5_md, text, out);
}

void
hmac_sha256(str key, str text, unsigned char out[SHA256_BYTES])
{
	struct contexts *cs = contexts();
	const unsigned char *k = (const unsigned char *)(key.len == 0 ? "" : key.ptr);
	size_t len = 0;
	int ok = EVP_MAC_init(cs->hmac, k, key.len, NULL) &&
	    EVP_MAC_update(cs->hmac, (const unsigned char *)text.ptr, text.len) &&
	    EVP_MAC_final(cs->hmac, out, &len, SHA256_BYTES);

	assert(ok && len == SHA256_BYTES);
}

str
sha256_hex(struct arena *a, str text)
{
	unsigned char out[SHA256_BYTES];

	sha256(text, out);
	return hex_encode(a, (str){ (const char *)out, sizeof(out) });
}

bool
equal_constant_time(str x, str y)
{
	return x.len == y.len && (x.len == 0 || CRYPTO_memcmp(x.ptr, y.ptr, x.len) == 0);
}
