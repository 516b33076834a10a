/* set.h: what map.c, set.c, weak.c and object.c share about collections. */
#ifndef ENGINE_BUILTINS_SET_H
#define ENGINE_BUILTINS_SET_H

#include "engine/builtins/table.h"

/* Makes Set and its prototype (set.c); part of builtin_map_init. */
void set_init(struct vm *vm);

/* map.c */
enum coll_iter_kind { COLL_KEYS, COLL_VALUES, COLL_ENTRIES };
val coll_iterator(struct vm *vm, struct coll *c, enum coll_iter_kind kind);
/* forEach of Map and Set. */
val coll_for_each(struct vm *vm, struct coll *c, val f, val this_arg);
/* Fills a new Map or WeakMap from an iterable (24.1.1.1 steps 5 to 8); `original`
 * implements the prototype's own `set`. 0 or -1. */
int coll_fill(struct vm *vm, struct coll *c, val iterable, native_fn original);
/* getOrInsert and getOrInsertComputed of Map and WeakMap: the value of the key, which is
 * `value`, or what it gives for the key, if there was none. */
val coll_get_or_insert(struct vm *vm, struct coll *c, val key, val value);
val coll_get_or_compute(struct vm *vm, struct coll *c, val key, val fn);
/* get [@@species] */
val coll_species(struct vm *vm, val *a, uint32_t argc);
/* GroupBy (7.3.35): add gets each callback result and its item. 0 or -1. */
int group_by(struct vm *vm, val items, val callback, int (*add)(struct vm *vm, void *u, val key, val item), void *u);

#endif
