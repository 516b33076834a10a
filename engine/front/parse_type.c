/* parse_type.c: the grammar of TypeScript's types, up to version 5: read into
 * T_ nodes and kept for those who want to know; nothing here declares a name,
 * so a type can be read on trial and read again. Called at annotations, by
 * parse_ts.c and by the productions of JavaScript that types occur in. */
#include "engine/front/parser.h"

bool at_word(const struct parser *p, enum well_known id)
{
	return cur(p) == T_IDENT && p->lx.t.name->id == id && !(p->lx.t.flags & TF_ESCAPED);
}

/* Is the current token < or begins with it? */
static bool at_less(const struct parser *p) { return cur(p) == T_LT || cur(p) == T_SHL; }

/* > at the end of a list; what follows it may be joined to it: >> >= .. */
static void expect_greater(struct parser *p)
{
	switch (cur(p)) {
	case T_GT: case T_SHR: case T_USHR: case T_GE: case T_SHR_ASSIGN: case T_USHR_ASSIGN:
		lex_split_angle(&p->lx);
		break;
	default:
		unexpected(p, "'>'");
	}
	next(p);
}

static bool at_greater(const struct parser *p)
{
	return cur(p) == T_GT || cur(p) == T_SHR || cur(p) == T_USHR || cur(p) == T_GE ||
	       cur(p) == T_SHR_ASSIGN || cur(p) == T_USHR_ASSIGN;
}

/* Within brackets of any kind, conditional types are free again. */
static struct node *type_inside(struct parser *p)
{
	bool no_cond = p->no_cond;
	struct node *n;

	p->no_cond = false;
	n = parse_type(p);
	p->no_cond = no_cond;
	return n;
}

/* ---- lists in < > ---- */

static struct node *type_param(struct parser *p)
{
	struct node *n = mk(p, N_T_PARAM, cur_start(p));
	enum tok k;

	for (;;) {
		k = lex_peek(&p->lx).kind;
		if (cur(p) == T_CONST)
			n->flags |= TY_CONST;
		else if (cur(p) == T_IN)
			n->flags |= TY_IN;
		else if (at_word(p, WK_out) && (tok_is_ident(k)))
			n->flags |= TY_OUT;
		else
			break;
		next(p);
	}
	if (!tok_is_ident(cur(p)))
		unexpected(p, "the name of a type parameter");
	n->t_param.name = p->lx.t.name;
	next(p);
	if (accept(p, T_EXTENDS))
		n->t_param.constraint = type_inside(p);
	if (accept(p, T_ASSIGN))
		n->t_param.dflt = type_inside(p);
	return done(p, n);
}

struct node *parse_type_params(struct parser *p)
{
	struct node *n = mk(p, N_T_PARAMS, cur_start(p));
	uint32_t base = p->nstack;

	if (cur(p) == T_SHL)
		lex_split_angle(&p->lx);
	next(p);
	do {
		push(p, type_param(p));
	} while (accept(p, T_COMMA) && !at_greater(p));
	expect_greater(p);
	n->t_params.params = take(p, base);
	return done(p, n);
}

struct node *parse_type_args(struct parser *p)
{
	struct node *n = mk(p, N_T_ARGS, cur_start(p));
	uint32_t base = p->nstack;

	if (cur(p) == T_SHL)
		lex_split_angle(&p->lx);
	next(p);
	do {
		push(p, type_inside(p));
	} while (accept(p, T_COMMA));
	expect_greater(p);
	n->t_args.types = take(p, base);
	return done(p, n);
}

static struct nlist type_args_list(struct parser *p)
{
	if (at_less(p) && !cur_nl(p))
		return parse_type_args(p)->t_args.types;
	return (struct nlist){ NULL, 0 };
}

/* ---- names ---- */

/* A.B.C without arguments. */
static struct node *entity(struct parser *p)
{
	struct node *n = mk(p, N_T_NAME, cur_start(p)), *outer;

