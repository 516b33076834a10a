/* parse_stmt.c: statements and declarations (clause 14) except loops, which are
 * in parse_loop.c, and module items. */
#include "engine/front/parser.h"

bool at_let_declaration(struct parser *p)
{
	enum tok k = lex_peek(&p->lx).kind;

	return tok_is_ident(k) || k == T_LBRACKET || k == T_LBRACE || k == T_ESC_RESERVED;
}

bool at_async_function(struct parser *p)
{
	struct token t = lex_peek(&p->lx);

	return t.kind == T_FUNCTION && !(t.flags & TF_NL);
}

/* A name follows `using` on its line. In the head of a for statement `using of` is a
 * declaration only if the name gets a value. */
static bool using_follows(struct parser *p, bool in_for)
{
	struct lex_mark m = lex_save(&p->lx);
	bool is;

	next(p);
	is = tok_is_ident(cur(p)) && !cur_nl(p);
	if (is && in_for && cur(p) == T_OF) {
		next(p);
		is = cur(p) == T_ASSIGN;
	}
	lex_reset(&p->lx, &m);
	return is;
}

bool at_using_declaration(struct parser *p, enum decl_kind *k, bool in_for)
{
	struct lex_mark m;
	bool is;

	*k = DECL_USING;
	if (cur(p) != T_AWAIT)
		return at_word(p, WK_using) && using_follows(p, in_for);
	if (!p->fn->await_expr)
		return false;
	*k = DECL_AWAIT_USING;
	m = lex_save(&p->lx);
	next(p);
	is = at_word(p, WK_using) && !cur_nl(p) && using_follows(p, false);
	lex_reset(&p->lx, &m);
	return is;
}

/* At the first word: where such a declaration cannot be (14.3.1.1). */
static void check_using(struct parser *p, enum decl_kind k)
{
	uint32_t start = cur_start(p);

	if (k == DECL_AWAIT_USING) {
		parse_note_await(p);
		next(p);
	}
	if (p->scope->kind == SCOPE_SCRIPT) {
		p->saw_module = true;
		fail_at(p, start, p->lx.t.end, "a using declaration is not allowed at the top of a script");
	}
	if (p->scope->cases)
		fail_at(p, start, p->lx.t.end, "a using declaration in a switch needs a block");
}

/* Enums know the values of constants. */
static void note_constant(struct parser *p, const struct node *declarator)
{
	const struct node *target = declarator->declarator.target;
	struct decl *d = target->kind == N_BINDING ? target->binding.name->scratch : NULL;

	if (d != NULL && d->scope == p->scope)
		d->value = declarator->declarator.init;
}

struct node *parse_var(struct parser *p, enum decl_kind k, bool in_for)
{
	struct node *n = mk(p, N_VAR, cur_start(p)), *d;
	enum decl_class cls = k == DECL_VAR ? DECL_VARLIKE : DECL_LEXICAL;
	uint32_t base = p->nstack;

	if (p->space_export)
		cls = DECL_SPACE;
	p->space_export = false;
	n->op = k;
	if (decl_is_using(k))
		check_using(p, k);
	next(p);
	do {
		d = mk(p, N_DECLARATOR, cur_start(p));
		if (decl_is_using(k) && !tok_is_ident(cur(p)))
			unexpected(p, "an identifier: a using declaration takes nothing apart");
		d->declarator.target = parse_binding(p, cls);
		if (p->ts && !in_for && cur(p) == T_NOT && !cur_nl(p))
			next(p);
		if (p->ts && cur(p) == T_COLON)
			d->declarator.type = parse_annotation(p);
		no_types(p);
		if (accept(p, T_ASSIGN)) {
			d->declarator.init = parse_assign(p);
			if (p->ts && k == DECL_CONST && d->declarator.type == NULL)
				note_constant(p, d);
		} else if (p->ambient != 0)
			;
		else if (!in_for && d->declarator.target->kind != N_BINDING)
			unexpected(p, "'=': a destructuring declaration needs a value");
		else if (!in_for && decl_is_const(k))
			unexpected(p, k == DECL_CONST ? "'=': a const declaration needs a value" :
			    "'=': a using declaration needs a value");
		push(p, done(p, d));
	} while (accept(p, T_COMMA));
	n->var.decls = take(p, base);
	return done(p, n);
}

struct node *parse_block(struct parser *p)
{
	struct node *n = mk(p, N_BLOCK, cur_start(p));
	uint32_t base = p->nstack;
	struct scope s;

