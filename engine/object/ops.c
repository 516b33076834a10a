/* ops.c: operations on objects (ECMA-262 7.3) over the essential internal
 * methods, and the messages of what goes wrong with properties. Called by the
 * interpreter's slow functions and every built-in. Most may run JavaScript. */
#include "engine/object/prop.h"

/* ---- messages ------------------------------------------------------------------- */

/* Why [[Set]] refused, for ordinary objects. Always -1. */
static COLD int throw_set_refused(struct vm *vm, struct obj *o, pkey k)
{
	const char *key = key_for_message(vm, k), *what = val_for_message(vm, v_cell(o));

	if (o->h.kind == KIND_PROXY) {
		throw_type(vm, "'set' on proxy: trap returned falsish for property '%s'", key);
		return -1;
	}
	for (struct obj *p = o; p != NULL; p = obj_shape(vm, p)->proto) {
		const struct exotic *x = vm->exotic[p->h.kind];
		struct own w;

		if (x != NULL && x->get_own != NULL)
			break;
		if (!own_lookup(vm, p, k, &w))
			continue;
		if (w.attrs & ATTR_ACCESSOR)
			throw_type(vm, "Cannot set property %s of %s which has only a getter", key, what);
		else if (!(w.attrs & ATTR_W))
			throw_type(vm, "Cannot assign to read only property '%s' of object '%s'", key, what);
		else
			break;
		return -1;
	}
	if (o->h.kind == KIND_MODULE_NS && obj_has(vm, o, k) > 0)
		throw_type(vm, "Cannot assign to '%s' of a module namespace", key);
	else if (!(o->h.flags.v & CF_EXTENSIBLE))
		throw_type(vm, "Cannot add property %s, object is not extensible", key);
	else
		throw_type(vm, "Cannot set property %s of %s", key, what);
	return -1;
}

static COLD int throw_define_refused(struct vm *vm, struct obj *o, pkey k)
{
	const char *key = key_for_message(vm, k);
	const struct exotic *x = vm->exotic[o->h.kind];
	struct own w;

	if (o->h.kind == KIND_PROXY)
		throw_type(vm, "'defineProperty' on proxy: trap returned falsish for property '%s'", key);
	else if (x != NULL && x->get_own != NULL)
		throw_type(vm, "Cannot define property %s", key);
	else if (own_lookup(vm, o, k, &w))
		throw_type(vm, "Cannot redefine property: %s", key);
	else
		throw_type(vm, "Cannot define property %s, object is not extensible", key);
	return -1;
}

/* ---- reading --------------------------------------------------------------------- */

struct obj *obj_proto_of_primitive(struct vm *vm, val base)
{
	if (v_isstr(base))
		return obj_intr(vm, INTR_StringPrototype);
	if (v_isnum(base))
		return obj_intr(vm, INTR_NumberPrototype);
	if (v_isbool(base))
		return obj_intr(vm, INTR_BooleanPrototype);
	if (v_issym(base))
		return obj_intr(vm, INTR_SymbolPrototype);
	if (v_isbig(base))
		return obj_intr(vm, INTR_BigIntPrototype);
	return NULL;
}

val obj_get_v(struct vm *vm, val base, pkey k)
{
	struct obj *p;

	if (likely(v_isobj(base)))
		return obj_get(vm, v_toobj(base), k);
	if (v_isstr(base)) {
		struct str *s = v_tostr(base);

		if (k == A_length)
			return v_u32(s->len.v);
		if (pkey_is_index(k) && pkey_index(k) < s->len.v)
			return str_from_unit(vm, str_at(vm, s, pkey_index(k)));
	}
	p = obj_proto_of_primitive(vm, base);
	if (p == NULL)
		return throw_type(vm, "Cannot read properties of %s (reading '%s')",
		                  v_isnull(base) ? "null" : "undefined", key_for_message(vm, k));
	return obj_get_r(vm, p, k, base);
}

val obj_get_method(struct vm *vm, val v, pkey k)
{
	val f = obj_get_v(vm, v, k);

	if (f == V_EXC)
		return V_EXC;
	if (v_isnullish(f))
		return V_UNDEF;
	if (!func_is_callable(f))
		return throw_type(vm, "%s is not a function", val_for_message(vm, f));
	return f;
}

