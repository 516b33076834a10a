/* yield.c: yield and yield* (15.5.5). What the frame must keep over a suspension
 * lies in its registers, all of which the generator object saves. */
#include "engine/gen/fn.h"

/* Behind a resumption: goes on with r, or throws it, or returns it. */
static void after_resume(struct gfn *f, int r, bool may_throw)
{
	struct label normal = LABEL_INIT, thrown = LABEL_INIT;

	emit_jump(f, OP_JSEQI, (uint32_t)r + 1, RESUME_NEXT, &normal);
	if (may_throw)
		emit_jump(f, OP_JSEQI, (uint32_t)r + 1, RESUME_THROW, &thrown);
	gen_leave(f, LEAVE_RETURN, NULL, r);
	if (may_throw) {
		emit_bind(f, &thrown);
		emit(f, OP_THROW, (uint32_t)r, 0, 0);
	}
	emit_bind(f, &normal);
}

static void delegate(struct gfn *f, struct node *n, int r)
{
	struct label top = LABEL_INIT, over = LABEL_INIT;
	int it = emit_alloc(f, 3), x = gen_operand(f, n->yield_.arg, ANY, 0, 0);

	emit_at(f, n->start);
	emit(f, OP_ITER, (uint32_t)it, (uint32_t)x, 0);
	emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
	emit_num(f, r + 1, RESUME_NEXT);
	emit_here(f, &top);
	emit_jump(f, OP_DELEGATE, (uint32_t)it, (uint32_t)r, &over);
	emit(f, OP_YIELDRAW, (uint32_t)r, (uint32_t)r + 1, 0);
	emit_loop(f, &top);
	emit_bind(f, &over);
}

int gen_yield(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, r;

	if (gen_is_async_generator(f))
		return gen_async_yield(f, n, dst);
	r = emit_alloc(f, 2);
	if (n->flags & NF_DELEGATE) {
		delegate(f, n, r);
	} else {
		if (n->yield_.arg)
			gen_expr(f, n->yield_.arg, r);
		else
			emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
		emit_at(f, n->start);
		emit(f, OP_YIELD, (uint32_t)r, (uint32_t)r + 1, 0);
	}
	after_resume(f, r, !(n->flags & NF_DELEGATE));
	if (dst >= 0) {
		emit_mov(f, dst, r);
		f->top = top;
		return dst;
	}
	f->top = r + 1;
	return r;
}
