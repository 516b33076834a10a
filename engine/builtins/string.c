/* string.c: the String constructor and the methods of String.prototype that cut,
 * search, join and compare code units (ECMA-262 22.1, B.2.2). Case, normalisation,
 * patterns and iteration are in string_*.c. Called by scripts; works on flat views
 * of strings and keeps the string itself in a local while it does. */
#include "engine/builtins/string.h"

#include "base/utf.h"

struct str *string_this_slow(struct vm *vm, val this_v, const char *method)
{
	if (v_isnullish(this_v)) {
		throw_type(vm, "String.prototype.%s called on null or undefined", method);
		return NULL;
	}
	return to_str(vm, this_v);
}

/* ToIntegerOrInfinity(v) clamped into [0, len]. 0 or -1. */
static int clamp_arg(struct vm *vm, val v, uint32_t len, uint32_t *out)
{
	double d;

	if (v_isint(v)) {
		int32_t i = v_toint(v);

		*out = i < 0 ? 0 : (uint32_t)i < len ? (uint32_t)i : len;
		return 0;
	}
	if (to_integer_or_inf(vm, v, &d) < 0)
		return -1;
	*out = d <= 0 ? 0 : d < len ? (uint32_t)d : len;
	return 0;
}

/* The position argument of charAt and its like: -1 exception, 0 outside, 1. */
static int index_arg(struct vm *vm, val v, uint32_t len, uint32_t *out)
{
	double d;

	if (v_isint(v)) {
		*out = (uint32_t)v_toint(v);
		return *out < len;
	}
	if (to_integer_or_inf(vm, v, &d) < 0)
		return -1;
	if (d < 0 || d >= len)
		return 0;
	*out = (uint32_t)d;
	return 1;
}

/* ---- constructor ------------------------------------------------------------------- */

static val string_ctor(struct vm *vm, val *a, uint32_t argc)
{
	struct prim_obj *o;
	val s, proto;

	if (argc == 0) {
		s = v_cell(vm->empty);
	} else if (v_isundef(NEWT()) && v_issym(a[1])) {
		val d = v_tosym(a[1])->desc.v;
		struct strbuf b;

		strbuf_init(&b, vm, 16);
		strbuf_ascii(&b, "Symbol(", 7);
		if (v_isstr(d))
			strbuf_str(&b, v_tostr(d));
		strbuf_unit(&b, ')');
		return strbuf_end(&b);
	} else {
		s = to_string(vm, a[1]);
		if (v_isexc(s))
			return V_EXC;
	}
	if (v_isundef(NEWT()))
		return s;
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_StringPrototype);
	if (v_isexc(proto))
		return V_EXC;
	o = obj_new_kind(vm, v_toobj(proto), KIND_STRING, sizeof *o);
	HINIT(o->prim, s);
	return v_cell(o);
}

static val from_char_code(struct vm *vm, val *a, uint32_t argc)
{
	struct strbuf b;
	int32_t i;

	if (argc == 1) {
		if (to_int32(vm, a[1], &i) < 0)
			return V_EXC;
		return str_from_unit(vm, (uint32_t)i & 0xFFFF);
	}
	strbuf_init(&b, vm, argc);
	for (uint32_t k = 1; k <= argc; k++) {
		if (to_int32(vm, a[k], &i) < 0)
			return V_EXC;
		strbuf_unit(&b, (uint32_t)i & 0xFFFF);
	}
	return strbuf_end(&b);
}

static val from_code_point(struct vm *vm, val *a, uint32_t argc)
{
	struct strbuf b;
	double d;

	strbuf_init(&b, vm, argc);
	for (uint32_t k = 1; k <= argc; k++) {
		if (to_number(vm, a[k], &d) < 0)
			return V_EXC;
		if (!(d >= 0 && d <= 0x10FFFF) || d != (uint32_t)d)
			return throw_range(vm, "Invalid code point %s", val_for_message(vm, a[k]));
		strbuf_code_point(&b, (uint32_t)d);
	}
	return strbuf_end(&b);
}

