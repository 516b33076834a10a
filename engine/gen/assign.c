/* assign.c: assignments of all kinds, ++ and --. */
#include "engine/gen/fn.h"

/* ---- members as targets ---- */

bool gen_is_member(const struct node *n)
{
	return n->kind == N_MEMBER || n->kind == N_INDEX || n->kind == N_PRIVATE_MEMBER || n->kind == N_SUPER_MEMBER ||
	       n->kind == N_SUPER_INDEX;
}

/* 13.15.2: in a[b] op= c the key is converted once, after a has been found to
 * be an object. Keys that are primitive anyway need neither. */
static void convert_key(struct gfn *f, struct lref *l, struct node *key)
{
	int t;

	if (expr_is_primitive(key))
		return;
	emit_at(f, l->node->start);
	if (l->kind == LREF_KEY)
		emit(f, OP_CHKOBJ, (uint32_t)l->obj, 0, 0);
	if (l->kind == LREF_SUPER_KEY) {
		/* Where super looks is settled before the key is converted (13.3.7.3): an object
		 * with that prototype takes the part of the home object. */
		int p;
		l->home = emit_alloc(f, 1);
		p = own_home(f, emit_alloc(f, 1));
		emit(f, OP_GETSUPERCTOR, (uint32_t)p, (uint32_t)p, 0);
		emit(f, OP_NEWOBJ, (uint32_t)l->home, 0, 0);
		emit(f, OP_SETPROTO, (uint32_t)l->home, (uint32_t)p, 0);
	}
	t = emit_alloc(f, 1);
	emit(f, OP_TOPROPKEY, (uint32_t)t, (uint32_t)l->key, 0);
	l->key = t;
}

void gen_lref(struct gfn *f, struct node *n, struct lref *l, bool rw, uint32_t lo, uint32_t hi)
{
	*l = (struct lref){ .node = n, .small = -1, .home = ANY };
	switch (n->kind) {
	case N_MEMBER:
		l->kind = LREF_NAME;
		l->name = n->member.name;
		l->obj = gen_operand(f, n->member.object, ANY, lo, hi);
		return;
	case N_PRIVATE_MEMBER:
		l->kind = LREF_PRIVATE;
		l->obj = gen_operand(f, n->private_member.object, ANY, lo, hi);
		l->key = gen_private_name(f, n->mark);
		return;
	case N_SUPER_MEMBER:
		l->kind = LREF_SUPER;
		l->name = n->super_member.name;
		l->obj = own_this(f, ANY, n->start);
		return;
	case N_SUPER_INDEX:
		l->kind = LREF_SUPER_KEY;
		l->obj = own_this(f, ANY, n->start);
		l->key = gen_operand(f, n->super_index.key, ANY, lo, hi);
		if (rw)
			convert_key(f, l, n->super_index.key);
		return;
	default: break;
	}
	/* The key's code comes before whatever follows. */
	l->obj = gen_operand(f, n->index.object, ANY, n->index.key->start, hi > lo ? hi : n->index.key->end);
	if (gen_const_key(f, n->index.key, &l->name, &l->small)) {
		l->kind = l->name ? LREF_NAME : LREF_SMALL;
		return;
	}
	l->kind = LREF_KEY;
	l->key = gen_operand(f, n->index.key, ANY, lo, hi);
	if (rw)
		convert_key(f, l, n->index.key);
}

static uint32_t lref_pos(const struct lref *l)
{
	const struct node *n = l->node;

	if (n->kind == N_MEMBER)
		return n->end > n->member.name->len ? n->end - n->member.name->len : n->start;
	return n->kind == N_INDEX ? n->index.key->start : n->start;
}