val obj_invoke(struct vm *vm, val v, pkey k, uint32_t argc, const val *argv)
{
	val f = obj_get_v(vm, v, k);

	if (f == V_EXC)
		return V_EXC;
	if (!func_is_callable(f))
		return throw_type(vm, "%s.%s is not a function", val_for_message(vm, v), key_for_message(vm, k));
	return vm_call(vm, f, v, argc, argv);
}

int obj_length(struct vm *vm, struct obj *o, int64_t *out)
{
	val v;

	if (likely(o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW)) {
		*out = ((struct arr *)(void *)o)->len.v;
		return 0;
	}
	v = obj_get(vm, o, A_length);
	if (v == V_EXC)
		return -1;
	return to_length(vm, v, out);
}

val obj_get_i64(struct vm *vm, struct obj *o, int64_t i)
{
	if (likely(i <= INT32_MAX))
		return obj_get_index(vm, o, (uint32_t)i);
	return obj_get(vm, o, key_of_i64(vm, i));
}

/* ---- writing ------------------------------------------------------------------------ */

int obj_put(struct vm *vm, struct obj *o, pkey k, val v)
{
	int r = obj_set(vm, o, k, v);

	if (likely(r > 0))
		return 0;
	return r < 0 ? -1 : throw_set_refused(vm, o, k);
}

int obj_put_i64(struct vm *vm, struct obj *o, int64_t i, val v)
{
	return obj_put(vm, o, i <= INT32_MAX ? PKEY_INDEX | (uint32_t)i : key_of_i64(vm, i), v);
}

int obj_put_v(struct vm *vm, val base, pkey k, val v, bool strict)
{
	struct obj *p;
	int r = 0;

	if (likely(v_isobj(base))) {
		r = obj_set(vm, v_toobj(base), k, v);
		if (likely(r > 0))
			return 0;
		if (r < 0)
			return -1;
		return strict ? throw_set_refused(vm, v_toobj(base), k) : 0;
	}
	p = obj_proto_of_primitive(vm, base);
	if (p == NULL) {
		throw_type(vm, "Cannot set properties of %s (setting '%s')",
		           v_isnull(base) ? "null" : "undefined", key_for_message(vm, k));
		return -1;
	}
	/* A String object's own length and characters are not writable. */
	if (!v_isstr(base) || (k != A_length && !(pkey_is_index(k) && pkey_index(k) < v_tostr(base)->len.v)))
		r = obj_set_r(vm, p, k, v, base);
	if (r < 0)
		return -1;
	if (r == 0 && strict) {
		throw_type(vm, "Cannot create property '%s' on %s", key_for_message(vm, k), val_for_message(vm, base));
		return -1;
	}
	return 0;
}

int obj_create_data(struct vm *vm, struct obj *o, pkey k, val v)
{
	const struct exotic *x = vm->exotic[o->h.kind];
	struct pdesc d;
	struct own w;

	if (x == NULL || (x == &array_exotic && pkey_is_index(k) && !(o->h.flags.v & CF_FROZEN_EL))) {
		if (!own_lookup(vm, o, k, &w)) {
			if (!(o->h.flags.v & CF_EXTENSIBLE))
				return 0;
			return prop_add(vm, o, k, v, ATTR_WEC) < 0 ? -1 : 1;
		}
		if (w.attrs == ATTR_WEC && w.where != NULL)
			return prop_store(vm, o, k, &w, v) < 0 ? -1 : 1;
	}
	d = pdesc_data(v, ATTR_WEC);
	return obj_define(vm, o, k, &d);
}

int obj_create_data_throw(struct vm *vm, struct obj *o, pkey k, val v)
{
	int r = obj_create_data(vm, o, k, v);

	if (likely(r > 0))
		return 0;
	return r < 0 ? -1 : throw_define_refused(vm, o, k);
}

int obj_define_throw(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	int r = obj_define(vm, o, k, d);

	if (r > 0)
		return 0;
	return r < 0 ? -1 : throw_define_refused(vm, o, k);
}

