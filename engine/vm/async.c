/* async.c: async functions (ECMA-262 27.7), async generators (27.6) and the
 * instructions of async iteration (27.1.4, 14.7.5). A frame that waits is kept
 * like a suspended generator (generator.c); a native job continues it. An async
 * function that never waits makes only its promise. */
#include "engine/vm/ops.h"
#include "engine/vm/promise.h"

val async_settle(struct vm *vm, val p, val r)
{
	if (r == V_HOLE)
		return p;
	if (r == V_EXC)
		return promise_reject_exc(vm, p) < 0 ? V_EXC : p;
	return promise_resolve_with(vm, p, r) < 0 ? V_EXC : p;
}

static struct generator *v_togen(val v) { return (struct generator *)(void *)v_tocell(v); }
static int generator_left(struct vm *vm, struct generator *g, val r);

static int await_continue(struct vm *vm, struct job *j)
{
	struct generator *g = v_togen(j->a[0].v);
	val r = generator_run(vm, g, j->value.v, j->rejected.v ? RESUME_THROW : RESUME_NEXT);

	if (g->type.v == GEN_ASYNC_GENERATOR)
		return generator_left(vm, g, r);
	return async_settle(vm, generator_extra(g)[0].v, r) == V_EXC ? -1 : 0;
}

val async_await(struct vm *vm, val *fp, const uint32_t *pc)
{
	val v = R_a, p = V_UNDEF;
	struct generator *g;
	struct job *j;

	if (v_isobj(v)) {
		p = promise_of(vm, v);
		if (p == V_EXC)
			return V_EXC;
	}
	if (v_iskind(fp[FP_NEWT], KIND_PROMISE)) {   /* the first await of an async function */
		val promise = fp[FP_NEWT];

		g = generator_new(vm, fp, pc, obj_intr(vm, INTR_ObjectPrototype), GEN_ASYNC_FUNCTION);
		if (g == NULL)
			return throw_oom(vm);
		HINIT(generator_extra(g)[0], promise);
		fp[FP_NEWT] = v_cell(g);
	}
	g = v_togen(fp[FP_NEWT]);
	generator_suspend(vm, fp, pc, GEN_AWAITING);
	j = job_new(vm, await_continue);
	HINIT(j->a[0], v_cell(g));
	if (v_isobj(v)) {
		promise_react(vm, p, j);
	} else {
		HINIT(j->value, v);
		job_enqueue(vm, j);
	}
	return V_HOLE;
}

SLOW_OP(AWAITED)
{
	return R_b == v_int(RESUME_THROW) ? throw_val(vm, R_a) : V_UNDEF;
}

/* ---- async generators: extra[0], extra[1] are the first and the last request, jobs
 * whose a[0] is the promise, a[1] the enum resume_kind ------------------------------- */

static struct job *first_request(struct generator *g)
{
	val v = generator_extra(g)[0].v;

	return v == V_UNDEF ? NULL : (struct job *)(void *)v_tocell(v);
}

static void add_request(struct vm *vm, struct generator *g, val promise, val v, enum resume_kind how)
{
	struct job *j = job_new(vm, NULL);
	hval *extra = generator_extra(g);

	HINIT(j->value, v);
	HINIT(j->a[0], promise);
	HINIT(j->a[1], v_int((int32_t)how));
	if (extra[0].v == V_UNDEF)
		VSET(vm, extra[0], v_cell(j));
	else
		VSET(vm, ((struct job *)(void *)v_tocell(extra[1].v))->next, j);
	VSET(vm, extra[1], v_cell(j));
}

/* AsyncGeneratorCompleteStep (27.6.3.5) */
static int complete(struct vm *vm, struct generator *g, val v, bool rejected, bool done)
{
	struct job *j = first_request(g);

	VSET(vm, generator_extra(g)[0], j->next.v ? v_cell(j->next.v) : V_UNDEF);
	if (rejected) {
		promise_reject_with(vm, j->a[0].v, v);
		return 0;
	}
	return promise_resolve_with(vm, j->a[0].v, obj_iter_result(vm, v, done));
}

static int drain(struct vm *vm, struct generator *g);

static int return_awaited(struct vm *vm, struct job *j)
{
	struct generator *g = v_togen(j->a[0].v);

	return complete(vm, g, j->value.v, j->rejected.v != 0, true) < 0 ? -1 : drain(vm, g);
}

