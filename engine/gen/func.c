/* func.c: functions: making closures, prologues (10.2.11), bodies; scripts. */
#include "engine/gen/fn.h"

#define PARAMS_MAX 200

/* ---- closures ---- */

static uint32_t kind_flags(const struct func_info *info)
{
	uint32_t flags = (info->flags & FI_STRICT ? FN_STRICT : 0) | (info->flags & FI_GENERATOR ? FN_GENERATOR : 0) |
			 (info->flags & FI_ASYNC ? FN_ASYNC : 0);

	switch (info->kind) {
	case FUNC_ARROW: return flags | FN_ARROW;
	case FUNC_METHOD: return flags | FN_METHOD;
	case FUNC_GETTER: case FUNC_SETTER: return flags | FN_METHOD | FN_GETSET;
	case FUNC_CTOR: return flags | FN_CLASS_CTOR;
	case FUNC_DERIVED_CTOR: return flags | FN_CLASS_CTOR | FN_DERIVED;
	default: return flags;
	}
}

static struct name *function_name(struct gfn *f, const struct node *n, struct name *given)
{
	if (!n->func.id)
		return given;
	if (n->func.id->binding.name == gen_wk(f, WK_default_export))
		return gen_wk(f, WK_default_);
	return n->func.id->binding.name;
}

int gen_function(struct gfn *f, struct node *n, int dst, uint32_t flags, struct name *name, struct class_scope *cls)
{
	struct fscope *fs = n->func.info->scope;
	int r = dst >= 0 ? dst : emit_alloc(f, 1);
	struct task t = { .kind = TASK_FUNC, .fs = fs, .node = n, .cls = cls };

	if (f->dead || !fs)
		return r;
	t.name = function_name(f, n, name);
	t.flags = kind_flags(n->func.info) | flags | (fs->mapped ? FN_MAPPED_ARGS : 0) | (t.name ? FN_NAME_BOUND : 0);
	emit_w1(f, OP_CLOSURE, (uint32_t)r, fs->needs_outer ? (uint32_t)scope_env(f) : REG_NONE, 0, gen_task(f, &t));
	return r;
}

/* ---- prologue ---- */

/* What arrow functions inside will want of this function goes to its env. */
static void store_own(struct gfn *f, struct vscope *top, int args)
{
	for (struct var *v = top->vars; v; v = v->next) {
		int save = f->top, t = 0;
		switch (v->kind) {
		case VAR_THIS:
			if (!(f->fs->info && f->fs->info->kind == FUNC_DERIVED_CTOR))
				var_init(f, v, 0);
			break;
		case VAR_NEW_TARGET: case VAR_HOME: case VAR_CALLEE: case VAR_SELF:
			if (v->kind == VAR_SELF && v->nrefs == 0)
				break;
			t = v->loc == LOC_REG ? v->reg : emit_alloc(f, 1);
			emit(f, v->kind == VAR_NEW_TARGET ? OP_LDNEWT : v->kind == VAR_HOME ? OP_LDHOME : OP_LDCALLEE,
			     (uint32_t)t, 0, 0);
			var_init(f, v, t);
			break;
		case VAR_ARGUMENTS: case VAR_ARGOBJ:
			if (args >= 0)
				var_init(f, v, args);
			break;
		default: break;
		}
		f->top = save;
	}
}

static void open_top(struct gfn *f, int args)
{
	struct vscope *top = f->fs->top;

	if (f->fs->needs_outer) {
		f->outer_env = emit_alloc(f, 1);
		emit(f, OP_LDENV, (uint32_t)f->outer_env, 0, 0);
	}
	scope_make_env(f, top);
	store_own(f, top, args);
}

/* The arguments object must be made before any register behind the parameters
 * is written: the surplus arguments lie there. */
static int make_arguments(struct gfn *f)
{
	struct fscope *fs = f->fs;
	struct var *v = fs->argobj_var && fs->argobj_var->loc == LOC_REG ? fs->argobj_var :
		fs->args_var && fs->args_var->loc == LOC_REG ? fs->args_var : NULL;
	int r;

	if (!fs->args_var)
		return ANY;
	r = v ? v->reg : emit_alloc(f, 1);
	emit(f, OP_ARGS, (uint32_t)r, 0, 0);
	return r;
}

