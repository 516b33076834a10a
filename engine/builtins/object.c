/* object.c: Object and Object.prototype (ECMA-262 20.1). The object itself is
 * engine/object's business.
 *
 * Enumerating plain objects reads the property table of their shape directly:
 * such an object has neither accessors nor integer keys, so nothing can run and
 * nothing can change on the way. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/set.h"

#define BATCH 128u   /* properties collected on the C stack before an array is made */

/* 20.1.1.1 */
static val object_construct(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_isundef(NEWT()) && NEWT() != a[FP_CALLEE]) {
		val proto = obj_proto_from_ctor(vm, NEWT(), INTR_ObjectPrototype);

		return proto == V_EXC ? V_EXC : v_cell(obj_new_inl(vm, v_toobj(proto), 4));
	}
	if (v_isnullish(ARG(0)))
		return v_cell(obj_new(vm));
	return to_object(vm, ARG(0));
}

/* ---- plain objects ------------------------------------------------------------------- */

/* The shape of an ordinary object all of whose properties are named data
 * properties in slots, or NULL. */
static const struct shape *plain_shape(struct vm *vm, const struct obj *o)
{
	const struct shape *s = obj_shape(vm, o);
	const struct ext *e = o->ext.v;

	if (o->h.kind != KIND_OBJECT || (s->flags & (SF_DICT | SF_HAS_ACCESSOR)))
		return NULL;
	if (e != NULL && (e->elem.v != NULL || e->sparse.v != NULL))
		return NULL;
	return s;
}

static val plain_value(const struct shape *s, const struct obj *o, uint32_t slot)
{
	return slot < s->inl ? o->inl[slot].v : o->ext.v->slot[slot - s->inl].v;
}

/* ---- keys, values, entries -------------------------------------------------------------- */

enum part { PART_KEYS, PART_VALUES, PART_ENTRIES };

static val part_of(struct vm *vm, enum part part, pkey k, val v)
{
	val kv[2];

	if (part == PART_VALUES)
		return v;
	kv[0] = key_to_val(vm, k);
	if (part == PART_KEYS || kv[0] == V_EXC)
		return kv[0];
	kv[1] = v;
	return arr_from(vm, kv, 2);
}

/* HOLE: not that simple. */
static val list_plain(struct vm *vm, struct obj *o, enum part part)
{
	const struct shape *s = plain_shape(vm, o);
	val out[BATCH];
	uint32_t n = 0;

	if (s == NULL || s->count > BATCH)
		return V_HOLE;
	for (uint32_t i = 0; i < s->count; i++) {
		struct prop_ent e = s->tab->e[i];
		uint8_t type = atom_rec(vm, e.key)->type;

		if (type == ATOM_INDEX)
			return V_HOLE;
		if (type != ATOM_STRING || !(PE_ATTRS(e) & ATTR_E))
			continue;
		out[n] = part_of(vm, part, e.key, plain_value(s, o, PE_SLOT(e)));
		if (out[n++] == V_EXC)
			return V_EXC;
	}
	return arr_from(vm, out, n);
}

/* EnumerableOwnProperties (7.3.23) */
static val list_own(struct vm *vm, val v, enum part part)
{
	val ov = to_object(vm, v), r;
	struct keylist kl;
	struct pdesc d;
	struct arr *out;
	struct obj *o;
	int has;

	if (ov == V_EXC)
		return V_EXC;
	o = v_toobj(ov);
	r = list_plain(vm, o, part);
	if (r != V_HOLE)
		return r;
	if (obj_own_keys(vm, o, part == PART_KEYS ? KEYS_STRINGS | KEYS_ENUMERABLE : KEYS_STRINGS, &kl) < 0)
		return V_EXC;
	out = arr_new(vm, kl.n);
	if (out == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < kl.n; i++) {
		val item = V_UNDEF;

		if (VM_TICK(vm, 4))
			return V_EXC;
		if (part != PART_KEYS) {
			has = obj_get_own(vm, o, kl.k[i], &d);
			if (has < 0)
				return V_EXC;
			if (has == 0 || !(d.flags & PD_E))
				continue;
			item = obj_get(vm, o, kl.k[i]);
			if (item == V_EXC)
				return V_EXC;
		}
		item = part_of(vm, part, kl.k[i], item);
		if (item == V_EXC || arr_push(vm, out, item) < 0)
			return V_EXC;
	}
	return v_cell(out);
}

