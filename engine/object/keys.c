/* keys.c: own keys in the order of 10.1.11 OrdinaryOwnPropertyKeys: array indices
 * ascending, strings in order of creation, symbols likewise. Called by the
 * enumeration built-ins, for-in, JSON, Object.assign. */
#include "engine/object/prop.h"

#include <stdlib.h>

int keylist_push(struct vm *vm, struct keylist *kl, pkey k)
{
	if (unlikely(kl->n == kl->cap)) {
		uint32_t cap = kl->cap < 16 ? 16 : kl->cap * 2;
		struct cell *c = cap > 1u << 28 ? NULL :
			heap_alloc(&vm->heap, sizeof *c + (size_t)cap * sizeof(pkey), cap * (uint32_t)sizeof(pkey), KIND_BYTES, 0);

		if (c == NULL) {
			throw_oom(vm);
			return -1;
		}
		if (kl->n != 0)
			memcpy((void *)(c + 1), kl->k, kl->n * sizeof(pkey));
		kl->mem = c;
		kl->k = (pkey *)(void *)(c + 1);
		kl->cap = cap;
	}
	kl->k[kl->n++] = k;
	return 0;
}

/* The named keys, one class at a time. */
enum class { CLASS_BIG_INDEX, CLASS_STRING, CLASS_SYMBOL, CLASS_NONE };

static enum class class_of(struct vm *vm, pkey k)
{
	switch (atom_rec(vm, k)->type) {
	case ATOM_STRING: return CLASS_STRING;
	case ATOM_INDEX: return CLASS_BIG_INDEX;
	case ATOM_PRIVATE: return CLASS_NONE;
	default: return CLASS_SYMBOL;
	}
}

/* A walk over the named properties, whatever their storage. */
struct walk { const struct prop_tab *tab; struct dict *d; uint32_t i, n; };

static struct walk walk_of(struct vm *vm, const struct obj *o)
{
	const struct shape *s = obj_shape(vm, o);
	struct walk w = { 0 };

	if (s->flags & SF_DICT) {
		w.d = o->ext.v != NULL ? o->ext.v->dict.v : NULL;
		w.n = w.d != NULL ? w.d->n.v : 0;
	} else {
		w.tab = s->tab;
		w.n = s->count;
	}
	return w;
}

static bool walk_next(struct walk *w, pkey *k, uint32_t *attrs)
{
	for (; w->i < w->n; w->i++) {
		*k = w->d != NULL ? w->d->e[w->i].key.v : w->tab->e[w->i].key;
		if (*k == PKEY_NONE)
			continue;
		*attrs = w->d != NULL ? w->d->e[w->i].attrs.v : PE_ATTRS(w->tab->e[w->i]);
		w->i++;
		return true;
	}
	return false;
}

static int by_big_index(const void *a, const void *b, void *vm)
{
	uint32_t x = atom_index_value(vm, *(const pkey *)a), y = atom_index_value(vm, *(const pkey *)b);

	return x < y ? -1 : x > y;
}

/* The named keys of o that `which` asks for (enum KEYS_*), in order. */
static int named_keys(struct vm *vm, struct obj *o, int which, struct keylist *kl)
{
	bool enumerable = (which & KEYS_ENUMERABLE) != 0;
	uint32_t seen = 0, attrs, start = kl->n;
	struct walk w = walk_of(vm, o);
	pkey k;

	if (VM_TICK(vm, w.n))
		return -1;
	while (walk_next(&w, &k, &attrs)) {
		enum class c = class_of(vm, k);

		seen |= 1u << c;
		if (c != CLASS_STRING || !(which & KEYS_STRINGS) || (enumerable && !(attrs & ATTR_E)))
			continue;
		if (keylist_push(vm, kl, k) < 0)
			return -1;
	}
	if ((seen & 1u << CLASS_BIG_INDEX) && (which & KEYS_STRINGS)) {
		struct keylist all = { 0 };

		/* Rare: big indices first, ascending, then the strings found above. */
		for (w = walk_of(vm, o); walk_next(&w, &k, &attrs);) {
			if (class_of(vm, k) != CLASS_BIG_INDEX || (enumerable && !(attrs & ATTR_E)))
				continue;
			if (keylist_push(vm, &all, k) < 0)
				return -1;
		}
		if (all.n != 0)
			qsort_r(all.k, all.n, sizeof(pkey), by_big_index, vm);
		for (uint32_t i = start; i < kl->n; i++) {
			if (keylist_push(vm, &all, kl->k[i]) < 0)
				return -1;
		}
		kl->n = start;
		for (uint32_t i = 0; i < all.n; i++) {
			if (keylist_push(vm, kl, all.k[i]) < 0)
				return -1;
		}
	}
	if ((seen & 1u << CLASS_SYMBOL) && (which & KEYS_SYMBOLS)) {
		for (w = walk_of(vm, o); walk_next(&w, &k, &attrs);) {
			if (class_of(vm, k) != CLASS_SYMBOL || (enumerable && !(attrs & ATTR_E)))
				continue;
			if (keylist_push(vm, kl, k) < 0)
				return -1;
		}
	}
	return 0;
}

