/* string_norm.c: String.prototype.normalize (UAX 15) and localeCompare. Called by
 * scripts.
 *
 * Normalisation works on one stretch of text at a time: a starter and what may
 * combine with it. A stretch usually has a few code points; a hostile one is as
 * long as the string, so the buffer lives in the heap once it outgrows the C
 * stack, and the reordering is a counting sort.
 *
 * localeCompare has no tables of the Unicode collation algorithm. Its order is
 * that of the canonical decompositions, in three levels:
 *   1. letters without case and accents: space and punctuation, then digits, then
 *      letters, each by code point (ASCII punctuation in the usual dictionary order)
 *   2. accents, unaccented first
 *   3. case, lower case first
 * Canonically equivalent strings are equal, as 22.1.3.12 demands; all others differ. */
#include "engine/builtins/string.h"

#include "base/ucd.h"

#define STRETCH_LOCAL 64u

struct stretch {
	struct vm *vm;
	struct strbuf *out;
	uint32_t *cp, n, cap;     /* cp: local, or the words of a BYTES cell */
	bool compat, compose;
	uint32_t local[STRETCH_LOCAL];
};

/* n words in the heap, or NULL: exception. */
static uint32_t *words_new(struct vm *vm, uint32_t n)
{
	size_t bytes = (size_t)n * sizeof(uint32_t);
	struct cell *c = bytes < UINT32_MAX ? heap_alloc(&vm->heap, sizeof *c + bytes, (uint32_t)bytes, KIND_BYTES, 0)
	                                    : NULL;

	if (c == NULL) {
		throw_oom(vm);
		return NULL;
	}
	return (uint32_t *)(void *)(c + 1);
}

static bool stretch_push(struct stretch *s, uint32_t cp)
{
	if (unlikely(s->n == s->cap)) {
		uint32_t *w = words_new(s->vm, 2 * s->cap);

		if (w == NULL)
			return false;
		memcpy(w, s->cp, s->n * sizeof *w);
		s->cp = w;
		s->cap *= 2;
	}
	s->cp[s->n++] = cp;
	return true;
}

/* Canonical ordering (3.11 D108): runs of non-starters by class, stably. */
static bool reorder(struct stretch *s)
{
	uint32_t count[257] = { 0 }, first = ucd_ccc(s->cp[0]) == 0, *w;

	if (s->n - first <= 24) {
		for (uint32_t i = first + 1; i < s->n; i++) {
			uint32_t cp = s->cp[i], k = i;
			int c = ucd_ccc(cp);

			for (; k > first && ucd_ccc(s->cp[k - 1]) > c; k--)
				s->cp[k] = s->cp[k - 1];
			s->cp[k] = cp;
		}
		return true;
	}
	if (VM_TICK(s->vm, 2 * (int64_t)s->n))
		return false;
	w = words_new(s->vm, s->n);
	if (w == NULL)
		return false;
	for (uint32_t i = first; i < s->n; i++)
		count[ucd_ccc(s->cp[i]) + 1]++;
	for (int c = 1; c < 257; c++)
		count[c] += count[c - 1];
	for (uint32_t i = first; i < s->n; i++)
		w[count[ucd_ccc(s->cp[i])]++] = s->cp[i];
	memcpy(s->cp + first, w, (s->n - first) * sizeof *w);
	return true;
}

/* Canonical composition (D117) of an ordered stretch. */
static void compose(struct stretch *s)
{
	uint32_t kept = 1;
	int last = 0;

	if (ucd_ccc(s->cp[0]) != 0)
		return;
	for (uint32_t i = 1; i < s->n; i++) {
		int c = ucd_ccc(s->cp[i]);
		uint32_t both = c > last ? ucd_compose(s->cp[0], s->cp[i]) : 0;

		if (both != 0) {
			s->cp[0] = both;
		} else {
			last = c;
			s->cp[kept++] = s->cp[i];
		}
	}
	s->n = kept;
}

/* Puts the stretch in its final form. */
static bool settle(struct stretch *s)
{
	if (s->n > 1) {
		if (!reorder(s))
			return false;
		if (s->compose)
			compose(s);
	}
	return true;
}

static void put(struct stretch *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		strbuf_code_point(s->out, s->cp[i]);
	s->n = 0;
}

/* One decomposed code point. */
static bool feed(struct stretch *s, uint32_t cp)
{
	if (s->n != 0 && ucd_ccc(cp) == 0) {
		uint32_t both = 0;

		if (!settle(s))
			return false;
		if (s->compose && s->n == 1)
			both = ucd_compose(s->cp[0], cp);
		if (both != 0) {
			s->cp[0] = both;
			return true;
		}
		put(s);
	}
	return stretch_push(s, cp);
}

/* Strings that are their own normal form without a look at the tables. */
static bool is_plainly_normal(struct sview v, enum string_form form)
{
	uint32_t limit = form == FORM_NFC ? 0x300 : 0x80;

	if (!v.wide && limit > 0xFF)
		return true;
	for (uint32_t i = 0; i < v.len; i++)
		if (sview_at(v, i) >= limit)
			return false;
	return true;
}

