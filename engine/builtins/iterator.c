/* iterator.c: Iterator, %IteratorPrototype%, %ArrayIteratorPrototype% and the
 * iterator-record operations that library code uses on top of vm/iter.c. Called
 * by the realm, by natives, and by other files that make iterators (iterator.h).
 * The methods of Iterator.prototype are in iterator_helpers.c (lazy ones) and
 * iterator_consume.c (those that run to the end). Never keeps state of its own. */
#include "engine/builtins/iterator.h"

#include "engine/builtins/builtins.h"
#include "engine/builtins/string.h"
#include "engine/builtins/table.h"
#include "engine/object/typed.h"

/* ---- records -------------------------------------------------------------------- */

int iter_direct(struct vm *vm, val o, struct iter_rec *out)
{
	out->it = o;
	out->next = obj_get(vm, v_toobj(o), A_next);
	return out->next == V_EXC ? -1 : 0;
}

int iter_flattenable(struct vm *vm, val v, bool strings, struct iter_rec *out)
{
	val method, it;

	if (iter_array_fast(vm, v)) {
		out->it = array_iterator_new(vm, v_toobj(v), ARRAY_ITER_VALUES);
		out->next = vm->intr[INTR_ArrayIteratorProto_next];
		return 0;
	}
	if (!v_isobj(v) && !(strings && v_isstr(v))) {
		throw_type(vm, "%s is not an object", val_for_message(vm, v));
		return -1;
	}
	method = obj_get_method(vm, v, A_sym_iterator);
	if (method == V_EXC)
		return -1;
	it = v_isundef(method) ? v : vm_call(vm, method, v, 0, NULL);
	if (it == V_EXC)
		return -1;
	if (!v_isobj(it)) {
		throw_type(vm, "%s is not an object", val_for_message(vm, it));
		return -1;
	}
	return iter_direct(vm, it, out);
}

static bool is_helper_next(struct vm *vm, val next)
{
	return v_iskind(next, KIND_NFUNC) &&
	       nfunc_def(vm, (const struct nfunc *)(const void *)v_tocell(next))->fn == iterator_helper_next;
}

int iter_step_value(struct vm *vm, struct iter_rec r, val *out)
{
	val rec[3] = { r.it, r.next, V_UNDEF };

	if (VM_TICK(vm, 2))
		return -1;
	return iter_next(vm, rec, out);
}

/* vm->iter_step_fn: the result objects that these iterators' own next methods make
 * cannot be seen by anyone but the caller, which wants the value. */
static int builtin_step(struct vm *vm, val it, val next, val *out)
{
	switch (((const struct iter_obj *)(const void *)v_tocell(it))->type.v) {
	case ITER_ARRAY:
		return next == vm->intr[INTR_ArrayIteratorProto_next] ? array_iterator_step(vm, it, out) : 2;
	case ITER_MAP: case ITER_SET:
		return map_iterator_next_is_original(vm, next) ? map_iterator_step(vm, it, out) : 2;
	case ITER_STRING:
		return string_iterator_next_is_original(vm, next) ? string_iterator_step(vm, it, out) : 2;
	case ITER_HELPER:
		return is_helper_next(vm, next) ? iter_helper_step(vm, it, out) : 2;
	default:
		return 2;
	}
}

int iter_close_obj(struct vm *vm, val it)
{
	val rec[3] = { it, V_UNDEF, V_UNDEF };

	return iter_close(vm, rec);
}

val iter_fail(struct vm *vm, val it)
{
	val rec[3] = { it, V_UNDEF, V_UNDEF };

	iter_close_quiet(vm, rec);
	return V_EXC;
}

/* ---- array iterators (23.1.5) ----------------------------------------------------- */

struct array_iter {
	struct iter_obj i;
	hval obj;                 /* undefined once finished */
	HF(uint64_t) index, kind;
};

val array_iterator_new(struct vm *vm, struct obj *o, enum array_iter_kind kind)
{
	struct array_iter *it = obj_new_kind(vm, obj_intr(vm, INTR_ArrayIteratorPrototype), KIND_ITERATOR, sizeof *it);

	HINIT(it->i.type, ITER_ARRAY);
	HINIT(it->obj, v_cell(o));
	HINIT(it->index, 0);
	HINIT(it->kind, kind);
	return v_cell(it);
}

static val entry_at(struct vm *vm, struct array_iter *it, struct obj *o, uint64_t i)
{
	val pair[2];

	if (it->kind.v == ARRAY_ITER_KEYS)
		return v_i64((int64_t)i);
	pair[0] = v_i64((int64_t)i);
	if (v_isarr(v_cell(o)) && i < v_toarr(v_cell(o))->cap.v && v_toarr(v_cell(o))->elem.v[i].v != V_HOLE)
		pair[1] = v_toarr(v_cell(o))->elem.v[i].v;
	else if (o->h.kind == KIND_TYPED_ARRAY)
		pair[1] = typed_get(vm, v_totyped(v_cell(o)), i);
	else
		pair[1] = obj_get_i64(vm, o, (int64_t)i);
	if (pair[1] == V_EXC || it->kind.v == ARRAY_ITER_VALUES)
		return pair[1];
	return arr_from(vm, pair, 2);
}

