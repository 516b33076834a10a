/* fold.c: see fold.h. Called by parse_lower.c (enum members), comptime.c and the generator. */
#include "engine/front/fold.h"

#include <math.h>

#include "base/num.h"

int32_t fold_to_int32(double d)
{
	if (!isfinite(d))
		return 0;
	d = fmod(trunc(d), 4294967296.0);
	return (int32_t)(uint32_t)(int64_t)d;
}

/* Where C's pow knows an answer that the language does not (6.1.6.1.3). */
static double power(double a, double b)
{
	return isnan(b) || ((a == 1 || a == -1) && isinf(b)) ? (double)NAN : pow(a, b);
}

bool fold_binary(enum oper op, double a, double b, double *out)
{
	int32_t x = fold_to_int32(a), y = fold_to_int32(b);
	uint32_t shift = (uint32_t)y & 31;

	switch (op) {
	case O_ADD: *out = a + b; return true;
	case O_SUB: *out = a - b; return true;
	case O_MUL: *out = a * b; return true;
	case O_DIV: *out = a / b; return true;
	case O_MOD: *out = fmod(a, b); return true;
	case O_POW: *out = power(a, b); return true;
	case O_SHL: *out = (int32_t)((uint32_t)x << shift); return true;
	case O_SHR: *out = x >> shift; return true;
	case O_USHR: *out = (uint32_t)x >> shift; return true;
	case O_BITAND: *out = x & y; return true;
	case O_BITOR: *out = x | y; return true;
	case O_BITXOR: *out = x ^ y; return true;
	default: return false;
	}
}

/* Those whose result has one answer: libm has no say in it. */
static const struct { const char *name; double (*fn)(double x); } functions[] = {
	{ "abs", fabs }, { "ceil", ceil }, { "floor", floor }, { "round", num_round_up }, { "sqrt", sqrt }, { "trunc", trunc },
};

static bool number(const struct node *n, bool math, int depth, double *out);

static bool call(const struct node *n, int depth, double *out)
{
	const struct node *f = n->call.callee;
	size_t i;

	if (f->kind != N_MEMBER || ((n->flags | f->flags) & NF_OPTIONAL) || n->call.args.n != 1)
		return false;
	if (f->member.object->kind != N_IDENT || f->member.object->ident.ref != NULL ||
	    !sv_eq(name_sv(f->member.object->ident.name), sv_of("Math")))
		return false;
	for (i = 0; i < ARRAY_LEN(functions); i++)
		if (sv_eq(name_sv(f->member.name), sv_of(functions[i].name)))
			break;
	if (i == ARRAY_LEN(functions) || !number(n->call.args.v[0], true, depth + 1, out))
		return false;
	*out = functions[i].fn(*out);
	return true;
}

static bool number(const struct node *n, bool math, int depth, double *out)
{
	double a, b;

	if (n->kind == N_NUMBER) {
		*out = n->number.value;
		return true;
	}
	if (depth > 4)
		return false;
	if (n->kind == N_CALL)
		return math && call(n, depth, out);
	if (n->kind == N_BINARY)
		return number(n->binary.right, math, depth + 1, &b) && number(n->binary.left, math, depth + 1, &a) &&
		       n->op != O_MOD && n->op != O_POW && fold_binary(n->op, a, b, out);
	if (n->kind != N_UNARY || !number(n->unary.arg, math, depth + 1, &a))
		return false;
	switch (n->op) {
	case O_NEG: *out = -a; return true;
	case O_PLUS: *out = a; return true;
	case O_BITNOT: *out = ~fold_to_int32(a); return true;
	default: return false;
	}
}

bool fold_number(const struct node *n, bool math, double *out) { return number(n, math, 0, out); }
