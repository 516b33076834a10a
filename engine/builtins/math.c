/* math.c: the Math object (ECMA-262 21.3). Called by scripts. Functions that the
 * specification leaves approximate are libm's, the only ones in use, so that every
 * tier gives the same bits. Natives are kept tiny: integers first where they are
 * their own answer. */
#include "base/num.h"
#include "engine/builtins/builtins.h"
#include "engine/builtins/math.h"

#include <sys/random.h>

static inline val unary(struct vm *vm, val *a, uint32_t argc, double (*f)(double))
{
	double x;

	return to_number(vm, ARG(0), &x) < 0 ? V_EXC : v_num(f(x));
}

static val math_acos(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, acos); }
static val math_acosh(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, acosh); }
static val math_asin(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, asin); }
static val math_asinh(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, asinh); }
static val math_atan(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, atan); }
static val math_atanh(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, atanh); }
static val math_cos(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, cos); }
static val math_cosh(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, cosh); }
static val math_exp(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, exp); }
static val math_expm1(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, expm1); }
static val math_log(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, log); }
static val math_log10(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, log10); }
static val math_log1p(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, log1p); }
static val math_log2(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, log2); }
static val math_sin(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, sin); }
static val math_sinh(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, sinh); }
static val math_sqrt(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, sqrt); }
static val math_tan(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, tan); }
static val math_tanh(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, tanh); }

/* libm's cbrt may be one unit off (27!): one Newton step with an exact residual. */
static double cube_root(double x)
{
	double r = cbrt(x), s = r * r, t = s * r;

	if (!(fabs(x) > 0x1p-960 && fabs(x) < 0x1p960))
		return r;
	return r - ((t - x) + fma(s, r, -t) + fma(r, r, -s) * r) / (3 * s);
}

static val math_cbrt(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, cube_root); }

static inline val rounding(struct vm *vm, val *a, uint32_t argc, double (*f)(double))
{
	return argc != 0 && v_isint(a[1]) ? a[1] : unary(vm, a, argc, f);
}

static val math_ceil(struct vm *vm, val *a, uint32_t argc) { return rounding(vm, a, argc, ceil); }
static val math_floor(struct vm *vm, val *a, uint32_t argc) { return rounding(vm, a, argc, floor); }
static val math_round(struct vm *vm, val *a, uint32_t argc) { return rounding(vm, a, argc, num_round_up); }
static val math_trunc(struct vm *vm, val *a, uint32_t argc) { return rounding(vm, a, argc, trunc); }

static val math_abs(struct vm *vm, val *a, uint32_t argc)
{
	if (argc != 0 && v_isint(a[1]))
		return v_toint(a[1]) >= 0 ? a[1] : v_i64(-(int64_t)v_toint(a[1]));
	return unary(vm, a, argc, fabs);
}

static double sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static double to_float32(double x) { return (double)(float)x; }

/* To the nearest binary16, ties to even, straight from the double. */
static double to_float16(double x)
{
	double m = fabs(x), r;
	int e;

	if (!(m < INFINITY))
		return x;
	if (m >= 65520)
		return copysign(INFINITY, x);
	e = m < 0x1p-14 ? -24 : ilogb(m) - 10;
	r = ldexp(rint(ldexp(m, -e)), e);
	return copysign(r, x);
}

static val math_sign(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, sign_of); }
static val math_fround(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, to_float32); }
static val math_f16round(struct vm *vm, val *a, uint32_t argc) { return unary(vm, a, argc, to_float16); }

/* ---- two operands ------------------------------------------------------------------ */

static inline val binary(struct vm *vm, val *a, uint32_t argc, double (*f)(double, double))
{
	double x, y;

	if (to_number(vm, ARG(0), &x) < 0 || to_number(vm, ARG(1), &y) < 0)
		return V_EXC;
	return v_num(f(x, y));
}

static val math_atan2(struct vm *vm, val *a, uint32_t argc) { return binary(vm, a, argc, atan2); }
static val math_pow(struct vm *vm, val *a, uint32_t argc) { return binary(vm, a, argc, num_pow); }

