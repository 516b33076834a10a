/* dynamic.c: names that are bound at run time (scope.h, REF_DYN), with statements,
 * and direct eval: describing scopes to the code that eval will compile, and that
 * code's own declarations. */
#include "engine/gen/fn.h"

#define DYNS_MAX 250            /* dynamic scopes around one place */

/* ---- the objects ---- */

/* The constant that lists the dynamic scopes seen from the current one. The first
 * `*count` of them lie inside of v's scope (or all, v NULL). */
static uint32_t dyns_const(struct gfn *f, const struct var *v, uint32_t *count)
{
	struct image_const k = { .tag = IK_DYNS };
	struct image_dyn list[DYNS_MAX];
	uint32_t depth = 0;
	bool inside = true;

	*count = 0;
	for (const struct vscope *sc = f->scope; sc; sc = sc->parent) {
		bool home = v && sc == v->scope;

		if (sc->dyn && k.u.dyns.n == DYNS_MAX) {
			gen_fail(f->g, f->fs->node->start, f->fs->node->start, "with statements nested too deeply");
			return 0;
		}
		if (sc->dyn) {
			if (inside && (!home || v->kind == VAR_SELF))
				(*count)++;
			list[k.u.dyns.n++] = (struct image_dyn){ depth, sc->dyn->slot, sc->dyn->kind == VAR_WITH };
		}
		inside = inside && !home;
		depth += sc->has_env;
	}
	if (f->scope->dyns_stamp == f->g->stamp)
		return f->scope->dyns;
	k.u.dyns.v = arena_alloc(&f->g->im->mem, (k.u.dyns.n + 1) * sizeof *k.u.dyns.v);
	memcpy(k.u.dyns.v, list, k.u.dyns.n * sizeof *list);
	f->scope->dyns_stamp = f->g->stamp;
	f->scope->dyns = emit_add_const(f, &k);
	return f->scope->dyns;
}

static uint32_t key16(struct gfn *f, const struct node *at, struct name *name)
{
	uint32_t k = emit_key_index(f, gen_str(f->g, name));

	if (k > 0xFFFF)
		gen_fail(f->g, at->start, at->end, "too many names in one function");
	return k & 0xFFFF;
}

static struct name *name_of(const struct node *n) { return n->kind == N_IDENT ? n->ident.name : n->binding.name; }
static struct var *var_of(const struct node *n) { return n->kind == N_IDENT ? n->ident.ref : n->binding.ref; }

int name_find(struct gfn *f, struct node *n)
{
	uint32_t k, count;
	int at;

	if (!name_is_dynamic(n))
		return ANY;
	at = emit_alloc(f, 2);
	if (f->dead)
		return at;
	k = dyns_const(f, var_of(n), &count);
	if (k > 0xFFFF)
		gen_fail(f->g, n->start, n->end, "too many constants in one function");
	emit_at(f, n->start);
	emit_w1(f, OP_FINDDYN, (uint32_t)at, (uint32_t)scope_env(f), count, key16(f, n, name_of(n)) | k << 16);
	return at;
}

int name_get_at(struct gfn *f, struct node *n, int at, int dst, bool for_typeof)
{
	struct label otherwise = LABEL_INIT, done = LABEL_INIT;
	int r, top;

	if (at < 0)
		return name_get(f, n, dst, for_typeof);
	r = dst >= 0 ? dst : emit_alloc(f, 1);
	top = f->top;
	emit_jump(f, OP_JUNDEF, (uint32_t)at, 0, &otherwise);
	emit_at(f, n->start);
	emit_p(f, OP_GETDYN, (uint32_t)r, (uint32_t)at, name_of(n));
	emit_jmp(f, &done);
	emit_bind(f, &otherwise);
	name_get(f, n, r, for_typeof);
	emit_bind(f, &done);
	f->top = top;
	return r;
}

void name_set_at(struct gfn *f, struct node *n, int at, int src)
{
	struct label otherwise = LABEL_INIT, done = LABEL_INIT;

	if (at < 0) {
		name_put(f, n, src);
		return;
	}
	emit_jump(f, OP_JUNDEF, (uint32_t)at, 0, &otherwise);
	emit_at(f, n->start);
	emit_p(f, OP_SETDYN, (uint32_t)at, (uint32_t)src, name_of(n));
	emit_jmp(f, &done);
	emit_bind(f, &otherwise);
	name_put(f, n, src);
	emit_bind(f, &done);
}

