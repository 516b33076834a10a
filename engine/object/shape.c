/* shape.c: hidden classes: records, property tables, transitions, budgets.
 * Called by property.c and by whoever makes objects with known keys. Knows no
 * object layout; touches the heap only through obj_make_proto.
 *
 * Persistent shapes: malloc'd tables, never freed before the VM is. Transient
 * ones: tables in an arena of this file, ids from vm->tshape0, everything
 * dropped at the end of the request; nothing persistent refers to them.
 * A table is appended to only by the newest shape of its lineage. */
#include "engine/object/prop.h"
#include "engine/object/typed.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/arena.h"
#include "base/san.h"
#include "engine/object/idmap.h"

#define SHAPE_BYTES  (64u << 20)
#define SHAPE_IDS    (SHAPE_BYTES / (uint32_t)sizeof(struct shape))
#define TSHAPE0      (SHAPE_IDS / 8)
#ifdef ZTS_TORTURE
#define BUDGET       1024u
#define TBUDGET      8u
#define LONG_TBUDGET 8u
#define MAX_TKEYS    2u
#define MAX_PRIVATE  1000u
#else
#define BUDGET       (16u << 10)
#define TBUDGET      256u
#define LONG_TBUDGET (1u << 18) /* `zigttp run`: one long request */
#define MAX_TKEYS    8u
#define MAX_PRIVATE  1000u
#endif
#define LINEAR 8u
#define ROOT_DICT (1u << 30)   /* in a root's hash key: the dictionary shape */

struct shape_state {
	struct idmap roots;         /* (proto, kind | inl) → persistent root */
	struct idmap trans;         /* (parent | key, attrs) → persistent child, beyond the first */
	struct idmap side;          /* both kinds of key, transient results */
	struct arena mem;           /* tables of transient shapes */
	size_t charged;             /* arena bytes already charged to the heap */
};

static struct shape_state *state(struct vm *vm) { return vm->shape_roots; }

static void reset_tbudget(struct vm *vm)
{
	vm->tshape_budget = vm->persist_atoms ? LONG_TBUDGET : TBUDGET;
}

bool shapes_worn(const struct vm *vm) { return vm->shape_budget < BUDGET / 4; }

