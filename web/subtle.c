/* subtle.c: the natives of js/subtle.js: what libcrypto computes. Keys come and go as
 * bytes, secret ones raw, others as DER (PKCS #8, SubjectPublicKeyInfo), so that no
 * object of the heap holds anything of libcrypto's. All run to their end: the only one
 * that a caller could make long, PBKDF2, has a limit. */
#include <strings.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/random.h"
#include "web/libcrypto.h"
#include "web/parts.h"

#define PBKDF2_MOST 4000000u    /* rounds times blocks: about a second */
#define RSA_MOST 8192
#define TEXT_IS(s, lit) (strcmp(s, lit) == 0)

/* ---- arguments ------------------------------------------------------------------- */

static bool take(struct zigts *vm, zigts_val v, struct zigts_bytes *b)
{
	if (zigts_bytes(vm, v, b))
		return true;
	zigts_throw(vm, ZIGTS_TYPE_ERROR, "expected bytes");
	return false;
}

static const char *text(struct zigts *vm, zigts_val v)
{
	size_t n;
	const char *s = zigts_to_utf8(vm, v, &n);

	return s ? s : "";
}

static const EVP_MD *digest_of(struct zigts *vm, zigts_val v)
{
	const char *s = text(vm, v);

	return TEXT_IS(s, "SHA-1") ? lc->EVP_sha1() : TEXT_IS(s, "SHA-256") ? lc->EVP_sha256() :
	       TEXT_IS(s, "SHA-384") ? lc->EVP_sha384() : TEXT_IS(s, "SHA-512") ? lc->EVP_sha512() : NULL;
}

static zigts_val failed(struct zigts *vm)
{
	lc->ERR_clear_error();
	return zigts_throw_dom(vm, "OperationError", "The operation failed");
}

static int pay(struct zigts *vm, size_t bytes) { return zigts_tick(vm, (int64_t)(bytes >> 4) + 100); }

/* ---- digests and what is made of them --------------------------------------------- */

static zigts_val n_open(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *why = libcrypto_open();

	(void)a, (void)argc;
	return why ? zigts_throw_dom(vm, "NotSupportedError", "crypto.subtle needs OpenSSL's libcrypto.so.3: %s", why) : ZIGTS_UNDEF;
}

static zigts_val n_digest(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(0));
	struct zigts_bytes data;
	unsigned n = 0;

	if (!take(vm, ZIGTS_ARG(1), &data) || pay(vm, data.n) < 0)
		return ZIGTS_EXC;
	if (!md || !lc->EVP_Digest(data.p, data.n, out, &n, md, NULL))
		return failed(vm);
	return zigts_array_buffer(vm, out, n);
}

static zigts_val n_hmac(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(0));
	struct zigts_bytes key, data;
	unsigned n = 0;

	if (!take(vm, ZIGTS_ARG(1), &key) || !take(vm, ZIGTS_ARG(2), &data) || pay(vm, data.n) < 0)
		return ZIGTS_EXC;
	if (!md || !lc->HMAC(md, key.n ? key.p : (const unsigned char *)"", (int)key.n, data.p, data.n, out, &n))
		return failed(vm);
	return zigts_array_buffer(vm, out, n);
}

/* pbkdf2(hash, password, salt, rounds, bytes) */
static zigts_val n_pbkdf2(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(0));
	double rounds = zigts_as_number(ZIGTS_ARG(3)), n = zigts_as_number(ZIGTS_ARG(4));
	unsigned char out[1024];
	struct zigts_bytes pass, salt;

	if (!take(vm, ZIGTS_ARG(1), &pass) || !take(vm, ZIGTS_ARG(2), &salt))
		return ZIGTS_EXC;
	if (n > sizeof out || rounds * (n / 20 + 1) > PBKDF2_MOST)
		return zigts_throw_dom(vm, "OperationError", "PBKDF2: too many iterations or bytes; at most %u iterations of a block", PBKDF2_MOST);
	if (zigts_tick(vm, (int64_t)(rounds * 30)) < 0)
		return ZIGTS_EXC;
	if (!md || !lc->PKCS5_PBKDF2_HMAC(pass.n ? (const char *)pass.p : "", (int)pass.n, salt.p, (int)salt.n, (int)rounds, md, (int)n, out))
		return failed(vm);
	return zigts_array_buffer(vm, out, (size_t)n);
}