int obj_delete_throw(struct vm *vm, struct obj *o, pkey k)
{
	int r = obj_delete(vm, o, k);

	if (r == 0)
		throw_type(vm, o->h.kind == KIND_PROXY ? "'deleteProperty' on proxy: trap returned falsish for property '%s'"
		                                       : "Cannot delete property '%s'", key_for_message(vm, k));
	return r > 0 ? 0 : -1;
}

void obj_def(struct vm *vm, struct obj *o, pkey k, val v, uint8_t attrs)
{
	struct own w;

	if (!own_lookup(vm, o, k, &w))
		(void)prop_add(vm, o, k, v, attrs);
	else if (w.where == NULL)
		return;
	else if (w.attrs == attrs)
		(void)prop_store(vm, o, k, &w, v);
	else
		(void)prop_change(vm, o, k, v, attrs);
}

void obj_def_accessor(struct vm *vm, struct obj *o, pkey k, val get, val set, uint8_t attrs)
{
	obj_def(vm, o, k, accessor_new(vm, get, set), (uint8_t)((attrs & ~ATTR_W) | ATTR_ACCESSOR));
}

/* ---- integrity (7.3.15, 7.3.16) -------------------------------------------------------- */

/* Does [[DefineOwnProperty]] on existing keys only ever touch our own storage? */
static bool seals_directly(struct vm *vm, const struct obj *o)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x == NULL || x == &array_exotic || x == &string_exotic || x == &arguments_exotic;
}

static int seal_directly(struct vm *vm, struct obj *o, bool frozen)
{
	if (o->h.flags.v & CF_LAZY)
		prop_materialise(vm, o);
	if (prop_seal(vm, o, frozen ? SHAPE_FROZEN : SHAPE_SEALED) < 0 || elem_seal(vm, o, frozen) < 0)
		return -1;
	VSET(vm, o->h.flags, o->h.flags.v & (uint8_t)~CF_EXTENSIBLE);
	if (frozen && (o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW))
		VSET(vm, o->h.aux, o->h.aux.v | ARR_LEN_RO);
	return 1;
}

