/* module.c: the records of a module's image (16.2.1.7): requests, imports,
 * exports and the names of its environment's slots; import() and import.meta. */
#include "engine/gen/fn.h"

#define ABSENT UINT32_MAX

static uint32_t str(struct gen *g, struct name *n) { return n ? gen_str(g, n) : ABSENT; }

/* What an IMPORT, EXPORT_NAMED or EXPORT_ALL asks for; name NULL: nothing. */
struct source { struct name *name; struct nlist attrs; uint32_t start, end; };

static struct source source_of(const struct node *n)
{
	switch (n->kind) {
	case N_IMPORT:
		return (struct source){ n->import.source, n->import.attrs, n->import.src_start, n->import.src_end };
	case N_EXPORT_NAMED:
		return (struct source){ n->export_named.source, n->export_named.attrs, n->export_named.src_start,
			n->export_named.src_end };
	case N_EXPORT_ALL:
		return (struct source){ n->export_all.source, n->export_all.attrs, n->export_all.src_start,
			n->export_all.src_end };
	default:
		return (struct source){ .name = NULL };
	}
}

/* Only `type` is known (16.2.1.9 HostGetSupportedImportAttributes). */
static uint32_t type_of(struct gen *g, struct nlist attrs)
{
	uint32_t type = ABSENT;

	for (uint32_t i = 0; i < attrs.n; i++) {
		const struct node *a = attrs.v[i];
		const struct name *k = a->import_attr.name;

		if (k->len == 4 && memcmp(k->text, "type", 4) == 0)
			type = gen_str(g, a->import_attr.value);
		else
			gen_fail(g, a->start, a->end, "this import attribute is not supported (only `type` is)");
	}
	return type;
}

/* The index of the request; equal ones are one. */
static uint32_t request(struct gen *g, const struct node *n)
{
	struct image *im = g->im;
	struct source src = source_of(n);
	uint32_t s = gen_str(g, src.name), type = type_of(g, src.attrs);

	for (uint32_t i = 0; g->info[s].mark == g->marks && i < im->nrequests; i++)
		if (im->requests[i].specifier == s && im->requests[i].type == type)
			return i;
	g->info[s].mark = g->marks;
	im->requests[im->nrequests] = (struct image_request){ s, type, src.start, src.end };
	return im->nrequests++;
}

static void add(struct gen *g, struct image_export e)
{
	g->im->exports[g->im->nexports++] = e;
}

static void export_var(struct gen *g, struct name *name, const struct var *v, const struct node *at)
{
	if (v->kind == VAR_IMPORT) {       /* of what is imported: a re-export */
		const struct import_binding *b = &g->scopes->imports[v->slot];
		add(g, (struct image_export){ gen_str(g, name), ABSENT, request(g, b->decl), str(g, b->name), 0,
			at->start, at->end });
	} else
		add(g, (struct image_export){ gen_str(g, name), gen_str(g, v->name), ABSENT, ABSENT, v->slot,
			at->start, at->end });
}

static void export_names(struct gen *g, const struct node *n)
{
	switch (n->kind) {
	case N_BINDING: export_var(g, n->binding.name, n->binding.ref, n); break;
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
		export_var(g, n->class_decl.cls->class_.id->binding.name, g->scopes->vars[n->mark - 1], n);
		break;
	default: break;
	}
}

static void export_default(struct gen *g, const struct node *n)
{
	const struct node *v = n->export_default.value;
	struct name *name = g->ast->names.known[WK_default_];

	if (v->kind == N_FUNC_DECL)
		export_var(g, name, v->func_decl.func->func.id->binding.ref, n);
	else if (v->kind == N_CLASS_DECL)
		export_var(g, name, g->scopes->vars[v->mark - 1], n);
	else
		export_var(g, name, g->scopes->vars[n->mark - 1], n);
}

static void export_list(struct gen *g, const struct node *n)
{
	for (uint32_t i = 0; i < n->export_named.specs.n; i++) {
		const struct node *s = n->export_named.specs.v[i];
		if (n->export_named.source)
			add(g, (struct image_export){ gen_str(g, s->export_spec.exported), ABSENT,
				request(g, n), gen_str(g, s->export_spec.local), 0, s->start, s->end });
		else if (s->mark)
			export_var(g, s->export_spec.exported, g->scopes->vars[s->mark - 1], s);
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
		add(g, (struct image_export){ str(g, n->export_all.exported), ABSENT, request(g, n), ABSENT, 0,
			n->start, n->end });
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
		if (source_of(body.v[i]).name)
			request(g, body.v[i]);
		n += count_exports(body.v[i]);
	}
	im->imports = arena_alloc(&im->mem, (s->nimports + 1) * sizeof *im->imports);
	for (uint32_t i = 0; i < s->nimports; i++) {
		const struct import_binding *b = &s->imports[i];
		im->imports[im->nimports++] = (struct image_import){ request(g, b->decl), str(g, b->name),
			gen_str(g, b->local), b->spec->start, b->spec->end };
	}
	im->exports = arena_alloc(&im->mem, (n + 1) * sizeof *im->exports);
	for (uint32_t i = 0; i < body.n; i++)
		export_of(g, body.v[i]);
	im->nenv = top->nslots;
	im->env_names = arena_alloc(&im->mem, (top->nslots + 1) * sizeof *im->env_names);
	for (const struct var *v = top->vars; v; v = v->next)
		if (v->loc == LOC_ENV)
			im->env_names[v->slot] = gen_str(g, v->name ? v->name : g->ast->names.known[WK_empty]);
}

/* ---- import() and import.meta (13.3.10, 13.3.12) ---- */

int gen_import_call(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, r = emit_alloc(f, 2);

	gen_expr(f, n->import_call.specifier, r);
	if (n->import_call.options)
		gen_expr(f, n->import_call.options, r + 1);
	else
		emit(f, OP_LDUNDEF, (uint32_t)r + 1, 0, 0);
	emit_at(f, n->start);
	emit(f, OP_IMPORT, (uint32_t)(dst >= 0 ? dst : r), (uint32_t)r, (uint32_t)r + 1);
	f->top = dst >= 0 ? top : r + 1;
	return dst >= 0 ? dst : r;
}

int gen_import_meta(struct gfn *f, struct node *n, int dst)
{
	int r = dst >= 0 ? dst : emit_alloc(f, 1);

	emit_at(f, n->start);
	emit(f, OP_META, (uint32_t)r, 0, 0);
	return r;
}
