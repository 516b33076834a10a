/* ic.c: filling and clearing inline caches: the only place that decides what a
 * shape match may promise. Called by the slow functions on a miss. */
#include "engine/vm/ic.h"

#include <stdlib.h>

struct way { uint32_t shape; uint16_t off; uint8_t kind; union { struct cell *holder; uint32_t newshape; } u; };

int pic_find(const struct pic *p, uint32_t shape)
{
	for (int i = 0; i < IC_WAYS; i++)
		if (p->shape[i] == shape)
			return i;
	return -1;
}

static void ic_clear(struct ic *ic)
{
	if (ic->n >= 2 && ic->n <= IC_WAYS)
		free(ic->u.pic);
	*ic = (struct ic){ 0 };
}

/* Once per site and request: a site may be filled over and over. */
static void push_volatile(struct vm *vm, struct code *code, struct ic *ic)
{
	uint8_t *listed = &code->ic_listed[ic - code->ic];

	if (*listed)
		return;
	*listed = 1;
	if (vm->nvolatile == vm->volatile_cap) {
		vm->volatile_cap = vm->volatile_cap ? vm->volatile_cap * 2 : 64;
		vm->volatile_ics = realloc(vm->volatile_ics, vm->volatile_cap * sizeof *vm->volatile_ics);
		AN(vm->volatile_ics);
	}
	vm->volatile_ics[vm->nvolatile++] = (struct volatile_ic){ ic, listed };
}

void ic_end_request(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nvolatile; i++)
		*vm->volatile_ics[i].listed = 0, ic_clear(vm->volatile_ics[i].ic);
	vm->nvolatile = 0;
}

void ic_free(struct code *code)
{
	for (uint32_t i = 0; code->ic && i < code->nics; i++)
		ic_clear(&code->ic[i]);
	free(code->ic);
	free(code->ic_listed);
	code->ic = NULL;
}

/* Entries that looked beyond the receiver are void once the epoch has moved. */
static void refresh_epoch(struct vm *vm, struct code *code)
{
	if (code->ic_epoch == vm->proto_epoch)
		return;
	code->ic_epoch = vm->proto_epoch;
	for (uint32_t i = 0; i < code->nics; i++) {
		struct ic *ic = &code->ic[i];
		bool stale = IC_NEEDS_EPOCH(ic->kind);

		for (int j = 0; ic->n >= 2 && ic->n <= IC_WAYS && j < ic->n; j++)
			stale |= IC_NEEDS_EPOCH(ic->u.pic->w[j].kind);
		if (stale)
			ic_clear(ic);
	}
}

/* Does this way mention something that dies with the request? */
static bool way_is_volatile(struct vm *vm, const struct way *w)
{
	if (w->shape >= vm->tshape0)
		return true;
	switch (w->kind) {
	case IC_PROTO_INL: case IC_PROTO_EXT: case IC_GETTER: case IC_GLOBAL: case IC_GLOBAL_RW:
		return heap_in_arena(&vm->heap, w->u.holder);
	case IC_ADD_INL: case IC_ADD_EXT:
		return w->u.newshape >= vm->tshape0;
	default:
		return false;
	}
}

static void set_way(struct pic *p, int i, const struct way *w)
{
	p->shape[i] = w->shape;
	p->w[i].off = w->off;
	p->w[i].kind = w->kind;
	p->w[i].hits = 0;
	p->u[i].holder = w->u.holder;
}

static void ic_fill(struct vm *vm, struct code *code, struct ic *ic, const struct way *w)
{
	if (ic->n == IC_N_MEGA)
		return;
	if (way_is_volatile(vm, w))
		push_volatile(vm, code, ic);
	if (ic->n == IC_N_EMPTY || (ic->n == IC_N_MONO && ic->shape == w->shape)) {
		*ic = (struct ic){ .shape = w->shape, .off = w->off, .kind = w->kind, .n = IC_N_MONO };
		ic->u.holder = w->u.holder;
		return;
	}
	if (ic->n == IC_N_MONO) {
		struct way first = { ic->shape, ic->off, ic->kind, { ic->u.holder } };
		struct pic *p = calloc(1, sizeof *p);

		AN(p);
		set_way(p, 0, &first);
		set_way(p, 1, w);
		ic->u.pic = p;
		ic->n = 2;
		return;
	}
	int at = pic_find(ic->u.pic, w->shape);

	if (at >= 0) {
		set_way(ic->u.pic, at, w);
		if (at == 0) {
			ic->off = w->off;
			ic->kind = w->kind;
		}
	} else if (ic->n < IC_WAYS) {
		set_way(ic->u.pic, ic->n++, w);
	} else {
		free(ic->u.pic);
		*ic = (struct ic){ .n = IC_N_MEGA };
	}
}

