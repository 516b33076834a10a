/* array_mutation.c: the methods of Array.prototype that change their receiver:
 * push, pop, shift, unshift, splice, reverse, fill, copyWithin. On an open array
 * (array.h) they move words; holes move with them, as the generic steps would
 * have it. The generic steps follow behind. */
#include "engine/builtins/array.h"

/* memmove inside the elements of an open array. */
static void move(struct vm *vm, struct arr *a, uint32_t to, uint32_t from, uint32_t n)
{
	if (n == 0 || to == from)
		return;
	heap_wb_range(&vm->heap, (void *)(a->elem.v + to), n * sizeof(val));
	memmove((void *)(a->elem.v + to), (const void *)(a->elem.v + from), n * sizeof(val));
}

static void put_words(struct vm *vm, struct arr *a, uint32_t to, const val *p, uint32_t n)
{
	if (n == 0)
		return;
	heap_wb_range(&vm->heap, (void *)(a->elem.v + to), n * sizeof(val));
	memcpy((void *)(a->elem.v + to), p, n * sizeof(val));
}

/* Drops the elements from `len` on; their words are cleared for the collector. */
static void shorten(struct vm *vm, struct arr *a, uint32_t len)
{
	uint32_t n = a->len.v - len;

	if (n == 0)
		return;
	heap_wb_range(&vm->heap, (void *)(a->elem.v + len), n * sizeof(val));
	memset((void *)(a->elem.v + len), 0, n * sizeof(val));
	VSET(vm, a->len, len);
}
_Static_assert(V_HOLE == 0, "shorten");

/* Moves the property at `from` to `to`, or the absence of it (HasProperty, Get,
 * Set or DeletePropertyOrThrow): 0 or -1. */
static int move_one(struct vm *vm, struct obj *o, int64_t from, int64_t to)
{
	val v;
	int has = array_elem(vm, o, from, &v);

	if (VM_TICK(vm, 8))
		return -1;
	if (has > 0)
		return obj_put_i64(vm, o, to, v);
	return has < 0 ? -1 : array_delete(vm, o, to);
}

static val too_long(struct vm *vm)
{
	return throw_type(vm, "Pushing elements past the greatest length 2**53-1");
}

/* ---- push, pop, shift, unshift --------------------------------------------------------- */

static val push_generic(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL)
		return V_EXC;
	if (len + argc > LENGTH_MAX)
		return too_long(vm);
	for (uint32_t i = 0; i < argc; i++) {
		if (obj_put_i64(vm, o, len + i, a[i + 1]) < 0)
			return V_EXC;
	}
	return array_put_length(vm, o, len + argc) < 0 ? V_EXC : v_i64(len + argc);
}

val array_push(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *r;
	int open = array_open(vm, a[0], &r);

	if (open < 0)
		return V_EXC;
	if (!open || r->len.v + (uint64_t)argc > INT32_MAX)
		return push_generic(vm, a, argc);
	for (uint32_t i = 0; i < argc; i++) {
		uint32_t len = r->len.v;

		if (likely(len < r->cap.v)) {
			VSET(vm, r->elem.v[len], a[i + 1]);
			VSET(vm, r->len, len + 1);
		} else if (arr_push(vm, r, a[i + 1]) < 0) {
			return V_EXC;
		}
	}
	return v_u32(r->len.v);
}

val array_pop(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *r;
	struct obj *o;
	int64_t len;
	val v;
	int open = array_open(vm, a[0], &r);

	(void)argc;
	if (open < 0)
		return V_EXC;
	if (open) {
		uint32_t n = r->len.v;

		if (n == 0)
			return V_UNDEF;
		v = r->elem.v[n - 1].v;
		VSET(vm, r->elem.v[n - 1], V_HOLE);
		VSET(vm, r->len, n - 1);
		return v == V_HOLE ? V_UNDEF : v;
	}
	o = array_this(vm, a[0], &len);
	if (o == NULL)
		return V_EXC;
	if (len == 0)
		return array_put_length(vm, o, 0) < 0 ? V_EXC : V_UNDEF;
	v = obj_get_i64(vm, o, len - 1);
	if (v == V_EXC || array_delete(vm, o, len - 1) < 0 || array_put_length(vm, o, len - 1) < 0)
		return V_EXC;
	return v;
}

