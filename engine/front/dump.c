/* dump.c: tokens and AST as text for --dump=tokens and --dump=ast, and for
 * tests. One line each, stable. Works with an explicit stack: the AST's spines
 * may be longer than the C stack is deep. */
#include <stdlib.h>

#include "base/num.h"
#include "engine/front/lex.h"

/* ---- text ---- */

static void put_quoted(struct buf *b, const struct name *n)
{
	uint32_t i;

	buf_putc(b, '"');
	for (i = 0; i < n->len; i++) {
		unsigned char c = (unsigned char)n->text[i];

		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c == '\n')
			buf_puts(b, "\\n");
		else if (c < 0x20 || c == 0x7F)
			buf_printf(b, "\\x%02x", c);
		else
			buf_putc(b, (char)c);
	}
	buf_putc(b, '"');
}

/* A number as JavaScript prints it. */
static void put_number(struct buf *b, double d)
{
	char out[NUM_SHORTEST_MAX];

	if (d == 0)
		buf_putc(b, '0');
	else if (d > 1.7976931348623157e308)
		buf_puts(b, "Infinity");
	else
		buf_put(b, out, (size_t)num_to_shortest(d, out));
}

/* ---- AST ---- */

struct item { struct node *n; const char *label; uint32_t depth; };
struct dumper { struct buf *out; struct item *v; size_t n, cap; uint32_t depth; };

static void later(struct dumper *d, struct node *n, const char *label)
{
	if (n == NULL)
		return;
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 64;
		d->v = realloc(d->v, d->cap * sizeof(*d->v));
		AN(d->v);
	}
	d->v[d->n++] = (struct item){ n, label, d->depth + 1 };
}

static void later_list(struct dumper *d, const struct nlist *l, const char *label)
{
	uint32_t i;

	for (i = 0; i < l->n; i++)
		later(d, l->v[i], label);
}

static void put_name(struct dumper *d, const struct name *n, const char *label)
{
	if (n == NULL)
		return;
	buf_printf(d->out, " %s=", label);
	put_quoted(d->out, n);
}

static void put_func_info(struct buf *b, const struct func_info *i)
{
	static const char *const kinds[] = {
		"normal", "arrow", "method", "getter", "setter", "ctor", "derived-ctor",
		"field", "static-block", "script", "module", "eval",
	};
	static const char *const flags[] = {
		"strict", "async", "generator", "expr-body", "simple", "param-exprs", "dup-params",
		"eval", "inner-eval", "param-eval", "arguments", "this", "super", "super()", "new.target",
		"with", "yield", "await", "import.meta", "import()", "static", "decl", "use-strict",
	};
	size_t k;

	buf_printf(b, " %s length=%u", kinds[i->kind], i->length);
	for (k = 0; k < ARRAY_LEN(flags); k++)
		if (i->flags & 1u << k)
			buf_printf(b, " %s", flags[k]);
}

static void put_op(struct buf *b, const struct node *n)
{
	static const char *const props[] = { "init", "shorthand", "proto", "method", "get", "set" };
	static const char *const decls[] = { "var", "let", "const", "using", "await-using" };
	static const char *const imports[] = { "default", "namespace", "named" };
	static const char *const members[] = { "prop", "method", "get", "set", "call", "new", "index" };
	static const char *const notes[] = { "as", "satisfies", "assertion", "args" };

	switch (n->kind) {
	case N_UNARY: case N_UPDATE: case N_BINARY: case N_LOGICAL:
		buf_printf(b, " %s", oper_text(n->op));
		break;
	case N_ASSIGN:
		buf_printf(b, " %s=", oper_text(n->op));
		break;
	case N_PROP: case N_METHOD:
		buf_printf(b, " %s", props[n->op]);
		break;
	case N_VAR:
		buf_printf(b, " %s", decls[n->op]);
		break;
	case N_IMPORT_SPEC:
		buf_printf(b, " %s", imports[n->op]);
		break;
	case N_T_MEMBER:
		buf_printf(b, " %s", members[n->op]);
		break;
	case N_TS_NOTE:
		buf_printf(b, " %s", notes[n->op]);
		break;
	default:
		break;
	}
}

