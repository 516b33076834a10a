/* parse_lower.c: the parts of TypeScript that run: enums and namespaces become
 * functions called at once on an object, parameter properties assignments,
 * accessor fields a private field with a getter and a setter. What is made up
 * stands where it runs: a later node never has a smaller offset. Called by
 * parse_ts.c and the productions of functions and classes. */
#include "engine/front/parser.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "engine/front/fold.h"

/* ---- nodes that nobody wrote ---- */

static struct node *make(struct parser *p, enum node_kind k, uint32_t at)
{
	return node_new(p->ast, k, at, at);
}

struct node *lower_ident(struct parser *p, struct name *n, uint32_t at)
{
	struct node *i = make(p, N_IDENT, at);

	i->ident.name = n;
	return i;
}

struct node *lower_member(struct parser *p, struct node *object, struct name *n, uint32_t at)
{
	struct node *m = make(p, N_MEMBER, at);

	m->member.object = object;
	m->member.name = n;
	return m;
}

static struct node *string(struct parser *p, struct name *n, uint32_t at)
{
	struct node *s = make(p, N_STRING, at);

	s->string.value = n;
	return s;
}

static struct node *index_of(struct parser *p, struct node *object, struct node *key)
{
	struct node *n = make(p, N_INDEX, object->start);

	n->index.object = object;
	n->index.key = key;
	n->end = key->end;
	return n;
}

struct node *lower_assign(struct parser *p, struct node *target, struct node *value)
{
	struct node *n = make(p, N_ASSIGN, target->start);

	n->op = O_NONE;
	n->assign.target = target;
	n->assign.value = value;
	n->end = value->end;
	return n;
}

struct node *lower_statement(struct parser *p, struct node *expr)
{
	struct node *n = node_new(p->ast, N_EXPR_STMT, expr->start, expr->end);

	n->expr_stmt.expr = expr;
	return n;
}

static struct node *binding(struct parser *p, struct name *n, uint32_t start, uint32_t end)
{
	struct node *b = node_new(p->ast, N_BINDING, start, end);

	b->binding.name = n;
	return b;
}

static struct nlist list_of(struct parser *p, struct node *n)
{
	uint32_t base = p->nstack;

	push(p, n);
	return take(p, base);
}

/* ---- spaces ---- */

static bool in_space(const struct parser *p)
{
	return p->space != NULL && p->scope == p->space_scope;
}

/* The enum or namespace of that name whose next part begins here. */
static struct space *space_open(struct parser *p, struct name *name, bool exported, bool is_enum)
{
	struct space **list = exported && in_space(p) ? &p->space->inner : &p->scope->spaces, *s;

	for (s = *list; s != NULL; s = s->next)
		if (s->name == name && s->is_enum == is_enum)
			return s;
	s = ARENA_NEW(&p->ast->arena, struct space);
	s->name = name;
	s->is_enum = is_enum;
	s->next = *list;
	*list = s;
	return s;
}

static void space_add(struct parser *p, struct space *s, struct name *n)
{
	struct ts_name **tail = &s->names.first;

	for (; *tail != NULL; tail = &(*tail)->next)
		if ((*tail)->name == n)
			return;
	*tail = ARENA_NEW(&p->ast->arena, struct ts_name);
	(*tail)->name = n;
}

void declare_in_space(struct parser *p, struct name *n)
{
	space_add(p, p->space, n);
}

/* The parameter of the namespace whose body is being read. */
static struct node *space_ident(struct parser *p, uint32_t at)
{
	struct node *n = lower_ident(p, p->space->name, at);

	ts_item(p, &p->space->idents, n);
	return n;
}

/* var NAME, unless something of that name is there already. Pushed. */
static void space_var(struct parser *p, const struct token *name, bool exported)
{
	struct decl *d = name->name->scratch;
	struct node *v, *decl, *x, *b;
	bool top = p->scope == p->fn->top && p->fn->up == NULL;

	if (d != NULL && d->scope == p->scope)
		return;
	declare(p, name->name, top ? DECL_VARLIKE : DECL_LEXICAL, name->start, name->end);
	b = binding(p, name->name, name->start, name->end);
	decl = node_new(p->ast, N_DECLARATOR, name->start, name->end);
	decl->declarator.target = b;
	v = node_new(p->ast, N_VAR, name->start, name->end);
	v->op = top ? DECL_VAR : DECL_LET;
	v->var.decls = list_of(p, decl);
	if (exported && !in_space(p)) {
		x = node_new(p->ast, N_EXPORT_DECL, name->start, name->end);
		x->export_decl.decl = v;
		export_bound(p, v);
		v = x;
	}
	push(p, v);
}

