/* ops_value.c: slow functions of moves, arithmetic, comparison, branches and
 * scopes: each is the whole meaning of its opcode (op.def). They allocate, throw
 * and call scripts as the specification says; the interpreter wrote vm->pc. */
#include <math.h>

#include "engine/object/bigint.h"
#include "engine/vm/ops.h"

/* ---- moves ---- */

SLOW_OP(NOP)     { (void)vm, (void)fp, (void)pc; return V_UNDEF; }
SLOW_OP(DEBUGGER){ (void)vm, (void)fp, (void)pc; return V_UNDEF; }
SLOW_OP(MOV)     { (void)vm; return R_b; }
SLOW_OP(LDI)     { (void)vm, (void)fp; return v_int(W_I16(*pc)); }
SLOW_OP(LDK)     { (void)vm; return op_code(fp)->k[W_K16(*pc)]; }
SLOW_OP(LDKX)    { (void)vm; return op_code(fp)->k[OP_W1]; }
SLOW_OP(LDUNDEF) { (void)vm, (void)fp, (void)pc; return V_UNDEF; }
SLOW_OP(LDNULL)  { (void)vm, (void)fp, (void)pc; return V_NULL; }
SLOW_OP(LDTRUE)  { (void)vm, (void)fp, (void)pc; return V_TRUE; }
SLOW_OP(LDFALSE) { (void)vm, (void)fp, (void)pc; return V_FALSE; }
SLOW_OP(LDHOLE)  { (void)vm, (void)fp, (void)pc; return V_HOLE; }
SLOW_OP(LDFAR)   { (void)vm; return fp[OP_W1]; }
SLOW_OP(STFAR)   { (void)vm; fp[OP_W1] = R_a; return V_UNDEF; }

/* ---- arithmetic (13.15.3) ---- */

/* Both numeric, not both numbers. */
static val bigints(struct vm *vm, enum big_op op, val x, val y)
{
	if (v_isnum(x) || v_isnum(y))
		return throw_type(vm, "Cannot mix BigInt and other types, use explicit conversions");
	return big_arith(vm, op, x, y);
}

static val add(struct vm *vm, val x, val y)
{
	if (v_isnum(x) && v_isnum(y))
		return v_num(v_numof(x) + v_numof(y));
	if (v_isstr(x) && v_isnum(y))
		y = to_string(vm, y);
	else if (v_isnum(x) && v_isstr(y))
		x = to_string(vm, x);
	if (v_isstr(x) && v_isstr(y))
		return str_concat(vm, v_tostr(x), v_tostr(y));
	if (v_isbig(x) && v_isbig(y))
		return big_arith(vm, BIG_ADD, x, y);
	if (x == V_EXC || y == V_EXC)
		return V_EXC;
	x = to_primitive(vm, x, HINT_DEFAULT);
	if (x == V_EXC)
		return V_EXC;
	y = to_primitive(vm, y, HINT_DEFAULT);
	if (y == V_EXC)
		return V_EXC;
	if (v_isstr(x) || v_isstr(y)) {
		struct str *a = to_str(vm, x), *b = a ? to_str(vm, y) : NULL;

		return b ? str_concat(vm, a, b) : V_EXC;
	}
	x = to_numeric(vm, x);
	if (x == V_EXC)
		return V_EXC;
	y = to_numeric(vm, y);
	if (y == V_EXC)
		return V_EXC;
	if (v_isnum(x) && v_isnum(y))
		return v_num(v_numof(x) + v_numof(y));
	return bigints(vm, BIG_ADD, x, y);
}

enum arith { AR_SUB, AR_MUL, AR_DIV, AR_MOD, AR_EXP, AR_AND, AR_OR, AR_XOR, AR_SHL, AR_SAR, AR_SHR };

