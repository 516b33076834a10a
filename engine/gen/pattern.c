/* pattern.c: destructuring, of declarations and of assignments (8.6.2, 13.15.5).
 * In an assignment the object and key of a member target are evaluated before
 * the value is taken from the source. */
#include "engine/gen/fn.h"

/* ---- storing one value ---- */

void gen_store(struct gfn *f, struct node *n, int src, bool init)
{
	int top = f->top;
	struct lref l;

	if (gen_deep(f, n))
		return;
	if (n->kind == N_BINDING && init) {
		struct var *v = n->binding.ref;
		if (v)
			var_init(f, v, src);
		else {
			emit_at(f, n->start);
			emit_p(f, OP_INITGLB, (uint32_t)src, 0, n->binding.name);
		}
	} else if (n->kind == N_BINDING || n->kind == N_IDENT) {
		name_set(f, n, src);
	} else if (gen_is_member(n)) {
		gen_lref(f, n, &l, false, 0, 0);
		gen_lref_set(f, &l, src);
	} else
		gen_pattern(f, n, src, init);
	f->top = top;
}

/* One element: target and default, with the target's parts evaluated. */
struct element {
	struct node *target, *dflt;
	struct lref ref;
	bool member;
	int at;                     /* dynamic name: what name_find found, or ANY */
	int reg;                    /* where the value is to be put */
};

static void element_begin(struct gfn *f, struct node *n, bool init, struct element *e)
{
	e->dflt = NULL;
	e->target = n;
	if (n->kind == N_ASSIGN_PATTERN) {
		e->target = n->assign_pattern.target;
		e->dflt = n->assign_pattern.init;
	}
	e->member = gen_is_member(e->target);
	if (e->member)
		gen_lref(f, e->target, &e->ref, false, e->dflt ? e->dflt->start : 0, e->dflt ? e->dflt->end : 0);
	e->at = !init && (e->target->kind == N_IDENT || e->target->kind == N_BINDING) ? name_find(f, e->target) : ANY;
	e->reg = ANY;
	if (init && e->target->kind == N_BINDING)
		e->reg = var_dst(f, e->target->binding.ref, true);
	if (!gen_scratch(f, e->reg))
		e->reg = emit_alloc(f, 1);
}

static void element_end(struct gfn *f, struct element *e, bool init)
{
	struct label have = LABEL_INIT;

	if (e->dflt) {
		emit_jump(f, OP_JNUNDEF, (uint32_t)e->reg, 0, &have);
		if (e->target->kind == N_BINDING || e->target->kind == N_IDENT)
			gen_named(f, e->dflt, e->reg, e->target->flags & NF_PAREN ? NULL : e->target->ident.name);
		else
			gen_expr(f, e->dflt, e->reg);
		emit_bind(f, &have);
	}
	if (e->member)
		gen_lref_set(f, &e->ref, e->reg);
	else if (e->at != ANY)
		name_set_at(f, e->target, e->at, e->reg);
	else
		gen_store(f, e->target, e->reg, init);
}

/* ---- arrays ---- */

static void array_element(struct gfn *f, struct node *n, int it, bool init)
{
	struct label next = LABEL_INIT;
	struct element e;
	int top = f->top;

	if (n->kind == N_HOLE) {
		int t = emit_alloc(f, 1);
		emit_at(f, n->start);
		emit_jump(f, OP_ITERNEXT, (uint32_t)it, (uint32_t)t, &next);
		emit_bind(f, &next);
	} else if (n->kind == N_REST) {
		element_begin(f, n->rest.target, init, &e);
		emit_at(f, n->start);
		emit(f, OP_ITERREST, (uint32_t)e.reg, (uint32_t)it, 0);
		element_end(f, &e, init);
	} else {
		element_begin(f, n, init, &e);
		emit(f, OP_LDUNDEF, (uint32_t)e.reg, 0, 0);
		emit_at(f, n->start);
		emit_jump(f, OP_ITERNEXT, (uint32_t)it, (uint32_t)e.reg, &next);
		emit_bind(f, &next);
		element_end(f, &e, init);
	}
	f->top = top;
}

