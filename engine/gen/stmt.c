/* stmt.c: statements and declarations. */
#include "engine/gen/fn.h"

void gen_cv_undefined(struct gfn *f)
{
	if (f->cv >= 0)
		emit(f, OP_LDUNDEF, (uint32_t)f->cv, 0, 0);
}

static void statements(struct gfn *f, struct nlist l)
{
	for (uint32_t i = 0; i < l.n && !f->g->failed; i++)
		gen_statement(f, l.v[i]);
}

void gen_statements(struct gfn *f, struct nlist l)
{
	int top = f->top;
	struct using u;
	bool async;

	if (!gen_list_uses(l, &async)) {
		statements(f, l);
		return;
	}
	gen_using_begin(f, &u, async);
	statements(f, l);
	gen_using_end(f, &u);
	f->top = top;
}

void gen_block_scope(struct gfn *f, struct node *n, struct nlist l)
{
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	int top = f->top;

	if (sc)
		scope_open(f, sc);
	gen_statements(f, l);
	if (sc)
		scope_close(f, sc, top);
}

/* ---- declarations ---- */

static void declare_lexical(struct gfn *f, const struct node *decl, struct node *target, struct node *init)
{
	struct var *v = target->binding.ref;
	/* What is half bound must not be seen: USING may throw. */
	int top = f->top, d = v && !decl_is_using(decl->op) ? var_dst(f, v, true) : ANY, r;

	if (!init) {
		r = d >= 0 ? d : emit_alloc(f, 1);
		emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
	} else if (d >= 0 || gen_is_anonymous(init))
		r = gen_named(f, init, d, target->binding.name);
	else
		r = gen_operand(f, init, ANY, 0, 0);
	if (decl_is_using(decl->op))
		gen_using_add(f, decl, r);
	gen_store(f, target, r, true);
	f->top = top;
}

static void assign_var(struct gfn *f, struct node *target, struct node *init)
{
	struct var *v = target->binding.ref;
	int top = f->top, d = v && !name_is_dynamic(target) ? var_dst(f, v, false) : ANY, r, at;

	if (d >= 0) {
		gen_named(f, init, d, target->binding.name);
		f->regvar[d] = v;
	} else {
		at = name_find(f, target);
		r = gen_is_anonymous(init) ? gen_named(f, init, ANY, target->binding.name) : gen_operand(f, init, ANY, 0, 0);
		name_set_at(f, target, at, r);
	}
	f->top = top;
}

static void declarators(struct gfn *f, struct node *n)
{
	bool lexical = n->op != DECL_VAR;

	for (uint32_t i = 0; i < n->var.decls.n && !f->g->failed; i++) {
		struct node *d = n->var.decls.v[i], *target = d->declarator.target, *init = d->declarator.init;
		int top = f->top, r;
		if (target->kind != N_BINDING) {
			r = gen_operand(f, init, ANY, target->start, target->end);
			gen_pattern(f, target, r, lexical);
		} else if (lexical)
			declare_lexical(f, n, target, init);
		else if (init)
			assign_var(f, target, init);
		f->top = top;
	}
}

static void class_declaration(struct gfn *f, struct node *n)
{
	struct node *c = n->class_decl.cls;
	int top = f->top, r;

	if (!c->class_.id)
		f->hint = gen_wk(f, WK_default_);
	r = gen_class(f, c, ANY);
	emit_at(f, n->start);
	if (n->mark)
		var_init(f, f->g->scopes->vars[n->mark - 1], r);
	else
		emit_p(f, OP_INITGLB, (uint32_t)r, 0, c->class_.id->binding.name);
	f->top = top;
}

/* B.3.2.1 step 2: when a sloppy block's function is reached, its value goes to
 * the var of that name. */
static void function_statement(struct gfn *f, struct node *n)
{
	struct node *id = n->func_decl.func->func.id;
	int top = f->top, r;

	if (!(n->flags & NF_ANNEX_B) || !n->mark)
		return;
	emit_at(f, n->start);
	r = id->binding.ref ? var_get(f, id->binding.ref, false, ANY) : emit_alloc(f, 1);
	if (n->mark == ANNEX_B_GLOBAL)
		gen_soft_function(f, id->binding.name, r);
	else
		var_set(f, f->g->scopes->vars[n->mark - 1], false, r);
	f->top = top;
}

static void export_default(struct gfn *f, struct node *n)
{
	struct node *v = n->export_default.value;
	int top = f->top, r;

	if (v->kind == N_FUNC_DECL || v->kind == N_CLASS_DECL) {
		gen_statement(f, v);
		return;
	}
	r = gen_named(f, v, ANY, gen_wk(f, WK_default_));
	var_init(f, f->g->scopes->vars[n->mark - 1], r);
	f->top = top;
}

/* ---- statements ---- */