static val number_arith(enum arith op, val xv, val yv)
{
	double x = v_numof(xv), y = v_numof(yv);
	int32_t i, j;

	switch (op) {
	case AR_SUB: return v_num(x - y);
	case AR_MUL: return v_num(x * y);
	case AR_DIV: return v_num(x / y);
	case AR_MOD: return v_num(fmod(x, y));
	case AR_EXP: return v_num(num_pow(x, y));
	default:
		break;
	}
	i = dbl_to_int32(x);
	j = dbl_to_int32(y);
	switch (op) {
	case AR_AND: return v_int(i & j);
	case AR_OR:  return v_int(i | j);
	case AR_XOR: return v_int(i ^ j);
	case AR_SHL: return v_int((int32_t)((uint32_t)i << (j & 31)));
	case AR_SAR: return v_int(i >> (j & 31));
	default:     return v_u32((uint32_t)i >> (j & 31));
	}
}

static const enum big_op big_ops[] = {
	[AR_SUB] = BIG_SUB, [AR_MUL] = BIG_MUL, [AR_DIV] = BIG_DIV, [AR_MOD] = BIG_MOD, [AR_EXP] = BIG_EXP,
	[AR_AND] = BIG_AND, [AR_OR] = BIG_OR, [AR_XOR] = BIG_XOR, [AR_SHL] = BIG_SHL, [AR_SAR] = BIG_SAR,
	[AR_SHR] = BIG_SAR /* only ends in a TypeError */,
};

static val arith(struct vm *vm, enum arith op, val x, val y)
{
	if (v_isbig(x) && v_isbig(y) && op != AR_SHR)
		return big_arith(vm, big_ops[op], x, y);
	if (!v_isnum(x)) {
		x = to_numeric(vm, x);
		if (x == V_EXC)
			return V_EXC;
	}
	if (!v_isnum(y)) {
		y = to_numeric(vm, y);
		if (y == V_EXC)
			return V_EXC;
	}
	if (likely(v_isnum(x) && v_isnum(y)))
		return number_arith(op, x, y);
	if (op == AR_SHR && v_isbig(x) && v_isbig(y))
		return throw_type(vm, "BigInts have no unsigned right shift, use >> instead");
	return bigints(vm, big_ops[op], x, y);
}

SLOW_OP(ADD)  { return add(vm, R_b, R_c); }
SLOW_OP(SUB)  { return arith(vm, AR_SUB, R_b, R_c); }
SLOW_OP(MUL)  { return arith(vm, AR_MUL, R_b, R_c); }
SLOW_OP(DIV)  { return arith(vm, AR_DIV, R_b, R_c); }
SLOW_OP(MOD)  { return arith(vm, AR_MOD, R_b, R_c); }
SLOW_OP(EXP)  { return arith(vm, AR_EXP, R_b, R_c); }
SLOW_OP(BAND) { return arith(vm, AR_AND, R_b, R_c); }
SLOW_OP(BOR)  { return arith(vm, AR_OR, R_b, R_c); }
SLOW_OP(BXOR) { return arith(vm, AR_XOR, R_b, R_c); }
SLOW_OP(SHL)  { return arith(vm, AR_SHL, R_b, R_c); }
SLOW_OP(SAR)  { return arith(vm, AR_SAR, R_b, R_c); }
SLOW_OP(SHR)  { return arith(vm, AR_SHR, R_b, R_c); }

#define IMM v_int(W_SC(*pc))
SLOW_OP(ADDI)  { return add(vm, R_b, IMM); }
SLOW_OP(SUBI)  { return arith(vm, AR_SUB, R_b, IMM); }
SLOW_OP(MULI)  { return arith(vm, AR_MUL, R_b, IMM); }
SLOW_OP(DIVI)  { return arith(vm, AR_DIV, R_b, IMM); }
SLOW_OP(MODI)  { return arith(vm, AR_MOD, R_b, IMM); }
SLOW_OP(BANDI) { return arith(vm, AR_AND, R_b, IMM); }
SLOW_OP(BORI)  { return arith(vm, AR_OR, R_b, IMM); }
SLOW_OP(SHLI)  { return arith(vm, AR_SHL, R_b, IMM); }
SLOW_OP(SARI)  { return arith(vm, AR_SAR, R_b, IMM); }
SLOW_OP(SHRI)  { return arith(vm, AR_SHR, R_b, IMM); }
#undef IMM

