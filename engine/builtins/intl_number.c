/* intl_number.c: Intl.NumberFormat (ECMA-402 15) in English: decimal, percent and
 * currency, standard notation; and Number.prototype.toLocaleString over it. Units and
 * compact or scientific notation are refused. Called by scripts and number.c. */
#include "engine/builtins/intl.h"

#include <stdio.h>

#include "base/num.h"

#define DIGITS_MAX 420

struct settings { uint8_t style, min_int, min_frac, max_frac, min_sig, max_sig, grouping, sign, display, accounting, pad[6]; };
_Static_assert(sizeof(struct settings) == 16, "two words");
enum { DECIMAL = 1, PERCENT, CURRENCY };
enum { SIGN_AUTO = 1, SIGN_NEVER, SIGN_ALWAYS, SIGN_EXCEPT_ZERO, SIGN_NEGATIVE };

static const struct { char code[4]; const char *symbol; int digits; } currencies[] = {
	{ "USD", "$", 2 }, { "EUR", "\xe2\x82\xac", 2 }, { "GBP", "\xc2\xa3", 2 }, { "JPY", "\xc2\xa5", 0 },
	{ "CNY", "CN\xc2\xa5", 2 }, { "INR", "\xe2\x82\xb9", 2 }, { "KRW", "\xe2\x82\xa9", 0 }, { "BRL", "R$", 2 },
	{ "CAD", "CA$", 2 }, { "AUD", "A$", 2 }, { "MXN", "MX$", 2 }, { "NZD", "NZ$", 2 }, { "HKD", "HK$", 2 },
	{ "TWD", "NT$", 2 }, { "ILS", "\xe2\x82\xaa", 2 }, { "VND", "\xe2\x82\xab", 0 }, { "PHP", "\xe2\x82\xb1", 2 },
	{ "CLP", "", 0 }, { "ISK", "", 0 }, { "KWD", "", 3 }, { "BHD", "", 3 }, { "TND", "", 3 }, { "OMR", "", 3 },
	{ "JOD", "", 3 }, { "PYG", "", 0 }, { "UGX", "", 0 },
};

static int currency_of(const char *code)
{
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
		if (strcmp(currencies[i].code, code) == 0)
			return (int)i;
	return -1;
}

/* ---- settings --------------------------------------------------------------------- */

static int read_digits(struct vm *vm, val options, struct settings *s, int min_frac, int max_frac)
{
	int lo, hi, n;
	val given_lo = intl_option(vm, options, "minimumFractionDigits"), given_hi;

	if (v_isexc(given_lo) || intl_integer(vm, options, "minimumIntegerDigits", 1, 21, 1, &n) < 0)
		return -1;
	s->min_int = (uint8_t)n;
	given_hi = intl_option(vm, options, "maximumFractionDigits");
	if (v_isexc(given_hi) || intl_integer(vm, options, "minimumFractionDigits", 0, 100, -1, &lo) < 0 ||
	    intl_integer(vm, options, "maximumFractionDigits", 0, 100, -1, &hi) < 0)
		return -1;
	if (lo < 0)
		lo = hi >= 0 && hi < min_frac ? hi : min_frac;
	else if (hi < 0)
		hi = lo > max_frac ? lo : max_frac;
	if (hi < 0)
		hi = lo > max_frac ? lo : max_frac;
	if (lo > hi) {
		throw_range(vm, "maximumFractionDigits value is out of range.");
		return -1;
	}
	s->min_frac = (uint8_t)lo;
	s->max_frac = (uint8_t)hi;
	if (intl_integer(vm, options, "minimumSignificantDigits", 1, 21, 0, &lo) < 0 ||
	    intl_integer(vm, options, "maximumSignificantDigits", lo ? lo : 1, 21, 0, &hi) < 0)
		return -1;
	if (lo || hi) {
		s->min_sig = (uint8_t)(lo ? lo : 1);
		s->max_sig = (uint8_t)(hi ? hi : 21);
	}
	return 0;
}

static int read_grouping(struct vm *vm, val options, struct settings *s)
{
	val v = intl_option(vm, options, "useGrouping");
	int n;

	s->grouping = 1;
	if (v_isexc(v))
		return -1;
	if (v_isstr(v)) {
		if (intl_choice(vm, options, "useGrouping", "auto|always|min2|true|false", &n) < 0)
			return -1;
		s->grouping = n == 3 ? 2 : 1;
	} else if (!v_isundef(v)) {
		s->grouping = to_boolean(v);
	}
	return 0;
}

