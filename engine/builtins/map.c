/* map.c: Map (ECMA-262 24.1), the iterator objects of Map and Set, grouping into a
 * Map, and the walk over iterables of entries that several constructors share.
 * Set itself is in set.c. The table is table.c's business. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/set.h"
#include "engine/builtins/table.h"
#include "engine/vm/calls.h"

/* this as a Map, or NULL: TypeError. */
static struct coll *this_map(struct vm *vm, val v, const char *method)
{
	if (likely(v_iskind(v, KIND_MAP)))
		return v_tocoll(v);
	throw_type(vm, "Method Map.prototype.%s called on incompatible receiver %s", method, val_for_message(vm, v));
	return NULL;
}

/* ---- entries of iterables (24.1.1.2) ----------------------------------------------- */

/* The first two elements of an entry object. */
static int split_entry(struct vm *vm, val item, val *k, val *v)
{
	if (unlikely(!v_isobj(item))) {
		throw_type(vm, "Iterator value %s is not an entry object", val_for_message(vm, item));
		return -1;
	}
	if (v_isarr(item) && arr_is_dense(v_toarr(item)) && v_toarr(item)->len.v >= 2) {
		*k = v_toarr(item)->elem.v[0].v;
		*v = v_toarr(item)->elem.v[1].v;
		return 0;
	}
	*k = obj_get_index(vm, v_toobj(item), 0);
	if (*k == V_EXC)
		return -1;
	*v = obj_get_index(vm, v_toobj(item), 1);
	return *v == V_EXC ? -1 : 0;
}

int entries_each(struct vm *vm, val iterable, int (*fn)(struct vm *vm, void *u, val k, val v), void *u)
{
	val r[3], item, k, v;
	int more;

	if (iter_open(vm, iterable, r) < 0)
		return -1;
	while ((more = iter_next(vm, r, &item)) == 1) {
		if (VM_TICK(vm, 3))
			return -1;
		if (split_entry(vm, item, &k, &v) < 0 || fn(vm, u, k, v) < 0) {
			iter_close_quiet(vm, r);
			return -1;
		}
	}
	return more;
}

/* ---- constructor ------------------------------------------------------------------- */

static val map_set(struct vm *vm, val *a, uint32_t argc);

static int add_direct(struct vm *vm, void *u, val k, val v)
{
	return coll_put(vm, u, k, v);
}

struct adder { val target, fn; };

static int add_by_call(struct vm *vm, void *u, val k, val v)
{
	struct adder *ad = u;

	return call_2(vm, ad->fn, ad->target, k, v) == V_EXC ? -1 : 0;
}

int coll_fill(struct vm *vm, struct coll *c, val iterable, native_fn original)
{
	static const char *const what = "'%s' returned for property 'set' is not a function";
	struct adder ad = { v_cell(c), V_UNDEF };

	if (v_isnullish(iterable))
		return 0;
	ad.fn = obj_get(vm, (struct obj *)(void *)c, key_of_utf8(vm, "set", 3));
	if (ad.fn == V_EXC)
		return -1;
	if (!func_is_callable(ad.fn)) {
		throw_type(vm, what, val_for_message(vm, ad.fn));
		return -1;
	}
	/* WeakMap's own adder checks its keys: it is always called. */
	if (c->h.kind == KIND_MAP && is_native(vm, ad.fn, original))
		return entries_each(vm, iterable, add_direct, c);
	return entries_each(vm, iterable, add_by_call, &ad);
}

static val map_construct(struct vm *vm, val *a, uint32_t argc)
{
	val proto = obj_proto_from_ctor(vm, NEWT(), INTR_MapPrototype);
	struct coll *c;

	if (proto == V_EXC)
		return V_EXC;
	c = coll_new(vm, v_toobj(proto), KIND_MAP);
	return coll_fill(vm, c, ARG(0), map_set) < 0 ? V_EXC : v_cell(c);
}

val coll_species(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm, (void)argc;
	return a[0];
}

/* ---- prototype ----------------------------------------------------------------------- */

static val map_get(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "get");
	struct table_ent *e;

	if (c == NULL)
		return V_EXC;
	e = coll_find(vm, c, ARG(0));
	return e != NULL ? e->value.v : V_UNDEF;
}

static val map_has(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "has");

	return c == NULL ? V_EXC : v_bool(coll_find(vm, c, ARG(0)) != NULL);
}

static val map_set(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "set");

	return c == NULL || coll_put(vm, c, ARG(0), ARG(1)) < 0 ? V_EXC : a[0];
}

val coll_get_or_insert(struct vm *vm, struct coll *c, val key, val value)
{
	struct table_ent *e = coll_find(vm, c, key);

	if (e != NULL)
		return e->value.v;
	return coll_put(vm, c, key, value) < 0 ? V_EXC : value;
}