	if (!tok_is_word(cur(p)))
		unexpected(p, "a type");
	n->t_name.name = p->lx.t.name;
	next(p);
	done(p, n);
	while (cur(p) == T_DOT) {
		next(p);
		if (!tok_is_word(cur(p)) && cur(p) != T_PRIVATE)
			unexpected(p, "a name");
		outer = n;
		n = mk(p, N_T_NAME, outer->start);
		n->t_name.scope = outer;
		n->t_name.name = cur(p) == T_PRIVATE ? p->lx.t.raw : p->lx.t.name;
		next(p);
		done(p, n);
	}
	return n;
}

struct node *parse_type_name(struct parser *p)
{
	struct node *n = entity(p);

	n->t_name.args = type_args_list(p);
	return done(p, n);
}

/* import("source", { with: { .. } }).A.B<C> */
static struct node *import_type(struct parser *p)
{
	struct node *n = mk(p, N_T_IMPORT, cur_start(p));

	next(p);
	expect(p, T_LPAREN);
	if (cur(p) != T_STRING)
		unexpected(p, "the module's name as a string");
	n->t_import.source = p->lx.t.name;
	next(p);
	if (accept(p, T_COMMA) && cur(p) != T_RPAREN) {
		parse_assign_in(p);
		accept(p, T_COMMA);
	}
	expect(p, T_RPAREN);
	if (accept(p, T_DOT))
		n->t_import.name = parse_type_name(p);
	return done(p, n);
}

static struct node *typeof_type(struct parser *p)
{
	struct node *n = mk(p, N_T_TYPEOF, cur_start(p));

	next(p);
	n->t_typeof.of = cur(p) == T_IMPORT ? import_type(p) : parse_type_name(p);
	return done(p, n);
}

/* ---- signatures ---- */

static struct node *sig_param(struct parser *p)
{
	struct node *n = mk(p, N_T_ARG, cur_start(p));

	if (accept(p, T_ELLIPSIS))
		n->flags |= TY_REST;
	if (cur(p) == T_THIS) {
		n->t_arg.target = mk(p, N_THIS, cur_start(p));
		next(p);
		done(p, n->t_arg.target);
	} else {
		n->t_arg.target = parse_binding(p, DECL_PARAM);
	}
	if (accept(p, T_QUESTION))
		n->flags |= TY_OPTIONAL;
	if (cur(p) == T_COLON)
		n->t_arg.type = parse_annotation(p);
	return done(p, n);
}

/* Behind the `extends` of a conditional type: a return type that is itself one
 * must leave that one its `?`. */
static bool whole_return_type(struct parser *p, void *arg)
{
	struct node **out = arg;

	p->no_cond = false;
	*out = parse_return_type(p);
	p->no_cond = true;
	return cur(p) == T_QUESTION;
}

struct node *parse_type_sig(struct parser *p, enum tok ret)
{
	struct node *n = mk(p, N_T_SIG, cur_start(p));
	uint32_t base = p->nstack;
	bool no_cond = p->no_cond;

	p->no_cond = false;
	if (at_less(p))
		n->t_sig.tparams = parse_type_params(p);
	expect(p, T_LPAREN);
	p->ambient++;
	while (cur(p) != T_RPAREN) {
		push(p, sig_param(p));
		if (cur(p) != T_RPAREN && !accept(p, T_COMMA))
			unexpected(p, "',' or ')' after a parameter");
	}
	p->ambient--;
	next(p);
	n->t_sig.args = take(p, base);
	p->no_cond = no_cond;
	if (cur(p) == ret && p->no_cond && try_parse(p, whole_return_type, &n->t_sig.ret))
		;
	else if (cur(p) == ret)
		n->t_sig.ret = parse_return_type(p);
	else if (ret == T_ARROW)
		unexpected(p, "'=>'");
	return done(p, n);
}

static struct node *func_type(struct parser *p)
{
	struct node *n = mk(p, N_T_FUNC, cur_start(p));