static val object_keys(struct vm *vm, val *a, uint32_t argc)
{
	return list_own(vm, ARG(0), PART_KEYS);
}

static val object_values(struct vm *vm, val *a, uint32_t argc)
{
	return list_own(vm, ARG(0), PART_VALUES);
}

static val object_entries(struct vm *vm, val *a, uint32_t argc)
{
	return list_own(vm, ARG(0), PART_ENTRIES);
}

static val own_names(struct vm *vm, val v, int which)
{
	val o = to_object(vm, v);
	struct keylist kl;
	struct arr *out;

	if (o == V_EXC || obj_own_keys(vm, v_toobj(o), which, &kl) < 0)
		return V_EXC;
	out = arr_new(vm, kl.n);
	for (uint32_t i = 0; out != NULL && i < kl.n; i++) {
		val k = VM_TICK(vm, 2) ? V_EXC : key_to_val(vm, kl.k[i]);

		if (k == V_EXC || arr_push(vm, out, k) < 0)
			return V_EXC;
	}
	return out == NULL ? V_EXC : v_cell(out);
}

static val object_own_names(struct vm *vm, val *a, uint32_t argc)
{
	return own_names(vm, ARG(0), KEYS_STRINGS);
}

static val object_own_symbols(struct vm *vm, val *a, uint32_t argc)
{
	return own_names(vm, ARG(0), KEYS_SYMBOLS);
}

/* ---- assign (20.1.2.1) ---------------------------------------------------------------------- */

/* One property of a list of keys taken earlier. */
static int assign_key(struct vm *vm, struct obj *to, struct obj *from, pkey k)
{
	struct pdesc d;
	int has = obj_get_own(vm, from, k, &d);
	val v;

	if (has <= 0)
		return has;
	if (!(d.flags & PD_E))
		return 0;
	v = obj_get(vm, from, k);
	return v == V_EXC ? -1 : obj_put(vm, to, k, v);
}

/* Setters of the target may change the source: its shape is looked at again
 * before each property. 1: done, 0: not that simple. */
static int assign_plain(struct vm *vm, struct obj *to, struct obj *from)
{
	const struct shape *s = plain_shape(vm, from);
	uint32_t id, symbols = 0;

	if (s == NULL || (s->flags & SF_PROTO))
		return 0;
	for (uint32_t i = 0; i < s->count; i++) {
		uint8_t type = atom_rec(vm, s->tab->e[i].key)->type;

		if (type == ATOM_INDEX)
			return 0;
		symbols += type == ATOM_SYMBOL || type == ATOM_REGISTERED;
	}
	id = s->id;
	for (int pass = 0; pass <= (symbols != 0); pass++) {
		for (uint32_t i = 0; i < s->count; i++) {
			struct prop_ent e = s->tab->e[i];
			uint8_t type = atom_rec(vm, e.key)->type;

			if (type == ATOM_PRIVATE || (type != ATOM_STRING) != (pass == 1))
				continue;
			if (likely(from->h.shape.v == id)) {
				if ((PE_ATTRS(e) & ATTR_E) &&
				    obj_put(vm, to, e.key, plain_value(s, from, PE_SLOT(e))) < 0)
					return -1;
			} else if (assign_key(vm, to, from, e.key) < 0) {
				return -1;
			}
		}
	}
	return 1;
}

