/* denied.c: zigttpd where the host says no: io_uring refused in every way,
 * descriptors that run out, no fork as we like it best.
 *
 *     denied ZIGTTPD HANDLER LOG
 *
 * The refusals are a seccomp filter that this program installs before it
 * becomes zigttpd. The sysctl, which belongs to everybody, is played by a file
 * mounted over it in a namespace of our own, where we may make one. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proc/family.h"

#define SYSCTL "/proc/sys/kernel/io_uring_disabled"
#define HELD 200

struct denial {
	const char *name, *says;
	long nr;                /* system call; 0: none */
	int opcode;             /* of io_uring_register; -1: any */
	int err;
	bool sysctl;
};

static const struct denial denials[] = {
	{ "EPERM by seccomp", "seccomp", SYS_io_uring_setup, -1, EPERM, false },
	{ "ENOSYS by seccomp", "seccomp", SYS_io_uring_setup, -1, ENOSYS, false },
	{ "sysctl", "sysctl kernel.io_uring_disabled", SYS_io_uring_setup, -1, EPERM, true },
	{ "an old kernel", "is missing", SYS_io_uring_setup, -1, EINVAL, false },
	{ "no provided buffers", "is missing", SYS_io_uring_register, IORING_REGISTER_PBUF_RING, EINVAL, false },
	{ "no memory", "RLIMIT_MEMLOCK", SYS_io_uring_setup, -1, ENOMEM, false },
};

static const char *path, *handler, *log_path;

static void deny(const struct denial *d)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)d->nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)d->opcode, 0, d->opcode < 0 ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)d->err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { sizeof f / sizeof f[0], f };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p) != 0)
		_exit(126);
}

/* A sysctl that says 2. False: we may not. */
static bool play_sysctl(void)
{
	char name[] = "/tmp/deniedXXXXXX";
	int fd;
	bool ok;

	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	fd = mkstemp(name);
	ok = fd >= 0 && write(fd, "2\n", 2) == 2 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	     mount(name, SYSCTL, NULL, MS_BIND, NULL) == 0;
	close(fd);
	unlink(name);
	return ok;
}

/* Becomes zigttpd under denial d (NULL: none), with a limit of descriptors (0:
 * as it is). 125 as exit status: the denial cannot be had here. */
static pid_t launch(const struct denial *d, const char *io, const char *workers, int port, unsigned nofile)
{
	char text[8];
	pid_t pid;
	int fd;

	unlink(log_path);
	pid = fork();
	if (pid != 0)
		return pid;
	setpgid(0, 0);
	fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	dup2(fd, STDERR_FILENO);
	close(fd);
	if (nofile != 0)
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ nofile, nofile });
	if (d && d->sysctl && !play_sysctl())
		_exit(125);
	if (d)
		deny(d);
	snprintf(text, sizeof text, "%d", port);
	execl(path, path, "-q", "-p", text, "-n", workers, "--io", io, handler, (char *)NULL);
	_exit(127);
}

static char *log_text(void)
{
	static char text[65536];
	int fd = open(log_path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static int count(const char *text, const char *word)
{
	int n = 0;

	while ((text = strstr(text, word)) != NULL) {
		text += strlen(word);
		n++;
	}
	return n;
}

/* 200, or 0 after ms. */
static int served(int port, long ms)
{
	long end = now_ms() + ms;
	int status;

	while ((status = client_get(port, "/text", 1000)) != 200 && now_ms() < end)
		sleep_ms(5);
	return status;
}

static void test_denial(const struct denial *n)
{
	struct daemon d = { .log = log_path, .port = port_take() };
	const char *text;
	long began = now_ms();
	int status = 0;

	d.pid = launch(n, "uring", "2", d.port, 0);
	status = daemon_wait(&d, 10000);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 125) {
		printf("# %s: cannot be played here\n", n->name);
		return;
	}
	text = log_text();
	test_is(WIFEXITED(status) && WEXITSTATUS(status) == 78 && strstr(text, "io_uring is refused") &&
		strstr(text, n->says), "%s: --io uring ends with 78 and the cause (%ld ms)", n->name, now_ms() - began);

	d.port = port_take();
	d.pid = launch(n, "auto", "2", d.port, 0);
	status = served(d.port, 10000);
	text = log_text();
	test_is(status == 200 && count(text, "io_uring is refused") == 1 && strstr(text, n->says),
		"%s: serves all the same, and says why once", n->name);
	test_is(exited_0(daemon_stop(&d, 5000)), "%s: exit 0", n->name);
}

/* ---- descriptors ------------------------------------------------------- */

static long cpu_ms(const struct family *f)
{
	long sum = 0;
	int i;

	for (i = 0; i < f->workers; i++) {
		char name[64], text[1024], *p;
		unsigned long u = 0, s = 0;
		int fd;
		ssize_t n;

		snprintf(name, sizeof name, "/proc/%d/stat", (int)f->worker[i]);
		fd = open(name, O_RDONLY);
		n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
		close(fd);
		text[n > 0 ? n : 0] = '\0';
		p = strrchr(text, ')');
		if (p)
			sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &s);
		sum += (long)(u + s) * 1000 / sysconf(_SC_CLK_TCK);
	}
	return sum;
}