static void put_flags(struct buf *b, enum node_kind k, unsigned f)
{
	static const char *const names[] = {
		"paren", "computed", "static", "optional", "spread", "direct-eval", "prefix", "delegate",
		"binding", "await", "directive", "annex-b", "escaped", "shorthand", "octal", NULL,
	};
	static const char *const types[] = {
		"paren", "computed", "static", "optional", "readonly", "rest", "asserts", "new",
		"abstract", "const", "in", "out", "-readonly", "-optional", NULL, NULL,
	};
	const char *const *name = k >= N_T_NAME ? types : names;
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if ((f & 1u << i) && name[i] != NULL)
			buf_printf(b, " +%s", name[i]);
}

/* What is written of a DATA field, by its type: only values, not pointers that
 * later passes own. */
static void put_double(struct dumper *d, const double *v) { buf_putc(d->out, ' '); put_number(d->out, *v); }
static void put_info(struct dumper *d, struct func_info *const *v) { put_func_info(d->out, *v); }
static void put_nothing(struct dumper *d, void *const *v) { (void)d; (void)v; }
static void put_names(struct dumper *d, struct ts_names *const *v)
{
	for (const struct ts_name *n = (*v)->first; n != NULL; n = n->next)
		put_name(d, n->name, "name");
}
static void put_offset(struct dumper *d, const uint32_t *v) { (void)d; (void)v; }

static void put_fields(struct dumper *d, struct node *n)
{
	switch ((enum node_kind)n->kind) {
#define NODE(K, m, fields) case N_##K: { __auto_type s = &n->m; (void)s; fields } break;
#define SPINE(f) later(d, s->f, #f);
#define KID(f) later(d, s->f, #f);
#define OPT(f) later(d, s->f, #f);
#define LIST(f) later_list(d, &s->f, #f);
#define NAME(f) put_name(d, s->f, #f);
#define ONAME(f) put_name(d, s->f, #f);
#define DATA(T, f) _Generic(s->f, double: put_double, struct func_info *: put_info, void *: put_nothing, \
		uint32_t: put_offset, struct ts_names *: put_names)(d, &s->f);
#include "engine/front/node.def"
#undef NODE
#undef SPINE
#undef KID
#undef OPT
#undef LIST
#undef NAME
#undef ONAME
#undef DATA
	case N_count:
		break;
	}
}

/* Deep chains are not indented further, they say how deep they are. */
#define INDENT_MAX 48

static void put_node(struct dumper *d, const struct item *it)
{
	struct buf *b = d->out;
	size_t first = d->n, last, i;

	for (i = 0; i < it->depth && i < INDENT_MAX; i++)
		buf_puts(b, "  ");
	if (it->depth > INDENT_MAX)
		buf_printf(b, "[%u] ", it->depth);
	if (it->label != NULL)
		buf_printf(b, "%s: ", it->label);
	buf_puts(b, node_kind_name(it->n->kind));
	put_op(b, it->n);
	d->depth = it->depth;
	put_fields(d, it->n);
	put_flags(b, it->n->kind, it->n->flags);
	buf_printf(b, " @%u-%u\n", it->n->start, it->n->end);
	/* The stack gives the last first. */
	for (last = d->n; first + 1 < last; first++, last--) {
		struct item t = d->v[first];

		d->v[first] = d->v[last - 1];
		d->v[last - 1] = t;
	}
}

void dump_ast(const struct ast *a, struct buf *out)
{
	struct dumper d = { .out = out };
	struct item it = { a->root, NULL, 0 };

	if (a->root == NULL)
		return;
	put_node(&d, &it);
	while (d.n != 0) {
		it = d.v[--d.n];
		put_node(&d, &it);
	}
	free(d.v);
}

/* ---- tokens ---- */

