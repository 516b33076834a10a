/* typedarray_search.c: at, includes, indexOf, lastIndexOf, join and toLocaleString of
 * %TypedArray%.prototype (ECMA-262 23.2.3). Converting an argument may shrink the
 * buffer; then elements beyond its end are undefined or, to indexOf, absent. */
#include "engine/builtins/typedarray.h"

#include "engine/object/bigint.h"

val typedarray_at(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct typed *t = typedarray_validate(vm, a[0], "at", &len);
	double d;

	if (t == NULL || to_integer_or_inf(vm, ARG(0), &d) < 0)
		return V_EXC;
	if (d < 0)
		d += (double)len;
	return d >= 0 && d < (double)len ? typed_get(vm, t, (uint64_t)d) : V_UNDEF;
}

/* May an element of t equal v at all? */
static bool comparable(const struct typed *t, val v) { return typed_is_big(t->type.v) ? v_isbig(v) : v_isnum(v); }

/* scan, for BigInts: the bytes are compared. */
static int64_t scan_big(struct vm *vm, struct typed *t, int64_t i, int64_t end, int step, val want)
{
	uint64_t u = big_to_u64(want), x, len = typed_len(vm, t);

	if (!big_equal(typed_load(vm, t->type.v, &u), want))
		return -1;
	for (; i != end; i += step) {
		if ((i & 255) == 0 && VM_TICK(vm, 64))
			return -2;
		if ((uint64_t)i >= len)
			continue;
		memcpy(&x, typed_at(t, (uint64_t)i), 8);
		if (x == u)
			return i;
	}
	return -1;
}

/* First (or with step -1 last) index from i on whose element equals `want`, which is
 * comparable, NaN equalling NaN if nan; -1: none, -2: exception. */
static int64_t scan(struct vm *vm, struct typed *t, int64_t i, int64_t end, int step, val want, bool nan)
{
	double d;

	if (typed_is_big(t->type.v))
		return scan_big(vm, t, i, end, step, want);
	d = v_numof(want);
	if (d != d && !nan)
		return -1;
	for (; i != end; i += step) {
		val v = typed_get(vm, t, (uint64_t)i);

		if ((i & 255) == 0 && VM_TICK(vm, 64))
			return -2;
		if (v_isundef(v))
			continue;
		if (v == want || (v_numof(v) == d) || (d != d && v_numof(v) != v_numof(v)))
			return i;
	}
	return -1;
}

val typedarray_includes(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, i;
	struct typed *t = typedarray_validate(vm, a[0], "includes", &len);

	if (t == NULL)
		return V_EXC;
	if (len == 0)
		return V_FALSE;
	if (to_rel_index(vm, ARG(1), len, 0, &i) < 0)
		return V_EXC;
	if (v_isundef(ARG(0)))   /* what is gone reads as undefined */
		return v_bool(i < len && (uint64_t)len > typed_len(vm, t));
	if (!comparable(t, ARG(0)))
		return V_FALSE;
	i = scan(vm, t, i, len, 1, ARG(0), true);
	return i == -2 ? V_EXC : v_bool(i >= 0);
}

val typedarray_index_of(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, i;
	struct typed *t = typedarray_validate(vm, a[0], "indexOf", &len);

	if (t == NULL)
		return V_EXC;
	if (len == 0)
		return v_int(-1);
	if (to_rel_index(vm, ARG(1), len, 0, &i) < 0)
		return V_EXC;
	if (!comparable(t, ARG(0)))
		return v_int(-1);
	i = scan(vm, t, i, len, 1, ARG(0), false);
	return i == -2 ? V_EXC : v_i64(i);
}

val typedarray_last_index_of(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, i;
	struct typed *t = typedarray_validate(vm, a[0], "lastIndexOf", &len);
	double d;

	if (t == NULL)
		return V_EXC;
	if (len == 0)
		return v_int(-1);
	d = (double)len - 1;
	if (argc >= 2 && to_integer_or_inf(vm, a[2], &d) < 0)
		return V_EXC;
	if (d < 0)
		d += (double)len;
	if (d < 0 || !comparable(t, ARG(0)))
		return v_int(-1);
	i = scan(vm, t, d >= (double)len ? len - 1 : (int64_t)d, -1, -1, ARG(0), false);
	return i == -2 ? V_EXC : v_i64(i);
}

/* ---- join, toLocaleString ------------------------------------------------------------------------ */

static val join(struct vm *vm, struct typed *t, int64_t len, struct str *sep, bool locale)
{
	pkey name = locale ? key_of_utf8(vm, "toLocaleString", 14) : PKEY_NONE;
	struct strbuf b;

	strbuf_init(&b, vm, 64);
	for (int64_t i = 0; i < len; i++) {
		val v = typed_get(vm, t, (uint64_t)i);
		struct str *s;

		if (VM_TICK(vm, 4))
			return V_EXC;
		if (i != 0)
			strbuf_str(&b, sep);
		if (b.err)
			return V_EXC;
		if (v_isundef(v))
			continue;
		if (locale)
			v = obj_invoke(vm, v, name, 0, NULL);
		s = v != V_EXC ? to_str(vm, v) : NULL;
		if (s == NULL)
			return V_EXC;
		strbuf_str(&b, s);
	}
	return strbuf_end(&b);
}

val typedarray_join(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct typed *t = typedarray_validate(vm, a[0], "join", &len);
	struct str *sep;

	if (t == NULL)
		return V_EXC;
	sep = v_isundef(ARG(0)) ? v_tostr(str_cstr(vm, ",")) : to_str(vm, ARG(0));
	return sep != NULL ? join(vm, t, len, sep, false) : V_EXC;
}

val typedarray_to_locale_string(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct typed *t = typedarray_validate(vm, a[0], "toLocaleString", &len);

	(void)argc;
	return t != NULL ? join(vm, t, len, v_tostr(str_cstr(vm, ",")), true) : V_EXC;
}
