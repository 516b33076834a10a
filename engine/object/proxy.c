/* proxy.c: the essential internal methods of proxies (ECMA-262 10.5.1 to 10.5.11)
 * with all their invariants. Called through the table of exotic objects; calls
 * and constructions of proxies are engine/vm's, making them a built-in's.
 * Every trap and every operation on the target may run JavaScript, which may
 * revoke the proxy: target and handler are read once, when the operation begins.
 * What is stored on the proxy itself are private members only. */
#include "engine/object/prop.h"

#include <stdlib.h>

int proxy_trap(struct vm *vm, const struct proxy *p, pkey name, struct proxy_op *op)
{
	if (VM_RECURSION(vm))   /* a target may be a proxy, and so on */
		return -1;
	if (!v_isobj(p->handler.v)) {
		throw_type(vm, "Cannot perform '%s' on a proxy that has been revoked", key_for_message(vm, name));
		return -1;
	}
	op->target = v_toobj(p->target.v);
	op->handler = p->handler.v;
	op->trap = obj_get_method(vm, op->handler, name);
	return op->trap == V_EXC ? -1 : !v_isundef(op->trap);
}

static int trap_for(struct vm *vm, struct obj *o, pkey name, struct proxy_op *op)
{
	return proxy_trap(vm, (const struct proxy *)(void *)o, name, op);
}

/* What the target answered when there is no trap. Not a tail call: the chain of
 * targets and prototypes may be a cycle, which only ends because every proxy on
 * the way takes a frame of the C stack. */
static inline int by_target(int r)
{
	__asm__ volatile("" : "+r"(r));
	return r;
}

/* Calls the trap with the target and up to three more values. */
static val ask(struct vm *vm, const struct proxy_op *op, uint32_t more, val a, val b, val c)
{
	val argv[4] = { v_cell(op->target), a, b, c };

	return vm_call(vm, op->trap, op->handler, more + 1, argv);
}

/* The same for traps that answer yes or no: 1/0/-1. */
static int ask_bool(struct vm *vm, const struct proxy_op *op, uint32_t more, val a, val b)
{
	val r = ask(vm, op, more, a, b, V_UNDEF);

	return r == V_EXC ? -1 : to_boolean(r);
}

/* The target contradicts the trap. Always -1. */
static COLD int broken(struct vm *vm, pkey trap, pkey key, const char *why)
{
	const char *name = key_for_message(vm, trap);

	if (key == PKEY_NONE)
		throw_type(vm, "'%s' on proxy: %s", name, why);
	else
		throw_type(vm, "'%s' on proxy: for property '%s', %s", name, key_for_message(vm, key), why);
	return -1;
}

/* ---- prototype, extensibility ------------------------------------------------------ */

static int proxy_get_proto(struct vm *vm, struct obj *o, val *out)   /* 10.5.1 */
{
	struct proxy_op op;
	int r = trap_for(vm, o, A_getPrototypeOf, &op);
	val real;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_get_proto(vm, op.target, out));
	*out = ask(vm, &op, 0, V_UNDEF, V_UNDEF, V_UNDEF);
	if (*out == V_EXC)
		return -1;
	if (!v_isobj(*out) && !v_isnull(*out))
		return broken(vm, A_getPrototypeOf, PKEY_NONE, "the trap returned neither an object nor null");
	r = obj_is_extensible(vm, op.target);
	if (r != 0)
		return r;
	if (obj_get_proto(vm, op.target, &real) < 0)
		return -1;
	if (real != *out)
		return broken(vm, A_getPrototypeOf, PKEY_NONE, "the target is not extensible and has another prototype");
	return 1;
}

static int proxy_set_proto(struct vm *vm, struct obj *o, val proto)   /* 10.5.2 */
{
	struct proxy_op op;
	int r = trap_for(vm, o, A_setPrototypeOf, &op);
	val real;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_set_proto(vm, op.target, proto));
	r = ask_bool(vm, &op, 1, proto, V_UNDEF);
	if (r <= 0)
		return r;
	r = obj_is_extensible(vm, op.target);
	if (r != 0)
		return r;
	if (obj_get_proto(vm, op.target, &real) < 0)
		return -1;
	if (real != proto)
		return broken(vm, A_setPrototypeOf, PKEY_NONE, "the target is not extensible and has another prototype");
	return 1;
}

