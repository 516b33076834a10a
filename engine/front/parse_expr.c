/* parse_expr.c: expressions (clause 13): precedence climbing over unary and
 * left-hand-side expressions, with arrow heads and assignment targets read in
 * cover form. Object literals, functions, classes and the conversion to
 * patterns are elsewhere. */
#include "engine/front/parser.h"

bool is_arrow(const struct node *n)
{
	return n->kind == N_FUNC && n->func.info->kind == FUNC_ARROW && !(n->flags & NF_PAREN);
}

void check_pending(struct parser *p)
{
	if (p->pending != 0)
		fail_at(p, p->pending - 1, p->pending, "%s", p->pending_msg);
}

static struct node *identifier(struct parser *p)
{
	struct token t = p->lx.t;
	struct node *n = mk(p, N_IDENT, t.start);

	check_identifier(p, &t);
	if (t.name->id == WK_arguments)
		note_arguments(p, &t);
	n->ident.name = t.name;
	if (t.flags & TF_ESCAPED)
		n->flags |= NF_ESCAPED;
	next(p);
	return done(p, n);
}

static void check_octal(struct parser *p, const struct token *t)
{
	if ((t->flags & TF_OCTAL) && p->strict)
		fail_at(p, t->start, t->end, t->kind == T_STRING ?
		    "octal escapes are not allowed in strict mode" :
		    "numbers with a leading 0 are not allowed in strict mode");
}

struct node *string_node(struct parser *p)
{
	struct node *n = mk(p, N_STRING, cur_start(p));

	check_octal(p, &p->lx.t);
	n->string.value = p->lx.t.name;
	if (p->lx.t.flags & TF_ESCAPED)
		n->flags |= NF_ESCAPED;
	if (p->lx.t.flags & TF_OCTAL)
		n->flags |= NF_OCTAL;
	next(p);
	return done(p, n);
}

static struct node *number(struct parser *p)
{
	struct node *n = mk(p, N_NUMBER, cur_start(p));

	check_octal(p, &p->lx.t);
	n->number.value = p->lx.t.num;
	if (p->lx.t.flags & TF_OCTAL)
		n->flags |= NF_OCTAL;
	next(p);
	return done(p, n);
}

static struct node *regexp(struct parser *p)
{
	struct node *n = mk(p, N_REGEXP, cur_start(p));
	const char *msg = NULL;
	uint32_t off = 0;

	lex_regexp(&p->lx);
	n->regexp.pattern = p->lx.t.name;
	n->regexp.reflags = p->lx.t.raw;
	if (p->o->regexp != NULL &&
	    !p->o->regexp(p->o->regexp_arg, name_sv(p->lx.t.name), name_sv(p->lx.t.raw), &msg, &off))
		fail_at(p, cur_start(p) + 1 + off, p->lx.t.end, "invalid regular expression: %s", msg ? msg : "syntax error");
	next(p);
	return done(p, n);
}

/* At TEMPLATE. An untagged template must have valid escapes. */
static struct node *template(struct parser *p, bool tagged)
{
	struct node *n = mk(p, N_TEMPLATE, cur_start(p)), *q;
	uint32_t base = p->nstack, nexprs = 0, i;
	struct nlist all;

	for (;;) {
		struct token *t = &p->lx.t;
		bool tail = (t->flags & TF_TAIL) != 0;

		if (t->name == NULL && !tagged)
			fail_at(p, p->lx.bad_escape, p->lx.bad_escape + 2, "%s", p->lx.bad_escape_msg);
		q = mk(p, N_QUASI, t->start);
		q->quasi.cooked = t->name;
		q->quasi.raw = t->raw;
		q->end = t->end;
		push(p, q);
		next(p);
		if (tail)
			break;
		push(p, parse_expression_in(p));
		nexprs++;
		if (cur(p) != T_RBRACE)
			unexpected(p, "'}' after the template's expression");
		lex_template_tail(&p->lx);
	}
	/* Pushed alternately: split into the two lists. */
	all = take(p, base);
	n->template_.quasis.v = arena_alloc(&p->ast->arena, (nexprs + 1) * sizeof(struct node *));
	n->template_.quasis.n = nexprs + 1;
	n->template_.exprs.v = arena_alloc(&p->ast->arena, nexprs * sizeof(struct node *) + 1);
	n->template_.exprs.n = nexprs;
	for (i = 0; i < all.n; i++)
		*(i & 1 ? &n->template_.exprs.v[i / 2] : &n->template_.quasis.v[i / 2]) = all.v[i];
	return done(p, n);
}

