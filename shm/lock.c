/* lock.c: see lock.h. Called by the other files of shm/ and, for the hook, by
 * tests. Must not allocate or log: it runs in the middle of a request. */
#include "shm/lock.h"

#include <errno.h>
#include <time.h>

#include "base/clock.h"

void (*shm_step)(void);

int lock_init(pthread_mutex_t *m)
{
	pthread_mutexattr_t a;
	int r = pthread_mutexattr_init(&a);

	if (r != 0)
		return r;
	r = pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	if (r == 0)
		r = pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	if (r == 0)
		r = pthread_mutex_init(m, &a);
	pthread_mutexattr_destroy(&a);
	return r;
}

bool lock_take(pthread_mutex_t *m, uint64_t patience_ns, void (*repair)(void *u), void *u)
{
	int r = pthread_mutex_trylock(m);

	if (r == EBUSY) {
		uint64_t until = clock_mono_ns() + patience_ns;
		struct timespec ts = { (time_t)(until / 1000000000), (long)(until % 1000000000) };

		r = pthread_mutex_clocklock(m, CLOCK_MONOTONIC, &ts);
	}
	SHM_STEP();
	if (r == EOWNERDEAD) {
		repair(u);
		SHM_STEP();
		r = pthread_mutex_consistent(m);
		SHM_STEP();
	}
	return r == 0;
}

void lock_release(pthread_mutex_t *m)
{
	SHM_STEP();
	AZ(pthread_mutex_unlock(m));
	SHM_STEP();
}
