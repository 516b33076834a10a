/* async.c: the objects of async code: %AsyncFunction% (ECMA-262 27.7),
 * %AsyncGeneratorFunction% and %AsyncGeneratorPrototype% (27.4, 27.6),
 * %AsyncIteratorPrototype% and %AsyncFromSyncIteratorPrototype% (27.1.3, 27.1.6).
 * Suspension itself is engine/vm/async.c. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/iterator.h"
#include "engine/vm/promise.h"

/* ---- %AsyncFromSyncIteratorPrototype% -------------------------------------------- */

/* Never seen by scripts. */
struct from_sync { struct iter_obj i; hval it, next; };

static val from_sync_new(struct vm *vm, val it, val next)
{
	struct from_sync *o = obj_new_kind(vm, obj_intr(vm, INTR_AsyncFromSyncIteratorPrototype), KIND_ITERATOR, sizeof *o);

	HINIT(o->i.type, ITER_ASYNC_FROM_SYNC);
	HINIT(o->it, it);
	HINIT(o->next, next);
	return v_cell(o);
}

/* a[0] promise, a[1] done, a[2] the iterator to close after a rejection or undefined. */
static int from_sync_awaited(struct vm *vm, struct job *j)
{
	if (!j->rejected.v)
		return promise_resolve_with(vm, j->a[0].v, obj_iter_result(vm, j->value.v, j->a[1].v == V_TRUE));
	if (!v_isundef(j->a[2].v)) {
		throw_val(vm, j->value.v);
		iter_fail(vm, j->a[2].v);
		return promise_reject_exc(vm, j->a[0].v);
	}
	promise_reject_with(vm, j->a[0].v, j->value.v);
	return 0;
}

static val reject_exc(struct vm *vm, val p) { return promise_reject_exc(vm, p) < 0 ? V_EXC : p; }

/* AsyncFromSyncIteratorContinuation (27.1.6.4) */
static val from_sync_continue(struct vm *vm, val p, val result, val it, bool close)
{
	val done, v, wrapper;
	struct job *j;

	if (!v_isobj(result)) {
		throw_type(vm, "Iterator result %s is not an object", val_for_message(vm, result));
		return reject_exc(vm, p);
	}
	done = obj_get(vm, v_toobj(result), A_done);
	if (done == V_EXC)
		return reject_exc(vm, p);
	done = v_bool(to_boolean(done));
	v = obj_get(vm, v_toobj(result), A_value);
	if (v == V_EXC)
		return reject_exc(vm, p);
	close = close && done == V_FALSE;
	wrapper = promise_of(vm, v);
	if (wrapper == V_EXC) {
		if (close)
			iter_fail(vm, it);
		return reject_exc(vm, p);
	}
	j = job_new(vm, from_sync_awaited);
	HINIT(j->a[0], p);
	HINIT(j->a[1], done);
	HINIT(j->a[2], close ? it : V_UNDEF);
	promise_react(vm, wrapper, j);
	return p;
}

static struct from_sync *this_from_sync(const val *a) { return (struct from_sync *)(void *)v_tocell(a[0]); }

static val from_sync_next(struct vm *vm, val *a, uint32_t argc)
{
	struct from_sync *o = this_from_sync(a);
	val p = promise_new(vm), r = vm_call(vm, o->next.v, o->it.v, argc ? 1 : 0, a + 1);

	return r == V_EXC ? reject_exc(vm, p) : from_sync_continue(vm, p, r, o->it.v, true);
}

static val from_sync_return(struct vm *vm, val *a, uint32_t argc)
{
	struct from_sync *o = this_from_sync(a);
	val p = promise_new(vm), m = obj_get_method(vm, o->it.v, A_return_), r;

	if (m == V_EXC)
		return reject_exc(vm, p);
	if (v_isundef(m))
		return promise_resolve_with(vm, p, obj_iter_result(vm, ARG(0), true)) < 0 ? V_EXC : p;
	r = vm_call(vm, m, o->it.v, argc ? 1 : 0, a + 1);
	return r == V_EXC ? reject_exc(vm, p) : from_sync_continue(vm, p, r, o->it.v, false);
}