/* At `...`: SpreadElement. */
static struct node *spread(struct parser *p)
{
	struct node *n = mk(p, N_SPREAD, cur_start(p));

	next(p);
	n->spread.arg = parse_assign_cover(p);
	return done(p, n);
}

static struct node *array(struct parser *p)
{
	struct node *n = mk(p, N_ARRAY, cur_start(p)), *e;
	uint32_t base = p->nstack;
	bool no_in = p->no_in;

	p->no_in = false;
	next(p);
	while (cur(p) != T_RBRACKET) {
		if (cur(p) == T_COMMA) {
			push(p, mk(p, N_HOLE, cur_start(p)));
			next(p);
			continue;
		}
		e = cur(p) == T_ELLIPSIS ? spread(p) : parse_assign_cover(p);
		if (e->kind == N_SPREAD)
			n->flags |= NF_HAS_SPREAD;
		push(p, e);
		if (cur(p) == T_RBRACKET)
			break;
		if (cur(p) != T_COMMA)
			unexpected(p, "',' or ']' in the array");
		e->flags |= NF_TRAILING;
		next(p);
	}
	p->no_in = no_in;
	next(p);
	n->array.elems = take(p, base);
	return done(p, n);
}

/* Arguments; with `cover` they may be an arrow function's parameters: args and
 * *arrow say what only those have. */
static struct nlist arguments(struct parser *p, struct nlist_item **args, bool *arrow, uint16_t *flags)
{
	bool cover = args != NULL;
	uint32_t base = p->nstack;
	bool no_in = p->no_in;
	struct node *e;

	p->no_in = false;
	while (cur(p) != T_RPAREN) {
		if (cur(p) == T_ELLIPSIS) {
			e = spread(p);
			if (!cover)
				check_pending(p);
			*flags |= NF_HAS_SPREAD;
		} else {
			e = cover ? parse_assign_cover(p) : parse_assign(p);
		}
		if (cover && p->ts)
			e = parse_ts_cover(p, e, args, arrow);
		push(p, e);
		if (cur(p) == T_RPAREN)
			break;
		if (cur(p) != T_COMMA)
			unexpected(p, "',' or ')' after an argument");
		if (e->kind == N_SPREAD)
			e->flags |= NF_TRAILING;
		next(p);
	}
	p->no_in = no_in;
	next(p);
	return take(p, base);
}

struct nlist parse_arguments(struct parser *p, uint16_t *flags)
{
	return arguments(p, NULL, NULL, flags);
}

/* ---- parentheses and arrow heads ---- */

static bool arrow_follows(struct parser *p, uint32_t start, uint32_t arrow_at)
{
	return cur(p) == T_ARROW && !cur_nl(p) && start == arrow_at;
}

/* At the ( of what may be an arrow function before the : of a conditional. */
static bool arrow_before_colon(struct parser *p, void *arg)
{
	struct node **out = arg;

	*out = parse_generic_arrow(p, cur_start(p), NULL, 0);
	return cur(p) == T_COLON;
}

/* a ? (b) : c => d is an arrow function (b): c => d only if another : follows. */
static struct node *doubtful_arrow(struct parser *p, const struct lex_mark *open)
{
	struct lex_mark after = lex_save(&p->lx);
	struct node *n = NULL;

	if (parse_ts_arrow_type(p, false) == NULL)
		return NULL;
	lex_reset(&p->lx, open);
	if (try_parse(p, arrow_before_colon, &n))
		return n;
	lex_reset(&p->lx, &after);
	return NULL;
}

/* ( Expression ) or an arrow function's head: which one is known at its end. */
static struct node *paren(struct parser *p)
{
	uint32_t start = cur_start(p), arrow_at = p->arrow_at, base = p->nstack, pending = p->pending;
	const char *pending_msg = p->pending_msg;
	struct arrow_mark m = arrow_begin(p, start);
	bool no_in = p->no_in, arrow_only = false, doubtful = p->ts && start == p->then_at && start == arrow_at;
	struct nlist_item *args = NULL;
	struct node *ret = NULL;
	struct lex_mark open;
	struct node *n, *e = NULL;
	struct nlist l;

