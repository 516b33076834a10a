/* promise.c: Promise (ECMA-262 27.2) and queueMicrotask. The states of promises and
 * the queue are engine/vm/promise.c and job.c. */
#include "engine/builtins/promise.h"

#include "engine/builtins/builtins.h"

/* ---- capabilities -------------------------------------------------------------- */

/* GetCapabilitiesExecutor (27.2.1.5.1): data[0] resolve, data[1] reject. */
static val capability_executor(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);

	if (!v_isundef(f->data[0].v) || !v_isundef(f->data[1].v))
		return throw_type(vm, "Promise executor has already been invoked with non-undefined arguments");
	VSET(vm, f->data[0], ARG(0));
	VSET(vm, f->data[1], ARG(1));
	return V_UNDEF;
}

static const struct native_def executor_def = { "", capability_executor, 2, 0, EFF_MUT, 0, "27.2.1.5.1" };

int capability_new(struct vm *vm, val c, struct capability *out)
{
	struct nfunc *f;
	val arg;

	if (c == vm->intr[INTR_Promise]) {
		out->promise = promise_new(vm);
		promise_functions(vm, out->promise, &out->resolve, &out->reject);
		return 0;
	}
	if (!func_is_ctor(vm, c)) {
		throw_type(vm, "%s is not a constructor", val_for_message(vm, c));
		return -1;
	}
	f = nfunc_closure(vm, &executor_def, 2);
	arg = v_cell(f);
	out->promise = vm_construct(vm, c, c, 1, &arg);
	if (out->promise == V_EXC)
		return -1;
	out->resolve = f->data[0].v;
	out->reject = f->data[1].v;
	if (func_is_callable(out->resolve) && func_is_callable(out->reject))
		return 0;
	throw_type(vm, "Promise resolve or reject function is not callable");
	return -1;
}

int capability_private(struct vm *vm, val c, struct capability *out)
{
	if (c != vm->intr[INTR_Promise])
		return capability_new(vm, c, out);
	*out = (struct capability){ promise_new(vm), V_UNDEF, V_UNDEF };
	return 0;
}

int capability_resolve(struct vm *vm, const struct capability *cap, val v)
{
	if (v_isundef(cap->resolve))
		return promise_resolve_with(vm, cap->promise, v);
	return call_1(vm, cap->resolve, V_UNDEF, v) == V_EXC ? -1 : 0;
}

int capability_reject(struct vm *vm, const struct capability *cap, val reason)
{
	if (!v_isundef(cap->resolve))
		return call_1(vm, cap->reject, V_UNDEF, reason) == V_EXC ? -1 : 0;
	promise_reject_with(vm, cap->promise, reason);
	return 0;
}

val capability_fail(struct vm *vm, const struct capability *cap)
{
	return vm->term || capability_reject(vm, cap, exc_take(vm)) < 0 ? V_EXC : cap->promise;
}

val promise_resolve_ctor(struct vm *vm, val c, val v)
{
	struct capability cap;

	if (c == vm->intr[INTR_Promise])
		return promise_of(vm, v);
	if (v_iskind(v, KIND_PROMISE)) {
		val k = obj_get(vm, v_toobj(v), A_constructor);

		if (k == V_EXC || k == c)
			return k == V_EXC ? V_EXC : v;
	}
	if (capability_new(vm, c, &cap) < 0 || capability_resolve(vm, &cap, v) < 0)
		return V_EXC;
	return cap.promise;
}

/* ---- constructor ----------------------------------------------------------------- */

static val promise_construct(struct vm *vm, val *a, uint32_t argc)
{
	val executor = ARG(0), proto, resolve, reject, p;

	if (!func_is_callable(executor))
		return throw_type(vm, "Promise resolver %s is not a function", val_for_message(vm, executor));
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_PromisePrototype);
	if (proto == V_EXC)
		return V_EXC;
	p = promise_new_proto(vm, v_toobj(proto));
	promise_functions(vm, p, &resolve, &reject);
	if (call_2(vm, executor, V_UNDEF, resolve, reject) != V_EXC)
		return p;
	return vm->term || call_1(vm, reject, V_UNDEF, exc_take(vm)) == V_EXC ? V_EXC : p;
}

static const struct native_def promise_def =
	{ "Promise", promise_construct, 1, NF_CTOR_ONLY, EFF_MUT | EFF_CALLS, 0, "27.2.3.1" };

static val promise_species(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return a[0];
}

static val promise_resolve(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_isobj(a[0]))
		return throw_type(vm, "Promise.resolve called on non-object");
	return promise_resolve_ctor(vm, a[0], ARG(0));
}

