/* parse_pattern.c: binding patterns (14.3.3) read directly, and the conversion
 * of expressions in cover form to assignment targets (13.15.5) and arrow
 * parameters (15.3). Conversion changes kinds in place: ARRAY/ARRAY_PATTERN,
 * OBJECT/OBJECT_PATTERN, PROP/PROP_PATTERN, ASSIGN/ASSIGN_PATTERN, SPREAD/REST
 * and IDENT/BINDING have the same fields pairwise (node.def). */
#include "engine/front/parser.h"

/* ---- binding patterns ---- */

static void name_bound(struct parser *p, struct node *b, const struct token *t, enum decl_class cls)
{
	check_identifier(p, t);
	check_bound_name(p, t->name, t->start, t->end);
	if (cls == DECL_LEXICAL && t->name->keyword == T_LET)
		fail_at(p, t->start, t->end, "'let' cannot be the name of a let or const binding");
	b->binding.name = t->name;
	if (t->flags & TF_ESCAPED)
		b->flags |= NF_ESCAPED;
}

struct node *parse_binding_ident(struct parser *p)
{
	struct node *n = mk(p, N_BINDING, cur_start(p));

	if (!tok_is_word(cur(p)))
		unexpected(p, "a name");
	name_bound(p, n, &p->lx.t, DECL_VARLIKE);
	next(p);
	return done(p, n);
}

static struct node *array_binding(struct parser *p, enum decl_class cls)
{
	struct node *n = mk(p, N_ARRAY_PATTERN, cur_start(p)), *e;
	uint32_t base = p->nstack;

	n->flags |= NF_BINDING;
	next(p);
	while (cur(p) != T_RBRACKET) {
		if (cur(p) == T_COMMA) {
			push(p, mk(p, N_HOLE, cur_start(p)));
			next(p);
			continue;
		}
		if (cur(p) == T_ELLIPSIS) {
			e = mk(p, N_REST, cur_start(p));
			e->flags |= NF_BINDING;
			next(p);
			e->rest.target = parse_binding(p, cls);
			push(p, done(p, e));
			if (cur(p) != T_RBRACKET)
				unexpected(p, "']' after the rest element");
			break;
		}
		push(p, parse_binding_elem(p, cls));
		if (cur(p) != T_RBRACKET && !accept(p, T_COMMA))
			unexpected(p, "',' or ']' in the pattern");
	}
	next(p);
	n->array_pattern.elems = take(p, base);
	return done(p, n);
}

struct node *parse_default(struct parser *p, struct node *target, uint32_t start)
{
	struct node *n;
	bool no_in = p->no_in;

	if (cur(p) != T_ASSIGN)
		return target;
	n = mk(p, N_ASSIGN_PATTERN, start);
	n->flags |= NF_BINDING;
	next(p);
	p->no_in = false;
	if (p->fn->in_params)
		p->fn->info->flags |= FI_PARAM_EXPRS;
	n->assign_pattern.target = target;
	n->assign_pattern.init = parse_assign(p);
	p->no_in = no_in;
	return done(p, n);
}

static struct node *prop_binding(struct parser *p, enum decl_class cls)
{
	struct node *n = mk(p, N_PROP_PATTERN, cur_start(p)), *b;
	struct token t = p->lx.t;
	struct member_head h;

	n->flags |= NF_BINDING;
	/* No modifiers here: `get`, `async` and the rest are plain names. */
	if (tok_is_word(t.kind)) {
		h = (struct member_head){ .key = mk(p, N_KEY, t.start) };
		h.key->key.name = t.name;
		next(p);
		done(p, h.key);
	} else {
		parse_member_head(p, &h, false);
		if (h.kind != PROP_INIT)
			unexpected(p, "a property name");
	}
	n->prop_pattern.key = h.key;
	if (h.computed) {
		n->flags |= NF_COMPUTED;
		if (p->fn->in_params)
			p->fn->info->flags |= FI_PARAM_EXPRS;
	}
	if (accept(p, T_COLON)) {
		n->prop_pattern.value = parse_binding_elem(p, cls);
		return done(p, n);
	}
	if (!tok_is_word(t.kind))
		unexpected(p, "':' after the property name");
	b = node_new(p->ast, N_BINDING, t.start, t.end);
	name_bound(p, b, &t, cls);
	declare(p, t.name, cls, t.start, t.end);
	n->flags |= NF_SHORTHAND;
	n->prop_pattern.value = parse_default(p, b, t.start);
	return done(p, n);
}

