/* array_sort.c: Array.prototype.sort and toSorted: a stable bottom-up merge sort
 * with runs of fixed size, so that the sequence of comparisons depends on nothing
 * but the elements. The elements are copied out first, sorted in scratch memory
 * and written back, so a comparison function may do what it likes to the array
 * and need not be consistent. Called through the tables of array.c.
 *
 * Scratch memory is a LIST cell, seen by the collector word by word. An item is
 *   1 word    the value (with a comparison function), or an int's sort key
 *   2 words   strings: leading units, the string
 *   3 words   other values: leading units, their string, the value */
#include "engine/builtins/array.h"
#include "engine/vm/calls.h"

enum { RUN = 8 };

struct sorter { struct vm *vm; val fn; struct calls calls; /* of fn, in sort_js */ };

/* Scratch memory of n words, all zero. NULL: exception. */
static val *scratch(struct vm *vm, uint64_t n)
{
	struct cell *c = n >= 1u << 31 ? NULL : heap_alloc(&vm->heap, 8 + 8 * n, (uint32_t)n, KIND_LIST, 0);

	if (c == NULL) {
		throw_oom(vm);
		return NULL;
	}
	memset(c + 1, 0, 8 * n);
	return (val *)(void *)(c + 1);
}

/* ---- the sort ------------------------------------------------------------------------------ */

/* Item a before item b? 1/0/-1; b stood first, so equal items answer 0. */
#define BEFORE_FN(name) int (*name)(const struct sorter *s, const val *a, const val *b)
#define SPECIALISE static inline __attribute__((always_inline))

/* Sorts the n items at p by binary insertion. 0 or -1. */
SPECIALISE int sort_run(const struct sorter *s, val *p, uint32_t n, const uint32_t w, BEFORE_FN(before))
{
	for (uint32_t i = 1; i < n; i++) {
		val item[3];
		uint32_t lo = 0, hi = i - 1;
		int r = before(s, p + i * w, p + (i - 1) * w);

		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		while (lo < hi) {
			uint32_t mid = (lo + hi) / 2;

			r = before(s, p + i * w, p + mid * w);
			if (r < 0)
				return -1;
			if (r)
				hi = mid;
			else
				lo = mid + 1;
		}
		memcpy(item, p + i * w, w * sizeof(val));
		memmove(p + (lo + 1) * w, p + lo * w, (i - lo) * w * sizeof(val));
		memcpy(p + lo * w, item, w * sizeof(val));
	}
	return 0;
}

/* Merges the sorted [l, m) and [m, e) into out. 0 or -1. */
SPECIALISE int merge(const struct sorter *s, const val *l, const val *m, const val *e, val *out,
                     const uint32_t w, BEFORE_FN(before))
{
	const val *r = m;
	int first = before(s, m, m - w);

	if (first < 0)
		return -1;
	while (first != 0 && l < m && r < e) {
		int right = before(s, r, l);

		if (right < 0)
			return -1;
		memcpy(out, right ? r : l, w * sizeof(val));
		r += right ? w : 0;
		l += right ? 0 : w;
		out += w;
	}
	memcpy(out, l, (size_t)(m - l) * sizeof(val));
	memcpy(out + (m - l), r, (size_t)(e - r) * sizeof(val));
	return 0;
}

/* Sorts n items of w words at p with tmp of the same size. Where the sorted items
 * are (p or tmp), or NULL: exception. */
SPECIALISE val *merge_sort(const struct sorter *s, val *p, val *tmp, uint32_t n, const uint32_t w, BEFORE_FN(before))
{
	for (uint32_t i = 0; i < n; i += RUN) {
		if (VM_TICK(s->vm, RUN * 4) || sort_run(s, p + (size_t)i * w, n - i < RUN ? n - i : RUN, w, before) < 0)
			return NULL;
	}
	for (uint64_t size = RUN; size < n; size *= 2) {
		val *swap = tmp;

		for (uint64_t i = 0; i < n; i += 2 * size) {
			uint64_t m = i + size < n ? i + size : n, e = m + size < n ? m + size : n;

			if (VM_TICK(s->vm, (int64_t)(e - i)))
				return NULL;
			if (m == e)
				memcpy(tmp + i * w, p + i * w, (e - i) * w * sizeof(val));
			else if (merge(s, p + i * w, p + m * w, p + e * w, tmp + i * w, w, before) < 0)
				return NULL;
		}
		tmp = p;
		p = swap;
	}
	return p;
}

/* ---- orders ----------------------------------------------------------------------------------- */

static inline int before_key(const struct sorter *s, const val *a, const val *b)
{
	(void)s;
	return *a < *b;
}

static inline int before_string(const struct sorter *s, const val *a, const val *b)
{
	if (a[0] != b[0])
		return a[0] < b[0];
	return a[1] != b[1] && str_cmp(s->vm, v_tostr(a[1]), v_tostr(b[1])) < 0;
}

