/* dict.c: the insertion-ordered hash behind dictionary objects and sparse
 * elements: entries in order of insertion, then an open-addressing index of
 * entry numbers. Called by property.c, elems.c, global.c, keys.c.
 *
 * Invariants: capacity is a power of two, the index twice as large; a deleted
 * entry keeps its index word (as a tombstone) until the table is rebuilt, so
 * index words in use = entries used <= half of the index. */
#include "engine/object/prop.h"

#define DICT_LEAST 8u

typedef HF(uint32_t) hword;

static hword *index_of(struct dict *d) { return (hword *)(void *)(d->e + d->h.shape.v); }

static uint32_t hash(struct vm *vm, pkey k) { return (uint32_t)hash_u64(k ^ vm->hash_key.k0); }

struct dict *dict_new(struct vm *vm, uint32_t cap)
{
	struct dict *d;
	uint64_t size;
	uint32_t n = DICT_LEAST;

	while (n < cap)
		n *= 2;
	size = sizeof *d + (uint64_t)n * sizeof(struct dict_ent) + 2ull * n * sizeof(uint32_t);
	d = cap > 1u << 28 ? NULL : heap_alloc(&vm->heap, size, n, KIND_DICT, 0);
	if (d == NULL) {
		throw_oom(vm);
		return NULL;
	}
	HINIT(d->n, 0);
	HINIT(d->live, 0);
	HINIT(d->hmask, 2 * n - 1);
	HINIT(d->pad, 0);
	for (uint32_t i = 0; i < n; i++) {
		HINIT(d->e[i].key, PKEY_NONE);
		HINIT(d->e[i].attrs, 0);
		HINIT(d->e[i].v, V_HOLE);
	}
	memset((void *)index_of(d), 0, 2 * (size_t)n * sizeof(uint32_t));
	return d;
}

struct dict_ent *dict_find(struct vm *vm, struct dict *d, pkey k)
{
	hword *ix = index_of(d);
	uint32_t h = hash(vm, k) & d->hmask.v, i;

	for (; (i = ix[h].v) != 0; h = (h + 1) & d->hmask.v) {
		if (d->e[i - 1].key.v == k)
			return &d->e[i - 1];
	}
	return NULL;
}

static void append(struct vm *vm, struct dict *d, pkey k, val v, uint32_t attrs)
{
	hword *ix = index_of(d);
	uint32_t h = hash(vm, k) & d->hmask.v, n = d->n.v;
	struct dict_ent *e = &d->e[n];

	VSET(vm, e->key, k);
	VSET(vm, e->attrs, attrs);
	VSET(vm, e->v, v);
	while (ix[h].v != 0)
		h = (h + 1) & d->hmask.v;
	VSET(vm, ix[h], n + 1);
	VSET(vm, d->n, n + 1);
	VSET(vm, d->live, d->live.v + 1);
}

struct dict *dict_add(struct vm *vm, struct dict *d, pkey k, val v, uint32_t attrs)
{
	if (unlikely(d->n.v == d->h.shape.v)) {
		/* Full: grow, or only drop the deleted entries when they are many. */
		struct dict *g = dict_new(vm, d->live.v > d->n.v / 4 * 3 ? d->h.shape.v * 2 : d->h.shape.v);

		if (g == NULL)
			return NULL;
		for (uint32_t i = 0; i < d->n.v; i++) {
			if (d->e[i].key.v != PKEY_NONE)
				append(vm, g, d->e[i].key.v, d->e[i].v.v, d->e[i].attrs.v);
		}
		d = g;
	}
	append(vm, d, k, v, attrs);
	return d;
}

void dict_remove(struct vm *vm, struct dict *d, struct dict_ent *e)
{
	VSET(vm, e->key, PKEY_NONE);
	VSET(vm, e->attrs, 0);
	VSET(vm, e->v, V_HOLE);
	VSET(vm, d->live, d->live.v - 1);
}
