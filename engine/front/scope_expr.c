/* scope_expr.c: variables and expressions of the resolver (scope.h). Names
 * resolve through name->scratch, which holds the innermost variable of that
 * name while the pass is inside its scope: no lookups. The walk follows the
 * order of the source, on which var.writes and the dead-zone rule rest. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/front/scope_internal.h"

void scope_fail(struct resolver *r, const struct node *n, const char *msg)
{
	if (r->failed)
		return;
	r->failed = true;
	snprintf(r->err->msg, sizeof r->err->msg, "%s", msg);
	r->err->start = n->start;
	r->err->end = n->end;
}

void scope_unsupported(struct resolver *r, const struct node *n, const char *what)
{
	char msg[128];

	snprintf(msg, sizeof msg, "%s not supported yet", what);
	scope_fail(r, n, msg);
}

bool scope_deep(struct resolver *r, const struct node *n)
{
	if (r->failed)
		return true;
	if ((const char *)__builtin_frame_address(0) >= r->c_limit)
		return false;
	scope_fail(r, n, "too deeply nested");
	r->err->too_deep = true;
	return true;
}

static void *grow(void *p, size_t *cap, size_t elem)
{
	*cap = *cap ? *cap * 2 : 32;
	p = realloc(p, *cap * elem);
	AN(p != NULL);
	return p;
}

/* ---- scopes and variables ---- */

struct vscope *scope_new(struct resolver *r, enum vscope_kind kind, uint32_t start)
{
	struct scopes *s = r->s;
	struct vscope *sc = ARENA_NEW(&r->ast->arena, struct vscope);

	sc->kind = (uint8_t)kind;
	sc->start = start;
	sc->tail = &sc->vars;
	if (s->nscopes == s->cap_scopes) {
		size_t cap = s->cap_scopes;
		s->table = grow(s->table, &cap, sizeof *s->table);
		s->cap_scopes = (uint32_t)cap;
	}
	sc->index = s->nscopes;
	s->table[s->nscopes++] = sc;
	return sc;
}

void scope_enter(struct resolver *r, struct vscope *sc)
{
	sc->parent = r->scope;
	sc->fn = r->fn;
	r->scope = sc;
}

void scope_leave(struct resolver *r)
{
	for (struct var *v = r->scope->vars; v; v = v->next)
		if (v->name)
			v->name->scratch = v->shadowed;
	for (struct var *v = r->scope->vars; v; v = v->next)
		v->done = (v->kind == VAR_VAR || v->kind == VAR_LET || v->kind == VAR_CONST) && !v->func && !v->from;
	r->ndyn -= r->scope->dyn != NULL;
	r->scope = r->scope->parent;
}

struct var *scope_var(struct resolver *r, struct vscope *sc, struct name *name, enum var_kind kind)
{
	struct scopes *s = r->s;
	struct var *v = ARENA_NEW(&r->ast->arena, struct var);

	v->name = name;
	v->kind = (uint8_t)kind;
	v->scope = sc;
	*sc->tail = v;
	sc->tail = &v->next;
	if (s->nvars == s->cap_vars) {
		size_t cap = s->cap_vars;
		s->vars = grow(s->vars, &cap, sizeof *s->vars);
		s->cap_vars = (uint32_t)cap;
	}
	v->index = s->nvars;
	s->vars[s->nvars++] = v;
	if (name) {
		v->shadowed = name->scratch;
		name->scratch = v;
	}
	return v;
}

struct var *scope_declare(struct resolver *r, struct name *name, enum var_kind kind)
{
	struct var *v = name->scratch;

	if (v && v->scope == r->scope)
		return v;
	return scope_var(r, r->scope, name, kind);
}

/* Marks the functions between here and the variable's own as needing their
 * outer environment; returns the offset at which the outermost of them comes
 * to exist. */
static uint32_t cross(struct resolver *r, const struct var *v)
{
	struct fscope *f = r->fn;

	for (; f->parent != v->scope->fn; f = f->parent)
		f->needs_outer = true;
	f->needs_outer = true;
	return f->eff_pos;
}

void scope_capture(struct resolver *r, struct var *v)
{
	if (v->scope->fn != r->fn) {
		v->captured = true;
		cross(r, v);
	}
}

static void note_write(struct resolver *r, struct var *v, uint32_t pos)
{
	uint32_t at;

	if (v->nwrites == v->cap) {
		uint32_t cap = v->cap ? v->cap * 2 : 4;
		uint32_t *w = arena_alloc(&r->ast->arena, cap * sizeof *w);
		if (v->nwrites)
			memcpy(w, v->writes, v->nwrites * sizeof *w);
		v->writes = w;
		v->cap = cap;
	}
	for (at = v->nwrites++; at > 0 && v->writes[at - 1] > pos; at--)
		v->writes[at] = v->writes[at - 1];   /* for (x of x = y): right before left */
	v->writes[at] = pos;
}

