/* expr.c: expressions: dispatch, operators, conditions, constants. Members and
 * calls are in member.c, literals in literal.c, assignments in assign.c. */
#include <math.h>

#include "engine/front/fold.h"
#include "engine/gen/fn.h"

bool gen_scratch(const struct gfn *f, int dst)
{
	return dst > 0 && f->regvar[dst] == NULL;
}

/* ---- constants ---- */

bool gen_const_num(const struct node *n, double *out)
{
	return fold_number(n, false, out);
}

bool gen_small_int(const struct node *n, int lo, int hi, int *out)
{
	double d;

	if (!gen_const_num(n, &d) || !(d >= lo && d <= hi) || d != (int)d || (d == 0 && signbit(d)))
		return false;
	*out = (int)d;
	return true;
}

/* A global name that no program can bind to anything else (19.1, and 16.1.7
 * HasRestrictedGlobalProperty). */
static bool is_global_constant(const struct node *n, double *num, bool *undefined)
{
	const struct name *name;

	if (n->kind != N_IDENT || n->ident.ref != NULL || name_is_dynamic(n))
		return false;
	name = n->ident.name;
	*undefined = name->id == WK_undefined;
	if (name->len == 3 && memcmp(name->text, "NaN", 3) == 0)
		*num = NAN;
	else if (name->len == 8 && memcmp(name->text, "Infinity", 8) == 0)
		*num = INFINITY;
	else
		return *undefined;
	return true;
}

bool gen_is_undefined(struct gfn *f, const struct node *n)
{
	double num;
	bool undefined = false;

	(void)f;
	if (n->kind == N_UNARY && n->op == O_VOID && n->unary.arg->kind == N_NUMBER)
		return true;
	return is_global_constant(n, &num, &undefined) && undefined;
}

/* ---- operands ---- */

int gen_operand(struct gfn *f, struct node *n, int scratch, uint32_t lo, uint32_t hi)
{
	int r;

	if (scratch < 0 || !gen_scratch(f, scratch))
		scratch = ANY;
	if (n->kind == N_IDENT || n->kind == N_THIS) {
		int top = f->top;
		struct var *v = n->kind == N_IDENT ? n->ident.ref : NULL;
		if ((v && v->loc == LOC_REG) || n->kind == N_THIS) {
			r = gen_expr(f, n, ANY);
			if (r >= top && scratch >= 0) {        /* `this` out of an environment */
				emit_mov(f, scratch, r);
				f->top = top;
				r = scratch;
			}
		} else
			r = gen_expr(f, n, scratch);
	} else
		r = gen_expr(f, n, scratch);
	if (hi > lo && f->regvar[r] && var_written_in(f->regvar[r], lo, hi)) {
		int t = scratch >= 0 ? scratch : emit_alloc(f, 1);
		emit_mov(f, t, r);
		return t;
	}
	return r;
}

/* ---- binary operators ---- */

static const uint8_t binary_opcode[O_count] = {
	[O_ADD] = OP_ADD, [O_SUB] = OP_SUB, [O_MUL] = OP_MUL, [O_DIV] = OP_DIV, [O_MOD] = OP_MOD, [O_POW] = OP_EXP,
	[O_SHL] = OP_SHL, [O_SHR] = OP_SAR, [O_USHR] = OP_SHR, [O_BITAND] = OP_BAND, [O_BITOR] = OP_BOR,
	[O_BITXOR] = OP_BXOR, [O_EQ] = OP_EQ, [O_NE] = OP_NE, [O_SEQ] = OP_SEQ, [O_SNE] = OP_SNE, [O_LT] = OP_LT,
	[O_LE] = OP_LE, [O_GT] = OP_GT, [O_GE] = OP_GE, [O_IN] = OP_INOP, [O_INSTANCEOF] = OP_INSTOF,
};
static const uint8_t imm_opcode[O_count] = {
	[O_ADD] = OP_ADDI, [O_SUB] = OP_SUBI, [O_MUL] = OP_MULI, [O_DIV] = OP_DIVI, [O_MOD] = OP_MODI,
	[O_SHL] = OP_SHLI, [O_SHR] = OP_SARI, [O_USHR] = OP_SHRI, [O_BITAND] = OP_BANDI, [O_BITOR] = OP_BORI,
};

bool gen_binary_imm(int op, struct node *right, uint32_t *opcode, int *imm)
{
	*opcode = imm_opcode[op];
	return *opcode != 0 && gen_small_int(right, -128, 127, imm);
}

