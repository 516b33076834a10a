/* parse_class.c: classes (15.7): heritage, elements, and the rules about their
 * names. Private names are resolved by early.c. */
#include "engine/front/parser.h"

/* Is the element's name the given one, written without brackets or #? */
static bool is_named(const struct member_head *h, enum well_known id)
{
	return !h->computed && h->key->kind == N_KEY && h->key->key.name->id == id;
}

static NORETURN void bad_element(struct parser *p, const struct member_head *h, const char *msg)
{
	fail_at(p, h->word.start, h->word.end, "%s", msg);
}

static bool at_params(const struct parser *p)
{
	return cur(p) == T_LPAREN || (p->ts && cur(p) == T_LT);
}

static unsigned static_flag(const struct member_head *h)
{
	return h->is_static ? FI_STATIC : 0;
}

/* What leaves nothing behind: kept apart from the elements. */
static void erased(struct parser *p, const struct member_head *h, enum type_member op, struct node *sig,
	struct node *type, uint32_t start)
{
	struct node *n = mk(p, N_T_MEMBER, start);

	n->op = op;
	n->t_member.key = h->key;
	n->t_member.sig = sig;
	n->t_member.type = type;
	n->flags |= (h->is_static ? TY_STATIC : 0) | (h->computed ? TY_COMPUTED : 0);
	ts_item(p, &p->cls->members, done(p, n));
}

static struct node *method(struct parser *p, struct member_head *h, uint32_t start)
{
	struct node *n = mk(p, N_METHOD, start);
	enum func_kind k = h->kind == PROP_GET ? FUNC_GETTER : h->kind == PROP_SET ? FUNC_SETTER : FUNC_METHOD;

	if (h->is_static && is_named(h, WK_prototype))
		bad_element(p, h, "a static method cannot be named 'prototype'");
	if (!h->is_static && is_named(h, WK_constructor))
		bad_element(p, h, "the constructor cannot be a getter, setter, generator or async function");
	if (h->kind == PROP_INIT)
		h->kind = PROP_METHOD;
	if (h->word.kind == T_PRIVATE && !p->ts)
		private_declare(p, h);
	n->op = h->kind;
	n->method.key = h->key;
	n->method.func = parse_function_rest(p, h->start, NULL, k, h->flags | static_flag(h));
	if (n->method.func->kind == N_TS_FUNC) {
		erased(p, h, k == FUNC_GETTER ? TM_GET : k == FUNC_SETTER ? TM_SET : TM_METHOD,
		    n->method.func->ts_func.sig, NULL, start);
		return NULL;
	}
	if (h->word.kind == T_PRIVATE && p->ts)
		private_declare(p, h);
	return done(p, n);
}

static struct node *field(struct parser *p, const struct member_head *h, const struct ts_mods *m, uint32_t start)
{
	struct node *n = mk(p, N_FIELD, start);

	if (h->kind != PROP_INIT)
		unexpected(p, "'('");
	if (is_named(h, WK_constructor))
		bad_element(p, h, "a field cannot be named 'constructor'");
	if (h->is_static && is_named(h, WK_prototype))
		bad_element(p, h, "a static field cannot be named 'prototype'");
	if (h->word.kind == T_PRIVATE && !m->erased && !m->accessor)
		private_declare(p, h);
	n->field.key = h->key;
	if (p->ts && cur(p) == T_COLON)
		n->field.type = parse_annotation(p);
	if (accept(p, T_ASSIGN))
		n->field.init = parse_field_init(p, h->is_static);
	semicolon(p);
	if (m->erased) {
		erased(p, h, TM_PROP, NULL, n->field.type, start);
		return NULL;
	}
	if (m->accessor) {
		lower_accessor(p, h, n->field.init, start);
		return NULL;
	}
	return done(p, n);
}

static struct node *constructor(struct parser *p, struct node *cls, const struct member_head *h, uint32_t start)
{
	struct node *fn = parse_function_rest(p, h->start, NULL,
	    cls->class_.heritage != NULL ? FUNC_DERIVED_CTOR : FUNC_CTOR, 0);

