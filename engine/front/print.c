/* print.c: an AST as JavaScript text: statements, and where text goes. Called by
 * engine/gen for --dump=js and for what comptime evaluates. */
#include "engine/front/print.h"

#include <string.h>

#include "base/utf.h"

/* ---- text ---- */

bool print_deep(struct printer *p)
{
	if ((const char *)__builtin_frame_address(0) < p->c_limit)
		p->too_deep = true;
	return p->too_deep;
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '$' || c == '\\' ||
	       (unsigned char)c >= 0x80;
}

/* Would the two be read as one token, or as a comment? */
static bool would_join(char a, char b)
{
	return (is_word(a) && (is_word(b) || b == '#')) || ((a == '+' || a == '-') && a == b) || (a == '/' && (b == '/' || b == '*')) ||
	       (a == '<' && b == '!');
}

void print_raw(struct printer *p, const char *s, size_t n)
{
	bool latin1;

	buf_put(p->out, s, n);
	for (const char *nl; (nl = memchr(s, '\n', n)) != NULL; s = nl + 1) {
		n -= (size_t)(nl + 1 - s);
		p->line++;
		p->col = 1;
	}
	p->col += (uint32_t)utf8_measure(s, n, true, &latin1);
}

void print_put(struct printer *p, const char *s, size_t n)
{
	if (n && p->out->len && would_join(p->out->p[p->out->len - 1], *s))
		print_raw(p, " ", 1);
	print_raw(p, s, n);
}

void print_text(struct printer *p, const char *s)
{
	/* One blank is enough. */
	if (*s == ' ' && (p->out->len == 0 || strchr(" \n", p->out->p[p->out->len - 1])))
		s++;
	print_put(p, s, strlen(s));
}

void print_at(struct printer *p, uint32_t off)
{
	uint32_t line, col;

	if (!p->keep)
		return;
	src_line_col(p->src, off, &line, &col);
	while (p->line < line) {
		while (p->out->len && p->out->p[p->out->len - 1] == ' ')
			p->out->len--;
		buf_putc(p->out, '\n');
		p->line++;
		p->col = 1;
	}
	for (; p->line == line && p->col < col; p->col++)
		buf_putc(p->out, ' ');
}

/* Names that were made up hold what no name can. */
void print_name(struct printer *p, const struct name *n)
{
	struct buf b = BUF_INIT;

	for (uint32_t i = 0; i < n->len; i++)
		buf_putc(&b, strchr(" #", n->text[i]) && n->text[i] ? '_' : n->text[i]);
	print_put(p, b.p, b.len);
	buf_free(&b);
}

void print_quoted(struct printer *p, const struct name *n)
{
	const char *s = n->text, *end = s + n->len;
	struct buf b = BUF_INIT;
	uint32_t c;

	buf_putc(&b, '"');
	while (s < end) {
		s += utf8_decode(s, (size_t)(end - s), true, &c);
		if (c == '"' || c == '\\')
			buf_printf(&b, "\\%c", (char)c);
		else if (c == '\n')
			buf_puts(&b, "\\n");
		else if (c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029 || (c >= 0xD800 && c < 0xE000))
			buf_printf(&b, "\\u%04x", c);
		else
			buf_put_utf8(&b, c);
	}
	buf_putc(&b, '"');
	print_put(p, b.p, b.len);
	buf_free(&b);
}

/* ---- declarations ---- */

static void statement(struct printer *p, const struct node *n);

static void statements(struct printer *p, struct nlist l)
{
	for (uint32_t i = 0; i < l.n; i++)
		statement(p, l.v[i]);
}

void print_body(struct printer *p, struct nlist l)
{
	print_text(p, "{ ");
	statements(p, l);
	print_text(p, " }");
}

static void var(struct printer *p, const struct node *n)
{
	static const char *const words[] = { [DECL_VAR] = "var ", [DECL_LET] = "let ", [DECL_CONST] = "const ",
		[DECL_USING] = "using ", [DECL_AWAIT_USING] = "await using " };

	print_at(p, n->start);
	print_text(p, words[n->op]);
	for (uint32_t i = 0; i < n->var.decls.n; i++) {
		const struct node *d = n->var.decls.v[i];

		if (i)
			print_text(p, ", ");
		print_target(p, d->declarator.target);
		if (d->declarator.init) {
			print_text(p, " = ");
			print_expr(p, d->declarator.init, LEVEL_ASSIGN);
		}
	}
}

/* ---- modules ---- */

static void module_name(struct printer *p, const struct name *n)
{
	const char *s = n->text;

	for (; *s && is_word(*s) && *s != '\\'; s++)
		;
	if (n->len && *s == '\0' && !(*n->text >= '0' && *n->text <= '9'))
		print_put(p, n->text, n->len);
	else
		print_quoted(p, n);
}

