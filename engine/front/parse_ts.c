/* parse_ts.c: what TypeScript adds to statements, expressions and parameters,
 * and reading on trial, which its ambiguities ask for. Types are in
 * parse_type.c, what leaves code behind in parse_lower.c. Called by the
 * productions of JavaScript while p->ts is set. */
#include "engine/front/parser.h"

#include <string.h>

/* ---- trials ---- */

/* Names know their innermost declaration through scopes and classes on the C
 * stack: those opened since the trial began go while they are still there. */
static void leave_scopes(struct lexer *lx)
{
	struct parser *p = (struct parser *)(void *)lx; /* its first member */
	struct trial *t = p->trial;
	struct private_decl *pd;
	struct decl *d;

	for (; p->cls != t->cls; p->cls = p->cls->up)
		for (pd = p->cls->decls; pd != NULL; pd = pd->next)
			pd->name->scratch = pd->outer;
	for (; p->scope != t->scope; p->scope = p->scope->up)
		for (d = p->scope->decls; d != NULL; d = d->next)
			d->name->scratch = d->outer;
}

static void go_back(struct parser *p, const struct trial *t)
{
	lex_reset(&p->lx, &t->at);
	p->nstack = t->nstack;
	p->fn = t->fn;
	*p->fn = t->fn_copy;
	*p->fn->info = t->info_copy;
	if (p->cls != NULL)
		p->cls->uses = t->uses;
	p->notes = t->notes;
	p->pending = t->pending;
	p->strict = t->strict;
	p->no_in = t->no_in;
	p->no_cond = t->no_cond;
	p->ambient = t->ambient;
	p->arrow_at = t->arrow_at;
	p->space = t->space;
	p->space_scope = t->space_scope;
}

bool try_parse(struct parser *p, bool (*fn)(struct parser *p, void *arg), void *arg)
{
	struct trial t = {
		.up = p->trial, .at = lex_save(&p->lx), .nstack = p->nstack, .scope = p->scope, .cls = p->cls,
		.fn = p->fn, .fn_copy = *p->fn, .info_copy = *p->fn->info, .uses = p->cls ? p->cls->uses : NULL,
		.notes = p->notes, .pending = p->pending, .strict = p->strict, .no_in = p->no_in,
		.no_cond = p->no_cond, .ambient = p->ambient, .arrow_at = p->arrow_at, .space = p->space,
		.space_scope = p->space_scope,
	};
	jmp_buf here, *outer = p->lx.fail;
	void (*on_fail)(struct lexer *) = p->lx.on_fail;
	volatile bool ok = false;

	CHECK_DEPTH(p);
	p->trial = &t;
	p->lx.fail = &here;
	p->lx.on_fail = leave_scopes;
	if (setjmp(here) == 0)
		ok = fn(p, arg);
	p->lx.fail = outer;
	p->lx.on_fail = on_fail;
	p->trial = t.up;
	if (ok)
		return true;
	if (p->err.too_deep) {
		if (on_fail != NULL)
			on_fail(&p->lx);
		longjmp(*outer, 1);
	}
	p->wasted += (uint64_t)(p->lx.p - t.at.p) + 1;
	go_back(p, &t);
	/* Guesses inside of guesses could take for ever. */
	if (p->wasted > 64 * (uint64_t)p->ast->src->len + (1u << 20))
		fail_at(p, cur_start(p), p->lx.t.end, "too many ambiguous < and ( in this program");
	return false;
}

/* ---- small things ---- */

void ts_item(struct parser *p, struct nlist_item **l, struct node *n)
{
	struct nlist_item *i = ARENA_NEW(&p->ast->arena, struct nlist_item);

	i->n = n;
	i->next = *l;
	*l = i;
}

struct nlist ts_list(struct parser *p, struct nlist_item *l)
{
	uint32_t base = p->nstack, i;
	struct nlist v;

	for (; l != NULL; l = l->next)
		push(p, l->n);
	v = take(p, base);
	for (i = 0; i < v.n / 2; i++) {
		struct node *t = v.v[i];

		v.v[i] = v.v[v.n - 1 - i];
		v.v[v.n - 1 - i] = t;
	}
	return v;
}

