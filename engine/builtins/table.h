/* table.h: the deterministic hash table behind Map, Set and the weak collections:
 * entries in insertion order, an open-addressing index beside them.
 *
 * Order never depends on hashes or addresses. Deleted entries stay as tombstones
 * (key HOLE) until the table is rebuilt; a rebuild makes a new table and leaves
 * the old one as it was, linked to the new one, so that a cursor that stands in
 * the old one can work out where it stands now. Looking up never allocates;
 * everything that stores goes through the barrier. */
#ifndef ENGINE_BUILTINS_TABLE_H
#define ENGINE_BUILTINS_TABLE_H

#include "engine/builtins/iterator.h"

struct table_ent { hval key, value; };   /* key HOLE: deleted */
struct table {                           /* KIND_TABLE */
	struct cell h;
	HF(uint32_t) n, live;            /* entries used (with deleted ones), live ones */
	HF(uint32_t) cap, hmask;         /* entries of room; index words - 1 */
	HF(uint32_t) first;              /* no live entry lies before this one */
	HF(uint32_t) cleared;            /* replaced by clear(): cursors start again */
	HF(struct cell *) index;         /* KIND_BYTES: hmask + 1 words, hash << 32 | entry + 1 */
	HF(struct table *) next;         /* what replaced this table, or NULL */
	struct table_ent e[];
};

/* Objects that own a table: KIND_MAP, SET, WEAKMAP, WEAKSET, FINREG. */
struct coll {
	struct cell h; HF(struct ext *) ext;
	HF(struct table *) tab;          /* NULL until something is added */
	hval extra;                      /* FINREG: the clean-up function */
};
static inline struct coll *v_tocoll(val v) { return (struct coll *)(uintptr_t)v; }
static inline uint32_t coll_size(const struct coll *c) { return c->tab.v != NULL ? c->tab.v->live.v : 0; }

/* A collection object with an empty table. */
struct coll *coll_new(struct vm *vm, struct obj *proto, uint8_t kind);
/* CanonicalizeKeyedCollectionKey (24.5.1): -0 becomes +0; integers become int32. */
static inline val table_key(val k)
{
	if (unlikely(v_isdbl(k)))
		return v_todbl(k) == 0 ? v_int(0) : v_num(v_todbl(k));
	return k;
}
/* The entry of a key under SameValueZero, or NULL. */
struct table_ent *coll_find(struct vm *vm, const struct coll *c, val key);
/* Adds or overwrites: 0, or -1: out of memory, thrown. */
int coll_put(struct vm *vm, struct coll *c, val key, val value);
bool coll_delete(struct vm *vm, struct coll *c, val key);
int coll_clear(struct vm *vm, struct coll *c);          /* 0 or -1 */
/* Fills the empty collection dst with the live entries of src: 0 or -1. */
int coll_copy(struct vm *vm, struct coll *dst, const struct coll *src);

/* Live iteration: entries added on the way are visited, deleted ones are not. */
struct table_cursor { struct table *t; uint32_t i; };
/* The next live entry or NULL at (what is now) the end. Start: { NULL, 0 }. */
struct table_ent *coll_next(const struct coll *c, struct table_cursor *at);

/* ---- map.c -------------------------------------------------------------------- */

/* One step of a Map or Set iterator object without a result object: 1, 0, -1. */
int map_iterator_step(struct vm *vm, val it, val *out);
/* Is `next` the original next method of map and set iterators? */
bool map_iterator_next_is_original(struct vm *vm, val next);
/* Walks an iterable of entry objects (24.1.1.2 AddEntriesFromIterable): fn gets
 * each key and value; when fn fails (-1) the iterator is closed. 0 or -1. */
int entries_each(struct vm *vm, val iterable, int (*fn)(struct vm *vm, void *u, val k, val v), void *u);
/* Is v the native function implemented by fn? */
static inline bool is_native(struct vm *vm, val v, native_fn fn)
{
	return v_iskind(v, KIND_NFUNC) && nfunc_def(vm, (struct nfunc *)(void *)v_tocell(v))->fn == fn;
}

#endif
