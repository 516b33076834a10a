/* shm_test.c: shared memory under sudden death. A process is killed at every
 * step of every operation that takes the lock, and at every step of the repair
 * that follows such a death; others must get on, and what they read is whole.
 * Also the plain behaviour of the slow log. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "shm/lock.h"
#include "shm/region.h"
#include "shm/slowlog.h"

#define OTHERS 2
#define STEPS_MAX 200
#define ROUNDS 5

static struct shm_header *shm;
static struct shm_slowlog *slow;
static unsigned steps, die_at;

static void die(void)
{
	if (++steps == die_at)
		kill(getpid(), SIGKILL);
}

/* An entry whose parts all say the same number, so that a torn one shows. */
static void fill(struct shm_slow *e, uint32_t v)
{
	memset(e, 0, sizeof *e);
	e->us = e->when_s = v;
	e->slot = e->generation = v;
	memset(e->request, 'a' + (int)(v % 26), 40 + v % 150);
	memset(e->stack, 'a' + (int)(v % 26), 100 + v % 900);
}

static bool whole(const struct shm_slow *e)
{
	struct shm_slow want;

	fill(&want, e->slot);
	return memcmp(want.request, e->request, sizeof want.request) == 0 &&
	       memcmp(want.stack, e->stack, sizeof want.stack) == 0 && e->generation == e->slot && e->when_s == e->slot;
}

static void read_all(void)
{
	struct shm_slow out[SHM_SLOW_MAX];
	uint32_t n = slowlog_read(slow, out, SHM_SLOW_MAX), i;

	assert_true(n <= SHM_SLOW_MAX);
	for (i = 0; i < n; i++)
		assert_true(whole(&out[i]));
}

static void segment_make(void)
{
	shm = region_create(4, &(struct region_sizes){ .part = { 0 } });
	assert_non_null(shm);
	slow = region_slowlog(shm);
}

static void ring(void **state)
{
	struct shm_slow e, out[SHM_SLOW_MAX];
	uint64_t ticket = 0, first;
	uint32_t i;

	(void)state;
	segment_make();
	assert_int_equal(slowlog_read(slow, out, SHM_SLOW_MAX), 0);
	fill(&e, 1);
	first = slowlog_add(slow, &e);
	for (i = 2; i <= 100; i++) {
		fill(&e, i);
		ticket = slowlog_add(slow, &e);
		assert_int_not_equal(ticket, 0);
	}
	slowlog_complete(slow, ticket, 4711);
	slowlog_complete(slow, first, 4712); /* overwritten long ago */
	slowlog_complete(slow, 0, 4713);
	assert_int_equal(slowlog_read(slow, out, SHM_SLOW_MAX), SHM_SLOW_MAX);
	for (i = 0; i < SHM_SLOW_MAX; i++) {
		assert_int_equal(out[i].slot, 100 - i);
		assert_int_equal(out[i].us, i == 0 ? 4711 : 100 - i);
		assert_true(whole(&out[i]));
	}
	assert_int_equal(slowlog_read(slow, out, 3), 3);
	assert_true(slowlog_well_formed(slow));
}

/* What a worker that has gone astray may have left: never trusted. */
static void garbage(void **state)
{
	struct shm_slow out[SHM_SLOW_MAX];
	uint32_t i;

	(void)state;
	segment_make();
	memset(&slow->count, 0xfe, sizeof *slow - offsetof(struct shm_slowlog, count));
	for (i = 0; i < slowlog_read(slow, out, SHM_SLOW_MAX); i++) {
		assert_true(strlen(out[i].request) < SHM_LINE_MAX);
		assert_true(strlen(out[i].stack) < SHM_STACK_MAX);
	}
}

/* ---- death ------------------------------------------------------------------ */

struct progress { uint64_t adds, failures, worst_ns, torn; };
static struct progress *others;

static void other(struct progress *p, uint32_t first)
{
	struct shm_slow e, out[SHM_SLOW_MAX];
	uint32_t v = first, n, i;

	for (;; v += OTHERS) {
		uint64_t t0 = clock_mono_ns(), t;

		fill(&e, v);
		if (slowlog_add(slow, &e) == 0)
			SHM_ADD(p->failures, 1);
		t = clock_mono_ns() - t0;
		if (t > SHM_GET(p->worst_ns))
			SHM_SET(p->worst_ns, t);
		n = slowlog_read(slow, out, SHM_SLOW_MAX);
		for (i = 0; i < n; i++)
			if (!whole(&out[i]))
				SHM_ADD(p->torn, 1);
		SHM_ADD(p->adds, 1);
		usleep(200);
	}
}

