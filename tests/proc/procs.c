/* procs.c: what the supervisor promises about processes, tried on a real
 * zigttpd on loopback.
 *
 *   procs ZIGTTPD HANDLER LOGFILE
 *
 * PROC_STORM_S: seconds of the kill -9 storm (3; the long form is 20). */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/http/client.h"

#define WORKERS 4
#define CLIENTS 64
#define PIDS 64

static const char *daemon_path, *handler, *log_path;

/* ---- /proc --------------------------------------------------------------- */

struct family { pid_t worker[PIDS]; int workers; pid_t zygote; int zombies; };

/* The children of the supervisor, by name and state. */
static void look(pid_t parent, struct family *f)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;

	memset(f, 0, sizeof *f);
	while (dir && (e = readdir(dir))) {
		char path[300], line[512], *close_paren, *name;
		int pid = atoi(e->d_name), ppid;
		char state;
		FILE *file;

		if (pid <= 0)
			continue;
		snprintf(path, sizeof path, "/proc/%d/stat", pid);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (!fgets(line, sizeof line, file))
			line[0] = '\0';
		fclose(file);
		name = strchr(line, '(');
		close_paren = strrchr(line, ')');
		if (!name || !close_paren || sscanf(close_paren + 1, " %c %d", &state, &ppid) != 2 || ppid != parent)
			continue;
		*close_paren = '\0';
		if (state == 'Z')
			f->zombies++;
		else if (strstr(name, "zygote"))
			f->zygote = pid;
		else if (strstr(name, "zigttpd-w") && f->workers < PIDS)
			f->worker[f->workers++] = pid;
	}
	if (dir)
		closedir(dir);
}

static int count_fds(pid_t pid)
{
	char path[64];
	DIR *dir;
	int n = 0;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

/* Until the pool is whole again: n live workers, a zygote, no zombie. */
static bool settle(pid_t parent, int n, struct family *f, long ms)
{
	long end = now_ms() + ms;

	do {
		look(parent, f);
		if (f->workers == n && f->zygote && f->zombies == 0)
			return true;
		sleep_ms(10);
	} while (now_ms() < end);
	return false;
}

/* Lives, and is no zombie that a lazy init has not reaped yet. */
static bool lives(pid_t pid)
{
	char path[64], line[512] = "", *close_paren;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(line, sizeof line, file))
		line[0] = '\0';
	fclose(file);
	close_paren = strrchr(line, ')');
	return close_paren && close_paren[2] != 'Z';
}

static bool gone(const struct family *f, long ms)
{
	long end = now_ms() + ms;
	int i, left;

	do {
		left = f->zygote && lives(f->zygote);
		for (i = 0; i < f->workers; i++)
			left += lives(f->worker[i]);
		if (left == 0)
			return true;
		sleep_ms(5);
	} while (now_ms() < end);
	return false;
}

static void start(struct daemon *d, struct family *f)
{
	daemon_start(d, daemon_path, "4", handler, log_path);
	settle(d->pid, WORKERS, f, 3000);
}

static bool exited_0(int status) { return status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0; }

/* ---- the storm ----------------------------------------------------------- */

struct load { struct client c; struct answer a; bool asked; long ok, lost, refused; };

