/* iterator_helpers.c: the lazy methods of Iterator.prototype (map, filter, take,
 * drop, flatMap), the iterator helper objects they return (27.1.2), Iterator.from
 * and its wrapper objects. The specification writes helpers as generators; here
 * a helper is a record with a state word and one step function a method, so no
 * frame is kept. Called through tables and by iterator.c. */
#include "engine/builtins/iterator.h"

enum helper_kind { HELPER_MAP, HELPER_FILTER, HELPER_TAKE, HELPER_DROP, HELPER_FLAT_MAP, HELPER_CONCAT };
enum helper_state { HELPER_START, HELPER_YIELDED, HELPER_RUNNING, HELPER_DONE };

struct helper {
	struct iter_obj i;
	hval it, next;               /* the underlying iterator */
	hval fn;                     /* callback, or undefined */
	hval inner, inner_next;      /* flatMap: the iterator being drained, or undefined */
	hval limit;                  /* take, drop: what is left of the limit (a number) */
	HF(uint64_t) counter, kind, state;
};

static struct helper *helper_of(val v) { return (struct helper *)(void *)v_tocell(v); }

static struct iter_rec outer(const struct helper *h)
{
	return (struct iter_rec){ h->it.v, h->next.v };
}

static val helper_new(struct vm *vm, enum helper_kind kind, struct iter_rec r, val fn, val limit)
{
	struct helper *h = obj_new_kind(vm, obj_intr(vm, INTR_IteratorHelperPrototype), KIND_ITERATOR, sizeof *h);

	HINIT(h->i.type, ITER_HELPER);
	HINIT(h->it, r.it);
	HINIT(h->next, r.next);
	HINIT(h->fn, fn);
	HINIT(h->inner, V_UNDEF);
	HINIT(h->inner_next, V_UNDEF);
	HINIT(h->limit, limit);
	HINIT(h->counter, 0);
	HINIT(h->kind, kind);
	HINIT(h->state, HELPER_START);
	return v_cell(h);
}

/* ---- steps: 1 and *out, 0 finished, -1 exception ------------------------------------ */

/* The callback's answer for v; failure closes the underlying iterator. */
static val call_back(struct vm *vm, struct helper *h, val v)
{
	val r = call_2(vm, h->fn.v, V_UNDEF, v, v_i64((int64_t)h->counter.v));

	if (r == V_EXC)
		return iter_fail(vm, h->it.v);
	VSET(vm, h->counter, h->counter.v + 1);
	return r;
}

static int step_map(struct vm *vm, struct helper *h, val *out)
{
	val v;
	int r = iter_step_value(vm, outer(h), &v);

	if (r != 1)
		return r;
	*out = call_back(vm, h, v);
	return *out == V_EXC ? -1 : 1;
}

static int step_filter(struct vm *vm, struct helper *h, val *out)
{
	for (;;) {
		val keep;
		int r = iter_step_value(vm, outer(h), out);

		if (r != 1)
			return r;
		keep = call_back(vm, h, *out);
		if (keep == V_EXC)
			return -1;
		if (to_boolean(keep))
			return 1;
	}
}

/* Takes one from the limit; Infinity stays. */
static void count_down(struct vm *vm, struct helper *h)
{
	double left = v_numof(h->limit.v);

	if (left != (double)INFINITY)
		VSET(vm, h->limit, v_num(left - 1));
}

static int step_take(struct vm *vm, struct helper *h, val *out)
{
	if (v_numof(h->limit.v) == 0)
		return iter_close_obj(vm, h->it.v);
	count_down(vm, h);
	return iter_step_value(vm, outer(h), out);
}

static int step_drop(struct vm *vm, struct helper *h, val *out)
{
	while (v_numof(h->limit.v) > 0) {
		int r;

		count_down(vm, h);
		r = iter_step_value(vm, outer(h), out);
		if (r != 1)
			return r;
	}
	return iter_step_value(vm, outer(h), out);
}