static int read_currency(struct vm *vm, struct intl *o, val options, const struct settings *s, char code[4])
{
	val v = intl_option(vm, options, "currency");
	struct sview t;

	code[0] = '\0';
	if (!v_isundef(v) && !v_isexc(v))
		v = to_string(vm, v);
	if (v_isexc(v))
		return -1;
	if (v_isundef(v)) {
		if (s->style != CURRENCY)
			return 0;
		throw_type(vm, "Currency code is required with currency style.");
		return -1;
	}
	t = str_view(vm, v_tostr(v));
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t u = t.len == 3 ? sview_at(t, i) & ~0x20u : 0;

		if (u - 'A' >= 26) {
			throw_range(vm, "Invalid currency code : %s", val_for_message(vm, v));
			return -1;
		}
		code[i] = (char)u;
	}
	code[3] = '\0';
	VSET(vm, o->name, str_cstr(vm, code));
	return 0;
}

static int set_up(struct vm *vm, struct intl *o, val options)
{
	struct settings s = { 0 };
	int n, c;
	char code[4];
	uint64_t w[2];

	options = intl_options(vm, options);
	if (v_isexc(options) || intl_choice(vm, options, "style", "decimal|percent|currency|unit", &n) < 0)
		return -1;
	s.style = (uint8_t)(n == 0 ? DECIMAL : n);
	if (n == 4) {
		throw_range(vm, "Intl.NumberFormat: the style 'unit' is not supported");
		return -1;
	}
	if (read_currency(vm, o, options, &s, code) < 0 ||
	    intl_choice(vm, options, "currencyDisplay", "symbol|code|narrowSymbol|name", &n) < 0)
		return -1;
	s.display = (uint8_t)(n == 0 ? 1 : n);
	if (intl_choice(vm, options, "currencySign", "standard|accounting", &n) < 0)
		return -1;
	s.accounting = n == 2;
	if (intl_choice(vm, options, "notation", "standard|scientific|engineering|compact", &n) < 0)
		return -1;
	if (n > 1) {
		throw_range(vm, "Intl.NumberFormat: only the standard notation is supported");
		return -1;
	}
	c = s.style == CURRENCY ? currency_of(code) : -1;
	n = c >= 0 ? currencies[c].digits : 2;
	if (read_digits(vm, options, &s, s.style == CURRENCY ? n : 0, s.style == CURRENCY ? n : s.style == PERCENT ? 0 : 3) < 0 ||
	    read_grouping(vm, options, &s) < 0 ||
	    intl_choice(vm, options, "signDisplay", "auto|never|always|exceptZero|negative", &n) < 0)
		return -1;
	s.sign = (uint8_t)(n == 0 ? SIGN_AUTO : n);
	memcpy(w, &s, sizeof w);
	VSET(vm, o->set[0], w[0]);
	VSET(vm, o->set[1], w[1]);
	return 0;
}

static void settings_of(const struct intl *o, struct settings *s)
{
	uint64_t w[2] = { o->set[0].v, o->set[1].v };

	memcpy(s, w, sizeof w);
}

/* ---- digits --------------------------------------------------------------------------- */

/* A decimal number: 0.d[0]d[1]… × 10^e. */
struct decimal { char d[DIGITS_MAX]; int n, e; };

/* Keeps the first `keep` digits; halves go away from zero. */
static void round_to(struct decimal *x, int keep)
{
	bool up;

	if (keep >= x->n)
		return;
	up = keep >= 0 && x->d[keep] >= '5';
	x->n = keep < 0 ? 0 : keep;
	if (up) {
		int i = x->n - 1;

		while (i >= 0 && x->d[i] == '9')
			i--;
		if (i < 0) {
			x->d[0] = '1';
			x->n = 1;
			x->e++;
		} else {
			x->d[i]++;
			x->n = i + 1;
		}
	}
	while (x->n > 0 && x->d[x->n - 1] == '0')
		x->n--;
}