/* Could an expression end with this token? Then `/` divides. */
static bool ends_operand(const struct token *t)
{
	switch (t->kind) {
	case T_NUMBER: case T_BIGINT: case T_STRING: case T_REGEXP: case T_PRIVATE:
	case T_RPAREN: case T_RBRACKET: case T_RBRACE: case T_INC: case T_DEC:
	case T_THIS: case T_SUPER: case T_NULL: case T_TRUE: case T_FALSE:
		return true;
	case T_TEMPLATE:
		return (t->flags & TF_TAIL) != 0;
	default:
		return tok_is_ident(t->kind);
	}
}

static void put_token(struct src *s, const struct token *t, struct buf *out)
{
	uint32_t line, col;

	src_line_col(s, t->start, &line, &col);
	buf_printf(out, "%u:%u %s", line, col, t->kind >= T_LBRACE && !tok_is_word(t->kind) ? "'" : "");
	buf_puts(out, tok_text(t->kind));
	if (t->kind >= T_LBRACE && !tok_is_word(t->kind))
		buf_putc(out, '\'');
	if (t->kind == T_NUMBER) {
		buf_putc(out, ' ');
		put_number(out, t->num);
	} else if (t->kind == T_IDENT || (t->kind <= T_PRIVATE && t->kind != T_EOF)) {
		buf_putc(out, ' ');
		if (t->name != NULL)
			put_quoted(out, t->name);
		else
			buf_puts(out, "(invalid escape)");
	}
	if (t->kind == T_REGEXP || t->kind == T_TEMPLATE) {
		buf_putc(out, ' ');
		put_quoted(out, t->raw);
	}
	buf_printf(out, "%s%s%s%s\n", t->flags & TF_NL ? " +newline" : "", t->flags & TF_ESCAPED ? " +escaped" : "",
	    t->flags & TF_OCTAL ? " +octal" : "", t->flags & TF_TAIL ? " +tail" : "");
}

/* Reads all tokens; braces are counted to find where templates go on: `depth`
 * holds, per open template, the number of braces open inside its expression. */
static void all_tokens(struct lexer *lx, struct src *s, struct buf *out)
{
	uint32_t *open = NULL, nopen = 0, cap = 0;
	struct token before = { .kind = T_SEMI };

	/* The vector is in the arena: a lexical error jumps out of here. */
	for (;;) {
		lex_next(lx);
		if ((lx->t.kind == T_DIV || lx->t.kind == T_DIV_ASSIGN) && !ends_operand(&before))
			lex_regexp(lx);
		if (lx->t.kind == T_LBRACE && nopen != 0)
			open[nopen - 1]++;
		if (lx->t.kind == T_RBRACE && nopen != 0) {
			if (open[nopen - 1] == 0) {
				nopen--;
				lex_template_tail(lx);
			} else {
				open[nopen - 1]--;
			}
		}
		if (lx->t.kind == T_TEMPLATE && !(lx->t.flags & TF_TAIL)) {
			if (nopen == cap) {
				uint32_t *bigger = arena_alloc(lx->names->arena, (cap ? cap * 2 : 16) * sizeof(*open));

				if (cap != 0)
					memcpy(bigger, open, cap * sizeof(*open));
				open = bigger;
				cap = cap ? cap * 2 : 16;
			}
			open[nopen++] = 0;
		}
		put_token(s, &lx->t, out);
		if (lx->t.kind == T_EOF)
			return;
		before = lx->t;
	}
}

bool dump_tokens(struct src *s, struct buf *out, struct parse_error *err)
{
	struct arena a = ARENA_INIT;
	struct names names;
	struct lexer lx;
	jmp_buf fail;
	volatile bool ok = true;

	memset(&lx, 0, sizeof(lx));
	memset(err, 0, sizeof(*err));
	names_init(&names, &a);
	lx.err = err;
	lx.fail = &fail;
	lex_start(&lx, s, &names, true);
	if (setjmp(fail) == 0)
		all_tokens(&lx, s, out);
	else
		ok = false;
	lex_end(&lx);
	names_free(&names);
	arena_free(&a);
	if (!ok)
		src_line_col(s, err->start, &err->line, &err->col);
	return ok;
}
