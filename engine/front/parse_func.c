/* parse_func.c: functions of all kinds (clause 15): parameter lists, bodies with
 * their directive prologues, arrow functions from cover form, and the functions
 * that class fields and static blocks are. */
#include "engine/front/parser.h"

#include <string.h>

/* What an arrow function passes to the function around it. */
#define ARROW_USES (FI_DIRECT_EVAL | FI_USES_ARGUMENTS | FI_USES_THIS | FI_USES_SUPER_PROP | \
	FI_USES_SUPER_CALL | FI_USES_NEW_TARGET)

/* ---- function state ---- */

static void inherit(struct fn_state *f, const struct fn_state *up)
{
	f->new_target = up->new_target;
	f->super_prop = up->super_prop;
	f->super_call = up->super_call;
	f->no_arguments = up->no_arguments;
}

void fn_push(struct parser *p, struct fn_state *f, enum func_kind k, unsigned flags, uint32_t start)
{
	memset(f, 0, sizeof(*f));
	f->up = p->fn;
	f->info = ARENA_NEW(&p->ast->arena, struct func_info);
	f->info->kind = (uint8_t)k;
	f->info->flags = flags;
	f->strict_before = p->strict;
	f->no_in_before = p->no_in;
	f->yield_expr = (flags & FI_GENERATOR) != 0;
	f->await_expr = (flags & FI_ASYNC) != 0;
	f->await_reserved = p->module;
	f->can_return = k < FUNC_FIELD;
	if (k == FUNC_ARROW) {
		inherit(f, f->up);
	} else if (k <= FUNC_STATIC_BLOCK) {
		f->new_target = true;
		f->super_prop = k != FUNC_NORMAL;
		f->super_call = k == FUNC_DERIVED_CTOR;
		f->no_arguments = k == FUNC_FIELD || k == FUNC_STATIC_BLOCK;
		if (k == FUNC_STATIC_BLOCK)
			f->await_reserved = true;
	}
	p->no_in = false;
	p->fn = f;
	f->top = &f->scope;
	scope_push(p, &f->scope, SCOPE_FUNCTION, start);
	p->ast->nfuncs++;
}

void fn_pop(struct parser *p)
{
	struct fn_state *f = p->fn, *up = f->up;

	scope_pop(p);
	if (p->strict)
		f->info->flags |= FI_STRICT;
	p->strict = f->strict_before;
	p->no_in = f->no_in_before;
	p->fn = up;
	if (up == NULL)
		return;
	up->info->flags |= f->info->flags & FI_INNER_EVAL;
	if (f->info->kind == FUNC_ARROW) {
		up->info->flags |= f->info->flags & ARROW_USES;
		if ((f->info->flags & FI_DIRECT_EVAL) && up->in_params)
			up->info->flags |= FI_PARAM_EVAL;
		if (f->await_name_pos > up->await_name_pos)
			up->await_name_pos = f->await_name_pos;
	}
}

/* ---- parameters ---- */

static bool is_simple(const struct nlist *params)
{
	uint32_t i;

	for (i = 0; i < params->n; i++)
		if (params->v[i]->kind != N_BINDING)
			return false;
	return true;
}

static void count_params(struct func_info *info, const struct nlist *params)
{
	uint32_t i;

	for (i = 0; i < params->n; i++)
		if (params->v[i]->kind == N_ASSIGN_PATTERN || params->v[i]->kind == N_REST)
			break;
	info->length = i;
	if (is_simple(params))
		info->flags |= FI_SIMPLE_PARAMS;
}

struct nlist parse_params(struct parser *p, enum tok close)
{
	uint32_t base = p->nstack;
	struct node *n;
	struct nlist l;

	p->fn->in_params = true;
	if (p->ts && cur(p) == T_THIS)
		parse_ts_this(p);
	while (cur(p) != close) {
		if (cur(p) == T_ELLIPSIS) {
			n = mk(p, N_REST, cur_start(p));
			n->flags |= NF_BINDING;
			next(p);
			n->rest.target = parse_binding(p, DECL_PARAM);
			push(p, done(p, n));
			if (p->ts)
				parse_ts_param(p, n->start);
			if (p->ambient != 0)
				accept(p, T_COMMA);
			if (cur(p) != close)
				unexpected(p, "')' after the rest parameter");
			break;
		}
		push(p, p->ts ? parse_ts_elem(p) : parse_binding_elem(p, DECL_PARAM));
		if (cur(p) != close && !accept(p, T_COMMA)) {
			no_types(p);
			unexpected(p, "',' or ')' after a parameter");
		}
	}
	p->fn->in_params = false;
	l = take(p, base);
	count_params(p->fn->info, &l);
	return l;
}

