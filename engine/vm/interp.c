/* interp.c: the interpreter loop: guards and fast cases only. Whatever a fast
 * case does not cover ends in the opcode's one slow function (ops_*.c), which is
 * its whole meaning; a fast case must be a pure subset of it.
 *
 * Compiled twice: as interp_run, and with INTERP_SLOW (interp_slow.c) as
 * interp_run_slow, where every opcode that has a slow function goes through it.
 *
 * State kept in registers: pc (the instruction being executed), fp, code, icp.
 * vm->pc is written before anything that can throw, allocate or re-enter. */
#include "engine/object/typed.h"
#include "engine/vm/ic.h"
#include "engine/vm/promise.h"

#ifdef INTERP_SLOW
#define INTERP_NAME interp_run_slow
#else
#define INTERP_NAME interp_run
#endif

#define RA fp[W_A(w)]
#define RB fp[W_B(w)]
#define RC fp[W_C(w)]
#define W1 (pc[1])
#define NEXT(words) do { pc += (words); w = *pc; goto *dispatch[W_OP(w)]; } while (0)
#define JUMP()      NEXT(2 + (int32_t)W1)
#define SAVE_PC()   (vm->pc = pc)

/* Tails shared by result class: slow function, store / ignore / branch. */
#define SLOW_A(name, words) do { val r_; SAVE_PC(); r_ = op_##name(vm, fp, pc); \
	if (unlikely(r_ == V_EXC)) goto exception; \
	w = *pc; RA = r_; NEXT(words); } while (0)
#define SLOW_N(name, words) do { SAVE_PC(); \
	if (unlikely(op_##name(vm, fp, pc) == V_EXC)) goto exception; \
	NEXT(words); } while (0)
#define SLOW_J(name) do { val r_; SAVE_PC(); r_ = op_##name(vm, fp, pc); \
	if (unlikely(r_ == V_EXC)) goto exception; \
	if (r_ == V_TRUE) JUMP(); \
	NEXT(2); } while (0)

static inline val *slot_at(struct cell *c, uint16_t off) { return (val *)(void *)((char *)c + off); }

#ifndef INTERP_SLOW
/* Is the cell x strictly equal to y? 1, 0, -1: not known. */
static inline int cells_equal(val x, val y)
{
	const struct str *a, *b;

	if (x == y)
		return 1;
	if (!v_iscell(y))
		return 0;
	if (!v_isstr(x) || !v_isstr(y))
		return v_isobj(x) ? 0 : -1;
	a = v_tostr(x);
	b = v_tostr(y);
	if (a->len.v != b->len.v)
		return 0;
	return a->h.flags.v & b->h.flags.v & CF_ATOM ? a->hash.v == b->hash.v : -1;
}
#endif

val INTERP_NAME(struct vm *vm, val *fp, struct code *code, const uint32_t *pc)
{
	static const void *const dispatch[256] = {
#define OP(name, fmt, res, rd, wr, fl) [OP_##name] = &&L_##name,
#include "engine/code/op.def"
		[OP__N ... 255] = &&L_bad,
	};
	struct ic *icp = code->ic;
	uint32_t w = *pc;

	(void)icp;
	goto *dispatch[W_OP(w)];

#ifdef INTERP_SLOW
#include "engine/vm/interp_slow.inc"
#else
#include "engine/vm/interp_value.inc"
#include "engine/vm/interp_branch.inc"
#include "engine/vm/interp_prop.inc"
#endif
#include "engine/vm/interp_call.inc"

L_bad:
	interp_corrupt("bad opcode");

exception:
	/* vm->exc is set; pc is the faulting instruction of fp/code. */
	for (;;) {
		const struct image_handler *h;

		if (likely(!vm->term) && (h = except_find(code, (uint32_t)(pc - code->words))) != NULL) {
			fp[h->reg] = vm->exc;
			vm->exc = V_HOLE;
			pc = code->words + h->target;
			icp = code->ic;
			vm->fp = fp;
			vm->sp = fp + code->nregs;
			NEXT(0);
		}
		if (fp[FP_FLAGS] & FRAME_ENTRY)
			return V_EXC;
		pc = (const uint32_t *)(uintptr_t)fp[FP_PC];
		fp = (val *)(uintptr_t)fp[FP_LINK];
		code = frame_code(fp);
		vm->fp = fp;
		vm->sp = fp + code->nregs;
	}
}