	if (doubtful)
		open = lex_save(&p->lx);
	p->no_in = false;
	p->pending = 0;
	next(p);
	for (;;) {
		if (cur(p) == T_RPAREN) {
			arrow_only = true;
			break;
		}
		if (cur(p) == T_ELLIPSIS) {
			arrow_only = true;
			push(p, e = spread(p));
			if (p->ts)
				parse_ts_cover(p, e, &args, &arrow_only);
			break;
		}
		e = parse_assign_cover(p);
		if (p->ts)
			e = parse_ts_cover(p, e, &args, &arrow_only);
		push(p, e);
		if (cur(p) != T_COMMA)
			break;
		next(p);
	}
	if (cur(p) != T_RPAREN)
		unexpected(p, "')'");
	next(p);
	l = take(p, base);
	p->no_in = no_in;
	if (p->ts && cur(p) == T_COLON && start == arrow_at) {
		if (doubtful && !arrow_only) {
			n = doubtful_arrow(p, &open);
			if (n != NULL) {
				p->pending = pending;
				p->pending_msg = pending_msg;
				arrow_cancel(p, &m);
				return n;
			}
		} else {
			ret = parse_ts_arrow_type(p, arrow_only);
		}
	}
	if (arrow_follows(p, start, arrow_at)) {
		p->pending = pending;
		p->pending_msg = pending_msg;
		return parse_arrow(p, &m, l, 0, ts_sig(p, NULL, args, ret));
	}
	if (arrow_only) {
		if (cur(p) != T_ARROW)
			unexpected(p, "'=>'");
		unexpected(p, NULL);
	}
	check_pending(p);
	p->pending = pending;
	p->pending_msg = pending_msg;
	arrow_cancel(p, &m);
	n = l.v[0];
	if (l.n > 1) {
		n = mk(p, N_SEQUENCE, l.v[0]->start);
		n->sequence.exprs = l;
		n->end = e->end;
	}
	n->flags |= NF_PAREN;
	return n;
}

/* x => .. , async x => .. : params is the one identifier, at `=>`. */
static struct node *single_arrow(struct parser *p, const struct arrow_mark *m, struct node *param, unsigned flags)
{
	uint32_t base = p->nstack;

	push(p, param);
	return parse_arrow(p, m, take(p, base), flags, NULL);
}

/* At `async` where an arrow may begin; NULL if it is a plain identifier. */
static struct node *async_primary(struct parser *p, uint32_t arrow_at)
{
	uint32_t start = cur_start(p);
	struct token after = lex_peek(&p->lx);
	struct lex_mark before;
	struct arrow_mark m;
	struct node *id;

	if (after.flags & TF_NL)
		return NULL;
	if (after.kind == T_FUNCTION) {
		next(p);
		return parse_function_expr(p, start, FI_ASYNC);
	}
	if (p->ts && after.kind == T_LT && start == arrow_at) {
		before = lex_save(&p->lx);
		next(p);
		id = parse_ts_generic(p, start, FI_ASYNC);
		if (id == NULL)
			lex_reset(&p->lx, &before);
		return id;
	}
	if (!tok_is_ident(after.kind) || start != arrow_at)
		return NULL;
	before = lex_save(&p->lx);
	next(p);
	if (lex_peek(&p->lx).kind != T_ARROW) {
		lex_reset(&p->lx, &before); /* for await (async of x) */
		return NULL;
	}
	m = arrow_begin(p, start);
	id = identifier(p);
	if (cur_nl(p))
		unexpected(p, NULL);
	return single_arrow(p, &m, id, FI_ASYNC);
}

static struct node *ident_primary(struct parser *p)
{
	uint32_t start = cur_start(p), arrow_at = p->arrow_at;
	struct arrow_mark m;
	struct node *n;

	if (cur(p) == T_ASYNC) {
		n = async_primary(p, arrow_at);
		if (n != NULL)
			return n;
	}
	n = identifier(p);
	if (cur(p) != T_ARROW || !arrow_follows(p, start, arrow_at))
		return n;
	m = arrow_begin(p, start);
	return single_arrow(p, &m, n, 0);
}

/* ---- super, import, new ---- */

static struct node *private_member(struct parser *p, struct node *object, uint32_t start)
{
	struct node *n = mk(p, N_PRIVATE_MEMBER, start);

	private_use(p, &p->lx.t);
	n->private_member.object = object;
	n->private_member.name = p->lx.t.name;
	next(p);
	return done(p, n);
}

