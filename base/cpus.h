/* cpus.h: where a thread or process that was just made begins to run. A scheduler
 * that keeps few CPUs awake, as in virtual machines, queues it behind its maker,
 * and the two run one after the other. */
#ifndef BASE_CPUS_H
#define BASE_CPUS_H

#include <sched.h>
#include <stdbool.h>

/* The CPUs that we may use, and of these the ones that we do not run on. False:
 * there are no others, or the system cannot tell. */
static inline bool cpus_others(cpu_set_t *all, cpu_set_t *others)
{
	int here = sched_getcpu();

	if (here < 0 || sched_getaffinity(0, sizeof *all, all) != 0)
		return false;
	*others = *all;
	CPU_CLR((size_t)here, others);
	return CPU_COUNT(others) != 0;
}

#endif
