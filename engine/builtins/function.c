/* function.c: Function and Function.prototype (ECMA-262 20.2), %ThrowTypeError%.
 * The function objects themselves belong to engine/object/func.c and engine/vm. */
#include "engine/builtins/builtins.h"

#define ARGS_MAX 0xFFF0u   /* what a frame's argument count can say, with some room */

val function_construct(struct vm *vm, val *a, uint32_t argc)
{
	if (vm->new_function_fn == NULL)
		return throw_syntax(vm, "dynamic code is not available");
	return vm->new_function_fn(vm, a, argc);
}

struct obj *function_kind(struct vm *vm, const struct native_def *def, enum intrinsic slot)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_FunctionPrototype), 0);
	struct obj *ctor = (struct obj *)(void *)nfunc_new(vm, native_register(vm, def), 0);

	vm->intr[slot] = v_cell(proto);
	obj_def(vm, proto, A_sym_to_string_tag, str_cstr(vm, def->name), ATTR_C);
	obj_def(vm, proto, A_constructor, v_cell(ctor), ATTR_C);
	obj_set_proto(vm, ctor, vm->intr[INTR_Function]);
	obj_def(vm, ctor, A_prototype, v_cell(proto), 0);
	return proto;
}

/* 10.2.4.1 */
static val throw_type_error(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	/* `caller` of a plain sloppy function says nothing, as programs from before strict mode expect. */
	if (v_iskind(a[0], KIND_FUNC) && !(((const struct func *)(const void *)v_toobj(a[0]))->code.v->flags &
	    (FN_STRICT | FN_ARROW | FN_METHOD | FN_CLASS_CTOR | FN_GENERATOR | FN_ASYNC | FN_GETSET)))
		return V_UNDEF;
	return throw_type(vm, "'caller', 'callee', and 'arguments' properties may not be accessed on "
	                      "strict mode functions or the arguments objects for calls to them");
}

static val function_call(struct vm *vm, val *a, uint32_t argc)
{
	if (!func_is_callable(a[0]))
		return throw_type(vm, "Function.prototype.call was called on %s, which is not a function",
		                  val_for_message(vm, a[0]));
	return vm_call(vm, a[0], ARG(0), argc > 1 ? argc - 1 : 0, a + 2);
}

/* CreateListFromArrayLike (7.3.18) into a dense array; NULL: exception. */
static struct arr *list_from(struct vm *vm, struct obj *o)
{
	struct arr *list;
	int64_t n;

	if (obj_length(vm, o, &n) < 0)
		return NULL;
	if (n > ARGS_MAX) {
		vm_stack_overflow(vm);
		return NULL;
	}
	list = arr_new(vm, (uint32_t)n);
	for (int64_t i = 0; list != NULL && i < n; i++) {
		val v = VM_TICK(vm, 2) ? V_EXC : obj_get_index(vm, o, (uint32_t)i);

		if (v == V_EXC || arr_push(vm, list, v) < 0)
			return NULL;
	}
	return list;
}

static val function_apply(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *list;

	if (!func_is_callable(a[0]))
		return throw_type(vm, "Function.prototype.apply was called on %s, which is not a function",
		                  val_for_message(vm, a[0]));
	if (v_isnullish(ARG(1)))
		return vm_call(vm, a[0], ARG(0), 0, NULL);
	if (!v_isobj(ARG(1)))
		return throw_type(vm, "CreateListFromArrayLike called on non-object");
	list = v_toarr(ARG(1));
	/* The call copies its arguments before anything else happens. */
	if (!arr_is_dense(list) || list->len.v > ARGS_MAX) {
		list = list_from(vm, v_toobj(ARG(1)));
		if (list == NULL)
			return V_EXC;
	}
	return vm_call(vm, a[0], ARG(0), list->len.v, (const val *)(const void *)list->elem.v);
}

static val function_to_string(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	if (!func_is_callable(a[0]))
		return throw_type(vm, "Function.prototype.toString requires that 'this' be a Function");
	/* A name like "bound f" would not be NativeFunction syntax (20.2.3.5). */
	if (!v_iskind(a[0], KIND_FUNC) && !v_iskind(a[0], KIND_NFUNC))
		return str_cstr(vm, "function () { [native code] }");
	return func_source_text(vm, v_toobj(a[0]));
}

static val function_has_instance(struct vm *vm, val *a, uint32_t argc)
{
	int r = obj_ordinary_instance_of(vm, a[0], ARG(0));

	return r < 0 ? V_EXC : v_bool(r);
}

/* ---- bind (20.2.3.2) -------------------------------------------------------------- */

