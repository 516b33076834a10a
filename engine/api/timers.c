/* timers.c: setTimeout and its relatives, and one turn of the event loop (HTML 8.7,
 * 8.1.7). Timers are cells of the request, in a list by the time at which they are
 * due and then by their number; they end with the request. Called by scripts
 * through rows, and by the host when no job is left. Sleeps itself only where the
 * host has not said how to wait. */
#include <math.h>
#include <time.h>

#include "base/clock.h"
#include "engine/api/api.h"
#include "engine/vm/promise.h"

#define NESTING_FREE 5            /* deeper ones take at least… */
#define NESTED_MS 4
#define NESTING_MAX 255

struct timer {                    /* KIND_LIST: every word is looked at conservatively */
	struct cell h;
	HF(struct timer *) next;
	HF(uint64_t) due;             /* CLOCK_MONOTONIC */
	HF(uint64_t) id;              /* 0: cleared while it runs */
	HF(uint64_t) ms;
	HF(uint64_t) repeats, weak, nesting;
	hval fn, args;                /* an array, or undefined */
};

#define TIMER_WORDS ((sizeof(struct timer) - sizeof(struct cell)) / 8)

static void link_in(struct vm *vm, struct timer *t, struct timer *after)
{
	if (after) {
		VSET(vm, t->next, after->next.v);
		VSET(vm, after->next, t);
	} else {
		VSET(vm, t->next, vm->timers);
		vm->timers = t;
	}
	if (t->next.v == NULL)
		vm->timers_last = t;
}

/* Behind all that are due no later. 0, or -1 when the VM is to stop. */
static int insert(struct vm *vm, struct timer *t)
{
	struct timer *after = NULL;

	VSET(vm, t->due, clock_mono_ns() + (t->nesting.v > NESTING_FREE && t->ms.v < NESTED_MS ? NESTED_MS : t->ms.v) * 1000000);
	if (vm->timers_last && vm->timers_last->due.v <= t->due.v) {
		after = vm->timers_last;
	} else {
		for (struct timer *p = vm->timers; p && p->due.v <= t->due.v; after = p, p = p->next.v)
			if (VM_TICK(vm, 1))
				return -1;
	}
	link_in(vm, t, after);
	return 0;
}

/* Takes the timer of this number out of the list. */
static int clear(struct vm *vm, uint64_t id)
{
	struct timer *before = NULL, *t;

	if (id == 0)
		return 0;
	if (vm->timer_runs && vm->timer_runs->id.v == id) {
		VSET(vm, vm->timer_runs->id, 0);
		return 0;
	}
	for (t = vm->timers; t && t->id.v != id; before = t, t = t->next.v)
		if (VM_TICK(vm, 1))
			return -1;
	if (t == NULL)
		return 0;
	if (before)
		VSET(vm, before->next, t->next.v);
	else
		vm->timers = t->next.v;
	if (vm->timers_last == t)
		vm->timers_last = before;
	return 0;
}

/* The number of a new timer, or -1. */
static int64_t start(struct vm *vm, val fn, val args, uint64_t ms, bool repeats, bool weak)
{
	struct timer *t = heap_alloc(&vm->heap, sizeof *t, TIMER_WORDS, KIND_LIST, 0);
	uint64_t nesting = vm->timer_runs ? vm->timer_runs->nesting.v + 1 : 1;

	HINIT(t->next, NULL);
	HINIT(t->id, ++vm->timer_id);
	HINIT(t->ms, ms);
	HINIT(t->due, 0);
	HINIT(t->repeats, repeats);
	HINIT(t->weak, weak);
	HINIT(t->nesting, nesting < NESTING_MAX ? nesting : NESTING_MAX);
	HINIT(t->fn, fn);
	HINIT(t->args, args);
	return insert(vm, t) < 0 ? -1 : (int64_t)t->id.v;
}

/* ---- natives ---------------------------------------------------------------------- */

/* WebIDL long, negative numbers being zero. -1: exception. */
static int64_t milliseconds(struct vm *vm, val v)
{
	double d = 0;
	int32_t i;

	if (v != V_UNDEF && to_number(vm, v, &d) < 0)
		return -1;
	i = isfinite(d) ? (int32_t)(uint32_t)(int64_t)fmod(trunc(d), 4294967296.0) : 0;
	return i < 0 ? 0 : i;
}

static val set(struct vm *vm, val *a, uint32_t argc, bool repeats)
{
	val fn = ARG(0);
	struct arr *args = NULL;
	int64_t ms, id;

	if (!func_is_callable(fn))
		return throw_type(vm, "%s: the first argument must be a function", repeats ? "setInterval" : "setTimeout");
	ms = milliseconds(vm, ARG(1));
	if (ms < 0)
		return V_EXC;
	for (uint32_t i = 2; i < argc; i++) {
		if (args == NULL && (args = arr_new(vm, argc - 2)) == NULL)
			return V_EXC;
		if (arr_push(vm, args, ARG(i)) < 0)
			return V_EXC;
	}
	id = start(vm, fn, args ? v_cell(args) : V_UNDEF, (uint64_t)ms, repeats, false);
	return id < 0 ? V_EXC : v_num((double)id);
}