static void put_digits(struct intl_pieces *out, const struct settings *s, struct decimal *x)
{
	char text[2 * DIGITS_MAX];
	int whole, frac, n = 0, group;

	round_to(x, s->max_sig ? s->max_sig : x->e + s->max_frac);
	if (x->n == 0)
		x->e = s->max_sig ? 1 : 0;
	whole = x->e > 0 ? x->e : 0;
	frac = x->n - x->e > 0 ? x->n - x->e : 0;
	if (whole < s->min_int)
		whole = s->min_int;
	if (!s->max_sig && frac < s->min_frac)
		frac = s->min_frac;
	if (s->max_sig && frac < s->min_sig - x->e)
		frac = s->min_sig - x->e;
	for (int i = -whole; i < frac; i++) {     /* the digit of 10^(-i-1) */
		int at = i + x->e;

		text[n++] = at >= 0 && at < x->n ? x->d[at] : '0';
	}
	group = s->grouping && whole > (s->grouping == 2 ? 4 : 3) ? (whole + 2) % 3 + 1 : whole;
	for (int at = 0; at < whole; at += group, group = 3) {
		if (at > 0)
			intl_add(out, "group", ",");
		intl_add(out, "integer", "%.*s", group, text + at);
		if (at == 0 && group == whole)
			break;
	}
	if (frac > 0) {
		intl_add(out, "decimal", ".");
		intl_add(out, "fraction", "%.*s", frac, text + whole);
	}
}

/* The value of a number or BigInt; *negative also for -0. False: exception. */
static bool decimal_of(struct vm *vm, val v, struct decimal *x, bool *negative, double *d)
{
	v = to_numeric(vm, v);
	if (v_isexc(v))
		return false;
	if (v_isbig(v)) {
		struct str *s = to_str(vm, v);
		size_t n;
		const char *p = s ? str_to_utf8(vm, s, false, &n) : NULL;

		if (p == NULL)
			return false;
		*negative = *p == '-';
		p += *negative, n -= *negative;
		if (n > DIGITS_MAX - 30) {
			throw_range(vm, "Intl.NumberFormat: the number is too large");
			return false;
		}
		memcpy(x->d, p, n);
		x->n = x->e = (int)n;
		*d = 1;
		if (n == 1 && *p == '0')
			x->n = x->e = 0;
		return true;
	}
	*d = v_numof(v);
	*negative = signbit(*d) && *d == *d;
	x->n = x->e = 0;
	if (isfinite(*d) && *d != 0)
		x->e = num_shortest_digits(fabs(*d), x->d, &x->n);
	return true;
}

static void put_currency(struct vm *vm, const struct intl *o, const struct settings *s, bool digits, struct intl_pieces *out)
{
	const char *code = str_to_utf8(vm, v_tostr(o->name.v), false, NULL);
	int c = code ? currency_of(code) : -1;

	if (s->display == 1 && c >= 0 && currencies[c].symbol[0]) {
		intl_add(out, "currency", "%s", currencies[c].symbol);
	} else if (s->display == 3 && c >= 0 && currencies[c].symbol[0]) {
		const char *symbol = currencies[c].symbol;

		intl_add(out, "currency", "%s", strchr(symbol, '$') ? "$" : symbol[0] == 'C' ? symbol + 2 : symbol);
	} else {
		intl_add(out, "currency", "%s", code ? code : "");
		if (digits)
			intl_add(out, "literal", "\xc2\xa0");
	}
}

static int format(struct vm *vm, const struct intl *o, val v, struct intl_pieces *out)
{
	struct settings s;
	struct decimal x;
	bool negative, zero, minus, plus;
	double d;

	settings_of(o, &s);
	out->n = out->used = 0;
	if (!decimal_of(vm, v, &x, &negative, &d))
		return -1;
	if (s.style == PERCENT && x.n > 0)
		x.e += 2;
	round_to(&x, s.max_sig ? s.max_sig : x.e + s.max_frac);
	zero = x.n == 0 && d == d && !isinf(d);
	minus = negative && s.sign != SIGN_NEVER && !(zero && (s.sign == SIGN_EXCEPT_ZERO || s.sign == SIGN_NEGATIVE));
	plus = !negative && (s.sign == SIGN_ALWAYS || (s.sign == SIGN_EXCEPT_ZERO && !zero && d == d));
	if (minus && s.accounting && s.style == CURRENCY)
		intl_add(out, "literal", "(");
	else if (minus)
		intl_add(out, "minusSign", "-");
	if (plus)
		intl_add(out, "plusSign", "+");
	if (s.style == CURRENCY)
		put_currency(vm, o, &s, isfinite(d), out);
	if (d != d)
		intl_add(out, "nan", "NaN");
	else if (isinf(d))
		intl_add(out, "infinity", "\xe2\x88\x9e");
	else
		put_digits(out, &s, &x);
	if (s.style == PERCENT)
		intl_add(out, "percentSign", "%%");
	if (minus && s.accounting && s.style == CURRENCY)
		intl_add(out, "literal", ")");
	return 0;
}

