/* num_big.h: what the parts of num share: a bounded bignum on the C stack and
 * the table of powers of ten. Private to base/num*.c. */
#ifndef BASE_NUM_BIG_H
#define BASE_NUM_BIG_H

#include <stdint.h>
#include <string.h>

/* The greatest value met is one side of the comparison in num_parse.c: 801
 * decimal digits, or 5^1143 times 54 bits: under 2750 bits. */
#define NUM_BIG_WORDS 96

/* Little-endian words; w[n-1] != 0, and 0 has n == 0. Overflow ends the
 * process: callers bound their operands. */
struct num_big { int n; uint32_t w[NUM_BIG_WORDS]; };

void num_big_set(struct num_big *b, uint64_t v);
void num_big_mul_add(struct num_big *b, uint32_t m, uint32_t a);
void num_big_mul_pow5(struct num_big *b, unsigned e);
void num_big_shl(struct num_big *b, unsigned bits);
void num_big_shr(struct num_big *b, unsigned bits);
int num_big_cmp(const struct num_big *a, const struct num_big *b);
int num_big_bits(const struct num_big *b);
/* Divides in place and returns the remainder. */
uint32_t num_big_div(struct num_big *b, uint32_t d);

/* Row k - NUM_POW10_MIN: ceil(10^k * 2^-r) as { high, low }, with
 * r = num_log2_pow10(k) - 127. Exact for k in 0..55. */
#define NUM_POW10_MIN (-342)
#define NUM_POW10_MAX 324
extern const uint64_t num_pow10[NUM_POW10_MAX - NUM_POW10_MIN + 1][2];

/* floor(log2(10^k)) for |k| <= 1233. */
static inline int num_log2_pow10(int k) { return k * 1741647 >> 19; }
/* floor(log10(2^e)) for |e| <= 1500. */
static inline int num_log10_pow2(int e) { return e * 1262611 >> 22; }

static inline uint64_t num_bits(double d)
{
	uint64_t u;

	memcpy(&u, &d, sizeof u);
	return u;
}

static inline double num_from_bits(uint64_t u)
{
	double d;

	memcpy(&d, &u, sizeof d);
	return d;
}

#endif