void gen_binary_op(struct gfn *f, int op, int dst, int a, struct node *right, int b)
{
	uint32_t opcode;
	int imm;

	if (right && gen_binary_imm(op, right, &opcode, &imm))
		emit(f, opcode, (uint32_t)dst, (uint32_t)a, (uint32_t)imm);
	else
		emit(f, binary_opcode[op], (uint32_t)dst, (uint32_t)a, (uint32_t)b);
}

/* a + b + c + … from the innermost left operand outwards. */
static int binary(struct gfn *f, struct node *n, int dst)
{
	struct gen *g = f->g;
	size_t base = g->nspine;
	int save = f->top, acc = gen_scratch(f, dst) ? dst : ANY, l;
	struct node *m = n, *first;
	double num;

	while (m->kind == N_BINARY && !gen_const_num(m, &num)) {
		gen_spine_push(g, m);
		m = m->binary.left;
	}
	first = g->spine[g->nspine - 1]->binary.right;
	l = gen_operand(f, m, acc, first->start, first->end);
	if (acc < 0 && l >= save)
		acc = l;
	while (g->nspine > base) {
		struct node *b = g->spine[--g->nspine];
		int top = f->top, r = 0, out, imm;
		uint32_t opcode;

		if (!gen_binary_imm(b->op, b->binary.right, &opcode, &imm))
			r = gen_operand(f, b->binary.right, ANY, 0, 0);
		f->top = top;
		if (g->nspine == base && dst >= 0)
			out = dst;
		else {
			if (acc < 0)
				acc = emit_alloc(f, 1);
			out = acc;
		}
		emit_at(f, b->binary.left->start);
		gen_binary_op(f, b->op, out, l, b->binary.right, r);
		l = out;
	}
	f->top = dst >= 0 ? save : l + 1;
	return l;
}

/* Does gen_cond test this without making its value? */
static bool is_test(const struct node *n)
{
	return n->kind == N_BINARY && n->op >= O_EQ && n->op <= O_GE;
}

static int logical(struct gfn *f, struct node *n, int dst)
{
	struct gen *g = f->g;
	size_t base = g->nspine;
	int save = f->top, t = gen_scratch(f, dst) ? dst : emit_alloc(f, 1);
	struct label end = LABEL_INIT;
	struct node *m = n;
	bool fused;
	int op;

	while (m->kind == N_LOGICAL) {
		gen_spine_push(g, m);
		m = m->logical.left;
	}
	op = g->spine[g->nspine - 1]->op;
	fused = op != O_NULLISH && is_test(m);
	if (fused) {                   /* the value that decides, and a jump instead of the test's value */
		emit(f, op == O_AND ? OP_LDFALSE : OP_LDTRUE, (uint32_t)t, 0, 0);
		gen_cond(f, m, &end, op == O_OR);
	} else
		gen_expr(f, m, t);
	while (g->nspine > base) {
		struct node *b = g->spine[--g->nspine];
		if (op != b->op) {
			emit_bind(f, &end);
			end = (struct label)LABEL_INIT;
		}
		op = b->op;
		if (fused)
			fused = false;
		else
			emit_jump(f, op == O_AND ? OP_JF : op == O_OR ? OP_JT : OP_JNNULLISH, (uint32_t)t, 0, &end);
		gen_expr(f, b->logical.right, t);
	}
	emit_bind(f, &end);
	if (dst < 0)
		return t;
	emit_mov(f, dst, t);
	f->top = save;
	return dst;
}

static int conditional(struct gfn *f, struct node *n, int dst)
{
	struct label end = LABEL_INIT;
	int out = dst >= 0 ? dst : emit_alloc(f, 1);

	while (n->kind == N_COND) {
		struct label other = LABEL_INIT;
		gen_cond(f, n->cond.test, &other, false);
		gen_expr(f, n->cond.then, out);
		emit_jmp(f, &end);
		emit_bind(f, &other);
		n = n->cond.else_;
	}
	gen_expr(f, n, out);
	emit_bind(f, &end);
	return out;
}

/* ---- unary operators ---- */

/* The operand of typeof: an unresolvable name is no error there. */
static int typeof_operand(struct gfn *f, struct node *arg)
{
	double num;
	bool undefined;

	if (arg->kind != N_IDENT || (arg->ident.ref && !name_is_dynamic(arg)) || is_global_constant(arg, &num, &undefined))
		return gen_operand(f, arg, ANY, 0, 0);
	return name_get_at(f, arg, name_find(f, arg), ANY, true);
}

