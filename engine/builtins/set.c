/* set.c: Set (ECMA-262 24.2) with the set operations of ES2025. Set iterators are
 * in map.c, the table in table.c. */
#include "engine/builtins/builtins.h"
#include "engine/builtins/set.h"

static struct coll *this_set(struct vm *vm, val v, const char *method)
{
	if (likely(v_iskind(v, KIND_SET)))
		return v_tocoll(v);
	throw_type(vm, "Method Set.prototype.%s called on incompatible receiver %s", method, val_for_message(vm, v));
	return NULL;
}

static val set_add(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "add");

	return c == NULL || coll_put(vm, c, ARG(0), V_UNDEF) < 0 ? V_EXC : a[0];
}

static val set_has(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "has");

	return c == NULL ? V_EXC : v_bool(coll_find(vm, c, ARG(0)) != NULL);
}

static val set_delete(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "delete");

	return c == NULL ? V_EXC : v_bool(coll_delete(vm, c, ARG(0)));
}

static val set_clear(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "clear");

	(void)argc;
	return c == NULL || coll_clear(vm, c) < 0 ? V_EXC : V_UNDEF;
}

static val set_size(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "size");

	(void)argc;
	return c == NULL ? V_EXC : v_u32(coll_size(c));
}

static val set_for_each(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "forEach");

	return c == NULL ? V_EXC : coll_for_each(vm, c, ARG(0), ARG(1));
}

static val set_values(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "values");

	(void)argc;
	return c == NULL ? V_EXC : coll_iterator(vm, c, COLL_VALUES);
}

static val set_entries(struct vm *vm, val *a, uint32_t argc)
{
	struct coll *c = this_set(vm, a[0], "entries");

	(void)argc;
	return c == NULL ? V_EXC : coll_iterator(vm, c, COLL_ENTRIES);
}

/* 24.2.2.1 */
static val set_construct(struct vm *vm, val *a, uint32_t argc)
{
	val proto = obj_proto_from_ctor(vm, NEWT(), INTR_SetPrototype), adder, r[3], item;
	struct coll *c;
	bool direct;
	int more;

	if (proto == V_EXC)
		return V_EXC;
	c = coll_new(vm, v_toobj(proto), KIND_SET);
	if (v_isnullish(ARG(0)))
		return v_cell(c);
	adder = obj_get(vm, (struct obj *)(void *)c, A_add);
	if (adder == V_EXC)
		return V_EXC;
	if (!func_is_callable(adder))
		return throw_type(vm, "'%s' returned for property 'add' is not a function", val_for_message(vm, adder));
	direct = is_native(vm, adder, set_add);
	if (iter_open(vm, ARG(0), r) < 0)
		return V_EXC;
	while ((more = iter_next(vm, r, &item)) == 1) {
		if (VM_TICK(vm, 3))
			return V_EXC;
		if (direct ? coll_put(vm, c, item, V_UNDEF) < 0 : call_1(vm, adder, v_cell(c), item) == V_EXC) {
			iter_close_quiet(vm, r);
			return V_EXC;
		}
	}
	return more < 0 ? V_EXC : v_cell(c);
}

/* ---- set records (24.2.1.2 GetSetRecord) ---------------------------------------------- */

struct set_rec {
	val obj, has, keys;
	double size;
	struct coll *real;        /* obj, when it is a Set whose has and keys are the original
	                           * ones: asking the table directly cannot be observed */
};

static int set_rec_get(struct vm *vm, val v, struct set_rec *out)
{
	struct obj *o;
	val size;

	if (!v_isobj(v)) {
		throw_type(vm, "%s is not an object", val_for_message(vm, v));
		return -1;
	}
	o = v_toobj(v);
	out->obj = v;
	size = obj_get(vm, o, A_size);
	if (size == V_EXC || to_number(vm, size, &out->size) < 0)
		return -1;
	if (out->size != out->size) {
		throw_type(vm, "The 'size' property must be a number");
		return -1;
	}
	out->size = trunc(out->size);
	if (out->size < 0) {
		throw_range(vm, "'%.17g' is an invalid size", out->size);
		return -1;
	}
	out->has = obj_get(vm, o, A_has);
	if (out->has == V_EXC)
		return -1;
	if (!func_is_callable(out->has)) {
		throw_type(vm, "The 'has' property must be a function");
		return -1;
	}
	out->keys = obj_get(vm, o, A_keys);
	if (out->keys == V_EXC)
		return -1;
	if (!func_is_callable(out->keys)) {
		throw_type(vm, "The 'keys' property must be a function");
		return -1;
	}
	out->real = v_iskind(v, KIND_SET) && is_native(vm, out->has, set_has) ? v_tocoll(v) : NULL;
	return 0;
}

/* Call(has, obj, key) as a boolean: 1, 0, -1. */
static int rec_has(struct vm *vm, const struct set_rec *s, val key)
{
	val r;

	if (s->real != NULL)
		return coll_find(vm, s->real, key) != NULL;
	r = call_1(vm, s->has, s->obj, key);
	return r == V_EXC ? -1 : to_boolean(r);
}