/* hkdf(hash, key, salt, info, bytes): RFC 5869 */
static zigts_val n_hkdf(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(0));
	unsigned char prk[EVP_MAX_MD_SIZE], block[EVP_MAX_MD_SIZE];
	double want = zigts_as_number(ZIGTS_ARG(4));
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct zigts_bytes key, salt, info;
	unsigned len = 0, n = 0;
	zigts_val result;
	bool ok;

	if (!take(vm, ZIGTS_ARG(1), &key) || !take(vm, ZIGTS_ARG(2), &salt) || !take(vm, ZIGTS_ARG(3), &info))
		return ZIGTS_EXC;
	ok = md && lc->HMAC(md, salt.n ? salt.p : (const unsigned char *)"", (int)salt.n, key.p, key.n, prk, &len) && want <= 255.0 * len;
	for (unsigned i = 1; ok && out.len < want; i++) {
		in.len = 0;
		buf_put(&in, block, n);
		buf_put(&in, info.p, info.n);
		buf_putc(&in, (char)i);
		ok = lc->HMAC(md, prk, (int)len, (const unsigned char *)in.p, in.len, block, &n) != NULL;
		buf_put(&out, block, n);
	}
	result = ok ? zigts_array_buffer(vm, out.p, (size_t)want) : failed(vm);
	buf_free(&in);
	buf_free(&out);
	return result;
}

/* ---- AES --------------------------------------------------------------------------- */

static const EVP_CIPHER *cipher_of(const char *mode, size_t key)
{
	static const char *const modes[] = { "GCM", "CBC", "CTR", "KW" };
	const EVP_CIPHER *(*const ciphers[4][3])(void) = {
		{ lc->EVP_aes_128_gcm, lc->EVP_aes_192_gcm, lc->EVP_aes_256_gcm },
		{ lc->EVP_aes_128_cbc, lc->EVP_aes_192_cbc, lc->EVP_aes_256_cbc },
		{ lc->EVP_aes_128_ctr, lc->EVP_aes_192_ctr, lc->EVP_aes_256_ctr },
		{ lc->EVP_aes_128_wrap, lc->EVP_aes_192_wrap, lc->EVP_aes_256_wrap },
	};

	for (int i = 0; i < 4; i++)
		if (TEXT_IS(mode, modes[i]) && key >= 16 && key <= 32 && key % 8 == 0)
			return ciphers[i][key / 8 - 2]();
	return NULL;
}

/* The text that was encrypted, or its encryption, with the tag behind it. */
static bool aes(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, bool encrypt, bool gcm, const struct zigts_bytes b[4],
		int tag, struct buf *out)
{
	const struct zigts_bytes *key = &b[0], *iv = &b[1], *data = &b[2], *aad = &b[3];
	size_t n = data->n;
	int len = 0, more = 0;
	char *p;

	if (gcm && !encrypt) {
		if (n < (size_t)tag)
			return false;
		n -= (size_t)tag;
	}
	lc->EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	if (!lc->EVP_CipherInit_ex(ctx, cipher, NULL, NULL, NULL, encrypt) ||
	    (gcm && lc->EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)iv->n, NULL) <= 0) ||
	    !lc->EVP_CipherInit_ex(ctx, NULL, NULL, key->p, iv->n ? iv->p : NULL, encrypt) ||
	    (gcm && aad->n && !lc->EVP_CipherUpdate(ctx, NULL, &len, aad->p, (int)aad->n)))
		return false;
	if (gcm && !encrypt && lc->EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, tag, (void *)(uintptr_t)(data->p + n)) <= 0)
		return false;
	p = buf_reserve(out, n + 64);
	if ((n != 0 || !gcm) && lc->EVP_CipherUpdate(ctx, (unsigned char *)p, &len, data->p, (int)n) <= 0)
		return false;
	if (n == 0)
		len = 0;
	if (lc->EVP_CipherFinal_ex(ctx, (unsigned char *)p + len, &more) <= 0)
		return false;
	out->len += (size_t)(len + more);
	if (gcm && encrypt) {
		if (lc->EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, tag, out->p + out->len) <= 0)
			return false;
		out->len += (size_t)tag;
	}
	return true;
}

/* aes(mode, encrypt, key, iv, data, aad, bytes of the tag) */
static zigts_val n_aes(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *mode = text(vm, ZIGTS_ARG(0));
	struct zigts_bytes b[4];
	struct buf out = BUF_INIT;
	EVP_CIPHER_CTX *ctx;
	zigts_val result;
	bool ok;

	for (int i = 0; i < 4; i++)
		if (!take(vm, ZIGTS_ARG(2 + i), &b[i]))
			return ZIGTS_EXC;
	if (pay(vm, b[2].n) < 0)
		return ZIGTS_EXC;
	ctx = lc->EVP_CIPHER_CTX_new();
	ok = ctx && b[2].n < INT32_MAX - 64 && cipher_of(mode, b[0].n) &&
	     aes(ctx, cipher_of(mode, b[0].n), zigts_truthy(ZIGTS_ARG(1)), TEXT_IS(mode, "GCM"), b,
		 (int)zigts_as_number(ZIGTS_ARG(6)), &out);
	lc->EVP_CIPHER_CTX_free(ctx);
	result = ok ? zigts_array_buffer(vm, out.p, out.len) : failed(vm);
	buf_free(&out);
	return result;
}

