/* bigint.h: BigInt values (ECMA-262 6.1.6.2).
 *
 *   KIND_BIGINT { cell; uint64_t limb[n] }   magnitude, least limb first
 *   h.flags bit 0: negative; h.flags >> 1: bits 16 and up of n; h.aux: the rest
 *
 * Canonical: the highest limb is not 0, and zero is not negative; so equal values
 * have equal words. Cells never change once they are made. Functions that return
 * val give V_EXC with an exception pending: RangeError beyond BIG_MAX_BITS or when
 * memory is short. Operands named `big` must be BigInts. */
#ifndef ENGINE_OBJECT_BIGINT_H
#define ENGINE_OBJECT_BIGINT_H

#include "engine/object/convert.h"

#define BIG_MAX_BITS (1u << 24)
#define BIG_MAX_LIMBS (BIG_MAX_BITS / 64)

enum { BIG_NEGATIVE = 1 };

static inline uint32_t big_len(const struct cell *c) { return c->aux.v | (uint32_t)(c->flags.v >> 1) << 16; }
static inline bool big_is_negative(const struct cell *c) { return (c->flags.v & BIG_NEGATIVE) != 0; }
static inline const uint64_t *big_limbs(const struct cell *c) { return (const uint64_t *)(const void *)(c + 1); }

val big_from_i64(struct vm *vm, int64_t i);
val big_from_u64(struct vm *vm, uint64_t u);
val big_from_double(struct vm *vm, double integral);           /* finite, without fraction */
uint64_t big_to_u64(val big);                                   /* modulo 2^64 */
double big_to_double(val big);                                  /* rounded to nearest, ties to even */

/* StringToBigInt (7.1.14): V_UNDEF if the text is no integer. */
val big_from_view(struct vm *vm, struct sview v);
val big_to_str(struct vm *vm, val big, int radix);              /* 6.1.6.2.23; radix 2..36 */

bool big_equal(val big, val big2);
int big_compare(val big, val big2);                             /* < 0, 0, > 0 */
int big_compare_double(val big, double d);                      /* exact; d is not NaN */

enum big_op { BIG_ADD, BIG_SUB, BIG_MUL, BIG_DIV, BIG_MOD, BIG_EXP, BIG_AND, BIG_OR, BIG_XOR, BIG_SHL, BIG_SAR };
val big_arith(struct vm *vm, enum big_op op, val big, val big2);
val big_negate(struct vm *vm, val big);
val big_not(struct vm *vm, val big);
/* 21.2.2.1, 21.2.2.2; bits up to 2^53 - 1. */
val big_as_int(struct vm *vm, uint64_t bits, val big);
val big_as_uint(struct vm *vm, uint64_t bits, val big);

val to_bigint(struct vm *vm, val v);                            /* 7.1.13; may run JavaScript */

#endif