static int step_flat_map(struct vm *vm, struct helper *h, val *out)
{
	for (;;) {
		struct iter_rec in;
		val v;
		int r;

		if (!v_isundef(h->inner.v)) {
			in = (struct iter_rec){ h->inner.v, h->inner_next.v };
			r = iter_step_value(vm, in, out);
			if (r == 1)
				return 1;
			VSET(vm, h->inner, V_UNDEF);
			VSET(vm, h->inner_next, V_UNDEF);
			if (r < 0) {
				iter_fail(vm, h->it.v);
				return -1;
			}
		}
		r = iter_step_value(vm, outer(h), &v);
		if (r != 1)
			return r;
		/* The counter moves after the inner iterator is drained; no one sees it before. */
		v = call_back(vm, h, v);
		if (v == V_EXC)
			return -1;
		if (iter_flattenable(vm, v, false, &in) < 0) {
			iter_fail(vm, h->it.v);
			return -1;
		}
		VSET(vm, h->inner, in.it);
		VSET(vm, h->inner_next, in.next);
	}
}

/* fn: array of the iterables, each followed by its @@iterator method; counter: the
 * next one; inner: what is being drained. */
static int step_concat(struct vm *vm, struct helper *h, val *out)
{
	struct arr *list = v_toarr(h->fn.v);

	for (;;) {
		struct iter_rec r = { h->inner.v, h->inner_next.v };
		uint64_t i = h->counter.v;
		int more;

		if (v_isundef(r.it)) {
			if (i == list->len.v)
				return 0;
			VSET(vm, h->counter, i + 2);
			r.it = vm_call(vm, list->elem.v[i + 1].v, list->elem.v[i].v, 0, NULL);
			if (r.it == V_EXC)
				return -1;
			if (!v_isobj(r.it)) {
				throw_type(vm, "%s is not an object", val_for_message(vm, r.it));
				return -1;
			}
			if (iter_direct(vm, r.it, &r) < 0)
				return -1;
			VSET(vm, h->inner, r.it);
			VSET(vm, h->inner_next, r.next);
		}
		more = iter_step_value(vm, r, out);
		if (more != 0)
			return more;
		VSET(vm, h->inner, V_UNDEF);
	}
}

static int already_running(struct vm *vm)
{
	throw_type(vm, "Iterator helper is already running");
	return -1;
}

int iter_helper_step(struct vm *vm, val hv, val *out)
{
	static int (*const step[])(struct vm *, struct helper *, val *) = {
		[HELPER_MAP] = step_map, [HELPER_FILTER] = step_filter, [HELPER_TAKE] = step_take,
		[HELPER_DROP] = step_drop, [HELPER_FLAT_MAP] = step_flat_map,
		[HELPER_CONCAT] = step_concat
	};
	struct helper *h = helper_of(hv);
	int r;

	if (h->state.v == HELPER_RUNNING)
		return already_running(vm);
	if (h->state.v == HELPER_DONE)
		return 0;
	if (VM_RECURSION(vm))   /* a chain of helpers recurses without calls */
		return -1;
	VSET(vm, h->state, HELPER_RUNNING);
	r = step[h->kind.v](vm, h, out);
	VSET(vm, h->state, r == 1 ? HELPER_YIELDED : HELPER_DONE);
	return r;
}

/* ---- %IteratorHelperPrototype% (27.1.2.1) --------------------------------------------- */

static bool is_helper(struct vm *vm, val v, const char *method)
{
	if (iter_is(v, ITER_HELPER))
		return true;
	throw_type(vm, "Iterator Helper.%s called on incompatible receiver %s", method, val_for_message(vm, v));
	return false;
}

val iterator_helper_next(struct vm *vm, val *a, uint32_t argc)
{
	val v = V_UNDEF;
	int r;

	(void)argc;
	if (!is_helper(vm, a[0], "next"))
		return V_EXC;
	r = iter_helper_step(vm, a[0], &v);
	return r < 0 ? V_EXC : obj_iter_result(vm, r ? v : V_UNDEF, r == 0);
}

