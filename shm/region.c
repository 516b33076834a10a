/* region.c: the shared segment. Called by the supervisor (create) and by all
 * (slot). Anonymous memory: it is handed on by fork and leaves no name behind. */
#include "shm/region.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/check.h"
#include "shm/slowlog.h"

struct shm_header *region_create(uint32_t nslots)
{
	size_t slow_off = sizeof(struct shm_header) + nslots * sizeof(struct shm_slot);
	size_t size = slow_off + sizeof(struct shm_slowlog);
	struct shm_header *h;

	AN(nslots >= 1 && nslots <= SHM_SLOTS_MAX);
	h = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
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
	errno = slowlog_init(slowlog_of(h));
	return errno == 0 ? h : NULL;
}

struct shm_slot *region_slot(struct shm_header *h, uint32_t i)
{
	CHECK(h, SHM_MAGIC);
	AN(i < h->nslots && h->slot_size == sizeof(struct shm_slot));
	return (struct shm_slot *)(void *)((char *)h + h->slots_off) + i;
}