static int proxy_is_extensible(struct vm *vm, struct obj *o)   /* 10.5.3 */
{
	struct proxy_op op;
	int r = trap_for(vm, o, A_isExtensible, &op), real;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_is_extensible(vm, op.target));
	r = ask_bool(vm, &op, 0, V_UNDEF, V_UNDEF);
	real = r < 0 ? -1 : obj_is_extensible(vm, op.target);
	if (real >= 0 && real != r)
		return broken(vm, A_isExtensible, PKEY_NONE, real ? "the target is extensible" : "the target is not extensible");
	return real;
}

static int proxy_prevent_extensions(struct vm *vm, struct obj *o)   /* 10.5.4 */
{
	struct proxy_op op;
	int r = trap_for(vm, o, A_preventExtensions, &op);

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_prevent_extensions(vm, op.target));
	r = ask_bool(vm, &op, 0, V_UNDEF, V_UNDEF);
	if (r <= 0)
		return r;
	r = obj_is_extensible(vm, op.target);
	if (r > 0)
		return broken(vm, A_preventExtensions, PKEY_NONE, "the target is extensible");
	return r < 0 ? -1 : 1;
}

/* ---- properties ----------------------------------------------------------------------- */

/* The trap said that there is no such property: may it? 10.5.5 step 9, 10.5.7
 * step 8, and with `deleted` 10.5.10. 0 or -1. */
static int check_absent(struct vm *vm, const struct proxy_op *op, pkey trap, pkey k)
{
	struct pdesc d;
	int r = obj_get_own(vm, op->target, k, &d);

	if (r <= 0)
		return r;
	if (!(d.flags & PD_C))
		return broken(vm, trap, k, "the target has it as a non-configurable property");
	r = obj_is_extensible(vm, op->target);
	if (r == 0)
		return broken(vm, trap, k, "the target has it and is not extensible");
	return r < 0 ? -1 : 0;
}

/* 6.2.6.6 CompletePropertyDescriptor */
static void complete(struct pdesc *d)
{
	d->flags |= PD_HAS_E | PD_HAS_C;
	d->flags |= PD_IS_ACCESSOR(d) ? PD_HAS_GET | PD_HAS_SET : PD_HAS_VALUE | PD_HAS_W;
}

static int proxy_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out)   /* 10.5.5 */
{
	const pkey name = A_getOwnPropertyDescriptor;
	struct proxy_op op;
	struct pdesc real;
	int r = trap_for(vm, o, name, &op), has, ext;
	val v;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_get_own(vm, op.target, k, out));
	v = ask(vm, &op, 1, key_to_val(vm, k), V_UNDEF, V_UNDEF);
	if (v == V_EXC)
		return -1;
	if (v_isundef(v))
		return check_absent(vm, &op, name, k);
	if (!v_isobj(v))
		return broken(vm, name, k, "the trap returned neither an object nor undefined");
	has = obj_get_own(vm, op.target, k, &real);
	ext = has < 0 ? -1 : obj_is_extensible(vm, op.target);
	if (ext < 0 || pdesc_from_val(vm, v, out) < 0)
		return -1;
	complete(out);
	if (!pdesc_compatible(vm, ext, out, has ? &real : NULL))
		return broken(vm, name, k, "the trap returned a descriptor that the target's does not allow");
	if (!(out->flags & PD_C)) {
		if (!has || (real.flags & PD_C))
			return broken(vm, name, k, "the trap reported it as non-configurable, the target has no such property");
		if (PD_IS_DATA(out) && !(out->flags & PD_W) && (real.flags & PD_W))
			return broken(vm, name, k, "the trap reported it as non-configurable and read-only, the target has it writable");
	}
	return 1;
}