/* GetIteratorFromMethod(obj, keys) without the callable check of `next`. */
static int rec_keys(struct vm *vm, const struct set_rec *s, struct iter_rec *it)
{
	it->it = vm_call(vm, s->keys, s->obj, 0, NULL);
	if (it->it == V_EXC)
		return -1;
	if (!v_isobj(it->it)) {
		throw_type(vm, "%s is not an object", val_for_message(vm, it->it));
		return -1;
	}
	it->next = obj_get(vm, v_toobj(it->it), A_next);
	return it->next == V_EXC ? -1 : 0;
}

static int keys_step(struct vm *vm, struct iter_rec it, val *out)
{
	int more;

	if ((iter_is(it.it, ITER_SET) || iter_is(it.it, ITER_MAP)) && map_iterator_next_is_original(vm, it.next))
		more = VM_TICK(vm, 2) ? -1 : map_iterator_step(vm, it.it, out);
	else
		more = iter_step_value(vm, it, out);
	if (more == 1)
		*out = table_key(*out);
	return more;
}

/* this and the record of the argument. */
static struct coll *operands(struct vm *vm, val *a, uint32_t argc, const char *method, struct set_rec *s)
{
	struct coll *c = this_set(vm, a[0], method);

	return c == NULL || set_rec_get(vm, ARG(0), s) < 0 ? NULL : c;
}

static struct coll *new_set(struct vm *vm)
{
	return coll_new(vm, obj_intr(vm, INTR_SetPrototype), KIND_SET);
}

/* ---- set operations ------------------------------------------------------------------------ */

static val set_union(struct vm *vm, val *a, uint32_t argc)
{
	struct set_rec s;
	struct iter_rec it;
	struct coll *c = operands(vm, a, argc, "union", &s), *r;
	val v;
	int more;

	if (c == NULL || rec_keys(vm, &s, &it) < 0)
		return V_EXC;
	r = new_set(vm);
	if (coll_copy(vm, r, c) < 0)
		return V_EXC;
	while ((more = keys_step(vm, it, &v)) == 1)
		if (coll_put(vm, r, v, V_UNDEF) < 0)
			return V_EXC;
	return more < 0 ? V_EXC : v_cell(r);
}

static val set_intersection(struct vm *vm, val *a, uint32_t argc)
{
	struct table_cursor at = { NULL, 0 };
	struct set_rec s;
	struct iter_rec it;
	struct coll *c = operands(vm, a, argc, "intersection", &s), *r;
	struct table_ent *e;
	val v;
	int more;

	if (c == NULL)
		return V_EXC;
	r = new_set(vm);
	if (coll_size(c) <= s.size) {
		while ((e = coll_next(c, &at)) != NULL) {
			v = e->key.v;
			if (VM_TICK(vm, 3))
				return V_EXC;
			more = rec_has(vm, &s, v);
			if (more < 0 || (more > 0 && coll_put(vm, r, v, V_UNDEF) < 0))
				return V_EXC;
		}
		return v_cell(r);
	}
	if (rec_keys(vm, &s, &it) < 0)
		return V_EXC;
	while ((more = keys_step(vm, it, &v)) == 1)
		if (coll_find(vm, c, v) != NULL && coll_put(vm, r, v, V_UNDEF) < 0)
			return V_EXC;
	return more < 0 ? V_EXC : v_cell(r);
}

static val set_difference(struct vm *vm, val *a, uint32_t argc)
{
	struct table_cursor at = { NULL, 0 };
	struct set_rec s;
	struct iter_rec it;
	struct coll *c = operands(vm, a, argc, "difference", &s), *r;
	struct table_ent *e;
	val v;
	int more;

	if (c == NULL)
		return V_EXC;
	r = new_set(vm);
	if (coll_copy(vm, r, c) < 0)
		return V_EXC;
	if (coll_size(c) <= s.size) {
		while ((e = coll_next(c, &at)) != NULL) {
			v = e->key.v;
			if (VM_TICK(vm, 3))
				return V_EXC;
			more = rec_has(vm, &s, v);
			if (more < 0)
				return V_EXC;
			if (more > 0)
				coll_delete(vm, r, v);
		}
		return v_cell(r);
	}
	if (rec_keys(vm, &s, &it) < 0)
		return V_EXC;
	while ((more = keys_step(vm, it, &v)) == 1)
		coll_delete(vm, r, v);
	return more < 0 ? V_EXC : v_cell(r);
}

static val set_symmetric_difference(struct vm *vm, val *a, uint32_t argc)
{
	struct set_rec s;
	struct iter_rec it;
	struct coll *c = operands(vm, a, argc, "symmetricDifference", &s), *r;
	val v;
	int more;

	if (c == NULL || rec_keys(vm, &s, &it) < 0)
		return V_EXC;
	r = new_set(vm);
	if (coll_copy(vm, r, c) < 0)
		return V_EXC;
	while ((more = keys_step(vm, it, &v)) == 1) {
		if (coll_find(vm, c, v) != NULL)
			coll_delete(vm, r, v);
		else if (coll_put(vm, r, v, V_UNDEF) < 0)
			return V_EXC;
	}
	return more < 0 ? V_EXC : v_cell(r);
}