static struct node *super(struct parser *p, bool calls)
{
	uint32_t start = cur_start(p), end = p->lx.t.end;
	struct node *n;

	next(p);
	if (cur(p) == T_LPAREN && calls) {
		if (!p->fn->super_call)
			fail_at(p, start, end, "super() is only allowed in the constructor of a derived class");
		note_use(p, FI_USES_SUPER_CALL | FI_USES_THIS | FI_USES_NEW_TARGET);
		next(p);
		n = mk(p, N_SUPER_CALL, start);
		n->super_call.args = parse_arguments(p, &n->flags);
		return done(p, n);
	}
	if (cur(p) != T_DOT && cur(p) != T_LBRACKET)
		fail_at(p, start, end, "super must be followed by a property access%s", calls ? " or arguments" : "");
	if (!p->fn->super_prop)
		fail_at(p, start, end, "super properties are only allowed in methods and class elements");
	note_use(p, FI_USES_SUPER_PROP | FI_USES_THIS);
	if (accept(p, T_DOT)) {
		if (!tok_is_word(cur(p)))
			unexpected(p, "a property name");
		n = mk(p, N_SUPER_MEMBER, start);
		n->super_member.name = p->lx.t.name;
		next(p);
		return done(p, n);
	}
	next(p);
	n = mk(p, N_SUPER_INDEX, start);
	n->super_index.key = parse_expression_in(p);
	expect(p, T_RBRACKET);
	return done(p, n);
}

static struct node *import_meta(struct parser *p, uint32_t start)
{
	next(p);
	if (cur(p) != T_META)
		unexpected(p, "'meta'");
	if (!p->module) {
		p->saw_module = true;
		fail_at(p, start, p->lx.t.end, "import.meta is only allowed in modules");
	}
	p->program->flags |= FI_IMPORT_META;
	next(p);
	return done(p, mk(p, N_IMPORT_META, start));
}

static struct node *import_call(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_IMPORT_CALL, start);
	bool no_in = p->no_in;

	next(p);
	p->no_in = false;
	n->import_call.specifier = parse_assign(p);
	if (accept(p, T_COMMA) && cur(p) != T_RPAREN) {
		n->import_call.options = parse_assign(p);
		accept(p, T_COMMA);
	}
	p->no_in = no_in;
	expect(p, T_RPAREN);
	p->program->flags |= FI_IMPORT_CALL;
	return done(p, n);
}

static struct node *import_expr(struct parser *p, bool calls)
{
	uint32_t start = cur_start(p), end = p->lx.t.end;

	next(p);
	if (cur(p) == T_DOT)
		return import_meta(p, start);
	if (cur(p) != T_LPAREN)
		unexpected(p, "'(' or '.' after import");
	if (!calls)
		fail_at(p, start, end, "import() cannot be the operand of new");
	return import_call(p, start);
}

static struct node *primary(struct parser *p);
static struct node *subscripts(struct parser *p, struct node *n, uint32_t start, bool calls);

static struct node *new_expr(struct parser *p)
{
	struct node *n = mk(p, N_NEW, cur_start(p)), *callee;
	uint32_t start;

	CHECK_DEPTH(p);
	next(p);
	if (accept(p, T_DOT)) {
		if (cur(p) != T_TARGET)
			unexpected(p, "'target'");
		if (!p->fn->new_target)
			fail_at(p, n->start, p->lx.t.end, "new.target is only allowed in functions and class elements");
		note_use(p, FI_USES_NEW_TARGET);
		next(p);
		n->kind = N_NEW_TARGET;
		return done(p, n);
	}
	start = cur_start(p);
	if (cur(p) == T_NEW)
		callee = new_expr(p);
	else if (cur(p) == T_SUPER)
		callee = super(p, false);
	else if (cur(p) == T_IMPORT)
		callee = import_expr(p, false);
	else
		callee = primary(p);
	n->new_.callee = subscripts(p, callee, start, false);
	if (cur(p) == T_QDOT)
		fail_at(p, cur_start(p), p->lx.t.end, "an optional chain cannot be the operand of new");
	if (accept(p, T_LPAREN))
		n->new_.args = parse_arguments(p, &n->flags);
	return done(p, n);
}

/* ---- member access and calls ---- */

static struct node *dot(struct parser *p, struct node *object, uint32_t start)
{
	struct node *n;

