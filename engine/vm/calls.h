/* calls.h: many calls of one function from C, one after the other: the callbacks
 * of map, sort, forEach. What does not change between them is looked up once:
 *
 *	struct calls c;
 *	calls_begin(vm, &c, f, this_v, 2);
 *	for (…) {
 *		c.args[0] = x, c.args[1] = y;
 *		r = calls_go(vm, &c);          (V_EXC: exception)
 *	}
 *
 * Arguments are written right before calls_go: nothing may run between, and the
 * call takes them with it. Other calls may be made between two of these, and
 * several of these may alternate; the C stack at calls_go is as deep as at
 * calls_begin, give or take a few frames. f is any callable value, and argc at most
 * CALLS_MAX. */
#ifndef ENGINE_VM_CALLS_H
#define ENGINE_VM_CALLS_H

#include "engine/vm/vmcode.h"

enum { CALLS_MAX = 8 };          /* fits behind stack_end, so the arguments need no check */

struct calls {
	val *args;                    /* registers 1.. of the frame to come */
	struct code *code;            /* NULL: f is not a plain function */
	val *end;                     /* of its registers */
	uint32_t argc;
	val fn, this_v;
};

static inline void calls_begin(struct vm *vm, struct calls *c, val f, val this_v, uint32_t argc)
{
	struct code *code = v_iskind(f, KIND_FUNC) ? ((struct func *)(void *)v_tocell(f))->code.v : NULL;

	*c = (struct calls){ .args = vm->sp + CALL_HEADER + 1, .argc = argc, .fn = f, .this_v = this_v };
	if (code == NULL || code->special || vm_c_stack_low(vm) || c->args + argc > vm->stack_end)
		return;
	c->code = code;
	c->end = c->args - 1 + (argc < code->nregs ? code->nregs : argc + 1);
}

/* The general way, from the arguments in place. */
val calls_go_slow(struct vm *vm, const struct calls *c);

static inline val calls_go(struct vm *vm, const struct calls *c)
{
	val *nfp = c->args - 1, *fp = vm->fp, *sp = vm->sp, r;
	const uint32_t *pc = vm->pc;
	struct code *code = c->code;

	if (unlikely(code == NULL || c->end + CALL_HEADER > vm->stack_limit))
		return calls_go_slow(vm, c);
	nfp[FP_CALLEE] = c->fn;
	nfp[FP_LINK] = (val)(uintptr_t)fp;
	nfp[FP_PC] = (val)(uintptr_t)pc;
	nfp[FP_CODE] = (val)(uintptr_t)code | (val)c->argc << 48;
	nfp[FP_NEWT] = V_UNDEF;
	nfp[FP_FLAGS] = FRAME_ENTRY;
	nfp[0] = c->this_v;
	for (uint32_t i = c->argc; i < code->nparams; i++)
		nfp[i + 1] = V_UNDEF;
	vm->fp = nfp;
	vm->sp = c->end;
	r = vm->run_fn(vm, nfp, code, code->words);
	vm->fp = fp;
	vm->sp = sp;
	vm->pc = pc;
	return r;
}

#endif