static void from(struct printer *p, const struct name *source, struct nlist attrs)
{
	print_quoted(p, source);
	for (uint32_t i = 0; i < attrs.n; i++) {
		print_text(p, i ? ", " : " with { ");
		module_name(p, attrs.v[i]->import_attr.name);
		print_text(p, ": ");
		print_quoted(p, attrs.v[i]->import_attr.value);
	}
	print_text(p, attrs.n ? " };" : ";");
}

static void import(struct printer *p, const struct node *n)
{
	struct nlist l = n->import.specs;
	bool open = false;

	print_text(p, "import ");
	for (uint32_t i = 0; i < l.n; i++) {
		const struct node *s = l.v[i];

		if (i)
			print_text(p, ", ");
		if (s->op == IMPORT_NAMED && !open) {
			open = true;
			print_text(p, "{ ");
		}
		if (s->op == IMPORT_NAMESPACE)
			print_text(p, "* as ");
		else if (s->op == IMPORT_NAMED && s->import_spec.imported != s->import_spec.local->binding.name) {
			module_name(p, s->import_spec.imported);
			print_text(p, " as ");
		}
		print_target(p, s->import_spec.local);
	}
	print_text(p, open ? " } from " : l.n ? " from " : "");
	from(p, n->import.source, n->import.attrs);
}

static void export_named(struct printer *p, const struct node *n)
{
	struct nlist l = n->export_named.specs;

	print_text(p, "export { ");
	for (uint32_t i = 0; i < l.n; i++) {
		const struct node *s = l.v[i];

		if (i)
			print_text(p, ", ");
		module_name(p, s->export_spec.local);
		if (s->export_spec.local != s->export_spec.exported) {
			print_text(p, " as ");
			module_name(p, s->export_spec.exported);
		}
	}
	if (n->export_named.source) {
		print_text(p, " } from ");
		from(p, n->export_named.source, n->export_named.attrs);
	} else {
		print_text(p, " };");
	}
}

static void export_all(struct printer *p, const struct node *n)
{
	print_text(p, "export * ");
	if (n->export_all.exported) {
		print_text(p, "as ");
		module_name(p, n->export_all.exported);
	}
	print_text(p, " from ");
	from(p, n->export_all.source, n->export_all.attrs);
}

static void export_default(struct printer *p, const struct node *n)
{
	const struct node *v = n->export_default.value;

	print_text(p, "export default ");
	if (v->kind == N_FUNC_DECL || v->kind == N_CLASS_DECL) {
		statement(p, v);
		return;
	}
	print_leading(p, v, LEVEL_ASSIGN);
	print_text(p, ";");
}

/* ---- statements ---- */

/* word expression; — the expression begins in the word's line. */
static void keyword(struct printer *p, const char *word, const struct node *arg)
{
	uint32_t line, col;
	bool parens;

	print_text(p, word);
	if (arg) {
		print_text(p, " ");
		src_line_col(p->src, arg->start, &line, &col);
		parens = p->keep && line > p->line && !(arg->flags & NF_PAREN);
		if (parens)
			print_text(p, "(");
		print_expr(p, arg, LEVEL_SEQUENCE);
		if (parens)
			print_text(p, ")");
	}
	print_text(p, ";");
}

static void jump(struct printer *p, const char *word, const struct name *label)
{
	print_text(p, word);
	if (label) {
		print_text(p, " ");
		print_name(p, label);
	}
	print_text(p, ";");
}

static void head(struct printer *p, const char *word, const struct node *e)
{
	print_text(p, word);
	print_expr(p, e, LEVEL_SEQUENCE);
	print_text(p, ") ");
}

static void loop(struct printer *p, const struct node *n)
{
	const struct node *left, *init;

	_Static_assert(offsetof(struct node, for_in.body) == offsetof(struct node, for_of.body), "one shape");
	switch (n->kind) {
	case N_FOR:
		init = n->for_.init;
		print_text(p, "for (");
		if (init && init->kind == N_VAR)
			var(p, init);
		else if (init)
			print_leading(p, init, LEVEL_SEQUENCE);
		print_text(p, "; ");
		if (n->for_.test)
			print_expr(p, n->for_.test, LEVEL_SEQUENCE);
		print_text(p, "; ");
		if (n->for_.update)
			print_expr(p, n->for_.update, LEVEL_SEQUENCE);
		print_text(p, ") ");
		statement(p, n->for_.body);
		break;
	case N_FOR_IN: case N_FOR_OF:
		left = n->for_in.left;
		print_text(p, n->flags & NF_AWAIT ? "for await (" : "for (");
		if (left->kind == N_VAR)
			var(p, left);
		else
			print_target(p, left);
		print_text(p, n->kind == N_FOR_IN ? " in " : " of ");
		print_expr(p, n->for_in.right, n->kind == N_FOR_IN ? LEVEL_SEQUENCE : LEVEL_ASSIGN);
		print_text(p, ") ");
		statement(p, n->for_in.body);
		break;
	case N_WHILE:
		head(p, "while (", n->while_.test);
		statement(p, n->while_.body);
		break;
	default:
		print_text(p, "do ");
		statement(p, n->do_.body);
		head(p, " while (", n->do_.test);
		print_text(p, ";");
	}
}