static zigts_val set_timeout(struct zigts *z, zigts_val *a, uint32_t argc) { return set(vm_of(z), a, argc, false); }
static zigts_val set_interval(struct zigts *z, zigts_val *a, uint32_t argc) { return set(vm_of(z), a, argc, true); }

static zigts_val clear_timer(struct zigts *z, zigts_val *a, uint32_t argc)
{
	struct vm *vm = vm_of(z);
	double d = 0;

	if (ARG(0) != V_UNDEF && to_number(vm, ARG(0), &d) < 0)
		return V_EXC;
	return d >= 1 && d <= UINT32_MAX && clear(vm, (uint64_t)d) < 0 ? V_EXC : V_UNDEF;
}

static const struct zigts_row rows[] = {
	ZIGTS_FN("setTimeout", 1, EFF_TIME | EFF_MUT | EFF_CALLS, set_timeout),
	ZIGTS_FN("setInterval", 1, EFF_TIME | EFF_MUT | EFF_CALLS, set_interval),
	ZIGTS_FN("clearTimeout", 0, EFF_MUT | EFF_CALLS, clear_timer),
	ZIGTS_FN("clearInterval", 0, EFF_MUT | EFF_CALLS, clear_timer),
};

static int64_t after(struct vm *vm, double ms, val fn, val arg)
{
	return zigts_after(zigts_of(vm), ms, fn, arg, false);
}

int zigts_install_timers(struct zigts *z)
{
	vm_of(z)->after_fn = after;
	return zigts_add_functions(z, rows, ARRAY_LEN(rows));
}

int64_t zigts_after(struct zigts *z, double ms, zigts_val fn, zigts_val arg, bool weak)
{
	struct vm *vm = vm_of(z);
	struct arr *args = arr_new(vm, 1);

	if (args == NULL || arr_push(vm, args, arg) < 0)
		return -1;
	except_taint(vm, EFF_TIME);
	return start(vm, fn, v_cell(args), ms < 0 ? 0 : ms > 1e15 ? (uint64_t)1e15 : (uint64_t)ms, false, weak);
}

int zigts_after_clear(struct zigts *z, int64_t id) { return clear(vm_of(z), (uint64_t)id); }

/* ---- the loop --------------------------------------------------------------------- */

void zigts_set_wait(struct zigts *z, zigts_wait_fn *fn, void *u)
{
	vm_of(z)->wait_fn = fn;
	vm_of(z)->wait_user = u;
}

bool zigts_awaits(const struct zigts *z)
{
	for (const struct timer *t = vm_of_const(z)->timers; t; t = t->next.v)
		if (!t->weak.v)
			return true;
	return false;
}

/* The first timer's callback, and the jobs that it makes. */
static int fire(struct vm *vm, struct timer *t)
{
	struct arr *args = v_isarr(t->args.v) ? v_toarr(t->args.v) : NULL;
	int r = 0;

	vm->timers = t->next.v;
	if (vm->timers == NULL)
		vm->timers_last = NULL;
	vm->timer_runs = t;
	/* Nobody can catch what it throws: told to the host like a rejection. */
	if (vm_call(vm, t->fn.v, v_cell(vm->global), args ? args->len.v : 0,
		    args ? (const val *)(const void *)args->elem.v : NULL) == V_EXC)
		r = promise_reject_exc(vm, promise_new(vm));
	if (r == 0)
		r = jobs_run(vm);
	vm->timer_runs = NULL;
	if (r == 0 && t->repeats.v && t->id.v != 0) {
		if (t->nesting.v < NESTING_MAX)
			VSET(vm, t->nesting, t->nesting.v + 1);
		r = insert(vm, t);
	}
	return r;
}

/* As zigts_wait_fn, for hosts without one. */
static int sleep_until(uint64_t due, uint64_t end)
{
	uint64_t until = due < end ? due : end;
	struct timespec ts = { .tv_sec = (time_t)(until / 1000000000), .tv_nsec = (long)(until % 1000000000) };

	if (due == UINT64_MAX)
		return 0;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
	return 1;
}

int zigts_turn(struct zigts *z)
{
	struct vm *vm = vm_of(z);
	struct timer *t = vm->timers;
	uint64_t due = t ? t->due.v : UINT64_MAX, end;
	int r;

	if (vm->jobs != NULL)
		return jobs_run(vm) < 0 ? -1 : 1;
	if (vm->term)
		return -1;
	if (t && due <= clock_mono_ns())
		return fire(vm, t) < 0 ? -1 : 1;
	end = limits_pause(vm);
	r = vm->wait_fn ? vm->wait_fn(vm->wait_user, due, end) : sleep_until(due, end);
	limits_resume(vm);
	vm->now_ms = 0;                  /* time has passed, and may be seen to have */
	return vm->poll && vm_poll(vm) < 0 ? -1 : r;
}