/* NAME || (NAME = {}), or in a namespace NAME = O.NAME || (O.NAME = {}). */
static struct node *space_object(struct parser *p, struct name *name, bool exported, uint32_t at)
{
	struct node *l = make(p, N_LOGICAL, at), *target, *o = make(p, N_OBJECT, at);

	exported = exported && in_space(p);
	l->op = O_OR;
	l->logical.left = exported ? lower_member(p, space_ident(p, at), name, at) : lower_ident(p, name, at);
	target = exported ? lower_member(p, space_ident(p, at), name, at) : lower_ident(p, name, at);
	l->logical.right = lower_assign(p, target, o);
	if (!exported)
		return l;
	space_add(p, p->space, name);
	return lower_assign(p, lower_ident(p, name, at), l);
}

static struct node *space_call(struct parser *p, struct node *fn, struct node *object, uint32_t start)
{
	struct node *n = node_new(p->ast, N_CALL, start, p->lx.prev_end);

	n->call.callee = fn;
	n->call.args = list_of(p, object);
	return lower_statement(p, n);
}

static struct node *names_node(struct parser *p, struct name *object, struct ts_names *names, uint32_t at)
{
	struct node *n = make(p, N_TS_NAMES, at);

	n->ts_names.object = object;
	n->ts_names.names = names;
	return n;
}

/* The function around a body: its state f is open, its statements are on the
 * stack from base. */
static struct node *space_function(struct parser *p, struct fn_state *f, struct name *param, uint32_t start, uint32_t base)
{
	struct node *fn = mk(p, N_FUNC, start), *b = mk(p, N_BODY, start);

	f->info->flags |= FI_SIMPLE_PARAMS;
	f->info->length = 1;
	f->info->body_start = start;
	b->body.stmts = take(p, base);
	fn->func.info = f->info;
	fn->func.params = list_of(p, binding(p, param, start, start));
	fn->func.body = done(p, b);
	fn_pop(p);
	return done(p, fn);
}

/* ---- enum: constant values ---- */

enum value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_STRING, VALUE_TEXT /* a string, not known which */ };
struct ts_value { struct ts_value *next; struct name *name; enum value_kind kind; double num; struct name *str; };

static const struct ts_value *member_value(const struct space *s, const struct name *n)
{
	const struct ts_value *v;

	for (v = s->values; v != NULL && v->name != n; v = v->next)
		;
	return v;
}

static void put_value(struct buf *b, const struct ts_value *v)
{
	char text[NUM_SHORTEST_MAX];

	if (v->kind == VALUE_STRING)
		buf_put_sv(b, name_sv(v->str));
	else
		buf_put(b, text, (size_t)num_to_shortest(v->num, text));
}

static bool has_text(const struct ts_value *v)
{
	return v->kind == VALUE_STRING || (v->kind == VALUE_NUMBER && isfinite(v->num));
}

static struct ts_value evaluate(struct parser *p, const struct space *s, const struct node *n);

static struct ts_value string_value(struct parser *p, struct buf *b)
{
	struct ts_value r = { .kind = VALUE_STRING, .str = names_intern(&p->ast->names, b->p, b->len) };

	buf_free(b);
	return r;
}

static struct ts_value template_value(struct parser *p, const struct space *s, const struct node *n)
{
	struct ts_value none = { .kind = VALUE_TEXT };
	struct buf b = BUF_INIT;
	uint32_t i;

	for (i = 0; i < n->template_.quasis.n; i++) {
		struct ts_value v;

		buf_put_sv(&b, name_sv(n->template_.quasis.v[i]->quasi.cooked));
		if (i == n->template_.exprs.n)
			break;
		v = evaluate(p, s, n->template_.exprs.v[i]);
		if (!has_text(&v)) {
			buf_free(&b);
			return none;
		}
		put_value(&b, &v);
	}
	return string_value(p, &b);
}