static int proxy_define(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)   /* 10.5.6 */
{
	const pkey name = A_defineProperty;
	bool fixing = (d->flags & (PD_HAS_C | PD_C)) == PD_HAS_C;
	struct proxy_op op;
	struct pdesc real;
	int r = trap_for(vm, o, name, &op), has, ext;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_define(vm, op.target, k, d));
	r = ask_bool(vm, &op, 2, key_to_val(vm, k), pdesc_to_val(vm, d));
	if (r <= 0)
		return r;
	has = obj_get_own(vm, op.target, k, &real);
	ext = has < 0 ? -1 : obj_is_extensible(vm, op.target);
	if (ext < 0)
		return -1;
	if (!pdesc_compatible(vm, ext, d, has ? &real : NULL))
		return broken(vm, name, k, has ? "the target has an incompatible property" : "the target is not extensible");
	if (fixing && (!has || (real.flags & PD_C)))
		return broken(vm, name, k, "the trap accepted a non-configurable property that the target does not have");
	if (has && PD_IS_DATA(&real) && (real.flags & (PD_C | PD_W)) == PD_W && (d->flags & (PD_HAS_W | PD_W)) == PD_HAS_W)
		return broken(vm, name, k, "the trap accepted a read-only property, the target has it writable");
	return 1;
}

static int proxy_has(struct vm *vm, struct obj *o, pkey k)   /* 10.5.7 */
{
	struct proxy_op op;
	int r = trap_for(vm, o, A_has, &op);

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_has(vm, op.target, k));
	r = ask_bool(vm, &op, 1, key_to_val(vm, k), V_UNDEF);
	return r == 0 ? check_absent(vm, &op, A_has, k) : r;
}

static val proxy_get(struct vm *vm, struct obj *o, pkey k, val receiver)   /* 10.5.8 */
{
	struct proxy_op op;
	struct pdesc real;
	int r = trap_for(vm, o, A_get, &op);
	val v;

	if (r <= 0) {
		v = r < 0 ? V_EXC : obj_get_r(vm, op.target, k, receiver);
		__asm__ volatile("" : "+r"(v));   /* as by_target */
		return v;
	}
	v = ask(vm, &op, 2, key_to_val(vm, k), receiver, V_UNDEF);
	if (v == V_EXC)
		return V_EXC;
	r = obj_get_own(vm, op.target, k, &real);
	if (r < 0)
		return V_EXC;
	if (r == 0 || (real.flags & PD_C))
		return v;
	if (PD_IS_ACCESSOR(&real)) {
		if (v_isundef(real.get) && !v_isundef(v))
			r = broken(vm, A_get, k, "the target has a non-configurable accessor without a getter");
	} else if (!(real.flags & PD_W) && !val_same(vm, v, real.value)) {
		r = broken(vm, A_get, k, "the target has another value that is read-only and non-configurable");
	}
	return r < 0 ? V_EXC : v;
}

static int proxy_set(struct vm *vm, struct obj *o, pkey k, val v, val receiver)   /* 10.5.9 */
{
	struct proxy_op op;
	struct pdesc real;
	int r = trap_for(vm, o, A_set, &op);
	val yes;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_set_r(vm, op.target, k, v, receiver));
	yes = ask(vm, &op, 3, key_to_val(vm, k), v, receiver);
	if (yes == V_EXC)
		return -1;
	if (!to_boolean(yes))
		return 0;
	r = obj_get_own(vm, op.target, k, &real);
	if (r < 0)
		return -1;
	if (r == 0 || (real.flags & PD_C))
		return 1;
	if (PD_IS_ACCESSOR(&real)) {
		if (v_isundef(real.set))
			return broken(vm, A_set, k, "the target has a non-configurable accessor without a setter");
	} else if (!(real.flags & PD_W) && !val_same(vm, v, real.value)) {
		return broken(vm, A_set, k, "the target has another value that is read-only and non-configurable");
	}
	return 1;
}

static int proxy_delete(struct vm *vm, struct obj *o, pkey k)   /* 10.5.10 */
{
	struct proxy_op op;
	int r = trap_for(vm, o, A_deleteProperty, &op);

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_delete(vm, op.target, k));
	r = ask_bool(vm, &op, 1, key_to_val(vm, k), V_UNDEF);
	if (r <= 0)
		return r;
	return check_absent(vm, &op, A_deleteProperty, k) < 0 ? -1 : 1;
}