	if (cur(p) == T_PRIVATE)
		return private_member(p, object, start);
	if (!tok_is_word(cur(p)))
		unexpected(p, "a property name");
	n = mk(p, N_MEMBER, start);
	n->member.object = object;
	n->member.name = p->lx.t.name;
	next(p);
	return done(p, n);
}

/* At `[`. */
static struct node *index_expr(struct parser *p, struct node *object, uint32_t start)
{
	struct node *n = mk(p, N_INDEX, start);

	next(p);
	n->index.object = object;
	n->index.key = parse_expression_in(p);
	expect(p, T_RBRACKET);
	return done(p, n);
}

static void note_eval(struct parser *p)
{
	note_use(p, FI_DIRECT_EVAL | FI_INNER_EVAL | (p->fn->in_params ? FI_PARAM_EVAL : 0) |
	    FI_USES_THIS | FI_USES_NEW_TARGET | (p->fn->no_arguments ? 0 : FI_USES_ARGUMENTS) |
	    (p->fn->super_prop ? FI_USES_SUPER_PROP : 0) | (p->fn->super_call ? FI_USES_SUPER_CALL : 0));
}

/* At `(`. async(...) may turn out to be an arrow function's head. */
static struct node *call(struct parser *p, struct node *callee, uint32_t start, uint32_t arrow_at)
{
	struct node *n;
	bool async = callee->kind == N_IDENT && start == arrow_at && !cur_nl(p) &&
	    callee->ident.name->keyword == T_ASYNC && !(callee->flags & (NF_ESCAPED | NF_PAREN));
	uint32_t pending = p->pending;
	const char *pending_msg = p->pending_msg;
	struct nlist_item *args = NULL;
	struct node *ret = NULL;
	struct arrow_mark m;
	bool arrow = false;

	if (async) {
		m = arrow_begin(p, start);
		p->pending = 0;
	}
	n = mk(p, N_CALL, start);
	next(p);
	n->call.callee = callee;
	n->call.args = arguments(p, async ? &args : NULL, &arrow, &n->flags);
	if (async) {
		if (p->ts && cur(p) == T_COLON && start != p->then_at)
			ret = parse_ts_arrow_type(p, arrow);
		if (arrow_follows(p, start, arrow_at)) {
			p->pending = pending;
			p->pending_msg = pending_msg;
			return parse_arrow(p, &m, n->call.args, FI_ASYNC, ts_sig(p, NULL, args, ret));
		}
		if (arrow || ret != NULL)
			unexpected(p, "'=>'");
		check_pending(p);
		p->pending = pending;
		p->pending_msg = pending_msg;
		arrow_cancel(p, &m);
	}
	if (callee->kind == N_IDENT && callee->ident.name->id == WK_eval) {
		n->flags |= NF_DIRECT_EVAL;
		note_eval(p);
	}
	if (callee->kind == N_IDENT && callee->ident.name->id == WK_comptime)
		p->ast->comptime = true;
	return done(p, n);
}

/* Behind `?.`. */
static struct node *optional_link(struct parser *p, struct node *n, uint32_t start)
{
	if (p->ts && (cur(p) == T_LT || cur(p) == T_SHL) && parse_ts_args(p, n) && cur(p) != T_LPAREN)
		unexpected(p, "'(' after the type arguments");
	switch (cur(p)) {
	case T_LPAREN: {
		struct node *c = mk(p, N_CALL, start);

		next(p);
		c->call.callee = n;
		c->call.args = parse_arguments(p, &c->flags);
		n = done(p, c);
		break;
	}
	case T_LBRACKET:
		n = index_expr(p, n, start);
		break;
	case T_TEMPLATE:
		fail_at(p, cur_start(p), p->lx.t.end, "an optional chain cannot be the tag of a template");
	default:
		n = dot(p, n, start);
		break;
	}
	n->flags |= NF_OPTIONAL;
	return n;
}

static struct node *subscripts(struct parser *p, struct node *n, uint32_t start, bool calls)
{
	uint32_t arrow_at = p->arrow_at;
	bool chain = false;
	struct node *t;

