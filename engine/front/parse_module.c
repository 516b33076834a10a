/* parse_module.c: import and export declarations (16.2) and the checks of a
 * module's export names. */
#include "engine/front/parser.h"

#include <stdlib.h>

/* ModuleExportName: any word, or a string without lone surrogates. */
static struct name *export_name(struct parser *p)
{
	struct name *n = p->lx.t.name;

	if (cur(p) == T_STRING) {
		if (n->flags & NAME_LONE)
			fail_at(p, cur_start(p), p->lx.t.end, "a string that names an export must be well-formed Unicode");
	} else if (!tok_is_word(cur(p))) {
		unexpected(p, "a name");
	}
	next(p);
	return n;
}

static struct name *module_source(struct parser *p, uint32_t *start, uint32_t *end)
{
	struct name *n = p->lx.t.name;

	if (cur(p) != T_STRING)
		unexpected(p, "the module's name as a string");
	*start = cur_start(p);
	*end = p->lx.t.end;
	string_node(p);
	return n;
}

/* with { type: "json" } */
static struct nlist attributes(struct parser *p)
{
	uint32_t base = p->nstack, i;
	struct node *n;

	if (cur(p) != T_WITH)
		return take(p, base);
	next(p);
	expect(p, T_LBRACE);
	while (cur(p) != T_RBRACE) {
		n = mk(p, N_IMPORT_ATTR, cur_start(p));
		if (!tok_is_word(cur(p)) && cur(p) != T_STRING)
			unexpected(p, "the name of an import attribute");
		n->import_attr.name = p->lx.t.name;
		for (i = base; i < p->nstack; i++)
			if (p->stack[i]->import_attr.name == n->import_attr.name)
				fail_at(p, cur_start(p), p->lx.t.end, "the import attribute '%.100s' is given twice",
				    n->import_attr.name->text);
		next(p);
		expect(p, T_COLON);
		if (cur(p) != T_STRING)
			unexpected(p, "a string as the attribute's value");
		n->import_attr.value = p->lx.t.name;
		next(p);
		push(p, done(p, n));
		if (cur(p) != T_RBRACE && !accept(p, T_COMMA))
			unexpected(p, "',' or '}' in the import attributes");
	}
	next(p);
	return take(p, base);
}

/* ---- import ---- */

static void import_binding(struct parser *p, enum import_kind k, struct name *imported, uint32_t start)
{
	struct node *n = mk(p, N_IMPORT_SPEC, start);

	n->op = k;
	n->import_spec.imported = imported;
	n->import_spec.local = parse_binding(p, DECL_LEXICAL);
	if (n->import_spec.local->kind != N_BINDING)
		fail_node(p, n->import_spec.local, "a pattern is not allowed here");
	push(p, done(p, n));
}

static void import_specifier(struct parser *p)
{
	struct token t = p->lx.t;
	struct name *imported = export_name(p);
	struct node *n;

	if (cur(p) == T_AS) {
		next(p);
		import_binding(p, IMPORT_NAMED, imported, t.start);
		return;
	}
	if (t.kind == T_STRING)
		unexpected(p, "'as'");
	check_identifier(p, &t);
	check_bound_name(p, t.name, t.start, t.end);
	declare(p, t.name, DECL_LEXICAL, t.start, t.end);
	n = node_new(p->ast, N_IMPORT_SPEC, t.start, t.end);
	n->op = IMPORT_NAMED;
	n->import_spec.imported = imported;
	n->import_spec.local = node_new(p->ast, N_BINDING, t.start, t.end);
	n->import_spec.local->binding.name = t.name;
	push(p, n);
}

static void import_clause(struct parser *p, struct nlist_item **types)
{
	uint32_t start = cur_start(p);

	if (tok_is_word(cur(p))) {
		import_binding(p, IMPORT_DEFAULT, NULL, start);
		if (!accept(p, T_COMMA))
			return;
	}
	start = cur_start(p);
	if (accept(p, T_MUL)) {
		if (!accept(p, T_AS))
			unexpected(p, "'as'");
		import_binding(p, IMPORT_NAMESPACE, NULL, start);
		return;
	}
	if (cur(p) != T_LBRACE)
		unexpected(p, "'{', '*' or a name after import");
	next(p);
	while (cur(p) != T_RBRACE) {
		if (accept_type_spec(p)) {
			p->ambient++;
			import_specifier(p);
			p->ambient--;
			ts_item(p, types, p->stack[--p->nstack]);
		} else {
			import_specifier(p);
		}
		if (cur(p) != T_RBRACE && !accept(p, T_COMMA))
			unexpected(p, "',' or '}' in the import");
	}
	next(p);
}

