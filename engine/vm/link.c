/* link.c: from a heap-free image to runnable code: names interned, constants
 * made, inline caches allocated. Called by the loader (zygote) and by code made
 * in a request (whose units are freed at its end).
 *
 * What a constant becomes in code->k:
 *   IK_NUM … IK_HOLE   the value            IK_STR       an atom's string
 *   IK_BIGINT          the value
 *   IK_SHAPE           struct lit_template * (engine space)
 *   IK_ARRAY           an ARRAY cell: the copy-on-write template
 *   IK_TEMPLATE        the frozen template object
 *   IK_REGEXP          undefined, then the address of its program (engine space)
 *   IK_GLOBALS         undefined; the slow function reads the image */
#include <stdlib.h>

#include "engine/object/bigint.h"
#include "engine/vm/ic.h"

static val image_string(struct vm *vm, const struct image *im, uint32_t i)
{
	pkey k = key_of_utf8(vm, im->strs[i].p, im->strs[i].n);

	/* Index-like texts have no atom: a plain string serves. */
	return pkey_is_index(k) ? str_from_utf8(vm, im->strs[i].p, im->strs[i].n, true) : key_to_val(vm, k);
}

static pkey image_key(struct vm *vm, const struct image *im, uint32_t i)
{
	return key_of_utf8(vm, im->strs[i].p, im->strs[i].n);
}

static val make_template(struct vm *vm, const struct image *im, const struct image_const *c)
{
	struct arr *cooked = arr_new(vm, c->u.tmpl.n), *raw = arr_new(vm, c->u.tmpl.n);

	if (cooked == NULL || raw == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < c->u.tmpl.n; i++) {
		val ck = c->u.tmpl.cooked[i] == UINT32_MAX ? V_UNDEF : image_string(vm, im, c->u.tmpl.cooked[i]);

		if (arr_push(vm, cooked, ck) < 0 || arr_push(vm, raw, image_string(vm, im, c->u.tmpl.raw[i])) < 0)
			return V_EXC;
	}
	obj_set_integrity(vm, (struct obj *)(void *)raw, true);
	obj_def(vm, (struct obj *)(void *)cooked, A_raw, v_cell(raw), 0);
	obj_set_integrity(vm, (struct obj *)(void *)cooked, true);
	return v_cell(cooked);
}

static val make_literal_shape(struct vm *vm, const struct image *im, const struct image_const *c)
{
	struct lit_template *t = malloc(sizeof *t + c->u.shape.n * sizeof(pkey));

	AN(t);
	t->n = (uint16_t)c->u.shape.n;
	t->inl = t->n;
	for (uint32_t i = 0; i < t->n; i++)
		t->keys[i] = image_key(vm, im, c->u.shape.strs[i]);
	t->shape = shape_of_keys(vm, obj_intr(vm, INTR_ObjectPrototype), t->keys, t->n);
	if (t->shape >= vm->tshape0 && !vm->heap.frozen)
		t->shape = 0;
	return (val)(uintptr_t)t;
}

static val make_const(struct vm *vm, const struct image *im, const struct image_const *c)
{
	switch (c->tag) {
	case IK_NUM:   return v_num(c->u.num);
	case IK_STR:   return image_string(vm, im, c->u.str);
	case IK_BIGINT: {
		const struct image_str *s = &im->strs[c->u.str];

		return big_from_view(vm, (struct sview){ .p8 = (const uint8_t *)s->p, .len = s->n });
	}
	case IK_NULL:  return V_NULL;
	case IK_TRUE:  return V_TRUE;
	case IK_FALSE: return V_FALSE;
	case IK_HOLE:  return V_HOLE;
	case IK_SHAPE: return make_literal_shape(vm, im, c);
	case IK_TEMPLATE: return make_template(vm, im, c);
	case IK_ARRAY: {
		struct arr *a = arr_new(vm, c->u.array.n);

		if (a == NULL)
			return V_EXC;
		for (uint32_t i = 0; i < c->u.array.n; i++) {
			const struct image_const *item = &c->u.array.items[i];

			val v = make_const(vm, im, item);

			if (v == V_EXC || (v == V_HOLE ? arr_set_length(vm, a, i + 1) : arr_push(vm, a, v)) < 0)
				return V_EXC;
		}
		return v_cell(a);
	}
	default:
		return V_UNDEF;
	}
}

