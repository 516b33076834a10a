/* elems.c: integer-keyed own properties of every kind of object.
 *
 *   arrays, arguments   arr.elem / len / cap, dense; all with the attributes
 *                       that the ARR_SEALED, ARR_FROZEN bits say
 *   other objects       ext->elem, dense, all WEC
 *   any object          ext->sparse once keys are far apart or attributes
 *                       differ; then nothing is dense
 * Called by property.c, array.c, keys.c. Array length rules and extensibility
 * are the callers' business, except that an array's len grows with elem_add. */
#include "engine/object/prop.h"

#include <stdlib.h>

static struct arr *arr_of(struct obj *o) { return (struct arr *)(void *)o; }

static struct dict *sparse_of(const struct obj *o) { return o->ext.v != NULL ? o->ext.v->sparse.v : NULL; }

static uint32_t dense_attrs(const struct obj *o)
{
	if (o->h.kind != KIND_ARRAY && o->h.kind != KIND_ARRAY_COW)
		return ATTR_WEC;
	if (o->h.aux.v & ARR_FROZEN)
		return ATTR_E;
	return o->h.aux.v & ARR_SEALED ? ATTR_W | ATTR_E : ATTR_WEC;
}

/* The dense store of o and how much of it is in use; NULL, 0 if none. */
static hval *dense(struct obj *o, uint32_t *n)
{
	struct ext *e = o->ext.v;

	if (obj_is_arrlike(o)) {
		*n = arr_filled(arr_of(o));
		return arr_of(o)->elem.v;
	}
	if (e == NULL || e->elem.v == NULL) {
		*n = 0;
		return NULL;
	}
	*n = e->nelem.v;
	return e->elem.v->v;
}

static void out_of(struct obj *o, uint32_t i, hval *where, uint32_t attrs, struct own *out)
{
	if (unlikely(where->v == ARG_MAPPED))
		where = &((struct arguments *)(void *)o)->map.v->v[i];
	out->where = where;
	out->value = where->v;
	out->attrs = attrs;
}

bool elem_lookup(struct vm *vm, struct obj *o, uint32_t i, struct own *out)
{
	struct dict *d;
	struct dict_ent *e;
	uint32_t n;
	hval *p = dense(o, &n);

	if (i < n && p[i].v != V_HOLE) {
		out_of(o, i, &p[i], dense_attrs(o), out);
		return true;
	}
	d = sparse_of(o);
	if (d == NULL)
		return false;
	e = dict_find(vm, d, PKEY_INDEX | i);
	if (e == NULL)
		return false;
	out_of(o, i, &e->v, e->attrs.v, out);
	return true;
}

bool elem_any(const struct obj *o)
{
	uint32_t n;
	hval *p = dense((struct obj *)(uintptr_t)o, &n);

	if (sparse_of(o) != NULL && sparse_of(o)->live.v != 0)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		if (p[i].v != V_HOLE)
			return true;
	}
	return false;
}

/* ---- stores ------------------------------------------------------------------ */

static struct vals *vals_new(struct vm *vm, uint32_t cap)
{
	struct vals *s = cap > 1u << 29 ? NULL : heap_alloc(&vm->heap, sizeof *s + 8 * (size_t)cap, cap, KIND_VALS, 0);

	return s;
}

static void fill_holes(struct vm *vm, hval *p, uint32_t from, uint32_t to)
{
	if (from >= to)
		return;
	heap_wb_range(&vm->heap, (void *)(p + from), (size_t)(to - from) * sizeof *p);
	memset((void *)(p + from), 0, (size_t)(to - from) * sizeof *p);  /* V_HOLE is 0 */
}
_Static_assert(V_HOLE == 0, "fill_holes");

static void set_flag(struct vm *vm, struct obj *o, uint8_t flag)
{
	if (!(o->h.flags.v & flag))
		VSET(vm, o->h.flags, o->h.flags.v | flag);
}

/* A private store of `cap` words with the present elements. -1: no memory, and
 * nothing thrown. */
static int new_store(struct vm *vm, struct arr *a, uint32_t cap)
{
	uint32_t n = arr_filled(a);
	struct vals *s;

	if (cap < n)
		cap = n;
	s = vals_new(vm, cap);
	if (s == NULL)
		return -1;
	if (n != 0)
		memcpy((void *)s->v, (const void *)a->elem.v, n * sizeof(val));
	memset((void *)(s->v + n), 0, (size_t)(cap - n) * sizeof(val));
	VSET(vm, a->elem, s->v);
	VSET(vm, a->cap, cap);
	if (a->len.v > n)
		set_flag(vm, (struct obj *)(void *)a, CF_HAS_HOLES);
	if (a->h.kind == KIND_ARRAY_COW)
		cell_set_kind(&vm->heap, &a->h, KIND_ARRAY);
	return 0;
}

int arr_unshare(struct vm *vm, struct arr *a)
{
	if (a->h.kind != KIND_ARRAY_COW)
		return 0;
	if (new_store(vm, a, a->cap.v) == 0)
		return 0;
	throw_oom(vm);
	return -1;
}

