/* crash_test.c: the crash handler when nothing can be relied on: every pointer it
 * follows is wild, or the stack is used up. It still leaves its record, and the
 * process dies of the first signal. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "worker/crash.h"

static struct shm_slot *slot;
static struct heritage heritage = { .generation = 7 };
static struct server server;
static int *volatile nowhere; /* a page that may not be touched */

static int overflow(volatile char *p)
{
	volatile char room[4096];

	if (!nowhere)
		return 0;
	room[0] = *p;
	return overflow(room) + room[0];
}

static void die(int how)
{
	struct rlimit none = { 0, 0 };
	char c = 1;

	setrlimit(RLIMIT_CORE, &none);
	server.slot = slot;
	server.app = (struct app *)(uintptr_t)24;
	server.net = (struct net *)(uintptr_t)40;
	server.serving = (struct conn *)(uintptr_t)56;
	crash_init(&heritage, &server);
	if (how == SIGSEGV)
		*nowhere = 1;
	else if (how == 0)
		_exit(overflow(&c));
	else if (how == SIGABRT)
		abort();
	else
		raise(how);
	_exit(1);
}

static void crashes(int how, int sig)
{
	int status;
	pid_t pid;

	memset(slot, 0, sizeof *slot);
	slot->busy_since_ns = 1;
	slot->request_hash = 42;
	memset(slot->request, 'r', sizeof slot->request); /* without an end */
	pid = fork();
	if (pid == 0)
		die(how);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
	assert_int_equal(slot->crash.signal, sig);
	assert_int_equal(slot->crash.generation, 7);
	assert_int_equal(slot->crash.pid, pid);
	assert_int_equal(slot->crash.request_hash, 42);
	assert_int_equal(strlen(slot->crash.request), sizeof slot->crash.request - 1);
	assert_int_equal(slot->crash.function[0], 0);
}

static void test_wild(void **state)
{
	static const int sigs[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

	(void)state;
	slot = mmap(NULL, sizeof *slot, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(slot != MAP_FAILED);
	nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(nowhere != MAP_FAILED);
	for (size_t i = 0; i < sizeof sigs / sizeof sigs[0]; i++)
		crashes(sigs[i], sigs[i]);
	crashes(0, SIGSEGV);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_wild) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