	if (fn->kind == N_TS_FUNC) {
		erased(p, h, TM_METHOD, fn->ts_func.sig, NULL, start);
		return NULL;
	}
	if (cls->class_.ctor != NULL)
		bad_element(p, h, "a class has only one constructor");
	cls->class_.ctor = fn;
	return NULL;
}

/* One element; NULL for the constructor, which goes to cls->ctor, and for what
 * has been put elsewhere. */
static struct node *element(struct parser *p, struct node *cls)
{
	uint32_t start = cur_start(p);
	struct ts_mods mods = { .erased = false };
	struct member_head h;
	struct node *n;

	if (cur(p) == T_AT)
		fail_at(p, start, p->lx.t.end, "decorators are not supported");
	if (p->ts && parse_ts_member(p, &mods))
		return NULL;
	parse_member_head(p, &h, true);
	h.is_static = h.is_static || mods.is_static;
	if (h.static_block) {
		n = mk(p, N_STATIC_BLOCK, start);
		n->static_block.func = parse_static_block(p, start);
		return done(p, n);
	}
	if (p->ts && (cur(p) == T_QUESTION || (cur(p) == T_NOT && !cur_nl(p))))
		next(p);
	if (at_params(p) && !h.is_static && h.kind == PROP_INIT && is_named(&h, WK_constructor))
		return constructor(p, cls, &h, start);
	n = at_params(p) ? method(p, &h, start) : field(p, &h, &mods, start);
	if (n != NULL)
		n->flags |= (h.is_static ? NF_STATIC : 0) | (h.computed ? NF_COMPUTED : 0);
	return n;
}

/* Only TypeScript: what is said of the class beyond its run-time parts. */
static void class_types(struct parser *p, struct node *n, struct node *tparams, struct node *args, struct nlist implements)
{
	struct node *t;

	if (tparams == NULL && args == NULL && implements.n == 0 && p->cls->members == NULL)
		return;
	t = mk(p, N_TS_CLASS, n->start);
	t->ts_class.tparams = tparams;
	t->ts_class.args = args;
	t->ts_class.implements = implements;
	t->ts_class.members = ts_list(p, p->cls->members);
	n->class_.ts = done(p, t);
}

static struct nlist implements_list(struct parser *p)
{
	uint32_t base = p->nstack;

	if (p->ts && accept(p, T_IMPLEMENTS))
		do
			push(p, parse_type_name(p));
		while (accept(p, T_COMMA));
	return take(p, base);
}

struct node *parse_class(struct parser *p, bool is_decl, bool default_ok)
{
	struct node *n = mk(p, N_CLASS, cur_start(p)), *e, *tparams = NULL, *args = NULL;
	struct nlist implements;
	bool strict = p->strict, no_in = p->no_in;
	uint32_t base = p->nstack;
	struct class_state c;

	CHECK_DEPTH(p);
	next(p);
	p->strict = true;
	p->no_in = false;
	if ((tok_is_ident(cur(p)) && !(p->ts && cur(p) == T_IMPLEMENTS)) || cur(p) == T_ESC_RESERVED)
		n->class_.id = parse_binding_ident(p);
	else if (is_decl && !default_ok)
		unexpected(p, "the name of the class");
	if (is_decl && n->class_.id != NULL)
		declare(p, n->class_.id->binding.name, DECL_LEXICAL, n->class_.id->start, n->class_.id->end);
	if (p->ts && cur(p) == T_LT)
		tparams = parse_type_params(p);
	if (accept(p, T_EXTENDS)) {
		n->class_.heritage = parse_lhs(p);
		if (p->ts && (cur(p) == T_LT || cur(p) == T_SHL))
			args = parse_type_args(p);
	}
	implements = implements_list(p);
	class_push(p, &c);
	if (cur(p) != T_LBRACE)
		unexpected(p, "'{' before the class body");
	next(p);
	while (cur(p) != T_RBRACE) {
		if (accept(p, T_SEMI))
			continue;
		e = element(p, n);
		if (e != NULL)
			push(p, e);
	}
	next(p);
	n->class_.elements = take(p, base);
	if (c.props != NULL)
		n->class_.elements = lower_prop_fields(p, c.props, n->class_.elements);
	if (p->ts)
		class_types(p, n, tparams, args, implements);
	class_pop(p, &c);
	p->strict = strict;
	p->no_in = no_in;
	return done(p, n);
}
