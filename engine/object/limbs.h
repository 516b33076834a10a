/* limbs.h: arithmetic on magnitudes: arrays of 64-bit limbs, least first. Called by
 * bigint.c. Knows nothing of cells; a vm is passed only to be ticked. int functions
 * return -1 when a tick ended the work (exception pending). */
#ifndef ENGINE_OBJECT_LIMBS_H
#define ENGINE_OBJECT_LIMBS_H

#include "engine/object/vm.h"

__extension__ typedef unsigned __int128 limb2;

/* Length without leading zero limbs. */
static inline uint32_t limbs_trim(const uint64_t *a, uint32_t n)
{
	while (n > 0 && a[n - 1] == 0)
		n--;
	return n;
}

int limbs_cmp(const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb); /* both trimmed */
/* r = a + b, na >= nb, r has na limbs (may be a); returns the carry. */
uint64_t limbs_add(uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb);
/* r = a - b, a >= b, r has na limbs (may be a). Returns the borrow, 0 then. */
uint64_t limbs_sub(uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb);
/* a = a * m + carry in place; returns the limb that goes out. */
uint64_t limbs_mul1(uint64_t *a, uint32_t n, uint64_t m, uint64_t carry);
/* q = a / d (q may be a), returns the remainder. */
uint64_t limbs_div1(uint64_t *q, const uint64_t *a, uint32_t n, uint64_t d);
/* r[0..na+nb) = a * b; na, nb > 0; r overlaps neither. scratch: limbs_mul_scratch(na, nb) limbs. */
size_t limbs_mul_scratch(uint32_t na, uint32_t nb);
int limbs_mul(struct vm *vm, uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb, uint64_t *scratch);
/* u[0..nu) with one limb of room above it, divided by v[0..nv), nu >= nv >= 2, v trimmed:
 * the remainder stays in u[0..nv); q (may be NULL) gets nu - nv + 1 limbs. v is
 * shifted in place. */
int limbs_divide(struct vm *vm, uint64_t *q, uint64_t *u, uint32_t nu, uint64_t *v, uint32_t nv);
/* r[0..n] = a << s, r[0..n) = a >> s, 0 <= s < 64; r may be a. */
void limbs_shl(uint64_t *r, const uint64_t *a, uint32_t n, unsigned s);
void limbs_shr(uint64_t *r, const uint64_t *a, uint32_t n, unsigned s);

#endif