static val step(struct vm *vm, val x, int by)
{
	val one;

	x = to_numeric(vm, x);
	if (x == V_EXC || v_isnum(x))
		return x == V_EXC ? V_EXC : v_num(v_numof(x) + by);
	one = big_from_i64(vm, by);
	return one == V_EXC ? V_EXC : big_arith(vm, BIG_ADD, x, one);
}

SLOW_OP(NEG)
{
	val x = to_numeric(vm, R_b);

	if (v_isbig(x))
		return big_negate(vm, x);
	return x == V_EXC ? V_EXC : v_num(-v_numof(x));
}
SLOW_OP(PLUS)      { return to_number_v(vm, R_b); }
SLOW_OP(TONUMERIC) { return to_numeric(vm, R_b); }
SLOW_OP(INC)       { return step(vm, R_b, 1); }
SLOW_OP(DEC)       { return step(vm, R_b, -1); }
SLOW_OP(BNOT)
{
	val x = to_numeric(vm, R_b);

	if (v_isbig(x))
		return big_not(vm, x);
	return x == V_EXC ? V_EXC : v_int(~dbl_to_int32(v_numof(x)));
}

SLOW_OP(CONCATN)
{
	uint32_t n = W_C(*pc), used = 0;
	struct str *part[16];

	for (uint32_t i = 0; i < n; i++) {
		val v = (&R_b)[i];

		if (!v_isstr(v))
			v = to_string(vm, v);
		if (v == V_EXC)
			return V_EXC;
		part[used++] = v_tostr(v);
		if (used == ARRAY_LEN(part)) {
			v = str_concat_all(vm, part, used);
			if (v == V_EXC)
				return V_EXC;
			part[0] = v_tostr(v);
			used = 1;
		}
	}
	return str_concat_all(vm, part, used);
}

SLOW_OP(TOPROPKEY) { return to_property_key_v(vm, R_b); }

/* ---- comparison ---- */

/* IsLessThan and its three relatives; undefined (NaN) is false for all. */
static int less(struct vm *vm, val x, val y)       { int r = val_less(vm, x, y, true); return r < 0 ? -1 : r == 1; }
static int greater(struct vm *vm, val x, val y)    { int r = val_less(vm, y, x, false); return r < 0 ? -1 : r == 1; }
static int less_eq(struct vm *vm, val x, val y)    { int r = val_less(vm, y, x, false); return r < 0 ? -1 : r == 0; }
static int greater_eq(struct vm *vm, val x, val y) { int r = val_less(vm, x, y, true); return r < 0 ? -1 : r == 0; }

static inline val as_bool(int r) { return r < 0 ? V_EXC : v_bool(r); }
static inline val as_not(int r) { return r < 0 ? V_EXC : v_bool(!r); }

SLOW_OP(EQ)  { return as_bool(val_loose_eq(vm, R_b, R_c)); }
SLOW_OP(NE)  { return as_not(val_loose_eq(vm, R_b, R_c)); }
SLOW_OP(SEQ) { return v_bool(val_strict_eq(vm, R_b, R_c)); }
SLOW_OP(SNE) { return v_bool(!val_strict_eq(vm, R_b, R_c)); }
SLOW_OP(LT)  { return as_bool(less(vm, R_b, R_c)); }
SLOW_OP(LE)  { return as_bool(less_eq(vm, R_b, R_c)); }
SLOW_OP(GT)  { return as_bool(greater(vm, R_b, R_c)); }
SLOW_OP(GE)  { return as_bool(greater_eq(vm, R_b, R_c)); }