static struct ts_value binary_value(struct parser *p, const struct space *s, const struct node *n)
{
	struct ts_value a, b, r = { .kind = VALUE_NUMBER };
	struct buf text = BUF_INIT;

	CHECK_DEPTH(p);
	a = evaluate(p, s, n->binary.left);
	b = evaluate(p, s, n->binary.right);
	if (a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER && fold_binary(n->op, a.num, b.num, &r.num))
		return r;
	r.kind = VALUE_NONE;
	if (n->op != O_ADD || (a.kind < VALUE_STRING && b.kind < VALUE_STRING))
		return r;
	r.kind = VALUE_TEXT;
	if (!has_text(&a) || !has_text(&b))
		return r;
	put_value(&text, &a);
	put_value(&text, &b);
	return string_value(p, &text);
}

/* The member that E.A, E["A"] or A names, or NULL. */
static struct name *member_named(const struct space *s, const struct node *n)
{
	if (n->kind == N_IDENT)
		return n->ident.name;
	if (n->kind == N_MEMBER && n->member.object->kind == N_IDENT && n->member.object->ident.name == s->name)
		return n->member.name;
	if (n->kind == N_INDEX && n->index.object->kind == N_IDENT && n->index.object->ident.name == s->name &&
	    n->index.key->kind == N_STRING)
		return n->index.key->string.value;
	return NULL;
}

static const struct space no_space;

/* The enum that the name means here, if its declaration was read before. */
static const struct space *enum_named(const struct parser *p, const struct name *n)
{
	const struct space *s;

	for (const struct scope *sc = p->scope; sc != NULL; sc = sc->up)
		for (s = sc->spaces; s != NULL; s = s->next)
			if (s->name == n && s->is_enum)
				return s;
	return NULL;
}

/* The value of a constant that is one by itself, or of a member of another enum. */
static struct ts_value constant_value(struct parser *p, const struct node *n)
{
	const struct decl *d = n->kind == N_IDENT ? n->ident.name->scratch : NULL;
	const struct node *o = n->kind == N_MEMBER ? n->member.object : n->kind == N_INDEX ? n->index.object : NULL;
	const struct space *other = o && o->kind == N_IDENT ? enum_named(p, o->ident.name) : NULL;
	const struct name *name = other ? member_named(other, n) : NULL;
	const struct ts_value *v = name ? member_value(other, name) : NULL;

	if (v != NULL)
		return *v;
	return d != NULL && d->value != NULL ? evaluate(p, &no_space, d->value) : (struct ts_value){ .kind = VALUE_NONE };
}

static struct ts_value evaluate(struct parser *p, const struct space *s, const struct node *n)
{
	struct ts_value r = { .kind = VALUE_NONE };
	const struct ts_value *m;
	struct name *name;

	switch (n->kind) {
	case N_NUMBER: return (struct ts_value){ .kind = VALUE_NUMBER, .num = n->number.value };
	case N_STRING: return (struct ts_value){ .kind = VALUE_STRING, .str = n->string.value };
	case N_TEMPLATE: return template_value(p, s, n);
	case N_BINARY: return binary_value(p, s, n);
	case N_UNARY:
		r = evaluate(p, s, n->unary.arg);
		if (r.kind != VALUE_NUMBER || (n->op != O_NEG && n->op != O_PLUS && n->op != O_BITNOT))
			return (struct ts_value){ .kind = VALUE_NONE };
		r.num = n->op == O_NEG ? -r.num : n->op == O_BITNOT ? ~fold_to_int32(r.num) : r.num;
		return r;
	default:
		name = member_named(s, n);
		m = name ? member_value(s, name) : NULL;
		return m ? *m : s != &no_space ? constant_value(p, n) : r;
	}
}

static struct node *value_node(struct parser *p, const struct ts_value *v, struct node *expr, uint32_t start, uint32_t end)
{
	struct node *n, *minus;