/* AsyncGeneratorAwaitReturn (27.6.3.9): 1: waiting; 0: the request was answered. */
static int await_return(struct vm *vm, struct generator *g)
{
	val p = promise_of(vm, first_request(g)->value.v);
	struct job *j;

	if (p == V_EXC)
		return vm->term ? -1 : complete(vm, g, exc_take(vm), true, true);
	j = job_new(vm, return_awaited);
	HINIT(j->a[0], v_cell(g));
	promise_react(vm, p, j);
	return 1;
}

/* AsyncGeneratorDrainQueue (27.6.3.10) */
static int drain(struct vm *vm, struct generator *g)
{
	struct job *j;

	while ((j = first_request(g)) != NULL) {
		enum resume_kind how = (enum resume_kind)v_toint(j->a[1].v);
		int r;

		if (VM_TICK(vm, 10))
			return -1;
		if (how == RESUME_RETURN)
			r = await_return(vm, g);
		else
			r = complete(vm, g, how == RESUME_THROW ? j->value.v : V_UNDEF, how == RESUME_THROW, true);
		if (r != 0)
			return r < 0 ? -1 : 0;
	}
	VSET(vm, g->state, GEN_DONE);
	return 0;
}

/* The frame was left with r: suspended, or finished (27.6.3.2). */
static int generator_left(struct vm *vm, struct generator *g, val r)
{
	if (r == V_HOLE)
		return 0;
	VSET(vm, g->state, GEN_DRAINING);
	if (r == V_EXC && vm->term)
		return -1;
	if ((r == V_EXC ? complete(vm, g, exc_take(vm), true, true) : complete(vm, g, r, false, true)) < 0)
		return -1;
	return drain(vm, g);
}

static int resume(struct vm *vm, struct generator *g)
{
	struct job *j = first_request(g);

	return generator_left(vm, g, generator_run(vm, g, j->value.v, (enum resume_kind)v_toint(j->a[1].v)));
}

val async_yield(struct vm *vm, val *fp, const uint32_t *pc)
{
	struct generator *g = v_togen(fp[FP_NEWT]);
	struct job *j;

	if (complete(vm, g, R_a, false, false) < 0)
		return V_EXC;
	j = first_request(g);
	if (j == NULL) {
		generator_suspend(vm, fp, pc, GEN_SUSPENDED);
		return V_HOLE;
	}
	R_a = j->value.v;
	R_b = j->a[1].v;
	return V_UNDEF;
}

val async_generator_request(struct vm *vm, val gen, val v, enum resume_kind how)
{
	val p = promise_new(vm);
	struct generator *g;
	int r = 0;

	if (!v_iskind(gen, KIND_GENERATOR) || v_togen(gen)->type.v != GEN_ASYNC_GENERATOR) {
		throw_type(vm, "%s is not an async generator object", val_for_message(vm, gen));
		return promise_reject_exc(vm, p) < 0 ? V_EXC : p;
	}
	g = v_togen(gen);
	if (g->state.v == GEN_START && how != RESUME_NEXT)
		VSET(vm, g->state, GEN_DONE);
	if (g->state.v == GEN_DONE && how == RESUME_NEXT)
		return promise_resolve_with(vm, p, obj_iter_result(vm, V_UNDEF, true)) < 0 ? V_EXC : p;
	if (g->state.v == GEN_DONE && how == RESUME_THROW) {
		promise_reject_with(vm, p, v);
		return p;
	}
	add_request(vm, g, p, v, how);
	if (g->state.v == GEN_DONE) {
		VSET(vm, g->state, GEN_DRAINING);
		r = await_return(vm, g);
		if (r == 0)
			r = drain(vm, g);
	} else if (g->state.v == GEN_START || g->state.v == GEN_SUSPENDED)
		r = resume(vm, g);
	return r < 0 ? V_EXC : p;
}

/* ---- async iteration ---------------------------------------------------------------- */

