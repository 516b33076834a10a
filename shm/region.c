/* region.c: the shared segment. Called by the supervisor (create) and by all
 * (slot). Anonymous memory: it is handed on by fork and leaves no name behind.
 *
 * Where things lie is kept in private memory as well, which fork copies: a
 * worker that has gone astray can write anything into the segment, but cannot
 * make the supervisor look outside of it. The header's copy is for people with
 * a debugger. */
#include "shm/region.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/check.h"
#include "shm/slowlog.h"

static struct { struct shm_header *h; uint32_t nslots; size_t slow_off, part_off[SHM_PARTS], part_size[SHM_PARTS]; } mine;

struct shm_header *region_create(uint32_t nslots, const struct region_sizes *sizes)
{
	size_t slow_off = sizeof(struct shm_header) + nslots * sizeof(struct shm_slot);
	size_t size = (slow_off + sizeof(struct shm_slowlog) + 63) / 64 * 64;
	struct shm_header *h;
	unsigned i;

	for (i = 0; i < SHM_PARTS; i++) {
		mine.part_off[i] = size;
		mine.part_size[i] = sizes->part[i];
		size += (sizes->part[i] + 63) / 64 * 64;
	}

	AN(nslots >= 1 && nslots <= SHM_SLOTS_MAX);
	h = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (h == MAP_FAILED)
		return NULL;
	h->magic = SHM_MAGIC;
	h->version = SHM_VERSION;
	h->size = size;
	h->slots_off = sizeof *h;
	h->slot_size = sizeof(struct shm_slot);
	h->nslots = nslots;
	h->slow_off = (uint32_t)slow_off;
	h->slow_size = sizeof(struct shm_slowlog);
	for (i = 0; i < SHM_PARTS; i++)
		h->part[i] = (struct shm_place){ mine.part_off[i], mine.part_size[i] };
	mine.h = h;
	mine.nslots = nslots;
	mine.slow_off = slow_off;
	errno = slowlog_init(region_slowlog(h));
	return errno == 0 ? h : NULL;
}

uint32_t region_slots(const struct shm_header *h)
{
	AN(h == mine.h);
	return mine.nslots;
}

struct shm_slot *region_slot(struct shm_header *h, uint32_t i)
{
	AN(i < region_slots(h));
	return (struct shm_slot *)(void *)((char *)h + sizeof *h) + i;
}

struct shm_slowlog *region_slowlog(struct shm_header *h)
{
	AN(h == mine.h);
	return (struct shm_slowlog *)(void *)((char *)h + mine.slow_off);
}

void *region_part(struct shm_header *h, enum shm_part part)
{
	AN(h == mine.h);
	return mine.part_size[part] != 0 ? (char *)h + mine.part_off[part] : NULL;
}
