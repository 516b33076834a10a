/* sandbox_test.c: what is refused inside of the sandbox, and what is not. Each
 * case runs in a child of its own; its exit status is the errno it met. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "worker/sandbox.h"

#define KILLED 1000 /* + the signal */
#define PAGE 4096u

static struct settings set;
static int tcp;
static char root[64];

/* ---- what a worker might be brought to do; returns errno or 0 ----------- */

static int errno_of(long r) { return r < 0 ? errno : 0; }
static int do_open_passwd(void) { return errno_of(open("/etc/passwd", O_RDONLY)); }
static int do_open_proc(void) { return errno_of(open("/proc/self/maps", O_RDONLY)); }
static int do_open_null(void) { return errno_of(open("/dev/null", O_RDONLY)); }
static int do_write_root(void)
{
	char path[100];

	snprintf(path, sizeof path, "%s/new", root);
	return errno_of(open(path, O_WRONLY | O_CREAT, 0600));
}
static int do_read_root(void)
{
	char path[100];

	snprintf(path, sizeof path, "%s/file", root);
	return errno_of(open(path, O_RDONLY));
}
static int do_list_root(void) { return errno_of(open(root, O_RDONLY | O_DIRECTORY)); }
static int do_unlink(void)
{
	char path[100];

	snprintf(path, sizeof path, "%s/file", root);
	return errno_of(unlink(path));
}
static int do_socket(void) { return errno_of(socket(AF_INET, SOCK_STREAM, 0)); }
static int do_connect(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = { htonl(INADDR_LOOPBACK) } };

	return errno_of(connect(tcp, (struct sockaddr *)&a, sizeof a));
}
static int do_ring(void) { return errno_of(syscall(SYS_io_uring_setup, 8, NULL)); }
static int do_exec(void) { return errno_of(execl("/bin/true", "true", NULL)); }
static int do_fork(void) { return errno_of(fork()); }
static int do_ptrace(void) { return errno_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static int do_kill_parent(void) { return errno_of(kill(getppid(), 0)); }
static int do_kill_all(void) { return errno_of(kill(-1, 0)); }
/* An attribute that no kernel takes: refused as such where the call is allowed. */
static int do_slice(void) { return errno_of(syscall(SYS_sched_setattr, 0, NULL, 0)); }
static int do_slice_of_others(void) { return errno_of(syscall(SYS_sched_setattr, getppid(), NULL, 0)); }
static int do_limits_of_others(void)
{
	struct rlimit r;

	return errno_of(syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE, NULL, &r));
}
static int do_setuid(void) { return errno_of(setuid(1)); }
static int do_dumpable(void) { return errno_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static int do_write_and_run(void)
{
	return mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}
static int do_write_then_run(void)
{
	void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? 99 : mprotect(p, PAGE, PROT_READ | PROT_EXEC) != 0;
}
static int do_write_guard(void)
{
	void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED || mprotect(p, PAGE, PROT_NONE) != 0 || munmap(p, PAGE) != 0;
}
/* How machine code will be made: written through one mapping, run through another. */
static int do_memfd(void)
{
#if defined(__x86_64__)
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };       /* mov eax, 42; ret */
#else
	static const unsigned char code[] = { 0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6 };
#endif
	int fd = memfd_create("code", MFD_CLOEXEC);
	unsigned char *w, *x;
	int (*fn)(void);

	if (fd < 0 || ftruncate(fd, PAGE) != 0)
		return errno;
	w = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	x = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	if (w == MAP_FAILED || x == MAP_FAILED)
		return errno;
	memcpy(w, code, sizeof code);
	__builtin___clear_cache((char *)x, (char *)x + sizeof code);
	memcpy(&fn, &x, sizeof fn);
	return fn() == 42 ? 0 : 99;
}
static volatile sig_atomic_t ticks;
static void on_tick(int sig) { (void)sig, ticks++; }
static int do_timer(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerspec in = { .it_value = { .tv_nsec = 1000000 } };
	struct timespec ts = { .tv_nsec = 200000000 };
	timer_t t;

	signal(SIGRTMIN, on_tick);
	if (timer_create(CLOCK_MONOTONIC, &ev, &t) != 0 || timer_settime(t, 0, &in, NULL) != 0)
		return errno;
	while (ticks == 0 && nanosleep(&ts, &ts) != 0)
		;
	timer_delete(t);
	return ticks != 0 ? 0 : 99;
}
static int do_abort(void) { abort(); }
static int do_nothing(void) { return 0; }
static int do_memory(void)
{
	size_t n = 32u << 20;
	char *p = malloc(n);

	if (!p)
		return 99;
	memset(p, 1, n);
	p = realloc(p, 2 * n);
	if (!p || madvise((void *)(((uintptr_t)p + PAGE) & ~(uintptr_t)(PAGE - 1)), PAGE, MADV_DONTNEED) != 0)
		return 99;
	free(p);
	return 0;
}