/* Repeats are for sloppy functions with simple parameters only (15.1.1). Called
 * when strictness is known. */
static void check_duplicates(struct parser *p)
{
	struct fn_state *f = p->fn;

	if (!(f->info->flags & FI_DUP_PARAMS))
		return;
	if (p->strict || !(f->info->flags & FI_SIMPLE_PARAMS) || f->info->kind != FUNC_NORMAL)
		fail_at(p, f->dup_start, f->dup_end, "this parameter name is used twice");
}

static void check_accessor(struct parser *p, const struct node *fn)
{
	const struct nlist *l = &fn->func.params;
	enum func_kind k = fn->func.info->kind;

	if (k == FUNC_GETTER && l->n != 0)
		fail_node(p, l->v[0], "a getter has no parameters");
	if (k == FUNC_SETTER && (l->n != 1 || l->v[0]->kind == N_REST))
		fail_at(p, fn->start, p->lx.prev_end, "a setter has exactly one parameter");
}

/* ---- bodies ---- */

/* The function has turned strict: what was read before counts as strict too. */
static void turn_strict(struct parser *p, struct node *id, const struct nlist *params, const struct node *octal)
{
	uint32_t i;

	p->strict = true;
	if (octal != NULL)
		fail_node(p, octal, "octal escapes are not allowed in strict mode");
	if (id != NULL)
		check_bound_name(p, id->binding.name, id->start, id->end);
	for (i = 0; params != NULL && i < params->n; i++)
		check_bound_name(p, params->v[i]->binding.name, params->v[i]->start, params->v[i]->end);
}

static void directives(struct parser *p, enum tok close, struct node *id, const struct nlist *params)
{
	struct node *s, *e, *octal = NULL;

	while (cur(p) == T_STRING && cur(p) != close) {
		s = parse_statement_item(p);
		push(p, s);
		if (s->kind != N_EXPR_STMT)
			return;
		e = s->expr_stmt.expr;
		if (e->kind != N_STRING || (e->flags & NF_PAREN))
			return;
		s->flags |= NF_DIRECTIVE;
		if ((e->flags & NF_OCTAL) && octal == NULL)
			octal = e;
		if (e->string.value->id != WK_use_strict || (e->flags & NF_ESCAPED))
			continue;
		if (params != NULL && !is_simple(params))
			fail_node(p, s, "\"use strict\" is not allowed in a function with defaults, patterns or a rest parameter");
		p->fn->info->flags |= FI_USE_STRICT;
		turn_strict(p, id, params, octal);
	}
}

struct nlist parse_body(struct parser *p, enum tok close, struct node *id, const struct nlist *params)
{
	uint32_t base = p->nstack;

	directives(p, close, id, params);
	while (cur(p) != close)
		push(p, parse_statement_item(p));
	return take(p, base);
}

/* At `{`: the body as a BODY node, with the `}`. */
static struct node *braced_body(struct parser *p, struct node *id, const struct nlist *params)
{
	struct node *b = mk(p, N_BODY, cur_start(p));

	p->fn->info->body_start = b->start;
	if (cur(p) != T_LBRACE)
		unexpected(p, "'{' before the function body");
	next(p);
	b->body.stmts = parse_body(p, T_RBRACE, id, params);
	check_duplicates(p);
	next(p);
	return done(p, b);
}

/* Only TypeScript: no body follows: a signature. */
static bool lacks_body(const struct parser *p, enum func_kind k, unsigned flags)
{
	if (!p->ts || cur(p) == T_LBRACE || (k < FUNC_METHOD && !(flags & FI_DECL)))
		return false;
	return cur(p) == T_SEMI || cur(p) == T_RBRACE || cur(p) == T_EOF || cur_nl(p);
}

static struct node *signature(struct parser *p, const struct node *fn)
{
	struct node *n = mk(p, N_TS_FUNC, fn->start);

