/* property.c: storage of named own properties: slots and dictionaries; the rules
 * that keep inline caches right when a prototype changes. Called by object.c,
 * ops.c, keys.c and the realm set-up; never runs JavaScript.
 *
 * Invariant: an object has CF_PROTO exactly when its shape has SF_PROTO, i.e. is
 * its own. Such a shape may be changed in place only while no cache can be keyed
 * by it (SF_SEEN) and only when a rollback would not have to undo it: before the
 * freeze, or when the shape is transient itself. */
#include "engine/object/prop.h"

#define EXT_MAX 1000u
_Static_assert(sizeof(struct ext) + EXT_MAX * sizeof(val) <= HEAP_SMALL_MAX, "ext_reserve never fails");

struct ext *ext_reserve(struct vm *vm, struct obj *o, uint32_t slots)
{
	struct ext *e = o->ext.v, *g;
	uint32_t old = e != NULL ? e->h.shape.v : 0, cap = slots;

	if (e != NULL && old >= slots)
		return e;
	if (cap < 2 * old)
		cap = 2 * old;
	cap = (cap + 1) & ~1u;
	if (cap > EXT_MAX && slots <= EXT_MAX)
		cap = EXT_MAX;
	g = heap_alloc(&vm->heap, sizeof *g + cap * sizeof(val), cap, KIND_EXT, 0);
	AN(g);  /* never above HEAP_SMALL_MAX: shapes have at most 1000 slots */
	HINIT(g->dict, e != NULL ? e->dict.v : NULL);
	HINIT(g->elem, e != NULL ? e->elem.v : NULL);
	HINIT(g->sparse, e != NULL ? e->sparse.v : NULL);
	HINIT(g->nelem, e != NULL ? e->nelem.v : 0);
	HINIT(g->pad, 0);
	for (uint32_t i = 0; i < cap; i++)
		HINIT(g->slot[i], i < old ? e->slot[i].v : V_UNDEF);
	VSET(vm, o->ext, g);
	return g;
}

val accessor_new(struct vm *vm, val get, val set)
{
	struct accessor *a = heap_alloc(&vm->heap, sizeof *a, 2, KIND_VALS, 0);

	HINIT(a->get, get);
	HINIT(a->set, set);
	return v_cell(a);
}

/* ---- finding -------------------------------------------------------------------- */

static hval *slot_of(const struct shape *s, struct obj *o, uint32_t slot)
{
	return slot < s->inl ? &o->inl[slot] : &o->ext.v->slot[slot - s->inl];
}

static struct dict *dict_of(const struct obj *o) { return o->ext.v != NULL ? o->ext.v->dict.v : NULL; }

bool own_named(struct vm *vm, struct obj *o, pkey k, struct own *out)
{
	const struct shape *s = obj_shape(vm, o);
	int i;

	if (unlikely(s->flags & SF_DICT)) {
		struct dict *d = dict_of(o);
		struct dict_ent *e = d != NULL ? dict_find(vm, d, k) : NULL;

		if (e == NULL)
			return false;
		out->where = &e->v;
		out->attrs = e->attrs.v;
		out->value = e->v.v;
		return true;
	}
	i = shape_find(s, k);
	if (i < 0)
		return false;
	out->where = slot_of(s, o, (uint32_t)i);
	out->attrs = PE_ATTRS(s->tab->e[i]);
	out->value = out->where->v;
	return true;
}

static bool virtual_prop(val v, uint32_t attrs, struct own *out)
{
	out->where = NULL;
	out->value = v;
	out->attrs = attrs;
	return true;
}

/* Everything but the plain named property; *decided says the answer is final. */
bool own_lookup_special(struct vm *vm, struct obj *o, pkey k, struct own *out, bool *decided)
{
	if (o->h.flags.v & CF_LAZY && key_is_lazy_name(k))
		prop_materialise(vm, o);
	*decided = true;
	if (o->h.kind == KIND_STRING) {
		struct str *s = v_tostr(((struct prim_obj *)(void *)o)->prim.v);

		if (k == A_length)
			return virtual_prop(v_u32(s->len.v), 0, out);
		if (pkey_is_index(k) && pkey_index(k) < s->len.v)
			return virtual_prop(str_from_unit(vm, str_at(vm, s, pkey_index(k))), ATTR_E, out);
	}
	if (pkey_is_index(k))
		return elem_lookup(vm, o, pkey_index(k), out);
	if (k == A_length && (o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW))
		return virtual_prop(v_u32(((struct arr *)(void *)o)->len.v),
		                    o->h.aux.v & ARR_LEN_RO ? 0 : ATTR_W, out);
	if (o->h.kind == KIND_GLOBAL) {
		struct dict_ent *e = global_entry(vm, o, k);
		struct box *b;

		if (e == NULL)
			return false;
		b = (struct box *)(void *)v_tocell(e->v.v);
		out->where = &b->v;
		out->value = b->v.v;
		out->attrs = e->attrs.v;
		return true;
	}
	*decided = false;
	return false;
}

