/* typedarray.c: %TypedArray%, its subclasses and what makes typed arrays (ECMA-262
 * 23.2). The methods are in typedarray_*.c, the element rules in object/typed.c. */
#include "engine/builtins/typedarray.h"

#include "engine/builtins/builtins.h"
#include "engine/builtins/iterator.h"

_Static_assert(INTR_BigUint64Array - INTR_Int8Array == TYPED_BigUint64, "intrinsics in the order of typed.def");
_Static_assert(INTR_BigUint64ArrayPrototype - INTR_Int8ArrayPrototype == TYPED_BigUint64, "the same");

/* ---- checks ---------------------------------------------------------------------------- */

static struct typed *not_typed(struct vm *vm, val v, const char *method)
{
	throw_type(vm, "%%TypedArray%%.prototype.%s called on incompatible receiver %s: it is not a typed array", method,
	           val_for_message(vm, v));
	return NULL;
}

int typedarray_check(struct vm *vm, struct typed *t, const char *method)
{
	if (likely(!typed_oob(vm, t)))
		return 0;
	if (buffer_detached(t->buf.v))
		throw_type(vm, "Cannot perform %%TypedArray%%.prototype.%s on a detached ArrayBuffer", method);
	else
		throw_type(vm, "Cannot perform %%TypedArray%%.prototype.%s on a typed array that is out of bounds", method);
	return -1;
}

struct typed *typedarray_validate(struct vm *vm, val v, const char *method, int64_t *len)
{
	struct typed *t = v_totyped(v);

	if (!v_istyped(v))
		return not_typed(vm, v, method);
	if (typedarray_check(vm, t, method) < 0)
		return NULL;
	if (len != NULL)
		*len = (int64_t)t->len.v;
	return t;
}

int typedarray_callable(struct vm *vm, val fn)
{
	if (func_is_callable(fn))
		return 0;
	throw_type(vm, "%s is not a function", val_for_message(vm, fn));
	return -1;
}

/* ---- making ------------------------------------------------------------------------------ */

static struct buffer *buffer_for(struct vm *vm, enum typed_type type, int64_t len)
{
	if (len > BUFFER_MAX / typed_size[type]) {
		throw_range(vm, "Invalid typed array length: %lld", (long long)len);
		return NULL;
	}
	return buffer_new(vm, obj_intr(vm, INTR_ArrayBufferPrototype), len * typed_size[type], -1, false);
}

static struct typed *make(struct vm *vm, struct obj *proto, enum typed_type type, int64_t len)
{
	struct buffer *b = buffer_for(vm, type, len);

	return b != NULL ? typed_new(vm, proto, KIND_TYPED_ARRAY, type, b, 0, (uint64_t)len) : NULL;
}

struct typed *typedarray_new(struct vm *vm, enum typed_type type, int64_t len)
{
	return make(vm, obj_intr(vm, (enum intrinsic)(INTR_Int8ArrayPrototype + (int)type)), type, len);
}

static struct typed *create(struct vm *vm, val ctor, uint32_t argc, const val *argv, int64_t len)
{
	struct typed *t;
	val v;

	/* Constructing an intrinsic with a length cannot be observed. */
	for (unsigned i = 0; len >= 0 && i < TYPED__N; i++)
		if (ctor == vm->intr[INTR_Int8Array + i])
			return typedarray_new(vm, i, len);
	v = vm_construct(vm, ctor, ctor, argc, argv);
	if (v == V_EXC)
		return NULL;
	if (!v_istyped(v)) {
		throw_type(vm, "%s is not a typed array", val_for_message(vm, v));
		return NULL;
	}
	t = v_totyped(v);
	if (typedarray_check(vm, t, "constructor") < 0)
		return NULL;
	if (len >= 0 && (int64_t)t->len.v < len) {
		throw_type(vm, "Derived typed array constructor created an array which was too small");
		return NULL;
	}
	return t;
}

struct typed *typedarray_create(struct vm *vm, val ctor, int64_t len)
{
	val arg = v_i64(len);

	return create(vm, ctor, 1, &arg, len);
}

int typedarray_same_content(struct vm *vm, const struct typed *t, const struct typed *r)
{
	if (typed_is_big(t->type.v) == typed_is_big(r->type.v))
		return 0;
	throw_type(vm, "Cannot mix BigInt and other types: %s, %s", typed_name[t->type.v], typed_name[r->type.v]);
	return -1;
}

