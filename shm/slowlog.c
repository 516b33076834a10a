/* slowlog.c: see slowlog.h. Called by workers (slow.c) and, for reading, by the
 * supervisor's control socket.
 *
 * Writing under the lock, in this order, each step leaving what a reader and
 * the next writer can live with:
 *   1 entry[next].seq becomes odd    readers leave the entry out from now on
 *   2 the entry is filled
 *   3 seq becomes even again, > 0    the entry is whole
 *   4 next, then count
 * A writer that dies between 1 and 3 leaves an odd seq, which the next holder
 * of the lock clears; one that dies between 3 and 4 leaves a whole entry that
 * the next writer overwrites. */
#include "shm/slowlog.h"

#include "base/check.h"
#include "shm/lock.h"

#define PATIENCE_NS (10ull * 1000000)

_Static_assert(SHM_SLOW_MAX <= 256, "the place fits into a ticket");

int slowlog_init(struct shm_slowlog *l) { return lock_init(&l->lock); }

/* The holder before died. Everything is written in an order that makes little
 * of it necessary: bounds, and the entry that was being written. */
static void repair(void *u)
{
	struct shm_slowlog *l = u;
	uint32_t i;

	if (l->next >= SHM_SLOW_MAX)
		SHM_SET(l->next, 0);
	if (l->count > SHM_SLOW_MAX)
		SHM_SET(l->count, SHM_SLOW_MAX);
	SHM_STEP();
	for (i = 0; i < SHM_SLOW_MAX; i++)
		if (l->entry[i].seq & 1)
			SHM_SET(l->entry[i].seq, 0);
	SHM_STEP();
	SHM_ADD(l->recovered, 1);
}

static void text_copy(char *to, const char *from, size_t size)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	SHM_STEP();
	memset(to + n, 0, size - n);
}

/* A ticket: sequence number of the entry (even) and its place. */
static uint64_t ticket_of(uint64_t seq, uint32_t i) { return seq << 8 | i; }

uint64_t slowlog_add(struct shm_slowlog *l, const struct shm_slow *e)
{
	struct shm_slow *to;
	uint64_t seq;
	uint32_t i;

	if (!lock_take(&l->lock, PATIENCE_NS, repair, l))
		return 0;
	i = l->next % SHM_SLOW_MAX;
	to = &l->entry[i];
	seq = to->seq & ~1ull;
	SHM_SET(to->seq, seq + 1);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	SHM_STEP();
	to->when_s = e->when_s;
	to->us = e->us;
	to->slot = e->slot;
	to->generation = e->generation;
	SHM_STEP();
	text_copy(to->request, e->request, sizeof to->request);
	text_copy(to->stack, e->stack, sizeof to->stack);
	SHM_STEP();
	__atomic_store_n(&to->seq, seq + 2, __ATOMIC_RELEASE);
	SHM_STEP();
	SHM_SET(l->next, (i + 1) % SHM_SLOW_MAX);
	SHM_STEP();
	if (l->count < SHM_SLOW_MAX)
		SHM_SET(l->count, l->count + 1);
	lock_release(&l->lock);
	return ticket_of(seq + 2, i);
}

void slowlog_complete(struct shm_slowlog *l, uint64_t ticket, uint64_t us)
{
	uint32_t i = (uint32_t)(ticket & 0xff) % SHM_SLOW_MAX;

	if (ticket == 0 || !lock_take(&l->lock, PATIENCE_NS, repair, l))
		return;
	if (ticket_of(l->entry[i].seq, i) == ticket)
		SHM_SET(l->entry[i].us, us);
	lock_release(&l->lock);
}

static bool copy_entry(const struct shm_slow *from, struct shm_slow *out)
{
	uint64_t seq = __atomic_load_n(&from->seq, __ATOMIC_ACQUIRE);

	if (seq == 0 || seq & 1)
		return false;
	memcpy(out, from, sizeof *out);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (SHM_GET(from->seq) != seq)
		return false;
	out->request[sizeof out->request - 1] = '\0';
	out->stack[sizeof out->stack - 1] = '\0';
	return true;
}

uint32_t slowlog_read(const struct shm_slowlog *l, struct shm_slow *out, uint32_t max)
{
	uint32_t next = SHM_GET(l->next) % SHM_SLOW_MAX, count = SHM_GET(l->count), i, n = 0;

	if (count > SHM_SLOW_MAX)
		count = SHM_SLOW_MAX;
	for (i = 1; i <= count && n < max; i++)
		if (copy_entry(&l->entry[(next + SHM_SLOW_MAX - i) % SHM_SLOW_MAX], &out[n]))
			n++;
	return n;
}

bool slowlog_well_formed(const struct shm_slowlog *l)
{
	uint32_t i;

	if (l->next >= SHM_SLOW_MAX || l->count > SHM_SLOW_MAX)
		return false;
	for (i = 0; i < SHM_SLOW_MAX; i++)
		if (l->entry[i].seq & 1 || l->entry[i].request[SHM_LINE_MAX - 1] != '\0' ||
		    l->entry[i].stack[SHM_STACK_MAX - 1] != '\0')
			return false;
	return true;
}