static int before_js(const struct sorter *s, const val *a, const val *b)
{
	double d;
	val r;

	s->calls.args[0] = *b;
	s->calls.args[1] = *a;
	r = calls_go(s->vm, &s->calls);
	if (v_isint(r))
		return VM_TICK(s->vm, 2) ? -1 : v_toint(r) > 0;
	if (r == V_EXC || VM_TICK(s->vm, 2) || to_number(s->vm, r, &d) < 0)
		return -1;
	return d > 0;
}

static NOINLINE val *sort_keys(const struct sorter *s, val *p, val *tmp, uint32_t n)
{
	return merge_sort(s, p, tmp, n, 1, before_key);
}

static NOINLINE val *sort_js(const struct sorter *s, val *p, val *tmp, uint32_t n)
{
	return merge_sort(s, p, tmp, n, 1, before_js);
}

static NOINLINE val *sort_strings(const struct sorter *s, val *p, val *tmp, uint32_t n)
{
	return merge_sort(s, p, tmp, n, 2, before_string);
}

static NOINLINE val *sort_others(const struct sorter *s, val *p, val *tmp, uint32_t n)
{
	return merge_sort(s, p, tmp, n, 3, before_string);
}

/* An integer's decimal text as a number that orders as the text does: sign, ten
 * digits filled up with zeros on the right, number of digits (1 before 10). */
static uint64_t int_key(int32_t i)
{
	uint64_t u = i < 0 ? 0ull - (uint64_t)(int64_t)i : (uint64_t)i, scale = u;
	unsigned digits = 1;

	for (uint64_t t = u; t >= 10; t /= 10)
		digits++;
	for (unsigned d = digits; d < 10; d++)
		scale *= 10;
	return (uint64_t)(i >= 0) << 40 | scale << 4 | digits;
}

static int32_t int_of_key(uint64_t key)
{
	uint64_t u = key >> 4 & ((1ull << 36) - 1);

	for (unsigned d = key & 15; d < 10; d++)
		u /= 10;
	return key >> 40 ? (int32_t)u : (int32_t)-(int64_t)u;
}

/* The first units of a string, most significant first: 8 of 8 bits or 4 of 16. */
static uint64_t leading(struct sview v, bool wide)
{
	unsigned n = wide ? 4 : 8, bits = wide ? 16 : 8;
	uint64_t key = 0;

	for (unsigned i = 0; i < n; i++)
		key = key << bits | (i < v.len ? sview_at(v, i) : 0);
	return key;
}

/* ---- sorting n values, none of them undefined ----------------------------------------------------- */

static val *by_int(struct sorter *s, val *v, uint32_t n)
{
	val *tmp = scratch(s->vm, n);

	if (tmp == NULL)
		return NULL;
	for (uint32_t i = 0; i < n; i++)
		v[i] = int_key(v_toint(v[i]));
	v = sort_keys(s, v, tmp, n);
	for (uint32_t i = 0; v != NULL && i < n; i++)
		v[i] = v_int(int_of_key(v[i]));
	return v;
}

/* By ToString, each value converted once. */
static val *by_text(struct sorter *s, val *v, uint32_t n, bool strings)
{
	struct vm *vm = s->vm;
	uint32_t w = strings ? 2 : 3;
	val *item = scratch(vm, (uint64_t)n * w), *tmp = item ? scratch(vm, (uint64_t)n * w) : NULL;
	bool wide = false;

	if (tmp == NULL)
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		val *it = item + (size_t)i * w;

		if (w == 3)
			it[2] = v[i];
		it[1] = to_string(vm, v[i]);
		if (it[1] == V_EXC || VM_TICK(vm, 4))
			return NULL;
		wide |= str_view(vm, v_tostr(it[1])).wide;   /* flattens, too */
	}
	for (uint32_t i = 0; i < n; i++)
		item[(size_t)i * w] = leading(str_view(vm, v_tostr(item[(size_t)i * w + 1])), wide);
	item = strings ? sort_strings(s, item, tmp, n) : sort_others(s, item, tmp, n);
	for (uint32_t i = 0; item != NULL && i < n; i++)
		v[i] = item[(size_t)i * w + w - 1];
	return item != NULL ? v : NULL;
}

/* Sorts in place or elsewhere; the sorted values or NULL. */
static val *sort_values(struct sorter *s, val *v, uint32_t n)
{
	bool ints = true, strings = true;

	if (n < 2)
		return v;
	if (!v_isundef(s->fn)) {
		val *tmp = scratch(s->vm, n);

		calls_begin(s->vm, &s->calls, s->fn, V_UNDEF, 2);
		return tmp != NULL ? sort_js(s, v, tmp, n) : NULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		ints &= v_isint(v[i]);
		strings &= v_isstr(v[i]);
	}
	return ints ? by_int(s, v, n) : by_text(s, v, n, strings);
}

val *array_sort_words(struct vm *vm, val fn, val *v, uint32_t n)
{
	struct sorter s = { .vm = vm, .fn = fn };

	return sort_values(&s, v, n);
}

/* ---- collecting the elements (23.1.3.30.1 SortIndexedProperties) ------------------------------------ */

