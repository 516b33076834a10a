/* generator.c: %GeneratorFunction%, its prototype and %GeneratorPrototype% (27.3,
 * 27.5). Suspension itself is engine/vm/generator.c. */
#include "engine/builtins/builtins.h"

static val generator_next(struct vm *vm, val *a, uint32_t argc)   { return generator_resume(vm, a[0], ARG(0), RESUME_NEXT); }
static val generator_return(struct vm *vm, val *a, uint32_t argc) { return generator_resume(vm, a[0], ARG(0), RESUME_RETURN); }
static val generator_throw(struct vm *vm, val *a, uint32_t argc)  { return generator_resume(vm, a[0], ARG(0), RESUME_THROW); }

static const struct row proto_rows[] = {
	NF_METHOD("next", 1, generator_next, EFF_MUT | EFF_CALLS, "27.5.1.2"),
	NF_METHOD("return", 1, generator_return, EFF_MUT | EFF_CALLS, "27.5.1.3"),
	NF_METHOD("throw", 1, generator_throw, EFF_MUT | EFF_CALLS, "27.5.1.4"),
	NF_TAG("Generator"),
};

static const struct native_def ctor_def = { "GeneratorFunction", function_construct, 1, NF_CTOR, EFF_EVAL, 1, "27.3.1.1" };

void builtin_generator_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_IteratorPrototype), 0);
	struct obj *fproto = function_kind(vm, &ctor_def, INTR_GeneratorFunctionPrototype);

	vm->intr[INTR_GeneratorPrototype] = v_cell(proto);
	native_install(vm, proto, proto_rows, ARRAY_LEN(proto_rows));
	obj_def(vm, proto, A_constructor, v_cell(fproto), ATTR_C);
	obj_def(vm, fproto, A_prototype, v_cell(proto), ATTR_C);
}