static struct var *use_var(struct resolver *r, struct var *v, uint32_t pos, bool write, bool *check)
{
	*check = false;
	if (!v)
		return NULL;
	v->nrefs++;
	if (write)
		note_write(r, v, pos);
	if (v->kind == VAR_IMPORT)
		return v;
	if (v->scope->fn != r->fn) {
		v->captured = true;
		pos = cross(r, v);
	}
	if (pos < v->init_end || (v->case_no && v->case_no != v->scope->cur_case)) {
		*check = true;
		v->tdz = true;
	}
	if (v->kind == VAR_ARGUMENTS)
		v->scope->fn->args_refs++;
	return v;
}

struct var *scope_use(struct resolver *r, struct name *name, uint32_t pos, bool write, bool *check)
{
	return use_var(r, name->scratch, pos, write, check);
}

struct name *scope_private_name(struct resolver *r, struct name *bare)
{
	struct buf b = BUF_INIT;
	struct name *n;

	buf_putc(&b, '#');
	buf_put(&b, bare->text, bare->len);
	n = names_intern(&r->ast->names, b.p, b.len);
	buf_free(&b);
	return n;
}

struct var *scope_private(struct resolver *r, struct name *bare)
{
	struct var *v = scope_private_name(r, bare)->scratch;

	if (v) {
		v->nrefs++;
		scope_capture(r, v);
	}
	return v;
}

static void private_use(struct resolver *r, struct node *n, struct name *bare)
{
	struct var *v = scope_private(r, bare);

	if (v)
		n->mark = v->index + 1;
	else
		scope_fail(r, n, "private name is not declared in an enclosing class");
}