void name_set(struct gfn *f, struct node *n, int src)
{
	int top = f->top;

	name_set_at(f, n, name_find(f, n), src);
	f->top = top;
}

void name_callee(struct gfn *f, struct node *n, int r)
{
	int top = f->top, at = name_find(f, n);

	emit_mov(f, r + CALL_HEADER, at + 1);
	name_get_at(f, n, at, r, false);
	f->top = top;
}

void name_delete(struct gfn *f, struct node *n, int out)
{
	struct label otherwise = LABEL_INIT, done = LABEL_INIT;
	int top = f->top, at = name_find(f, n);

	emit_at(f, n->start);
	if (at >= 0) {
		emit_jump(f, OP_JUNDEF, (uint32_t)at, 0, &otherwise);
		emit_p(f, OP_DELP, (uint32_t)out, (uint32_t)at, name_of(n));
		emit_jmp(f, &done);
		emit_bind(f, &otherwise);
	}
	if (var_of(n))
		emit(f, OP_LDFALSE, (uint32_t)out, 0, 0);
	else
		emit_p(f, OP_DELGLB, (uint32_t)out, 0, name_of(n));
	emit_bind(f, &done);
	f->top = top;
}

/* ---- with (14.11) ---- */

void gen_with(struct gfn *f, struct node *n)
{
	struct vscope *sc = scopes_at(f->g->scopes, n->mark);
	int top = f->top, r = emit_alloc(f, 1);

	gen_expr(f, n->with.object, r);
	emit_at(f, n->with.object->start);
	emit(f, OP_TOOBJ, (uint32_t)r, (uint32_t)r, 0);
	gen_cv_undefined(f);
	scope_open(f, sc);
	var_init(f, sc->dyn, r);
	gen_statement(f, n->with.body);
	scope_close(f, sc, top);
}

/* ---- direct eval: describing the scopes around it ---- */

static uint32_t name_index(struct gfn *f, struct name *n) { return n ? gen_str(f->g, n) : UINT32_MAX; }

static void describe_vars(struct gfn *f, const struct vscope *sc, struct image_scope *out)
{
	uint32_t n = 0;

	for (const struct var *v = sc->vars; v; v = v->next)
		n++;
	out->vars = arena_alloc(&f->g->im->mem, (n + 1) * sizeof *out->vars);
	for (const struct var *v = sc->vars; v; v = v->next)
		if (v->kind != VAR_HIDDEN && v->loc != LOC_REG && v->loc != LOC_NONE)
			out->vars[out->nvars++] = (struct image_scope_var){ name_index(f, v->name), v->slot, v->param,
				v->kind, v->mapped };
}

static void describe_function(const struct fscope *fs, struct image_scope *out)
{
	out->function = true;
	out->split = fs->split;
	out->initialiser = !fs->info;
	out->has_fields = fs->has_fields || (fs->cls && fs->info && gen_class_has_instance(fs->cls));
	out->func_kind = fs->info ? fs->info->kind : FUNC_FIELD;
	out->func_flags = fs->info ? fs->info->flags : FI_STRICT;
}

/* Index in the image of the scope's description. */
static uint32_t describe(struct gfn *f, struct vscope *scope)
{
	struct gen *g = f->g;
	struct vscope **chain;
	uint32_t n = 0, up = UINT32_MAX;

	for (struct vscope *sc = scope; sc; sc = sc->parent)
		n++;
	chain = arena_alloc(&g->ast->arena, (n + 1) * sizeof *chain);
	n = 0;
	for (struct vscope *sc = scope; sc && !sc->image_scope; sc = sc->parent)
		chain[n++] = sc;
	if (n && chain[n - 1]->parent)
		up = chain[n - 1]->parent->image_scope - 1;
	else if (!n)
		up = scope->image_scope - 1;
	while (n-- > 0) {
		struct image_scope *out;

		if (g->nimage_scopes == g->cap_image_scopes)
			g->image_scopes = gen_grow(g->image_scopes, &g->cap_image_scopes, sizeof *g->image_scopes);
		out = &g->image_scopes[g->nimage_scopes++];
		*out = (struct image_scope){ .up = up, .kind = chain[n]->kind, .has_env = chain[n]->has_env };
		if (chain[n] == chain[n]->fn->top)
			describe_function(chain[n]->fn, out);
		describe_vars(f, chain[n], out);
		chain[n]->image_scope = (uint32_t)g->nimage_scopes;
		up = chain[n]->image_scope - 1;
	}
	return up;
}