static val raw(struct vm *vm, val *a, uint32_t argc)
{
	val cooked = to_object(vm, ARG(0)), literals, v;
	struct strbuf b;
	int64_t n;

	if (v_isexc(cooked))
		return V_EXC;
	literals = obj_get(vm, v_toobj(cooked), A_raw);
	if (v_isexc(literals))
		return V_EXC;
	literals = to_object(vm, literals);
	if (v_isexc(literals) || obj_length(vm, v_toobj(literals), &n) < 0)
		return V_EXC;
	strbuf_init(&b, vm, 0);
	for (int64_t i = 0; i < n && !b.err; i++) {
		struct str *s;

		if (VM_TICK(vm, 8))
			return V_EXC;
		v = obj_get_i64(vm, v_toobj(literals), i);
		s = v_isexc(v) ? NULL : to_str(vm, v);
		if (s == NULL)
			return V_EXC;
		strbuf_str(&b, s);
		if (i + 1 >= n || i + 1 >= argc)
			continue;
		s = to_str(vm, a[i + 2]);
		if (s == NULL)
			return V_EXC;
		strbuf_str(&b, s);
	}
	return strbuf_end(&b);
}

/* ---- single units ---------------------------------------------------------------- */

static val at(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "at");
	double d;

	if (s == NULL || to_integer_or_inf(vm, ARG(0), &d) < 0)
		return V_EXC;
	if (d < 0)
		d += s->len.v;
	return d < 0 || d >= s->len.v ? V_UNDEF : str_from_unit(vm, str_at(vm, s, (uint32_t)d));
}

static val char_at(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "charAt");
	uint32_t i;
	int r;

	if (s == NULL)
		return V_EXC;
	r = index_arg(vm, ARG(0), s->len.v, &i);
	if (r < 0)
		return V_EXC;
	return r ? str_from_unit(vm, str_at(vm, s, i)) : v_cell(vm->empty);
}

static val char_code_at(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "charCodeAt");
	uint32_t i;
	int r;

	if (s == NULL)
		return V_EXC;
	r = index_arg(vm, ARG(0), s->len.v, &i);
	if (r < 0)
		return V_EXC;
	return r ? v_int((int32_t)str_at(vm, s, i)) : V_NAN;
}

static val code_point_at(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "codePointAt");
	struct sview v;
	uint32_t i, units;
	int r;

	if (s == NULL)
		return V_EXC;
	r = index_arg(vm, ARG(0), s->len.v, &i);
	if (r <= 0)
		return r < 0 ? V_EXC : V_UNDEF;
	return string_view(vm, s, &v) ? v_int((int32_t)sview_code_point(v, i, &units)) : V_EXC;
}

/* ---- searching --------------------------------------------------------------------- */

static val index_of(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "indexOf"), *what = s ? to_str(vm, ARG(0)) : NULL;
	struct sview v, w;
	uint32_t from, at_;

	if (what == NULL || clamp_arg(vm, ARG(1), s->len.v, &from) < 0)
		return V_EXC;
	if (!string_view(vm, s, &v) || !string_view(vm, what, &w))
		return V_EXC;
	at_ = sview_index_of(vm, v, w, from);
	return at_ == UINT32_MAX ? string_not_found(vm, v_int(-1)) : v_int((int32_t)at_);
}

static val last_index_of(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "lastIndexOf"), *what = s ? to_str(vm, ARG(0)) : NULL;
	struct sview v, w;
	uint32_t from, at_;
	double d;

	if (what == NULL || to_number(vm, ARG(1), &d) < 0)
		return V_EXC;
	from = d != d || d >= s->len.v ? s->len.v : d <= 0 ? 0 : (uint32_t)d;
	if (!string_view(vm, s, &v) || !string_view(vm, what, &w))
		return V_EXC;
	at_ = sview_last_index_of(vm, v, w, from);
	return at_ == UINT32_MAX ? string_not_found(vm, v_int(-1)) : v_int((int32_t)at_);
}

/* The receiver and the searched string of includes, startsWith, endsWith. */
static bool search_args(struct vm *vm, val this_v, val what, const char *method, struct str **s, struct str **w)
{
	int re;

	*s = string_this(vm, this_v, method);
	if (*s == NULL)
		return false;
	re = v_isstr(what) ? 0 : string_is_regexp(vm, what);
	if (re > 0)
		throw_type(vm, "First argument to String.prototype.%s must not be a regular expression", method);
	if (re != 0)
		return false;
	*w = to_str(vm, what);
	return *w != NULL;
}

static val includes(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s, *what;
	struct sview v, w;
	uint32_t from;

	if (!search_args(vm, a[0], ARG(0), "includes", &s, &what) || clamp_arg(vm, ARG(1), s->len.v, &from) < 0)
		return V_EXC;
	if (!string_view(vm, s, &v) || !string_view(vm, what, &w))
		return V_EXC;
	return sview_index_of(vm, v, w, from) == UINT32_MAX ? string_not_found(vm, V_FALSE) : V_TRUE;
}

