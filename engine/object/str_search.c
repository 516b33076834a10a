/* str_search.c: equality, order, hashing and searching of strings of either
 * width. Called by the object model, the interpreter and the built-ins. Looks at
 * units only; makes no strings, runs no JavaScript.
 *
 * Long work is charged to vm->ticks; only the searches can be cut short by it.
 * Forward search is linear (needles of more than KMP_MAX units in 16-bit text
 * excepted), backward search is not; both poll in proportion to their work. */
#include "engine/object/str_priv.h"

#include <stdlib.h>

#define HASH_LOCAL   256u        /* bytes narrowed on the C stack */
#define SEARCH_CHUNK (64u << 10) /* units between two ticks */
#define KMP_MAX      (1u << 20)  /* bounds the failure table to 4 MiB */
#define NONE         UINT32_MAX

/* ---- comparison ----------------------------------------------------------- */

static bool eq_mixed(const uint8_t *a, const uint16_t *b, uint32_t n)
{
	uint32_t i = 0;

	for (; i + 16 <= n; i += 16) {
		uint16_t diff = 0;

		for (uint32_t k = 0; k < 16; k++)
			diff |= (uint16_t)(a[i + k] ^ b[i + k]);
		if (diff != 0)
			return false;
	}
	for (; i < n; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* a.len units of both. */
static bool eq_units(struct sview a, struct sview b)
{
	if (a.len == 0)
		return true;
	if (a.wide != b.wide)
		return a.wide ? eq_mixed(b.p8, a.p16, a.len) : eq_mixed(a.p8, b.p16, a.len);
	return memcmp(a.p8, b.p8, (size_t)a.len << a.wide) == 0;
}

bool sview_eq(struct sview a, struct sview b)
{
	return a.len == b.len && eq_units(a, b);
}

bool sview_eq_ascii(struct sview v, const char *ascii)
{
	size_t n = strlen(ascii);

	return n == v.len && eq_units(v, sview_of8(ascii, v.len));
}

bool str_eq(struct vm *vm, struct str *a, struct str *b)
{
	uint32_t n = a->len.v;
	uint8_t both = a->h.flags.v & b->h.flags.v;

	if (a == b)
		return true;
	if (n != b->len.v)
		return false;
	if (both & CF_ATOM)
		return a->hash.v == b->hash.v;
	if ((both & CF_HASHED) && !((a->h.flags.v | b->h.flags.v) & CF_ATOM) && a->hash.v != b->hash.v)
		return false;
	if (n >= 4096)
		vm->ticks -= n >> 8;
	return sview_eq(str_view(vm, a), str_view(vm, b));
}

/* First index where two 16-bit strings differ, or n. */
static uint32_t mismatch16(const uint16_t *a, const uint16_t *b, uint32_t n)
{
	uint32_t i = 0;

	for (; i + 4 <= n; i += 4) {
		uint64_t x, y;

		memcpy(&x, a + i, 8);
		memcpy(&y, b + i, 8);
		if (x != y)
			break;
	}
	while (i < n && a[i] == b[i])
		i++;
	return i;
}

int sview_cmp(struct sview a, struct sview b)
{
	uint32_t n = a.len < b.len ? a.len : b.len, i = 0;
	int r;

	if (!a.wide && !b.wide) {
		r = n != 0 ? memcmp(a.p8, b.p8, n) : 0;
		if (r != 0)
			return r;
		i = n;
	} else if (a.wide && b.wide) {
		i = mismatch16(a.p16, b.p16, n);
	} else {
		while (i < n && sview_at(a, i) == sview_at(b, i))
			i++;
	}
	if (i < n)
		return sview_at(a, i) < sview_at(b, i) ? -1 : 1;
	return a.len < b.len ? -1 : a.len > b.len;
}

int str_cmp(struct vm *vm, struct str *a, struct str *b)
{
	struct sview va = str_view(vm, a), vb = str_view(vm, b);

	if (va.len >= 4096 && vb.len >= 4096)
		vm->ticks -= (va.len < vb.len ? va.len : vb.len) >> 8;
	return sview_cmp(va, vb);
}

/* ---- hashing ------------------------------------------------------------------ */

uint32_t sview_hash(struct vm *vm, struct sview v)
{
	uint8_t local[HASH_LOCAL], *p = local;
	uint64_t h;

	if (v.len >= 4096)
		vm->ticks -= v.len >> 6;
	if (!v.wide) {
		h = hash_sip13(&vm->hash_key, v.p8, v.len);
	} else if (!units_below(v.p16, v.len, 0x100)) {
		h = hash_sip13_u16(&vm->hash_key, v.p16, v.len);
	} else { /* must hash like its narrow twin */
		if (v.len > HASH_LOCAL) {
			p = malloc(v.len);
			AN(p != NULL);
		}
		sview_copy(v, p, false);
		h = hash_sip13(&vm->hash_key, p, v.len);
		if (p != local)
			free(p);
	}
	return (uint32_t)(h ^ h >> 32);
}

uint32_t str_hash(struct vm *vm, struct str *s)
{
	struct sview v;
	uint32_t h;

	if (s->h.flags.v & CF_ATOM)
		return atom_rec(vm, s->hash.v)->hash;
	if (s->h.flags.v & CF_HASHED)
		return s->hash.v;
	v = str_view(vm, s);
	h = sview_hash(vm, v);
	if (likely(v.len == s->len.v) && str_is_current(vm, s)) {
		VSET(vm, s->hash, h);
		VSET(vm, s->h.flags, s->h.flags.v | CF_HASHED);
	}
	return h;
}

/* ---- forward search ------------------------------------------------------------- */

/* Short needles in short texts: memmem's preparation would cost more than the
 * search. Bounded by SHORT_HAY * SHORT_NEEDLE comparisons. */
#define SHORT_HAY 256
#define SHORT_NEEDLE 16

static const uint8_t *find_short(const uint8_t *p, uint64_t n, const uint8_t *needle, uint32_t m)
{
	const uint8_t *last = p + (n - m);

	while (p <= last && (p = memchr(p, needle[0], (size_t)(last - p) + 1)) != NULL) {
		if (memcmp(p + 1, needle + 1, m - 1) == 0)
			return p;
		p++;
	}
	return NULL;
}

static uint32_t find8(struct vm *vm, struct sview hay, struct sview needle, uint32_t from)
{
	uint32_t m = needle.len;
	uint64_t chunk = 8ull * m > SEARCH_CHUNK ? 8ull * m : SEARCH_CHUNK;

	for (uint64_t at = from; at + m <= hay.len; at += chunk) {
		uint64_t n = hay.len - at < chunk + m - 1 ? hay.len - at : chunk + m - 1;
		const uint8_t *p = hay.p8 + at, *r;

		if (n >= 4096 && VM_TICK(vm, (int64_t)(n >> 6)))
			return NONE;
		r = m == 1 ? memchr(p, needle.p8[0], n) :
		    n <= SHORT_HAY && m <= SHORT_NEEDLE ? find_short(p, n, needle.p8, m) : memmem(p, n, needle.p8, m);
		if (r != NULL)
			return (uint32_t)(r - hay.p8);
	}
	return NONE;
}

/* First index in [i, end) of unit u, or end. Eight bytes at a time: a zero lane of
 * the difference is found by the usual borrow trick, then named exactly. */
static uint32_t find_unit16(const uint16_t *p, uint32_t i, uint32_t end, uint16_t u)
{
	const uint64_t ones = 0x0001000100010001ull, pat = ones * u;

	for (; i + 4 <= end; i += 4) {
		uint64_t x;

		memcpy(&x, p + i, 8);
		x ^= pat;
		if ((x - ones) & ~x & (ones << 15))
			break;
	}
	while (i < end && p[i] != u)
		i++;
	return i;
}

/* Knuth, Morris, Pratt: for needles on which the simple search is too slow. */
static uint32_t find16_kmp(struct vm *vm, const uint16_t *h, uint32_t n, const uint16_t *w, uint32_t m,
                           uint32_t from)
{
	uint32_t *fail = malloc((size_t)m * sizeof *fail), k = 0, r = NONE;

	AN(fail != NULL);
	fail[0] = 0;
	for (uint32_t i = 1; i < m; i++) {
		while (k > 0 && w[i] != w[k])
			k = fail[k - 1];
		k += w[i] == w[k];
		fail[i] = k;
	}
	k = 0;
	for (uint32_t i = from; i < n; i++) {
		if ((i & 4095) == 0 && VM_TICK(vm, 2048))
			break;
		while (k > 0 && h[i] != w[k])
			k = fail[k - 1];
		k += h[i] == w[k];
		if (k == m) {
			r = i + 1 - m;
			break;
		}
	}
	free(fail);
	return r;
}

static uint32_t find16(struct vm *vm, struct sview hay, struct sview needle, uint32_t from)
{
	const uint16_t *h = hay.p16, *w = needle.p16;
	uint32_t m = needle.len, last = hay.len - m, i = from;
	uint64_t work = 0, charged = 0;

	while (i <= last) {
		uint32_t end = last - i < SEARCH_CHUNK ? last + 1 : i + SEARCH_CHUNK, hit, same;

		hit = find_unit16(h, i, end, w[0]);
		if (hit - i >= 1024 && VM_TICK(vm, (hit - i) >> 5))
			return NONE;
		i = hit;
		if (hit == end)
			continue;
		same = mismatch16(h + hit, w, m);
		if (same == m)
			return hit;
		i++;
		work += same;
		if (work - charged > SEARCH_CHUNK) {
			if (VM_TICK(vm, (int64_t)((work - charged) >> 5)))
				return NONE;
			charged = work;
		}
		if (m <= KMP_MAX && work > 8ull * (i - from) + 4096)
			return find16_kmp(vm, h, hay.len, w, m, i);
	}
	return NONE;
}

/* ---- backward search -------------------------------------------------------------- */

static uint32_t find_last(struct vm *vm, struct sview hay, struct sview needle, uint32_t from)
{
	uint32_t first = sview_at(needle, 0), i = from + 1;
	int64_t work = 0;

	while (i-- > 0) {
		if (++work >= 4096) {
			if (VM_TICK(vm, work >> 2))
				return NONE;
			work = 0;
		}
		if (sview_at(hay, i) != first)
			continue;
		if (eq_units(needle, sview_sub(hay, i, i + needle.len)))
			return i;
		work += needle.len >> 3;
	}
	return NONE;
}

/* ---- either width -------------------------------------------------------------------- */

/* The needle in the width of hay, in *mem (to be freed) or in local. False: it
 * cannot occur. */
static bool same_width(struct sview hay, struct sview *needle, uint16_t local[HASH_LOCAL], void **mem)
{
	void *p = local;

	*mem = NULL;
	if (hay.wide == needle->wide)
		return true;
	if (needle->wide && !units_below(needle->p16, needle->len, 0x100))
		return false;
	if (needle->len > HASH_LOCAL) {
		p = *mem = malloc((size_t)needle->len << hay.wide);
		AN(p != NULL);
	}
	sview_copy(*needle, p, hay.wide);
	needle->p8 = p;
	needle->wide = hay.wide;
	return true;
}

uint32_t sview_index_of(struct vm *vm, struct sview hay, struct sview needle, uint32_t from)
{
	uint16_t local[HASH_LOCAL];
	void *mem;
	uint32_t r;

	if (from > hay.len || needle.len > hay.len - from)
		return NONE;
	if (needle.len == 0)
		return from;
	if (!same_width(hay, &needle, local, &mem))
		return NONE;
	r = hay.wide ? find16(vm, hay, needle, from) : find8(vm, hay, needle, from);
	free(mem);
	return r;
}

uint32_t sview_last_index_of(struct vm *vm, struct sview hay, struct sview needle, uint32_t from)
{
	uint16_t local[HASH_LOCAL];
	void *mem;
	uint32_t r;

	if (needle.len > hay.len)
		return NONE;
	if (from > hay.len - needle.len)
		from = hay.len - needle.len;
	if (needle.len == 0)
		return from;
	if (!same_width(hay, &needle, local, &mem))
		return NONE;
	r = find_last(vm, hay, needle, from);
	free(mem);
	return r;
}
