/* array_callbacks.c: the methods of Array.prototype that call a function for each
 * element, and flat, which shares the flattening of flatMap. The callback may
 * change the array at will: every element is looked up anew (array_elem). */
#include "engine/builtins/array.h"
#include "engine/vm/calls.h"

struct loop { struct obj *o; int64_t len; struct calls calls; };

static int begin(struct vm *vm, val *a, uint32_t argc, struct loop *l)
{
	l->o = array_this(vm, a[0], &l->len);
	if (l->o == NULL || array_callable(vm, ARG(0)) < 0)
		return -1;
	calls_begin(vm, &l->calls, ARG(0), ARG(1), 3);
	return 0;
}

static inline val call(struct vm *vm, const struct loop *l, val v, int64_t i)
{
	l->calls.args[0] = v;
	l->calls.args[1] = v_i64(i);
	l->calls.args[2] = v_cell(l->o);
	return calls_go(vm, &l->calls);
}

/* ---- every, some, forEach -------------------------------------------------------------- */

enum until { UNTIL_TRUE, UNTIL_FALSE, UNTIL_END };

/* 1: an answer ended the loop, 0: all elements seen, -1. */
static int each(struct vm *vm, val *a, uint32_t argc, enum until until)
{
	struct loop l;

	if (begin(vm, a, argc, &l) < 0)
		return -1;
	for (int64_t i = 0; i < l.len; i++) {
		val v, r;
		int has = array_elem(vm, l.o, i, &v);

		if (unlikely(has < 0) || VM_TICK(vm, 2))
			return -1;
		if (has == 0)
			continue;
		r = call(vm, &l, v, i);
		if (unlikely(r == V_EXC))
			return -1;
		if (until != UNTIL_END && to_boolean(r) == (until == UNTIL_TRUE))
			return 1;
	}
	return 0;
}

val array_every(struct vm *vm, val *a, uint32_t argc)
{
	int r = each(vm, a, argc, UNTIL_FALSE);

	return r < 0 ? V_EXC : v_bool(r == 0);
}

val array_some(struct vm *vm, val *a, uint32_t argc)
{
	int r = each(vm, a, argc, UNTIL_TRUE);

	return r < 0 ? V_EXC : v_bool(r == 1);
}

val array_for_each(struct vm *vm, val *a, uint32_t argc)
{
	return each(vm, a, argc, UNTIL_END) < 0 ? V_EXC : V_UNDEF;
}

/* ---- map, filter --------------------------------------------------------------------------- */

val array_map(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	struct loop l;

	if (begin(vm, a, argc, &l) < 0 || array_out_begin(vm, &out, l.o, l.len, l.len) < 0)
		return V_EXC;
	for (int64_t i = 0; i < l.len; i++) {
		val v;
		int has = array_elem(vm, l.o, i, &v);

		if (unlikely(has < 0) || VM_TICK(vm, 2))
			return V_EXC;
		if (has == 0)
			continue;
		v = call(vm, &l, v, i);
		if (unlikely(v == V_EXC) || unlikely(array_out_put(vm, &out, i, v) < 0))
			return V_EXC;
	}
	/* A species' result is left as it is; ours was created with this length. */
	return out.own != NULL ? array_out_end(vm, &out, l.len) : v_cell(out.o);
}

val array_filter(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	struct loop l;
	int64_t to = 0;

	if (begin(vm, a, argc, &l) < 0 || array_out_begin(vm, &out, l.o, 0, 0) < 0)
		return V_EXC;
	for (int64_t i = 0; i < l.len; i++) {
		val v, keep;
		int has = array_elem(vm, l.o, i, &v);

		if (unlikely(has < 0) || VM_TICK(vm, 2))
			return V_EXC;
		if (has == 0)
			continue;
		keep = call(vm, &l, v, i);
		if (unlikely(keep == V_EXC))
			return V_EXC;
		if (to_boolean(keep) && unlikely(array_out_put(vm, &out, to++, v) < 0))
			return V_EXC;
	}
	return v_cell(out.o);
}

/* ---- find… (holes count as undefined) -------------------------------------------------------- */

/* 1: found, *at and *v set; 0: nowhere; -1. */
static int find(struct vm *vm, val *a, uint32_t argc, bool last, int64_t *at, val *v)
{
	struct loop l;

	if (begin(vm, a, argc, &l) < 0)
		return -1;
	for (int64_t n = 0; n < l.len; n++) {
		int64_t i = last ? l.len - 1 - n : n;
		val r;

		*v = array_get(vm, l.o, i);
		if (unlikely(*v == V_EXC) || VM_TICK(vm, 2))
			return -1;
		r = call(vm, &l, *v, i);
		if (unlikely(r == V_EXC))
			return -1;
		if (to_boolean(r)) {
			*at = i;
			return 1;
		}
	}
	return 0;
}

