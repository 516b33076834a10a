/* array.c: array exotic objects (ECMA-262 10.4.2), making arrays, ArraySetLength,
 * species; String exotic objects have nothing of their own left (property.c
 * answers for the characters). Element storage is elems.c's. */
#include "engine/object/prop.h"
#include "engine/object/typed.h"

/* ---- making -------------------------------------------------------------------- */

static uint32_t arr_shape(struct vm *vm)
{
	struct obj *proto = obj_intr(vm, INTR_ArrayPrototype);

	if (unlikely(vm->root_arr == 0 || vm->shapes[vm->root_arr].proto != proto))
		vm->root_arr = shape_root(vm, proto, KIND_ARRAY, 0);
	return vm->root_arr;
}

struct arr *arr_new(struct vm *vm, uint32_t cap)
{
	uint32_t shape = arr_shape(vm);
	struct arr *a = heap_alloc(&vm->heap, sizeof *a, shape, KIND_ARRAY, CF_EXTENSIBLE);

	HINIT(a->ext, NULL);
	HINIT(a->elem, NULL);
	HINIT(a->len, 0);
	HINIT(a->cap, 0);
	if (cap != 0 && arr_reserve(vm, a, cap) < 0)
		return NULL;
	return a;
}

val arr_from(struct vm *vm, const val *v, uint32_t n)
{
	struct arr *a = arr_new(vm, n);

	if (a == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < n; i++)
		VSET(vm, a->elem.v[i], v[i]);
	VSET(vm, a->len, n);
	return v_cell(a);
}

/* ---- length ---------------------------------------------------------------------- */

static void set_flag(struct vm *vm, struct arr *a, uint8_t flag)
{
	if (!(a->h.flags.v & flag))
		VSET(vm, a->h.flags, a->h.flags.v | flag);
}

static bool is_frozen_dense(const struct arr *a) { return (a->h.aux.v & (ARR_FROZEN | ARR_SEALED)) != 0; }

/* Deletes sparse elements from len on, last first; the length reached: len, or
 * more when an element may not be deleted. */
static uint32_t cut_sparse(struct vm *vm, struct dict *d, uint32_t len)
{
	for (uint32_t i = 0; i < d->n.v; i++) {
		pkey k = d->e[i].key.v;

		if (k != PKEY_NONE && pkey_index(k) >= len && !(d->e[i].attrs.v & ATTR_C))
			len = pkey_index(k) + 1;
	}
	for (uint32_t i = 0; i < d->n.v; i++) {
		if (d->e[i].key.v != PKEY_NONE && pkey_index(d->e[i].key.v) >= len)
			dict_remove(vm, d, &d->e[i]);
	}
	return len;
}

/* The same for indices from 2^31 on, which are named properties. -1: exception. */
static int cut_big(struct vm *vm, struct arr *a, uint32_t *len)
{
	struct obj *o = (struct obj *)(void *)a;
	struct keylist kl = { 0 };

	if (obj_ordinary_own_keys(vm, o, &kl) < 0)
		return -1;
	for (uint32_t i = kl.n; i-- > 0;) {
		struct own w;

		if (!atom_is_big_index(vm, kl.k[i]) || atom_index_value(vm, kl.k[i]) < *len)
			continue;
		if (!own_lookup(vm, o, kl.k[i], &w))
			continue;
		if (!(w.attrs & ATTR_C)) {
			*len = atom_index_value(vm, kl.k[i]) + 1;
			return 0;
		}
		if (prop_remove(vm, o, kl.k[i]) < 0)
			return -1;
	}
	return 0;
}

static uint32_t cut_dense(struct vm *vm, struct arr *a, uint32_t len)
{
	uint32_t n = arr_filled(a), i;

	if (is_frozen_dense(a)) {
		for (i = n; i > len && a->elem.v[i - 1].v == V_HOLE;)
			i--;
		return i > len ? i : len;
	}
	if (len >= n || a->h.kind == KIND_ARRAY_COW) {
		/* A shared store keeps what lies behind the new length. */
		return len;
	}
	if (len == 0 && (a->cap.v > 64 || heap_in_snapshot(a->elem.v))) {
		VSET(vm, a->elem, NULL);
		VSET(vm, a->cap, 0);
		return 0;
	}
	heap_wb_range(&vm->heap, (void *)(a->elem.v + len), (n - len) * sizeof(val));
	memset((void *)(a->elem.v + len), 0, (n - len) * sizeof(val));
	return len;
}

