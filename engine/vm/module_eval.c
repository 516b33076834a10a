/* module_eval.c: evaluation of modules (ECMA-262 16.2.1.6.1.3), with top-level await
 * across the graph. */
#include <stdlib.h>

#include "engine/vm/module.h"
#include "engine/vm/promise.h"

static bool has_await(const struct module *m) { return m->unit.v && (m->unit.v->list[0]->flags & FN_ASYNC); }

/* ExecuteModule: the body; with top-level await a promise. */
static val execute(struct vm *vm, struct module *m)
{
	val phase = V_FALSE;

	return call_value(vm, v_cell(func_closure(vm, m->unit.v->list[0], m->env.v)), V_UNDEF, 1, &phase);
}

static int settle(struct vm *vm, struct module *m, bool rejected, val v)
{
	if (v_isundef(m->promise.v))
		return 0;
	if (!rejected)
		return promise_resolve_with(vm, m->promise.v, V_UNDEF);
	promise_reject_with(vm, m->promise.v, v);
	return 0;
}

/* ---- asynchronous evaluation -------------------------------------------------------- */

static int add_parent(struct vm *vm, struct module *m, struct module *parent)
{
	struct parent *p = heap_alloc(&vm->heap, sizeof *p, 2, KIND_LIST, 0);

	HINIT(p->next, NULL);
	HINIT(p->module, parent);
	if (m->last_parent.v)
		VSET(vm, m->last_parent.v->next, p);
	else
		VSET(vm, m->parents, p);
	VSET(vm, m->last_parent, p);
	return 0;
}

/* AsyncModuleExecutionRejected (16.2.1.6.1.3.5) */
static int rejected(struct vm *vm, struct module *m, val error)
{
	if (m->status.v == MODULE_EVALUATED)
		return 0;
	if (VM_RECURSION(vm) || VM_TICK(vm, 10))
		return -1;
	VSET(vm, m->error, error);
	VSET(vm, m->status, MODULE_EVALUATED);
	VSET(vm, m->order, ORDER_DONE);
	if (settle(vm, m, true, error) < 0)
		return -1;
	for (struct parent *p = m->parents.v; p; p = p->next.v)
		if (rejected(vm, p->module.v, error) < 0)
			return -1;
	return 0;
}

static int fulfilled(struct vm *vm, struct module *m);

/* a[0]: the module whose body has settled. */
static int executed(struct vm *vm, struct job *j)
{
	struct module *m = module_of(j->a[0].v);

	return j->rejected.v ? rejected(vm, m, j->value.v) : fulfilled(vm, m);
}

/* ExecuteAsyncModule (16.2.1.6.1.3.2) */
static int execute_async(struct vm *vm, struct module *m)
{
	val p = execute(vm, m);
	struct job *j;

	if (p == V_EXC)
		return vm->term ? -1 : rejected(vm, m, exc_take(vm));
	j = job_new(vm, executed);
	HINIT(j->a[0], v_cell(m));
	promise_react(vm, p, j);
	return 0;
}

/* GatherAvailableAncestors (16.2.1.6.1.3.3): on the stack `list`, linked by `below`. */
static int gather(struct vm *vm, struct module *m, uint64_t walk, struct module **list, uint32_t *n)
{
	if (VM_RECURSION(vm) || VM_TICK(vm, 10))
		return -1;
	for (struct parent *p = m->parents.v; p; p = p->next.v) {
		struct module *a = p->module.v;

		if (a->walk.v == walk || (a->root.v && a->root.v->error.v != V_HOLE))
			continue;
		VSET(vm, a->pending, a->pending.v - 1);
		if (a->pending.v > 0)
			continue;
		VSET(vm, a->walk, walk);
		VSET(vm, a->below, *list);
		*list = a;
		++*n;
		if (!has_await(a) && gather(vm, a, walk, list, n) < 0)
			return -1;
	}
	return 0;
}

static int by_order(const void *a, const void *b)
{
	uint64_t x = module_of(*(const val *)a)->order.v, y = module_of(*(const val *)b)->order.v;

	return x < y ? -1 : x > y;
}

static int run_ancestor(struct vm *vm, struct module *m)
{
	if (m->status.v == MODULE_EVALUATED)       /* failed meanwhile */
		return 0;
	if (has_await(m))
		return execute_async(vm, m);
	if (execute(vm, m) == V_EXC)
		return vm->term ? -1 : rejected(vm, m, exc_take(vm));
	VSET(vm, m->order, ORDER_DONE);
	VSET(vm, m->status, MODULE_EVALUATED);
	return settle(vm, m, false, V_UNDEF);
}

