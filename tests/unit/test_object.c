/* test_object.c: the object model against a plain model of ECMA-262 10.1 and
 * 10.4: random operations on objects, arrays, String objects, functions,
 * arguments and the global object; simulated inline caches that follow the rules
 * of shapes and the epoch; requests over a frozen heap with rollback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/object/prop.h"

int vm_poll(struct vm *vm)
{
	vm->ticks = 1 << 30;
	return 0;
}

static struct vm vm;
static uint64_t rng = 1;
static bool calm;      /* a round with few changes of prototypes: caches get hits */

static uint32_t rnd(uint32_t n)
{
	rng = rng * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((rng >> 33) % n);
}

/* ---- the model ------------------------------------------------------------------ */

#define NOBJ  20
#define MAXP  220
#define NFN   6
#define NKEYS 72

struct mprop { pkey key; uint32_t attrs; val v, get, set; };
struct mobj {
	int proto;             /* pool index or -1 */
	uint8_t kind;
	bool ext, len_w;
	uint32_t length;       /* arrays */
	uint32_t n;
	struct mprop p[MAXP];  /* in order of creation */
};

static struct mobj model[NOBJ], saved_model[NOBJ];
static val pool[NOBJ + NFN], saved_pool[NOBJ + NFN];
static pkey keys[NKEYS];
static uint32_t nkeys;
static val last_set_fn, last_set_val;

static val *fns(void) { return pool + NOBJ; }
static struct obj *O(int i) { return v_toobj(pool[i]); }

static int fn_id(val f)
{
	for (int i = 0; i < NFN; i++)
		if (fns()[i] == f)
			return i;
	return -1;
}

static val call(struct vm *v, val f, val this_v, uint32_t argc, const val *argv)
{
	(void)v;
	(void)this_v;
	if (argc == 0)
		return v_int(1000000 + fn_id(f));
	last_set_fn = f;
	last_set_val = argv[0];
	return V_UNDEF;
}

static val nothing(struct vm *v, val *a, uint32_t argc)
{
	(void)v, (void)a, (void)argc;
	return V_UNDEF;
}

static bool is_arr(const struct mobj *m) { return m->kind == KIND_ARRAY; }

static int64_t index_of(pkey k)
{
	if (pkey_is_index(k))
		return pkey_index(k);
	return atom_is_big_index(&vm, k) ? (int64_t)atom_index_value(&vm, k) : -1;
}

static struct mprop *m_find(struct mobj *m, pkey k)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (m->p[i].key == k)
			return &m->p[i];
	return NULL;
}

static bool m_own(struct mobj *m, pkey k, struct mprop *out)
{
	struct mprop *p = m_find(m, k);

	*out = (struct mprop){ k, 0, V_UNDEF, V_UNDEF, V_UNDEF };
	if (is_arr(m) && k == A_length) {
		out->v = v_u32(m->length);
		out->attrs = m->len_w ? ATTR_W : 0;
		return true;
	}
	if (m->kind == KIND_STRING && k == A_length) {
		out->v = v_int(3);
		return true;
	}
	if (m->kind == KIND_STRING && pkey_is_index(k) && pkey_index(k) < 3) {
		out->v = str_from_unit(&vm, 'a' + pkey_index(k));
		out->attrs = ATTR_E;
		return true;
	}
	if (p == NULL)
		return false;
	*out = *p;
	return true;
}

static void m_remove(struct mobj *m, pkey k)
{
	struct mprop *p = m_find(m, k);

	memmove(p, p + 1, (size_t)(m->p + m->n - p - 1) * sizeof *p);
	m->n--;
}

static bool m_validate(struct mobj *m, pkey k, const struct pdesc *d)
{
	struct mprop c;
	bool acc = PD_IS_ACCESSOR(d), data = PD_IS_DATA(d);

	if (!m_own(m, k, &c))
		return m->ext;
	if (c.attrs & ATTR_C)
		return true;
	if (d->flags & PD_C)
		return false;
	if ((d->flags & PD_HAS_E) && !!(d->flags & PD_E) != !!(c.attrs & ATTR_E))
		return false;
	if (!acc && !data)
		return true;
	if (acc != !!(c.attrs & ATTR_ACCESSOR))
		return false;
	if (acc)
		return !((d->flags & PD_HAS_GET) && d->get != c.get) && !((d->flags & PD_HAS_SET) && d->set != c.set);
	if (c.attrs & ATTR_W)
		return true;
	return !(d->flags & PD_W) && !((d->flags & PD_HAS_VALUE) && !val_same(&vm, d->value, c.v));
}

static void m_apply(struct mobj *m, pkey k, const struct pdesc *d)
{
	struct mprop *p = m_find(m, k), none;
	bool was_acc;

	if (p == NULL && m_own(m, k, &none))
		return; /* virtual: nothing can change */
	if (p == NULL) {
		assert_true(m->n < MAXP);
		p = &m->p[m->n++];
		*p = (struct mprop){ k, 0, V_UNDEF, V_UNDEF, V_UNDEF };
		if (PD_IS_ACCESSOR(d))
			p->attrs = ATTR_ACCESSOR;
	}
	was_acc = p->attrs & ATTR_ACCESSOR;
	if (PD_IS_ACCESSOR(d) && !was_acc) {
		p->attrs = (p->attrs & ~(uint32_t)ATTR_W) | ATTR_ACCESSOR;
		p->v = V_UNDEF;
	} else if (PD_IS_DATA(d) && was_acc) {
		p->attrs &= ~(uint32_t)ATTR_ACCESSOR;
		p->get = p->set = V_UNDEF;
	}
	if (d->flags & PD_HAS_E)
		p->attrs = (p->attrs & ~(uint32_t)ATTR_E) | (d->flags & PD_E);
	if (d->flags & PD_HAS_C)
		p->attrs = (p->attrs & ~(uint32_t)ATTR_C) | (d->flags & PD_C);
	if (d->flags & PD_HAS_W)
		p->attrs = (p->attrs & ~(uint32_t)ATTR_W) | (d->flags & PD_W);
	if (d->flags & PD_HAS_VALUE)
		p->v = d->value;
	if (d->flags & PD_HAS_GET)
		p->get = d->get;
	if (d->flags & PD_HAS_SET)
		p->set = d->set;
}

static int m_set_length(struct mobj *m, uint32_t len)
{
	while (m->length > len) {
		struct mprop *top = NULL;

		for (uint32_t i = 0; i < m->n; i++)
			if (index_of(m->p[i].key) >= (int64_t)len &&
			    (top == NULL || index_of(m->p[i].key) > index_of(top->key)))
				top = &m->p[i];
		if (top == NULL) {
			m->length = len;
			break;
		}
		if (!(top->attrs & ATTR_C)) {
			m->length = (uint32_t)index_of(top->key) + 1;
			return 0;
		}
		m_remove(m, top->key);
	}
	m->length = len;
	return 1;
}