/* ---- keys -------------------------------------------------------------------------- */

static EVP_PKEY *private_of(const struct zigts_bytes *b)
{
	const unsigned char *p = b->p;
	PKCS8_PRIV_KEY_INFO *info = lc->d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)b->n);
	EVP_PKEY *k = info && p == b->p + b->n ? lc->EVP_PKCS82PKEY(info) : NULL;

	lc->PKCS8_PRIV_KEY_INFO_free(info);
	return k;
}

static EVP_PKEY *public_of(const struct zigts_bytes *b)
{
	const unsigned char *p = b->p;
	EVP_PKEY *k = lc->d2i_PUBKEY(NULL, &p, (long)b->n);

	if (k && p != b->p + b->n) {
		lc->EVP_PKEY_free(k);
		return NULL;
	}
	return k;
}

/* NULL: malformed, or an exception is pending. */
static EVP_PKEY *key_of(struct zigts *vm, zigts_val der, zigts_val private)
{
	struct zigts_bytes b;

	return !take(vm, der, &b) ? NULL : zigts_truthy(private) ? private_of(&b) : public_of(&b);
}

static zigts_val der_of(struct zigts *vm, EVP_PKEY *k, bool private)
{
	PKCS8_PRIV_KEY_INFO *info = private ? lc->EVP_PKEY2PKCS8(k) : NULL;
	unsigned char *der = NULL;
	int n = private ? (info ? lc->i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1) : lc->i2d_PUBKEY(k, &der);
	zigts_val v = n > 0 ? zigts_uint8_array(vm, der, (size_t)n) : failed(vm);

	lc->PKCS8_PRIV_KEY_INFO_free(info);
	if (der)
		lc->CRYPTO_free(der, __FILE__, __LINE__);
	return v;
}

/* OpenSSL's names of the curves, the standard's, and the bytes of a coordinate. */
static const struct curve { const char *group, *name; int size; } curves[] = {
	{ "prime256v1", "P-256", 32 }, { "secp384r1", "P-384", 48 }, { "secp521r1", "P-521", 66 },
};

static const struct curve *curve_of(const EVP_PKEY *k)
{
	char group[32];
	size_t n;

	if (lc->EVP_PKEY_get_base_id(k) == EVP_PKEY_EC &&
	    lc->EVP_PKEY_get_utf8_string_param(k, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &n))
		for (size_t i = 0; i < WEB_ROWS(curves); i++)
			if (TEXT_IS(group, curves[i].group))
				return &curves[i];
	return NULL;
}

static const struct curve *curve_named(const char *name)
{
	for (size_t i = 0; i < WEB_ROWS(curves); i++)
		if (TEXT_IS(name, curves[i].name))
			return &curves[i];
	return NULL;
}

static const char *kind_of(const EVP_PKEY *k)
{
	const struct curve *c = curve_of(k);
	int id = lc->EVP_PKEY_get_base_id(k);

	return c ? c->name : id == EVP_PKEY_RSA ? "RSA" : id == EVP_PKEY_ED25519 ? "Ed25519" : id == EVP_PKEY_X25519 ? "X25519" : NULL;
}

static bool name_put(struct zigts *vm, zigts_val o, const char *name, zigts_val v)
{
	return v != ZIGTS_EXC && zigts_set(vm, o, name, v) == 0;
}

/* Puts a number of the key as bytes: `size` of them, or, with 0, as few as it takes, at most
 * `most`, if it has it. *odd: it does not fit, so the key is none of ours. False: exception. */
static bool bn_put(struct zigts *vm, zigts_val o, const char *name, const EVP_PKEY *k, const char *param, int size, int most,
		   bool *odd)
{
	unsigned char out[RSA_MOST / 8 + 8];
	BIGNUM *bn = NULL;
	bool ok;

	if (!lc->EVP_PKEY_get_bn_param(k, param, &bn)) {
		if (size != 0)
			*odd = true;
		return true;
	}
	if (size == 0)
		size = (lc->BN_num_bits(bn) + 7) / 8;
	ok = size <= most && size <= (int)sizeof out && lc->BN_bn2binpad(bn, out, size) == size;
	lc->BN_clear_free(bn);
	if (!ok)
		*odd = true;
	return !ok || name_put(vm, o, name, zigts_uint8_array(vm, out, (size_t)size));
}

/* The parts of an RSA key (RFC 7518 6.3), and OpenSSL's names for them. The first two are
 * public; the last five may be left out of a private key. */