static val promise_reject(struct vm *vm, val *a, uint32_t argc)
{
	struct capability cap;

	if (capability_private(vm, a[0], &cap) < 0 || capability_reject(vm, &cap, ARG(0)) < 0)
		return V_EXC;
	return cap.promise;
}

static val promise_with_resolvers(struct vm *vm, val *a, uint32_t argc)
{
	struct capability cap;
	struct obj *o;

	(void)argc;
	if (capability_new(vm, a[0], &cap) < 0)
		return V_EXC;
	o = obj_new(vm);
	if (obj_create_data(vm, o, key_of_utf8(vm, "promise", 7), cap.promise) < 0 ||
	    obj_create_data(vm, o, key_of_utf8(vm, "resolve", 7), cap.resolve) < 0 ||
	    obj_create_data(vm, o, key_of_utf8(vm, "reject", 6), cap.reject) < 0)
		return V_EXC;
	return v_cell(o);
}

static val promise_try(struct vm *vm, val *a, uint32_t argc)
{
	struct capability cap;
	val r;

	if (!v_isobj(a[0]))
		return throw_type(vm, "Promise.try called on non-object");
	if (capability_private(vm, a[0], &cap) < 0)
		return V_EXC;
	r = vm_call(vm, ARG(0), V_UNDEF, argc > 1 ? argc - 1 : 0, a + 2);
	if (r == V_EXC)
		return capability_fail(vm, &cap);
	return capability_resolve(vm, &cap, r) < 0 ? V_EXC : cap.promise;
}

/* ---- then ------------------------------------------------------------------------ */

/* NewPromiseReactionJob (27.2.2.1): a[0..2] the capability, a[3] onFulfilled, a[4]
 * onRejected (undefined: passed on). */
static int reaction(struct vm *vm, struct job *j)
{
	struct capability cap = { j->a[0].v, j->a[1].v, j->a[2].v };
	val handler = j->a[j->rejected.v ? 4 : 3].v, r;

	if (v_isundef(handler))
		return j->rejected.v ? capability_reject(vm, &cap, j->value.v) : capability_resolve(vm, &cap, j->value.v);
	r = call_1(vm, handler, V_UNDEF, j->value.v);
	if (r == V_EXC)
		return capability_fail(vm, &cap) == V_EXC ? -1 : 0;
	return capability_resolve(vm, &cap, r);
}

static val promise_then(struct vm *vm, val *a, uint32_t argc)
{
	struct capability cap;
	struct job *j;
	val c = vm->intr[INTR_Promise];

	if (!v_iskind(a[0], KIND_PROMISE))
		return throw_type(vm, "Method Promise.prototype.then called on incompatible receiver %s",
				  val_for_message(vm, a[0]));
	if (!promise_is_plain(vm, a[0])) {
		c = obj_species_ctor(vm, v_toobj(a[0]), c);
		if (c == V_EXC)
			return V_EXC;
	}
	if (capability_private(vm, c, &cap) < 0)
		return V_EXC;
	j = job_new(vm, reaction);
	HINIT(j->a[0], cap.promise);
	HINIT(j->a[1], cap.resolve);
	HINIT(j->a[2], cap.reject);
	HINIT(j->a[3], func_is_callable(ARG(0)) ? ARG(0) : V_UNDEF);
	HINIT(j->a[4], func_is_callable(ARG(1)) ? ARG(1) : V_UNDEF);
	promise_react(vm, a[0], j);
	return cap.promise;
}

static val promise_catch(struct vm *vm, val *a, uint32_t argc)
{
	val args[2] = { V_UNDEF, ARG(0) };

	return obj_invoke(vm, a[0], A_then, 2, args);
}

/* ---- finally --------------------------------------------------------------------- */

static struct nfunc *callee(const val *a) { return (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]); }

static val finally_value(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return callee(a)->data[0].v;
}

static val finally_thrower(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return throw_val(vm, callee(a)->data[0].v);
}

static const struct native_def value_def = { "", finally_value, 0, 0, EFF_NONE, 0, "27.2.5.3.1" };
static const struct native_def thrower_def = { "", finally_thrower, 0, 0, EFF_NONE, 0, "27.2.5.3.2" };

/* data[0] onFinally, data[1] constructor; magic 1: the promise was rejected. */
static val finally_function(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = callee(a), *thunk;
	val v = ARG(0), p = vm_call(vm, f->data[0].v, V_UNDEF, 0, NULL), arg;

	if (p == V_EXC || (p = promise_resolve_ctor(vm, f->data[1].v, p)) == V_EXC)
		return V_EXC;
	thunk = nfunc_closure(vm, nfunc_def(vm, f)->magic ? &thrower_def : &value_def, 1);
	HINIT(thunk->data[0], v);
	arg = v_cell(thunk);
	return obj_invoke(vm, p, A_then, 1, &arg);
}

