/* module.c: the records of a module's image (16.2.1.7): requests, imports,
 * exports and the names of its environment's slots. */
#include "engine/gen/fn.h"

#define ABSENT UINT32_MAX

static uint32_t str(struct gen *g, struct name *n) { return n ? gen_str(g, n) : ABSENT; }

static void request(struct gen *g, struct name *source)
{
	uint32_t s = gen_str(g, source);

	if (g->info[s].mark == g->marks)
		return;
	g->info[s].mark = g->marks;
	g->im->requests[g->im->nrequests++] = s;
}

static struct name *source_of(const struct node *n)
{
	switch (n->kind) {
	case N_IMPORT: return n->import.source;
	case N_EXPORT_NAMED: return n->export_named.source;
	case N_EXPORT_ALL: return n->export_all.source;
	default: return NULL;
	}
}

static void add(struct gen *g, struct image_export e)
{
	g->im->exports[g->im->nexports++] = e;
}

static void export_var(struct gen *g, struct name *name, const struct var *v)
{
	if (v->kind == VAR_IMPORT) {       /* of what is imported: a re-export */
		const struct import_binding *b = &g->scopes->imports[v->slot];
		add(g, (struct image_export){ gen_str(g, name), ABSENT, gen_str(g, b->source), str(g, b->name), 0 });
	} else
		add(g, (struct image_export){ gen_str(g, name), gen_str(g, v->name), ABSENT, ABSENT, v->slot });
}

static void export_names(struct gen *g, const struct node *n)
{
	switch (n->kind) {
	case N_BINDING: export_var(g, n->binding.name, n->binding.ref); break;
	case N_VAR:
		for (uint32_t i = 0; i < n->var.decls.n; i++)
			export_names(g, n->var.decls.v[i]->declarator.target);
		break;
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			export_names(g, n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			export_names(g, n->object_pattern.props.v[i]);
		break;
	case N_PROP_PATTERN: export_names(g, n->prop_pattern.value); break;
	case N_ASSIGN_PATTERN: export_names(g, n->assign_pattern.target); break;
	case N_REST: export_names(g, n->rest.target); break;
	case N_FUNC_DECL: export_names(g, n->func_decl.func->func.id); break;
	case N_CLASS_DECL:
		export_var(g, n->class_decl.cls->class_.id->binding.name, g->scopes->vars[n->mark - 1]);
		break;
	default: break;
	}
}

static void export_default(struct gen *g, const struct node *n)
{
	const struct node *v = n->export_default.value;
	struct name *name = g->ast->names.known[WK_default_];

	if (v->kind == N_FUNC_DECL)
		export_var(g, name, v->func_decl.func->func.id->binding.ref);
	else if (v->kind == N_CLASS_DECL)
		export_var(g, name, g->scopes->vars[v->mark - 1]);
	else
		export_var(g, name, g->scopes->vars[n->mark - 1]);
}

static void export_list(struct gen *g, const struct node *n)
{
	for (uint32_t i = 0; i < n->export_named.specs.n; i++) {
		const struct node *s = n->export_named.specs.v[i];
		if (n->export_named.source)
			add(g, (struct image_export){ gen_str(g, s->export_spec.exported), ABSENT,
				gen_str(g, n->export_named.source), gen_str(g, s->export_spec.local), 0 });
		else if (s->mark)
			export_var(g, s->export_spec.exported, g->scopes->vars[s->mark - 1]);
	}
}

static uint32_t count_exports(const struct node *n)
{
	uint32_t count = 0;

	switch (n->kind) {
	case N_EXPORT_NAMED: return n->export_named.specs.n;
	case N_EXPORT_DECL: return count_exports(n->export_decl.decl);
	case N_VAR:
		for (uint32_t i = 0; i < n->var.decls.n; i++)
			count += count_exports(n->var.decls.v[i]->declarator.target);
		return count;
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			count += count_exports(n->array_pattern.elems.v[i]);
		return count;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			count += count_exports(n->object_pattern.props.v[i]);
		return count;
	case N_PROP_PATTERN: return count_exports(n->prop_pattern.value);
	case N_ASSIGN_PATTERN: return count_exports(n->assign_pattern.target);
	case N_REST: return count_exports(n->rest.target);
	default: return 1;
	}
}

static void export_of(struct gen *g, const struct node *n)
{
	switch (n->kind) {
	case N_EXPORT_NAMED: export_list(g, n); break;
	case N_EXPORT_DECL: export_names(g, n->export_decl.decl); break;
	case N_EXPORT_DEFAULT: export_default(g, n); break;
	case N_EXPORT_ALL:
		add(g, (struct image_export){ str(g, n->export_all.exported), ABSENT, gen_str(g, n->export_all.source),
			ABSENT, 0 });
		break;
	default: break;
	}
}

void module_records(struct gen *g)
{
	struct nlist body = g->ast->root->program.body;
	const struct scopes *s = g->scopes;
	const struct vscope *top = s->program->top;
	struct image *im = g->im;
	uint32_t n = 0;

	im->requests = arena_alloc(&im->mem, (body.n + 1) * sizeof *im->requests);
	g->marks++;
	for (uint32_t i = 0; i < body.n; i++) {
		if (source_of(body.v[i]))
			request(g, source_of(body.v[i]));
		n += count_exports(body.v[i]);
	}
	im->imports = arena_alloc(&im->mem, (s->nimports + 1) * sizeof *im->imports);
	for (uint32_t i = 0; i < s->nimports; i++)
		im->imports[im->nimports++] = (struct image_import){ gen_str(g, s->imports[i].source),
			str(g, s->imports[i].name), gen_str(g, s->imports[i].local) };
	im->exports = arena_alloc(&im->mem, (n + 1) * sizeof *im->exports);
	for (uint32_t i = 0; i < body.n; i++)
		export_of(g, body.v[i]);
	im->nenv = top->nslots;
	im->env_names = arena_alloc(&im->mem, (top->nslots + 1) * sizeof *im->env_names);
	for (const struct var *v = top->vars; v; v = v->next)
		if (v->loc == LOC_ENV)
			im->env_names[v->slot] = gen_str(g, v->name ? v->name : g->ast->names.known[WK_empty]);
}