static void array_pattern(struct gfn *f, struct node *n, int src, bool init)
{
	struct nlist elems = n->array_pattern.elems;
	struct label over = LABEL_INIT;
	int it = emit_alloc(f, 4);
	struct ctx c;

	emit_at(f, n->start);
	emit(f, OP_ITER, (uint32_t)it, (uint32_t)src, 0);
	ctx_push(f, &c, CTX_ITER);     /* a generator may be told to return in the middle */
	c.iter = it;
	ctx_handler_begin(f, &c);
	for (uint32_t i = 0; i < elems.n; i++)
		array_element(f, elems.v[i], it, init);
	ctx_handler_end(f, &c);
	ctx_pop(f, &c);
	if (elems.n == 0 || elems.v[elems.n - 1]->kind != N_REST) {
		emit_at(f, n->start);
		emit(f, OP_ITERCLOSE, (uint32_t)it, 0, 0);
	}
	emit_jmp(f, &over);
	emit_bind_handler(f, c.handler, it + 3);
	emit(f, OP_ITERCLOSEX, (uint32_t)it, 0, 0);
	emit(f, OP_THROW, (uint32_t)it + 3, 0, 0);
	emit_bind(f, &over);
}

/* ---- objects ---- */

/* Reads the property of src that the pattern names; `key` (or ANY) is a
 * register that must hold the key afterwards, for the rest element. */
static void object_element(struct gfn *f, struct node *n, int src, int key, bool init)
{
	struct node *k = n->prop_pattern.key;
	struct name *name = n->flags & NF_COMPUTED ? NULL : k->key.name;
	int top = f->top;
	struct element e;

	if (!name) {
		int r = gen_operand(f, k, key, n->prop_pattern.value->start, n->prop_pattern.value->end);
		if (key < 0)
			key = expr_is_primitive(k) ? r : emit_alloc(f, 1);
		if (key != r || !expr_is_primitive(k)) {
			emit_at(f, k->start);
			emit(f, OP_TOPROPKEY, (uint32_t)key, (uint32_t)r, 0);
		}
	} else if (key >= 0 || (name->flags & NAME_IS_INDEX)) {
		if (key < 0)
			key = emit_alloc(f, 1);
		emit_prop_key(f, key, name);
	}
	element_begin(f, n->prop_pattern.value, init, &e);
	emit_at(f, k->start);
	if (name && !(name->flags & NAME_IS_INDEX))
		gen_get_prop(f, e.reg, src, name);
	else
		gen_get_index(f, e.reg, src, key);
	element_end(f, &e, init);
	f->top = top;
}

static bool checks_itself(const struct nlist props)
{
	const struct node *p, *target;

	if (props.n == 0 || props.v[0]->kind != N_PROP_PATTERN || props.v[0]->flags & NF_COMPUTED)
		return false;
	p = props.v[0]->prop_pattern.value;
	target = p->kind == N_ASSIGN_PATTERN ? p->assign_pattern.target : p;
	return target->kind == N_BINDING || target->kind == N_IDENT;
}

static void object_rest(struct gfn *f, struct node *n, int src, int keys, uint32_t nkeys, bool init)
{
	struct element e;

	element_begin(f, n->rest.target, init, &e);
	emit(f, OP_NEWOBJ, (uint32_t)e.reg, 0, 0);
	emit_at(f, n->start);
	emit_w1(f, OP_COPYPROPS, (uint32_t)e.reg, (uint32_t)src, nkeys, (uint32_t)keys);
	element_end(f, &e, init);
}

static void object_pattern(struct gfn *f, struct node *n, int src, bool init)
{
	struct nlist props = n->object_pattern.props;
	bool rest = props.n && props.v[props.n - 1]->kind == N_REST;
	int keys = ANY;

	emit_at(f, n->start);
	if (!checks_itself(props))
		emit(f, OP_CHKOBJ, (uint32_t)src, 0, 0);
	if (rest && props.n > 100)
		gen_fail(f->g, n->start, n->end, "too many properties before a rest element");
	else if (rest)
		keys = emit_alloc(f, (int)props.n);
	for (uint32_t i = 0; i < props.n; i++) {
		int top = f->top;
		if (props.v[i]->kind == N_REST)
			object_rest(f, props.v[i], src, keys < 0 ? 0 : keys, i, init);
		else
			object_element(f, props.v[i], src, keys < 0 ? ANY : keys + (int)i, init);
		f->top = top;
	}
}

void gen_pattern(struct gfn *f, struct node *n, int src, bool init)
{
	int top = f->top;

	if (gen_deep(f, n))
		return;
	if (n->kind == N_ARRAY_PATTERN)
		array_pattern(f, n, src, init);
	else if (n->kind == N_OBJECT_PATTERN)
		object_pattern(f, n, src, init);
	else
		gen_store(f, n, src, init);
	f->top = top;
}
