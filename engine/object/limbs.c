/* limbs.c: magnitudes of BigInts: addition, multiplication (schoolbook, Karatsuba
 * for long operands), division (Knuth, TAOCP 4.3.1, algorithm D). See limbs.h. */
#include "engine/object/limbs.h"

#define KARATSUBA 40

int limbs_cmp(const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb)
{
	if (na != nb)
		return na < nb ? -1 : 1;
	while (na-- > 0)
		if (a[na] != b[na])
			return a[na] < b[na] ? -1 : 1;
	return 0;
}

uint64_t limbs_add(uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb)
{
	uint64_t carry = 0;

	for (uint32_t i = 0; i < na; i++) {
		limb2 s = (limb2)a[i] + (i < nb ? b[i] : 0) + carry;

		r[i] = (uint64_t)s;
		carry = (uint64_t)(s >> 64);
	}
	return carry;
}

uint64_t limbs_sub(uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb)
{
	uint64_t borrow = 0;

	for (uint32_t i = 0; i < na; i++) {
		limb2 s = (limb2)a[i] - (i < nb ? b[i] : 0) - borrow;

		r[i] = (uint64_t)s;
		borrow = (uint64_t)(s >> 64) & 1;
	}
	return borrow;
}

uint64_t limbs_mul1(uint64_t *a, uint32_t n, uint64_t m, uint64_t carry)
{
	for (uint32_t i = 0; i < n; i++) {
		limb2 p = (limb2)a[i] * m + carry;

		a[i] = (uint64_t)p;
		carry = (uint64_t)(p >> 64);
	}
	return carry;
}

uint64_t limbs_div1(uint64_t *q, const uint64_t *a, uint32_t n, uint64_t d)
{
	uint64_t rem = 0;

	while (n-- > 0) {
		limb2 x = (limb2)rem << 64 | a[n];

		q[n] = (uint64_t)(x / d);
		rem = (uint64_t)(x % d);
	}
	return rem;
}

void limbs_shl(uint64_t *r, const uint64_t *a, uint32_t n, unsigned s)
{
	uint64_t high = 0;

	for (uint32_t i = n; i > 0; i--) {
		uint64_t low = a[i - 1];

		r[i] = s == 0 ? high : high << s | low >> (64 - s);
		high = low;
	}
	r[0] = high << s;
}

void limbs_shr(uint64_t *r, const uint64_t *a, uint32_t n, unsigned s)
{
	for (uint32_t i = 0; i < n; i++) {
		uint64_t high = i + 1 < n ? a[i + 1] : 0;

		r[i] = s == 0 ? a[i] : a[i] >> s | high << (64 - s);
	}
}

/* r[0..nb] += a * b */
static void add_row(uint64_t *r, uint64_t a, const uint64_t *b, uint32_t nb)
{
	uint64_t carry = 0;

	for (uint32_t i = 0; i < nb; i++) {
		limb2 p = (limb2)a * b[i] + r[i] + carry;

		r[i] = (uint64_t)p;
		carry = (uint64_t)(p >> 64);
	}
	r[nb] = carry;
}

static int schoolbook(struct vm *vm, uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb)
{
	memset(r, 0, nb * sizeof *r);
	for (uint32_t i = 0; i < na; i++) {
		if (VM_TICK(vm, 1 + nb / 8))
			return -1;
		add_row(r + i, a[i], b, nb);
	}
	return 0;
}

/* r += a where r is long enough to take the carry. */
static void add_into(uint64_t *r, const uint64_t *a, uint32_t na)
{
	uint64_t carry = limbs_add(r, r, na, a, na);

	for (r += na; carry; r++)
		carry = ++*r == 0;
}

/* Equal lengths. With a = a1 B + a0 and b = b1 B + b0 three products do:
 * a0 b0, a1 b1 and (a0 + a1)(b0 + b1). */