struct node *parse_import_decl(struct parser *p)
{
	struct node *n = mk(p, N_IMPORT, cur_start(p)), *special;

	next(p);
	special = p->ts ? parse_ts_import(p, n) : NULL;
	return special != NULL ? special : parse_import_rest(p, n);
}

struct node *parse_import_rest(struct parser *p, struct node *n)
{
	uint32_t base = p->nstack;
	struct nlist_item *types = NULL;

	if (cur(p) != T_STRING) {
		import_clause(p, &types);
		if (!accept(p, T_FROM))
			unexpected(p, "'from'");
	}
	n->import.specs = take(p, base);
	n->import.types = ts_list(p, types);
	n->import.source = module_source(p, &n->import.src_start, &n->import.src_end);
	n->import.attrs = attributes(p);
	semicolon(p);
	return done(p, n);
}

/* ---- export ---- */

static void note(struct parser *p, struct export_ref **list, struct name *n, uint32_t start, uint32_t end)
{
	struct export_ref *r;

	if (p->ambient != 0)
		return;
	r = ARENA_NEW(&p->ast->arena, struct export_ref);
	r->name = n;
	r->start = start;
	r->end = end;
	r->next = *list;
	*list = r;
}

/* The names that a declaration binds are exported. */
void export_bound(struct parser *p, const struct node *n)
{
	uint32_t i;

	switch (n->kind) {
	case N_BINDING:
		note(p, &p->exported, n->binding.name, n->start, n->end);
		break;
	case N_ASSIGN_PATTERN:
		export_bound(p, n->assign_pattern.target);
		break;
	case N_REST:
		export_bound(p, n->rest.target);
		break;
	case N_ARRAY_PATTERN:
		for (i = 0; i < n->array_pattern.elems.n; i++)
			export_bound(p, n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (i = 0; i < n->object_pattern.props.n; i++)
			export_bound(p, n->object_pattern.props.v[i]);
		break;
	case N_PROP_PATTERN:
		export_bound(p, n->prop_pattern.value);
		break;
	case N_VAR:
		for (i = 0; i < n->var.decls.n; i++)
			export_bound(p, n->var.decls.v[i]->declarator.target);
		break;
	case N_FUNC_DECL:
		export_bound(p, n->func_decl.func->func.id);
		break;
	case N_CLASS_DECL:
		export_bound(p, n->class_decl.cls->class_.id);
		break;
	default:
		break;
	}
}

/* A declaration, or NULL: at what follows `default`. */
static struct node *default_declaration(struct parser *p)
{
	uint32_t start = cur_start(p);
	struct node *d;

	if (p->ts && (cur(p) == T_INTERFACE || at_word(p, WK_abstract))) {
		d = parse_ts_statement(p);
		if (d != NULL)
			return d;
	}
	if (cur(p) == T_FUNCTION)
		return parse_function_decl(p, start, 0, true);
	if (cur(p) == T_ASYNC && at_async_function(p)) {
		next(p);
		return parse_function_decl(p, start, FI_ASYNC, true);
	}
	if (cur(p) != T_CLASS)
		return NULL;
	d = mk(p, N_CLASS_DECL, start);
	d->class_decl.cls = parse_class(p, true, true);
	return done(p, d);
}

static struct node *export_default(struct parser *p, struct node *n)
{
	uint32_t start = cur_start(p), end = p->lx.t.end;
	struct node *d;

	next(p);
	d = default_declaration(p);
	if (d != NULL && d->kind >= N_T_NAME)
		return d;                      /* types alone: another default may come */
	note(p, &p->exported, wk(p, WK_default_), start, end);
	n->kind = N_EXPORT_DEFAULT;
	if (d == NULL) {
		d = parse_assign(p);
		semicolon(p);
	}
	n->export_default.value = d;
	return done(p, n);
}

struct node *parse_export_all(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_EXPORT_ALL, start);
	uint32_t at;

	next(p);
	if (accept(p, T_AS)) {
		at = cur_start(p);
		n->export_all.exported = export_name(p);
		note(p, &p->exported, n->export_all.exported, at, p->lx.prev_end);
	}
	if (!accept(p, T_FROM))
		unexpected(p, "'from'");
	n->export_all.source = module_source(p, &n->export_all.src_start, &n->export_all.src_end);
	n->export_all.attrs = attributes(p);
	semicolon(p);
	return done(p, n);
}