void ts_note(struct parser *p, enum type_note k, struct node *expr, struct node *type, uint32_t start)
{
	struct node *n = mk(p, N_TS_NOTE, start);

	n->op = k;
	n->ts_note.type = type;
	n->ts_note.expr = expr;
	ts_item(p, &p->notes, done(p, n));
}

struct node *ts_sig(struct parser *p, struct node *tparams, struct nlist_item *args, struct node *ret)
{
	struct node *n;

	if (tparams == NULL && args == NULL && ret == NULL)
		return NULL;
	n = mk(p, N_T_SIG, tparams ? tparams->start : cur_start(p));
	n->t_sig.tparams = tparams;
	n->t_sig.args = ts_list(p, args);
	n->t_sig.ret = ret;
	if (tparams == NULL)
		n->start = n->t_sig.args.n ? n->t_sig.args.v[0]->start : ret->start;
	return done(p, n);
}

static struct node *declared(struct parser *p, struct node *decl, uint32_t start)
{
	struct node *n = mk(p, N_TS_DECLARE, start);

	n->ts_declare.decl = decl;
	return done(p, n);
}

/* ---- parameters ---- */

void parse_ts_this(struct parser *p)
{
	struct node *n = mk(p, N_T_ARG, cur_start(p));

	n->t_arg.target = mk(p, N_THIS, n->start);
	next(p);
	done(p, n->t_arg.target);
	if (cur(p) == T_COLON)
		n->t_arg.type = parse_annotation(p);
	ts_item(p, &p->fn->args, done(p, n));
	if (cur(p) != T_RPAREN)
		expect(p, T_COMMA);
}

static bool is_access(const struct parser *p)
{
	return cur(p) == T_PUBLIC || cur(p) == T_PRIVATE_WORD || cur(p) == T_PROTECTED || at_word(p, WK_readonly) ||
	       at_word(p, WK_override);
}

/* public, readonly and so on before a parameter. */
static bool param_modifiers(struct parser *p)
{
	enum func_kind k = (enum func_kind)p->fn->info->kind;
	bool prop = false;

	while (is_access(p)) {
		enum tok after = lex_peek(&p->lx).kind;

		if (!tok_is_ident(after) && after != T_LBRACE && after != T_LBRACKET)
			break;
		if (k != FUNC_CTOR && k != FUNC_DERIVED_CTOR)
			fail_at(p, cur_start(p), p->lx.t.end, "'%s' before a parameter is only allowed in a constructor",
			    p->lx.t.name->text);
		prop = true;
		next(p);
	}
	if (prop && !tok_is_ident(cur(p)))
		unexpected(p, "a name: a pattern cannot be a property");
	return prop;
}

void parse_ts_param(struct parser *p, uint32_t start)
{
	struct node *n;
	bool optional;

	if (cur(p) != T_COLON && cur(p) != T_QUESTION)
		return;
	n = mk(p, N_T_ARG, start);
	optional = accept(p, T_QUESTION);
	if (cur(p) == T_COLON)
		n->t_arg.type = parse_annotation(p);
	if (optional)
		n->flags |= TY_OPTIONAL;
	ts_item(p, &p->fn->args, done(p, n));
}

struct node *parse_ts_elem(struct parser *p)
{
	struct node *n;
	uint32_t start;
	bool prop;

	if (cur(p) == T_AT)
		fail_at(p, cur_start(p), p->lx.t.end, "decorators are not supported");
	prop = param_modifiers(p);
	start = cur_start(p);
	n = parse_binding(p, DECL_PARAM);
	if (prop)
		ts_item(p, &p->fn->props, n);
	parse_ts_param(p, start);
	return parse_default(p, n, start);
}

/* ---- class elements ---- */

/* Is the word itself the element's name? */
static bool names_element(struct token t)
{
	switch (t.kind) {
	case T_LPAREN: case T_ASSIGN: case T_SEMI: case T_RBRACE: case T_COMMA: case T_COLON: case T_EOF:
	case T_QUESTION: case T_NOT: case T_LT:
		return true;
	default:
		return false;
	}
}

static bool index_member(struct parser *p, uint32_t start, bool is_static)
{
	struct node *n;

	if (!at_index_signature(p))
		return false;
	n = parse_index_signature(p);
	n->start = start;
	if (is_static)
		n->flags |= TY_STATIC;
	semicolon(p);
	ts_item(p, &p->cls->members, done(p, n));
	return true;
}