static int karatsuba(struct vm *vm, uint64_t *r, const uint64_t *a, const uint64_t *b, uint32_t n, uint64_t *t)
{
	uint32_t h = n / 2, m = n - h;
	uint64_t *sa = t, *sb = sa + m + 1, *p = sb + m + 1, *rest = p + 2 * m + 2;

	if (n <= KARATSUBA)
		return schoolbook(vm, r, a, n, b, n);
	sa[m] = limbs_add(sa, a + h, m, a, h);
	sb[m] = limbs_add(sb, b + h, m, b, h);
	if (karatsuba(vm, p, sa, sb, m + 1, rest) < 0 || karatsuba(vm, r, a, b, h, rest) < 0 ||
	    karatsuba(vm, r + 2 * h, a + h, b + h, m, rest) < 0)
		return -1;
	(void)limbs_sub(p, p, 2 * m + 2, r, 2 * h);
	(void)limbs_sub(p, p, 2 * m + 2, r + 2 * h, 2 * m);
	add_into(r + h, p, limbs_trim(p, 2 * m + 2));
	return 0;
}

size_t limbs_mul_scratch(uint32_t na, uint32_t nb)
{
	uint32_t n = na < nb ? na : nb;

	/* karatsuba: 4 (n / 2 + 2) limbs and the same for half of n, and so on; and one
	 * product of 2 n limbs. */
	return n <= KARATSUBA ? 0 : 6 * (size_t)n + 320 + 2 * (size_t)n;
}

int limbs_mul(struct vm *vm, uint64_t *r, const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb, uint64_t *scratch)
{
	uint64_t *p;

	if (na < nb)
		return limbs_mul(vm, r, b, nb, a, na, scratch);
	if (nb <= KARATSUBA)
		return schoolbook(vm, r, a, na, b, nb);
	if (na == nb)
		return karatsuba(vm, r, a, b, na, scratch);
	/* The longer operand in pieces of the shorter one's length. */
	p = scratch + 6 * (size_t)nb + 320;
	memset(r, 0, ((size_t)na + nb) * sizeof *r);
	for (uint32_t at = 0; at < na; at += nb) {
		uint32_t n = na - at < nb ? na - at : nb;

		if (n == nb ? karatsuba(vm, p, a + at, b, n, scratch) < 0 : schoolbook(vm, p, a + at, n, b, nb) < 0)
			return -1;
		add_into(r + at, p, limbs_trim(p, n + nb));
	}
	return 0;
}

/* u[0..nv] -= q * v; the borrow that goes out. */
static uint64_t subtract_row(uint64_t *u, uint64_t q, const uint64_t *v, uint32_t nv)
{
	uint64_t carry = 0, borrow = 0;

	for (uint32_t i = 0; i < nv; i++) {
		limb2 p = (limb2)q * v[i] + carry, d = (limb2)u[i] - (uint64_t)p - borrow;

		carry = (uint64_t)(p >> 64);
		u[i] = (uint64_t)d;
		borrow = (uint64_t)(d >> 64) & 1;
	}
	limb2 d = (limb2)u[nv] - carry - borrow;

	u[nv] = (uint64_t)d;
	return (uint64_t)(d >> 64) & 1;
}

int limbs_divide(struct vm *vm, uint64_t *q, uint64_t *u, uint32_t nu, uint64_t *v, uint32_t nv)
{
	unsigned s = (unsigned)__builtin_clzll(v[nv - 1]);
	uint64_t v1, v2;

	for (uint32_t i = nv; i-- > 0;) /* v has no limb above: nothing is shifted out */
		v[i] = v[i] << s | (s != 0 && i > 0 ? v[i - 1] >> (64 - s) : 0);
	limbs_shl(u, u, nu, s);
	v1 = v[nv - 1];
	v2 = v[nv - 2];
	for (uint32_t j = nu - nv + 1; j-- > 0;) {
		uint64_t *w = u + j, qhat;
		limb2 top = (limb2)w[nv] << 64 | w[nv - 1], rhat;

		if (VM_TICK(vm, 4 + nv / 8))
			return -1;
		if (w[nv] >= v1) {
			qhat = UINT64_MAX;
			rhat = top - (limb2)qhat * v1;
		} else {
			qhat = (uint64_t)(top / v1);
			rhat = top % v1;
		}
		while (rhat >> 64 == 0 && (limb2)qhat * v2 > (rhat << 64 | w[nv - 2])) {
			qhat--;
			rhat += v1;
		}
		if (subtract_row(w, qhat, v, nv)) { /* one too many: rare */
			qhat--;
			w[nv] += limbs_add(w, w, nv, v, nv);
		}
		if (q != NULL)
			q[j] = qhat;
	}
	limbs_shr(u, u, nv, s);
	return 0;
}
