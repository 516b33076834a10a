/* iter.c: the iteration protocol (ECMA-262 7.4) over records of three values,
 * with arrays read directly where that cannot be observed; and for-in.
 *
 *   slow: r[0] iterator object, r[1] next method, r[2] undefined
 *   fast: r[0] array,           r[1] int index,   r[2] HOLE
 *   done: r[0] undefined */
#include "engine/vm/vmcode.h"

/* Is o[key] found on `holder` as the data value `want`? Marks the chain, so that
 * a later change moves proto_epoch. */
static bool is_original(struct vm *vm, struct obj *o, pkey key, struct obj *holder, val want)
{
	struct find f;

	obj_find(vm, o, key, true, &f);
	return f.kind == FIND_DATA && f.holder == holder && f.where->v == want;
}

static bool protocol_intact(struct vm *vm)
{
	struct obj *ap = obj_intr(vm, INTR_ArrayPrototype), *ip = obj_intr(vm, INTR_ArrayIteratorPrototype);

	struct find f;

	if (likely(vm->iter_epoch == vm->proto_epoch))
		return true;
	obj_find(vm, ip, A_return_, true, &f);   /* closing must have nothing to call */
	if (f.kind != FIND_ABSENT)
		return false;
	if (!is_original(vm, ap, A_sym_iterator, ap, vm->intr[INTR_ArrayProto_values]) ||
	    !is_original(vm, ip, A_next, ip, vm->intr[INTR_ArrayIteratorProto_next]))
		return false;
	vm->iter_epoch = vm->proto_epoch;
	return true;
}

bool iter_array_fast(struct vm *vm, val v)
{
	struct obj *o;

	if (!v_isarr(v))
		return false;
	o = v_toobj(v);
	/* No own named property at all (count 0) excludes an own @@iterator. */
	return obj_shape(vm, o)->proto == obj_intr(vm, INTR_ArrayPrototype) && obj_shape(vm, o)->count == 0 &&
	       !(obj_shape(vm, o)->flags & SF_DICT) && protocol_intact(vm);
}

int iter_open_method(struct vm *vm, val iterable, val method, val r[3])
{
	val it = vm_call(vm, method, iterable, 0, NULL), next;

	r[0] = V_UNDEF;
	if (it == V_EXC)
		return -1;
	if (!v_isobj(it)) {
		throw_type(vm, "Result of the Symbol.iterator method is not an object");
		return -1;
	}
	next = obj_get(vm, v_toobj(it), A_next);
	if (next == V_EXC)
		return -1;
	r[0] = it;
	r[1] = next;
	r[2] = V_UNDEF;
	return 0;
}

int iter_open(struct vm *vm, val iterable, val r[3])
{
	val method;

	if (likely(iter_array_fast(vm, iterable))) {
		r[0] = iterable;
		r[1] = v_int(0);
		r[2] = V_HOLE;
		return 0;
	}
	r[0] = V_UNDEF;
	if (v_isnullish(iterable)) {
		throw_type(vm, "%s is not iterable", val_for_message(vm, iterable));
		return -1;
	}
	method = obj_get_v(vm, iterable, A_sym_iterator);
	if (method == V_EXC)
		return -1;
	if (!func_is_callable(method)) {
		throw_type(vm, "%s is not iterable", val_for_message(vm, iterable));
		return -1;
	}
	return iter_open_method(vm, iterable, method, r);
}

static int next_fast(struct vm *vm, val r[3], val *out)
{
	struct arr *a = v_toarr(r[0]);
	uint32_t i = (uint32_t)v_toint(r[1]);

	if (i >= a->len.v) {
		r[0] = V_UNDEF;
		return 0;
	}
	r[1] = v_int((int32_t)i + 1);
	if (i < a->cap.v && a->elem.v[i].v != V_HOLE) {
		*out = a->elem.v[i].v;
		return 1;
	}
	*out = obj_get_index(vm, (struct obj *)(void *)a, i);
	if (*out == V_EXC) {
		r[0] = V_UNDEF;
		return -1;
	}
	return 1;
}