/* Rest array of a function that has an arguments object as well: copied from
 * that, since making the one has overwritten what the other is made of. */
static void rest_from_arguments(struct gfn *f, int args, uint32_t first, int dst)
{
	struct label top = LABEL_INIT, done = LABEL_INIT;
	int i = emit_alloc(f, 3), len = i + 1, t = i + 2;

	emit(f, OP_NEWARR, (uint32_t)dst, 0, 0);
	emit_num(f, i, first);
	gen_get_prop(f, len, args, gen_wk(f, WK_length));
	emit_here(f, &top);
	emit_jump(f, OP_JNLT, (uint32_t)i, (uint32_t)len, &done);
	gen_get_index(f, t, args, i);
	emit(f, OP_APUSH, (uint32_t)dst, (uint32_t)t, 0);
	emit(f, OP_INC, (uint32_t)i, (uint32_t)i, 0);
	emit_loop(f, &top);
	emit_bind(f, &done);
	f->top = i;
}

static void one_param(struct gfn *f, struct node *p, int raw, int args, int rest)
{
	struct label have = LABEL_INIT;
	struct node *target = p;
	int top = f->top;

	if (p->kind == N_REST) {
		target = p->rest.target;
		if (args >= 0)
			rest_from_arguments(f, args, (uint32_t)raw - 1, rest);
		raw = rest;
	} else if (p->kind == N_ASSIGN_PATTERN) {
		target = p->assign_pattern.target;
		emit_jump(f, OP_JNUNDEF, (uint32_t)raw, 0, &have);
		if (target->kind == N_BINDING)
			gen_named(f, p->assign_pattern.init, raw, target->binding.name);
		else
			gen_expr(f, p->assign_pattern.init, raw);
		emit_bind(f, &have);
	}
	if (target->kind == N_BINDING) {
		struct var *v = target->binding.ref;
		/* Of parameters with the same name the last one counts. */
		if (!v->mapped && (p->kind != N_BINDING || v->param == raw))
			var_init(f, v, raw);
	} else
		gen_pattern(f, target, raw, true);
	f->top = top;
}

static uint32_t plain_params(const struct node *n)
{
	struct nlist params = n->func.params;

	return params.n && params.v[params.n - 1]->kind == N_REST ? params.n - 1 : params.n;
}

static void function_prologue(struct gfn *f, struct node *n)
{
	struct fscope *fs = f->fs;
	struct nlist params = n->func.params;
	uint32_t nparams = plain_params(n);
	int args, rest = ANY;

	f->top = f->max = 1 + (int)nparams;
	scope_place(f, fs->top);
	args = make_arguments(f);
	if (params.n > nparams) {
		struct node *target = params.v[nparams]->rest.target;
		struct var *v = target->kind == N_BINDING ? target->binding.ref : NULL;
		rest = v && gen_scratch(f, var_dst(f, v, true)) ? v->reg : emit_alloc(f, 1);
		if (args < 0)
			emit(f, OP_REST, (uint32_t)rest, 0, nparams);
	}
	if (!fs->strict && !fs->arrow && fs->uses_this)
		emit(f, OP_THISSLOPPY, 0, 0, 0);
	open_top(f, args);
	if (fs->cls && fs->info->kind == FUNC_CTOR && gen_class_has_instance(fs->cls)) {
		int top = f->top;
		emit_at(f, n->start);
		emit(f, OP_INITFIELDS, 0, (uint32_t)own_callee(f, ANY), 0);
		f->top = top;
	}
	scope_init_vars(f, fs->top, INIT_REGS | INIT_ENV);
	for (uint32_t i = 0; i < params.n; i++)
		one_param(f, params.v[i], (int)i + 1, args, rest);
	if (fs->body != fs->top)
		scope_open(f, fs->body);
	else
		scope_functions(f, fs->top);
}