/* Does w stand at v[start..]? */
static val stands_at(struct vm *vm, struct str *s, struct str *what, uint32_t start)
{
	struct sview v, w;

	if (!string_view(vm, s, &v) || !string_view(vm, what, &w))
		return V_EXC;
	return v_bool(sview_eq(sview_sub(v, start, start + w.len), w));
}

static val starts_with(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s, *what;
	uint32_t start;

	if (!search_args(vm, a[0], ARG(0), "startsWith", &s, &what) || clamp_arg(vm, ARG(1), s->len.v, &start) < 0)
		return V_EXC;
	return what->len.v > s->len.v - start ? V_FALSE : stands_at(vm, s, what, start);
}

static val ends_with(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s, *what;
	uint32_t end;

	if (!search_args(vm, a[0], ARG(0), "endsWith", &s, &what))
		return V_EXC;
	end = s->len.v;
	if (!v_isundef(ARG(1)) && clamp_arg(vm, ARG(1), s->len.v, &end) < 0)
		return V_EXC;
	return what->len.v > end ? V_FALSE : stands_at(vm, s, what, end - what->len.v);
}

/* ---- parts ------------------------------------------------------------------------- */

static val slice(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "slice");
	int64_t from, to;

	if (s == NULL || to_rel_index(vm, ARG(0), s->len.v, 0, &from) < 0 ||
	    to_rel_index(vm, ARG(1), s->len.v, s->len.v, &to) < 0)
		return V_EXC;
	return from >= to ? v_cell(vm->empty) : str_sub(vm, s, (uint32_t)from, (uint32_t)to);
}

static val substring(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "substring");
	uint32_t from, to;

	if (s == NULL || clamp_arg(vm, ARG(0), s->len.v, &from) < 0)
		return V_EXC;
	to = s->len.v;
	if (!v_isundef(ARG(1)) && clamp_arg(vm, ARG(1), s->len.v, &to) < 0)
		return V_EXC;
	return from < to ? str_sub(vm, s, from, to) : str_sub(vm, s, to, from);
}

static val substr(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "substr");
	int64_t from;
	uint32_t n;

	if (s == NULL || to_rel_index(vm, ARG(0), s->len.v, 0, &from) < 0)
		return V_EXC;
	n = s->len.v - (uint32_t)from;
	if (!v_isundef(ARG(1)) && clamp_arg(vm, ARG(1), n, &n) < 0)
		return V_EXC;
	return str_sub(vm, s, (uint32_t)from, (uint32_t)from + n);
}

enum { TRIM_START = 1, TRIM_END = 2 };

static val trim_as(struct vm *vm, val this_v, const char *method, int how)
{
	struct str *s = string_this(vm, this_v, method);
	struct sview v, t;
	uint32_t start;

	if (s == NULL || !string_view(vm, s, &v))
		return V_EXC;
	t = sview_trim(v, how & TRIM_START, how & TRIM_END);
	if (VM_TICK(vm, (v.len - t.len) >> 3))
		return V_EXC;
	start = v.wide ? (uint32_t)(t.p16 - v.p16) : (uint32_t)(t.p8 - v.p8);
	return str_sub(vm, s, start, start + t.len);
}

static val trim(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return trim_as(vm, a[0], "trim", TRIM_START | TRIM_END);
}

static val trim_start(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return trim_as(vm, a[0], "trimStart", TRIM_START);
}

static val trim_end(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return trim_as(vm, a[0], "trimEnd", TRIM_END);
}

/* ---- making longer ones ---------------------------------------------------------------- */

static val concat(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "concat");

	for (uint32_t i = 1; s != NULL && i <= argc; i++) {
		struct str *t = to_str(vm, a[i]);
		val v = t ? str_concat(vm, s, t) : V_EXC;

		s = v_isexc(v) ? NULL : v_tostr(v);
	}
	return s ? v_cell(s) : V_EXC;
}

/* A flat string under construction. */
struct target { struct str *s; uint8_t *p8; uint16_t *p16; };

static bool target_new(struct vm *vm, struct target *t, uint32_t n, bool wide)
{
	t->p8 = NULL;
	t->p16 = NULL;
	t->s = wide ? str_alloc16(vm, n, &t->p16) : str_alloc8(vm, n, &t->p8);
	return t->s != NULL;
}

