/* print_expr.c: expressions, functions, classes and patterns as JavaScript text.
 * Called by print.c. Parentheses are those of the source and those that made-up
 * nodes need. */
#include "engine/front/print.h"

#include <math.h>

#include "base/num.h"

static void list(struct printer *p, struct nlist l)
{
	for (uint32_t i = 0; i < l.n; i++) {
		if (i)
			print_text(p, ", ");
		if (l.v[i]->kind == N_HOLE) {
			if (i + 1 == l.n)
				print_text(p, ",");
			continue;
		}
		print_target(p, l.v[i]);
	}
}

/* ---- literals ---- */

/* Is the node's text in the source one number? */
static bool is_number_text(const struct printer *p, const struct node *n)
{
	const char *s = p->src->text + n->start;

	if (n->end <= n->start || n->end > p->src->len || (n->flags & NF_OCTAL) ||
	    !((*s >= '0' && *s <= '9') || *s == '.'))
		return false;
	for (uint32_t i = 0; i < n->end - n->start; i++) {
		bool word = (s[i] >= '0' && s[i] <= '9') || ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z') || s[i] == '_';

		if (!word && s[i] != '.' && !((s[i] == '+' || s[i] == '-') && i && (s[i - 1] | 32) == 'e' && s[1] != 'x' &&
		    s[1] != 'X'))
			return false;
	}
	return true;
}

static void number(struct printer *p, const struct node *n)
{
	double d = n->number.value;
	char text[NUM_SHORTEST_MAX + 2];
	int len;

	if (is_number_text(p, n)) {
		print_put(p, p->src->text + n->start, n->end - n->start);
	} else if (isnan(d)) {
		print_text(p, "(0 / 0)");
	} else if (isinf(d)) {
		print_text(p, d < 0 ? "(-1 / 0)" : "(1 / 0)");
	} else if (d == 0) {
		print_text(p, signbit(d) ? "(-0)" : "0");
	} else if (d < 0) {
		len = num_to_shortest(-d, text);
		print_text(p, "(-");
		print_put(p, text, (size_t)len);
		print_text(p, ")");
	} else {
		print_put(p, text, (size_t)num_to_shortest(d, text));
	}
}

/* As written, if it was written as a string. */
static void string(struct printer *p, const struct node *n)
{
	const char *s = p->src->text + n->start;
	uint32_t len = n->end - n->start;

	if (!(n->flags & NF_COMPUTED) && n->end <= p->src->len && len >= 2 && (*s == '"' || *s == '\'') && s[len - 1] == *s)
		print_put(p, s, len);
	else
		print_quoted(p, n->string.value);
}

static void template_(struct printer *p, const struct node *n)
{
	print_text(p, "`");
	for (uint32_t i = 0; i < n->template_.quasis.n; i++) {
		const struct name *raw = n->template_.quasis.v[i]->quasi.raw;

		print_raw(p, raw->text, raw->len);
		if (i < n->template_.exprs.n) {
			print_raw(p, "${", 2);
			print_expr(p, n->template_.exprs.v[i], LEVEL_SEQUENCE);
			print_text(p, "}");
		}
	}
	print_raw(p, "`", 1);
}

/* ---- objects ---- */