	if (at_word(p, WK_abstract)) {
		n->flags |= TY_ABSTRACT;
		next(p);
	}
	if (accept(p, T_NEW))
		n->flags |= TY_NEW;
	n->t_func.sig = parse_type_sig(p, T_ARROW);
	return done(p, n);
}

/* Behind `(`: past a bracketed pattern. */
static bool skip_pattern(struct parser *p)
{
	uint32_t depth = 0;

	do {
		if (cur(p) == T_LBRACKET || cur(p) == T_LBRACE)
			depth++;
		else if (cur(p) == T_RBRACKET || cur(p) == T_RBRACE)
			depth--;
		else if (cur(p) == T_EOF)
			return false;
		next(p);
	} while (depth != 0);
	return true;
}

/* At `(`: parameters of a function type rather than a type in parentheses? */
static bool params_follow(struct parser *p, void *arg)
{
	(void)arg;
	next(p);
	if (cur(p) == T_RPAREN || cur(p) == T_ELLIPSIS)
		return true;
	if (cur(p) == T_LBRACKET || cur(p) == T_LBRACE) {
		if (!skip_pattern(p))
			return false;
	} else if (tok_is_word(cur(p))) {
		next(p);
	} else {
		return false;
	}
	switch (cur(p)) {
	case T_COLON: case T_COMMA: case T_QUESTION: case T_ASSIGN: return true;
	case T_RPAREN:
		next(p);
		return cur(p) == T_ARROW;
	default: return false;
	}
}

static bool at_func_type(struct parser *p)
{
	struct lex_mark m;
	bool is;

	if (at_less(p) || cur(p) == T_NEW)
		return true;
	if (at_word(p, WK_abstract))
		return lex_peek(&p->lx).kind == T_NEW;
	if (cur(p) != T_LPAREN)
		return false;
	m = lex_save(&p->lx);
	is = try_parse(p, params_follow, NULL);
	p->wasted += is ? (uint64_t)(p->lx.p - m.p) : 0;
	lex_reset(&p->lx, &m);
	return is;
}

/* ---- members of object types and interfaces ---- */

/* Does a member end here, so that the word before is its name? */
static bool ends_member(enum tok k)
{
	switch (k) {
	case T_LPAREN: case T_LT: case T_QUESTION: case T_COLON: case T_SEMI: case T_COMMA: case T_RBRACE:
	case T_NOT: case T_ASSIGN: case T_EOF: case T_SHL:
		return true;
	default:
		return false;
	}
}

/* A modifier before a member's key, rather than the key. */
static bool modifies(struct parser *p)
{
	struct token t = lex_peek(&p->lx);

	return !ends_member(t.kind) && !(t.flags & TF_NL);
}

static struct node *member_key(struct parser *p, struct node *m)
{
	struct member_head h;
	struct token t = p->lx.t;

	if (tok_is_word(t.kind)) {
		h.key = mk(p, N_KEY, t.start);
		h.key->key.name = t.name;
		next(p);
		return done(p, h.key);
	}
	parse_member_head(p, &h, true);
	if (h.computed) {
		struct node *of = h.key;

		m->flags |= TY_COMPUTED;
		while (of->kind == N_MEMBER)
			of = of->member.object;
		if (of->kind == N_IDENT)
			of->ident.name->flags |= NAME_KEPT;
	}
	return h.key;
}

static bool index_follows(struct parser *p, void *arg)
{
	(void)arg;
	next(p);
	if (!tok_is_ident(cur(p)))
		return false;
	next(p);
	return cur(p) == T_COLON;
}

bool at_index_signature(struct parser *p)
{
	struct lex_mark m = lex_save(&p->lx);
	bool is = cur(p) == T_LBRACKET && try_parse(p, index_follows, NULL);

	lex_reset(&p->lx, &m);
	return is;
}

struct node *parse_index_signature(struct parser *p)
{
	struct node *n = mk(p, N_T_MEMBER, cur_start(p)), *arg;
	uint32_t base = p->nstack;