static val helper_return(struct vm *vm, val *a, uint32_t argc)
{
	struct helper *h;
	bool started;
	int r = 0;

	(void)argc;
	if (!is_helper(vm, a[0], "return"))
		return V_EXC;
	h = helper_of(a[0]);
	if (h->state.v == HELPER_RUNNING) {
		already_running(vm);
		return V_EXC;
	}
	if (h->state.v == HELPER_DONE)
		return obj_iter_result(vm, V_UNDEF, true);
	if (VM_RECURSION(vm))
		return V_EXC;
	/* A helper that has not begun is finished before its iterator is closed;
	 * one that has begun counts as running meanwhile. */
	started = h->state.v == HELPER_YIELDED;
	VSET(vm, h->state, started ? HELPER_RUNNING : HELPER_DONE);
	if (started && !v_isundef(h->inner.v)) {
		val inner = h->inner.v;

		VSET(vm, h->inner, V_UNDEF);
		r = iter_close_obj(vm, inner);
		if (r < 0 && h->kind.v != HELPER_CONCAT)
			iter_fail(vm, h->it.v);
	}
	if (r == 0 && h->kind.v != HELPER_CONCAT)
		r = iter_close_obj(vm, h->it.v);
	VSET(vm, h->state, HELPER_DONE);
	return r < 0 ? V_EXC : obj_iter_result(vm, V_UNDEF, true);
}

/* ---- Iterator.prototype.map … flatMap (27.1.4) ----------------------------------------- */

static val not_object(struct vm *vm, val v, const char *method)
{
	return throw_type(vm, "Iterator.prototype.%s called on non-object %s", method, val_for_message(vm, v));
}

static val with_callback(struct vm *vm, val *a, uint32_t argc, enum helper_kind kind, const char *method)
{
	struct iter_rec r;

	if (!v_isobj(a[0]))
		return not_object(vm, a[0], method);
	if (!func_is_callable(ARG(0))) {
		throw_type(vm, "%s is not a function", val_for_message(vm, ARG(0)));
		return iter_fail(vm, a[0]);
	}
	if (iter_direct(vm, a[0], &r) < 0)
		return V_EXC;
	return helper_new(vm, kind, r, ARG(0), v_int(0));
}

static val lazy_map(struct vm *vm, val *a, uint32_t argc)
{
	return with_callback(vm, a, argc, HELPER_MAP, "map");
}

static val lazy_filter(struct vm *vm, val *a, uint32_t argc)
{
	return with_callback(vm, a, argc, HELPER_FILTER, "filter");
}

static val lazy_flat_map(struct vm *vm, val *a, uint32_t argc)
{
	return with_callback(vm, a, argc, HELPER_FLAT_MAP, "flatMap");
}

static val with_limit(struct vm *vm, val *a, uint32_t argc, enum helper_kind kind, const char *method)
{
	struct iter_rec r;
	double limit;

	if (!v_isobj(a[0]))
		return not_object(vm, a[0], method);
	if (to_number(vm, ARG(0), &limit) < 0)
		return iter_fail(vm, a[0]);
	if (limit != limit || trunc(limit) < 0 || (limit > 9007199254740991.0 && limit != (double)INFINITY)) {
		throw_range(vm, "%s is not a limit from 0 to 2**53-1 or Infinity", val_for_message(vm, ARG(0)));
		return iter_fail(vm, a[0]);
	}
	if (iter_direct(vm, a[0], &r) < 0)
		return V_EXC;
	return helper_new(vm, kind, r, V_UNDEF, v_num(trunc(limit) + 0.0));
}

static val lazy_take(struct vm *vm, val *a, uint32_t argc)
{
	return with_limit(vm, a, argc, HELPER_TAKE, "take");
}

static val lazy_drop(struct vm *vm, val *a, uint32_t argc)
{
	return with_limit(vm, a, argc, HELPER_DROP, "drop");
}

/* ---- Iterator.concat (27.1.3.2.1 of ECMA-262 2026) -------------------------------------------- */

val iterator_concat(struct vm *vm, val *a, uint32_t argc)
{
	struct arr *list = arr_new(vm, 2 * argc);

	if (list == NULL)
		return V_EXC;
	for (uint32_t i = 0; i < argc; i++) {
		val m;

		if (!v_isobj(ARG(i)))
			return throw_type(vm, "%s is not an object", val_for_message(vm, ARG(i)));
		m = obj_get_method(vm, ARG(i), A_sym_iterator);
		if (m == V_EXC)
			return V_EXC;
		if (v_isundef(m))
			return throw_type(vm, "%s is not iterable", val_for_message(vm, ARG(i)));
		if (arr_push(vm, list, ARG(i)) < 0 || arr_push(vm, list, m) < 0)
			return V_EXC;
	}
	return helper_new(vm, HELPER_CONCAT, (struct iter_rec){ V_UNDEF, V_UNDEF }, v_cell(list), v_int(0));
}

