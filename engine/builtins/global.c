/* global.c: value and function properties of the global object (ECMA-262 19.1,
 * 19.2, B.2.1) except URI handling (uri.c). Called by scripts. Compiling source
 * text is the business of whoever set vm->eval_fn. */
#include "engine/builtins/console.h"

#include <stdlib.h>

#include "base/num.h"

/* A view's longest beginning that consists of the bytes that `want` accepts, as
 * bytes: the string's own or a copy in local or malloc'd memory (*mem). */
struct bytes { const char *p; size_t n; char *mem; char local[128]; };

static void bytes_open(struct bytes *b, struct sview v, bool (*want)(uint32_t unit))
{
	uint32_t n = 0;
	char *out;

	b->mem = NULL;
	while (n < v.len && want(sview_at(v, n)))
		n++;
	b->n = n;
	if (!v.wide) {
		b->p = (const char *)v.p8;
		return;
	}
	out = b->local;
	if (n > sizeof b->local) {
		out = b->mem = malloc(n);
		AN(out != NULL);
	}
	for (uint32_t i = 0; i < n; i++)
		out[i] = (char)v.p16[i];
	b->p = out;
}

static bool in_decimal(uint32_t u)
{
	return u - '0' < 10 || u == '.' || u == 'e' || u == 'E' || u == '+' || u == '-';
}

static bool in_radix(uint32_t u) { return u - '0' < 10 || (u | 0x20) - 'a' < 26; }

static bool starts_with(struct sview v, const char *ascii)
{
	size_t n = strlen(ascii);

	return v.len >= n && sview_eq_ascii(sview_sub(v, 0, (uint32_t)n), ascii);
}

/* The sign at the beginning of *v, which it leaves. */
static bool take_sign(struct sview *v)
{
	uint32_t c = v->len != 0 ? sview_at(*v, 0) : 0;

	if (c == '-' || c == '+')
		*v = sview_sub(*v, 1, v->len);
	return c == '-';
}

/* ToString(arg) without leading white space. False: exception. */
static bool trimmed(struct vm *vm, val arg, struct sview *out)
{
	struct str *s = to_str(vm, arg);
	struct sview v;

	if (s == NULL)
		return false;
	v = str_view(vm, s);
	if (v.len != s->len.v || VM_TICK(vm, v.len >> 4))
		return false;
	*out = sview_trim(v, true, false);
	return true;
}

static val parse_float(struct vm *vm, val *a, uint32_t argc)
{
	struct bytes b;
	struct sview v;
	double d;
	bool neg;

	if (argc != 0 && v_isint(a[1]))
		return a[1];
	if (argc != 0 && v_isnum(a[1]))
		return v_num(v_todbl(a[1]) + 0.0); /* its text reads back as itself, -0 as 0 */
	if (!trimmed(vm, ARG(0), &v))
		return V_EXC;
	neg = take_sign(&v);
	if (starts_with(v, "Infinity"))
		return v_dbl(neg ? -INFINITY : INFINITY);
	bytes_open(&b, v, in_decimal);
	if (num_parse_decimal(b.p, b.n, &d) == 0)
		d = NAN;
	free(b.mem);
	return v_num(neg ? -d : d);
}

static inline int digit_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* The digits of the radix at the beginning of v. */
static double leading_integer(struct sview v, int radix)
{
	struct bytes b;
	size_t n = 0;
	double d;

	bytes_open(&b, v, in_radix);
	while (n < b.n && digit_value(b.p[n]) < radix)
		n++;
	if (n == 0) {
		d = NAN;
	} else if (n <= 10) { /* 36^10 < 2^53 */
		uint64_t u = 0;

		for (size_t i = 0; i < n; i++)
			u = u * (uint64_t)radix + (uint64_t)digit_value(b.p[i]);
		d = (double)u;
	} else {
		d = num_parse_radix(b.p, n, radix);
	}
	free(b.mem);
	return d;
}

static val parse_int(struct vm *vm, val *a, uint32_t argc)
{
	bool decimal = argc < 2 || v_isundef(a[2]) || a[2] == v_int(10), neg, prefix = true;
	struct sview v;
	int32_t radix;
	double d;

	if (decimal && argc != 0 && v_isnum(a[1])) {
		d = v_numof(a[1]);
		if (v_isint(a[1]))
			return a[1];
		/* In this range the text has no exponent. */
		if (fabs(d) < 1e21 && fabs(d) >= 1e-6)
			return v_num(trunc(d));
	}
	if (!trimmed(vm, ARG(0), &v))
		return V_EXC;
	neg = take_sign(&v);
	if (to_int32(vm, ARG(1), &radix) < 0)
		return V_EXC;
	if (radix != 0) {
		if (radix < 2 || radix > 36)
			return V_NAN;
		prefix = radix == 16;
	} else {
		radix = 10;
	}
	if (prefix && (starts_with(v, "0x") || starts_with(v, "0X"))) {
		v = sview_sub(v, 2, v.len);
		radix = 16;
	}
	d = leading_integer(v, radix);
	return v_num(neg ? -d : d);
}

val global_parse_int(struct vm *vm, val v)
{
	val window[2] = { V_UNDEF, v };

	return parse_int(vm, window, 1);
}

val global_parse_float(struct vm *vm, val v)
{
	val window[2] = { V_UNDEF, v };

	return parse_float(vm, window, 1);
}