static void operation(int which)
{
	struct shm_slow e;
	uint64_t ticket;

	fill(&e, 77);
	if (which == 0) {
		slowlog_add(slow, &e);
	} else {
		ticket = slowlog_add(slow, &e);
		shm_step = die;
		slowlog_complete(slow, ticket, 77);
	}
}

/* A process that dies at step k of the operation; false: it came to its end. */
static bool victim(int which, unsigned k)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		steps = 0;
		die_at = k;
		if (which == 0)
			shm_step = die;
		operation(which);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void await_progress(const uint64_t *before)
{
	uint64_t end = clock_mono_ns() + 5000000000u;
	int i;

	for (i = 0; i < OTHERS; i++)
		while (SHM_GET(others[i].adds) < before[i] + 3 && clock_mono_ns() < end)
			usleep(100);
	for (i = 0; i < OTHERS; i++)
		assert_true(SHM_GET(others[i].adds) >= before[i] + 3);
}

static void others_get_on(void **state)
{
	pid_t pid[OTHERS];
	uint64_t before[OTHERS], worst = 0, lost = 0, adds = 0;
	unsigned k = 0, deaths = 0;
	int which, i;

	(void)state;
	segment_make();
	others = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(others != MAP_FAILED);
	for (i = 0; i < OTHERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			other(&others[i], 1000 + (uint32_t)i);
	}
	for (which = 0; which < 2 * ROUNDS; which++)
		for (k = 1; k < STEPS_MAX; k++) {
			for (i = 0; i < OTHERS; i++)
				before[i] = SHM_GET(others[i].adds);
			if (!victim(which % 2, k))
				break;
			deaths++;
			await_progress(before);
			read_all();
		}
	for (i = 0; i < OTHERS; i++) {
		kill(pid[i], SIGTERM);
		waitpid(pid[i], NULL, 0);
		worst = others[i].worst_ns > worst ? others[i].worst_ns : worst;
		lost += others[i].failures;
		adds += others[i].adds;
		assert_int_equal(others[i].torn, 0);
	}
	assert_true(deaths >= 13 * ROUNDS && k < STEPS_MAX);
	printf("# %u deaths, %llu locks recovered; the others: %llu adds, the slowest %llu us, %llu given up\n", deaths,
	       (unsigned long long)slow->recovered, (unsigned long long)adds, (unsigned long long)worst / 1000,
	       (unsigned long long)lost);
	assert_true(lost <= adds / 10); /* a busy machine may stop a holder for long */
	assert_true(slow->recovered >= 9 * ROUNDS);
}

/* Alone, so that the victim is the one that repairs: it dies doing so. */
static void death_during_repair(void **state)
{
	unsigned k, in_lock = 3;
	struct shm_slow e;

	(void)state;
	segment_make();
	fill(&e, 5);
	for (k = 1; k < STEPS_MAX; k++) {
		assert_true(victim(0, in_lock)); /* dies holding the lock */
		if (!victim(0, k))
			break;
		assert_int_not_equal(slowlog_add(slow, &e), 0);
		assert_true(slowlog_well_formed(slow));
		read_all();
	}
	assert_true(k > 12 && k < STEPS_MAX);
	printf("# %u steps with a repair in them\n", k - 1);
}

/* Somebody who holds the lock and does not go on stops nobody else for long. */
static void stopped_holder(void **state)
{
	struct shm_slow e;
	pid_t pid;

	(void)state;
	segment_make();
	fill(&e, 6);
	pid = fork();
	if (pid == 0) {
		AN(pthread_mutex_trylock(&slow->lock) == 0);
		kill(getpid(), SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
	assert_int_equal(slowlog_add(slow, &e), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_not_equal(slowlog_add(slow, &e), 0);
	assert_int_equal(slow->recovered, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring), cmocka_unit_test(garbage), cmocka_unit_test(others_get_on),
		cmocka_unit_test(death_during_repair), cmocka_unit_test(stopped_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
