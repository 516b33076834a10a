/* scope_dynamic.c: the part of the resolver (scope.h) for names that are bound at
 * run time: with statements, direct eval, and the code compiled for direct eval,
 * which begins inside the scopes of the code that called it. */
#include <stdio.h>

#include "engine/front/scope_internal.h"

void scope_add_dyn(struct resolver *r, enum var_kind kind)
{
	struct vscope *sc = r->scope;

	sc->dyn = scope_var(r, sc, NULL, kind);
	sc->dyn->captured = true;      /* found through the environments, by name */
	r->ndyn++;
}

bool scope_is_dynamic(struct resolver *r, const struct var *v)
{
	bool found = false;

	for (struct vscope *sc = r->scope; sc; sc = sc->parent) {
		/* A function expression's own name lies around its variables. */
		bool last = v && sc == v->scope;

		if (sc->dyn && (!last || v->kind == VAR_SELF)) {
			sc->dyn->nrefs++;
			scope_capture(r, sc->dyn);
			found = true;
		}
		if (last)
			break;
	}
	return found;
}

/* ---- direct eval: what the calling code must keep ---- */

static void keep(struct var *v)
{
	v->captured = v->maybe_object = true;
	v->nrefs++;
	if (v->kind == VAR_ARGUMENTS)
		v->scope->fn->args_refs++;
}

static bool has_home(const struct fscope *f)
{
	return !f->info || (f->info->kind >= FUNC_METHOD && f->info->kind <= FUNC_STATIC_BLOCK);
}

/* Eval code may use everything that the function around it has. */
static void keep_own(struct resolver *r, struct fscope *f)
{
	bool derived = f->info && f->info->kind == FUNC_DERIVED_CTOR;

	f->uses_this = true;
	scope_own(r, &f->this_var, f, VAR_THIS);
	if (!f->info || f->info->kind < FUNC_SCRIPT)
		scope_own(r, &f->newt_var, f, VAR_NEW_TARGET);
	if (has_home(f))
		scope_own(r, &f->home_var, f, VAR_HOME);
	if (derived)
		scope_own(r, &f->callee_var, f, VAR_CALLEE);
	f->this_var->captured = true;
	if (f->newt_var)
		f->newt_var->captured = true;
	if (f->home_var)
		f->home_var->captured = true;
	if (f->callee_var)
		f->callee_var->captured = true;
}

void scope_direct_eval(struct resolver *r, struct node *call)
{
	struct fscope *f = scope_this_function(r);

	call->mark = r->fn->strict;
	for (struct vscope *sc = r->scope; sc && sc->fn == r->fn; sc = sc->parent)
		if (sc->kind == VS_CLASS)
			call->mark = 1;
	if (!f->outer_fn)
		keep_own(r, f);
	for (struct vscope *sc = r->scope; sc && !sc->kept; sc = sc->parent) {
		sc->kept = true;
		for (struct var *v = sc->vars; v; v = v->next)
			if (v->name)
				keep(v);
	}
	for (f = r->fn; f->parent; f = f->parent)
		f->needs_outer = true;
	r->closures++;                 /* eval code may make some */
}

/* ---- code of a direct eval: the scopes around it ---- */

static void open_function(struct resolver *r, const struct outer_scope *o)
{
	struct fscope *f = scope_new_function(r, r->ast->root, 0);

	f->outer_fn = true;
	f->split = o->split;
	f->has_fields = o->has_fields;
	f->strict = (o->func_flags & FI_STRICT) != 0;
	f->arrow = o->func_kind == FUNC_ARROW || (o->func_kind == FUNC_EVAL && r->fn);
	if (!o->initialiser) {
		f->info = ARENA_NEW(&r->ast->arena, struct func_info);
		f->info->kind = o->func_kind;
		f->info->flags = o->func_flags;
	}
	r->fn = f;
}

static void own_var(struct fscope *f, struct vscope *sc, struct var *v)
{
	switch (v->kind) {
	case VAR_THIS: f->this_var = v; break;
	case VAR_NEW_TARGET: f->newt_var = v; break;
	case VAR_HOME: f->home_var = v; break;
	case VAR_CALLEE: f->callee_var = v; break;
	case VAR_ARGOBJ: f->argobj_var = v; break;
	case VAR_DYN: case VAR_WITH: sc->dyn = v; break;
	default: break;
	}
}

