/* crypto.c: zigttp:crypto. Called by scripts. */
#include "base/base64.h"
#include "base/sha256.h"
#include "modules/parts.h"

#define BYTES_A_TICK 10          /* of hashing, about, in 10 ns */

static bool digest(struct zigts *vm, zigts_val v, unsigned char out[SHA256_SIZE])
{
	struct sv s = mod_bytes(vm, v);
	struct sha256 h;

	if (!s.p || zigts_tick(vm, (int64_t)(s.n / BYTES_A_TICK)) < 0)
		return false;
	sha256_init(&h);
	sha256_add(&h, s.p, s.n);
	sha256_end(&h, out);
	return true;
}

/* The key is copied: making text of the data may run JavaScript. */
static bool hmac(struct zigts *vm, zigts_val key, zigts_val data, unsigned char out[SHA256_SIZE])
{
	struct sv k = mod_bytes(vm, key), d;
	struct buf copy = BUF_INIT;

	if (!k.p)
		return false;
	buf_put_sv(&copy, k);
	d = mod_bytes(vm, data);
	if (d.p && zigts_tick(vm, (int64_t)(d.n / BYTES_A_TICK)) < 0)
		d.p = NULL;
	if (d.p)
		sha256_hmac(copy.p, copy.len, d.p, d.n, out);
	buf_free(&copy);
	return d.p != NULL;
}

static zigts_val hex(struct zigts *vm, const unsigned char d[SHA256_SIZE])
{
	char text[2 * SHA256_SIZE];

	for (int i = 0; i < 2 * SHA256_SIZE; i++)
		text[i] = "0123456789abcdef"[i % 2 ? d[i / 2] & 15 : d[i / 2] >> 4];
	return zigts_string(vm, text, sizeof text);
}

zigts_val crypto_sha256(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char d[SHA256_SIZE];

	return digest(vm, ZIGTS_ARG(0), d) ? hex(vm, d) : ZIGTS_EXC;
}

zigts_val crypto_sha256_bytes(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char d[SHA256_SIZE];

	return digest(vm, ZIGTS_ARG(0), d) ? zigts_uint8_array(vm, d, sizeof d) : ZIGTS_EXC;
}

zigts_val crypto_hmac(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char d[SHA256_SIZE];

	return hmac(vm, ZIGTS_ARG(0), ZIGTS_ARG(1), d) ? hex(vm, d) : ZIGTS_EXC;
}

zigts_val crypto_hmac_bytes(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	unsigned char d[SHA256_SIZE];

	return hmac(vm, ZIGTS_ARG(0), ZIGTS_ARG(1), d) ? zigts_uint8_array(vm, d, sizeof d) : ZIGTS_EXC;
}

static zigts_val encode(struct zigts *vm, zigts_val v, bool url)
{
	struct sv s = mod_bytes(vm, v);
	struct buf b = BUF_INIT;

	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 4)) < 0)
		return ZIGTS_EXC;
	base64_encode(&b, s, url);
	return mod_text(vm, &b);
}

zigts_val crypto_base64_encode(struct zigts *vm, zigts_val *a, uint32_t argc) { return encode(vm, ZIGTS_ARG(0), false); }
zigts_val crypto_base64url_encode(struct zigts *vm, zigts_val *a, uint32_t argc) { return encode(vm, ZIGTS_ARG(0), true); }

static zigts_val decode(struct zigts *vm, zigts_val v, bool bytes)
{
	struct sv s = mod_bytes(vm, v);
	struct buf b = BUF_INIT;
	zigts_val r = ZIGTS_UNDEF;

	if (!s.p || zigts_tick(vm, (int64_t)(s.n / 4)) < 0)
		return ZIGTS_EXC;
	if (base64_decode(&b, s))
		r = bytes ? zigts_uint8_array(vm, b.len ? b.p : "", b.len) : zigts_string(vm, b.len ? b.p : "", b.len);
	buf_free(&b);
	return r;
}

zigts_val crypto_base64_decode(struct zigts *vm, zigts_val *a, uint32_t argc) { return decode(vm, ZIGTS_ARG(0), false); }
zigts_val crypto_base64_decode_bytes(struct zigts *vm, zigts_val *a, uint32_t argc) { return decode(vm, ZIGTS_ARG(0), true); }

zigts_val crypto_same(struct zigts *vm, zigts_val *a, uint32_t argc)
{
	struct sv x = mod_bytes(vm, ZIGTS_ARG(0)), y;
	struct buf copy = BUF_INIT;
	bool same;

	if (!x.p)
		return ZIGTS_EXC;
	buf_put_sv(&copy, x);
	y = mod_bytes(vm, ZIGTS_ARG(1));
	same = y.p && y.n == copy.len && sha256_same(copy.p, y.p, y.n);
	buf_free(&copy);
	return !y.p ? ZIGTS_EXC : same ? ZIGTS_TRUE : ZIGTS_FALSE;
}
