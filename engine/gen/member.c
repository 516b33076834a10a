/* member.c: property reads, calls, optional chains, new, super, delete.
 *
 * A chain like a.b(c).d[e](f) is compiled from the inside out in a loop. The
 * value so far is in `cur`; every call of the chain uses the same window at
 * `base`, so that chains of any length need no more registers than their
 * longest call. The object of a method call is computed straight into the
 * window's `this`. */
#include "engine/gen/fn.h"

#define COMPACT_FROM 100        /* windows from here on keep their arguments in an array */
#define ARGS_MAX 60

struct chain {
	int base, cur, dst, acc;
	bool method;                /* callee in base, `this` in base + 6 */
	bool as_callee;             /* the whole chain is a callee */
	size_t bottom;              /* links are spine[bottom .. nspine) */
};

bool gen_is_chain(const struct node *n)
{
	return n->kind == N_MEMBER || n->kind == N_INDEX || n->kind == N_PRIVATE_MEMBER || n->kind == N_CALL ||
	       n->kind == N_TAGGED;
}

static bool is_member(const struct node *n)
{
	return n->kind == N_MEMBER || n->kind == N_INDEX || n->kind == N_PRIVATE_MEMBER;
}

static struct node *inner(const struct node *n)
{
	switch (n->kind) {
	case N_MEMBER: return n->member.object;
	case N_INDEX: return n->index.object;
	case N_PRIVATE_MEMBER: return n->private_member.object;
	case N_CALL: return n->call.callee;
	default: return n->tagged.tag;
	}
}

/* ---- property access ---- */

bool gen_const_key(struct gfn *f, struct node *key, struct name **name, int *small)
{
	(void)f;
	*name = NULL;
	*small = -1;
	if (key->kind == N_STRING) {
		struct name *s = key->string.value;
		if (!(s->flags & NAME_IS_INDEX)) {
			*name = s;
			return true;
		}
		if (s->index > 255)
			return false;
		*small = (int)s->index;
		return true;
	}
	return gen_small_int(key, 0, 255, small);
}

void gen_get_prop(struct gfn *f, int dst, int obj, struct name *key)
{
	emit_p(f, key->id == WK_length ? OP_GETLEN : OP_GETP, (uint32_t)dst, (uint32_t)obj, key);
}

void gen_set_prop(struct gfn *f, int obj, struct name *key, int val)
{
	emit_p(f, OP_SETP, (uint32_t)obj, (uint32_t)val, key);
}

void gen_get_index(struct gfn *f, int dst, int obj, int key)
{
	emit(f, OP_GETE, (uint32_t)dst, (uint32_t)obj, (uint32_t)key);
}

int gen_private_name(struct gfn *f, uint32_t mark)
{
	return var_get(f, f->g->scopes->vars[mark - 1], false, ANY);
}

/* Offset of the property's name in obj.name, or of the bracket's contents. */
static uint32_t member_pos(const struct node *n)
{
	if (n->kind == N_MEMBER)
		return n->end > n->member.name->len ? n->end - n->member.name->len : n->end;
	if (n->kind == N_PRIVATE_MEMBER)
		return n->end > n->private_member.name->len ? n->end - n->private_member.name->len - 1 : n->end;
	if (n->kind == N_INDEX)
		return n->index.key->start;
	return n->start;
}

/* Reads property n of the object in obj; evaluates the key first. */
static void get_member(struct gfn *f, struct node *n, int obj, int dst)
{
	int top = f->top, small;
	struct name *name;

	if (n->kind == N_MEMBER) {
		emit_at(f, member_pos(n));
		gen_get_prop(f, dst, obj, n->member.name);
	} else if (n->kind == N_PRIVATE_MEMBER) {
		int p = gen_private_name(f, n->mark);
		emit_at(f, member_pos(n));
		emit(f, OP_GETPRIV, (uint32_t)dst, (uint32_t)obj, (uint32_t)p);
	} else if (gen_const_key(f, n->index.key, &name, &small)) {
		emit_at(f, member_pos(n));
		if (name)
			gen_get_prop(f, dst, obj, name);
		else
			emit(f, OP_GETEI, (uint32_t)dst, (uint32_t)obj, (uint32_t)small);
	} else {
		int k = gen_operand(f, n->index.key, ANY, 0, 0);
		emit_at(f, member_pos(n));
		gen_get_index(f, dst, obj, k);
	}
	f->top = top;
}

