/* num_parse.c: text to double, correctly rounded. Called by the lexer, JSON
 * and Number(). Looks at no locale and allocates nothing.
 *
 * The first 19 digits times a 128-bit power of ten bound the value from both
 * sides (Eisel and Lemire's product); only when a point halfway between two
 * doubles lies inside those bounds is the exact text compared with it. */
#include "base/num.h"

#include <math.h>

#include "base/check.h"
#include "base/num_big.h"

/* A decimal literal: 0.DIGITS... as its first 19 significant digits. */
struct decimal {
	const char *first, *end;    /* significant digits; one '.' may be among them */
	uint64_t w;                 /* the first 19 of them */
	int64_t exp10;              /* value = w * 10^exp10, if nothing was dropped */
	int64_t point_exp;          /* value = all digits as an integer * 10^point_exp */
	bool dropped;               /* a non-zero digit follows those in w */
};

static inline bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

/* Assembles m * 2^e, m <= 2^53; e is the exponent of m's unit. m has 53 bits
 * unless e is the least exponent, or is 2^53 after rounding up. */
static double assemble(uint64_t m, int e)
{
	uint64_t biased;

	if (m < 1ull << 52)
		return num_from_bits(m);
	if (m == 1ull << 53) {
		m >>= 1;
		e++;
	}
	if (e > 971)
		return HUGE_VAL;
	biased = (uint64_t)(e + 1075);
	return num_from_bits(biased << 52 | (m & ((1ull << 52) - 1)));
}

/* The sign of (the literal) - (half * 2^e). Digits past the 800th can only
 * matter by being there: no halfway point has more than 767. */
static int compare_exact(const struct decimal *dec, uint64_t half, int e)
{
	struct num_big a, b;
	int64_t exp10 = dec->point_exp;
	uint32_t chunk = 0, scale = 1;
	const char *p = dec->first;
	bool sticky = false;
	int n = 0, shift;

	num_big_set(&a, 0);
	for (; p < dec->end; p++) {
		if (*p == '.')
			continue;
		if (n >= 800) {
			sticky |= *p != '0';
			exp10++;
			continue;
		}
		n++;
		chunk = chunk * 10 + (uint32_t)(*p - '0');
		scale *= 10;
		if (scale == 1000000000u) {
			num_big_mul_add(&a, scale, chunk);
			scale = 1;
			chunk = 0;
		}
	}
	num_big_mul_add(&a, scale, chunk);
	if (sticky) {
		num_big_mul_add(&a, 10, 1);
		exp10--;
	}
	num_big_set(&b, half);
	if (exp10 >= 0)
		num_big_mul_pow5(&a, (unsigned)exp10);
	else
		num_big_mul_pow5(&b, (unsigned)-exp10);
	shift = e - (int)exp10;
	if (shift >= 0)
		num_big_shl(&b, (unsigned)shift);
	else
		num_big_shl(&a, (unsigned)-shift);
	return num_big_cmp(&a, &b);
}

static double round_decimal(const struct decimal *dec)
{
	unsigned __int128 p, lo, hi;
	const uint64_t *t;
	int q, lz, e, shift;
	uint64_t wn, m, half;
	bool exact;

	if (dec->exp10 < NUM_POW10_MIN)
		return 0;               /* below 10^19 * 10^-343: under half of the least */
	if (dec->exp10 > 308)
		return HUGE_VAL;
	q = (int)dec->exp10;
	t = num_pow10[q - NUM_POW10_MIN];
	lz = __builtin_clzll(dec->w);
	wn = dec->w << lz;
	p = (unsigned __int128)wn * t[0] + (uint64_t)((unsigned __int128)wn * t[1] >> 64);
	e = num_log2_pow10(q) - 63 - lz;        /* value is about p * 2^e */

	/* The table is too great by less than 1, so w times it by less than one
	 * unit of p; the part cut off p is less than one unit as well. */
	exact = q >= 0 && q <= 27 && !dec->dropped;
	lo = exact ? p : p - 1;
	hi = exact ? p : p + 1;
	if (dec->dropped)
		hi += (unsigned __int128)(t[0] + 1) << lz;

	/* Keep 54 bits, the last worth half a unit: fewer below the normals. */
	shift = (p >> 127 ? 128 : 127) - 54;
	if (e + shift < -1075)
		shift = -1075 - e;
	if (shift > 128)
		return 0;
	m = shift == 128 ? 0 : (uint64_t)(p >> shift);
	half = m | 1;
	e += shift;
	if (shift < 128 && hi >= p) {
		uint64_t ml = (uint64_t)(lo >> shift), mh = (uint64_t)(hi >> shift);
		bool on_half = (ml & 1) && (lo & (((unsigned __int128)1 << shift) - 1)) == 0;

		if (exact && on_half)
			return assemble((m >> 1) + (m >> 1 & 1), e + 1);
		/* Equal after rounding, and lo above its halfway point or far below. */
		if (!on_half && (ml + 1) >> 1 == (mh + 1) >> 1)
			return assemble((ml + 1) >> 1, e + 1);
	}
	m >>= 1;
	switch (compare_exact(dec, half, e)) {
	case 1:
		m++;
		break;
	case 0:
		m += m & 1;
		break;
	}
	return assemble(m, e + 1);
}

