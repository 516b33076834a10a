/* trace.c: what the collector must know about cells: their sizes, the references
 * in them, and the roots of a VM. The layout rules it relies on are stated in
 * object.h. Called only by engine/heap, through struct heap_owner. Must not
 * allocate in the heap and must not write to cells. */
#include "engine/object/bigint.h"
#include "engine/object/func.h"
#include "engine/object/str_priv.h"

/* ---- sizes ------------------------------------------------------------------- */

static size_t up8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static size_t size_of_dict(const struct dict *d)
{
	return up8(sizeof *d + (size_t)d->h.shape.v * sizeof d->e[0] +
	           ((size_t)d->hmask.v + 1) * sizeof(uint32_t));
}

static size_t size_of_internal(const struct cell *c)
{
	const struct str *s = (const struct str *)c;
	uint32_t units;

	switch (c->kind) {
	case KIND_STR8:
	case KIND_STR16:
		units = c->flags.v & CF_STR_GROW ? s->hash.v : s->len.v;
		return str_flat_size(units, c->kind == KIND_STR16);
	case KIND_ROPE: return sizeof(struct rope);
	case KIND_SLICE: return sizeof(struct slice);
	case KIND_EXT8: return sizeof(struct ext8);
	case KIND_BYTES: return sizeof *c + up8(c->shape.v);
	case KIND_EXT: return sizeof(struct ext) + 8 * (size_t)c->shape.v;
	case KIND_DICT: return size_of_dict((const struct dict *)c);
	case KIND_ENV: return sizeof(struct env) + 8 * (size_t)c->shape.v;
	case KIND_BOX: return sizeof(struct box);
	case KIND_SYMBOL: return sizeof(struct symbol);
	case KIND_BIGINT: return sizeof *c + 8 * (size_t)big_len(c);
	default: return sizeof *c + 8 * (size_t)c->shape.v; /* VALS, TABLE, LIST … */
	}
}

static size_t size_of(const struct cell *c)
{
	if (c->kind < KIND_FIRST_OBJECT)
		return size_of_internal(c);
	switch (c->kind) {
	case KIND_ARRAY:
	case KIND_ARRAY_COW: return sizeof(struct arr);
	case KIND_ARGUMENTS: return sizeof(struct arguments);
	case KIND_FUNC: return c->flags.v & CF_CLASS ? sizeof(struct class_func) : sizeof(struct func);
	case KIND_NFUNC: return sizeof(struct nfunc) + 8 * (size_t)((const struct nfunc *)c)->ndata.v;
	case KIND_BOUND: return sizeof(struct bound) + 8 * (size_t)((const struct bound *)c)->nargs.v;
	case KIND_ERROR: return sizeof(struct error_obj);
	case KIND_BOOLEAN:
	case KIND_NUMBER:
	case KIND_STRING:
	case KIND_SYMBOL_OBJ:
	case KIND_BIGINT_OBJ: return sizeof(struct prim_obj);
	default: return sizeof(struct obj) + 8 * (size_t)c->aux.v; /* slots, or words from MAP on */
	}
}

/* ---- tracing: internal cells ----------------------------------------------------- */

static void trace_rope(struct heap *h, struct cell *c)
{
	heap_mark_cell(h, ((struct rope *)c)->left.v);
	heap_mark_cell(h, ((struct rope *)c)->right.v);
}

static void trace_slice(struct heap *h, struct cell *c)
{
	heap_mark_cell(h, ((struct slice *)c)->parent.v);
}

static void trace_vals(struct heap *h, struct cell *c)
{
	heap_mark_vals(h, ((struct vals *)c)->v, c->shape.v);
}

/* TABLE, LIST and the like: words of any sort. */
static void trace_words(struct heap *h, struct cell *c)
{
	heap_mark_range(h, c + 1, (const val *)(c + 1) + c->shape.v);
}

static void trace_ext(struct heap *h, struct cell *c)
{
	struct ext *e = (struct ext *)c;

	heap_mark_cell(h, e->dict.v);
	heap_mark_cell(h, e->elem.v);
	heap_mark_cell(h, e->sparse.v);
	heap_mark_vals(h, e->slot, c->shape.v);
}

static void trace_dict(struct heap *h, struct cell *c)
{
	struct dict *d = (struct dict *)c;

	for (uint32_t i = 0; i < d->n.v; i++)
		heap_mark_val(h, d->e[i].v.v);
}

static void trace_env(struct heap *h, struct cell *c)
{
	heap_mark_cell(h, ((struct env *)c)->up.v);
	heap_mark_vals(h, ((struct env *)c)->v, c->shape.v);
}

static void trace_box(struct heap *h, struct cell *c)
{
	heap_mark_val(h, ((struct box *)c)->v.v);
}

static void trace_symbol(struct heap *h, struct cell *c)
{
	heap_mark_val(h, ((struct symbol *)c)->desc.v);
}

/* ---- tracing: objects -------------------------------------------------------------- */

static void trace_obj(struct heap *h, struct cell *c)
{
	struct obj *o = (struct obj *)c;

	heap_mark_cell(h, o->ext.v);
	heap_mark_vals(h, o->inl, c->aux.v);
}

static void trace_arr(struct heap *h, struct cell *c)
{
	struct arr *a = (struct arr *)c;

	heap_mark_cell(h, a->ext.v);
	if (a->elem.v != NULL)
		heap_mark_cell(h, (const char *)a->elem.v - offsetof(struct vals, v));
}

static void trace_arguments(struct heap *h, struct cell *c)
{
	trace_arr(h, c);
	heap_mark_cell(h, ((struct arguments *)c)->map.v);
}

