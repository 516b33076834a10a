/* lock.h: a mutex in shared memory whose holder may be killed at any moment.
 * Process-shared and robust: the kernel hands it on when its holder dies.
 *
 * For workers among themselves. Never for the supervisor: the C library keeps
 * pointers inside a held robust mutex, and a worker that has gone astray could
 * bend them. The supervisor reads without a lock (shm/slowlog.h). */
#ifndef SHM_LOCK_H
#define SHM_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

/* One per shard, side by side in front of all shards: memory that is shared costs
 * 4 us for each page that the start of the server touches. */
struct shm_lock { pthread_mutex_t m __attribute__((aligned(64))); };
_Static_assert(sizeof(struct shm_lock) == 64, "a cache line each");

/* Once, by the maker of the segment. 0, or an errno. */
int lock_init(pthread_mutex_t *m);
/* Takes the lock, waiting for at most `patience_ns` (a stopped holder must not
 * stop everybody). If the holder before died in it, repair(u) makes what the
 * lock guards well-formed before anything else is done; should we die in the
 * middle of that, the next one repairs. So nobody ever releases an unrepaired
 * lock and it cannot become unrecoverable. False: not taken. */
bool lock_take(pthread_mutex_t *m, uint64_t patience_ns, void (*repair)(void *u), void *u);
void lock_release(pthread_mutex_t *m);

/* Fault hook for tests: called at every step of an operation on shared memory
 * that a death may follow. NULL in production. */
extern void (*shm_step)(void);
#define SHM_STEP() do { if (unlikely(shm_step != NULL)) shm_step(); } while (0)

#endif