	if (cur(p) != T_LBRACE)
		unexpected(p, "'{'");
	scope_push(p, &s, SCOPE_BLOCK, cur_start(p));
	next(p);
	while (cur(p) != T_RBRACE)
		push(p, parse_statement_item(p));
	next(p);
	scope_pop(p);
	n->block.body = take(p, base);
	return done(p, n);
}

/* ---- single statements ---- */

struct node *parse_substatement(struct parser *p)
{
	struct node *n = parse_statement(p), *b = n;

	while (b->kind == N_LABELED)
		b = b->labeled.body;
	if (b->kind == N_FUNC_DECL)
		fail_node(p, b, "a labelled function cannot be the body of this statement");
	return n;
}

/* if (x) function f(){}: as if in a block (B.3.3). */
static struct node *if_branch(struct parser *p)
{
	struct node *n, *f;
	struct scope s;

	if (cur(p) != T_FUNCTION || p->strict)
		return parse_substatement(p);
	n = mk(p, N_BLOCK, cur_start(p));
	scope_push(p, &s, SCOPE_BLOCK, cur_start(p));
	f = parse_function_decl(p, cur_start(p), 0, false);
	if (f->func_decl.func->func.info->flags & FI_GENERATOR)
		fail_node(p, f, "a generator cannot be declared here without a block");
	scope_pop(p);
	push(p, f);
	n->block.body = take(p, p->nstack - 1);
	return done(p, n);
}

/* else if chains are read in a loop: they may be long. */
static struct node *if_statement(struct parser *p)
{
	struct node *head = mk(p, N_IF, cur_start(p)), *n = head;

	for (;;) {
		next(p);
		expect(p, T_LPAREN);
		n->if_.test = parse_expression_in(p);
		expect(p, T_RPAREN);
		n->if_.then = if_branch(p);
		if (!accept(p, T_ELSE))
			break;
		if (cur(p) != T_IF) {
			n->if_.else_ = if_branch(p);
			break;
		}
		n->if_.else_ = mk(p, N_IF, cur_start(p));
		n = n->if_.else_;
	}
	for (n = head; n != NULL && n->kind == N_IF; n = n->if_.else_)
		done(p, n);
	return head;
}

static struct node *return_statement(struct parser *p)
{
	struct node *n = mk(p, N_RETURN, cur_start(p));

	if (!p->fn->can_return)
		fail_at(p, n->start, p->lx.t.end, "return is only allowed in functions");
	next(p);
	if (cur(p) != T_SEMI && cur(p) != T_RBRACE && cur(p) != T_EOF && !cur_nl(p))
		n->return_.arg = parse_expression(p);
	semicolon(p);
	return done(p, n);
}

static struct node *throw_statement(struct parser *p)
{
	struct node *n = mk(p, N_THROW, cur_start(p));

	next(p);
	if (cur_nl(p))
		fail_at(p, n->start, p->lx.prev_end, "a line break is not allowed between throw and its value");
	n->throw_.arg = parse_expression(p);
	semicolon(p);
	return done(p, n);
}

/* break and continue. */
static struct node *jump_statement(struct parser *p)
{
	bool brk = cur(p) == T_BREAK;
	struct node *n = mk(p, brk ? N_BREAK : N_CONTINUE, cur_start(p));
	struct token t;
	struct label *l;

	next(p);
	t = p->lx.t;
	if (tok_is_ident(t.kind) && !cur_nl(p)) {
		check_identifier(p, &t);
		l = label_find(p->fn, t.name);
		if (l == NULL)
			fail_at(p, t.start, t.end, "there is no label '%.100s' around this statement", t.name->text);
		if (!brk && !l->loop)
			fail_at(p, t.start, t.end, "the label '%.100s' is not that of a loop", t.name->text);
		n->break_.label = t.name;
		next(p);
	} else if (p->fn->loops == 0 && (!brk || p->fn->switches == 0)) {
		fail_at(p, n->start, p->lx.prev_end, brk ? "break is only allowed in loops and switch statements" :
		    "continue is only allowed in loops");
	}
	semicolon(p);
	return done(p, n);
}

static struct node *with_statement(struct parser *p)
{
	struct node *n = mk(p, N_WITH, cur_start(p));

	if (p->strict)
		fail_at(p, n->start, p->lx.t.end, "with is not allowed in strict mode");
	note_use(p, FI_HAS_WITH);
	next(p);
	expect(p, T_LPAREN);
	n->with.object = parse_expression_in(p);
	expect(p, T_RPAREN);
	n->with.body = parse_substatement(p);
	return done(p, n);
}