static void switch_(struct printer *p, const struct node *n)
{
	head(p, "switch (", n->switch_.disc);
	print_text(p, "{ ");
	for (uint32_t i = 0; i < n->switch_.cases.n; i++) {
		const struct node *c = n->switch_.cases.v[i];

		print_at(p, c->start);
		print_text(p, c->case_.test ? "case " : "default");
		if (c->case_.test)
			print_expr(p, c->case_.test, LEVEL_SEQUENCE);
		print_text(p, ": ");
		statements(p, c->case_.body);
	}
	print_text(p, " }");
}

static void try_(struct printer *p, const struct node *n)
{
	print_text(p, "try ");
	statement(p, n->try_.block);
	if (n->try_.handler) {
		const struct node *c = n->try_.handler;

		print_text(p, " catch ");
		if (c->catch_.param) {
			print_text(p, "(");
			print_target(p, c->catch_.param);
			print_text(p, ") ");
		}
		statement(p, c->catch_.body);
	}
	if (n->try_.finalizer) {
		print_text(p, " finally ");
		statement(p, n->try_.finalizer);
	}
}

static void if_(struct printer *p, const struct node *n)
{
	for (;;) {
		head(p, "if (", n->if_.test);
		statement(p, n->if_.then);
		if (n->if_.else_ == NULL)
			return;
		print_text(p, " else ");
		if (n->if_.else_->kind != N_IF) {
			statement(p, n->if_.else_);
			return;
		}
		n = n->if_.else_;
		print_at(p, n->start);
	}
}

static void control(struct printer *p, const struct node *n)
{
	switch (n->kind) {
	case N_IF: if_(p, n); break;
	case N_FOR: case N_FOR_IN: case N_FOR_OF: case N_WHILE: case N_DO: loop(p, n); break;
	case N_CONTINUE: jump(p, "continue", n->continue_.label); break;
	case N_BREAK: jump(p, "break", n->break_.label); break;
	case N_RETURN: keyword(p, "return", n->return_.arg); break;
	case N_THROW: keyword(p, "throw", n->throw_.arg); break;
	case N_SWITCH: switch_(p, n); break;
	case N_TRY: try_(p, n); break;
	case N_WITH:
		head(p, "with (", n->with.object);
		statement(p, n->with.body);
		break;
	case N_LABELED:
		print_name(p, n->labeled.label);
		print_text(p, ": ");
		statement(p, n->labeled.body);
		break;
	default: print_text(p, "debugger;");
	}
}

static void statement(struct printer *p, const struct node *n)
{
	if (print_deep(p) || n->kind >= N_T_NAME)
		return;
	print_text(p, " ");
	print_at(p, n->start);
	switch (n->kind) {
	case N_BLOCK: print_body(p, n->block.body); break;
	case N_EMPTY: print_text(p, ";"); break;
	case N_EXPR_STMT:
		print_leading(p, n->expr_stmt.expr, LEVEL_SEQUENCE);
		print_text(p, ";");
		break;
	case N_VAR:
		var(p, n);
		print_text(p, ";");
		break;
	case N_FUNC_DECL: print_function(p, n->func_decl.func); break;
	case N_CLASS_DECL: print_class(p, n->class_decl.cls); break;
	case N_IMPORT: import(p, n); break;
	case N_EXPORT_NAMED: export_named(p, n); break;
	case N_EXPORT_ALL: export_all(p, n); break;
	case N_EXPORT_DECL:
		print_text(p, "export ");
		statement(p, n->export_decl.decl);
		break;
	case N_EXPORT_DEFAULT: export_default(p, n); break;
	default: control(p, n);
	}
}

/* ---- the whole ---- */

bool print_program(const struct ast *a, const void *c_limit, struct buf *out)
{
	struct printer p = { .out = out, .src = a->src, .c_limit = c_limit, .line = 1, .col = 1, .keep = true };

	statements(&p, a->root->program.body);
	if (out->len && out->p[out->len - 1] != '\n')
		buf_putc(out, '\n');
	return !p.too_deep;
}

bool print_expression(const struct ast *a, const struct node *n, const void *c_limit, struct buf *out)
{
	struct printer p = { .out = out, .src = a->src, .c_limit = c_limit, .line = 1, .col = 1 };

	print_expr(&p, n, LEVEL_ASSIGN);
	return !p.too_deep;
}