static void super_access(struct gfn *f, const struct lref *l, int reg, bool set)
{
	int top = f->top, h = l->home >= 0 ? l->home : own_home(f, ANY);

	emit_at(f, lref_pos(l));
	if (l->kind == LREF_SUPER_KEY)
		emit_w1(f, set ? OP_SETSUPERE : OP_GETSUPERE, (uint32_t)reg, (uint32_t)h, (uint32_t)l->obj, (uint32_t)l->key);
	else if (!f->dead)
		emit_w1(f, set ? OP_SETSUPER : OP_GETSUPER, (uint32_t)reg, (uint32_t)h, (uint32_t)l->obj,
			emit_key_index(f, gen_str(f->g, l->name)));
	f->top = top;
}

void gen_lref_get(struct gfn *f, const struct lref *l, int dst)
{
	emit_at(f, lref_pos(l));
	switch (l->kind) {
	case LREF_NAME: gen_get_prop(f, dst, l->obj, l->name); break;
	case LREF_SMALL: emit(f, OP_GETEI, (uint32_t)dst, (uint32_t)l->obj, (uint32_t)l->small); break;
	case LREF_KEY: gen_get_index(f, dst, l->obj, l->key); break;
	case LREF_PRIVATE: emit(f, OP_GETPRIV, (uint32_t)dst, (uint32_t)l->obj, (uint32_t)l->key); break;
	default: super_access(f, l, dst, false); break;
	}
}

void gen_lref_set(struct gfn *f, const struct lref *l, int val)
{
	emit_at(f, lref_pos(l));
	switch (l->kind) {
	case LREF_NAME: gen_set_prop(f, l->obj, l->name, val); break;
	case LREF_SMALL: emit(f, OP_SETEI, (uint32_t)l->obj, (uint32_t)l->small, (uint32_t)val); break;
	case LREF_KEY: emit(f, OP_SETE, (uint32_t)l->obj, (uint32_t)l->key, (uint32_t)val); break;
	case LREF_PRIVATE: emit(f, OP_SETPRIV, (uint32_t)l->obj, (uint32_t)l->key, (uint32_t)val); break;
	default: super_access(f, l, val, true); break;
	}
}

/* ---- results ---- */

/* The value is in r (a variable's register, or a temporary at or above save):
 * where the caller wants it. */
static int deliver(struct gfn *f, int r, int dst, int save)
{
	if (dst == ANY) {
		f->top = r >= save ? r + 1 : save;
		return r;
	}
	if (dst >= 0)
		emit_mov(f, dst, r);
	f->top = save;
	return dst >= 0 ? dst : r;
}

/* The variable's register if it may be written there without more ado. */
static int plain_register(struct gfn *f, struct node *ident)
{
	return ident->mark ? ANY : var_dst(f, ident->ident.ref, false);
}

/* A temporary for the result: dst itself if it may be used as one. */
static int result_temp(struct gfn *f, int dst)
{
	return gen_scratch(f, dst) ? dst : emit_alloc(f, 1);
}

static struct name *assigned_name(const struct node *target)
{
	return target->flags & NF_PAREN ? NULL : target->ident.name;
}

/* ---- = ---- */

/* 13.15.2, 6.2.5.6: strict code may not assign a name that had no binding before the value
 * was computed. A register that says if it has one, or ANY: that is sure, or the value
 * cannot make one. */
static int find_global(struct gfn *f, struct node *target, const struct node *value)
{
	int t;

	if (!f->fs->strict || target->ident.ref || (target->ident.name->flags & NAME_GLOBAL))
		return ANY;
	switch (value->kind) {
	case N_NUMBER: case N_STRING: case N_BIGINT: case N_REGEXP: case N_NULL_: case N_TRUE_: case N_FALSE_: case N_THIS:
	case N_FUNC: return ANY;
	case N_IDENT:
		if (value->ident.ref)
			return ANY;
		break;
	default: break;
	}
	t = emit_alloc(f, 1);
	emit_at(f, target->start);
	emit_p(f, OP_HASGLB, (uint32_t)t, 0, target->ident.name);
	return t;
}