	if (v->kind == VALUE_STRING) {
		n = node_new(p->ast, N_STRING, start, end);
		n->string.value = v->str;
		return n;
	}
	if (v->kind != VALUE_NUMBER || !isfinite(v->num))
		return expr;
	n = node_new(p->ast, N_NUMBER, start, end);
	n->number.value = fabs(v->num);
	if (!signbit(v->num))
		return n;
	minus = node_new(p->ast, N_UNARY, start, end);
	minus->op = O_NEG;
	minus->unary.arg = n;
	return minus;
}

/* ---- enum ---- */

static struct name *enum_key(struct parser *p)
{
	struct token t = p->lx.t;
	struct name *n = t.name;

	if (t.kind == T_LBRACKET) {
		next(p);
		n = p->lx.t.name;
		if (cur(p) != T_STRING && !(cur(p) == T_TEMPLATE && (p->lx.t.flags & TF_TAIL) && n != NULL))
			unexpected(p, "a string: the name of a member of an enum cannot be computed");
		next(p);
		expect(p, T_RBRACKET);
		return n;
	}
	if (t.kind != T_STRING && !tok_is_word(t.kind))
		unexpected(p, t.kind == T_NUMBER ? "a name: a number cannot name a member of an enum" : "the name of a member");
	next(p);
	return n;
}

/* E[E["A"] = 0] = "A", or for strings E["A"] = "text". */
static struct node *enum_member(struct parser *p, struct space *s, double *auto_value)
{
	uint32_t start = cur_start(p), end = p->lx.t.end;
	struct ts_value *v = ARENA_NEW(&p->ast->arena, struct ts_value);
	struct node *value = NULL, *n;
	struct ts_value r;

	v->name = enum_key(p);
	if (accept(p, T_ASSIGN)) {
		uint32_t at = cur_start(p);

		value = parse_assign_in(p);
		r = evaluate(p, s, value);     /* of earlier members: this one is not linked yet */
		v->kind = r.kind;
		v->num = r.num;
		v->str = r.str;
		value = value_node(p, v, value, at, p->lx.prev_end);
	} else {
		if (isnan(*auto_value))
			fail_at(p, start, end, "'%.100s' needs a value: that of the member before it is not a constant number",
			    v->name->text);
		v->kind = VALUE_NUMBER;
		v->num = *auto_value;
		value = value_node(p, v, NULL, end, end);
	}
	*auto_value = v->kind == VALUE_NUMBER ? v->num + 1 : (double)NAN;
	v->next = s->values;
	s->values = v;
	space_add(p, s, v->name);
	n = lower_assign(p, index_of(p, lower_ident(p, s->name, start), string(p, v->name, start)), value);
	if (v->kind < VALUE_STRING)
		n = lower_assign(p, index_of(p, lower_ident(p, s->name, start), n), string(p, v->name, value->end));
	return lower_statement(p, n);
}

struct node *parse_enum(struct parser *p, uint32_t start, bool exported)
{
	struct token name;
	struct node *fn, *object;
	struct fn_state f;
	struct space *s;
	uint32_t base, at;
	double auto_value = 0;

	CHECK_DEPTH(p);
	next(p);
	name = p->lx.t;
	if (!tok_is_ident(name.kind))
		unexpected(p, "the name of the enum");
	check_identifier(p, &name);
	next(p);
	s = space_open(p, name.name, exported, true);
	if (!p->ambient)
		space_var(p, &name, exported);
	else
		name.name->flags |= NAME_TYPE;
	at = cur_start(p);
	expect(p, T_LBRACE);
	base = p->nstack;
	fn_push(p, &f, FUNC_NORMAL, 0, at);
	f.can_return = false;
	push(p, names_node(p, s->name, &s->names, at));
	while (cur(p) != T_RBRACE) {
		push(p, enum_member(p, s, &auto_value));
		if (cur(p) != T_RBRACE && !accept(p, T_COMMA))
			unexpected(p, "',' or '}' in the enum");
	}
	next(p);
	fn = space_function(p, &f, s->name, at, base);
	if (p->ambient) {
		fn = mk(p, N_TS_MODULE, start);
		fn->ts_module.name = name.name;
		return done(p, fn);
	}
	object = space_object(p, name.name, exported, p->lx.prev_end);
	return space_call(p, fn, object, start);
}

/* ---- namespace ---- */

/* Does the statement do anything at run time? */
static bool runs(const struct node *n)
{
	return n->kind < N_T_NAME && n->kind != N_EMPTY;
}