bool parse_ts_member(struct parser *p, struct ts_mods *m)
{
	uint32_t start = cur_start(p);

	m->erased = p->ambient != 0;
	for (;;) {
		struct token t;

		if (cur(p) != T_STATIC && !is_access(p) && !at_word(p, WK_abstract) && !at_word(p, WK_declare) &&
		    !at_word(p, WK_accessor))
			break;
		t = lex_peek(&p->lx);
		if (names_element(t) || (cur(p) == T_STATIC ? t.kind == T_LBRACE : (t.flags & TF_NL) != 0))
			break;
		if (cur(p) == T_STATIC)
			m->is_static = true;
		else if (at_word(p, WK_abstract) || at_word(p, WK_declare))
			m->erased = true;
		else if (at_word(p, WK_accessor))
			m->accessor = true;
		next(p);
	}
	return cur(p) == T_LBRACKET && index_member(p, start, m->is_static);
}

struct node *parse_ts_cover(struct parser *p, struct node *e, struct nlist_item **args, bool *arrow)
{
	struct node *n, *a;
	bool optional;

	if (cur(p) != T_COLON && cur(p) != T_QUESTION)
		return e;
	if (e->kind != N_IDENT && e->kind != N_ARRAY && e->kind != N_OBJECT && e->kind != N_SPREAD &&
	    e->kind != N_THIS)
		return e;
	n = mk(p, N_T_ARG, e->start);
	optional = accept(p, T_QUESTION);
	if (cur(p) == T_COLON)
		n->t_arg.type = parse_annotation(p);
	if (optional)
		n->flags |= TY_OPTIONAL;
	*arrow = true;
	ts_item(p, args, done(p, n));
	if (cur(p) != T_ASSIGN || e->kind == N_SPREAD)
		return e;
	a = mk(p, N_ASSIGN, e->start);
	p->pending = 0;
	a->assign.target = to_target(p, e);
	next(p);
	a->assign.value = parse_assign_in(p);
	return done(p, a);
}

/* ---- arrow functions ---- */

struct arrow_type { struct node *ret; };

static bool return_type_and_arrow(struct parser *p, void *arg)
{
	struct arrow_type *a = arg;

	a->ret = parse_return_type(p);
	return cur(p) == T_ARROW && !cur_nl(p);
}

struct node *parse_ts_arrow_type(struct parser *p, bool sure)
{
	struct arrow_type a = { NULL };

	if (sure)
		return parse_return_type(p);
	return try_parse(p, return_type_and_arrow, &a) ? a.ret : NULL;
}

/* <T>(params): R => , of which nothing is kept. */
static bool generic_head(struct parser *p, void *arg)
{
	struct lex_mark m = lex_save(&p->lx);
	struct fn_state f;

	(void)arg;
	parse_type_params(p);
	if (cur(p) != T_LPAREN)
		return false;
	fn_push(p, &f, FUNC_ARROW, 0, cur_start(p));
	next(p);
	parse_params(p, T_RPAREN);
	fn_pop(p);
	next(p);
	if (cur(p) == T_COLON)
		parse_return_type(p);
	if (cur(p) != T_ARROW || cur_nl(p))
		return false;
	lex_reset(&p->lx, &m);
	return true;
}

struct node *parse_ts_generic(struct parser *p, uint32_t start, unsigned flags)
{
	if (!try_parse(p, generic_head, NULL))
		return NULL;
	return parse_generic_arrow(p, start, parse_type_params(p), flags);
}

/* In TSX: <T, or <T extends U or <const T: else it is an element. */
static bool tsx_params(struct parser *p, void *arg)
{
	(void)arg;
	next(p);
	if (accept(p, T_CONST))
		return true;
	if (!tok_is_ident(cur(p)))
		return false;
	next(p);
	if (cur(p) == T_COMMA || cur(p) == T_ASSIGN)
		return true;
	if (cur(p) != T_EXTENDS)
		return false;
	next(p);
	return cur(p) != T_ASSIGN && cur(p) != T_GT && cur(p) != T_DIV;
}

static bool assertion_type(struct parser *p, void *arg)
{
	struct node **out = arg, *args = parse_type_args(p);

	*out = args->t_args.types.v[0];
	return args->t_args.types.n == 1;
}

