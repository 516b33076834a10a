/* cset.c: sets of code points. Called by the parser and the generator of regular
 * expressions. Pure but for the arena. */
#include "engine/regexp/cset.h"

#include <stdlib.h>
#include <string.h>

#include "base/ucd.h"

void cset_add(struct arena *a, struct cset *s, uint32_t lo, uint32_t hi)
{
	if (s->n > 0 && lo >= s->r[2 * s->n - 2] && lo <= s->r[2 * s->n - 1] + 1) {
		if (hi > s->r[2 * s->n - 1])
			s->r[2 * s->n - 1] = hi;
		return;
	}
	if (s->n == s->cap) {
		uint32_t *r;

		s->cap = s->cap ? s->cap * 2 : 4;
		r = arena_alloc(a, (size_t)s->cap * 8);
		if (s->n)
			memcpy(r, s->r, (size_t)s->n * 8);
		s->r = r;
	}
	s->r[2 * s->n] = lo;
	s->r[2 * s->n + 1] = hi;
	s->n++;
}

void cset_add_all(struct arena *a, struct cset *s, const struct cset *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		cset_add(a, s, t->r[2 * i], t->r[2 * i + 1]);
}

static int by_start(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void cset_norm(struct cset *s)
{
	uint32_t n = 0;
	bool sorted = true;

	for (uint32_t i = 1; i < s->n && sorted; i++)
		sorted = s->r[2 * i] > s->r[2 * i - 1] + 1;
	if (sorted)
		return;
	qsort(s->r, s->n, 8, by_start);
	for (uint32_t i = 1; i < s->n; i++) {
		if (s->r[2 * i] <= s->r[2 * n + 1] + 1) {
			if (s->r[2 * i + 1] > s->r[2 * n + 1])
				s->r[2 * n + 1] = s->r[2 * i + 1];
		} else {
			n++;
			s->r[2 * n] = s->r[2 * i];
			s->r[2 * n + 1] = s->r[2 * i + 1];
		}
	}
	s->n = n + 1;
}

void cset_invert(struct arena *a, struct cset *s, uint32_t max)
{
	struct cset out = { 0 };
	uint32_t from = 0;

	for (uint32_t i = 0; i < s->n && s->r[2 * i] <= max; i++) {
		if (s->r[2 * i] > from)
			cset_add(a, &out, from, s->r[2 * i] - 1);
		from = s->r[2 * i + 1] + 1;
	}
	if (from <= max)
		cset_add(a, &out, from, max);
	*s = out;
}

void cset_intersect(struct arena *a, struct cset *s, const struct cset *t)
{
	struct cset out = { 0 };

	for (uint32_t i = 0, j = 0; i < s->n && j < t->n;) {
		uint32_t lo = s->r[2 * i] > t->r[2 * j] ? s->r[2 * i] : t->r[2 * j];
		uint32_t he = s->r[2 * i + 1], hf = t->r[2 * j + 1], hi = he < hf ? he : hf;

		if (lo <= hi)
			cset_add(a, &out, lo, hi);
		if (he < hf)
			i++;
		else
			j++;
	}
	*s = out;
}

void cset_subtract(struct arena *a, struct cset *s, const struct cset *t)
{
	struct cset u = { 0 };

	cset_add_all(a, &u, t);
	cset_invert(a, &u, CP_MAX);
	cset_intersect(a, s, &u);
}

bool cset_has(const struct cset *s, uint32_t c)
{
	uint32_t lo = 0, hi = s->n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (c > s->r[2 * mid + 1])
			lo = mid + 1;
		else if (c < s->r[2 * mid])
			hi = mid;
		else
			return true;
	}
	return false;
}

bool cset_disjoint(const struct cset *s, const struct cset *t)
{
	for (uint32_t i = 0, j = 0; i < s->n && j < t->n;) {
		if (s->r[2 * i + 1] < t->r[2 * j])
			i++;
		else if (t->r[2 * j + 1] < s->r[2 * i])
			j++;
		else
			return false;
	}
	return true;
}

uint32_t re_canonical(uint32_t c, bool unicode)
{
	uint32_t up[3];

	if (unicode)
		return ucd_simple_fold(c);
	if (c < 0x80)
		return c - 'a' < 26 ? c - 32 : c;
	if (c > 0xFFFF || ucd_to_upper(c, up) != 1 || up[0] < 0x80)
		return c;
	return up[0];
}

/* Sets of ASCII alone meet few others. */
static bool close_ascii(struct arena *a, struct cset *s, bool unicode)
{
	uint32_t n = s->n;

	if (n == 0 || s->r[2 * n - 1] >= 0x80)
		return n == 0;
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t c = s->r[2 * i]; c <= s->r[2 * i + 1]; c++) {
			if ((c | 32) - 'a' >= 26)
				continue;
			cset_add(a, s, c ^ 32, c ^ 32);
			if (unicode && (c | 32) == 'k')
				cset_add(a, s, 0x212A, 0x212A);
			if (unicode && (c | 32) == 's')
				cset_add(a, s, 0x17F, 0x17F);
		}
	}
	return true;
}

void cset_close(struct arena *a, struct cset *s, bool unicode)
{
	struct cset hit = { 0 };
	uint32_t lo, hi;

	if (!close_ascii(a, s, unicode)) {
		for (unsigned i = 0; ucd_case_range(i, &lo, &hi); i++)
			for (uint32_t c = lo; c <= hi; c++)
				if (cset_has(s, c)) {
					uint32_t k = re_canonical(c, unicode);

					cset_add(a, &hit, k, k);
				}
		cset_norm(&hit);
		for (unsigned i = 0; ucd_case_range(i, &lo, &hi); i++)
			for (uint32_t c = lo; c <= hi; c++)
				if (cset_has(&hit, re_canonical(c, unicode)))
					cset_add(a, s, c, c);
	}
	cset_norm(s);
}