SLOW_OP(INOP)
{
	pkey k;

	if (!v_isobj(R_c))
		return throw_type(vm, "Cannot use 'in' operator to search for a key in %s", val_for_message(vm, R_c));
	return key_of_val(vm, R_b, &k) ? as_bool(obj_has(vm, v_toobj(R_c), k)) : V_EXC;
}
SLOW_OP(INSTOF) { return as_bool(obj_instance_of(vm, R_b, R_c)); }
SLOW_OP(LNOT)   { (void)vm; return v_bool(!to_boolean(R_b)); }
SLOW_OP(TYPEOF) { return val_typeof(vm, R_b); }

/* ---- branches: V_TRUE jumps ---- */

SLOW_OP(JT)        { (void)vm; return v_bool(to_boolean(R_a)); }
SLOW_OP(JF)        { (void)vm; return v_bool(!to_boolean(R_a)); }
SLOW_OP(JNULLISH)  { (void)vm; return v_bool(v_isnullish(R_a)); }
SLOW_OP(JNNULLISH) { (void)vm; return v_bool(!v_isnullish(R_a)); }
SLOW_OP(JUNDEF)    { (void)vm; return v_bool(R_a == V_UNDEF); }
SLOW_OP(JNUNDEF)   { (void)vm; return v_bool(R_a != V_UNDEF); }
SLOW_OP(JEQ)  { return as_bool(val_loose_eq(vm, R_a, R_b)); }
SLOW_OP(JNE)  { return as_not(val_loose_eq(vm, R_a, R_b)); }
SLOW_OP(JSEQ) { return v_bool(val_strict_eq(vm, R_a, R_b)); }
SLOW_OP(JSNE) { return v_bool(!val_strict_eq(vm, R_a, R_b)); }
SLOW_OP(JLT)  { return as_bool(less(vm, R_a, R_b)); }
SLOW_OP(JNLT) { return as_not(less(vm, R_a, R_b)); }
SLOW_OP(JLE)  { return as_bool(less_eq(vm, R_a, R_b)); }
SLOW_OP(JNLE) { return as_not(less_eq(vm, R_a, R_b)); }
SLOW_OP(JGT)  { return as_bool(greater(vm, R_a, R_b)); }
SLOW_OP(JNGT) { return as_not(greater(vm, R_a, R_b)); }
SLOW_OP(JGE)  { return as_bool(greater_eq(vm, R_a, R_b)); }
SLOW_OP(JNGE) { return as_not(greater_eq(vm, R_a, R_b)); }
#define IMMB v_int(W_SB(*pc))
SLOW_OP(JSEQI) { return v_bool(val_strict_eq(vm, R_a, IMMB)); }
SLOW_OP(JSNEI) { return v_bool(!val_strict_eq(vm, R_a, IMMB)); }
SLOW_OP(JLTI)  { return as_bool(less(vm, R_a, IMMB)); }
SLOW_OP(JNLTI) { return as_not(less(vm, R_a, IMMB)); }
SLOW_OP(JLEI)  { return as_bool(less_eq(vm, R_a, IMMB)); }
SLOW_OP(JNLEI) { return as_not(less_eq(vm, R_a, IMMB)); }
SLOW_OP(JGTI)  { return as_bool(greater(vm, R_a, IMMB)); }
SLOW_OP(JNGTI) { return as_not(greater(vm, R_a, IMMB)); }
SLOW_OP(JGEI)  { return as_bool(greater_eq(vm, R_a, IMMB)); }
SLOW_OP(JNGEI) { return as_not(greater_eq(vm, R_a, IMMB)); }
#undef IMMB
SLOW_OP(JTYPEOF)  { (void)vm; return v_bool(val_typeof_code(R_a) == (int)W_B(*pc)); }
SLOW_OP(JNTYPEOF) { (void)vm; return v_bool(val_typeof_code(R_a) != (int)W_B(*pc)); }
