/* flow.c: leaving statements: break, continue, return, and what lies on the
 * way: finally blocks and iterators of for-of loops.
 *
 * try … finally is a jump-subroutine. Two registers hold how the block ended:
 * kreg 0 normally, 1 by an exception (in vreg), 2 + i by the i-th jump out of
 * the statement that was compiled (vreg: the value to return). Code behind the
 * finally block goes on from there, through the next statement out if need be. */
#include <stdlib.h>

#include "engine/gen/fn.h"

void ctx_push(struct gfn *f, struct ctx *c, enum ctx_kind kind)
{
	memset(c, 0, sizeof *c);
	c->kind = kind;
	c->up = f->ctx;
	f->ctx = c;
	if (kind == CTX_LOOP || kind == CTX_SWITCH || kind == CTX_LABEL) {
		c->names = f->labels;
		f->labels = NULL;
	}
}

void ctx_pop(struct gfn *f, struct ctx *c)
{
	AN(f->ctx == c);
	f->ctx = c->up;
	free(c->leaves);
}

void ctx_handler_begin(struct gfn *f, struct ctx *c)
{
	c->handler = emit_handler(f);
	c->depth = ++f->hdepth;
	c->start = emit_pc(f);
	f->last_bind = emit_pc(f);
	c->spill = f->spill;
	f->spill = ANY;                /* handlers need the registers they know */
}

void ctx_handler_end(struct gfn *f, struct ctx *c)
{
	f->spill = c->spill;
	emit_cover(f, c->start, c->handler, c->depth);
	f->hdepth--;
}

static bool has_handler(const struct ctx *c)
{
	return c->kind == CTX_TRY || c->kind == CTX_FINALLY || c->kind == CTX_ITER;
}

static bool is_derived(const struct gfn *f)
{
	return f->fs->info && f->fs->info->kind == FUNC_DERIVED_CTOR;
}

void gen_emit_return(struct gfn *f, int value)
{
	int top = f->top, this_reg;

	if (!is_derived(f)) {
		if (value < 0)
			emit(f, OP_RETU, 0, 0, 0);
		else
			emit(f, OP_RET, (uint32_t)value, 0, 0);
		return;
	}
	if (value < 0) {
		value = emit_alloc(f, 1);
		emit(f, OP_LDUNDEF, (uint32_t)value, 0, 0);
	}
	this_reg = f->fs->this_var ? var_get(f, f->fs->this_var, false, ANY) : 0;
	emit(f, OP_RETD, (uint32_t)value, (uint32_t)this_reg, 0);
	f->top = top;
}

/* A jump that must run a finally block first: told to its dispatch. */
static void leave_to_finally(struct gfn *f, struct ctx *c, enum leave_kind kind, struct ctx *target, int value)
{
	uint32_t i = 0;

	if (f->dead)
		return;
	while (i < c->nleaves && (c->leaves[i].kind != kind || c->leaves[i].target != target))
		i++;
	if (i == c->nleaves) {
		c->leaves = realloc(c->leaves, (i + 1) * sizeof *c->leaves);
		AN(c->leaves != NULL);
		c->leaves[c->nleaves++] = (struct leaving){ kind, target };
	}
	if (kind == LEAVE_RETURN) {
		if (value < 0)
			emit(f, OP_LDUNDEF, (uint32_t)c->vreg, 0, 0);
		else
			emit_mov(f, c->vreg, value);
	}
	emit_num(f, c->kreg, i + 2);
	emit_jmp(f, &c->fin);
}

/* Code for leaving must not be covered by the handlers of what it leaves: it
 * matters where that code can throw. */
static bool needs_gap(const struct gfn *f, enum leave_kind kind, const struct ctx *target)
{
	for (const struct ctx *c = f->ctx; c != target; c = c->up) {
		if (c->kind == CTX_FINALLY)
			return false;
		if (c->kind == CTX_ITER)
			return true;
	}
	return kind == LEAVE_RETURN && is_derived(f);
}

