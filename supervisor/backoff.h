/* backoff.h: how long to wait before a child is started again. Pure: no clock,
 * no randomness of its own, no fork. */
#ifndef SUPERVISOR_BACKOFF_H
#define SUPERVISOR_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_FIRST_MS 100u
#define BACKOFF_LAST_MS  10000u

struct backoff { uint32_t failures; }; /* deaths before READY, in a row */

/* A child has died. was_ready: it had said READY; then it is started again at
 * once, because what clients can make crash must not be throttled, and the
 * count of failures is forgotten. Otherwise 100 ms, doubling to 10 s, of which
 * up to a quarter is taken off according to `jitter` (any 32 random bits).
 * Returns milliseconds; 0: now. */
uint32_t backoff_next(struct backoff *b, bool was_ready, uint32_t jitter);

#endif