int array_iterator_step(struct vm *vm, val itv, val *out)
{
	struct array_iter *it = (struct array_iter *)(void *)v_tocell(itv);
	uint64_t i = it->index.v;
	struct obj *o;
	int64_t len;

	if (v_isundef(it->obj.v))
		return 0;
	o = v_toobj(it->obj.v);
	if (v_isarr(it->obj.v)) {
		len = v_toarr(it->obj.v)->len.v;
	} else if (v_istyped(it->obj.v)) {
		if (typed_oob(vm, v_totyped(it->obj.v))) {
			VSET(vm, it->obj, V_UNDEF);
			throw_type(vm, "Cannot iterate over a typed array that is detached or out of bounds");
			return -1;
		}
		len = (int64_t)v_totyped(it->obj.v)->len.v;
	} else if (obj_length(vm, o, &len) < 0) {
		VSET(vm, it->obj, V_UNDEF);
		return -1;
	}
	if (i >= (uint64_t)len) {
		VSET(vm, it->obj, V_UNDEF);
		return 0;
	}
	VSET(vm, it->index, i + 1);
	*out = entry_at(vm, it, o, i);
	if (*out == V_EXC) {
		VSET(vm, it->obj, V_UNDEF);
		return -1;
	}
	return 1;
}

static val array_iterator_next(struct vm *vm, val *a, uint32_t argc)
{
	val v = V_UNDEF;
	int r;

	(void)argc;
	if (!iter_is(a[0], ITER_ARRAY))
		return throw_type(vm, "next method called on incompatible receiver %s", val_for_message(vm, a[0]));
	r = array_iterator_step(vm, a[0], &v);
	return r < 0 ? V_EXC : obj_iter_result(vm, r ? v : V_UNDEF, r == 0);
}

/* ---- Iterator (27.1.3) ------------------------------------------------------------- */

static val construct(struct vm *vm, val *a, uint32_t argc)
{
	val proto;

	(void)argc;
	if (v_isundef(NEWT()))
		return throw_type(vm, "Constructor Iterator requires 'new'");
	if (NEWT() == a[FP_CALLEE])
		return throw_type(vm, "Abstract class Iterator not directly constructable");
	proto = obj_proto_from_ctor(vm, NEWT(), INTR_IteratorPrototype);
	return proto == V_EXC ? V_EXC : v_cell(obj_new_inl(vm, v_toobj(proto), 4));
}

static val proto_iterator(struct vm *vm, val *a, uint32_t argc)
{
	(void)vm;
	(void)argc;
	return a[0];
}

/* 7.3.37 SetterThatIgnoresPrototypeProperties on Iterator.prototype. */
static val set_own(struct vm *vm, val this_v, pkey k, val v)
{
	struct pdesc d;
	int r;

	if (!v_isobj(this_v))
		return throw_type(vm, "%s is not an object", val_for_message(vm, this_v));
	if (this_v == vm->intr[INTR_IteratorPrototype])
		return throw_type(vm, "Cannot assign to property '%s' of Iterator.prototype", key_for_message(vm, k));
	r = obj_get_own(vm, v_toobj(this_v), k, &d);
	if (r == 0)
		r = obj_create_data_throw(vm, v_toobj(this_v), k, v);
	else if (r > 0)
		r = obj_put(vm, v_toobj(this_v), k, v);
	return r < 0 ? V_EXC : V_UNDEF;
}

static val get_tag(struct vm *vm, val *a, uint32_t argc)
{
	(void)a;
	(void)argc;
	return str_cstr(vm, "Iterator");
}

static val set_tag(struct vm *vm, val *a, uint32_t argc)
{
	return set_own(vm, a[0], A_sym_to_string_tag, ARG(0));
}

static val get_constructor(struct vm *vm, val *a, uint32_t argc)
{
	(void)a;
	(void)argc;
	return vm->intr[INTR_Iterator];
}

static val set_constructor(struct vm *vm, val *a, uint32_t argc)
{
	return set_own(vm, a[0], A_constructor, ARG(0));
}

static const struct native_def iterator_def = { "Iterator", construct, 0, NF_CTOR, EFF_CALLS, 0, "27.1.3.1" };

static const struct row iterator_rows[] = {
	NF_METHOD("concat", 0, iterator_concat, EFF_CALLS, "27.1.3.2.1"),
	NF_METHOD("from", 1, iterator_from, EFF_CALLS, "27.1.3.2.1"),
};

static const struct row iterator_proto_rows[] = {
	NF_METHOD("@@iterator", 0, proto_iterator, EFF_NONE, "27.1.4.13"),
	NF_ACCESSOR("@@toStringTag", get_tag, set_tag, EFF_MUT | EFF_CALLS, "27.1.4.14"),
	NF_ACCESSOR("constructor", get_constructor, set_constructor, EFF_MUT | EFF_CALLS, "27.1.4.1"),
};

static const struct row array_iterator_rows[] = {
	NF_METHOD_INTR("next", 0, array_iterator_next, EFF_MUT | EFF_CALLS, "23.1.5.2.1", INTR_ArrayIteratorProto_next),
	NF_TAG("Array Iterator"),
};

void builtin_iterator_init(struct vm *vm)
{
	struct obj *proto = obj_new(vm), *ap;

	vm->iter_step_fn = builtin_step;
	vm->intr[INTR_IteratorPrototype] = v_cell(proto);
	ap = obj_new_inl(vm, proto, 4);
	vm->intr[INTR_ArrayIteratorPrototype] = v_cell(ap);
	native_install(vm, ap, array_iterator_rows, ARRAY_LEN(array_iterator_rows));
	native_ctor(vm, &iterator_def, INTR_Iterator, NULL, proto, iterator_rows, ARRAY_LEN(iterator_rows), NULL, 0);
	/* `constructor` is an accessor here (27.1.4.1), unlike everywhere else. */
	obj_delete(vm, proto, A_constructor);
	native_install(vm, proto, iterator_proto_rows, ARRAY_LEN(iterator_proto_rows));
	native_install(vm, proto, iterator_lazy_rows, iterator_lazy_nrows);
	native_install(vm, proto, iterator_consume_rows, iterator_consume_nrows);
	iter_helpers_init(vm);
}