/* Instances of a constructor probably get the properties that its body assigns
 * to `this` (register 0). */
static uint8_t count_this_properties(const struct image_fn *fn)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < fn->nwords;) {
		uint32_t w = fn->words[i];
		uint8_t op = (uint8_t)W_OP(w);

		if ((op == OP_SETP || op == OP_DEFP) && W_A(w) == 0 && n < 60)
			n++;
		i += (uint32_t)op_words(op_info[op].format);
	}
	return (uint8_t)(n < 2 ? 2 : n);
}

/* [[Prototype]] of generator and async functions. */
static struct obj *closure_proto(struct vm *vm, uint32_t flags)
{
	return obj_intr(vm, !(flags & FN_ASYNC) ? INTR_GeneratorFunctionPrototype : flags & FN_GENERATOR ?
			INTR_AsyncGeneratorFunctionPrototype : INTR_AsyncFunctionPrototype);
}

static int link_fn(struct vm *vm, struct unit *u, struct code *c, uint32_t index)
{
	const struct image *im = u->im;
	const struct image_fn *fn = &im->fns[index];

	c->unit = u;
	c->fn = fn;
	c->index = index;
	c->words = fn->words;
	c->flags = fn->flags;
	c->nregs = (uint16_t)fn->nregs;
	c->nparams = fn->nparams;
	c->length = fn->length;
	c->special = (fn->flags & (FN_CLASS_CTOR | FN_GENERATOR | FN_ASYNC)) != 0;
	c->fshape = fn->flags & (FN_GENERATOR | FN_ASYNC) ? shape_root(vm, closure_proto(vm, fn->flags), KIND_FUNC, 0)
							  : vm->closure_shape;
	c->ctor_inl = count_this_properties(fn);
	c->ic_epoch = vm->proto_epoch;
	/* IC index IC_NONE16 means "none": the array then reaches that far, empty. */
	c->nics = fn->nics >= IC_NONE16 ? IC_NONE16 + 1 : fn->nics;
	c->ic = calloc(c->nics + 1, sizeof *c->ic);
	c->k = calloc(fn->nconsts + 1, sizeof *c->k);
	c->keys = calloc(fn->nkeys + 1, sizeof *c->keys);
	c->ic_listed = calloc(c->nics + 1, 1);
	AN(c->ic && c->k && c->keys && c->ic_listed);
	c->name = image_string(vm, im, fn->name);
	for (uint32_t i = 0; i < fn->nkeys; i++)
		c->keys[i] = image_key(vm, im, fn->keys[i]);
	for (uint32_t i = 0; i < fn->nconsts; i++) {
		c->k[i] = make_const(vm, im, &fn->consts[i]);
		if (c->k[i] == V_EXC)
			return -1;
	}
	return 0;
}

/* What an image and its linked code take, about. */
static size_t unit_bytes(const struct image *im)
{
	size_t n = sizeof(struct unit) + im->mem.total + im->nimports * sizeof(hval *) +
		   im->nexports * sizeof(struct unit_export);

	for (uint32_t i = 0; i < im->nfns; i++) {
		const struct image_fn *f = &im->fns[i];

		n += sizeof(struct code) + f->nics * (sizeof(struct ic) + 1) + f->nconsts * sizeof(val) +
		     f->nkeys * sizeof(pkey) + 64;
	}
	return n;
}

static int by_export_name(const void *a, const void *b)
{
	pkey x = ((const struct unit_export *)a)->name, y = ((const struct unit_export *)b)->name;

	return x < y ? -1 : x > y;
}