/* ---- prototypes and the epoch ------------------------------------------------------ */

void prop_note_indexed(struct vm *vm)
{
	if (vm->indexed_proto)
		return;
	vm->indexed_proto = true;
	vm->indexed_proto_request = vm->heap.frozen;
}

static void note_dirty(struct vm *vm, struct obj *o)
{
	if (vm->heap.frozen && heap_in_snapshot(o))
		vm->proto_dirty = true;
}

/* Kinds whose integer keys do not come from elems.c. */
static bool may_have_index(const struct obj *o)
{
	switch (o->h.kind) {
	case KIND_STRING:
		return v_tostr(((const struct prim_obj *)(const void *)o)->prim.v)->len.v != 0;
	case KIND_PROXY: case KIND_MODULE_NS: case KIND_TYPED_ARRAY: case KIND_HOST:
		return true;
	default:
		return elem_any(o);
	}
}

void obj_make_proto(struct vm *vm, struct obj *o)
{
	struct shape *s;
	uint8_t flags = o->h.flags.v | CF_PROTO;

	if (o->h.flags.v & CF_PROTO)
		return;
	s = obj_shape(vm, o);
	/* Element fast paths ask for arrays without holes: keep them off this one. */
	if (obj_is_arrlike(o))
		flags |= CF_HAS_HOLES;
	VSET(vm, o->h.flags, flags);
	VSET(vm, o->h.shape, s->flags & SF_DICT ? shape_private_dict(vm, s->id) : shape_privatise(vm, s->id));
	if (may_have_index(o))
		prop_note_indexed(vm);
}

/* Before the structure of o, a prototype, changes: its shape, fit for changes in
 * place. (Not SF_PROTO only when the request is being terminated.) */
static struct shape *proto_open(struct vm *vm, struct obj *o)
{
	struct shape *s = obj_shape(vm, o);

	if (s->flags & SF_CACHED_THRU)
		++vm->proto_epoch;
	note_dirty(vm, o);
	if (!(s->flags & SF_SEEN) && (!vm->heap.frozen || (s->flags & SF_TRANSIENT)))
		return s;
	if (s->flags & SF_DICT) {  /* never a cache's key: only the marks must go */
		s->flags &= (uint8_t)~(SF_CACHED_THRU | SF_SEEN);
		return s;
	}
	s = shape_of_id(vm, shape_privatise(vm, s->id));
	VSET(vm, o->h.shape, s->id);
	return s;
}

int prop_store_slow(struct vm *vm, struct obj *o, pkey k, struct own *w, val v)
{
	if (o->h.kind == KIND_ARRAY_COW && pkey_is_index(k)) {
		if (arr_unshare(vm, (struct arr *)(void *)o) < 0)
			return -1;
		elem_lookup(vm, o, pkey_index(k), w);
	}
	if (o->h.flags.v & CF_PROTO) {
		struct shape *s = obj_shape(vm, o);

		if (s->flags & SF_CACHED_THRU) {
			++vm->proto_epoch;
			s->flags &= (uint8_t)~SF_CACHED_THRU;
		}
		note_dirty(vm, o);
	}
	VSET(vm, *w->where, v);
	return 0;
}

/* ---- dictionaries --------------------------------------------------------------------- */

static int dict_put(struct vm *vm, struct obj *o, pkey k, val v, uint32_t attrs)
{
	struct dict *d = dict_of(o);
	struct ext *e;

	if (d == NULL)
		d = dict_new(vm, 8);
	if (d != NULL)
		d = dict_add(vm, d, k, v, attrs);
	if (d == NULL)
		return -1;
	e = ext_reserve(vm, o, 0);
	if (e->dict.v != d)
		VSET(vm, e->dict, d);
	return 0;
}

