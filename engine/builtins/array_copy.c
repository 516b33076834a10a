/* array_copy.c: what makes new arrays from old ones: Array.from, Array.of, concat,
 * slice, toReversed, toSpliced, with. Called through the tables of array.c. */
#include "engine/builtins/array.h"

/* ---- Array.from, Array.of (23.1.2.1, 23.1.2.4) ------------------------------------------- */

/* Begins the result of Array.from / Array.of, whose `this` is c: constructed with
 * argc 0 or 1 argument (the length len), or an Array. 0 or -1. */
static int begin_of(struct vm *vm, struct array_out *out, val c, uint32_t argc, int64_t len)
{
	val r, arg = v_i64(len);

	if (c == vm->intr[INTR_Array] || !func_is_ctor(vm, c))
		return array_out_begin(vm, out, NULL, len, len);
	r = vm_construct(vm, c, c, argc, &arg);
	if (r == V_EXC)
		return -1;
	out->own = NULL;
	out->o = v_toobj(r);
	return 0;
}

/* The mapping function of Array.from; fn V_HOLE: none. */
struct mapping { val fn, this_v; };

static inline val mapped(struct vm *vm, const struct mapping *m, val v, int64_t i)
{
	return m->fn == V_HOLE ? v : call_2(vm, m->fn, m->this_v, v, v_i64(i));
}

static val from_iterable(struct vm *vm, val c, val items, val method, const struct mapping *m)
{
	struct array_out out;
	val r[3], v;
	int64_t i;

	if (begin_of(vm, &out, c, 0, 0) < 0)
		return V_EXC;
	if (iter_array_fast(vm, items)) {   /* nobody can tell that no iterator was made */
		r[0] = items;
		r[1] = v_int(0);
		r[2] = V_HOLE;
		if (m->fn == V_HOLE && out.own != NULL && arr_is_dense(v_toarr(items)))
			return arr_from(vm, (const val *)(const void *)v_toarr(items)->elem.v, v_toarr(items)->len.v);
	} else if (iter_open_method(vm, items, method, r) < 0) {
		return V_EXC;
	}
	for (i = 0;; i++) {
		int more = iter_next(vm, r, &v);

		if (more == 0)
			return array_out_end(vm, &out, i);
		if (more < 0 || VM_TICK(vm, 2))
			return V_EXC;
		v = mapped(vm, m, v, i);
		if (v == V_EXC || array_out_put(vm, &out, i, v) < 0) {
			iter_close_quiet(vm, r);
			return V_EXC;
		}
	}
}

static val from_array_like(struct vm *vm, val c, val items, const struct mapping *m)
{
	struct array_out out;
	int64_t len;
	struct obj *o = array_this(vm, items, &len);

	if (o == NULL || begin_of(vm, &out, c, 1, len) < 0)
		return V_EXC;
	for (int64_t i = 0; i < len; i++) {
		val v = array_get(vm, o, i);

		if (v == V_EXC || VM_TICK(vm, 2))
			return V_EXC;
		v = mapped(vm, m, v, i);
		if (v == V_EXC || array_out_put(vm, &out, i, v) < 0)
			return V_EXC;
	}
	return array_out_end(vm, &out, len);
}

val array_from(struct vm *vm, val *a, uint32_t argc)
{
	struct mapping m = { V_HOLE, ARG(2) };
	val method;

	if (!v_isundef(ARG(1))) {
		if (array_callable(vm, ARG(1)) < 0)
			return V_EXC;
		m.fn = ARG(1);
	}
	method = obj_get_method(vm, ARG(0), A_sym_iterator);
	if (method == V_EXC)
		return V_EXC;
	return v_isundef(method) ? from_array_like(vm, a[0], ARG(0), &m) : from_iterable(vm, a[0], ARG(0), method, &m);
}

val array_of(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;

	if (begin_of(vm, &out, a[0], 1, argc) < 0)
		return V_EXC;
	for (uint32_t i = 0; i < argc; i++) {
		if (array_out_put(vm, &out, i, a[i + 1]) < 0)
			return V_EXC;
	}
	return array_out_end(vm, &out, argc);
}

/* ---- concat, slice --------------------------------------------------------------------------- */

/* IsConcatSpreadable (23.1.3.2.1): 1/0/-1. */
static int is_spreadable(struct vm *vm, val v)
{
	val s;

	if (!v_isobj(v))
		return 0;
	s = obj_get(vm, v_toobj(v), A_sym_is_concat_spreadable);
	if (s == V_EXC)
		return -1;
	return v_isundef(s) ? arr_is_array(vm, v) : to_boolean(s);
}

/* Elements [from, to) of o, holes left out, to the result at index `at`. 0 or -1. */
static int append(struct vm *vm, struct array_out *out, int64_t at, struct obj *o, int64_t from, int64_t to)
{
	struct arr *r = array_simple(vm, v_cell(o));

	if (from >= to)
		return 0;
	if (out->own != NULL && r != NULL && to <= r->len.v)
		return array_out_words(vm, out, at, r->elem.v + from, (uint32_t)(to - from));
	for (int64_t i = from; i < to; i++) {
		val v;
		int has = array_elem(vm, o, i, &v);

		if (has < 0 || VM_TICK(vm, 4) || (has && array_out_put(vm, out, at + (i - from), v) < 0))
			return -1;
	}
	return 0;
}

