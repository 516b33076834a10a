/* bigint_priv.h: what bigint.c and bigint_text.c share. */
#ifndef ENGINE_OBJECT_BIGINT_PRIV_H
#define ENGINE_OBJECT_BIGINT_PRIV_H

#include "engine/object/bigint.h"
#include "engine/object/limbs.h"

/* A BigInt being made: n limbs, to be written before big_finish makes it canonical.
 * NULL: exception. It is a valid cell all the time. */
struct cell *big_alloc(struct vm *vm, uint32_t n);
static inline uint64_t *big_words(struct cell *c) { return (uint64_t *)(void *)(c + 1); }
val big_finish(struct vm *vm, struct cell *c, bool neg);
val big_too_large(struct vm *vm);
/* Limbs that live as long as something on the C stack points at them; NULL: exception. */
uint64_t *big_scratch(struct vm *vm, size_t n);

/* The operator on operands of one limb (and some others), or V_HOLE: not covered. */
val big_small(struct vm *vm, enum big_op op, const struct cell *a, const struct cell *b);

/* Bits of a trimmed magnitude. */
static inline uint64_t big_bits(const uint64_t *p, uint32_t n)
{
	return n == 0 ? 0 : (uint64_t)n * 64 - (unsigned)__builtin_clzll(p[n - 1]);
}

#endif