/* ---- calls ---- */

/* Arguments from base + 7 on. Returns their number, or -1: base + 7 is an array. */
static int arguments(struct gfn *f, int base, struct nlist args, bool spread)
{
	f->top = base;
	emit_alloc(f, WINDOW);
	if (spread || args.n > ARGS_MAX || base + WINDOW + (int)args.n > REG_MAX - 10) {
		gen_args_array(f, args, emit_alloc(f, 1));
		return -1;
	}
	for (uint32_t i = 0; i < args.n; i++) {
		int r = emit_alloc(f, 1);
		gen_expr(f, args.v[i], r);
	}
	return (int)args.n;
}

/* Where registers are scarce: callee, this and an array of the arguments wait
 * in three registers, and the window comes into being only for the call. */
static void call_compact(struct gfn *f, int base, struct node *n, struct nlist args, bool method, uint32_t pos)
{
	struct label other = LABEL_INIT, done = LABEL_INIT;
	int w;

	if (method)
		emit_mov(f, base + 1, base + CALL_HEADER);
	else
		emit(f, OP_LDUNDEF, (uint32_t)base + 1, 0, 0);
	f->top = base + 3;
	gen_args_array(f, args, base + 2);
	if (n->flags & NF_DIRECT_EVAL) {
		gen_eval(f, n, base, base + 2, true, base, &other);
		emit_jmp(f, &done);
		emit_bind(f, &other);
	}
	w = emit_alloc(f, WINDOW + 1);
	emit_mov(f, w, base);
	emit_mov(f, w + CALL_HEADER, base + 1);
	emit_mov(f, w + WINDOW, base + 2);
	emit_at(f, pos);
	emit(f, OP_CALLV, (uint32_t)w, 0, 0);
	emit_mov(f, base, w);
	emit_bind(f, &done);
}

/* Call n, its callee in base. */
static void call(struct gfn *f, int base, struct node *n, bool method, uint32_t pos)
{
	struct label other = LABEL_INIT, done = LABEL_INIT;
	struct nlist args = n->call.args;
	int argc;

	if (base >= COMPACT_FROM && args.n > 0) {
		call_compact(f, base, n, args, method, pos);
		return;
	}
	argc = arguments(f, base, args, (n->flags & NF_HAS_SPREAD) != 0);
	emit_at(f, pos);
	if (n->flags & NF_DIRECT_EVAL) {
		gen_eval(f, n, base, argc ? base + WINDOW : ANY, argc < 0, base, &other);
		emit_jmp(f, &done);
		emit_bind(f, &other);
	}
	if (argc >= 0) {
		emit(f, method ? OP_CALLM : OP_CALL, (uint32_t)base, (uint32_t)argc, 0);
	} else {
		if (!method)
			emit(f, OP_LDUNDEF, (uint32_t)base + CALL_HEADER, 0, 0);
		emit(f, OP_CALLV, (uint32_t)base, 0, 0);
	}
	emit_bind(f, &done);
}

static void call_tag(struct gfn *f, int base, struct node *n, bool method)
{
	struct node *quasi = n->tagged.quasi;
	uint32_t count = quasi->template_.exprs.n;

	f->top = base;
	emit_alloc(f, WINDOW + 1);
	if (!f->dead)
		emit_k16(f, OP_TEMPLATE, (uint32_t)base + WINDOW, gen_template_object(f, quasi));
	for (uint32_t i = 0; i < count; i++) {
		int r = emit_alloc(f, 1);
		gen_expr(f, quasi->template_.exprs.v[i], r);
	}
	emit_at(f, n->tagged.tag->start);
	emit(f, method ? OP_CALLM : OP_CALL, (uint32_t)base, count + 1, 0);
}

static uint32_t callee_pos(const struct node *callee)
{
	return is_member(callee) ? member_pos(callee) : callee->start;
}

/* ---- chains ---- */

static void reserve_window(struct gfn *f, struct chain *c)
{
	if (f->top < c->base + WINDOW) {
		f->top = c->base;
		emit_alloc(f, WINDOW);
	}
}

static bool is_call(const struct node *n) { return n->kind == N_CALL || n->kind == N_TAGGED; }

/* Is the k-th link from the top of the spine (0: the next one) a method's
 * member, i.e. followed by a call? */