static val shift_generic(struct vm *vm, val *a)
{
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);
	val v;

	if (o == NULL)
		return V_EXC;
	if (len == 0)
		return array_put_length(vm, o, 0) < 0 ? V_EXC : V_UNDEF;
	v = obj_get_i64(vm, o, 0);
	if (v == V_EXC)
		return V_EXC;
	for (int64_t i = 1; i < len; i++) {
		if (move_one(vm, o, i, i - 1) < 0)
			return V_EXC;
	}
	if (array_delete(vm, o, len - 1) < 0 || array_put_length(vm, o, len - 1) < 0)
		return V_EXC;
	return v;
}

val array_shift(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *r;
	val v;
	int open = array_open(vm, a[0], &r);

	(void)argc;
	if (open < 0)
		return V_EXC;
	if (!open)
		return shift_generic(vm, a);
	if (r->len.v == 0)
		return V_UNDEF;
	if (VM_TICK(vm, r->len.v / 64))
		return V_EXC;
	v = r->elem.v[0].v;
	move(vm, r, 0, 1, r->len.v - 1);
	shorten(vm, r, r->len.v - 1);
	return v == V_HOLE ? V_UNDEF : v;
}

static val unshift_generic(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL)
		return V_EXC;
	if (argc != 0) {
		if (len + argc > LENGTH_MAX)
			return too_long(vm);
		for (int64_t i = len; i > 0; i--) {
			if (move_one(vm, o, i - 1, i - 1 + argc) < 0)
				return V_EXC;
		}
		for (uint32_t i = 0; i < argc; i++) {
			if (obj_put_i64(vm, o, i, a[i + 1]) < 0)
				return V_EXC;
		}
	}
	return array_put_length(vm, o, len + argc) < 0 ? V_EXC : v_i64(len + argc);
}

/* Room for n more elements behind those of an open array, with some to spare. */
static int make_room(struct vm *vm, struct arr *a, uint32_t n)
{
	uint32_t len = a->len.v, spare = len / 2 + 8;

	if (len + n <= a->cap.v)
		return 0;
	return arr_reserve(vm, a, len + n + (spare > n ? spare - n : 0));
}

val array_unshift(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *r;
	int open = array_open(vm, a[0], &r);

	if (open < 0)
		return V_EXC;
	if (!open || r->len.v + (uint64_t)argc > INT32_MAX / 2)
		return unshift_generic(vm, a, argc);
	if (argc == 0)
		return v_u32(r->len.v);
	if (VM_TICK(vm, r->len.v / 64) || make_room(vm, r, argc) < 0)
		return V_EXC;
	move(vm, r, argc, 0, r->len.v);
	put_words(vm, r, 0, a + 1, argc);
	VSET(vm, r->len, r->len.v + argc);
	return v_u32(r->len.v);
}

/* ---- splice ------------------------------------------------------------------------------- */

struct cut { int64_t len, start, del; const val *items; uint32_t nitems; };

/* The removed elements as a new array. */
static val take_out(struct vm *vm, struct obj *o, const struct cut *c)
{
	struct array_out out;
	struct arr *src;

	if (array_out_begin(vm, &out, o, c->del, c->del) < 0)
		return V_EXC;
	src = array_simple(vm, v_cell(o));
	if (out.own != NULL && src != NULL && c->start + c->del <= src->len.v) {
		if (c->del != 0 && array_out_words(vm, &out, 0, src->elem.v + c->start, (uint32_t)c->del) < 0)
			return V_EXC;
		return v_cell(out.o);
	}
	for (int64_t i = 0; i < c->del; i++) {
		val v;
		int has = array_elem(vm, o, c->start + i, &v);

		if (has < 0 || VM_TICK(vm, 4) || (has && array_out_put(vm, &out, i, v) < 0))
			return V_EXC;
	}
	return array_out_end(vm, &out, c->del);
}

