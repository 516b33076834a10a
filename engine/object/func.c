/* func.c: what the object model knows of callables: IsCallable, IsConstructor,
 * names. Called everywhere; what a call does is engine/vm's. */
#include "engine/object/prop.h"

bool func_is_callable(val v)
{
	if (!v_iscell(v))
		return false;
	switch (v_kind(v)) {
	case KIND_FUNC: case KIND_NFUNC: case KIND_BOUND:
		return true;
	case KIND_PROXY:
		return (((const struct proxy *)(const void *)v_tocell(v))->pflags.v & PROXY_CALLABLE) != 0;
	default:
		return false;
	}
}

bool func_is_ctor(struct vm *vm, val v)
{
	while (v_iskind(v, KIND_BOUND))
		v = ((const struct bound *)(const void *)v_tocell(v))->target.v;
	if (!v_iscell(v))
		return false;
	switch (v_kind(v)) {
	case KIND_FUNC:
		return vm->closure_is_ctor(v_toobj(v));
	case KIND_NFUNC:
		return (nfunc_def(vm, (const struct nfunc *)(const void *)v_tocell(v))->flags & (NF_CTOR | NF_CTOR_ONLY)) != 0;
	case KIND_PROXY:
		return (((const struct proxy *)(const void *)v_tocell(v))->pflags.v & PROXY_CTOR) != 0;
	default:
		return false;
	}
}

void func_set_name(struct vm *vm, struct obj *f, pkey key, const char *prefix)
{
	val name = key_to_str(vm, key);

	if (key_is_symbol(vm, key)) {
		struct cell *sym = atom_rec(vm, key)->sym;
		val desc = sym != NULL ? ((struct symbol *)(void *)sym)->desc.v : V_UNDEF;

		if (atom_rec(vm, key)->type == ATOM_PRIVATE)
			name = v_isundef(desc) ? v_cell(vm->empty) : desc;
		else if (v_isundef(desc))
			name = v_cell(vm->empty);
		else
			name = str_concat(vm, v_tostr(str_concat(vm, v_tostr(str_cstr(vm, "[")), v_tostr(desc))),
			                  v_tostr(str_cstr(vm, "]")));
	}
	if (prefix != NULL) {
		val p = str_cstr(vm, prefix);

		p = str_concat(vm, v_tostr(p), vm->chars[' ']);
		name = str_concat(vm, v_tostr(p), v_tostr(name));
	}
	obj_def(vm, f, A_name, name, ATTR_C);
}

val func_name_of(struct vm *vm, struct obj *f)
{
	const struct exotic *x = vm->exotic[f->h.kind];
	struct own w;

	if ((x == NULL || x->get_own == NULL) && own_lookup(vm, f, A_name, &w) &&
	    !(w.attrs & ATTR_ACCESSOR) && v_isstr(w.value))
		return w.value;
	return v_cell(vm->empty);
}
