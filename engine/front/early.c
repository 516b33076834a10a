/* early.c: the early errors that need to know names: declarations and their
 * conflicts (14.2.1, 16.1.1, Annex B.3), reserved words by context (13.1.1),
 * `arguments`, and private names (15.7.1). Called by the productions while they
 * parse; keeps one chain of open declarations per name in name->scratch, so
 * each check costs a step or two. */
#include "engine/front/parser.h"

#include <string.h>

/* ---- scopes ---- */

void scope_push(struct parser *p, struct scope *s, enum scope_kind k, uint32_t start)
{
	s->up = p->scope;
	s->fn = p->fn;
	s->decls = NULL;
	s->hoists = NULL;
	s->spaces = NULL;
	s->start = start;
	s->kind = (uint8_t)k;
	s->cases = false;
	p->scope = s;
}

static bool is_top(const struct scope *s)
{
	return s->kind <= SCOPE_SCRIPT;
}

/* Decides about block functions that leave scope s outwards (B.3.2.1: becoming
 * a var must not be an early error). Before s's declarations are unlinked. */
static void hoist_out(struct scope *s)
{
	struct hoist *h, *next;

	for (h = s->hoists; h != NULL; h = next) {
		struct name *n = h->decl->func_decl.func->func.id->binding.name;
		struct decl *d = n->scratch;

		next = h->next;
		if (h->inner && d != NULL && d->scope == s &&
		    d->cls != DECL_CATCH && d->cls != DECL_VARLIKE)
			continue;
		if (is_top(s)) {
			h->decl->flags |= NF_ANNEX_B;
			continue;
		}
		h->inner = true;
		h->next = s->up->hoists;
		s->up->hoists = h;
	}
}

void scope_pop(struct parser *p)
{
	struct scope *s = p->scope;
	struct decl *d;

	hoist_out(s);
	for (d = s->decls; d != NULL; d = d->next)
		d->name->scratch = d->outer;
	p->scope = s->up;
}

static NORETURN void redeclared(struct parser *p, struct name *n, uint32_t start, uint32_t end)
{
	fail_at(p, start, end, "'%.100s' is already declared in this scope", n->text);
}

/* Links a new declaration of s into the chain at *at. */
static struct decl *add(struct parser *p, struct scope *s, struct name *n, enum decl_class cls)
{
	struct decl *d = ARENA_NEW(&p->ast->arena, struct decl);

	d->scope = s;
	d->name = n;
	d->cls = (uint8_t)cls;
	d->next = s->decls;
	s->decls = d;
	return d;
}

static void declare_var(struct parser *p, struct name *n, uint32_t start, uint32_t end)
{
	struct scope *top = p->fn->top;
	struct decl *d = n->scratch, *inner = NULL;

	for (; d != NULL && d->scope->fn == p->fn && d->scope != top; inner = d, d = d->outer)
		if (d->cls != DECL_CATCH)
			redeclared(p, n, start, end);
	if (d == NULL || d->scope != top) {
		struct decl *fresh = add(p, top, n, DECL_VARLIKE);

		fresh->outer = d;
		if (inner != NULL)
			inner->outer = fresh;
		else
			n->scratch = fresh;
		d = fresh;
	} else if (d->cls == DECL_LEXICAL) {
		redeclared(p, n, start, end);
	}
	d->var_pos = start + 1;
}

static void declare_param(struct parser *p, struct name *n, uint32_t start, uint32_t end)
{
	struct decl *d = n->scratch;

	if (d != NULL && d->scope == p->scope) {
		if (!(p->fn->info->flags & FI_DUP_PARAMS)) {
			p->fn->dup_start = start;
			p->fn->dup_end = end;
		}
		p->fn->info->flags |= FI_DUP_PARAMS;
		return;
	}
	d = add(p, p->scope, n, DECL_PARAM);
	d->outer = n->scratch;
	n->scratch = d;
}