static void check_global(struct gfn *f, const struct node *target, int found)
{
	struct name *name = target->ident.name;
	struct label has = LABEL_INIT;
	struct buf b = BUF_INIT;

	if (found < 0)
		return;
	emit_jump(f, OP_JT, (uint32_t)found, 0, &has);
	buf_put(&b, name->text, name->len);
	buf_puts(&b, " is not defined");
	emit_at(f, target->start);
	if (!f->dead)
		emit_k16(f, OP_THROWK, THROW_REFERENCE,
			 emit_str_const(f, gen_str(f->g, names_intern(&f->g->ast->names, b.p, b.len))));
	buf_free(&b);
	emit_bind(f, &has);
}

static int assign_simple(struct gfn *f, struct node *n, int dst)
{
	struct node *target = n->assign.target, *value = n->assign.value;
	int save = f->top, r, at;
	struct lref l;

	if (target->kind == N_IDENT && name_is_dynamic(target)) {
		r = result_temp(f, dst);
		at = name_find(f, target);
		gen_named(f, value, r, assigned_name(target));
		name_set_at(f, target, at, r);
		return deliver(f, r, dst, save);
	}
	if (target->kind == N_IDENT) {
		r = plain_register(f, target);
		if (r >= 0) {
			gen_named(f, value, r, assigned_name(target));
			return deliver(f, r, dst, save);
		}
		if (gen_is_anonymous(value)) {
			r = gen_named(f, value, result_temp(f, dst), assigned_name(target));
		} else {
			int t = dst == ANY ? emit_alloc(f, 1) : dst;
			at = find_global(f, target, value);
			r = gen_operand(f, value, t, 0, 0);
			check_global(f, target, at);
		}
		name_set(f, target, r);
		return deliver(f, r, dst, save);
	}
	if (gen_is_member(target)) {
		int t = dst == ANY ? emit_alloc(f, 1) : dst;
		gen_lref(f, target, &l, false, value->start, value->end);
		r = gen_operand(f, value, t >= 0 ? t : ANY, 0, 0);
		gen_lref_set(f, &l, r);
		return deliver(f, r, dst, save);
	}
	r = gen_operand(f, value, dst, target->start, target->end);
	gen_pattern(f, target, r, false);
	return deliver(f, r, dst, save);
}

/* ---- op= ---- */

/* Right operand of a compound assignment; an immediate needs no register. */
static int right_operand(struct gfn *f, struct node *n)
{
	uint32_t opcode;
	int imm;

	return gen_binary_imm(n->op, n->assign.value, &opcode, &imm) ? 0 : gen_operand(f, n->assign.value, ANY, 0, 0);
}

static int assign_compound(struct gfn *f, struct node *n, int dst)
{
	struct node *target = n->assign.target, *value = n->assign.value;
	int save = f->top, l, r, t;
	struct lref ref;

	if (target->kind == N_IDENT) {
		int reg = plain_register(f, target);
		if (name_is_dynamic(target)) {
			int at;
			t = result_temp(f, dst);
			at = name_find(f, target);
			name_get_at(f, target, at, t, false);
			r = right_operand(f, n);
			emit_at(f, n->start);
			gen_binary_op(f, n->op, t, t, value, r);
			name_set_at(f, target, at, t);
			return deliver(f, t, dst, save);
		}
		l = gen_operand(f, target, ANY, value->start, value->end);
		r = right_operand(f, n);
		if (reg >= 0) {
			emit_at(f, n->start);
			gen_binary_op(f, n->op, reg, l, value, r);
			return deliver(f, reg, dst, save);
		}
		f->top = save;
		t = result_temp(f, dst);
		emit_at(f, n->start);
		gen_binary_op(f, n->op, t, l, value, r);
		name_set(f, target, t);
		return deliver(f, t, dst, save);
	}
	t = result_temp(f, dst);
	gen_lref(f, target, &ref, true, value->start, value->end);
	gen_lref_get(f, &ref, t);
	r = right_operand(f, n);
	emit_at(f, n->start);
	gen_binary_op(f, n->op, t, t, value, r);
	gen_lref_set(f, &ref, t);
	return deliver(f, t, dst, save);
}

/* ---- &&= ||= ??= ---- */

static uint32_t decided_jump(int op)
{
	return op == O_AND ? OP_JF : op == O_OR ? OP_JT : OP_JNNULLISH;
}