	n->op = TM_INDEX;
	next(p);
	arg = mk(p, N_T_ARG, cur_start(p));
	arg->t_arg.target = mk(p, N_BINDING, cur_start(p));
	arg->t_arg.target->binding.name = p->lx.t.name;
	next(p);
	done(p, arg->t_arg.target);
	arg->t_arg.type = parse_annotation(p);
	push(p, done(p, arg));
	expect(p, T_RBRACKET);
	n->t_member.sig = mk(p, N_T_SIG, n->start);
	n->t_member.sig->t_sig.args = take(p, base);
	done(p, n->t_member.sig);
	if (cur(p) == T_COLON)
		n->t_member.type = parse_annotation(p);
	return done(p, n);
}

static struct node *object_member(struct parser *p)
{
	struct node *n = mk(p, N_T_MEMBER, cur_start(p));
	uint32_t start = n->start;
	bool readonly = at_word(p, WK_readonly) && modifies(p);

	if (readonly)
		next(p);
	if (at_index_signature(p)) {
		n = parse_index_signature(p);
		n->start = start;
	} else if (cur(p) == T_LPAREN || at_less(p)) {
		n->op = TM_CALL;
		n->t_member.sig = parse_type_sig(p, T_COLON);
	} else if (cur(p) == T_NEW && (lex_peek(&p->lx).kind == T_LPAREN || lex_peek(&p->lx).kind == T_LT)) {
		next(p);
		n->op = TM_NEW;
		n->t_member.sig = parse_type_sig(p, T_COLON);
	} else {
		if ((cur(p) == T_GET || cur(p) == T_SET) && modifies(p)) {
			n->op = cur(p) == T_GET ? TM_GET : TM_SET;
			next(p);
		}
		n->t_member.key = member_key(p, n);
		if (accept(p, T_QUESTION))
			n->flags |= TY_OPTIONAL;
		if (cur(p) == T_LPAREN || at_less(p)) {
			if (n->op == TM_PROP)
				n->op = TM_METHOD;
			n->t_member.sig = parse_type_sig(p, T_COLON);
		} else if (cur(p) == T_COLON) {
			n->t_member.type = parse_annotation(p);
		}
	}
	if (readonly)
		n->flags |= TY_READONLY;
	return done(p, n);
}

struct node *parse_type_object(struct parser *p)
{
	struct node *n = mk(p, N_T_OBJECT, cur_start(p));
	uint32_t base = p->nstack;
	bool no_cond = p->no_cond;

	CHECK_DEPTH(p);
	p->no_cond = false;
	expect(p, T_LBRACE);
	while (cur(p) != T_RBRACE) {
		push(p, object_member(p));
		if (cur(p) != T_RBRACE && !accept(p, T_SEMI) && !accept(p, T_COMMA) && !cur_nl(p))
			unexpected(p, "';' or ',' after a member");
	}
	next(p);
	p->no_cond = no_cond;
	n->t_object.members = take(p, base);
	return done(p, n);
}

/* ---- mapped types ---- */

/* { [K in T]: U }, with readonly and its signs before the bracket. */
static bool mapped_follows(struct parser *p, void *arg)
{
	(void)arg;
	next(p);
	if (cur(p) == T_ADD || cur(p) == T_SUB)
		return true;
	if (at_word(p, WK_readonly))
		next(p);
	if (cur(p) != T_LBRACKET)
		return false;
	next(p);
	if (!tok_is_ident(cur(p)))
		return false;
	next(p);
	return cur(p) == T_IN;
}

/* + or - before readonly and ?: the flag of it. */
static unsigned signed_flag(struct parser *p, unsigned plus, unsigned minus)
{
	if (accept(p, T_SUB))
		return minus;
	accept(p, T_ADD);
	return plus;
}

static struct node *mapped_type(struct parser *p)
{
	struct node *n = mk(p, N_T_MAPPED, cur_start(p));
	unsigned flag;