static int assign_from(struct vm *vm, struct obj *to, val source)
{
	struct keylist kl;
	struct obj *from;
	int r;

	if (v_isnullish(source))
		return 0;
	source = to_object(vm, source);
	if (source == V_EXC)
		return -1;
	from = v_toobj(source);
	r = assign_plain(vm, to, from);
	if (r != 0)
		return r < 0 ? -1 : 0;
	if (obj_own_keys(vm, from, KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return -1;
	for (uint32_t i = 0; i < kl.n; i++)
		if (VM_TICK(vm, 4) || assign_key(vm, to, from, kl.k[i]) < 0)
			return -1;
	return 0;
}

static val object_assign(struct vm *vm, val *a, uint32_t argc)
{
	val to = to_object(vm, ARG(0));

	if (to == V_EXC)
		return V_EXC;
	for (uint32_t i = 1; i < argc; i++)
		if (assign_from(vm, v_toobj(to), a[i + 1]) < 0)
			return V_EXC;
	return to;
}

/* ---- defining --------------------------------------------------------------------------------- */

/* ObjectDefineProperties (20.1.2.3.1): all descriptors are read before the first
 * is applied; they wait in a heap cell, where the collector sees them. */
static val define_all(struct vm *vm, struct obj *o, val props)
{
	struct keylist kl, todo = { 0 };
	struct pdesc *ds, d;
	struct cell *mem;
	size_t bytes;

	props = to_object(vm, props);
	if (props == V_EXC || obj_own_keys(vm, v_toobj(props), KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return V_EXC;
	bytes = kl.n * sizeof *ds;
	mem = kl.n > 1u << 24 ? NULL : heap_alloc(&vm->heap, sizeof *mem + bytes, (uint32_t)(bytes / 8), KIND_LIST, 0);
	if (mem == NULL)
		return throw_oom(vm);
	ds = (struct pdesc *)(void *)(mem + 1);
	memset((void *)ds, 0, bytes);
	for (uint32_t i = 0; i < kl.n; i++) {
		int has = VM_TICK(vm, 4) ? -1 : obj_get_own(vm, v_toobj(props), kl.k[i], &d);
		val v;

		if (has < 0)
			return V_EXC;
		if (has == 0 || !(d.flags & PD_E))
			continue;
		v = obj_get(vm, v_toobj(props), kl.k[i]);
		if (v == V_EXC || pdesc_from_val(vm, v, &d) < 0 || keylist_push(vm, &todo, kl.k[i]) < 0)
			return V_EXC;
		heap_wb_range(&vm->heap, &ds[todo.n - 1], sizeof d);
		ds[todo.n - 1] = d;
	}
	for (uint32_t i = 0; i < todo.n; i++) {
		d = ds[i];
		if (VM_TICK(vm, 4) || obj_define_throw(vm, o, todo.k[i], &d) < 0)
			return V_EXC;
	}
	return v_cell(o);
}

static val object_create(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o;

	if (!v_isobj(ARG(0)) && !v_isnull(ARG(0)))
		return throw_type(vm, "Object prototype may only be an Object or null: %s", val_for_message(vm, ARG(0)));
	o = obj_new_inl(vm, v_isnull(ARG(0)) ? NULL : v_toobj(ARG(0)), 4);
	return v_isundef(ARG(1)) ? v_cell(o) : define_all(vm, o, ARG(1));
}

static val object_define_property(struct vm *vm, val *a, uint32_t argc)
{
	struct pdesc d;
	pkey k;

	if (!v_isobj(ARG(0)))
		return throw_type(vm, "Object.defineProperty called on non-object");
	if (!key_of_val(vm, ARG(1), &k) || pdesc_from_val(vm, ARG(2), &d) < 0 ||
	    obj_define_throw(vm, v_toobj(ARG(0)), k, &d) < 0)
		return V_EXC;
	return ARG(0);
}

static val object_define_properties(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_isobj(ARG(0)))
		return throw_type(vm, "Object.defineProperties called on non-object");
	return define_all(vm, v_toobj(ARG(0)), ARG(1));
}

static int add_entry(struct vm *vm, void *u, val kv, val v)
{
	pkey k;

	return key_of_val(vm, kv, &k) ? obj_create_data_throw(vm, u, k, v) : -1;
}

static val object_from_entries(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o;

	if (val_require_coercible(vm, ARG(0), "Object.fromEntries") < 0)
		return V_EXC;
	o = obj_new(vm);
	return entries_each(vm, ARG(0), add_entry, o) < 0 ? V_EXC : v_cell(o);
}

static int add_to_group(struct vm *vm, void *u, val kv, val item)
{
	struct pdesc d;
	struct arr *group;
	pkey k;
	int has;

	if (!key_of_val(vm, kv, &k))
		return -1;
	has = obj_get_own(vm, u, k, &d);
	if (has != 0)
		return has < 0 ? -1 : arr_push(vm, v_toarr(d.value), item);
	group = arr_new(vm, 1);
	if (group == NULL || arr_push(vm, group, item) < 0)
		return -1;
	return obj_create_data_throw(vm, u, k, v_cell(group));
}

static val object_group_by(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *o = obj_new_inl(vm, NULL, 4);

	return group_by(vm, ARG(0), ARG(1), add_to_group, o) < 0 ? V_EXC : v_cell(o);
}

/* ---- descriptors ------------------------------------------------------------------------------- */

static val object_own_descriptor(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, ARG(0));
	struct pdesc d;
	pkey k;
	int has;

	if (o == V_EXC || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	has = obj_get_own(vm, v_toobj(o), k, &d);
	if (has <= 0)
		return has < 0 ? V_EXC : V_UNDEF;
	return pdesc_to_val(vm, &d);
}

static val object_own_descriptors(struct vm *vm, val *a, uint32_t argc)
{
	val ov = to_object(vm, ARG(0));
	struct keylist kl;
	struct obj *out;

	if (ov == V_EXC || obj_own_keys(vm, v_toobj(ov), KEYS_STRINGS | KEYS_SYMBOLS, &kl) < 0)
		return V_EXC;
	out = obj_new(vm);
	for (uint32_t i = 0; i < kl.n; i++) {
		struct pdesc d;
		int has = VM_TICK(vm, 8) ? -1 : obj_get_own(vm, v_toobj(ov), kl.k[i], &d);
		val dv;

		if (has < 0)
			return V_EXC;
		if (has == 0)
			continue;
		dv = pdesc_to_val(vm, &d);
		if (dv == V_EXC || obj_create_data_throw(vm, out, kl.k[i], dv) < 0)
			return V_EXC;
	}
	return v_cell(out);
}

static val object_has_own(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, ARG(0));
	pkey k;
	int has;

	if (o == V_EXC || !key_of_val(vm, ARG(1), &k))
		return V_EXC;
	has = obj_has_own(vm, v_toobj(o), k);
	return has < 0 ? V_EXC : v_bool(has);
}

static val object_is(struct vm *vm, val *a, uint32_t argc)
{
	return v_bool(val_same(vm, ARG(0), ARG(1)));
}

/* ---- prototype, integrity -------------------------------------------------------------------------- */

static val object_get_prototype_of(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, ARG(0)), p;

	return o == V_EXC || obj_get_proto(vm, v_toobj(o), &p) < 0 ? V_EXC : p;
}

static int set_proto_throw(struct vm *vm, val o, val proto)
{
	int r = obj_set_proto(vm, v_toobj(o), proto);

	if (r != 0)
		return r < 0 ? -1 : 0;
	if (o == vm->intr[INTR_ObjectPrototype])
		throw_type(vm, "Immutable prototype object 'Object.prototype' cannot have their prototype set");
	else if (v_kind(o) == KIND_PROXY)
		throw_type(vm, "'setPrototypeOf' on proxy: trap returned falsish");
	else if (!(v_tocell(o)->flags.v & CF_EXTENSIBLE))
		throw_type(vm, "%s is not extensible", val_for_message(vm, o));
	else
		throw_type(vm, "Cyclic __proto__ value");
	return -1;
}

static val object_set_prototype_of(struct vm *vm, val *a, uint32_t argc)
{
	val o = ARG(0), p = ARG(1);

	if (val_require_coercible(vm, o, "Object.setPrototypeOf") < 0)
		return V_EXC;
	if (!v_isobj(p) && !v_isnull(p))
		return throw_type(vm, "Object prototype may only be an Object or null: %s", val_for_message(vm, p));
	return v_isobj(o) && set_proto_throw(vm, o, p) < 0 ? V_EXC : o;
}

static val set_integrity(struct vm *vm, val v, bool frozen)
{
	int r;

	if (!v_isobj(v))
		return v;
	r = obj_set_integrity(vm, v_toobj(v), frozen);
	if (r == 0)
		return throw_type(vm, "Cannot %s %s", frozen ? "freeze" : "seal", val_for_message(vm, v));
	return r < 0 ? V_EXC : v;
}

static val object_freeze(struct vm *vm, val *a, uint32_t argc) { return set_integrity(vm, ARG(0), true); }
static val object_seal(struct vm *vm, val *a, uint32_t argc) { return set_integrity(vm, ARG(0), false); }

static val object_prevent_extensions(struct vm *vm, val *a, uint32_t argc)
{
	int r;

	if (!v_isobj(ARG(0)))
		return ARG(0);
	r = obj_prevent_extensions(vm, v_toobj(ARG(0)));
	if (r == 0)
		return throw_type(vm, "Cannot prevent extensions of %s", val_for_message(vm, ARG(0)));
	return r < 0 ? V_EXC : ARG(0);
}

static val object_is_extensible(struct vm *vm, val *a, uint32_t argc)
{
	int r = v_isobj(ARG(0)) ? obj_is_extensible(vm, v_toobj(ARG(0))) : 0;

	return r < 0 ? V_EXC : v_bool(r);
}

static val test_integrity(struct vm *vm, val v, bool frozen)
{
	int r = v_isobj(v) ? obj_test_integrity(vm, v_toobj(v), frozen) : 1;

	return r < 0 ? V_EXC : v_bool(r);
}

static val object_is_frozen(struct vm *vm, val *a, uint32_t argc) { return test_integrity(vm, ARG(0), true); }
static val object_is_sealed(struct vm *vm, val *a, uint32_t argc) { return test_integrity(vm, ARG(0), false); }

/* ---- Object.prototype ---------------------------------------------------------------------------------- */

static val proto_has_own_property(struct vm *vm, val *a, uint32_t argc)
{
	pkey k;
	val o;
	int has;

	if (!key_of_val(vm, ARG(0), &k))
		return V_EXC;
	o = to_object(vm, a[0]);
	if (o == V_EXC)
		return V_EXC;
	has = obj_has_own(vm, v_toobj(o), k);
	return has < 0 ? V_EXC : v_bool(has);
}

static val proto_is_prototype_of(struct vm *vm, val *a, uint32_t argc)
{
	val o, p = ARG(0);
	uint32_t proxies = 0;

	if (!v_isobj(p))
		return V_FALSE;
	o = to_object(vm, a[0]);
	if (o == V_EXC)
		return V_EXC;
	for (;;) {
		if (obj_walk_up(vm, &p, &proxies) < 0)
			return V_EXC;
		if (!v_isobj(p))
			return V_FALSE;
		if (p == o)
			return V_TRUE;
	}
}

static val proto_property_is_enumerable(struct vm *vm, val *a, uint32_t argc)
{
	struct pdesc d;
	pkey k;
	val o;
	int has;

	if (!key_of_val(vm, ARG(0), &k))
		return V_EXC;
	o = to_object(vm, a[0]);
	if (o == V_EXC)
		return V_EXC;
	has = obj_get_own(vm, v_toobj(o), k, &d);
	return has < 0 ? V_EXC : v_bool(has > 0 && (d.flags & PD_E));
}

static val proto_to_locale_string(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return obj_invoke(vm, a[0], A_toString, 0, NULL);
}

/* 20.1.3.6 */
static val proto_to_string(struct vm *vm, val *a, uint32_t argc)
{
	const char *tag = "Object";
	val o, t, s;
	int is_array;

	(void)argc;
	if (v_isnullish(a[0]))
		return str_cstr(vm, v_isnull(a[0]) ? "[object Null]" : "[object Undefined]");
	o = to_object(vm, a[0]);
	if (o == V_EXC)
		return V_EXC;
	is_array = arr_is_array(vm, o);
	if (is_array < 0)
		return V_EXC;
	switch (v_kind(o)) {
	case KIND_ARGUMENTS: tag = "Arguments"; break;
	case KIND_ERROR: tag = "Error"; break;
	case KIND_BOOLEAN: tag = "Boolean"; break;
	case KIND_NUMBER: tag = "Number"; break;
	case KIND_STRING: tag = "String"; break;
	case KIND_DATE: tag = "Date"; break;
	case KIND_REGEXP: tag = "RegExp"; break;
	default:
		if (is_array)
			tag = "Array";
		else if (func_is_callable(o))
			tag = "Function";
	}
	t = obj_get(vm, v_toobj(o), A_sym_to_string_tag);
	if (t == V_EXC)
		return V_EXC;
	if (!v_isstr(t))
		return str_printf(vm, "[object %s]", tag);
	s = str_concat(vm, v_tostr(str_cstr(vm, "[object ")), v_tostr(t));
	return s == V_EXC ? V_EXC : str_concat(vm, v_tostr(s), v_tostr(str_cstr(vm, "]")));
}

static val proto_value_of(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return to_object(vm, a[0]);
}

static val proto_get_proto(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, a[0]), p;

	(void)argc;
	return o == V_EXC || obj_get_proto(vm, v_toobj(o), &p) < 0 ? V_EXC : p;
}