static val set_is_subset_of(struct vm *vm, val *a, uint32_t argc)
{
	struct table_cursor at = { NULL, 0 };
	struct set_rec s;
	struct coll *c = operands(vm, a, argc, "isSubsetOf", &s);
	struct table_ent *e;
	int has;

	if (c == NULL)
		return V_EXC;
	if (coll_size(c) > s.size)
		return V_FALSE;
	while ((e = coll_next(c, &at)) != NULL) {
		if (VM_TICK(vm, 3))
			return V_EXC;
		has = rec_has(vm, &s, e->key.v);
		if (has <= 0)
			return has < 0 ? V_EXC : V_FALSE;
	}
	return V_TRUE;
}

/* Walks the keys of s until one is (wanted) or is not (otherwise) in c: then the
 * iterator is closed and the answer is false. */
static val until_member(struct vm *vm, const struct set_rec *s, const struct coll *c, bool wanted)
{
	struct iter_rec it;
	val v;
	int more;

	if (rec_keys(vm, s, &it) < 0)
		return V_EXC;
	while ((more = keys_step(vm, it, &v)) == 1)
		if ((coll_find(vm, c, v) != NULL) == wanted)
			return iter_close_obj(vm, it.it) < 0 ? V_EXC : V_FALSE;
	return more < 0 ? V_EXC : V_TRUE;
}

static val set_is_superset_of(struct vm *vm, val *a, uint32_t argc)
{
	struct set_rec s;
	struct coll *c = operands(vm, a, argc, "isSupersetOf", &s);

	if (c == NULL)
		return V_EXC;
	return coll_size(c) < s.size ? V_FALSE : until_member(vm, &s, c, false);
}

static val set_is_disjoint_from(struct vm *vm, val *a, uint32_t argc)
{
	struct table_cursor at = { NULL, 0 };
	struct set_rec s;
	struct coll *c = operands(vm, a, argc, "isDisjointFrom", &s);
	struct table_ent *e;
	int has;

	if (c == NULL)
		return V_EXC;
	if (coll_size(c) > s.size)
		return until_member(vm, &s, c, true);
	while ((e = coll_next(c, &at)) != NULL) {
		if (VM_TICK(vm, 3))
			return V_EXC;
		has = rec_has(vm, &s, e->key.v);
		if (has != 0)
			return has < 0 ? V_EXC : V_FALSE;
	}
	return V_TRUE;
}

/* ---- tables ----------------------------------------------------------------------------------- */

static const struct native_def set_ctor_def =
	{ "Set", set_construct, 0, NF_CTOR | NF_CTOR_ONLY, EFF_MUT | EFF_CALLS, 0, "24.2.2.1" };

static const struct row set_static_rows[] = {
	NF_GETTER("@@species", coll_species, EFF_NONE, "24.2.3.2"),
};

static const struct row set_proto_rows[] = {
	NF_METHOD("has", 1, set_has, EFF_NONE, "24.2.4.8"),
	NF_METHOD("add", 1, set_add, EFF_MUT, "24.2.4.1"),
	NF_METHOD("delete", 1, set_delete, EFF_MUT, "24.2.4.4"),
	NF_METHOD("difference", 1, set_difference, EFF_CALLS, "24.2.4.5"),
	NF_METHOD("clear", 0, set_clear, EFF_MUT, "24.2.4.2"),
	NF_METHOD("entries", 0, set_entries, EFF_NONE, "24.2.4.6"),
	NF_METHOD("forEach", 1, set_for_each, EFF_CALLS, "24.2.4.7"),
	NF_METHOD("intersection", 1, set_intersection, EFF_CALLS, "24.2.4.9"),
	NF_METHOD("isDisjointFrom", 1, set_is_disjoint_from, EFF_CALLS, "24.2.4.10"),
	NF_METHOD("isSubsetOf", 1, set_is_subset_of, EFF_CALLS, "24.2.4.11"),
	NF_METHOD("isSupersetOf", 1, set_is_superset_of, EFF_CALLS, "24.2.4.12"),
	NF_GETTER("size", set_size, EFF_NONE, "24.2.4.14"),
	NF_METHOD("symmetricDifference", 1, set_symmetric_difference, EFF_CALLS, "24.2.4.15"),
	NF_METHOD("union", 1, set_union, EFF_CALLS, "24.2.4.16"),
	NF_METHOD("values", 0, set_values, EFF_NONE, "24.2.4.17"),
	NF_TAG("Set"),
	NF_ALIAS("keys", "values"),
	NF_ALIAS("@@iterator", "values"),
};

void set_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_ObjectPrototype), 0);

	vm->intr[INTR_SetPrototype] = v_cell(p);
	native_ctor(vm, &set_ctor_def, INTR_Set, NULL, p, set_static_rows, ARRAY_LEN(set_static_rows),
	            set_proto_rows, ARRAY_LEN(set_proto_rows));
}
