/* hoist.c: elements that are the same each time are constants of their module:
 * <li>text</li> inside of a function becomes a name, and `const NAME = h("li", null,
 * "text")` goes before the module's other statements. Elements cannot be changed, so
 * nobody can tell. Called by engine/gen before scope.c. */
#include <stdlib.h>

#include "base/buf.h"
#include "engine/front/parse.h"

struct place { struct node **slot; bool in_function; };

struct hoist {
	struct ast *ast;
	struct place *stack;
	uint32_t n, cap;
	bool in_function;            /* what is pushed */
	struct node **made;          /* VARs */
	uint32_t nmade, cap_made;
};

static bool is_constant(const struct node *n)
{
	uint32_t i;

	switch (n->kind) {
	case N_STRING: case N_NUMBER: case N_TRUE_: case N_FALSE_: case N_NULL_: return true;
	case N_IDENT: return n->ident.name->id == WK_Fragment;
	case N_OBJECT:
		for (i = 0; i < n->object.props.n; i++) {
			const struct node *p = n->object.props.v[i];

			if (p->kind != N_PROP || p->op != PROP_INIT || (p->flags & NF_COMPUTED) || !is_constant(p->prop.value))
				return false;
		}
		return true;
	case N_CALL:
		if (!(n->flags & NF_ELEMENT) || (n->flags & NF_HAS_SPREAD))
			return false;
		for (i = 0; i < n->call.args.n; i++)
			if (!is_constant(n->call.args.v[i]))
				return false;
		return true;
	default: return false;
	}
}

static void look_later(struct node **slot, void *arg)
{
	struct hoist *h = arg;

	if ((*slot)->kind >= N_T_NAME)
		return;
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 64;
		h->stack = realloc(h->stack, h->cap * sizeof *h->stack);
		AN(h->stack);
	}
	h->stack[h->n++] = (struct place){ slot, h->in_function };
}

/* Nobody can write the name. The constant stands at offset 0: where it runs. */
static void hoist(struct hoist *h, struct node **slot)
{
	struct node *element = *slot, *ident, *b, *d, *v;
	struct buf text = BUF_INIT;
	struct name *name;

	buf_printf(&text, "element %u", h->nmade + 1);
	name = names_intern(&h->ast->names, text.p, text.len);
	buf_free(&text);
	b = node_new(h->ast, N_BINDING, 0, 0);
	b->binding.name = name;
	d = node_new(h->ast, N_DECLARATOR, 0, 0);
	d->declarator.target = b;
	d->declarator.init = element;
	v = node_new(h->ast, N_VAR, 0, 0);
	v->op = DECL_CONST;
	v->var.decls.n = 1;
	v->var.decls.v = arena_alloc(&h->ast->arena, sizeof(struct node *));
	v->var.decls.v[0] = d;
	if (h->nmade == h->cap_made) {
		h->cap_made = h->cap_made ? h->cap_made * 2 : 16;
		h->made = realloc(h->made, h->cap_made * sizeof(*h->made));
		AN(h->made);
	}
	h->made[h->nmade++] = v;
	ident = node_new(h->ast, N_IDENT, element->start, element->end);
	ident->ident.name = name;
	*slot = ident;
}

static void insert(struct hoist *h)
{
	struct nlist *body = &h->ast->root->program.body, l;
	uint32_t i = 0;

	l.n = body->n + h->nmade;
	l.v = arena_alloc(&h->ast->arena, l.n * sizeof(*l.v));
	for (; i < body->n && (body->v[i]->flags & NF_DIRECTIVE) && body->v[i]->kind == N_EXPR_STMT; i++)
		l.v[i] = body->v[i];
	memcpy(l.v + i, h->made, h->nmade * sizeof(*l.v));
	memcpy(l.v + i + h->nmade, body->v + i, (body->n - i) * sizeof(*l.v));
	*body = l;
}

void hoist_elements(struct ast *a)
{
	struct hoist h = { .ast = a };

	if (!a->elements || a->own_h || a->root->program.info->kind != FUNC_MODULE)
		return;
	node_each_child(a->root, look_later, &h);
	while (h.n) {
		struct place p = h.stack[--h.n];
		struct node *n = *p.slot;

		if (p.in_function && n->kind == N_CALL && is_constant(n)) {
			hoist(&h, p.slot);
			continue;
		}
		h.in_function = p.in_function || n->kind == N_FUNC;
		node_each_child(n, look_later, &h);
	}
	if (h.nmade)
		insert(&h);
	free(h.stack);
	free(h.made);
}