/* ---- the harness -------------------------------------------------------- */

static int root_fd = -1;

static int inside(int (*fn)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (sandbox_zygote(&set) != 0 || sandbox_worker(&set, &root_fd, root_fd >= 0, 0) != 0)
			_exit(98);
		_exit(fn());
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? KILLED + WTERMSIG(status) : WEXITSTATUS(status);
}

/* A thread that was there before: the zygote's compiler. */
static void *late_exec(void *go)
{
	char c;

	if (read(*(int *)go, &c, 1) == 1)
		(void)do_exec();
	return NULL;
}

static void threads(void **state)
{
	int go[2], status;
	pthread_t t;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		if (pthread_create(&t, NULL, late_exec, &go[0]) != 0 || sandbox_zygote(&set) != 0)
			_exit(98);
		_exit(write(go[1], "x", 1) == 1 && pthread_join(t, NULL) == 0 ? 0 : 99);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
	close(go[0]);
	close(go[1]);
}

static void files(void **state)
{
	(void)state;
	assert_int_equal(inside(do_open_passwd), EACCES);
	assert_int_equal(inside(do_open_proc), EACCES);
	assert_int_equal(inside(do_write_root), EACCES);
	assert_int_equal(inside(do_unlink), EPERM);
	assert_int_equal(inside(do_open_null), 0);
	assert_int_equal(inside(do_read_root), 0);
	assert_int_equal(inside(do_list_root), 0);
}

static void network(void **state)
{
	(void)state;
	assert_int_equal(inside(do_socket), EPERM);
	assert_int_equal(inside(do_connect), EPERM);
	assert_int_equal(inside(do_ring), EPERM);
}

static void processes(void **state)
{
	(void)state;
	assert_int_equal(inside(do_exec), KILLED + SIGSYS);
	assert_int_equal(inside(do_fork), KILLED + SIGSYS);
	assert_int_equal(inside(do_ptrace), KILLED + SIGSYS);
	assert_int_equal(inside(do_kill_parent), EPERM);
	assert_int_equal(inside(do_kill_all), EPERM);
	assert_int_equal(inside(do_limits_of_others), EPERM);
	assert_int_equal(inside(do_slice), EINVAL);
	assert_int_equal(inside(do_slice_of_others), EPERM);
	assert_int_equal(inside(do_setuid), EPERM);
	assert_int_equal(inside(do_dumpable), EPERM);
	assert_int_equal(inside(do_abort), KILLED + SIGABRT);
}

static void memory(void **state)
{
	(void)state;
	assert_int_equal(inside(do_write_and_run), 1);
	assert_int_equal(inside(do_write_then_run), 1);
	assert_int_equal(inside(do_write_guard), 0);
	assert_int_equal(inside(do_memfd), 0);
	assert_int_equal(inside(do_memory), 0);
	assert_int_equal(inside(do_timer), 0);
}

static void off(void **state)
{
	(void)state;
	set.sandbox = SANDBOX_OFF;
	assert_int_equal(inside(do_open_passwd), 0);
	set.sandbox = SANDBOX_ON;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files), cmocka_unit_test(network), cmocka_unit_test(processes),
		cmocka_unit_test(memory), cmocka_unit_test(off),
		cmocka_unit_test(threads),
	};
	char path[100];
	int fd, r;

	set.sandbox = SANDBOX_ON;
	set.quiet = true;
	strcpy(root, "/tmp/zigttpd-sandbox-XXXXXX");
	if (!mkdtemp(root))
		return 1;
	snprintf(path, sizeof path, "%s/file", root);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	root_fd = open(root, O_PATH | O_CLOEXEC);
	tcp = socket(AF_INET, SOCK_STREAM, 0);
	if (inside(do_nothing) == 98) {
		puts("SKIPPED: no complete sandbox in this build or on this kernel");
		r = 77;
	} else {
		r = cmocka_run_group_tests(tests, NULL, NULL);
	}
	unlink(path);
	rmdir(root);
	return r;
}
