/* arguments.c: arguments objects (ECMA-262 10.4.4). Called by the ARGS op.
 *
 * A mapped object keeps the formal parameters in its map; an element that is
 * mapped holds ARG_MAPPED and every access goes through elem_lookup, which
 * answers with the parameter's word. Defining an accessor or a read-only value
 * over such an element unmaps it (elem_change), deleting it removes it; the
 * parameter stays in the map. So the ordinary methods are the exotic ones. */
#include "engine/object/prop.h"

const struct exotic arguments_exotic = { 0 };

val arguments_new(struct vm *vm, const val *args, uint32_t argc, uint32_t nmapped, val callee)
{
	struct arguments *a = obj_new_kind(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_ARGUMENTS, sizeof *a);
	struct obj *o = (struct obj *)(void *)a;

	HINIT(a->a.elem, NULL);
	HINIT(a->a.len, 0);
	HINIT(a->a.cap, 0);
	HINIT(a->map, NULL);
	if (argc != 0) {
		if (arr_reserve(vm, &a->a, argc) < 0)
			return V_EXC;
		for (uint32_t i = 0; i < argc; i++)
			VSET(vm, a->a.elem.v[i], i < nmapped ? ARG_MAPPED : args[i]);
		VSET(vm, a->a.len, argc);
	}
	if (nmapped != 0) {
		struct vals *m = heap_alloc(&vm->heap, sizeof *m + nmapped * sizeof(val), nmapped, KIND_VALS, 0);

		if (m == NULL) {
			throw_oom(vm);
			return V_EXC;
		}
		for (uint32_t i = 0; i < nmapped; i++)
			HINIT(m->v[i], i < argc ? args[i] : V_UNDEF);
		VSET(vm, a->map, m);
	}
	obj_def(vm, o, A_length, v_u32(argc), ATTR_WC);
	if (callee != V_HOLE)
		obj_def(vm, o, A_callee, callee, ATTR_WC);
	else
		obj_def_accessor(vm, o, A_callee, vm->intr[INTR_ThrowTypeError], vm->intr[INTR_ThrowTypeError], 0);
	obj_def(vm, o, A_sym_iterator, vm->intr[INTR_ArrayProto_values], ATTR_WC);
	return v_cell(a);
}

void arguments_set_param(struct vm *vm, struct arguments *a, uint32_t i, val v)
{
	VSET(vm, a->map.v->v[i], v);
}
