/* cls.c: class definitions (15.7.14). A class's fields and private methods are
 * set up by one synthetic function that runs on every new instance, its static
 * fields and blocks by another that runs once; both are called with `this`. */
#include "engine/gen/fn.h"

struct name *gen_prefixed(struct gfn *f, const char *prefix, struct name *name)
{
	struct buf b = BUF_INIT;
	struct name *n;

	buf_puts(&b, prefix);
	buf_put_sv(&b, name_sv(name));
	n = names_intern(&f->g->ast->names, b.p, b.len);
	buf_free(&b);
	return n;
}

bool gen_class_has_instance(const struct class_scope *c)
{
	return c->inst != NULL;
}

static uint32_t method_kind(const struct node *e)
{
	return e->op == PROP_GET ? METH_GET : e->op == PROP_SET ? METH_SET : METH_METHOD;
}

static struct name *method_name(struct gfn *f, const struct node *e, struct name *key)
{
	return e->op == PROP_GET ? gen_prefixed(f, "get ", key) : e->op == PROP_SET ? gen_prefixed(f, "set ", key) : key;
}

static bool is_private(const struct node *key) { return key->kind == N_PRIVATE_NAME; }

static struct name *private_text(struct gfn *f, const struct node *key)
{
	return gen_prefixed(f, "#", key->private_name.name);
}

static void make_private_names(struct gfn *f, struct class_scope *c)
{
	for (struct var *v = c->scope->vars; v; v = v->next) {
		int top = f->top, t;
		if (v->kind != VAR_PRIVATE)
			continue;
		t = v->loc == LOC_REG ? v->reg : emit_alloc(f, 1);
		emit_key(f, OP_NEWPRIV, (uint32_t)t, v->name);
		var_init(f, v, t);
		f->top = top;
	}
}

/* The constructor; pair r, r + 1 gets it and the prototype. */
static void make_constructor(struct gfn *f, struct node *n, int r, struct name *name)
{
	struct class_scope *c = n->class_.ref;
	struct task t = { .kind = TASK_FUNC, .node = n->class_.ctor, .cls = c, .name = name };
	int top = f->top, heritage = REG_NONE;

	if (n->class_.heritage)
		heritage = gen_operand(f, n->class_.heritage, ANY, 0, 0);
	t.flags = FN_STRICT | FN_CLASS_CTOR | (c->derived ? FN_DERIVED : 0) |
		(gen_class_has_instance(c) ? FN_HAS_THIS_INIT : 0) | (name ? FN_NAME_BOUND : 0);
	if (n->class_.ctor)
		t.fs = n->class_.ctor->func.info->scope;
	else {
		t.kind = TASK_DEFAULT_CTOR;
		t.node = n;
	}
	emit_at(f, n->class_.heritage ? n->class_.heritage->start : n->start);
	if (!f->dead)
		emit_w1(f, OP_CLASS, (uint32_t)r, (uint32_t)heritage,
			t.fs && t.fs->needs_outer ? (uint32_t)scope_env(f) : REG_NONE, gen_task(f, &t));
	f->top = top;
}

/* The key of a method or field in a register, converted. */
static int element_key(struct gfn *f, const struct node *e, struct node *key)
{
	int r, t;

	if (!(e->flags & NF_COMPUTED)) {
		r = emit_alloc(f, 1);
		emit_prop_key(f, r, key->key.name);
		return r;
	}
	t = emit_alloc(f, 1);
	r = gen_operand(f, key, t, 0, 0);
	emit_at(f, key->start);
	emit(f, OP_TOPROPKEY, (uint32_t)t, (uint32_t)r, 0);
	return t;
}