static int assign_logical(struct gfn *f, struct node *n, int dst)
{
	struct node *target = n->assign.target, *value = n->assign.value;
	struct label end = LABEL_INIT;
	int save = f->top, t, at;
	struct lref ref;

	if (target->kind == N_IDENT) {
		int reg = plain_register(f, target);
		if (reg >= 0) {
			emit_jump(f, decided_jump(n->op), (uint32_t)reg, 0, &end);
			gen_named(f, value, reg, assigned_name(target));
			emit_bind(f, &end);
			return deliver(f, reg, dst, save);
		}
		t = result_temp(f, dst);
		at = name_find(f, target);
		name_get_at(f, target, at, t, false);
		emit_jump(f, decided_jump(n->op), (uint32_t)t, 0, &end);
		gen_named(f, value, t, assigned_name(target));
		name_set_at(f, target, at, t);
	} else {
		t = result_temp(f, dst);
		gen_lref(f, target, &ref, true, value->start, value->end);
		gen_lref_get(f, &ref, t);
		emit_jump(f, decided_jump(n->op), (uint32_t)t, 0, &end);
		gen_expr(f, value, t);
		gen_lref_set(f, &ref, t);
	}
	emit_bind(f, &end);
	return deliver(f, t, dst, save);
}

int gen_assign(struct gfn *f, struct node *n, int dst)
{
	if (n->op == O_NONE)
		return assign_simple(f, n, dst);
	if (n->op == O_AND || n->op == O_OR || n->op == O_NULLISH)
		return assign_logical(f, n, dst);
	return assign_compound(f, n, dst);
}

/* ---- ++ and -- ---- */

static int update_register(struct gfn *f, struct node *n, int reg, int dst)
{
	uint32_t op = n->op == O_INC ? OP_INC : OP_DEC;
	int save = f->top, old;

	emit_at(f, n->start);
	if (dst == DROP || (n->flags & NF_PREFIX)) {
		emit(f, op, (uint32_t)reg, (uint32_t)reg, 0);
		return deliver(f, reg, dst, save);
	}
	old = dst >= 0 && dst != reg ? dst : emit_alloc(f, 1);
	emit(f, OP_TONUMERIC, (uint32_t)old, (uint32_t)reg, 0);
	emit(f, op, (uint32_t)reg, (uint32_t)old, 0);
	return deliver(f, old, dst, save);
}

/* Old value in `from`: leaves the new one in a register to be stored, and the
 * expression's value in *result. */
static int step(struct gfn *f, struct node *n, int from, int dst, int *result)
{
	uint32_t op = n->op == O_INC ? OP_INC : OP_DEC;
	int t;

	emit_at(f, n->start);
	if (dst == DROP || (n->flags & NF_PREFIX)) {
		emit(f, op, (uint32_t)from, (uint32_t)from, 0);
		return *result = from;
	}
	emit(f, OP_TONUMERIC, (uint32_t)from, (uint32_t)from, 0);
	t = emit_alloc(f, 1);
	emit(f, op, (uint32_t)t, (uint32_t)from, 0);
	*result = from;
	return t;
}

int gen_update(struct gfn *f, struct node *n, int dst)
{
	struct node *arg = n->update.arg;
	int save = f->top, t, result, stored, at;
	struct lref ref;

	if (arg->kind == N_IDENT && plain_register(f, arg) >= 0)
		return update_register(f, n, plain_register(f, arg), dst);
	t = result_temp(f, dst);
	if (arg->kind == N_IDENT) {
		at = name_find(f, arg);
		name_get_at(f, arg, at, t, false);
		stored = step(f, n, t, dst, &result);
		name_set_at(f, arg, at, stored);
	} else {
		gen_lref(f, arg, &ref, true, 0, 0);
		gen_lref_get(f, &ref, t);
		stored = step(f, n, t, dst, &result);
		gen_lref_set(f, &ref, stored);
	}
	return deliver(f, result, dst, save);
}