struct node *parse_ts_angle(struct parser *p)
{
	uint32_t start = cur_start(p);
	struct node *n = NULL, *type = NULL;
	struct lex_mark m;
	bool params;

	if (p->jsx) {
		if (start != p->arrow_at)
			return NULL;
		m = lex_save(&p->lx);
		params = try_parse(p, tsx_params, NULL);
		lex_reset(&p->lx, &m);
		return params ? parse_generic_arrow(p, start, parse_type_params(p), 0) : NULL;
	}
	if (start == p->arrow_at)
		n = parse_ts_generic(p, start, 0);
	if (n != NULL)
		return n;
	if (!try_parse(p, assertion_type, &type))
		return parse_generic_arrow(p, start, parse_type_params(p), 0); /* for its message */
	n = parse_unary(p);
	n->flags |= NF_PAREN;
	ts_note(p, NOTE_ASSERTION, n, type, start);
	return n;
}

/* ---- operators on expressions ---- */

static bool begins_expression(const struct parser *p)
{
	switch (cur(p)) {
	case T_NUMBER: case T_BIGINT: case T_STRING: case T_TEMPLATE: case T_PRIVATE: case T_LBRACE: case T_LPAREN:
	case T_LBRACKET: case T_NOT: case T_BITNOT: case T_INC: case T_DEC: case T_AT: case T_DIV: case T_DIV_ASSIGN:
	case T_ADD: case T_SUB: case T_LT: case T_CLASS: case T_DELETE: case T_FALSE: case T_FUNCTION: case T_IMPORT:
	case T_NEW: case T_NULL: case T_SUPER: case T_THIS: case T_TRUE: case T_TYPEOF: case T_VOID:
		return true;
	default:
		return tok_is_ident(cur(p));
	}
}

/* Type arguments, if what comes next can follow them in an expression. */
static bool expression_args(struct parser *p, void *arg)
{
	struct node **out = arg;
	const char *close;

	*out = parse_type_args(p);
	close = p->lx.text + p->lx.prev_end;
	if (close < p->lx.end && (*close == '>' || *close == '='))
		return false;
	switch (cur(p)) {
	case T_LPAREN: case T_TEMPLATE: return true;
	case T_LT: case T_GT: case T_ADD: case T_SUB: return false;
	default:
		if (cur_nl(p) || cur(p) == T_AS || at_word(p, WK_satisfies))
			return true;
		if (tok_prec[cur(p)] != 0 && !(cur(p) == T_IN && p->no_in))
			return true;
		return !begins_expression(p);
	}
}

bool parse_ts_args(struct parser *p, struct node *callee)
{
	uint32_t start = cur_start(p);
	struct node *args = NULL;

	if (!try_parse(p, expression_args, &args))
		return false;
	ts_note(p, NOTE_ARGS, callee, args, start);
	return true;
}

bool parse_ts_binary(struct parser *p, struct node *left)
{
	uint32_t start = left->start;
	enum type_note k = cur(p) == T_AS ? NOTE_AS : NOTE_SATISFIES;

	if (cur_nl(p) || (k == NOTE_SATISFIES && !at_word(p, WK_satisfies)))
		return false;
	next(p);
	left->flags |= NF_PAREN;
	ts_note(p, k, left, parse_type(p), start);
	return true;
}

/* ---- declarations of types ---- */

static struct name *type_name(struct parser *p)
{
	struct name *n = p->lx.t.name;

	if (!tok_is_ident(cur(p)))
		unexpected(p, "a name");
	n->flags |= NAME_TYPE;
	next(p);
	return n;
}

static struct node *interface(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_TS_INTERFACE, start);
	uint32_t base = p->nstack;

	next(p);
	n->ts_interface.name = type_name(p);
	if (cur(p) == T_LT)
		n->ts_interface.tparams = parse_type_params(p);
	if (accept(p, T_EXTENDS))
		do
			push(p, parse_type_name(p));
		while (accept(p, T_COMMA));
	n->ts_interface.extends = take(p, base);
	if (cur(p) != T_LBRACE)
		unexpected(p, "'{' before the members of the interface");
	n->ts_interface.body = parse_type_object(p);
	return done(p, n);
}