static struct bound *bound_new(struct vm *vm, struct obj *proto, val target, val this_v, uint32_t n, const val *args)
{
	uint32_t shape = shape_root(vm, proto, KIND_BOUND, 0);
	struct bound *b = heap_alloc(&vm->heap, sizeof *b + n * sizeof(val), shape, KIND_BOUND, CF_EXTENSIBLE);

	if (b == NULL) {
		throw_oom(vm);
		return NULL;
	}
	HINIT(b->ext, NULL);
	HINIT(b->target, target);
	HINIT(b->this_v, this_v);
	HINIT(b->nargs, n);
	HINIT(b->pad, 0);
	for (uint32_t i = 0; i < n; i++)
		HINIT(b->args[i], args[i]);
	return b;
}

/* Steps 5 to 7: the length of the bound function. */
static int bound_length(struct vm *vm, struct obj *target, uint32_t nargs, val *out)
{
	int has = obj_has_own(vm, target, A_length);
	double d = 0;
	val len;

	*out = v_int(0);
	if (has <= 0)
		return has;
	len = obj_get(vm, target, A_length);
	if (len == V_EXC)
		return -1;
	if (!v_isnum(len))
		return 0;
	if (to_integer_or_inf(vm, len, &d) < 0)
		return -1;
	d -= nargs;
	*out = d > 0 ? v_num(d) : v_int(0);
	return 0;
}

static val function_bind(struct vm *vm, val *a, uint32_t argc)
{
	uint32_t n = argc > 1 ? argc - 1 : 0;
	struct bound *b;
	val proto, len, name;

	if (!func_is_callable(a[0]))
		return throw_type(vm, "Bind must be called on a function");
	if (obj_get_proto(vm, v_toobj(a[0]), &proto) < 0)
		return V_EXC;
	b = bound_new(vm, v_isobj(proto) ? v_toobj(proto) : NULL, a[0], ARG(0), n, a + 2);
	if (b == NULL || bound_length(vm, v_toobj(a[0]), n, &len) < 0)
		return V_EXC;
	obj_def(vm, (struct obj *)(void *)b, A_length, len, ATTR_C);
	name = obj_get(vm, v_toobj(a[0]), A_name);
	if (name == V_EXC)
		return V_EXC;
	name = str_concat(vm, v_tostr(str_cstr(vm, "bound ")), v_isstr(name) ? v_tostr(name) : vm->empty);
	if (name == V_EXC)
		return V_EXC;
	obj_def(vm, (struct obj *)(void *)b, A_name, name, ATTR_C);
	return v_cell(b);
}

/* ---- tables -------------------------------------------------------------------------- */

static const struct native_def function_ctor_def =
	{ "Function", function_construct, 1, NF_CTOR, EFF_EVAL | EFF_CALLS, 0, "20.2.1.1" };
static const struct native_def throw_type_error_def =
	{ "", throw_type_error, 0, 0, EFF_NONE, 0, "10.2.4.1" };

static const struct row function_proto_rows[] = {
	NF_METHOD("apply", 2, function_apply, EFF_CALLS, "20.2.3.1"),
	NF_METHOD("bind", 1, function_bind, EFF_CALLS, "20.2.3.2"),
	NF_METHOD("call", 1, function_call, EFF_CALLS, "20.2.3.3"),
	NF_METHOD("toString", 0, function_to_string, EFF_NONE, "20.2.3.5"),
	NF_METHOD_ATTR("@@hasInstance", 1, function_has_instance, 0, EFF_CALLS, "20.2.3.6"),
};

/* A function that is the same for every use of one realm, and frozen. */
static void make_throw_type_error(struct vm *vm)
{
	struct obj *f = (struct obj *)(void *)nfunc_closure(vm, &throw_type_error_def, 0);
	struct pdesc d = pdesc_data(v_int(0), 0);

	vm->intr[INTR_ThrowTypeError] = v_cell(f);
	AN(obj_define(vm, f, A_length, &d) > 0);
	d.value = v_cell(vm->empty);
	AN(obj_define(vm, f, A_name, &d) > 0);
	AN(obj_prevent_extensions(vm, f) > 0);
}

void builtin_function_init(struct vm *vm)
{
	struct obj *p = obj_intr(vm, INTR_FunctionPrototype);
	val thrower;

	native_ctor(vm, &function_ctor_def, INTR_Function, NULL, p, NULL, 0,
	            function_proto_rows, ARRAY_LEN(function_proto_rows));
	make_throw_type_error(vm);
	/* 10.2.4 AddRestrictedFunctionProperties */
	thrower = vm->intr[INTR_ThrowTypeError];
	obj_def_accessor(vm, p, A_arguments, thrower, thrower, ATTR_C);
	obj_def_accessor(vm, p, A_caller, thrower, thrower, ATTR_C);
}
