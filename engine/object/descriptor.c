/* descriptor.c: property descriptors as JavaScript objects (ECMA-262 6.2.6).
 * Called by Object, Reflect and Proxy built-ins. pdesc_from_val may run JavaScript. */
#include "engine/object/prop.h"

/* Field k of a descriptor object: 1 present, 0 absent, -1. */
static int field(struct vm *vm, struct obj *o, pkey k, val *out)
{
	int r = obj_has(vm, o, k);

	if (r <= 0)
		return r;
	*out = obj_get(vm, o, k);
	return *out == V_EXC ? -1 : 1;
}

int pdesc_from_val(struct vm *vm, val v, struct pdesc *out)
{
	static const struct { pkey key; uint32_t has, bit; } bools[] = {
		{ A_enumerable, PD_HAS_E, PD_E }, { A_configurable, PD_HAS_C, PD_C },
		{ A_writable, PD_HAS_W, PD_W }
	};
	struct obj *o;
	val f;
	int r;

	*out = (struct pdesc){ 0, V_UNDEF, V_UNDEF, V_UNDEF };
	if (!v_isobj(v)) {
		throw_type(vm, "Property description must be an object: %s", val_for_message(vm, v));
		return -1;
	}
	o = v_toobj(v);
	for (int i = 0; i < 4; i++) {   /* value is read between configurable and writable */
		if (i == 2) {
			r = field(vm, o, A_value, &out->value);
			if (r < 0)
				return -1;
			if (r > 0)
				out->flags |= PD_HAS_VALUE;
			else
				out->value = V_UNDEF;
			continue;
		}
		r = field(vm, o, bools[i < 2 ? i : 2].key, &f);
		if (r < 0)
			return -1;
		if (r > 0)
			out->flags |= bools[i < 2 ? i : 2].has | (to_boolean(f) ? bools[i < 2 ? i : 2].bit : 0);
	}
	for (int i = 0; i < 2; i++) {
		val *slot = i == 0 ? &out->get : &out->set;

		r = field(vm, o, i == 0 ? A_get : A_set, &f);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		if (!v_isundef(f) && !func_is_callable(f)) {
			throw_type(vm, "%s must be a function: %s", i == 0 ? "Getter" : "Setter", val_for_message(vm, f));
			return -1;
		}
		*slot = f;
		out->flags |= i == 0 ? PD_HAS_GET : PD_HAS_SET;
	}
	if (PD_IS_ACCESSOR(out) && PD_IS_DATA(out)) {
		throw_type(vm, "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute");
		return -1;
	}
	return 0;
}

val pdesc_to_val(struct vm *vm, const struct pdesc *d)
{
	struct obj *o = obj_new(vm);

	if (d->flags & PD_HAS_VALUE)
		obj_def(vm, o, A_value, d->value, ATTR_WEC);
	if (d->flags & PD_HAS_W)
		obj_def(vm, o, A_writable, v_bool(d->flags & PD_W), ATTR_WEC);
	if (d->flags & PD_HAS_GET)
		obj_def(vm, o, A_get, d->get, ATTR_WEC);
	if (d->flags & PD_HAS_SET)
		obj_def(vm, o, A_set, d->set, ATTR_WEC);
	if (d->flags & PD_HAS_E)
		obj_def(vm, o, A_enumerable, v_bool(d->flags & PD_E), ATTR_WEC);
	if (d->flags & PD_HAS_C)
		obj_def(vm, o, A_configurable, v_bool(d->flags & PD_C), ATTR_WEC);
	return v_cell(o);
}