static bool is_method_link(const struct gfn *f, const struct chain *c, size_t k)
{
	size_t n = f->g->nspine - c->bottom;

	if (k >= n || !is_member(f->g->spine[f->g->nspine - 1 - k]))
		return false;
	return k + 1 < n ? is_call(f->g->spine[f->g->nspine - 2 - k]) : c->as_callee;
}

static void super_callee(struct gfn *f, struct chain *c, struct node *n)
{
	int top, h, k = 0;

	reserve_window(f, c);
	own_this(f, c->base + CALL_HEADER, n->start);
	top = f->top;
	if (n->kind == N_SUPER_INDEX)
		k = gen_operand(f, n->super_index.key, ANY, 0, 0);
	h = own_home(f, ANY);
	emit_at(f, n->start);
	if (n->kind == N_SUPER_INDEX)
		emit_w1(f, OP_GETSUPERE, (uint32_t)c->base, (uint32_t)h, (uint32_t)c->base + CALL_HEADER, (uint32_t)k);
	else if (!f->dead)
		emit_w1(f, OP_GETSUPER, (uint32_t)c->base, (uint32_t)h, (uint32_t)c->base + CALL_HEADER,
			emit_key_index(f, gen_str(f->g, n->super_member.name)));
	f->top = top;
	c->method = true;
}

static void chain(struct gfn *f, struct node *n, struct chain *c);

/* (a?.b)(): the optional chain hands over callee and this. */
static void opt_callee(struct gfn *f, struct chain *c, struct node *n)
{
	struct label *outer = f->chain_end, end = LABEL_INIT, done = LABEL_INIT;
	struct chain in = { .base = c->base, .dst = ANY, .as_callee = true };

	f->chain_end = &end;
	chain(f, n->opt_chain.expr, &in);
	f->chain_end = outer;
	emit_jmp(f, &done);
	emit_bind(f, &end);
	emit(f, OP_LDUNDEF, (uint32_t)c->base, 0, 0);
	emit(f, OP_LDUNDEF, (uint32_t)c->base + CALL_HEADER, 0, 0);
	emit_bind(f, &done);
	c->method = true;
}

/* The innermost expression of the chain. */
static void chain_root(struct gfn *f, struct chain *c, struct node *n)
{
	struct node *first = f->g->spine[f->g->nspine - 1];

	if (is_call(first)) {
		if (n->kind == N_SUPER_MEMBER || n->kind == N_SUPER_INDEX)
			super_callee(f, c, n);
		else if (n->kind == N_OPT_CHAIN && is_member(n->opt_chain.expr)) {
			opt_callee(f, c, n);
			reserve_window(f, c);
		} else if (n->kind == N_IDENT && name_is_dynamic(n)) {
			reserve_window(f, c);
			name_callee(f, n, c->base);
			c->method = true;
		} else {
			emit_alloc(f, 1);
			gen_expr(f, n, c->base);
		}
		c->cur = c->base;
	} else if (is_method_link(f, c, 0)) {
		reserve_window(f, c);
		c->cur = c->base + CALL_HEADER;
		gen_expr(f, n, c->cur);
	} else if (first->kind == N_INDEX)
		c->cur = gen_operand(f, n, c->acc, first->index.key->start, first->index.key->end);
	else
		c->cur = gen_operand(f, n, c->acc, 0, 0);
}

static void chain_member(struct gfn *f, struct chain *c, struct node *n)
{
	bool last = f->g->nspine == c->bottom;
	bool method = last ? c->as_callee : is_call(f->g->spine[f->g->nspine - 1]);
	int to;

	if (n->flags & NF_OPTIONAL)
		emit_jump(f, OP_JNULLISH, (uint32_t)c->cur, 0, f->chain_end);
	if (method) {
		reserve_window(f, c);
		emit_mov(f, c->base + CALL_HEADER, c->cur);
		get_member(f, n, c->base + CALL_HEADER, c->base);
		c->cur = c->base;
		c->method = true;
		return;
	}
	if (last && c->dst >= 0)
		to = c->dst;
	else if (is_method_link(f, c, 0)) {
		reserve_window(f, c);
		to = c->base + CALL_HEADER;
	} else if (c->acc >= 0)
		to = c->acc;
	else {
		if (f->top == c->base)
			emit_alloc(f, 1);
		to = c->base;
	}
	get_member(f, n, c->cur, to);
	c->cur = to;
	if (to == c->base)
		f->top = c->base + 1;
}

