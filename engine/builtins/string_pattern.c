/* string_pattern.c: the methods of String.prototype that take a pattern: match,
 * matchAll, replace, replaceAll, search, split (ECMA-262 22.1.3.13 to .23). Objects
 * are asked for their well-known methods; string patterns are handled here.
 * Called by scripts; GetSubstitution is shared with regular expressions. */
#include "engine/builtins/regexp.h"
#include "engine/builtins/string.h"

int string_is_regexp(struct vm *vm, val v)
{
	val m;

	if (!v_isobj(v))
		return 0;
	m = obj_get(vm, v_toobj(v), A_sym_match);
	if (v_isexc(m))
		return -1;
	return v_isundef(m) ? v_kind(v) == KIND_REGEXP : to_boolean(m);
}

/* RegExpCreate (22.2.3.1); flags NULL: undefined. */
static val regexp_create(struct vm *vm, val pattern, const char *flags)
{
	val argv[2] = { v_cell(vm->empty), V_UNDEF }, ctor = vm->intr[INTR_RegExp];

	if (!v_isundef(pattern)) {
		argv[0] = to_string(vm, pattern);
		if (v_isexc(argv[0]))
			return V_EXC;
	}
	if (!v_isobj(ctor))
		return throw_syntax(vm, "regular expressions are not supported yet");
	if (flags != NULL)
		argv[1] = str_cstr(vm, flags);
	return vm_construct(vm, ctor, ctor, 2, argv);
}

/* `this` must not be nullish; an object as pattern may bring a method of its own
 * for the job: *out is its answer then. 1 done, 0 no such method, -1 exception. */
static int dispatch(struct vm *vm, val this_v, val pattern, pkey symbol, uint32_t argc, val arg1, val *out)
{
	val m, argv[2] = { this_v, arg1 };

	if (!v_isobj(pattern))
		return 0;
	if (symbol == A_sym_replace && regexp_is_plain(vm, pattern)) { /* its method is the original */
		*out = regexp_replace(vm, pattern, this_v, arg1);
		return 1;
	}
	m = obj_get_method(vm, pattern, symbol);
	if (v_isexc(m))
		return -1;
	if (v_isundef(m))
		return 0;
	*out = vm_call(vm, m, pattern, argc, argv);
	return 1;
}

static bool coercible(struct vm *vm, val v, const char *method)
{
	if (!v_isnullish(v))
		return true;
	(void)string_this_slow(vm, v, method);
	return false;
}

/* The common shape of match, matchAll and search. */
static val by_regexp(struct vm *vm, val this_v, val pattern, pkey symbol, const char *flags)
{
	val out, rx;
	int r = dispatch(vm, this_v, pattern, symbol, 1, V_UNDEF, &out);
	struct str *s;

	if (r != 0)
		return r < 0 ? V_EXC : out;
	s = to_str(vm, this_v);
	if (s == NULL)
		return V_EXC;
	rx = regexp_create(vm, pattern, flags);
	if (v_isexc(rx))
		return V_EXC;
	out = v_cell(s);
	return obj_invoke(vm, rx, symbol, 1, &out);
}

static val match(struct vm *vm, val *a, uint32_t argc)
{
	return coercible(vm, a[0], "match") ? by_regexp(vm, a[0], ARG(0), A_sym_match, NULL) : V_EXC;
}

static val search(struct vm *vm, val *a, uint32_t argc)
{
	return coercible(vm, a[0], "search") ? by_regexp(vm, a[0], ARG(0), A_sym_search, NULL) : V_EXC;
}

/* A regular expression for matchAll or replaceAll must have the flag g. 0 or -1. */
static int require_global(struct vm *vm, val pattern, const char *method)
{
	int re = string_is_regexp(vm, pattern);
	struct str *f;
	struct sview v;
	val flags;

	if (re <= 0)
		return re;
	flags = obj_get(vm, v_toobj(pattern), A_flags);
	if (v_isexc(flags) || val_require_coercible(vm, flags, method) < 0)
		return -1;
	f = to_str(vm, flags);
	if (f == NULL || !string_view(vm, f, &v))
		return -1;
	for (uint32_t i = 0; i < v.len; i++)
		if (sview_at(v, i) == 'g')
			return 0;
	throw_type(vm, "%s must be called with a global RegExp", method);
	return -1;
}