/* Reads an optional exponent at p; returns its end, or p when there is none. */
static const char *read_exponent(const char *p, const char *end, int64_t *exp)
{
	const char *s = p;
	bool neg = false;
	int64_t v = 0;

	*exp = 0;
	if (s == end || (*s | 0x20) != 'e')
		return p;
	s++;
	if (s < end && (*s == '+' || *s == '-'))
		neg = *s++ == '-';
	if (s == end || !is_digit(*s))
		return p;
	for (; s < end && is_digit(*s); s++)
		if (v < INT64_MAX / 20)
			v = v * 10 + (*s - '0');
	*exp = neg ? -v : v;
	return s;
}

size_t num_parse_decimal(const char *p, size_t n, double *out)
{
	static const double small[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
		1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	const char *end = p + n, *s = p, *point = NULL;
	struct decimal dec = { NULL, NULL, 0, 0, 0, false };
	int64_t exp, digits = 0, kept = 0;

	for (; s < end; s++) {
		if (is_digit(*s)) {
			digits++;
			if (kept == 0 && *s == '0')
				continue;
			if (kept == 0)
				dec.first = s;
			if (kept++ < 19)
				dec.w = dec.w * 10 + (uint64_t)(*s - '0');
			else
				dec.dropped |= *s != '0';
		} else if (*s == '.' && point == NULL) {
			point = s;
		} else {
			break;
		}
	}
	if (digits == 0)
		return 0;
	dec.end = s;
	s = read_exponent(s, end, &exp);
	if (dec.w == 0) {
		*out = 0;
		return (size_t)(s - p);
	}
	dec.point_exp = exp - (point ? dec.end - point - 1 : 0);
	dec.exp10 = dec.point_exp + (kept > 19 ? kept - 19 : 0);
	if (!dec.dropped && dec.w <= 1ull << 53 && dec.exp10 >= -22 && dec.exp10 <= 22) {
		/* Both operands are exact, so one rounding is all there is. */
		*out = dec.exp10 < 0 ? (double)dec.w / small[-dec.exp10] : (double)dec.w * small[dec.exp10];
	} else {
		*out = round_decimal(&dec);
	}
	return (size_t)(s - p);
}

static inline uint32_t digit_value(char c)
{
	return (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* b rounded to 53 bits; b < 2^1024. */
static double round_big(struct num_big *b)
{
	int shift = num_big_bits(b) - 64;
	struct num_big top = *b;
	uint64_t v, rest;

	num_big_shr(&top, (unsigned)shift);
	v = (uint64_t)top.w[1] << 32 | top.w[0];
	num_big_shl(&top, (unsigned)shift);
	/* Bits below the leading 64 only decide whether a half is more than one. */
	v |= num_big_cmp(&top, b) != 0;
	rest = v & 0x7FF;
	v >>= 11;
	if (rest > 0x400 || (rest == 0x400 && (v & 1)))
		v++;
	return assemble(v, shift + 11);
}

double num_parse_radix(const char *p, size_t n, int radix)
{
	const char *end = p + n;
	uint64_t v = 0, r = (uint64_t)radix;
	struct num_big b;

	while (p < end && *p == '0')
		p++;
	for (; p < end && v < UINT64_MAX / 36 - 1; p++)
		v = v * r + digit_value(*p);
	if (p == end)
		return (double)v;
	if (end - p > 1024)
		return HUGE_VAL;
	num_big_set(&b, v);
	while (p < end) {
		uint32_t scale = 1, chunk = 0;

		for (; p < end && scale < UINT32_MAX / 36; p++) {
			chunk = chunk * (uint32_t)r + digit_value(*p);
			scale *= (uint32_t)r;
		}
		num_big_mul_add(&b, scale, chunk);
		if (num_big_bits(&b) > 1024)
			return HUGE_VAL;
	}
	/* May have as few bits as UINT64_MAX / 36 plus one digit of radix 2. */
	if (num_big_bits(&b) <= 64)
		return (double)((uint64_t)b.w[1] << 32 | b.w[0]);
	return round_big(&b);
}
