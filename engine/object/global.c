/* global.c: the global object and the global lexical record (9.1.1.4): KIND_GLOBAL
 * objects whose dictionary holds a BOX cell per name. Inline caches keep boxes;
 * so a box whose binding is deleted, redefined or shadowed gets the value HOLE
 * and, where the binding lives on, is replaced by a new one.
 * Called by property.c (storage) and engine/vm (bindings). */
#include "engine/object/prop.h"

const struct exotic global_exotic = { 0 };   /* storage differs, methods do not */

/* In a box's aux, beside its attributes: nobody has looked at the binding yet, its
 * value is still to be made. */
enum { BOX_LAZY = 16 };

static struct box *box_of(const struct dict_ent *e) { return (struct box *)(void *)v_tocell(e->v.v); }

/* While the value is made the name is as good as deleted. It may be made again when the
 * request ends, for the stores are undone, or after a failure. */
static void make_lazy(struct vm *vm, struct box *b, pkey k)
{
	uint16_t aux = b->h.aux.v;
	val v;

	VSET(vm, b->h.aux, aux & (uint16_t)~BOX_LAZY);
	v = vm->lazy_global_fn(vm, k);
	if (v == V_HOLE)
		VSET(vm, b->h.aux, aux);
	else
		VSET(vm, b->v, v);
}

struct dict_ent *global_entry(struct vm *vm, struct obj *g, pkey k)
{
	struct dict *d = g->ext.v != NULL ? g->ext.v->dict.v : NULL;
	struct dict_ent *e = d != NULL ? dict_find(vm, d, k) : NULL;

	if (e == NULL || likely(!(box_of(e)->h.aux.v & BOX_LAZY)))
		return e;
	make_lazy(vm, box_of(e), k);
	return dict_find(vm, g->ext.v->dict.v, k);
}

static struct box *box_new(struct vm *vm, val v, uint32_t attrs)
{
	struct box *b = heap_alloc(&vm->heap, sizeof *b, 0, KIND_BOX, 0);

	HINIT(b->h.aux, (uint16_t)attrs);
	HINIT(b->v, v);
	return b;
}

/* A new box for a binding whose caches must miss from now on. */
static void rebox(struct vm *vm, struct dict_ent *e, val v, uint32_t attrs)
{
	struct box *old = box_of(e), *b = box_new(vm, v, attrs);

	VSET(vm, old->v, V_HOLE);
	VSET(vm, e->v, v_cell(b));
	VSET(vm, e->attrs, attrs);
}

int global_add(struct vm *vm, struct obj *g, pkey k, val v, uint32_t attrs)
{
	struct ext *e = ext_reserve(vm, g, 0);
	struct dict *d = e->dict.v;

	if (d == NULL)
		d = dict_new(vm, 128);
	if (d != NULL)
		d = dict_add(vm, d, k, v_cell(box_new(vm, v, attrs)), attrs);
	if (d == NULL)
		return -1;
	if (e->dict.v != d)
		VSET(vm, e->dict, d);
	return 0;
}

int global_add_lazy(struct vm *vm, struct obj *g, pkey k)
{
	if (global_add(vm, g, k, V_HOLE, ATTR_WC) < 0)
		return -1;
	VSET(vm, box_of(dict_find(vm, g->ext.v->dict.v, k))->h.aux, ATTR_WC | BOX_LAZY);
	return 0;
}

int global_change(struct vm *vm, struct obj *g, pkey k, val v, uint32_t attrs)
{
	struct dict_ent *e = global_entry(vm, g, k);

	if (e->attrs.v == attrs)
		VSET(vm, box_of(e)->v, v);
	else
		rebox(vm, e, v, attrs);
	return 0;
}

void global_remove(struct vm *vm, struct obj *g, pkey k)
{
	struct dict_ent *e = global_entry(vm, g, k);

	VSET(vm, box_of(e)->v, V_HOLE);
	dict_remove(vm, g->ext.v->dict.v, e);
}

struct box *global_find(struct vm *vm, pkey k, bool *lexical)
{
	struct dict_ent *e = vm->global_lex != NULL ? global_entry(vm, vm->global_lex, k) : NULL;

	*lexical = e != NULL;
	if (e == NULL)
		e = global_entry(vm, vm->global, k);
	return e != NULL ? box_of(e) : NULL;
}

/* NULL: out of memory, pending. */
struct box *global_lex_declare(struct vm *vm, pkey k, bool is_const)
{
	struct dict_ent *e = global_entry(vm, vm->global, k);

	if (global_add(vm, vm->global_lex, k, V_HOLE, is_const ? ATTR_E : ATTR_E | ATTR_W) < 0)
		return NULL;
	if (e != NULL)
		rebox(vm, e, box_of(e)->v.v, e->attrs.v);
	return box_of(global_entry(vm, vm->global_lex, k));
}
