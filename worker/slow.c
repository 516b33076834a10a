/* slow.c: see slow.h. Called by the request path and from the engine's hook;
 * must not allocate. */
#include "worker/slow.h"

#include <stdio.h>

#include "base/check.h"
#include "base/clock.h"
#include "shm/region.h"
#include "shm/slowlog.h"

static struct {
	struct shm_slowlog *log;
	struct shm_slot *slot;
	uint64_t threshold_ns;   /* 0: no slow log */
	uint32_t number;
	bool noted;
	uint64_t ticket;         /* of the entry of the request that runs; 0: none */
} sl;

void slow_init(const struct heritage *h)
{
	sl.log = region_slowlog(h->shm);
	sl.slot = region_slot(h->shm, h->slot);
	sl.threshold_ns = h->set->slow_ns;
	sl.number = h->slot;
	sl.noted = false;
	sl.ticket = 0;
}

bool slow_due(uint64_t ran_ns) { return !sl.noted && sl.threshold_ns != 0 && ran_ns >= sl.threshold_ns; }

void slow_note(uint64_t ran_ns, const char *stack)
{
	static struct shm_slow e;

	if (sl.noted || sl.threshold_ns == 0)
		return;
	sl.noted = true;
	SHM_ADD(sl.slot->slow, 1);
	e.when_s = clock_wall_ns() / 1000000000;
	e.us = ran_ns / 1000;
	e.slot = sl.number;
	e.generation = SHM_GET(sl.slot->generation);
	snprintf(e.request, sizeof e.request, "%.*s", (int)sizeof sl.slot->request, sl.slot->request);
	snprintf(e.stack, sizeof e.stack, "%s", stack);
	sl.ticket = slowlog_add(sl.log, &e);
}

void slow_end(uint64_t us)
{
	if (unlikely(sl.noted || slow_due(us * 1000))) {
		slow_note(us * 1000, "");
		slowlog_complete(sl.log, sl.ticket, us);
		sl.noted = false;
		sl.ticket = 0;
	}
}