val coll_get_or_compute(struct vm *vm, struct coll *c, val key, val fn)
{
	struct table_ent *e;
	val v;

	if (!func_is_callable(fn))
		return throw_type(vm, "%s is not a function", val_for_message(vm, fn));
	key = table_key(key);
	e = coll_find(vm, c, key);
	if (e != NULL)
		return e->value.v;
	v = call_1(vm, fn, V_UNDEF, key);
	return v == V_EXC || coll_put(vm, c, key, v) < 0 ? V_EXC : v;   /* fn may have put one there */
}

static val map_get_or_insert(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "getOrInsert");

	return c == NULL ? V_EXC : coll_get_or_insert(vm, c, ARG(0), ARG(1));
}

static val map_get_or_compute(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "getOrInsertComputed");

	return c == NULL ? V_EXC : coll_get_or_compute(vm, c, ARG(0), ARG(1));
}

static val map_delete(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "delete");

	return c == NULL ? V_EXC : v_bool(coll_delete(vm, c, ARG(0)));
}

static val map_clear(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "clear");

	(void)argc;
	return c == NULL || coll_clear(vm, c) < 0 ? V_EXC : V_UNDEF;
}

static val map_size(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "size");

	(void)argc;
	return c == NULL ? V_EXC : v_u32(coll_size(c));
}

val coll_for_each(struct vm *vm, struct coll *c, val f, val this_arg)
{
	struct table_cursor at = { NULL, 0 };
	struct table_ent *e;
	struct calls calls;

	if (!func_is_callable(f))
		return throw_type(vm, "%s is not a function", val_for_message(vm, f));
	calls_begin(vm, &calls, f, this_arg, 3);
	while ((e = coll_next(c, &at)) != NULL) {
		calls.args[0] = c->h.kind == KIND_MAP ? e->value.v : e->key.v;
		calls.args[1] = e->key.v;
		calls.args[2] = v_cell(c);
		if (calls_go(vm, &calls) == V_EXC || VM_TICK(vm, 5))
			return V_EXC;
	}
	return V_UNDEF;
}

static val map_for_each(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "forEach");

	return c == NULL ? V_EXC : coll_for_each(vm, c, ARG(0), ARG(1));
}

/* ---- iterators (24.1.5, 24.2.6) ------------------------------------------------------- */

struct map_iter {
	struct iter_obj it;
	hval coll;                /* undefined once finished */
	HF(struct table *) tab;
	HF(uint64_t) i, kind;     /* position; enum coll_iter_kind */
};

val coll_iterator(struct vm *vm, struct coll *c, enum coll_iter_kind kind)
{
	bool map = c->h.kind == KIND_MAP;
	struct obj *proto = obj_intr(vm, map ? INTR_MapIteratorPrototype : INTR_SetIteratorPrototype);
	struct map_iter *m = obj_new_kind(vm, proto, KIND_ITERATOR, sizeof *m);

	HINIT(m->it.type, map ? ITER_MAP : ITER_SET);
	HINIT(m->coll, v_cell(c));
	HINIT(m->tab, NULL);
	HINIT(m->i, 0);
	HINIT(m->kind, kind);
	return v_cell(m);
}

int map_iterator_step(struct vm *vm, val itv, val *out)
{
	struct map_iter *m = (struct map_iter *)(void *)v_tocell(itv);
	struct table_cursor at = { m->tab.v, (uint32_t)m->i.v };
	struct table_ent *e;
	val kv[2];

	if (v_isundef(m->coll.v))
		return 0;
	e = coll_next(v_tocoll(m->coll.v), &at);
	if (e == NULL) {
		VSET(vm, m->coll, V_UNDEF);
		VSET(vm, m->tab, NULL);
		return 0;
	}
	if (at.t != m->tab.v)
		VSET(vm, m->tab, at.t);
	VSET(vm, m->i, at.i);
	switch ((enum coll_iter_kind)m->kind.v) {
	case COLL_KEYS:
		*out = e->key.v;
		return 1;
	case COLL_VALUES:
		*out = m->it.type.v == ITER_MAP ? e->value.v : e->key.v;
		return 1;
	default:
		kv[0] = e->key.v;
		kv[1] = m->it.type.v == ITER_MAP ? e->value.v : e->key.v;
		*out = arr_from(vm, kv, 2);
		return *out == V_EXC ? -1 : 1;
	}
}

static val iterator_next(struct vm *vm, val *a, enum iter_type type)
{
	val v = V_UNDEF;
	int more;

	if (!iter_is(a[0], type))
		return throw_type(vm, "%s.prototype.next called on incompatible receiver %s",
		                  type == ITER_MAP ? "Map Iterator" : "Set Iterator", val_for_message(vm, a[0]));
	more = map_iterator_step(vm, a[0], &v);
	return more < 0 ? V_EXC : obj_iter_result(vm, v, more == 0);
}

static val map_iterator_next(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return iterator_next(vm, a, ITER_MAP);
}

static val set_iterator_next(struct vm *vm, val *a, uint32_t argc)
{
	(void)argc;
	return iterator_next(vm, a, ITER_SET);
}

bool map_iterator_next_is_original(struct vm *vm, val next)
{
	return is_native(vm, next, map_iterator_next) || is_native(vm, next, set_iterator_next);
}

