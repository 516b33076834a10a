/* error.c: Error, the native error kinds, AggregateError (ECMA-262 20.5) and the
 * `stack` accessor. Making and throwing errors from C is engine/object/error.c; the
 * text of a backtrace is engine/vm/except.c. */
#include "engine/builtins/builtins.h"

/* Error, TypeError … and AggregateError share one constructor; magic is the
 * prototype's intrinsic. */
static const struct native_def *active_def(struct vm *vm, const val *a)
{
	return nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]));
}

/* An error whose backtrace begins at the caller of the running native. */
static struct obj *new_outside(struct vm *vm, struct obj *proto, val message)
{
	val *fp = vm->fp;
	const uint32_t *pc = vm->pc;
	struct obj *e;

	vm->pc = (const uint32_t *)(uintptr_t)fp[FP_PC];
	vm->fp = (val *)(uintptr_t)fp[FP_LINK];
	e = error_new(vm, proto, message);
	vm->fp = fp;
	vm->pc = pc;
	return e;
}

/* InstallErrorCause (20.5.8.1) */
static int install_cause(struct vm *vm, struct obj *e, val options)
{
	val cause;
	int has;

	if (!v_isobj(options))
		return 0;
	has = obj_has(vm, v_toobj(options), A_cause);
	if (has <= 0)
		return has;
	cause = obj_get(vm, v_toobj(options), A_cause);
	if (cause == V_EXC)
		return -1;
	obj_def(vm, e, A_cause, cause, ATTR_WC);
	return 0;
}

static val construct(struct vm *vm, val *a, val message, val options)
{
	val newt = v_isundef(NEWT()) ? a[FP_CALLEE] : NEWT();
	val proto = obj_proto_from_ctor(vm, newt, (enum intrinsic)active_def(vm, a)->magic);
	struct obj *e;

	if (proto == V_EXC)
		return V_EXC;
	if (!v_isundef(message)) {
		message = to_string(vm, message);
		if (message == V_EXC)
			return V_EXC;
	}
	e = new_outside(vm, v_toobj(proto), message);
	return install_cause(vm, e, options) < 0 ? V_EXC : v_cell(e);
}

static val error_construct(struct vm *vm, val *a, uint32_t argc)
{
	return construct(vm, a, ARG(0), ARG(1));
}

static val aggregate_construct(struct vm *vm, val *a, uint32_t argc)
{
	val e = construct(vm, a, ARG(1), ARG(2));
	struct arr *list;

	if (e == V_EXC)
		return V_EXC;
	list = arr_new(vm, 0);
	if (list == NULL || iter_collect(vm, ARG(0), list) < 0)
		return V_EXC;
	obj_def(vm, v_toobj(e), A_errors, v_cell(list), ATTR_WC);
	return e;
}

/* (error, suppressed, message): 20.5.8.1.1 of ECMA-262 2027; no options. */
static val suppressed_construct(struct vm *vm, val *a, uint32_t argc)
{
	val e = construct(vm, a, ARG(2), V_UNDEF);

	if (e == V_EXC)
		return V_EXC;
	obj_def(vm, v_toobj(e), A_error, ARG(0), ATTR_WC);
	obj_def(vm, v_toobj(e), A_suppressed, ARG(1), ATTR_WC);
	return e;
}

/* 20.5.3.4 */
static val error_to_string(struct vm *vm, val *a, uint32_t argc)
{
	val name, msg, sep;

	(void)argc;
	if (!v_isobj(a[0]))
		return throw_type(vm, "Error.prototype.toString called on non-object");
	name = obj_get(vm, v_toobj(a[0]), A_name);
	if (name != V_EXC)
		name = v_isundef(name) ? atom_str(vm, A_Error) : to_string(vm, name);
	if (name == V_EXC)
		return V_EXC;
	msg = obj_get(vm, v_toobj(a[0]), A_message);
	if (msg != V_EXC)
		msg = v_isundef(msg) ? v_cell(vm->empty) : to_string(vm, msg);
	if (msg == V_EXC)
		return V_EXC;
	if (v_tostr(name)->len.v == 0)
		return msg;
	if (v_tostr(msg)->len.v == 0)
		return name;
	sep = str_concat(vm, v_tostr(name), v_tostr(str_cstr(vm, ": ")));
	return sep == V_EXC ? V_EXC : str_concat(vm, v_tostr(sep), v_tostr(msg));
}

/* ---- stack ------------------------------------------------------------------------- */

static val error_get_stack(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	if (!v_isobj(a[0]))
		return throw_type(vm, "Error.prototype.stack getter called on non-object");
	if (!v_iskind(a[0], KIND_ERROR))
		return V_UNDEF;
	return except_stack_string(vm, (struct error_obj *)(void *)v_tocell(a[0]));
}