static const struct native_def then_finally_def = { "", finally_function, 1, 0, EFF_MUT | EFF_CALLS, 0, "27.2.5.3.1" };
static const struct native_def catch_finally_def = { "", finally_function, 1, 0, EFF_MUT | EFF_CALLS, 1, "27.2.5.3.2" };

static val promise_finally(struct vm *vm, val *a, uint32_t argc)
{
	static const struct native_def *const defs[] = { &then_finally_def, &catch_finally_def };
	val args[2] = { ARG(0), ARG(0) }, c;

	if (!v_isobj(a[0]))
		return throw_type(vm, "Promise.prototype.finally called on non-object");
	c = obj_species_ctor(vm, v_toobj(a[0]), vm->intr[INTR_Promise]);
	if (c == V_EXC)
		return V_EXC;
	for (int i = 0; func_is_callable(ARG(0)) && i < 2; i++) {
		struct nfunc *f = nfunc_closure(vm, defs[i], 2);

		HINIT(f->data[0], ARG(0));
		HINIT(f->data[1], c);
		args[i] = v_cell(f);
	}
	return obj_invoke(vm, a[0], A_then, 2, args);
}

/* ---- queueMicrotask ---------------------------------------------------------------- */

static int microtask(struct vm *vm, struct job *j)
{
	return vm_call(vm, j->a[0].v, V_UNDEF, 0, NULL) == V_EXC ? -1 : 0;
}

static val queue_microtask(struct vm *vm, val *a, uint32_t argc)
{
	struct job *j;

	if (!func_is_callable(ARG(0)))
		return throw_type(vm, "The argument of queueMicrotask must be a function, not %s",
				  val_for_message(vm, ARG(0)));
	j = job_new(vm, microtask);
	HINIT(j->a[0], ARG(0));
	job_enqueue(vm, j);
	return V_UNDEF;
}

/* ---- tables ------------------------------------------------------------------------ */

static const struct row static_rows[] = {
	NF_METHOD_MAGIC("all", 1, promise_combine, COMBINE_ALL, EFF_MUT | EFF_CALLS, "27.2.4.1"),
	NF_METHOD_MAGIC("allSettled", 1, promise_combine, COMBINE_SETTLED, EFF_MUT | EFF_CALLS, "27.2.4.2"),
	NF_METHOD_MAGIC("any", 1, promise_combine, COMBINE_ANY, EFF_MUT | EFF_CALLS, "27.2.4.3"),
	NF_METHOD_MAGIC("race", 1, promise_combine, COMBINE_RACE, EFF_MUT | EFF_CALLS, "27.2.4.5"),
	NF_METHOD("reject", 1, promise_reject, EFF_MUT | EFF_CALLS, "27.2.4.6"),
	NF_METHOD("resolve", 1, promise_resolve, EFF_MUT | EFF_CALLS, "27.2.4.7"),
	NF_METHOD("try", 1, promise_try, EFF_MUT | EFF_CALLS, "27.2.4.8"),
	NF_METHOD("withResolvers", 0, promise_with_resolvers, EFF_MUT | EFF_CALLS, "27.2.4.9"),
	NF_GETTER("@@species", promise_species, EFF_NONE, "27.2.4.10"),
};

static const struct row proto_rows[] = {
	NF_METHOD("catch", 1, promise_catch, EFF_MUT | EFF_CALLS, "27.2.5.1"),
	NF_METHOD("finally", 1, promise_finally, EFF_MUT | EFF_CALLS, "27.2.5.3"),
	NF_METHOD_INTR("then", 2, promise_then, EFF_MUT | EFF_CALLS, "27.2.5.4", INTR_PromiseProto_then),
	NF_TAG("Promise"),
};

static const struct native_def microtask_def =
	{ "queueMicrotask", queue_microtask, 1, 0, EFF_MUT | EFF_CALLS, 0, "HTML 8.1.7" };

void builtin_promise_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0), *c;
	struct pdesc d;

	vm->intr[INTR_PromisePrototype] = v_cell(p);
	c = native_ctor(vm, &promise_def, INTR_Promise, NULL, p, static_rows, ARRAY_LEN(static_rows), proto_rows,
			ARRAY_LEN(proto_rows));
	AN(obj_get_own(vm, c, A_sym_species, &d) == 1);
	vm->intr[INTR_Promise_species] = d.get;
	obj_def(vm, vm->global, key_of_utf8(vm, "queueMicrotask", 14),
		v_cell(nfunc_new(vm, native_register(vm, &microtask_def), 0)), ATTR_WC | ATTR_E);
}