static struct node *namespace_body(struct parser *p, struct space *s, uint32_t at);

/* At the name, or the part of it behind a dot. */
struct node *parse_namespace(struct parser *p, uint32_t start, bool exported)
{
	struct token name = p->lx.t;
	struct node *fn, *n, *object;
	struct space *s;

	CHECK_DEPTH(p);
	if (name.kind == T_STRING)
		fail_at(p, name.start, name.end, "a module with a name in quotes can only be declared: write declare before it");
	if (!tok_is_ident(name.kind))
		unexpected(p, "the name of the namespace");
	check_identifier(p, &name);
	next(p);
	s = space_open(p, name.name, exported, false);
	fn = namespace_body(p, s, cur_start(p));
	if (fn->kind != N_FUNC) {
		name.name->flags |= NAME_TYPE;
		n = mk(p, N_TS_MODULE, start);
		n->ts_module.name = name.name;
		n->ts_module.body = fn->body.stmts;
		return done(p, n);
	}
	space_var(p, &name, exported);
	object = space_object(p, name.name, exported, p->lx.prev_end);
	return space_call(p, fn, object, start);
}

/* { statements }, or .Inner { .. }: a FUNC, or a BODY of what leaves nothing. */
static struct node *namespace_body(struct parser *p, struct space *s, uint32_t at)
{
	struct space *outer = p->space;
	struct scope *outer_scope = p->space_scope;
	struct nlist_item *idents = s->idents, *i;
	uint32_t base = p->nstack, k;
	struct node *fn, *names = names_node(p, s->name, &s->names, at), *b;
	struct name *param = s->name;
	struct fn_state f;
	struct decl *d;
	bool any = false;

	fn_push(p, &f, FUNC_NORMAL, 0, at);
	f.can_return = false;
	f.await_expr = false;
	p->space = s;
	p->space_scope = &f.scope;
	s->idents = NULL;
	push(p, names);
	if (accept(p, T_DOT)) {
		push(p, parse_namespace(p, cur_start(p), true));
	} else {
		if (cur(p) != T_LBRACE)
			unexpected(p, "'{' before the body of the namespace");
		next(p);
		while (cur(p) != T_RBRACE)
			push(p, parse_statement_item(p));
		next(p);
	}
	for (k = base; k < p->nstack; k++)
		any = any || runs(p->stack[k]);
	d = s->name->scratch;
	if (d != NULL && d->scope == &f.scope) {
		/* The body has something of the namespace's own name: the parameter
		 * gets one that cannot be written. */
		struct buf text = BUF_INIT;

		buf_put_sv(&text, name_sv(s->name));
		buf_puts(&text, " namespace");
		param = names_intern(&p->ast->names, text.p, text.len);
		buf_free(&text);
		names->ts_names.object = param;
		for (i = s->idents; i != NULL; i = i->next)
			i->n->ident.name = param;
	}
	s->idents = idents;
	p->space = outer;
	p->space_scope = outer_scope;
	if (any)
		return space_function(p, &f, param, at, base);
	b = mk(p, N_BODY, at);
	b->body.stmts = take(p, base);
	fn = space_function(p, &f, param, at, p->nstack);
	(void)fn;
	return done(p, b);
}

/* A declaration's pattern as one that assigns. */
static void unbind(struct node *n)
{
	uint32_t i;

	n->flags &= (uint16_t)~NF_BINDING;
	switch (n->kind) {
	case N_BINDING: n->kind = N_IDENT; break;
	case N_ASSIGN_PATTERN: unbind(n->assign_pattern.target); break;
	case N_REST: unbind(n->rest.target); break;
	case N_PROP_PATTERN: unbind(n->prop_pattern.value); break;
	case N_ARRAY_PATTERN:
		for (i = 0; i < n->array_pattern.elems.n; i++)
			unbind(n->array_pattern.elems.v[i]);
		break;
	case N_OBJECT_PATTERN:
		for (i = 0; i < n->object_pattern.props.n; i++)
			unbind(n->object_pattern.props.v[i]);
		break;
	default: break;
	}
}

