/* var.c: where variables live, how they are read and written. A scope's
 * variables get their places when it is opened; those of inner functions are
 * compiled later and find them there. */
#include "engine/gen/fn.h"

/* ---- scopes ---- */

static bool in_env(const struct gfn *f, const struct var *v)
{
	if (v->captured || v->exported)
		return true;
	/* A module's functions exist before its code runs: see gen.h on fns[0]. */
	return f->task->kind == TASK_PROGRAM && f->g->im->module && v->scope == f->fs->top && v->func;
}

static void place(struct gfn *f, struct vscope *sc, struct var *v)
{
	if (v->kind == VAR_PROP) {
		v->loc = LOC_NONE;
	} else if (v->kind == VAR_IMPORT) {
		v->loc = LOC_IMPORT;
	} else if (v->mapped) {
		v->loc = LOC_MARG;
	} else if (in_env(f, v)) {
		v->loc = LOC_ENV;
		v->slot = sc->nslots++;
	} else if (v->kind == VAR_PARAM && v->param && !v->tdz && sc == f->fs->top &&
		   f->fs->node->func.params.v[v->param - 1]->kind != N_REST) {
		v->loc = LOC_REG;
		v->reg = (uint8_t)v->param;
	} else if (f->top < LOCALS_MAX || v->kind == VAR_ARGOBJ) {
		v->loc = LOC_REG;
		v->reg = (uint8_t)emit_alloc(f, 1);
	} else {
		v->loc = LOC_ENV;
		v->slot = sc->nslots++;
	}
	if (v->loc == LOC_REG)
		f->regvar[v->reg] = v->tdz || (v->kind == VAR_PARAM && v->reg == v->param) ? v : NULL;
}

void scope_place(struct gfn *f, struct vscope *sc)
{
	for (struct var *v = sc->vars; v; v = v->next)
		place(f, sc, v);
	sc->has_env = sc->nslots > 0;
	if (sc->has_env)
		sc->env_reg = (uint8_t)emit_alloc(f, 1);
	sc->spill = f->spill;
	f->spill = ANY;
}

int scope_env(const struct gfn *f)
{
	for (const struct vscope *sc = f->scope; sc && sc->fn == f->fs; sc = sc->parent)
		if (sc->has_env)
			return sc->env_reg;
	return f->outer_env;
}

void scope_make_env(struct gfn *f, struct vscope *sc)
{
	int up = scope_env(f);

	if (sc->has_env)
		emit_w1(f, OP_NEWENV, sc->env_reg, (uint32_t)up, 0, sc->nslots);
	f->scope = sc;
}

static void set_undefined(struct gfn *f, struct var *v)
{
	int top = f->top, t;

	if (v->loc == LOC_REG) {
		emit(f, OP_LDUNDEF, v->reg, 0, 0);
		f->regvar[v->reg] = v;
		return;
	}
	t = emit_alloc(f, 1);
	emit(f, OP_LDUNDEF, (uint32_t)t, 0, 0);
	var_init(f, v, t);
	f->top = top;
}

void scope_init_vars(struct gfn *f, struct vscope *sc, unsigned which)
{
	for (struct var *v = sc->vars; v; v = v->next) {
		if (!(which & (v->loc == LOC_REG ? INIT_REGS : INIT_ENV)))
			continue;
		if (v->kind == VAR_VAR && !v->func) {
			int top = f->top;
			if (v->from)
				var_init(f, v, var_get(f, v->from, false, ANY));
			else if (!v->first_is_init || v->loc != LOC_REG)
				set_undefined(f, v);
			f->top = top;
		} else if (v->tdz && v->loc == LOC_REG)
			emit(f, OP_LDHOLE, v->reg, 0, 0);
	}
}

void scope_functions(struct gfn *f, struct vscope *sc)
{
	for (uint32_t i = 0; i < sc->nfuncs; i++) {
		struct node *fn = sc->funcs[i]->func_decl.func;
		struct var *v = fn->func.id->binding.ref;
		int top = f->top, dst;

		if (v->func != fn || (v->nrefs == 0 && !v->exported && !v->mapped && sc->funcs[i]->mark == 0))
			continue;
		dst = v->loc == LOC_REG ? v->reg : emit_alloc(f, 1);
		gen_function(f, fn, dst, 0, NULL, NULL);
		var_init(f, v, dst);
		f->top = top;
	}
}

void scope_open(struct gfn *f, struct vscope *sc)
{
	scope_place(f, sc);
	scope_make_env(f, sc);
	scope_init_vars(f, sc, INIT_REGS | INIT_ENV);
	scope_functions(f, sc);
}

void scope_close(struct gfn *f, struct vscope *sc, int top)
{
	for (int r = top; r < f->top; r++)
		f->regvar[r] = NULL;
	f->top = top;
	f->spill = sc->spill;
	f->scope = sc->parent;
}

/* ---- access ---- */

/* The register of an environment from which v's is `depth` levels up. */
static int env_of(struct gfn *f, const struct var *v, uint32_t *depth)
{
	*depth = 0;
	if (v->scope->fn == f->fs)
		return v->scope->env_reg;
	for (const struct vscope *sc = f->fs->outer; sc && sc != v->scope; sc = sc->parent)
		*depth += sc->has_env;
	if (*depth > 255)
		gen_fail(f->g, f->fs->node->start, f->fs->node->start, "functions nested too deeply");
	return f->outer_env;
}

static void env_access(struct gfn *f, struct var *v, int reg, bool set)
{
	uint32_t depth;
	int env = env_of(f, v, &depth);

	if (depth == 0 && v->slot <= 255)
		emit(f, set ? OP_SETENV0 : OP_GETENV0, (uint32_t)reg, (uint32_t)env, v->slot);
	else
		emit_w1(f, set ? OP_SETENV : OP_GETENV, (uint32_t)reg, (uint32_t)env, depth, v->slot);
}