static val proto_set_proto(struct vm *vm, val *a, uint32_t argc)
{
	val p = ARG(0);

	if (val_require_coercible(vm, a[0], "Object.prototype.__proto__") < 0)
		return V_EXC;
	if ((!v_isobj(p) && !v_isnull(p)) || !v_isobj(a[0]))
		return V_UNDEF;
	return set_proto_throw(vm, a[0], p) < 0 ? V_EXC : V_UNDEF;
}

/* B.2.2.2, B.2.2.3: __defineGetter__, __defineSetter__ */
static val define_half(struct vm *vm, val *a, uint32_t argc, bool getter)
{
	struct pdesc d = { PD_E | PD_C | PD_HAS_E | PD_HAS_C | (getter ? PD_HAS_GET : PD_HAS_SET), V_UNDEF, V_UNDEF, V_UNDEF };
	val o = to_object(vm, a[0]);
	pkey k;

	if (o == V_EXC)
		return V_EXC;
	if (!func_is_callable(ARG(1)))
		return throw_type(vm, "Object.prototype.__define%s__: Expecting function", getter ? "Getter" : "Setter");
	*(getter ? &d.get : &d.set) = ARG(1);
	if (!key_of_val(vm, ARG(0), &k) || obj_define_throw(vm, v_toobj(o), k, &d) < 0)
		return V_EXC;
	return V_UNDEF;
}

