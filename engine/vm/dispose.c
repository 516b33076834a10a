/* dispose.c: disposal of resources, see dispose.h. Called by the interpreter for using
 * declarations and by engine/builtins/disposable.c.
 *
 * A list: element 0 an int, enum { NEEDS_AWAIT, HAS_AWAITED }, then value, method and
 * enum dispose_how of each resource in the order in which they were added. */
#include "engine/vm/dispose.h"

#include "engine/vm/ops.h"
#include "engine/vm/promise.h"

enum { NEEDS_AWAIT = 1, HAS_AWAITED = 2, ENTRY = 3 };

int dispose_add_method(struct vm *vm, val *list, val v, val method, unsigned how)
{
	struct arr *a;

	if (v_isundef(*list)) {
		a = arr_new(vm, 1 + ENTRY);
		if (a == NULL || arr_push(vm, a, v_int(0)) < 0)
			return -1;
		*list = v_cell(a);
	}
	a = v_toarr(*list);
	return arr_push(vm, a, v) < 0 || arr_push(vm, a, method) < 0 || arr_push(vm, a, v_int((int32_t)how)) < 0 ? -1 : 0;
}

int dispose_add(struct vm *vm, val *list, val v, bool async)
{
	unsigned how = async ? DISPOSE_ASYNC : DISPOSE_METHOD;
	val m = V_UNDEF;

	if (v_isnullish(v))               /* an asynchronous one waits all the same */
		return async ? dispose_add_method(vm, list, V_UNDEF, V_UNDEF, how) : 0;
	if (!v_isobj(v)) {
		throw_type(vm, "%s is not an object, which a disposable resource must be", val_for_message(vm, v));
		return -1;
	}
	if (async)
		m = obj_get_method(vm, v, A_sym_async_dispose);
	if (v_isundef(m)) {
		m = obj_get_method(vm, v, A_sym_dispose);
		how = async ? DISPOSE_ASYNC_BY_SYNC : DISPOSE_METHOD;
	}
	if (m == V_EXC)
		return -1;
	if (v_isundef(m)) {
		throw_type(vm, "%s has no method %s", val_for_message(vm, v),
			   async ? "[Symbol.asyncDispose] or [Symbol.dispose]" : "[Symbol.dispose]");
		return -1;
	}
	return dispose_add_method(vm, list, v, m, how);
}

void dispose_failed(struct vm *vm, val *error, val reason)
{
	struct obj *e;

	if (*error != V_HOLE) {
		e = error_new(vm, obj_intr(vm, INTR_SuppressedErrorPrototype), V_UNDEF);
		obj_def(vm, e, A_error, reason, ATTR_WC);
		obj_def(vm, e, A_suppressed, *error, ATTR_WC);
		reason = v_cell(e);
	}
	*error = reason;
}

static void set_state(struct vm *vm, struct arr *a, int state) { VSET(vm, a->elem.v[0], v_int(state)); }

/* Calls the method of a resource. 1: *await is to be awaited; 0: go on; -1: terminated. */
static int dispose_one(struct vm *vm, val v, val method, unsigned how, val *error, val *await)
{
	bool call = (how & DISPOSE_CALL) != 0;
	val r;

	how &= ~(unsigned)DISPOSE_CALL;
	r = vm_call(vm, method, call ? V_UNDEF : v, call ? 1 : 0, &v);
	if (r == V_EXC) {
		if (vm->term)
			return -1;
		if (how != DISPOSE_ASYNC_BY_SYNC) {
			dispose_failed(vm, error, exc_take(vm));
			return 0;
		}
		*await = promise_new(vm);     /* the error comes by way of a promise */
		return promise_reject_exc(vm, *await) < 0 ? -1 : 1;
	}
	*await = how == DISPOSE_ASYNC ? r : V_UNDEF;
	return how != DISPOSE_METHOD;
}

int dispose_step(struct vm *vm, val list, val *error, val *await)
{
	struct arr *a = v_toarr(list);

	if (v_isundef(list))
		return 0;
	for (;;) {
		int state = v_toint(a->elem.v[0].v), r;
		bool must_wait = state == NEEDS_AWAIT;
		uint32_t n = a->len.v;
		val v, m;
		unsigned how;

		if (VM_TICK(vm, 3))
			return -1;
		how = n == 1 ? DISPOSE_METHOD : (unsigned)v_toint(a->elem.v[n - 1].v);
		if (must_wait && (how & 3) == DISPOSE_METHOD) {
			set_state(vm, a, n == 1 ? HAS_AWAITED : 0);
			*await = V_UNDEF;
			return 1;
		}
		if (n == 1)
			return 0;
		v = a->elem.v[n - 3].v;
		m = a->elem.v[n - 2].v;
		arr_set_length(vm, a, n - ENTRY);
		if (v_isundef(m)) {
			set_state(vm, a, state | NEEDS_AWAIT);
			continue;
		}
		r = dispose_one(vm, v, m, how, error, await);
		if (r == 1)
			set_state(vm, a, state | HAS_AWAITED);
		if (r != 0)
			return r;
	}
}

SLOW_OP(USING)
{
	return op_status(dispose_add(vm, &R_a, R_b, W_C(*pc) != 0));
}

SLOW_OP(DISPOSE)
{
	val *r = &R_a, *b = &R_b;
	int more;

	if (v_toint(b[1]) == RESUME_THROW)
		dispose_failed(vm, &r[1], b[0]);
	more = dispose_step(vm, r[0], &r[1], b);
	if (more < 0)
		return V_EXC;
	if (more == 0 && r[1] != V_HOLE)
		return throw_val(vm, r[1]);
	return v_bool(more == 0);
}
