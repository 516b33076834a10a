/* array_search.c: the methods of Array.prototype that look for an element or
 * write the elements as text: at, includes, indexOf, lastIndexOf, join, toString,
 * toLocaleString. None of them changes its receiver. */
#include "engine/builtins/array.h"

/* ---- at, includes, indexOf, lastIndexOf ------------------------------------------------ */

val array_at(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	double d;
	struct obj *o = array_this(vm, a[0], &len);

	if (o == NULL || to_integer_or_inf(vm, ARG(0), &d) < 0)
		return V_EXC;
	if (d < 0)
		d += (double)len;
	if (d < 0 || d >= (double)len)
		return V_UNDEF;
	return array_get(vm, o, (int64_t)d);
}

/* How a sought value is recognised among words. */
enum seek { SEEK_WORD, SEEK_NUMBER, SEEK_NAN, SEEK_UNDEF, SEEK_SLOW };

static enum seek seek_of(val v)
{
	if (v_isnum(v))
		return v_numof(v) != v_numof(v) ? SEEK_NAN : SEEK_NUMBER;
	if (v_isundef(v))
		return SEEK_UNDEF;
	return v_isstr(v) || v_isbig(v) ? SEEK_SLOW : SEEK_WORD;
}

/* Is e strictly equal to v (zero: SameValueZero, and a hole counts as undefined)? */
static inline bool matches(struct vm *vm, val e, val v, enum seek seek, bool zero)
{
	if (e == v)
		return seek != SEEK_NAN || zero;
	switch (seek) {
	case SEEK_WORD: return false;
	case SEEK_NUMBER: return v_isnum(e) && v_numof(e) == v_numof(v);
	case SEEK_NAN: return zero && v_isdbl(e) && v_numof(e) != v_numof(e);
	case SEEK_UNDEF: return zero && e == V_HOLE;
	case SEEK_SLOW: return v_iscell(e) && val_strict_eq(vm, e, v);
	}
	return false;
}

/* Index of v among words [from, to), or to. -1: ended by a tick. */
static int64_t seek_words(struct vm *vm, const hval *p, int64_t from, int64_t to, val v, bool zero)
{
	enum seek seek = seek_of(v);

	if (from < to && VM_TICK(vm, (to - from) / (seek == SEEK_SLOW ? 4 : 16)))
		return -1;
	if (seek == SEEK_WORD) {
		for (; from < to; from++) {
			if (p[from].v == v)
				break;
		}
		return from;
	}
	for (; from < to; from++) {
		if (matches(vm, p[from].v, v, seek, zero))
			break;
	}
	return from;
}

/* includes (zero) and indexOf: the index, -1 if there is none, -2 on exception. */
static int64_t seek_up(struct vm *vm, val *a, uint32_t argc, bool zero)
{
	int64_t len, i;
	struct obj *o = array_this(vm, a[0], &len);
	enum seek seek = seek_of(ARG(0));
	struct arr *r;

	if (o == NULL)
		return -2;
	if (len == 0)
		return -1;
	if (to_rel_index(vm, ARG(1), len, 0, &i) < 0)
		return -2;
	r = array_simple(vm, v_cell(o));
	if (r != NULL && len <= r->len.v) {
		i = seek_words(vm, r->elem.v, i, len, ARG(0), zero);
		return i < 0 ? -2 : i == len ? -1 : i;
	}
	for (; i < len; i++) {
		val v;
		int has = 1;

		if (VM_TICK(vm, 4))
			return -2;
		if (zero)
			has = (v = array_get(vm, o, i)) == V_EXC ? -1 : 1;
		else
			has = array_elem(vm, o, i, &v);
		if (has < 0)
			return -2;
		if (has && matches(vm, v, ARG(0), seek, zero))
			return i;
	}
	return -1;
}

val array_includes(struct vm *vm, val *a, uint32_t argc)
{
	int64_t i = seek_up(vm, a, argc, true);

	return i == -2 ? V_EXC : v_bool(i >= 0);
}

val array_index_of(struct vm *vm, val *a, uint32_t argc)
{
	int64_t i = seek_up(vm, a, argc, false);

	return i == -2 ? V_EXC : v_i64(i);
}

val array_last_index_of(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, i;
	struct obj *o = array_this(vm, a[0], &len);
	enum seek seek = seek_of(ARG(0));
	double d;

	if (o == NULL)
		return V_EXC;
	if (len == 0)
		return v_int(-1);
	i = len - 1;
	if (argc > 1) {
		if (to_integer_or_inf(vm, a[2], &d) < 0)
			return V_EXC;
		if (d < 0)
			d += (double)len;
		if (d < (double)i)
			i = d < 0 ? -1 : (int64_t)d;
	}
	for (; i >= 0; i--) {
		val v;
		int has = array_elem(vm, o, i, &v);

		if (has < 0 || VM_TICK(vm, 1))
			return V_EXC;
		if (has && matches(vm, v, ARG(0), seek, false))
			return v_i64(i);
	}
	return v_int(-1);
}