int shapes_init(struct vm *vm)
{
	void *p = mmap(NULL, SHAPE_BYTES, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	vm->shape_roots = calloc(1, sizeof(struct shape_state));
	if (vm->shape_roots == NULL) {
		AZ(munmap(p, SHAPE_BYTES));
		return -1;
	}
	vm->shapes = p;
	san_root(p, SHAPE_BYTES);
	for (uint32_t i = 0; i < SHAPE_FIRST; i++)
		vm->shapes[i].id = i;
	vm->nshapes = SHAPE_FIRST;
	vm->tshape0 = TSHAPE0;
	vm->ntshapes = 0;
	vm->shape_budget = BUDGET;
	reset_tbudget(vm);
	vm->tshape_hash = &state(vm)->side;
	vm->proto_epoch = 1;
	vm->exotic[KIND_ARRAY] = vm->exotic[KIND_ARRAY_COW] = &array_exotic;
	vm->exotic[KIND_STRING] = &string_exotic;
	vm->exotic[KIND_ARGUMENTS] = &arguments_exotic;
	vm->exotic[KIND_GLOBAL] = &global_exotic;
	vm->exotic[KIND_PROXY] = &proxy_exotic;
	vm->exotic[KIND_TYPED_ARRAY] = &typed_exotic;
	return 0;
}

static void tab_free(struct prop_tab *t)
{
	if (t == NULL)
		return;
	free(t->e);
	free(t->index);
	free(t);
}

void shapes_free(struct vm *vm)
{
	struct shape_state *st = state(vm);

	if (st == NULL)
		return;
	/* A table is owned by the first shape of those that share it. */
	for (uint32_t i = SHAPE_FIRST; i < vm->nshapes; i++) {
		struct shape *s = &vm->shapes[i];

		if (s->tab != NULL && (s->parent == 0 || vm->shapes[s->parent].tab != s->tab))
			tab_free(s->tab);
	}
	idmap_free(&st->roots);
	idmap_free(&st->trans);
	idmap_free(&st->side);
	arena_free(&st->mem);
	free(st);
	san_leaf(vm->shapes, SHAPE_BYTES);
	AZ(munmap(vm->shapes, SHAPE_BYTES));
	vm->shapes = NULL;
	vm->shape_roots = vm->tshape_hash = NULL;
}

void shapes_end_request(struct vm *vm)
{
	struct shape_state *st = state(vm);

	if (vm->indexed_proto_request)
		vm->indexed_proto = vm->indexed_proto_request = false;
	if (vm->ntshapes == 0)
		return;
	idmap_clear(&st->side);
	arena_free(&st->mem);
	st->charged = 0;
	if (vm->ntshapes > 4096)
		(void)madvise(&vm->shapes[vm->tshape0], (size_t)vm->ntshapes * sizeof(struct shape), MADV_DONTNEED);
	vm->ntshapes = 0;
	reset_tbudget(vm);
}

/* ---- property tables ------------------------------------------------------ */

static void charge(struct vm *vm, size_t n)
{
	if (!heap_charge(&vm->heap, (ptrdiff_t)n))
		vm->heap.owner_fn.limit(vm->heap.owner, 1);
}

/* Memory of a shape's table: the request's arena or the C heap. */
static void *mem(struct vm *vm, bool transient, size_t n)
{
	struct shape_state *st = state(vm);
	void *p;

	if (!transient) {
		p = calloc(1, n);
		AN(p);
		return p;
	}
	p = arena_alloc(&st->mem, n);
	if (st->mem.total != st->charged) {
		charge(vm, st->mem.total - st->charged);
		st->charged = st->mem.total;
	}
	return p;
}

static uint32_t key_hash(pkey k) { return k * 0x9E3779B1u >> 8; }

static void index_put(struct prop_tab *t, uint32_t i)
{
	uint32_t h = key_hash(t->e[i].key) & t->hmask;

	while (t->index[h] != 0)
		h = (h + 1) & t->hmask;
	t->index[h] = (uint16_t)(i + 1);
}

/* The index always fits cap entries at half load; it exists when cap > LINEAR. */
static void tab_grow(struct vm *vm, bool transient, struct prop_tab *t, uint32_t cap)
{
	struct prop_ent *e = mem(vm, transient, cap * sizeof *e);
	uint16_t *index = NULL;
	uint32_t size = 32;

	if (t->n != 0)
		memcpy(e, t->e, t->n * sizeof *e);
	if (cap > LINEAR) {
		while (size < 2 * cap)
			size *= 2;
		index = mem(vm, transient, size * sizeof *index);
	}
	if (!transient) {
		free(t->e);
		free(t->index);
	}
	t->e = e;
	t->cap = cap;
	t->index = index;
	if (index != NULL) {
		t->hmask = size - 1;
		for (uint32_t i = 0; i < t->n; i++)
			index_put(t, i);
	}
}

static void tab_append(struct vm *vm, bool transient, struct prop_tab *t, pkey key, uint8_t attrs)
{
	AN(t->n < UINT16_MAX - 1);
	if (t->n == t->cap)
		tab_grow(vm, transient, t, t->cap < 4 ? 4 : t->cap * 2);
	t->e[t->n] = (struct prop_ent){ key, t->n << 8 | attrs };
	t->n++;
	if (t->index != NULL)
		index_put(t, t->n - 1);
}

static struct prop_tab *tab_copy(struct vm *vm, bool transient, const struct shape *s, uint32_t room)
{
	struct prop_tab *t = mem(vm, transient, sizeof *t);

	if (s->count + room != 0) {
		tab_grow(vm, transient, t, s->count + room);
		for (uint32_t i = 0; i < s->count; i++) {
			t->e[i] = s->tab->e[i];
			t->n++;
			if (t->index != NULL)
				index_put(t, i);
		}
	}
	return t;
}

int shape_find(const struct shape *s, pkey key)
{
	const struct prop_tab *t = s->tab;
	uint32_t n = s->count, h, i;

	if (n <= LINEAR || t->index == NULL) {
		for (i = 0; i < n; i++) {
			if (t->e[i].key == key)
				return (int)i;
		}
		return -1;
	}
	for (h = key_hash(key) & t->hmask; (i = t->index[h]) != 0; h = (h + 1) & t->hmask) {
		/* Keys of a table are distinct; one behind `count` is a descendant's. */
		if (t->e[i - 1].key == key && i - 1 < t->n)
			return i - 1 < n ? (int)(i - 1) : -1;
	}
	return -1;
}

/* ---- records ---------------------------------------------------------------- */

/* NULL: budget spent (never with `must` unless the range itself is full). */
static struct shape *shape_alloc(struct vm *vm, bool transient, bool must)
{
	uint32_t *budget = transient ? &vm->tshape_budget : &vm->shape_budget, id;
	struct shape *s;

	if (*budget == 0 && !must)
		return NULL;
	if (transient) {
		if (vm->tshape0 + vm->ntshapes >= SHAPE_IDS) {
			vm->heap.owner_fn.limit(vm->heap.owner, 2);
			return NULL;
		}
		id = vm->tshape0 + vm->ntshapes++;
		charge(vm, sizeof *s);
	} else {
		if (vm->nshapes >= vm->tshape0)
			return NULL;
		id = vm->nshapes++;
	}
	if (*budget != 0)
		--*budget;
	s = &vm->shapes[id];
	memset(s, 0, sizeof *s);
	s->id = id;
	if (transient)
		s->flags = SF_TRANSIENT;
	return s;
}

static uint8_t norm_kind(uint8_t kind) { return kind == KIND_ARRAY_COW ? KIND_ARRAY : kind; }

static bool arena_proto(struct vm *vm, const struct obj *proto)
{
	return proto != NULL && vm->heap.frozen && heap_in_arena(&vm->heap, proto);
}

/* `proto` is about to be named by a shape. A shape that named it before it was
 * marked (an earlier request, or a dead object at this address) may be in inline
 * caches that looked through it while its changes were not watched. */
static void use_proto(struct vm *vm, struct obj *proto, bool known)
{
	if (proto == NULL || (proto->h.flags.v & CF_PROTO))
		return;
	if (known)
		++vm->proto_epoch;
	obj_make_proto(vm, proto);
}

static uint8_t attr_flags(uint8_t attrs)
{
	if (attrs & ATTR_ACCESSOR)
		return SF_HAS_ACCESSOR;
	return attrs & ATTR_W ? 0 : SF_HAS_READONLY;
}

static uint32_t root_of(struct vm *vm, struct obj *proto, uint8_t kind, uint16_t inl, uint32_t dict)
{
	struct shape_state *st = state(vm);
	uint64_t a = (uint64_t)(uintptr_t)proto;
	uint32_t b, id;
	bool transient = arena_proto(vm, proto);
	struct shape *s;

	kind = norm_kind(kind);
	b = (uint32_t)kind << 16 | inl | dict | 1u << 31;
	id = idmap_get(&st->roots, a, b);
	if (id == 0)
		id = idmap_get(&st->side, a, b);
	if (likely(id != 0)) {
		use_proto(vm, proto, true);
		return id;
	}
	use_proto(vm, proto, false);
	if (vm->heap.frozen && vm->shape_budget == 0)
		transient = true;
	s = shape_alloc(vm, transient, true);
	if (s == NULL) {
		/* The request is being terminated: anything with this layout will do. */
		id = idmap_get(&st->roots, 0, b);
		if (id != 0)
			return id;
		proto = NULL;
		a = 0;
		transient = false;
		s = shape_alloc(vm, false, true);
		AN(s);
	}
	s->proto = proto;
	s->kind = kind;
	s->inl = inl;
	if (dict)
		s->flags |= SF_DICT;
	idmap_put(transient ? &st->side : &st->roots, a, b, s->id);
	return s->id;
}

uint32_t shape_root(struct vm *vm, struct obj *proto, uint8_t kind, uint16_t inl)
{
	return root_of(vm, proto, kind, inl, 0);
}

uint32_t shape_dict(struct vm *vm, struct obj *proto, uint8_t kind, uint16_t inl)
{
	return root_of(vm, proto, kind, inl, ROOT_DICT);
}

/* ---- transitions -------------------------------------------------------------- */

static uint32_t trans_find(struct vm *vm, const struct shape *s, bool transient, pkey key, uint32_t how)
{
	uint64_t a = (uint64_t)s->id << 32 | key;
	const struct shape *c;

	if (transient)
		return idmap_get(&state(vm)->side, a, how);
	if (s->trans == NULL)
		return 0;
	c = &vm->shapes[(uintptr_t)s->trans >> 1];
	if (c->key == key && c->parent == s->id && c->attrs == how)
		return c->id;
	return idmap_get(&state(vm)->trans, a, how);
}

/* how < 256: an addition with these attributes; else a change (enum trans_how). */
static void trans_put(struct vm *vm, struct shape *s, const struct shape *c, pkey key, uint32_t how)
{
	uint64_t a = (uint64_t)s->id << 32 | key;

	if (c->flags & SF_TRANSIENT)
		idmap_put(&state(vm)->side, a, how, c->id);
	else if (s->trans == NULL && how < 256)
		s->trans = (void *)((uintptr_t)c->id << 1 | 1);
	else {
		if (s->trans == NULL)  /* trans_find asks the hash only behind a first child */
			s->trans = (void *)((uintptr_t)SHAPE_NONE << 1 | 1);
		idmap_put(&state(vm)->trans, a, how, c->id);
	}
}
#define TRANS_ATTRS 0x100u

uint32_t shape_add(struct vm *vm, uint32_t id, pkey key, uint8_t attrs)
{
	struct shape *s = &vm->shapes[id], *c;
	bool tkey = atom_is_transient(key), transient = (s->flags & SF_TRANSIENT) || tkey;
	uint32_t child;

	if (s->flags & (SF_DICT | SF_PROTO))
		return 0;
	child = trans_find(vm, s, transient, key, attrs);
	if (likely(child != 0))
		return child;
	/* The last quarter of the budget is for the program itself: strangers who send
	 * known names in ever new orders get shapes that die with their request. */
	if (!transient && vm->heap.frozen && !vm->persist_atoms && vm->shape_budget < BUDGET / 4) {
		transient = true;
		child = trans_find(vm, s, transient, key, attrs);
		if (child != 0)
			return child;
	}
	if (s->count >= MAX_SHAPE_KEYS || (tkey && s->ntkeys >= MAX_TKEYS))
		return 0;
	c = shape_alloc(vm, transient, false);
	if (c == NULL)
		return 0;
	c->parent = id;
	c->key = key;
	c->attrs = attrs;
	c->flags |= (s->flags & (SF_HAS_ACCESSOR | SF_HAS_READONLY)) | attr_flags(attrs);
	c->inl = s->inl;
	c->proto = s->proto;
	c->kind = s->kind;
	c->ntkeys = (uint8_t)(s->ntkeys + tkey);
	c->count = c->nslots = s->count + 1;
	if (s->tab != NULL && s->tab->n == s->count && transient == ((s->flags & SF_TRANSIENT) != 0))
		c->tab = s->tab;
	else
		c->tab = tab_copy(vm, transient, s, s->count < 4 ? 4 : s->count);
	tab_append(vm, transient, c->tab, key, attrs);
	trans_put(vm, s, c, key, attrs);
	return c->id;
}

/* A shape of the same keys with a table of its own. NULL: budget. */
static struct shape *fork_shape(struct vm *vm, const struct shape *s, bool transient, bool must)
{
	struct shape *c = shape_alloc(vm, transient, must);

	if (c == NULL)
		return NULL;
	c->flags |= s->flags & (SF_HAS_ACCESSOR | SF_HAS_READONLY);
	c->inl = s->inl;
	c->proto = s->proto;
	c->kind = s->kind;
	c->ntkeys = s->ntkeys;
	c->count = c->nslots = s->count;
	c->tab = tab_copy(vm, transient, s, 0);
	return c;
}

static void set_attrs(struct shape *s, uint32_t i, uint8_t attrs)
{
	s->tab->e[i].slot_attrs = (s->tab->e[i].slot_attrs & ~255u) | attrs;
	s->flags |= attr_flags(attrs);
}

uint32_t shape_set_attrs(struct vm *vm, uint32_t id, pkey key, uint8_t attrs)
{
	struct shape *s = &vm->shapes[id], *c;
	bool transient = (s->flags & SF_TRANSIENT) != 0;
	uint32_t to;

	if (s->flags & (SF_DICT | SF_PROTO))
		return 0;
	to = trans_find(vm, s, transient, key, TRANS_ATTRS | attrs);
	if (to != 0)
		return to;
	c = fork_shape(vm, s, transient, false);
	if (c == NULL)
		return 0;
	set_attrs(c, (uint32_t)shape_find(s, key), attrs);
	trans_put(vm, s, c, key, TRANS_ATTRS | attrs);
	return c->id;
}

static void seal_attrs(struct vm *vm, struct shape *s, enum shape_seal how)
{
	for (uint32_t i = 0; how != SHAPE_NONEXT && i < s->count; i++) {
		uint8_t a = (uint8_t)PE_ATTRS(s->tab->e[i]);

		/* Private names are no properties: 7.3.15 does not see them. */
		if (atom_rec(vm, s->tab->e[i].key)->type == ATOM_PRIVATE)
			continue;
		a &= (uint8_t)~ATTR_C;
		if (how == SHAPE_FROZEN && !(a & ATTR_ACCESSOR))
			a &= (uint8_t)~ATTR_W;
		set_attrs(s, i, a);
	}
}

uint32_t shape_seal(struct vm *vm, uint32_t id, enum shape_seal how)
{
	struct shape *s = &vm->shapes[id], *c;
	bool transient = (s->flags & SF_TRANSIENT) != 0;
	uint32_t to;

	if (s->flags & (SF_DICT | SF_PROTO))
		return 0;
	to = trans_find(vm, s, transient, PKEY_NONE, how);
	if (to != 0)
		return to;
	c = fork_shape(vm, s, transient, false);
	if (c == NULL)
		return 0;
	seal_attrs(vm, c, how);
	trans_put(vm, s, c, PKEY_NONE, how);
	return c->id;
}

uint32_t shape_remove_last(struct vm *vm, uint32_t id)
{
	struct shape *s = &vm->shapes[id];

	/* A function without own names must not look like one whose names are
	 * still virtual (CF_LAZY). */
	if ((s->flags & (SF_DICT | SF_PROTO)) || s->kind == KIND_FUNC || s->kind == KIND_NFUNC)
		return 0;
	return s->parent;
}

uint32_t shape_set_proto(struct vm *vm, uint32_t id, struct obj *proto)
{
	const struct shape *s = &vm->shapes[id];
	uint32_t to = shape_root(vm, proto, s->kind, s->inl);

	for (uint32_t i = 0; to != 0 && i < s->count; i++)
		to = shape_add(vm, to, s->tab->e[i].key, (uint8_t)PE_ATTRS(s->tab->e[i]));
	return to;
}

uint32_t shape_of_keys(struct vm *vm, struct obj *proto, const pkey *keys, uint32_t n)
{
	uint32_t id;

	if (n > MAX_SHAPE_KEYS)
		return 0;
	id = shape_root(vm, proto, KIND_OBJECT, (uint16_t)n);
	for (uint32_t i = 0; id != 0 && i < n; i++)
		id = shape_add(vm, id, keys[i], ATTR_WEC);
	return id;
}

/* ---- private shapes -------------------------------------------------------------- */

uint32_t shape_private_copy(struct vm *vm, uint32_t id, struct obj *proto)
{
	const struct shape *s = &vm->shapes[id];
	struct shape *c;

	use_proto(vm, proto, false);
	c = fork_shape(vm, s, vm->heap.frozen, true);
	if (c == NULL)
		return shape_dict(vm, NULL, s->kind, 0);  /* being terminated */
	c->flags |= SF_PROTO | (s->flags & SF_DICT);
	c->proto = proto;
	return c->id;
}

uint32_t shape_privatise(struct vm *vm, uint32_t id)
{
	return shape_private_copy(vm, id, vm->shapes[id].proto);
}

uint32_t shape_private_dict(struct vm *vm, uint32_t id)
{
	const struct shape *s = &vm->shapes[id];
	struct shape *c = shape_alloc(vm, vm->heap.frozen, true);

	if (c == NULL)
		return shape_dict(vm, NULL, s->kind, 0);
	c->flags |= SF_PROTO | SF_DICT;
	c->proto = s->proto;
	c->kind = s->kind;
	return c->id;
}

bool shape_private_full(const struct shape *s) { return s->count >= MAX_PRIVATE; }

void shape_private_reserve(struct vm *vm, struct shape *s, uint32_t n)
{
	bool transient = (s->flags & SF_TRANSIENT) != 0;

	if (s->tab == NULL)
		s->tab = tab_copy(vm, transient, s, n);
	else if (s->tab->cap < s->tab->n + n)
		tab_grow(vm, transient, s->tab, s->tab->n + n);
}

void shape_private_add(struct vm *vm, struct shape *s, pkey key, uint8_t attrs)
{
	if (s->tab == NULL)
		shape_private_reserve(vm, s, 4);
	tab_append(vm, (s->flags & SF_TRANSIENT) != 0, s->tab, key, attrs);
	s->count = ++s->nslots;
	s->flags |= attr_flags(attrs);
}

void shape_private_attrs(struct vm *vm, struct shape *s, uint32_t i, uint8_t attrs)
{
	(void)vm;
	set_attrs(s, i, attrs);
}

void shape_private_pop(struct vm *vm, struct shape *s)
{
	(void)vm;
	s->count = --s->nslots;
	s->tab->n--;
	/* Stale index words would fill the index: build it anew. */
	if (s->tab->index != NULL) {
		memset(s->tab->index, 0, ((size_t)s->tab->hmask + 1) * sizeof *s->tab->index);
		for (uint32_t i = 0; i < s->tab->n; i++)
			index_put(s->tab, i);
	}
}

void shape_private_seal(struct vm *vm, struct shape *s, enum shape_seal how)
{
	seal_attrs(vm, s, how);
}
