/* convert.c: type conversion (ECMA-262 7.1), comparison (7.2) and typeof. Called
 * by the interpreter's slow paths and the built-ins. Objects are converted by
 * calling their methods, so most of these may run JavaScript. Makes no properties.
 */
#include "engine/object/convert.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/ucd.h"
#include "engine/object/bigint.h"
#include "engine/object/func.h"
#include "engine/object/str_priv.h"

#define MAX_SAFE 9007199254740991.0

/* ---- to primitive --------------------------------------------------------------- */

/* 7.1.1.1 OrdinaryToPrimitive */
static val ordinary_to_primitive(struct vm *vm, val v, enum hint hint)
{
	for (int i = 0; i < 2; i++) {
		pkey k = (hint == HINT_STRING) == (i == 0) ? A_toString : A_valueOf;
		val f = obj_get(vm, v_toobj(v), k);

		if (v_isexc(f))
			return V_EXC;
		if (!func_is_callable(f))
			continue;
		f = vm_call(vm, f, v, 0, NULL);
		if (!v_isobj(f))
			return f;
	}
	return throw_type(vm, "cannot convert %s to a primitive value", val_for_message(vm, v));
}

val to_primitive(struct vm *vm, val v, enum hint hint)
{
	static const pkey names[] = { A_default_, A_number, A_string };
	val f, arg;

	if (!v_isobj(v))
		return v;
	if (VM_RECURSION(vm))
		return V_EXC;
	f = obj_get_method(vm, v, A_sym_to_primitive);
	if (v_isexc(f))
		return V_EXC;
	if (v_isundef(f))
		return ordinary_to_primitive(vm, v, hint);
	arg = atom_str(vm, names[hint]);
	f = vm_call(vm, f, v, 1, &arg);
	if (v_isobj(f))
		return throw_type(vm, "[Symbol.toPrimitive] of %s returned an object", val_for_message(vm, v));
	return f;
}

bool to_boolean(val v)
{
	if (v_isint(v))
		return v_toint(v) != 0;
	if (v_isnum(v)) {
		double d = v_todbl(v);

		return d < 0 || d > 0;
	}
	if (v_iscell(v)) {
		if (kind_is_string(v_kind(v)))
			return v_tostr(v)->len.v != 0;
		return v_kind(v) != KIND_BIGINT || big_len(v_tocell(v)) != 0;
	}
	return v == V_TRUE;
}

/* ---- to number -------------------------------------------------------------------- */

bool unit_is_space(uint32_t u)
{
	if (u < 0x80)
		return u == ' ' || (u >= 9 && u <= 13);
	return u == 0x2028 || u == 0x2029 || ucd_is_white_space(u);
}

struct sview sview_trim(struct sview v, bool start, bool end)
{
	uint32_t a = 0, b = v.len;

	while (start && a < b && unit_is_space(sview_at(v, a)))
		a++;
	while (end && b > a && unit_is_space(sview_at(v, b - 1)))
		b--;
	return sview_sub(v, a, b);
}

static int radix_of(char c)
{
	switch (c | 0x20) {
	case 'x': return 16;
	case 'o': return 8;
	case 'b': return 2;
	default: return 0;
	}
}

static double prefixed_number(const char *p, size_t n, int radix)
{
	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)p[i] | 0x20, d;

		d = p[i] >= '0' && p[i] <= '9' ? p[i] - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
		if (d >= radix)
			return NAN;
	}
	return n != 0 ? num_parse_radix(p, n, radix) : NAN;
}

/* A trimmed StringNumericLiteral in ASCII, not empty. */
static double literal_number(const char *p, size_t n)
{
	bool neg = *p == '-';
	double d;

	if (n >= 2 && *p == '0' && radix_of(p[1]) != 0)
		return prefixed_number(p + 2, n - 2, radix_of(p[1]));
	if (neg || *p == '+')
		p++, n--;
	if (n == 8 && memcmp(p, "Infinity", 8) == 0)
		d = INFINITY;
	else if (n == 0 || num_parse_decimal(p, n, &d) != n)
		return NAN;
	return neg ? -d : d;
}

double str_to_number(struct vm *vm, struct str *s)
{
	struct sview v = sview_trim(str_view(vm, s), true, true);
	char local[128], *p = local;
	double d;

	if (v.len == 0)
		return 0;
	vm->ticks -= v.len >> 4;
	if (!v.wide)
		return literal_number((const char *)v.p8, v.len);
	if (!units_below(v.p16, v.len, 0x80))
		return NAN;
	if (v.len > sizeof local) {
		p = malloc(v.len);
		AN(p != NULL);
	}
	sview_copy(v, p, false);
	d = literal_number(p, v.len);
	if (p != local)
		free(p);
	return d;
}

