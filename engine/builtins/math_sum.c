/* math_sum.c: Math.sumPrecise (ECMA-262 2026, 21.3.2.35): the exact sum, rounded once.
 * Called through its row in math.c.
 *
 * Numbers are added as integers of units of 2^-1074, in digits of 32 bits that are held
 * in words of 64 with a sign: 2^30 numbers can be added before carries must move up. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/iterator.h"
#include "engine/builtins/math.h"

#define UNIT_EXP 1074               /* 2^-1074 is the least number */
#define DIGITS   68                 /* 32 * 68 > 1024 + UNIT_EXP + 53 */
#define CARRY_AT (1u << 30)

struct sum {
	int64_t digit[DIGITS];
	uint32_t pending;           /* numbers added since carries were moved */
	bool minus_zero;            /* nothing but -0 so far */
	bool nan, inf, minus_inf;
};

static void carry(struct sum *s)
{
	int64_t c = 0;

	for (int i = 0; i < DIGITS; i++) {
		int64_t v = s->digit[i] + c;

		if (i < DIGITS - 1) {
			c = v >> 32;
			v &= 0xFFFFFFFF;
		}
		s->digit[i] = v;
	}
	s->pending = 0;
}

static void add(struct sum *s, double d)
{
	uint64_t bits, m;
	int exp, at, shift;
	int64_t sign;

	memcpy(&bits, &d, sizeof bits);
	exp = (int)(bits >> 52 & 0x7FF);
	m = bits & ((1ull << 52) - 1);
	sign = bits >> 63 ? -1 : 1;
	if (exp == 0x7FF) {
		s->nan |= m != 0;
		s->inf |= m == 0 && sign > 0;
		s->minus_inf |= m == 0 && sign < 0;
		return;
	}
	s->minus_zero &= d == 0 && sign < 0;
	if (exp != 0)
		m |= 1ull << 52;
	else
		exp = 1;
	/* d is m * 2^(exp - 1) units */
	at = (exp - 1) / 32;
	shift = (exp - 1) % 32;
	for (unsigned __int128 w = (unsigned __int128)m << shift; w != 0; w >>= 32)
		s->digit[at++] += sign * (int64_t)(uint32_t)w;
	if (++s->pending == CARRY_AT)
		carry(s);
}

/* The 64 bits of a magnitude that begin at bit `low`. */
static uint64_t bits_at(const struct sum *s, int low)
{
	unsigned __int128 w = 0;

	for (int i = 2; i >= 0; i--)
		w = w << 32 | (low / 32 + i < DIGITS ? (uint32_t)s->digit[low / 32 + i] : 0);
	return (uint64_t)(w >> low % 32);
}

static bool any_below(const struct sum *s, int low)
{
	for (int i = 0; i < low / 32; i++)
		if (s->digit[i] != 0)
			return true;
	return ((uint64_t)s->digit[low / 32] & ((1ull << low % 32) - 1)) != 0;
}

static double rounded(struct sum *s)
{
	int top = DIGITS - 1, len, low;
	bool neg, half, rest;
	uint64_t m;
	double d;

	if (s->nan || (s->inf && s->minus_inf))
		return NAN;
	if (s->inf || s->minus_inf)
		return s->inf ? INFINITY : -INFINITY;
	if (s->minus_zero)
		return -0.0;
	carry(s);
	neg = s->digit[top] < 0;
	if (neg) {
		for (int i = 0; i < DIGITS; i++)
			s->digit[i] = -s->digit[i];
		carry(s);
	}
	while (top >= 0 && s->digit[top] == 0)
		top--;
	if (top < 0)
		return 0;
	len = 32 * top + 64 - __builtin_clzll((uint64_t)s->digit[top]);
	low = len > 53 ? len - 53 : 0;       /* lowest bit that is kept */
	m = bits_at(s, low) & ((1ull << 53) - 1);
	half = low > 0 && (bits_at(s, low - 1) & 1);
	rest = low > 1 && any_below(s, low - 1);
	m += half && (rest || (m & 1));
	d = ldexp((double)m, low - UNIT_EXP);
	return neg ? -d : d;
}

val math_sum_precise(struct vm *vm, val *a, uint32_t argc)
{
	struct sum s = { .minus_zero = true };
	val rec[3], v;
	int more;

	if (iter_open(vm, ARG(0), rec) < 0)
		return V_EXC;
	while ((more = iter_next(vm, rec, &v)) == 1) {
		if (VM_TICK(vm, 2))
			return V_EXC;
		if (!v_isnum(v)) {
			throw_type(vm, "%s is not a number", val_for_message(vm, v));
			iter_close_quiet(vm, rec);
			return V_EXC;
		}
		add(&s, v_numof(v));
	}
	return more < 0 ? V_EXC : v_num(rounded(&s));
}