static val match_all(struct vm *vm, val *a, uint32_t argc)
{
	if (!coercible(vm, a[0], "matchAll") || require_global(vm, ARG(0), "String.prototype.matchAll") < 0)
		return V_EXC;
	return by_regexp(vm, a[0], ARG(0), A_sym_match_all, "g");
}

/* ---- replacing -------------------------------------------------------------------- */

static inline bool is_digit(uint32_t u) { return u - '0' < 10; }

/* $1 to $99 at v[i]: appends the capture; units used, 0 if there is none such. */
static uint32_t put_capture(struct strbuf *out, struct sview v, uint32_t i, const val *captures, uint32_t n)
{
	uint32_t index = sview_at(v, i + 1) - '0', used = 2;

	if (i + 2 < v.len && is_digit(sview_at(v, i + 2)) && index * 10 + sview_at(v, i + 2) - '0' <= n) {
		index = index * 10 + sview_at(v, i + 2) - '0';
		used = 3;
	}
	if (index == 0 || index > n)
		return 0;
	if (!v_isundef(captures[index - 1]))
		strbuf_str(out, v_tostr(captures[index - 1]));
	return used;
}

/* $<name> whose name is v[from, to). 0 or -1. */
static int put_named(struct vm *vm, struct strbuf *out, struct str *t, uint32_t from, uint32_t to, val named)
{
	val name = str_sub(vm, t, from, to), c;
	struct str *s;

	if (v_isexc(name))
		return -1;
	c = obj_get_v(vm, named, key_of_str(vm, v_tostr(name)));
	if (v_isexc(c))
		return -1;
	if (v_isundef(c))
		return 0;
	s = to_str(vm, c);
	if (s == NULL)
		return -1;
	strbuf_str(out, s);
	return 0;
}

/* What stands at the $ at v[i]: the units used; 0: nothing, it is a plain $; -1. */
static int64_t substitute_one(struct vm *vm, struct strbuf *out, struct str *matched, struct str *s,
                              uint32_t position, const val *captures, uint32_t ncaptures, val named,
                              struct str *replacement, struct sview v, uint32_t i)
{
	uint32_t c = i + 1 < v.len ? sview_at(v, i + 1) : 0, end;
	static const uint8_t gt[] = { '>' };
	struct sview sv;

	switch (c) {
	case '$':
		strbuf_unit(out, '$');
		return 2;
	case '&':
		strbuf_str(out, matched);
		return 2;
	case '`':
	case '\'':
		if (!string_view(vm, s, &sv))
			return -1;
		end = position + matched->len.v < sv.len ? position + matched->len.v : sv.len;
		strbuf_view(out, c == '`' ? sview_sub(sv, 0, position) : sview_sub(sv, end, sv.len));
		return 2;
	case '<':
		if (v_isundef(named))
			return 0;
		end = sview_index_of(vm, v, (struct sview){ .p8 = gt, .len = 1, .wide = false }, i);
		if (end == UINT32_MAX)
			return vm->exc != V_HOLE ? -1 : 0;
		return put_named(vm, out, replacement, i + 2, end, named) < 0 ? -1 : (int64_t)end + 1 - i;
	default:
		return is_digit(c) ? put_capture(out, v, i, captures, ncaptures) : 0;
	}
}

