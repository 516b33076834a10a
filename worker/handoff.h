/* handoff.h: connections that go to another worker: from one whose handler runs
 * for long or waits, from one that leaves, from one that crashed. One process, one
 * worker: the state is static. */
#ifndef WORKER_HANDOFF_H
#define WORKER_HANDOFF_H

#include "worker/conn.h"
#include "worker/heritage.h"

/* In the worker, before its first request: from then on a handler that runs for
 * 1 to 2 ms is interrupted then and every 2 ms: its heart beats, its stack goes to
 * the slow log, and connections on which something arrived meanwhile, or that have just
 * been accepted, are given to siblings of the same generation that are idle;
 * the quiet ones follow, a few from 4 ms, more from 50 ms on. With few left the
 * worker has a longer time slice until the end (slice.h). */
void handoff_init(const struct heritage *h, struct server *s);

/* Can c go elsewhere, with n more bytes that were read of it? Not in the middle
 * of a response, nor of a body that is being decoded. */
bool handoff_movable(const struct conn *c, size_t n);
/* Gives c, and what was read but not served of it, to the worker of the slot. */
void handoff_give(struct conn *c, const char *p, size_t n, uint32_t slot);
/* A slot whose worker serves `generation`, idle at this moment if `idle`; the one
 * with the fewest connections, counting those given since handoff_afresh. -1:
 * none. Async-signal-safe. */
int handoff_pick(uint32_t generation, bool idle);
void handoff_afresh(void);
/* Write end of a slot's inbox. Async-signal-safe. */
int handoff_inbox(uint32_t slot);

/* Our share of the connections of all who are idle, we having so many ourselves;
 * UINT32_MAX: none of them has fewer, so take what comes. */
uint32_t handoff_share(uint32_t connections);

/* Gives every connection that can go to the generation that serves. False:
 * nobody is there to take them. */
bool handoff_all(void);

#endif
