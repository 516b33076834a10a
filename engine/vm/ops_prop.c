/* ops_prop.c: slow functions of property access, definition and private names. */
#include "engine/vm/ops.h"

SLOW_OP(GETP)   { return ic_get_miss(vm, op_code(fp), op_ic(fp, pc), R_b, op_key(fp, pc)); }
SLOW_OP(GETLEN) { return ic_get_miss(vm, op_code(fp), op_ic(fp, pc), R_b, op_key(fp, pc)); }
SLOW_OP(SETP)   { return op_status(ic_set_miss(vm, op_code(fp), op_ic(fp, pc), R_a, op_key(fp, pc), R_b)); }
SLOW_OP(DEFP)
{
	return op_status(ic_define_miss(vm, op_code(fp), op_ic(fp, pc), v_toobj(R_a), op_key(fp, pc), R_b));
}

/* Key given by an int32 >= 0, without ToPropertyKey. */
static inline bool int_key(val k, pkey *out)
{
	if (!v_isint(k) || v_toint(k) < 0)
		return false;
	*out = PKEY_INDEX | (uint32_t)v_toint(k);
	return true;
}

static val get_keyed(struct vm *vm, val base, val key)
{
	pkey k;

	if (int_key(key, &k)) {
		if (v_isobj(base))
			return obj_get_index(vm, v_toobj(base), pkey_index(k));
		if (v_isstr(base) && pkey_index(k) < v_tostr(base)->len.v)
			return str_from_unit(vm, str_at(vm, v_tostr(base), pkey_index(k)));
		return obj_get_v(vm, base, k);
	}
	if (v_isnullish(base))
		return throw_type(vm, "Cannot read properties of %s (reading '%s')", v_isnull(base) ? "null" : "undefined",
				  v_isstr(key) ? str_to_utf8(vm, v_tostr(key), false, &(size_t){ 0 }) : val_for_message(vm, key));
	if (!key_of_val(vm, key, &k))
		return V_EXC;
	if (v_isobj(base) && !pkey_is_index(k) && vm->exotic[v_kind(base)] == NULL)
		return ic_read_keyed(vm, v_toobj(base), k);
	return obj_get_v(vm, base, k);
}

SLOW_OP(GETE)  { return get_keyed(vm, R_b, R_c); }
SLOW_OP(GETEI) { return get_keyed(vm, R_b, v_int((int32_t)W_C(*pc))); }

static val set_keyed(struct vm *vm, val base, val key, val v, bool strict)
{
	pkey k;

	if (v_isnullish(base))
		return throw_type(vm, "Cannot set properties of %s (setting %s)", v_isnull(base) ? "null" : "undefined",
				  val_for_message(vm, key));
	if (!int_key(key, &k) && !key_of_val(vm, key, &k))
		return V_EXC;
	return op_status(obj_put_v(vm, base, k, v, strict));
}

SLOW_OP(SETE)  { return set_keyed(vm, R_a, R_b, R_c, op_strict(fp)); }
SLOW_OP(SETEI) { return set_keyed(vm, R_a, v_int((int32_t)W_B(*pc)), R_c, op_strict(fp)); }

/* ---- super (13.3.7) ---- */

static struct obj *super_base(struct vm *vm, val home)
{
	val proto;

	if (obj_get_proto(vm, v_toobj(home), &proto) < 0)
		return NULL;
	if (!v_isobj(proto)) {
		throw_type(vm, "'super' property access on %s", v_isnull(proto) ? "null" : "a primitive");
		return NULL;
	}
	return v_toobj(proto);
}

/* The base is fetched before a computed key is converted (13.3.7.3). */
static val super_get(struct vm *vm, val home, val this_v, pkey k, const val *computed)
{
	struct obj *o = super_base(vm, home);

	if (o == NULL || (computed && !key_of_val(vm, *computed, &k)))
		return V_EXC;
	return obj_get_r(vm, o, k, this_v);
}

static val super_set(struct vm *vm, val home, val this_v, pkey k, const val *computed, val v, bool strict)
{
	struct obj *o = super_base(vm, home);
	int r;

	if (o == NULL || (computed && !key_of_val(vm, *computed, &k)))
		return V_EXC;
	r = obj_set_r(vm, o, k, v, this_v);
	if (r == 0 && strict)
		return throw_type(vm, "Cannot assign to read only property '%s' of object", key_for_message(vm, k));
	return op_status(r);
}