static void chain_call(struct gfn *f, struct chain *c, struct node *n)
{
	reserve_window(f, c);
	emit_mov(f, c->base, c->cur);
	if (n->flags & NF_OPTIONAL)
		emit_jump(f, OP_JNULLISH, (uint32_t)c->base, 0, f->chain_end);
	if (n->kind == N_CALL)
		call(f, c->base, n, c->method, callee_pos(n->call.callee));
	else
		call_tag(f, c->base, n, c->method);
	c->cur = c->base;
	c->method = false;
	f->top = c->base + 1;
}

static void chain(struct gfn *f, struct node *n, struct chain *c)
{
	struct gen *g = f->g;

	c->base = f->top;
	c->acc = gen_scratch(f, c->dst) ? c->dst : ANY;
	c->bottom = g->nspine;
	while (gen_is_chain(n)) {
		gen_spine_push(g, n);
		n = inner(n);
	}
	chain_root(f, c, n);
	while (g->nspine > c->bottom) {
		struct node *link = g->spine[--g->nspine];
		if (is_call(link))
			chain_call(f, c, link);
		else
			chain_member(f, c, link);
	}
}

int gen_chain(struct gfn *f, struct node *n, int dst)
{
	struct chain c = { .dst = dst };
	int top = f->top;

	chain(f, n, &c);
	if (dst == ANY) {
		f->top = c.cur + 1;
		return c.cur;
	}
	emit_mov(f, dst, c.cur);
	f->top = top;
	return dst;
}

int gen_opt_chain(struct gfn *f, struct node *n, int dst)
{
	struct label *outer = f->chain_end, end = LABEL_INIT, done = LABEL_INIT;
	int top = f->top, out = gen_scratch(f, dst) ? dst : dst == DROP ? DROP : emit_alloc(f, 1);

	f->chain_end = &end;
	if (dst == DROP)
		gen_drop(f, n->opt_chain.expr);
	else
		gen_expr(f, n->opt_chain.expr, out);
	f->chain_end = outer;
	if (dst != DROP) {
		emit_jmp(f, &done);
		emit_bind(f, &end);
		emit(f, OP_LDUNDEF, (uint32_t)out, 0, 0);
		emit_bind(f, &done);
	} else
		emit_bind(f, &end);
	if (dst == ANY)
		return out;
	emit_mov(f, dst, out);
	f->top = top;
	return dst;
}

/* ---- new, super ---- */

int gen_new(struct gfn *f, struct node *n, int dst)
{
	int base = emit_alloc(f, 1), argc;

	gen_expr(f, n->new_.callee, base);
	argc = arguments(f, base, n->new_.args, (n->flags & NF_HAS_SPREAD) != 0);
	emit_at(f, n->start);
	if (argc >= 0)
		emit(f, OP_NEW, (uint32_t)base, (uint32_t)argc, 0);
	else
		emit(f, OP_NEWV, (uint32_t)base, 0, 0);
	if (dst < 0) {
		f->top = base + 1;
		return base;
	}
	f->top = base;
	emit_mov(f, dst, base);
	return dst;
}

/* 13.3.7.1 from step 6 on: binds this, initialises the fields. */
static void bind_this(struct gfn *f, int result, uint32_t pos)
{
	struct fscope *o = own_function(f);
	int top = f->top;

	emit_at(f, pos);
	if (o->this_var) {
		emit(f, OP_CHKINIT, (uint32_t)var_get(f, o->this_var, false, ANY), 0, 0);
		var_init(f, o->this_var, result);
	} else {
		emit(f, OP_CHKINIT, 0, 0, 0);
		emit_mov(f, 0, result);
	}
	if (o->has_fields || (o->cls && gen_class_has_instance(o->cls)))
		emit(f, OP_INITFIELDS, (uint32_t)result, (uint32_t)own_callee(f, ANY), 0);
	f->top = top;
}

