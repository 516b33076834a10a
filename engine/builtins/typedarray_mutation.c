/* typedarray_mutation.c: the methods of %TypedArray%.prototype that move bytes: copies,
 * parts and changes in place (ECMA-262 23.2.3). */
#include "engine/builtins/typedarray.h"

#include "engine/object/bigint.h"

static int64_t least(int64_t x, int64_t y) { return x < y ? x : y; }

val typedarray_copy_within(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, to, from, last, n, size;
	struct typed *t = typedarray_validate(vm, a[0], "copyWithin", &len);

	if (t == NULL || to_rel_index(vm, ARG(0), len, 0, &to) < 0 || to_rel_index(vm, ARG(1), len, 0, &from) < 0 ||
	    to_rel_index(vm, ARG(2), len, len, &last) < 0)
		return V_EXC;
	n = least(last - from, len - to);
	if (n <= 0)
		return a[0];
	if (typedarray_check(vm, t, "copyWithin") < 0)
		return V_EXC;
	len = (int64_t)t->len.v;
	n = least(n, least(len - from, len - to));
	size = typed_size[t->type.v];
	if (n > 0 && buffer_move(vm, t->data.v + to * size, t->data.v + from * size, (uint64_t)(n * size)) < 0)
		return V_EXC;
	return a[0];
}

#define FILL_PIECE 65536

val typedarray_fill(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, i, end;
	struct typed *t = typedarray_validate(vm, a[0], "fill", &len);
	size_t size, n;
	uint8_t *p;
	val v;

	if (t == NULL)
		return V_EXC;
	v = typed_coerce(vm, t->type.v, ARG(0));
	if (v == V_EXC || to_rel_index(vm, ARG(1), len, 0, &i) < 0 || to_rel_index(vm, ARG(2), len, len, &end) < 0 ||
	    typedarray_check(vm, t, "fill") < 0)
		return V_EXC;
	end = least(end, (int64_t)t->len.v);
	if (i >= end)
		return a[0];
	size = typed_size[t->type.v];
	n = (size_t)(end - i) * size;
	p = typed_at(t, (uint64_t)i);
	if (VM_TICK(vm, (int64_t)(n / 16)))
		return V_EXC;
	heap_wb_range(&vm->heap, p, n);
	typed_encode(t->type.v, p, v);
	for (size_t done = size; done < n;) { /* what is done fills as much again */
		size_t more = done < n - done ? done : n - done;

		more = more > FILL_PIECE ? FILL_PIECE : more;
		memcpy(p + done, p, more);
		done += more;
		if (VM_TICK(vm, (int64_t)(more / 64)))
			return V_EXC;
	}
	return a[0];
}

/* ---- set ---------------------------------------------------------------------------------- */

/* Numbers of one array as elements of another, as if all were read first: when
 * both lie in one buffer the source is copied. */
static int set_converted(struct vm *vm, struct typed *t, uint64_t at, struct typed *src, uint64_t n)
{
	if (t->buf.v == src->buf.v) {
		struct typed *copy = typedarray_new(vm, src->type.v, (int64_t)n);

		if (copy == NULL || buffer_move(vm, copy->data.v, src->data.v, n * typed_size[src->type.v]) < 0)
			return -1;
		src = copy;
	}
	return typedarray_convert(vm, t, at, src, 0, n);
}

/* 23.2.3.26.1 */
static int set_typed(struct vm *vm, struct typed *t, double off, struct typed *src)
{
	uint64_t n, at;

	if (typedarray_check(vm, t, "set") < 0 || typedarray_check(vm, src, "set") < 0 ||
	    typedarray_same_content(vm, t, src) < 0)
		return -1;
	n = src->len.v;
	if ((double)n + off > (double)t->len.v) {
		throw_range(vm, "offset is out of bounds");
		return -1;
	}
	at = (uint64_t)off;
	if (src->type.v == t->type.v)
		return buffer_move(vm, typed_at(t, at), src->data.v, n * typed_size[t->type.v]);
	return set_converted(vm, t, at, src, n);
}

/* 23.2.3.26.2 */
static int set_list(struct vm *vm, struct typed *t, double off, val source)
{
	double room;
	int64_t n;
	val o;

	if (typedarray_check(vm, t, "set") < 0)
		return -1;
	room = (double)t->len.v - off;   /* as it is before anything runs */
	o = to_object(vm, source);
	if (o == V_EXC)
		return -1;
	if (obj_length(vm, v_toobj(o), &n) < 0)
		return -1;
	if ((double)n > room) {
		throw_range(vm, "offset is out of bounds");
		return -1;
	}
	for (int64_t i = 0; i < n; i++) {
		val v = obj_get_i64(vm, v_toobj(o), i);

		if (v == V_EXC || VM_TICK(vm, 3) || typed_put(vm, t, (uint64_t)off + (uint64_t)i, v) < 0)
			return -1;
	}
	return 0;
}

val typedarray_set(struct vm *vm, val *a, uint32_t argc)
{
	double off;

	if (!v_istyped(a[0]))
		return typedarray_validate(vm, a[0], "set", NULL), V_EXC;
	if (to_integer_or_inf(vm, ARG(1), &off) < 0)
		return V_EXC;
	if (off < 0)
		return throw_range(vm, "offset is out of bounds");
	return (v_istyped(ARG(0)) ? set_typed(vm, v_totyped(a[0]), off, v_totyped(ARG(0)))
	                          : set_list(vm, v_totyped(a[0]), off, ARG(0))) < 0 ? V_EXC : V_UNDEF;
}

/* ---- slice, subarray ---------------------------------------------------------------------------- */