val to_number_v(struct vm *vm, val v)
{
	if (v_isobj(v)) {
		v = to_primitive(vm, v, HINT_NUMBER);
		if (v_isexc(v))
			return V_EXC;
	}
	if (v_isnum(v))
		return v;
	if (v_isundef(v))
		return V_NAN;
	if (v_isnull(v))
		return v_int(0);
	if (v_isbool(v))
		return v_int(v == V_TRUE);
	if (v_isstr(v))
		return v_num(str_to_number(vm, v_tostr(v)));
	if (v_issym(v))
		return throw_type(vm, "cannot convert a Symbol to a number");
	return throw_type(vm, "Cannot convert a BigInt value to a number");
}

val to_numeric(struct vm *vm, val v)
{
	if (v_isobj(v)) {
		v = to_primitive(vm, v, HINT_NUMBER);
		if (v_isexc(v))
			return V_EXC;
	}
	return v_isbig(v) ? v : to_number_v(vm, v);
}

int to_number(struct vm *vm, val v, double *out)
{
	if (!v_isnum(v)) {
		v = to_number_v(vm, v);
		if (v_isexc(v))
			return -1;
	}
	*out = v_numof(v);
	return 0;
}

int to_integer_or_inf(struct vm *vm, val v, double *out)
{
	double d;

	if (to_number(vm, v, &d) != 0)
		return -1;
	*out = d != d ? 0 : trunc(d) + 0.0; /* -0 becomes +0 */
	return 0;
}

int32_t dbl_to_int32(double d)
{
	uint64_t u;
	int e;

	if (d >= -2147483648.0 && d <= 2147483647.0)
		return (int32_t)d;
	if (d > -9223372036854775808.0 && d < 9223372036854775808.0)
		return (int32_t)(uint32_t)(uint64_t)(int64_t)d;
	memcpy(&u, &d, 8);
	e = (int)(u >> 52 & 0x7FF) - 1075; /* the value is mantissa * 2^e, here e > 10 */
	if (e > 31)
		return 0; /* a multiple of 2^32, an infinity or NaN */
	u = (u & ((1ull << 52) - 1)) | 1ull << 52;
	return (int32_t)(uint32_t)(d < 0 ? -(u << e) : u << e);
}

/* Differs from pow for |base| = 1 and NaN. */
double num_pow(double x, double y)
{
	if (y != y || ((x == 1 || x == -1) && isinf(y)))
		return NAN;
	return y == 2 ? x * x : pow(x, y); /* a square is exact and frequent */
}

int to_int32(struct vm *vm, val v, int32_t *out)
{
	double d;

	if (v_isint(v)) {
		*out = v_toint(v);
		return 0;
	}
	if (to_number(vm, v, &d) != 0)
		return -1;
	*out = dbl_to_int32(d);
	return 0;
}

int to_uint32(struct vm *vm, val v, uint32_t *out)
{
	int32_t i;

	if (to_int32(vm, v, &i) != 0)
		return -1;
	*out = (uint32_t)i;
	return 0;
}

int to_length(struct vm *vm, val v, int64_t *out)
{
	double d;

	if (v_isint(v)) {
		*out = v_toint(v) > 0 ? v_toint(v) : 0;
		return 0;
	}
	if (to_integer_or_inf(vm, v, &d) != 0)
		return -1;
	*out = d <= 0 ? 0 : (int64_t)(d < MAX_SAFE ? d : MAX_SAFE);
	return 0;
}

int to_index(struct vm *vm, val v, int64_t *out)
{
	double d;

	if (v_isundef(v)) {
		*out = 0;
		return 0;
	}
	if (to_integer_or_inf(vm, v, &d) != 0)
		return -1;
	if (d < 0 || d > MAX_SAFE) {
		throw_range(vm, "index out of range");
		return -1;
	}
	*out = (int64_t)d;
	return 0;
}

int to_rel_index(struct vm *vm, val v, int64_t len, int64_t dflt, int64_t *out)
{
	double d;

	if (v_isundef(v)) {
		*out = dflt;
		return 0;
	}
	if (to_integer_or_inf(vm, v, &d) != 0)
		return -1;
	if (d < 0)
		*out = d + (double)len > 0 ? (int64_t)(d + (double)len) : 0;
	else
		*out = d < (double)len ? (int64_t)d : len;
	return 0;
}

/* ---- to string ---------------------------------------------------------------------- */

val int_to_str(struct vm *vm, int32_t i)
{
	char text[12];

	if ((uint32_t)i < ATOM_INTS)
		return v_cell(atom_int_str(vm, (uint32_t)i));
	(void)num_int_to_text(i, text);
	return str_cstr(vm, text);
}