static val find_value(struct vm *vm, val *a, uint32_t argc, bool last)
{
	int64_t at;
	val v;
	int r = find(vm, a, argc, last, &at, &v);

	return r < 0 ? V_EXC : r ? v : V_UNDEF;
}

static val find_at(struct vm *vm, val *a, uint32_t argc, bool last)
{
	int64_t at;
	val v;
	int r = find(vm, a, argc, last, &at, &v);

	return r < 0 ? V_EXC : r ? v_i64(at) : v_int(-1);
}

val array_find(struct vm *vm, val *a, uint32_t argc) { return find_value(vm, a, argc, false); }
val array_find_last(struct vm *vm, val *a, uint32_t argc) { return find_value(vm, a, argc, true); }
val array_find_index(struct vm *vm, val *a, uint32_t argc) { return find_at(vm, a, argc, false); }
val array_find_last_index(struct vm *vm, val *a, uint32_t argc) { return find_at(vm, a, argc, true); }

/* ---- reduce -------------------------------------------------------------------------------------- */

static val reduce(struct vm *vm, val *a, uint32_t argc, bool right)
{
	val acc = argc >= 2 ? a[2] : V_HOLE;
	struct calls c;
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL || array_callable(vm, ARG(0)) < 0)
		return V_EXC;
	calls_begin(vm, &c, ARG(0), V_UNDEF, 4);
	for (int64_t n = 0; n < len; n++) {
		int64_t i = right ? len - 1 - n : n;
		val v;
		int has = array_elem(vm, o, i, &v);

		if (unlikely(has < 0) || VM_TICK(vm, 2))
			return V_EXC;
		if (has == 0)
			continue;
		if (acc == V_HOLE) {
			acc = v;
			continue;
		}
		c.args[0] = acc;
		c.args[1] = v;
		c.args[2] = v_i64(i);
		c.args[3] = v_cell(o);
		acc = calls_go(vm, &c);
		if (unlikely(acc == V_EXC))
			return V_EXC;
	}
	if (acc == V_HOLE)
		return throw_type(vm, "Reduce of empty array with no initial value");
	return acc;
}

val array_reduce(struct vm *vm, val *a, uint32_t argc) { return reduce(vm, a, argc, false); }
val array_reduce_right(struct vm *vm, val *a, uint32_t argc) { return reduce(vm, a, argc, true); }

/* ---- flat, flatMap (23.1.3.13.1 FlattenIntoArray) -------------------------------------------------- */

/* Elements of src go to out from index `to` on; mapper NULL or the loop whose
 * function is applied to the elements of this level. The new end, or -1. */
static int64_t flatten(struct vm *vm, struct array_out *out, int64_t to, struct obj *src, int64_t len,
                       double depth, const struct loop *mapper)
{
	if (VM_RECURSION(vm))
		return -1;
	for (int64_t i = 0; i < len; i++) {
		val v;
		int has = array_elem(vm, src, i, &v), inner = 0;
		int64_t n;

		if (unlikely(has < 0) || VM_TICK(vm, 2))
			return -1;
		if (has == 0)
			continue;
		if (mapper != NULL && (v = call(vm, mapper, v, i)) == V_EXC)
			return -1;
		if (depth > 0 && v_iscell(v))
			inner = arr_is_array(vm, v);
		if (inner < 0)
			return -1;
		if (inner) {
			struct obj *o = array_this(vm, v, &n);

			to = o == NULL ? -1 : flatten(vm, out, to, o, n, depth - 1, NULL);
			if (to < 0)
				return -1;
		} else if (to >= LENGTH_MAX) {
			throw_type(vm, "Array is too long to be flattened");
			return -1;
		} else if (array_out_put(vm, out, to++, v) < 0) {
			return -1;
		}
	}
	return to;
}

val array_flat(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	double depth = 1;
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL || (!v_isundef(ARG(0)) && to_integer_or_inf(vm, ARG(0), &depth) < 0) ||
	    array_out_begin(vm, &out, o, 0, 0) < 0)
		return V_EXC;
	return flatten(vm, &out, 0, o, len, depth, NULL) < 0 ? V_EXC : v_cell(out.o);
}

val array_flat_map(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	struct loop l;

	if (begin(vm, a, argc, &l) < 0 || array_out_begin(vm, &out, l.o, 0, 0) < 0)
		return V_EXC;
	return flatten(vm, &out, 0, l.o, l.len, 1, &l) < 0 ? V_EXC : v_cell(out.o);
}