val string_normalize(struct vm *vm, struct str *str, enum string_form form)
{
	struct stretch s;
	struct strbuf b;
	struct sview v;
	uint32_t units, parts[18];

	if (!string_view(vm, str, &v) || VM_TICK(vm, v.len >> 4))
		return V_EXC;
	if (is_plainly_normal(v, form))
		return v_cell(str);
	strbuf_init(&b, vm, v.len < 1024 ? v.len + 8 : 0);
	s.vm = vm;
	s.out = &b;
	s.cp = s.local;
	s.n = 0;
	s.cap = STRETCH_LOCAL;
	s.compat = form >= FORM_NFKC;
	s.compose = form == FORM_NFC || form == FORM_NFKC;
	for (uint32_t i = 0; i < v.len && !b.err; i += units) {
		uint32_t cp = sview_code_point(v, i, &units);
		int n;

		if ((i & 255) == 0 && VM_TICK(vm, 1024))
			return V_EXC;
		if (cp < 0x80) {
			if (!feed(&s, cp))
				return V_EXC;
			continue;
		}
		n = ucd_decompose(cp, s.compat, parts);
		for (int k = 0; k < n; k++)
			if (!feed(&s, parts[k]))
				return V_EXC;
	}
	if (!settle(&s))
		return V_EXC;
	put(&s);
	return strbuf_end(&b);
}

static val normalize(struct vm *vm, val *a, uint32_t argc)
{
	static const char *const names[] = {
		[FORM_NFC] = "NFC", [FORM_NFD] = "NFD", [FORM_NFKC] = "NFKC", [FORM_NFKD] = "NFKD",
	};
	struct str *s = string_this(vm, a[0], "normalize"), *f;
	struct sview v;

	if (s == NULL)
		return V_EXC;
	if (v_isundef(ARG(0)))
		return string_normalize(vm, s, FORM_NFC);
	f = to_str(vm, ARG(0));
	if (f == NULL || !string_view(vm, f, &v))
		return V_EXC;
	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (sview_eq_ascii(v, names[i]))
			return string_normalize(vm, s, (enum string_form)i);
	return throw_range(vm, "The normalization form should be one of NFC, NFD, NFKC, NFKD");
}

/* ---- localeCompare ------------------------------------------------------------------ */

/* Level 1 weight: class in the high bits. Combining marks weigh 0. */
static uint32_t weight(uint32_t cp)
{
	static const char order[] = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

	if (cp < 0x80) {
		const char *p;

		if ((cp | 0x20) - 'a' < 26)
			return 3u << 24 | cp | 0x20;
		if (cp - '0' < 10)
			return 2u << 24 | cp;
		p = cp != 0 ? strchr(order, (int)cp) : NULL;
		return 1u << 24 | (p != NULL ? 0x80 + (uint32_t)(p - order) : cp);
	}
	if (ucd_ccc(cp) != 0)
		return 0;
	return (ucd_is_id_start(cp) ? 3u << 24 : 1u << 24 | 0x100) + ucd_simple_fold(cp);
}

/* Next level 1 weight of v from *i on; 0 at the end. -1: exception. */
static int next_base(struct vm *vm, struct sview v, uint32_t *i, uint32_t *w)
{
	uint32_t units;

	*w = 0;
	while (*w == 0 && *i < v.len) {
		if (VM_TICK(vm, 3))
			return -1;
		*w = weight(sview_code_point(v, *i, &units));
		*i += units;
	}
	return 0;
}

int string_collate(struct vm *vm, struct str *a, struct str *b)
{
	val na = string_normalize(vm, a, FORM_NFD), nb = v_isexc(na) ? V_EXC : string_normalize(vm, b, FORM_NFD);
	uint32_t i = 0, k = 0, wa, wb, ua, ub;
	int accents = 0, letters = 0;
	struct sview x, y;

	if (v_isexc(nb) || !string_view(vm, v_tostr(na), &x) || !string_view(vm, v_tostr(nb), &y))
		return -2;
	do {
		if (next_base(vm, x, &i, &wa) < 0 || next_base(vm, y, &k, &wb) < 0)
			return -2;
		if (wa != wb)
			return wa < wb ? -1 : 1;
	} while (wa != 0);
	/* The same letters: now only accents and case can differ. */
	for (i = k = 0; i < x.len && k < y.len; i += ua, k += ub) {
		uint32_t ca = sview_code_point(x, i, &ua), cb = sview_code_point(y, k, &ub);

		if (VM_TICK(vm, 1))
			return -2;
		if (ca == cb)
			continue;
		wa = weight(ca);
		wb = weight(cb);
		if (wa != wb) {
			accents = wa == 0 ? 1 : -1; /* one is a mark: the letter goes first */
			break;
		}
		if (wa == 0)
			return ca < cb ? -1 : 1;
		if (letters == 0)
			letters = ca > cb ? -1 : 1; /* upper case has the smaller code points, nearly always */
	}
	if (accents == 0 && (i < x.len || k < y.len))
		accents = i < x.len ? 1 : -1;
	return accents != 0 ? accents : letters;
}

static val locale_compare(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "localeCompare"), *t = s ? to_str(vm, ARG(0)) : NULL;
	int r;

	if (t == NULL)
		return V_EXC;
	r = string_collate(vm, s, t);
	return r == -2 ? V_EXC : v_int(r);
}

const struct row string_norm_rows[] = {
	NF_METHOD("localeCompare", 1, locale_compare, EFF_CALLS, "22.1.3.12"),
	NF_METHOD("normalize", 0, normalize, EFF_CALLS, "22.1.3.15"),
};
const uint32_t string_norm_nrows = sizeof string_norm_rows / sizeof *string_norm_rows;
