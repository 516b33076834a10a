/* table.c: the insertion-ordered hash table of Map, Set and the weak collections
 * (layout in table.h). Called by map.c, set.c, weak.c. Runs no JavaScript.
 *
 * Invariants: the index is twice as large as the room for entries, each used entry
 * (deleted or not) has one index word, so a probe always ends. The hash is keyed
 * and for strings does not depend on their width. */
#include "engine/builtins/table.h"

#define TABLE_LEAST 8u
#define TABLE_MOST  (1u << 26)

typedef HF(uint64_t) iword;

static inline iword *index_of(const struct table *t) { return (iword *)(void *)(t->index.v + 1); }

struct coll *coll_new(struct vm *vm, struct obj *proto, uint8_t kind)
{
	struct coll *c = obj_new_kind(vm, proto, kind, sizeof *c);

	HINIT(c->tab, NULL);
	HINIT(c->extra, V_UNDEF);
	return c;
}

static uint32_t hash_bigint(struct vm *vm, const struct cell *c)
{
	const uint64_t *w = (const uint64_t *)(const void *)(c + 1);
	uint64_t h = vm->hash_key.k0 ^ c->aux.v;

	for (uint32_t i = 0; i < c->aux.v && i < 4; i++)
		h = hash_u64(h ^ w[i]);
	return (uint32_t)h;
}

/* k has gone through table_key. */
static inline uint32_t hash_of(struct vm *vm, val k)
{
	if (v_iscell(k)) {
		if (kind_is_string(v_kind(k)))
			return str_hash(vm, v_tostr(k));
		if (unlikely(v_kind(k) == KIND_BIGINT))
			return hash_bigint(vm, v_tocell(k));
	}
	return (uint32_t)hash_u64(k ^ vm->hash_key.k0);
}

static bool same_slow(struct vm *vm, val a, val b)
{
	if (!v_iscell(a) || !v_iscell(b))
		return false;
	if (kind_is_string(v_kind(a)))
		return kind_is_string(v_kind(b)) && v_tostr(a)->len.v == v_tostr(b)->len.v &&
		       str_eq(vm, v_tostr(a), v_tostr(b));
	return v_kind(a) == KIND_BIGINT && v_kind(b) == KIND_BIGINT && val_same_zero(vm, a, b);
}

static inline struct table_ent *find(struct vm *vm, struct table *t, val key, uint32_t hash)
{
	const iword *ix = index_of(t);
	uint32_t mask = t->hmask.v, i = hash & mask;
	uint64_t w;

	for (; (w = ix[i].v) != 0; i = (i + 1) & mask) {
		struct table_ent *e;

		if ((uint32_t)(w >> 32) != hash)
			continue;
		e = &t->e[(uint32_t)w - 1];
		if (e->key.v == key || same_slow(vm, e->key.v, key))
			return e;
	}
	return NULL;
}

struct table_ent *coll_find(struct vm *vm, const struct coll *c, val key)
{
	if (c->tab.v == NULL)
		return NULL;
	key = table_key(key);
	return find(vm, c->tab.v, key, hash_of(vm, key));
}

/* An empty table with room for cap entries, a power of two. NULL: thrown. */
static struct table *new_table(struct vm *vm, uint32_t cap)
{
	size_t isize = 2 * (size_t)cap * sizeof(uint64_t), esize = (size_t)cap * sizeof(struct table_ent);
	size_t words = (sizeof(struct table) - sizeof(struct cell) + esize) / 8;
	struct cell *index = NULL;
	struct table *t = NULL;

	if (cap <= TABLE_MOST)
		index = heap_alloc(&vm->heap, sizeof *index + isize, (uint32_t)isize, KIND_BYTES, 0);
	if (index != NULL) {
		memset(index + 1, 0, isize);
		t = heap_alloc(&vm->heap, sizeof *t + esize, (uint32_t)words, KIND_TABLE, 0);
	}
	if (t == NULL) {
		throw_oom(vm);
		return NULL;
	}
	HINIT(t->n, 0);
	HINIT(t->live, 0);
	HINIT(t->cap, cap);
	HINIT(t->hmask, 2 * cap - 1);
	HINIT(t->first, 0);
	HINIT(t->cleared, 0);
	HINIT(t->index, index);
	HINIT(t->next, NULL);
	memset((void *)t->e, 0, esize);
	return t;
}