/* ---- own keys (10.5.11) ------------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
	pkey x = *(const pkey *)a, y = *(const pkey *)b;

	return x < y ? -1 : x > y;
}

/* CreateListFromArrayLike with element types string and symbol. */
static int list_keys(struct vm *vm, val v, struct keylist *out)
{
	int64_t n;
	pkey k;

	if (!v_isobj(v))
		return broken(vm, A_ownKeys, PKEY_NONE, "the trap did not return an object");
	if (obj_length(vm, v_toobj(v), &n) < 0)
		return -1;
	for (int64_t i = 0; i < n; i++) {
		val e = VM_TICK(vm, 4) ? V_EXC : obj_get_i64(vm, v_toobj(v), i);

		if (e == V_EXC)
			return -1;
		if (!v_isstr(e) && !v_issym(e)) {
			throw_type(vm, "%s is not a valid property name", val_for_message(vm, e));
			return -1;
		}
		if (!key_of_val(vm, e, &k) || keylist_push(vm, out, k) < 0)
			return -1;
	}
	return 0;
}

/* Keys have one number each, so the same keys sorted by it serve as a set. */
static int sorted_set(struct vm *vm, const struct keylist *keys, struct keylist *out)
{
	for (uint32_t i = 0; i < keys->n; i++) {
		if (VM_TICK(vm, 8) || keylist_push(vm, out, keys->k[i]) < 0)
			return -1;
	}
	if (out->n > 1)
		qsort(out->k, out->n, sizeof(pkey), by_number);
	for (uint32_t i = 1; i < out->n; i++) {
		if (out->k[i] == out->k[i - 1])
			return broken(vm, A_ownKeys, out->k[i], "the trap returned it twice");
	}
	return 0;
}

static int proxy_own_keys(struct vm *vm, struct obj *o, struct keylist *out)
{
	struct keylist set = { 0 }, real = { 0 }, fixed = { 0 };
	struct proxy_op op;
	struct pdesc d;
	int r = trap_for(vm, o, A_ownKeys, &op), ext;
	val v;

	if (r <= 0)
		return r < 0 ? -1 : by_target(obj_own_keys(vm, op.target, KEYS_STRINGS | KEYS_SYMBOLS, out));
	v = ask(vm, &op, 0, V_UNDEF, V_UNDEF, V_UNDEF);
	if (v == V_EXC || list_keys(vm, v, out) < 0 || sorted_set(vm, out, &set) < 0)
		return -1;
	ext = obj_is_extensible(vm, op.target);
	if (ext < 0 || obj_own_keys(vm, op.target, KEYS_STRINGS | KEYS_SYMBOLS, &real) < 0)
		return -1;
	for (uint32_t i = 0; i < real.n; i++) {
		r = VM_TICK(vm, 4) ? -1 : obj_get_own(vm, op.target, real.k[i], &d);
		if (r < 0)
			return -1;
		if (((r > 0 && !(d.flags & PD_C)) || !ext) && keylist_push(vm, &fixed, real.k[i]) < 0)
			return -1;
	}
	/* Non-configurable ones must be there; all of them, and no other, when the
	 * target is not extensible. */
	for (uint32_t i = 0; i < fixed.n; i++) {
		if (VM_TICK(vm, 4))
			return -1;
		if (set.n == 0 || bsearch(&fixed.k[i], set.k, set.n, sizeof(pkey), by_number) == NULL)
			return broken(vm, A_ownKeys, fixed.k[i], "the trap left out a key that the target cannot lose");
	}
	if (!ext && set.n != fixed.n)
		return broken(vm, A_ownKeys, PKEY_NONE, "the trap returned keys that the non-extensible target does not have");
	return 1;
}

const struct exotic proxy_exotic = {
	.get_own = proxy_get_own,
	.define_own = proxy_define,
	.has = proxy_has,
	.get = proxy_get,
	.set = proxy_set,
	.del = proxy_delete,
	.own_keys = proxy_own_keys,
	.get_proto = proxy_get_proto,
	.set_proto = proxy_set_proto,
	.is_extensible = proxy_is_extensible,
	.prevent_extensions = proxy_prevent_extensions,
};