/* Without `from`, the local names must be identifiers declared here. */
static void check_local(struct parser *p, const struct token *t)
{
	if (t->kind == T_STRING)
		fail_at(p, t->start, t->end, "a string cannot name a local variable");
	check_identifier(p, t);
	note(p, &p->exports, t->name, t->start, t->end);
}

struct node *parse_export_list(struct parser *p, uint32_t start)
{
	struct node *n = mk(p, N_EXPORT_NAMED, start), *s;
	uint32_t base = p->nstack;
	/* The tokens wait in the arena until `from` shows what they mean. */
	struct pending_local { struct token t; struct pending_local *next; } *first = NULL, **tail = &first;
	struct nlist_item *types = NULL;

	next(p);
	while (cur(p) != T_RBRACE) {
		bool type = accept_type_spec(p);
		struct pending_local *l = ARENA_NEW(&p->ast->arena, struct pending_local);
		uint32_t at = cur_start(p);

		l->t = p->lx.t;
		if (!type) {
			*tail = l;
			tail = &l->next;
		}
		s = mk(p, N_EXPORT_SPEC, at);
		s->export_spec.local = s->export_spec.exported = export_name(p);
		if (accept(p, T_AS)) {
			at = cur_start(p);
			s->export_spec.exported = export_name(p);
		}
		if (type) {
			ts_item(p, &types, done(p, s));
		} else {
			note(p, &p->exported, s->export_spec.exported, at, p->lx.prev_end);
			push(p, done(p, s));
		}
		if (cur(p) != T_RBRACE && !accept(p, T_COMMA))
			unexpected(p, "',' or '}' in the export");
	}
	next(p);
	n->export_named.specs = take(p, base);
	n->export_named.types = ts_list(p, types);
	if (accept(p, T_FROM)) {
		n->export_named.source = module_source(p, &n->export_named.src_start, &n->export_named.src_end);
		n->export_named.attrs = attributes(p);
	} else {
		for (; first != NULL; first = first->next)
			check_local(p, &first->t);
	}
	semicolon(p);
	return done(p, n);
}

struct node *parse_export_decl(struct parser *p)
{
	struct node *n = mk(p, N_EXPORT_DECL, cur_start(p)), *special;

	next(p);
	special = p->ts ? parse_ts_export(p, n) : NULL;
	if (special != NULL) {
		if (special->kind == N_EXPORT_DECL)
			export_bound(p, special->export_decl.decl);
		return special;
	}
	switch (cur(p)) {
	case T_DEFAULT: return export_default(p, n);
	case T_MUL: return parse_export_all(p, n->start);
	case T_LBRACE: return parse_export_list(p, n->start);
	case T_VAR: case T_CONST: case T_LET: case T_FUNCTION: case T_CLASS: case T_ASYNC:
		if (cur(p) == T_ASYNC && !at_async_function(p))
			unexpected(p, "a declaration after export");
		n->export_decl.decl = parse_statement_item(p);
		if (n->export_decl.decl->kind == N_TS_FUNC)
			return n->export_decl.decl;
		if (n->export_decl.decl->kind == N_EXPR_STMT)
			fail_node(p, n->export_decl.decl, "a declaration must follow export");
		export_bound(p, n->export_decl.decl);
		return done(p, n);
	default:
		unexpected(p, "a declaration, '{', '*' or 'default' after export");
	}
}

/* ---- at the end of the module ---- */

static int compare_refs(const void *a, const void *b)
{
	const struct export_ref *x = *(struct export_ref *const *)a, *y = *(struct export_ref *const *)b;

	if (x->name != y->name)
		return (uintptr_t)x->name < (uintptr_t)y->name ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static void check_repeats(struct parser *p)
{
	struct export_ref **v, *r;
	size_t n = 0, i;

	for (r = p->exported; r != NULL; r = r->next)
		n++;
	v = arena_alloc(&p->ast->arena, n * sizeof(struct export_ref *) + 1);
	for (r = p->exported, i = 0; r != NULL; r = r->next)
		v[i++] = r;
	qsort(v, n, sizeof(struct export_ref *), compare_refs);
	for (i = 1; i < n; i++)
		if (v[i]->name == v[i - 1]->name)
			fail_at(p, v[i]->start, v[i]->end, "'%.100s' is exported twice", v[i]->name->text);
}

void check_exports(struct parser *p)
{
	struct export_ref *r, *first = NULL;

	for (r = p->exports; r != NULL; r = r->next)
		if (!declared_at_top(p, r->name) && !(r->name->flags & NAME_TYPE))
			first = r;
	if (first != NULL)
		fail_at(p, first->start, first->end, "'%.100s' is exported but not declared", first->name->text);
	check_repeats(p);
}