static inline void append(struct vm *vm, struct table *t, val key, val value, uint32_t hash)
{
	iword *ix = index_of(t);
	uint32_t i = hash & t->hmask.v, n = t->n.v;

	while (ix[i].v != 0)
		i = (i + 1) & t->hmask.v;
	VSET(vm, ix[i], (uint64_t)hash << 32 | (n + 1));
	VSET(vm, t->e[n].key, key);
	VSET(vm, t->e[n].value, value);
	VSET(vm, t->n, n + 1);
	VSET(vm, t->live, t->live.v + 1);
}

static void append_live(struct vm *vm, struct table *to, const struct table *from)
{
	for (uint32_t i = from->first.v; i < from->n.v; i++) {
		val k = from->e[i].key.v;

		if (k != V_HOLE)
			append(vm, to, k, from->e[i].value.v, hash_of(vm, k));
	}
	vm->ticks -= from->n.v >> 2;
}

/* Room for one more entry. */
static struct table *grow(struct vm *vm, struct coll *c)
{
	struct table *t = c->tab.v, *g;
	uint32_t cap;

	if (t == NULL) {
		g = new_table(vm, TABLE_LEAST);
	} else {
		cap = t->cap.v;
		if (t->live.v > cap / 4 * 3)
			cap *= 2;
		else
			while (cap > TABLE_LEAST && t->live.v < cap / 4)
				cap /= 2;
		g = new_table(vm, cap);
		if (g == NULL)
			return NULL;
		append_live(vm, g, t);
		VSET(vm, t->next, g);
	}
	if (g != NULL)
		VSET(vm, c->tab, g);
	return g;
}

int coll_put(struct vm *vm, struct coll *c, val key, val value)
{
	struct table *t = c->tab.v;
	struct table_ent *e;
	uint32_t hash;

	key = table_key(key);
	hash = hash_of(vm, key);
	if (t != NULL) {
		e = find(vm, t, key, hash);
		if (e != NULL) {
			VSET(vm, e->value, value);
			return 0;
		}
	}
	if (t == NULL || unlikely(t->n.v == t->cap.v)) {
		t = grow(vm, c);
		if (t == NULL)
			return -1;
	}
	append(vm, t, key, value, hash);
	return 0;
}

bool coll_delete(struct vm *vm, struct coll *c, val key)
{
	struct table_ent *e = coll_find(vm, c, key);
	struct table *t = c->tab.v;
	uint32_t i;

	if (e == NULL)
		return false;
	VSET(vm, e->key, V_HOLE);
	VSET(vm, e->value, V_HOLE);
	VSET(vm, t->live, t->live.v - 1);
	i = t->first.v;
	if (e == &t->e[i]) {
		while (i < t->n.v && t->e[i].key.v == V_HOLE)
			i++;
		VSET(vm, t->first, i);
	}
	return true;
}

int coll_clear(struct vm *vm, struct coll *c)
{
	struct table *t = c->tab.v, *g;

	if (t == NULL || t->n.v == 0)
		return 0;
	g = new_table(vm, TABLE_LEAST);
	if (g == NULL)
		return -1;
	VSET(vm, t->cleared, 1);
	VSET(vm, t->next, g);
	VSET(vm, c->tab, g);
	return 0;
}

int coll_copy(struct vm *vm, struct coll *dst, const struct coll *src)
{
	uint32_t n = coll_size(src), cap = TABLE_LEAST;
	struct table *t;

	if (n == 0)
		return 0;
	while (cap < n)
		cap *= 2;
	t = new_table(vm, cap);
	if (t == NULL)
		return -1;
	append_live(vm, t, src->tab.v);
	VSET(vm, dst->tab, t);
	return 0;
}

/* Follows a cursor from a replaced table to the present one. */
static void catch_up(struct table_cursor *at)
{
	while (at->t->next.v != NULL) {
		uint32_t live = 0;

		for (uint32_t i = 0; !at->t->cleared.v && i < at->i; i++)
			live += at->t->e[i].key.v != V_HOLE;
		at->t = at->t->next.v;
		at->i = live;
	}
}

struct table_ent *coll_next(const struct coll *c, struct table_cursor *at)
{
	struct table *t;

	if (unlikely(at->t == NULL)) {
		at->t = c->tab.v;
		at->i = 0;
		if (at->t == NULL)
			return NULL;
	}
	if (unlikely(at->t->next.v != NULL))
		catch_up(at);
	t = at->t;
	if (at->i < t->first.v)
		at->i = t->first.v;
	while (at->i < t->n.v) {
		struct table_ent *e = &t->e[at->i++];

		if (e->key.v != V_HOLE)
			return e;
	}
	return NULL;
}
