/* parse.c: entry points of the parser and the tools that all productions share.
 * Called by engine/gen and engine/api; the productions are in parse_*.c. */
#include "engine/front/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define C_STACK_DEFAULT (1024 * 1024)

/* ---- tools ---- */

void too_deep(struct parser *p)
{
	p->err.too_deep = true;
	fail_at(p, cur_start(p), p->lx.t.end, "too much nesting");
}

void fail_node(struct parser *p, const struct node *n, const char *msg)
{
	fail_at(p, n->start, n->end, "%s", msg);
}

/* What the current token is, for a message. */
static void describe(const struct parser *p, char *out, size_t n)
{
	const struct token *t = &p->lx.t;
	enum tok k = t->kind;

	if (k == T_PRIVATE)
		snprintf(out, n, "private name %.80s", t->raw->text);
	else if (k >= T_IDENT)
		snprintf(out, n, "identifier '%.80s'", t->name->text);
	else if (k == T_ESC_RESERVED)
		snprintf(out, n, "keyword '%.80s' with escapes", t->name->text);
	else if (tok_is_word(k))
		snprintf(out, n, "keyword '%s'", tok_text(k));
	else if (k >= T_LBRACE)
		snprintf(out, n, "'%s'", tok_text(k));
	else
		snprintf(out, n, "%s", tok_text(k));
}

void unexpected(struct parser *p, const char *wanted)
{
	char found[120];

	describe(p, found, sizeof(found));
	if (wanted != NULL)
		fail_at(p, cur_start(p), p->lx.t.end, "unexpected %s, expected %s", found, wanted);
	fail_at(p, cur_start(p), p->lx.t.end, "unexpected %s", found);
}

void no_types(struct parser *p)
{
	if (cur(p) == T_COLON && !p->ts)
		fail_at(p, cur_start(p), p->lx.t.end, "types are only read in TypeScript: name the file .ts or .tsx");
}

void expect(struct parser *p, enum tok k)
{
	char wanted[32];

	if (likely(cur(p) == k)) {
		next(p);
		return;
	}
	snprintf(wanted, sizeof(wanted), "'%s'", tok_text(k));
	unexpected(p, wanted);
}

void semicolon(struct parser *p)
{
	if (cur(p) == T_SEMI)
		next(p);
	else if (cur(p) != T_RBRACE && cur(p) != T_EOF && !cur_nl(p))
		unexpected(p, "';' or a line break");
}

struct node *mk(struct parser *p, enum node_kind k, uint32_t start)
{
	return node_new(p->ast, k, start, start);
}

struct node *done(struct parser *p, struct node *n)
{
	n->end = p->lx.prev_end;
	return n;
}

void push(struct parser *p, struct node *n)
{
	if (p->nstack == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 256;
		p->stack = realloc(p->stack, p->cap * sizeof(*p->stack));
		AN(p->stack);
	}
	p->stack[p->nstack++] = n;
}

struct nlist take(struct parser *p, uint32_t base)
{
	struct nlist l = { NULL, p->nstack - base };

	if (l.n != 0) {
		l.v = arena_alloc(&p->ast->arena, l.n * sizeof(*l.v));
		memcpy(l.v, p->stack + base, l.n * sizeof(*l.v));
	}
	p->nstack = base;
	return l;
}

/* ---- programs ---- */

static void program_state(struct parser *p, struct fn_state *f)
{
	unsigned o = p->o->flags;
	enum func_kind k = p->module ? FUNC_MODULE : o & PARSE_EVAL ? FUNC_EVAL : FUNC_SCRIPT;

	p->strict = p->module || (o & PARSE_STRICT);
	fn_push(p, f, k, 0, 0);
	p->program = f->info;
	f->scope.kind = p->module ? SCOPE_MODULE : SCOPE_SCRIPT;
	f->await_expr = p->module;
	f->await_reserved = p->module;
	f->can_return = (o & PARSE_ALLOW_RETURN) != 0;
	f->new_target = (o & PARSE_ALLOW_NEW_TARGET) != 0;
	f->super_prop = (o & PARSE_ALLOW_SUPER_PROP) != 0;
	f->super_call = (o & PARSE_ALLOW_SUPER_CALL) != 0;
	f->no_arguments = (o & PARSE_NO_ARGUMENTS) != 0;
}

static void program(struct parser *p)
{
	struct node *n;
	struct fn_state f;

	program_state(p, &f);
	next(p);
	n = mk(p, N_PROGRAM, 0);
	n->program.body = parse_body(p, T_EOF, NULL, NULL);
	n->program.notes = ts_list(p, p->notes);
	n->program.info = f.info;
	n->end = p->ast->src->len;
	if (p->ts)
		ts_elide_exports(p, n->program.body);
	check_exports(p);
	fn_pop(p);
	p->ast->root = n;
}

/* The parameters alone, the body alone, and the whole of parse_function. */
static void params_only(struct parser *p)
{
	struct fn_state f, g;
	unsigned flags = p->o->flags;

	program_state(p, &f);
	fn_push(p, &g, FUNC_NORMAL, (flags & PARSE_FUNC_ASYNC ? FI_ASYNC : 0) |
	    (flags & PARSE_FUNC_GENERATOR ? FI_GENERATOR : 0), 0);
	next(p);
	parse_params(p, T_EOF);
	fn_pop(p);
	fn_pop(p);
}