static int unary(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, r, out;
	uint32_t op;

	if (n->op == O_DELETE)
		return gen_delete(f, n->unary.arg, dst);
	if (n->op == O_VOID) {
		gen_drop(f, n->unary.arg);
		out = dst >= 0 ? dst : emit_alloc(f, 1);
		emit(f, OP_LDUNDEF, (uint32_t)out, 0, 0);
		return out;
	}
	if (n->op == O_TYPEOF) {
		r = typeof_operand(f, n->unary.arg);
		op = OP_TYPEOF;
	} else {
		r = gen_operand(f, n->unary.arg, dst, 0, 0);
		op = n->op == O_NEG ? OP_NEG : n->op == O_PLUS ? OP_PLUS : n->op == O_NOT ? OP_LNOT : OP_BNOT;
	}
	f->top = top;
	out = dst >= 0 ? dst : emit_alloc(f, 1);
	emit_at(f, n->start);
	emit(f, op, (uint32_t)out, (uint32_t)r, 0);
	return out;
}

/* ---- names and literals ---- */

static int ident(struct gfn *f, struct node *n, int dst)
{
	double num = 0;
	bool undefined = false;
	int r;

	if (name_is_dynamic(n)) {
		int top = f->top;
		r = dst >= 0 ? dst : emit_alloc(f, 1);
		name_get_at(f, n, name_find(f, n), r, false);
		f->top = dst >= 0 ? top : r + 1;
		return r;
	}
	if (n->ident.ref || !is_global_constant(n, &num, &undefined))
		return name_get(f, n, dst, false);
	r = dst >= 0 ? dst : emit_alloc(f, 1);
	if (undefined)
		emit(f, OP_LDUNDEF, (uint32_t)r, 0, 0);
	else
		emit_num(f, r, num);
	return r;
}

/* Digits of a BigInt literal in base 10, from "0x…", "0o…", "0b…". */
static struct name *decimal_digits(struct gfn *f, struct name *digits)
{
	uint32_t *limb, n = 0, radix;                  /* base 10^9, least first */
	struct buf b = BUF_INIT;
	struct name *out;