static val from_sync_throw(struct vm *vm, val *a, uint32_t argc)
{
	struct from_sync *o = this_from_sync(a);
	val p = promise_new(vm), m = obj_get_method(vm, o->it.v, A_throw_), r;

	if (m == V_EXC)
		return reject_exc(vm, p);
	if (v_isundef(m)) {
		if (iter_close_obj(vm, o->it.v) == 0)
			throw_type(vm, "The iterator does not provide a 'throw' method");
		return reject_exc(vm, p);
	}
	r = vm_call(vm, m, o->it.v, argc ? 1 : 0, a + 1);
	return r == V_EXC ? reject_exc(vm, p) : from_sync_continue(vm, p, r, o->it.v, true);
}

static const struct row from_sync_rows[] = {
	NF_METHOD("next", 1, from_sync_next, EFF_MUT | EFF_CALLS, "27.1.6.2.1"),
	NF_METHOD("return", 1, from_sync_return, EFF_MUT | EFF_CALLS, "27.1.6.2.2"),
	NF_METHOD("throw", 1, from_sync_throw, EFF_MUT | EFF_CALLS, "27.1.6.2.3"),
};

/* ---- %AsyncIteratorPrototype% and async generators ------------------------------------ */

static val async_iterator_self(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return a[0];
}

static const struct row async_iterator_rows[] = {
	NF_METHOD_ATTR("@@asyncIterator", 0, async_iterator_self, ATTR_WC, EFF_NONE, "27.1.3.1"),
};

static val request_next(struct vm *vm, val *a, uint32_t argc)   { return async_generator_request(vm, a[0], ARG(0), RESUME_NEXT); }
static val request_return(struct vm *vm, val *a, uint32_t argc) { return async_generator_request(vm, a[0], ARG(0), RESUME_RETURN); }
static val request_throw(struct vm *vm, val *a, uint32_t argc)  { return async_generator_request(vm, a[0], ARG(0), RESUME_THROW); }

static const struct row generator_rows[] = {
	NF_METHOD("next", 1, request_next, EFF_MUT | EFF_CALLS, "27.6.1.2"),
	NF_METHOD("return", 1, request_return, EFF_MUT | EFF_CALLS, "27.6.1.3"),
	NF_METHOD("throw", 1, request_throw, EFF_MUT | EFF_CALLS, "27.6.1.4"),
	NF_TAG("AsyncGenerator"),
};

/* ---- constructors of functions ------------------------------------------------------- */

static const struct native_def function_def =
	{ "AsyncFunction", function_construct, 1, NF_CTOR, EFF_EVAL, 2, "27.7.1.1" };
static const struct native_def generator_function_def =
	{ "AsyncGeneratorFunction", function_construct, 1, NF_CTOR, EFF_EVAL, 3, "27.4.1.1" };

void builtin_async_init(struct vm *vm)
{
	struct obj *iter = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);
	struct obj *from = obj_new_inl(vm, iter, 0), *gen = obj_new_inl(vm, iter, 0), *fproto;

	vm->intr[INTR_AsyncIteratorPrototype] = v_cell(iter);
	vm->intr[INTR_AsyncFromSyncIteratorPrototype] = v_cell(from);
	vm->intr[INTR_AsyncGeneratorPrototype] = v_cell(gen);
	native_install(vm, iter, async_iterator_rows, ARRAY_LEN(async_iterator_rows));
	native_install(vm, from, from_sync_rows, ARRAY_LEN(from_sync_rows));
	native_install(vm, gen, generator_rows, ARRAY_LEN(generator_rows));
	function_kind(vm, &function_def, INTR_AsyncFunctionPrototype);
	fproto = function_kind(vm, &generator_function_def, INTR_AsyncGeneratorFunctionPrototype);
	obj_def(vm, fproto, A_prototype, v_cell(gen), ATTR_C);
	obj_def(vm, gen, A_constructor, v_cell(fproto), ATTR_C);
	vm->async_from_sync_fn = from_sync_new;
}
