/* await.c: await (15.8.5), yield and yield* of async generators (15.5.5, 27.6.3.8)
 * and the closing of async iterators (7.4.13). */
#include "engine/gen/fn.h"

bool gen_is_async_generator(const struct gfn *f)
{
	return (f->task->flags & (FN_ASYNC | FN_GENERATOR)) == (FN_ASYNC | FN_GENERATOR);
}

void gen_await_reg(struct gfn *f, int r, int kind)
{
	emit(f, OP_AWAIT, (uint32_t)r, (uint32_t)kind, 0);
	emit(f, OP_AWAITED, (uint32_t)r, (uint32_t)kind, 0);
}

/* The value of an expression that was computed in r, the first of the registers
 * above top. */
static int result(struct gfn *f, int dst, int r, int top)
{
	if (dst >= 0) {
		emit_mov(f, dst, r);
		f->top = top;
		return dst;
	}
	f->top = r + 1;
	return r;
}

int gen_await(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, r = emit_alloc(f, 2);

	gen_expr(f, n->await_.arg, r);
	emit_at(f, n->start);
	gen_await_reg(f, r, r + 1);
	return result(f, dst, r, top);
}

/* r..r+2: value, resume kind, kind of an await. */
static void delegate(struct gfn *f, struct node *n, int r)
{
	struct label top = LABEL_INIT, no_return = LABEL_INIT, over = LABEL_INIT, again = LABEL_INIT, normal = LABEL_INIT;
	int it = emit_alloc(f, 3), x = gen_operand(f, n->yield_.arg, ANY, 0, 0);

	emit_at(f, n->start);
	emit(f, OP_AITER, (uint32_t)it, (uint32_t)x, 0);
	emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
	emit_num(f, r + 1, RESUME_NEXT);
	emit_here(f, &top);
	emit_jump(f, OP_ADELEGATE, (uint32_t)it, (uint32_t)r, &no_return);
	gen_await_reg(f, r, r + 2);
	emit_jump(f, OP_ADELEGATED, (uint32_t)r, 0, &over);
	emit(f, OP_AYIELD, (uint32_t)r, (uint32_t)r + 1, 0);
	emit_jump(f, OP_JSNEI, (uint32_t)r + 1, RESUME_RETURN, &again);
	/* The value to return is awaited; a rejection is thrown into the iterator. */
	emit(f, OP_AWAITX, (uint32_t)r, (uint32_t)r + 2, 0);
	emit_jump(f, OP_JSEQI, (uint32_t)r + 2, RESUME_NEXT, &again);
	emit_num(f, r + 1, RESUME_THROW);
	emit_bind(f, &again);
	emit_loop(f, &top);
	emit_bind(f, &no_return);
	gen_await_reg(f, r, r + 2);
	emit_bind(f, &over);
	emit_jump(f, OP_JSEQI, (uint32_t)r + 1, RESUME_NEXT, &normal);
	gen_leave(f, LEAVE_RETURN, NULL, r);
	emit_bind(f, &normal);
}

static void yield(struct gfn *f, struct node *n, int r)
{
	struct label normal = LABEL_INIT, thrown = LABEL_INIT;

	if (n->yield_.arg)
		gen_expr(f, n->yield_.arg, r);
	else
		emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
	emit_at(f, n->start);
	gen_await_reg(f, r, r + 1);
	emit(f, OP_AYIELD, (uint32_t)r, (uint32_t)r + 1, 0);
	emit_jump(f, OP_JSEQI, (uint32_t)r + 1, RESUME_NEXT, &normal);
	emit_jump(f, OP_JSEQI, (uint32_t)r + 1, RESUME_THROW, &thrown);
	gen_await_reg(f, r, r + 1);
	gen_leave(f, LEAVE_RETURN, NULL, r);
	emit_bind(f, &thrown);
	emit(f, OP_THROW, (uint32_t)r, 0, 0);
	emit_bind(f, &normal);
}

int gen_async_yield(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, r = emit_alloc(f, 3);

	if (n->flags & NF_DELEGATE)
		delegate(f, n, r);
	else
		yield(f, n, r);
	return result(f, dst, r, top);
}

void gen_async_close(struct gfn *f, int it)
{
	struct label none = LABEL_INIT;

	emit_jump(f, OP_AITERCLOSE, (uint32_t)it, (uint32_t)it + 4, &none);
	gen_await_reg(f, it + 4, it + 5);
	emit(f, OP_CHKITERRES, (uint32_t)it + 4, 0, 0);
	emit_bind(f, &none);
}

void gen_async_close_thrown(struct gfn *f, int it)
{
	struct label none = LABEL_INIT;

	emit_jump(f, OP_AITERCLOSEX, (uint32_t)it, (uint32_t)it + 4, &none);
	emit(f, OP_AWAITX, (uint32_t)it + 4, (uint32_t)it + 5, 0);
	emit_bind(f, &none);
}
