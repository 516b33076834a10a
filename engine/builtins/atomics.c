/* atomics.c: Atomics (ECMA-262 25.4). There is one agent and it may not block: every
 * operation is atomic as it is, wait throws, and who waits for notify are the agent's own
 * promises of waitAsync, in a list that ends with the request. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/typedarray.h"
#include "engine/object/bigint.h"
#include "engine/vm/promise.h"

/* 25.4.3.1 ValidateIntegerTypedArray. waitable: Int32Array and
 * BigInt64Array only. NULL: thrown. */
static struct typed *integers(struct vm *vm, val v, bool waitable)
{
	struct typed *t;

	if (!v_istyped(v)) {
		throw_type(vm, "%s is not an integer typed array", val_for_message(vm, v));
		return NULL;
	}
	t = v_totyped(v);
	if (typed_oob(vm, t)) {
		throw_type(vm, "Cannot perform an Atomics operation on a typed array that is detached or out of bounds");
		return NULL;
	}
	if (waitable ? t->type.v != TYPED_Int32 && t->type.v != TYPED_BigInt64
	             : typed_is_float(t->type.v) || t->type.v == TYPED_Uint8Clamped) {
		throw_type(vm, "%s is not %s", typed_name[t->type.v], waitable ? "an Int32Array or BigInt64Array" : "an integer typed array");
		return NULL;
	}
	return t;
}

static int out_of_range(struct vm *vm)
{
	throw_range(vm, "Invalid atomic access index");
	return -1;
}

/* 25.4.3.2, .3: the array and the index, or -1. */
static int access(struct vm *vm, val array, val index, bool waitable, struct typed **t, int64_t *i)
{
	uint64_t len;

	*t = integers(vm, array, waitable);
	if (*t == NULL)
		return -1;
	len = (*t)->len.v;
	if (to_index(vm, index, i) < 0)
		return -1;
	return (uint64_t)*i < len ? 0 : out_of_range(vm);
}

/* 25.4.3.4 RevalidateAtomicAccess, after conversions ran. */
static int again(struct vm *vm, struct typed *t, int64_t i)
{
	if (typed_oob(vm, t)) {
		throw_type(vm, "Cannot perform an Atomics operation on a typed array that is detached or out of bounds");
		return -1;
	}
	return (uint64_t)i < t->len.v ? 0 : out_of_range(vm);
}

/* ToIntegerOrInfinity, or ToBigInt for arrays of BigInts. */
static int integer(struct vm *vm, const struct typed *t, val v, val *out)
{
	double d;

	if (typed_is_big(t->type.v)) {
		*out = to_bigint(vm, v);
		return *out == V_EXC ? -1 : 0;
	}
	if (to_integer_or_inf(vm, v, &d) < 0)
		return -1;
	*out = v_num(d + 0.0);
	return 0;
}

/* ---- read, modify, write: magic says what ---------------------------------------------- */

enum rmw { RMW_ADD, RMW_AND, RMW_EXCHANGE, RMW_OR, RMW_SUB, RMW_XOR, RMW_STORE };

static uint64_t bits_of(val v)
{
	if (v_isbig(v))
		return big_to_u64(v);
	return (uint64_t)(int64_t)(v_isint(v) ? v_toint(v) : dbl_to_int32(v_todbl(v)));
}

static val rmw(struct vm *vm, val *a, uint32_t argc)
{
	enum rmw op = (enum rmw)nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
	struct typed *t;
	uint64_t x, y;
	int64_t i;
	val v, old;
	void *p;

	if (access(vm, ARG(0), ARG(1), false, &t, &i) < 0 || integer(vm, t, ARG(2), &v) < 0 || again(vm, t, i) < 0)
		return V_EXC;
	p = typed_at(t, (uint64_t)i);
	old = typed_load(vm, t->type.v, p);
	x = bits_of(old);
	y = bits_of(v);
	switch (op) {
	case RMW_ADD: x += y; break;
	case RMW_SUB: x -= y; break;
	case RMW_AND: x &= y; break;
	case RMW_OR: x |= y; break;
	case RMW_XOR: x ^= y; break;
	case RMW_EXCHANGE: case RMW_STORE: x = y; break;
	}
	heap_wb(&vm->heap, p);
	memcpy(p, &x, typed_size[t->type.v]);   /* little-endian: the low bytes */
	return op == RMW_STORE ? v : old;
}

