/* array_copy.c: what makes new arrays from old ones: Array.from, Array.of, concat,
 * slice, toReversed, toSpliced, with. */
#include "engine/builtins/array.h"

/* ---- Array.from, Array.of (23.1.2.1, 23.1.2.3) ------------------------------------------- */

/* `this` of Array.from / Array.of as a constructor: begins the result with the
 * arguments argv. 0 or -1. */
static int begin_of(struct vm *vm, struct array_out *out, val c, uint32_t argc, const val *argv, int64_t len)
{
	val r;

	if (c == vm->intr[INTR_Array] || !func_is_ctor(vm, c))
		return array_out_begin(vm, out, NULL, len, len);
	r = vm_construct(vm, c, c, argc, argv);
	if (r == V_EXC)
		return -1;
	out->own = NULL;
	out->o = v_toobj(r);
	return 0;
}

struct mapping { bool on; val fn, this_v; };

static val mapped(struct vm *vm, const struct mapping *m, val v, int64_t i)
{
	return m->on ? call_2(vm, m->fn, m->this_v, v, v_i64(i)) : v;
}

static val from_iterable(struct vm *vm, val c, val items, val method, const struct mapping *m)
{
	struct array_out out;
	val r[3], v;
	int more;

	if (begin_of(vm, &out, c, 0, NULL, 0) < 0)
		return V_EXC;
	/* An array that is iterated in the original way, into an array no one sees. */
	if (out.own != NULL && iter_array_fast(vm, items)) {
		r[0] = items;
		r[1] = v_int(0);
		r[2] = V_HOLE;
		if (!m->on && arr_is_dense(v_toarr(items)))
			return arr_from(vm, (const val *)(const void *)v_toarr(items)->elem.v, v_toarr(items)->len.v);
	} else if (iter_open_method(vm, items, method, r) < 0) {
		return V_EXC;
	}
	for (int64_t i = 0; (more = iter_next(vm, r, &v)) == 1; i++) {
		if (VM_TICK(vm, 2))
			return V_EXC;
		v = mapped(vm, m, v, i);
		if (v == V_EXC || array_out_put(vm, &out, i, v) < 0) {
			iter_close_quiet(vm, r);
			return V_EXC;
		}
		if (out.own == NULL)
			more = 1;
		if (i + 1 == LENGTH_MAX) {
			throw_type(vm, "Iterator has too many values");
			iter_close_quiet(vm, r);
			return V_EXC;
		}
		out_len_hint(&out);
	}
	return V_UNDEF;
}