struct typed *typedarray_species(struct vm *vm, struct typed *t, uint32_t argc, const val *argv, int64_t len)
{
	val ctor = obj_species_ctor(vm, (struct obj *)(void *)t, vm->intr[INTR_Int8Array + t->type.v]);

	struct typed *r = ctor == V_EXC ? NULL : create(vm, ctor, argc, argv, len);

	return r != NULL && typedarray_same_content(vm, t, r) < 0 ? NULL : r;
}

int typedarray_convert(struct vm *vm, struct typed *dst, uint64_t at, struct typed *src, uint64_t from, uint64_t n)
{
	uint32_t dt = dst->type.v, st = src->type.v;
	uint8_t *d = typed_at(dst, at);
	const uint8_t *s = typed_at(src, from);

	if (n == 0)
		return 0;
	if (typed_is_big(dt))   /* modulo 2^64 both: the same bytes */
		return buffer_move(vm, d, s, n * 8);
	if (VM_TICK(vm, (int64_t)(n / 2)))
		return -1;
	heap_wb_range(&vm->heap, d, n * typed_size[dt]);
	for (uint64_t i = 0; i < n; i++, d += typed_size[dt], s += typed_size[st])
		typed_encode(dt, d, typed_load(vm, st, s));
	return 0;
}

/* ---- the constructors (23.2.5.1) ------------------------------------------------------------ */

static val bad_length(struct vm *vm, val v)
{
	return throw_range(vm, "Invalid typed array length: %s", val_for_message(vm, v));
}

/* 23.2.5.1.2 InitializeTypedArrayFromTypedArray */
static val from_typed(struct vm *vm, struct obj *proto, enum typed_type type, struct typed *src)
{
	struct typed *t;

	if (typedarray_check(vm, src, "constructor") < 0)
		return V_EXC;
	t = make(vm, proto, type, (int64_t)src->len.v);
	if (t == NULL || typedarray_same_content(vm, src, t) < 0)
		return V_EXC;
	if (src->type.v == type ? buffer_move(vm, t->data.v, src->data.v, src->len.v * typed_size[type]) < 0
	                        : typedarray_convert(vm, t, 0, src, 0, src->len.v) < 0)
		return V_EXC;
	return v_cell(t);
}

/* 23.2.5.1.3 InitializeTypedArrayFromArrayBuffer */
static val from_buffer(struct vm *vm, struct obj *proto, enum typed_type type, struct buffer *b, val off_v, val len_v)
{
	int64_t size = typed_size[type], off, len = -1, have;
	uint64_t n;

	if (to_index(vm, off_v, &off) < 0)
		return V_EXC;
	if (off % size != 0)
		return throw_range(vm, "start offset of %s should be a multiple of %lld", typed_name[type], (long long)size);
	if (!v_isundef(len_v) && to_index(vm, len_v, &len) < 0)
		return V_EXC;
	if (buffer_detached(b))
		return throw_type(vm, "Cannot perform Construct on a detached ArrayBuffer");
	have = (int64_t)b->len.v;
	if (len >= 0) {
		if (len > BUFFER_MAX / size || off + len * size > have)
			return bad_length(vm, v_i64(len));
		n = (uint64_t)len;
	} else if (!buffer_fixed(b)) {
		if (off > have)
			return throw_range(vm, "Start offset %lld is outside the bounds of the buffer", (long long)off);
		n = TYPED_TRACKS;
	} else {
		if (have % size != 0)
			return throw_range(vm, "byte length of %s should be a multiple of %lld", typed_name[type], (long long)size);
		if (off > have)
			return throw_range(vm, "Start offset %lld is outside the bounds of the buffer", (long long)off);
		n = (uint64_t)(have - off) / (uint64_t)size;
	}
	return v_cell(typed_new(vm, proto, KIND_TYPED_ARRAY, type, b, (uint64_t)off, n));
}

/* Puts the elements of an array-like, or of a dense list, into t from 0 on. */
static int fill_from(struct vm *vm, struct typed *t, struct obj *o, int64_t len)
{
	for (int64_t i = 0; i < len; i++) {
		val v = obj_get_i64(vm, o, i);

		if (v == V_EXC || VM_TICK(vm, 3) || typed_put(vm, t, (uint64_t)i, v) < 0)
			return -1;
	}
	return 0;
}