static int m_define(struct mobj *m, pkey k, const struct pdesc *d)
{
	if (is_arr(m) && k == A_length) {
		int r = 1;

		if (!m_validate(m, k, d))
			return 0;
		if (d->flags & PD_HAS_VALUE)
			r = m_set_length(m, (uint32_t)v_numof(d->value));
		if ((d->flags & PD_HAS_W) && !(d->flags & PD_W))
			m->len_w = false;
		return r;
	}
	if (is_arr(m) && index_of(k) >= (int64_t)m->length && !m->len_w)
		return 0;
	if (!m_validate(m, k, d))
		return 0;
	m_apply(m, k, d);
	if (is_arr(m) && index_of(k) >= (int64_t)m->length)
		m->length = (uint32_t)index_of(k) + 1;
	return 1;
}

static bool m_lookup(int i, pkey k, struct mprop *out, int *holder)
{
	for (; i >= 0; i = model[i].proto) {
		if (m_own(&model[i], k, out)) {
			*holder = i;
			return true;
		}
	}
	return false;
}

static val m_get(int i, pkey k)
{
	struct mprop p;
	int h;

	if (!m_lookup(i, k, &p, &h))
		return V_UNDEF;
	if (!(p.attrs & ATTR_ACCESSOR))
		return p.v;
	return v_isundef(p.get) ? V_UNDEF : v_int(1000000 + fn_id(p.get));
}

/* OrdinarySet on object i with receiver r. *setter: the setter called, if any. */
static int m_set(int i, int r, pkey k, val v, val *setter)
{
	struct mprop p, own;
	struct pdesc d = { PD_HAS_VALUE, v, V_UNDEF, V_UNDEF };
	int h;

	*setter = V_UNDEF;
	if (m_lookup(i, k, &p, &h)) {
		if (p.attrs & ATTR_ACCESSOR) {
			*setter = p.set;
			return !v_isundef(p.set);
		}
		if (!(p.attrs & ATTR_W))
			return 0;
	}
	if (m_own(&model[r], k, &own)) {
		if ((own.attrs & ATTR_ACCESSOR) || !(own.attrs & ATTR_W))
			return 0;
		return m_define(&model[r], k, &d);
	}
	d = pdesc_data(v, ATTR_WEC);
	return m_define(&model[r], k, &d);
}

/* ---- comparing ---------------------------------------------------------------------- */

static int key_class(pkey k)
{
	if (index_of(k) >= 0)
		return 0;
	return key_is_symbol(&vm, k) ? 2 : 1;
}

static void check_own(int i, pkey k)
{
	struct mprop p;
	struct pdesc d;
	int r = obj_get_own(&vm, O(i), k, &d);

	assert_int_equal(r, m_own(&model[i], k, &p));
	assert_int_equal(obj_has_own(&vm, O(i), k), r);
	if (!r)
		return;
	assert_int_equal(d.flags & 7, p.attrs & 7);
	assert_int_equal(PD_IS_ACCESSOR(&d), (p.attrs & ATTR_ACCESSOR) != 0);
	if (PD_IS_ACCESSOR(&d)) {
		assert_true(d.get == p.get && d.set == p.set);
	} else {
		assert_true(val_same(&vm, d.value, p.v));
	}
}

static void check_obj(int i)
{
	struct mobj *m = &model[i];
	struct keylist kl;
	pkey want[MAXP + 8];
	uint32_t n = 0, en = 0;
	val proto;

	for (int c = 0; c < 3; c++) {
		if (c == 0 && m->kind == KIND_STRING)
			for (uint32_t j = 0; j < 3; j++)
				want[n++] = PKEY_INDEX | j;
		if (c == 1 && (is_arr(m) || m->kind == KIND_STRING))
			want[n++] = A_length;
		for (uint32_t j = 0, from = n; j < m->n; j++) {
			uint32_t at = n;

			if (key_class(m->p[j].key) != c)
				continue;
			want[n++] = m->p[j].key;
			for (; c == 0 && at > from && index_of(want[at - 1]) > index_of(want[at]); at--) {
				pkey t = want[at];

				want[at] = want[at - 1];
				want[at - 1] = t;
			}
		}
	}
	assert_int_equal(obj_own_keys(&vm, O(i), KEYS_STRINGS | KEYS_SYMBOLS, &kl), 0);
	assert_int_equal(kl.n, n);
	for (uint32_t j = 0; j < n; j++) {
		struct mprop p;

		assert_int_equal(kl.k[j], want[j]);
		check_own(i, want[j]);
		m_own(m, want[j], &p);
		en += (p.attrs & ATTR_E) && key_class(want[j]) != 2;
	}
	assert_int_equal(obj_own_keys(&vm, O(i), KEYS_STRINGS | KEYS_ENUMERABLE, &kl), 0);
	assert_int_equal(kl.n, en);
	assert_int_equal(obj_is_extensible(&vm, O(i)), m->ext);
	assert_int_equal(obj_get_proto(&vm, O(i), &proto), 1);
	assert_true(proto == (m->proto < 0 ? V_NULL : pool[m->proto]));
	assert_int_equal((O(i)->h.flags.v & CF_PROTO) != 0, (obj_shape(&vm, O(i))->flags & SF_PROTO) != 0);
	if (is_arr(m))
		assert_int_equal(((struct arr *)(void *)O(i))->len.v, m->length);
	if (is_arr(m) && !vm.indexed_proto)
		for (uint32_t j = 0; j < nkeys; j++) {
			struct mprop p;
			int h;

			if (pkey_is_index(keys[j]) && m->proto >= 0)
				assert_false(m_lookup(m->proto, keys[j], &p, &h));
		}
}

static void check_all(void)
{
	for (int i = 0; i < NOBJ; i++)
		check_obj(i);
}

/* ---- simulated inline caches: the rules of engine/vm/ic.c --------------------------- */

enum { NIC = 4096 };
enum { SIM_NONE, SIM_OWN, SIM_PROTO, SIM_ABSENT, SIM_GETTER, SIM_ADD };
static struct sim { uint32_t shape, slot, epoch, newshape; pkey key; int kind; struct obj *holder; val get; } sims[NIC], adds[NIC];
static uint64_t sim_hits, add_hits;

static struct sim *sim_at(struct sim *tab, uint32_t shape, pkey k)
{
	return &tab[hash_u64((uint64_t)shape << 32 | k) % NIC];
}

static val sim_slot(struct obj *o, uint32_t slot)
{
	uint32_t inl = obj_shape(&vm, o)->inl;

	return slot < inl ? o->inl[slot].v : o->ext.v->slot[slot - inl].v;
}