	next(p);
	if (cur(p) != T_LBRACKET) {
		flag = signed_flag(p, TY_READONLY, TY_MINUS_READONLY);
		if (!at_word(p, WK_readonly))
			unexpected(p, "'readonly'");
		n->flags |= (uint16_t)flag;
		next(p);
	}
	expect(p, T_LBRACKET);
	n->t_mapped.name = p->lx.t.name;
	next(p);
	expect(p, T_IN);
	n->t_mapped.in = type_inside(p);
	if (accept(p, T_AS))
		n->t_mapped.as = type_inside(p);
	expect(p, T_RBRACKET);
	if (cur(p) == T_ADD || cur(p) == T_SUB || cur(p) == T_QUESTION) {
		n->flags |= (uint16_t)signed_flag(p, TY_OPTIONAL, TY_MINUS_OPTIONAL);
		expect(p, T_QUESTION);
	}
	if (accept(p, T_COLON))
		n->t_mapped.type = type_inside(p);
	if (!accept(p, T_SEMI))
		accept(p, T_COMMA);
	expect(p, T_RBRACE);
	return done(p, n);
}

static struct node *braced(struct parser *p)
{
	struct lex_mark m = lex_save(&p->lx);
	bool mapped = try_parse(p, mapped_follows, NULL);

	lex_reset(&p->lx, &m);
	return mapped ? mapped_type(p) : parse_type_object(p);
}

/* ---- tuples, templates, literals ---- */

static bool elem_name_follows(struct parser *p, void *arg)
{
	(void)arg;
	if (!tok_is_word(cur(p)))
		return false;
	next(p);
	accept(p, T_QUESTION);
	return cur(p) == T_COLON;
}

static struct node *tuple_elem(struct parser *p)
{
	struct node *n = mk(p, N_T_ELEM, cur_start(p));
	struct lex_mark m;
	bool named;

	if (accept(p, T_ELLIPSIS))
		n->flags |= TY_REST;
	m = lex_save(&p->lx);
	named = try_parse(p, elem_name_follows, NULL);
	lex_reset(&p->lx, &m);
	if (named) {
		n->t_elem.name = p->lx.t.name;
		next(p);
		if (accept(p, T_QUESTION))
			n->flags |= TY_OPTIONAL;
		next(p);
	}
	n->t_elem.type = type_inside(p);
	if (accept(p, T_QUESTION))
		n->flags |= TY_OPTIONAL;
	return done(p, n);
}

static struct node *tuple(struct parser *p)
{
	struct node *n = mk(p, N_T_TUPLE, cur_start(p));
	uint32_t base = p->nstack;

	next(p);
	while (cur(p) != T_RBRACKET) {
		push(p, tuple_elem(p));
		if (cur(p) != T_RBRACKET && !accept(p, T_COMMA))
			unexpected(p, "',' or ']' in the tuple type");
	}
	next(p);
	n->t_tuple.elems = take(p, base);
	return done(p, n);
}

static struct node *template_type(struct parser *p)
{
	struct node *n = mk(p, N_T_TEMPLATE, cur_start(p)), *q;
	struct nlist_item *quasis = NULL, *types = NULL;

	for (;;) {
		bool tail = (p->lx.t.flags & TF_TAIL) != 0;

		q = mk(p, N_QUASI, cur_start(p));
		q->quasi.cooked = p->lx.t.name;
		q->quasi.raw = p->lx.t.raw;
		q->end = p->lx.t.end;
		ts_item(p, &quasis, q);
		next(p);
		if (tail)
			break;
		ts_item(p, &types, type_inside(p));
		if (cur(p) != T_RBRACE)
			unexpected(p, "'}' after the template's type");
		lex_template_tail(&p->lx);
	}
	n->t_template.quasis = ts_list(p, quasis);
	n->t_template.types = ts_list(p, types);
	return done(p, n);
}

static struct node *literal_type(struct parser *p)
{
	struct node *n = mk(p, N_T_LITERAL, cur_start(p)), *v = NULL, *minus = NULL;

