/* typedarray_callbacks.c: the methods of %TypedArray%.prototype that call a function
 * for each element. The callback may shrink or detach the buffer: every element is
 * looked up anew and is undefined when it is gone. */
#include "engine/builtins/typedarray.h"
#include "engine/vm/calls.h"

struct loop { struct typed *t; int64_t len; struct calls calls; };

static int begin(struct vm *vm, val *a, uint32_t argc, struct loop *l, const char *method)
{
	l->t = typedarray_validate(vm, a[0], method, &l->len);
	if (l->t == NULL || typedarray_callable(vm, ARG(0)) < 0)
		return -1;
	calls_begin(vm, &l->calls, ARG(0), ARG(1), 3);
	return 0;
}

static inline val call(struct vm *vm, const struct loop *l, val v, int64_t i)
{
	l->calls.args[0] = v;
	l->calls.args[1] = v_int((int32_t)i);
	l->calls.args[2] = v_cell(l->t);
	return calls_go(vm, &l->calls);
}

/* ---- every, some, forEach ----------------------------------------------------------------- */

enum until { UNTIL_TRUE, UNTIL_FALSE, UNTIL_END };

/* 1: an answer ended the loop, 0: all elements seen, -1. */
static int each(struct vm *vm, val *a, uint32_t argc, enum until until, const char *method)
{
	struct loop l;

	if (begin(vm, a, argc, &l, method) < 0)
		return -1;
	for (int64_t i = 0; i < l.len; i++) {
		val r;

		if (VM_TICK(vm, 2))
			return -1;
		r = call(vm, &l, typed_get(vm, l.t, (uint64_t)i), i);
		if (unlikely(r == V_EXC))
			return -1;
		if (until != UNTIL_END && to_boolean(r) == (until == UNTIL_TRUE))
			return 1;
	}
	return 0;
}

val typedarray_every(struct vm *vm, val *a, uint32_t argc)
{
	int r = each(vm, a, argc, UNTIL_FALSE, "every");

	return r < 0 ? V_EXC : v_bool(r == 0);
}

val typedarray_some(struct vm *vm, val *a, uint32_t argc)
{
	int r = each(vm, a, argc, UNTIL_TRUE, "some");

	return r < 0 ? V_EXC : v_bool(r == 1);
}

val typedarray_for_each(struct vm *vm, val *a, uint32_t argc)
{
	return each(vm, a, argc, UNTIL_END, "forEach") < 0 ? V_EXC : V_UNDEF;
}

/* ---- map, filter ------------------------------------------------------------------------------ */

val typedarray_map(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *out;
	struct loop l;
	val n;

	if (begin(vm, a, argc, &l, "map") < 0)
		return V_EXC;
	n = v_i64(l.len);
	out = typedarray_species(vm, l.t, 1, &n, l.len);
	if (out == NULL)
		return V_EXC;
	for (int64_t i = 0; i < l.len; i++) {
		val v;

		if (VM_TICK(vm, 2))
			return V_EXC;
		v = call(vm, &l, typed_get(vm, l.t, (uint64_t)i), i);
		if (unlikely(v == V_EXC) || typed_put(vm, out, (uint64_t)i, v) < 0)
			return V_EXC;
	}
	return v_cell(out);
}

val typedarray_filter(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *out;
	struct arr *kept;
	struct loop l;
	val n;

	if (begin(vm, a, argc, &l, "filter") < 0)
		return V_EXC;
	kept = arr_new(vm, 8);
	if (kept == NULL)
		return V_EXC;
	for (int64_t i = 0; i < l.len; i++) {
		val v = typed_get(vm, l.t, (uint64_t)i), keep;

		if (VM_TICK(vm, 2))
			return V_EXC;
		keep = call(vm, &l, v, i);
		if (unlikely(keep == V_EXC) || (to_boolean(keep) && arr_push(vm, kept, v) < 0))
			return V_EXC;
	}
	n = v_u32(kept->len.v);
	out = typedarray_species(vm, l.t, 1, &n, kept->len.v);
	if (out == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < kept->len.v; i++)
		if (VM_TICK(vm, 1) || typed_put(vm, out, i, kept->elem.v[i].v) < 0)
			return V_EXC;
	return v_cell(out);
}

/* ---- find… ---------------------------------------------------------------------------------------- */

/* 1: found, *at and *v set; 0: nowhere; -1. */
static int find(struct vm *vm, val *a, uint32_t argc, bool last, int64_t *at, val *v, const char *method)
{
	struct loop l;

	if (begin(vm, a, argc, &l, method) < 0)
		return -1;
	for (int64_t n = 0; n < l.len; n++) {
		val r;

		*at = last ? l.len - 1 - n : n;
		*v = typed_get(vm, l.t, (uint64_t)*at);
		if (VM_TICK(vm, 2))
			return -1;
		r = call(vm, &l, *v, *at);
		if (unlikely(r == V_EXC))
			return -1;
		if (to_boolean(r))
			return 1;
	}
	return 0;
}

static val find_value(struct vm *vm, val *a, uint32_t argc, bool last, const char *method)
{
	int64_t at;
	val v;
	int r = find(vm, a, argc, last, &at, &v, method);

	return r < 0 ? V_EXC : r ? v : V_UNDEF;
}

static val find_at(struct vm *vm, val *a, uint32_t argc, bool last, const char *method)
{
	int64_t at;
	val v;
	int r = find(vm, a, argc, last, &at, &v, method);

	return r < 0 ? V_EXC : r ? v_i64(at) : v_int(-1);
}

val typedarray_find(struct vm *vm, val *a, uint32_t argc) { return find_value(vm, a, argc, false, "find"); }
val typedarray_find_last(struct vm *vm, val *a, uint32_t argc) { return find_value(vm, a, argc, true, "findLast"); }
val typedarray_find_index(struct vm *vm, val *a, uint32_t argc) { return find_at(vm, a, argc, false, "findIndex"); }
val typedarray_find_last_index(struct vm *vm, val *a, uint32_t argc)
{
	return find_at(vm, a, argc, true, "findLastIndex");
}

/* ---- reduce ------------------------------------------------------------------------------------------- */

static val reduce(struct vm *vm, val *a, uint32_t argc, bool right, const char *method)
{
	struct loop l;
	int64_t n = 0;
	val acc;

	if (begin(vm, a, argc, &l, method) < 0)
		return V_EXC;
	if (argc >= 2) {
		acc = a[2];
	} else {
		if (l.len == 0)
			return throw_type(vm, "Reduce of empty typed array with no initial value");
		acc = typed_get(vm, l.t, right ? (uint64_t)l.len - 1 : 0);
		n = 1;
	}
	calls_begin(vm, &l.calls, ARG(0), V_UNDEF, 4);
	for (; n < l.len; n++) {
		int64_t i = right ? l.len - 1 - n : n;
		val v = typed_get(vm, l.t, (uint64_t)i);

		if (VM_TICK(vm, 2))
			return V_EXC;
		l.calls.args[0] = acc;
		l.calls.args[1] = v;
		l.calls.args[2] = v_int((int32_t)i);
		l.calls.args[3] = v_cell(l.t);
		acc = calls_go(vm, &l.calls);
		if (unlikely(acc == V_EXC))
			return V_EXC;
	}
	return acc;
}

val typedarray_reduce(struct vm *vm, val *a, uint32_t argc) { return reduce(vm, a, argc, false, "reduce"); }
val typedarray_reduce_right(struct vm *vm, val *a, uint32_t argc) { return reduce(vm, a, argc, true, "reduceRight"); }
