/* object.c: making objects, the essential internal methods: dispatch over
 * vm->exotic and the ordinary methods of ECMA-262 10.1. Called by everything.
 * Storage is property.c's business; getters, setters and exotic methods are the
 * only places where JavaScript may run. */
#include "engine/object/prop.h"

/* ---- making -------------------------------------------------------------------- */

void *obj_new_kind(struct vm *vm, struct obj *proto, uint8_t kind, size_t size)
{
	uint16_t inl = kind == KIND_OBJECT ? (uint16_t)((size - sizeof(struct obj)) / sizeof(val)) : 0;
	uint32_t shape = kind == KIND_GLOBAL ? shape_dict(vm, proto, kind, 0) : shape_root(vm, proto, kind, inl);
	struct obj *o = heap_alloc(&vm->heap, size, shape, kind, CF_EXTENSIBLE);

	AN(o);  /* fixed-size structs: never above HEAP_SMALL_MAX */
	HINIT(o->ext, NULL);
	for (uint32_t i = 0; i < inl; i++)
		HINIT(o->inl[i], V_UNDEF);
	if (kind == KIND_OBJECT)
		HINIT(o->h.aux, inl);
	else if (kind >= KIND_MAP)
		HINIT(o->h.aux, (uint16_t)((size - sizeof(struct obj) + 7) / 8));
	return o;
}

struct obj *obj_new_inl(struct vm *vm, struct obj *proto_or_null, uint16_t inl)
{
	return obj_new_kind(vm, proto_or_null, KIND_OBJECT, sizeof(struct obj) + inl * sizeof(val));
}

struct obj *obj_new(struct vm *vm)
{
	struct obj *proto = obj_intr(vm, INTR_ObjectPrototype), *o;

	if (unlikely(vm->root_obj == 0 || vm->shapes[vm->root_obj].proto != proto))
		vm->root_obj = shape_root(vm, proto, KIND_OBJECT, 4);
	o = heap_alloc(&vm->heap, sizeof *o + 4 * sizeof(val), vm->root_obj, KIND_OBJECT, CF_EXTENSIBLE);
	HINIT(o->h.aux, 4);
	HINIT(o->ext, NULL);
	for (uint32_t i = 0; i < 4; i++)
		HINIT(o->inl[i], V_UNDEF);
	return o;
}

val obj_iter_result(struct vm *vm, val value, bool done)
{
	struct obj *proto = obj_intr(vm, INTR_ObjectPrototype), *o;

	if (unlikely(vm->root_iter == 0 || vm->shapes[vm->root_iter].proto != proto)) {
		static const pkey keys[2] = { A_value, A_done };
		uint32_t id = shape_of_keys(vm, proto, keys, 2);

		if (id == 0) {  /* budget spent before the shape was ever made */
			o = obj_new(vm);
			obj_def(vm, o, A_value, value, ATTR_WEC);
			obj_def(vm, o, A_done, v_bool(done), ATTR_WEC);
			return v_cell(o);
		}
		vm->root_iter = id;
	}
	o = heap_alloc(&vm->heap, sizeof *o + 2 * sizeof(val), vm->root_iter, KIND_OBJECT, CF_EXTENSIBLE);
	HINIT(o->h.aux, 2);
	HINIT(o->ext, NULL);
	HINIT(o->inl[0], value);
	HINIT(o->inl[1], v_bool(done));
	return v_cell(o);
}

/* ---- [[GetOwnProperty]], [[DefineOwnProperty]] -------------------------------------- */

static void to_pdesc(const struct own *w, struct pdesc *out)
{
	*out = (struct pdesc){ (w->attrs & (ATTR_E | ATTR_C)) | PD_HAS_E | PD_HAS_C, V_UNDEF, V_UNDEF, V_UNDEF };
	if (w->attrs & ATTR_ACCESSOR) {
		out->flags |= PD_HAS_GET | PD_HAS_SET;
		out->get = v_toaccessor(w->value)->get.v;
		out->set = v_toaccessor(w->value)->set.v;
	} else {
		out->flags |= PD_HAS_VALUE | PD_HAS_W | (w->attrs & ATTR_W);
		out->value = w->value;
	}
}
_Static_assert((int)PD_W == (int)ATTR_W && (int)PD_E == (int)ATTR_E && (int)PD_C == (int)ATTR_C, "attribute bits agree");

int obj_ordinary_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out)
{
	struct own w;

	if (!own_lookup(vm, o, k, &w))
		return 0;
	to_pdesc(&w, out);
	return 1;
}