static const struct { const char *name, *param; } rsa_parts[] = {
	{ "n", OSSL_PKEY_PARAM_RSA_N }, { "e", OSSL_PKEY_PARAM_RSA_E }, { "d", OSSL_PKEY_PARAM_RSA_D },
	{ "p", OSSL_PKEY_PARAM_RSA_FACTOR1 }, { "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },
	{ "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 }, { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
	{ "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
};

/* The parts that a JSON Web Key has (RFC 7518 6), as bytes. No part of an RSA key is longer
 * than its modulus: what is done with the key takes no longer than with an honest one. */
static bool parts(struct zigts *vm, zigts_val o, const EVP_PKEY *k, bool private, bool *odd)
{
	const struct curve *c = curve_of(k);
	int most = (lc->EVP_PKEY_get_bits(k) + 7) / 8;
	unsigned char raw[64];
	size_t n = sizeof raw;

	if (lc->EVP_PKEY_get_base_id(k) == EVP_PKEY_RSA) {
		for (size_t i = 0; i < WEB_ROWS(rsa_parts) && (private || i < 2); i++)
			if (!bn_put(vm, o, rsa_parts[i].name, k, rsa_parts[i].param, 0, most, odd))
				return false;
		return true;
	}
	if (c)
		return bn_put(vm, o, "x", k, OSSL_PKEY_PARAM_EC_PUB_X, c->size, c->size, odd) &&
		       bn_put(vm, o, "y", k, OSSL_PKEY_PARAM_EC_PUB_Y, c->size, c->size, odd) &&
		       (!private || bn_put(vm, o, "d", k, OSSL_PKEY_PARAM_PRIV_KEY, c->size, c->size, odd));
	if (!lc->EVP_PKEY_get_raw_public_key(k, raw, &n))
		return *odd = true;
	if (!name_put(vm, o, "x", zigts_uint8_array(vm, raw, n)))
		return false;
	n = sizeof raw;
	if (private && !lc->EVP_PKEY_get_raw_private_key(k, raw, &n))
		return *odd = true;
	return !private || name_put(vm, o, "d", zigts_uint8_array(vm, raw, n));
}

/* keyRead(der, private): { kind, bits } and its parts; undefined: malformed or unknown */
static zigts_val n_key_read(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	EVP_PKEY *k = key_of(vm, ZIGTS_ARG(0), ZIGTS_ARG(1));
	const char *kind = k ? kind_of(k) : NULL;
	zigts_val o = ZIGTS_UNDEF;
	bool odd = false;

	if (kind && lc->EVP_PKEY_get_bits(k) <= RSA_MOST) {
		o = zigts_object(vm);
		if (o == ZIGTS_EXC || !name_put(vm, o, "kind", zigts_cstring(vm, kind)) ||
		    !name_put(vm, o, "bits", zigts_int(lc->EVP_PKEY_get_bits(k))) || !parts(vm, o, k, zigts_truthy(ZIGTS_ARG(1)), &odd))
			o = ZIGTS_EXC;
		else if (odd)
			o = ZIGTS_UNDEF;
	}
	lc->EVP_PKEY_free(k);
	lc->ERR_clear_error();
	return o;
}

/* keyPublic(pkcs8): the SubjectPublicKeyInfo */
static zigts_val n_key_public(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	EVP_PKEY *k = key_of(vm, ZIGTS_ARG(0), ZIGTS_TRUE);
	zigts_val v = k ? der_of(vm, k, false) : failed(vm);

	(void)argc;
	lc->EVP_PKEY_free(k);
	return v;
}

/* A part of a key as a number; NULL: it has none. The list frees it. */
struct numbers { BIGNUM *bn[8]; int n; };
static BIGNUM *number(struct zigts *vm, zigts_val o, const char *name, struct numbers *list)
{
	zigts_val v = zigts_get(vm, o, name);
	struct zigts_bytes b;

	if (v == ZIGTS_UNDEF || v == ZIGTS_EXC || !zigts_bytes(vm, v, &b) || b.n > RSA_MOST / 8)
		return NULL;
	return list->bn[list->n++] = lc->BN_bin2bn(b.p, (int)b.n, NULL);
}

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *bld, bool private)
{
	OSSL_PARAM *params = lc->OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = lc->EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *k = NULL;

	if (!params || !ctx || lc->EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    lc->EVP_PKEY_fromdata(ctx, &k, private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) <= 0)
		k = NULL;
	lc->EVP_PKEY_CTX_free(ctx);
	lc->OSSL_PARAM_free(params);
	return k;
}

static EVP_PKEY *rsa_from(struct zigts *vm, zigts_val o, bool private)
{
	OSSL_PARAM_BLD *bld = lc->OSSL_PARAM_BLD_new();
	struct numbers list = { .n = 0 };
	EVP_PKEY *k = NULL;
	bool ok = bld != NULL;

	for (size_t i = 0; ok && i < (private ? WEB_ROWS(rsa_parts) : 2); i++) {
		BIGNUM *bn = number(vm, o, rsa_parts[i].name, &list);

		ok = bn ? lc->OSSL_PARAM_BLD_push_BN(bld, rsa_parts[i].param, bn) != 0 : i > 2;
	}
	if (ok)
		k = key_from("RSA", bld, private);
	for (int i = 0; i < list.n; i++)
		lc->BN_clear_free(list.bn[i]);
	lc->OSSL_PARAM_BLD_free(bld);
	return k;
}

static bool part(struct zigts *vm, zigts_val o, const char *name, size_t size, unsigned char *out)
{
	zigts_val v = zigts_get(vm, o, name);
	struct zigts_bytes b;

	if (v == ZIGTS_EXC || !zigts_bytes(vm, v, &b) || b.n != size)
		return false;
	memcpy(out, b.p, size);
	return true;
}

static EVP_PKEY *ec_from(struct zigts *vm, const struct curve *c, zigts_val o, bool private)
{
	unsigned char point[1 + 2 * 66] = { 4 };
	OSSL_PARAM_BLD *bld = lc->OSSL_PARAM_BLD_new();
	size_t size = (size_t)c->size;
	struct numbers list = { .n = 0 };
	BIGNUM *d = private ? number(vm, o, "d", &list) : NULL;
	EVP_PKEY *k = NULL;

	if (bld && part(vm, o, "x", size, point + 1) && part(vm, o, "y", size, point + 1 + size) && (!private || d) &&
	    lc->OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, c->group, 0) &&
	    lc->OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size) &&
	    (!d || lc->OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d)))
		k = key_from("EC", bld, private);
	lc->BN_clear_free(d);
	lc->OSSL_PARAM_BLD_free(bld);
	return k;
}

