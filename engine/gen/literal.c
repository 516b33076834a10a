/* literal.c: object, array and template literals. Values that go into one
 * object or array together are computed into consecutive registers. */
#include "engine/gen/fn.h"

#define RUN_MAX 60              /* values made at once */
#define RUN_TOP 200             /* registers above this are left for the values' own needs */

/* How many values may be gathered in registers here. */
static uint32_t run_limit(const struct gfn *f)
{
	int room = (RUN_TOP - f->top) / 2;

	return room < 0 ? 0 : room > RUN_MAX ? RUN_MAX : (uint32_t)room;
}

/* ---- objects ---- */

static struct name *prop_name(const struct node *p)
{
	return p->flags & NF_COMPUTED ? NULL : p->prop.key->key.name;
}

static bool uses_super(const struct node *fn)
{
	return (fn->func.info->flags & (FI_USES_SUPER_PROP | FI_USES_SUPER_CALL)) != 0;
}

/* Can the property be part of a shape: a plain named value? */
static bool is_plain(struct gfn *f, const struct node *p)
{
	const struct name *name;

	if (p->kind != N_PROP || p->flags & NF_COMPUTED || p->op == PROP_PROTO || p->op == PROP_GET || p->op == PROP_SET)
		return false;
	if (p->op == PROP_METHOD && uses_super(p->prop.value))
		return false;
	name = prop_name(p);
	return !(name->flags & NAME_IS_INDEX) && name != gen_wk(f, WK_proto);
}

/* Length of the run of distinct plain properties at the start. */
static uint32_t plain_run(struct gfn *f, struct nlist props)
{
	uint32_t n = 0, limit = run_limit(f), mark = ++f->g->marks;

	while (n < props.n && n < limit && is_plain(f, props.v[n])) {
		uint32_t s = gen_str(f->g, prop_name(props.v[n]));
		if (f->g->info[s].mark == mark)
			break;
		f->g->info[s].mark = mark;
		n++;
	}
	return n;
}

static void plain_value(struct gfn *f, struct node *p, int dst)
{
	if (p->op == PROP_METHOD)
		gen_function(f, p->prop.value, dst, 0, prop_name(p), NULL);
	else
		gen_named(f, p->prop.value, dst, prop_name(p));
}

static void object_run(struct gfn *f, struct nlist props, uint32_t n, int dst)
{
	struct image_const k = { .tag = IK_SHAPE };
	int base = f->top;

	for (uint32_t i = 0; i < n; i++)
		plain_value(f, props.v[i], emit_alloc(f, 1));
	f->top = base;
	if (f->dead)
		return;
	k.u.shape.n = n;
	k.u.shape.strs = arena_alloc(&f->g->im->mem, n * sizeof *k.u.shape.strs);
	for (uint32_t i = 0; i < n; i++)
		k.u.shape.strs[i] = gen_str(f->g, prop_name(props.v[i]));
	emit_w1(f, OP_OBJLIT, (uint32_t)dst, (uint32_t)base, n, emit_add_const(f, &k));
}

static void define_method(struct gfn *f, struct node *p, int obj, int key)
{
	uint32_t kind = p->op == PROP_GET ? METH_GET : p->op == PROP_SET ? METH_SET : METH_METHOD;
	struct name *name = prop_name(p);
	int fn = emit_alloc(f, 1);

	if (name && kind != METH_METHOD)
		name = gen_prefixed(f, kind == METH_GET ? "get " : "set ", name);
	gen_function(f, p->prop.value, fn, 0, name, NULL);
	emit_at(f, p->start);
	emit_w1(f, OP_DEFMETH, (uint32_t)obj, (uint32_t)key, (uint32_t)fn, kind | METH_ENUMERABLE);
}