static val from_object(struct vm *vm, struct obj *proto, enum typed_type type, struct obj *o)
{
	struct obj *from = o;
	struct typed *t;
	int64_t len;

	/* An array whose iteration cannot be observed is its own list of values, and
	 * only ToNumber of objects among them could change it meanwhile. */
	if (!(iter_array_fast(vm, v_cell(o)) && arr_is_dense(v_toarr(v_cell(o))))) {
		val method = obj_get_method(vm, v_cell(o), A_sym_iterator), r[3];

		if (method == V_EXC)
			return V_EXC;
		if (!v_isundef(method)) {
			val list;

			if (iter_open_method(vm, v_cell(o), method, r) < 0)
				return V_EXC;
			list = iter_collect_rest(vm, r);
			if (list == V_EXC)
				return V_EXC;
			from = v_toobj(list);
		}
	} else {
		struct arr *a = v_toarr(v_cell(o)), *copy;

		for (uint32_t i = 0; i < a->len.v; i++) {
			if (v_isnum(a->elem.v[i].v))
				continue;
			copy = v_toarr(arr_from(vm, (const val *)(const void *)a->elem.v, a->len.v));
			if (v_cell(copy) == V_EXC)
				return V_EXC;
			from = (struct obj *)(void *)copy;
			break;
		}
	}
	if (obj_length(vm, from, &len) < 0)
		return V_EXC;
	t = make(vm, proto, type, len);
	return t == NULL || fill_from(vm, t, from, len) < 0 ? V_EXC : v_cell(t);
}

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	enum typed_type type = (enum typed_type)nfunc_def(vm, (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]))->magic;
	enum intrinsic dflt = (enum intrinsic)(INTR_Int8ArrayPrototype + (int)type);
	val first = ARG(0), proto;
	struct typed *t;
	int64_t len = 0;

	if (!v_isobj(first) && to_index(vm, first, &len) < 0)
		return V_EXC;
	proto = obj_proto_from_ctor(vm, NEWT(), dflt);
	if (proto == V_EXC)
		return V_EXC;
	if (!v_isobj(first)) {
		t = make(vm, v_toobj(proto), type, len);
		return t != NULL ? v_cell(t) : V_EXC;
	}
	if (v_istyped(first))
		return from_typed(vm, v_toobj(proto), type, v_totyped(first));
	if (v_iskind(first, KIND_ARRAY_BUFFER))
		return from_buffer(vm, v_toobj(proto), type, v_tobuffer(first), ARG(1), ARG(2));
	return from_object(vm, v_toobj(proto), type, v_toobj(first));
}

/* ---- %TypedArray% (23.2.1, 23.2.2) --------------------------------------------------------------- */

static val abstract(struct vm *vm, val *a, uint32_t argc)
{
	(void)a, (void)argc;
	return throw_type(vm, "Abstract class TypedArray not directly constructable");
}

static val species(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return a[0];
}

static val not_ctor(struct vm *vm, val v) { return throw_type(vm, "%s is not a constructor", val_for_message(vm, v)); }

static val of(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t;

	if (!func_is_ctor(vm, a[0]))
		return not_ctor(vm, a[0]);
	t = typedarray_create(vm, a[0], argc);
	if (t == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < argc; i++)
		if (VM_TICK(vm, 2) || obj_put_i64(vm, (struct obj *)(void *)t, i, a[i + 1]) < 0)
			return V_EXC;
	return v_cell(t);
}

static val from(struct vm *vm, val *a, uint32_t argc)
{
	val map = ARG(1), method, o, r[3];
	struct typed *t;
	int64_t len;

	if (!func_is_ctor(vm, a[0]))
		return not_ctor(vm, a[0]);
	if (!v_isundef(map) && typedarray_callable(vm, map) < 0)
		return V_EXC;
	method = obj_get_method(vm, ARG(0), A_sym_iterator);
	if (method == V_EXC)
		return V_EXC;
	if (!v_isundef(method)) {
		if (iter_open_method(vm, ARG(0), method, r) < 0)
			return V_EXC;
		o = iter_collect_rest(vm, r);
	} else {
		o = to_object(vm, ARG(0));
	}
	if (o == V_EXC || obj_length(vm, v_toobj(o), &len) < 0)
		return V_EXC;
	t = typedarray_create(vm, a[0], len);
	if (t == NULL)
		return V_EXC;
	for (int64_t i = 0; i < len; i++) {
		val v = obj_get_i64(vm, v_toobj(o), i);

		if (v == V_EXC || VM_TICK(vm, 3))
			return V_EXC;
		if (!v_isundef(map))
			v = call_2(vm, map, ARG(2), v, v_i64(i));
		if (v == V_EXC || obj_put_i64(vm, (struct obj *)(void *)t, i, v) < 0)
			return V_EXC;
	}
	return v_cell(t);
}

