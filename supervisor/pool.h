/* pool.h: the supervisor's children: one zygote, n workers. Owns the status
 * pipe and the command socket; decides who is started, started again, told to
 * drain, and killed. Everything happens in the libev loop it is given. */
#ifndef SUPERVISOR_POOL_H
#define SUPERVISOR_POOL_H

#include <ev.h>

#include "worker/heritage.h"

struct pool;

/* h: listener, shm and the operator's wishes are filled in; copied. quiet
 * suppresses the start message. Starts the zygote and asks for all workers.
 * NULL with errno set. */
struct pool *pool_create(struct ev_loop *loop, const struct heritage *h, const char *address);
/* Drain, then exit: the first call asks politely, each further one (and each
 * deadline) is a step less patient. */
void pool_stop(struct pool *p);
/* After ev_run has returned: what the process exits with. Frees the pool. */
int pool_finish(struct pool **p);

#endif
