/* bigint.c: BigInt values: making, comparing, arithmetic (ECMA-262 6.1.6.2). Called
 * by the slow functions of operators, by conversions and built-ins. Magnitudes are
 * worked on by limbs.c; text is in bigint_text.c. */
#include "engine/object/bigint.h"

#include "engine/object/bigint_priv.h"

/* ---- cells ------------------------------------------------------------------------- */

static void set_len(struct cell *c, uint32_t n, bool neg)
{
	HINIT(c->aux, (uint16_t)n);
	HINIT(c->flags, (uint8_t)(n >> 16 << 1 | (neg && n > 0)));
}

struct cell *big_alloc(struct vm *vm, uint32_t n)
{
	struct cell *c = NULL;

	if (n <= BIG_MAX_LIMBS + 4)
		c = heap_alloc(&vm->heap, sizeof *c + 8 * (size_t)n, SHAPE_BIGINT, KIND_BIGINT, 0);
	else
		return (void)big_too_large(vm), NULL;
	if (c == NULL)
		return (void)throw_oom(vm), NULL;
	set_len(c, n, false);
	return c;
}

val big_too_large(struct vm *vm)
{
	return throw_range(vm, "Maximum BigInt size exceeded");
}

val big_finish(struct vm *vm, struct cell *c, bool neg)
{
	uint32_t had = big_len(c), n = limbs_trim(big_limbs(c), had);

	if (n >= BIG_MAX_LIMBS && (n > BIG_MAX_LIMBS + 1 || big_bits(big_limbs(c), n) > BIG_MAX_BITS))
		return big_too_large(vm);
	if (n != had)
		heap_trim(&vm->heap, c, sizeof *c + 8 * (size_t)had, sizeof *c + 8 * (size_t)n);
	set_len(c, n, neg);
	return v_cell(c);
}

uint64_t *big_scratch(struct vm *vm, size_t n)
{
	struct cell *c = heap_alloc(&vm->heap, sizeof *c + 8 * n, (uint32_t)(8 * n), KIND_BYTES, 0);

	if (c == NULL)
		(void)throw_oom(vm);
	return c ? (uint64_t *)(void *)(c + 1) : NULL;
}

static val from_limb(struct vm *vm, uint64_t u, bool neg)
{
	struct cell *c = big_alloc(vm, u != 0);

	if (c == NULL)
		return V_EXC;
	if (u != 0)
		big_words(c)[0] = u;
	set_len(c, u != 0, neg);
	return v_cell(c);
}

val big_from_u64(struct vm *vm, uint64_t u) { return from_limb(vm, u, false); }

val big_from_i64(struct vm *vm, int64_t i)
{
	return from_limb(vm, i < 0 ? 0 - (uint64_t)i : (uint64_t)i, i < 0);
}

/* ---- doubles ------------------------------------------------------------------------- */

#define DOUBLE_LIMBS 17        /* 1024 bits and one limb to spill into */

/* The integral part of |d| as limbs; returns their number. */
static uint32_t limbs_of_double(double d, uint64_t out[DOUBLE_LIMBS])
{
	uint64_t u, m;
	int e;

	memcpy(&u, &d, 8);
	e = (int)(u >> 52 & 0x7FF) - 1075; /* |d| = m * 2^e */
	m = (u & ((1ull << 52) - 1)) | 1ull << 52;
	if (e < -52)
		return 0;
	memset(out, 0, DOUBLE_LIMBS * sizeof *out);
	if (e <= 0) {
		out[0] = m >> -e;
	} else {
		out[e / 64] = m << e % 64;
		if (e % 64 > 11)
			out[e / 64 + 1] = m >> (64 - e % 64);
	}
	return limbs_trim(out, DOUBLE_LIMBS);
}

val big_from_double(struct vm *vm, double d)
{
	uint64_t limb[DOUBLE_LIMBS];
	struct cell *c;
	uint32_t n;

	if (fabs(d) < 0x1p63)
		return big_from_i64(vm, (int64_t)d);
	n = limbs_of_double(d, limb);
	c = big_alloc(vm, n);
	if (c == NULL)
		return V_EXC;
	memcpy(big_words(c), limb, 8 * (size_t)n);
	set_len(c, n, d < 0);
	return v_cell(c);
}

uint64_t big_to_u64(val v)
{
	const struct cell *c = v_tocell(v);
	uint64_t u = big_len(c) ? big_limbs(c)[0] : 0;

	return big_is_negative(c) ? 0 - u : u;
}

