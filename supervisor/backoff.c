/* backoff.c: see backoff.h. Called by the pool whenever a child has died. */
#include "supervisor/backoff.h"

uint32_t backoff_next(struct backoff *b, bool was_ready, uint32_t jitter)
{
	uint32_t ms = BACKOFF_FIRST_MS, i;

	if (was_ready) {
		b->failures = 0;
		return 0;
	}
	for (i = 0; i < b->failures && ms < BACKOFF_LAST_MS; i++)
		ms *= 2;
	if (ms > BACKOFF_LAST_MS)
		ms = BACKOFF_LAST_MS;
	if (b->failures < UINT32_MAX)
		b->failures++;
	return ms - (uint32_t)((uint64_t)(ms / 4) * jitter >> 32);
}