	for (;;) {
		switch (cur(p)) {
		case T_DOT:
			next(p);
			n = dot(p, n, start);
			continue;
		case T_LBRACKET:
			n = index_expr(p, n, start);
			continue;
		case T_LPAREN:
			if (!calls)
				break;
			n = call(p, n, start, arrow_at);
			if (is_arrow(n))
				return n;
			continue;
		case T_QDOT:
			if (!calls)
				break;
			chain = true;
			next(p);
			n = optional_link(p, n, start);
			continue;
		case T_TEMPLATE:
			if (chain)
				fail_at(p, cur_start(p), p->lx.t.end, "an optional chain cannot be the tag of a template");
			t = mk(p, N_TAGGED, start);
			t->tagged.tag = n;
			t->tagged.quasi = template(p, true);
			n = done(p, t);
			continue;
		case T_NOT:
			if (!p->ts || cur_nl(p))
				break;
			next(p);
			continue;
		case T_LT: case T_SHL:
			if (!p->ts || !parse_ts_args(p, n))
				break;
			continue;
		default:
			break;
		}
		break;
	}
	if (chain) {
		t = mk(p, N_OPT_CHAIN, start);
		t->opt_chain.expr = n;
		n = done(p, t);
	}
	return n;
}

static struct node *word(struct parser *p, enum node_kind k)
{
	struct node *n = mk(p, k, cur_start(p));

	next(p);
	return done(p, n);
}

static struct node *primary(struct parser *p)
{
	struct node *n;

	switch (cur(p)) {
	case T_NUMBER: return number(p);
	case T_STRING: return string_node(p);
	case T_BIGINT:
		n = mk(p, N_BIGINT, cur_start(p));
		n->bigint.digits = p->lx.t.name;
		next(p);
		return done(p, n);
	case T_TEMPLATE: return template(p, false);
	case T_DIV:
	case T_DIV_ASSIGN: return regexp(p);
	case T_THIS:
		note_use(p, FI_USES_THIS);
		return word(p, N_THIS);
	case T_NULL: return word(p, N_NULL_);
	case T_TRUE: return word(p, N_TRUE_);
	case T_FALSE: return word(p, N_FALSE_);
	case T_LBRACKET: return array(p);
	case T_LBRACE: return parse_object(p);
	case T_LPAREN: return paren(p);
	case T_FUNCTION: return parse_function_expr(p, cur_start(p), 0);
	case T_CLASS: return parse_class(p, false, false);
	case T_NEW: return new_expr(p);
	case T_SUPER: return super(p, true);
	case T_IMPORT: return import_expr(p, true);
	case T_PRIVATE:
		fail_at(p, cur_start(p), p->lx.t.end, "the private name %.100s must be followed by 'in'", p->lx.t.raw->text);
	case T_AT:
		fail_at(p, cur_start(p), p->lx.t.end, "decorators are not supported");
	default:
		if (at_jsx(p))
			return parse_jsx(p);
		if (!tok_is_ident(cur(p)) && cur(p) != T_ESC_RESERVED)
			unexpected(p, tok_is_word(cur(p)) ? NULL : "an expression");
		return ident_primary(p);
	}
}

struct node *parse_lhs(struct parser *p)
{
	uint32_t start = cur_start(p);
	uint32_t arrow_at = p->arrow_at;
	struct node *n = primary(p);

	if (is_arrow(n))
		return n;
	/* The productions inside have moved it; calls of async(..) need it. */
	p->arrow_at = arrow_at;
	return subscripts(p, n, start, true);
}

/* ---- operators ---- */

void parse_note_await(struct parser *p)
{
	if (p->fn->in_params)
		fail_at(p, cur_start(p), p->lx.t.end, "await is not allowed in parameters");
	p->fn->await_pos = cur_start(p) + 1;
	note_use(p, FI_HAS_AWAIT);
}

static const uint8_t unary_oper[T_count] = {
	[T_NOT] = O_NOT, [T_BITNOT] = O_BITNOT, [T_ADD] = O_PLUS, [T_SUB] = O_NEG,
	[T_TYPEOF] = O_TYPEOF, [T_VOID] = O_VOID, [T_DELETE] = O_DELETE,
};

static void check_delete(struct parser *p, const struct node *arg)
{
	if (arg->kind == N_IDENT && p->strict)
		fail_node(p, arg, "delete of a variable is not allowed in strict mode");
	if (arg->kind == N_OPT_CHAIN)
		arg = arg->opt_chain.expr;
	if (arg->kind == N_PRIVATE_MEMBER)
		fail_node(p, arg, "private elements cannot be deleted");
}

static struct node *postfix(struct parser *p)
{
	uint32_t start = cur_start(p);
	struct node *n = parse_lhs(p), *u;

