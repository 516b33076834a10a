/* promise_all.c: Promise.all, allSettled, any, race (ECMA-262 27.2.4.1 to .5). */
#include "engine/builtins/promise.h"

/* What the element functions of one call share. KIND_LIST: all words are looked at. */
struct combine {
	struct cell h;
	hval values;                  /* array: results, or errors of any */
	HF(uint64_t) remaining;
	hval promise, resolve, reject;
};

static struct combine *combine_new(struct vm *vm, const struct capability *cap)
{
	struct arr *values = arr_new(vm, 8);
	struct combine *c;

	if (values == NULL)
		return NULL;
	c = heap_alloc(&vm->heap, sizeof *c, (sizeof *c - sizeof(struct cell)) / 8, KIND_LIST, 0);
	HINIT(c->values, v_cell(values));
	HINIT(c->remaining, 1);
	HINIT(c->promise, cap->promise);
	HINIT(c->resolve, cap->resolve);
	HINIT(c->reject, cap->reject);
	return c;
}

static val aggregate_error(struct vm *vm, struct combine *c)
{
	struct obj *e = error_new(vm, obj_intr(vm, INTR_AggregateErrorPrototype), str_cstr(vm, "All promises were rejected"));

	obj_def(vm, e, A_errors, c->values.v, ATTR_WC);
	return v_cell(e);
}

/* One less to wait for; the last one settles the result. */
static val count_down(struct vm *vm, struct combine *c, bool any)
{
	VSET(vm, c->remaining, c->remaining.v - 1);
	if (c->remaining.v != 0)
		return V_UNDEF;
	return any ? call_1(vm, c->reject.v, V_UNDEF, aggregate_error(vm, c))
		   : call_1(vm, c->resolve.v, V_UNDEF, c->values.v);
}

enum element { ELEMENT_ALL, ELEMENT_FULFILLED, ELEMENT_REJECTED, ELEMENT_ANY };

/* data[0] struct combine, data[1] index, data[2] box of [[AlreadyCalled]]. */
static val element_function(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);
	struct combine *c = (struct combine *)(void *)v_tocell(f->data[0].v);
	struct box *called = (struct box *)(void *)v_tocell(f->data[2].v);
	enum element what = (enum element)nfunc_def(vm, f)->magic;
	val v = ARG(0);

	if (called->v.v == V_TRUE)
		return V_UNDEF;
	VSET(vm, called->v, V_TRUE);
	if (what == ELEMENT_FULFILLED || what == ELEMENT_REJECTED) {
		struct obj *o = obj_new(vm);
		bool ok = what == ELEMENT_FULFILLED;

		if (obj_create_data(vm, o, key_of_utf8(vm, "status", 6), str_cstr(vm, ok ? "fulfilled" : "rejected")) < 0 ||
		    obj_create_data(vm, o, ok ? A_value : key_of_utf8(vm, "reason", 6), v) < 0)
			return V_EXC;
		v = v_cell(o);
	}
	VSET(vm, v_toarr(c->values.v)->elem.v[v_toint(f->data[1].v)], v);
	return count_down(vm, c, what == ELEMENT_ANY);
}

static const struct native_def element_defs[] = {
	[ELEMENT_ALL] = { "", element_function, 1, 0, EFF_MUT | EFF_CALLS, ELEMENT_ALL, "27.2.4.1.3" },
	[ELEMENT_FULFILLED] = { "", element_function, 1, 0, EFF_MUT | EFF_CALLS, ELEMENT_FULFILLED, "27.2.4.2.2" },
	[ELEMENT_REJECTED] = { "", element_function, 1, 0, EFF_MUT | EFF_CALLS, ELEMENT_REJECTED, "27.2.4.2.3" },
	[ELEMENT_ANY] = { "", element_function, 1, 0, EFF_MUT | EFF_CALLS, ELEMENT_ANY, "27.2.4.3.2" },
};

static val element_new(struct vm *vm, enum element what, struct combine *c, uint32_t index, struct box *called)
{
	struct nfunc *f = nfunc_closure(vm, &element_defs[what], 3);

	HINIT(f->data[0], v_cell(c));
	HINIT(f->data[1], v_int((int32_t)index));
	HINIT(f->data[2], v_cell(called));
	return v_cell(f);
}

/* What the next promise's then is given. 0 or -1. */
static int make_handlers(struct vm *vm, enum combinator how, struct combine *c, uint32_t index, val h[2])
{
	struct box *called;

	h[0] = c->resolve.v;
	h[1] = c->reject.v;
	if (how == COMBINE_RACE)
		return 0;
	if (arr_push(vm, v_toarr(c->values.v), V_UNDEF) < 0)
		return -1;
	called = heap_alloc(&vm->heap, sizeof *called, 0, KIND_BOX, 0);
	HINIT(called->v, V_FALSE);
	if (how == COMBINE_ALL)
		h[0] = element_new(vm, ELEMENT_ALL, c, index, called);
	if (how == COMBINE_SETTLED) {
		h[0] = element_new(vm, ELEMENT_FULFILLED, c, index, called);
		h[1] = element_new(vm, ELEMENT_REJECTED, c, index, called);
	}
	if (how == COMBINE_ANY)
		h[1] = element_new(vm, ELEMENT_ANY, c, index, called);
	VSET(vm, c->remaining, c->remaining.v + 1);
	return 0;
}

/* Every item becomes a promise that is waited for. 0, or -1: the iterator must be
 * closed unless it is done (r[0] undefined). */
static int each(struct vm *vm, enum combinator how, val ctor, val resolve, struct combine *c, val r[3])
{
	val item, h[2];
	int more;

	for (uint32_t i = 0; (more = iter_next(vm, r, &item)) == 1; i++) {
		val p;

		if (VM_TICK(vm, 10))
			return -1;
		p = call_1(vm, resolve, ctor, item);
		if (p == V_EXC || make_handlers(vm, how, c, i, h) < 0 || obj_invoke(vm, p, A_then, 2, h) == V_EXC)
			return -1;
	}
	if (more < 0)
		return -1;
	if (how == COMBINE_ANY && c->remaining.v == 1) {
		throw_val(vm, aggregate_error(vm, c));
		return -1;
	}
	return how != COMBINE_RACE && count_down(vm, c, how == COMBINE_ANY) == V_EXC ? -1 : 0;
}

val promise_combine(struct vm *vm, val *a, uint32_t argc)
{
	enum combinator how =
		(enum combinator)nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
	struct capability cap;
	struct combine *c;
	val resolve, r[3];

	if (capability_new(vm, a[0], &cap) < 0)
		return V_EXC;
	resolve = obj_get(vm, v_toobj(a[0]), key_of_utf8(vm, "resolve", 7));
	if (resolve != V_EXC && !func_is_callable(resolve))
		resolve = throw_type(vm, "Promise resolve or reject function is not callable");
	if (resolve == V_EXC || iter_open(vm, ARG(0), r) < 0)
		return capability_fail(vm, &cap);
	c = combine_new(vm, &cap);
	if (c == NULL || each(vm, how, a[0], resolve, c, r) < 0) {
		iter_close_quiet(vm, r);
		return capability_fail(vm, &cap);
	}
	return cap.promise;
}