static val math_imul(struct vm *vm, val *a, uint32_t argc)
{
	uint32_t x, y;

	if (to_uint32(vm, ARG(0), &x) < 0 || to_uint32(vm, ARG(1), &y) < 0)
		return V_EXC;
	return v_int((int32_t)(x * y));
}

static val math_clz32(struct vm *vm, val *a, uint32_t argc)
{
	uint32_t x;

	if (to_uint32(vm, ARG(0), &x) < 0)
		return V_EXC;
	return v_int(x != 0 ? __builtin_clz(x) : 32);
}

/* ---- any number of operands ------------------------------------------------------------ */

/* +0 is above -0, NaN wins over everything; all arguments are converted. */
static val extreme(struct vm *vm, val *a, uint32_t argc, bool max)
{
	double r = max ? -INFINITY : INFINITY, x;

	for (uint32_t i = 1; i <= argc; i++) {
		if (to_number(vm, a[i], &x) < 0)
			return V_EXC;
		if (x != x || r != r)
			r = NAN;
		else if (x == r ? signbit(x) != signbit(r) && signbit(r) == max : (x > r) == max)
			r = x;
	}
	return v_num(r);
}

static val math_max(struct vm *vm, val *a, uint32_t argc)
{
	if (argc == 2 && v_2int(a[1], a[2]))
		return v_toint(a[1]) >= v_toint(a[2]) ? a[1] : a[2];
	return extreme(vm, a, argc, true);
}

static val math_min(struct vm *vm, val *a, uint32_t argc)
{
	if (argc == 2 && v_2int(a[1], a[2]))
		return v_toint(a[1]) <= v_toint(a[2]) ? a[1] : a[2];
	return extreme(vm, a, argc, false);
}

/* Scaled by the largest, with compensated summation. */
static double hypot_of(const val *v, uint32_t n, double largest)
{
	double sum = 0, lost = 0;

	for (uint32_t i = 0; i < n; i++) {
		double t = v_numof(v[i]) / largest, y = t * t - lost, s = sum + y;

		lost = (s - sum) - y;
		sum = s;
	}
	return sqrt(sum) * largest;
}

static val math_hypot(struct vm *vm, val *a, uint32_t argc)
{
	double largest = 0, x;
	bool nan = false;

	for (uint32_t i = 1; i <= argc; i++) {
		a[i] = to_number_v(vm, a[i]);
		if (v_isexc(a[i]))
			return V_EXC;
		x = fabs(v_numof(a[i]));
		nan |= x != x;
		if (x > largest)
			largest = x;
	}
	if (isinf(largest) || (largest == 0 && !nan))
		return v_num(largest);
	if (nan)
		return V_NAN;
	if (argc == 2)
		return v_num(hypot(v_numof(a[1]), v_numof(a[2])));
	return v_num(hypot_of(a + 1, argc, largest));
}

/* ---- random ------------------------------------------------------------------------------ */

static inline uint64_t rotl(uint64_t x, int k) { return x << k | x >> (64 - k); }

/* xoshiro256** (Blackman, Vigna). The state is seeded at its first use in each
 * request, and again in a worker after the fork, so that no request can learn
 * anything of another one's numbers. */
static uint64_t random_bits(struct vm *vm)
{
	uint32_t period = (uint32_t)(vm->requests << 1) + vm->heap.frozen + 1;
	uint64_t *s = vm->rng, r, t;

	if (unlikely(vm->random_seed_done != period)) {
		AN(getrandom(s, sizeof vm->rng, 0) == (ssize_t)sizeof vm->rng);
		vm->random_seed_done = period;
		s[0] |= s[1] == 0; /* not all zero */
	}
	r = rotl(s[1] * 5, 7) * 9;
	t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return r;
}

static val math_random(struct vm *vm, val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return v_num((double)(random_bits(vm) >> 11) * 0x1p-53);
}