val typedarray_slice(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len, first, last, n;
	struct typed *t = typedarray_validate(vm, a[0], "slice", &len), *r;
	uint64_t bytes;
	uint8_t *d;
	const uint8_t *s;
	val arg;

	if (t == NULL || to_rel_index(vm, ARG(0), len, 0, &first) < 0 || to_rel_index(vm, ARG(1), len, len, &last) < 0)
		return V_EXC;
	n = last > first ? last - first : 0;
	arg = v_i64(n);
	r = typedarray_species(vm, t, 1, &arg, n);
	if (r == NULL)
		return V_EXC;
	if (n == 0)
		return v_cell(r);
	if (typedarray_check(vm, t, "slice") < 0)
		return V_EXC;
	n = least(last, (int64_t)t->len.v) - first;
	n = least(n, (int64_t)typed_len(vm, r));
	if (n <= 0)
		return v_cell(r);
	if (r->type.v != t->type.v)
		return typedarray_convert(vm, r, 0, t, (uint64_t)first, (uint64_t)n) < 0 ? V_EXC : v_cell(r);
	bytes = (uint64_t)n * typed_size[t->type.v];
	d = r->data.v;
	s = typed_at(t, (uint64_t)first);
	if (d <= s || d >= s + bytes)
		return buffer_move(vm, d, s, bytes) < 0 ? V_EXC : v_cell(r);
	/* A species that made a view of the same memory: bytes are copied upwards one by
	 * one, and copies of copies are part of the definition. */
	if (VM_TICK(vm, (int64_t)(bytes / 8)))
		return V_EXC;
	heap_wb_range(&vm->heap, d, bytes);
	for (uint64_t i = 0; i < bytes; i++)
		d[i] = s[i];
	return v_cell(r);
}

val typedarray_subarray(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = v_totyped(a[0]), *r;
	int64_t len, first, last;
	uint32_t n = 2;
	val argv[3];

	if (!v_istyped(a[0]))
		return typedarray_validate(vm, a[0], "subarray", NULL), V_EXC;
	len = (int64_t)typed_len(vm, t);
	if (to_rel_index(vm, ARG(0), len, 0, &first) < 0)
		return V_EXC;
	if (t->fixed.v != TYPED_TRACKS || !v_isundef(ARG(1))) {
		if (to_rel_index(vm, ARG(1), len, len, &last) < 0)
			return V_EXC;
		argv[2] = v_i64(last > first ? last - first : 0);
		n = 3;
	}
	argv[0] = v_cell(t->buf.v);
	argv[1] = v_i64((int64_t)t->offset.v + first * typed_size[t->type.v]);
	r = typedarray_species(vm, t, n, argv, -1);
	return r != NULL ? v_cell(r) : V_EXC;
}

/* ---- reverse, toReversed, with ---------------------------------------------------------------------- */

static void reverse_into(uint8_t *d, const uint8_t *s, uint64_t n, size_t size)
{
	for (uint64_t i = 0; i < n; i++)
		memcpy(d + (n - 1 - i) * size, s + i * size, size);
}

val typedarray_reverse(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct typed *t = typedarray_validate(vm, a[0], "reverse", &len);
	uint8_t tmp[8];
	size_t size;

	(void)argc;
	if (t == NULL || VM_TICK(vm, len / 4))
		return V_EXC;
	size = typed_size[t->type.v];
	heap_wb_range(&vm->heap, t->data.v, (size_t)len * size);
	for (int64_t i = 0, k = len - 1; i < k; i++, k--) {
		memcpy(tmp, typed_at(t, (uint64_t)i), size);
		memcpy(typed_at(t, (uint64_t)i), typed_at(t, (uint64_t)k), size);
		memcpy(typed_at(t, (uint64_t)k), tmp, size);
	}
	return a[0];
}

val typedarray_to_reversed(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct typed *t = typedarray_validate(vm, a[0], "toReversed", &len), *r;

	(void)argc;
	r = t != NULL ? typedarray_new(vm, t->type.v, len) : NULL;
	if (r == NULL || VM_TICK(vm, len / 4))
		return V_EXC;
	reverse_into(r->data.v, t->data.v, (uint64_t)len, typed_size[t->type.v]);
	return v_cell(r);
}

val typedarray_with(struct vm *vm, val *a, uint32_t argc)
{
	int64_t len;
	struct typed *t = typedarray_validate(vm, a[0], "with", &len), *r;
	double i;
	val v;

	if (t == NULL || to_integer_or_inf(vm, ARG(0), &i) < 0)
		return V_EXC;
	if (i < 0)
		i += (double)len;
	v = typed_coerce(vm, t->type.v, ARG(1));
	if (v == V_EXC)
		return V_EXC;
	if (!(i >= 0 && i < (double)typed_len(vm, t)))
		return throw_range(vm, "Invalid typed array index");
	r = typedarray_new(vm, t->type.v, len);
	if (r == NULL)
		return V_EXC;
	/* What was lost on the way reads as undefined: as NaN, or 0, or no BigInt. */
	if (typed_is_big(t->type.v) && t->len.v < (uint64_t)len)
		return to_bigint(vm, V_UNDEF);
	for (int64_t k = (int64_t)t->len.v; k < len; k++)
		typed_encode(r->type.v, typed_at(r, (uint64_t)k), V_NAN);
	if (buffer_move(vm, r->data.v, t->data.v,
	                (uint64_t)least(len, (int64_t)t->len.v) * typed_size[t->type.v]) < 0)
		return V_EXC;
	typed_store(vm, r->type.v, typed_at(r, (uint64_t)i), v);
	return v_cell(r);
}