static void declare_lexical(struct parser *p, struct name *n, enum decl_class cls, uint32_t start, uint32_t end)
{
	struct scope *s = p->scope;
	struct decl *d = n->scratch, *v;

	if (d != NULL && d->scope == s) {
		if (cls == DECL_BLOCK_FUNC && d->cls == DECL_BLOCK_FUNC)
			return;
		redeclared(p, n, start, end);
	}
	if (d != NULL && s->kind == SCOPE_BLOCK && d->scope == s->up && s->up->kind == SCOPE_CATCH)
		redeclared(p, n, start, end);
	/* A var of that name seen since s began lies inside s. */
	for (v = d; v != NULL && v->scope->fn == s->fn; v = v->outer)
		if (v->scope == s->fn->top && v->var_pos > s->start)
			redeclared(p, n, start, end);
	d = add(p, s, n, cls);
	d->outer = n->scratch;
	n->scratch = d;
}

void declare(struct parser *p, struct name *n, enum decl_class cls, uint32_t start, uint32_t end)
{
	if (p->ambient != 0) {
		if (cls != DECL_PARAM)
			n->flags |= NAME_TYPE;
		return;
	}
	if (n->id == WK_comptime)
		p->ast->own_comptime = true;
	if (n->id == WK_h || n->id == WK_Fragment)
		p->ast->own_h = true;
	if (cls == DECL_SPACE)
		declare_in_space(p, n);
	else if (cls == DECL_VARLIKE)
		declare_var(p, n, start, end);
	else if (cls == DECL_PARAM)
		declare_param(p, n, start, end);
	else
		declare_lexical(p, n, cls, start, end);
}

void declare_function(struct parser *p, struct node *decl, bool plain)
{
	struct node *id = decl->func_decl.func->func.id;
	struct name *n = id->binding.name;
	struct hoist *h;

	if (p->ambient != 0) {
		n->flags |= NAME_TYPE;
		return;
	}
	if (is_top(p->scope)) {
		declare(p, n, p->scope->kind == SCOPE_MODULE ? DECL_LEXICAL : DECL_VARLIKE, id->start, id->end);
		return;
	}
	plain = plain && !p->strict;
	declare(p, n, plain ? DECL_BLOCK_FUNC : DECL_LEXICAL, id->start, id->end);
	if (!plain)
		return;
	h = ARENA_NEW(&p->ast->arena, struct hoist);
	h->decl = decl;
	h->next = p->scope->hoists;
	p->scope->hoists = h;
}

bool declared_at_top(struct parser *p, struct name *n)
{
	struct decl *d = n->scratch;

	return d != NULL && d->scope == p->fn->top;
}

/* ---- reserved words by context ---- */

static bool strict_reserved(enum tok k)
{
	return k >= T_YIELD && k <= T_PUBLIC;
}

void check_identifier(struct parser *p, const struct token *t)
{
	enum tok k = t->kind;

	if (k == T_IDENT)
		k = t->name->keyword ? t->name->keyword : T_IDENT;
	if (k == T_IDENT)
		return;
	if (k == T_ESC_RESERVED)
		fail_at(p, t->start, t->end, "the reserved word '%.100s' cannot be written with escapes", t->name->text);
	if (k < T_IDENT)
		fail_at(p, t->start, t->end, "unexpected keyword '%.100s', expected an identifier", tok_text(k));
	if (k == T_YIELD && p->fn->yield_expr)
		fail_at(p, t->start, t->end, "'yield' cannot be an identifier in a generator");
	if (k == T_AWAIT) {
		if (p->fn->await_expr || p->fn->await_reserved)
			fail_at(p, t->start, t->end, "'await' cannot be an identifier in %s",
			    p->module && !(p->fn->info->flags & FI_ASYNC) ? "a module" :
			    p->fn->await_expr ? "an async function" : "a class static block");
		p->saw_await = true;
		p->fn->await_name_pos = t->start + 1;
	}
	if (p->strict && strict_reserved(k))
		fail_at(p, t->start, t->end, "'%.100s' is reserved in strict mode", t->name->text);
}

