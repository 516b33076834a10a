/* poison.c: see poison.h. Called by the warden after a crash. */
#include "supervisor/poison.h"

bool poison_death(struct poison *p, uint64_t hash, uint64_t now_ns)
{
	unsigned i, at = 0;

	for (i = 0; i < POISON_SEEN; i++) {
		if (p->seen[i].hash == hash) {
			at = i;
			break;
		}
		if (p->seen[i].last_ns < p->seen[at].last_ns)
			at = i;
	}
	if (p->seen[at].hash != hash || now_ns - p->seen[at].last_ns > POISON_WINDOW_NS)
		p->seen[at].deaths = 0;
	p->seen[at].hash = hash;
	p->seen[at].last_ns = now_ns;
	if (++p->seen[at].deaths < POISON_DEATHS)
		return false;
	p->seen[at].hash = p->seen[at].last_ns = p->seen[at].deaths = 0;
	return true;
}