void ic_fill_global(struct vm *vm, struct code *code, struct ic *ic, struct box *box, bool writable)
{
	struct way w = { 1, 0, writable ? IC_GLOBAL_RW : IC_GLOBAL, { (struct cell *)box } };

	ic_clear(ic);
	ic_fill(vm, code, ic, &w);
}

/* ---- megamorphic cache ------------------------------------------------------- */

static struct mega_ent *mega_slot(struct vm *vm, uint32_t shape, pkey k)
{
	return &vm->mega[hash_u64((uint64_t)shape << 32 | k) & (MEGA_SIZE - 1)];
}

static void mega_store(struct vm *vm, const struct way *w, pkey k)
{
	if (way_is_volatile(vm, w) || atom_is_transient(k))
		return;
	*mega_slot(vm, w->shape, k) = (struct mega_ent){ w->shape, k, w->off, w->kind, 0, w->u.holder, vm->proto_epoch };
}

static val read_way(uint8_t kind, uint16_t off, struct cell *holder, struct obj *o)
{
	switch (kind) {
	case IC_OWN_INL:   return *(val *)(void *)((char *)o + off);
	case IC_OWN_EXT:   return o->ext.v->slot[off].v;
	case IC_PROTO_INL: return *(val *)(void *)((char *)holder + off);
	case IC_PROTO_EXT: return ((struct obj *)(void *)holder)->ext.v->slot[off].v;
	case IC_ABSENT:    return V_UNDEF;
	default:           return V_HOLE;
	}
}

/* ---- reading ------------------------------------------------------------------- */

/* What a lookup found, as a way for receivers of o's shape. False: not cacheable. */
static bool way_of_find(struct vm *vm, struct obj *o, const struct find *f, struct way *w)
{
	uint32_t inl;

	*w = (struct way){ .shape = o->h.shape.v };
	if (obj_shape(vm, o)->flags & SF_DICT)
		return false;
	if (f->kind == FIND_ABSENT) {
		w->kind = IC_ABSENT;
		return true;
	}
	if (f->kind == FIND_EXOTIC || f->dict)
		return false;
	if (f->kind == FIND_ACCESSOR) {
		struct accessor *a = (struct accessor *)(void *)v_tocell(f->where->v);

		/* Objects of one shape may hold different accessor pairs of their own. */
		if (f->own || !v_iscell(a->get.v))
			return false;
		w->kind = IC_GETTER;
		w->u.holder = v_tocell(a->get.v);
		return true;
	}
	inl = obj_shape(vm, f->holder)->inl;
	if (f->slot < inl) {
		w->kind = f->own ? IC_OWN_INL : IC_PROTO_INL;
		w->off = (uint16_t)((char *)f->where - (char *)f->holder);
	} else {
		uint32_t i = f->slot - inl;

		if (i > UINT16_MAX)
			return false;
		w->kind = f->own ? IC_OWN_EXT : IC_PROTO_EXT;
		w->off = (uint16_t)i;
	}
	w->u.holder = f->own ? NULL : &f->holder->h;
	return true;
}

val ic_get_miss(struct vm *vm, struct code *code, struct ic *ic, val base, pkey k)
{
	struct obj *o = v_isobj(base) ? v_toobj(base) : obj_proto_of_primitive(vm, base);
	struct find f;
	struct way w;
	bool is_obj = o != NULL && v_isobj(base);
	uint32_t shape = v_iscell(base) ? v_tocell(base)->shape.v : 0;
	struct mega_ent *m;

	if (o == NULL || pkey_is_index(k) || (k == A_length && (v_isarr(base) || v_isstr(base))))
		return obj_get_v(vm, base, k);
	refresh_epoch(vm, code);
	if (ic->shape == shape && ic->n == IC_N_MONO && ic->kind == IC_GETTER)
		return vm_call(vm, v_cell(ic->u.holder), base, 0, NULL);
	m = mega_slot(vm, shape, k);
	if (ic->n == IC_N_MEGA && is_obj && m->shape == shape && m->key == k && m->epoch == vm->proto_epoch)
		return read_way(m->kind, m->off, m->holder, o);
	obj_find(vm, o, k, true, &f);
	if (f.kind == FIND_EXOTIC)
		return obj_get_r(vm, o, k, base);
	/* The lookup may have given a lazy function its properties: read the shape anew.
	 * A primitive's way is keyed by its pseudo-shape; everything is on the chain. */
	if (is_obj)
		shape = o->h.shape.v;
	else
		f.own = false;
	if (shape != 0 && way_of_find(vm, o, &f, &w)) {
		w.shape = shape;
		if (ic->n == IC_N_MEGA) {
			if (is_obj && w.kind != IC_GETTER)
				mega_store(vm, &w, k);
		} else if (is_obj || w.kind != IC_ABSENT) {
			ic_fill(vm, code, ic, &w);
		}
	}
	switch (f.kind) {
	case FIND_ABSENT:
		return V_UNDEF;
	case FIND_ACCESSOR: {
		val get = ((struct accessor *)(void *)v_tocell(f.where->v))->get.v;

		return v_isundef(get) ? V_UNDEF : vm_call(vm, get, base, 0, NULL);
	}
	default:
		return f.where->v;
	}
}