void scope_open_outer(struct resolver *r, const struct outer_scope *outer, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct outer_scope *o = &outer[i];
		struct vscope *sc;

		if (o->function)
			open_function(r, o);
		sc = scope_new(r, (enum vscope_kind)o->kind, 0);
		if (o->function)
			r->fn->top = r->fn->body = sc;
		scope_enter(r, sc);
		sc->kept = true;
		sc->has_env = o->has_env;
		for (uint32_t k = 0; k < o->nvars; k++) {
			const struct outer_var *ov = &o->vars[k];
			struct var *v = scope_var(r, sc, ov->name, (enum var_kind)ov->kind);

			v->captured = v->maybe_object = true;
			v->slot = ov->slot;
			v->param = ov->param;
			v->mapped = ov->mapped;
			/* Whether they are initialised is not known here. */
			if (ov->kind >= VAR_CATCH || ov->kind == VAR_PARAM)
				v->init_end = UINT32_MAX;
			own_var(r->fn, sc, v);
		}
		r->ndyn += sc->dyn != NULL;
	}
	r->s->nouter = r->s->nvars;
}

/* ---- code of a sloppy direct eval: its variable environment ---- */

struct var *scope_find_var(const struct vscope *sc, const struct name *name)
{
	for (struct var *v = sc->vars; v; v = v->next)
		if (v->name == name && v->kind <= VAR_ARGUMENTS)
			return v;
	return NULL;
}

/* The function's scope, or NULL: the global environment. */
static struct vscope *variable_scope(struct vscope *sc)
{
	for (; sc; sc = sc->parent) {
		const struct func_info *info = sc->fn->info;

		if (sc->kind == VS_BODY)
			return sc;
		if (sc->kind == VS_FUNCTION && info && info->kind < FUNC_SCRIPT)
			return sc;
	}
	return NULL;
}

/* Is a binding of the name in the way of a var? first: index of the variable scope
 * (inner scopes have larger ones); catch parameters are in nobody's way (B.3.4). */
static bool in_the_way(const struct name *name, const struct vscope *var_scope, bool soft)
{
	for (const struct var *v = name->scratch; v; v = v->shadowed) {
		if (var_scope && v->scope->index < var_scope->index)
			return false;
		if (v->scope == var_scope) {
			if (v->kind == VAR_SELF)
				continue;
			return v->kind > VAR_ARGUMENTS || (var_scope->kind == VS_FUNCTION && var_scope->fn->split);
		}
		if (v->kind != VAR_CATCH || soft)
			return true;
	}
	return false;
}

static void check_var(struct resolver *r, const struct name *name)
{
	if (!in_the_way(name, r->s->eval_scope, false) || r->failed)
		return;
	scope_fail(r, r->ast->root, "");
	snprintf(r->err->msg, sizeof r->err->msg, "Identifier '%.100s' has already been declared", name->text);
}

void scope_eval_conflicts(struct resolver *r)
{
	struct scopes *s = r->s;

	s->eval_scope = variable_scope(r->scope->parent);
	if (s->eval_scope)
		r->fn->needs_outer = true;
	for (uint32_t i = 0; i < s->nglobal_vars; i++)
		check_var(r, s->global_vars[i]);
	for (uint32_t i = 0; i < s->nglobal_funcs; i++)
		check_var(r, s->global_funcs[i]->func_decl.func->func.id->binding.name);
	for (uint32_t i = 0; i < s->nglobal_soft; i++) {
		struct node *decl = s->global_soft[i];
		const struct name *name = decl->func_decl.func->func.id->binding.name;
		struct var *v;

		if (in_the_way(name, s->eval_scope, true)) {
			decl->mark = 0;
			continue;
		}
		v = s->eval_scope ? scope_find_var(s->eval_scope, name) : NULL;
		if (v)
			decl->mark = v->index + 1;
	}
}