static struct node *object_binding(struct parser *p, enum decl_class cls)
{
	struct node *n = mk(p, N_OBJECT_PATTERN, cur_start(p)), *e;
	uint32_t base = p->nstack;

	n->flags |= NF_BINDING;
	next(p);
	while (cur(p) != T_RBRACE) {
		if (cur(p) == T_ELLIPSIS) {
			e = mk(p, N_REST, cur_start(p));
			e->flags |= NF_BINDING;
			next(p);
			if (!tok_is_word(cur(p)))
				unexpected(p, "a name after '...'");
			e->rest.target = parse_binding(p, cls);
			push(p, done(p, e));
			if (cur(p) != T_RBRACE)
				unexpected(p, "'}' after the rest element");
			break;
		}
		push(p, prop_binding(p, cls));
		if (cur(p) != T_RBRACE && !accept(p, T_COMMA))
			unexpected(p, "',' or '}' in the pattern");
	}
	next(p);
	n->object_pattern.props = take(p, base);
	return done(p, n);
}

struct node *parse_binding(struct parser *p, enum decl_class cls)
{
	struct node *n;

	CHECK_DEPTH(p);
	if (cur(p) == T_LBRACKET)
		return array_binding(p, cls);
	if (cur(p) == T_LBRACE)
		return object_binding(p, cls);
	if (!tok_is_word(cur(p)))
		unexpected(p, "a name or a pattern");
	n = mk(p, N_BINDING, cur_start(p));
	name_bound(p, n, &p->lx.t, cls);
	next(p);
	done(p, n);
	declare(p, n->binding.name, cls, n->start, n->end);
	return n;
}

struct node *parse_binding_elem(struct parser *p, enum decl_class cls)
{
	uint32_t start = cur_start(p);
	struct node *n = parse_binding(p, cls);

	return parse_default(p, n, start);
}

/* ---- conversion ---- */

/* What the two conversions differ in: names are assigned, or declared. */
static struct node *convert(struct parser *p, struct node *n, bool param);

static NORETURN void bad_target(struct parser *p, const struct node *n, bool param)
{
	fail_node(p, n, param ? "this cannot be a parameter" : "this cannot be assigned to");
}

/* target or target = init. */
static struct node *convert_elem(struct parser *p, struct node *n, bool param)
{
	CHECK_DEPTH(p);
	if (n->kind == N_ASSIGN && !(n->flags & NF_PAREN) && n->op == O_NONE)
		n->kind = N_ASSIGN_PATTERN;
	if (n->kind != N_ASSIGN_PATTERN)
		return convert(p, n, param);
	n->assign_pattern.target = convert(p, n->assign_pattern.target, param);
	if (param) {
		n->flags |= NF_BINDING;
		p->fn->info->flags |= FI_PARAM_EXPRS;
	}
	return n;
}

/* ...target, which must be the last of its list. Object rests take names only
 * (or, assigned, other simple targets). */
static struct node *convert_rest(struct parser *p, struct node *n, bool param, bool last, bool object)
{
	if (!last || (n->flags & NF_TRAILING))
		fail_node(p, n, "a rest element must be the last, without a comma after it");
	n->kind = N_REST;
	if (param)
		n->flags |= NF_BINDING;
	n->rest.target = convert(p, n->rest.target, param);
	if (object && (n->rest.target->kind == N_ARRAY_PATTERN || n->rest.target->kind == N_OBJECT_PATTERN))
		fail_node(p, n->rest.target, "a pattern cannot follow '...' in an object pattern");
	return n;
}