/* Reads o.k as cached code would; then fills the cache. */
static void sim_read(int i, pkey k)
{
	struct obj *o = O(i);
	uint32_t shape = o->h.shape.v;
	struct sim *s = sim_at(sims, shape, k);
	struct find f;
	val want = m_get(i, k);

	if (s->kind != SIM_NONE && s->shape == shape && s->key == k &&
	    (s->kind == SIM_OWN || s->epoch == vm.proto_epoch)) {
		sim_hits++;
		switch (s->kind) {
		case SIM_OWN: assert_true(val_same(&vm, sim_slot(o, s->slot), want)); break;
		case SIM_PROTO: assert_true(val_same(&vm, sim_slot(s->holder, s->slot), want)); break;
		case SIM_GETTER: assert_true(want == v_int(1000000 + fn_id(s->get))); break;
		default: assert_true(v_isundef(want));
		}
		return;
	}
	if (pkey_is_index(k))
		return;
	obj_find(&vm, o, k, true, &f);
	if (f.kind == FIND_EXOTIC || (obj_shape(&vm, o)->flags & SF_DICT) || f.dict)
		return;
	*s = (struct sim){ o->h.shape.v, f.slot, vm.proto_epoch, 0, k, SIM_ABSENT, f.holder, V_UNDEF };
	if (f.kind == FIND_DATA) {
		assert_true(val_same(&vm, f.where->v, want));
		s->kind = f.own ? SIM_OWN : SIM_PROTO;
	} else if (f.kind == FIND_ACCESSOR) {
		s->get = v_toaccessor(f.where->v)->get.v;
		s->kind = f.own || v_isundef(s->get) ? SIM_NONE : SIM_GETTER;
	} else {
		assert_true(v_isundef(want));
	}
}

/* o.k = v as cached code would. False: not cached, nothing done. */
static bool sim_write(int i, pkey k, val v)
{
	struct obj *o = O(i);
	struct sim *s = sim_at(adds, o->h.shape.v, k);
	uint32_t inl = obj_shape(&vm, o)->inl;

	if (s->kind == SIM_NONE || s->shape != o->h.shape.v || s->key != k || s->epoch != vm.proto_epoch)
		return false;
	if (s->slot < inl)
		VSET(&vm, o->inl[s->slot], v);
	else if (o->ext.v != NULL && s->slot - inl < o->ext.v->h.shape.v)
		VSET(&vm, o->ext.v->slot[s->slot - inl], v);
	else
		return false;
	VSET(&vm, o->h.shape, s->newshape);
	add_hits++;
	return true;
}

static void sim_fill_add(int i, pkey k, uint32_t old, const struct find *f)
{
	struct obj *o = O(i);
	struct shape *s = obj_shape(&vm, o);

	if (f->kind != FIND_ABSENT && !(f->kind == FIND_DATA && !f->own && (f->attrs & ATTR_W)))
		return;
	if (o->h.shape.v == old || (s->flags & SF_DICT) || s->parent != old || s->key != k || s->attrs != ATTR_WEC)
		return;
	*sim_at(adds, old, k) = (struct sim){ old, s->nslots - 1, vm.proto_epoch, o->h.shape.v, k, SIM_ADD, NULL, V_UNDEF };
}

/* What the end of a request does to caches. */
static void sims_end(struct sim *tab)
{
	for (int i = 0; i < NIC; i++) {
		struct sim *s = &tab[i];

		if (s->kind == SIM_NONE)
			continue;
		if (s->shape >= vm.tshape0 || s->newshape >= vm.tshape0 || atom_is_transient(s->key) ||
		    (s->kind == SIM_PROTO && heap_in_arena(&vm.heap, s->holder)) ||
		    (s->kind == SIM_GETTER && heap_in_arena(&vm.heap, v_tocell(s->get))))
			s->kind = SIM_NONE;
	}
}

/* ---- random operations -------------------------------------------------------------- */

static val rnd_val(void)
{
	switch (rnd(8)) {
	case 0: return pool[rnd(NOBJ)];
	case 1: return V_UNDEF;
	case 2: return v_num(0.5 + rnd(10));
	default: return v_int((int32_t)rnd(50));
	}
}

static struct pdesc rnd_desc(void)
{
	struct pdesc d = { 0, V_UNDEF, V_UNDEF, V_UNDEF };
	uint32_t r = rnd(8);

	if (r == 0)
		return pdesc_data(rnd_val(), rnd(8));
	for (int b = 0; b < 3; b++) {
		if (rnd(3) == 0)
			d.flags |= (uint32_t)(PD_HAS_W << b) | (rnd(3) != 0 ? 1u << b : 0);
	}
	if (r < 3) {
		d.flags &= ~(uint32_t)(PD_W | PD_HAS_W);
		if (rnd(2))
			d.flags |= PD_HAS_GET, d.get = rnd(4) ? fns()[rnd(NFN)] : V_UNDEF;
		if (rnd(2))
			d.flags |= PD_HAS_SET, d.set = rnd(4) ? fns()[rnd(NFN)] : V_UNDEF;
	} else if (rnd(3)) {
		d.flags |= PD_HAS_VALUE;
		d.value = rnd_val();
	}
	return d;
}

static bool m_cycle(int i, int proto)
{
	for (; proto >= 0; proto = model[proto].proto)
		if (proto == i)
			return true;
	return false;
}

static val rnd_len(void)
{
	static const double big[] = { 4294967295.0, 2147483647.0, 2147483648.0, 4294967294.0, 1e6 };

	return rnd(8) ? v_int((int32_t)rnd(30)) : v_num(big[rnd(5)]);
}

static void step_set(int i, pkey k)
{
	val v = is_arr(&model[i]) && k == A_length ? rnd_len() : rnd_val(), setter;
	int r = rnd(5) ? i : (int)rnd(NOBJ), want;
	uint32_t old = O(i)->h.shape.v;
	struct find f = { 0 };
	bool ordinary;

	if (is_arr(&model[r]) && k == A_length && r != i)
		return;
	if (k == A_length && is_arr(&model[i]) && r != i)
		return;
	/* An array further up: its length is a data property like any other. */
	ordinary = r == i && !pkey_is_index(k) && !(O(i)->h.flags.v & CF_PROTO) &&
		!(obj_shape(&vm, O(i))->flags & SF_DICT) &&
		(vm.exotic[O(i)->h.kind] == NULL || (is_arr(&model[i]) && k != A_length));
	if (ordinary)
		obj_find(&vm, O(i), k, true, &f);
	want = m_set(i, r, k, v, &setter);
	last_set_fn = V_UNDEF;
	if (ordinary && f.kind == FIND_ABSENT && sim_write(i, k, v)) {
		assert_int_equal(want, 1);
		return;
	}
	assert_int_equal(obj_set_r(&vm, O(i), k, v, pool[r]), want);
	if (!v_isundef(setter))
		assert_true(last_set_fn == setter && last_set_val == v);
	if (ordinary)
		sim_fill_add(i, k, old, &f);
}

static void step_proto(int i)
{
	int p = rnd(5) == 0 ? -1 : (int)rnd(NOBJ);
	int want = p == model[i].proto ? 1 : model[i].ext && i != 0 && !m_cycle(i, p);

	if (p >= 0 && (model[p].kind == KIND_GLOBAL || rnd(calm ? 40 : 3)))
		return;
	assert_int_equal(obj_set_proto(&vm, O(i), p < 0 ? V_NULL : pool[p]), want);
	if (want)
		model[i].proto = p;
}

