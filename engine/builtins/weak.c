/* weak.c: WeakMap, WeakSet, WeakRef, FinalizationRegistry (ECMA-262 24.3, 24.4,
 * 26.1, 26.2). Everything is held strongly: memory lives no longer than a request,
 * and when the collector runs must not be observable. So deref never forgets and
 * clean-up functions are never called, which the specification allows a host. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/set.h"

/* CanBeHeldWeakly (9.14): objects, and symbols that are not registered. */
static bool may_hold(struct vm *vm, val v)
{
	if (v_isobj(v))
		return true;
	return v_issym(v) && atom_rec(vm, v_tosym(v)->atom.v)->type != ATOM_REGISTERED;
}

static struct coll *this_coll(struct vm *vm, val v, uint8_t kind, const char *method)
{
	static const char *const name[] = { "WeakMap", "WeakSet", "WeakRef", "FinalizationRegistry" };

	if (likely(v_iskind(v, kind)))
		return v_tocoll(v);
	throw_type(vm, "Method %s.prototype.%s called on incompatible receiver %s", name[kind - KIND_WEAKMAP],
	           method, val_for_message(vm, v));
	return NULL;
}
_Static_assert(KIND_FINREG == KIND_WEAKMAP + 3, "this_coll's names");

/* ---- WeakMap ---------------------------------------------------------------------- */

static val weakmap_get(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKMAP, "get");
	struct table_ent *e;

	if (c == NULL)
		return V_EXC;
	e = coll_find(vm, c, ARG(0));
	return e != NULL ? e->value.v : V_UNDEF;
}

static val weakmap_has(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKMAP, "has");

	return c == NULL ? V_EXC : v_bool(coll_find(vm, c, ARG(0)) != NULL);
}

static int check_weak_key(struct vm *vm, val key)
{
	if (may_hold(vm, key))
		return 0;
	throw_type(vm, "Invalid value used as weak map key: %s", val_for_message(vm, key));
	return -1;
}

static val weakmap_set(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKMAP, "set");

	if (c == NULL || check_weak_key(vm, ARG(0)) < 0)
		return V_EXC;
	return coll_put(vm, c, ARG(0), ARG(1)) < 0 ? V_EXC : a[0];
}

static val weakmap_get_or_insert(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKMAP, "getOrInsert");

	return c == NULL || check_weak_key(vm, ARG(0)) < 0 ? V_EXC : coll_get_or_insert(vm, c, ARG(0), ARG(1));
}

static val weakmap_get_or_compute(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKMAP, "getOrInsertComputed");

	return c == NULL || check_weak_key(vm, ARG(0)) < 0 ? V_EXC : coll_get_or_compute(vm, c, ARG(0), ARG(1));
}

static val weakmap_delete(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKMAP, "delete");

	return c == NULL ? V_EXC : v_bool(coll_delete(vm, c, ARG(0)));
}

static val weakmap_construct(struct vm *vm, val *a, uint32_t argc)
{
	val proto = obj_proto_from_ctor(vm, NEWT(), INTR_WeakMapPrototype);
	struct coll *c;

	if (proto == V_EXC)
		return V_EXC;
	c = coll_new(vm, v_toobj(proto), KIND_WEAKMAP);
	return coll_fill(vm, c, ARG(0), weakmap_set) < 0 ? V_EXC : v_cell(c);
}

/* ---- WeakSet ---------------------------------------------------------------------- */

static val weakset_has(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKSET, "has");

	return c == NULL ? V_EXC : v_bool(coll_find(vm, c, ARG(0)) != NULL);
}

static val weakset_add(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKSET, "add");

	if (c == NULL)
		return V_EXC;
	if (!may_hold(vm, ARG(0)))
		return throw_type(vm, "Invalid value used in weak set: %s", val_for_message(vm, ARG(0)));
	return coll_put(vm, c, ARG(0), V_UNDEF) < 0 ? V_EXC : a[0];
}

static val weakset_delete(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_WEAKSET, "delete");

	return c == NULL ? V_EXC : v_bool(coll_delete(vm, c, ARG(0)));
}

static val weakset_construct(struct vm *vm, val *a, uint32_t argc)
{
	val proto = obj_proto_from_ctor(vm, NEWT(), INTR_WeakSetPrototype), adder, r[3], item;
	struct coll *c;
	int more;

	if (proto == V_EXC)
		return V_EXC;
	c = coll_new(vm, v_toobj(proto), KIND_WEAKSET);
	if (v_isnullish(ARG(0)))
		return v_cell(c);
	adder = obj_get(vm, (struct obj *)(void *)c, A_add);
	if (adder == V_EXC)
		return V_EXC;
	if (!func_is_callable(adder))
		return throw_type(vm, "'%s' returned for property 'add' is not a function", val_for_message(vm, adder));
	if (iter_open(vm, ARG(0), r) < 0)
		return V_EXC;
	while ((more = iter_next(vm, r, &item)) == 1) {
		if (VM_TICK(vm, 3))
			return V_EXC;
		if (call_1(vm, adder, v_cell(c), item) == V_EXC) {
			iter_close_quiet(vm, r);
			return V_EXC;
		}
	}
	return more < 0 ? V_EXC : v_cell(c);
}

/* ---- WeakRef ---------------------------------------------------------------------- */

struct weakref { struct cell h; HF(struct ext *) ext; hval target; };

