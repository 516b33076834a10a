/* array.c: the Array constructor, its tables, and the ways to elements that the
 * other array*.c files share (array.h). Called by the realm and by natives. */
#include "engine/builtins/array.h"

#include "engine/builtins/builtins.h"
#include "engine/builtins/iterator.h"

/* new Array(n) gets a store at once up to this length. */
#define PREALLOC_MAX (1u << 20)

/* ---- reaching elements -------------------------------------------------------------- */

bool array_protos_plain(struct vm *vm, const struct obj *o)
{
	const struct obj *p = obj_shape(vm, o)->proto;

	if (vm->indexed_proto)
		return false;
	for (int depth = 0; p != NULL; depth++) {
		if (p != obj_intr(vm, INTR_ArrayPrototype) && p != obj_intr(vm, INTR_ObjectPrototype) &&
		    (p->h.kind != KIND_OBJECT || depth == 8 ||
		     (p->ext.v != NULL && (p->ext.v->elem.v != NULL || p->ext.v->sparse.v != NULL))))
			return false;
		p = obj_shape(vm, p)->proto;
	}
	return true;
}

static bool has_sparse(const struct arr *a)
{
	return a->ext.v != NULL && a->ext.v->sparse.v != NULL;
}

struct arr *array_simple(struct vm *vm, val v)
{
	struct arr *a = v_toarr(v);

	if (!v_isarr(v) || a->len.v > a->cap.v)
		return NULL;
	if (!(a->h.flags.v & CF_HAS_HOLES))
		return a;
	return !has_sparse(a) && array_protos_plain(vm, v_toobj(v)) ? a : NULL;
}

int array_open(struct vm *vm, val v, struct arr **out)
{
	struct arr *a = v_toarr(v);

	*out = a;
	if (!v_isarr(v) || (a->h.flags.v & (CF_FROZEN_EL | CF_EXTENSIBLE | CF_PROTO)) != CF_EXTENSIBLE ||
	    a->len.v > a->cap.v || has_sparse(a) || !array_protos_plain(vm, v_toobj(v)))
		return 0;
	if (a->h.kind == KIND_ARRAY_COW && arr_reserve(vm, a, a->len.v) < 0)
		return -1;
	return 1;
}

int array_elem_slow(struct vm *vm, struct obj *o, int64_t i, val *out)
{
	pkey k;
	int has;

	/* An index from 2^31 on is a name, wherever the elements lie. */
	if (v_isarr(v_cell(o)) && i < PKEY_INDEX) {
		struct arr *a = (struct arr *)(void *)o;

		if (!has_sparse(a) && array_protos_plain(vm, o))
			return 0;
	}
	k = key_of_i64(vm, i);
	has = obj_has(vm, o, k);
	if (has != 1)
		return has;
	*out = obj_get(vm, o, k);
	return *out == V_EXC ? -1 : 1;
}

int array_delete(struct vm *vm, struct obj *o, int64_t i)
{
	return obj_delete_throw(vm, o, key_of_i64(vm, i));
}

int array_create(struct vm *vm, struct obj *o, int64_t i, val v)
{
	return obj_create_data_throw(vm, o, key_of_i64(vm, i), v);
}

int array_put_length(struct vm *vm, struct obj *o, int64_t len)
{
	return obj_put(vm, o, A_length, v_i64(len));
}

struct obj *array_this(struct vm *vm, val this_v, int64_t *len)
{
	val o = v_isobj(this_v) ? this_v : to_object(vm, this_v);

	if (o == V_EXC)
		return NULL;
	if (likely(v_isarr(o)))
		*len = v_toarr(o)->len.v;
	else if (obj_length(vm, v_toobj(o), len) < 0)
		return NULL;
	return v_toobj(o);
}

int array_callable(struct vm *vm, val fn)
{
	if (likely(v_isfunc(fn)))
		return 0;
	throw_type(vm, "%s is not a function", val_for_message(vm, fn));
	return -1;
}

/* ---- results --------------------------------------------------------------------------- */

/* get Array[@@species] (23.1.2.5) */
static val species(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	(void)argc;
	return a[0];
}