static struct node *switch_case(struct parser *p, bool *has_default)
{
	struct node *n = mk(p, N_CASE, cur_start(p));
	uint32_t base = p->nstack;

	if (cur(p) == T_DEFAULT) {
		if (*has_default)
			fail_at(p, n->start, p->lx.t.end, "a switch has only one default");
		*has_default = true;
		next(p);
	} else if (cur(p) == T_CASE) {
		next(p);
		p->then_at = cur_start(p);
		n->case_.test = parse_expression_in(p);
	} else {
		unexpected(p, "'case', 'default' or '}'");
	}
	expect(p, T_COLON);
	while (cur(p) != T_CASE && cur(p) != T_DEFAULT && cur(p) != T_RBRACE)
		push(p, parse_statement_item(p));
	n->case_.body = take(p, base);
	return done(p, n);
}

static struct node *switch_statement(struct parser *p)
{
	struct node *n = mk(p, N_SWITCH, cur_start(p));
	uint32_t base = p->nstack;
	bool has_default = false;
	struct scope s;

	next(p);
	expect(p, T_LPAREN);
	n->switch_.disc = parse_expression_in(p);
	expect(p, T_RPAREN);
	scope_push(p, &s, SCOPE_BLOCK, cur_start(p));
	s.cases = true;
	expect(p, T_LBRACE);
	p->fn->switches++;
	while (cur(p) != T_RBRACE)
		push(p, switch_case(p, &has_default));
	p->fn->switches--;
	scope_pop(p);
	next(p);
	n->switch_.cases = take(p, base);
	return done(p, n);
}

static struct node *catch_clause(struct parser *p)
{
	struct node *n = mk(p, N_CATCH, cur_start(p));
	struct scope s;

	scope_push(p, &s, SCOPE_CATCH, cur_start(p));
	next(p);
	if (accept(p, T_LPAREN)) {
		n->catch_.param = parse_binding(p, tok_is_ident(cur(p)) ? DECL_CATCH : DECL_CATCH_PATTERN);
		if (p->ts && cur(p) == T_COLON)
			n->catch_.type = parse_annotation(p);
		expect(p, T_RPAREN);
	}
	n->catch_.body = parse_block(p);
	scope_pop(p);
	return done(p, n);
}

static struct node *try_statement(struct parser *p)
{
	struct node *n = mk(p, N_TRY, cur_start(p));

	next(p);
	n->try_.block = parse_block(p);
	if (cur(p) == T_CATCH)
		n->try_.handler = catch_clause(p);
	if (accept(p, T_FINALLY))
		n->try_.finalizer = parse_block(p);
	if (n->try_.handler == NULL && n->try_.finalizer == NULL)
		unexpected(p, "'catch' or 'finally'");
	return done(p, n);
}

/* At an identifier with a colon behind it. */
static struct node *labeled(struct parser *p)
{
	struct node *n = mk(p, N_LABELED, cur_start(p)), *f;
	struct token t = p->lx.t;
	struct label l = { .up = p->fn->labels, .name = t.name, .start = t.start };

	check_identifier(p, &t);
	if (label_find(p->fn, t.name) != NULL)
		fail_at(p, t.start, t.end, "the label '%.100s' is already in use here", t.name->text);
	next(p);
	next(p);
	l.at = cur_start(p);
	p->fn->labels = &l;
	n->labeled.label = t.name;
	if (cur(p) == T_FUNCTION && !p->strict) {
		f = parse_function_decl(p, cur_start(p), 0, false);
		if (f->func_decl.func->func.info->flags & FI_GENERATOR)
			fail_node(p, f, "a generator cannot be labelled");
		n->labeled.body = f;
	} else {
		n->labeled.body = parse_statement(p);
	}
	p->fn->labels = l.up;
	return done(p, n);
}

/* Cheap test before a real peek: does a colon follow, perhaps after space? */
static bool label_follows(struct parser *p)
{
	const char *q = p->lx.p;

	while (q < p->lx.end && *q == ' ')
		q++;
	if (q >= p->lx.end || (*q > ' ' && *q != ':' && *q != '/' && (unsigned char)*q < 0x80))
		return false;
	return lex_peek(&p->lx).kind == T_COLON;
}

static struct node *expression_statement(struct parser *p)
{
	struct node *n;