	if (digits->len < 3 || digits->text[0] != '0' || (digits->text[1] >= '0' && digits->text[1] <= '9'))
		return digits;
	radix = (digits->text[1] | 32) == 'x' ? 16 : (digits->text[1] | 32) == 'o' ? 8 : 2;
	limb = arena_alloc(&f->g->ast->arena, (digits->len / 7 + 2) * sizeof *limb);
	for (uint32_t i = 2; i < digits->len; i++) {
		char c = digits->text[i];
		uint64_t carry = (uint32_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
		for (uint32_t k = 0; k < n; k++) {
			carry += (uint64_t)limb[k] * radix;
			limb[k] = (uint32_t)(carry % 1000000000);
			carry /= 1000000000;
		}
		if (carry)
			limb[n++] = (uint32_t)carry;
	}
	buf_printf(&b, "%u", n ? limb[n - 1] : 0);
	for (uint32_t k = n; k-- > 1;)
		buf_printf(&b, "%09u", limb[k - 1]);
	out = names_intern(&f->g->ast->names, b.p, b.len);
	buf_free(&b);
	return out;
}

static int literal(struct gfn *f, struct node *n, int dst)
{
	struct image_const k = { .tag = IK_BIGINT };
	int r = dst >= 0 ? dst : emit_alloc(f, 1);

	if (f->dead)
		return r;
	switch (n->kind) {
	case N_NUMBER: emit_num(f, r, n->number.value); break;
	case N_STRING: emit_str(f, r, n->string.value); break;
	case N_BIGINT:
		k.u.str = gen_str(f->g, decimal_digits(f, n->bigint.digits));
		emit_const(f, r, emit_add_const(f, &k));
		break;
	case N_REGEXP:
		k.tag = IK_REGEXP;
		k.u.regexp.pattern = gen_str(f->g, n->regexp.pattern);
		k.u.regexp.flags = gen_str(f->g, n->regexp.reflags);
		emit_at(f, n->start);
		emit_w1(f, OP_REGEXP, (uint32_t)r, 0, 0, emit_add_const(f, &k));
		break;
	case N_NULL_: emit(f, OP_LDNULL, (uint32_t)r, 0, 0); break;
	case N_TRUE_: emit(f, OP_LDTRUE, (uint32_t)r, 0, 0); break;
	case N_FALSE_: emit(f, OP_LDFALSE, (uint32_t)r, 0, 0); break;
	default: emit(f, OP_LDHOLE, (uint32_t)r, 0, 0); break;
	}
	return r;
}

static int private_in(struct gfn *f, struct node *n, int dst)
{
	int top = f->top, p = gen_private_name(f, n->mark), o = gen_operand(f, n->private_in.object, ANY, 0, 0), out;

	f->top = top;
	out = dst >= 0 ? dst : emit_alloc(f, 1);
	emit_at(f, n->start);
	emit(f, OP_INPRIV, (uint32_t)out, (uint32_t)p, (uint32_t)o);
	return out;
}

bool gen_is_anonymous(const struct node *n)
{
	return (n->kind == N_FUNC && !n->func.id) || (n->kind == N_CLASS && !n->class_.id);
}

int gen_named(struct gfn *f, struct node *n, int dst, struct name *name)
{
	if (gen_is_anonymous(n))
		f->hint = name;
	return gen_expr(f, n, dst);
}

int gen_named_reg(struct gfn *f, struct node *n, int dst, int reg)
{
	int r;

	if (n->kind == N_CLASS && !n->class_.id)
		f->hint_reg = reg;
	r = gen_expr(f, n, dst);
	if (n->kind == N_FUNC && !n->func.id)
		emit_w1(f, OP_SETFNAME, (uint32_t)r, (uint32_t)reg, 0, 0);
	return r;
}

static int expression(struct gfn *f, struct node *n, int dst)
{
	double num;

	switch (n->kind) {
	case N_IDENT: return ident(f, n, dst);
	case N_TEMPLATE: return gen_template(f, n, dst);
	case N_THIS: return own_this(f, dst, n->start);
	case N_NEW_TARGET: return own_new_target(f, dst);
	case N_YIELD: return gen_yield(f, n, dst);
	case N_AWAIT: return gen_await(f, n, dst);
	case N_IMPORT_CALL: return gen_import_call(f, n, dst);
	case N_IMPORT_META: return gen_import_meta(f, n, dst);
	case N_ARRAY: return gen_array(f, n, dst);
	case N_OBJECT: return gen_object(f, n, dst);
	case N_FUNC: {
		struct name *name = f->hint;
		f->hint = NULL;
		return gen_function(f, n, dst, 0, name, NULL);
	}
	case N_CLASS: return gen_class(f, n, dst);
	case N_UNARY: case N_BINARY:
		if (gen_const_num(n, &num)) {
			int r = dst >= 0 ? dst : emit_alloc(f, 1);
			emit_num(f, r, num);
			return r;
		}
		return n->kind == N_UNARY ? unary(f, n, dst) : binary(f, n, dst);
	case N_UPDATE: return gen_update(f, n, dst);
	case N_LOGICAL: return logical(f, n, dst);
	case N_PRIVATE_IN: return private_in(f, n, dst);
	case N_ASSIGN: return gen_assign(f, n, dst);
	case N_COND: return conditional(f, n, dst);
	case N_SEQUENCE:
		for (uint32_t i = 0; i + 1 < n->sequence.exprs.n; i++)
			gen_drop(f, n->sequence.exprs.v[i]);
		return gen_expr(f, n->sequence.exprs.v[n->sequence.exprs.n - 1], dst);
	case N_MEMBER: case N_INDEX: case N_PRIVATE_MEMBER: case N_CALL: case N_TAGGED:
		return gen_chain(f, n, dst);
	case N_SUPER_MEMBER: case N_SUPER_INDEX: return gen_super_member(f, n, dst);
	case N_OPT_CHAIN: return gen_opt_chain(f, n, dst);
	case N_SUPER_CALL: return gen_super_call(f, n, dst);
	case N_NEW: return gen_new(f, n, dst);
	default: return literal(f, n, dst);
	}
}

enum { SPILL_FROM = 190, SPILL_LEAST = 24 };  /* registers in use; registers won */

/* Takes the expression several registers, and does no code outside of it depend on them
 * while it runs? */
static bool worth_spilling(const struct node *n)
{
	switch (n->kind) {
	case N_TEMPLATE: case N_ARRAY: case N_OBJECT: case N_UNARY: case N_BINARY: case N_LOGICAL: case N_ASSIGN: case N_COND:
	case N_SEQUENCE: case N_MEMBER: case N_INDEX: case N_CALL: case N_TAGGED: case N_OPT_CHAIN: case N_NEW: case N_AWAIT:
		return true;
	default: return false;
	}
}

/* With the temporaries of the outer expressions out of the way. */
static int spilled(struct gfn *f, struct node *n, int dst)
{
	int base = f->spill, top = f->top, r;

	emit(f, OP_SPILL, (uint32_t)base, (uint32_t)base, (uint32_t)(top - base));
	f->top = base + 1;
	r = emit_alloc(f, 1);
	f->spill = ANY;
	gen_expr(f, n, r);
	f->spill = base;
	f->top = top;
	if (dst < 0)
		dst = emit_alloc(f, 1);
	emit_w1(f, OP_UNSPILL, (uint32_t)dst, 0, (uint32_t)(top - base), (uint32_t)base);
	return dst;
}

int gen_expr(struct gfn *f, struct node *n, int dst)
{
	int outer = f->spill, r;

	if (gen_deep(f, n))
		return dst >= 0 ? dst : 0;
	if (outer < 0)
		f->spill = f->top;
	else if (f->top >= SPILL_FROM && f->top - outer >= SPILL_LEAST && worth_spilling(n))
		return spilled(f, n, dst);
	r = expression(f, n, dst);
	f->spill = outer;
	return r;
}

static void drop_logical(struct gfn *f, struct node *n)
{
	struct label end = LABEL_INIT;
	int top = f->top, r;

	if (n->op == O_NULLISH) {
		r = gen_operand(f, n->logical.left, ANY, 0, 0);
		emit_jump(f, OP_JNNULLISH, (uint32_t)r, 0, &end);
		f->top = top;
	} else
		gen_cond(f, n->logical.left, &end, n->op == O_OR);
	gen_drop(f, n->logical.right);
	emit_bind(f, &end);
}

static void drop_conditional(struct gfn *f, struct node *n)
{
	struct label end = LABEL_INIT;

	while (n->kind == N_COND) {
		struct label other = LABEL_INIT;
		gen_cond(f, n->cond.test, &other, false);
		gen_drop(f, n->cond.then);
		emit_jmp(f, &end);
		emit_bind(f, &other);
		n = n->cond.else_;
	}
	gen_drop(f, n);
	emit_bind(f, &end);
}

void gen_drop(struct gfn *f, struct node *n)
{
	int top = f->top;

	if (gen_deep(f, n))
		return;
	switch (n->kind) {
	case N_ASSIGN: gen_assign(f, n, DROP); break;
	case N_UPDATE: gen_update(f, n, DROP); break;
	case N_CALL: case N_TAGGED: gen_chain(f, n, DROP); break;
	case N_OPT_CHAIN: gen_opt_chain(f, n, DROP); break;
	case N_LOGICAL: drop_logical(f, n); break;
	case N_COND: drop_conditional(f, n); break;
	case N_SEQUENCE:
		for (uint32_t i = 0; i < n->sequence.exprs.n; i++)
			gen_drop(f, n->sequence.exprs.v[i]);
		break;
	case N_NUMBER: case N_STRING: case N_BIGINT: case N_NULL_: case N_TRUE_: case N_FALSE_: break;
	case N_UNARY:
		if (n->op == O_VOID || n->op == O_NOT)
			gen_drop(f, n->unary.arg);
		else
			gen_expr(f, n, ANY);
		break;
	default: gen_expr(f, n, ANY); break;
	}
	f->top = top;
}

/* ---- conditions ---- */

static int typeof_code(const struct name *s)
{
	static const struct sv text[TYPEOF__N] = { SV("undefined"), SV("object"), SV("boolean"), SV("number"),
		SV("string"), SV("symbol"), SV("bigint"), SV("function") };

	for (int i = 0; i < TYPEOF__N; i++)
		if (sv_eq(name_sv(s), text[i]))
			return i;
	return -1;
}

/* a OP b as a conditional jump: opcode when the operation holds. */
static uint32_t compare_jump(int op)
{
	switch (op) {
	case O_LT: return OP_JLT;
	case O_LE: return OP_JLE;
	case O_GT: return OP_JGT;
	case O_GE: return OP_JGE;
	case O_EQ: return OP_JEQ;
	case O_NE: return OP_JNE;
	case O_SEQ: return OP_JSEQ;
	case O_SNE: return OP_JSNE;
	default: return 0;
	}
}

static uint32_t compare_jump_imm(int op)
{
	switch (op) {
	case O_LT: return OP_JLTI;
	case O_LE: return OP_JLEI;
	case O_GT: return OP_JGTI;
	case O_GE: return OP_JGEI;
	case O_SEQ: return OP_JSEQI;
	case O_SNE: return OP_JSNEI;
	default: return 0;
	}
}

static int mirrored(int op)
{
	return op == O_LT ? O_GT : op == O_GT ? O_LT : op == O_LE ? O_GE : op == O_GE ? O_LE : op;
}

/* One operand and a constant known to the opcode. */
static bool cond_special(struct gfn *f, int op, struct node *x, struct node *k, struct label *l, bool sense)
{
	bool strict = op == O_SEQ || op == O_SNE, equality = strict || op == O_EQ || op == O_NE;
	uint32_t jump = 0;
	int imm = 0, r;

	if (equality && k->kind == N_STRING && x->kind == N_UNARY && x->op == O_TYPEOF &&
	    (imm = typeof_code(k->string.value)) >= 0) {
		r = typeof_operand(f, x->unary.arg);
		jump = op == O_SEQ || op == O_EQ ? OP_JTYPEOF : OP_JNTYPEOF;
		emit_jump(f, sense ? jump : jump ^ 1, (uint32_t)r, (uint32_t)imm, l);
		return true;
	}
	if (gen_small_int(k, -128, 127, &imm))
		jump = compare_jump_imm(op);
	else if (equality && !strict && (k->kind == N_NULL_ || gen_is_undefined(f, k)))
		jump = op == O_EQ ? OP_JNULLISH : OP_JNNULLISH;
	else if (strict && gen_is_undefined(f, k))
		jump = op == O_SEQ ? OP_JUNDEF : OP_JNUNDEF;
	if (!jump)
		return false;
	r = gen_operand(f, x, ANY, 0, 0);
	emit_at(f, x->start);
	emit_jump(f, sense ? jump : jump ^ 1, (uint32_t)r, (uint32_t)imm, l);
	return true;
}

static bool cond_compare(struct gfn *f, struct node *n, struct label *l, bool sense)
{
	struct node *a = n->binary.left, *b = n->binary.right;
	uint32_t jump = compare_jump(n->op);
	int ra, rb;

	if (!jump)
		return false;
	if (cond_special(f, n->op, a, b, l, sense) || cond_special(f, mirrored(n->op), b, a, l, sense))
		return true;
	ra = gen_operand(f, a, ANY, b->start, b->end);
	rb = gen_operand(f, b, ANY, 0, 0);
	emit_at(f, a->start);
	emit_jump(f, sense ? jump : jump ^ 1, (uint32_t)ra, (uint32_t)rb, l);
	return true;
}

/* a && b && c: the operands of one operator, innermost first. */
static void cond_logical(struct gfn *f, struct node *n, struct label *l, bool sense)
{
	struct gen *g = f->g;
	size_t base = g->nspine;
	int op = n->op;
	bool stops = op == O_OR;       /* the truth that decides */
	struct label skip = LABEL_INIT, *decided = stops == sense ? l : &skip;

	while (n->kind == N_LOGICAL && n->op == op) {
		gen_spine_push(g, n);
		n = n->logical.left;
	}
	gen_cond(f, n, decided, stops);
	while (g->nspine > base + 1)
		gen_cond(f, g->spine[--g->nspine]->logical.right, decided, stops);
	gen_cond(f, g->spine[--g->nspine]->logical.right, l, sense);
	emit_bind(f, &skip);
}

void gen_cond(struct gfn *f, struct node *n, struct label *l, bool sense)
{
	int top = f->top, r;
	double num;

	if (gen_deep(f, n))
		return;
	while (n->kind == N_UNARY && n->op == O_NOT) {
		n = n->unary.arg;
		sense = !sense;
	}
	if (n->kind == N_LOGICAL && n->op != O_NULLISH) {
		cond_logical(f, n, l, sense);
	} else if (n->kind == N_TRUE_ || n->kind == N_FALSE_ || gen_const_num(n, &num)) {
		bool truth = n->kind == N_TRUE_ || (n->kind != N_FALSE_ && num != 0 && num == num);
		if (truth == sense)
			emit_jmp(f, l);
	} else if (n->kind != N_BINARY || !cond_compare(f, n, l, sense)) {
		r = gen_operand(f, n, ANY, 0, 0);
		emit_jump(f, sense ? OP_JT : OP_JF, (uint32_t)r, 0, l);
	}
	f->top = top;
}