int string_substitute(struct vm *vm, struct strbuf *out, struct str *matched, struct str *s, uint32_t position,
                      const val *captures, uint32_t ncaptures, val named, struct str *replacement)
{
	static const uint8_t dollar[] = { '$' };
	struct sview v;
	uint32_t done = 0;

	if (!string_view(vm, replacement, &v))
		return -1;
	while (done < v.len && !out->err) {
		uint32_t i = sview_index_of(vm, v, (struct sview){ .p8 = dollar, .len = 1, .wide = false }, done);
		int64_t used;

		if (i == UINT32_MAX) {
			if (vm->exc != V_HOLE)
				return -1;
			break;
		}
		strbuf_view(out, sview_sub(v, done, i));
		used = substitute_one(vm, out, matched, s, position, captures, ncaptures, named, replacement, v, i);
		if (used < 0 || VM_TICK(vm, 4))
			return -1;
		if (used == 0) {
			strbuf_unit(out, '$');
			used = 1;
		}
		done = i + (uint32_t)used;
	}
	strbuf_view(out, sview_sub(v, done, v.len));
	return out->err ? -1 : 0;
}

/* What takes the place of `what` at `at` in s: a function's answer or a template. */
static int put_replacement(struct vm *vm, struct strbuf *out, struct str *what, struct str *s, uint32_t at, val with)
{
	struct str *t;
	val r;

	if (v_isstr(with))
		return string_substitute(vm, out, what, s, at, NULL, 0, V_UNDEF, v_tostr(with));
	r = call_3(vm, with, V_UNDEF, v_cell(what), v_u32(at), v_cell(s));
	t = v_isexc(r) ? NULL : to_str(vm, r);
	if (t == NULL)
		return -1;
	strbuf_str(out, t);
	return out->err ? -1 : 0;
}

static val replace_strings(struct vm *vm, val this_v, val pattern, val with, bool all)
{
	struct str *s = to_str(vm, this_v), *what = s ? to_str(vm, pattern) : NULL;
	struct sview v, w;
	struct strbuf b;
	uint32_t at, end = 0;

	if (what == NULL)
		return V_EXC;
	if (!func_is_callable(with)) {
		with = to_string(vm, with);
		if (v_isexc(with))
			return V_EXC;
	}
	if (!string_view(vm, s, &v) || !string_view(vm, what, &w))
		return V_EXC;
	at = sview_index_of(vm, v, w, 0);
	if (at == UINT32_MAX)
		return string_not_found(vm, v_cell(s));
	strbuf_init(&b, vm, v.len < 2048 ? v.len + 16 : 0);
	do {
		strbuf_view(&b, sview_sub(v, end, at));
		if (put_replacement(vm, &b, what, s, at, with) < 0 || VM_TICK(vm, 8))
			return V_EXC;
		end = at + w.len;
		if (!all)
			break;
		at = sview_index_of(vm, v, w, w.len != 0 ? end : at + 1);
	} while (at != UINT32_MAX);
	if (vm->exc != V_HOLE)
		return V_EXC;
	strbuf_view(&b, sview_sub(v, end, v.len));
	return strbuf_end(&b);
}

static val replace_or_all(struct vm *vm, val *a, uint32_t argc, bool all)
{
	val pattern = ARG(0), out;
	int r;

	if (!coercible(vm, a[0], all ? "replaceAll" : "replace") ||
	    (all && require_global(vm, pattern, "String.prototype.replaceAll") < 0))
		return V_EXC;
	r = dispatch(vm, a[0], pattern, A_sym_replace, 2, ARG(1), &out);
	if (r != 0)
		return r < 0 ? V_EXC : out;
	return replace_strings(vm, a[0], pattern, ARG(1), all);
}

static val replace(struct vm *vm, val *a, uint32_t argc) { return replace_or_all(vm, a, argc, false); }
static val replace_all(struct vm *vm, val *a, uint32_t argc) { return replace_or_all(vm, a, argc, true); }

/* ---- split --------------------------------------------------------------------------- */

/* v[from, to) of s as a string. */
static inline val piece(struct vm *vm, struct str *s, struct sview v, uint32_t from, uint32_t to)
{
	if (!v.wide && to - from < 24)
		return str_new8(vm, v.p8 + from, to - from);
	return str_sub(vm, s, from, to);
}

static val split_units(struct vm *vm, struct sview v, uint32_t limit)
{
	uint32_t n = v.len < limit ? v.len : limit;
	struct arr *r = arr_new(vm, n);

	if (r == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < n; i++) {
		if ((i & 4095) == 0 && VM_TICK(vm, 1024))
			return V_EXC;
		VSET(vm, r->elem.v[i], str_from_unit(vm, sview_at(v, i)));
	}
	VSET(vm, r->len, n);
	return v_cell(r);
}