int arr_reserve(struct vm *vm, struct arr *a, uint32_t n)
{
	if (a->h.kind != KIND_ARRAY_COW && a->cap.v >= n)
		return 0;
	AN(sparse_of((struct obj *)(void *)a) == NULL);
	if (new_store(vm, a, n) == 0)
		return 0;
	throw_oom(vm);
	return -1;
}

/* ×1.5 + 16. */
static uint32_t grown(uint32_t cap, uint32_t need)
{
	uint64_t g = (uint64_t)cap + cap / 2 + 16;

	return g > need ? g > 1u << 29 ? need : (uint32_t)g : need;
}

static int sparse_put(struct vm *vm, struct obj *o, uint32_t i, val v, uint32_t attrs)
{
	struct dict *d = dict_add(vm, sparse_of(o), PKEY_INDEX | i, v, attrs);

	if (d == NULL)
		return -1;
	if (d != o->ext.v->sparse.v)
		VSET(vm, o->ext.v->sparse, d);
	return 0;
}

int elem_to_sparse(struct vm *vm, struct obj *o)
{
	uint32_t n, live = 0, attrs = dense_attrs(o);
	hval *p;
	struct dict *d;
	struct ext *e;

	if (sparse_of(o) != NULL)
		return 0;
	p = dense(o, &n);
	for (uint32_t i = 0; i < n; i++)
		live += p[i].v != V_HOLE;
	d = dict_new(vm, live + live / 4 + 1);
	if (d == NULL)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		if (p[i].v != V_HOLE)
			dict_add(vm, d, PKEY_INDEX | i, p[i].v, attrs);
	}
	e = ext_reserve(vm, o, 0);
	VSET(vm, e->sparse, d);
	if (obj_is_arrlike(o)) {
		struct arr *a = arr_of(o);

		VSET(vm, a->elem, NULL);
		VSET(vm, a->cap, 0);
		VSET(vm, a->h.aux, a->h.aux.v & ~(ARR_FROZEN | ARR_SEALED));
		set_flag(vm, o, CF_HAS_HOLES);
		if (o->h.kind == KIND_ARRAY_COW)
			cell_set_kind(&vm->heap, &o->h, KIND_ARRAY);
	} else {
		VSET(vm, e->elem, NULL);
		VSET(vm, e->nelem, 0);
	}
	return 0;
}

/* ---- adding ------------------------------------------------------------------- */

static void arr_grew(struct vm *vm, struct arr *a, uint32_t i)
{
	if (i >= a->len.v)
		VSET(vm, a->len, i + 1);
}

/* May a store of n words, in which some are holes, grow to hold word i? Asked when
 * it must be copied anyway, so that counting costs no more than the copy. */
static bool dense_enough(const hval *p, uint32_t n, uint32_t i)
{
	uint32_t live = 0;

	if (i < 1024)
		return true;
	for (uint32_t k = 0; k < n; k++)
		live += p[k].v != V_HOLE;
	return i / 8 <= live;
}

/* 1: done, 0: does not fit a dense store. */
static int arr_add_dense(struct vm *vm, struct arr *a, uint32_t i, val v)
{
	uint32_t filled = arr_filled(a);

	if (i >= a->cap.v || a->h.kind == KIND_ARRAY_COW) {
		if (i >= a->cap.v && i > (uint64_t)filled + 1024 && (i >= a->len.v || a->len.v > 1u << 22) &&
		    !dense_enough(a->elem.v, filled, i))
			return 0;
		if (new_store(vm, a, i < a->cap.v ? a->cap.v : grown(filled, i + 1)) < 0)
			return 0;
	}
	if (i > a->len.v)
		set_flag(vm, (struct obj *)(void *)a, CF_HAS_HOLES);
	/* What lies behind the elements in use may be stale (pop leaves it). */
	if (i > a->len.v)
		fill_holes(vm, a->elem.v, a->len.v, i);
	VSET(vm, a->elem.v[i], v);
	arr_grew(vm, a, i);
	return 1;
}

static int obj_add_dense(struct vm *vm, struct obj *o, uint32_t i, val v)
{
	struct ext *e = ext_reserve(vm, o, 0);
	uint32_t n = e->nelem.v, cap = e->elem.v != NULL ? e->elem.v->h.shape.v : 0;

	if (i >= cap) {
		struct vals *s;

		if (i > n * 2ull + 16 || !dense_enough(n != 0 ? e->elem.v->v : NULL, n, i))
			return 0;
		s = vals_new(vm, i + i / 2 + 8);
		if (s == NULL)
			return 0;
		if (n != 0)
			memcpy((void *)s->v, (const void *)e->elem.v->v, n * sizeof(val));
		memset((void *)(s->v + n), 0, (size_t)(s->h.shape.v - n) * sizeof(val));
		VSET(vm, e->elem, s);
	}
	VSET(vm, e->elem.v->v[i], v);   /* words behind nelem are HOLE */
	if (i >= n)
		VSET(vm, e->nelem, i + 1);
	return 1;
}