static void body_only(struct parser *p)
{
	struct fn_state f, g;
	unsigned flags = p->o->flags;

	program_state(p, &f);
	fn_push(p, &g, FUNC_NORMAL, (flags & PARSE_FUNC_ASYNC ? FI_ASYNC : 0) |
	    (flags & PARSE_FUNC_GENERATOR ? FI_GENERATOR : 0), 0);
	next(p);
	parse_body(p, T_EOF, NULL, NULL);
	fn_pop(p);
	fn_pop(p);
}

static void function_whole(struct parser *p)
{
	struct node *n, *s, *fn;
	struct fn_state f;
	unsigned flags = 0;

	program_state(p, &f);
	next(p);
	if (accept(p, T_ASYNC))
		flags = FI_ASYNC;
	fn = parse_function_expr(p, 0, flags);
	if (cur(p) != T_EOF)
		unexpected(p, "end of input");
	/* `anonymous` is its name property, not a binding. */
	fn->func.id = NULL;
	s = mk(p, N_EXPR_STMT, 0);
	s->expr_stmt.expr = fn;
	push(p, done(p, s));
	n = mk(p, N_PROGRAM, 0);
	n->program.body = take(p, 0);
	n->program.info = f.info;
	n->end = p->ast->src->len;
	fn_pop(p);
	p->ast->func = fn;
	p->ast->root = n;
}

/* Runs fn with a fresh state; false on errors, which are then in p->err. */
static bool guarded(struct parser *p, void (*fn)(struct parser *))
{
	if (setjmp(p->fail) != 0)
		return false;
	fn(p);
	return true;
}

static bool attempt(struct parser *p, struct ast *a, struct src *s, const struct parse_options *o,
	bool module, void (*fn)(struct parser *))
{
	bool guess = o->kind == SOURCE_GUESS && !module, ok;

	memset(p, 0, sizeof(*p));
	memset(a, 0, sizeof(*a));
	a->src = s;
	a->ts = (o->flags & PARSE_TS) != 0;
	names_init(&a->names, &a->arena);
	p->ast = a;
	p->o = o;
	p->module = module;
	p->guess = guess;
	p->ts = (o->flags & PARSE_TS) != 0;
	p->jsx = (o->flags & PARSE_JSX) != 0;
	p->then_at = UINT32_MAX;
	p->c_limit = o->c_limit;
	if (p->c_limit == NULL)
		p->c_limit = (const char *)__builtin_frame_address(0) - C_STACK_DEFAULT;
	p->lx.err = &p->err;
	p->lx.fail = &p->fail;
	lex_start(&p->lx, s, &a->names, !module);
	if (s->len > SRC_MAX) {
		strcpy(p->err.msg, "the source text is too long");
		ok = false;
	} else {
		ok = guarded(p, fn);
	}
	lex_end(&p->lx);
	free(p->stack);
	p->stack = NULL;
	return ok;
}

static bool finish(struct parser *p, struct ast *a, struct src *s, bool ok, struct parse_error *err)
{
	if (ok) {
		memset(err, 0, sizeof(*err));
		return true;
	}
	*err = p->err;
	src_line_col(s, err->start, &err->line, &err->col);
	a->root = a->func = NULL;
	return false;
}

bool parse_source(struct ast *a, struct src *s, const struct parse_options *o, struct parse_error *err)
{
	struct parse_error script_err;
	struct parser p;
	bool ok;

	ok = attempt(&p, a, s, o, o->kind == SOURCE_MODULE, program);
	if (!ok && p.guess && (p.saw_module || p.saw_await)) {
		bool sure = p.saw_module;

		script_err = p.err;
		ast_free(a);
		ok = attempt(&p, a, s, o, true, program);
		/* An `await` alone does not make a module: of two errors take the
		 * one that lies further on. */
		if (!ok && !sure && p.err.start <= script_err.start)
			p.err = script_err;
	}
	return finish(&p, a, s, ok, err);
}

bool parse_function(struct ast *a, struct src *s, struct sv params, struct sv body,
	const struct parse_options *o, struct parse_error *err)
{
	struct src part = { .file = s->file };
	struct parser p;
	struct buf b = BUF_INIT;
	int i;

	for (i = 0; i < 2; i++) {
		struct sv t = i == 0 ? params : body;
		bool ok;

		part.text = t.p;
		part.len = t.n > SRC_MAX ? SRC_MAX + 1 : (uint32_t)t.n;
		ok = finish(&p, a, &part, attempt(&p, a, &part, o, false, i == 0 ? params_only : body_only), err);
		src_free(&part);
		if (!ok) {
			/* The error's place is in this part. */
			s->text = part.text;
			s->len = part.len;
			s->lines = NULL;
			return false;
		}
		ast_free(a);
	}
	buf_printf(&b, "%sfunction%s anonymous(", o->flags & PARSE_FUNC_ASYNC ? "async " : "",
	    o->flags & PARSE_FUNC_GENERATOR ? "*" : "");
	buf_put_sv(&b, params);
	buf_puts(&b, "\n) {\n");
	buf_put_sv(&b, body);
	buf_puts(&b, "\n}");
	s->text = buf_cstr(&b);
	s->len = b.len > SRC_MAX ? SRC_MAX + 1 : (uint32_t)b.len;
	s->lines = NULL;
	i = attempt(&p, a, s, o, false, function_whole);
	s->text = arena_strndup(&a->arena, b.p, b.len);
	buf_free(&b);
	return finish(&p, a, s, i != 0, err);
}

void ast_free(struct ast *a)
{
	names_free(&a->names);
	arena_free(&a->arena);
	a->root = a->func = NULL;
}
