/* array.h: private to array*.c: how the methods of Array reach elements.
 *
 * Three levels. A method asks for the highest it can use and falls back:
 *   open     own elements may be read, moved, overwritten, appended as words;
 *            a hole is simply an absent element (array_open)
 *   simple   they may be read as words, V_HOLE = absent (array_simple)
 *   any      one element at a time through [[HasProperty]], [[Get]], [[Set]]
 * Both answers hold until JavaScript runs next. */
#ifndef ENGINE_BUILTINS_ARRAY_H
#define ENGINE_BUILTINS_ARRAY_H

#include "engine/vm/vmcode.h"

#define ARRAY_MAX 4294967295ll          /* greatest array length */
#define LENGTH_MAX 9007199254740991ll   /* 2^53 - 1 */

/* No object above o can have or intercept integer keys. */
bool array_protos_plain(struct vm *vm, const struct obj *o);
/* The array behind v when it is simple, else NULL. */
struct arr *array_simple(struct vm *vm, val v);
/* 1: *out is open (a shared store has been copied), 0: it is not, -1: exception. */
int array_open(struct vm *vm, val v, struct arr **out);

/* Element i of any object if it has one: 1 present, 0 absent, -1. */
int array_elem_slow(struct vm *vm, struct obj *o, int64_t i, val *out);
static inline int array_elem(struct vm *vm, struct obj *o, int64_t i, val *out)
{
	if (likely(o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW)) {
		const struct arr *a = (const struct arr *)(const void *)o;

		if (likely((uint64_t)i < a->len.v && (uint64_t)i < a->cap.v)) {
			*out = a->elem.v[i].v;
			if (likely(*out != V_HOLE))
				return 1;
		}
	}
	return array_elem_slow(vm, o, i, out);
}

/* Get(o, i). */
static inline val array_get(struct vm *vm, struct obj *o, int64_t i)
{
	if (likely(o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW)) {
		const struct arr *a = (const struct arr *)(const void *)o;

		if (likely((uint64_t)i < a->len.v && (uint64_t)i < a->cap.v && a->elem.v[i].v != V_HOLE))
			return a->elem.v[i].v;
	}
	return obj_get_i64(vm, o, i);
}

int array_delete(struct vm *vm, struct obj *o, int64_t i);     /* DeletePropertyOrThrow: 0/-1 */
int array_create(struct vm *vm, struct obj *o, int64_t i, val v); /* CreateDataPropertyOrThrow: 0/-1 */
int array_put_length(struct vm *vm, struct obj *o, int64_t len);  /* Set(o, "length", len, true): 0/-1 */

/* ToObject(this) and LengthOfArrayLike. NULL: exception. */
struct obj *array_this(struct vm *vm, val this_v, int64_t *len);
/* IsCallable or a TypeError: 0 or -1. */
int array_callable(struct vm *vm, val fn);
/* ToIntegerOrInfinity(v), negative counted from len, clamped into [0, len]; absent
 * (undefined) gives dflt only for those that say so: to_rel_index of convert.h. */

/* Would ArraySpeciesCreate(o, …) give an ordinary new Array, unobservably? */
bool array_species_default(struct vm *vm, struct obj *o);

/* The array a method is building. While `own` is set it is an Array that nobody
 * else can see yet, kept dense as long as elements come in order. */
struct array_out { struct obj *o; struct arr *own; };
/* ArraySpeciesCreate(orig, len); orig NULL: ArrayCreate(len). 0 or -1. hint:
 * elements that will probably come. */
int array_out_begin(struct vm *vm, struct array_out *out, struct obj *orig, int64_t len, int64_t hint);
int array_out_put_slow(struct vm *vm, struct array_out *out, int64_t i, val v);
static inline int array_out_put(struct vm *vm, struct array_out *out, int64_t i, val v)
{
	struct arr *a = out->own;

	if (likely(a != NULL && i == a->len.v && a->len.v < a->cap.v)) {
		VSET(vm, a->elem.v[i], v);
		VSET(vm, a->len, (uint32_t)i + 1);
		return 0;
	}
	return array_out_put_slow(vm, out, i, v);
}
/* Appends n words (V_HOLE: absent) at index i; only when own is set. */
int array_out_words(struct vm *vm, struct array_out *out, int64_t i, const hval *p, uint32_t n);
/* Set(A, "length", len, true). The result or V_EXC. */
val array_out_end(struct vm *vm, struct array_out *out, int64_t len);

/* A new Array with these words; V_HOLE words become holes. */
val array_of_words(struct vm *vm, const hval *p, uint32_t n);

/* 0 when fn may compare: a function, or undefined; -1: TypeError. */
int array_check_compare(struct vm *vm, val fn);
/* Sorts n words by fn, which is callable. They lie in a LIST cell that the caller
 * sees, in place or in another that is returned. NULL: exception. */
val *array_sort_words(struct vm *vm, val fn, val *v, uint32_t n);

/* Natives, by file. */
#define ARRAY_NATIVE(name) val array_##name(struct vm *vm, val *a, uint32_t argc)
/* array_async.c */
ARRAY_NATIVE(from_async);
/* array_callbacks.c */
ARRAY_NATIVE(every); ARRAY_NATIVE(some); ARRAY_NATIVE(for_each); ARRAY_NATIVE(map); ARRAY_NATIVE(filter);
ARRAY_NATIVE(find); ARRAY_NATIVE(find_index); ARRAY_NATIVE(find_last); ARRAY_NATIVE(find_last_index);
ARRAY_NATIVE(reduce); ARRAY_NATIVE(reduce_right); ARRAY_NATIVE(flat); ARRAY_NATIVE(flat_map);
/* array_mutation.c */
ARRAY_NATIVE(push); ARRAY_NATIVE(pop); ARRAY_NATIVE(shift); ARRAY_NATIVE(unshift); ARRAY_NATIVE(splice);
ARRAY_NATIVE(reverse); ARRAY_NATIVE(fill); ARRAY_NATIVE(copy_within);
/* array_search.c */
ARRAY_NATIVE(at); ARRAY_NATIVE(includes); ARRAY_NATIVE(index_of); ARRAY_NATIVE(last_index_of);
ARRAY_NATIVE(join); ARRAY_NATIVE(to_string); ARRAY_NATIVE(to_locale_string);
/* array_copy.c */
ARRAY_NATIVE(concat); ARRAY_NATIVE(slice); ARRAY_NATIVE(to_reversed); ARRAY_NATIVE(to_spliced); ARRAY_NATIVE(with);
ARRAY_NATIVE(from); ARRAY_NATIVE(of);
/* array_sort.c */
ARRAY_NATIVE(sort); ARRAY_NATIVE(to_sorted);
#undef ARRAY_NATIVE

#endif