static void target_put(struct target *t, uint32_t at, struct sview v)
{
	if (t->p8 != NULL)
		memcpy(t->p8 + at, v.p8, v.len);
	else if (v.wide)
		memcpy(t->p16 + at, v.p16, 2 * (size_t)v.len);
	else
		for (uint32_t i = 0; i < v.len; i++)
			t->p16[at + i] = v.p8[i];
}

/* n units at `at`: the filler repeated and cut (22.1.3.17.2). What is there already
 * is copied, in pieces that double until they are worth a tick. False: exception. */
static bool target_fill(struct vm *vm, struct target *t, uint32_t at, struct sview filler, uint32_t n)
{
	uint32_t done = filler.len < n ? filler.len : n, m;

	target_put(t, at, sview_sub(filler, 0, done));
	for (uint32_t piece = done; done < n; done += m) {
		m = n - done < piece ? n - done : piece;
		if (t->p8 != NULL)
			memcpy(t->p8 + at + done, t->p8 + at, m);
		else
			memcpy(t->p16 + at + done, t->p16 + at, 2 * (size_t)m);
		if (piece < 64u << 10)
			piece *= 2;
		if (VM_TICK(vm, 1 + (m >> 7)))
			return false;
	}
	return true;
}

static val pad(struct vm *vm, val *a, uint32_t argc, bool start)
{
	struct str *s = string_this(vm, a[0], start ? "padStart" : "padEnd"), *with;
	struct sview v, f;
	struct target t;
	int64_t want;
	uint32_t n;

	if (s == NULL || to_length(vm, ARG(0), &want) < 0)
		return V_EXC;
	if (want <= s->len.v)
		return v_cell(s);
	with = v_isundef(ARG(1)) ? vm->chars[' '] : to_str(vm, ARG(1));
	if (with == NULL)
		return V_EXC;
	if (with->len.v == 0)
		return v_cell(s);
	if (want > STR_MAX)
		return throw_range(vm, "Invalid string length");
	if (!string_view(vm, s, &v) || !string_view(vm, with, &f))
		return V_EXC;
	if (want == 1)
		return str_from_unit(vm, sview_at(f, 0));
	n = (uint32_t)want - v.len;
	if (!target_new(vm, &t, (uint32_t)want, v.wide || f.wide))
		return V_EXC;
	target_put(&t, start ? n : 0, v);
	return target_fill(vm, &t, start ? 0 : v.len, f, n) ? v_cell(t.s) : V_EXC;
}

static val pad_start(struct vm *vm, val *a, uint32_t argc) { return pad(vm, a, argc, true); }
static val pad_end(struct vm *vm, val *a, uint32_t argc) { return pad(vm, a, argc, false); }

static val repeat(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "repeat");
	struct target t;
	struct sview v;
	double n;

	if (s == NULL || to_integer_or_inf(vm, ARG(0), &n) < 0)
		return V_EXC;
	if (n < 0 || isinf(n))
		return throw_range(vm, "Invalid count value: %s", val_for_message(vm, ARG(0)));
	if (n == 0 || s->len.v == 0)
		return v_cell(vm->empty);
	if (n == 1)
		return v_cell(s);
	if (n * s->len.v > STR_MAX)
		return throw_range(vm, "Invalid string length");
	if (!string_view(vm, s, &v) || !target_new(vm, &t, (uint32_t)n * v.len, v.wide))
		return V_EXC;
	return target_fill(vm, &t, 0, v, (uint32_t)n * v.len) ? v_cell(t.s) : V_EXC;
}

/* ---- well-formedness -------------------------------------------------------------- */

/* Index of the first lone surrogate from i on, or len. */
static uint32_t lone_surrogate(struct sview v, uint32_t i)
{
	for (; v.wide && i < v.len; i++) {
		uint32_t c = v.p16[i];

		if (likely((c & 0xF800) != 0xD800))
			continue;
		if (!utf16_is_high(c) || i + 1 == v.len || !utf16_is_low(v.p16[i + 1]))
			return i;
		i++;
	}
	return v.len;
}

static val is_well_formed(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "isWellFormed");
	struct sview v;

	(void)argc;
	if (s == NULL || !string_view(vm, s, &v) || VM_TICK(vm, v.len >> 6))
		return V_EXC;
	return v_bool(lone_surrogate(v, 0) == v.len);
}