	if (cur(p) == T_SUB) {
		minus = mk(p, N_UNARY, cur_start(p));
		minus->op = O_NEG;
		next(p);
	}
	switch (cur(p)) {
	case T_STRING:
		v = string_node(p);
		break;
	case T_NUMBER:
		v = mk(p, N_NUMBER, cur_start(p));
		v->number.value = p->lx.t.num;
		next(p);
		break;
	case T_BIGINT:
		v = mk(p, N_BIGINT, cur_start(p));
		v->bigint.digits = p->lx.t.name;
		next(p);
		break;
	case T_TRUE: case T_FALSE: case T_NULL:
		v = mk(p, cur(p) == T_TRUE ? N_TRUE_ : cur(p) == T_FALSE ? N_FALSE_ : N_NULL_, cur_start(p));
		next(p);
		break;
	default:
		unexpected(p, "a number");
	}
	done(p, v);
	if (minus != NULL) {
		minus->unary.arg = v;
		v = done(p, minus);
	}
	n->t_literal.value = v;
	return done(p, n);
}

/* ---- operators, from the innermost outwards ---- */

static struct node *primary_type(struct parser *p)
{
	struct node *n;

	switch (cur(p)) {
	case T_STRING: case T_NUMBER: case T_BIGINT: case T_TRUE: case T_FALSE: case T_NULL: case T_SUB:
		return literal_type(p);
	case T_TEMPLATE: return template_type(p);
	case T_LBRACE: return braced(p);
	case T_LBRACKET: return tuple(p);
	case T_TYPEOF: return typeof_type(p);
	case T_IMPORT: return import_type(p);
	case T_LPAREN:
		next(p);
		n = type_inside(p);
		expect(p, T_RPAREN);
		n->flags |= TY_PAREN;
		return n;
	case T_VOID: case T_THIS: case T_CONST:
		n = mk(p, N_T_NAME, cur_start(p));
		n->t_name.name = p->lx.t.name;
		next(p);
		return done(p, n);
	default:
		if (!tok_is_ident(cur(p)))
			unexpected(p, "a type");
		return parse_type_name(p);
	}
}

static struct node *postfix_type(struct parser *p)
{
	uint32_t start = cur_start(p);
	struct node *n = primary_type(p), *x;

	while (cur(p) == T_LBRACKET && !cur_nl(p)) {
		next(p);
		if (accept(p, T_RBRACKET)) {
			x = mk(p, N_T_ARRAY, start);
			x->t_array.elem = n;
		} else {
			x = mk(p, N_T_INDEX, start);
			x->t_index.object = n;
			x->t_index.key = type_inside(p);
			expect(p, T_RBRACKET);
		}
		n = done(p, x);
	}
	return n;
}

/* infer U extends C: but the `extends` of a conditional type around it wins. */
static bool infer_constraint(struct parser *p, void *arg)
{
	struct node **out = arg;
	bool no_cond = p->no_cond;

	next(p);
	p->no_cond = true;
	*out = parse_type(p);
	p->no_cond = no_cond;
	return no_cond || cur(p) != T_QUESTION;
}

static struct node *infer_type(struct parser *p)
{
	struct node *n = mk(p, N_T_INFER, cur_start(p));

	next(p);
	if (!tok_is_ident(cur(p)))
		unexpected(p, "a name after 'infer'");
	n->t_infer.name = p->lx.t.name;
	next(p);
	if (cur(p) == T_EXTENDS && !try_parse(p, infer_constraint, &n->t_infer.constraint))
		n->t_infer.constraint = NULL;
	return done(p, n);
}

/* Can a type begin with the token after the current word, so that it is an operator? */
static bool operand_follows(struct parser *p)
{
	struct token t = lex_peek(&p->lx);

	if (t.flags & TF_NL)
		return false;
	switch (t.kind) {
	case T_LBRACKET:
	case T_STRING: case T_NUMBER: case T_TEMPLATE: case T_LBRACE: case T_LPAREN: case T_TYPEOF: case T_IMPORT:
	case T_THIS: case T_VOID: case T_NULL: case T_TRUE: case T_FALSE: case T_SUB:
		return true;
	default:
		return tok_is_ident(t.kind) && t.kind != T_AS;
	}
}