int obj_get_own(struct vm *vm, struct obj *o, pkey k, struct pdesc *out)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->get_own != NULL ? x->get_own(vm, o, k, out) : obj_ordinary_get_own(vm, o, k, out);
}

/* 10.1.6.3 steps 4 to 6 against an existing property. */
static bool may_change(struct vm *vm, const struct pdesc *d, const struct pdesc *cur)
{
	if (cur->flags & PD_C)
		return true;
	if (d->flags & PD_C)
		return false;
	if ((d->flags & PD_HAS_E) && ((d->flags ^ cur->flags) & PD_E))
		return false;
	if (PD_IS_ACCESSOR(d) || PD_IS_DATA(d)) {
		if (PD_IS_ACCESSOR(d) != PD_IS_ACCESSOR(cur))
			return false;
		if (PD_IS_ACCESSOR(cur))
			return (!(d->flags & PD_HAS_GET) || d->get == cur->get) &&
			       (!(d->flags & PD_HAS_SET) || d->set == cur->set);
		if (!(cur->flags & PD_W))
			return !(d->flags & PD_W) &&
			       (!(d->flags & PD_HAS_VALUE) || val_same(vm, d->value, cur->value));
	}
	return true;
}

bool pdesc_compatible(struct vm *vm, bool extensible, const struct pdesc *d, const struct pdesc *cur)
{
	return cur == NULL ? extensible : may_change(vm, d, cur);
}

static int define_new(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	uint32_t attrs = d->flags & (ATTR_E | ATTR_C);

	if (PD_IS_ACCESSOR(d)) {
		val get = d->flags & PD_HAS_GET ? d->get : V_UNDEF, set = d->flags & PD_HAS_SET ? d->set : V_UNDEF;

		return prop_add(vm, o, k, accessor_new(vm, get, set), attrs | ATTR_ACCESSOR) < 0 ? -1 : 1;
	}
	return prop_add(vm, o, k, d->flags & PD_HAS_VALUE ? d->value : V_UNDEF, attrs | (d->flags & ATTR_W)) < 0 ? -1 : 1;
}

static int define_over(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d, struct own *w)
{
	struct pdesc cur;
	uint32_t attrs = w->attrs & (ATTR_E | ATTR_C);
	bool store = true;
	val v = w->value;

	to_pdesc(w, &cur);
	if (!may_change(vm, d, &cur))
		return 0;
	if (w->where == NULL)   /* virtual: whatever passed the check changes nothing */
		return 1;
	if (d->flags & PD_HAS_E)
		attrs = (attrs & ~(uint32_t)ATTR_E) | (d->flags & ATTR_E);
	if (d->flags & PD_HAS_C)
		attrs = (attrs & ~(uint32_t)ATTR_C) | (d->flags & ATTR_C);
	if (PD_IS_ACCESSOR(d)) {
		attrs |= ATTR_ACCESSOR;
		v = accessor_new(vm, d->flags & PD_HAS_GET ? d->get : cur.get, d->flags & PD_HAS_SET ? d->set : cur.set);
	} else if (PD_IS_DATA(d)) {
		attrs |= (d->flags & PD_HAS_W ? d->flags : cur.flags) & ATTR_W;
		if (d->flags & PD_HAS_VALUE)
			v = d->value;
		else if (w->attrs & ATTR_ACCESSOR)
			v = V_UNDEF;
		else
			store = false;
	} else {
		attrs |= w->attrs & (ATTR_W | ATTR_ACCESSOR);
		store = false;
	}
	if (attrs != w->attrs)
		return prop_change(vm, o, k, v, attrs) < 0 ? -1 : 1;
	return store && prop_store(vm, o, k, w, v) < 0 ? -1 : 1;
}

int obj_ordinary_define(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	struct own w;

	if (own_lookup(vm, o, k, &w))
		return define_over(vm, o, k, d, &w);
	if (!(o->h.flags.v & CF_EXTENSIBLE))
		return 0;
	return define_new(vm, o, k, d);
}

int obj_define(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->define_own != NULL ? x->define_own(vm, o, k, d) : obj_ordinary_define(vm, o, k, d);
}

/* ---- [[HasProperty]] --------------------------------------------------------------- */

int obj_has_own(struct vm *vm, struct obj *o, pkey k)
{
	const struct exotic *x = vm->exotic[o->h.kind];
	struct pdesc d;
	struct own w;

	if (x != NULL && x->get_own != NULL)
		return x->get_own(vm, o, k, &d);
	return own_lookup(vm, o, k, &w);
}