/* 7.4.3 GetIterator(v, async) */
SLOW_OP(AITER)
{
	val v = R_b, *r = &R_a, m = V_UNDEF;

	if (!v_isnullish(v)) {
		m = obj_get_method(vm, v, A_sym_async_iterator);
		if (m == V_EXC)
			return V_EXC;
		if (!v_isundef(m))
			return op_status(iter_open_method(vm, v, m, r));
		m = obj_get_method(vm, v, A_sym_iterator);
		if (m == V_EXC)
			return V_EXC;
	}
	if (v_isundef(m))
		return throw_type(vm, "%s is not async iterable", val_for_message(vm, v));
	if (iter_open_method(vm, v, m, r) < 0)
		return V_EXC;
	r[0] = vm->async_from_sync_fn(vm, r[0], r[1]);
	r[1] = obj_get(vm, v_toobj(r[0]), A_next);
	return r[1] == V_EXC ? V_EXC : V_UNDEF;
}

SLOW_OP(AITERNEXT)
{
	val *r = &R_a, res = vm_call(vm, r[1], r[0], 0, NULL);

	R_b = res;
	return res;
}

static val check_result(struct vm *vm, val res)
{
	return v_isobj(res) ? V_UNDEF : throw_type(vm, "Iterator result %s is not an object", val_for_message(vm, res));
}

SLOW_OP(AITERRES)
{
	val res = R_b, done;

	if (check_result(vm, res) == V_EXC || (done = obj_get(vm, v_toobj(res), A_done)) == V_EXC)
		return V_EXC;
	if (to_boolean(done))
		return V_TRUE;
	res = obj_get(vm, v_toobj(res), A_value);
	if (res == V_EXC)
		return V_EXC;
	R_b = res;
	return V_FALSE;
}

/* The first half of AsyncIteratorClose (7.4.13): r[b] = what return() gave. */
SLOW_OP(AITERCLOSE)
{
	val it = R_a, m = obj_get_method(vm, it, A_return_), res;

	if (m == V_EXC || v_isundef(m))
		return m == V_EXC ? V_EXC : V_TRUE;
	res = vm_call(vm, m, it, 0, NULL);
	if (res == V_EXC)
		return V_EXC;
	R_b = res;
	return V_FALSE;
}

SLOW_OP(AITERCLOSEX)
{
	val r = op_AITERCLOSE(vm, fp, pc);

	if (r != V_EXC || vm->term)
		return r;
	(void)exc_take(vm);
	return V_TRUE;
}

SLOW_OP(CHKITERRES) { return check_result(vm, R_a); }

/* ---- yield* (15.5.5) of async generators -------------------------------------------- */

enum { CLOSE_THEN_THROW = RESUME_RETURN + 1 };   /* beside enum resume_kind */

static val no_throw_method(struct vm *vm)
{
	return throw_type(vm, "The iterator does not provide a 'throw' method");
}

SLOW_OP(ADELEGATE)
{
	val *r = &R_a, *b = &R_b, m = r[1], res;
	int how = v_toint(b[1]);

	if (how != RESUME_NEXT) {
		m = obj_get_method(vm, r[0], how == RESUME_THROW ? A_throw_ : A_return_);
		if (m == V_EXC)
			return V_EXC;
	}
	if (v_isundef(m) && how == RESUME_RETURN)
		return V_TRUE;
	if (v_isundef(m)) {             /* no throw: the iterator is closed first */
		m = obj_get_method(vm, r[0], A_return_);
		if (m == V_EXC)
			return V_EXC;
		if (v_isundef(m))
			return no_throw_method(vm);
		b[1] = v_int(CLOSE_THEN_THROW);
		res = vm_call(vm, m, r[0], 0, NULL);
	} else {
		val v = b[0];

		res = vm_call(vm, m, r[0], 1, &v);
	}
	if (res == V_EXC)
		return V_EXC;
	b[0] = res;
	return V_FALSE;
}

SLOW_OP(ADELEGATED)
{
	val *b = &R_a, done, v;
	int how = v_toint(b[1]);

	if (check_result(vm, b[0]) == V_EXC)
		return V_EXC;
	if (how == CLOSE_THEN_THROW)
		return no_throw_method(vm);
	done = obj_get(vm, v_toobj(b[0]), A_done);
	if (done == V_EXC || (v = obj_get(vm, v_toobj(b[0]), A_value)) == V_EXC)
		return V_EXC;
	b[0] = v;
	if (!to_boolean(done))
		return V_FALSE;
	b[1] = v_int(how == RESUME_RETURN ? RESUME_RETURN : RESUME_NEXT);
	return V_TRUE;
}