static val map_keys(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "keys");

	(void)argc;
	return c == NULL ? V_EXC : coll_iterator(vm, c, COLL_KEYS);
}

static val map_values(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "values");

	(void)argc;
	return c == NULL ? V_EXC : coll_iterator(vm, c, COLL_VALUES);
}

static val map_entries(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_map(vm, a[0], "entries");

	(void)argc;
	return c == NULL ? V_EXC : coll_iterator(vm, c, COLL_ENTRIES);
}

/* ---- grouping (7.3.35 GroupBy, 24.1.2.1) ------------------------------------------------- */

int group_by(struct vm *vm, val items, val callback, int (*add)(struct vm *vm, void *u, val key, val item), void *u)
{
	val r[3], item, key;
	double k = 0;
	int more;

	if (val_require_coercible(vm, items, "groupBy") < 0)
		return -1;
	if (!func_is_callable(callback)) {
		throw_type(vm, "%s is not a function", val_for_message(vm, callback));
		return -1;
	}
	if (iter_open(vm, items, r) < 0)
		return -1;
	while ((more = iter_next(vm, r, &item)) == 1) {
		if (VM_TICK(vm, 5))
			return -1;
		key = call_2(vm, callback, V_UNDEF, item, v_num(k++));
		if (key == V_EXC || add(vm, u, key, item) < 0) {
			iter_close_quiet(vm, r);
			return -1;
		}
	}
	return more;
}

static int map_group_add(struct vm *vm, void *u, val key, val item)
{
	struct table_ent *e = coll_find(vm, u, key);
	struct arr *group;

	if (e != NULL)
		return arr_push(vm, v_toarr(e->value.v), item);
	group = arr_new(vm, 1);
	if (group == NULL || arr_push(vm, group, item) < 0)
		return -1;
	return coll_put(vm, u, key, v_cell(group));
}

static val map_group_by(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = coll_new(vm, obj_intr(vm, INTR_MapPrototype), KIND_MAP);

	return group_by(vm, ARG(0), ARG(1), map_group_add, c) < 0 ? V_EXC : v_cell(c);
}

/* ---- tables --------------------------------------------------------------------------------- */

static const struct native_def map_ctor_def =
	{ "Map", map_construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_MUT | EFF_CALLS, 0, "24.1.1.1" };

static const struct row map_static_rows[] = {
	NF_METHOD("groupBy", 2, map_group_by, EFF_CALLS, "24.1.2.1"),
	NF_GETTER("@@species", coll_species, EFF_NONE, "24.1.2.3"),
};

static const struct row map_proto_rows[] = {
	NF_METHOD("get", 1, map_get, EFF_NONE, "24.1.3.6"),
	NF_METHOD("set", 2, map_set, EFF_MUT, "24.1.3.9"),
	NF_METHOD("getOrInsert", 2, map_get_or_insert, EFF_MUT, "24.1.3.7"),
	NF_METHOD("getOrInsertComputed", 2, map_get_or_compute, EFF_MUT | EFF_CALLS, "24.1.3.8"),
	NF_METHOD("has", 1, map_has, EFF_NONE, "24.1.3.7"),
	NF_METHOD("delete", 1, map_delete, EFF_MUT, "24.1.3.3"),
	NF_METHOD("clear", 0, map_clear, EFF_MUT, "24.1.3.1"),
	NF_METHOD("entries", 0, map_entries, EFF_NONE, "24.1.3.4"),
	NF_METHOD("forEach", 1, map_for_each, EFF_CALLS, "24.1.3.5"),
	NF_METHOD("keys", 0, map_keys, EFF_NONE, "24.1.3.8"),
	NF_GETTER("size", map_size, EFF_NONE, "24.1.3.10"),
	NF_METHOD("values", 0, map_values, EFF_NONE, "24.1.3.11"),
	NF_TAG("Map"),
	NF_ALIAS("@@iterator", "entries"),
};

static const struct row map_iterator_rows[] = {
	NF_METHOD("next", 0, map_iterator_next, EFF_MUT, "24.1.5.2.1"),
	NF_TAG("Map Iterator"),
};

static const struct row set_iterator_rows[] = {
	NF_METHOD("next", 0, set_iterator_next, EFF_MUT, "24.2.6.2.1"),
	NF_TAG("Set Iterator"),
};

static void iterator_proto(struct vm *vm, enum intrinsic slot, const struct row *rows, uint32_t n)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_IteratorPrototype), 0);

	vm->intr[slot] = v_cell(p);
	native_install(vm, p, rows, n);
}

void builtin_map_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_MapPrototype] = v_cell(p);
	native_ctor(vm, &map_ctor_def, INTR_Map, NULL, p, map_static_rows, ARRAY_LEN(map_static_rows),
	            map_proto_rows, ARRAY_LEN(map_proto_rows));
	iterator_proto(vm, INTR_MapIteratorPrototype, map_iterator_rows, ARRAY_LEN(map_iterator_rows));
	iterator_proto(vm, INTR_SetIteratorPrototype, set_iterator_rows, ARRAY_LEN(set_iterator_rows));
	set_init(vm);
}