void gen_leave(struct gfn *f, enum leave_kind kind, struct ctx *target, int value)
{
	bool gap = needs_gap(f, kind, target);
	struct ctx *c;

	for (c = f->ctx; c != target; c = c->up) {
		if (gap && has_handler(c))
			emit_cover(f, c->start, c->handler, c->depth);
		if (c->kind == CTX_FINALLY) {
			leave_to_finally(f, c, kind, target, value);
			break;
		}
		if (c->kind == CTX_ITER && c->async)
			gen_async_close(f, c->iter);
		else if (c->kind == CTX_ITER)
			emit(f, OP_ITERCLOSE, (uint32_t)c->iter, 0, 0);
	}
	if (c == target) {
		if (kind == LEAVE_RETURN)
			gen_emit_return(f, value);
		else
			emit_jmp(f, kind == LEAVE_BREAK ? target->brk : target->cont);
	}
	if (!gap)
		return;
	f->last_bind = emit_pc(f);
	for (struct ctx *d = f->ctx; d != target; d = d->up) {
		d->start = emit_pc(f);
		if (d == c)
			break;
	}
}

void gen_return(struct gfn *f, struct node *n)
{
	struct node *arg = n->return_.arg;
	int top = f->top, r = ANY;

	if (arg && gen_is_async_generator(f)) {        /* 14.10.1: the value is awaited */
		r = emit_alloc(f, 2);
		gen_expr(f, arg, r);
		emit_at(f, n->start);
		gen_await_reg(f, r, r + 1);
		gen_leave(f, LEAVE_RETURN, NULL, r);
		f->top = top;
		return;
	}
	while (arg && arg->kind == N_COND) {           /* each branch returns by itself */
		struct label other = LABEL_INIT;
		gen_cond(f, arg->cond.test, &other, false);
		r = gen_operand(f, arg->cond.then, ANY, 0, 0);
		emit_at(f, n->start);
		gen_leave(f, LEAVE_RETURN, NULL, r);
		f->top = top;
		emit_bind(f, &other);
		arg = arg->cond.else_;
	}
	if (arg)
		r = gen_operand(f, arg, ANY, 0, 0);
	emit_at(f, n->start);
	gen_leave(f, LEAVE_RETURN, NULL, r);
	f->top = top;
}

static bool has_name(const struct ctx *c, const struct name *name)
{
	for (const struct label_name *l = c->names; l; l = l->up)
		if (l->name == name)
			return true;
	return false;
}

static struct ctx *break_target(const struct gfn *f, const struct node *n)
{
	bool is_break = n->kind == N_BREAK;
	const struct name *label = is_break ? n->break_.label : n->continue_.label;
	struct ctx *c = f->ctx;

	while (c && !(label ? has_name(c, label) : c->kind == CTX_LOOP || (is_break && c->kind == CTX_SWITCH)))
		c = c->up;
	return c;                      /* NULL: the parser has refused it */
}

void gen_break(struct gfn *f, struct node *n)
{
	struct ctx *c = break_target(f, n);

	emit_at(f, n->start);
	if (c)
		gen_leave(f, n->kind == N_BREAK ? LEAVE_BREAK : LEAVE_CONTINUE, c, ANY);
}

struct label *gen_break_label(struct gfn *f, const struct node *n)
{
	struct ctx *c;

	if (n->kind == N_BLOCK && n->block.body.n == 1)
		n = n->block.body.v[0];
	if (n->kind != N_BREAK && n->kind != N_CONTINUE)
		return NULL;
	c = break_target(f, n);
	for (struct ctx *d = f->ctx; c && d != c; d = d->up)
		if (d->kind == CTX_FINALLY || d->kind == CTX_ITER)
			return NULL;
	return !c ? NULL : n->kind == N_BREAK ? c->brk : c->cont;
}

/* ---- try ---- */