bool array_species_default(struct vm *vm, struct obj *o)
{
	struct find f;
	val get;

	if (o->h.kind != KIND_ARRAY && o->h.kind != KIND_ARRAY_COW)
		return o->h.kind != KIND_PROXY;
	obj_find(vm, o, A_constructor, false, &f);
	if (f.kind != FIND_DATA || f.where->v != vm->intr[INTR_Array])
		return false;
	obj_find(vm, obj_intr(vm, INTR_Array), A_sym_species, false, &f);
	if (f.kind != FIND_ACCESSOR || !f.own)
		return false;
	get = ((const struct accessor *)(const void *)v_tocell(f.where->v))->get.v;
	return v_iskind(get, KIND_NFUNC) && nfunc_def(vm, (const struct nfunc *)(const void *)v_tocell(get))->fn == species;
}

static val bad_length(struct vm *vm)
{
	return throw_range(vm, "Invalid array length");
}

int array_out_begin(struct vm *vm, struct array_out *out, struct obj *orig, int64_t len, int64_t hint)
{
	out->own = NULL;
	if (orig != NULL && !array_species_default(vm, orig)) {
		val r = arr_species_create(vm, orig, len);

		if (r == V_EXC)
			return -1;
		out->o = v_toobj(r);
		return 0;
	}
	if (len > ARRAY_MAX) {
		bad_length(vm);
		return -1;
	}
	/* A large guess is trusted only when as many elements exist already. */
	if (hint > 4096 && !(orig != NULL && v_isarr(v_cell(orig)) && hint <= v_toarr(v_cell(orig))->cap.v))
		hint = 4096;
	out->own = arr_new(vm, (uint32_t)hint);
	out->o = (struct obj *)(void *)out->own;
	return out->own == NULL ? -1 : 0;
}

int array_out_put_slow(struct vm *vm, struct array_out *out, int64_t i, val v)
{
	if (out->own != NULL && i == out->own->len.v && i < INT32_MAX)
		return arr_push(vm, out->own, v);
	return array_create(vm, out->o, i, v);
}

int array_out_words(struct vm *vm, struct array_out *out, int64_t i, const hval *p, uint32_t n)
{
	struct arr *a = out->own;
	bool holes = false;

	if (i != a->len.v || i + n > INT32_MAX || a->len.v > a->cap.v || has_sparse(a)) {
		for (uint32_t k = 0; k < n; k++) {
			if (p[k].v != V_HOLE && array_create(vm, out->o, i + k, p[k].v) < 0)
				return -1;
			if ((k & 255) == 255 && VM_TICK(vm, 2048))
				return -1;
		}
		return 0;
	}
	if (a->len.v + n > a->cap.v && arr_reserve(vm, a, a->len.v + (n > a->len.v / 2 ? n : a->len.v / 2)) < 0)
		return -1;
	if (VM_TICK(vm, n / 16))
		return -1;
	heap_wb_range(&vm->heap, (void *)(a->elem.v + i), n * sizeof(val));
	memcpy((void *)(a->elem.v + i), (const void *)p, n * sizeof(val));
	for (uint32_t k = 0; k < n; k++)
		holes |= p[k].v == V_HOLE;
	if (holes)
		VSET(vm, a->h.flags, a->h.flags.v | CF_HAS_HOLES);
	VSET(vm, a->len, a->len.v + n);
	return 0;
}

val array_out_end(struct vm *vm, struct array_out *out, int64_t len)
{
	if (out->own != NULL && out->own->len.v == len)
		return v_cell(out->o);
	return array_put_length(vm, out->o, len) < 0 ? V_EXC : v_cell(out->o);
}

val array_of_words(struct vm *vm, const hval *p, uint32_t n)
{
	val r = arr_from(vm, (const val *)(const void *)p, n);

	if (r == V_EXC)
		return r;
	for (uint32_t i = 0; i < n; i++) {
		if (p[i].v == V_HOLE) {
			VSET(vm, v_toarr(r)->h.flags, v_toarr(r)->h.flags.v | CF_HAS_HOLES);
			break;
		}
	}
	return r;
}

/* ---- Array (23.1.1) ------------------------------------------------------------------------ */

/* ArrayCreate with a prototype of its own (23.1.1.1 with new.target). */
static struct arr *create_for(struct vm *vm, val newt, val callee)
{
	struct arr *r;
	val proto;

	if (v_isundef(newt) || newt == callee)
		return arr_new(vm, 0);
	proto = obj_proto_from_ctor(vm, newt, INTR_ArrayPrototype);
	if (proto == V_EXC)
		return NULL;
	if (proto == vm->intr[INTR_ArrayPrototype])
		return arr_new(vm, 0);
	r = obj_new_kind(vm, v_toobj(proto), KIND_ARRAY, sizeof *r);
	HINIT(r->elem, NULL);
	HINIT(r->len, 0);
	HINIT(r->cap, 0);
	return r;
}