static struct node *operator_type(struct parser *p)
{
	struct node *n;

	CHECK_DEPTH(p);
	if (cur(p) == T_IDENT) {
		unsigned id = p->lx.t.name->id;

		if (id == WK_infer && operand_follows(p))
			return infer_type(p);
		if ((id == WK_keyof || id == WK_unique || id == WK_readonly) && operand_follows(p)) {
			n = mk(p, N_T_OP, cur_start(p));
			n->t_op.word = p->lx.t.name;
			next(p);
			n->t_op.type = operator_type(p);
			return done(p, n);
		}
	}
	return postfix_type(p);
}

/* A | B, A & B: sep may also stand before the first. */
static struct node *list_type(struct parser *p, enum tok sep, enum node_kind k, struct node *(*operand)(struct parser *))
{
	struct node *n = mk(p, k, cur_start(p)), *first;
	uint32_t base = p->nstack;

	accept(p, sep);
	first = operand(p);
	if (cur(p) != sep)
		return first;
	push(p, first);
	while (accept(p, sep))
		push(p, operand(p));
	*(k == N_T_UNION ? &n->t_union.types : &n->t_intersection.types) = take(p, base);
	return done(p, n);
}

/* A function type may end a union: () => void | .. is all the return type's. */
static struct node *operand_type(struct parser *p)
{
	return at_func_type(p) ? func_type(p) : operator_type(p);
}

static struct node *intersection(struct parser *p)
{
	return list_type(p, T_BITAND, N_T_INTERSECTION, operand_type);
}

struct node *parse_type(struct parser *p)
{
	uint32_t start = cur_start(p);
	struct node *n, *c;
	bool no_cond;

	CHECK_DEPTH(p);
	n = list_type(p, T_BITOR, N_T_UNION, intersection);
	if (p->no_cond || cur(p) != T_EXTENDS || cur_nl(p))
		return n;
	c = mk(p, N_T_COND, start);
	next(p);
	no_cond = p->no_cond;
	p->no_cond = true;
	c->t_cond.check = n;
	c->t_cond.extends = parse_type(p);
	p->no_cond = no_cond;
	expect(p, T_QUESTION);
	c->t_cond.then = type_inside(p);
	expect(p, T_COLON);
	c->t_cond.else_ = type_inside(p);
	return done(p, c);
}

struct node *parse_annotation(struct parser *p)
{
	next(p);
	return type_inside(p);
}

/* ---- return types ---- */

/* `word` before a name on the same line. */
static bool predicate_word(struct parser *p, enum well_known id)
{
	struct token t;

	if (!at_word(p, id))
		return false;
	t = lex_peek(&p->lx);
	return !(t.flags & TF_NL) && (tok_is_ident(t.kind) || t.kind == T_THIS);
}

static bool is_follows(struct parser *p)
{
	struct token t;

	if (!tok_is_ident(cur(p)) && cur(p) != T_THIS)
		return false;
	t = lex_peek(&p->lx);
	return t.kind == T_IDENT && t.name->id == WK_is && !(t.flags & TF_NL);
}

struct node *parse_return_type(struct parser *p)
{
	struct node *n;
	bool asserts;

	next(p);
	asserts = predicate_word(p, WK_asserts) && !is_follows(p);
	if (!asserts && !is_follows(p))
		return parse_type(p);
	n = mk(p, N_T_IS, cur_start(p));
	if (asserts) {
		n->flags |= TY_ASSERTS;
		next(p);
	}
	n->t_is.name = p->lx.t.name;
	next(p);
	if (at_word(p, WK_is) && !cur_nl(p)) {
		next(p);
		n->t_is.type = parse_type(p);
	}
	return done(p, n);
}