static EVP_PKEY *octets_from(struct zigts *vm, const char *kind, zigts_val o, bool private)
{
	int type = TEXT_IS(kind, "X25519") ? EVP_PKEY_X25519 : EVP_PKEY_ED25519;
	unsigned char raw[32];

	if (!part(vm, o, private ? "d" : "x", sizeof raw, raw))
		return NULL;
	return private ? lc->EVP_PKEY_new_raw_private_key(type, NULL, raw, sizeof raw) :
	       lc->EVP_PKEY_new_raw_public_key(type, NULL, raw, sizeof raw);
}

/* A public and a private part must belong together. */
static bool sound(const char *kind, EVP_PKEY *k, bool private)
{
	EVP_PKEY_CTX *ctx = TEXT_IS(kind, "RSA") ? NULL : lc->EVP_PKEY_CTX_new(k, NULL);
	bool ok = !ctx || (private ? lc->EVP_PKEY_pairwise_check(ctx) : lc->EVP_PKEY_public_check(ctx)) > 0;

	lc->EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* keyMake(kind, private, parts): the DER; undefined: they make no key */
static zigts_val n_key_make(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *kind = text(vm, ZIGTS_ARG(0));
	bool private = zigts_truthy(ZIGTS_ARG(1));
	const struct curve *c = curve_named(kind);
	EVP_PKEY *k = TEXT_IS(kind, "RSA") ? rsa_from(vm, ZIGTS_ARG(2), private) :
		      c ? ec_from(vm, c, ZIGTS_ARG(2), private) : octets_from(vm, kind, ZIGTS_ARG(2), private);
	zigts_val v = k && sound(kind, k, private) ? der_of(vm, k, private) : ZIGTS_UNDEF;

	lc->EVP_PKEY_free(k);
	lc->ERR_clear_error();
	return v;
}

struct search { struct zigts *vm; bool stopped; /* an exception is pending */ };

/* Between two numbers that may be primes: a safepoint. */
static int search_on(EVP_PKEY_CTX *ctx)
{
	struct search *s = lc->EVP_PKEY_CTX_get_app_data(ctx);

	s->stopped = s->stopped || zigts_tick(s->vm, 100000) < 0;
	return !s->stopped;
}

static EVP_PKEY *rsa_generate(struct search *s, double bits)
{
	EVP_PKEY_CTX *ctx = lc->EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *k = NULL;

	if (ctx && lc->EVP_PKEY_keygen_init(ctx) > 0 && lc->EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) > 0) {
		lc->EVP_PKEY_CTX_set_app_data(ctx, s);
		lc->EVP_PKEY_CTX_set_cb(ctx, search_on);
		if (lc->EVP_PKEY_keygen(ctx, &k) <= 0)
			k = NULL;
	}
	lc->EVP_PKEY_CTX_free(ctx);
	return k;
}