int iter_next(struct vm *vm, val r[3], val *out)
{
	val res, done, it = r[0];
	int more;

	if (it == V_UNDEF)
		return 0;
	if (r[2] == V_HOLE) {
		/* A script may have changed the protocol since the loop began: then the
		 * iterator object that a slow loop would hold still has the old `next`
		 * unless %ArrayIteratorPrototype%.next was looked up before: [[NextMethod]]
		 * is read once (7.4.2), so going on with the fast record is exact. */
		return next_fast(vm, r, out);
	}
	r[0] = V_UNDEF;
	if (v_iskind(it, KIND_ITERATOR) && (more = vm->iter_step_fn(vm, it, r[1], out)) != 2) {
		if (more == 1)
			r[0] = it;
		return more;
	}
	res = vm_call(vm, r[1], it, 0, NULL);
	if (res == V_EXC)
		return -1;
	if (!v_isobj(res)) {
		throw_type(vm, "Iterator result %s is not an object", val_for_message(vm, res));
		return -1;
	}
	done = obj_get(vm, v_toobj(res), A_done);
	if (done == V_EXC)
		return -1;
	if (to_boolean(done))
		return 0;
	*out = obj_get(vm, v_toobj(res), A_value);
	if (*out == V_EXC)
		return -1;
	r[0] = it;
	return 1;
}

/* The object that closing talks to: a fast record has none, and needs one only if
 * a script gave array iterators a `return` while the loop ran. undefined: nothing
 * to close; V_EXC. */
static val close_target(struct vm *vm, val r[3])
{
	val it = r[0];

	r[0] = V_UNDEF;
	if (it == V_UNDEF || r[2] != V_HOLE)
		return it;
	return protocol_intact(vm) ? V_UNDEF : vm_call(vm, vm->intr[INTR_ArrayProto_values], it, 0, NULL);
}

int iter_close(struct vm *vm, val r[3])
{
	val it = close_target(vm, r), m, res;

	if (it == V_UNDEF || it == V_EXC)
		return it == V_EXC ? -1 : 0;
	m = obj_get_method(vm, it, A_return_);
	if (m == V_EXC)
		return -1;
	if (v_isundef(m))
		return 0;
	res = vm_call(vm, m, it, 0, NULL);
	if (res == V_EXC)
		return -1;
	if (!v_isobj(res)) {
		throw_type(vm, "%s is not an object", val_for_message(vm, res));
		return -1;
	}
	return 0;
}

void iter_close_quiet(struct vm *vm, val r[3])
{
	val keep = vm->exc, it, m;

	if (vm->term) {
		r[0] = V_UNDEF;
		return;
	}
	vm->exc = V_HOLE;
	it = close_target(vm, r);
	m = it == V_UNDEF ? V_UNDEF : it == V_EXC ? V_EXC : obj_get_method(vm, it, A_return_);
	if (m != V_EXC && !v_isundef(m))
		(void)vm_call(vm, m, it, 0, NULL);
	if (!vm->term)
		vm->exc = keep;
}

static int collect(struct vm *vm, val r[3], struct arr *a)
{
	int more;
	val v;

	while ((more = iter_next(vm, r, &v)) == 1) {
		if (VM_TICK(vm, 2))
			return -1;
		if (arr_push(vm, a, v) < 0) {
			iter_close_quiet(vm, r);
			return -1;
		}
	}
	return more;
}

int iter_collect(struct vm *vm, val iterable, struct arr *a)
{
	val r[3];

	return iter_open(vm, iterable, r) < 0 ? -1 : collect(vm, r, a);
}

val iter_collect_rest(struct vm *vm, val r[3])
{
	struct arr *a = arr_new(vm, 0);

	return a == NULL || collect(vm, r, a) < 0 ? V_EXC : v_cell(a);
}

