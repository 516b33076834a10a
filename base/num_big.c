/* num_big.c: the bignum of the number conversions, and the home of the table
 * of powers of ten that base/gen_pow5.c prints. Leaf; called by base/num*.c. */
#include "base/num_big.h"

#include "base/check.h"
#include "base/pow10_table.h"

_Static_assert(POW10_MIN == NUM_POW10_MIN && POW10_MAX == NUM_POW10_MAX, "table range");

const uint64_t num_pow10[NUM_POW10_MAX - NUM_POW10_MIN + 1][2] = { POW10_ROWS };

void num_big_set(struct num_big *b, uint64_t v)
{
	b->n = 0;
	for (; v != 0; v >>= 32)
		b->w[b->n++] = (uint32_t)v;
}

void num_big_mul_add(struct num_big *b, uint32_t m, uint32_t a)
{
	uint64_t carry = a;

	for (int i = 0; i < b->n; i++) {
		carry += (uint64_t)b->w[i] * m;
		b->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0) {
		AN(b->n < NUM_BIG_WORDS);
		b->w[b->n++] = (uint32_t)carry;
	}
}

void num_big_mul_pow5(struct num_big *b, unsigned e)
{
	uint32_t m = 1;

	for (; e >= 13; e -= 13)
		num_big_mul_add(b, 1220703125u, 0);
	while (e-- > 0)
		m *= 5;
	num_big_mul_add(b, m, 0);
}

void num_big_shl(struct num_big *b, unsigned bits)
{
	int words = (int)(bits / 32);
	uint64_t carry = 0;

	if (b->n == 0)
		return;
	bits %= 32;
	for (int i = 0; i < b->n; i++) {
		carry |= (uint64_t)b->w[i] << bits;
		b->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	AN(b->n + words < NUM_BIG_WORDS);
	if (carry != 0)
		b->w[b->n++] = (uint32_t)carry;
	memmove(b->w + words, b->w, (size_t)b->n * sizeof b->w[0]);
	memset(b->w, 0, (size_t)words * sizeof b->w[0]);
	b->n += words;
}

void num_big_shr(struct num_big *b, unsigned bits)
{
	int words = (int)(bits / 32);

	if (words >= b->n) {
		b->n = 0;
		return;
	}
	bits %= 32;
	b->n -= words;
	for (int i = 0; i < b->n; i++) {
		uint64_t pair = b->w[i + words];

		if (i + 1 < b->n)
			pair |= (uint64_t)b->w[i + words + 1] << 32;
		b->w[i] = (uint32_t)(pair >> bits);
	}
	if (b->w[b->n - 1] == 0)
		b->n--;
}

int num_big_cmp(const struct num_big *a, const struct num_big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (int i = a->n; i-- > 0;)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

int num_big_bits(const struct num_big *b)
{
	return b->n == 0 ? 0 : b->n * 32 - __builtin_clz(b->w[b->n - 1]);
}

uint32_t num_big_div(struct num_big *b, uint32_t d)
{
	uint64_t rem = 0;

	for (int i = b->n; i-- > 0;) {
		rem = rem << 32 | b->w[i];
		b->w[i] = (uint32_t)(rem / d);
		rem %= d;
	}
	while (b->n > 0 && b->w[b->n - 1] == 0)
		b->n--;
	return (uint32_t)rem;
}