/* The arguments object that holds parameter v. */
static int argobj(struct gfn *f, const struct var *v)
{
	struct var *a = v->scope->fn->argobj_var;
	int t;

	if (a->loc == LOC_REG)
		return a->reg;
	t = emit_alloc(f, 1);
	env_access(f, a, t, false);
	return t;
}

int var_get(struct gfn *f, struct var *v, bool check, int dst)
{
	int r = dst, top;

	if (v->loc == LOC_REG) {
		if (check)
			emit_key(f, OP_CHKTDZ, v->reg, v->name);
		if (dst < 0)
			return v->reg;
		emit_mov(f, dst, v->reg);
		return dst;
	}
	if (r < 0 || (check && !gen_scratch(f, r)))
		r = emit_alloc(f, 1);
	top = f->top;
	switch (v->loc) {
	case LOC_ENV: env_access(f, v, r, false); break;
	case LOC_MARG: emit(f, OP_GETMARG, (uint32_t)r, (uint32_t)argobj(f, v), v->param - 1u); break;
	case LOC_IMPORT: emit_w1(f, OP_GETIMP, (uint32_t)r, 0, 0, v->slot); break;
	default: emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0); break;   /* lost code */
	}
	f->top = top;
	if (check && v->loc != LOC_IMPORT)
		emit_key(f, OP_CHKTDZ, (uint32_t)r, v->name);
	if (dst >= 0) {
		emit_mov(f, dst, r);
		if (r != dst)
			f->top = r;
		return dst;
	}
	return r;
}

static void store(struct gfn *f, struct var *v, int src)
{
	int top = f->top;

	switch (v->loc) {
	case LOC_REG: emit_mov(f, v->reg, src); break;
	case LOC_ENV: env_access(f, v, src, true); break;
	case LOC_MARG: emit(f, OP_SETMARG, (uint32_t)src, (uint32_t)argobj(f, v), v->param - 1u); break;
	default: break;
	}
	f->top = top;
}

static bool is_constant(const struct var *v)
{
	return v->kind == VAR_CONST || v->kind == VAR_CLASS_SELF || v->kind == VAR_IMPORT || v->kind == VAR_SELF;
}

void var_set(struct gfn *f, struct var *v, bool check, int src)
{
	int top = f->top;

	if (check)
		var_get(f, v, true, ANY);
	f->top = top;
	if (!is_constant(v))
		store(f, v, src);
	else if (v->kind != VAR_SELF || f->fs->strict)
		emit_key(f, OP_THROWCONST, 0, v->name);
}

void var_init(struct gfn *f, struct var *v, int src)
{
	store(f, v, src);
	if (v->loc == LOC_REG)
		f->regvar[v->reg] = v;
}

int name_get(struct gfn *f, struct node *n, int dst, bool for_typeof)
{
	struct var *v = n->ident.ref;
	int r;

	emit_at(f, n->start);
	if (v)
		return var_get(f, v, (n->mark & REF_CHECK) != 0, dst);
	r = dst >= 0 ? dst : emit_alloc(f, 1);
	emit_p(f, for_typeof ? OP_TYPGLB : OP_GETGLB, (uint32_t)r, 0, n->ident.name);
	return r;
}

void name_put(struct gfn *f, struct node *n, int src)
{
	struct var *v = n->kind == N_IDENT ? n->ident.ref : n->binding.ref;

	emit_at(f, n->start);
	if (v)
		var_set(f, v, n->kind == N_IDENT && (n->mark & REF_CHECK), src);
	else
		emit_p(f, OP_SETGLB, (uint32_t)src, 0, n->ident.name);
}

int var_dst(struct gfn *f, const struct var *v, bool init)
{
	(void)f;
	return v && v->loc == LOC_REG && (init || !is_constant(v)) ? v->reg : ANY;
}

/* ---- what belongs to the function ---- */

struct fscope *own_function(const struct gfn *f)
{
	struct fscope *o = f->fs;

	while (o->arrow)
		o = o->parent;
	return o;
}

int own_this(struct gfn *f, int dst, uint32_t off)
{
	struct fscope *o = own_function(f);
	bool derived = o->info && o->info->kind == FUNC_DERIVED_CTOR;
	int r, top = f->top;

	if (o == f->fs && !(derived && o->this_var)) {
		r = 0;
		if (derived) {
			emit_at(f, off);
			emit(f, OP_CHKTHIS, 0, 0, 0);
		}
		if (dst < 0)
			return 0;
		emit_mov(f, dst, 0);
		return dst;
	}
	r = var_get(f, o->this_var, false, dst >= 0 && derived && !gen_scratch(f, dst) ? ANY : dst);
	if (derived) {
		emit_at(f, off);
		emit(f, OP_CHKTHIS, (uint32_t)r, 0, 0);
	}
	if (dst >= 0 && r != dst) {
		emit_mov(f, dst, r);
		f->top = top;
		r = dst;
	}
	return r;
}

static int own(struct gfn *f, struct var *v, uint32_t op, int dst)
{
	int r;

	if (own_function(f) != f->fs)
		return var_get(f, v, false, dst);
	r = dst >= 0 ? dst : emit_alloc(f, 1);
	emit(f, op, (uint32_t)r, 0, 0);
	return r;
}

int own_new_target(struct gfn *f, int dst)
{
	return own(f, own_function(f)->newt_var, OP_LDNEWT, dst);
}

int own_home(struct gfn *f, int dst)
{
	return own(f, own_function(f)->home_var, OP_LDHOME, dst);
}

int own_callee(struct gfn *f, int dst)
{
	return own(f, own_function(f)->callee_var, OP_LDCALLEE, dst);
}