/* ---- join, toString, toLocaleString ------------------------------------------------------------ */

/* Is o being written as text by an outer call already? Then it contains itself.
 * The frames say so: no list needs to be kept. a: the running native's window. */
static bool being_joined(struct vm *vm, const val *a, val o)
{
	for (const val *fp = (const val *)(uintptr_t)a[FP_LINK]; fp != NULL; fp = (const val *)(uintptr_t)fp[FP_LINK]) {
		native_fn fn;

		if (!(fp[FP_FLAGS] & FRAME_NATIVE) || fp[0] != o || !v_iskind(fp[FP_CALLEE], KIND_NFUNC))
			continue;
		fn = nfunc_def(vm, (const struct nfunc *)(const void *)v_tocell(fp[FP_CALLEE]))->fn;
		if (fn == array_join || fn == array_to_string || fn == array_to_locale_string)
			return true;
	}
	return false;
}

static void put_int(struct strbuf *b, int32_t i)
{
	char text[12], *p = text + sizeof text;
	uint32_t u = i < 0 ? 0u - (uint32_t)i : (uint32_t)i;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (i < 0)
		*--p = '-';
	strbuf_ascii(b, p, (size_t)(text + sizeof text - p));
}

static val element_text(struct vm *vm, val v, bool locale)
{
	if (locale) {
		v = obj_invoke(vm, v, key_of_utf8(vm, "toLocaleString", 14), 0, NULL);
		if (v == V_EXC)
			return V_EXC;
	}
	return to_string(vm, v);
}

/* The elements of o with sep between them. */
static val join(struct vm *vm, const val *a, struct obj *o, int64_t len, struct str *sep, bool locale)
{
	struct sview gap = str_view(vm, sep);
	bool checked = false;
	struct strbuf b;

	strbuf_init(&b, vm, (uint32_t)(len < 1024 ? len * 8 : 8192));
	for (int64_t i = 0; i < len && !b.err; i++) {
		val v = array_get(vm, o, i);

		if (v == V_EXC || VM_TICK(vm, 2))
			return V_EXC;
		if (i != 0 && gap.len == 1 && !gap.wide)
			strbuf_unit(&b, gap.p8[0]);
		else if (i != 0 && gap.len != 0)
			strbuf_view(&b, gap);
		if (v_isstr(v) && !locale) {
			strbuf_str(&b, v_tostr(v));
			continue;
		}
		if (v_isint(v) && !locale) {
			put_int(&b, v_toint(v));
			continue;
		}
		if (v_isnullish(v))
			continue;
		if (!checked && v_isobj(v)) {
			if (being_joined(vm, a, v_cell(o)))
				return atom_str(vm, A_empty);
			checked = true;
		}
		v = element_text(vm, v, locale);
		if (v == V_EXC)
			return V_EXC;
		strbuf_str(&b, v_tostr(v));
	}
	return strbuf_end(&b);
}

val array_join(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);
	val sep;

	if (o == NULL)
		return V_EXC;
	sep = v_isundef(ARG(0)) ? str_from_unit(vm, ',') : to_string(vm, ARG(0));
	return sep == V_EXC ? V_EXC : join(vm, a, o, len, v_tostr(sep), false);
}

val array_to_string(struct vm *vm, val *a, uint32_t argc)
{
	val o = to_object(vm, a[0]), f;

	(void)argc;
	if (o == V_EXC)
		return V_EXC;
	f = obj_get(vm, v_toobj(o), A_join);
	if (f == V_EXC)
		return V_EXC;
	/* The usual case without a second frame. */
	if (f == vm->intr[INTR_ArrayProto_join] && v_isarr(o)) {
		val comma = str_from_unit(vm, ',');

		return join(vm, a, v_toobj(o), v_toarr(o)->len.v, v_tostr(comma), false);
	}
	if (!func_is_callable(f))
		f = vm->intr[INTR_ObjProto_toString];
	a[0] = V_UNDEF;   /* it is not this frame that writes o (being_joined) */
	return call_value(vm, f, o, 0, NULL);
}

val array_to_locale_string(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct obj *o = array_this(vm, a[0], &len);

	(void)argc;
	return o == NULL ? V_EXC : join(vm, a, o, len, v_tostr(str_from_unit(vm, ',')), true);
}