static bool is_identifier(const struct name *n)
{
	for (uint32_t i = 0; i < n->len; i++) {
		char c = n->text[i];

		if (!((c | 32) >= 'a' && (c | 32) <= 'z') && c != '_' && c != '$' && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return n->len != 0;
}

static void key(struct printer *p, const struct node *k, bool computed)
{
	print_at(p, k->start);
	if (computed) {
		print_text(p, "[");
		print_expr(p, k, LEVEL_ASSIGN);
		print_text(p, "]");
	} else if (k->kind == N_PRIVATE_NAME) {
		print_text(p, "#");
		print_name(p, k->private_name.name);
	} else if (is_identifier(k->key.name) || (k->key.name->flags & NAME_IS_INDEX)) {
		print_put(p, k->key.name->text, k->key.name->len);
	} else {
		print_quoted(p, k->key.name);
	}
}

static void method(struct printer *p, const struct node *k, const struct node *fn, int op, bool computed)
{
	unsigned flags = fn->func.info->flags;

	if (op == PROP_GET || op == PROP_SET)
		print_text(p, op == PROP_GET ? "get " : "set ");
	if (flags & FI_ASYNC)
		print_text(p, "async ");
	if (flags & FI_GENERATOR)
		print_text(p, "*");
	key(p, k, computed);
	print_function(p, fn);
}

/* The name that a shorthand stands for is still that of its value. */
static bool names_value(const struct node *k, const struct node *v)
{
	if (v->kind == N_ASSIGN || v->kind == N_ASSIGN_PATTERN)
		v = v->kind == N_ASSIGN ? v->assign.target : v->assign_pattern.target;
	return (v->kind == N_IDENT && v->ident.name == k->key.name) ||
	       (v->kind == N_BINDING && v->binding.name == k->key.name);
}

static void property(struct printer *p, const struct node *n)
{
	const struct node *k = n->prop.key, *v = n->prop.value;

	print_at(p, n->start);
	if (n->op >= PROP_METHOD) {
		method(p, k, v, n->op, n->flags & NF_COMPUTED);
		return;
	}
	if (n->op == PROP_SHORTHAND && names_value(k, v)) {
		print_target(p, v);
		return;
	}
	key(p, k, n->flags & NF_COMPUTED);
	print_text(p, ": ");
	print_target(p, v);
}

static void object(struct printer *p, struct nlist l)
{
	print_text(p, "{");
	for (uint32_t i = 0; i < l.n; i++) {
		const struct node *e = l.v[i];

		print_text(p, i ? ", " : " ");
		if (e->kind == N_PROP) {
			property(p, e);
		} else if (e->kind == N_PROP_PATTERN) {
			print_at(p, e->start);
			if (!(e->flags & NF_SHORTHAND) || !names_value(e->prop_pattern.key, e->prop_pattern.value)) {
				key(p, e->prop_pattern.key, e->flags & NF_COMPUTED);
				print_text(p, ": ");
			}
			print_target(p, e->prop_pattern.value);
		} else {
			print_target(p, e);
		}
	}
	print_text(p, l.n ? " }" : "}");
}

void print_target(struct printer *p, const struct node *n)
{
	switch (n->kind) {
	case N_BINDING:
		print_at(p, n->start);
		print_name(p, n->binding.name);
		break;
	case N_ARRAY_PATTERN:
		print_at(p, n->start);
		print_text(p, "[");
		list(p, n->array_pattern.elems);
		print_text(p, "]");
		break;
	case N_OBJECT_PATTERN:
		print_at(p, n->start);
		object(p, n->object_pattern.props);
		break;
	case N_ASSIGN_PATTERN:
		print_target(p, n->assign_pattern.target);
		print_text(p, " = ");
		print_expr(p, n->assign_pattern.init, LEVEL_ASSIGN);
		break;
	case N_REST: case N_SPREAD:
		print_at(p, n->start);
		print_text(p, "...");
		print_target(p, n->kind == N_REST ? n->rest.target : n->spread.arg);
		break;
	default:
		print_expr(p, n, LEVEL_ASSIGN);
	}
}

/* ---- functions and classes ---- */

static void body(struct printer *p, const struct node *fn)
{
	if (fn->func.info->flags & FI_EXPR_BODY)
		print_leading(p, fn->func.body, LEVEL_ASSIGN);
	else
		print_body(p, fn->func.body->body.stmts);
}

/* Of a method: its parameters and its body. */
void print_function(struct printer *p, const struct node *n)
{
	unsigned kind = n->func.info->kind, flags = n->func.info->flags;

	if (kind == FUNC_NORMAL || kind == FUNC_ARROW) {
		print_at(p, n->start);
		if (flags & FI_ASYNC)
			print_text(p, "async ");
	}
	if (kind == FUNC_NORMAL) {
		print_text(p, flags & FI_GENERATOR ? "function* " : "function ");
		if (n->func.id && n->func.id->binding.name->id != WK_default_export)
			print_target(p, n->func.id);
	}
	print_text(p, "(");
	list(p, n->func.params);
	print_text(p, kind == FUNC_ARROW ? ") => " : ") ");
	body(p, n);
}

static void class_element(struct printer *p, const struct node *e)
{
	print_at(p, e->start);
	if (e->kind == N_STATIC_BLOCK) {
		print_text(p, "static ");
		print_body(p, e->static_block.func->func.body->body.stmts);
		return;
	}
	if (e->flags & NF_STATIC)
		print_text(p, "static ");
	if (e->kind == N_METHOD) {
		method(p, e->method.key, e->method.func, e->op, e->flags & NF_COMPUTED);
		return;
	}
	key(p, e->field.key, e->flags & NF_COMPUTED);
	if (e->field.init) {
		print_text(p, " = ");
		print_expr(p, e->field.init->func.body, LEVEL_ASSIGN);
	}
	print_text(p, ";");
}

void print_class(struct printer *p, const struct node *n)
{
	const struct node *ctor = n->class_.ctor;

	print_at(p, n->start);
	print_text(p, "class ");
	if (n->class_.id && n->class_.id->binding.name->id != WK_default_export)
		print_target(p, n->class_.id);
	if (n->class_.heritage) {
		print_text(p, " extends ");
		print_expr(p, n->class_.heritage, LEVEL_CALL);
	}
	print_text(p, " {");
	for (uint32_t i = 0; i <= n->class_.elements.n; i++) {
		const struct node *e = i < n->class_.elements.n ? n->class_.elements.v[i] : NULL;

		if (ctor && (e == NULL || e->start > ctor->end)) {
			print_text(p, " ");
			print_at(p, ctor->start);
			print_text(p, "constructor");
			print_function(p, ctor);
			ctor = NULL;
		}
		if (e) {
			print_text(p, " ");
			class_element(p, e);
		}
	}
	print_text(p, " }");
}

/* ---- operators ---- */

static const uint8_t levels[O_count] = {
	[O_OR] = LEVEL_OR, [O_NULLISH] = LEVEL_OR, [O_AND] = LEVEL_AND, [O_BITOR] = LEVEL_BITOR, [O_BITXOR] = LEVEL_BITXOR,
	[O_BITAND] = LEVEL_BITAND, [O_EQ] = LEVEL_EQUAL, [O_NE] = LEVEL_EQUAL, [O_SEQ] = LEVEL_EQUAL, [O_SNE] = LEVEL_EQUAL,
	[O_LT] = LEVEL_RELATION, [O_LE] = LEVEL_RELATION, [O_GT] = LEVEL_RELATION, [O_GE] = LEVEL_RELATION,
	[O_IN] = LEVEL_RELATION, [O_INSTANCEOF] = LEVEL_RELATION, [O_SHL] = LEVEL_SHIFT, [O_SHR] = LEVEL_SHIFT,
	[O_USHR] = LEVEL_SHIFT, [O_ADD] = LEVEL_ADD, [O_SUB] = LEVEL_ADD, [O_MUL] = LEVEL_MUL, [O_DIV] = LEVEL_MUL,
	[O_MOD] = LEVEL_MUL, [O_POW] = LEVEL_POW,
};

static enum print_level level_of(const struct node *n)
{
	switch (n->kind) {
	case N_SEQUENCE: return LEVEL_SEQUENCE;
	case N_ASSIGN: case N_YIELD: return LEVEL_ASSIGN;
	case N_FUNC: return n->func.info->kind == FUNC_ARROW ? LEVEL_ASSIGN : LEVEL_PRIMARY;
	case N_COND: return LEVEL_COND;
	case N_BINARY: case N_LOGICAL: return (enum print_level)levels[n->op];
	case N_PRIVATE_IN: return LEVEL_RELATION;
	case N_UNARY: case N_AWAIT: return LEVEL_UNARY;
	case N_UPDATE: return n->flags & NF_PREFIX ? LEVEL_UNARY : LEVEL_POSTFIX;
	case N_OPT_CHAIN: return LEVEL_POSTFIX;
	case N_CALL: case N_SUPER_CALL: case N_IMPORT_CALL: return LEVEL_CALL;
	case N_MEMBER: case N_INDEX: case N_PRIVATE_MEMBER: case N_TAGGED: case N_NEW: return LEVEL_MEMBER;
	default: return LEVEL_PRIMARY;
	}
}

/* A chain of left operands is printed from its innermost one on. */
static void binary(struct printer *p, const struct node *n)
{
	const struct node *left = n->binary.left;
	enum print_level level = level_of(n);
	const char *op = oper_text((enum oper)n->op);

	_Static_assert(offsetof(struct node, binary.left) == offsetof(struct node, logical.left) &&
		       offsetof(struct node, binary.right) == offsetof(struct node, logical.right), "one shape");
	/* ** binds to the right, and its left operand is no unary expression. */
	print_expr(p, left, n->op == O_POW ? LEVEL_POSTFIX : level);
	print_text(p, " ");
	print_text(p, op);
	print_text(p, " ");
	print_expr(p, n->binary.right, n->op == O_POW ? LEVEL_POW : (enum print_level)(level + 1));
}

static void arguments(struct printer *p, struct nlist l)
{
	print_text(p, "(");
	list(p, l);
	print_text(p, ")");
}

static void member(struct printer *p, const struct node *n)
{
	const struct node *o = n->member.object;
	bool optional = n->flags & NF_OPTIONAL;

	_Static_assert(offsetof(struct node, member.object) == offsetof(struct node, index.object) &&
		       offsetof(struct node, member.object) == offsetof(struct node, private_member.object), "one shape");
	print_expr(p, o, o->kind == N_NUMBER ? LEVEL_PRIMARY + 1 : LEVEL_CALL);
	switch (n->kind) {
	case N_INDEX:
		print_text(p, optional ? "?.[" : "[");
		print_expr(p, n->index.key, LEVEL_SEQUENCE);
		print_text(p, "]");
		return;
	case N_MEMBER:
		if (n->end > n->start + n->member.name->len)
			print_at(p, n->end - n->member.name->len - (optional ? 2 : 1));
		print_text(p, optional ? "?." : ".");
		print_put(p, n->member.name->text, n->member.name->len);
		return;
	default:
		print_text(p, optional ? "?.#" : ".#");
		print_name(p, n->private_member.name);
	}
}

static void unary(struct printer *p, const struct node *n)
{
	const struct node *arg = n->kind == N_AWAIT ? n->await_.arg : n->kind == N_UPDATE ? n->update.arg : n->unary.arg;

	print_text(p, n->kind == N_AWAIT ? "await" : oper_text((enum oper)n->op));
	/* `await (x)` must not become a call */
	if (n->kind == N_AWAIT || n->op == O_TYPEOF || n->op == O_VOID || n->op == O_DELETE)
		print_text(p, " ");
	print_expr(p, arg, LEVEL_UNARY);
}

static void yield(struct printer *p, const struct node *n)
{
	const struct node *arg = n->yield_.arg;
	uint32_t line, col;

	print_text(p, n->flags & NF_DELEGATE ? "yield*" : "yield");
	if (arg == NULL)
		return;
	print_text(p, " ");
	src_line_col(p->src, arg->start, &line, &col);
	if (p->keep && line > p->line && !(arg->flags & NF_PAREN)) {
		print_text(p, "(");
		print_expr(p, arg, LEVEL_ASSIGN);
		print_text(p, ")");
	} else {
		print_expr(p, arg, LEVEL_ASSIGN);
	}
}

static void operators(struct printer *p, const struct node *n)
{
	switch (n->kind) {
	case N_BINARY: case N_LOGICAL: binary(p, n); break;
	case N_UNARY: case N_AWAIT: unary(p, n); break;
	case N_UPDATE:
		if (n->flags & NF_PREFIX) {
			unary(p, n);
			break;
		}
		print_expr(p, n->update.arg, LEVEL_CALL);
		print_text(p, oper_text((enum oper)n->op));
		break;
	case N_PRIVATE_IN:
		print_text(p, "#");
		print_name(p, n->private_in.name);
		print_text(p, " in ");
		print_expr(p, n->private_in.object, LEVEL_SHIFT);
		break;
	case N_ASSIGN:
		print_target(p, n->assign.target);
		print_text(p, " ");
		print_text(p, oper_text((enum oper)n->op));
		print_raw(p, "=", 1);
		print_text(p, " ");
		print_expr(p, n->assign.value, LEVEL_ASSIGN);
		break;
	case N_COND:
		print_expr(p, n->cond.test, LEVEL_OR);
		print_text(p, " ? ");
		print_expr(p, n->cond.then, LEVEL_ASSIGN);
		print_text(p, " : ");
		print_expr(p, n->cond.else_, LEVEL_ASSIGN);
		break;
	case N_SEQUENCE:
		for (uint32_t i = 0; i < n->sequence.exprs.n; i++) {
			if (i)
				print_text(p, ", ");
			print_expr(p, n->sequence.exprs.v[i], LEVEL_ASSIGN);
		}
		break;
	default: yield(p, n);
	}
}

static void calls(struct printer *p, const struct node *n)
{
	switch (n->kind) {
	case N_CALL:
		print_expr(p, n->call.callee, n->call.callee->kind == N_FUNC ? LEVEL_PRIMARY + 1 : LEVEL_CALL);
		if (n->flags & NF_OPTIONAL)
			print_text(p, "?.");
		arguments(p, n->call.args);
		break;
	case N_NEW:
		print_text(p, "new ");
		print_expr(p, n->new_.callee, LEVEL_MEMBER);
		arguments(p, n->new_.args);
		break;
	case N_SUPER_CALL:
		print_text(p, "super");
		arguments(p, n->super_call.args);
		break;
	case N_SUPER_MEMBER:
		print_text(p, "super.");
		print_put(p, n->super_member.name->text, n->super_member.name->len);
		break;
	case N_SUPER_INDEX:
		print_text(p, "super[");
		print_expr(p, n->super_index.key, LEVEL_SEQUENCE);
		print_text(p, "]");
		break;
	case N_IMPORT_CALL:
		print_text(p, "import(");
		print_expr(p, n->import_call.specifier, LEVEL_ASSIGN);
		if (n->import_call.options) {
			print_text(p, ", ");
			print_expr(p, n->import_call.options, LEVEL_ASSIGN);
		}
		print_text(p, ")");
		break;
	default:
		print_expr(p, n->tagged.tag, LEVEL_CALL);
		template_(p, n->tagged.quasi);
	}
}

static void primary(struct printer *p, const struct node *n)
{
	switch (n->kind) {
	case N_IDENT: print_name(p, n->ident.name); break;
	case N_NUMBER: number(p, n); break;
	case N_STRING: string(p, n); break;
	case N_BIGINT:
		print_put(p, n->bigint.digits->text, n->bigint.digits->len);
		print_raw(p, "n", 1);
		break;
	case N_REGEXP:
		print_text(p, "/");
		print_raw(p, n->regexp.pattern->text, n->regexp.pattern->len);
		print_raw(p, "/", 1);
		print_raw(p, n->regexp.reflags->text, n->regexp.reflags->len);
		break;
	case N_TEMPLATE: template_(p, n); break;
	case N_NULL_: print_text(p, "null"); break;
	case N_TRUE_: print_text(p, "true"); break;
	case N_FALSE_: print_text(p, "false"); break;
	case N_THIS: print_text(p, "this"); break;
	case N_NEW_TARGET: print_text(p, "new.target"); break;
	case N_IMPORT_META: print_text(p, "import.meta"); break;
	case N_ARRAY:
		print_text(p, "[");
		list(p, n->array.elems);
		print_text(p, "]");
		break;
	case N_OBJECT: object(p, n->object.props); break;
	case N_FUNC: print_function(p, n); break;
	case N_CLASS: print_class(p, n); break;
	default: print_target(p, n);           /* a pattern that is assigned to */
	}
}

void print_expr(struct printer *p, const struct node *n, enum print_level min)
{
	bool parens = (n->flags & NF_PAREN) || level_of(n) < min;

	if (print_deep(p))
		return;
	if (parens)
		print_text(p, "(");
	print_at(p, n->start);
	switch (n->kind) {
	case N_BINARY: case N_LOGICAL: case N_UNARY: case N_AWAIT: case N_UPDATE: case N_PRIVATE_IN: case N_ASSIGN: case N_COND:
	case N_SEQUENCE: case N_YIELD:
		operators(p, n);
		break;
	case N_CALL: case N_NEW: case N_SUPER_CALL: case N_SUPER_MEMBER: case N_SUPER_INDEX: case N_IMPORT_CALL: case N_TAGGED:
		calls(p, n);
		break;
	case N_MEMBER: case N_INDEX: case N_PRIVATE_MEMBER: member(p, n); break;
	case N_OPT_CHAIN: print_expr(p, n->opt_chain.expr, LEVEL_CALL); break;
	default: primary(p, n);
	}
	if (parens)
		print_text(p, ")");
}

/* Does the expression's text begin with { or a word that begins a declaration? */
static bool begins_statement(const struct node *n)
{
	while (!(n->flags & NF_PAREN))
		switch (n->kind) {
		case N_BINARY: case N_LOGICAL: n = n->binary.left; break;
		case N_COND: n = n->cond.test; break;
		case N_ASSIGN: n = n->assign.target; break;
		case N_MEMBER: case N_INDEX: case N_PRIVATE_MEMBER: n = n->member.object; break;
		case N_CALL:
			n = n->call.callee;
			if (n->kind == N_FUNC)         /* in parentheses anyway */
				return false;
			break;
		case N_TAGGED: n = n->tagged.tag; break;
		case N_SEQUENCE: n = n->sequence.exprs.v[0]; break;
		case N_OPT_CHAIN: n = n->opt_chain.expr; break;
		case N_UPDATE:
			if (n->flags & NF_PREFIX)
				return false;
			n = n->update.arg;
			break;
		case N_FUNC: return n->func.info->kind != FUNC_ARROW;
		case N_OBJECT: case N_OBJECT_PATTERN: case N_CLASS: return true;
		default: return false;
		}
	return false;
}

void print_leading(struct printer *p, const struct node *n, enum print_level min)
{
	bool parens = begins_statement(n);

	if (parens)
		print_text(p, "(");
	print_expr(p, n, min);
	if (parens)
		print_text(p, ")");
}