static void function_code(struct gfn *f)
{
	struct node *n = f->task->node, *body = n->func.body;

	if (plain_params(n) > PARAMS_MAX) {
		gen_fail(f->g, n->start, n->start, "too many parameters");
		return;
	}
	function_prologue(f, n);
	if (n->func.info->flags & FI_GENERATOR) {
		int top = f->top;
		emit_at(f, n->start);
		emit(f, OP_GENSTART, (uint32_t)emit_alloc(f, 1), 0, 0);
		f->top = top;
	}
	if (n->func.info->flags & FI_EXPR_BODY) {
		int r = gen_operand(f, body, ANY, 0, 0);
		emit(f, OP_RET, (uint32_t)r, 0, 0);
		return;
	}
	gen_statements(f, body->body.stmts);
	emit_at(f, n->end ? n->end - 1 : 0);
	gen_emit_return(f, ANY);
}

/* ---- scripts ---- */

static uint32_t *name_list(struct gfn *f, uint32_t n)
{
	return arena_alloc(&f->g->im->mem, (n + 1) * sizeof(uint32_t));
}

struct lexicals { struct gfn *f; struct image_const *k; bool fill, is_const; };

static void collect_lexical(struct lexicals *l, struct name *name)
{
	uint32_t i = l->k->u.globals.nlets++;

	name->flags |= NAME_GLOBAL;
	if (!l->fill)
		return;
	l->k->u.globals.lets[i] = gen_str(l->f->g, name);
	l->k->u.globals.let_const[i] = l->is_const;
}