static val compare_exchange(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t;
	uint8_t want[8];
	int64_t i;
	val expected, v, old;
	void *p;

	if (access(vm, ARG(0), ARG(1), false, &t, &i) < 0 || integer(vm, t, ARG(2), &expected) < 0 ||
	    integer(vm, t, ARG(3), &v) < 0 || again(vm, t, i) < 0)
		return V_EXC;
	p = typed_at(t, (uint64_t)i);
	old = typed_load(vm, t->type.v, p);
	typed_encode(t->type.v, want, expected);
	if (memcmp(p, want, typed_size[t->type.v]) == 0)
		typed_store(vm, t->type.v, p, v);
	return old;
}

static val load(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t;
	int64_t i;

	if (access(vm, ARG(0), ARG(1), false, &t, &i) < 0 || again(vm, t, i) < 0)
		return V_EXC;
	return typed_load(vm, t->type.v, typed_at(t, (uint64_t)i));
}

static val is_lock_free(struct vm *vm, val *a, uint32_t argc)
{
	double d;

	if (to_integer_or_inf(vm, ARG(0), &d) < 0)
		return V_EXC;
	return v_bool(d == 1 || d == 2 || d == 4 || d == 8);
}

/* ---- waiting ------------------------------------------------------------------------------ */

struct waiter {                   /* KIND_LIST: every word is looked at conservatively */
	struct cell h;
	HF(struct waiter *) next;
	HF(struct buffer *) buf;
	HF(uint64_t) at;              /* byte in it */
	hval promise;
};

/* Takes the waiter behind `before` (NULL: the first) out of the list. */
static void take_out(struct vm *vm, struct waiter *before, struct waiter *w)
{
	if (before)
		VSET(vm, before->next, w->next.v);
	else
		vm->waiters = w->next.v;
	if (vm->waiters_last == w)
		vm->waiters_last = before;
}