static struct node *convert_array(struct parser *p, struct node *n, bool param)
{
	struct nlist *l = &n->array.elems;
	uint32_t i;

	n->kind = N_ARRAY_PATTERN;
	for (i = 0; i < l->n; i++) {
		struct node *e = l->v[i];

		if (e->kind == N_HOLE)
			continue;
		if (e->kind == N_SPREAD || e->kind == N_REST)
			convert_rest(p, e, param, i + 1 == l->n, false);
		else
			l->v[i] = convert_elem(p, e, param);
	}
	return n;
}

static struct node *convert_object(struct parser *p, struct node *n, bool param)
{
	struct nlist *l = &n->object.props;
	uint32_t i;

	n->kind = N_OBJECT_PATTERN;
	for (i = 0; i < l->n; i++) {
		struct node *e = l->v[i];

		if (e->kind == N_SPREAD || e->kind == N_REST) {
			convert_rest(p, e, param, i + 1 == l->n, true);
			continue;
		}
		if (e->kind == N_PROP && e->op != PROP_INIT && e->op != PROP_SHORTHAND && e->op != PROP_PROTO)
			bad_target(p, e, param);
		e->kind = N_PROP_PATTERN;
		e->op = 0;
		if (param) {
			e->flags |= NF_BINDING;
			if (e->flags & NF_COMPUTED)
				p->fn->info->flags |= FI_PARAM_EXPRS;
		}
		e->prop_pattern.value = convert_elem(p, e->prop_pattern.value, param);
	}
	return n;
}

static struct node *convert_name(struct parser *p, struct node *n, bool param)
{
	check_bound_name(p, n->ident.name, n->start, n->end);
	if (!param)
		return n;
	n->kind = N_BINDING;
	declare(p, n->ident.name, DECL_PARAM, n->start, n->end);
	return n;
}

static struct node *convert(struct parser *p, struct node *n, bool param)
{
	if (param && (n->flags & NF_PAREN))
		fail_node(p, n, "parentheses are not allowed around a parameter");
	switch (n->kind) {
	case N_IDENT:
		return convert_name(p, n, param);
	case N_MEMBER: case N_INDEX: case N_PRIVATE_MEMBER: case N_SUPER_MEMBER: case N_SUPER_INDEX:
		if (param)
			bad_target(p, n, param);
		return n;
	case N_ARRAY_PATTERN: case N_OBJECT_PATTERN:
		/* Converted as an assignment's left side before. */
		if (!param)
			return n;
		n->flags |= NF_BINDING;
		break;
	case N_ARRAY: case N_OBJECT:
		if (n->flags & NF_PAREN)
			fail_node(p, n, "parentheses are not allowed around a pattern");
		if (param)
			n->flags |= NF_BINDING;
		break;
	default:
		bad_target(p, n, param);
	}
	if (n->kind == N_ARRAY || n->kind == N_ARRAY_PATTERN)
		return convert_array(p, n, param);
	return convert_object(p, n, param);
}

struct node *to_target(struct parser *p, struct node *n)
{
	return convert(p, n, false);
}

struct node *to_param(struct parser *p, struct node *n)
{
	if (n->kind == N_SPREAD) {
		/* parse_arrow has seen to it that this is the last one. */
		return convert_rest(p, n, true, true, false);
	}
	return convert_elem(p, n, true);
}

void check_simple_target(struct parser *p, struct node *n, const char *what)
{
	switch (n->kind) {
	case N_IDENT:
		check_bound_name(p, n->ident.name, n->start, n->end);
		return;
	case N_MEMBER: case N_INDEX: case N_PRIVATE_MEMBER: case N_SUPER_MEMBER: case N_SUPER_INDEX:
		return;
	default:
		fail_at(p, n->start, n->end, "%s must be a variable or a property", what);
	}
}