static val proto_define_getter(struct vm *vm, val *a, uint32_t argc) { return define_half(vm, a, argc, true); }
static val proto_define_setter(struct vm *vm, val *a, uint32_t argc) { return define_half(vm, a, argc, false); }

/* B.2.2.4, B.2.2.5 */
static val lookup_half(struct vm *vm, val *a, uint32_t argc, bool getter)
{
	val o = to_object(vm, a[0]);
	uint32_t proxies = 0;
	struct pdesc d;
	pkey k;

	if (o == V_EXC || !key_of_val(vm, ARG(0), &k))
		return V_EXC;
	while (v_isobj(o)) {
		int has = VM_TICK(vm, 2) ? -1 : obj_get_own(vm, v_toobj(o), k, &d);

		if (has < 0)
			return V_EXC;
		if (has > 0)
			return PD_IS_ACCESSOR(&d) ? getter ? d.get : d.set : V_UNDEF;
		if (obj_walk_up(vm, &o, &proxies) < 0)
			return V_EXC;
	}
	return V_UNDEF;
}

static val proto_lookup_getter(struct vm *vm, val *a, uint32_t argc) { return lookup_half(vm, a, argc, true); }
static val proto_lookup_setter(struct vm *vm, val *a, uint32_t argc) { return lookup_half(vm, a, argc, false); }

