/* bigint_small.c: operators of BigInts of at most one limb, the common case, in
 * machine arithmetic instead of loops over limbs. Called by big_arith before its
 * general path; gives the same values as that, or none. Never throws, never ticks. */
#include "engine/object/bigint_priv.h"

__extension__ typedef __int128 wide;

static inline val make(struct vm *vm, limb2 m, bool neg)
{
	uint64_t lo = (uint64_t)m, hi = (uint64_t)(m >> 64);
	uint32_t n = hi != 0 ? 2 : lo != 0;
	struct cell *c = heap_alloc(&vm->heap, sizeof *c + 8 * (size_t)n, SHAPE_BIGINT, KIND_BIGINT, n != 0 && neg);

	HINIT(c->aux, (uint16_t)n);
	if (n != 0)
		big_words(c)[0] = lo;
	if (n == 2)
		big_words(c)[1] = hi;
	return v_cell(c);
}

static inline val make_signed(struct vm *vm, wide v)
{
	return make(vm, v < 0 ? -(limb2)v : (limb2)v, v < 0);
}

static val shift(struct vm *vm, wide x, uint64_t m, bool neg, wide by)
{
	if (by >= 0)
		return by < 64 || m == 0 ? make(vm, (limb2)m << (by & 63), neg) : V_HOLE;
	return make_signed(vm, x >> (by < -127 ? 127 : (int)-by));
}

val big_small(struct vm *vm, enum big_op op, const struct cell *a, const struct cell *b)
{
	uint64_t m = big_len(a) ? big_limbs(a)[0] : 0, n = big_len(b) ? big_limbs(b)[0] : 0;
	bool mneg = big_is_negative(a), nneg = big_is_negative(b);
	wide x = mneg ? -(wide)m : (wide)m, y = nneg ? -(wide)n : (wide)n;

	if (big_len(a) > 1 || big_len(b) > 1) {
		/* A mask that is not negative leaves the lowest limb. */
		if (op == BIG_AND && !mneg && !nneg && (big_len(a) <= 1 || big_len(b) <= 1))
			return make(vm, m & n, false);
		if (op == BIG_MOD && big_len(a) == 2 && n != 0 && big_len(b) == 1)
			return make(vm, ((limb2)big_limbs(a)[1] << 64 | m) % n, mneg);
		return V_HOLE;
	}
	switch (op) {
	case BIG_ADD: return make_signed(vm, x + y);
	case BIG_SUB: return make_signed(vm, x - y);
	case BIG_MUL: return make(vm, (limb2)m * n, mneg != nneg);
	case BIG_DIV: return n != 0 ? make(vm, m / n, mneg != nneg) : V_HOLE;
	case BIG_MOD: return n != 0 ? make(vm, m % n, mneg) : V_HOLE;
	case BIG_AND: return make_signed(vm, x & y);
	case BIG_OR:  return make_signed(vm, x | y);
	case BIG_XOR: return make_signed(vm, x ^ y);
	case BIG_SHL: return shift(vm, x, m, mneg, y);
	case BIG_SAR: return shift(vm, x, m, mneg, -y);
	default:      return V_HOLE;
	}
}
