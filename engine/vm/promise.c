/* promise.c: the states of promises (ECMA-262 27.2.1). The constructor and its
 * methods are engine/builtins/promise.c. */
#include "engine/vm/promise.h"

val promise_new_proto(struct vm *vm, struct obj *proto)
{
	struct promise *p = obj_new_kind(vm, proto, KIND_PROMISE, sizeof *p);

	HINIT(p->state, PROMISE_PENDING);
	HINIT(p->result, V_UNDEF);
	HINIT(p->first, NULL);
	HINIT(p->last, NULL);
	HINIT(p->handled, 0);
	return v_cell(p);
}

val promise_new(struct vm *vm) { return promise_new_proto(vm, obj_intr(vm, INTR_PromisePrototype)); }

/* ---- is the protocol untouched? ------------------------------------------------- */

static bool is_data(struct vm *vm, enum intrinsic on, pkey key, val want)
{
	struct find f;

	obj_find(vm, obj_intr(vm, on), key, true, &f);
	return f.kind == FIND_DATA && f.own && f.where->v == want;
}

static bool protocol_intact(struct vm *vm)
{
	struct pdesc d;
	struct find f;

	if (likely(vm->promise_epoch == vm->proto_epoch))
		return true;
	if (!is_data(vm, INTR_PromisePrototype, A_then, vm->intr[INTR_PromiseProto_then]) ||
	    !is_data(vm, INTR_PromisePrototype, A_constructor, vm->intr[INTR_Promise]))
		return false;
	obj_find(vm, obj_intr(vm, INTR_Promise), A_sym_species, true, &f);
	if (obj_get_own(vm, obj_intr(vm, INTR_Promise), A_sym_species, &d) != 1 ||
	    d.get != vm->intr[INTR_Promise_species])
		return false;
	vm->promise_epoch = vm->proto_epoch;
	return true;
}

bool promise_is_plain(struct vm *vm, val v)
{
	const struct shape *s;

	if (!v_iskind(v, KIND_PROMISE))
		return false;
	s = obj_shape(vm, v_toobj(v));
	return s->proto == obj_intr(vm, INTR_PromisePrototype) && s->count == 0 && !(s->flags & SF_DICT) &&
	       protocol_intact(vm);
}

/* ---- settling -------------------------------------------------------------------- */

/* HostPromiseRejectionTracker: whether somebody handles it is looked at when the
 * host asks, after all jobs have run. */
static void track(struct vm *vm, val p)
{
	struct job *j = job_new(vm, NULL);

	HINIT(j->value, p);
	HINIT(j->next, vm->rejections);
	vm->rejections = j;
}

bool promise_next_unhandled(struct vm *vm, val *reason)
{
	struct job *first = NULL, *prev = NULL, *before = NULL;

	/* The list is newest first; the oldest is told first. */
	for (struct job *j = vm->rejections; j; prev = j, j = j->next.v)
		if (!v_topromise(j->value.v)->handled.v) {
			first = j;
			before = prev;
		}
	if (first == NULL)
		return false;
	if (before)
		VSET(vm, before->next, first->next.v);
	else
		vm->rejections = first->next.v;
	*reason = v_topromise(first->value.v)->result.v;
	return true;
}

static void settle(struct vm *vm, struct promise *p, enum promise_state state, val v)
{
	struct job *j = p->first.v, *next;

	VSET(vm, p->state, state);
	VSET(vm, p->result, v);
	if (state == PROMISE_REJECTED && !p->handled.v)
		track(vm, v_cell(p));
	if (j == NULL)
		return;
	VSET(vm, p->first, NULL);
	VSET(vm, p->last, NULL);
	for (; j; j = next) {
		next = j->next.v;
		VSET(vm, j->value, v);
		VSET(vm, j->rejected, state == PROMISE_REJECTED);
		job_enqueue(vm, j);
	}
}

void promise_reject_with(struct vm *vm, val p, val reason) { settle(vm, v_topromise(p), PROMISE_REJECTED, reason); }

int promise_reject_exc(struct vm *vm, val p)
{
	if (vm->term)
		return -1;
	promise_reject_with(vm, p, exc_take(vm));
	return 0;
}

void promise_react(struct vm *vm, val pv, struct job *j)
{
	struct promise *p = v_topromise(pv);

	if (!p->handled.v)
		VSET(vm, p->handled, 1);
	if (p->state.v != PROMISE_PENDING) {
		VSET(vm, j->value, p->result.v);
		VSET(vm, j->rejected, p->state.v == PROMISE_REJECTED);
		job_enqueue(vm, j);
		return;
	}
	if (p->last.v)
		VSET(vm, p->last.v->next, j);
	else
		VSET(vm, p->first, j);
	VSET(vm, p->last, j);
}