int obj_set_integrity(struct vm *vm, struct obj *o, bool frozen)
{
	struct keylist kl;
	struct pdesc cur, d;
	int r;

	if (seals_directly(vm, o))
		return seal_directly(vm, o, frozen);
	r = obj_prevent_extensions(vm, o);
	if (r <= 0)
		return r;
	if (obj_own_keys(vm, o, KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return -1;
	for (uint32_t i = 0; i < kl.n; i++) {
		d = (struct pdesc){ PD_HAS_C, V_UNDEF, V_UNDEF, V_UNDEF };
		if (frozen) {
			r = obj_get_own(vm, o, kl.k[i], &cur);
			if (r < 0)
				return -1;
			if (r == 0)
				continue;
			if (!PD_IS_ACCESSOR(&cur))
				d.flags |= PD_HAS_W;
		}
		if (VM_TICK(vm, 4) || obj_define_throw(vm, o, kl.k[i], &d) < 0)
			return -1;
	}
	return 1;
}

int obj_test_integrity(struct vm *vm, struct obj *o, bool frozen)
{
	struct keylist kl;
	struct pdesc cur;
	int r = obj_is_extensible(vm, o);

	if (r != 0)
		return r < 0 ? -1 : 0;
	if (obj_own_keys(vm, o, KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return -1;
	for (uint32_t i = 0; i < kl.n; i++) {
		if (VM_TICK(vm, 4))
			return -1;
		r = obj_get_own(vm, o, kl.k[i], &cur);
		if (r < 0)
			return -1;
		if (r > 0 && ((cur.flags & PD_C) || (frozen && (cur.flags & PD_W))))
			return 0;
	}
	return 1;
}

/* ---- constructors -------------------------------------------------------------------------- */

val obj_species_ctor(struct vm *vm, struct obj *o, val dflt)
{
	val c = obj_get(vm, o, A_constructor), s;

	if (c == V_EXC)
		return V_EXC;
	if (v_isundef(c))
		return dflt;
	if (!v_isobj(c))
		return throw_type(vm, "The .constructor property is not an object");
	s = obj_get(vm, v_toobj(c), A_sym_species);
	if (s == V_EXC)
		return V_EXC;
	if (v_isnullish(s))
		return dflt;
	if (!func_is_ctor(vm, s))
		return throw_type(vm, "object.constructor[Symbol.species] is not a constructor");
	return s;
}

int obj_ordinary_instance_of(struct vm *vm, val c, val o)
{
	uint32_t proxies = 0;
	val proto;

	if (!func_is_callable(c))
		return 0;
	if (v_iskind(c, KIND_BOUND)) {
		if (VM_RECURSION(vm))
			return -1;
		return obj_instance_of(vm, o, ((struct bound *)(void *)v_tocell(c))->target.v);
	}
	if (!v_isobj(o))
		return 0;
	proto = obj_get(vm, v_toobj(c), A_prototype);
	if (proto == V_EXC)
		return -1;
	if (!v_isobj(proto)) {
		throw_type(vm, "Function has non-object prototype '%s' in instanceof check", val_for_message(vm, proto));
		return -1;
	}
	do {
		if (obj_walk_up(vm, &o, &proxies) < 0)
			return -1;
		if (o == proto)
			return 1;
	} while (v_isobj(o));
	return 0;
}

int obj_instance_of(struct vm *vm, val v, val target)
{
	val m, r;

	if (!v_isobj(target)) {
		throw_type(vm, "Right-hand side of 'instanceof' is not an object");
		return -1;
	}
	m = obj_get_method(vm, target, A_sym_has_instance);
	if (m == V_EXC)
		return -1;
	if (!v_isundef(m)) {
		r = vm_call(vm, m, target, 1, &v);
		return r == V_EXC ? -1 : to_boolean(r);
	}
	if (!func_is_callable(target)) {
		throw_type(vm, "Right-hand side of 'instanceof' is not callable");
		return -1;
	}
	return obj_ordinary_instance_of(vm, target, v);
}

val obj_proto_from_ctor(struct vm *vm, val newt, enum intrinsic dflt)
{
	val p = v_isobj(newt) ? obj_get(vm, v_toobj(newt), A_prototype) : V_UNDEF;

	if (p == V_EXC || v_isobj(p))
		return p;
	/* There is one realm, but GetFunctionRealm (7.3.24) refuses revoked proxies. */
	while (v_iskind(newt, KIND_BOUND) || v_iskind(newt, KIND_PROXY)) {
		if (v_iskind(newt, KIND_BOUND))
			newt = ((struct bound *)(void *)v_tocell(newt))->target.v;
		else if (v_isobj(((struct proxy *)(void *)v_tocell(newt))->handler.v))
			newt = ((struct proxy *)(void *)v_tocell(newt))->target.v;
		else
			return throw_type(vm, "Cannot perform 'construct' on a proxy that has been revoked");
	}
	return vm->intr[dflt];
}

/* ---- copying ----------------------------------------------------------------------------------- */

static int is_excluded(struct vm *vm, pkey k, const val *excluded, uint32_t n)
{
	pkey e;

	for (uint32_t i = 0; i < n; i++) {
		if (!key_of_val(vm, excluded[i], &e))
			return -1;
		if (e == k)
			return 1;
	}
	return 0;
}

int obj_copy_data(struct vm *vm, struct obj *target, val source, const val *excluded, uint32_t n)
{
	struct keylist kl;
	struct pdesc d;
	struct obj *from;
	val v;
	int r;

	if (v_isnullish(source))
		return 0;
	source = to_object(vm, source);
	if (source == V_EXC)
		return -1;
	from = v_toobj(source);
	if (obj_own_keys(vm, from, KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return -1;
	for (uint32_t i = 0; i < kl.n; i++) {
		pkey k = kl.k[i];

		if (VM_TICK(vm, 4))
			return -1;
		r = is_excluded(vm, k, excluded, n);
		if (r != 0) {
			if (r < 0)
				return -1;
			continue;
		}
		r = obj_get_own(vm, from, k, &d);
		if (r < 0)
			return -1;
		if (r == 0 || !(d.flags & PD_E))
			continue;
		/* What a proxy reports is not what it gets. */
		v = PD_IS_ACCESSOR(&d) || from->h.kind == KIND_PROXY ? obj_get(vm, from, k) : d.value;
		if (v == V_EXC || obj_create_data(vm, target, k, v) < 0)
			return -1;
	}
	return 0;
}
