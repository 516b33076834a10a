/* slow.h: requests slower than log.slow leave their JavaScript stack in the
 * slow log of shared memory, once each. The stack is taken while they run (the
 * engine's hook), so that one that never ends is seen as well. */
#ifndef WORKER_SLOW_H
#define WORKER_SLOW_H

#include <stdbool.h>

#include "worker/heritage.h"

/* Worker, after fork. h lives as long as the process. */
void slow_init(const struct heritage *h);
/* From the hook: has the request that runs been slow for the first time? Then
 * the caller takes a backtrace and calls slow_note. */
bool slow_due(uint64_t ran_ns);
/* Enters the request of the slot's request line with its stack so far. Once
 * per request; further calls are ignored. */
void slow_note(uint64_t ran_ns, const char *stack);
/* The request has ended: its entry gets the whole time. One that was slow
 * without a safepoint in between is entered without a stack. */
void slow_end(uint64_t us);

#endif