static void method(struct gfn *f, struct node *e, struct var *hidden, int target)
{
	struct node *key = e->method.key;
	struct name *name = NULL;
	int k = 0, fn;

	if (is_private(key))
		name = method_name(f, e, private_text(f, key));
	else {
		k = element_key(f, e, key);
		if (!(e->flags & NF_COMPUTED))
			name = method_name(f, e, key->key.name);
	}
	fn = gen_function(f, e->method.func, emit_alloc(f, 1), 0, name, NULL);
	if (is_private(key)) {
		emit(f, OP_SETHOME, (uint32_t)fn, (uint32_t)target, 0);
		var_init(f, hidden, fn);
		return;
	}
	emit_at(f, e->start);
	emit_w1(f, OP_DEFMETH, (uint32_t)target, (uint32_t)k, (uint32_t)fn, method_kind(e));
}

static void initialiser_closure(struct gfn *f, struct node *n, struct fscope *fs, int dst, int home)
{
	struct task t = { .kind = TASK_INITIALISER, .fs = fs, .node = n, .cls = n->class_.ref,
		.flags = FN_STRICT | FN_METHOD | FN_FIELD_INIT };

	if (f->dead)
		return;
	emit_w1(f, OP_CLOSURE, (uint32_t)dst, fs->needs_outer ? (uint32_t)scope_env(f) : REG_NONE, 0, gen_task(f, &t));
	emit(f, OP_SETHOME, (uint32_t)dst, (uint32_t)home, 0);
}

/* Adds a private method or accessor to obj. */
static void add_private_method(struct gfn *f, struct node *e, struct var *hidden, int obj)
{
	int top = f->top, p = gen_private_name(f, e->method.key->mark), fn = var_get(f, hidden, false, ANY);

	emit_at(f, e->start);
	emit_w1(f, OP_DEFPRIVM, (uint32_t)obj, (uint32_t)p, (uint32_t)fn, method_kind(e));
	f->top = top;
}

static void class_elements(struct gfn *f, struct node *n, int r)
{
	struct class_scope *c = n->class_.ref;
	struct nlist elems = n->class_.elements;

	for (uint32_t i = 0; i < elems.n; i++) {
		struct node *e = elems.v[i];
		int top = f->top;
		if (e->kind == N_METHOD)
			method(f, e, c->hidden[i], e->flags & NF_STATIC ? r : r + 1);
		else if (e->kind == N_FIELD && e->flags & NF_COMPUTED)
			var_init(f, c->hidden[i], element_key(f, e, e->field.key));
		f->top = top;
	}
}

static void class_statics(struct gfn *f, struct node *n, int r)
{
	struct class_scope *c = n->class_.ref;
	struct nlist elems = n->class_.elements;
	int top = f->top;

	for (uint32_t i = 0; i < elems.n; i++)
		if (elems.v[i]->kind == N_METHOD && elems.v[i]->flags & NF_STATIC && is_private(elems.v[i]->method.key))
			add_private_method(f, elems.v[i], c->hidden[i], r);
	if (c->stat) {
		int w = emit_alloc(f, WINDOW);
		initialiser_closure(f, n, c->stat, w, r);
		emit_mov(f, w + CALL_HEADER, r);
		emit_at(f, n->start);
		emit(f, OP_CALLM, (uint32_t)w, 0, 0);
	}
	f->top = top;
}

int gen_class(struct gfn *f, struct node *n, int dst)
{
	struct class_scope *c = n->class_.ref;
	struct name *name = n->class_.id ? n->class_.id->binding.name : f->hint;
	int name_reg = n->class_.id ? ANY : f->hint_reg, save = f->top, r = emit_alloc(f, 2), top = f->top;

	f->hint = NULL;
	f->hint_reg = ANY;
	scope_open(f, c->scope);
	make_private_names(f, c);
	make_constructor(f, n, r, name);
	if (name_reg >= 0)
		emit_w1(f, OP_SETFNAME, (uint32_t)r, (uint32_t)name_reg, 0, 0);
	class_elements(f, n, r);
	if (c->self)
		var_init(f, c->self, r);
	if (c->inst) {
		int t = emit_alloc(f, 1);
		initialiser_closure(f, n, c->inst, t, r + 1);
		emit(f, OP_SETFIELDS, (uint32_t)r, (uint32_t)t, 0);
		f->top = t;
	}
	class_statics(f, n, r);
	scope_close(f, c->scope, top);
	if (dst < 0) {
		f->top = r + 1;
		return r;
	}
	emit_mov(f, dst, r);
	f->top = save;
	return dst;
}