/* keyGenerate(kind, bits): [PKCS #8, SubjectPublicKeyInfo] */
static zigts_val n_generate(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *kind = text(vm, ZIGTS_ARG(0));
	const struct curve *c = curve_named(kind);
	zigts_val pair = zigts_array(vm), v;
	struct search search = { .vm = vm };
	EVP_PKEY *k;

	(void)argc;
	if (pair == ZIGTS_EXC)
		return ZIGTS_EXC;
	k = TEXT_IS(kind, "RSA") ? rsa_generate(&search, zigts_as_number(ZIGTS_ARG(1))) :
	    c ? lc->EVP_PKEY_Q_keygen(NULL, NULL, "EC", c->name) :
	    lc->EVP_PKEY_Q_keygen(NULL, NULL, TEXT_IS(kind, "X25519") ? "X25519" : "ED25519");
	if (search.stopped)
		lc->ERR_clear_error();
	if (!k || search.stopped)
		return search.stopped ? ZIGTS_EXC : failed(vm);
	for (int i = 0; i < 2 && pair != ZIGTS_EXC; i++) {
		v = der_of(vm, k, i == 0);
		if (v == ZIGTS_EXC || zigts_array_push(vm, pair, v) < 0)
			pair = ZIGTS_EXC;
	}
	lc->EVP_PKEY_free(k);
	return pair;
}

/* ---- signatures --------------------------------------------------------------------- */

static bool pad(EVP_PKEY_CTX *ctx, const char *scheme, double salt)
{
	if (TEXT_IS(scheme, "RSA-PSS"))
		return lc->EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
		       lc->EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)salt) > 0;
	return !TEXT_IS(scheme, "RSASSA-PKCS1-v1_5") || lc->EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
}

/* ECDSA signatures are r and s, each of the curve's size (Web Cryptography 23.7.3). */
static bool flat(unsigned char *sig, size_t *n, int size)
{
	const unsigned char *p = sig;
	ECDSA_SIG *s = lc->d2i_ECDSA_SIG(NULL, &p, (long)*n);
	const BIGNUM *r, *t;
	bool ok = false;

	if (s) {
		lc->ECDSA_SIG_get0(s, &r, &t);
		ok = lc->BN_bn2binpad(r, sig, size) == size && lc->BN_bn2binpad(t, sig + size, size) == size;
	}
	lc->ECDSA_SIG_free(s);
	*n = 2 * (size_t)size;
	return ok;
}

static int structured(const struct zigts_bytes *sig, int size, unsigned char **der)
{
	ECDSA_SIG *s = lc->ECDSA_SIG_new();
	int n = -1;

	if (s && sig->n == 2 * (size_t)size &&
	    lc->ECDSA_SIG_set0(s, lc->BN_bin2bn(sig->p, size, NULL), lc->BN_bin2bn(sig->p + size, size, NULL)))
		n = lc->i2d_ECDSA_SIG(s, der);
	lc->ECDSA_SIG_free(s);
	return n;
}

/* sign(pkcs8, scheme, hash, bytes of salt, data) */
static zigts_val n_sign(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *scheme = text(vm, ZIGTS_ARG(1));
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(2));
	EVP_PKEY *k = key_of(vm, ZIGTS_ARG(0), ZIGTS_TRUE);
	EVP_MD_CTX *ctx = lc->EVP_MD_CTX_new();
	const struct curve *c = k ? curve_of(k) : NULL;
	unsigned char sig[RSA_MOST / 8 + 64];
	EVP_PKEY_CTX *pc = NULL;
	size_t n = sizeof sig;
	struct zigts_bytes data;
	zigts_val v = ZIGTS_EXC;

	if (take(vm, ZIGTS_ARG(4), &data) && pay(vm, data.n) == 0)
		v = k && ctx && lc->EVP_DigestSignInit(ctx, &pc, TEXT_IS(scheme, "Ed25519") ? NULL : md, NULL, k) > 0 &&
		    pad(pc, scheme, zigts_as_number(ZIGTS_ARG(3))) && lc->EVP_DigestSign(ctx, sig, &n, data.p, data.n) > 0 &&
		    (!c || flat(sig, &n, c->size)) ? zigts_array_buffer(vm, sig, n) : failed(vm);
	lc->EVP_MD_CTX_free(ctx);
	lc->EVP_PKEY_free(k);
	return v;
}

