/* array_async.c: Array.fromAsync (ECMA-262 2026, 23.1.2.2): a native loop whose
 * state is a heap cell and which goes on in jobs. Called through its row in
 * array.c. */
#include "engine/builtins/array.h"
#include "engine/vm/promise.h"

enum phase { WAIT_RESULT /* of next() */, WAIT_ITEM /* of an array-like */, WAIT_MAPPED, WAIT_CLOSED };

/* KIND_LIST: all words are looked at. */
struct from_async {
	struct cell h;
	HF(uint64_t) phase;
	hval promise;                 /* the result */
	hval array;                   /* what is being filled */
	hval iter, next;              /* iter undefined: items is array-like */
	hval items;
	hval mapfn, this_arg;         /* mapfn undefined: none */
	hval error;                   /* WAIT_CLOSED: the reason to reject with */
	HF(int64_t) k;
	HF(int64_t) len;
};

static int go_on(struct vm *vm, struct from_async *s, val v, bool rejected);

static int awaited(struct vm *vm, struct job *j)
{
	return go_on(vm, (struct from_async *)(void *)v_tocell(j->a[0].v), j->value.v, j->rejected.v != 0);
}

static int wait_for(struct vm *vm, struct from_async *s, enum phase phase, val v)
{
	val p = promise_of(vm, v);
	struct job *j;

	VSET(vm, s->phase, phase);
	if (p == V_EXC)
		return vm->term ? -1 : go_on(vm, s, exc_take(vm), true);
	j = job_new(vm, awaited);
	HINIT(j->a[0], v_cell(s));
	promise_react(vm, p, j);
	return 0;
}

static int fail(struct vm *vm, struct from_async *s) { return promise_reject_exc(vm, s->promise.v); }

/* IfAbruptCloseAsyncIterator: rejects with the pending exception after closing. */
static int close_and_fail(struct vm *vm, struct from_async *s)
{
	val m, r = V_UNDEF;

	if (v_isundef(s->iter.v) || vm->term)
		return fail(vm, s);
	VSET(vm, s->error, exc_take(vm));
	m = obj_get_method(vm, s->iter.v, A_return_);
	if (m != V_EXC && !v_isundef(m))
		r = vm_call(vm, m, s->iter.v, 0, NULL);
	if (m != V_EXC && r != V_EXC && !v_isundef(m))
		return wait_for(vm, s, WAIT_CLOSED, r);
	if (vm->term)
		return -1;
	vm->exc = V_HOLE;               /* errors of closing give way */
	promise_reject_with(vm, s->promise.v, s->error.v);
	return 0;
}

static int finish(struct vm *vm, struct from_async *s)
{
	if (obj_put(vm, v_toobj(s->array.v), A_length, v_i64(s->k.v)) < 0)
		return fail(vm, s);
	return promise_resolve_with(vm, s->promise.v, s->array.v);
}

static int next_item(struct vm *vm, struct from_async *s)
{
	bool like = v_isundef(s->iter.v);
	val v;

	if (like && s->k.v >= s->len.v)
		return finish(vm, s);
	v = like ? obj_get_i64(vm, v_toobj(s->items.v), s->k.v) : vm_call(vm, s->next.v, s->iter.v, 0, NULL);
	if (v == V_EXC)
		return fail(vm, s);
	return wait_for(vm, s, like ? WAIT_ITEM : WAIT_RESULT, v);
}

static int store(struct vm *vm, struct from_async *s, val v)
{
	if (obj_create_data_throw(vm, v_toobj(s->array.v), key_of_i64(vm, s->k.v), v) < 0)
		return close_and_fail(vm, s);
	VSET(vm, s->k, s->k.v + 1);
	return next_item(vm, s);
}

static int take_item(struct vm *vm, struct from_async *s, val v)
{
	if (v_isundef(s->mapfn.v))
		return store(vm, s, v);
	v = call_2(vm, s->mapfn.v, s->this_arg.v, v, v_i64(s->k.v));
	return v == V_EXC ? close_and_fail(vm, s) : wait_for(vm, s, WAIT_MAPPED, v);
}