int prop_to_dict(struct vm *vm, struct obj *o)
{
	struct shape *s = obj_shape(vm, o);
	struct dict *d;
	struct ext *e = o->ext.v, *g;
	uint32_t id;

	if (s->flags & SF_DICT)
		return 0;
	d = dict_new(vm, s->count + s->count / 4 + 1);
	if (d == NULL)
		return -1;
	for (uint32_t i = 0; i < s->count; i++)
		dict_add(vm, d, s->tab->e[i].key, slot_of(s, o, i)->v, PE_ATTRS(s->tab->e[i]));
	g = heap_alloc(&vm->heap, sizeof *g, 0, KIND_EXT, 0);
	HINIT(g->dict, d);
	HINIT(g->elem, e != NULL ? e->elem.v : NULL);
	HINIT(g->sparse, e != NULL ? e->sparse.v : NULL);
	HINIT(g->nelem, e != NULL ? e->nelem.v : 0);
	HINIT(g->pad, 0);
	id = s->flags & SF_PROTO ? shape_private_dict(vm, s->id) : shape_dict(vm, s->proto, s->kind, 0);
	VSET(vm, o->ext, g);
	for (uint32_t i = 0; i < s->inl; i++)
		VSET(vm, o->inl[i], V_UNDEF);
	VSET(vm, o->h.shape, id);
	return 0;
}

/* ---- changes of named properties --------------------------------------------------------- */

static void put_slot(struct vm *vm, struct obj *o, const struct shape *s, uint32_t slot, val v)
{
	if (slot < s->inl) {
		VSET(vm, o->inl[slot], v);
	} else {
		struct ext *e = ext_reserve(vm, o, slot - s->inl + 1);

		VSET(vm, e->slot[slot - s->inl], v);
	}
}

static int add_to_proto(struct vm *vm, struct obj *o, pkey k, val v, uint32_t attrs)
{
	struct shape *s = proto_open(vm, o);

	if (!(s->flags & SF_DICT) && shape_private_full(s)) {
		if (prop_to_dict(vm, o) < 0)
			return -1;
		s = obj_shape(vm, o);
	}
	if (s->flags & SF_DICT)
		return dict_put(vm, o, k, v, attrs);
	put_slot(vm, o, s, s->nslots, v);
	shape_private_add(vm, s, k, (uint8_t)attrs);
	return 0;
}

int prop_add(struct vm *vm, struct obj *o, pkey k, val v, uint32_t attrs)
{
	struct shape *s;
	uint32_t id;

	if (unlikely(pkey_is_index(k)))
		return elem_add(vm, o, pkey_index(k), v, attrs);
	/* The virtual names come first in the order of keys. */
	if (unlikely(o->h.flags.v & CF_LAZY))
		prop_materialise(vm, o);
	if (unlikely(o->h.kind == KIND_GLOBAL))
		return global_add(vm, o, k, v, attrs);
	if (unlikely(o->h.flags.v & CF_PROTO))
		return add_to_proto(vm, o, k, v, attrs);
	s = obj_shape(vm, o);
	if (likely(!(s->flags & SF_DICT))) {
		id = shape_add(vm, s->id, k, (uint8_t)attrs);
		if (likely(id != 0)) {
			put_slot(vm, o, s, s->nslots, v);
			VSET(vm, o->h.shape, id);
			return 0;
		}
		if (prop_to_dict(vm, o) < 0)
			return -1;
	}
	return dict_put(vm, o, k, v, attrs);
}

int prop_change(struct vm *vm, struct obj *o, pkey k, val v, uint32_t attrs)
{
	struct shape *s;
	struct dict_ent *e;
	uint32_t id;
	int i;

	if (pkey_is_index(k))
		return elem_change(vm, o, pkey_index(k), v, attrs);
	if (o->h.kind == KIND_GLOBAL)
		return global_change(vm, o, k, v, attrs);
	s = o->h.flags.v & CF_PROTO ? proto_open(vm, o) : obj_shape(vm, o);
	if (!(s->flags & SF_DICT)) {
		i = shape_find(s, k);
		if (s->flags & SF_PROTO) {
			shape_private_attrs(vm, s, (uint32_t)i, (uint8_t)attrs);
			put_slot(vm, o, s, (uint32_t)i, v);
			return 0;
		}
		id = PE_ATTRS(s->tab->e[i]) == attrs ? s->id : shape_set_attrs(vm, s->id, k, (uint8_t)attrs);
		if (id != 0) {
			put_slot(vm, o, s, (uint32_t)i, v);
			if (id != s->id)
				VSET(vm, o->h.shape, id);
			return 0;
		}
		if (prop_to_dict(vm, o) < 0)
			return -1;
	}
	e = dict_of(o) != NULL ? dict_find(vm, dict_of(o), k) : NULL;
	if (e == NULL)
		return 0; /* terminating */
	VSET(vm, e->v, v);
	VSET(vm, e->attrs, attrs);
	return 0;
}

