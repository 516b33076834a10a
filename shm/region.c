/* region.c: the shared segment. Called by the supervisor (create) and by all
 * (slot). Anonymous memory: it is handed on by fork and leaves no name behind. */
#include "shm/region.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/check.h"
#include "shm/slowlog.h"

struct shm_header *region_create(uint32_t nslots, size_t cache_bytes)
{
	size_t slow_off = sizeof(struct shm_header) + nslots * sizeof(struct shm_slot);
	size_t cache_off = (slow_off + sizeof(struct shm_slowlog) + 63) / 64 * 64;
	size_t size = cache_off + cache_bytes;
	struct shm_header *h;

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
	h->cache_off = (uint32_t)cache_off;
	h->cache_size = cache_bytes;
	errno = slowlog_init(slowlog_of(h));
	return errno == 0 ? h : NULL;
}

struct shm_slot *region_slot(struct shm_header *h, uint32_t i)
{
	CHECK(h, SHM_MAGIC);
	AN(i < h->nslots && h->slot_size == sizeof(struct shm_slot));
	return (struct shm_slot *)(void *)((char *)h + h->slots_off) + i;
}

void *region_cache(struct shm_header *h)
{
	CHECK(h, SHM_MAGIC);
	AN(h->cache_off % 64 == 0 && h->cache_off + h->cache_size <= h->size);
	return h->cache_size != 0 ? (char *)h + h->cache_off : NULL;
}
