/* scope.c: the resolver's way through programs, functions, classes and
 * statements (scope.h says what for). A scope's names are declared when it is
 * entered, before anything inside is looked at: hoisting is a scan of the
 * statements that does not descend into expressions, so every statement is
 * scanned once for its own function. */
#include <stdlib.h>

#include "engine/front/scope_internal.h"

static void statements(struct resolver *r, struct nlist l);
static void statement(struct resolver *r, struct node *n);

static struct name *wk(const struct resolver *r, enum well_known id) { return r->ast->names.known[id]; }

struct node *scope_function_decl(struct node *n, struct node **decl)
{
	if (n->kind == N_EXPORT_DECL)
		n = n->export_decl.decl;
	else if (n->kind == N_EXPORT_DEFAULT)
		n = n->export_default.value;
	while (n->kind == N_LABELED)
		n = n->labeled.body;
	if (n->kind != N_FUNC_DECL)
		return NULL;
	*decl = n;
	return n->func_decl.func;
}

/* ---- declaring ---- */

struct declarer { struct resolver *r; enum var_kind kind; uint32_t init_end, case_no; struct var *only; };

/* Every BINDING of a pattern. */
static void declare_names(struct declarer *d, struct node *n)
{
	struct var *v;

	switch (n->kind) {
	case N_BINDING:
		v = scope_declare(d->r, n->binding.name, d->kind);
		if (v->kind == VAR_ARGUMENTS && d->kind >= VAR_LET)
			v->kind = (uint8_t)d->kind;    /* `let arguments` at the top of a function */
		v->init_end = d->init_end;
		v->case_no = d->case_no;
		d->only = v;
		break;
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			declare_names(d, n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			declare_names(d, n->object_pattern.props.v[i]);
		break;
	case N_PROP_PATTERN: declare_names(d, n->prop_pattern.value); break;
	case N_ASSIGN_PATTERN: declare_names(d, n->assign_pattern.target); break;
	case N_REST: declare_names(d, n->rest.target); break;
	default: break;
	}
}

static void declare_lexicals(struct resolver *r, struct node *var, uint32_t case_no)
{
	struct declarer d = { r, decl_is_const(var->op) ? VAR_CONST : VAR_LET, 0, case_no, NULL };

	for (uint32_t i = 0; i < var->var.decls.n; i++) {
		d.init_end = var->var.decls.v[i]->end;
		declare_names(&d, var->var.decls.v[i]->declarator.target);
	}
}

static void push_node(struct resolver *r, struct node ***list, uint32_t *count, struct node *n)
{
	if ((*count & (*count - 1)) == 0) {          /* 0 1 2 4 8 …: full */
		uint32_t cap = *count ? *count * 2 : 1;
		struct node **v = arena_alloc(&r->ast->arena, cap * sizeof *v);
		if (*count)
			memcpy(v, *list, *count * sizeof *v);
		*list = v;
	}
	(*list)[(*count)++] = n;
}

static void push_func(struct resolver *r, struct vscope *sc, struct node *decl)
{
	push_node(r, &sc->funcs, &sc->nfuncs, decl);
}

static struct node *default_export(struct resolver *r, struct node *value)
{
	struct node *id = node_new(r->ast, N_BINDING, value->start, value->start);

	id->binding.name = wk(r, WK_default_export);
	return id;
}

/* The name a declaration binds; `export default` without one binds *default*. */
static struct node *decl_id(struct resolver *r, struct node **id, struct node *at)
{
	if (!*id)
		*id = default_export(r, at);
	return *id;
}

/* Names of a lowered enum or namespace, unless the body declares them itself. */
static void declare_props(struct resolver *r, struct node *n)
{
	struct var *object = n->ts_names.object->scratch;

	for (const struct ts_name *t = n->ts_names.names->first; t; t = t->next) {
		struct var *v = t->name->scratch;
		if (!v || v->scope != r->scope)
			scope_var(r, r->scope, t->name, VAR_PROP)->from = object;
	}
}

/* Names that a statement list declares in its own scope (8.2.4). */
static void declare_list(struct resolver *r, struct nlist l, bool top, uint32_t case_no)
{
	for (uint32_t i = 0; i < l.n; i++) {
		struct node *n = l.v[i], *decl = NULL, *fn = scope_function_decl(n, &decl);
		struct var *v;

		if (fn) {
			v = scope_declare(r, decl_id(r, &fn->func.id, fn)->binding.name, top ? VAR_VAR : VAR_BLOCK_FUNC);
			v->func = fn;
			fn->func.id->binding.ref = v;
			push_func(r, r->scope, decl);
			continue;
		}
		if (n->kind == N_EXPORT_DECL)
			n = n->export_decl.decl;
		else if (n->kind == N_EXPORT_DEFAULT) {
			n = n->export_default.value;
			if (n->kind != N_CLASS_DECL)
				continue;
		}
		if (n->kind == N_VAR && n->op != DECL_VAR)
			declare_lexicals(r, n, case_no);
		else if (n->kind == N_CLASS_DECL) {
			struct node *c = n->class_decl.cls, *id = c->class_.id;
			v = scope_declare(r, id ? id->binding.name : wk(r, WK_default_export), VAR_CLASS);
			v->init_end = n->end;
			v->case_no = case_no;
			n->mark = v->index + 1;
		}
	}
	if (l.n && l.v[0]->kind == N_TS_NAMES)
		declare_props(r, l.v[0]);
}

/* ---- var hoisting ---- */

static void hoist(struct resolver *r, struct node *n);

static void hoist_list(struct resolver *r, struct nlist l)
{
	for (uint32_t i = 0; i < l.n; i++)
		hoist(r, l.v[i]);
}

/* A global var: remembered once. Its name resolves at run time, so scratch is
 * free during the scan to mark what has been seen. */
static void global_var(struct resolver *r, struct name *name)
{
	struct scopes *s = r->s;

	if (name->scratch == s)
		return;
	name->scratch = s;

	if ((s->nglobal_vars & (s->nglobal_vars - 1)) == 0) {
		uint32_t cap = s->nglobal_vars ? s->nglobal_vars * 2 : 1;
		struct name **v = arena_alloc(&r->ast->arena, cap * sizeof *v);
		if (s->nglobal_vars)
			memcpy(v, s->global_vars, s->nglobal_vars * sizeof *v);
		s->global_vars = v;
	}
	s->global_vars[s->nglobal_vars++] = name;
}

static struct var *hoist_name(struct resolver *r, struct name *name)
{
	struct var *v;

	if (r->fn == r->s->program && !r->local_vars) {
		global_var(r, name);
		return NULL;
	}
	v = scope_declare(r, name, VAR_VAR);
	if (v->nrefs == 0 && v->shadowed && r->fn->body != r->fn->top && v->shadowed->scope == r->fn->top &&
	    v->kind == VAR_VAR && !v->from) {
		v->from = v->shadowed;
		if (v->from->kind == VAR_ARGUMENTS)
			r->fn->args_refs++;
	}
	return v;
}

static void hoist_pattern(struct resolver *r, struct node *n)
{
	switch (n->kind) {
	case N_BINDING: hoist_name(r, n->binding.name); break;
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			hoist_pattern(r, n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			hoist_pattern(r, n->object_pattern.props.v[i]);
		break;
	case N_PROP_PATTERN: hoist_pattern(r, n->prop_pattern.value); break;
	case N_ASSIGN_PATTERN: hoist_pattern(r, n->assign_pattern.target); break;
	case N_REST: hoist_pattern(r, n->rest.target); break;
	default: break;
	}
}

static void hoist_vars(struct resolver *r, struct node *n)
{
	if (n->kind != N_VAR || n->op != DECL_VAR)
		return;
	for (uint32_t i = 0; i < n->var.decls.n; i++)
		hoist_pattern(r, n->var.decls.v[i]->declarator.target);
}

/* A sloppy function in a block that also makes a var (B.3.2). */
static void hoist_block_function(struct resolver *r, struct node *n)
{
	struct var *v;

	if (!(n->flags & NF_ANNEX_B))
		return;
	/* B.3.2.1: not over the arguments object. */
	if (r->fn != r->s->program && !r->fn->arrow && n->func_decl.func->func.id->binding.name == wk(r, WK_arguments))
		return;
	if (r->fn == r->s->program && !r->local_vars) {
		push_node(r, &r->s->global_soft, &r->s->nglobal_soft, n);
		n->mark = ANNEX_B_GLOBAL;
		return;
	}
	v = hoist_name(r, n->func_decl.func->func.id->binding.name);
	n->mark = v->index + 1;
}

static void hoist(struct resolver *r, struct node *n)
{
	while (n && !scope_deep(r, n)) {
		switch (n->kind) {
		case N_VAR: hoist_vars(r, n); return;
		case N_FUNC_DECL: hoist_block_function(r, n); return;
		case N_EXPORT_DECL: n = n->export_decl.decl; break;
		case N_BLOCK: hoist_list(r, n->block.body); return;
		case N_IF:
			hoist(r, n->if_.then);
			n = n->if_.else_;
			break;
		case N_FOR:
			if (n->for_.init)
				hoist_vars(r, n->for_.init);
			n = n->for_.body;
			break;
		case N_FOR_IN: case N_FOR_OF:
			hoist_vars(r, n->for_in.left);
			n = n->for_in.body;
			break;
		case N_WHILE: n = n->while_.body; break;
		case N_DO: n = n->do_.body; break;
		case N_WITH: n = n->with.body; break;
		case N_LABELED: n = n->labeled.body; break;
		case N_SWITCH:
			for (uint32_t i = 0; i < n->switch_.cases.n; i++)
				hoist_list(r, n->switch_.cases.v[i]->case_.body);
			return;
		case N_TRY:
			hoist(r, n->try_.block);
			if (n->try_.handler)
				hoist(r, n->try_.handler->catch_.body);
			n = n->try_.finalizer;
			break;
		default: return;
		}
	}
}

/* ---- functions ---- */

struct fscope *scope_new_function(struct resolver *r, struct node *node, uint32_t eff_pos)
{
	struct fscope *f = ARENA_NEW(&r->ast->arena, struct fscope);

	f->parent = r->fn;
	f->outer = r->scope;
	f->node = node;
	f->eff_pos = eff_pos;
	r->s->nfuncs++;
	r->closures++;
	return f;
}

static void declare_params(struct resolver *r, struct node *fn)
{
	struct func_info *info = fn->func.info;
	struct nlist params = fn->func.params;

	for (uint32_t i = 0; i < params.n; i++) {
		struct node *p = params.v[i], *target = p->kind == N_ASSIGN_PATTERN ? p->assign_pattern.target : p;
		struct declarer d = { r, VAR_PARAM, info->flags & FI_PARAM_EXPRS ? p->end : 0, 0, NULL };
		declare_names(&d, p);
		if (target->kind == N_BINDING && i < 65535)
			d.only->param = (uint16_t)(i + 1);
	}
}

static struct var *declare_arguments(struct resolver *r, struct node *fn)
{
	struct func_info *info = fn->func.info;
	struct name *name = wk(r, WK_arguments);
	struct var *v = name->scratch;

	if (info->kind == FUNC_ARROW || !(info->flags & FI_USES_ARGUMENTS) || (v && v->scope == r->scope))
		return NULL;
	return scope_declare(r, name, VAR_ARGUMENTS);
}

/* 10.2.11: whose parameters live in the arguments object. */
static void settle_arguments(struct resolver *r, struct fscope *f)
{
	bool captured = false, params = false;

	for (struct var *v = f->top->vars; v; v = v->next)
		if (v->kind == VAR_PARAM && (v->nwrites || v->func))
			f->param_writes = true;
	if (!f->args_var || f->args_var->func || f->args_var->kind != VAR_ARGUMENTS || (f->args_refs == 0 && f->args_var->nrefs == 0)) {
		f->args_var = NULL;
		return;
	}
	if (f->strict || !(f->info->flags & FI_SIMPLE_PARAMS) || (f->args_refs == f->args_safe && !f->param_writes))
		return;
	for (struct var *v = f->top->vars; v; v = v->next)
		if (v->kind == VAR_PARAM && v->param) {
			v->mapped = params = true;
			captured |= v->captured;
		}
	f->mapped = true;              /* with `callee`, and live parameters if there are any */
	if (!params)
		return;
	f->argobj_var = scope_var(r, f->top, NULL, VAR_ARGOBJ);
	f->argobj_var->captured = captured;
}

/* A function expression's own name lies around its parameters: any other
 * declaration of the name in the same scope wins. */
static void declare_self(struct resolver *r, struct fscope *f, struct node *n)
{
	struct var *v;

	if (!n->func.id || f->info->flags & FI_DECL)
		return;
	v = n->func.id->binding.name->scratch;
	if (!v || v->scope != f->top)
		f->self_var = scope_declare(r, n->func.id->binding.name, VAR_SELF);
}

static void function_body(struct resolver *r, struct fscope *f, struct node *n)
{
	struct node *body = n->func.body;

	if (f->info->flags & FI_EXPR_BODY) {
		scope_expr(r, body);
		return;
	}
	hoist_list(r, body->body.stmts);
	declare_list(r, body->body.stmts, true, 0);
	if (f->body == f->top)
		declare_self(r, f, n);
	statements(r, body->body.stmts);
}

static void function_inside(struct resolver *r, struct fscope *f, struct node *n)
{
	unsigned flags = f->info->flags;
	bool eval = (flags & FI_DIRECT_EVAL) && !f->strict, split = false;
	struct nlist params = n->func.params;

	if (flags & FI_PARAM_EXPRS)
		split = f->split = !(flags & FI_EXPR_BODY) || (flags & FI_DIRECT_EVAL);
	scope_enter(r, f->top);
	declare_params(r, n);
	f->args_var = declare_arguments(r, n);
	if (eval && (!split || (flags & FI_PARAM_EVAL)))
		scope_add_dyn(r, VAR_DYN);
	if (split) {
		declare_self(r, f, n);
		for (uint32_t i = 0; i < params.n; i++)
			scope_target(r, params.v[i], true);
		f->body = scope_new(r, VS_BODY, n->func.body->start);
		scope_enter(r, f->body);
		if (eval)
			scope_add_dyn(r, VAR_DYN);
	}
	if (!split)
		for (uint32_t i = 0; i < params.n; i++)
			scope_target(r, params.v[i], true);
	function_body(r, f, n);
	if (split)
		scope_leave(r);
	scope_leave(r);
	settle_arguments(r, f);
}

static struct fscope *func_in_class(struct resolver *r, struct node *n, uint32_t eff_pos, struct class_scope *cls)
{
	struct fscope *f, *fn = r->fn;
	uint32_t branchy = r->branchy;

	if (scope_deep(r, n))
		return NULL;
	f = scope_new_function(r, n, eff_pos);
	f->info = n->func.info;
	f->info->scope = f;
	f->cls = cls;
	f->arrow = f->info->kind == FUNC_ARROW;
	f->strict = (f->info->flags & FI_STRICT) != 0;
	f->top = f->body = scope_new(r, VS_FUNCTION, n->start);
	r->fn = f;
	r->branchy = 0;
	function_inside(r, f, n);
	r->fn = fn;
	r->branchy = branchy;
	return f;
}

void scope_func(struct resolver *r, struct node *n, uint32_t eff_pos)
{
	func_in_class(r, n, eff_pos, NULL);
}

/* ---- classes ---- */

/* The instance or static initialiser, made at the first element that needs it.
 * Its parent is the function around the class. */
static struct fscope *initialiser(struct resolver *r, struct fscope **slot, struct node *cls, bool is_static)
{
	if (!*slot) {
		struct fscope *f = scope_new_function(r, cls, cls->start);
		f->cls = cls->class_.ref;
		f->strict = true;
		f->is_static = is_static;
		f->top = f->body = scope_new(r, VS_FUNCTION, cls->start);
		f->top->parent = r->scope;
		f->top->fn = f;
		*slot = f;
	}
	return *slot;
}

static void static_block(struct resolver *r, struct node *n)
{
	struct nlist stmts = n->static_block.func->func.body->body.stmts;
	struct vscope *sc = scope_new(r, VS_STATIC_BLOCK, n->start);

	n->mark = sc->index + 1;
	scope_enter(r, sc);
	hoist_list(r, stmts);
	declare_list(r, stmts, true, 0);
	statements(r, stmts);
	scope_leave(r);
}

/* Inside an initialiser function: a field's value or a static block. */
static void in_initialiser(struct resolver *r, struct fscope *f, struct node *elem, struct var *key)
{
	struct fscope *fn = r->fn;
	struct vscope *sc = r->scope;
	uint32_t branchy = r->branchy;

	r->fn = f;
	r->scope = f->top;
	r->branchy = 0;
	if (elem->kind == N_STATIC_BLOCK)
		static_block(r, elem);
	else if (elem->kind == N_FIELD) {
		if (key)
			scope_capture(r, key);
		if (elem->field.key->kind == N_PRIVATE_NAME)
			scope_private(r, elem->field.key->private_name.name);
		if (elem->field.init)
			scope_expr(r, elem->field.init->func.body);
	} else {                       /* a private method's addition */
		scope_capture(r, key);
		scope_private(r, elem->method.key->private_name.name);
	}
	r->fn = fn;
	r->scope = sc;
	r->branchy = branchy;
}

static void declare_privates(struct resolver *r, struct node *n)
{
	for (uint32_t i = 0; i < n->class_.elements.n; i++) {
		struct node *e = n->class_.elements.v[i], *key;
		struct var *v;
		if (e->kind == N_STATIC_BLOCK)
			continue;
		key = e->kind == N_METHOD ? e->method.key : e->field.key;
		if (key->kind != N_PRIVATE_NAME)
			continue;
		v = scope_declare(r, scope_private_name(r, key->private_name.name), VAR_PRIVATE);
		key->mark = v->index + 1;
	}
}

static void class_element(struct resolver *r, struct node *n, struct class_scope *c, uint32_t i)
{
	struct node *e = n->class_.elements.v[i];
	bool is_static = (e->flags & NF_STATIC) != 0 || e->kind == N_STATIC_BLOCK;
	struct var *self = c->self;
	uint32_t dead = self ? self->init_end : 0;

	if (e->kind != N_STATIC_BLOCK && e->flags & NF_COMPUTED) {
		scope_expr(r, e->kind == N_METHOD ? e->method.key : e->field.key);
		if (e->kind == N_FIELD)
			c->hidden[i] = scope_var(r, c->scope, NULL, VAR_HIDDEN);
	}
	/* The rest runs only once the class's name is bound. */
	if (self)
		self->init_end = 0;
	if (e->kind == N_METHOD) {
		func_in_class(r, e->method.func, e->start, NULL);
		if (e->method.key->kind == N_PRIVATE_NAME) {
			c->hidden[i] = scope_var(r, c->scope, NULL, VAR_HIDDEN);
			if (!is_static)
				in_initialiser(r, initialiser(r, &c->inst, n, false), e, c->hidden[i]);
		}
	} else
		in_initialiser(r, initialiser(r, is_static ? &c->stat : &c->inst, n, is_static), e, c->hidden[i]);
	if (self)
		self->init_end = dead;
}

void scope_class(struct resolver *r, struct node *n)
{
	struct class_scope *c = ARENA_NEW(&r->ast->arena, struct class_scope);
	uint32_t count = n->class_.elements.n;

	n->class_.ref = c;
	c->derived = n->class_.heritage != NULL;
	c->end = n->end;
	c->hidden = arena_alloc(&r->ast->arena, (count + 1) * sizeof *c->hidden);
	c->scope = scope_new(r, VS_CLASS, n->start);
	scope_enter(r, c->scope);
	if (n->class_.id) {
		/* A declaration's id names the outer variable too; that one is
		 * initialised through class_decl, this one is constant. */
		c->self = scope_declare(r, n->class_.id->binding.name, VAR_CLASS_SELF);
		c->self->init_end = n->end;
	}
	declare_privates(r, n);
	if (n->class_.heritage)
		scope_expr(r, n->class_.heritage);
	if (n->class_.ctor) {
		uint32_t dead = c->self ? c->self->init_end : 0;
		if (c->self)
			c->self->init_end = 0;
		func_in_class(r, n->class_.ctor, n->start, c);
		if (c->self)
			c->self->init_end = dead;
	} else
		r->closures++;
	for (uint32_t i = 0; i < count && !r->failed; i++)
		class_element(r, n, c, i);
	scope_leave(r);
}

/* ---- statements ---- */

/* Enters a scope for a list if it declares something. */
static bool enter_list(struct resolver *r, struct node *n, struct nlist l, enum vscope_kind kind)
{
	struct vscope *sc = scope_new(r, kind, n->start);

	scope_enter(r, sc);
	declare_list(r, l, false, 0);
	if (sc->vars) {
		n->mark = sc->index + 1;
		return true;
	}
	scope_leave(r);
	r->s->nscopes--;               /* nothing was made since */
	return false;
}

static void block(struct resolver *r, struct node *n)
{
	bool scope = enter_list(r, n, n->block.body, VS_BLOCK);

	statements(r, n->block.body);
	if (scope)
		scope_leave(r);
}

static void declarators(struct resolver *r, struct node *n)
{
	for (uint32_t i = 0; i < n->var.decls.n && !r->failed; i++) {
		struct node *d = n->var.decls.v[i], *t = d->declarator.target;
		bool lexical = n->op != DECL_VAR;
		struct var *v = t->kind == N_BINDING ? t->binding.name->scratch : NULL;
		bool first = false;

		if (!lexical && v && d->declarator.init && r->branchy == 0) {
			if (v->kind == VAR_VAR && v->scope->fn == r->fn && !v->func && !v->from && v->nrefs == 0) {
				scope_expr(r, d->declarator.init);
				first = v->nrefs == 0;
				r->primitive = expr_is_primitive(d->declarator.init);
				scope_target(r, t, false);
				v->first_is_init |= first;
				continue;
			}
		}
		if (lexical || d->declarator.init || t->kind != N_BINDING) {
			r->primitive = !d->declarator.init || expr_is_primitive(d->declarator.init);
			scope_target(r, t, lexical);
		} else
			t->binding.ref = v;        /* `var x;` does nothing */
		if (d->declarator.init)
			scope_expr(r, d->declarator.init);
	}
}

static void for_statement(struct resolver *r, struct node *n)
{
	struct node *init = n->for_.init;
	bool lexical = init && init->kind == N_VAR && init->op != DECL_VAR;
	uint32_t closures = r->closures;
	struct vscope *sc = NULL;

	if (lexical) {
		sc = scope_new(r, VS_FOR, n->start);
		n->mark = sc->index + 1;
		scope_enter(r, sc);
		declare_lexicals(r, init, 0);
	}
	if (init && init->kind == N_VAR)
		statement(r, init);
	else if (init)
		scope_expr(r, init);
	if (sc)
		sc->init_closure = r->closures != closures;
	r->branchy++;
	if (n->for_.test)
		scope_expr(r, n->for_.test);
	if (n->for_.update)
		scope_expr(r, n->for_.update);
	statement(r, n->for_.body);
	r->branchy--;
	if (sc)
		scope_leave(r);
}

/* for-in and for-of: the same layout of fields. */
static void for_each(struct resolver *r, struct node *n)
{
	struct node *left = n->for_in.left, *decl = NULL;
	bool lexical = left->kind == N_VAR && left->op != DECL_VAR;
	struct declarer d = { r, VAR_LET, UINT32_MAX, 0, NULL };

	if (left->kind == N_VAR)
		decl = left->var.decls.v[0];
	r->branchy++;
	if (!lexical) {
		if (decl && decl->declarator.init)
			scope_expr(r, decl->declarator.init);
		scope_expr(r, n->for_in.right);
		scope_target(r, decl ? decl->declarator.target : left, false);
		statement(r, n->for_in.body);
	} else {
		struct vscope *head = scope_new(r, VS_HEAD, n->start), *sc;
		bool used = false;
		scope_enter(r, head);
		declare_names(&d, decl->declarator.target);
		scope_expr(r, n->for_in.right);
		scope_leave(r);
		for (struct var *v = head->vars; v; v = v->next)
			used |= v->nrefs != 0;
		if (used)
			left->mark = head->index + 1;
		sc = scope_new(r, VS_FOR, n->start);
		n->mark = sc->index + 1;
		scope_enter(r, sc);
		d.kind = decl_is_const(left->op) ? VAR_CONST : VAR_LET;
		d.init_end = left->end;
		declare_names(&d, decl->declarator.target);
		scope_target(r, decl->declarator.target, true);
		statement(r, n->for_in.body);
		scope_leave(r);
	}
	r->branchy--;
}

static void switch_statement(struct resolver *r, struct node *n)
{
	struct vscope *sc = scope_new(r, VS_SWITCH, n->start);
	struct nlist cases = n->switch_.cases;

	scope_expr(r, n->switch_.disc);
	r->branchy++;
	scope_enter(r, sc);
	for (uint32_t i = 0; i < cases.n; i++)
		declare_list(r, cases.v[i]->case_.body, false, i + 1);
	if (sc->vars)
		n->mark = sc->index + 1;
	for (uint32_t i = 0; i < cases.n && !r->failed; i++) {
		struct node *c = cases.v[i];
		sc->cur_case = i + 1;
		if (c->case_.test) {
			/* Tests of later cases run with nothing initialised. */
			sc->cur_case = 0;
			scope_expr(r, c->case_.test);
			sc->cur_case = i + 1;
		}
		statements(r, c->case_.body);
	}
	scope_leave(r);
	r->branchy--;
}

static void catch_clause(struct resolver *r, struct node *n)
{
	struct node *param = n->catch_.param;
	struct declarer d = { r, VAR_CATCH, 0, 0, NULL };
	struct vscope *sc;

	if (!param) {
		block(r, n->catch_.body);
		return;
	}
	sc = scope_new(r, VS_CATCH, n->start);
	n->mark = sc->index + 1;
	scope_enter(r, sc);
	if (param->kind != N_BINDING)
		d.init_end = param->end;
	declare_names(&d, param);
	scope_target(r, param, true);
	block(r, n->catch_.body);
	scope_leave(r);
}

static void with_statement(struct resolver *r, struct node *n)
{
	struct vscope *sc;

	scope_expr(r, n->with.object);
	r->branchy++;
	sc = scope_new(r, VS_WITH, n->start);
	n->mark = sc->index + 1;
	scope_enter(r, sc);
	scope_add_dyn(r, VAR_WITH);
	statement(r, n->with.body);
	scope_leave(r);
	r->branchy--;
}

static void function_statement(struct resolver *r, struct node *fn)
{
	scope_func(r, fn, r->scope->start);
}

static void export_default(struct resolver *r, struct node *n)
{
	struct node *v = n->export_default.value;

	if (v->kind == N_FUNC_DECL || v->kind == N_CLASS_DECL)
		statement(r, v);
	else
		scope_expr(r, v);
}

static void statement(struct resolver *r, struct node *n)
{
	while (n && !scope_deep(r, n)) {
		switch (n->kind) {
		case N_EXPR_STMT: scope_expr(r, n->expr_stmt.expr); return;
		case N_VAR: declarators(r, n); return;
		case N_FUNC_DECL: function_statement(r, n->func_decl.func); return;
		case N_CLASS_DECL:
			scope_class(r, n->class_decl.cls);
			return;
		case N_RETURN:
			if (n->return_.arg)
				scope_expr(r, n->return_.arg);
			return;
		case N_THROW: scope_expr(r, n->throw_.arg); return;
		case N_BLOCK: block(r, n); return;
		case N_IF:
			scope_expr(r, n->if_.test);
			r->branchy++;
			statement(r, n->if_.then);
			/* The chain of else-ifs is all "branchy": one level is enough. */
			for (n = n->if_.else_; n && n->kind == N_IF; n = n->if_.else_) {
				scope_expr(r, n->if_.test);
				statement(r, n->if_.then);
			}
			if (n)
				statement(r, n);
			r->branchy--;
			return;
		case N_FOR: for_statement(r, n); return;
		case N_FOR_IN: case N_FOR_OF: for_each(r, n); return;
		case N_WHILE:
			r->branchy++;
			scope_expr(r, n->while_.test);
			statement(r, n->while_.body);
			r->branchy--;
			return;
		case N_DO:
			r->branchy++;
			statement(r, n->do_.body);
			scope_expr(r, n->do_.test);
			r->branchy--;
			return;
		case N_WITH: with_statement(r, n); return;
		case N_SWITCH: switch_statement(r, n); return;
		case N_LABELED:
			r->branchy++;
			statement(r, n->labeled.body);
			r->branchy--;
			return;
		case N_TRY:
			r->branchy++;
			block(r, n->try_.block);
			if (n->try_.handler)
				catch_clause(r, n->try_.handler);
			if (n->try_.finalizer)
				block(r, n->try_.finalizer);
			r->branchy--;
			return;
		case N_EXPORT_DECL: n = n->export_decl.decl; break;
		case N_EXPORT_DEFAULT: export_default(r, n); return;
		default: return;       /* EMPTY BREAK CONTINUE DEBUGGER IMPORT EXPORT_* */
		}
	}
}

static void statements(struct resolver *r, struct nlist l)
{
	for (uint32_t i = 0; i < l.n && !r->failed; i++)
		statement(r, l.v[i]);
}

/* ---- programs ---- */

static void module_imports(struct resolver *r, struct nlist body)
{
	struct scopes *s = r->s;
	uint32_t n = 0;

	for (uint32_t i = 0; i < body.n; i++)
		if (body.v[i]->kind == N_IMPORT)
			n += body.v[i]->import.specs.n;
	s->imports = arena_alloc(&r->ast->arena, (n + 1) * sizeof *s->imports);
	for (uint32_t i = 0; i < body.n; i++) {
		struct node *im = body.v[i];
		for (uint32_t k = 0; im->kind == N_IMPORT && k < im->import.specs.n; k++) {
			struct node *sp = im->import.specs.v[k], *local = sp->import_spec.local;
			struct var *v = scope_declare(r, local->binding.name, VAR_IMPORT);
			v->slot = s->nimports;
			local->binding.ref = v;
			s->imports[s->nimports++] = (struct import_binding){
				sp->op == IMPORT_NAMESPACE ? NULL : sp->op == IMPORT_DEFAULT ? wk(r, WK_default_) :
				sp->import_spec.imported ? sp->import_spec.imported : local->binding.name,
				local->binding.name, im, sp };
		}
	}
}

/* What is imported and only a type, or nothing, uses, is not imported. */
static void elide_imports(struct resolver *r, struct nlist body)
{
	struct scopes *s = r->s;

	s->nimports = 0;
	for (uint32_t i = 0; i < body.n; i++) {
		struct node *im = body.v[i];
		uint32_t kept = 0;
		if (im->kind != N_IMPORT || im->import.specs.n + im->import.types.n == 0)
			continue;
		for (uint32_t k = 0; k < im->import.specs.n; k++) {
			struct node *sp = im->import.specs.v[k];
			struct var *v = sp->import_spec.local->binding.ref;
			if (v->nrefs == 0 && !v->exported && !(v->name->flags & NAME_KEPT))
				continue;
			s->imports[s->nimports] = s->imports[v->slot];
			v->slot = s->nimports++;
			im->import.specs.v[kept++] = sp;
		}
		im->import.specs.n = kept;
		if (kept == 0)
			im->kind = N_EMPTY;
	}
}

/* Names exported from here stay in the module's environment. */
static void mark_exports(struct nlist body)
{
	for (uint32_t i = 0; i < body.n; i++) {
		struct node *n = body.v[i];
		if (n->kind != N_EXPORT_NAMED || n->export_named.source)
			continue;
		for (uint32_t k = 0; k < n->export_named.specs.n; k++) {
			struct var *v = n->export_named.specs.v[k]->export_spec.local->scratch;
			if (v) {
				v->exported = true;
				n->export_named.specs.v[k]->mark = v->index + 1;
			}
		}
	}
}

static void mark_exported_names(struct node *n)
{
	struct var *v;

	switch (n->kind) {
	case N_VAR:
		for (uint32_t i = 0; i < n->var.decls.n; i++)
			mark_exported_names(n->var.decls.v[i]->declarator.target);
		break;
	case N_BINDING:
		v = n->binding.name->scratch;
		if (v)
			v->exported = true;
		break;
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			mark_exported_names(n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			mark_exported_names(n->object_pattern.props.v[i]);
		break;
	case N_PROP_PATTERN: mark_exported_names(n->prop_pattern.value); break;
	case N_ASSIGN_PATTERN: mark_exported_names(n->assign_pattern.target); break;
	case N_REST: mark_exported_names(n->rest.target); break;
	case N_FUNC_DECL: mark_exported_names(n->func_decl.func->func.id); break;
	case N_CLASS_DECL:
		if (n->class_decl.cls->class_.id)
			mark_exported_names(n->class_decl.cls->class_.id);
		break;
	default: break;
	}
}

static void module_top(struct resolver *r, struct nlist body)
{
	struct name *dflt = wk(r, WK_default_export);
	struct node *has_default = NULL;

	module_imports(r, body);
	hoist_list(r, body);
	declare_list(r, body, false, 0);
	for (uint32_t i = 0; i < body.n; i++)
		if (body.v[i]->kind == N_EXPORT_DECL)
			mark_exported_names(body.v[i]->export_decl.decl);
		else if (body.v[i]->kind == N_EXPORT_DEFAULT) {
			struct node *v = body.v[i]->export_default.value;
			if (v->kind == N_FUNC_DECL || (v->kind == N_CLASS_DECL && v->class_decl.cls->class_.id))
				mark_exported_names(v);
			else
				has_default = body.v[i];
		}
	if (has_default) {
		struct var *v = scope_declare(r, dflt, VAR_LET);
		v->init_end = UINT32_MAX;
		v->exported = v->tdz = true;
		has_default->mark = v->index + 1;
	}
	mark_exports(body);
	statements(r, body);
	if (r->ast->ts)
		elide_imports(r, body);
}

/* The functions and vars of a script: functions first, the last of each name;
 * then the vars that are not functions. */
static void global_names(struct resolver *r, struct nlist body)
{
	struct scopes *s = r->s;
	struct node *decl;
	uint32_t n = 0, at;

	for (uint32_t i = 0; i < body.n; i++)
		n += scope_function_decl(body.v[i], &decl) != NULL;
	s->global_funcs = arena_alloc(&r->ast->arena, (n + 1) * sizeof *s->global_funcs);
	at = n;
	for (uint32_t i = body.n; i-- > 0;) {
		struct node *fn = scope_function_decl(body.v[i], &decl);
		if (!fn || fn->func.id->binding.name->scratch == s)
			continue;
		fn->func.id->binding.name->scratch = s;
		s->global_funcs[--at] = decl;
	}
	s->global_funcs += at;
	s->nglobal_funcs = n - at;
	hoist_list(r, body);
	for (uint32_t i = 0; i < s->nglobal_vars; i++)
		s->global_vars[i]->scratch = NULL;
	for (uint32_t i = 0; i < s->nglobal_funcs; i++)
		s->global_funcs[i]->func_decl.func->func.id->binding.name->scratch = NULL;
}

static void eval_top(struct resolver *r, struct nlist body)
{
	struct node *decl;

	/* var and functions are the variable environment's unless strict; let, const, class never */
	if (r->local_vars) {
		hoist_list(r, body);
		declare_list(r, body, true, 0);
		return;
	}
	scope_eval_conflicts(r);
	for (uint32_t i = 0; i < body.n; i++)
		if (!scope_function_decl(body.v[i], &decl))
			declare_list(r, (struct nlist){ &body.v[i], 1 }, true, 0);
}

static void program(struct resolver *r, struct node *root, const struct outer_scope *outer, uint32_t nouter)
{
	struct func_info *info = root->program.info;
	struct nlist body = root->program.body;
	bool strict = (info->flags & FI_STRICT) != 0;
	struct fscope *f = scope_new_function(r, root, 0);

	r->s->program = f;
	r->fn = f;
	r->local_vars = info->kind == FUNC_MODULE || (info->kind == FUNC_EVAL && strict);
	if (!r->local_vars)
		global_names(r, body);        /* before other scopes use name->scratch */
	r->fn = NULL;
	scope_open_outer(r, outer, nouter);
	f->parent = r->fn;
	f->outer = r->scope;
	f->arrow = nouter != 0;
	f->info = info;
	info->scope = f;
	f->strict = strict;
	f->top = f->body = scope_new(r, VS_FUNCTION, 0);
	r->fn = f;
	scope_enter(r, f->top);
	if (info->kind == FUNC_MODULE) {
		module_top(r, body);
	} else {
		if (info->kind == FUNC_EVAL)
			eval_top(r, body);
		statements(r, body);
	}
	while (r->scope)
		scope_leave(r);
}

bool scopes_resolve(struct scopes *s, struct ast *a, const void *c_limit, const struct outer_scope *outer, uint32_t nouter,
	struct parse_error *err)
{
	struct resolver r = { .s = s, .ast = a, .err = err, .c_limit = c_limit };

	memset(s, 0, sizeof *s);
	s->ast = a;
	if (!c_limit)
		r.c_limit = (const char *)__builtin_frame_address(0) - (256 << 10);
	memset(err, 0, sizeof *err);
	program(&r, a->root, outer, nouter);
	free(r.spine);
	if (r.failed)
		src_line_col(a->src, err->start, &err->line, &err->col);
	return !r.failed;
}

void scopes_free(struct scopes *s)
{
	free(s->table);
	free(s->vars);
	memset(s, 0, sizeof *s);
}