/* Next index of a unit in 8-bit text, or len. */
static inline uint32_t next8(struct sview v, uint32_t from, int unit)
{
	const uint8_t *p = from < v.len ? memchr(v.p8 + from, unit, v.len - from) : NULL;

	return p != NULL ? (uint32_t)(p - v.p8) : v.len;
}

/* One separator unit in 8-bit text: the pieces are counted first. */
static val split_at_unit8(struct vm *vm, struct str *s, struct sview v, int unit, uint32_t limit)
{
	uint32_t n = 1, from = 0;
	struct arr *r;

	if (VM_TICK(vm, v.len >> 3))
		return V_EXC;
	for (uint32_t i = 0; i < v.len; i++)
		n += v.p8[i] == unit;
	if (n > limit)
		n = limit;
	r = arr_new(vm, n);
	if (r == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t to = next8(v, from, unit);

		if ((i & 1023) == 0 && VM_TICK(vm, 1024))
			return V_EXC;
		VSET(vm, r->elem.v[i], piece(vm, s, v, from, to));
		from = to + 1;
	}
	VSET(vm, r->len, n);
	return v_cell(r);
}

static val split_strings(struct vm *vm, struct str *s, struct str *sep, uint32_t limit)
{
	struct sview v, w;
	struct arr *r;
	uint32_t from = 0, to;
	val p;

	if (!string_view(vm, s, &v) || !string_view(vm, sep, &w))
		return V_EXC;
	if (w.len == 0)
		return split_units(vm, v, limit);
	if (w.len == 1 && !v.wide && sview_at(w, 0) < 256)
		return split_at_unit8(vm, s, v, (int)sview_at(w, 0), limit);
	r = arr_new(vm, 0);
	if (r == NULL)
		return V_EXC;
	do {
		to = sview_index_of(vm, v, w, from);
		if (to == UINT32_MAX) {
			if (vm->exc != V_HOLE)
				return V_EXC;
			to = v.len;
		}
		p = piece(vm, s, v, from, to);
		if (v_isexc(p) || arr_push(vm, r, p) < 0 || VM_TICK(vm, 4))
			return V_EXC;
		from = to + w.len;
	} while (r->len.v < limit && from <= v.len);
	return v_cell(r);
}

static val split(struct vm *vm, val *a, uint32_t argc)
{
	val sep = ARG(0), lim = ARG(1), out;
	struct str *s, *t;
	uint32_t limit = UINT32_MAX;
	int r;

	if (!coercible(vm, a[0], "split"))
		return V_EXC;
	r = dispatch(vm, a[0], sep, A_sym_split, 2, lim, &out);
	if (r != 0)
		return r < 0 ? V_EXC : out;
	s = to_str(vm, a[0]);
	if (s == NULL || (!v_isundef(lim) && to_uint32(vm, lim, &limit) < 0))
		return V_EXC;
	t = to_str(vm, sep);
	if (t == NULL)
		return V_EXC;
	if (limit == 0)
		return arr_from(vm, NULL, 0);
	if (v_isundef(sep)) {
		out = v_cell(s);
		return arr_from(vm, &out, 1);
	}
	return split_strings(vm, s, t, limit);
}

const struct row string_pattern_rows[] = {
	NF_METHOD("match", 1, match, EFF_CALLS, "22.1.3.13"),
	NF_METHOD("matchAll", 1, match_all, EFF_CALLS, "22.1.3.14"),
	NF_METHOD("replace", 2, replace, EFF_CALLS, "22.1.3.19"),
	NF_METHOD("replaceAll", 2, replace_all, EFF_CALLS, "22.1.3.20"),
	NF_METHOD("search", 1, search, EFF_CALLS, "22.1.3.21"),
	NF_METHOD("split", 2, split, EFF_CALLS, "22.1.3.23"),
};
const uint32_t string_pattern_nrows = sizeof string_pattern_rows / sizeof *string_pattern_rows;