static void step_integrity(int i)
{
	struct mobj *m = &model[i];
	uint32_t how = rnd(80);

	if (i < 3 || how > 3)
		return;
	m->ext = false;
	if (how == 0) {
		assert_int_equal(obj_prevent_extensions(&vm, O(i)), 1);
		return;
	}
	assert_int_equal(obj_set_integrity(&vm, O(i), how == 1), 1);
	for (uint32_t j = 0; j < m->n; j++) {
		m->p[j].attrs &= ~(uint32_t)ATTR_C;
		if (how == 1 && !(m->p[j].attrs & ATTR_ACCESSOR))
			m->p[j].attrs &= ~(uint32_t)ATTR_W;
	}
	if (how == 1)
		m->len_w = false;
	assert_int_equal(obj_test_integrity(&vm, O(i), how == 1), 1);
}

static void step_push(int i)
{
	struct arr *a = (struct arr *)(void *)O(i);
	val v = rnd_val();
	uint32_t n = model[i].length;
	struct pdesc d = pdesc_data(v, ATTR_WEC);
	struct mprop p;
	int h;

	if (!is_arr(&model[i]) || n > 1000)
		return;
	/* The push of built-ins is only for arrays whose chain has no such index. */
	if (model[i].proto >= 0 && m_lookup(model[i].proto, PKEY_INDEX | n, &p, &h))
		return;
	if (m_define(&model[i], PKEY_INDEX | n, &d)) {
		assert_int_equal(arr_push(&vm, a, v), 0);
	} else {
		assert_int_equal(arr_push(&vm, a, v), -1);
		assert_true(v_isobj(exc_take(&vm)));
	}
}

/* ---- objects ------------------------------------------------------------------------- */

static void m_add(struct mobj *m, pkey k, val v, uint32_t attrs)
{
	m->p[m->n++] = (struct mprop){ k, attrs, attrs & ATTR_ACCESSOR ? V_UNDEF : v, V_UNDEF, V_UNDEF };
}

static const struct native_def def_of_fn = { "fnName", nothing, 2, 0, EFF_NONE, 0, "-" };

static void make(int i, uint8_t kind)
{
	struct mobj *m = &model[i];
	int proto = kind == KIND_ARRAY ? 1 : kind == KIND_NFUNC ? 2 : 0;
	struct obj *po = O(proto);

	*m = (struct mobj){ .proto = proto, .kind = kind, .ext = true, .len_w = true };
	switch (kind) {
	case KIND_OBJECT:
		pool[i] = v_cell(rnd(2) ? obj_new(&vm) : obj_new_inl(&vm, po, (uint16_t)rnd(7)));
		break;
	case KIND_ARRAY: {
		val el[5];

		for (int j = 0; j < 5; j++)
			el[j] = rnd_val();
		pool[i] = arr_from(&vm, el, rnd(6));
		m->length = ((struct arr *)(void *)O(i))->len.v;
		for (uint32_t j = 0; j < m->length; j++)
			m_add(m, PKEY_INDEX | j, el[j], ATTR_WEC);
		if (rnd(3) == 0)  /* as a literal from a template is made */
			cell_set_kind(&vm.heap, &O(i)->h, KIND_ARRAY_COW);
		break;
	}
	case KIND_STRING: {
		struct prim_obj *p = obj_new_kind(&vm, po, kind, sizeof *p);

		HINIT(p->prim, v_cell(vm.empty));
		pool[i] = v_cell(p);
		VSET(&vm, p->prim, str_cstr(&vm, "abc"));
		break;
	}
	case KIND_NFUNC:
		pool[i] = v_cell(nfunc_closure(&vm, &def_of_fn, 0));
		m_add(m, A_length, v_int(2), ATTR_C);
		m_add(m, A_name, key_to_str(&vm, key_of_utf8(&vm, "fnName", 6)), ATTR_C);
		break;
	case KIND_ARGUMENTS: {
		val el[3] = { v_int(1), v_int(2), v_int(3) };

		pool[i] = arguments_new(&vm, el, 3, 0, V_HOLE);
		for (uint32_t j = 0; j < 3; j++)
			m_add(m, PKEY_INDEX | j, el[j], ATTR_WEC);
		m_add(m, A_length, v_int(3), ATTR_WC);
		m_add(m, A_callee, V_UNDEF, ATTR_ACCESSOR);
		m->p[m->n - 1].get = m->p[m->n - 1].set = fns()[0];
		m_add(m, A_sym_iterator, vm.intr[INTR_ArrayProto_values], ATTR_WC);
		break;
	}
	default:
		pool[i] = v_cell(obj_new_kind(&vm, po, kind, sizeof(struct obj)));
	}
}

static void step(bool in_request)
{
	int i = (int)rnd(NOBJ);
	pkey k = keys[rnd(2) ? rnd(6) : rnd(nkeys)];
	struct mprop p;
	struct pdesc d;

	if (model[i].n > MAXP - 10) {
		if (i > 2 && model[i].kind == KIND_OBJECT)
			for (int j = 0; j < NOBJ; j++)
				if (model[j].proto == i)
					return;
		return;
	}
	if (calm && rnd(32)) {
		k = keys[rnd(24) ? rnd(4) : rnd(nkeys)];
		i = 3 + (int)rnd(NOBJ - 3);
		switch (rnd(5)) {
		case 0: case 1:
			if (!(O(i)->h.flags.v & CF_PROTO) || rnd(16) == 0)
				step_set(i, k);
			break;
		case 2:
			for (int j = 0; j < NOBJ; j++)
				if (model[j].proto == i)
					return;
			if (rnd(3) == 0)
				make(i, model[i].kind);
			break;
		default:
			sim_read(i, k);
		}
		return;
	}
	switch (rnd(20)) {
	case 0: case 1: case 2: case 3:
		step_set(i, k);
		break;
	case 4: case 5:
		d = rnd_desc();
		if (is_arr(&model[i]) && k == A_length) {
			if (PD_IS_ACCESSOR(&d))
				return;
			if (d.flags & PD_HAS_VALUE)
				d.value = rnd_len();
			if (d.flags & PD_HAS_W && rnd(4))
				d.flags |= PD_W;
		}
		assert_int_equal(obj_define(&vm, O(i), k, &d), m_define(&model[i], k, &d));
		break;
	case 6: {
		val v = rnd_val();

		if (is_arr(&model[i]) && k == A_length)
			return;
		d = pdesc_data(v, ATTR_WEC);
		assert_int_equal(obj_create_data(&vm, O(i), k, v), m_define(&model[i], k, &d));
		break;
	}
	case 7: {
		int want = 1;

		if (rnd(3))
			return;
		if (m_own(&model[i], k, &p)) {
			want = (p.attrs & ATTR_C) != 0;
			if (want)
				m_remove(&model[i], k);
		}
		assert_int_equal(obj_delete(&vm, O(i), k), want);
		break;
	}
	case 8:
		step_proto(i);
		break;
	case 9:
		step_integrity(i);
		break;
	case 10:
		step_push(i);
		break;
	case 11:
		if (i > 2 && (rnd(in_request ? 12 : 6) == 0 || !model[i].ext || (obj_shape(&vm, O(i))->flags & SF_DICT))) {
			for (int j = 0; j < NOBJ; j++)
				if (model[j].proto == i)
					return;
			make(i, model[i].kind);
		}
		break;
	default: {
		int h;

		assert_true(val_same(&vm, obj_get(&vm, O(i), k), m_get(i, k)));
		assert_int_equal(obj_has(&vm, O(i), k), m_lookup(i, k, &p, &h));
		sim_read(i, k);
		check_own(i, k);
		if (rnd(16) == 0)
			check_obj(i);
	}
	}
	assert_true(vm.exc == V_HOLE);
}