static int grow_length(struct vm *vm, struct arr *a, uint32_t len)
{
	uint32_t old = a->len.v, end = len < a->cap.v ? len : a->cap.v;

	set_flag(vm, a, CF_HAS_HOLES);
	if (old < end) {
		if (arr_unshare(vm, a) < 0)
			return -1;
		heap_wb_range(&vm->heap, (void *)(a->elem.v + old), (end - old) * sizeof(val));
		memset((void *)(a->elem.v + old), 0, (end - old) * sizeof(val));
	}
	VSET(vm, a->len, len);
	return 1;
}

int arr_set_length(struct vm *vm, struct arr *a, uint32_t len)
{
	uint32_t to = len;

	if (len == a->len.v)
		return 1;
	if (a->h.aux.v & ARR_LEN_RO)
		return 0;
	if (len > a->len.v)
		return grow_length(vm, a, len);
	if (a->len.v > PKEY_INDEX && cut_big(vm, a, &to) < 0)
		return -1;
	if (to == len) {
		if (a->ext.v != NULL && a->ext.v->sparse.v != NULL)
			to = cut_sparse(vm, a->ext.v->sparse.v, len);
		else
			to = cut_dense(vm, a, len);
	}
	VSET(vm, a->len, to);
	return to == len;
}

static void make_length_ro(struct vm *vm, struct arr *a)
{
	VSET(vm, a->h.aux, a->h.aux.v | ARR_LEN_RO);
	set_flag(vm, a, CF_FROZEN_EL);
}

/* 10.4.2.4 ArraySetLength */
static int define_length(struct vm *vm, struct arr *a, const struct pdesc *d)
{
	struct pdesc d2 = *d;
	uint32_t len;
	double num;
	int r = 1;

	if (d->flags & PD_HAS_VALUE) {
		if (v_isint(d->value) && v_toint(d->value) >= 0) {
			len = (uint32_t)v_toint(d->value);
		} else {
			if (to_uint32(vm, d->value, &len) < 0 || to_number(vm, d->value, &num) < 0)
				return -1;
			if ((double)len != num) {
				throw_range(vm, "Invalid array length");
				return -1;
			}
		}
		d2.value = v_u32(len);
	}
	{
		struct pdesc cur = { PD_HAS_VALUE | PD_HAS_W | PD_HAS_E | PD_HAS_C |
			(a->h.aux.v & ARR_LEN_RO ? 0 : PD_W), v_u32(a->len.v), V_UNDEF, V_UNDEF };

		if (!pdesc_compatible(vm, true, &d2, &cur))
			return 0;
	}
	if (d->flags & PD_HAS_VALUE)
		r = arr_set_length(vm, a, len);
	if (r >= 0 && (d->flags & PD_HAS_W) && !(d->flags & PD_W))
		make_length_ro(vm, a);
	return r;
}

/* ---- exotic methods ------------------------------------------------------------------ */

static int array_define(struct vm *vm, struct obj *o, pkey k, const struct pdesc *d)
{
	struct arr *a = (struct arr *)(void *)o;
	uint32_t i;
	int r;

	if (pkey_is_index(k))
		i = pkey_index(k);
	else if (k == A_length)
		return define_length(vm, a, d);
	else if (atom_is_big_index(vm, k))
		i = atom_index_value(vm, k);
	else
		return obj_ordinary_define(vm, o, k, d);
	if (i >= a->len.v && (a->h.aux.v & ARR_LEN_RO))
		return 0;
	r = obj_ordinary_define(vm, o, k, d);
	if (r > 0 && i >= a->len.v)  /* big indices; elem_add has done it for the others */
		return grow_length(vm, a, i + 1);
	return r;
}