static void define_property(struct gfn *f, struct node *p, int obj)
{
	struct name *name = prop_name(p);
	bool method = p->op == PROP_METHOD || p->op == PROP_GET || p->op == PROP_SET;
	int key = ANY, r;

	if (p->op == PROP_PROTO) {
		r = gen_operand(f, p->prop.value, ANY, 0, 0);
		emit_at(f, p->start);
		emit(f, OP_SETPROTO, (uint32_t)obj, (uint32_t)r, 0);
		return;
	}
	if (!name) {
		struct node *k = p->prop.key, *v = p->prop.value;
		int top = f->top;
		key = gen_operand(f, k, ANY, v->start, v->end);
		if (method || gen_is_anonymous(v) || !expr_is_primitive(k)) {
			int t = key < top ? emit_alloc(f, 1) : key;
			emit_at(f, k->start);
			emit(f, OP_TOPROPKEY, (uint32_t)t, (uint32_t)key, 0);
			key = t;
		}
	} else if (method || (name->flags & NAME_IS_INDEX)) {
		key = emit_alloc(f, 1);
		emit_prop_key(f, key, name);
	}
	if (method) {
		define_method(f, p, obj, key);
		return;
	}
	if (name && gen_is_anonymous(p->prop.value))
		r = gen_named(f, p->prop.value, emit_alloc(f, 1), name);
	else if (gen_is_anonymous(p->prop.value))
		r = gen_named_reg(f, p->prop.value, emit_alloc(f, 1), key);
	else
		r = gen_operand(f, p->prop.value, ANY, 0, 0);
	emit_at(f, p->start);
	if (key >= 0)
		emit(f, OP_DEFE, (uint32_t)obj, (uint32_t)key, (uint32_t)r);
	else
		emit_p(f, OP_DEFP, (uint32_t)obj, (uint32_t)r, name);
}

int gen_object(struct gfn *f, struct node *n, int dst)
{
	struct nlist props = n->object.props;
	int save = f->top, out = gen_scratch(f, dst) ? dst : ANY;
	uint32_t run = plain_run(f, props);

	if (out < 0 && (dst < 0 || run < props.n || run == 0))
		out = emit_alloc(f, 1);
	if (run > 0)
		object_run(f, props, run, out < 0 ? dst : out);
	else {
		uint32_t hint = props.n > 127 ? 127 : props.n;
		emit(f, OP_NEWOBJ, (uint32_t)out, 0, hint);
	}
	for (uint32_t i = run; i < props.n; i++) {
		struct node *p = props.v[i];
		int top = f->top;
		if (p->kind == N_SPREAD) {
			int src = gen_operand(f, p->spread.arg, ANY, 0, 0);
			emit_at(f, p->start);
			emit_w1(f, OP_COPYPROPS, (uint32_t)out, (uint32_t)src, 0, 0);
		} else
			define_property(f, p, out);
		f->top = top;
	}
	if (dst < 0)
		return out;
	if (out >= 0)
		emit_mov(f, dst, out);
	f->top = save;
	return dst;
}

/* ---- arrays ---- */

static bool const_elem(struct gfn *f, const struct node *n, struct image_const *k)
{
	double d;

	if (gen_const_num(n, &d)) {
		*k = (struct image_const){ .tag = IK_NUM, .u.num = d };
		return true;
	}
	switch (n->kind) {
	case N_STRING: *k = (struct image_const){ .tag = IK_STR, .u.str = gen_str(f->g, n->string.value) }; return true;
	case N_NULL_: k->tag = IK_NULL; return true;
	case N_TRUE_: k->tag = IK_TRUE; return true;
	case N_FALSE_: k->tag = IK_FALSE; return true;
	case N_HOLE: k->tag = IK_HOLE; return true;
	default:
		k->tag = IK_UNDEF;
		return gen_is_undefined(f, n);
	}
}

static bool array_template(struct gfn *f, struct nlist elems, int dst)
{
	struct image_const k = { .tag = IK_ARRAY }, probe;

	if (elems.n < 4 || f->dead || f->nconsts > 0xFFFF)
		return false;
	for (uint32_t i = 0; i < elems.n; i++)
		if (!const_elem(f, elems.v[i], &probe))
			return false;
	k.u.array.n = elems.n;
	k.u.array.items = arena_alloc(&f->g->im->mem, elems.n * sizeof *k.u.array.items);
	for (uint32_t i = 0; i < elems.n; i++)
		const_elem(f, elems.v[i], &k.u.array.items[i]);
	emit_k16(f, OP_ARRTMPL, (uint32_t)dst, emit_add_const(f, &k));
	return true;
}