/* The time is over: data[0] is the waiter's cell. */
static val wait_over(struct vm *vm, val *a, uint32_t argc)
{
	struct waiter *w = (struct waiter *)(void *)v_tocell(((struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->data[0].v);
	struct waiter *before = NULL;

	(void)argc;
	for (struct waiter *p = vm->waiters; p; before = p, p = p->next.v) {
		if (VM_TICK(vm, 1))
			return V_EXC;
		if (p != w)
			continue;
		take_out(vm, before, w);
		return promise_resolve_with(vm, w->promise.v, str_cstr(vm, "timed-out")) < 0 ? V_EXC : V_UNDEF;
	}
	return V_UNDEF;
}

static const struct native_def wait_over_def = { "", wait_over, 0, 0, EFF_MUT, 0, "25.4.3.14" };

/* A promise that waits for a notify at byte `at` of the buffer, or V_EXC. */
static val waiter_new(struct vm *vm, struct buffer *b, uint64_t at, double timeout)
{
	val p = promise_new(vm);
	struct waiter *w = heap_alloc(&vm->heap, sizeof *w, (sizeof *w - sizeof(struct cell)) / 8, KIND_LIST, 0);
	struct nfunc *f;

	HINIT(w->next, NULL);
	HINIT(w->buf, b);
	HINIT(w->at, at);
	HINIT(w->promise, p);
	if (!isinf(timeout)) {
		if (vm->after_fn == NULL)
			return throw_type(vm, "Atomics.waitAsync with a timeout needs timers, which there are none of here");
		f = nfunc_closure(vm, &wait_over_def, 1);
		VSET(vm, f->data[0], v_cell(w));
		if (vm->after_fn(vm, timeout, v_cell(f), V_UNDEF) < 0)
			return V_EXC;
	}
	if (vm->waiters_last)
		VSET(vm, vm->waiters_last->next, w);
	else
		vm->waiters = w;
	vm->waiters_last = w;
	return p;
}

static val wait_result(struct vm *vm, bool async, val value)
{
	struct obj *o = obj_new(vm);

	obj_def(vm, o, key_of_utf8(vm, "async", 5), v_bool(async), ATTR_WEC);
	obj_def(vm, o, A_value, value, ATTR_WEC);
	return v_cell(o);
}

/* DoWait (25.4.3.14); magic: waitAsync. */
static val atomics_wait(struct vm *vm, val *a, uint32_t argc)
{
	bool async = nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic != 0;
	struct typed *t = integers(vm, ARG(0), true);
	uint8_t want[8], *p;
	double timeout;
	uint64_t len;
	int64_t i;
	val v;

	if (t == NULL)
		return V_EXC;
	if (!buffer_shared(t->buf.v))
		return throw_type(vm, "Atomics.wait needs an Int32Array or BigInt64Array on shared memory");
	len = t->len.v;
	if (to_index(vm, ARG(1), &i) < 0 || ((uint64_t)i >= len && out_of_range(vm) < 0) ||
	    (v = typed_coerce(vm, t->type.v, ARG(2))) == V_EXC || to_number(vm, ARG(3), &timeout) < 0)
		return V_EXC;
	if (!async)
		return throw_type(vm, "Atomics.wait cannot be called in this context");
	p = typed_at(t, (uint64_t)i);    /* shared memory does not shrink */
	typed_encode(t->type.v, want, v);
	if (memcmp(p, want, typed_size[t->type.v]) != 0)
		return wait_result(vm, false, str_cstr(vm, "not-equal"));
	if (timeout <= 0)
		return wait_result(vm, false, str_cstr(vm, "timed-out"));
	v = waiter_new(vm, t->buf.v, (uint64_t)(p - t->buf.v->data.v), timeout != timeout ? INFINITY : timeout);
	return v == V_EXC ? V_EXC : wait_result(vm, true, v);
}

static val notify(struct vm *vm, val *a, uint32_t argc)
{
	struct waiter *before = NULL, *next;
	double count = INFINITY, woken = 0;
	struct typed *t;
	uint64_t at;
	int64_t i;

	if (access(vm, ARG(0), ARG(1), true, &t, &i) < 0)
		return V_EXC;
	if (!v_isundef(ARG(2)) && to_integer_or_inf(vm, ARG(2), &count) < 0)
		return V_EXC;
	if (!buffer_shared(t->buf.v))
		return v_int(0);
	at = (uint64_t)(typed_at(t, (uint64_t)i) - t->buf.v->data.v);
	for (struct waiter *w = vm->waiters; w && woken < count; w = next) {
		if (VM_TICK(vm, 1))
			return V_EXC;
		next = w->next.v;
		if (w->buf.v != t->buf.v || w->at.v != at) {
			before = w;
			continue;
		}
		take_out(vm, before, w);
		woken++;
		if (promise_resolve_with(vm, w->promise.v, str_cstr(vm, "ok")) < 0)
			return V_EXC;
	}
	return v_num(woken);
}

static val pause_hint(struct vm *vm, val *a, uint32_t argc)
{
	val v = ARG(0);

	if (!v_isundef(v) && (!v_isnum(v) || v_numof(v) != trunc(v_numof(v)) || isinf(v_numof(v))))
		return throw_type(vm, "The argument of Atomics.pause must be an integral number");
	return V_UNDEF;
}

static const struct row rows[] = {
	NF_METHOD_MAGIC("add", 3, rmw, RMW_ADD, EFF_MUT | EFF_CALLS, "25.4.4"),
	NF_METHOD_MAGIC("and", 3, rmw, RMW_AND, EFF_MUT | EFF_CALLS, "25.4.5"),
	NF_METHOD("compareExchange", 4, compare_exchange, EFF_MUT | EFF_CALLS, "25.4.6"),
	NF_METHOD_MAGIC("exchange", 3, rmw, RMW_EXCHANGE, EFF_MUT | EFF_CALLS, "25.4.7"),
	NF_METHOD("isLockFree", 1, is_lock_free, EFF_CALLS, "25.4.8"),
	NF_METHOD("load", 2, load, EFF_CALLS, "25.4.9"),
	NF_METHOD_MAGIC("or", 3, rmw, RMW_OR, EFF_MUT | EFF_CALLS, "25.4.10"),
	NF_METHOD("pause", 0, pause_hint, EFF_NONE, "25.4.11"),
	NF_METHOD_MAGIC("store", 3, rmw, RMW_STORE, EFF_MUT | EFF_CALLS, "25.4.12"),
	NF_METHOD_MAGIC("sub", 3, rmw, RMW_SUB, EFF_MUT | EFF_CALLS, "25.4.13"),
	NF_METHOD("wait", 4, atomics_wait, EFF_CALLS, "25.4.14"),
	NF_METHOD_MAGIC("waitAsync", 4, atomics_wait, 1, EFF_MUT | EFF_CALLS, "25.4.15"),
	NF_METHOD("notify", 3, notify, EFF_CALLS, "25.4.16"),
	NF_METHOD_MAGIC("xor", 3, rmw, RMW_XOR, EFF_MUT | EFF_CALLS, "25.4.17"),
	NF_TAG("Atomics"),
};

void builtin_atomics_init(struct vm *vm)
{
	native_namespace(vm, "Atomics", rows, ARRAY_LEN(rows));
}
