/* domexception.c: DOMException (Web IDL 2.8.1, 3.14.1): an error object whose name is
 * its own property. Called by scripts and by natives of the web platform. */
#include "engine/builtins/domexception.h"

#include <stdarg.h>
#include <stdio.h>

static const struct { const char *name, *constant; int code; } codes[] = {
#define DOM_ERROR(name, constant, code) { name, constant, code },
#include "engine/builtins/domexception.def"
};

static struct obj *make(struct vm *vm, struct obj *proto, val message, val name)
{
	struct obj *e = error_new(vm, proto, message);

	obj_def(vm, e, A_name, name, ATTR_WC);
	return e;
}

val throw_dom(struct vm *vm, const char *name, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	val message;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	message = str_from_utf8(vm, text, strlen(text), false);
	if (v_isexc(message))
		return V_EXC;
	return throw_val(vm, v_cell(make(vm, obj_intr(vm, INTR_DOMExceptionPrototype), message, str_cstr(vm, name))));
}

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	val message = v_isundef(ARG(0)) ? v_cell(vm->empty) : to_string(vm, a[1]);
	val name = V_UNDEF, cause = V_UNDEF, proto;
	struct obj *e;
	bool caused = false;

	if (v_isexc(message))
		return V_EXC;
	if (v_isobj(ARG(1))) {
		name = obj_get(vm, v_toobj(a[2]), A_name);
		if (!v_isexc(name) && obj_has_own(vm, v_toobj(a[2]), A_cause) > 0) {
			cause = obj_get(vm, v_toobj(a[2]), A_cause);
			caused = true;
		}
		if (v_isexc(name) || v_isexc(cause))
			return V_EXC;
	} else {
		name = ARG(1);
	}
	name = v_isundef(name) ? atom_str(vm, A_Error) : to_string(vm, name);
	proto = v_isexc(name) ? V_EXC : obj_proto_from_ctor(vm, NEWT(), INTR_DOMExceptionPrototype);
	if (v_isexc(proto))
		return V_EXC;
	e = make(vm, v_toobj(proto), message, name);
	if (caused)
		obj_def(vm, e, A_cause, cause, ATTR_WC);
	return v_cell(e);
}

static val get_code(struct vm *vm, val *a, uint32_t argc)
{
	val name;

	(void)argc;
	if (!v_iskind(a[0], KIND_ERROR))
		return throw_type(vm, "Value of 'this' is not a DOMException");
	name = obj_get(vm, v_toobj(a[0]), A_name);
	if (v_isexc(name))
		return V_EXC;
	for (size_t i = 0; v_isstr(name) && i < ARRAY_LEN(codes); i++)
		if (codes[i].name[0] != '\0' && sview_eq_ascii(str_view(vm, v_tostr(name)), codes[i].name))
			return v_int(codes[i].code);
	return v_int(0);
}

static const struct native_def ctor_def =
	{ "DOMException", construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, 0, "Web IDL 3.14.1" };

static const struct row proto_rows[] = {
	NF_STRING("name", "Error", ATTR_WC),
	NF_STRING("message", "", ATTR_WC),
	NF_GETTER("code", get_code, EFF_CALLS, "Web IDL 2.8.1"),
	NF_TAG("DOMException"),
};

void builtin_domexception_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_ErrorPrototype), 0), *ctor;

	vm->intr[INTR_DOMExceptionPrototype] = v_cell(proto);
	ctor = native_ctor(vm, &ctor_def, INTR_DOMException, NULL, proto, NULL, 0, proto_rows, ARRAY_LEN(proto_rows));
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		pkey k = key_of_utf8(vm, codes[i].constant, strlen(codes[i].constant));

		obj_def(vm, ctor, k, v_int(codes[i].code), ATTR_E);
		obj_def(vm, proto, k, v_int(codes[i].code), ATTR_E);
	}
}