/* verify(spki, scheme, hash, bytes of salt, signature, data) */
static zigts_val n_verify(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *scheme = text(vm, ZIGTS_ARG(1));
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(2));
	struct zigts_bytes data, sig;
	unsigned char *der = NULL;
	EVP_PKEY_CTX *pc = NULL;
	const struct curve *c;
	EVP_MD_CTX *ctx;
	EVP_PKEY *k;
	bool good;

	if (!take(vm, ZIGTS_ARG(4), &sig) || !take(vm, ZIGTS_ARG(5), &data) || pay(vm, data.n) < 0)
		return ZIGTS_EXC;
	k = key_of(vm, ZIGTS_ARG(0), ZIGTS_FALSE);
	ctx = lc->EVP_MD_CTX_new();
	c = k ? curve_of(k) : NULL;
	good = k && ctx && lc->EVP_DigestVerifyInit(ctx, &pc, TEXT_IS(scheme, "Ed25519") ? NULL : md, NULL, k) > 0 &&
	       pad(pc, scheme, zigts_as_number(ZIGTS_ARG(3)));
	if (good && c) {
		int n = structured(&sig, c->size, &der);

		good = n > 0 && lc->EVP_DigestVerify(ctx, der, (size_t)n, data.p, data.n) > 0;
	} else if (good) {
		good = lc->EVP_DigestVerify(ctx, sig.p, sig.n, data.p, data.n) > 0;
	}
	if (der)
		lc->CRYPTO_free(der, __FILE__, __LINE__);
	lc->EVP_MD_CTX_free(ctx);
	lc->EVP_PKEY_free(k);
	lc->ERR_clear_error();
	return good ? ZIGTS_TRUE : ZIGTS_FALSE;
}

/* ---- RSA-OAEP and agreements -------------------------------------------------------- */

static bool set_label(EVP_PKEY_CTX *ctx, const struct zigts_bytes *label)
{
	void *copy;

	if (label->n == 0)
		return true;
	copy = lc->CRYPTO_malloc(label->n, __FILE__, __LINE__);
	if (!copy)
		return false;
	memcpy(copy, label->p, label->n);
	if (lc->EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, (int)label->n) > 0)
		return true;
	lc->CRYPTO_free(copy, __FILE__, __LINE__);
	return false;
}

/* oaep(encrypt, key, hash, label, data): with the public key, or back with the private one */
static zigts_val n_oaep(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	bool encrypt = zigts_truthy(ZIGTS_ARG(0));
	const EVP_MD *md = digest_of(vm, ZIGTS_ARG(2));
	EVP_PKEY *k = key_of(vm, ZIGTS_ARG(1), encrypt ? ZIGTS_FALSE : ZIGTS_TRUE);
	EVP_PKEY_CTX *ctx = k ? lc->EVP_PKEY_CTX_new(k, NULL) : NULL;
	unsigned char out[RSA_MOST / 8 + 64];
	struct zigts_bytes label, data;
	size_t n = sizeof out;
	zigts_val v = ZIGTS_EXC;

	if (take(vm, ZIGTS_ARG(3), &label) && take(vm, ZIGTS_ARG(4), &data))
		v = ctx && (encrypt ? lc->EVP_PKEY_encrypt_init(ctx) : lc->EVP_PKEY_decrypt_init(ctx)) > 0 &&
		    lc->EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) > 0 &&
		    lc->EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md) > 0 && set_label(ctx, &label) &&
		    (encrypt ? lc->EVP_PKEY_encrypt(ctx, out, &n, data.p, data.n) : lc->EVP_PKEY_decrypt(ctx, out, &n, data.p, data.n)) > 0 ?
		    zigts_array_buffer(vm, out, n) : failed(vm);
	lc->EVP_PKEY_CTX_free(ctx);
	lc->EVP_PKEY_free(k);
	return v;
}

/* agree(pkcs8, spki): the shared secret of ECDH and X25519 */
static zigts_val n_agree(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	EVP_PKEY *k = key_of(vm, ZIGTS_ARG(0), ZIGTS_TRUE), *peer = key_of(vm, ZIGTS_ARG(1), ZIGTS_FALSE);
	EVP_PKEY_CTX *ctx = k ? lc->EVP_PKEY_CTX_new(k, NULL) : NULL;
	unsigned char out[80];
	size_t n = sizeof out;
	zigts_val v = ctx && peer && lc->EVP_PKEY_derive_init(ctx) > 0 && lc->EVP_PKEY_derive_set_peer(ctx, peer) > 0 &&
		      lc->EVP_PKEY_derive(ctx, out, &n) > 0 ? zigts_array_buffer(vm, out, n) : failed(vm);

	(void)argc;
	lc->EVP_PKEY_CTX_free(ctx);
	lc->EVP_PKEY_free(k);
	lc->EVP_PKEY_free(peer);
	return v;
}

/* ---- small things that JavaScript has no safe function for ----------------------------- */

/* sameName(a, b): equal but for the case of ASCII letters */
static zigts_val n_same(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	(void)argc;
	return strcasecmp(text(vm, ZIGTS_ARG(0)), text(vm, ZIGTS_ARG(1))) == 0 ? ZIGTS_TRUE : ZIGTS_FALSE;
}