SLOW_OP(GETSUPER)  { return super_get(vm, R_b, R_c, op_code(fp)->keys[OP_W1], NULL); }
SLOW_OP(GETSUPERE) { return super_get(vm, R_b, R_c, PKEY_NONE, &fp[OP_W1 & 255]); }
SLOW_OP(SETSUPER)  { return super_set(vm, R_b, R_c, op_code(fp)->keys[OP_W1], NULL, R_a, op_strict(fp)); }
SLOW_OP(SETSUPERE) { return super_set(vm, R_b, R_c, PKEY_NONE, &fp[OP_W1 & 255], R_a, op_strict(fp)); }

/* ---- delete (13.5.1) ---- */

static val delete_key(struct vm *vm, val base, pkey k, bool strict)
{
	val o = to_object(vm, base);
	int r;

	if (o == V_EXC)
		return V_EXC;
	r = obj_delete(vm, v_toobj(o), k);
	if (r == 0 && strict)
		return throw_type(vm, "Cannot delete property '%s' of %s", key_for_message(vm, k), val_for_message(vm, o));
	return r < 0 ? V_EXC : v_bool(r);
}

SLOW_OP(DELP) { return delete_key(vm, R_b, op_key(fp, pc), op_strict(fp)); }
SLOW_OP(DELE)
{
	pkey k;

	if (v_isnullish(R_b))
		return to_object(vm, R_b);
	return key_of_val(vm, R_c, &k) ? delete_key(vm, R_b, k, op_strict(fp)) : V_EXC;
}

/* ---- definitions in literals and classes ---- */

SLOW_OP(DEFE)
{
	pkey k;

	return key_of_val(vm, R_b, &k) ? op_status(obj_create_data_throw(vm, v_toobj(R_a), k, R_c)) : V_EXC;
}

SLOW_OP(DEFMETH)
{
	uint32_t flags = OP_W1;
	struct func *f = (struct func *)(void *)v_tocell(R_c);
	struct pdesc d = { PD_HAS_E | PD_HAS_C | PD_C | (flags & METH_ENUMERABLE ? PD_E : 0), R_c, V_UNDEF, V_UNDEF };
	pkey k;

	if (!key_of_val(vm, R_b, &k))
		return V_EXC;
	VSET(vm, f->home, R_a);
	switch (flags & METH_KIND) {
	case METH_GET:
		d.flags |= PD_HAS_GET;
		d.get = R_c;
		func_set_name(vm, v_toobj(R_c), k, "get");
		break;
	case METH_SET:
		d.flags |= PD_HAS_SET;
		d.set = R_c;
		func_set_name(vm, v_toobj(R_c), k, "set");
		break;
	default:
		d.flags |= PD_HAS_VALUE | PD_HAS_W | PD_W;
		func_set_name(vm, v_toobj(R_c), k, NULL);
	}
	return op_status(obj_define_throw(vm, v_toobj(R_a), k, &d));
}

SLOW_OP(SETFNAME)
{
	static const char *const prefix[] = { NULL, "get", "set" };
	struct obj *f;
	struct pdesc d;
	pkey k;
	int r;

	if (!v_iskind(R_a, KIND_FUNC))
		return V_UNDEF;
	f = v_toobj(R_a);
	/* A class with a static `name` member keeps it. */
	if (f->h.flags.v & CF_CLASS) {
		r = obj_get_own(vm, f, A_name, &d);
		if (r < 0)
			return V_EXC;
		if (r == 1 && !(PD_IS_DATA(&d) && v_isstr(d.value) && v_tostr(d.value)->len.v == 0))
			return V_UNDEF;
	}
	if (!key_of_val(vm, R_b, &k))
		return V_EXC;
	func_set_name(vm, f, k, prefix[OP_W1]);
	return V_UNDEF;
}

SLOW_OP(COPYPROPS) { return op_status(obj_copy_data(vm, v_toobj(R_a), R_b, &fp[OP_W1 & 255], W_C(*pc))); }