	n->ts_func.id = fn->func.id;
	n->ts_func.sig = fn->func.sig;
	n->ts_func.params = fn->func.params;
	semicolon(p);
	return done(p, n);
}

struct node *parse_function_rest(struct parser *p, uint32_t start, struct node *id, enum func_kind k, unsigned flags)
{
	struct node *n = mk(p, N_FUNC, start);
	struct node *tparams = NULL, *ret = NULL;
	struct fn_state f;

	CHECK_DEPTH(p);
	fn_push(p, &f, k, flags, start);
	n->func.info = f.info;
	n->func.id = id;
	if (p->ts && cur(p) == T_LT)
		tparams = parse_type_params(p);
	expect(p, T_LPAREN);
	n->func.params = parse_params(p, T_RPAREN);
	next(p);
	check_accessor(p, n);
	if (p->ts && cur(p) == T_COLON)
		ret = parse_return_type(p);
	n->func.sig = ts_sig(p, tparams, f.args, ret);
	if (lacks_body(p, k, flags)) {
		fn_pop(p);
		return signature(p, n);
	}
	n->func.body = braced_body(p, id, &n->func.params);
	if (f.props != NULL)
		lower_param_props(p, n, f.props);
	fn_pop(p);
	return done(p, n);
}

/* ---- declarations and expressions ---- */

/* The name of a function expression is bound inside: there, yield and await
 * have the meaning that the function itself gives them (15.2, 15.5, 15.8). */
static struct node *expression_name(struct parser *p, unsigned flags)
{
	struct fn_state *f = p->fn;
	bool y = f->yield_expr, a = f->await_expr, r = f->await_reserved;
	struct node *id;

	f->yield_expr = (flags & FI_GENERATOR) != 0;
	f->await_expr = (flags & FI_ASYNC) != 0;
	f->await_reserved = p->module;
	id = parse_binding_ident(p);
	f->yield_expr = y;
	f->await_expr = a;
	f->await_reserved = r;
	return id;
}

struct node *parse_function_expr(struct parser *p, uint32_t start, unsigned flags)
{
	struct node *id = NULL;

	next(p);
	if (accept(p, T_MUL))
		flags |= FI_GENERATOR;
	if (cur(p) != T_LPAREN && !(p->ts && cur(p) == T_LT))
		id = expression_name(p, flags);
	return parse_function_rest(p, start, id, FUNC_NORMAL, flags);
}

struct node *parse_function_decl(struct parser *p, uint32_t start, unsigned flags, bool default_ok)
{
	struct node *n = mk(p, N_FUNC_DECL, start), *id = NULL, *fn;
	bool plain;

	next(p);
	if (accept(p, T_MUL))
		flags |= FI_GENERATOR;
	plain = (flags & (FI_ASYNC | FI_GENERATOR)) == 0;
	if ((cur(p) != T_LPAREN && !(p->ts && cur(p) == T_LT)) || !default_ok)
		id = parse_binding_ident(p);
	if (p->ts) {
		/* There may be signatures of the same name, which declare nothing. */
		fn = parse_function_rest(p, start, id, FUNC_NORMAL, flags | FI_DECL);
		if (fn->kind == N_TS_FUNC)
			return fn;
		n->func_decl.func = fn;
		if (id != NULL)
			declare_function(p, n, plain);
		return done(p, n);
	}
	if (id != NULL) {
		/* Declared before the body, whose own names are no conflict; the
		 * node that hoisting looks at needs just the id. */
		fn = mk(p, N_FUNC, start);
		fn->func.id = id;
		n->func_decl.func = fn;
		declare_function(p, n, plain);
	}
	n->func_decl.func = parse_function_rest(p, start, id, FUNC_NORMAL, flags | FI_DECL);
	return done(p, n);
}

/* ---- arrow functions ---- */

struct arrow_mark arrow_begin(struct parser *p, uint32_t start)
{
	struct func_info *info = p->fn->info;
	struct arrow_mark m = { info->flags, start };

	info->flags &= ~(unsigned)(ARROW_USES | FI_INNER_EVAL | FI_PARAM_EVAL);
	return m;
}

void arrow_cancel(struct parser *p, const struct arrow_mark *m)
{
	p->fn->info->flags |= m->saved;
}

