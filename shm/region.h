/* region.h: making and walking the shared segment of layout.h. */
#ifndef SHM_REGION_H
#define SHM_REGION_H

#include "shm/layout.h"

/* Maps a zeroed segment for n slots (1..SHM_SLOTS_MAX) and parts of so many bytes
 * (0: none) that every process forked afterwards shares, and fills the header. NULL
 * with errno set. Lives as long as the process; one segment at a time. */
struct region_sizes { size_t part[SHM_PARTS]; };
struct shm_header *region_create(uint32_t nslots, const struct region_sizes *sizes);
/* Where a part lies; NULL: there is none. */
void *region_part(struct shm_header *h, enum shm_part part);
/* How many slots it was made for, whatever the header says by now. */
uint32_t region_slots(const struct shm_header *h);
/* Slot i < region_slots: asserted. */
struct shm_slot *region_slot(struct shm_header *h, uint32_t i);
struct shm_slowlog *region_slowlog(struct shm_header *h);

#endif
