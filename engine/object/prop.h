/* prop.h: how own properties are stored; private to engine/object.
 *
 * Three layers, each below the essential internal methods:
 *   dict.c      the hash of one DICT cell
 *   elems.c     integer-keyed properties of every kind of object
 *   property.c  named properties, dispatch, prototypes and the epoch
 * None of them looks at extensibility, at array length rules or at proxies, and
 * none of them runs JavaScript. int functions: 0 or -1 (out of memory, pending). */
#ifndef ENGINE_OBJECT_PROP_H
#define ENGINE_OBJECT_PROP_H

#include "engine/object/convert.h"
#include "engine/object/func.h"

/* An own property as found. `where`: the word that holds the value (accessor
 * properties: the accessor cell), to be read or, with prop_store, overwritten;
 * NULL for virtual properties (array length, characters of a String object). */
struct own { hval *where; uint32_t attrs; val value; };

static inline struct accessor *v_toaccessor(val v) { return (struct accessor *)(uintptr_t)v; }
val accessor_new(struct vm *vm, val get, val set);

/* ---- dict.c ---------------------------------------------------------------- */
struct dict *dict_new(struct vm *vm, uint32_t cap);            /* NULL: exception */
struct dict_ent *dict_find(struct vm *vm, struct dict *d, pkey k);
/* Appends an absent key; gives the dictionary to use from now on (it may have
 * been replaced) or NULL: exception. */
struct dict *dict_add(struct vm *vm, struct dict *d, pkey k, val v, uint32_t attrs);
void dict_remove(struct vm *vm, struct dict *d, struct dict_ent *e);

/* ---- elems.c --------------------------------------------------------------- */
/* An element of an arguments object that is mapped to a parameter. */
#define ARG_MAPPED v_lazy(0)
bool elem_lookup(struct vm *vm, struct obj *o, uint32_t i, struct own *out);
int elem_add(struct vm *vm, struct obj *o, uint32_t i, val v, uint32_t attrs);
int elem_change(struct vm *vm, struct obj *o, uint32_t i, val v, uint32_t attrs);
int elem_remove(struct vm *vm, struct obj *o, uint32_t i);
int elem_to_sparse(struct vm *vm, struct obj *o);
int elem_seal(struct vm *vm, struct obj *o, bool frozen);
bool elem_any(const struct obj *o);
/* Calls of keys.c: the integer keys in ascending order, not those of String
 * objects' characters. */
struct keylist;
int elem_keys(struct vm *vm, struct obj *o, bool enumerable_only, struct keylist *kl);
int arr_unshare(struct vm *vm, struct arr *a);                  /* COW → private store */
static inline bool obj_is_arrlike(const struct obj *o)
{
	return o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW || o->h.kind == KIND_ARGUMENTS;
}
static inline uint32_t arr_filled(const struct arr *a) { return a->len.v < a->cap.v ? a->len.v : a->cap.v; }
/* The array index an ATOM_INDEX atom stands for. */
uint32_t atom_index_value(struct vm *vm, pkey k);
static inline bool atom_is_big_index(struct vm *vm, pkey k)
{
	return !pkey_is_index(k) && atom_rec(vm, k)->type == ATOM_INDEX;
}

/* ---- property.c ------------------------------------------------------------ */
struct ext *ext_reserve(struct vm *vm, struct obj *o, uint32_t slots);
bool own_lookup_special(struct vm *vm, struct obj *o, pkey k, struct own *out, bool *decided);
bool own_named(struct vm *vm, struct obj *o, pkey k, struct own *out);
int prop_add(struct vm *vm, struct obj *o, pkey k, val v, uint32_t attrs);    /* k absent */
int prop_change(struct vm *vm, struct obj *o, pkey k, val v, uint32_t attrs); /* k present */
int prop_remove(struct vm *vm, struct obj *o, pkey k);                        /* k present */
/* Overwrites the value of a found property whose attributes stay. */
int prop_store_slow(struct vm *vm, struct obj *o, pkey k, struct own *w, val v);
int prop_to_dict(struct vm *vm, struct obj *o);
/* Moves o to a shape for non-extensible / sealed / frozen objects (names only). */
int prop_seal(struct vm *vm, struct obj *o, enum shape_seal how);
int prop_set_proto(struct vm *vm, struct obj *o, struct obj *proto);
/* Makes o a prototype: CF_PROTO, private shape; looks for integer keys. */
void obj_make_proto(struct vm *vm, struct obj *o);
void prop_note_indexed(struct vm *vm);
void prop_materialise(struct vm *vm, struct obj *o);            /* native.c */
/* global.c: KIND_GLOBAL stores boxes */
int global_add(struct vm *vm, struct obj *g, pkey k, val v, uint32_t attrs);
int global_change(struct vm *vm, struct obj *g, pkey k, val v, uint32_t attrs);
void global_remove(struct vm *vm, struct obj *g, pkey k);
struct dict_ent;
struct dict_ent *global_entry(struct vm *vm, struct obj *g, pkey k);  /* NULL: absent */

static inline bool key_is_lazy_name(pkey k) { return k == A_length || k == A_name || k == A_prototype; }

/* Own property of any object whose exotic table has no get_own. No JavaScript
 * runs; may allocate (characters, lazy functions). */
static inline bool own_lookup(struct vm *vm, struct obj *o, pkey k, struct own *out)
{
	if (unlikely(pkey_is_index(k)) || vm->exotic[o->h.kind] != NULL || unlikely(o->h.flags.v & CF_LAZY)) {
		bool decided = false, found = own_lookup_special(vm, o, k, out, &decided);

		if (decided)
			return found;
	}
	return own_named(vm, o, k, out);
}

static inline int prop_store(struct vm *vm, struct obj *o, pkey k, struct own *w, val v)
{
	if (unlikely(o->h.flags.v & CF_PROTO) || unlikely(o->h.kind == KIND_ARRAY_COW))
		return prop_store_slow(vm, o, k, w, v);
	VSET(vm, *w->where, v);
	return 0;
}

#endif