/* AsyncModuleExecutionFulfilled (16.2.1.6.1.3.4) */
static int fulfilled(struct vm *vm, struct module *m)
{
	struct module *list = NULL;
	uint32_t n = 0;
	struct vals *sorted;

	if (m->status.v == MODULE_EVALUATED)
		return 0;
	VSET(vm, m->order, ORDER_DONE);
	VSET(vm, m->status, MODULE_EVALUATED);
	if (settle(vm, m, false, V_UNDEF) < 0 || gather(vm, m, ++vm->module_count, &list, &n) < 0)
		return -1;
	if (n == 0)
		return 0;
	sorted = heap_alloc(&vm->heap, sizeof *sorted + n * sizeof(val), n, KIND_VALS, 0);
	if (sorted == NULL)
		return throw_oom(vm), -1;
	for (uint32_t i = 0; i < n; i++, list = list->below.v)
		HINIT(sorted->v[i], v_cell(list));
	qsort((void *)sorted->v, n, sizeof(val), by_order);
	for (uint32_t i = 0; i < n; i++)
		if (run_ancestor(vm, module_of(sorted->v[i].v)) < 0)
			return -1;
	return 0;
}

/* ---- Evaluate ------------------------------------------------------------------------ */

static int evaluate_inner(struct vm *vm, struct module *m, struct module **stack, uint64_t *index);

/* One required module of m, evaluated or on its way. */
static int require(struct vm *vm, struct module *m, struct module *r, struct module **stack, uint64_t *index)
{
	if (evaluate_inner(vm, r, stack, index) < 0)
		return -1;
	if (r->status.v == MODULE_EVALUATING) {
		if (r->low.v < m->low.v)
			VSET(vm, m->low, r->low.v);
	} else {
		if (r->root.v)
			r = r->root.v;
		if (r->error.v != V_HOLE) {
			throw_val(vm, r->error.v);
			return -1;
		}
	}
	if (r->order.v < ORDER_FIRST)
		return 0;
	VSET(vm, m->pending, m->pending.v + 1);
	return add_parent(vm, r, m);
}

static void pop_cycle(struct vm *vm, struct module *m, struct module **stack)
{
	struct module *t;

	do {
		t = *stack;
		*stack = t->below.v;
		VSET(vm, t->status, t->order.v == ORDER_UNSET ? MODULE_EVALUATED : MODULE_ASYNC);
		VSET(vm, t->root, m);
	} while (t != m);
}

/* InnerModuleEvaluation (16.2.1.6.1.3.1) */
static int evaluate_inner(struct vm *vm, struct module *m, struct module **stack, uint64_t *index)
{
	if (m->status.v >= MODULE_ASYNC) {
		if (m->error.v == V_HOLE)
			return 0;
		throw_val(vm, m->error.v);
		return -1;
	}
	if (m->status.v == MODULE_EVALUATING)
		return 0;
	if (VM_RECURSION(vm) || VM_TICK(vm, 20))
		return -1;
	VSET(vm, m->status, MODULE_EVALUATING);
	VSET(vm, m->dfs, *index);
	VSET(vm, m->low, *index);
	VSET(vm, m->pending, 0);
	VSET(vm, m->below, *stack);
	++*index;
	*stack = m;
	for (uint32_t i = 0; i < module_nrequests(m); i++)
		if (require(vm, m, module_requested(m, i), stack, index) < 0)
			return -1;
	if (m->pending.v > 0 || has_await(m)) {
		VSET(vm, m->order, ORDER_FIRST + ++vm->module_count);
		if (m->pending.v == 0 && execute_async(vm, m) < 0)
			return -1;
	} else if (execute(vm, m) == V_EXC)
		return -1;
	if (m->low.v == m->dfs.v)
		pop_cycle(vm, m, stack);
	return 0;
}

val module_evaluate(struct vm *vm, struct module *m)
{
	struct module *stack = NULL;
	uint64_t index = 0;
	val error;

	if (m->status.v >= MODULE_ASYNC && m->root.v)
		m = m->root.v;
	if (!v_isundef(m->promise.v))
		return m->promise.v;
	VSET(vm, m->promise, promise_new(vm));
	if (evaluate_inner(vm, m, &stack, &index) == 0) {
		if (m->status.v == MODULE_EVALUATED && settle(vm, m, false, V_UNDEF) < 0)
			return V_EXC;
		return m->promise.v;
	}
	if (vm->term)
		return V_EXC;
	error = exc_take(vm);
	for (; stack; stack = stack->below.v) {
		VSET(vm, stack->status, MODULE_EVALUATED);
		VSET(vm, stack->error, error);
	}
	promise_reject_with(vm, m->promise.v, error);
	return m->promise.v;
}