/* ---- Iterator.from (27.1.3.2.1) ----------------------------------------------------------- */

struct wrap { struct iter_obj i; hval it, next; };

val iterator_from(struct vm *vm, val *a, uint32_t argc)
{
	struct iter_rec r;
	struct wrap *w;
	int is;

	if (iter_flattenable(vm, ARG(0), true, &r) < 0)
		return V_EXC;
	is = obj_ordinary_instance_of(vm, vm->intr[INTR_Iterator], r.it);
	if (is < 0)
		return V_EXC;
	if (is)
		return r.it;
	w = obj_new_kind(vm, obj_intr(vm, INTR_WrapForValidIteratorPrototype), KIND_ITERATOR, sizeof *w);
	HINIT(w->i.type, ITER_WRAP);
	HINIT(w->it, r.it);
	HINIT(w->next, r.next);
	return v_cell(w);
}

static struct wrap *wrap_of(struct vm *vm, val v)
{
	if (iter_is(v, ITER_WRAP))
		return (struct wrap *)(void *)v_tocell(v);
	throw_type(vm, "%s is not a wrapped iterator", val_for_message(vm, v));
	return NULL;
}

static val wrap_next(struct vm *vm, val *a, uint32_t argc)
{
	struct wrap *w = wrap_of(vm, a[0]);

	(void)argc;
	return w == NULL ? V_EXC : vm_call(vm, w->next.v, w->it.v, 0, NULL);
}

static val wrap_return(struct vm *vm, val *a, uint32_t argc)
{
	struct wrap *w = wrap_of(vm, a[0]);
	val m;

	(void)argc;
	if (w == NULL)
		return V_EXC;
	m = obj_get_method(vm, w->it.v, A_return_);
	if (m == V_EXC)
		return V_EXC;
	if (v_isundef(m))
		return obj_iter_result(vm, V_UNDEF, true);
	return vm_call(vm, m, w->it.v, 0, NULL);
}

/* ---- tables --------------------------------------------------------------------------------- */

const struct row iterator_lazy_rows[] = {
	NF_METHOD("drop", 1, lazy_drop, EFF_CALLS, "27.1.4.2"),
	NF_METHOD("filter", 1, lazy_filter, EFF_CALLS, "27.1.4.4"),
	NF_METHOD("flatMap", 1, lazy_flat_map, EFF_CALLS, "27.1.4.6"),
	NF_METHOD("map", 1, lazy_map, EFF_CALLS, "27.1.4.8"),
	NF_METHOD("take", 1, lazy_take, EFF_CALLS, "27.1.4.11"),
};
const uint32_t iterator_lazy_nrows = ARRAY_LEN(iterator_lazy_rows);

static const struct row helper_rows[] = {
	NF_METHOD("next", 0, iterator_helper_next, EFF_MUT | EFF_CALLS, "27.1.2.1.1"),
	NF_METHOD("return", 0, helper_return, EFF_MUT | EFF_CALLS, "27.1.2.1.2"),
	NF_TAG("Iterator Helper"),
};

static const struct row wrap_rows[] = {
	NF_METHOD("next", 0, wrap_next, EFF_MUT | EFF_CALLS, "27.1.3.2.1.1.1"),
	NF_METHOD("return", 0, wrap_return, EFF_MUT | EFF_CALLS, "27.1.3.2.1.1.2"),
};

void iter_helpers_init(struct vm *vm)
{
	struct obj *p = obj_new_inl(vm, obj_intr(vm, INTR_IteratorPrototype), 4);

	vm->intr[INTR_IteratorHelperPrototype] = v_cell(p);
	native_install(vm, p, helper_rows, ARRAY_LEN(helper_rows));
	p = obj_new_inl(vm, obj_intr(vm, INTR_IteratorPrototype), 4);
	vm->intr[INTR_WrapForValidIteratorPrototype] = v_cell(p);
	native_install(vm, p, wrap_rows, ARRAY_LEN(wrap_rows));
}