	if ((cur(p) != T_INC && cur(p) != T_DEC) || cur_nl(p) || is_arrow(n))
		return n;
	check_simple_target(p, n, "the operand of a postfix operator");
	u = mk(p, N_UPDATE, start);
	u->op = cur(p) == T_INC ? O_INC : O_DEC;
	u->update.arg = n;
	next(p);
	return done(p, u);
}

struct node *parse_unary(struct parser *p)
{
	enum tok k = cur(p);
	struct node *n;

	CHECK_DEPTH(p);
	if (p->ts && (k == T_LT || k == T_SHL) && (n = parse_ts_angle(p)) != NULL)
		return n;
	if (unary_oper[k]) {
		n = mk(p, N_UNARY, cur_start(p));
		n->op = unary_oper[k];
		next(p);
		n->unary.arg = parse_unary(p);
		if (k == T_DELETE)
			check_delete(p, n->unary.arg);
		return done(p, n);
	}
	if (k == T_INC || k == T_DEC) {
		n = mk(p, N_UPDATE, cur_start(p));
		n->op = k == T_INC ? O_INC : O_DEC;
		n->flags |= NF_PREFIX;
		next(p);
		n->update.arg = parse_unary(p);
		check_simple_target(p, n->update.arg, "the operand of a prefix operator");
		return done(p, n);
	}
	if (k == T_AWAIT && p->fn->await_expr) {
		parse_note_await(p);
		n = mk(p, N_AWAIT, cur_start(p));
		next(p);
		n->await_.arg = parse_unary(p);
		return done(p, n);
	}
	return postfix(p);
}

static bool is_logical(const struct node *n, bool nullish)
{
	return n->kind == N_LOGICAL && !(n->flags & NF_PAREN) && (n->op == O_NULLISH) == nullish;
}

static struct node *binary_node(struct parser *p, enum tok k, struct node *left, struct node *right, uint32_t start)
{
	enum oper op = tok_oper[k];
	struct node *n;

	if (left->kind == N_PRIVATE_NAME) {
		n = mk(p, N_PRIVATE_IN, start);
		n->private_in.name = left->private_name.name;
		n->private_in.object = right;
		return done(p, n);
	}
	if (op < O_AND) {
		n = mk(p, N_BINARY, start);
		n->binary.left = left;
		n->binary.right = right;
	} else {
		bool mixed = is_logical(left, op != O_NULLISH) || is_logical(right, op != O_NULLISH);

		if (mixed)
			fail_at(p, start, p->lx.prev_end, "?" "? cannot be mixed with || or && without parentheses");
		n = mk(p, N_LOGICAL, start);
		n->logical.left = left;
		n->logical.right = right;
	}
	n->op = (uint8_t)op;
	return done(p, n);
}

/* #x must be the left operand of `in`. */
static struct node *private_operand(struct parser *p, int min)
{
	struct node *n = mk(p, N_PRIVATE_NAME, cur_start(p));
	struct token t = p->lx.t;

	next(p);
	if (cur(p) != T_IN || p->no_in || min >= tok_prec[T_IN])
		fail_at(p, t.start, t.end, "the private name %.100s must be followed by 'in'", t.raw->text);
	private_use(p, &t);
	n->private_name.name = t.name;
	return done(p, n);
}

static struct node *binary(struct parser *p, int min)
{
	uint32_t start = cur_start(p);
	struct node *left, *right;

	left = cur(p) == T_PRIVATE ? private_operand(p, min) : parse_unary(p);
	if (is_arrow(left))
		return left;
	for (;;) {
		enum tok k = cur(p);
		int prec = tok_prec[k];

		if (prec <= min || (k == T_IN && p->no_in)) {
			if (p->ts && (k == T_AS || k == T_IDENT) && min < tok_prec[T_LT] && parse_ts_binary(p, left))
				continue;
			return left;
		}
		if (k == T_POW && !(left->flags & NF_PAREN) && (left->kind == N_UNARY || left->kind == N_AWAIT))
			fail_at(p, left->start, p->lx.t.end,
			    "a unary operator before ** needs parentheses");
		next(p);
		right = binary(p, k == T_POW ? prec - 1 : prec);
		left = binary_node(p, k, left, right, start);
	}
}

/* At `?`: that of an optional parameter? */
static bool optional_param(struct parser *p)
{
	switch (lex_peek(&p->lx).kind) {
	case T_COLON: case T_COMMA: case T_RPAREN: case T_ASSIGN: return true;
	default: return false;
	}
}