int elem_add(struct vm *vm, struct obj *o, uint32_t i, val v, uint32_t attrs)
{
	if (unlikely(o->h.flags.v & CF_PROTO))
		prop_note_indexed(vm);
	if (sparse_of(o) == NULL) {
		int done = 0;

		if (attrs == ATTR_WEC && dense_attrs(o) == ATTR_WEC)
			done = obj_is_arrlike(o) ? arr_add_dense(vm, arr_of(o), i, v) : obj_add_dense(vm, o, i, v);
		if (done)
			return 0;
		if (elem_to_sparse(vm, o) < 0)
			return -1;
	}
	if (sparse_put(vm, o, i, v, attrs) < 0)
		return -1;
	if (obj_is_arrlike(o))
		arr_grew(vm, arr_of(o), i);
	return 0;
}

/* ---- changing, removing --------------------------------------------------------- */

int elem_change(struct vm *vm, struct obj *o, uint32_t i, val v, uint32_t attrs)
{
	uint32_t n;
	hval *p = dense(o, &n);
	struct dict_ent *e;
	bool mapped;

	if (i < n && p[i].v != V_HOLE && p[i].v != ARG_MAPPED && attrs == dense_attrs(o)) {
		if (arr_unshare(vm, arr_of(o)) < 0)
			return -1;
		p = dense(o, &n);
		VSET(vm, p[i], v);
		return 0;
	}
	if (elem_to_sparse(vm, o) < 0)
		return -1;
	e = dict_find(vm, sparse_of(o), PKEY_INDEX | i);
	mapped = e->v.v == ARG_MAPPED;
	if (mapped && !(attrs & ATTR_ACCESSOR)) {  /* 10.4.4.2: the parameter follows */
		struct arguments *args = (struct arguments *)(void *)o;

		VSET(vm, args->map.v->v[i], v);
		if (attrs & ATTR_W)
			v = ARG_MAPPED;
	}
	VSET(vm, e->v, v);
	VSET(vm, e->attrs, attrs);
	return 0;
}

int elem_remove(struct vm *vm, struct obj *o, uint32_t i)
{
	struct dict *d = sparse_of(o);
	uint32_t n;
	hval *p;

	if (d != NULL) {
		dict_remove(vm, d, dict_find(vm, d, PKEY_INDEX | i));
		return 0;
	}
	if (obj_is_arrlike(o)) {
		if (arr_unshare(vm, arr_of(o)) < 0)
			return -1;
		set_flag(vm, o, CF_HAS_HOLES);
	}
	p = dense(o, &n);
	VSET(vm, p[i], V_HOLE);
	return 0;
}

/* 7.3.15 for the integer keys, attributes only. */
int elem_seal(struct vm *vm, struct obj *o, bool frozen)
{
	struct dict *d;

	if (o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW) {
		set_flag(vm, o, CF_FROZEN_EL);
		if (sparse_of(o) == NULL) {
			VSET(vm, o->h.aux, o->h.aux.v | (frozen ? ARR_FROZEN : ARR_SEALED));
			return 0;
		}
	}
	if (sparse_of(o) == NULL && !elem_any(o))
		return 0;
	if (elem_to_sparse(vm, o) < 0)
		return -1;
	d = sparse_of(o);
	for (uint32_t i = 0; i < d->n.v; i++) {
		struct dict_ent *e = &d->e[i];
		uint32_t attrs = e->attrs.v & ~(uint32_t)ATTR_C;

		if (e->key.v == PKEY_NONE)
			continue;
		if (frozen && !(attrs & ATTR_ACCESSOR)) {
			if (e->v.v == ARG_MAPPED)
				VSET(vm, e->v, ((struct arguments *)(void *)o)->map.v->v[pkey_index(e->key.v)].v);
			attrs &= ~(uint32_t)ATTR_W;
		}
		VSET(vm, e->attrs, attrs);
	}
	return 0;
}

/* ---- enumeration ------------------------------------------------------------------ */

static int by_index(const void *a, const void *b)
{
	pkey x = *(const pkey *)a, y = *(const pkey *)b;

	return x < y ? -1 : x > y;
}

int elem_keys(struct vm *vm, struct obj *o, bool enumerable_only, struct keylist *kl)
{
	struct dict *d = sparse_of(o);
	uint32_t n, start = kl->n;
	hval *p = dense(o, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (p[i].v != V_HOLE && keylist_push(vm, kl, PKEY_INDEX | i) < 0)
			return -1;
		if ((i & 1023) == 1023 && VM_TICK(vm, 512))
			return -1;
	}
	if (d == NULL)
		return 0;
	for (uint32_t i = 0; i < d->n.v; i++) {
		if (d->e[i].key.v == PKEY_NONE || (enumerable_only && !(d->e[i].attrs.v & ATTR_E)))
			continue;
		if (keylist_push(vm, kl, d->e[i].key.v) < 0)
			return -1;
	}
	if (VM_TICK(vm, 8 * (int64_t)(kl->n - start)))
		return -1;
	if (kl->n != start)
		qsort(kl->k + start, kl->n - start, sizeof(pkey), by_index);
	return 0;
}