static void if_statement(struct gfn *f, struct node *n)
{
	struct label end = LABEL_INIT;

	gen_cv_undefined(f);
	while (n && n->kind == N_IF && !f->g->failed) {
		struct label other = LABEL_INIT, *leave = gen_break_label(f, n->if_.then);
		if (leave) {
			gen_cond(f, n->if_.test, leave, true);
			n = n->if_.else_;
			continue;
		}
		gen_cond(f, n->if_.test, &other, false);
		gen_statement(f, n->if_.then);
		if (n->if_.else_)
			emit_jmp(f, &end);
		emit_bind(f, &other);
		n = n->if_.else_;
	}
	if (n)
		gen_statement(f, n);
	emit_bind(f, &end);
}

static void switch_case_test(struct gfn *f, struct node *test, int disc, struct label *l)
{
	int top = f->top, imm, r;

	if (gen_small_int(test, -128, 127, &imm))
		emit_jump(f, OP_JSEQI, (uint32_t)disc, (uint32_t)imm, l);
	else {
		r = gen_operand(f, test, ANY, 0, 0);
		emit_jump(f, OP_JSEQ, (uint32_t)disc, (uint32_t)r, l);
	}
	f->top = top;
}

static void switch_statement(struct gfn *f, struct node *n)
{
	struct nlist cases = n->switch_.cases;
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	struct label *labels = arena_alloc(&f->g->ast->arena, (cases.n + 1) * sizeof *labels), brk = LABEL_INIT;
	struct label *dflt = &brk;
	int save = f->top, top, disc;
	struct ctx c;

	gen_cv_undefined(f);
	ctx_push(f, &c, CTX_SWITCH);
	c.brk = &brk;
	disc = gen_operand(f, n->switch_.disc, ANY, n->switch_.disc->end, n->end);
	top = f->top;
	if (sc)
		scope_open(f, sc);
	for (uint32_t i = 0; i < cases.n; i++) {
		labels[i] = (struct label)LABEL_INIT;
		if (cases.v[i]->case_.test)
			switch_case_test(f, cases.v[i]->case_.test, disc, &labels[i]);
		else
			dflt = &labels[i];
	}
	emit_jmp(f, dflt);
	for (uint32_t i = 0; i < cases.n && !f->g->failed; i++) {
		emit_bind(f, &labels[i]);
		gen_statements(f, cases.v[i]->case_.body);
	}
	emit_bind(f, &brk);
	if (sc)
		scope_close(f, sc, top);
	ctx_pop(f, &c);
	f->top = save;
}

static bool takes_labels(const struct node *n)
{
	switch (n->kind) {
	case N_FOR: case N_FOR_IN: case N_FOR_OF: case N_WHILE: case N_DO: case N_SWITCH: case N_LABELED: return true;
	default: return false;
	}
}

static void labeled(struct gfn *f, struct node *n)
{
	struct label_name name = { f->labels, n->labeled.label };
	struct label end = LABEL_INIT;
	struct ctx c;

	f->labels = &name;
	if (takes_labels(n->labeled.body)) {
		gen_statement(f, n->labeled.body);
		f->labels = NULL;
		return;
	}
	ctx_push(f, &c, CTX_LABEL);
	c.brk = &end;
	gen_statement(f, n->labeled.body);
	ctx_pop(f, &c);
	emit_bind(f, &end);
}

static void expression_statement(struct gfn *f, struct node *n)
{
	if (f->cv >= 0)
		gen_expr(f, n->expr_stmt.expr, f->cv);
	else
		gen_drop(f, n->expr_stmt.expr);
}

static void throw_statement(struct gfn *f, struct node *n)
{
	int top = f->top, r = gen_operand(f, n->throw_.arg, ANY, 0, 0);

	emit_at(f, n->start);
	emit(f, OP_THROW, (uint32_t)r, 0, 0);
	f->top = top;
}

void gen_statement(struct gfn *f, struct node *n)
{
	if (gen_deep(f, n))
		return;
	switch (n->kind) {
	case N_EXPR_STMT: expression_statement(f, n); break;
	case N_VAR: declarators(f, n); break;
	case N_FUNC_DECL: function_statement(f, n); break;
	case N_CLASS_DECL: class_declaration(f, n); break;
	case N_RETURN: gen_return(f, n); break;
	case N_IF: if_statement(f, n); break;
	case N_BLOCK: gen_block_scope(f, n, n->block.body); break;
	case N_FOR: case N_FOR_IN: case N_FOR_OF: case N_WHILE: case N_DO: gen_loop(f, n); break;
	case N_CONTINUE: case N_BREAK: gen_break(f, n); break;
	case N_SWITCH: switch_statement(f, n); break;
	case N_LABELED: labeled(f, n); break;
	case N_THROW: throw_statement(f, n); break;
	case N_TRY: gen_try(f, n); break;
	case N_WITH: gen_with(f, n); break;
	case N_DEBUGGER: emit(f, OP_DEBUGGER, 0, 0, 0); break;
	case N_EXPORT_DECL: gen_statement(f, n->export_decl.decl); break;
	case N_EXPORT_DEFAULT: export_default(f, n); break;
	default: break;                /* EMPTY IMPORT EXPORT_NAMED EXPORT_ALL */
	}
}