double big_to_double(val v)
{
	const struct cell *c = v_tocell(v);
	uint32_t n = big_len(c), bits;
	const uint64_t *p = big_limbs(c);
	uint64_t top, rest = 0;
	unsigned s;
	double d;

	if (n <= 1)
		return n == 0 ? 0 : big_is_negative(c) ? -(double)p[0] : (double)p[0];
	bits = big_bits(p, n);
	s = (unsigned)__builtin_clzll(p[n - 1]);
	top = p[n - 1] << s;
	if (n > 1) {
		top |= s ? p[n - 2] >> (64 - s) : 0;
		rest = p[n - 2] << s;
		for (uint32_t i = 0; i + 2 < n && rest == 0; i++)
			rest |= p[i];
	}
	/* 53 bits are kept; the lowest bit of top stands for everything below. */
	top |= rest != 0;
	d = bits > 1024 ? INFINITY : ldexp((double)(top >> 11), (int)bits - 53);
	if (d < INFINITY) {
		uint64_t below = top & 0x7FF;

		if (below > 0x400 || (below == 0x400 && (top >> 11 & 1)))
			d = ldexp((double)((top >> 11) + 1), (int)bits - 53);
	}
	return big_is_negative(c) ? -d : d;
}

/* ---- comparison ------------------------------------------------------------------------ */

bool big_equal(val a, val b)
{
	const struct cell *x = v_tocell(a), *y = v_tocell(b);

	return x->aux.v == y->aux.v && x->flags.v == y->flags.v &&
	       memcmp(big_limbs(x), big_limbs(y), 8 * (size_t)big_len(x)) == 0;
}

int big_compare(val a, val b)
{
	const struct cell *x = v_tocell(a), *y = v_tocell(b);
	int r;

	if (likely(x->flags.v == 0 && y->flags.v == 0 && x->aux.v == 1 && y->aux.v == 1))
		return big_limbs(x)[0] < big_limbs(y)[0] ? -1 : big_limbs(x)[0] > big_limbs(y)[0];
	if (big_is_negative(x) != big_is_negative(y))
		return big_is_negative(x) ? -1 : 1;
	r = limbs_cmp(big_limbs(x), big_len(x), big_limbs(y), big_len(y));
	return big_is_negative(x) ? -r : r;
}

int big_compare_double(val a, double d)
{
	const struct cell *x = v_tocell(a);
	int sign = big_is_negative(x) ? -1 : big_len(x) != 0, r;
	uint64_t limb[DOUBLE_LIMBS];

	if (isinf(d))
		return d > 0 ? -1 : 1;
	if (sign == 0 || (sign < 0) != (d < 0))
		return sign != 0 ? sign : d > 0 ? -1 : d < 0;
	/* the same sign, and x is not 0 */
	r = limbs_cmp(big_limbs(x), big_len(x), limb, limbs_of_double(d, limb));
	if (r == 0 && trunc(d) != d)
		r = -1;
	return r * sign;
}

/* ---- sums -------------------------------------------------------------------------------- */

struct mag { const uint64_t *p; uint32_t n; bool neg; };

static struct mag mag_of(val v)
{
	const struct cell *c = v_tocell(v);

	return (struct mag){ big_limbs(c), big_len(c), big_is_negative(c) };
}

static val sum(struct vm *vm, struct mag x, struct mag y)
{
	struct cell *c;
	struct mag t;

	if (VM_TICK(vm, (x.n + y.n) / 16))
		return V_EXC;
	if (x.neg == y.neg ? x.n < y.n : limbs_cmp(x.p, x.n, y.p, y.n) < 0)
		t = x, x = y, y = t;
	if (x.neg == y.neg) {
		c = big_alloc(vm, x.n + 1);
		if (c == NULL)
			return V_EXC;
		big_words(c)[x.n] = limbs_add(big_words(c), x.p, x.n, y.p, y.n);
	} else {
		c = big_alloc(vm, x.n);
		if (c == NULL)
			return V_EXC;
		(void)limbs_sub(big_words(c), x.p, x.n, y.p, y.n);
	}
	return big_finish(vm, c, x.neg);
}

static val copy(struct vm *vm, struct mag x, bool neg)
{
	struct cell *c = big_alloc(vm, x.n);

	if (c == NULL)
		return V_EXC;
	memcpy(big_words(c), x.p, 8 * (size_t)x.n);
	return big_finish(vm, c, neg);
}

val big_negate(struct vm *vm, val v)
{
	struct mag x = mag_of(v);

	return copy(vm, x, !x.neg);
}

static const uint64_t one_limb[1] = { 1 };
static const struct mag minus_one = { one_limb, 1, true };

val big_not(struct vm *vm, val v) /* -x - 1 */
{
	struct mag x = mag_of(v);

	x.neg = !x.neg && x.n != 0;
	return sum(vm, x, minus_one);
}

/* ---- products ----------------------------------------------------------------------------- */