static void link_module(struct vm *vm, struct unit *u)
{
	const struct image *im = u->im;

	u->imports = calloc(im->nimports + 1, sizeof *u->imports);
	u->exports = calloc(im->nexports + 1, sizeof *u->exports);
	AN(u->imports && u->exports);
	for (uint32_t i = 0; i < im->nexports; i++)
		if (im->exports[i].name != UINT32_MAX)
			u->exports[u->nexports++] = (struct unit_export){ image_key(vm, im, im->exports[i].name), i };
	qsort(u->exports, u->nexports, sizeof *u->exports, by_export_name);
}

struct unit *link_unit(struct vm *vm, struct image *im)
{
	struct unit *u;
	int err = 0;

	if (vm->heap.frozen && !heap_charge(&vm->heap, (ptrdiff_t)unit_bytes(im))) {
		image_free(im);
		throw_oom(vm);
		return NULL;
	}
	u = calloc(1, sizeof *u);
	AN(u);
	u->im = im;
	u->in_request = vm->heap.frozen;
	u->codes = calloc(im->nfns, sizeof *u->codes);
	u->list = calloc(im->nfns, sizeof *u->list);
	AN(u->codes && u->list);
	for (uint32_t i = 0; i < im->nfns; i++) {
		u->list[i] = &u->codes[i];
		u->codes[i].name = V_UNDEF;
	}
	u->next = vm->units;
	vm->units = u;       /* before any allocation: units_trace finds the constants */
	if (im->module)
		link_module(vm, u);
	for (uint32_t i = 0; i < im->nfns && !err; i++)
		err = link_fn(vm, u, &u->codes[i], i);
	return err ? NULL : u;
}

void unit_free(struct vm *vm, struct unit *u)
{
	(void)vm;
	for (uint32_t i = 0; i < u->im->nfns; i++) {
		struct code *c = &u->codes[i];

		if (c->fn == NULL)
			continue;
		ic_free(c);
		for (uint32_t j = 0; j < c->fn->nconsts; j++)
			if (c->fn->consts[j].tag == IK_SHAPE)
				free((void *)(uintptr_t)c->k[j]);
		free(c->k);
		free(c->keys);
	}
	free(u->codes);
	free(u->list);
	free(u->imports);
	free(u->exports);
	free(u->key);
	image_free(u->im);
	free(u);
}

/* ICs of a request's units must be cleared before this (ic_end_request). */
void units_end_request(struct vm *vm)
{
	while (vm->volatile_codes) { /* first: some may be of these units */
		struct code *c = vm->volatile_codes;

		vm->volatile_codes = c->vnext;
		c->new_volatile = false;
		c->new_fshape = 0;
	}
	while (vm->units && vm->units->in_request) {
		struct unit *u = vm->units;

		vm->units = u->next;
		unit_free(vm, u);
	}
}

void units_free_all(struct vm *vm)
{
	while (vm->units) {
		struct unit *u = vm->units;

		vm->units = u->next;
		unit_free(vm, u);
	}
}

void units_trace(struct vm *vm)
{
	struct heap *h = &vm->heap;

	/* After the freeze, older units hold snapshot cells only. */
	for (struct unit *u = vm->units; u && (u->in_request || !h->frozen); u = u->next) {
		heap_mark_cell(h, u->module);
		for (uint32_t i = 0; i < u->im->nfns; i++) {
			struct code *c = &u->codes[i];

			heap_mark_val(h, c->name);
			if (c->k && c->fn)
				heap_mark_range(h, c->k, c->k + c->fn->nconsts);
		}
	}
	for (struct code *c = vm->volatile_codes; c; c = c->vnext)
		heap_mark_val(h, c->new_proto);
	for (uint32_t i = 0; i < vm->nvolatile; i++) {
		const struct ic *ic = vm->volatile_ics[i].ic;

		if (ic->n == IC_N_MONO)
			heap_mark_interior(h, ic->u.holder);
		else if (ic->n >= 2 && ic->n <= IC_WAYS)
			for (int j = 0; j < ic->n; j++)
				heap_mark_interior(h, ic->u.pic->u[j].holder);
	}
}