/* [[Set]]: the common cases without walking the prototype chain. */
static int array_set(struct vm *vm, struct obj *o, pkey k, val v, val receiver)
{
	struct arr *a = (struct arr *)(void *)o;
	uint32_t i = pkey_index(k), n = arr_filled(a);

	if (!pkey_is_index(k) || receiver != v_cell(o) || (a->h.flags.v & (CF_FROZEN_EL | CF_PROTO)))
		return obj_ordinary_set(vm, o, k, v, receiver);
	if (i < n && a->elem.v[i].v != V_HOLE) {
		if (unlikely(a->h.kind == KIND_ARRAY_COW) && arr_unshare(vm, a) < 0)
			return -1;
		VSET(vm, a->elem.v[i], v);
		return 1;
	}
	if (!vm->indexed_proto && (a->h.flags.v & CF_EXTENSIBLE) && (a->ext.v == NULL || a->ext.v->sparse.v == NULL))
		return elem_add(vm, o, i, v, ATTR_WEC) < 0 ? -1 : 1;
	return obj_ordinary_set(vm, o, k, v, receiver);
}

const struct exotic array_exotic = { .define_own = array_define, .set = array_set };
const struct exotic string_exotic = { 0 };

int arr_push(struct vm *vm, struct arr *a, val v)
{
	uint32_t n = a->len.v;

	if (likely(arr_is_plain(a)) && n < INT32_MAX) {
		if (unlikely(n == a->cap.v))
			return elem_add(vm, (struct obj *)(void *)a, n, v, ATTR_WEC);
		VSET(vm, a->elem.v[n], v);
		VSET(vm, a->len, n + 1);
		return 0;
	}
	if (obj_create_data_throw(vm, (struct obj *)(void *)a, key_of_i64(vm, n), v) < 0)
		return -1;
	if (n == UINT32_MAX) {  /* the element became an ordinary property */
		throw_range(vm, "Invalid array length");
		return -1;
	}
	return 0;
}

val obj_get_index(struct vm *vm, struct obj *o, uint32_t i)
{
	if (likely(o->h.kind == KIND_ARRAY || o->h.kind == KIND_ARRAY_COW)) {
		struct arr *a = (struct arr *)(void *)o;

		if (likely(i < arr_filled(a))) {
			val v = a->elem.v[i].v;

			if (likely(v != V_HOLE))
				return v;
		}
	}
	if (o->h.kind == KIND_TYPED_ARRAY)
		return typed_get(vm, (struct typed *)(void *)o, i);
	return obj_get(vm, o, key_of_u32(vm, i));
}

int arr_is_array(struct vm *vm, val v)
{
	while (v_iskind(v, KIND_PROXY)) {
		const struct proxy *p = (const struct proxy *)(const void *)v_tocell(v);

		if (!v_isobj(p->target.v)) {
			throw_type(vm, "Cannot perform 'IsArray' on a proxy that has been revoked");
			return -1;
		}
		v = p->target.v;
	}
	return v_isarr(v);
}

val arr_species_create(struct vm *vm, struct obj *orig, int64_t len)
{
	val c = V_UNDEF, n = v_i64(len);
	int is = arr_is_array(vm, v_cell(orig));

	if (is < 0)
		return V_EXC;
	if (is) {
		c = obj_get(vm, orig, A_constructor);
		if (v_isobj(c)) {
			c = obj_get(vm, v_toobj(c), A_sym_species);
			if (v_isnull(c))
				c = V_UNDEF;
		}
		if (c == V_EXC)
			return V_EXC;
	}
	if (v_isundef(c) || c == vm->intr[INTR_Array]) {
		struct arr *a;

		if (len > (int64_t)UINT32_MAX)
			return throw_range(vm, "Invalid array length");
		a = arr_new(vm, 0);
		if (len != 0)
			arr_set_length(vm, a, (uint32_t)len);
		return v_cell(a);
	}
	if (!func_is_ctor(vm, c))
		return throw_type(vm, "object.constructor[Symbol.species] is not a constructor");
	return vm_construct(vm, c, c, 1, &n);
}

uint32_t atom_index_value(struct vm *vm, pkey k)
{
	struct sview v = str_view(vm, atom_rec(vm, k)->str);
	uint32_t n = 0;

	for (uint32_t i = 0; i < v.len; i++)
		n = n * 10 + (sview_at(v, i) - '0');
	return n;
}

val arr_share(struct vm *vm, struct arr *tmpl)
{
	struct arr *a = arr_new(vm, 0);

	if (a == NULL)
		return V_EXC;
	a->h.kind = KIND_ARRAY_COW;
	HINIT(a->h.flags, tmpl->h.flags.v);
	HINIT(a->elem, tmpl->elem.v);
	HINIT(a->len, tmpl->len.v);
	HINIT(a->cap, tmpl->len.v);
	return v_cell(a);
}