/* Own keys of an object whose storage is this folder's. */
static int stored_keys(struct vm *vm, struct obj *o, int which, struct keylist *kl)
{
	bool enumerable = (which & KEYS_ENUMERABLE) != 0;

	if (o->h.flags.v & CF_LAZY)
		prop_materialise(vm, o);
	if (which & KEYS_STRINGS) {
		if (o->h.kind == KIND_STRING) {
			uint32_t n = v_tostr(((struct prim_obj *)(void *)o)->prim.v)->len.v;

			for (uint32_t i = 0; i < n; i++) {
				if (keylist_push(vm, kl, PKEY_INDEX | i) < 0 || ((i & 1023) == 1023 && VM_TICK(vm, 512)))
					return -1;
			}
		}
		/* Dense elements are enumerable; sparse ones say so themselves. */
		if (elem_keys(vm, o, enumerable, kl) < 0)
			return -1;
		/* `length` of arrays and String objects: first of the strings, but
		 * behind the big indices; neither is common enough to sort specially. */
		if (!enumerable && (o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW || o->h.kind == KIND_STRING)) {
			struct keylist rest = { 0 };
			uint32_t i = 0;

			if (named_keys(vm, o, which, &rest) < 0)
				return -1;
			for (; i < rest.n && atom_is_big_index(vm, rest.k[i]); i++) {
				if (keylist_push(vm, kl, rest.k[i]) < 0)
					return -1;
			}
			if (keylist_push(vm, kl, A_length) < 0)
				return -1;
			for (; i < rest.n; i++) {
				if (keylist_push(vm, kl, rest.k[i]) < 0)
					return -1;
			}
			return 0;
		}
	}
	return named_keys(vm, o, which, kl);
}

int obj_ordinary_own_keys(struct vm *vm, struct obj *o, struct keylist *out)
{
	return stored_keys(vm, o, KEYS_STRINGS | KEYS_SYMBOLS, out);
}

int obj_own_keys(struct vm *vm, struct obj *o, int which, struct keylist *out)
{
	const struct exotic *x = vm->exotic[o->h.kind];
	struct keylist all = { 0 };
	struct pdesc d;
	int r;

	*out = (struct keylist){ 0 };
	if (x == NULL || (x->own_keys == NULL && x->get_own == NULL))
		return stored_keys(vm, o, which, out);
	if ((x->own_keys != NULL ? x->own_keys(vm, o, &all) : obj_ordinary_own_keys(vm, o, &all)) < 0)
		return -1;
	for (uint32_t i = 0; i < all.n; i++) {
		if (VM_TICK(vm, 1))
			return -1;
		if (!(which & (key_is_symbol(vm, all.k[i]) ? KEYS_SYMBOLS : KEYS_STRINGS)))
			continue;
		if (which & KEYS_ENUMERABLE) {
			r = obj_get_own(vm, o, all.k[i], &d);
			if (r < 0)
				return -1;
			if (r == 0 || !(d.flags & PD_E))
				continue;
		}
		if (keylist_push(vm, out, all.k[i]) < 0)
			return -1;
	}
	return 0;
}
