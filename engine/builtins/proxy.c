/* proxy.c: the Proxy constructor and Proxy.revocable (28.2). What proxies do is
 * in engine/object/proxy.c, calling them in engine/vm/call.c. */
#include "engine/builtins/builtins.h"

/* 10.5.14 ProxyCreate */
static val proxy_create(struct vm *vm, val target, val handler)
{
	struct proxy *p;

	if (!v_isobj(target) || !v_isobj(handler))
		return throw_type(vm, "Cannot create proxy with a non-object as target or handler");
	p = obj_new_kind(vm, NULL, KIND_PROXY, sizeof *p);
	HINIT(p->target, target);
	HINIT(p->handler, handler);
	HINIT(p->pflags, (func_is_callable(target) ? PROXY_CALLABLE : 0u) | (func_is_ctor(vm, target) ? PROXY_CTOR : 0u));
	return v_cell(p);
}

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	return proxy_create(vm, ARG(0), ARG(1));
}

/* The function that revocable gives: its one data slot holds the proxy, then null. */
static val revoke(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);
	val pv = f->data[0].v;
	struct proxy *p = (struct proxy *)(void *)v_tocell(pv);

	(void)argc;
	if (v_isnull(pv))
		return V_UNDEF;
	VSET(vm, f->data[0], V_NULL);
	VSET(vm, p->target, V_NULL);
	VSET(vm, p->handler, V_NULL);
	return V_UNDEF;
}

static const struct native_def revoke_def = { "", revoke, 0, 0, EFF_MUT, 0, "28.2.2.1.1" };

static val revocable(struct vm *vm, val *a, uint32_t argc)
{
	val p = proxy_create(vm, ARG(0), ARG(1));
	struct nfunc *f;
	struct obj *o;

	if (p == V_EXC)
		return V_EXC;
	f = nfunc_closure(vm, &revoke_def, 1);
	HINIT(f->data[0], p);
	o = obj_new(vm);
	obj_def(vm, o, A_proxy, p, ATTR_WEC);
	obj_def(vm, o, A_revoke, v_cell(f), ATTR_WEC);
	return v_cell(o);
}

static const struct native_def ctor_def =
	{ "Proxy", construct, 2, NF_CTOR | NF_CTOR_ONLY, EFF_NONE, 0, "28.2.1.1" };

static const struct row static_rows[] = {
	NF_METHOD("revocable", 2, revocable, EFF_NONE, "28.2.2.1"),
};

void builtin_proxy_init(struct vm *vm)
{
	native_ctor(vm, &ctor_def, INTR_Proxy, NULL, NULL, static_rows, ARRAY_LEN(static_rows), NULL, 0);
}
