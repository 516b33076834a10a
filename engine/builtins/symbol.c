/* symbol.c: Symbol, the well-known symbols, Symbol.prototype (ECMA-262 20.4).
 * Called by scripts. Symbols themselves are atoms (engine/object/atom.c). */
#include "engine/builtins/builtins.h"

static val symbol_ctor(struct vm *vm, val *a, uint32_t argc)
{
	val desc = ARG(0);

	if (!v_isundef(NEWT()))
		return throw_type(vm, "Symbol is not a constructor");
	if (!v_isundef(desc)) {
		desc = to_string(vm, desc);
		if (v_isexc(desc))
			return V_EXC;
	}
	return symbol_new(vm, desc, ATOM_SYMBOL);
}

static val for_key(struct vm *vm, val *a, uint32_t argc)
{
	struct str *key = to_str(vm, ARG(0));

	return key ? symbol_for(vm, key) : V_EXC;
}

static val key_for(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_issym(ARG(0)))
		return throw_type(vm, "%s is not a symbol", val_for_message(vm, ARG(0)));
	if (atom_rec(vm, v_tosym(a[1])->atom.v)->type != ATOM_REGISTERED)
		return V_UNDEF;
	return v_tosym(a[1])->desc.v;
}

/* ThisSymbolValue (20.4.3.4.1) */
static val this_value(struct vm *vm, val v, const char *method)
{
	if (v_issym(v))
		return v;
	if (v_iskind(v, KIND_SYMBOL_OBJ))
		return ((struct prim_obj *)(void *)v_tocell(v))->prim.v;
	return throw_type(vm, "Symbol.prototype%s requires that 'this' be a Symbol", method);
}

/* SymbolDescriptiveString (20.4.3.3.1) */
static val to_string_method(struct vm *vm, val *a, uint32_t argc)
{
	val sym = this_value(vm, a[0], ".toString");
	struct strbuf b;

	(void)argc;
	if (v_isexc(sym))
		return V_EXC;
	strbuf_init(&b, vm, 24);
	strbuf_ascii(&b, "Symbol(", 7);
	if (v_isstr(v_tosym(sym)->desc.v))
		strbuf_str(&b, v_tostr(v_tosym(sym)->desc.v));
	strbuf_unit(&b, ')');
	return strbuf_end(&b);
}

static val value_of(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return this_value(vm, a[0], ".valueOf");
}

static val to_primitive_method(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return this_value(vm, a[0], "[Symbol.toPrimitive]");
}

static val description(struct vm *vm, val *a, uint32_t argc)
{
	val sym = this_value(vm, a[0], ".description");

	(void)argc;
	return v_isexc(sym) ? V_EXC : v_tosym(sym)->desc.v;
}

static const struct row symbol_rows[] = {
	NF_METHOD("for", 1, for_key, EFF_CALLS, "20.4.2.2"),
	NF_METHOD("keyFor", 1, key_for, EFF_NONE, "20.4.2.6"),
};

static const struct row symbol_proto_rows[] = {
	NF_GETTER("description", description, EFF_NONE, "20.4.3.2"),
	NF_METHOD("toString", 0, to_string_method, EFF_NONE, "20.4.3.3"),
	NF_METHOD("valueOf", 0, value_of, EFF_NONE, "20.4.3.4"),
	NF_METHOD_ATTR("@@toPrimitive", 1, to_primitive_method, ATTR_C, EFF_NONE, "20.4.3.5"),
	NF_TAG("Symbol"),
};

static const struct native_def symbol_def = { "Symbol", symbol_ctor, 0, NF_CTOR, EFF_CALLS, 0, "20.4.1.1" };

/* Symbol.iterator and its like: the descriptions say the names. */
static void define_well_known(struct vm *vm, struct obj *ctor)
{
	static const struct { const char *text; pkey key; } syms[] = {
#define HDR(id, text)
#define SYM(id, text) { text, A_##id },
#define ATOM(id, text)
#include "engine/object/atom.def"
	};

	for (size_t i = 0; i < ARRAY_LEN(syms); i++) {
		const char *name = strchr(syms[i].text, '.') + 1;

		obj_def(vm, ctor, key_of_utf8(vm, name, strlen(name)), key_to_val(vm, syms[i].key), 0);
	}
}

void builtin_symbol_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_SymbolPrototype] = v_cell(proto);
	define_well_known(vm, native_ctor(vm, &symbol_def, INTR_Symbol, NULL, proto,
	                                  symbol_rows, ARRAY_LEN(symbol_rows),
	                                  symbol_proto_rows, ARRAY_LEN(symbol_proto_rows)));
}
