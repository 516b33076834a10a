/* crash.h: what a worker still does when it crashes (SEGV, BUS, ILL, FPE, ABRT):
 * leaves a record in its slot, answers the request that crashed with 500, sends
 * its other connections to siblings, and dies of the signal. */
#ifndef WORKER_CRASH_H
#define WORKER_CRASH_H

#include "worker/conn.h"
#include "worker/heritage.h"

/* In the worker, after handoff_init and before the sandbox. */
void crash_init(const struct heritage *h, struct server *s);

#endif