/* ---- tables ------------------------------------------------------------------------------------------------ */

static const struct native_def object_ctor_def =
	{ "Object", object_construct, 1, NF_CTOR, EFF_CALLS, 0, "20.1.1.1" };

static const struct row object_static_rows[] = {
	NF_METHOD("assign", 2, object_assign, EFF_MUT | EFF_CALLS, "20.1.2.1"),
	NF_METHOD("create", 2, object_create, EFF_CALLS, "20.1.2.2"),
	NF_METHOD("defineProperties", 2, object_define_properties, EFF_MUT | EFF_CALLS, "20.1.2.3"),
	NF_METHOD("defineProperty", 3, object_define_property, EFF_MUT | EFF_CALLS, "20.1.2.4"),
	NF_METHOD("entries", 1, object_entries, EFF_CALLS, "20.1.2.5"),
	NF_METHOD("freeze", 1, object_freeze, EFF_MUT | EFF_CALLS, "20.1.2.6"),
	NF_METHOD("fromEntries", 1, object_from_entries, EFF_CALLS, "20.1.2.7"),
	NF_METHOD("getOwnPropertyDescriptor", 2, object_own_descriptor, EFF_CALLS, "20.1.2.8"),
	NF_METHOD("getOwnPropertyDescriptors", 1, object_own_descriptors, EFF_CALLS, "20.1.2.9"),
	NF_METHOD("getOwnPropertyNames", 1, object_own_names, EFF_CALLS, "20.1.2.10"),
	NF_METHOD("getOwnPropertySymbols", 1, object_own_symbols, EFF_CALLS, "20.1.2.11"),
	NF_METHOD("getPrototypeOf", 1, object_get_prototype_of, EFF_CALLS, "20.1.2.12"),
	NF_METHOD("groupBy", 2, object_group_by, EFF_CALLS, "20.1.2.13"),
	NF_METHOD("hasOwn", 2, object_has_own, EFF_CALLS, "20.1.2.14"),
	NF_METHOD("is", 2, object_is, EFF_NONE, "20.1.2.15"),
	NF_METHOD("isExtensible", 1, object_is_extensible, EFF_CALLS, "20.1.2.16"),
	NF_METHOD("isFrozen", 1, object_is_frozen, EFF_CALLS, "20.1.2.17"),
	NF_METHOD("isSealed", 1, object_is_sealed, EFF_CALLS, "20.1.2.18"),
	NF_METHOD("keys", 1, object_keys, EFF_CALLS, "20.1.2.19"),
	NF_METHOD("preventExtensions", 1, object_prevent_extensions, EFF_MUT | EFF_CALLS, "20.1.2.20"),
	NF_METHOD("seal", 1, object_seal, EFF_MUT | EFF_CALLS, "20.1.2.22"),
	NF_METHOD("setPrototypeOf", 2, object_set_prototype_of, EFF_MUT | EFF_CALLS, "20.1.2.23"),
	NF_METHOD("values", 1, object_values, EFF_CALLS, "20.1.2.24"),
};