static struct node *conditional(struct parser *p)
{
	uint32_t start = cur_start(p);
	struct node *n = binary(p, 0), *c;

	if (cur(p) != T_QUESTION || is_arrow(n) || (p->ts && optional_param(p)))
		return n;
	c = mk(p, N_COND, start);
	next(p);
	c->cond.test = n;
	p->then_at = cur_start(p);
	c->cond.then = parse_assign_in(p);
	expect(p, T_COLON);
	c->cond.else_ = parse_assign(p);
	return done(p, c);
}

static bool yield_ends(const struct parser *p)
{
	switch (cur(p)) {
	case T_EOF: case T_RPAREN: case T_RBRACKET: case T_RBRACE:
	case T_COMMA: case T_SEMI: case T_COLON: case T_IN:
		return true;
	default:
		return cur_nl(p);
	}
}

static struct node *yield(struct parser *p)
{
	struct node *n = mk(p, N_YIELD, cur_start(p));

	if (p->fn->in_params)
		fail_at(p, n->start, p->lx.t.end, "yield is not allowed in parameters");
	p->fn->yield_pos = n->start + 1;
	note_use(p, FI_HAS_YIELD);
	next(p);
	if (cur(p) == T_MUL && !cur_nl(p)) {
		n->flags |= NF_DELEGATE;
		next(p);
		n->yield_.arg = parse_assign(p);
	} else if (!yield_ends(p)) {
		n->yield_.arg = parse_assign(p);
	}
	return done(p, n);
}

static struct node *assignment(struct parser *p, struct node *left, uint32_t start)
{
	enum tok k = cur(p);
	struct node *n = mk(p, N_ASSIGN, start);

	n->op = tok_oper[k];
	if (k == T_ASSIGN) {
		if (left->kind == N_ARRAY || left->kind == N_OBJECT)
			p->pending = 0;
		left = to_target(p, left);
	} else {
		check_simple_target(p, left, "the left side of this assignment");
	}
	check_pending(p);
	next(p);
	n->assign.target = left;
	n->assign.value = parse_assign(p);
	return done(p, n);
}

struct node *parse_assign_cover(struct parser *p)
{
	uint32_t start = cur_start(p), pending = p->pending;
	const char *pending_msg = p->pending_msg;
	struct node *n;

	CHECK_DEPTH(p);
	p->pending = 0;
	if (cur(p) == T_YIELD && p->fn->yield_expr) {
		n = yield(p);
	} else {
		p->arrow_at = start;
		n = conditional(p);
		if (tok_is_assign(cur(p)) && !is_arrow(n))
			n = assignment(p, n, start);
		else if (p->pending && ((n->flags & NF_PAREN) || (n->kind != N_ARRAY && n->kind != N_OBJECT)))
			check_pending(p);
	}
	if (pending != 0) {
		p->pending = pending;
		p->pending_msg = pending_msg;
	}
	return n;
}

struct node *parse_assign(struct parser *p)
{
	uint32_t pending = p->pending;
	const char *pending_msg = p->pending_msg;
	struct node *n;

	p->pending = 0;
	n = parse_assign_cover(p);
	check_pending(p);
	p->pending = pending;
	p->pending_msg = pending_msg;
	return n;
}

struct node *parse_assign_in(struct parser *p)
{
	bool no_in = p->no_in;
	struct node *n;

	p->no_in = false;
	n = parse_assign(p);
	p->no_in = no_in;
	return n;
}

struct node *parse_expression_cover(struct parser *p)
{
	uint32_t start = cur_start(p), base = p->nstack;
	struct node *n = parse_assign_cover(p);

	if (cur(p) != T_COMMA)
		return n;
	push(p, n);
	while (accept(p, T_COMMA))
		push(p, parse_assign(p));
	check_pending(p);
	n = mk(p, N_SEQUENCE, start);
	n->sequence.exprs = take(p, base);
	return done(p, n);
}

struct node *parse_expression(struct parser *p)
{
	uint32_t pending = p->pending;
	const char *pending_msg = p->pending_msg;
	struct node *n;

	p->pending = 0;
	n = parse_expression_cover(p);
	check_pending(p);
	p->pending = pending;
	p->pending_msg = pending_msg;
	return n;
}

struct node *parse_expression_in(struct parser *p)
{
	bool no_in = p->no_in;
	struct node *n;

	p->no_in = false;
	n = parse_expression(p);
	p->no_in = no_in;
	return n;
}