val ic_read_keyed(struct vm *vm, struct obj *o, pkey k)
{
	uint32_t shape = o->h.shape.v;
	struct mega_ent *m = mega_slot(vm, shape, k);
	struct find f;
	struct way w;

	if (m->shape == shape && m->key == k && m->epoch == vm->proto_epoch)
		return read_way(m->kind, m->off, m->holder, o);
	if (k == A_length || (obj_shape(vm, o)->flags & SF_DICT))
		return obj_get(vm, o, k);
	obj_find(vm, o, k, true, &f);
	if (f.kind == FIND_DATA && way_of_find(vm, o, &f, &w)) {   /* the shape as it is now */
		mega_store(vm, &w, k);
		return f.where->v;
	}
	return obj_get(vm, o, k);
}

/* ---- writing -------------------------------------------------------------------- */

/* May a store to key k of o follow the ordinary rules (no exotic behaviour)? */
static bool store_is_ordinary(struct vm *vm, struct obj *o, pkey k)
{
	uint8_t kind = o->h.kind;

	if (pkey_is_index(k) || (o->h.flags.v & CF_PROTO) || (obj_shape(vm, o)->flags & SF_DICT))
		return false;
	return vm->exotic[kind] == NULL || ((kind == KIND_ARRAY || kind == KIND_ARRAY_COW) && k != A_length);
}

/* After a property was appended: caches old shape → new shape. */
static void fill_add(struct vm *vm, struct code *code, struct ic *ic, struct obj *o, uint32_t old, pkey k)
{
	struct shape *s = obj_shape(vm, o);
	struct way w = { .shape = old };
	uint32_t slot;

	if (o->h.shape.v == old || (s->flags & SF_DICT) || s->parent != old || s->key != k || s->attrs != ATTR_WEC)
		return;
	slot = s->nslots - 1;
	if (slot < s->inl) {
		w.kind = IC_ADD_INL;
		w.off = (uint16_t)(sizeof(struct obj) + slot * sizeof(val));
	} else {
		slot -= s->inl;
		if (slot > UINT16_MAX)
			return;
		w.kind = IC_ADD_EXT;
		w.off = (uint16_t)slot;
	}
	w.u.newshape = o->h.shape.v;
	ic_fill(vm, code, ic, &w);
}

int ic_set_miss(struct vm *vm, struct code *code, struct ic *ic, val base, pkey k, val v)
{
	bool strict = (code->flags & FN_STRICT) != 0;
	struct obj *o;
	struct find f;
	struct way w;
	uint32_t old;
	int ok;

	if (!v_isobj(base) || !store_is_ordinary(vm, v_toobj(base), k))
		return obj_put_v(vm, base, k, v, strict);
	o = v_toobj(base);
	refresh_epoch(vm, code);
	obj_find(vm, o, k, true, &f);
	if (f.kind == FIND_DATA && f.own && (f.attrs & ATTR_W) && !f.dict) {
		if (way_of_find(vm, o, &f, &w)) {
			w.kind = w.kind == IC_OWN_INL ? IC_SET_INL : IC_SET_EXT;
			ic_fill(vm, code, ic, &w);
		}
		VSET(vm, *f.where, v);
		return 0;
	}
	old = o->h.shape.v;
	ok = obj_put_v(vm, base, k, v, strict);
	if (ok == 0 && (f.kind == FIND_ABSENT || (f.kind == FIND_DATA && !f.own && (f.attrs & ATTR_W))))
		fill_add(vm, code, ic, o, old, k);
	return ok;
}

int ic_define_miss(struct vm *vm, struct code *code, struct ic *ic, struct obj *o, pkey k, val v)
{
	uint32_t old = o->h.shape.v;
	bool ordinary = store_is_ordinary(vm, o, k);

	refresh_epoch(vm, code);
	if (obj_create_data_throw(vm, o, k, v) < 0)
		return -1;
	if (ordinary)
		fill_add(vm, code, ic, o, old, k);
	return 0;
}
