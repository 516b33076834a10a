/* poll.c: safepoints: what happens when a running program is asked to stop, and
 * who asks. vm_interrupt and vm_ask_hook are async-signal-safe; everything else runs in the VM. */
#include "engine/include/zigts.h"
#include "engine/vm/vmcode.h"

#define TICKS_PER_POLL 100000

/* engine/object/trace.c asks for termination by this number. */
_Static_assert(ZIGTS_TERM_OOM == 1, "trace.c");

void vm_interrupt(struct vm *vm, uint32_t term)
{
	__atomic_store_n(&vm->poll_term, term, __ATOMIC_RELAXED);
	__atomic_fetch_or(&vm->poll_why, POLL_TERM, __ATOMIC_RELAXED);
	__atomic_store_n(&vm->stack_limit, NULL, __ATOMIC_RELAXED);
	vm->poll = 1;
}

void vm_ask_hook(struct vm *vm)
{
	__atomic_fetch_or(&vm->poll_why, POLL_HOOK, __ATOMIC_RELAXED);
	__atomic_store_n(&vm->stack_limit, NULL, __ATOMIC_RELAXED);
	vm->poll = 1;
}

int vm_poll(struct vm *vm)
{
	uint32_t why;

	vm->ticks = TICKS_PER_POLL;
	if (vm->poll == 0)
		return 0;
	if (vm->term) {
		vm->exc = V_UNDEF;
		return -1;
	}
	vm->poll = 0;
	vm->stack_limit = vm->stack_end;
	why = __atomic_exchange_n(&vm->poll_why, 0, __ATOMIC_RELAXED);
	if (why & POLL_TERM) {
		vm->term = __atomic_load_n(&vm->poll_term, __ATOMIC_RELAXED);
		vm->taint |= EFF_RESOURCE;
		vm->poll = 1;              /* stays up: every further safepoint unwinds */
		vm->stack_limit = NULL;
		vm->exc = V_UNDEF;
		return -1;
	}
	if (why & POLL_HOOK && vm->hook_fn != NULL)
		vm->hook_fn(vm);
	if (why & POLL_OOM) {
		throw_oom(vm);
		return -1;
	}
	return 0;
}