/* ---- set-up ---------------------------------------------------------------------------- */

static void up(void *frame)
{
	static const struct native_def proto_def = { "", nothing, 0, 0, EFF_NONE, 0, "-" };
	struct heap_owner own;
	struct nfunc *f;
	struct obj *op;

	memset(&vm, 0, sizeof vm);
	vm_heap_owner(&own);
	assert_int_equal(heap_init(&vm.heap, 256u << 20, &own, &vm), 0);
	assert_int_equal(atoms_init(&vm), 0);
	assert_int_equal(shapes_init(&vm), 0);
	for (unsigned i = 0; i < INTR__N; i++)
		vm.intr[i] = V_UNDEF;
	vm.exc = V_HOLE;
	vm.ticks = 1 << 30;
	vm.call_fn = call;
	op = obj_new_inl(&vm, NULL, 0);
	vm.intr[INTR_ObjectPrototype] = pool[0] = v_cell(op);
	f = obj_new_kind(&vm, op, KIND_NFUNC, sizeof *f);
	HINIT(f->native, native_register(&vm, &proto_def));
	HINIT(f->ndata, 0);
	vm.intr[INTR_FunctionPrototype] = pool[2] = v_cell(f);
	pool[1] = v_cell(obj_new_kind(&vm, op, KIND_ARRAY, sizeof(struct arr)));
	HINIT(((struct arr *)(void *)O(1))->elem, NULL);
	HINIT(((struct arr *)(void *)O(1))->len, 0);
	HINIT(((struct arr *)(void *)O(1))->cap, 0);
	vm.intr[INTR_ArrayPrototype] = pool[1];
	for (int i = INTR_ErrorPrototype; i <= INTR_AggregateErrorPrototype; i++)
		vm.intr[i] = v_cell(obj_new(&vm));
	for (int i = 0; i < NFN; i++)
		fns()[i] = v_cell(nfunc_closure(&vm, &def_of_fn, 0));
	vm.intr[INTR_ThrowTypeError] = fns()[0];
	vm.intr[INTR_ArrayProto_values] = fns()[1];
	for (int i = 0; i < 3; i++)
		model[i] = (struct mobj){ .proto = i == 0 ? -1 : 0, .ext = true, .len_w = true, .kind = O(i)->h.kind };
	for (int i = 3; i < NOBJ; i++)
		pool[i] = V_UNDEF;
	vm.roots.v = pool;
	vm.roots.n = NOBJ + NFN;
	vm.heap.c_stack_base = frame;
	memset(sims, 0, sizeof sims);
	memset(adds, 0, sizeof adds);
}

static void populate(void)
{
	static const uint8_t kinds[NOBJ] = { 0, 0, 0, KIND_OBJECT, KIND_OBJECT, KIND_OBJECT, KIND_OBJECT, KIND_OBJECT,
		KIND_OBJECT, KIND_OBJECT, KIND_ARRAY, KIND_ARRAY, KIND_ARRAY, KIND_ARRAY, KIND_STRING, KIND_NFUNC,
		KIND_NFUNC, KIND_ARGUMENTS, KIND_GLOBAL, KIND_OBJECT };
	static const char *const odd[] = { "2147483648", "4294967294", "4294967295", "3000000000", "-1", "01" };
	char name[16];

	nkeys = 0;
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof name, "k%d", i);
		keys[nkeys++] = key_of_utf8(&vm, name, strlen(name));
	}
	for (unsigned i = 0; i < ARRAY_LEN(odd); i++)
		keys[nkeys++] = key_of_utf8(&vm, odd[i], strlen(odd[i]));
	for (uint32_t i = 0; i < 9; i++)
		keys[nkeys++] = PKEY_INDEX | i;
	keys[nkeys++] = PKEY_INDEX | 40;
	keys[nkeys++] = PKEY_INDEX | 5000;
	keys[nkeys++] = PKEY_INDEX | 0x7FFFFFFF;
	keys[nkeys++] = A_length;
	keys[nkeys++] = A_length;
	keys[nkeys++] = A_name;
	keys[nkeys++] = A_prototype;
	keys[nkeys++] = A_sym_iterator;
	keys[nkeys++] = A_sym_species;
	for (int i = 0; i < NOBJ; i++)
		if (kinds[i] != 0)
			pool[i] = v_cell(obj_new(&vm));
	for (int i = 3; i < NOBJ; i++)
		make(i, kinds[i]);
}

static void down(void)
{
	shapes_free(&vm);
	natives_free(&vm);
	atoms_free(&vm);
	heap_destroy(&vm.heap);
}

static void end_request(void)
{
	sims_end(sims);
	sims_end(adds);
	atoms_end_request(&vm);
	shapes_end_request(&vm);
	heap_end_request(&vm.heap);
	if (vm.proto_dirty) {
		vm.proto_dirty = false;
		vm.proto_epoch++;
	}
	heap_begin_request(&vm.heap);
}

#if defined(__SANITIZE_ADDRESS__) || defined(ZTS_TORTURE)
enum { ROUNDS = 6, STEPS = 3000, REQUESTS = 40 };
#else
enum { ROUNDS = 40, STEPS = 6000, REQUESTS = 150 };
#endif

static void random_ops(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		rng = 1000 + (uint64_t)round;
		calm = round % 2;
		up(__builtin_frame_address(0));
		populate();
		check_all();
		for (int i = 0; i < STEPS; i++)
			step(false);
		check_all();
		down();
	}
	printf("random operations: %llu cached reads, %llu cached adds\n", (unsigned long long)sim_hits,
	       (unsigned long long)add_hits);
}