static const struct row object_proto_rows[] = {
	NF_METHOD("__defineGetter__", 2, proto_define_getter, EFF_MUT | EFF_CALLS, "B.2.2.2"),
	NF_METHOD("__defineSetter__", 2, proto_define_setter, EFF_MUT | EFF_CALLS, "B.2.2.3"),
	NF_METHOD("hasOwnProperty", 1, proto_has_own_property, EFF_CALLS, "20.1.3.2"),
	NF_METHOD("__lookupGetter__", 1, proto_lookup_getter, EFF_CALLS, "B.2.2.4"),
	NF_METHOD("__lookupSetter__", 1, proto_lookup_setter, EFF_CALLS, "B.2.2.5"),
	NF_METHOD("isPrototypeOf", 1, proto_is_prototype_of, EFF_CALLS, "20.1.3.3"),
	NF_METHOD("propertyIsEnumerable", 1, proto_property_is_enumerable, EFF_CALLS, "20.1.3.4"),
	NF_METHOD_INTR("toString", 0, proto_to_string, EFF_CALLS, "20.1.3.6", INTR_ObjProto_toString),
	NF_METHOD("valueOf", 0, proto_value_of, EFF_NONE, "20.1.3.7"),
	NF_ACCESSOR("__proto__", proto_get_proto, proto_set_proto, EFF_MUT | EFF_CALLS, "B.2.2.1"),
	NF_METHOD("toLocaleString", 0, proto_to_locale_string, EFF_CALLS, "20.1.3.5"),
};

void builtin_object_init(struct vm *vm)
{
	native_ctor(vm, &object_ctor_def, INTR_Object, NULL, obj_intr(vm, INTR_ObjectPrototype),
	            object_static_rows, ARRAY_LEN(object_static_rows), object_proto_rows, ARRAY_LEN(object_proto_rows));
}
