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

static unsigned static_flag(const struct member_head *h)
{
	return h->is_static ? FI_STATIC : 0;
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
	if (h->word.kind == T_PRIVATE)
		private_declare(p, h);
	n->op = h->kind;
	n->method.key = h->key;
	n->method.func = parse_function_rest(p, h->start, NULL, k, h->flags | static_flag(h));
	return done(p, n);
}

static struct node *field(struct parser *p, const struct member_head *h, uint32_t start)
{
	struct node *n = mk(p, N_FIELD, start);

	if (h->kind != PROP_INIT)
		unexpected(p, "'('");
	if (is_named(h, WK_constructor))
		bad_element(p, h, "a field cannot be named 'constructor'");
	if (h->is_static && is_named(h, WK_prototype))
		bad_element(p, h, "a static field cannot be named 'prototype'");
	if (h->word.kind == T_PRIVATE)
		private_declare(p, h);
	n->field.key = h->key;
	if (accept(p, T_ASSIGN))
		n->field.init = parse_field_init(p, h->is_static);
	semicolon(p);
	return done(p, n);
}

/* One element; NULL for the constructor, which goes to cls->ctor. */
static struct node *element(struct parser *p, struct node *cls)
{
	uint32_t start = cur_start(p);
	struct member_head h;
	struct node *n;

	if (cur(p) == T_AT)
		fail_at(p, start, p->lx.t.end, "decorators are not supported");
	parse_member_head(p, &h, true);
	if (h.static_block) {
		n = mk(p, N_STATIC_BLOCK, start);
		n->static_block.func = parse_static_block(p, start);
		return done(p, n);
	}
	if (cur(p) == T_LPAREN && !h.is_static && h.kind == PROP_INIT && is_named(&h, WK_constructor)) {
		if (cls->class_.ctor != NULL)
			bad_element(p, &h, "a class has only one constructor");
		cls->class_.ctor = parse_function_rest(p, h.start, NULL,
		    cls->class_.heritage != NULL ? FUNC_DERIVED_CTOR : FUNC_CTOR, 0);
		return NULL;
	}
	n = cur(p) == T_LPAREN ? method(p, &h, start) : field(p, &h, start);
	n->flags |= (h.is_static ? NF_STATIC : 0) | (h.computed ? NF_COMPUTED : 0);
	return n;
}

struct node *parse_class(struct parser *p, bool is_decl, bool default_ok)
{
	struct node *n = mk(p, N_CLASS, cur_start(p)), *e;
	bool strict = p->strict, no_in = p->no_in;
	uint32_t base = p->nstack;
	struct class_state c;

	CHECK_DEPTH(p);
	next(p);
	p->strict = true;
	p->no_in = false;
	if (tok_is_ident(cur(p)) || cur(p) == T_ESC_RESERVED)
		n->class_.id = parse_binding_ident(p);
	else if (is_decl && !default_ok)
		unexpected(p, "the name of the class");
	if (is_decl && n->class_.id != NULL)
		declare(p, n->class_.id->binding.name, DECL_LEXICAL, n->class_.id->start, n->class_.id->end);
	if (accept(p, T_EXTENDS))
		n->class_.heritage = parse_lhs(p);
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
	class_pop(p, &c);
	p->strict = strict;
	p->no_in = no_in;
	return done(p, n);
}