static val weakref_construct(struct vm *vm, val *a, uint32_t argc)
{
	struct weakref *w;
	val proto;

	if (!may_hold(vm, ARG(0)))
		return throw_type(vm, "Invalid value for WeakRef target: %s", val_for_message(vm, ARG(0)));
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_WeakRefPrototype);
	if (proto == V_EXC)
		return V_EXC;
	w = obj_new_kind(vm, v_toobj(proto), KIND_WEAKREF, sizeof *w);
	HINIT(w->target, ARG(0));
	return v_cell(w);
}

static val weakref_deref(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	if (this_coll(vm, a[0], KIND_WEAKREF, "deref") == NULL)
		return V_EXC;
	return ((struct weakref *)(void *)v_tocell(a[0]))->target.v;
}

/* ---- FinalizationRegistry ------------------------------------------------------------ */

/* Only what `unregister` answers can be observed: the table holds the tokens. */
static val finreg_construct(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c;
	val proto;

	if (!func_is_callable(ARG(0)))
		return throw_type(vm, "FinalizationRegistry: cleanup must be callable");
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_FinalizationRegistryPrototype);
	if (proto == V_EXC)
		return V_EXC;
	c = coll_new(vm, v_toobj(proto), KIND_FINREG);
	HINIT(c->extra, ARG(0));
	return v_cell(c);
}

static val finreg_register(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_FINREG, "register");
	val target = ARG(0), token = ARG(2);

	if (c == NULL)
		return V_EXC;
	if (!may_hold(vm, target))
		return throw_type(vm, "Invalid value used as a finalization target: %s", val_for_message(vm, target));
	if (val_same(vm, target, ARG(1)))
		return throw_type(vm, "FinalizationRegistry.prototype.register: target and holdings must not be same");
	if (!may_hold(vm, token)) {
		if (!v_isundef(token))
			return throw_type(vm, "Invalid unregister token: %s", val_for_message(vm, token));
		return V_UNDEF;
	}
	return coll_put(vm, c, token, V_TRUE) < 0 ? V_EXC : V_UNDEF;
}

static val finreg_unregister(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_coll(vm, a[0], KIND_FINREG, "unregister");

	if (c == NULL)
		return V_EXC;
	if (!may_hold(vm, ARG(0)))
		return throw_type(vm, "Invalid unregister token: %s", val_for_message(vm, ARG(0)));
	return v_bool(coll_delete(vm, c, ARG(0)));
}

/* ---- tables ------------------------------------------------------------------------------ */

static const struct row weakmap_proto_rows[] = {
	NF_METHOD("delete", 1, weakmap_delete, EFF_MUT, "24.3.3.2"),
	NF_METHOD("get", 1, weakmap_get, EFF_NONE, "24.3.3.3"),
	NF_METHOD("getOrInsert", 2, weakmap_get_or_insert, EFF_MUT, "24.3.3.4"),
	NF_METHOD("getOrInsertComputed", 2, weakmap_get_or_compute, EFF_MUT | EFF_CALLS, "24.3.3.5"),
	NF_METHOD("set", 2, weakmap_set, EFF_MUT, "24.3.3.5"),
	NF_METHOD("has", 1, weakmap_has, EFF_NONE, "24.3.3.4"),
	NF_TAG("WeakMap"),
};

static const struct row weakset_proto_rows[] = {
	NF_METHOD("delete", 1, weakset_delete, EFF_MUT, "24.4.3.3"),
	NF_METHOD("has", 1, weakset_has, EFF_NONE, "24.4.3.4"),
	NF_METHOD("add", 1, weakset_add, EFF_MUT, "24.4.3.1"),
	NF_TAG("WeakSet"),
};

static const struct row weakref_proto_rows[] = {
	NF_METHOD("deref", 0, weakref_deref, EFF_NONE, "26.1.3.2"),
	NF_TAG("WeakRef"),
};

static const struct row finreg_proto_rows[] = {
	NF_METHOD("register", 2, finreg_register, EFF_MUT, "26.2.3.2"),
	NF_METHOD("unregister", 1, finreg_unregister, EFF_MUT, "26.2.3.3"),
	NF_TAG("FinalizationRegistry"),
};

static const struct native_def weakmap_ctor_def =
	{ "WeakMap", weakmap_construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_MUT | EFF_CALLS, 0, "24.3.1.1" };
static const struct native_def weakset_ctor_def =
	{ "WeakSet", weakset_construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_MUT | EFF_CALLS, 0, "24.4.1.1" };
static const struct native_def weakref_ctor_def =
	{ "WeakRef", weakref_construct, 1, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "26.1.1.1" };
static const struct native_def finreg_ctor_def =
	{ "FinalizationRegistry", finreg_construct, 1, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "26.2.1.1" };

static void make(struct vm *vm, const struct native_def *def, enum intrinsic ctor, enum intrinsic proto,
                 const struct row *rows, uint32_t n)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[proto] = v_cell(p);
	native_ctor(vm, def, ctor, NULL, p, NULL, 0, rows, n);
}

void builtin_weak_init(struct vm *vm)
{
	make(vm, &weakmap_ctor_def, INTR_WeakMap, INTR_WeakMapPrototype, weakmap_proto_rows, ARRAY_LEN(weakmap_proto_rows));
	make(vm, &weakset_ctor_def, INTR_WeakSet, INTR_WeakSetPrototype, weakset_proto_rows, ARRAY_LEN(weakset_proto_rows));
	make(vm, &weakref_ctor_def, INTR_WeakRef, INTR_WeakRefPrototype, weakref_proto_rows, ARRAY_LEN(weakref_proto_rows));
	make(vm, &finreg_ctor_def, INTR_FinalizationRegistry, INTR_FinalizationRegistryPrototype,
	     finreg_proto_rows, ARRAY_LEN(finreg_proto_rows));
}
