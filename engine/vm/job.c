/* job.c: the job queue (ECMA-262 9.5): first in, first out. */
#include "engine/vm/promise.h"

#define JOB_WORDS ((sizeof(struct job) - sizeof(struct cell)) / 8)

struct job *job_new(struct vm *vm, job_fn fn)
{
	struct job *j = heap_alloc(&vm->heap, sizeof *j, JOB_WORDS, KIND_LIST, 0);

	HINIT(j->next, NULL);
	HINIT(j->fn, fn);
	HINIT(j->value, V_UNDEF);
	HINIT(j->rejected, 0);
	for (int i = 0; i < JOB_ARGS; i++)
		HINIT(j->a[i], V_UNDEF);
	return j;
}

void job_enqueue(struct vm *vm, struct job *j)
{
	VSET(vm, j->next, NULL);
	if (vm->jobs_last != NULL)
		VSET(vm, vm->jobs_last->next, j);
	else
		vm->jobs = j;
	vm->jobs_last = j;
}

int jobs_run(struct vm *vm)
{
	struct job *j;

	if (vm->term)
		return -1;
	while ((j = vm->jobs) != NULL) {
		if (VM_TICK(vm, 10))
			return -1;
		vm->jobs = j->next.v;
		if (vm->jobs == NULL)
			vm->jobs_last = NULL;
		if (j->fn.v(vm, j) == 0)
			continue;
		/* Nobody can catch it: told to the host as a rejection nobody handles. */
		if (promise_reject_exc(vm, promise_new(vm)) < 0)
			return -1;
	}
	return 0;
}

void jobs_end_request(struct vm *vm)
{
	vm->jobs = vm->jobs_last = NULL;
	vm->rejections = NULL;
	vm->timers = vm->timers_last = vm->timer_runs = NULL;
	vm->waiters = vm->waiters_last = NULL;
	vm->timer_id = 0;
}
