/* iterator.h: built-in iterator objects (KIND_ITERATOR), shared by the files that
 * make some: iterator.c (array iterators), iterator_helpers.c, string, map, set
 * and regexp code. The first private word says which one it is, so that a native
 * can tell whether its receiver has the internal slots it needs. */
#ifndef ENGINE_BUILTINS_ITERATOR_H
#define ENGINE_BUILTINS_ITERATOR_H

#include "engine/vm/vmcode.h"

enum iter_type { ITER_ARRAY = 1, ITER_STRING, ITER_MAP, ITER_SET, ITER_REGEXP_STRING, ITER_HELPER, ITER_WRAP,
	ITER_ASYNC_FROM_SYNC };

/* Common beginning: every KIND_ITERATOR object. Owners append 8-byte words. */
struct iter_obj { struct cell h; HF(struct ext *) ext; HF(uint64_t) type; };

static inline bool iter_is(val v, enum iter_type type)
{
	return v_iskind(v, KIND_ITERATOR) && ((const struct iter_obj *)(const void *)v_tocell(v))->type.v == type;
}

/* ---- iterator.c -------------------------------------------------------------- */

enum array_iter_kind { ARRAY_ITER_KEYS, ARRAY_ITER_VALUES, ARRAY_ITER_ENTRIES };

/* CreateArrayIterator (23.1.5.1) over any object. */
val array_iterator_new(struct vm *vm, struct obj *o, enum array_iter_kind kind);
/* One step of an array iterator without a result object: 1 value, 0 done, -1. */
int array_iterator_step(struct vm *vm, val it, val *out);

/* An iterator record of 7.4.1: in locals or in words of a KIND_ITERATOR object. */
struct iter_rec { val it, next; };

/* IteratorStepValue (7.4.10): 1 and *out, 0 done, -1 exception. Built-in array
 * iterators and iterator helpers make no result object. */
int iter_step_value(struct vm *vm, struct iter_rec r, val *out);
/* GetIteratorDirect (7.4.9): 0 or -1. */
int iter_direct(struct vm *vm, val o, struct iter_rec *out);
/* GetIteratorFlattenable (7.4.11), strings being refused or iterated. 0 or -1. */
int iter_flattenable(struct vm *vm, val v, bool strings, struct iter_rec *out);
/* IteratorClose (7.4.11) with a normal completion: 0 or -1. */
int iter_close_obj(struct vm *vm, val it);
/* … with the pending exception, which is kept. Answers V_EXC. */
val iter_fail(struct vm *vm, val it);

/* ---- iterator_helpers.c -------------------------------------------------------- */

/* One step of an iterator helper object (27.1.2.1): as array_iterator_step. */
int iter_helper_step(struct vm *vm, val helper, val *out);
val iterator_helper_next(struct vm *vm, val *a, uint32_t argc);   /* the native */
val iterator_from(struct vm *vm, val *a, uint32_t argc);
val iterator_concat(struct vm *vm, val *a, uint32_t argc);
/* Makes the prototypes of helpers and wrappers. Called by builtin_iterator_init,
 * which also installs the rows on Iterator.prototype. */
void iter_helpers_init(struct vm *vm);
extern const struct row iterator_lazy_rows[], iterator_consume_rows[];
extern const uint32_t iterator_lazy_nrows, iterator_consume_nrows;

#endif