static void requests(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS / 2; round++) {
		uint32_t base;

		rng = 77000 + (uint64_t)round;
		calm = round % 2;
		up(__builtin_frame_address(0));
		populate();
		for (int i = 0; i < (round % 4) * 300; i++)
			step(false);
		check_all();
		assert_int_equal(strs_freeze(&vm), 0);
		assert_int_equal(heap_freeze(&vm.heap, true), 0);
		memcpy(saved_model, model, sizeof model);
		memcpy(saved_pool, pool, sizeof pool);
		base = nkeys;
		for (int r = 0; r < REQUESTS; r++) {
			char name[24];

			for (uint32_t i = 0; i < 10; i++) {
				snprintf(name, sizeof name, "t%u_%u", i, rnd(4) ? 0 : (uint32_t)r);
				keys[base + i] = key_of_utf8(&vm, name, strlen(name));
			}
			nkeys = base + 10;
			for (uint32_t i = 0, n = rnd(400); i < n; i++)
				step(true);
			check_all();
			nkeys = base;
			end_request();
			memcpy(model, saved_model, sizeof model);
			memcpy(pool, saved_pool, sizeof pool);
			if (r % 8 == 0)
				check_all();
			for (uint32_t i = 0; i < 50; i++)
				sim_read((int)rnd(NOBJ), keys[rnd(nkeys)]);
			end_request();
		}
		down();
	}
	printf("requests: %llu cached reads, %llu cached adds\n", (unsigned long long)sim_hits,
	       (unsigned long long)add_hits);
}

/* ---- single subjects --------------------------------------------------------------------- */

static pkey K(const char *s) { return key_of_utf8(&vm, s, strlen(s)); }

static pkey Kn(const char *prefix, uint32_t i)
{
	char b[32];

	snprintf(b, sizeof b, "%s%u", prefix, i);
	return K(b);
}

static void shapes(void **state)
{
	struct obj *a, *b;
	uint32_t before;

	(void)state;
	up(__builtin_frame_address(0));
	a = obj_new(&vm);
	b = obj_new(&vm);
	for (uint32_t i = 0; i < 10; i++) {
		obj_def(&vm, a, Kn("p", i), v_int((int32_t)i), ATTR_WEC);
		obj_def(&vm, b, Kn("p", i), v_int((int32_t)i), ATTR_WEC);
		assert_int_equal(a->h.shape.v, b->h.shape.v);
	}
	before = vm.nshapes;
	for (uint32_t i = 0; i < 10; i++)
		obj_delete(&vm, b, Kn("p", 9 - i));
	assert_int_equal(vm.nshapes, before);
	assert_int_equal(b->h.shape.v, vm.root_obj);
	assert_false(obj_shape(&vm, a)->flags & SF_DICT);
	obj_delete(&vm, a, Kn("p", 3));
	assert_true(obj_shape(&vm, a)->flags & SF_DICT);
	assert_true(obj_get(&vm, a, Kn("p", 9)) == v_int(9));
	/* Too many names. */
	b = obj_new(&vm);
	for (uint32_t i = 0; i < 300; i++) {
		obj_def(&vm, b, Kn("q", i), v_int((int32_t)i), ATTR_WEC);
		assert_int_equal((obj_shape(&vm, b)->flags & SF_DICT) != 0, i >= MAX_SHAPE_KEYS);
	}
	for (uint32_t i = 0; i < 300; i++)
		assert_true(obj_get(&vm, b, Kn("q", i)) == v_int((int32_t)i));
	/* Requests: strangers' names leave nothing behind. */
	pool[3] = v_cell(b);
	assert_int_equal(strs_freeze(&vm), 0);
	assert_int_equal(heap_freeze(&vm.heap, true), 0);
	before = vm.nshapes;
	for (uint32_t r = 0; r < 50; r++) {
		for (uint32_t i = 0; i < 400; i++) {
			a = obj_new(&vm);
			for (uint32_t j = 0; j < 12; j++)
				obj_def(&vm, a, Kn("z", r * 100000 + i * 12 + j), v_int((int32_t)j), ATTR_WEC);
			assert_true(obj_shape(&vm, a)->flags & SF_DICT);
			assert_true(obj_get(&vm, a, Kn("z", r * 100000 + i * 12 + 5)) == v_int(5));
		}
		end_request();
		assert_int_equal(vm.nshapes, before);
		assert_int_equal(vm.ntshapes, 0);
	}
	down();
}

static void epoch(void **state)
{
	struct obj *p, *o;
	struct find f;
	uint32_t e;

	(void)state;
	up(__builtin_frame_address(0));
	p = obj_new(&vm);
	o = obj_new_inl(&vm, p, 2);
	pool[3] = v_cell(p);
	pool[4] = v_cell(o);
	obj_def(&vm, p, K("a"), v_int(1), ATTR_WEC);
	e = vm.proto_epoch;
	obj_def(&vm, p, K("b"), v_int(2), ATTR_WEC);
	obj_put(&vm, p, K("b"), v_int(3));
	assert_int_equal(vm.proto_epoch, e);      /* nobody looked */
	obj_find(&vm, o, K("b"), true, &f);
	assert_true(f.kind == FIND_DATA && !f.own && f.holder == p && f.depth == 1);
	obj_put(&vm, p, K("b"), v_int(4));
	assert_true(vm.proto_epoch != e);
	e = vm.proto_epoch;
	obj_put(&vm, p, K("b"), v_int(5));
	assert_int_equal(vm.proto_epoch, e);
	obj_find(&vm, o, K("nope"), true, &f);
	assert_true(f.kind == FIND_ABSENT);
	obj_put(&vm, O(0), K("nope"), v_int(5));  /* further up */
	assert_true(vm.proto_epoch != e);
	obj_find(&vm, o, K("nope"), true, &f);
	e = vm.proto_epoch;
	obj_delete(&vm, p, K("a"));
	assert_true(vm.proto_epoch != e);
	obj_find(&vm, o, K("nope"), true, &f);
	e = vm.proto_epoch;
	obj_set_proto(&vm, p, V_NULL);
	assert_true(vm.proto_epoch != e);
	assert_false(vm.proto_dirty);
	assert_int_equal(strs_freeze(&vm), 0);
	assert_int_equal(heap_freeze(&vm.heap, true), 0);
	obj_put(&vm, p, K("b"), v_int(6));
	assert_true(vm.proto_dirty);
	end_request();
	assert_true(obj_get(&vm, o, K("b")) == v_int(5));
	/* Indexed properties of prototypes. */
	assert_false(vm.indexed_proto);
	obj_put_i64(&vm, p, 3, v_int(1));
	assert_true(vm.indexed_proto);
	end_request();
	assert_false(vm.indexed_proto);
	down();
}

