/* generator.c: suspending and resuming frames (ECMA-262 27.5). A frame holds no
 * pointer into itself, so suspension copies its registers to the generator object
 * and resumption copies them back to the top of the VM stack. While it runs, the
 * object is in the frame's FP_NEWT slot. Frames of async functions and async
 * generators are kept in the same way; async.c drives them. */
#include "engine/vm/ops.h"

struct generator *generator_new(struct vm *vm, const val *fp, const uint32_t *pc, struct obj *proto, enum gen_type type)
{
	static const uint8_t extra[] = { [GEN_SYNC] = 0, [GEN_ASYNC_FUNCTION] = 1, [GEN_ASYNC_GENERATOR] = 2 };
	struct code *code = frame_code(fp);
	uint32_t nregs = code->nregs, n = nregs + extra[type];
	struct generator *g = obj_new_kind(vm, proto, KIND_GENERATOR, sizeof *g + n * sizeof(val));

	if (g == NULL)
		return NULL;
	HINIT(g->state, GEN_START);
	HINIT(g->pc, (uint64_t)(pc - code->words));
	HINIT(g->nregs, nregs);
	HINIT(g->type, type);
	HINIT(g->callee, fp[FP_CALLEE]);
	for (uint32_t i = 0; i < n; i++)
		HINIT(g->r[i], i < nregs ? fp[i] : V_UNDEF);
	return g;
}

val generator_start(struct vm *vm, val *fp, const uint32_t *pc)
{
	bool async = (frame_code(fp)->flags & FN_ASYNC) != 0;
	val proto = obj_get(vm, v_toobj(fp[FP_CALLEE]), A_prototype);
	struct generator *g;

	if (proto == V_EXC)
		return V_EXC;
	if (!v_isobj(proto))
		proto = vm->intr[async ? INTR_AsyncGeneratorPrototype : INTR_GeneratorPrototype];
	g = generator_new(vm, fp, pc, v_toobj(proto), async ? GEN_ASYNC_GENERATOR : GEN_SYNC);
	return g ? v_cell(g) : throw_oom(vm);
}

void generator_suspend(struct vm *vm, val *fp, const uint32_t *pc, enum gen_state state)
{
	struct generator *g = (struct generator *)(void *)v_tocell(fp[FP_NEWT]);

	VSET(vm, g->state, state);
	VSET(vm, g->pc, (uint64_t)(pc - frame_code(fp)->words));
	heap_wb_range(&vm->heap, (void *)g->r, g->nregs.v * sizeof(val));
	memcpy((void *)g->r, fp, g->nregs.v * sizeof(val));
}

val generator_run(struct vm *vm, struct generator *g, val v, enum resume_kind how)
{
	const struct code *code = ((struct func *)(void *)v_tocell(g->callee.v))->code.v;
	const uint32_t *pc = code->words + g->pc.v;

	/* What the suspending instruction promises its registers on resumption. */
	VSET(vm, g->r[W_A(*pc)], g->state.v == GEN_START ? V_UNDEF : v);
	if (g->state.v != GEN_START)
		VSET(vm, g->r[W_B(*pc)], v_int((int32_t)how));
	VSET(vm, g->state, GEN_RUNNING);
	return call_resume(vm, g->callee.v, g->nregs.v, (const val *)(const void *)g->r, v_cell(g), pc + 1);
}

/* Completes without running: before the start and after the end. */
static val resume_idle(struct vm *vm, struct generator *g, val v, enum resume_kind how)
{
	VSET(vm, g->state, GEN_DONE);
	if (how == RESUME_THROW)
		return throw_val(vm, v);
	return obj_iter_result(vm, how == RESUME_RETURN ? v : V_UNDEF, true);
}

val generator_resume(struct vm *vm, val gen, val v, enum resume_kind how)
{
	struct generator *g = (struct generator *)(void *)v_tocell(gen);
	val r;

	if (!v_iskind(gen, KIND_GENERATOR) || g->type.v != GEN_SYNC)
		return throw_type(vm, "%s is not a generator object", val_for_message(vm, gen));
	if (g->state.v == GEN_RUNNING)
		return throw_type(vm, "Generator is already running");
	if (g->state.v == GEN_DONE || (g->state.v == GEN_START && how != RESUME_NEXT))
		return resume_idle(vm, g, v, how);
	r = generator_run(vm, g, v, how);
	if (g->state.v == GEN_RUNNING) {
		VSET(vm, g->state, GEN_DONE);
		return r == V_EXC ? V_EXC : obj_iter_result(vm, r, true);
	}
	return g->state.v == GEN_SUSPENDED_RAW ? r : obj_iter_result(vm, r, false);
}

/* ---- yield* ---- */

static val check_result(struct vm *vm, val res)
{
	if (res != V_EXC && !v_isobj(res))
		return throw_type(vm, "Iterator result %s is not an object", val_for_message(vm, res));
	return res;
}

/* The fast record of iter.c (array, index, HOLE) knows only next: a real array
 * iterator has neither throw nor return. */
static val delegate_fast(struct vm *vm, val *r, enum resume_kind how)
{
	val v;
	int more;

	if (how == RESUME_THROW)
		return throw_type(vm, "The iterator does not provide a 'throw' method");
	more = iter_next(vm, r, &v);
	if (more < 0)
		return V_EXC;
	return obj_iter_result(vm, more ? v : V_UNDEF, !more);
}

/* The iterator's answer to what was received; V_HOLE: return was asked and the
 * iterator has no such method. */
static val delegate_ask(struct vm *vm, val *r, val received, enum resume_kind how)
{
	val m;

	if (r[2] == V_HOLE)
		return how == RESUME_RETURN ? V_HOLE : delegate_fast(vm, r, how);
	if (how == RESUME_NEXT)
		return check_result(vm, vm_call(vm, r[1], r[0], 1, &received));
	m = obj_get_method(vm, r[0], how == RESUME_THROW ? A_throw_ : A_return_);
	if (m == V_EXC)
		return V_EXC;
	if (!v_isundef(m))
		return check_result(vm, vm_call(vm, m, r[0], 1, &received));
	if (how == RESUME_RETURN)
		return V_HOLE;
	if (iter_close(vm, r) < 0)
		return V_EXC;
	return throw_type(vm, "The iterator does not provide a 'throw' method");
}

SLOW_OP(DELEGATE)
{
	val *r = &R_a, *b = &R_b, res, done, v;
	enum resume_kind how = (enum resume_kind)v_toint(b[1]);

	res = delegate_ask(vm, r, b[0], how);
	if (res == V_EXC)
		return V_EXC;
	if (res == V_HOLE)
		return V_TRUE;           /* b[0] and RESUME_RETURN stand */
	done = obj_get(vm, v_toobj(res), A_done);
	if (done == V_EXC)
		return V_EXC;
	if (!to_boolean(done)) {
		b[0] = res;
		return V_FALSE;
	}
	v = obj_get(vm, v_toobj(res), A_value);
	if (v == V_EXC)
		return V_EXC;
	b[0] = v;
	b[1] = v_int(how == RESUME_RETURN ? RESUME_RETURN : RESUME_NEXT);
	return V_TRUE;
}