val array_concat(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, a[0]);
	struct array_out out;
	int64_t n = 0, len;

	if (o == V_EXC || array_out_begin(vm, &out, v_toobj(o), 0, argc) < 0)
		return V_EXC;
	for (uint32_t k = 0; k <= argc; k++) {
		val item = k == 0 ? o : a[k];
		int spread = is_spreadable(vm, item);

		if (spread < 0 || (spread && array_this(vm, item, &len) == NULL))
			return V_EXC;
		if (!spread)
			len = 1;
		if (n + len > LENGTH_MAX)
			return throw_type(vm, "Concatenated array is too long");
		if (spread ? append(vm, &out, n, v_toobj(item), 0, len) < 0 : array_out_put(vm, &out, n, item) < 0)
			return V_EXC;
		n += len;
	}
	return array_out_end(vm, &out, n);
}

val array_slice(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	int64_t len, from, to, n;
	struct obj *o = array_this(vm, a[0], &len);
	struct arr *r;

	if (o == NULL || to_rel_index(vm, ARG(0), len, 0, &from) < 0 || to_rel_index(vm, ARG(1), len, len, &to) < 0)
		return V_EXC;
	n = to > from ? to - from : 0;
	if (array_species_default(vm, o)) {
		r = array_simple(vm, v_cell(o));
		if (r != NULL && to <= r->len.v)
			return VM_TICK(vm, n / 16) ? V_EXC : array_of_words(vm, r->elem.v + from, (uint32_t)n);
	}
	if (array_out_begin(vm, &out, o, n, n) < 0 || append(vm, &out, 0, o, from, to) < 0)
		return V_EXC;
	return array_out_end(vm, &out, n);
}

/* ---- toReversed, toSpliced, with ------------------------------------------------------------------ */

/* Elements [from, to) of o, holes as undefined, to the result at index `at`. */
static int append_all(struct vm *vm, struct array_out *out, int64_t at, struct obj *o, int64_t from, int64_t to)
{
	/* An argument's valueOf may have made the array shorter than it was. */
	if (v_isarr(v_cell(o)) && arr_is_dense((struct arr *)(void *)o) && to <= v_toarr(v_cell(o))->len.v)
		return append(vm, out, at, o, from, to);
	for (int64_t i = from; i < to; i++) {
		val v = array_get(vm, o, i);

		if (v == V_EXC || VM_TICK(vm, 4) || array_out_put(vm, out, at + (i - from), v) < 0)
			return -1;
	}
	return 0;
}

val array_to_reversed(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);

	(void)argc;
	if (o == NULL || array_out_begin(vm, &out, NULL, len, len) < 0)
		return V_EXC;
	for (int64_t i = 0; i < len; i++) {
		val v = array_get(vm, o, len - 1 - i);

		if (v == V_EXC || VM_TICK(vm, 1) || array_out_put(vm, &out, i, v) < 0)
			return V_EXC;
	}
	return v_cell(out.o);
}

val array_to_spliced(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	int64_t len, start, skip = 0, items = argc > 2 ? argc - 2 : 0, n;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL || to_rel_index(vm, ARG(0), len, 0, &start) < 0)
		return V_EXC;
	if (argc == 1) {
		skip = len - start;
	} else if (argc >= 2) {
		double d;

		if (to_integer_or_inf(vm, a[2], &d) < 0)
			return V_EXC;
		skip = d <= 0 ? 0 : d >= (double)(len - start) ? len - start : (int64_t)d;
	}
	n = len + items - skip;
	if (n > LENGTH_MAX)
		return throw_type(vm, "Spliced array is too long");
	if (array_out_begin(vm, &out, NULL, n, n) < 0 || append_all(vm, &out, 0, o, 0, start) < 0)
		return V_EXC;
	for (int64_t i = 0; i < items; i++) {
		if (array_out_put(vm, &out, start + i, a[i + 3]) < 0)
			return V_EXC;
	}
	return append_all(vm, &out, start + items, o, start + skip, len) < 0 ? V_EXC : v_cell(out.o);
}

val array_with(struct vm *vm, val *a, uint32_t argc)
{
	struct array_out out;
	int64_t len, at;
	double d;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL || to_integer_or_inf(vm, ARG(0), &d) < 0)
		return V_EXC;
	if (d < 0)
		d += (double)len;
	if (d < 0 || d >= (double)len)
		return throw_range(vm, "Invalid index: %s", val_for_message(vm, ARG(0)));
	at = (int64_t)d;
	if (array_out_begin(vm, &out, NULL, len, len) < 0 || append_all(vm, &out, 0, o, 0, at) < 0 ||
	    array_out_put(vm, &out, at, ARG(1)) < 0 || append_all(vm, &out, at + 1, o, at + 1, len) < 0)
		return V_EXC;
	return v_cell(out.o);
}
