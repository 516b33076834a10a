/* clock.h: the clocks, in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline uint64_t clock_mono_ns(void) { return clock_read_ns(CLOCK_MONOTONIC); }
static inline uint64_t clock_wall_ns(void) { return clock_read_ns(CLOCK_REALTIME); }
static inline uint64_t clock_cpu_ns(void) { return clock_read_ns(CLOCK_PROCESS_CPUTIME_ID); }

#endif
