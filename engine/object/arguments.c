/* arguments.c: arguments objects (ECMA-262 10.4.4). Called by the ARGS op.
 *
 * A mapped object keeps the formal parameters in its map; an element that is
 * mapped holds ARG_MAPPED and every access goes through elem_lookup, which
 * answers with the parameter's word. Defining an accessor or a read-only value
 * over such an element unmaps it (elem_change), deleting it removes it; the
 * parameter stays in the map. So the ordinary methods are the exotic ones. */
#include "engine/object/prop.h"

const struct exotic arguments_exotic = { 0 };

struct arguments *arguments_new(struct vm *vm, const val *argv, uint32_t argc, uint32_t nparams, struct obj *callee)
{
	struct arguments *a = obj_new_kind(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_ARGUMENTS, sizeof *a);
	struct obj *o = (struct obj *)(void *)a;

	HINIT(a->a.elem, NULL);
	HINIT(a->a.len, 0);
	HINIT(a->a.cap, 0);
	HINIT(a->map, NULL);
	if (argc != 0) {
		if (arr_reserve(vm, &a->a, argc) < 0)
			return NULL;
		for (uint32_t i = 0; i < argc; i++)
			VSET(vm, a->a.elem.v[i], callee != NULL && i < nparams ? ARG_MAPPED : argv[i]);
		VSET(vm, a->a.len, argc);
	}
	if (callee != NULL && nparams != 0) {
		struct vals *m = heap_alloc(&vm->heap, sizeof *m + nparams * sizeof(val), nparams, KIND_VALS, 0);

		if (m == NULL) {
			throw_oom(vm);
			return NULL;
		}
		for (uint32_t i = 0; i < nparams; i++)
			HINIT(m->v[i], i < argc ? argv[i] : V_UNDEF);
		VSET(vm, a->map, m);
	}
	obj_def(vm, o, A_length, v_u32(argc), ATTR_WC);
	if (callee != NULL)
		obj_def(vm, o, A_callee, v_cell(callee), ATTR_WC);
	else
		obj_def_accessor(vm, o, A_callee, vm->intr[INTR_ThrowTypeError], vm->intr[INTR_ThrowTypeError], 0);
	obj_def(vm, o, A_sym_iterator, vm->intr[INTR_ArrayProto_values], ATTR_WC);
	return a;
}