/* One step up the chain. *p becomes NULL at the end. -1: exception. */
static int go_up(struct vm *vm, struct obj **p)
{
	const struct exotic *x = vm->exotic[(*p)->h.kind];

	if (unlikely(x != NULL && x->get_proto != NULL)) {
		val v;

		if (x->get_proto(vm, *p, &v) < 0)
			return -1;
		*p = v_isobj(v) ? v_toobj(v) : NULL;
		return 0;
	}
	*p = obj_shape(vm, *p)->proto;
	return 0;
}

int obj_ordinary_has(struct vm *vm, struct obj *o, pkey k)
{
	for (struct obj *p = o; p != NULL;) {
		const struct exotic *x = vm->exotic[p->h.kind];
		int r;

		if (p != o && x != NULL && x->has != NULL)
			return x->has(vm, p, k);
		r = obj_has_own(vm, p, k);
		if (r != 0)
			return r;
		if (go_up(vm, &p) < 0)
			return -1;
	}
	return 0;
}

int obj_has(struct vm *vm, struct obj *o, pkey k)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->has != NULL ? x->has(vm, o, k) : obj_ordinary_has(vm, o, k);
}

/* ---- [[Get]] -------------------------------------------------------------------------- */

static val call_getter(struct vm *vm, val get, val receiver)
{
	if (v_isundef(get))
		return V_UNDEF;
	return vm_call(vm, get, receiver, 0, NULL);
}

val obj_ordinary_get(struct vm *vm, struct obj *o, pkey k, val receiver)
{
	struct obj *p = o;
	struct own w;

	for (;;) {
		const struct exotic *x = vm->exotic[p->h.kind];

		if (unlikely(x != NULL)) {
			struct pdesc d;

			if (p != o && x->get != NULL)
				return x->get(vm, p, k, receiver);
			if (x->get_own != NULL) {
				int r = x->get_own(vm, p, k, &d);

				if (r < 0)
					return V_EXC;
				if (r > 0)
					return PD_IS_ACCESSOR(&d) ? call_getter(vm, d.get, receiver) : d.value;
				goto up;
			}
		}
		if (own_lookup(vm, p, k, &w)) {
			if (likely(!(w.attrs & ATTR_ACCESSOR)))
				return w.value;
			return call_getter(vm, v_toaccessor(w.value)->get.v, receiver);
		}
up:
		if (x != NULL && x->get_proto != NULL) {
			if (go_up(vm, &p) < 0)
				return V_EXC;
		} else {
			p = obj_shape(vm, p)->proto;
		}
		if (p == NULL)
			return V_UNDEF;
	}
}

val obj_get_r(struct vm *vm, struct obj *o, pkey k, val receiver)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->get != NULL ? x->get(vm, o, k, receiver) : obj_ordinary_get(vm, o, k, receiver);
}

/* ---- [[Set]] ---------------------------------------------------------------------------- */

/* May an absent property be added by prop_add without asking [[DefineOwnProperty]]? */
static bool adds_directly(struct vm *vm, const struct obj *r, pkey k)
{
	const struct exotic *x = vm->exotic[r->h.kind];

	if (likely(x == NULL) || x->define_own == NULL)
		return true;
	return x == &array_exotic && !pkey_is_index(k) && !atom_is_big_index(vm, k);
}

/* 10.1.9.2 steps 2.b to 2.e: the data property goes to the receiver. `absent`:
 * it is known that the receiver has none. */
static int set_on_receiver(struct vm *vm, val receiver, pkey k, val v, bool absent)
{
	struct obj *r;
	struct pdesc cur, d = { PD_HAS_VALUE, v, V_UNDEF, V_UNDEF };
	int has = 0;

	if (!v_isobj(receiver))
		return 0;
	r = v_toobj(receiver);
	if (!absent) {
		has = obj_get_own(vm, r, k, &cur);
		if (has < 0)
			return -1;
	}
	if (has) {
		if (PD_IS_ACCESSOR(&cur) || !(cur.flags & PD_W))
			return 0;
		return obj_define(vm, r, k, &d);
	}
	if (likely(adds_directly(vm, r, k))) {
		if (!(r->h.flags.v & CF_EXTENSIBLE))
			return 0;
		return prop_add(vm, r, k, v, ATTR_WEC) < 0 ? -1 : 1;
	}
	d = pdesc_data(v, ATTR_WEC);
	return obj_define(vm, r, k, &d);
}

static int call_setter(struct vm *vm, val set, val receiver, val v)
{
	if (v_isundef(set))
		return 0;
	return vm_call(vm, set, receiver, 1, &v) == V_EXC ? -1 : 1;
}