static int take_result(struct vm *vm, struct from_async *s, val res)
{
	val v;

	if (!v_isobj(res)) {
		throw_type(vm, "Iterator result %s is not an object", val_for_message(vm, res));
		return fail(vm, s);
	}
	v = obj_get(vm, v_toobj(res), A_done);
	if (v == V_EXC)
		return fail(vm, s);
	if (to_boolean(v))
		return finish(vm, s);
	v = obj_get(vm, v_toobj(res), A_value);
	return v == V_EXC ? fail(vm, s) : take_item(vm, s, v);
}

static int go_on(struct vm *vm, struct from_async *s, val v, bool rejected)
{
	switch ((enum phase)s->phase.v) {
	case WAIT_RESULT:
	case WAIT_ITEM:
		if (!rejected)
			return s->phase.v == WAIT_ITEM ? take_item(vm, s, v) : take_result(vm, s, v);
		promise_reject_with(vm, s->promise.v, v);
		return 0;
	case WAIT_MAPPED:
		if (!rejected)
			return store(vm, s, v);
		throw_val(vm, v);
		return close_and_fail(vm, s);
	default:
		promise_reject_with(vm, s->promise.v, s->error.v);
		return 0;
	}
}

/* The iterator of items, if there is one. 0 or -1. */
static int open_items(struct vm *vm, struct from_async *s, val items)
{
	val m = obj_get_method(vm, items, A_sym_async_iterator), r[3];
	bool sync = v_isundef(m);

	if (sync)
		m = obj_get_method(vm, items, A_sym_iterator);
	if (m == V_EXC)
		return -1;
	if (v_isundef(m))
		return 0;
	if (iter_open_method(vm, items, m, r) < 0)
		return -1;
	if (sync) {
		r[0] = vm->async_from_sync_fn(vm, r[0], r[1]);
		r[1] = obj_get(vm, v_toobj(r[0]), A_next);
		if (r[1] == V_EXC)
			return -1;
	}
	VSET(vm, s->iter, r[0]);
	VSET(vm, s->next, r[1]);
	return 0;
}

static int begin(struct vm *vm, struct from_async *s, val ctor, val items)
{
	val a, len;
	int64_t n = 0;

	if (!v_isundef(s->mapfn.v) && !func_is_callable(s->mapfn.v)) {
		throw_type(vm, "%s is not a function", val_for_message(vm, s->mapfn.v));
		return -1;
	}
	if (v_isnullish(items)) {
		throw_type(vm, "%s is not iterable", val_for_message(vm, items));
		return -1;
	}
	if (open_items(vm, s, items) < 0)
		return -1;
	if (v_isundef(s->iter.v)) {
		items = to_object(vm, items);
		if (items == V_EXC || obj_length(vm, v_toobj(items), &n) < 0)
			return -1;
		VSET(vm, s->items, items);
		VSET(vm, s->len, n);
	}
	len = v_i64(n);
	if (func_is_ctor(vm, ctor)) {
		a = vm_construct(vm, ctor, ctor, v_isundef(s->iter.v), &len);
	} else {
		struct arr *arr = arr_new(vm, 0);

		a = n > UINT32_MAX ? throw_range(vm, "Invalid array length") : arr == NULL ? V_EXC : v_cell(arr);
	}
	if (a == V_EXC)
		return -1;
	VSET(vm, s->array, a);
	return 0;
}

val array_from_async(struct vm *vm, val *a, uint32_t argc)
{
	val p = promise_new(vm);
	struct from_async *s = heap_alloc(&vm->heap, sizeof *s, (sizeof *s - sizeof(struct cell)) / 8, KIND_LIST, 0);

	HINIT(s->phase, WAIT_RESULT);
	HINIT(s->promise, p);
	HINIT(s->array, V_UNDEF);
	HINIT(s->iter, V_UNDEF);
	HINIT(s->next, V_UNDEF);
	HINIT(s->items, V_UNDEF);
	HINIT(s->mapfn, ARG(1));
	HINIT(s->this_arg, ARG(2));
	HINIT(s->error, V_UNDEF);
	HINIT(s->k, 0);
	HINIT(s->len, 0);
	if ((begin(vm, s, a[0], ARG(0)) < 0 ? fail(vm, s) : next_item(vm, s)) < 0)
		return V_EXC;
	return p;
}