static val to_well_formed(struct vm *vm, val *a, uint32_t argc)
{
	struct str *s = string_this(vm, a[0], "toWellFormed");
	struct sview v;
	struct str *r;
	uint16_t *out;
	uint32_t i;

	(void)argc;
	if (s == NULL || !string_view(vm, s, &v) || VM_TICK(vm, v.len >> 6))
		return V_EXC;
	i = lone_surrogate(v, 0);
	if (i == v.len)
		return v_cell(s);
	r = str_alloc16(vm, v.len, &out);
	if (r == NULL)
		return V_EXC;
	memcpy(out, v.p16, 2 * (size_t)v.len);
	for (; i < v.len; i = lone_surrogate(v, i + 1))
		out[i] = UTF_REPLACEMENT;
	return v_cell(r);
}

/* ---- the value ------------------------------------------------------------------------- */

/* ThisStringValue (22.1.3.35.1) */
static val value_of(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	if (v_isstr(a[0]))
		return a[0];
	if (v_iskind(a[0], KIND_STRING))
		return ((struct prim_obj *)(void *)v_tocell(a[0]))->prim.v;
	return throw_type(vm, "String.prototype.%s requires that 'this' be a String",
	                  nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->name);
}

/* ---- Annex B: HTML (B.2.2.2.1) ------------------------------------------------------------ */

static const struct html { const char *method, *tag, *attr; } htmls[] = {
	{ "anchor", "a", "name" }, { "big", "big", NULL }, { "blink", "blink", NULL }, { "bold", "b", NULL },
	{ "fixed", "tt", NULL }, { "fontcolor", "font", "color" }, { "fontsize", "font", "size" },
	{ "italics", "i", NULL }, { "link", "a", "href" }, { "small", "small", NULL },
	{ "strike", "strike", NULL }, { "sub", "sub", NULL }, { "sup", "sup", NULL },
};

/* CreateHTML for the row of htmls that the native's magic number names. */
static val create_html(struct vm *vm, val *a, uint32_t argc)
{
	const struct html *h = &htmls[nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic];
	struct str *s = string_this(vm, a[0], h->method), *value;
	struct strbuf b;
	struct sview v;

	if (s == NULL)
		return V_EXC;
	strbuf_init(&b, vm, s->len.v < 1024 ? s->len.v + 16 : 0);
	strbuf_unit(&b, '<');
	strbuf_ascii(&b, h->tag, strlen(h->tag));
	if (h->attr != NULL) {
		value = to_str(vm, ARG(0));
		if (value == NULL || !string_view(vm, value, &v) || VM_TICK(vm, v.len))
			return V_EXC;
		strbuf_unit(&b, ' ');
		strbuf_ascii(&b, h->attr, strlen(h->attr));
		strbuf_ascii(&b, "=\"", 2);
		for (uint32_t i = 0; i < v.len; i++) {
			if (sview_at(v, i) == '"')
				strbuf_ascii(&b, "&quot;", 6);
			else
				strbuf_unit(&b, sview_at(v, i));
		}
		strbuf_unit(&b, '"');
	}
	strbuf_unit(&b, '>');
	strbuf_str(&b, s);
	strbuf_ascii(&b, "</", 2);
	strbuf_ascii(&b, h->tag, strlen(h->tag));
	strbuf_unit(&b, '>');
	return strbuf_end(&b);
}

/* ---- tables ----------------------------------------------------------------------------------- */