/* One link of the chain whose table has get_own (typed arrays, namespaces, host
 * objects without a set of their own). 2: go on with the prototype. */
static int set_at_exotic(struct vm *vm, const struct exotic *x, struct obj *p, pkey k, val v, val receiver)
{
	struct pdesc d;
	int r = x->get_own(vm, p, k, &d);

	if (r <= 0)
		return r < 0 ? -1 : 2;
	if (PD_IS_ACCESSOR(&d))
		return call_setter(vm, d.set, receiver, v);
	return d.flags & PD_W ? set_on_receiver(vm, receiver, k, v, false) : 0;
}

int obj_ordinary_set(struct vm *vm, struct obj *o, pkey k, val v, val receiver)
{
	struct obj *p = o;
	struct own w;
	bool self_ordinary = true;

	do {
		const struct exotic *x = vm->exotic[p->h.kind];

		if (unlikely(x != NULL) && p != o && x->set != NULL)
			return x->set(vm, p, k, v, receiver);
		if (unlikely(x != NULL && x->get_own != NULL)) {
			int r = set_at_exotic(vm, x, p, k, v, receiver);

			if (r != 2)
				return r;
			if (p == o)
				self_ordinary = false;
		} else if (own_lookup(vm, p, k, &w)) {
			if (unlikely(w.attrs & ATTR_ACCESSOR))
				return call_setter(vm, v_toaccessor(w.value)->set.v, receiver, v);
			if (!(w.attrs & ATTR_W))
				return 0;
			if (likely(v_cell(p) == receiver && w.where != NULL && adds_directly(vm, p, PKEY_NONE)))
				return prop_store(vm, p, k, &w, v) < 0 ? -1 : 1;
			return set_on_receiver(vm, receiver, k, v, false);
		}
		if (go_up(vm, &p) < 0)
			return -1;
	} while (p != NULL);
	/* A proxy's traps may have changed the receiver; with ordinary objects only,
	 * nothing could run. */
	return set_on_receiver(vm, receiver, k, v, self_ordinary && v_cell(o) == receiver);
}

int obj_set_r(struct vm *vm, struct obj *o, pkey k, val v, val receiver)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->set != NULL ? x->set(vm, o, k, v, receiver) : obj_ordinary_set(vm, o, k, v, receiver);
}

/* ---- [[Delete]] --------------------------------------------------------------------------- */

int obj_ordinary_delete(struct vm *vm, struct obj *o, pkey k)
{
	const struct exotic *x = vm->exotic[o->h.kind];
	struct own w;

	if (x != NULL && x->get_own != NULL) {
		struct pdesc d;
		int r = x->get_own(vm, o, k, &d);

		if (r <= 0)
			return r < 0 ? -1 : 1;
		if (!(d.flags & PD_C))
			return 0;
		if (!own_lookup(vm, o, k, &w))
			return 1;
	} else {
		if (!own_lookup(vm, o, k, &w))
			return 1;
		if (!(w.attrs & ATTR_C))
			return 0;
	}
	return prop_remove(vm, o, k) < 0 ? -1 : 1;
}

int obj_delete(struct vm *vm, struct obj *o, pkey k)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->del != NULL ? x->del(vm, o, k) : obj_ordinary_delete(vm, o, k);
}

/* ---- prototype, extensibility --------------------------------------------------------------- */

int obj_get_proto(struct vm *vm, struct obj *o, val *out)
{
	const struct exotic *x = vm->exotic[o->h.kind];
	struct obj *p;

	if (x != NULL && x->get_proto != NULL)
		return x->get_proto(vm, o, out);
	p = obj_shape(vm, o)->proto;
	*out = p != NULL ? v_cell(p) : V_NULL;
	return 1;
}

#define WALK_PROXIES_MAX 10000u

int obj_walk_up(struct vm *vm, val *o, uint32_t *proxies)
{
	if (VM_TICK(vm, 1))
		return -1;
	if (v_kind(*o) == KIND_PROXY && ++*proxies > WALK_PROXIES_MAX) {
		vm_stack_overflow(vm);
		return -1;
	}
	return obj_get_proto(vm, v_toobj(*o), o) < 0 ? -1 : 0;
}

/* 10.1.2.1 OrdinarySetPrototypeOf; %Object.prototype% is an immutable prototype
 * exotic object (10.4.7). */