static val product(struct vm *vm, struct mag x, struct mag y)
{
	size_t need = limbs_mul_scratch(x.n, y.n);
	uint64_t *scratch = NULL;
	struct cell *c;

	if (x.n == 0 || y.n == 0)
		return big_from_u64(vm, 0);
	c = big_alloc(vm, x.n + y.n);
	if (c == NULL)
		return V_EXC;
	if (need != 0) {
		scratch = big_scratch(vm, need);
		if (scratch == NULL)
			return V_EXC;
	}
	if (limbs_mul(vm, big_words(c), x.p, x.n, y.p, y.n, scratch) < 0)
		return V_EXC;
	return big_finish(vm, c, x.neg != y.neg);
}

static val quotient(struct vm *vm, struct mag x, struct mag y, bool remainder)
{
	uint64_t *u, *v;
	struct cell *c;

	if (y.n == 0)
		return throw_range(vm, "Division by zero");
	if (limbs_cmp(x.p, x.n, y.p, y.n) < 0)
		return remainder ? copy(vm, x, x.neg) : big_from_u64(vm, 0);
	if (VM_TICK(vm, x.n))
		return V_EXC;
	if (y.n == 1) {
		uint64_t rem;

		c = big_alloc(vm, x.n);
		if (c == NULL)
			return V_EXC;
		rem = limbs_div1(big_words(c), x.p, x.n, y.p[0]);
		return remainder ? from_limb(vm, rem, x.neg) : big_finish(vm, c, x.neg != y.neg);
	}
	u = big_scratch(vm, (size_t)x.n + 1 + y.n);
	c = u ? big_alloc(vm, remainder ? y.n : x.n - y.n + 1) : NULL;
	if (c == NULL)
		return V_EXC;
	v = u + x.n + 1;
	memcpy(u, x.p, 8 * (size_t)x.n);
	memcpy(v, y.p, 8 * (size_t)y.n);
	if (limbs_divide(vm, remainder ? NULL : big_words(c), u, x.n, v, y.n) < 0)
		return V_EXC;
	if (remainder)
		memcpy(big_words(c), u, 8 * (size_t)y.n);
	return big_finish(vm, c, remainder ? x.neg : x.neg != y.neg);
}

static val power(struct vm *vm, val base, struct mag y)
{
	struct mag x = mag_of(base);
	val r = V_UNDEF;
	uint64_t e;

	if (y.neg)
		return throw_range(vm, "Exponent must be non-negative");
	if (y.n == 0)
		return big_from_u64(vm, 1);
	if (x.n == 0 || (x.n == 1 && x.p[0] == 1))
		return x.neg && !(y.p[0] & 1) ? big_from_u64(vm, 1) : base;
	e = y.p[0];
	if (y.n > 1 || e > BIG_MAX_BITS || (big_bits(x.p, x.n) - 1) * e > BIG_MAX_BITS)
		return big_too_large(vm);
	for (;;) {
		if (e & 1) {
			r = v_isundef(r) ? base : product(vm, mag_of(r), mag_of(base));
			if (v_isexc(r))
				return V_EXC;
		}
		e >>= 1;
		if (e == 0)
			return r;
		base = product(vm, mag_of(base), mag_of(base));
		if (v_isexc(base))
			return V_EXC;
	}
}

/* ---- shifts ---------------------------------------------------------------------------------- */

static val shift_left(struct vm *vm, struct mag x, uint64_t by)
{
	uint32_t words = (uint32_t)(by / 64);
	struct cell *c;

	if (x.n == 0)
		return copy(vm, x, false);
	if (by > BIG_MAX_BITS)
		return big_too_large(vm);
	if (VM_TICK(vm, (x.n + words) / 16))
		return V_EXC;
	c = big_alloc(vm, x.n + words + 1);
	if (c == NULL)
		return V_EXC;
	memset(big_words(c), 0, 8 * (size_t)words);
	limbs_shl(big_words(c) + words, x.p, x.n, by % 64);
	return big_finish(vm, c, x.neg);
}

/* Rounds towards minus infinity. */
static val shift_right(struct vm *vm, struct mag x, uint64_t by)
{
	uint32_t words = (uint32_t)(by / 64), n;
	bool lost = false;
	struct cell *c;

	if (by / 64 >= x.n)
		return x.neg ? big_from_i64(vm, -1) : big_from_u64(vm, 0);
	if (VM_TICK(vm, x.n / 16))
		return V_EXC;
	n = x.n - words;
	c = big_alloc(vm, n + 1);
	if (c == NULL)
		return V_EXC;
	limbs_shr(big_words(c), x.p + words, n, by % 64);
	big_words(c)[n] = 0;
	for (uint32_t i = 0; x.neg && i < words; i++)
		lost |= x.p[i] != 0;
	if (x.neg && by % 64 != 0)
		lost |= x.p[words] << (64 - by % 64) != 0;
	if (lost)
		big_words(c)[n] = limbs_add(big_words(c), big_words(c), n, one_limb, 1);
	return big_finish(vm, c, x.neg);
}

