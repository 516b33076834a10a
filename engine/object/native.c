/* native.c: native functions as objects; installing the row tables of the
 * built-ins when a realm is made. Called by engine/builtins and engine/api.
 * Native ids index vm->natives; rows and defs are static and outlive the VM. */
#include "engine/object/prop.h"

#include <stdlib.h>

#include "engine/object/idmap.h"

uint32_t native_register(struct vm *vm, const struct native_def *def)
{
	if (vm->nnatives == vm->natives_cap) {
		vm->natives_cap = vm->natives_cap ? vm->natives_cap * 2 : 2048;
		vm->natives = realloc(vm->natives, vm->natives_cap * sizeof *vm->natives);
		AN(vm->natives);
	}
	vm->natives[vm->nnatives] = def;
	return vm->nnatives++;
}

void natives_free(struct vm *vm)
{
	if (vm->native_map != NULL)
		idmap_free(vm->native_map);
	free(vm->native_map);
	free(vm->natives);
	vm->native_map = NULL;
	vm->natives = NULL;
	vm->nnatives = vm->natives_cap = 0;
}

struct nfunc *nfunc_new(struct vm *vm, uint32_t native, uint32_t ndata)
{
	val pv = vm->intr[INTR_FunctionPrototype];
	struct obj *proto = v_isobj(pv) ? v_toobj(pv) : NULL;
	struct nfunc *f;

	if (unlikely(vm->root_nfunc == 0 || vm->shapes[vm->root_nfunc].proto != proto))
		vm->root_nfunc = shape_root(vm, proto, KIND_NFUNC, 0);
	f = heap_alloc(&vm->heap, sizeof *f + ndata * sizeof(val), vm->root_nfunc, KIND_NFUNC, CF_EXTENSIBLE | CF_LAZY);
	HINIT(f->ext, NULL);
	HINIT(f->native, native);
	HINIT(f->ndata, ndata);
	for (uint32_t i = 0; i < ndata; i++)
		HINIT(f->data[i], V_UNDEF);
	return f;
}

struct nfunc *nfunc_closure(struct vm *vm, const struct native_def *def, uint32_t ndata)
{
	uint64_t a = (uint64_t)(uintptr_t)def;
	uint32_t id;

	if (unlikely(vm->native_map == NULL)) {
		vm->native_map = calloc(1, sizeof(struct idmap));
		AN(vm->native_map);
	}
	id = idmap_get(vm->native_map, a, 0);
	if (unlikely(id == 0)) {
		id = native_register(vm, def) + 1;
		idmap_put(vm->native_map, a, 0, id);
	}
	return nfunc_new(vm, id - 1, ndata);
}

/* "@@iterator" stands for the well-known symbol, everything else for itself. */
static pkey row_key(struct vm *vm, const char *text)
{
	static const struct { const char *text; pkey key; } syms[] = {
#define HDR(id, text)
#define SYM(id, text) { text, A_##id },
#define ATOM(id, text)
#include "engine/object/atom.def"
	};

	if (text[0] == '@' && text[1] == '@') {
		for (size_t i = 0; i < ARRAY_LEN(syms); i++) {
			if (strcmp(strchr(syms[i].text, '.') + 1, text + 2) == 0)
				return syms[i].key;
		}
		UNREACHABLE();
	}
	return key_of_utf8(vm, text, strlen(text));
}

/* Gives a function its virtual own properties (CF_LAZY). */
void prop_materialise(struct vm *vm, struct obj *o)
{
	static const char *const prefix[] = { NULL, "get", "set" };
	const struct native_def *def;
	struct nfunc *f;

	VSET(vm, o->h.flags, o->h.flags.v & (uint8_t)~CF_LAZY);
	if (o->h.kind != KIND_NFUNC) {
		vm->function_props_fn(vm, o);
		return;
	}
	f = (struct nfunc *)(void *)o;
	def = nfunc_def(vm, f);
	obj_def(vm, o, A_length, v_int(def->nargs), ATTR_C);
	func_set_name(vm, o, row_key(vm, def->name), prefix[f->h.aux.v]);
}

static val row_func(struct vm *vm, const struct native_def *def, uint16_t prefix)
{
	struct nfunc *f = nfunc_new(vm, native_register(vm, def), 0);

	HINIT(f->h.aux, prefix);
	return v_cell(f);
}

void native_room(struct vm *vm, struct obj *holder, uint32_t n)
{
	struct shape *s;

	if (holder->h.flags.v & CF_LAZY)
		prop_materialise(vm, holder);
	obj_make_proto(vm, holder);
	s = obj_shape(vm, holder);
	if ((s->flags & (SF_PROTO | SF_SEEN | SF_DICT)) == SF_PROTO && !vm->heap.frozen) {
		shape_private_reserve(vm, s, n);
		ext_reserve(vm, holder, s->nslots > s->inl ? s->nslots - s->inl + n : n);
	}
}

void native_install(struct vm *vm, struct obj *holder, const struct row *rows, uint32_t n)
{
	struct own w;

	native_room(vm, holder, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		pkey k = row_key(vm, r->def.name);
		val v;

		switch ((enum row_kind)r->kind) {
		case ROW_METHOD:
			v = row_func(vm, &r->def, 0);
			if (r->intr > 0)
				vm->intr[r->intr] = v;
			break;
		case ROW_GETTER:
		case ROW_ACCESSOR:
			v = r->kind == ROW_ACCESSOR ? row_func(vm, &r[1].def, NFUNC_SETTER) : V_UNDEF;
			obj_def_accessor(vm, holder, k, row_func(vm, &r->def, NFUNC_GETTER), v, r->attrs);
			continue;
		case ROW_SETTER: /* of the row before */
			continue;
		case ROW_NUMBER:
			v = v_num(r->num);
			break;
		case ROW_STRING:
			v = str_cstr(vm, r->text);
			break;
		case ROW_ALIAS:
			AN(own_lookup(vm, holder, row_key(vm, r->text), &w));
			v = w.value;
			break;
		case ROW_INTR:
			v = vm->intr[r->intr];
			break;
		default:
			UNREACHABLE();
		}
		obj_def(vm, holder, k, v, r->attrs);
	}
}

struct obj *native_ctor(struct vm *vm, const struct native_def *def, enum intrinsic ctor_slot,
                        struct obj *ctor_proto, struct obj *proto, const struct row *statics, uint32_t nstatics,
                        const struct row *methods, uint32_t nmethods)
{
	struct obj *f = (struct obj *)(void *)nfunc_new(vm, native_register(vm, def), 0);

	if (ctor_proto != NULL)
		prop_set_proto(vm, f, ctor_proto);
	vm->intr[ctor_slot] = v_cell(f);
	if (proto != NULL) {
		obj_def(vm, f, A_prototype, v_cell(proto), 0);
		obj_def(vm, proto, A_constructor, v_cell(f), ATTR_WC);
		native_install(vm, proto, methods, nmethods);
	}
	native_install(vm, f, statics, nstatics);
	if (vm->global != NULL)
		obj_def(vm, vm->global, row_key(vm, def->name), v_cell(f), ATTR_WC);
	return f;
}

struct obj *native_namespace(struct vm *vm, const char *name, const struct row *rows, uint32_t n)
{
	struct obj *o = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	native_install(vm, o, rows, n);
	if (vm->global != NULL)
		obj_def(vm, vm->global, row_key(vm, name), v_cell(o), ATTR_WC);
	return o;
}