static val is_finite(struct vm *vm, val *a, uint32_t argc)
{
	double d;

	return to_number(vm, ARG(0), &d) < 0 ? V_EXC : v_bool(isfinite(d));
}

static val is_nan(struct vm *vm, val *a, uint32_t argc)
{
	double d;

	return to_number(vm, ARG(0), &d) < 0 ? V_EXC : v_bool(isnan(d));
}

static val indirect_eval(struct vm *vm, val *a, uint32_t argc)
{
	if (!v_isstr(ARG(0)))
		return ARG(0);
	if (vm->eval_fn == NULL)
		return throw_syntax(vm, "this program contains no compiler: eval is not available");
	return vm->eval_fn(vm, a[1]);
}

/* ---- escape, unescape ------------------------------------------------------------------ */

static bool escape_keeps(uint32_t u)
{
	return u < 0x80 && (u - '0' < 10 || (u | 0x20) - 'a' < 26 || (u != 0 && strchr("@*_+-./", (int)u) != NULL));
}

static val escape(struct vm *vm, val *a, uint32_t argc)
{
	static const char hex[] = "0123456789ABCDEF";
	struct str *s = to_str(vm, ARG(0));
	struct strbuf b;
	struct sview v;

	if (s == NULL)
		return V_EXC;
	v = str_view(vm, s);
	if (v.len != s->len.v)
		return V_EXC;
	strbuf_init(&b, vm, v.len < 1024 ? v.len : 0);
	for (uint32_t i = 0; i < v.len && !b.err; i++) {
		uint32_t u = sview_at(v, i);

		if ((i & 1023) == 0 && VM_TICK(vm, 512))
			return V_EXC;
		if (escape_keeps(u)) {
			strbuf_unit(&b, u);
			continue;
		}
		strbuf_unit(&b, '%');
		if (u > 0xFF) {
			strbuf_unit(&b, 'u');
			strbuf_unit(&b, (uint8_t)hex[u >> 12]);
			strbuf_unit(&b, (uint8_t)hex[u >> 8 & 15]);
		}
		strbuf_unit(&b, (uint8_t)hex[u >> 4 & 15]);
		strbuf_unit(&b, (uint8_t)hex[u & 15]);
	}
	return strbuf_end(&b);
}

/* n hexadecimal digits at v[i], or -1. */
static int hex_at(struct sview v, uint32_t i, uint32_t n)
{
	int r = 0;

	if (n > v.len || i > v.len - n)
		return -1;
	for (uint32_t k = i; k < i + n; k++) {
		uint32_t u = sview_at(v, k), d = u - '0' < 10 ? u - '0' : (u | 0x20) - 'a' + 10;

		if (u - '0' >= 10 && (u | 0x20) - 'a' >= 6)
			return -1;
		r = r << 4 | (int)d;
	}
	return r;
}

static val unescape(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = to_str(vm, ARG(0));
	struct strbuf b;
	struct sview v;
	uint32_t used;

	if (s == NULL)
		return V_EXC;
	v = str_view(vm, s);
	if (v.len != s->len.v)
		return V_EXC;
	strbuf_init(&b, vm, v.len < 1024 ? v.len : 0);
	for (uint32_t i = 0; i < v.len && !b.err; i += used) {
		uint32_t u = sview_at(v, i);
		int h = -1;

		if (VM_TICK(vm, 1))
			return V_EXC;
		used = 1;
		if (u == '%' && i + 1 < v.len && sview_at(v, i + 1) == 'u') {
			h = hex_at(v, i + 2, 4);
			used = h >= 0 ? 6 : 1;
		} else if (u == '%') {
			h = hex_at(v, i + 1, 2);
			used = h >= 0 ? 3 : 1;
		}
		strbuf_unit(&b, h >= 0 ? (uint32_t)h : u);
	}
	return strbuf_end(&b);
}

static const struct row global_rows[] = {
	NF_NUMBER("Infinity", INFINITY, 0),
	NF_NUMBER("NaN", NAN, 0),
	NF_METHOD_INTR("eval", 1, indirect_eval, EFF_CALLS | EFF_EVAL, "19.2.1", INTR_eval),
	NF_METHOD("isFinite", 1, is_finite, EFF_CALLS, "19.2.2"),
	NF_METHOD("isNaN", 1, is_nan, EFF_CALLS, "19.2.3"),
	NF_METHOD("parseFloat", 1, parse_float, EFF_CALLS, "19.2.4"),
	NF_METHOD("parseInt", 2, parse_int, EFF_CALLS, "19.2.5"),
	NF_METHOD("escape", 1, escape, EFF_CALLS, "B.2.1.1"),
	NF_METHOD("unescape", 1, unescape, EFF_CALLS, "B.2.1.2"),
};

/* 21.1.2.12, .13: the same function objects. */
static void share_with_number(struct vm *vm, const char *name)
{
	pkey k = key_of_utf8(vm, name, strlen(name));

	obj_def(vm, obj_intr(vm, INTR_Number), k, obj_get(vm, vm->global, k), ATTR_WC);
}

void uri_install(struct vm *vm);   /* uri.c */

void builtin_global_init(struct vm *vm)
{
	native_install(vm, vm->global, global_rows, ARRAY_LEN(global_rows));
	obj_def(vm, vm->global, A_undefined, V_UNDEF, 0);
	share_with_number(vm, "parseFloat");
	share_with_number(vm, "parseInt");
	uri_install(vm);
}
