/* loop.c: loops. The test is at the top and leaves the loop; the only way back
 * is one LOOP at the bottom. */
#include "engine/gen/fn.h"

static void while_loop(struct gfn *f, struct node *n)
{
	struct label top = LABEL_INIT, brk = LABEL_INIT, cont = LABEL_INIT;
	struct ctx c;

	ctx_push(f, &c, CTX_LOOP);
	c.brk = &brk;
	c.cont = &cont;
	emit_here(f, &top);
	gen_cond(f, n->while_.test, &brk, false);
	gen_statement(f, n->while_.body);
	emit_bind(f, &cont);
	emit_loop(f, &top);
	emit_bind(f, &brk);
	ctx_pop(f, &c);
}

static void do_loop(struct gfn *f, struct node *n)
{
	struct label top = LABEL_INIT, brk = LABEL_INIT, cont = LABEL_INIT;
	struct ctx c;

	ctx_push(f, &c, CTX_LOOP);
	c.brk = &brk;
	c.cont = &cont;
	emit_here(f, &top);
	gen_statement(f, n->do_.body);
	emit_bind(f, &cont);
	gen_cond(f, n->do_.test, &brk, false);
	emit_loop(f, &top);
	emit_bind(f, &brk);
	ctx_pop(f, &c);
}

static void for_loop(struct gfn *f, struct node *n)
{
	struct label top = LABEL_INIT, brk = LABEL_INIT, cont = LABEL_INIT;
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	int save = f->top;
	bool copies, async = false, uses = gen_decl_uses(n->for_.init, &async);
	struct using u;
	struct ctx c;

	if (uses)
		gen_using_begin(f, &u, async);
	ctx_push(f, &c, CTX_LOOP);
	c.brk = &brk;
	c.cont = &cont;
	if (sc)
		scope_open(f, sc);
	copies = sc && sc->has_env && n->for_.init->op == DECL_LET;
	if (n->for_.init) {
		if (n->for_.init->kind == N_VAR)
			gen_statement(f, n->for_.init);
		else
			gen_drop(f, n->for_.init);
	}
	if (copies && sc->init_closure)
		emit(f, OP_COPYENV, sc->env_reg, sc->env_reg, 0);
	emit_here(f, &top);
	if (n->for_.test)
		gen_cond(f, n->for_.test, &brk, false);
	gen_statement(f, n->for_.body);
	emit_bind(f, &cont);
	if (copies)
		emit(f, OP_COPYENV, sc->env_reg, sc->env_reg, 0);
	if (n->for_.update)
		gen_drop(f, n->for_.update);
	emit_loop(f, &top);
	emit_bind(f, &brk);
	ctx_pop(f, &c);
	if (uses)
		gen_using_end(f, &u);
	if (sc)
		scope_close(f, sc, save);
}

/* ---- for-in and for-of ---- */

/* The right side, evaluated where the loop's names are dead. */
static int each_source(struct gfn *f, struct node *n)
{
	struct node *left = n->for_in.left;
	struct vscope *head = left->kind == N_VAR ? scopes_at(f->g->scopes, left->mark) : NULL;
	int r, top = f->top;

	if (!head)
		return gen_operand(f, n->for_in.right, ANY, 0, 0);
	r = emit_alloc(f, 1);
	scope_open(f, head);
	gen_expr(f, n->for_in.right, r);
	scope_close(f, head, top + 1);
	return r;
}

/* What the loop assigns to: a BINDING or pattern of a declaration, or a target. */
static struct node *each_target(const struct node *n, bool *init)
{
	const struct node *left = n->for_in.left;

	*init = left->kind == N_VAR && left->op != DECL_VAR;
	return left->kind == N_VAR ? left->var.decls.v[0]->declarator.target : n->for_in.left;
}

/* The register the next value may be put into directly, or a temporary. */
static int each_register(struct gfn *f, struct node *target, bool init)
{
	int r = ANY;

	if ((target->kind == N_BINDING || target->kind == N_IDENT) && target->mark == 0)
		r = var_dst(f, target->ident.ref, init);
	if (r >= 0 && init && !gen_scratch(f, r))
		r = ANY;
	return r >= 0 ? r : emit_alloc(f, 1);
}

/* Binds the value in r and runs the body once. */
static void each_body(struct gfn *f, struct node *n, struct vscope *sc, int r)
{
	bool init, async = false, uses = gen_decl_uses(n->for_in.left, &async);
	struct node *target = each_target(n, &init);
	int top = f->top;
	struct using u;

	if (sc) {
		scope_make_env(f, sc);
		scope_init_vars(f, sc, INIT_REGS | INIT_ENV);
	}
	if (uses) {
		gen_using_begin(f, &u, async);
		gen_using_add(f, n->for_in.left, r);
	}
	gen_store(f, target, r, init);
	gen_statement(f, n->for_in.body);
	if (uses)
		gen_using_end(f, &u);
	f->top = top;
}

