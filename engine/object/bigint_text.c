/* bigint_text.c: BigInts from and to digits (ECMA-262 7.1.14, 6.1.6.2.23). Called by
 * conversions and by the linker for literals. */
#include "engine/object/bigint_priv.h"

/* The highest power of radix in a limb, and its exponent. */
static uint64_t chunk_of(int radix, uint32_t *digits)
{
	uint64_t p = (uint64_t)radix;

	*digits = 1;
	while (p <= UINT64_MAX / (uint64_t)radix) {
		p *= (uint64_t)radix;
		++*digits;
	}
	return p;
}

/* Bits that one digit needs at most, in 1/64. */
static uint32_t digit_bits(int radix)
{
	return (uint32_t)(log2(radix) * 64) + 1;
}

/* 99: none */
static uint32_t digit_of(uint32_t u)
{
	return u >= '0' && u <= '9' ? u - '0' : (u | 0x20) >= 'a' && (u | 0x20) <= 'z' ? (u | 0x20) - 'a' + 10 : 99;
}

/* ---- from digits ---------------------------------------------------------------------- */

static val from_digits(struct vm *vm, struct sview v, int radix, bool neg)
{
	uint32_t per, n = 0, room, at = 0;
	struct cell *c;

	(void)chunk_of(radix, &per);
	while (at < v.len && sview_at(v, at) == '0')
		at++;
	if ((uint64_t)(v.len - at) * (digit_bits(radix) - 1) / 64 > BIG_MAX_BITS + 64)
		return big_too_large(vm);
	room = (uint32_t)((uint64_t)(v.len - at) * digit_bits(radix) / 64 / 64 + 1);
	c = big_alloc(vm, room);
	if (c == NULL)
		return V_EXC;
	while (at < v.len) {
		uint64_t m = 1, add = 0, out;

		for (uint32_t k = 0; k < per && at < v.len; k++, at++) {
			m *= (uint64_t)radix;
			add = add * (uint64_t)radix + digit_of(sview_at(v, at));
		}
		if (VM_TICK(vm, 1 + n / 8))
			return V_EXC;
		out = limbs_mul1(big_words(c), n, m, add);
		if (out != 0)
			big_words(c)[n++] = out;
	}
	memset(big_words(c) + n, 0, 8 * (size_t)(room - n));
	return big_finish(vm, c, neg);
}

val big_from_view(struct vm *vm, struct sview v)
{
	int radix = 10;
	bool neg = false;

	v = sview_trim(v, true, true);
	if (v.len >= 2 && sview_at(v, 0) == '0') {
		uint32_t x = sview_at(v, 1) | 0x20;

		radix = x == 'x' ? 16 : x == 'o' ? 8 : x == 'b' ? 2 : 10;
	}
	if (radix != 10) {
		v = sview_sub(v, 2, v.len);
	} else if (v.len > 0 && (sview_at(v, 0) == '-' || sview_at(v, 0) == '+')) {
		neg = sview_at(v, 0) == '-';
		v = sview_sub(v, 1, v.len);
	} else if (v.len == 0) {
		return big_from_u64(vm, 0);
	}
	for (uint32_t i = 0; i < v.len; i++)
		if (digit_of(sview_at(v, i)) >= (uint32_t)radix)
			return V_UNDEF;
	return v.len == 0 ? V_UNDEF : from_digits(vm, v, radix, neg);
}

/* ---- to digits -------------------------------------------------------------------------- */

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

/* Digits of radix 2^bits, written backwards from end; returns their start. */
static uint8_t *put_binary(const uint64_t *p, uint32_t n, unsigned bits, uint8_t *end)
{
	uint64_t total = big_bits(p, n);

	for (uint64_t at = 0; at < total; at += bits) {
		uint64_t w = p[at / 64] >> at % 64;

		if (at % 64 + bits > 64 && at / 64 + 1 < n)
			w |= p[at / 64 + 1] << (64 - at % 64);
		*--end = (uint8_t)digits[w & ((1u << bits) - 1)];
	}
	return end;
}

static val small_to_str(struct vm *vm, uint64_t m, bool neg, uint32_t radix)
{
	uint8_t text[65], *end = text + sizeof text, *at = end;

	if (radix == 10) {
		for (; m >= 10; m /= 10)
			*--at = (uint8_t)('0' + m % 10);
		*--at = (uint8_t)('0' + m);
	} else {
		for (; m != 0; m /= radix)
			*--at = (uint8_t)digits[m % radix];
	}
	if (neg)
		*--at = '-';
	return str_new8(vm, at, (uint32_t)(end - at));
}

/* Takes p apart, chunk by chunk. NULL: exception. */
static uint8_t *put_chunks(struct vm *vm, uint64_t *p, uint32_t n, int radix, uint8_t *end)
{
	uint32_t per;
	uint64_t chunk = chunk_of(radix, &per);

	while (n > 0) {
		uint64_t rem = limbs_div1(p, p, n, chunk);

		n = limbs_trim(p, n);
		if (VM_TICK(vm, 8 + n))
			return NULL;
		for (uint32_t k = 0; n > 0 ? k < per : rem != 0; k++) {
			*--end = (uint8_t)digits[rem % (uint64_t)radix];
			rem /= (uint64_t)radix;
		}
	}
	return end;
}

val big_to_str(struct vm *vm, val v, int radix)
{
	const struct cell *c = v_tocell(v);
	uint32_t n = big_len(c), per;
	size_t room;
	uint64_t *copy;
	uint8_t *at, *end;

	if (n == 0)
		return str_cstr(vm, "0");
	if (n == 1)
		return small_to_str(vm, big_limbs(c)[0], big_is_negative(c), (uint32_t)radix);
	(void)chunk_of(radix, &per);
	/* Every limb gives at most per + 1 digits. */
	room = ((size_t)n * (per + 1) + 1 + 7) / 8;
	copy = big_scratch(vm, n + room);
	if (copy == NULL || VM_TICK(vm, n))
		return V_EXC;
	memcpy(copy, big_limbs(c), 8 * (size_t)n);
	end = (uint8_t *)(copy + n + room);
	if ((radix & (radix - 1)) == 0)
		at = put_binary(copy, n, (unsigned)__builtin_ctz((unsigned)radix), end);
	else
		at = put_chunks(vm, copy, n, radix, end);
	if (at == NULL)
		return V_EXC;
	if (big_is_negative(c))
		*--at = '-';
	return str_new8(vm, at, (uint32_t)(end - at));
}