static zigts_val n_random(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char part_[512];
	struct zigts_bytes b;
	size_t n;

	if (!take(vm, ZIGTS_ARG(0), &b))
		return ZIGTS_EXC;
	for (size_t at = 0; at < b.n; at += n) {
		n = b.n - at < sizeof part_ ? b.n - at : sizeof part_;
		if (random_fill(part_, n) != 0 || pay(vm, n) < 0)
			return failed(vm);
		zigts_bytes_write(vm, ZIGTS_ARG(0), at, part_, n);
	}
	return ZIGTS_UNDEF;
}

/* base64url(bytes) */
static zigts_val n_base64url(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct buf out = BUF_INIT;
	struct zigts_bytes b;
	zigts_val v;

	(void)argc;
	if (!take(vm, ZIGTS_ARG(0), &b))
		return ZIGTS_EXC;
	base64_encode(&out, (struct sv){ (const char *)b.p, b.n }, true);
	v = zigts_string(vm, out.p ? out.p : "", out.len);
	buf_free(&out);
	return v;
}

/* base64urlBytes(text): of a JWK (RFC 7515, 2): that alphabet, no padding, no bits beyond
 * the last byte; undefined for any other text. */
static zigts_val n_base64url_bytes(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv s = web_text(vm, ZIGTS_ARG(0));
	struct buf out = BUF_INIT;
	zigts_val v = ZIGTS_UNDEF;

	if (!s.p || pay(vm, s.n) < 0)
		return ZIGTS_EXC;
	if (!memchr(s.p, '+', s.n) && !memchr(s.p, '/', s.n) && !memchr(s.p, '=', s.n) && base64_decode(&out, s))
		v = zigts_uint8_array(vm, out.p ? out.p : "", out.len);
	buf_free(&out);
	return v;
}

/* jsonBytes(o): its JSON as UTF-8 */
static zigts_val n_json_bytes(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	const char *s;
	size_t n;

	(void)argc;
	return zigts_json_stringify(vm, ZIGTS_ARG(0), &s, &n) == 0 ? zigts_uint8_array(vm, s, n) : failed(vm);
}

static zigts_val n_json_parse(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct zigts_bytes b;
	zigts_val v;

	if (!take(vm, ZIGTS_ARG(0), &b))
		return ZIGTS_EXC;
	v = zigts_json_parse(vm, (const char *)b.p, b.n);
	if (v != ZIGTS_EXC)
		return v;
	zigts_take_exception(vm);
	return zigts_throw_dom(vm, "DataError", "The wrapped key is no JSON");
}

static const struct zigts_row rows[] = {
	ZIGTS_FN("sameName", 2, EFF_CALLS, n_same),
	ZIGTS_FN("randomFill", 1, EFF_RANDOM | EFF_MUT, n_random),
	ZIGTS_FN("base64url", 1, EFF_CALLS, n_base64url),
	ZIGTS_FN("base64urlBytes", 1, EFF_CALLS, n_base64url_bytes),
	ZIGTS_FN("jsonBytes", 1, EFF_CALLS, n_json_bytes),
	ZIGTS_FN("jsonParse", 1, EFF_CALLS, n_json_parse),
	ZIGTS_FN("cryptoOpen", 0, EFF_NONE, n_open),
	ZIGTS_FN("digest", 2, EFF_CALLS, n_digest),
	ZIGTS_FN("hmac", 3, EFF_CALLS, n_hmac),
	ZIGTS_FN("pbkdf2", 5, EFF_CALLS, n_pbkdf2),
	ZIGTS_FN("hkdf", 5, EFF_CALLS, n_hkdf),
	ZIGTS_FN("aes", 7, EFF_CALLS, n_aes),
	ZIGTS_FN("keyRead", 2, EFF_CALLS, n_key_read),
	ZIGTS_FN("keyPublic", 1, EFF_CALLS, n_key_public),
	ZIGTS_FN("keyMake", 3, EFF_CALLS, n_key_make),
	ZIGTS_FN("keyGenerate", 2, EFF_RANDOM | EFF_CALLS, n_generate),
	ZIGTS_FN("sign", 5, EFF_CALLS, n_sign),
	ZIGTS_FN("signRandomly", 5, EFF_RANDOM | EFF_CALLS, n_sign), /* ECDSA, RSA-PSS */
	ZIGTS_FN("verify", 6, EFF_CALLS, n_verify),
	ZIGTS_FN("oaep", 5, EFF_RANDOM | EFF_CALLS, n_oaep),
	ZIGTS_FN("agree", 2, EFF_CALLS, n_agree),
};

int subtle_install(struct zigts *vm)
{
	zigts_library_natives(vm, rows, WEB_ROWS(rows));
	return 0;
}