	if (tok_is_ident(cur(p)) && label_follows(p))
		return labeled(p);
	n = mk(p, N_EXPR_STMT, cur_start(p));
	if (cur(p) == T_LET && lex_peek(&p->lx).kind == T_LBRACKET)
		fail_at(p, n->start, p->lx.t.end, "a let declaration is not allowed here without a block");
	if (cur(p) == T_ASYNC && at_async_function(p))
		fail_at(p, n->start, p->lx.t.end, "an async function cannot be declared here without a block");
	n->expr_stmt.expr = parse_expression(p);
	semicolon(p);
	return done(p, n);
}

struct node *parse_statement(struct parser *p)
{
	struct node *n;

	CHECK_DEPTH(p);
	switch (cur(p)) {
	case T_LBRACE: return parse_block(p);
	case T_SEMI:
		n = mk(p, N_EMPTY, cur_start(p));
		next(p);
		return done(p, n);
	case T_IF: return if_statement(p);
	case T_FOR: return parse_for(p);
	case T_WHILE: return parse_while(p);
	case T_DO: return parse_do(p);
	case T_BREAK:
	case T_CONTINUE: return jump_statement(p);
	case T_RETURN: return return_statement(p);
	case T_WITH: return with_statement(p);
	case T_SWITCH: return switch_statement(p);
	case T_THROW: return throw_statement(p);
	case T_TRY: return try_statement(p);
	case T_DEBUGGER:
		n = mk(p, N_DEBUGGER, cur_start(p));
		next(p);
		semicolon(p);
		return done(p, n);
	case T_VAR:
		n = parse_var(p, DECL_VAR, false);
		semicolon(p);
		return done(p, n);
	case T_FUNCTION:
	case T_CLASS:
	case T_CONST:
		fail_at(p, cur_start(p), p->lx.t.end, "a %s declaration is not allowed here without a block",
		    tok_text(cur(p)));
	default:
		return expression_statement(p);
	}
}

static struct node *lexical_declaration(struct parser *p, enum decl_kind k)
{
	struct node *n = parse_var(p, k, false);

	semicolon(p);
	return done(p, n);
}

static struct node *class_declaration(struct parser *p)
{
	struct node *n = mk(p, N_CLASS_DECL, cur_start(p));

	n->class_decl.cls = parse_class(p, true, false);
	return done(p, n);
}

/* import x = A.B: TypeScript's alias, allowed anywhere. */
static bool alias_follows(struct parser *p)
{
	struct lex_mark m = lex_save(&p->lx);
	bool is = false;

	if (!p->ts || cur(p) != T_IMPORT)
		return false;
	next(p);
	if (tok_is_ident(cur(p)))
		is = lex_peek(&p->lx).kind == T_ASSIGN;
	lex_reset(&p->lx, &m);
	return is;
}

/* import or export as a statement: only in a module's own list. */
static struct node *module_item(struct parser *p)
{
	if (cur(p) == T_IMPORT) {
		enum tok k = lex_peek(&p->lx).kind;

		if (k == T_LPAREN || k == T_DOT)
			return parse_statement(p);
	}
	if (p->space_scope == p->scope && cur(p) == T_EXPORT)
		return parse_space_export(p);
	if (p->scope->kind != SCOPE_MODULE && p->ambient == 0 && !alias_follows(p)) {
		p->saw_module = true;
		fail_at(p, cur_start(p), p->lx.t.end, "%s declarations are only allowed at the top of modules",
		    tok_text(cur(p)));
	}
	return cur(p) == T_IMPORT ? parse_import_decl(p) : parse_export_decl(p);
}

struct node *parse_statement_item(struct parser *p)
{
	uint32_t start = cur_start(p);
	enum decl_kind k;
	struct node *n;

	if (p->ts && (n = parse_ts_statement(p)) != NULL)
		return n;
	switch (cur(p)) {
	case T_FUNCTION: return parse_function_decl(p, start, 0, false);
	case T_CLASS: return class_declaration(p);
	case T_CONST: return lexical_declaration(p, DECL_CONST);
	case T_LET:
		if (at_let_declaration(p))
			return lexical_declaration(p, DECL_LET);
		break;
	case T_ASYNC:
		if (at_async_function(p)) {
			next(p);
			return parse_function_decl(p, start, FI_ASYNC, false);
		}
		break;
	case T_IDENT:
	case T_AWAIT:
		if (at_using_declaration(p, &k, false))
			return lexical_declaration(p, k);
		break;
	case T_IMPORT:
	case T_EXPORT: return module_item(p);
	default:
		break;
	}
	return parse_statement(p);
}
