/* leakcheck.c: debug oracle: after a request, no structure of engine space may
 * hold an address of the request arena (engine.md, risk 4). Run by vm_end_request
 * when the snapshot is verified. */
#include "engine/vm/ic.h"

static void check_ics(struct vm *vm, const struct code *c)
{
	for (uint32_t i = 0; i < c->nics; i++) {
		const struct ic *ic = &c->ic[i];

		/* ADD ways hold a shape id in the union: no pointer. */
		if (ic->n == IC_N_MONO && ic->kind != IC_ADD_INL && ic->kind != IC_ADD_EXT)
			heap_assert_no_arena(&vm->heap, &ic->u, sizeof ic->u, "inline cache");
		for (int j = 0; ic->n >= 2 && ic->n <= IC_WAYS && j < ic->n; j++)
			if (ic->u.pic->w[j].kind != IC_ADD_INL && ic->u.pic->w[j].kind != IC_ADD_EXT)
				heap_assert_no_arena(&vm->heap, &ic->u.pic->u[j], sizeof ic->u.pic->u[j], "polymorphic inline cache");
	}
}

void leakcheck_engine_space(struct vm *vm)
{
	for (struct unit *u = vm->units; u; u = u->next) {
		heap_assert_no_arena(&vm->heap, &u->module, sizeof u->module, "module record");
		if (u->imports)
			heap_assert_no_arena(&vm->heap, u->imports, u->im->nimports * sizeof *u->imports, "import bindings");
		for (uint32_t i = 0; i < u->im->nfns; i++) {
			const struct code *c = &u->codes[i];

			check_ics(vm, c);
			heap_assert_no_arena(&vm->heap, c->k, c->fn->nconsts * sizeof(val), "constant pool");
			if (c->new_fshape != 0)
				heap_assert_no_arena(&vm->heap, &c->new_proto, sizeof c->new_proto, "construct cache");
		}
	}
	for (uint32_t i = SHAPE_FIRST; i < vm->nshapes; i++)
		heap_assert_no_arena(&vm->heap, &vm->shapes[i].proto, sizeof vm->shapes[i].proto, "shape");
	for (uint32_t i = 1; i < vm->natoms; i++) {
		heap_assert_no_arena(&vm->heap, &vm->atoms[i].str, sizeof vm->atoms[i].str, "atom");
		heap_assert_no_arena(&vm->heap, &vm->atoms[i].sym, sizeof vm->atoms[i].sym, "atom's symbol");
	}
	for (uint32_t i = 0; i < MEGA_SIZE; i++)
		if (vm->mega[i].shape != 0)
			heap_assert_no_arena(&vm->heap, &vm->mega[i].holder, sizeof vm->mega[i].holder, "megamorphic cache");
	heap_assert_no_arena(&vm->heap, vm->intr, sizeof vm->intr, "intrinsics");
	heap_assert_no_arena(&vm->heap, &vm->jobs, sizeof vm->jobs, "job queue");
	heap_assert_no_arena(&vm->heap, &vm->timers, 3 * sizeof vm->timers, "timers");
	heap_assert_no_arena(&vm->heap, &vm->waiters, 2 * sizeof vm->waiters, "waiters");
	heap_assert_no_arena(&vm->heap, &vm->modules, sizeof vm->modules, "module records");
	heap_assert_no_arena(&vm->heap, &vm->rejections, sizeof vm->rejections, "rejections");
	heap_assert_no_arena(&vm->heap, &vm->global, sizeof vm->global, "global object");
	heap_assert_no_arena(&vm->heap, &vm->global_lex, sizeof vm->global_lex, "global record");
	heap_assert_no_arena(&vm->heap, vm->roots.v, vm->roots.n * sizeof(val), "roots");
}
