/* parse_loop.c: iteration statements (14.7): for heads need the most care. */
#include "engine/front/parser.h"

/* The labels right before this loop may be named by continue. */
static void mark_labels(struct parser *p, uint32_t at)
{
	struct label *l;

	for (l = p->fn->labels; l != NULL && l->at == at; l = l->up) {
		l->loop = true;
		at = l->start;
	}
}

static struct node *loop_body(struct parser *p)
{
	struct node *n;

	p->fn->loops++;
	n = parse_substatement(p);
	p->fn->loops--;
	return n;
}

struct node *parse_while(struct parser *p)
{
	struct node *n = mk(p, N_WHILE, cur_start(p));

	mark_labels(p, n->start);
	next(p);
	expect(p, T_LPAREN);
	n->while_.test = parse_expression_in(p);
	expect(p, T_RPAREN);
	n->while_.body = loop_body(p);
	return done(p, n);
}

struct node *parse_do(struct parser *p)
{
	struct node *n = mk(p, N_DO, cur_start(p));

	mark_labels(p, n->start);
	next(p);
	n->do_.body = loop_body(p);
	expect(p, T_WHILE);
	expect(p, T_LPAREN);
	n->do_.test = parse_expression_in(p);
	expect(p, T_RPAREN);
	accept(p, T_SEMI); /* inserted always (12.10.1) */
	return done(p, n);
}

/* for (init; test; update): at the first `;`. */
static struct node *classic(struct parser *p, uint32_t start, struct node *init)
{
	struct node *n = mk(p, N_FOR, start);

	n->for_.init = init;
	if (init != NULL && init->kind == N_VAR) {
		uint32_t i;

		for (i = 0; i < init->var.decls.n; i++) {
			struct node *d = init->var.decls.v[i];

			if (d->declarator.init != NULL)
				continue;
			if (d->declarator.target->kind != N_BINDING)
				fail_node(p, d, "a destructuring declaration needs a value");
			if (decl_is_const(init->op))
				fail_node(p, d, "a declaration of a constant needs a value");
		}
	}
	if (cur(p) != T_SEMI)
		unexpected(p, "';', 'in' or 'of' in the head of the for statement");
	next(p);
	if (cur(p) != T_SEMI)
		n->for_.test = parse_expression(p);
	expect(p, T_SEMI);
	if (cur(p) != T_RPAREN)
		n->for_.update = parse_expression(p);
	expect(p, T_RPAREN);
	n->for_.body = loop_body(p);
	return done(p, n);
}

/* for (left in/of right): at `in` or `of`. */
static struct node *each(struct parser *p, uint32_t start, struct node *left, bool is_await)
{
	bool of = cur(p) == T_OF;
	struct node *n = mk(p, of ? N_FOR_OF : N_FOR_IN, start);

	if (is_await) {
		if (!of)
			unexpected(p, "'of' after for await");
		n->flags |= NF_AWAIT;
	}
	next(p);
	n->for_of.left = left;
	n->for_of.right = of ? parse_assign(p) : parse_expression(p);
	expect(p, T_RPAREN);
	n->for_of.body = loop_body(p);
	return done(p, n);
}

static void check_for_decl(struct parser *p, const struct node *var, bool of)
{
	const struct node *d = var->var.decls.v[0];

	if (var->var.decls.n != 1)
		fail_node(p, var, "only one variable can be declared in the head of a for-in or for-of statement");
	if (d->declarator.init == NULL)
		return;
	/* B.3.5: for (var x = 1 in o) */
	if (of || p->strict || var->op != DECL_VAR || d->declarator.target->kind != N_BINDING)
		fail_node(p, d, "the variable of a for-in or for-of statement cannot have a value");
}

static struct node *for_declaration(struct parser *p, uint32_t start, enum decl_kind k, bool is_await)
{
	struct node *var;

	p->no_in = true;
	var = parse_var(p, k, true);
	p->no_in = false;
	if (cur(p) != T_OF && cur(p) != T_IN) {
		if (is_await)
			unexpected(p, "'of' after for await");
		return classic(p, start, var);
	}
	if (decl_is_using(k) && cur(p) == T_IN)
		unexpected(p, "'of': a using declaration has no place in a for-in statement");
	check_for_decl(p, var, cur(p) == T_OF);
	return each(p, start, var, is_await);
}

static struct node *for_expression(struct parser *p, uint32_t start, bool is_await)
{
	struct token first = p->lx.t;
	struct node *e;

	p->pending = 0;
	p->no_in = true;
	e = parse_expression_cover(p);
	p->no_in = false;
	if (cur(p) != T_OF && cur(p) != T_IN) {
		check_pending(p);
		if (is_await)
			unexpected(p, "'of' after for await");
		return classic(p, start, e);
	}
	if (cur(p) == T_OF) {
		if (first.kind == T_LET)
			fail_at(p, first.start, first.end, "the target of a for-of statement cannot begin with 'let'");
		if (first.kind == T_ASYNC && !is_await && e->kind == N_IDENT && !(e->flags & NF_PAREN))
			fail_at(p, first.start, first.end, "the target of a for-of statement cannot be 'async'");
	}
	if (e->kind == N_ARRAY || e->kind == N_OBJECT)
		p->pending = 0;
	e = to_target(p, e);
	check_pending(p);
	return each(p, start, e, is_await);
}

struct node *parse_for(struct parser *p)
{
	struct node *n;
	uint32_t start = cur_start(p);
	bool is_await = false;
	enum decl_kind k;
	struct scope s;

	mark_labels(p, start);
	next(p);
	if (cur(p) == T_AWAIT) {
		if (!p->fn->await_expr) {
			p->saw_await = true;
			fail_at(p, cur_start(p), p->lx.t.end, "for await is only allowed in async functions and modules");
		}
		parse_note_await(p);
		is_await = true;
		next(p);
	}
	scope_push(p, &s, SCOPE_BLOCK, start);
	expect(p, T_LPAREN);
	if (cur(p) == T_SEMI && !is_await)
		n = classic(p, start, NULL);
	else if (cur(p) == T_VAR)
		n = for_declaration(p, start, DECL_VAR, is_await);
	else if (cur(p) == T_CONST)
		n = for_declaration(p, start, DECL_CONST, is_await);
	else if (cur(p) == T_LET && at_let_declaration(p))
		n = for_declaration(p, start, DECL_LET, is_await);
	else if (at_using_declaration(p, &k, true))
		n = for_declaration(p, start, k, is_await);
	else
		n = for_expression(p, start, is_await);
	scope_pop(p);
	return n;
}