static void trace_func(struct heap *h, struct cell *c)
{
	struct func *f = (struct func *)c;

	heap_mark_cell(h, f->ext.v);
	heap_mark_cell(h, f->env.v);
	heap_mark_val(h, f->home.v);
	heap_mark_interior(h, f->code.v); /* code made in a request lies in the arena */
	if (c->flags.v & CF_CLASS)
		heap_mark_val(h, ((struct class_func *)c)->fields.v);
}

static void trace_nfunc(struct heap *h, struct cell *c)
{
	struct nfunc *f = (struct nfunc *)c;

	heap_mark_cell(h, f->ext.v);
	heap_mark_vals(h, f->data, f->ndata.v);
}

static void trace_bound(struct heap *h, struct cell *c)
{
	struct bound *b = (struct bound *)c;

	heap_mark_cell(h, b->ext.v);
	heap_mark_val(h, b->target.v);
	heap_mark_val(h, b->this_v.v);
	heap_mark_vals(h, b->args, b->nargs.v);
}

static void trace_error(struct heap *h, struct cell *c)
{
	struct error_obj *e = (struct error_obj *)c;

	heap_mark_cell(h, e->ext.v);
	heap_mark_cell(h, e->trace.v);
	heap_mark_val(h, e->stack.v);
}

static void trace_prim(struct heap *h, struct cell *c)
{
	heap_mark_cell(h, ((struct prim_obj *)c)->ext.v);
	heap_mark_val(h, ((struct prim_obj *)c)->prim.v);
}

/* Objects of built-ins, whose structs are not known here. */
static void trace_private(struct heap *h, struct cell *c)
{
	struct obj *o = (struct obj *)c;

	heap_mark_cell(h, o->ext.v);
	heap_mark_range(h, o->inl, o->inl + c->aux.v);
}

static void (*const tracers[KIND__N])(struct heap *, struct cell *) = {
	[KIND_ROPE] = trace_rope, [KIND_SLICE] = trace_slice, [KIND_VALS] = trace_vals,
	[KIND_EXT] = trace_ext, [KIND_DICT] = trace_dict, [KIND_TABLE] = trace_words,
	[KIND_ENV] = trace_env, [KIND_BOX] = trace_box, [KIND_PSHAPE] = trace_words,
	[KIND_BTRACE] = trace_words, [KIND_LIST] = trace_words, [KIND_FORIN] = trace_words,
	[KIND_ITERSTATE] = trace_words, [KIND_SYMBOL] = trace_symbol,
	[KIND_OBJECT] = trace_obj, [KIND_ARRAY] = trace_arr, [KIND_ARRAY_COW] = trace_arr,
	[KIND_FUNC] = trace_func, [KIND_NFUNC] = trace_nfunc, [KIND_BOUND] = trace_bound,
	[KIND_ERROR] = trace_error, [KIND_BOOLEAN] = trace_prim, [KIND_NUMBER] = trace_prim,
	[KIND_STRING] = trace_prim, [KIND_SYMBOL_OBJ] = trace_prim, [KIND_BIGINT_OBJ] = trace_prim,
	[KIND_ARGUMENTS] = trace_arguments, [KIND_GLOBAL] = trace_obj,
	[KIND_MAP ... KIND__N - 1] = trace_private,
};

/* ---- roots ---------------------------------------------------------------------------- */

static void mark_shapes(struct heap *h, struct vm *vm)
{
	/* Roots of shape trees are found by the address of the prototype, so that
	 * address must not be reused. After the freeze persistent shapes refer to
	 * snapshot cells only. */
	for (uint32_t i = 1; !h->frozen && i < vm->nshapes; i++)
		heap_mark_cell(h, vm->shapes[i].proto);
	if (vm->ntshapes != 0)
		heap_mark_range(h, &vm->shapes[vm->tshape0], &vm->shapes[vm->tshape0 + vm->ntshapes]);
	heap_mark_interior(h, vm->tshape_hash);
}

static void roots(struct heap *h, void *owner)
{
	struct vm *vm = owner;

	for (unsigned i = 0; i < INTR__N; i++)
		heap_mark_val(h, vm->intr[i]);
	heap_mark_cell(h, vm->global);
	heap_mark_cell(h, vm->global_lex);
	for (uint32_t i = 0; i < vm->roots.n; i++)
		heap_mark_val(h, vm->roots.v[i]);
	heap_mark_val(h, vm->exc);
	heap_mark_cell(h, vm->jobs);
	heap_mark_cell(h, vm->rejections);
	heap_mark_cell(h, vm->timers);
	heap_mark_cell(h, vm->waiters);
	heap_mark_cell(h, vm->modules);
	atoms_mark(vm);
	mark_shapes(h, vm);
	if (vm->trace_codes != NULL)
		vm->trace_codes(vm);
}

enum { TERM_OOM = 1 }; /* ZIGTS_TERM_OOM of engine/include/zigts.h */

static bool ending(const void *owner) { return vm_ending(owner); }

/* Inside an allocation: only leaves word for the next safepoint, which throws
 * (stage 1) or terminates (stage 2). What a limit has a say in is no function of
 * the request. */
static void limit(void *owner, int stage)
{
	struct vm *vm = owner;

	vm->taint |= EFF_RESOURCE;
	if (stage == 0)
		return;
	if (stage >= 2 && !vm_ending(vm)) /* else the first reason stands */
		__atomic_store_n(&vm->poll_term, TERM_OOM, __ATOMIC_RELAXED);
	__atomic_fetch_or(&vm->poll_why, stage >= 2 ? POLL_OOM | POLL_TERM : POLL_OOM, __ATOMIC_RELAXED);
	vm->poll = 1;
	vm->stack_limit = NULL;
}

void vm_heap_owner(struct heap_owner *out)
{
	*out = (struct heap_owner){ .roots = roots, .trace = tracers, .size_of = size_of, .limit = limit, .ending = ending };
}