static void check_arrow_head(struct parser *p, const struct arrow_mark *m, unsigned flags)
{
	struct fn_state *f = p->fn;

	if (f->yield_pos > m->start)
		fail_at(p, f->yield_pos - 1, f->yield_pos + 4, "yield is not allowed in the parameters of an arrow function");
	if (f->await_pos > m->start)
		fail_at(p, f->await_pos - 1, f->await_pos + 4, "await is not allowed in the parameters of an arrow function");
	if ((flags & FI_ASYNC) && f->await_name_pos > m->start)
		fail_at(p, f->await_name_pos - 1, f->await_name_pos + 4,
		    "'await' cannot be a name in the parameters of an async arrow function");
}

static void arrow_body(struct parser *p, struct node *n, struct fn_state *f)
{
	if (cur(p) == T_LBRACE) {
		n->func.body = braced_body(p, NULL, &n->func.params);
		return;
	}
	check_duplicates(p);
	f->info->flags |= FI_EXPR_BODY;
	f->info->body_start = cur_start(p);
	p->no_in = f->no_in_before;
	n->func.body = parse_assign(p);
}

struct node *parse_arrow(struct parser *p, const struct arrow_mark *m, struct nlist params, unsigned flags,
	struct node *sig)
{
	struct node *n = mk(p, N_FUNC, m->start);
	unsigned uses = p->fn->info->flags & (ARROW_USES | FI_INNER_EVAL);
	struct fn_state f;
	uint32_t i;

	CHECK_DEPTH(p);
	check_arrow_head(p, m, flags);
	p->fn->info->flags |= m->saved;
	if (uses & FI_DIRECT_EVAL)
		uses |= FI_PARAM_EVAL;
	fn_push(p, &f, FUNC_ARROW, flags | uses, m->start);
	for (i = 0; i < params.n; i++) {
		struct node *e = params.v[i];

		if (e->kind == N_SPREAD && (i + 1 < params.n || (e->flags & NF_TRAILING)))
			fail_node(p, e, "a rest parameter must be the last, without a comma after it");
		params.v[i] = to_param(p, e);
	}
	count_params(f.info, &params);
	n->func.info = f.info;
	n->func.params = params;
	n->func.sig = sig;
	next(p);
	arrow_body(p, n, &f);
	fn_pop(p);
	return done(p, n);
}

struct node *parse_generic_arrow(struct parser *p, uint32_t start, struct node *tparams, unsigned flags)
{
	struct node *n = mk(p, N_FUNC, start), *ret = NULL;
	struct fn_state f;

	CHECK_DEPTH(p);
	fn_push(p, &f, FUNC_ARROW, flags, start);
	n->func.info = f.info;
	expect(p, T_LPAREN);
	n->func.params = parse_params(p, T_RPAREN);
	next(p);
	if (cur(p) == T_COLON)
		ret = parse_return_type(p);
	n->func.sig = ts_sig(p, tparams, f.args, ret);
	if (cur(p) != T_ARROW || cur_nl(p))
		unexpected(p, "'=>'");
	next(p);
	arrow_body(p, n, &f);
	fn_pop(p);
	return done(p, n);
}

/* ---- class fields and static blocks ---- */

struct node *parse_field_init(struct parser *p, bool is_static)
{
	struct node *n = mk(p, N_FUNC, cur_start(p));
	struct fn_state f;

	fn_push(p, &f, FUNC_FIELD, FI_EXPR_BODY | FI_SIMPLE_PARAMS | (is_static ? FI_STATIC : 0), n->start);
	n->func.info = f.info;
	f.info->body_start = n->start;
	n->func.body = parse_assign(p);
	fn_pop(p);
	return done(p, n);
}

struct node *parse_static_block(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_FUNC, start), *b = mk(p, N_BODY, cur_start(p));
	uint32_t base = p->nstack;
	struct fn_state f;

	fn_push(p, &f, FUNC_STATIC_BLOCK, FI_SIMPLE_PARAMS | FI_STATIC, start);
	n->func.info = f.info;
	f.info->body_start = b->start;
	next(p);
	while (cur(p) != T_RBRACE)
		push(p, parse_statement_item(p));
	b->body.stmts = take(p, base);
	next(p);
	n->func.body = done(p, b);
	fn_pop(p);
	return done(p, n);
}
