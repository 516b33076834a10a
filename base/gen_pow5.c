/* gen_pow5.c: host program run by the build; prints base/pow10_table.h.
 *
 * Row k holds ceil(10^k * 2^-r), r = floor(log2(10^k)) - 127: the 128 leading
 * bits of 10^k, rounded up. 10^k = 5^k * 2^k, so only 5^k matters: its leading
 * bits for k >= 0, those of its reciprocal by long division for k < 0. The
 * rows reach from the least power that parsing needs to the greatest that
 * printing needs. Stands alone: it is compiled for the machine that builds. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define POW_MIN (-342)
#define POW_MAX 324
#define WORDS 28                /* 5^342 has 795 bits; one spare for the shift */

struct big { uint32_t w[WORDS]; };

static int bit_length(const struct big *b)
{
	for (int i = WORDS; i-- > 0;)
		for (int j = 32; b->w[i] != 0 && j-- > 0;)
			if (b->w[i] >> j & 1)
				return i * 32 + j + 1;
	return 0;
}

static bool bit_at(const struct big *b, int i)
{
	return i >= 0 && (b->w[i / 32] >> (i % 32) & 1);
}

static void mul_small(struct big *b, uint32_t m)
{
	uint64_t carry = 0;

	for (int i = 0; i < WORDS; i++) {
		carry += (uint64_t)b->w[i] * m;
		b->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static bool less(const struct big *a, const struct big *b)
{
	for (int i = WORDS; i-- > 0;)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i];
	return false;
}

static void sub(struct big *a, const struct big *b)
{
	uint64_t borrow = 0;

	for (int i = 0; i < WORDS; i++) {
		uint64_t d = (uint64_t)a->w[i] - b->w[i] - borrow;

		a->w[i] = (uint32_t)d;
		borrow = d >> 63;
	}
}

struct row { uint64_t hi, lo; };

static void push_bit(struct row *r, bool bit)
{
	r->hi = r->hi << 1 | r->lo >> 63;
	r->lo = r->lo << 1 | bit;
}

static void round_up(struct row *r)
{
	if (++r->lo == 0)
		r->hi++;
}

/* The 128 leading bits of v, rounded up. */
static struct row leading(const struct big *v)
{
	struct row r = { 0, 0 };
	int top = bit_length(v);
	bool rest = false;

	for (int i = top - 1; i >= top - 128; i--)
		push_bit(&r, bit_at(v, i));
	for (int i = top - 129; i >= 0; i--)
		rest |= bit_at(v, i);
	if (rest)
		round_up(&r);
	return r;
}

/* The 128 leading bits of 1/v, rounded up; v > 1 is no power of two. Starting
 * from the greatest power of two below v makes the first quotient bit a 1. */
static struct row reciprocal(const struct big *v)
{
	struct big rem = { { 0 } };
	struct row r = { 0, 0 };
	int top = bit_length(v) - 1;

	rem.w[top / 32] = 1u << (top % 32);
	for (int i = 0; i < 128; i++) {
		bool bit;

		mul_small(&rem, 2);
		bit = !less(&rem, v);
		if (bit)
			sub(&rem, v);
		push_bit(&r, bit);
	}
	round_up(&r);
	return r;
}

int main(void)
{
	static struct row rows[POW_MAX - POW_MIN + 1];
	struct big five = { { 1 } };

	for (int k = 0; k <= -POW_MIN || k <= POW_MAX; k++) {
		if (k <= POW_MAX)
			rows[k - POW_MIN] = leading(&five);
		if (k > 0 && k <= -POW_MIN)
			rows[-k - POW_MIN] = reciprocal(&five);
		mul_small(&five, 5);
	}
	printf("/* Made by base/gen_pow5.c; do not edit. */\n");
	printf("#define POW10_MIN (%d)\n#define POW10_MAX %d\n", POW_MIN, POW_MAX);
	printf("#define POW10_ROWS \\\n");
	for (int k = POW_MIN; k <= POW_MAX; k++)
		printf("\t{ 0x%016" PRIX64 "u, 0x%016" PRIX64 "u },%s\n", rows[k - POW_MIN].hi,
		    rows[k - POW_MIN].lo, k < POW_MAX ? " \\" : "");
	return ferror(stdout) || fflush(stdout) != 0;
}