/* The length of an empty array becomes n: a store of holes, or none when large. */
static int set_initial_length(struct vm *vm, struct arr *r, uint32_t n)
{
	if (n == 0)
		return 0;
	if (n > PREALLOC_MAX)
		return arr_set_length(vm, r, n) < 0 ? -1 : 0;
	if (VM_TICK(vm, n / 16) || arr_reserve(vm, r, n) < 0)
		return -1;
	heap_wb_range(&vm->heap, (void *)r->elem.v, n * sizeof(val));
	memset((void *)r->elem.v, 0, n * sizeof(val));
	VSET(vm, r->h.flags, r->h.flags.v | CF_HAS_HOLES);
	VSET(vm, r->len, n);
	return 0;
}
_Static_assert(V_HOLE == 0, "memset makes holes");

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *r = create_for(vm, NEWT(), a[FP_CALLEE]);

	if (r == NULL)
		return V_EXC;
	if (argc == 1 && v_isnum(a[1])) {
		double d = v_numof(a[1]);

		if (!(d >= 0 && d <= (double)ARRAY_MAX && d == trunc(d)))
			return bad_length(vm);
		return set_initial_length(vm, r, (uint32_t)d) < 0 ? V_EXC : v_cell(r);
	}
	if (argc != 0) {
		if (arr_reserve(vm, r, argc) < 0)
			return V_EXC;
		heap_wb_range(&vm->heap, (void *)r->elem.v, argc * sizeof(val));
		memcpy((void *)r->elem.v, a + 1, argc * sizeof(val));
		VSET(vm, r->len, argc);
	}
	return v_cell(r);
}

static val is_array(struct vm *vm, val *a, uint32_t argc)
{
	int r = arr_is_array(vm, ARG(0));

	return r < 0 ? V_EXC : v_bool(r);
}

/* ---- iterators (23.1.3.5, .19, .38) ------------------------------------------------------------ */

static val make_iterator(struct vm *vm, val this_v, enum array_iter_kind kind)
{
	val o = to_object(vm, this_v);

	return o == V_EXC ? V_EXC : array_iterator_new(vm, v_toobj(o), kind);
}

static val keys(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return make_iterator(vm, a[0], ARRAY_ITER_KEYS);
}

static val values(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return make_iterator(vm, a[0], ARRAY_ITER_VALUES);
}

static val entries(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return make_iterator(vm, a[0], ARRAY_ITER_ENTRIES);
}

/* ---- tables --------------------------------------------------------------------------------------- */

static const struct native_def array_def = { "Array", construct, 1, NF_CTOR, EFF_CALLS, 0, "23.1.1.1" };

static const struct row array_rows[] = {
	NF_METHOD("isArray", 1, is_array, EFF_NONE, "23.1.2.3"),
	NF_METHOD("from", 1, array_from, EFF_MUT | EFF_CALLS, "23.1.2.1"),
	NF_METHOD("fromAsync", 1, array_from_async, EFF_MUT | EFF_CALLS, "2026 23.1.2.2"),
	NF_METHOD("of", 0, array_of, EFF_MUT | EFF_CALLS, "23.1.2.4"),
	NF_GETTER("@@species", species, EFF_NONE, "23.1.2.5"),
};