static void hold(int *fd, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int i;

	for (i = 0; i < HELD; i++) {
		fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		connect(fd[i], (struct sockaddr *)&a, sizeof a);
	}
}

static void release(int *fd)
{
	int i;

	for (i = 0; i < HELD; i++)
		close(fd[i]);
}

/* Clients that hold on to more connections than there are descriptors. With
 * `late` the limit comes down when the workers have settled: they know nothing
 * of it and run into EMFILE. */
static void test_descriptors(const char *io, bool late)
{
	static int fd[HELD];
	struct daemon d = { .log = log_path, .port = port_take() };
	struct rlimit low, old;
	struct family f;
	long cpu, began, took;
	int i, status, lines;

	d.pid = launch(NULL, io, "2", d.port, late ? 0 : 64);
	status = served(d.port, 10000);
	family_settle(d.pid, 2, &f, 3000);
	for (i = 0; late && i < f.workers; i++) {
		low.rlim_cur = low.rlim_max = (rlim_t)proc_fds(f.worker[i]) + 10;
		prlimit(f.worker[i], RLIMIT_NOFILE, &low, &old);
	}
	hold(fd, d.port);
	sleep_ms(300);
	cpu = cpu_ms(&f);
	sleep_ms(2000);
	cpu = cpu_ms(&f) - cpu;
	lines = count(log_text(), "\n");
	test_is(status == 200 && cpu < 100, "%s%s: %d connections held: %ld ms of CPU in 2 s", io,
		late ? ", EMFILE" : "", HELD, cpu);
	test_is(lines <= 2 && strstr(log_text(), late ? "accept: " : "as many as may be"), "%s%s: %d lines in the log", io,
		late ? ", EMFILE" : "", lines);
	release(fd);
	began = now_ms();
	status = served(d.port, 5000);
	took = now_ms() - began;
	test_is(status == 200, "%s%s: serves again %ld ms later", io, late ? ", EMFILE" : "", took);
	test_is(exited_0(daemon_stop(&d, 5000)), "%s%s: exit 0", io, late ? ", EMFILE" : "");
}

/* Descriptors of rings that a process has; -1: we may not look. */
static int rings(pid_t pid)
{
	struct dirent *e;
	char name[64];
	int n = 0;
	DIR *d;

	snprintf(name, sizeof name, "/proc/%d/fd", (int)pid);
	d = opendir(name);
	if (!d)
		return -1;
	while ((e = readdir(d)) != NULL) {
		char to[64] = "";

		if (readlinkat(dirfd(d), e->d_name, to, sizeof to - 1) > 0)
			n += strstr(to, "[io_uring]") != NULL;
	}
	closedir(d);
	return n;
}

/* ---- forks --------------------------------------------------------------- */

/* A kernel, or a container, without the call that forks workers: err says how it
 * refuses; 0: it does not. Workers come, and come again, all the same. */
static void test_forks(int err, const char *name)
{
	const struct denial no = { name, "", SYS_clone3, -1, err, false };
	struct daemon d = { .log = log_path, .port = port_take() };
	struct family f, again;
	int status, i, old = 0;
	bool whole;

	d.pid = launch(err ? &no : NULL, "auto", "2", d.port, 0);
	status = served(d.port, 10000);
	whole = family_settle(d.pid, 2, &f, 3000);
	test_is(status == 200 && whole, "%s: two workers, a zygote", name);
	test_is(rings(f.worker[0]) == rings(f.worker[1]) && rings(f.worker[0]) <= 1 && rings(f.zygote) <= 0,
		"%s: a ring each for the workers, none for the zygote", name);
	for (i = 0; i < f.workers; i++)
		kill(f.worker[i], SIGKILL);
	whole = log_shows(log_path, "is back", 2, 5000) && family_settle(d.pid, 2, &again, 3000);
	for (i = 0; i < 4; i++)
		old += again.worker[i / 2] == f.worker[i % 2];
	test_is(whole && old == 0 && again.zygote == f.zygote && served(d.port, 5000) == 200,
		"%s: two others after they were killed, of the same zygote", name);
	kill(f.zygote, SIGKILL);
	whole = log_shows(log_path, "a new one is started", 1, 5000) && family_settle(d.pid, 2, &again, 5000);
	test_is(whole && again.zygote != f.zygote && served(d.port, 5000) == 200, "%s: another zygote", name);
	test_is(exited_0(daemon_stop(&d, 5000)) && family_gone(&again, 3000), "%s: exit 0, nobody left", name);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc != 4) {
		fputs("usage: denied ZIGTTPD HANDLER LOG\n", stderr);
		return 64;
	}
	path = argv[1];
	handler = argv[2];
	log_path = argv[3];
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < sizeof denials / sizeof denials[0]; i++)
		test_denial(&denials[i]);
	test_descriptors("auto", false);
	test_descriptors("auto", true);
	test_descriptors("epoll", false);
	test_descriptors("epoll", true);
	test_forks(0, "clone3");
	test_forks(ENOSYS, "no clone3: ENOSYS");
	test_forks(EPERM, "no clone3: EPERM");
	return test_end();
}