/* export const x = 1 in a namespace: O.x = 1; scope.c gives x that meaning. */
static struct node *space_vars(struct parser *p, struct node *var)
{
	uint32_t base = p->nstack, i;
	struct node *n;
	struct nlist l;

	for (i = 0; i < var->var.decls.n; i++) {
		struct node *d = var->var.decls.v[i];

		if (d->declarator.init == NULL)
			continue;
		unbind(d->declarator.target);
		n = lower_assign(p, d->declarator.target, d->declarator.init);
		push(p, n);
	}
	l = take(p, base);
	if (l.n == 0)
		return node_new(p->ast, N_EMPTY, var->start, var->end);
	n = l.v[0];
	if (l.n > 1) {
		n = node_new(p->ast, N_SEQUENCE, l.v[0]->start, l.v[l.n - 1]->end);
		n->sequence.exprs = l;
	}
	return lower_statement(p, n);
}

/* O.name = name behind a declaration, which is pushed. */
static struct node *space_assign(struct parser *p, struct node *decl, struct name *name)
{
	uint32_t at = p->lx.prev_end;

	space_add(p, p->space, name);
	push(p, decl);
	return lower_statement(p, lower_assign(p, lower_member(p, space_ident(p, at), name, at), lower_ident(p, name, at)));
}

static struct node *exported_decl(struct parser *p, struct node *d)
{
	switch (d->kind) {
	case N_FUNC_DECL: return space_assign(p, d, d->func_decl.func->func.id->binding.name);
	case N_CLASS_DECL: return space_assign(p, d, d->class_decl.cls->class_.id->binding.name);
	case N_VAR: return space_assign(p, d, d->var.decls.v[0]->declarator.target->binding.name);
	default: return d;                     /* a signature */
	}
}

struct node *parse_space_export(struct parser *p)
{
	struct node *n = mk(p, N_EXPORT_DECL, cur_start(p)), *d;
	enum tok k;

	next(p);
	d = parse_ts_export(p, n);
	if (d != NULL)
		return d->kind == N_EXPORT_DECL ? exported_decl(p, d->export_decl.decl) : d;
	k = cur(p);
	switch (k) {
	case T_VAR: case T_CONST: case T_LET:
		p->space_export = true;
		d = parse_var(p, k == T_CONST ? DECL_CONST : k == T_VAR ? DECL_VAR : DECL_LET, false);
		semicolon(p);
		return space_vars(p, done(p, d));
	case T_FUNCTION: case T_CLASS: case T_ASYNC:
		return exported_decl(p, parse_statement_item(p));
	default:
		fail_at(p, n->start, p->lx.t.end, "only declarations can be exported from a namespace");
	}
}

/* ---- parameter properties ---- */

static bool is_super_call(const struct node *s)
{
	return s->kind == N_EXPR_STMT && s->expr_stmt.expr->kind == N_SUPER_CALL;
}

void lower_param_props(struct parser *p, struct node *ctor, struct nlist_item *props)
{
	struct nlist *body = &ctor->func.body->body.stmts;
	uint32_t base = p->nstack, i = 0, k, at = ctor->func.body->start;
	struct nlist l = ts_list(p, props);

	if (ctor->func.info->kind == FUNC_DERIVED_CTOR) {
		while (i < body->n && !is_super_call(body->v[i]))
			i++;
		if (i == body->n)
			fail_node(p, l.v[0], "a constructor with parameter properties must call super() as a statement of its own");
		at = body->v[i++]->end;
	} else {
		while (i < body->n && (body->v[i]->flags & NF_DIRECTIVE) && body->v[i]->kind == N_EXPR_STMT)
			i++;
		if (i != 0)
			at = body->v[i - 1]->end;
	}
	note_use(p, FI_USES_THIS);
	for (k = 0; k < i; k++)
		push(p, body->v[k]);
	for (k = 0; k < l.n; k++) {
		struct name *n = l.v[k]->binding.name;

		push(p, lower_statement(p, lower_assign(p, lower_member(p, make(p, N_THIS, at), n, at),
		    lower_ident(p, n, at))));
	}
	for (k = i; k < body->n; k++)
		push(p, body->v[k]);
	*body = take(p, base);
	p->cls->props = props;
}

