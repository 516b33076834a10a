/* peers.c: see peers.h. Called by the connection code; each worker writes its own
 * table only. Entries are read and written whole, as one 64-bit word: the key in
 * the upper half, the count in the lower one.
 *
 * A key lives in one of the WINDOW entries from its own place on, or nowhere:
 * readers look at so many words of each worker, whatever was removed. */
#include "worker/peers.h"

#include <netinet/in.h>
#include <string.h>

#include "base/check.h"
#include "shm/region.h"

#define WINDOW 64
_Static_assert(sizeof(struct shm_ip) == sizeof(uint64_t), "an entry is one word");
_Static_assert((SHM_IPS & (SHM_IPS - 1)) == 0, "a mask finds the place");

static uint64_t *entry(struct shm_slot *slot, uint32_t key, uint32_t i)
{
	return (uint64_t *)(void *)slot->ips + ((key + i) & (SHM_IPS - 1));
}

static uint64_t load(const uint64_t *e) { return __atomic_load_n(e, __ATOMIC_SEQ_CST); }
static void store(uint64_t *e, uint64_t v) { __atomic_store_n(e, v, __ATOMIC_SEQ_CST); }

void peers_reset(struct shm_slot *slot)
{
	uint64_t *e = (uint64_t *)(void *)slot->ips;
	size_t i;

	for (i = 0; i < SHM_IPS; i++)
		if (load(&e[i]) != 0)
			store(&e[i], 0);
}

uint32_t peers_key(const struct hash_key *k, const struct sockaddr_storage *a)
{
	const struct sockaddr_in *in4 = (const void *)a;
	const struct sockaddr_in6 *in6 = (const void *)a;
	uint64_t h;

	if (a->ss_family == AF_INET)
		h = hash_sip13(k, &in4->sin_addr, 4);
	else if (a->ss_family != AF_INET6)
		return 0;
	else if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
		h = hash_sip13(k, in6->sin6_addr.s6_addr + 12, 4);
	else
		h = hash_sip13(k, &in6->sin6_addr, 8);
	return (uint32_t)h | 1u << 31; /* never 0 */
}

bool peers_add(struct shm_slot *slot, uint32_t key)
{
	uint64_t *spare = NULL;
	uint32_t i;

	for (i = 0; i < WINDOW; i++) {
		uint64_t *e = entry(slot, key, i), v = load(e);

		if (v >> 32 == key && (uint32_t)v != 0) {
			store(e, v + 1);
			return true;
		}
		if ((uint32_t)v == 0 && !spare)
			spare = e;
	}
	if (spare)
		store(spare, (uint64_t)key << 32 | 1);
	return spare != NULL;
}

void peers_remove(struct shm_slot *slot, uint32_t key)
{
	uint32_t i;

	for (i = 0; i < WINDOW; i++) {
		uint64_t *e = entry(slot, key, i), v = load(e);

		if (v >> 32 == key && (uint32_t)v != 0) {
			store(e, v - 1);
			return;
		}
	}
	AN(!"a peer that was never counted");
}

uint32_t peers_count(struct shm_header *shm, uint32_t key)
{
	uint32_t n = 0, i, k;

	for (i = 0; i < shm->nslots; i++) {
		struct shm_slot *slot = region_slot(shm, i);
		if (SHM_GET(slot->pid) == 0) /* dead: its connections are gone */
			continue;
		for (k = 0; k < WINDOW; k++) {
			uint64_t v = load(entry(slot, key, k));

			if (v >> 32 == key)
				n += (uint32_t)v;
		}
	}
	return n;
}