/* for (var x = 1 in o), Annex B.3.5. */
static void var_initialiser(struct gfn *f, struct node *left)
{
	struct node *d = left->kind == N_VAR ? left->var.decls.v[0] : NULL;

	if (d && d->declarator.init) {
		struct node *target = d->declarator.target;
		int top = f->top, at = name_find(f, target), r = gen_named(f, d->declarator.init, ANY, target->binding.name);
		name_set_at(f, target, at, r);
		f->top = top;
	}
}

static void for_in(struct gfn *f, struct node *n)
{
	struct label top = LABEL_INIT, brk = LABEL_INIT, cont = LABEL_INIT;
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	int save = f->top, e, r, src;
	struct ctx c;
	bool init;
	struct node *target = each_target(n, &init);

	ctx_push(f, &c, CTX_LOOP);
	c.brk = &brk;
	c.cont = &cont;
	var_initialiser(f, n->for_in.left);
	e = emit_alloc(f, 1);
	src = each_source(f, n);
	f->top = e + 1;
	emit_at(f, n->for_in.right->start);
	emit(f, OP_FORIN, (uint32_t)e, (uint32_t)src, 0);
	if (sc)
		scope_place(f, sc);
	r = each_register(f, target, init);
	emit_here(f, &top);
	emit_at(f, n->start);
	emit_jump(f, OP_FORINNEXT, (uint32_t)e, (uint32_t)r, &brk);
	each_body(f, n, sc, r);
	emit_bind(f, &cont);
	emit_loop(f, &top);
	emit_bind(f, &brk);
	if (sc)
		scope_close(f, sc, save);
	f->top = save;
	ctx_pop(f, &c);
}

static void for_of(struct gfn *f, struct node *n)
{
	struct label top = LABEL_INIT, brk = LABEL_INIT, cont = LABEL_INIT, done = LABEL_INIT;
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	struct label_name *names = f->labels;
	bool async = (n->flags & NF_AWAIT) != 0, init;
	int save = f->top, it, r, src, size = async ? 6 : 4;
	struct ctx iter, c;
	struct node *target = each_target(n, &init);

	f->labels = NULL;
	it = emit_alloc(f, size);
	src = each_source(f, n);
	f->top = it + size;
	emit_at(f, n->for_of.right->start);
	emit(f, async ? OP_AITER : OP_ITER, (uint32_t)it, (uint32_t)src, 0);
	if (sc)
		scope_place(f, sc);
	r = each_register(f, target, init);
	emit_here(f, &top);
	emit_at(f, n->for_of.right->start);
	if (async) {
		emit(f, OP_AITERNEXT, (uint32_t)it, (uint32_t)it + 4, 0);
		gen_await_reg(f, it + 4, it + 5);
		emit_jump(f, OP_AITERRES, (uint32_t)it, (uint32_t)it + 4, &done);
		emit_mov(f, r, it + 4);
	} else
		emit_jump(f, OP_ITERNEXT, (uint32_t)it, (uint32_t)r, &done);
	ctx_push(f, &iter, CTX_ITER);
	iter.iter = it;
	iter.async = async;
	ctx_handler_begin(f, &iter);
	f->labels = names;
	ctx_push(f, &c, CTX_LOOP);
	c.brk = &brk;
	c.cont = &cont;
	each_body(f, n, sc, r);
	emit_bind(f, &cont);
	emit_loop(f, &top);
	ctx_pop(f, &c);
	ctx_handler_end(f, &iter);
	ctx_pop(f, &iter);
	emit_bind_handler(f, iter.handler, it + 3);
	if (async)
		gen_async_close_thrown(f, it);
	else
		emit(f, OP_ITERCLOSEX, (uint32_t)it, 0, 0);
	emit_at(f, NO_POS);
	emit(f, OP_THROW, (uint32_t)it + 3, 0, 0);
	emit_bind(f, &brk);
	emit_at(f, n->for_of.right->start);
	if (async)
		gen_async_close(f, it);
	else
		emit(f, OP_ITERCLOSE, (uint32_t)it, 0, 0);
	emit_bind(f, &done);
	if (sc)
		scope_close(f, sc, save);
	f->top = save;
}

void gen_loop(struct gfn *f, struct node *n)
{
	gen_cv_undefined(f);
	switch (n->kind) {
	case N_WHILE: while_loop(f, n); break;
	case N_DO: do_loop(f, n); break;
	case N_FOR: for_loop(f, n); break;
	case N_FOR_IN: for_in(f, n); break;
	default: for_of(f, n); break;
	}
}