/* ---- getters, iterators ------------------------------------------------------------------------------ */

static val buffer(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return v_istyped(a[0]) ? v_cell(v_totyped(a[0])->buf.v) : (not_typed(vm, a[0], "buffer"), V_EXC);
}

static val byte_length(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = v_totyped(a[0]);

	(void)argc;
	if (!v_istyped(a[0]))
		return not_typed(vm, a[0], "byteLength"), V_EXC;
	return v_i64((int64_t)(typed_len(vm, t) * typed_size[t->type.v]));
}

static val byte_offset(struct vm *vm, val *a, uint32_t argc)
{
	struct typed *t = v_totyped(a[0]);

	(void)argc;
	if (!v_istyped(a[0]))
		return not_typed(vm, a[0], "byteOffset"), V_EXC;
	return typed_oob(vm, t) ? v_int(0) : v_i64((int64_t)t->offset.v);
}

static val length(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	if (!v_istyped(a[0]))
		return not_typed(vm, a[0], "length"), V_EXC;
	return v_i64((int64_t)typed_len(vm, v_totyped(a[0])));
}

static val tag(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return v_istyped(a[0]) ? str_cstr(vm, typed_name[v_totyped(a[0])->type.v]) : V_UNDEF;
}

static val iterate(struct vm *vm, val v, const char *method, enum array_iter_kind kind)
{
	struct typed *t = typedarray_validate(vm, v, method, NULL);

	return t != NULL ? array_iterator_new(vm, (struct obj *)(void *)t, kind) : V_EXC;
}

static val entries(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return iterate(vm, a[0], "entries", ARRAY_ITER_ENTRIES);
}

static val keys(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return iterate(vm, a[0], "keys", ARRAY_ITER_KEYS);
}

static val values(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return iterate(vm, a[0], "values", ARRAY_ITER_VALUES);
}

/* ---- tables --------------------------------------------------------------------------------------------- */

static const struct native_def abstract_def = { "TypedArray", abstract, 0, NF_CTOR, EFF_NONE, 0, "23.2.1.1" };

static const struct native_def ctor_defs[TYPED__N] = {
#define TYPED(name, size) { #name "Array", construct, 3, NF_CTOR | NF_CTOR_ONLY, EFF_CALLS, TYPED_##name, "23.2.5.1" },
#include "engine/object/typed.def"
};

static const struct row static_rows[] = {
	NF_METHOD("from", 1, from, EFF_CALLS, "23.2.2.1"),
	NF_METHOD("of", 0, of, EFF_CALLS, "23.2.2.2"),
	NF_GETTER("@@species", species, EFF_NONE, "23.2.2.4"),
};