void check_bound_name(struct parser *p, struct name *n, uint32_t start, uint32_t end)
{
	if (!p->strict || p->ambient != 0)
		return;
	if (n->id == WK_eval || n->id == WK_arguments)
		fail_at(p, start, end, "'%s' cannot be bound or assigned in strict mode", n->text);
	if (strict_reserved(n->keyword))
		fail_at(p, start, end, "'%s' is reserved in strict mode", n->text);
}

void note_use(struct parser *p, unsigned flags)
{
	p->fn->info->flags |= flags;
}

void note_arguments(struct parser *p, const struct token *t)
{
	if (p->fn->no_arguments)
		fail_at(p, t->start, t->end,
		    "'arguments' is not allowed in class field initialisers and static blocks");
	note_use(p, FI_USES_ARGUMENTS);
}

struct label *label_find(struct fn_state *f, struct name *n)
{
	struct label *l;

	for (l = f->labels; l != NULL && l->name != n; l = l->up)
		;
	return l;
}

/* ---- private names ---- */

void class_push(struct parser *p, struct class_state *c)
{
	memset(c, 0, sizeof(*c));
	c->up = p->cls;
	p->cls = c;
}

void private_declare(struct parser *p, const struct member_head *h)
{
	struct name *n = h->word.raw;
	struct private_decl *d = n->scratch;
	uint8_t have = h->kind == PROP_GET ? 1 : h->kind == PROP_SET ? 2 : 3;

	if (h->word.name->id == WK_constructor)
		fail_at(p, h->word.start, h->word.end, "a class element cannot be named #constructor");
	if (d != NULL && d->cls == p->cls) {
		if ((d->have & have) || d->is_static != h->is_static)
			fail_at(p, h->word.start, h->word.end, "the private name %.100s is already declared in this class", n->text);
		d->have |= have;
		return;
	}
	d = ARENA_NEW(&p->ast->arena, struct private_decl);
	d->outer = n->scratch;
	d->cls = p->cls;
	d->name = n;
	d->have = have;
	d->is_static = h->is_static;
	d->next = p->cls->decls;
	p->cls->decls = d;
	n->scratch = d;
}

static NORETURN void undeclared_private(struct parser *p, const struct name *n, uint32_t start, uint32_t end)
{
	fail_at(p, start, end, "the private name %.100s is not declared in an enclosing class", n->text);
}

/* Does the environment of a direct eval declare it? n is "#x". */
static bool private_outside(const struct parser *p, const struct name *n)
{
	struct sv s = { n->text + 1, n->len - 1u };
	size_t i;

	if (p->o->flags & PARSE_ALLOW_UNDECLARED_PRIVATE)
		return true;
	for (i = 0; i < p->o->nprivate_names; i++)
		if (sv_eq(p->o->private_names[i], s))
			return true;
	return false;
}

void private_use(struct parser *p, const struct token *t)
{
	struct private_use *u;

	if (p->cls == NULL) {
		if (!private_outside(p, t->raw))
			undeclared_private(p, t->raw, t->start, t->end);
		return;
	}
	u = ARENA_NEW(&p->ast->arena, struct private_use);
	u->name = t->raw;
	u->start = t->start;
	u->end = t->end;
	u->next = p->cls->uses;
	p->cls->uses = u;
}

void class_pop(struct parser *p, struct class_state *c)
{
	struct private_use *u, *next, *first = NULL;
	struct private_decl *d;

	for (u = c->uses; u != NULL; u = next) {
		next = u->next;
		d = u->name->scratch;
		if (d != NULL && d->cls == c)
			continue;
		if (c->up != NULL) {
			u->next = c->up->uses;
			c->up->uses = u;
		} else if (!private_outside(p, u->name)) {
			first = u; /* the list runs backwards: the last found is the first in the text */
		}
	}
	if (first != NULL)
		undeclared_private(p, first->name, first->start, first->end);
	for (d = c->decls; d != NULL; d = d->next)
		d->name->scratch = d->outer;
	p->cls = c->up;
}
