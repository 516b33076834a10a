/* metrics.h: what a worker counts for each request, in its slot of shared
 * memory. A few plain stores; no clock: the caller has looked already. */
#ifndef WORKER_METRICS_H
#define WORKER_METRICS_H

#include "shm/layout.h"

/* A request that was served. wait: from the first byte of its head (or the end
 * of the response before it, when it was pipelined) to the start of its
 * handler; exec: from there to the whole response. status: 100..599. */
void metrics_request(struct shm_slot *s, uint64_t wait_us, uint64_t exec_us, uint16_t status);
/* A response without a request that ran: refused, shed, timed out. Counts in
 * requests and responses, not in the histograms. */
void metrics_response(struct shm_slot *s, uint16_t status);

#endif