struct bag { val *v; uint32_t n, cap, undefs; };   /* values, and how many undefined besides */

static int bag_put(struct vm *vm, struct bag *b, val v)
{
	if (v == V_UNDEF) {
		b->undefs++;
		return 0;
	}
	if (b->n == b->cap) {
		uint32_t cap = b->cap + b->cap / 2 + 64;
		val *bigger = scratch(vm, cap);

		if (bigger == NULL)
			return -1;
		if (b->n != 0)
			memcpy(bigger, b->v, b->n * sizeof(val));
		b->v = bigger;
		b->cap = cap;
	}
	b->v[b->n++] = v;
	return 0;
}

/* Gathers o's elements; absent ones count as undefined unless skip_holes. */
static int collect(struct vm *vm, struct obj *o, int64_t len, bool skip_holes, struct bag *b)
{
	struct arr *r = array_simple(vm, v_cell(o));

	if (r != NULL && r->len.v == len) {
		b->cap = r->len.v;
		b->v = scratch(vm, b->cap);
		if (b->v == NULL || VM_TICK(vm, len / 16))
			return -1;
		for (uint32_t i = 0; i < b->cap; i++) {
			val v = r->elem.v[i].v;

			if (v == V_UNDEF || v == V_HOLE)
				b->undefs += v == V_UNDEF || !skip_holes;
			else
				b->v[b->n++] = v;
		}
		return 0;
	}
	for (int64_t i = 0; i < len; i++) {
		val v;
		int has = 1;

		if (skip_holes)
			has = array_elem(vm, o, i, &v);
		else
			v = array_get(vm, o, i);
		if (has < 0 || (has && v == V_EXC) || VM_TICK(vm, 4) || (has && bag_put(vm, b, v) < 0))
			return -1;
	}
	return 0;
}

/* ---- sort, toSorted ----------------------------------------------------------------------------------- */

int array_check_compare(struct vm *vm, val fn)
{
	if (v_isundef(fn) || func_is_callable(fn))
		return 0;
	throw_type(vm, "The comparison function must be either a function or undefined");
	return -1;
}

/* Stores the sorted values, then undefined ones, then nothing up to len. */
static int put_back(struct vm *vm, struct obj *o, int64_t len, const struct bag *b)
{
	int64_t count = (int64_t)b->n + b->undefs, i;
	struct arr *r;
	int open = array_open(vm, v_cell(o), &r);

	if (open < 0)
		return -1;
	if (open && r->len.v == len) {
		val *p = (val *)(void *)r->elem.v;

		if (len == 0)
			return 0;
		heap_wb_range(&vm->heap, p, (size_t)len * sizeof(val));
		if (b->n != 0)
			memcpy(p, b->v, b->n * sizeof(val));
		for (i = b->n; i < count; i++)
			p[i] = V_UNDEF;
		for (; i < len; i++)
			p[i] = V_HOLE;
		if (count == len)
			VSET(vm, r->h.flags, r->h.flags.v & ~CF_HAS_HOLES);
		return 0;
	}
	for (i = 0; i < count; i++) {
		if (VM_TICK(vm, 8) || obj_put_i64(vm, o, i, i < b->n ? b->v[i] : V_UNDEF) < 0)
			return -1;
	}
	for (; i < len; i++) {
		if (VM_TICK(vm, 8) || array_delete(vm, o, i) < 0)
			return -1;
	}
	return 0;
}

val array_sort(struct vm *vm, val *a, uint32_t argc)
{
	struct sorter s = { .vm = vm, .fn = ARG(0) };
	struct bag b = { 0 };
	struct obj *o;
	int64_t len;

	if (array_check_compare(vm, s.fn) < 0)
		return V_EXC;
	o = array_this(vm, a[0], &len);
	if (o == NULL || collect(vm, o, len, true, &b) < 0)
		return V_EXC;
	b.v = sort_values(&s, b.v, b.n);
	if ((b.v == NULL && b.n != 0) || put_back(vm, o, len, &b) < 0)
		return V_EXC;
	return v_cell(o);
}

val array_to_sorted(struct vm *vm, val *a, uint32_t argc)
{
	struct sorter s = { .vm = vm, .fn = ARG(0) };
	struct array_out out;
	struct bag b = { 0 };
	struct obj *o;
	int64_t len;

	if (array_check_compare(vm, s.fn) < 0)
		return V_EXC;
	o = array_this(vm, a[0], &len);
	if (o == NULL || array_out_begin(vm, &out, NULL, len, 0) < 0 || collect(vm, o, len, false, &b) < 0)
		return V_EXC;
	b.v = sort_values(&s, b.v, b.n);
	if ((b.v == NULL && b.n != 0) ||
	    (b.n != 0 && array_out_words(vm, &out, 0, (const hval *)(const void *)b.v, b.n) < 0))
		return V_EXC;
	for (int64_t i = b.n; i < len; i++) {
		if (array_out_put(vm, &out, i, V_UNDEF) < 0)
			return V_EXC;
	}
	return v_cell(out.o);
}