static const char ask[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

/* One client that keeps one request in flight; counts those that were lost. */
static void load_step(struct load *l, int port)
{
	if (l->c.fd < 0) {
		if (client_open(&l->c, port) != 0) {
			l->refused++;
			l->c.fd = -1;
			return;
		}
		l->asked = false;
	}
	if (!l->asked) {
		if (client_send(&l->c, ask, sizeof ask - 1) != 0) {
			l->lost++;
			client_close(&l->c);
			return;
		}
		l->asked = true;
		return;
	}
	if (client_read(&l->c, &l->a, false, 3000) == 0 && l->a.status == 200) {
		l->ok++;
		l->asked = false;
		return;
	}
	l->lost++;
	client_close(&l->c);
}

static void storm(void)
{
	static struct load load[CLIENTS];
	long seconds = getenv("PROC_STORM_S") ? atol(getenv("PROC_STORM_S")) : 3, end, next, ok = 0, lost = 0, refused = 0;
	int kills = 0, fds_before, fds_after, i;
	struct family f;
	struct daemon d;
	unsigned seed = 12345;
	bool settled;

	start(&d, &f);
	fds_before = count_fds(d.pid);
	for (i = 0; i < CLIENTS; i++)
		load[i].c.fd = -1;
	end = now_ms() + seconds * 1000;
	next = now_ms() + 200;
	while (now_ms() < end) {
		for (i = 0; i < CLIENTS; i++)
			load_step(&load[i], d.port);
		if (now_ms() >= next) {
			look(d.pid, &f);
			if (f.workers > 0) {
				kill(f.worker[rand_r(&seed) % (unsigned)f.workers], SIGKILL);
				kills++;
			}
			next += 200;
		}
	}
	for (i = 0; i < CLIENTS; i++) {
		ok += load[i].ok;
		lost += load[i].lost;
		refused += load[i].refused;
		client_close(&load[i].c);
		answer_free(&load[i].a);
	}
	settled = settle(d.pid, WORKERS, &f, 3000);
	fds_after = count_fds(d.pid);
	printf("# %d kills: %ld served, %ld lost, %ld refused\n", kills, ok, lost, refused);
	test_is(kills > 0 && ok > 1000, "storm: the others are served");
	/* a victim holds at most its share of the clients; each can lose one */
	test_is(refused == 0 && lost <= (long)kills * CLIENTS, "storm: only what was in flight on the victims is lost");
	test_is(settled, "storm: all workers are back, no zombie");
	test_is(fds_before == fds_after, "storm: no descriptor leaks in the supervisor (%d, %d)", fds_before, fds_after);
	test_is(exited_0(daemon_stop(&d, 5000)), "storm: SIGTERM afterwards: exit 0");
}

/* ---- single promises ------------------------------------------------------ */

static void respawn(void)
{
	struct family f;
	struct daemon d;
	long began, worst = 0;
	int i, fds;

	start(&d, &f);
	fds = count_fds(d.pid);
	for (i = 0; i < 50; i++) {
		pid_t victim;

		if (!settle(d.pid, WORKERS, &f, 3000))
			break;
		victim = f.worker[i % WORKERS];
		began = now_ms();
		kill(victim, SIGKILL);
		while (kill(victim, 0) == 0)
			sleep_ms(1);
		if (!settle(d.pid, WORKERS, &f, 3000))
			break;
		if (now_ms() - began > worst)
			worst = now_ms() - began;
	}
	test_is(i == 50, "respawn: 50 of 50 come back (worst %ld ms)", worst);
	test_is(count_fds(d.pid) == fds, "respawn: descriptors of the supervisor");
	test_is(exited_0(daemon_stop(&d, 5000)), "respawn: exit 0");
}

/* A request in flight and an idle connection at SIGTERM. */
static void drain(void)
{
	static const char begun[] = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe";
	struct client busy, idle;
	struct answer a = { 0 };
	struct family f;
	struct daemon d;
	long began;
	int status;

	start(&d, &f);
	client_open(&idle, d.port);
	client_send(&idle, ask, sizeof ask - 1);
	client_read(&idle, &a, false, 2000);
	client_open(&busy, d.port);
	client_send(&busy, begun, sizeof begun - 1);
	sleep_ms(50);
	kill(d.pid, SIGTERM);
	sleep_ms(50);
	client_send(&busy, "llo", 3);
	test_is(client_read(&busy, &a, false, 2000) == 0 && a.status == 200 && strcmp(a.body, "hello") == 0 &&
		strstr(a.head, "Connection: close"), "drain: the request in flight is finished, and closes");
	test_is(client_ended(&busy, 2000), "drain: its connection ends");
	test_is(client_ended(&idle, 2000), "drain: the idle connection ends without an answer");
	client_close(&busy);
	client_close(&idle);
	began = now_ms();
	status = daemon_wait(&d, 5000);
	test_is(exited_0(status) && now_ms() - began < 3000, "drain: exit 0 (%ld ms)", now_ms() - began);
	test_is(gone(&f, 100), "drain: nobody is left behind");
	answer_free(&a);
}

/* Ctrl-C reaches the whole process group. */
static void interrupt(void)
{
	struct client c;
	struct answer a = { 0 };
	struct family f;
	struct daemon d;

	start(&d, &f);
	client_open(&c, d.port);
	client_send(&c, ask, 10);
	sleep_ms(50);
	kill(-d.pid, SIGINT);
	sleep_ms(50);
	client_send(&c, ask + 10, sizeof ask - 11);
	test_is(client_read(&c, &a, false, 2000) == 0 && a.status == 200, "Ctrl-C: a request under way is answered");
	client_close(&c);
	test_is(exited_0(daemon_wait(&d, 5000)), "Ctrl-C: exit 0");
	test_is(gone(&f, 100), "Ctrl-C: nobody is left behind");
	answer_free(&a);
}

static void twice(void)
{
	struct client c;
	struct family f;
	struct daemon d;
	long began;

	start(&d, &f);
	client_open(&c, d.port);
	client_send(&c, ask, 10); /* never finished: would be waited for */
	sleep_ms(50);
	began = now_ms();
	kill(d.pid, SIGINT);
	sleep_ms(50);
	kill(d.pid, SIGINT);
	test_is(exited_0(daemon_wait(&d, 3000)) && now_ms() - began < 2500, "Ctrl-C twice: does not wait");
	client_close(&c);
}

static void zygote_killed(void)
{
	struct family f, g;
	struct daemon d;
	bool ok = true;
	int i;

	start(&d, &f);
	kill(f.zygote, SIGKILL);
	for (i = 0; i < 20; i++)
		ok &= client_get(d.port, "/", 2000) == 200;
	test_is(ok, "zygote killed: workers go on");
	test_is(settle(d.pid, WORKERS, &g, 3000) && g.zygote != f.zygote, "zygote killed: a new one is there");
	kill(g.worker[0], SIGKILL);
	sleep_ms(20);
	test_is(settle(d.pid, WORKERS, &f, 3000), "zygote killed: the new one forks workers");
	kill(f.zygote, SIGKILL);
	for (i = 0; i < f.workers; i++)
		kill(f.worker[i], SIGKILL);
	sleep_ms(20);
	test_is(settle(d.pid, WORKERS, &g, 5000) && client_get(d.port, "/", 2000) == 200,
		"zygote and all workers killed at once: all come back");
	test_is(exited_0(daemon_stop(&d, 5000)), "zygote killed: exit 0");
}

static void supervisor_killed(void)
{
	struct client c;
	struct answer a = { 0 };
	struct family f;
	struct daemon d, again;
	bool ok;
	long began;

	start(&d, &f);
	client_open(&c, d.port);
	client_send(&c, ask, sizeof ask - 1);
	client_read(&c, &a, false, 2000);
	began = now_ms();
	kill(d.pid, SIGKILL);
	waitpid(d.pid, NULL, 0);
	ok = gone(&f, 1000);
	test_is(ok, "supervisor killed: workers leave within 1 s (%ld ms)", now_ms() - began);
	client_close(&c);
	start(&again, &f);
	test_is(client_get(again.port, "/", 2000) == 200, "supervisor killed: a new start works");
	daemon_stop(&again, 5000);
	answer_free(&a);
}

/* ---- exit codes ------------------------------------------------------------ */

/* Runs zigttpd to its end; its status, and what it printed in text[]. */
static int run(char *const argv[], char *text, size_t size)
{
	int fds[2], status, err;
	ssize_t n, got = 0;
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		execv(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	for (err = 0; err < 100; err++) {
		struct pollfd pf = { fds[0], POLLIN, 0 };

		if (poll(&pf, 1, 5000) <= 0) {
			kill(pid, SIGKILL);
			break;
		}
		n = read(fds[0], text + got, size - 1 - (size_t)got);
		if (n <= 0)
			break;
		got += n;
	}
	text[got] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void exit_codes(void)
{
	static char text[8192];
	char port[8], bad_file[256];
	struct family f;
	struct daemon d;
	int code;
	FILE *file;

#define RUN(...) run((char *[]){ (char *)daemon_path, __VA_ARGS__, NULL }, text, sizeof text)
	code = RUN("--version");
	test_is(code == 0 && strncmp(text, "zigttpd ", 8) == 0, "--version");
	code = RUN("--help");
	test_is(code == 0 && strstr(text, "usage:"), "--help");
	code = RUN("-x");
	test_is(code == 64 && strstr(text, "-x"), "unknown option: 64");
	code = RUN("-p", "99999", "x.js");
	test_is(code == 64 && strstr(text, "99999"), "bad port: 64");
	code = RUN("-n", "2");
	test_is(code == 64, "no handler: 64");
	code = RUN("-p", "0", "/nonexistent/handler.js");
	test_is(code == 66 && strstr(text, "/nonexistent/handler.js"), "missing file: 66");
	snprintf(bad_file, sizeof bad_file, "%s.bad.js", log_path);
	file = fopen(bad_file, "w");
	if (file) {
		fputs("syntax error here\n", file);
		fclose(file);
	}
	code = RUN("-p", "0", bad_file);
	test_is(code == 65 && strstr(text, bad_file) && strstr(text, ":1:"), "does not compile: 65 with file and line");
	unlink(bad_file);
	code = RUN("-p", "0", "-e", "throw new Error('throw at load')");
	test_is(code == 65, "throws at load: 65");
	code = RUN("-p", "0", "-e", "var no_handler = 'no handler';");
	test_is(code == 65 && strstr(text, "no handler"), "no handler in it: 65");
	start(&d, &f);
	snprintf(port, sizeof port, "%d", d.port);
	code = RUN("-p", port, (char *)handler);
	test_is(code == 69 && strstr(text, port) && strstr(text, "zigttpd"), "port busy: 69, says by whom");
	daemon_stop(&d, 5000);
	code = RUN("-h", "192.0.2.1", "-p", "19999", (char *)handler);
	test_is(code == 69, "address of another host: 69");
#undef RUN
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: procs ZIGTTPD HANDLER LOGFILE\n", stderr);
		return 64;
	}
	daemon_path = argv[1];
	handler = argv[2];
	log_path = argv[3];
	exit_codes();
	respawn();
	drain();
	interrupt();
	twice();
	zygote_killed();
	supervisor_killed();
	storm();
	return test_end();
}