/* a[0] takes over what another plain promise came to. */
static int adopt(struct vm *vm, struct job *j)
{
	if (!j->rejected.v)
		return promise_resolve_with(vm, j->a[0].v, j->value.v);
	promise_reject_with(vm, j->a[0].v, j->value.v);
	return 0;
}

/* NewPromiseResolveThenableJob (27.2.2.2): a[0] promise, a[1] thenable, a[2] then. */
static int thenable_job(struct vm *vm, struct job *j)
{
	val resolve, reject, v;

	if (j->a[2].v == vm->intr[INTR_PromiseProto_then] && promise_is_plain(vm, j->a[1].v)) {
		struct job *k = job_new(vm, adopt);

		HINIT(k->a[0], j->a[0].v);
		promise_react(vm, j->a[1].v, k);
		return 0;
	}
	promise_functions(vm, j->a[0].v, &resolve, &reject);
	if (call_2(vm, j->a[2].v, j->a[1].v, resolve, reject) != V_EXC)
		return 0;
	if (vm->term)
		return -1;
	v = exc_take(vm);
	return call_1(vm, reject, V_UNDEF, v) == V_EXC ? -1 : 0;
}

int promise_resolve_with(struct vm *vm, val p, val v)
{
	struct job *j;
	val then;

	if (v == p) {
		throw_type(vm, "Chaining cycle detected for promise");
		return promise_reject_exc(vm, p);
	}
	if (!v_isobj(v)) {
		settle(vm, v_topromise(p), PROMISE_FULFILLED, v);
		return 0;
	}
	then = promise_is_plain(vm, v) ? vm->intr[INTR_PromiseProto_then] : obj_get(vm, v_toobj(v), A_then);
	if (then == V_EXC)
		return promise_reject_exc(vm, p);
	if (!func_is_callable(then)) {
		settle(vm, v_topromise(p), PROMISE_FULFILLED, v);
		return 0;
	}
	j = job_new(vm, thenable_job);
	HINIT(j->a[0], p);
	HINIT(j->a[1], v);
	HINIT(j->a[2], then);
	job_enqueue(vm, j);
	return 0;
}

val promise_of(struct vm *vm, val v)
{
	val p;

	if (v_iskind(v, KIND_PROMISE)) {
		val c = promise_is_plain(vm, v) ? vm->intr[INTR_Promise] : obj_get(vm, v_toobj(v), A_constructor);

		if (c == V_EXC || c == vm->intr[INTR_Promise])
			return c == V_EXC ? V_EXC : v;
	}
	p = promise_new(vm);
	return promise_resolve_with(vm, p, v) < 0 ? V_EXC : p;
}

/* ---- resolving functions: data[0] promise, data[1] box of [[AlreadyResolved]] ------ */

static bool first_use(struct vm *vm, const struct nfunc *f)
{
	struct box *done = (struct box *)(void *)v_tocell(f->data[1].v);

	if (done->v.v == V_TRUE)
		return false;
	VSET(vm, done->v, V_TRUE);
	return true;
}

static val resolve_function(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);

	if (first_use(vm, f) && promise_resolve_with(vm, f->data[0].v, ARG(0)) < 0)
		return V_EXC;
	return V_UNDEF;
}

static val reject_function(struct vm *vm, val *a, uint32_t argc)
{
	struct nfunc *f = (struct nfunc *)(void *)v_tocell(a[FP_CALLEE]);

	if (first_use(vm, f))
		promise_reject_with(vm, f->data[0].v, ARG(0));
	return V_UNDEF;
}

static const struct native_def resolve_def = { "", resolve_function, 1, 0, EFF_MUT | EFF_CALLS, 0, "27.2.1.3.2" };
static const struct native_def reject_def = { "", reject_function, 1, 0, EFF_MUT, 0, "27.2.1.3.1" };

void promise_functions(struct vm *vm, val p, val *resolve, val *reject)
{
	struct box *done = heap_alloc(&vm->heap, sizeof *done, 0, KIND_BOX, 0);
	struct nfunc *f;

	HINIT(done->v, V_FALSE);
	f = nfunc_closure(vm, &resolve_def, 2);
	HINIT(f->data[0], p);
	HINIT(f->data[1], v_cell(done));
	*resolve = v_cell(f);
	f = nfunc_closure(vm, &reject_def, 2);
	HINIT(f->data[0], p);
	HINIT(f->data[1], v_cell(done));
	*reject = v_cell(f);
}