int gen_super_call(struct gfn *f, struct node *n, int dst)
{
	int base = emit_alloc(f, 1), argc, nt;

	own_callee(f, base);
	emit_at(f, n->start);
	emit(f, OP_GETSUPERCTOR, (uint32_t)base, (uint32_t)base, 0);
	argc = arguments(f, base, n->super_call.args, (n->flags & NF_HAS_SPREAD) != 0);
	nt = own_new_target(f, ANY);
	emit_at(f, n->start);
	emit(f, argc >= 0 ? OP_SUPERCALL : OP_SUPERCALLV, (uint32_t)base, argc >= 0 ? (uint32_t)argc : 0, (uint32_t)nt);
	f->top = base + 1;
	bind_this(f, base, n->start);
	if (dst < 0)
		return base;
	f->top = base;
	emit_mov(f, dst, base);
	return dst;
}

int gen_super_member(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, t = own_this(f, ANY, n->start), k = 0, h, out;

	if (n->kind == N_SUPER_INDEX)
		k = gen_operand(f, n->super_index.key, ANY, 0, 0);
	h = own_home(f, ANY);
	f->top = top;
	out = dst >= 0 ? dst : emit_alloc(f, 1);
	emit_at(f, n->start);
	if (n->kind == N_SUPER_INDEX)
		emit_w1(f, OP_GETSUPERE, (uint32_t)out, (uint32_t)h, (uint32_t)t, (uint32_t)k);
	else if (!f->dead)
		emit_w1(f, OP_GETSUPER, (uint32_t)out, (uint32_t)h, (uint32_t)t,
			emit_key_index(f, gen_str(f->g, n->super_member.name)));
	return out;
}

/* ---- delete ---- */

static void delete_member(struct gfn *f, struct node *n, int out)
{
	int top = f->top, o, k, small;
	struct node *object = inner(n);
	struct name *name = n->kind == N_MEMBER ? n->member.name : NULL;

	if (n->kind == N_INDEX)
		o = gen_operand(f, object, ANY, n->index.key->start, n->index.key->end);
	else
		o = gen_operand(f, object, ANY, 0, 0);
	if (n->flags & NF_OPTIONAL)
		emit_jump(f, OP_JNULLISH, (uint32_t)o, 0, f->chain_end);
	if (n->kind == N_INDEX && !(gen_const_key(f, n->index.key, &name, &small) && name)) {
		k = gen_operand(f, n->index.key, ANY, 0, 0);
		emit_at(f, n->start);
		emit(f, OP_DELE, (uint32_t)out, (uint32_t)o, (uint32_t)k);
	} else {
		emit_at(f, n->start);
		emit_p(f, OP_DELP, (uint32_t)out, (uint32_t)o, name);
	}
	f->top = top;
}

static void delete_super(struct gfn *f, struct node *n)
{
	struct name *msg = names_cstr(&f->g->ast->names, "cannot delete a property of super");
	int top = f->top;

	own_this(f, ANY, n->start);
	if (n->kind == N_SUPER_INDEX)
		gen_operand(f, n->super_index.key, ANY, 0, 0);
	f->top = top;
	emit_at(f, n->start);
	if (!f->dead)
		emit_k16(f, OP_THROWK, THROW_REFERENCE, emit_str_const(f, gen_str(f->g, msg)));
}

int gen_delete(struct gfn *f, struct node *arg, int dst)
{
	int save = f->top, out = gen_scratch(f, dst) ? dst : emit_alloc(f, 1);
	struct label *outer = f->chain_end, end = LABEL_INIT, done = LABEL_INIT;
	struct node *n = arg;

	if (n->kind == N_OPT_CHAIN && is_member(n->opt_chain.expr)) {
		f->chain_end = &end;
		n = n->opt_chain.expr;
	}
	if (n->kind == N_MEMBER || n->kind == N_INDEX) {
		delete_member(f, n, out);
	} else if (n->kind == N_IDENT) {
		name_delete(f, n, out);
	} else {
		if (n->kind == N_SUPER_MEMBER || n->kind == N_SUPER_INDEX)
			delete_super(f, n);
		else
			gen_drop(f, n);
		emit(f, OP_LDTRUE, (uint32_t)out, 0, 0);
	}
	f->chain_end = outer;
	if (end.chain != UINT32_MAX) {
		emit_jmp(f, &done);
		emit_bind(f, &end);
		emit(f, OP_LDTRUE, (uint32_t)out, 0, 0);
		emit_bind(f, &done);
	}
	if (dst == ANY)
		return out;
	emit_mov(f, dst, out);
	f->top = save;
	return dst;
}