static const struct row proto_rows[] = {
	NF_GETTER("buffer", buffer, EFF_NONE, "23.2.3.2"),
	NF_GETTER("byteLength", byte_length, EFF_NONE, "23.2.3.3"),
	NF_GETTER("byteOffset", byte_offset, EFF_NONE, "23.2.3.4"),
	NF_GETTER("length", length, EFF_NONE, "23.2.3.21"),
	NF_METHOD("entries", 0, entries, EFF_NONE, "23.2.3.7"),
	NF_METHOD("keys", 0, keys, EFF_NONE, "23.2.3.19"),
	NF_METHOD("values", 0, values, EFF_NONE, "23.2.3.35"),
	NF_ALIAS("@@iterator", "values"),
	NF_METHOD("at", 1, typedarray_at, EFF_CALLS, "23.2.3.1"),
	NF_METHOD("copyWithin", 2, typedarray_copy_within, EFF_MUT | EFF_CALLS, "23.2.3.6"),
	NF_METHOD("every", 1, typedarray_every, EFF_CALLS, "23.2.3.8"),
	NF_METHOD("fill", 1, typedarray_fill, EFF_MUT | EFF_CALLS, "23.2.3.9"),
	NF_METHOD("filter", 1, typedarray_filter, EFF_MUT | EFF_CALLS, "23.2.3.10"),
	NF_METHOD("find", 1, typedarray_find, EFF_CALLS, "23.2.3.11"),
	NF_METHOD("findIndex", 1, typedarray_find_index, EFF_CALLS, "23.2.3.12"),
	NF_METHOD("findLast", 1, typedarray_find_last, EFF_CALLS, "23.2.3.13"),
	NF_METHOD("findLastIndex", 1, typedarray_find_last_index, EFF_CALLS, "23.2.3.14"),
	NF_METHOD("forEach", 1, typedarray_for_each, EFF_CALLS, "23.2.3.15"),
	NF_METHOD("includes", 1, typedarray_includes, EFF_CALLS, "23.2.3.16"),
	NF_METHOD("indexOf", 1, typedarray_index_of, EFF_CALLS, "23.2.3.17"),
	NF_METHOD("join", 1, typedarray_join, EFF_CALLS, "23.2.3.18"),
	NF_METHOD("lastIndexOf", 1, typedarray_last_index_of, EFF_CALLS, "23.2.3.20"),
	NF_METHOD("map", 1, typedarray_map, EFF_MUT | EFF_CALLS, "23.2.3.22"),
	NF_METHOD("reduce", 1, typedarray_reduce, EFF_CALLS, "23.2.3.23"),
	NF_METHOD("reduceRight", 1, typedarray_reduce_right, EFF_CALLS, "23.2.3.24"),
	NF_METHOD("reverse", 0, typedarray_reverse, EFF_MUT, "23.2.3.25"),
	NF_METHOD("set", 1, typedarray_set, EFF_MUT | EFF_CALLS, "23.2.3.26"),
	NF_METHOD("slice", 2, typedarray_slice, EFF_MUT | EFF_CALLS, "23.2.3.27"),
	NF_METHOD("some", 1, typedarray_some, EFF_CALLS, "23.2.3.28"),
	NF_METHOD("sort", 1, typedarray_sort, EFF_MUT | EFF_CALLS, "23.2.3.29"),
	NF_METHOD("subarray", 2, typedarray_subarray, EFF_CALLS, "23.2.3.30"),
	NF_METHOD("toLocaleString", 0, typedarray_to_locale_string, EFF_CALLS, "23.2.3.31"),
	NF_METHOD("toReversed", 0, typedarray_to_reversed, EFF_NONE, "23.2.3.32"),
	NF_METHOD("toSorted", 1, typedarray_to_sorted, EFF_CALLS, "23.2.3.33"),
	NF_METHOD("with", 2, typedarray_with, EFF_CALLS, "23.2.3.36"),
	NF_GETTER("@@toStringTag", tag, EFF_NONE, "23.2.3.38"),
};

void builtin_typedarray_init(struct vm *vm)
{
	struct obj *proto = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0), *ctor;
	pkey bytes = key_of_utf8(vm, "BYTES_PER_ELEMENT", 17);
	struct pdesc d;

	vm->intr[INTR_TypedArrayPrototype] = v_cell(proto);
	ctor = native_ctor(vm, &abstract_def, INTR_TypedArray, NULL, proto, static_rows, ARRAY_LEN(static_rows),
	                   proto_rows, ARRAY_LEN(proto_rows));
	if (obj_get_own(vm, proto, A_length, &d) > 0)
		vm->intr[INTR_TypedArrayProto_length] = d.get;
	/* %TypedArray% is reached through its subclasses only. */
	obj_delete(vm, vm->global, key_of_utf8(vm, "TypedArray", 10));
	obj_def(vm, proto, A_toString, obj_get(vm, obj_intr(vm, INTR_ArrayPrototype), A_toString), ATTR_WC);
	for (unsigned i = 0; i < TYPED__N; i++) {
		struct obj *p = obj_new_inl(vm, proto, 2), *c;

		vm->intr[INTR_Int8ArrayPrototype + i] = v_cell(p);
		c = native_ctor(vm, &ctor_defs[i], (enum intrinsic)(INTR_Int8Array + i), ctor, p, NULL, 0, NULL, 0);
		obj_def(vm, c, bytes, v_int(typed_size[i]), 0);
		obj_def(vm, p, bytes, v_int(typed_size[i]), 0);
	}
	native_install(vm, obj_intr(vm, INTR_Uint8Array), typedarray_text_static_rows, typedarray_text_static_nrows);
	native_install(vm, obj_intr(vm, INTR_Uint8ArrayPrototype), typedarray_text_rows, typedarray_text_nrows);
}
