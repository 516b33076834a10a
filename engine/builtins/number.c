/* number.c: Number and its prototype (ECMA-262 21.1). Called by scripts. All
 * digits come from base/num.h. Number.parseFloat and Number.parseInt are the
 * functions of the global object and are put here by global.c. */
#include "engine/builtins/intl.h"

#include "base/num.h"
#include "engine/object/bigint.h"

#define MAX_SAFE 9007199254740991.0

static val number_ctor(struct vm *vm, val *a, uint32_t argc)
{
	val n = argc != 0 ? to_numeric(vm, a[1]) : v_int(0), proto;
	struct prim_obj *o;

	if (v_isbig(n))
		n = v_num(big_to_double(n));
	if (v_isexc(n) || v_isundef(NEWT()))
		return n;
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_NumberPrototype);
	if (v_isexc(proto))
		return V_EXC;
	o = obj_new_kind(vm, v_toobj(proto), KIND_NUMBER, sizeof *o);
	HINIT(o->prim, n);
	return v_cell(o);
}

static bool is_integral(val v)
{
	double d;

	if (!v_isnum(v))
		return false;
	d = v_numof(v);
	return v_isint(v) || (isfinite(d) && trunc(d) == d);
}

static val is_finite(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(v_isnum(ARG(0)) && isfinite(v_numof(a[1])));
}

static val is_integer(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(is_integral(ARG(0)));
}

static val is_nan(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(v_isnum(ARG(0)) && isnan(v_numof(a[1])));
}

static val is_safe_integer(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	return v_bool(is_integral(ARG(0)) && fabs(v_numof(a[1])) <= MAX_SAFE);
}

/* ---- prototype ------------------------------------------------------------------------ */

/* ThisNumberValue (21.1.3.7.1) as a value. */
static val this_value(struct vm *vm, val v, const char *method)
{
	if (v_isnum(v))
		return v;
	if (v_iskind(v, KIND_NUMBER))
		return ((struct prim_obj *)(void *)v_tocell(v))->prim.v;
	return throw_type(vm, "Number.prototype.%s requires that 'this' be a Number", method);
}

/* The number in *d and the integer argument in *arg. False: exception. */
static bool number_and_int(struct vm *vm, val this_v, val v, const char *method, double *d, double *arg)
{
	this_v = this_value(vm, this_v, method);
	if (v_isexc(this_v))
		return false;
	*d = v_numof(this_v);
	return to_integer_or_inf(vm, v, arg) == 0;
}

static val text(struct vm *vm, const char *p, int n)
{
	return str_new8(vm, (const uint8_t *)p, (uint32_t)n);
}

static val to_fixed(struct vm *vm, val *a, uint32_t argc)
{
	char out[NUM_FORMAT_MAX];
	double d, f;

	if (!number_and_int(vm, a[0], ARG(0), "toFixed", &d, &f))
		return V_EXC;
	if (f < 0 || f > 100)
		return throw_range(vm, "toFixed() digits argument must be between 0 and 100");
	if (!(fabs(d) < 1e21))
		return num_to_str(vm, d);
	return text(vm, out, num_to_fixed(d, (int)f, out));
}

static val to_exponential(struct vm *vm, val *a, uint32_t argc)
{
	char out[NUM_FORMAT_MAX];
	double d, f;

	if (!number_and_int(vm, a[0], ARG(0), "toExponential", &d, &f))
		return V_EXC;
	if (!isfinite(d))
		return num_to_str(vm, d);
	if (f < 0 || f > 100)
		return throw_range(vm, "toExponential() argument must be between 0 and 100");
	return text(vm, out, num_to_exponential(d, v_isundef(ARG(0)) ? -1 : (int)f, out));
}

static val to_precision(struct vm *vm, val *a, uint32_t argc)
{
	char out[NUM_FORMAT_MAX];
	double d, p;

	if (!number_and_int(vm, a[0], ARG(0), "toPrecision", &d, &p))
		return V_EXC;
	if (v_isundef(ARG(0)) || !isfinite(d))
		return num_to_str(vm, d);
	if (p < 1 || p > 100)
		return throw_range(vm, "toPrecision() argument must be between 1 and 100");
	return text(vm, out, num_to_precision(d, (int)p, out));
}

static val to_string_method(struct vm *vm, val *a, uint32_t argc)
{
	val v = this_value(vm, a[0], "toString");
	char out[NUM_RADIX_MAX];
	double radix = 10, d;

	if (v_isexc(v) || (!v_isundef(ARG(0)) && to_integer_or_inf(vm, a[1], &radix) < 0))
		return V_EXC;
	if (radix < 2 || radix > 36)
		return throw_range(vm, "toString() radix must be between 2 and 36");
	d = v_numof(v);
	if (radix == 10 || !isfinite(d))
		return num_to_str(vm, d);
	return text(vm, out, num_to_radix(d, (int)radix, out));
}

static val to_locale_string(struct vm *vm, val *a, uint32_t argc)
{
	val v = this_value(vm, a[0], "toLocaleString");

	return v_isexc(v) ? V_EXC : intl_number_string(vm, v_numof(v), ARG(0), ARG(1));
}

static val value_of(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return this_value(vm, a[0], "valueOf");
}

static const struct row number_rows[] = {
	NF_NUMBER("EPSILON", 0x1p-52, 0),
	NF_METHOD("isFinite", 1, is_finite, EFF_NONE, "21.1.2.2"),
	NF_METHOD("isInteger", 1, is_integer, EFF_NONE, "21.1.2.3"),
	NF_METHOD("isNaN", 1, is_nan, EFF_NONE, "21.1.2.4"),
	NF_METHOD("isSafeInteger", 1, is_safe_integer, EFF_NONE, "21.1.2.5"),
	NF_NUMBER("MAX_SAFE_INTEGER", MAX_SAFE, 0),
	NF_NUMBER("MAX_VALUE", 0x1.fffffffffffffp1023, 0),
	NF_NUMBER("MIN_SAFE_INTEGER", -MAX_SAFE, 0),
	NF_NUMBER("MIN_VALUE", 0x1p-1074, 0),
	NF_NUMBER("NaN", NAN, 0),
	NF_NUMBER("NEGATIVE_INFINITY", -INFINITY, 0),
	NF_NUMBER("POSITIVE_INFINITY", INFINITY, 0),
};

static const struct row number_proto_rows[] = {
	NF_METHOD("toExponential", 1, to_exponential, EFF_CALLS, "21.1.3.2"),
	NF_METHOD("toFixed", 1, to_fixed, EFF_CALLS, "21.1.3.3"),
	NF_METHOD("toLocaleString", 0, to_locale_string, EFF_CALLS, "21.1.3.4"),
	NF_METHOD("toPrecision", 1, to_precision, EFF_CALLS, "21.1.3.5"),
	NF_METHOD("toString", 1, to_string_method, EFF_CALLS, "21.1.3.6"),
	NF_METHOD("valueOf", 0, value_of, EFF_NONE, "21.1.3.7"),
};

static const struct native_def number_def = { "Number", number_ctor, 1, NF_CTOR, EFF_CALLS, 0, "21.1.1.1" };

void builtin_number_init(struct vm *vm)
{
	struct prim_obj *proto = obj_new_kind(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_NUMBER, sizeof *proto);

	HINIT(proto->prim, v_int(0));
	vm->intr[INTR_NumberPrototype] = v_cell(proto);
	native_ctor(vm, &number_def, INTR_Number, NULL, (struct obj *)(void *)proto,
	            number_rows, ARRAY_LEN(number_rows), number_proto_rows, ARRAY_LEN(number_proto_rows));
}