static void catch_clause(struct gfn *f, struct node *n, uint32_t handler)
{
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	struct node *param = n->catch_.param;
	int top = f->top, e = ANY;

	if (!param || !sc) {
		emit_bind_handler(f, handler, emit_alloc(f, 1));
		gen_cv_undefined(f);
		gen_statement(f, n->catch_.body);
		f->top = top;
		return;
	}
	scope_place(f, sc);
	if (param->kind == N_BINDING)
		e = var_dst(f, param->binding.ref, true);
	if (e < 0)
		e = emit_alloc(f, 1);
	emit_bind_handler(f, handler, e);
	gen_cv_undefined(f);
	scope_make_env(f, sc);
	scope_init_vars(f, sc, INIT_REGS | INIT_ENV);
	gen_store(f, param, e, true);
	gen_statement(f, n->catch_.body);
	scope_close(f, sc, top);
}

static void try_catch(struct gfn *f, struct node *n)
{
	struct label end = LABEL_INIT;
	struct ctx c;

	if (!n->try_.handler) {
		gen_statement(f, n->try_.block);
		return;
	}
	ctx_push(f, &c, CTX_TRY);
	ctx_handler_begin(f, &c);
	gen_statement(f, n->try_.block);
	ctx_handler_end(f, &c);
	ctx_pop(f, &c);
	emit_jmp(f, &end);
	catch_clause(f, n->try_.handler, c.handler);
	emit_bind(f, &end);
}

void gen_finally_begin(struct gfn *f, struct ctx *c)
{
	int k = emit_alloc(f, 2);

	ctx_push(f, c, CTX_FINALLY);
	c->kreg = k;
	c->vreg = k + 1;
	c->fin = (struct label)LABEL_INIT;
	ctx_handler_begin(f, c);
}

void gen_finally_end(struct gfn *f, struct ctx *c)
{
	ctx_handler_end(f, c);
	emit_num(f, c->kreg, 0);
	emit_jmp(f, &c->fin);
	emit_bind_handler(f, c->handler, c->vreg);
	emit_num(f, c->kreg, 1);
	emit_bind(f, &c->fin);
	f->ctx = c->up;                /* what always runs is outside of the statement */
}

void gen_finally_dispatch(struct gfn *f, struct ctx *c)
{
	struct label end = LABEL_INIT;
	int top = f->top;

	emit_jump(f, OP_JSEQI, (uint32_t)c->kreg, 0, &end);
	for (uint32_t i = 0; i < c->nleaves; i++) {
		struct label skip = LABEL_INIT;
		if (i + 2 <= 127)
			emit_jump(f, OP_JSNEI, (uint32_t)c->kreg, i + 2, &skip);
		else {
			int t = emit_alloc(f, 1);
			emit_num(f, t, i + 2);
			emit_jump(f, OP_JSNE, (uint32_t)c->kreg, (uint32_t)t, &skip);
			f->top = top;
		}
		gen_leave(f, c->leaves[i].kind, c->leaves[i].target, c->vreg);
		emit_bind(f, &skip);
	}
	emit_at(f, NO_POS);
	emit(f, OP_THROW, (uint32_t)c->vreg, 0, 0);
	emit_bind(f, &end);
	free(c->leaves);
}

static void try_finally(struct gfn *f, struct node *n)
{
	int top = f->top, cv = f->cv >= 0 ? emit_alloc(f, 1) : ANY;
	struct ctx c;

	gen_finally_begin(f, &c);
	try_catch(f, n);
	gen_finally_end(f, &c);
	if (cv >= 0) {
		emit_mov(f, cv, f->cv);
		gen_cv_undefined(f);
	}
	gen_statement(f, n->try_.finalizer);
	if (cv >= 0)
		emit_mov(f, f->cv, cv);
	gen_finally_dispatch(f, &c);
	f->top = top;
}

void gen_try(struct gfn *f, struct node *n)
{
	gen_cv_undefined(f);
	if (n->try_.finalizer)
		try_finally(f, n);
	else
		try_catch(f, n);
}