static val shift(struct vm *vm, struct mag x, struct mag y, bool left)
{
	uint64_t by = y.n == 0 ? 0 : y.n > 1 ? UINT64_MAX : y.p[0];

	return left != y.neg ? shift_left(vm, x, by) : shift_right(vm, x, by);
}

/* ---- bits -------------------------------------------------------------------------------------- */

/* Limb i of x in two's complement; *carry is 1 at the start. */
static uint64_t twos(struct mag x, uint32_t i, uint64_t *carry)
{
	uint64_t w = i < x.n ? x.p[i] : 0;

	if (!x.neg)
		return w;
	w = ~w + *carry;
	*carry &= w == 0;
	return w;
}

static void negate_words(uint64_t *p, uint32_t n)
{
	uint64_t carry = 1;

	for (uint32_t i = 0; i < n; i++) {
		p[i] = ~p[i] + carry;
		carry &= p[i] == 0;
	}
}

static val bitwise(struct vm *vm, enum big_op op, struct mag x, struct mag y)
{
	uint32_t n = (x.n > y.n ? x.n : y.n) + 1;
	uint64_t cx = 1, cy = 1;
	struct cell *c;
	bool neg;

	if (VM_TICK(vm, n / 8))
		return V_EXC;
	c = big_alloc(vm, n);
	if (c == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t a = twos(x, i, &cx), b = twos(y, i, &cy);

		big_words(c)[i] = op == BIG_AND ? a & b : op == BIG_OR ? a | b : a ^ b;
	}
	neg = op == BIG_AND ? x.neg && y.neg : op == BIG_OR ? x.neg || y.neg : x.neg != y.neg;
	if (neg)
		negate_words(big_words(c), n);
	return big_finish(vm, c, neg);
}

/* x modulo 2^bits as a limb array of a new cell (not finished), bits > 0. */
static struct cell *modulo(struct vm *vm, uint32_t bits, struct mag x)
{
	uint32_t n = (bits + 63) / 64;
	struct cell *c = VM_TICK(vm, n / 8) ? NULL : big_alloc(vm, n);
	uint64_t carry = 1;

	if (c == NULL)
		return NULL;
	for (uint32_t i = 0; i < n; i++)
		big_words(c)[i] = twos(x, i, &carry);
	if (bits % 64 != 0)
		big_words(c)[n - 1] &= UINT64_MAX >> (64 - bits % 64);
	return c;
}

val big_as_uint(struct vm *vm, uint64_t bits, val v)
{
	struct mag x = mag_of(v);
	struct cell *c;

	if (bits == 0)
		return big_from_u64(vm, 0);
	if (!x.neg && big_bits(x.p, x.n) <= bits)
		return v;
	if (bits > BIG_MAX_BITS)
		return big_too_large(vm);
	c = modulo(vm, (uint32_t)bits, x);
	return c ? big_finish(vm, c, false) : V_EXC;
}

val big_as_int(struct vm *vm, uint64_t bits, val v)
{
	struct mag x = mag_of(v);
	struct cell *c;
	uint32_t n;
	bool neg;

	if (bits == 0)
		return big_from_u64(vm, 0);
	if (big_bits(x.p, x.n) < bits)
		return v;
	c = modulo(vm, (uint32_t)bits, x); /* bits is at most the length of x here */
	if (c == NULL)
		return V_EXC;
	n = big_len(c);
	neg = big_words(c)[n - 1] >> (bits - 1) % 64 & 1;
	if (neg) {
		negate_words(big_words(c), n);
		if (bits % 64 != 0)
			big_words(c)[n - 1] &= UINT64_MAX >> (64 - bits % 64);
	}
	return big_finish(vm, c, neg);
}

/* ---- operators ------------------------------------------------------------------------------------ */

val big_arith(struct vm *vm, enum big_op op, val a, val b)
{
	struct mag x, y;
	val r = big_small(vm, op, v_tocell(a), v_tocell(b));

	if (likely(r != V_HOLE))
		return r;
	x = mag_of(a);
	y = mag_of(b);
	switch (op) {
	case BIG_SUB:
		y.neg = !y.neg;
		/* fall through */
	case BIG_ADD: return sum(vm, x, y);
	case BIG_MUL: return product(vm, x, y);
	case BIG_DIV: return quotient(vm, x, y, false);
	case BIG_MOD: return quotient(vm, x, y, true);
	case BIG_EXP: return power(vm, a, y);
	case BIG_SHL: return shift(vm, x, y, true);
	case BIG_SAR: return shift(vm, x, y, false);
	default: return bitwise(vm, op, x, y);
	}
}