static void mapped_arguments(void **state)
{
	val av[2] = { v_int(10), v_int(20) }, v;
	struct obj *o;
	struct arguments *a;
	struct pdesc d;

	(void)state;
	up(__builtin_frame_address(0));
	v = arguments_new(&vm, av, 2, 3, pool[2]);
	o = v_toobj(v);
	a = (struct arguments *)(void *)o;
	assert_true(obj_get_index(&vm, o, 0) == v_int(10));
	arguments_set_param(&vm, a, 0, v_int(11));
	assert_true(obj_get_index(&vm, o, 0) == v_int(11));
	obj_put_i64(&vm, o, 1, v_int(21));
	assert_true(a->map.v->v[1].v == v_int(21));
	arguments_set_param(&vm, a, 2, v_int(5));          /* never passed: not mapped */
	assert_true(v_isundef(obj_get_index(&vm, o, 2)));
	/* Attributes change, the mapping stays. */
	d = (struct pdesc){ PD_HAS_E, V_UNDEF, V_UNDEF, V_UNDEF };
	assert_int_equal(obj_define(&vm, o, PKEY_INDEX, &d), 1);
	arguments_set_param(&vm, a, 0, v_int(12));
	assert_true(obj_get_index(&vm, o, 0) == v_int(12));
	/* Read-only with a value: the parameter gets it, then they part. */
	d = (struct pdesc){ PD_HAS_VALUE | PD_HAS_W, v_int(13), V_UNDEF, V_UNDEF };
	assert_int_equal(obj_define(&vm, o, PKEY_INDEX, &d), 1);
	assert_true(a->map.v->v[0].v == v_int(13));
	arguments_set_param(&vm, a, 0, v_int(14));
	assert_true(obj_get_index(&vm, o, 0) == v_int(13));
	/* Deleted and defined anew: no mapping. */
	assert_int_equal(obj_delete(&vm, o, PKEY_INDEX | 1), 1);
	obj_put_i64(&vm, o, 1, v_int(99));
	assert_true(a->map.v->v[1].v == v_int(21));
	/* Freezing takes the current values. */
	v = arguments_new(&vm, av, 2, 2, pool[2]);
	o = v_toobj(v);
	arguments_set_param(&vm, (struct arguments *)(void *)o, 1, v_int(7));
	assert_int_equal(obj_set_integrity(&vm, o, true), 1);
	arguments_set_param(&vm, (struct arguments *)(void *)o, 1, v_int(8));
	assert_true(obj_get_index(&vm, o, 1) == v_int(7));
	assert_int_equal(obj_test_integrity(&vm, o, true), 1);
	down();
}

static void globals(void **state)
{
	struct box *b, *c;
	bool lex;
	struct pdesc d;

	(void)state;
	up(__builtin_frame_address(0));
	vm.global = obj_new_kind(&vm, O(0), KIND_GLOBAL, sizeof(struct obj));
	vm.global_lex = obj_new_kind(&vm, NULL, KIND_GLOBAL, sizeof(struct obj));
	assert_null(global_find(&vm, K("x"), &lex));
	obj_put(&vm, vm.global, K("x"), v_int(1));
	b = global_find(&vm, K("x"), &lex);
	assert_true(b->v.v == v_int(1) && !lex && b->h.aux.v == ATTR_WEC);
	obj_put(&vm, vm.global, K("x"), v_int(2));
	assert_true(b == global_find(&vm, K("x"), &lex) && b->v.v == v_int(2));
	d = (struct pdesc){ PD_HAS_W, V_UNDEF, V_UNDEF, V_UNDEF };
	assert_int_equal(obj_define(&vm, vm.global, K("x"), &d), 1);
	c = global_find(&vm, K("x"), &lex);
	assert_true(c != b && b->v.v == V_HOLE && c->v.v == v_int(2) && !(c->h.aux.v & ATTR_W));
	assert_int_equal(obj_delete(&vm, vm.global, K("x")), 1);
	assert_true(c->v.v == V_HOLE && global_find(&vm, K("x"), &lex) == NULL);
	obj_put(&vm, vm.global, K("y"), v_int(3));
	b = global_find(&vm, K("y"), &lex);
	c = global_lex_declare(&vm, K("y"), true);
	assert_true(b->v.v == V_HOLE && c->v.v == V_HOLE && !(c->h.aux.v & ATTR_W));
	assert_true(global_find(&vm, K("y"), &lex) == c && lex);
	assert_true(obj_get(&vm, vm.global, K("y")) == v_int(3));
	obj_def_accessor(&vm, vm.global, K("z"), fns()[2], V_UNDEF, ATTR_C);
	b = global_find(&vm, K("z"), &lex);
	assert_true(b->h.aux.v & ATTR_ACCESSOR);
	assert_true(obj_get(&vm, vm.global, K("z")) == v_int(1000002));
	down();
}

static const struct row rows[] = {
	NF_METHOD("push", 1, nothing, EFF_NONE, "-"), NF_METHOD("values", 0, nothing, EFF_NONE, "-"),
	NF_ALIAS("@@iterator", "values"), NF_GETTER("size", nothing, EFF_NONE, "-"),
	NF_ACCESSOR("both", nothing, nothing, EFF_NONE, "-"), NF_NUMBER("PI", 3.5, 0),
	NF_METHOD("@@split", 2, nothing, EFF_NONE, "-"), NF_TAG("Thing")
};

/* What random operations hardly ever meet. */
static void traps(void **state)
{
	struct obj *p, *o, *f, *g;
	struct arr *a;
	struct find r;
	uint32_t e;

	(void)state;
	up(__builtin_frame_address(0));
	/* Functions without names must not look like those whose names are virtual. */
	f = v_toobj(fns()[0]);
	g = v_toobj(fns()[1]);
	obj_delete(&vm, f, A_name);
	obj_delete(&vm, f, A_length);
	assert_true(v_isundef(obj_get(&vm, f, A_name)));
	assert_true(f->h.shape.v != g->h.shape.v);
	assert_int_equal(obj_has_own(&vm, g, A_name), 1);
	/* Caches that add properties are keyed by shape alone. */
	o = obj_new(&vm);
	p = obj_new(&vm);
	obj_prevent_extensions(&vm, p);
	assert_true(o->h.shape.v != p->h.shape.v);
	/* What lies behind the length of an array may be stale. */
	a = arr_new(&vm, 8);
	for (int32_t i = 0; i < 6; i++)
		arr_push(&vm, a, v_int(i));
	VSET(&vm, a->len, 2);
	assert_int_equal(obj_put_i64(&vm, (struct obj *)(void *)a, 5, v_int(50)), 0);
	assert_true(v_isundef(obj_get_index(&vm, (struct obj *)(void *)a, 3)));
	VSET(&vm, a->len, 1);
	assert_int_equal(arr_set_length(&vm, a, 6), 1);
	assert_true(v_isundef(obj_get_index(&vm, (struct obj *)(void *)a, 1)));
	/* A snapshot object that is a prototype only during requests. */
	p = obj_new(&vm);
	obj_def(&vm, p, K("a"), v_int(1), ATTR_WEC);
	obj_def(&vm, p, K("b"), v_int(2), ATTR_WEC);
	pool[3] = v_cell(p);
	assert_int_equal(strs_freeze(&vm), 0);
	assert_int_equal(heap_freeze(&vm.heap, true), 0);
	o = obj_new_inl(&vm, p, 2);
	obj_find(&vm, o, K("b"), true, &r);
	assert_true(r.holder == p && o->h.shape.v < vm.tshape0);
	e = vm.proto_epoch;
	end_request();
	assert_int_equal(obj_delete(&vm, p, K("b")), 1);
	o = obj_new_inl(&vm, p, 2);
	assert_true(vm.proto_epoch != e);
	end_request();
	assert_true(obj_get(&vm, p, K("b")) == v_int(2));
	/* More prototypes in one request than there are shapes for. */
	for (uint32_t i = 0; i < 500000; i++)
		o = obj_new_inl(&vm, obj_new(&vm), 3);
	assert_true(vm.poll != 0 && (vm.poll_why & POLL_TERM));
	obj_def(&vm, o, K("a"), v_int(1), ATTR_WEC);
	assert_true(obj_get(&vm, o, K("a")) == v_int(1));
	end_request();
	assert_int_equal(vm.ntshapes, 0);
	o = obj_new(&vm);
	obj_def(&vm, o, K("a"), v_int(1), ATTR_WEC);
	assert_true(obj_get(&vm, o, K("a")) == v_int(1));
	down();
}