int prop_remove(struct vm *vm, struct obj *o, pkey k)
{
	struct shape *s;
	struct dict_ent *e;

	if (pkey_is_index(k))
		return elem_remove(vm, o, pkey_index(k));
	if (o->h.kind == KIND_GLOBAL) {
		global_remove(vm, o, k);
		return 0;
	}
	s = o->h.flags.v & CF_PROTO ? proto_open(vm, o) : obj_shape(vm, o);
	if (!(s->flags & SF_DICT)) {
		uint32_t last = s->count - 1, id;

		if (s->tab->e[last].key == k) {
			if (s->flags & SF_PROTO) {
				put_slot(vm, o, s, last, V_UNDEF);
				shape_private_pop(vm, s);
				return 0;
			}
			id = shape_remove_last(vm, s->id);
			if (id != 0) {
				put_slot(vm, o, s, last, V_UNDEF);
				VSET(vm, o->h.shape, id);
				return 0;
			}
		}
		if (prop_to_dict(vm, o) < 0)
			return -1;
	}
	e = dict_of(o) != NULL ? dict_find(vm, dict_of(o), k) : NULL;
	if (e != NULL)
		dict_remove(vm, dict_of(o), e);
	return 0;
}

int prop_seal(struct vm *vm, struct obj *o, enum shape_seal how)
{
	struct shape *s = obj_shape(vm, o);
	struct dict *d;
	uint32_t id;

	if (o->h.flags.v & CF_PROTO)
		s = proto_open(vm, o);
	if (!(s->flags & SF_DICT)) {
		if (s->flags & SF_PROTO) {
			shape_private_seal(vm, s, how);
			return 0;
		}
		id = shape_seal(vm, s->id, how);
		if (id != 0) {
			VSET(vm, o->h.shape, id);
			return 0;
		}
		if (prop_to_dict(vm, o) < 0)
			return -1;
	}
	d = dict_of(o);
	for (uint32_t i = 0; how != SHAPE_NONEXT && d != NULL && i < d->n.v; i++) {
		struct dict_ent *e = &d->e[i];
		uint32_t attrs = e->attrs.v & ~(uint32_t)ATTR_C;

		if (e->key.v == PKEY_NONE || atom_rec(vm, e->key.v)->type == ATOM_PRIVATE)
			continue;
		if (how == SHAPE_FROZEN && !(attrs & ATTR_ACCESSOR))
			attrs &= ~(uint32_t)ATTR_W;
		VSET(vm, e->attrs, attrs);
	}
	return 0;
}

int prop_set_proto(struct vm *vm, struct obj *o, struct obj *proto)
{
	struct shape *s;
	uint32_t id;

	if (o->h.flags.v & CF_PROTO) {
		s = proto_open(vm, o);
		/* A changed prototype is a new identity even for an unseen shape. */
		id = s->flags & SF_DICT ? shape_private_dict(vm, s->id) : shape_private_copy(vm, s->id, proto);
		if (obj_shape(vm, o)->flags & SF_DICT) {
			if (proto != NULL)
				obj_make_proto(vm, proto);
			if (shape_of_id(vm, id)->flags & SF_PROTO)
				shape_of_id(vm, id)->proto = proto;
		}
		VSET(vm, o->h.shape, id);
		return 0;
	}
	s = obj_shape(vm, o);
	if (!(s->flags & SF_DICT)) {
		/* Non-extensible objects never get here, so no sealed shape is lost. */
		id = shape_set_proto(vm, s->id, proto);
		if (id != 0) {
			VSET(vm, o->h.shape, id);
			return 0;
		}
		if (prop_to_dict(vm, o) < 0)
			return -1;
		s = obj_shape(vm, o);
	}
	VSET(vm, o->h.shape, shape_dict(vm, proto, s->kind, 0));
	return 0;
}