static struct node *alias(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_TS_ALIAS, start);

	next(p);
	n->ts_alias.name = type_name(p);
	if (cur(p) == T_LT)
		n->ts_alias.tparams = parse_type_params(p);
	if (cur(p) != T_ASSIGN)
		unexpected(p, "'=' after the name of the type");
	next(p);
	n->ts_alias.type = parse_type(p);
	semicolon(p);
	return done(p, n);
}

/* ---- ambient declarations ---- */

/* { statements } of an ambient module or namespace. */
static struct nlist ambient_body(struct parser *p)
{
	uint32_t base = p->nstack;

	expect(p, T_LBRACE);
	while (cur(p) != T_RBRACE)
		push(p, parse_statement_item(p));
	next(p);
	return take(p, base);
}

/* At the name, or at `global`. */
static struct node *ambient_module(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_TS_MODULE, start);

	n->ts_module.name = p->lx.t.name;
	if (cur(p) != T_STRING && !tok_is_ident(cur(p)))
		unexpected(p, "the name of the module");
	if (cur(p) != T_STRING)
		n->ts_module.name->flags |= NAME_TYPE;
	next(p);
	while (accept(p, T_DOT)) {
		if (!tok_is_word(cur(p)))
			unexpected(p, "a name");
		next(p);
	}
	if (cur(p) == T_LBRACE)
		n->ts_module.body = ambient_body(p);
	else
		semicolon(p);
	return done(p, n);
}

static struct node *ambient_class(struct parser *p)
{
	struct node *n = mk(p, N_CLASS_DECL, cur_start(p));

	n->class_decl.cls = parse_class(p, true, false);
	return done(p, n);
}

static struct node *ambient_var(struct parser *p)
{
	struct node *n = parse_var(p, cur(p) == T_CONST ? DECL_CONST : cur(p) == T_VAR ? DECL_VAR : DECL_LET, false);

	semicolon(p);
	return done(p, n);
}

/* What may follow `declare` on its line. */
static bool declares(struct parser *p)
{
	struct token t = lex_peek(&p->lx);

	if (t.flags & TF_NL)
		return false;
	switch (t.kind) {
	case T_FUNCTION: case T_CLASS: case T_CONST: case T_LET: case T_VAR: case T_ENUM: case T_INTERFACE:
	case T_ASYNC: case T_IMPORT:
		return true;
	case T_IDENT:
		switch (t.name->id) {
		case WK_type: case WK_namespace: case WK_module: case WK_global: case WK_abstract: return true;
		default: return false;
		}
	default:
		return false;
	}
}

/* Behind `declare`, or in an ambient body. NULL: something else. */
static struct node *ambient_declaration(struct parser *p)
{
	uint32_t start = cur_start(p);

	switch (cur(p)) {
	case T_FUNCTION: return parse_function_decl(p, start, 0, false);
	case T_ASYNC:
		next(p);
		return parse_function_decl(p, start, FI_ASYNC, false);
	case T_CLASS: return ambient_class(p);
	case T_CONST:
		if (lex_peek(&p->lx).kind == T_ENUM) {
			next(p);
			return parse_enum(p, start, false);
		}
		return ambient_var(p);
	case T_LET: case T_VAR: return ambient_var(p);
	case T_ENUM: return parse_enum(p, start, false);
	case T_INTERFACE: return interface(p, start);
	default: break;
	}
	if (at_word(p, WK_type))
		return alias(p, start);
	if (at_word(p, WK_abstract)) {
		next(p);
		return ambient_class(p);
	}
	if (at_word(p, WK_global))
		return ambient_module(p, start);
	if (at_word(p, WK_namespace) || at_word(p, WK_module)) {
		next(p);
		return ambient_module(p, start);
	}
	return NULL;
}

static struct node *declare_statement(struct parser *p, uint32_t start)
{
	struct node *n;

	next(p);
	p->ambient++;
	n = ambient_declaration(p);
	if (n == NULL)
		unexpected(p, "a declaration");
	p->ambient--;
	return declared(p, n, start);
}

/* ---- statements ---- */

static bool name_follows(struct parser *p, bool string)
{
	struct token t = lex_peek(&p->lx);

	return !(t.flags & TF_NL) && (tok_is_ident(t.kind) || (string && t.kind == T_STRING));
}

static bool class_follows(struct parser *p)
{
	struct token t = lex_peek(&p->lx);

	return !(t.flags & TF_NL) && t.kind == T_CLASS;
}