/* ---- for-in (14.7.5.9 EnumerateObjectProperties) ---------------------------------- */

/* KIND_FORIN: keys of the object being walked; then its prototype. A key is
 * visited if it is still an own enumerable property when its turn comes and no
 * earlier object on the chain had it. */
struct forin {
	struct cell h;            /* h.shape = FORIN_WORDS */
	hval obj;                 /* object whose keys are being given, or null */
	HF(pkey *) keys;          /* interior pointer into mem */
	HF(struct cell *) mem;
	HF(uint64_t) i, n;
	hval visited;             /* plain object used as a set once on a prototype, or undefined */
	HF(uint64_t) proxies;     /* of obj_walk_up */
};
#define FORIN_WORDS 7

static int forin_load(struct vm *vm, struct forin *it, struct obj *o)
{
	struct keylist kl = { 0 };

	if (obj_own_keys(vm, o, KEYS_STRINGS, &kl) < 0)
		return -1;
	VSET(vm, it->obj, v_cell(o));
	VSET(vm, it->mem, kl.mem);
	VSET(vm, it->keys, kl.k);
	VSET(vm, it->i, 0);
	VSET(vm, it->n, kl.n);
	return 0;
}

val forin_open(struct vm *vm, val v)
{
	struct forin *it;
	val o = V_NULL;

	if (!v_isnullish(v)) {
		o = to_object(vm, v);
		if (o == V_EXC)
			return V_EXC;
	}
	it = heap_alloc(&vm->heap, sizeof *it, FORIN_WORDS, KIND_FORIN, 0);
	HINIT(it->obj, V_NULL);
	HINIT(it->keys, NULL);
	HINIT(it->mem, NULL);
	HINIT(it->i, 0);
	HINIT(it->n, 0);
	HINIT(it->visited, V_UNDEF);
	HINIT(it->proxies, 0);
	if (v_isobj(o) && forin_load(vm, it, v_toobj(o)) < 0)
		return V_EXC;
	return v_cell(it);
}

/* All keys of the finished object (enumerable or not) shadow those further up. */
static int forin_up(struct vm *vm, struct forin *it)
{
	uint32_t proxies = (uint32_t)it->proxies.v;
	val proto = it->obj.v;
	struct obj *seen;

	if (obj_walk_up(vm, &proto, &proxies) < 0)
		return -1;
	VSET(vm, it->proxies, proxies);
	if (!v_isobj(proto)) {
		VSET(vm, it->obj, V_NULL);
		return 0;
	}
	if (it->visited.v == V_UNDEF)
		VSET(vm, it->visited, v_cell(obj_new_inl(vm, NULL, 0)));
	seen = v_toobj(it->visited.v);
	for (uint64_t i = 0; i < it->n.v; i++)
		if (VM_TICK(vm, 5) || obj_create_data(vm, seen, it->keys.v[i], V_TRUE) < 0)
			return -1;
	return forin_load(vm, it, v_toobj(proto));
}

int forin_next(struct vm *vm, val itv, val *out)
{
	struct forin *it = (struct forin *)(void *)v_tocell(itv);

	while (it->obj.v != V_NULL) {
		struct obj *o = v_toobj(it->obj.v);

		while (it->i.v < it->n.v) {
			pkey k = it->keys.v[it->i.v];
			struct pdesc d;
			int r;

			VSET(vm, it->i, it->i.v + 1);
			if (VM_TICK(vm, 3))
				return -1;
			if (it->visited.v != V_UNDEF && obj_has_own(vm, v_toobj(it->visited.v), k))
				continue;
			r = obj_get_own(vm, o, k, &d);
			if (r < 0)
				return -1;
			if (r == 0 || !(d.flags & PD_E))
				continue;
			*out = key_to_val(vm, k);
			return *out == V_EXC ? -1 : 1;
		}
		if (forin_up(vm, it) < 0)
			return -1;
	}
	return 0;
}