static int splice_open(struct vm *vm, struct arr *r, const struct cut *c)
{
	uint32_t start = (uint32_t)c->start, del = (uint32_t)c->del, tail = r->len.v - start - del, n = c->nitems;

	if (VM_TICK(vm, tail / 64) || (n > del && make_room(vm, r, n - del) < 0))
		return -1;
	move(vm, r, start + n, start + del, tail);
	put_words(vm, r, start, c->items, n);
	if (n < del)
		shorten(vm, r, r->len.v - (del - n));
	else
		VSET(vm, r->len, r->len.v + (n - del));
	return 0;
}

static int splice_generic(struct vm *vm, struct obj *o, const struct cut *c)
{
	int64_t shift = (int64_t)c->nitems - c->del;

	if (shift < 0) {
		for (int64_t i = c->start; i < c->len - c->del; i++) {
			if (move_one(vm, o, i + c->del, i + c->nitems) < 0)
				return -1;
		}
		for (int64_t i = c->len; i > c->len + shift; i--) {
			if (VM_TICK(vm, 8) || array_delete(vm, o, i - 1) < 0)
				return -1;
		}
	} else if (shift > 0) {
		for (int64_t i = c->len - c->del; i > c->start; i--) {
			if (move_one(vm, o, i + c->del - 1, i + c->nitems - 1) < 0)
				return -1;
		}
	}
	for (uint32_t i = 0; i < c->nitems; i++) {
		if (obj_put_i64(vm, o, c->start + i, c->items[i]) < 0)
			return -1;
	}
	return array_put_length(vm, o, c->len + shift);
}

val array_splice(struct vm *vm, val *a, uint32_t argc)
{
	struct cut c = { 0 };
	struct obj *o = array_this(vm, a[0], &c.len);
	struct arr *r;
	val removed;
	int open;

	if (o == NULL || to_rel_index(vm, ARG(0), c.len, 0, &c.start) < 0)
		return V_EXC;
	if (argc == 1) {
		c.del = c.len - c.start;
	} else if (argc >= 2) {
		double d;

		if (to_integer_or_inf(vm, a[2], &d) < 0)
			return V_EXC;
		c.del = d <= 0 ? 0 : d >= (double)(c.len - c.start) ? c.len - c.start : (int64_t)d;
		c.items = a + 3;
		c.nitems = argc - 2;
	}
	if (c.len + c.nitems - c.del > LENGTH_MAX)
		return too_long(vm);
	removed = take_out(vm, o, &c);
	if (removed == V_EXC)
		return V_EXC;
	open = array_open(vm, v_cell(o), &r);
	if (open < 0)
		return V_EXC;
	if (open && r->len.v == c.len && c.len + c.nitems <= INT32_MAX / 2)
		return splice_open(vm, r, &c) < 0 ? V_EXC : removed;
	return splice_generic(vm, o, &c) < 0 ? V_EXC : removed;
}

/* ---- reverse ----------------------------------------------------------------------------------- */

static void reverse_words(struct vm *vm, struct arr *r)
{
	uint32_t n = r->len.v;
	val *p = (val *)(void *)r->elem.v;

	if (n < 2)
		return;
	heap_wb_range(&vm->heap, p, n * sizeof(val));
	for (uint32_t i = 0, j = n - 1; i < j; i++, j--) {
		val v = p[i];

		p[i] = p[j];
		p[j] = v;
	}
}

static int reverse_pair(struct vm *vm, struct obj *o, int64_t lo, int64_t hi)
{
	val low, high;
	int has_low = array_elem(vm, o, lo, &low), has_high;

	if (has_low < 0 || VM_TICK(vm, 8))
		return -1;
	has_high = array_elem(vm, o, hi, &high);
	if (has_high < 0)
		return -1;
	if (has_high && obj_put_i64(vm, o, lo, high) < 0)
		return -1;
	if (has_low && !has_high && array_delete(vm, o, lo) < 0)
		return -1;
	if (has_low)
		return obj_put_i64(vm, o, hi, low);
	return has_high ? array_delete(vm, o, hi) : 0;
}

