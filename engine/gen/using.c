/* using.c: using declarations (14.3.1): what is noted on the way is disposed of when the
 * block, function, loop or module that holds them is left, as by a finally block. */
#include "engine/gen/fn.h"

bool gen_decl_uses(const struct node *n, bool *async)
{
	if (!n || n->kind != N_VAR || !decl_is_using(n->op))
		return false;
	*async |= n->op == DECL_AWAIT_USING;
	return true;
}

bool gen_list_uses(struct nlist l, bool *async)
{
	bool uses = false;

	*async = false;
	for (uint32_t i = 0; i < l.n; i++)
		uses |= gen_decl_uses(l.v[i], async);
	return uses;
}

void gen_using_begin(struct gfn *f, struct using *u, bool async)
{
	u->async = async;
	u->list = emit_alloc(f, 4);
	u->up = f->using;
	f->using = u;
	emit(f, OP_LDUNDEF, (uint32_t)u->list, 0, 0);
	gen_finally_begin(f, &u->ctx);
}

void gen_using_end(struct gfn *f, struct using *u)
{
	struct label normal = LABEL_INIT, again = LABEL_INIT, over = LABEL_INIT;
	uint32_t list = (uint32_t)u->list, error = list + 1, value = list + 2, kind = list + 3;

	f->using = u->up;
	gen_finally_end(f, &u->ctx);
	emit(f, OP_LDHOLE, error, 0, 0);
	emit_jump(f, OP_JSNEI, (uint32_t)u->ctx.kreg, 1, &normal);
	emit_mov(f, (int)error, u->ctx.vreg);
	emit_bind(f, &normal);
	emit(f, OP_LDUNDEF, value, 0, 0);
	emit_num(f, (int)kind, RESUME_NEXT);
	emit_here(f, &again);
	emit_jump(f, OP_DISPOSE, list, value, &over);
	if (u->async)
		emit(f, OP_AWAITX, value, kind, 0);
	emit_loop(f, &again);
	emit_bind(f, &over);
	gen_finally_dispatch(f, &u->ctx);
}

void gen_using_add(struct gfn *f, const struct node *decl, int r)
{
	emit_at(f, decl->start);
	emit(f, OP_USING, (uint32_t)f->using->list, (uint32_t)r, decl->op == DECL_AWAIT_USING);
}
