/* exposition.h: the metrics board as text: the Prometheus format (version 0.0.4)
 * and the one-line summary for the log. Reads shared memory only. */
#ifndef SUPERVISOR_EXPOSITION_H
#define SUPERVISOR_EXPOSITION_H

#include <stdbool.h>

#include "base/buf.h"
#include "shm/layout.h"

struct cache;
struct kv;

/* What there is beside the board; NULL: not there. */
struct exposition_stores { const struct cache *cache; const struct kv *state, *rates; };

/* Of all places together. */
struct metrics_total {
	uint64_t requests, responses[6], connections, shed, exec_us, exec_us_max, wait_us, wait_us_max;
	uint32_t live, busy, serving, starting, draining;
};
void metrics_total(struct shm_header *h, struct metrics_total *t);
/* Has this place ever had a worker? */
bool metrics_used(const struct shm_slot *s);
/* "serving", … for enum slot_state of a place with a process in it. */
const char *metrics_state(const struct shm_slot *s);

void exposition_text(struct shm_header *h, const struct exposition_stores *stores, struct buf *out);
/* "Pool metrics: in_use=2/8 …"; workers: how many are wanted. */
void exposition_line(struct shm_header *h, uint64_t workers, struct buf *out);

#endif