static double ns(struct timespec t0, uint32_t n)
{
	struct timespec t1;

	clock_gettime(CLOCK_MONOTONIC, &t1);
	return ((double)(t1.tv_sec - t0.tv_sec) * 1e9 + (double)(t1.tv_nsec - t0.tv_nsec)) / n;
}

/* Prints what the hot paths cost; asserts nothing. */
static void timing(void **state)
{
	enum { N = 100000 };
	struct timespec t;
	pkey k[6];
	struct obj *o;
	struct arr *a;
	int64_t sum = 0;

	(void)state;
	up(__builtin_frame_address(0));
	for (uint32_t i = 0; i < 6; i++)
		k[i] = Kn("p", i);
	o = obj_new(&vm);
	for (uint32_t i = 0; i < 6; i++)
		obj_put(&vm, o, k[i], v_int(1));
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (uint32_t i = 0; i < N; i++)
		sum += v_toint(obj_get(&vm, o, k[i % 6]));
	printf("obj_get %.1f ns, ", ns(t, N));
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (uint32_t i = 0; i < N; i++)
		obj_put(&vm, o, k[i % 6], v_int(2));
	printf("obj_put %.1f ns, ", ns(t, N));
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (uint32_t i = 0; i < N; i++) {
		o = obj_new(&vm);
		obj_create_data(&vm, o, k[0], v_int(1));
		obj_create_data(&vm, o, k[1], v_int(1));
		obj_create_data(&vm, o, k[2], v_int(1));
	}
	printf("new object with 3 properties %.1f ns, ", ns(t, N));
	a = arr_new(&vm, 0);
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (uint32_t i = 0; i < N; i++)
		arr_push(&vm, a, v_int(1));
	printf("arr_push %.1f ns, ", ns(t, N));
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (uint32_t i = 0; i < N; i++)
		sum += v_toint(obj_get_index(&vm, (struct obj *)(void *)a, i));
	printf("obj_get_index %.1f ns (%lld)\n", ns(t, N), (long long)sum);
	down();
}

static bool is_text(val v, const char *s)
{
	return v_isstr(v) && sview_eq_ascii(str_view(&vm, v_tostr(v)), s);
}

static void natives(void **state)
{
	static const struct native_def ctor = { "Thing", nothing, 3, NF_CTOR, EFF_NONE, 0, "-" };
	struct obj *proto, *f, *g;
	struct keylist kl;
	struct pdesc d;
	struct timespec t0, t1;
	static struct row many[1000];
	static char names[1000][24];

	(void)state;
	up(__builtin_frame_address(0));
	vm.global = obj_new_kind(&vm, O(0), KIND_GLOBAL, sizeof(struct obj));
	proto = obj_new_inl(&vm, O(0), 0);
	f = native_ctor(&vm, &ctor, INTR_Map, NULL, proto, NULL, 0, rows, ARRAY_LEN(rows));
	assert_true(obj_get(&vm, vm.global, K("Thing")) == v_cell(f) && vm.intr[INTR_Map] == v_cell(f));
	assert_int_equal(obj_own_keys(&vm, f, KEYS_STRINGS, &kl), 0);
	assert_true(kl.n == 3 && kl.k[0] == A_length && kl.k[1] == A_name && kl.k[2] == A_prototype);
	assert_true(obj_get(&vm, proto, A_constructor) == v_cell(f));
	assert_true(obj_get(&vm, proto, A_sym_iterator) == obj_get(&vm, proto, K("values")));
	g = v_toobj(obj_get(&vm, proto, A_sym_split));
	assert_true(g->h.flags.v & CF_LAZY);
	assert_true(is_text(obj_get(&vm, g, A_name), "[Symbol.split]"));
	assert_false(g->h.flags.v & CF_LAZY);
	assert_true(obj_get(&vm, g, A_length) == v_int(2));
	assert_int_equal(obj_get_own(&vm, proto, K("size"), &d), 1);
	assert_true(is_text(obj_get(&vm, v_toobj(d.get), A_name), "get size") && v_isundef(d.set));
	assert_int_equal(obj_get_own(&vm, proto, K("both"), &d), 1);
	assert_true(is_text(obj_get(&vm, v_toobj(d.set), A_name), "set both"));
	assert_true(is_text(obj_get(&vm, proto, A_sym_to_string_tag), "Thing"));
	assert_true(func_is_ctor(&vm, v_cell(f)) && !func_is_ctor(&vm, v_cell(g)) && func_is_callable(v_cell(g)));
	for (int i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof names[i], "method%d", i);
		many[i] = (struct row)NF_METHOD(names[i], 1, nothing, EFF_NONE, "-");
	}
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (int i = 0; i < 1000; i += 25)
		native_namespace(&vm, names[i], many + i, 25);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	printf("1000 rows on 40 holders: %.1f us\n",
	       (double)(t1.tv_sec - t0.tv_sec) * 1e6 + (double)(t1.tv_nsec - t0.tv_nsec) / 1e3);
	down();
}

static void messages(void **state)
{
	struct obj *o, *e;

	(void)state;
	up(__builtin_frame_address(0));
	o = obj_new(&vm);
	obj_def(&vm, o, K("x"), v_int(1), ATTR_E);
	assert_int_equal(obj_put(&vm, o, K("x"), v_int(2)), -1);
	e = v_toobj(exc_take(&vm));
	printf("%s\n", str_to_utf8(&vm, v_tostr(obj_get(&vm, e, A_message)), true, NULL));
	obj_prevent_extensions(&vm, o);
	assert_int_equal(obj_put(&vm, o, K("y"), v_int(2)), -1);
	e = v_toobj(exc_take(&vm));
	assert_true(is_text(obj_get(&vm, e, A_message), "Cannot add property y, object is not extensible"));
	assert_int_equal(obj_get_v(&vm, V_UNDEF, K("q")), V_EXC);
	e = v_toobj(exc_take(&vm));
	assert_true(is_text(obj_get(&vm, e, A_message), "Cannot read properties of undefined (reading 'q')"));
	down();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes), cmocka_unit_test(epoch), cmocka_unit_test(mapped_arguments),
		cmocka_unit_test(globals), cmocka_unit_test(natives), cmocka_unit_test(messages),
		cmocka_unit_test(traps), cmocka_unit_test(timing),
		cmocka_unit_test(random_ops), cmocka_unit_test(requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