static struct node *word_statement(struct parser *p, uint32_t start)
{
	struct node *n;

	switch (p->lx.t.name->id) {
	case WK_type:
		return name_follows(p, false) ? alias(p, start) : NULL;
	case WK_declare:
		return declares(p) ? declare_statement(p, start) : NULL;
	case WK_abstract:
		if (!class_follows(p))
			return NULL;
		next(p);
		n = mk(p, N_CLASS_DECL, start);
		n->class_decl.cls = parse_class(p, true, false);
		return done(p, n);
	case WK_namespace: case WK_module:
		if (!name_follows(p, p->lx.t.name->id == WK_module))
			return NULL;
		next(p);
		return p->ambient ? ambient_module(p, start) : parse_namespace(p, start, false);
	case WK_global:
		return p->ambient && lex_peek(&p->lx).kind == T_LBRACE ? ambient_module(p, start) : NULL;
	default:
		return NULL;
	}
}

struct node *parse_ts_statement(struct parser *p)
{
	uint32_t start = cur_start(p);

	switch (cur(p)) {
	case T_IDENT:
		return p->lx.t.flags & TF_ESCAPED ? NULL : word_statement(p, start);
	case T_INTERFACE:
		return name_follows(p, false) ? interface(p, start) : NULL;
	case T_ENUM:
		return parse_enum(p, start, false);
	case T_CONST:
		if (lex_peek(&p->lx).kind != T_ENUM)
			return NULL;
		next(p);
		return parse_enum(p, start, false);
	case T_AT:
		fail_at(p, start, p->lx.t.end, "decorators are not supported");
	default:
		return NULL;
	}
}

/* ---- import and export ---- */

/* import x = A.B.C, behind `import` (and `type`): an alias; at x. */
static struct node *import_alias(struct parser *p, uint32_t start, bool only_type, bool exported)
{
	struct node *d, *v, *e, *b;
	uint32_t base = p->nstack;

	if (only_type)
		p->ambient++;
	b = parse_binding(p, DECL_VARLIKE);
	if (only_type)
		p->ambient--;
	next(p);
	if (at_word(p, WK_require) && lex_peek(&p->lx).kind == T_LPAREN && p->ambient == 0)
		fail_at(p, start, p->lx.t.end, "import x = require() is not supported: write import x from '..'");
	if (only_type) {
		e = parse_type_name(p);
		semicolon(p);
		return declared(p, e, start);
	}
	e = parse_lhs(p);
	d = mk(p, N_DECLARATOR, b->start);
	d->declarator.target = b;
	d->declarator.init = e;
	push(p, done(p, d));
	v = mk(p, N_VAR, start);
	v->op = DECL_VAR;
	v->var.decls = take(p, base);
	semicolon(p);
	done(p, v);
	if (!exported)
		return v;
	e = mk(p, N_EXPORT_DECL, start);
	e->export_decl.decl = v;
	return done(p, e);
}

/* Behind `import`, at `type`: does it say that only types are imported? */
static bool type_only(struct parser *p, void *arg)
{
	(void)arg;
	next(p);
	if (cur(p) == T_LBRACE || cur(p) == T_MUL)
		return true;
	if (!tok_is_ident(cur(p)))
		return false;
	if (cur(p) != T_FROM)
		return true;
	next(p);
	return cur(p) == T_FROM || cur(p) == T_ASSIGN;
}

static bool at_type_only(struct parser *p)
{
	struct lex_mark m = lex_save(&p->lx);
	bool is = at_word(p, WK_type) && try_parse(p, type_only, NULL);

	lex_reset(&p->lx, &m);
	return is;
}

struct node *parse_ts_import(struct parser *p, struct node *n)
{
	bool only_type = at_type_only(p);

	if (only_type)
		next(p);
	if (tok_is_ident(cur(p)) && lex_peek(&p->lx).kind == T_ASSIGN)
		return import_alias(p, n->start, only_type, false);
	if (!only_type)
		return NULL;
	p->ambient++;
	n = parse_import_rest(p, n);
	p->ambient--;
	return declared(p, n, n->start);
}