struct nlist lower_prop_fields(struct parser *p, struct nlist_item *props, struct nlist elements)
{
	struct nlist l = ts_list(p, props);
	uint32_t base = p->nstack, i;

	for (i = 0; i < l.n; i++) {
		struct node *f = node_new(p->ast, N_FIELD, l.v[i]->start, l.v[i]->end);

		f->field.key = node_new(p->ast, N_KEY, l.v[i]->start, l.v[i]->end);
		f->field.key->key.name = l.v[i]->binding.name;
		push(p, f);
	}
	for (i = 0; i < elements.n; i++)
		push(p, elements.v[i]);
	return take(p, base);
}

/* ---- accessor fields ---- */

static struct node *copy_key(struct parser *p, const struct node *k)
{
	struct node *n = node_new(p->ast, k->kind, k->start, k->end);

	if (k->kind == N_KEY)
		n->key.name = k->key.name;
	else
		n->private_name.name = k->private_name.name;
	return n;
}

/* this.#storage */
static struct node *stored(struct parser *p, struct name *storage, uint32_t at)
{
	struct node *n = make(p, N_PRIVATE_MEMBER, at);

	note_use(p, FI_USES_THIS);
	n->private_member.object = make(p, N_THIS, at);
	n->private_member.name = storage;
	return n;
}

static struct node *accessor_method(struct parser *p, const struct member_head *h, struct name *storage, bool set)
{
	uint32_t at = p->lx.prev_end, base = p->nstack;
	struct node *m = node_new(p->ast, N_METHOD, at, at), *fn = make(p, N_FUNC, at), *b = make(p, N_BODY, at), *s;
	struct name *value = names_cstr(&p->ast->names, "value");
	struct fn_state f;

	fn_push(p, &f, set ? FUNC_SETTER : FUNC_GETTER, FI_SIMPLE_PARAMS | (h->is_static ? FI_STATIC : 0), at);
	f.info->length = set;
	f.info->body_start = at;
	if (set) {
		fn->func.params = list_of(p, binding(p, value, at, at));
		s = lower_statement(p, lower_assign(p, stored(p, storage, at), lower_ident(p, value, at)));
	} else {
		s = make(p, N_RETURN, at);
		s->return_.arg = stored(p, storage, at);
	}
	push(p, s);
	b->body.stmts = take(p, base);
	fn->func.info = f.info;
	fn->func.body = b;
	fn_pop(p);
	m->op = set ? PROP_SET : PROP_GET;
	m->flags |= h->is_static ? NF_STATIC : 0;
	m->method.key = copy_key(p, h->key);
	m->method.func = fn;
	return m;
}

static void declare_private(struct parser *p, struct member_head h, enum prop_kind kind)
{
	h.kind = kind;
	private_declare(p, &h);
}

void lower_accessor(struct parser *p, const struct member_head *h, struct node *init, uint32_t start)
{
	struct member_head hidden = *h;
	struct node *f = mk(p, N_FIELD, start);
	struct buf text = BUF_INIT;

	if (h->computed)
		fail_at(p, start, p->lx.prev_end, "an accessor field with a computed name is not supported");
	buf_puts(&text, "#accessor ");
	if (h->key->kind == N_PRIVATE_NAME)
		buf_putc(&text, '#');
	buf_put_sv(&text, name_sv(h->key->kind == N_KEY ? h->key->key.name : h->key->private_name.name));
	hidden.word.kind = T_PRIVATE;
	hidden.word.raw = names_intern(&p->ast->names, text.p, text.len);
	hidden.word.name = names_intern(&p->ast->names, text.p + 1, text.len - 1);
	buf_free(&text);
	declare_private(p, hidden, PROP_INIT);
	if (h->key->kind == N_PRIVATE_NAME) {
		declare_private(p, *h, PROP_GET);
		declare_private(p, *h, PROP_SET);
	}
	f->field.key = node_new(p->ast, N_PRIVATE_NAME, h->key->start, h->key->end);
	f->field.key->private_name.name = hidden.word.name;
	f->field.init = init;
	f->flags |= h->is_static ? NF_STATIC : 0;
	push(p, done(p, f));
	push(p, accessor_method(p, h, hidden.word.name, false));
	push(p, accessor_method(p, h, hidden.word.name, true));
}