/* ---- methods ------------------------------------------------------------------------------ */

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_new(vm, a, ARG(0), INTL_NUMBER, INTR_IntlNumberFormatPrototype);

	return o == NULL || set_up(vm, o, ARG(1)) < 0 ? V_EXC : v_cell(o);
}

static val format_bound(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);
	struct intl_pieces out;

	return format(vm, (struct intl *)(void *)v_tocell(f->data[0].v), ARG(0), &out) < 0 ? V_EXC : intl_join(vm, &out);
}

static val get_format(struct vm *vm, val *a, uint32_t argc)
{
	static const struct native_def def = { "", format_bound, 1, 0, EFF_CALLS, 0, "ECMA-402 15.5.2" };

	(void)argc;
	return intl_bound(vm, a[0], INTL_NUMBER, "NumberFormat.prototype.format", &def);
}

static val format_to_parts(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_this(vm, a[0], INTL_NUMBER, "NumberFormat.prototype.formatToParts");
	struct intl_pieces out;

	return o == NULL || format(vm, o, ARG(0), &out) < 0 ? V_EXC : intl_parts(vm, &out);
}

static val resolved_options(struct vm *vm, val *a, uint32_t argc)
{
	struct intl *o = intl_this(vm, a[0], INTL_NUMBER, "NumberFormat.prototype.resolvedOptions");
	struct settings s;
	struct obj *r;
	char word[24];

	(void)argc;
	if (o == NULL)
		return V_EXC;
	settings_of(o, &s);
	r = obj_new(vm);
	intl_show(vm, r, "locale", o->locale.v);
	intl_show(vm, r, "numberingSystem", str_cstr(vm, "latn"));
	intl_show(vm, r, "style", str_cstr(vm, intl_nth("decimal|percent|currency", s.style, word)));
	if (s.style == CURRENCY) {
		intl_show(vm, r, "currency", o->name.v);
		intl_show(vm, r, "currencyDisplay", str_cstr(vm, intl_nth("symbol|code|narrowSymbol|name", s.display, word)));
		intl_show(vm, r, "currencySign", str_cstr(vm, s.accounting ? "accounting" : "standard"));
	}
	intl_show(vm, r, "minimumIntegerDigits", v_int(s.min_int));
	if (s.max_sig) {
		intl_show(vm, r, "minimumSignificantDigits", v_int(s.min_sig));
		intl_show(vm, r, "maximumSignificantDigits", v_int(s.max_sig));
	} else {
		intl_show(vm, r, "minimumFractionDigits", v_int(s.min_frac));
		intl_show(vm, r, "maximumFractionDigits", v_int(s.max_frac));
	}
	intl_show(vm, r, "useGrouping", s.grouping ? str_cstr(vm, s.grouping == 2 ? "min2" : "auto") : V_FALSE);
	intl_show(vm, r, "notation", str_cstr(vm, "standard"));
	intl_show(vm, r, "signDisplay", str_cstr(vm, intl_nth("auto|never|always|exceptZero|negative", s.sign, word)));
	intl_show(vm, r, "roundingMode", str_cstr(vm, "halfExpand"));
	intl_show(vm, r, "roundingIncrement", v_int(1));
	intl_show(vm, r, "trailingZeroDisplay", str_cstr(vm, "auto"));
	intl_show(vm, r, "roundingPriority", str_cstr(vm, "auto"));
	return v_cell(r);
}

val intl_number_string(struct vm *vm, double d, val locales, val options)
{
	struct intl_pieces out;
	struct intl *o = intl_plain(vm, locales, INTL_NUMBER, INTR_IntlNumberFormatPrototype);

	if (o == NULL || set_up(vm, o, options) < 0 || format(vm, o, v_num(d), &out) < 0)
		return V_EXC;
	return intl_join(vm, &out);
}

static const struct row rows[] = {
	NF_GETTER("format", get_format, EFF_MUT, "ECMA-402 15.3.3"),
	NF_METHOD("formatToParts", 1, format_to_parts, EFF_CALLS, "ECMA-402 15.3.6"),
	NF_METHOD("resolvedOptions", 0, resolved_options, EFF_NONE, "ECMA-402 15.3.7"),
	NF_TAG("Intl.NumberFormat"),
};
static const struct native_def def =
	{ "NumberFormat", construct, 0, NF_CTOR, EFF_CALLS, 0, "ECMA-402 15.1.1" };

void intl_number_init(struct vm *vm, struct obj *ns)
{
	intl_ctor(vm, ns, &def, INTR_IntlNumberFormat, INTR_IntlNumberFormatPrototype, rows, ARRAY_LEN(rows));
}
