/* boolean.c: Boolean and its prototype (ECMA-262 20.3). Called by scripts. */
#include "engine/builtins/builtins.h"

static val boolean_ctor(struct vm *vm, val *a, uint32_t argc)
{
	val b = v_bool(to_boolean(ARG(0))), proto;
	struct prim_obj *o;

	if (v_isundef(NEWT()))
		return b;
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_BooleanPrototype);
	if (v_isexc(proto))
		return V_EXC;
	o = obj_new_kind(vm, v_toobj(proto), KIND_BOOLEAN, sizeof *o);
	HINIT(o->prim, b);
	return v_cell(o);
}

/* ThisBooleanValue (20.3.3.3.1) */
static val this_value(struct vm *vm, val v, const char *method)
{
	if (v_isbool(v))
		return v;
	if (v_iskind(v, KIND_BOOLEAN))
		return ((struct prim_obj *)(void *)v_tocell(v))->prim.v;
	return throw_type(vm, "Boolean.prototype.%s requires that 'this' be a Boolean", method);
}

static val to_string_method(struct vm *vm, val *a, uint32_t argc)
{
	val b = this_value(vm, a[0], "toString");

	(void)argc;
	return v_isexc(b) ? V_EXC : atom_str(vm, b == V_TRUE ? A_true_ : A_false_);
}

static val value_of(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return this_value(vm, a[0], "valueOf");
}

static const struct row boolean_proto_rows[] = {
	NF_METHOD("toString", 0, to_string_method, EFF_NONE, "20.3.3.2"),
	NF_METHOD("valueOf", 0, value_of, EFF_NONE, "20.3.3.3"),
};

static const struct native_def boolean_def = { "Boolean", boolean_ctor, 1, NF_CTOR, EFF_CALLS, 0, "20.3.1.1" };

void builtin_boolean_init(struct vm *vm)
{
	struct prim_obj *proto = obj_new_kind(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_BOOLEAN, sizeof *proto);

	HINIT(proto->prim, V_FALSE);
	vm->intr[INTR_BooleanPrototype] = v_cell(proto);
	native_ctor(vm, &boolean_def, INTR_Boolean, NULL, (struct obj *)(void *)proto, NULL, 0,
	            boolean_proto_rows, ARRAY_LEN(boolean_proto_rows));
}