/* Arguments that are objects are converted by calling them. */
static const struct row math_rows[] = {
	NF_NUMBER("E", 2.718281828459045, 0),
	NF_NUMBER("LN10", 2.302585092994046, 0),
	NF_NUMBER("LN2", 0.6931471805599453, 0),
	NF_NUMBER("LOG10E", 0.4342944819032518, 0),
	NF_NUMBER("LOG2E", 1.4426950408889634, 0),
	NF_NUMBER("PI", 3.141592653589793, 0),
	NF_NUMBER("SQRT1_2", 0.7071067811865476, 0),
	NF_NUMBER("SQRT2", 1.4142135623730951, 0),
	NF_TAG("Math"),
	NF_METHOD("abs", 1, math_abs, EFF_CALLS, "21.3.2.1"),
	NF_METHOD("acos", 1, math_acos, EFF_CALLS, "21.3.2.2"),
	NF_METHOD("acosh", 1, math_acosh, EFF_CALLS, "21.3.2.3"),
	NF_METHOD("asin", 1, math_asin, EFF_CALLS, "21.3.2.4"),
	NF_METHOD("asinh", 1, math_asinh, EFF_CALLS, "21.3.2.5"),
	NF_METHOD("atan", 1, math_atan, EFF_CALLS, "21.3.2.6"),
	NF_METHOD("atanh", 1, math_atanh, EFF_CALLS, "21.3.2.7"),
	NF_METHOD("atan2", 2, math_atan2, EFF_CALLS, "21.3.2.8"),
	NF_METHOD("cbrt", 1, math_cbrt, EFF_CALLS, "21.3.2.9"),
	NF_METHOD("ceil", 1, math_ceil, EFF_CALLS, "21.3.2.10"),
	NF_METHOD("clz32", 1, math_clz32, EFF_CALLS, "21.3.2.11"),
	NF_METHOD("cos", 1, math_cos, EFF_CALLS, "21.3.2.12"),
	NF_METHOD("cosh", 1, math_cosh, EFF_CALLS, "21.3.2.13"),
	NF_METHOD("exp", 1, math_exp, EFF_CALLS, "21.3.2.14"),
	NF_METHOD("expm1", 1, math_expm1, EFF_CALLS, "21.3.2.15"),
	NF_METHOD("floor", 1, math_floor, EFF_CALLS, "21.3.2.16"),
	NF_METHOD("fround", 1, math_fround, EFF_CALLS, "21.3.2.17"),
	NF_METHOD("f16round", 1, math_f16round, EFF_CALLS, "21.3.2.18"),
	NF_METHOD("hypot", 2, math_hypot, EFF_CALLS, "21.3.2.19"),
	NF_METHOD("imul", 2, math_imul, EFF_CALLS, "21.3.2.20"),
	NF_METHOD("log", 1, math_log, EFF_CALLS, "21.3.2.21"),
	NF_METHOD("log1p", 1, math_log1p, EFF_CALLS, "21.3.2.22"),
	NF_METHOD("log10", 1, math_log10, EFF_CALLS, "21.3.2.23"),
	NF_METHOD("log2", 1, math_log2, EFF_CALLS, "21.3.2.24"),
	NF_METHOD("max", 2, math_max, EFF_CALLS, "21.3.2.25"),
	NF_METHOD("min", 2, math_min, EFF_CALLS, "21.3.2.26"),
	NF_METHOD("pow", 2, math_pow, EFF_CALLS, "21.3.2.27"),
	NF_METHOD("random", 0, math_random, EFF_RANDOM, "21.3.2.28"),
	NF_METHOD("round", 1, math_round, EFF_CALLS, "21.3.2.29"),
	NF_METHOD("sign", 1, math_sign, EFF_CALLS, "21.3.2.30"),
	NF_METHOD("sin", 1, math_sin, EFF_CALLS, "21.3.2.31"),
	NF_METHOD("sinh", 1, math_sinh, EFF_CALLS, "21.3.2.32"),
	NF_METHOD("sqrt", 1, math_sqrt, EFF_CALLS, "21.3.2.33"),
	NF_METHOD("sumPrecise", 1, math_sum_precise, EFF_CALLS, "21.3.2.35"),
	NF_METHOD("tan", 1, math_tan, EFF_CALLS, "21.3.2.34"),
	NF_METHOD("tanh", 1, math_tanh, EFF_CALLS, "21.3.2.35"),
	NF_METHOD("trunc", 1, math_trunc, EFF_CALLS, "21.3.2.36"),
};

void builtin_math_init(struct vm *vm)
{
	native_namespace(vm, "Math", math_rows, ARRAY_LEN(math_rows));
}