void gen_eval(struct gfn *f, struct node *call, int callee, int arg, bool spread, int dst, struct label *other)
{
	int top = f->top;

	emit_jump(f, OP_JNEVAL, (uint32_t)callee, 0, other);
	if (f->dead)
		return;
	if (arg < 0) {
		arg = emit_alloc(f, 1);
		emit(f, OP_LDUNDEF, (uint32_t)arg, 0, 0);
	}
	emit_at(f, call->start);
	emit_w1(f, OP_EVAL, (uint32_t)dst, (uint32_t)arg, (uint32_t)scope_env(f),
		describe(f, f->scope) << 2 | (spread ? 2u : 0) | (call->mark ? 1u : 0));
	f->top = top;
}

struct outer_scope *gen_outer_scopes(struct ast *a, const struct image *im, uint32_t scope, uint32_t *n)
{
	struct outer_scope *list;
	uint32_t count = 0;

	for (uint32_t i = scope; i != UINT32_MAX; i = im->scopes[i].up)
		count++;
	*n = count;
	list = arena_alloc(&a->arena, (count + 1) * sizeof *list);
	for (uint32_t i = scope; i != UINT32_MAX; i = im->scopes[i].up) {
		const struct image_scope *s = &im->scopes[i];
		struct outer_var *vars = arena_alloc(&a->arena, (s->nvars + 1) * sizeof *vars);

		for (uint32_t k = 0; k < s->nvars; k++) {
			const struct image_scope_var *v = &s->vars[k];
			const struct image_str *str = v->name == UINT32_MAX ? NULL : &im->strs[v->name];

			vars[k] = (struct outer_var){ str ? names_intern(&a->names, str->p, str->n) : NULL, v->slot,
				v->param, v->kind, v->mapped };
		}
		list[--count] = (struct outer_scope){ .kind = s->kind, .has_env = s->has_env, .function = s->function,
			.initialiser = s->initialiser, .split = s->split, .has_fields = s->has_fields,
			.func_kind = s->func_kind, .func_flags = s->func_flags, .vars = vars, .nvars = s->nvars };
	}
	return list;
}

/* ---- code of a sloppy direct eval in a function ---- */

/* The object of the function's dynamic variables, in a new register. */
static int dyn_object(struct gfn *f)
{
	const struct vscope *target = f->g->scopes->eval_scope;
	uint32_t depth = 0;
	int r = emit_alloc(f, 1);

	for (const struct vscope *sc = f->scope; sc && sc != target; sc = sc->parent)
		depth += sc->has_env;
	if (depth > 255)
		gen_fail(f->g, 0, 0, "scopes nested too deeply");
	emit_w1(f, OP_DYNOBJ, (uint32_t)r, (uint32_t)scope_env(f), depth & 255, target->dyn->slot);
	return r;
}

void gen_eval_declare(struct gfn *f)
{
	struct scopes *s = f->g->scopes;
	int top = f->top, obj = ANY;

	emit_at(f, 0);
	for (uint32_t i = 0; i < s->nglobal_funcs; i++) {
		struct node *fn = s->global_funcs[i]->func_decl.func;
		struct var *v = scope_find_var(s->eval_scope, fn->func.id->binding.name);
		int r;

		if (!v && obj < 0)
			obj = dyn_object(f);
		r = gen_function(f, fn, ANY, 0, NULL, NULL);
		if (v)
			var_init(f, v, r);
		else
			emit_p(f, OP_DEFP, (uint32_t)obj, (uint32_t)r, fn->func.id->binding.name);
		f->top = obj >= 0 ? obj + 1 : top;
	}
	for (uint32_t i = 0; i < s->nglobal_vars + s->nglobal_soft; i++) {
		struct node *soft = i < s->nglobal_vars ? NULL : s->global_soft[i - s->nglobal_vars];
		struct name *name = soft ? soft->func_decl.func->func.id->binding.name : s->global_vars[i];

		if (soft ? soft->mark != ANNEX_B_GLOBAL : scope_find_var(s->eval_scope, name) != NULL)
			continue;
		if (obj < 0)
			obj = dyn_object(f);
		emit_p(f, OP_DYNVAR, (uint32_t)obj, 0, name);
	}
	f->top = top;
}

void gen_soft_function(struct gfn *f, struct name *name, int src)
{
	int top = f->top;

	if (f->g->scopes->eval_scope)
		emit_p(f, OP_DEFP, (uint32_t)dyn_object(f), (uint32_t)src, name);
	else
		emit_p(f, OP_SETGLB, (uint32_t)src, 1, name);
	f->top = top;
}