bool var_written_in(const struct var *v, uint32_t start, uint32_t end)
{
	uint32_t lo = 0, hi = v->nwrites;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (v->writes[mid] < start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < v->nwrites && v->writes[lo] < end;
}

/* The nearest function that has a `this` of its own. */
struct fscope *scope_this_function(struct resolver *r)
{
	struct fscope *f = r->fn;

	while (f->arrow)
		f = f->parent;
	return f;
}

void scope_own(struct resolver *r, struct var **slot, struct fscope *f, enum var_kind kind)
{
	if (!*slot)
		*slot = scope_var(r, f->top, NULL, kind);
	(*slot)->nrefs++;
	scope_capture(r, *slot);
}

/* An arrow function uses what belongs to the function around it. */
static void own(struct resolver *r, struct var **slot, struct fscope *f, enum var_kind kind)
{
	if (f != r->fn)
		scope_own(r, slot, f, kind);
}

static void use_this(struct resolver *r)
{
	struct fscope *f = scope_this_function(r);

	f->uses_this = true;
	own(r, &f->this_var, f, VAR_THIS);
}

static void use_super(struct resolver *r)
{
	struct fscope *f = scope_this_function(r);

	use_this(r);
	own(r, &f->home_var, f, VAR_HOME);
}

/* ---- expressions ---- */

/* A variable read counts only when its scope is past: during the pass a later
 * assignment may still come. */
static bool primitive_at(const struct node *n, int depth)
{
	const struct var *v;

	if (depth > 16)
		return false;
	switch (n->kind) {
	case N_NUMBER: case N_STRING: case N_BIGINT: case N_TEMPLATE: case N_NULL_: case N_TRUE_: case N_FALSE_:
	case N_UNARY: case N_UPDATE: case N_BINARY: case N_PRIVATE_IN:
		return true;
	case N_IDENT:
		v = n->ident.ref;
		return v && !v->maybe_object && v->done;
	case N_ASSIGN:
		return n->op == O_NONE ? primitive_at(n->assign.value, depth + 1) : n->op < O_AND;
	case N_COND:
		return primitive_at(n->cond.then, depth + 1) && primitive_at(n->cond.else_, depth + 1);
	case N_LOGICAL:
		return primitive_at(n->logical.left, depth + 1) && primitive_at(n->logical.right, depth + 1);
	default: return false;
	}
}

bool expr_is_primitive(const struct node *n)
{
	return primitive_at(n, 0);
}

/* x that an enum or namespace exports: object.x. IDENT and MEMBER take the same
 * room. */
static void become_property(struct resolver *r, struct node *n, struct var *prop)
{
	struct name *name = n->ident.name;
	struct node *o = node_new(r->ast, N_IDENT, n->start, n->end);
	bool check;

	_Static_assert(sizeof n->ident >= sizeof n->member, "a MEMBER fits where an IDENT was");
	o->ident.name = prop->from->name;
	o->ident.ref = use_var(r, prop->from, n->start, false, &check);
	n->kind = N_MEMBER;
	n->flags &= NF_PAREN;
	n->member.object = o;
	n->member.name = name;
}

static void ident(struct resolver *r, struct node *n, bool write)
{
	struct var *v = n->ident.name->scratch;
	bool check;

	if (v && v->kind == VAR_PROP) {
		become_property(r, n, v);
		return;
	}
	v = use_var(r, v, n->start, write, &check);
	n->ident.ref = v;
	if (write && v && !r->primitive)
		v->maybe_object = true;
	if (check)
		n->mark |= REF_CHECK;
	if (r->ndyn && scope_is_dynamic(r, v))
		n->mark |= REF_DYN;
}

static void list(struct resolver *r, struct nlist l)
{
	for (uint32_t i = 0; i < l.n && !r->failed; i++)
		scope_expr(r, l.v[i]);
}

static void binding(struct resolver *r, struct node *n, bool init)
{
	struct var *v = n->binding.name->scratch;
	bool check;

	if (!init) {
		v = scope_use(r, n->binding.name, n->start, true, &check);
		if (r->ndyn && scope_is_dynamic(r, v))
			n->mark |= REF_DYN;
	}
	n->binding.ref = v;
	if (v && !r->primitive)
		v->maybe_object = true;
}

void scope_target(struct resolver *r, struct node *n, bool init)
{
	if (scope_deep(r, n))
		return;
	if (n->kind == N_IDENT || n->kind == N_BINDING) {
		if (n->kind == N_IDENT)
			ident(r, n, true);
		else
			binding(r, n, init);
		r->primitive = false;
		return;
	}
	r->primitive = false;
	switch (n->kind) {
	case N_ARRAY_PATTERN:
		for (uint32_t i = 0; i < n->array_pattern.elems.n; i++)
			scope_target(r, n->array_pattern.elems.v[i], init);
		break;
	case N_OBJECT_PATTERN:
		for (uint32_t i = 0; i < n->object_pattern.props.n; i++)
			scope_target(r, n->object_pattern.props.v[i], init);
		break;
	case N_PROP_PATTERN:
		if (n->flags & NF_COMPUTED)
			scope_expr(r, n->prop_pattern.key);
		scope_target(r, n->prop_pattern.value, init);
		break;
	case N_ASSIGN_PATTERN:
		scope_target(r, n->assign_pattern.target, init);
		scope_expr(r, n->assign_pattern.init);
		break;
	case N_REST: scope_target(r, n->rest.target, init); break;
	case N_HOLE: break;
	default: scope_expr(r, n); break;
	}
}

static void object_literal(struct resolver *r, struct node *n)
{
	for (uint32_t i = 0; i < n->object.props.n && !r->failed; i++) {
		struct node *p = n->object.props.v[i];
		if (p->kind != N_PROP) {
			scope_expr(r, p);
			continue;
		}
		if (p->flags & NF_COMPUTED)
			scope_expr(r, p->prop.key);
		scope_expr(r, p->prop.value);
	}
}

static void super_call(struct resolver *r, struct node *n)
{
	struct fscope *f = scope_this_function(r);

	use_this(r);
	own(r, &f->callee_var, f, VAR_CALLEE);
	own(r, &f->newt_var, f, VAR_NEW_TARGET);
	list(r, n->super_call.args);
}

/* The SPINE child that is evaluated first, or NULL. */
static struct node *spine_child(struct node *n)
{
	switch (n->kind) {
	case N_BINARY: return n->binary.left;
	case N_LOGICAL: return n->logical.left;
	case N_MEMBER: return n->member.object;
	case N_INDEX: return n->index.object;
	case N_PRIVATE_MEMBER: return n->private_member.object;
	case N_CALL: return n->call.callee;
	case N_TAGGED: return n->tagged.tag;
	default: return NULL;
	}
}

static bool is_arguments(const struct node *n)
{
	const struct var *v = n->kind == N_IDENT ? n->ident.ref : NULL;

	return v && v->kind == VAR_ARGUMENTS;
}

/* `arguments[i]` and `arguments.length`, which do not let the object escape. */
static void note_safe(struct node *object, int delta)
{
	if (is_arguments(object))
		((struct var *)object->ident.ref)->scope->fn->args_safe += (uint32_t)delta;
}

/* As the callee of a call the object becomes `this`, and escapes. */
static void note_callee(const struct resolver *r, struct node *callee)
{
	if (callee->kind == N_INDEX)
		note_safe(callee->index.object, -1);
	else if (callee->kind == N_MEMBER && callee->member.name == r->ast->names.known[WK_length])
		note_safe(callee->member.object, -1);
}

/* What follows the spine child. */
static void spine_rest(struct resolver *r, struct node *n)
{
	switch (n->kind) {
	case N_BINARY: scope_expr(r, n->binary.right); break;
	case N_LOGICAL: scope_expr(r, n->logical.right); break;
	case N_MEMBER:
		if (n->member.name == r->ast->names.known[WK_length])
			note_safe(n->member.object, 1);
		break;
	case N_INDEX:
		note_safe(n->index.object, 1);
		scope_expr(r, n->index.key);
		break;
	case N_PRIVATE_MEMBER: private_use(r, n, n->private_member.name); break;
	case N_CALL:
		if (n->flags & NF_DIRECT_EVAL)
			scope_direct_eval(r, n);
		note_callee(r, n->call.callee);
		list(r, n->call.args);
		break;
	case N_TAGGED:
		note_callee(r, n->tagged.tag);
		scope_expr(r, n->tagged.quasi);
		break;
	default: break;
	}
}

/* delete, assignment and update: the object of a member may not be counted as
 * safe, so its `arguments` use is taken back. */
static void unsafe_member(struct resolver *r, struct node *n)
{
	scope_expr(r, n);
	note_callee(r, n);
}

static void unary(struct resolver *r, struct node *n)
{
	if (n->op == O_DELETE)
		unsafe_member(r, n->unary.arg);
	else
		scope_expr(r, n->unary.arg);
}

static void assign_to(struct resolver *r, struct node *target)
{
	if (target->kind == N_INDEX || target->kind == N_MEMBER) {
		r->primitive = false;
		unsafe_member(r, target);
	} else
		scope_target(r, target, false);
}

/* Expressions that are no spines. */
static void leaf(struct resolver *r, struct node *n)
{
	switch (n->kind) {
	case N_IDENT: ident(r, n, false); break;
	case N_TEMPLATE: list(r, n->template_.exprs); break;
	case N_THIS: use_this(r); break;
	case N_NEW_TARGET: {
		struct fscope *f = scope_this_function(r);
		own(r, &f->newt_var, f, VAR_NEW_TARGET);
		break;
	}
	case N_ARRAY: list(r, n->array.elems); break;
	case N_OBJECT: object_literal(r, n); break;
	case N_FUNC: scope_func(r, n, n->start); break;
	case N_CLASS: scope_class(r, n); break;
	case N_UNARY: unary(r, n); break;
	case N_UPDATE:
		r->primitive = true;
		assign_to(r, n->update.arg);
		break;
	case N_PRIVATE_IN:
		private_use(r, n, n->private_in.name);
		scope_expr(r, n->private_in.object);
		break;
	case N_ASSIGN:
		r->primitive = n->op == O_NONE ? expr_is_primitive(n->assign.value) : n->op < O_AND;
		assign_to(r, n->assign.target);
		scope_expr(r, n->assign.value);
		break;
	case N_SEQUENCE: list(r, n->sequence.exprs); break;
	case N_SPREAD: scope_expr(r, n->spread.arg); break;
	case N_YIELD:
		if (n->yield_.arg)
			scope_expr(r, n->yield_.arg);
		break;
	case N_AWAIT: scope_expr(r, n->await_.arg); break;
	case N_SUPER_MEMBER: use_super(r); break;
	case N_SUPER_INDEX:
		use_super(r);
		scope_expr(r, n->super_index.key);
		break;
	case N_OPT_CHAIN: scope_expr(r, n->opt_chain.expr); break;
	case N_SUPER_CALL: super_call(r, n); break;
	case N_NEW:
		scope_expr(r, n->new_.callee);
		list(r, n->new_.args);
		break;
	case N_IMPORT_CALL:
		scope_expr(r, n->import_call.specifier);
		if (n->import_call.options)
			scope_expr(r, n->import_call.options);
		break;
	case N_ARRAY_PATTERN: case N_OBJECT_PATTERN:
		scope_target(r, n, false);
		break;
	default: break;              /* literals, holes, import.meta */
	}
}

static void push_spine(struct resolver *r, struct node *n)
{
	if (r->nspine == r->cap_spine)
		r->spine = grow(r->spine, &r->cap_spine, sizeof *r->spine);
	r->spine[r->nspine++] = n;
}

void scope_expr(struct resolver *r, struct node *n)
{
	size_t base = r->nspine;
	struct node *first;

	if (scope_deep(r, n))
		return;
	while (n->kind == N_COND) {
		scope_expr(r, n->cond.test);
		scope_expr(r, n->cond.then);
		n = n->cond.else_;
	}
	while ((first = spine_child(n)) != NULL) {
		push_spine(r, n);
		n = first;
	}
	if (n->kind == N_COND)
		scope_expr(r, n);
	else
		leaf(r, n);
	while (r->nspine > base)
		spine_rest(r, r->spine[--r->nspine]);
}
