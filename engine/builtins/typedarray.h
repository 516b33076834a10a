/* typedarray.h: private to typedarray*.c, arraybuffer.c, dataview.c and atomics.c:
 * what the natives on raw memory share. The views themselves: object/typed.h.
 *
 * Any JavaScript that runs may shrink or detach a buffer: lengths and pointers into
 * one are read again (typed_len, typed_at) after every call. */
#ifndef ENGINE_BUILTINS_TYPEDARRAY_H
#define ENGINE_BUILTINS_TYPEDARRAY_H

#include "engine/object/typed.h"
#include "engine/vm/vmcode.h"

/* 23.2.4.4 ValidateTypedArray: v is a typed array within the bounds of its buffer.
 * NULL: TypeError. len may be NULL. */
struct typed *typedarray_validate(struct vm *vm, val v, const char *method, int64_t *len);
/* Within bounds still? 0 or -1: TypeError. */
int typedarray_check(struct vm *vm, struct typed *t, const char *method);
/* A zeroed typed array of the given length with the intrinsic prototype of its type:
 * 23.2.4.3 TypedArrayCreateSameType. NULL: exception. */
struct typed *typedarray_new(struct vm *vm, enum typed_type type, int64_t len);
/* 23.2.4.2 TypedArrayCreateFromCtor with a length. NULL: exception. */
struct typed *typedarray_create(struct vm *vm, val ctor, int64_t len);
/* 23.2.4.1 TypedArraySpeciesCreate with the given arguments; len >= 0: it is argv[0]
 * and the result must be as long. NULL: exception. */
struct typed *typedarray_species(struct vm *vm, struct typed *t, uint32_t argc, const val *argv, int64_t len);
/* Are both Numbers or both BigInts? 0 or -1: TypeError. */
int typedarray_same_content(struct vm *vm, const struct typed *t, const struct typed *r);
/* IsCallable or a TypeError: 0 or -1. */
int typedarray_callable(struct vm *vm, val fn);

/* Natives, by file. */
#define TYPEDARRAY_NATIVE(name) val typedarray_##name(struct vm *vm, val *a, uint32_t argc)
/* typedarray_callbacks.c */
TYPEDARRAY_NATIVE(every); TYPEDARRAY_NATIVE(some); TYPEDARRAY_NATIVE(for_each); TYPEDARRAY_NATIVE(map);
TYPEDARRAY_NATIVE(filter); TYPEDARRAY_NATIVE(find); TYPEDARRAY_NATIVE(find_index); TYPEDARRAY_NATIVE(find_last);
TYPEDARRAY_NATIVE(find_last_index); TYPEDARRAY_NATIVE(reduce); TYPEDARRAY_NATIVE(reduce_right);
/* typedarray_mutation.c */
TYPEDARRAY_NATIVE(copy_within); TYPEDARRAY_NATIVE(fill); TYPEDARRAY_NATIVE(set); TYPEDARRAY_NATIVE(slice);
TYPEDARRAY_NATIVE(subarray); TYPEDARRAY_NATIVE(reverse); TYPEDARRAY_NATIVE(to_reversed); TYPEDARRAY_NATIVE(with);
/* typedarray_search.c */
TYPEDARRAY_NATIVE(at); TYPEDARRAY_NATIVE(includes); TYPEDARRAY_NATIVE(index_of); TYPEDARRAY_NATIVE(last_index_of);
TYPEDARRAY_NATIVE(join); TYPEDARRAY_NATIVE(to_locale_string);
/* typedarray_sort.c */
TYPEDARRAY_NATIVE(sort); TYPEDARRAY_NATIVE(to_sorted);
#undef TYPEDARRAY_NATIVE

/* typedarray_text.c: base64 and hexadecimal of Uint8Array. */
extern const struct row typedarray_text_rows[], typedarray_text_static_rows[];
extern const uint32_t typedarray_text_nrows, typedarray_text_static_nrows;

/* ---- typedarray.c ------------------------------------------------------------------ */

/* Stores src's elements, converted, over n elements of dst: of the same content
 * type, and the types differ or the memory is apart. Ticks: 0 or -1. */
int typedarray_convert(struct vm *vm, struct typed *dst, uint64_t at, struct typed *src, uint64_t from, uint64_t n);

#endif