val num_to_str(struct vm *vm, double d)
{
	char text[NUM_SHORTEST_MAX];
	val v = v_num(d);

	if (v_isint(v))
		return int_to_str(vm, v_toint(v));
	if (d != d)
		return atom_str(vm, A_NaN);
	if (isinf(d))
		return d > 0 ? atom_str(vm, A_Infinity) : str_cstr(vm, "-Infinity");
	(void)num_to_shortest(d, text);
	return str_cstr(vm, text);
}

val to_string(struct vm *vm, val v)
{
	if (v_isstr(v))
		return v;
	if (v_isobj(v)) {
		v = to_primitive(vm, v, HINT_STRING);
		if (v_isexc(v) || v_isstr(v))
			return v;
	}
	if (v_isint(v))
		return int_to_str(vm, v_toint(v));
	if (v_isnum(v))
		return num_to_str(vm, v_todbl(v));
	switch (v) {
	case V_UNDEF: return atom_str(vm, A_undefined);
	case V_NULL: return atom_str(vm, A_null_);
	case V_TRUE: return atom_str(vm, A_true_);
	case V_FALSE: return atom_str(vm, A_false_);
	default: break;
	}
	if (v_issym(v))
		return throw_type(vm, "cannot convert a Symbol to a string");
	return big_to_str(vm, v, 10);
}

struct str *to_str(struct vm *vm, val v)
{
	v = to_string(vm, v);
	return v_isexc(v) ? NULL : v_tostr(v);
}

/* ---- to object, to property key --------------------------------------------------------- */

val to_object(struct vm *vm, val v)
{
	enum intrinsic proto = INTR_BooleanPrototype;
	uint8_t kind = KIND_BOOLEAN;
	struct prim_obj *o;

	if (v_isobj(v))
		return v;
	if (v_isnullish(v))
		return throw_type(vm, "cannot convert %s to an object", val_for_message(vm, v));
	if (v_isnum(v)) {
		proto = INTR_NumberPrototype;
		kind = KIND_NUMBER;
	} else if (v_isstr(v)) {
		proto = INTR_StringPrototype;
		kind = KIND_STRING;
	} else if (v_issym(v)) {
		proto = INTR_SymbolPrototype;
		kind = KIND_SYMBOL_OBJ;
	} else if (v_isbig(v)) {
		proto = INTR_BigIntPrototype;
		kind = KIND_BIGINT_OBJ;
	}
	o = obj_new_kind(vm, obj_intr(vm, proto), kind, sizeof *o);
	HINIT(o->prim, v);
	return v_cell(o);
}

val to_property_key_v(struct vm *vm, val v)
{
	if (v_isobj(v)) {
		v = to_primitive(vm, v, HINT_STRING);
		if (v_isexc(v))
			return V_EXC;
	}
	if (v_issym(v) || (v_isint(v) && v_toint(v) >= 0))
		return v;
	return to_string(vm, v);
}

/* ---- comparison ---------------------------------------------------------------------------- */

static bool same_number(val a, val b, bool zeros_equal)
{
	double x = v_numof(a), y = v_numof(b);

	if (x != x)
		return y != y;
	return x == y && (zeros_equal || x != 0 || signbit(x) == signbit(y));
}

bool val_same(struct vm *vm, val a, val b)
{
	if (a == b)
		return true;
	if (v_isnum(a) && v_isnum(b))
		return same_number(a, b, false);
	if (v_isstr(a))
		return v_isstr(b) && str_eq(vm, v_tostr(a), v_tostr(b));
	return v_isbig(a) && v_isbig(b) && big_equal(a, b);
}

bool val_same_zero(struct vm *vm, val a, val b)
{
	if (v_isnum(a) && v_isnum(b))
		return a == b || same_number(a, b, true);
	return val_same(vm, a, b);
}

bool val_strict_eq(struct vm *vm, val a, val b)
{
	if (v_isnum(a) && v_isnum(b))
		return v_numof(a) == v_numof(b); /* NaN is unlike itself */
	return val_same(vm, a, b);
}

val to_bigint(struct vm *vm, val v)
{
	val r;

	v = to_primitive(vm, v, HINT_NUMBER);
	if (v_isexc(v) || v_isbig(v))
		return v;
	if (v_isbool(v))
		return big_from_u64(vm, v == V_TRUE);
	if (!v_isstr(v))
		return throw_type(vm, "Cannot convert %s to a BigInt", val_for_message(vm, v));
	r = big_from_view(vm, str_view(vm, v_tostr(v)));
	return v_isundef(r) ? throw_syntax(vm, "Cannot convert %s to a BigInt", val_for_message(vm, v)) : r;
}

/* A BigInt and another primitive: equal, ordered how? -2: exception, 2: not
 * comparable (NaN, text that is no integer). */
