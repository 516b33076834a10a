/* slice.c: see slice.h. Called by the hook of a running handler and at a
 * request's end: one system call each, for those that run for long only. */
#include "worker/slice.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/check.h"

/* Longer than the kernel's own (0.7 to 2.8 ms), or nothing is gained; but two that
 * are stuck on one processor take turns of this length, and what has arrived at
 * one of them waits for its turn. */
#define LONG_NS (10ull * 1000000)

static struct sched_attr usual;
static bool known, stretched;

static bool set(uint64_t ns)
{
	struct sched_attr a = usual;

	a.sched_runtime = ns;
	return syscall(SYS_sched_setattr, 0, &a, 0u) == 0;
}

void slice_init(void)
{
	known = syscall(SYS_sched_getattr, 0, &usual, (unsigned)sizeof usual, 0u) == 0 && usual.sched_runtime != 0 &&
		usual.sched_runtime < LONG_NS && (usual.sched_policy == SCHED_NORMAL || usual.sched_policy == SCHED_BATCH);
}

void slice_stretch(void)
{
	if (known && !stretched)
		known = stretched = set(LONG_NS);
}

void slice_restore(void)
{
	if (unlikely(stretched))
		stretched = !set(usual.sched_runtime);
}