/* Nearly every method calls toString of an object that it is given. */
static const struct row string_proto_rows[] = {
	NF_METHOD("at", 1, at, EFF_CALLS, "22.1.3.1"),
	NF_METHOD("charAt", 1, char_at, EFF_CALLS, "22.1.3.2"),
	NF_METHOD("charCodeAt", 1, char_code_at, EFF_CALLS, "22.1.3.3"),
	NF_METHOD("codePointAt", 1, code_point_at, EFF_CALLS, "22.1.3.4"),
	NF_METHOD("concat", 1, concat, EFF_CALLS, "22.1.3.5"),
	NF_METHOD("endsWith", 1, ends_with, EFF_CALLS, "22.1.3.7"),
	NF_METHOD("includes", 1, includes, EFF_CALLS, "22.1.3.8"),
	NF_METHOD("indexOf", 1, index_of, EFF_CALLS, "22.1.3.9"),
	NF_METHOD("isWellFormed", 0, is_well_formed, EFF_CALLS, "22.1.3.10"),
	NF_METHOD("lastIndexOf", 1, last_index_of, EFF_CALLS, "22.1.3.11"),
	NF_METHOD("padEnd", 1, pad_end, EFF_CALLS, "22.1.3.16"),
	NF_METHOD("padStart", 1, pad_start, EFF_CALLS, "22.1.3.17"),
	NF_METHOD("repeat", 1, repeat, EFF_CALLS, "22.1.3.18"),
	NF_METHOD("slice", 2, slice, EFF_CALLS, "22.1.3.22"),
	NF_METHOD("startsWith", 1, starts_with, EFF_CALLS, "22.1.3.24"),
	NF_METHOD("substr", 2, substr, EFF_CALLS, "B.2.2.1"),
	NF_METHOD("substring", 2, substring, EFF_CALLS, "22.1.3.25"),
	NF_METHOD("toString", 0, value_of, EFF_NONE, "22.1.3.29"),
	NF_METHOD("toWellFormed", 0, to_well_formed, EFF_CALLS, "22.1.3.31"),
	NF_METHOD("trim", 0, trim, EFF_CALLS, "22.1.3.32"),
	NF_METHOD("trimEnd", 0, trim_end, EFF_CALLS, "22.1.3.33"),
	NF_METHOD("trimStart", 0, trim_start, EFF_CALLS, "22.1.3.34"),
	NF_ALIAS("trimLeft", "trimStart"),
	NF_ALIAS("trimRight", "trimEnd"),
	NF_METHOD("valueOf", 0, value_of, EFF_NONE, "22.1.3.35"),
	NF_METHOD_MAGIC("anchor", 1, create_html, 0, EFF_CALLS, "B.2.2.2"),
	NF_METHOD_MAGIC("big", 0, create_html, 1, EFF_CALLS, "B.2.2.3"),
	NF_METHOD_MAGIC("blink", 0, create_html, 2, EFF_CALLS, "B.2.2.4"),
	NF_METHOD_MAGIC("bold", 0, create_html, 3, EFF_CALLS, "B.2.2.5"),
	NF_METHOD_MAGIC("fixed", 0, create_html, 4, EFF_CALLS, "B.2.2.6"),
	NF_METHOD_MAGIC("fontcolor", 1, create_html, 5, EFF_CALLS, "B.2.2.7"),
	NF_METHOD_MAGIC("fontsize", 1, create_html, 6, EFF_CALLS, "B.2.2.8"),
	NF_METHOD_MAGIC("italics", 0, create_html, 7, EFF_CALLS, "B.2.2.9"),
	NF_METHOD_MAGIC("link", 1, create_html, 8, EFF_CALLS, "B.2.2.10"),
	NF_METHOD_MAGIC("small", 0, create_html, 9, EFF_CALLS, "B.2.2.11"),
	NF_METHOD_MAGIC("strike", 0, create_html, 10, EFF_CALLS, "B.2.2.12"),
	NF_METHOD_MAGIC("sub", 0, create_html, 11, EFF_CALLS, "B.2.2.13"),
	NF_METHOD_MAGIC("sup", 0, create_html, 12, EFF_CALLS, "B.2.2.14"),
};

static const struct row string_rows[] = {
	NF_METHOD("fromCharCode", 1, from_char_code, EFF_CALLS, "22.1.2.1"),
	NF_METHOD("fromCodePoint", 1, from_code_point, EFF_CALLS, "22.1.2.2"),
	NF_METHOD("raw", 1, raw, EFF_CALLS, "22.1.2.4"),
};

static const struct native_def string_def = { "String", string_ctor, 1, NF_CTOR, EFF_CALLS, 0, "22.1.1.1" };

void builtin_string_init(struct vm *vm)
{
	struct prim_obj *proto = obj_new_kind(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_STRING, sizeof *proto);
	struct obj *o = (struct obj *)(void *)proto;

	HINIT(proto->prim, v_cell(vm->empty));
	vm->intr[INTR_StringPrototype] = v_cell(proto);
	native_ctor(vm, &string_def, INTR_String, NULL, o, ROWS(string_rows), ROWS(string_proto_rows));
	native_install(vm, o, string_case_rows, string_case_nrows);
	native_install(vm, o, string_norm_rows, string_norm_nrows);
	native_install(vm, o, string_pattern_rows, string_pattern_nrows);
	native_install(vm, o, string_iter_rows, 1);
	string_iter_init(vm);
}