val array_reverse(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct obj *o;
	struct arr *r;
	int open = array_open(vm, a[0], &r);

	(void)argc;
	if (open < 0)
		return V_EXC;
	if (open) {
		if (VM_TICK(vm, r->len.v / 32))
			return V_EXC;
		reverse_words(vm, r);
		return a[0];
	}
	o = array_this(vm, a[0], &len);
	if (o == NULL)
		return V_EXC;
	for (int64_t lo = 0; lo < len / 2; lo++) {
		if (reverse_pair(vm, o, lo, len - 1 - lo) < 0)
			return V_EXC;
	}
	return v_cell(o);
}

/* ---- fill, copyWithin ------------------------------------------------------------------------------ */

/* Fills an open array; when all of it is filled it has no holes left. */
static void fill_words(struct vm *vm, struct arr *r, uint32_t from, uint32_t to, val v)
{
	val *p = (val *)(void *)r->elem.v;

	if (from >= to)
		return;
	heap_wb_range(&vm->heap, p + from, (to - from) * sizeof(val));
	for (uint32_t i = from; i < to; i++)
		p[i] = v;
	if (from == 0 && to == r->len.v)
		VSET(vm, r->h.flags, r->h.flags.v & ~CF_HAS_HOLES);
}

/* Gives `new Array(n)` of a large n its store, so that it can be filled as words. */
static int densify(struct vm *vm, struct obj *o)
{
	struct arr *r = (struct arr *)(void *)o;

	if (o->h.kind != KIND_ARRAY || (o->h.flags.v & (CF_FROZEN_EL | CF_EXTENSIBLE)) != CF_EXTENSIBLE ||
	    r->cap.v >= r->len.v || r->len.v > 1u << 25 || (o->ext.v != NULL && o->ext.v->sparse.v != NULL))
		return 0;
	return arr_reserve(vm, r, r->len.v);
}

val array_fill(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, from, to;
	struct obj *o = array_this(vm, a[0], &len);
	struct arr *r;
	int open;

	if (o == NULL || to_rel_index(vm, ARG(1), len, 0, &from) < 0 || to_rel_index(vm, ARG(2), len, len, &to) < 0)
		return V_EXC;
	if (from == 0 && to == len && densify(vm, o) < 0)
		return V_EXC;
	open = array_open(vm, v_cell(o), &r);
	if (open < 0)
		return V_EXC;
	if (open && to <= r->len.v) {
		if (to > from && VM_TICK(vm, (to - from) / 32))
			return V_EXC;
		fill_words(vm, r, (uint32_t)from, (uint32_t)to, ARG(0));
		return v_cell(o);
	}
	for (; from < to; from++) {
		if (VM_TICK(vm, 8) || obj_put_i64(vm, o, from, ARG(0)) < 0)
			return V_EXC;
	}
	return v_cell(o);
}

val array_copy_within(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, to, from, end, n;
	struct obj *o = array_this(vm, a[0], &len);
	struct arr *r;
	int open, step = 1;

	if (o == NULL || to_rel_index(vm, ARG(0), len, 0, &to) < 0 || to_rel_index(vm, ARG(1), len, 0, &from) < 0 ||
	    to_rel_index(vm, ARG(2), len, len, &end) < 0)
		return V_EXC;
	n = end - from < len - to ? end - from : len - to;
	if (n <= 0)
		return v_cell(o);
	open = array_open(vm, v_cell(o), &r);
	if (open < 0)
		return V_EXC;
	if (open && from + n <= r->len.v && to + n <= r->len.v) {
		if (VM_TICK(vm, n / 64))
			return V_EXC;
		move(vm, r, (uint32_t)to, (uint32_t)from, (uint32_t)n);
		return v_cell(o);
	}
	if (from < to && to < from + n) {
		step = -1;
		from += n - 1;
		to += n - 1;
	}
	for (; n > 0; n--, from += step, to += step) {
		if (move_one(vm, o, from, to) < 0)
			return V_EXC;
	}
	return v_cell(o);
}