/* Assigning gives the object a property of its own, like `message`. */
static val error_set_stack(struct vm *vm, val *a, uint32_t argc)
{
	struct pdesc cur, d;
	struct obj *o;
	int has;

	if (!v_isobj(a[0]))
		return throw_type(vm, "Error.prototype.stack setter called on non-object");
	o = v_toobj(a[0]);
	if (o == obj_intr(vm, INTR_ErrorPrototype))
		return throw_type(vm, "Cannot assign to the 'stack' of Error.prototype");
	has = obj_get_own(vm, o, A_stack, &cur);
	if (has < 0)
		return V_EXC;
	if (has > 0)
		return obj_put(vm, o, A_stack, ARG(0)) < 0 ? V_EXC : V_UNDEF;
	d = pdesc_data(ARG(0), ATTR_WC);
	return obj_define_throw(vm, o, A_stack, &d) < 0 ? V_EXC : V_UNDEF;
}

/* name and message as data properties, for the first line of a foreign object's
 * stack; nothing is run. */
static void copy_text(struct vm *vm, struct obj *to, struct obj *from, pkey k)
{
	struct find f;
	val v = V_UNDEF;

	obj_find(vm, from, k, false, &f);
	if (f.kind == FIND_DATA)
		v = obj_slot_value(vm, f.holder, f.where, k);
	if (v_isstr(v))
		obj_def(vm, to, k, v, ATTR_WC);
}

static val error_capture_stack_trace(struct vm *vm, val *a, uint32_t argc)
{
	struct obj *e, *o;
	struct pdesc d;
	val s;

	if (!v_isobj(ARG(0)))
		return throw_type(vm, "Invalid argument: %s is not an object", val_for_message(vm, ARG(0)));
	o = v_toobj(ARG(0));
	e = new_outside(vm, obj_intr(vm, INTR_ErrorPrototype), V_UNDEF);
	copy_text(vm, e, o, A_name);
	copy_text(vm, e, o, A_message);
	s = except_stack_string(vm, (struct error_obj *)(void *)e);
	if (s == V_EXC)
		return V_EXC;
	d = pdesc_data(s, ATTR_WC);
	return obj_define_throw(vm, o, A_stack, &d) < 0 ? V_EXC : V_UNDEF;
}

static val error_is_error(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(v_iskind(ARG(0), KIND_ERROR));
}

/* ---- tables ---------------------------------------------------------------------------- */

static const struct native_def error_def =
	{ "Error", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_ErrorPrototype, "20.5.1.1" };
static const struct native_def aggregate_def =
	{ "AggregateError", aggregate_construct, 2, NF_CTOR, EFF_CALLS, INTR_AggregateErrorPrototype, "20.5.7.1.1" };
static const struct native_def suppressed_def =
	{ "SuppressedError", suppressed_construct, 3, NF_CTOR, EFF_CALLS, INTR_SuppressedErrorPrototype, "20.5.8.1.1" };

static const struct { struct native_def def; enum intrinsic ctor; } kinds[] = {
	{ { "EvalError", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_EvalErrorPrototype, "20.5.6.1.1" }, INTR_EvalError },
	{ { "RangeError", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_RangeErrorPrototype, "20.5.6.1.1" },
	  INTR_RangeError },
	{ { "ReferenceError", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_ReferenceErrorPrototype, "20.5.6.1.1" },
	  INTR_ReferenceError },
	{ { "SyntaxError", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_SyntaxErrorPrototype, "20.5.6.1.1" },
	  INTR_SyntaxError },
	{ { "TypeError", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_TypeErrorPrototype, "20.5.6.1.1" }, INTR_TypeError },
	{ { "URIError", error_construct, 1, NF_CTOR, EFF_CALLS, INTR_URIErrorPrototype, "20.5.6.1.1" }, INTR_URIError },
};

static const struct row error_static_rows[] = {
	NF_METHOD("captureStackTrace", 1, error_capture_stack_trace, EFF_MUT, "host"),
	NF_METHOD("isError", 1, error_is_error, EFF_NONE, "20.5.2.1"),
};

static const struct row error_proto_rows[] = {
	NF_STRING("name", "Error", ATTR_WC),
	NF_STRING("message", "", ATTR_WC),
	NF_METHOD("toString", 0, error_to_string, EFF_CALLS, "20.5.3.4"),
	NF_ACCESSOR("stack", error_get_stack, error_set_stack, EFF_MUT | EFF_CALLS, "host"),
};

static void make_kind(struct vm *vm, const struct native_def *def, enum intrinsic ctor)
{
	const struct row rows[] = {
		NF_STRING("name", def->name, ATTR_WC),
		NF_STRING("message", "", ATTR_WC),
	};
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ErrorPrototype), 0);

	vm->intr[def->magic] = v_cell(p);
	native_ctor(vm, def, ctor, obj_intr(vm, INTR_Error), p, NULL, 0, rows, ARRAY_LEN(rows));
}

void builtin_error_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_ErrorPrototype] = v_cell(p);
	native_ctor(vm, &error_def, INTR_Error, NULL, p, error_static_rows, ARRAY_LEN(error_static_rows),
	            error_proto_rows, ARRAY_LEN(error_proto_rows));
	for (uint32_t i = 0; i < ARRAY_LEN(kinds); i++)
		make_kind(vm, &kinds[i].def, kinds[i].ctor);
	make_kind(vm, &aggregate_def, INTR_AggregateError);
	make_kind(vm, &suppressed_def, INTR_SuppressedError);
}