/* In { }: is this `type` a modifier of the name behind it? */
static bool type_spec(struct parser *p, void *arg)
{
	(void)arg;
	next(p);
	if (cur(p) == T_AS) {          /* type as, type as as, type as as x */
		next(p);
		if (cur(p) != T_AS)
			return cur(p) == T_COMMA || cur(p) == T_RBRACE;
		next(p);
		return cur(p) != T_COMMA && cur(p) != T_RBRACE;
	}
	return tok_is_word(cur(p)) || cur(p) == T_STRING;
}

bool accept_type_spec(struct parser *p)
{
	struct lex_mark m;
	bool is;

	if (!p->ts || !at_word(p, WK_type))
		return false;
	m = lex_save(&p->lx);
	is = try_parse(p, type_spec, NULL);
	lex_reset(&p->lx, &m);
	if (is)
		next(p);
	return is;
}

/* export type { .. } or * : at `{` or `*`. */
static struct node *type_export(struct parser *p, struct node *n)
{
	p->ambient++;
	n = cur(p) == T_MUL ? parse_export_all(p, n->start) : parse_export_list(p, n->start);
	p->ambient--;
	return declared(p, n, n->start);
}

static struct node *exported_word(struct parser *p, struct node *n)
{
	struct token after = lex_peek(&p->lx);
	struct node *d;

	switch (p->lx.t.name->id) {
	case WK_type:
		if (after.kind == T_LBRACE || after.kind == T_MUL) {
			next(p);
			return type_export(p, n);
		}
		return declared(p, alias(p, cur_start(p)), n->start);
	case WK_declare:
		return declare_statement(p, n->start);
	case WK_abstract:
		if (!class_follows(p))
			return NULL;
		d = word_statement(p, cur_start(p));
		n->export_decl.decl = d;
		return done(p, n);
	case WK_namespace: case WK_module:
		next(p);
		return p->ambient ? ambient_module(p, n->start) : parse_namespace(p, n->start, true);
	default:
		return NULL;
	}
}

struct node *parse_ts_export(struct parser *p, struct node *n)
{
	switch (cur(p)) {
	case T_ASSIGN:
		if (!p->ambient)
			fail_at(p, n->start, p->lx.t.end, "export = is not supported: write export default");
		next(p);
		n = parse_assign(p);
		semicolon(p);
		return n;
	case T_IMPORT:
		next(p);
		if (at_word(p, WK_type) && name_follows(p, false)) {
			next(p);
			return import_alias(p, n->start, true, true);
		}
		return import_alias(p, n->start, false, !p->ambient);
	case T_AS:
		next(p);
		if (!at_word(p, WK_namespace))
			unexpected(p, "'namespace'");
		next(p);
		n->kind = N_TS_MODULE;
		n->ts_module.name = type_name(p);
		semicolon(p);
		return done(p, n);
	case T_INTERFACE:
		return declared(p, interface(p, cur_start(p)), n->start);
	case T_ENUM:
		return parse_enum(p, n->start, true);
	case T_CONST:
		if (lex_peek(&p->lx).kind != T_ENUM)
			return NULL;
		next(p);
		return parse_enum(p, n->start, true);
	case T_AT:
		fail_at(p, cur_start(p), p->lx.t.end, "decorators are not supported");
	case T_IDENT:
		return exported_word(p, n);
	default:
		return NULL;
	}
}

/* A name that has no value. */
static bool only_type(struct parser *p, const struct name *n)
{
	return (n->flags & NAME_TYPE) && !declared_at_top(p, (struct name *)(uintptr_t)n);
}

void ts_elide_exports(struct parser *p, struct nlist body)
{
	uint32_t i, j, k;

	for (i = 0; i < body.n; i++) {
		struct node *n = body.v[i], *v;
		struct nlist *l = &n->export_named.specs;

		if (n->kind == N_EXPORT_NAMED && n->export_named.source == NULL) {
			for (j = k = 0; j < l->n; j++)
				if (!only_type(p, l->v[j]->export_spec.local))
					l->v[k++] = l->v[j];
			l->n = k;
		} else if (n->kind == N_EXPORT_NAMED && l->n == 0 && n->export_named.types.n != 0) {
			n->kind = N_EMPTY;
		} else if (n->kind == N_EXPORT_DEFAULT) {
			v = n->export_default.value;
			if (v->kind == N_IDENT && only_type(p, v->ident.name))
				n->kind = N_EMPTY;
		}
	}
}
