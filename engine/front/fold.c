/* fold.c: see fold.h. Called by parse_lower.c (enum members) and the generator. */
#include "engine/front/fold.h"

#include <math.h>

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
