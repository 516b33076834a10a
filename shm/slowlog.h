/* slowlog.h: the last SHM_SLOW_MAX slow requests of all workers, each with the
 * JavaScript stack that was running. Writers take the robust lock; readers take
 * none: an entry's sequence number is odd while it is being written. */
#ifndef SHM_SLOWLOG_H
#define SHM_SLOWLOG_H

#include "base/sv.h"
#include "shm/layout.h"

/* Once, by region_create. 0, or an errno. */
int slowlog_init(struct shm_slowlog *l);
/* Workers: adds e; its seq is ignored, its texts are cut where they do not
 * fit. Returns a ticket for slowlog_complete; 0: the lock was not to be had in
 * 10 ms, nothing was added. */
uint64_t slowlog_add(struct shm_slowlog *l, const struct shm_slow *e);
/* Corrects the time of an entry that was added while its request still ran. No
 * effect when others have overwritten it since, or for ticket 0. */
void slowlog_complete(struct shm_slowlog *l, uint64_t ticket, uint64_t us);
/* Copies entries, newest first, at most max; texts are NUL-terminated. What is
 * being written at the moment is left out. Returns how many. */
uint32_t slowlog_read(const struct shm_slowlog *l, struct shm_slow *out, uint32_t max);
/* Does it look as no writer, dead or alive, could have left it? For tests and
 * audits; the lock must be free. */
bool slowlog_well_formed(const struct shm_slowlog *l);

#endif