static void collect_pattern(struct lexicals *l, struct node *n)
{
	switch (n->kind) {
	case N_BINDING: collect_lexical(l, n->binding.name); break;
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			collect_pattern(l, n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			collect_pattern(l, n->object_pattern.props.v[i]);
		break;
	case N_PROP_PATTERN: collect_pattern(l, n->prop_pattern.value); break;
	case N_ASSIGN_PATTERN: collect_pattern(l, n->assign_pattern.target); break;
	case N_REST: collect_pattern(l, n->rest.target); break;
	default: break;
	}
}

/* let, const and class at the top of a script; counts, then fills. */
static void collect_lexicals(struct lexicals *l, struct nlist body)
{
	l->k->u.globals.nlets = 0;
	for (uint32_t i = 0; i < body.n; i++) {
		struct node *n = body.v[i];
		if (n->kind == N_CLASS_DECL) {
			l->is_const = false;
			collect_lexical(l, n->class_decl.cls->class_.id->binding.name);
		}
		if (n->kind != N_VAR || n->op == DECL_VAR)
			continue;
		l->is_const = decl_is_const(n->op);
		for (uint32_t d = 0; d < n->var.decls.n; d++)
			collect_pattern(l, n->var.decls.v[d]->declarator.target);
	}
}

static void declare_globals(struct gfn *f, struct nlist body, bool eval)
{
	struct scopes *s = f->g->scopes;
	struct image_const k = { .tag = IK_GLOBALS };
	struct lexicals l = { f, &k, false, false };

	if (s->eval_scope) {
		gen_eval_declare(f);
		return;
	}
	k.u.globals.soft = name_list(f, s->nglobal_soft);
	for (uint32_t i = 0; i < s->nglobal_soft; i++)
		if (s->global_soft[i]->mark)
			k.u.globals.soft[k.u.globals.nsoft++] =
				gen_str(f->g, s->global_soft[i]->func_decl.func->func.id->binding.name);
	k.u.globals.nvars = s->nglobal_vars;
	k.u.globals.nfuncs = s->nglobal_funcs;
	k.u.globals.vars = name_list(f, k.u.globals.nvars);
	k.u.globals.funcs = name_list(f, k.u.globals.nfuncs);
	for (uint32_t i = 0; i < k.u.globals.nvars; i++) {
		s->global_vars[i]->flags |= NAME_GLOBAL;
		k.u.globals.vars[i] = gen_str(f->g, s->global_vars[i]);
	}
	for (uint32_t i = 0; i < k.u.globals.nfuncs; i++) {
		struct name *name = s->global_funcs[i]->func_decl.func->func.id->binding.name;
		name->flags |= NAME_GLOBAL;
		k.u.globals.funcs[i] = gen_str(f->g, name);
	}
	if (!eval)
		collect_lexicals(&l, body);
	k.u.globals.lets = name_list(f, k.u.globals.nlets);
	k.u.globals.let_const = arena_alloc(&f->g->im->mem, k.u.globals.nlets + 1);
	l.fill = true;
	if (!eval)
		collect_lexicals(&l, body);
	if (k.u.globals.nvars + k.u.globals.nfuncs + k.u.globals.nlets + k.u.globals.nsoft == 0)
		return;
	emit_at(f, 0);
	emit_k16(f, OP_DECLGLB, eval, emit_add_const(f, &k));
	for (uint32_t i = 0; i < s->nglobal_funcs; i++) {
		struct node *fn = s->global_funcs[i]->func_decl.func;
		int top = f->top, r = gen_function(f, fn, ANY, 0, NULL, NULL);
		uint32_t key = emit_key_index(f, gen_str(f->g, fn->func.id->binding.name));
		if (key > 0xFFFF)
			gen_fail(f->g, fn->start, fn->start, "too many names in one function");
		emit_at(f, fn->start);
		emit_w1(f, OP_DEFGLBFN, (uint32_t)r, 0, 0, (key & 0xFFFF) | (uint32_t)eval << 16);
		f->top = top;
	}
}

static void script_code(struct gfn *f)
{
	struct node *n = f->task->node;

	f->top = f->max = 1;
	if (f->g->completion) {
		f->cv = emit_alloc(f, 1);
		emit(f, OP_LDUNDEF, (uint32_t)f->cv, 0, 0);
	}
	scope_place(f, f->fs->top);
	open_top(f, ANY);
	declare_globals(f, n->program.body, n->program.info->kind == FUNC_EVAL);
	scope_init_vars(f, f->fs->top, INIT_REGS | INIT_ENV);
	scope_functions(f, f->fs->top);
	if (f->g->ast->func) {
		gen_named(f, f->g->ast->func, f->cv, gen_wk(f, WK_anonymous));
	} else
		gen_statements(f, n->program.body);
	if (f->cv >= 0)
		emit(f, OP_RET, (uint32_t)f->cv, 0, 0);
	else
		emit(f, OP_RETU, 0, 0, 0);
}

/* ---- modules ---- */

/* gen.h says what fns[0]'s parameter means. */
static void module_code(struct gfn *f)
{
	struct vscope *top = f->fs->top;
	struct label init = LABEL_INIT, body = LABEL_INIT, out = LABEL_INIT;

	f->top = f->max = 2;
	scope_place(f, top);
	top->has_env = true;
	if (top->nslots == 0)
		top->env_reg = (uint8_t)emit_alloc(f, 1);
	emit(f, OP_LDENV, top->env_reg, 0, 0);
	f->scope = top;
	emit_jump(f, OP_JUNDEF, 1, 0, &init);
	emit_jump(f, OP_JF, 1, 0, &body);
	emit_bind(f, &init);
	store_own(f, top, ANY);
	scope_init_vars(f, top, INIT_ENV);
	scope_functions(f, top);
	emit_jump(f, OP_JUNDEF, 1, 0, &body);
	emit_jmp(f, &out);
	emit_bind(f, &body);
	scope_init_vars(f, top, INIT_REGS);
	gen_statements(f, f->task->node->program.body);
	emit_bind(f, &out);
	emit(f, OP_RETU, 0, 0, 0);
}

void gen_task_code(struct gfn *f)
{
	switch (f->task->kind) {
	case TASK_PROGRAM:
		if (f->g->im->module)
			module_code(f);
		else
			script_code(f);
		break;
	case TASK_FUNC: function_code(f); break;
	case TASK_DEFAULT_CTOR: gen_default_ctor(f); break;
	case TASK_INITIALISER:
		f->top = f->max = 1;
		scope_place(f, f->fs->top);
		open_top(f, ANY);
		gen_initialiser(f);
		emit(f, OP_RETU, 0, 0, 0);
		break;
	}
}