/* ---- the synthetic functions ---- */

static void field(struct gfn *f, struct node *e, struct var *hidden)
{
	struct node *key = e->field.key, *init = e->field.init ? e->field.init->func.body : NULL;
	int k = ANY, r;
	struct name *name = NULL;

	if (is_private(key)) {
		k = gen_private_name(f, key->mark);
		name = private_text(f, key);
	} else if (hidden)
		k = var_get(f, hidden, false, ANY);
	else {
		name = key->key.name;
		if (name->flags & NAME_IS_INDEX) {
			k = emit_alloc(f, 1);
			emit_prop_key(f, k, name);
		}
	}
	if (!init) {
		r = emit_alloc(f, 1);
		emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
	} else if (name)
		r = gen_named(f, init, ANY, name);
	else
		r = gen_named_reg(f, init, ANY, k);
	emit_at(f, e->start);
	if (is_private(key))
		emit(f, OP_DEFPRIV, 0, (uint32_t)k, (uint32_t)r);
	else if (k >= 0)
		emit(f, OP_DEFE, 0, (uint32_t)k, (uint32_t)r);
	else
		emit_p(f, OP_DEFP, 0, (uint32_t)r, name);
}

static void static_block(struct gfn *f, struct node *e)
{
	struct vscope *sc = scopes_at(f->g->scopes, e->mark);
	int top = f->top;

	if (!sc)
		return;
	scope_open(f, sc);
	gen_statements(f, e->static_block.func->func.body->body.stmts);
	scope_close(f, sc, top);
}

void gen_initialiser(struct gfn *f)
{
	struct class_scope *c = f->task->cls;
	struct nlist elems = f->task->node->class_.elements;
	bool is_static = f->fs->is_static;

	for (uint32_t i = 0; i < elems.n && !is_static; i++) {
		struct node *e = elems.v[i];
		if (e->kind == N_METHOD && !(e->flags & NF_STATIC) && is_private(e->method.key))
			add_private_method(f, e, c->hidden[i], 0);
	}
	for (uint32_t i = 0; i < elems.n; i++) {
		struct node *e = elems.v[i];
		int top = f->top;
		if (e->kind == N_STATIC_BLOCK && is_static)
			static_block(f, e);
		else if (e->kind == N_FIELD && !!(e->flags & NF_STATIC) == is_static)
			field(f, e, c->hidden[i]);
		f->top = top;
	}
}

/* 15.7.14 step 14: the arguments go on without a look at any iterator. */
void gen_default_ctor(struct gfn *f)
{
	struct class_scope *c = f->task->cls;
	bool fields = gen_class_has_instance(c);
	int callee, args, w, nt;

	f->top = f->max = 1;
	emit_at(f, f->task->node->start);
	if (!c->derived) {
		if (fields) {
			callee = emit_alloc(f, 1);
			emit(f, OP_LDCALLEE, (uint32_t)callee, 0, 0);
			emit(f, OP_INITFIELDS, 0, (uint32_t)callee, 0);
		}
		emit(f, OP_RETU, 0, 0, 0);
		return;
	}
	args = emit_alloc(f, 3);
	callee = args + 1;
	nt = args + 2;
	emit(f, OP_REST, (uint32_t)args, 0, 0);
	emit(f, OP_LDCALLEE, (uint32_t)callee, 0, 0);
	emit(f, OP_LDNEWT, (uint32_t)nt, 0, 0);
	w = emit_alloc(f, WINDOW + 1);
	emit(f, OP_GETSUPERCTOR, (uint32_t)w, (uint32_t)callee, 0);
	emit_mov(f, w + WINDOW, args);
	emit(f, OP_SUPERCALLV, (uint32_t)w, 0, (uint32_t)nt);
	if (fields)
		emit(f, OP_INITFIELDS, (uint32_t)w, (uint32_t)callee, 0);
	emit(f, OP_RETD, (uint32_t)w, (uint32_t)w, 0);
}