static int compare_big(struct vm *vm, val big, val v)
{
	double d;

	if (v_isbig(v))
		return big_compare(big, v);
	if (v_isstr(v)) {
		v = big_from_view(vm, str_view(vm, v_tostr(v)));
		return v_isexc(v) ? -2 : v_isundef(v) ? 2 : big_compare(big, v);
	}
	if (to_number(vm, v, &d) != 0)
		return -2;
	return d != d ? 2 : big_compare_double(big, d);
}

int val_loose_eq(struct vm *vm, val a, val b)
{
	/* At most: bool to number, object to primitive, bool to number, string to number. */
	for (;;) {
		bool na = v_isnum(a), nb = v_isnum(b);

		if (na && nb)
			return v_numof(a) == v_numof(b);
		if (v_isnullish(a) || v_isnullish(b))
			return v_isnullish(a) && v_isnullish(b);
		if ((v_isobj(a) && v_isobj(b)) || (v_isstr(a) && v_isstr(b)) || (v_isbool(a) && v_isbool(b)))
			return val_same(vm, a, b);
		if (na && v_isstr(b))
			return v_numof(a) == str_to_number(vm, v_tostr(b));
		if (v_isstr(a) && nb)
			return str_to_number(vm, v_tostr(a)) == v_numof(b);
		if ((v_isbig(a) && (nb || v_isstr(b))) || (v_isbig(b) && (na || v_isstr(a)))) {
			int r = v_isbig(a) ? compare_big(vm, a, b) : compare_big(vm, b, a);

			return r == -2 ? -1 : r == 0;
		}
		if (v_isbool(a))
			a = v_int(a == V_TRUE);
		else if (v_isbool(b))
			b = v_int(b == V_TRUE);
		else if (v_isobj(a))
			a = to_primitive(vm, a, HINT_DEFAULT);
		else if (v_isobj(b))
			b = to_primitive(vm, b, HINT_DEFAULT);
		else
			return val_same(vm, a, b); /* symbols, BigInts */
		if (v_isexc(a) || v_isexc(b))
			return -1;
	}
}

static int less_numbers(double x, double y)
{
	return x != x || y != y ? 2 : x < y;
}

int val_less(struct vm *vm, val a, val b, bool left_first)
{
	double x, y;

	if (v_isnum(a) && v_isnum(b))
		return less_numbers(v_numof(a), v_numof(b));
	if (v_isbig(a) && v_isbig(b))
		return big_compare(a, b) < 0;
	if (left_first)
		a = to_primitive(vm, a, HINT_NUMBER);
	if (v_isexc(a))
		return -1;
	b = to_primitive(vm, b, HINT_NUMBER);
	if (v_isexc(b))
		return -1;
	if (!left_first)
		a = to_primitive(vm, a, HINT_NUMBER);
	if (v_isexc(a))
		return -1;
	if (v_isstr(a) && v_isstr(b))
		return str_cmp(vm, v_tostr(a), v_tostr(b)) < 0;
	if (v_isbig(a) || v_isbig(b)) {
		int r = v_isbig(a) ? compare_big(vm, a, b) : compare_big(vm, b, a);

		if (r == 2 || r == -2)
			return r == 2 ? 2 : -1;
		return v_isbig(a) ? r < 0 : r > 0;
	}
	/* Both operands are primitive now: a is converted first whatever left_first says. */
	if (to_number(vm, a, &x) != 0 || to_number(vm, b, &y) != 0)
		return -1;
	return less_numbers(x, y);
}

/* ---- typeof -------------------------------------------------------------------------------- */

enum { UNDEFINED, OBJECT, BOOLEAN, NUMBER, STRING, SYMBOL, BIGINT, FUNCTION };

int val_typeof_code(val v)
{
	if (v_isnum(v))
		return NUMBER;
	if (v_isbool(v))
		return BOOLEAN;
	if (!v_iscell(v))
		return v_isnull(v) ? OBJECT : UNDEFINED;
	if (v_isstr(v))
		return STRING;
	if (v_issym(v))
		return SYMBOL;
	if (v_isbig(v))
		return BIGINT;
	return func_is_callable(v) ? FUNCTION : OBJECT;
}

val val_typeof(struct vm *vm, val v)
{
	static const pkey names[] = {
		[UNDEFINED] = A_undefined, [OBJECT] = A_object, [BOOLEAN] = A_boolean, [NUMBER] = A_number,
		[STRING] = A_string, [SYMBOL] = A_symbol, [BIGINT] = A_bigint, [FUNCTION] = A_function,
	};

	return atom_str(vm, names[val_typeof_code(v)]);
}

int val_require_coercible(struct vm *vm, val v, const char *what)
{
	if (!v_isnullish(v))
		return 0;
	throw_type(vm, "%s called on %s", what, v_isnull(v) ? "null" : "undefined");
	return -1;
}