static const struct row array_proto_rows[] = {
	NF_METHOD("at", 1, array_at, EFF_CALLS, "23.1.3.1"),
	NF_METHOD("concat", 1, array_concat, EFF_MUT | EFF_CALLS, "23.1.3.2"),
	NF_METHOD("copyWithin", 2, array_copy_within, EFF_MUT | EFF_CALLS, "23.1.3.4"),
	NF_METHOD("entries", 0, entries, EFF_NONE, "23.1.3.5"),
	NF_METHOD("every", 1, array_every, EFF_CALLS, "23.1.3.6"),
	NF_METHOD("fill", 1, array_fill, EFF_MUT | EFF_CALLS, "23.1.3.7"),
	NF_METHOD("filter", 1, array_filter, EFF_MUT | EFF_CALLS, "23.1.3.8"),
	NF_METHOD("find", 1, array_find, EFF_CALLS, "23.1.3.9"),
	NF_METHOD("findIndex", 1, array_find_index, EFF_CALLS, "23.1.3.10"),
	NF_METHOD("findLast", 1, array_find_last, EFF_CALLS, "23.1.3.11"),
	NF_METHOD("findLastIndex", 1, array_find_last_index, EFF_CALLS, "23.1.3.12"),
	NF_METHOD("flat", 0, array_flat, EFF_MUT | EFF_CALLS, "23.1.3.13"),
	NF_METHOD("flatMap", 1, array_flat_map, EFF_MUT | EFF_CALLS, "23.1.3.14"),
	NF_METHOD("forEach", 1, array_for_each, EFF_CALLS, "23.1.3.15"),
	NF_METHOD("includes", 1, array_includes, EFF_CALLS, "23.1.3.16"),
	NF_METHOD("indexOf", 1, array_index_of, EFF_CALLS, "23.1.3.17"),
	NF_METHOD_INTR("join", 1, array_join, EFF_CALLS, "23.1.3.18", INTR_ArrayProto_join),
	NF_METHOD("keys", 0, keys, EFF_NONE, "23.1.3.19"),
	NF_METHOD("lastIndexOf", 1, array_last_index_of, EFF_CALLS, "23.1.3.20"),
	NF_METHOD("map", 1, array_map, EFF_MUT | EFF_CALLS, "23.1.3.21"),
	NF_METHOD("pop", 0, array_pop, EFF_MUT | EFF_CALLS, "23.1.3.22"),
	NF_METHOD("push", 1, array_push, EFF_MUT | EFF_CALLS, "23.1.3.23"),
	NF_METHOD("reduce", 1, array_reduce, EFF_CALLS, "23.1.3.24"),
	NF_METHOD("reduceRight", 1, array_reduce_right, EFF_CALLS, "23.1.3.25"),
	NF_METHOD("reverse", 0, array_reverse, EFF_MUT | EFF_CALLS, "23.1.3.26"),
	NF_METHOD("shift", 0, array_shift, EFF_MUT | EFF_CALLS, "23.1.3.27"),
	NF_METHOD("slice", 2, array_slice, EFF_MUT | EFF_CALLS, "23.1.3.28"),
	NF_METHOD("some", 1, array_some, EFF_CALLS, "23.1.3.29"),
	NF_METHOD("sort", 1, array_sort, EFF_MUT | EFF_CALLS, "23.1.3.30"),
	NF_METHOD("splice", 2, array_splice, EFF_MUT | EFF_CALLS, "23.1.3.31"),
	NF_METHOD("toLocaleString", 0, array_to_locale_string, EFF_CALLS, "23.1.3.32"),
	NF_METHOD("toReversed", 0, array_to_reversed, EFF_CALLS, "23.1.3.33"),
	NF_METHOD("toSorted", 1, array_to_sorted, EFF_CALLS, "23.1.3.34"),
	NF_METHOD("toSpliced", 2, array_to_spliced, EFF_CALLS, "23.1.3.35"),
	NF_METHOD("toString", 0, array_to_string, EFF_CALLS, "23.1.3.36"),
	NF_METHOD("unshift", 1, array_unshift, EFF_MUT | EFF_CALLS, "23.1.3.37"),
	NF_METHOD_INTR("values", 0, values, EFF_NONE, "23.1.3.38", INTR_ArrayProto_values),
	NF_METHOD("with", 2, array_with, EFF_CALLS, "23.1.3.39"),
	NF_ALIAS("@@iterator", "values"),
};

/* Names that `with (array)` must not see (23.1.3.41). */
static const char *const unscopable[] = { "at", "copyWithin", "entries", "fill", "find", "findIndex", "findLast",
	"findLastIndex", "flat", "flatMap", "includes", "keys", "toReversed", "toSorted", "toSpliced", "values" };

void builtin_array_init(struct vm *vm)
{
	struct arr *p = obj_new_kind(vm, obj_intr(vm, INTR_ObjectPrototype), KIND_ARRAY, sizeof *p);
	struct obj *proto = (struct obj *)(void *)p, *names;

	HINIT(p->elem, NULL);
	HINIT(p->len, 0);
	HINIT(p->cap, 0);
	vm->intr[INTR_ArrayPrototype] = v_cell(proto);
	native_ctor(vm, &array_def, INTR_Array, NULL, proto, array_rows, ARRAY_LEN(array_rows),
	            array_proto_rows, ARRAY_LEN(array_proto_rows));
	names = obj_new_inl(vm, NULL, ARRAY_LEN(unscopable));
	for (size_t i = 0; i < ARRAY_LEN(unscopable); i++)
		obj_def(vm, names, key_of_utf8(vm, unscopable[i], strlen(unscopable[i])), V_TRUE, ATTR_WEC);
	obj_def(vm, proto, A_sym_unscopables, v_cell(names), ATTR_C);
}