static int ordinary_set_proto(struct vm *vm, struct obj *o, val proto)
{
	struct obj *np = v_isobj(proto) ? v_toobj(proto) : NULL, *p;

	if (obj_shape(vm, o)->proto == np)
		return 1;
	if (!(o->h.flags.v & CF_EXTENSIBLE) || v_cell(o) == vm->intr[INTR_ObjectPrototype])
		return 0;
	for (p = np; p != NULL; p = obj_shape(vm, p)->proto) {
		const struct exotic *x = vm->exotic[p->h.kind];

		if (p == o)
			return 0;
		if (x != NULL && x->get_proto != NULL)
			break;
	}
	return prop_set_proto(vm, o, np) < 0 ? -1 : 1;
}

int obj_set_proto(struct vm *vm, struct obj *o, val proto)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->set_proto != NULL ? x->set_proto(vm, o, proto) : ordinary_set_proto(vm, o, proto);
}

int obj_is_extensible(struct vm *vm, struct obj *o)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	if (x != NULL && x->is_extensible != NULL)
		return x->is_extensible(vm, o);
	return (o->h.flags.v & CF_EXTENSIBLE) != 0;
}

int obj_ordinary_prevent_extensions(struct vm *vm, struct obj *o)
{
	if (!(o->h.flags.v & CF_EXTENSIBLE))
		return 1;
	if (o->h.flags.v & CF_LAZY)
		prop_materialise(vm, o);
	/* Another shape, so that caches which add properties miss. */
	if (prop_seal(vm, o, SHAPE_NONEXT) < 0)
		return -1;
	VSET(vm, o->h.flags, o->h.flags.v & (uint8_t)~CF_EXTENSIBLE);
	return 1;
}

int obj_prevent_extensions(struct vm *vm, struct obj *o)
{
	const struct exotic *x = vm->exotic[o->h.kind];

	return x != NULL && x->prevent_extensions != NULL ? x->prevent_extensions(vm, o)
	                                                  : obj_ordinary_prevent_extensions(vm, o);
}

/* ---- lookup for inline caches ------------------------------------------------------------------ */

/* May key k of an object of this kind be anything but an ordinary property? */
static bool exotic_for(struct vm *vm, struct obj *o, pkey k)
{
	struct sview v;
	uint32_t c;

	switch (o->h.kind) {
	case KIND_ARRAY: case KIND_ARRAY_COW:
		return k == A_length || atom_is_big_index(vm, k);
	case KIND_ARGUMENTS:
		return false;
	case KIND_STRING:
		return k == A_length;
	case KIND_TYPED_ARRAY:
		/* 7.1.21: canonical numeric strings begin like a number does. */
		if (atom_rec(vm, k)->type >= ATOM_SYMBOL)
			return false;
		v = str_view(vm, atom_rec(vm, k)->str);
		c = v.len != 0 ? sview_at(v, 0) : 0;
		return (c >= '0' && c <= '9') || c == '-' || c == 'I' || c == 'N';
	default:
		return vm->exotic[o->h.kind] != NULL;
	}
}

void obj_find(struct vm *vm, struct obj *o, pkey k, bool mark, struct find *out)
{
	struct own w;
	struct obj *p = o;

	*out = (struct find){ .kind = FIND_EXOTIC, .holder = o };
	if (pkey_is_index(k))
		return;
	for (;; out->depth++) {
		struct shape *s;

		out->holder = p;
		if (exotic_for(vm, p, k)) {
			out->kind = FIND_EXOTIC;
			return;
		}
		if (p->h.flags.v & CF_LAZY && key_is_lazy_name(k))
			prop_materialise(vm, p);
		s = obj_shape(vm, p);
		if (mark && (s->flags & SF_PROTO))
			s->flags |= SF_CACHED_THRU | SF_SEEN;
		if (own_named(vm, p, k, &w))
			break;
		p = s->proto;
		if (p == NULL) {
			out->kind = FIND_ABSENT;
			out->holder = NULL;
			return;
		}
	}
	out->kind = w.attrs & ATTR_ACCESSOR ? FIND_ACCESSOR : FIND_DATA;
	out->attrs = (uint8_t)w.attrs;
	out->own = p == o;
	out->dict = (obj_shape(vm, p)->flags & SF_DICT) != 0;
	out->where = w.where;
	if (!out->dict)
		out->slot = (uint32_t)shape_find(obj_shape(vm, p), k);
}

/* Native functions are made when they are installed, so no slot is ever LAZY. */
val obj_slot_value(struct vm *vm, struct obj *holder, hval *slot, pkey key)
{
	(void)vm;
	(void)holder;
	(void)key;
	return slot->v;
}