/* The array under construction is in out, a scratch register. */
static void array_into(struct gfn *f, struct nlist elems, int out)
{
	uint32_t n = 0, limit = run_limit(f);
	int base = f->top;

	while (n < elems.n && n < limit && elems.v[n]->kind != N_SPREAD && elems.v[n]->kind != N_HOLE) {
		gen_expr(f, elems.v[n], emit_alloc(f, 1));
		n++;
	}
	f->top = base;
	emit(f, OP_NEWARR, (uint32_t)out, n ? (uint32_t)base : 0, n);
	for (uint32_t i = n; i < elems.n; i++) {
		struct node *e = elems.v[i];
		if (e->kind == N_HOLE) {
			emit(f, OP_APUSHHOLE, (uint32_t)out, 0, 0);
		} else if (e->kind == N_SPREAD) {
			int r = gen_operand(f, e->spread.arg, ANY, 0, 0);
			emit_at(f, e->spread.arg->start);
			emit(f, OP_ASPREAD, (uint32_t)out, (uint32_t)r, 0);
		} else {
			int r = gen_operand(f, e, ANY, 0, 0);
			emit_at(f, e->start);
			emit(f, OP_APUSH, (uint32_t)out, (uint32_t)r, 0);
		}
		f->top = base;
	}
}

void gen_args_array(struct gfn *f, struct nlist args, int dst)
{
	array_into(f, args, dst);
}

int gen_array(struct gfn *f, struct node *n, int dst)
{
	int save = f->top, out = gen_scratch(f, dst) ? dst : emit_alloc(f, 1);

	if (!array_template(f, n->array.elems, out))
		array_into(f, n->array.elems, out);
	if (dst < 0)
		return out;
	emit_mov(f, dst, out);
	f->top = save;
	return dst;
}

/* ---- templates ---- */

/* Evaluating it runs no other code and cannot throw. */
static bool is_simple(const struct node *n)
{
	const struct var *v;

	switch (n->kind) {
	case N_NUMBER: case N_STRING: case N_NULL_: case N_TRUE_: case N_FALSE_: case N_FUNC: return true;
	case N_IDENT:
		v = n->ident.ref;
		return v && v->loc != LOC_IMPORT && n->mark == 0;
	default: return false;
	}
}

/* 13.2.8.6: each value is converted before the next expression is evaluated. */
int gen_template(struct gfn *f, struct node *n, int dst)
{
	struct nlist quasis = n->template_.quasis, exprs = n->template_.exprs;
	int save = f->top, base, out;
	uint32_t parts = 0, converting = 0;        /* expressions before this one are converted at once */

	for (uint32_t i = exprs.n; i-- > 1;)
		if (!is_simple(exprs.v[i])) {
			converting = i;
			break;
		}
	out = dst >= 0 ? dst : emit_alloc(f, 1);
	base = f->top;
	if (exprs.n == 0) {
		emit_str(f, out, quasis.v[0]->quasi.cooked);
		return out;
	}
	for (uint32_t i = 0; i < quasis.n; i++) {
		int r;
		if (parts >= RUN_MAX || (parts > 1 && f->top > RUN_TOP)) {
			emit(f, OP_CONCATN, (uint32_t)base, (uint32_t)base, parts);
			f->top = base + 1;
			parts = 1;
		}
		if (quasis.v[i]->quasi.cooked->len) {
			emit_str(f, emit_alloc(f, 1), quasis.v[i]->quasi.cooked);
			parts++;
		}
		if (i >= exprs.n)
			break;
		r = emit_alloc(f, 1);
		gen_expr(f, exprs.v[i], r);
		emit_at(f, exprs.v[i]->start);
		if (i < converting && !expr_is_primitive(exprs.v[i]))
			emit(f, OP_CONCATN, (uint32_t)r, (uint32_t)r, 1);
		parts++;
	}
	emit_at(f, n->start);
	emit(f, OP_CONCATN, (uint32_t)out, (uint32_t)base, parts);
	f->top = dst >= 0 ? save : out + 1;
	return out;
}

uint32_t gen_template_object(struct gfn *f, struct node *quasi)
{
	struct nlist q = quasi->template_.quasis;
	struct image_const k = { .tag = IK_TEMPLATE };

	k.u.tmpl.n = q.n;
	k.u.tmpl.cooked = arena_alloc(&f->g->im->mem, q.n * sizeof *k.u.tmpl.cooked);
	k.u.tmpl.raw = arena_alloc(&f->g->im->mem, q.n * sizeof *k.u.tmpl.raw);
	for (uint32_t i = 0; i < q.n; i++) {
		k.u.tmpl.cooked[i] = q.v[i]->quasi.cooked ? gen_str(f->g, q.v[i]->quasi.cooked) : UINT32_MAX;
		k.u.tmpl.raw[i] = gen_str(f->g, q.v[i]->quasi.raw);
	}
	return emit_add_const(f, &k);
}