SLOW_OP(SETPROTO)
{
	if (v_isobj(R_b) || v_isnull(R_b))
		return op_status(obj_set_proto(vm, v_toobj(R_a), R_b));
	return V_UNDEF;
}

/* ---- private names (7.3.26 …): own properties under an atom of type private,
 * invisible to every reflective operation ---- */

SLOW_OP(NEWPRIV)
{
	return symbol_new(vm, key_to_str(vm, op_key16(fp, pc)), ATOM_PRIVATE);
}

static pkey private_key(val name) { return v_tosym(name)->atom.v; }

static val private_missing(struct vm *vm, val name, const char *what)
{
	return throw_type(vm, "Cannot %s private member %s %s an object whose class did not declare it", what,
			  key_for_message(vm, private_key(name)), what[0] == 'r' ? "from" : "to");
}

/* 1 found, 0 absent or not an object. Private members skip proxies and exotic rules. */
static int private_find(struct vm *vm, val o, val name, struct pdesc *d)
{
	return v_isobj(o) ? obj_ordinary_get_own(vm, v_toobj(o), private_key(name), d) : 0;
}

SLOW_OP(GETPRIV)
{
	struct pdesc d;

	if (private_find(vm, R_b, R_c, &d) != 1)
		return private_missing(vm, R_c, "read");
	if (!PD_IS_ACCESSOR(&d))
		return d.value;
	if (v_isundef(d.get))
		return throw_type(vm, "'%s' was defined without a getter", key_for_message(vm, private_key(R_c)));
	return vm_call(vm, d.get, R_b, 0, NULL);
}

SLOW_OP(SETPRIV)
{
	struct pdesc d;

	if (private_find(vm, R_a, R_b, &d) != 1)
		return private_missing(vm, R_b, "write");
	if (PD_IS_ACCESSOR(&d)) {
		if (v_isundef(d.set))
			return throw_type(vm, "'%s' was defined without a setter", key_for_message(vm, private_key(R_b)));
		return vm_call(vm, d.set, R_a, 1, &R_c) == V_EXC ? V_EXC : V_UNDEF;
	}
	if (!(d.flags & PD_W))
		return throw_type(vm, "Private method '%s' is not writable", key_for_message(vm, private_key(R_b)));
	d = (struct pdesc){ PD_HAS_VALUE, R_c, V_UNDEF, V_UNDEF };
	return op_status(obj_ordinary_define(vm, v_toobj(R_a), private_key(R_b), &d));
}

static val private_twice(struct vm *vm, val name)
{
	return throw_type(vm, "Cannot initialize private member %s twice on the same object",
			  key_for_message(vm, private_key(name)));
}

SLOW_OP(DEFPRIV)
{
	struct pdesc d;

	if (private_find(vm, R_a, R_b, &d) == 1)
		return private_twice(vm, R_b);
	obj_def(vm, v_toobj(R_a), private_key(R_b), R_c, ATTR_W);
	return V_UNDEF;
}

SLOW_OP(DEFPRIVM)
{
	struct obj *o = v_toobj(R_a);
	pkey k = private_key(R_b);
	struct pdesc d;
	int r = private_find(vm, R_a, R_b, &d);

	VSET(vm, ((struct func *)(void *)v_tocell(R_c))->home, R_a);
	if (OP_W1 == METH_METHOD) {
		if (r == 1)
			return private_twice(vm, R_b);
		obj_def(vm, o, k, R_c, 0);
		return V_UNDEF;
	}
	/* The other half of an accessor pair may be there already. */
	if (r == 1 && (!PD_IS_ACCESSOR(&d) || !v_isundef(OP_W1 == METH_GET ? d.get : d.set)))
		return private_twice(vm, R_b);
	if (r != 1)
		d.get = d.set = V_UNDEF;
	if (OP_W1 == METH_GET)
		d.get = R_c;
	else
		d.set = R_c;
	obj_def_accessor(vm, o, k, d.get, d.set, ATTR_C);
	return V_UNDEF;
}

SLOW_OP(INPRIV)
{
	struct pdesc d;

	if (!v_isobj(R_c))
		return throw_type(vm, "Cannot use 'in' operator to search for a private member in %s", val_for_message(vm, R_c));
	return v_bool(private_find(vm, R_c, R_b, &d) == 1);
}
